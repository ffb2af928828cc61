package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestSuperb(t *testing.T) {
	e := edition(t, "superb/hosting")
	for _, cause := range []string{"network", "power", "cloud platform"} {
		assert.Equal(t, "nothing", gives(t, e, cause, hosted(time.Hour-1, cause)))
		assert.Equal(t, "24h of service", gives(t, e, cause, hosted(time.Hour, cause)))
		assert.Equal(t, "48h of service", gives(t, e, cause, hosted(joyent149, cause)))
	}
}
