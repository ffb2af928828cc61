package sla_test

import (
	"fmt"
	"time"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// May the customer leave, and until when?
func ExampleTerms_Terminations() {
	terms := sla.Must(sla.Agreement{
		Name: "line",
		Commitments: []sla.Commitment{{
			Promise: "at least 99.9%",
			Termination: []sla.Termination{
				{If: sla.Pattern{Count: 3, Within: "6cycles"}, Notice: "30d after period"},
				{If: sla.Pattern{Each: "over 24h"}, Notice: "15d after outage"},
			},
		}},
	}.Compile())
	dark := func(id string, month time.Month, day, hours int) outage.Outage {
		start := time.Date(2026, month, day, 0, 0, 0, 0, time.UTC)
		return outage.Outage{ID: id, Start: start, End: start.Add(time.Duration(hours) * time.Hour)}
	}
	timeline := sla.Must(outage.NewTimeline(dark("a", 1, 10, 3), dark("b", 3, 5, 30), dark("c", 6, 20, 2)))
	var months []calendar.Period
	for month := time.January; month <= time.June; month++ {
		months = append(months, calendar.Month(2026, month, time.UTC))
	}
	rights, err := terms.Terminations(sla.Must(terms.JudgeAll([]outage.Timeline{timeline}, months...)))
	if err != nil {
		panic(err)
	}
	for _, right := range rights {
		until, err := right.Until(calendar.Workdays{Zone: time.UTC})
		if err != nil {
			panic(err)
		}
		fmt.Println(right.Clause, right)
		fmt.Println("notice before", until.Format(time.DateOnly))
	}
	// Output:
	// /commitments/0/termination/0 since 2026-07-01T00:00:00Z: 2026-01-01/2026-02-01 UTC, 2026-03-01/2026-04-01 UTC, 2026-06-01/2026-07-01 UTC
	// notice before 2026-07-31
	// /commitments/0/termination/1 since 2026-03-06T06:00:00Z: 2026-03-05T00:00:00Z/2026-03-06T06:00:00Z
	// notice before 2026-03-22
}
