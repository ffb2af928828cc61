package sla

import (
	"math"
	"math/big"
	"time"
)

// A match is a stretch of history that makes a pattern.
type match struct {
	undecided bool      // only if time of which nobody knows was down
	since     time.Time // it was complete
	periods   []Period  // those that count
	outages   []Run     // those that do
	marks     Marks
}

// matches returns every match in a history: each period or outage that
// completes one. The history are the findings on one commitment in periods that
// follow each other.
//
// The bounds are those of the measurements. More downtime makes periods worse
// and totals larger, so a pattern of those is decided if it holds with the
// downtime that is known, and undecided if it holds only with all that may be.
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

// first returns the first period of the time within which the pattern is to be
// found and whose last period is that of an index. It reports whether the
// history goes back that far.
func (p pattern) first(history []Finding, last int) (first int, whole bool) {
	switch p.within.unit {
	case "cycles":
		first = last - p.within.n + 1
		return max(first, 0), first >= 0
	case "mo":
		earliest, latest := history[last].Measurement.Period.trailing(p.within.n)
		for first < last && history[first].Measurement.Period.First().Compare(earliest) < 0 {
			first++
		}
		return first, history[0].Measurement.Period.First().Compare(latest) <= 0
	}
	if p.times == 1 {
		first = last // one is enough, and is by itself
	}
	return first, true
}

// bad reports whether a period counts if the resource was up, and if it was
// down, whenever nobody knows.
func (p pattern) bad(f Finding) (known, possible bool) {
	m := f.Measurement
	if p.by == count {
		return f.Outcome == Missed, f.Outcome == Missed || f.Outcome == Undecided
	}
	most := p.below.allowed(m.Due)
	return m.Due > 0 && m.Down > most, m.Due > 0 && m.DownAtMost > most
}

// periods returns the matches of so many bad periods.
func (p pattern) periods(history []Finding) []match {
	var matches []match
	for last, f := range history {
		lastKnown, lastPossible := p.bad(f)
		if !lastPossible {
			continue
		}
		var known, possible []Period
		first, _ := p.first(history, last)
		for _, f := range history[first : last+1] {
			isKnown, isPossible := p.bad(f)
			if isKnown {
				known = append(known, f.Measurement.Period)
			}
			if isPossible {
				possible = append(possible, f.Measurement.Period)
			}
		}
		switch {
		case lastKnown && len(known) >= p.times:
			matches = append(matches, matchOf(false, known))
		case len(possible) >= p.times:
			matches = append(matches, matchOf(true, possible))
		}
	}
	return matches
}

// means returns the matches of a mean availability, each completed by a period
// in which something was due. There is none where a period of the mean lies
// before the history.
func (p pattern) means(history []Finding) []match {
	v, after := p.below.value()
	limit := new(big.Rat).SetFrac64(v, 100*percentUnits)
	holds := func(sum *big.Rat, n int) bool {
		side := sum.Cmp(new(big.Rat).Mul(limit, big.NewRat(int64(n), 1)))
		return side < 0 || side == 0 && after
	}
	var matches []match
	for last, f := range history {
		first, whole := p.first(history, last)
		if !whole || f.Measurement.Due == 0 {
			continue
		}
		known, possible := new(big.Rat), new(big.Rat)
		var periods []Period
		for _, f := range history[first : last+1] {
			if f.Measurement.Due != 0 {
				known.Add(known, f.Measurement.Availability().Ratio())
				possible.Add(possible, f.Measurement.AvailabilityAtLeast().Ratio())
				periods = append(periods, f.Measurement.Period)
			}
		}
		if n := len(periods); holds(possible, n) {
			matches = append(matches, matchOf(!holds(known, n), periods))
		}
	}
	return matches
}

// totals returns the matches of downtime in periods together.
func (p pattern) totals(history []Finding) []match {
	var matches []match
	for last, f := range history {
		first, _ := p.first(history, last)
		var known, possible time.Duration
		var knownIn, possibleIn []Period
		for _, f := range history[first : last+1] {
			m := f.Measurement
			known, possible = together(known, m.Down), together(possible, m.DownAtMost)
			if m.Down > 0 {
				knownIn = append(knownIn, m.Period)
			}
			if m.DownAtMost > 0 {
				possibleIn = append(possibleIn, m.Period)
			}
		}
		switch {
		case f.Measurement.Down > 0 && known >= p.least:
			matches = append(matches, matchOf(false, knownIn))
		case f.Measurement.DownAtMost > 0 && possible >= p.least:
			matches = append(matches, matchOf(true, possibleIn))
		}
	}
	return matches
}

// together adds two downtimes, of which those of pools can be more than 292 years
// together: that is then so much, which is over every bound.
func together(a, b time.Duration) time.Duration {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// matchOf returns a match that the last of some periods completes.
func matchOf(undecided bool, periods []Period) match {
	end := periods[len(periods)-1].Window().End()
	return match{undecided: undecided, since: end, periods: periods, marks: Marks{"period": end}}
}

// marksOf returns the marks of a match that a run completes at an instant: the
// end of the period in which that lies, and the start and the end of the run,
// as far as they are known.
func marksOf(history []Finding, since time.Time, r Run) Marks {
	marks := Marks{}
	for _, f := range history {
		if w := f.Measurement.Period.Window(); !since.After(w.End()) {
			marks["period"] = w.End()
			break
		}
	}
	if !r.Window.IsEmpty() {
		marks["start of outage"] = r.Window.Start()
		if !r.Open {
			marks["outage"] = r.Window.End()
		}
	}
	return marks
}
