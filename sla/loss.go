package sla

import (
	"cmp"
	"math/big"
	"slices"
	"time"

	"github.com/slacredit/slacredit/outage"
)

// A loss is a stretch of time over which one share is lost. Instants are in
// nanoseconds since 1970 UTC, shares in billionths of a percent point.
type loss struct {
	from, to int64
	lost     int64    // over 0; floored if exact says it better
	exact    *big.Rat // the share of 1 that is lost; nil: lost is exact
	records  []int    // what is behind it, as indices; none where nobody knows
}

// everything is the share that is lost when all is.
const everything = 100_000_000_000

// percentPerLost is how many percent units make one unit of a lost share.
const percentPerLost = 100 * percentUnits / everything

// share returns the share of 1 that is lost.
func (l loss) share() *big.Rat {
	if l.exact != nil {
		return l.exact
	}
	return big.NewRat(l.lost, everything)
}

// floored reports whether lost is less than what is lost.
func (l loss) floored() bool {
	return l.exact != nil && l.exact.Cmp(big.NewRat(l.lost, everything)) != 0
}

// mean returns the loss of a stretch whose share is a ratio, which is positive.
func mean(from, to int64, ratio *big.Rat, records []int) loss {
	units := new(big.Int).Mul(ratio.Num(), big.NewInt(everything))
	units.Quo(units, ratio.Denom())
	return loss{from, to, units.Int64(), ratio, records}
}

// The first instant at which a window may lie, and the first at which it may
// not.
var (
	earliest = time.Date(firstYear, time.January, 1, 0, 0, 0, 0, time.UTC).UnixNano()
	latest   = time.Date(lastYear+1, time.January, 1, 0, 0, 0, 0, time.UTC).UnixNano()
)

// between returns the window of a stretch. A slot may reach beyond where
// windows lie.
func between(from, to int64) outage.Window {
	return outage.MustWindow(time.Unix(0, max(from, earliest)), time.Unix(0, min(to, latest)))
}

// A spell is a stretch of time with the rank of what holds over it.
type spell struct {
	from, to int64
	rank     int64
	record   int // index of it; nobody where nobody knows
}

// nobody stands for the record of a time of which nobody knows.
const nobody = -1

// foremost returns, for each moment in any of the spells, the one of the
// highest rank, and of equals the first. The spells must be sorted by start.
// Each enters the heap once and leaves it once, however they overlap.
func foremost(spells []spell) []spell {
	var out []spell
	var heap spellHeap
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

// without returns what of the losses, which are in order, does not lie in a
// set.
func without(losses []loss, set outage.Set) []loss {
	if set.IsEmpty() {
		return losses
	}
	var out []loss
	walk := walkSet(set)
	for _, l := range losses {
		for at := l.from; at < l.to; {
			inside, until := walk.at(at)
			part := l
			part.from, part.to = at, min(until, l.to)
			if !inside {
				out = append(out, part)
			}
			at = part.to
		}
	}
	return out
}

// moments returns the moments of the losses that pass a test.
func moments(losses []loss, pass func(loss) bool) outage.Set {
	var windows []outage.Window
	for i := 0; i < len(losses); i++ {
		if !pass(losses[i]) {
			continue
		}
		from, to := losses[i].from, losses[i].to
		for i+1 < len(losses) && losses[i+1].from == to && pass(losses[i+1]) {
			i++
			to = losses[i].to
		}
		windows = append(windows, between(from, to))
	}
	return outage.NewSet(windows...)
}

// A setWalk walks forward through a set.
type setWalk struct {
	edges []int64 // starts and ends in turn
	next  int     // the first edge after the moment asked for
}

// forever lies after every instant.
const forever = 1<<63 - 1

func walkSet(s outage.Set) *setWalk {
	edges := make([]int64, 0, 2*s.Len())
	for w := range s.All() {
		edges = append(edges, w.Start().UnixNano(), w.End().UnixNano())
	}
	return &setWalk{edges: edges}
}

// at reports whether a moment, which must not go back, lies in the set, and
// until when that stays so.
func (w *setWalk) at(moment int64) (inside bool, until int64) {
	for w.next < len(w.edges) && w.edges[w.next] <= moment {
		w.next++
	}
	if w.next == len(w.edges) {
		return false, forever
	}
	return w.next%2 == 1, w.edges[w.next]
}

// A lossWalk walks forward through losses in their order.
type lossWalk struct{ losses []loss }

// at returns the loss at a moment, which must not go back, or none, and until
// when that stays so.
func (w *lossWalk) at(moment int64) (l loss, until int64) {
	for len(w.losses) > 0 && w.losses[0].to <= moment {
		w.losses = w.losses[1:]
	}
	switch {
	case len(w.losses) == 0:
		return loss{}, forever
	case w.losses[0].from > moment:
		return loss{}, w.losses[0].from
	}
	return w.losses[0], w.losses[0].to
}

// appendEdges appends where the losses begin and end.
func appendEdges(edges []int64, losses []loss) []int64 {
	for _, l := range losses {
		edges = append(edges, l.from, l.to)
	}
	return edges
}

// kth returns the k-th largest of the losses of several members at each moment
// where there is one, with the records behind that and all larger ones. How
// many make it k is asked for each number of live members; 0 says that no
// number does. Where fewer than least members live, nothing is lost.
func kth(members [][]loss, lives []outage.Set, least int, k func(live int) int) []loss {
	var edges []int64
	losses := make([]lossWalk, len(members))
	alive := make([]*setWalk, len(members))
	for i := range members {
		edges = appendEdges(edges, members[i])
		losses[i], alive[i] = lossWalk{members[i]}, walkSet(lives[i])
		edges = append(edges, alive[i].edges...)
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	var out []loss
	for i := 1; i < len(edges); i++ {
		at, live := edges[i-1], 0
		var lossy []loss
		for j := range members {
			lives, _ := alive[j].at(at)
			l, _ := losses[j].at(at)
			if lives {
				live++
				if l.lost > 0 {
					lossy = append(lossy, l)
				}
			}
		}
		need := k(live)
		if live < least || need == 0 || need > len(lossy) {
			continue
		}
		slices.SortStableFunc(lossy, func(a, b loss) int { return cmp.Compare(b.lost, a.lost) })
		l := loss{from: at, to: edges[i], lost: lossy[need-1].lost}
		for _, m := range lossy[:need] {
			l.records = append(l.records, m.records...)
		}
		slices.Sort(l.records)
		if last := len(out) - 1; last >= 0 && out[last].to == at && out[last].lost == l.lost && slices.Equal(out[last].records, l.records) {
			out[last].to = l.to
		} else {
			out = append(out, l)
		}
	}
	return out
}

// atLeast returns the moments at which at least k of the sets hold.
func atLeast(k int, sets []outage.Set) outage.Set {
	if len(sets) == 0 {
		return outage.Set{}
	}
	return sets[0].AtLeast(k, sets[1:]...)
}
