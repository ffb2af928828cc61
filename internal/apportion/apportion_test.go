package apportion

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/internal/exact"
)

func weights(ws ...int64) []exact.Number {
	rats := make([]exact.Number, len(ws))
	for i, w := range ws {
		rats[i] = exact.Int(w)
	}
	return rats
}

func TestSplit(t *testing.T) {
	for _, tt := range []struct {
		name    string
		total   int64
		weights []exact.Number
		want    []int64
	}{
		{"B26 two", 9999, weights(75, 25), []int64{7499, 2500}},
		{"B26 three", 10000, weights(1, 1, 1), []int64{3334, 3333, 3333}},
		{"B26 zero weights", 7, weights(0, 10, 0), []int64{0, 7, 0}},
		{"B27", -10001, weights(1, 1, 1), []int64{-3334, -3334, -3333}},
		{"B11", 1001, weights(1, 1, 1), []int64{334, 334, 333}},
		{"B09", 4216, weights(11574, 30584), []int64{1157, 3059}},
		{"remainder to the largest, not the first", 3, weights(1, 4), []int64{1, 2}},
		{"fractions as weights", 10, []exact.Number{exact.New(1, 3), exact.New(1, 6)}, []int64{7, 3}},
		{"one weight", 1, weights(5), []int64{1}},
		{"fewer units than weights", 2, weights(1, 1, 1, 1), []int64{1, 1, 0, 0}},
		{"zero total", 0, weights(1, 2), []int64{0, 0}},
		{"zero total over zero weights", 0, weights(0, 0), []int64{0, 0}},
		{"zero total over nothing", 0, nil, []int64{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			parts, err := Split(tt.total, tt.weights)
			require.NoError(t, err)
			assert.Equal(t, tt.want, parts)
		})
	}
}

func TestSplitRefuses(t *testing.T) {
	for _, tt := range []struct {
		total   int64
		weights []exact.Number
		want    string
	}{
		{100, nil, "no weight is above zero"},
		{-100, weights(0, 0), "no weight is above zero"},
		{100, weights(3, -1), "weight 1 is negative"},
		{0, weights(-1), "weight 0 is negative"},
	} {
		parts, err := Split(tt.total, tt.weights)
		assert.EqualError(t, err, tt.want)
		assert.Nil(t, parts)
	}
}

// slowSplit gives out one unit at a time, each to the part that is furthest
// below its share.
func slowSplit(total int64, ws []int64) []int64 {
	var sum int64
	for _, w := range ws {
		sum += w
	}
	parts := make([]int64, len(ws))
	if sum == 0 {
		return parts
	}
	sign := int64(1)
	if total < 0 {
		sign = -1
	}
	for i, w := range ws {
		for sum*(parts[i]+1) <= sign*total*w {
			parts[i]++
		}
	}
	for {
		var given int64
		best, most := -1, int64(0)
		for i, w := range ws {
			given += parts[i]
			if short := sign*total*w - sum*parts[i]; short > most {
				best, most = i, short
			}
		}
		if given == sign*total {
			break
		}
		parts[best]++
	}
	for i := range parts {
		parts[i] *= sign
	}
	return parts
}

func TestSplitExhaustively(t *testing.T) {
	for total := int64(-12); total <= 12; total++ {
		for n := range 5 * 5 * 5 * 5 {
			ws := []int64{int64(n % 5), int64(n / 5 % 5), int64(n / 25 % 5), int64(n / 125)}
			parts, err := Split(total, weights(ws...))
			if total != 0 && n == 0 {
				require.Error(t, err)
				continue
			}
			require.NoError(t, err)
			require.Equal(t, slowSplit(total, ws), parts, "%d over %v", total, ws)
		}
	}
}

func TestSplitLaws(t *testing.T) {
	nonNegative := rapid.Custom(func(t *rapid.T) exact.Number {
		return exact.New(rapid.Int64Min(0).Draw(t, "num"), rapid.Int64Min(1).Draw(t, "denom"))
	})
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Min(-math.MaxInt64).Draw(t, "total")
		ws := append(rapid.SliceOfN(nonNegative, 0, 8).Draw(t, "weights"), exact.New(1, 7))
		parts, err := Split(total, ws)
		if err != nil {
			t.Fatal(err)
		}

		all := exact.Sum(ws...)
		sum := new(big.Int)
		for i, p := range parts {
			sum.Add(sum, big.NewInt(p))
			off := exact.Int(total).Mul(ws[i].Quo(all)).Sub(exact.Int(p))
			if off.Cmp(exact.Int(1)) >= 0 || off.Cmp(exact.Int(-1)) <= 0 {
				t.Fatalf("part %d is off by %v", i, off)
			}
			if ws[i].Sign() == 0 && p != 0 {
				t.Fatalf("part %d has no weight and gets %v", i, p)
			}
		}
		if sum.Cmp(big.NewInt(total)) != 0 {
			t.Fatalf("the parts sum to %v, not to %d", sum, total)
		}

		mirrored, err := Split(-total, ws)
		if err != nil {
			t.Fatal(err)
		}
		factor := exact.New(rapid.Int64Min(1).Draw(t, "factor"), 3)
		for i := range ws {
			ws[i] = ws[i].Mul(factor)
		}
		scaled, err := Split(total, ws)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range parts {
			if mirrored[i] != -p || scaled[i] != p {
				t.Fatal(fmt.Sprint("mirrored or scaled differ: ", parts, mirrored, scaled))
			}
		}
	})
}

// slowSplitOwed is what slowSplit is for amounts in quarters: it gives each part
// the whole units of what it is owed, and then one unit at a time to the part that
// is furthest below. Where less is to be given than is owed, it gives in proportion.
func slowSplitOwed(total int64, quarters []int64) []int64 {
	parts := make([]int64, len(quarters))
	var sum, given int64
	for i, q := range quarters {
		sum += q
		parts[i] = q / 4
		given += parts[i]
	}
	if sum > 4*total {
		return slowSplit(total, quarters)
	}
	for ; given < total; given++ {
		best := 0
		for i, q := range quarters {
			if q-4*parts[i] > quarters[best]-4*parts[best] {
				best = i
			}
		}
		parts[best]++
	}
	return parts
}

// Every three amounts in quarters of a unit, and every total up to their sum
// after rounding: the parts sum to the total, and none is more than what is
// owed, rounded up.
func TestSplitOwedExhaustively(t *testing.T) {
	for n := range 14 * 14 * 14 {
		quarters := []int64{int64(n % 14), int64(n / 14 % 14), int64(n / (14 * 14))}
		owed := make([]exact.Number, len(quarters))
		var sum int64
		for i, q := range quarters {
			owed[i] = exact.New(q, 4)
			sum += q
		}
		for total := range (sum+2)/4 + 1 {
			parts, err := SplitOwed(total, owed)
			require.NoError(t, err)
			require.Equal(t, slowSplitOwed(total, quarters), parts, "%d over %v", total, owed)
			given := int64(0)
			for i, p := range parts {
				require.LessOrEqual(t, p, (quarters[i]+3)/4, "%d over %v", total, owed)
				given += p
			}
			require.Equal(t, total, given)
		}
	}
}

// Parts with room are served first: one without takes a unit only where no other
// that has a weight and lost something can, and one without a weight takes none.
func TestSplitWithinExhaustively(t *testing.T) {
	const parts = 3
	for n := range 4 * 4 * 4 * 3 * 3 * 3 {
		weights, most := make([]exact.Number, parts), make([]int64, parts)
		var sum int64
		for i := range parts {
			w := int64(n % 4)
			weights[i], most[i], n = exact.Int(w), int64(n/4%3), n/12
			sum += w
		}
		if sum == 0 {
			continue
		}
		for total := range int64(7) {
			got, err := SplitWithin(total, weights, most)
			require.NoError(t, err)
			var given int64
			room, over := false, false // a part that could take one more; one that took one without room
			for i, p := range got {
				cut, _ := weights[i].Mul(exact.New(total, sum)).Floor()
				given += p
				require.Contains(t, []int64{cut, cut + 1}, p, "%d over %v within %v: %v", total, weights, most, got)
				if weights[i].Sign() == 0 {
					require.Zero(t, p, "%d over %v within %v: %v", total, weights, most, got)
				} else if p == cut && cut < most[i] {
					room = true
				}
				over = over || p > cut && cut >= most[i]
			}
			require.Equal(t, total, given)
			require.False(t, room && over, "%d over %v within %v: %v", total, weights, most, got)
		}
	}
}

// What a cap cut to whole units is never exceeded, though the sum was rounded
// up: in proportion alone the first part would get 10,001.
func TestSplitOwedStaysWithinCaps(t *testing.T) {
	owed := []exact.Number{exact.New(10000, 1), exact.New(3, 10), exact.New(3, 10)}
	parts, err := SplitOwed(10001, owed)
	require.NoError(t, err)
	assert.Equal(t, []int64{10000, 1, 0}, parts)

	parts, err = SplitOwed(0, nil)
	require.NoError(t, err)
	assert.Empty(t, parts)
}
