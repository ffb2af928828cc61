package credit_test

import (
	"fmt"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// The plan changed on the 13th. Which fee is that, and how is the credit split
// over the invoice lines?
func ExamplePrice_Charge() {
	day := func(n int) calendar.Date { return calendar.Date{Year: 2026, Month: time.October, Day: n} }
	october := calendar.Month(2026, time.October, time.UTC)
	small := credit.Price{Amount: credit.MustMoney("USD 299.00"), By: credit.CalendarDays}
	large := credit.Price{Amount: credit.MustMoney("USD 499.00"), By: credit.CalendarDays}

	before, err := small.Charge("inv-7/1", "web", sla.Must(calendar.NewPeriod(day(1), day(13), time.UTC)), october)
	if err != nil {
		fmt.Println(err)
		return
	}
	after, err := large.Charge("inv-7/2", "web", sla.Must(calendar.NewPeriod(day(13), october.Until(), time.UTC)), october)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(before.Amount, "is", before.Prorated)
	fmt.Println(after.Amount, "is", after.Prorated)

	statement := statementOn(october, "10%", before, after)
	fmt.Println(statement.Total, "of", statement.Credits[0].Parts[0].Base)
	lines, err := statement.Credits[0].Lines()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range lines {
		fmt.Println(l.ID, l.Share)
	}
	// Output:
	// USD 115.74 is 12 of 31 days at USD 299.00
	// USD 305.84 is 19 of 31 days at USD 499.00
	// USD 42.16 of USD 421.58
	// inv-7/1 USD 11.57
	// inv-7/2 USD 30.59
}

// A contract for EUR 1,200.00 a month began on June 11.
func ExamplePrice_Charge_contractStart() {
	june := calendar.Month(2026, time.June, time.UTC)
	served := sla.Must(calendar.NewPeriod(calendar.Date{Year: 2026, Month: time.June, Day: 11}, june.Until(), time.UTC))
	charge, err := credit.Price{Amount: credit.MustMoney("EUR 1200.00")}.Charge("inv-7/1", "web", served, june)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(charge.Prorated)
	// Only the part of June in which there was a contract is judged.
	fmt.Println(statementOn(served, "25%", charge).Total)
	// Output:
	// 480h of 720h at EUR 1200.00
	// EUR 200.00
}

// The agreement changed on June 16. Each half of the month is judged under its
// own version, and its fee is the charge for that half.
func ExampleCharge_agreementSegments() {
	june := calendar.Month(2026, time.June, time.UTC)
	middle := calendar.Date{Year: 2026, Month: time.June, Day: 16}
	halves := []calendar.Period{sla.Must(calendar.NewPeriod(june.First(), middle, time.UTC)), sla.Must(calendar.NewPeriod(middle, june.Until(), time.UTC))}
	start := time.Date(2026, 6, 15, 23, 0, 0, 0, time.UTC)
	timeline := sla.Must(outage.NewTimeline(outage.Outage{ID: "o-1", Resource: "web", Start: start, End: start.Add(3 * time.Hour)}))

	price := credit.Price{Amount: credit.MustMoney("USD 600.00"), By: credit.CalendarDays}
	bill := credit.Bill{Customer: "acme", Period: june}
	for i, give := range []sla.Quantity{"5%", "10%"} {
		terms := sla.Must(sla.Agreement{
			Name:        fmt.Sprint("acme-cloud/", i+1),
			Commitments: []sla.Commitment{{Promise: "at least 99.9%", Credits: []sla.Tier{{Give: give}}}},
		}.Compile())
		bill.Charges = append(bill.Charges, sla.Must(price.Charge(fmt.Sprint("inv-7/", i+1), "web", halves[i], june)))
		bill.Verdicts = append(bill.Verdicts, sla.Must(terms.Judge(timeline, halves[i])))
	}
	statement, err := credit.NewStatement(bill)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, c := range statement.Credits {
		fmt.Println(c.Agreement, c.Period, bill.Verdicts[i])
		fmt.Println(c.Amount, "of", c.Parts[0].Base)
	}
	// Output:
	// acme-cloud/1 2026-06-01/2026-06-16 UTC missed: 1h down, 21m36s allowed, 38m24s over
	// USD 15.00 of USD 300.00
	// acme-cloud/2 2026-06-16/2026-07-01 UTC missed: 2h down, 21m36s allowed, 1h38m24s over
	// USD 30.00 of USD 300.00
}

// An agreement gives a share of the fee of the whole region, not only of the
// database that was down. A voucher does not count.
func ExampleCharge_labels() {
	terms := sla.Must(sla.Agreement{
		Name: "acme-cloud/db",
		Commitments: []sla.Commitment{{
			Promise: "at least 99.9%",
			Base:    sla.Base{By: []string{"region"}, Without: []string{"voucher"}},
			Credits: []sla.Tier{{Give: "10%"}},
		}},
	}.Compile())
	june := calendar.Month(2026, time.June, time.UTC)
	start := time.Date(2026, 6, 9, 14, 0, 0, 0, time.UTC)
	db := sla.Must(outage.NewTimeline(outage.Outage{ID: "o-1", Resource: "db", Start: start, End: start.Add(time.Hour)}))
	east := map[string]string{"region": "east"}
	verdicts, err := terms.JudgeAll([]outage.Timeline{db.WithLabels(east)}, june)
	if err != nil {
		fmt.Println(err)
		return
	}
	statement, err := credit.NewStatement(credit.Bill{
		Customer: "acme",
		Period:   june,
		Charges: []credit.Charge{
			{ID: "inv-7/1", Resource: "db", Labels: east, Amount: credit.MustMoney("USD 40.00")},
			{ID: "inv-7/2", Resource: "web", Labels: east, Amount: credit.MustMoney("USD 80.00")},
			{ID: "inv-7/3", Resource: "web", Labels: east, Kind: "voucher", Amount: credit.MustMoney("USD -30.00")},
		},
		Verdicts: verdicts,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(statement.Total)
	// Output:
	// USD 12.00
}

// The credit is a share of the next renewal, not of the fee for the month of the
// outage.
func ExampleCharge_nextRenewal() {
	terms := sla.Must(sla.Agreement{
		Name: "acme-hosting",
		Commitments: []sla.Commitment{{
			Promise: "at least 99.9%",
			Base:    sla.Base{Window: "1cycle after"},
			Credits: []sla.Tier{{Give: "50%"}},
		}},
	}.Compile())
	june := calendar.Month(2026, time.June, time.UTC)
	start := time.Date(2026, 6, 9, 14, 0, 0, 0, time.UTC)
	web := sla.Must(outage.NewTimeline(outage.Outage{ID: "o-1", Resource: "web", Start: start, End: start.Add(time.Hour)}))
	bill := credit.Bill{Customer: "acme", Period: june, Verdicts: []sla.Verdict{sla.Must(terms.Judge(web, june))}}
	bill.Charges = []credit.Charge{{ID: "inv-7/1", Resource: "web", Amount: credit.MustMoney("USD 10.00")}}
	_, err := credit.NewStatement(bill)
	fmt.Println(err)

	bill.Charges = []credit.Charge{{ID: "inv-8/1", Resource: "web", Cycle: 1, Amount: credit.MustMoney("USD 12.00")}}
	statement, err := credit.NewStatement(bill)
	fmt.Println(statement.Total, err)
	// Output:
	// credit: statement for "acme": verdict of "acme-hosting" on "web": /commitments/0/base/window: there is no charge for "1cycle after"
	// USD 6.00 <nil>
}

// statementOn returns a statement on charges for "web", which was down for an
// hour. The agreement gives a share of the fee for that.
func statementOn(period calendar.Period, give sla.Quantity, charges ...credit.Charge) credit.Statement {
	terms := sla.Must(sla.Agreement{
		Name:        "acme-cloud",
		Commitments: []sla.Commitment{{Promise: "at least 99.9%", Credits: []sla.Tier{{Give: give}}}},
	}.Compile())
	start := period.Window().End().Add(-2 * time.Hour)
	web := sla.Must(outage.NewTimeline(outage.Outage{ID: "o-1", Resource: "web", Start: start, End: start.Add(time.Hour)}))
	return sla.Must(credit.NewStatement(credit.Bill{
		Customer: "acme", Period: period, Charges: charges, Verdicts: []sla.Verdict{sla.Must(terms.Judge(web, period))},
	}))
}
