package outage

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"time"
)

// A Clock runs through some sets, one after the other, its laps: it runs while
// a moment lies in one of them, and stands still in between. What windows cover
// of a set is then a plain length on the clock, however often the set is
// interrupted.
//
//	lap      ├─────────┤    ├────────┤
//	clock    0         10   10       19
//	windows      ├───────────────┤
//	on it        4               14      so 10 are covered
//
// A clock is made once and then asked often, of other windows each time. It
// never changes and may be used by several goroutines at once. The zero Clock
// has no laps.
type Clock struct {
	// While it runs, in order. The starts lie apart and close together, since
	// each question looks at some of them; after the last is one that never
	// comes.
	starts    []int64
	stretches []stretch

	ends []int64 // the reading at the end of each lap

	// The stretch in which an instant lies, or the last before it, is found
	// among those after first[(instant-low)>>shift], of which there are hardly
	// ever two.
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

// NewClock returns a clock whose laps are some sets. Each must end before the
// next one starts, or where it does; empty ones may stand anywhere.
func NewClock(laps ...Set) (*Clock, error) {
	c := &Clock{low: allTime.start, high: allTime.start, ends: make([]int64, len(laps))}
	reading := int64(0)
	for lap, s := range laps {
		for _, w := range s.windows {
			if n := len(c.stretches); n == 0 {
				c.low = w.start
			} else if w.start < c.high {
				return nil, fmt.Errorf("outage: clock: laps[%d]: it starts before those before it end", lap)
			}
			c.starts = append(c.starts, w.start)
			c.stretches = append(c.stretches, stretch{w.end - w.start, reading, lap})
			c.high = w.end
			reading += w.end - w.start
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

// Laps returns the number of laps.
func (c *Clock) Laps() int { return len(c.ends) }

// Running returns how long a lap is: the total of its set, and 0 if there is no
// such lap.
func (c *Clock) Running(lap int) time.Duration {
	switch {
	case lap < 0 || lap >= len(c.ends):
		return 0
	case lap == 0:
		return time.Duration(c.ends[0])
	}
	return time.Duration(c.ends[lap] - c.ends[lap-1])
}

// read returns the reading at an instant.
func (c *Clock) read(at int64) int64 {
	at = min(max(at, c.low), c.high)
	i := int(c.first[uint64(at-c.low)>>c.shift])
	for c.starts[i+1] <= at {
		i++
	}
	s := &c.stretches[i]
	return s.reading + min(at-c.starts[i], s.length)
}

// Covered appends to dst how much of each lap the windows cover, which may come
// in any order, overlap, repeat or be empty. No moment counts twice. Up to 16
// windows take time in proportion to their number squared, whatever the clock;
// more of them, if they come by start, in proportion to their number and that of
// the stretches of the laps. Other windows are sorted first, for which a
// [Scratch] saves the space.
func (c *Clock) Covered(dst []time.Duration, windows ...Window) []time.Duration {
	n := len(dst)
	dst = slices.Grow(dst, len(c.ends))[:n+len(c.ends)]
	covered := dst[n:]
	switch clear(covered); {
	case len(c.stretches) == 0:
	case len(windows) <= handful:
		c.handful(covered, windows)
	case !c.sorted(covered, windows):
		clear(covered)
		c.sorted(covered, NewSet(windows...).windows)
	}
	return dst
}

// handful is how many windows are compared each with each.
const handful = 16

// handful adds up what a few windows cover, in whatever order they come. Each
// covers what those that start before it have left:
//
//	├─────────┤           9
//	   ├───────────┤      5 beyond the end of the first
//	     ├───┤            0
//
// So of those before, the latest end is all that matters, and nothing is sorted.
func (c *Clock) handful(covered []time.Duration, windows []Window) {
	var starts, ends, left [handful]int64 // left: where what is left of each starts
	n := 0
	for _, w := range windows {
		starts[n], ends[n] = c.read(w.start), c.read(w.end)
		if starts[n] < ends[n] {
			n++
		}
	}
	for i := range n {
		start, end := starts[i], ends[i]
		from := start
		for j := range i {
			// One of the two starts first, and hides from the other what lies
			// before its end. Which one could not be foretold, so a mask of
			// all bits or none says it, and no branch.
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
func (c *Clock) add(covered []time.Duration, from, to int64) {
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

// sorted adds up what windows cover that come by start, and reports false if
// one does not.
func (c *Clock) sorted(covered []time.Duration, windows []Window) bool {
	w := walker{windows: windows, previous: allTime.start, at: allTime.start, reach: allTime.start}
	for i, s := range c.stretches {
		w.to(c.starts[i])
		covered[s.lap] += time.Duration(w.to(c.starts[i] + s.length))
	}
	w.to(allTime.end)
	return !w.disordered
}

// A walker walks through windows that come by start.
type walker struct {
	windows    []Window // that have not started
	previous   int64    // the start of the last that has
	at         int64    // as far as it has walked
	reach      int64    // the latest end of those that have started
	disordered bool     // one did not come by start
}

// to walks on to an instant, and returns how much of the way the windows cover:
// what each adds to those before it is counted where it starts, and what of that
// reaches beyond the instant is left for the rest of the walk.
func (w *walker) to(at int64) int64 {
	covered, reach, previous := max(0, w.reach-w.at), w.reach, w.previous
	n := 0
	for _, v := range w.windows {
		if v.start >= at && v.start < v.end {
			break
		}
		n++
		if v.start < previous || v.start >= v.end {
			if v.IsEmpty() {
				continue
			}
			w.disordered, w.windows = true, nil
			return 0
		}
		covered += max(0, v.end-max(v.start, reach))
		reach, previous = max(reach, v.end), v.start
	}
	w.windows, w.at, w.reach, w.previous = w.windows[n:], at, reach, previous
	return covered - max(0, reach-at)
}
