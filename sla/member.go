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
	of       *observed
	outages  []stretch[ranked] // outages whose cause counts, on the agreed clock, by start; they may overlap
	tops     []stretch[ranked] // of these, the foremost at each moment
	ignored  []stretch[ranked] // outages that do not count
	plans    []plan            // by exclusion: the windows and hours that it excuses
	idle     plan              // maintenance windows that excuse nothing
	unknown  outage.Set        // unobserved time that stays undecided
	assumed  outage.Set        // unobserved time that the agreement decides
	unlived  outage.Set        // outside its life
	life     outage.Set        // when it was to be served, or is taken as served
}

// A fate states how an outage counts, before any losses are combined.
type fate struct {
	excuse  int    // the exclusion that excuses its cause, or −1
	open    bool   // it goes on after the as-of instant
	clause  string // the clause by which it does not count
	ignored Reason // why it does not count; zero if it does
}

// ofNobody is the fate of unobserved time; never written to.
var ofNobody = fate{excuse: -1}

// fate returns that of an outage.
func (m *member) fate(r ranked) *fate {
	if r.record == nobody {
		return &ofNobody
	}
	return &m.of.fates[r.record]
}

// add makes a resource a member of t.
func (t *observed) add(c *commitment, timeline outage.Timeline) (*member, error) {
	m := &member{resource: timeline.Resource(), of: t}
	t.asOf = timeline.AsOf()
	for w, o := range timeline.Outages() {
		record := len(t.outages)
		ran, fate, err := c.fate(o, timeline.AsOf())
		if err != nil {
			return nil, err
		}
		t.outages, t.fates = appended(t.outages, o), appended(t.fates, fate)
		if fate.ignored != (Reason{}) {
			m.ignored = append(m.ignored, stretchOf(w, ranked{lostBy(o), record}))
			continue
		}
		m.outages = appended(m.outages, stretchOf(ran, ranked{lostBy(o), record}))
		t.hull = t.hull.Hull(ran)
	}
	sortStretches(m.outages)
	m.ignored = foremost(m.ignored)
	for w, r := range timeline.Traffic() {
		if !c.requests {
			break
		}
		start, end := w.UnixNano()
		from, to := t.slots.at(start)
		if (start < from || end > to) && !w.Intersect(t.slots.period).IsEmpty() {
			return nil, fmt.Errorf("traffic %s: %v does not lie in one slot of %s", numeral.Shorten(r.ID), w, c.agreed.slot)
		}
		t.traffic = append(t.traffic, r)
		t.hull = t.hull.Hull(w)
	}
	m.unlived = timeline.Outside()
	m.life = always
	if !c.whole {
		m.life = m.life.Subtract(m.unlived)
	}
	m.know(c, timeline)
	m.tops = foremost(m.outages)
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

// fate returns the window in which the clock of an outage ran, and its fate.
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

// know decides how unobserved time counts.
func (m *member) know(c *commitment, timeline outage.Timeline) {
	m.unknown = timeline.Unknown()
	if c.treatment == "" {
		return
	}
	past := always
	if asOf := timeline.AsOf(); !asOf.IsZero() {
		past = outage.NewSet(between(earliest, asOf.UnixNano()))
	}
	m.assumed = m.unknown.Intersect(past)
	m.unknown = m.unknown.Subtract(past)
	switch c.treatment {
	case "down":
		m.outages = appendUnknown(m.outages, m.assumed)
		sortStretches(m.outages)
	case "out":
		m.life = m.life.Subtract(m.assumed.Subtract(m.unlived))
	}
}

// losses returns the losses of a member after some exclusions have acted.
func (m *member) losses(x excuse, as scenario) []stretch[loss] {
	tops := m.tops
	if !m.asItIs(x, as) {
		tops = foremost(m.unexcused(x, as))
	}
	losses := make([]stretch[loss], len(tops))
	for i, s := range tops {
		l := loss{lost: s.on.rank}
		if r := s.on.record; r != nobody {
			l.records = m.of.indices[r : r+1 : r+1]
		}
		losses[i] = stretch[loss]{l, s.from, s.to}
	}
	return without(losses, m.aside(x))
}

// asItIs reports whether neither exclusions nor the scenario change the outages of a
// member.
func (m *member) asItIs(x excuse, as scenario) bool {
	if as == asOngoing || as == atWorst && !m.unknown.IsEmpty() {
		return false
	}
	return !slices.ContainsFunc(m.outages, func(s stretch[ranked]) bool { e := m.fate(s.on).excuse; return e >= 0 && x.of(e) })
}

// unexcused returns the outages of a member that are left after some exclusions have
// acted on their causes, by start.
func (m *member) unexcused(x excuse, as scenario) []stretch[ranked] {
	left := make([]stretch[ranked], 0, len(m.outages))
	sorted := true
	for _, s := range m.outages {
		fate := m.fate(s.on)
		if as == asOngoing && fate.open {
			s.to = latest
		}
		e := fate.excuse
		if e < 0 || !x.of(e) {
			left = append(left, s)
			continue
		}
		for w := range x.spent[e].Within(between(s.from, s.to)).All() {
			left = append(left, stretchOf(w, s.on))
			sorted = false
		}
	}
	if as == atWorst && !m.unknown.IsEmpty() {
		left = appendUnknown(left, m.unknown)
		sorted = false
	}
	if !sorted {
		sortStretches(left)
	}
	return left
}

// aside returns the windows and hours of the exclusions that act, as far as their
// allowances reach.
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

// appendPlanEdges appends the instants at which the reason of a member can change
// without its losses.
func (m *member) appendPlanEdges(edges []int64) []int64 {
	for _, p := range m.plans {
		edges = appendEdges(edges, p.best)
	}
	edges = appendEdges(appendEdges(edges, m.idle.best), m.ignored)
	return appendEdges(edges, stretches(m.assumed))
}
