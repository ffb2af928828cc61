package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestArcustech(t *testing.T) {
	e := edition(t, "arcustech/virtual-servers")
	for _, tt := range []struct {
		commitment, cause string
		length            time.Duration
		want              string
	}{
		{"network", "network", 30 * time.Minute, "5%"},
		{"network", "network", 30*time.Minute + 1, "10%"},
		{"infrastructure", "heat", joyent149, "25%"},
		{"host", "host", time.Hour, "nothing"},
		{"host", "host", time.Hour + 1, "5%"},
		{"host", "host", 2 * time.Hour, "5%"},
		{"host", "host", joyent149, "10%"},
		{"restoration", "restoration", 3 * time.Hour, "nothing"},
		{"restoration", "restoration", 3*time.Hour + 1, "5%"},
	} {
		assert.Equal(t, tt.want, gives(t, e, tt.commitment, hosted(tt.length, tt.cause, "identified")), "%s for %v", tt.cause, tt.length)
	}
}
