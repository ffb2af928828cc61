package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestGaiaStreams(t *testing.T) {
	e := edition(t, "gaiastreams/hosting")
	for length, want := range map[time.Duration]string{
		time.Hour: "nothing", time.Hour + 1: "24h of service", 2 * time.Hour: "24h of service", 2*time.Hour + 1: "72h of service", joyent149: "72h of service",
		6 * time.Hour: "72h of service", 6*time.Hour + 1: "168h of service", 12 * time.Hour: "168h of service", 12*time.Hour + 1: "336h of service",
	} {
		assert.Equal(t, want, gives(t, e, "", down("vm", length)), "%v", length)
	}
}
