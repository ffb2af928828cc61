package sla

import (
	"fmt"
	"slices"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
)

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

// add makes a resource a member of t.
func (t *thing) add(c *commitment, timeline outage.Timeline) (*member, error) {
	m := &member{resource: timeline.Resource(), forgiven: map[int]int{}, open: map[int]bool{}, reasons: map[int]ignored{}}
	t.asOf = timeline.AsOf()
	for w, o := range timeline.Outages() {
		record := len(t.outages)
		t.outages = append(t.outages, o)
		s := spellOf(w, lostBy(o), record)
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
		m.spells = append(m.spells, spellOf(ran, s.rank, record))
		t.hull = hull(t.hull, ran)
		if e := c.excusing(o.Cause); e >= 0 {
			m.forgiven[record] = e
		}
		m.open[record] = goesOn
	}
	sortSpells(m.spells)
	m.ignored = foremost(m.ignored)
	for w, r := range timeline.Traffic() {
		if !c.source.Downtime.Requests {
			break // of no concern
		}
		from, to := t.slots.at(w.Start().UnixNano())
		if (w.Start().UnixNano() < from || w.End().UnixNano() > to) && !w.Intersect(t.slots.period).IsEmpty() {
			return nil, fmt.Errorf("traffic %s: %v does not lie in one slot of %s", numeral.Shorten(r.ID), w, c.source.Downtime.Slot)
		}
		t.traffic = append(t.traffic, r)
		t.hull = hull(t.hull, w)
	}
	m.unlived = timeline.Outside()
	m.life = all()
	if !c.source.Calculation.Whole {
		m.life = m.life.Subtract(m.unlived)
	}
	m.know(c, timeline)
	m.timeline = timeline
	t.members = append(t.members, m)
	return m, nil
}

// An ignored outage does not count, for a reason.
type ignored struct{ clause, reason string }

// inQuotes returns a cause as a reason names it.
func inQuotes(cause string) string {
	if cause == "" {
		return "none"
	}
	return fmt.Sprintf("%q", cause)
}

// lostBy returns the share that an outage loses.
func lostBy(o outage.Outage) int64 { return o.LostPercent().Shift(9).IntPart() }

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
		m.spells = appendUnknown(m.spells, m.assumed)
		sortSpells(m.spells)
	case "out":
		m.life = m.life.Subtract(m.assumed.Subtract(m.unlived))
	}
}

// goesOn reports whether an outage that counts goes on after the as-of instant.
func (m *member) goesOn() bool {
	for _, goesOn := range m.open {
		if goesOn {
			return true
		}
	}
	return false
}

// losses returns what a member loses when some exclusions act.
func (m *member) losses(x excuse, as scenario) []loss {
	spells := make([]spell, 0, len(m.spells))
	sorted := true
	for _, s := range m.spells {
		if as == asOngoing && m.open[s.record] {
			s.to = latest
		}
		e, forgivable := m.forgiven[s.record]
		if !forgivable || !x.of(e) {
			spells = append(spells, s)
			continue
		}
		for w := range x.spent[e].Within(between(s.from, s.to)).All() {
			spells = append(spells, spellOf(w, s.rank, s.record))
			sorted = false
		}
	}
	if as == atWorst && !m.unknown.IsEmpty() {
		spells = appendUnknown(spells, m.unknown)
		sorted = false
	}
	if !sorted {
		sortSpells(spells)
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

// aside returns the time that was set aside under the exclusions that act.
func (m *member) aside(x excuse) outage.Set {
	var set outage.Set
	for e, acts := range x.acts {
		if acts && !m.plans[e].set.IsEmpty() {
			set = set.Union(m.plans[e].set.Subtract(x.spent[e]))
		}
	}
	return set
}

// appendPlanEdges appends where the account of a member can change, besides its
// losses.
func (m *member) appendPlanEdges(edges []int64) []int64 {
	for _, p := range m.plans {
		for _, s := range p.best {
			edges = append(edges, s.from, s.to)
		}
	}
	for _, s := range m.idle.best {
		edges = append(edges, s.from, s.to)
	}
	for _, s := range m.ignored {
		edges = append(edges, s.from, s.to)
	}
	return edges
}
