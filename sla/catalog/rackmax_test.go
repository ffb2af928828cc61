package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestRackmax(t *testing.T) {
	e := edition(t, "rackmax/hosting")
	const allowed = 44*time.Minute + 38400*time.Millisecond // 0.1% of 744 h
	for length, want := range map[time.Duration]string{allowed: "nothing", allowed + 1: "24h of service", joyent149: "24h of service"} {
		assert.Equal(t, want, gives(t, e, "", down("vm", length)), "%v", length)
	}
}
