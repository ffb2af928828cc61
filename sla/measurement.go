package sla

import (
	"errors"
	"fmt"
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
	Resource string
	Period   Period
	AsOf     time.Time // the instant at which the records speak; zero: they are complete

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
}

// A DueStep is one of the terms that add up to what is due. What is taken out
// has a negative length.
type DueStep struct {
	Reason string
	Length time.Duration
}

// A Piece is a stretch of a period over which one reason holds.
type Piece struct {
	Window  outage.Window `json:"window"`
	State   State         `json:"state"`
	Records []string      `json:"records,omitempty"` // IDs of the records behind it, by start, outages first
	Clause  string        `json:"clause,omitempty"`  // JSON pointer to the clause that decides, where one does
	Reason  string        `json:"reason,omitempty"`  // in words; empty where the resource was up and no outage speaks of it
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
	return plain.measure(t, p)
}

// Availability returns (Due − Down) / Due.
func (m Measurement) Availability() Availability { return Availability{m.Due, m.Down} }

// AvailabilityAtLeast returns what [Measurement.Availability] would be if the
// resource had been down whenever nobody knows.
func (m Measurement) AvailabilityAtLeast() Availability { return Availability{m.Due, m.DownAtMost} }

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

// layers are the sets of moments from which a measurement is read.
type layers struct {
	runs outage.Set // lost enough, for long enough
	down outage.Set // of the runs, what counts
}

// layers returns the sets as they are if the given moments, of which nobody
// knows, were lost in full. They grow with the moments.
func (c *commitment) layers(t outage.Timeline, lost outage.Set) layers {
	var lossy, counting, planned []outage.Window
	for w, o := range t.Outages() {
		if !c.loses(o) {
			continue
		}
		lossy = append(lossy, w)
		if c.excusing(o.Cause) == nil {
			counting = append(counting, w)
		}
	}
	for w, m := range t.Maintenance() {
		if c.planning(m) != nil {
			planned = append(planned, w)
		}
	}
	runs := outage.NewSet(lossy...).Union(lost).Where(c.lasts)
	down := outage.NewSet(counting...).Union(lost).Intersect(runs)
	return layers{runs, down.Subtract(outage.NewSet(planned...))}
}

// excusing returns the exclusion that forgives outages of a cause, or nil.
func (c *commitment) excusing(cause string) *exclusion {
	for i := range c.exclusions {
		if slices.Contains(c.exclusions[i].causes, cause) {
			return &c.exclusions[i]
		}
	}
	return nil
}

// planning returns the exclusion under which the window of a maintenance
// forgives, or nil.
func (c *commitment) planning(m outage.Maintenance) *exclusion {
	for i, e := range c.exclusions {
		if e.maintenance && (e.anyNotice || !m.Announced.IsZero() && m.Start.Sub(m.Announced) >= e.notice) {
			return &c.exclusions[i]
		}
	}
	return nil
}

// measure measures a resource over a period in the terms of c.
func (c *commitment) measure(t outage.Timeline, p Period) (Measurement, error) {
	if p.Length() == 0 {
		return Measurement{}, fmt.Errorf("sla: measuring %s: the period is empty", numeral.Shorten(t.Resource()))
	}
	known := c.layers(t, outage.Set{})
	worst := known
	if unknown := t.Unknown(); !unknown.IsEmpty() {
		worst = c.layers(t, unknown)
	}
	known.down, worst.down = known.down.Subtract(t.Outside()), worst.down.Subtract(t.Outside())
	m := Measurement{Resource: t.Resource(), Period: p, AsOf: t.AsOf(), Outages: c.outages(t, p, known.down, worst.down)}
	for s := range t.Segments(p.Window()) {
		at := s.Window.Start()
		piece := Piece{Window: s.Window}
		switch {
		case !s.Alive:
			piece.State, piece.Reason = Outside, "not in the life of the resource"
		case known.down.Contains(at):
			piece.State = Down
			c.explainDown(&piece, s)
		case known.runs.Contains(at):
			piece.State = Excused
			c.explainExcused(&piece, s)
		case !s.Known || worst.down.Contains(at):
			piece.State = Unknown
			explainUnknown(&piece, s, t.AsOf())
		default:
			c.explainUp(&piece, s)
		}
		*m.part(piece.State) += s.Window.Length()
		if worst.down.Contains(at) {
			m.DownAtMost += s.Window.Length()
		}
		m.Pieces = appendPiece(m.Pieces, piece)
	}
	m.DueSteps = []DueStep{{"length of the period", p.Length()}}
	if m.Outside != 0 {
		m.DueSteps = append(m.DueSteps, DueStep{"not in the life of the resource", -m.Outside})
	}
	for _, step := range m.DueSteps {
		m.Due += step.Length
	}
	within := outage.NewSet(p.Window())
	return m, m.prove(known.down.Intersect(within), worst.down.Intersect(within))
}

// outages returns the runs of counted downtime that touch a period, with the
// outages behind each. One is open if an outage behind it goes on after the
// as-of instant, and so would the run, if the time from there on was down.
func (c *commitment) outages(t outage.Timeline, p Period, down, worst outage.Set) []Run {
	var runs []Run
	for w := range down.All() {
		if !w.Intersect(p.Window()).IsEmpty() {
			runs = append(runs, Run{Window: w})
		}
	}
	goesOn := !t.AsOf().IsZero() && worst.Contains(t.AsOf())
	for w, o := range t.Outages() {
		if !c.loses(o) || c.excusing(o.Cause) != nil {
			continue
		}
		first, _ := slices.BinarySearchFunc(runs, w.Start(), func(r Run, start time.Time) int {
			if r.Window.End().After(start) {
				return 1
			}
			return -1
		})
		for i := first; i < len(runs) && runs[i].Window.Start().Before(w.End()); i++ {
			runs[i].Records = append(runs[i].Records, o.ID)
			if goesOn && runs[i].Window.End().Equal(t.AsOf()) && (o.End.IsZero() || o.End.After(t.AsOf())) {
				runs[i].Open = true
			}
		}
	}
	return runs
}

// part returns the part of m that a state belongs to.
func (m *Measurement) part(s State) *time.Duration {
	return [...]*time.Duration{&m.Up, &m.Down, &m.Excused, &m.Unknown, &m.Outside}[s]
}

// prove reports a figure that disagrees with the others, or with the sets that
// it was read from.
func (m Measurement) prove(down, worst outage.Set) error {
	err := m.check()
	if err == nil && (m.Down != down.Total() || m.DownAtMost != worst.Total()) {
		err = errors.New("the downtime is not that of its windows")
	}
	if err != nil {
		return fmt.Errorf("sla: measuring %s over %v: a defect of this package: %w", numeral.Shorten(m.Resource), m.Period, err)
	}
	return nil
}

// check reports a figure that disagrees with the others: pieces that do not
// tile the period, parts that are not their sums, a denominator that is not
// the sum of its steps, a bound out of order.
func (m Measurement) check() error {
	var sum Measurement
	at := m.Period.Window().Start()
	for _, p := range m.Pieces {
		if p.State < Up || p.State > Outside || !p.Window.Start().Equal(at) {
			return errors.New("the pieces do not tile the period")
		}
		*sum.part(p.State) += p.Window.Length()
		at = p.Window.End()
	}
	for _, step := range m.DueSteps {
		if step.Length.Abs() > m.Period.Length() {
			return errors.New("a step of more than the period")
		}
		sum.Due += step.Length
	}
	switch {
	case !at.Equal(m.Period.Window().End()):
		return errors.New("the pieces do not tile the period")
	case sum.Up != m.Up || sum.Down != m.Down || sum.Excused != m.Excused || sum.Unknown != m.Unknown || sum.Outside != m.Outside:
		return errors.New("the parts are not the sums of the pieces")
	case sum.Due != m.Due:
		return errors.New("due is not the sum of its steps")
	case m.Due != m.Period.Length()-m.Outside:
		return errors.New("due is not the period less what lies outside")
	case m.DownAtMost < m.Down || m.DownAtMost > m.Down+m.Unknown:
		return errors.New("downAtMost is out of its bounds")
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

// within returns the moments of the outages that are to be served and lie in
// the period.
func (m Measurement) within() outage.Set {
	var runs, served []outage.Window
	for _, r := range m.Outages {
		runs = append(runs, r.Window)
	}
	for _, p := range m.Pieces {
		if p.State != Outside {
			served = append(served, p.Window)
		}
	}
	return outage.NewSet(runs...).Intersect(outage.NewSet(served...))
}

// explainDown names the outages that count, and says why maintenance does not
// forgive them, where there is any.
func (c *commitment) explainDown(piece *Piece, s outage.Segment) {
	piece.Clause = c.clause
	agreed := slices.IndexFunc(c.exclusions, func(e exclusion) bool { return e.maintenance })
	var counting outage.Segment
	named := false
	for _, o := range s.Outages {
		if c.loses(o) && c.excusing(o.Cause) == nil {
			counting.Outages = append(counting.Outages, o)
			piece.Records = append(piece.Records, o.ID)
			named = named || o.Cause == "maintenance"
		}
	}
	piece.Reason = fmt.Sprintf("lost %s%%", numeral.Format(counting.LostPercent()))
	for _, m := range s.Maintenance {
		piece.Records = append(piece.Records, m.ID)
		switch {
		case agreed < 0:
			piece.Reason += "; maintenance is not forgiven"
		case m.Announced.IsZero():
			piece.Reason += "; maintenance " + announced(m)
		default:
			piece.Reason += fmt.Sprintf("; maintenance %s, not %s", announced(m), c.exclusions[agreed].source.Notice)
		}
	}
	if named && agreed >= 0 && len(s.Maintenance) == 0 {
		piece.Reason += "; maintenance by cause, in no announced window"
	}
}

// announced says when maintenance was announced.
func announced(m outage.Maintenance) string {
	switch ahead := m.Start.Sub(m.Announced); {
	case m.Announced.IsZero():
		return "never announced"
	case ahead < 0:
		return fmt.Sprintf("announced %s after its start", span.String(-ahead))
	default:
		return fmt.Sprintf("announced %s ahead", span.String(ahead))
	}
}

// explainExcused names the maintenance that forgives, and only where there is
// none the outages that are forgiven for their cause.
func (c *commitment) explainExcused(piece *Piece, s outage.Segment) {
	var causes []string
	for _, o := range s.Outages {
		if !c.loses(o) {
			continue
		}
		piece.Records = append(piece.Records, o.ID)
		if e := c.excusing(o.Cause); e != nil {
			piece.Clause = e.clause
			causes = append(causes, o.Cause)
		}
	}
	slices.Sort(causes)
	piece.Reason = "cause " + strings.Join(slices.Compact(causes), ", ")
	for _, m := range s.Maintenance {
		e := c.planning(m)
		if e == nil {
			continue
		}
		piece.Records = append(piece.Records, m.ID)
		piece.Clause, piece.Reason = e.clause, "maintenance "+announced(m)
	}
}

// explainUnknown says why nobody knows.
func explainUnknown(piece *Piece, s outage.Segment, asOf time.Time) {
	for _, o := range s.Outages {
		piece.Records = append(piece.Records, o.ID)
	}
	switch {
	case s.Known:
		piece.Reason = "counts only if unknown time beside it was down"
	case !asOf.IsZero() && !s.Window.Start().Before(asOf):
		piece.Reason = "after the as-of instant"
	default:
		piece.Reason = "not observed"
	}
}

// explainUp says why outages do not count, where there are any.
func (c *commitment) explainUp(piece *Piece, s outage.Segment) {
	lost := false
	for _, o := range s.Outages {
		piece.Records = append(piece.Records, o.ID)
		lost = lost || c.loses(o)
	}
	switch {
	case len(s.Outages) == 0:
	case !lost:
		piece.Clause = c.clause + "/downtime/loss"
		piece.Reason = fmt.Sprintf("lost %s%%, not %s", numeral.Format(s.LostPercent()), c.source.Downtime.Loss)
	default:
		piece.Clause = c.clause + "/downtime/lasting"
		piece.Reason = "did not last " + inWords(c.source.Downtime.Lasting)
	}
}

// appendPiece appends a piece, or adds it to the last one if only the window
// differs.
func appendPiece(pieces []Piece, p Piece) []Piece {
	if i := len(pieces) - 1; i >= 0 {
		last := &pieces[i]
		if last.State == p.State && last.Clause == p.Clause && last.Reason == p.Reason && slices.Equal(last.Records, p.Records) {
			last.Window = outage.MustWindow(last.Window.Start(), p.Window.End())
			return pieces
		}
	}
	return append(pieces, p)
}
