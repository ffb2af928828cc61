package credit

import (
	"math/big"

	"github.com/slacredit/slacredit/sla"
)

// A Limit is a limit in money: its share of the base, the price of its time of
// service, or its sum, floored to the minor unit, since anything else could be
// rounded to more than the agreement allows.
type Limit struct {
	Agreed sla.Limit `json:"agreed"`
	Base   Money     `json:"base"`         // the fee, rounded where Fee is not zero
	Fee    Exact     `json:"fee,omitzero"` // exactly, where it is no whole number of minor units
	Amount Money     `json:"amount"`

	// Drawn is what was given of Amount already: in the months before, where
	// the limit holds for several, and by the parts of the same commitment
	// that come before this one, where it does not hold for each outage. What
	// the limit leaves is the rest.
	Drawn Exact `json:"drawn,omitzero"`

	Binds bool `json:"binds"` // without it more would be owed
}

// left returns what c leaves, which is never less than nothing.
func (c Limit) left() *big.Rat {
	left := c.Amount.rat()
	if left.Sub(left, c.Drawn.Rat()); left.Sign() < 0 {
		return new(big.Rat)
	}
	return left
}

// A bounded is what a limit bounds: what one commitment gives for one resource,
// or all that an agreement gives.
type bounded struct {
	agreement, commitment, resource string
	whole                           bool
}

// limits returns limits in money, and the lowest of them and what is owed. It
// marks the first that is the lowest if it binds. Given is what the same
// commitment gives already for other outages of the measured period.
func (b *book) limits(limits []sla.Limit, s bounded, f fee, given, owed *big.Rat) ([]Limit, *big.Rat, error) {
	var all []Limit
	binds := -1
	for i, l := range limits {
		amount, err := roundRat(f.worth(l.Remedy), b.currency, TowardZero)
		if err != nil {
			return nil, nil, err
		}
		drawn := new(big.Rat)
		if l.Months > 0 {
			if drawn, err = b.history.given(s, l.Months, b.period); err != nil {
				return nil, nil, err
			}
		}
		if !l.PerOutage {
			drawn.Add(drawn, given)
		}
		c := Limit{Agreed: l, Base: f.base, Fee: f.exact, Amount: amount, Drawn: exactly(drawn)}
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
