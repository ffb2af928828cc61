package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestVultr(t *testing.T) {
	e := edition(t, "vultr/compute")
	for _, tt := range []struct {
		length time.Duration
		want   string
	}{
		{1, "12h of service"},
		{9*time.Minute - 1, "12h of service"},
		{9 * time.Minute, "12h of service"}, // in no row
		{10*time.Minute - 1, "12h of service"},
		{10 * time.Minute, "24h of service"},
		{60*time.Minute - 1, "24h of service"},
		{60 * time.Minute, "48h of service"},
		{120*time.Minute - 1, "48h of service"},
		{120 * time.Minute, "120h of service"},
		{joyent149, "120h of service"},
		{240*time.Minute - 1, "120h of service"},
		{240 * time.Minute, "240h of service"},
		{420*time.Minute - 1, "240h of service"},
		{420 * time.Minute, "672h of service"},
	} {
		assert.Equal(t, tt.want, gives(t, e, "uptime", down("vm", tt.length)), "%v", tt.length)
	}

	outage := down("vm", joyent149)
	assert.Equal(t, "nothing", gives(t, e, "uptime", outage, work(outage, 24*time.Hour)))
	assert.Equal(t, "120h of service", gives(t, e, "uptime", outage, work(outage, 24*time.Hour-1)))
	assert.Equal(t, "2014-05-14T00:00:00Z", claimBy(t, e, "uptime", outage))

	f := judge(t, e, nil, outage)["vm, uptime"]
	assert.Equal(t, "100%", f.Limits[0].Percent.String())
	assert.EqualValues(t, "672h", f.Base.Length, "672 hours are a month")
}

// A patch of up to 10 minutes is excused, and a longer one not at all.
func TestVultrPatch(t *testing.T) {
	e := edition(t, "vultr/compute")
	for length, want := range map[time.Duration]string{10 * time.Minute: "nothing", 10*time.Minute + 1: "24h of service", joyent149: "120h of service"} {
		patch := hosted(length, "security patch")
		assert.Equal(t, "nothing", gives(t, e, "uptime", patch), "%v", length)
		assert.Equal(t, want, gives(t, e, "long security patch", patch), "%v", length)
	}
}

// Of fifty servers one is down, and only that one is credited.
func TestVultrOneServer(t *testing.T) {
	findings := judge(t, edition(t, "vultr/compute"), []string{"a", "b"}, down("a", time.Hour))
	assert.Equal(t, "48h of service", findings["a, uptime"].Entitlement.String())
	assert.True(t, findings["b, uptime"].Entitlement.Remedy.IsZero())
}
