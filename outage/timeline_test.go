package outage

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hour returns a time on the day of the tests.
func hour(h int) time.Time { return clock("2014-05-27T00:00:00Z").Add(time.Duration(h) * time.Hour) }

func hours(from, to int) Window { return MustWindow(hour(from), hour(to)) }

// day is the window in which the tests look at a timeline.
var day = hours(0, 24)

func timeline(t *testing.T, asOf time.Time, records ...Record) Timeline {
	t.Helper()
	line, err := Options{AsOf: asOf}.Timeline(records...)
	require.NoError(t, err)
	return line
}

// inDay returns the part of s that lies in the day, in hours.
func inDay(s Set) string {
	var parts []string
	for w := range s.Intersect(NewSet(day)).All() {
		parts = append(parts, fmt.Sprintf("%d-%d", int(w.Start().Sub(hour(0)).Hours()), int(w.End().Sub(hour(0)).Hours())))
	}
	return strings.Join(parts, " ")
}

// describe returns a segment without its window: the IDs of its records, and
// what else is said about it.
func describe(s Segment) string {
	var b strings.Builder
	for _, o := range s.Outages {
		b.WriteString(o.ID + " ")
	}
	b.WriteString("|")
	for _, m := range s.Maintenance {
		b.WriteString(" " + m.ID)
	}
	fmt.Fprintf(&b, "| known %t, alive %t, lost %s", s.Known, s.Alive, s.LostPercent())
	return b.String()
}

func TestTimelineKeepsLayersApart(t *testing.T) {
	line := timeline(t, time.Time{},
		Lifetime{Start: hour(1), End: hour(22)},
		Outage{ID: "o2", Start: hour(9), End: hour(11), ServedPercent: decimal.New(60, 0)},
		Maintenance{ID: "m", Start: hour(10), End: hour(12), Announced: hour(-72)},
		Coverage{Start: hour(0), End: hour(10)},
		Coverage{Start: hour(12), End: hour(24)},
		Outage{ID: "o1", Start: hour(8), End: hour(10), ServedPercent: decimal.New(90, 0)},
	)
	assert.Equal(t, "", line.Resource())
	assert.Zero(t, line.AsOf())
	assert.Empty(t, line.Open())
	var outages []string
	for w, o := range line.Outages() {
		assert.Equal(t, MustWindow(o.Start, o.End), w)
		outages = append(outages, o.ID)
	}
	assert.Equal(t, []string{"o1", "o2"}, outages)
	for w, m := range line.Maintenance() {
		assert.Equal(t, hours(10, 12), w)
		assert.Equal(t, hour(-72), m.Announced)
	}
	assert.Equal(t, "11-12", inDay(line.Unknown()), "an outage is an observation")
	assert.Equal(t, "0-1 22-24", inDay(line.Outside()))

	var got []string
	for s := range line.Segments(day) {
		got = append(got, inDay(NewSet(s.Window))+" "+describe(s))
	}
	assert.Equal(t, []string{
		"0-1 || known true, alive false, lost 0",
		"1-8 || known true, alive true, lost 0",
		"8-9 o1 || known true, alive true, lost 10",
		"9-10 o1 o2 || known true, alive true, lost 40",
		"10-11 o2 | m| known true, alive true, lost 40",
		"11-12 | m| known false, alive true, lost 0",
		"12-22 || known true, alive true, lost 0",
		"22-24 || known true, alive false, lost 0",
	}, got)
}

func TestZeroTimeline(t *testing.T) {
	empty, err := NewTimeline()
	require.NoError(t, err)
	for _, line := range []Timeline{{}, empty} {
		assert.Equal(t, "", line.Resource())
		assert.Zero(t, line.AsOf())
		assert.True(t, line.Unknown().IsEmpty())
		assert.True(t, line.Outside().IsEmpty())
		assert.Empty(t, line.Open())
		for range line.Outages() {
			t.Error("there is an outage")
		}
		assert.Equal(t, []Segment{{Window: day, Known: true, Alive: true}}, slices.Collect(line.Segments(day)))
		assert.Empty(t, slices.Collect(line.Segments(Window{})))
	}

	// Without records, the future is as unknown as with them.
	line := timeline(t, hour(18))
	assert.Equal(t, hour(18), line.AsOf())
	assert.Equal(t, "18-24", inDay(line.Unknown()))
	none, err := Options{}.Timelines()
	require.NoError(t, err)
	assert.Empty(t, none)
}

func TestAsOf(t *testing.T) {
	records := []Record{
		Outage{ID: "past", Start: hour(2), End: hour(3)},
		Outage{ID: "open", Start: hour(8)},
		Outage{ID: "ends later", Start: hour(10), End: hour(20)},
		Outage{ID: "to come", Start: hour(21)},
		Maintenance{ID: "under way", Start: hour(9)},
		Maintenance{ID: "planned", Start: hour(22), End: hour(23)},
		Maintenance{ID: "planned for long", Start: hour(22)},
	}
	for _, tt := range []struct {
		asOf                             int
		outages, maintenance, open, dark string
	}{
		{1, "", "planned 22-23", "", "1-24"},
		{2, "", "planned 22-23", "", "2-24"},
		{8, "past 2-3", "planned 22-23", "", "8-24"},
		{9, "past 2-3, open 8-9", "planned 22-23", "open", "9-24"},
		{12, "past 2-3, open 8-12, ends later 10-12", "under way 9-12, planned 22-23", "open", "12-24"},
		{21, "past 2-3, open 8-21, ends later 10-20", "under way 9-21, planned 22-23", "open", "21-24"},
		{24, "past 2-3, open 8-24, ends later 10-20, to come 21-24", "under way 9-24, planned 22-23, planned for long 22-24", "open, to come", ""},
	} {
		t.Run(fmt.Sprint(tt.asOf), func(t *testing.T) {
			line := timeline(t, hour(tt.asOf), records...)
			var outages, maintenance, open []string
			for w, o := range line.Outages() {
				outages = append(outages, o.ID+" "+inDay(NewSet(w)))
			}
			for w, m := range line.Maintenance() {
				maintenance = append(maintenance, m.ID+" "+inDay(NewSet(w)))
			}
			for _, o := range line.Open() {
				open = append(open, o.ID)
			}
			assert.Equal(t, tt.outages, strings.Join(outages, ", "))
			assert.Equal(t, tt.maintenance, strings.Join(maintenance, ", "))
			assert.Equal(t, tt.open, strings.Join(open, ", "))
			assert.Equal(t, tt.dark, inDay(line.Unknown()))
			assert.True(t, line.Unknown().Contains(hour(tt.asOf)), "from the as-of instant on")
			assert.False(t, line.Unknown().Contains(hour(tt.asOf).Add(-1)))
			assert.True(t, line.Outside().IsEmpty())
		})
	}
}

func TestAsOfInAnotherZoneIsTheSame(t *testing.T) {
	open := Outage{ID: "open", Start: hour(8)}
	line := timeline(t, hour(12).In(time.FixedZone("JST", 9*3600)), open)
	for w := range line.Outages() {
		assert.Equal(t, hours(8, 12), w)
	}
	assert.Equal(t, "12-24", inDay(line.Unknown()))
}

func TestOpenNeedsAsOf(t *testing.T) {
	_, err := NewTimeline(Outage{ID: "a", Start: hour(8)}, Maintenance{ID: "b", Start: hour(8)}, Outage{ID: "c", Start: hour(8), End: hour(9)})
	assert.EqualError(t, err, "outage: outage \"a\": end: missing; a record without an end needs an as-of instant\n"+
		"outage: maintenance \"b\": end: missing; a record without an end needs an as-of instant")

	// Observation and life go on without one.
	line := timeline(t, time.Time{}, Coverage{Start: hour(6)}, Lifetime{Start: hour(7)})
	assert.Equal(t, "0-6", inDay(line.Unknown()))
	assert.Equal(t, "0-7", inDay(line.Outside()))
	assert.False(t, line.Unknown().Contains(allTime.End().Add(-1)))
	assert.False(t, line.Outside().Contains(allTime.End().Add(-1)))
}

func TestAsOfRange(t *testing.T) {
	for _, asOf := range []time.Time{allTime.Start().Add(-1), allTime.End().Add(1)} {
		_, err := Options{AsOf: asOf}.Timeline(Lifetime{})
		assert.EqualError(t, err, "outage: life of \"\": start: missing\n"+
			"outage: as of: "+instant(asOf)+" is outside the years 1900 to 2191")
	}
	o := Outage{ID: "a", Start: hour(8)}
	line := timeline(t, allTime.Start(), o)
	assert.True(t, line.Unknown().Equal(NewSet(allTime)))
	assert.Empty(t, line.Open())
	line = timeline(t, allTime.End(), o)
	assert.True(t, line.Unknown().IsEmpty())
	assert.Len(t, line.Open(), 1)
}

func TestRecordsAtTheLastInstant(t *testing.T) {
	last := allTime.End()
	line := timeline(t, last, Outage{ID: "o", Start: last}, Maintenance{ID: "m", Start: last}, Coverage{Start: last}, Lifetime{Start: last})
	assert.Empty(t, line.Open())
	assert.True(t, line.Unknown().Equal(NewSet(allTime)), "observed at no moment that there is")
	assert.True(t, line.Outside().Equal(NewSet(allTime)))
	assert.Equal(t, []Segment{{Window: allTime}}, slices.Collect(line.Segments(allTime)))
}

func TestCoverage(t *testing.T) {
	for _, tt := range []struct {
		name    string
		asOf    time.Time
		records []Record
		want    string
	}{
		{"silence is up", time.Time{}, nil, ""},
		{"outages are no coverage", time.Time{}, []Record{Outage{ID: "a", Start: hour(3), End: hour(4)}}, ""},
		{"the rest is unknown", time.Time{}, []Record{Coverage{Start: hour(2), End: hour(6)}}, "0-2 6-24"},
		{"overlapping and touching", time.Time{}, []Record{
			Coverage{Start: hour(2), End: hour(6)}, Coverage{Start: hour(4), End: hour(8)}, Coverage{Start: hour(8), End: hour(9)},
		}, "0-2 9-24"},
		{"an outage tells", time.Time{}, []Record{
			Coverage{Start: hour(2), End: hour(6)}, Outage{ID: "a", Start: hour(5), End: hour(8)}, Outage{ID: "b", Start: hour(10), End: hour(11)},
		}, "0-2 8-10 11-24"},
		{"maintenance does not", time.Time{}, []Record{
			Coverage{Start: hour(2), End: hour(6)}, Maintenance{ID: "a", Start: hour(5), End: hour(8)},
		}, "0-2 6-24"},
		{"nor does life", time.Time{}, []Record{Coverage{Start: hour(2), End: hour(6)}, Lifetime{Start: hour(0), End: hour(24)}}, "0-2 6-24"},
		{"only in the past", hour(5), []Record{Coverage{Start: hour(2)}}, "0-2 5-24"},
		{"only in the future", hour(5), []Record{Coverage{Start: hour(12)}}, "0-24"},
		{"an open outage tells up to now", hour(5), []Record{Coverage{Start: hour(0), End: hour(2)}, Outage{ID: "a", Start: hour(3)}}, "2-3 5-24"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, inDay(timeline(t, tt.asOf, tt.records...).Unknown()))
		})
	}
}

func TestLife(t *testing.T) {
	for _, tt := range []struct {
		name    string
		records []Record
		want    string
	}{
		{"always", nil, ""},
		{"from and to", []Record{Lifetime{Start: hour(2), End: hour(6)}}, "0-2 6-24"},
		{"twice", []Record{Lifetime{Start: hour(12)}, Lifetime{Start: hour(2), End: hour(6)}}, "0-2 6-12"},
		{"does not end with the as-of instant", []Record{Lifetime{Start: hour(2), End: hour(20)}}, "0-2 20-24"},
		{"whatever is recorded", []Record{Lifetime{Start: hour(2)}, Outage{ID: "a", Start: hour(0)}, Coverage{Start: hour(0)}}, "0-2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, inDay(timeline(t, hour(10), tt.records...).Outside()))
		})
	}
}

func TestSeveralResources(t *testing.T) {
	records := []Record{
		Outage{ID: "1", Resource: "web", Start: hour(8), End: hour(9)},
		Outage{ID: "2", Resource: "db", Start: hour(8)},
		Coverage{Resource: "web", Start: hour(0), End: hour(12)},
		Lifetime{Resource: "", Start: hour(3)},
		Maintenance{ID: "3", Resource: "db", Start: hour(7), End: hour(9)},
	}
	lines, err := Options{AsOf: hour(18)}.Timelines(records...)
	require.NoError(t, err)
	require.Len(t, lines, 3)
	for i, want := range []struct{ resource, unknown, outside string }{
		{"", "18-24", "0-3"}, {"db", "18-24", ""}, {"web", "12-24", ""},
	} {
		assert.Equal(t, want.resource, lines[i].Resource())
		assert.Equal(t, hour(18), lines[i].AsOf())
		assert.Equal(t, want.unknown, inDay(lines[i].Unknown()))
		assert.Equal(t, want.outside, inDay(lines[i].Outside()))
	}
	assert.Len(t, lines[1].Open(), 1)

	line, err := Options{AsOf: hour(18)}.Timeline(records...)
	assert.EqualError(t, err, `outage: a timeline has one resource, and the records name 3: "", "db" and "web"; use Timelines`)
	assert.Zero(t, line)
	line, err = Options{AsOf: hour(18)}.Timeline(records[0], records[2])
	require.NoError(t, err)
	assert.Equal(t, "web", line.Resource())
}

// A resource that is asked for has a timeline even if nothing was recorded.
func TestResourcesWithoutRecords(t *testing.T) {
	o := Options{AsOf: hour(18), Resources: []string{"web", "db", "web"}}
	lines, err := o.Timelines(Outage{ID: "1", Resource: "web", Start: hour(8)}, Lifetime{Resource: "api", Start: hour(3)})
	require.NoError(t, err)
	require.Len(t, lines, 3)
	for i, want := range []struct {
		resource, outside string
		open              int
	}{{"api", "0-3", 0}, {"db", "", 0}, {"web", "", 1}} {
		assert.Equal(t, want.resource, lines[i].Resource())
		assert.Equal(t, hour(18), lines[i].AsOf())
		assert.Equal(t, "18-24", inDay(lines[i].Unknown()))
		assert.Equal(t, want.outside, inDay(lines[i].Outside()))
		assert.Len(t, lines[i].Open(), want.open)
	}

	line, err := Options{Resources: []string{"web"}}.Timeline()
	require.NoError(t, err)
	assert.Equal(t, "web", line.Resource())
	assert.True(t, line.Unknown().IsEmpty())
	_, err = o.Timeline(Outage{ID: "1", Resource: "web", Start: hour(8)})
	assert.ErrorContains(t, err, `name 2: "db" and "web"`)
}

func TestTimelineReportsAllFaults(t *testing.T) {
	lines, err := Options{}.Timelines(Outage{ID: "a", Start: hour(9), End: hour(8)}, Outage{ID: "b", Start: hour(9)}, nil, &Lifetime{})
	assert.Nil(t, lines)
	for _, want := range []string{`"a": end: `, `"b": end: missing`, "record 2 is", "record 3 is"} {
		assert.ErrorContains(t, err, want)
	}
}

func TestWalksStop(t *testing.T) {
	line := timeline(t, time.Time{},
		Outage{ID: "1", Start: hour(8), End: hour(9)}, Outage{ID: "2", Start: hour(10), End: hour(11)},
		Maintenance{ID: "3", Start: hour(8), End: hour(9)}, Maintenance{ID: "4", Start: hour(10), End: hour(11)})
	seen := 0
	for range line.Outages() {
		seen++
		break
	}
	for range line.Maintenance() {
		seen++
		break
	}
	segments := line.Segments(day)
	for range segments {
		seen++
		break
	}
	assert.Equal(t, 3, seen)
	assert.Len(t, slices.Collect(segments), 5)
	assert.Len(t, slices.Collect(segments), 5, "walked again")
}

// A segment's lists belong to the caller.
func TestSegmentsShareNothing(t *testing.T) {
	line := timeline(t, time.Time{}, Outage{ID: "long", Start: hour(8), End: hour(12)}, Outage{ID: "short", Start: hour(9), End: hour(10)})
	var got []string
	for s := range line.Segments(hours(8, 12)) {
		got = append(got, describe(s))
		for i := range s.Outages {
			s.Outages[i].ID = "changed"
		}
		_ = append(s.Outages, Outage{ID: "added"})
	}
	assert.Equal(t, []string{
		"long || known true, alive true, lost 100",
		"long short || known true, alive true, lost 100",
		"long || known true, alive true, lost 100",
	}, got)
}

func TestSegmentLostPercent(t *testing.T) {
	serving := func(percents ...string) (s Segment) {
		for _, p := range percents {
			s.Outages = append(s.Outages, Outage{ServedPercent: decimal.RequireFromString(p)})
		}
		return s
	}
	for _, tt := range []struct {
		segment Segment
		want    string
	}{
		{Segment{}, "0"},
		{serving("0"), "100"},
		{serving("99.9"), "0.1"},
		{serving("99.9", "60", "80"), "40"},
		{serving("60", "60"), "40"},
		{serving("99.999999999", "99.999999998"), "0.000000002"},
	} {
		assert.Equal(t, tt.want, tt.segment.LostPercent().String())
	}
}

// A smallWorld is a handful of records over at most 64 ticks, and the model
// that judges a timeline of them: it asks every record at every tick.
type smallWorld struct {
	origin  int64
	tick    time.Duration
	ticks   int
	asOf    int // ticks without an as-of instant
	hasAsOf bool

	outages, maintenance, coverage, life []smallRecord
}

type smallRecord struct {
	id         string
	start, end int  // in ticks
	open       bool // then end is the last tick
	served     int  // in tenths of a percent
}

func newSmallWorld(rng *rand.Rand) smallWorld {
	w := smallWorld{ticks: 1 + rng.IntN(64), hasAsOf: rng.IntN(2) == 0}
	w.tick = []time.Duration{1, time.Second, 7 * time.Minute, time.Hour}[rng.IntN(4)]
	w.origin = []int64{hour(0).UnixNano(), -int64(w.tick) * int64(w.ticks) / 2, allTime.start, allTime.end - int64(w.tick)*int64(w.ticks)}[rng.IntN(4)]
	w.asOf = w.ticks
	if w.hasAsOf {
		w.asOf = rng.IntN(w.ticks + 1)
	}
	ids := rng.Perm(12)
	layer := func(most int, mayBeOpen bool) (records []smallRecord) {
		for range rng.IntN(most + 1) {
			r := smallRecord{start: rng.IntN(w.ticks), open: mayBeOpen && rng.IntN(4) == 0}
			r.end = r.start + 1 + rng.IntN(w.ticks-r.start)
			if r.open {
				r.end = w.ticks
			}
			r.served = []int{0, 0, 500, 600, 999}[rng.IntN(5)]
			if most > 3 { // outages and maintenance
				r.id, ids = fmt.Sprintf("%02d", ids[0]), ids[1:]
			}
			records = append(records, r)
		}
		slices.SortFunc(records, func(a, b smallRecord) int {
			return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.id, b.id))
		})
		return records
	}
	w.outages, w.maintenance = layer(6, w.hasAsOf), layer(4, w.hasAsOf)
	if rng.IntN(2) == 0 {
		w.coverage = layer(3, true)
	}
	if rng.IntN(2) == 0 {
		w.life = layer(3, true)
	}
	return w
}

func (w smallWorld) at(tick int) time.Time {
	return time.Unix(0, w.origin+int64(tick)*int64(w.tick)).UTC()
}

// records returns the records in any order, some of them twice.
func (w smallWorld) records(rng *rand.Rand) []Record {
	var records []Record
	each := func(layer []smallRecord, record func(r smallRecord, start, end time.Time) Record) {
		for _, r := range layer {
			start, end := w.at(r.start), w.at(r.end)
			if r.open {
				end = time.Time{}
			}
			for range 1 + rng.IntN(5)/4 {
				records = append(records, record(r, start, end))
			}
		}
	}
	each(w.outages, func(r smallRecord, start, end time.Time) Record {
		return Outage{ID: r.id, Resource: "web", Start: start, End: end, ServedPercent: decimal.New(int64(r.served), -1)}
	})
	each(w.maintenance, func(r smallRecord, start, end time.Time) Record {
		return Maintenance{ID: r.id, Resource: "web", Start: start, End: end}
	})
	each(w.coverage, func(_ smallRecord, start, end time.Time) Record {
		return Coverage{Resource: "web", Start: start, End: end}
	})
	each(w.life, func(_ smallRecord, start, end time.Time) Record {
		return Lifetime{Resource: "web", Start: start, End: end}
	})
	rng.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
	return records
}

// covers reports whether any record of a layer covers a tick.
func covers(layer []smallRecord, tick int) bool {
	return slices.ContainsFunc(layer, func(r smallRecord) bool { return r.start <= tick && tick < r.end })
}

// describe returns what describe must say of the segment around a tick.
func (w smallWorld) describe(tick int) string {
	var outages, maintenance strings.Builder
	lost := 0
	for _, o := range w.outages {
		if o.start <= tick && tick < o.end && tick < w.asOf {
			outages.WriteString(o.id + " ")
			lost = max(lost, 1000-o.served)
		}
	}
	for _, m := range w.maintenance {
		if m.start <= tick && tick < m.end && (tick < w.asOf || !m.open) {
			maintenance.WriteString(" " + m.id)
		}
	}
	known := tick < w.asOf && (len(w.coverage) == 0 || covers(w.coverage, tick) || lost > 0)
	alive := len(w.life) == 0 || covers(w.life, tick)
	share := fmt.Sprint(lost / 10)
	if lost%10 != 0 {
		share += fmt.Sprintf(".%d", lost%10)
	}
	return fmt.Sprintf("%s|%s| known %t, alive %t, lost %s", outages.String(), maintenance.String(), known, alive, share)
}

func (w smallWorld) check(rng *rand.Rand) error {
	records := w.records(rng)
	var o Options
	if w.hasAsOf {
		o.AsOf = w.at(w.asOf)
	}
	line, err := o.Timeline(records...)
	if err != nil {
		return err
	}
	from := rng.IntN(w.ticks)
	to := from + 1 + rng.IntN(w.ticks-from)
	descriptions := make([]string, w.ticks)
	for tick := range w.ticks {
		descriptions[tick] = w.describe(tick)
	}
	// The segments are the longest runs of ticks of which the model says the same.
	tick := from
	for s := range line.Segments(MustWindow(w.at(from), w.at(to))) {
		if !s.Window.Start().Equal(w.at(tick)) {
			return fmt.Errorf("a segment starts at %v, and should at tick %d", s.Window, tick)
		}
		want := descriptions[tick]
		for tick < to && descriptions[tick] == want {
			tick++
		}
		if got := describe(s); got != want || !s.Window.End().Equal(w.at(tick)) {
			return fmt.Errorf("%v: %s\nwant, up to tick %d, %s", s.Window, got, tick, want)
		}
	}
	if tick != to {
		return fmt.Errorf("the segments end at tick %d, not at %d", tick, to)
	}
	unknown, outside := line.Unknown(), line.Outside()
	for tick, d := range descriptions {
		if unknown.Contains(w.at(tick)) != strings.Contains(d, "known false") || outside.Contains(w.at(tick)) != strings.Contains(d, "alive false") {
			return fmt.Errorf("tick %d: unknown in %v, outside in %v; want %s", tick, unknown, outside, d)
		}
	}
	var open int
	for _, o := range w.outages {
		if o.open && o.start < w.asOf {
			open++
		}
	}
	if got := len(line.Open()); got != open {
		return fmt.Errorf("%d open, want %d", got, open)
	}
	if line.Resource() != "web" && len(records) > 0 {
		return fmt.Errorf("resource %q", line.Resource())
	}
	return nil
}

func TestTimelineAgreesWithEveryTick(t *testing.T) {
	scenarios := uint64(20_000)
	if testing.Short() {
		scenarios /= 5
	}
	seed := rand.Uint64()
	for i := range scenarios {
		rng := rand.New(rand.NewPCG(seed, i))
		w := newSmallWorld(rng)
		if err := w.check(rng); err != nil {
			t.Fatalf("seed %d, scenario %d: %v\n%+v", seed, i, err, w)
		}
	}
}

// The order of the records, and how often each comes, says nothing.
func TestTimelineIgnoresOrderAndRepetition(t *testing.T) {
	seed := rand.Uint64()
	for i := range uint64(500) {
		rng := rand.New(rand.NewPCG(seed, i))
		w := newSmallWorld(rng)
		var o Options
		if w.hasAsOf {
			o.AsOf = w.at(w.asOf)
		}
		var first []Segment
		for j := range 4 {
			line, err := o.Timeline(w.records(rng)...)
			require.NoError(t, err)
			segments := slices.Collect(line.Segments(MustWindow(w.at(0), w.at(w.ticks))))
			if j == 0 {
				first = segments
			}
			require.Equal(t, first, segments, "seed %d, scenario %d", seed, i)
		}
	}
}

// The error names the resources, all of them or says how many it does not.
func TestOneTimelineOfSeveralResources(t *testing.T) {
	for n, want := range map[int]string{
		2: `2: "a" and "b"`,
		3: `3: "a", "b" and "c"`,
		4: `4: "a", "b" and 2 more`,
	} {
		_, err := Options{Resources: strings.Split("abcd", "")[:n]}.Timeline()
		assert.EqualError(t, err, "outage: a timeline has one resource, and the records name "+want+"; use Timelines")
	}
}

// A timeline that lived at some moments only has the rest outside, and keeps that
// when records are added.
func TestWithin(t *testing.T) {
	down := Outage{ID: "o", Resource: "web", Start: hour(2), End: hour(20)}
	whole := timeline(t, time.Time{}, down)
	cut := whole.Within(NewSet(hours(4, 8), hours(10, 30)))
	assert.Equal(t, "0-4 8-10", inDay(cut.Outside()))
	assert.Equal(t, "", inDay(whole.Outside()))
	more, err := cut.With([]Window{hours(1, 3)}, Maintenance{ID: "m", Resource: "web", Start: hour(5), End: hour(6)})
	require.NoError(t, err)
	assert.Equal(t, "0-4 8-10", inDay(more.Outside()))
	lived := timeline(t, time.Time{}, down, Lifetime{Resource: "web", Start: hour(6), End: hour(12)})
	assert.Equal(t, "0-6 8-10 12-24", inDay(lived.Within(NewSet(hours(4, 8), hours(10, 30))).Outside()))
	assert.Equal(t, "0-24", inDay(whole.Within(Set{}).Outside()))
}
