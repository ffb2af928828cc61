package calendar

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The months that end with consecutive periods of a monthly cycle tile, for
// every day on which it can begin, and so many of them begin where the cycle
// did.
func TestTrailingMonthsOfMonthlyCyclesTile(t *testing.T) {
	for anchor := 1; anchor <= 31; anchor++ {
		cycle := Cycle{Start: Date{2023, time.January, anchor}, Zone: time.UTC, Months: 1}
		for n := range 40 { // over a leap day
			for months := 1; months <= 13; months++ {
				_, first, err := must(cycle.Period(n)).TrailingMonths(months)
				require.NoError(t, err)
				require.Equal(t, must(cycle.Period(n-months+1)).First(), first, "%d months, anchor %d, period %d", months, anchor, n)
			}
		}
	}
}

// Of a cycle of several months, the months of one period begin with it, and
// those of several begin after each cycle that is not among them ended, and
// before each that is.
func TestTrailingMonthsOfLongerCyclesHoldWholeCycles(t *testing.T) {
	latest := func(p Period, months int) Date {
		_, latest, err := p.TrailingMonths(months)
		require.NoError(t, err)
		return latest
	}
	for anchor := 1; anchor <= 31; anchor++ {
		for _, size := range []int{2, 3, 4, 6, 12} {
			for month := time.January; month <= time.December; month++ {
				start := Date{2022, month, 1}.onDay(anchor)
				if start.Day != anchor {
					continue
				}
				cycle := Cycle{Start: start, Zone: time.UTC, Months: size}
				for n := range 40 / size {
					p := must(cycle.Period(n))
					assert.Equal(t, p.First(), latest(p, size), "%v of %d months", p, size)
					for cycles := 2; cycles <= 5; cycles++ {
						first := latest(p, size*cycles)
						without, within := must(cycle.Period(n-cycles)), must(cycle.Period(n-cycles+1))
						assert.LessOrEqual(t, without.Until().Compare(first), 0, "%v, %d cycles of %d months", p, cycles, size)
						assert.Positive(t, within.Until().Compare(first), "%v, %d cycles of %d months", p, cycles, size)
					}
				}
			}
		}
	}
}

func TestTrailingMonths(t *testing.T) {
	period := func(from, to string) Period {
		return must(NewPeriod(must(ParseDate(from)), must(ParseDate(to)), time.UTC))
	}
	for _, tt := range []struct {
		from, to string
		months   int
		want     string
	}{
		{"2026-01-31", "2026-02-28", 1, "2026-01-31"},
		{"2026-03-31", "2026-04-30", 1, "2026-03-31"},
		{"2026-03-30", "2026-04-30", 1, "2026-03-30"},
		{"2026-04-30", "2026-05-31", 2, "2026-03-31"},
		{"2024-01-29", "2024-02-29", 12, "2023-02-28"},
		{"2025-11-30", "2026-02-28", 6, "2025-08-31"}, // of the 30th or the 31st: of last days
		{"2026-02-10", "2026-02-28", 1, "2026-01-28"}, // no whole month
		{"2026-01-15", "2026-02-10", 1, "2026-01-10"}, // nor here
		{"2026-06-01", "2026-07-01", 3, "2026-04-01"},
	} {
		_, got, err := period(tt.from, tt.to).TrailingMonths(tt.months)
		require.NoError(t, err)
		assert.Equal(t, tt.want, got.String(), tt)
	}
	for months, want := range map[int]string{
		0: "months: 0 is not 1 to 1200", -1: "months: -1 is not 1 to 1200", 1201: "months: 1201 is not 1 to 1200", 1200: "1800-07-01 is outside the years 1900 to 2191",
	} {
		_, _, err := period("1900-06-01", "1900-07-01").TrailingMonths(months)
		assert.EqualError(t, err, "calendar: months that end with the period 1900-06-01/1900-07-01 UTC: "+want)
	}
	_, _, err := Period{}.TrailingMonths(1)
	assert.EqualError(t, err, "calendar: months that end with the period : the period is missing")
}
