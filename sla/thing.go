package sla

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
)

// A thing is what one commitment measures, in its terms: a resource, or
// several that are combined into one.
type thing struct {
	name    string
	asOf    time.Time
	root    node
	members []*member
	outages []outage.Outage // of all members; records are indices into it
	traffic []outage.Traffic
	slots   slots
	period  outage.Window // the billing period, or the one that holds all of several
	hull    outage.Window // holds the period and every outage
	closed  outage.Set    // outside the life and the hours of service
}

// A node is a resource, or what a level makes of several nodes.
type node struct {
	member   *member
	level    *level
	children []node
}

// A member is a resource as a commitment sees it.
type member struct {
	resource string
	timeline outage.Timeline
	spells   []spell      // outages whose cause counts, on the agreed clock, by start
	forgiven map[int]int  // which exclusion forgives an outage for its cause, if one does
	open     map[int]bool // outages that go on after the as-of instant
	ignored  []spell      // outages that do not count
	reasons  map[int]ignored
	plans    []plan     // for each exclusion, what was set aside under it
	idle     plan       // what was set aside and forgives nothing
	unknown  outage.Set // what was lost there is left open
	assumed  outage.Set // nobody observed it, and it is agreed as what it counts
	unlived  outage.Set // outside its life
	life     outage.Set // when it was to be served, or is taken as served
}

// A plan is time that was set aside.
type plan struct {
	set   outage.Set
	hours outage.Set // of it, what the agreement itself sets aside
	best  []spell    // the window that was announced longest ahead
	all   []outage.Maintenance
}

// An ignored outage does not count, for a reason.
type ignored struct{ clause, reason string }

// all is every moment at which a window may lie.
func all() outage.Set { return outage.NewSet(between(earliest, latest)) }

// add makes a resource a member of t.
func (t *thing) add(c *commitment, timeline outage.Timeline) (*member, error) {
	m := &member{resource: timeline.Resource(), forgiven: map[int]int{}, open: map[int]bool{}, reasons: map[int]ignored{}}
	t.asOf = timeline.AsOf()
	for w, o := range timeline.Outages() {
		record := len(t.outages)
		t.outages = append(t.outages, o)
		s := spell{w.Start().UnixNano(), w.End().UnixNano(), lostBy(o), record}
		ignore := func(field, reason string) {
			m.ignored = append(m.ignored, s)
			m.reasons[record] = ignored{c.clause + "/downtime/" + field, reason}
		}
		if len(c.causes) > 0 && !slices.Contains(c.causes, o.Cause) {
			ignore("causes", "cause "+inQuotes(o.Cause)+" does not count")
			continue
		}
		ran, goesOn, missing, err := c.clock(o, timeline.AsOf())
		switch {
		case err != nil:
			return nil, err
		case missing != "":
			ignore("starts", "the clock did not start: no "+missing)
			continue
		case ran.IsEmpty():
			ignore("starts", "the clock had not started when it stopped")
			continue
		}
		s.from, s.to = ran.Start().UnixNano(), ran.End().UnixNano()
		m.spells = append(m.spells, s)
		t.hull = hull(t.hull, ran)
		if e := c.excusing(o.Cause); e >= 0 {
			m.forgiven[record] = e
		}
		m.open[record] = goesOn
	}
	slices.SortStableFunc(m.spells, func(a, b spell) int { return cmp.Compare(a.from, b.from) })
	m.ignored = foremost(m.ignored)
	for w, r := range timeline.Traffic() {
		from, to := t.slots.at(w.Start().UnixNano())
		if c.source.Downtime.Requests && (w.Start().UnixNano() < from || w.End().UnixNano() > to) && !w.Intersect(t.slots.period).IsEmpty() {
			return nil, fmt.Errorf("traffic %s: %v does not lie in one slot of %s", numeral.Shorten(r.ID), w, c.source.Downtime.Slot)
		}
		t.traffic = append(t.traffic, r)
		t.hull = hull(t.hull, w)
	}
	m.unlived = timeline.Outside()
	if !c.source.Calculation.Whole {
		m.life = all().Subtract(m.unlived)
	} else {
		m.life = all()
	}
	m.know(c, timeline)
	m.timeline = timeline
	t.members = append(t.members, m)
	return m, nil
}

// lostBy returns the share that an outage loses.
func lostBy(o outage.Outage) int64 { return o.LostPercent().Shift(9).IntPart() }

// hull returns the smallest window that holds both.
func hull(v, w outage.Window) outage.Window {
	switch {
	case v.IsEmpty():
		return w
	case w.IsEmpty():
		return v
	}
	return between(min(v.Start().UnixNano(), w.Start().UnixNano()), max(v.End().UnixNano(), w.End().UnixNano()))
}

// around returns a window with as much before and after it as can matter to
// what counts in it: a slot that straddles its edge, time of which nobody knows
// that makes an outage long enough, and what draws an allowance.
func (c *commitment) around(w outage.Window) outage.Window {
	margin := c.lasting + 2*day
	for _, e := range c.exclusions {
		switch {
		case e.hours.isZero() || !e.allowance.isSet():
		case e.allowance.perOutage: // as far as the outages go, which is not known yet
		default:
			margin = max(margin, time.Duration(e.allowance.months)*31*day)
		}
	}
	return between(max(w.Start().UnixNano(), earliest+int64(margin))-int64(margin), min(w.End().UnixNano(), latest-int64(margin))+int64(margin))
}

// outages returns a window that holds t.hull and, where hours are told, the
// whole of every outage that touches the period: hours may cut it there, and
// where each outage has an allowance of them, also as it is at worst.
func (c *commitment) outages(t *thing) outage.Window {
	hours, each := !c.hours.isZero(), false
	for _, e := range c.exclusions {
		hours = hours || !e.hours.isZero()
		each = each || !e.hours.isZero() && e.allowance.perOutage
	}
	all := t.hull
	for _, worst := range []bool{false, true} {
		if !hours || worst && !each {
			break
		}
		lost := moments(c.losses(t, excuse{upTo: -1}, worst), c.passes)
		for w := range lost.Within(t.period).All() {
			all = hull(all, lost.Window(w.Start()))
		}
	}
	return all
}

// know says what time of which nobody knows counts as.
func (m *member) know(c *commitment, timeline outage.Timeline) {
	m.unknown = timeline.Unknown()
	treatment := c.source.Calculation.Unknown
	if treatment == "" {
		return
	}
	past := all()
	if asOf := timeline.AsOf(); !asOf.IsZero() {
		past = outage.NewSet(between(earliest, asOf.UnixNano()))
	}
	m.assumed = m.unknown.Intersect(past)
	m.unknown = m.unknown.Subtract(past)
	switch treatment {
	case "down":
		for w := range m.assumed.All() {
			m.spells = append(m.spells, spell{w.Start().UnixNano(), w.End().UnixNano(), everything, nobody})
		}
		slices.SortStableFunc(m.spells, func(a, b spell) int { return cmp.Compare(a.from, b.from) })
	case "out":
		m.life = m.life.Subtract(m.assumed.Subtract(m.unlived))
	}
}

// plan sorts what was set aside by the exclusion under which it forgives. The
// hours of an agreement are told within a window.
func (m *member) plan(c *commitment, within outage.Window) {
	m.plans = make([]plan, len(c.exclusions))
	spells := make([][]spell, len(c.exclusions)+1)
	windows := make([][]outage.Window, len(c.exclusions))
	for w, r := range m.timeline.Maintenance() {
		e := c.planning(r)
		p := &m.idle
		if e >= 0 {
			p = &m.plans[e]
			windows[e] = append(windows[e], w)
		} else {
			e = len(c.exclusions)
		}
		rank := int64(-1) // never announced
		if !r.Announced.IsZero() {
			rank = max(0, int64(r.Start.Sub(r.Announced)))
		}
		spells[e] = append(spells[e], spell{w.Start().UnixNano(), w.End().UnixNano(), rank, len(p.all)})
		p.all = append(p.all, r)
	}
	for e := range c.exclusions {
		p := &m.plans[e]
		p.hours = c.exclusions[e].hours.within(within, c.zone)
		p.set = outage.NewSet(windows[e]...).Union(p.hours)
		p.best = foremost(spells[e])
	}
	m.idle.best = foremost(spells[len(c.exclusions)])
}

// at returns the window that was announced longest ahead of those under way at
// an instant.
func (p plan) at(instant int64) (outage.Maintenance, bool) {
	s, found := spellAt(p.best, instant)
	if !found {
		return outage.Maintenance{}, false
	}
	return p.all[s.record], true
}

// An excuse is what the exclusions up to one of them forgive.
type excuse struct {
	upTo int // index of the last that acts; −1 for none

	// spent holds for each the time in which its allowance is used up, and
	// nothing is forgiven.
	spent []outage.Set
}

// losses returns what a member loses when some exclusions have acted; at worst,
// everything is lost where nobody knows.
func (m *member) losses(x excuse, worst bool) []loss {
	spells := make([]spell, 0, len(m.spells))
	sorted := true
	for _, s := range m.spells {
		e, forgivable := m.forgiven[s.record]
		if !forgivable || e > x.upTo {
			spells = append(spells, s)
			continue
		}
		part := s
		for w := range x.spent[e].Within(between(s.from, s.to)).All() {
			part.from, part.to = w.Start().UnixNano(), w.End().UnixNano()
			spells = append(spells, part)
			sorted = false
		}
	}
	if worst && !m.unknown.IsEmpty() {
		for w := range m.unknown.All() {
			spells = append(spells, spell{w.Start().UnixNano(), w.End().UnixNano(), everything, nobody})
		}
		sorted = false
	}
	if !sorted {
		slices.SortStableFunc(spells, func(a, b spell) int { return cmp.Compare(a.from, b.from) })
	}
	tops := foremost(spells)
	losses := make([]loss, len(tops))
	records := make([]int, len(tops))
	for i, s := range tops {
		losses[i] = loss{from: s.from, to: s.to, lost: s.rank}
		if s.record != nobody {
			records[i] = s.record
			losses[i].records = records[i : i+1 : i+1]
		}
	}
	return without(losses, m.aside(x))
}

// losses returns what n loses, and when it was to be served.
func (n node) losses(x excuse, worst bool) ([]loss, outage.Set) {
	if n.member != nil {
		return n.member.losses(x, worst), n.member.life
	}
	members := make([][]loss, len(n.children))
	lives := make([]outage.Set, len(n.children))
	for i, child := range n.children {
		members[i], lives[i] = child.losses(x, worst)
		if child.member != nil { // which is up outside its life, if it counts there at all
			members[i] = without(members[i], child.member.unlived)
		}
	}
	return kth(members, lives, max(1, n.level.least), n.level.needed), n.life()
}

// life returns when n was to be served.
func (n node) life() outage.Set {
	if n.member != nil {
		return n.member.life
	}
	lives := make([]outage.Set, len(n.children))
	for i, child := range n.children {
		lives[i] = child.life()
	}
	return atLeast(max(1, n.level.least), lives)
}

// unknown returns the moments at which unknown time could lose more.
func (t *thing) unknown() outage.Set {
	if len(t.members) == 1 && t.root.member != nil {
		return t.members[0].unknown
	}
	none := excuse{upTo: -1}
	known, _ := t.root.losses(none, false)
	worst, _ := t.root.losses(none, true)
	walk := lossWalk{known}
	var windows []outage.Window
	for _, l := range worst {
		for at := l.from; at < l.to; {
			k, until := walk.at(at)
			until = min(until, l.to)
			if k.lost < l.lost {
				windows = append(windows, between(at, until))
			}
			at = until
		}
	}
	return outage.NewSet(windows...)
}

// aside returns the moments at which all members that are to be served were
// set aside under an exclusion.
func (t *thing) aside(exclusion int) outage.Set {
	set := all()
	for _, m := range t.members {
		set = set.Intersect(m.plans[exclusion].set.Union(all().Subtract(m.life)))
	}
	return set
}

// inQuotes returns a cause as a reason names it.
func inQuotes(cause string) string {
	if cause == "" {
		return "none"
	}
	return fmt.Sprintf("%q", cause)
}
