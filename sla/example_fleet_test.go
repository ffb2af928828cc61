package sla_test

import (
	"fmt"
	"time"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A month-end run: a thousand customers share the agreement and the maintenance,
// and each has outages of its own.
func ExampleNewFleet() {
	terms := sla.Must(sla.Agreement{Name: "plain", Commitments: []sla.Commitment{{
		Promise:    "at least 99.95%",
		Exclusions: []sla.Exclusion{{Causes: []string{"maintenance"}, Notice: "24h"}},
		Credits:    []sla.Tier{{Give: "10%"}, {When: "below 99.0%", Give: "25%"}},
	}}}.Compile())
	at := func(hour int) time.Time { return time.Date(2025, 5, 20, hour, 0, 0, 0, time.UTC) }
	shared := sla.Must(outage.NewTimeline(
		outage.Maintenance{ID: "m-1", Start: at(2), End: at(4), Announced: at(2).AddDate(0, 0, -7)}))
	fleet := sla.Must(sla.NewFleet(terms, shared, calendar.Month(2025, time.May, time.UTC)))

	var summaries []sla.Summary
	for _, outages := range [][]outage.Window{
		{outage.MustWindow(at(3), at(4))},
		{outage.MustWindow(at(3), at(5)), outage.MustWindow(at(4), at(6))},
	} {
		summaries = sla.Must(fleet.Judge(summaries[:0], outages...))
		for _, s := range summaries {
			fmt.Println(s.Outcome, s.Down, s.Availability(), "row", s.Row)
		}
	}

	// One of them asks why.
	verdicts := sla.Must(fleet.Verdicts([]outage.Window{outage.MustWindow(at(3), at(5)), outage.MustWindow(at(4), at(6))}))
	fmt.Println(verdicts[0])
	// Output:
	// met 0s 100% row 0
	// missed 2h0m0s 99.731182% row 1
	// missed: 2h down, 22m19.2s allowed, 1h37m40.8s over
}
