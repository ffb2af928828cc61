package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/sla"
)

// Every month has 40,320 minutes, of which 1% are 6 h 43 min 12 s.
func TestGRHost(t *testing.T) {
	e := edition(t, "grhost/managed-wordpress")
	e.Missing = nil
	const allowed = 6*time.Hour + 43*time.Minute + 12*time.Second
	assert.Equal(t, sla.Met, judge(t, e, nil, down("vm", allowed))["vm"].Outcome)
	assert.Equal(t, sla.Missed, judge(t, e, nil, down("vm", allowed+1))["vm"].Outcome)
}
