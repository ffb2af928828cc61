package sla

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/slacredit/slacredit/outage"
)

// Layers are what becomes of the losses of a thing, from the records as they
// are to what counts. Those at worst hold all that is in those as known.
type layers struct {
	lost     [][]loss     // by slot, if there are slots: before any exclusion acted, and after each
	forgiven []outage.Set // by each exclusion
	lasting  outage.Set   // outages that were long enough, also what was then forgiven
	down     outage.Set   // what counts
}

// layers lets the exclusions act one after the other, each on what those
// before it left. Those that act first do so before the outages are tested for
// their length.
func (c *commitment) layers(t *thing, worst bool) layers {
	x := excuse{upTo: -1}
	lost := c.losses(t, x, worst)
	l := layers{lost: [][]loss{lost}}
	left := moments(lost, c.passes) // what still counts
	tested := false
	for i, e := range c.exclusions {
		if !e.source.First && !tested {
			left, tested = left.Where(c.lasts), true
			l.lasting = left
		}
		x.upTo, x.spent = i, append(x.spent, outage.Set{})
		var excused outage.Set
		if t.touched(i) {
			lost = c.losses(t, x, worst)
			excused = left.Subtract(moments(lost, c.passes))
		}
		if e.allowance.isSet() {
			spent := e.allowance.spend(t, excused, l.lasting)
			if !spent.IsEmpty() {
				x.spent[i], excused = spent, excused.Subtract(spent)
				lost = c.losses(t, x, worst)
			}
		}
		left = left.Subtract(excused)
		l.lost, l.forgiven = append(l.lost, lost), append(l.forgiven, excused)
	}
	if !tested {
		left = left.Where(c.lasts)
		l.lasting = left
	}
	l.down = left
	return l
}

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

// losses returns what is lost when some exclusions have acted, by slot if
// there are slots.
func (c *commitment) losses(t *thing, x excuse, worst bool) []loss {
	if c.source.Downtime.Requests {
		return c.requests(t, x, worst)
	}
	losses, _ := t.root.losses(x, worst)
	return t.slots.means(losses)
}

// requests returns the share of requests that failed in each slot in which any
// did. Those of a window that lies within time that was set aside did not fail,
// and remain among all. At worst, all fail in a slot of which nobody knows a
// part.
func (c *commitment) requests(t *thing, x excuse, worst bool) []loss {
	type slot struct {
		from, to         int64
		requests, failed int64
		records          []int
	}
	m := t.members[0]
	aside := m.aside(x)
	var order []*slot
	of := map[int64]*slot{}
	for i, r := range t.traffic {
		w := between(r.Start.UnixNano(), r.End.UnixNano())
		from, to := t.slots.at(r.Start.UnixNano())
		if c.grid.whole && w.Intersect(t.slots.period).IsEmpty() {
			continue
		}
		s := of[from]
		if s == nil {
			s = &slot{from: from, to: to}
			of[from] = s
			order = append(order, s)
		}
		s.requests += r.Requests
		if aside.Window(w.Start()).Intersect(w) != w {
			s.failed += r.Failed
			s.records = append(s.records, i)
		}
	}
	var losses []loss
	for _, s := range order {
		if s.failed > 0 && s.requests >= c.source.Downtime.MinRequests {
			losses = append(losses, mean(s.from, s.to, big.NewRat(s.failed, s.requests), s.records))
		}
	}
	unknown := outage.Set{} // which all fail in
	if c.source.Calculation.Unknown == "down" {
		unknown = m.assumed
	}
	if worst {
		unknown = unknown.Union(m.unknown)
	}
	return t.overlay(losses, unknown.Subtract(aside))
}

// overlay returns the losses by slot with a loss of everything in each slot
// that has a moment of a set.
func (t *thing) overlay(losses []loss, set outage.Set) []loss {
	if t.slots.whole {
		set = set.Within(t.slots.period)
	}
	if set.IsEmpty() {
		return losses
	}
	var spells []spell
	for i, l := range losses {
		spells = append(spells, spell{l.from, l.to, l.lost, i})
	}
	for w := range set.All() {
		from, _ := t.slots.at(w.Start().UnixNano())
		_, to := t.slots.at(w.End().UnixNano() - 1)
		spells = append(spells, spell{from, to, everything + 1, nobody})
	}
	slices.SortStableFunc(spells, func(a, b spell) int { return cmp.Compare(a.from, b.from) })
	var out []loss
	for _, s := range foremost(spells) {
		l := loss{lost: everything}
		if s.record != nobody {
			l = losses[s.record]
		}
		l.from, l.to = s.from, s.to
		out = append(out, l)
	}
	return out
}

// aside returns the time that was set aside under the exclusions that have
// acted.
func (m *member) aside(x excuse) outage.Set {
	var set outage.Set
	for e := 0; e <= x.upTo; e++ {
		set = set.Union(m.plans[e].set.Subtract(x.spent[e]))
	}
	return set
}
