package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestGoDaddy(t *testing.T) {
	e := edition(t, "godaddy/hosting")
	assert.Equal(t, "nothing", gives(t, e, "", down("vm", 44*time.Minute)))
	assert.Equal(t, "5%", gives(t, e, "", down("vm", joyent149)), "flat")
	assert.Equal(t, "5%", gives(t, e, "", down("vm", 20*24*time.Hour)))
	assert.Equal(t, "nothing", gives(t, e, "", hosted(joyent149, "programming environment")))
}
