package credit

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
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
	Charges []Charge        // for it, in place of the fee; those with a window count in the periods in which it lies, and what of those they do not pay for is not judged
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
	life, part, err := t.paid(c)
	if err != nil {
		return dst, err
	}
	if part {
		return t.stateVerdicts(dst, c, &life)
	}
	outages, quick := c.Outages, c.More == nil || len(c.More.Records) == 0
	if len(outages) >= many && !slices.ContainsFunc(outages, outage.Window.IsEmpty) {
		outages = s.scratch.Merge(outages)
	}
	if quick {
		s.summaries, quick = t.fleet.JudgeQuick(s.summaries[:0], outages...)
	}
	if !quick {
		return t.stateVerdicts(dst, c, nil)
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

// paid returns when the resource of a customer lived as far as his charges say,
// and false if they leave nothing of the periods out. A charge that counts in
// none of several periods is an error.
func (t *Tariff) paid(c *Customer) (life outage.Set, part bool, err error) {
	if c.More == nil || len(c.More.Charges) == 0 {
		return life, false, nil
	}
	counted := make([]bool, len(c.More.Charges))
	for i, p := range t.periods {
		b := Bill{Period: p, Charges: c.More.Charges, Verdicts: t.alone[i : i+1]}
		for j, counts := range b.Counted() {
			counted[j] = counted[j] || counts
		}
	}
	if i := slices.Index(counted, false); i >= 0 && len(t.periods) > 1 { // of one period the statement says it
		return life, false, fmt.Errorf("charge %s: it counts for nothing that is judged in any of the periods", numeral.Shorten(c.More.Charges[i].ID))
	}
	if slices.ContainsFunc(t.alone, goesByDays) {
		return life, false, nil
	}
	life, part = PaidFor(t.alone[0].Resource, t.counting(c.More.Charges), t.periods...)
	return life, part, nil
}

// counting returns the charges that say for which time they are, or are of a kind
// that counts for any commitment.
func (t *Tariff) counting(charges []Charge) []Charge {
	return slices.DeleteFunc(slices.Clone(charges), func(c Charge) bool {
		return c.Window.IsEmpty() && !slices.ContainsFunc(t.alone, func(v sla.Verdict) bool {
			return len(v.Findings) == 0 || slices.ContainsFunc(v.Findings, func(f sla.Finding) bool { return c.Counts(f.Base) })
		})
	})
}

// PaidFor returns all time but that of some periods for which the charges of a
// resource do not pay, and false if they leave none of it out: one is without a
// window, or their windows hold the periods, or none lies in them. What is taken
// off pays for none. Give the charges of kinds that count alone. Where a fee is
// of what is judged, a timeline that lived at no other time, as
// [outage.Timeline.Within] returns it, is judged for what was paid for.
func PaidFor(resource string, charges []Charge, periods ...calendar.Period) (paid outage.Set, part bool) {
	var windows, unpaid []outage.Window
	for _, c := range charges {
		if c.Amount.Sign() < 0 {
			continue
		}
		if c.Resource == resource && c.Cycle == 0 && c.Window.IsEmpty() {
			return outage.Set{}, false
		}
		if c.Resource == resource {
			windows = append(windows, c.Window)
		}
	}
	paid = outage.NewSet(windows...)
	for _, p := range periods {
		if within := paid.Within(p.Window()); !within.IsEmpty() {
			unpaid = slices.AppendSeq(unpaid, outage.NewSet(p.Window()).Subtract(within).All())
		}
	}
	return outage.NewSet(allTime).Subtract(outage.NewSet(unpaid...)), len(unpaid) > 0
}

// allTime is every moment at which a window may lie.
var allTime = outage.MustWindow(time.Date(1900, time.January, 1, 0, 0, 0, 0, time.UTC), time.Date(2192, time.January, 1, 0, 0, 0, 0, time.UTC))

// stateVerdicts settles a customer by the whole of his verdicts, over the life of
// his resource if that is given.
func (t *Tariff) stateVerdicts(dst []Settlement, c *Customer, life *outage.Set) ([]Settlement, error) {
	var records []outage.Record
	if c.More != nil {
		records = c.More.Records
	}
	var verdicts []sla.Verdict
	var err error
	if life == nil {
		verdicts, err = t.fleet.Verdicts(c.Outages, records...)
	} else {
		var timeline outage.Timeline
		if timeline, err = t.fleet.Timeline().With(c.Outages, records...); err == nil {
			verdicts, err = t.fleet.Terms().JudgeAll([]outage.Timeline{timeline.Within(*life)}, t.periods...)
		}
	}
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
func (c *Customer) statement(p calendar.Period, verdicts []sla.Verdict) (Statement, error) {
	b := Bill{Customer: "customer", Period: p, Verdicts: verdicts}
	if c.More != nil {
		b.Charges, b.Earlier = slices.Clone(c.More.Charges), c.More.Earlier
	}
	if c.periods() > 1 && len(b.Charges) > 0 {
		counted := b.Counted()
		i := -1
		b.Charges = slices.DeleteFunc(b.Charges, func(c Charge) bool { // what is for another of the periods
			i++
			return !c.Window.IsEmpty() && !counted[i]
		})
	}
	if len(b.Charges) == 0 {
		b.Charges = []Charge{{ID: "fee", Resource: verdicts[0].Resource, Amount: c.Fee}}
	} else if c.Fee != (Money{}) {
		return Statement{}, errors.New("a fee beside charges")
	}
	s, err := NewStatement(b)
	if err != nil {
		err = errors.Unwrap(err) // who it is for is not known here
	}
	return s, err
}

// goesByDays reports whether a fee under a verdict is of other time than that
// which is judged.
func goesByDays(v sla.Verdict) bool {
	days := func(w sla.FeeWindow) bool { return w != "" && w != "billed" && w != "measured" }
	return slices.ContainsFunc(v.Findings, func(f sla.Finding) bool { return days(f.Base.Window) }) ||
		slices.ContainsFunc(v.Quiet, func(q sla.Quiet) bool { return days(q.Base.Window) })
}

// settlementOf returns what a statement comes to.
func settlementOf(s sla.Summary, findings int, st Statement) Settlement {
	return Settlement{Summary: s, Findings: int32(findings), Credit: st.Total.MinorUnits(), CreditAtMost: st.TotalAtMost.MinorUnits(), Provisional: len(st.Provisional) > 0, WithoutBreach: st.WithoutBreach()}
}
