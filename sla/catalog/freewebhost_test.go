package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// 1% of 744 h are 7 h 26 min 24 s, "approximately 8 hours"; over it a month is
// given.
func TestFreeWebHost(t *testing.T) {
	e := edition(t, "freewebhost/hosting")
	const allowed = 7*time.Hour + 26*time.Minute + 24*time.Second
	assert.Equal(t, "nothing", gives(t, e, "", down("vm", allowed)))
	assert.Equal(t, "100%", gives(t, e, "", down("vm", allowed+1)))
	assert.Equal(t, "nothing", gives(t, e, "", hosted(24*time.Hour, "outside control")))
}
