package credit

import (
	"math/big"

	"github.com/slacredit/slacredit/sla"
)

// A Part is the share of a credit that one commitment gives for one resource.
type Part struct {
	Resource   string `json:"resource"`
	Commitment string `json:"commitment,omitempty"` // its name
	Clause     string `json:"clause,omitempty"`     // JSON pointer to the row that gives; empty if none does

	// Percent, Service and Sum are the entitlement, which is all of them.
	Percent sla.Percent     `json:"percent"`
	Service sla.ServiceTime `json:"service,omitzero"`
	Sum     sla.Sum         `json:"sum,omitzero"`

	Base   Money   `json:"base"`            // the fee: the sum of the charges that count, rounded where Fee is not zero
	Fee    Exact   `json:"fee,omitzero"`    // the fee exactly, where it is no whole number of minor units
	Exact  Exact   `json:"exact"`           // the price of the entitlement
	Caps   []Cap   `json:"caps,omitempty"`  // limits on the part
	Yields Yielded `json:"yields,omitzero"` // why the part gives nothing although it would owe something

	// Spread says how what is given for a group falls to its members, where
	// only one of several commitments gives for each of them.
	Spread []Spread `json:"spread,omitempty"`

	Owed   Exact `json:"owed"`   // Exact, or what the lowest cap leaves; of that only the shares that do not yield, and nothing if the part does
	Amount Money `json:"amount"` // of the credit's amount, by largest remainder over Owed

	// Automatic says that the part is owed unasked, where others have to be
	// claimed.
	Automatic bool `json:"automatic,omitempty"`
}

// parts returns what the commitments of an agreement give for one resource,
// given what each finding entitles to.
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
		worth := paid.worth(e)
		caps, owed, err := b.caps(f.Limits, scope{agreement: v.Agreement, commitment: f.Commitment, resource: v.Resource}, paid, given[f.Commitment], worth)
		if err != nil {
			return nil, err
		}
		given[f.Commitment].Add(given[f.Commitment], owed)
		parts[i] = Part{
			Resource: v.Resource, Commitment: f.Commitment, Clause: e.Clause, Percent: e.Percent, Service: e.Service, Sum: e.Sum,
			Base: paid.base, Fee: paid.exact, Exact: exactly(worth), Caps: caps, Owed: exactly(owed), Automatic: f.Automatic,
		}
	}
	return parts, nil
}
