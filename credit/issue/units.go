package issue

import (
	"fmt"
	"math"
	"math/big"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/internal/fault"
)

// A Units describes how another system writes amounts of a currency as
// integers, if it does not use [credit.Money.MinorUnits]. An integer counts
// units of ten to the power of −Exponent, and must be a multiple of Multiple.
//
// The caller has to know which systems do that for which currencies, since it
// changes. As of 2026, Stripe documents {0, 1} for MGA, {2, 100} for ISK and
// UGX, and {3, 10} for BHD, JOD, KWD, OMR and TND.
type Units struct {
	Exponent int   `json:"exponent"` // 0 to 18; with 2, a unit is a hundredth
	Multiple int64 `json:"multiple"` // at least 1; each amount is a multiple of this number of units
}

// maxExponent is the exponent of the largest power of ten that fits an int64.
const maxExponent = 18

// Of returns m in the units of u. It is an error if m cannot be written
// exactly; [Units.Cut] returns the part that can.
func (u Units) Of(m credit.Money) (int64, error) {
	units, rest, err := u.cut(m)
	if err == nil && !rest.IsZero() {
		err = fmt.Errorf("%v is not a multiple of %d × 10^-%d; the rest is %v", m, u.Multiple, u.Exponent, rest)
	}
	if err != nil {
		return 0, fmt.Errorf("issue: writing units: %w", err)
	}
	return units, nil
}

// Cut returns the largest part of m, toward zero, that can be written in the
// units of u, and the rest of m.
func (u Units) Cut(m credit.Money) (units int64, rest credit.Money, err error) {
	units, rest, err = u.cut(m)
	if err != nil {
		return 0, credit.Money{}, fmt.Errorf("issue: writing units: %w", err)
	}
	return units, rest, nil
}

// Money returns the amount of a number of units. It is an error if the number
// is not a multiple of u.Multiple, or if the amount is not a whole number of
// minor units.
func (u Units) Money(units int64, currency string) (credit.Money, error) {
	m, err := u.money(units, currency)
	if err != nil {
		return credit.Money{}, fmt.Errorf("issue: reading units: %w", err)
	}
	return m, nil
}

func (u Units) check() error {
	var f fault.List
	if u.Exponent < 0 || u.Exponent > maxExponent {
		f.Add("exponent: %d is not from 0 to %d", u.Exponent, maxExponent)
	}
	if u.Multiple < 1 {
		f.Add("multiple: %d is not above zero", u.Multiple)
	}
	return f.Err()
}

func (u Units) cut(m credit.Money) (int64, credit.Money, error) {
	if err := u.check(); err != nil {
		return 0, credit.Money{}, err
	}
	// An amount that can be written is a multiple of two steps, here in the
	// finer of the two units: that of the other system, and one minor unit.
	places := max(u.Exponent, m.Digits())
	perUnit, perMinor := power(places-u.Exponent), power(places-m.Digits())
	step := lcm(new(big.Int).Mul(perUnit, big.NewInt(u.Multiple)), perMinor)
	amount := new(big.Int).Mul(big.NewInt(m.MinorUnits()), perMinor)
	rest := new(big.Int).Rem(amount, step) // with the sign of the amount
	units := amount.Sub(amount, rest)
	units.Quo(units, perUnit)
	if !units.IsInt64() || units.Int64() == math.MinInt64 {
		return 0, credit.Money{}, fmt.Errorf("%v is more than %d units", m, int64(math.MaxInt64))
	}
	left, err := credit.MoneyFromMinor(rest.Quo(rest, perMinor).Int64(), m.Currency())
	return units.Int64(), left, err
}

func (u Units) money(units int64, currency string) (credit.Money, error) {
	if err := u.check(); err != nil {
		return credit.Money{}, err
	}
	if units%u.Multiple != 0 {
		return credit.Money{}, fmt.Errorf("%d units: want a multiple of %d", units, u.Multiple)
	}
	amount := new(big.Rat).SetFrac(big.NewInt(units), power(u.Exponent))
	m, err := credit.NewExact(amount).Round(currency, credit.TowardZero)
	if err == nil && new(big.Rat).SetFrac(big.NewInt(m.MinorUnits()), power(m.Digits())).Cmp(amount) != 0 {
		err = fmt.Errorf("%d units of 10^-%d are not a whole number of minor units of %s", units, u.Exponent, currency)
	}
	return m, err
}

func power(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

func lcm(a, b *big.Int) *big.Int {
	gcd := new(big.Int).GCD(nil, nil, a, b)
	return gcd.Mul(new(big.Int).Quo(a, gcd), b)
}
