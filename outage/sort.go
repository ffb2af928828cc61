package outage

import (
	"cmp"
	"math/bits"
	"slices"
)

// sortByStart sorts windows by start, in no particular order among those of
// one start.
func sortByStart(windows []Window) { scatter(windows, make([]Window, len(windows))) }

// scatter sorts windows by start: many into buckets by the leading bits by which
// their starts differ, and then each bucket alike. Each time takes as long as
// windows are many, wherever they lie, and leaves fewer bits: of windows at
// random, two leave one or two in a bucket, and no windows take more than eight.
// The spare is as long.
func scatter(windows, spare []Window) {
	const few, digit = 128, 11 // 2¹¹ streams are what caches bear
	if len(windows) <= few {
		slices.SortFunc(windows, func(v, w Window) int { return cmp.Compare(v.start, w.start) })
		return
	}
	low, high := windows[0].start, windows[0].start
	for _, w := range windows {
		low, high = min(low, w.start), max(high, w.start)
	}
	if low == high {
		return
	}
	shift := max(0, bits.Len64(uint64(high-low))-min(digit, bits.Len(uint(len(windows)))))
	var ends [1 << digit]int // of the buckets; before it is full, of what is in it
	for _, w := range windows {
		ends[uint64(w.start-low)>>shift]++
	}
	from := 0
	for i, n := range ends {
		ends[i], from = from, from+n
	}
	for _, w := range windows {
		bucket := uint64(w.start-low) >> shift
		spare[ends[bucket]] = w
		ends[bucket]++
	}
	copy(windows, spare)
	from = 0
	for _, to := range ends {
		if shift > 0 && to-from > 1 {
			scatter(windows[from:to], spare[from:to])
		}
		from = to
	}
}
