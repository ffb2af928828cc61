package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

func TestFastly(t *testing.T) {
	e := edition(t, "fastly/network-services/credits")
	for minutes, want := range map[time.Duration]string{60: "10%", 149: "10%"} {
		assert.Equal(t, want, judge(t, e, nil, down("vm", minutes*time.Minute))["vm, availability"].Entitlement.Percent.String())
	}
	assert.Equal(t, day(time.June, 10), claimOf(t, e, "availability", joyentMarks).By, "thirty days from the 11th of May on")

	terms, err := edition(t, "fastly/network-services/termination").Terms()
	require.NoError(t, err)
	for _, tt := range []struct {
		months []time.Duration // the downtime of March, April and May
		want   []string
	}{
		{[]time.Duration{0, 0, 432 * time.Minute}, nil},
		{[]time.Duration{0, 0, 432*time.Minute + 1}, []string{"bad month"}},
		{[]time.Duration{2628*time.Second + 1, 2628*time.Second + 1, 2628 * time.Second}, nil}, // 43.8 min
		{[]time.Duration{2628*time.Second + 1, 2628*time.Second + 1, 2628*time.Second + 1}, []string{"three months"}},
	} {
		var records []outage.Record
		var periods []calendar.Period
		for i, length := range tt.months {
			month := time.March + time.Month(i)
			periods = append(periods, calendar.Month(2014, month, time.UTC))
			if length > 0 {
				records = append(records, outage.Outage{ID: month.String(), Resource: "vm", Start: day(month, 5), End: day(month, 5).Add(length)})
			}
		}
		timeline, err := outage.Options{Resources: []string{"vm"}}.Timeline(records...)
		require.NoError(t, err)
		verdicts, err := terms.JudgeAll([]outage.Timeline{timeline}, periods...)
		require.NoError(t, err)
		rights, err := terms.Terminations(verdicts)
		require.NoError(t, err)
		var got []string
		for _, r := range rights {
			got = append(got, r.Commitment)
		}
		assert.Equal(t, tt.want, got, tt)
	}
}
