package credit

import (
	"fmt"
	"math/big"
	"slices"
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
func split(total Money, weights []*big.Rat) ([]Money, error) {
	sum := new(big.Rat)
	for i, w := range weights {
		if w.Sign() < 0 {
			return nil, fmt.Errorf("splitting %v: weight %d is negative", total, i)
		}
		sum.Add(sum, w)
	}
	perWeight := new(big.Rat)
	switch {
	case total.IsZero():
	case sum.Sign() == 0:
		return nil, fmt.Errorf("splitting %v: no weight is above zero", total)
	default:
		perWeight.Quo(new(big.Rat).SetInt64(total.minor), sum)
	}
	shares := make([]*big.Rat, len(weights))
	for i, w := range weights {
		shares[i] = new(big.Rat).Mul(perWeight, w)
	}
	return distribute(total, shares), nil
}

// splitOwed is split over what is owed, in minor units, if the total is its
// sum after rounding, or less. Then a part is never more than what is owed,
// rounded up, so that what was cut to a whole number of units stays within it.
func splitOwed(total Money, owed []*big.Rat) ([]Money, error) {
	sum := new(big.Rat)
	for _, o := range owed {
		sum.Add(sum, o)
	}
	if sum.Cmp(new(big.Rat).SetInt64(total.minor)) >= 0 {
		return split(total, owed)
	}
	return distribute(total, owed), nil
}

// distribute returns the shares, in minor units, cut toward zero, and gives
// what is left of the total to those that lost most.
func distribute(total Money, shares []*big.Rat) []Money {
	parts := make([]Money, len(shares))
	left := total.minor
	lost := make([]*big.Rat, len(shares))
	order := make([]int, len(shares))
	for i, share := range shares {
		cut := TowardZero.divide(share.Num(), share.Denom())
		lost[i] = new(big.Rat).Sub(share, new(big.Rat).SetInt(cut))
		lost[i].Abs(lost[i])
		order[i] = i
		parts[i] = Money{cut.Int64(), total.currency}
		left -= cut.Int64()
	}
	slices.SortStableFunc(order, func(i, j int) int { return lost[j].Cmp(lost[i]) })
	unit := int64(total.Sign())
	for _, i := range order[:left*unit] {
		parts[i].minor += unit
	}
	return parts
}
