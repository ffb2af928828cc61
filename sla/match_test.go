package sla

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/internal/workload"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A plainPattern finds matches as they are said: for each period or outage it
// looks at all before it.
type plainPattern struct{ pattern }

func (p plainPattern) matches(history []Finding) []match {
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

func (p plainPattern) first(history []Finding, last int) (first int, whole bool) {
	switch p.within.Unit {
	case "cycles":
		first = last - p.within.N + 1
		return max(first, 0), first >= 0
	case "mo":
		from := Must(calendar.Cycle{Start: history[last].Measurement.Period.Until(), Zone: time.UTC, Months: p.within.N}.Period(-1)).First()
		for first < last && history[first].Measurement.Period.First().Compare(from) < 0 {
			first++
		}
		return first, history[0].Measurement.Period.First().Compare(from) <= 0
	}
	if p.times == 1 {
		first = last // one is enough, and is by itself
	}
	return first, true
}

func (p plainPattern) periods(history []Finding) []match {
	var matches []match
	for last, f := range history {
		lastKnown, lastPossible := p.bad(f)
		if !lastPossible {
			continue
		}
		var known, possible []calendar.Period
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

func (p plainPattern) means(history []Finding) []match {
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
		var periods []calendar.Period
		for _, f := range history[first : last+1] {
			if f.Measurement.Due != 0 {
				known.Add(known, f.Measurement.Availability().Ratio())
				possible.Add(possible, f.Measurement.Availability().AtLeast().Ratio())
				periods = append(periods, f.Measurement.Period)
			}
		}
		if n := len(periods); holds(possible, n) {
			matches = append(matches, matchOf(!holds(known, n), periods))
		}
	}
	return matches
}

func (p plainPattern) totals(history []Finding) []match {
	var matches []match
	for last, f := range history {
		first, _ := p.first(history, last)
		var known, possible time.Duration
		var knownIn, possibleIn []calendar.Period
		for _, f := range history[first : last+1] {
			m := f.Measurement
			known, possible = known+m.Down, possible+m.DownAtMost
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

func plainMarksOf(history []Finding, since time.Time, r Run) calendar.Marks {
	marks := calendar.Marks{}
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

func (p plainPattern) sliding(history []Finding) []match {
	strands := strands(history)
	var runs []Run
	var known, all []outage.Window
	for _, s := range strands {
		all = append(all, between(s.from, s.to))
		for _, r := range s.on {
			runs, known = append(runs, r), append(known, r.Window)
		}
	}
	var matches []match
	for last, r := range runs {
		if first, enough := p.reach(known[:last+1]); enough {
			matches = append(matches, match{since: r.Window.End(), outages: runs[first : last+1], marks: plainMarksOf(history, r.Window.End(), r)})
		}
	}
	for last, s := range strands {
		if first, enough := p.reach(all[:last+1]); enough {
			matches = appendUndecided(matches, history, strands[first:last+1], instantOf(s.to))
		}
	}
	return matches
}

func (p plainPattern) reach(windows []outage.Window) (first int, enough bool) {
	since := windows[len(windows)-1].End().Add(-p.length)
	sum := time.Duration(0)
	for first = len(windows); first > 0 && windows[first-1].End().After(since); {
		first--
		sum += windows[first].End().Sub(later(since, windows[first].Start()))
	}
	return first, sum >= p.least
}

func later(t, u time.Time) time.Time {
	if u.After(t) {
		return u
	}
	return t
}

func appendUndecided(matches []match, history []Finding, strands []strand, since time.Time) []match {
	m := match{undecided: true, since: since}
	for _, s := range strands {
		m.outages = append(m.outages, asRun(s))
	}
	last := between(strands[len(strands)-1].from, strands[len(strands)-1].to)
	if slices.ContainsFunc(matches, func(m match) bool {
		return !m.undecided && m.since.After(last.Start()) && !m.since.After(last.End())
	}) {
		return matches
	}
	m.marks = plainMarksOf(history, since, Run{})
	return append(matches, m)
}

func (p plainPattern) outages(history []Finding) []match {
	strands := strands(history)
	closing := history[len(history)-1].Measurement.Period.Window().End()
	var matches []match
	var certain []ending
	var runs []Run // of the same indices
	for _, s := range strands {
		i := slices.IndexFunc(s.on, func(r Run) bool { return r.Window.Length() >= p.least })
		if i < 0 {
			continue
		}
		r := s.on[i]
		end := ending{from: r.Window.End().UnixNano(), to: s.to}
		if last := s.on[len(s.on)-1]; last.Open || instantOf(s.to).Equal(closing) && !last.Window.End().Equal(closing) {
			end.to = forever // in the history; nobody knows for how much longer
		}
		certain, runs = append(certain, end), append(runs, r)
		first := len(certain) - p.times
		if first < 0 || p.times > 1 && certain[first].from <= p.since(history, end.to) {
			continue
		}
		for first > 0 && certain[first-1].from > p.since(history, end.to) {
			first--
		}
		marked := r
		marked.Open = marked.Open || !isKnown(s)
		matches = append(matches, match{since: r.Window.End(), outages: slices.Clone(runs[first:]), marks: plainMarksOf(history, r.Window.End(), marked)})
	}
	for last, s := range strands {
		for _, at := range p.candidates(history, s) {
			since, count, first := p.since(history, at), 0, last+1
			for first > 0 && count < p.times {
				first--
				count += p.room(strands[first], since, at)
			}
			if count >= p.times {
				matches = appendUndecided(matches, history, strands[first:last+1], time.Unix(0, at).UTC())
				break
			}
		}
	}
	return matches
}

func (p plainPattern) since(history []Finding, at int64) int64 {
	switch {
	case p.times == 1:
		return at - 1
	case p.length > 0:
		return at - int64(p.length)
	case p.within.Unit == "":
		return math.MinInt64
	}
	for last, f := range history {
		if at <= f.Measurement.Period.Window().End().UnixNano() {
			first, _ := p.first(history, last)
			return history[first].Measurement.Period.Window().Start().UnixNano()
		}
	}
	return forever
}

func (p plainPattern) candidates(history []Finding, s strand) []int64 {
	e, any := p.endings(s)
	var at []int64
	switch {
	case !any:
	case p.times == 1:
		at = append(at, e.from)
	case p.length > 0:
		for end := e.from; len(at) < p.times; end += int64(p.least) + 1 {
			at = append(at, end)
			if e.to-end <= int64(p.least) {
				break
			}
		}
	case p.within.Unit == "":
		at = append(at, e.to)
	default:
		for _, f := range history {
			w := f.Measurement.Period.Window()
			if end := min(e.to, w.End().UnixNano()); end >= e.from && end > w.Start().UnixNano() {
				at = append(at, end)
			}
		}
	}
	return at
}

// drawPattern draws a pattern of any kind on the small worlds of drawFindings.
func drawPattern(t *rapid.T) Pattern {
	n := func(most int) int { return rapid.IntRange(1, most).Draw(t, "n") }
	within := rapid.SampledFrom([]Quantity{
		"", Quantity(fmt.Sprint(n(4), "cycles")), Quantity(fmt.Sprint(n(2), "mo")), Quantity(fmt.Sprint(n(60), "h")), Quantity(fmt.Sprint(n(4), "d")),
	}).Draw(t, "within")
	size := fmt.Sprint(n(40), "h")
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		return Pattern{Each: Range("at least " + size), Count: n(5), Within: within}
	case 1:
		return Pattern{Total: Range("over " + size), Within: within}
	case 2:
		return Pattern{Each: rapid.SampledFrom([]Range{"", "below 99%", "at most 50%"}).Draw(t, "each"), Count: n(4), Within: within}
	}
	return Pattern{Total: rapid.SampledFrom([]Range{"below 90%", "at most 50%"}).Draw(t, "total"), Within: within}
}

// drawFindings draws a history of some periods: outages and gaps of what was
// observed, of hours and days, under way or over, weighed by what is lost or not.
func drawFindings(t *rapid.T, p Pattern) (*Terms, []Verdict) {
	days := rapid.SampledFrom([]int{1, 2, 10, 28}).Draw(t, "days")
	cycle := calendar.Cycle{Start: calendar.Date{Year: 2026, Month: time.January, Day: 27}, Zone: time.UTC, Days: days}
	n := rapid.IntRange(1, 8).Draw(t, "periods")
	var periods []calendar.Period
	for i := range n {
		periods = append(periods, Must(cycle.Period(i)))
	}
	from, hours := periods[0].Window().Start().Add(-48*time.Hour), days*24*n+96
	at := func(hour int) time.Time { return from.Add(time.Duration(hour) * time.Hour) }
	var records []outage.Record
	unobserved := rapid.Bool().Draw(t, "unobserved")
	hour := 0
	for i := range rapid.IntRange(0, 9).Draw(t, "records") {
		hour += rapid.IntRange(0, max(1, hours/6)).Draw(t, "gap")
		end := hour + rapid.IntRange(1, 50).Draw(t, "length")
		if unobserved && rapid.Bool().Draw(t, "coverage") {
			records = append(records, outage.Coverage{ID: fmt.Sprint("c", i), Start: at(hour), End: at(end)})
		} else {
			records = append(records, outage.Outage{ID: fmt.Sprint("o", i), Start: at(hour), End: at(end)})
		}
		hour = end
	}
	if rapid.Bool().Draw(t, "life") {
		records = append(records, outage.Lifetime{Start: at(rapid.IntRange(0, hours/2).Draw(t, "born"))})
	}
	var o outage.Options
	if rapid.Bool().Draw(t, "as of") {
		o.AsOf = at(rapid.IntRange(1, hours).Draw(t, "known"))
	}
	terms := Must(single(Commitment{Promise: "at least 99.9%", Termination: []Termination{{If: p}}}).Compile())
	return terms, Must(terms.JudgeAll([]outage.Timeline{Must(o.Timeline(records...))}, periods...))
}

// Law: what is found by sums up to each period is what is found by a look at all
// of them.
func TestMatchesAreThoseOfALookAtAll(t *testing.T) {
	matches := func(t require.TestingT, terms *Terms, verdicts []Verdict) []match {
		var history []Finding
		for _, v := range verdicts {
			history = append(history, v.Findings[0])
		}
		pattern := terms.commitments[0].terminations[0].pattern
		want := plainPattern{pattern}.matches(history)
		require.Equal(t, want, pattern.matches(history), "%+v", pattern)
		return want
	}
	rapid.Check(t, func(t *rapid.T) {
		p := drawPattern(t)
		if _, err := single(Commitment{Promise: "at least 99.9%", Termination: []Termination{{If: p}}}).Compile(); err != nil {
			t.Skip(err)
		}
		terms, verdicts := drawFindings(t, p)
		matches(t, terms, verdicts)
	})
	for _, p := range []Pattern{{Count: 3}, {Each: "at least 1h", Count: 3, Within: "12mo"}, {Total: "over 5h", Within: "36500d"}} {
		terms := exiting(Termination{If: p})
		require.NotEmpty(t, matches(t, terms, daily(terms, 20, true)), "%+v", p)
	}
}

// daily returns verdicts on so many days, each with an outage of an hour, and
// where all is not known with another hour that nobody observed.
func daily(terms *Terms, n int, unobserved bool) []Verdict {
	cycle := calendar.Cycle{Start: calendar.Date{Year: 1990, Month: time.January, Day: 1}, Zone: time.UTC, Days: 1}
	periods := make([]calendar.Period, n)
	var records []outage.Record
	for i := range periods {
		periods[i] = Must(cycle.Period(i))
		start := periods[i].Window().Start()
		records = append(records, outage.Outage{ID: fmt.Sprint("o-", i), Start: start.Add(time.Hour), End: start.Add(2 * time.Hour)})
		if unobserved {
			records = append(records, outage.Coverage{Start: start.Add(3 * time.Hour), End: start.Add(25 * time.Hour)})
		}
	}
	return Must(terms.JudgeAll([]outage.Timeline{Must(outage.NewTimeline(records...))}, periods...))
}

// growing are patterns whose time holds a history as a whole, or much of it.
var growing = []Pattern{
	{Count: 3},
	{Each: "below 1%", Count: 3},
	{Each: "over 5h", Count: 3},
	{Each: "at least 1h", Count: 300},
	{Each: "at least 1h", Count: 3, Within: "12mo"},
	{Each: "at least 90m", Count: 300, Within: "36500d"},
	{Total: "over 1000000h"},
	{Total: "over 100h", Within: "36500d"},
	{Total: "over 100h", Within: "1200mo"},
	{Total: "below 90%", Within: "500cycles"},
}

// A history of ten times as many periods takes ten times as much: the matches
// share their lists.
func TestExitsGrowWithTheirHistory(t *testing.T) {
	days := 500
	if testing.Short() {
		days = 100
	}
	for _, unobserved := range []bool{false, true} {
		plain := exiting(Termination{})
		few, many := daily(plain, days, unobserved), daily(plain, 10*days, unobserved)
		for _, p := range growing {
			terms := exiting(Termination{If: p})
			bytes := func(verdicts []Verdict) uint64 { return allocated(func() { Must(terms.Terminations(verdicts)) }) }
			require.Less(t, bytes(many), 25*bytes(few), "%+v", p) // a list that grows is copied now and then
		}
	}
}

// A history of twenty thousand days beside ten of two thousand.
func BenchmarkExitsGrowth(b *testing.B) {
	plain := exiting(Termination{})
	few, many := daily(plain, 2000, true), daily(plain, 20_000, true)
	for i, p := range growing {
		b.Run(fmt.Sprint(i), func(b *testing.B) {
			terms := exiting(Termination{If: p})
			workload.Race(b, "period", len(many),
				workload.Contender{Name: "lib", Run: func() { Must(terms.Terminations(many)) }},
				workload.Contender{Name: "small", Run: func() {
					for range len(many) / len(few) {
						Must(terms.Terminations(few))
					}
				}},
			)
		})
	}
}
