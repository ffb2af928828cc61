package sla

import (
	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/outage"
)

// requestLosses returns the share of failed requests in each slot with any. Requests
// in a window that lies entirely within excused time did not fail, and still
// count toward all requests. At worst, all requests fail in a slot that is partly
// unobserved.
func (c *commitment) requestLosses(t *observed, x excuse, as scenario) []stretch[loss] {
	type counted struct {
		requests, failed exact.Number
		records          []int
	}
	m := t.members[0]
	aside := m.aside(x)
	var order []*stretch[counted]
	of := map[int64]*stretch[counted]{}
	for i, r := range t.traffic {
		w := between(r.Start.UnixNano(), r.End.UnixNano())
		start, _ := w.UnixNano()
		from, to := t.slots.at(start)
		if c.grid.whole && w.Intersect(t.slots.period).IsEmpty() {
			continue
		}
		s := of[from]
		if s == nil {
			s = &stretch[counted]{from: from, to: to}
			of[from] = s
			order = append(order, s)
		}
		s.on.requests = s.on.requests.Add(exact.Int(r.Requests))
		if aside.Window(w.Start()).Intersect(w) != w {
			s.on.failed = s.on.failed.Add(exact.Int(r.Failed))
			s.on.records = append(s.on.records, i)
		}
	}
	var losses []stretch[loss]
	for _, s := range order {
		if n := s.on; !n.failed.IsZero() && n.requests.Cmp(exact.Int(c.minRequests)) >= 0 {
			losses = append(losses, stretch[loss]{mean(n.failed.Quo(n.requests), n.records), s.from, s.to})
		}
	}
	unknown := outage.Set{} // which all fail in
	if c.treatment == "down" {
		unknown = m.assumed
	}
	if as == atWorst {
		unknown = unknown.Union(m.unknown)
	}
	return t.overlay(losses, unknown.Subtract(aside))
}

// overlay returns losses by slot, with a loss of everything in each slot that
// overlaps a set.
func (t *observed) overlay(losses []stretch[loss], set outage.Set) []stretch[loss] {
	if t.slots.whole {
		set = set.Within(t.slots.period)
	}
	if set.IsEmpty() {
		return losses
	}
	var list []stretch[ranked]
	for i, l := range losses {
		list = append(list, stretch[ranked]{ranked{l.on.lost, i}, l.from, l.to})
	}
	for _, s := range stretches(set) {
		from, _ := t.slots.at(s.from)
		_, to := t.slots.at(s.to - 1)
		list = append(list, stretch[ranked]{ranked{everything + 1, nobody}, from, to})
	}
	sortStretches(list)
	var out []stretch[loss]
	for _, s := range foremost(list) {
		l := loss{lost: everything}
		if s.on.record != nobody {
			l = losses[s.on.record].on
		}
		out = append(out, stretch[loss]{l, s.from, s.to})
	}
	return out
}
