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

// Joyent, 27 May 2014. On the evening itself the press has one outage of the
// whole data centre, from 22:30Z on and not over, and credits are issued on
// that. The post-mortem of the next day knows better: servers went down at
// 20:13Z, and some were back after 20 minutes, most after 32, the control plane
// after 77 and the last after 149. What is to be corrected?
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
		// The outage is under way, and May not over: it takes a decision to issue.
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
