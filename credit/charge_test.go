package credit

import (
	"fmt"
	"math/big"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

func points(text string) sla.Percent {
	var p sla.Percent
	if err := p.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
	return p
}

// A bill with every fault has all of them in its error, each once, in the order
// of the bill.
func TestBillReportsAllFaults(t *testing.T) {
	may := calendar.Month(2026, time.May, time.UTC)
	negative := sla.Verdict{Agreement: "a", Resource: "web", Period: june, Findings: []sla.Finding{{Entitlement: sla.Entitlement{Remedy: sla.Remedy{Percent: points("-5%")}}}}}
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
verdict of "b" on "mail": the period is missing
verdict of "b" on "mail": there is no charge for the resource`)
}

// A period belongs to the bill in which its last moment lies: one that ends
// with the bill does, one that ends where the bill starts does not.
func TestBillPeriods(t *testing.T) {
	day := func(month time.Month, day int) calendar.Date {
		return calendar.Date{Year: 2026, Month: month, Day: day}
	}
	for _, tt := range []struct {
		name     string
		from, to calendar.Date
		ok       bool
	}{
		{"ends where the bill starts", day(5, 1), day(6, 1), false},
		{"ends a day later", day(5, 2), day(6, 2), true},
		{"ends with the bill", day(6, 29), day(7, 1), true},
		{"ends a day after the bill", day(6, 1), day(7, 2), false},
		{"longer than the bill", day(1, 1), day(7, 1), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			period := sla.Must(calendar.NewPeriod(tt.from, tt.to, time.UTC))
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
	limits := []sla.Limit{{Remedy: sla.Remedy{Percent: points("-0.01%")}, Clause: "/atMost/0"}}
	for name, v := range map[string]sla.Verdict{
		"entitlement": {Findings: []sla.Finding{{Entitlement: sla.Entitlement{Remedy: sla.Remedy{Percent: points("-5%")}}}}},
		"at most":     {Findings: []sla.Finding{{EntitlementAtMost: sla.Entitlement{Remedy: sla.Remedy{Percent: points("-5%")}}}}},
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
	charges[0].Labels = map[string]string{"region": "x"}
	verdicts[0].Findings[0].Labels = map[string]string{"region": "x"}
	verdicts[0].Findings[0].Base = sla.Base{By: []string{"region"}, Only: []string{""}}
	s := state(t, charges, verdicts...)
	want, figures := s.Text(), sla.Must(s.figures())
	charges[0].Amount, verdicts[0].Agreement = MustMoney("USD 2.00"), "b"
	charges[0].Labels["region"], verdicts[0].Findings[0].Labels["region"] = "y", "z"
	verdicts[0].Findings[0].Base.By[0], verdicts[0].Findings[0].Base.Only[0] = "zone", "other"
	assert.Equal(t, want, s.Text())
	assert.Equal(t, figures, sla.Must(s.figures()))
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

// Charges that cannot be part of a fee, and charges whose counting part is
// undecided.
func TestFeeFaults(t *testing.T) {
	fee := func(b sla.Base) sla.Verdict {
		return sla.Verdict{Agreement: "a", Resource: "web", Period: june, Findings: []sla.Finding{{Clause: "/c", Base: b, Labels: map[string]string{"region": "x"}}}}
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
			"a label that the finding lacks",
			sla.Base{By: []string{"region", "account"}},
			usd(func(c *Charge) {}),
			"charge \"1\": labels: \"account\": missing; the fee of \"web\" is found by it\n" +
				`verdict of "a" on "web": /c/base/by: the finding has no label "account"`,
		},
		{
			"a label that no charge has",
			sla.Base{By: []string{"region"}},
			usd(func(c *Charge) {}),
			"charge \"1\": labels: \"region\": missing; the fee of \"web\" is found by it\n" +
				`verdict of "a" on "web": /c/base/by: there is no charge with the same region`,
		},
		{
			"another value",
			sla.Base{By: []string{"region"}},
			usd(func(c *Charge) { c.Labels = map[string]string{"region": "y"} }),
			"charge \"1\": it counts toward no fee: it is for another time, or has other labels\n" +
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
			`verdict of "a" on "web": none of its charges is for the judged time, 2026-06-01/2026-07-01 UTC`,
		},
		{
			"of this cycle",
			sla.Base{Window: "1cycle before"},
			usd(func(c *Charge) {}),
			`verdict of "a" on "web": /c/base/window: there is no charge for "1cycle before"`,
		},
		{
			"of more than is judged",
			sla.Base{},
			usd(func(c *Charge) { c.Window = outage.MustWindow(june.Window().Start().Add(-1), june.Window().End()) }),
			`verdict of "a" on "web": charge "1": window: only a part of 2026-05-31T23:59:59.999999999Z/2026-07-01T00:00:00Z is judged, 2026-06-01T00:00:00Z/2026-07-01T00:00:00Z; give one charge for each part, or no window if the charge is for the whole billing cycle`,
		},
		{
			"of no known time",
			sla.Base{Window: "30d trailing"},
			usd(func(c *Charge) {}),
			`verdict of "a" on "web": charge "1": window: missing; the fee is the sum of the charges for 2026-06-01T00:00:00Z/2026-07-01T00:00:00Z`,
		},
		{
			"of no window",
			sla.Base{Window: "a week"},
			usd(func(c *Charge) {}),
			`verdict of "a" on "web": sla: window of a fee: "a week" is not measured, billed, 1cycle before, 1cycle after, or up to 3660 days such as 30d trailing or 30d before outage`,
		},
		{
			"less than nothing",
			sla.Base{},
			usd(func(c *Charge) { c.Amount = MustMoney("USD -1.00") }),
			`verdict of "a" on "web": the fee is USD -1.00, below zero: charge "1" of USD -1.00; a discount needs the resource and the time of the charges that it reduces, and must not exceed them`,
		},
		{"not what the price gives", sla.Base{}, usd(func(c *Charge) {
			c.Prorated = Prorated{Price: MustMoney("USD 2.00"), By: CalendarDays, Part: 12, Whole: 30}
		}), `charge "1": amount: USD 1.00 is not 12 of 30 days at USD 2.00`},
		{"a price in another currency", sla.Base{}, usd(func(c *Charge) {
			c.Prorated = Prorated{Price: MustMoney("EUR 1.00"), Part: 1, Whole: 1}
		}), `charge "1": amount: USD 1.00 is not 1ns of 1ns at EUR 1.00`},
		{
			"more than a whole",
			sla.Base{},
			usd(func(c *Charge) { c.Prorated = Prorated{Price: MustMoney("USD 1.00"), Part: 2, Whole: 1} }),
			`charge "1": prorated: part 2 of whole 1: want a whole above zero, and a part from 0 to the whole`,
		},
		{
			"of no whole",
			sla.Base{},
			usd(func(c *Charge) { c.Prorated = Prorated{Price: MustMoney("USD 1.00")} }),
			`charge "1": prorated: part 0 of whole 0: want a whole above zero, and a part from 0 to the whole`,
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
	may := calendar.Month(2026, time.May, time.UTC)
	berlin := sla.Must(time.LoadLocation("Europe/Berlin"))
	price := Price{Amount: MustMoney("USD 1.00")}
	for want, charge := range map[string]func() (Charge, error){
		"credit: charge \"1\": the period is missing":                                                               func() (Charge, error) { return price.Charge("1", "web", calendar.Period{}, june) },
		"credit: charge \"1\": 2026-06-01T00:00:00Z/2026-07-01T00:00:00Z does not lie in 2026-05-01/2026-06-01 UTC": func() (Charge, error) { return price.Charge("1", "web", june, may) },
		"credit: charge \"1\": 2026-06-01/2026-07-01 UTC and 2026-06-01/2026-07-01 Europe/Berlin have different zones": func() (Charge, error) {
			return price.Charge("1", "web", june, calendar.Month(2026, 6, berlin))
		},
		"credit: charge \"1\": price: the currency is missing": func() (Charge, error) { return Price{}.Charge("1", "web", june, june) },
		"credit: charge \"1\": Proration(-1) is not known":     func() (Charge, error) { return Price{Amount: price.Amount, By: -1}.Charge("1", "web", june, june) },
	} {
		_, err := charge()
		assert.EqualError(t, err, want)
	}
	_, err := Price{Amount: price.Amount, By: CalendarDays}.ChargeWindow("1", "web", june.Window(), june)
	assert.EqualError(t, err, `credit: charge "1": a part of a day cannot be prorated by calendar days`)
	_, err = Proration(3).MarshalText()
	assert.EqualError(t, err, "credit: writing proration: Proration(3) is not known")
	var p Proration
	assert.EqualError(t, p.UnmarshalText([]byte("days")), `credit: reading proration: "days" is none of elapsed time, calendar days, thirty days`)
}

// A plan that changed within a day, to the nanosecond: the parts are those of
// whole days where they are whole days.
func TestChargeWindow(t *testing.T) {
	price := Price{Amount: MustMoney("USD 720.00")}
	at := time.Date(2026, 6, 13, 14, 30, 0, 1, time.UTC)
	before, err := price.ChargeWindow("1", "web", outage.MustWindow(june.Window().Start(), at), june)
	require.NoError(t, err)
	assert.Equal(t, MustMoney("USD 302.50"), before.Amount)
	assert.Equal(t, "1089000000000001/3600000000", before.Prorated.Worth().Rat().Mul(before.Prorated.Worth().Rat(), big.NewRat(1000, 1)).RatString())
	assert.Equal(t, "302h30m0.000000001s of 720h at USD 720.00", before.Prorated.String())
	assert.Equal(t, sla.Must(price.Charge("1", "web", june, june)), sla.Must(price.ChargeWindow("1", "web", june.Window(), june)))
	_, err = price.ChargeWindow("1", "web", outage.MustWindow(at, june.Window().End().Add(1)), june)
	assert.ErrorContains(t, err, "does not lie in 2026-06-01/2026-07-01 UTC")

	m, err := NewExact(big.NewRat(4967, 31)).Round("USD", TowardZero)
	require.NoError(t, err)
	assert.Equal(t, MustMoney("USD 160.22"), m)
	_, err = Exact{}.Round("XYZ", HalfEven)
	assert.ErrorContains(t, err, "credit: rounding: ")
}

// Thirty days cost a thirtieth each, and never more than the whole price.
func TestThirtyDays(t *testing.T) {
	price := Price{Amount: MustMoney("USD 30.00"), By: ThirtyDays}
	for month, days := range map[time.Month]int{time.February: 28, time.April: 30, time.May: 31} {
		cycle := calendar.Month(2026, month, time.UTC)
		for n := 1; n <= days; n++ {
			part, want := cycle, int64(3000)
			if n < days {
				part, want = sla.Must(calendar.NewPeriod(cycle.First(), calendar.Date{Year: 2026, Month: month, Day: n + 1}, time.UTC)), int64(100*n)
			}
			assert.Equal(t, want, sla.Must(price.Charge("1", "web", part, cycle)).Amount.MinorUnits(), "%d of %d days", n, days)
		}
	}
}

// feeOf returns the fees of the findings on "web" in a bill, and its error.
func feesOf(charges []Charge, verdicts ...sla.Verdict) ([]string, error) {
	s, err := NewStatement(Bill{Customer: "acme", Period: june, Charges: charges, Verdicts: verdicts})
	var fees []string
	for _, c := range s.Credits {
		for _, p := range c.Parts {
			fees = append(fees, shownFee(p.Base, p.Fee))
		}
	}
	return fees, err
}

// What was charged is never counted twice, and never left out without a word.
func TestEveryChargeCountsOnce(t *testing.T) {
	day := func(month time.Month, day int) calendar.Date {
		return calendar.Date{Year: 2026, Month: month, Day: day}
	}
	period := func(from, to calendar.Date) calendar.Period { return sla.Must(calendar.NewPeriod(from, to, time.UTC)) }
	first, second := period(day(6, 1), day(6, 16)), period(day(6, 16), day(7, 1))
	on := func(agreement, resource string, p calendar.Period, bases ...sla.Base) sla.Verdict {
		v := sla.Verdict{Agreement: agreement, Resource: resource, Period: p}
		for _, base := range bases {
			v.Findings = append(v.Findings, sla.Finding{Clause: "/c", Base: base, Labels: map[string]string{"region": "x"}, Measurement: sla.Measurement{Period: p}})
		}
		return v
	}
	web := func(id, amount string, change func(*Charge)) Charge {
		c := Charge{ID: id, Resource: "web", Amount: MustMoney("USD " + amount)}
		change(&c)
		return c
	}
	as := func(*Charge) {}
	east := func(c *Charge) { c.Labels = map[string]string{"region": "x"} }
	region := sla.Base{By: []string{"region"}}
	for _, tt := range []struct {
		name     string
		charges  []Charge
		verdicts []sla.Verdict
		fees     []string
		fault    string
	}{
		{
			"a line for the month and two halves",
			[]Charge{web("1", "600.00", as)},
			[]sla.Verdict{on("a", "web", first, sla.Base{}), on("b", "web", second, sla.Base{})},
			nil,
			`charge "1": window: missing; the charge would count in full for 2026-06-01/2026-06-16 UTC and for 2026-06-16/2026-07-01 UTC`,
		},
		{"a line for the month and one half", []Charge{web("1", "300.00", as)}, []sla.Verdict{on("a", "web", first, sla.Base{})}, []string{"USD 300.00"}, ""},
		{"a line for the month and the month and its half", []Charge{web("1", "600.00", as)}, []sla.Verdict{on("a", "web", june, sla.Base{}), on("b", "web", first, sla.Base{})}, []string{"USD 600.00", "USD 600.00"}, ""},
		{
			"a line without the label",
			[]Charge{web("1", "400.00", as), web("2", "80.00", east)},
			[]sla.Verdict{on("a", "web", june, region)},
			nil,
			`charge "1": labels: "region": missing; the fee of "web" is found by it`,
		},
		{
			"a line of no use",
			[]Charge{web("1", "400.00", as), web("2", "80.00", func(c *Charge) { c.Cycle = 7 })},
			[]sla.Verdict{on("a", "web", june, sla.Base{})},
			nil,
			`charge "2": it counts toward no fee: it is for another time, or has other labels`,
		},
		{
			"a line before what is judged",
			[]Charge{web("1", "400.00", as), web("2", "80.00", func(c *Charge) { c.Window = period(day(5, 1), day(6, 1)).Window() })},
			[]sla.Verdict{on("a", "web", june, sla.Base{})},
			nil,
			`charge "2": it counts toward no fee: it is for another time, or has other labels`,
		},
		{
			"a line that the days before an outage may miss",
			[]Charge{web("1", "310.00", func(c *Charge) { c.Window = period(day(5, 1), day(6, 1)).Window() }), web("2", "300.00", func(c *Charge) { c.Window = june.Window() })},
			[]sla.Verdict{on("a", "web", june, sla.Base{Window: "7d before outage"})},
			[]string{"USD 70.00"},
			"",
		},
		{
			"a line that the days before the end of the month miss",
			[]Charge{web("1", "310.00", func(c *Charge) { c.Window = period(day(5, 1), day(6, 1)).Window() }), web("2", "300.00", func(c *Charge) { c.Window = june.Window() })},
			[]sla.Verdict{on("a", "web", june, sla.Base{Window: "30d trailing"})},
			nil,
			`charge "1": it counts toward no fee: it is for another time, or has other labels`,
		},
		{
			"a cycle on the wrong side",
			[]Charge{web("1", "1.00", func(c *Charge) { c.Cycle, c.Window = -1, june.Window() })},
			[]sla.Verdict{on("a", "web", june, sla.Base{Window: "1cycle before"})},
			nil,
			`charge "1": cycle: -1, but its window, 2026-06-01T00:00:00Z/2026-07-01T00:00:00Z, does not lie on that side of the billing period`,
		},
		{
			"a window that is not what was prorated",
			[]Charge{web("1", "0.50", func(c *Charge) {
				c.Window, c.Prorated = june.Window(), Prorated{Price: MustMoney("USD 1.00"), Part: 1, Whole: 2}
			})},
			[]sla.Verdict{on("a", "web", june, sla.Base{})},
			nil,
			`charge "1": prorated: 1ns of 2ns at USD 1.00, but its window, 2026-06-01T00:00:00Z/2026-07-01T00:00:00Z, is 720h long`,
		},
		{
			"a kind that does not count needs no time",
			[]Charge{web("1", "300.00", func(c *Charge) { c.Window = june.Window() }), web("2", "50.00", func(c *Charge) { c.Kind = "one-time" })},
			[]sla.Verdict{on("a", "web", june, sla.Base{Window: "30d trailing", Without: []string{"one-time"}})},
			[]string{"USD 300.00"},
			"",
		},
		{
			"fees that together are below zero",
			[]Charge{web("1", "10.00", as), web("2", "-8.00", func(c *Charge) { c.Kind = "v1" }), web("3", "-9.00", func(c *Charge) { c.Kind = "v2" })},
			[]sla.Verdict{on("a", "web", june, sla.Base{Without: []string{"v2"}}, sla.Base{Without: []string{"v1"}})},
			[]string{"USD 2.00", "USD 1.00"},
			"",
		},
		{"a fee just below zero", []Charge{web("1", "0.00", as), web("2", "-0.01", func(c *Charge) {
			c.Prorated = Prorated{Price: MustMoney("USD 0.00"), By: CalendarDays, Part: 1, Whole: 3}
		})}, []sla.Verdict{on("a", "web", june, sla.Base{})}, nil, `charge "2": amount: USD -0.01 is not 1 of 3 days at USD 0.00`},
		{
			"another agreement's cycle",
			[]Charge{web("1", "10.00", as), web("2", "7.00", func(c *Charge) { c.Cycle = -1 })},
			[]sla.Verdict{on("a", "web", june, sla.Base{}), on("b", "web", june, sla.Base{Window: "1cycle before"})},
			[]string{"USD 10.00", "USD 7.00"},
			"",
		},
		{
			"labels in another order",
			[]Charge{web("1", "10.00", func(c *Charge) { c.Labels = map[string]string{"region": "x", "account": "7"} })},
			[]sla.Verdict{func() sla.Verdict {
				v := on("a", "web", june, sla.Base{By: []string{"account", "region"}}, sla.Base{By: []string{"region", "account"}})
				for i := range v.Findings {
					v.Findings[i].Labels["account"] = "7"
				}
				return v
			}()},
			[]string{"USD 10.00", "USD 10.00"},
			"",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fees, err := feesOf(tt.charges, tt.verdicts...)
			if tt.fault != "" {
				require.Error(t, err)
				assert.Contains(t, err.Error(), tt.fault)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.fees, fees)
		})
	}
}

// A limit over all that counts for any commitment is of each charge once; where
// the sum of that is below zero, the error says for which agreement.
func TestWholeFees(t *testing.T) {
	limits := []sla.Limit{{Remedy: sla.Remedy{Percent: points("10%")}, Clause: "/atMost/0"}}
	v := sla.Verdict{Agreement: "a", Resource: "web", Period: june, Limits: limits, Findings: []sla.Finding{
		{Base: sla.Base{Without: []string{"v2"}}}, {Base: sla.Base{Without: []string{"v1"}}},
	}}
	charges := []Charge{charge("web", "USD 10.00"), {ID: "1", Resource: "web", Kind: "v1", Amount: MustMoney("USD -8.00")}, {ID: "2", Resource: "web", Kind: "v2", Amount: MustMoney("USD -9.00")}}
	_, err := feesOf(charges, v)
	assert.EqualError(t, err, `credit: statement for "acme": agreement "a": the charges that count for any of its commitments: the fee is USD -7.00, below zero: charge "line web" of USD 10.00, charge "1" of USD -8.00, charge "2" of USD -9.00; a discount needs the resource and the time of the charges that it reduces, and must not exceed them`)

	// Of a fee that is a fraction a limit is that of the fraction, and says so.
	exact := Charge{ID: "1", Resource: "web", Amount: MustMoney("USD 165.83"), Prorated: Prorated{Price: MustMoney("USD 199.00"), By: CalendarDays, Part: 25, Whole: 30, Exact: true}}
	v.Findings = []sla.Finding{{Limits: []sla.Limit{{Remedy: sla.Remedy{Percent: points("60%")}, Clause: "/c/atMost/0"}}}}
	s, err := NewStatement(Bill{Customer: "acme", Period: june, Charges: []Charge{exact}, Verdicts: []sla.Verdict{v}})
	require.NoError(t, err)
	for _, c := range []Limit{s.Credits[0].Parts[0].Limits[0], s.Credits[0].Limits[0]} {
		assert.Equal(t, "USD 165.83", c.Base.String())
		assert.Equal(t, "995/6", c.Fee.String())
	}
	assert.Equal(t, "USD 99.50", s.Credits[0].Parts[0].Limits[0].Amount.String())
	assert.Equal(t, "USD 16.58", s.Credits[0].Limits[0].Amount.String())
}

// An error names three of the charges of a fee, and how many more there are.
func TestFeeBelowZeroNamesItsCharges(t *testing.T) {
	v := sla.Verdict{Agreement: "a", Resource: "web", Period: june, Findings: []sla.Finding{{Limits: []sla.Limit{{Remedy: sla.Remedy{Percent: points("10%")}, Clause: "/c/atMost/0"}}}}}
	var charges []Charge
	named := "charge \"0\" of USD -1.00, charge \"1\" of USD -1.00, charge \"2\" of USD -1.00"
	for n := range 6 {
		charges = append(charges, Charge{ID: strconv.Itoa(n), Resource: "web", Amount: MustMoney("USD -1.00")})
		_, err := feesOf(charges, v)
		switch {
		case n < 2:
			assert.ErrorContains(t, err, `charge "0" of USD -1.00`)
			assert.NotContains(t, err.Error(), "more;")
		case n == 2:
			assert.ErrorContains(t, err, "below zero: "+named+"; ")
		default:
			assert.ErrorContains(t, err, fmt.Sprintf("below zero: %s, and %d more; ", named, n-2))
		}
	}
}

// Exact charges whose sum no amount of money holds are an error, as others are.
func TestFeesOutOfRange(t *testing.T) {
	const most = "USD 92233720368547758.07"
	v := sla.Verdict{Agreement: "a", Resource: "web", Period: june, Findings: []sla.Finding{{}}}
	for _, proration := range []Prorated{{}, {Price: MustMoney(most), By: CalendarDays, Part: 30, Whole: 30, Exact: true}} {
		large := Charge{ID: "1", Resource: "web", Amount: MustMoney(most), Prorated: proration}
		small := Charge{ID: "2", Resource: "web", Amount: MustMoney("USD 0.01")}
		_, err := feesOf([]Charge{large, small}, v)
		assert.ErrorContains(t, err, "more than 9223372036854775807 minor units", "%v", proration)
	}
}

// The price of time of service goes by the time for which the fee was charged.
func TestServicePricedByTheFeesWindow(t *testing.T) {
	may := calendar.Month(2026, time.May, time.UTC).Window()
	start := june.Window().Start().Add(30 * time.Hour)
	broken := sla.Must(outage.NewTimeline(outage.Outage{ID: "o-1", Resource: "web", Start: start, End: start.Add(2 * time.Hour)}))
	before, now := Charge{ID: "1", Resource: "web", Amount: MustMoney("USD 744.00"), Window: may, Cycle: -1}, Charge{ID: "2", Resource: "web", Amount: MustMoney("USD 720.00"), Window: june.Window()}
	for window, want := range map[sla.FeeWindow]string{"30d before outage": "USD 20.00", "30d trailing": "USD 20.00", "7d trailing": "USD 20.00"} {
		c := sla.Commitment{Promise: "at most 1h", Calculation: sla.Calculation{Period: "outage"}, Base: sla.Base{Window: window}, Credits: []sla.Tier{{Give: "10x"}}}
		v := sla.Must(sla.Must(plain("a", c).Compile()).Judge(broken, june))
		charges := []Charge{now}
		if window == "30d before outage" {
			charges = append(charges, before)
		}
		s, err := NewStatement(Bill{Customer: "acme", Period: june, Charges: charges, Verdicts: []sla.Verdict{v}})
		require.NoError(t, err)
		assert.Equal(t, want, s.Total.String(), window)
	}
	c := sla.Commitment{Promise: "at least 99.9%", Base: sla.Base{Window: "1cycle before"}, Credits: []sla.Tier{{Give: "1d"}}}
	_, err := plain("a", c).Compile()
	assert.EqualError(t, err, `sla: agreement "a": commitments[0].base.length: missing; time of service is priced here, by the fee of another billing cycle`)
	_, err = feesOf([]Charge{{ID: "1", Resource: "web", Amount: MustMoney("USD 1.00"), Cycle: -1}}, sla.Verdict{Agreement: "a", Resource: "web", Period: june, Findings: []sla.Finding{{
		Clause: "/c", Base: sla.Base{Window: "1cycle before"}, Entitlement: sla.Entitlement{Remedy: sla.Remedy{Service: service("1h")}},
	}}})
	assert.EqualError(t, err, `credit: statement for "acme": verdict of "a" on "web": /c/base/length: missing; service time is priced by the fee of another billing cycle`)
}

// No line gets more than was billed while others have room, and none that took
// something off.
func TestLines(t *testing.T) {
	usd := MustMoney
	region := sla.Base{By: []string{"region"}}
	x := map[string]string{"region": "x"}
	give := func(resource string, e sla.Entitlement, base sla.Base) sla.Verdict {
		return sla.Verdict{Agreement: "a", Resource: resource, Period: june, Limits: []sla.Limit{{Remedy: sla.Remedy{Percent: points("100%")}}}, Findings: []sla.Finding{{Base: base, Labels: x, Entitlement: e, EntitlementAtMost: e}}}
	}
	half, five := sla.Entitlement{Remedy: sla.Remedy{Percent: points("50%")}}, sla.Entitlement{Remedy: sla.Remedy{Sum: sum("5", "USD")}}
	for _, tt := range []struct {
		name     string
		charges  []Charge
		verdicts []sla.Verdict
		want     map[string]string
	}{
		{
			"a fee that three share",
			[]Charge{{ID: "1", Resource: "a", Labels: x, Amount: usd("USD 10.01")}, {ID: "2", Resource: "b", Labels: x, Amount: usd("USD 10.00")}},
			[]sla.Verdict{give("a", half, region), give("b", half, region), give("c", half, region)},
			map[string]string{"1": "USD 10.01", "2": "USD 10.00"},
		},
		{
			"a discount that does not count",
			[]Charge{{ID: "v", Resource: "web", Kind: "one-time", Amount: usd("USD -5.00")}, {ID: "1", Resource: "web", Kind: "one-time", Amount: usd("USD 100.00")}},
			[]sla.Verdict{func() sla.Verdict {
				v := give("web", five, sla.Base{Without: []string{"one-time"}})
				v.Limits = nil
				return v
			}()},
			map[string]string{"1": "USD 5.00"},
		},
		{
			"a discount that counts",
			[]Charge{{ID: "v", Resource: "web", Amount: usd("USD -5.00")}, {ID: "1", Resource: "web", Amount: usd("USD 100.00")}},
			[]sla.Verdict{give("web", half, sla.Base{})},
			map[string]string{"v": "USD 0.00", "1": "USD 47.50"},
		},
		{
			"a fee of nothing",
			[]Charge{{ID: "1", Resource: "web", Amount: usd("USD 0.00")}, {ID: "2", Resource: "web", Amount: usd("USD 0.00")}},
			[]sla.Verdict{func() sla.Verdict {
				v := give("web", five, sla.Base{})
				v.Limits = nil
				return v
			}()},
			map[string]string{"1": "USD 5.00"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := NewStatement(Bill{Customer: "acme", Period: june, Charges: tt.charges, Verdicts: tt.verdicts})
			require.NoError(t, err)
			lines, err := s.Credits[0].Lines()
			require.NoError(t, err)
			got := map[string]string{}
			for _, l := range lines {
				got[l.ID] = l.Share.String()
			}
			assert.Equal(t, tt.want, got)
		})
	}
}
