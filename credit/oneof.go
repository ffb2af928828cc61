package credit

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/sla"
)

// A YieldsTo says that a part or a share gives nothing, because another
// commitment of its group is chosen for the resource: the one that gives most.
type YieldsTo struct {
	Group string `json:"group"`
	To    string `json:"to"` // the name of the commitment that gives most

	// Sum is set if a group yields to its members, because its fee does not
	// consist of their charges. It is the sum that the members get together. To
	// is then empty.
	Sum Exact `json:"sum,omitzero"`
}

// A Spread is the share of a part that falls to one of the resources that were
// measured as one. Shares are in proportion to what counts of the charges of
// each resource. Charges for non-members get a share too, and no other
// commitment competes for it.
type Spread struct {
	Resource string   `json:"resource,omitempty"`
	Others   bool     `json:"others,omitempty"` // the share of the charges for non-members
	Exact    Exact    `json:"exact"`
	Yields   YieldsTo `json:"yields,omitzero"` // why the share is not owed
}

// falls reports whether a share falls to a charge for the resource. The members
// are sorted.
func (s Spread) falls(members []string, resource string) bool {
	_, member := slices.BinarySearch(members, resource)
	return s.Others && !member || !s.Others && resource == s.Resource
}

// An atom is the unit for which a commitment is chosen: a resource, or the
// charges for non-members in the fee of a group.
type atom struct {
	name   string
	others bool
}

// A giver is a commitment with the amount that it gives for one target: a
// resource or a group of resources.
type giver struct {
	commitment string
	place      int // index of the commitment in the agreement
	target     string
	covers     []string // the resources of the target, sorted
	groups     []string // names of its groups; in each, only one commitment gives
	parts      []int    // indexes of its parts in the credit
	given      exact.Number
	spreads    map[int][]Spread      // shares of each part that gives; nil: the target is one resource
	shares     map[atom]exact.Number // shares of given; nil: it cannot be spread
}

// before reports whether the commitment of g comes before that of h.
func (g *giver) before(h *giver) bool {
	return cmp.Or(cmp.Compare(g.place, h.place), strings.Compare(g.commitment, h.commitment), strings.Compare(g.target, h.target)) < 0
}

// A ruling states, for one group of commitments, which of them give.
type ruling struct {
	yields map[*giver]YieldsTo // givers that give nothing at all
	best   map[atom]*giver     // the giver for each atom, where that is decided
}

// decides reports whether the ruling chooses a giver for a resource of g.
func (r *ruling) decides(g *giver) bool {
	return slices.ContainsFunc(g.covers, func(name string) bool { return r.best[atom{name: name}] != nil })
}

// oneOf sets the owed amounts of all parts to zero whose commitment is not the
// one that gives most in every one of its groups.
func oneOf(parts []Part) error {
	if !slices.ContainsFunc(parts, func(p Part) bool { return len(p.Finding.OneOf) > 0 }) {
		return nil
	}
	givers, of := giversOf(parts)
	rulings := map[string]*ruling{}
	groups := map[string][]*giver{}
	for _, g := range givers {
		for _, group := range g.groups {
			groups[group] = append(groups[group], g)
		}
	}
	for _, group := range slices.Sorted(maps.Keys(groups)) {
		r := &ruling{map[*giver]YieldsTo{}, map[atom]*giver{}}
		rulings[group] = r
		for _, linked := range components(groups[group]) {
			if alike(linked) {
				r.alone(group, linked)
				continue
			}
			for _, g := range linked {
				g.spread(parts)
			}
			if err := r.levels(group, linked); err != nil {
				return err
			}
		}
	}
	for i := range parts {
		parts[i].yield(of[i], i, rulings)
	}
	return nil
}

// giversOf returns the givers of some parts, in order, and the giver of each
// part.
func giversOf(parts []Part) (givers, of []*giver) {
	type key struct{ resource, commitment string }
	index, among := map[key]*giver{}, map[string]int{}
	for i, p := range parts {
		k := key{p.Resource, p.Commitment}
		g := index[k]
		if g == nil {
			g = &giver{commitment: p.Commitment, place: place(p.Finding, among[p.Resource]), target: p.Resource, covers: p.covers()}
			index[k] = g
			givers = append(givers, g)
		}
		among[p.Resource]++
		for _, group := range p.Finding.OneOf {
			if !slices.Contains(g.groups, group) {
				g.groups = append(g.groups, group)
			}
		}
		g.parts = append(g.parts, i)
		g.given = g.given.Add(p.Owed.amount)
		of = append(of, g)
	}
	return givers, of
}

// place returns the index of a commitment in its agreement, which the clause
// states. Otherwise it returns the index of its finding.
func place(f sla.Finding, among int) int {
	if text, found := strings.CutPrefix(f.Clause, "/commitments/"); found {
		if n, err := strconv.Atoi(text); err == nil {
			return n
		}
	}
	return among
}

// covers returns the resources that were measured for p, sorted.
func (p Part) covers() []string {
	if len(p.Finding.Members) == 0 {
		return []string{p.Resource}
	}
	names := slices.Clone(p.Finding.Members)
	slices.Sort(names)
	return slices.Compact(names)
}

// components partitions the givers into sets that share no resource.
func components(givers []*giver) [][]*giver {
	set := make([]int, len(givers)) // the set of each giver, as the index of one of its members
	for i := range set {
		set[i] = i
	}
	root := func(i int) int {
		for set[i] != i {
			set[i] = set[set[i]]
			i = set[i]
		}
		return i
	}
	first := map[string]int{} // by resource
	for i, g := range givers {
		for _, name := range g.covers {
			if j, known := first[name]; known {
				set[root(i)] = root(j)
			} else {
				first[name] = i
			}
		}
	}
	var sets [][]*giver
	index := map[int]int{}
	for i, g := range givers {
		at, known := index[root(i)]
		if !known {
			at = len(sets)
			index[root(i)] = at
			sets = append(sets, nil)
		}
		sets[at] = append(sets[at], g)
	}
	return sets
}

// alike reports whether all givers have the same target.
func alike(givers []*giver) bool {
	return !slices.ContainsFunc(givers, func(g *giver) bool {
		return g.target != givers[0].target || !slices.Equal(g.covers, givers[0].covers)
	})
}

// alone chooses, of givers with the same target, the one that gives most; of
// equals, the first.
func (r *ruling) alone(group string, givers []*giver) {
	most := givers[0]
	for _, g := range givers {
		if g.given.Cmp(most.given) > 0 {
			most = g
		}
	}
	for _, g := range givers {
		if g != most {
			r.yields[g] = YieldsTo{Group: group, To: most.commitment}
		}
	}
}

// spread computes the amount of g that falls to each resource.
func (g *giver) spread(parts []Part) {
	switch {
	case g.spreads != nil || g.shares != nil: // already done for another group
		return
	case len(parts[g.parts[0]].Finding.Members) == 0:
		g.shares = map[atom]exact.Number{{name: g.target}: g.given}
		return
	}
	g.spreads = map[int][]Spread{}
	shares, ofOne := map[atom]exact.Number{}, map[*basis][]Spread{}
	for _, i := range g.parts {
		if parts[i].Owed.IsZero() {
			continue
		}
		of := parts[i].behind.basis
		if _, known := ofOne[of]; !known {
			ofOne[of] = spreadOfOne(of, g.covers)
		}
		if len(ofOne[of]) == 0 {
			return
		}
		owed := parts[i].Owed.amount
		for _, s := range ofOne[of] {
			s.Exact = Exact{s.Exact.amount.Mul(owed)}
			g.spreads[i] = append(g.spreads[i], s)
			at := g.atom(s)
			shares[at] = shares[at].Add(s.Exact.amount)
		}
	}
	g.shares = shares
}

// atom returns the atom that a share of g falls to.
func (g *giver) atom(s Spread) atom {
	if s.Others {
		return atom{g.target, true}
	}
	return atom{name: s.Resource}
}

// spreadOfOne returns how one unit of money is spread over members by what
// counts of their charges. It returns nil if none of these is above zero.
func spreadOfOne(of *basis, members []string) []Spread {
	counts, others := map[string]exact.Number{}, exact.Number{}
	for _, c := range of.counts {
		resource := c.charge.Resource
		if _, member := slices.BinarySearch(members, resource); member {
			counts[resource] = counts[resource].Add(c.Worth.amount)
		} else {
			others = others.Add(c.Worth.amount)
		}
	}
	var spread []Spread
	var weights []exact.Number
	for _, name := range members {
		if w := counts[name]; w.Sign() > 0 {
			spread, weights = append(spread, Spread{Resource: name}), append(weights, w)
		}
	}
	if len(spread) == 0 {
		return nil
	}
	if others.Sign() > 0 {
		spread, weights = append(spread, Spread{Others: true}), append(weights, others)
	}
	all := exact.Sum(weights...)
	for i, w := range weights {
		spread[i].Exact = Exact{w.Quo(all)}
	}
	return spread
}

// levels chooses a giver for each resource, from givers on groups and on their
// members. A group competes by its share for each resource. If the amount of a
// group cannot be spread, the group gives only if it gives more than its
// members together, or as much and comes first.
func (r *ruling) levels(group string, givers []*giver) error {
	var whole []*giver // groups whose amount cannot be spread
	for _, g := range givers {
		if g.shares == nil {
			whole = append(whole, g)
		}
		for at, share := range g.shares {
			if best := r.best[at]; best == nil || share.Cmp(best.shares[at]) > 0 || share.Cmp(best.shares[at]) == 0 && g.before(best) {
				r.best[at] = g
			}
		}
	}
	slices.SortFunc(whole, func(g, h *giver) int {
		if c := cmp.Compare(len(g.covers), len(h.covers)); c != 0 || g == h {
			return c
		}
		if g.before(h) {
			return -1
		}
		return 1
	})
	around := map[string]*giver{} // by resource, the largest group so far
	for i, g := range whole {
		if err := nested(group, around, g); err != nil {
			return err
		}
		r.groupOrMembers(group, g, whole[:i], givers)
	}
	return nil
}

// nested reports groups that overlap although neither contains the other.
func nested(group string, around map[string]*giver, g *giver) error {
	shared := map[*giver]int{}
	for _, name := range g.covers {
		if inner := around[name]; inner != nil {
			shared[inner]++
		}
		around[name] = g
	}
	var worst *giver
	for inner, n := range shared {
		if n < len(inner.covers) && (worst == nil || inner.before(worst)) {
			worst = inner
		}
	}
	if worst == nil {
		return nil
	}
	return fmt.Errorf("only one commitment of the group %s gives, but %s and %s share some of their members, and neither fee consists of the charges for these, so it is undecided which of them gives; add the charges of the members, with the labels by which the fees are found",
		numeral.Shorten(group), numeral.Shorten(worst.target), numeral.Shorten(g.target))
}

// groupOrMembers decides whether a group that cannot be spread gives, or its
// members give.
func (r *ruling) groupOrMembers(group string, g *giver, inner, givers []*giver) {
	members := map[string]bool{}
	for _, name := range g.covers {
		members[name] = true
	}
	atoms := r.inside(g, members, givers)
	sum, counted := exact.Number{}, map[*giver]bool{}
	var first *giver // of the members that give
	for _, at := range atoms {
		h := r.best[at]
		value := h.given // if h is a group that gives as a whole
		if h.shares != nil {
			value = h.shares[at]
		} else if counted[h] {
			continue
		}
		counted[h] = true
		sum = sum.Add(value)
		if value.Sign() > 0 && (first == nil || h.before(first)) {
			first = h
		}
	}
	if c := g.given.Cmp(sum); c < 0 || c == 0 && (first == nil || !g.before(first)) {
		r.yields[g] = YieldsTo{Group: group, Sum: Exact{sum}}
		return
	}
	for _, at := range atoms {
		r.best[at] = g
	}
	for _, name := range g.covers {
		r.best[atom{name: name}] = g
	}
	for _, h := range inner {
		if members[h.covers[0]] {
			r.yields[h] = YieldsTo{Group: group, To: g.commitment}
		}
	}
}

// inside returns the atoms inside a group that already have a giver.
func (r *ruling) inside(g *giver, members map[string]bool, givers []*giver) []atom {
	var atoms []atom
	seen := map[atom]bool{}
	add := func(at atom) {
		if r.best[at] != nil && !seen[at] {
			seen[at] = true
			atoms = append(atoms, at)
		}
	}
	for _, name := range g.covers {
		add(atom{name: name})
	}
	for _, h := range givers {
		if h.spreads != nil && !slices.ContainsFunc(h.covers, func(name string) bool { return !members[name] }) {
			add(atom{h.target, true})
		}
	}
	return atoms
}

// yield subtracts from a part the amounts that other commitments give instead.
// The first group in which g yields names the commitment. Index is that of the
// part in its credit.
func (p *Part) yield(g *giver, index int, rulings map[string]*ruling) {
	groups := p.Finding.OneOf
	if p.Owed.IsZero() {
		return
	}
	for _, group := range groups {
		if to, yields := rulings[group].yields[g]; yields {
			p.Yields, p.Owed = to, Exact{}
			return
		}
	}
	to := func(at atom) YieldsTo {
		for _, group := range groups {
			if best := rulings[group].best[at]; best != nil && best != g {
				return YieldsTo{Group: group, To: best.commitment}
			}
		}
		return YieldsTo{}
	}
	switch spread := g.spreads[index]; {
	case g.shares == nil: // all givers had one target, or g gives as a whole
	case !slices.ContainsFunc(groups, func(group string) bool { return rulings[group].decides(g) }):
	case spread == nil:
		if yields := to(atom{name: g.target}); yields != (YieldsTo{}) {
			p.Yields, p.Owed = yields, Exact{}
		}
	default:
		var owed []exact.Number
		for i := range spread {
			if spread[i].Yields = to(g.atom(spread[i])); spread[i].Yields == (YieldsTo{}) {
				owed = append(owed, spread[i].Exact.amount)
			}
		}
		p.Spread, p.Owed = spread, Exact{exact.Sum(owed...)}
	}
}

// checkSpread reports whether the shares sum to the limited price, and those
// that do not yield to the owed amount.
func (p Part) checkSpread() bool {
	given, all, owed := p.Exact.amount, []exact.Number(nil), []exact.Number(nil)
	for _, c := range p.Limits {
		if left := c.left(); left.Cmp(given) < 0 {
			given = left
		}
	}
	for _, s := range p.Spread {
		all = append(all, s.Exact.amount)
		if s.Yields == (YieldsTo{}) {
			owed = append(owed, s.Exact.amount)
		}
	}
	return len(p.Spread) == 0 || exact.Sum(all...).Equal(given) && exact.Sum(owed...).Equal(p.Owed.amount)
}

// A rivals contains the commitments of each group on a resource, by group and
// resource: the first of them, and whether there are others.
type rivals map[[2]string]rival

type rival struct {
	commitment string
	others     bool
}

// newRivals returns the rivals among the parts of one credit.
func newRivals(parts []Part) rivals {
	var r rivals
	for _, p := range parts {
		if len(p.Finding.OneOf) == 0 {
			continue
		}
		if r == nil {
			r = rivals{}
		}
		for _, name := range p.covers() {
			for _, group := range p.Finding.OneOf {
				key := [2]string{group, name}
				first, known := r[key]
				if !known {
					first.commitment = p.Commitment
				}
				first.others = first.others || first.commitment != p.Commitment
				r[key] = first
			}
		}
	}
	return r
}

// idle returns the groups of a part in which no other commitment covers the
// same resources.
func (r rivals) idle(p Part) []string {
	var idle []string
	for _, group := range p.Finding.OneOf {
		if !slices.ContainsFunc(p.covers(), func(name string) bool { return r[[2]string{group, name}].others }) {
			idle = append(idle, group)
		}
	}
	return idle
}
