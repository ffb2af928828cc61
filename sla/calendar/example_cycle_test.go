package calendar_test

import (
	"fmt"
	"time"
	_ "time/tzdata" // for machines without zone data of their own

	"github.com/slacredit/slacredit/sla/calendar"
)

// A customer who came on the 15th is billed from the 15th to the 15th. The
// clocks change inside two of these periods, which are an hour shorter and an
// hour longer than their days suggest.
func ExampleCycle() {
	cycle, err := calendar.ParseCycle([]byte(`{"start":"2026-01-15","zone":"Europe/Berlin","months":1}`), time.LoadLocation)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, n := range []int{0, 1, 2, 9} {
		p, err := cycle.Period(n)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(n, p, p.Length().Hours(), "hours from", p.Window().Start().Format(time.RFC3339))
	}
	// Output:
	// 0 2026-01-15/2026-02-15 Europe/Berlin 744 hours from 2026-01-14T23:00:00Z
	// 1 2026-02-15/2026-03-15 Europe/Berlin 672 hours from 2026-02-14T23:00:00Z
	// 2 2026-03-15/2026-04-15 Europe/Berlin 743 hours from 2026-03-14T23:00:00Z
	// 9 2026-10-15/2026-11-15 Europe/Berlin 745 hours from 2026-10-14T22:00:00Z
}

// In which billing period does an instant lie?
func ExampleCycle_At() {
	cycle := calendar.Cycle{Start: calendar.Date{Year: 2026, Month: time.January, Day: 15}, Zone: time.UTC, Months: 1}
	period, err := cycle.At(time.Date(2026, time.March, 3, 12, 0, 0, 0, time.UTC))
	fmt.Println(period, err)
	// Output: 2026-02-15/2026-03-15 UTC <nil>
}

// The 31st comes back after shorter months.
func ExampleCycle_Periods() {
	cycle := calendar.Cycle{Start: calendar.Date{Year: 2026, Month: time.January, Day: 31}, Zone: time.UTC, Months: 1}
	first := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	last := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	for p, err := range cycle.Periods(first, last) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(p)
	}
	// Output:
	// 2026-01-31/2026-02-28 UTC
	// 2026-02-28/2026-03-31 UTC
	// 2026-03-31/2026-04-30 UTC
	// 2026-04-30/2026-05-31 UTC
}

// In October 2017 the clocks of Asunción were put forward at midnight of the
// first: the month begins at one o'clock.
func ExampleMonth() {
	zone, err := time.LoadLocation("America/Asuncion")
	if err != nil {
		fmt.Println(err)
		return
	}
	october := calendar.Month(2017, time.October, zone)
	fmt.Println(october)
	fmt.Println(october.Window().Start().In(zone).Format(time.DateTime))
	fmt.Println(october.Length())
	// Output:
	// 2017-10-01/2017-11-01 America/Asuncion
	// 2017-10-01 01:00:00
	// 743h0m0s
}
