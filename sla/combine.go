package sla

import (
	"cmp"
	"slices"

	"github.com/slacredit/slacredit/outage"
)

// losses returns the losses of n, and its losses as they happened: a member takes
// part as long as it loses something, also after its life. The two are the same
// beyond the life of n. The first decides which time counts. The second decides how
// long an outage was, also where a member that failed was deleted.
func (n target) losses(x excuse, as scenario) (losses, happened []stretch[loss]) {
	if n.member != nil {
		losses = n.member.losses(x, as)
		return losses, losses
	}
	alive, longer := make([][]stretch[loss], len(n.children)), make([][]stretch[loss], len(n.children))
	lives, lasting := make([]outage.Set, len(n.children)), make([]outage.Set, len(n.children))
	over := false // an outage goes on after the life of its member, or of a member of that
	for i, child := range n.children {
		losses, happened := child.losses(x, as)
		alive[i], longer[i] = inside(losses, child.lived), happened
		lives[i], lasting[i] = child.life, child.life
		over = over || len(losses) != len(happened) || len(losses) > 0 && &losses[0] != &happened[0]
		if beyond := lossy(happened).Subtract(child.lived.Intersect(child.life)); !beyond.IsEmpty() {
			lasting[i], over = child.life.Union(beyond), true
		}
	}
	losses = n.combine(alive, lives, x, as)
	if !over {
		return losses, losses
	}
	happened = n.combine(longer, lasting, x, as)
	within := n.lived.Intersect(n.life) // where it was to be served
	losses = append(inside(losses, within), without(happened, within)...)
	slices.SortFunc(losses, func(a, b stretch[loss]) int { return cmp.Compare(a.from, b.from) })
	return losses, happened
}

// combine returns the losses of n, from the losses of its members and the times
// in which these live.
func (n target) combine(members [][]stretch[loss], lives []outage.Set, x excuse, as scenario) []stretch[loss] {
	if !n.level.excusedDown {
		return kth(members, lives, n.least(), n.level.needed)
	}
	all, excused := make([][]stretch[loss], len(members)), make([][]stretch[loss], len(members))
	failed := make([]outage.Set, len(members)) // by themselves
	acts := slices.Contains(x.acts, true)
	for i, child := range n.children {
		failed[i] = lossy(members[i])
		_, plain := child.losses(excuse{}, as)
		all[i] = everythingIn(plain, child.aside((*member).planned))
		if acts {
			excused[i] = without(all[i], failed[i])
		}
	}
	losses := inside(kth(all, lives, n.least(), n.level.needed), atLeast(1, failed))
	if !acts {
		return losses
	}
	alone := lossy(kth(excused, lives, n.least(), n.level.needed))
	return without(losses, alone)
}

// aside returns the moments at which each member of n that is to be served is in
// some time of its own.
func (n target) aside(of func(*member) outage.Set) outage.Set {
	if n.member != nil {
		return of(n.member)
	}
	sets := make([]outage.Set, len(n.children))
	for i, child := range n.children {
		sets[i] = child.aside(of).Union(except(child.life))
	}
	return atLeast(len(sets), sets).Intersect(n.life)
}
