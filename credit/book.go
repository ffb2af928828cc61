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
)

// A book holds what the pricing of a bill looks up.
type book struct {
	currency string     // of the first charge that has one
	period   sla.Period // the billing period
	charges  []Charge
	lists    [][]string       // of labels by which a fee goes; the empty one first
	index    map[subset][]int // of charges
	bases    map[basisKey]*basis
	history  history
}

// A subset names the charges that can be part of a fee: those for a resource,
// or those with the same values of some labels.
type subset struct{ by, values string }

// subsetOf returns the subset to which a resource and its labels belong, or
// the label that is missing.
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

// newBook returns the book of a bill, which may be faulty.
func newBook(b Bill) *book {
	book := &book{"", b.Period, b.Charges, [][]string{nil}, map[subset][]int{}, map[basisKey]*basis{}, newHistory(b.Earlier)}
	for _, v := range b.Verdicts {
		for _, f := range v.Findings {
			if !slices.ContainsFunc(book.lists, func(by []string) bool { return slices.Equal(by, f.Base.By) }) {
				book.lists = append(book.lists, f.Base.By)
			}
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

// A basis is what a fee is made of. Findings on the same things and the same
// time share one.
type basis struct {
	wanted
	counts []count // in the order of the bill
	others []int   // charges for the same things and the same time, of kinds that do not count
	base   Money   // the sum of what counts
	exact  Exact   // that exactly, where it is no whole number of minor units
	err    error   // why there is no fee
	plain  bool    // all that counts are charges for one resource, as they were invoiced
}

// A count is how much of a charge counts.
type count struct {
	charge  int // its index
	portion portion
}

// A basisKey tells bases apart.
type basisKey struct {
	subset
	wanted
	only, without string // the kinds
}

// basis returns what the fee of a finding is made of.
func (b *book) basis(v sla.Verdict, f sla.Finding) *basis {
	s, missing := subsetOf(f.Base.By, v.Resource, v.Labels)
	if missing != "" {
		return &basis{plain: true, err: fmt.Errorf("%s/base/by: the verdict has no label %s", f.Clause, numeral.Shorten(missing))}
	}
	w, err := wantedBy(f, v.Period)
	if err != nil {
		return &basis{plain: true, err: err}
	}
	key := basisKey{s, w, quoted(f.Base.Only), quoted(f.Base.Without)}
	known := b.bases[key]
	if known == nil {
		known = &basis{wanted: w}
		if known.err = b.count(known, s, w, v, f); known.err == nil {
			known.err = b.add(known)
		}
		known.plain = !slices.ContainsFunc(known.counts, func(c count) bool {
			charge := b.charges[c.charge]
			return charge.Resource != b.charges[known.counts[0].charge].Resource || charge.Prorated != Prorated{} || c.portion != entire
		})
		b.bases[key] = known
	}
	return known
}

// simple reports whether a fee is all charges for a resource, and nothing else,
// as they were invoiced.
func (b *book) simple(of *basis, resource string) bool {
	n := len(of.counts)
	return of.plain && n == len(b.index[subset{values: resource}]) && (n == 0 || b.charges[of.counts[0].charge].Resource == resource)
}

// quoted returns a text for a list of words, of which no other has it.
func quoted(words []string) string {
	var text []byte
	for _, w := range words {
		text = strconv.AppendQuote(text, w)
	}
	return string(text)
}

// count finds the charges that count. It is an error if there is none even of
// another kind, since a fee of nothing is to be said.
func (b *book) count(to *basis, s subset, w wanted, v sla.Verdict, f sla.Finding) error {
	var errs []error
	for _, i := range b.index[s] {
		part, err := b.charges[i].within(w)
		switch counts := b.charges[i].counts(f.Base); {
		case err != nil && counts:
			errs = append(errs, fmt.Errorf("charge %s: %w", numeral.Shorten(b.charges[i].ID), err))
		case part != noPart && counts:
			to.counts = append(to.counts, count{i, part})
		case part != noPart || err != nil:
			to.others = append(to.others, i)
		}
	}
	switch {
	case len(errs) > 0:
		return errors.Join(errs...)
	case len(to.counts)+len(to.others) > 0:
		return nil
	case len(b.index[s]) == 0 && len(f.Base.By) == 0:
		return errNoCharge
	case len(b.index[s]) == 0:
		return fmt.Errorf("%s/base/by: there is no charge with the same %s", numeral.Plain(f.Clause), numeral.Plain(strings.Join(f.Base.By, " and ")))
	case w.judged:
		return fmt.Errorf("none of its charges is for the time that is judged, %v", v.Period)
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
	length, err := lengthOf(f, v.Period)
	return fee{of.base, of.exact, length}, err
}

// whole returns the fee of all that is judged under an agreement: the charges
// that count for any of its commitments, each once and as far as it counts for
// one. The time for which it pays is that of the commitments, and an error if
// they differ and a limit is priced by it.
func (b *book) whole(verdicts []sla.Verdict) (fee, error) {
	all := fee{base: Money{0, b.currency}, length: verdicts[0].Period.Length()}
	if len(verdicts[0].Limits) == 0 { // nobody asks
		return all, nil
	}
	lengths := map[time.Duration]bool{}
	most := map[int]portion{} // by charge
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
					if most[c.charge].lessThan(c.portion) {
						most[c.charge] = c.portion
					}
				}
			}
			var err error
			if all.length, err = lengthOf(f, v.Period); err != nil {
				return fee{}, err
			}
			lengths[all.length] = true
		}
	}
	fail := func(format string, args ...any) (fee, error) {
		return fee{}, fmt.Errorf("agreement %s: "+format, append([]any{numeral.Shorten(verdicts[0].Agreement)}, args...)...)
	}
	byTime := slices.IndexFunc(verdicts[0].Limits, func(l sla.Limit) bool { return !l.Service.IsZero() })
	if len(lengths) > 1 && byTime >= 0 {
		return fail("%s limits the price of time of service, but the fees of the commitments pay for different times", verdicts[0].Limits[byTime].Clause)
	}
	var union basis
	for _, i := range slices.Sorted(maps.Keys(most)) {
		union.counts = append(union.counts, count{i, most[i]})
	}
	if err := b.add(&union); err != nil {
		return fail("all that counts for any of its commitments: %w", err)
	}
	all.base, all.exact = union.base, union.exact
	return all, nil
}

// A use says for what a charge counts.
type use struct {
	judged  bool         // it belongs to something that is judged
	counted bool         // and is for a time that counts, or may be
	within  []sla.Period // parts of the billing period for each of which it counts as a whole
	lacks   string       // a label by which the fee of its resource goes, and which it does not have
}

// uses returns for what each charge counts.
func (b *book) uses(verdicts []sla.Verdict) []use {
	uses := make([]use, len(b.charges))
	labels := map[string][]string{} // by which the fee of a resource goes
	seen := map[*basis]bool{}       // what findings share says the same of its charges for each
	for _, v := range verdicts {
		for _, i := range b.index[subset{values: v.Resource}] {
			uses[i].judged = true
			uses[i].counted = uses[i].counted || len(v.Findings) == 0
		}
		part := b.period.Window().Intersect(v.Period.Window()) == v.Period.Window() && v.Period != b.period
		for _, f := range v.Findings {
			for _, name := range f.Base.By {
				if !slices.Contains(labels[v.Resource], name) {
					labels[v.Resource] = append(labels[v.Resource], name)
				}
			}
			s, missing := subsetOf(f.Base.By, v.Resource, v.Labels)
			if missing != "" {
				continue
			}
			of := b.basis(v, f)
			if seen[of] {
				continue
			}
			seen[of] = true
			varies := !of.judged && of.cycles == 0 // with the outages
			for _, i := range b.index[s] {
				uses[i].judged = true
				uses[i].counted = uses[i].counted || of.err != nil || varies
			}
			for _, i := range of.others {
				uses[i].counted = true
			}
			for _, c := range of.counts {
				u := &uses[c.charge]
				u.counted = true
				if part && of.judged && b.charges[c.charge].Window.IsEmpty() && !slices.Contains(u.within, v.Period) {
					u.within = append(u.within, v.Period)
				}
			}
		}
	}
	for i, c := range b.charges {
		for _, name := range labels[c.Resource] {
			if _, found := c.Labels[name]; !found {
				uses[i].lacks = name
			}
		}
	}
	return uses
}

// twice returns two parts of the billing period that share no moment, and for
// each of which a charge counts as a whole.
func (u use) twice() (p, q sla.Period, found bool) {
	for i, p := range u.within {
		for _, q := range u.within[:i] {
			if p.Window().Intersect(q.Window()) == (outage.Window{}) {
				return q, p, true
			}
		}
	}
	return p, q, false
}
