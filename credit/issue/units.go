package issue

import (
	"fmt"
	"math"
	"math/big"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/internal/fault"
)

// A Wire says how another system writes amounts of a currency as integers,
// where that differs from [credit.Money.MinorUnits]: as so many units of ten to the
// power of −Exponent, in steps of so many units. Which systems do that for
// which currencies changes, and is the caller's to know; Stripe, as of 2026,
// documents MGA as {0, 1}, ISK and UGX as {2, 100}, and BHD, JOD, KWD, OMR and
// TND as {3, 10}.
type Units struct {
	Exponent int   `json:"exponent"` // 0 to 18: a unit of 2 is a hundredth
	Multiple int64 `json:"multiple"` // 1 or more; of how many units each amount is a multiple
}

// maxWireExponent is that of the smallest power of ten of which one fits int64.
const maxWireExponent = 18

// Units returns m in the units of w. What cannot be written exactly is an
// error; [Units.Cut] says what can.
func (w Units) Of(m credit.Money) (int64, error) {
	units, rest, err := w.cut(m)
	if err == nil && !rest.IsZero() {
		err = fmt.Errorf("%v is no multiple of %d units of 10^-%d; %v is left", m, w.Multiple, w.Exponent, rest)
	}
	if err != nil {
		return 0, fmt.Errorf("issue: amount on the wire: %w", err)
	}
	return units, nil
}

// Cut returns the largest part of m, toward zero, that w can write, and the
// rest of m, to be kept for another time.
func (w Units) Cut(m credit.Money) (units int64, rest credit.Money, err error) {
	units, rest, err = w.cut(m)
	if err != nil {
		return 0, credit.Money{}, fmt.Errorf("issue: amount on the wire: %w", err)
	}
	return units, rest, nil
}

// Money returns what a number of units is. It is an error if it is no multiple
// that w writes, or no whole number of minor units.
func (w Units) Money(units int64, currency string) (credit.Money, error) {
	m, err := w.money(units, currency)
	if err != nil {
		return credit.Money{}, fmt.Errorf("issue: amount from the wire: %w", err)
	}
	return m, nil
}

func (w Units) check() error {
	var f fault.List
	if w.Exponent < 0 || w.Exponent > maxWireExponent {
		f.Add("exponent: %d is not from 0 to %d", w.Exponent, maxWireExponent)
	}
	if w.Multiple < 1 {
		f.Add("multiple: %d is not above zero", w.Multiple)
	}
	return f.Err()
}

func (w Units) cut(m credit.Money) (int64, credit.Money, error) {
	if err := w.check(); err != nil {
		return 0, credit.Money{}, err
	}
	// An amount that can be written is a multiple of two steps, here in the
	// finer of the two units: that of the wire, and one minor unit.
	places := max(w.Exponent, m.Digits())
	perUnit, perMinor := power(places-w.Exponent), power(places-m.Digits())
	step := lcm(new(big.Int).Mul(perUnit, big.NewInt(w.Multiple)), perMinor)
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

func (w Units) money(units int64, currency string) (credit.Money, error) {
	if err := w.check(); err != nil {
		return credit.Money{}, err
	}
	if units%w.Multiple != 0 {
		return credit.Money{}, fmt.Errorf("%d is no multiple of %d units", units, w.Multiple)
	}
	amount := new(big.Rat).SetFrac(big.NewInt(units), power(w.Exponent))
	m, err := credit.NewExact(amount).Round(currency, credit.TowardZero)
	if err == nil && new(big.Rat).SetFrac(big.NewInt(m.MinorUnits()), power(m.Digits())).Cmp(amount) != 0 {
		err = fmt.Errorf("%d units of 10^-%d are no whole number of minor units of %s", units, w.Exponent, currency)
	}
	return m, err
}

func power(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

func lcm(a, b *big.Int) *big.Int {
	gcd := new(big.Int).GCD(nil, nil, a, b)
	return gcd.Mul(new(big.Int).Quo(a, gcd), b)
}
