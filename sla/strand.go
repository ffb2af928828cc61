package sla

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/slacredit/slacredit/outage"
)

// A strand is a stretch of time in which the resource was, or may have been, down
// without a gap, with the runs of known downtime in it, in order. If all of it is
// known, it is one run.
type strand = stretch[[]Run]

// isKnown reports whether all of a strand is known.
func isKnown(s strand) bool { return len(s.on) == 1 && s.on[0].Window == between(s.from, s.to) }

// asRun returns a strand as one run. Without records it is unobserved time.
func asRun(s strand) Run {
	r := Run{Window: between(s.from, s.to)}
	for _, known := range s.on {
		r.Records = append(r.Records, known.Records...)
		r.Open = r.Open || known.Open
	}
	return r
}

// strands returns the strands of a history, in order. A run that began before it
// is whole; one that goes on after it is cut, and open.
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
		first := next
		for next < len(runs) && runs[next].Window.Start().Before(w.End()) {
			next++
		}
		strands = append(strands, stretchOf(w, runs[first:next:next]))
	}
	return strands
}

// sliding returns the matches of downtime within any time of a length. The time that
// ends with a run contains most: if another is moved on to there, it gains at its end
// at least as much as it loses at its start.
func (p pattern) sliding(history []Finding) []match {
	strands := strands(history)
	var runs []Run
	var known []stretch[nothing]
	for _, s := range strands {
		for _, r := range s.on {
			runs, known = append(runs, r), append(known, stretchOf(r.Window, nothing{}))
		}
	}
	var matches []match
	for last, first := range reach(p, known) {
		r := runs[last]
		matches = append(matches, match{since: r.Window.End(), outages: runs[first : last+1 : last+1], marks: marksOf(history, r.Window.End(), r)})
	}
	u := undecided{history, strands, runsOf(strands), matches}
	for last, first := range reach(p, strands) {
		matches = u.append(matches, first, last, instantOf(strands[last].to))
	}
	return matches
}

// reach yields each stretch with whose end enough lies within the length of the
// pattern, and the first stretch that lies within it. There are gaps between the
// stretches.
func reach[T any](p pattern, list []stretch[T]) func(func(last, first int) bool) {
	return func(yield func(last, first int) bool) {
		first, sum := 0, int64(0) // of those from the first on
		for last, s := range list {
			sum += s.to - s.from
			since := s.to - int64(p.length)
			for ; list[first].to <= since; first++ {
				sum -= list[first].to - list[first].from
			}
			within := sum - max(0, since-list[first].from)
			if within >= int64(p.least) && !yield(last, first) {
				return
			}
		}
	}
}

// Undecided matches are added to those that are decided.
type undecided struct {
	history []Finding
	strands []strand
	runs    []Run   // one for each strand
	decided []match // by the instant since which they are
}

// runsOf returns each of some strands as one run.
func runsOf(strands []strand) []Run {
	runs := make([]Run, len(strands))
	for i, s := range strands {
		runs[i] = asRun(s)
	}
	return runs
}

// append adds the match that the last of some strands may complete, unless a
// decided one is completed in it.
func (u undecided) append(matches []match, first, last int, since time.Time) []match {
	w := between(u.strands[last].from, u.strands[last].to)
	i, _ := slices.BinarySearchFunc(u.decided, w.Start(), func(m match, at time.Time) int {
		if m.since.After(at) {
			return 1
		}
		return -1
	})
	if i < len(u.decided) && !u.decided[i].since.After(w.End()) {
		return matches
	}
	return append(matches, match{undecided: true, since: since, outages: u.runs[first : last+1 : last+1], marks: marksOf(u.history, since, Run{})})
}

// An ending is that of an outage that counts, from the first to the last instant
// at which it may lie. Where a strand is not known, it is that of all outages that
// may end in it.
type ending = stretch[nothing]

// instantOf returns an instant as a time.
func instantOf(ns int64) time.Time { return time.Unix(0, ns).UTC() }

// outages returns the matches of a number of outages.
//
// Unobserved time can join outages, and it can hide some, so that more downtime is not
// always more outages:
//
//	██████░░░░██████    two outages of six hours, or one of sixteen
//
// In a strand, one outage is certain if a known part of it is long enough to count. As
// many are possible as have room if all of it is unknown.
func (p pattern) outages(history []Finding) []match {
	strands := strands(history)
	_, closing := history[len(history)-1].Measurement.Period.Window().UnixNano()
	var matches []match
	var certain []ending
	var runs []Run // of the same indices
	for _, s := range strands {
		i := slices.IndexFunc(s.on, func(r Run) bool { return r.Window.Length() >= p.least })
		if i < 0 {
			continue
		}
		r := s.on[i]
		_, at := r.Window.UnixNano()
		end := ending{from: at, to: s.to}
		if last := s.on[len(s.on)-1]; last.Open || s.to == closing && !last.Window.End().Equal(instantOf(closing)) {
			end.to = forever // later than any instant of the history
		}
		certain, runs = append(certain, end), append(runs, r)
		first := len(certain) - p.times
		since := p.since(history, end.to)
		if first < 0 || p.times > 1 && certain[first].from <= since {
			continue
		}
		within, _ := slices.BinarySearchFunc(certain, since, func(e ending, since int64) int { return cmp.Compare(e.from, since+1) })
		first = min(first, within)
		marked := r
		marked.Open = marked.Open || !isKnown(s)
		matches = append(matches, match{since: r.Window.End(), outages: runs[first:len(runs):len(runs)], marks: marksOf(history, r.Window.End(), marked)})
	}
	u := undecided{history, strands, runsOf(strands), matches}
	rooms := p.rooms(strands)
	for last, s := range strands {
		for _, at := range p.candidates(history, s) {
			if first, enough := rooms.reach(p.since(history, at), at, last); enough {
				matches = u.append(matches, first, last, instantOf(at))
				break
			}
		}
	}
	return matches
}

// Rooms are the numbers of outages that can end in some strands.
type rooms struct {
	pattern pattern
	strands []strand
	upTo    []int64 // in the strands before each, if all of them lie within the time
}

func (p pattern) rooms(strands []strand) rooms {
	r := rooms{p, strands, make([]int64, 1, len(strands)+1)}
	for i, s := range strands {
		r.upTo = append(r.upTo, r.upTo[i]+int64(p.room(s, math.MinInt64, forever)))
	}
	return r
}

// reach returns the last strand from which on there is room for the number of outages
// of the pattern, after one instant and up to another, which lies in a strand. It
// reports whether there is one. Only that strand and the one that contains the first
// instant have less room than they have as a whole.
func (r rooms) reach(since, at int64, last int) (first int, enough bool) {
	need := int64(r.pattern.times - r.pattern.room(r.strands[last], since, at))
	if need <= 0 {
		return last, true
	}
	begin := firstAfter(r.strands[:last], since)
	if begin == last {
		return 0, false
	}
	for low, high := begin, last; ; { // there is room from low on, if from anywhere, and none from high on
		if high-low == 1 {
			if low > begin {
				return low, true
			}
			in := int64(r.pattern.room(r.strands[begin], since, at))
			return begin, in+r.upTo[last]-r.upTo[begin+1] >= need
		}
		if middle := low + (high-low)/2; r.upTo[last]-r.upTo[middle] >= need {
			low = middle
		} else {
			high = middle
		}
	}
}

// endings returns between which instants outages that count may end in a strand,
// and false if none can.
func (p pattern) endings(s strand) (e ending, any bool) {
	e = ending{from: s.from + int64(p.least), to: s.to}
	if isKnown(s) {
		e.from = e.to
	}
	return e, s.to-s.from >= int64(p.least)
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
	case p.within.Unit == "":
		return math.MinInt64
	}
	last := endingFrom(history, time.Unix(0, at))
	if last == len(history) {
		return forever
	}
	first, _ := p.first(history, last)
	return history[first].Measurement.Period.Window().Start().UnixNano()
}

// candidates returns the instants at which the last outage can end in a strand so that
// most outages lie within the time of the pattern. If that time slides, they are the
// first instants with room for one, two and so on in this strand. Otherwise they are
// the ends of the strand and of the periods.
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
	case p.within.Unit == "":
		at = append(at, e.to)
	default:
		for _, f := range history[endingFrom(history, time.Unix(0, e.from)):] {
			w := f.Measurement.Period.Window()
			if w.Start().UnixNano() >= e.to {
				break
			}
			at = append(at, min(e.to, w.End().UnixNano()))
		}
	}
	return at
}
