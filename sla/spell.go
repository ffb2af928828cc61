package sla

import (
	"cmp"
	"slices"

	"github.com/slacredit/slacredit/outage"
)

// A spell is a stretch of time with the rank of what holds over it.
type spell struct {
	from, to int64
	rank     int64
	record   int // index of it; nobody where nobody knows
}

// spellOf returns the spell of a window.
func spellOf(w outage.Window, rank int64, record int) spell {
	return spell{w.Start().UnixNano(), w.End().UnixNano(), rank, record}
}

// appendUnknown appends a set of which nobody knows, at its worst.
func appendUnknown(spells []spell, set outage.Set) []spell {
	for w := range set.All() {
		spells = append(spells, spellOf(w, everything, nobody))
	}
	return spells
}

// sortSpells sorts spells by start; those that start together keep their order.
func sortSpells(spells []spell) {
	slices.SortStableFunc(spells, func(a, b spell) int { return cmp.Compare(a.from, b.from) })
}

// nobody stands for the record of a time of which nobody knows.
const nobody = -1

// foremost returns, for each moment in any of the spells, the one of the
// highest rank, and of equals the first. The spells must be sorted by start.
// Each enters the heap once and leaves it once, however they overlap.
func foremost(spells []spell) []spell {
	if disjoint(spells) {
		return spells
	}
	out := make([]spell, 0, len(spells))
	heap := spellHeap{make([]int, 0, len(spells))}
	next := 0
	for at := int64(0); ; {
		for len(heap.order) > 0 && spells[heap.order[0]].to <= at {
			heap.pop(spells)
		}
		if len(heap.order) == 0 {
			if next == len(spells) {
				return out
			}
			at = spells[next].from
		}
		for ; next < len(spells) && spells[next].from <= at; next++ {
			heap.push(spells, next)
		}
		if len(heap.order) == 0 || spells[heap.order[0]].to <= at {
			continue
		}
		top := spells[heap.order[0]]
		end := top.to
		if next < len(spells) {
			end = min(end, spells[next].from)
		}
		if last := len(out) - 1; last >= 0 && out[last].to == at && out[last].record == top.record {
			out[last].to = end
		} else {
			out = append(out, spell{at, end, top.rank, top.record})
		}
		at = end
	}
}

// disjoint reports whether spells, which are sorted by start, have each some length
// and nothing in common, so that each is the foremost.
func disjoint(spells []spell) bool {
	for i, s := range spells {
		if s.from >= s.to || i > 0 && (spells[i-1].to > s.from || spells[i-1].to == s.from && spells[i-1].record == s.record) {
			return false
		}
	}
	return true
}

// spellAt returns the spell that holds an instant, of spells that are in order
// and do not overlap.
func spellAt(spells []spell, instant int64) (spell, bool) {
	i, found := slices.BinarySearchFunc(spells, instant, func(s spell, at int64) int {
		switch {
		case s.to <= at:
			return -1
		case s.from > at:
			return 1
		}
		return 0
	})
	if !found {
		return spell{}, false
	}
	return spells[i], true
}

// A spellHeap holds indices of spells, the foremost on top.
type spellHeap struct{ order []int }

func (h *spellHeap) before(spells []spell, i, j int) bool {
	a, b := h.order[i], h.order[j]
	return cmp.Or(cmp.Compare(spells[b].rank, spells[a].rank), cmp.Compare(a, b)) < 0
}

func (h *spellHeap) push(spells []spell, index int) {
	h.order = append(h.order, index)
	for i := len(h.order) - 1; i > 0; {
		parent := (i - 1) / 2
		if !h.before(spells, i, parent) {
			return
		}
		h.order[i], h.order[parent] = h.order[parent], h.order[i]
		i = parent
	}
}

func (h *spellHeap) pop(spells []spell) {
	last := len(h.order) - 1
	h.order[0] = h.order[last]
	h.order = h.order[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			return
		}
		if child+1 < last && h.before(spells, child+1, child) {
			child++
		}
		if !h.before(spells, child, i) {
			return
		}
		h.order[i], h.order[child] = h.order[child], h.order[i]
		i = child
	}
}
