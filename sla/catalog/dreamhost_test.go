package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestDreamHost(t *testing.T) {
	e := edition(t, "dreamhost/hosting")
	for length, want := range map[time.Duration]string{
		1: "24h of service", time.Hour: "24h of service", time.Hour + 1: "48h of service", joyent149: "72h of service",
	} {
		assert.Equal(t, want, gives(t, e, "", down("vm", length)), "%v", length)
	}
	f := judge(t, e, nil, down("vm", joyent149))["vm"]
	assert.Equal(t, "10%", f.Limits[0].Percent.String(), "of the next renewal")
	assert.Equal(t, "0.822", percentOf(t, f.Entitlement.Service, f.Base.Length), "three days of the year")
	assert.Equal(t, "nothing", gives(t, e, "", hosted(joyent149, "customer")))
}

func TestDreamObjects(t *testing.T) {
	e := edition(t, "dreamhost/dreamobjects")
	const allowed = 44*time.Minute + 38400*time.Millisecond // 0.1% of 744 h
	for length, want := range map[time.Duration]string{allowed: "nothing", allowed + 1: "44m38.400000001s of service", joyent149: "2h29m of service"} {
		assert.Equal(t, want, gives(t, e, "", down("vm", length)), "%v", length)
	}
	assert.Zero(t, judge(t, e, nil, down("vm", time.Minute))["vm"].Measurement.Down)
	assert.Equal(t, time.Minute+1, judge(t, e, nil, down("vm", time.Minute+1))["vm"].Measurement.Down)

	o := down("vm", joyent149)
	days := 5 * 24 * time.Hour
	assert.Equal(t, "1h29m of service", gives(t, e, "", o, work(o, days)), "an hour of maintenance a month")
	assert.Equal(t, "2h29m of service", gives(t, e, "", o, work(o, days-1)))
	assert.Equal(t, "2014-05-25T00:00:00Z", claimBy(t, e, "", o))
}
