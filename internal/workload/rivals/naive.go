package main

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	made "github.com/slacredit/slacredit/internal/workload"
)

// The naive contender is what one writes with time.Time, a sort by a function
// and decimals.

type timeWindow struct{ start, end time.Time }

func timeWindows(windows []made.Window) []timeWindow {
	out := make([]timeWindow, len(windows))
	for i, w := range windows {
		out[i] = timeWindow{time.Unix(0, w.Start).UTC(), time.Unix(0, w.End).UTC()}
	}
	return out
}

// mergeTimes sorts a copy by start and merges it.
func mergeTimes(windows []timeWindow) []timeWindow {
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
	return merged
}

// within returns the part of w that lies in v, and whether there is any.
func (w timeWindow) within(v timeWindow) (timeWindow, bool) {
	if w.start.Before(v.start) {
		w.start = v.start
	}
	if w.end.After(v.end) {
		w.end = v.end
	}
	return w, w.start.Before(w.end)
}

func naiveSums(windows []made.Window) (*run[sums], error) {
	data, months := timeWindows(windows), timeWindows(months)
	return &run[sums]{do: func() (sums, error) {
		merged := mergeTimes(data)
		out := sums{windows: len(merged)}
		month := 0
		for _, w := range merged {
			out.total += w.end.Sub(w.start).Microseconds()
			for month < 11 && !w.start.Before(months[month].end) {
				month++
			}
			for i := month; i < 12 && months[i].start.Before(w.end); i++ {
				if part, ok := w.within(months[i]); ok {
					out.months[i] += part.end.Sub(part.start).Microseconds()
				}
			}
		}
		return out, nil
	}}, nil
}

var naiveTiers = []struct{ below, give decimal.Decimal }{
	{decimal.RequireFromString("99.99"), decimal.NewFromInt(5)},
	{decimal.RequireFromString("99.9"), decimal.NewFromInt(10)},
	{decimal.RequireFromString("99"), decimal.NewFromInt(25)},
	{decimal.RequireFromString("95"), decimal.NewFromInt(100)},
}

func naiveAccount(f fleet) (*run[account], error) {
	period := timeWindows([]made.Window{made.January})[0]
	calendars, outages := make([][]timeWindow, len(f.calendars)), make([][]timeWindow, len(f.customers))
	for i, windows := range f.calendars {
		calendars[i] = timeWindows(windows)
	}
	for i, c := range f.customers {
		outages[i] = timeWindows(c.Outages)
	}
	hundred := decimal.NewFromInt(100)
	return &run[account]{do: func() (sum account, err error) {
		plans := make([][]timeWindow, len(calendars))
		for i, windows := range calendars {
			plans[i] = mergeTimes(windows)
		}
		for i, c := range f.customers {
			due, down := period.end.Sub(period.start), time.Duration(0)
			for _, p := range plans[c.Calendar] {
				if p, ok := p.within(period); ok {
					due -= p.end.Sub(p.start)
				}
			}
			for _, w := range mergeTimes(outages[i]) {
				w, ok := w.within(period)
				if !ok {
					continue
				}
				down += w.end.Sub(w.start)
				for _, p := range plans[c.Calendar] {
					if both, ok := w.within(p); ok {
						down -= both.end.Sub(both.start)
					}
				}
			}
			all := decimal.NewFromInt(int64(due))
			served := decimal.NewFromInt(int64(due - down)).Mul(hundred)
			tier, give := 0, decimal.Decimal{}
			for i, t := range naiveTiers {
				if served.LessThan(t.below.Mul(all)) { // the unrounded availability
					tier, give = i+1, t.give
				}
			}
			sum.down += down.Microseconds()
			sum.percent += served.DivRound(all, 4).Shift(4).IntPart()
			sum.cents += decimal.New(c.FeeCents, -2).Mul(give).Div(hundred).Round(2).Shift(2).IntPart()
			sum.tiers[tier]++
		}
		return sum, nil
	}}, nil
}
