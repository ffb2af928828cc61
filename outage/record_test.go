package outage

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	began = clock("2014-05-27T20:13:00Z")
	ended = clock("2014-05-27T22:42:00Z")
)

func TestRecordFaults(t *testing.T) {
	dec := decimal.RequireFromString
	ancient, distant := clock("1899-12-31T23:59:59Z"), clock("2192-01-01T00:00:01Z")
	long, longest := strings.Repeat("x", 1001), strings.Repeat("é", 500)
	for _, tt := range []struct {
		name   string
		record Record
		want   string // the faults, a line for each
	}{
		{"full outage", Outage{ID: "a", Start: began, End: ended}, ""},
		{"open outage", Outage{ID: "a", Start: began}, ""},
		{"outage with everything", Outage{"a", "web", began, ended, dec("99.999999999"), "power", began.Add(-1), nil, "note"}, ""},
		{"marks", Outage{ID: "a", Start: began, Marks: map[string]time.Time{"ticket closed": ended}}, ""},
		{"mark with a comma", Outage{ID: "a", Start: began, Marks: map[string]time.Time{"a,b": ended}}, `outage "a": marks: "a,b" is not a name of a mark: one or more words, without a comma`},
		{"mark with a field", Outage{ID: "a", Start: began, Marks: map[string]time.Time{"reported": ended}}, `outage "a": marks: reported has a field of its own`},
		{"mark without a time", Outage{ID: "a", Start: began, Marks: map[string]time.Time{"ticket": {}}}, `outage "a": marks: "ticket": missing; leave out a mark that is not known`},
		{"mark too late", Outage{ID: "a", Start: began, Marks: map[string]time.Time{"ticket": distant}}, `outage "a": marks: "ticket": 2192-01-01T00:00:01Z is outside the years 1900 to 2191`},
		{"mark of two lines", Outage{ID: "a", Start: began, Marks: map[string]time.Time{"a\nb": ended}}, `outage "a": marks: "a\nb" has a control character`},
		{"traffic", Traffic{"t", "web", began, ended, 10, 10, ""}, ""},
		{"no traffic", Traffic{"t", "web", began, ended, 0, 0, ""}, ""},
		{"traffic without an end", Traffic{ID: "t", Start: began}, `traffic "t": end: missing; traffic is counted over a whole window`},
		{"traffic below nothing", Traffic{"t", "", began, ended, -1, -1, ""}, "traffic \"t\": requests: negative\ntraffic \"t\": failed: not from 0 to the number of requests"},
		{"more failed than came", Traffic{"t", "", began, ended, 1, 2, ""}, `traffic "t": failed: not from 0 to the number of requests`},
		{"report after the end", Outage{ID: "a", Start: began, End: ended, Reported: ended.Add(time.Hour)}, ""},
		{"serves nothing, with places", Outage{ID: "a", Start: began, ServedPercent: dec("0.000000000")}, ""},
		{"serves an exponent of 1", Outage{ID: "a", Start: began, ServedPercent: dec("9e1")}, ""},
		{"longest texts", Outage{ID: longest, Resource: longest, Start: began, Cause: longest, Note: longest}, ""},
		{"texts of other scripts", Outage{ID: "停電-1", Resource: `"web"/β`, Start: began, Note: "ünïcode 🔌"}, ""},
		{"first and last instant", Outage{ID: "a", Start: allTime.Start(), End: allTime.End()}, ""},
		{"a nanosecond", Outage{ID: "a", Start: began, End: began.Add(1)}, ""},

		{"zero outage", Outage{}, "outage of \"\": id: missing\noutage of \"\": start: missing"},
		{"no ID", Outage{Resource: "web", Start: began}, `outage of "web": id: missing`},
		{"no start", Outage{ID: "a", End: ended}, `outage "a": start: missing`},
		{"no start, and an end out of range", Outage{ID: "a", End: distant}, "outage \"a\": start: missing\noutage \"a\": end: 2192-01-01T00:00:01Z is outside the years 1900 to 2191"},
		{"empty", Outage{ID: "a", Start: began, End: began}, `outage "a": end: 2014-05-27T20:13:00Z is not after the start, 2014-05-27T20:13:00Z`},
		{"empty, in two zones", Outage{ID: "a", Start: began, End: clock("2014-05-27T22:13:00+02:00")}, `outage "a": end: 2014-05-27T20:13:00Z is not after the start, 2014-05-27T20:13:00Z`},
		{"reversed", Outage{ID: "a", Start: ended, End: began}, `outage "a": end: 2014-05-27T20:13:00Z is not after the start, 2014-05-27T22:42:00Z`},
		{"too early", Outage{ID: "a", Start: ancient, End: ended}, `outage "a": start: 1899-12-31T23:59:59Z is outside the years 1900 to 2191`},
		{"too late", Outage{ID: "a", Start: began, End: distant}, `outage "a": end: 2192-01-01T00:00:01Z is outside the years 1900 to 2191`},
		{"reported too early", Outage{ID: "a", Start: began, Reported: ancient}, `outage "a": reported: 1899-12-31T23:59:59Z is outside the years 1900 to 2191`},
		{"serves all", Outage{ID: "a", Start: began, ServedPercent: dec("100")}, `outage "a": servedPercent: an outage serves from 0 to less than 100 percent`},
		{"serves more", Outage{ID: "a", Start: began, ServedPercent: dec("1e2")}, `outage "a": servedPercent: an outage serves from 0 to less than 100 percent`},
		{"serves less than nothing", Outage{ID: "a", Start: began, ServedPercent: dec("-0.1")}, `outage "a": servedPercent: an outage serves from 0 to less than 100 percent`},
		{"a tenth place", Outage{ID: "a", Start: began, ServedPercent: dec("99.9999999999")}, `outage "a": servedPercent: written with more than 9 decimal places`},
		{"a tenth place that says nothing", Outage{ID: "a", Start: began, ServedPercent: dec("99.9000000000")}, `outage "a": servedPercent: written with more than 9 decimal places`},
		{"a hostile exponent", Outage{ID: "a", Start: began, ServedPercent: decimal.New(1, math.MaxInt32)}, `outage "a": servedPercent: an outage serves from 0 to less than 100 percent`},
		{"a hostile zero", Outage{ID: "a", Start: began, ServedPercent: decimal.New(0, math.MaxInt32)}, `outage "a": servedPercent: an outage serves from 0 to less than 100 percent`},
		{"a hostile fraction", Outage{ID: "a", Start: began, ServedPercent: decimal.New(1, math.MinInt32)}, `outage "a": servedPercent: written with more than 9 decimal places`},
		{"long ID", Outage{ID: long, Start: began}, `outage "` + long[:40] + `"…: id: longer than 1000 bytes`},
		{"long resource", Outage{ID: "a", Resource: long, Start: began}, `outage "a": resource: longer than 1000 bytes`},
		{"long cause", Outage{ID: "a", Start: began, Cause: long}, `outage "a": cause: longer than 1000 bytes`},
		{"long note", Outage{ID: "a", Start: began, Note: longest + "x"}, `outage "a": note: longer than 1000 bytes`},
		{"ID not UTF-8", Outage{ID: "a\xff", Start: began}, `outage "a\xff": id: not UTF-8`},
		{"resource not UTF-8", Outage{ID: "a", Resource: "\xff", Start: began}, `outage "a": resource: not UTF-8`},
		{"cause not UTF-8", Outage{ID: "a", Start: began, Cause: "\xc3"}, `outage "a": cause: not UTF-8`},
		{"note not UTF-8", Outage{ID: "a", Start: began, Note: "\xed\xa0\x80"}, `outage "a": note: not UTF-8`},
		{"ID of two lines", Outage{ID: "a\nb", Start: began}, `outage "a\nb": id: "a\nb" has a control character`},
		{"resource with a tab", Outage{ID: "a", Resource: "web\t1", Start: began}, `outage "a": resource: "web\t1" has a control character`},
		{"cause with a NUL", Outage{ID: "a", Start: began, Cause: "\x00"}, `outage "a": cause: "\x00" has a control character`},
		{"note with an escape", Outage{ID: "a", Start: began, Note: "\x1b[2J"}, `outage "a": note: "\x1b[2J" has a control character`},
		{
			"all of it",
			Outage{"", "\xff", distant, ancient, dec("100"), "\n", distant, nil, long},
			"outage of \"\\xff\": id: missing\n" +
				"outage of \"\\xff\": resource: not UTF-8\n" +
				"outage of \"\\xff\": note: longer than 1000 bytes\n" +
				"outage of \"\\xff\": end: 1899-12-31T23:59:59Z is not after the start, 2192-01-01T00:00:01Z\n" +
				"outage of \"\\xff\": start: 2192-01-01T00:00:01Z is outside the years 1900 to 2191\n" +
				"outage of \"\\xff\": end: 1899-12-31T23:59:59Z is outside the years 1900 to 2191\n" +
				"outage of \"\\xff\": servedPercent: an outage serves from 0 to less than 100 percent\n" +
				"outage of \"\\xff\": cause: \"\\n\" has a control character\n" +
				"outage of \"\\xff\": reported: 2192-01-01T00:00:01Z is outside the years 1900 to 2191",
		},

		{"maintenance", Maintenance{"m", "web", began, ended, "", began.Add(-72 * time.Hour), "note"}, ""},
		{"maintenance never announced", Maintenance{ID: "m", Start: began, End: ended}, ""},
		{"maintenance announced afterwards", Maintenance{ID: "m", Start: began, End: ended, Announced: ended}, ""},
		{"zero maintenance", Maintenance{}, "maintenance of \"\": id: missing\nmaintenance of \"\": start: missing"},
		{"announced too early", Maintenance{ID: "m", Start: began, Announced: ancient}, `maintenance "m": announced: 1899-12-31T23:59:59Z is outside the years 1900 to 2191`},
		{
			"reversed maintenance",
			Maintenance{ID: "m", Start: ended, End: began, Note: "\n"},
			"maintenance \"m\": note: \"\\n\" has a control character\nmaintenance \"m\": end: 2014-05-27T20:13:00Z is not after the start, 2014-05-27T22:42:00Z",
		},

		{"coverage", Coverage{"c", "web", began, ended, "note"}, ""},
		{"open coverage without an ID", Coverage{Start: began}, ""},
		{"zero coverage", Coverage{}, `coverage of "": start: missing`},
		{"reversed coverage", Coverage{Resource: "web", Start: ended, End: began}, `coverage of "web": end: 2014-05-27T20:13:00Z is not after the start, 2014-05-27T22:42:00Z`},
		{"coverage too late", Coverage{ID: "c", Start: distant}, `coverage "c": start: 2192-01-01T00:00:01Z is outside the years 1900 to 2191`},
		{"coverage of a long resource", Coverage{Resource: long, Start: began}, `coverage of "` + long[:40] + `"…: resource: longer than 1000 bytes`},

		{"life", Lifetime{"l", "web", began, ended, "note"}, ""},
		{"open life without an ID", Lifetime{Start: began}, ""},
		{"zero life", Lifetime{}, `life of "": start: missing`},
		{"reversed life", Lifetime{ID: "l", Start: ended, End: began}, `life "l": end: 2014-05-27T20:13:00Z is not after the start, 2014-05-27T22:42:00Z`},
		{"life too early", Lifetime{Start: ancient}, `life of "": start: 1899-12-31T23:59:59Z is outside the years 1900 to 2191`},
		{"life with a bad note", Lifetime{ID: "l", Start: began, Note: "\u0085"}, `life "l": note: "\u0085" has a control character`},

		// Nothing that is given is passed over in silence.
		{"nothing", nil, "record 0 is a <nil>, not an Outage, Maintenance, Traffic, Coverage or Lifetime"},
		{"a pointer", &Outage{ID: "a", Start: began}, "record 0 is a *outage.Outage, not an Outage, Maintenance, Traffic, Coverage or Lifetime"},
		{"a nil pointer", (*Lifetime)(nil), "record 0 is a *outage.Lifetime, not an Outage, Maintenance, Traffic, Coverage or Lifetime"},
		{"an embedded record", ticket{Outage{ID: "a", Start: began}}, "record 0 is a outage.ticket, not an Outage, Maintenance, Traffic, Coverage or Lifetime"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := Validate(tt.record)
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			assert.EqualError(t, err, "outage: "+strings.ReplaceAll(tt.want, "\n", "\noutage: "))
		})
	}
}

// A ticket has the methods of a record without being one.
type ticket struct{ Outage }

func TestFaultsOfAllRecordsAreReported(t *testing.T) {
	require.NoError(t, Validate())
	err := Validate(
		Outage{ID: "first", Start: ended, End: began},
		Outage{ID: "good", Start: began},
		nil,
		Maintenance{Start: began},
		Outage{ID: "good", Start: ended},
		Lifetime{Resource: "last"},
	)
	require.Error(t, err)
	lines := strings.Split(err.Error(), "\n")
	require.Len(t, lines, 5)
	for i, want := range []string{`outage "first": end: `, "record 2 ", "id: missing", `"good": id: used twice`, `life of "last": start: missing`} {
		assert.True(t, strings.HasPrefix(lines[i], "outage: "), lines[i])
		assert.Contains(t, lines[i], want)
	}
}

func TestSameIDSameContent(t *testing.T) {
	tokyo := time.FixedZone("JST", 9*3600)
	for _, pair := range [][2]Record{
		{
			Outage{"a", "web", began, ended, decimal.New(50, 0), "power", began, nil, "n"},
			Outage{"a", "web", began.In(tokyo), ended.In(tokyo), decimal.New(5000, -2), "power", began.In(tokyo), nil, "n"},
		},
		{Maintenance{"a", "web", began, ended, "", began, "n"}, Maintenance{"a", "web", began.In(tokyo), ended, "", began.In(tokyo), "n"}},
		{Coverage{"a", "web", began, ended, "n"}, Coverage{"a", "web", began, ended.In(tokyo), "n"}},
		{Lifetime{"a", "web", began, ended, "n"}, Lifetime{"a", "web", began.In(tokyo), ended, "n"}},
		{Outage{ID: "a", Start: began}, Outage{ID: "a", Start: began}},
	} {
		kept, err := distinct([]Record{pair[0], pair[1], pair[0]})
		require.Empty(t, err)
		assert.Equal(t, pair[:1], kept)
		require.NoError(t, Validate(pair[1], pair[0]))
	}

	// Without an ID, a record cannot come twice; it does no harm.
	kept, err := distinct([]Record{Coverage{Start: began}, Coverage{Start: began}, Lifetime{Start: began}, Lifetime{Start: began}})
	require.Empty(t, err)
	assert.Len(t, kept, 4)
}

func TestSameIDOtherContent(t *testing.T) {
	half := decimal.New(50, 0)
	outage := Outage{"a", "web", began, ended, half, "power", began, nil, "n"}
	maintenance := Maintenance{"a", "web", began, ended, "", began, "n"}
	traffic := Traffic{"a", "web", began, ended, 10, 1, "n"}
	coverage, life := Coverage{"a", "web", began, ended, "n"}, Lifetime{"a", "web", began, ended, "n"}
	later := began.Add(1)
	for name, pair := range map[string][2]Record{
		"outage, resource":       {outage, Outage{"a", "db", began, ended, half, "power", began, nil, "n"}},
		"outage, start":          {outage, Outage{"a", "web", later, ended, half, "power", began, nil, "n"}},
		"outage, end":            {outage, Outage{"a", "web", began, ended.Add(1), half, "power", began, nil, "n"}},
		"outage, no end":         {outage, Outage{"a", "web", began, time.Time{}, half, "power", began, nil, "n"}},
		"outage, servedPercent":  {outage, Outage{"a", "web", began, ended, decimal.New(50000000001, -9), "power", began, nil, "n"}},
		"outage, cause":          {outage, Outage{"a", "web", began, ended, half, "", began, nil, "n"}},
		"outage, reported":       {outage, Outage{"a", "web", began, ended, half, "power", time.Time{}, nil, "n"}},
		"outage, marks":          {outage, Outage{"a", "web", began, ended, half, "power", began, map[string]time.Time{"ticket": began}, "n"}},
		"outage, note":           {outage, Outage{"a", "web", began, ended, half, "power", began, nil, "m"}},
		"maintenance, resource":  {maintenance, Maintenance{"a", "db", began, ended, "", began, "n"}},
		"maintenance, announced": {maintenance, Maintenance{"a", "web", began, ended, "", later, "n"}},
		"maintenance, cause":     {maintenance, Maintenance{"a", "web", began, ended, "customer", began, "n"}},
		"traffic, requests":      {traffic, Traffic{"a", "web", began, ended, 11, 1, "n"}},
		"traffic, failed":        {traffic, Traffic{"a", "web", began, ended, 10, 2, "n"}},
		"maintenance, note":      {maintenance, Maintenance{"a", "web", began, ended, "", began, ""}},
		"coverage, end":          {coverage, Coverage{"a", "web", began, time.Time{}, "n"}},
		"life, start":            {life, Lifetime{"a", "web", later, ended, "n"}},

		"outage and maintenance":   {outage, maintenance},
		"maintenance and coverage": {maintenance, coverage},
		"coverage and life":        {coverage, life},
		"life and outage":          {life, outage},
	} {
		t.Run(name, func(t *testing.T) {
			for _, records := range [][]Record{{pair[0], pair[1]}, {pair[1], pair[0]}} {
				err := Validate(records...)
				require.ErrorContains(t, err, `"a": id: used twice: one record has `)
				assert.EqualError(t, Validate(records[1], records[0]), err.Error(), "whichever comes first")
				_, field, found := strings.Cut(strings.Replace(name, "no end", "end", 1), ", ")
				if !found {
					field = "kind"
				}
				_, differ, _ := strings.Cut(err.Error(), "one record has ")
				assert.Contains(t, differ, field+" ", "what differs")
				assert.Equal(t, !found, strings.Contains(differ, "kind "), "and nothing else")
			}
		})
	}
}

func TestLostPercent(t *testing.T) {
	assert.Equal(t, "100", Outage{}.LostPercent().String())
	assert.Equal(t, "0.000000001", Outage{ServedPercent: decimal.RequireFromString("99.999999999")}.LostPercent().String())
	assert.Equal(t, "66.7", Outage{ServedPercent: decimal.RequireFromString("33.3")}.LostPercent().String())
}

// A percentage that would take for ever to compute with costs nothing to refuse,
// also where the record's ID comes twice, and in a literal that nobody validated.
func TestHostilePercentages(t *testing.T) {
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, exponent := range []int32{1 << 30, -1 << 30} {
		huge := Outage{ID: "a", Start: start, End: start.Add(1), ServedPercent: decimal.New(1, exponent)}
		half := Outage{ID: "a", Start: start, End: start.Add(1), ServedPercent: decimal.New(50, 0)}
		assert.ErrorContains(t, Validate(huge, half, huge), "servedPercent: ")
		assert.True(t, huge.LostPercent().Equal(hundred()))
		assert.True(t, Segment{Outages: []Outage{half, huge}}.LostPercent().Equal(hundred()))
	}
}

// An as-of instant is an instant, in whatever zone it is written.
func TestAsOfForgetsItsZone(t *testing.T) {
	asOf := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	timelines, err := Options{AsOf: asOf.In(time.FixedZone("x", 3630)), Resources: []string{"web"}}.Timelines()
	require.NoError(t, err)
	assert.Equal(t, asOf, timelines[0].AsOf())
	_, err = Options{Resources: []string{"web", "w\nx"}}.Timelines()
	assert.EqualError(t, err, `outage: resources[1]: "w\nx" has a control character`)
}
