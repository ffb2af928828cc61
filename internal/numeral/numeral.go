// Package numeral reads decimal numerals as contracts and invoices write them.
package numeral

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// shown is the number of characters of an input that errors show.
const shown = 40

// maxLength bounds a numeral, in bytes. It leaves room for every int64 with as
// many decimal places again.
const maxLength = 40

// Parse returns the number that s writes as -?(0|[1-9][0-9]*)(\.[0-9]+)? in at
// most 40 bytes: no plus sign, no spaces, no leading zeros, no exponent. The
// result has the places that are written: "99.90" has two.
//
// The error names no package, so that callers can say what they were reading.
func Parse(s string) (decimal.Decimal, error) {
	if len(s) > maxLength {
		return decimal.Decimal{}, fmt.Errorf("a number of %d characters, more than %d", len(s), maxLength)
	}
	whole, fraction, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if !digits(whole) || len(whole) > 1 && whole[0] == '0' || point && !digits(fraction) {
		return decimal.Decimal{}, fmt.Errorf("not a decimal number: %s", Shorten(s))
	}
	return decimal.NewFromString(s)
}

// Shorten returns s in Go quotes, as errors show it: of a longer text the first
// 40 characters and, after the quotes, an ellipsis.
func Shorten(s string) string {
	n := 0
	for i := range s {
		if n == shown {
			return strconv.Quote(s[:i]) + "…"
		}
		n++
	}
	return strconv.Quote(s)
}

// Plain returns s as it stands, without quotes, as errors show a path or what is
// made of several names, if it is at most 200 bytes of UTF-8 and each of its
// characters prints, and else as [Shorten] does.
func Plain(s string) string {
	const most = 200
	if len(s) > most || !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return Shorten(s)
	}
	return s
}

// digits reports whether s is one or more of the ASCII digits.
func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// Format returns d in the fewest characters of the form that [Parse] reads:
// "99.9" for 99.90. Unlike the methods of d it obeys no package variable.
func Format(d decimal.Decimal) string {
	whole, fraction := d.Coefficient(), ""
	if places := -int(d.Exponent()); places <= 0 {
		whole.Mul(whole, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(-places)), nil))
	} else {
		digits := new(big.Int).Abs(whole).String()
		digits = strings.Repeat("0", max(0, places+1-len(digits))) + digits
		whole.SetString(digits[:len(digits)-places], 10)
		fraction = strings.TrimRight("."+digits[len(digits)-places:], "0")
		fraction = strings.TrimSuffix(fraction, ".")
	}
	text := whole.Abs(whole).String() + fraction
	if d.Sign() < 0 {
		text = "-" + text
	}
	return text
}
