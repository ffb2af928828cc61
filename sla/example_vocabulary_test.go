package sla_test

import (
	"fmt"
	"time"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// What has to be spelled as the agreement does: the labels of resources, the
// causes of outages, the kinds of charges, and the marks of deadlines.
func ExampleTerms_Vocabulary() {
	terms := sla.Must(sla.Agreement{
		Name: "hosting",
		Commitments: []sla.Commitment{{
			Scope:      sla.Scope{Only: map[string][]string{"service": {"api", "web"}}},
			Exclusions: []sla.Exclusion{{Causes: []string{"maintenance"}, Notice: "48h"}},
			Promise:    "at least 99.9%",
			Base:       sla.Base{Without: []string{"one-time"}},
			Credits:    []sla.Tier{{Give: "10%"}},
		}},
		Claims: sla.Claims{By: "30d after period"},
	}.Compile())
	for _, w := range terms.Vocabulary() {
		fmt.Println(w)
	}
	// Output:
	// label service: api, web
	// cause maintenance
	// charge one-time
	// instant period
}

// A word that differs matches nothing, and nothing is said of it when an
// agreement is judged. Here is a check to run before.
func ExampleTerms_Check() {
	terms := sla.Must(sla.Agreement{
		Name: "hosting",
		Commitments: []sla.Commitment{{
			Scope:      sla.Scope{Only: map[string][]string{"service": {"api"}}},
			Exclusions: []sla.Exclusion{{Causes: []string{"customer"}}},
			Promise:    "at least 99.9%",
		}},
	}.Compile())
	start := time.Date(2026, time.May, 10, 12, 0, 0, 0, time.UTC)

	var used sla.Usage
	used.Resource(map[string]string{"service": "api"})
	used.Resource(map[string]string{"service": "API"})
	used.Record(outage.Outage{ID: "o-1", Resource: "a", Start: start, End: start.Add(time.Hour), Cause: "customer"})
	used.Record(outage.Outage{ID: "o-2", Resource: "b", Start: start, End: start.Add(time.Hour), Cause: "customr"})
	used.Record(outage.Outage{ID: "o-3", Resource: "b", Start: start, End: start.Add(time.Hour), Cause: "power"})
	for _, r := range terms.Check(&used) {
		fmt.Println(r)
	}
	// Output:
	// suspicious: label "service" = "API", once, in no clause: the agreement has "api"
	// suspicious: cause "customr", once, in no clause: the agreement has "customer"
	// listed: label "service", 2 times
	// listed: label "service" = "api", once
	// listed: cause "customer", once
	// listed: cause "power", once, in no clause
}
