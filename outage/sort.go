package outage

import (
	"math/bits"
	"slices"
)

// union returns the fewest windows that cover the same moments as windows, which
// may come in any order: by start, with a gap between any two. It takes time in
// proportion to the number of windows, wherever they lie: clustered, on whole
// minutes, or all at one instant.
func union(windows []Window) []Window {
	m := merger{out: make([]Window, len(windows))}
	switch {
	case m.addSorted(windows):
	case len(windows) <= few:
		m = merger{out: m.out}
		copy(m.out, windows)
		m.addFew(m.out)
	case falling(windows): // the newest first, as many lists are kept
		m = merger{out: m.out}
		copy(m.out, windows)
		slices.Reverse(m.out)
		m.addSorted(m.out)
	default:
		low, high, empty := allTime.end, allTime.start, false
		for _, w := range windows {
			empty = empty || w.IsEmpty()
			low, high = min(low, w.start), max(high, w.start)
		}
		if empty {
			return union(slices.DeleteFunc(slices.Clone(windows), Window.IsEmpty))
		}
		s := sorter{merger: merger{out: m.out}}
		s.sort(0, low, bits.Len64(uint64(high-low)), windows, m.out)
		m = s.merger
	}
	return m.windows()
}

// falling reports whether each window starts no later than the one before it.
func falling(windows []Window) bool {
	for i := 1; i < len(windows); i++ {
		if windows[i].start > windows[i-1].start {
			return false
		}
	}
	return true
}

// A merger joins windows that come by start where they overlap or touch. It
// writes the fewest windows that cover them to out. They may be read from out as
// well, since there are never more windows written than read.
type merger struct {
	out    []Window
	merged int   // of out
	start  int64 // of the last of them
	end    int64
}

// addSorted adds windows, and reports false as soon as one of them does not come
// by start. Empty windows are left out, wherever they stand.
func (m *merger) addSorted(windows []Window) bool {
	out, merged, start, end := m.out, m.merged, m.start, m.end
	if merged == 0 {
		start, end = allTime.start-1, allTime.start-1
	}
	previous := allTime.start
	for _, w := range windows {
		if w.start < previous || w.start >= w.end {
			if w.IsEmpty() {
				continue
			}
			return false
		}
		previous = w.start
		// Without a branch, which the processor could not predict: the end is
		// the later one in either case.
		next := merged
		if w.start > end {
			next++
			start = w.start
		}
		merged, end = next, max(end, w.end)
		out[merged-1] = Window{start, end}
	}
	m.merged, m.start, m.end = merged, start, end
	return true
}

// windows returns the windows that were written. It copies them if they take less
// than half of their space.
func (m *merger) windows() []Window {
	switch out := m.out[:m.merged:m.merged]; {
	case m.merged == 0:
		return nil
	case 2*m.merged < len(m.out):
		return slices.Clone(out)
	default:
		return out
	}
}

const (
	few   = 16 // windows, at most, are sorted one by one
	digit = 11 // bits of a level; the caches bear 2¹¹ streams
)

// A bucketing holds the number of windows in each bucket, and then, while they are
// laid there, the place of the next one.
type bucketing [1 << digit]int

// A sorter adds windows to a merger in the order of their starts.
type sorter struct {
	merger
	spare   []Window     // as long as the fullest bucket
	buckets []*bucketing // for each level
}

// sort lays windows into buckets by the leading bits in which their starts differ,
// in the space of into, and sorts each bucket in the same way, until few windows
// are left in each. One level takes time in proportion to the number of windows,
// wherever they lie, and leaves fewer bits. A million windows at random take two
// levels, and no windows take more than thirteen, since a level takes at least
// five of 63 bits.
//
// No window is empty, all of them start in the 2^width nanoseconds from low on,
// and into is as long as windows. The content of windows is lost below the first
// level; at the first level it belongs to the caller.
func (s *sorter) sort(level int, low int64, width int, windows, into []Window) {
	split := bits.Len(uint(len(windows)))
	levels := 1 + max(0, split-3)/digit // which leave up to four in a bucket, if they lie evenly
	split = min(digit, (split+levels-1)/levels)
	shift := max(0, width-split)
	if level == len(s.buckets) {
		s.buckets = append(s.buckets, new(bucketing))
	}
	ends := s.buckets[level]
	used := ends[:1<<(width-shift)]
	clear(used)
	by := uint(shift) & 63 // a shift that the compiler need not check
	for _, w := range windows {
		ends[uint64(w.start-low)>>by&(1<<digit-1)]++
	}
	from, most := 0, 0
	for i, n := range used {
		used[i], from, most = from, from+n, max(most, n)
	}
	if most == len(windows) && shift > 0 { // in one bucket
		bucket := int64(uint64(windows[0].start-low) >> shift)
		s.sort(level, low+bucket<<shift, shift, windows, into)
		return
	}
	for _, w := range windows {
		bucket := uint64(w.start-low) >> by & (1<<digit - 1)
		into[ends[bucket]] = w
		ends[bucket]++
	}
	if most <= few || shift == 0 {
		s.addFew(into)
		return
	}
	if level == 0 {
		s.spare = make([]Window, most)
	}
	added := 0 // all windows before it were added
	from = 0
	for i, to := range used {
		if to-from > few {
			s.addFew(into[added:from])
			spare := s.spare[:to-from]
			if level > 0 {
				spare = windows[from:to]
			}
			s.sort(level+1, low+int64(i)<<shift, shift, into[from:to], spare)
			added = to
		}
		from = to
	}
	s.addFew(into[added:])
}

// addFew adds windows that lie near to where they belong by start.
func (m *merger) addFew(windows []Window) {
	sortFew(windows)
	m.addSorted(windows)
}

// sortFew sorts windows by start, each of which lies near to its place.
func sortFew(windows []Window) {
	for i := 1; i < len(windows); i++ {
		w := windows[i]
		if windows[i-1].start <= w.start {
			continue // without a store, as in most cases
		}
		j := i
		for ; j > 0 && windows[j-1].start > w.start; j-- {
			windows[j] = windows[j-1]
		}
		windows[j] = w
	}
}
