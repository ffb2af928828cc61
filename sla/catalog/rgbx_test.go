package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestRGBX(t *testing.T) {
	e := edition(t, "rgbx/hosting")
	for length, want := range map[time.Duration]string{45*time.Minute - 1: "nothing", 45 * time.Minute: "5%", joyent149: "15%"} {
		assert.Equal(t, want, gives(t, e, "network", hosted(length, "network", "ticket")), "%v", length)
		assert.Equal(t, want, gives(t, e, "infrastructure", hosted(length, "power", "ticket")), "%v", length)
		assert.Equal(t, "nothing", gives(t, e, "network", hosted(length, "network")), "no ticket")
	}
}
