package sla_test

import (
	"cmp"
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
	_ "time/tzdata" // the zones of the worlds, wherever the test runs

	"github.com/shopspring/decimal"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// The oracle is a second implementation of the accounting, written from the
// documents and meant to be too simple to be wrong. Time is an array of cells
// over which nothing changes, every question is a loop over all cells and all
// records, and every ratio is a big.Rat. It knows no sets and no sweeps.
//
// SLACREDIT_ORACLE_COUNT sets the number of random scenarios (6,000) and
// SLACREDIT_ORACLE_SEED the seed. SLACREDIT_ORACLE_ONLY judges the one scenario
// of that number and prints it.

// A scenario is a small world, what happened in it, and what was agreed.
type scenario struct {
	// bounds are the instants, in nanoseconds since the epoch, at which
	// anything may begin or end. Cell i lies before bounds[i], so that cell 0
	// and cell len(bounds) have no end. The first and the last bound are far
	// away; between the others lie ticks of one length and, where the ticks
	// straddle one edge of the period, the quiet rest of it.
	bounds []int64
	tick   int64

	from, to   calendar.Date
	zone       *time.Location
	start, end int // the bounds of the period

	asOf        int // none: the records are complete
	outages     []outageSpec
	maintenance []maintenanceSpec
	coverage    []span
	life        []span
	repeats     []int // positions of records that come twice
	shuffle     uint64

	commitments []commitmentSpec
}

const none = -1

// A span is a stretch from one bound to another; an end of none is open.
type span struct{ start, end int }

type outageSpec struct {
	span
	id     string
	served int64 // in billionths of a percent point
	cause  string
}

type maintenanceSpec struct {
	span
	id        string
	announced int64 // nanoseconds since the epoch
	never     bool
}

type commitmentSpec struct {
	loss       bound // in percent; zero: any
	lasting    bound // in nanoseconds; zero: any
	exclusions []exclusionSpec
	promise    bound
	rows       []rowSpec
}

type exclusionSpec struct {
	causes []string
	notice int64 // nanoseconds; none: "none"
}

type rowSpec struct {
	when []bound // none: whenever the promise is broken
	give string
	per  string // "", "full" or "started"
	size int64  // nanoseconds
}

// A bound is a word with a number: of percent points, or of nanoseconds.
type bound struct {
	word   string
	number string
}

func rat(number string) *big.Rat {
	r, ok := new(big.Rat).SetString(number)
	if !ok {
		panic(number)
	}
	return r
}

func integer(number string) int64 {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

func (b bound) holds(value *big.Rat) bool { return b.accepts(value.Cmp(rat(b.number))) }

// accepts reports whether b holds for a value that compares so to its number.
func (b bound) accepts(c int) bool {
	switch b.word {
	case "below":
		return c < 0
	case "at most":
		return c <= 0
	case "at least":
		return c >= 0
	case "over":
		return c > 0
	case "exactly":
		return c == 0
	}
	panic(b.word)
}

// broken returns the bound that holds where b, a promise, does not.
func (b bound) broken() bound {
	if b.word == "over" {
		return bound{"at most", b.number}
	}
	return bound{"below", b.number}
}

// ---- The oracle: time ----

// forever is longer than any length that an agreement of a scenario names.
const forever = 1 << 61

// A tally is what the oracle finds for one commitment.
type tally struct {
	states     []sla.State // of every cell
	parts      [5]int64    // of the period, by state
	downAtMost int64
	due        int64
	runs       [][2]int // bounds of the runs of counted downtime that touch the period
	runsOn     int      // the bound at which one of them is cut off by the as-of instant, or none
}

func (s *scenario) length(cell int) int64 {
	if cell == 0 || cell == len(s.bounds) {
		return forever
	}
	return s.bounds[cell] - s.bounds[cell-1]
}

// covers reports whether the span covers the cell. An open one does so for
// ever.
func (p span) covers(cell int) bool {
	return cell > p.start && (p.end == none || cell <= p.end)
}

func anyCovers(spans []span, cell int) bool {
	return slices.ContainsFunc(spans, func(p span) bool { return p.covers(cell) })
}

func (s *scenario) afterAsOf(cell int) bool { return s.asOf != none && cell > s.asOf }

// speaking returns the outages that are under way in the cell.
func (s *scenario) speaking(cell int) []outageSpec {
	var found []outageSpec
	for _, o := range s.outages {
		if o.covers(cell) && !s.afterAsOf(cell) {
			found = append(found, o)
		}
	}
	return found
}

// passes reports whether the loss is one at which a moment is down. Both it and
// the limit are in billionths of a percent point.
func (c *commitmentSpec) passes(lost, limit int64) bool {
	if c.loss.word == "" {
		return lost > 0
	}
	return c.loss.accepts(cmp.Compare(lost, limit))
}

func (c *commitmentSpec) excusedCause(cause string) bool {
	for _, e := range c.exclusions {
		if !slices.Contains(e.causes, cause) {
			continue
		}
		if cause != "maintenance" || e.notice == none {
			return true
		}
	}
	return false
}

// excusedWindow reports whether the cell lies in planned work that excuses it.
func (s *scenario) excusedWindow(c *commitmentSpec, cell int) bool {
	for _, e := range c.exclusions {
		if !slices.Contains(e.causes, "maintenance") {
			continue
		}
		for _, m := range s.maintenance {
			if !m.covers(cell) || m.end == none && s.afterAsOf(cell) {
				continue
			}
			if e.notice == none || !m.never && m.announced+e.notice <= s.bounds[m.start] {
				return true
			}
		}
	}
	return false
}

// longEnough clears every run of down cells that is too short to count.
func (s *scenario) longEnough(c *commitmentSpec, down []bool) []bool {
	kept := make([]bool, len(down))
	if c.lasting.word == "" {
		copy(kept, down)
		return kept
	}
	limit := integer(c.lasting.number)
	for first := range down {
		if !down[first] || first > 0 && down[first-1] {
			continue
		}
		var total int64
		last := first
		for ; last < len(down) && down[last]; last++ {
			total += s.length(last)
		}
		for cell := first; cell < last; cell++ {
			kept[cell] = c.lasting.accepts(cmp.Compare(total, limit))
		}
	}
	return kept
}

func (s *scenario) measure(c *commitmentSpec) tally {
	cells := len(s.bounds) + 1
	low := make([]bool, cells)  // down, if whatever nobody knows was up
	high := make([]bool, cells) // down, if whatever nobody knows was down
	excused := make([]bool, cells)
	unknown := make([]bool, cells)
	var limit int64
	if c.loss.word != "" {
		limit = integer(new(big.Rat).Mul(rat(c.loss.number), big.NewRat(1e9, 1)).RatString())
	}
	for i := range cells {
		speaking := s.speaking(i)
		var worst, unforgiven int64 // in billionths of a percent point
		for _, o := range speaking {
			worst = max(worst, 100e9-o.served)
			if !c.excusedCause(o.cause) {
				unforgiven = max(unforgiven, 100e9-o.served)
			}
		}
		low[i] = c.passes(worst, limit)
		unknown[i] = s.afterAsOf(i) ||
			len(s.coverage) > 0 && !anyCovers(s.coverage, i) && len(speaking) == 0
		high[i] = low[i] || unknown[i]
		// An outage that loses too little to count does not make an excused
		// one beside it count.
		excused[i] = s.excusedWindow(c, i) || low[i] && !c.passes(unforgiven, limit)
	}
	low, high = s.longEnough(c, low), s.longEnough(c, high)

	t := tally{states: make([]sla.State, cells), runsOn: none}
	counted := make([]bool, cells)
	for i := range cells {
		weigh := func(down bool) sla.State {
			switch {
			case !down:
				return sla.Up
			case excused[i]:
				return sla.Excused
			}
			return sla.Down
		}
		atFirst, atSecond := weigh(low[i]), weigh(high[i])
		alive := len(s.life) == 0 || anyCovers(s.life, i)
		switch {
		case !alive:
			t.states[i] = sla.Outside
		case unknown[i]:
			// Also where it is too short to count: nobody knows that it was up.
			t.states[i] = sla.Unknown
		case atFirst != sla.Down && atSecond == sla.Down:
			t.states[i] = sla.Unknown // lost, and nobody knows whether it counts
		default:
			// Settled, or it would count at neither bound.
			t.states[i] = atFirst
		}
		counted[i] = alive && atFirst == sla.Down
		if s.start < i && i <= s.end {
			t.parts[t.states[i]] += s.length(i)
			if alive {
				t.due += s.length(i)
				if atSecond == sla.Down {
					t.downAtMost += s.length(i)
				}
			}
		}
	}
	for i := 1; i < cells; i++ {
		if !counted[i] || counted[i-1] {
			continue
		}
		last := i
		for counted[last+1] {
			last++
		}
		if last > s.start && i <= s.end {
			t.runs = append(t.runs, [2]int{i - 1, last})
			if last == s.asOf && s.runsOn(c, limit) {
				t.runsOn = last
			}
		}
	}
	return t
}

// runsOn reports whether the downtime before the as-of instant goes on beyond it
// as far as is known: by an outage that has no end yet or a later one, that
// counts, and that nothing excuses there. Nobody knows yet where such a run ends.
func (s *scenario) runsOn(c *commitmentSpec, limit int64) bool {
	after := s.asOf + 1
	if len(s.life) > 0 && !anyCovers(s.life, after) || s.excusedWindow(c, after) {
		return false
	}
	return slices.ContainsFunc(s.outages, func(o outageSpec) bool {
		return o.covers(s.asOf) && o.covers(after) &&
			c.passes(100e9-o.served, limit) && !c.excusedCause(o.cause)
	})
}

// ---- The oracle: ratios ----

// availability returns the ratio in percent points, and nil if nothing was due.
func availability(due, down int64) *big.Rat {
	if due == 0 {
		return nil
	}
	r := big.NewRat(due-down, due)
	return r.Mul(r, big.NewRat(100, 1))
}

// floor returns the greatest whole number that is not above r.
func floor(r *big.Rat) *big.Int { return new(big.Int).Div(r.Num(), r.Denom()) }

// floored returns r with the given decimal places, rounded down.
func floored(r *big.Rat, places int) string {
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil))
	n := floor(new(big.Rat).Mul(r, scale))
	sign := ""
	if n.Sign() < 0 {
		sign = "-"
		n.Neg(n)
	}
	digits := n.String()
	for len(digits) <= places {
		digits = "0" + digits
	}
	if places == 0 {
		return sign + digits
	}
	return sign + digits[:len(digits)-places] + "." + digits[len(digits)-places:]
}

// lost returns due × (100 % − number).
func lost(due int64, number string) *big.Rat {
	share := new(big.Rat).Sub(big.NewRat(100, 1), rat(number))
	share.Mul(share, big.NewRat(due, 100))
	return share
}

// mostBefore returns the most downtime at which the bound, "below" or "at
// most" some availability, does not hold yet.
func mostBefore(due int64, b bound) int64 {
	if due == 0 {
		return 0
	}
	limit := lost(due, b.number)
	n := floor(limit)
	if b.word == "at most" && limit.IsInt() {
		n.Sub(n, big.NewInt(1))
	}
	return n.Int64()
}

// upper returns the bound that says where the row begins.
func (c *commitmentSpec) upper(r rowSpec) bound {
	if len(r.when) == 0 {
		return c.promise.broken()
	}
	for _, b := range r.when {
		if b.word == "below" || b.word == "at most" {
			return b
		}
	}
	panic("a row without an upper bound")
}

func (c *commitmentSpec) kept(percent *big.Rat) bool {
	return percent == nil || c.promise.holds(percent)
}

// entitlement returns the row that gives, its steps and its percent.
func (c *commitmentSpec) entitlement(n int, due, down int64) string {
	percent := availability(due, down)
	row := none
	for i, r := range c.rows {
		holds := percent != nil
		if holds && len(r.when) == 0 {
			holds = !c.kept(percent)
		}
		for _, b := range r.when {
			holds = holds && b.holds(percent)
		}
		if holds {
			row = i
		}
	}
	if row == none {
		return "no row, 0 steps, 0%"
	}
	r := c.rows[row]
	steps := int64(1)
	switch r.per {
	case "full":
		steps = down / r.size
	case "started":
		steps = down / r.size
		if down%r.size != 0 {
			steps++
		}
	}
	give := rat(r.give)
	give.Mul(give, big.NewRat(steps, 1))
	return fmt.Sprintf("/commitments/%d/credits/%d, %d steps, %s%%", n, row, steps, give.RatString())
}

// findings returns every figure of commitment n as the oracle sees it.
func (s *scenario) findings(n int) []string {
	c := &s.commitments[n]
	t := s.measure(c)
	down := t.parts[sla.Down]
	lines := s.figures(t)
	say := func(format string, a ...any) { lines = append(lines, fmt.Sprintf(format, a...)) }

	best, worst := availability(t.due, down), availability(t.due, t.downAtMost)
	switch {
	case !c.kept(best):
		say("outcome %s", sla.Missed)
	case !c.kept(worst):
		say("outcome %s", sla.Undecided)
	default:
		say("outcome %s", sla.Met)
	}
	allowed := mostBefore(t.due, c.promise.broken())
	say("allowed %d, margin %d", allowed, allowed-down)

	next := "no next row" // also where nothing was due: no downtime would reach one
	for i, r := range c.rows {
		upper := c.upper(r)
		if best != nil && !upper.holds(best) {
			next = fmt.Sprintf("next /commitments/%d/credits/%d in %d", n, i, mostBefore(t.due, upper)-down)
			break
		}
	}
	say("%s", next)

	atFirst, atSecond := c.entitlement(n, t.due, down), c.entitlement(n, t.due, t.downAtMost)
	say("gives %s", atFirst)
	say("gives at most %s", atSecond)
	say("settled %t", c.kept(best) == c.kept(worst) && atFirst == atSecond)

	budget := lost(t.due, c.promise.number)
	say("budget %d, consumed %d, remaining %d", allowed, down, allowed-down)
	for _, places := range []int{0, 2, 9} {
		if budget.Sign() == 0 {
			say("no budget")
			continue
		}
		left := new(big.Rat).Sub(budget, big.NewRat(down, 1))
		left.Quo(left, budget)
		left.Mul(left, big.NewRat(100, 1))
		say("budget left %s", floored(left, places))
	}
	return lines
}

// figures returns the lines of a measurement as the oracle sees it.
func (s *scenario) figures(t tally) []string {
	var lines []string
	say := func(format string, a ...any) { lines = append(lines, fmt.Sprintf(format, a...)) }
	down := t.parts[sla.Down]
	say("up %d, down %d, excused %d, unknown %d, outside %d", t.parts[sla.Up], down,
		t.parts[sla.Excused], t.parts[sla.Unknown], t.parts[sla.Outside])
	say("down at most %d, due %d", t.downAtMost, t.due)
	shown := func(d int64, places int) string { // of one bound
		percent := availability(t.due, d)
		switch text := floored(percent, places); {
		case d == 0 && t.parts[sla.Unknown] == 0:
			return "100%"
		case d == 0 && places == 0:
			return "100.0%"
		default:
			return text + "%"
		}
	}
	for i, d := range []int64{down, t.downAtMost} {
		percent := availability(t.due, d)
		if percent == nil {
			say("undefined")
			continue
		}
		say("ratio %s", new(big.Rat).Quo(percent, big.NewRat(100, 1)).RatString())
		for places := range 10 {
			text := shown(d, places)
			if worse := availability(t.due, t.downAtMost); i == 0 && worse.Cmp(percent) != 0 {
				text = shown(t.downAtMost, places) + " to " + text
			}
			say("%s %s", floored(percent, places), text)
		}
	}
	var count, longest, sum int64
	runs := "runs"
	for _, r := range t.runs {
		first, last := s.bounds[r[0]], s.bounds[r[1]]
		runs += fmt.Sprintf(" %d-%d", first, last)
		longest = max(longest, last-first)
		if r[1] <= s.end && r[1] != t.runsOn {
			count++
			sum += last - first
		}
	}
	say("%s", runs)
	say("count %d, longest %d", count, longest)
	if count > 0 {
		say("mean %s", floor(big.NewRat(sum, count)))
	} else {
		say("no mean")
	}
	var states strings.Builder
	for i := s.start + 1; i <= s.end; i++ {
		states.WriteByte("UDE?O"[t.states[i]])
	}
	say("cells %s", states.String())
	return lines
}

// ---- The library, in the same lines ----

func (s *scenario) instant(bound int) time.Time {
	if bound == none {
		return time.Time{}
	}
	return time.Unix(0, s.bounds[bound]).UTC()
}

func (s *scenario) records() []outage.Record {
	var records []outage.Record
	for _, o := range s.outages {
		records = append(records, outage.Outage{
			ID: o.id, Resource: "r",
			Start: s.instant(o.start), End: s.instant(o.end),
			ServedPercent: decimal.New(o.served, -9), Cause: o.cause,
		})
	}
	for _, m := range s.maintenance {
		var announced time.Time
		if !m.never {
			announced = time.Unix(0, m.announced).UTC()
		}
		records = append(records, outage.Maintenance{
			ID: m.id, Resource: "r",
			Start: s.instant(m.start), End: s.instant(m.end), Announced: announced,
		})
	}
	for _, p := range s.coverage {
		records = append(records, outage.Coverage{Resource: "r", Start: s.instant(p.start), End: s.instant(p.end)})
	}
	for _, p := range s.life {
		records = append(records, outage.Lifetime{Resource: "r", Start: s.instant(p.start), End: s.instant(p.end)})
	}
	for _, i := range s.repeats {
		if i < len(records) {
			records = append(records, records[i])
		}
	}
	rand.New(rand.NewPCG(s.shuffle, 0)).Shuffle(len(records), func(i, j int) {
		records[i], records[j] = records[j], records[i]
	})
	return records
}

// lengthText writes nanoseconds as a contract would, in the largest unit that
// divides them.
func lengthText(ns int64) sla.Quantity {
	for _, u := range []struct {
		name string
		ns   int64
	}{{"d", 24 * 3600e9}, {"h", 3600e9}, {"m", 60e9}, {"s", 1e9}} {
		if ns > 0 && ns%u.ns == 0 {
			return sla.Quantity(fmt.Sprintf("%d%s", ns/u.ns, u.name))
		}
	}
	return sla.Quantity(decimal.New(ns, -9).String() + "s")
}

func (b bound) percent() string {
	if b.word == "" {
		return ""
	}
	return b.word + " " + b.number + "%"
}

func (s *scenario) agreement() sla.Agreement {
	a := sla.Agreement{Name: "oracle"}
	for i, c := range s.commitments {
		out := sla.Commitment{Name: fmt.Sprint("c", i), Promise: sla.Range(c.promise.percent())}
		out.Downtime.Loss = sla.Range(c.loss.percent())
		if c.lasting.word != "" {
			out.Downtime.Lasting = sla.Range(c.lasting.word + " " + string(lengthText(integer(c.lasting.number))))
		}
		for _, e := range c.exclusions {
			x := sla.Exclusion{Causes: e.causes}
			if slices.Contains(e.causes, "maintenance") {
				x.Notice = "none"
				if e.notice != none {
					x.Notice = lengthText(e.notice)
				}
			}
			out.Exclusions = append(out.Exclusions, x)
		}
		for _, r := range c.rows {
			var when []string
			for _, b := range r.when {
				when = append(when, b.percent())
			}
			tier := sla.Tier{When: sla.Range(strings.Join(when, ", ")), Give: sla.Quantity(r.give + "%")}
			if r.per != "" {
				tier.Per = sla.Step(r.per + " " + string(lengthText(r.size)))
			}
			out.Credits = append(out.Credits, tier)
		}
		a.Commitments = append(a.Commitments, out)
	}
	return a
}

// judged returns the lines of every commitment, then those of a measurement
// where nothing is agreed, as the library sees them.
func (s *scenario) judged() ([][]string, error) {
	terms, err := s.agreement().Compile()
	if err != nil {
		return nil, err
	}
	timeline, err := outage.Options{AsOf: s.instant(s.asOf)}.Timeline(s.records()...)
	if err != nil {
		return nil, err
	}
	period, err := calendar.NewPeriod(s.from, s.to, s.zone)
	if err != nil {
		return nil, err
	}
	verdict, err := terms.Judge(timeline, period)
	if err != nil {
		return nil, err
	}
	var all [][]string
	outcome := sla.Met
	for _, f := range verdict.Findings {
		lines := s.measured(f.Measurement)
		say := func(format string, a ...any) { lines = append(lines, fmt.Sprintf(format, a...)) }
		say("outcome %s", f.Outcome)
		say("allowed %d, margin %d", f.Allowed, f.Margin())
		if f.Next == (sla.NextTier{}) {
			say("no next row")
		} else {
			say("next %s in %d", f.Next.Clause, f.Next.Margin)
		}
		gives := func(e sla.Entitlement) string {
			clause := e.Clause
			if clause == "" {
				clause = "no row"
			}
			return fmt.Sprintf("%s, %d steps, %s%%", clause, e.Steps, e.Percent.Points().Rat().RatString())
		}
		say("gives %s", gives(f.Entitlement))
		say("gives at most %s", gives(f.EntitlementAtMost))
		say("settled %t", f.Decided())
		b := f.ErrorBudget()
		say("budget %d, consumed %d, remaining %d", b.Allowed, b.Consumed, b.Remaining())
		for _, places := range []uint8{0, 2, 9} {
			left, err := b.RemainingPercent(places)
			if err != nil {
				say("no budget")
				continue
			}
			say("budget left %s", left.StringFixed(int32(places)))
		}
		all = append(all, lines)
		switch {
		case f.Outcome == sla.Missed, outcome == sla.Missed:
			outcome = sla.Missed
		case f.Outcome == sla.Undecided:
			outcome = sla.Undecided
		}
	}
	if verdict.Outcome() != outcome {
		return nil, fmt.Errorf("the verdict is %s, its findings say %s", verdict.Outcome(), outcome)
	}
	plain, err := sla.Measure(timeline, period)
	if err != nil {
		return nil, err
	}
	return append(all, s.measured(plain)), nil
}

func (s *scenario) measured(m sla.Measurement) []string {
	var lines []string
	say := func(format string, a ...any) { lines = append(lines, fmt.Sprintf(format, a...)) }
	say("up %d, down %d, excused %d, unknown %d, outside %d", m.Up, m.Down, m.Excused, m.Unknown, m.Outside)
	say("down at most %d, due %d", m.DownAtMost, m.Due)
	for _, a := range []sla.Availability{m.Availability(), m.AvailabilityAtLeast()} {
		ratio := a.Ratio()
		if ratio == nil {
			say("undefined")
			if _, defined := a.Percent(3); defined || a.Text(3) != "undefined" {
				say("but %s", a.Text(3))
			}
			continue
		}
		say("ratio %s", ratio.RatString())
		for places := range uint8(10) {
			percent, _ := a.Percent(places)
			say("%s %s", percent.StringFixed(int32(places)), a.Text(places))
		}
	}
	runs := "runs"
	for _, r := range m.Outages {
		runs += fmt.Sprintf(" %d-%d", r.Window.Start().UnixNano(), r.Window.End().UnixNano())
	}
	say("%s", runs)
	say("count %d, longest %d", m.Count(), m.Longest())
	if mean, any := m.MeanTimeToRestore(); any {
		say("mean %d", mean)
	} else {
		say("no mean")
	}
	var states strings.Builder
	p := 0
	for i := s.start + 1; i <= s.end; i++ {
		for p < len(m.Pieces) && m.Pieces[p].Window.End().UnixNano() <= s.bounds[i-1] {
			p++
		}
		switch {
		case p == len(m.Pieces):
			states.WriteByte('-') // no piece
		case m.Pieces[p].Window.Start().UnixNano() > s.bounds[i-1], m.Pieces[p].Window.End().UnixNano() < s.bounds[i]:
			states.WriteByte('/') // a part of the cell
		default:
			states.WriteByte("UDE?O"[m.Pieces[p].State])
		}
	}
	say("cells %s", states.String())
	sum := time.Duration(0)
	for _, d := range m.DueSteps {
		sum += d.Length
	}
	if sum != m.Due {
		say("due steps add up to %d", sum)
	}
	return lines
}

// differences compares the two sides; it is empty where they agree.
func (s *scenario) differences() string {
	library, err := s.judged()
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	var b strings.Builder
	for i := range s.commitments {
		difference(&b, fmt.Sprint("commitment ", i), s.findings(i), library[i])
	}
	plain := s.measure(&commitmentSpec{})
	difference(&b, "nothing agreed", s.figures(plain), library[len(library)-1])
	return b.String()
}

func difference(b *strings.Builder, name string, oracle, library []string) {
	if slices.Equal(oracle, library) {
		return
	}
	fmt.Fprintf(b, "%s:\n", name)
	for i := range max(len(oracle), len(library)) {
		var x, y string
		if i < len(oracle) {
			x = oracle[i]
		}
		if i < len(library) {
			y = library[i]
		}
		if x == y {
			fmt.Fprintf(b, "\t  both    %s\n", x)
			continue
		}
		fmt.Fprintf(b, "\t! oracle  %s\n\t! library %s\n", x, y)
	}
}

// GoText returns the scenario as the literals that say it.
func (s *scenario) GoText() string {
	var b strings.Builder
	at := func(bound int) string {
		if bound == none {
			return "open"
		}
		return s.instant(bound).Format(time.RFC3339Nano)
	}
	fmt.Fprintf(&b, "period, _ := calendar.NewPeriod(%#v, %#v, %q) // %s to %s\n", s.from, s.to, s.zone, at(s.start), at(s.end))
	fmt.Fprintf(&b, "tick := time.Duration(%d) // %s\n", s.tick, time.Duration(s.tick))
	if s.asOf != none {
		fmt.Fprintf(&b, "options := outage.Options{AsOf: %q}\n", at(s.asOf))
	}
	for _, o := range s.outages {
		fmt.Fprintf(&b, "outage.Outage{ID: %q, Start: %q, End: %q, ServedPercent: %s, Cause: %q} // bounds %d to %d\n",
			o.id, at(o.start), at(o.end), decimal.New(o.served, -9), o.cause, o.start, o.end)
	}
	for _, m := range s.maintenance {
		announced := "never"
		if !m.never {
			announced = time.Unix(0, m.announced).UTC().Format(time.RFC3339Nano)
		}
		fmt.Fprintf(&b, "outage.Maintenance{ID: %q, Start: %q, End: %q, Announced: %q} // bounds %d to %d\n",
			m.id, at(m.start), at(m.end), announced, m.start, m.end)
	}
	for _, p := range s.coverage {
		fmt.Fprintf(&b, "outage.Coverage{Start: %q, End: %q} // bounds %d to %d\n", at(p.start), at(p.end), p.start, p.end)
	}
	for _, p := range s.life {
		fmt.Fprintf(&b, "outage.Lifetime{Start: %q, End: %q} // bounds %d to %d\n", at(p.start), at(p.end), p.start, p.end)
	}
	for _, c := range s.agreement().Commitments {
		fmt.Fprintf(&b, "%#v\n", c)
	}
	return b.String()
}

// shrink drops whatever the difference does not need.
func (s *scenario) shrink() *scenario {
	smaller := func(s *scenario) []*scenario {
		var all []*scenario
		with := func(change func(*scenario)) {
			c := *s
			c.commitments = slices.Clone(s.commitments)
			change(&c)
			all = append(all, &c)
		}
		if len(s.commitments) > 1 {
			for i := range s.commitments {
				with(func(c *scenario) { c.commitments = slices.Delete(c.commitments, i, i+1) })
			}
		}
		if len(s.repeats) > 0 {
			with(func(c *scenario) { c.repeats = nil })
		}
		for i := range s.outages {
			with(func(c *scenario) { c.outages = slices.Delete(slices.Clone(s.outages), i, i+1) })
			if s.outages[i].served != 0 {
				with(func(c *scenario) { c.outages = slices.Clone(s.outages); c.outages[i].served = 0 })
			}
		}
		for i := range s.maintenance {
			with(func(c *scenario) { c.maintenance = slices.Delete(slices.Clone(s.maintenance), i, i+1) })
		}
		for i := range s.coverage {
			with(func(c *scenario) { c.coverage = slices.Delete(slices.Clone(s.coverage), i, i+1) })
		}
		for i := range s.life {
			with(func(c *scenario) { c.life = slices.Delete(slices.Clone(s.life), i, i+1) })
		}
		if s.asOf != none {
			with(func(c *scenario) { c.asOf = none })
		}
		for i, k := range s.commitments {
			for j := range k.exclusions {
				with(func(c *scenario) {
					c.commitments[i].exclusions = slices.Delete(slices.Clone(k.exclusions), j, j+1)
				})
			}
			if len(k.rows) > 0 {
				with(func(c *scenario) { c.commitments[i].rows = nil })
			}
			if k.loss.word != "" {
				with(func(c *scenario) { c.commitments[i].loss = bound{} })
			}
			if k.lasting.word != "" {
				with(func(c *scenario) { c.commitments[i].lasting = bound{} })
			}
		}
		return all
	}
	failed := strings.HasPrefix(s.differences(), "error")
search:
	for {
		for _, c := range smaller(s) {
			if d := c.differences(); d != "" && strings.HasPrefix(d, "error") == failed {
				s = c
				continue search
			}
		}
		return s
	}
}

// ---- The worlds ----

var worldZones = func() []*time.Location {
	zones := []*time.Location{time.UTC, time.FixedZone("UTC+05:45", 20700)}
	for _, name := range []string{"Europe/Berlin", "America/New_York"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			panic(err)
		}
		zones = append(zones, zone)
	}
	return zones
}()

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

func chance(r *rand.Rand, percent int) bool { return r.IntN(100) < percent }

// A generator fills one scenario.
type generator struct {
	*rand.Rand
	s           *scenario
	first, last int // bounds of the ticks
}

func newScenario(seed, number uint64) *scenario {
	g := generator{rand.New(rand.NewPCG(seed, number)), &scenario{asOf: none}, 0, 0}
	if chance(g.Rand, 60) {
		g.calendarWorld()
	} else {
		g.edgeWorld()
	}
	g.happened()
	for range 1 + g.IntN(2) {
		g.s.commitments = append(g.s.commitments, g.commitment())
	}
	return g.s
}

func (g *generator) period(from time.Time, days int) (start, end int64) {
	to := from.AddDate(0, 0, days)
	g.s.from = calendar.Date{Year: from.Year(), Month: from.Month(), Day: from.Day()}
	g.s.to = calendar.Date{Year: to.Year(), Month: to.Month(), Day: to.Day()}
	return from.UnixNano(), to.UnixNano()
}

const worldDay = int64(24 * time.Hour)

// calendarWorld makes ticks of minutes to days around a whole period.
func (g *generator) calendarWorld() {
	s := g.s
	var days int
	switch g.IntN(6) {
	case 0:
		s.tick, days = worldDay, pick(g.Rand, 1, 10, 20, 25, 28, 31, 40, 50, 100, 200)
	case 1:
		s.tick, days = worldDay/4, pick(g.Rand, 1, 5, 10, 25, 31)
	case 2:
		s.tick, days = worldDay/24, pick(g.Rand, 1, 2, 5, 7)
	case 3:
		s.tick, days = worldDay/48, pick(g.Rand, 1, 2, 3)
	case 4:
		s.tick, days = worldDay/100, pick(g.Rand, 1, 2)
	case 5:
		s.tick, days = worldDay/10, pick(g.Rand, 1, 2, 10, 20)
	}
	s.zone = worldZones[g.IntN(2)]
	from := time.Date(2024, time.Month(1+g.IntN(12)), 1+g.IntN(28), 0, 0, 0, 0, s.zone)
	if days < 10 && s.tick <= worldDay/24 && s.tick >= worldDay/48 && chance(g.Rand, 50) {
		// Around the days of 23 and 25 hours.
		s.zone = pick(g.Rand, worldZones[2:]...)
		from = time.Date(2024, pick(g.Rand, time.March, time.November, time.October), 27, 0, 0, 0, 0, s.zone).
			AddDate(0, 0, g.IntN(12)-5)
	}
	start, end := g.period(from, days)
	ticks := int((end - start) / s.tick)
	before := 1 + g.IntN(24)
	after := 1 + g.IntN(24)
	s.bounds = append(s.bounds, start-400*worldDay)
	for i := -before; i <= ticks+after; i++ {
		s.bounds = append(s.bounds, start+int64(i)*s.tick)
	}
	s.bounds = append(s.bounds, end+400*worldDay)
	s.start, s.end = 1+before, 1+before+ticks
	g.first, g.last = 1, 1+before+ticks+after
}

// edgeWorld makes ticks of nanoseconds to minutes around one edge of a period.
func (g *generator) edgeWorld() {
	s := g.s
	s.tick = pick(g.Rand, 1, 3, 72, int64(time.Microsecond), int64(time.Millisecond),
		int64(time.Second), 7*int64(time.Second), int64(time.Minute))
	s.zone = pick(g.Rand, worldZones...)
	from := time.Date(2023+g.IntN(3), time.Month(1+g.IntN(12)), 1, 0, 0, 0, 0, s.zone)
	days := pick(g.Rand, 1, 7, 28, 31)
	start, end := g.period(from, days)
	before, after := 1+g.IntN(60), 1+g.IntN(60)
	if chance(g.Rand, 10) {
		before, after = 1+g.IntN(127), 1+g.IntN(127)
	}
	edge, atEnd := start, chance(g.Rand, 50)
	s.bounds = append(s.bounds, start-400*worldDay)
	if atEnd {
		edge = end
		s.bounds = append(s.bounds, start)
		s.start = 1
	}
	g.first = len(s.bounds)
	for i := -before; i <= after; i++ {
		s.bounds = append(s.bounds, edge+int64(i)*s.tick)
	}
	g.last = len(s.bounds) - 1
	if atEnd {
		s.end = g.first + before
	} else {
		s.start = g.first + before
		s.bounds = append(s.bounds, end)
		s.end = len(s.bounds) - 1
	}
	s.bounds = append(s.bounds, end+400*worldDay)
}

// bound returns any bound, mostly one of the ticks.
func (g *generator) bound() int {
	switch n := g.IntN(100); {
	case n < 3:
		return g.IntN(len(g.s.bounds))
	case n < 10:
		return g.s.start
	case n < 17:
		return g.s.end
	}
	return g.first + g.IntN(g.last-g.first+1)
}

// span returns a stretch, mostly a short one, and often one that touches or
// repeats what is there.
func (g *generator) span() span {
	for {
		p := span{start: g.bound()}
		if len(g.s.outages) > 0 && chance(g.Rand, 40) {
			o := pick(g.Rand, g.s.outages...)
			p.start = o.start
			if o.end != none && chance(g.Rand, 60) {
				p.start = o.end
			}
		}
		switch n := g.IntN(100); {
		case n < 70:
			p.end = p.start + 1 + g.IntN(8)
		case n < 85:
			p.end = p.start + 1 + g.IntN(40)
		default:
			p.end = g.bound()
		}
		if chance(g.Rand, 15) {
			p.start, p.end = p.start-(p.end-p.start), p.start // up to here
		}
		if p.start >= 0 && p.start < p.end && p.end < len(g.s.bounds) {
			return p
		}
	}
}

var worldCauses = []string{"", "hardware", "customer", "maintenance", "force majeure"}

func (g *generator) happened() {
	s := g.s
	if chance(g.Rand, 40) {
		s.asOf = g.bound()
	}
	for i := range g.IntN(9) {
		o := outageSpec{span: g.span(), id: fmt.Sprint("o", i), cause: pick(g.Rand, worldCauses...)}
		if s.asOf != none && o.start < s.asOf && chance(g.Rand, 25) {
			o.end = none
		}
		if chance(g.Rand, 60) {
			o.served = pick(g.Rand, 1, 50e9, 90e9, 95e9, 95e9+1, 95e9-1, 97.5e9, 99.9e9, 100e9-1, int64(g.IntN(100))*1e9)
		}
		s.outages = append(s.outages, o)
		if chance(g.Rand, 10) {
			o.id += "again"
			s.outages = append(s.outages, o)
		}
	}
	for i := range max(0, g.IntN(7)-3) {
		m := maintenanceSpec{span: g.span(), id: fmt.Sprint("m", i)}
		if len(s.outages) > 0 && chance(g.Rand, 60) {
			// Around, inside or beside an outage.
			o := pick(g.Rand, s.outages...)
			p := span{o.start + g.IntN(5) - 2, o.end + g.IntN(5) - 2}
			if o.end != none && p.start >= 0 && p.start < p.end && p.end < len(s.bounds) {
				m.span = p
			}
		}
		if s.asOf != none && m.start < s.asOf && chance(g.Rand, 15) {
			m.end = none
		}
		m.never = chance(g.Rand, 20)
		m.announced = s.bounds[m.start] - int64(g.IntN(12)-2)*s.tick
		if chance(g.Rand, 20) {
			m.announced++
		}
		s.maintenance = append(s.maintenance, m)
	}
	if chance(g.Rand, 30) {
		s.coverage = g.spells()
	}
	if chance(g.Rand, 25) {
		s.life = g.spells()
	}
	for range max(0, g.IntN(6)-3) {
		s.repeats = append(s.repeats, g.IntN(12))
	}
	s.shuffle = g.Uint64()
}

// spells returns stretches for coverage or life: from far away to far away
// with a few gaps, or a few anywhere.
func (g *generator) spells() []span {
	last := len(g.s.bounds) - 1
	if chance(g.Rand, 40) {
		var all []span
		for range 1 + g.IntN(3) {
			all = append(all, g.span())
		}
		return all
	}
	all := []span{{0, last}}
	for range g.IntN(4) {
		gap := g.span()
		p := &all[len(all)-1]
		if gap.start > p.start && gap.end < last {
			p.end = gap.start
			all = append(all, span{gap.end, last})
		}
	}
	if chance(g.Rand, 50) {
		all[len(all)-1].end = none
	}
	if chance(g.Rand, 15) {
		all[0].start = g.first
		if all[0].end != none && all[0].end <= g.first {
			all[0].start = 0
		}
	}
	return all
}

// ---- The agreements ----

// length returns a number of ticks, sometimes a nanosecond beside it.
func (g *generator) length(most int) int64 {
	n := int64(1+g.IntN(most)) * g.s.tick
	if chance(g.Rand, 20) {
		n += int64(g.IntN(3) - 1)
	}
	return max(n, 1)
}

// percents returns distinct availabilities below 100 %, from high to low, many
// of which some number of ticks hits exactly.
func (g *generator) percents(n int) []string {
	s := g.s
	due := s.bounds[s.end] - s.bounds[s.start]
	values := map[string]bool{}
	for len(values) < n {
		var d decimal.Decimal
		switch g.IntN(3) {
		case 0:
			d = decimal.New(int64(g.IntN(100000)), -3)
		case 1:
			d = decimal.New(100_0000-int64(1+g.IntN(20_0000)), -4)
		case 2:
			// Some ticks of the period, to as many places as an agreement may have.
			share := big.NewRat(due-min(due-1, int64(1+g.IntN(20))*s.tick), due)
			share.Mul(share, big.NewRat(100, 1))
			text := floored(share, maxPlaces)
			d = decimal.RequireFromString(text)
		}
		values[d.String()] = true
	}
	var all []string
	for v := range values {
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b string) int { return rat(b).Cmp(rat(a)) })
	return all
}

// maxPlaces are the decimal places of the percentages in the agreements.
const maxPlaces = 12

func (g *generator) commitment() commitmentSpec {
	var c commitmentSpec
	switch g.IntN(5) {
	case 0:
		c.loss = bound{"exactly", "100"}
	case 1, 2:
		n := pick(g.Rand, "0", "5", "10", "50", "2.5", "0.1", "4.999999999", "99", "100")
		if len(g.s.outages) > 0 && chance(g.Rand, 50) {
			n = decimal.New(100e9-pick(g.Rand, g.s.outages...).served, -9).String()
		}
		c.loss = bound{pick(g.Rand, "over", "at least"), n}
		switch n {
		case "0":
			c.loss.word = "over"
		case "100":
			c.loss.word = "at least"
		}
	}
	if chance(g.Rand, 50) {
		c.lasting = bound{pick(g.Rand, "over", "at least"), strconv.FormatInt(g.length(10), 10)}
	}
	causes := slices.Clone(worldCauses[1:])
	g.Shuffle(len(causes), func(i, j int) { causes[i], causes[j] = causes[j], causes[i] })
	for len(causes) > 0 && chance(g.Rand, 60) {
		n := 1 + g.IntN(len(causes))
		e := exclusionSpec{causes: causes[:n], notice: none}
		causes = causes[n:]
		if slices.Contains(e.causes, "maintenance") && chance(g.Rand, 70) {
			e.notice = g.length(8)
			if chance(g.Rand, 10) {
				e.notice = 0
			}
		}
		c.exclusions = append(c.exclusions, e)
	}

	percents := g.percents(5)
	c.promise = bound{pick(g.Rand, "at least", "at least", "over"), percents[0]}
	if chance(g.Rand, 20) {
		c.promise = bound{pick(g.Rand, "exactly", "at least"), "100"}
	}
	rows := g.IntN(5)
	if rows == 0 {
		return c
	}
	banded := chance(g.Rand, 50)
	upper := c.promise.broken()
	for i := range rows {
		r := rowSpec{when: []bound{upper}}
		r.give = strconv.Itoa((i + 1) * 5)
		if chance(g.Rand, 20) {
			r.give += ".25"
		}
		// The next row begins at the next percentage, with or without it.
		next := bound{pick(g.Rand, "below", "at most"), percents[i+1]}
		if banded && i < rows-1 {
			lower := bound{"at least", next.number}
			if next.word == "at most" {
				lower.word = "over"
			}
			r.when = []bound{lower, upper}
			if chance(g.Rand, 30) {
				r.when = []bound{upper, lower}
			}
		}
		if i == 0 && (!banded || rows == 1) && chance(g.Rand, 30) {
			r.when = nil
		}
		if chance(g.Rand, 25) {
			r.per, r.size = pick(g.Rand, "full", "started"), g.length(6)
		}
		c.rows = append(c.rows, r)
		upper = next
	}
	return c
}

// ---- The test ----

func oracleNumber(t *testing.T, name string, plain uint64) uint64 {
	text := os.Getenv(name)
	if text == "" {
		return plain
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

func TestOracle(t *testing.T) {
	seed := oracleNumber(t, "SLACREDIT_ORACLE_SEED", 1)
	count := oracleNumber(t, "SLACREDIT_ORACLE_COUNT", 6_000)
	t.Logf("SLACREDIT_ORACLE_SEED=%d SLACREDIT_ORACLE_COUNT=%d", seed, count)
	if only := os.Getenv("SLACREDIT_ORACLE_ONLY"); only != "" {
		s := newScenario(seed, oracleNumber(t, "SLACREDIT_ORACLE_ONLY", 0))
		t.Logf("the scenario:\n%s", s.GoText())
		if d := s.differences(); d != "" {
			t.Error(d)
		}
		return
	}
	if testing.Short() {
		count /= 20
	}
	const (
		shards = 8
		sample = 8 // one of so many worlds is asked what it holds
	)
	var tally [6]atomic.Int64
	t.Run("worlds", func(t *testing.T) {
		for shard := range uint64(shards) {
			t.Run(strconv.FormatUint(shard, 10), func(t *testing.T) {
				t.Parallel()
				for n := shard; n < count; n += shards {
					s := newScenario(seed, n)
					d := s.differences()
					if d == "" {
						if n/shards%sample == 0 {
							s.note(&tally)
						}
						continue
					}
					small := s.shrink()
					t.Fatalf("SLACREDIT_ORACLE_SEED=%d SLACREDIT_ORACLE_ONLY=%d, and smaller:\n%s\n%s",
						seed, n, small.GoText(), small.differences())
				}
			})
		}
	})
	if t.Failed() || testing.Short() {
		return
	}
	// A comparison of worlds in which nothing happens would prove nothing.
	for i, name := range []string{"up", "down", "excused", "unknown", "outside", "a bound between them"} {
		if n := tally[i].Load(); uint64(n) < count/sample/50 {
			t.Errorf("only %d of %d worlds hold %s", n, count/sample, name)
		}
	}
}

// note counts which states the world shows in its first commitment.
func (s *scenario) note(tally *[6]atomic.Int64) {
	m := s.measure(&s.commitments[0])
	for i, part := range m.parts {
		if part > 0 {
			tally[i].Add(1)
		}
	}
	if down := m.parts[sla.Down]; down < m.downAtMost && m.downAtMost < down+m.parts[sla.Unknown] {
		tally[5].Add(1)
	}
}
