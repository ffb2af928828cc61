package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// No table was read, so nothing is given; what counts as down is known.
func TestScaleway(t *testing.T) {
	known := func(name string) Edition {
		e := edition(t, name)
		_, err := e.Terms()
		require.ErrorContains(t, err, "missing: the table of credits")
		e.Missing = nil
		return e
	}
	instances := known("scaleway/instances")
	for length, want := range map[time.Duration]time.Duration{4*time.Minute - 1: 0, 4 * time.Minute: 4 * time.Minute, joyent149: joyent149} {
		assert.Equal(t, want, judge(t, instances, nil, down("vm", length))["vm"].Measurement.Down)
	}
	slow := down("vm", joyent149)
	slow.ServedPercent = slow.LostPercent().Shift(-2) // 1 of 100
	assert.Zero(t, judge(t, instances, nil, slow)["vm"].Measurement.Down, "degraded")

	// The part of the month in which a database did not run counts as available.
	born := down("vm", joyent149)
	life := outage.Lifetime{Resource: "vm", Start: born.Start}
	f := judge(t, known("scaleway/databases"), []string{"vm configuration=high_availability"}, born, life)["vm, high availability"]
	assert.Equal(t, [2]time.Duration{may2014.Length(), joyent149}, [2]time.Duration{f.Measurement.Due, f.Measurement.Down})
	assert.Equal(t, sla.Missed, f.Outcome)

	traffic := func(requests, failed int64) outage.Traffic {
		return outage.Traffic{ID: "t", Resource: "vm", Start: born.Start, End: born.Start.Add(5 * time.Minute), Requests: requests, Failed: failed}
	}
	for _, tt := range []struct {
		requests, failed int64
		want             time.Duration
	}{{19, 19, 0}, {20, 10, 0}, {20, 11, 5 * time.Minute}} {
		f := judge(t, known("scaleway/serverless-functions"), nil, traffic(tt.requests, tt.failed))["vm"]
		assert.Equal(t, tt.want, f.Measurement.Down, "%d of %d", tt.failed, tt.requests)
	}
}
