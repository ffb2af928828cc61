package sla

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/slacredit/slacredit/internal/numeral"
)

// A rounding is a compiled Step of percent points by which an availability is
// rounded before it is compared. Rather than the availability, it moves the
// bounds with which that is compared, so that what decides stays exact. The
// zero rounding leaves everything as it is.
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

// round returns an availability as it is compared.
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

// interval returns the values which, once rounded, lie in i.
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

// cut returns the cut before which lie the values which, once rounded, lie
// before c:
//
//	rounded < c  ⇔  rounded ≤ m − step  ⇔  value lies before
//
// where m is the first multiple of the step after c. All values below m round
// down to m − step at most; those below m − step/2 do if the nearest decides,
// and those up to m − step if each begun step counts.
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

// afterOr0 returns the cut after v, and 0 if v is negative: nothing lies
// before it.
func afterOr0(v int64) cut {
	if v < 0 {
		return 0
	}
	return after(v)
}
