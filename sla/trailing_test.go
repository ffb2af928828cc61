package sla

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
)

// The months that end with consecutive periods of a monthly cycle tile, for
// every day on which it can begin, and so many of them begin where the cycle
// did.
func TestTrailingMonthsOfMonthlyCyclesTile(t *testing.T) {
	for anchor := 1; anchor <= 31; anchor++ {
		cycle := Cycle{Start: Date{2023, time.January, anchor}, Zone: time.UTC, Months: 1}
		for n := range 40 { // over a leap day
			for months := 1; months <= 13; months++ {
				_, first, err := Must(cycle.Period(n)).TrailingMonths(months)
				require.NoError(t, err)
				require.Equal(t, Must(cycle.Period(n-months+1)).First(), first, "%d months, anchor %d, period %d", months, anchor, n)
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
					p := Must(cycle.Period(n))
					assert.Equal(t, p.First(), latest(p, size), "%v of %d months", p, size)
					for cycles := 2; cycles <= 5; cycles++ {
						first := latest(p, size*cycles)
						without, within := Must(cycle.Period(n-cycles)), Must(cycle.Period(n-cycles+1))
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
		return Must(NewPeriod(Must(ParseDate(from)), Must(ParseDate(to)), time.UTC))
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
		assert.EqualError(t, err, "sla: months that end with the period 1900-06-01/1900-07-01 UTC: "+want)
	}
	_, _, err := Period{}.TrailingMonths(1)
	assert.EqualError(t, err, "sla: months that end with the period : the period is empty")
}

// A trailing month measures no day twice and leaves none out.
func TestTrailingMonthIsTheCycle(t *testing.T) {
	terms := Must(single(Commitment{Promise: "exactly 100%", Calculation: Calculation{Period: "1mo trailing"}}).Compile())
	for anchor := 28; anchor <= 31; anchor++ {
		cycle := Cycle{Start: Date{2023, time.December, anchor}, Zone: time.UTC, Months: 1}
		var periods []Period
		for n := range 26 {
			periods = append(periods, Must(cycle.Period(n)))
		}
		verdicts, err := terms.JudgeEach(records(t), periods)
		require.NoError(t, err)
		for i, v := range verdicts {
			require.Len(t, v.Findings, 1)
			assert.Equal(t, periods[i], v.Findings[0].Measurement.Period)
		}
	}
}

// The mean of two months needs two periods of a cycle, on whichever day it
// begins.
func TestMeanOfMonthsOfEveryCycle(t *testing.T) {
	for anchor := 1; anchor <= 31; anchor++ {
		cycle := Cycle{Start: Date{2025, time.December, anchor}, Zone: time.UTC, Months: 1}
		first := Must(cycle.Period(0))
		timeline := records(t, outage.Outage{ID: "o", Resource: "vm", Start: first.Window().Start(), End: first.Window().End().Add(40 * 24 * hour)})
		periods := []Period{first, Must(cycle.Period(1)), Must(cycle.Period(2))}
		terms := exiting(Exit{If: Pattern{Total: "below 90%", Within: "2mo"}})
		rights, err := terms.Exits(Must(terms.JudgeEach(timeline, periods)))
		require.NoError(t, err)
		require.Len(t, rights, 2, anchor)
		assert.Equal(t, periods[:2], rights[0].Periods)
		assert.Equal(t, periods[1:], rights[1].Periods)
	}
}

// Within months of the calendar lie the periods that begin and end in them, be
// they of whichever cycle. Of thirty days from January 1, 2026, the two up to March
// 2 are one day longer than the two months that end there; those up to May 1 are
// not.
func TestExitsWithinMonthsOfOddCycles(t *testing.T) {
	cycle := Cycle{Start: Date{2026, time.January, 1}, Zone: time.UTC, Days: 30}
	var periods []Period
	var outages []outage.Record
	for n := range 4 {
		p := Must(cycle.Period(n))
		periods = append(periods, p)
		outages = append(outages, outage.Outage{ID: p.First().String(), Resource: "vm", Start: p.Window().Start(), End: p.Window().Start().Add(hour)})
	}
	rights := func(p Pattern) (ends []string) {
		terms := exiting(Exit{If: p})
		got, err := terms.Exits(Must(terms.JudgeEach(records(t, outages...), periods)))
		require.NoError(t, err)
		for _, r := range got {
			ends = append(ends, r.Periods[len(r.Periods)-1].Until().String())
		}
		return ends
	}
	assert.Equal(t, []string{"2026-05-01"}, rights(Pattern{Count: 2, Within: "2mo"}))
	assert.Empty(t, rights(Pattern{Count: 3, Within: "2mo"}))
	assert.Equal(t, []string{"2026-03-02", "2026-04-01", "2026-05-01"}, rights(Pattern{Count: 2, Within: "3mo"}))
	assert.Equal(t, []string{"2026-03-02", "2026-04-01", "2026-05-01"}, rights(Pattern{Count: 2, Within: "2cycles"}))
}

// The history ends with the last verdict. An outage that goes on past it has not
// ended in it: what the records say of later gives no right yet, nor the marks of
// its end, and the right is undecided. The next verdict decides.
func TestExitsPastTheLastVerdict(t *testing.T) {
	timeline := records(t, dark("o", "2026-01-31T20:00:00Z", 10*hour))
	terms := exiting(Exit{If: Pattern{Each: "over 8h"}})
	rights, err := terms.Exits(Must(terms.JudgeEach(timeline, months2026(1))))
	require.NoError(t, err)
	assert.Empty(t, rights, "four hours are known")
	rights, err = terms.Exits(Must(terms.JudgeEach(timeline, months2026(2))))
	require.NoError(t, err)
	require.Len(t, rights, 1)
	assert.Equal(t, at("2026-02-01T06:00:00Z"), rights[0].Since)

	long := records(t, dark("o", "2026-01-31T15:00:00Z", 24*hour))
	rights, err = terms.Exits(Must(terms.JudgeEach(long, months2026(1))))
	require.NoError(t, err)
	require.Len(t, rights, 1, "nine hours are known, and enough")
	assert.Equal(t, at("2026-02-01T00:00:00Z"), rights[0].Since)
	assert.True(t, rights[0].Outages[0].Open)
	assert.NotContains(t, rights[0].Marks, "outage")
	assert.Equal(t, at("2026-01-31T15:00:00Z"), rights[0].Marks["start of outage"])
	rights, err = terms.Exits(Must(terms.JudgeEach(long, months2026(2))))
	require.NoError(t, err)
	require.Len(t, rights, 1)
	assert.Equal(t, at("2026-02-01T15:00:00Z"), rights[0].Since)
	assert.Equal(t, at("2026-02-01T15:00:00Z"), rights[0].Marks["outage"])
}

// The day that the clocks of Apia skipped is not there to be measured, and the
// days beside it are judged as ever.
func TestSkippedDayIsNotMeasured(t *testing.T) {
	apia := Must(time.LoadLocation("Pacific/Apia"))
	december := Must(Month(2011, time.December, apia))
	noon := time.Date(2011, time.December, 29, 12, 0, 0, 0, apia)
	timeline := records(t, outage.Outage{ID: "o", Resource: "vm", Start: noon, End: noon.Add(24 * hour)})
	days := func(period Measuring, p Period) []string {
		v, err := Must(single(Commitment{Promise: "at least 99%", Calculation: Calculation{Period: period}}).Compile()).Judge(timeline, p)
		require.NoError(t, err)
		var all []string
		for _, f := range v.Findings {
			if f.Measurement.Down > 0 {
				all = append(all, f.Measurement.Period.String()+" "+f.Measurement.Down.String())
			} else {
				all = append(all, "")
			}
		}
		return all
	}
	all := days("1d", december)
	require.Len(t, all, 30)
	assert.Equal(t, []string{"2011-12-29/2011-12-30 Pacific/Apia 12h0m0s", "2011-12-31/2012-01-01 Pacific/Apia 12h0m0s"}, all[28:])

	upTo := func(day int) Period {
		return Must(NewPeriod(Date{2011, time.December, 1}, Date{2011, time.December, day}, apia))
	}
	assert.Empty(t, days("1d trailing", upTo(31)), "it ends with the skipped day")
	assert.Equal(t, []string{"2011-12-29/2011-12-30 Pacific/Apia 12h0m0s"}, days("1d trailing", upTo(30)))
	assert.Equal(t, []string{"2011-12-29/2011-12-31 Pacific/Apia 12h0m0s"}, days("2d trailing", upTo(31)))
}
