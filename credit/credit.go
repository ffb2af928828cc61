package credit

import (
	"errors"
	"fmt"
	"slices"

	"github.com/slacredit/slacredit/internal/apportion"
	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A Credit is the amount owed under one agreement for one measured period.
// [Credit.Account] and [Part.Account] explain it step by step.
//
// The amount is rounded once: the parts are added exactly, and their sum is
// rounded to the minor unit, half away from zero. The amount does not exceed
// any limit of the agreement. It is tax-exclusive and never negative.
type Credit struct {
	Agreement string          `json:"agreement"`
	Note      string          `json:"note,omitempty"` // of the agreement
	Period    calendar.Period `json:"period"`

	Parts   []Part   `json:"parts,omitempty"`  // one for each finding, in the order of the verdicts
	Quiet   []string `json:"quiet,omitempty"`  // resources that were judged, but have no measurement that ended in the period
	Sum     Exact    `json:"sum"`              // sum of the amounts that the parts owe
	Rounded Money    `json:"rounded"`          // Sum, rounded
	Limits  []Limit  `json:"limits,omitempty"` // limits on the whole credit

	// Above is the sum that an amount must exceed to be issued. Zero: there is
	// none.
	//
	// Claimed is set if some parts are automatic. It is the amount that the
	// other parts owe together, rounded once, and limited by the lowest limit.
	// Then Claimed must exceed Above; otherwise Rounded must, limited by the
	// lowest limit.
	//
	// Withheld is the amount that is not issued because it does not exceed
	// Above.
	Above    sla.Sum `json:"above,omitzero"`
	Claimed  Money   `json:"claimed,omitzero"`
	Withheld Money   `json:"withheld,omitzero"`

	Amount       Money `json:"amount"`       // Rounded, or the remainder of the lowest limit; if some is withheld, the amount of the automatic parts, or zero
	AmountAtMost Money `json:"amountAtMost"` // the amount if all unobserved time was down

	worst  *Credit // if all unobserved time was down; nil: it is the same
	claims []Claim // of the statement, for the account
}

// clone returns a copy of c that shares nothing with it.
func (c Credit) clone() Credit {
	c.Parts, c.Quiet, c.Limits = slices.Clone(c.Parts), slices.Clone(c.Quiet), slices.Clone(c.Limits)
	for i := range c.Parts {
		p := &c.Parts[i]
		p.Finding, p.Counted, p.Limits, p.Spread = p.Finding.Clone(), slices.Clone(p.Counted), slices.Clone(p.Limits), slices.Clone(p.Spread)
	}
	return c
}

// price returns the credit for the verdicts of one agreement on one period,
// with the credit if all unobserved time was down.
func (b *book) price(verdicts []sla.Verdict) (Credit, error) {
	c, err := b.credit(verdicts, func(f sla.Finding) sla.Entitlement { return f.Entitlement })
	if err != nil {
		return Credit{}, err
	}
	c.AmountAtMost = c.Amount
	if c.differs() {
		worst, err := b.credit(verdicts, func(f sla.Finding) sla.Entitlement { return f.EntitlementAtMost })
		if err != nil {
			return Credit{}, err
		}
		c.worst, c.AmountAtMost = &worst, worst.Amount
	}
	rivals, listed := newRivals(c.Parts), map[*basis]string{}
	for i := range c.Parts {
		p := &c.Parts[i]
		p.behind.idle = rivals.idle(*p)
		if c.worst != nil {
			p.behind.worst = &c.worst.Parts[i]
		}
		if p.gives() && !p.behind.plain {
			p.behind.listed = listed[p.behind.basis]
			if p.behind.listed == "" {
				listed[p.behind.basis] = p.name()
			}
		}
	}
	return c, nil
}

// differs reports whether a part of c would give another amount if all
// unobserved time was down.
func (c Credit) differs() bool {
	return slices.ContainsFunc(c.Parts, func(p Part) bool { return !p.Finding.Entitlement.Equal(p.Finding.EntitlementAtMost.Remedy) })
}

// credit returns the credit for the verdicts of one agreement on one period.
// The function returns the entitlement of each finding.
func (b *book) credit(verdicts []sla.Verdict, of func(sla.Finding) sla.Entitlement) (Credit, error) {
	first := verdicts[0]
	c := Credit{Agreement: first.Agreement, Note: first.Note, Period: first.Period, Above: first.Above}
	for _, v := range verdicts {
		if !slices.EqualFunc(v.Limits, first.Limits, sla.Limit.Equal) || !v.Above.Equal(first.Above) {
			return Credit{}, fmt.Errorf("verdict of %s on %s: its limits are not those of the verdict on %s",
				numeral.Shorten(v.Agreement), numeral.Shorten(v.Resource), numeral.Shorten(first.Resource))
		}
		parts, err := b.parts(v, of)
		if err != nil {
			return Credit{}, fmt.Errorf("verdict of %s on %s: %w", numeral.Shorten(v.Agreement), numeral.Shorten(v.Resource), err)
		}
		c.Parts = append(c.Parts, parts...)
		if len(parts) == 0 {
			c.Quiet = append(c.Quiet, v.Resource)
		}
	}
	if err := oneOf(c.Parts); err != nil {
		return Credit{}, err
	}
	sum := c.owed(func(Part) bool { return true })
	c.Sum = Exact{sum}
	all, err := b.whole(verdicts)
	if err != nil {
		return Credit{}, err
	}
	if c.Rounded, err = round(sum, b.currency, HalfAwayFromZero); err != nil {
		return Credit{}, err
	}
	limits, left, err := b.limits(first.Limits, bounded{agreement: first.Agreement, whole: true}, all, exact.Number{}, c.Rounded.major())
	if err != nil {
		return Credit{}, err
	}
	c.Limits = limits
	if c.Amount, err = round(left, b.currency, TowardZero); err != nil { // it is a whole number of minor units
		return Credit{}, err
	}
	if err := c.withhold(); err != nil {
		return Credit{}, err
	}
	minors := make([]exact.Number, len(c.Parts)) // in minor units
	minor := Money{1, b.currency}.major()
	for i, p := range c.Parts {
		if c.Withheld.IsZero() || p.Automatic {
			minors[i] = p.Owed.amount.Quo(minor)
		}
	}
	amounts, err := apportion.SplitOwed(c.Amount.minor, minors)
	if err != nil {
		return Credit{}, fmt.Errorf("splitting %v: %w", c.Amount, err)
	}
	for i, amount := range amounts {
		c.Parts[i].Amount = Money{amount, b.currency}
	}
	return c, nil
}

// owed returns the sum that the selected parts of c owe.
func (c Credit) owed(of func(Part) bool) exact.Number {
	owed := make([]exact.Number, 0, len(c.Parts))
	for _, p := range c.Parts {
		if of(p) {
			owed = append(owed, p.Owed.amount)
		}
	}
	return exact.Sum(owed...)
}

// withhold takes the amount that has to be claimed from the credit if it does
// not exceed the sum that the agreement names.
func (c *Credit) withhold() error {
	if c.Amount.IsZero() || c.Above.IsZero() {
		return nil
	}
	claimed, rest := c.Amount, Money{0, c.Amount.currency}
	if slices.ContainsFunc(c.Parts, func(p Part) bool { return p.Automatic }) {
		var err error
		if rest, err = c.part(func(p Part) bool { return p.Automatic }); err != nil {
			return err
		}
		if claimed, err = c.part(func(p Part) bool { return !p.Automatic }); err != nil {
			return err
		}
		c.Claimed = claimed
	}
	if !claimed.IsZero() && claimed.major().Cmp(exact.Of(c.Above.Amount())) <= 0 {
		c.Withheld, c.Amount = claimed, rest
	}
	return nil
}

// part returns the sum that the selected parts owe, rounded once, and limited
// by the lowest limit.
func (c Credit) part(of func(Part) bool) (Money, error) {
	amount, err := round(c.owed(of), c.Amount.currency, HalfAwayFromZero)
	if err != nil {
		return Money{}, err
	}
	for _, limit := range c.Limits {
		left, err := round(limit.left(), c.Amount.currency, TowardZero) // it is a whole number of minor units
		if err != nil {
			return Money{}, err
		}
		amount.minor = min(amount.minor, left.minor)
	}
	return amount, nil
}

// WithoutBreach reports whether a part of c has an amount although its finding
// broke no promise ([sla.Finding.WithoutBreach]).
func (c Credit) WithoutBreach() bool {
	return slices.ContainsFunc(c.Parts, func(p Part) bool { return p.Finding.WithoutBreach() && !p.Amount.IsZero() })
}

// check reports parts that do not sum to c, and amounts that exceed a limit.
func (c Credit) check() error {
	parts := Money{0, c.Amount.currency}
	for _, p := range c.Parts {
		if err := p.check(); err != nil {
			return err
		}
		if !c.Claimed.IsZero() && c.Claimed == c.Withheld && !p.Automatic && !p.Amount.IsZero() {
			return errors.New("a part has an amount although its claim is withheld")
		}
		var err error
		if parts, err = parts.Add(p.Amount); err != nil {
			return err
		}
	}
	if !c.owed(func(Part) bool { return true }).Equal(c.Sum.amount) || parts != c.Amount {
		return errors.New("the parts do not sum to the credit")
	}
	for _, limit := range c.Limits {
		if c.Amount.major().Cmp(limit.left()) > 0 {
			return errors.New("the credit exceeds a limit")
		}
	}
	automatic, above := slices.ContainsFunc(c.Parts, func(p Part) bool { return p.Automatic }), exact.Of(c.Above.Amount())
	if c.Amount.minor > 0 && !automatic && c.Amount.major().Cmp(above) <= 0 ||
		c.Claimed.minor > 0 && c.Withheld.IsZero() && c.Claimed.major().Cmp(above) <= 0 {
		return fmt.Errorf("an amount is issued although it does not exceed %v", c.Above)
	}
	return nil
}
