package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// The bands are printed with two decimals: 99.895% and 98.995% fall between
// them, and into the severer one. 0.001% of May are 26.784 s.
func TestZus(t *testing.T) {
	e := edition(t, "zus/platform")
	thousandths := func(n int64) time.Duration { return time.Duration(n) * 26_784 * time.Millisecond }
	for _, tt := range []struct {
		length time.Duration
		want   string
	}{
		{thousandths(100), "0%"},
		{thousandths(100) + 1, "5%"},
		{thousandths(105), "5%"}, // 99.895%
		{thousandths(110), "5%"},
		{thousandths(1000), "5%"},
		{thousandths(1000) + 1, "10%"},
		{thousandths(1005), "10%"}, // 98.995%
		{thousandths(1010), "10%"},
		{thousandths(5000), "10%"},
		{thousandths(5000) + 1, "25%"},
		{thousandths(5010), "25%"},
		{149 * time.Minute, "5%"},
	} {
		assert.Equal(t, tt.want, judge(t, e, nil, down("vm", tt.length))["vm"].Entitlement.Percent.String(), tt)
	}
}
