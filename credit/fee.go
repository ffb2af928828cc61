package credit

import (
	"fmt"
	"math/big"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/sla"
)

// A fee is what was charged, and the time for which that pays.
type fee struct {
	base   Money
	exact  *big.Rat      // in major units, where that is not base; never written to
	length time.Duration // above zero
}

// amount returns what was charged, exactly.
func (f fee) amount() *big.Rat {
	if f.exact != nil {
		return new(big.Rat).Set(f.exact)
	}
	return f.base.rat()
}

// unrounded returns what was charged, if base is that after rounding.
func (f fee) unrounded() Exact {
	if f.exact == nil {
		return Exact{}
	}
	return exactly(f.exact)
}

// worth returns the price of an entitlement, exactly:
//
//	fee × (percent ÷ 100 + service ÷ length) + sum
func (f fee) worth(e sla.Entitlement) *big.Rat {
	share := e.Percent.Rat()
	share.Quo(share, hundred)
	if !e.Service.IsZero() {
		service := e.Service.Nanoseconds()
		share.Add(share, service.Quo(service, new(big.Rat).SetInt64(int64(f.length))))
	}
	share.Mul(share, f.amount())
	if !e.Sum.IsZero() {
		share.Add(share, e.Sum.Amount())
	}
	return share
}

var hundred = big.NewRat(100, 1) // never written to

// sum returns the fee of so much of some charges. One below zero is an error.
func (b *book) sum(counts []count, length time.Duration) (fee, error) {
	f := fee{Money{0, b.currency}, nil, length}
	var parts []*big.Rat // of what is not a whole number of minor units
	for _, c := range counts {
		charge := b.charges[c.charge]
		if c.portion == entire && !charge.Prorated.Exact {
			var err error
			if f.base, err = f.base.Add(charge.Amount); err != nil {
				return fee{}, err
			}
			continue
		}
		parts = append(parts, charge.worth(c.portion))
	}
	if len(parts) > 0 {
		exact := numeral.Sum(append(parts, f.base.rat()))
		var err error
		if f.base, err = roundRat(exact, b.currency, HalfAwayFromZero); err != nil {
			return fee{}, err
		}
		if exact.Cmp(f.base.rat()) != 0 {
			f.exact = exact
		}
	}
	if f.base.Sign() < 0 || f.exact != nil && f.exact.Sign() < 0 {
		return fee{}, fmt.Errorf("the fee is %v, below zero", f.base)
	}
	return f, nil
}

// lengthOf returns the time for which the fee pays: that of the base, or else
// the measured period.
func lengthOf(f sla.Finding, measured sla.Period) (time.Duration, error) {
	if f.Base.Length == "" {
		return measured.Length(), nil
	}
	return f.Base.Length.Duration()
}
