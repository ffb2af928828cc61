package sla

import (
	"math"
	"slices"
	"time"

	"github.com/slacredit/slacredit/outage"
)

// A strand is a stretch of time in which the resource was, or may have been,
// down without a gap. If all of it is known it is one run.
type strand struct {
	window outage.Window
	runs   []Run // of known downtime, in order
}

// known reports whether all of s is known.
func (s strand) known() bool { return len(s.runs) == 1 && s.runs[0].Window == s.window }

// run returns s as one run. Without records it is time of which nobody knows.
func (s strand) run() Run {
	r := Run{Window: s.window}
	for _, known := range s.runs {
		r.Records = append(r.Records, known.Records...)
		r.Open = r.Open || known.Open
	}
	return r
}

// strands returns the strands of a history, in order. What began before it is
// whole; what goes on after it is cut, and open.
func strands(history []Finding) []strand {
	end := history[len(history)-1].Measurement.Period.Window().End()
	var runs []Run
	var all, unknown []outage.Window
	for _, f := range history {
		m := f.Measurement
		for _, r := range m.Outages {
			if r.Window.End().After(end) {
				r.Window, _ = outage.NewWindow(r.Window.Start(), end) // both are in the years of windows
				r.Open = true
			}
			if last := len(runs) - 1; last >= 0 && !r.Window.Start().After(runs[last].Window.End()) { // it went on
				r.Window = outage.NewSet(runs[last].Window, r.Window).Window(r.Window.Start())
				runs[last] = r
			} else {
				runs = append(runs, r)
			}
		}
		if m.DownAtMost > m.Down {
			for _, piece := range m.Pieces {
				if piece.State == Unknown {
					unknown = append(unknown, piece.Window)
				}
			}
		}
	}
	for _, r := range runs {
		all = append(all, r.Window)
	}
	var strands []strand
	next := 0
	for w := range outage.NewSet(append(all, unknown...)...).All() {
		s := strand{window: w}
		for ; next < len(runs) && runs[next].Window.Start().Before(w.End()); next++ {
			s.runs = append(s.runs, runs[next])
		}
		strands = append(strands, s)
	}
	return strands
}

// sliding returns the matches of downtime within any stretch of time of a
// length. Of those that hold a part of a run, one that ends with a run holds
// most: moved on to there, another gains at its end what it loses at its start.
func (p pattern) sliding(history []Finding) []match {
	strands := strands(history)
	var runs []Run
	var known, all []outage.Window
	for _, s := range strands {
		all = append(all, s.window)
		for _, r := range s.runs {
			runs, known = append(runs, r), append(known, r.Window)
		}
	}
	var matches []match
	for last, r := range runs {
		if first, enough := p.reach(known[:last+1]); enough {
			matches = append(matches, match{since: r.Window.End(), outages: runs[first : last+1], marks: marksOf(history, r.Window.End(), r)})
		}
	}
	for last, s := range strands {
		if first, enough := p.reach(all[:last+1]); enough {
			matches = appendUndecided(matches, history, strands[first:last+1], s.window.End())
		}
	}
	return matches
}

// reach returns the first of some windows that lies within the length of the
// pattern before the end of the last, and whether those that do are enough.
func (p pattern) reach(windows []outage.Window) (first int, enough bool) {
	since := windows[len(windows)-1].End().Add(-p.length)
	sum := time.Duration(0)
	for first = len(windows); first > 0 && windows[first-1].End().After(since); {
		first--
		sum += windows[first].End().Sub(later(since, windows[first].Start()))
	}
	return first, sum >= p.least
}

// later returns the later of two instants.
func later(t, u time.Time) time.Time {
	if u.After(t) {
		return u
	}
	return t
}

// appendUndecided adds the match that the last of some strands may complete,
// unless a decided one is completed in it.
func appendUndecided(matches []match, history []Finding, strands []strand, since time.Time) []match {
	m := match{undecided: true, since: since}
	for _, s := range strands {
		m.outages = append(m.outages, s.run())
	}
	last := strands[len(strands)-1].window
	if slices.ContainsFunc(matches, func(m match) bool {
		return !m.undecided && m.since.After(last.Start()) && !m.since.After(last.End())
	}) {
		return matches
	}
	m.marks = marksOf(history, since, Run{})
	return append(matches, m)
}

// An ending is that of an outage that counts, whose instant may be known only
// to lie from one to another; where a strand is not known, of all that may end
// in it. In nanoseconds since the epoch.
type ending struct{ from, to int64 }

// never is after every instant of a history.
const never = math.MaxInt64

// outages returns the matches of so many outages.
//
// Time of which nobody knows can join outages, as well as be some, so that more
// downtime is not always more outages:
//
//	██████░░░░██████    two outages of six hours, or one of sixteen
//
// Where known and unknown time are without a gap, one outage is certain if a
// part is known that counts, and as many are possible as have room if all of it
// is unknown.
func (p pattern) outages(history []Finding) []match {
	strands := strands(history)
	closing := history[len(history)-1].Measurement.Period.Window().End()
	var matches []match
	var certain []ending
	var runs []Run // of the same indices
	for _, s := range strands {
		i := slices.IndexFunc(s.runs, func(r Run) bool { return r.Window.Length() >= p.least })
		if i < 0 {
			continue
		}
		r := s.runs[i]
		end := ending{r.Window.End().UnixNano(), s.window.End().UnixNano()}
		if last := s.runs[len(s.runs)-1]; last.Open || s.window.End().Equal(closing) && !last.Window.End().Equal(closing) {
			end.to = never // in the history; nobody knows for how much longer
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
		marked.Open = marked.Open || !s.known()
		matches = append(matches, match{since: r.Window.End(), outages: slices.Clone(runs[first:]), marks: marksOf(history, r.Window.End(), marked)})
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

// endings returns between which instants outages that count may end in a strand,
// and false if none can.
func (p pattern) endings(s strand) (e ending, any bool) {
	e = ending{s.window.Start().Add(p.least).UnixNano(), s.window.End().UnixNano()}
	if s.known() {
		e.from = e.to
	}
	return e, s.window.Length() >= p.least
}

// room returns how many outages that count can end in a strand, after one
// instant and up to another. Between two of them is a nanosecond at least.
func (p pattern) room(s strand, since, at int64) int {
	e, any := p.endings(s)
	from, to := max(e.from, since+1), min(e.to, at)
	if !any || from > to {
		return 0
	}
	return int(min(1+(to-from)/(int64(p.least)+1), maxTimes))
}

// since returns the instant after which outages lie within the time of the
// pattern, if the last of them ends at an instant.
func (p pattern) since(history []Finding, at int64) int64 {
	switch {
	case p.times == 1:
		return at - 1
	case p.length > 0:
		return at - int64(p.length)
	case p.within.unit == "":
		return math.MinInt64
	}
	for last, f := range history {
		if at <= f.Measurement.Period.Window().End().UnixNano() {
			first, _ := p.first(history, last)
			return history[first].Measurement.Period.Window().Start().UnixNano()
		}
	}
	return never
}

// candidates returns at which instants the last outage may have to end in a
// strand for as many as possible to lie within the time of the pattern: if that
// moves along, as soon as there is room for one, two and so on in this strand,
// and else at the end of the strand or of one of the periods.
func (p pattern) candidates(history []Finding, s strand) []int64 {
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
	case p.within.unit == "":
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
