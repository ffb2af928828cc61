package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// Rows in whole seconds; what lies between two is in the severer one.
func TestVolico(t *testing.T) {
	e := edition(t, "volico/power")
	for _, tt := range []struct {
		length time.Duration
		want   string
	}{
		{1, "10%"},
		{149 * time.Minute, "10%"},
		{4*time.Hour - time.Second, "10%"},
		{4*time.Hour - 1, "15%"},
		{4 * time.Hour, "15%"},
		{8 * time.Hour, "20%"},
		{12 * time.Hour, "25%"},
		{16 * time.Hour, "30%"},
		{20 * time.Hour, "35%"},
		{24*time.Hour - time.Second, "35%"},
		{24 * time.Hour, "50%"}, // in no row
		{24*time.Hour + time.Second, "50%"},
	} {
		assert.Equal(t, tt.want, judge(t, e, nil, down("vm", tt.length))["vm"].Entitlement.Percent.String(), tt)
	}
	assert.Empty(t, judge(t, e, nil)["vm"].Entitlement)
}
