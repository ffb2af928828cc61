package outage_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/slacredit/slacredit/outage"
)

// A spreadsheet of outages, with local times; the second outage is still
// under way.
func ExampleRead() {
	const text = `id,resource,start,end,zone,servedPercent
I-7,fra-1,2026-03-02 09:15,2026-03-02 09:57,Europe/Berlin,
I-8,fra-1,2026-03-29T03:00,,Europe/Berlin,99.5
`
	records, err := outage.Read(strings.NewReader(text), outage.ReadOptions{Format: outage.CSV})
	if err != nil {
		fmt.Println(err)
		return
	}
	timeline, err := outage.Options{AsOf: time.Date(2026, 3, 29, 2, 0, 0, 0, time.UTC)}.Timeline(records...)
	if err != nil {
		fmt.Println(err)
		return
	}
	for window, o := range timeline.Outages() {
		fmt.Println(o.ID, window, o.LostPercent())
	}
	fmt.Println("open:", len(timeline.Open()))
	// Output:
	// I-7 2026-03-02T08:15:00Z/2026-03-02T08:57:00Z 100
	// I-8 2026-03-29T01:00:00Z/2026-03-29T02:00:00Z 0.5
	// open: 1
}

// If any row is bad there are no records, and the error has every fault.
func ExampleRead_faults() {
	const text = `id,start,end,zone,announced
I-7,2026-03-29 02:30,2026-03-29 04:00,Europe/Berlin,
I-8,2026-04-01T10:00:00Z,2026-04-01T09:00:00Z,,
,2026-04-02 10:00,,,2026-04-01T10:00:00Z
`
	records, err := outage.Read(strings.NewReader(text), outage.ReadOptions{Format: outage.CSV})
	fmt.Println(len(records))
	fmt.Println(err)
	// Output:
	// 0
	// outage: line 2: start "2026-03-29 02:30": the clocks of Europe/Berlin skip this time
	// outage: line 3: end "2026-04-01T09:00:00Z": 2026-04-01T09:00:00Z is not after the start, 2026-04-01T10:00:00Z
	// outage: line 4: start "2026-04-02 10:00": not an RFC 3339 instant such as 2014-05-27T20:13:00Z; a local time needs a zone beside it
	// outage: line 4: announced "2026-04-01T10:00:00Z": not a field of kind outage
	// outage: line 4: id: missing
}

// A form that shows a fault beside the field at fault.
func ExampleRowError() {
	_, err := outage.Read(strings.NewReader("id,start\nI-7,yesterday\n"), outage.ReadOptions{Format: outage.CSV})
	var row *outage.RowError
	if errors.As(err, &row) {
		fmt.Printf("%s, column %s, %q: %s\n", row.Place, row.Column, row.Value, row.Problem)
	}
	// Output: line 2, column start, "yesterday": not an RFC 3339 instant such as 2014-05-27T20:13:00Z
}

// Scan goes on after a bad row, and holds one row at a time.
func ExampleScan() {
	const text = `{"format":"slacredit/records/1"}
{"id":"I-7","start":"2026-03-02T08:15:00Z","end":"2026-03-02T08:57:00Z"}
{"id":"I-8","start":"2026-03-29T01:00:00Z","servedPercent":99.5}
{"kind":"maintenance","id":"M-1","start":"2026-04-01T22:00:00Z","announced":"2026-03-20T12:00:00Z"}
`
	for record, err := range outage.Scan(strings.NewReader(text), outage.ReadOptions{Format: outage.NDJSON}) {
		switch r := record.(type) {
		case nil:
			fmt.Println(err)
		case outage.Outage:
			fmt.Println(r.ID, "took", r.End.Sub(r.Start))
		default:
			fmt.Printf("passing over: %T\n", r)
		}
	}
	// Output:
	// I-7 took 42m0s
	// outage: line 3: servedPercent "99.5": want a string, not a number
	// passing over: outage.Maintenance
}

// Records are written in UTC, and fields that are not given are left out.
func ExampleWrite() {
	records := []outage.Record{
		outage.Outage{
			ID:            "I-8",
			Resource:      "fra-1",
			Start:         time.Date(2026, 3, 29, 3, 0, 0, 0, time.FixedZone("CEST", 2*60*60)),
			ServedPercent: decimal.RequireFromString("99.5"),
		},
		outage.Lifetime{Resource: "fra-1", Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)},
	}
	if err := outage.Write(os.Stdout, outage.JSON, slices.Values(records)); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {"format":"slacredit/records/1","records":[
	// {"kind":"outage","id":"I-8","resource":"fra-1","start":"2026-03-29T01:00:00Z","servedPercent":"99.5"},
	// {"kind":"life","resource":"fra-1","start":"2026-01-01T00:00:00Z"}
	// ]}
}
