package sla

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/slacredit/slacredit/internal/numeral"
)

// A rounding is a compiled Step of percent points by which an availability is
// rounded before it is compared. It moves the bounds of the comparison instead of
// the availability, so that exact values decide. The zero rounding changes
// nothing.
type rounding struct {
	word string // nearest, full or started
	step int64  // in percent units
}

// rounding reads s.
func (s Step) rounding() (rounding, error) {
	if s == "" {
		return rounding{}, nil
	}
	word, size, _ := strings.Cut(string(s), " ")
	if word != "nearest" && word != "full" && word != "started" {
		return rounding{}, fmt.Errorf(`%s needs its rounding, as in "nearest 0.1%%", "full 0.1%%" or "started 0.1%%"`, numeral.Shorten(string(s)))
	}
	a, err := Quantity(size).amount(percent)
	switch {
	case err != nil:
	case a.value < 2 || a.value > 100*percentUnits || 100*percentUnits%a.value != 0 || a.value%2 != 0:
		err = fmt.Errorf("%s does not go into 100%% without a rest", numeral.Shorten(size))
	}
	return rounding{word, a.value}, err
}

// english states the value to which s rounds.
func (r rounding) english(s Step) string {
	_, size, _ := strings.Cut(string(s), " ")
	switch r.word {
	case "full":
		return "down to a multiple of " + size
	case "started":
		return "up to a multiple of " + size
	}
	return "to the nearest " + size
}

// round returns the rounded availability.
func (r rounding) round(a Availability) Percent {
	if r.step == 0 {
		return Percent{}
	}
	ratio := a.Ratio()
	if ratio == nil {
		return Percent{}
	}
	steps := ratio.Mul(ratio, big.NewRat(100*percentUnits, r.step))
	if r.word == "nearest" {
		steps.Add(steps, big.NewRat(1, 2))
	}
	n, rest := new(big.Int).QuoRem(steps.Num(), steps.Denom(), new(big.Int))
	if r.word == "started" && rest.Sign() > 0 {
		n.Add(n, big.NewInt(1))
	}
	return percentOf(n.Int64() * r.step)
}

// interval returns the values that lie in i once they are rounded.
func (r rounding) interval(i interval) interval {
	if r.step == 0 {
		return i
	}
	if i.from > 0 {
		i.from = r.cut(i.from)
	}
	if i.to < percentTop {
		i.to = r.cut(i.to)
	}
	return i
}

// cut returns the cut that divides the values as c divides the rounded ones:
//
//	rounded < c  ⇔  rounded ≤ m − step  ⇔  value lies before the result
//
// where m is the first multiple of the step after c. Rounding down takes all values
// below m to at most m − step, rounding to the nearest those below m − step/2, and
// rounding up those up to m − step.
func (r rounding) cut(c cut) cut {
	v, after := c.value()
	m := (v + r.step - 1) / r.step * r.step
	if after && m == v {
		m += r.step
	}
	switch r.word {
	case "full":
		return before(m)
	case "nearest":
		return before(m - r.step/2)
	}
	return afterOr0(m - r.step)
}

// afterOr0 returns the cut after v, and 0 if v is negative, because nothing lies
// before it.
func afterOr0(v int64) cut {
	if v < 0 {
		return 0
	}
	return after(v)
}
