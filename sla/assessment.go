package sla

import (
	"errors"
	"fmt"
	"slices"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// An assessment states which time of an observed target counts as down, and why.
// Measurements of periods are cut from it.
type assessment struct {
	*observed
	commitment   *commitment
	known, worst stages
	ongoing      stages     // if outages that are under way never end
	unknown      outage.Set // unobserved time in which more could be lost
	notCounted   []notCounted
	runs         []Run   // of counted downtime
	planned      []int64 // the instants at which a reason can change without a loss, in order
}

// A notCounted is time that does not count, whatever was lost in it.
type notCounted struct {
	set       outage.Set
	clause    string
	reason    Reason
	exclusion int // the one that removes it, or −1
}

// A measured target is its measurement over a period.
type measured struct {
	Measurement
	unlived outage.Set // outside its life, in the measured period and in the billing period
}

// measure measures a target. It returns the measured periods that end in each
// billing period.
func (c *commitment) measure(n target, billing []calendar.Period) ([][]measured, error) {
	if !n.isPool() {
		return c.measureOne(n, billing)
	}
	pools := make([][]measured, len(billing))
	for _, child := range n.children {
		members, err := c.measureOne(child, billing)
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
			if err := pools[i][j].pool(n.name); err != nil {
				return nil, err
			}
		}
	}
	return pools, nil
}

// measureOne measures a target that is no pool. It is assessed once for all periods,
// unless the assessment depends on the period.
func (c *commitment) measureOne(n target, billing []calendar.Period) ([][]measured, error) {
	out := make([][]measured, len(billing))
	if slices.ContainsFunc(billing, func(p calendar.Period) bool { return p.Zone() != billing[0].Zone() }) {
		for i := range billing { // each by its own clocks
			one, err := c.measureOne(n, billing[i:i+1])
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
	var m assessment
	perPeriod := c.grid.whole || slices.ContainsFunc(c.exclusions, func(e exclusion) bool { return e.allowance.perPeriod() })
	if !perPeriod { // which Compile excludes where each outage is measured
		if m, err = c.assessOver(n, billing[0], whole); err != nil {
			return nil, err
		}
	}
	for i, p := range billing {
		if c.measuring.outage {
			periods[i] = m.ended(p)
		}
		for _, q := range periods[i] {
			if perPeriod {
				if m, err = c.assessOver(n, p, q.Window()); err != nil {
					return nil, err
				}
			}
			cut, err := m.measure(q)
			if err != nil {
				return nil, err
			}
			out[i] = append(out[i], measured{cut, except(m.lived).Within(p.Window().Hull(q.Window()))})
		}
	}
	return out, nil
}

// assessOver assesses a target over a window, by the clocks of a billing period.
func (c *commitment) assessOver(n target, billing calendar.Period, w outage.Window) (assessment, error) {
	zone, err := c.zoneOf(billing)
	if err != nil {
		return assessment{}, err
	}
	t, err := c.observe(n, w, zone)
	if err != nil {
		return assessment{}, err
	}
	return c.assess(t), nil
}

// assess decides which time of an observed target counts as down.
func (c *commitment) assess(t *observed) assessment {
	m := assessment{observed: t, commitment: c, known: c.stages(t, asKnown), unknown: t.unknown()}
	unknown, underWay := slices.ContainsFunc(t.members, func(m *member) bool { return !m.unknown.IsEmpty() }), t.underWay()
	if unknown {
		m.worst = c.stages(t, atWorst)
		// Unknown time can use up an allowance earlier, so that its next window
		// begins earlier and excuses known downtime. That is still known to be down.
		m.worst.down = m.worst.down.Union(m.known.down)
	}
	if underWay {
		m.ongoing = c.stages(t, asOngoing)
	}
	m.notCounted = m.outside()
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
	m.runs = m.countedRuns()
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

// counting returns the downtime that counts.
func (m assessment) counting(s stages) outage.Set {
	down := s.down
	for _, n := range m.notCounted {
		down = down.Subtract(n.set)
	}
	return down
}

// outside returns the time that does not count. Where two entries hold, the first
// one gives the reason.
func (m assessment) outside() []notCounted {
	c := m.commitment
	var all []notCounted
	add := func(set outage.Set, term string, reason Reason) {
		if set.IsEmpty() {
			return
		}
		if term != "" {
			term = c.clause + "/calculation/" + term
		}
		all = append(all, notCounted{set, term, reason, -1})
	}
	add(m.shut, "hours", Reason{code: outsideHours})
	dead := except(m.lived)
	switch {
	case m.member == nil:
		add(except(m.life), "", Reason{code: tooFewMembers, amount: int64(m.least())})
		if c.whole {
			add(dead, "whole", Reason{code: noneAliveUp})
		}
	case c.whole:
		add(dead, "whole", Reason{code: notAliveUp})
	default:
		add(dead, "", Reason{code: notAlive})
	}
	if r := m.member; r != nil && c.treatment == "out" {
		add(r.assumed, "unknown", Reason{code: leftOut})
	}
	for i, e := range c.exclusions {
		if !e.removed {
			continue
		}
		if set := m.removed(m.known, i); !set.IsEmpty() {
			all = append(all, notCounted{set, e.clause, Reason{code: causeExcused, removed: true}, i})
		}
	}
	return all
}

// measure cuts a period from an assessment.
func (m assessment) measure(p calendar.Period) (Measurement, error) {
	out := Measurement{Resource: m.name, Period: p, AsOf: m.asOf, Outages: touching(m.runs, p.Window()), Open: m.open(p.Window())}
	out.Pieces = m.pieces(p.Window())
	sums, err := out.tiles()
	if err == nil {
		out.Up, out.Down, out.Excused, out.Unknown, out.Outside = sums.parts[Up], sums.parts[Down], sums.parts[Excused], sums.parts[Unknown], sums.parts[Outside]
		out.DownAtMost = floor(sums.atMost)
		out.DueSteps = m.dueSteps(p)
		for _, step := range out.DueSteps {
			out.Due += step.Length
		}
		err = out.checkSums(sums)
	}
	known, worst := m.known.down.Within(p.Window()).Total(), m.worst.down.Within(p.Window()).Total()
	if err == nil && !m.commitment.weighted && (out.Down != known || out.DownAtMost != worst) {
		err = errors.New("the downtime is not that of its windows")
	}
	if err != nil {
		return Measurement{}, fmt.Errorf("over %v: a defect of this package: %w", p, err)
	}
	return out, nil
}

// open reports whether an outage that is under way can still change a figure of a
// period: the downtime, the time outside, the excused time, the share by which one
// of them counts, or the number of outages that ended.
func (m assessment) open(w outage.Window) bool {
	if !m.underWay() {
		return false
	}
	k, o := m.known, m.ongoing
	differ := func(of func(stages) outage.Set) bool { return !of(k).Within(w).Equal(of(o).Within(w)) }
	ended := func(down outage.Set) int {
		return down.Where(func(run outage.Window) bool { return run.End().After(w.Start()) && !run.End().After(w.End()) }).Len()
	}
	outside := func(s stages) outage.Set {
		set := m.closed
		for i, e := range m.commitment.exclusions {
			if e.removed {
				set = set.Union(m.removed(s, i))
			}
		}
		return set
	}
	if differ(func(s stages) outage.Set { return s.down }) || differ(outside) || ended(k.down) != ended(o.down) {
		return true
	}
	if differ(func(s stages) outage.Set { return outage.Set{}.Union(s.excused...).Subtract(outside(s)) }) {
		return true
	}
	if !m.commitment.weighted {
		return false
	}
	other := func(i int) outage.Set { // where shares differ
		return m.commitment.reduced(k.lost[i], o.lost[i]).Union(m.commitment.reduced(o.lost[i], k.lost[i])).Within(w)
	}
	excused := outage.Set{}.Union(k.excused...)
	return !other(len(k.lost)-1).Intersect(k.down).IsEmpty() || !other(0).Intersect(excused).Subtract(outside(k)).IsEmpty()
}

// removed returns the time that an exclusion subtracts from the time due.
func (m assessment) removed(s stages, exclusion int) outage.Set {
	return m.aside(exclusion).Subtract(s.spent[exclusion]).Union(s.excused[exclusion])
}

// dueSteps returns how the denominator is formed.
func (m assessment) dueSteps(p calendar.Period) []DueStep {
	steps := make([]DueStep, 1, 2+len(m.notCounted))
	steps[0] = DueStep{wholePeriod, p.Length()}
	if l := m.commitment.length; l > 0 {
		steps[0] = DueStep{"what a period counts as", l}
	}
	due := steps[0].Length
	var seen outage.Set
	for _, n := range m.notCounted {
		out := n.set.Within(p.Window()).Subtract(seen)
		seen = join(seen, out)
		if n.reason.state() == Up || out.IsEmpty() {
			continue
		}
		due -= out.Total()
		reason := n.reason.dueStep()
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

// ended returns each outage that ended in a period, excused ones too, as a period
// of its own. An outage that goes on at the as-of instant is taken as far as it is
// known, while it may still end in the period.
func (m assessment) ended(p calendar.Period) []calendar.Period {
	var periods []calendar.Period
	for w := range m.known.lasting.All() {
		within := w.End().After(p.Window().Start()) && !w.End().After(p.Window().End())
		if within && (!m.asOf.After(p.Window().End()) || !m.goesOn(w)) {
			periods = append(periods, calendar.Touching(w))
		}
	}
	return periods
}

// goesOn reports whether an outage behind w goes on after the as-of instant.
func (m assessment) goesOn(w outage.Window) bool {
	if m.asOf.IsZero() || w.End().Before(m.asOf) {
		return false
	}
	for _, member := range m.members {
		for _, s := range member.outages {
			if member.fate(s.on).open && s.to > w.Start().UnixNano() {
				return true
			}
		}
	}
	return false
}
