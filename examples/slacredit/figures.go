package main

import (
	"encoding/csv"
	"io"
	"slices"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/credit/batch"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A figure is the credit of a customer under one agreement, without the account.
type figure struct {
	customer  string
	agreement string
	period    calendar.Period

	// The finding, if it is the only one.
	alone     bool
	outcome   sla.Outcome
	available sla.Availability
	down, due time.Duration

	credit, atMost credit.Money
	provisional    bool
	withoutBreach  bool
}

// figuresOf returns the figures of a statement.
func figuresOf(s credit.Statement) []figure {
	var all []figure
	for _, c := range s.Credits {
		f := figure{customer: s.Customer, agreement: c.Agreement, period: c.Period, credit: c.Amount, atMost: c.AmountAtMost, provisional: len(s.Provisional) > 0, withoutBreach: c.WithoutBreach()}
		if f.alone = len(c.Parts) == 1; f.alone {
			found := c.Parts[0].Finding
			m := found.Measurement
			f.outcome, f.available, f.down, f.due = found.Outcome, m.Availability(), m.Down, m.Due
		}
		all = append(all, f)
	}
	return all
}

// A settler settles customers of one resource in whole numbers. The resource must have
// only full outages, which the agreements treat alike.
type settler struct {
	fleets  []*batch.Fleet // one for each agreement; nil: some need statements
	causes  []string       // that some agreement excuses
	settler batch.Settler
	windows []outage.Window
}

// newSettler returns the settler for agreements.
func newSettler(terms []*sla.Terms, period calendar.Period, asOf time.Time) (*settler, error) {
	s := &settler{}
	shared, err := outage.Options{AsOf: asOf}.Timeline()
	if err != nil {
		return nil, err
	}
	var fleets []*batch.Fleet
	for _, t := range terms {
		fleet, err := batch.NewFleet(t, shared, period)
		if err != nil || !fleet.Direct() {
			return s, nil //nolint:nilerr // statements report the fault
		}
		for _, c := range t.Agreement().Commitments {
			for _, e := range c.Exclusions {
				s.causes = append(s.causes, e.Causes...)
			}
		}
		fleets = append(fleets, fleet)
	}
	s.fleets = fleets
	return s, nil
}

// settle returns the figures of a bill for one resource, and false if they need a
// statement.
func (s *settler) settle(bill credit.Bill, records []outage.Record) (figures []figure, done bool) {
	if s.fleets == nil || len(bill.Charges) != 1 || !s.read(records) {
		return nil, false
	}
	c := bill.Charges[0]
	if c.Kind != "" || c.Cycle != 0 || !c.Window.IsEmpty() {
		return nil, false
	}
	for _, t := range s.fleets {
		var room [1]batch.Figures
		settled, err := s.settler.Settle(room[:0], batch.Customer{Fleet: t, Fee: c.Amount, Outages: s.windows})
		if err != nil {
			return nil, false // a statement reports it with the customer and the charge
		}
		summary := settled[0]
		money := func(minor int64) credit.Money { return sla.Must(credit.MoneyFromMinor(minor, c.Amount.Currency())) }
		figures = append(figures, figure{
			customer: bill.Customer, agreement: t.Terms().Agreement().Name, period: bill.Period,
			alone: true, outcome: summary.Outcome, available: summary.Availability(), down: summary.Down, due: summary.Due,
			credit: money(summary.Credit), atMost: money(summary.CreditAtMost), provisional: summary.Provisional, withoutBreach: summary.WithoutBreach,
		})
	}
	return figures, true
}

// read reads records as windows, and reports whether windows say all that they say.
func (s *settler) read(records []outage.Record) bool {
	const most = 16 // whose names are compared each with each
	s.windows = s.windows[:0]
	if len(records) > most {
		return false
	}
	for i, r := range records {
		o, full := r.(outage.Outage)
		if !full || !o.ServedPercent.IsZero() || o.End.IsZero() || slices.Contains(s.causes, o.Cause) {
			return false
		}
		for _, other := range records[:i] { // a record that is given twice
			if other.(outage.Outage).ID == o.ID {
				return false
			}
		}
		w, err := outage.NewWindow(o.Start, o.End)
		if err != nil {
			return false
		}
		s.windows = append(s.windows, w)
	}
	return true
}

// figureWriter returns a function that writes a row for each figure.
func figureWriter(out io.Writer) func(figure) error {
	rows := csv.NewWriter(out)
	row := []string{"customer", "first_day", "last_day", "zone", "agreement", "outcome", "available", "down_s", "due_s", "credit", "credit_at_most", "currency", "provisional", "without_breach"}
	first := true
	return func(f figure) error {
		if first {
			first = false
			rows.Write(row)
		}
		row = append(row[:0], f.customer, f.period.First().String(), f.period.Last().String(), f.period.Zone(), f.agreement, "", "", "", "",
			number(f.credit), number(f.atMost), f.credit.Currency(), "", "")
		if f.alone {
			copy(row[5:], []string{f.outcome.String(), f.available.String(), seconds(f.down), seconds(f.due)})
		}
		if f.provisional {
			row[len(row)-2] = "provisional"
		}
		if f.withoutBreach {
			row[len(row)-1] = "without breach"
		}
		rows.Write(row)
		rows.Flush()
		return rows.Error()
	}
}
