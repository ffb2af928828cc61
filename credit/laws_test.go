package credit

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/sla"
)

// withoutLimit returns a bill without one of its limits, wherever it stands, and
// whether it had any.
func withoutLimit(t *rapid.T, b Bill) (Bill, bool) {
	type key struct{ agreement, clause string }
	var all []key
	each := func(limits []sla.Limit, agreement string) {
		for _, l := range limits {
			if k := (key{agreement, l.Clause}); !slices.Contains(all, k) {
				all = append(all, k)
			}
		}
	}
	for _, v := range b.Verdicts {
		each(v.Limits, v.Agreement)
		for _, f := range v.Findings {
			each(f.Limits, v.Agreement)
		}
	}
	if len(all) == 0 {
		return b, false
	}
	drop := rapid.SampledFrom(all).Draw(t, "dropped")
	without := func(limits []sla.Limit, agreement string) []sla.Limit {
		return slices.DeleteFunc(slices.Clone(limits), func(l sla.Limit) bool { return key{agreement, l.Clause} == drop })
	}
	b.Verdicts = slices.Clone(b.Verdicts)
	for i := range b.Verdicts {
		v := &b.Verdicts[i]
		v.Limits = without(v.Limits, v.Agreement)
		v.Findings = slices.Clone(v.Findings)
		for j := range v.Findings {
			v.Findings[j].Limits = without(v.Findings[j].Limits, v.Agreement)
		}
	}
	return b, true
}

// A commitment in two groups gives only if it gives most in both. Of 10 it
// silences an 8 in each; limited to 5 it is silent, and both of them give, 16 in
// all. So each is in one group here.
func TestLawALimitNeverRaisesACredit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := bill(t)
		for _, v := range b.Verdicts {
			groups := map[string][]string{} // of a commitment, the same for all its outages
			for j := range v.Findings {
				f := &v.Findings[j]
				if _, found := groups[f.Commitment]; !found {
					groups[f.Commitment] = f.OneOf[:min(1, len(f.OneOf))]
				}
				f.OneOf = groups[f.Commitment]
			}
		}
		free, found := withoutLimit(t, b)
		if !found {
			return
		}
		with, without := mustState(t, b), mustState(t, free)
		for i, c := range with.Credits {
			u := without.Credits[i]
			if sla.Must(c.Amount.Cmp(u.Amount)) > 0 || sla.Must(c.AmountAtMost.Cmp(u.AmountAtMost)) > 0 {
				t.Fatalf("%v to %v with the limit, %v to %v without it\n%s\n%s", c.Amount, c.AmountAtMost, u.Amount, u.AmountAtMost, with.Text(), without.Text())
			}
		}
	})
}

// Nobody is given more for a resource than the commitments of a group give
// together, nor less than the one gives that gives most of all.
func TestLawOneOfGivesAtLeastTheMostAndAtMostAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := bill(t)
		for i := range b.Verdicts {
			v := &b.Verdicts[i]
			v.Limits, v.Above = nil, sla.Sum{}
			for j := range v.Findings {
				v.Findings[j].OneOf = []string{"g"}
			}
		}
		s := mustState(t, b)
		apart := b.clone()
		for i := range apart.Verdicts {
			for j := range apart.Verdicts[i].Findings {
				apart.Verdicts[i].Findings[j].OneOf = nil
			}
		}
		for i, c := range mustState(t, apart).Credits {
			most, byName := new(big.Rat), map[string]*big.Rat{}
			for _, p := range c.Parts {
				if byName[p.Commitment] == nil {
					byName[p.Commitment] = new(big.Rat)
				}
				byName[p.Commitment].Add(byName[p.Commitment], p.Owed.Rat())
				if byName[p.Commitment].Cmp(most) > 0 {
					most = byName[p.Commitment]
				}
			}
			if got := s.Credits[i].Sum.Rat(); got.Cmp(c.Sum.Rat()) > 0 || got.Cmp(most) < 0 {
				t.Fatalf("%v is not from %v to %v", s.Credits[i].Sum, most, c.Sum)
			}
		}
	})
}
