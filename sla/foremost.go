package sla

import (
	"cmp"

	"github.com/slacredit/slacredit/outage"
)

// A ranked is the rank of a record over a stretch of time.
type ranked struct {
	rank   int64
	record int // its index, or nobody
}

// nobody stands for the record of unobserved time.
const nobody = -1

// sameRecord reports whether two ranks are those of one record.
func sameRecord(a, b ranked) bool { return a.record == b.record }

// appendUnknown appends the windows of unobserved time, at its worst.
func appendUnknown(list []stretch[ranked], set outage.Set) []stretch[ranked] {
	for w := range set.All() {
		list = append(list, stretchOf(w, ranked{everything, nobody}))
	}
	return list
}

// foremost returns the stretch with the highest rank at each moment, of equals
// the first. The list is sorted by start and may overlap. Each stretch enters the
// heap once and leaves it once, however they overlap.
func foremost(list []stretch[ranked]) []stretch[ranked] {
	if disjoint(list) {
		return list
	}
	out := make([]stretch[ranked], 0, len(list))
	heap := rankHeap{make([]int, 0, len(list))}
	next := 0
	for at := int64(0); ; {
		for len(heap.order) > 0 && list[heap.order[0]].to <= at {
			heap.pop(list)
		}
		if len(heap.order) == 0 {
			if next == len(list) {
				return out
			}
			at = list[next].from
		}
		for ; next < len(list) && list[next].from <= at; next++ {
			heap.push(list, next)
		}
		if len(heap.order) == 0 || list[heap.order[0]].to <= at {
			continue
		}
		top := list[heap.order[0]]
		end := top.to
		if next < len(list) {
			end = min(end, list[next].from)
		}
		out = appendJoined(out, stretch[ranked]{top.on, at, end}, sameRecord)
		at = end
	}
}

// disjoint reports whether stretches, which are sorted by start, are not empty and
// do not overlap, so that each is the foremost, and none continues the one before.
func disjoint(list []stretch[ranked]) bool {
	for i, s := range list {
		if s.from >= s.to || i > 0 && (list[i-1].to > s.from || list[i-1].to == s.from && sameRecord(list[i-1].on, s.on)) {
			return false
		}
	}
	return true
}

// A rankHeap holds indices of stretches, the foremost on top.
type rankHeap struct{ order []int }

func (h *rankHeap) before(list []stretch[ranked], i, j int) bool {
	a, b := h.order[i], h.order[j]
	return cmp.Or(cmp.Compare(list[b].on.rank, list[a].on.rank), cmp.Compare(a, b)) < 0
}

func (h *rankHeap) push(list []stretch[ranked], index int) {
	h.order = append(h.order, index)
	for i := len(h.order) - 1; i > 0; {
		parent := (i - 1) / 2
		if !h.before(list, i, parent) {
			return
		}
		h.order[i], h.order[parent] = h.order[parent], h.order[i]
		i = parent
	}
}

func (h *rankHeap) pop(list []stretch[ranked]) {
	last := len(h.order) - 1
	h.order[0] = h.order[last]
	h.order = h.order[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			return
		}
		if child+1 < last && h.before(list, child+1, child) {
			child++
		}
		if !h.before(list, child, i) {
			return
		}
		h.order[i], h.order[child] = h.order[child], h.order[i]
		i = child
	}
}
