package sla

import (
	"cmp"
	"slices"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/outage"
)

// A loss is a share that is lost over a stretch of time, in billionths of a
// percent point.
type loss struct {
	lost    int64        // over 0; floored if exact is set
	exact   exact.Number // the share of 1 that is lost; 0: lost is exact
	records []int        // indices of the records behind it; none for unobserved time
}

// everything is the share that is lost when all is.
const everything = 100_000_000_000

// percentPerLost is how many percent units make one unit of a lost share.
const percentPerLost = 100 * percentUnits / everything

// share returns the share of 1 that is lost.
func (l loss) share() exact.Number {
	switch {
	case !l.exact.IsZero():
		return l.exact
	case l.lost == everything:
		return whole
	}
	return exact.New(l.lost, everything)
}

// floored reports whether lost is less than the exact share.
func (l loss) floored() bool {
	return !l.exact.IsZero() && !l.exact.Mul(exact.Int(everything)).IsInt()
}

// same reports whether two losses are of the same share and the same records.
func (l loss) same(other loss) bool {
	return l.lost == other.lost && l.exact.Equal(other.exact) && slices.Equal(l.records, other.records)
}

// mean returns the loss of a share of 1, which is not 0.
func mean(share exact.Number, records []int) loss {
	lost, _ := share.Mul(exact.Int(everything)).Floor()
	return loss{lost, share, records}
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
