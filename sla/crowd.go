package sla

import (
	"cmp"
	"slices"

	"github.com/slacredit/slacredit/outage"
)

// A crowd walks forward through what is said of the members of a thing, so that
// a moment asks only those of which something is said then.
type crowd struct {
	members []*member
	turns   []crowdTurn
	under   []int // by member, how much of it is under way
	some    ranks // the members of which anything is
}

// A crowdTurn is the moment at which something begins, or ceases, to be said of
// a member.
type crowdTurn struct {
	at     int64
	member int
	by     int
}

// crowdOf returns the crowd of what is said of members in [from, to): spells,
// which are in order and do not overlap, and sets.
func crowdOf(members []*member, from, to int64, said func(*member) ([][]spell, outage.Set)) *crowd {
	c := &crowd{members: members, under: make([]int, len(members)), some: newRanks(len(members))}
	add := func(i int, begin, end int64) {
		c.turns = append(c.turns, crowdTurn{begin, i, 1}, crowdTurn{end, i, -1})
	}
	for i, m := range members {
		lists, set := said(m)
		for _, spells := range lists {
			first, _ := slices.BinarySearchFunc(spells, from, func(s spell, at int64) int { return cmp.Compare(s.to, at+1) })
			for ; first < len(spells) && spells[first].from < to; first++ {
				add(i, spells[first].from, spells[first].to)
			}
		}
		for w := range set.Within(between(from, to)).All() {
			add(i, w.Start().UnixNano(), w.End().UnixNano())
		}
	}
	slices.SortFunc(c.turns, func(a, b crowdTurn) int { return cmp.Compare(a.at, b.at) })
	return c
}

// crowd returns the crowd of what is said of the members in [from, to). A single
// one is asked at each moment.
func (t *thing) crowd(from, to int64, said func(*member) ([][]spell, outage.Set)) crowd {
	if len(t.members) == 1 {
		return crowd{members: t.members}
	}
	return *crowdOf(t.members, from, to, said)
}

// forward walks up to a moment, which must not go back.
func (c *crowd) forward(moment int64) {
	for ; len(c.turns) > 0 && c.turns[0].at <= moment; c.turns = c.turns[1:] {
		t := c.turns[0]
		c.under[t.member] += t.by
		if n := c.under[t.member]; n == 0 || n == 1 && t.by > 0 {
			c.some.add(t.member, t.by)
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
func plansOf(m *member) ([][]spell, outage.Set) {
	lists := [][]spell{m.idle.best}
	for _, p := range m.plans {
		lists = append(lists, p.best)
	}
	return lists, outage.Set{}
}

// ignoredOf returns where an outage of a member does not count, and where
// nobody observed it.
func ignoredOf(m *member) ([][]spell, outage.Set) { return [][]spell{m.ignored}, m.assumed }
