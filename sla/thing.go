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
	fates   []fate          // what becomes of these
	indices []int           // of the outages, in order, for losses to point into
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
	lived    outage.Set // when it was alive: enough of its members, or where the others count as up, any that is to be served
	life     outage.Set // and to be served, or is taken as served
}

// least returns how many members must be alive.
func (n node) least() int { return max(1, n.level.least) }

// thing returns what is measured of a tree, over a period or over the hull of
// several.
func (c *commitment) thing(root tree, period outage.Window, zone *time.Location) (*thing, error) {
	t := &thing{name: root.name, slots: slots{grid: c.grid, zone: zone, period: period}, period: period, hull: c.around(period)}
	var add func(tree) (node, error)
	add = func(n tree) (node, error) {
		if n.resource != nil {
			asOf := n.resource.AsOf()
			if len(t.members) > 0 && !asOf.Equal(t.asOf) {
				return node{}, fmt.Errorf("resource %s is known as of another instant than those it is combined with", numeral.Shorten(n.resource.Resource()))
			}
			m, err := t.add(c, *n.resource)
			if err != nil {
				return node{}, err
			}
			return node{member: m, lived: except(m.unlived), life: m.life}, nil
		}
		out := node{level: n.level}
		var lived, life, served []outage.Set
		for _, child := range n.children {
			added, err := add(child)
			if err != nil {
				return node{}, err
			}
			out.children = append(out.children, added)
			lived, life = append(lived, added.lived), append(life, added.life)
			served = append(served, added.lived.Intersect(added.life))
		}
		out.lived, out.life = atLeast(out.least(), lived), atLeast(out.least(), life)
		if c.source.Calculation.Whole {
			out.lived = atLeast(1, served)
		}
		return out, nil
	}
	var err error
	if t.root, err = add(root); err != nil {
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
	t.closed = except(overlap(t.root.life, t.root.lived))
	if !c.hours.isZero() {
		t.shut = outage.NewSet(t.hull).Subtract(c.hours.within(t.hull, c.zone))
		t.closed = t.closed.Union(t.shut)
	}
	return t, nil
}

// around returns a window with as much before and after it as can matter to
// what counts in it: a slot that straddles its edge, time of which nobody knows
// that makes an outage long enough, and where anything is told by hours, what
// draws an allowance before it.
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

// tellsHours reports whether anything is told by hours.
func (c *commitment) tellsHours() bool {
	return !c.hours.isZero() || slices.ContainsFunc(c.exclusions, func(e exclusion) bool { return !e.hours.isZero() })
}

// outageHull returns a window that holds t.hull and, where hours are told, the
// whole of every outage that touches the period, since hours may cut it there.
// Where each outage has an allowance, it reaches back to where one begins that
// is as it is at worst.
func (c *commitment) outageHull(t *thing) outage.Window {
	if !c.tellsHours() {
		return t.hull
	}
	touching := func(as scenario) outage.Window {
		var all outage.Window
		losses, _ := c.losses(t, c.none(), as)
		lost := moments(losses, c.passes)
		for w := range lost.Within(t.period).All() {
			all = hull(all, lost.Window(w.Start()))
		}
		return all
	}
	all := hull(t.hull, touching(asKnown))
	if slices.ContainsFunc(c.exclusions, func(e exclusion) bool { return e.allowance.perOutage }) {
		if worst := touching(atWorst); !worst.IsEmpty() { // what comes after all is drawn after all
			all = between(min(worst.Start().UnixNano(), all.Start().UnixNano()), all.End().UnixNano())
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

// always is every moment at which a window may lie; never written to.
var always = outage.NewSet(between(earliest, latest))

// except returns every moment that does not lie in a set.
func except(s outage.Set) outage.Set { return less(always, s) }

// join returns the moments that lie in one of two sets.
func join(s, t outage.Set) outage.Set {
	switch {
	case s.IsEmpty():
		return t
	case t.IsEmpty():
		return s
	}
	return s.Union(t)
}

// less returns the moments of a set that do not lie in another, which is often the
// same.
func less(s, t outage.Set) outage.Set {
	if s.Equal(t) {
		return outage.Set{}
	}
	return s.Subtract(t)
}

// overlap returns the moments that lie in both of two sets.
func overlap(s, t outage.Set) outage.Set {
	switch {
	case s.Equal(always):
		return t
	case t.Equal(always):
		return s
	}
	return s.Intersect(t)
}

// underWay reports whether an outage that counts goes on after the as-of instant.
func (t *thing) underWay() bool {
	return slices.ContainsFunc(t.fates, func(f fate) bool { return f.open })
}

// touched reports whether an exclusion has anything to excuse.
func (t *thing) touched(exclusion int) bool {
	return slices.ContainsFunc(t.members, func(m *member) bool { return !m.plans[exclusion].set.IsEmpty() }) ||
		slices.ContainsFunc(t.fates, func(f fate) bool { return f.ignored == (Reason{}) && f.excuse == exclusion })
}

// losses returns what n loses, and what it loses as it happened: if a member
// that is no more still took part as long as it lost something. The first is
// the second beyond the life of n, and tells what counts; by the second an
// outage is as long as it was, whoever ended the life of what failed.
func (n node) losses(x excuse, as scenario) (losses, happened []loss) {
	if n.member != nil {
		losses = n.member.losses(x, as)
		return losses, losses
	}
	alive, longer := make([][]loss, len(n.children)), make([][]loss, len(n.children))
	lives, lasting := make([]outage.Set, len(n.children)), make([]outage.Set, len(n.children))
	over := false // an outage goes on where its member, or a member of that, is no more
	for i, child := range n.children {
		losses, happened := child.losses(x, as)
		alive[i], longer[i] = inside(losses, child.lived), happened
		lives[i], lasting[i] = child.life, child.life
		over = over || len(losses) != len(happened) || len(losses) > 0 && &losses[0] != &happened[0]
		if beyond := lossy(happened).Subtract(child.lived.Intersect(child.life)); !beyond.IsEmpty() {
			lasting[i], over = child.life.Union(beyond), true
		}
	}
	losses = n.combine(alive, lives, x, as)
	if !over {
		return losses, losses
	}
	happened = n.combine(longer, lasting, x, as)
	losses = append(inside(losses, n.lived), without(happened, n.lived)...)
	slices.SortFunc(losses, func(a, b loss) int { return cmp.Compare(a.from, b.from) })
	return losses, happened
}

// combine returns what n loses of what its members lose, who live then and
// then.
func (n node) combine(members [][]loss, lives []outage.Set, x excuse, as scenario) []loss {
	if !n.level.source.ExcusedDown {
		return kth(members, lives, n.least(), n.level.needed)
	}
	all, excused := make([][]loss, len(members)), make([][]loss, len(members))
	failed := make([]outage.Set, len(members)) // by themselves
	acts := slices.Contains(x.acts, true)
	for i, child := range n.children {
		failed[i] = lossy(members[i])
		_, plain := child.losses(excuse{}, as)
		all[i] = everythingIn(plain, child.aside((*member).planned))
		if acts {
			excused[i] = without(all[i], failed[i])
		}
	}
	losses := inside(kth(all, lives, n.least(), n.level.needed), atLeast(1, failed))
	if !acts {
		return losses
	}
	alone := lossy(kth(excused, lives, n.least(), n.level.needed))
	return without(losses, alone)
}

// aside returns when all that is to be served of n was set aside, each of its
// members in time of its own.
func (n node) aside(of func(*member) outage.Set) outage.Set {
	if n.member != nil {
		return of(n.member)
	}
	sets := make([]outage.Set, len(n.children))
	for i, child := range n.children {
		sets[i] = child.aside(of).Union(except(child.life))
	}
	return atLeast(len(sets), sets).Intersect(n.life)
}

// planned returns when a member was set aside by any exclusion.
func (m *member) planned() outage.Set {
	var set outage.Set
	for _, p := range m.plans {
		set = set.Union(p.set)
	}
	return set
}

// unknown returns the moments at which unknown time could lose more.
func (t *thing) unknown() outage.Set {
	if len(t.members) == 1 && t.root.member != nil {
		return t.members[0].unknown
	}
	none := excuse{}
	known, _ := t.root.losses(none, asKnown)
	worst, _ := t.root.losses(none, atWorst)
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
	return t.root.aside(func(m *member) outage.Set { return m.plans[exclusion].set })
}

// atLeast returns the moments at which at least k of the sets hold.
func atLeast(k int, sets []outage.Set) outage.Set {
	if len(sets) == 0 {
		return outage.Set{}
	}
	return sets[0].AtLeast(k, sets[1:]...)
}
