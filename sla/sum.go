package sla

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/iso4217"
	"github.com/slacredit/slacredit/internal/numeral"
)

// A Sum is an exact sum of money as an agreement gives it, never negative. The
// zero Sum is nothing of no currency.
type Sum struct {
	currency string
	amount   exact.Number // in major units
}

// sum returns an amount of major units.
func sum(amount exact.Number, currency string) Sum {
	if amount.IsZero() {
		return Sum{}
	}
	return Sum{currency, amount}
}

// sumOf returns an amount of money as a sum.
func sumOf(a amount) Sum {
	if a.unit != money {
		return Sum{}
	}
	return sum(exact.New(a.value, minorUnits(a.currency)), a.currency)
}

// minorUnits returns how many minor units make one major unit.
func minorUnits(currency string) int64 {
	entry, _ := iso4217.Lookup(currency)
	units := int64(1)
	for range entry.Digits {
		units *= 10
	}
	return units
}

// Currency returns the ISO 4217 code of s, and "" for the zero Sum.
func (s Sum) Currency() string { return s.currency }

// Amount returns the exact number of major units.
func (s Sum) Amount() *big.Rat { return s.amount.Rat() }

// IsZero reports whether s is nothing.
func (s Sum) IsZero() bool { return s.amount.IsZero() }

// Equal reports whether s and t are the same sum; == does not compare long
// fractions.
func (s Sum) Equal(t Sum) bool { return s.currency == t.currency && s.amount.Equal(t.amount) }

// String returns s as agreements write it, "20USD", and "0" for nothing.
func (s Sum) String() string { return numeral.FormatRatio(s.Amount()) + s.currency }

// MarshalText returns the text of [Sum.String].
func (s Sum) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what [Sum.String] writes.
func (s *Sum) UnmarshalText(text []byte) error {
	number := strings.TrimRight(string(text), "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	currency := string(text[len(number):])
	entry, known := iso4217.Lookup(currency)
	amount, err := numeral.ParseRatio(number)
	switch {
	case err != nil:
	case amount.Sign() < 0:
		err = errors.New("negative")
	case amount.Sign() == 0 && currency == "":
	case amount.Sign() == 0 || !known || entry.NoMinor:
		err = errors.New("no currency")
	}
	if err != nil {
		return fmt.Errorf("sla: %s is not a sum such as 20USD", numeral.Shorten(string(text)))
	}
	*s = sum(exact.Of(amount), currency)
	return nil
}
