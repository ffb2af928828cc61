package sla_test

import (
	"fmt"
	"time"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A promise with two tiers, an outage, and the verdict on June.
func Example() {
	terms := sla.MustCompile("plain", sla.Commitment{
		Promise: "at least 99.95%",
		Credits: []sla.Tier{{When: "below 99.95%", Give: "10%"}, {When: "below 99.0%", Give: "25%"}},
	})
	start := time.Date(2026, time.June, 9, 14, 2, 0, 0, time.UTC)
	timeline := sla.Must(outage.NewTimeline(outage.Outage{ID: "o-1", Resource: "web", Start: start, End: start.Add(44 * time.Minute)}))
	verdict, err := terms.Judge(timeline, calendar.Month(2026, time.June, time.UTC))
	fmt.Println(verdict, err)
	fmt.Println(verdict.Findings[0].Entitlement)
	// Output:
	// missed: 44m down, 21m36s allowed, 22m24s over <nil>
	// 10%
}

// One outage, one month: what was the availability?
func ExampleMeasure() {
	start := time.Date(2014, time.May, 27, 20, 13, 0, 0, time.UTC)
	timeline, err := outage.NewTimeline(outage.Outage{ID: "us-east-1", Start: start, End: start.Add(20 * time.Minute)})
	if err != nil {
		panic(err)
	}
	m, err := sla.Measure(timeline, calendar.Month(2014, time.May, time.UTC))
	if err != nil {
		panic(err)
	}
	fmt.Println(m.Availability())
	// Output: 99.955197%
}

// Did we meet 99.95 %?
func ExampleTerms_Judge() {
	terms := sla.MustCompile("simple", sla.Commitment{Promise: "at least 99.95%"})
	start := time.Date(2014, time.May, 27, 20, 13, 0, 0, time.UTC)
	timeline := sla.Must(outage.NewTimeline(
		outage.Outage{ID: "us-east-1", Start: start, End: start.Add(37*time.Minute + 12*time.Second)}))
	verdict, err := terms.Judge(timeline, calendar.Month(2014, time.May, time.UTC))
	if err != nil {
		panic(err)
	}
	fmt.Println(verdict)
	// Output: missed: 37m12s down, 22m19.2s allowed, 14m52.8s over
}

// What does the table of a contract look like as data, and does the data say
// what the contract says?
func ExampleAgreement() {
	agreement := sla.Agreement{
		Name: "three tiers",
		Commitments: []sla.Commitment{{
			Promise: "at least 99.95%",
			Credits: []sla.Tier{
				{When: "at least 99.0%, below 99.95%", Give: "10%"},
				{When: "at least 95.0%, below 99.0%", Give: "25%"},
				{When: "below 95.0%", Give: "100%"},
			},
		}},
	}
	terms, err := agreement.Compile()
	if err != nil {
		panic(err)
	}
	fmt.Println(terms.English())

	agreement.Commitments[0].Credits[2].When = "at most 94.9%"
	_, err = agreement.Compile()
	fmt.Println(err)
	// Output:
	// Promised for each billing period: availability of at least 99.95%. Credit if the availability is at least 99.0% and below 99.95%: 10% of the fee; at least 95.0% and below 99.0%: 25% of the fee; below 95.0%: 100% of the fee.
	// sla: agreement "three tiers": commitments[0].credits[2].when: a hole: no row holds over 94.9% and below 95%
}

// In which months was something owed?
func ExampleTerms_JudgeAll() {
	terms := sla.MustCompile("simple", sla.Commitment{
		Promise: "at least 99.95%",
		Credits: []sla.Tier{{When: "below 99.95%", Give: "10%"}, {When: "below 99.9%", Give: "25%"}},
	})
	outageOf := func(id string, day int, month time.Month, length time.Duration) outage.Outage {
		start := time.Date(2014, month, day, 12, 0, 0, 0, time.UTC)
		return outage.Outage{ID: id, Start: start, End: start.Add(length)}
	}
	timeline := sla.Must(outage.NewTimeline(
		outageOf("a", 3, time.May, 30*time.Minute),
		outageOf("b", 9, time.July, 5*time.Minute),
		outageOf("c", 10, time.July, 50*time.Minute),
	))
	verdicts, err := terms.JudgeAll([]outage.Timeline{timeline},
		calendar.Month(2014, time.May, time.UTC), calendar.Month(2014, time.June, time.UTC), calendar.Month(2014, time.July, time.UTC))
	if err != nil {
		panic(err)
	}
	for _, v := range verdicts {
		fmt.Println(v.Period.First(), v, "→", v.Findings[0].Entitlement.Percent)
	}
	// Output:
	// 2014-05-01 missed: 30m down, 22m19.2s allowed, 7m40.8s over → 10%
	// 2014-06-01 met: 0s down, 21m36s allowed, 21m36s to spare → 0%
	// 2014-07-01 missed: 55m down, 22m19.2s allowed, 32m40.8s over → 25%
}
