package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// The five lengths of the outage of 27 May 2014, under both readings of a clause
// that no stored page confirms.
func TestJoyent(t *testing.T) {
	full, started := edition(t, "joyent/compute/per-full-30m"), edition(t, "joyent/compute/per-started-30m")
	for minutes, want := range map[time.Duration][2]string{20: {"0%", "5%"}, 32: {"5%", "10%"}, 59: {"5%", "10%"}, 77: {"10%", "15%"}, 149: {"20%", "25%"}} {
		outage := down("vm", minutes*time.Minute)
		assert.Equal(t, want[0], judge(t, full, nil, outage)["vm"].Entitlement.Percent.String(), "%d min", minutes)
		assert.Equal(t, want[1], judge(t, started, nil, outage)["vm"].Entitlement.Percent.String(), "%d min", minutes)
	}
}
