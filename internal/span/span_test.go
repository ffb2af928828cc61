package span

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestString(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"0s":                       0,
		"1ns":                      1,
		"20m":                      20 * time.Minute,
		"22m19.2s":                 22*time.Minute + 19200*time.Millisecond,
		"2h29m":                    149 * time.Minute,
		"744h":                     744 * time.Hour,
		"1h0m10s":                  time.Hour + 10*time.Second,
		"-14m52.8s":                -(14*time.Minute + 52800*time.Millisecond),
		"10m10s":                   10*time.Minute + 10*time.Second,
		"10h10m":                   10*time.Hour + 10*time.Minute,
		"2562047h47m16.854775807s": math.MaxInt64,
	} {
		assert.Equal(t, want, String(d))
	}
}

func TestUnmarshalTextRefuses(t *testing.T) {
	for _, text := range []string{"", "1", "20m0s", "1200s", "+20m", "1.50s", "1d", "NaN", "99999999h"} {
		d := Text(7)
		require.Error(t, d.UnmarshalText([]byte(text)), text)
		assert.Equal(t, Text(7), d)
	}
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]int64{1, 1000, 1e9, 60e9, 3600e9}).Draw(t, "unit")
		d := Text(rapid.Int64Range(-math.MaxInt64/unit, math.MaxInt64/unit).Draw(t, "d") * unit)
		data, err := d.MarshalText()
		var again Text
		if err != nil || again.UnmarshalText(data) != nil || again != d {
			t.Fatal(string(data), again, err)
		}
	})
}
