package main

import (
	"context"
	"math/bits"
	"slices"
	"strconv"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/credit/batch"
	made "github.com/slacredit/slacredit/internal/workload"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// librarySums makes the set anew in each run.
func librarySums(windows []made.Window) (*run[sums], error) {
	data, year := libraryWindows(windows), libraryWindows(months)
	return &run[sums]{do: func() (sums, error) {
		set := outage.NewSet(data...)
		out := sums{windows: set.Len(), total: set.Total().Microseconds()}
		for i, month := range year {
			out.months[i] = set.Within(month).Total().Microseconds()
		}
		return out, nil
	}}, nil
}

func libraryWindows(windows []made.Window) []outage.Window {
	out := make([]outage.Window, len(windows))
	for i, w := range windows {
		out[i] = outage.MustWindow(time.Unix(0, w.Start), time.Unix(0, w.End))
	}
	return out
}

// The agreement of the workloads: planned work is not due, and four tiers.
var terms = sla.Must(sla.Agreement{Name: "fleet", Commitments: []sla.Commitment{{
	Promise:    "at least 99.99%",
	Exclusions: []sla.Exclusion{{Causes: []string{"maintenance"}, Notice: "none", Removed: true}},
	Credits:    []sla.Tier{{Give: "5%"}, {When: "below 99.9%", Give: "10%"}, {When: "below 99%", Give: "25%"}, {When: "below 95%", Give: "100%"}},
}}}.Compile())

var january = calendar.Month(2025, time.January, time.UTC)

// libraryFigures settles each customer in figures, from windows. What they share
// is worked out when it is loaded.
func libraryFigures(f fleet) (*run[account], error) {
	fleets := make([]*batch.Fleet, len(f.calendars))
	for i, windows := range f.calendars {
		var plans []outage.Record
		for j, w := range windows {
			plans = append(plans, outage.Maintenance{ID: "m" + strconv.Itoa(j), Start: time.Unix(0, w.Start).UTC(), End: time.Unix(0, w.End).UTC()})
		}
		shared, err := outage.NewTimeline(plans...)
		if err != nil {
			return nil, err
		}
		if fleets[i], err = batch.NewFleet(terms, shared, january); err != nil {
			return nil, err
		}
	}
	customers := make([]batch.Customer, len(f.customers))
	for i, c := range f.customers {
		fee := sla.Must(credit.MoneyFromMinor(c.FeeCents, "USD"))
		customers[i] = batch.Customer{Fleet: fleets[c.Calendar], Fee: fee, Outages: libraryWindows(c.Outages)}
	}
	var settled []batch.Figures
	return &run[account]{do: func() (sum account, err error) {
		if settled, err = (batch.Batch{}).Settle(context.Background(), settled[:0], customers); err != nil {
			return sum, err
		}
		for _, s := range settled {
			sum.add(s.Due.Microseconds(), s.Down.Microseconds(), s.Credit, int(s.Row))
		}
		return sum, nil
	}}, nil
}

// libraryAccount writes each customer's statement, from records.
func libraryAccount(f fleet) (*run[account], error) {
	type customer struct {
		name    string
		records []outage.Record
		charges []credit.Charge
	}
	plans := make([][]outage.Record, len(f.calendars))
	for i, windows := range f.calendars {
		for j, w := range windows {
			plans[i] = append(plans[i], outage.Maintenance{ID: "m" + strconv.Itoa(j), Start: time.Unix(0, w.Start).UTC(), End: time.Unix(0, w.End).UTC()})
		}
	}
	customers := make([]customer, len(f.customers))
	for i, c := range f.customers {
		fee := sla.Must(credit.MoneyFromMinor(c.FeeCents, "USD"))
		customers[i] = customer{name: "c" + strconv.Itoa(i), charges: []credit.Charge{{ID: "fee", Amount: fee}}}
		for j, w := range c.Outages {
			customers[i].records = append(customers[i].records, outage.Outage{ID: "o" + strconv.Itoa(j), Start: time.Unix(0, w.Start).UTC(), End: time.Unix(0, w.End).UTC()})
		}
		customers[i].records = append(customers[i].records, plans[c.Calendar]...)
	}
	return &run[account]{do: func() (sum account, err error) {
		for _, c := range customers {
			timeline, err := outage.NewTimeline(c.records...)
			if err != nil {
				return sum, err
			}
			verdict, err := terms.Judge(timeline, january)
			if err != nil {
				return sum, err
			}
			statement, err := credit.NewStatement(credit.Bill{Customer: c.name, Period: january, Charges: c.charges, Verdicts: []sla.Verdict{verdict}})
			if err != nil {
				return sum, err
			}
			sum.addStatement(statement)
		}
		return sum, nil
	}}, nil
}

func (a *account) addStatement(s credit.Statement) {
	f := s.Verdicts[0].Findings[0]
	give := f.Entitlement.Row.Give
	a.add(f.Measurement.Due.Microseconds(), f.Measurement.Down.Microseconds(), s.Total.MinorUnits(),
		slices.Index([]sla.Quantity{"", "5%", "10%", "25%", "100%"}, give))
}

// add adds one customer, with times in microseconds.
func (a *account) add(due, down, cents int64, tier int) {
	hi, lo := bits.Mul64(uint64(due-down), 1_000_000)
	percent, rest := bits.Div64(hi, lo, uint64(due))
	if 2*rest >= uint64(due) {
		percent++
	}
	a.down += down
	a.percent += int64(percent)
	a.cents += cents
	a.tiers[tier]++
}
