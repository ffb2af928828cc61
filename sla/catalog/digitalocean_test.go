package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// The share of intervals and the share of time decide alike: over 5 minutes
// are too many, and all lost time is given.
func TestDigitalOceanLostTime(t *testing.T) {
	e := edition(t, "digitalocean/droplets/lost-time")
	for length, want := range map[time.Duration]string{
		5 * time.Minute: "nothing", 5*time.Minute + 1: "5m0.000000001s of service", joyent149: "2h29m of service",
	} {
		assert.Equal(t, want, gives(t, e, "", down("vm", length)), "%v", length)
	}
	assert.Equal(t, "2014-09-01T00:00:00Z", claimBy(t, e, "", down("vm", joyent149)))
}

func TestDigitalOcean(t *testing.T) {
	outage := down("vm", joyent149)
	droplets := edition(t, "digitalocean/droplets/2025")
	assert.Equal(t, "100%", gives(t, droplets, "", outage))
	assert.Equal(t, "nothing", gives(t, droplets, "", outage, work(outage, 0)))
	assert.Equal(t, "nothing", gives(t, droplets, "", hosted(joyent149, "customer")))

	platform := edition(t, "digitalocean/app-platform")
	assert.Equal(t, "10%", gives(t, platform, "", outage))
	assert.Equal(t, "30%", gives(t, platform, "", down("vm", 8*time.Hour)), "98.9%")
	assert.Equal(t, "2014-08-01T00:00:00Z", claimBy(t, platform, "", outage))
}
