package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestVirteche(t *testing.T) {
	e := edition(t, "virteche/hosting")
	const allowed = 44*time.Minute + 38400*time.Millisecond // 0.1% of 744 h
	for length, want := range map[time.Duration]string{
		allowed + 15*time.Minute - 1: "nothing", allowed + 15*time.Minute: "24h of service", joyent149: "144h of service", // 104 min beyond
	} {
		assert.Equal(t, want, gives(t, e, "network", hosted(length, "network")), "%v", length)
		assert.Equal(t, want, gives(t, e, "power", hosted(length, "power")), "%v", length)
	}
	assert.Equal(t, "2014-05-13T14:29:00Z", claimBy(t, e, "network", down("vm", joyent149)), "72 hours")
}
