package sla

import (
	"math/bits"
	"strconv"
	"time"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/span"
)

// A scale is what a promise and its rows are measured on: the availability in
// percent units, the downtime in nanoseconds, or the number of outages.
type scale struct {
	unit     unit
	top      cut // after every value
	rounding rounding
}

func scaleOf(u unit, r rounding) scale {
	switch u {
	case percent:
		return scale{u, percentTop, r}
	case count:
		return scale{unit: u, top: countTop}
	}
	return scale{unit: u, top: lengthTop}
}

// countTop lies after every number that can be written.
var countTop = before(maxCount + 1)

// interval reads the values that a range admits, before they are rounded.
func (s scale) interval(r Range) (interval, error) {
	i, err := r.interval(s.unit, s.top)
	return s.rounding.interval(i), err
}

// turned returns an interval on which more is better, and undoes itself:
// downtime and outages are counted downwards from the top.
//
//	0 ──────[ over 1h ─────▶ top    becomes    0 ◀───── over 1h ]────── top
func (s scale) turned(i interval) interval {
	if s.unit == percent {
		return i
	}
	return interval{s.top - i.to, s.top - i.from}
}

// start returns the value beside which a cut lies on which more is better; of
// a number of outages the last before it.
func (s scale) start(c cut) int64 {
	if s.unit != percent {
		c = s.top - c
	}
	v, _ := c.value()
	if s.unit == count {
		v--
	}
	return v
}

// allowed returns the most downtime out of what is due, or the largest number
// of outages, that still lies after a cut on which more is better; -1 if there
// is none.
func (s scale) allowed(c cut, due time.Duration) int64 {
	if s.unit == percent {
		return int64(c.allowed(due))
	}
	return int64(s.top-c-1) >> 1
}

// keeps reports whether some figures lie after a cut on which more is better.
func (s scale) keeps(c cut, f sizes) bool {
	switch s.unit {
	case percent:
		return c.keeps(f.down, f.due)
	case count:
		return int64(f.outages) <= s.allowed(c, f.due)
	}
	if v, closed := (s.top - c).value(); closed {
		return f.down.Cmp(exact.Int(v)) <= 0
	} else {
		return f.down.Cmp(exact.Int(v)) < 0
	}
}

// allowed returns the most downtime out of what is due with which the
// availability still lies after the cut; -1 if there is none.
//
//	(due − down) / due ≥ v  ⇔  down ≤ due × (1 − v)
func (c cut) allowed(due time.Duration) time.Duration {
	v, after := c.value()
	hi, lo := bits.Mul64(uint64(due), uint64(100*percentUnits-v))
	down, rest := bits.Div64(hi, lo, 100*percentUnits)
	if after && rest == 0 {
		return time.Duration(down) - 1
	}
	return time.Duration(down)
}

// keeps reports whether some downtime out of what is due leaves the
// availability after the cut.
func (c cut) keeps(down exact.Number, due time.Duration) bool {
	if down.IsInt() {
		return floor(down) <= c.allowed(due)
	}
	v, after := c.value()
	order := down.Cmp(nanoseconds(due).Mul(exact.New(100*percentUnits-v, 100*percentUnits)))
	return order < 0 || order == 0 && !after
}

// sizes are what a remedy is computed from.
type sizes struct {
	due     time.Duration
	down    exact.Number // in nanoseconds
	outages int          // that ended
}

// of returns the figure that promises and rows of a unit are compared with.
func (f sizes) of(u unit) int64 {
	if u == count {
		return int64(f.outages)
	}
	return int64(floor(f.down))
}

// text returns a value of the scale.
func (s scale) text(v int64) string {
	switch s.unit {
	case percent:
		return percentOf(v).String()
	case length:
		return span.String(time.Duration(v))
	}
	return outageCount(v)
}

// say returns the values of an interval on which more is better in words: "at
// exactly 99%", "from 99% to below 99.95%", "over 1h".
func (s scale) say(i interval) string {
	i = s.turned(i)
	low, open := i.from.value()
	high, closed := i.to.value()
	switch {
	case s.unit == count && i.to == i.from+2:
		return "at exactly " + s.text(low)
	case s.unit == count && i.to != s.top:
		return "from " + strconv.FormatInt(low, 10) + " to " + s.text(high-1)
	case i.to == i.from+1 && !open:
		return "at exactly " + s.text(low)
	case s.unit != percent && i.to == s.top && open:
		return "over " + s.text(low)
	case s.unit != percent && i.to == s.top:
		return "from " + s.text(low) + " on"
	case open && closed:
		return "over " + s.text(low) + " to " + s.text(high)
	case open:
		return "over " + s.text(low) + " and below " + s.text(high)
	case closed:
		return "from " + s.text(low) + " to " + s.text(high)
	default:
		return "from " + s.text(low) + " to below " + s.text(high)
	}
}

// outer names the end of a range at which things are worst.
func (s scale) outer() string {
	if s.unit == percent {
		return "lower"
	}
	return "upper"
}
