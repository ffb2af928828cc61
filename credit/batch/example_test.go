package batch_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/credit/batch"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// Two customers under one agreement: one was down for 44 minutes.
func Example() {
	terms := sla.MustCompile("plain", sla.Commitment{Promise: "at least 99.95%", Credits: []sla.Tier{{Give: "10%"}}})
	june := calendar.Month(2026, time.June, time.UTC)
	fleet := sla.Must(batch.NewFleet(terms, outage.Timeline{}, june))
	start := june.Window().Start()
	figures, err := batch.Batch{}.Settle(context.Background(), nil, []batch.Customer{
		{Fleet: fleet, Fee: credit.MustMoney("USD 499.00"), Outages: []outage.Window{outage.MustWindow(start, start.Add(44*time.Minute))}},
		{Fleet: fleet, Fee: credit.MustMoney("USD 100.00")},
	})
	for _, f := range figures {
		fmt.Println(f.Availability(), f.Outcome, f.Credit)
	}
	fmt.Println(err)
	// Output:
	// 99.898148% missed 4990
	// 100% met 0
	// <nil>
}

// The end of a month: the shared facts are computed once, each customer is settled
// in figures, and a customer who asks gets a statement.
func ExampleBatch() {
	terms := sla.MustCompile("plain", sla.Commitment{
		Promise:    "at least 99.95%",
		Exclusions: []sla.Exclusion{{Causes: []string{"maintenance"}, Notice: "24h"}},
		Credits:    []sla.Tier{{Give: "10%"}, {When: "below 99.0%", Give: "25%"}},
	})
	at := func(hour int) time.Time { return time.Date(2025, 5, 20, hour, 0, 0, 0, time.UTC) }
	may := calendar.Month(2025, time.May, time.UTC)
	shared := sla.Must(outage.NewTimeline(
		outage.Maintenance{ID: "m-1", Start: at(2), End: at(4), Announced: at(2).AddDate(0, 0, -7)}))
	fleet := sla.Must(batch.NewFleet(terms, shared, may))

	customers := []batch.Customer{
		{Fleet: fleet, Fee: credit.MustMoney("USD 100.00"), Outages: []outage.Window{outage.MustWindow(at(3), at(4))}},
		{Fleet: fleet, Fee: credit.MustMoney("USD 66.66"), Outages: []outage.Window{outage.MustWindow(at(3), at(5)), outage.MustWindow(at(4), at(6))}},
		{Fleet: fleet, Fee: credit.MustMoney("USD -5.00")},
	}
	settled, err := batch.Batch{Workers: 2}.Settle(context.Background(), nil, customers)
	var totals batch.Totals
	for i, s := range settled {
		if err := totals.Add("USD", s); err != nil {
			fmt.Println(err)
		}
		fmt.Println(s.Outcome, s.Down, s.Credit, "cents, failed:", settled[i].Failed)
	}
	fmt.Println(totals.Credit("USD"), "USD,", totals.Missed, "missed")
	var fault *batch.CustomerError
	if errors.As(err, &fault) {
		fmt.Println("customer", fault.Index, "needs attention")
	}

	// The same as a stream, of any number of customers.
	for figures, err := range (batch.Batch{Workers: 2}).Stream(context.Background(), slices.Values(customers[:2])) {
		fmt.Println(figures[0].Credit, err)
	}

	// The second customer asks why.
	verdicts := sla.Must(fleet.Verdicts(customers[1].Outages))
	statement := sla.Must(credit.NewStatement(credit.Bill{
		Customer: "second", Period: may, Verdicts: verdicts,
		Charges: []credit.Charge{{ID: "fee", Amount: customers[1].Fee}},
	}))
	fmt.Println(statement.Total)
	// Output:
	// met 0s 0 cents, failed: false
	// missed 2h0m0s 667 cents, failed: false
	// none 0s 0 cents, failed: true
	// 6.67 USD, 1 missed
	// customer 2 needs attention
	// 0 <nil>
	// 667 <nil>
	// USD 6.67
}
