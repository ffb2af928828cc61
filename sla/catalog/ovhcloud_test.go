package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/sla"
)

func TestOVHcloudPublicCloud(t *testing.T) {
	e := edition(t, "ovhcloud/public-cloud/instances")
	for _, tt := range []struct {
		length time.Duration
		want   string
	}{
		{4*time.Minute + 27840*time.Millisecond, "nothing"}, // 0.01% of 744 h
		{4*time.Minute + 27840*time.Millisecond + 1, "2%"},
		{5*time.Minute - 1, "2%"},
		{5 * time.Minute, "2.5%"},
	} {
		assert.Equal(t, tt.want, gives(t, e, "", down("vm", tt.length)), "%v", tt.length)
	}
	f := judge(t, e, nil, down("vm", joyent149))["vm"]
	assert.Equal(t, "74.5%", f.Entitlement.Percent.String(), "0.5% for each of 149 min")
	assert.Equal(t, "50%", f.Limits[0].Percent.String(), "which is what it gives")
	assert.Equal(t, "2014-07-10T00:00:00Z", claimBy(t, e, "", down("vm", joyent149)))

	second := down("vm", 3*time.Minute)
	second.ID, second.Start, second.End = "second", second.Start.Add(time.Hour), second.End.Add(time.Hour)
	assert.Equal(t, "2.5%", gives(t, e, "", down("vm", 5*time.Minute), second), "three minutes do not count")
	second.End = second.End.Add(1)
	assert.Equal(t, "4%", gives(t, e, "", down("vm", 5*time.Minute), second), "over three do, whole")

	sandbox := edition(t, "ovhcloud/public-cloud/sandbox")
	assert.Equal(t, "nothing", gives(t, sandbox, "", down("vm", 22*time.Minute)), "99.95% allow 22 min 19.2 s")
	assert.Equal(t, "11.5%", gives(t, sandbox, "", down("vm", 23*time.Minute)))
}

func TestOVHcloudKeyManagement(t *testing.T) {
	e := edition(t, "ovhcloud/key-management-service")
	const allowed = 3*time.Hour + 43*time.Minute + 12*time.Second // 0.5% of 744 h
	of := func(resource string, length time.Duration) sla.Finding {
		o := hosted(length, "", "ticket")
		o.Resource = resource
		other := o
		other.ID, other.Resource = "other", "b"
		return judge(t, e, []string{"a service=keys", "b service=keys"}, o, other)["keys"]
	}
	for length, want := range map[time.Duration]string{allowed: "nothing", allowed + time.Hour - 1: "nothing", allowed + time.Hour: "5%", allowed + 7*time.Hour: "35%"} {
		if f := of("a", length); want == "nothing" {
			assert.True(t, f.Entitlement.Remedy.IsZero(), "%v", length)
		} else {
			assert.Equal(t, want, f.Entitlement.String(), "%v", length)
			assert.Equal(t, "30%", f.Limits[0].Percent.String())
		}
	}
	assert.Zero(t, of("b", allowed+time.Hour).Measurement.Down, "one of the two instances served")
	assert.Equal(t, "2014-07-10T00:00:00Z", claimBy(t, e, "", down("vm", joyent149)))
}

func TestOVHcloudDedicatedCloud(t *testing.T) {
	czech, german := edition(t, "ovhcloud/dedicated-cloud"), edition(t, "ovhcloud/dedicated-cloud/private-cloud")
	for _, tt := range []struct {
		commitment, cause string
		length            time.Duration
		czech, german     string
	}{
		{"internal network", "internal network", 10*time.Minute - 1, "nothing", "nothing"},
		{"internal network", "internal network", 10 * time.Minute, "5%", "5%"},
		{"internal network", "internal network", joyent149, "70%", "70%"},
		{"internet", "internet", 22*time.Minute + 19200*time.Millisecond, "nothing", "nothing"},
		{"internet", "internet", joyent149, "10%", "10%"},
		{"storage", "storage", 10 * time.Minute, "5%", "5%"},
		{"storage", "storage", 10*time.Minute + 1, "5%", "10%"},
		{"host replacement", "host", 15*time.Minute - 1, "nothing", "nothing"},
		{"host replacement", "host", 15 * time.Minute, "100%", "100%"},
	} {
		assert.Equal(t, tt.czech, gives(t, czech, tt.commitment, hosted(tt.length, tt.cause)), "%s for %v", tt.cause, tt.length)
		assert.Equal(t, tt.german, gives(t, german, tt.commitment, hosted(tt.length, tt.cause)), "%s for %v", tt.cause, tt.length)
	}
}

func TestOVHcloudVMware(t *testing.T) {
	assert.Equal(t, "10%", gives(t, edition(t, "ovhcloud/vmware"), "", down("vm", joyent149)))
}
