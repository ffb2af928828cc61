package sla

import (
	"fmt"
	"slices"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
)

// An observed target is a target over the time that is measured, with its records
// in the terms of a commitment.
type observed struct {
	target
	asOf    time.Time
	members []*member
	outages []outage.Outage // of all members; records are indices into it
	fates   []fate          // of these
	indices []int           // of the outages, in order; losses share it
	traffic []outage.Traffic
	slots   slots
	period  outage.Window // the billing period, or the one that holds all of several
	hull    outage.Window // holds the period and every outage
	shut    outage.Set    // outside the service hours
	closed  outage.Set    // outside the life and the hours of service
}

// observe reads the records of a target over a period, or over the hull of several.
func (c *commitment) observe(root target, period outage.Window, zone *time.Location) (*observed, error) {
	t := &observed{slots: slots{grid: c.grid, zone: zone, period: period}, period: period, hull: c.around(period)}
	var err error
	if t.target, err = t.addTarget(c, root); err != nil {
		return nil, err
	}
	t.indices = make([]int, len(t.outages))
	for i := range t.indices {
		t.indices[i] = i
	}
	t.hull = c.outageHull(t)
	for _, m := range t.members {
		m.plan(c, t.hull)
	}
	t.closed = except(overlap(t.life, t.lived))
	if !c.hours.isZero() {
		t.shut = outage.NewSet(t.hull).Subtract(c.hours.within(t.hull, c.zone))
		t.closed = t.closed.Union(t.shut)
	}
	return t, nil
}

// addTarget adds the members of a target to t, and returns the target with them.
func (t *observed) addTarget(c *commitment, n target) (target, error) {
	if n.resource != nil {
		asOf := n.resource.AsOf()
		if len(t.members) > 0 && !asOf.Equal(t.asOf) {
			return target{}, fmt.Errorf("resource %s is known as of another instant than those it is combined with", numeral.Shorten(n.resource.Resource()))
		}
		m, err := t.add(c, *n.resource)
		if err != nil {
			return target{}, err
		}
		n.member, n.lived, n.life = m, except(m.unlived), m.life
		return n, nil
	}
	children := n.children
	n.children = make([]target, len(children))
	var lived, life, served []outage.Set
	for i, child := range children {
		added, err := t.addTarget(c, child)
		if err != nil {
			return target{}, err
		}
		n.children[i] = added
		lived, life = append(lived, added.lived), append(life, added.life)
		served = append(served, added.lived.Intersect(added.life))
	}
	n.lived, n.life = atLeast(n.least(), lived), atLeast(n.least(), life)
	if c.whole {
		n.lived = atLeast(1, served)
	}
	return n, nil
}

// around returns a window with the time before and after it that can change what
// counts in it: the rest of a slot at its edge, and unobserved time that makes an
// outage long enough. Where terms have hours, it also includes the time before it
// that can use up an allowance.
func (c *commitment) around(w outage.Window) outage.Window {
	margin := c.reach() + 2*day
	if c.tellsHours() {
		months := 0
		for _, e := range c.exclusions {
			months = max(months, e.allowance.months)
		}
		margin += time.Duration(months) * 31 * day
	}
	return between(max(w.Start().UnixNano(), earliest+int64(margin))-int64(margin), min(w.End().UnixNano(), latest-int64(margin))+int64(margin))
}

// tellsHours reports whether any term has hours.
func (c *commitment) tellsHours() bool {
	return !c.hours.isZero() || slices.ContainsFunc(c.exclusions, func(e exclusion) bool { return !e.hours.isZero() })
}

// outageHull returns a window that contains t.hull. Where terms have hours, it
// contains the whole of every outage that touches the period, since hours may cut
// such an outage. Where each outage has an allowance, it reaches back to the start
// that an outage has at worst.
func (c *commitment) outageHull(t *observed) outage.Window {
	if !c.tellsHours() {
		return t.hull
	}
	touching := func(as scenario) outage.Window {
		var all outage.Window
		losses, _ := c.losses(t, c.none(), as)
		lost := moments(losses, c.passes)
		for w := range lost.Within(t.period).All() {
			all = all.Hull(lost.Window(w.Start()))
		}
		return all
	}
	all := t.hull.Hull(touching(asKnown))
	if slices.ContainsFunc(c.exclusions, func(e exclusion) bool { return e.allowance.perOutage }) {
		if worst := touching(atWorst); !worst.IsEmpty() { // what comes after the end uses the allowance last
			all = between(min(worst.Start().UnixNano(), all.Start().UnixNano()), all.End().UnixNano())
		}
	}
	return all
}

// underWay reports whether an outage that counts goes on after the as-of instant.
func (t *observed) underWay() bool {
	return slices.ContainsFunc(t.fates, func(f fate) bool { return f.open })
}

// touched reports whether an exclusion has anything to excuse.
func (t *observed) touched(exclusion int) bool {
	return slices.ContainsFunc(t.members, func(m *member) bool { return !m.plans[exclusion].set.IsEmpty() }) ||
		slices.ContainsFunc(t.fates, func(f fate) bool { return f.ignored == (Reason{}) && f.excuse == exclusion })
}

// planned returns the windows and hours of all exclusions.
func (m *member) planned() outage.Set {
	var set outage.Set
	for _, p := range m.plans {
		set = set.Union(p.set)
	}
	return set
}

// unknown returns the unobserved time in which more could be lost than is known.
func (t *observed) unknown() outage.Set {
	if len(t.members) == 1 && t.member != nil {
		return t.members[0].unknown
	}
	none := excuse{}
	known, _ := t.losses(none, asKnown)
	worst, _ := t.losses(none, atWorst)
	var windows []outage.Window
	for part, l := range along(worst, known) {
		if orZero(l).lost < part.on.lost {
			windows = append(windows, between(part.from, part.to))
		}
	}
	return outage.NewSet(windows...)
}

// aside returns the moments at which each member that is to be served is in a window
// or in hours of an exclusion.
func (t *observed) aside(exclusion int) outage.Set {
	return t.target.aside(func(m *member) outage.Set { return m.plans[exclusion].set })
}
