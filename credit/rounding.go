package credit

import (
	"math"

	"github.com/slacredit/slacredit/internal/enum"
	"github.com/slacredit/slacredit/internal/exact"
)

// A Rounding is a rule for rounding an exact amount to a whole number of minor
// units. The zero value is HalfAwayFromZero. All four rules are symmetric: the
// negative of an amount rounds to the negative of the result, so a reversal
// cancels exactly.
type Rounding int

// The closed set of roundings.
const (
	HalfAwayFromZero Rounding = iota // to the nearest; a tie goes away from zero
	HalfEven                         // to the nearest; a tie goes to the even number
	TowardZero                       // the rule for limits
	AwayFromZero
)

var roundingNames = enum.Of("credit", "Rounding", "half away from zero", "half even", "toward zero", "away from zero")

// String returns the rounding in words, such as "half away from zero".
func (r Rounding) String() string { return roundingNames.String(int(r)) }

// MarshalText returns the text of [Rounding.String]. It is an error if r is not
// in the set.
func (r Rounding) MarshalText() ([]byte, error) { return roundingNames.MarshalText(int(r)) }

// UnmarshalText reads the output of [Rounding.String].
func (r *Rounding) UnmarshalText(text []byte) error {
	v, err := roundingNames.Parse(string(text))
	if err == nil {
		*r = Rounding(v)
	}
	return err
}

func (r Rounding) known() bool { return roundingNames.Has(int(r)) }

// round returns the whole number that n is rounded to, and false if it is out of
// the range of an amount.
func (r Rounding) round(n exact.Number) (whole int64, fits bool) {
	sign := int64(n.Sign())
	if sign < 0 {
		n = n.Neg()
	}
	if whole, fits = n.Floor(); !fits { // toward zero, as n is not below it
		return 0, false
	}
	rest := n.Sub(exact.Int(whole))
	half := rest.Cmp(exact.New(1, 2))
	var away bool
	switch r {
	case HalfAwayFromZero:
		away = half >= 0
	case HalfEven:
		away = half > 0 || half == 0 && whole%2 == 1
	case AwayFromZero:
		away = !rest.IsZero()
	}
	if away && whole == math.MaxInt64 {
		return 0, false
	}
	if away {
		whole++
	}
	return sign * whole, true
}
