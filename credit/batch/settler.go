package batch

import (
	"errors"
	"fmt"
	"slices"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A Customer is the input of a [Settler].
type Customer struct {
	Fleet *Fleet

	// Fee is the amount that the customer was charged for the resource in each
	// period of the fleet, as a [credit.Charge] without a kind.
	Fee credit.Money

	// Outages are the outages that only this customer had, in any order. They
	// are full, have no cause, and are over.
	Outages []outage.Window

	More *Extra // nil: there is nothing else
}

// An Extra contains data that few customers have.
type Extra struct {
	Records []outage.Record // records on the resource of the fleet, such as a partial outage

	// Charges are the charges for the resource, in place of the fee. A charge
	// with a window counts in the periods that contain the window, and the rest
	// of such a period is not judged.
	Charges []credit.Charge

	// Prior lists the prior credits, as [credit.Bill.Prior] does.
	Prior []credit.Prior

	// Judge returns verdicts on one period, in place of those of a fleet: on
	// several resources, which the charges name, or under several agreements.
	// The customer then has no fleet, and figures for one period. Any worker of
	// a batch may call it, and a panic in it reaches the caller of the batch.
	Judge func() ([]sla.Verdict, error)
}

// A Settler settles customers one after the other, and reuses its memory. The
// zero Settler is ready for use, by one goroutine at a time.
type Settler struct {
	windows []outage.Window // the outages of a customer, by start
}

// Settle appends the figures of a customer to dst, one for each period of the
// fleet. They equal those of [credit.NewStatement] on the charges and on the
// verdicts that [Fleet.Verdicts] returns for the outages and records. If either
// of the two fails, Settle returns dst unchanged and the error.
func (s *Settler) Settle(dst []Figures, c Customer) ([]Figures, error) {
	settled, err := s.settle(dst, &c)
	if err != nil {
		return dst, fmt.Errorf("batch: settling: %w", err)
	}
	return settled, nil
}

// settle may append to dst even if it returns an error.
func (s *Settler) settle(dst []Figures, c *Customer) ([]Figures, error) {
	f := c.Fleet
	switch judge := c.More != nil && c.More.Judge != nil; {
	case judge && f == nil && len(c.Outages) == 0 && len(c.More.Records) == 0:
		return c.stateJudged(dst)
	case judge:
		return dst, errors.New("judge: not allowed beside a fleet, outages or records")
	case f == nil || f.terms == nil:
		return dst, errors.New("fleet: missing")
	case f.unpriced != nil:
		return dst, f.unpriced
	}
	life, part, err := f.paid(c)
	if err != nil {
		return dst, err
	}
	if part {
		return f.stateVerdicts(dst, c, &life)
	}
	if c.More != nil && len(c.More.Records) > 0 {
		return f.stateVerdicts(dst, c, nil)
	}
	outages := c.Outages
	if len(outages) > handful && !slices.IsSortedFunc(outages, byStart) {
		s.windows = append(s.windows[:0], outages...)
		slices.SortFunc(s.windows, byStart)
		outages = s.windows
	}
	n := len(dst)
	settled, quick := f.judgeQuick(dst, outages...)
	if !quick {
		return f.stateVerdicts(dst, c, nil)
	}
	return settled, c.price(settled[n:])
}

// price adds the credits to the figures of each period of the fleet.
func (c *Customer) price(settled []Figures) error {
	f := c.Fleet
	for i := range settled {
		figures := &settled[i]
		if c.More == nil {
			if credit, told := f.prices[i].amount(figures.Row, &c.Fee); told {
				figures.Credit, figures.CreditAtMost = credit, credit
				figures.WithoutBreach = credit > 0 && figures.Outcome != sla.Missed
				continue
			}
		}
		statement, err := c.statement(f.periods[i], []sla.Verdict{f.verdict(*figures)})
		if err != nil {
			return err
		}
		*figures = figures.priced(statement)
	}
	return nil
}

// paid returns the time in which a customer's resource lived according to the
// charges, and false if they cover the periods. A charge that counts in none of
// several periods is an error.
func (f *Fleet) paid(c *Customer) (life outage.Set, part bool, err error) {
	if c.More == nil || len(c.More.Charges) == 0 {
		return life, false, nil
	}
	counted := make([]bool, len(c.More.Charges))
	for i, p := range f.periods {
		b := credit.Bill{Period: p, Charges: c.More.Charges, Verdicts: f.alone[i : i+1]}
		for j, counts := range b.Counted() {
			counted[j] = counted[j] || counts
		}
	}
	if i := slices.Index(counted, false); i >= 0 && len(f.periods) > 1 { // for one period, the statement reports it
		return life, false, fmt.Errorf("charge %s: it counts toward no fee in any of the periods", numeral.Shorten(c.More.Charges[i].ID))
	}
	if slices.ContainsFunc(f.alone, goesByDays) {
		return life, false, nil
	}
	life, part = credit.PaidFor(f.alone[0].Resource, f.counting(c.More.Charges), f.periods...)
	return life, part, nil
}

// counting returns the charges that have a window, or a kind that counts for
// some commitment.
func (f *Fleet) counting(charges []credit.Charge) []credit.Charge {
	return slices.DeleteFunc(slices.Clone(charges), func(c credit.Charge) bool {
		return c.Window.IsEmpty() && !slices.ContainsFunc(f.alone, func(v sla.Verdict) bool {
			return len(v.Findings) == 0 || slices.ContainsFunc(v.Findings, func(found sla.Finding) bool { return c.Counts(found.Base) })
		})
	})
}

// stateVerdicts settles a customer by complete verdicts, over the life of the
// resource if that is given.
func (f *Fleet) stateVerdicts(dst []Figures, c *Customer, life *outage.Set) ([]Figures, error) {
	var records []outage.Record
	if c.More != nil {
		records = c.More.Records
	}
	var verdicts []sla.Verdict
	var err error
	if life == nil {
		verdicts, err = f.Verdicts(c.Outages, records...)
	} else {
		var timeline outage.Timeline
		if timeline, err = f.shared.With(c.Outages, records...); err == nil {
			verdicts, err = f.terms.JudgeAll([]outage.Timeline{timeline.Within(*life)}, f.periods...)
		}
	}
	if err != nil {
		return dst, err
	}
	for i, v := range verdicts {
		statement, err := c.statement(f.periods[i], []sla.Verdict{v})
		if err != nil {
			return dst, err
		}
		figures := Figures{Period: int32(i), Findings: int32(len(v.Findings)), Outcome: v.Outcome()}
		if len(v.Findings) == 1 {
			figures = f.summarize(nil, i, v)[0]
		}
		dst = append(dst, figures.priced(statement))
	}
	return dst, nil
}

// stateJudged settles a customer by the verdicts of [Extra.Judge].
func (c *Customer) stateJudged(dst []Figures) ([]Figures, error) {
	verdicts, err := c.More.Judge()
	if err != nil {
		return dst, err
	}
	if len(verdicts) == 0 {
		return dst, errors.New("judge: it returned no verdicts")
	}
	statement, err := c.statement(verdicts[0].Period, verdicts)
	if err != nil {
		return dst, err
	}
	var all sla.Verdict
	for _, v := range verdicts {
		all.Findings = append(all.Findings, v.Findings...)
	}
	figures := Figures{Findings: int32(len(all.Findings)), Outcome: all.Outcome()}
	if len(all.Findings) == 1 {
		m := all.Findings[0].Measurement
		figures.Due, figures.Down, figures.DownAtMost, figures.Unknown = m.Due, m.Down, m.DownAtMost, m.Unknown > 0
	}
	return append(dst, figures.priced(statement)), nil
}

// verdict returns a verdict for figures of a quick fleet. Only its outcome and
// its priced fields are those of the figures.
func (f *Fleet) verdict(s Figures) sla.Verdict {
	e, _ := f.entitlement(s)
	v := f.giving(int(s.Period), e)
	v.Findings[0].Outcome = s.Outcome
	return v
}

// giving returns the verdict on the shared timeline, with another entitlement.
func (f *Fleet) giving(period int, e sla.Entitlement) sla.Verdict {
	v := f.alone[period]
	v.Findings = slices.Clone(v.Findings)
	v.Findings[0].Entitlement, v.Findings[0].EntitlementAtMost = e, e
	return v
}

// statement returns the statement on a customer in a period.
func (c *Customer) statement(p calendar.Period, verdicts []sla.Verdict) (credit.Statement, error) {
	b := credit.Bill{Customer: "customer", Period: p, Verdicts: verdicts}
	if c.More != nil {
		b.Charges, b.Prior = slices.Clone(c.More.Charges), c.More.Prior
	}
	if c.periods() > 1 && len(b.Charges) > 0 {
		counted := b.Counted()
		i := -1
		b.Charges = slices.DeleteFunc(b.Charges, func(c credit.Charge) bool { // charges for another period
			i++
			return !c.Window.IsEmpty() && !counted[i]
		})
	}
	if len(b.Charges) == 0 {
		b.Charges = []credit.Charge{{ID: "fee", Resource: verdicts[0].Resource, Amount: c.Fee}}
	} else if c.Fee != (credit.Money{}) {
		return credit.Statement{}, errors.New("fee: not allowed beside charges")
	}
	s, err := credit.NewStatement(b)
	if err != nil {
		err = errors.Unwrap(err) // without the customer, whose name is not known here
	}
	return s, err
}

// goesByDays reports whether a fee under a verdict is for other time than the
// judged or measured time.
func goesByDays(v sla.Verdict) bool {
	days := func(w sla.FeeWindow) bool { return w != "" && w != "billed" && w != "measured" }
	return slices.ContainsFunc(v.Findings, func(f sla.Finding) bool { return days(f.Base.Window) }) ||
		slices.ContainsFunc(v.Quiet, func(q sla.Quiet) bool { return days(q.Base.Window) })
}
