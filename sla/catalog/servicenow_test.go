package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// 0.2% of May are 1 h 29 min 16.8 s; two hours of maintenance do not count.
func TestServiceNow(t *testing.T) {
	e := edition(t, "servicenow/subscription")
	for _, tt := range []struct {
		cause  string
		length time.Duration
		want   string
	}{
		{"", 5_356_800 * time.Millisecond, "0s"},
		{"", 5_356_800*time.Millisecond + 1, "1h29m16.800000001s"},
		{"", 149 * time.Minute, "2h29m"},
		{"maintenance", 2 * time.Hour, "0s"},
		{"maintenance", 4 * time.Hour, "2h"},
	} {
		o := down("vm", tt.length)
		o.Cause = tt.cause
		assert.Equal(t, tt.want, judge(t, e, nil, o)["vm"].Entitlement.Service.String(), tt)
	}
}
