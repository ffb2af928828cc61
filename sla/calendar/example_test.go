package calendar_test

import (
	"fmt"
	"time"

	"github.com/slacredit/slacredit/sla/calendar"
)

// June 2026, and until when an outage of June can be claimed.
func Example() {
	june := calendar.Month(2026, time.June, time.UTC)
	until, err := calendar.Deadline("30d after period").Until(
		calendar.Marks{"period": june.Window().End()}, calendar.Workdays{Zone: time.UTC})
	fmt.Println(june, june.Length())
	fmt.Println(until, err)
	// Output:
	// 2026-06-01/2026-07-01 UTC 720h0m0s
	// 2026-07-31 00:00:00 +0000 UTC <nil>
}

// The quarter of which June is the last month, month by month.
func ExamplePeriod_Since() {
	june := calendar.Month(2026, time.June, time.UTC)
	for _, month := range june.Since(time.Date(2026, time.April, 1, 0, 0, 0, 0, time.UTC), time.UTC) {
		fmt.Println(month)
	}
	// Output:
	// 2026-04-01/2026-05-01 UTC
	// 2026-05-01/2026-06-01 UTC
	// 2026-06-01/2026-07-01 UTC
}

// The weeks that end in June.
func ExampleCycle_Ending() {
	weekly := calendar.Cycle{Start: calendar.Date{Year: 2026, Month: time.January, Day: 5}, Zone: time.UTC, Days: 7}
	weeks, err := weekly.Ending(calendar.Month(2026, time.June, time.UTC).Window())
	fmt.Println(len(weeks), weeks[0], err)
	// Output: 4 2026-06-01/2026-06-08 UTC <nil>
}

// Three business days after Maundy Thursday, with the holidays of Easter.
func ExampleWorkdays() {
	days := calendar.Workdays{Zone: time.UTC, Holidays: []calendar.Date{
		{Year: 2026, Month: time.April, Day: 3}, {Year: 2026, Month: time.April, Day: 6},
	}}
	ticket := time.Date(2026, time.April, 2, 15, 0, 0, 0, time.UTC)
	until, err := calendar.Deadline("3bd after ticket").Until(calendar.Marks{"ticket": ticket}, days)
	fmt.Println(until, err)
	// Output: 2026-04-10 00:00:00 +0000 UTC <nil>
}
