package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestLinode(t *testing.T) {
	const thousandth = 44*time.Minute + 38400*time.Millisecond // of 744 h
	for _, tt := range []struct {
		name   string
		length time.Duration
		want   string
	}{
		{"2010", thousandth, "nothing"},
		{"2010", thousandth + 1, "44m38.400000001s of service"},
		{"2010", joyent149, "2h29m of service"},
		{"2010", 8 * time.Hour, "8h of service"}, // about 1% of the month, said in the forum
		{"2021", thousandth / 10, "nothing"},
		{"2021", thousandth/10 + 1, "4m27.840000001s of service"},
		{"2021", joyent149, "2h29m of service"},
	} {
		assert.Equal(t, tt.want, gives(t, edition(t, "linode/compute/"+tt.name), "", down("vm", tt.length)), "%s, %v", tt.name, tt.length)
	}
	others := edition(t, "linode/other-services")
	assert.Equal(t, "nothing", gives(t, others, "", down("vm", thousandth)))

	outage := down("vm", joyent149)
	for _, e := range []Edition{edition(t, "linode/compute/2021"), others} {
		assert.Equal(t, "nothing", gives(t, e, "", outage, work(outage, 24*time.Hour)))
		assert.Equal(t, "2h29m of service", gives(t, e, "", outage, work(outage, 24*time.Hour-1)))
		assert.Equal(t, "2014-07-01T00:00:00Z", claimBy(t, e, "", outage))
	}
}
