package credit

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/internal/exact"
)

var roundings = []Rounding{HalfAwayFromZero, HalfEven, TowardZero, AwayFromZero}

// slowDivide looks for the whole number among all that are near enough.
func (r Rounding) slowDivide(num, denom int) int {
	abs := func(x int) int { return max(x, -x) }
	best, found := 0, false
	for q := -abs(num) - 1; q <= abs(num)+1; q++ {
		off := abs(q*denom - num)
		if off >= denom {
			continue
		}
		worse := abs(best*denom-num) - off
		var better bool
		switch r {
		case HalfAwayFromZero:
			better = worse > 0 || worse == 0 && abs(q) > abs(best)
		case HalfEven:
			better = worse > 0 || worse == 0 && q%2 == 0
		case TowardZero:
			better = abs(q) < abs(best)
		case AwayFromZero:
			better = abs(q) > abs(best)
		}
		if !found || better {
			best, found = q, true
		}
	}
	return best
}

func TestRoundExhaustively(t *testing.T) {
	for _, r := range roundings {
		for denom := 1; denom <= 12; denom++ {
			for num := -60; num <= 60; num++ {
				got, fits := r.round(exact.New(int64(num), int64(denom)))
				require.True(t, fits)
				require.Equal(t, int64(r.slowDivide(num, denom)), got, "%d/%d %v", num, denom, r)
			}
		}
	}
}

func TestRoundTable(t *testing.T) {
	for _, tt := range []struct {
		tenths int64
		want   [4]int64 // in the order of roundings
	}{
		{0, [4]int64{0, 0, 0, 0}},
		{10, [4]int64{1, 1, 1, 1}},
		{14, [4]int64{1, 1, 1, 2}},
		{15, [4]int64{2, 2, 1, 2}},
		{16, [4]int64{2, 2, 1, 2}},
		{25, [4]int64{3, 2, 2, 3}},
		{5, [4]int64{1, 0, 0, 1}},
		{-5, [4]int64{-1, 0, 0, -1}},
		{-15, [4]int64{-2, -2, -1, -2}},
		{-25, [4]int64{-3, -2, -2, -3}},
		{-1, [4]int64{0, 0, 0, -1}},
	} {
		for i, r := range roundings {
			got, fits := r.round(exact.New(tt.tenths, 10))
			assert.True(t, fits)
			assert.Equal(t, tt.want[i], got, "%d/10 %v", tt.tenths, r)
		}
	}
}

func TestRoundIsSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := exact.New(rapid.Int64().Draw(t, "num"), rapid.Int64Min(1).Draw(t, "denom"))
		r := rapid.SampledFrom(roundings).Draw(t, "rounding")
		q, fits := r.round(n)
		mirrored, also := r.round(n.Neg())
		if fits != also || fits && q != -mirrored {
			t.Fatalf("%v and %v", q, mirrored)
		}
	})
}

// The largest amount is the last that fits, on both sides.
func TestRoundAtTheEdge(t *testing.T) {
	largest := exact.Int(math.MaxInt64)
	for _, r := range roundings {
		for _, n := range []exact.Number{largest, largest.Neg()} {
			got, fits := r.round(n)
			assert.True(t, fits)
			assert.True(t, n.Equal(exact.Int(got)))
			beyond := n.Mul(exact.New(1, math.MaxInt64)).Quo(exact.Int(2)).Add(n) // by a half
			_, fits = r.round(beyond)
			assert.Equal(t, r == TowardZero, fits, r)
		}
	}
}

func TestRoundingText(t *testing.T) {
	for r, want := range map[Rounding]string{
		HalfAwayFromZero: "half away from zero",
		HalfEven:         "half even",
		TowardZero:       "toward zero",
		AwayFromZero:     "away from zero",
	} {
		assert.Equal(t, want, r.String())
		data, err := json.Marshal(r)
		require.NoError(t, err)
		assert.Equal(t, `"`+want+`"`, string(data))
		again := Rounding(-1)
		require.NoError(t, json.Unmarshal(data, &again))
		assert.Equal(t, r, again)
	}
	var zero Rounding
	assert.Equal(t, HalfAwayFromZero, zero)
}

func TestRoundingUnknown(t *testing.T) {
	for _, r := range []Rounding{-1, 4} {
		assert.Equal(t, fmt.Sprintf("Rounding(%d)", int(r)), r.String())
		_, err := r.MarshalText()
		assert.EqualError(t, err, fmt.Sprintf("credit: writing rounding: Rounding(%d) is not known", int(r)))
	}
	for _, text := range []string{"", "half up", "Half even", "half even ", "Rounding(4)", "0"} {
		r := AwayFromZero
		err := r.UnmarshalText([]byte(text))
		assert.EqualError(t, err, fmt.Sprintf(
			"credit: reading rounding: %q is none of half away from zero, half even, toward zero, away from zero", text))
		assert.Equal(t, AwayFromZero, r)
	}
}
