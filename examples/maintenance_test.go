package examples_test

import (
	"fmt"
	"time"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// How do I take out planned maintenance that partly overlaps an outage?
func Example_maintenance() {
	terms := sla.Must(sla.Agreement{
		Name: "with maintenance",
		Commitments: []sla.Commitment{{
			Exclusions: []sla.Exclusion{{Causes: []string{"maintenance"}, Notice: "24h"}},
			Promise:    "at least 99.95%",
		}},
	}.Compile())
	at := func(hour, minute int) time.Time { return time.Date(2026, 3, 2, hour, minute, 0, 0, time.UTC) }
	timeline, err := outage.NewTimeline(
		outage.Maintenance{ID: "m-1", Start: at(2, 0), End: at(4, 0), Announced: at(2, 0).AddDate(0, 0, -3)},
		outage.Maintenance{ID: "m-2", Start: at(8, 0), End: at(9, 0), Announced: at(7, 0)}, // too late
		outage.Outage{ID: "o-1", Start: at(3, 30), End: at(4, 10)},
		outage.Outage{ID: "o-2", Start: at(8, 0), End: at(8, 5)},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	verdict, err := terms.Judge(timeline, calendar.Month(2026, time.March, time.UTC))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(verdict)
	for _, p := range verdict.Findings[0].Measurement.Pieces {
		if len(p.Records) > 0 {
			fmt.Println(p.State, p.Window.Length(), p.Records, p.Why())
		}
	}
	// Output:
	// met: 15m down, 22m19.2s allowed, 7m19.2s to spare
	// excused 30m0s [o-1 m-1] maintenance announced 72h ahead
	// down 10m0s [o-1] lost 100%
	// down 5m0s [o-2 m-2] lost 100%; maintenance announced 1h ahead, not 24h
}
