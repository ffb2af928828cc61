package sla

import "github.com/slacredit/slacredit/outage"

// A crowd walks forward through stretches of many members, so that a moment looks
// only at the members that have one then.
type crowd struct {
	members []*member
	turns   []turn[int] // the index of a member
	under   []int       // by member, how many of its stretches contain the moment
	some    ranks       // the members that have any
}

// crowdOf returns the crowd of the stretches of members in [from, to): of some lists
// and a set for each.
func crowdOf(members []*member, from, to int64, of func(*member) ([][]stretch[ranked], outage.Set)) *crowd {
	c := &crowd{members: members, under: make([]int, len(members)), some: newRanks(len(members))}
	for i, m := range members {
		lists, set := of(m)
		for _, list := range lists {
			for _, s := range within(list, from, to) {
				c.turns = appendTurns(c.turns, stretch[int]{i, s.from, s.to})
			}
		}
		for w := range set.Within(between(from, to)).All() {
			c.turns = appendTurns(c.turns, stretchOf(w, i))
		}
	}
	sortTurns(c.turns)
	return c
}

// crowd returns the crowd of stretches of the members in [from, to). A single member
// is looked at in each moment.
func (t *observed) crowd(from, to int64, of func(*member) ([][]stretch[ranked], outage.Set)) crowd {
	if len(t.members) == 1 {
		return crowd{members: t.members}
	}
	return *crowdOf(t.members, from, to, of)
}

// forward walks up to a moment, which must not go back.
func (c *crowd) forward(moment int64) {
	for ; len(c.turns) > 0 && c.turns[0].at <= moment; c.turns = c.turns[1:] {
		t := c.turns[0]
		c.under[t.on] += t.by
		if n := c.under[t.on]; n == 0 || n == 1 && t.by > 0 {
			c.some.add(t.on, t.by)
		}
	}
}

// at yields the members that have a stretch at a moment, in their order. A crowd of
// one member yields it always.
func (c *crowd) at(moment int64) func(func(*member) bool) {
	c.forward(moment)
	return func(yield func(*member) bool) {
		if c.under == nil {
			for _, m := range c.members {
				if !yield(m) {
					return
				}
			}
			return
		}
		for i := range c.some.upTo(len(c.members) - 1) {
			if !yield(c.members[c.some.find(i+1)]) {
				return
			}
		}
	}
}

// plansOf returns the maintenance windows of a member, whether they excuse or not.
func plansOf(m *member) ([][]stretch[ranked], outage.Set) {
	lists := [][]stretch[ranked]{m.idle.best}
	for _, p := range m.plans {
		lists = append(lists, p.best)
	}
	return lists, outage.Set{}
}

// ignoredOf returns the outages of a member that do not count, and its unobserved
// time.
func ignoredOf(m *member) ([][]stretch[ranked], outage.Set) {
	return [][]stretch[ranked]{m.ignored}, m.assumed
}
