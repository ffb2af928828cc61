package main

import (
	"fmt"

	made "github.com/slacredit/slacredit/internal/workload"
)

// sums are what is asked of a year: the windows of the union, their total, and
// what of it lies in each month, in microseconds.
type sums struct {
	windows int
	total   int64
	months  [12]int64
}

// knownSums are those that several programs of other people agree on.
var knownSums = map[int]sums{
	1_000_000:  {windows: 600_929, total: 12_628_573_278_113, months: [12]int64{0: 1_073_532_836_557, 11: 1_073_875_302_322}},
	10_000_000: {windows: 5_999_918, months: [12]int64{0: 1_071_242_935_376, 11: 1_071_167_282_510}},
}

// agree reports whether two sums agree in what both tell.
func (s sums) agree(other sums) bool {
	if s.windows != other.windows || s.total != other.total && s.total*other.total != 0 {
		return false
	}
	for i, m := range s.months {
		if m != other.months[i] && m*other.months[i] != 0 {
			return false
		}
	}
	return true
}

// ofYear are the contenders in the union of a year's windows.
var ofYear = []contender[[]made.Window, sums]{
	{"slacredit", librarySums},
	{"integers, slices.SortFunc", plainSums},
	{"time.Time, slices.SortFunc", naiveSums},
	{"netipx.IPSet, instants as addresses", netipxSums},
	{"zyedidia/generic, interval tree", genericSums},
	{"etcd adt, interval tree", etcdSums},
	{"DuckDB, expert", duckDB.union(expert)},
	{"DuckDB, usual", duckDB.union(usual)},
	{"PostgreSQL, expert", postgres.union(expert)},
	{"PostgreSQL, usual", postgres.union(usual)},
	{"SQLite, expert", sqlite.union(expert)},
	{"SQLite, usual", sqlite.union(usual)},
	{"SQLite in pure Go, expert", pureSQLite.union(expert)},
	{"SQLite in pure Go, usual", pureSQLite.union(usual)},
}

// yearOf returns the workload of n windows in random order.
func yearOf(n int) (workload[[]made.Window, sums], error) {
	windows := made.Windows(n, made.Random)
	want := sumsOf(mergeIntegers(windows))
	if known, ok := knownSums[n]; ok && !want.agree(known) {
		return workload[[]made.Window, sums]{}, fmt.Errorf("%v, known is %v", want, known)
	}
	return workload[[]made.Window, sums]{
		title:      fmt.Sprintf("Union, total and months of %d windows in random order", n),
		unit:       "window",
		units:      n,
		repeats:    1,
		data:       windows,
		want:       want,
		contenders: ofYear,
	}, nil
}

var months = made.Months()

// sumsOf adds up windows that are in order and do not overlap or touch.
func sumsOf(merged []made.Window) sums {
	out := sums{windows: len(merged)}
	month := 0
	for _, w := range merged {
		out.total += (w.End - w.Start) / 1000
		for at := w.Start; at < w.End; {
			for month < 12 && at >= months[month].End {
				month++
			}
			if month == 12 {
				break
			}
			until := min(w.End, months[month].End)
			out.months[month] += (until - at) / 1000
			at = until
		}
	}
	return out
}
