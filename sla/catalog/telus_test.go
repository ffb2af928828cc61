package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// No row holds from 96.89 to 97.9%: the severer one takes them. 0.01% of May
// are 4 min 27.84 s.
func TestTelus(t *testing.T) {
	e := edition(t, "telus/wavelength/unprotected")
	hundredths := func(n int64) time.Duration { return time.Duration(n) * 267_840 * time.Millisecond }
	for _, tt := range []struct {
		length time.Duration
		want   string
	}{
		{149 * time.Minute, "10%"},
		{hundredths(30), "0%"},
		{hundredths(30) + 1, "10%"}, // below 99.7 and above 99.69%
		{hundredths(210), "10%"},
		{hundredths(210) + 1, "20%"}, // below 97.9%
		{hundredths(311), "20%"},
		{hundredths(410), "20%"},
		{hundredths(410) + 1, "30%"},
		{hundredths(610), "30%"},
		{hundredths(610) + 1, "40%"},
	} {
		assert.Equal(t, tt.want, judge(t, e, nil, down("vm", tt.length))["vm"].Entitlement.Percent.String(), tt)
	}

	e = edition(t, "telus/wavelength/protected")
	for _, tt := range []struct {
		length time.Duration
		want   string
	}{
		{149 * time.Minute, "10%"},
		{hundredths(1), "0%"},
		{hundredths(1) + 1, "10%"},
		{hundredths(201), "10%"},
		{hundredths(201) + 1, "20%"},
		{hundredths(401) + 1, "30%"},
		{hundredths(601), "30%"},
		{hundredths(601) + 1, "40%"}, // below 93.99 and not yet 93.9%
		{hundredths(610) + 1, "40%"},
	} {
		assert.Equal(t, tt.want, judge(t, e, nil, down("vm", tt.length))["vm"].Entitlement.Percent.String(), tt)
	}
}
