package exact

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// agree compares each operation with that of big.Rat.
func agree(t require.TestingT, n, m Number) {
	x, y := n.Rat(), m.Rat()
	is := func(want *big.Rat, got Number, what string) {
		if got.Rat().Cmp(want) != 0 || !got.Equal(Of(want)) || got.big != nil && Of(want).big == nil {
			require.Failf(t, what, "%v and %v: %v, not %v", x, y, got.Rat(), want)
		}
	}
	is(new(big.Rat).Add(x, y), n.Add(m), "add")
	is(new(big.Rat).Sub(x, y), n.Sub(m), "sub")
	is(new(big.Rat).Mul(x, y), n.Mul(m), "mul")
	is(new(big.Rat).Neg(x), n.Neg(), "neg")
	if !m.IsZero() {
		is(new(big.Rat).Quo(x, y), n.Quo(m), "quo")
	}
	require.Equal(t, x.Cmp(y), n.Cmp(m), "%v and %v", x, y)
	require.Equal(t, x.Cmp(y) == 0, n.Equal(m))
	require.Equal(t, x.Sign(), n.Sign())
	require.Equal(t, x.Sign() == 0, n.IsZero())
	require.Equal(t, x.IsInt(), n.IsInt())
	floor := new(big.Int).Div(x.Num(), x.Denom())
	whole, in := n.Floor()
	require.Equal(t, floor.IsInt64(), in)
	if in {
		require.Equal(t, floor.Int64(), whole)
	}
	lesser := x
	if y.Cmp(x) < 0 {
		lesser = y
	}
	is(lesser, n.Min(m), "min")
	require.Zero(t, x.Cmp(n.Rat()), "an operation changed its argument")
}

func TestSmallFractions(t *testing.T) {
	var all []Number
	for num := int64(-7); num <= 7; num++ {
		for den := int64(1); den <= 7; den++ {
			all = append(all, New(num, den), New(-num, -den))
		}
	}
	for _, n := range all {
		for _, m := range all {
			agree(t, n, m)
		}
	}
}

func TestEdges(t *testing.T) {
	var all []Number
	edges := []int64{0, 1, -1, 2, 3, 1e9, math.MaxInt32, math.MaxInt64, math.MaxInt64 - 1, -math.MaxInt64, math.MinInt64, math.MinInt64 + 2, 1 << 62}
	for _, num := range edges {
		all = append(all, Int(num))
		for _, den := range edges {
			if den != 0 {
				all = append(all, New(num, den))
			}
		}
	}
	all = append(all, Int(math.MaxInt64).Mul(Int(math.MaxInt64)), New(1, math.MaxInt64).Mul(New(1, math.MaxInt64)))
	for _, n := range all {
		for _, m := range all {
			agree(t, n, m)
		}
	}
}

func TestLaws(t *testing.T) {
	numbers := rapid.Custom(func(t *rapid.T) Number {
		small := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-1e6, 1e6))
		n := New(small.Draw(t, "num"), rapid.OneOf(rapid.Int64Min(1), rapid.Int64Range(1, 1e6)).Draw(t, "den"))
		if rapid.IntRange(0, 9).Draw(t, "large") == 0 {
			n = n.Mul(n).Mul(n)
		}
		return n
	})
	rapid.Check(t, func(t *rapid.T) {
		n, m := numbers.Draw(t, "n"), numbers.Draw(t, "m")
		agree(t, n, m)
		many := rapid.SliceOfN(numbers, 0, 9).Draw(t, "many")
		want := new(big.Rat)
		for _, n := range many {
			want.Add(want, n.Rat())
		}
		require.Zero(t, want.Cmp(Sum(many...).Rat()))
	})
}

func TestNothingIsShared(t *testing.T) {
	r := new(big.Rat).SetInt64(math.MinInt64)
	n := Of(r)
	r.SetInt64(1)
	n.Rat().SetInt64(2)
	assert.Equal(t, "-9223372036854775808/1", n.Rat().String())
	assert.Equal(t, Number{}, Of(nil))
	assert.Panics(t, func() { New(1, 0) })
	assert.Panics(t, func() { Int(1).Quo(Number{}) })
}

// Small numbers take no memory.
func TestSmallNumbersAllocateNothing(t *testing.T) {
	n, m := New(149, 44640), New(99_95, 100)
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		if n.Mul(m).Add(m).Quo(n).Sub(n).Cmp(m) == 0 || Sum(n, m, n).IsZero() {
			t.Error("equal")
		}
	}))
}
