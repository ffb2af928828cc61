package credit

import (
	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/sla"
)

// A Limit is a limit of the agreement in money: a share of the base, the price
// of a service time, or a sum. It is floored to the minor unit, since rounding
// up would exceed what the agreement allows.
type Limit struct {
	Agreed sla.Limit `json:"agreed"`
	Base   Money     `json:"base"`         // the fee; rounded if Fee is not zero
	Fee    Exact     `json:"fee,omitzero"` // the exact fee, if it is not a whole number of minor units
	Amount Money     `json:"amount"`

	// Drawn is the part of Amount that is used up; the limit leaves the rest. A
	// limit over several months is used up by the credits of the months before.
	// A limit that is not per outage is also used up by the earlier parts of
	// the same commitment.
	Drawn Exact `json:"drawn,omitzero"`

	Binds bool `json:"binds"` // more would be owed without this limit
}

// left returns the part of the limit that is not used up, at least zero.
func (c Limit) left() exact.Number {
	left := c.Amount.major().Sub(c.Drawn.amount)
	if left.Sign() < 0 {
		return exact.Number{}
	}
	return left
}

// A bounded is the scope of a limit: one commitment on one resource, or a whole
// agreement.
type bounded struct {
	agreement, commitment, resource string
	whole                           bool
}

// limits returns the limits in money, and the owed amount after the lowest of
// them. If that lowers the amount, it marks the limit, of equal ones the first.
// Given is the amount that the same commitment already gives for other outages
// of the measured period.
func (b *book) limits(limits []sla.Limit, s bounded, f fee, given, owed exact.Number) ([]Limit, exact.Number, error) {
	var all []Limit
	binds := -1
	for i, l := range limits {
		amount, err := round(f.worth(l.Remedy), b.currency, TowardZero)
		if err != nil {
			return nil, owed, err
		}
		var drawn exact.Number
		if l.Months > 0 {
			if drawn, err = b.history.given(s, l.Months, b.period); err != nil {
				return nil, owed, err
			}
		}
		if !l.PerOutage {
			drawn = drawn.Add(given)
		}
		c := Limit{Agreed: l, Base: f.base, Fee: f.exact, Amount: amount, Drawn: Exact{drawn}}
		if left := c.left(); left.Cmp(owed) < 0 {
			owed, binds = left, i
		}
		all = append(all, c)
	}
	if binds >= 0 {
		all[binds].Binds = true
	}
	return all, owed, nil
}
