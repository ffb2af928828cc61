package sla

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
)

// A Pattern is a history under one commitment: so many misses, outages or hours
// within some time. The zero Pattern is one period in which the promise was
// broken.
//
//	{Count: 3, Within: "3cycles"}                  three periods in a row
//	{Count: 3, Within: "12mo"}                     any three in twelve months
//	{Each: "below 95%"}                            one period that bad
//	{Each: "over 8h", Count: 5, Within: "30d"}     five long outages in thirty days
//	{Total: "over 24h", Within: "30d"}             so much downtime together
//	{Total: "below 99.5%", Within: "3cycles"}      the mean of three periods
type Pattern struct {
	// Each is what counts: "below 99%" periods with such an availability, and
	// "over 8h" outages of such a length. Zero: periods in which the promise
	// was broken. It has one bound, so that what is worse counts as well. An
	// outage counts where it ends; a period in which nothing was due does not.
	Each Range `json:"each,omitempty"`

	// Count is how many of them there must be, up to 1000. Zero: one.
	Count int `json:"count,omitempty"`

	// Within is the time that they lie in, as a whole number: "3cycles" so many
	// measured periods in a row, and "12mo" those that begin and end in so many
	// months of the calendar, the last of them always. For outages and
	// downtime it may also be a length, "30d" or "48h", with days of 24 hours:
	// any stretch of time of that length, without its last moment. Zero: ever.
	Within Quantity `json:"within,omitempty"`

	// Total, instead of Each and Count, is of all that lies in that time
	// together: the downtime, "over 24h", or the mean of the periods'
	// availabilities, "below 99.5%", in which each period weighs the same.
	Total Range `json:"total,omitempty"`
}

// maxTimes bounds the Count of a pattern.
const maxTimes = 1000

// A pattern is a compiled [Pattern].
type pattern struct {
	by     unit          // percent: periods, length: outages or downtime, count: broken promises
	below  cut           // which availabilities count
	least  time.Duration // which lengths do
	times  int           // 0: all together
	within term
	length time.Duration // of within, where it is a stretch of time and not periods
}

// pattern reads a pattern.
func (c *compiler) pattern(at path, source Pattern) pattern {
	p := pattern{by: count, times: max(source.Count, 1)}
	field, r := "each", source.Each
	if source.Total != "" {
		field, r, p.times = "total", source.Total, 0
		if source.Each != "" {
			c.fault(at.key("each"), errors.New("total says what counts already"))
		}
		if source.Count != 0 {
			c.fault(at.key("count"), errors.New("total is of everything together"))
		}
	}
	if r != "" {
		p.by = r.unit()
	}
	switch {
	case r == "":
	case p.by == length:
		p.least = c.lower(at.key(field), r, length, lengthTop).least()
	default:
		i, err := r.interval(percent, percentTop)
		switch {
		case p.by == count:
			err = fmt.Errorf("%s is a number; want an availability of periods such as %q, or a length of outages such as %q", numeral.Shorten(string(r)), "below 99%", "over 8h")
		case err != nil:
		case i.from != 0:
			err = fmt.Errorf("%s has a lower end, and what is worse would not count", numeral.Shorten(string(r)))
		case i.to == percentTop:
			err = fmt.Errorf("%s always holds", numeral.Shorten(string(r)))
		}
		c.fault(at.key(field), err)
		p.below = i.to
	}
	if source.Count < 0 || source.Count > maxTimes {
		c.fault(at.key("count"), fmt.Errorf("%d is not 1 to %d", source.Count, maxTimes))
	}
	units := []string{"mo", "cycles"}
	if p.by == length {
		units = []string{"h", "d", "mo", "cycles"}
	}
	var err error
	switch {
	case source.Within == "" && p.times == 0 && p.by == percent:
		err = errors.New("missing; want the periods of the mean, such as 3cycles or 12mo")
	case source.Within == "":
	case p.times == 1:
		err = errors.New("says nothing; one is enough")
	default:
		p.within, err = parseTerm(string(source.Within), units...)
		if err == nil && p.within.n == 0 {
			err = fmt.Errorf("%s is no time at all", numeral.Shorten(string(source.Within)))
		}
		if err == nil && p.by != length && p.within.unit == "cycles" && p.within.n < p.times {
			err = fmt.Errorf("%s can never have %d of them", numeral.Shorten(string(source.Within)), p.times)
		}
	}
	c.fault(at.key("within"), err)
	switch p.within.unit {
	case "h":
		p.length = time.Duration(p.within.n) * time.Hour
	case "d":
		p.length = time.Duration(p.within.n) * 24 * time.Hour
	}
	return p
}

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
		from := Cycle{Start: history[last].Measurement.Period.Next(), Months: p.within.n}.date(-1)
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

// bad reports whether a period counts if the resource was up, and if it was
// down, whenever nobody knows.
func (p pattern) bad(f Finding) (known, possible bool) {
	m := f.Measurement
	if p.by == count {
		return f.Outcome == Missed, f.Outcome != Met
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

// matchOf returns a match that the last of some periods completes.
func matchOf(undecided bool, periods []Period) match {
	end := periods[len(periods)-1].Window().End()
	return match{undecided: undecided, since: end, periods: periods, marks: Marks{"period": end}}
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
