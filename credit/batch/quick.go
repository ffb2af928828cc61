package batch

import (
	"math"
	"time"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// A quick judges a resource of a fleet from its outages alone, if the terms
// decide on each moment by itself. A moment is then down for one of two
// reasons: because of the shared timeline, or because the resource's own outage
// falls in time where an outage counts. So two sets contain everything that the
// terms say about time. They follow from two measurements: of the shared
// timeline, and of the same timeline with an outage throughout.
//
//	shared      ██                   down: always counts
//	throughout  ███████   ████████   down: an outage counts here
//	the clock     ├───┤   ├──────┤   runs
//
// Down is then the time that is always down, plus the length of the union of
// the outages on the clock.
type quick struct {
	clock *clock
	until int64 // the as-of instant; later ends are unknown
	laps  []lap // one for each period
}

// A lap contains the bounds that decide on one period.
type lap struct {
	due     time.Duration
	always  time.Duration   // down in any case
	allowed time.Duration   // the longest downtime that keeps the promise
	rows    []time.Duration // for each row, the longest downtime that does not reach it
	idle    Figures         // the figures without additional downtime, as in most periods
}

// quicken returns the quick of f, or nil if there is none.
func (f *Fleet) quicken() (*quick, error) {
	if !f.terms.Direct() {
		return nil, nil
	}
	q := &quick{until: math.MaxInt64}
	if asOf := f.shared.AsOf(); !asOf.IsZero() {
		q.until = asOf.UnixNano()
	}
	for _, o := range f.shared.Outages() {
		if o.End.IsZero() || o.End.UnixNano() > q.until {
			return nil, nil // it may go on
		}
	}
	var whole outage.Window
	for _, v := range f.alone {
		if len(v.Findings) != 1 {
			return nil, nil // a quarter ends in some months only
		}
		whole = whole.Hull(v.Findings[0].Measurement.Period.Window())
	}
	throughout, err := f.Verdicts([]outage.Window{whole})
	if err != nil {
		return nil, err
	}
	running := make([]outage.Set, len(f.periods))
	for i := range f.periods {
		without, with := f.alone[i].Findings[0].Measurement, throughout[i].Findings[0].Measurement
		counts, always := with.In(sla.Down), without.In(sla.Down)
		if without.Unknown > 0 || with.Unknown > 0 || without.Due != with.Due || !without.In(sla.Outside).Equal(with.In(sla.Outside)) || !always.Subtract(counts).IsEmpty() {
			return nil, nil // unobserved time matters, or an outage changes the time due
		}
		running[i] = counts.Subtract(always)
		l, err := f.lap(f.alone[i].Findings[0], always.Total())
		if err != nil {
			return nil, err
		}
		l.idle = l.summary(int32(i), 0)
		q.laps = append(q.laps, l)
	}
	if q.clock, err = newClock(running...); err != nil {
		return nil, nil //nolint:nilerr // the periods overlap or are not in order
	}
	return q, nil
}

// lap returns the lap of a period in which some time is always down.
func (f *Fleet) lap(found sla.Finding, always time.Duration) (lap, error) {
	due := found.Measurement.Due
	l := lap{due: due, always: always, allowed: math.MaxInt64}
	if due == 0 {
		return l, nil // no row is reached
	}
	if found.Promise != "" {
		l.allowed = found.Allowed
	}
	rows, err := f.terms.Rows(found.Clause, due)
	for _, r := range rows {
		l.rows = append(l.rows, r.Allowed)
	}
	return l, err
}

// reads reports whether q can judge the outages: none is empty, and all are
// over.
func (q *quick) reads(outages []outage.Window) bool {
	for _, w := range outages {
		if start, end := w.UnixNano(); start >= end || end > q.until {
			return false
		}
	}
	return true
}

// judge appends the figures of some outages, for each period.
func (q *quick) judge(dst []Figures, outages []outage.Window) []Figures {
	var space [12]time.Duration
	for i, covered := range q.clock.covered(space[:0], outages) {
		if covered == 0 {
			dst = append(dst, q.laps[i].idle)
			continue
		}
		dst = append(dst, q.laps[i].summary(int32(i), covered))
	}
	return dst
}

// summary returns the figures of a period with additional downtime.
func (l *lap) summary(period int32, additional time.Duration) Figures {
	down := l.always + additional
	row := 0
	for i, most := range l.rows {
		if down > most {
			row = i + 1
		}
	}
	outcome := sla.Met
	if down > l.allowed {
		outcome = sla.Missed
	}
	return Figures{
		Period: period, Findings: 1, Row: int32(row), RowAtMost: int32(row), Outcome: outcome,
		Due: l.due, Down: down, DownAtMost: down,
	}
}
