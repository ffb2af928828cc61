package sla

import "github.com/slacredit/slacredit/outage"

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

// atLeast returns the moments at which at least k of the sets hold.
func atLeast(k int, sets []outage.Set) outage.Set {
	if len(sets) == 0 {
		return outage.Set{}
	}
	return sets[0].AtLeast(k, sets[1:]...)
}
