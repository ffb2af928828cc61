package sla

import (
	"cmp"
	"math/big"
	"slices"
	"time"

	"github.com/slacredit/slacredit/outage"
)

// A loss is a stretch of time over which one share is lost. Instants are in
// nanoseconds since 1970 UTC, shares in billionths of a percent point.
type loss struct {
	from, to int64
	lost     int64    // over 0; floored if exact says it better
	exact    *big.Rat // the share of 1 that is lost; nil: lost is exact
	records  []int    // what is behind it, as indices; none where nobody knows
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

// mean returns the loss of a stretch whose share is a ratio, which is positive.
func mean(from, to int64, ratio *big.Rat, records []int) loss {
	units := new(big.Int).Mul(ratio.Num(), big.NewInt(everything))
	units.Quo(units, ratio.Denom())
	return loss{from, to, units.Int64(), ratio, records}
}

// without returns what of the losses, which are in order, does not lie in a
// set.
func without(losses []loss, set outage.Set) []loss {
	if !slices.ContainsFunc(losses, func(l loss) bool { return !set.Within(between(l.from, l.to)).IsEmpty() }) {
		return slices.Clip(losses)
	}
	out := make([]loss, 0, len(losses)+1)
	walk := walkSet(set)
	for _, l := range losses {
		for at := l.from; at < l.to; {
			inside, until := walk.at(at)
			part := l
			part.from, part.to = at, min(until, l.to)
			if !inside {
				out = append(out, part)
			}
			at = part.to
		}
	}
	return out
}

// everythingIn returns the losses, which are in order, with everything lost in
// a set.
func everythingIn(losses []loss, set outage.Set) []loss {
	out := without(losses, set)
	walk := lossWalk{losses}
	for w := range set.All() {
		for at, end := w.Start().UnixNano(), w.End().UnixNano(); at < end; {
			l, until := walk.at(at)
			l.from, l.to, l.lost, l.exact = at, min(until, end), everything, nil
			out, at = append(out, l), l.to
		}
	}
	slices.SortFunc(out, func(a, b loss) int { return cmp.Compare(a.from, b.from) })
	return out
}

// inside returns what of the losses, which are in order, lies in a set, without
// those of nothing.
func inside(losses []loss, set outage.Set) []loss {
	var out []loss
	walk := walkSet(set)
	for _, l := range losses {
		for at := l.from; at < l.to && l.lost > 0; {
			in, until := walk.at(at)
			part := l
			part.from, part.to = at, min(until, l.to)
			if in {
				out = append(out, part)
			}
			at = part.to
		}
	}
	return out
}

// lossy returns the moments of the losses.
func lossy(losses []loss) outage.Set { return moments(losses, func(loss) bool { return true }) }

// moments returns the moments of the losses that pass a test.
func moments(losses []loss, pass func(loss) bool) outage.Set {
	windows := make([]outage.Window, 0, len(losses))
	for i := 0; i < len(losses); i++ {
		if !pass(losses[i]) {
			continue
		}
		from, to := losses[i].from, losses[i].to
		for i+1 < len(losses) && losses[i+1].from == to && pass(losses[i+1]) {
			i++
			to = losses[i].to
		}
		windows = append(windows, between(from, to))
	}
	return outage.NewSet(windows...)
}

// within returns the losses that touch [from, to).
func within(losses []loss, from, to int64) []loss {
	first, _ := slices.BinarySearchFunc(losses, from, func(l loss, at int64) int {
		if l.to <= at {
			return -1
		}
		return 1
	})
	last, _ := slices.BinarySearchFunc(losses, to, func(l loss, at int64) int {
		if l.from < at {
			return -1
		}
		return 1
	})
	return losses[first:max(first, last)]
}

// appendEdges appends where the losses begin and end.
func appendEdges(edges []int64, losses []loss) []int64 {
	for _, l := range losses {
		edges = append(edges, l.from, l.to)
	}
	return edges
}

// The first instant at which an [outage.Window] may lie, and the first at which
// it may not.
var (
	earliest = time.Date(1900, time.January, 1, 0, 0, 0, 0, time.UTC).UnixNano()
	latest   = time.Date(2192, time.January, 1, 0, 0, 0, 0, time.UTC).UnixNano()
)

// between returns the window of a stretch. A slot may reach beyond where
// windows lie, and a stretch after it may lie there as a whole.
func between(from, to int64) outage.Window {
	within := func(at int64) time.Time { return time.Unix(0, min(max(at, earliest), latest)) }
	return outage.MustWindow(within(from), within(to))
}
