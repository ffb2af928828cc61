package outage

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/internal/workload"
)

// sums are the figures of a year: the number of windows of its union, their total, and
// the total in each month, in nanoseconds.
type sums struct {
	windows int
	total   int64
	months  [12]int64
}

// Sums that several programs of other people agree on (microseconds).
var knownSums = map[int]sums{
	1_000_000:  {windows: 600_929, total: 12_628_573_278_113, months: [12]int64{0: 1_073_532_836_557, 11: 1_073_875_302_322}},
	10_000_000: {windows: 5_999_918, months: [12]int64{0: 1_071_242_935_376, 11: 1_071_167_282_510}},
}

// The union of a year's windows, its total and the totals of its months, beside programs
// without the library.
func BenchmarkUnion(b *testing.B) {
	type workloadOf struct {
		n     int
		shape workload.Shape
	}
	var all []workloadOf
	for _, shape := range workload.Shapes {
		all = append(all, workloadOf{1_000_000, shape})
	}
	if !testing.Short() {
		all = append(all, workloadOf{10_000_000, workload.Random}, workloadOf{10_000_000, workload.Sorted})
	}
	for _, w := range all {
		b.Run(fmt.Sprintf("%s/%d", w.shape, w.n), func(b *testing.B) {
			data := workload.Windows(w.n, w.shape)
			windows := make([]Window, len(data))
			instants := make([]timeWindow, len(data))
			for i, d := range data {
				windows[i] = MustWindow(time.Unix(0, d.Start), time.Unix(0, d.End))
				instants[i] = timeWindow{time.Unix(0, d.Start).UTC(), time.Unix(0, d.End).UTC()}
			}
			want := sumsOf(walkSorted(sortedBy(data)))
			if known := knownSums[w.n]; w.shape == workload.Random || w.shape == workload.Sorted {
				require.Equal(b, known.windows, want.windows)
				require.Equal(b, known.months[0]*1000, want.months[0])
				require.Equal(b, known.months[11]*1000, want.months[11])
			}
			check := func(got sums) {
				if got != want {
					b.Fatalf("%v, want %v", got, want)
				}
			}
			contenders := []workload.Contender{
				{Name: "lib", Run: func() { check(sumsOfSet(NewSet(windows...))) }},
				{Name: "pass", Run: func() { onePass(windows) }},
				{Name: "sortfunc", Run: func() { check(sumsOf(walkSorted(sortedBy(data)))) }},
				{Name: "time.Time", Run: func() { check(naiveSums(instants)) }},
			}
			workload.Race(b, "window", w.n, contenders...)
		})
	}
}

// Ten million windows beside as many in sets of a hundred thousand: the time for one
// window should not grow with their number.
func BenchmarkGrowth(b *testing.B) {
	const few, many = 100_000, 10_000_000
	of := func(n int) []Window {
		windows := make([]Window, n)
		for i, d := range workload.Windows(n, workload.Random) {
			windows[i] = Window{d.Start, d.End}
		}
		return windows
	}
	small, large := of(few), of(many)
	workload.Race(b, "window", many,
		workload.Contender{Name: "lib", Run: func() { NewSet(large...) }},
		workload.Contender{Name: "small", Run: func() {
			for range many / few {
				NewSet(small...)
			}
		}},
	)
}

// sumsOfSet asks a set of a year for its sums.
func sumsOfSet(s Set) sums {
	out := sums{windows: s.Len(), total: int64(s.Total())}
	for i, m := range workload.Months() {
		out.months[i] = int64(s.Within(between(m.Start, m.End)).Total())
	}
	return out
}

// A timeline of outages of one resource, in random order: the cost of records, which are
// checked and kept, beside that of the union.
func BenchmarkTimeline(b *testing.B) {
	const n = 100_000
	records := make([]Record, n)
	for i, d := range workload.Windows(n, workload.Random) {
		records[i] = Outage{ID: strconv.Itoa(i), Start: time.Unix(0, d.Start), End: time.Unix(0, d.End)}
	}
	workload.Race(b, "record", n, workload.Contender{Name: "lib", Run: func() {
		if _, err := NewTimeline(records...); err != nil {
			b.Fatal(err)
		}
	}})
}

// sortedBy sorts a copy by start, as one does.
func sortedBy(data []workload.Window) []workload.Window {
	sorted := slices.Clone(data)
	slices.SortFunc(sorted, func(v, w workload.Window) int { return cmp.Compare(v.Start, w.Start) })
	return sorted
}

// walkSorted merges windows that are sorted by start.
func walkSorted(sorted []workload.Window) []workload.Window {
	merged := sorted[:0]
	for _, w := range sorted {
		if last := len(merged) - 1; last >= 0 && w.Start <= merged[last].End {
			merged[last].End = max(merged[last].End, w.End)
		} else {
			merged = append(merged, w)
		}
	}
	return merged
}

// sumsOf adds up windows that are in order and do not overlap.
func sumsOf(merged []workload.Window) sums {
	out := sums{windows: len(merged)}
	month, months := 0, workload.Months()
	for _, w := range merged {
		out.total += w.End - w.Start
		for at := w.Start; at < w.End; {
			for month < 12 && at >= months[month].End {
				month++
			}
			if month == 12 {
				break
			}
			until := min(w.End, months[month].End)
			out.months[month] += until - at
			at = until
		}
	}
	return out
}

type timeWindow struct{ start, end time.Time }

// naiveSums is the same with time.Time throughout.
func naiveSums(windows []timeWindow) sums {
	sorted := slices.Clone(windows)
	slices.SortFunc(sorted, func(v, w timeWindow) int { return v.start.Compare(w.start) })
	var merged []timeWindow
	for _, w := range sorted {
		if last := len(merged) - 1; last >= 0 && !w.start.After(merged[last].end) {
			if w.end.After(merged[last].end) {
				merged[last].end = w.end
			}
		} else {
			merged = append(merged, w)
		}
	}
	out := sums{windows: len(merged)}
	month := 0
	months := workload.Months()
	for _, w := range merged {
		out.total += int64(w.end.Sub(w.start))
		for at := w.start; at.Before(w.end); {
			for month < 12 && at.UnixNano() >= months[month].End {
				month++
			}
			if month == 12 {
				break
			}
			until := time.Unix(0, months[month].End)
			if w.end.Before(until) {
				until = w.end
			}
			out.months[month] += int64(until.Sub(at))
			at = until
		}
	}
	return out
}

var sink int64

// onePass is the least that anything costs that looks at every window.
func onePass(windows []Window) {
	var sum int64
	for _, w := range windows {
		sum += w.end - w.start
	}
	sink = sum
}
