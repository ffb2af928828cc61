package sla

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/internal/workload"
	"github.com/slacredit/slacredit/outage"
)

// trafficWithMaintenance returns a month of so many counts of requests, of which
// a tenth fail, with a window of maintenance in every tenth.
func trafficWithMaintenance(n int) outage.Timeline {
	step := 31 * 24 * time.Hour / time.Duration(n)
	var records []outage.Record
	for i := range n {
		start := january.Add(time.Duration(i) * step)
		records = append(records, outage.Traffic{ID: fmt.Sprint("t-", i), Start: start, End: start.Add(step), Requests: 10, Failed: 1})
		if i%10 == 0 {
			records = append(records, outage.Maintenance{ID: fmt.Sprint("m-", i), Start: start.Add(step / 3), End: start.Add(step / 2), Announced: january.AddDate(0, -1, 0)})
		}
	}
	return Must(outage.NewTimeline(records...))
}

// periodSlot returns the terms of a promise on the requests of a whole period.
func periodSlot(loss Range) *Terms {
	return Must(single(Commitment{
		Promise: "at least 99.9%", Downtime: Downtime{Requests: true, Slot: "period", Loss: loss},
		Exclusions: []Exclusion{{Causes: []string{"maintenance"}, Notice: "24h"}},
	}).Compile())
}

// A period of ten times as many records takes ten times as much, where the
// account names them once.
func TestPeriodSlotGrowsWithItsRecords(t *testing.T) {
	terms := periodSlot("over 50%")
	few, many := trafficWithMaintenance(1000), trafficWithMaintenance(10_000)
	bytes := func(timeline outage.Timeline) uint64 {
		return allocated(func() { Must(terms.Judge(timeline, months2026(1)[0])) })
	}
	require.Less(t, bytes(many), 25*bytes(few)) // a list that grows is copied now and then
}

// The pieces of a slot share the list of its records, and what one of them adds
// is not in the others.
func TestPiecesOfASlotNameItsRecords(t *testing.T) {
	verdict := Must(periodSlot("").Judge(trafficWithMaintenance(20), months2026(1)[0]))
	pieces := verdict.Findings[0].Measurement.Pieces
	require.Len(t, pieces, 5)
	ids := pieces[0].Records
	require.Len(t, ids, 20)
	for i, p := range pieces {
		switch i {
		case 1:
			assert.Equal(t, append(ids[:20:20], "m-0"), p.Records)
		case 3:
			assert.Equal(t, append(ids[:20:20], "m-10"), p.Records)
		default:
			assert.Equal(t, ids, p.Records)
		}
	}
}

// A slot of a day with so many outages beside ten times as many slots with a
// tenth.
func BenchmarkSlotGrowth(b *testing.B) {
	terms := Must(single(Commitment{Promise: "at least 99.9%", Downtime: Downtime{Slot: "1d"}}).Compile())
	timeline := func(n int) outage.Timeline {
		var records []outage.Record
		step := 31 * 24 * time.Hour / time.Duration(n)
		for i := range n {
			start := january.Add(time.Duration(i) * step)
			records = append(records, outage.Outage{ID: fmt.Sprint("o-", i), Start: start, End: start.Add(step / 2)})
		}
		return Must(outage.NewTimeline(records...))
	}
	few, many := timeline(3100), timeline(31_000)
	workload.Race(b, "outage", 31_000,
		workload.Contender{Name: "lib", Run: func() { Must(terms.Judge(many, months2026(1)[0])) }},
		workload.Contender{Name: "small", Run: func() {
			for range 10 {
				Must(terms.Judge(few, months2026(1)[0]))
			}
		}},
	)
}

// The lists of records of the pieces and runs of a measurement lie side by side, and
// what is appended to one is not in another.
func TestListsOfRecordsStayApart(t *testing.T) {
	var records []outage.Record
	for i := range 5 {
		start := january.AddDate(0, 0, 2*i)
		records = append(records,
			outage.Outage{ID: fmt.Sprint("o-", i), Start: start, End: start.Add(time.Hour)},
			outage.Maintenance{ID: fmt.Sprint("m-", i), Start: start.Add(time.Hour), End: start.Add(2 * time.Hour)},
		)
	}
	terms := Must(single(Commitment{Promise: "exactly 100%", Exclusions: []Exclusion{{Causes: []string{"maintenance"}, Notice: "none", Removed: true}}}).Compile())
	m := Must(terms.Judge(Must(outage.NewTimeline(records...)), months2026(1)[0])).Findings[0].Measurement
	require.Len(t, m.Outages, 5)
	var lists [][]string
	for _, p := range m.Pieces {
		lists = append(lists, p.Records)
	}
	for _, r := range m.Outages {
		lists = append(lists, r.Records)
	}
	before := fmt.Sprint(lists)
	named := 0
	for _, list := range lists {
		named += len(list)
		_ = append(list, "other")
	}
	assert.Equal(t, 15, named)
	assert.Equal(t, before, fmt.Sprint(lists))
}
