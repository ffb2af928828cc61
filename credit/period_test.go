package credit

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// A statement is provisional until its billing period is over, also where each
// outage is measured on its own, or none was.
func TestOutagesToComeLeaveAStatementProvisional(t *testing.T) {
	c := flat("10%")
	c.Promise, c.Calculation.Period = "exactly 100%", "outage"
	terms := sla.Must(plain("a", c).Compile())
	start := june.Window().Start()
	for _, records := range [][]outage.Record{nil, {outage.Outage{ID: "o", Resource: "web", Start: start, End: start.Add(time.Hour)}}} {
		for asOf, want := range map[time.Time][]string{
			start.AddDate(0, 0, 14): {"the period 2026-06-01/2026-07-01 UTC was not over at 2026-06-15T00:00:00Z"},
			june.Window().End():     nil,
		} {
			timelines := sla.Must(outage.Options{AsOf: asOf, Resources: []string{"web"}}.Timelines(records...))
			v := sla.Must(terms.Judge(timelines[0], june))
			s := state(t, []Charge{charge("web", "USD 100.00")}, v)
			assert.Equal(t, want, s.Provisional)
		}
	}
}

// What is taken off pays for no time: a discount without a window does not hide
// that the customer came on the 15th.
func TestADiscountPaysForNoTime(t *testing.T) {
	from15 := outage.MustWindow(june.Window().Start().AddDate(0, 0, 14), june.Window().End())
	charges := []Charge{{ID: "1", Resource: "web", Amount: MustMoney("USD 100.00"), Window: from15}, {ID: "2", Resource: "web", Amount: MustMoney("USD -10.00")}}
	_, err := NewStatement(Bill{Customer: "acme", Period: june, Charges: charges, Verdicts: []sla.Verdict{judge(t, plain("a", flat("10%")), "web", 5*time.Hour)}})
	require.ErrorContains(t, err, "nothing was charged for")
	paid, part := PaidFor("web", charges, june)
	assert.True(t, part)
	assert.False(t, paid.Contains(june.Window().Start()))
	assert.True(t, paid.Contains(from15.Start()))
}

// A limit in percent is a share of the charges that count for any commitment,
// even for one without a measurement in the period.
func TestALimitCountsChargesOfQuietCommitments(t *testing.T) {
	compute, support := flat("20%"), flat("10%")
	compute.Name, compute.Base.Only = "compute", []string{"compute"}
	support.Name, support.Promise, support.Base = "support", "exactly 100%", sla.Base{Only: []string{"support"}, Window: "billed"}
	support.Calculation.Period, support.Downtime.Causes = "outage", []string{"support"}
	a := sla.Agreement{Name: "a", Commitments: []sla.Commitment{compute, support}, AtMost: []sla.Cap{"5%"}}
	start := june.Window().Start()
	down := outage.Outage{ID: "o", Resource: "web", Start: start, End: start.Add(5 * time.Hour)}
	brief := outage.Outage{ID: "p", Resource: "web", Start: start.AddDate(0, 0, 3), End: start.AddDate(0, 0, 3).Add(time.Minute), Cause: "support", ServedPercent: decimal.New(50, 0)}
	charges := []Charge{
		{ID: "1", Resource: "web", Kind: "compute", Amount: MustMoney("USD 100.00")},
		{ID: "2", Resource: "web", Kind: "support", Amount: MustMoney("USD 100.00")},
	}
	for _, records := range [][]outage.Record{{down}, {down, brief}} {
		v := sla.Must(sla.Must(a.Compile()).Judge(sla.Must(outage.NewTimeline(records...)), june))
		assert.Equal(t, "USD 10.00", state(t, charges, v).Total.String())
	}
}
