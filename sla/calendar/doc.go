// Package calendar has billing periods, and deadlines as contracts write them.
//
// A [Period] consists of whole days on the clocks of a zone, with the instants at
// which they begin and end: 743 hours in March in Berlin. A [Cycle] generates
// consecutive periods. A [Deadline] is a text such as "30d after period", which counts
// from one of the [Marks], over [Workdays] if it says so:
//
//	june := calendar.Month(2026, time.June, time.UTC)
//	until, err := calendar.Deadline("30d after period").Until(
//		calendar.Marks{"period": june.Window().End()}, calendar.Workdays{Zone: time.UTC})
//
// A quarter, or any other sequence of days, ends before its last argument:
//
//	quarter, err := calendar.NewPeriod(calendar.Date{Year: 2026, Month: 1, Day: 1},
//		calendar.Date{Year: 2026, Month: 4, Day: 1}, time.UTC)
//
// All days lie in the years 1900 to 2191. Nothing here reads the clock or the zone of
// the machine. A zone has a name, so that it means the same on every machine.
package calendar
