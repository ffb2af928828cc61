package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// The printed example, 60 of 43,200 minutes, is 99.86%, which the clause rounds
// to 99.9%. 64.8 min are 99.85%, the last that rounds up.
func TestDataStax(t *testing.T) {
	e := chosen(t, Query{Provider: "datastax"})
	_, err := e.Terms()
	require.ErrorContains(t, err, "missing: the table of credits")
	june := calendar.Month(2014, time.June, time.UTC)
	noon := day(time.June, 10).Add(12 * time.Hour)
	for _, tt := range []struct {
		minutes        int
		shown, rounded string
		want           sla.Outcome
	}{
		{60, "99.86%", "99.9%", sla.Met},
		{64, "99.85%", "99.9%", sla.Met},
		{65, "99.84%", "99.8%", sla.Missed},
	} {
		f := findingsIn(t, e, june, nil, outage.Outage{ID: "o", Resource: "vm", Start: noon, End: noon.Add(time.Duration(tt.minutes) * time.Minute)})[0]
		assert.Equal(t, tt.want, f.Outcome, tt)
		assert.Equal(t, tt.shown, f.Measurement.Availability().Text(2), tt)
		assert.Equal(t, tt.rounded, f.Rounded.String(), tt)
	}
	// an hour of maintenance in the quarter
	o := outage.Outage{ID: "o", Resource: "vm", Start: noon, End: noon.Add(149 * time.Minute)}
	m := outage.Maintenance{ID: "m", Resource: "vm", Start: noon, End: o.End, Announced: noon.Add(-48 * time.Hour)}
	assert.Equal(t, 89*time.Minute, findingsIn(t, e, june, nil, o, m)[0].Measurement.Down)
	m.Announced = m.Announced.Add(1)
	assert.Equal(t, 149*time.Minute, findingsIn(t, e, june, nil, o, m)[0].Measurement.Down)
}
