package sla

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/iso4217"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/span"
)

// An Entitlement is what a row of the table gives: a share of the fee, the
// price of some time of service and a sum of money, together. The zero
// Entitlement is nothing, under no row.
type Entitlement struct {
	Clause string // JSON pointer to the row
	Row    Tier   // as the agreement writes it

	// Steps is how many times the row gives; 1 where it counts no steps, and
	// where it counts exact parts of one, the whole steps.
	Steps int64

	Percent Percent     // share of the fee
	Service ServiceTime // time of service, to be priced by the fee
	Sum     Sum
}

// IsZero reports whether e is nothing under no row, as encoding/json asks.
func (e Entitlement) IsZero() bool {
	return e.Clause == "" && e.Row == (Tier{}) && e.Steps == 0 && !e.Gives()
}

// Gives reports whether e is more than nothing.
func (e Entitlement) Gives() bool {
	return !e.Percent.IsZero() || !e.Service.IsZero() || !e.Sum.IsZero()
}

// SameWorth reports whether e and f give the same, by whatever row.
func (e Entitlement) SameWorth(f Entitlement) bool {
	return e.Percent.Equal(f.Percent) && e.Service.Equal(f.Service) && e.Sum.Equal(f.Sum)
}

// String returns what e gives, "5%", "120h of service" or "3% and 20USD", and
// "nothing".
func (e Entitlement) String() string {
	var parts []string
	if !e.Percent.IsZero() {
		parts = append(parts, e.Percent.String())
	}
	if !e.Service.IsZero() {
		parts = append(parts, e.Service.String()+" of service")
	}
	if !e.Sum.IsZero() {
		parts = append(parts, e.Sum.String())
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, " and ")
}

// A ServiceTime is an exact time of service, of any length and never negative.
// The zero ServiceTime is none.
type ServiceTime struct{ ns *big.Rat } // nil for none; never written to

// serviceTime returns a number of nanoseconds.
func serviceTime(ns *big.Rat) ServiceTime {
	if ns.Sign() == 0 {
		return ServiceTime{}
	}
	return ServiceTime{ns}
}

// Nanoseconds returns the exact number of nanoseconds.
func (s ServiceTime) Nanoseconds() *big.Rat {
	if s.ns == nil {
		return new(big.Rat)
	}
	return new(big.Rat).Set(s.ns)
}

// IsZero reports whether s is none.
func (s ServiceTime) IsZero() bool { return s.ns == nil }

// Equal reports whether s and t are the same time; == does not.
func (s ServiceTime) Equal(t ServiceTime) bool { return s.Nanoseconds().Cmp(t.Nanoseconds()) == 0 }

// String returns s as lengths of time are written, "124h10m", and where it is
// no whole number of nanoseconds or longer than 292 years in seconds, as a
// fraction where no decimal number suffices: "1/3s".
func (s ServiceTime) String() string {
	ns := s.Nanoseconds()
	if ns.IsInt() && ns.Num().IsInt64() {
		return span.String(time.Duration(ns.Num().Int64()))
	}
	return numeral.FormatRatio(ns.Quo(ns, big.NewRat(int64(time.Second), 1))) + "s"
}

// MarshalText returns the text of [ServiceTime.String].
func (s ServiceTime) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what [ServiceTime.String] writes.
func (s *ServiceTime) UnmarshalText(text []byte) error {
	var read ServiceTime
	var plain span.Text
	err := plain.UnmarshalText(text)
	if err == nil {
		read = serviceTime(new(big.Rat).SetInt64(int64(plain)))
	} else if seconds, found := strings.CutSuffix(string(text), "s"); found {
		var r *big.Rat
		if r, err = numeral.ParseRatio(seconds); err == nil {
			read = serviceTime(r.Mul(r, big.NewRat(int64(time.Second), 1)))
		}
	}
	if err != nil || read.ns != nil && read.ns.Sign() < 0 || read.String() != string(text) {
		return fmt.Errorf("sla: %s is not a time of service such as 2h29m", numeral.Shorten(string(text)))
	}
	*s = read
	return nil
}

// A Sum is an exact sum of money as an agreement gives it, never negative. The
// zero Sum is nothing of no currency.
type Sum struct {
	currency string
	amount   *big.Rat // in major units; nil for nothing; never written to
}

// sum returns an amount of major units.
func sum(amount *big.Rat, currency string) Sum {
	if amount.Sign() == 0 {
		return Sum{}
	}
	return Sum{currency, amount}
}

// sumOf returns an amount of money as a sum.
func sumOf(a amount) Sum {
	if a.unit != money {
		return Sum{}
	}
	return sum(new(big.Rat).SetFrac(big.NewInt(a.value), minorUnits(a.currency)), a.currency)
}

// minorUnits returns how many minor units make one major unit.
func minorUnits(currency string) *big.Int {
	entry, _ := iso4217.Lookup(currency)
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(entry.Digits)), nil)
}

// Currency returns the ISO 4217 code of s, and "" for the zero Sum.
func (s Sum) Currency() string { return s.currency }

// Amount returns the exact number of major units.
func (s Sum) Amount() *big.Rat {
	if s.amount == nil {
		return new(big.Rat)
	}
	return new(big.Rat).Set(s.amount)
}

// IsZero reports whether s is nothing.
func (s Sum) IsZero() bool { return s.amount == nil }

// Equal reports whether s and t are the same sum; == does not.
func (s Sum) Equal(t Sum) bool { return s.currency == t.currency && s.Amount().Cmp(t.Amount()) == 0 }

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
	*s = sum(amount, currency)
	return nil
}
