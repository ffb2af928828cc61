// Package term reads whole numbers of units of time, "30d", "3bd" or "1cycle".
package term

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/slacredit/slacredit/internal/numeral"
)

// Max is the largest number of a term: a hundred years of days.
const Max = 36600

// A Term is a whole number of units of time. The zero Term is none.
type Term struct {
	N    int
	Unit string // h, d, bd, mo or cycles
}

// Parse reads a term with one of the units, as [Term.String] writes it.
func Parse(text string, units ...string) (Term, error) {
	unit := strings.TrimLeft(text, "0123456789")
	n, err := strconv.Atoi(strings.TrimSuffix(text, unit))
	t := Term{n, unit}
	if t.Unit == "cycle" && n == 1 {
		t.Unit = "cycles"
	}
	if err != nil || n > Max || !slices.Contains(units, t.Unit) || t.String() != text {
		return Term{}, fmt.Errorf("%s is not a whole number up to %d with one of the units %s", numeral.Shorten(text), Max, strings.Join(units, ", "))
	}
	return t, nil
}

// String returns the one spelling of t; one cycle has no s.
func (t Term) String() string {
	if t == (Term{1, "cycles"}) {
		return "1cycle"
	}
	return strconv.Itoa(t.N) + t.Unit
}

// English returns t in words: "3 business days".
func (t Term) English() string {
	name := map[string]string{"h": "hour", "d": "day", "bd": "business day", "mo": "month", "cycles": "billing cycle"}[t.Unit]
	if t.N != 1 {
		name += "s"
	}
	return strconv.Itoa(t.N) + " " + name
}

// Ordinal returns n as "2nd".
func Ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		suffix = [...]string{"th", "st", "nd", "rd", "th", "th", "th", "th", "th", "th"}[n%10]
	}
	return strconv.Itoa(n) + suffix
}
