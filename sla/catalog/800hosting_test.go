package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func Test800Hosting(t *testing.T) {
	e := edition(t, "800hosting/leased-servers")
	assert.Equal(t, "62h5m of service", gives(t, e, "network", hosted(joyent149, "network")), "25 times 149 min")
	lossy := hosted(joyent149, "network")
	lossy.ServedPercent = lossy.LostPercent().Shift(-2) // one packet of a hundred comes through
	assert.Equal(t, "nothing", gives(t, e, "network", lossy))

	assert.Equal(t, "nothing", gives(t, e, "hardware", hosted(2*time.Hour, "hardware", "identified")))
	f := judge(t, e, nil, hosted(joyent149, "hardware", "identified"))["vm, hardware"]
	assert.Equal(t, "62h5m of service", f.Entitlement.String(), "of all of it, once over two hours")
	assert.Equal(t, "100%", f.Limits[0].Percent.String(), "a month")
}
