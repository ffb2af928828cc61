package page_test

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/credit/page"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// The page of a statement. It goes to a file or a response; here, the line with the
// amount is printed.
func Example() {
	terms := sla.MustCompile("plain", sla.Commitment{Promise: "at least 99.9%", Credits: []sla.Tier{{When: "below 99.9%", Give: "10%"}}})
	start := time.Date(2026, 6, 9, 14, 0, 0, 0, time.UTC)
	web := sla.Must(outage.NewTimeline(outage.Outage{ID: "o-1", Resource: "web", Start: start, End: start.Add(90 * time.Minute)}))
	statement := sla.Must(credit.NewStatement(credit.Bill{
		Customer: "acme", Verdicts: []sla.Verdict{sla.Must(terms.Judge(web, calendar.Month(2026, time.June, time.UTC)))},
		Charges: []credit.Charge{{ID: "inv-7/1", Resource: "web", Amount: credit.MustMoney("USD 499.95")}},
	}))
	var b strings.Builder
	if err := page.Write(&b, statement); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(regexp.MustCompile(`<p class="amount">.*`).FindString(b.String()))
	// Output:
	// <p class="amount">USD 50.00</p>
}
