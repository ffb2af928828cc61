package sla

import (
	"encoding/json"
	"fmt"
	"maps"
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

// A Commitment is one promise with all that belongs to it.
type Commitment struct {
	// Name tells the commitments of one agreement apart.
	Name string `json:"name,omitempty"`

	// Scope says which resources are measured, and how they combine. Zero:
	// every resource on its own.
	Scope Scope `json:"scope,omitzero"`

	// Downtime says which moments count. Zero: all at which anything is lost.
	Downtime Downtime `json:"downtime,omitzero"`

	// Exclusions say which of them are forgiven.
	Exclusions []Exclusion `json:"exclusions,omitempty"`

	// Calculation says how the downtime becomes an availability. Zero: over
	// the billing period as it was, for as long as the resource lived.
	Calculation Calculation `json:"calculation,omitzero"`

	// Promise is what is promised for a measured period: an availability, "at
	// least 99.95%" or "exactly 100%"; the longest downtime, "at most 1h"; or
	// the largest number of outages, "at most 1 outage", of those that ended in
	// it. A number alone is an error: 45 may be outages, minutes or a percentage.
	Promise Range `json:"promise"`

	// Base says what the fee is of which credits are shares. Zero: all charges
	// for the measured resource.
	Base Base `json:"base,omitzero"`

	// Credits are the rows of the table, from mild to severe. The last row
	// that holds gives; without rows there is a promise and no remedy.
	Credits []Tier `json:"credits,omitempty"`

	// Gap says which neighbour takes the values that no row holds, or two do.
	// Zero: such a table is an error.
	Gap Gap `json:"gap,omitempty"`

	// AtMost limits what this commitment gives for one resource: "100%" of the
	// fee. All limits hold. Where each of several outages or days has a fee of its
	// own, the limit at each is a share of that, less what was given for those
	// before it.
	AtMost []Budget `json:"atMost,omitempty"`

	// OneOf names groups of commitments of which only one gives, the one that
	// gives most for the resource in the billing period, and of equals the
	// first. What is given for resources that are measured as one is spread over
	// them by their charges, so that each of them takes the better of its share
	// and of what others of the group give for it. Commitments that share no
	// group add up. Some resource must be able to fall under two of a group. Only
	// what is in one bill is compared: a quarter has no rival in the bills before
	// that in which it ends. Where the agreement has Above, a group is automatic as
	// a whole or has to be claimed as a whole.
	OneOf []string `json:"oneOf,omitempty"`

	// Automatic says that what this commitment gives is owed unasked, whatever
	// the claims of the agreement say of the others, and however little it is.
	Automatic bool `json:"automatic,omitempty"`

	// Termination gives rights to terminate the contract, each on its own.
	Termination []Exit `json:"termination,omitempty"`
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
	a.Claims.Requires, a.Payment.Forms = slices.Clone(a.Claims.Requires), slices.Clone(a.Payment.Forms)
	a.Commitments = slices.Clone(a.Commitments)
	for i := range a.Commitments {
		c := &a.Commitments[i]
		c.AtMost, c.Credits, c.OneOf = slices.Clone(c.AtMost), slices.Clone(c.Credits), slices.Clone(c.OneOf)
		c.Base, c.Termination = c.Base.clone(), slices.Clone(c.Termination)
		c.Scope.Only, c.Scope.Levels = maps.Clone(c.Scope.Only), slices.Clone(c.Scope.Levels)
		for name, values := range c.Scope.Only {
			c.Scope.Only[name] = slices.Clone(values)
		}
		d := &c.Downtime
		d.Causes, d.Starts, d.Ends = slices.Clone(d.Causes), slices.Clone(d.Starts), slices.Clone(d.Ends)
		c.Calculation.Hours = slices.Clone(c.Calculation.Hours)
		c.Exclusions = slices.Clone(c.Exclusions)
		for j := range c.Exclusions {
			e := &c.Exclusions[j]
			e.Causes, e.Hours = slices.Clone(e.Causes), slices.Clone(e.Hours)
		}
	}
	return a
}
