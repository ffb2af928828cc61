package sla

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// For which time charges count, judged over May.
func TestFeeWindow(t *testing.T) {
	may := calendar.Month(2026, time.May, time.UTC)
	at := time.Date(2026, time.May, 27, 20, 13, 0, 0, time.UTC)
	broken := outage.MustWindow(at, at.Add(time.Hour))
	for _, tt := range []struct {
		window FeeWindow
		cycles int
		want   string
	}{
		{"", 0, "2026-05-01T00:00:00Z/2026-06-01T00:00:00Z"},
		{"1cycle before", -1, ""},
		{"1cycle after", 1, ""},
		{"30d trailing", 0, "2026-05-02T00:00:00Z/2026-06-01T00:00:00Z"},
		{"30d before outage", 0, "2026-04-27T20:13:00Z/2026-05-27T20:13:00Z"},
		{"3660d trailing", 0, "2016-05-24T00:00:00Z/2026-06-01T00:00:00Z"},
	} {
		cycles, window, err := tt.window.Over(may, broken)
		require.NoError(t, err)
		assert.Equal(t, tt.cycles, cycles, tt.window)
		assert.Equal(t, tt.want, window.String(), tt.window)
	}
	_, _, err := FeeWindow("a week before").Over(may, broken)
	assert.EqualError(t, err, `sla: window of a fee: "a week before" is not measured, billed, 1cycle before, 1cycle after, or up to 3660 days such as 30d trailing or 30d before outage`)
	_, _, err = FeeWindow("3660d trailing").Over(calendar.Month(1905, time.May, time.UTC), broken)
	assert.EqualError(t, err, "sla: window of a fee: outage: window start: 1895-05-24T00:00:00Z is outside the years 1900 to 2191")
}

// Where another period is measured than the bill is for, and something is priced by
// the fee, the base says of which the fee is; silence is a fault that says what to
// write. Beside a calendar month it is one only where the bill is for another time.
func TestOfWhichPeriodTheFeeIs(t *testing.T) {
	silent := `base.window: missing; what is measured is not the billing period: write "measured" for the fee of the time that is measured, or "billed" for that of the billing period with which it is judged`
	for _, tt := range []struct {
		period Measuring
		window FeeWindow
		give   Quantity
		caps   []Cap // of all commitments
		fault  bool
	}{
		{"3mo", "", "10%", nil, true},
		{"3mo", "", "1x", nil, true},
		{"3mo", "", "1d", nil, true},
		{"3mo", "", "1mo", nil, true},
		{"12mo", "", "10%", nil, true},
		{"1d", "", "10%", nil, true},
		{"365d trailing", "", "10%", nil, true},
		{"1mo trailing", "", "10%", nil, true},
		{"3mo", "", "20USD", nil, false},
		{"3mo", "", "20USD", []Cap{"50%"}, true},
		{"3mo", "", "20USD", []Cap{"50USD"}, false},
		{"3mo", "measured", "10%", nil, false},
		{"3mo", "billed", "10%", nil, false},
		{"3mo", "30d trailing", "10%", nil, false},
		{"", "", "10%", nil, false},
		{"", "billed", "10%", nil, false},
		{"", "measured", "1x", nil, false},
		{"1mo", "", "10%", nil, false},
		{"outage", "", "10%", nil, false},
		{"outage", "measured", "1x", nil, false},
	} {
		_, err := Agreement{AtMost: tt.caps, Commitments: []Commitment{{
			Calculation: Calculation{Period: tt.period}, Promise: "exactly 100%", Base: Base{Window: tt.window}, Credits: []Tier{{Give: tt.give}},
		}}}.Compile()
		if tt.fault {
			assert.ErrorContains(t, err, silent, tt)
		} else {
			assert.NoError(t, err, tt)
		}
	}
	assert.Equal(t, "the measured period", FeeWindow("measured").english())
	assert.Equal(t, "the billing period", FeeWindow("billed").english())

	month := Must(Agreement{Name: "m", Commitments: []Commitment{{Calculation: Calculation{Period: "1mo"}, Promise: "exactly 100%", Credits: []Tier{{Give: "10%"}}}}}.Compile())
	resource := labelled("web")
	_, err := month.Judge(resource, may2014)
	assert.NoError(t, err)
	other := Must(calendar.NewPeriod(calendar.Date{Year: 2014, Month: time.May, Day: 15}, calendar.Date{Year: 2014, Month: time.June, Day: 15}, time.UTC))
	want := `: /commitments/0/base/window: missing; the measured period, 2014-05-01/2014-06-01 UTC, is not the billing period, 2014-05-15/2014-06-15 UTC: write "measured" for the fee of the one, or "billed" for that of the other`
	_, err = month.Judge(resource, other)
	assert.EqualError(t, err, `sla: judging "web" under "m"`+want)
	_, err = month.JudgeAll([]outage.Timeline{resource}, other)
	assert.EqualError(t, err, `sla: judging "web" under "m"`+want)
}

// A longer period is made of whole billing cycles that end with the bill's, of
// months also where some are shorter, or of none.
func TestCyclesOfAMeasuredPeriod(t *testing.T) {
	date := func(text string) calendar.Date { return Must(calendar.ParseDate(text)) }
	for _, tt := range []struct{ billing, measured, zone, want string }{
		{"2026-06-01/2026-07-01", "2026-04-01/2026-07-01", "Europe/Berlin", "2026-04-01 2026-05-01 2026-06-01"},
		{"2026-06-01/2026-07-01", "2026-01-01/2026-07-01", "Europe/Berlin", "2026-01-01 2026-02-01 2026-03-01 2026-04-01 2026-05-01 2026-06-01"},
		{"2026-02-28/2026-03-31", "2025-12-31/2026-03-31", "UTC", "2025-12-31 2026-01-31 2026-02-28"},
		{"2026-01-31/2026-02-28", "2025-11-30/2026-02-28", "UTC", "2025-11-30 2025-12-31 2026-01-31"},
		{"2026-06-15/2026-06-29", "2026-06-01/2026-06-29", "UTC", "2026-06-01 2026-06-15"},
		{"2026-04-01/2026-07-01", "2026-01-01/2026-07-01", "UTC", "2026-01-01 2026-04-01"},
		{"2026-06-15/2026-07-15", "2026-04-01/2026-07-01", "UTC", ""},
		{"2026-06-01/2026-07-01", "2026-05-02/2026-07-01", "UTC", ""},
		{"1900-02-01/1900-03-01", "1900-01-02/1900-03-01", "UTC", ""},
	} {
		zone := Must(time.LoadLocation(tt.zone))
		period := func(text string) calendar.Period {
			from, to, _ := strings.Cut(text, "/")
			return Must(calendar.NewPeriod(date(from), date(to), zone))
		}
		var got []string
		all := period(tt.billing).Since(period(tt.measured).Window().Start(), zone)
		for i, p := range all {
			got = append(got, p.First().String())
			if i > 0 {
				assert.Equal(t, all[i-1].Until(), p.First())
			}
		}
		assert.Equal(t, tt.want, strings.Join(got, " "), tt)
	}
}

// A finding has the labels that all share which were measured as one, whatever
// else has their name.
func TestFindingLabels(t *testing.T) {
	a := Agreement{Name: "x", Commitments: []Commitment{
		{Name: "one by one", Promise: "exactly 100%"},
		{Name: "region", Promise: "exactly 100%", Scope: Scope{Levels: []Level{{By: "region"}}}, Base: Base{By: []string{"account"}}},
	}}
	terms := Must(a.Compile())
	resources := []outage.Timeline{
		labelled("a", "region=x", "account=7", "zone=1"),
		labelled("b", "region=x", "account=7", "zone=2", "os=bsd"),
		labelled("c", "region=y", "account=8"),
		labelled("x", "region=y", "account=8"), // has the name of a group
	}
	verdicts, err := terms.JudgeAll(resources, may2014)
	require.NoError(t, err)
	labels := map[string]map[string]string{}
	for _, v := range verdicts {
		for _, f := range v.Findings {
			labels[v.Resource+", "+f.Commitment] = f.Labels
		}
		var again Verdict
		require.NoError(t, again.UnmarshalJSON(Must(v.MarshalJSON())))
		assert.Equal(t, v, again)
	}
	assert.Equal(t, map[string]map[string]string{
		"a, one by one": {"region": "x", "account": "7", "zone": "1"},
		"b, one by one": {"region": "x", "account": "7", "zone": "2", "os": "bsd"},
		"c, one by one": {"region": "y", "account": "8"},
		"x, one by one": {"region": "y", "account": "8"},
		"x, region":     {"region": "x", "account": "7"},
		"y, region":     {"region": "y", "account": "8"},
	}, labels)
	assert.Len(t, resources[0].Labels(), 3, "the caller's labels are his")

	_, err = terms.Judge(resources[0], may2014)
	assert.EqualError(t, err, `sla: judging "a" under "x": 2 things are judged, "a" and "x"; use JudgeAll`)
}

// labelled returns a resource of which nothing is recorded, with labels as in
// "region=x".
func labelled(name string, labels ...string) outage.Timeline {
	all := map[string]string{}
	for _, l := range labels {
		key, value, _ := strings.Cut(l, "=")
		all[key] = value
	}
	return Must(outage.Options{Labels: map[string]map[string]string{name: all}}.Timeline())
}

// Stretches are cut to where windows may lie, and those beyond are empty: a slot
// may reach there, and what comes after it lies there.
func TestBetween(t *testing.T) {
	assert.Equal(t, latest-earliest, int64(between(earliest-7, latest+7).Length()))
	for _, beyond := range [][2]int64{{latest + 1, latest + 2}, {earliest - 2, earliest - 1}, {latest + 2, latest + 1}, {latest, latest + 1}} {
		assert.True(t, between(beyond[0], beyond[1]).IsEmpty(), beyond)
	}
}
