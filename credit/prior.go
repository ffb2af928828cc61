package credit

import (
	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A Prior is the sum that one commitment gave for one resource and earlier
// measured period, including corrections. A limit over several months needs it;
// [Statement.Given] returns it.
type Prior struct {
	Agreement  string          `json:"agreement"`
	Commitment string          `json:"commitment,omitempty"` // its name
	Resource   string          `json:"resource"`
	Period     calendar.Period `json:"period"` // the measured period
	Amount     Money           `json:"amount"` // not negative
}

// bounded returns the scope of limits that e counts against.
func (e Prior) bounded() bounded {
	return bounded{agreement: e.Agreement, commitment: e.Commitment, resource: e.Resource}
}

// within reports whether the measured period of e ended in the calendar months
// that end with a billing period, as [calendar.Period.TrailingMonths] counts
// them. It compares days, in any zone.
func (e Prior) within(months int, billed calendar.Period) (bool, error) {
	_, first, err := billed.TrailingMonths(months)
	if err != nil {
		return false, err
	}
	return e.Period.Until().Compare(first) > 0 && e.Period.Until().Compare(billed.Until()) <= 0, nil
}

// A history contains the prior credits by the limit scopes that they count in.
type history map[bounded][]Prior

// newHistory indexes prior credits by commitment and resource, and also by
// agreement for the limits of whole agreements.
func newHistory(prior []Prior) history {
	h := history{}
	for _, e := range prior {
		for _, s := range []bounded{e.bounded(), {agreement: e.Agreement, whole: true}} {
			h[s] = append(h[s], e)
		}
	}
	return h
}

// given returns the sum of the prior credits in the calendar months that end
// with a billing period.
func (h history) given(s bounded, months int, billed calendar.Period) (sum exact.Number, err error) {
	for _, e := range h[s] {
		within, err := e.within(months, billed)
		if err != nil {
			return sum, err
		}
		if within {
			sum = sum.Add(e.Amount.major())
		}
	}
	return sum, nil
}

// Given returns the amounts that s gives, for [Bill.Prior] of later bills.
// There is one entry for each commitment, resource and measured period whose
// amount is not zero.
func (s Statement) Given() []Prior {
	var given []Prior
	for _, c := range s.Credits {
		index := map[bounded]int{}
		for _, p := range c.Parts {
			e := Prior{c.Agreement, p.Commitment, p.Resource, c.Period, p.Amount}
			i, found := index[e.bounded()]
			switch {
			case p.Amount.IsZero():
			case found:
				given[i].Amount.minor += p.Amount.minor // at most the amount of the credit
			default:
				index[e.bounded()] = len(given)
				given = append(given, e)
			}
		}
	}
	return given
}
