package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// Two months in a row below 99.8%: 1 h 29 min 16.8 s of March and May, and
// 1 h 26 min 24 s of April.
func TestDatadog(t *testing.T) {
	terms, err := edition(t, "datadog/platform").Terms()
	require.NoError(t, err)
	long, april := 5_356_800*time.Millisecond, 5184*time.Second
	for _, tt := range []struct {
		lengths [3]time.Duration
		want    int
	}{
		{[3]time.Duration{long + 1, april, long + 1}, 0},
		{[3]time.Duration{long + 1, april + 1, long}, 1},
		{[3]time.Duration{long + 1, april + 1, long + 1}, 2},
	} {
		var records []outage.Record
		var periods []calendar.Period
		for i, length := range tt.lengths {
			month := time.March + time.Month(i)
			periods = append(periods, calendar.Month(2014, month, time.UTC))
			records = append(records, outage.Outage{ID: month.String(), Resource: "vm", Start: day(month, 5), End: day(month, 5).Add(length)})
		}
		timeline, err := outage.Options{Resources: []string{"vm"}}.Timeline(records...)
		require.NoError(t, err)
		verdicts, err := terms.JudgeAll([]outage.Timeline{timeline}, periods...)
		require.NoError(t, err)
		rights, err := terms.Terminations(verdicts)
		require.NoError(t, err)
		assert.Len(t, rights, tt.want, tt)
	}
}
