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
	"github.com/slacredit/slacredit/internal/label"
	"github.com/slacredit/slacredit/internal/numeral"
)

// Options state what [Restate] may issue. The zero value is the most careful.
type Options struct {
	// AsOf is when the facts behind the statement were known: records, charges
	// and agreement. It orders two statements by age, so a late run of an older
	// statement fails with [ErrOutdated] and corrects nothing. Once a credit
	// was issued with an AsOf, each later statement that changes anything needs
	// one.
	//
	// If AsOf is zero, the caller vouches for the order. Then only a result
	// that was already corrected fails with [ErrOutdated] when it comes back.
	//
	// A statement that changes nothing leaves no trace. An intermediate
	// statement that runs after it cannot be recognized as outdated; the next
	// run of the newest statement corrects it.
	AsOf time.Time

	// IssueProvisional allows issuing from a provisional statement. If it is
	// false, such a statement fails with [ErrProvisional].
	IssueProvisional bool
}

// ErrProvisional is wrapped by the error of [Restate] on a provisional
// statement. Do not issue from it yet.
var ErrProvisional = errors.New("issue: the statement is provisional")

// ErrOutdated is wrapped by the error of [Restate] on a statement that is older
// than the issued adjustments. Do not issue from it any more.
var ErrOutdated = errors.New("issue: the statement is older than the issued adjustments")

// Restate returns the adjustments that have to be posted so that the issued
// adjustments, together with them, equal the statement. For each credit that is
// nothing, a first issue, or a correction.
//
// Issued must contain all adjustments posted for the credits of the same
// customer and contract whose measured periods ended in the billing period, in
// any order. If nothing was issued yet, it is nil. It is an error if issued
// contains another credit, because a misspelled name would otherwise pay twice.
// It is also an error if a revision is missing or comes twice, or if the
// amounts do not add up to the totals.
//
// A credit that no longer owes anything is reversed. That includes a credit
// whose key is no longer in the statement, because its agreement was not judged
// or the charges are now in another currency. Adjustments are in the order of
// the credits; the reversals of missing credits follow, by key.
//
// The amount of an adjustment is the difference of two rounded amounts, and is
// never rounded itself. A credit whose fingerprint equals that of its last
// adjustment has no adjustment, so a second run returns none. A credit that
// owes nothing and was never issued has none either.
//
// Periods are compared by their days. A credit issued for June remains the
// credit for June if the customer moves to another zone and July is billed by
// the clocks there. If June is restated by those clocks, the adjustment
// corrects the credit issued for the same days, under its original key.
//
// To be safe from crashes and concurrent runs, post each adjustment under its
// [Adjustment.ID]; of two with one ID, the first stands. Then read the posted
// adjustments and restate again, until Restate returns none.
func Restate(issued []Adjustment, s credit.Statement, o Options) ([]Adjustment, error) {
	adjustments, err := restate(issued, s, o)
	if err != nil {
		return nil, fmt.Errorf("issue: restating %s, %v: %w", numeral.Plain(label.Join(": ", s.Customer, s.Contract)), s.Period, err)
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
	r := restatement{statement: s, asOf: o.AsOf.Round(0).UTC()}
	for _, result := range results {
		result.Identity = ledger.known(result.Identity)
		if err := r.restate(ledger[result.Identity.Key()], result); err != nil {
			return nil, err
		}
		delete(ledger, result.Identity.Key())
	}
	for _, key := range slices.Sorted(maps.Keys(ledger)) { // credits that the statement no longer has
		gone := ledger[key][0].Identity
		if err := r.restate(ledger[key], Result{Identity: gone, Amount: nothing(gone)}); err != nil {
			return nil, err
		}
	}
	return r.adjustments, r.order(issued)
}

// A ledger contains the issued adjustments, by key and in the order of the
// revisions.
type ledger map[string][]Adjustment

// newLedger returns the ledger of issued adjustments. If they have faults, the
// error lists all of them.
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
				f.Add("issued: %s is there, but %s, which it corrects, is missing", a.ID(), a.Corrects())
			case before(a) != total:
				f.Add("issued: %s: the previous total is %v, but its amount and total give %v", a.ID(), total, before(a))
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

// nothing returns a zero amount in the currency of a valid identity.
func nothing(i Identity) credit.Money {
	m, _ := credit.MoneyFromMinor(0, i.Currency)
	return m
}

// covered returns why a credit cannot be part of a statement, or "" if it can.
// It compares periods by their days, in any zone. A customer who moves to
// another zone is not billed again for past days, and the instants of days can
// be corrected.
func covered(s credit.Statement, i Identity) string {
	switch {
	case i.Customer != s.Customer:
		return "it belongs to another customer"
	case i.Contract != s.Contract:
		return "it belongs to another contract"
	case !i.Period.EndsIn(s.Period):
		return fmt.Sprintf("its period, %v, does not end in the billing period", i.Period)
	}
	return ""
}

// known returns the identity under which a credit was issued: its own, or that
// of the same days in another zone. Of several zones, the first one counts in
// which the total is not zero; the others are reversed.
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

// A restatement collects the adjustments of one run.
type restatement struct {
	statement   credit.Statement
	asOf        time.Time
	adjustments []Adjustment
}

// restate adds the adjustment that turns the chain of issued adjustments of a
// credit into the result, if one is needed.
func (r *restatement) restate(chain []Adjustment, want Result) error {
	last := Adjustment{Total: nothing(want.Identity)}
	if len(chain) > 0 {
		last = chain[len(chain)-1]
	}
	switch same := last.Fingerprint == want.Fingerprint; {
	case last.Total.IsZero() && want.Amount.IsZero():
		return nil
	case same && last.Total != want.Amount:
		return fmt.Errorf("%s: its fingerprint equals that of the statement, but its total is %v and the amount is %v", last.ID(), last.Total, want.Amount)
	case same:
		return nil
	}
	for _, a := range chain {
		if a.Fingerprint == want.Fingerprint && !r.asOf.After(last.AsOf) {
			return fmt.Errorf("%w: it equals %s, which was corrected since; to issue it again, set a later as-of instant", ErrOutdated, a.ID())
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

// order reports a statement that changes something and is older than the
// statement behind an issued adjustment of any credit.
func (r *restatement) order(issued []Adjustment) error {
	if len(r.adjustments) == 0 {
		return nil
	}
	for _, a := range issued {
		switch {
		case a.AsOf.IsZero():
		case r.asOf.IsZero():
			return fmt.Errorf("as of: missing, but %s has one", a.ID())
		case r.asOf.Before(a.AsOf):
			return fmt.Errorf("%w: it is as of %s, but %s is as of %s", ErrOutdated, r.asOf.Format(time.RFC3339Nano), a.ID(), a.AsOf.Format(time.RFC3339Nano))
		}
	}
	return nil
}
