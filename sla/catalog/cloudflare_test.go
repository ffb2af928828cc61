package catalog

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// chosen returns the only edition that a query selects.
func chosen(t *testing.T, q Query) Edition {
	t.Helper()
	c := whole(t)
	e, err := c.One(q)
	require.NoError(t, err)
	return e
}

// findingsIn returns what an agreement finds on the resource "vm" with labels
// in a period, whatever is missing of its edition.
func findingsIn(t *testing.T, e Edition, p calendar.Period, labels map[string]string, records ...outage.Record) []sla.Finding {
	t.Helper()
	terms, err := e.Agreement.Compile()
	require.NoError(t, err)
	timelines, err := outage.Options{Resources: []string{"vm"}}.Timelines(records...)
	require.NoError(t, err)
	verdicts, err := terms.JudgeAll([]outage.Timeline{timelines[0].WithLabels(labels)}, p)
	require.NoError(t, err)
	var findings []sla.Finding
	for _, v := range verdicts {
		findings = append(findings, v.Findings...)
	}
	return findings
}

// claimOf returns where the claim for what a commitment gives stands at the
// end of the 10th of May 2014, in calendar months of UTC.
func claimOf(t *testing.T, e Edition, commitment string, marks calendar.Marks) sla.Standing {
	t.Helper()
	terms, err := e.Agreement.Compile()
	require.NoError(t, err)
	cycle := calendar.Cycle{Start: calendar.Date{Year: 2014, Month: time.January, Day: 1}, Zone: time.UTC, Months: 1}
	s, err := terms.Standing(commitment, marks, calendar.Workdays{Zone: time.UTC, Cycle: cycle}, time.Date(2014, time.May, 10, 23, 0, 0, 0, time.UTC))
	require.NoError(t, err)
	return s
}

// day returns the first instant of a day of 2014.
func day(month time.Month, d int) time.Time { return time.Date(2014, month, d, 0, 0, 0, 0, time.UTC) }

// joyentMarks are those of an outage of 149 min on Saturday, the 10th of May.
var joyentMarks = calendar.Marks{"start of outage": day(time.May, 10).Add(12 * time.Hour), "outage": day(time.May, 10).Add(12*time.Hour + 149*time.Minute), "period": day(time.June, 1)}

// minutesOf returns traffic of a number of minutes from an instant on, each
// with so many requests, of which so many failed.
func minutesOf(start time.Time, n int, requests, failed int64) []outage.Record {
	var records []outage.Record
	for i := range n {
		at := start.Add(time.Duration(i) * time.Minute)
		records = append(records, outage.Traffic{ID: "t " + at.String(), Resource: "vm", Start: at, End: at.Add(time.Minute), Requests: requests, Failed: failed})
	}
	return records
}

// served returns an outage that leaves a share of the service.
func served(o outage.Outage, percent string) outage.Outage {
	o.ServedPercent = decimal.RequireFromString(percent)
	return o
}

// The lost minutes by the share of customers, over the minutes of the month
// less what the customer planned.
func TestCloudflare(t *testing.T) {
	planned := outage.Maintenance{ID: "m", Resource: "vm", Cause: "customer maintenance", Start: day(time.May, 20), End: day(time.May, 21)}
	on := calendar.Date{Year: 2024, Month: time.May, Day: 1}
	for _, tt := range []struct {
		plan    string
		records []outage.Record
		want    string
	}{
		{"business", nil, "0%"},
		{"business", []outage.Record{down("vm", 149*time.Minute)}, "745/2232%"}, // 149 of 44,640
		{"business", []outage.Record{served(down("vm", 149*time.Minute), "50")}, "745/4464%"},
		{"business", []outage.Record{down("vm", 149*time.Minute), planned}, "149/432%"}, // 149 of 43,200
		{"enterprise, multiplier 10", []outage.Record{down("vm", 149*time.Minute)}, "3725/1116%"},
		{"enterprise, multiplier 25", []outage.Record{down("vm", 149*time.Minute)}, "18625/2232%"},
	} {
		q := Query{Provider: "cloudflare", Service: "cdn", Plan: tt.plan}
		if tt.plan != "business" {
			q.On = on
		}
		assert.Equal(t, tt.want, judge(t, chosen(t, q), []string{"vm"}, tt.records...)["vm"].Entitlement.Percent.String(), tt)
	}
	business := chosen(t, Query{Provider: "cloudflare", Plan: "business"})
	s := claimOf(t, business, "", joyentMarks)
	assert.Equal(t, day(time.May, 17), s.NoticeBy, "five business days from Monday on")
	assert.Equal(t, day(time.July, 1), s.By)
	for _, limit := range business.Agreement.AtMost {
		assert.Contains(t, limit, "per 12mo")
	}
}
