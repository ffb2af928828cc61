package sla

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A Measurement is how one resource spent one period, in the terms of one
// commitment.
//
// Up, Down, Excused, Unknown and Outside are disjoint and add up to the length
// of the period, to the nanosecond; Pieces are the stretches behind them.
type Measurement struct {
	Resource string // or the group of resources that were measured as one
	Period   calendar.Period
	AsOf     time.Time // the as-of instant of the records; zero: they are complete

	// Where a commitment counts time by the share that is lost, Down, Excused
	// and DownAtMost are floored to the nanosecond and Unknown is rounded up;
	// the rest was Up. What decides is exact.
	Up      time.Duration // served, or lost too little or too briefly to count
	Down    time.Duration // not served, and counting
	Excused time.Duration // not served, and excused
	Unknown time.Duration // not yet known whether it counts
	Outside time.Duration // not to be served at all

	// DownAtMost is Down if the resource was down in all unobserved time. It lies
	// between Down and Down + Unknown: known downtime stays down, also if unknown
	// time would have used up an allowance earlier.
	DownAtMost time.Duration

	// Due is the denominator of the availability: the sum of DueSteps.
	Due      time.Duration
	DueSteps []DueStep

	Pieces  []Piece // tile the period, in order; neighbours differ
	Outages []Run   // the runs of counted downtime that touch the period, in order

	// Open reports whether an outage that is under way at AsOf can still change a
	// figure: whether a figure depends on whether it ended then or never ends.
	Open bool

	// Members are the measurements that a pool adds up, instead of pieces.
	Members []Measurement
}

// clone returns a copy of m that shares nothing with it.
func (m Measurement) clone() Measurement {
	m.DueSteps, m.Pieces, m.Outages, m.Members = slices.Clone(m.DueSteps), slices.Clone(m.Pieces), cloneRuns(m.Outages), slices.Clone(m.Members)
	n := 0
	for i := range m.Pieces {
		n += len(m.Pieces[i].Records)
	}
	ids := make([]string, 0, n) // of all
	for i := range m.Pieces {
		p := &m.Pieces[i]
		p.Also = slices.Clone(p.Also)
		ids, p.Records = beside(ids, p.Records)
	}
	for i := range m.Members {
		m.Members[i] = m.Members[i].clone()
	}
	return m
}

// beside appends IDs of records to others, where there is room, and returns them as a
// list of their own.
func beside(all, ids []string) (longer, own []string) {
	if len(ids) == 0 {
		return all, ids[:0:0]
	}
	first := len(all)
	all = append(all, ids...)
	return all, slices.Clip(all[first:])
}

// A DueStep is one of the lengths that add up to the time due. Time that is
// subtracted has a negative length.
type DueStep struct {
	Reason string
	Length time.Duration
}

// wholePeriod is the reason of the first step where no other length is agreed.
const wholePeriod = "length of the period"

// Measure measures a resource over a period without an agreement: any loss is down,
// in full, and nothing is excused. An empty period is an error. Any other error
// would be a defect of this package: a sum that is not right.
func Measure(t outage.Timeline, p calendar.Period) (Measurement, error) {
	plain := commitment{downtime: downtime{loss: anyLoss}}
	measured, err := plain.measureOne(leaf(&t), []calendar.Period{p})
	if err != nil {
		return Measurement{}, fmt.Errorf("sla: measuring %s: %w", numeral.Shorten(t.Resource()), err)
	}
	return measured[0][0].Measurement, nil
}

// Availability returns (Due − Down) / Due, and 0 if more was down than due. Where
// DownAtMost is more than Down it has two bounds, and its text shows both. It is
// undefined if nothing was due, or any of them is negative.
func (m Measurement) Availability() Availability {
	down, atMost := m.exact()
	return availability(m.Due, down, atMost, m.Unknown > 0)
}

// exact returns the downtime, and the most that it can be, in exact nanoseconds.
func (m Measurement) exact() (down, atMost exact.Number) {
	if m.weighs() {
		if sums, err := m.tally(); err == nil {
			return sums.down, sums.atMost
		}
	}
	return nanoseconds(m.Down), nanoseconds(m.DownAtMost)
}

// weighs reports whether any piece is in its state in part only.
func (m Measurement) weighs() bool {
	return slices.ContainsFunc(m.Members, Measurement.weighs) || slices.ContainsFunc(m.Pieces, func(p Piece) bool { return p.Share != "" || p.ShareAtMost != "" })
}

// Count returns the number of outages that ended in the period. An outage that
// runs on is counted where it ends.
func (m Measurement) Count() int {
	n := 0
	for _, r := range m.Outages {
		if m.hasEnded(r) {
			n++
		}
	}
	return n
}

// Longest returns the length of the longest outage that touches the period,
// the part beyond the period included, and 0 if there is none.
func (m Measurement) Longest() time.Duration {
	var longest time.Duration
	for _, r := range m.Outages {
		longest = max(longest, r.Window.Length())
	}
	return longest
}

// MeanTimeToRestore returns the mean length of the outages that [Measurement.Count]
// counts, floored to the nanosecond, and false if there are none.
func (m Measurement) MeanTimeToRestore() (mean time.Duration, any bool) {
	ended := m.ended()
	if len(ended) == 0 {
		return 0, false
	}
	n := time.Duration(len(ended))
	var rest time.Duration
	for _, r := range ended { // a sum of lengths could leave int64
		mean += r.Window.Length() / n
		rest += r.Window.Length() % n
	}
	return mean + rest/n, true
}

// ended returns the outages whose last moment lies in the period.
func (m Measurement) ended() []Run {
	var ended []Run
	for _, r := range m.Outages {
		if m.hasEnded(r) {
			ended = append(ended, r)
		}
	}
	return ended
}

// hasEnded reports whether the last moment of an outage lies in the period.
func (m Measurement) hasEnded(r Run) bool {
	return !r.Open && !r.Window.End().After(m.Period.Window().End())
}

// String returns the availability, or its two bounds, and the five parts on
// one line.
func (m Measurement) String() string {
	parts := []string{m.Availability().String() + " available", span.String(m.Down) + " down of " + span.String(m.Due) + " due"}
	for _, state := range []State{Excused, Unknown, Outside} {
		if length := *m.part(state); length != 0 {
			parts = append(parts, fmt.Sprintf("%s %v", span.String(length), state))
		}
	}
	return strings.Join(parts, ", ")
}
