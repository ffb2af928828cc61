package main

import (
	"cmp"
	"slices"

	made "github.com/slacredit/slacredit/internal/workload"
)

// The plain contender is what one writes with integers and a sort by a function.

func plainSums(windows []made.Window) (*run[sums], error) {
	return &run[sums]{do: func() (sums, error) { return sumsOf(mergeIntegers(windows)), nil }}, nil
}

// mergeIntegers sorts a copy by start and merges it.
func mergeIntegers(windows []made.Window) []made.Window {
	sorted := slices.Clone(windows)
	slices.SortFunc(sorted, func(v, w made.Window) int { return cmp.Compare(v.Start, w.Start) })
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

func plainAccount(f fleet) (*run[account], error) {
	return &run[account]{do: func() (sum account, err error) {
		plans := make([][]made.Window, len(f.calendars))
		for i, windows := range f.calendars {
			plans[i] = cut(mergeIntegers(windows), made.January)
		}
		for _, c := range f.customers {
			due := made.January.End - made.January.Start
			for _, p := range plans[c.Calendar] {
				due -= p.End - p.Start
			}
			var down int64
			for _, w := range cut(mergeIntegers(c.Outages), made.January) {
				down += w.End - w.Start
				for _, p := range plans[c.Calendar] {
					down -= max(0, min(w.End, p.End)-max(w.Start, p.Start))
				}
			}
			due, down = due/1000, down/1000
			tier := 0
			for _, t := range []struct{ below, of int64 }{{9999, 10_000}, {999, 1000}, {99, 100}, {95, 100}} {
				if (due-down)*t.of < t.below*due { // the unrounded availability
					tier++
				}
			}
			give := [...]int64{0, 5, 10, 25, 100}[tier]
			sum.add(due, down, (c.FeeCents*give+50)/100, tier)
		}
		return sum, nil
	}}, nil
}

// cut returns the parts of windows that lie in a period, in their place.
func cut(windows []made.Window, period made.Window) []made.Window {
	kept := windows[:0]
	for _, w := range windows {
		w = made.Window{Start: max(w.Start, period.Start), End: min(w.End, period.End)}
		if w.Start < w.End {
			kept = append(kept, w)
		}
	}
	return kept
}
