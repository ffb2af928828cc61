package credit_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/credit/issue"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// monthEnd is the end of the month that the tests bill.
var monthEnd = credit.June.Window().End()

func stated(t require.TestingT, b credit.Bill) credit.Statement {
	s, err := credit.NewStatement(b)
	require.NoError(t, err)
	return s
}

func restated(t require.TestingT, issued []issue.Adjustment, s credit.Statement, o issue.Options) []issue.Adjustment {
	adjustments, err := issue.Restate(issued, s, o)
	require.NoError(t, err)
	return adjustments
}

// Law: the order of charges, verdicts and prior credits changes no fingerprint.
// The amounts applied to the lines of a credit and the carried amount sum to
// it.
func TestLawResultsOfAnyBill(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := credit.RandomBill(t)
		s := stated(t, b)
		want := map[string]issue.Result{}
		for _, r := range sla.Must(issue.Results(s)) {
			want[r.Identity.Key()] = r
		}
		for i, c := range s.Credits {
			lines, err := s.Credits[i].Lines()
			if err != nil || len(lines) == 0 {
				continue
			}
			a := sla.Must(issue.ApplyLines(lines))
			require.Equal(t, c.Amount, sla.Must(a.Applied.Add(a.Carried)))
		}
		b.Charges = rapid.Permutation(b.Charges).Draw(t, "charges")
		b.Verdicts = rapid.Permutation(b.Verdicts).Draw(t, "verdicts")
		b.Prior = rapid.Permutation(b.Prior).Draw(t, "earlier")
		for _, r := range sla.Must(issue.Results(stated(t, b))) {
			require.Equal(t, want[r.Identity.Key()], r)
		}
	})
}

// The order of resources and of records changes no result, pools of members with
// different lives included: a run in another order has nothing to restate.
func TestLawOrderOfResourcesRestatesNothing(t *testing.T) {
	a := credit.Regional("10%", "30%", "region")
	a.Commitments = append(a.Commitments, sla.Commitment{
		Name: "pool", Scope: sla.Scope{Levels: []sla.Level{{By: "region", Pooled: true}}}, Promise: "at least 99.9%", Base: sla.Base{By: []string{"region"}}, Credits: []sla.Tier{{Give: "5%"}},
	})
	terms := sla.Must(a.Compile())
	start := credit.June.Window().Start()
	rapid.Check(t, func(t *rapid.T) {
		names := []string{"i", "j", "k"}
		records := make([][]outage.Record, len(names))
		var charges []credit.Charge
		at := func(name string) time.Time {
			return start.Add(time.Duration(rapid.IntRange(0, 700).Draw(t, name)) * time.Hour)
		}
		for i, name := range names {
			charges = append(charges, credit.InRegion(name, "USD 100.00"))
			records[i] = []outage.Record{outage.Lifetime{ID: "life-" + name, Resource: name, Start: at("born")}}
			for n := range rapid.IntRange(0, 2).Draw(t, "outages") {
				from := at("start")
				records[i] = append(records[i], outage.Outage{ID: fmt.Sprint(name, n), Resource: name, Start: from, End: from.Add(time.Hour)})
			}
		}
		statement := func(order []int) credit.Statement {
			var resources []outage.Timeline
			for _, i := range order {
				timeline := sla.Must(outage.NewTimeline(rapid.Permutation(records[i]).Draw(t, "records")...))
				resources = append(resources, timeline.WithLabels(map[string]string{"region": "x"}))
			}
			return stated(t, credit.Bill{Customer: "acme", Period: credit.June, Charges: charges, Verdicts: sla.Must(terms.JudgeAll(resources, credit.June))})
		}
		issued := restated(t, nil, statement([]int{0, 1, 2}), issue.Options{AsOf: monthEnd.AddDate(0, 0, 1)})
		again := statement(rapid.Permutation([]int{0, 1, 2}).Draw(t, "order"))
		if more := restated(t, issued, again, issue.Options{AsOf: monthEnd.AddDate(0, 0, 1)}); len(more) > 0 {
			t.Fatalf("%v", more)
		}
	})
}

// What the results of ten times as many agreements take is ten times as much.
func TestResultsGrowWithTheAgreements(t *testing.T) {
	bytes := func(n int) uint64 {
		s := sla.Must(credit.NewStatement(credit.SharedBill(t, n, true)))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		sla.Must(issue.Results(s))
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	require.Less(t, bytes(300), 13*bytes(30))
}

// Without an automatic part, the fingerprint does not mention automatic
// credits.
func TestAutomaticIsInTheFingerprintOnlyWhereItMatters(t *testing.T) {
	canonical := func(a sla.Agreement) string {
		text, err := issue.Canonical(credit.State(t, []credit.Charge{credit.ChargeFor("web", "USD 100.00")}, credit.JudgeDown(t, a, "web", 3600e9)), 0)
		require.NoError(t, err)
		return text
	}
	with := canonical(credit.ClaimedAndNot("0.8%", "0.5%", "1USD"))
	assert.Contains(t, with, "\nautomatic\nowed\t1/2\n")
	assert.Contains(t, with, "\nabove\t1 USD\t80\nclaimed\t80\namount\t50\t50\n")
	assert.NotContains(t, canonical(credit.ClaimedAndNot("0.8%", "0.5%", "")), "automatic\nowed")
}

// The fingerprint contains the amount of a group, and the amounts that its
// members are given in its place.
func TestFingerprintOfGroups(t *testing.T) {
	down := func() []outage.Timeline { return credit.DownOf(t, []string{"i", "j"}, "i") }
	s := credit.JudgeAll(t, credit.Regional("10%", "30%"), down(), credit.ChargeFor("x", "USD 200.00"), credit.ChargeFor("i", "USD 100.00"), credit.ChargeFor("j", "USD 100.00"))
	assert.Contains(t, sla.Must(issue.Canonical(s, 0)), "yields\tclaim\t\t30\n")
	s = credit.JudgeAll(t, credit.Regional("10%", "30%", "region"), down(), credit.InRegion("i", "USD 100.00"), credit.InRegion("j", "USD 100.00"))
	assert.Contains(t, sla.Must(issue.Canonical(s, 0)), "share\t10\ti\nyields\tclaim\tinstance\nshare\t10\tj\nowed\t10\n")
}
