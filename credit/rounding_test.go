package credit

import (
	"encoding/json"
	"fmt"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
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

func TestDivideExhaustively(t *testing.T) {
	for _, r := range roundings {
		for denom := 1; denom <= 12; denom++ {
			for num := -60; num <= 60; num++ {
				got := r.divide(big.NewInt(int64(num)), big.NewInt(int64(denom)))
				require.Equal(t, fmt.Sprint(r.slowDivide(num, denom)), got.String(), "%d/%d %v", num, denom, r)
			}
		}
	}
}

func TestDivide(t *testing.T) {
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
			got := r.divide(big.NewInt(tt.tenths), big.NewInt(10))
			assert.Equal(t, tt.want[i], got.Int64(), "%d/10 %v", tt.tenths, r)
		}
	}
}

func TestDivideIsSymmetricAndKeepsItsArguments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, d := rapid.Int64().Draw(t, "num"), rapid.Int64Min(1).Draw(t, "denom")
		r := rapid.SampledFrom(roundings).Draw(t, "rounding")
		num, denom := big.NewInt(n), big.NewInt(d)
		q := r.divide(num, denom)
		if num.Cmp(big.NewInt(n)) != 0 || denom.Cmp(big.NewInt(d)) != 0 {
			t.Fatal("an argument changed")
		}
		mirrored := r.divide(new(big.Int).Neg(num), denom)
		if q.Cmp(mirrored.Neg(mirrored)) != 0 {
			t.Fatalf("%v and %v", q, mirrored)
		}
	})
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
