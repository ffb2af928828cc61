package sla

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

const (
	second = time.Second
	minute = time.Minute
	hour   = time.Hour
)

var (
	may2014  = calendar.Month(2014, time.May, time.UTC)
	june2014 = calendar.Month(2014, time.June, time.UTC) // of 30 days
	all2014  = calendar.Year(2014, time.UTC)
)

// at returns the instant of an RFC 3339 text.
func at(text string) time.Time { return Must(time.Parse(time.RFC3339Nano, text)) }

// dark returns a full outage without a cause.
func dark(id, start string, length time.Duration) outage.Outage {
	return outage.Outage{ID: id, Resource: "vm", Start: at(start), End: at(start).Add(length)}
}

// records returns the timeline of complete records.
func records(t testing.TB, all ...outage.Record) outage.Timeline {
	t.Helper()
	timeline, err := outage.NewTimeline(all...)
	require.NoError(t, err)
	return timeline
}

// recordsAsOf returns the timeline of records that speak at an instant.
func recordsAsOf(t testing.TB, asOf string, all ...outage.Record) outage.Timeline {
	t.Helper()
	timeline, err := outage.Options{AsOf: at(asOf)}.Timeline(all...)
	require.NoError(t, err)
	return timeline
}

// find returns the finding on an agreement's only commitment.
func find(t testing.TB, c Commitment, timeline outage.Timeline, p calendar.Period) Finding {
	t.Helper()
	terms, err := single(c).Compile()
	require.NoError(t, err)
	v, err := terms.Judge(timeline, p)
	require.NoError(t, err)
	require.Len(t, v.Findings, 1)
	return v.Findings[0]
}

func TestExactlyOnAThreshold(t *testing.T) {
	const limit = 2592 * second // 0.1 % of 30 days
	for _, tt := range []struct {
		promise, when Range
		from          time.Duration // the least downtime that is owed for
	}{
		{"at least 99.9%", "below 99.9%", limit + 1},
		{"over 99.9%", "at most 99.9%", limit},
		{"at least 99.9%", "over 0%, below 99.9%", limit + 1},
		{"over 99.9%", "at least 99%, at most 99.9%", limit},
		{"over 99.9%", "exactly 99.9%", limit},
	} {
		for _, down := range []time.Duration{limit - 1, limit, limit + 1} {
			credits := []Tier{{When: tt.when, Give: "10%"}}
			switch tt.when {
			case "over 0%, below 99.9%":
				credits = append(credits, Tier{When: "exactly 0%", Give: "50%"})
			case "at least 99%, at most 99.9%":
				credits = append(credits, Tier{When: "below 99%", Give: "50%"})
			case "exactly 99.9%":
				credits = append(credits, Tier{When: "below 99.9%", Give: "50%"})
			}
			f := find(t, Commitment{Promise: tt.promise, Credits: credits}, records(t, dark("o", "2014-06-03T00:00:00Z", down)), june2014)
			name := fmt.Sprint(tt.promise, ", row ", tt.when, ", down ", down)
			owed, outcome, clause := "0%", Met, ""
			if down >= tt.from {
				owed, outcome, clause = "10%", Missed, "/commitments/0/credits/0"
			}
			if tt.when == "exactly 99.9%" && down > limit {
				owed, clause = "50%", "/commitments/0/credits/1"
			}
			assert.Equal(t, outcome, f.Outcome, name)
			assert.Equal(t, owed, f.Entitlement.Percent.String(), name)
			assert.Equal(t, clause, f.Entitlement.Clause, name)
			assert.Equal(t, tt.from-1, f.Allowed, name)
			assert.Equal(t, tt.from-1-down, f.Margin(), name)
			assert.True(t, f.Decided(), name)
			shown := map[time.Duration]string{limit - 1: "99.900000%", limit: "99.900000%", limit + 1: "99.899999%"}[down]
			assert.Equal(t, shown, f.Measurement.Availability().String(), name)
		}
	}
}

func TestThresholdsOfDownItself(t *testing.T) {
	const limit = 5 * minute
	for _, tt := range []struct {
		lasting Range
		from    time.Duration
	}{
		{"over 5m", limit + 1}, {"at least 5m", limit}, {"over 299.999999998s", limit - 1}, {"over 0s", 1}, {"", 1},
	} {
		for _, length := range []time.Duration{1, limit - 2, limit - 1, limit, limit + 1} {
			c := Commitment{Promise: "exactly 100%", Downtime: Downtime{Lasting: tt.lasting}}
			f := find(t, c, records(t, dark("o", "2014-06-03T00:00:00Z", length)), june2014)
			assert.Equal(t, length >= tt.from, f.Measurement.Down == length, "%s: %v", tt.lasting, length)
			assert.Equal(t, length < tt.from, f.Measurement.Down == 0, "%s: %v", tt.lasting, length)
		}
	}
	for _, tt := range []struct {
		loss   Range
		served string
		down   bool
	}{
		{"", "99.999999999", true},
		{"over 5%", "95", false},
		{"over 5%", "94.999999999", true},
		{"over 5%", "95.000000001", false},
		{"at least 5%", "95", true},
		{"at least 5%", "94.999999999", true},
		{"at least 5%", "95.000000001", false},
		{"exactly 100%", "0", true},
		{"exactly 100%", "0.000000001", false},
	} {
		o := dark("o", "2014-06-03T00:00:00Z", hour)
		o.ServedPercent = decimal.RequireFromString(tt.served)
		f := find(t, Commitment{Promise: "exactly 100%", Downtime: Downtime{Loss: tt.loss}}, records(t, o), june2014)
		assert.Equal(t, tt.down, f.Measurement.Down == hour, "%s lost, served %s", tt.loss, tt.served)
	}
}

func TestAllowed(t *testing.T) {
	for _, tt := range []struct {
		promise Range
		period  calendar.Period
		want    string
	}{
		{"at least 99.999%", may2014, "26.784s"},
		{"at least 99.999%", all2014, "5m15.36s"},
		{"at least 99.95%", may2014, "22m19.2s"},
		{"at least 99.9%", june2014, "43m12s"},
		{"over 99.95%", may2014, "22m19.199999999s"},
		{"at least 99.99999999999%", may2014, "267ns"}, // 267.84
		{"over 99.99999999999%", may2014, "267ns"},
		{"at least 99.999999999999%", may2014, "26ns"}, // 26.784
		{"exactly 100%", may2014, "0s"},
		{"over 0%", may2014, "743h59m59.999999999s"},
	} {
		f := find(t, Commitment{Promise: tt.promise}, records(t), tt.period)
		assert.Equal(t, tt.want, span.String(f.Allowed), "%s of %v", tt.promise, tt.period)
	}
}

func TestLuckiestInstance(t *testing.T) {
	f := find(t, Commitment{Promise: "at least 99.95%"}, records(t, dark("o", "2014-05-27T20:13:00Z", 20*minute)), may2014)
	assert.Equal(t, "met: 20m down, 22m19.2s allowed, 2m19.2s to spare", f.String())
	assert.Equal(t, Entitlement{}, f.Entitlement)
	assert.Equal(t, NextTier{}, f.Next)
}

// allowedRat is cut.allowed by rational numbers.
func allowedRat(c cut, due time.Duration) time.Duration {
	v, after := c.value()
	most := new(big.Rat).SetFrac64(100*percentUnits-v, 100*percentUnits)
	most.Mul(most, new(big.Rat).SetInt64(int64(due)))
	floor := new(big.Int).Quo(most.Num(), most.Denom())
	if after && most.IsInt() {
		floor.Sub(floor, big.NewInt(1))
	}
	return time.Duration(floor.Int64())
}

func TestAllowedAgreesWithRationals(t *testing.T) {
	interesting := []int64{0, 1, 2, percentUnits, 33 * percentUnits, 50*percentUnits - 1, 50 * percentUnits, 99 * percentUnits, 99_950_000_000_000, 100*percentUnits - 1, 100 * percentUnits}
	for due := range time.Duration(400) {
		for percents := range int64(101) {
			for _, c := range []cut{before(percents * percentUnits), after(percents * percentUnits)} {
				if got, want := c.allowed(due), allowedRat(c, due); got != want {
					t.Fatalf("%v of %d: %d, not %d", c, due, got, want)
				}
			}
		}
		for _, v := range interesting {
			if got, want := after(v).allowed(due), allowedRat(after(v), due); got != want {
				t.Fatalf("after %d of %d: %d, not %d", v, due, got, want)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.OneOf(rapid.SampledFrom(interesting), rapid.Int64Range(0, 100*percentUnits)).Draw(t, "v")
		due := rapid.OneOf(rapid.SampledFrom([]time.Duration{1, 744 * hour, 30 * 24 * hour, math.MaxInt64}), rapid.Custom(func(t *rapid.T) time.Duration {
			return time.Duration(rapid.Int64Range(1, math.MaxInt64).Draw(t, "ns"))
		})).Draw(t, "due")
		for _, c := range []cut{before(v), after(v)} {
			got := c.allowed(due)
			if got != allowedRat(c, due) {
				t.Fatalf("%d, not %d", got, allowedRat(c, due))
			}
			// It keeps what it is said to keep, and one nanosecond more does not.
			keeps := func(down time.Duration) bool {
				ratio := new(big.Rat).SetFrac64(int64(due-down), int64(due))
				order := ratio.Cmp(new(big.Rat).SetFrac64(v, 100*percentUnits))
				return order > 0 || order == 0 && c == before(v)
			}
			if got >= 0 && !keeps(got) || got < due && keeps(got+1) {
				t.Fatalf("%d of %d", got, due)
			}
		}
	})
}

// Downtime that is no whole number of nanoseconds is compared as it is, also
// where it lies exactly on the bound.
func TestKeepsAgreesWithRationals(t *testing.T) {
	for due := int64(1); due <= 12; due++ {
		for parts := int64(0); parts <= 6*due; parts++ { // sixths of a nanosecond
			down := big.NewRat(parts, 6)
			ratio := new(big.Rat).SetInt64(due)
			ratio.Sub(ratio, down).Quo(ratio, new(big.Rat).SetInt64(due))
			for _, v := range []int64{0, percentUnits, 25 * percentUnits, 50 * percentUnits, 75 * percentUnits, 95 * percentUnits, 100*percentUnits - 1, 100 * percentUnits} {
				order := ratio.Cmp(big.NewRat(v, 100*percentUnits))
				require.Equal(t, order >= 0, before(v).keeps(exact.Of(down), time.Duration(due)), "at least %d, %v of %d", v, down, due)
				require.Equal(t, order > 0, after(v).keeps(exact.Of(down), time.Duration(due)), "over %d, %v of %d", v, down, due)
			}
		}
	}
}

func TestNextTier(t *testing.T) {
	c := threeTiers().Commitments[0]
	for _, tt := range []struct {
		down             time.Duration
		row, next, spare string
		percent          string
	}{
		{0, "", "/commitments/0/credits/0", "22m19.2s", "0%"},
		{20 * minute, "", "/commitments/0/credits/0", "2m19.2s", "0%"},
		{22*minute + 19200*time.Millisecond, "", "/commitments/0/credits/0", "0s", "0%"},
		{22*minute + 19200*time.Millisecond + 1, "/commitments/0/credits/0", "/commitments/0/credits/1", "7h4m4.799999999s", "10%"},
		{446*minute + 24*second, "/commitments/0/credits/0", "/commitments/0/credits/1", "0s", "10%"},
		{446*minute + 24*second + 1, "/commitments/0/credits/1", "/commitments/0/credits/2", "29h45m35.999999999s", "25%"},
		{2232 * minute, "/commitments/0/credits/1", "/commitments/0/credits/2", "0s", "25%"},
		{2232*minute + 1, "/commitments/0/credits/2", "", "0s", "100%"},
		{744 * hour, "/commitments/0/credits/2", "", "0s", "100%"},
	} {
		var all []outage.Record
		if tt.down > 0 {
			all = append(all, dark("o", "2014-05-01T00:00:00Z", tt.down))
		}
		nested := find(t, c, records(t, all...), may2014)
		banded := find(t, Commitment{Credits: rows(
			"at least 99.0%, below 99.95%", "10%", "at least 95.0%, below 99.0%", "25%", "below 95.0%", "100%",
		)}, records(t, all...), may2014)
		for _, f := range []Finding{nested, banded} {
			assert.Equal(t, tt.row, f.Entitlement.Clause, "%v down", tt.down)
			assert.Equal(t, tt.percent, f.Entitlement.Percent.String(), "%v down", tt.down)
			assert.Equal(t, tt.next, f.Next.Clause, "%v down", tt.down)
			assert.Equal(t, tt.spare, span.String(f.Next.Margin), "%v down", tt.down)
		}
	}
}

func TestSteps(t *testing.T) {
	for _, tt := range []struct {
		down          time.Duration
		full, started int64
	}{
		{0, 0, 0},
		{1, 0, 1},
		{30*minute - 1, 0, 1},
		{30 * minute, 1, 1},
		{30*minute + 1, 1, 2},
		{60*minute - 1, 1, 2},
		{60 * minute, 2, 2},
		{60*minute + 1, 2, 3},
		{744 * hour, 1488, 1488},
	} {
		for step, want := range map[Step]int64{"full 30m": tt.full, "started 30m": tt.started, "full 0.5h": tt.full, "started 1800s": tt.started} {
			var all []outage.Record
			if tt.down > 0 {
				all = append(all, dark("o", "2014-05-01T00:00:00Z", tt.down))
			}
			f := find(t, Commitment{Promise: "exactly 100%", Credits: []Tier{{Give: "5%", Per: step}}}, records(t, all...), may2014)
			assert.Equal(t, want, f.Entitlement.Steps, "%s of %v", step, tt.down)
			assert.Equal(t, fmt.Sprint(5*want, "%"), f.Entitlement.Percent.String())
			assert.Equal(t, tt.down > 0, f.Entitlement.Clause != "", "the row holds, also if it makes no step")
		}
	}
}

// Steps are counted alike on whole units and on exact parts of one.
func TestStepsAgreeWithRationals(t *testing.T) {
	for size := int64(1); size <= 6; size++ {
		for parts := range int64(120) { // sixths of a unit
			units := big.NewRat(parts, 6)
			exactly := new(big.Rat).Quo(units, big.NewRat(size, 1))
			up := new(big.Rat).Add(exactly, big.NewRat(1, 2))
			floor := new(big.Int).Quo(exactly.Num(), exactly.Denom()).Int64()
			want := map[counting]int64{full: floor, started: floor, nearest: new(big.Int).Quo(up.Num(), up.Denom()).Int64()}
			if !exactly.IsInt() {
				want[started]++
			}
			for c, want := range want {
				s := stride{size: amount{value: size}, count: c}
				require.True(t, s.times(exact.Of(units)).Equal(exact.Int(want)), "%v in steps of %d, %d", units, size, c)
				if units.IsInt() {
					require.Equal(t, want, s.steps(units.Num().Int64()), "%v in steps of %d, %d", units, size, c)
				}
			}
			require.Zero(t, exactly.Cmp(stride{size: amount{value: size}, count: inProportion}.times(exact.Of(units)).Rat()))
		}
	}
}

func TestStepsCountTheDowntimeOfThePeriodTogether(t *testing.T) {
	f := find(t, Commitment{Promise: "exactly 100%", Credits: []Tier{{Give: "5%", Per: "full 30m"}}}, records(t,
		dark("a", "2014-05-02T00:00:00Z", 20*minute),
		dark("b", "2014-05-03T00:00:00Z", 20*minute),
		dark("c", "2014-05-31T23:45:00Z", 30*minute),
	), may2014)
	assert.Equal(t, 55*minute, f.Measurement.Down)
	assert.Equal(t, int64(1), f.Entitlement.Steps)
}

func TestErrorBudget(t *testing.T) {
	for _, tt := range []struct {
		promise Range
		down    time.Duration
		places  uint8
		percent string
		text    string
	}{
		{"at least 99.95%", 0, 2, "100.00", "22m19.2s allowed, 0s consumed, 22m19.2s remaining (100.00%)"},
		{"at least 99.95%", 1, 6, "99.999999", "22m19.2s allowed, 1ns consumed, 22m19.199999999s remaining (99.99%)"},
		{"at least 99.95%", 20 * minute, 2, "10.39", "22m19.2s allowed, 20m consumed, 2m19.2s remaining (10.39%)"},
		{"at least 99.95%", 22*minute + 19200*time.Millisecond, 2, "0.00", "22m19.2s allowed, 22m19.2s consumed, 0s remaining (0.00%)"},
		{"at least 99.95%", 22*minute + 19200*time.Millisecond + 1, 2, "-0.01", "22m19.2s allowed, 22m19.200000001s consumed, -1ns remaining (-0.01%)"},
		{"at least 99.95%", 32 * minute, 2, "-43.37", "22m19.2s allowed, 32m consumed, -9m40.8s remaining (-43.37%)"},
		{"at least 99.95%", 149 * minute, 0, "-568", "22m19.2s allowed, 2h29m consumed, -2h6m40.8s remaining (-567.57%)"},
		{"over 99.95%", 20 * minute, 2, "10.39", "22m19.199999999s allowed, 20m consumed, 2m19.199999999s remaining (10.39%)"},
		{"at least 99.999%", 13392 * time.Millisecond, 1, "50.0", "26.784s allowed, 13.392s consumed, 13.392s remaining (50.00%)"},
	} {
		var all []outage.Record
		if tt.down > 0 {
			all = append(all, dark("o", "2014-05-27T20:13:00Z", tt.down))
		}
		b := find(t, Commitment{Promise: tt.promise}, records(t, all...), may2014).ErrorBudget()
		left, err := b.RemainingPercent(tt.places)
		require.NoError(t, err)
		assert.Equal(t, tt.percent, left.StringFixed(int32(tt.places)), tt.text)
		assert.Equal(t, tt.text, b.String())
		assert.Equal(t, b.Allowed-b.Consumed, b.Remaining())
		assert.Equal(t, tt.down, b.Consumed)
	}
}

func TestErrorBudgetUndefined(t *testing.T) {
	b := find(t, Commitment{Promise: "exactly 100%"}, records(t, dark("o", "2014-05-27T20:13:00Z", minute)), may2014).ErrorBudget()
	_, err := b.RemainingPercent(2)
	assert.EqualError(t, err, "sla: error budget: the promise allows no downtime, so no percentage of it is defined")
	assert.Equal(t, "0s allowed, 1m consumed, -1m remaining (undefined percentage)", b.String())

	b = find(t, Commitment{}, records(t, unborn), may2014).ErrorBudget()
	_, err = b.RemainingPercent(2)
	assert.EqualError(t, err, "sla: error budget: nothing was due, so no percentage of it is defined")
	assert.Equal(t, "0s allowed, 0s consumed, 0s remaining (undefined percentage)", b.String())

	_, err = Finding{Promise: "whatever", Measurement: Measurement{Due: hour}}.ErrorBudget().RemainingPercent(2)
	assert.EqualError(t, err, "sla: error budget: the promise allows no downtime, so no percentage of it is defined")
}

func TestErrorBudgetAgreesWithRationals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		due := rapid.Int64Range(1, math.MaxInt64).Draw(t, "due")
		b := ErrorBudget{
			due:      time.Duration(due),
			Consumed: time.Duration(rapid.Int64Range(0, due).Draw(t, "consumed")),
			free:     rapid.Int64Range(1, 100*percentUnits).Draw(t, "free"),
		}
		places := rapid.Uint8Range(0, 20).Draw(t, "places")
		left, err := b.RemainingPercent(places)
		if err != nil {
			t.Fatal(err)
		}
		budget := new(big.Rat).SetFrac64(b.free, 100*percentUnits)
		budget.Mul(budget, new(big.Rat).SetInt64(due))
		exact := new(big.Rat).Quo(new(big.Rat).SetInt64(int64(b.Consumed)), budget)
		exact.Sub(big.NewRat(1, 1), exact).Mul(exact, big.NewRat(100, 1))
		off := exact.Sub(exact, left.Rat())
		if off.Sign() < 0 || off.Cmp(decimal.New(1, -int32(places)).Rat()) >= 0 {
			t.Fatalf("%v is off by %v", left, off)
		}
	})
}

// unborn is the life of a resource that comes after 2014.
var unborn = outage.Lifetime{Resource: "vm", Start: at("2015-01-01T00:00:00Z")}

func TestNothingDue(t *testing.T) {
	for _, promise := range []Range{"at least 99.95%", "over 99.95%", "exactly 100%"} {
		f := find(t, Commitment{Promise: promise, Credits: []Tier{{Give: "10%"}}}, records(t, unborn, dark("o", "2014-05-27T20:13:00Z", hour)), may2014)
		assert.Equal(t, Met, f.Outcome)
		assert.Equal(t, "met: nothing was due", f.String())
		assert.Equal(t, Entitlement{}, f.Entitlement)
		assert.Equal(t, NextTier{}, f.Next)
		assert.Zero(t, f.Allowed)
		assert.Zero(t, f.Measurement.Due)
		assert.Equal(t, 744*hour, f.Measurement.Outside)
		assert.True(t, f.Decided())
		assert.Equal(t, "undefined available, 0s down of 0s due, 744h outside", f.Measurement.String())
	}
}

func TestEmptyPeriod(t *testing.T) {
	const want = `sla: judging under "plain": the period is missing`
	timeline := records(t, dark("o", "2014-05-27T20:13:00Z", hour))
	_, err := Measure(timeline, calendar.Period{})
	assert.EqualError(t, err, `sla: measuring "vm": the period is missing`)
	terms := Must(threeTiers().Compile())
	v, err := terms.Judge(timeline, calendar.Period{})
	assert.EqualError(t, err, want)
	assert.Equal(t, Verdict{}, v)
	all, err := terms.JudgeAll([]outage.Timeline{timeline}, may2014, calendar.Period{})
	assert.EqualError(t, err, want)
	assert.Nil(t, all)
}

func TestFindingString(t *testing.T) {
	for _, tt := range []struct {
		timeline outage.Timeline
		want     string
	}{
		{records(t), "met: 0s down, 22m19.2s allowed, 22m19.2s to spare"},
		{records(t, dark("o", "2014-05-27T20:13:00Z", 37*minute+12*second)), "missed: 37m12s down, 22m19.2s allowed, 14m52.8s over"},
		{
			recordsAsOf(t, "2014-05-31T23:50:00Z", dark("o", "2014-05-27T20:13:00Z", 5*minute)),
			"met: 5m down, 22m19.2s allowed, 17m19.2s to spare; up to 10m more may have been down",
		},
		{
			recordsAsOf(t, "2014-05-31T23:50:00Z", dark("o", "2014-05-27T20:13:00Z", 20*minute)),
			"undecided: 20m down, 22m19.2s allowed, 2m19.2s to spare; up to 10m more may have been down",
		},
		{
			recordsAsOf(t, "2014-05-31T23:50:00Z", dark("o", "2014-05-27T20:13:00Z", 30*minute)),
			"missed: 30m down, 22m19.2s allowed, 7m40.8s over; up to 10m more may have been down",
		},
	} {
		assert.Equal(t, tt.want, find(t, Commitment{}, tt.timeline, may2014).String())
	}
}

func TestVerdictString(t *testing.T) {
	a := Agreement{Name: "two", Commitments: []Commitment{
		{Name: "network", Promise: "exactly 100%"}, {Name: "power", Promise: "at least 99%"},
	}}
	v, err := Must(a.Compile()).Judge(records(t, dark("o", "2014-05-27T20:13:00Z", hour)), may2014)
	require.NoError(t, err)
	assert.Equal(t, "network missed: 1h down, 0s allowed, 1h over; power met: 1h down, 7h26m24s allowed, 6h26m24s to spare", v.String())
	assert.Equal(t, Missed, v.Outcome())

	v, err = Must(threeTiers().Compile()).Judge(records(t), may2014)
	require.NoError(t, err)
	assert.Equal(t, "met: 0s down, 22m19.2s allowed, 22m19.2s to spare", v.String())

	v, err = Must(Agreement{Name: "none", Note: "a note"}.Compile()).Judge(records(t), may2014)
	require.NoError(t, err)
	assert.Equal(t, Verdict{Agreement: "none", Note: "a note", Period: may2014}, v)
	assert.Equal(t, "none: nothing was promised", Verdict{}.String())
	assert.Equal(t, None, v.Outcome(), "nothing was promised")
	assert.Equal(t, "none: nothing was promised", v.String())
}

func TestVerdictOutcome(t *testing.T) {
	for _, tt := range []struct {
		findings []Outcome
		want     Outcome
	}{
		{nil, None},
		{[]Outcome{None, None}, None},
		{[]Outcome{None, Met, None}, Met},
		{[]Outcome{None, Undecided, Met, None}, Undecided},
		{[]Outcome{Undecided, None, Missed}, Missed},
		{[]Outcome{Met, Met}, Met},
		{[]Outcome{Met, Undecided}, Undecided},
		{[]Outcome{Undecided, Met}, Undecided},
		{[]Outcome{Undecided, Missed, Met}, Missed},
		{[]Outcome{Missed, Undecided}, Missed},
		{[]Outcome{Met, Missed}, Missed},
	} {
		var v Verdict
		for _, o := range tt.findings {
			v.Findings = append(v.Findings, Finding{Outcome: o})
		}
		assert.Equal(t, tt.want, v.Outcome(), tt.findings)
	}
}

// What was never decided says none, in every spelling, and is no right to
// terminate.
func TestZeroValuesSayNone(t *testing.T) {
	assert.Equal(t, None, Verdict{}.Outcome())
	assert.Equal(t, None, Finding{}.Outcome)
	assert.Equal(t, "none: nothing was promised", Finding{}.String())
	assert.Contains(t, write(t, Verdict{}), `"outcome":"none"`)
	assert.Contains(t, write(t, Verdict{Findings: []Finding{{}}}), `"outcome":"none"`)
	assert.Equal(t, "none", fmt.Sprint(Outcome(0)))

	v, err := Must(Agreement{Name: "x"}.Compile()).Judge(records(t), may2014)
	require.NoError(t, err)
	assert.Equal(t, None, v.Outcome(), "nothing was promised")
	quarter := Must(single(Commitment{Promise: "exactly 100%", Calculation: Calculation{Period: "3mo"}}).Compile())
	v, err = quarter.Judge(records(t), may2014)
	require.NoError(t, err)
	assert.Equal(t, None, v.Outcome(), "no quarter ended in May, and nothing was judged")
	assert.Equal(t, "none: nothing that is measured ended in 2014-05-01/2014-06-01 UTC", v.String())
	v, err = quarter.Judge(records(t), calendar.Month(2014, time.June, time.UTC))
	require.NoError(t, err)
	assert.Equal(t, Met, v.Outcome())
	unborn := records(t, outage.Lifetime{ID: "l", Resource: "vm", Start: at("2015-01-01T00:00:00Z")})
	f := find(t, Commitment{Promise: "exactly 100%"}, unborn, may2014)
	assert.Equal(t, Met, f.Outcome, "nothing was due, and the promise is kept")
	assert.Equal(t, "met: nothing was due", f.String())

	for _, p := range []Pattern{{}, {Count: 2}} {
		rights := compiled(p).matches([]Finding{{Measurement: Measurement{Period: may2014}}, {Measurement: Measurement{Period: may2014}}})
		assert.Empty(t, rights)
	}
}

// Earlier releases wrote that a verdict without findings was met.
func TestVerdictOfNothingThatWasMetIsRead(t *testing.T) {
	doc := strings.Replace(write(t, Verdict{Agreement: "x", Period: may2014}), `"none"`, `"met"`, 1)
	var v Verdict
	require.NoError(t, json.Unmarshal([]byte(doc), &v))
	assert.Equal(t, None, v.Outcome())
	doc = strings.Replace(doc, `"met"`, `"missed"`, 1)
	assert.EqualError(t, json.Unmarshal([]byte(doc), &v), "sla: reading a verdict: outcome: missed, but the findings say none")
}

// GitHub promises 99.9 % and gives at exactly 99.9 %: that is no breach.
func TestWithoutBreach(t *testing.T) {
	printed := Commitment{Promise: "at least 99.9%", Gap: Severer, Credits: rows("over 99.0%, at most 99.9%", "10%", "below 99.0%", "25%")}
	const exactly = 26784 * time.Second / 10
	f := find(t, printed, downs(t, exactly), may2014)
	assert.Equal(t, Met, f.Outcome)
	assert.True(t, f.WithoutBreach())
	assert.Equal(t, "met: 44m38.4s down, 44m38.4s allowed, 0s to spare; 10% without a breach", f.String())
	v := Verdict{Agreement: "x", Resource: "vm", Period: may2014, Findings: []Finding{f}}
	assert.True(t, v.WithoutBreach())
	doc := write(t, v)
	var read Verdict
	require.NoError(t, json.Unmarshal([]byte(doc), &read))
	assert.Equal(t, doc, write(t, read))
	require.NoError(t, json.Unmarshal(tamper(t, doc, `"withoutBreach":true,`, ""), &read), "as earlier releases wrote it")
	assert.True(t, read.WithoutBreach())

	for _, down := range []time.Duration{exactly - 1, exactly + 1} {
		f := find(t, printed, downs(t, down), may2014)
		assert.False(t, f.WithoutBreach(), f.String())
		doc := write(t, Verdict{Agreement: "x", Resource: "vm", Period: may2014, Findings: []Finding{f}})
		err := json.Unmarshal(tamper(t, doc, `,"measurement":`, `,"withoutBreach":true,"measurement":`), &read)
		assert.EqualError(t, err, "sla: reading a verdict: findings[0]: withoutBreach: the promise was broken, or nothing is given")
	}
	// Of what is known nothing is broken, and something is given.
	open := recordsAsOf(t, "2014-05-30T00:00:00Z", dark("o", "2014-05-02T00:00:00Z", exactly))
	f = find(t, printed, open, may2014)
	assert.Equal(t, Undecided, f.Outcome)
	assert.True(t, f.WithoutBreach())
}

func TestUndecided(t *testing.T) {
	c := threeTiers().Commitments[0]
	for _, tt := range []struct {
		name             string
		timeline         outage.Timeline
		outcome          Outcome
		owed, owedAtMost string
		settled          bool
	}{
		{"as of the middle, nothing down yet", recordsAsOf(t, "2014-05-16T12:00:00Z"), Undecided, "0%", "100%", false},
		{"as of the middle, broken already", recordsAsOf(t, "2014-05-16T12:00:00Z", dark("o", "2014-05-02T00:00:00Z", hour)), Missed, "10%", "100%", false},
		{"as of the middle, the last row already", recordsAsOf(t, "2014-05-16T12:00:00Z", dark("o", "2014-05-02T00:00:00Z", 48*hour)), Missed, "100%", "100%", true},
		{"as of the end", recordsAsOf(t, "2014-06-01T00:00:00Z"), Met, "0%", "0%", true},
		{"as of the allowed time before the end", recordsAsOf(t, "2014-05-31T23:37:40.8Z"), Met, "0%", "0%", true},
		{"as of 1 ns earlier", recordsAsOf(t, "2014-05-31T23:37:40.799999999Z"), Undecided, "0%", "10%", false},
		{"a small gap in what was observed", records(t, coverage("2014-04-30T00:00:00Z", "2014-05-10T00:00:00Z"), coverage("2014-05-10T00:20:00Z", "2014-06-02T00:00:00Z")), Met, "0%", "0%", true},
		{"a large gap", records(t, coverage("2014-04-30T00:00:00Z", "2014-05-10T00:00:00Z"), coverage("2014-05-10T01:00:00Z", "2014-06-02T00:00:00Z")), Undecided, "0%", "10%", false},
		{"a gap filled by an outage", records(t, dark("o", "2014-05-10T00:00:00Z", hour), coverage("2014-04-30T00:00:00Z", "2014-05-10T00:00:00Z"), coverage("2014-05-10T01:00:00Z", "2014-06-02T00:00:00Z")), Missed, "10%", "10%", true},
		{"a gap beside a breach", records(t, dark("o", "2014-05-12T00:00:00Z", 6*hour), coverage("2014-04-30T00:00:00Z", "2014-05-10T00:00:00Z"), coverage("2014-05-10T02:00:00Z", "2014-06-02T00:00:00Z")), Missed, "10%", "25%", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := find(t, c, tt.timeline, may2014)
			assert.Equal(t, tt.outcome, f.Outcome)
			assert.Equal(t, tt.owed, f.Entitlement.Percent.String())
			assert.Equal(t, tt.owedAtMost, f.EntitlementAtMost.Percent.String())
			assert.Equal(t, tt.settled, f.Decided())
			assert.Equal(t, tt.outcome, Verdict{Findings: []Finding{f}}.Outcome())
		})
	}
}

func TestSettledCountsSteps(t *testing.T) {
	c := Commitment{Promise: "exactly 100%", Credits: []Tier{{Give: "5%", Per: "full 30m"}}}
	f := find(t, c, recordsAsOf(t, "2014-05-31T23:45:00Z", dark("o", "2014-05-02T00:00:00Z", 40*minute)), may2014)
	assert.True(t, f.Decided(), "40 and 55 minutes make one full step")
	f = find(t, c, recordsAsOf(t, "2014-05-31T23:40:00Z", dark("o", "2014-05-02T00:00:00Z", 40*minute)), may2014)
	assert.Equal(t, Missed, f.Outcome)
	assert.False(t, f.Decided())
	assert.Equal(t, "5%", f.Entitlement.Percent.String())
	assert.Equal(t, "10%", f.EntitlementAtMost.Percent.String())
}

func coverage(start, end string) outage.Coverage {
	return outage.Coverage{Resource: "vm", Start: at(start), End: at(end)}
}

func TestJudgeAllOverPeriods(t *testing.T) {
	terms := Must(threeTiers().Compile())
	timeline := records(t, dark("o", "2014-05-31T23:00:00Z", 90*minute))
	all, err := terms.JudgeAll([]outage.Timeline{timeline}, june2014, may2014, june2014)
	require.NoError(t, err)
	require.Len(t, all, 3)
	for i, want := range []string{
		"missed: 30m down, 21m36s allowed, 8m24s over",
		"missed: 1h down, 22m19.2s allowed, 37m40.8s over",
		"missed: 30m down, 21m36s allowed, 8m24s over",
	} {
		assert.Equal(t, want, all[i].String())
	}
	for i, p := range []calendar.Period{june2014, may2014, june2014} {
		v, err := terms.Judge(timeline, p)
		require.NoError(t, err)
		assert.Equal(t, v, all[i])
	}
	none, err := terms.JudgeAll([]outage.Timeline{timeline}, nil...)
	require.NoError(t, err)
	assert.Empty(t, none)
}

func TestOutcomeText(t *testing.T) {
	for o, want := range map[Outcome]string{None: "none", Met: "met", Missed: "missed", Undecided: "undecided"} {
		text, err := o.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, want, string(text))
		assert.Equal(t, want, o.String())
		var again Outcome
		require.NoError(t, again.UnmarshalText(text))
		assert.Equal(t, o, again)
	}
	_, err := Outcome(7).MarshalText()
	assert.EqualError(t, err, "sla: writing outcome: Outcome(7) is not known")
	o := Missed
	assert.EqualError(t, o.UnmarshalText([]byte("Met")), `sla: reading outcome: "Met" is none of none, met, missed, undecided`)
	assert.Equal(t, Missed, o)
}

func TestLimitString(t *testing.T) {
	assert.Equal(t, "at most 12.5% of the fee", Limit{Remedy: Remedy{Percent: Percent{exact.New(25, 2)}}, Clause: "/atMost/0"}.String())
}

// The outage of 27 May 2014 in us-east-1: instances were back after 20 to 149
// minutes.
func TestJoyent(t *testing.T) {
	for _, tt := range []struct {
		down          time.Duration
		month, year   string
		full, started string
	}{
		{20 * minute, "99.955197%", "99.996194%", "0%", "5%"},
		{32 * minute, "99.928315%", "99.993911%", "5%", "10%"},
		{77 * minute, "99.827508%", "99.985350%", "10%", "15%"},
		{149 * minute, "99.666218%", "99.971651%", "20%", "25%"},
	} {
		timeline := records(t, dark("o", "2014-05-27T20:13:00Z", tt.down))
		m, err := Measure(timeline, may2014)
		require.NoError(t, err)
		assert.Equal(t, tt.month, m.Availability().String())
		m, err = Measure(timeline, all2014)
		require.NoError(t, err)
		assert.Equal(t, tt.year, m.Availability().String())
		for step, want := range map[Step]string{"full 30m": tt.full, "started 30m": tt.started} {
			f := find(t, Commitment{Promise: "exactly 100%", Credits: []Tier{{Give: "5%", Per: step}}, AtMost: []Cap{"100%"}}, timeline, may2014)
			assert.Equal(t, want, f.Entitlement.Percent.String(), "%v, 5%% per %s", tt.down, step)
			assert.Equal(t, Missed, f.Outcome)
		}
	}
}

// Billing periods on the clocks of two zones are judged each by its own, also
// where what is measured are the outages.
func TestJudgeAllInTwoZones(t *testing.T) {
	terms := Must(Agreement{Name: "x", Commitments: []Commitment{{
		Calculation: Calculation{Period: "outage"}, Promise: "exactly 100%", Credits: []Tier{{Give: "5%"}},
	}}}.Compile())
	berlin := Must(time.LoadLocation("Europe/Berlin"))
	may, june := calendar.Month(2026, time.May, time.UTC), calendar.Month(2026, time.June, berlin)
	at := time.Date(2026, time.May, 3, 0, 0, 0, 0, time.UTC)
	timeline, err := outage.NewTimeline(
		outage.Outage{ID: "a", Resource: "web", Start: at, End: at.Add(time.Hour)},
		outage.Outage{ID: "b", Resource: "web", Start: at.AddDate(0, 1, 0), End: at.AddDate(0, 1, 0).Add(time.Hour)},
	)
	require.NoError(t, err)
	verdicts, err := terms.JudgeAll([]outage.Timeline{timeline}, may, june)
	require.NoError(t, err)
	for i, p := range []calendar.Period{may, june} {
		alone, err := terms.Judge(timeline, p)
		require.NoError(t, err)
		require.Len(t, alone.Findings, 1)
		assert.Equal(t, alone, verdicts[i])
	}
}

// Whoever passes over the error of Compile is told so, and does not panic.
func TestNilTerms(t *testing.T) {
	terms, err := Agreement{Commitments: []Commitment{{}}}.Compile()
	require.Error(t, err)
	require.Nil(t, terms)
	may := calendar.Month(2026, time.May, time.UTC)
	_, judge := terms.Judge(outage.Timeline{}, may)
	_, each := terms.JudgeAll([]outage.Timeline{{}}, nil...)
	_, all := terms.JudgeAll(nil, may)
	_, standing := terms.Standing("", nil, calendar.Workdays{}, time.Time{})
	_, exits := terms.Terminations(nil)
	for _, err := range []error{judge, each, all, standing, exits} {
		require.ErrorContains(t, err, "the terms are nil; was the error of Compile passed over?")
	}
	assert.Equal(t, Agreement{}, terms.Agreement())
	assert.Equal(t, "Nothing is promised.", terms.English())
}
