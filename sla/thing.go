package sla

import (
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
	shut    outage.Set    // outside the service hours
	closed  outage.Set    // outside the life and the hours of service
}

// A node is a resource, or what a level makes of several nodes.
type node struct {
	member   *member
	level    *level
	children []node
}

// thing returns what is measured of a tree, over a period or over the hull of
// several.
func (c *commitment) thing(root tree, period outage.Window, zone *time.Location) (*thing, error) {
	t := &thing{name: root.name, slots: slots{grid: c.grid, zone: zone, period: period}, period: period, hull: c.around(period)}
	var add func(tree) (node, error)
	add = func(n tree) (node, error) {
		if n.resource != nil {
			asOf := n.resource.Timeline.AsOf()
			if len(t.members) > 0 && !asOf.Equal(t.asOf) {
				return node{}, fmt.Errorf("resource %s is known as of another instant than those it is combined with", numeral.Shorten(n.resource.Timeline.Resource()))
			}
			m, err := t.add(c, n.resource.Timeline)
			return node{member: m}, err
		}
		out := node{level: n.level}
		for _, child := range n.children {
			added, err := add(child)
			if err != nil {
				return node{}, err
			}
			out.children = append(out.children, added)
		}
		return out, nil
	}
	var err error
	if t.root, err = add(root); err != nil {
		return nil, err
	}
	t.hull = c.outageHull(t)
	for _, m := range t.members {
		m.plan(c, t.hull)
	}
	t.closed = all().Subtract(t.root.life())
	if t.root.member != nil {
		t.closed = t.closed.Union(t.root.member.unlived)
	}
	if !c.hours.isZero() {
		t.shut = outage.NewSet(t.hull).Subtract(c.hours.within(t.hull, c.zone))
		t.closed = t.closed.Union(t.shut)
	}
	return t, nil
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

// outageHull returns a window that holds t.hull and, where hours are told, the
// whole of every outage that touches the period: hours may cut it there, and
// where each outage has an allowance of them, also as it is at worst.
func (c *commitment) outageHull(t *thing) outage.Window {
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

// all is every moment at which a window may lie.
func all() outage.Set { return outage.NewSet(between(earliest, latest)) }

// touched reports whether an exclusion has anything to forgive.
func (t *thing) touched(exclusion int) bool {
	return slices.ContainsFunc(t.members, func(m *member) bool {
		if !m.plans[exclusion].set.IsEmpty() {
			return true
		}
		for _, e := range m.forgiven {
			if e == exclusion {
				return true
			}
		}
		return false
	})
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

// unlived returns when n did not live, whatever the agreement counts that as.
func (n node) unlived() outage.Set {
	if n.member != nil {
		return n.member.unlived
	}
	lives := make([]outage.Set, len(n.children))
	for i, child := range n.children {
		lives[i] = all().Subtract(child.unlived())
	}
	return all().Subtract(atLeast(max(1, n.level.least), lives))
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

// atLeast returns the moments at which at least k of the sets hold.
func atLeast(k int, sets []outage.Set) outage.Set {
	if len(sets) == 0 {
		return outage.Set{}
	}
	return sets[0].AtLeast(k, sets[1:]...)
}
