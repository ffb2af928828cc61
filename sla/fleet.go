package sla

import (
	"fmt"
	"slices"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
)

// A Fleet is resources of which all is shared but their outages: the terms, the
// periods, maintenance, coverage, life, and outages that hit them all. What is
// shared is worked out once. A fleet never changes and may be used by several
// goroutines at once.
//
// Where terms decide on each moment by itself, judging a resource of a fleet
// takes whole numbers only and allocates nothing. Terms that look beyond the
// moment, as those with slots, a least length or an allowance, are judged as
// [Terms.JudgeEach] does, at its cost; the figures are the same either way.
type Fleet struct {
	terms   *Terms
	shared  outage.Timeline
	periods []Period
	alone   []Verdict // on what is shared alone, one for each period
	quick   *quick    // nil: the terms look beyond the moment
}

// Fleet returns the fleet of resources that share a timeline, to be judged over
// some periods. What [Terms.JudgeEach] refuses of them is an error. Periods that
// overlap, or do not come in order, are judged at the cost of JudgeEach.
func (t *Terms) Fleet(shared outage.Timeline, periods ...Period) (*Fleet, error) {
	f := &Fleet{terms: t, shared: shared, periods: slices.Clone(periods)}
	var err error
	if f.alone, err = t.JudgeEach(shared, f.periods); err != nil {
		return nil, err
	}
	if f.quick, err = f.quicken(); err != nil {
		return nil, fmt.Errorf("sla: fleet of %s: %w", numeral.Shorten(shared.Resource()), err)
	}
	return f, nil
}

// Terms returns the terms by which f is judged.
func (f *Fleet) Terms() *Terms { return f.terms }

// Periods returns the periods over which f is judged.
func (f *Fleet) Periods() []Period { return slices.Clone(f.periods) }

// Quick reports whether f is judged in whole numbers only, moment by moment.
func (f *Fleet) Quick() bool { return f.quick != nil }

// Judge appends to dst what a resource with some more outages comes to: one
// summary for each finding of [Fleet.Verdicts], in their order; so under an
// agreement of one commitment, which is measured by the billing period, one for
// each period. The windows may come in any order and overlap. Each is a full
// outage without a cause, over at the as-of instant if it ends until then. An
// empty one is an error.
func (f *Fleet) Judge(dst []Summary, outages ...outage.Window) ([]Summary, error) {
	if f.quick != nil && f.quick.reads(outages) {
		return f.quick.judge(dst, outages), nil
	}
	verdicts, err := f.Verdicts(outages)
	if err != nil {
		return dst, err
	}
	for i := range verdicts {
		dst = f.terms.appendSummaries(dst, i, verdicts[i])
	}
	return dst, nil
}

// Verdicts returns the verdicts on a resource with some more outages, and
// records that windows cannot say, one for each period: what [Fleet.Judge]
// decides, with the account of it.
func (f *Fleet) Verdicts(outages []outage.Window, records ...outage.Record) ([]Verdict, error) {
	timeline, err := f.shared.With(outages, records...)
	if err != nil {
		return nil, err
	}
	return f.terms.JudgeEach(timeline, f.periods)
}

// Shared returns the verdicts on a resource without outages of its own, one for
// each period.
func (f *Fleet) Shared() []Verdict { return slices.Clone(f.alone) }

// Gives returns what a row of the only commitment gives, counted from 1 on, and
// whether it gives that however much is down. Row 0 gives nothing.
func (f *Fleet) Gives(row int32) (e Entitlement, always bool) {
	if row == 0 {
		return Entitlement{}, true
	}
	if len(f.terms.commitments) != 1 || row < 0 || int(row) > len(f.terms.commitments[0].tiers) {
		return Entitlement{}, false
	}
	if t := f.terms.commitments[0].tiers[row-1]; t.fixed() {
		return t.entitlement(f.terms.commitments[0].scale, sizes{}), true
	}
	return Entitlement{}, false
}

// appendSummaries appends what the findings of a verdict decide.
func (t *Terms) appendSummaries(dst []Summary, period int, v Verdict) []Summary {
	for _, found := range v.Findings {
		c := slices.IndexFunc(t.commitments, func(c commitment) bool { return c.name == found.Commitment })
		m := found.Measurement
		dst = append(dst, Summary{
			Commitment: int32(c), Period: int32(period),
			Row: t.commitments[c].rowOf(found.Entitlement), RowAtMost: t.commitments[c].rowOf(found.EntitlementAtMost),
			Outcome: found.Outcome, Due: m.Due, Down: m.Down, DownAtMost: m.DownAtMost,
		})
	}
	return dst
}

// rowOf returns the row of which an entitlement is, from 1 on, and 0 if it is of
// none.
func (c *commitment) rowOf(e Entitlement) int32 {
	return int32(1 + slices.IndexFunc(c.tiers, func(t tier) bool { return t.clause == e.Clause }))
}
