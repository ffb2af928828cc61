package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// In force for the month, and by the share of the customers: 0.01% of May are
// 4 min 27.84 s.
func TestSlackBefore2019(t *testing.T) {
	e := chosen(t, Query{Provider: "slack", On: calendar.Date{Year: 2019, Month: time.August, Day: 14}})
	allowed := 267_840 * time.Millisecond
	for _, tt := range []struct {
		length time.Duration
		left   string
		want   string
	}{
		{allowed, "0", "0s"},
		{allowed + 1, "0", "7h26m24.0000001s"},
		{149 * time.Minute, "0", "248h20m"},
		{2 * allowed, "50", "0s"},
		{2*allowed + 2, "50", "7h26m24.0000001s"},
	} {
		assert.Equal(t, tt.want, judge(t, e, nil, served(down("vm", tt.length), tt.left))["vm"].Entitlement.Service.String(), tt)
	}
}

// The second quarter of 2014 has 131,040 min; 0.01% of it are 13 min 6.24 s.
func TestSlack2019(t *testing.T) {
	e := chosen(t, Query{Provider: "slack", On: calendar.Date{Year: 2019, Month: time.August, Day: 15}})
	june := calendar.Month(2014, time.June, time.UTC)
	allowed := 786_240 * time.Millisecond
	noon := day(time.May, 10).Add(12 * time.Hour)
	work := func(length, notice time.Duration) []outage.Record {
		return []outage.Record{down("vm", length), outage.Maintenance{ID: "m", Resource: "vm", Start: noon, End: noon.Add(length), Announced: noon.Add(-notice)}}
	}
	for _, tt := range []struct {
		name    string
		records []outage.Record
		want    time.Duration // down
		gives   string
	}{
		{"on the bound", []outage.Record{down("vm", allowed)}, allowed, "0s"},
		{"below it", []outage.Record{down("vm", allowed+1)}, allowed + 1, "2h11m2.40000001s"},
		{"149 min", []outage.Record{down("vm", 149*time.Minute)}, 149 * time.Minute, "24h50m"},
		{"maintenance", work(10*time.Hour, 48*time.Hour), 0, "0s"},
		{"beyond ten hours a year", work(11*time.Hour, 48*time.Hour), time.Hour, "10h"},
		{"announced too late", work(time.Hour, 48*time.Hour-1), time.Hour, "10h"},
	} {
		f := findingsIn(t, e, june, nil, tt.records...)[0]
		assert.Equal(t, tt.want, f.Measurement.Down, tt.name)
		assert.Equal(t, tt.gives, f.Entitlement.Service.String(), tt.name)
	}
}

func TestSlackSince2024(t *testing.T) {
	e := chosen(t, Query{Provider: "slack", On: calendar.Date{Year: 2024, Month: time.July, Day: 11}})
	assert.Empty(t, judge(t, e, nil, down("vm", 149*time.Minute)))
}
