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
	// are judged under the agreement: "100%" of all their charges that count
	// for any of its commitments. All limits hold.
	AtMost []Budget `json:"atMost,omitempty"`

	// Above is the sum that a credit must exceed to be issued at all: "1USD".
	// A credit of just that is not issued. Zero: every credit is.
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
	// the largest number of outages, "at most 1", of those that ended in it.
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
	// fee. All limits hold.
	AtMost []Budget `json:"atMost,omitempty"`

	// OneOf names groups of commitments of which only one gives, the one that
	// gives most for the resource in the billing period. Commitments that
	// share no group add up.
	OneOf []string `json:"oneOf,omitempty"`

	// Automatic says that what this commitment gives is owed unasked, whatever
	// the claims of the agreement say of the others.
	Automatic bool `json:"automatic,omitempty"`

	// Termination gives rights to terminate the contract, each on its own.
	Termination []Exit `json:"termination,omitempty"`
}

// A Downtime says which moments count as down. Its terms act in the order of
// the fields.
type Downtime struct {
	// Causes are those of the outages that count, compared byte for byte with
	// those of the records: "network", "power". Zero: all outages count, also
	// those without a cause.
	Causes []string `json:"causes,omitempty"`

	// Starts are the marks of an outage at the latest of which its clock
	// starts: "start" (when it occurred), "reported", or the name of one of
	// its [outage.Outage] marks, such as "ticket". The clock of an outage that
	// lacks one of them has not started, and the outage does not count. Zero:
	// "start".
	Starts []string `json:"starts,omitempty"`

	// Ends are the marks at the earliest of which the clock stops: "end" (when
	// the outage was over), "reported", or the name of a mark. The clock of an
	// outage that has none of them still runs at the as-of instant; if the
	// records are complete and have none, that is an error. Zero: "end".
	Ends []string `json:"ends,omitempty"`

	// Slot lays time on a grid: the loss of a slot is the mean of what was lost
	// in it, and the slot counts as a whole or not at all. Zero: no grid, to the
	// nanosecond.
	Slot Slot `json:"slot,omitempty"`

	// Requests takes the loss of a slot from [outage.Traffic] records, as the
	// requests that failed in it out of all, and not from outages. A slot
	// without requests lost nothing; one of which nobody knows a part may have
	// lost everything. What an exclusion sets aside forgives the failures of
	// windows that lie wholly in it; their requests remain among all.
	Requests bool `json:"requests,omitempty"`

	// MinRequests is the least number of requests in a slot that can be down.
	MinRequests int64 `json:"minRequests,omitempty"`

	// Loss is the lost share from which on a moment or a slot is down: "over
	// 5%", "at least 5%", "exactly 100%". Zero: any loss.
	Loss Range `json:"loss,omitempty"`

	// Weighted counts what is down by the share that is lost. Zero: in full.
	Weighted bool `json:"weighted,omitempty"`

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
	// They stand for time that was set aside as well: every moment inside the
	// windows of [outage.Maintenance] records of these causes that were
	// announced in time is forgiven, whatever made the resource fail there.
	// "maintenance" is the cause of those that name none.
	Causes []string `json:"causes,omitempty"`

	// Hours are set aside by the agreement itself, by the clocks of
	// [Calculation].Zone: every moment inside them is forgiven. Zero: none.
	// Causes, hours or both are required.
	Hours []Hours `json:"hours,omitempty"`

	// Notice is how long before its start maintenance has to be announced:
	// "24h", or "none" where that does not matter. It is required beside the
	// cause "maintenance": with a notice, an outage of that cause is forgiven
	// inside such windows only; with "none" it is forgiven as it stands. For
	// time set aside for another cause it may be left out, and is then "none".
	Notice Quantity `json:"notice,omitempty"`

	// Allowance is the most time that is forgiven: "10h" in each measured
	// period, "10h per 3mo" in each quarter of the calendar (or 1mo, 6mo, 12mo),
	// "10m per outage". The earliest time draws it, and time outside draws
	// nothing; once it is used up, the exclusion forgives nothing more there. A
	// slot is covered as a whole or not at all. The records must reach back to where the quarter begins. Zero: no limit.
	Allowance Budget `json:"allowance,omitempty"`

	// First forgives before Downtime.Lasting is tested, so that only the rest
	// of an outage must last. Zero: the outage is tested as it happened.
	First bool `json:"first,omitempty"`

	// Removed takes the time that was set aside, be the resource up or down in
	// it, and the forgiven outages out of what is due. Zero: it remains due.
	Removed bool `json:"removed,omitempty"`
}

// A Calculation says how downtime becomes an availability.
type Calculation struct {
	// Period is what is measured. Zero: the billing period.
	Period Measuring `json:"period,omitempty"`

	// Zone is the name of the zone by whose clocks periods, hours, slots and allowances
	// are told: "Europe/Berlin". It is required where there are hours. Zero: that
	// of the billing period.
	Zone string `json:"zone,omitempty"`

	// Hours are the service hours: outside them nothing is due. Zero: always.
	Hours []Hours `json:"hours,omitempty"`

	// Length is what each period counts as in the denominator, however long it
	// is: "30d", "720h". Downtime counts as it was, and an availability is
	// never below 0 %; where more lies outside, nothing was due. Zero: its own
	// length.
	Length Quantity `json:"length,omitempty"`

	// Whole counts the time outside the life of a resource as up and due, as far
	// as there are service hours. Zero: it is not due.
	Whole bool `json:"whole,omitempty"`

	// Unknown says what counts where nobody observed the resource. Time after
	// the as-of instant stays unknown. Zero: it is left undecided.
	Unknown Treatment `json:"unknown,omitempty"`

	// Round rounds the availability before it is compared with the promise and
	// the rows: "nearest 0.1%" (a half goes up), "full 0.01%" (down), "started
	// 0.1%" (up). What is shown stays exact. Zero: it is not rounded.
	Round Step `json:"round,omitempty"`
}

// A Treatment says what time of which nobody knows counts as: "up", "down", or
// "out", which is not due. The zero Treatment leaves it undecided.
type Treatment string

// A Base says what the fee is.
type Base struct {
	// Of says in words for people what the fee is of, where that is more than
	// the measured resource: "region". The bill then charges it to that
	// resource.
	Of string `json:"of,omitempty"`

	// Only are the kinds of charges that count, and Without those that do not,
	// as in "one-time"; at most one of the two is given. Zero: all count.
	Only    []string `json:"only,omitempty"`
	Without []string `json:"without,omitempty"`

	// Length is the time for which the fee pays where service time is priced:
	// "30d". Zero: the length of the measured period.
	Length Quantity `json:"length,omitempty"`
}

// A Gap says who takes the values that no row of a table holds, or two do.
type Gap string

// The closed set of gaps besides the zero value, under which a table with such
// values is an error. The neighbour that is milder than the first row gives
// nothing, and where the last row leaves out the worst values it is the milder
// one.
const (
	Milder  Gap = "milder"
	Severer Gap = "severer"
)

// A Tier is a row of the table of credits: it gives Plus once, and Give for
// each step of what was measured.
//
// Rows are either nested, each with one bound ("below 99.95%", "below 99.0%"),
// or banded, each with two ("at least 99.0%, below 99.95%", and the last
// without its lower one). They may not be mixed, and may leave no hole: the
// first begins where the promise is broken, the last reaches down to 0 %. All
// are in the unit of the promise; for downtime and outages more is worse, and
// so "over 1h" comes before "over 2h".
type Tier struct {
	// When is where the row holds: an availability, a downtime or a number of
	// outages, as the promise is. Zero: whenever the promise is broken.
	When Range `json:"when,omitempty"`

	// Give is what the row gives: a share of the fee, "10%"; service time,
	// "1d", or months of it, "1mo", each of which is the base once more; a
	// multiple of the price of the downtime, "50x"; or a sum, "20USD".
	Give Quantity `json:"give"`

	// Per gives that for each step: of downtime, "full 30m"; of availability
	// lost, "started 0.1%"; or of outages that ended, "full 1". The steps are
	// counted on the whole measured period together. Zero: once.
	Per Step `json:"per,omitempty"`

	// Beyond counts steps and multiples only on what lies beyond the start of
	// the row, and not from the first moment.
	Beyond bool `json:"beyond,omitempty"`

	// Plus is given once on top, and may be whatever Give may be.
	Plus Quantity `json:"plus,omitempty"`
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
