package credit

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/internal/span"
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
charge "": amount: EUR -1.00 is negative
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
