package sla

import "github.com/slacredit/slacredit/outage"

// A crowd walks forward through what is said of the members of a target, so that
// a moment asks only those of which something is said then.
type crowd struct {
	members []*member
	turns   []turn[int] // the index of a member
	under   []int       // by member, how much of it is under way
	some    ranks       // the members of which anything is
}

// crowdOf returns the crowd of what is said of members in [from, to): some lists
// and a set for each.
func crowdOf(members []*member, from, to int64, said func(*member) ([][]stretch[ranked], outage.Set)) *crowd {
	c := &crowd{members: members, under: make([]int, len(members)), some: newRanks(len(members))}
	for i, m := range members {
		lists, set := said(m)
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

// crowd returns the crowd of what is said of the members in [from, to). A single
// one is asked at each moment.
func (t *observed) crowd(from, to int64, said func(*member) ([][]stretch[ranked], outage.Set)) crowd {
	if len(t.members) == 1 {
		return crowd{members: t.members}
	}
	return *crowdOf(t.members, from, to, said)
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

// at yields the members of which something is said at a moment, in their order,
// and of a crowd without turns all.
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

// plansOf returns what was planned for a member, whatever it forgives.
func plansOf(m *member) ([][]stretch[ranked], outage.Set) {
	lists := [][]stretch[ranked]{m.idle.best}
	for _, p := range m.plans {
		lists = append(lists, p.best)
	}
	return lists, outage.Set{}
}

// ignoredOf returns where an outage of a member does not count, and where
// nobody observed it.
func ignoredOf(m *member) ([][]stretch[ranked], outage.Set) {
	return [][]stretch[ranked]{m.ignored}, m.assumed
}
