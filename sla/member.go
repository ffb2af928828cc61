package sla

import (
	"fmt"
	"slices"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
)

// A member is a resource as a commitment sees it.
type member struct {
	resource string
	timeline outage.Timeline
	thing    *thing
	spells   []spell    // outages whose cause counts, on the agreed clock, by start
	tops     []spell    // of these, the foremost at each moment
	ignored  []spell    // outages that do not count
	plans    []plan     // for each exclusion, what was set aside under it
	idle     plan       // what was set aside and forgives nothing
	unknown  outage.Set // what was lost there is left open
	assumed  outage.Set // nobody observed it, and it is agreed as what it counts
	unlived  outage.Set // outside its life
	life     outage.Set // when it was to be served, or is taken as served
}

// A fate is what becomes of an outage before any loss is combined.
type fate struct {
	excuse  int    // the exclusion that excuses it for its cause, or −1
	open    bool   // it goes on after the as-of instant
	clause  string // where it does not count, the clause that says so
	ignored Reason // and why
}

// ofNobody is the fate of time of which nobody knows; never written to.
var ofNobody = fate{excuse: -1}

// fate returns that of the outage behind a spell.
func (m *member) fate(s spell) *fate {
	if s.record == nobody {
		return &ofNobody
	}
	return &m.thing.fates[s.record]
}

// add makes a resource a member of t.
func (t *thing) add(c *commitment, timeline outage.Timeline) (*member, error) {
	m := &member{resource: timeline.Resource(), thing: t}
	t.asOf = timeline.AsOf()
	for w, o := range timeline.Outages() {
		record := len(t.outages)
		ran, fate, err := c.fate(o, timeline.AsOf())
		if err != nil {
			return nil, err
		}
		t.outages, t.fates = appended(t.outages, o), appended(t.fates, fate)
		if fate.ignored != (Reason{}) {
			m.ignored = append(m.ignored, spellOf(w, lostBy(o), record))
			continue
		}
		m.spells = appended(m.spells, spellOf(ran, lostBy(o), record))
		t.hull = hull(t.hull, ran)
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
	m.life = always
	if !c.source.Calculation.Whole {
		m.life = m.life.Subtract(m.unlived)
	}
	m.know(c, timeline)
	m.tops = foremost(m.spells)
	m.timeline = timeline
	t.members = append(t.members, m)
	return m, nil
}

// appended appends to a list that has room for a few at first.
func appended[T any](list []T, v T) []T {
	if list == nil {
		list = make([]T, 0, 4)
	}
	return append(list, v)
}

// fate returns when the clock of an outage ran, and what becomes of the outage.
func (c *commitment) fate(o outage.Outage, asOf time.Time) (ran outage.Window, f fate, err error) {
	if len(c.causes) > 0 && !slices.Contains(c.causes, o.Cause) {
		return ran, fate{clause: c.clause + "/downtime/causes", ignored: Reason{code: causeIgnored, name: o.Cause}}, nil
	}
	ran, goesOn, missing, err := c.clock(o, asOf)
	f = fate{excuse: c.excusing(o.Cause), open: goesOn}
	switch {
	case missing != "":
		f.ignored = Reason{code: clockNotStarted, name: missing}
	case err == nil && ran.IsEmpty():
		f.ignored = Reason{code: clockStoppedFirst}
	default:
		return ran, f, err
	}
	f.clause, f.open = c.clause+"/downtime/starts", false
	return ran, f, nil
}

// lostBy returns the share that an outage loses.
func lostBy(o outage.Outage) int64 {
	if o.ServedPercent.IsZero() {
		return everything
	}
	return o.LostPercent().Shift(9).IntPart()
}

// know says what time of which nobody knows counts as.
func (m *member) know(c *commitment, timeline outage.Timeline) {
	m.unknown = timeline.Unknown()
	treatment := c.source.Calculation.Unknown
	if treatment == "" {
		return
	}
	past := always
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

// losses returns what a member loses when some exclusions act.
func (m *member) losses(x excuse, as scenario) []loss {
	tops := m.tops
	if !m.asItIs(x, as) {
		tops = foremost(m.excused(x, as))
	}
	losses := make([]loss, len(tops))
	for i, s := range tops {
		losses[i] = loss{from: s.from, to: s.to, lost: s.rank}
		if s.record != nobody {
			losses[i].records = m.thing.indices[s.record : s.record+1 : s.record+1]
		}
	}
	return without(losses, m.aside(x))
}

// asItIs reports whether the spells of a member are as they are.
func (m *member) asItIs(x excuse, as scenario) bool {
	if as == asOngoing || as == atWorst && !m.unknown.IsEmpty() {
		return false
	}
	return !slices.ContainsFunc(m.spells, func(s spell) bool { e := m.fate(s).excuse; return e >= 0 && x.of(e) })
}

// excused returns the spells of a member that are left when some exclusions act on
// their causes, by start.
func (m *member) excused(x excuse, as scenario) []spell {
	spells := make([]spell, 0, len(m.spells))
	sorted := true
	for _, s := range m.spells {
		fate := m.fate(s)
		if as == asOngoing && fate.open {
			s.to = latest
		}
		e := fate.excuse
		if e < 0 || !x.of(e) {
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
	return spells
}

// aside returns the time that was set aside under the exclusions that act.
func (m *member) aside(x excuse) outage.Set {
	var set outage.Set
	for e, acts := range x.acts {
		if acts && !m.plans[e].set.IsEmpty() {
			set = join(set, m.plans[e].set.Subtract(x.spent[e]))
		}
	}
	return set
}

// planEdges returns how many instants appendPlanEdges appends.
func (m *member) planEdges() int {
	n := len(m.idle.best) + len(m.ignored) + m.assumed.Len()
	for _, p := range m.plans {
		n += len(p.best)
	}
	return 2 * n
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
	for w := range m.assumed.All() {
		from, to := w.UnixNano()
		edges = append(edges, from, to)
	}
	return edges
}
