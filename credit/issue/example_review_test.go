package issue_test

import (
	"fmt"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/credit/issue"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A credit is about to be released. Which points need a check?
func ExampleReview() {
	terms := sla.Must(sla.Agreement{
		Name: "plain",
		Note: "unverified: from a forum",
		Commitments: []sla.Commitment{{
			Promise: "at least 99.9%",
			Credits: []sla.Tier{{When: "below 99.9%", Give: "60%"}},
			AtMost:  []sla.Cap{"50%"},
		}},
		Claims: sla.Claims{By: "30d after period"},
	}.Compile())
	june := calendar.Month(2026, time.June, time.UTC)
	start := time.Date(2026, 6, 9, 14, 0, 0, 0, time.UTC)
	timeline, err := outage.NewTimeline(outage.Outage{ID: "o-1", Resource: "web", Start: start, End: start.Add(43*time.Minute + 30*time.Second)})
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
	if err != nil {
		fmt.Println(err)
		return
	}
	end := june.Window().End()
	standing, err := terms.Standing("", calendar.Marks{"period": end, "claim": end.AddDate(0, 0, 3)}, calendar.Workdays{Zone: time.UTC}, end.AddDate(0, 0, 5))
	if err != nil {
		fmt.Println(err)
		return
	}

	review, err := issue.NewReview(statement, 0, issue.ReviewOptions{Standing: standing, Narrow: time.Minute})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(review.Amount, review.Standing)
	fmt.Println(review.Note)
	for _, c := range review.Binding {
		fmt.Println("limited:", c.Resource, c.Limit.Amount, c.Limit.Agreed)
	}
	for _, n := range review.Narrow {
		fmt.Printf("%v; %d seconds decide\n", n, n.Seconds())
	}
	// Output:
	// USD 249.50 claimed in time
	// unverified: from a forum
	// limited: web USD 249.50 at most 50% of the fee
	// web: 18s less downtime keeps /commitments/0; 18 seconds decide
}
