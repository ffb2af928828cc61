package credit

import (
	"fmt"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// A fee is the sum of some charges, and the length of time that they pay for.
type fee struct {
	base   Money
	exact  Exact         // in major units; zero: base is exact
	length time.Duration // above zero
}

// amount returns the exact fee, in major units.
func (f fee) amount() exact.Number {
	if !f.exact.IsZero() {
		return f.exact.amount
	}
	return f.base.major()
}

// worth returns the exact price of a remedy, in major units:
//
//	fee × (percent ÷ 100 + service ÷ length) + sum
func (f fee) worth(r sla.Remedy) exact.Number {
	share := exact.Of(r.Percent.Rat()).Quo(exact.Int(100))
	if !r.Service.IsZero() {
		share = share.Add(exact.Of(r.Service.Nanoseconds()).Quo(exact.Int(int64(f.length))))
	}
	worth := share.Mul(f.amount())
	if !r.Sum.IsZero() {
		worth = worth.Add(exact.Of(r.Sum.Amount()))
	}
	return worth
}

// add sums the charges that count toward the fee of a basis. A sum below zero
// is an error.
func (b *book) add(to *basis) error {
	to.base = Money{0, b.currency}
	var parts []exact.Number // that need not be whole numbers of minor units
	for _, c := range to.counts {
		if c.portion == entire && !c.charge.Prorated.Exact {
			var err error
			if to.base, err = to.base.Add(c.charge.Amount); err != nil {
				return err
			}
			continue
		}
		parts = append(parts, c.Worth.amount)
	}
	if len(parts) > 0 {
		sum := exact.Sum(append(parts, to.base.major())...)
		var err error
		if to.base, err = round(sum, b.currency, HalfAwayFromZero); err != nil {
			return err
		}
		if !sum.Equal(to.base.major()) {
			to.exact = Exact{sum}
		}
	}
	if to.base.Sign() < 0 || to.exact.amount.Sign() < 0 {
		return fmt.Errorf("the fee is %s, below zero: %s; a discount needs the resource and the time of the charges that it reduces, and must not exceed them",
			shownFee(to.base, to.exact), named(to.counts))
	}
	return nil
}

// named names the charges that count, at most three of them.
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

// length returns the time that the fee of a finding pays for: the length that
// the base names, or else the time of its charges.
func (b *book) length(v sla.Verdict, f sla.Finding) (time.Duration, error) {
	if f.Base.Length != "" {
		return f.Base.Length.Duration()
	}
	switch of := b.basis(v, f); {
	case of.err != nil:
		return 0, of.err
	case of.extent == ofCycle:
		return v.Period.Length(), nil // not used, since no service time is priced then
	default:
		paid := of.paid
		if of.extent == ofCycles { // the resource may have lived in a part of them only
			var stated []outage.Window // windows of the charges that have one
			for _, c := range of.counts {
				if c.charge.Amount.Sign() >= 0 {
					stated = append(stated, c.charge.Window)
				}
			}
			paid = paid.Subtract(outage.NewSet(f.Unlived...).Subtract(outage.NewSet(stated...)))
		}
		if of.extent == ofDays || paid.IsEmpty() {
			return of.window.Length(), nil
		}
		return paid.Total(), nil
	}
}
