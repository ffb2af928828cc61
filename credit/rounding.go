package credit

import (
	"math/big"

	"github.com/slacredit/slacredit/internal/enum"
)

// A Rounding says which whole number of minor units stands for an exact
// amount between two of them. The zero value is HalfAwayFromZero. All four are
// symmetric: what an amount rounds to, its negative rounds to the negative of,
// so that a reversal cancels exactly.
type Rounding int

// The closed set of roundings.
const (
	HalfAwayFromZero Rounding = iota // the nearest; of two, the one further from zero
	HalfEven                         // the nearest; of two, the even one
	TowardZero                       // as limits are rounded
	AwayFromZero
)

var roundingNames = enum.Of("credit", "Rounding", "half away from zero", "half even", "toward zero", "away from zero")

// String returns the rounding in words, such as "half away from zero".
func (r Rounding) String() string { return roundingNames.String(int(r)) }

// MarshalText returns the text of [Rounding.String]. A rounding outside the
// set is an error.
func (r Rounding) MarshalText() ([]byte, error) { return roundingNames.MarshalText(int(r)) }

// UnmarshalText reads what [Rounding.String] writes.
func (r *Rounding) UnmarshalText(text []byte) error {
	v, err := roundingNames.Parse(string(text))
	if err == nil {
		*r = Rounding(v)
	}
	return err
}

func (r Rounding) known() bool { return roundingNames.Has(int(r)) }

// divide returns num / denom as a whole number, decided once, from the exact
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
