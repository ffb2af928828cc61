package credit

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/sla"
)

// A book holds what the pricing of a bill looks up.
type book struct {
	currency string     // of the first charge that has one
	period   sla.Period // the billing period
	charges  []Charge
	lists    [][]string       // of labels by which a fee goes; the empty one first
	index    map[subset][]int // of charges
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
	book := &book{"", b.Period, b.Charges, [][]string{nil}, map[subset][]int{}, newHistory(b.Earlier)}
	for _, v := range b.Verdicts {
		for _, f := range v.Findings {
			if !slices.ContainsFunc(book.lists, func(by []string) bool { return slices.Equal(by, f.Base.By) }) {
				book.lists = append(book.lists, f.Base.By)
			}
		}
	}
	for i, c := range b.Charges {
		book.currency = cmp.Or(book.currency, c.Amount.Currency())
		for _, s := range book.subsets(c) {
			book.index[s] = append(book.index[s], i)
		}
	}
	return book
}

// subsets returns those to which a charge belongs.
func (b *book) subsets(c Charge) []subset {
	subsets := make([]subset, 0, len(b.lists))
	for _, by := range b.lists {
		if s, missing := subsetOf(by, c.Resource, c.Labels); missing == "" {
			subsets = append(subsets, s)
		}
	}
	return subsets
}

// A count is how much of a charge counts.
type count struct {
	charge  int // its index
	portion portion
}

// counted returns the charges that are part of the fee of a finding, of all
// kinds, in the order of the bill. It is an error if there are none, since a
// fee of nothing is to be said.
func (b *book) counted(v sla.Verdict, f sla.Finding) ([]count, error) {
	s, missing := subsetOf(f.Base.By, v.Resource, v.Labels)
	if missing != "" {
		return nil, fmt.Errorf("%s/base/by: the verdict has no label %s", f.Clause, numeral.Shorten(missing))
	}
	cycles, window, err := f.Base.Window.Over(v.Period, f.Measurement.Period.Window())
	if err != nil {
		return nil, err
	}
	w := wanted{cycles, window, f.Base.Window == ""}
	var all []count
	var errs []error
	for _, i := range b.index[s] {
		part, err := b.charges[i].within(w)
		if err != nil {
			errs = append(errs, fmt.Errorf("charge %s: %w", numeral.Shorten(b.charges[i].ID), err))
		}
		if part != noPart {
			all = append(all, count{i, part})
		}
	}
	switch {
	case len(errs) > 0:
		return nil, errors.Join(errs...)
	case len(all) > 0:
		return all, nil
	case len(b.index[s]) == 0 && len(f.Base.By) == 0:
		return nil, errNoCharge
	case len(b.index[s]) == 0:
		return nil, fmt.Errorf("%s/base/by: there is no charge with the same %s", f.Clause, strings.Join(f.Base.By, " and "))
	case f.Base.Window == "":
		return nil, fmt.Errorf("none of its charges is for the time that is judged, %v", v.Period)
	}
	return nil, fmt.Errorf("%s/base/window: none of its charges is for %s", f.Clause, f.Base.Window)
}

// problems returns why there is no fee for what a verdict gives.
func (b *book) problems(v sla.Verdict) []error {
	if len(v.Findings) == 0 && len(b.index[subset{values: v.Resource}]) == 0 {
		return []error{errNoCharge}
	}
	var problems []error
	for _, f := range v.Findings {
		counts, err := b.counted(v, f)
		if err == nil {
			_, err = b.sum(b.ofKinds(counts, f.Base), 1)
		}
		said := errors.Is(err, ErrCurrencyMismatch) // of the charge
		if err != nil && !said && !slices.ContainsFunc(problems, func(said error) bool { return said.Error() == err.Error() }) {
			problems = append(problems, err)
		}
	}
	return problems
}

var errNoCharge = errors.New("there is no charge for the resource")

// ofKinds returns those of some charges whose kinds count.
func (b *book) ofKinds(counts []count, base sla.Base) []count {
	return slices.DeleteFunc(counts, func(c count) bool { return !b.charges[c.charge].counts(base) })
}

// fee returns the fee of a finding.
func (b *book) fee(v sla.Verdict, f sla.Finding) (fee, error) {
	counts, err := b.counted(v, f)
	if err != nil {
		return fee{}, err
	}
	length, err := lengthOf(f, v.Period)
	if err != nil {
		return fee{}, err
	}
	return b.sum(b.ofKinds(counts, f.Base), length)
}

// whole returns the fee of all that is judged under an agreement: the charges
// that count for any of its commitments, each once and as far as it counts for
// one. The time for which it pays is that of the commitments, and an error if
// they differ and a limit is priced by it.
func (b *book) whole(verdicts []sla.Verdict) (fee, error) {
	length := verdicts[0].Period.Length()
	lengths := map[time.Duration]bool{}
	most := map[int]portion{} // by charge
	for _, v := range verdicts {
		for _, f := range v.Findings {
			counts, err := b.counted(v, f)
			if err != nil {
				return fee{}, err
			}
			for _, c := range counts {
				if b.charges[c.charge].counts(f.Base) && most[c.charge].lessThan(c.portion) {
					most[c.charge] = c.portion
				}
			}
			if length, err = lengthOf(f, v.Period); err != nil {
				return fee{}, err
			}
			lengths[length] = true
		}
	}
	byTime := slices.IndexFunc(verdicts[0].Limits, func(l sla.Limit) bool { return !l.Service.IsZero() })
	if len(lengths) > 1 && byTime >= 0 {
		return fee{}, fmt.Errorf("agreement %s: %s limits the price of time of service, but the fees of the commitments pay for different times",
			numeral.Shorten(verdicts[0].Agreement), verdicts[0].Limits[byTime].Clause)
	}
	counts := make([]count, 0, len(most))
	for i := range b.charges {
		if s, found := most[i]; found {
			counts = append(counts, count{i, s})
		}
	}
	return b.sum(counts, length)
}
