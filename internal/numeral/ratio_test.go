package numeral

import (
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every small fraction is written so that it reads back, as a decimal number
// where it is one, which its denominator alone decides.
func TestRatioRoundTrips(t *testing.T) {
	for num := int64(-60); num <= 60; num++ {
		for denom := int64(1); denom <= 60; denom++ {
			r := big.NewRat(num, denom)
			text := FormatRatio(r)
			again, err := ParseRatio(text)
			require.NoError(t, err, text)
			require.Zero(t, r.Cmp(again), text)
			rest := r.Denom().Int64()
			for _, p := range []int64{2, 5} {
				for rest%p == 0 {
					rest /= p
				}
			}
			require.Equal(t, rest != 1, strings.Contains(text, "/"), text)
			d, finite := Decimal(r)
			require.Equal(t, rest == 1, finite)
			if finite {
				require.Zero(t, d.Rat().Cmp(r), text)
			}
		}
	}
}

func TestParseRatio(t *testing.T) {
	for _, text := range []string{"0", "-0.5", "99.90", "149/864", "-1/3", "1." + strings.Repeat("0", 300) + "1"} {
		_, err := ParseRatio(text)
		assert.NoError(t, err, text)
	}
	for _, text := range []string{
		"", "-", "1/", "/3", "1/0", "1/00", "2/6", "1/2", "1/-3", "-1/-3", "--1/3", "+1/3", "1 / 3", "1/3/7", "01/3", "1/03", "0/08", "1/09", "-0/3", "0/3", "3/1",
		"1e9", "1e1000000000", "1/1e9", "0x1/3", "1_0/3", "1.5/7", ".5", "1.", "00", "NaN", "Inf",
	} {
		_, err := ParseRatio(text)
		assert.Error(t, err, text)
	}
	longest, err := ParseRatio(strings.Repeat("9", 100_000))
	require.NoError(t, err)
	assert.Len(t, FormatRatio(longest), 100_000)
	_, err = ParseRatio(strings.Repeat("9", 100_001))
	assert.EqualError(t, err, "a number of 100001 characters, more than 100000")
}

func FuzzParseRatio(f *testing.F) {
	for _, text := range []string{"0", "1/3", "-149/864", "1e9", "4.9975"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseRatio(text)
		if err != nil {
			return
		}
		again, err := ParseRatio(FormatRatio(r))
		if err != nil || again.Cmp(r) != 0 {
			t.Errorf("%q: %v, %v", text, again, err)
		}
	})
}

func TestSum(t *testing.T) {
	var fractions []*big.Rat
	want := new(big.Rat)
	for n := range int64(40) {
		assert.Zero(t, want.Cmp(Sum(fractions)))
		fraction := big.NewRat(n-20, 2*n+1)
		fractions, want = append(fractions, fraction), new(big.Rat).Add(want, fraction)
	}
}
