package sla_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// The clauses oracle is a second implementation of the terms of an agreement,
// written from the documents and meant to be too simple to be wrong. Time is an
// array of equal cells, every question is a loop over all cells and all records,
// and every ratio is a big.Rat.
//
// SLACREDIT_CLAUSES_COUNT sets the number of worlds (1,500); the seed and the one
// world to judge are those of the other oracle.

// ---- What happened, and what was agreed ----

// A cellWorld is a small world of equal cells, and what was agreed in it.
// Cell i begins at mark i and ends at mark i+1.
type cellWorld struct {
	origin int64 // nanoseconds since the epoch
	tick   int64
	cells  int

	from, to   sla.Date
	zone       *time.Location
	start, end int // the billing period, as marks

	asOf      int // none: the records are complete
	resources []*cellResource
	terms     clauseTerms

	clocks     []time.Time // what they show at the beginning of each cell
	days       []int       // the days that they show
	clocksZone *time.Location
}

type cellResource struct {
	name        string
	labels      map[string]string
	outages     []cellOutage
	maintenance []cellMaintenance
	traffic     []cellTraffic
	coverage    []cellSpan
	life        []cellSpan
}

// A cellSpan is a stretch from one mark to another; an end of none is open.
type cellSpan struct{ start, end int }

func (p cellSpan) holds(cell int) bool { return p.start <= cell && (p.end == none || cell < p.end) }

type cellOutage struct {
	cellSpan
	id     string
	served int64 // in billionths of a percent point
	cause  string
	marks  map[string]int // "reported" and others
}

type cellMaintenance struct {
	cellSpan
	id        string
	cause     string
	announced int // none: never
}

type cellTraffic struct {
	cellSpan
	id               string
	requests, failed int64
}

// clauseTerms are the terms of one commitment. Lengths are cells.
type clauseTerms struct {
	causes       []string
	starts, ends []string
	slot         int // 0: none
	slotOrigin   int // none: by the days
	slotPeriod   bool
	requests     bool
	minRequests  int64
	loss         bound // in percent
	weighted     bool
	lasting      bound // in cells
	exclusions   []clauseExclusion
	zone         *time.Location // nil: that of the billing period
	hours        []string
	length       int // 0: its own
	whole        bool
	unknown      string
	roundWord    string
	roundSize    string
	period       string
	promise      bound
	rows         []clauseRow
	only         map[string][]string
	levels       []clauseLevel
}

type clauseRow struct {
	below string // percent
	per   string // "", "full" or "started"
	size  int    // cells
}

type clauseExclusion struct {
	causes    []string
	hours     []string
	notice    int  // cells; none: "none"
	noNotice  bool // left out
	allowance int  // cells; none: no limit
	per       string
	first     bool
	removed   bool
}

type clauseLevel struct {
	by     string
	down   bound
	share  bool // down is of percent
	least  int
	pooled bool
}

// ---- The oracle ----

// A portion is a part of what was due at a moment, or in a slot: num of den.
type portion struct{ num, den int64 }

const wholeLoss = 100e9 // in billionths of a percent point

// A cellThing is what is measured: a resource, or a group of members.
type cellThing struct {
	name     string
	labels   map[string]string
	resource *cellResource
	level    *clauseLevel
	members  []*cellThing
}

// A clauseCalc answers for one thing in one measured period.
type clauseCalc struct {
	w          *cellWorld
	t          *clauseTerms
	thing      *cellThing
	start, end int
}

func (w *cellWorld) clockZone() *time.Location {
	if w.terms.zone != nil {
		return w.terms.zone
	}
	return w.zone
}

func (w *cellWorld) instantOf(mark int) time.Time {
	if mark == none {
		return time.Time{}
	}
	return time.Unix(0, w.origin+int64(mark)*w.tick).UTC()
}

// shown returns what the clocks show at the beginning of the cell.
func (w *cellWorld) shown(cell int) time.Time {
	if w.clocksZone != w.clockZone() {
		w.clocks, w.days, w.clocksZone = nil, nil, w.clockZone()
		for i := range w.cells {
			at := w.instantOf(i).In(w.clocksZone)
			y, m, d := at.Date()
			w.clocks = append(w.clocks, at)
			w.days = append(w.days, y*10000+int(m)*100+d)
		}
	}
	return w.clocks[cell]
}

func (w *cellWorld) dayOf(cell int) int {
	w.shown(cell)
	return w.days[cell]
}

func (w *cellWorld) afterAsOf(cell int) bool { return w.asOf != none && cell >= w.asOf }

func anyHolds(spans []cellSpan, cell int) bool {
	return slices.ContainsFunc(spans, func(p cellSpan) bool { return p.holds(cell) })
}

// clockHours are the hours that agreements of the worlds have, in words.
var clockHours = map[string]func(day time.Weekday, hour int) bool{
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

func (w *cellWorld) within(hours []string, cell int) bool {
	at := w.shown(cell)
	some, in := false, false
	for _, text := range hours {
		matches := clockHours[text](at.Weekday(), at.Hour())
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
func (w *cellWorld) clock(o cellOutage) (cellSpan, bool) {
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
	p := cellSpan{none, none}
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

func (w *cellWorld) alive(r *cellResource, cell int) bool {
	return len(r.life) == 0 || anyHolds(r.life, cell)
}

// unobserved reports whether nobody knows of the resource in the cell, though
// the records speak of the time.
func (w *cellWorld) unobserved(r *cellResource, cell int) bool {
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

// An aside is what exclusions have set aside so far.
type aside []*clauseExclusion

func (a aside) moment(w *cellWorld, r *cellResource, cell int) bool {
	for _, e := range a {
		if len(e.hours) > 0 && w.within(e.hours, cell) {
			return true
		}
		for _, m := range r.maintenance {
			cause := m.cause
			if cause == "" {
				cause = "maintenance"
			}
			if !m.holds(cell) || m.end == none && w.afterAsOf(cell) || !slices.Contains(e.causes, cause) {
				continue
			}
			if e.notice == none || m.announced != none && m.announced+e.notice <= m.start {
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
// point. If high, what nobody knows is lost.
func (w *cellWorld) lostBy(r *cellResource, cell int, high bool, a aside) int64 {
	if a.moment(w, r, cell) {
		return 0
	}
	if high && w.afterAsOf(cell) {
		return wholeLoss
	}
	if w.unobserved(r, cell) {
		switch {
		case w.terms.unknown == "down", w.terms.unknown == "" && high:
			return wholeLoss
		}
	}
	worst := int64(0)
	for _, o := range r.outages {
		if len(w.terms.causes) > 0 && !slices.Contains(w.terms.causes, o.cause) || a.cause(o.cause) {
			continue
		}
		if w.afterAsOf(o.start) {
			continue // nobody has recorded it
		}
		if p, ok := w.clock(o); ok && p.holds(cell) {
			worst = max(worst, wholeLoss-o.served)
		}
	}
	return worst
}

// passes reports whether the loss is one that counts.
func (t *clauseTerms) passes(p portion) bool {
	if t.loss.word == "" {
		return p.num > 0
	}
	percent := big.NewRat(p.num, p.den)
	return t.loss.holds(percent.Mul(percent, big.NewRat(100, 1)))
}

// losses returns the loss of every cell, each that of its slot where there are
// slots.
func (c *clauseCalc) losses(high bool, a aside) []portion {
	if c.t.requests {
		return c.failures(high, a)
	}
	w := c.w
	moments := make([]int64, w.cells)
	for i := range moments {
		moments[i] = w.lost(c.thing, i, high, a)
	}
	all := make([]portion, w.cells)
	for i := range all {
		all[i] = portion{moments[i], wholeLoss}
	}
	if c.t.slot == 0 {
		return all
	}
	for first := 0; first < w.cells; {
		last := c.slotEnd(first)
		sum := int64(0)
		for i := first; i < last; i++ {
			sum += moments[i]
		}
		for i := first; i < last; i++ {
			all[i] = portion{sum, int64(last-first) * wholeLoss}
		}
		first = last
	}
	return all
}

// failures returns for every cell the share of requests that failed in its slot.
func (c *clauseCalc) failures(high bool, a aside) []portion {
	w, r := c.w, c.thing.resource
	all := make([]portion, w.cells)
	for i := range all {
		all[i] = portion{0, 1}
	}
	if !c.t.slotPeriod && c.t.slot == 0 {
		return all // as a smaller world may have it, which does not compile
	}
	for first := 0; first < w.cells; {
		last := c.slotEnd(first)
		if c.t.slotPeriod && first != c.start {
			first = last // in no slot
			continue
		}
		p := portion{0, 0}
		for _, t := range r.traffic {
			if t.start < first || t.start >= last || w.asOf != none && t.end > w.asOf {
				continue
			}
			kept := false
			for i := t.start; i < t.end; i++ {
				kept = kept || !a.moment(w, r, i)
			}
			p.den += t.requests
			if kept {
				p.num += t.failed
			}
		}
		if p.den == 0 || p.den < c.t.minRequests {
			p = portion{0, 1}
		}
		for i := first; i < last; i++ {
			failed := high && w.afterAsOf(i) || w.unobserved(r, i) && (w.terms.unknown == "down" || w.terms.unknown == "" && high)
			if failed && !a.moment(w, r, i) {
				p = portion{1, 1}
			}
		}
		for i := first; i < last; i++ {
			all[i] = p
		}
		first = last
	}
	return all
}

// slotEnd returns the mark at which the slot ends that begins, or goes on, at
// the cell.
func (c *clauseCalc) slotEnd(cell int) int {
	end := cell + 1
	for end < c.w.cells && c.slotOf(end) == c.slotOf(cell) {
		end++
	}
	return end
}

// slotOf returns the day and the number of the slot in it.
func (c *clauseCalc) slotOf(cell int) [2]int {
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

// drop clears the runs that do not last.
func (c *clauseCalc) drop(counts []bool) {
	if c.t.lasting.word == "" {
		return
	}
	for first := 0; first < len(counts); first++ {
		if !counts[first] {
			continue
		}
		last := first
		for last < len(counts) && counts[last] {
			last++
		}
		length := int64(last - first)
		if last == len(counts) {
			length = forever // what is unknown at the end of the world never ends
		}
		if !c.t.lasting.holds(big.NewRat(length, 1)) {
			for i := first; i < last; i++ {
				counts[i] = false
			}
		}
		first = last
	}
}

// A cellSide is one bound of a measurement.
type cellSide struct {
	state   []sla.State // Up, Down or Excused
	weight  []*big.Rat  // what of the cell is in the state
	removed []bool
	lasted  []bool // lost in a run that lasts
}

// granted clears what goes beyond the allowance, and returns the cells in which
// it is used up. A slot is granted as a whole or not at all.
func (c *clauseCalc) granted(e *clauseExclusion, runs, forgiven []bool) []bool {
	spent := make([]bool, len(forgiven))
	if e.allowance == none {
		return spent
	}
	const unlimited = -2
	run := -1
	window := func(i int) int { // of the allowance
		at := c.w.shown(i)
		switch {
		case e.per == "per 1mo":
			return at.Year()*12 + int(at.Month())
		case e.per == "per outage":
			return run
		case i >= c.start && i < c.end:
			return 0
		}
		return unlimited
	}
	served := func(i int) bool {
		return (len(c.t.hours) == 0 || c.w.within(c.t.hours, i)) && c.w.lives(c.thing, i) && c.w.due(c.thing, i)
	}
	last, left, over := -3, 0, false
	for i := 0; i < len(forgiven); {
		if runs[i] && (i == 0 || !runs[i-1]) {
			run = i
		}
		if now := window(i); now != last {
			last, left, over = now, e.allowance, false
		}
		end := i + 1
		if c.t.slot > 0 {
			end = c.slotEnd(i)
		}
		cost := 0
		for j := i; j < end; j++ {
			if forgiven[j] && served(j) {
				cost++
			}
		}
		if last != unlimited {
			over = over || cost > left
			left -= cost
			for j := i; j < end; j++ {
				if over {
					spent[j], forgiven[j] = true, false
				}
			}
			over = over || cost > 0 && left == 0
		}
		i = end
	}
	return spent
}

func (c *clauseCalc) side(high bool) cellSide {
	n := c.w.cells
	s := cellSide{make([]sla.State, n), make([]*big.Rat, n), make([]bool, n), nil}
	loss := c.losses(high, nil)
	counts := make([]bool, n)
	for i := range counts {
		counts[i] = c.t.passes(loss[i])
	}
	var a aside
	spent := make([]int, n) // the exclusions whose allowance is used up in the cell, as bits
	act := func(first bool) {
		for k := range c.t.exclusions {
			e := &c.t.exclusions[k]
			if e.first != first {
				continue
			}
			a = append(a, e)
			without := map[int][]portion{} // by what is used up
			left := func(i int) portion {
				if without[spent[i]] == nil {
					var b aside
					for j, e := range a {
						if spent[i]&(1<<j) == 0 {
							b = append(b, e)
						}
					}
					without[spent[i]] = c.losses(high, b)
				}
				return without[spent[i]][i]
			}
			forgivable := make([]bool, n)
			for i := range counts {
				forgivable[i] = counts[i] && !c.t.passes(left(i))
			}
			forgiven := slices.Clone(forgivable)
			runs := s.lasted
			if runs == nil {
				runs = counts
			}
			for i, over := range c.granted(e, runs, forgiven) {
				if over {
					spent[i] |= 1 << (len(a) - 1)
				}
			}
			for i := range counts {
				switch {
				case forgiven[i]:
					counts[i] = false
					s.state[i] = sla.Excused
					s.removed[i] = e.removed
				case counts[i]:
					loss[i] = left(i)
				}
			}
		}
	}
	act(true)
	c.drop(counts)
	s.lasted = slices.Clone(counts)
	act(false)
	for i := range counts {
		if counts[i] {
			s.state[i] = sla.Down
		}
		switch {
		case s.state[i] == sla.Up:
			s.weight[i] = new(big.Rat)
		case c.t.weighted:
			s.weight[i] = big.NewRat(loss[i].num, loss[i].den)
		default:
			s.weight[i] = big.NewRat(1, 1)
		}
	}
	return s
}

// A cellTally is what the oracle finds.
type cellTally struct {
	states     []sla.State // of the measured period
	parts      [5]*big.Rat // in cells
	downAtMost *big.Rat
	due        int64 // in cells
	runs       string
}

// cut reports whether runs are compared inside the period only.
func (w *cellWorld) cut() bool {
	return slices.ContainsFunc(w.terms.exclusions, func(e clauseExclusion) bool { return e.allowance != none && e.per == "" })
}

func (c *clauseCalc) outside(i int, low cellSide) bool {
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
	for k := range w.terms.exclusions {
		e := &w.terms.exclusions[k]
		if e.removed && w.removes(e, c.thing, i) {
			return true
		}
	}
	return low.removed[i]
}

func (c *clauseCalc) tally() cellTally {
	w := c.w
	low, high := c.side(false), c.side(true)
	for i := range low.state { // what is down as far as is known is so at most
		if low.state[i] == sla.Down && (high.state[i] != sla.Down || high.weight[i].Cmp(low.weight[i]) < 0) {
			high.state[i], high.weight[i] = sla.Down, low.weight[i]
		}
	}
	t := cellTally{downAtMost: new(big.Rat)}
	for i := range t.parts {
		t.parts[i] = new(big.Rat)
	}
	one := big.NewRat(1, 1)
	for i := c.start; i < c.end; i++ {
		add := func(state sla.State, part *big.Rat) { t.parts[state].Add(t.parts[state], part) }
		if c.outside(i, low) {
			add(sla.Outside, one)
			t.states = append(t.states, sla.Outside)
			continue
		}
		t.due++
		if !w.lives(c.thing, i) { // as a whole
			add(sla.Up, one)
			t.states = append(t.states, sla.Up)
			continue
		}
		unknown := w.unsure(c.thing, i)
		state := low.state[i]
		rest := new(big.Rat) // of the cell, that is up
		switch {
		case state == sla.Down:
			add(sla.Down, low.weight[i])
			more := new(big.Rat)
			if high.state[i] == sla.Down {
				more.Sub(high.weight[i], low.weight[i])
			}
			add(sla.Unknown, more)
			rest.Sub(one, low.weight[i])
			rest.Sub(rest, more)
		case high.state[i] == sla.Down:
			state = sla.Unknown
			add(sla.Unknown, high.weight[i])
			rest.Sub(one, high.weight[i])
		case unknown && state == sla.Up:
			state = sla.Unknown
			add(sla.Unknown, one)
		default:
			add(state, low.weight[i])
			rest.Sub(one, low.weight[i])
			if state == sla.Up {
				rest.Set(one)
			}
		}
		add(sla.Up, rest)
		t.states = append(t.states, state)
		if high.state[i] == sla.Down {
			t.downAtMost.Add(t.downAtMost, high.weight[i])
		}
	}
	down := func(i int) bool {
		return i >= 0 && i < w.cells && low.state[i] == sla.Down && !c.outside(i, low) && w.lives(c.thing, i)
	}
	for first := range w.cells {
		if !down(first) || down(first-1) {
			continue
		}
		last := first
		for down(last) {
			last++
		}
		if first < c.end && last > c.start {
			if w.cut() {
				first, last = max(first, c.start), min(last, c.end)
			}
			t.runs += fmt.Sprintf(" %s/%s", w.instantOf(first).Format(time.RFC3339), w.instantOf(last).Format(time.RFC3339))
		}
	}
	if w.terms.length > 0 {
		t.due = max(0, t.due+int64(w.terms.length-(c.end-c.start)))
	}
	return t
}

// ratioOf returns the availability, and nil if nothing was due.
func ratioOf(due int64, down *big.Rat) *big.Rat {
	if due <= 0 {
		return nil
	}
	whole := big.NewRat(due, 1)
	r := new(big.Rat).Sub(whole, down)
	if r.Sign() < 0 {
		r.SetInt64(0)
	}
	return r.Quo(r, whole)
}

// rounded returns the ratio in percent points, as it is compared.
func (t *clauseTerms) rounded(ratio *big.Rat) *big.Rat {
	percent := new(big.Rat).Mul(ratio, big.NewRat(100, 1))
	if t.roundWord == "" {
		return percent
	}
	size := rat(t.roundSize)
	steps := new(big.Rat).Quo(percent, size)
	var n *big.Int
	switch t.roundWord {
	case "full":
		n = floor(steps)
	case "started":
		n = floor(steps.Neg(steps))
		n.Neg(n)
	case "nearest":
		n = floor(steps.Add(steps, big.NewRat(1, 2)))
	}
	return percent.Mul(size, new(big.Rat).SetInt(n))
}

func (t *clauseTerms) kept(ratio *big.Rat) bool {
	return ratio == nil || t.promise.holds(t.rounded(ratio))
}

// reaches reports whether the row holds.
func (t *clauseTerms) reaches(row int, ratio *big.Rat) bool {
	word := "below"
	if row == 0 && t.promise.word == "over" {
		word = "at most" // where the promise is broken
	}
	return bound{word, t.rows[row].below}.holds(t.rounded(ratio))
}

// gives returns the row that gives, and its steps.
func (c *clauseCalc) gives(ratio, down *big.Rat) string {
	row := none
	for i := range c.t.rows {
		if ratio != nil && c.t.reaches(i, ratio) {
			row = i
		}
	}
	if row == none {
		return "nothing"
	}
	r := c.t.rows[row]
	steps := big.NewInt(1)
	if r.per != "" {
		n := new(big.Rat).Quo(down, big.NewRat(int64(r.size), 1))
		steps = floor(n)
		if r.per == "started" && !n.IsInt() {
			steps.Add(steps, big.NewInt(1))
		}
	}
	return fmt.Sprintf("row %d, %d steps", row, steps)
}

// lines returns the figures of a tally.
func (c *clauseCalc) lines(t cellTally) []string {
	w := c.w
	var lines []string
	say := func(format string, a ...any) { lines = append(lines, fmt.Sprintf(format, a...)) }
	// What is weighed is floored to the nanosecond, but unknown time is rounded
	// up, and the rest is up.
	length := func(cells *big.Rat) *big.Int {
		return floor(new(big.Rat).Mul(cells, big.NewRat(w.tick, 1)))
	}
	all := new(big.Rat)
	for _, part := range t.parts {
		all.Add(all, part)
	}
	unknown := new(big.Int).Neg(length(new(big.Rat).Neg(t.parts[sla.Unknown]))) // rounded up
	up := length(all)
	for _, part := range []*big.Int{length(t.parts[sla.Down]), length(t.parts[sla.Excused]), unknown, length(t.parts[sla.Outside])} {
		up.Sub(up, part)
	}
	say("period %s to %s", w.instantOf(c.start).Format(time.RFC3339), w.instantOf(c.end).Format(time.RFC3339))
	say("up %s, down %s, excused %s, unknown %s, outside %s", up, length(t.parts[sla.Down]),
		length(t.parts[sla.Excused]), unknown, length(t.parts[sla.Outside]))
	say("down at most %s, due %d", length(t.downAtMost), t.due*w.tick)
	down := t.parts[sla.Down]
	best, worst := ratioOf(t.due, down), ratioOf(t.due, t.downAtMost)
	for _, r := range []*big.Rat{best, worst} {
		if r == nil {
			say("undefined")
		} else {
			say("ratio %s", r.RatString())
		}
	}
	switch {
	case !c.t.kept(best):
		say("outcome %s", sla.Missed)
	case !c.t.kept(worst):
		say("outcome %s", sla.Undecided)
	default:
		say("outcome %s", sla.Met)
	}
	say("outcome gives %s, at most %s", c.gives(best, down), c.gives(worst, t.downAtMost))
	next := none
	for i := range c.t.rows {
		if best != nil && !c.t.reaches(i, best) {
			next = i
			break
		}
	}
	say("outcome next %d", next)
	var states strings.Builder
	for _, s := range t.states {
		states.WriteByte("UDE?O"[s])
	}
	say("cells %s", states.String())
	say("runs%s", t.runs)
	return lines
}

// things returns what is measured.
func (w *cellWorld) things() []*cellThing {
	var all []*cellThing
	for _, r := range w.resources {
		covered := true
		for label, values := range w.terms.only {
			covered = covered && slices.Contains(values, r.labels[label])
		}
		if covered {
			all = append(all, &cellThing{name: r.name, labels: r.labels, resource: r})
		}
	}
	for i := range w.terms.levels {
		level := &w.terms.levels[i]
		var groups []*cellThing
	members:
		for _, m := range all {
			for _, g := range groups {
				if g.name == m.labels[level.by] {
					g.members = append(g.members, m)
					continue members
				}
			}
			groups = append(groups, &cellThing{m.labels[level.by], m.labels, nil, level, []*cellThing{m}})
		}
		slices.SortFunc(groups, func(a, b *cellThing) int { return strings.Compare(a.name, b.name) })
		all = groups
	}
	return all
}

// lives reports whether the thing has not left its life.
func (w *cellWorld) lives(thing *cellThing, cell int) bool {
	return thing.resource == nil || w.alive(thing.resource, cell)
}

// due reports whether the thing is to be served in the cell.
func (w *cellWorld) due(thing *cellThing, cell int) bool {
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

// lost returns what the thing loses in the cell.
func (w *cellWorld) lost(thing *cellThing, cell int, high bool, a aside) int64 {
	if thing.resource != nil {
		return w.lostBy(thing.resource, cell, high, a)
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
	slices.Sort(losses)
	slices.Reverse(losses)
	l := thing.level
	if len(losses) < l.least {
		return 0 // nothing is due
	}
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

// unsure reports whether nobody knows what the thing loses in the cell.
func (w *cellWorld) unsure(thing *cellThing, cell int) bool {
	if r := thing.resource; r != nil {
		return w.afterAsOf(cell) || w.unobserved(r, cell) && w.terms.unknown == ""
	}
	return w.lost(thing, cell, false, nil) != w.lost(thing, cell, true, nil)
}

// removes reports whether the exclusion takes the cell out as it stands.
func (w *cellWorld) removes(e *clauseExclusion, thing *cellThing, cell int) bool {
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

// outages returns each outage of the thing that ended in the billing period.
func (w *cellWorld) outages(thing *cellThing) [][2]int {
	c := clauseCalc{w, &w.terms, thing, w.start, w.end}
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
		over := w.asOf != none && w.asOf >= w.end && last >= w.asOf && w.goesOn(thing, first)
		if w.start < last && last <= w.end && !over {
			all = append(all, [2]int{first, last})
		}
		first = last
	}
	return all
}

// goesOn reports whether the clock of an outage of the thing runs on at the
// as-of instant.
func (w *cellWorld) goesOn(thing *cellThing, first int) bool {
	if thing.resource == nil {
		return slices.ContainsFunc(thing.members, func(m *cellThing) bool { return w.goesOn(m, first) })
	}
	later := *w
	later.asOf = none
	return slices.ContainsFunc(thing.resource.outages, func(o cellOutage) bool {
		if o.start >= w.asOf || len(w.terms.causes) > 0 && !slices.Contains(w.terms.causes, o.cause) {
			return false
		}
		p, _ := later.clock(o)
		ran, counts := w.clock(o)
		return counts && (p.end == none || p.end > w.asOf) && ran.end > first
	})
}

// periods returns the measured periods, as marks.
func (w *cellWorld) periods(thing *cellThing) [][2]int {
	days := 0 // that end with the billing period
	switch w.terms.period {
	case "":
		return [][2]int{{w.start, w.end}}
	case "1d":
		var all [][2]int
		for first := 1; first < w.cells; first++ {
			if w.dayOf(first) == w.dayOf(first-1) {
				continue
			}
			last := first + 1
			for last < w.cells && w.dayOf(last) == w.dayOf(first) {
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
		if w.instantOf(start-1).In(w.zone).Day() != w.instantOf(start).In(w.zone).Day() {
			days--
		}
	}
	return [][2]int{{start, w.end}}
}

// oracle returns the figures of every thing in every measured period, by name.
func (w *cellWorld) oracle() map[string][]string {
	all := map[string][]string{}
	for _, thing := range w.things() {
		for _, p := range w.periods(thing) {
			c := clauseCalc{w, &w.terms, thing, p[0], p[1]}
			if thing.level == nil || !thing.level.pooled {
				all[thing.name] = append(all[thing.name], c.lines(c.tally())...)
				continue
			}
			sum := cellTally{downAtMost: new(big.Rat)}
			for i := range sum.parts {
				sum.parts[i] = new(big.Rat)
			}
			var lines []string
			for _, m := range thing.members {
				c := clauseCalc{w, &w.terms, m, p[0], p[1]}
				t := c.tally()
				sum.due += t.due
				sum.downAtMost.Add(sum.downAtMost, t.downAtMost)
				for i, part := range t.parts {
					sum.parts[i].Add(sum.parts[i], part)
				}
				lines = append(lines, "member "+m.name)
				lines = append(lines, slices.DeleteFunc(c.lines(t), func(line string) bool { return strings.HasPrefix(line, "outcome") })...)
			}
			all[thing.name] = append(all[thing.name], c.lines(sum)...)
			all[thing.name] = append(all[thing.name], lines...)
		}
	}
	return all
}

// ---- The library, in the same lines ----

func (w *cellWorld) records(r *cellResource) []outage.Record {
	var all []outage.Record
	for _, o := range r.outages {
		out := outage.Outage{
			ID: o.id, Resource: r.name, Start: w.instantOf(o.start), End: w.instantOf(o.end),
			ServedPercent: decimal.New(o.served, -9), Cause: o.cause,
		}
		for name, at := range o.marks {
			if name == "reported" {
				out.Reported = w.instantOf(at)
				continue
			}
			if out.Marks == nil {
				out.Marks = map[string]time.Time{}
			}
			out.Marks[name] = w.instantOf(at)
		}
		all = append(all, out)
	}
	for _, m := range r.maintenance {
		all = append(all, outage.Maintenance{
			ID: m.id, Resource: r.name, Start: w.instantOf(m.start), End: w.instantOf(m.end),
			Cause: m.cause, Announced: w.instantOf(m.announced),
		})
	}
	for _, t := range r.traffic {
		all = append(all, outage.Traffic{
			ID: t.id, Resource: r.name, Start: w.instantOf(t.start), End: w.instantOf(t.end),
			Requests: t.requests, Failed: t.failed,
		})
	}
	for _, p := range r.coverage {
		all = append(all, outage.Coverage{Resource: r.name, Start: w.instantOf(p.start), End: w.instantOf(p.end)})
	}
	for _, p := range r.life {
		all = append(all, outage.Life{Resource: r.name, Start: w.instantOf(p.start), End: w.instantOf(p.end)})
	}
	return all
}

func (w *cellWorld) lengthOf(cells int) string {
	if cells == 0 {
		return "0s"
	}
	return string(lengthText(int64(cells) * w.tick))
}

func hoursOf(texts []string) []sla.Hours {
	var all []sla.Hours
	for _, t := range texts {
		all = append(all, sla.Hours(t))
	}
	return all
}

func (w *cellWorld) agreement() sla.Agreement {
	t := &w.terms
	c := sla.Commitment{Promise: sla.Range(t.promise.percent())}
	for i, r := range t.rows {
		tier := sla.Tier{When: sla.Range("below " + r.below + "%"), Give: sla.Quantity(fmt.Sprint(10*(i+1), "%"))}
		if i == 0 {
			tier.When = "" // whenever the promise is broken
		}
		if r.per != "" {
			tier.Per = sla.Step(r.per + " " + w.lengthOf(r.size))
		}
		c.Credits = append(c.Credits, tier)
	}
	c.Scope.Only = t.only
	for _, l := range t.levels {
		level := sla.Level{By: l.by, Min: l.least, Pooled: l.pooled}
		if l.down.word != "" {
			level.Down = sla.Range(l.down.word + " " + l.down.number)
			if l.share {
				level.Down += "%"
			}
		}
		c.Scope.Levels = append(c.Scope.Levels, level)
	}
	d := &c.Downtime
	d.Causes, d.Starts, d.Ends = t.causes, t.starts, t.ends
	switch {
	case t.slotPeriod:
		d.Slot = "period"
	case t.slot > 0:
		d.Slot = sla.Slot(w.lengthOf(t.slot))
		if t.slotOrigin != none {
			d.Slot += sla.Slot(" from " + w.instantOf(t.slotOrigin).Format(time.RFC3339))
		}
	}
	d.Requests, d.MinRequests, d.Weighted = t.requests, t.minRequests, t.weighted
	d.Loss = sla.Range(t.loss.percent())
	if t.lasting.word != "" {
		d.Lasting = sla.Range(t.lasting.word + " " + w.lengthOf(int(integer(t.lasting.number))))
	}
	for _, e := range t.exclusions {
		x := sla.Exclusion{Causes: e.causes, Hours: hoursOf(e.hours), First: e.first, Removed: e.removed}
		switch {
		case e.noNotice:
		case e.notice == none:
			x.Notice = "none"
		default:
			x.Notice = sla.Quantity(w.lengthOf(e.notice))
		}
		if e.allowance != none {
			x.Allowance = sla.Budget(strings.TrimSpace(w.lengthOf(e.allowance) + " " + e.per))
		}
		c.Exclusions = append(c.Exclusions, x)
	}
	k := &c.Calculation
	if k.Period = sla.Measuring(t.period); t.period != "" {
		c.Base.Window = "billed" // no fee is priced here
	}
	if t.zone != nil {
		k.Zone = t.zone.String()
	}
	k.Hours = hoursOf(t.hours)
	if t.length > 0 {
		k.Length = sla.Quantity(w.lengthOf(t.length))
	}
	k.Whole, k.Unknown = t.whole, sla.Treatment(t.unknown)
	if t.roundWord != "" {
		k.Round = sla.Step(t.roundWord + " " + t.roundSize + "%")
	}
	return sla.Agreement{Name: "clauses", Commitments: []sla.Commitment{c}}
}

func (w *cellWorld) library() (map[string][]string, error) {
	terms, err := w.agreement().Compile()
	if err != nil {
		return nil, err
	}
	period, err := sla.NewPeriod(w.from, w.to, w.zone)
	if err != nil {
		return nil, err
	}
	var resources []sla.Resource
	for _, r := range w.resources {
		timelines, err := outage.Timelines(
			outage.Options{AsOf: w.instantOf(w.asOf), Resources: []string{r.name}}, w.records(r)...)
		if err != nil {
			return nil, err
		}
		resources = append(resources, sla.Resource{Timeline: timelines[0], Labels: r.labels})
	}
	var verdicts []sla.Verdict
	if len(w.resources) == 1 && len(w.terms.levels) == 0 && w.terms.only == nil {
		v, err := terms.Judge(resources[0].Timeline, period)
		if err != nil {
			return nil, err
		}
		verdicts = append(verdicts, v)
	} else if verdicts, err = terms.JudgeAll(resources, period); err != nil {
		return nil, err
	}
	all := map[string][]string{}
	for _, v := range verdicts {
		for _, f := range v.Findings {
			all[v.Resource] = append(all[v.Resource], w.found(f)...)
		}
	}
	return all, nil
}

func (w *cellWorld) found(f sla.Finding) []string {
	t := &w.terms
	gives := func(e sla.Entitlement) string {
		if e.Clause == "" {
			return "nothing"
		}
		return fmt.Sprintf("row %s, %d steps", strings.TrimPrefix(e.Clause, "/commitments/0/credits/"), e.Steps)
	}
	next := strings.TrimPrefix(f.Next.Clause, "/commitments/0/credits/")
	if next == "" {
		next = "-1"
	}
	lines := w.measured(f.Measurement, fmt.Sprintf("outcome %s", f.Outcome),
		fmt.Sprintf("outcome gives %s, at most %s", gives(f.Entitlement), gives(f.EntitlementAtMost)),
		"outcome next "+next)
	// One nanosecond more than is allowed breaks the promise.
	due := int64(f.Measurement.Due)
	after := func(down int64) *big.Rat { return ratioOf(due, big.NewRat(down, 1)) }
	if allowed := int64(f.Allowed); due > 0 && (!t.kept(after(allowed)) || allowed < due && t.kept(after(allowed+1))) {
		lines = append(lines, fmt.Sprintf("but %d of %d are allowed", allowed, due))
	}
	if row, err := strconv.Atoi(next); err == nil && row >= 0 {
		most := int64(f.Measurement.Down + f.Next.Margin)
		if t.reaches(row, after(most)) || most < due && !t.reaches(row, after(most+1)) {
			lines = append(lines, fmt.Sprintf("but %d of %d reach row %d", most, due, row))
		}
	}
	for _, m := range f.Measurement.Members {
		lines = append(lines, "member "+m.Resource)
		lines = append(lines, w.measured(m)...)
	}
	return lines
}

func (w *cellWorld) measured(m sla.Measurement, more ...string) []string {
	var lines []string
	say := func(format string, a ...any) { lines = append(lines, fmt.Sprintf(format, a...)) }
	window := m.Period.Window()
	say("period %s to %s", window.Start().Format(time.RFC3339), window.End().Format(time.RFC3339))
	say("up %d, down %d, excused %d, unknown %d, outside %d", m.Up, m.Down, m.Excused, m.Unknown, m.Outside)
	say("down at most %d, due %d", m.DownAtMost, m.Due)
	for _, a := range []sla.Availability{m.Availability(), m.AvailabilityAtLeast()} {
		if r := a.Ratio(); r == nil {
			say("undefined")
		} else {
			say("ratio %s", r.RatString())
		}
	}
	lines = append(lines, more...)
	var states strings.Builder
	for at := window.Start(); len(m.Pieces) > 0 && at.Before(window.End()); at = at.Add(time.Duration(w.tick)) {
		next := at.Add(time.Duration(w.tick))
		state := byte('-')
		for _, p := range m.Pieces {
			if !p.Window.Start().Before(next) || !p.Window.End().After(at) {
				continue
			}
			if state = "UDE?O"[p.State]; p.Window.Start().After(at) || p.Window.End().Before(next) {
				state = '/' // a part of the cell
				break
			}
		}
		states.WriteByte(state)
	}
	say("cells %s", states.String())
	runs := "runs"
	for _, r := range m.Outages {
		run := r.Window
		if w.cut() {
			run = run.Intersect(window)
		}
		if len(m.Members) == 0 {
			runs += " " + run.String()
		}
	}
	say("%s", runs)
	return lines
}

func (w *cellWorld) differences() string { return w.differencesTo(w.oracle()) }

func (w *cellWorld) differencesTo(oracle map[string][]string) string {
	library, err := w.library()
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	var b strings.Builder
	names := map[string]bool{}
	for name := range oracle {
		names[name] = true
	}
	for name := range library {
		names[name] = true
	}
	for name := range names {
		difference(&b, name, oracle[name], library[name])
	}
	return b.String()
}

// shrink drops whatever the difference does not need.
func (w *cellWorld) shrink() *cellWorld {
	failed := w.differences()
	alike := func(d string) bool {
		if strings.HasPrefix(failed, "error") {
			return d == failed
		}
		return d != "" && !strings.HasPrefix(d, "error")
	}
	smaller := func(w *cellWorld) []*cellWorld {
		var all []*cellWorld
		with := func(change func(*cellWorld)) {
			c := *w
			c.resources = nil
			for _, r := range w.resources {
				r := *r
				r.outages = slices.Clone(r.outages)
				c.resources = append(c.resources, &r)
			}
			c.terms.exclusions = slices.Clone(w.terms.exclusions)
			c.terms.levels = slices.Clone(w.terms.levels)
			change(&c)
			all = append(all, &c)
		}
		for i, r := range w.resources {
			if len(w.resources) > 1 {
				with(func(c *cellWorld) { c.resources = slices.Delete(c.resources, i, i+1) })
			}
			for j, o := range r.outages {
				with(func(c *cellWorld) { c.resources[i].outages = slices.Delete(c.resources[i].outages, j, j+1) })
				if len(o.marks) > 0 {
					with(func(c *cellWorld) { c.resources[i].outages[j].marks = nil })
				}
				if o.served != 0 {
					with(func(c *cellWorld) { c.resources[i].outages[j].served = 0 })
				}
				if o.end != none && o.end-o.start > 1 {
					with(func(c *cellWorld) { c.resources[i].outages[j].end-- })
					with(func(c *cellWorld) { c.resources[i].outages[j].start++ })
				}
			}
			for j := range r.maintenance {
				with(func(c *cellWorld) {
					c.resources[i].maintenance = slices.Delete(slices.Clone(r.maintenance), j, j+1)
				})
			}
			for j := range r.traffic {
				with(func(c *cellWorld) { c.resources[i].traffic = slices.Delete(slices.Clone(r.traffic), j, j+1) })
			}
			if len(r.coverage) > 0 {
				with(func(c *cellWorld) { c.resources[i].coverage = nil })
			}
			if len(r.life) > 0 {
				with(func(c *cellWorld) { c.resources[i].life = nil })
			}
		}
		if w.asOf != none {
			with(func(c *cellWorld) { c.asOf = none })
		}
		for i, e := range w.terms.exclusions {
			with(func(c *cellWorld) { c.terms.exclusions = slices.Delete(c.terms.exclusions, i, i+1) })
			with(func(c *cellWorld) { c.terms.exclusions[i].first = false })
			with(func(c *cellWorld) { c.terms.exclusions[i].removed = false })
			with(func(c *cellWorld) { c.terms.exclusions[i].allowance = none })
			if len(e.causes) > 0 {
				with(func(c *cellWorld) { c.terms.exclusions[i].hours = nil })
			}
		}
		for i := range w.terms.levels {
			with(func(c *cellWorld) { c.terms.levels[i].down = bound{} })
			with(func(c *cellWorld) { c.terms.levels[i].least = 0 })
			with(func(c *cellWorld) { c.terms.levels = slices.Delete(c.terms.levels, i, i+1) })
		}
		with(func(c *cellWorld) { c.terms.rows = nil })
		with(func(c *cellWorld) { c.terms.only = nil })
		with(func(c *cellWorld) { c.terms.causes = nil })
		with(func(c *cellWorld) { c.terms.starts = nil })
		with(func(c *cellWorld) { c.terms.ends = nil })
		with(func(c *cellWorld) { c.terms.slot, c.terms.slotPeriod = 0, false })
		with(func(c *cellWorld) { c.terms.slotOrigin = none })
		with(func(c *cellWorld) { c.terms.requests = false })
		with(func(c *cellWorld) { c.terms.minRequests = 0 })
		with(func(c *cellWorld) { c.terms.loss = bound{} })
		with(func(c *cellWorld) { c.terms.weighted = false })
		with(func(c *cellWorld) { c.terms.lasting = bound{} })
		with(func(c *cellWorld) { c.terms.zone = nil })
		with(func(c *cellWorld) { c.terms.hours = nil })
		with(func(c *cellWorld) { c.terms.length = 0 })
		with(func(c *cellWorld) { c.terms.whole = false })
		with(func(c *cellWorld) { c.terms.unknown = "" })
		with(func(c *cellWorld) { c.terms.roundWord = "" })
		with(func(c *cellWorld) { c.terms.period = "" })
		return all
	}
search:
	for range 300 {
		before := w.GoText()
		for _, c := range smaller(w) {
			if c.GoText() == before {
				continue
			}
			if alike(c.differences()) {
				w = c
				continue search
			}
		}
		break
	}
	return w
}

// GoText returns the world in words.
func (w *cellWorld) GoText() string {
	var b strings.Builder
	fmt.Fprintf(&b, "period %v to %v %s, cells of %s, as of %s\n", w.from, w.to, w.zone, time.Duration(w.tick), w.instantOf(w.asOf).Format(time.RFC3339))
	for _, r := range w.resources {
		fmt.Fprintf(&b, "resource %q %v\n", r.name, r.labels)
		for _, record := range w.records(r) {
			text, _ := json.Marshal(record)
			fmt.Fprintf(&b, "  %s\n", text)
		}
	}
	text, _ := json.Marshal(w.agreement())
	fmt.Fprintf(&b, "%s\n", text)
	return b.String()
}

// ---- The worlds ----

type cellGenerator struct {
	*rand.Rand
	w *cellWorld
}

var (
	berlin  = sla.Must(time.LoadLocation("Europe/Berlin"))
	newYork = sla.Must(time.LoadLocation("America/New_York"))
)

func newCellWorld(seed, number uint64) *cellWorld {
	g := cellGenerator{rand.New(rand.NewPCG(seed, number)), &cellWorld{asOf: none, zone: time.UTC}}
	w := g.w
	day := pick(g.Rand, sla.Date{Year: 2026, Month: 6, Day: 1}, sla.Date{Year: 2026, Month: 6, Day: 2},
		sla.Date{Year: 2026, Month: 6, Day: 5}, sla.Date{Year: 2026, Month: 6, Day: 7}, sla.Date{Year: 2026, Month: 12, Day: 31})
	if chance(g.Rand, 20) {
		w.zone = berlin
		day = pick(g.Rand, sla.Date{Year: 2026, Month: 3, Day: 29}, sla.Date{Year: 2026, Month: 10, Day: 25}, sla.Date{Year: 2026, Month: 3, Day: 28})
	}
	from := time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, w.zone)
	to := from.AddDate(0, 0, 1+g.IntN(2)*g.IntN(2))
	w.from, w.to = day, sla.Date{Year: to.Year(), Month: to.Month(), Day: to.Day()}
	w.tick = int64(pick(g.Rand, 5, 10, 15, 30, 30, 30, 60, 60, 60, 60)) * 60e9
	w.origin = from.Add(-48 * time.Hour).UnixNano()
	w.start = int((from.UnixNano() - w.origin) / w.tick)
	w.end = int((to.UnixNano() - w.origin) / w.tick)
	w.cells = w.end + w.start
	g.agreed()
	g.happened()
	return w
}

// mark returns a mark of the period or of the day before or after it.
func (g *cellGenerator) mark() int {
	w := g.w
	switch g.IntN(12) {
	case 0:
		return w.start
	case 1:
		return w.end
	case 2, 3, 4, 5, 6:
		return w.start + g.IntN(w.end-w.start)
	}
	return w.start/2 + g.IntN(w.end)
}

func (g *cellGenerator) cellSpan() cellSpan {
	p := cellSpan{start: g.mark()}
	p.end = p.start + 1 + g.IntN(8)
	if chance(g.Rand, 25) {
		p.end = p.start + 1 + g.IntN(40)
	}
	p.end = min(p.end, g.w.end+g.w.start/2)
	p.start = min(p.start, p.end-1)
	return p
}

// spells returns stretches from far away to far away with a few gaps.
func (g *cellGenerator) spells() []cellSpan {
	far := int(int64(400*24*time.Hour) / g.w.tick)
	all := []cellSpan{{-far, none}}
	for range 1 + g.IntN(3) {
		gap := g.cellSpan()
		if p := &all[len(all)-1]; gap.start > p.start {
			p.end = gap.start
			all = append(all, cellSpan{gap.end, none})
		}
	}
	return all
}

var cellCauses = []string{"", "network", "customer", "maintenance"}

func (g *cellGenerator) happened() {
	w := g.w
	if chance(g.Rand, 35) {
		w.asOf = g.mark()
	}
	n := 1
	if w.terms.only != nil || len(w.terms.levels) > 0 {
		n = 1 + g.IntN(4)
	}
	for i := range n {
		r := &cellResource{name: fmt.Sprint("r", i), labels: map[string]string{"class": pick(g.Rand, "gold", "gold", "tin")}}
		zone := g.IntN(3)
		r.labels["zone"], r.labels["region"] = fmt.Sprint("z", zone), fmt.Sprint("y", zone%2)
		w.resources = append(w.resources, r)
		for j := range 1 + g.IntN(8) {
			o := cellOutage{cellSpan: g.cellSpan(), id: fmt.Sprint(r.name, "-o", j), cause: pick(g.Rand, cellCauses...)}
			if j > 0 && chance(g.Rand, 40) {
				last := r.outages[j-1]
				at := pick(g.Rand, last.start, max(last.start, last.end))
				if most := w.end + w.start/2; at < most {
					o.start, o.end = at, min(at+o.end-o.start, most)
				}
			}
			if w.asOf != none && o.start < w.asOf && chance(g.Rand, 25) {
				o.end = none
			}
			o.served = pick[int64](g.Rand, 0, 0, 50e9, 90e9, 95e9, 99.9e9)
			o.marks = map[string]int{}
			if chance(g.Rand, 70) {
				o.marks["ticket"] = o.start + g.IntN(8) - 2
			}
			if chance(g.Rand, 70) {
				o.marks["reported"] = o.start + g.IntN(4) - 1
			}
			r.outages = append(r.outages, o)
		}
		for j := range max(0, g.IntN(6)-2) {
			m := cellMaintenance{cellSpan: g.cellSpan(), id: fmt.Sprint(r.name, "-m", j), cause: pick(g.Rand, "", "", "customer")}
			if len(r.outages) > 0 && chance(g.Rand, 60) {
				o := pick(g.Rand, r.outages...)
				m.cellSpan = cellSpan{o.start + g.IntN(4) - 2, o.start + 2 + g.IntN(6)}
			}
			if w.asOf != none && m.start < w.asOf && chance(g.Rand, 15) {
				m.end = none
			}
			m.announced = m.start - g.IntN(8) + 1
			if chance(g.Rand, 20) {
				m.announced = none
			}
			r.maintenance = append(r.maintenance, m)
		}
		for j := range g.IntN(15) {
			if !w.terms.requests {
				break
			}
			r.traffic = append(r.traffic, g.traffic(fmt.Sprint(r.name, "-t", j)))
			if t := r.traffic[j]; chance(g.Rand, 30) {
				r.maintenance = append(r.maintenance, cellMaintenance{
					cellSpan{t.start, t.end + g.IntN(3)}, fmt.Sprint(r.name, "-tm", j), pick(g.Rand, "", "customer"), t.start - g.IntN(8),
				})
			}
		}
		if chance(g.Rand, 30) {
			r.coverage = g.spells()
		}
		if chance(g.Rand, 25) {
			r.life = g.spells()
		}
	}
}

func (g *cellGenerator) agreed() {
	t := &g.w.terms
	t.slotOrigin = none
	if chance(g.Rand, 25) {
		t.causes = slices.Clone(cellCauses[1:])
		g.Shuffle(len(t.causes), func(i, j int) { t.causes[i], t.causes[j] = t.causes[j], t.causes[i] })
		t.causes = t.causes[:1+g.IntN(3)]
	}
	if chance(g.Rand, 25) {
		t.starts = pick(g.Rand, []string{"reported"}, []string{"ticket"}, []string{"start", "reported"}, []string{"start", "reported", "ticket"})
	}
	if chance(g.Rand, 25) {
		t.ends = pick(g.Rand, []string{"end", "ticket"}, []string{"end", "reported"}, []string{"end", "reported", "ticket"})
	}
	if chance(g.Rand, 50) {
		t.slot = 1 + g.IntN(4)
		if chance(g.Rand, 30) {
			t.slotOrigin = g.mark()
		}
	}
	switch g.IntN(4) {
	case 0:
		t.loss = bound{pick(g.Rand, "over", "at least"), pick(g.Rand, "5", "10", "50", "25", "0.1", "33")}
	case 1:
		t.loss = pick(g.Rand, bound{"exactly", "100"}, bound{"over", "0"}, bound{"at least", "100"})
	}
	if chance(g.Rand, 40) {
		t.lasting = bound{pick(g.Rand, "over", "at least"), strconv.Itoa(1 + g.IntN(8))}
	}
	t.promise = bound{pick(g.Rand, "at least", "over"), pick(g.Rand, "99", "95", "90", "80", "50")}
	for i := range g.IntN(4) {
		r := clauseRow{below: t.promise.number}
		if i > 0 {
			r.below = []string{"", "45", "20"}[i]
		}
		if chance(g.Rand, 30) {
			r.per, r.size = pick(g.Rand, "full", "started"), 1+g.IntN(5)
		}
		t.rows = append(t.rows, r)
	}
	if chance(g.Rand, 15) {
		g.counted()
	}
	if chance(g.Rand, 60) {
		g.exclusions()
	}
	if !t.requests && chance(g.Rand, 35) {
		g.scope()
	}
	g.calculation()
}

func (g *cellGenerator) scope() {
	t := &g.w.terms
	if chance(g.Rand, 40) {
		t.only = map[string][]string{"class": pick(g.Rand, []string{"gold"}, []string{"gold", "tin"}, []string{"tin", "iron"})}
	}
	if chance(g.Rand, 20) {
		return
	}
	for _, by := range pick(g.Rand, []string{"zone"}, []string{"region"}, []string{"zone", "region"}) {
		l := clauseLevel{by: by, least: max(0, g.IntN(6)-3)}
		switch g.IntN(3) {
		case 0:
			l.down = bound{pick(g.Rand, "over", "at least"), strconv.Itoa(1 + g.IntN(2))}
		case 1:
			l.share = true
			l.down = pick(g.Rand, bound{"exactly", "100"}, bound{"over", "50"}, bound{"at least", "50"}, bound{"over", "33"}, bound{"at least", "66.7"})
		}
		t.levels = append(t.levels, l)
	}
	if chance(g.Rand, 25) {
		t.levels[len(t.levels)-1] = clauseLevel{by: t.levels[len(t.levels)-1].by, pooled: true}
	}
}

var clockTexts = []string{
	"Mon-Fri 09:00-17:00", "02:00-04:00", "22:00-06:00", "Sun", "Sun 22:00-06:00",
	"Sat-Mon 10:00-12:00", "not Sat", "not 01:00-03:00", "not 12:00-13:00",
}

// clockHours returns one to three hours.
func (g *cellGenerator) clockHours() []string {
	texts := slices.Clone(clockTexts)
	g.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
	return texts[:1+g.IntN(3)]
}

// counted turns to requests.
func (g *cellGenerator) counted() {
	t := &g.w.terms
	t.causes, t.starts, t.ends = nil, nil, nil
	t.requests = true
	switch {
	case chance(g.Rand, 30):
		t.slot, t.slotOrigin, t.slotPeriod = 0, none, true
		t.lasting = bound{}
	case t.slot == 0:
		t.slot = 1 + g.IntN(4)
	}
	if chance(g.Rand, 40) {
		t.minRequests = int64(10 + g.IntN(150))
	}
}

// traffic returns requests in one slot.
func (g *cellGenerator) traffic(id string) cellTraffic {
	w := g.w
	p := pick(g.Rand, w.periods(nil)...)
	c := clauseCalc{w: w, t: &w.terms, start: p[0], end: p[1]}
	span := cellSpan{start: g.mark()}
	if w.terms.slotPeriod || chance(g.Rand, 50) {
		span.start = p[0] + g.IntN(p[1]-p[0])
	}
	span.end = span.start + 1 + g.IntN(c.slotEnd(span.start)-span.start)
	t := cellTraffic{cellSpan: span, id: id, requests: pick[int64](g.Rand, 0, 10, 50, 100, 100, 200)}
	t.failed = t.requests * pick[int64](g.Rand, 0, 0, 10, 30, 50, 100) / 100
	return t
}

func (g *cellGenerator) exclusions() {
	t := &g.w.terms
	forgiven := map[string]bool{} // a cause is forgiven once
	for range 1 + g.IntN(3) {
		e := clauseExclusion{notice: none, noNotice: true, allowance: none}
		for _, cause := range cellCauses[1:] {
			if !forgiven[cause] && chance(g.Rand, 55) {
				forgiven[cause] = true
				e.causes = append(e.causes, cause)
			}
		}
		if len(e.causes) == 0 || chance(g.Rand, 20) {
			e.hours = g.clockHours()
		}
		if slices.Contains(e.causes, "maintenance") || len(e.causes) > 0 && chance(g.Rand, 20) {
			e.noNotice = false
			if chance(g.Rand, 60) {
				e.notice = 1 + g.IntN(5)
			}
		}
		switch g.IntN(6) {
		case 0:
			e.first = true
		case 1:
			e.removed = true
		case 2, 3:
			e.allowance, e.per = 1+g.IntN(g.IntN(6)+1), pick(g.Rand, "", "per 1mo", "per outage")
		case 4:
			e.first, e.removed = true, true
		}
		t.exclusions = append(t.exclusions, e)
	}
}

func (g *cellGenerator) calculation() {
	t := &g.w.terms
	if chance(g.Rand, 20) {
		t.zone = pick(g.Rand, time.UTC, berlin, newYork)
	}
	if chance(g.Rand, 20) {
		t.hours = g.clockHours()
	}
	for _, e := range t.exclusions {
		if t.zone == nil && (len(e.hours) > 0 || len(t.hours) > 0) {
			t.zone = g.w.zone
		}
	}
	if t.zone == nil && len(t.hours) > 0 {
		t.zone = g.w.zone
	}
	t.weighted = chance(g.Rand, 20)
	for i := range t.exclusions {
		e := &t.exclusions[i]
		if t.requests {
			e.allowance = none
		}
	}
	if chance(g.Rand, 10) {
		t.length = (1 + g.IntN(36)) * int(int64(time.Hour)/g.w.tick)
	}
	t.whole = chance(g.Rand, 15)
	if chance(g.Rand, 30) {
		t.unknown = pick(g.Rand, "up", "down", "out")
	}
	if chance(g.Rand, 20) {
		t.roundWord, t.roundSize = pick(g.Rand, "nearest", "full", "started"), pick(g.Rand, "0.1", "1", "5", "0.01")
	}
	if chance(g.Rand, 25) {
		t.period = pick(g.Rand, "1d", "2d trailing", "1d trailing", "outage")
		if t.period == "outage" {
			t.hours, t.length, t.whole = nil, 0, false
			if n := len(t.levels); t.requests || n > 0 && t.levels[n-1].pooled {
				t.period = ""
			}
			for i := range t.exclusions {
				if e := &t.exclusions[i]; e.allowance != none && e.per == "" {
					e.per = "per outage"
				}
			}
		}
	}
}

// ---- The test ----

func TestClausesOracle(t *testing.T) {
	seed := oracleNumber(t, "SLACREDIT_ORACLE_SEED", 1)
	count := oracleNumber(t, "SLACREDIT_CLAUSES_COUNT", 1_500)
	first := uint64(0)
	if only := os.Getenv("SLACREDIT_ORACLE_ONLY"); only != "" {
		first = oracleNumber(t, "SLACREDIT_ORACLE_ONLY", 0)
		count = first + 1
		t.Logf("the world:\n%s", newCellWorld(seed, first).GoText())
	} else if testing.Short() {
		count /= 20
	}
	const shards = 8
	var shown [5]atomic.Int64 // worlds that show the state
	t.Run("worlds", func(t *testing.T) {
		for shard := range uint64(shards) {
			t.Run(strconv.FormatUint(shard, 10), func(t *testing.T) {
				t.Parallel()
				for n := first + shard; n < count; n += shards {
					w := newCellWorld(seed, n)
					oracle := w.oracle()
					if d := w.differencesTo(oracle); d != "" {
						small := w.shrink()
						t.Fatalf("SLACREDIT_ORACLE_SEED=%d SLACREDIT_ORACLE_ONLY=%d, and smaller:\n%s\n%s",
							seed, n, small.GoText(), small.differences())
					}
					cells := fmt.Sprint(oracle)
					for state, letter := range []string{"U", "D", "E", "?", "O"} {
						for _, before := range []string{"U", "D", "E", "?", "O"} {
							if strings.Contains(cells, before+letter) {
								shown[state].Add(1)
								break
							}
						}
					}
				}
			})
		}
	})
	if t.Failed() || count-first < 1000 {
		return
	}
	// A comparison of worlds in which nothing happens would prove nothing.
	for state := range shown {
		n := shown[state].Load()
		t.Logf("%d of %d worlds show %s", n, count-first, sla.State(state))
		if uint64(n) < (count-first)/25 {
			t.Errorf("only %d of %d worlds show %s", n, count-first, sla.State(state))
		}
	}
}
