package credit

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A book contains the indexes that the pricing of a bill uses.
type book struct {
	currency string          // that of the first charge that has one
	period   calendar.Period // the billing period
	charges  []Charge
	lists    [][]string       // lists of labels by which fees are found; the empty list first
	index    map[subset][]int // indexes of charges
	bases    map[basisKey]*basis
	history  history
}

// A subset identifies the charges that can be part of a fee: those for one
// resource, or those with the same values of some labels.
type subset struct{ by, values string }

// subsetOf returns the subset of a resource with labels, or the name of the
// label that is missing.
func subsetOf(by []string, resource string, labels map[string]string) (s subset, missing string) {
	if len(by) == 0 {
		return subset{values: resource}, ""
	}
	for _, name := range by {
		value, found := labels[name]
		if !found {
			return subset{}, name
		}
		s.by += strconv.Quote(name)
		s.values += strconv.Quote(value)
	}
	return s, ""
}

// newBook returns the book of a bill, which may have faults.
func newBook(b Bill) *book {
	book := &book{"", b.Period, b.Charges, [][]string{nil}, map[subset][]int{}, map[basisKey]*basis{}, newHistory(b.Prior)}
	list := func(base sla.Base) {
		if !slices.ContainsFunc(book.lists, func(by []string) bool { return slices.Equal(by, base.By) }) {
			book.lists = append(book.lists, base.By)
		}
	}
	for _, v := range b.Verdicts {
		for _, f := range v.Findings {
			list(f.Base)
		}
		for _, q := range v.Quiet {
			list(q.Base)
		}
	}
	for i, c := range b.Charges {
		book.currency = cmp.Or(book.currency, c.Amount.Currency())
		for _, by := range book.lists {
			if s, missing := subsetOf(by, c.Resource, c.Labels); missing == "" {
				book.index[s] = append(book.index[s], i)
			}
		}
	}
	return book
}

// A basis contains the charges of one fee. Findings with the same fee share one
// basis.
type basis struct {
	feeTime
	counts []Counted  // charges that count, in the order of the bill
	others []Counted  // charges of the same subset and time, but of kinds that do not count
	paid   outage.Set // the time that the charges that count pay for
	known  outage.Set // the time that any charges pay for
	base   Money      // the sum of the charges that count; rounded if exact is not zero
	exact  Exact      // the exact sum, if it is not a whole number of minor units
	err    error      // why there is no fee
	plain  bool       // only charges for one resource count, as they were invoiced
}

// A basisKey identifies a basis.
type basisKey struct {
	subset
	feeTime
	only, without string // the kinds
}

// basis returns the basis of a finding's fee.
func (b *book) basis(v sla.Verdict, f sla.Finding) *basis {
	s, missing := subsetOf(f.Base.By, v.Resource, f.Labels)
	if missing != "" {
		return &basis{plain: true, err: fmt.Errorf("%s/base/by: the finding has no label %s", f.Clause, numeral.Shorten(missing))}
	}
	w, err := b.feeTime(v, f)
	if err != nil {
		return &basis{plain: true, err: err}
	}
	key := basisKey{s, w, quoted(f.Base.Only), quoted(f.Base.Without)}
	known := b.bases[key]
	if known == nil {
		known = &basis{feeTime: w}
		if known.err = b.count(known, s, w, v, f); known.err == nil {
			known.err = b.add(known)
		}
		known.plain = !slices.ContainsFunc(known.counts, func(c Counted) bool {
			return c.charge.Resource != known.counts[0].charge.Resource || c.charge.Prorated != Prorated{} || c.portion != entire
		})
		b.bases[key] = known
	}
	return known
}

// simple reports whether a fee consists of all charges for a resource, as they
// were invoiced, and of no others.
func (b *book) simple(of *basis, resource string) bool {
	n := len(of.counts)
	return of.plain && n == len(b.index[subset{values: resource}]) && (n == 0 || of.counts[0].charge.Resource == resource)
}

// quoted returns a text that is different for each list of words.
func quoted(words []string) string {
	var text []byte
	for _, w := range words {
		text = strconv.AppendQuote(text, w)
	}
	return string(text)
}

// count finds the charges that count. It is an error if there is no charge at
// all, not even one of another kind, because a fee of nothing has to be stated.
func (b *book) count(to *basis, s subset, w feeTime, v sla.Verdict, f sla.Finding) error {
	var errs []error
	for _, i := range b.index[s] {
		part, err := b.charges[i].within(w, f.Cycles)
		switch counts := b.charges[i].Counts(f.Base); {
		case err != nil && counts:
			errs = append(errs, fmt.Errorf("charge %s: %w", numeral.Shorten(b.charges[i].ID), err))
		case part != noPart && counts:
			to.counts = append(to.counts, b.counted(i, part))
		case part != noPart || err != nil:
			to.others = append(to.others, b.counted(i, entire))
		}
	}
	switch {
	case len(errs) > 0:
		return errors.Join(errs...)
	case len(to.counts)+len(to.others) > 0:
		to.paid = b.pays(to.counts, w, f)
		to.known, _ = b.paidByAny(b.index[s], w, f)
		return nil
	case len(b.index[s]) == 0 && len(f.Base.By) == 0:
		return errNoCharge
	case len(b.index[s]) == 0:
		return fmt.Errorf("%s/base/by: there is no charge with the same %s", numeral.Plain(f.Clause), numeral.Plain(strings.Join(f.Base.By, " and ")))
	case w.extent == ofJudged:
		return fmt.Errorf("none of its charges is for the judged time, %v", v.Period)
	case w.extent == ofCycles || w.extent == ofPart:
		return nil // covers reports the missing charge for each finding
	}
	return fmt.Errorf("%s/base/window: there is no charge for %s", numeral.Plain(f.Clause), numeral.Shorten(string(f.Base.Window)))
}

var errNoCharge = errors.New("there is no charge for the resource")

// fee returns the fee of a finding.
func (b *book) fee(v sla.Verdict, f sla.Finding) (fee, error) {
	of := b.basis(v, f)
	if of.err != nil {
		return fee{}, of.err
	}
	length, err := b.length(v, f)
	return fee{of.base, of.exact, length}, err
}

// whole returns the fee of an agreement as a whole: all charges that count for
// any of its commitments. Each is included once, with the largest portion that
// counts for one commitment, or for all measured days or outages together. The
// length is that of the commitments. It is an error if their lengths differ and
// a limit is priced by the length.
func (b *book) whole(verdicts []sla.Verdict) (fee, error) {
	all := fee{base: Money{0, b.currency}, length: verdicts[0].Period.Length()}
	if len(verdicts[0].Limits) == 0 { // the fee is not needed
		return all, nil
	}
	lengths := map[time.Duration]bool{}
	most := map[int]portion{}          // by charge
	parts := map[int][]outage.Window{} // measured parts of its time
	wholes := map[int]time.Duration{}  // the whole time that it pays for
	seen := map[*basis]bool{}
	for _, v := range verdicts {
		for _, f := range v.Findings {
			of := b.basis(v, f)
			if of.err != nil {
				return fee{}, of.err
			}
			if !seen[of] {
				seen[of] = true
				for _, c := range of.counts {
					if most[c.place].lessThan(c.portion) {
						most[c.place] = c.portion
					}
					if of.extent == ofPart {
						parts[c.place] = append(parts[c.place], c.charge.pays(of.feeTime, nil))
						wholes[c.place] = c.charge.whole(of.feeTime)
					}
				}
			}
			var err error
			if all.length, err = b.length(v, f); err != nil {
				return fee{}, err
			}
			lengths[all.length] = true
		}
	}
	for _, v := range verdicts {
		for _, i := range b.quiet(v) {
			most[i] = entire
		}
	}
	fail := func(format string, args ...any) (fee, error) {
		return fee{}, fmt.Errorf("agreement %s: "+format, append([]any{numeral.Shorten(verdicts[0].Agreement)}, args...)...)
	}
	byTime := slices.IndexFunc(verdicts[0].Limits, func(l sla.Limit) bool { return !l.Service.IsZero() })
	if len(lengths) > 1 && byTime >= 0 {
		return fail("%s limits the price of service time, but the fees of the commitments pay for different lengths", verdicts[0].Limits[byTime].Clause)
	}
	for i, windows := range parts { // the measured days or outages together
		all := portion{int64(min(outage.NewSet(windows...).Total(), wholes[i])), int64(wholes[i])}
		if most[i].lessThan(all) {
			most[i] = all
		}
	}
	var union basis
	for _, i := range slices.Sorted(maps.Keys(most)) {
		union.counts = append(union.counts, b.counted(i, most[i]))
	}
	if err := b.add(&union); err != nil {
		return fail("the charges that count for any of its commitments: %w", err)
	}
	all.base, all.exact = union.base, union.exact
	return all, nil
}

// quiet returns the charges that count for the commitments of a verdict that
// have no measurement.
func (b *book) quiet(v sla.Verdict) []int {
	var charges []int
	for _, q := range v.Quiet {
		s, missing := subsetOf(q.Base.By, v.Resource, q.Labels)
		if missing != "" || q.Base.Window != "" && q.Base.Window != "billed" {
			continue
		}
		for _, i := range b.index[s] {
			c := b.charges[i]
			if c.Counts(q.Base) && (c.Window.IsEmpty() && c.Cycle == 0 || !c.Window.IsEmpty() && c.Window.Intersect(v.Period.Window()) == c.Window) {
				charges = append(charges, i)
			}
		}
	}
	return charges
}

// pays returns the part of the time of the fee that the counted charges pay for.
// Charges below zero pay for none.
func (b *book) pays(counts []Counted, w feeTime, f sla.Finding) outage.Set {
	var windows []outage.Window
	for _, c := range counts {
		if c.charge.Amount.Sign() >= 0 {
			windows = append(windows, c.charge.pays(w, f.Cycles))
		}
	}
	return outage.NewSet(windows...)
}

// paidByAny returns the part of the time of a fee that charges pay for, and the
// first charge that pays for any of it, or −1. A charge of a kind that does not
// count, such as a setup fee, pays only for its window.
func (b *book) paidByAny(charges []int, w feeTime, f sla.Finding) (paid outage.Set, first int) {
	first = -1
	var windows []outage.Window
	for _, i := range charges {
		c := b.charges[i]
		if c.Window.IsEmpty() && !c.Counts(f.Base) || c.Amount.Sign() < 0 {
			continue
		}
		pays := c.pays(w, f.Cycles)
		if windows = append(windows, pays); first < 0 && !pays.IsEmpty() {
			first = i
		}
	}
	return outage.NewSet(windows...), first
}

// covers reports time of the fee in which the resource lived but nothing was
// charged. Without this check, the fee could be too small, or the outage could
// lie before the customer came.
func (b *book) covers(v sla.Verdict, f sla.Finding) error {
	of := b.basis(v, f)
	whole := func(c Counted) bool { // pays for all of the time, as most charges do
		return c.charge.Resource == v.Resource && c.charge.Amount.Sign() >= 0 && c.charge.pays(of.feeTime, f.Cycles) == of.window
	}
	if slices.ContainsFunc(of.counts, whole) {
		return nil
	}
	due := outage.NewSet(of.window)
	switch {
	case of.err != nil, of.extent == ofCycle, of.extent == ofDays && !of.window.End().Equal(of.judged.End()):
		return nil
	case of.extent == ofDays:
		due = due.Within(of.judged)
	}
	due = due.Subtract(outage.NewSet(f.Unlived...))
	paid, first := b.paidByAny(b.index[subset{values: v.Resource}], of.feeTime, f)
	if due.Intersect(paid).IsEmpty() {
		paid = of.known
	}
	left := due.Subtract(paid)
	switch {
	case left.IsEmpty():
		return nil
	case of.extent == ofCycles || of.extent == ofPart:
		return fmt.Errorf("%s/base/window: nothing was charged for %s, and the fee is that of the whole measured time; add the charges, or give the resource a lifetime", f.Clause, inCycles(left, f.Cycles))
	case due.Intersect(paid).IsEmpty(): // for example, only charges of other kinds exist
		return nil
	case first < 0:
		s, _ := subsetOf(f.Base.By, v.Resource, f.Labels)
		_, first = b.paidByAny(b.index[s], of.feeTime, f)
	}
	return fmt.Errorf("charge %s: window: nothing was charged for %s of the judged time; judge %s, or give the resource a lifetime",
		numeral.Shorten(b.charges[first].ID), inWindows(left), fromTo(due.Subtract(left)))
}

// inCycles names the billing cycles that overlap a set, or the windows of the
// set if no cycle does.
func inCycles(set outage.Set, cycles []calendar.Period) string {
	var names []string
	for _, p := range cycles {
		if !set.Within(p.Window()).IsEmpty() {
			names = append(names, p.String())
		}
	}
	if len(names) == 0 {
		return inWindows(set)
	}
	return strings.Join(names, ", ")
}

// inWindows lists the windows of a set.
func inWindows(set outage.Set) string {
	var texts []string
	for w := range set.All() {
		texts = append(texts, w.String())
	}
	return strings.Join(texts, ", ")
}

// fromTo describes the windows of a set by their starts and ends.
func fromTo(set outage.Set) string {
	var texts []string
	for w := range set.All() {
		from, to, _ := strings.Cut(w.String(), "/")
		texts = append(texts, "from "+from+" to "+to)
	}
	return strings.Join(texts, " and ")
}

// charged reports whether there is a charge for a resource without findings, or
// a charge with the labels by which its fee would be found.
func (b *book) charged(v sla.Verdict) bool {
	return len(b.index[subset{values: v.Resource}]) > 0 || slices.ContainsFunc(v.Quiet, func(q sla.Quiet) bool {
		s, missing := subsetOf(q.Base.By, v.Resource, q.Labels)
		return missing == "" && len(b.index[s]) > 0
	})
}

// Counted reports for each charge whether it counts, or may count, toward a fee
// of the verdicts. It considers the resource, labels, kind and time of the
// charge. It does not report faults of the bill.
func (b Bill) Counted() []bool {
	counted := make([]bool, len(b.Charges))
	for i, u := range newBook(b).uses(b.Verdicts) {
		counted[i] = u.counted
	}
	return counted
}

// A use describes which fees a charge counts toward.
type use struct {
	judged  bool              // a verdict is on its resource or its labels
	counted bool              // it counts toward a fee, or may count
	within  []calendar.Period // parts of the billing period, each of which it counts for in full
	lacks   string            // a missing label, by which the fee of its resource is found
}

// uses returns the use of each charge.
func (b *book) uses(verdicts []sla.Verdict) []use {
	u := usage{b, make([]use, len(b.charges)), map[string][]string{}, map[*basis]bool{}}
	for _, v := range verdicts {
		u.verdict(v)
		for _, f := range v.Findings {
			u.finding(v, f)
		}
	}
	for i, c := range b.charges {
		for _, name := range u.labels[c.Resource] {
			if _, found := c.Labels[name]; !found {
				u.uses[i].lacks = name
			}
		}
	}
	return u.uses
}

// A usage finds the use of each charge of a book.
type usage struct {
	*book
	uses   []use
	labels map[string][]string // labels by which the fee of a resource is found
	seen   map[*basis]bool     // findings with the same basis use the same charges
}

// verdict marks the charges for a resource, and the charges for commitments
// without a measurement.
func (u *usage) verdict(v sla.Verdict) {
	for _, i := range u.index[subset{values: v.Resource}] {
		u.uses[i].judged = true
		u.uses[i].counted = u.uses[i].counted || len(v.Findings) == 0
	}
	for _, q := range v.Quiet {
		if s, missing := subsetOf(q.Base.By, v.Resource, q.Labels); missing == "" {
			for _, i := range u.index[s] {
				u.uses[i].judged, u.uses[i].counted = true, true
			}
		}
	}
}

// finding marks the charges that count, or may count, toward the fee of a
// finding.
func (u *usage) finding(v sla.Verdict, f sla.Finding) {
	for _, name := range f.Base.By {
		if !slices.Contains(u.labels[v.Resource], name) {
			u.labels[v.Resource] = append(u.labels[v.Resource], name)
		}
	}
	s, missing := subsetOf(f.Base.By, v.Resource, f.Labels)
	if missing != "" {
		return
	}
	of := u.basis(v, f)
	if u.seen[of] {
		return
	}
	u.seen[of] = true
	varies := of.extent == ofDays && !of.window.End().Equal(of.judged.End()) // the days depend on the outages
	for _, i := range u.index[s] {
		u.uses[i].judged = true
		u.uses[i].counted = u.uses[i].counted || of.err != nil || varies
	}
	for _, c := range of.others {
		u.uses[c.place].counted = true
	}
	part := u.period.Window().Intersect(v.Period.Window()) == v.Period.Window() && v.Period != u.period
	for _, c := range of.counts {
		use := &u.uses[c.place]
		use.counted = true
		whole := of.extent == ofJudged && c.charge.Window.IsEmpty() || of.extent == ofCycle && c.charge.Judged.IsEmpty()
		if part && whole && !slices.Contains(use.within, v.Period) {
			use.within = append(use.within, v.Period)
		}
	}
}

// twice returns two disjoint parts of the billing period that a charge counts
// for in full.
func (u use) twice() (p, q calendar.Period, found bool) {
	for i, p := range u.within {
		for _, q := range u.within[:i] {
			if p.Window().Intersect(q.Window()) == (outage.Window{}) {
				return q, p, true
			}
		}
	}
	return p, q, false
}
