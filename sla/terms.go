package sla

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
)

// Terms are a compiled [Agreement]: free of contradictions, and ready to
// judge. They never change and may be used by several goroutines at once.
type Terms struct {
	agreement   Agreement
	commitments []commitment
	caps        []Limit
}

// A Limit is a cap on what is given, and the clause that states it.
type Limit struct {
	Percent decimal.Decimal // of the fee
	Clause  string
}

// A commitment is a compiled [Commitment].
type commitment struct {
	name       string
	clause     string // JSON pointer to it
	source     Commitment
	loss       interval // of the lost share, in percent
	lasting    interval // of the length of an outage
	exclusions []exclusion
	promise    interval // of the availability, in percent
	tiers      []tier
	caps       []Limit
}

// An exclusion is a compiled [Exclusion].
type exclusion struct {
	clause      string
	causes      []string // of outages that are forgiven as they stand
	maintenance bool     // windows of maintenance forgive
	notice      time.Duration
	anyNotice   bool // not even an announcement is needed
}

// A tier is a compiled [Tier]: it holds at availabilities below its cut and
// not below that of the next.
type tier struct {
	clause string
	below  cut
	source Tier
	give   decimal.Decimal // percent points
	per    stride          // zero: once
}

// percentTop lies just after 100 %.
var percentTop = after(100 * percentUnits)

// spanTop lies after every length of time.
const spanTop = cut(1<<63 - 1)

// Compile returns the terms of a, or every fault that it has, each with the
// path of the field and the complaint.
func (a Agreement) Compile() (*Terms, error) {
	c := &compiler{}
	t := &Terms{agreement: a.clone()}
	names := map[string]bool{}
	for i, source := range a.Commitments {
		at := path{}.key("commitments").index(i)
		if names[source.Name] {
			c.fault(at.key("name"), fmt.Errorf("%s names another commitment too", numeral.Shorten(source.Name)))
		}
		names[source.Name] = true
		t.commitments = append(t.commitments, c.commitment(at, source))
	}
	t.caps = c.caps(path{}, a.AtMost)
	if len(c.faults) > 0 {
		return nil, fmt.Errorf("sla: agreement %s: %w", numeral.Shorten(a.Name), errors.Join(c.faults...))
	}
	return t, nil
}

// Agreement returns what was compiled.
func (t *Terms) Agreement() Agreement { return t.agreement.clone() }

// AtMost returns the limits on what all commitments give together.
func (t *Terms) AtMost() iter.Seq[Limit] { return slices.Values(t.caps) }

// Must returns v, and panics if there is an error. It is for literals and
// tests: sla.Must(agreement.Compile()), sla.Must(sla.Month(2014, 5, time.UTC)).
func Must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// clone returns a copy of a that shares nothing with it.
func (a Agreement) clone() Agreement {
	a.AtMost = slices.Clone(a.AtMost)
	a.Commitments = slices.Clone(a.Commitments)
	for i := range a.Commitments {
		c := &a.Commitments[i]
		c.AtMost, c.Credits = slices.Clone(c.AtMost), slices.Clone(c.Credits)
		c.Exclusions = slices.Clone(c.Exclusions)
		for j := range c.Exclusions {
			c.Exclusions[j].Causes = slices.Clone(c.Exclusions[j].Causes)
		}
	}
	return a
}

// A path is the way to a field, spelled for people and for machines.
type path struct {
	field   string // commitments[0].credits[1].give
	pointer string // /commitments/0/credits/1/give (RFC 6901)
}

func (p path) key(name string) path {
	return path{strings.TrimPrefix(p.field+"."+name, "."), p.pointer + "/" + name}
}

func (p path) index(i int) path {
	return path{fmt.Sprintf("%s[%d]", p.field, i), fmt.Sprintf("%s/%d", p.pointer, i)}
}

// A compiler collects faults.
type compiler struct{ faults []error }

func (c *compiler) fault(at path, err error) {
	if err != nil {
		c.faults = append(c.faults, fmt.Errorf("%s: %w", at.field, err))
	}
}

func (c *compiler) commitment(at path, source Commitment) commitment {
	t := commitment{name: source.Name, clause: at.pointer, source: source}
	t.loss = c.lower(at.key("downtime").key("loss"), source.Downtime.Loss, percent, percentTop)
	t.lasting = c.lower(at.key("downtime").key("lasting"), source.Downtime.Lasting, span, spanTop)
	for i, e := range source.Exclusions {
		t.exclusions = append(t.exclusions, c.exclusion(at.key("exclusions").index(i), e))
	}
	promise, err := source.Promise.interval(percent, percentTop)
	if err == nil && promise.to != percentTop {
		err = fmt.Errorf("%s is broken by an availability that is too good", numeral.Shorten(string(source.Promise)))
	}
	if err == nil && promise.from == 0 {
		err = fmt.Errorf("%s cannot be broken", numeral.Shorten(string(source.Promise)))
	}
	c.fault(at.key("promise"), err)
	t.promise = promise
	if err == nil {
		t.tiers = c.table(at.key("credits"), source.Credits, promise)
	}
	t.caps = c.caps(at, source.AtMost)
	return t
}

// lower reads a range that admits all values above some bound. The empty text
// admits everything but zero.
func (c *compiler) lower(at path, r Range, want unit, top cut) interval {
	all := interval{after(0), top}
	if r == "" {
		return all
	}
	i, err := r.interval(want, top)
	switch {
	case err != nil:
	case i.to != top:
		err = fmt.Errorf("%s leaves out what is more than that", numeral.Shorten(string(r)))
	case i.from < all.from:
		err = fmt.Errorf("%s holds for nothing lost too", numeral.Shorten(string(r)))
	}
	c.fault(at, err)
	return i
}

func (c *compiler) exclusion(at path, source Exclusion) exclusion {
	e := exclusion{clause: at.pointer}
	if len(source.Causes) == 0 {
		c.fault(at.key("causes"), errors.New("missing; it would forgive nothing"))
	}
	for i, cause := range source.Causes {
		switch {
		case cause == "":
			c.fault(at.key("causes").index(i), errors.New("empty; outages without a cause always count"))
		case slices.Contains(source.Causes[:i], cause):
			c.fault(at.key("causes").index(i), fmt.Errorf("%s stands there twice", numeral.Shorten(cause)))
		}
		if cause == "maintenance" {
			e.maintenance = true
		} else {
			e.causes = append(e.causes, cause)
		}
	}
	switch {
	case e.maintenance && source.Notice == "":
		c.fault(at.key("notice"), errors.New(`missing; maintenance needs one such as "24h", or "none"`))
	case e.maintenance && source.Notice == "none":
		e.anyNotice = true
		e.causes = append(e.causes, "maintenance")
	case e.maintenance:
		a, err := source.Notice.amount(span)
		c.fault(at.key("notice"), err)
		e.notice = time.Duration(a.value)
	case source.Notice != "":
		c.fault(at.key("notice"), errors.New("only maintenance is announced"))
	}
	return e
}

// table reads the rows as one falling series of cuts, whether they are nested
// or banded, and reports where they leave a hole or overlap.
func (c *compiler) table(at path, rows []Tier, promise interval) []tier {
	broken := interval{0, promise.from}
	tiers := make([]tier, len(rows))
	within := make([]interval, len(rows))
	banded, readable := false, true
	for i, row := range rows {
		at := at.index(i)
		tiers[i] = tier{clause: at.pointer, source: row}
		within[i] = broken
		if row.When != "" {
			var err error
			within[i], err = row.When.interval(percent, percentTop)
			c.fault(at.key("when"), err)
			readable = readable && err == nil
		}
		tiers[i].below = within[i].to
		banded = banded || within[i].from > 0
		give, err := row.Give.amount(percent)
		c.fault(at.key("give"), err)
		tiers[i].give = decimal.New(give.value, 0).Shift(-12)
		if row.Per != "" {
			tiers[i].per, err = row.Per.stride()
			c.fault(at.key("per"), err)
		}
	}
	if readable {
		c.joints(at, tiers, within, banded, promise)
	}
	return tiers
}

// joints reports where two rows do not fit together: each must begin where
// the one before it ends (banded) or inside it (nested), the first where the
// promise is broken.
func (c *compiler) joints(at path, tiers []tier, within []interval, banded bool, promise interval) {
	for i, row := range within {
		at := at.index(i).key("when")
		last := i == len(within)-1
		switch {
		case i == 0 && row.to > promise.from:
			c.fault(at, fmt.Errorf("holds %s, where the promise is kept", row.overlap(promise)))
		case i == 0 && row.to < promise.from:
			c.fault(at, fmt.Errorf("a hole: nothing is given %s, though the promise is broken", interval{row.to, promise.from}))
		case i > 0 && banded && row.from == 0 && !last:
			c.fault(at, errors.New("a row with one bound among rows with two; a table is nested or banded"))
		case i > 0 && banded && row.to > within[i-1].from:
			c.fault(at, fmt.Errorf("overlaps the row before it %s", row.overlap(within[i-1])))
		case i > 0 && banded && row.to < within[i-1].from:
			c.fault(at, fmt.Errorf("a hole: no row holds %s", interval{row.to, within[i-1].from}))
		case i > 0 && !banded && row.to >= within[i-1].to:
			c.fault(at, errors.New("not severer than the row before, which would never give"))
		case i > 0 && tiers[i].per == tiers[i-1].per && tiers[i].give.LessThan(tiers[i-1].give):
			c.fault(at, errors.New("gives less than the row before, for more downtime"))
		}
		if banded && last && row.from > 0 {
			c.fault(at, fmt.Errorf("a hole: no row holds %s", interval{0, row.from}))
		}
	}
}

func (c *compiler) caps(at path, budgets []Budget) []Limit {
	var limits []Limit
	for i, b := range budgets {
		at := at.key("atMost").index(i)
		a, err := Quantity(b).amount(percent)
		c.fault(at, err)
		limits = append(limits, Limit{decimal.New(a.value, 0).Shift(-12), at.pointer})
	}
	return limits
}

// overlap returns the values that i and j share.
func (i interval) overlap(j interval) interval {
	return interval{max(i.from, j.from), min(i.to, j.to)}
}

// String returns the percentages of i in words: "at exactly 99%", "from 99% to
// below 99.95%".
func (i interval) String() string {
	low, open := i.from.value()
	high, closed := i.to.value()
	switch {
	case i.to == i.from+1 && !open:
		return "at exactly " + inPercent(low)
	case open && closed:
		return "over " + inPercent(low) + " to " + inPercent(high)
	case open:
		return "over " + inPercent(low) + " and below " + inPercent(high)
	case closed:
		return "from " + inPercent(low) + " to " + inPercent(high)
	default:
		return "from " + inPercent(low) + " to below " + inPercent(high)
	}
}

// inPercent returns a number of percent units as people write it.
func inPercent(units int64) string {
	return decimal.New(units, 0).Shift(-12).String() + "%"
}

// loses reports whether an outage loses enough to be down.
func (c *commitment) loses(o outage.Outage) bool {
	lost := before(o.LostPercent().Shift(12).IntPart())
	return c.loss.from <= lost && lost < c.loss.to
}

// lasts reports whether an outage is long enough to count.
func (c *commitment) lasts(w outage.Window) bool {
	return c.lasting.from <= before(int64(w.Length()))
}
