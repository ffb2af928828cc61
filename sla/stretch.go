package sla

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"github.com/slacredit/slacredit/outage"
)

// A stretch is a half-open interval of time with a value on it. Instants are in
// nanoseconds since 1970 UTC. Lists of stretches are in order and do not overlap,
// unless something else is stated.
type stretch[T any] struct {
	on       T // the first field, so that a stretch without a value is two words
	from, to int64
}

// nothing is on a stretch that only marks a time.
type nothing = struct{}

// forever lies after every instant.
const forever = 1<<63 - 1

// stretchOf returns a window with a value on it.
func stretchOf[T any](w outage.Window, on T) stretch[T] {
	from, to := w.UnixNano()
	return stretch[T]{on, from, to}
}

// stretches returns the windows of a set, without values.
func stretches(s outage.Set) []stretch[nothing] {
	list := make([]stretch[nothing], 0, s.Len())
	for w := range s.All() {
		list = append(list, stretchOf(w, nothing{}))
	}
	return list
}

// firstAfter returns the index of the first stretch that ends after an instant.
func firstAfter[T any](list []stretch[T], instant int64) int {
	first, _ := slices.BinarySearchFunc(list, instant, func(s stretch[T], at int64) int {
		if s.to <= at {
			return -1
		}
		return 1
	})
	return first
}

// lookup returns the value on the stretch that contains an instant, or nil.
func lookup[T any](list []stretch[T], instant int64) *T {
	if i := firstAfter(list, instant); i < len(list) && list[i].from <= instant {
		return &list[i].on
	}
	return nil
}

// within returns the stretches that touch [from, to), uncut.
func within[T any](list []stretch[T], from, to int64) []stretch[T] {
	first := firstAfter(list, from)
	last, _ := slices.BinarySearchFunc(list[first:], to, func(s stretch[T], at int64) int {
		if s.from < at {
			return -1
		}
		return 1
	})
	return list[first : first+last]
}

// sortStretches sorts by start; those that start together keep their order.
func sortStretches[T any](list []stretch[T]) {
	slices.SortStableFunc(list, func(a, b stretch[T]) int { return cmp.Compare(a.from, b.from) })
}

// appendJoined appends a stretch, or makes the last one longer if that ends where
// the stretch begins and has the same on it.
func appendJoined[T any](list []stretch[T], s stretch[T], same func(a, b T) bool) []stretch[T] {
	if last := len(list) - 1; last >= 0 && list[last].to == s.from && same(list[last].on, s.on) {
		list[last].to = s.to
		return list
	}
	return append(list, s)
}

// appendEdges appends the instants at which the stretches begin and end.
func appendEdges[T any](edges []int64, list []stretch[T]) []int64 {
	for i := range list {
		edges = append(edges, list[i].from, list[i].to)
	}
	return edges
}

// moments returns the moments of the stretches that pass a test.
func moments[T any](list []stretch[T], pass func(T) bool) outage.Set {
	windows := make([]outage.Window, 0, len(list))
	for i := range list {
		if pass(list[i].on) {
			windows = append(windows, between(list[i].from, list[i].to))
		}
	}
	return outage.NewSet(windows...)
}

// A walk goes forward through stretches.
type walk[T any] struct{ rest []stretch[T] }

// walkSet returns a walk through a set.
func walkSet(s outage.Set) walk[nothing] { return walk[nothing]{stretches(s)} }

// at returns the value on the stretch that contains a moment, or nil, and the instant
// until which that stays so. The moment must not go back.
func (w *walk[T]) at(moment int64) (on *T, until int64) {
	for len(w.rest) > 0 && w.rest[0].to <= moment {
		w.rest = w.rest[1:]
	}
	switch {
	case len(w.rest) == 0:
		return nil, forever
	case w.rest[0].from > moment:
		return nil, w.rest[0].from
	}
	return &w.rest[0].on, w.rest[0].to
}

// on returns the value on the stretch that contains a moment, or the zero value.
func (w *walk[T]) on(moment int64) T {
	on, _ := w.at(moment)
	return orZero(on)
}

// orZero returns a value, or the zero value for nil.
func orZero[T any](on *T) (value T) {
	if on != nil {
		value = *on
	}
	return value
}

// along yields the parts of stretches over which others do not change, each with the
// value of the other that contains it, or nil.
func along[T, U any](list []stretch[T], others []stretch[U]) iter.Seq2[stretch[T], *U] {
	return func(yield func(stretch[T], *U) bool) {
		other := walk[U]{others}
		for _, s := range list {
			for at := s.from; at < s.to; {
				on, until := other.at(at)
				part := stretch[T]{s.on, at, min(until, s.to)}
				if !yield(part, on) {
					return
				}
				at = part.to
			}
		}
	}
}

// A turn is the instant at which a stretch begins or ends.
type turn[T any] struct {
	at int64
	by int // 1 where it begins, −1 where it ends
	on T
}

// appendTurns appends both turns of a stretch.
func appendTurns[T any](turns []turn[T], s stretch[T]) []turn[T] {
	return append(turns, turn[T]{s.from, 1, s.on}, turn[T]{s.to, -1, s.on})
}

// sortTurns sorts turns by their instants. Stretches end before others begin.
func sortTurns[T any](turns []turn[T]) {
	slices.SortFunc(turns, func(a, b turn[T]) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.by, b.by)) })
}

// The first instant at which an [outage.Window] may lie, and the first at which
// it may not.
var (
	earliest = time.Date(1900, time.January, 1, 0, 0, 0, 0, time.UTC).UnixNano()
	latest   = time.Date(2192, time.January, 1, 0, 0, 0, 0, time.UTC).UnixNano()
)

// between returns the window of a stretch. A slot may reach beyond the years of
// windows, and a stretch after it may lie beyond them as a whole.
func between(from, to int64) outage.Window {
	within := func(at int64) time.Time { return time.Unix(0, min(max(at, earliest), latest)) }
	return outage.MustWindow(within(from), within(to))
}
