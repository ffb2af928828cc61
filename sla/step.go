package sla

import (
	"fmt"
	"strings"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/numeral"
)

// A Step is the size of the units that are counted, and the treatment of the
// last, incomplete one. "full 30m" drops it, "started 30m" counts it, "nearest
// 30m" counts it if it is at least half, and "exact 30m" counts it in proportion.
// Outages have their noun: "full 1 outage", "started 5 outages".
type Step string

// A counting is the treatment of the last, incomplete step.
type counting int

const (
	full counting = iota
	started
	nearest
	inProportion // "exact"
)

var countings = map[string]counting{"full": full, "started": started, "nearest": nearest, "exact": inProportion}

// A stride is a parsed step.
type stride struct {
	size  amount // the zero value is no step
	count counting
}

// stride reads s.
func (s Step) stride() (stride, error) {
	word, size, _ := strings.Cut(string(s), " ")
	counting, known := countings[word]
	if !known {
		return stride{}, fmt.Errorf(`%s needs its rounding, as in "full 30m" or "started 30m"`, numeral.Shorten(string(s)))
	}
	a, err := Quantity(size).read(ofStep)
	if _, notBare := numeral.Parse(size); notBare == nil {
		return stride{}, unsaid(string(s), func(text string) error {
			_, err := Step(text).stride()
			return err
		})
	}
	if err == nil && a.value == 0 {
		err = fmt.Errorf("%s is a step of no length", numeral.Shorten(string(s)))
	}
	return stride{a, counting}, err
}

// steps returns the number of strides in a whole number of units. It is not for
// exact strides.
func (s stride) steps(units int64) int64 {
	n, rest := units/s.size.value, units%s.size.value
	if rest != 0 && s.count == started || s.count == nearest && rest >= s.size.value-rest {
		n++
	}
	return n
}

// times returns the number of strides in an exact number of units.
func (s stride) times(units exact.Number) exact.Number {
	n := units.Quo(exact.Int(s.size.value))
	switch s.count {
	case inProportion:
		return n
	case nearest:
		n = n.Add(exact.New(1, 2))
	}
	whole, _ := n.Floor() // it fits, as the units do
	if s.count == started && !n.IsInt() {
		whole++
	}
	return exact.Int(whole)
}

// english returns a step in words, with the words for its start.
func (s stride) english(step Step, beyond string) string {
	word, size, _ := strings.Cut(string(step), " ")
	size = inWords(size)
	each := strings.TrimPrefix(size, "1 ")
	of := " of downtime"
	switch s.size.unit {
	case percent:
		of = " of availability lost"
	case count:
		of = " that ended"
	}
	rest := ""
	switch {
	case s.size.unit == count && s.size.value == 1: // there is no part of an outage
	case s.count == inProportion:
		rest = ", in proportion"
	case s.count == nearest:
		rest = ", rounded to the nearest " + size
	default:
		each = word + " " + each
	}
	return " for each " + each + of + beyond + rest
}
