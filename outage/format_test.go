package outage

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// headed returns rows under the CSV header of all columns.
func headed(rows ...string) string {
	return strings.Join(columns[:], ",") + "\n" + strings.Join(rows, "\n")
}

// lined returns rows under the NDJSON header.
func lined(rows ...string) string {
	return `{"format":"slacredit/records/1"}` + "\n" + strings.Join(rows, "\n")
}

// listedIn returns rows in a JSON document.
func listedIn(rows ...string) string {
	return `{"format":"slacredit/records/1","records":[` + strings.Join(rows, ",") + `]}`
}

// scanned returns all that Scan yields.
func scanned(text string, o ReadOptions) (records []Record, faults []error) {
	for record, err := range Scan(strings.NewReader(text), o) {
		if err != nil {
			faults = append(faults, err)
		} else {
			records = append(records, record)
		}
	}
	return records, faults
}

func utcTime(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

// oneOfEach is a record of every kind with every field.
var oneOfEach = []Record{
	Outage{
		ID: "I-7", Resource: "us-east-1", Start: utcTime("2014-05-27T20:13:00Z"), End: utcTime("2014-05-27T22:42:00.000000001Z"),
		ServedPercent: decimal.New(9950, -2), Cause: "operator", Reported: utcTime("2014-05-27T20:20:00Z"),
		Marks: map[string]time.Time{"ticket closed": utcTime("2014-05-28T09:00:00Z"), "identified": utcTime("2014-05-27T20:25:00Z")}, Note: `<"R&D">, twice`,
	},
	Maintenance{
		ID: "M-1", Resource: "us-east-1", Start: utcTime("2014-06-01T02:00:00Z"), End: utcTime("2014-06-01T04:00:00Z"),
		Cause: "customer", Announced: utcTime("2014-05-20T12:00:00Z"), Note: "new switch",
	},
	Traffic{
		ID: "T-1", Resource: "us-east-1", Start: utcTime("2014-05-27T20:10:00Z"), End: utcTime("2014-05-27T20:15:00Z"),
		Requests: 1000, Failed: 250, Note: "edge",
	},
	Coverage{ID: "C-1", Resource: "us-east-1", Start: utcTime("2014-05-01T00:00:00Z"), End: utcTime("2014-07-01T00:00:00Z"), Note: "probe"},
	Lifetime{ID: "L-1", Resource: "us-east-1", Start: utcTime("2013-01-01T00:00:00Z"), Note: "contract"},
}

func TestWriteTexts(t *testing.T) {
	for format, want := range map[Format]string{
		JSON: `{"format":"slacredit/records/1","records":[
{"kind":"outage","id":"I-7","resource":"us-east-1","start":"2014-05-27T20:13:00Z","end":"2014-05-27T22:42:00.000000001Z","servedPercent":"99.50","cause":"operator","reported":"2014-05-27T20:20:00Z","marks":"identified 2014-05-27T20:25:00Z, ticket closed 2014-05-28T09:00:00Z","note":"<\"R&D\">, twice"},
{"kind":"maintenance","id":"M-1","resource":"us-east-1","start":"2014-06-01T02:00:00Z","end":"2014-06-01T04:00:00Z","cause":"customer","announced":"2014-05-20T12:00:00Z","note":"new switch"},
{"kind":"traffic","id":"T-1","resource":"us-east-1","start":"2014-05-27T20:10:00Z","end":"2014-05-27T20:15:00Z","requests":"1000","failed":"250","note":"edge"},
{"kind":"coverage","id":"C-1","resource":"us-east-1","start":"2014-05-01T00:00:00Z","end":"2014-07-01T00:00:00Z","note":"probe"},
{"kind":"life","id":"L-1","resource":"us-east-1","start":"2013-01-01T00:00:00Z","note":"contract"}
]}
`,
		NDJSON: `{"format":"slacredit/records/1"}
{"kind":"outage","id":"I-7","resource":"us-east-1","start":"2014-05-27T20:13:00Z","end":"2014-05-27T22:42:00.000000001Z","servedPercent":"99.50","cause":"operator","reported":"2014-05-27T20:20:00Z","marks":"identified 2014-05-27T20:25:00Z, ticket closed 2014-05-28T09:00:00Z","note":"<\"R&D\">, twice"}
{"kind":"maintenance","id":"M-1","resource":"us-east-1","start":"2014-06-01T02:00:00Z","end":"2014-06-01T04:00:00Z","cause":"customer","announced":"2014-05-20T12:00:00Z","note":"new switch"}
{"kind":"traffic","id":"T-1","resource":"us-east-1","start":"2014-05-27T20:10:00Z","end":"2014-05-27T20:15:00Z","requests":"1000","failed":"250","note":"edge"}
{"kind":"coverage","id":"C-1","resource":"us-east-1","start":"2014-05-01T00:00:00Z","end":"2014-07-01T00:00:00Z","note":"probe"}
{"kind":"life","id":"L-1","resource":"us-east-1","start":"2013-01-01T00:00:00Z","note":"contract"}
`,
		CSV: `kind,id,resource,start,end,zone,servedPercent,cause,reported,marks,announced,requests,failed,note
outage,I-7,us-east-1,2014-05-27T20:13:00Z,2014-05-27T22:42:00.000000001Z,,99.50,operator,2014-05-27T20:20:00Z,"identified 2014-05-27T20:25:00Z, ticket closed 2014-05-28T09:00:00Z",,,,"<""R&D"">, twice"
maintenance,M-1,us-east-1,2014-06-01T02:00:00Z,2014-06-01T04:00:00Z,,,customer,,,2014-05-20T12:00:00Z,,,new switch
traffic,T-1,us-east-1,2014-05-27T20:10:00Z,2014-05-27T20:15:00Z,,,,,,,1000,250,edge
coverage,C-1,us-east-1,2014-05-01T00:00:00Z,2014-07-01T00:00:00Z,,,,,,,,,probe
life,L-1,us-east-1,2013-01-01T00:00:00Z,,,,,,,,,,contract
`,
	} {
		t.Run(format.String(), func(t *testing.T) {
			var b strings.Builder
			require.NoError(t, Write(&b, format, slices.Values(oneOfEach)))
			assert.Equal(t, want, b.String())
			records, err := Read(strings.NewReader(want), ReadOptions{Format: format})
			require.NoError(t, err)
			assert.Equal(t, oneOfEach, records)
			for _, r := range []io.Reader{iotest.OneByteReader(strings.NewReader(want)), iotest.DataErrReader(strings.NewReader(want))} {
				records, err = Read(r, ReadOptions{Format: format})
				require.NoError(t, err)
				assert.Equal(t, oneOfEach, records)
			}
		})
	}
}

func TestWriteNothing(t *testing.T) {
	for _, format := range []Format{JSON, NDJSON, CSV} {
		var b strings.Builder
		require.NoError(t, Write(&b, format, slices.Values([]Record(nil))))
		records, err := Read(strings.NewReader(b.String()), ReadOptions{Format: format})
		require.NoError(t, err, b.String())
		assert.Empty(t, records)
	}
}

// randomRecord draws a record without faults, in UTC.
func randomRecord(t *rapid.T) Record {
	word := rapid.Map(rapid.StringOfN(rapid.RuneFrom(nil, unicode.L, unicode.N, unicode.P, unicode.S, unicode.Zs), 0, 30, -1), strings.TrimSpace)
	nanos := rapid.OneOf(
		rapid.Int64Range(allTime.start, allTime.end-1),
		rapid.Map(rapid.Int64Range(0, 4e9), func(s int64) int64 { return s * 1e9 }),
	)
	moment := func(name string) time.Time { return time.Unix(0, nanos.Draw(t, name)).UTC() }
	maybe := func(name string) time.Time {
		if rapid.Bool().Draw(t, "no "+name) {
			return time.Time{}
		}
		return moment(name)
	}
	id, resource, note := word.Draw(t, "id"), word.Draw(t, "resource"), word.Draw(t, "note")
	start, end := moment("start"), maybe("end")
	if !end.IsZero() && !end.After(start) {
		end = start.Add(1)
	}
	switch rapid.IntRange(0, 4).Draw(t, "kind") {
	case 0:
		places := rapid.IntRange(0, 9).Draw(t, "places")
		limit := decimal.New(100, int32(places)).IntPart()
		served := decimal.New(rapid.Int64Range(0, limit-1).Draw(t, "served"), -int32(places))
		var marks map[string]time.Time
		for _, name := range []string{"ticket", "ticket closed"} {
			if at := maybe(name); !at.IsZero() {
				if marks == nil {
					marks = map[string]time.Time{}
				}
				marks[name] = at
			}
		}
		return Outage{"o" + id, resource, start, end, served, word.Draw(t, "cause"), maybe("reported"), marks, note}
	case 1:
		return Maintenance{"m" + id, resource, start, end, word.Draw(t, "cause"), maybe("announced"), note}
	case 3:
		requests := rapid.Int64Min(0).Draw(t, "requests")
		if end.IsZero() {
			end = start.Add(1)
		}
		return Traffic{"t" + id, resource, start, end, requests, rapid.Int64Range(0, requests).Draw(t, "failed"), note}
	case 2:
		return Coverage{id, resource, start, end, note}
	}
	return Lifetime{id, resource, start, end, note}
}

func requireSame(t require.TestingT, want, got []Record) {
	require.Len(t, got, len(want))
	for i := range want {
		require.True(t, want[i].same(got[i]), "%#v\n%#v", want[i], got[i])
	}
}

func TestWriteRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		records := rapid.SliceOfN(rapid.Custom(randomRecord), 0, 5).Draw(t, "records")
		for _, format := range []Format{JSON, NDJSON, CSV} {
			var first, second strings.Builder
			require.NoError(t, Write(&first, format, slices.Values(records)))
			read, err := Read(strings.NewReader(first.String()), ReadOptions{Format: format})
			require.NoError(t, err, first.String())
			requireSame(t, records, read)
			require.NoError(t, Write(&second, format, slices.Values(read)))
			require.Equal(t, first.String(), second.String())
		}
	})
}

func TestRecordJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		record := randomRecord(t)
		data, err := json.Marshal(record)
		require.NoError(t, err)
		var read Record
		switch record.(type) {
		case Outage:
			read, err = unmarshalled[Outage](data)
		case Maintenance:
			read, err = unmarshalled[Maintenance](data)
		case Traffic:
			read, err = unmarshalled[Traffic](data)
		case Coverage:
			read, err = unmarshalled[Coverage](data)
		case Lifetime:
			read, err = unmarshalled[Lifetime](data)
		}
		require.NoError(t, err, string(data))
		requireSame(t, []Record{record}, []Record{read})
	})
}

func unmarshalled[R Record](data []byte) (Record, error) {
	var r R
	err := json.Unmarshal(data, &r)
	return r, err
}

func TestRecordJSONRefuses(t *testing.T) {
	for _, tt := range []struct{ data, want string }{
		{`{"kind":"life","id":"a","start":"2014-05-27T20:13:00Z"}`, `outage: kind "life": want "outage"`},
		{`{"id":"a"}`, `outage: start: missing`},
		{`null`, `outage: "null": want an object, not null`},
		{`{"kind":"outage","id":7,"start":"2014-05-27T20:13:00Z"}`, `outage: id "7": want a string, not a number`},
		{
			`{"id":"a","start":"2014-05-27 20:13"}`,
			`outage: start "2014-05-27 20:13": not an RFC 3339 instant such as 2014-05-27T20:13:00Z; a local time needs a zone beside it`,
		},
	} {
		o := Outage{ID: "as before"}
		assert.EqualError(t, json.Unmarshal([]byte(tt.data), &o), tt.want)
		assert.Equal(t, Outage{ID: "as before"}, o)
	}
	var o Outage
	assert.EqualError(t, o.UnmarshalJSON([]byte(`{"id":`)), "outage: unexpected end of JSON input")
	assert.EqualError(t, o.UnmarshalJSON(nil), "outage: unexpected end of JSON input")
	require.NoError(t, json.Unmarshal([]byte(`{"id":"a","zone":"UTC","start":"2014-05-27 20:13"}`), &o))
	assert.Equal(t, Outage{ID: "a", Start: utcTime("2014-05-27T20:13:00Z")}, o)

	_, err := Outage{ID: "a"}.MarshalJSON()
	assert.EqualError(t, err, `outage: outage "a": start: missing`)
}

// TestRowErrors has every fault of a row, the same in all formats.
func TestRowErrors(t *testing.T) {
	long := strings.Repeat("x", 1001)
	const start = "2014-05-27T20:13:00Z"
	for _, tt := range []struct {
		row  fields
		want []RowError // without places
	}{
		{fields{}, []RowError{{Column: "id", Problem: "missing"}, {Column: "start", Problem: "missing"}}},
		{fields{kind: "Outage", id: "a", start: start}, []RowError{{Column: "kind", Value: "Outage", Problem: "want outage, maintenance, traffic, coverage or life"}}},
		{fields{id: "a\nb", start: start}, []RowError{{Column: "id", Value: "a\nb", Problem: "has a control character"}}},
		{fields{id: "a", resource: "b\u0000", start: start}, []RowError{{Column: "resource", Value: "b\u0000", Problem: "has a control character"}}},
		{fields{id: "a", cause: long, start: start}, []RowError{{Column: "cause", Value: long[1:], Problem: "longer than 1000 bytes"}}},
		{fields{id: "a", note: long, start: start}, []RowError{{Column: "note", Value: long[1:], Problem: "longer than 1000 bytes"}}},

		{fields{id: "a", start: "2014-05-27 20:13"}, []RowError{{Column: "start", Value: "2014-05-27 20:13", Problem: "not an RFC 3339 instant such as 2014-05-27T20:13:00Z; a local time needs a zone beside it"}}},
		{fields{id: "a", start: "yesterday"}, []RowError{{Column: "start", Value: "yesterday", Problem: "not an RFC 3339 instant such as 2014-05-27T20:13:00Z"}}},
		{fields{id: "a", start: "0001-01-01T00:00:00Z"}, []RowError{{Column: "start", Value: "0001-01-01T00:00:00Z", Problem: "outside the years 1900 to 2191"}}},
		{fields{id: "a", start: start, end: "0001-01-01T00:00:00Z"}, []RowError{{Column: "end", Value: "0001-01-01T00:00:00Z", Problem: "outside the years 1900 to 2191"}}},
		{fields{id: "a", start: start, end: start}, []RowError{{Column: "end", Value: start, Problem: "2014-05-27T20:13:00Z is not after the start, 2014-05-27T20:13:00Z"}}},
		{fields{id: "a", start: start, end: "NaN", reported: "1e9"}, []RowError{
			{Column: "end", Value: "NaN", Problem: "not an RFC 3339 instant such as 2014-05-27T20:13:00Z"},
			{Column: "reported", Value: "1e9", Problem: "not an RFC 3339 instant such as 2014-05-27T20:13:00Z"},
		}},
		{fields{kind: "maintenance", id: "a", start: start, announced: " " + start}, []RowError{
			{Column: "announced", Value: " " + start, Problem: "not an RFC 3339 instant such as 2014-05-27T20:13:00Z"},
		}},

		{fields{id: "a", start: "2026-03-29T02:30", zone: "Europe/Berlin"}, []RowError{{Column: "start", Value: "2026-03-29T02:30", Problem: "the clocks of Europe/Berlin skip this time"}}},
		{fields{id: "a", start: "2026-10-25T02:30", zone: "Europe/Berlin"}, []RowError{{Column: "start", Value: "2026-10-25T02:30", Problem: "the clocks of Europe/Berlin show this time twice, at 2026-10-25T00:30:00Z and 2026-10-25T01:30:00Z; write one of them"}}},
		{fields{id: "a", start: "29.03.2026", zone: "Europe/Berlin"}, []RowError{{Column: "start", Value: "29.03.2026", Problem: "neither an RFC 3339 instant nor a local time such as 2014-05-27T20:13:00"}}},
		{fields{id: "a", start: "1899-12-31T12:00", zone: "UTC"}, []RowError{{Column: "start", Value: "1899-12-31T12:00", Problem: "outside the years 1900 to 2191"}}},
		{fields{start: "2026-03-29T02:30", zone: "Europe/Berlinn"}, []RowError{
			{Column: "zone", Value: "Europe/Berlinn", Problem: "is not known"}, {Column: "id", Problem: "missing"},
		}},
		{fields{id: "a", start: start, zone: "Local"}, []RowError{{Column: "zone", Value: "Local", Problem: "depends on the machine; name one, such as UTC or Europe/Berlin"}}},
		{fields{id: "a", start: start, zone: "EST"}, []RowError{{Column: "zone", Value: "EST", Problem: "is five hours behind UTC in summer too; write America/New_York, or America/Panama where the clocks never change"}}},
		{fields{id: "a", start: start, zone: "../../etc/passwd"}, []RowError{{Column: "zone", Value: "../../etc/passwd", Problem: "is not known"}}},

		{fields{id: "a", start: start, served: "100"}, []RowError{{Column: "servedPercent", Value: "100", Problem: "an outage serves from 0 to less than 100 percent"}}},
		{fields{id: "a", start: start, served: "-1"}, []RowError{{Column: "servedPercent", Value: "-1", Problem: "an outage serves from 0 to less than 100 percent"}}},
		{fields{id: "a", start: start, served: "0.0000000001"}, []RowError{{Column: "servedPercent", Value: "0.0000000001", Problem: "written with more than 9 decimal places"}}},
		{fields{id: "a", start: start, served: "NaN"}, []RowError{{Column: "servedPercent", Value: "NaN", Problem: "want a decimal number such as 99.5, of at most 40 characters"}}},
		{fields{id: "a", start: start, served: "1e1000000000"}, []RowError{{Column: "servedPercent", Value: "1e1000000000", Problem: "want a decimal number such as 99.5, of at most 40 characters"}}},
		{fields{id: "a", start: start, served: "99,5"}, []RowError{{Column: "servedPercent", Value: "99,5", Problem: "want a decimal number such as 99.5, of at most 40 characters"}}},

		{fields{id: "a", start: start, announced: start}, []RowError{{Column: "announced", Value: start, Problem: "not a field of kind outage"}}},
		{fields{kind: "maintenance", id: "a", start: start, served: "1", cause: "b", reported: start}, []RowError{
			{Column: "servedPercent", Value: "1", Problem: "not a field of kind maintenance"},
			{Column: "reported", Value: start, Problem: "not a field of kind maintenance"},
		}},
		{fields{kind: "coverage", start: start, announced: "x"}, []RowError{
			{Column: "announced", Value: "x", Problem: "not an RFC 3339 instant such as 2014-05-27T20:13:00Z"},
			{Column: "announced", Value: "x", Problem: "not a field of kind coverage"},
		}},
		{fields{kind: "maintenance", id: "a", start: start, marks: "b " + start}, []RowError{{Column: "marks", Value: "b " + start, Problem: "not a field of kind maintenance"}}},
		{fields{id: "a", start: start, marks: "b"}, []RowError{{Column: "marks", Value: "b", Problem: "want a name and an instant, as in ticket 2014-05-27T20:31:00Z"}}},
		{fields{id: "a", start: start, marks: "b " + start + ", b " + start}, []RowError{{Column: "marks", Value: "b " + start, Problem: "given a second time"}}},
		{fields{id: "a", start: start, marks: "b noon"}, []RowError{{Column: "marks", Value: "noon", Problem: "not an RFC 3339 instant such as 2014-05-27T20:13:00Z"}}},
		{fields{id: "a", start: start, marks: "end " + start}, []RowError{{Column: "marks", Value: "end " + start, Problem: "end has a field of its own"}}},
		{fields{kind: "traffic", id: "a", start: start, end: "2014-05-27T20:14:00Z", requests: "1e3"}, []RowError{
			{Column: "requests", Value: "1e3", Problem: "not a whole number such as 1000"}, {Column: "failed", Problem: "missing"},
		}},
		{fields{kind: "traffic", id: "a", start: start, end: "2014-05-27T20:14:00Z", requests: "10", failed: "11"}, []RowError{
			{Column: "failed", Value: "11", Problem: "not from 0 to the number of requests"},
		}},
		{fields{kind: "life", start: start, cause: "b"}, []RowError{{Column: "cause", Value: "b", Problem: "not a field of kind life"}}},
	} {
		object := string(tt.row.object())
		object = "{" + object[1:] // of the zero row too
		if tt.row == (fields{}) {
			object = "{}"
		}
		quoted := make([]string, len(columns))
		for i, text := range tt.row.list() {
			quoted[i] = `"` + text + `"`
		}
		for _, text := range []struct {
			format      Format
			text, place string
		}{
			{JSON, listedIn(object), "records[0]"},
			{NDJSON, lined(object), "line 2"},
			{CSV, headed(strings.Join(quoted, ",")), "line 2"},
		} {
			t.Run(fmt.Sprintf("%s %.60s", text.format, object), func(t *testing.T) {
				records, faults := scanned(text.text, ReadOptions{Format: text.format})
				assert.Empty(t, records)
				require.Len(t, faults, 1)
				var got []RowError
				for _, err := range leaves(faults[0]) {
					var fault *RowError
					require.ErrorAs(t, err, &fault)
					got = append(got, *fault)
				}
				for i := range tt.want {
					tt.want[i].Place = text.place
				}
				assert.Equal(t, tt.want, got)
			})
		}
	}
}

func TestScanLocalTimes(t *testing.T) {
	for text, want := range map[string]string{
		"2026-03-29T01:59":                    "2026-03-29T00:59:00Z",
		"2026-03-29 03:00":                    "2026-03-29T01:00:00Z",
		"2026-07-01T00:00:00":                 "2026-06-30T22:00:00Z",
		"2026-07-01 00:00:00.5":               "2026-06-30T22:00:00.5Z",
		"2026-07-01T00:00:00.123456789":       "2026-06-30T22:00:00.123456789Z",
		"2026-10-25T02:30:00+02:00":           "2026-10-25T00:30:00Z",
		"2026-10-25T02:30:00+01:00":           "2026-10-25T01:30:00Z",
		"2026-07-01T00:00:00.123456789-23:00": "2026-07-01T23:00:00.123456789Z",
	} {
		records, faults := scanned(headed("life,,,"+text+",,Europe/Berlin,,,,,,,,"), ReadOptions{Format: CSV})
		require.Empty(t, faults)
		assert.Equal(t, []Record{Lifetime{Start: utcTime(want)}}, records, text)
	}
	for _, text := range []string{
		"2026-07-01", "2026-07-01T00", "2026-07-01T0:00", "2026-07-01T00:00:0", "2026-07-01T00:00:", "2026-07-01T00:00:00.",
		"2026-07-01T0:00:00.5", "2026-07-01T00:00:00.1234567890", "2026-07-01_00:00", "2026-07-01  00:00", "2026-07-01T24:00",
		"2026-07-01T00:60", "2026-07-01T00:00:60", "2026-02-29T00:00", "26-07-01T00:00:00", "2026-7-01T00:00:00",
		"2026-07-01T00:00:00Z[UTC]", "2026-07-01T00:00:00+2", "2026-07-01T00:00.5", "2026-07-01T00:00é", "ééééééééééé",
		"\"2026-07-01T00:00:00,5\"", "2026-07-01T00:00:00.1234567890Z",
	} {
		records, faults := scanned(headed("life,,,"+text+",,Europe/Berlin,,,,,,,,"), ReadOptions{Format: CSV})
		assert.Empty(t, records, text)
		require.Len(t, faults, 1)
		assert.ErrorContains(t, faults[0], "neither an RFC 3339 instant nor a local time", text)
	}
}

func TestScanZones(t *testing.T) {
	asked := map[string]int{}
	zones := func(name string) (*time.Location, error) {
		asked[name]++
		if strings.HasPrefix(name, "plant") {
			return time.FixedZone(name, 3600), nil
		}
		return nil, errors.New("no such plant")
	}
	text := headed("life,,,2026-07-01 00:00,,plant,,,,,,,,", "life,,,2026-07-01 00:00,,plant,,,,,,,,", "life,,,2026-07-01 00:00,,UTC,,,,,,,,")
	records, faults := scanned(text, ReadOptions{Format: CSV, Zones: zones})
	start := utcTime("2026-06-30T23:00:00Z")
	assert.Equal(t, []Record{Lifetime{Start: start}, Lifetime{Start: start}}, records)
	require.Len(t, faults, 1)
	assert.EqualError(t, faults[0], `outage: line 4: zone "UTC": is not known`)
	assert.Equal(t, map[string]int{"plant": 1, "UTC": 1}, asked)

	var rows []string
	for i := range maxZones + 5 {
		rows = append(rows, fmt.Sprintf("life,,,2026-07-01 00:00,,plant%d,,,,,,,,", i))
	}
	records, faults = scanned(headed(rows...), ReadOptions{Format: CSV, Zones: zones})
	assert.Empty(t, faults)
	assert.Len(t, records, maxZones+5)
}

func TestScanKind(t *testing.T) {
	life := []Record{Lifetime{Start: utcTime("2026-07-01T00:00:00Z")}}
	for format, text := range map[Format]string{
		JSON:   listedIn(`{"start":"2026-07-01T00:00:00Z"}`),
		NDJSON: lined(`{"kind":"","start":"2026-07-01T00:00:00Z"}`),
		CSV:    "start\n2026-07-01T00:00:00Z\n",
	} {
		records, faults := scanned(text, ReadOptions{Format: format, Kind: "life"})
		assert.Empty(t, faults)
		assert.Equal(t, life, records)
	}
}

// TestScanGoesOn has rows that are faulty in the way of their format, each
// between two that are not.
func TestScanGoesOn(t *testing.T) {
	const object, line = `{"kind":"life","start":"2014-05-27T20:13:00Z"}`, "life,,,2014-05-27T20:13:00Z,,,,,,,,,,"
	for _, tt := range []struct {
		format Format
		row    string
		want   string
	}{
		{JSON, `7`, `outage: records[1]: "7": want an object, not a number`},
		{JSON, `null`, `outage: records[1]: "null": want an object, not null`},
		{JSON, `"a"`, `outage: records[1]: "\"a\"": want an object, not a string`},
		{JSON, `[{}]`, `outage: records[1]: "[{}]": want an object, not an array`},
		{JSON, `{"kind":"life","start":["2014-05-27T20:13:00Z"]}`, `outage: records[1]: start "[\"2014-05-27T20:13:00Z\"]": want a string, not an array`},
		{JSON, `{"id":"a","servedPercent":99.5,"start":"2014-05-27T20:13:00Z"}`, `outage: records[1]: servedPercent "99.5": want a string, not a number`},
		{JSON, `{"id":null,"start":"2014-05-27T20:13:00Z"}`, `outage: records[1]: id "null": want a string, not null`},
		{JSON, `{"kind":"life","note":{},"start":"2014-05-27T20:13:00Z"}`, `outage: records[1]: note "{}": want a string, not an object`},
		{JSON, `{"kind":"life","note":true,"start":"2014-05-27T20:13:00Z"}`, `outage: records[1]: note "true": want a string, not true`},
		{JSON, `{"kind":"life","Start":"2014-05-27T20:13:00Z"}`, "outage: records[1]: \"Start\": not a field of a record\noutage: records[1]: start: missing"},
		{JSON, `{"kind":"life","start":"2014-05-27T20:13:00Z","start":"2015"}`, `outage: records[1]: start "2015": given a second time`},
		{JSON, `{"kind":"life","start":"2014-05-27T20:13:00Z","":"x"}`, `outage: records[1]: not a field of a record`},
		{JSON, "{\"kind\":\"life\",\"start\":\"2014-05-27T20:13:00Z\",\"note\":\"\xff\"}", `outage: records[1]: not UTF-8`},
		{JSON, `{"kind":"life","start":"2014-05-27T20:13:00Z","note":"\ud83d"}`, `outage: records[1]: half of a \u surrogate pair, which is no character`},
		{JSON, `{"kind":"life","start":"2014-05-27T20:13:00Z","note":"\\\ude00\ud83d"}`, `outage: records[1]: half of a \u surrogate pair, which is no character`},
		{NDJSON, `{"kind":"life"`, `outage: line 3: unexpected end of JSON input`},
		{NDJSON, `{"kind":"life"}]`, `outage: line 3: invalid character ']' after top-level value`},
		{NDJSON, "\x00", `outage: line 3: invalid character '\x00' looking for beginning of value`},
		{NDJSON, `{"kind":"life","start":"2014-05-27T20:13:00Z","format":"slacredit/records/1"}`, `outage: line 3: "format": not a field of a record`},
		{NDJSON, strings.Repeat("[", 20000), `outage: line 3: invalid character '[' exceeded max depth`},
		{CSV, "life,,2014-05-27T20:13:00Z", `outage: line 3: 3 fields, not 14 as in the header`},
		{CSV, line + ",", `outage: line 3: 15 fields, not 14 as in the header`},
		{CSV, "life,,\xff,2014-05-27T20:13:00Z,,,,,,,,,,", `outage: line 3: resource "\xff": not UTF-8`},
		{CSV, "life,,,2014-05-27T20:13:00Z,,,,,,,,,,\xff", `outage: line 3: note "\xff": not UTF-8`},
	} {
		t.Run(fmt.Sprintf("%s %.60q", tt.format, tt.row), func(t *testing.T) {
			text := headed(line, tt.row, line)
			switch tt.format {
			case JSON:
				text = listedIn(object, tt.row, object)
			case NDJSON:
				text = lined(object, tt.row, object)
			}
			records, faults := scanned(text, ReadOptions{Format: tt.format})
			assert.Len(t, records, 2)
			require.Len(t, faults, 1)
			assert.EqualError(t, faults[0], tt.want)
			var fault *RowError
			assert.ErrorAs(t, faults[0], &fault)
		})
	}
}

func TestScanEscapes(t *testing.T) {
	records, faults := scanned(listedIn(`{"k\u0069nd":"life","start":"2014-05-27T20:13:00Z","note":"\\ud83d \ud83d\ude00\u00e9\ufffd`+"\uFFFD"+`\\"}`), ReadOptions{})
	assert.Empty(t, faults)
	assert.Equal(t, []Record{Lifetime{Start: utcTime("2014-05-27T20:13:00Z"), Note: `\ud83d 😀é` + "\uFFFD\uFFFD" + `\`}}, records)
}

func TestScanForms(t *testing.T) {
	life := Lifetime{Start: utcTime("2014-05-27T20:13:00Z")}
	for _, tt := range []struct {
		format Format
		text   string
	}{
		{JSON, " {\n\"format\" : \"slacredit/records/1\", \"records\" : [ {\"kind\":\"life\",\n\"start\":\"2014-05-27T20:13:00Z\"} ] } \n"},
		{NDJSON, "\n \t\r\n{ \"format\" : \"slacredit/records/1\" }\r\n\n {\"kind\":\"life\",\"start\":\"2014-05-27T20:13:00Z\"} \r\n{\"format\":\"slacredit/records/1\"}"},
		{CSV, "\uFEFFstart,kind\r\n\r\n2014-05-27T20:13:00Z,life\r\n"},
		{CSV, "\n\"start\",kind,id\n\"2014-05-27T20:13:00Z\",\"life\",\n"},
	} {
		records, faults := scanned(tt.text, ReadOptions{Format: tt.format})
		assert.Empty(t, faults, tt.text)
		assert.Equal(t, []Record{life}, records, tt.text)
	}
	_, faults := scanned("kind,start,note\nlife,,\"a\nb\"\n\nlife,,c\n", ReadOptions{Format: CSV})
	require.Len(t, faults, 2)
	assert.EqualError(t, faults[0], "outage: line 2: note \"a\\nb\": has a control character\noutage: line 2: start: missing")
	assert.EqualError(t, faults[1], "outage: line 5: start: missing")
}

// TestScanEnds has the faults of a whole text, before which the records are
// still yielded.
func TestScanEnds(t *testing.T) {
	const object = `{"kind":"life","start":"2014-05-27T20:13:00Z"}`
	header := strings.TrimSpace(lined())
	long := strings.Repeat("x", maxRow)
	for _, tt := range []struct {
		name    string
		options ReadOptions
		text    string
		records int
		want    string
	}{
		{"kind", ReadOptions{Kind: "outages"}, listedIn(object), 0, `options: kind "outages": want outage, maintenance, traffic, coverage or life`},
		{"format", ReadOptions{Format: 3}, listedIn(object), 0, `options: Format(3) is not known`},

		{"empty", ReadOptions{}, "", 0, "unexpected EOF"},
		{"array", ReadOptions{}, "[]", 0, `want an object with "format" and "records"`},
		{"number", ReadOptions{}, "1e1000000000", 0, `want an object with "format" and "records"`},
		{"long number", ReadOptions{}, strings.Repeat("9", 10<<20), 0, `a row of more than 1048576 bytes`},
		{"no format", ReadOptions{}, `{"records":[]}`, 0, `the first key is not "format"`},
		{"format only", ReadOptions{}, `{"format":"slacredit/records/1"}`, 0, `the second key is not "records"`},
		{"format later", ReadOptions{}, `{"records":[],"format":"slacredit/records/1"}`, 0, `the first key is not "format"`},
		{"format number", ReadOptions{}, `{"format":1e1000000000`, 0, `format: want a string`},
		{"format object", ReadOptions{}, `{"format":{}`, 0, `format: want a string`},
		{"format version", ReadOptions{}, `{"format":"slacredit/records/2","records":[]}`, 0, `format: "slacredit/records/2" is not known; want "slacredit/records/1"`},
		{"format missing", ReadOptions{}, `{"format":"","records":[]}`, 0, `format: missing; want "slacredit/records/1"`},
		{"format cut", ReadOptions{}, `{"format":`, 0, `unexpected EOF`},
		{"format twice", ReadOptions{}, `{"format":"slacredit/records/1","format":"slacredit/records/1"}`, 0, `the second key is not "records"`},
		{"records null", ReadOptions{}, `{"format":"slacredit/records/1","records":null}`, 0, `records: want an array`},
		{"more keys", ReadOptions{}, `{"format":"slacredit/records/1","records":[` + object + `],"note":""}`, 1, `want nothing after "records"`},
		{"cut in the array", ReadOptions{}, `{"format":"slacredit/records/1","records":[` + object, 1, `unexpected EOF`},
		{"cut after the comma", ReadOptions{}, `{"format":"slacredit/records/1","records":[` + object + `,`, 1, `records[1]: unexpected EOF`},
		{"cut in a record", ReadOptions{}, `{"format":"slacredit/records/1","records":[` + object + `,{"id`, 1, `records[1]: unexpected EOF`},
		{"no comma", ReadOptions{}, `{"format":"slacredit/records/1","records":[` + object + object + `]}`, 1, `records[1]: expected comma after array element`},
		{"comma at the end", ReadOptions{}, `{"format":"slacredit/records/1","records":[` + object + `,]}`, 1, `records[1]: invalid character ']' looking for beginning of value`},
		{"wrong bracket", ReadOptions{}, `{"format":"slacredit/records/1","records":[` + object + `}`, 1, `invalid character '}' after array element`},
		{"NUL", ReadOptions{}, `{"format":"slacredit/records/1","records":[` + object + ",\x00]}", 1, `records[1]: invalid character '\x00' looking for beginning of value`},
		{"NaN", ReadOptions{}, `{"format":"slacredit/records/1","records":[NaN]}`, 0, `records[0]: invalid character 'N' looking for beginning of value`},
		{"deep", ReadOptions{}, `{"format":"slacredit/records/1","records":[` + strings.Repeat("[", 20000), 0, `records[0]: invalid character '[' exceeded max depth`},
		{"cut at the end", ReadOptions{}, strings.TrimSuffix(listedIn(object), "}"), 1, `unexpected EOF`},
		{"second document", ReadOptions{}, listedIn(object) + "{}", 1, `text after the end of the document`},
		{"junk at the end", ReadOptions{}, listedIn(object) + "x", 1, `after the end of the document: invalid character 'x' looking for beginning of value`},
		{"long record", ReadOptions{}, listedIn(object, `{"note":"`+long+`"}`), 1, `records[1]: a row of more than 1048576 bytes`},
		{"longer record", ReadOptions{}, listedIn(object, `{"note":"`+long+long+long+`"}`), 1, `records[1]: a row of more than 1048576 bytes`},

		{"empty", ReadOptions{Format: NDJSON}, "", 0, `nothing; want at least the header {"format":"slacredit/records/1"}`},
		{"blank", ReadOptions{Format: NDJSON}, "\n\n", 0, `nothing; want at least the header {"format":"slacredit/records/1"}`},
		{"no header", ReadOptions{Format: NDJSON}, "\n" + object, 0, `line 2: want the header {"format":"slacredit/records/1"} before the records`},
		{"bad header", ReadOptions{Format: NDJSON}, `{"format":"slacredit/records/1","id":"a"}`, 0, `line 1: want a header of the form {"format":"slacredit/records/1"}`},
		{"header version", ReadOptions{Format: NDJSON}, `{"format":"slacredit/records/2"}`, 0, `line 1: format: "slacredit/records/2" is not known; want "slacredit/records/1"`},
		{"later version", ReadOptions{Format: NDJSON}, lined(object, `{"format":"slacredit/records/2"}`, object), 1, `line 3: format: "slacredit/records/2" is not known; want "slacredit/records/1"`},
		{"long line", ReadOptions{Format: NDJSON}, lined(object, `{"note":"`+long+`"}`, object), 1, `line 3: a row of more than 1048576 bytes`},
		{"line just too long", ReadOptions{Format: NDJSON}, header + "\n" + long + "x", 0, `line 2: a row of more than 1048576 bytes`},

		{"empty", ReadOptions{Format: CSV}, "", 0, `nothing; want at least a row that names the columns`},
		{"mark only", ReadOptions{Format: CSV}, "\uFEFF", 0, `nothing; want at least a row that names the columns`},
		{"unknown column", ReadOptions{Format: CSV}, "start,Note\n", 0, `line 1: column "Note" is not a field of a record`},
		{"semicolons", ReadOptions{Format: CSV}, "id;start\n", 0, `line 1: column "id;start" is not a field of a record`},
		{"duplicate column", ReadOptions{Format: CSV}, "\nstart,id,start\n", 0, `line 2: column "start" comes twice`},
		{"no start", ReadOptions{Format: CSV}, "id,end\na,b\n", 0, `line 1: column "start" is missing`},
		{"bad header", ReadOptions{Format: CSV}, "start,\"\n", 0, `parse error on line 1, column 9: extraneous or missing " in quoted-field`},
		{"bare quote", ReadOptions{Format: CSV}, "start,kind\n2014-05-27T20:13:00Z,life\n2014,a\"b\n", 1, `parse error on line 3, column 7: bare " in non-quoted-field`},
		{"open quote", ReadOptions{Format: CSV}, "start,kind\n2014-05-27T20:13:00Z,life\n\"2014,a\n", 1, `parse error on line 3, column 9: extraneous or missing " in quoted-field`},
		{"long row", ReadOptions{Format: CSV}, "start,kind\n2014-05-27T20:13:00Z,life\n2014," + long + "\n", 1, `line 3: a row of more than 1048576 bytes`},
		{"longer row", ReadOptions{Format: CSV}, "start,kind\n2014-05-27T20:13:00Z,life\n2014,\"" + long + long + long + "\n", 1, `after line 2: a row of more than 1048576 bytes`},
	} {
		t.Run(tt.options.Format.String()+" "+tt.name, func(t *testing.T) {
			records, faults := scanned(tt.text, tt.options)
			assert.Len(t, records, tt.records)
			require.Len(t, faults, 1)
			assert.EqualError(t, faults[0], "outage: reading records: "+tt.want)
			var fault *RowError
			assert.False(t, errors.As(faults[0], &fault))

			got, err := Read(strings.NewReader(tt.text), tt.options)
			assert.Nil(t, got)
			assert.EqualError(t, err, "outage: reading records: "+tt.want)
		})
	}
}

// TestScanLongRows has rows as long as they may be.
func TestScanLongRows(t *testing.T) {
	pad := func(row string) string { return row[:1] + strings.Repeat(" ", maxRow-len(row)) + row[1:] }
	object := pad(`{"kind":"life","start":"2014-05-27T20:13:00Z"}`)
	for format, text := range map[Format]string{JSON: listedIn(object, object, object), NDJSON: lined(object, object, object)} {
		records, faults := scanned(text, ReadOptions{Format: format})
		assert.Empty(t, faults)
		assert.Len(t, records, 3)
	}
	row := pad("\"\",,,2014-05-27T20:13:00Z,,,,,,,,,,\n")
	_, faults := scanned(headed(row+row+row), ReadOptions{Format: CSV})
	require.Len(t, faults, 3)
	assert.ErrorContains(t, faults[2], "outage: line 4: kind")
}

func TestScanReadErrors(t *testing.T) {
	broken := errors.New("broken pipe")
	for _, tt := range []struct {
		format     Format
		text, want string
	}{
		{JSON, listedIn()[:40], "outage: reading records: broken pipe"},
		{JSON, listedIn(`{}`)[:44], "outage: reading records: records[0]: broken pipe"},
		{NDJSON, lined("", ""), "outage: reading records: line 3: broken pipe"},
		{CSV, "kind,", "outage: reading records: broken pipe"},
		{CSV, headed(""), "outage: reading records: after line 1: broken pipe"},
	} {
		_, err := Read(io.MultiReader(strings.NewReader(tt.text), iotest.ErrReader(broken)), ReadOptions{Format: tt.format})
		assert.ErrorIs(t, err, broken)
		assert.EqualError(t, err, tt.want)
	}
}

func TestScanStops(t *testing.T) {
	row := `{"kind":"life","start":"2014-05-27T20:13:00Z"}`
	for format, text := range map[Format]string{
		JSON:   listedIn(row, `{}`, row, row),
		NDJSON: lined(row, `{}`, row, row),
		CSV:    "kind,start\nlife,2014-05-27T20:13:00Z\nlife,\nlife,2014-05-27T20:13:00Z\n",
	} {
		for stop := range 4 {
			seen := 0
			for _, err := range Scan(strings.NewReader(text), ReadOptions{Format: format}) {
				assert.Equal(t, seen == 1, err != nil)
				if seen == stop {
					break
				}
				seen++
			}
			assert.LessOrEqual(t, seen, stop)
		}
	}
	for _, err := range Scan(strings.NewReader("x"), ReadOptions{}) {
		assert.Error(t, err)
		break
	}
}

func TestReadListsFaults(t *testing.T) {
	rows := slices.Repeat([]string{"life,,,,,,,,,,,,,"}, 116)
	good := "life,,,2014-05-27T20:13:00Z,,,,,,,,,,"
	records, err := Read(strings.NewReader(headed(append(rows, good, "outage,,,,,,,,,,,,,")...)), ReadOptions{Format: CSV})
	assert.Nil(t, records)
	lines := strings.Split(err.Error(), "\n")
	require.Len(t, lines, 101)
	assert.Equal(t, "outage: line 2: start: missing", lines[0])
	assert.Equal(t, "outage: line 101: start: missing", lines[99])
	assert.Equal(t, "and 18 more", lines[100])

	_, err = Read(strings.NewReader(headed(append(rows, `"`)...)), ReadOptions{Format: CSV})
	lines = strings.Split(err.Error(), "\n")
	require.Len(t, lines, 102)
	assert.Contains(t, lines[100], "outage: reading records: parse error on line 118")
	assert.Equal(t, "and 16 more", lines[101])

	_, err = Read(strings.NewReader(headed(rows[:100]...)), ReadOptions{Format: CSV})
	assert.Len(t, strings.Split(err.Error(), "\n"), 100)
}

// TestRowFaultsBounded has a row with more faults than anyone reads.
func TestRowFaultsBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"":""`)
	for i := range 50000 {
		fmt.Fprintf(&b, `,"%d":{}`, i)
	}
	_, faults := scanned(listedIn(b.String()+"}"), ReadOptions{})
	require.Len(t, faults, 1)
	all := leaves(faults[0])
	require.Len(t, all, maxFaults)
	assert.EqualError(t, all[maxFaults-1], "outage: records[0]: and more faults")

	r := &row{}
	for range 30 {
		r.fault("kind", "", "")
	}
	assert.Len(t, r.faults, maxFaults)
}

// TestScanHostile counts what the worst texts cost.
func TestScanHostile(t *testing.T) {
	enough := 100_000 // rows show what is kept of each
	if testing.Short() {
		enough /= 10
	}
	for format, header := range map[Format]string{JSON: listedIn()[:43], NDJSON: lined(), CSV: headed()} {
		for _, start := range []string{"", header} {
			for _, piece := range []string{"9", "[", `{"a":`, "\x00", "\xff", `"`, ",", " ", "\n", "a\n", `\`, "{}\n", "{},", "start,", "1e1000000000,"} {
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				rows, most := 0, int64(128<<20)
				for _, err := range Scan(io.MultiReader(strings.NewReader(start), &repeated{piece, 3 << 19}), ReadOptions{Format: format}) {
					if err == nil {
						t.Fatal("a record of nothing")
					}
					if len(err.Error()) > 500 {
						t.Fatalf("%s %q: %d bytes of error", format, piece, len(err.Error()))
					}
					if rows++; rows == enough {
						most = 24 << 20
						break
					}
				}
				runtime.ReadMemStats(&after)
				if live := int64(after.HeapSys) - int64(before.HeapSys); live > most {
					t.Errorf("%s %q %q: the heap grew by %d MiB", format, start, piece, live>>20)
				}
			}
		}
	}
}

// repeated reads as a text again and again, for a number of bytes.
type repeated struct {
	text string
	left int
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n+len(r.text) <= len(p) {
		n += copy(p[n:], r.text)
	}
	if n == 0 {
		n = copy(p, r.text)
	}
	r.left -= n
	return n, nil
}

func TestRowErrorText(t *testing.T) {
	for _, tt := range []struct {
		err  RowError
		want string
	}{
		{RowError{"line 7", "start", "2014", "odd"}, `outage: line 7: start "2014": odd`},
		{RowError{"line 7", "start", "", "missing"}, `outage: line 7: start: missing`},
		{RowError{"records[3]", "", "7", "odd"}, `outage: records[3]: "7": odd`},
		{RowError{"", "", "", "odd"}, `outage: odd`},
		{RowError{"line 7", "Sta\nrt", "", "odd"}, `outage: line 7: "Sta\nrt": odd`},
		{RowError{"line 7", "note", strings.Repeat("ä", 41), "odd"}, `outage: line 7: note "` + strings.Repeat("ä", 40) + `"…: odd`},
	} {
		assert.EqualError(t, &tt.err, tt.want)
	}
	assert.Equal(t, strings.Repeat("ä", 500), clip(strings.Repeat("ä", 501)))
	assert.Equal(t, "a"+strings.Repeat("ä", 499)+"\uFFFD", clip("a"+strings.Repeat("ä", 501)))
}

// oddRecord is a Record from outside.
type oddRecord struct{ Outage }

func TestWriteRefuses(t *testing.T) {
	good := Lifetime{Start: utcTime("2014-05-27T20:13:00Z")}
	for _, tt := range []struct {
		format  Format
		records []Record
		want    string
	}{
		{Format(-1), nil, "outage: writing records: Format(-1) is not known"},
		{JSON, []Record{good, nil}, "outage: a record of type <nil>, not Outage, Maintenance, Traffic, Coverage or Lifetime"},
		{NDJSON, []Record{good, (*Outage)(nil)}, "outage: a record of type *outage.Outage, not Outage, Maintenance, Traffic, Coverage or Lifetime"},
		{CSV, []Record{good, oddRecord{}}, "outage: a record of type outage.oddRecord, not Outage, Maintenance, Traffic, Coverage or Lifetime"},
		{JSON, []Record{good, Outage{ID: "a"}}, `outage: outage "a": start: missing`},
		{CSV, []Record{Outage{ID: "a", Start: good.Start, ServedPercent: decimal.New(1, 1e9)}}, "outage: outage \"a\": servedPercent: an outage serves from 0 to less than 100 percent"},
	} {
		assert.EqualError(t, Write(io.Discard, tt.format, slices.Values(tt.records)), tt.want)
	}
}

func TestWriteExponent(t *testing.T) {
	data, err := json.Marshal(Outage{ID: "a", Start: utcTime("2014-05-27T20:13:00Z"), ServedPercent: decimal.New(5, 1)})
	require.NoError(t, err)
	assert.JSONEq(t, `{"kind":"outage","id":"a","start":"2014-05-27T20:13:00Z","servedPercent":"50"}`, string(data))
}

// shut fails every write.
type shut struct{}

func (shut) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestWriteErrors(t *testing.T) {
	var endless iter.Seq[Record] = func(yield func(Record) bool) {
		for yield(oneOfEach[0]) {
		}
	}
	for _, format := range []Format{JSON, NDJSON, CSV} {
		for _, records := range []iter.Seq[Record]{slices.Values(oneOfEach), endless} {
			err := Write(shut{}, format, records)
			assert.ErrorIs(t, err, io.ErrClosedPipe)
			assert.EqualError(t, err, "outage: writing records: io: read/write on closed pipe")
		}
	}
}

func TestFormatText(t *testing.T) {
	assert.Equal(t, "json ndjson csv", fmt.Sprint(JSON, " ", NDJSON, " ", CSV))
	assert.Equal(t, "Format(3)", Format(3).String())
	assert.Equal(t, "Format(-1)", Format(-1).String())
}

func FuzzScanJSON(f *testing.F) {
	f.Add(listedIn())
	f.Add(listedIn(`{"kind":"life","start":"2014-05-27T20:13:00Z"}`, `{}`, `{"id":1}`))
	f.Add(`{"format":"slacredit/records/1","records":[{"id":"a","id":"\ud800","x":[[`)
	fuzzScan(f, JSON)
}

func FuzzScanNDJSON(f *testing.F) {
	f.Add(lined())
	f.Add(lined(`{"kind":"life","start":"2014-05-27T20:13:00Z"}`, ``, `{"format":"slacredit/records/1"}`, `{`, `{"id":1}`))
	fuzzScan(f, NDJSON)
}

func FuzzScanCSV(f *testing.F) {
	f.Add(headed())
	f.Add(headed("life,,,2014-05-27T20:13:00Z,,,,,,,,,,", "outage,a,,2026-10-25 02:30,2026-10-25 04:00,Europe/Berlin,99.5,b,,,,,,\"c\"\"\"", "a,b", `"`))
	f.Add("\uFEFFstart,kind\r\n2026-07-01 00:00,life\r\n")
	fuzzScan(f, CSV)
}

// fuzzScan checks that what is read from a text is read again from what is
// written of it, and that errors are short.
func fuzzScan(f *testing.F, format Format) {
	for _, records := range [][]Record{oneOfEach, oneOfEach[:1]} {
		var b strings.Builder
		require.NoError(f, Write(&b, format, slices.Values(records)))
		f.Add(b.String())
	}
	f.Fuzz(func(t *testing.T, text string) {
		records, faults := scanned(text, ReadOptions{Format: format})
		for _, fault := range faults {
			for _, err := range leaves(fault) {
				if len(err.Error()) > 800 {
					t.Fatalf("%d bytes of error: %v", len(err.Error()), err)
				}
			}
		}
		all, err := Read(strings.NewReader(text), ReadOptions{Format: format})
		require.Equal(t, len(faults) > 0, err != nil)
		if err == nil {
			requireSame(t, records, all)
		}
		for _, other := range []Format{JSON, NDJSON, CSV} {
			var b strings.Builder
			require.NoError(t, Write(&b, other, slices.Values(records)))
			again, err := Read(strings.NewReader(b.String()), ReadOptions{Format: other})
			require.NoError(t, err)
			require.Equal(t, records, again)
		}
	})
}
