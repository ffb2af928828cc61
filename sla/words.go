package sla

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/slacredit/slacredit/internal/numeral"
)

// A Quantity is a number with its unit, as contracts write it: "10%", "30m".
//
// The units are % (percent points), s, m, h and d (seconds, minutes, hours
// and days of 24 hours). The number is a plain decimal, without sign or
// exponent.
type Quantity string

// A Range is one or two bounds: "below 99.95%", "at least 99.0%, below 99.95%",
// "over 5m", "exactly 100%". Below and over exclude the value itself, at most
// and at least include it.
type Range string

// A Step says by what something is counted, and what happens to the last,
// incomplete one: "full 30m" leaves it out, "started 30m" counts it.
type Step string

// A Budget is the most that may be given in a billing period: "100%".
type Budget string

// percentUnits is the number of units in one percent point: percentages are
// compared as whole numbers of 10⁻¹² percent points.
const percentUnits = 1_000_000_000_000

// A unit is what a quantity counts.
type unit int

const (
	percent unit = iota // percentUnits to the percent point
	length              // nanoseconds
	count               // ones
)

func (u unit) String() string {
	return [...]string{"a percentage such as 99.95%", "a length of time such as 30m", "a number such as 2"}[u]
}

// maxAmount bounds a parsed quantity, so that the cuts beside it fit.
const maxAmount = math.MaxInt64/2 - 1

// An amount is a parsed quantity: a whole number of the unit's smallest part.
type amount struct {
	unit  unit
	value int64
}

// percent returns an amount of percent units as a percentage.
func (a amount) percent() Percent { return percentOf(a.value) }

// percentOf returns a number of percent units as a percentage.
func percentOf(units int64) Percent { return Percent{decimal.New(units, -12)} }

var lengths = map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}

// amount reads q, which must be of the wanted unit.
func (q Quantity) amount(want unit) (amount, error) {
	cut := strings.TrimLeft(string(q), "0123456789.")
	number, suffix := strings.TrimSuffix(string(q), cut), cut
	value, err := numeral.Parse(number)
	switch {
	case q == "":
		return amount{}, fmt.Errorf("missing; want %v", want)
	case number == "":
		return amount{}, fmt.Errorf("%s does not start with a number; want %v", numeral.Shorten(string(q)), want)
	case err != nil:
		return amount{}, fmt.Errorf("%s: want %v: %w", numeral.Shorten(string(q)), want, err)
	case suffix == "" && want == count && value.IsInteger() && value.LessThan(decimal.New(1_000_000_000, 0)):
		return amount{count, value.IntPart()}, nil
	case suffix == "":
		return amount{}, fmt.Errorf("%s lacks a unit; want %v", numeral.Shorten(string(q)), want)
	}
	got, parts := percent, decimal.New(percentUnits, 0)
	if suffix != "%" {
		part, known := lengths[suffix]
		if trimmed := strings.TrimSpace(suffix); trimmed != suffix {
			return amount{}, fmt.Errorf("%s has a space before its unit; write %s%s", numeral.Shorten(string(q)), number, trimmed)
		}
		if !known {
			return amount{}, fmt.Errorf("%s is not one number with one unit (%%, s, m, h or d); want %v", numeral.Shorten(string(q)), want)
		}
		got, parts = length, decimal.New(int64(part), 0)
	}
	value = value.Mul(parts)
	switch {
	case got != want:
		return amount{}, fmt.Errorf("%s is not %v", numeral.Shorten(string(q)), want)
	case !value.IsInteger():
		return amount{}, fmt.Errorf("%s has more decimal places than can be told apart", numeral.Shorten(string(q)))
	case value.GreaterThan(decimal.New(maxAmount, 0)):
		return amount{}, fmt.Errorf("%s is too large", numeral.Shorten(string(q)))
	}
	return amount{got, value.IntPart()}, nil
}

// A cut divides the values of a unit in two, just before or just after one of
// them: 2v lies before the value v, 2v+1 after it. With cuts, a bound needs no
// flag that says whether it is open.
type cut int64

func before(v int64) cut { return cut(2 * v) }
func after(v int64) cut  { return cut(2*v + 1) }

// least returns the smallest value that lies after the start of i.
func (i interval) least() time.Duration {
	v, after := i.from.value()
	if after {
		v++
	}
	return time.Duration(v)
}

// value returns the value beside which c lies, and whether c lies after it.
func (c cut) value() (v int64, after bool) { return int64(c >> 1), c&1 == 1 }

// An interval holds the values from one cut up to the next.
type interval struct{ from, to cut }

// bounds are the words of a range, each with the interval of all the values it
// admits among those from 0 up to the cut top.
var bounds = []struct {
	word string
	of   func(v int64, top cut) interval
}{
	{"below ", func(v int64, _ cut) interval { return interval{0, before(v)} }},
	{"at most ", func(v int64, _ cut) interval { return interval{0, after(v)} }},
	{"over ", func(v int64, top cut) interval { return interval{after(v), top} }},
	{"at least ", func(v int64, top cut) interval { return interval{before(v), top} }},
	{"exactly ", func(v int64, _ cut) interval { return interval{before(v), after(v)} }},
}

// interval reads r over the values of a unit that lie below the cut top.
func (r Range) interval(want unit, top cut) (interval, error) {
	if r == "" {
		return interval{}, fmt.Errorf("missing; want a bound such as %q", "at least 99.95%")
	}
	parts := strings.Split(string(r), ", ")
	if len(parts) > 2 {
		return interval{}, fmt.Errorf("%s has more than two bounds", numeral.Shorten(string(r)))
	}
	whole := interval{0, top}
	for _, part := range parts {
		i, err := parseBound(part, want, top)
		if err != nil {
			return interval{}, err
		}
		if whole.from > 0 && i.from > 0 || whole.to < top && i.to < top {
			return interval{}, fmt.Errorf("%s has two bounds on one side", numeral.Shorten(string(r)))
		}
		whole = interval{max(whole.from, i.from), min(whole.to, i.to)}
	}
	if whole.from >= whole.to {
		return interval{}, fmt.Errorf("%s holds for nothing", numeral.Shorten(string(r)))
	}
	return whole, nil
}

// parseBound reads one bound.
func parseBound(text string, want unit, top cut) (interval, error) {
	for _, b := range bounds {
		rest, found := strings.CutPrefix(text, b.word)
		if !found {
			continue
		}
		a, err := Quantity(rest).amount(want)
		if err == nil && want == percent && after(a.value) > top {
			err = fmt.Errorf("%s is more than 100%%", numeral.Shorten(rest))
		}
		if err != nil {
			return interval{}, err
		}
		return b.of(a.value, top), nil
	}
	return interval{}, fmt.Errorf("%s needs a word, in lower case: below, at most, over, at least or exactly", numeral.Shorten(text))
}

// A stride is a parsed step: its length, and whether one that has only begun
// counts.
type stride struct {
	length  time.Duration
	started bool
}

// stride reads s.
func (s Step) stride() (stride, error) {
	rounding, size, _ := strings.Cut(string(s), " ")
	if rounding != "full" && rounding != "started" {
		return stride{}, fmt.Errorf(`%s needs its rounding, as in "full 30m" or "started 30m"`, numeral.Shorten(string(s)))
	}
	a, err := Quantity(size).amount(length)
	if err == nil && a.value == 0 {
		err = fmt.Errorf("%s is a step of no length", numeral.Shorten(string(s)))
	}
	return stride{time.Duration(a.value), rounding == "started"}, err
}

// steps returns how many strides a length of time makes.
func (s stride) steps(length time.Duration) int64 {
	n := int64(length / s.length)
	if s.started && length%s.length != 0 {
		n++
	}
	return n
}

// inWords returns a quantity, range, step or budget as prose: units of time
// are spelled out, and bounds are joined by "and".
func inWords[T ~string](text T) string {
	words := strings.Fields(strings.ReplaceAll(string(text), ", ", " and "))
	for i, w := range words {
		number := strings.TrimRight(w, "smhdo")
		name := map[string]string{"s": "second", "m": "minute", "h": "hour", "d": "day", "mo": "month"}[w[len(number):]]
		if name == "" || strings.Trim(number, "0123456789.") != "" {
			continue
		}
		if number != "1" {
			name += "s"
		}
		words[i] = number + " " + name
	}
	return strings.Join(words, " ")
}
