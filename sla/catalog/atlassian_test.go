package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/sla/calendar"
)

func TestAtlassian(t *testing.T) {
	for _, tt := range []struct {
		plan             string
		minutes          int
		requests, failed int64
		want             string
	}{
		// the printed minutes: all, 10 of 100 and 1 of 100 fail
		{"premium", 45, 1, 1, "10%"},
		{"premium", 45, 100, 10, "10%"},
		{"premium", 45, 100, 1, "0%"},
		{"premium", 45, 1_000_000, 50_000, "0%"}, // greater than 5%
		{"premium", 45, 1_000_000, 50_001, "10%"},
		{"premium", 44, 1, 1, "0%"}, // 0.1% of May are 44.64 min
		{"premium", 446, 1, 1, "10%"},
		{"premium", 447, 1, 1, "25%"},
		{"premium", 2232, 1, 1, "25%"}, // exactly 95%
		{"premium", 2233, 1, 1, "50%"},
		{"enterprise", 22, 1, 1, "0%"},
		{"enterprise", 23, 1, 1, "5%"},
		{"enterprise", 44, 1, 1, "5%"},
		{"enterprise", 45, 1, 1, "10%"},
	} {
		e := chosen(t, Query{Provider: "atlassian", Plan: tt.plan})
		assert.Equal(t, tt.want, judge(t, e, nil, minutesOf(day(time.May, 10), tt.minutes, tt.requests, tt.failed)...)["vm"].Entitlement.Percent.String(), tt)
		assert.Equal(t, day(time.June, 16), claimOf(t, e, "", joyentMarks).By)
	}
}

// The printed example: 60 of 43,200 minutes are 0.138889%, which leaves 99.86%
// and gives 10%.
func TestAtlassianExample(t *testing.T) {
	e := edition(t, "atlassian/cloud/premium")
	june := calendar.Month(2014, time.June, time.UTC)
	f := findingsIn(t, e, june, nil, minutesOf(day(time.June, 10), 60, 100, 10)...)[0]
	assert.Equal(t, "99.86%", f.Measurement.Availability().Text(2))
	assert.Equal(t, "10%", f.Entitlement.Percent.String())
}
