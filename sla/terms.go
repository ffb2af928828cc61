package sla

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/civil"
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
	levels     []level
	causes     []string      // of outages that count; none: all
	starts     []string      // marks; none: the start
	ends       []string      // marks; none: the end
	loss       interval      // of the lost share, in percent
	grid       grid          // zero: none
	lasting    time.Duration // the least length of an outage that counts
	exclusions []exclusion
	measuring  measuring
	zone       *time.Location // nil: that of the billing period
	zones      func(string) (*time.Location, error)
	hours      timetable     // of service; zero: always
	length     time.Duration // what a period counts as; zero: its own length
	rounding   rounding
	scale      scale    // of the promise and the rows
	promise    interval // on which more is better
	tiers      []tier
	caps       []Limit
	exits      []exit
}

// An exclusion is a compiled [Exclusion].
type exclusion struct {
	clause    string
	causes    []string // of outages that are forgiven as they stand
	hours     timetable
	notice    time.Duration
	anyNotice bool // not even an announcement is needed
	allowance allowance
	source    Exclusion
}

// percentTop lies just after 100 %.
var percentTop = after(100 * percentUnits)

// lengthTop lies after every length of time that can be written.
var lengthTop = after(maxAmount)

// Compile returns the terms of a, or every fault that it has, each with the
// path of the field and the complaint. It loads zones by [time.LoadLocation].
func (a Agreement) Compile() (*Terms, error) { return a.CompileIn(nil) }

// CompileIn is [Agreement.Compile] with a function that loads the zones that
// the agreement names.
func (a Agreement) CompileIn(zones func(name string) (*time.Location, error)) (*Terms, error) {
	a = a.clone() // what is compiled refers to it
	c := &compiler{zones: zones}
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
		c.Scope.Only, c.Scope.Levels = maps.Clone(c.Scope.Only), slices.Clone(c.Scope.Levels)
		for name, values := range c.Scope.Only {
			c.Scope.Only[name] = slices.Clone(values)
		}
		d := &c.Downtime
		d.Causes, d.Starts, d.Ends = slices.Clone(d.Causes), slices.Clone(d.Starts), slices.Clone(d.Ends)
		c.Calculation.Hours = slices.Clone(c.Calculation.Hours)
		c.Exclusions = slices.Clone(c.Exclusions)
		for j := range c.Exclusions {
			e := &c.Exclusions[j]
			e.Causes, e.Hours = slices.Clone(e.Causes), slices.Clone(e.Hours)
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
type compiler struct {
	faults []error
	zones  func(string) (*time.Location, error)
}

func (c *compiler) fault(at path, err error) {
	if err != nil {
		c.faults = append(c.faults, fmt.Errorf("%s: %w", at.field, err))
	}
}

func (c *compiler) commitment(at path, source Commitment) commitment {
	t := commitment{name: source.Name, clause: at.pointer, source: source, zones: c.zones}
	c.label(at.key("name"), source.Name)
	c.scope(at.key("scope"), source.Scope, &t)
	c.downtime(at.key("downtime"), source.Downtime, &t)
	c.calculation(at.key("calculation"), source.Calculation, &t)
	forgiven := map[string]bool{}
	for i, e := range source.Exclusions {
		t.exclusions = append(t.exclusions, c.exclusion(at.key("exclusions").index(i), e, forgiven))
		if len(e.Hours) > 0 && source.Calculation.Zone == "" {
			c.fault(at.key("calculation").key("zone"), errors.New("missing; hours are told by the clocks of a zone"))
		}
		if e.Allowance != "" && t.measuring.outage && t.exclusions[i].allowance.perPeriod() {
			c.fault(at.key("exclusions").index(i).key("allowance"), errors.New(`each outage is measured on its own; say "per outage" or "per 1mo"`))
		}
		if e.Allowance != "" && source.Downtime.Requests {
			c.fault(at.key("exclusions").index(i).key("allowance"), errors.New("an allowance is of time, and requests are counted"))
		}
	}
	slices.SortStableFunc(t.exclusions, func(a, b exclusion) int { return b.rank() - a.rank() })
	c.remedy(at, &t)
	t.exits = c.exits(at, source.Termination)
	return t
}

// downtime reads what counts.
func (c *compiler) downtime(at path, source Downtime, t *commitment) {
	t.causes = c.words(at.key("causes"), source.Causes)
	t.starts = c.words(at.key("starts"), source.Starts, "end")
	t.ends = c.words(at.key("ends"), source.Ends, "start")
	t.loss = c.lower(at.key("loss"), source.Loss, percent, percentTop)
	var err error
	if source.Slot != "" {
		t.grid, err = source.Slot.grid()
		c.fault(at.key("slot"), err)
	}
	switch {
	case source.Requests && source.Slot == "":
		c.fault(at.key("slot"), errors.New(`missing; requests are counted over slots, such as "5m" or "period"`))
	case source.Slot == "period" && !source.Requests:
		c.fault(at.key("slot"), errors.New("period is for requests"))
	case source.Slot == "period" && source.Lasting != "":
		c.fault(at.key("lasting"), errors.New("says nothing; the only slot is as long as the period"))
	}
	for _, f := range []struct {
		name string
		set  bool
	}{{"causes", len(source.Causes) > 0}, {"starts", len(source.Starts) > 0}, {"ends", len(source.Ends) > 0}} {
		if source.Requests && f.set {
			c.fault(at.key(f.name), errors.New("is of outages, and requests are counted"))
		}
	}
	if source.MinRequests < 0 {
		c.fault(at.key("minRequests"), errors.New("negative"))
	}
	if source.MinRequests > 0 && !source.Requests {
		c.fault(at.key("minRequests"), errors.New("no requests are counted"))
	}
	t.lasting = c.lower(at.key("lasting"), source.Lasting, length, lengthTop).least()
}

// words reports texts of a list that are empty or refused, come twice, or could
// not stand on a line, and returns the list.
func (c *compiler) words(at path, texts []string, refused ...string) []string {
	for i, text := range texts {
		switch problem := label.Problem(text); {
		case text == "":
			c.fault(at.index(i), errors.New("empty"))
		case problem != "":
			c.fault(at.index(i), errors.New(problem))
		case slices.Contains(refused, text):
			c.fault(at.index(i), fmt.Errorf("%s is not a mark that can stand here", text))
		case slices.Contains(texts[:i], text):
			c.fault(at.index(i), fmt.Errorf("%s comes twice", numeral.Shorten(text)))
		}
	}
	return texts
}

// positive reads a length of time that is not zero.
func (c *compiler) positive(at path, q Quantity) time.Duration {
	a, err := q.amount(length)
	if err == nil && a.value == 0 {
		err = fmt.Errorf("%s is no time at all", numeral.Shorten(string(q)))
	}
	c.fault(at, err)
	return time.Duration(a.value)
}

// calculation reads how downtime becomes an availability.
func (c *compiler) calculation(at path, source Calculation, t *commitment) {
	if source.Period != "" {
		var err error
		t.measuring, err = source.Period.measuring()
		c.fault(at.key("period"), err)
	}
	if t.measuring.outage {
		for _, f := range []struct {
			name string
			set  bool
		}{{"length", source.Length != ""}, {"whole", source.Whole}, {"hours", len(source.Hours) > 0}} {
			if f.set {
				c.fault(at.key(f.name), errors.New("says nothing; each outage is measured on its own"))
			}
		}
		if t.grid.whole {
			c.fault(at.key("period"), errors.New("outage, and requests are counted over the period"))
		}
		if slices.ContainsFunc(t.levels, func(l level) bool { return l.pooled }) {
			c.fault(at.key("period"), errors.New("outage, and a pool has no outages of its own"))
		}
	}
	if source.Zone != "" {
		zone, err := civil.LoadZone(source.Zone, c.zones)
		c.fault(at.key("zone"), err)
		t.zone = zone
	} else if len(source.Hours) > 0 {
		c.fault(at.key("zone"), errors.New("missing; hours are told by the clocks of a zone"))
	}
	t.hours = c.timetable(at.key("hours"), source.Hours)
	if source.Length != "" {
		t.length = c.positive(at.key("length"), source.Length)
		if t.length > maxLength {
			c.fault(at.key("length"), fmt.Errorf("%s is longer than any period", numeral.Shorten(string(source.Length))))
		}
	}
	switch source.Unknown {
	case "", "up", "down", "out":
	default:
		c.fault(at.key("unknown"), fmt.Errorf("%s is not up, down or out", numeral.Shorten(string(source.Unknown))))
	}
	var err error
	t.rounding, err = source.Round.rounding()
	c.fault(at.key("round"), err)
}

// maxLength is the length of the years in which a period may lie.
const maxLength = time.Duration(292*365) * day

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
	e := exclusion{clause: at.pointer, source: source, hours: c.timetable(at.key("hours"), source.Hours)}
	if len(source.Causes) == 0 && len(source.Hours) == 0 {
		c.fault(at.key("causes"), errors.New("missing, and so are hours; it would forgive nothing"))
	}
	maintenance := false
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
		maintenance = maintenance || cause == "maintenance"
		if cause != "maintenance" || source.Notice == "none" {
			e.causes = append(e.causes, cause)
		}
	}
	switch {
	case maintenance && source.Notice == "":
		c.fault(at.key("notice"), errors.New(`missing; maintenance needs one such as "24h", or "none"`))
	case source.Notice == "" || source.Notice == "none":
		e.anyNotice = true
	case len(source.Causes) == 0:
		c.fault(at.key("notice"), errors.New("hours that the agreement sets aside are not announced"))
	default:
		a, err := source.Notice.amount(length)
		c.fault(at.key("notice"), err)
		e.notice = time.Duration(a.value)
	}
	if source.Allowance != "" {
		var err error
		e.allowance, err = source.Allowance.allowance()
		c.fault(at.key("allowance"), err)
		switch {
		case source.First:
			c.fault(at.key("allowance"), errors.New("first acts on what may be too short to count, and would waste it"))
		case source.Removed:
			c.fault(at.key("allowance"), errors.New("what is removed is not forgiven, and draws nothing"))
		}
	}
	return e
}

// rank orders exclusions by when they act.
func (e exclusion) rank() int {
	if e.source.First {
		return 1
	}
	return 0
}

// excusing returns the index of the exclusion that forgives outages of a
// cause, or −1.
func (c *commitment) excusing(cause string) int {
	return slices.IndexFunc(c.exclusions, func(e exclusion) bool { return slices.Contains(e.causes, cause) })
}

// planning returns the index of the exclusion under which time that was set
// aside forgives, or −1.
func (c *commitment) planning(m outage.Maintenance) int {
	return slices.IndexFunc(c.exclusions, func(e exclusion) bool {
		return slices.Contains(e.source.Causes, causeOf(m)) && (e.anyNotice || !m.Announced.IsZero() && m.Start.Sub(m.Announced) >= e.notice)
	})
}

// notice returns the notice under which time that was set aside for a cause
// forgives, and nothing if it never does.
func (c *commitment) notice(cause string) Quantity {
	for _, e := range c.exclusions {
		if slices.Contains(e.source.Causes, cause) {
			return e.source.Notice
		}
	}
	return ""
}

// zoneOf returns the zone by whose clocks a commitment is measured over a
// period, where it matters.
func (c *commitment) zoneOf(p Period) (*time.Location, error) {
	monthly := slices.ContainsFunc(c.exclusions, func(e exclusion) bool { return e.allowance.months > 0 })
	switch {
	case c.zone != nil:
		return c.zone, nil
	case (c.grid.length == 0 || c.grid.anchored) && !monthly && (c.measuring == measuring{} || c.measuring.outage || c.measuring.trailing):
		return time.UTC, nil // nothing is told by clocks
	}
	return c.billingZone(p)
}

// billingZone returns the zone of a billing period.
func (c *commitment) billingZone(p Period) (*time.Location, error) {
	zone, err := civil.LoadZone(p.Zone(), c.zones)
	if err != nil {
		return nil, fmt.Errorf("the zone of the period: %w; name one in calculation.zone", err)
	}
	return zone, nil
}
