package sla

import (
	"errors"
	"fmt"
	"math/big"
	"math/bits"
	"slices"
	"strconv"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/span"
)

// A scale is what a promise and its rows are measured on: the availability in
// percent units, the downtime in nanoseconds, or the number of outages.
type scale struct {
	unit     unit
	top      cut // after every value
	rounding rounding
}

// countTop lies after every number that can be written.
var countTop = before(maxCount + 1)

func scaleOf(u unit, r rounding) scale {
	switch u {
	case percent:
		return scale{u, percentTop, r}
	case count:
		return scale{unit: u, top: countTop}
	}
	return scale{unit: u, top: lengthTop}
}

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
		return int64(f.down.ceil()) <= v
	} else {
		return int64(f.down.ns) < v
	}
}

// text returns a value of the scale.
func (s scale) text(v int64) string {
	switch s.unit {
	case percent:
		return percentOf(v).String()
	case length:
		return span.String(time.Duration(v))
	}
	return strconv.FormatInt(v, 10)
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
		return "from " + s.text(low) + " to " + s.text(high-1)
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

// A tier is a compiled [Tier]: it holds at values below its cut and not below
// that of the next, on a scale on which more is better.
type tier struct {
	clause     string
	below      cut
	source     Tier
	give, plus amount
	per        stride // zero: once
}

// remedy reads the promise of a commitment and what is given if it is broken.
func (c *compiler) remedy(at path, t *commitment) {
	t.scale = scaleOf(t.source.Promise.unit(), t.rounding)
	t.promise = c.promise(at.key("promise"), t.source.Promise, t.scale)
	if t.promise == (interval{}) && len(t.source.Credits) > 0 { // the rows say what is meant
		t.scale = scaleOf(t.source.Credits[0].When.unit(), t.rounding)
	}
	if t.rounding != (rounding{}) && t.scale.unit != percent {
		c.fault(at.key("calculation").key("round"), errors.New("says nothing; no availability is promised"))
	}
	t.tiers = c.table(at, t.source, t.scale, t.promise)
	t.caps = c.caps(at, t.source.AtMost, t.measuring.outage)
	byTime := slices.ContainsFunc(t.caps, func(l Limit) bool { return !l.Service.IsZero() })
	for _, row := range t.tiers {
		byTime = byTime || row.give.timed() || row.plus.timed()
	}
	c.base(at.key("base"), t.source.Base, byTime)
}

// timed reports whether a is priced as service time.
func (a amount) timed() bool { return a.unit == length || a.unit == multiple }

// promise reads a promise. One that has a fault is the empty interval.
func (c *compiler) promise(at path, r Range, s scale) interval {
	i, err := s.interval(r)
	switch {
	case err != nil:
	case s.unit != percent && i.from != 0:
		err = fmt.Errorf(`%s is broken where less is down; want "at most" or "below"`, numeral.Shorten(string(r)))
		if s.unit == count {
			err = fmt.Errorf(`%s is a number of outages, and broken where there are fewer; want "at most" or "below", or the sign of a percentage`, numeral.Shorten(string(r)))
		}
	case s.unit != percent && i.to == s.top:
		err = fmt.Errorf("%s cannot be broken", numeral.Shorten(string(r)))
	case s.unit != percent:
	case i.to != s.top:
		err = fmt.Errorf(`%s is broken where the availability is better; want "at least", "over" or "exactly 100%%"`, numeral.Shorten(string(r)))
	case i.from == 0:
		err = fmt.Errorf("%s cannot be broken", numeral.Shorten(string(r)))
	}
	c.fault(at, err)
	if err != nil {
		return interval{}
	}
	return s.turned(i)
}

// table reads the rows as one falling series of cuts, whether they are nested
// or banded, and reports where they leave a hole or overlap.
func (c *compiler) table(at path, source Commitment, s scale, promise interval) []tier {
	rows := source.Credits
	tiers := make([]tier, len(rows))
	within := make([]interval, len(rows))
	banded, readable := false, promise != interval{}
	for i, row := range rows {
		var held bool
		tiers[i], within[i], held = c.row(at.key("credits").index(i), row, s, promise)
		banded = banded || within[i].from > 0
		readable = readable && held
	}
	switch source.Gap {
	case "", Milder, Severer:
	default:
		c.fault(at.key("gap"), fmt.Errorf("%s is none of milder, severer", numeral.Shorten(string(source.Gap))))
		return tiers
	}
	if readable {
		c.joints(at, tiers, within, banded, source.Gap, s, promise)
	}
	return tiers
}

// row reads one row, and the values at which it holds on its own. It reports
// whether those can be read.
func (c *compiler) row(at path, row Tier, s scale, promise interval) (t tier, within interval, readable bool) {
	within = interval{0, promise.from}
	var err error
	if row.When != "" {
		within, err = s.interval(row.When)
		within = s.turned(within)
		c.fault(at.key("when"), err)
	}
	readable = err == nil
	t = tier{clause: at.pointer, below: within.to, source: row}
	t.give, err = row.Give.read(ofGift)
	c.fault(at.key("give"), err)
	gives := err == nil
	if row.Per != "" {
		t.per, err = row.Per.stride()
		c.fault(at.key("per"), err)
		if err == nil {
			c.fault(at.key("per"), t.fits(s.unit))
		}
	}
	if row.Plus != "" {
		t.plus, err = row.Plus.read(ofGift)
		switch {
		case err != nil:
		case t.plus.value == 0:
			err = errors.New("adds nothing")
		case gives && t.give.unit == money && t.plus.unit == money && t.give.currency != t.plus.currency:
			err = fmt.Errorf("in another currency than what is given, %s", t.give.currency)
		}
		c.fault(at.key("plus"), err)
	}
	if row.Beyond && promise != (interval{}) {
		c.fault(at.key("beyond"), t.reaches(s, gives))
	}
	return t, within, readable
}

// fits reports what is wrong with the steps of a row in a table of a unit.
func (t tier) fits(table unit) error {
	switch {
	case t.per.size.unit == percent && table != percent:
		return fmt.Errorf("steps of availability, under a promise that is %v", table)
	case t.give.unit == multiple:
		return errors.New(`a multiple of the price grows with the downtime already; give the time of a step, such as "1h"`)
	}
	return nil
}

// reaches reports what is wrong with counting only what lies beyond the start
// of a row.
func (t tier) reaches(s scale, gives bool) error {
	start := s.start(t.below)
	if s.unit == percent {
		start = 100*percentUnits - start
	}
	counted := t.per.size.unit
	if t.per.size.value == 0 {
		counted = length // of the multiple
	}
	switch {
	case t.source.Per == "" && gives && t.give.unit != multiple:
		return errors.New("says nothing; the row counts no steps")
	case (counted == count) != (s.unit == count):
		return fmt.Errorf("the row starts at %v, and what it counts is %v", s.unit, counted)
	case start == 0:
		return errors.New("says nothing; the row starts where nothing is down")
	}
	return nil
}

// joints reports where two rows do not fit together: each must begin where
// the one before it ends (banded) or inside it (nested), the first where the
// promise is broken. Where the agreement says who takes such values, it moves
// the cuts.
func (c *compiler) joints(at path, tiers []tier, within []interval, banded bool, gap Gap, s scale, promise interval) {
	rows := at.key("credits")
	ordered := true
	for i := 1; i < len(within); i++ {
		if within[i].to > within[i-1].to {
			ordered = false
			c.fault(rows.index(i).key("when"), errors.New("milder than the row before; rows go from mild to severe"))
		}
	}
	if !ordered {
		return // each joint would be said to be a hole or an overlap
	}
	moved := false
	// taken reports whether the agreement says who takes the values between
	// the start of row i and where it should be.
	taken := func(i int, should cut) bool {
		switch gap {
		case Milder:
			tiers[i].below = min(within[i].to, should)
		case Severer:
			tiers[i].below = max(within[i].to, should)
		default:
			return false
		}
		moved = true
		return true
	}
	for i, row := range within {
		at := rows.index(i).key("when")
		last := i == len(within)-1
		switch {
		case i == 0 && row.to == s.top && promise.to == s.top && promise.from < s.top:
			c.fault(at, fmt.Errorf("holds %s, where the promise is kept", s.say(row.overlap(promise))))
		case i == 0 && row.to != promise.from && taken(i, promise.from):
		case i == 0 && row.to > promise.from:
			c.fault(at, fmt.Errorf("holds %s, where the promise is kept", s.say(row.overlap(promise))))
		case i == 0 && row.to < promise.from:
			c.fault(at, fmt.Errorf("a hole: nothing is given %s, though the promise is broken", s.say(interval{row.to, promise.from})))
		case banded && row.from == 0 && !last:
			c.fault(at, fmt.Errorf("has no %s bound, as other rows have; give all one bound, or all but the last two", s.outer()))
		case i > 0 && banded && within[i-1].from == 0: // said of the row before
		case i > 0 && banded && row.to != within[i-1].from && taken(i, within[i-1].from):
		case i > 0 && banded && row.to > within[i-1].from:
			c.fault(at, fmt.Errorf("overlaps the row before it %s", s.say(row.overlap(within[i-1]))))
		case i > 0 && banded && row.to < within[i-1].from:
			c.fault(at, fmt.Errorf("a hole: no row holds %s", s.say(interval{row.to, within[i-1].from})))
		case i > 0 && !banded && row.to == within[i-1].to:
			c.fault(at, errors.New("not severer than the row before, which would never give"))
		case i > 0 && tiers[i].lessThan(tiers[i-1]):
			c.fault(at, errors.New("gives less than the row before, for more downtime"))
		}
		if banded && last && row.from > 0 {
			if gap == Milder {
				moved = true
			} else {
				c.fault(at, fmt.Errorf("a hole: no row holds %s", s.say(interval{0, row.from})))
			}
		}
		if i > 0 && tiers[i].below >= tiers[i-1].below && moved {
			c.fault(at, errors.New("overlaps the whole of the row before it, which would never give"))
		}
	}
	if gap != "" && !moved {
		c.fault(at.key("gap"), errors.New("says nothing; the rows leave no hole and do not overlap"))
	}
}

// outer names the end of a range at which things are worst.
func (s scale) outer() string {
	if s.unit == percent {
		return "lower"
	}
	return "upper"
}

// lessThan reports whether t gives less than u for the same.
func (t tier) lessThan(u tier) bool {
	same := t.per == u.per && t.source.Beyond == u.source.Beyond && t.plus == u.plus
	return same && t.give.unit == u.give.unit && t.give.currency == u.give.currency && t.give.value < u.give.value
}

// overlap returns the values that i and j share.
func (i interval) overlap(j interval) interval {
	return interval{max(i.from, j.from), min(i.to, j.to)}
}

// judge decides on a measurement.
//
// How many outages there were while nobody knows cannot be told, and unknown
// time between two of them may even make one of both. So a promise that counts
// outages is Undecided if it is kept by those that are known while any unknown
// time would count as down; and EntitlementAtMost takes each stretch of
// unknown time for one outage more.
func (c *commitment) judge(m Measurement) Finding {
	down, atMost := m.exact()
	known, worst := sizes{m.Due, down, m.Count()}, sizes{m.Due, atMost, countAtMost(m)}
	f := Finding{
		Commitment: c.name, Clause: c.clause, Promise: c.source.Promise, Measurement: m,
		Round: c.source.Calculation.Round, Rounded: c.rounding.round(m.Availability()),
		Base: c.source.Base.clone(), Limits: slices.Clone(c.caps), OneOf: slices.Clone(c.source.OneOf),
		Entitlement:       c.entitlement(known),
		EntitlementAtMost: c.entitlement(worst),
	}
	allowed := c.scale.allowed(c.promise.from, m.Due)
	if m.Due == 0 {
		allowed = 0
	}
	if c.scale.unit == count {
		f.AllowedCount = int(allowed)
	} else {
		f.Allowed = time.Duration(allowed)
	}
	f.Outcome = f.outcome()
	switch {
	case m.Due == 0 || c.scale.unit == count:
	case !c.scale.keeps(c.promise.from, known):
		f.Outcome = Missed
	case !c.scale.keeps(c.promise.from, worst):
		f.Outcome = Undecided
	}
	if next := c.row(known) + 1; next < len(c.tiers) && m.Due > 0 {
		t := c.tiers[next]
		spare := c.scale.allowed(t.below, m.Due) - known.of(c.scale.unit)
		f.Next = NextTier{Clause: t.clause}
		if c.scale.unit == count {
			f.Next.Count = int(spare)
		} else {
			f.Next.Margin = time.Duration(spare)
		}
	}
	return f
}

// outcome returns what the measurement says of what is allowed.
func (f Finding) outcome() Outcome {
	m := f.Measurement
	switch {
	case m.Due == 0:
		return Met
	case f.Counts() && m.Count() > f.AllowedCount, !f.Counts() && m.Down > f.Allowed:
		return Missed
	case f.Counts() && m.DownAtMost > m.Down, !f.Counts() && m.DownAtMost > f.Allowed:
		return Undecided
	}
	return Met
}

// countAtMost returns the number of outages if each stretch of unknown time
// was one more, where any would count.
func countAtMost(m Measurement) int {
	n := m.Count()
	if m.DownAtMost == m.Down {
		return n
	}
	for _, p := range m.Pieces {
		if p.State == Unknown {
			n++
		}
	}
	return n
}

// sizes are what a remedy is computed from.
type sizes struct {
	due     time.Duration
	down    exactTime
	outages int // that ended
}

// of returns the figure that promises and rows of a unit are compared with.
func (f sizes) of(u unit) int64 {
	if u == count {
		return int64(f.outages)
	}
	return int64(f.down.ns)
}

// row returns the index of the last row that holds, and -1 if none does.
func (c *commitment) row(f sizes) int {
	row := -1
	for i, t := range c.tiers {
		if f.due > 0 && !c.scale.keeps(t.below, f) {
			row = i
		}
	}
	return row
}

// entitlement returns what is owed: of the last row that holds, what it adds
// and what it gives for each step.
func (c *commitment) entitlement(f sizes) Entitlement {
	row := c.row(f)
	if row < 0 {
		return Entitlement{}
	}
	t := c.tiers[row]
	e := Entitlement{Clause: t.clause, Row: t.source, Steps: 1}
	switch {
	case t.per.size.value == 0:
		e.add(t.give, nil, f.down, t.beyond(c.scale, length, f.due))
	case t.source.Beyond || t.per.size.unit == percent || t.per.count == exact || f.down.rest != nil:
		times := t.per.times(t.measured(c.scale, f))
		e.Steps = new(big.Int).Quo(times.Num(), times.Denom()).Int64() // it fits, as what was measured does
		e.add(t.give, times, exactTime{}, nil)
	default:
		e.Steps = t.per.steps(f.of(t.per.size.unit))
		e.add(t.give, nil, exactTime{}, nil)
	}
	if t.plus != (amount{}) {
		once := Entitlement{Steps: 1}
		once.add(t.plus, nil, f.down, nil)
		e.Percent = percentOfRat(new(big.Rat).Add(e.Percent.Rat(), once.Percent.Rat()))
		e.Service = serviceTime(new(big.Rat).Add(e.Service.Nanoseconds(), once.Service.Nanoseconds()))
		if !once.Sum.IsZero() {
			e.Sum = sum(new(big.Rat).Add(e.Sum.Amount(), once.Sum.Amount()), once.Sum.currency)
		}
	}
	return e
}

// measured returns what the steps of a row are counted on, exactly.
func (t tier) measured(s scale, f sizes) *big.Rat {
	u := t.per.size.unit
	units := new(big.Rat).SetInt64(f.of(u))
	if u != count {
		units = f.down.rat()
	}
	if u == percent { // points of availability lost
		units.Mul(units, big.NewRat(100*percentUnits, int64(f.due)))
	}
	if start := t.beyond(s, u, f.due); start != nil {
		units.Sub(units, start)
	}
	return units
}

// beyond returns the start of a row in a unit, if only what lies beyond it
// counts, and nil if all does.
func (t tier) beyond(s scale, u unit, due time.Duration) *big.Rat {
	if !t.source.Beyond {
		return nil
	}
	start := new(big.Rat).SetInt64(s.start(t.below))
	if s.unit == percent {
		start.Sub(big.NewRat(100*percentUnits, 1), start)
		if u == length {
			start.Mul(start, big.NewRat(int64(due), 100*percentUnits))
		}
	}
	return start
}

// add adds what an amount gives, so many times, and e.Steps times if that is
// nil. A multiple gives the downtime less what does not count of it.
func (e *Entitlement) add(a amount, times *big.Rat, down exactTime, start *big.Rat) {
	if (a.unit == percent || a.unit == months) && times == nil {
		e.Percent = a.percent().times(e.Steps)
		return
	}
	if times == nil {
		times = new(big.Rat).SetInt64(e.Steps)
	}
	given := new(big.Rat).Mul(times, new(big.Rat).SetInt64(a.value))
	switch a.unit {
	case percent, months:
		e.Percent = percentOfRat(given.Quo(given, big.NewRat(percentUnits, 1)))
	case length:
		e.Service = serviceTime(given)
	case multiple:
		lost := down.rat()
		if start != nil {
			lost.Sub(lost, start)
		}
		given.Mul(given, lost)
		e.Service = serviceTime(given.Quo(given, big.NewRat(percentUnits, 1)))
	case money:
		e.Sum = sum(given.Quo(given, new(big.Rat).SetInt(minorUnits(a.currency))), a.currency)
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
func (c cut) keeps(down exactTime, due time.Duration) bool {
	if down.rest == nil {
		return down.ns <= c.allowed(due)
	}
	v, after := c.value()
	limit := new(big.Rat).SetInt64(int64(due))
	limit.Mul(limit, big.NewRat(100*percentUnits-v, 100*percentUnits))
	order := down.rat().Cmp(limit)
	return order < 0 || order == 0 && !after
}
