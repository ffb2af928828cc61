package sla

import (
	"math/big"
	"math/bits"

	"github.com/slacredit/slacredit/outage"
)

// requests returns the share of failed requests in each slot with any. Requests
// in a window that lies entirely within excused time did not fail, and still
// count toward all requests. At worst, all requests fail in a slot that is partly
// unobserved.
func (c *commitment) requests(t *thing, x excuse, as scenario) []loss {
	type slot struct {
		from, to         int64
		requests, failed tallied
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
		s.requests.add(r.Requests)
		if aside.Window(w.Start()).Intersect(w) != w {
			s.failed.add(r.Failed)
			s.records = append(s.records, i)
		}
	}
	var losses []loss
	for _, s := range order {
		if !s.failed.isZero() && s.requests.atLeast(c.source.Downtime.MinRequests) {
			losses = append(losses, mean(s.from, s.to, new(big.Rat).SetFrac(s.failed.int(), s.requests.int()), s.records))
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

// A tallied is a sum of numbers of requests, which are not negative. Two of them
// can overflow int64.
type tallied struct{ hi, lo uint64 }

func (t *tallied) add(n int64) {
	var carry uint64
	t.lo, carry = bits.Add64(t.lo, uint64(n), 0)
	t.hi += carry
}

func (t tallied) isZero() bool { return t == tallied{} }

// atLeast reports whether t is at least n, which is not negative.
func (t tallied) atLeast(n int64) bool { return t.hi > 0 || t.lo >= uint64(n) }

func (t tallied) int() *big.Int {
	n := new(big.Int).SetUint64(t.hi)
	return n.Lsh(n, 64).Add(n, new(big.Int).SetUint64(t.lo))
}

// overlay returns losses by slot, with a loss of everything in each slot that
// overlaps a set.
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
