package credit

import (
	"errors"
	"fmt"
	"slices"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// A Settlement is what a [Statement] on one agreement comes to, in figures and
// without its account: so many whole numbers, which millions of customers leave
// in one slice.
type Settlement struct {
	// Summary is that of the finding, if there is one alone; of verdicts that are
	// none of a fleet, without its rows. Of several findings it says the period and
	// the worst outcome, missed before undecided before met, and the rest is zero;
	// of no finding the outcome is none.
	Summary sla.Summary `json:"summary"`

	// Credit is the total of the statement, and CreditAtMost its TotalAtMost, in
	// minor units of the currency of the fee.
	Credit       int64 `json:"creditMinor"`
	CreditAtMost int64 `json:"creditAtMostMinor"`

	Findings int32 `json:"findings"` // how many there are

	// Provisional says that the statement is. Failed says that there is none,
	// and all else is zero: the customer could not be settled.
	Provisional bool `json:"provisional,omitempty"`
	Failed      bool `json:"failed,omitempty"`

	// WithoutBreach says that of the statement: a credit, or a part of it, is for
	// what did not break a promise.
	WithoutBreach bool `json:"withoutBreach,omitempty"`
}

// A Customer is what a [Settler] settles.
type Customer struct {
	Tariff *Tariff

	// Fee is what the customer was charged for his resource in each period of the
	// fleet, as a [Charge] without a kind.
	Fee Money

	// Outages are those that only this customer had, in any order: full,
	// without a cause, and over.
	Outages []outage.Window

	More *Particulars // nil: nothing more
}

// Particulars are what few customers have.
type Particulars struct {
	Records []outage.Record // on the resource of the fleet, such as a partial outage
	Charges []Charge        // for it, in place of the fee; those with a window count in the periods in which it lies
	Earlier []Earlier       // as in a Bill

	// Judge returns verdicts on one period, in place of those of a fleet: on
	// several resources, which the charges name, or under several agreements. The
	// customer then has no tariff, and one settlement. A batch calls it from
	// any of its workers, and a panic of it reaches the caller of the batch.
	Judge func() ([]sla.Verdict, error)
}

// A Settler settles customers one after the other, and keeps the space that it
// takes. The zero Settler is ready for use, by one goroutine at a time.
type Settler struct {
	scratch   outage.Scratch
	summaries []sla.Summary
}

// many is from how many windows on a settler sorts them in its own space.
const many = 17

// Settle appends to dst what a customer is owed, one settlement for each period
// of his fleet: what [NewStatement] makes of his charges and of the verdict that
// [sla.Fleet.Verdicts] returns for his outages and records. What those refuse is
// an error, and then nothing is appended.
func (s *Settler) Settle(dst []Settlement, c Customer) ([]Settlement, error) {
	settled, err := s.settle(dst, &c)
	if err != nil {
		return dst, fmt.Errorf("credit: settling: %w", err)
	}
	return settled, nil
}

// settle may append to dst also where there is an error.
func (s *Settler) settle(dst []Settlement, c *Customer) ([]Settlement, error) {
	t := c.Tariff
	switch judge := c.More != nil && c.More.Judge != nil; {
	case judge && t == nil && len(c.Outages) == 0 && len(c.More.Records) == 0:
		return c.stateJudged(dst)
	case judge:
		return dst, errors.New("a tariff, outages or records beside verdicts")
	case t == nil || t.fleet == nil:
		return dst, errors.New("the tariff is missing")
	}
	outages, quick := c.Outages, c.More == nil || len(c.More.Records) == 0
	if len(outages) >= many && !slices.ContainsFunc(outages, outage.Window.IsEmpty) {
		outages = s.scratch.Merge(outages)
	}
	if quick {
		s.summaries, quick = t.fleet.JudgeQuick(s.summaries[:0], outages...)
	}
	if !quick {
		return t.stateVerdicts(dst, c)
	}
	n := len(dst)
	dst = slices.Grow(dst, len(s.summaries))[:n+len(s.summaries)]
	for i := range s.summaries {
		summary, settled := &s.summaries[i], &dst[n+i]
		if c.More == nil {
			if credit, told := t.prices[i].amount(summary.Row, &c.Fee); told {
				settled.Summary, settled.Findings, settled.Credit, settled.CreditAtMost = *summary, 1, credit, credit
				settled.Provisional, settled.Failed = false, false
				settled.WithoutBreach = credit > 0 && summary.Outcome != sla.Missed
				continue
			}
		}
		statement, err := c.statement(t.periods[i], []sla.Verdict{t.verdict(*summary)})
		if err != nil {
			return dst[:n], err
		}
		*settled = settlementOf(*summary, 1, statement)
	}
	return dst, nil
}

// stateVerdicts settles a customer by the whole of his verdicts.
func (t *Tariff) stateVerdicts(dst []Settlement, c *Customer) ([]Settlement, error) {
	var records []outage.Record
	if c.More != nil {
		records = c.More.Records
	}
	verdicts, err := t.fleet.Verdicts(c.Outages, records...)
	if err != nil {
		return dst, err
	}
	for i, v := range verdicts {
		statement, err := c.statement(t.periods[i], []sla.Verdict{v})
		if err != nil {
			return dst, err
		}
		summary := sla.Summary{Period: int32(i), Outcome: v.Outcome()}
		if len(v.Findings) == 1 {
			summary = t.fleet.Summarize(nil, i, v)[0]
		}
		dst = append(dst, settlementOf(summary, len(v.Findings), statement))
	}
	return dst, nil
}

// stateJudged settles a customer by verdicts that are none of a fleet.
func (c *Customer) stateJudged(dst []Settlement) ([]Settlement, error) {
	verdicts, err := c.More.Judge()
	if err != nil {
		return dst, err
	}
	if len(verdicts) == 0 {
		return dst, errors.New("there are no verdicts")
	}
	statement, err := c.statement(verdicts[0].Period, verdicts)
	if err != nil {
		return dst, err
	}
	var all sla.Verdict
	for _, v := range verdicts {
		all.Findings = append(all.Findings, v.Findings...)
	}
	summary := sla.Summary{Outcome: all.Outcome()}
	if len(all.Findings) == 1 {
		m := all.Findings[0].Measurement
		summary.Due, summary.Down, summary.DownAtMost, summary.Unknown = m.Due, m.Down, m.DownAtMost, m.Unknown > 0
	}
	return append(dst, settlementOf(summary, len(all.Findings), statement)), nil
}

// verdict returns a verdict of which only the outcome and what is priced are those
// of a summary of a quick fleet.
func (t *Tariff) verdict(s sla.Summary) sla.Verdict {
	e, _ := t.fleet.Entitlement(s)
	v := t.giving(int(s.Period), e)
	v.Findings[0].Outcome = s.Outcome
	return v
}

// giving returns the verdict on what is shared, as if it gave something else.
func (t *Tariff) giving(period int, e sla.Entitlement) sla.Verdict {
	v := t.alone[period]
	v.Findings = slices.Clone(v.Findings)
	v.Findings[0].Entitlement, v.Findings[0].EntitlementAtMost = e, e
	return v
}

// statement returns the statement on a customer in a period.
func (c *Customer) statement(p sla.Period, verdicts []sla.Verdict) (Statement, error) {
	b := Bill{Customer: "customer", Period: p, Verdicts: verdicts}
	if c.More != nil {
		b.Charges, b.Earlier = slices.Clone(c.More.Charges), c.More.Earlier
	}
	if c.periods() > 1 && !slices.ContainsFunc(verdicts, goesByDays) {
		b.Charges = slices.DeleteFunc(b.Charges, func(c Charge) bool { // what is for another of the periods
			return !c.Window.IsEmpty() && c.Window.Intersect(p.Window()).IsEmpty()
		})
	}
	if len(b.Charges) == 0 {
		b.Charges = []Charge{{ID: "fee", Resource: verdicts[0].Resource, Amount: c.Fee}}
	} else if c.Fee != (Money{}) {
		return Statement{}, errors.New("a fee beside charges")
	}
	return newStatement(b)
}

// goesByDays reports whether a fee under a verdict is of other time than that
// which is judged.
func goesByDays(v sla.Verdict) bool {
	return slices.ContainsFunc(v.Findings, func(f sla.Finding) bool { return f.Base.Window != "" })
}

// settlementOf returns what a statement comes to.
func settlementOf(s sla.Summary, findings int, st Statement) Settlement {
	return Settlement{Summary: s, Findings: int32(findings), Credit: st.Total.minor, CreditAtMost: st.TotalAtMost.minor, Provisional: len(st.Provisional) > 0, WithoutBreach: st.WithoutBreach()}
}
