package credit

import (
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/slacredit/slacredit/internal/numeral"
)

// An Exact is an amount in major units before it is rounded: a fraction, since
// the price of 149 minutes of a month has no end as a decimal number. The zero
// Exact is nothing.
type Exact struct{ amount *big.Rat } // nil for nothing; never written to

// NewExact returns an amount in major units; nil is nothing.
func NewExact(amount *big.Rat) Exact {
	if amount == nil {
		return Exact{}
	}
	return exactly(new(big.Rat).Set(amount))
}

// exactly returns an amount, which is not written to any more.
func exactly(amount *big.Rat) Exact {
	if amount.Sign() == 0 {
		return Exact{}
	}
	return Exact{amount}
}

// Rat returns the amount.
func (e Exact) Rat() *big.Rat {
	if e.amount == nil {
		return new(big.Rat)
	}
	return new(big.Rat).Set(e.amount)
}

// Decimal returns the amount as a decimal number, and false if it has no
// finite one.
func (e Exact) Decimal() (decimal.Decimal, bool) { return numeral.Decimal(e.Rat()) }

// Round returns the amount in a currency, rounded to its minor unit. An unknown
// currency or rounding is an error, and so is an amount that no [Money] holds.
func (e Exact) Round(currency string, mode Rounding) (Money, error) {
	m, err := roundRat(e.Rat(), currency, mode)
	if err != nil {
		return Money{}, fmt.Errorf("credit: rounding: %w", err)
	}
	return m, nil
}

// Equal reports whether e and f are the same amount; == does not.
func (e Exact) Equal(f Exact) bool { return e.Rat().Cmp(f.Rat()) == 0 }

// IsZero reports whether e is nothing.
func (e Exact) IsZero() bool { return e.amount == nil }

// String returns the amount in full: as a decimal number with no more digits
// than it needs, "49.995", and where no digits suffice as a fraction,
// "4967/31".
func (e Exact) String() string { return numeral.FormatRatio(e.Rat()) }

// MarshalText returns the text of [Exact.String]. A sum over thousands of
// unrelated denominators can be longer than is read back, which is an error.
func (e Exact) MarshalText() ([]byte, error) {
	text := e.String()
	if len(text) > numeral.MaxRatioLength {
		return nil, fmt.Errorf("credit: writing an exact amount: %d characters, more than %d", len(text), numeral.MaxRatioLength)
	}
	return []byte(text), nil
}

// UnmarshalText reads what [Exact.String] writes.
func (e *Exact) UnmarshalText(text []byte) error {
	amount, err := numeral.ParseRatio(string(text))
	if err != nil {
		return fmt.Errorf("credit: reading an exact amount: %w", err)
	}
	*e = exactly(amount)
	return nil
}

// shownPlaces is the number of decimal places to which people are shown an
// amount that has no end.
const shownPlaces = 8

// shown returns the amount for people: cut, with an ellipsis, if it has no end.
func (e Exact) shown() string {
	if _, finite := e.Decimal(); finite {
		return e.String()
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(shownPlaces), nil)
	cut := scale.Mul(scale, e.amount.Num())
	return decimal.NewFromBigInt(cut.Quo(cut, e.amount.Denom()), -shownPlaces).StringFixed(shownPlaces) + "…"
}
