package credit

import (
	"math/big"

	"github.com/slacredit/slacredit/sla/calendar"
)

// An Prior is what was given before, by one commitment for one resource and
// measured period: the sum of what was issued and corrected since. A limit
// over several months needs it; [Statement.Given] returns it.
type Prior struct {
	Agreement  string          `json:"agreement"`
	Commitment string          `json:"commitment,omitempty"` // its name
	Resource   string          `json:"resource"`
	Period     calendar.Period `json:"period"` // that was measured
	Amount     Money           `json:"amount"` // not negative
}

// bounded returns the commitment and the resource for which e was given.
func (e Prior) bounded() bounded {
	return bounded{agreement: e.Agreement, commitment: e.Commitment, resource: e.Resource}
}

// within reports whether the measured period of e ended in the calendar months
// that end with a billing period, as [calendar.Period.TrailingMonths] counts them, by
// its days, in whatever zone.
func (e Prior) within(months int, billed calendar.Period) (bool, error) {
	_, first, err := billed.TrailingMonths(months)
	if err != nil {
		return false, err
	}
	return e.Period.Until().Compare(first) > 0 && e.Period.Until().Compare(billed.Until()) <= 0, nil
}

// history holds what was given before, by what gave it.
type history map[bounded][]Prior

// newHistory sorts what was given before by commitment and resource, and for
// the limits of whole agreements by agreement.
func newHistory(prior []Prior) history {
	h := history{}
	for _, e := range prior {
		for _, s := range []bounded{e.bounded(), {agreement: e.Agreement, whole: true}} {
			h[s] = append(h[s], e)
		}
	}
	return h
}

// given returns what was given in the calendar months that end with a billing
// period.
func (h history) given(s bounded, months int, billed calendar.Period) (*big.Rat, error) {
	sum := new(big.Rat)
	for _, e := range h[s] {
		within, err := e.within(months, billed)
		if err != nil {
			return nil, err
		}
		if within {
			sum.Add(sum, e.Amount.rat())
		}
	}
	return sum, nil
}

// Issued returns what s gives by each commitment, resource and measured
// period, where that is not zero: what [Bill.Prior] wants of it.
func (s Statement) Given() []Prior {
	var issued []Prior
	for _, c := range s.Credits {
		index := map[bounded]int{}
		for _, p := range c.Parts {
			e := Prior{c.Agreement, p.Commitment, p.Resource, c.Period, p.Amount}
			i, found := index[e.bounded()]
			switch {
			case p.Amount.IsZero():
			case found:
				issued[i].Amount.minor += p.Amount.minor // at most the amount of the credit
			default:
				index[e.bounded()] = len(issued)
				issued = append(issued, e)
			}
		}
	}
	return issued
}
