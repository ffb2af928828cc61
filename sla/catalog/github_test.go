package catalog

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// The first quarter of 2014 has 2,160 h, so that 1,296 min are exactly 1% and
// 129.6 min exactly 0.1% of it.
func TestGitHub(t *testing.T) {
	e := chosen(t, Query{Provider: "github", On: calendar.Date{Year: 2020, Month: time.December, Day: 1}})
	march := calendar.Month(2014, time.March, time.UTC)
	failing := func(length time.Duration, left string) []outage.Record {
		return []outage.Record{served(outage.Outage{ID: "o", Resource: "vm", Start: day(time.January, 10), End: day(time.January, 10).Add(length)}, left)}
	}
	hours := func(failed ...int64) []outage.Record {
		var records []outage.Record
		for i, n := range failed {
			start := day(time.February, 1).Add(time.Duration(i) * time.Hour)
			records = append(records, outage.Traffic{ID: fmt.Sprint(i), Resource: "vm", Start: start, End: start.Add(time.Hour), Requests: 100, Failed: n})
		}
		return records
	}
	executions := func(requests, failed int64) []outage.Record {
		return []outage.Record{outage.Traffic{ID: "t", Resource: "vm", Start: day(time.February, 1), End: day(time.February, 2), Requests: requests, Failed: failed}}
	}
	for _, tt := range []struct {
		feature string
		records []outage.Record
		want    string
	}{
		{"webhooks", failing(129*time.Minute, "0"), "0%"},
		{"webhooks", failing(130*time.Minute, "0"), "10%"},
		{"webhooks", failing(1295*time.Minute, "0"), "10%"},
		{"webhooks", failing(1296*time.Minute, "0"), "25%"}, // exactly 99.0%, in no row
		{"webhooks", failing(1297*time.Minute, "0"), "25%"},
		{"pages", failing(130*time.Minute, "95"), "0%"}, // an error rate of just 5%
		{"pages", failing(130*time.Minute, "94.999999999"), "10%"},
		{"actions", executions(1001, 1), "0%"},
		{"actions", executions(1000, 1), "10%"}, // exactly 99.9% gives, though at least that was promised
		{"actions", executions(1000, 9), "10%"},
		{"actions", executions(1000, 10), "25%"},
		{"packages storage", hours(100, 100, 15), "0%"},
		{"packages storage", hours(100, 100, 16), "10%"}, // 2.16 h, exactly 99.9%
	} {
		findings := findingsIn(t, e, march, map[string]string{"feature": tt.feature}, tt.records...)
		assert.Len(t, findings, 1)
		assert.Equal(t, tt.want, findings[0].Entitlement.Percent.String(), tt)
	}
	assert.Equal(t, day(time.May, 1), claimOf(t, e, "features", calendar.Marks{"period": day(time.April, 1)}).By)
}

// 25 times what was paid for the time beyond 0.05% of the quarter, 64.8 min,
// in which more than half of the users were hit.
func TestGitHubAddendum(t *testing.T) {
	e := chosen(t, Query{Provider: "github", On: calendar.Date{Year: 2020, Month: time.November, Day: 27}})
	march := calendar.Month(2014, time.March, time.UTC)
	for _, tt := range []struct {
		length     time.Duration
		left, want string
	}{
		{3888 * time.Second, "0", "0s"},
		{3888*time.Second + 1, "0", "25ns"},
		{149 * time.Minute, "0", "35h5m"},
		{149 * time.Minute, "49.999999999", "35h5m"},
		{149 * time.Minute, "50", "0s"},
	} {
		o := served(outage.Outage{ID: "o", Resource: "vm", Start: day(time.January, 10), End: day(time.January, 10).Add(tt.length)}, tt.left)
		f := findingsIn(t, e, march, nil, o)[0]
		assert.Equal(t, tt.want, f.Entitlement.Service.String(), tt)
		assert.Equal(t, "720h", f.Limits[0].Service.String())
	}
}
