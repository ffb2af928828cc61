package outage

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/strictjson"
)

// A Set is a set of moments. It is held as the fewest windows that cover it: in
// order, disjoint, with a gap between any two. A set never changes. The zero Set is
// empty. Compare sets with [Set.Equal].
type Set struct {
	windows []Window // ascending; each ends before the next starts; none empty
}

// NewSet returns the moments that lie in at least one of the windows. The windows
// may come in any order, overlap, touch, repeat or be empty. It takes time in
// proportion to their number.
func NewSet(windows ...Window) Set {
	return Set{union(windows)}
}

// All returns the windows of s in order. The sequence can be walked again.
func (s Set) All() iter.Seq[Window] { return slices.Values(s.windows) }

// Len returns the number of windows.
func (s Set) Len() int { return len(s.windows) }

// IsEmpty reports whether s contains no moment.
func (s Set) IsEmpty() bool { return len(s.windows) == 0 }

// Total returns the length of all windows together.
func (s Set) Total() time.Duration {
	var total time.Duration
	for _, w := range s.windows {
		total += w.Length()
	}
	return total
}

// Contains reports whether t lies in one of the windows.
func (s Set) Contains(t time.Time) bool {
	_, found := s.find(t)
	return found
}

// Window returns the window of s in which t lies, or the empty one.
func (s Set) Window(t time.Time) Window {
	w, _ := s.find(t)
	return w
}

// Within returns the moments of s that lie in w. Windows of s that lie elsewhere
// cost no time.
func (s Set) Within(w Window) Set {
	part := s.touching(w)
	if part.IsEmpty() || part.hull().Intersect(w) == part.hull() {
		return part
	}
	part.windows = slices.Clone(part.windows)
	last := len(part.windows) - 1
	part.windows[0] = part.windows[0].Intersect(w)
	part.windows[last] = part.windows[last].Intersect(w)
	return part
}

// Equal reports whether s and t contain the same moments.
func (s Set) Equal(t Set) bool { return slices.Equal(s.windows, t.windows) }

// Union returns the moments that lie in s or in any of the others.
func (s Set) Union(others ...Set) Set { return combine(1, s, others) }

// Intersect returns the moments that lie in s and in all of the others.
func (s Set) Intersect(others ...Set) Set { return combine(1+len(others), s, others) }

// AtLeast returns the moments that lie in at least k of s and the others: with
// k = 2, "two of three zones down". A k below 1 is read as 1, since no set holds all
// of time.
func (s Set) AtLeast(k int, others ...Set) Set { return combine(max(k, 1), s, others) }

// Subtract returns the moments of s that do not lie in t.
func (s Set) Subtract(t Set) Set {
	if t = t.touching(s.hull()); t.IsEmpty() {
		return s
	}
	return sweep(merge(s.edges(1), t.edges(-1)), 1)
}

// Where returns the windows of s for which keep reports true.
func (s Set) Where(keep func(Window) bool) Set {
	var kept []Window
	for _, w := range s.windows {
		if keep(w) {
			kept = append(kept, w)
		}
	}
	return Set{kept}
}

// String returns the windows as [Window.String] writes them, separated by
// spaces, and "" for the empty set.
func (s Set) String() string {
	texts := make([]string, len(s.windows))
	for i, w := range s.windows {
		texts[i] = w.String()
	}
	return strings.Join(texts, " ")
}

// MarshalJSON returns the windows as an array of texts, in order.
func (s Set) MarshalJSON() ([]byte, error) {
	var b strings.Builder
	for i, w := range s.windows {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q", w)
	}
	return []byte("[" + b.String() + "]"), nil
}

// UnmarshalJSON reads an array of windows in any order; an empty one among
// them is an error.
func (s *Set) UnmarshalJSON(data []byte) error {
	var windows []Window
	if err := strictjson.Unmarshal(data, &windows); err != nil {
		return err
	}
	if i := slices.Index(windows, Window{}); i >= 0 {
		return fmt.Errorf("outage: [%d]: the window is empty", i)
	}
	*s = NewSet(windows...)
	return nil
}

// find returns the window in which t lies and whether there is one.
func (s Set) find(t time.Time) (Window, bool) {
	i, found := slices.BinarySearchFunc(s.windows, t, func(w Window, t time.Time) int {
		switch {
		case w.Contains(t):
			return 0
		default:
			return w.Start().Compare(t)
		}
	})
	if !found {
		return Window{}, false
	}
	return s.windows[i], true
}

// hull returns the smallest window that contains s.
func (s Set) hull() Window {
	if s.IsEmpty() {
		return Window{}
	}
	return Window{s.windows[0].start, s.windows[len(s.windows)-1].end}
}

// touching returns the windows of s that share a moment with w. They are not cut.
func (s Set) touching(w Window) Set {
	first, _ := slices.BinarySearchFunc(s.windows, w.start, func(v Window, at int64) int { return cmp.Compare(v.end, at+1) })
	last, _ := slices.BinarySearchFunc(s.windows, w.end, func(v Window, at int64) int { return cmp.Compare(v.start, at) })
	if w.IsEmpty() || first >= last {
		return Set{}
	}
	return Set{s.windows[first:last:last]}
}

// combine returns the moments that lie in at least k of s and the others.
func combine(k int, s Set, others []Set) Set {
	var some []Set // the sets that are not empty
	alone := s
	for i := -1; i < len(others); i++ {
		t := s
		if i >= 0 {
			t = others[i]
		}
		if !t.IsEmpty() {
			some, alone = append(some, t), t
		}
	}
	switch {
	case len(some) < k:
		return Set{}
	case len(some) == 1:
		return alone
	}
	runs := make([][]edge, len(some))
	for i, t := range some {
		runs[i] = t.edges(1)
	}
	return sweep(merge(runs...), k)
}

// An edge is an instant at which a count of windows changes.
type edge struct {
	at    int64
	delta int
}

// edges returns the edges of all windows in order: +weight at each start,
// -weight at each end.
func (s Set) edges(weight int) []edge {
	edges := make([]edge, 0, 2*len(s.windows))
	for _, w := range s.windows {
		edges = append(edges, edge{w.start, weight}, edge{w.end, -weight})
	}
	return edges
}

// merge returns all edges of runs, each of which is in order, in order.
func merge(runs ...[]edge) []edge {
	if len(runs) == 1 {
		return runs[0]
	}
	a, b := merge(runs[:len(runs)/2]...), merge(runs[len(runs)/2:]...)
	merged := make([]edge, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].at <= b[0].at {
			merged, a = append(merged, a[0]), a[1:]
		} else {
			merged, b = append(merged, b[0]), b[1:]
		}
	}
	return append(append(merged, a...), b...)
}

// sweep returns the moments at which the running sum of the edges is at least k,
// which must be positive. It is the one algorithm behind every operation on sets:
//
//	a       ├──────┤
//	b            ├──────┤
//	sum   0 1    2 1    0      k=1: a ∪ b, k=2: a ∩ b
//	b, −1 0 1    0 −1   0      k=1: a \ b
//
// Edges at one instant are added up before the sum is compared with k, so windows
// that touch become one without a rule of their own. The edges must be in order.
func sweep(edges []edge, k int) Set {
	var (
		out   []Window
		open  bool
		start int64
		sum   int
	)
	for i := 0; i < len(edges); {
		at := edges[i].at
		for ; i < len(edges) && edges[i].at == at; i++ {
			sum += edges[i].delta
		}
		switch inside := sum >= k; {
		case inside && !open:
			start = at
		case !inside && open:
			out = append(out, Window{start, at})
		}
		open = sum >= k
	}
	return Set{out}
}
