package batch

import (
	"math"
	"time"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// A quick judges a resource of a fleet from its outages alone, where terms
// decide on each moment by itself. Then a moment is down for one of two reasons:
// because of what is shared, or because an outage of its own falls where one
// counts. So all that the terms say about time is in two sets, and those are
// read off from two measurements: of what is shared, and of the same with an
// outage throughout.
//
//	shared      ██                   down: always counts
//	throughout  ███████   ████████   down: an outage counts here
//	the clock     ├───┤   ├──────┤   runs
//
// Down is then what is always down, and the length of the union of the outages
// on the clock.
type quick struct {
	clock *clock
	until int64 // outages that go on then may go on
	laps  []lap // one for each period
}

// A lap is what decides on one period.
type lap struct {
	due     time.Duration
	always  time.Duration   // down, whatever else is
	allowed time.Duration   // the most downtime that keeps the promise
	rows    []time.Duration // for each, the most downtime at which it does not hold
	idle    Figures         // where nothing else is down, as in most periods
}

// quicken returns the quick of f, and nil where there is none.
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
		whole = hullOf(whole, v.Findings[0].Measurement.Period.Window())
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
			return nil, nil // what nobody knows matters, or an outage changes what is due
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
		return nil, nil //nolint:nilerr // the periods do not come one after the other
	}
	return q, nil
}

// hullOf returns the smallest window that holds both.
func hullOf(v, w outage.Window) outage.Window {
	switch {
	case v.IsEmpty():
		return w
	case w.IsEmpty():
		return v
	}
	start, end := v.Start(), v.End()
	if w.Start().Before(start) {
		start = w.Start()
	}
	if w.End().After(end) {
		end = w.End()
	}
	return outage.MustWindow(start, end)
}

// lap returns what decides on a period of which some time is always down.
func (f *Fleet) lap(found sla.Finding, always time.Duration) (lap, error) {
	due := found.Measurement.Due
	l := lap{due: due, always: always, allowed: math.MaxInt64}
	if due == 0 {
		return l, nil // and nothing is reached
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

// reads reports whether q judges some outages: whether they are over, and none
// is empty.
func (q *quick) reads(outages []outage.Window) bool {
	for _, w := range outages {
		if start, end := w.UnixNano(); start >= end || end > q.until {
			return false
		}
	}
	return true
}

// judge appends what some outages come to, for each period.
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

// summary returns what comes of an additional downtime in a period.
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
