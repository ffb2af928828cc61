package sla_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/credit/batch"
	"github.com/slacredit/slacredit/internal/oracle"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A fleet says in figures what the verdicts say with their account. Random
// worlds of all clauses, and as many of only such as decide on each moment by
// itself: SLACREDIT_FLEET_COUNT of them (3,000).
func TestFleetOracle(t *testing.T) {
	seed := oracleNumber(t, "SLACREDIT_ORACLE_SEED", 1)
	count := oracleNumber(t, "SLACREDIT_FLEET_COUNT", 3_000)
	if testing.Short() {
		count /= 10
	}
	const shards = 8
	var quick, down, periods atomic.Int64
	t.Run("worlds", func(t *testing.T) {
		for shard := range uint64(shards) {
			t.Run(strconv.FormatUint(shard, 10), func(t *testing.T) {
				t.Parallel()
				for n := shard; n < count; n += shards {
					fleet, own := newFleetWorld(t, seed, n)
					want, err := fleet.Verdicts(own)
					require.NoError(t, err, n)
					got, err := fleet.Judge(nil, own...)
					require.NoError(t, err, n)
					require.Equal(t, summariesOf(want), got, "world %d, quick: %t", n, fleet.Direct())
					slices.Reverse(own)
					again, err := fleet.Judge(got[:0:0], own...)
					require.NoError(t, err, n)
					require.Equal(t, got, again, "world %d, quick: %t", n, fleet.Direct())
					if fleet.Direct() {
						quick.Add(1)
						periods.Add(int64(len(got)))
						for i, s := range got {
							m := want[i].Findings[0].Measurement
							require.Equal(t, m.Availability(), s.Availability(), n)
							if s.Down > 0 {
								down.Add(1)
							}
							found := want[i].Findings[0]
							e, err := fleet.Terms().Entitlement(found.Clause, s.Due, s.Down)
							require.NoError(t, err)
							require.Equal(t, found.Entitlement, e, n)
							require.Equal(t, rowsHeld(t, fleet.Terms(), found), int(s.Row), n)
						}
					}
				}
			})
		}
	})
	t.Logf("%d of %d worlds were quick, with %d periods of which %d had downtime", quick.Load(), count, periods.Load(), down.Load())
	if !t.Failed() && count >= 1000 {
		assert.Greater(t, uint64(quick.Load()), count/4)
		assert.Greater(t, down.Load(), periods.Load()/3)
	}
}

// newFleetWorld returns a world as a fleet, and the outages that one of its
// resources has alone.
func newFleetWorld(t *testing.T, seed, number uint64) (*batch.Fleet, []outage.Window) {
	w := oracle.New(seed, number).Alone()
	r := rand.New(rand.NewPCG(seed, number))
	agreement, asOf, period := w.Agreement(), w.AsOf(), w.Period()
	c := &agreement.Commitments[0]
	if number%3 > 0 {
		c.Downtime = sla.Downtime{Loss: c.Downtime.Loss}
		if c.Calculation.Period == "outage" || number%2 == 0 {
			c.Calculation.Period, c.Base.Window = "", ""
		}
		for i := range c.Exclusions {
			c.Exclusions[i].Allowance = ""
		}
		if after := period.Window().End().Add(time.Duration(r.IntN(48)) * time.Hour); number%3 == 1 && !asOf.IsZero() && asOf.Before(after) {
			asOf = after
		}
	}
	var windows []outage.Window
	own := map[string]bool{} // a record may come twice
	records := slices.DeleteFunc(w.Records(), func(record outage.Record) bool {
		o, is := record.(outage.Outage)
		if !is {
			return false
		}
		mine, seen := own[o.ID]
		if !seen {
			mine = !o.End.IsZero() && (asOf.IsZero() || o.Start.Before(asOf)) && r.IntN(4) > 0
			own[o.ID] = mine
			if mine {
				windows = append(windows, outage.MustWindow(o.Start, o.End))
			}
		}
		return mine
	})
	if r.IntN(10) == 0 { // more than a handful
		for range 20 {
			start := period.Window().Start().Add(time.Duration(r.Int64N(int64(period.Length()))))
			windows = append(windows, outage.MustWindow(start, start.Add(time.Duration(1+r.IntN(5))*time.Minute)))
		}
	}
	compiled, err := agreement.Compile()
	require.NoError(t, err, number)
	shared, err := outage.Options{AsOf: asOf, Resources: []string{"r0"}}.Timelines(records...)
	require.NoError(t, err, number)
	periods := []calendar.Period{period}
	switch {
	case c.Downtime.Requests: // which are counted within one
	case r.IntN(4) == 0:
		periods = []calendar.Period{w.Day(-1), w.Day(0), w.Day(1)}
	case r.IntN(4) == 0:
		periods = append(periods, period) // which no clock runs through
	}
	fleet, err := batch.NewFleet(compiled, shared[0], periods...)
	require.NoError(t, err, number)
	return fleet, windows
}

// rowsHeld returns the last row that the downtime of a finding reaches, from 1 on,
// by the most that does not.
func rowsHeld(t *testing.T, terms *sla.Terms, f sla.Finding) (held int) {
	t.Helper()
	if f.Measurement.Due == 0 {
		return 0
	}
	rows, err := terms.Rows(f.Clause, f.Measurement.Due)
	require.NoError(t, err)
	for i, r := range rows {
		if f.Measurement.Down > r.Allowed {
			held = i + 1
		}
	}
	return held
}

// summariesOf returns what verdicts on one commitment decide.
func summariesOf(verdicts []sla.Verdict) []batch.Figures {
	var all []batch.Figures
	row := func(e sla.Entitlement) int32 {
		if e.Clause == "" {
			return 0
		}
		n, _ := strconv.Atoi(e.Clause[len("/commitments/0/credits/"):])
		return int32(n + 1)
	}
	for i, v := range verdicts {
		for _, f := range v.Findings {
			all = append(all, batch.Figures{
				Period: int32(i), Findings: 1, Row: row(f.Entitlement), RowAtMost: row(f.EntitlementAtMost), Outcome: f.Outcome,
				Due: f.Measurement.Due, Down: f.Measurement.Down, DownAtMost: f.Measurement.DownAtMost, Unknown: f.Measurement.Unknown > 0,
			})
		}
	}
	return all
}

// Which terms decide on each moment by itself, clause by clause.
func TestQuick(t *testing.T) {
	at := func(day, hour int) time.Time { return time.Date(2024, 6, day, hour, 0, 0, 0, time.UTC) }
	june := calendar.Month(2024, time.June, time.UTC)
	plain := sla.Commitment{Promise: "at least 99.9%", Credits: []sla.Tier{{Give: "10%"}, {When: "below 99%", Give: "25%"}}}
	with := func(change func(*sla.Commitment)) sla.Commitment {
		c := plain
		c.Credits = slices.Clone(c.Credits)
		change(&c)
		return c
	}
	maintenance := outage.Maintenance{ID: "m", Start: at(3, 1), End: at(3, 3), Announced: at(1, 0)}
	for name, tt := range map[string]struct {
		commitment sla.Commitment
		asOf       time.Time
		shared     []outage.Record
		quick      bool
	}{
		"plain": {commitment: plain, quick: true},
		"maintenance": {commitment: with(func(c *sla.Commitment) {
			c.Exclusions = []sla.Exclusion{{Causes: []string{"maintenance"}, Notice: "24h"}}
		}), shared: []outage.Record{maintenance}, quick: true},
		"removed": {commitment: with(func(c *sla.Commitment) {
			c.Exclusions = []sla.Exclusion{{Causes: []string{"maintenance"}, Notice: "24h", Removed: true}}
		}), shared: []outage.Record{maintenance}, quick: true},
		"first": {commitment: with(func(c *sla.Commitment) {
			c.Exclusions = []sla.Exclusion{{Causes: []string{"maintenance"}, Notice: "24h", First: true}}
		}), shared: []outage.Record{maintenance}, quick: true},
		"allowance": {commitment: with(func(c *sla.Commitment) {
			c.Exclusions = []sla.Exclusion{{Causes: []string{"maintenance"}, Notice: "24h", Allowance: "1h"}}
		}), shared: []outage.Record{maintenance}},
		"service hours": {commitment: with(func(c *sla.Commitment) {
			c.Calculation = sla.Calculation{Zone: "UTC", Hours: []sla.Hours{"Mon-Fri 08:00-18:00"}}
		}), quick: true},
		"length":               {commitment: with(func(c *sla.Commitment) { c.Calculation.Length = "720h" }), quick: true},
		"rounding":             {commitment: with(func(c *sla.Commitment) { c.Calculation.Round = "nearest 0.1%" }), quick: true},
		"life":                 {commitment: plain, shared: []outage.Record{outage.Lifetime{Start: at(10, 0)}}, quick: true},
		"whole":                {commitment: with(func(c *sla.Commitment) { c.Calculation.Whole = true }), shared: []outage.Record{outage.Lifetime{Start: at(10, 0)}}, quick: true},
		"shared outage":        {commitment: plain, shared: []outage.Record{outage.Outage{ID: "o", Start: at(10, 0), End: at(10, 1)}}, quick: true},
		"steps of downtime":    {commitment: with(func(c *sla.Commitment) { c.Credits[0].Per = "full 30m" }), quick: true},
		"promise of downtime":  {commitment: sla.Commitment{Promise: "at most 1h", Credits: []sla.Tier{{Give: "50x"}}}, quick: true},
		"promise of outages":   {commitment: sla.Commitment{Promise: "at most 1 outage", Credits: []sla.Tier{{Give: "5%"}}}},
		"steps of outages":     {commitment: with(func(c *sla.Commitment) { c.Credits[0].Per = "full 1 outage" })},
		"slots":                {commitment: with(func(c *sla.Commitment) { c.Downtime.Slot = "5m" })},
		"requests":             {commitment: with(func(c *sla.Commitment) { c.Downtime.Slot, c.Downtime.Requests = "5m", true })},
		"a loss":               {commitment: with(func(c *sla.Commitment) { c.Downtime.Loss = "over 5%" }), quick: true},
		"weighted":             {commitment: with(func(c *sla.Commitment) { c.Downtime.Weighted = true })},
		"lasting":              {commitment: with(func(c *sla.Commitment) { c.Downtime.Lasting = "over 5m" })},
		"causes":               {commitment: with(func(c *sla.Commitment) { c.Downtime.Causes = []string{"network"} })},
		"marks":                {commitment: with(func(c *sla.Commitment) { c.Downtime.Starts = []string{"ticket"} })},
		"calendar months":      {commitment: with(func(c *sla.Commitment) { c.Calculation.Period = "1mo" }), quick: true},
		"trailing months":      {commitment: with(func(c *sla.Commitment) { c.Calculation.Period, c.Base.Window = "3mo trailing", "billed" }), quick: true},
		"days":                 {commitment: with(func(c *sla.Commitment) { c.Calculation.Period, c.Base.Window = "1d", "billed" })},
		"quarters":             {commitment: with(func(c *sla.Commitment) { c.Calculation.Period, c.Base.Window = "3mo", "billed" }), quick: true}, // June ends one
		"years":                {commitment: with(func(c *sla.Commitment) { c.Calculation.Period, c.Base.Window = "12mo", "billed" })},
		"each outage":          {commitment: with(func(c *sla.Commitment) { c.Calculation.Period = "outage" })},
		"as of after it":       {commitment: plain, asOf: june.Window().End(), quick: true},
		"as of within it":      {commitment: plain, asOf: at(20, 0)},
		"unobserved":           {commitment: plain, shared: []outage.Record{outage.Coverage{Start: at(1, 0), End: at(9, 0)}}},
		"unobserved, out":      {commitment: with(func(c *sla.Commitment) { c.Calculation.Unknown = "out" }), shared: []outage.Record{outage.Coverage{Start: at(1, 0), End: at(9, 0)}}},
		"unobserved, up":       {commitment: with(func(c *sla.Commitment) { c.Calculation.Unknown = "up" }), shared: []outage.Record{outage.Coverage{Start: at(1, 0), End: at(9, 0)}}, quick: true},
		"unobserved, down":     {commitment: with(func(c *sla.Commitment) { c.Calculation.Unknown = "down" }), shared: []outage.Record{outage.Coverage{Start: at(1, 0), End: at(9, 0)}}, quick: true},
		"shared and under way": {commitment: plain, asOf: june.Window().End(), shared: []outage.Record{outage.Outage{ID: "o", Start: at(10, 0)}}},
	} {
		t.Run(name, func(t *testing.T) {
			terms, err := sla.Agreement{Commitments: []sla.Commitment{tt.commitment}}.Compile()
			require.NoError(t, err)
			shared, err := outage.Options{AsOf: tt.asOf}.Timeline(tt.shared...)
			require.NoError(t, err)
			fleet, err := batch.NewFleet(terms, shared, june)
			require.NoError(t, err)
			assert.Equal(t, tt.quick, fleet.Direct())
			own := []outage.Window{outage.MustWindow(at(10, 0), at(10, 2)), outage.MustWindow(at(3, 0), at(3, 2))}
			verdicts, err := fleet.Verdicts(own)
			require.NoError(t, err)
			got, err := fleet.Judge(nil, own...)
			require.NoError(t, err)
			assert.Equal(t, summariesOf(verdicts), got)
		})
	}
}

// Outages that quick terms cannot read are judged, or refused, all the same.
func TestFleetEdges(t *testing.T) {
	june := calendar.Month(2024, time.June, time.UTC)
	asOf := june.Window().End().Add(time.Hour)
	terms := sla.Must(sla.Agreement{Commitments: []sla.Commitment{{Promise: "at least 99.9%"}}}.Compile())
	shared, err := outage.Options{AsOf: asOf}.Timeline(outage.Maintenance{ID: "#7", Start: asOf, End: asOf.Add(1)})
	require.NoError(t, err)
	fleet, err := batch.NewFleet(terms, shared, june)
	require.NoError(t, err)
	require.True(t, fleet.Direct())

	goesOn := outage.MustWindow(asOf.Add(-2*time.Hour), asOf.Add(1))
	got, err := fleet.Judge(nil, goesOn)
	require.NoError(t, err)
	verdicts, err := fleet.Verdicts([]outage.Window{goesOn})
	require.NoError(t, err)
	assert.Equal(t, summariesOf(verdicts), got)
	assert.True(t, verdicts[0].Findings[0].Measurement.Outages[0].Open)
	assert.Equal(t, []string{"##1"}, verdicts[0].Findings[0].Measurement.Outages[0].Records)

	_, err = fleet.Judge(nil, goesOn, outage.Window{})
	assert.EqualError(t, err, "outage: windows[1]: the window is empty")

	_, err = batch.NewFleet(nil, shared, june)
	assert.ErrorContains(t, err, "the terms are nil")
	_, err = batch.NewFleet(terms, shared, calendar.Period{})
	assert.ErrorContains(t, err, "the period is missing")
	scoped := sla.Must(sla.Agreement{Commitments: []sla.Commitment{{Promise: "at least 99%", Scope: sla.Scope{Levels: []sla.Level{{By: "zone"}}}}}}.Compile())
	_, err = batch.NewFleet(scoped, shared, june)
	assert.ErrorContains(t, err, `has no label "zone"`)
	_, err = batch.NewFleet(terms, shared)
	assert.EqualError(t, err, `batch: fleet of "": there are no periods`)

	// What goes on is judged by its whole timeline, and nothing panics.
	// A fleet shares nothing that its caller may change.
	capped := sla.Must(sla.Agreement{AtMost: []sla.Cap{"100%"}, Commitments: []sla.Commitment{{Promise: "at least 99.9%", Base: sla.Base{Only: []string{"hourly"}}, Credits: []sla.Tier{{Give: "5%"}}, AtMost: []sla.Cap{"50%"}}}}.Compile())
	own := sla.Must(batch.NewFleet(capped, shared, june))
	want := sla.Must(own.Verdicts(nil))
	spoiled := sla.Must(own.Verdicts(nil))
	spoiled[0].Limits[0], spoiled[0].Findings[0].Limits[0], spoiled[0].Findings[0].Base.Only[0] = sla.Limit{}, sla.Limit{}, "other"
	spoiled[0].Findings[0].Clause = "/other"
	assert.Equal(t, want, sla.Must(own.Verdicts(nil)))
}

func TestFleetAllocatesNothing(t *testing.T) {
	june := calendar.Month(2024, time.June, time.UTC)
	start := june.Window().Start()
	own := []outage.Window{outage.MustWindow(start, start.Add(time.Hour)), outage.MustWindow(start.Add(-time.Hour), start.Add(time.Minute))}
	terms := sla.Must(sla.Agreement{Commitments: []sla.Commitment{{Promise: "at least 99.9%", Credits: []sla.Tier{{Give: "5%"}}}}}.Compile())
	fleet, err := batch.NewFleet(terms, outage.Timeline{}, june)
	require.NoError(t, err)
	summaries := make([]batch.Figures, 0, 1)
	assert.Zero(t, testing.AllocsPerRun(100, func() { summaries, err = fleet.Judge(summaries[:0], own...) }))
	require.NoError(t, err)
	assert.Equal(t, []batch.Figures{{Findings: 1, Row: 1, RowAtMost: 1, Outcome: sla.Missed, Due: june.Length(), Down: time.Hour, DownAtMost: time.Hour}}, summaries)
}
