package sla

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/enum"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/outage"
)

// A Measurement is what became of one resource in one period, in the terms of
// one commitment.
//
// Up, Down, Excused, Unknown and Outside are disjoint and add up to the length
// of the period, to the nanosecond; Pieces are the stretches behind them.
type Measurement struct {
	Resource string // or the group of resources that were measured as one
	Period   Period
	AsOf     time.Time // the instant at which the records speak; zero: they are complete

	// Where a commitment counts time by the share that is lost, Down, Excused
	// and DownAtMost are floored to the nanosecond and Unknown is rounded up;
	// the rest was Up. What decides is exact.
	Up      time.Duration // served, or lost too little or too briefly to count
	Down    time.Duration // not served, and counting
	Excused time.Duration // not served, and forgiven
	Unknown time.Duration // nobody knows yet whether it counts
	Outside time.Duration // not to be served at all

	// DownAtMost is what Down would be if the resource had been down whenever
	// nobody knows. It lies between Down and Down + Unknown.
	DownAtMost time.Duration

	// Due is the denominator of the availability: the sum of DueSteps.
	Due      time.Duration
	DueSteps []DueStep

	Pieces  []Piece // tile the period, in order; neighbours differ
	Outages []Run   // the runs of counted downtime that touch the period, in order

	// Members are what a pool adds up, in place of pieces.
	Members []Measurement
}

// A DueStep is one of the terms that add up to what is due. What is taken out
// has a negative length.
type DueStep struct {
	Reason string
	Length time.Duration
}

// wholePeriod is the reason of the first step where no other length is agreed.
const wholePeriod = "length of the period"

// A Piece is a stretch of a period over which one reason holds.
type Piece struct {
	Window outage.Window `json:"window"`
	State  State         `json:"state"`

	// Share is the part of the stretch that is in the state, and ShareAtMost
	// the part that would be down if the resource had been down whenever
	// nobody knows; what is between them and the whole was up. They differ from
	// the whole only where a commitment counts time by the share that is lost.
	// ShareAtMost is empty where it says nothing more.
	Share       Share `json:"share,omitempty"`
	ShareAtMost Share `json:"shareAtMost,omitempty"`

	Records []string `json:"records,omitempty"` // IDs of the records behind it, by start, outages first
	Clause  string   `json:"clause,omitempty"`  // JSON pointer to the clause that decides, where one does
	Reason  string   `json:"reason,omitempty"`  // in words; empty where the resource was up and no outage speaks of it
}

// Length returns how long the stretch is in its state: all of it, or where the
// commitment counts by the share that is lost, that share of it, floored to the
// nanosecond. It is 0 if Share is not a share.
func (p Piece) Length() time.Duration {
	if p.Share == "" {
		return p.Window.Length()
	}
	share, err := p.Share.Rat()
	if err != nil {
		return 0
	}
	return exactly(share.Mul(share, new(big.Rat).SetInt64(int64(p.Window.Length())))).ns
}

// shares returns the parts of the stretch that are in its state, and that would
// be down at most.
func (p Piece) shares() (share, atMost *big.Rat, err error) {
	share, err = p.Share.Rat()
	if err != nil {
		return nil, nil, err
	}
	switch {
	case p.State != Down && p.State != Unknown:
		return share, new(big.Rat), nil
	case p.ShareAtMost == "":
		return share, share, nil
	}
	atMost, err = p.ShareAtMost.Rat()
	return share, atMost, err
}

// A Run is counted downtime without a gap: a merged outage.
type Run struct {
	Window  outage.Window `json:"window"`         // the whole of it, also beyond the period
	Records []string      `json:"records"`        // IDs of the outages behind it, by start
	Open    bool          `json:"open,omitempty"` // still under way at the as-of instant, where the window ends
}

// A State is one of the five parts of a period.
type State int

// The closed set of states.
const (
	Up State = iota
	Down
	Excused
	Unknown
	Outside
)

var stateNames = enum.Of("sla", "State", "up", "down", "excused", "unknown", "outside")

// String returns the state as a word.
func (s State) String() string { return stateNames.String(int(s)) }

// MarshalText returns the word of [State.String]; any other state is an error.
func (s State) MarshalText() ([]byte, error) { return stateNames.MarshalText(int(s)) }

// UnmarshalText reads what [State.String] writes.
func (s *State) UnmarshalText(text []byte) error {
	v, err := stateNames.Parse(string(text))
	if err == nil {
		*s = State(v)
	}
	return err
}

// Measure measures a resource over a period where nothing is agreed: any loss
// is down, in full, and nothing is forgiven. An empty period is an error; any
// other error would be a defect of this package, a sum that does not prove
// itself.
func Measure(t outage.Timeline, p Period) (Measurement, error) {
	plain := commitment{loss: anyLoss}
	measured, err := plain.measureThing(leaf(&Resource{Timeline: t}), []Period{p})
	if err != nil {
		return Measurement{}, fmt.Errorf("sla: measuring %s: %w", numeral.Shorten(t.Resource()), err)
	}
	return measured[0][0], nil
}

// Availability returns (Due − Down) / Due, and 0 if more was down than due.
func (m Measurement) Availability() Availability {
	down, _ := m.exact()
	return availability(m.Due, down)
}

// AvailabilityAtLeast returns what [Measurement.Availability] would be if the
// resource had been down whenever nobody knows.
func (m Measurement) AvailabilityAtLeast() Availability {
	_, atMost := m.exact()
	return availability(m.Due, atMost)
}

// exact returns the downtime, and the most that it can be, to the fraction of
// a nanosecond.
func (m Measurement) exact() (down, atMost exactTime) {
	if m.weighs() {
		if sums, err := m.sums(); err == nil {
			return sums.down, sums.atMost
		}
	}
	return exactTime{ns: m.Down}, exactTime{ns: m.DownAtMost}
}

// weighs reports whether any stretch is not in its state as a whole.
func (m Measurement) weighs() bool {
	return slices.ContainsFunc(m.Members, Measurement.weighs) || slices.ContainsFunc(m.Pieces, func(p Piece) bool { return p.Share != "" || p.ShareAtMost != "" })
}

// Count returns the number of outages that ended in the period. An outage that
// runs on is counted where it ends.
func (m Measurement) Count() int { return len(m.ended()) }

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
		if !r.Open && !r.Window.End().After(m.Period.Window().End()) {
			ended = append(ended, r)
		}
	}
	return ended
}

// String returns the availability, or its two bounds, and the five parts on
// one line.
func (m Measurement) String() string {
	available := m.Availability().String()
	if m.DownAtMost != m.Down {
		available = m.AvailabilityAtLeast().String() + " to " + available
	}
	parts := []string{available + " available", span.String(m.Down) + " down of " + span.String(m.Due) + " due"}
	for _, state := range []State{Excused, Unknown, Outside} {
		if length := *m.part(state); length != 0 {
			parts = append(parts, fmt.Sprintf("%s %v", span.String(length), state))
		}
	}
	return strings.Join(parts, ", ")
}

// sums are the figures that follow from pieces.
type sums struct {
	parts        [Outside + 1]time.Duration
	down, atMost exactTime
}

// sums adds up the pieces of m, or of its members, exactly. What is shown is
// floored, and unknown time is rounded up, so that down and unknown together
// are never less than what may be down; what the roundings leave was up.
func (m Measurement) sums() (sums, error) {
	var t terms
	members := m.Members
	if len(members) == 0 {
		members = []Measurement{m}
	}
	for _, member := range members {
		if err := t.add(member); err != nil {
			return sums{}, err
		}
	}
	whole := func(d time.Duration) *big.Rat { return new(big.Rat).SetInt64(int64(d)) }
	s := sums{
		down:   exactly(numeral.Sum(append(t.down, whole(t.parts[Down])))),
		atMost: exactly(numeral.Sum(append(t.atMost, whole(t.parts[Down]+t.parts[Unknown])))),
	}
	s.parts[Down] = s.down.ns
	s.parts[Excused] = exactly(numeral.Sum(append(t.excused, whole(t.parts[Excused])))).ns
	s.parts[Unknown] = exactly(numeral.Sum(append(t.unknown, whole(t.parts[Unknown])))).ceil()
	s.parts[Outside] = t.parts[Outside]
	s.parts[Up] = t.length - s.parts[Down] - s.parts[Excused] - s.parts[Unknown] - s.parts[Outside]
	return s, nil
}

// terms are what is added up: whole pieces by their state, and the parts of
// others, in nanoseconds.
type terms struct {
	length                         time.Duration
	parts                          [Outside + 1]time.Duration
	down, atMost, excused, unknown []*big.Rat
}

// add adds the pieces of a measurement.
func (t *terms) add(m Measurement) error {
	t.length += m.Period.Length()
	for _, p := range m.Pieces {
		if p.State < Up || p.State > Outside {
			return errors.New("a piece in no state")
		}
		if p.Share == "" && p.ShareAtMost == "" {
			t.parts[p.State] += p.Window.Length()
			continue
		}
		share, most, err := p.shares()
		if err != nil {
			return err
		}
		length := new(big.Rat).SetInt64(int64(p.Window.Length()))
		time := func(share *big.Rat) *big.Rat { return new(big.Rat).Mul(share, length) }
		switch p.State {
		case Down:
			t.down, t.atMost = append(t.down, time(share)), append(t.atMost, time(most))
			t.unknown = append(t.unknown, time(new(big.Rat).Sub(most, share)))
		case Unknown:
			t.atMost, t.unknown = append(t.atMost, time(most)), append(t.unknown, time(share))
		case Excused:
			t.excused = append(t.excused, time(share))
		default:
			return fmt.Errorf("a piece that is %v in part", p.State)
		}
		if most.Cmp(share) < 0 && p.State == Down || most.Cmp(share) > 0 && p.State == Unknown {
			return errors.New("a share out of its bounds")
		}
	}
	return nil
}

// part returns the part of m that a state belongs to.
func (m *Measurement) part(s State) *time.Duration {
	return [...]*time.Duration{&m.Up, &m.Down, &m.Excused, &m.Unknown, &m.Outside}[s]
}

// check reports a figure that disagrees with the others: pieces that do not
// tile the period, parts that are not their sums, a denominator that is not
// the sum of its steps, a bound out of order.
func (m Measurement) check() error {
	if len(m.Members) > 0 {
		return m.checkPool()
	}
	at := m.Period.Window().Start()
	for _, p := range m.Pieces {
		if !p.Window.Start().Equal(at) {
			return errors.New("the pieces do not tile the period")
		}
		at = p.Window.End()
	}
	if !at.Equal(m.Period.Window().End()) {
		return errors.New("the pieces do not tile the period")
	}
	sums, err := m.sums()
	if err != nil {
		return err
	}
	var due time.Duration
	for _, step := range m.DueSteps {
		if sum := due + step.Length; (sum > due) != (step.Length > 0) && step.Length != 0 {
			return errors.New("due leaves the range of lengths")
		}
		due += step.Length
	}
	switch {
	case sums.parts != [...]time.Duration{m.Up, m.Down, m.Excused, m.Unknown, m.Outside}:
		return errors.New("the parts are not the sums of the pieces")
	case sums.atMost.ns != m.DownAtMost:
		return errors.New("downAtMost is not the sum of the pieces")
	case due != m.Due || due < 0:
		return errors.New("due is not the sum of its steps")
	case len(m.DueSteps) > 0 && (m.DueSteps[0].Reason == wholePeriod && m.DueSteps[0].Length != m.Period.Length() || due != max(0, m.DueSteps[0].Length-m.Outside)):
		return errors.New("due is not what the period counts as, less what lies outside")
	case !m.down().Equal(m.within()):
		return errors.New("the outages are not the pieces that are down")
	}
	return nil
}

// down returns the moments of the pieces that are down.
func (m Measurement) down() outage.Set {
	var down []outage.Window
	for _, p := range m.Pieces {
		if p.State == Down {
			down = append(down, p.Window)
		}
	}
	return outage.NewSet(down...)
}

// within returns the moments of the outages that lie in the period.
func (m Measurement) within() outage.Set {
	var runs []outage.Window
	for _, r := range m.Outages {
		runs = append(runs, r.Window)
	}
	return outage.NewSet(runs...).Within(m.Period.Window())
}
