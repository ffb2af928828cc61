package sla

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// The mean of two months needs two periods of a cycle, on whichever day it
// begins.
func TestMeanOfMonthsOfEveryCycle(t *testing.T) {
	for anchor := 1; anchor <= 31; anchor++ {
		cycle := calendar.Cycle{Start: calendar.Date{Year: 2025, Month: time.December, Day: anchor}, Zone: time.UTC, Months: 1}
		first := Must(cycle.Period(0))
		timeline := records(t, outage.Outage{ID: "o", Resource: "vm", Start: first.Window().Start(), End: first.Window().End().Add(40 * 24 * hour)})
		periods := []calendar.Period{first, Must(cycle.Period(1)), Must(cycle.Period(2))}
		terms := exiting(Termination{If: Pattern{Total: "below 90%", Within: "2mo"}})
		rights, err := terms.Terminations(Must(terms.JudgeAll([]outage.Timeline{timeline}, periods...)))
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
	cycle := calendar.Cycle{Start: calendar.Date{Year: 2026, Month: time.January, Day: 1}, Zone: time.UTC, Days: 30}
	var periods []calendar.Period
	var outages []outage.Record
	for n := range 4 {
		p := Must(cycle.Period(n))
		periods = append(periods, p)
		outages = append(outages, outage.Outage{ID: p.First().String(), Resource: "vm", Start: p.Window().Start(), End: p.Window().Start().Add(hour)})
	}
	rights := func(p Pattern) (ends []string) {
		terms := exiting(Termination{If: p})
		got, err := terms.Terminations(Must(terms.JudgeAll([]outage.Timeline{records(t, outages...)}, periods...)))
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
	terms := exiting(Termination{If: Pattern{Each: "over 8h"}})
	rights, err := terms.Terminations(Must(terms.JudgeAll([]outage.Timeline{timeline}, months2026(1)...)))
	require.NoError(t, err)
	assert.Empty(t, rights, "four hours are known")
	rights, err = terms.Terminations(Must(terms.JudgeAll([]outage.Timeline{timeline}, months2026(2)...)))
	require.NoError(t, err)
	require.Len(t, rights, 1)
	assert.Equal(t, at("2026-02-01T06:00:00Z"), rights[0].Since)

	long := records(t, dark("o", "2026-01-31T15:00:00Z", 24*hour))
	rights, err = terms.Terminations(Must(terms.JudgeAll([]outage.Timeline{long}, months2026(1)...)))
	require.NoError(t, err)
	require.Len(t, rights, 1, "nine hours are known, and enough")
	assert.Equal(t, at("2026-02-01T00:00:00Z"), rights[0].Since)
	assert.True(t, rights[0].Outages[0].Open)
	assert.NotContains(t, rights[0].Marks, "outage")
	assert.Equal(t, at("2026-01-31T15:00:00Z"), rights[0].Marks["start of outage"])
	rights, err = terms.Terminations(Must(terms.JudgeAll([]outage.Timeline{long}, months2026(2)...)))
	require.NoError(t, err)
	require.Len(t, rights, 1)
	assert.Equal(t, at("2026-02-01T15:00:00Z"), rights[0].Since)
	assert.Equal(t, at("2026-02-01T15:00:00Z"), rights[0].Marks["outage"])
}

// The day that the clocks of Apia skipped is not there to be measured, and the
// days beside it are judged as ever.
func TestSkippedDayIsNotMeasured(t *testing.T) {
	apia := Must(time.LoadLocation("Pacific/Apia"))
	december := calendar.Month(2011, time.December, apia)
	noon := time.Date(2011, time.December, 29, 12, 0, 0, 0, apia)
	timeline := records(t, outage.Outage{ID: "o", Resource: "vm", Start: noon, End: noon.Add(24 * hour)})
	days := func(period Measuring, p calendar.Period) []string {
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

	upTo := func(day int) calendar.Period {
		return Must(calendar.NewPeriod(calendar.Date{Year: 2011, Month: time.December, Day: 1}, calendar.Date{Year: 2011, Month: time.December, Day: day}, apia))
	}
	assert.Empty(t, days("1d trailing", upTo(31)), "it ends with the skipped day")
	assert.Equal(t, []string{"2011-12-29/2011-12-30 Pacific/Apia 12h0m0s"}, days("1d trailing", upTo(30)))
	assert.Equal(t, []string{"2011-12-29/2011-12-31 Pacific/Apia 12h0m0s"}, days("2d trailing", upTo(31)))
}

// A trailing month measures no day twice and leaves none out.
func TestTrailingMonthIsTheCycle(t *testing.T) {
	terms := Must(single(Commitment{Promise: "exactly 100%", Calculation: Calculation{Period: "1mo trailing"}}).Compile())
	for anchor := 28; anchor <= 31; anchor++ {
		cycle := calendar.Cycle{Start: calendar.Date{Year: 2023, Month: time.December, Day: anchor}, Zone: time.UTC, Months: 1}
		var periods []calendar.Period
		for n := range 26 {
			periods = append(periods, Must(cycle.Period(n)))
		}
		verdicts, err := terms.JudgeAll([]outage.Timeline{records(t)}, periods...)
		require.NoError(t, err)
		for i, v := range verdicts {
			require.Len(t, v.Findings, 1)
			assert.Equal(t, periods[i], v.Findings[0].Measurement.Period)
		}
	}
}

// The zone of an agreement is no abbreviation of winter time either.
func TestZoneOfWinterTimeIsAFault(t *testing.T) {
	_, err := Agreement{Name: "a", Commitments: []Commitment{{Promise: "exactly 100%", Calculation: Calculation{Zone: "EST"}}}}.Compile()
	assert.ErrorContains(t, err, `commitments[0].calculation.zone: zone "EST" is five hours behind UTC in summer too; write America/New_York, or America/Panama where the clocks never change`)
}

// monthly generates the calendar months of a zone.
func monthly(zone *time.Location) calendar.Cycle {
	return calendar.Cycle{Start: calendar.Date{Year: 2026, Month: time.January, Day: 1}, Zone: zone, Months: 1}
}
