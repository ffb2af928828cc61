package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestProWebis(t *testing.T) {
	e := edition(t, "prowebis/hosting")
	assert.Equal(t, "nothing", gives(t, e, "", down("vm", 12*time.Hour)))
	f := judge(t, e, nil, down("vm", 12*time.Hour+1))["vm"]
	assert.Equal(t, "100%", f.Entitlement.String(), "a month")
	assert.Equal(t, "100%", f.Limits[0].Percent.String(), "and no more of them")
}
