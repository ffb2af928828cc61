package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestGoGrid(t *testing.T) {
	for _, name := range []string{"gogrid/cloud/2012", "gogrid/cloud/2013"} {
		e := edition(t, name)
		assert.Equal(t, "700h of service", gives(t, e, "", down("vm", 7*time.Hour)), "the text's own example")
		assert.Equal(t, "1m40s of service", gives(t, e, "", down("vm", time.Second)), "no minimum")

		f := judge(t, e, nil, down("vm", joyent149))["vm"]
		assert.Equal(t, "248h20m", f.Entitlement.Service.String())
		assert.Equal(t, "33.378", percentOf(t, f.Entitlement.Service, "744h"), "of May")
		assert.Equal(t, "100%", f.Limits[0].Percent.String())
	}
}
