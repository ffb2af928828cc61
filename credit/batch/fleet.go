package batch

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A Fleet is a set of resources that differ only in their outages, and of
// customers that differ only in their outages and fees. They share the terms,
// the periods, maintenance, coverage, lifetime, common outages, and labels. The
// shared part is computed once. A fleet never changes, and several goroutines
// may use it at once.
//
// A fleet is exact for all terms, and fast for most. If the terms decide on
// each moment by itself ([sla.Terms.Direct]), a resource is judged in whole
// numbers, without an allocation. Other terms, such as those with slots, a
// least length or an allowance, are judged at the cost of [sla.Terms.JudgeAll].
//
// A customer is priced in whole numbers if the row gives a share of the fee,
// service time or a sum once, and no limit covers several months. Other rows
// are priced at the cost of [credit.NewStatement]. The figures are the same
// either way.
type Fleet struct {
	terms   *sla.Terms
	shared  outage.Timeline
	periods []calendar.Period
	alone   []sla.Verdict // verdicts on the shared timeline, one for each period
	clauses []string      // clauses of the commitments
	table   []sla.Tier    // rows of the commitment, if there is only one
	quick   *quick        // nil: the terms do not decide on each moment by itself

	prices   []*prices // prices of the rows, one for each period; equal ones are shared
	unpriced error     // why no customer can be settled; nil: they can
}

// NewFleet returns the fleet of resources that share a timeline, judged over
// one or more periods. Making a fleet takes as long as judging and pricing a
// few resources, so it pays only if many share it. It is an error if
// [sla.Terms.Judge] refuses the shared timeline. Periods that overlap or are
// not in order are judged at the cost of [sla.Terms.JudgeAll].
//
// There are two fleets whose resources can be judged but whose customers cannot be
// settled. In one, the agreement has no name, so no statement could be made under
// it. In the other, the agreement has a limit over several months and there are
// several periods, each of which would need the credits of those before it.
func NewFleet(t *sla.Terms, shared outage.Timeline, periods ...calendar.Period) (*Fleet, error) {
	if len(periods) == 0 {
		return nil, fmt.Errorf("batch: fleet of %s: there are no periods", numeral.Shorten(shared.Resource()))
	}
	f := &Fleet{terms: t, shared: shared, periods: slices.Clone(periods)}
	commitments := t.Agreement().Commitments
	for i := range commitments {
		f.clauses = append(f.clauses, "/commitments/"+strconv.Itoa(i))
	}
	if len(commitments) == 1 {
		f.table = commitments[0].Credits
	}
	var err error
	if f.alone, err = f.judge(shared); err != nil {
		return nil, err
	}
	if f.quick, err = f.quicken(); err != nil {
		return nil, fmt.Errorf("batch: fleet of %s: %w", numeral.Shorten(shared.Resource()), err)
	}
	f.price()
	return f, nil
}

// Terms returns the terms of f.
func (f *Fleet) Terms() *sla.Terms { return f.terms }

// Periods returns the periods of f.
func (f *Fleet) Periods() []calendar.Period { return slices.Clone(f.periods) }

// Direct reports whether f judges in whole numbers, moment by moment.
func (f *Fleet) Direct() bool { return f.quick != nil }

// Judge appends the figures of a resource with additional outages to dst,
// without a credit. There are figures for each finding of [Fleet.Verdicts], in
// that order. Under an agreement with one monthly commitment, that is one for
// each month.
//
// The windows may be in any order and may overlap. Each is a full outage
// without a cause. It is over at the as-of instant if it ends by then. An empty
// window is an error.
func (f *Fleet) Judge(dst []Figures, outages ...outage.Window) ([]Figures, error) {
	if dst, judged := f.judgeQuick(dst, outages...); judged {
		return dst, nil
	}
	verdicts, err := f.Verdicts(outages)
	if err != nil {
		return dst, err
	}
	for i := range verdicts {
		dst = f.summarize(dst, i, verdicts[i])
	}
	return dst, nil
}

// judgeQuick is [Fleet.Judge] for whole numbers only. It returns dst and false
// if f is not [Fleet.Direct], or if an outage is empty or goes on after the
// as-of instant.
func (f *Fleet) judgeQuick(dst []Figures, outages ...outage.Window) (judged []Figures, quick bool) {
	if f.quick == nil || !f.quick.reads(outages) {
		return dst, false
	}
	return f.quick.judge(dst, outages), true
}

// Verdicts returns the verdicts on a resource with additional outages, one for
// each period. Records are for anything that windows cannot express, such as a
// partial outage. The verdicts contain the account of the figures that
// [Fleet.Judge] returns.
func (f *Fleet) Verdicts(outages []outage.Window, records ...outage.Record) ([]sla.Verdict, error) {
	timeline, err := f.shared.With(outages, records...)
	if err != nil {
		return nil, err
	}
	return f.judge(timeline)
}

// judge returns the verdicts on a resource, one for each period.
func (f *Fleet) judge(timeline outage.Timeline) ([]sla.Verdict, error) {
	verdicts, err := f.terms.JudgeAll([]outage.Timeline{timeline}, f.periods...)
	if err == nil && len(verdicts) != len(f.periods) {
		err = fmt.Errorf("batch: fleet of %s: want one verdict for each period, have %d verdicts for %d periods", numeral.Shorten(timeline.Resource()), len(verdicts), len(f.periods))
	}
	return verdicts, err
}

// gives returns the entitlement of a row of the only commitment, numbered from
// 1, and whether it is the same for any downtime. Row 0 gives nothing.
func (f *Fleet) gives(row int32) (e sla.Entitlement, always bool) {
	if row == 0 {
		return sla.Entitlement{}, true
	}
	if f.quick == nil || int(row) > len(f.table) {
		return sla.Entitlement{}, false
	}
	given := f.table[row-1]
	if given.Per != "" || isMultiple(given.Give) || isMultiple(given.Plus) {
		return sla.Entitlement{}, false
	}
	for i, v := range f.alone {
		if rows := f.quick.laps[i].rows; int(row) <= len(rows) && rows[row-1] < math.MaxInt64 {
			found := v.Findings[0]
			e, err := f.terms.Entitlement(found.Clause, found.Measurement.Due, rows[row-1]+1)
			return e, err == nil && e.Clause == found.Clause+"/credits/"+strconv.Itoa(int(row-1))
		}
	}
	return sla.Entitlement{}, false
}

// isMultiple reports whether a quantity is a multiple of the price of the
// downtime.
func isMultiple(q sla.Quantity) bool { return strings.HasSuffix(string(q), "x") }

// entitlement returns the entitlement for the downtime of figures that a quick
// fleet returned. It returns false for other fleets, whose findings contain it.
func (f *Fleet) entitlement(s Figures) (sla.Entitlement, bool) {
	if f.quick == nil || int(s.Period) >= len(f.alone) {
		return sla.Entitlement{}, false
	}
	e, err := f.terms.Entitlement(f.alone[s.Period].Findings[0].Clause, s.Due, s.Down)
	return e, err == nil
}

// summarize appends the figures of a verdict of f, one for each finding. Period
// is the index of the period.
func (f *Fleet) summarize(dst []Figures, period int, v sla.Verdict) []Figures {
	for _, found := range v.Findings {
		i := slices.Index(f.clauses, found.Clause)
		if i < 0 {
			continue // not a verdict of f
		}
		m := found.Measurement
		dst = append(dst, Figures{
			Commitment: int32(i), Period: int32(period), Findings: 1,
			Row: rowOf(found.Entitlement), RowAtMost: rowOf(found.EntitlementAtMost),
			Outcome: found.Outcome, Due: m.Due, Down: m.Down, DownAtMost: m.DownAtMost, Unknown: m.Unknown > 0,
		})
	}
	return dst
}

// rowOf returns the number of the row of an entitlement, from 1, or 0 if there
// is none.
func rowOf(e sla.Entitlement) int32 {
	n, err := strconv.Atoi(e.Clause[strings.LastIndexByte(e.Clause, '/')+1:])
	if err != nil {
		return 0
	}
	return int32(n + 1)
}
