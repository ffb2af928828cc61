package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func Test1GB(t *testing.T) {
	e := edition(t, "1-gb/shared-hosting")
	assert.Equal(t, "nothing", gives(t, e, "", down("vm", 2*time.Hour-1)))
	f := judge(t, e, nil, down("vm", joyent149))["vm"]
	assert.Equal(t, "24h", f.Entitlement.Service.String())
	assert.Equal(t, "3.333", percentOf(t, f.Entitlement.Service, f.Base.Length), "1/30")
	assert.Equal(t, "48h of service", gives(t, e, "", down("vm", 4*time.Hour)))
	assert.Equal(t, "100%", f.Limits[0].Percent.String())
}
