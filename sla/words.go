package sla

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/slacredit/slacredit/internal/iso4217"
	"github.com/slacredit/slacredit/internal/numeral"
)

// A Quantity is a number with its unit, as contracts write it: "10%", "30m",
// "50x", "20USD".
//
// The units are % (percent points), s, m, h and d (seconds, minutes, hours
// and days of 24 hours); where something is given, also mo (months of service:
// that many times the base), x (times the price of the downtime) and the code
// of a currency. A number without a unit counts outages. The number is a plain
// decimal, without sign or exponent, and of a sum of money it has no more
// places than the currency.
type Quantity string

// A Range is one or two bounds: "below 99.95%", "at least 99.0%, below 99.95%",
// "over 5m", "exactly 100%", "at most 1". Below and over exclude the value
// itself, at most and at least include it.
type Range string

// A Step says by what something is counted, and what happens to the last,
// incomplete one: "full 30m" leaves it out, "started 30m" counts it, "nearest
// 30m" counts it if it is at least half, and "exact 30m" counts the part that
// it is.
type Step string

// percentUnits is the number of units in one percent point: percentages are
// compared as whole numbers of 10⁻¹² percent points.
const percentUnits = 1_000_000_000_000

// A unit is what a quantity counts.
type unit int

const (
	percent  unit = iota // percentUnits to the percent point
	length               // nanoseconds
	count                // ones
	months               // of service, 100 × percentUnits to the month: as a share of the base
	multiple             // of the price of the downtime, percentUnits to the one
	money                // minor units of a currency
)

func (u unit) String() string {
	return [...]string{
		"a percentage such as 99.95%", "a length of time such as 30m", "a number of outages such as 1",
		"months of service such as 1mo", "a multiple such as 50x", "a sum such as 20USD",
	}[u]
}

// A choice is the units that a field may have.
type choice struct {
	units []unit
	words string // what is wanted
	names string // of the units
}

const plainNames = "%, s, m, h or d"

// The choices of the fields that have one.
var (
	ofGift   = choice{[]unit{percent, length, months, multiple, money}, "what is given, such as 10%, 1d, 50x or 20USD", "%, s, m, h, d, mo, x or a currency"}
	ofBudget = choice{[]unit{percent, length, months, money}, "a limit such as 100%, 4d or 100USD", "%, s, m, h, d, mo or a currency"}
	ofStep   = choice{[]unit{length, percent, count}, "the size of a step, such as 30m, 0.1% or 1", plainNames}
	ofSum    = choice{[]unit{money}, money.String(), "a currency"}
)

// maxAmount bounds a parsed quantity, so that the cuts beside it fit.
const maxAmount = math.MaxInt64/2 - 1

// maxCount bounds a number of outages, so that it is an int everywhere.
const maxCount = 1_000_000_000

// An amount is a parsed quantity: a whole number of the unit's smallest part.
type amount struct {
	unit     unit
	value    int64
	currency string // of money
}

// percent returns an amount of percent units as a percentage.
func (a amount) percent() Percent { return percentOf(a.value) }

// percentOf returns a number of percent units as a percentage.
func percentOf(units int64) Percent { return Percent{points: decimal.New(units, -12)} }

var lengths = map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}

// Duration returns the length of time that q writes.
func (q Quantity) Duration() (time.Duration, error) {
	a, err := q.amount(length)
	if err != nil {
		return 0, fmt.Errorf("sla: reading a length of time: %w", err)
	}
	return time.Duration(a.value), nil
}

// amount reads q, which must be of the wanted unit.
func (q Quantity) amount(want unit) (amount, error) {
	return q.read(choice{[]unit{want}, want.String(), plainNames})
}

// read reads q, which must be of one of the units of a choice.
func (q Quantity) read(want choice) (amount, error) {
	suffix := strings.TrimLeft(string(q), "0123456789.")
	number := strings.TrimSuffix(string(q), suffix)
	value, err := numeral.Parse(number)
	switch {
	case q == "":
		return amount{}, fmt.Errorf("missing; want %s", want.words)
	case number == "":
		return amount{}, fmt.Errorf("%s does not start with a number; want %s", numeral.Shorten(string(q)), want.words)
	case err != nil:
		return amount{}, fmt.Errorf("%s: want %s: %w", numeral.Shorten(string(q)), want.words, err)
	}
	got, parts, known := unitOf(suffix)
	counted := got == count && slices.Contains(want.units, count)
	switch trimmed := strings.TrimSpace(suffix); {
	case suffix == "" && !counted, counted && !value.IsInteger():
		return amount{}, fmt.Errorf("%s lacks a unit; want %s", numeral.Shorten(string(q)), want.words)
	case trimmed != suffix:
		return amount{}, fmt.Errorf("%s has a space before its unit; write %s%s", numeral.Shorten(string(q)), number, trimmed)
	case !known || got > count && !slices.Contains(want.units, got):
		return amount{}, fmt.Errorf("%s is not one number with one unit (%s); want %s", numeral.Shorten(string(q)), want.names, want.words)
	case !slices.Contains(want.units, got):
		return amount{}, fmt.Errorf("%s is not %s", numeral.Shorten(string(q)), want.words)
	}
	a := amount{unit: got}
	if got == money {
		a.currency = suffix
		if places := -value.Exponent(); places > -parts.Exponent() {
			return amount{}, fmt.Errorf("%s has more than the %d decimal places of %s", numeral.Shorten(string(q)), -parts.Exponent(), suffix)
		}
		parts = decimal.New(1, -parts.Exponent())
	}
	value = value.Mul(parts)
	switch {
	case !value.IsInteger():
		return amount{}, fmt.Errorf("%s has more decimal places than can be told apart", numeral.Shorten(string(q)))
	case value.GreaterThan(decimal.New(maxAmount, 0)), got == count && value.GreaterThan(decimal.New(maxCount, 0)):
		return amount{}, fmt.Errorf("%s is too large", numeral.Shorten(string(q)))
	}
	a.value = value.IntPart()
	return a, nil
}

// unitOf returns the unit that a suffix names and how many of its smallest
// parts make one of it. For a currency that is one minor unit, as a share of
// the major one.
func unitOf(suffix string) (u unit, parts decimal.Decimal, known bool) {
	switch suffix {
	case "":
		return count, decimal.New(1, 0), true
	case "%":
		return percent, decimal.New(percentUnits, 0), true
	case "mo":
		return months, decimal.New(100*percentUnits, 0), true
	case "x":
		return multiple, decimal.New(percentUnits, 0), true
	}
	if part, found := lengths[suffix]; found {
		return length, decimal.New(int64(part), 0), true
	}
	entry, found := iso4217.Lookup(suffix)
	return money, decimal.New(1, -int32(entry.Digits)), found && !entry.NoMinor
}

// A cut divides the values of a unit in two, just before or just after one of
// them: 2v lies before the value v, 2v+1 after it. With cuts, a bound needs no
// flag that says whether it is open.
type cut int64

func before(v int64) cut { return cut(2 * v) }

func after(v int64) cut { return cut(2*v + 1) }

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
	if want == count { // between two whole numbers is nothing
		whole = interval{whole.from + whole.from&1, whole.to + whole.to&1}
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

// unit returns the unit that the first bound of r names, and percent where it
// names none that could stand there.
func (r Range) unit() unit {
	for _, b := range bounds {
		rest, found := strings.CutPrefix(string(r), b.word)
		if !found {
			continue
		}
		first, _, _ := strings.Cut(rest, ", ")
		suffix := strings.TrimLeft(first, "0123456789.")
		whole := suffix == "" && first != "" && !strings.Contains(first, ".")
		if u, _, known := unitOf(suffix); known && (u == length || u == count && whole) {
			return u
		}
	}
	return percent
}

// A counting is what happens to the last, incomplete step.
type counting int

const (
	full counting = iota
	started
	nearest
	exact
)

var countings = map[string]counting{"full": full, "started": started, "nearest": nearest, "exact": exact}

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
	if err == nil && a.value == 0 {
		err = fmt.Errorf("%s is a step of no length", numeral.Shorten(string(s)))
	}
	return stride{a, counting}, err
}

// steps returns how many strides a number of whole units makes; not of an
// exact stride.
func (s stride) steps(units int64) int64 {
	n, rest := units/s.size.value, units%s.size.value
	if rest != 0 && s.count == started || s.count == nearest && rest >= s.size.value-rest {
		n++
	}
	return n
}

// times returns how many strides an exact number of units makes.
func (s stride) times(units *big.Rat) *big.Rat {
	n := new(big.Rat).Quo(units, new(big.Rat).SetInt64(s.size.value))
	switch s.count {
	case exact:
		return n
	case nearest:
		n.Add(n, big.NewRat(1, 2))
	}
	whole, rest := new(big.Int).QuoRem(n.Num(), n.Denom(), new(big.Int))
	if s.count == started && rest.Sign() != 0 {
		whole.Add(whole, big.NewInt(1))
	}
	return n.SetInt(whole)
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
