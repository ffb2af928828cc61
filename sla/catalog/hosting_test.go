package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// A day of a year of 360 is 1/360 of the annual fee, and 149 min are four times
// half an hour.
func TestHosting(t *testing.T) {
	e := edition(t, "hosting/web-hosting")
	f := judge(t, e, nil, hosted(joyent149, "network", "ticket"))["vm, network"]
	assert.Equal(t, "96h", f.Entitlement.Service.String())
	assert.Equal(t, "1.111", percentOf(t, f.Entitlement.Service, f.Base.Length), "4 of 360")
	assert.Equal(t, "nothing", gives(t, e, "network", hosted(30*time.Minute-1, "network", "ticket")))
	assert.Equal(t, "24h of service", gives(t, e, "infrastructure", hosted(30*time.Minute, "heat", "ticket")))
	assert.Equal(t, "nothing", gives(t, e, "network", hosted(joyent149, "network")), "no ticket")
}
