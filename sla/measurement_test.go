package sla

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// account returns the pieces of a measurement, one to a line.
func account(m Measurement) string {
	var b strings.Builder
	for _, p := range m.Pieces {
		fmt.Fprintln(&b, strings.TrimSpace(fmt.Sprint(p.Window.Start().Format("02 15:04"), " ", p.State, " ", strings.Join(p.Records, "+"), " ", p.Clause, " ", p.Why())))
	}
	return b.String()
}

func caused(o outage.Outage, cause string, served int64) outage.Outage {
	o.Cause, o.ServedPercent = cause, decimal.NewFromInt(served)
	return o
}

// planned returns a maintenance of the resource, announced so long ahead, or
// never if that is 0.
func planned(id, start string, length, ahead time.Duration) outage.Maintenance {
	m := outage.Maintenance{ID: id, Resource: "vm", Start: at(start), End: at(start).Add(length)}
	if ahead != 0 {
		m.Announced = m.Start.Add(-ahead)
	}
	return m
}

func TestEveryPieceHasItsReason(t *testing.T) {
	c := Commitment{
		Downtime: Downtime{Loss: "over 5%", Lasting: "at least 5m"},
		Exclusions: []Exclusion{
			{Causes: []string{"customer", "abuse"}},
			{Causes: []string{"maintenance"}, Notice: "24h"},
		},
		Promise: "exactly 100%",
	}
	f := find(t, c, recordsAsOf(t, "2014-05-30T00:00:00Z",
		outage.Lifetime{Resource: "vm", Start: at("2014-05-02T00:00:00Z")},
		coverage("2014-05-02T00:00:00Z", "2014-05-20T00:00:00Z"), coverage("2014-05-21T00:00:00Z", "2014-05-30T00:00:00Z"),
		caused(dark("partial", "2014-05-03T00:00:00Z", hour), "", 95),
		dark("short", "2014-05-04T00:00:00Z", 5*minute-1),
		caused(dark("full", "2014-05-05T00:00:00Z", hour), "", 0),
		caused(dark("half", "2014-05-05T00:30:00Z", hour), "abuse", 50),
		caused(dark("theirs", "2014-05-06T00:00:00Z", hour), "customer", 0),
		caused(dark("too", "2014-05-06T00:30:00Z", hour), "abuse", 0),
		caused(dark("minor", "2014-05-06T00:30:00Z", hour), "", 96),
		planned("told", "2014-05-07T00:00:00Z", hour, 24*hour),
		dark("work", "2014-05-07T00:30:00Z", hour),
		planned("late", "2014-05-08T00:00:00Z", hour, 24*hour-1),
		planned("never", "2014-05-08T00:00:00Z", hour, 0),
		caused(dark("maintaining", "2014-05-08T00:00:00Z", hour), "maintenance", 0),
		dark("edge", "2014-05-20T00:00:00Z", 3*minute),
		outage.Outage{ID: "open", Resource: "vm", Start: at("2014-05-29T23:00:00Z")},
	), may2014)
	assert.Equal(t, `01 00:00 outside   not in the life of the resource
02 00:00 up
03 00:00 up partial /commitments/0/downtime/loss lost 5%, not over 5%
03 01:00 up
04 00:00 up short /commitments/0/downtime/lasting did not last at least 5 minutes
04 00:04 up
05 00:00 down full /commitments/0 lost 100%
05 01:00 excused half /commitments/0/exclusions/0 cause abuse
05 01:30 up
06 00:00 excused theirs /commitments/0/exclusions/0 cause customer
06 01:00 excused too /commitments/0/exclusions/0 cause abuse
06 01:30 up
07 00:30 excused work+told /commitments/0/exclusions/1 maintenance announced 24h ahead
07 01:00 down work /commitments/0 lost 100%
07 01:30 up
08 00:00 down maintaining+late /commitments/0 lost 100%; maintenance announced 23h59m59.999999999s ahead, not 24h
08 01:00 up
20 00:00 unknown edge  counts only if unknown time beside it was down
20 00:03 unknown   not observed
21 00:00 up
29 23:00 down open /commitments/0 lost 100%
30 00:00 unknown   after the as-of instant
`, account(f.Measurement))
	m := f.Measurement
	assert.Equal(t, "89.513888% to 99.513888% available, 3h30m down of 720h due, 2h30m excused, 72h unknown, 24h outside", m.String())
	assert.Equal(t, []DueStep{{"length of the period", 744 * hour}, {"not in the life of the resource", -24 * hour}}, m.DueSteps)
	assert.Equal(t, 75*hour+30*minute, m.DownAtMost)
	assert.Equal(t, "89.513888%", m.Availability().AtLeast().String())
	assert.Equal(t, []Run{
		{outage.MustWindow(at("2014-05-05T00:00:00Z"), at("2014-05-05T01:00:00Z")), []string{"full"}, false},
		{outage.MustWindow(at("2014-05-07T01:00:00Z"), at("2014-05-07T01:30:00Z")), []string{"work"}, false},
		{outage.MustWindow(at("2014-05-08T00:00:00Z"), at("2014-05-08T01:00:00Z")), []string{"maintaining"}, false},
		{outage.MustWindow(at("2014-05-29T23:00:00Z"), at("2014-05-30T00:00:00Z")), []string{"open"}, true},
	}, m.Outages)
}

func TestMaintenanceWithoutNotice(t *testing.T) {
	c := Commitment{Promise: "exactly 100%", Exclusions: []Exclusion{{Causes: []string{"maintenance"}, Notice: "none"}}}
	f := find(t, c, records(t,
		planned("never", "2014-05-07T00:00:00Z", hour, 0),
		planned("told", "2014-05-07T00:30:00Z", hour, minute),
		planned("after", "2014-05-07T01:00:00Z", hour, -minute),
		dark("work", "2014-05-07T00:00:00Z", 2*hour),
		caused(dark("maintaining", "2014-05-08T00:00:00Z", hour), "maintenance", 0),
	), may2014)
	assert.Equal(t, `01 00:00 up
07 00:00 excused work+never /commitments/0/exclusions/0 set aside: maintenance
07 00:30 excused work+told /commitments/0/exclusions/0 set aside: maintenance
07 01:30 excused work+after /commitments/0/exclusions/0 set aside: maintenance
07 02:00 up
08 00:00 excused maintaining /commitments/0/exclusions/0 cause maintenance
08 01:00 up
`, account(f.Measurement))
	assert.Zero(t, f.Measurement.Down)
}

func TestMeasurementProvesItself(t *testing.T) {
	m := find(t, Commitment{}, records(t, dark("o", "2014-05-03T00:00:00Z", hour)), may2014).Measurement
	assert.NoError(t, m.check())
	for complaint, spoil := range map[string]func(*Measurement){
		"the parts are not the sums of the pieces":     func(m *Measurement) { m.Up++ },
		"downAtMost is not the sum of the pieces":      func(m *Measurement) { m.DownAtMost++ },
		"due is not the sum of its steps":              func(m *Measurement) { m.Due++ },
		"the pieces do not tile the period":            func(m *Measurement) { m.Pieces = m.Pieces[1:] },
		"the outages are not the pieces that are down": func(m *Measurement) { m.Outages = nil },
		"pieces[0]: state: State(9) is not known":      func(m *Measurement) { m.Pieces = slices.Clone(m.Pieces); m.Pieces[0].State = 9 },
		"pieces[0]: share: up in part":                 func(m *Measurement) { m.Pieces = slices.Clone(m.Pieces); m.Pieces[0].Share = "0.5" },
		`pieces[1]: share: "2" is not from 0 to 1`:     func(m *Measurement) { m.Pieces = slices.Clone(m.Pieces); m.Pieces[1].Share = "2" },
	} {
		spoilt := m
		spoil(&spoilt)
		assert.EqualError(t, spoilt.check(), complaint)
	}
}

// An outage of 8 minutes across midnight of the first is not two of 4.
func TestLengthIsThatOfTheOutageAsItHappened(t *testing.T) {
	c := Commitment{Promise: "exactly 100%", Downtime: Downtime{Lasting: "at least 5m"}}
	timeline := records(t, dark("o", "2014-05-31T23:56:00Z", 8*minute))
	may, june := find(t, c, timeline, may2014).Measurement, find(t, c, timeline, june2014).Measurement
	for _, m := range []Measurement{may, june} {
		assert.Equal(t, 4*minute, m.Down)
		assert.Equal(t, 8*minute, m.Longest())
	}
	assert.Equal(t, 0, may.Count(), "it belongs to the period in which it ended")
	assert.Equal(t, 1, june.Count())

	timeline = records(t, dark("o", "2014-05-31T23:52:00Z", 8*minute))
	assert.Equal(t, 1, find(t, c, timeline, may2014).Measurement.Count())
	assert.Equal(t, 0, find(t, c, timeline, june2014).Measurement.Count())
}

func TestMeanTimeToRestore(t *testing.T) {
	none, err := Measure(records(t), may2014)
	require.NoError(t, err)
	mean, any := none.MeanTimeToRestore()
	assert.False(t, any)
	assert.Zero(t, mean)
	assert.Zero(t, none.Count())
	assert.Zero(t, none.Longest())

	m, err := Measure(recordsAsOf(t, "2014-05-20T00:00:00Z",
		dark("a", "2014-05-02T00:00:00Z", 10),
		dark("b", "2014-05-03T00:00:00Z", 10),
		dark("c", "2014-05-04T00:00:00Z", 3),
		dark("c2", "2014-05-04T00:00:00.000000003Z", 4), // one run with c
		outage.Outage{ID: "open", Resource: "vm", Start: at("2014-05-19T00:00:00Z")},
	), may2014)
	require.NoError(t, err)
	mean, any = m.MeanTimeToRestore()
	assert.True(t, any)
	assert.Equal(t, time.Duration(9), mean, "of 10, 10 and 7")
	assert.Equal(t, 3, m.Count())
	assert.Equal(t, 24*hour, m.Longest())

	ages := func(id, start string) outage.Outage {
		return outage.Outage{ID: id, Resource: "vm", Start: at(start), End: at("2014-05-02T00:00:00Z")}
	}
	m, err = Measure(records(t, ages("old", "1900-01-01T00:00:00Z"), dark("b", "2014-05-03T00:00:00Z", 2)), may2014)
	require.NoError(t, err)
	mean, _ = m.MeanTimeToRestore()
	assert.Equal(t, (m.Longest()+2)/2, mean)
}

func TestStateText(t *testing.T) {
	for s, want := range map[State]string{Up: "up", Down: "down", Excused: "excused", Unknown: "unknown", Outside: "outside"} {
		text, err := s.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, want, string(text))
		assert.Equal(t, want, s.String())
		var again State
		require.NoError(t, again.UnmarshalText(text))
		assert.Equal(t, s, again)
	}
	_, err := State(-1).MarshalText()
	assert.EqualError(t, err, "sla: writing state: State(-1) is not known")
	s := Excused
	assert.EqualError(t, s.UnmarshalText([]byte("UP")), `sla: reading state: "UP" is none of up, down, excused, unknown, outside`)
	assert.Equal(t, Excused, s)
}

// What is said to be lost is what the counting outages lost, not a worse one
// that is forgiven beside them.
func TestLossOfWhatCounts(t *testing.T) {
	half := outage.Outage{ID: "half", Start: at("2014-05-07T01:00:00Z"), End: at("2014-05-07T02:00:00Z"), ServedPercent: decimal.New(50, 0)}
	full := outage.Outage{ID: "full", Start: half.Start, End: half.End, Cause: "customer"}
	c := Commitment{Promise: "exactly 100%", Exclusions: []Exclusion{{Causes: []string{"customer"}}}}
	pieces := find(t, c, records(t, half, full), may2014).Measurement.Pieces
	assert.Equal(t, []string{"half"}, pieces[1].Records)
	assert.Equal(t, "lost 50%", pieces[1].Why())
}

// Where maintenance does not forgive, the reason says why.
func TestWhyMaintenanceDoesNotForgive(t *testing.T) {
	work := outage.Maintenance{ID: "m", Start: at("2014-05-07T00:00:00Z"), End: at("2014-05-07T02:00:00Z"), Announced: at("2014-05-06T23:00:00Z")}
	down := outage.Outage{ID: "o", Start: at("2014-05-07T01:00:00Z"), End: at("2014-05-07T02:00:00Z"), Cause: "maintenance"}
	noticed := Commitment{Promise: "exactly 100%", Exclusions: []Exclusion{{Causes: []string{"maintenance"}, Notice: "24h"}}}
	for _, tt := range []struct {
		c       Commitment
		records []outage.Record
		want    string
	}{
		{noticed, []outage.Record{down, work}, "lost 100%; maintenance announced 1h ahead, not 24h"},
		{noticed, []outage.Record{down}, "lost 100%; maintenance by cause, in no announced window"},
		{Commitment{Promise: "exactly 100%"}, []outage.Record{down, work}, "lost 100%; maintenance is not excused"},
		{Commitment{Promise: "exactly 100%"}, []outage.Record{down}, "lost 100%"},
	} {
		f := find(t, tt.c, records(t, tt.records...), may2014)
		i := slices.IndexFunc(f.Measurement.Pieces, func(p Piece) bool { return p.State == Down })
		assert.Equal(t, tt.want, f.Measurement.Pieces[i].Why())
	}
}

// Traffic beside an agreement that counts no requests is of no concern to it.
func TestTrafficThatNobodyCounts(t *testing.T) {
	at := time.Date(2024, 6, 3, 0, 0, 0, 0, time.UTC)
	timeline, err := outage.NewTimeline(outage.Traffic{ID: "t", Start: at, End: at.Add(time.Hour), Requests: 10, Failed: 10})
	require.NoError(t, err)
	m, err := Measure(timeline, calendar.Month(2024, time.June, time.UTC))
	require.NoError(t, err)
	assert.Equal(t, m.Due, m.Up)
}

// The requests of a slot may be more than an int64 holds: only their share
// decides.
func TestRequestsOfASlotBeyondInt64(t *testing.T) {
	const many int64 = 1 << 62
	start := at("2014-05-10T00:00:00Z")
	traffic := func(counts ...[2]int64) outage.Timeline {
		var all []outage.Record
		for i, n := range counts {
			from := start.Add(time.Duration(i) * minute)
			all = append(all, outage.Traffic{ID: fmt.Sprint("t", i), Resource: "vm", Start: from, End: from.Add(minute), Requests: n[0], Failed: n[1]})
		}
		return records(t, all...)
	}
	most := int64(math.MaxInt64)
	for _, tt := range []struct {
		name   string
		loss   Range
		least  int64
		counts [][2]int64
		want   Outcome
	}{
		{"half of them failed", "over 49%", 0, [][2]int64{{many, many}, {many, 0}}, Missed},
		{"just half of them failed", "over 50%", 0, [][2]int64{{many, many}, {many, 0}}, Met},
		{"a third of so many that they are none again", "over 33%", 0, [][2]int64{{many, many}, {many, many}, {many, 0}, {many, 0}, {many, 0}, {many, 0}}, Missed},
		{"all of them failed, thrice", "exactly 100%", 0, [][2]int64{{most, most}, {most, most}, {most, most}}, Missed},
		{"but one", "exactly 100%", 0, [][2]int64{{most, most}, {most, most}, {most, most - 1}}, Met},
		{"more than the least number", "over 1%", most, [][2]int64{{many, many}, {many, many}}, Missed},
		{"just the least number", "over 1%", most, [][2]int64{{many, many}, {many - 1, many - 1}}, Missed},
		{"less than the least number", "over 1%", most, [][2]int64{{many, many}, {many - 2, many - 2}}, Met},
	} {
		c := Commitment{Promise: "exactly 100%", Downtime: Downtime{Requests: true, Slot: "1h", Loss: tt.loss, MinRequests: tt.least}}
		assert.Equal(t, tt.want, find(t, c, traffic(tt.counts...), may2014).Outcome, tt.name)
	}
}

// The share of requests that failed is the same whatever all numbers are
// multiplied by.
func TestLawRequestsCountByTheirShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Commitment{Promise: "exactly 100%", Downtime: Downtime{Requests: true, Slot: "1h", Loss: Range(rapid.SampledFrom([]string{"over 1%", "at least 25%", "over 50%", "exactly 100%"}).Draw(t, "loss"))}}
		terms := Must(single(c).Compile())
		const largest = 7
		type count struct{ requests, failed int64 }
		counts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) count {
			n := rapid.Int64Range(0, largest).Draw(t, "requests")
			return count{n, rapid.Int64Range(0, n).Draw(t, "failed")}
		}), 1, 40).Draw(t, "counts")
		down := func(times int64) time.Duration {
			var all []outage.Record
			for i, n := range counts {
				start := at("2014-05-10T00:00:00Z").Add(time.Duration(i) * 5 * minute)
				all = append(all, outage.Traffic{ID: fmt.Sprint(i), Resource: "vm", Start: start, End: start.Add(5 * minute), Requests: n.requests * times, Failed: n.failed * times})
			}
			return Must(terms.Judge(Must(outage.NewTimeline(all...)), may2014)).Findings[0].Measurement.Down
		}
		if few, many := down(1), down(math.MaxInt64/largest); few != many {
			t.Fatalf("%v down, and %v", few, many)
		}
	})
}
