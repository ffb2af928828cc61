package credit

import (
	"fmt"
	"math/big"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/sla"
)

// An Earlier is what was given before, by one commitment for one resource and
// measured period: the sum of what was issued and corrected since. A limit
// over several months needs it; [Statement.Issued] returns it.
type Earlier struct {
	Agreement  string     `json:"agreement"`
	Commitment string     `json:"commitment,omitempty"` // its name
	Resource   string     `json:"resource"`
	Period     sla.Period `json:"period"` // that was measured
	Amount     Money      `json:"amount"` // not negative
}

// scope returns what e was given by and for.
func (e Earlier) scope() scope {
	return scope{agreement: e.Agreement, commitment: e.Commitment, resource: e.Resource}
}

// within reports whether the measured period of e ended in the calendar months
// that end with a billing period, as [sla.Period.TrailingMonths] counts them.
// They begin on a day in the zone of that period, of which only the name is known
// here; so of a period in another zone that ended within a day of it, or just a
// day from it, this cannot be told, and is an error.
func (e Earlier) within(months int, billed sla.Period) (bool, error) {
	first, err := billed.TrailingMonths(months)
	if err != nil {
		return false, err
	}
	end := e.Period.Window().End()
	if end.After(billed.Window().End()) {
		return false, nil
	}
	if e.Period.Zone() == billed.Zone() {
		return e.Period.Next().Compare(first) > 0, nil
	}
	midnight := time.Date(first.Year, first.Month, first.Day, 0, 0, 0, 0, time.UTC) // at most a day from that of any zone
	if gap := end.Sub(midnight); gap.Abs() > 24*time.Hour {
		return gap > 0, nil
	}
	return false, fmt.Errorf("earlier credit of %s for %s: its period, %v, ends within a day of %v and in another zone than the billing period; whether that is in its last %d calendar months cannot be told",
		numeral.Shorten(e.Agreement), numeral.Shorten(e.Resource), e.Period, first, months)
}

// history holds what was given before, by what gave it.
type history map[scope][]Earlier

// newHistory sorts what was given before by commitment and resource, and for
// the limits of whole agreements by agreement.
func newHistory(earlier []Earlier) history {
	h := history{}
	for _, e := range earlier {
		for _, s := range []scope{e.scope(), {agreement: e.Agreement, whole: true}} {
			h[s] = append(h[s], e)
		}
	}
	return h
}

// given returns what was given in the calendar months that end with a billing
// period.
func (h history) given(s scope, months int, billed sla.Period) (*big.Rat, error) {
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
// period, where that is not zero: what [Bill.Earlier] wants of it.
func (s Statement) Issued() []Earlier {
	var issued []Earlier
	for _, c := range s.Credits {
		index := map[scope]int{}
		for _, p := range c.Parts {
			e := Earlier{c.Agreement, p.Commitment, p.Resource, c.Period, p.Amount}
			i, found := index[e.scope()]
			switch {
			case p.Amount.IsZero():
			case found:
				issued[i].Amount.minor += p.Amount.minor // at most the amount of the credit
			default:
				index[e.scope()] = len(issued)
				issued = append(issued, e)
			}
		}
	}
	return issued
}
