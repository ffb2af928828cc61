package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// One day's fee for each day with an outage.
func TestAkamai(t *testing.T) {
	e := edition(t, "akamai/delivery")
	for length, want := range map[time.Duration]string{1: "24h", 149 * time.Minute: "24h", 12 * time.Hour: "24h", 12*time.Hour + 1: "48h"} { // from noon on
		f := judge(t, e, nil, down("vm", length))["vm, availability"]
		assert.Equal(t, want, f.Entitlement.Service.String(), "%v", length)
		assert.Equal(t, "720h", f.Limits[0].Service.String())
	}
}
