package sla

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/slacredit/slacredit/outage"
)

// A loss is a share that is lost over a stretch of time, in billionths of a
// percent point.
type loss struct {
	lost    int64    // over 0; floored if exact is set and is no whole number of these
	exact   *big.Rat // the share of 1 that is lost; nil: lost is exact
	records []int    // indices of the records behind it; none for unobserved time
}

// everything is the share that is lost when all is.
const everything = 100_000_000_000

// percentPerLost is how many percent units make one unit of a lost share.
const percentPerLost = 100 * percentUnits / everything

// share returns the share of 1 that is lost.
func (l loss) share() *big.Rat {
	if l.exact != nil {
		return l.exact
	}
	return big.NewRat(l.lost, everything)
}

// floored reports whether lost is less than what is lost.
func (l loss) floored() bool {
	return l.exact != nil && l.exact.Cmp(big.NewRat(l.lost, everything)) != 0
}

// same reports whether two losses are of the same share and the same records.
func (l loss) same(other loss) bool {
	share := l.lost == other.lost && (l.exact == nil && other.exact == nil || l.share().Cmp(other.share()) == 0)
	return share && slices.Equal(l.records, other.records)
}

// mean returns a loss whose share is a ratio, which is positive.
func mean(ratio *big.Rat, records []int) loss {
	units := new(big.Int).Mul(ratio.Num(), big.NewInt(everything))
	units.Quo(units, ratio.Denom())
	return loss{units.Int64(), ratio, records}
}

// without returns the part of the losses that does not lie in a set.
func without(losses []stretch[loss], set outage.Set) []stretch[loss] {
	if len(losses) == 0 {
		return losses
	}
	set = set.Within(between(losses[0].from, losses[len(losses)-1].to))
	if set.IsEmpty() {
		return slices.Clip(losses)
	}
	out := make([]stretch[loss], 0, len(losses)+1)
	for part, in := range along(losses, stretches(set)) {
		if in == nil {
			out = append(out, part)
		}
	}
	return out
}

// inside returns the part of the losses that lies in a set, less those of nothing.
func inside(losses []stretch[loss], set outage.Set) []stretch[loss] {
	var out []stretch[loss]
	for part, in := range along(losses, stretches(set)) {
		if in != nil && part.on.lost > 0 {
			out = append(out, part)
		}
	}
	return out
}

// everythingIn returns the losses, with everything lost in a set.
func everythingIn(losses []stretch[loss], set outage.Set) []stretch[loss] {
	out := without(losses, set)
	for part, l := range along(stretches(set), losses) {
		all := loss{lost: everything}
		if l != nil {
			all.records = l.records
		}
		out = append(out, stretch[loss]{all, part.from, part.to})
	}
	slices.SortFunc(out, func(a, b stretch[loss]) int { return cmp.Compare(a.from, b.from) })
	return out
}

// lossy returns the moments of the losses.
func lossy(losses []stretch[loss]) outage.Set {
	return moments(losses, func(loss) bool { return true })
}
