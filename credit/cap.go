package credit

import (
	"math/big"
	"time"

	"github.com/slacredit/slacredit/sla"
)

// A Cap is a limit in money: its share of the base, the price of its time of
// service, or its sum, floored to the minor unit, since anything else could be
// rounded to more than the agreement allows.
type Cap struct {
	Limit  sla.Limit `json:"limit"`
	Base   Money     `json:"base"`
	Amount Money     `json:"amount"`

	// Drawn is what was given of Amount already: in the months before, where
	// the limit holds for several, and by the parts of the same commitment
	// that come before this one, where it does not hold for each outage. What
	// the limit leaves is the rest.
	Drawn Exact `json:"drawn,omitzero"`

	Binds bool `json:"binds"` // without it more would be owed
}

// left returns what c leaves, which is never less than nothing.
func (c Cap) left() *big.Rat {
	left := c.Amount.rat()
	if left.Sub(left, c.Drawn.Rat()); left.Sign() < 0 {
		return new(big.Rat)
	}
	return left
}

// A scope is what a limit bounds: what one commitment gives for one resource,
// or all that an agreement gives.
type scope struct {
	agreement, commitment, resource string
	whole                           bool
}

// A fee is what was charged, and the time for which that pays.
type fee struct {
	base   Money
	length time.Duration // above zero
}

// worth returns the price of an entitlement, exactly:
//
//	base × (percent ÷ 100 + service ÷ length) + sum
func (f fee) worth(e sla.Entitlement) *big.Rat {
	share := e.Percent.Rat()
	share.Quo(share, hundred)
	if !e.Service.IsZero() {
		service := e.Service.Nanoseconds()
		share.Add(share, service.Quo(service, new(big.Rat).SetInt64(int64(f.length))))
	}
	share.Mul(share, f.base.rat())
	if !e.Sum.IsZero() {
		share.Add(share, e.Sum.Amount())
	}
	return share
}

var hundred = big.NewRat(100, 1) // never written to

// caps returns limits in money, and the lowest of them and what is owed. It
// marks the first that is the lowest if it binds. Given is what the same
// commitment gives already for other outages of the measured period.
func (b *book) caps(limits []sla.Limit, s scope, f fee, given, owed *big.Rat) ([]Cap, *big.Rat, error) {
	var caps []Cap
	binds := -1
	for i, l := range limits {
		amount, err := roundRat(f.worth(sla.Entitlement{Percent: l.Percent, Service: l.Service, Sum: l.Sum}), b.currency, TowardZero)
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
		c := Cap{Limit: l, Base: f.base, Amount: amount, Drawn: exactly(drawn)}
		if left := c.left(); left.Cmp(owed) < 0 {
			owed, binds = left, i
		}
		caps = append(caps, c)
	}
	if binds >= 0 {
		caps[binds].Binds = true
	}
	return caps, owed, nil
}
