package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/outage"
)

// From the later of report and ticket to the earlier of the end and the
// closing, less the time in which the customer was waited for.
func TestComcast(t *testing.T) {
	e := edition(t, "comcast/ethernet")
	o := ticketed(down("vm", 149*time.Minute), 20*time.Minute, 140*time.Minute)
	o.Reported = o.Start.Add(10 * time.Minute)
	wait := outage.Maintenance{ID: "w", Resource: "vm", Cause: "waiting for customer", Start: o.Start.Add(time.Hour), End: o.Start.Add(90 * time.Minute)}
	var total time.Duration
	for _, f := range findingsIn(t, e, may2014, nil, o, wait) {
		total += f.Measurement.Down
	}
	assert.Equal(t, 90*time.Minute, total)
	assert.Equal(t, day(time.June, 10), claimOf(t, e, "", joyentMarks).By)
}
