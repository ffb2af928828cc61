package credit

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"github.com/slacredit/slacredit/internal/numeral"
)

// split returns the parts of total in proportion to the weights, by largest
// remainder (Hamilton's method): each part is its exact share cut toward zero
// to a minor unit, and the units left over go one each to the parts that lost
// most by the cut, of equals to those with the lowest index.
//
// So the parts sum to total, each is less than one minor unit away from its
// exact share, a part of weight zero is zero, and a negative total mirrors the
// positive one. A negative weight is an error, and so is a total that is not
// zero over no weight at all. The error names no package.
func split(total Money, weights []*big.Rat) ([]Money, error) { return splitWithin(total, weights, nil) }

// splitWithin is split where each part takes at most so many minor units, if
// most is not nil: what is left over goes first to parts that have a weight and
// room for it. Only where these are too few does it go to others.
func splitWithin(total Money, weights []*big.Rat, most []int64) ([]Money, error) {
	for i, w := range weights {
		if w.Sign() < 0 {
			return nil, fmt.Errorf("splitting %v: weight %d is negative", total, i)
		}
	}
	perWeight, all := new(big.Rat), numeral.Sum(weights)
	switch {
	case total.IsZero():
	case all.Sign() == 0:
		return nil, fmt.Errorf("splitting %v: no weight is above zero", total)
	default:
		perWeight.Quo(new(big.Rat).SetInt64(total.minor), all)
	}
	return distribute(total, weights, perWeight, most), nil
}

// splitOwed is split over what is owed, in minor units, if the total is its
// sum after rounding, or less. Then a part is never more than what is owed,
// rounded up, so that what was cut to a whole number of units stays within it.
func splitOwed(total Money, owed []*big.Rat) ([]Money, error) {
	if numeral.Sum(owed).Cmp(new(big.Rat).SetInt64(total.minor)) >= 0 {
		return split(total, owed)
	}
	return distribute(total, owed, big.NewRat(1, 1), nil), nil
}

// distribute returns the weights times a factor, in minor units, cut toward
// zero, and gives what is left of the total to those that lost most, or first to
// those of them that have room, if the most that each takes is given. The
// factor can be a fraction of many digits, by which the products are therefore
// neither reduced nor compared.
func distribute(total Money, weights []*big.Rat, factor *big.Rat, most []int64) []Money {
	parts := make([]Money, len(weights))
	left := total.minor
	lost := make([]*big.Int, len(weights)) // in parts of the denominators of weight and factor
	order := make([]int, len(weights))
	for i, w := range weights {
		num, denom := new(big.Int).Mul(w.Num(), factor.Num()), new(big.Int).Mul(w.Denom(), factor.Denom())
		cut, rest := num.QuoRem(num, denom, new(big.Int))
		lost[i] = rest.Abs(rest)
		order[i] = i
		parts[i] = Money{cut.Int64(), total.currency}
		left -= cut.Int64()
	}
	later := func(i int) int { // those without room, and those that are owed nothing
		switch {
		case most == nil:
			return 0
		case weights[i].Sign() == 0:
			return 2
		case parts[i].minor >= most[i]:
			return 1
		}
		return 0
	}
	slices.SortStableFunc(order, func(i, j int) int {
		if c := cmp.Compare(later(i), later(j)); c != 0 {
			return c
		}
		return new(big.Int).Mul(lost[j], weights[i].Denom()).Cmp(new(big.Int).Mul(lost[i], weights[j].Denom()))
	})
	unit := int64(total.Sign())
	for _, i := range order[:left*unit] {
		parts[i].minor += unit
	}
	return parts
}
