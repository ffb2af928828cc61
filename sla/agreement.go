package sla

import (
	"encoding/json"
	"fmt"

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
	// are judged under the agreement: "100%" of all their charges. All limits
	// hold.
	AtMost []Budget `json:"atMost,omitempty"`
}

// A Commitment is one promise with all that belongs to it.
type Commitment struct {
	// Name tells the commitments of one agreement apart.
	Name string `json:"name,omitempty"`

	// Downtime says which moments count. Zero: all at which anything is lost.
	Downtime Downtime `json:"downtime,omitzero"`

	// Exclusions say which of them are forgiven.
	Exclusions []Exclusion `json:"exclusions,omitempty"`

	// Promise is the availability that is promised for a billing period:
	// "at least 99.95%", "exactly 100%".
	Promise Range `json:"promise"`

	// Credits are the rows of the table, from mild to severe. The last row
	// that holds gives; without rows there is a promise and no remedy.
	Credits []Tier `json:"credits,omitempty"`

	// AtMost limits what this commitment gives for one resource: "100%" of the
	// charges for it. All limits hold.
	AtMost []Budget `json:"atMost,omitempty"`
}

// A Downtime says which moments count as down.
type Downtime struct {
	// Loss is the lost share from which on a moment is down, in full: "over
	// 5%", "at least 5%", "exactly 100%". Zero: any loss.
	Loss Range `json:"loss,omitempty"`

	// Lasting is how long an outage must last to count: "over 5m", "at least
	// 5m". It then counts whole, a shorter one not at all. The length is that
	// of the outage as it happened, before anything is excused and however
	// many billing periods it touches. Zero: any length.
	Lasting Range `json:"lasting,omitempty"`
}

// An Exclusion forgives downtime.
type Exclusion struct {
	// Causes are those of the outages that are forgiven, compared byte for byte
	// with those of the records. A moment still counts
	// if another outage covers it too, loses enough to count, and has a cause
	// that is not forgiven.
	//
	// The word "maintenance" stands for planned work as well: it forgives
	// every moment inside the windows of [outage.Maintenance] records that
	// were announced in time, whatever made the resource fail there.
	Causes []string `json:"causes"`

	// Notice is how long before its start maintenance has to be announced:
	// "24h", or "none" where that does not matter. It is required beside the
	// cause "maintenance" and refused elsewhere. With a notice, an outage
	// whose cause is "maintenance" is forgiven inside such windows only;
	// with "none" it is forgiven as it stands.
	Notice Quantity `json:"notice,omitempty"`
}

// A Tier is a row of the table of credits.
//
// Rows are either nested, each with one bound ("below 99.95%", "below 99.0%"),
// or banded, each with two ("at least 99.0%, below 99.95%", and the last
// without its lower one). They may not be mixed, and may leave no hole: the
// first begins where the promise is broken, the last reaches down to 0 %.
type Tier struct {
	// When is the availability at which the row holds. Zero: whenever the
	// promise is broken.
	When Range `json:"when,omitempty"`

	// Give is the share of the fee that the row gives: "10%".
	Give Quantity `json:"give"`

	// Per gives that share for each step of downtime: "full 30m", "started
	// 30m". The steps are counted on all downtime of the period together.
	// Zero: once.
	Per Step `json:"per,omitempty"`
}

type agreementJSON struct {
	Format string `json:"format"`
	agreement
}

type agreement Agreement // without methods

// ParseAgreement reads an agreement's JSON. Its "format" must be
// [AgreementFormat]; keys that are unknown or come twice, and values of
// another type, are errors that name their path.
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
		return fmt.Errorf("sla: reading an agreement: %w", err)
	}
	*a = Agreement(doc.agreement)
	return nil
}
