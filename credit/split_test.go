package credit

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func weights(ws ...int64) []*big.Rat {
	rats := make([]*big.Rat, len(ws))
	for i, w := range ws {
		rats[i] = big.NewRat(w, 1)
	}
	return rats
}

func minors(parts []Money) []int64 {
	ms := make([]int64, len(parts))
	for i, p := range parts {
		ms[i] = p.MinorUnits()
	}
	return ms
}

func TestSplit(t *testing.T) {
	for _, tt := range []struct {
		name    string
		total   string
		weights []*big.Rat
		want    []int64
	}{
		{"B26 two", "USD 99.99", weights(75, 25), []int64{7499, 2500}},
		{"B26 three", "USD 100.00", weights(1, 1, 1), []int64{3334, 3333, 3333}},
		{"B26 zero weights", "JPY 7", weights(0, 10, 0), []int64{0, 7, 0}},
		{"B27", "USD -100.01", weights(1, 1, 1), []int64{-3334, -3334, -3333}},
		{"B11", "USD 10.01", weights(1, 1, 1), []int64{334, 334, 333}},
		{"B09", "USD 42.16", weights(11574, 30584), []int64{1157, 3059}},
		{"remainder to the largest, not the first", "USD 0.03", weights(1, 4), []int64{1, 2}},
		{"fractions as weights", "USD 0.10", []*big.Rat{big.NewRat(1, 3), big.NewRat(1, 6)}, []int64{7, 3}},
		{"one weight", "USD 0.01", weights(5), []int64{1}},
		{"fewer units than weights", "USD 0.02", weights(1, 1, 1, 1), []int64{1, 1, 0, 0}},
		{"zero total", "USD 0.00", weights(1, 2), []int64{0, 0}},
		{"zero total over zero weights", "USD 0.00", weights(0, 0), []int64{0, 0}},
		{"zero total over nothing", "USD 0.00", nil, []int64{}},
		{"no currency", "0", weights(1, 2), []int64{0, 0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			total := MustMoney(tt.total)
			parts, err := split(total, tt.weights)
			require.NoError(t, err)
			assert.Equal(t, tt.want, minors(parts))
			for _, p := range parts {
				assert.Equal(t, total.Currency(), p.Currency())
			}
		})
	}
}

func TestSplitRefuses(t *testing.T) {
	for _, tt := range []struct {
		total   string
		weights []*big.Rat
		want    string
	}{
		{"USD 1.00", nil, "splitting USD 1.00: no weight is above zero"},
		{"USD -1.00", weights(0, 0), "splitting USD -1.00: no weight is above zero"},
		{"USD 1.00", weights(3, -1), "splitting USD 1.00: weight 1 is negative"},
		{"USD 0.00", weights(-1), "splitting USD 0.00: weight 0 is negative"},
	} {
		parts, err := split(MustMoney(tt.total), tt.weights)
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
		money, err := MoneyFromMinor(total, "JPY")
		require.NoError(t, err)
		for n := range 5 * 5 * 5 * 5 {
			ws := []int64{int64(n % 5), int64(n / 5 % 5), int64(n / 25 % 5), int64(n / 125)}
			parts, err := split(money, weights(ws...))
			if total != 0 && n == 0 {
				require.Error(t, err)
				continue
			}
			require.NoError(t, err)
			require.Equal(t, slowSplit(total, ws), minors(parts), "%d over %v", total, ws)
		}
	}
}

func TestSplitLaws(t *testing.T) {
	nonNegative := rapid.Custom(func(t *rapid.T) *big.Rat {
		return big.NewRat(rapid.Int64Min(0).Draw(t, "num"), rapid.Int64Min(1).Draw(t, "denom"))
	})
	rapid.Check(t, func(t *rapid.T) {
		minor := rapid.Int64Min(-math.MaxInt64).Draw(t, "minor")
		ws := append(rapid.SliceOfN(nonNegative, 0, 8).Draw(t, "weights"), big.NewRat(1, 7))
		total := Money{minor, "USD"}
		parts, err := split(total, ws)
		if err != nil {
			t.Fatal(err)
		}

		all := new(big.Rat)
		for _, w := range ws {
			all.Add(all, w)
		}
		var sum Money
		for i, p := range parts {
			if sum, err = sum.Add(p); err != nil {
				t.Fatal(err)
			}
			ideal := new(big.Rat).Mul(big.NewRat(minor, 1), new(big.Rat).Quo(ws[i], all))
			off := ideal.Sub(ideal, big.NewRat(p.MinorUnits(), 1))
			if off.Abs(off).Cmp(big.NewRat(1, 1)) >= 0 {
				t.Fatalf("part %d is off by %v", i, off)
			}
			if ws[i].Sign() == 0 && !p.IsZero() {
				t.Fatalf("part %d has no weight and gets %v", i, p)
			}
		}
		if sum != total {
			t.Fatalf("the parts sum to %v, not to %v", sum, total)
		}

		mirrored, err := split(total.Neg(), ws)
		if err != nil {
			t.Fatal(err)
		}
		factor := big.NewRat(rapid.Int64Min(1).Draw(t, "factor"), 3)
		for _, w := range ws {
			w.Mul(w, factor)
		}
		scaled, err := split(total, ws)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range parts {
			if mirrored[i] != p.Neg() || scaled[i] != p {
				t.Fatal(fmt.Sprint("mirrored or scaled differ: ", parts, mirrored, scaled))
			}
		}
	})
}

func TestSplitKeepsItsArguments(t *testing.T) {
	ws := []*big.Rat{big.NewRat(2, 3), big.NewRat(0, 1), big.NewRat(1, 7)}
	_, err := split(MustMoney("USD 99.99"), ws)
	require.NoError(t, err)
	assert.Equal(t, "[2/3 0/1 1/7]", fmt.Sprint(ws))
}

// slowSplitOwed gives each part the whole units of its share (what it is owed,
// or, if that is more than there is in all, its part of the total), and then
// one unit at a time to the part that is furthest below its share.
func slowSplitOwed(total int64, owed []*big.Rat) []int64 {
	parts := make([]int64, len(owed))
	sum := new(big.Rat)
	for _, o := range owed {
		sum.Add(sum, o)
	}
	shares := make([]*big.Rat, len(owed))
	for i, o := range owed {
		shares[i] = new(big.Rat).Set(o)
		if sum.Cmp(big.NewRat(total, 1)) > 0 {
			shares[i].Mul(o, big.NewRat(total, 1)).Quo(shares[i], sum)
		}
		parts[i] = floor(shares[i])
	}
	for {
		var given int64
		best, most := -1, new(big.Rat)
		for i := range parts {
			given += parts[i]
			short := new(big.Rat).Sub(shares[i], big.NewRat(parts[i], 1))
			if short.Cmp(most) > 0 {
				best, most = i, short
			}
		}
		if given == total {
			return parts
		}
		parts[best]++
	}
}

// Every three amounts in quarters of a unit, and every total up to their sum
// after rounding: the parts sum to the total, and none is more than what is
// owed, rounded up.
func TestSplitOwedExhaustively(t *testing.T) {
	for n := range 14 * 14 * 14 {
		quarters := []int64{int64(n % 14), int64(n / 14 % 14), int64(n / (14 * 14))}
		owed := make([]*big.Rat, len(quarters))
		var sum int64
		for i, q := range quarters {
			owed[i] = big.NewRat(q, 4)
			sum += q
		}
		for total := range (sum+2)/4 + 1 {
			parts, err := splitOwed(Money{total, "JPY"}, owed)
			require.NoError(t, err)
			require.Equal(t, slowSplitOwed(total, owed), minors(parts), "%d over %v", total, owed)
			given := int64(0)
			for i, p := range parts {
				require.LessOrEqual(t, p.minor, (quarters[i]+3)/4, "%d over %v", total, owed)
				given += p.minor
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
		weights, most := make([]*big.Rat, parts), make([]int64, parts)
		var sum int64
		for i := range parts {
			w := int64(n % 4)
			weights[i], most[i], n = big.NewRat(w, 1), int64(n/4%3), n/12
			sum += w
		}
		if sum == 0 {
			continue
		}
		for total := range int64(7) {
			got, err := splitWithin(Money{total, "JPY"}, weights, most)
			require.NoError(t, err)
			var given int64
			room, over := false, false // a part that could take one more; one that took one without room
			for i, p := range got {
				share := new(big.Rat).Mul(weights[i], big.NewRat(total, sum))
				cut := new(big.Int).Quo(share.Num(), share.Denom()).Int64()
				given += p.minor
				require.Contains(t, []int64{cut, cut + 1}, p.minor, "%d over %v within %v: %v", total, weights, most, got)
				if weights[i].Sign() == 0 {
					require.Zero(t, p.minor, "%d over %v within %v: %v", total, weights, most, got)
				} else if p.minor == cut && cut < most[i] {
					room = true
				}
				over = over || p.minor > cut && cut >= most[i]
			}
			require.Equal(t, total, given)
			require.False(t, room && over, "%d over %v within %v: %v", total, weights, most, got)
		}
	}
}

// What a cap cut to whole units is never exceeded, though the sum was rounded
// up: in proportion alone the first part would get 10,001.
func TestSplitOwedStaysWithinCaps(t *testing.T) {
	owed := []*big.Rat{big.NewRat(10000, 1), big.NewRat(3, 10), big.NewRat(3, 10)}
	parts, err := splitOwed(MustMoney("USD 100.01"), owed)
	require.NoError(t, err)
	assert.Equal(t, []int64{10000, 1, 0}, minors(parts))

	parts, err = splitOwed(MustMoney("USD 0.00"), nil)
	require.NoError(t, err)
	assert.Empty(t, parts)
}
