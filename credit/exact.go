package credit

import (
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/numeral"
)

// An Exact is an amount in major units before rounding. It is a fraction,
// because many amounts have no finite decimal form, such as the price of 149
// minutes of a month. The zero Exact is zero.
type Exact struct{ amount exact.Number }

// NewExact returns an amount in major units. Nil is zero.
func NewExact(amount *big.Rat) Exact { return Exact{exact.Of(amount)} }

// Rat returns a copy of the amount.
func (e Exact) Rat() *big.Rat { return e.amount.Rat() }

// Decimal returns the amount as a decimal number. It returns false if the
// amount has no finite decimal form.
func (e Exact) Decimal() (decimal.Decimal, bool) { return numeral.Decimal(e.Rat()) }

// Round returns the amount in a currency, rounded to its minor unit. It is an
// error if the currency or the rounding is unknown, or if the amount does not
// fit a [Money].
func (e Exact) Round(currency string, mode Rounding) (Money, error) {
	m, err := round(e.amount, currency, mode)
	if err != nil {
		return Money{}, fmt.Errorf("credit: rounding: %w", err)
	}
	return m, nil
}

// Equal reports whether e and f are the same amount. Do not compare them by ==.
func (e Exact) Equal(f Exact) bool { return e.amount.Equal(f.amount) }

// IsZero reports whether e is zero.
func (e Exact) IsZero() bool { return e.amount.IsZero() }

// String returns the exact amount: as a decimal number without trailing zeros,
// such as "49.995", or as a fraction, such as "4967/31", if it has no finite
// decimal form.
func (e Exact) String() string { return numeral.FormatRatio(e.Rat()) }

// MarshalText returns the text of [Exact.String]. It is an error if the text is
// longer than UnmarshalText accepts, as can happen for a sum over thousands of
// unrelated denominators.
func (e Exact) MarshalText() ([]byte, error) {
	text := e.String()
	if len(text) > numeral.MaxRatioLength {
		return nil, fmt.Errorf("credit: writing an exact amount: %d characters, more than %d", len(text), numeral.MaxRatioLength)
	}
	return []byte(text), nil
}

// UnmarshalText reads the output of [Exact.String].
func (e *Exact) UnmarshalText(text []byte) error {
	amount, err := numeral.ParseRatio(string(text))
	if err != nil {
		return fmt.Errorf("credit: reading an exact amount: %w", err)
	}
	*e = NewExact(amount)
	return nil
}

// shownPlaces is the number of decimal places that people see of an amount
// without a finite decimal form.
const shownPlaces = 8

// shown returns the amount for people. It is cut, with an ellipsis, if it has
// no finite decimal form.
func (e Exact) shown() string {
	if _, finite := e.Decimal(); finite {
		return e.String()
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(shownPlaces), nil)
	amount := e.Rat()
	cut := scale.Mul(scale, amount.Num())
	return decimal.NewFromBigInt(cut.Quo(cut, amount.Denom()), -shownPlaces).StringFixed(shownPlaces) + "…"
}
