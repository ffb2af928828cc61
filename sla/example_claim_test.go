package sla_test

import (
	"fmt"
	"time"

	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// Until when may I claim?
func ExampleTerms_Standing() {
	terms := sla.Must(sla.Agreement{
		Name:        "cloud",
		Commitments: []sla.Commitment{{Promise: "at least 99.95%", Credits: []sla.Tier{{Give: "10%"}}}},
		Claims:      sla.Claims{NotBefore: "0d after period", By: "30d after period", Requires: []string{"log files"}},
	}.Compile())
	berlin := sla.Must(time.LoadLocation("Europe/Berlin"))
	march := calendar.Month(2026, time.March, berlin)
	marks := calendar.Marks{"period": march.Window().End()}
	for _, day := range []int{31, 32, 61, 62} {
		now := time.Date(2026, time.March, day, 12, 0, 0, 0, berlin)
		standing, err := terms.Standing("", marks, calendar.Workdays{Zone: berlin}, now)
		if err != nil {
			panic(err)
		}
		fmt.Println(now.Format(time.DateOnly), standing)
	}
	// Output:
	// 2026-03-31 not yet: opens 2026-04-01T00:00:00+02:00, claim before 2026-05-01T00:00:00+02:00
	// 2026-04-01 open: claim before 2026-05-01T00:00:00+02:00
	// 2026-04-30 open: claim before 2026-05-01T00:00:00+02:00
	// 2026-05-01 late: a claim was due before 2026-05-01T00:00:00+02:00
}

// An outage on a weekend, and three business days to report it.
func ExampleDeadline_Until() {
	newYork := sla.Must(time.LoadLocation("America/New_York"))
	marks := calendar.Marks{"outage": time.Date(2026, time.June, 13, 15, 0, 0, 0, newYork)}
	until, err := calendar.Deadline("3bd after outage").Until(marks, calendar.Workdays{Zone: newYork})
	if err != nil {
		panic(err)
	}
	fmt.Println(until.Add(-time.Second).Format("Monday 15:04:05"))
	// Output: Wednesday 23:59:59
}
