package sla

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
)

// A Range is one or two bounds: "below 99.95%", "at least 99.0%, below 99.95%",
// "over 5m", "exactly 100%", "at most 1 outage". Below and over exclude the value
// itself, at most and at least include it.
type Range string

// An interval holds the values from one cut up to the next.
type interval struct{ from, to cut }

// least returns the smallest value that lies after the start of i.
func (i interval) least() time.Duration {
	v, after := i.from.value()
	if after {
		v++
	}
	return time.Duration(v)
}

// A cut divides the values of a unit in two, just before or just after one of
// them: 2v lies before the value v, 2v+1 after it. With cuts, a bound needs no
// flag for whether it is open.
type cut int64

func before(v int64) cut { return cut(2 * v) }

func after(v int64) cut { return cut(2*v + 1) }

// value returns the value beside which c lies, and whether c lies after it.
func (c cut) value() (v int64, after bool) { return int64(c >> 1), c&1 == 1 }

// bounds are the words of a range. Each returns the interval of values that it
// admits, from 0 up to the cut top.
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
	if want != members && r.bare() {
		text := string(r)
		return interval{}, unsaid(text, func(said string) error {
			_, err := Range(said).interval(want, top)
			return err
		})
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
	if want == count || want == members { // between two whole numbers is nothing
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

// unit returns the unit of the first bound of r, or percent if it has none that
// is possible there.
func (r Range) unit() unit {
	for _, b := range bounds {
		rest, found := strings.CutPrefix(string(r), b.word)
		if !found {
			continue
		}
		first, _, _ := strings.Cut(rest, ", ")
		suffix := strings.TrimLeft(first, "0123456789.")
		if u, _, known := unitOf(suffix); known && (u == length || u == count) {
			return u
		}
	}
	return percent
}

// of returns r in words as they follow a noun: " of at least 99.9%", " below 5
// minutes".
func (r Range) of() string {
	if strings.HasPrefix(string(r), "below ") || strings.HasPrefix(string(r), "over ") {
		return " " + inWords(r)
	}
	return " of " + inWords(r)
}

// bare reports whether a bound of r is a number without a unit.
func (r Range) bare() bool {
	for _, b := range bounds {
		for part := range strings.SplitSeq(string(r), ", ") {
			number, found := strings.CutPrefix(part, b.word)
			if _, err := numeral.Parse(number); found && err == nil {
				return true
			}
		}
	}
	return false
}

// unsaid returns the error for a text whose numbers lack a unit. It suggests the
// spellings with a unit that can be read.
func unsaid(text string, read func(string) error) error {
	var clear []string
	for _, unit := range []string{outagesWord, "%", "m"} {
		parts := strings.Split(text, ", ")
		for i, part := range parts {
			number := part[strings.LastIndexByte(part, ' ')+1:]
			if _, err := numeral.Parse(number); err == nil {
				parts[i] = strings.TrimSuffix(part, number) + spelled(number, unit)
			}
		}
		if said := strings.Join(parts, ", "); read(said) == nil {
			clear = append(clear, strconv.Quote(said))
		}
	}
	if len(clear) == 0 {
		return fmt.Errorf("%s does not say of what", numeral.Shorten(text))
	}
	return fmt.Errorf("%s does not say of what; write for example %s", numeral.Shorten(text), strings.Join(clear, " or "))
}
