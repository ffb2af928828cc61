package credit

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/sla"
)

// A Credit is what is owed under one agreement for one measured period.
//
// The amount is rounded once: the parts are added exactly, their sum is
// rounded to the minor unit, half away from zero, and no limit of the
// agreement is exceeded. It is tax-exclusive and never negative.
type Credit struct {
	Agreement string     `json:"agreement"`
	Note      string     `json:"note,omitempty"` // of the agreement
	Period    sla.Period `json:"period"`

	Parts   []Part `json:"parts,omitempty"` // one for each finding, in the order of the verdicts
	Sum     Exact  `json:"sum"`             // of what the parts owe
	Rounded Money  `json:"rounded"`         // Sum, rounded
	Caps    []Cap  `json:"caps,omitempty"`  // limits on the credit as a whole

	// Above is the sum that the credit must exceed to be issued, and Withheld
	// what is not issued because it does not: Rounded, or what the lowest cap
	// leaves.
	Above    sla.Sum `json:"above,omitzero"`
	Withheld Money   `json:"withheld,omitzero"`

	Amount       Money `json:"amount"`       // Rounded, or what the lowest cap leaves; zero if withheld
	AmountAtMost Money `json:"amountAtMost"` // the amount if the resources had been down whenever nobody knows
}

// A book holds what the pricing of a valid bill looks up.
type book struct {
	currency string
	period   sla.Period          // the billing period
	charges  map[string][]Charge // by resource
	history  history
}

func newBook(b Bill) *book {
	book := &book{b.Charges[0].Amount.Currency(), b.Period, map[string][]Charge{}, newHistory(b.Earlier)}
	for _, c := range b.Charges {
		book.charges[c.Resource] = append(book.charges[c.Resource], c)
	}
	return book
}

// base returns the sum of the charges for a resource that count under any of
// some findings.
func (b *book) base(resource string, findings ...sla.Finding) (Money, error) {
	sum := Money{0, b.currency}
	for _, c := range b.charges[resource] {
		if slices.ContainsFunc(findings, func(f sla.Finding) bool { return c.counts(f.Base) }) {
			var err error
			if sum, err = sum.Add(c.Amount); err != nil {
				return Money{}, err
			}
		}
	}
	return sum, nil
}

// lengthOf returns the time for which the fee pays: that of the base, or else
// the measured period.
func lengthOf(f sla.Finding, measured sla.Period) (time.Duration, error) {
	if f.Base.Length == "" {
		return measured.Length(), nil
	}
	return f.Base.Length.Duration()
}

// whole returns the fee of all that is judged under an agreement: the charges
// that count for any of its commitments. The time for which it pays is that of
// the commitments, and an error if they differ and a limit is priced by it.
func (b *book) whole(verdicts []sla.Verdict) (fee, error) {
	all := fee{Money{0, b.currency}, verdicts[0].Period.Length()}
	lengths := map[time.Duration]bool{}
	for _, v := range verdicts {
		base, err := b.base(v.Resource, v.Findings...)
		if err == nil {
			all.base, err = all.base.Add(base)
		}
		if err != nil {
			return fee{}, err
		}
		for _, f := range v.Findings {
			if all.length, err = lengthOf(f, v.Period); err != nil {
				return fee{}, err
			}
			lengths[all.length] = true
		}
	}
	byTime := slices.IndexFunc(verdicts[0].Limits, func(l sla.Limit) bool { return !l.Service.IsZero() })
	if len(lengths) > 1 && byTime >= 0 {
		return fee{}, fmt.Errorf("agreement %s: %s limits the price of time of service, but the fees of the commitments pay for different times",
			numeral.Shorten(verdicts[0].Agreement), verdicts[0].Limits[byTime].Clause)
	}
	return all, nil
}

// credit returns the credit for the verdicts of one agreement on one period,
// given what each finding entitles to.
func (b *book) credit(verdicts []sla.Verdict, of func(sla.Finding) sla.Entitlement) (Credit, error) {
	first := verdicts[0]
	c := Credit{Agreement: first.Agreement, Note: first.Note, Period: first.Period, Above: first.Above}
	var owed, minors []*big.Rat // in major units, and in minor ones
	minor := Money{1, b.currency}.rat()
	for _, v := range verdicts {
		if !slices.EqualFunc(v.Limits, first.Limits, sla.Limit.Equal) || !v.Above.Equal(first.Above) {
			return Credit{}, fmt.Errorf("verdict of %s on %s: its limits are not those of the verdict on %s",
				numeral.Shorten(v.Agreement), numeral.Shorten(v.Resource), numeral.Shorten(first.Resource))
		}
		parts, err := b.parts(v, of)
		if err != nil {
			return Credit{}, fmt.Errorf("verdict of %s on %s: %w", numeral.Shorten(v.Agreement), numeral.Shorten(v.Resource), err)
		}
		for _, p := range parts {
			owed = append(owed, p.Owed.Rat())
			minors = append(minors, new(big.Rat).Quo(p.Owed.Rat(), minor))
		}
		c.Parts = append(c.Parts, parts...)
	}
	sum := numeral.Sum(owed)
	c.Sum = exactly(sum)
	all, err := b.whole(verdicts)
	if err != nil {
		return Credit{}, err
	}
	if c.Rounded, err = roundRat(sum, b.currency, HalfAwayFromZero); err != nil {
		return Credit{}, err
	}
	caps, capped, err := b.caps(first.Limits, scope{agreement: first.Agreement, whole: true}, all, new(big.Rat), c.Rounded.rat())
	if err != nil {
		return Credit{}, err
	}
	c.Caps = caps
	if c.Amount, err = roundRat(capped, b.currency, TowardZero); err != nil { // it is a whole number of minor units
		return Credit{}, err
	}
	if !c.Amount.IsZero() && !c.Above.IsZero() && capped.Cmp(c.Above.Amount()) <= 0 {
		c.Withheld, c.Amount = c.Amount, Money{0, b.currency}
	}
	amounts, err := splitOwed(c.Amount, minors)
	for i, amount := range amounts {
		c.Parts[i].Amount = amount
	}
	return c, err
}

// atMost returns what the amount of c would be if the resources had been down
// whenever nobody knows.
func (b *book) atMost(c Credit, verdicts []sla.Verdict) (Money, error) {
	differ := func(f sla.Finding) bool { return !f.Entitlement.SameWorth(f.EntitlementAtMost) }
	if !slices.ContainsFunc(verdicts, func(v sla.Verdict) bool { return slices.ContainsFunc(v.Findings, differ) }) {
		return c.Amount, nil
	}
	worst, err := b.credit(verdicts, func(f sla.Finding) sla.Entitlement { return f.EntitlementAtMost })
	return worst.Amount, err
}

// check reports parts that do not add up, and what exceeds a limit.
func (c Credit) check() error {
	owed, parts := make([]*big.Rat, len(c.Parts)), Money{0, c.Amount.currency}
	for i, p := range c.Parts {
		owed[i] = p.Owed.Rat()
		for _, cap := range p.Caps {
			if p.Owed.Rat().Cmp(cap.left()) > 0 || p.Amount.minor > cap.Amount.minor {
				return errors.New("a part of more than its cap")
			}
		}
		var err error
		if parts, err = parts.Add(p.Amount); err != nil {
			return err
		}
	}
	if numeral.Sum(owed).Cmp(c.Sum.Rat()) != 0 || parts != c.Amount {
		return errors.New("the parts do not sum to the credit")
	}
	for _, cap := range c.Caps {
		if c.Amount.rat().Cmp(cap.left()) > 0 {
			return errors.New("more than a cap")
		}
	}
	if c.Amount.minor > 0 && c.Amount.rat().Cmp(c.Above.Amount()) <= 0 {
		return fmt.Errorf("issued, though it is not above %v", c.Above)
	}
	return nil
}
