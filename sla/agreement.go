package sla

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/slacredit/slacredit/internal/strictjson"
)

// An Agreement is a service level agreement as plain data. A Go literal and JSON
// use the same words. The zero Agreement promises nothing.
//
// The zero value of every term is the plain default, so an agreement names only
// the terms that differ from it. [Agreement.Compile] checks an agreement as a whole
// and returns the [Terms] that judge; nothing else takes an Agreement.
type Agreement struct {
	// Name identifies the agreement, as in "amazon/ec2". A statement needs it.
	Name string `json:"name"`

	// Note is printed wherever the agreement is named: where its wording was read,
	// and how reliable it is.
	Note string `json:"note,omitempty"`

	// Commitments are judged one by one. Their credits add up.
	Commitments []Commitment `json:"commitments,omitempty"`

	// AtMost limits what all commitments together give for all resources judged
	// under the agreement: "100%" of all charges that count for any commitment.
	// Every limit applies.
	AtMost []Cap `json:"atMost,omitempty"`

	// Above is the sum that a credit must exceed to be issued: "1USD". A credit of
	// exactly that sum is not issued. Above applies only to credits that must be
	// claimed: a credit of an Automatic commitment is issued whatever its size, and
	// does not count toward the sum. Zero: every credit is issued.
	Above Quantity `json:"above,omitempty"`

	// Claims state what a customer must do to get a credit. Zero: nothing.
	Claims Claims `json:"claims,omitzero"`

	// Payment states how a credit is given. Zero: as money off, at once.
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
