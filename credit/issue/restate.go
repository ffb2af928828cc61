package issue

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/internal/fault"
	"github.com/slacredit/slacredit/internal/numeral"
)

// RestateOptions say what a statement may do to what was issued. The zero
// value is the careful one.
type Options struct {
	// AsOf is when what the statement was made from was known: records,
	// charges and agreement. It tells the newer of two statements, so that a
	// late run of an older one is [ErrOutdated] and corrects nothing. Once a
	// credit was issued with one, each later statement that changes anything
	// needs one. Without it the caller vouches for the order, and only the
	// return of a result that was corrected already is [ErrOutdated].
	//
	// A statement that changed nothing leaves no trace. One that lies between
	// what was issued and that one, and is run after it, is not known to be
	// old; a run of the newest sets it right.
	AsOf time.Time

	// IssueProvisional issues what a provisional statement says. Without it
	// such a statement is [ErrProvisional].
	IssueProvisional bool
}

// ErrProvisional is wrapped by the error of [Restate] on a statement that is
// provisional. Nothing is to be issued from it yet.
var ErrProvisional = errors.New("issue: the statement is provisional")

// ErrOutdated is wrapped by the error of [Restate] on a statement that is
// older than what was issued. Nothing is to be issued from it any more.
var ErrOutdated = errors.New("issue: the statement is older than what was issued")

// Restate returns what has to be posted so that what was issued, with it, is
// what a statement says: nothing, a first credit, or a correction of one. A
// credit of which nothing is owed any more is reversed, also if the statement
// has none under its key: its agreement was not judged, or charges are now in
// another currency. Where nothing was issued yet, issued is nil. Adjustments come
// in the order of the credits, and those of credits that are gone after them, by
// key.
//
// The difference is that of two rounded amounts, and is never rounded itself.
// Of a credit with the fingerprint that was issued last there is no
// adjustment, and so a second run returns none. One of which nothing is owed,
// and nothing was issued, is not an adjustment either.
//
// Issued are all adjustments that were posted for the credits of the same
// customer and contract whose measured periods ended in the billing period, in
// any order. It is an error if they hold another credit, since a slip in a
// name would otherwise pay twice, if a revision is missing or comes twice, or
// if the amounts do not lead to the totals.
//
// A period is its days. What was issued for June stays June's when the customer
// has moved to another zone and July is billed by the clocks there; and June
// restated by these clocks corrects what was issued for the same days, under the
// key that it was issued under.
//
// To be safe from crashes and from two runs at once, post each adjustment under
// its [Adjustment.ID], of which the first stands; then read what was posted,
// and restate again until there is nothing to do.
func Restate(issued []Adjustment, s credit.Statement, o Options) ([]Adjustment, error) {
	adjustments, err := restate(issued, s, o)
	if err != nil {
		return nil, fmt.Errorf("issue: restating %s, %v: %w", numeral.Plain(joined(": ", s.Customer, s.Contract)), s.Period, err)
	}
	return adjustments, nil
}

func restate(issued []Adjustment, s credit.Statement, o Options) ([]Adjustment, error) {
	results, err := Results(s)
	if err != nil {
		return nil, err
	}
	ledger, err := newLedger(issued, s)
	switch {
	case err != nil:
		return nil, err
	case len(s.Provisional) > 0 && !o.IssueProvisional:
		return nil, fmt.Errorf("%w: %s", ErrProvisional, numeral.Plain(s.Provisional[0]))
	}
	r := restater{statement: s, asOf: o.AsOf.Round(0).UTC()}
	for _, result := range results {
		result.Identity = ledger.known(result.Identity)
		if err := r.restate(ledger[result.Identity.Key()], result); err != nil {
			return nil, err
		}
		delete(ledger, result.Identity.Key())
	}
	for _, key := range slices.Sorted(maps.Keys(ledger)) { // what the statement has no more
		gone := ledger[key][0].Identity
		if err := r.restate(ledger[key], Result{Identity: gone, Amount: nothing(gone)}); err != nil {
			return nil, err
		}
	}
	return r.adjustments, r.order(issued)
}

// A ledger holds what was issued, by key and in the order of the revisions.
type ledger map[string][]Adjustment

// newLedger returns what was issued, or every fault of it.
func newLedger(issued []Adjustment, s credit.Statement) (ledger, error) {
	var f fault.List
	l := ledger{}
	for i, a := range issued {
		if err := a.check(); err != nil {
			f.Add("issued[%d]: %w", i, err)
		} else if problem := covered(s, a.Identity); problem != "" {
			f.Add("issued[%d]: %s: %s", i, a.ID(), problem)
		}
		l[a.Identity.Key()] = append(l[a.Identity.Key()], a)
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	for _, key := range slices.Sorted(maps.Keys(l)) {
		chain := l[key]
		slices.SortStableFunc(chain, func(a, b Adjustment) int { return cmp.Compare(a.Revision, b.Revision) })
		total := nothing(chain[0].Identity)
		for i, a := range chain {
			switch {
			case i > 0 && a.Revision == chain[i-1].Revision:
				f.Add("issued: %s comes twice", a.ID())
			case a.Revision > i+1 && (i == 0 || a.Revision != chain[i-1].Revision+1):
				f.Add("issued: %s is there, and what it corrects, %s, is not", a.ID(), a.Corrects())
			case before(a) != total:
				f.Add("issued: %s: the total before it is %v, and the amount and the total say %v", a.ID(), total, before(a))
			}
			total = a.Total
		}
	}
	return l, f.Err()
}

// before returns the total before an adjustment.
func before(a Adjustment) credit.Money {
	m, _ := a.Total.Sub(a.Amount) // one currency, and the total is the larger
	return m
}

// nothing returns nothing in the currency of a credit, which is valid.
func nothing(i Identity) credit.Money {
	m, _ := credit.MoneyFromMinor(0, i.Currency)
	return m
}

// covered returns why a credit cannot be one of a statement, and "" if it can. Periods are compared by their days, in whatever zone, since a customer who
// moves to another one is not billed anew for those that are over, and since the
// instants of days can be corrected.
func covered(s credit.Statement, i Identity) string {
	switch {
	case i.Customer != s.Customer:
		return "it is of another customer"
	case i.Contract != s.Contract:
		return "it is of another contract"
	case !i.Period.EndsIn(s.Period):
		return fmt.Sprintf("its period, %v, does not end in the billing period", i.Period)
	}
	return ""
}

// known returns the identity under which a credit was issued: its own, or else
// that of the same days in another zone. Of several zones the first counts in
// which something is still given, and the rest is reversed.
func (l ledger) known(i Identity) Identity {
	if len(l[i.Key()]) > 0 {
		return i
	}
	found, given := i, false
	for _, key := range slices.Sorted(maps.Keys(l)) {
		chain := l[key]
		issued, gives := chain[0].Identity, !chain[len(chain)-1].Total.IsZero()
		if issued.sameDays(i) && (found == i || gives && !given) {
			found, given = issued, gives
		}
	}
	return found
}

// A restater collects adjustments.
type restater struct {
	statement   credit.Statement
	asOf        time.Time
	adjustments []Adjustment
}

// restate adds the adjustment from what was issued of a credit to its result,
// if there is one.
func (r *restater) restate(chain []Adjustment, want Result) error {
	last := Adjustment{Total: nothing(want.Identity)}
	if len(chain) > 0 {
		last = chain[len(chain)-1]
	}
	switch same := last.Fingerprint == want.Fingerprint; {
	case last.Total.IsZero() && want.Amount.IsZero():
		return nil
	case same && last.Total != want.Amount:
		return fmt.Errorf("%s: its fingerprint is that of the statement, but the total, %v, is not the amount, %v", last.ID(), last.Total, want.Amount)
	case same:
		return nil
	}
	for _, a := range chain {
		if a.Fingerprint == want.Fingerprint && !r.asOf.After(last.AsOf) {
			return fmt.Errorf("%w: it gives what %s gave, which was corrected since; a later as-of instant would say that this holds again", ErrOutdated, a.ID())
		}
	}
	amount, err := want.Amount.Sub(last.Total)
	if err != nil {
		return err
	}
	r.adjustments = append(r.adjustments, Adjustment{
		want.Identity, last.Revision + 1, want.Fingerprint, amount, want.Amount, r.asOf, slices.Clone(r.statement.Provisional),
	})
	return nil
}

// order reports adjustments by a statement that is older than what was issued
// from another, of whatever credit.
func (r *restater) order(issued []Adjustment) error {
	if len(r.adjustments) == 0 {
		return nil
	}
	for _, a := range issued {
		switch {
		case a.AsOf.IsZero():
		case r.asOf.IsZero():
			return fmt.Errorf("as of: missing, and %s has one", a.ID())
		case r.asOf.Before(a.AsOf):
			return fmt.Errorf("%w: it is as of %s, and %s as of %s", ErrOutdated, r.asOf.Format(time.RFC3339Nano), a.ID(), a.AsOf.Format(time.RFC3339Nano))
		}
	}
	return nil
}
