package page_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/credit/page"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// What is put on the customer's desk? A page, to be read or printed.
func ExampleWrite() {
	terms := sla.Must(sla.Agreement{
		Name:        "plain",
		Commitments: []sla.Commitment{{Promise: "at least 99.9%", Credits: []sla.Tier{{When: "below 99.9%", Give: "10%"}}}},
	}.Compile())
	june := calendar.Month(2026, time.June, time.UTC)
	start := time.Date(2026, 6, 9, 14, 0, 0, 0, time.UTC)
	timeline := sla.Must(outage.NewTimeline(outage.Outage{ID: "o-1", Resource: "web", Start: start, End: start.Add(90 * time.Minute)}))
	statement, err := credit.NewStatement(credit.Bill{
		Customer: "acme",
		Period:   june,
		Charges:  []credit.Charge{{ID: "inv-7/1", Resource: "web", Amount: credit.MustMoney("USD 499.95")}},
		Verdicts: []sla.Verdict{sla.Must(terms.Judge(timeline, june))},
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	var b strings.Builder // or a file, or the body of a response
	if err := page.Write(&b, statement); err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(b.String()) {
		if strings.Contains(line, "class=\"amount\"") || strings.Contains(line, "class=\"formula\"") {
			fmt.Print(line)
		}
	}
	// Output:
	// <p class="amount">USD 50.00</p>
	// <p class="formula">(due − down) / due = (2592000 s − 5400 s) / 2592000 s = <strong>99.791666%</strong></p>
}
