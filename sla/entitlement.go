package sla

import (
	"time"

	"github.com/slacredit/slacredit/internal/exact"
)

// An Entitlement is the credit that a row of the table gives, before it is
// priced. The zero Entitlement is nothing, under no row.
type Entitlement struct {
	Clause string `json:"clause"` // JSON pointer to the row
	Row    Tier   `json:"row"`    // as the agreement writes it

	// Steps is the number of times that the row gives: 1 if it counts no steps,
	// and the whole steps if it counts exact parts of a step.
	Steps int64 `json:"steps"`

	Remedy
}

// IsZero reports whether e is nothing under no row. encoding/json calls it for
// omitzero.
func (e Entitlement) IsZero() bool {
	return e.Clause == "" && e.Row == (Tier{}) && e.Steps == 0 && e.Remedy.IsZero()
}

// row returns the index of the last row that holds, or -1 if none does.
func (c *commitment) row(f sizes) int {
	row := -1
	for i, t := range c.tiers {
		if f.due > 0 && !c.scale.keeps(t.below, f) {
			row = i
		}
	}
	return row
}

// entitlement returns the entitlement by the last row that holds: Plus, and Give
// for each step.
func (c *commitment) entitlement(f sizes) Entitlement {
	row := c.row(f)
	if row < 0 {
		return Entitlement{}
	}
	return c.tiers[row].entitlement(c.scale, f)
}

// entitlement returns what t gives for some figures on its scale.
func (t tier) entitlement(s scale, f sizes) Entitlement {
	e := Entitlement{Clause: t.clause, Row: t.source, Steps: 1}
	once, none := exact.Int(1), exact.Number{}
	switch {
	case t.per.size.value == 0:
		e.Remedy = t.give.times(once, excess(f.down.number(), t.beyond(s, length, f.due)))
	case t.source.Beyond || t.per.size.unit == percent || t.per.count == inProportion || f.down.rest != nil:
		times := t.per.times(t.measured(s, f))
		e.Steps, _ = times.Floor() // it fits, as what was measured does
		e.Remedy = t.give.times(times, none)
	default:
		e.Steps = t.per.steps(f.of(t.per.size.unit))
		e.Remedy = t.give.times(exact.Int(e.Steps), none)
	}
	if t.plus != (amount{}) {
		e.Remedy = e.plus(t.plus.times(once, f.down.number()))
	}
	return e
}

// measured returns the exact amount on which the steps of a row are counted. At
// most 100 points of availability can be lost. Values that a gap adds to a row,
// before its start, are beyond nothing.
func (t tier) measured(s scale, f sizes) exact.Number {
	u := t.per.size.unit
	units := exact.Int(f.of(u))
	if u != count {
		units = f.down.number()
	}
	if u == percent { // points of availability lost
		all := exact.Int(100 * percentUnits)
		units = units.Mul(all).Quo(exact.Int(int64(f.due))).Min(all)
	}
	return excess(units, t.beyond(s, u, f.due))
}

// beyond returns the start of a row in a unit if only the amount beyond it
// counts, and 0 if all counts.
func (t tier) beyond(s scale, u unit, due time.Duration) exact.Number {
	if !t.source.Beyond {
		return exact.Number{}
	}
	start := s.start(t.start)
	if s.unit != percent {
		return exact.Int(start)
	}
	lost := 100*percentUnits - start
	if u == length {
		return exact.New(lost, 100*percentUnits).Mul(exact.Int(int64(due)))
	}
	return exact.Int(lost)
}

// excess returns x less y, and never less than 0.
func excess(x, y exact.Number) exact.Number {
	if x.Cmp(y) < 0 {
		return exact.Number{}
	}
	return x.Sub(y)
}

// times returns an amount that is given n times. A multiple is given of some
// downtime.
func (a amount) times(n, down exact.Number) Remedy {
	given := n.Mul(exact.Int(a.value))
	switch a.unit {
	case percent, months:
		return Remedy{Percent: Percent{given.Quo(exact.Int(percentUnits))}}
	case length:
		return Remedy{Service: ServiceTime{given}}
	case multiple:
		return Remedy{Service: ServiceTime{given.Mul(down).Quo(exact.Int(percentUnits))}}
	case money:
		return Remedy{Sum: sum(given.Quo(exact.Int(minorUnits(a.currency))), a.currency)}
	}
	return Remedy{}
}
