package sla

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// forgiving returns the exclusion of a cause with an allowance.
func forgiving(cause string, allowance Cap) Exclusion {
	return Exclusion{Causes: []string{cause}, Allowance: allowance}
}

// readBack checks that a finding is read as it was written.
func readBack(t testing.TB, f Finding) {
	t.Helper()
	written := Verdict{Agreement: "x", Resource: f.Measurement.Resource, Period: f.Measurement.Period, Findings: []Finding{f}}
	data, err := json.Marshal(written)
	require.NoError(t, err)
	var read Verdict
	require.NoError(t, json.Unmarshal(data, &read))
	again, err := json.Marshal(read)
	require.NoError(t, err)
	assert.Equal(t, string(data), string(again))
}

// What goes beyond an allowance is an outage with its record, and goes on as
// the record does.
func TestOutageBeyondAnAllowanceKeepsItsRecord(t *testing.T) {
	c := Commitment{Promise: "at most 0 outages", Exclusions: []Exclusion{forgiving("x", "1h")}}
	open := outage.Outage{ID: "o", Resource: "vm", Start: at("2014-05-01T02:00:00Z"), Cause: "x"}
	f := find(t, c, recordsAsOf(t, "2014-05-03T00:00:00Z", open), may2014)
	assert.Equal(t, Undecided, f.Outcome)
	assert.Zero(t, f.Measurement.Count())
	require.Len(t, f.Measurement.Outages, 1)
	run := f.Measurement.Outages[0]
	assert.Equal(t, "2014-05-01T03:00:00Z/2014-05-03T00:00:00Z", run.Window.String())
	assert.Equal(t, []string{"o"}, run.Records)
	assert.True(t, run.Open)
	assert.True(t, f.Measurement.Open)
	readBack(t, f)

	// A record whose parts beyond the allowance touch one outage stands there once.
	c = Commitment{Promise: "exactly 100%", Downtime: Downtime{Slot: "1h"}, Exclusions: []Exclusion{forgiving("x", "1h per 1mo")}}
	f = find(t, c, records(t, caused(dark("a", "2014-05-01T00:00:00Z", 3*hour), "x", 0), caused(dark("b", "2014-05-01T00:30:00Z", 3*hour), "x", 0)), may2014)
	require.Len(t, f.Measurement.Outages, 1)
	assert.Equal(t, []string{"a", "b"}, f.Measurement.Outages[0].Records)
	readBack(t, f)
}

func TestUnobservedTimeCountedAsDownReadsBack(t *testing.T) {
	c := Commitment{Promise: "exactly 100%", Calculation: Calculation{Unknown: "down"}}
	f := find(t, c, records(t, coverage("2014-05-02T00:00:00Z", "2014-06-01T00:00:00Z")), may2014)
	require.Len(t, f.Measurement.Outages, 1)
	assert.Empty(t, f.Measurement.Outages[0].Records)
	readBack(t, f)
}

// A partial outage beside a full one does not lift the limit on the full one.
func TestAllowanceIsDrawnWhereAShareStillCounts(t *testing.T) {
	full := caused(dark("x", "2014-05-10T00:00:00Z", 10*hour), "x", 0)
	part := caused(dark("p", "2014-05-10T00:00:00Z", 10*hour), "", 99)
	for slot, want := range map[Slot]time.Duration{"": 9*hour + 36*second, "1h": 9*hour + 36*second} {
		c := Commitment{Promise: "exactly 100%", Downtime: Downtime{Weighted: true, Slot: slot}, Exclusions: []Exclusion{forgiving("x", "1h")}}
		assert.Equal(t, 9*hour, find(t, c, records(t, full), may2014).Measurement.Down)
		assert.Equal(t, want, find(t, c, records(t, full, part), may2014).Measurement.Down)
	}
}

// Two outages on the same time, each with an exclusion of its own, are forgiven
// as far as both allowances reach, in whatever order.
func TestAllowancesOnTheSameTime(t *testing.T) {
	x := caused(dark("x", "2014-05-10T00:00:00Z", 10*hour), "x", 0)
	y := caused(dark("y", "2014-05-10T00:00:00Z", 10*hour), "y", 0)
	for _, limit := range []Cap{"", "2h", "1h", "20h"} {
		for _, exclusions := range [][]Exclusion{{forgiving("x", "1h"), forgiving("y", limit)}, {forgiving("y", limit), forgiving("x", "1h")}} {
			m := find(t, Commitment{Promise: "exactly 100%", Exclusions: exclusions}, records(t, x, y), may2014).Measurement
			assert.Equal(t, 9*hour, m.Down, "%v", exclusions)
			assert.Equal(t, hour, m.Excused, "%v", exclusions)
		}
	}
}

// A slot that does not fit what is left draws nothing, and one that fits is
// covered.
func TestSlotThatDoesNotFitLeavesTheAllowance(t *testing.T) {
	c := Commitment{
		Promise: "exactly 100%", Downtime: Downtime{Slot: "2h"}, Exclusions: []Exclusion{forgiving("x", "1h")},
		Calculation: Calculation{Zone: "UTC", Hours: []Hours{"00:00-05:00"}},
	}
	x := caused(dark("x", "2014-05-10T00:00:00Z", 6*hour), "x", 0) // slots of 2h, 2h and one within the hours
	m := find(t, c, records(t, x), may2014).Measurement
	assert.Equal(t, 4*hour, m.Down)
	assert.Equal(t, hour, m.Excused)
}

// What is removed is outside, and draws no allowance, whatever the order.
func TestRemovedTimeDrawsNoAllowance(t *testing.T) {
	x := caused(dark("x", "2014-05-10T00:00:00Z", 10*hour), "x", 0)
	aside := planned("m", "2014-05-10T00:00:00Z", 5*hour, 0)
	removed := Exclusion{Causes: []string{"maintenance"}, Notice: "none", Removed: true}
	for _, exclusions := range [][]Exclusion{{forgiving("x", "5h"), removed}, {removed, forgiving("x", "5h")}} {
		m := find(t, Commitment{Promise: "exactly 100%", Exclusions: exclusions}, records(t, x, aside), may2014).Measurement
		assert.Zero(t, m.Down)
		assert.Equal(t, 5*hour, m.Excused)
		assert.Equal(t, 5*hour, m.Outside)
	}
}

// An allowance on what is removed is drawn by the windows: what lies in them
// beyond it is due, and counts.
func TestAllowanceOfRemovedTimeIsDrawnByWindows(t *testing.T) {
	c := Commitment{Promise: "exactly 100%", Exclusions: []Exclusion{
		{Causes: []string{"maintenance"}, Notice: "none", Removed: true, Allowance: "4h"},
	}}
	m := find(t, c, records(t, planned("m", "2014-05-10T00:00:00Z", 6*hour, 0), dark("o", "2014-05-10T05:00:00Z", hour)), may2014).Measurement
	assert.Equal(t, may2014.Length()-4*hour, m.Due)
	assert.Equal(t, hour, m.Down)

	c.Exclusions[0].Removed = false
	m = find(t, c, records(t, planned("m", "2014-05-10T00:00:00Z", 6*hour, 0), dark("o", "2014-05-10T05:00:00Z", hour)), may2014).Measurement
	assert.Equal(t, may2014.Length(), m.Due)
	assert.Zero(t, m.Down)
}

// An outage across the end of a period is counted in one of the two, also where
// each has an allowance of its own.
func TestOutageAcrossPeriodsIsCountedOnce(t *testing.T) {
	c := Commitment{
		Promise: "at most 0 outages", Downtime: Downtime{Slot: "3h"},
		Exclusions:  []Exclusion{{Hours: []Hours{"Sun"}, Allowance: "2h"}},
		Calculation: Calculation{Zone: "UTC"},
	}
	weeks := calendar.Cycle{Start: calendar.Date{Year: 2014, Month: time.May, Day: 4}, Zone: time.UTC, Days: 7} // begin on Sundays
	timeline := records(t, dark("o", "2014-05-10T21:00:00Z", 6*hour))
	counts := 0
	for n := range 3 {
		counts += find(t, c, timeline, Must(weeks.Period(n))).Measurement.Count()
	}
	assert.Equal(t, 1, counts)
}

// A resource alone is a group of one, also where its life ends in an outage.
func TestGroupOfOneIsTheResource(t *testing.T) {
	timeline := records(t,
		dark("o", "2014-05-10T00:00:00Z", 10*hour),
		outage.Lifetime{Resource: "vm", Start: at("2014-01-01T00:00:00Z"), End: at("2014-05-10T01:00:00Z")},
	)
	for _, downtime := range []Downtime{{Lasting: "at least 2h"}, {Slot: "4h", Loss: "exactly 100%"}, {Slot: "4h", Lasting: "over 5h"}} {
		for _, whole := range []bool{false, true} {
			c := Commitment{Promise: "exactly 100%", Downtime: downtime, Calculation: Calculation{Whole: whole}}
			alone := find(t, c, timeline, may2014).Measurement
			assert.Equal(t, hour, alone.Down)
			c.Scope.Levels = []Level{{By: "region", Min: 1}}
			verdicts, err := Must(single(c).Compile()).JudgeAll([]outage.Timeline{timeline.WithLabels(map[string]string{"region": "vm"})}, may2014)
			require.NoError(t, err)
			group := verdicts[0].Findings[0].Measurement
			assert.Equal(t, []time.Duration{alone.Up, alone.Down, alone.Excused, alone.Unknown, alone.Outside, alone.DownAtMost, alone.Due},
				[]time.Duration{group.Up, group.Down, group.Excused, group.Unknown, group.Outside, group.DownAtMost, group.Due}, "%+v", downtime)
		}
	}
}

// Two members that fail together were down as long as they were, also if one of
// them is deleted meanwhile.
func TestDeletedMemberDoesNotShortenTheOutage(t *testing.T) {
	member := func(name string, records ...outage.Record) outage.Timeline {
		timeline, err := outage.NewTimeline(records...)
		require.NoError(t, err)
		return timeline.WithLabels(map[string]string{"zone": "z"})
	}
	down := func(name string) outage.Outage {
		return outage.Outage{ID: name, Resource: name, Start: at("2014-05-10T00:00:00Z"), End: at("2014-05-10T10:00:00Z")}
	}
	resources := []outage.Timeline{
		member("a", down("a"), outage.Lifetime{Resource: "a", Start: at("2014-01-01T00:00:00Z"), End: at("2014-05-10T01:00:00Z")}),
		member("b", down("b")),
	}
	c := Commitment{
		Promise: "exactly 100%", Downtime: Downtime{Lasting: "at least 2h"},
		Scope: Scope{Levels: []Level{{By: "zone", Down: "at least 2", Min: 2}}},
	}
	verdicts, err := Must(single(c).Compile()).JudgeAll(resources, may2014)
	require.NoError(t, err)
	assert.Equal(t, hour, verdicts[0].Findings[0].Measurement.Down)
}

// A group of one group is that group, also where one member is deleted in an
// outage while another one is not observed and left out.
func TestGroupOfAGroupSeesDeletedMembers(t *testing.T) {
	member := func(records ...outage.Record) outage.Timeline {
		timeline, err := outage.NewTimeline(records...)
		require.NoError(t, err)
		return timeline.WithLabels(map[string]string{"zone": "z"})
	}
	resources := []outage.Timeline{
		member(outage.Coverage{Resource: "a", Start: at("2014-05-01T00:00:00Z"), End: at("2014-05-02T00:00:00Z")}),
		member(
			outage.Outage{ID: "o", Resource: "b", Start: at("2014-05-10T00:00:00Z"), End: at("2014-05-10T10:00:00Z")},
			outage.Lifetime{Resource: "b", Start: at("2014-01-01T00:00:00Z"), End: at("2014-05-10T01:00:00Z")},
		),
	}
	for _, levels := range [][]Level{{{By: "zone"}}, {{By: "zone"}, {By: "zone"}}} {
		c := Commitment{
			Promise: "exactly 100%", Downtime: Downtime{Lasting: "at least 2h"}, Scope: Scope{Levels: levels}, Calculation: Calculation{Unknown: "out"},
		}
		verdicts, err := Must(single(c).Compile()).JudgeAll(resources, may2014)
		require.NoError(t, err)
		assert.Equal(t, hour, verdicts[0].Findings[0].Measurement.Down, "%d levels", len(levels))
	}
}

// A slot is filled by an outage as it happened, also where the member that failed
// is deleted in it and another one is unobserved and left out: as for the resource
// alone.
func TestSlotOfADeletedMemberBesideOneThatIsLeftOut(t *testing.T) {
	records := []outage.Record{
		outage.Outage{ID: "o", Resource: "b", Start: at("2014-05-10T00:30:00Z"), End: at("2014-05-10T10:00:00Z")},
		outage.Lifetime{Resource: "b", Start: at("2014-01-01T00:00:00Z"), End: at("2014-05-10T01:00:00Z")},
	}
	zone := map[string]string{"zone": "z"}
	alone := Must(outage.NewTimeline(records...)).WithLabels(zone)
	other := Must(outage.NewTimeline(outage.Coverage{Resource: "a", Start: at("2014-05-01T00:00:00Z"), End: at("2014-05-02T00:00:00Z")})).WithLabels(zone)
	c := Commitment{
		Promise: "exactly 100%", Downtime: Downtime{Slot: "2h", Loss: "over 50%"}, Calculation: Calculation{Unknown: "out"},
	}
	assert.Equal(t, hour, Must(Must(single(c).Compile()).Judge(alone, may2014)).Findings[0].Measurement.Down)
	c.Scope.Levels = []Level{{By: "zone"}}
	verdicts, err := Must(single(c).Compile()).JudgeAll([]outage.Timeline{alone, other}, may2014)
	require.NoError(t, err)
	assert.Equal(t, hour, verdicts[0].Findings[0].Measurement.Down)
}

// What is removed of a group of groups is the time in which all groups that are
// to be served are set aside; one with too few members is not.
func TestRemovedWhereOnlyTheGroupsToServeAreSetAside(t *testing.T) {
	member := func(name, zone string, records ...outage.Record) outage.Timeline {
		labels := map[string]string{"zone": zone, "region": "r"}
		return Must(outage.Options{Labels: map[string]map[string]string{name: labels}}.Timeline(records...))
	}
	plan := func(name string) outage.Record {
		return outage.Maintenance{ID: "m-" + name, Resource: name, Start: at("2014-05-10T00:00:00Z"), End: at("2014-05-10T04:00:00Z")}
	}
	c := Commitment{
		Promise: "exactly 100%", Scope: Scope{Levels: []Level{{By: "zone", Min: 2}, {By: "region"}}},
		Exclusions: []Exclusion{{Causes: []string{"maintenance"}, Notice: "none", Removed: true}},
	}
	verdicts, err := Must(single(c).Compile()).JudgeAll([]outage.Timeline{
		member("a", "1", plan("a")), member("b", "1", plan("b")), member("c", "2"),
	}, may2014)
	require.NoError(t, err)
	assert.Equal(t, 4*hour, verdicts[0].Findings[0].Measurement.Outside)
}

// What unobserved time draws of an allowance does not depend on which periods
// are judged with each other.
func TestHoursAreToldAsFarBackAsAnAllowance(t *testing.T) {
	quarter := []calendar.Period{calendar.Month(2014, time.April, time.UTC), may2014, june2014}
	timeline := records(t,
		coverage("2014-05-01T00:00:00Z", "2014-07-01T00:00:00Z"),
		planned("a", "2014-04-05T00:00:00Z", 24*hour, 0), // a Saturday, unobserved
		planned("j", "2014-06-10T08:00:00Z", 2*hour, 0), dark("o", "2014-06-10T08:00:00Z", 2*hour),
	)
	maintenance := Exclusion{Causes: []string{"maintenance"}, Notice: "none", Allowance: "10h per 3mo"}
	for name, c := range map[string]Commitment{
		"service hours":               {Exclusions: []Exclusion{maintenance}, Calculation: Calculation{Zone: "UTC", Hours: []Hours{"Mon-Fri"}, Unknown: "down"}},
		"hours set aside before":      {Exclusions: []Exclusion{{Hours: []Hours{"Sat"}}, maintenance}, Calculation: Calculation{Zone: "UTC", Unknown: "down"}},
		"hours removed, in any order": {Exclusions: []Exclusion{maintenance, {Hours: []Hours{"Sat"}, Removed: true}}, Calculation: Calculation{Zone: "UTC", Unknown: "down"}},
	} {
		c.Promise = "at least 50%"
		terms := Must(single(c).Compile())
		together, err := terms.JudgeAll([]outage.Timeline{timeline}, quarter...)
		require.NoError(t, err)
		for i, p := range quarter {
			alone, err := terms.Judge(timeline, p)
			require.NoError(t, err)
			assert.Equal(t, together[i], alone, name)
		}
		assert.Zero(t, together[2].Findings[0].Measurement.Down, name)
	}
}

// A redundant group in which one member fails by itself while another is in
// maintenance: what is down only through maintenance is forgiven, unless the
// agreement counts such a member as down.
func TestRedundantGroupInMaintenance(t *testing.T) {
	member := func(name string, records ...outage.Record) outage.Timeline {
		timeline, err := outage.NewTimeline(records...)
		require.NoError(t, err)
		return timeline.WithLabels(map[string]string{"zone": "z"})
	}
	work := func(name string, dark bool) []outage.Record {
		all := []outage.Record{outage.Maintenance{ID: "m-" + name, Resource: name, Start: at("2014-05-10T00:00:00Z"), End: at("2014-05-10T04:00:00Z")}}
		if dark {
			all = append(all, outage.Outage{ID: "w-" + name, Resource: name, Start: at("2014-05-10T00:00:00Z"), End: at("2014-05-10T04:00:00Z"), Cause: "maintenance"})
		}
		return all
	}
	fails := func(name string) outage.Record {
		return outage.Outage{ID: "o-" + name, Resource: name, Start: at("2014-05-10T01:00:00Z"), End: at("2014-05-10T02:00:00Z")}
	}
	for _, tt := range []struct {
		name        string
		resources   []outage.Timeline
		excusedDown bool
		want        [2]time.Duration // down, excused
	}{
		{"forgiven", []outage.Timeline{member("a", work("a", true)...), member("b", fails("b"))}, false, [2]time.Duration{0, hour}},
		{"counted as down", []outage.Timeline{member("a", work("a", true)...), member("b", fails("b"))}, true, [2]time.Duration{hour, 0}},
		{"without an outage of its own", []outage.Timeline{member("a", work("a", false)...), member("b", fails("b"))}, false, [2]time.Duration{0, 0}},
		{"counted as down without one", []outage.Timeline{member("a", work("a", false)...), member("b", fails("b"))}, true, [2]time.Duration{hour, 0}},
		{"both in maintenance", []outage.Timeline{member("a", work("a", true)...), member("b", work("b", true)...)}, true, [2]time.Duration{0, 4 * hour}},
		{"windows alone", []outage.Timeline{member("a", work("a", false)...), member("b", work("b", false)...)}, true, [2]time.Duration{0, 0}},
	} {
		c := Commitment{
			Promise:    "exactly 100%",
			Scope:      Scope{Levels: []Level{{By: "zone", Down: "exactly 100%", ExcusedDown: tt.excusedDown}}},
			Exclusions: []Exclusion{{Causes: []string{"maintenance"}, Notice: "none"}},
		}
		verdicts, err := Must(single(c).Compile()).JudgeAll(tt.resources, may2014)
		require.NoError(t, err)
		m := verdicts[0].Findings[0].Measurement
		assert.Equal(t, tt.want, [2]time.Duration{m.Down, m.Excused}, tt.name)
		readBack(t, verdicts[0].Findings[0])
	}
}

// An outage that goes on when a month is over leaves it open only where it can
// still change a figure of it.
func TestMonthIsOpenOnlyWhereItCanChange(t *testing.T) {
	open := outage.Outage{ID: "o", Resource: "vm", Start: at("2014-05-31T23:58:00Z")}
	for _, tt := range []struct {
		c    Commitment
		asOf string
		want bool
	}{
		{Commitment{}, "2014-06-01T00:01:00Z", false},
		{Commitment{Downtime: Downtime{Lasting: "over 5m"}}, "2014-06-01T00:01:00Z", true},
		{Commitment{Downtime: Downtime{Lasting: "over 5m"}}, "2014-06-01T00:04:00Z", false},
		{Commitment{Downtime: Downtime{Slot: "7m"}}, "2014-06-01T00:01:00Z", false},
		{Commitment{Downtime: Downtime{Slot: "1h from 2014-05-01T00:30:00Z", Loss: "over 50%"}}, "2014-06-01T00:10:00Z", true},
		{Commitment{Downtime: Downtime{Slot: "1h from 2014-05-01T00:30:00Z", Weighted: true}}, "2014-06-01T00:10:00Z", true},
		{Commitment{Exclusions: []Exclusion{{Hours: []Hours{"Sat"}, Removed: true}}, Calculation: Calculation{Zone: "UTC"}, Downtime: Downtime{Lasting: "over 1h"}}, "2014-06-01T00:00:00Z", false},
		{Commitment{}, "2014-05-31T23:59:00Z", true}, // the month is not over
		{Commitment{}, "2014-05-31T23:59:00Z", true}, // the month is not over
		{Commitment{}, "2014-06-01T00:00:00Z", true}, // it may have ended in it, and counts there
	} {
		f := find(t, tt.c, recordsAsOf(t, tt.asOf, open), may2014)
		assert.Equal(t, tt.want, f.Measurement.Open, "%+v as of %s", tt.c.Downtime, tt.asOf)
		readBack(t, f)
	}
}

// More downtime is never less: one more outage, of whatever cause, lowers
// nothing that is down, however many allowances there are.
func TestOneMoreOutageLowersNothing(t *testing.T) {
	causes := []string{"", "x", "y", "maintenance"}
	exclusions := [][]Exclusion{
		{forgiving("x", "2h"), forgiving("y", "3h")},
		{forgiving("x", "2h"), forgiving("y", "")},
		{forgiving("y", ""), forgiving("x", "2h")},
		{forgiving("x", "1h per outage"), {Causes: []string{"maintenance"}, Notice: "none", Allowance: "2h"}, forgiving("y", "")},
		{{Causes: []string{"maintenance"}, Notice: "none", Removed: true, Allowance: "2h"}, forgiving("x", "1h")},
	}
	var all []outage.Outage
	for i, cause := range causes {
		for from := range 5 {
			for length := 1; from+length <= 5; length += 2 {
				for _, served := range []int64{0, 50} {
					o := dark(fmt.Sprint(i, from, length, served), "2014-05-10T00:00:00Z", time.Duration(length)*hour)
					o.Start, o.End = o.Start.Add(time.Duration(from)*hour), o.End.Add(time.Duration(from)*hour)
					o.Cause, o.ServedPercent = cause, decimal.NewFromInt(served)
					all = append(all, o)
				}
			}
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, list := range exclusions {
		for _, downtime := range []Downtime{{}, {Weighted: true}, {Slot: "1h", Loss: "over 60%"}, {Slot: "1h", Weighted: true}} {
			terms := Must(single(Commitment{Promise: "exactly 100%", Downtime: downtime, Exclusions: list}).Compile())
			for range 40 {
				var some []outage.Record
				before := time.Duration(0)
				for _, i := range random.Perm(len(all))[:4] {
					some = append(some, all[i])
					v, err := terms.Judge(records(t, some...), may2014)
					require.NoError(t, err)
					m := v.Findings[0].Measurement
					require.GreaterOrEqual(t, m.Down, before, "%v under %v %+v", some, list, downtime)
					before = m.Down
				}
			}
		}
	}
}

// The records of an outage are those behind it: not what was set aside in its
// slot, and also what lies in the slot and outside what counts.
func TestRecordsBehindAnOutage(t *testing.T) {
	removed := Exclusion{Causes: []string{"maintenance"}, Notice: "none", Removed: true}
	c := Commitment{Promise: "exactly 100%", Downtime: Downtime{Slot: "4h"}, Exclusions: []Exclusion{removed}}
	f := find(t, c, records(t, dark("o", "2014-05-10T00:00:00Z", hour), planned("m", "2014-05-10T02:00:00Z", hour, 0)), may2014)
	require.Len(t, f.Measurement.Outages, 2)
	for _, run := range f.Measurement.Outages {
		assert.Equal(t, []string{"o"}, run.Records)
	}
	readBack(t, f)

	c = Commitment{Promise: "exactly 100%", Downtime: Downtime{Slot: "40m"}, Calculation: Calculation{Zone: "UTC"}, Exclusions: []Exclusion{{Hours: []Hours{"09:00-17:00"}}}}
	f = find(t, c, records(t, dark("a", "2014-05-12T16:40:00Z", 10*minute), dark("b", "2014-05-12T17:00:00Z", 10*minute)), may2014)
	require.Len(t, f.Measurement.Outages, 1)
	assert.Equal(t, []string{"b"}, f.Measurement.Outages[0].Records)

	c = Commitment{Promise: "exactly 100%", Downtime: Downtime{Slot: "30m"}}
	f = find(t, c, records(t, dark("o", "2014-05-10T19:50:00Z", 10*minute), outage.Lifetime{Resource: "vm", Start: at("2014-01-01T00:00:00Z"), End: at("2014-05-10T19:40:00Z")}), may2014)
	require.Len(t, f.Measurement.Outages, 1)
	assert.Equal(t, 10*minute, f.Measurement.Down)
	assert.Equal(t, []string{"o"}, f.Measurement.Outages[0].Records)
}

// Unobserved time is one outage more, at most, however its slots are cut; and
// one that is under way as the period ends may have ended with it.
func TestCountAtMost(t *testing.T) {
	c := Commitment{Promise: "at most 1 outage", Downtime: Downtime{Slot: "1h"}, Credits: rows("over 1 outage", "10%")}
	gap := []outage.Record{coverage("2014-05-01T00:00:00Z", "2014-05-10T15:30:00Z"), coverage("2014-05-10T16:30:00Z", "2014-06-01T00:00:00Z")}
	f := find(t, c, records(t, gap...), may2014)
	assert.Equal(t, Undecided, f.Outcome, "how many there were cannot be told")
	assert.True(t, f.EntitlementAtMost.IsZero())

	c = Commitment{Promise: "at most 0 outages"}
	f = find(t, c, recordsAsOf(t, "2014-06-01T00:00:00Z", outage.Outage{ID: "o", Resource: "vm", Start: at("2014-05-31T23:00:00Z")}), may2014)
	assert.Equal(t, Undecided, f.Outcome)
	f = find(t, c, recordsAsOf(t, "2014-06-01T00:00:01Z", outage.Outage{ID: "o", Resource: "vm", Start: at("2014-05-31T23:00:00Z")}), may2014)
	assert.Equal(t, Met, f.Outcome)
}

// Of exclusions that remove, one with an allowance is not drawn by what another
// removes.
func TestRemovedTimeDrawsNoAllowanceOfWhatIsRemoved(t *testing.T) {
	x := caused(dark("x", "2014-05-10T00:00:00Z", 10*hour), "x", 0)
	removed := func(e Exclusion, allowance Cap) Exclusion {
		e.Removed, e.Allowance = true, allowance
		return e
	}
	hours := Exclusion{Hours: []Hours{"2014-05-10 00:00-05:00"}}
	for _, exclusions := range [][]Exclusion{
		{removed(forgiving("x", ""), "1h"), removed(hours, "")}, {removed(hours, ""), removed(forgiving("x", ""), "1h")},
	} {
		m := find(t, Commitment{Promise: "exactly 100%", Exclusions: exclusions, Calculation: Calculation{Zone: "UTC"}}, records(t, x), may2014).Measurement
		assert.Equal(t, 6*hour, m.Outside)
		assert.Equal(t, 4*hour, m.Down)
	}
}

// Where time outside a life counts as up, a group is to be served by members
// that are no more as well.
func TestWholeGroupCountsTheDeadAsUp(t *testing.T) {
	member := func(name string, records ...outage.Record) outage.Timeline {
		timeline, err := outage.NewTimeline(records...)
		require.NoError(t, err)
		return timeline.WithLabels(map[string]string{"zone": "z"})
	}
	a := outage.Outage{ID: "o", Resource: "a", Start: at("2014-05-10T00:00:00Z"), End: at("2014-05-10T01:00:00Z")}
	resources := []outage.Timeline{member("a", a), member("b", outage.Lifetime{Resource: "b", Start: at("2014-05-20T00:00:00Z")})}
	c := Commitment{Promise: "exactly 100%", Scope: Scope{Levels: []Level{{By: "zone", Min: 2}}}, Calculation: Calculation{Whole: true}}
	verdicts, err := Must(single(c).Compile()).JudgeAll(resources, may2014)
	require.NoError(t, err)
	assert.Equal(t, hour, verdicts[0].Findings[0].Measurement.Down)
}

// A member that is no more takes part in the length of an outage through every
// level, also beside members of its own group that live.
func TestLengthsGoThroughAllLevels(t *testing.T) {
	member := func(name string, records ...outage.Record) outage.Timeline {
		timeline, err := outage.NewTimeline(records...)
		require.NoError(t, err)
		return timeline.WithLabels(map[string]string{"zone": "z", "region": "r"})
	}
	resources := []outage.Timeline{
		member("a", outage.Lifetime{Resource: "a", Start: at("2014-01-01T00:00:00Z"), End: at("2014-05-30T18:00:00Z")},
			outage.Outage{ID: "a", Resource: "a", Start: at("2014-05-30T18:00:00Z"), End: at("2014-05-30T19:00:00Z")}),
		member("b", outage.Outage{ID: "b", Resource: "b", Start: at("2014-05-30T23:00:00Z"), End: at("2014-05-31T00:00:00Z")}),
	}
	for _, levels := range [][]Level{{{By: "zone"}}, {{By: "zone"}, {By: "region"}}} {
		c := Commitment{Promise: "exactly 100%", Downtime: Downtime{Slot: "3h", Lasting: "over 3h"}, Scope: Scope{Levels: levels}}
		verdicts, err := Must(single(c).Compile()).JudgeAll(resources, may2014)
		require.NoError(t, err)
		assert.Equal(t, 3*hour, verdicts[0].Findings[0].Measurement.Down, "%d levels", len(levels))
	}
}

// A slot from which a removal takes a part of the loss is still due, and draws.
func TestPartlyRemovedSlotDrawsAllowance(t *testing.T) {
	c := Commitment{Promise: "exactly 100%", Downtime: Downtime{Slot: "2h", Weighted: true}, Exclusions: []Exclusion{
		{Causes: []string{"customer"}, Allowance: "4h per 1mo"}, {Causes: []string{"network"}, Removed: true},
	}}
	m := find(t, c, records(t, caused(dark("n", "2014-05-10T00:00:00Z", hour), "network", 0), caused(dark("c", "2014-05-10T01:00:00Z", 4*hour), "customer", 0)), may2014).Measurement
	assert.Equal(t, hour, m.Down, "half of the third slot")
}
