package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestLiquidWeb(t *testing.T) {
	e := edition(t, "liquidweb/dedicated")
	for length, want := range map[time.Duration]string{30 * time.Minute: "nothing", 40 * time.Minute: "1h40m of service", joyent149: "19h50m of service"} {
		assert.Equal(t, want, gives(t, e, "hardware", hosted(length, "hardware", "identified")), "%v: ten times what is beyond half an hour", length)
	}
	assert.Equal(t, "24h50m of service", gives(t, e, "network", hosted(joyent149, "network")))
	assert.Equal(t, "nothing", gives(t, e, "network", hosted(joyent149, "hardware", "identified")))

	storm := edition(t, "liquidweb/storm-on-demand")
	power := hosted(joyent149, "power")
	assert.Equal(t, "24h50m of service", gives(t, storm, "", power))
	assert.Equal(t, "nothing", gives(t, storm, "", power, work(power, 0)))
}
