package credit

import (
	"errors"
	"time"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A Part is the amount that one commitment gives for one resource and measured
// period: the price of one finding. [Part.Account] explains it step by step.
type Part struct {
	Resource   string `json:"resource"`
	Commitment string `json:"commitment,omitempty"` // its name

	// Finding is the priced finding of the verdict. In JSON only the verdict
	// contains it.
	Finding sla.Finding `json:"-"`

	Clause string `json:"clause,omitempty"` // JSON pointer to the row that gives; empty: no row gives

	Remedy sla.Remedy `json:"remedy"` // of the entitlement

	// Counted lists the charges that make up the fee, in the order of the bill.
	// Length is the time that they pay for.
	Counted []Counted     `json:"counted,omitempty"`
	Length  time.Duration `json:"-"`

	Base   Money    `json:"base"`             // the fee: the sum of the charges that count; rounded if Fee is not zero
	Fee    Exact    `json:"fee,omitzero"`     // the exact fee, if it is not a whole number of minor units
	Exact  Exact    `json:"exact"`            // the price of the entitlement
	Limits []Limit  `json:"limits,omitempty"` // limits on the part
	Yields YieldsTo `json:"yields,omitzero"`  // why the part gives nothing although it has a price

	// Spread shows how the amount for a group is spread over its members, if
	// one of several commitments is chosen for each member.
	Spread []Spread `json:"spread,omitempty"`

	Owed   Exact `json:"owed"`   // Exact, limited by the lowest limit; less the shares that yield; zero if the whole part yields
	Amount Money `json:"amount"` // share of the credit's amount, by largest remainder over Owed

	// Automatic says that the part is owed without a claim, where others have
	// to be claimed.
	Automatic bool `json:"automatic,omitempty"`

	behind *context // nil in a literal
}

// A context is the part of a statement around one of its parts, as far as the
// account needs it.
type context struct {
	agreement string          // of the credit
	period    calendar.Period // of the credit
	basis     *basis          // the charges of the fee
	plain     bool            // the fee consists of all charges for the resource, and no others
	listed    string          // an earlier part whose account lists the same charges; empty: there is none
	idle      []string        // groups in which no other commitment covers the resource
	worst     *Part           // the part if all unobserved time was down; nil: it is the same
}

// context returns the context of p, which is almost empty for a literal.
func (p Part) context() context {
	if p.behind == nil {
		return context{period: p.Finding.Measurement.Period, plain: true}
	}
	return *p.behind
}

// check reports a part above its limits, and shares that do not sum to the
// part.
func (p Part) check() error {
	for _, l := range p.Limits {
		if p.Owed.amount.Cmp(l.left()) > 0 || p.Amount.minor > l.Amount.minor {
			return errors.New("a part exceeds its limit")
		}
	}
	if !p.checkSpread() {
		return errors.New("the shares of a part do not sum to it")
	}
	return nil
}

// gives reports whether a row of the table gives p.
func (p Part) gives() bool {
	return p.Finding.Entitlement.Clause != "" || !p.Finding.Entitlement.Remedy.IsZero()
}

// Measured returns the measured time if it differs from the period of the
// credit, such as an outage or a quarter. Otherwise it returns the empty
// window.
func (p Part) Measured() outage.Window {
	if of := p.Finding.Measurement.Period; of != p.context().period {
		return of.Window()
	}
	return outage.Window{}
}

// name returns the resource, the commitment and the measured time for people.
func (p Part) name() string { return subject("", p.Resource, p.Commitment, p.Measured().String()) }

// A Counted is a charge, or a part of one, that counts toward a fee.
type Counted struct {
	Charge string `json:"charge"` // its ID
	Worth  Exact  `json:"worth"`  // the amount that counts, exact, in major units

	charge  Charge
	place   int // index in the charges of the bill
	portion portion
}

// counted returns the portion of a charge that counts.
func (b *book) counted(place int, p portion) Counted {
	c := b.charges[place]
	return Counted{c.ID, Exact{c.worth(p)}, c, place, p}
}

// parts returns the parts for one resource under one agreement. The function
// returns the entitlement of each finding.
func (b *book) parts(v sla.Verdict, of func(sla.Finding) sla.Entitlement) ([]Part, error) {
	parts := make([]Part, len(v.Findings))
	given := map[string]exact.Number{} // by commitment
	for i, f := range v.Findings {
		paid, err := b.fee(v, f)
		if err != nil {
			return nil, err
		}
		e := of(f)
		worth := paid.worth(e.Remedy)
		limits, owed, err := b.limits(f.Limits, bounded{agreement: v.Agreement, commitment: f.Commitment, resource: v.Resource}, paid, given[f.Commitment], worth)
		if err != nil {
			return nil, err
		}
		given[f.Commitment] = given[f.Commitment].Add(owed)
		of := b.basis(v, f)
		parts[i] = Part{
			Resource: v.Resource, Commitment: f.Commitment, Finding: f, Clause: e.Clause, Remedy: e.Remedy,
			Counted: of.counts, Length: paid.length, Base: paid.base, Fee: paid.exact, Exact: Exact{worth}, Limits: limits, Owed: Exact{owed}, Automatic: f.Automatic,
			behind: &context{agreement: v.Agreement, period: v.Period, basis: of, plain: b.simple(of, v.Resource)},
		}
	}
	return parts, nil
}
