package examples_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// How do I load my own outages, one of which is still open?
func Example_records() {
	file := strings.NewReader(`id,resource,start,end,zone
o-1,web,2026-03-02T09:00:00Z,2026-03-02T09:20:00Z,
o-2,web,2026-03-10 11:30,,Europe/Berlin
`)
	records, err := outage.Read(file, outage.ReadOptions{Format: outage.CSV})
	if err != nil {
		fmt.Println(err)
		return
	}
	asOf := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	timeline, err := outage.Options{AsOf: asOf}.Timeline(records...)
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := sla.Measure(timeline, calendar.Month(2026, time.March, time.UTC))
	fmt.Println(m, err)
	fmt.Println("still open:", timeline.Open()[0].ID)

	// A row that cannot be read is named, and nothing is computed from the rest.
	file = strings.NewReader("id,resource,start,end\no-1,web,2026-03-02 09:00,\n")
	_, err = outage.Read(file, outage.ReadOptions{Format: outage.CSV})
	fmt.Println(err)
	// Output:
	// 30.398745% to 99.753584% available, 1h50m down of 744h due, 516h unknown <nil>
	// still open: o-2
	// outage: line 2: start "2026-03-02 09:00": not an RFC 3339 instant such as 2014-05-27T20:13:00Z; a local time needs a zone beside it
}
