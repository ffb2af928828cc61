package oracle

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"
)

// A state is that of a cell.
type state int

const (
	isUp state = iota
	isDown
	isExcused
	isUnknown
	isOutside
)

// letters stand for the states.
const letters = "UDE?O"

// A portion is the part of a moment or a slot that is lost: num of den, or large
// where the numbers are.
type portion struct {
	num, den int64
	large    *big.Rat
}

func (p portion) rat() *big.Rat {
	if p.large != nil {
		return p.large
	}
	return big.NewRat(p.num, p.den)
}

const everything = 100e9 // in billionths of a percent point

// A target is measured as one: a resource, or a group of members.
type target struct {
	name     string
	labels   map[string]string
	resource *resource
	level    *level
	members  []*target
}

// A calc answers for one target in one measured period.
type calc struct {
	w          *World
	t          *terms
	thing      *target
	start, end int

	ends []int // of the slot of each cell, once asked for
}

// hoursInWords are the hours that agreements of the worlds have, in words.
var hoursInWords = map[string]func(day time.Weekday, hour int) bool{
	"Mon-Fri 09:00-17:00": func(d time.Weekday, h int) bool { return d != 0 && d != 6 && h >= 9 && h < 17 },
	"02:00-04:00":         func(d time.Weekday, h int) bool { return h >= 2 && h < 4 },
	"22:00-06:00":         func(d time.Weekday, h int) bool { return h >= 22 || h < 6 },
	"Sun":                 func(d time.Weekday, h int) bool { return d == 0 },
	"Sun 22:00-06:00":     func(d time.Weekday, h int) bool { return d == 0 && h >= 22 || d == 1 && h < 6 },
	"Sat-Mon 10:00-12:00": func(d time.Weekday, h int) bool { return (d == 6 || d == 0 || d == 1) && h >= 10 && h < 12 },
	"not Sat":             func(d time.Weekday, h int) bool { return d == 6 },
	"not 01:00-03:00":     func(d time.Weekday, h int) bool { return h >= 1 && h < 3 },
	"not 12:00-13:00":     func(d time.Weekday, h int) bool { return h == 12 },
}

func (w *World) within(hours []string, cell int) bool {
	at := w.shown(cell)
	some, in := false, false
	for _, text := range hours {
		matches := hoursInWords[text](at.Weekday(), at.Hour())
		if strings.HasPrefix(text, "not ") {
			if matches {
				return false
			}
			continue
		}
		some = true
		in = in || matches
	}
	return in || !some
}

// clock returns the stretch in which the outage counts, end none for an outage
// that does not count at all.
func (w *World) ran(o outageSpec) (span, bool) {
	instant := func(name string) int {
		switch name {
		case "start":
			return o.start
		case "end":
			return o.end
		}
		if at, ok := o.marks[name]; ok {
			return at
		}
		return none
	}
	starts, ends := w.terms.starts, w.terms.ends
	if len(starts) == 0 {
		starts = []string{"start"}
	}
	if len(ends) == 0 {
		ends = []string{"end"}
	}
	p := span{none, none}
	for _, name := range starts {
		at := instant(name)
		if at == none {
			return p, false
		}
		p.start = max(p.start, at)
	}
	for _, name := range ends {
		if at := instant(name); at != none && (p.end == none || at < p.end) {
			p.end = at
		}
	}
	if w.asOf != none && (p.end == none || p.end > w.asOf) {
		p.end = w.asOf
	}
	return p, p.end != none && p.start < p.end
}

func (w *World) alive(r *resource, cell int) bool {
	return len(r.life) == 0 || anyHolds(r.life, cell)
}

// unobserved reports whether the cell is not observed, though the records speak of
// its time.
func (w *World) unobserved(r *resource, cell int) bool {
	if w.afterAsOf(cell) || len(r.coverage) == 0 || anyHolds(r.coverage, cell) {
		return false
	}
	for _, o := range r.outages {
		if o.holds(cell) {
			return false
		}
	}
	return true
}

// An aside is the exclusions that excuse the losses of their records and time.
type aside []*exclusion

func (a aside) moment(w *World, r *resource, cell int) bool {
	for _, e := range a {
		if len(e.hours) > 0 && w.within(e.hours, cell) {
			return true
		}
		for _, m := range r.windows {
			cause := m.cause
			if cause == "" {
				cause = "maintenance"
			}
			if !m.holds(cell) || m.end == none && w.afterAsOf(cell) || !slices.Contains(e.causes, cause) {
				continue
			}
			if e.notice == none || !m.never && m.announced+e.notice <= w.at(m.start) {
				return true
			}
		}
	}
	return false
}

func (a aside) cause(cause string) bool {
	for _, e := range a {
		if slices.Contains(e.causes, cause) && (cause != "maintenance" || e.notice == none) {
			return true
		}
	}
	return false
}

// lostBy returns what the resource loses in the cell, in billionths of a percent
// point. If high, all unobserved time is lost.
func (w *World) lostBy(r *resource, cell int, high bool, a aside) int64 {
	if a.moment(w, r, cell) {
		return 0
	}
	if high && w.afterAsOf(cell) {
		return everything
	}
	if w.unobserved(r, cell) {
		switch {
		case w.terms.unknown == "down", w.terms.unknown == "" && high:
			return everything
		}
	}
	worst := int64(0)
	for _, o := range r.outages {
		if len(w.terms.causes) > 0 && !slices.Contains(w.terms.causes, o.cause) || a.cause(o.cause) {
			continue
		}
		if w.afterAsOf(o.start) {
			continue // it is not recorded yet
		}
		if p, ok := w.ran(o); ok && p.holds(cell) {
			worst = max(worst, everything-o.served)
		}
	}
	return worst
}

// passes reports whether the loss is one that counts.
func (t *terms) passes(p portion) bool {
	if t.loss.word == "" {
		return p.num > 0 || p.large != nil && p.large.Sign() > 0
	}
	return t.loss.holds(new(big.Rat).Mul(p.rat(), big.NewRat(100, 1)))
}

// losses returns the loss of every cell, each that of its slot where there are
// slots.
func (c *calc) losses(high bool, a aside) []portion { return c.lossesOf(c.w.lost, high, a) }

func (c *calc) lossesOf(lost func(*target, int, bool, aside) int64, high bool, a aside) []portion {
	if c.t.requests {
		return c.failures(high, a)
	}
	w := c.w
	moments := make([]int64, w.cells())
	for i := range moments {
		moments[i] = lost(c.thing, i, high, a)
	}
	all := make([]portion, w.cells())
	for i := range all {
		all[i] = portion{num: moments[i], den: everything}
	}
	if c.t.slot == 0 {
		return all
	}
	for first := 0; first < w.cells(); {
		last := c.slotEnd(first)
		sum := int64(0)
		for i := first; i < last; i++ {
			sum += moments[i]
		}
		for i := first; i < last; i++ {
			all[i] = portion{num: sum, den: int64(last-first) * everything}
		}
		first = last
	}
	return all
}

// failures returns for every cell the share of requests that failed in its slot.
func (c *calc) failures(high bool, a aside) []portion {
	w := c.w
	all := make([]portion, w.cells())
	for i := range all {
		all[i] = portion{den: 1}
	}
	if !c.t.slotPeriod && c.t.slot == 0 {
		return all // the terms of a shrunk world, which do not compile
	}
	for first := 0; first < w.cells(); {
		last := c.slotEnd(first)
		if !c.t.slotPeriod || first == c.start { // else in no slot
			p := c.failed(first, last, a)
			for i := first; i < last; i++ {
				if c.lostUnseen(i, high) && !a.moment(w, c.thing.resource, i) {
					p = portion{num: 1, den: 1}
				}
			}
			for i := first; i < last; i++ {
				all[i] = p
			}
		}
		first = last
	}
	return all
}

// failed returns the share of requests that failed in a slot, as far as traffic is
// recorded.
func (c *calc) failed(first, last int, a aside) portion {
	w, r := c.w, c.thing.resource
	requests, lost := new(big.Int), new(big.Int)
	for _, t := range r.traffic {
		if t.start < first || t.start >= last || w.asOf != none && t.end > w.asOf {
			continue
		}
		kept := false
		for i := t.start; i < t.end; i++ {
			kept = kept || !a.moment(w, r, i)
		}
		requests.Add(requests, big.NewInt(t.requests))
		if kept {
			lost.Add(lost, big.NewInt(t.failed))
		}
	}
	if requests.Sign() > 0 && requests.Cmp(big.NewInt(c.t.minRequests)) >= 0 {
		return portion{large: new(big.Rat).SetFrac(lost, requests)}
	}
	return portion{den: 1}
}

// lostUnseen reports whether all requests of the cell failed because it is not
// observed.
func (c *calc) lostUnseen(cell int, high bool) bool {
	w := c.w
	return high && w.afterAsOf(cell) ||
		w.unobserved(c.thing.resource, cell) && (w.terms.unknown == "down" || w.terms.unknown == "" && high)
}

// slotEnd returns the mark at which the slot ends that begins, or goes on, at
// the cell.
func (c *calc) slotEnd(cell int) int {
	if c.ends == nil {
		c.ends = make([]int, c.w.cells())
		for i := len(c.ends) - 1; i >= 0; i-- {
			c.ends[i] = i + 1
			if i+1 < len(c.ends) && c.slotOf(i+1) == c.slotOf(i) {
				c.ends[i] = c.ends[i+1]
			}
		}
	}
	return c.ends[cell]
}

// slotOf returns the day and the number of the slot in it.
func (c *calc) slotOf(cell int) [2]int {
	w := c.w
	if c.t.slotPeriod {
		switch {
		case cell < c.start:
			return [2]int{0, 0}
		case cell < c.end:
			return [2]int{1, 0}
		}
		return [2]int{2, 0}
	}
	if c.t.slotOrigin != none {
		d := cell - c.t.slotOrigin
		return [2]int{0, (d - (d%c.t.slot+c.t.slot)%c.t.slot) / c.t.slot}
	}
	first := cell // of the day
	for first > 0 && w.dayOf(first-1) == w.dayOf(cell) {
		first--
	}
	return [2]int{w.dayOf(cell), (cell - first) / c.t.slot}
}

// drop clears the runs that do not last. A run that reaches an end of the world is
// of unobserved time, and has no end there.
func (c *calc) drop(counts []bool) {
	if c.t.lasting.word == "" {
		return
	}
	for first := 0; first < len(counts); first++ {
		if !counts[first] {
			continue
		}
		length, last := int64(0), first
		for ; last < len(counts) && counts[last]; last++ {
			length += c.w.length(last)
		}
		if first == 0 || last == len(counts) {
			length = forever
		}
		if !c.t.lasting.holds(big.NewRat(length, 1)) {
			for i := first; i < last; i++ {
				counts[i] = false
			}
		}
		first = last
	}
}

// A side is one bound of a measurement.
type side struct {
	state   []state    // Up, Down or Excused
	weight  []*big.Rat // the part of the cell that is in the state
	removed []bool
	lasted  []bool  // lost in a run that lasts
	aside   []aside // the exclusions that excuse in the end
}

// granted returns the cells on which the exclusion acts within its allowance,
// and those in which it is used up. A slot is granted as a whole or not at all.
// The allowance is of whole cells, all of one length.
func (c *calc) granted(e *exclusion, runs, acts, outside []bool) (within, spent []bool) {
	spent = make([]bool, len(acts))
	within = slices.Clone(acts)
	if e.allowance == none {
		return within, spent
	}
	run := -1 // the first cell of the run
	last, left, over := -3, int64(0), false
	for i := 0; i < len(acts); {
		if runs[i] && (i == 0 || !runs[i-1]) {
			run = i
		}
		if now := c.windowOf(e, i, run); now != last {
			last, left, over = now, e.allowance, false
		}
		end := i + 1
		if c.t.slot > 0 {
			end = c.slotEnd(i)
		}
		cost := int64(0)
		for j := i; j < end; j++ {
			if acts[j] && c.served(j) && !outside[j] {
				cost += c.w.length(j)
			}
		}
		if last != unlimited {
			fits := !over && cost <= left
			if fits {
				left -= cost
			}
			for j := i; j < end && !fits; j++ {
				spent[j], within[j] = true, false
			}
			over = over || fits && cost > 0 && left == 0
		}
		i = end
	}
	return within, spent
}

// unlimited is the window before the measured period, in which an allowance for
// the period sets no limit.
const unlimited = -2

// windowOf returns a number for the window of the allowance in which a cell lies.
func (c *calc) windowOf(e *exclusion, cell, run int) int {
	at := c.w.shown(cell)
	switch {
	case e.per == "per 1mo":
		return at.Year()*12 + int(at.Month())
	case e.per == "per outage":
		return run
	case cell >= c.end:
		return 1 // the next period begins anew
	case cell >= c.start:
		return 0
	}
	return unlimited
}

// served reports whether the cell is one of service, as far as hours, lives and
// members decide.
func (c *calc) served(cell int) bool {
	return (len(c.t.hours) == 0 || c.w.within(c.t.hours, cell)) && c.w.lives(c.thing, cell) && c.w.due(c.thing, cell)
}

// A siding works out one side.
type siding struct {
	*calc
	high       bool
	exclusions []*exclusion
	known      map[uint][]*big.Rat // v of a set, as bits, in each cell
	counts     []bool
	removed    []bool // by windows and hours
	aside      []uint // the exclusions that excuse the loss of the cell, as bits
	out        side
}

func (c *calc) side(high bool) side {
	n := c.w.cells()
	s := siding{
		calc: c, high: high, exclusions: c.t.acting(), known: map[uint][]*big.Rat{},
		counts: make([]bool, n), removed: make([]bool, n), aside: make([]uint, n),
		out: side{state: make([]state, n), weight: make([]*big.Rat, n)},
	}
	for i := range n {
		s.counts[i] = s.worth(0, i).Sign() > 0
		for _, e := range s.exclusions {
			s.removed[i] = s.removed[i] || e.removed && e.allowance == none && c.w.removes(e, c.thing, i)
		}
	}
	s.act(true)
	s.last()
	s.out.lasted = slices.Clone(s.counts)
	s.act(false)
	for i := range s.counts {
		if s.counts[i] {
			s.out.state[i] = isDown
		}
		switch s.out.state[i] {
		case isUp:
			s.out.weight[i] = new(big.Rat)
		case isDown:
			s.out.weight[i] = s.worth(s.aside[i], i)
		}
		s.out.aside = append(s.out.aside, s.without(s.aside[i]))
	}
	s.out.removed = s.removed
	return s.out
}

// without returns the exclusions of a set.
func (s *siding) without(set uint) (a aside) {
	for k, e := range s.exclusions {
		if set&(1<<k) != 0 {
			a = append(a, e)
		}
	}
	return a
}

// worth returns v of a set in a cell.
func (s *siding) worth(set uint, cell int) *big.Rat {
	if s.known[set] == nil {
		losses := s.losses(s.high, s.without(set))
		all := make([]*big.Rat, len(losses))
		for i, p := range losses {
			switch {
			case i > 0 && p == losses[i-1]:
				all[i] = all[i-1]
			case !s.t.passes(p):
				all[i] = new(big.Rat)
			case s.t.weighted:
				all[i] = p.rat()
			default:
				all[i] = big.NewRat(1, 1)
			}
		}
		s.known[set] = all
	}
	return s.known[set][cell]
}

// last clears the runs that do not last. Those of a group are judged as they
// happened.
func (s *siding) last() {
	if s.thing.level == nil {
		s.drop(s.counts)
		return
	}
	lasted := make([]bool, len(s.counts))
	all := map[uint][]portion{}
	for i := range lasted {
		if all[s.aside[i]] == nil {
			all[s.aside[i]] = s.lossesOf(s.w.happened, s.high, s.without(s.aside[i]))
		}
		lasted[i] = s.counts[i] || s.t.passes(all[s.aside[i]][i])
	}
	s.drop(lasted)
	for i := range s.counts {
		s.counts[i] = s.counts[i] && lasted[i]
	}
}

// act lets the exclusions of a round act.
func (s *siding) act(first bool) {
	for k, e := range s.exclusions {
		if e.first == first {
			s.exclude(k, e)
		}
	}
}

// exclude lets an exclusion act.
func (s *siding) exclude(k int, e *exclusion) {
	acts := s.acts(k)
	runs := s.out.lasted
	if runs == nil {
		runs = s.counts
	}
	drawn := slices.Clone(acts)
	for i := range drawn { // one that removes draws by its time, whether it is down or not
		drawn[i] = drawn[i] || e.removed && !s.removed[i] && s.w.removes(e, s.thing, i)
	}
	within, spent := s.granted(e, runs, drawn, s.removed)
	for i := range s.counts {
		if !spent[i] {
			s.aside[i] |= 1 << k
		}
		still := s.counts[i] && s.worth(s.aside[i], i).Sign() > 0
		if s.counts[i] && !still {
			s.out.state[i], s.out.weight[i] = isExcused, s.worth(0, i)
			s.removed[i] = s.removed[i] || e.removed
		}
		s.removed[i] = s.removed[i] || e.removed && within[i] && s.w.removes(e, s.thing, i)
		s.counts[i] = still
	}
}

// acts returns the cells on which an exclusion acts.
func (s *siding) acts(k int) []bool {
	var rest uint
	for j := k + 1; j < len(s.exclusions); j++ {
		rest |= 1 << j
	}
	acts := make([]bool, len(s.counts))
	for i := range acts {
		with := func(set uint) bool { return s.worth(set|1<<k, i).Cmp(s.worth(set, i)) < 0 }
		acts[i] = s.counts[i] && (with(s.aside[i]) || with(s.aside[i]|rest))
	}
	return acts
}

// acting returns the exclusions in the order in which they act.
func (t *terms) acting() []*exclusion {
	var all []*exclusion
	for _, first := range []bool{true, false} {
		for rank := range 3 {
			for i := range t.exclusions {
				e, own := &t.exclusions[i], 2
				switch {
				case e.removed && e.allowance == none:
					own = 0
				case e.removed:
					own = 1
				}
				if e.first == first && own == rank {
					all = append(all, e)
				}
			}
		}
	}
	return all
}

// A tally is the result for one target in one measured period.
type tally struct {
	states     []state     // of the measured period
	parts      [5]*big.Rat // by state, in nanoseconds
	downAtMost *big.Rat
	due        int64  // in nanoseconds
	text       string // of the runs
	longest    int64
	lengths    int64 // of the runs that are counted, together
	count      int
	open       bool // an outage that is under way can still change a figure
	ends       bool // an outage that goes on may have ended with the period
	stretches  int  // of time in which more may be down than is known
	all        []run
}

// A found is a tally with its name and its calc.
type found struct {
	name string
	calc calc
	tally
}

// A run is a run of counted downtime.
type run struct {
	start, end int
	open       bool // it goes on at the as-of instant
	aside      []aside
}

// cut reports whether runs are compared inside the period only.
func (w *World) cut() bool {
	return slices.ContainsFunc(w.terms.exclusions, func(e exclusion) bool { return e.allowance != none && e.per == "" })
}

func (c *calc) outside(i int, low side) bool {
	w := c.w
	if len(w.terms.hours) > 0 && !w.within(w.terms.hours, i) {
		return true
	}
	if !w.lives(c.thing, i) {
		return !w.terms.whole
	}
	if !w.due(c.thing, i) {
		return true
	}
	return low.removed[i]
}

func (c *calc) down(low side, i int) bool {
	w := c.w
	return i >= 0 && i < w.cells() && low.state[i] == isDown && !c.outside(i, low) && w.lives(c.thing, i)
}

// open reports whether any known figure depends on the end of an outage that is
// under way: whether it ended at the as-of instant or goes on for ever.
func (c *calc) open() bool {
	if c.w.asOf == none {
		return false
	}
	figures := func(end int) string {
		goesOn := c.later(end)
		lines := slices.DeleteFunc(goesOn.lines(goesOn.tallyOf()), func(line string) bool {
			return strings.HasPrefix(line, "runs") || strings.HasPrefix(line, "longest") // which are of time beyond the period, too
		})
		return strings.Join(lines, "\n")
	}
	return figures(c.w.asOf) != figures(c.w.cells())
}

// afterwards reports whether a cell after the as-of instant is down if each outage
// that is under way goes on for ever, and nothing else happens.
func (c *calc) afterwards() func(int) bool {
	goesOn := c.later(c.w.cells())
	side := goesOn.side(false)
	return func(i int) bool { return goesOn.down(side, i) }
}

// later returns c with complete records, and each outage that is under way
// ended.
func (c *calc) later(end int) *calc {
	later := *c.w
	later.asOf = none
	thing := c.thing.with(func(r resource) *resource {
		r.outages = slices.DeleteFunc(slices.Clone(r.outages), func(o outageSpec) bool {
			_, runs := c.w.ran(o)
			return !runs || o.start >= c.w.asOf
		})
		for i := range r.outages {
			o := &r.outages[i]
			if o.end == none || o.end > c.w.asOf {
				o.end = end
			}
			o.marks = maps.Clone(o.marks)
			maps.DeleteFunc(o.marks, func(name string, at int) bool { return at > c.w.asOf && slices.Contains(c.t.ends, name) })
		}
		r.windows = slices.Clone(r.windows)
		for i := range r.windows {
			if m := &r.windows[i]; m.end == none {
				m.end = c.w.asOf
			}
		}
		r.traffic = slices.DeleteFunc(slices.Clone(r.traffic), func(t trafficSpec) bool { return t.end > c.w.asOf })
		if len(r.coverage) > 0 {
			r.coverage = append(slices.Clone(r.coverage), span{c.w.asOf, none})
		}
		return &r
	})
	later.terms = *c.t
	if later.terms.unknown == "" { // unobserved time is no bound here
		later.terms.unknown = "up"
	}
	return &calc{w: &later, t: &later.terms, thing: thing, start: c.start, end: c.end}
}

// with returns the target with its resources changed.
func (t *target) with(change func(resource) *resource) *target {
	c := *t
	if t.resource != nil {
		c.resource = change(*t.resource)
	}
	c.members = nil
	for _, m := range t.members {
		c.members = append(c.members, m.with(change))
	}
	return &c
}

func (w *World) spanText(start, end int) string {
	return w.instant(start).Format(time.RFC3339Nano) + "/" + w.instant(end).Format(time.RFC3339Nano)
}

// tally returns the result for the target in the measured period.
func (c *calc) tally() tally {
	t := c.tallyOf()
	t.open = c.open()
	return t
}

func (c *calc) tallyOf() tally {
	low, high := c.side(false), c.side(true)
	for i := range low.state { // time that is down as far as is known is so at most
		if low.state[i] == isDown && (high.state[i] != isDown || high.weight[i].Cmp(low.weight[i]) < 0) {
			high.state[i], high.weight[i] = isDown, low.weight[i]
		}
	}
	t := newTally()
	before := false
	for i := c.start; i < c.end; i++ {
		length := big.NewRat(c.w.length(i), 1)
		state, parts := c.cell(i, low, high)
		t.states = append(t.states, state)
		if state != isOutside {
			t.due += c.w.length(i)
		}
		rest := big.NewRat(1, 1)
		for s, part := range parts {
			if part != nil {
				rest.Sub(rest, part)
				t.parts[s].Add(t.parts[s], new(big.Rat).Mul(part, length))
			}
		}
		t.parts[isUp].Add(t.parts[isUp], rest.Mul(rest, length))
		more := parts[isUnknown] != nil && high.state[i] == isDown && (low.state[i] != isDown || high.weight[i].Cmp(low.weight[i]) > 0)
		if more && !before {
			t.stretches++
		}
		before = more
		if high.state[i] == isDown && (parts[isDown] != nil || parts[isUnknown] != nil) {
			t.downAtMost.Add(t.downAtMost, new(big.Rat).Mul(high.weight[i], length))
		}
	}
	c.runs(&t, low)
	if c.t.length > 0 {
		t.due = max(0, t.due+c.t.length-(c.w.marks[c.end]-c.w.marks[c.start]))
	}
	return t
}

func newTally() tally {
	t := tally{downAtMost: new(big.Rat)}
	for i := range t.parts {
		t.parts[i] = new(big.Rat)
	}
	return t
}

// cell returns the state of a cell, and the parts of it that are not up.
func (c *calc) cell(i int, low, high side) (s state, parts [5]*big.Rat) {
	one := big.NewRat(1, 1)
	switch {
	case c.outside(i, low):
		parts[isOutside] = one
		return isOutside, parts
	case !c.w.lives(c.thing, i): // as a whole
		return isUp, parts
	case low.state[i] == isDown:
		parts[isDown], parts[isUnknown] = low.weight[i], new(big.Rat).Sub(high.weight[i], low.weight[i])
		return isDown, parts
	case high.state[i] == isDown:
		parts[isUnknown] = high.weight[i]
		return isUnknown, parts
	case low.state[i] == isUp && c.w.unsure(c.thing, i):
		parts[isUnknown] = one
		return isUnknown, parts
	case low.state[i] == isExcused:
		parts[isExcused] = low.weight[i]
	}
	return low.state[i], parts
}

// runs finds the runs of counted downtime that touch the measured period.
func (c *calc) runs(t *tally, low side) {
	w := c.w
	down := func(i int) bool { return c.down(low, i) }
	var later func(int) bool
	for first := range w.cells() {
		if !down(first) || down(first-1) {
			continue
		}
		last := first
		for down(last) {
			last++
		}
		if first >= c.end || last <= c.start {
			continue
		}
		r := run{first, last, false, low.aside}
		if w.asOf != none && last >= w.asOf {
			if later == nil {
				later = c.afterwards()
			}
			r.open = later(last)
			t.ends = r.open && last == c.end
		}
		length := w.at(last) - w.at(first)
		t.longest = max(t.longest, length)
		if last <= c.end && !r.open {
			t.count++
			t.lengths += length
		}
		t.all = append(t.all, r)
		if w.cut() {
			first, last = max(first, c.start), min(last, c.end)
		}
		t.text += " " + w.spanText(first, last)
		if r.open {
			t.text += " goes on"
		}
	}
}

func (c *calc) pooled() bool { return c.thing.level != nil && c.thing.level.pooled }

// things returns the targets that are measured.
func (w *World) things() []*target {
	var all []*target
	for _, r := range w.resources {
		covered := true
		for label, values := range w.terms.only {
			covered = covered && slices.Contains(values, r.labels[label])
		}
		if covered {
			all = append(all, &target{name: r.name, labels: r.labels, resource: r})
		}
	}
	for i := range w.terms.levels {
		level := &w.terms.levels[i]
		var groups []*target
	members:
		for _, m := range all {
			for _, g := range groups {
				if g.name == m.labels[level.by] {
					g.members = append(g.members, m)
					continue members
				}
			}
			groups = append(groups, &target{m.labels[level.by], m.labels, nil, level, []*target{m}})
		}
		slices.SortFunc(groups, func(a, b *target) int { return strings.Compare(a.name, b.name) })
		all = groups
	}
	return all
}

// lives reports whether the target has not left its life: for a group, whether
// one of its members that are to be served has not.
func (w *World) lives(thing *target, cell int) bool {
	if thing.resource != nil {
		return w.alive(thing.resource, cell)
	}
	return !w.terms.whole || !w.due(thing, cell) || slices.ContainsFunc(thing.members, func(m *target) bool { return w.due(m, cell) && w.lives(m, cell) })
}

// due reports whether the target is to be served in the cell.
func (w *World) due(thing *target, cell int) bool {
	if r := thing.resource; r != nil {
		if !w.alive(r, cell) {
			return w.terms.whole
		}
		return !w.unobserved(r, cell) || w.terms.unknown != "out"
	}
	n := 0
	for _, m := range thing.members {
		if w.due(m, cell) {
			n++
		}
	}
	return n >= max(1, thing.level.least)
}

// lost returns the loss of the target in the cell. A group loses as much as the
// least number of its members that makes it down, of those that are to be served.
// Where it is not to be served, its loss is that of happened.
func (w *World) lost(thing *target, cell int, high bool, a aside) int64 {
	if thing.resource != nil {
		return w.lostBy(thing.resource, cell, high, a)
	}
	if !w.due(thing, cell) || !w.lives(thing, cell) {
		return w.happened(thing, cell, high, a)
	}
	var losses []int64
	for _, m := range thing.members {
		switch {
		case !w.due(m, cell):
		case w.lives(m, cell):
			losses = append(losses, w.lost(m, cell, high, a))
		default:
			losses = append(losses, 0) // as a whole
		}
	}
	return thing.level.ofMembers(losses)
}

// happened returns the loss of the target in the cell as it happened, by which the
// length of its outages is judged. In a group, members that lose something take
// part also where they are not to be served.
func (w *World) happened(thing *target, cell int, high bool, a aside) int64 {
	if thing.resource != nil {
		return w.lostBy(thing.resource, cell, high, a)
	}
	var losses, served []int64
	for _, m := range thing.members {
		loss := w.happened(m, cell, high, a)
		switch due := w.due(m, cell) && w.lives(m, cell); {
		case due:
			served = append(served, w.lost(m, cell, high, a))
			losses = append(losses, loss)
		case loss > 0:
			losses = append(losses, loss)
		case w.due(m, cell):
			served = append(served, 0)
			losses = append(losses, 0)
		}
	}
	return max(thing.level.ofMembers(losses), thing.level.ofMembers(served))
}

// ofMembers returns the loss that at least Down of the members have.
func (l *level) ofMembers(losses []int64) int64 {
	if len(losses) < l.least {
		return 0
	}
	slices.Sort(losses)
	slices.Reverse(losses)
	for n := 1; n <= len(losses); n++ {
		count := big.NewRat(int64(n), 1)
		if l.share {
			count = big.NewRat(int64(100*n), int64(len(losses)))
		}
		if l.down.word == "" || l.down.holds(count) {
			return losses[n-1]
		}
	}
	return 0
}

// unsure reports whether the loss of the target in the cell is not known.
func (w *World) unsure(thing *target, cell int) bool {
	if r := thing.resource; r != nil {
		return w.afterAsOf(cell) || w.unobserved(r, cell) && w.terms.unknown == ""
	}
	return w.lost(thing, cell, false, nil) != w.lost(thing, cell, true, nil)
}

// removes reports whether the exclusion takes the cell out as it stands.
func (w *World) removes(e *exclusion, thing *target, cell int) bool {
	if thing.resource != nil {
		return (aside{e}).moment(w, thing.resource, cell)
	}
	for _, m := range thing.members {
		if w.due(m, cell) && !w.removes(e, m, cell) {
			return false
		}
	}
	return true
}

// outages returns each outage of the target that ended in the billing period.
func (w *World) outages(thing *target) [][2]int {
	c := calc{w: w, t: &w.terms, thing: thing, start: w.start, end: w.end}
	lasted := c.side(false).lasted
	var all [][2]int
	for first := 0; first < len(lasted); first++ {
		if !lasted[first] {
			continue
		}
		last := first
		for last < len(lasted) && lasted[last] {
			last++
		}
		over := w.asOf != none && w.asOf > w.end && last >= w.asOf && w.goesOn(thing, first)
		if w.start < last && last <= w.end && !over {
			all = append(all, [2]int{first, last})
		}
		first = last
	}
	return all
}

// goesOn reports whether the clock of an outage of the target runs on at the
// as-of instant.
func (w *World) goesOn(thing *target, first int) bool {
	if thing.resource == nil {
		return slices.ContainsFunc(thing.members, func(m *target) bool { return w.goesOn(m, first) })
	}
	later := *w
	later.asOf = none
	return slices.ContainsFunc(thing.resource.outages, func(o outageSpec) bool {
		if o.start >= w.asOf || len(w.terms.causes) > 0 && !slices.Contains(w.terms.causes, o.cause) {
			return false
		}
		p, _ := later.ran(o)
		ran, counts := w.ran(o)
		return counts && (p.end == none || p.end > w.asOf) && ran.end > first
	})
}

// periods returns the measured periods, as marks.
func (w *World) periods(thing *target) [][2]int {
	days := 0 // that end with the billing period
	switch w.terms.period {
	case "":
		return [][2]int{{w.start, w.end}}
	case "1d":
		var all [][2]int
		for first := 1; first < w.cells(); first++ {
			if w.dayOf(first) == w.dayOf(first-1) {
				continue
			}
			last := first + 1
			for last < w.cells() && w.dayOf(last) == w.dayOf(first) {
				last++
			}
			if w.start < last && last <= w.end {
				all = append(all, [2]int{first, last})
			}
		}
		return all
	case "outage":
		return w.outages(thing)
	case "1d trailing":
		days = 1
	case "2d trailing":
		days = 2
	default:
		panic(w.terms.period)
	}
	start := w.end
	for days > 0 {
		start--
		if time.Unix(0, w.at(start-1)).In(w.zone).Day() != time.Unix(0, w.at(start)).In(w.zone).Day() {
			days--
		}
	}
	return [][2]int{{start, w.end}}
}

// nothingAgreed is the name of the lines of a measurement where nothing is agreed.
const nothingAgreed = "nothing agreed"

// plain returns the world with terms by which any loss counts.
func (w *World) plain() *World {
	plain := *w
	plain.terms, plain.more = terms{slotOrigin: none, promise: bound{"at least", "0"}}, nil
	return &plain
}

// oracle returns the lines of every target in every measured period, by name.
func (w *World) oracle() map[string][]string {
	all := map[string][]string{}
	w.tallies = nil
	for _, one := range w.commitments() {
		one.judge(all)
		w.tallies = append(w.tallies, one.tallies...)
	}
	if w.single() {
		plain := w.plain()
		c := calc{w: plain, t: &plain.terms, thing: plain.things()[0], start: w.start, end: w.end}
		all[nothingAgreed] = c.figures(c.tally())
	}
	return all
}

// judge adds the lines of the only commitment.
func (w *World) judge(all map[string][]string) {
	w.tallies = nil
	tally := func(name string, c calc) tally {
		t := c.tally()
		w.tallies = append(w.tallies, found{name, c, t})
		return t
	}
	for _, thing := range w.things() {
		for _, p := range w.periods(thing) {
			c := calc{w: w, t: &w.terms, thing: thing, start: p[0], end: p[1]}
			if !c.pooled() {
				all[thing.name] = append(all[thing.name], c.lines(tally(thing.name, c))...)
				continue
			}
			sum := newTally()
			var lines []string
			for _, m := range thing.members {
				c := calc{w: w, t: &w.terms, thing: m, start: p[0], end: p[1]}
				t := tally(thing.name+"/"+m.name, c)
				sum.due += t.due
				sum.downAtMost.Add(sum.downAtMost, t.downAtMost)
				for i, part := range t.parts {
					sum.parts[i].Add(sum.parts[i], part)
				}
				lines = append(lines, "member "+m.name)
				lines = append(lines, c.figures(t)...)
			}
			all[thing.name] = append(all[thing.name], c.lines(sum)...)
			all[thing.name] = append(all[thing.name], lines...)
		}
	}
}

// single reports whether the world is one resource without groups.
func (w *World) single() bool { return len(w.resources) == 1 && !w.grouped() }

// grouped reports whether labels decide which resources are measured, and how.
func (w *World) grouped() bool { return len(w.terms.levels) > 0 || w.terms.only != nil }

// behind returns the records of the target that lose something in the cell and are
// not excused, with their losses.
func (c *calc) behind(thing *target, cell int, a aside) map[string]int64 {
	w, all := c.w, map[string]int64{}
	for _, m := range thing.members {
		maps.Copy(all, c.behind(m, cell, a))
	}
	if r := thing.resource; r != nil && !a.moment(w, r, cell) {
		for _, o := range r.outages {
			p, ok := w.ran(o)
			if ok && p.holds(cell) && !w.afterAsOf(o.start) && !a.cause(o.cause) && (len(w.terms.causes) == 0 || slices.Contains(w.terms.causes, o.cause)) {
				all[o.id] = everything - o.served
			}
		}
	}
	return all
}

// evidence returns the fault of the records of a run, if there is one.
func (c *calc) evidence(run run, records []string) string {
	if c.t.requests {
		return "" // traffic is behind it
	}
	possible := map[string]bool{}
	for first := run.start; first < run.end; {
		last := first + 1
		if c.t.slot > 0 {
			for first > 0 && c.slotEnd(first-1) > first {
				first--
			}
			last = c.slotEnd(first)
		}
		told, worst := int64(-1), int64(-1)
		for i := first; i < last; i++ {
			for id, loss := range c.behind(c.thing, i, run.aside[i]) {
				possible[id] = true
				if c.t.unknown != "down" || c.t.slot > 0 || c.t.passes(portion{num: loss, den: everything}) { // else unobserved time alone can be behind it
					worst = max(worst, loss)
				}
				if slices.Contains(records, id) {
					told = max(told, loss)
				}
			}
		}
		if c.thing.resource != nil && told < worst {
			return fmt.Sprintf("none has the largest loss in %s", c.w.spanText(first, last))
		}
		first = last
	}
	for _, id := range records {
		if !possible[id] {
			return id + " is not behind it"
		}
	}
	if len(records) == 0 && len(possible) > 0 && c.t.unknown != "down" {
		return fmt.Sprintf("want some of %v", possible)
	}
	return ""
}
