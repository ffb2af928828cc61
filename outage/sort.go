package outage

import (
	"math/bits"
	"slices"
)

// A Scratch is the space that it takes to put many windows in order. It keeps
// that for the next ones, so that nothing is allocated once it has grown. The
// zero Scratch is ready for use, by one goroutine at a time.
//
// Windows in any order take time in proportion to their number, however they
// lie: clustered, on whole minutes, or all at one instant.
type Scratch struct {
	windows []Window     // in their order, and then merged
	spare   []Window     // as many as lie in the fullest bucket
	buckets []*bucketing // for each level
}

// Merge returns the fewest windows that cover the same moments as windows,
// which may come in any order: those of [NewSet], by start, with a gap between
// any two. They lie in the space of s, and hold until the next call; what is
// appended to them lies elsewhere. The windows are left as they are, and must not
// be a part of what s returned before, except for the whole of it.
func (s *Scratch) Merge(windows []Window) []Window {
	if len(windows) > 0 && len(s.windows) > 0 && &windows[0] == &s.windows[0] {
		windows = slices.Clone(windows)
	}
	s.windows = slices.Grow(s.windows[:0], len(windows))[:len(windows)]
	m := merger{out: s.windows}
	switch {
	case m.addSorted(windows):
	case falling(windows): // the newest first, as many lists are kept
		copy(s.windows, windows)
		slices.Reverse(s.windows)
		m = merger{out: s.windows}
		m.addSorted(s.windows)
	default:
		low, high, empty := allTime.end, allTime.start, false
		for _, w := range windows {
			empty = empty || w.IsEmpty()
			low, high = min(low, w.start), max(high, w.start)
		}
		if empty {
			return s.Merge(slices.DeleteFunc(slices.Clone(windows), Window.IsEmpty))
		}
		m = merger{out: s.windows}
		s.scatter(&m, 0, low, bits.Len64(uint64(high-low)), windows, s.windows)
	}
	return s.windows[:m.merged:m.merged]
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
// writes the fewest that cover them to out, which may be where they are read
// from: there are never more written than read.
type merger struct {
	out    []Window
	merged int   // of out
	start  int64 // of the last of them
	end    int64
}

// addSorted adds windows, and reports false as soon as one of them does not
// come by start. Empty windows are left out, wherever they are.
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
		// Without a branch, as it could not be foretold: the end is the later
		// one either way.
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

const (
	few   = 16 // windows, at most, are left to be sorted one by one
	digit = 11 // 2¹¹ streams are what caches bear
)

// A bucketing is how many windows lie in each bucket; while they are laid there,
// where the next one goes.
type bucketing [1 << digit]int

// scatter adds windows to m in the order of their starts. It lays them into
// buckets by the leading bits in which their starts differ, in the space of into,
// and treats each bucket in the same way, until few windows are left in each. One
// level takes time in proportion to the number of windows, wherever they lie, and
// leaves fewer bits. A million windows at random take two levels, and no windows
// take more than thirteen, since a level takes at least five of 63 bits.
//
// No window is empty, all of them start in the 2^width nanoseconds from low on,
// and into is as long as windows. The content of windows is lost below the first
// level; that of the first level belongs to the caller.
func (s *Scratch) scatter(m *merger, level int, low int64, width int, windows, into []Window) {
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
	by := uint(shift) & 63 // in which the machine needs no check
	for _, w := range windows {
		ends[uint64(w.start-low)>>by&(1<<digit-1)]++
	}
	from, most := 0, 0
	for i, n := range used {
		used[i], from, most = from, from+n, max(most, n)
	}
	if most == len(windows) && shift > 0 { // in one bucket
		bucket := int64(uint64(windows[0].start-low) >> shift)
		s.scatter(m, level, low+bucket<<shift, shift, windows, into)
		return
	}
	for _, w := range windows {
		bucket := uint64(w.start-low) >> by & (1<<digit - 1)
		into[ends[bucket]] = w
		ends[bucket]++
	}
	if level == 0 {
		s.spare = slices.Grow(s.spare[:0], most)[:most]
	}
	if most <= few || shift == 0 {
		sortFew(into)
		m.addSorted(into)
		return
	}
	added := 0
	addTo := func(to int) {
		sortFew(into[added:to])
		m.addSorted(into[added:to])
		added = to
	}
	from = 0
	for i, to := range used {
		if to-from > few {
			addTo(from)
			spare := s.spare[:to-from]
			if level > 0 {
				spare = windows[from:to]
			}
			s.scatter(m, level+1, low+int64(i)<<shift, shift, into[from:to], spare)
			added = to
		}
		from = to
	}
	addTo(from)
}

// sortFew sorts windows by start that lie near to where they belong.
func sortFew(windows []Window) {
	for i := 1; i < len(windows); i++ {
		w := windows[i]
		j := i
		for ; j > 0 && windows[j-1].start > w.start; j-- {
			windows[j] = windows[j-1]
		}
		windows[j] = w
	}
}
