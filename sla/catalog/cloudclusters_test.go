package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestCloudClusters(t *testing.T) {
	e := edition(t, "cloudclusters/dedicated")
	hour := hosted(time.Hour, "network")
	assert.Equal(t, "10h of service", gives(t, e, "network", hour), "the text's own example")
	assert.Equal(t, "nothing", gives(t, e, "network", hour, work(hour, 0)))
	assert.Equal(t, "nothing", gives(t, e, "hardware", hosted(4*time.Hour, "hardware", "identified")))
	assert.Equal(t, "10h of service", gives(t, e, "hardware", hosted(5*time.Hour, "hardware", "identified")))
	assert.Equal(t, "2014-05-22T00:00:00Z", claimBy(t, e, "network", hour), "eight business days from a Saturday")
}
