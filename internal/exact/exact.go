// Package exact computes with fractions. Those of small numbers take no memory of
// their own; any other is a [big.Rat].
package exact

import (
	"cmp"
	"math"
	"math/big"
	"math/bits"

	"github.com/slacredit/slacredit/internal/numeral"
)

// A Number is a fraction, of any size. The zero Number is 0. Numbers are values:
// no operation changes one. Use [Number.Equal] to compare two, since == does not
// compare large ones.
type Number struct {
	num  int64    // not math.MinInt64
	less int64    // the denominator less 1, so that the zero Number is 0/1; in lowest terms
	big  *big.Rat // instead, where either is out of range; never written to
}

// Int returns n.
func Int(n int64) Number {
	if n == math.MinInt64 {
		return Number{big: new(big.Rat).SetInt64(n)}
	}
	return Number{num: n}
}

// New returns num ÷ den. It panics if den is 0.
func New(num, den int64) Number {
	if num == math.MinInt64 || den == math.MinInt64 {
		return Of(big.NewRat(num, den))
	}
	if den == 0 {
		panic("exact: division by zero")
	}
	if den < 0 {
		num, den = -num, -den
	}
	g := gcd(abs(num), uint64(den))
	return Number{num: num / int64(g), less: den/int64(g) - 1}
}

// Of returns r, which it does not keep; nil is 0.
func Of(r *big.Rat) Number {
	switch {
	case r == nil:
		return Number{}
	case r.Num().IsInt64() && r.Denom().IsInt64() && r.Num().Int64() != math.MinInt64:
		return Number{num: r.Num().Int64(), less: r.Denom().Int64() - 1}
	}
	return Number{big: new(big.Rat).Set(r)}
}

// Rat returns n as a number of its own.
func (n Number) Rat() *big.Rat {
	if n.big != nil {
		return new(big.Rat).Set(n.big)
	}
	return new(big.Rat).SetFrac64(n.num, n.less+1)
}

// rat returns n to be read.
func (n Number) rat() *big.Rat {
	if n.big != nil {
		return n.big
	}
	return n.Rat()
}

// Sign returns -1, 0 or 1 as n is below, at or above 0.
func (n Number) Sign() int {
	switch {
	case n.big != nil:
		return n.big.Sign()
	case n.num < 0:
		return -1
	case n.num > 0:
		return 1
	}
	return 0
}

// IsZero reports whether n is 0.
func (n Number) IsZero() bool { return n.big == nil && n.num == 0 }

// IsInt reports whether n is a whole number.
func (n Number) IsInt() bool {
	if n.big != nil {
		return n.big.IsInt()
	}
	return n.less == 0
}

// Neg returns −n.
func (n Number) Neg() Number {
	if n.big != nil {
		return Of(new(big.Rat).Neg(n.big))
	}
	n.num = -n.num
	return n
}

// Add returns n + m.
func (n Number) Add(m Number) Number {
	if n.big == nil && m.big == nil {
		// With g the common divisor of the denominators, (a/b + c/d) is
		// (a·(d/g) + c·(b/g)) / (b·(d/g)).
		b, d := uint64(n.less+1), uint64(m.less+1)
		g := gcd(b, d)
		x, inX := times(n.num, d/g)
		y, inY := times(m.num, b/g)
		den, inDen := times(n.less+1, d/g)
		if sum := x + y; inX && inY && inDen && (sum > x) == (y > 0) && sum != math.MinInt64 {
			return New(sum, den)
		}
	}
	return Of(new(big.Rat).Add(n.rat(), m.rat()))
}

// Sub returns n − m.
func (n Number) Sub(m Number) Number { return n.Add(m.Neg()) }

// Mul returns n × m.
func (n Number) Mul(m Number) Number {
	if n.big == nil && m.big == nil {
		// Common divisors cancel first, so that the product is in lowest terms.
		b, d := uint64(n.less+1), uint64(m.less+1)
		g, h := gcd(abs(n.num), d), gcd(abs(m.num), b)
		num, inNum := times(n.num/int64(g), abs(m.num)/h)
		den, inDen := times(int64(b/h), d/g)
		if inNum && inDen {
			if m.num < 0 {
				num = -num
			}
			return Number{num: num, less: den - 1}
		}
	}
	return Of(new(big.Rat).Mul(n.rat(), m.rat()))
}

// Quo returns n ÷ m. It panics if m is 0.
func (n Number) Quo(m Number) Number {
	if m.big != nil {
		return Of(new(big.Rat).Quo(n.rat(), m.big))
	}
	return n.Mul(New(m.less+1, m.num))
}

// Cmp returns -1, 0 or 1 as n is less than, equal to or more than m.
func (n Number) Cmp(m Number) int {
	switch {
	case n.big != nil || m.big != nil:
		return n.rat().Cmp(m.rat())
	case n.Sign() != m.Sign():
		return cmp.Compare(n.Sign(), m.Sign())
	}
	hi, lo := bits.Mul64(abs(n.num), uint64(m.less+1))
	otherHi, otherLo := bits.Mul64(abs(m.num), uint64(n.less+1))
	return cmp.Or(cmp.Compare(hi, otherHi), cmp.Compare(lo, otherLo)) * n.Sign()
}

// Equal reports whether n and m are the same number.
func (n Number) Equal(m Number) bool {
	if n.big == nil && m.big == nil {
		return n == m
	}
	return n.Cmp(m) == 0
}

// Min returns the lesser of n and m.
func (n Number) Min(m Number) Number {
	if m.Cmp(n) < 0 {
		return m
	}
	return n
}

// Floor returns the largest whole number that is not above n, and false if it is
// not in the range of int64.
func (n Number) Floor() (whole int64, in bool) {
	if n.big != nil {
		floor := new(big.Int).Div(n.big.Num(), n.big.Denom()) // the denominator is above zero
		return floor.Int64(), floor.IsInt64()
	}
	den := n.less + 1
	whole = n.num / den
	if n.num%den < 0 {
		whole--
	}
	return whole, true
}

// Sum returns the sum of some numbers, also of thousands with unrelated
// denominators.
func Sum(numbers ...Number) Number {
	var sum Number
	for i, n := range numbers {
		if sum = sum.Add(n); sum.big != nil {
			rest := []*big.Rat{sum.big}
			for _, n := range numbers[i+1:] {
				rest = append(rest, n.rat())
			}
			return Of(numeral.Sum(rest))
		}
	}
	return sum
}

// times returns n × m, and whether it is in range.
func times(n int64, m uint64) (product int64, in bool) {
	hi, lo := bits.Mul64(abs(n), m)
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if n < 0 {
		return -int64(lo), true
	}
	return int64(lo), true
}

// abs returns n without its sign.
func abs(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}

// gcd returns the greatest common divisor of n and m, of which m is not 0.
func gcd(n, m uint64) uint64 {
	for n != 0 {
		n, m = m%n, n
	}
	return m
}
