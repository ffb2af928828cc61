package sla

import "github.com/slacredit/slacredit/outage"

// A setWalk walks forward through a set.
type setWalk struct {
	edges []int64 // starts and ends in turn
	next  int     // the first edge after the moment asked for
}

// forever lies after every instant.
const forever = 1<<63 - 1

func walkSet(s outage.Set) setWalk {
	edges := make([]int64, 0, 2*s.Len())
	for w := range s.All() {
		from, to := w.UnixNano()
		edges = append(edges, from, to)
	}
	return setWalk{edges: edges}
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
