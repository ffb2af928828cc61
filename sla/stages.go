package sla

import (
	"slices"

	"github.com/slacredit/slacredit/outage"
)

// From the records of a resource to its figures, which are all cut from one
// picture. The numbers are those of the steps in the documentation of the package.
//
//	                      │                         │     the measured period
//	records        a   ███████████                  │     its cause counts
//	               b      │   ███████████           │     its cause is excused
//	               c      │                 ███     │     it is short
//	2  lost[0]         ██████████████████   ███     │     the worst loss at each moment
//	6  lasting         ██████████████████           │     runs that were long enough, whole
//	7  lost[1]         ███████████          ███     │     the same losses again, without b
//	   excused            │       ███████           │     lost[0] − lost[1], where it lasted
//	   down            ███████████                  │     the rest of it
//	8  cut                │███████                  │     the part of it in the period, less the time outside
//	9  due                │─────────────────────────│     the period, less the time outside
//
// So nothing is excused record by record. The losses are computed once from all
// records, and once more for each exclusion, without the outages and the time that
// it and those before it excuse. A moment that lost enough before, and no longer
// does, is excused:
//
//	excused by the i-th exclusion = lost[i] − lost[i+1], where it lasted
//
// That is why a moment still counts if another outage covers it, a where b is
// excused. In a group (step 3) and on a grid (step 4) it is the same: members are
// combined again, and the mean of each slot is taken again, so that half of a slot
// can be excused and the other half still be enough.
//
// Outage c is up time: its loss was enough, but did not last. The length of a run
// is that of lost[0], before any exclusion acts but those that are First, and also
// beyond the period.
//
// Three scenarios are drawn in this way: as known, at worst (unobserved time was
// down), and ongoing (outages that are under way never end). The first two give the
// bounds of a measurement; the first and the last tell whether it is open.
//
// The stages, with their files:
//
//	member      an outage on its clock, with its fate; windows and hours that excuse
//	target      the losses of a resource, or of a group as one (combine, kth)
//	grid        the mean of each slot; requests takes it from traffic
//	stages      the losses before and after each exclusion, and the downtime
//	allowance   the time that the allowance of an exclusion reaches
//	assessment  the time outside, the runs, and the denominator
//	explainer   the reason of each stretch, from the same stages

// Stages are the losses of a target on their way from the records to the downtime
// that counts. All downtime as known is also downtime at worst.
type stages struct {
	lost    [][]stretch[loss] // by slot, if there are slots: before any exclusion acted, and after each
	excused []outage.Set      // by each exclusion
	spent   []outage.Set      // by exclusion: the time that its allowance does not reach
	lasting outage.Set        // outages that were long enough, also the parts that were then excused
	down    outage.Set        // the downtime that counts
}

// An excuse says which exclusions act, and where.
type excuse struct {
	acts []bool // by exclusion; none: none acts

	// spent is, by exclusion, the time that its allowance does not reach. There it
	// excuses nothing, neither the outages of its causes nor by windows and hours.
	spent []outage.Set
}

// of reports whether an exclusion acts.
func (x excuse) of(exclusion int) bool { return exclusion < len(x.acts) && x.acts[exclusion] }

// none returns the excuse by which no exclusion acts.
func (c *commitment) none() excuse {
	return excuse{make([]bool, len(c.exclusions)), make([]outage.Set, len(c.exclusions))}
}

// every returns the excuse by which all exclusions act, each as far as its allowance
// reaches.
func (c *commitment) every(spent []outage.Set) excuse {
	x := excuse{make([]bool, len(c.exclusions)), spent}
	for i := range x.acts {
		x.acts[i] = true
	}
	return x
}

// stages applies the exclusions to the losses of a target, in their order, each as
// far as its allowance reaches. A moment counts if enough is still lost after all
// of them. Exclusions that are First act before the outages are tested for their
// length.
func (c *commitment) stages(t *observed, as scenario) stages {
	x := c.none()
	lost, happened := c.losses(t, x, as)
	s := stages{lost: [][]stretch[loss]{lost}, excused: make([]outage.Set, len(c.exclusions))}
	left := moments(lost, c.passes) // the downtime that still counts
	act := func(i int) {
		x.acts[i] = true
		if t.touched(i) {
			lost, happened = c.losses(t, x, as)
			s.excused[i] = less(left, moments(lost, c.passes))
			left = left.Subtract(s.excused[i])
		}
		s.lost = append(s.lost, lost)
	}
	first := 0
	for ; first < len(c.exclusions) && c.exclusions[first].first; first++ {
		act(first)
	}
	left = c.long(left, happened)
	s.lasting = left
	s.spent = c.spend(t, as, left, s.excused)
	x.spent = s.spent
	for i := first; i < len(c.exclusions); i++ {
		act(i)
	}
	s.down = left
	return s
}

// long returns the part of the downtime that belongs to outages which were long
// enough as they happened.
func (c *commitment) long(counts outage.Set, happened []stretch[loss]) outage.Set {
	if c.lasting <= 1 {
		return counts
	}
	return counts.Union(moments(happened, c.passes)).Where(c.lasts).Intersect(counts)
}

// spend returns, by exclusion, the time that its allowance does not reach. Each
// exclusion uses its allowance for the time that it relieves: beside the exclusions
// before it alone, or beside those after it too, as if these had no limit. So an
// outage that two exclusions excuse is excused as far as both reach. Time that an
// exclusion removes is outside, and uses no allowance of another. The windows and
// hours of an exclusion that removes use its own allowance, whether the resource was
// up or down in them. The time that those that are First excuse is given.
func (c *commitment) spend(t *observed, as scenario, lasting outage.Set, excused []outage.Set) []outage.Set {
	alone := c.none()           // the exclusions so far
	all := c.every(alone.spent) // and those to come as well
	closed := t.closed
	for i, e := range c.exclusions {
		alone.acts[i] = true
		if !t.touched(i) {
			continue
		}
		if e.allowance.isSet() {
			drawn := c.relieved(t, i, alone, as)
			if i < len(c.exclusions)-1 {
				drawn = drawn.Union(c.relieved(t, i, all, as))
			}
			drawn = drawn.Intersect(lasting)
			if e.removed {
				drawn = drawn.Union(t.aside(i))
			}
			all.spent[i] = e.allowance.spend(t, drawn, lasting, closed)
		}
		if e.removed {
			removed := excused[i]
			if !e.first {
				before, after := c.beside(t, i, alone, as)
				removed = less(moments(before, c.passes), moments(after, c.passes)).Intersect(lasting)
			}
			closed = join(closed, join(t.aside(i), removed).Subtract(all.spent[i]))
		}
	}
	return all.spent
}

// relieved returns the moments that no longer count because an exclusion acts, or
// where downtime is weighted, that count for less.
func (c *commitment) relieved(t *observed, exclusion int, x excuse, as scenario) outage.Set {
	return c.reduced(c.beside(t, exclusion, x, as))
}

// beside returns the losses without an exclusion beside others, and with it.
func (c *commitment) beside(t *observed, exclusion int, x excuse, as scenario) (before, after []stretch[loss]) {
	x.acts = slices.Clone(x.acts)
	after, _ = c.losses(t, x, as)
	x.acts[exclusion] = false
	before, _ = c.losses(t, x, as)
	return before, after
}

// reduced returns the moments that count in some losses and not in others, or where
// downtime is weighted, that count for less in the others.
func (c *commitment) reduced(before, after []stretch[loss]) outage.Set {
	if !c.weighted {
		return moments(before, c.passes).Subtract(moments(after, c.passes))
	}
	var windows []outage.Window
	for part, on := range along(before, after) {
		left := orZero(on)
		if c.passes(part.on) && (!c.passes(left) || left.share().Cmp(part.on.share()) < 0) {
			windows = append(windows, between(part.from, part.to))
		}
	}
	return outage.NewSet(windows...)
}

// A scenario says how unobserved time and outages that are under way count.
type scenario int

const (
	asKnown   scenario = iota // outages that are under way end at the as-of instant; unobserved time was up
	asOngoing                 // outages that are under way never end
	atWorst                   // everything is lost in unobserved time
)

// losses returns the losses after some exclusions have acted, by slot if there are
// slots, and the losses as they happened.
func (c *commitment) losses(t *observed, x excuse, as scenario) (losses, happened []stretch[loss]) {
	if c.requests {
		losses = c.requestLosses(t, x, as)
		return losses, losses
	}
	losses, happened = t.losses(x, as)
	if c.lasting > 1 {
		happened = t.slots.means(happened)
	}
	return t.slots.means(losses), happened
}
