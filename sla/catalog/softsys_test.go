package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestSoftsys(t *testing.T) {
	e := edition(t, "softsys/hardware-replacement")
	for length, want := range map[time.Duration]string{
		4 * time.Hour: "nothing", 4*time.Hour + 1: "20%", 8 * time.Hour: "20%", 8*time.Hour + 1: "40%", 12 * time.Hour: "40%", 12*time.Hour + 1: "60%",
		16 * time.Hour: "60%", 16*time.Hour + 1: "80%", 18 * time.Hour: "80%", 18*time.Hour + 1: "100%",
	} {
		assert.Equal(t, want, gives(t, e, "", hosted(length, "hardware", "verified")), "%v", length)
	}
	assert.Equal(t, "2014-05-18T00:00:00Z", claimBy(t, e, "", down("vm", time.Hour)))
}
