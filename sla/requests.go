package sla

import (
	"math/big"

	"github.com/slacredit/slacredit/outage"
)

// requests returns the share of requests that failed in each slot in which any
// did. Those of a window that lies within time that was set aside did not fail,
// and remain among all. At worst, all fail in a slot of which nobody knows a
// part.
func (c *commitment) requests(t *thing, x excuse, as scenario) []loss {
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
	if as == atWorst {
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
	sortSpells(spells)
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
