package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// One, three or seven days of units; what else the edition lacks.
func TestSnowflake(t *testing.T) {
	e := chosen(t, Query{Provider: "snowflake"})
	_, err := e.Terms()
	assert.ErrorContains(t, err, "missing: over which time an error rate is taken")
	for length, want := range map[time.Duration]string{149 * time.Minute: "24h", 8 * time.Hour: "72h", 38 * time.Hour: "168h"} { // 0.33, 1.08 and 5.1% of May
		assert.Equal(t, want, findingsIn(t, e, may2014, nil, down("vm", length))[0].Entitlement.Service.String())
	}
	assert.Equal(t, day(time.June, 22), claimOf(t, e, "below 1% errors", joyentMarks).By)
}
