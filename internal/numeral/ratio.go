package numeral

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/shopspring/decimal"
)

// MaxRatioLength bounds the text of a ratio, in bytes. A sum over many
// different denominators is long.
const MaxRatioLength = 100_000

// Decimal returns r as a decimal number, and false if it has no finite one.
func Decimal(r *big.Rat) (decimal.Decimal, bool) {
	places, finite := r.FloatPrec() // of decimal digits, despite its name
	if !finite {
		return decimal.Decimal{}, false
	}
	scaled := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	scaled.Mul(scaled, r.Num()).Quo(scaled, r.Denom()) // exact: the places suffice
	return decimal.NewFromBigInt(scaled, -int32(places)), true
}

// FormatRatio returns r in full: as [Format] does where it is a finite decimal
// number, and else as a fraction in lowest terms, "149/864".
func FormatRatio(r *big.Rat) string {
	if d, finite := Decimal(r); finite {
		return Format(d)
	}
	return r.String()
}

// ParseRatio reads what [FormatRatio] writes, and decimal numbers as [Parse]
// reads them, in at most 100,000 bytes. A fraction that is not in lowest terms, or
// is a finite decimal number, is an error. The error names no package.
func ParseRatio(s string) (*big.Rat, error) {
	if len(s) > MaxRatioLength {
		return nil, fmt.Errorf("a number of %d characters, more than %d", len(s), MaxRatioLength)
	}
	num, denom, fraction := strings.Cut(s, "/")
	if !fraction {
		whole, places, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
		if !digits(whole) || len(whole) > 1 && whole[0] == '0' || point && !digits(places) {
			return nil, fmt.Errorf("not a decimal number: %s", Shorten(s))
		}
		r, _ := new(big.Rat).SetString(s)
		return r, nil
	}
	if digits(strings.TrimPrefix(num, "-")) && digits(denom) && strings.Trim(denom, "0") != "" {
		// A denominator with a leading zero is read in another base, if at all.
		if r, read := new(big.Rat).SetString(s); read && FormatRatio(r) == s {
			return r, nil
		}
	}
	return nil, fmt.Errorf("not a fraction in lowest terms: %s", Shorten(s))
}

// Sum returns the sum of fractions with unrelated denominators. Adding them in
// pairs, and reducing once at the end, keeps thousands of them cheap.
func Sum(fractions []*big.Rat) *big.Rat { return new(big.Rat).SetFrac(sum(fractions)) }

func sum(fractions []*big.Rat) (num, denom *big.Int) {
	switch n := len(fractions); n {
	case 0:
		return new(big.Int), big.NewInt(1)
	case 1:
		return fractions[0].Num(), fractions[0].Denom()
	default:
		a, b := sum(fractions[:n/2])
		c, d := sum(fractions[n/2:])
		num = new(big.Int).Mul(a, d)
		return num.Add(num, new(big.Int).Mul(c, b)), new(big.Int).Mul(b, d)
	}
}
