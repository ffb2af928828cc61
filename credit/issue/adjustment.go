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

// An Adjustment is one posting for a credit: its first issue or a correction. A
// posted adjustment never changes. Pass all posted adjustments of a credit to
// [Restate].
type Adjustment struct {
	Identity Identity `json:"identity"`

	// Revision numbers the adjustments of the credit, from 1. A revision above
	// 1 corrects the revision before it.
	Revision int `json:"revision"`

	// Fingerprint is that of the [Result] after the adjustment. It is empty if
	// the statement no longer has the credit.
	Fingerprint string `json:"fingerprint,omitempty"`

	// Amount is the amount to post. Above zero it is paid to the customer;
	// below zero it is taken back. If it is zero, there is nothing to post: the
	// adjustment only records that the same amount now follows from other
	// facts.
	Amount credit.Money `json:"amount"`

	// Total is the amount of the credit after the adjustment: the sum of the
	// amounts up to this revision. It is never below zero.
	Total credit.Money `json:"total"`

	// AsOf is when the facts behind the statement were known, from
	// [Options.AsOf]. It is zero if the caller did not state it.
	AsOf time.Time `json:"asOf,omitzero"`

	// Provisional lists why the statement could still change, if it was issued
	// although it was provisional.
	Provisional []string `json:"provisional,omitempty"`
}

// ID returns the unique text under which the adjustment is posted: the key of
// the credit, a colon and the revision, as in "credit1:…:USD:2". It is
// printable ASCII without spaces. The ID of a valid adjustment has at most 233
// characters.
//
// Never post two adjustments with the same ID; the first one stands. Make the
// column that contains the ID unique, or send the ID as the idempotency key.
func (a Adjustment) ID() string { return a.Identity.Key() + ":" + strconv.Itoa(a.Revision) }

// Corrects returns the ID of the adjustment that a corrects. It returns "" for
// the first adjustment of a credit.
func (a Adjustment) Corrects() string {
	if a.Revision <= 1 {
		return ""
	}
	a.Revision--
	return a.ID()
}

// Kind returns the change that a makes to its credit.
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

// String returns a on one line, such as "increase of USD 10.00 to USD 20.00".
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

// A Change is the effect of an adjustment on its credit.
type Change int

// The closed set of changes.
const (
	Issue        Change = iota // the credit is issued for the first time
	Increase                   // more is owed
	Decrease                   // less is owed
	Reversal                   // nothing is owed any more
	Confirmation               // the same amount is owed for other reasons; there is nothing to post
)

var changeNames = enum.Of("issue", "Change", "issue", "increase", "decrease", "reversal", "confirmation")

// String returns the change as a word, such as "increase".
func (c Change) String() string { return changeNames.String(int(c)) }

// MarshalText returns the word of [Change.String]. It is an error if c is not
// in the set.
func (c Change) MarshalText() ([]byte, error) { return changeNames.MarshalText(int(c)) }

// UnmarshalText reads the output of [Change.String].
func (c *Change) UnmarshalText(text []byte) error {
	v, err := changeNames.Parse(string(text))
	if err == nil {
		*c = Change(v)
	}
	return err
}

// Validate reports the fields that cannot be those of an adjustment.
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
		f.Add("revision: %d is below 1", a.Revision)
	}
	switch {
	case a.Fingerprint == "" && !a.Total.IsZero():
		f.Add("fingerprint: missing, although %v is owed", a.Total)
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
	before := a.Total.MinorUnits() - a.Amount.MinorUnits() // the total is at least 0, so an overflow is below zero
	switch {
	case a.Total.Sign() < 0:
		f.Add("total: %v is negative", a.Total)
	case before < 0:
		f.Add("amount: %v is more than the total, %v", a.Amount, a.Total)
	case a.Revision == 1 && before != 0:
		f.Add("amount: %v is not the total, %v, although this is the first revision", a.Amount, a.Total)
	case before == 0 && a.Total.IsZero():
		f.Add("amount: the total is zero before and after the adjustment")
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

// MarshalJSON writes a with its format version, its ID, its kind, and the ID
// that it corrects.
func (a Adjustment) MarshalJSON() ([]byte, error) {
	return json.Marshal(adjustmentDocument{AdjustmentFormat, a.ID(), a.Kind(), a.Corrects(), adjustment(a)})
}

// UnmarshalJSON reads the output of [Adjustment.MarshalJSON]. It is an error if
// the ID, the kind or the corrected ID does not follow from the other fields,
// or if the adjustment is not valid.
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
		err = fmt.Errorf("id: %s does not follow from the identity and revision, which give %s", numeral.Shorten(doc.ID), read.ID())
	case doc.Corrects != read.Corrects():
		err = fmt.Errorf("corrects: %s is not the previous revision, %s", numeral.Shorten(doc.Corrects), numeral.Shorten(read.Corrects()))
	case doc.Kind != read.Kind():
		err = fmt.Errorf("kind: %v, but the amounts give %v", doc.Kind, read.Kind())
	}
	if err != nil {
		return fmt.Errorf("issue: reading an adjustment: %w", err)
	}
	*a = read
	return nil
}
