// Package slacredit is the root of a library that turns outage records into
// availability over billing periods, judges them under service level
// agreements, and computes what each customer is owed. It holds no code; its
// packages are the steps of the computation, and data moves one way:
//
//	outage.Record ─▶ outage.Timeline ─▶ sla.Verdict ─▶ credit.Statement
//
// Package outage says what happened, package sla/calendar over which days,
// package sla what was promised, package sla/catalog what real providers
// promised, and package credit what is owed. Package credit/issue posts it,
// package credit/batch settles a million customers, and package credit/page shows
// a statement to the customer. The command examples/slacredit does all of it.
//
// # What holds everywhere
//
// Windows are half-open: they contain their start and not their end. Instants
// are exact to the nanosecond, percentages are in percent points (99.95 means
// 99.95 %), and money is a whole number of minor units. There is no float.
//
// Decisions are made on exact values. A displayed availability is floored, so
// that counted downtime never shows as 100 %. An amount is rounded once.
//
// Nothing reads the clock, the zone of the machine or a package variable. Equal
// arguments give equal results. Where a zone is given by its name, its data
// come from time.LoadLocation, or from the loader that is given.
//
// Every JSON document carries a format version, and what one release writes
// the later ones read.
//
// # Compatibility
//
// The module is at v0: the API may change with a note in the changelog. A
// change of results, however small, is announced first in the notes of its
// release, with the wrong figure and the right one.
package slacredit
