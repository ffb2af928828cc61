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

// A Fleet is a set of resources that differ in their outages alone, and of
// customers that differ in their outages and fees. They share the terms, the
// periods, maintenance, coverage, lifetime, outages that hit them all, and labels.
// What they share is worked out once. A fleet never changes and may be used by
// several goroutines at once.
//
// Where the terms decide on each moment by itself ([sla.Terms.Direct]), a resource
// is judged in whole numbers, without an allocation; other terms, as those with
// slots, a least length or an allowance, are judged as [sla.Terms.JudgeAll] does,
// at its cost. Where a row gives a share of the fee, time of service or a sum
// once, and no limit looks back over months, a customer is priced in whole numbers;
// other rows are priced as [credit.NewStatement] does, at its cost. The figures
// are the same either way.
type Fleet struct {
	terms   *sla.Terms
	shared  outage.Timeline
	periods []calendar.Period
	alone   []sla.Verdict // on what is shared alone, one for each period
	clauses []string      // of the commitments
	table   []sla.Tier    // of the only commitment, if there is one
	quick   *quick        // nil: the terms look beyond the moment

	prices   []*prices // of the rows, one for each period; those that are equal are one
	unpriced error     // why no customer can be settled, if none can
}

// NewFleet returns the fleet of resources that share a timeline, to be judged over
// some periods, of which there is at least one. To make it takes as long as to
// judge and price some resources, and pays where many share it. What
// [sla.Terms.Judge] refuses of them is an error. Periods that overlap, or do not
// come in order, are judged at the cost of JudgeAll.
//
// Customers cannot be settled, though resources be judged, under an agreement
// without a name, as no statement could be made under it; and under one with a
// limit over several months in a fleet of several periods, each of which would
// need what was given in those before.
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

// Terms returns the terms by which f is judged.
func (f *Fleet) Terms() *sla.Terms { return f.terms }

// Periods returns the periods over which f is judged.
func (f *Fleet) Periods() []calendar.Period { return slices.Clone(f.periods) }

// Direct reports whether f is judged in whole numbers only, moment by moment.
func (f *Fleet) Direct() bool { return f.quick != nil }

// Judge appends to dst what a resource with some more outages comes to: figures
// for each finding of [Fleet.Verdicts], in their order, without a credit; so under
// an agreement of one commitment, which is measured by the month, one for each
// month. The windows may come in any order and overlap. Each is a full outage
// without a cause, over at the as-of instant if it ends until then. An empty one
// is an error.
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

// judgeQuick is [Fleet.Judge] where that takes whole numbers only. Else it
// returns dst and false: if f is not [Fleet.Direct], and if an outage is empty, or
// goes on after the as-of instant.
func (f *Fleet) judgeQuick(dst []Figures, outages ...outage.Window) (judged []Figures, quick bool) {
	if f.quick == nil || !f.quick.reads(outages) {
		return dst, false
	}
	return f.quick.judge(dst, outages), true
}

// Verdicts returns the verdicts on a resource with some more outages, and
// records that windows cannot say, one for each period: what [Fleet.Judge]
// decides, with the account of it.
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
		err = fmt.Errorf("batch: fleet of %s: it is judged as %d things over %d periods; want one", numeral.Shorten(timeline.Resource()), len(verdicts), len(f.periods))
	}
	return verdicts, err
}

// gives returns what a row of the only commitment gives, counted from 1 on, and
// whether it gives that however much is down. Row 0 gives nothing.
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

// entitlement returns what is owed for the downtime of figures that a quick
// fleet returned, and false of another fleet, whose findings say it.
func (f *Fleet) entitlement(s Figures) (sla.Entitlement, bool) {
	if f.quick == nil || int(s.Period) >= len(f.alone) {
		return sla.Entitlement{}, false
	}
	e, err := f.terms.Entitlement(f.alone[s.Period].Findings[0].Clause, s.Due, s.Down)
	return e, err == nil
}

// summarize appends what a verdict of f decides, of those on one of its periods:
// figures for each finding.
func (f *Fleet) summarize(dst []Figures, period int, v sla.Verdict) []Figures {
	for _, found := range v.Findings {
		i := slices.Index(f.clauses, found.Clause)
		if i < 0 {
			continue // no verdict of f
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

// rowOf returns the row of which an entitlement is, from 1 on, and 0 if it is of
// none.
func rowOf(e sla.Entitlement) int32 {
	n, err := strconv.Atoi(e.Clause[strings.LastIndexByte(e.Clause, '/')+1:])
	if err != nil {
		return 0
	}
	return int32(n + 1)
}
