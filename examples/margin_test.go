package examples_test

import (
	"fmt"
	"time"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// Did we meet 99.95 %, and by how much?
func Example_margin() {
	terms := sla.Must(sla.Agreement{
		Name:        "plain",
		Commitments: []sla.Commitment{{Promise: "at least 99.95%"}},
	}.Compile())
	start := time.Date(2014, 5, 27, 20, 13, 0, 0, time.UTC)
	timeline, err := outage.NewTimeline(
		outage.Outage{ID: "o-1", Start: start, End: start.Add(37*time.Minute + 12*time.Second)})
	if err != nil {
		fmt.Println(err)
		return
	}
	verdict, err := terms.Judge(timeline, calendar.Month(2014, time.May, time.UTC))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(verdict)
	fmt.Println(verdict.Findings[0].ErrorBudget())
	// Output:
	// missed: 37m12s down, 22m19.2s allowed, 14m52.8s over
	// 22m19.2s allowed, 37m12s consumed, -14m52.8s remaining (-66.67%)
}
