package credit

import (
	"fmt"
	"math/big"

	"github.com/slacredit/slacredit/internal/numeral"
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
	TowardZero                       // as caps are rounded
	AwayFromZero
)

// String returns the rounding in words, such as "half away from zero".
func (r Rounding) String() string {
	if !r.known() {
		return fmt.Sprintf("Rounding(%d)", int(r))
	}
	return [...]string{"half away from zero", "half even", "toward zero", "away from zero"}[r]
}

// MarshalText returns the text of [Rounding.String]. A rounding outside the
// set is an error.
func (r Rounding) MarshalText() ([]byte, error) {
	if !r.known() {
		return nil, fmt.Errorf("credit: writing rounding: %v is not known", r)
	}
	return []byte(r.String()), nil
}

// UnmarshalText reads what [Rounding.String] writes.
func (r *Rounding) UnmarshalText(text []byte) error {
	for known := HalfAwayFromZero; known.known(); known++ {
		if known.String() == string(text) {
			*r = known
			return nil
		}
	}
	return fmt.Errorf("credit: reading rounding: %s is none of half away from zero, half even, toward zero, away from zero",
		numeral.Shorten(string(text)))
}

func (r Rounding) known() bool { return HalfAwayFromZero <= r && r <= AwayFromZero }

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
