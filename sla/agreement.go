package sla

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/slacredit/slacredit/internal/strictjson"
)

// An Agreement is a service level agreement as plain data. A Go literal and
// JSON say it with the same words. The zero Agreement promises nothing.
//
// Every term has a zero value that is the plain default, so that an agreement
// names only what sets it apart. Nothing takes an Agreement as it stands:
// [Agreement.Compile] checks it whole and returns the [Terms] that judge.
type Agreement struct {
	// Name identifies the agreement, as in "amazon/ec2". A statement needs it.
	Name string `json:"name"`

	// Note is printed wherever the agreement is named: how sure its wording
	// is, where it was read.
	Note string `json:"note,omitempty"`

	// Commitments are judged each on its own; what they give adds up.
	Commitments []Commitment `json:"commitments,omitempty"`

	// AtMost limits what all commitments give together for all resources that
	// are judged under the agreement: "100%" of all their charges that count
	// for any of its commitments. All limits hold.
	AtMost []Budget `json:"atMost,omitempty"`

	// Above is the sum that a credit must exceed to be issued at all: "1USD".
	// A credit of just that is not issued. It bounds what has to be claimed
	// alone: what commitments give that are Automatic is issued whatever its
	// size, and does not count. Zero: every credit is issued.
	Above Quantity `json:"above,omitempty"`

	// Claims say what a customer has to do for a credit. Zero: nothing.
	Claims Claims `json:"claims,omitzero"`

	// Payment says how a credit is given. Zero: as money off, at once.
	Payment Payment `json:"payment,omitzero"`
}

type agreementJSON struct {
	Format string `json:"format"`
	agreement
}

type agreement Agreement // without methods

// ParseAgreement reads an agreement's JSON. Its "format" must be
// [AgreementFormat]; keys that are unknown or come twice, and values of
// another type, are errors, each a [*FieldError].
func ParseAgreement(data []byte) (Agreement, error) {
	var a Agreement
	err := a.UnmarshalJSON(data)
	return a, err
}

// MarshalJSON writes a with its format version.
func (a Agreement) MarshalJSON() ([]byte, error) {
	return json.Marshal(agreementJSON{AgreementFormat, agreement(a)})
}

// UnmarshalJSON reads a as [ParseAgreement] does.
func (a *Agreement) UnmarshalJSON(data []byte) error {
	var doc agreementJSON
	err := strictjson.UnmarshalDocument(data, &doc, &doc.Format, AgreementFormat)
	if err != nil {
		return fmt.Errorf("sla: reading an agreement: %w", inFields(err))
	}
	*a = Agreement(doc.agreement)
	return nil
}

// Clone returns a copy of a that shares nothing with it.
func (a Agreement) Clone() Agreement {
	a.AtMost = slices.Clone(a.AtMost)
	a.Claims, a.Payment = a.Claims.clone(), a.Payment.clone()
	a.Commitments = slices.Clone(a.Commitments)
	for i, c := range a.Commitments {
		a.Commitments[i] = c.clone()
	}
	return a
}
