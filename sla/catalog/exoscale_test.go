package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// 99.95% and 98.3% of a year of 365 days are 4 h 22 min 48 s and 148 h 55 min
// 12 s of downtime. Whether an outage is paid in each of the twelve months whose
// year holds it the terms do not say, and so nothing is judged by the one edition.
func TestExoscale(t *testing.T) {
	const mild, severe = 4*time.Hour + 22*time.Minute + 48*time.Second, 148*time.Hour + 55*time.Minute + 12*time.Second
	december := calendar.Month(2014, time.December, time.UTC)
	for _, name := range []string{"exoscale/compute/365-days", "exoscale/compute/calendar-year"} {
		terms, err := edition(t, name).Agreement.Compile()
		require.NoError(t, err)
		for length, want := range map[time.Duration]string{joyent149: "nothing", mild: "nothing", mild + 1: "50%", severe: "50%", severe + 1: "100%"} {
			timeline, err := outage.NewTimeline(down("vm", length))
			require.NoError(t, err)
			v, err := terms.Judge(timeline, december)
			require.NoError(t, err)
			require.Len(t, v.Findings, 1)
			assert.Equal(t, want, v.Findings[0].Entitlement.String(), "%s: %v", name, length)
		}
	}
	trailing := edition(t, "exoscale/compute/365-days")
	_, err := trailing.Terms()
	assert.ErrorContains(t, err, "whether an outage is credited in every month whose year holds it")
	trailing.Missing = nil
	assert.Equal(t, "50%", gives(t, trailing, "", down("vm", mild+1)))
	assert.Equal(t, "nothing", gives(t, edition(t, "exoscale/compute/calendar-year"), "", down("vm", mild+1)), "the year is not over in May")
	assert.Equal(t, "2014-05-24T00:00:00Z", claimBy(t, trailing, "", down("vm", mild+1)), "ten business days from a Saturday")
}
