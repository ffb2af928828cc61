package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestHetzner(t *testing.T) {
	e := edition(t, "hetzner/cloud")
	const allowed = 44*time.Minute + 38400*time.Millisecond // 0.1% of 744 h
	for length, want := range map[time.Duration]string{allowed: "nothing", allowed + 1: "44m38.400000001s of service", joyent149: "2h29m of service"} {
		assert.Equal(t, want, gives(t, e, "", down("vm", length)), "%v", length)
	}
	outage := down("vm", joyent149)
	assert.Equal(t, "100%", judge(t, e, nil, outage)["vm"].Limits[0].Percent.String())
	assert.Equal(t, "nothing", gives(t, e, "", hosted(joyent149, "live migration")))
	assert.Equal(t, "nothing", gives(t, e, "", outage, work(outage, 24*time.Hour)))
	assert.Equal(t, "2h29m of service", gives(t, e, "", outage, work(outage, 24*time.Hour-1)))
	assert.Equal(t, "2014-06-15T00:00:00Z", claimBy(t, e, "", outage))
}
