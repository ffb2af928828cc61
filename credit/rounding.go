package credit

import (
	"math/big"

	"github.com/slacredit/slacredit/internal/enum"
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

// divide returns num / denom as a whole number, rounded once, from the exact
// remainder. The denominator is positive.
func (r Rounding) divide(num, denom *big.Int) *big.Int {
	quotient, rest := new(big.Int).QuoRem(num, denom, new(big.Int)) // toward zero
	if rest.Sign() == 0 {
		return quotient
	}
	half := rest.Abs(rest).Lsh(rest, 1).Cmp(denom)
	var away bool
	switch r {
	case HalfAwayFromZero:
		away = half >= 0
	case HalfEven:
		away = half > 0 || half == 0 && quotient.Bit(0) == 1
	case AwayFromZero:
		away = true
	}
	if away {
		quotient.Add(quotient, big.NewInt(int64(num.Sign())))
	}
	return quotient
}
