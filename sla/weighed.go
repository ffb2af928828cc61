package sla

import (
	"errors"
	"fmt"
	"slices"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A weighed is a thing of which it is known what counts; periods are cut
// from it.
type weighed struct {
	*thing
	commitment   *commitment
	known, worst layers
	ongoing      layers // if what is under way goes on for ever
	unknown      outage.Set
	asides       []aside
	runs         []Run   // of counted downtime
	planned      []int64 // where the account can change besides its losses, in order
}

// An aside is time that does not count, whatever was lost in it.
type aside struct {
	set       outage.Set
	clause    string
	reason    Reason
	exclusion int // the one that removes it, or −1
}

// A measured thing is its measurement, and when it did not live: of the measured
// period and of the billing period.
type measured struct {
	Measurement
	unlived outage.Set
}

// measure measures a group with several billing periods, in their order: for
// each, what ended in it.
func (c *commitment) measure(g group, billing []calendar.Period) ([][]measured, error) {
	if g.pooling == nil {
		return c.measureThing(g.nodes[0], billing)
	}
	pools := make([][]measured, len(billing))
	for _, n := range g.nodes {
		members, err := c.measureThing(n, billing)
		if err != nil {
			return nil, err
		}
		for i := range members {
			if pools[i] == nil {
				pools[i] = make([]measured, len(members[i]))
				for j := range members[i] {
					pools[i][j].unlived = always
				}
			}
			for j, m := range members[i] {
				p := &pools[i][j]
				p.Members, p.unlived = append(p.Members, m.Measurement), p.unlived.Intersect(m.unlived)
			}
		}
	}
	for i := range pools {
		for j := range pools[i] {
			if err := pools[i][j].pool(g.name); err != nil {
				return nil, err
			}
		}
	}
	return pools, nil
}

// measureThing measures what is not a pool. What counts is decided once for all
// periods, unless it depends on them.
func (c *commitment) measureThing(root tree, billing []calendar.Period) ([][]measured, error) {
	out := make([][]measured, len(billing))
	if slices.ContainsFunc(billing, func(p calendar.Period) bool { return p.Zone() != billing[0].Zone() }) {
		for i := range billing { // each by its own clocks
			one, err := c.measureThing(root, billing[i:i+1])
			if err != nil {
				return nil, err
			}
			out[i] = one[0]
		}
		return out, nil
	}
	periods, whole, err := c.periods(billing)
	if err != nil || len(billing) == 0 {
		return nil, err
	}
	var m weighed
	perPeriod := c.grid.whole || slices.ContainsFunc(c.exclusions, func(e exclusion) bool { return e.allowance.perPeriod() })
	if !perPeriod { // as always where each outage is measured, for Compile sees to it
		if m, err = c.weighOver(root, billing[0], whole); err != nil {
			return nil, err
		}
	}
	for i, p := range billing {
		if c.measuring.outage {
			periods[i] = m.ended(p)
		}
		for _, q := range periods[i] {
			if perPeriod {
				if m, err = c.weighOver(root, p, q.Window()); err != nil {
					return nil, err
				}
			}
			cut, err := m.measure(q)
			if err != nil {
				return nil, err
			}
			out[i] = append(out[i], measured{cut, except(m.root.lived).Within(hull(p.Window(), q.Window()))})
		}
	}
	return out, nil
}

// weighOver weighs a thing over a window, by the clocks of a billing period.
func (c *commitment) weighOver(root tree, billing calendar.Period, w outage.Window) (weighed, error) {
	zone, err := c.zoneOf(billing)
	if err != nil {
		return weighed{}, err
	}
	t, err := c.thing(root, w, zone)
	if err != nil {
		return weighed{}, err
	}
	return c.weigh(t), nil
}

// weigh decides what counts of the losses of a thing.
func (c *commitment) weigh(t *thing) weighed {
	m := weighed{thing: t, commitment: c, known: c.layers(t, asKnown), unknown: t.unknown()}
	unknown, underWay := slices.ContainsFunc(t.members, func(m *member) bool { return !m.unknown.IsEmpty() }), t.underWay()
	if unknown {
		m.worst = c.layers(t, atWorst)
		// An allowance that unknown time draws is used up earlier, and what was
		// down beyond it may then be forgiven; it is down for all that is known.
		m.worst.down = m.worst.down.Union(m.known.down)
	}
	if underWay {
		m.ongoing = c.layers(t, asOngoing)
	}
	m.asides = m.notDue()
	m.known.down = m.counting(m.known)
	if unknown {
		m.worst.down = m.counting(m.worst)
	} else {
		m.worst = m.known
	}
	if underWay {
		m.ongoing.down = m.counting(m.ongoing)
	} else {
		m.ongoing = m.known
	}
	m.runs = m.outages()
	n := 0
	for _, member := range m.members {
		n += member.planEdges()
	}
	m.planned = make([]int64, 0, n)
	for _, member := range m.members {
		m.planned = member.appendPlanEdges(m.planned)
	}
	slices.Sort(m.planned)
	return m
}

// counting returns the time that is down and counts.
func (m weighed) counting(l layers) outage.Set {
	down := l.down
	for _, a := range m.asides {
		down = down.Subtract(a.set)
	}
	return down
}

// notDue returns the time that does not count, the first reason that holds
// first.
func (m weighed) notDue() []aside {
	c := m.commitment
	calculation := c.source.Calculation
	var asides []aside
	add := func(set outage.Set, term string, reason Reason) {
		if set.IsEmpty() {
			return
		}
		if term != "" {
			term = c.clause + "/calculation/" + term
		}
		asides = append(asides, aside{set, term, reason, -1})
	}
	add(m.shut, "hours", Reason{code: outsideHours})
	dead := except(m.root.lived)
	switch {
	case m.root.member == nil:
		add(except(m.root.life), "", Reason{code: tooFewMembers, amount: int64(m.root.least())})
		if calculation.Whole {
			add(dead, "whole", Reason{code: noneAliveUp})
		}
	case calculation.Whole:
		add(dead, "whole", Reason{code: notAliveUp})
	default:
		add(dead, "", Reason{code: notAlive})
	}
	if r := m.root.member; r != nil && calculation.Unknown == "out" {
		add(r.assumed, "unknown", Reason{code: leftOut})
	}
	for i, e := range c.exclusions {
		if !e.source.Removed {
			continue
		}
		if set := m.removed(m.known, i); !set.IsEmpty() {
			asides = append(asides, aside{set, e.clause, Reason{code: causeExcused, removed: true}, i})
		}
	}
	return asides
}

// measure cuts a period from what was weighed.
func (m weighed) measure(p calendar.Period) (Measurement, error) {
	out := Measurement{Resource: m.name, Period: p, AsOf: m.asOf, Outages: touching(m.runs, p.Window()), Open: m.open(p.Window())}
	out.Pieces = m.pieces(p.Window())
	sums, err := out.tiles()
	if err == nil {
		out.Up, out.Down, out.Excused, out.Unknown, out.Outside = sums.parts[Up], sums.parts[Down], sums.parts[Excused], sums.parts[Unknown], sums.parts[Outside]
		out.DownAtMost = sums.atMost.ns
		out.DueSteps = m.dueSteps(p)
		for _, step := range out.DueSteps {
			out.Due += step.Length
		}
		err = out.checkSums(sums)
	}
	known, worst := m.known.down.Within(p.Window()).Total(), m.worst.down.Within(p.Window()).Total()
	if err == nil && !m.commitment.source.Downtime.Weighted && (out.Down != known || out.DownAtMost != worst) {
		err = errors.New("the downtime is not that of its windows")
	}
	if err != nil {
		return Measurement{}, fmt.Errorf("over %v: a defect of this package: %w", p, err)
	}
	return out, nil
}

// open reports whether an outage that is under way can still change a figure of
// a period: what is down, outside or forgiven in it, by which share, or how many
// outages ended in it.
func (m weighed) open(w outage.Window) bool {
	if !m.underWay() {
		return false
	}
	k, o := m.known, m.ongoing
	differ := func(of func(layers) outage.Set) bool { return !of(k).Within(w).Equal(of(o).Within(w)) }
	ended := func(down outage.Set) int {
		return down.Where(func(run outage.Window) bool { return run.End().After(w.Start()) && !run.End().After(w.End()) }).Len()
	}
	outside := func(l layers) outage.Set {
		set := m.closed
		for i, e := range m.commitment.exclusions {
			if e.source.Removed {
				set = set.Union(m.removed(l, i))
			}
		}
		return set
	}
	if differ(func(l layers) outage.Set { return l.down }) || differ(outside) || ended(k.down) != ended(o.down) {
		return true
	}
	if differ(func(l layers) outage.Set { return outage.Set{}.Union(l.forgiven...).Subtract(outside(l)) }) {
		return true
	}
	if !m.commitment.source.Downtime.Weighted {
		return false
	}
	other := func(i int) outage.Set { // where shares differ
		return m.commitment.reduced(k.lost[i], o.lost[i]).Union(m.commitment.reduced(o.lost[i], k.lost[i])).Within(w)
	}
	excused := outage.Set{}.Union(k.forgiven...)
	return !other(len(k.lost)-1).Intersect(k.down).IsEmpty() || !other(0).Intersect(excused).Subtract(outside(k)).IsEmpty()
}

// removed returns the time that an exclusion takes out of what is due.
func (m weighed) removed(l layers, exclusion int) outage.Set {
	return m.aside(exclusion).Subtract(l.spent[exclusion]).Union(l.forgiven[exclusion])
}

// dueSteps returns how the denominator is formed.
func (m weighed) dueSteps(p calendar.Period) []DueStep {
	steps := make([]DueStep, 1, 2+len(m.asides))
	steps[0] = DueStep{wholePeriod, p.Length()}
	if l := m.commitment.length; l > 0 {
		steps[0] = DueStep{"what a period counts as", l}
	}
	due := steps[0].Length
	var seen outage.Set
	for _, a := range m.asides {
		out := a.set.Within(p.Window()).Subtract(seen)
		seen = join(seen, out)
		if a.reason.state() == Up || out.IsEmpty() {
			continue
		}
		due -= out.Total()
		reason := a.reason.dueStep()
		if last := len(steps) - 1; steps[last].Reason == reason {
			steps[last].Length -= out.Total()
			continue
		}
		steps = append(steps, DueStep{reason, -out.Total()})
	}
	if due < 0 {
		steps = append(steps, DueStep{"never less than nothing", -due})
	}
	return steps
}

// ended returns the outages that ended in a period, excused ones too. Of one
// that goes on at the as-of instant that is not known; it is taken as far as it
// is known while it may still end in the period.
func (m weighed) ended(p calendar.Period) []calendar.Period {
	var periods []calendar.Period
	for w := range m.known.lasting.All() {
		within := w.End().After(p.Window().Start()) && !w.End().After(p.Window().End())
		if within && (!m.asOf.After(p.Window().End()) || !m.goesOn(w)) {
			periods = append(periods, calendar.Touching(w))
		}
	}
	return periods
}

// goesOn reports whether an outage is behind w that goes on after the as-of
// instant.
func (m weighed) goesOn(w outage.Window) bool {
	if m.asOf.IsZero() || w.End().Before(m.asOf) {
		return false
	}
	for _, member := range m.members {
		for _, s := range member.spells {
			if member.fate(s).open && s.to > w.Start().UnixNano() {
				return true
			}
		}
	}
	return false
}
