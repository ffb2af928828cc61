package issue

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/internal/enum"
	"github.com/slacredit/slacredit/internal/fault"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/strictjson"
)

// An Adjustment is one posting for a credit: the credit when it is first
// issued, and each correction of it. Once it is posted it is what was issued,
// and is never changed; [Restate] wants it back.
type Adjustment struct {
	Identity Identity `json:"identity"`

	// Revision counts the adjustments of the credit, from 1. One above 1
	// corrects the one before it.
	Revision int `json:"revision"`

	// Fingerprint is that of the [Result] after it, and empty if the statement
	// has no such credit any more.
	Fingerprint string `json:"fingerprint,omitempty"`

	// Amount is what to post: above zero it goes to the customer, below zero it
	// is taken back, and where it is zero there is nothing to post, and the
	// adjustment only records that the same amount now follows from other
	// facts.
	Amount credit.Money `json:"amount"`

	// Total is what the credit comes to after it: the sum of the amounts up to
	// this revision. It is never below zero.
	Total credit.Money `json:"total"`

	// AsOf is when what the statement was made from was known, as the caller
	// said; zero if he did not.
	AsOf time.Time `json:"asOf,omitzero"`

	// Provisional says why the statement could still change when this was
	// issued from it all the same.
	Provisional []string `json:"provisional,omitempty"`
}

// ID returns the text under which the adjustment is posted: the key of the
// credit, a colon and the revision, "credit1:…:USD:2". It is printable ASCII
// without spaces and, of a valid adjustment, at most 233 characters long. Two
// adjustments with one ID must never both be posted: make the column that holds
// it unique, or send it as the idempotency key, and of two the first stands.
func (a Adjustment) ID() string { return a.Identity.Key() + ":" + strconv.Itoa(a.Revision) }

// Corrects returns the ID of the adjustment that a corrects, and "" for the
// first of a credit.
func (a Adjustment) Corrects() string {
	if a.Revision <= 1 {
		return ""
	}
	a.Revision--
	return a.ID()
}

// Kind returns what a does to what was issued.
func (a Adjustment) Kind() Change {
	switch {
	case a.Revision <= 1:
		return Issue
	case a.Amount.IsZero():
		return Confirmation
	case a.Total.IsZero():
		return Reversal
	case a.Amount.Sign() < 0:
		return Decrease
	}
	return Increase
}

// String returns a on one line, as in "increase of USD 10.00 to USD 20.00".
func (a Adjustment) String() string {
	amount := a.Amount
	if amount.Sign() < 0 {
		amount = amount.Neg()
	}
	switch kind := a.Kind(); kind {
	case Increase, Decrease:
		return fmt.Sprintf("%v of %v to %v", kind, amount, a.Total)
	case Confirmation:
		return fmt.Sprintf("%v of %v", kind, a.Total)
	default:
		return fmt.Sprintf("%v of %v", kind, amount)
	}
}

// A Kind is what an adjustment does to what was issued.
type Change int

// The closed set of kinds.
const (
	Issue        Change = iota // of a credit for the first time
	Increase                   // more is owed
	Decrease                   // less is owed
	Reversal                   // nothing is owed any more
	Confirmation               // as much is owed, for other reasons; there is nothing to post
)

var kindNames = enum.Of("issue", "Change", "issue", "increase", "decrease", "reversal", "confirmation")

// String returns the kind as a word.
func (k Change) String() string { return kindNames.String(int(k)) }

// MarshalText returns the word of [Change.String]; any other kind is an error.
func (k Change) MarshalText() ([]byte, error) { return kindNames.MarshalText(int(k)) }

// UnmarshalText reads what [Change.String] writes.
func (k *Change) UnmarshalText(text []byte) error {
	v, err := kindNames.Parse(string(text))
	if err == nil {
		*k = Change(v)
	}
	return err
}

// Validate reports what no adjustment can be.
func (a Adjustment) Validate() error {
	if err := a.check(); err != nil {
		return fmt.Errorf("issue: adjustment: %w", err)
	}
	return nil
}

func (a Adjustment) check() error {
	var f fault.List
	if err := a.Identity.check(); err != nil {
		f.Add("identity: %w", err)
	}
	if a.Revision < 1 {
		f.Add("revision: %d is not from 1", a.Revision)
	}
	switch {
	case a.Fingerprint == "" && !a.Total.IsZero():
		f.Add("fingerprint: missing, though %v is owed", a.Total)
	case a.Fingerprint != "" && !isFingerprint(a.Fingerprint):
		f.Add("fingerprint: %s is not 64 lower-case hex digits", numeral.Shorten(a.Fingerprint))
	}
	for _, m := range []struct {
		field string
		credit.Money
	}{{"amount", a.Amount}, {"total", a.Total}} {
		if m.Currency() != a.Identity.Currency {
			f.Add("%s: %w: %s, and the identity says %s", m.field, credit.ErrCurrencyMismatch, numeral.Shorten(m.Currency()), numeral.Shorten(a.Identity.Currency))
		}
	}
	before := a.Total.MinorUnits() - a.Amount.MinorUnits() // a total from 0 less an amount: what leaves int64 is below zero
	switch {
	case a.Total.Sign() < 0:
		f.Add("total: %v is negative", a.Total)
	case before < 0:
		f.Add("amount: %v is more than the total, %v", a.Amount, a.Total)
	case a.Revision == 1 && before != 0:
		f.Add("amount: %v is not the total, %v, though it is the first", a.Amount, a.Total)
	case before == 0 && a.Total.IsZero():
		f.Add("amount: nothing is owed, as before")
	}
	return f.Err()
}

// AdjustmentFormat is the format version of an adjustment's JSON.
const AdjustmentFormat = "slacredit/adjustment/1"

type adjustment Adjustment // without methods

type adjustmentDocument struct {
	Format   string `json:"format"`
	ID       string `json:"id"`
	Kind     Change `json:"kind"`
	Corrects string `json:"corrects,omitempty"`
	adjustment
}

// MarshalJSON writes a with its format version, ID and kind, and what it
// corrects.
func (a Adjustment) MarshalJSON() ([]byte, error) {
	return json.Marshal(adjustmentDocument{AdjustmentFormat, a.ID(), a.Kind(), a.Corrects(), adjustment(a)})
}

// UnmarshalJSON reads what [Adjustment.MarshalJSON] writes. It is an error if
// the ID, the kind or what it corrects does not follow from the rest, and if
// no adjustment can be so.
func (a *Adjustment) UnmarshalJSON(data []byte) error {
	var doc adjustmentDocument
	err := strictjson.UnmarshalDocument(data, &doc, &doc.Format, AdjustmentFormat)
	read := Adjustment(doc.adjustment)
	read.AsOf = read.AsOf.UTC()
	if err == nil {
		err = read.check()
	}
	switch {
	case err != nil:
	case doc.ID != read.ID():
		err = fmt.Errorf("id: %s is not that of the identity and revision, %s", numeral.Shorten(doc.ID), read.ID())
	case doc.Corrects != read.Corrects():
		err = fmt.Errorf("corrects: %s is not the revision before, %s", numeral.Shorten(doc.Corrects), numeral.Shorten(read.Corrects()))
	case doc.Kind != read.Kind():
		err = fmt.Errorf("kind: %v, but the amounts say %v", doc.Kind, read.Kind())
	}
	if err != nil {
		return fmt.Errorf("issue: reading an adjustment: %w", err)
	}
	*a = read
	return nil
}
