package examples_test

import (
	"fmt"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// What do I owe for an invoice under a table of tiers, and what happens
// exactly on a threshold?
func Example_credit() {
	terms := sla.Must(sla.Agreement{
		Name: "plain",
		Commitments: []sla.Commitment{{
			Promise: "at least 99.9%",
			Credits: []sla.Tier{
				{When: "at least 99.0%, below 99.9%", Give: "10%"},
				{When: "at least 95.0%, below 99.0%", Give: "25%"},
				{When: "below 95.0%", Give: "100%"},
			},
		}},
	}.Compile())
	june := calendar.Month(2026, time.June, time.UTC) // 30 days: 43m12s are exactly 0.1 %
	for _, down := range []time.Duration{43*time.Minute + 12*time.Second, 43*time.Minute + 12*time.Second + 1} {
		start := june.Window().Start()
		timeline, err := outage.NewTimeline(outage.Outage{ID: "o-1", Resource: "web", Start: start, End: start.Add(down)})
		if err != nil {
			fmt.Println(err)
			return
		}
		verdict, err := terms.Judge(timeline, june)
		if err != nil {
			fmt.Println(err)
			return
		}
		statement, err := credit.NewStatement(credit.Bill{
			Customer: "acme",
			Period:   june,
			Charges:  []credit.Charge{{ID: "inv-7/1", Resource: "web", Amount: credit.MustMoney("USD 499.00")}},
			Verdicts: []sla.Verdict{verdict},
		})
		fmt.Println(verdict.Findings[0].Measurement.Availability(), statement.Total, err)
	}
	// Output:
	// 99.900000% USD 0.00 <nil>
	// 99.899999% USD 49.90 <nil>
}
