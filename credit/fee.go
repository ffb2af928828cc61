package credit

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// A fee is what was charged, and the time for which that pays.
type fee struct {
	base   Money
	exact  Exact         // in major units, where that is not base, which is then rounded
	length time.Duration // above zero
}

// amount returns what was charged, exactly.
func (f fee) amount() *big.Rat {
	if !f.exact.IsZero() {
		return f.exact.Rat()
	}
	return f.base.rat()
}

// worth returns the price of a remedy, exactly:
//
//	fee × (percent ÷ 100 + service ÷ length) + sum
func (f fee) worth(r sla.Remedy) *big.Rat {
	share := r.Percent.Rat()
	share.Quo(share, hundred)
	if !r.Service.IsZero() {
		service := r.Service.Nanoseconds()
		share.Add(share, service.Quo(service, new(big.Rat).SetInt64(int64(f.length))))
	}
	share.Mul(share, f.amount())
	if !r.Sum.IsZero() {
		share.Add(share, r.Sum.Amount())
	}
	return share
}

var hundred = big.NewRat(100, 1) // never written to

// add adds up what counts of the charges of a basis. A sum below zero is an
// error.
func (b *book) add(to *basis) error {
	to.base = Money{0, b.currency}
	var parts []*big.Rat // of what may be no whole number of minor units
	for _, c := range to.counts {
		if c.portion == entire && !c.charge.Prorated.Exact {
			var err error
			if to.base, err = to.base.Add(c.charge.Amount); err != nil {
				return err
			}
			continue
		}
		parts = append(parts, c.Worth.Rat())
	}
	if len(parts) > 0 {
		sum := numeral.Sum(append(parts, to.base.rat()))
		var err error
		if to.base, err = roundRat(sum, b.currency, HalfAwayFromZero); err != nil {
			return err
		}
		if sum.Cmp(to.base.rat()) != 0 {
			to.exact = exactly(sum)
		}
	}
	if to.base.Sign() < 0 || to.exact.Rat().Sign() < 0 {
		return fmt.Errorf("the fee is %s, below zero: %s; a discount is for the resource and the time of the charges that it lowers, and no more than they are",
			shownFee(to.base, to.exact), named(to.counts))
	}
	return nil
}

// named names the charges that count, of more than three the first of them.
func named(counts []Counted) string {
	const most = 3
	var names []string
	for _, c := range counts[:min(most, len(counts))] {
		names = append(names, fmt.Sprintf("charge %s of %v", numeral.Shorten(c.Charge), c.charge.Amount))
	}
	if more := len(counts) - most; more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}

// length returns the time for which the fee of a finding pays: that of the base,
// or else that for which its charges are.
func (b *book) length(v sla.Verdict, f sla.Finding) (time.Duration, error) {
	if f.Base.Length != "" {
		return f.Base.Length.Duration()
	}
	switch of := b.basis(v, f); {
	case of.err != nil:
		return 0, of.err
	case of.extent == ofCycle:
		return v.Period.Length(), nil // of no matter, as no time of service is priced then
	default:
		paid := of.paid
		if of.extent == ofCycles { // in some of which it began or ended to live
			var told []outage.Window // by charges that say for which time they are
			for _, c := range of.counts {
				if c.charge.Amount.Sign() >= 0 {
					told = append(told, c.charge.Window)
				}
			}
			paid = paid.Subtract(outage.NewSet(f.Unlived...).Subtract(outage.NewSet(told...)))
		}
		if of.extent == ofDays || paid.IsEmpty() {
			return of.window.Length(), nil
		}
		return paid.Total(), nil
	}
}
