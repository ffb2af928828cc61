package sla

import (
	"math/big"
	"slices"
	"time"

	"github.com/slacredit/slacredit/sla/calendar"
)

// A match is a stretch of history that completes a pattern.
type match struct {
	undecided bool              // only if unobserved time was down
	since     time.Time         // the instant of completion
	periods   []calendar.Period // those that count
	outages   []Run             // those that do
	marks     calendar.Marks
}

// matches returns every match in a history: one for each period or outage that
// completes the pattern. The history is the findings on one commitment in
// consecutive periods.
//
// The measurements give two bounds. More downtime makes periods worse and totals
// larger. So a pattern is decided if it holds with the known downtime, and
// undecided if it holds only with the most downtime that is possible.
func (p pattern) matches(history []Finding) []match {
	switch {
	case p.by != length && p.times > 0:
		return p.periods(history)
	case p.by != length:
		return p.means(history)
	case p.times > 0:
		return p.outages(history)
	case p.length > 0:
		return p.sliding(history)
	}
	return p.totals(history)
}

// first returns the first period of the time within which the pattern must lie,
// given the index of its last period. It reports whether the history reaches back
// that far.
func (p pattern) first(history []Finding, last int) (first int, whole bool) {
	switch p.within.Unit {
	case "cycles":
		first = last - p.within.N + 1
		return max(first, 0), first >= 0
	case "mo":
		earliest, latest, err := history[last].Measurement.Period.TrailingMonths(p.within.N)
		if err != nil { // before all history
			return 0, false
		}
		first, _ = slices.BinarySearchFunc(history[:last], earliest, func(f Finding, from calendar.Date) int { return f.Measurement.Period.First().Compare(from) })
		return first, history[0].Measurement.Period.First().Compare(latest) <= 0
	}
	if p.times == 1 {
		first = last // one is enough, and is by itself
	}
	return first, true
}

// bad reports whether a period counts if unobserved time was up, and whether it
// counts if that time was down.
func (p pattern) bad(f Finding) (known, possible bool) {
	m := f.Measurement
	if p.by == count {
		return f.Outcome == Missed, f.Outcome == Missed || f.Outcome == Undecided
	}
	most := p.below.allowed(m.Due)
	return m.Due > 0 && m.Down > most, m.Due > 0 && m.DownAtMost > most
}

// A listing is the periods of a history that count, with their number up to each
// period. Matches share the list.
type listing struct {
	periods []calendar.Period
	upTo    []int // by period of the history, from none on
}

// list returns the periods of a history that count.
func list(history []Finding, counts func(Finding) bool) listing {
	l := listing{upTo: make([]int, 1, len(history)+1)}
	for _, f := range history {
		if counts(f) {
			l.periods = append(l.periods, f.Measurement.Period)
		}
		l.upTo = append(l.upTo, len(l.periods))
	}
	return l
}

// within returns the periods that count, from one index up to another.
func (l listing) within(first, last int) []calendar.Period {
	from, to := l.upTo[first], l.upTo[last+1]
	return l.periods[from:to:to]
}

// periods returns the matches of a number of bad periods.
func (p pattern) periods(history []Finding) []match {
	known := list(history, func(f Finding) bool { known, _ := p.bad(f); return known })
	possible := list(history, func(f Finding) bool { _, possible := p.bad(f); return possible })
	var matches []match
	for last := range history {
		if possible.upTo[last] == possible.upTo[last+1] {
			continue
		}
		first, _ := p.first(history, last)
		in := known.within(first, last)
		switch may := possible.within(first, last); {
		case known.upTo[last] < known.upTo[last+1] && len(in) >= p.times:
			matches = append(matches, matchOf(false, in))
		case len(may) >= p.times:
			matches = append(matches, matchOf(true, may))
		}
	}
	return matches
}

// means returns the matches of a mean availability. Each is completed by a period
// in which something was due. There is no match if a period of the mean lies
// before the history.
func (p pattern) means(history []Finding) []match {
	v, after := p.below.value()
	limit := new(big.Rat).SetFrac64(v, 100*percentUnits)
	holds := func(sum *big.Rat, n int) bool {
		side := sum.Cmp(new(big.Rat).Mul(limit, big.NewRat(int64(n), 1)))
		return side < 0 || side == 0 && after
	}
	due := list(history, func(f Finding) bool { return f.Measurement.Due != 0 })
	known, possible := make([]*big.Rat, len(history)), make([]*big.Rat, len(history)) // nil where nothing was due
	sum, sumAtLeast := new(big.Rat), new(big.Rat)                                     // of the periods from begin on
	begin := 0
	var matches []match
	for last, f := range history {
		if m := f.Measurement; m.Due != 0 {
			known[last], possible[last] = m.Availability().Ratio(), m.Availability().AtLeast().Ratio()
			sum.Add(sum, known[last])
			sumAtLeast.Add(sumAtLeast, possible[last])
		}
		first, whole := p.first(history, last)
		for ; begin < first; begin++ {
			if known[begin] != nil {
				sum.Sub(sum, known[begin])
				sumAtLeast.Sub(sumAtLeast, possible[begin])
			}
		}
		if !whole || f.Measurement.Due == 0 {
			continue
		}
		if periods := due.within(first, last); holds(sumAtLeast, len(periods)) {
			matches = append(matches, matchOf(!holds(sum, len(periods)), periods))
		}
	}
	return matches
}

// totals returns the matches of total downtime over periods.
func (p pattern) totals(history []Finding) []match {
	known := list(history, func(f Finding) bool { return f.Measurement.Down > 0 })
	possible := list(history, func(f Finding) bool { return f.Measurement.DownAtMost > 0 })
	down, atMost := make([]total, 1, len(history)+1), make([]total, 1, len(history)+1) // up to each period
	var matches []match
	for last, f := range history {
		m := f.Measurement
		down, atMost = append(down, down[last].plus(m.Down)), append(atMost, atMost[last].plus(m.DownAtMost))
		first, _ := p.first(history, last)
		switch {
		case m.Down > 0 && down[last+1].passes(down[first], p.least):
			matches = append(matches, matchOf(false, known.within(first, last)))
		case m.DownAtMost > 0 && atMost[last+1].passes(atMost[first], p.least):
			matches = append(matches, matchOf(true, possible.within(first, last)))
		}
	}
	return matches
}

// A total is a sum of lengths. The total of pools can exceed 292 years.
type total struct{ seconds, rest int64 } // rest in nanoseconds

func (t total) plus(d time.Duration) total {
	return total{t.seconds + int64(d/time.Second), t.rest + int64(d%time.Second)}
}

// passes reports whether a total exceeds an earlier one by at least a length.
func (t total) passes(earlier total, length time.Duration) bool {
	seconds, rest := t.seconds-earlier.seconds, t.rest-earlier.rest
	seconds, rest = seconds+rest/int64(time.Second), rest%int64(time.Second)
	least, over := int64(length/time.Second), int64(length%time.Second)
	return seconds > least || seconds == least && rest >= over
}

// matchOf returns a match that is completed by the last of some periods.
func matchOf(undecided bool, periods []calendar.Period) match {
	end := periods[len(periods)-1].Window().End()
	return match{undecided: undecided, since: end, periods: periods, marks: calendar.Marks{"period": end}}
}

// marksOf returns the marks of a match that a run completes at an instant: the
// end of the period that contains the instant, and the start and the end of the
// run, as far as they are known.
func marksOf(history []Finding, since time.Time, r Run) calendar.Marks {
	marks := calendar.Marks{}
	if i := endingFrom(history, since); i < len(history) {
		marks["period"] = history[i].Measurement.Period.Window().End()
	}
	if !r.Window.IsEmpty() {
		marks["start of outage"] = r.Window.Start()
		if !r.Open {
			marks["outage"] = r.Window.End()
		}
	}
	return marks
}

// endingFrom returns the index of the first period that ends at an instant or
// later.
func endingFrom(history []Finding, instant time.Time) int {
	i, _ := slices.BinarySearchFunc(history, instant, func(f Finding, at time.Time) int { return f.Measurement.Period.Window().End().Compare(at) })
	return i
}
