package sla

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/label"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
)

// Terms are a compiled [Agreement]: free of contradictions, and ready to
// judge. They never change and may be used by several goroutines at once.
type Terms struct {
	agreement   Agreement
	commitments []commitment
	caps        []Limit
	above       Sum
}

// A commitment is a compiled [Commitment].
type commitment struct {
	name       string
	clause     string // JSON pointer to it
	source     Commitment
	loss       interval      // of the lost share, in percent
	lasting    time.Duration // the least length of an outage that counts
	exclusions []exclusion
	scale      scale    // of the promise and the rows
	promise    interval // on which more is better
	tiers      []tier
	perOutage  bool // each finding is on one outage
	caps       []Limit
	exits      []exit
}

// An exclusion is a compiled [Exclusion].
type exclusion struct {
	clause      string
	causes      []string // of outages that are forgiven as they stand
	maintenance bool     // windows of maintenance forgive
	notice      time.Duration
	anyNotice   bool // not even an announcement is needed
	source      Exclusion
}

// percentTop lies just after 100 %.
var percentTop = after(100 * percentUnits)

// lengthTop lies after every length of time that can be written.
var lengthTop = after(maxAmount)

// Compile returns the terms of a, or every fault that it has, each with the
// path of the field and the complaint.
func (a Agreement) Compile() (*Terms, error) {
	a = a.clone() // what is compiled refers to it
	c := &compiler{}
	c.label(path{}.key("name"), a.Name)
	c.label(path{}.key("note"), a.Note)
	t := &Terms{agreement: a}
	names := map[string]bool{}
	for i, source := range a.Commitments {
		at := path{}.key("commitments").index(i)
		switch {
		case names[source.Name] && source.Name == "":
			c.fault(at.key("name"), errors.New("missing; another commitment has none either, and they must be told apart"))
		case names[source.Name]:
			c.fault(at.key("name"), fmt.Errorf("%s names another commitment too", numeral.Shorten(source.Name)))
		}
		names[source.Name] = true
		t.commitments = append(t.commitments, c.commitment(at, source))
	}
	t.caps = c.caps(path{}, a.AtMost, false)
	t.above = c.above(path{}.key("above"), a.Above)
	c.groups(a.Commitments)
	c.claims(a)
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
	a.Claims.Requires, a.Payment.Forms = slices.Clone(a.Claims.Requires), slices.Clone(a.Payment.Forms)
	a.Commitments = slices.Clone(a.Commitments)
	for i := range a.Commitments {
		c := &a.Commitments[i]
		c.AtMost, c.Credits, c.OneOf = slices.Clone(c.AtMost), slices.Clone(c.Credits), slices.Clone(c.OneOf)
		c.Base, c.Termination = c.Base.clone(), slices.Clone(c.Termination)
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
	c.label(at.key("name"), source.Name)
	t.loss = c.lower(at.key("downtime").key("loss"), source.Downtime.Loss, percent, percentTop)
	t.lasting = c.lower(at.key("downtime").key("lasting"), source.Downtime.Lasting, length, lengthTop).least()
	forgiven := map[string]bool{}
	for i, e := range source.Exclusions {
		t.exclusions = append(t.exclusions, c.exclusion(at.key("exclusions").index(i), e, forgiven))
	}
	c.remedy(at, &t)
	t.exits = c.exits(at, source.Termination)
	return t
}

// label reports a text that could not stand on a line of a statement.
func (c *compiler) label(at path, text string) {
	if problem := label.Problem(text); problem != "" {
		c.fault(at, errors.New(problem))
	}
}

// anyLoss admits every loss.
var anyLoss = interval{after(0), percentTop}

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
		err = fmt.Errorf("%s has an upper end, and what is worse would not count", numeral.Shorten(string(r)))
	case i.from < all.from:
		err = fmt.Errorf("%s also holds where nothing is lost", numeral.Shorten(string(r)))
	}
	c.fault(at, err)
	return i
}

// exclusion reads an exclusion, and adds its causes to those that are forgiven
// already.
func (c *compiler) exclusion(at path, source Exclusion, forgiven map[string]bool) exclusion {
	e := exclusion{clause: at.pointer, source: source}
	if len(source.Causes) == 0 {
		c.fault(at.key("causes"), errors.New("missing; it would forgive nothing"))
	}
	for i, cause := range source.Causes {
		c.label(at.key("causes").index(i), cause)
		switch {
		case cause == "":
			c.fault(at.key("causes").index(i), errors.New("empty; outages without a cause always count"))
		case cause != "maintenance" && strings.EqualFold(cause, "maintenance"):
			c.fault(at.key("causes").index(i), fmt.Errorf(`%s; write "maintenance" for planned work`, numeral.Shorten(cause)))
		case forgiven[cause]:
			c.fault(at.key("causes").index(i), fmt.Errorf("%s is forgiven already", numeral.Shorten(cause)))
		}
		forgiven[cause] = true
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
		a, err := source.Notice.amount(length)
		c.fault(at.key("notice"), err)
		e.notice = time.Duration(a.value)
	case source.Notice != "":
		c.fault(at.key("notice"), errors.New("only maintenance is announced"))
	}
	return e
}

// loses reports whether an outage loses enough to be down.
func (c *commitment) loses(o outage.Outage) bool {
	lost := before(o.LostPercent().Shift(12).IntPart())
	return c.loss.from <= lost && lost < c.loss.to
}

// lasts reports whether an outage is long enough to count.
func (c *commitment) lasts(w outage.Window) bool { return w.Length() >= c.lasting }
