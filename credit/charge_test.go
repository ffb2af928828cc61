package credit

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

func points(text string) sla.Percent {
	var p sla.Percent
	if err := p.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
	return p
}

// A bill with every fault is told every fault, each once, in the order of the
// bill.
func TestBillReportsAllFaults(t *testing.T) {
	may := sla.Must(sla.Month(2026, time.May, time.UTC))
	negative := sla.Verdict{Agreement: "a", Resource: "web", Period: june, Findings: []sla.Finding{{Entitlement: sla.Entitlement{Percent: points("-5%")}}}}
	_, err := NewStatement(Bill{
		Customer: "a\tb",
		Period:   june,
		Charges: []Charge{
			{ID: "1", Resource: "web"},
			{ID: "2", Resource: "web", Amount: MustMoney("EUR 1.00")},
			{ID: "2", Resource: "web", Amount: MustMoney("USD 1.00")},
			{ID: "", Resource: "db\n", Amount: MustMoney("EUR -1.00")},
		},
		Verdicts: []sla.Verdict{
			negative,
			negative,
			{Resource: "web", Period: june},
			{Agreement: "a\u202e", Resource: "web", Period: may},
			{Agreement: "b", Resource: "mail"},
		},
	})
	require.ErrorIs(t, err, ErrCurrencyMismatch)
	assert.EqualError(t, err, `credit: statement for "a\tb": customer: "a\tb" has a control character
charge "1": amount: the currency is missing
charge "2": comes twice
charge "2": amount: credit: currencies differ: USD and EUR
charges[3]: id: missing
charge "": resource: "db\n" has a control character
charge "": resource: there is no verdict on "db\n"
verdict of "a" on "web": a percentage is negative
verdict of "a" on "web": comes twice
verdict of "a" on "web": a percentage is negative
verdict of "" on "web": the agreement has no name
verdict of "a\u202e" on "web": its period, 2026-05-01/2026-06-01 UTC, does not end in the billing period, 2026-06-01/2026-07-01 UTC
verdict of "a\u202e" on "web": agreement: "a\u202e" has a control character
verdict of "b" on "mail": its period is empty
verdict of "b" on "mail": there is no charge for the resource`)
}

// A period belongs to the bill in which its last moment lies: one that ends
// with the bill does, one that ends where the bill starts does not.
func TestBillPeriods(t *testing.T) {
	day := func(month time.Month, day int) sla.Date { return sla.Date{Year: 2026, Month: month, Day: day} }
	for _, tt := range []struct {
		name     string
		from, to sla.Date
		ok       bool
	}{
		{"ends where the bill starts", day(5, 1), day(6, 1), false},
		{"ends a day later", day(5, 2), day(6, 2), true},
		{"ends with the bill", day(6, 29), day(7, 1), true},
		{"ends a day after the bill", day(6, 1), day(7, 2), false},
		{"longer than the bill", day(1, 1), day(7, 1), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			period := sla.Must(sla.NewPeriod(tt.from, tt.to, time.UTC))
			_, err := NewStatement(Bill{
				Customer: "acme", Period: june, Charges: []Charge{charge("web", "USD 1.00")},
				Verdicts: []sla.Verdict{{Agreement: "a", Resource: "web", Period: period}},
			})
			assert.Equal(t, tt.ok, err == nil, err)
		})
	}
}

// A negative percentage, which no agreement gives, is refused wherever it
// stands: it would make a credit negative or take from another part.
func TestBillRefusesNegativePercentages(t *testing.T) {
	limits := []sla.Limit{{Percent: points("-0.01%"), Clause: "/atMost/0"}}
	for name, v := range map[string]sla.Verdict{
		"entitlement": {Findings: []sla.Finding{{Entitlement: sla.Entitlement{Percent: points("-5%")}}}},
		"at most":     {Findings: []sla.Finding{{EntitlementAtMost: sla.Entitlement{Percent: points("-5%")}}}},
		"part":        {Findings: []sla.Finding{{Limits: limits}}},
		"whole":       {Limits: limits},
	} {
		clause := map[bool]string{true: "/atMost/0: "}[name == "part" || name == "whole"]
		v.Agreement, v.Resource, v.Period = "a", "web", june
		_, err := NewStatement(Bill{Customer: "acme", Period: june, Charges: []Charge{charge("web", "USD 1.00")}, Verdicts: []sla.Verdict{v}})
		assert.EqualError(t, err, `credit: statement for "acme": verdict of "a" on "web": `+clause+"a percentage is negative", name)
	}
}

// A statement shares nothing with the bill that its caller may change.
func TestStatementKeepsTheBill(t *testing.T) {
	charges := []Charge{charge("web", "USD 1.00")}
	verdicts := []sla.Verdict{judge(t, plain("a", flat("10%")), "web", time.Hour)}
	s := state(t, charges, verdicts...)
	want := s.Text()
	charges[0].Amount, verdicts[0].Agreement = MustMoney("USD 2.00"), "b"
	assert.Equal(t, want, s.Text())
}

func service(text string) sla.ServiceTime {
	if d, err := time.ParseDuration(text); err == nil {
		text = span.String(d)
	}
	var s sla.ServiceTime
	if err := s.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
	return s
}

func sum(number, currency string) sla.Sum {
	var s sla.Sum
	if err := s.UnmarshalText([]byte(number + currency)); err != nil {
		panic(err)
	}
	return s
}

// What cannot be part of a fee, or of which the part cannot be told.
func TestFeeFaults(t *testing.T) {
	day := func(from, to int) outage.Window {
		return outage.MustWindow(time.Date(2026, 6, from, 0, 0, 0, 0, time.UTC), time.Date(2026, 6, to, 0, 0, 0, 0, time.UTC))
	}
	fee := func(b sla.Base) sla.Verdict {
		return sla.Verdict{Agreement: "a", Resource: "web", Labels: map[string]string{"region": "x"}, Period: june, Findings: []sla.Finding{{Clause: "/c", Base: b}}}
	}
	usd := func(change func(*Charge)) Charge {
		c := Charge{ID: "1", Resource: "web", Amount: MustMoney("USD 1.00")}
		change(&c)
		return c
	}
	for _, tt := range []struct {
		name   string
		base   sla.Base
		charge Charge
		want   string
	}{
		{
			"a label that the verdict lacks",
			sla.Base{By: []string{"region", "account"}},
			usd(func(c *Charge) {}),
			`verdict of "a" on "web": /c/base/by: the verdict has no label "account"`,
		},
		{
			"a label that no charge has",
			sla.Base{By: []string{"region"}},
			usd(func(c *Charge) {}),
			`verdict of "a" on "web": /c/base/by: there is no charge with the same region`,
		},
		{
			"another value",
			sla.Base{By: []string{"region"}},
			usd(func(c *Charge) { c.Labels = map[string]string{"region": "y"} }),
			`verdict of "a" on "web": /c/base/by: there is no charge with the same region`,
		},
		{
			"a label that breaks a line",
			sla.Base{},
			usd(func(c *Charge) { c.Labels = map[string]string{"region": "x\n"} }),
			`charge "1": labels: "x\n" has a control character`,
		},
		{
			"of another cycle",
			sla.Base{},
			usd(func(c *Charge) { c.Cycle = -1 }),
			`verdict of "a" on "web": none of its charges is for the time that is judged, 2026-06-01/2026-07-01 UTC`,
		},
		{
			"of this cycle",
			sla.Base{Window: "1cycle before"},
			usd(func(c *Charge) {}),
			`verdict of "a" on "web": /c/base/window: none of its charges is for 1cycle before`,
		},
		{
			"of more than is judged",
			sla.Base{},
			usd(func(c *Charge) { c.Window = outage.MustWindow(june.Window().Start().Add(-1), june.Window().End()) }),
			`verdict of "a" on "web": charge "1": window: of 2026-05-31T23:59:59.999999999Z/2026-07-01T00:00:00Z only a part is judged, 2026-06-01T00:00:00Z/2026-07-01T00:00:00Z; give what was charged for each part`,
		},
		{
			"of no known time",
			sla.Base{Window: "30d trailing"},
			usd(func(c *Charge) {}),
			`verdict of "a" on "web": charge "1": window: missing; the fee is what was charged for 2026-06-01T00:00:00Z/2026-07-01T00:00:00Z`,
		},
		{
			"of no window",
			sla.Base{Window: "a week"},
			usd(func(c *Charge) {}),
			`verdict of "a" on "web": sla: window of a fee: "a week" is not 1cycle before, 1cycle after, or up to 3660 days such as 30d trailing or 30d before outage`,
		},
		{
			"less than nothing",
			sla.Base{},
			usd(func(c *Charge) { c.Amount = MustMoney("USD -1.00") }),
			`verdict of "a" on "web": the fee is USD -1.00, below zero`,
		},
		{"not what the price gives", sla.Base{}, usd(func(c *Charge) {
			c.Window, c.Prorated = day(1, 13), Prorated{Price: MustMoney("USD 2.00"), By: CalendarDays, Part: 12, Whole: 30}
		}), `charge "1": amount: USD 1.00 is not 12 of 30 days at USD 2.00`},
		{"a price in another currency", sla.Base{}, usd(func(c *Charge) {
			c.Prorated = Prorated{Price: MustMoney("EUR 1.00"), Part: 1, Whole: 1}
		}), `charge "1": amount: USD 1.00 is not 1ns of 1ns at EUR 1.00`},
		{
			"more than a whole",
			sla.Base{},
			usd(func(c *Charge) { c.Prorated = Prorated{Price: MustMoney("USD 1.00"), Part: 2, Whole: 1} }),
			`charge "1": prorated: 2 of 1 is no part of a whole`,
		},
		{
			"of no whole",
			sla.Base{},
			usd(func(c *Charge) { c.Prorated = Prorated{Price: MustMoney("USD 1.00")} }),
			`charge "1": prorated: 0 of 0 is no part of a whole`,
		},
		{
			"of no price",
			sla.Base{},
			usd(func(c *Charge) { c.Prorated = Prorated{Part: 1, Whole: 1} }),
			`charge "1": prorated: price: the currency is missing`,
		},
		{
			"of a price below zero",
			sla.Base{},
			usd(func(c *Charge) { c.Prorated = Prorated{Price: MustMoney("USD -1.00"), Part: 1, Whole: 1} }),
			`charge "1": prorated: price: USD -1.00 is negative`,
		},
		{
			"prorated by nothing known",
			sla.Base{},
			usd(func(c *Charge) { c.Prorated = Prorated{Price: MustMoney("USD 1.00"), By: 3, Part: 1, Whole: 1} }),
			`charge "1": prorated: Proration(3) is not known`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := NewStatement(Bill{Customer: "acme", Period: june, Charges: []Charge{tt.charge}, Verdicts: []sla.Verdict{fee(tt.base)}})
			assert.EqualError(t, err, `credit: statement for "acme": `+tt.want)
		})
	}
}

// What a price cannot be charged for.
func TestPriceFaults(t *testing.T) {
	may := sla.Must(sla.Month(2026, time.May, time.UTC))
	berlin := sla.Must(time.LoadLocation("Europe/Berlin"))
	price := Price{Amount: MustMoney("USD 1.00")}
	for want, charge := range map[string]func() (Charge, error){
		"credit: charge 1: the part is empty":                                                                  func() (Charge, error) { return price.Charge("1", "web", sla.Period{}, june) },
		"credit: charge 1: 2026-06-01/2026-07-01 UTC is no part of 2026-05-01/2026-06-01 UTC":                  func() (Charge, error) { return price.Charge("1", "web", june, may) },
		"credit: charge 1: 2026-06-01/2026-07-01 UTC and 2026-06-01/2026-07-01 Europe/Berlin are in two zones": func() (Charge, error) { return price.Charge("1", "web", june, sla.Must(sla.Month(2026, 6, berlin))) },
		"credit: charge 1: price: the currency is missing":                                                     func() (Charge, error) { return Price{}.Charge("1", "web", june, june) },
		"credit: charge 1: Proration(-1) is not known":                                                         func() (Charge, error) { return Price{Amount: price.Amount, By: -1}.Charge("1", "web", june, june) },
	} {
		_, err := charge()
		assert.EqualError(t, err, want)
	}
	_, err := Proration(3).MarshalText()
	assert.EqualError(t, err, "credit: writing proration: Proration(3) is not known")
	var p Proration
	assert.EqualError(t, p.UnmarshalText([]byte("days")), `credit: reading proration: "days" is none of elapsed time, calendar days, thirty days`)
}

// Thirty days cost a thirtieth each, and never more than the whole price.
func TestThirtyDays(t *testing.T) {
	price := Price{Amount: MustMoney("USD 30.00"), By: ThirtyDays}
	for month, days := range map[time.Month]int{time.February: 28, time.April: 30, time.May: 31} {
		cycle := sla.Must(sla.Month(2026, month, time.UTC))
		for n := 1; n <= days; n++ {
			part, want := cycle, int64(3000)
			if n < days {
				part, want = sla.Must(sla.NewPeriod(cycle.First(), sla.Date{Year: 2026, Month: month, Day: n + 1}, time.UTC)), int64(100*n)
			}
			assert.Equal(t, want, sla.Must(price.Charge("1", "web", part, cycle)).Amount.MinorUnits(), "%d of %d days", n, days)
		}
	}
}
