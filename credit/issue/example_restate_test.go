package issue_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/credit/issue"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A credit was issued for an outage of two hours. Then the records were corrected
// to 44 minutes, so a part of the credit is taken back.
func Example() {
	asOf := time.Date(2026, 7, 1, 6, 0, 0, 0, time.UTC)
	issued, err := issue.Restate(nil, statementOf(2*time.Hour), issue.Options{AsOf: asOf})
	if err != nil {
		fmt.Println(err)
		return
	}
	corrections, err := issue.Restate(issued, statementOf(44*time.Minute), issue.Options{AsOf: asOf.AddDate(0, 0, 1)})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range append(issued, corrections...) {
		fmt.Println(a.ID(), a) // post a.Amount under a.ID()
	}
	// Output:
	// credit1:acme:plain::2026-06-01:2026-07-01:UTC:USD:1 issue of USD 25.00
	// credit1:acme:plain::2026-06-01:2026-07-01:UTC:USD:2 decrease of USD 15.00 to USD 10.00
}

// statementOf returns the statement on an outage that lasted for some time.
func statementOf(lasted time.Duration) credit.Statement {
	terms := sla.MustCompile("plain", sla.Commitment{Promise: "at least 99.95%", Credits: []sla.Tier{{When: "below 99.95%", Give: "10%"}, {When: "below 99.8%", Give: "25%"}}})
	start := time.Date(2026, 6, 9, 14, 0, 0, 0, time.UTC)
	web := sla.Must(outage.NewTimeline(outage.Outage{ID: "o-1", Resource: "web", Start: start, End: start.Add(lasted)}))
	return sla.Must(credit.NewStatement(credit.Bill{
		Customer: "acme",
		Verdicts: []sla.Verdict{sla.Must(terms.Judge(web, calendar.Month(2026, time.June, time.UTC)))},
		Charges:  []credit.Charge{{ID: "inv-7/1", Resource: "web", Amount: credit.MustMoney("USD 100.00")}},
	}))
}

// Joyent, 27 May 2014. That evening the press reports one outage of the whole data
// centre, which began at 22:30Z and is still under way, and credits are issued for
// it. The post-mortem of the next day says otherwise: servers went down at 20:13Z.
// Some were back after 20 minutes, most after 32, the control plane after 77 and
// the last after 149. Which corrections follow?
//
// The agreement, 5 % per 30 full minutes, and the fees are illustrative.
func ExampleRestate() {
	terms := sla.Must(sla.Agreement{
		Name:        "joyent/per-full-30m",
		Note:        "unverified",
		Commitments: []sla.Commitment{{Promise: "exactly 100%", Credits: []sla.Tier{{Give: "5%", Per: "full 30m"}}, AtMost: []sla.Cap{"100%"}}},
	}.Compile())
	may := calendar.Month(2014, time.May, time.UTC)
	at := func(day, hour, minute int) time.Time { return time.Date(2014, 5, day, hour, minute, 0, 0, time.UTC) }

	state := func(customer string, o outage.Outage, asOf time.Time) (credit.Statement, error) {
		o.ID, o.Resource = "joyent", "us-east-1"
		timeline, err := outage.Options{AsOf: asOf}.Timeline(o)
		if err != nil {
			return credit.Statement{}, err
		}
		verdict, err := terms.Judge(timeline, may)
		if err != nil {
			return credit.Statement{}, err
		}
		return credit.NewStatement(credit.Bill{
			Customer: customer,
			Period:   may,
			Charges:  []credit.Charge{{ID: "2014-05/1", Resource: "us-east-1", Amount: credit.MustMoney("USD 100.00")}},
			Verdicts: []sla.Verdict{verdict},
		})
	}

	press, postMortem := at(27, 23, 30), at(28, 23, 0)
	for _, c := range []struct {
		customer string
		down     time.Duration
	}{{"anvil", 20 * time.Minute}, {"birch", 32 * time.Minute}, {"cedar", 77 * time.Minute}, {"dune", 149 * time.Minute}} {
		first, err := state(c.customer, outage.Outage{Start: at(27, 22, 30)}, press)
		if err != nil {
			fmt.Println(err)
			return
		}
		// The outage is under way and May is not over, so issuing takes a decision.
		if _, err := issue.Restate(nil, first, issue.Options{AsOf: press}); !errors.Is(err, issue.ErrProvisional) {
			fmt.Println(err)
			return
		}
		issued, err := issue.Restate(nil, first, issue.Options{AsOf: press, IssueProvisional: true})
		if err != nil {
			fmt.Println(err)
			return
		}

		newer, err := state(c.customer, outage.Outage{Start: at(27, 20, 13), End: at(27, 20, 13).Add(c.down)}, postMortem)
		if err != nil {
			fmt.Println(err)
			return
		}
		adjustments, err := issue.Restate(issued, newer, issue.Options{AsOf: postMortem, IssueProvisional: true})
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, a := range append(issued, adjustments...) {
			fmt.Printf("%s: %v\n", a.ID(), a)
		}
	}
	// Output:
	// credit1:anvil:joyent/per-full-30m::2014-05-01:2014-06-01:UTC:USD:1: issue of USD 10.00
	// credit1:anvil:joyent/per-full-30m::2014-05-01:2014-06-01:UTC:USD:2: reversal of USD 10.00
	// credit1:birch:joyent/per-full-30m::2014-05-01:2014-06-01:UTC:USD:1: issue of USD 10.00
	// credit1:birch:joyent/per-full-30m::2014-05-01:2014-06-01:UTC:USD:2: decrease of USD 5.00 to USD 5.00
	// credit1:cedar:joyent/per-full-30m::2014-05-01:2014-06-01:UTC:USD:1: issue of USD 10.00
	// credit1:cedar:joyent/per-full-30m::2014-05-01:2014-06-01:UTC:USD:2: confirmation of USD 10.00
	// credit1:dune:joyent/per-full-30m::2014-05-01:2014-06-01:UTC:USD:1: issue of USD 10.00
	// credit1:dune:joyent/per-full-30m::2014-05-01:2014-06-01:UTC:USD:2: increase of USD 10.00 to USD 20.00
}
