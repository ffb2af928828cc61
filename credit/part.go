package credit

import (
	"errors"
	"math/big"
	"time"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A Part is what one commitment gives for one resource and measured period: the
// price of one finding. [Part.Account] explains it step by step.
type Part struct {
	Resource   string `json:"resource"`
	Commitment string `json:"commitment,omitempty"` // its name

	// Finding is the finding that is priced, as the verdict has it. In JSON only
	// the verdict holds it.
	Finding sla.Finding `json:"-"`

	Clause string `json:"clause,omitempty"` // JSON pointer to the row that gives; empty if none does

	Remedy sla.Remedy `json:"remedy"` // of the entitlement

	// Counted are the charges that make up the fee, in the order of the bill, and
	// Length is the time for which they pay.
	Counted []Counted     `json:"counted,omitempty"`
	Length  time.Duration `json:"-"`

	Base   Money    `json:"base"`             // the fee: the sum of the charges that count, rounded where Fee is not zero
	Fee    Exact    `json:"fee,omitzero"`     // the fee exactly, where it is no whole number of minor units
	Exact  Exact    `json:"exact"`            // the price of the entitlement
	Limits []Limit  `json:"limits,omitempty"` // limits on the part
	Yields YieldsTo `json:"yields,omitzero"`  // why the part gives nothing although it would owe something

	// Spread says how what is given for a group falls to its members, where
	// only one of several commitments gives for each of them.
	Spread []Spread `json:"spread,omitempty"`

	Owed   Exact `json:"owed"`   // Exact, or what the lowest cap leaves; of that only the shares that do not yield, and nothing if the part does
	Amount Money `json:"amount"` // of the credit's amount, by largest remainder over Owed

	// Automatic says that the part is owed unasked, where others have to be
	// claimed.
	Automatic bool `json:"automatic,omitempty"`

	behind *behind // nil in a literal
}

// A behind is what a part of a statement that was made or read knows of the
// rest of it.
type behind struct {
	agreement string          // of the credit
	period    calendar.Period // of the credit
	basis     *basis          // of the fee
	plain     bool            // the fee is all charges for the resource, and no other
	listed    string          // the part of the credit whose account lists the same charges; empty: none before
	idle      []string        // groups of commitments of which no other is on the resource
	worst     *Part           // the part if all unknown time was down; nil: it is the same
}

// context returns what p knows of its statement, which is little in a literal.
func (p Part) context() behind {
	if p.behind == nil {
		return behind{period: p.Finding.Measurement.Period, plain: true}
	}
	return *p.behind
}

// check reports a part above its limits, and shares that do not sum to it.
func (p Part) check() error {
	for _, l := range p.Limits {
		if p.Owed.Rat().Cmp(l.left()) > 0 || p.Amount.minor > l.Amount.minor {
			return errors.New("a part of more than its limit")
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

// Measured returns the time that was measured, where it is not the period of the
// credit: that of an outage or of a quarter. Otherwise it is empty.
func (p Part) Measured() outage.Window {
	if of := p.Finding.Measurement.Period; of != p.context().period {
		return of.Window()
	}
	return outage.Window{}
}

// name returns the resource, the commitment and the measured time, as people
// read them.
func (p Part) name() string { return subject("", p.Resource, p.Commitment, p.Measured().String()) }

// A Counted is a charge, or a part of one, that counts toward a fee.
type Counted struct {
	Charge string `json:"charge"` // its ID
	Worth  Exact  `json:"worth"`  // the amount that counts, in major units

	charge  Charge
	place   int // among the charges of the bill
	portion portion
}

// counted returns a portion of a charge that counts.
func (b *book) counted(place int, p portion) Counted {
	c := b.charges[place]
	return Counted{c.ID, exactly(c.worth(p)), c, place, p}
}

// parts returns the parts for one resource under one agreement, with the
// entitlement that a function returns for each finding.
func (b *book) parts(v sla.Verdict, of func(sla.Finding) sla.Entitlement) ([]Part, error) {
	parts := make([]Part, len(v.Findings))
	given := map[string]*big.Rat{} // by commitment
	for i, f := range v.Findings {
		paid, err := b.fee(v, f)
		if err != nil {
			return nil, err
		}
		if given[f.Commitment] == nil {
			given[f.Commitment] = new(big.Rat)
		}
		e := of(f)
		worth := paid.worth(e.Remedy)
		limits, owed, err := b.limits(f.Limits, bounded{agreement: v.Agreement, commitment: f.Commitment, resource: v.Resource}, paid, given[f.Commitment], worth)
		if err != nil {
			return nil, err
		}
		given[f.Commitment].Add(given[f.Commitment], owed)
		of := b.basis(v, f)
		parts[i] = Part{
			Resource: v.Resource, Commitment: f.Commitment, Finding: f, Clause: e.Clause, Remedy: e.Remedy,
			Counted: of.counts, Length: paid.length, Base: paid.base, Fee: paid.exact, Exact: exactly(worth), Limits: limits, Owed: exactly(owed), Automatic: f.Automatic,
			behind: &behind{agreement: v.Agreement, period: v.Period, basis: of, plain: b.simple(of, v.Resource)},
		}
	}
	return parts, nil
}
