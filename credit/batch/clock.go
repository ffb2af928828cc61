package batch

import (
	"cmp"
	"errors"
	"math"
	"math/bits"
	"slices"
	"time"

	"github.com/slacredit/slacredit/outage"
)

// A clock runs through some sets of moments, its laps, one after the other: it
// runs during the windows of a set and stands still between them. The part of a
// set that a window covers is then a difference of two readings, however often
// the set is interrupted.
//
//	lap      ├─────────┤    ├────────┤
//	clock    0         10   10       19
//	window       ├───────────────┤
//	reading      4               14      so 10 are covered
//
// A clock never changes and may be used by several goroutines at once. The zero
// clock has no laps.
type clock struct {
	// The stretches in which it runs, in order. Their starts lie apart and close
	// together, since each reading looks at some of them; after the last start
	// stands one that never comes.
	starts    []int64
	stretches []stretch

	ends []int64 // the reading at the end of each lap

	// An instant lies in, or after, the last stretch that starts by then. The
	// search for it begins at first[(instant-low)>>shift] and hardly ever takes
	// more than two steps.
	first     []int32
	low, high int64 // from the first start to the last end
	shift     int
}

// A stretch is a window in which a clock runs.
type stretch struct {
	length  int64
	reading int64 // at the start
	lap     int
}

// earliest is the start of 1900 in nanoseconds since 1970: no window starts before.
const earliest = -2_208_988_800e9

var errLaps = errors.New("a lap starts before the one before it ends")

// newClock returns a clock whose laps are some sets. Each must end before the
// next one starts, or where it starts; empty sets may stand anywhere.
func newClock(laps ...outage.Set) (*clock, error) {
	c := &clock{low: earliest, high: earliest, ends: make([]int64, len(laps))}
	reading := int64(0)
	for lap, s := range laps {
		for w := range s.All() {
			start, end := w.UnixNano()
			if len(c.stretches) == 0 {
				c.low = start
			} else if start < c.high {
				return nil, errLaps
			}
			c.starts = append(c.starts, start)
			c.stretches = append(c.stretches, stretch{end - start, reading, lap})
			c.high = end
			reading += end - start
		}
		c.ends[lap] = reading
	}
	const finer = 8 // than a stretch is long
	c.shift = max(0, bits.Len64(uint64(c.high-c.low))-bits.Len(uint(finer*len(c.stretches))))
	c.first = make([]int32, uint64(c.high-c.low)>>c.shift+1)
	at := 0
	for i := range c.first {
		for at+1 < len(c.starts) && c.starts[at+1] <= c.low+int64(i)<<c.shift {
			at++
		}
		c.first[i] = int32(at)
	}
	c.starts = append(c.starts, math.MaxInt64)
	return c, nil
}

// read returns the reading at an instant.
func (c *clock) read(at int64) int64 {
	at = min(max(at, c.low), c.high)
	i := int(c.first[uint64(at-c.low)>>c.shift])
	for c.starts[i+1] <= at {
		i++
	}
	s := &c.stretches[i]
	return s.reading + min(at-c.starts[i], s.length)
}

// covered appends to dst how much of each lap the windows cover. They may come in
// any order, overlap and repeat; none is empty. No moment counts twice. Up to 16
// windows take time in proportion to the square of their number, whatever the
// clock. More of them take time in proportion to their number and that of the
// stretches, if they come by start; others are sorted first, in new memory.
func (c *clock) covered(dst []time.Duration, windows []outage.Window) []time.Duration {
	n := len(dst)
	dst = slices.Grow(dst, len(c.ends))[:n+len(c.ends)]
	covered := dst[n:]
	switch clear(covered); {
	case len(c.stretches) == 0:
	case len(windows) <= handful:
		c.handful(covered, windows)
	case slices.IsSortedFunc(windows, byStart):
		c.sorted(covered, windows)
	default:
		c.sorted(covered, slices.SortedFunc(slices.Values(windows), byStart))
	}
	return dst
}

// byStart orders windows by their start.
func byStart(v, w outage.Window) int {
	start, _ := v.UnixNano()
	other, _ := w.UnixNano()
	return cmp.Compare(start, other)
}

// handful is the number of windows up to which each is compared with each other.
const handful = 16

// handful adds up what a few windows cover, in any order. Each window adds the
// part of it that the windows which start before it leave uncovered:
//
//	├─────────┤           9
//	   ├───────────┤      5 beyond the end of the first
//	     ├───┤            0
//
// Of the windows that start before it only the latest end matters, so nothing is
// sorted.
func (c *clock) handful(covered []time.Duration, windows []outage.Window) {
	var starts, ends, left [handful]int64 // left: where the uncovered part of each starts
	n := 0
	for _, w := range windows {
		start, end := w.UnixNano()
		starts[n], ends[n] = c.read(start), c.read(end)
		if starts[n] < ends[n] {
			n++
		}
	}
	for i := range n {
		start, end := starts[i], ends[i]
		from := start
		for j := range i {
			// The window that starts first hides the part of the other that
			// lies before its end. The processor cannot predict which one that
			// is, so a mask of all bits or none takes the place of a branch.
			later := (start - starts[j]) >> 63 // j starts later
			from, left[j] = max(from, ends[j]&^later), max(left[j], end&later)
		}
		left[i] = from
	}
	if len(covered) == 1 {
		sum := int64(0)
		for i := range n {
			sum += max(0, ends[i]-left[i])
		}
		covered[0] = time.Duration(sum)
		return
	}
	for i := range n {
		c.add(covered, left[i], ends[i])
	}
}

// add adds to each lap what it holds of the time between two readings.
func (c *clock) add(covered []time.Duration, from, to int64) {
	if from >= to {
		return
	}
	lap, _ := slices.BinarySearch(c.ends, from+1) // the first that ends after it
	for from < to {
		until := min(to, c.ends[lap])
		covered[lap] += time.Duration(until - from)
		from = until
		lap++
	}
}

// sorted adds up what windows cover that come by start.
func (c *clock) sorted(covered []time.Duration, windows []outage.Window) {
	w := walker{windows: windows, at: earliest, reach: earliest}
	for i, s := range c.stretches {
		w.to(c.starts[i])
		covered[s.lap] += time.Duration(w.to(c.starts[i] + s.length))
	}
}

// A walker walks through windows that come by start.
type walker struct {
	windows []outage.Window // that have not started
	at      int64           // as far as it has walked
	reach   int64           // the latest end of those that have started
}

// to walks on to an instant and returns how much of the way the windows cover.
// The part that a window adds to those before it is counted where it starts; the
// part beyond the instant is taken off, for the rest of the walk.
func (w *walker) to(at int64) int64 {
	covered, reach := max(0, w.reach-w.at), w.reach
	n := 0
	for _, v := range w.windows {
		start, end := v.UnixNano()
		if start >= at {
			break
		}
		n++
		covered += max(0, end-max(start, reach))
		reach = max(reach, end)
	}
	w.windows, w.at, w.reach = w.windows[n:], at, reach
	return covered - max(0, reach-at)
}
