package sla

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/slacredit/slacredit/internal/numeral"
)

// A Tier is a row of the table of credits. It gives Plus once, and Give for each
// step of the measured downtime, availability or outages (step 12).
//
// Rows are either nested, each with one bound ("below 99.95%", "below 99.0%"), or
// banded, each with two ("at least 99.0%, below 99.95%"; the last row without its
// lower bound). They must not be mixed or leave a hole: the first row begins
// where the promise is broken, and the last one reaches down to 0 %. All rows are
// in the unit of the promise. For downtime and outages more is worse, so "over
// 1h" comes before "over 2h".
type Tier struct {
	// When is the range in which the row holds: an availability, a downtime or a
	// number of outages, "over 1 outage", as the promise is. Zero: whenever the
	// promise is broken.
	When Range `json:"when,omitempty"`

	// Give is the credit of the row: a share of the fee, "10%"; service time, "1d";
	// months of service, "1mo"; a multiple of the price of the downtime, "50x"; or a
	// sum, "20USD". Each month of service is the fee once more. Service time is priced
	// by the length of [Base], even if an exclusion removes some of that time from the
	// time due.
	Give Quantity `json:"give"`

	// Per gives Give for each step: of downtime, "full 30m"; of availability
	// lost, "started 0.1%"; or of outages that ended, "full 1 outage". Steps are
	// counted once, on the total of the measured period. Steps of availability
	// are counted on 100 points at most, even if more was down than due. Zero:
	// once.
	Per Step `json:"per,omitempty"`

	// Beyond counts steps and multiples only beyond the start of the row, and not
	// from the first moment. The start is the bound in When, even if a gap
	// extends the row to milder values: such values are beyond nothing.
	//
	// If the availability is rounded, the rounded one chooses the row, but steps
	// and multiples count on the exact one. The start is then the exact value at
	// which rounding begins to reach the row: with "nearest 0.1%", "below 99.9%"
	// begins at 99.85 %.
	Beyond bool `json:"beyond,omitempty"`

	// Plus is given once in addition. It takes the same quantities as Give.
	Plus Quantity `json:"plus,omitempty"`
}

// A Gap states which row takes values that lie in no row of a table, or in two.
type Gap string

// The closed set of gaps besides the zero value. With the zero value, a table with
// such values is an error. If the severer row takes a value at which the promise is
// kept, it gives without a breach ([Finding.WithoutBreach]). The neighbour that is
// milder than the first row gives nothing. If the last row leaves out the worst
// values, it is the milder neighbour.
const (
	Milder  Gap = "milder"
	Severer Gap = "severer"
)

// A tier is a compiled [Tier]. It holds at values below its cut and not below the
// cut of the next tier, on a scale on which more is better.
type tier struct {
	clause     string
	below      cut
	start      cut // as the row writes it; below may be moved to close a gap
	source     Tier
	give, plus amount
	per        stride // zero: once
}

// A table is the compiled promise and rows of a [Commitment].
type table struct {
	source  Commitment
	scale   scale    // of the promise and the rows
	promise interval // on which more is better
	tiers   []tier
}

// table reads the promise and the rows of a commitment.
func (c *compiler) table(at path, source Commitment, r rounding) table {
	t := table{source: source, scale: scaleOf(source.Promise.unit(), r)}
	t.promise = c.promise(at.key("promise"), source.Promise, t.scale)
	if t.promise == (interval{}) && len(source.Credits) > 0 { // the rows say what is meant
		t.scale = scaleOf(source.Credits[0].When.unit(), r)
	}
	if r != (rounding{}) && t.scale.unit != percent {
		c.fault(at.key("calculation").key("round"), errors.New("says nothing; no availability is promised"))
	}
	t.tiers = c.tiers(at, source, t.scale, t.promise)
	return t
}

// priced returns what a commitment prices by its fee.
func (c *compiler) priced(credits path, t *commitment) priced {
	by := priced{c.limited, slices.ContainsFunc(t.caps, func(l Limit) bool { return !l.Service.IsZero() })}
	for _, l := range t.caps {
		by.byShare = by.byShare || l.Sum.IsZero()
	}
	for i, row := range t.tiers {
		c.fault(credits.index(i).key("give"), t.ofPool(row))
		by.byTime = by.byTime || row.give.timed() || row.plus.timed()
		by.byShare = by.byShare || row.give.shares() || row.plus.shares()
	}
	return by
}

// english states the promise and the rows.
func (t table) english() []string {
	var s sentences
	s.say("Promised for %s: %s.", t.source.Calculation.Period.english(), t.scale.english(t.source.Promise))
	rows := make([]string, len(t.tiers))
	said := ""
	for i, row := range t.tiers {
		when := inWords(row.source.When)
		if before := t.scale.condition(row.source.When); before != said {
			said, when = before, before+when
		}
		rows[i] = when + ": " + row.english(t.scale, t.source.Promise)
	}
	if len(rows) == 0 {
		s.say("No credit is agreed.")
	} else {
		s.say("Credit %s.", strings.Join(rows, "; "))
	}
	if gap := t.source.Gap; gap != "" {
		s.say("A value in no row, or in two, belongs to the %s of its neighbouring rows.", gap)
	}
	return s
}

// english returns a promise in words.
func (s scale) english(r Range) string {
	switch s.unit {
	case length:
		return "downtime" + r.of()
	case count:
		return inWords(r)
	}
	return "availability" + r.of()
}

// condition returns the words before the range of a row.
func (s scale) condition(r Range) string {
	switch {
	case r == "":
		return "if the promise is broken"
	case s.unit == length:
		return "if the downtime is "
	case s.unit == count:
		return "for "
	}
	return "if the availability is "
}

// english returns what a row gives in words.
func (t tier) english(s scale, promise Range) string {
	text := t.give.english(t.source.Give)
	beyond := ""
	if t.source.Beyond {
		beyond = " beyond " + t.begin(s, promise)
	}
	if t.source.Per != "" {
		text += t.per.english(t.source.Per, beyond)
	} else {
		text += beyond
	}
	if t.source.Plus != "" {
		text += ", plus " + t.plus.english(t.source.Plus) + " once"
	}
	return text
}

// begin returns the start of a row as its range or the promise writes it, or the
// exact value if rounding moves it.
func (t tier) begin(s scale, promise Range) string {
	start := s.start(t.start)
	switch {
	case s.unit == count && start == 1:
		return "the first"
	case s.unit == count:
		return fmt.Sprintf("the first %d", start)
	}
	r := t.source.When
	if r == "" {
		r = promise
	}
	for part := range strings.SplitSeq(string(r), ", ") {
		for _, b := range bounds {
			q, found := strings.CutPrefix(part, b.word)
			if a, err := Quantity(q).amount(s.unit); found && err == nil && a.value == start {
				return inWords(q)
			}
		}
	}
	return percentOf(start).String()
}

func (table) words(addWord) {}

// direct reports whether the downtime alone decides.
func (t table) direct() bool { return !t.countsOutages() }

// countsOutages reports whether the promise or a row counts outages.
func (t table) countsOutages() bool {
	return t.scale.unit == count || slices.ContainsFunc(t.tiers, func(t tier) bool { return t.per.size.unit == count })
}

// ofPool reports a row that prices the downtime of a pool as service time. The
// downtime of a pool is the sum over its members, and an hour of service is
// priced by the fee of all members: two members that are down would double the
// credit.
func (t *commitment) ofPool(row tier) error {
	grows := func(a amount) bool { return a.unit == multiple || a.unit == length && row.per.size.unit == length }
	pooled := slices.ContainsFunc(t.levels, func(l level) bool { return l.pooled })
	if pooled && (grows(row.give) || grows(row.plus)) {
		return errors.New(`is time of service for downtime, and the downtime of a pool is that of all its members, priced by the fee of all; give a percentage for each step, such as "5%", or leave out the pool`)
	}
	return nil
}

// promise reads a promise. It returns the empty interval if the promise has an
// error.
func (c *compiler) promise(at path, r Range, s scale) interval {
	i, err := s.promised(r)
	if r.bare() {
		err = unsaid(string(r), func(text string) error {
			_, err := scaleOf(Range(text).unit(), rounding{}).promised(Range(text))
			return err
		})
	}
	c.fault(at, err)
	if err != nil {
		return interval{}
	}
	return s.turned(i)
}

// promised reads the range of values that a promise allows.
func (s scale) promised(r Range) (interval, error) {
	i, err := s.interval(r)
	switch {
	case err != nil:
	case s.unit != percent && i.from != 0:
		err = fmt.Errorf(`%s is broken where less is down; want "at most" or "below"`, numeral.Shorten(string(r)))
		if s.unit == count {
			err = fmt.Errorf(`%s is broken where there are fewer outages; want "at most" or "below"`, numeral.Shorten(string(r)))
		}
	case s.unit != percent && i.to == s.top:
		err = fmt.Errorf("%s cannot be broken", numeral.Shorten(string(r)))
	case s.unit != percent:
	case i.to != s.top:
		err = fmt.Errorf(`%s is broken where the availability is better; want "at least", "over" or "exactly 100%%"`, numeral.Shorten(string(r)))
	case i.from == 0:
		err = fmt.Errorf("%s cannot be broken", numeral.Shorten(string(r)))
	}
	return i, err
}

// tiers reads the rows, nested or banded, as one falling series of cuts. It
// reports holes and overlaps.
func (c *compiler) tiers(at path, source Commitment, s scale, promise interval) []tier {
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
// whether those values could be read.
func (c *compiler) row(at path, row Tier, s scale, promise interval) (t tier, within interval, readable bool) {
	within = interval{0, promise.from}
	var err error
	if row.When != "" {
		within, err = s.interval(row.When)
		within = s.turned(within)
		if row.When.bare() && promise == (interval{}) { // which does not say of what either
			err = unsaid(string(row.When), func(text string) error {
				_, err := scaleOf(Range(text).unit(), rounding{}).interval(Range(text))
				return err
			})
		}
		c.fault(at.key("when"), err)
	}
	readable = err == nil
	t = tier{clause: at.pointer, below: within.to, start: within.to, source: row}
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

// fits returns the problem of the steps of a row in a table of some unit.
func (t tier) fits(table unit) error {
	switch {
	case t.per.size.unit == percent && table != percent:
		return fmt.Errorf("steps of availability, under a promise that is %v", table)
	case t.give.unit == multiple:
		return errors.New(`a multiple of the price grows with the downtime already; give the time of a step, such as "1h"`)
	}
	return nil
}

// reaches returns the problem of counting only beyond the start of a row.
func (t tier) reaches(s scale, gives bool) error {
	start := s.start(t.start)
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

// joints reports rows that do not fit together. Each row must begin where the one
// before it ends (banded) or inside it (nested), and the first where the promise
// is broken. If the agreement has a gap, joints moves the cuts.
func (c *compiler) joints(at path, tiers []tier, within []interval, banded bool, gap Gap, s scale, promise interval) {
	j := joints{c, at.key("credits"), tiers, within, banded, gap, s, promise, false}
	if !j.ordered() {
		return // each joint would be said to be a hole or an overlap
	}
	for i := range within {
		c.fault(j.at(i), j.begin(i))
		c.fault(j.at(i), j.end(i))
	}
	if gap != "" && !j.moved {
		c.fault(at.key("gap"), errors.New("says nothing; the rows leave no hole and do not overlap"))
	}
}

// Joints are the boundaries between the rows of a table.
type joints struct {
	compiler *compiler
	rows     path
	tiers    []tier     // whose cuts are moved
	within   []interval // that of each row on its own
	banded   bool
	gap      Gap
	scale    scale
	promise  interval
	moved    bool // the gap said something
}

// at returns the path of the range of a row.
func (j *joints) at(row int) path { return j.rows.index(row).key("when") }

// ordered reports whether the rows go from mild to severe.
func (j *joints) ordered() bool {
	ordered := true
	for i := 1; i < len(j.within); i++ {
		if j.within[i].to > j.within[i-1].to {
			ordered = false
			j.compiler.fault(j.at(i), errors.New("milder than the row before; rows go from mild to severe"))
		}
	}
	return ordered
}

// taken reports whether the gap states which row takes the values between the
// actual and the required start of a row, and moves the cut.
func (j *joints) taken(row int, should cut) bool {
	switch j.gap {
	case Milder:
		j.tiers[row].below = min(j.within[row].to, should)
	case Severer:
		j.tiers[row].below = max(j.within[row].to, should)
	default:
		return false
	}
	if row > 0 && j.tiers[row].lessThan(j.tiers[row-1]) {
		j.compiler.fault(j.at(row), errGivesLess)
	}
	j.moved = true
	return true
}

// begin returns the problem of the start of a row.
func (j *joints) begin(row int) error {
	within, top := j.within[row], j.scale.top
	switch always := within.to == top && j.promise.to == top && j.promise.from < top; {
	case row == 0 && always:
		return j.holds("holds %s, where the promise is kept", within.overlap(j.promise))
	case j.gap != "" && j.banded && within.from >= j.promise.from:
		return j.holds("holds %s alone, where the promise is kept", within)
	case row == 0:
		return j.first()
	case j.unbounded(row) != nil:
		return j.unbounded(row)
	case j.banded && j.within[row-1].from == 0: // said of the row before
		return nil
	case j.banded && within.to != j.within[row-1].from:
		return j.joint(row)
	case !j.banded && within.to == j.within[row-1].to:
		return errors.New("not severer than the row before, which would never give")
	case j.tiers[row].lessThan(j.tiers[row-1]):
		return errGivesLess
	}
	return nil
}

// first returns the problem of the start of the first row.
func (j *joints) first() error {
	within, should := j.within[0], j.promise.from
	switch {
	case within.to == should:
		return j.unbounded(0)
	case j.taken(0, should):
		return nil
	case within.to > should:
		return j.holds("holds %s, where the promise is kept", within.overlap(j.promise))
	}
	return j.holds("a hole: nothing is given %s, though the promise is broken", interval{within.to, should})
}

// joint returns the problem of a row that does not begin where the one before it
// ends.
func (j *joints) joint(row int) error {
	within, before := j.within[row], j.within[row-1]
	switch {
	case j.taken(row, before.from):
		return nil
	case within.to > before.from:
		return j.holds("overlaps the row before it %s", within.overlap(before))
	}
	return j.holds("a hole: no row holds %s", interval{within.to, before.from})
}

// unbounded reports a row that has one bound among rows that have two.
func (j *joints) unbounded(row int) error {
	if j.banded && j.within[row].from == 0 && row < len(j.within)-1 {
		return fmt.Errorf("has no %s bound, as other rows have; give all one bound, or all but the last two", j.scale.outer())
	}
	return nil
}

// end returns the problem of the end of a row.
func (j *joints) end(row int) error {
	if from := j.within[row].from; j.banded && row == len(j.within)-1 && from > 0 {
		if j.gap != Milder {
			j.compiler.fault(j.at(row), j.holds("a hole: no row holds %s", interval{0, from}))
		}
		j.moved = j.moved || j.gap == Milder
	}
	if row > 0 && j.tiers[row].below >= j.tiers[row-1].below && j.moved {
		return errors.New("overlaps the whole of the row before it, which would never give")
	}
	return nil
}

// holds returns a complaint about some values.
func (j *joints) holds(complaint string, i interval) error {
	return fmt.Errorf(complaint, j.scale.say(i))
}

var errGivesLess = errors.New("gives less than the row before, for more downtime")

// lessThan reports whether t gives less than u in the same way.
func (t tier) lessThan(u tier) bool {
	same := t.per == u.per && t.source.Beyond == u.source.Beyond && t.plus == u.plus
	return same && t.give.unit == u.give.unit && t.give.currency == u.give.currency && t.give.value < u.give.value
}

// overlap returns the values that i and j share.
func (i interval) overlap(j interval) interval {
	return interval{max(i.from, j.from), min(i.to, j.to)}
}

// timed reports whether a is priced as service time.
func (a amount) timed() bool { return a.unit == length || a.unit == multiple }

// shares reports whether a is a share of the fee.
func (a amount) shares() bool { return a.value != 0 && (a.unit == percent || a.unit == months) }
