package credit

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/internal/workload"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// plainUses is uses by its definition: each finding looks at all its charges.
func (b *book) plainUses(verdicts []sla.Verdict) []use {
	uses := make([]use, len(b.charges))
	labels := map[string][]string{}
	for _, v := range verdicts {
		for _, i := range b.index[subset{values: v.Resource}] {
			uses[i].judged = true
			uses[i].counted = uses[i].counted || len(v.Findings) == 0
		}
		part := b.period.Window().Intersect(v.Period.Window()) == v.Period.Window() && v.Period != b.period
		for _, f := range v.Findings {
			labels[v.Resource] = append(labels[v.Resource], f.Base.By...)
			s, missing := subsetOf(f.Base.By, v.Resource, f.Labels)
			if missing != "" {
				continue
			}
			of := b.basis(v, f)
			for _, i := range b.index[s] {
				uses[i].judged = true
				uses[i].counted = uses[i].counted || of.err != nil || of.extent == ofDays && !of.window.End().Equal(of.judged.End())
			}
			for _, c := range of.others {
				uses[c.place].counted = true
			}
			for _, c := range of.counts {
				u := &uses[c.place]
				u.counted = true
				whole := of.extent == ofJudged && c.charge.Window.IsEmpty() || of.extent == ofCycle && c.charge.Judged.IsEmpty()
				if part && whole && !slices.Contains(u.within, v.Period) {
					u.within = append(u.within, v.Period)
				}
			}
		}
	}
	for i, c := range b.charges {
		for _, name := range labels[c.Resource] {
			if _, found := c.Labels[name]; !found {
				uses[i].lacks = name
			}
		}
	}
	return uses
}

// drawBill draws charges and verdicts without downtime, of a few resources and
// labels, for the whole of june, its halves and the days before, in which a charge
// may count for several findings, for one, or for none.
func drawBill(t *rapid.T) Bill {
	half := sla.Must(calendar.NewPeriod(june.First(), calendar.Date{Year: 2026, Month: time.June, Day: 16}, time.UTC))
	rest := sla.Must(calendar.NewPeriod(half.Until(), june.Until(), time.UTC))
	pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	labels := func() map[string]string {
		return map[string]string{"account": pick("account", "x", "y"), "region": pick("region", "x", "y")}
	}
	b := Bill{Customer: "acme", Period: june}
	for i := range rapid.IntRange(1, 8).Draw(t, "charges") {
		c := charge(pick("of", "a", "b", "c"), "USD 100.00")
		c.ID = fmt.Sprint("line ", i)
		c.Kind = pick("kind", "", "support")
		c.Labels = labels()
		delete(c.Labels, pick("without", "", "", "account"))
		switch pick("for", "", "", "half", "rest", "before") {
		case "half":
			c.Window = half.Window()
		case "rest":
			c.Window = rest.Window()
		case "before":
			c.Cycle = -1
		}
		b.Charges = append(b.Charges, c)
	}
	for i := range rapid.IntRange(1, 5).Draw(t, "verdicts") {
		v := sla.Verdict{Agreement: fmt.Sprint("agreement ", i), Resource: pick("on", "a", "b", "c")}
		v.Period = rapid.SampledFrom([]calendar.Period{june, half, rest}).Draw(t, "period")
		for j := range rapid.IntRange(0, 3).Draw(t, "findings") {
			f := sla.Finding{Clause: fmt.Sprint("/commitments/", j), Labels: labels(), Measurement: sla.Measurement{Resource: v.Resource, Period: v.Period}}
			f.Base.By = rapid.SampledFrom([][]string{nil, {"account"}, {"region"}, {"account", "region"}}).Draw(t, "by")
			f.Base.Only = rapid.SampledFrom([][]string{nil, nil, {"support"}}).Draw(t, "only")
			f.Base.Window = sla.FeeWindow(pick("window", "", "", "1cycle before", "10d trailing"))
			v.Findings = append(v.Findings, f)
		}
		b.Verdicts = append(b.Verdicts, v)
	}
	return b
}

// Law: the use of a charge does not depend on how many findings share a fee.
func TestUsesOfChargesAreThoseOfEachFinding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBill(t)
		require.Equal(t, newBook(b).plainUses(b.Verdicts), newBook(b).uses(b.Verdicts))
	})
}

// Law: whether the account lists the charges of a fee is decided as if each
// charge was looked at.
func TestPlainFeesAreOfOneResource(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBill(t)
		book := newBook(b)
		for _, v := range b.Verdicts {
			for _, f := range v.Findings {
				of := book.basis(v, f)
				simple := len(of.counts) == len(book.index[subset{values: v.Resource}])
				for _, c := range of.counts {
					charge := c.charge
					simple = simple && charge.Resource == v.Resource && charge.Prorated == Prorated{} && c.portion == entire
				}
				require.Equal(t, simple, book.simple(of, v.Resource))
			}
		}
	})
}

// shared returns the bill of n resources. They share a fee by a label under one
// agreement, or each has a fee under an agreement of its own.
func shared(t testing.TB, n int, agreements bool) Bill {
	c := flat("0.001%")
	c.Base.By = []string{"account"}
	if agreements {
		c.Base.By = nil
	}
	a := plain("a", c, "50%")
	b := Bill{Customer: "acme", Period: june}
	for i := range n {
		v := sla.Verdict{}
		if name := fmt.Sprintf("r%06d", i); agreements {
			a.Name = "a" + name
			v = judge(t, a, name, time.Hour)
		} else {
			v = judged(t, a, name)
		}
		line := charge(v.Resource, "USD 10.00")
		line.Labels = v.Findings[0].Labels
		b.Charges, b.Verdicts = append(b.Charges, line), append(b.Verdicts, v)
	}
	return b
}

// judged returns the verdict on a resource of an account.
func judged(t testing.TB, a sla.Agreement, resource string) sla.Verdict {
	own := a
	own.Commitments = slices.Clone(a.Commitments)
	own.Commitments[0].Base.By = nil
	v := judge(t, own, resource, time.Hour)
	v.Findings[0].Base.By, v.Findings[0].Labels = []string{"account"}, map[string]string{"account": "x"}
	return v
}

// Two thousand resources, which share a fee or have an agreement each, beside ten
// times two hundred.
func BenchmarkManyResources(b *testing.B) {
	for _, agreements := range []bool{false, true} {
		few, many := shared(b, 200, agreements), shared(b, 2000, agreements)
		run := func(bill Bill) {
			s := sla.Must(NewStatement(bill))
			sla.Must(s.Credits[0].Lines())
			s.Account()
		}
		b.Run(map[bool]string{false: "one fee", true: "agreements"}[agreements], func(b *testing.B) {
			workload.Race(b, "resource", len(many.Verdicts),
				workload.Contender{Name: "lib", Run: func() { run(many) }},
				workload.Contender{Name: "small", Run: func() {
					for range len(many.Verdicts) / len(few.Verdicts) {
						run(few)
					}
				}},
			)
		})
	}
}
