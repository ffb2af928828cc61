// Package apportion divides a whole number over parts by largest remainder
// (Hamilton's method), so that the parts sum to it.
package apportion

import (
	"cmp"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/slacredit/slacredit/internal/exact"
)

// Split returns the parts of total in proportion to the weights: each part is its
// exact share cut toward zero to a whole number, and the units left over go one
// each to the parts that lost most by the cut, of equals to those with the lowest
// index.
//
// So the parts sum to total, each is less than one unit away from its exact
// share, a part of weight zero is zero, and a negative total mirrors the positive
// one. A negative weight is an error, and so is a total that is not zero over no
// weight at all. The error names neither package nor total.
func Split(total int64, weights []exact.Number) ([]int64, error) {
	return SplitWithin(total, weights, nil)
}

// SplitWithin is [Split] where each part takes at most a number of units, if most
// is not nil: units left over go first to parts that have a weight and room for
// one. Only where these are too few do they go to others.
func SplitWithin(total int64, weights []exact.Number, most []int64) ([]int64, error) {
	for i, w := range weights {
		if w.Sign() < 0 {
			return nil, fmt.Errorf("weight %d is negative", i)
		}
	}
	all := exact.Sum(weights...)
	switch {
	case total == 0:
		return make([]int64, len(weights)), nil
	case all.IsZero():
		return nil, errors.New("no weight is above zero")
	}
	return distribute(total, weights, exact.Int(total).Quo(all), most), nil
}

// SplitOwed is [Split] over what is owed, if the total is its sum after rounding,
// or less. Then a part is never more than what is owed, rounded up, so that what
// was cut to a whole number of units stays within it.
func SplitOwed(total int64, owed []exact.Number) ([]int64, error) {
	if exact.Sum(owed...).Cmp(exact.Int(total)) >= 0 {
		return Split(total, owed)
	}
	return distribute(total, owed, exact.Int(1), nil), nil
}

// distribute returns the weights times a factor, cut toward zero, and gives the
// rest of the total to those that lost most, or first to those of them that have
// room, if the most that each takes is given. The factor can be a fraction of many
// digits, by which the products are therefore neither reduced nor compared.
func distribute(total int64, weights []exact.Number, by exact.Number, most []int64) []int64 {
	parts := make([]int64, len(weights))
	if len(weights) == 1 {
		parts[0] = total
		return parts
	}
	factor, rats := by.Rat(), make([]*big.Rat, len(weights))
	left, unit := total, int64(cmp.Compare(total, 0))
	lost := make([]*big.Int, len(weights)) // in parts of the denominators of weight and factor
	order := make([]int, len(weights))
	for i, weight := range weights {
		w := weight.Rat()
		rats[i] = w
		num, denom := new(big.Int).Mul(w.Num(), factor.Num()), new(big.Int).Mul(w.Denom(), factor.Denom())
		cut, rest := num.QuoRem(num, denom, new(big.Int))
		lost[i] = rest.Abs(rest)
		order[i] = i
		parts[i] = cut.Int64()
		left -= parts[i]
	}
	later := func(i int) int { // those without room, and those that are owed nothing
		switch {
		case most == nil:
			return 0
		case weights[i].Sign() == 0:
			return 2
		case parts[i] >= most[i]:
			return 1
		}
		return 0
	}
	slices.SortStableFunc(order, func(i, j int) int {
		if c := cmp.Compare(later(i), later(j)); c != 0 {
			return c
		}
		return new(big.Int).Mul(lost[j], rats[i].Denom()).Cmp(new(big.Int).Mul(lost[i], rats[j].Denom()))
	})
	for _, i := range order[:left*unit] {
		parts[i] += unit
	}
	return parts
}
