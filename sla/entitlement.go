package sla

import (
	"math/big"
	"strings"
	"time"
)

// An Entitlement is the credit that a row of the table gives, before it is
// priced: a share of the fee, service time and a sum of money, added together.
// The zero Entitlement is nothing, under no row.
type Entitlement struct {
	Clause string // JSON pointer to the row
	Row    Tier   // as the agreement writes it

	// Steps is the number of times that the row gives: 1 if it counts no steps,
	// and the whole steps if it counts exact parts of a step.
	Steps int64

	Percent Percent     // share of the fee
	Service ServiceTime // time of service, to be priced by the fee
	Sum     Sum
}

// IsZero reports whether e is nothing under no row. encoding/json calls it for
// omitzero.
func (e Entitlement) IsZero() bool {
	return e.Clause == "" && e.Row == (Tier{}) && e.Steps == 0 && !e.Gives()
}

// Gives reports whether e is more than nothing.
func (e Entitlement) Gives() bool {
	return !e.Percent.IsZero() || !e.Service.IsZero() || !e.Sum.IsZero()
}

// SameWorth reports whether e and f give the same, by whatever row.
func (e Entitlement) SameWorth(f Entitlement) bool {
	return e.Percent.Equal(f.Percent) && e.Service.Equal(f.Service) && e.Sum.Equal(f.Sum)
}

// String returns the credit in words: "5%", "120h of service", "3% and 20USD" or
// "nothing".
func (e Entitlement) String() string {
	var parts []string
	if !e.Percent.IsZero() {
		parts = append(parts, e.Percent.String())
	}
	if !e.Service.IsZero() {
		parts = append(parts, e.Service.String()+" of service")
	}
	if !e.Sum.IsZero() {
		parts = append(parts, e.Sum.String())
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, " and ")
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
	switch {
	case t.per.size.value == 0:
		e.add(t.give, nil, f.down, t.beyond(s, length, f.due))
	case t.source.Beyond || t.per.size.unit == percent || t.per.count == exact || f.down.rest != nil:
		times := t.per.times(t.measured(s, f))
		e.Steps = new(big.Int).Quo(times.Num(), times.Denom()).Int64() // it fits, as what was measured does
		e.add(t.give, times, exactTime{}, nil)
	default:
		e.Steps = t.per.steps(f.of(t.per.size.unit))
		e.add(t.give, nil, exactTime{}, nil)
	}
	if t.plus != (amount{}) {
		once := Entitlement{Steps: 1}
		once.add(t.plus, nil, f.down, nil)
		e.Percent = percentOfRat(new(big.Rat).Add(e.Percent.Rat(), once.Percent.Rat()))
		e.Service = serviceTime(new(big.Rat).Add(e.Service.Nanoseconds(), once.Service.Nanoseconds()))
		if !once.Sum.IsZero() {
			e.Sum = sum(new(big.Rat).Add(e.Sum.Amount(), once.Sum.Amount()), once.Sum.currency)
		}
	}
	return e
}

// measured returns the exact amount on which the steps of a row are counted. At
// most 100 points of availability can be lost. Values that a gap adds to a row,
// before its start, are beyond nothing.
func (t tier) measured(s scale, f sizes) *big.Rat {
	u := t.per.size.unit
	units := new(big.Rat).SetInt64(f.of(u))
	if u != count {
		units = f.down.rat()
	}
	if u == percent { // points of availability lost
		units.Mul(units, big.NewRat(100*percentUnits, int64(f.due)))
		units = lesser(units, big.NewRat(100*percentUnits, 1))
	}
	if start := t.beyond(s, u, f.due); start != nil {
		units = excess(units, start)
	}
	return units
}

// beyond returns the start of a row in a unit if only the amount beyond it
// counts, and nil if all counts.
func (t tier) beyond(s scale, u unit, due time.Duration) *big.Rat {
	if !t.source.Beyond {
		return nil
	}
	start := new(big.Rat).SetInt64(s.start(t.start))
	if s.unit == percent {
		start.Sub(big.NewRat(100*percentUnits, 1), start)
		if u == length {
			start.Mul(start, big.NewRat(int64(due), 100*percentUnits))
		}
	}
	return start
}

// lesser returns the lesser of two numbers.
func lesser(x, y *big.Rat) *big.Rat {
	if x.Cmp(y) < 0 {
		return x
	}
	return y
}

// excess returns by how much x is more than y, and 0 if it is not.
func excess(x, y *big.Rat) *big.Rat {
	if x.Cmp(y) < 0 {
		return new(big.Rat)
	}
	return new(big.Rat).Sub(x, y)
}

// add adds an amount, times a factor, which is e.Steps if times is nil. A
// multiple gives the downtime less the part that does not count.
func (e *Entitlement) add(a amount, times *big.Rat, down exactTime, start *big.Rat) {
	if (a.unit == percent || a.unit == months) && times == nil {
		e.Percent = a.percent().times(e.Steps)
		return
	}
	if times == nil {
		times = new(big.Rat).SetInt64(e.Steps)
	}
	given := new(big.Rat).Mul(times, new(big.Rat).SetInt64(a.value))
	switch a.unit {
	case percent, months:
		e.Percent = percentOfRat(given.Quo(given, big.NewRat(percentUnits, 1)))
	case length:
		e.Service = serviceTime(given)
	case multiple:
		lost := down.rat()
		if start != nil {
			lost = excess(lost, start)
		}
		given.Mul(given, lost)
		e.Service = serviceTime(given.Quo(given, big.NewRat(percentUnits, 1)))
	case money:
		e.Sum = sum(given.Quo(given, new(big.Rat).SetInt(minorUnits(a.currency))), a.currency)
	}
}
