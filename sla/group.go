package sla

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
)

// A group is resources that are measured as one, in the order of their
// names.
type group struct {
	name    string
	nodes   []tree
	pooling *level
}

// groups returns what a commitment measures of some resources, by name.
func (c *commitment) groups(resources []outage.Timeline) ([]group, error) {
	var groups []group
	for i := range resources {
		if c.covers(resources[i]) {
			groups = append(groups, group{name: resources[i].Resource(), nodes: []tree{leaf(&resources[i])}})
		}
	}
	for i := range c.levels {
		l := &c.levels[i]
		of := map[string]*group{} // by the labels of this level and those after it
		for _, g := range groups {
			values, err := g.labels(c.levels[i:])
			if err != nil {
				return nil, err
			}
			key := fmt.Sprintf("%q", values)
			if of[key] == nil {
				of[key] = &group{name: values[0]}
			}
			of[key].nodes = append(of[key].nodes, g.nodes...)
		}
		groups = groups[:0]
		for _, key := range slices.Sorted(maps.Keys(of)) {
			g := of[key]
			if len(g.nodes) > maxMembers {
				return nil, fmt.Errorf("%s %s has more than %d members", numeral.Shorten(l.by), numeral.Shorten(g.name), maxMembers)
			}
			if l.pooled {
				g.pooling = l
			} else {
				g.nodes = []tree{{name: g.name, level: l, children: g.nodes}}
			}
			groups = append(groups, *g)
		}
	}
	return groups, nil
}

// labels returns the values that the resources of a group have of the labels of
// some levels. They agree on them, for the groups of each level are told apart
// by these.
func (g group) labels(levels []level) ([]string, error) {
	values := make([]string, len(levels))
	for r := range g.resources() {
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

// resources walks the resources of g.
func (g group) resources() func(func(*outage.Timeline) bool) {
	return func(yield func(*outage.Timeline) bool) { walkTrees(g.nodes, yield) }
}

// walkTrees yields the resources of some trees, and reports whether all were
// wanted.
func walkTrees(nodes []tree, yield func(*outage.Timeline) bool) bool {
	for _, n := range nodes {
		if n.resource != nil && !yield(n.resource) || !walkTrees(n.children, yield) {
			return false
		}
	}
	return true
}

// asOf returns the instant at which the records of g speak, which is that of each
// of its resources.
func (g group) asOf() time.Time {
	for r := range g.resources() {
		return r.AsOf()
	}
	return time.Time{}
}

// members returns the names of the resources that are measured as one, and
// none for a resource on its own.
func (g group) members() []string {
	if g.pooling == nil && len(g.nodes) == 1 && g.nodes[0].resource != nil {
		return nil
	}
	var names []string
	for r := range g.resources() {
		names = append(names, r.Resource())
	}
	slices.Sort(names)
	return names
}

// shared returns the labels of which all resources of g have the same values,
// and nil if there are none.
func (g group) shared() map[string]string {
	var labels map[string]string
	first := true
	for r := range g.resources() {
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

// A tree is a resource, or what a level makes of some.
type tree struct {
	name     string
	resource *outage.Timeline
	level    *level
	children []tree
}

// leaf returns a resource as a tree.
func leaf(r *outage.Timeline) tree { return tree{name: r.Resource(), resource: r} }
