package sla

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
)

// A target is what a commitment measures: a resource, or what a level makes of
// several targets. A pool is a target whose level adds up its members.
type target struct {
	name     string
	resource *outage.Timeline // nil for a group or a pool
	level    *level           // nil for a resource
	children []target

	// The next fields are set once the target is observed.
	member *member    // of a resource
	lived  outage.Set // when enough members were alive; where time outside a life counts as up, when any member was to be served
	life   outage.Set // when it was to be served, or is taken as served
}

// leaf returns a resource as a target.
func leaf(r *outage.Timeline) target { return target{name: r.Resource(), resource: r} }

// isPool reports whether the members of n are added up, and not combined.
func (n target) isPool() bool { return n.level != nil && n.level.pooled }

// least returns how many members must be alive.
func (n target) least() int { return max(1, n.level.least) }

// targets returns what a commitment measures of some resources, in the order of
// the labels of the levels, or of the resources.
func (c *commitment) targets(resources []outage.Timeline) ([]target, error) {
	var targets []target
	for i := range resources {
		if c.covers(resources[i]) {
			targets = append(targets, leaf(&resources[i]))
		}
	}
	for i := range c.levels {
		l := &c.levels[i]
		of := map[string]*target{} // by the labels of this level and those after it
		for _, n := range targets {
			values, err := n.labels(c.levels[i:])
			if err != nil {
				return nil, err
			}
			key := fmt.Sprintf("%q", values)
			if of[key] == nil {
				of[key] = &target{name: values[0], level: l}
			}
			of[key].children = append(of[key].children, n)
		}
		targets = targets[:0]
		for _, key := range slices.Sorted(maps.Keys(of)) {
			n := of[key]
			if len(n.children) > maxMembers {
				return nil, fmt.Errorf("%s %s has more than %d members", numeral.Shorten(l.by), numeral.Shorten(n.name), maxMembers)
			}
			targets = append(targets, *n)
		}
	}
	return targets, nil
}

// labels returns the values that the resources of n have for the labels of some
// levels. All resources have the same, since the groups of each level are told
// apart by these labels.
func (n target) labels(levels []level) ([]string, error) {
	values := make([]string, len(levels))
	for r := range n.resources() {
		for i, l := range levels {
			value, found := r.Label(l.by)
			if !found {
				return nil, fmt.Errorf("resource %s has no label %s", numeral.Shorten(r.Resource()), numeral.Shorten(l.by))
			}
			values[i] = value
		}
	}
	return values, nil
}

// resources yields the resources of n.
func (n target) resources() iter.Seq[*outage.Timeline] {
	return func(yield func(*outage.Timeline) bool) { n.yield(yield) }
}

// yield yields the resources of n, and reports whether all were wanted.
func (n target) yield(yield func(*outage.Timeline) bool) bool {
	if n.resource != nil {
		return yield(n.resource)
	}
	for _, child := range n.children {
		if !child.yield(yield) {
			return false
		}
	}
	return true
}

// asOf returns the as-of instant of n, which is that of each of its resources.
func (n target) asOf() time.Time {
	for r := range n.resources() {
		return r.AsOf()
	}
	return time.Time{}
}

// names returns the names of the resources that are measured as one, and none for
// a resource on its own.
func (n target) names() []string {
	if n.resource != nil {
		return nil
	}
	var names []string
	for r := range n.resources() {
		names = append(names, r.Resource())
	}
	slices.Sort(names)
	return names
}

// shared returns the labels for which all resources of n have the same value, and
// nil if there are none.
func (n target) shared() map[string]string {
	var labels map[string]string
	first := true
	for r := range n.resources() {
		if first {
			labels, first = r.Labels(), false
			continue
		}
		maps.DeleteFunc(labels, func(name, value string) bool {
			other, found := r.Label(name)
			return !found || other != value
		})
	}
	if len(labels) == 0 {
		return nil
	}
	return labels
}
