package sla

import (
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
)

// A tally is the figures that follow from pieces.
type tally struct {
	parts        [Outside + 1]time.Duration
	down, atMost exactTime
}

// tally adds up the pieces of m, or of its members, exactly. What is shown is
// floored, and unknown time is rounded up, so that down and unknown together
// are never less than what may be down; what the roundings leave was up.
func (m Measurement) tally() (tally, error) {
	var t addends
	members := m.Members
	if len(members) == 0 {
		members = []Measurement{m}
	}
	for _, member := range members {
		if err := t.add(member); err != nil {
			return tally{}, err
		}
	}
	s := tally{down: together(t.parts[Down], t.down), atMost: together(t.parts[Down]+t.parts[Unknown], t.atMost)}
	s.parts[Down] = s.down.ns
	s.parts[Excused] = together(t.parts[Excused], t.excused).ns
	s.parts[Unknown] = together(t.parts[Unknown], t.unknown).ceil()
	s.parts[Outside] = t.parts[Outside]
	s.parts[Up] = t.length - s.parts[Down] - s.parts[Excused] - s.parts[Unknown] - s.parts[Outside]
	return s, nil
}

// together returns the sum of a whole number of nanoseconds and of parts.
func together(whole time.Duration, parts []*big.Rat) exactTime {
	if len(parts) == 0 {
		return exactTime{ns: whole}
	}
	return exactly(numeral.Sum(append(parts, new(big.Rat).SetInt64(int64(whole)))))
}

// addends are what is added up: whole pieces by their state, and the parts of
// others, in nanoseconds.
type addends struct {
	length                         time.Duration
	parts                          [Outside + 1]time.Duration
	down, atMost, excused, unknown []*big.Rat
}

// add adds the pieces of a measurement.
func (t *addends) add(m Measurement) error {
	t.length += m.Period.Length()
	for i := range m.Pieces {
		p := &m.Pieces[i]
		if p.State < Up || p.State > Outside {
			return fmt.Errorf("pieces[%d]: state: %v is not known", i, p.State)
		}
		if p.Share == "" && p.ShareAtMost == "" {
			t.parts[p.State] += p.Window.Length()
			continue
		}
		share, most, err := p.shares()
		if err != nil {
			return fmt.Errorf("pieces[%d]: %w", i, err)
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
			return fmt.Errorf("pieces[%d]: share: %v in part", i, p.State)
		}
		if most.Cmp(share) < 0 && p.State == Down || most.Cmp(share) > 0 && p.State == Unknown {
			return fmt.Errorf("pieces[%d]: shareAtMost: on the wrong side of share", i)
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
	sums, err := m.tiles()
	if err == nil {
		err = m.checkSums(sums)
	}
	return err
}

// tiles returns the tally of pieces that tile the period, in order.
func (m Measurement) tiles() (tally, error) {
	at, end := m.Period.Window().UnixNano()
	for i := range m.Pieces {
		from, to := m.Pieces[i].Window.UnixNano()
		if from != at {
			return tally{}, errors.New("the pieces do not tile the period")
		}
		at = to
	}
	if at != end {
		return tally{}, errors.New("the pieces do not tile the period")
	}
	return m.tally()
}

// checkSums is check for what is no pool, where the tally of the pieces is known.
func (m Measurement) checkSums(sums tally) error {
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
	case !m.In(Down).Equal(m.within()):
		return errors.New("the outages are not the pieces that are down")
	}
	return nil
}

// In returns the moments of the period that are in a state. Of a pool there are
// none, since its members have their own.
func (m Measurement) In(s State) outage.Set {
	n := 0
	for i := range m.Pieces {
		if m.Pieces[i].State == s {
			n++
		}
	}
	windows := make([]outage.Window, 0, n)
	for i := range m.Pieces {
		if m.Pieces[i].State == s {
			windows = append(windows, m.Pieces[i].Window)
		}
	}
	return outage.NewSet(windows...)
}

// within returns the moments of the outages that lie in the period.
func (m Measurement) within() outage.Set {
	runs := make([]outage.Window, 0, len(m.Outages))
	for _, r := range m.Outages {
		runs = append(runs, r.Window)
	}
	return outage.NewSet(runs...).Within(m.Period.Window())
}
