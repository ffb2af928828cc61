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
//	   excused            │       ███████           │     lost[0] − lost[1], of what lasted
//	   down            ███████████                  │     what is left of it
//	8  cut                │███████                  │     of it, what lies in the period and is not outside
//	9  due                │─────────────────────────│     the period, less what is outside
//
// So nothing is excused record by record. The losses are computed once from all
// records, and once more for each exclusion, without the outages and the time that
// it and those before it excuse. A moment that lost enough before, and no longer
// does, is excused:
//
//	excused by the i-th exclusion = lost[i] − lost[i+1], of what lasted
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
//	member    an outage on its clock, with its fate; time that was set aside
//	thing     the losses of a resource, or of a group as one (kth)
//	grid      the mean of each slot; requests takes it from traffic
//	layers    the losses before and after each exclusion, and what is down
//	allowance how far an exclusion reaches
//	weighed   what is outside, the runs, and the denominator
//	view      the reason of each stretch, from the same layers

// Layers are what becomes of the losses of a thing, from the records as they
// are to what counts. Those at worst hold all that is in those as known.
type layers struct {
	lost     [][]loss     // by slot, if there are slots: before any exclusion acted, and after each
	forgiven []outage.Set // by each exclusion
	spent    []outage.Set // of each exclusion: the time that its allowance leaves to count
	lasting  outage.Set   // outages that were long enough, also what was then forgiven
	down     outage.Set   // what counts
}

// An excuse says which exclusions act, and where.
type excuse struct {
	acts []bool // by exclusion; none: none acts

	// spent holds for each the time that its allowance does not reach. There it
	// forgives nothing, neither the outages of its causes nor what was set aside.
	spent []outage.Set
}

// of reports whether an exclusion acts.
func (x excuse) of(exclusion int) bool { return exclusion < len(x.acts) && x.acts[exclusion] }

// none returns the excuse by which no exclusion acts.
func (c *commitment) none() excuse {
	return excuse{make([]bool, len(c.exclusions)), make([]outage.Set, len(c.exclusions))}
}

// every returns the excuse by which all exclusions act, each but in some time.
func (c *commitment) every(spent []outage.Set) excuse {
	x := excuse{make([]bool, len(c.exclusions)), spent}
	for i := range x.acts {
		x.acts[i] = true
	}
	return x
}

// layers decides what the exclusions leave of what is lost. They act in their
// order, each as far as its allowance reaches, and a moment counts if it is
// still lost when all have acted. Those that act first do so before the outages
// are tested for their length.
func (c *commitment) layers(t *thing, as scenario) layers {
	x := c.none()
	lost, happened := c.losses(t, x, as)
	l := layers{lost: [][]loss{lost}, forgiven: make([]outage.Set, len(c.exclusions))}
	left := moments(lost, c.passes) // what still counts
	act := func(i int) {
		x.acts[i] = true
		if t.touched(i) {
			lost, happened = c.losses(t, x, as)
			l.forgiven[i] = less(left, moments(lost, c.passes))
			left = left.Subtract(l.forgiven[i])
		}
		l.lost = append(l.lost, lost)
	}
	first := 0
	for ; first < len(c.exclusions) && c.exclusions[first].source.First; first++ {
		act(first)
	}
	left = c.long(left, happened)
	l.lasting = left
	l.spent = c.spend(t, as, left, l.forgiven)
	x.spent = l.spent
	for i := first; i < len(c.exclusions); i++ {
		act(i)
	}
	l.down = left
	return l
}

// long returns what counts of outages that lasted long enough, as they
// happened.
func (c *commitment) long(counts outage.Set, happened []loss) outage.Set {
	if c.lasting <= 1 {
		return counts
	}
	return counts.Union(moments(happened, c.passes)).Where(c.lasts).Intersect(counts)
}

// spend returns for each exclusion the time that its allowance leaves to count.
// They draw in their order, each on what it relieves: of what those before it
// leave, or of what would be left if those after it acted too, without limit.
// So an outage that two exclusions forgive is forgiven as far as both reach.
// What an exclusion removes is outside, and draws nothing of another; with an
// allowance it draws as time, be the resource up or down. What those that act
// first forgive is known.
func (c *commitment) spend(t *thing, as scenario, lasting outage.Set, forgiven []outage.Set) []outage.Set {
	alone := c.none()           // those so far
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
			if e.source.Removed {
				drawn = drawn.Union(t.aside(i))
			}
			all.spent[i] = e.allowance.spend(t, drawn, lasting, closed)
		}
		if e.source.Removed {
			removed := forgiven[i]
			if !e.source.First {
				before, after := c.beside(t, i, alone, as)
				removed = less(moments(before, c.passes), moments(after, c.passes)).Intersect(lasting)
			}
			closed = join(closed, join(t.aside(i), removed).Subtract(all.spent[i]))
		}
	}
	return all.spent
}

// relieved returns the moments that count no more, or where downtime is
// weighted count by less, since an exclusion acts as well.
func (c *commitment) relieved(t *thing, exclusion int, x excuse, as scenario) outage.Set {
	return c.reduced(c.beside(t, exclusion, x, as))
}

// beside returns what is lost if an exclusion does not act beside others, and if
// it does.
func (c *commitment) beside(t *thing, exclusion int, x excuse, as scenario) (before, after []loss) {
	x.acts = slices.Clone(x.acts)
	after, _ = c.losses(t, x, as)
	x.acts[exclusion] = false
	before, _ = c.losses(t, x, as)
	return before, after
}

// reduced returns the moments that count in some losses, and in what is left of
// these no more, or where downtime is weighted by less.
func (c *commitment) reduced(before, after []loss) outage.Set {
	if !c.source.Downtime.Weighted {
		return moments(before, c.passes).Subtract(moments(after, c.passes))
	}
	var windows []outage.Window
	walk := lossWalk{after}
	for _, l := range before {
		if !c.passes(l) {
			continue
		}
		for at := l.from; at < l.to; {
			left, until := walk.at(at)
			until = min(until, l.to)
			if !c.passes(left) || left.share().Cmp(l.share()) < 0 {
				windows = append(windows, between(at, until))
			}
			at = until
		}
	}
	return outage.NewSet(windows...)
}

// A scenario says how far outages go of which that is not known.
type scenario int

const (
	asKnown   scenario = iota // those under way end at the as-of instant, and what nobody knows was up
	asOngoing                 // those under way go on for ever
	atWorst                   // everything is lost where nobody knows
)

// losses returns what is lost when some exclusions have acted, by slot if
// there are slots, and what is as it happened.
func (c *commitment) losses(t *thing, x excuse, as scenario) (losses, happened []loss) {
	if c.source.Downtime.Requests {
		losses = c.requests(t, x, as)
		return losses, losses
	}
	losses, happened = t.root.losses(x, as)
	if c.lasting > 1 {
		happened = t.slots.means(happened)
	}
	return t.slots.means(losses), happened
}
