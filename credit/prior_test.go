package credit

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// zone returns a zone with a name and without changes of its clocks.
func zone(name string, hours int) *time.Location { return time.FixedZone(name, hours*3600) }

// A limit over months leaves the amount that was not given in the months that
// end with the billing period. The first of them begins on the day of the month
// on which the period ends, or on the last day of a shorter month.
func TestWithin(t *testing.T) {
	period := func(from, to string, zone *time.Location) calendar.Period {
		return sla.Must(calendar.NewPeriod(sla.Must(calendar.ParseDate(from)), sla.Must(calendar.ParseDate(to)), zone))
	}
	east := zone("East", 9)
	for _, tt := range []struct {
		billed, earlier calendar.Period
		months          int
		want            bool
	}{
		{june, period("2025-06-01", "2025-07-01", time.UTC), 12, false}, // ended where they begin
		{june, period("2025-06-02", "2025-07-02", time.UTC), 12, true},
		{june, period("2026-05-01", "2026-06-01", time.UTC), 1, false},
		{june, period("2026-05-02", "2026-06-02", time.UTC), 1, true},
		{june, period("2026-06-05", "2026-07-05", time.UTC), 12, false}, // ended later
		{period("2026-02-28", "2026-03-31", time.UTC), period("2026-01-28", "2026-02-28", time.UTC), 1, false},
		{period("2026-02-28", "2026-03-31", time.UTC), period("2026-01-28", "2026-03-01", time.UTC), 1, true},
		{period("2026-06-15", "2026-07-15", east), period("2025-06-15", "2025-07-15", east), 12, false},
		{period("2026-06-15", "2026-07-15", east), period("2025-06-15", "2025-07-16", east), 12, true},
		{june, period("2025-06-03", "2025-07-03", east), 12, true}, // by days, in any zone
		{june, period("2025-06-02", "2025-07-02", east), 12, true},
		{june, period("2025-06-01", "2025-07-01", east), 12, false},
		{june, period("2026-06-01", "2026-07-01", zone("West", -9)), 12, true},
		{june, period("2026-06-02", "2026-07-02", east), 12, false}, // ended later
	} {
		got, err := Prior{Period: tt.earlier}.within(tt.months, tt.billed)
		require.NoError(t, err)
		assert.Equal(t, tt.want, got, "%v in the %d months up to %v", tt.earlier, tt.months, tt.billed)
	}
}

// A limit on one month never covers another cycle, and a limit on n months covers
// exactly n cycles, whatever the day on which the cycles begin.
func TestWithinCycles(t *testing.T) {
	for anchor := 1; anchor <= 31; anchor++ {
		cycle := calendar.Cycle{Start: calendar.Date{Year: 2023, Month: time.January, Day: anchor}, Zone: time.UTC, Months: 1}
		for n := range 26 { // over a leap day
			for back := 1; back <= 14; back++ {
				for _, months := range []int{1, 2, 12, 13} {
					got, err := Prior{Period: sla.Must(cycle.Period(n - back))}.within(months, sla.Must(cycle.Period(n)))
					require.NoError(t, err)
					require.Equal(t, back < months, got, "%d cycles before period %d, anchor %d, %d months", back, n, anchor, months)
				}
			}
		}
	}
}

// Under "30% per 1mo" each cycle gives its 30 %, also where the cycles begin on
// the 31st.
func TestLimitOfAMonthIsThatOfTheCycle(t *testing.T) {
	a := plain("a", flat("50%", "30% per 1mo"))
	cycle := calendar.Cycle{Start: calendar.Date{Year: 2026, Month: time.January, Day: 31}, Zone: time.UTC, Months: 1}
	issued := []Prior{}
	for n := range 14 {
		v := judge(t, a, "web", time.Hour)
		v.Period = sla.Must(cycle.Period(n))
		s, err := NewStatement(Bill{Customer: "acme", Period: v.Period, Charges: []Charge{charge("web", "USD 100.00")}, Verdicts: []sla.Verdict{v}, Prior: issued})
		require.NoError(t, err)
		assert.Equal(t, "USD 30.00", s.Total.String(), v.Period.String())
		issued = append(issued, s.Given()...)
	}
}

// The limit of a commitment counts what that gave for the resource, that of
// the agreement all that it gave.
func TestMonths(t *testing.T) {
	month := func(m time.Month) calendar.Period { return calendar.Month(2026, m, time.UTC) }
	give := func(amount string) []Prior {
		return []Prior{
			{"a", "", "web", month(time.May), MustMoney(amount)},
			{"a", "", "web", month(time.January), MustMoney("USD 3.00")}, // before the months
			{"a", "", "db", month(time.May), MustMoney("USD 5.00")},
			{"b", "", "web", month(time.May), MustMoney("USD 40.00")},
		}
	}
	for _, tt := range []struct {
		part, whole []sla.Cap
		before      string
		want        string
	}{
		{[]sla.Cap{"30% per 3mo"}, nil, "USD 0.00", "USD 25.00"},
		{[]sla.Cap{"30% per 3mo"}, nil, "USD 5.00", "USD 25.00"},
		{[]sla.Cap{"30% per 3mo"}, nil, "USD 5.01", "USD 24.99"},
		{[]sla.Cap{"30% per 3mo"}, nil, "USD 30.00", "USD 0.00"},
		{[]sla.Cap{"30% per 3mo"}, nil, "USD 31.00", "USD 0.00"}, // and not less
		{[]sla.Cap{"30% per 12mo"}, nil, "USD 5.01", "USD 21.99"},
		{nil, []sla.Cap{"30% per 3mo"}, "USD 5.01", "USD 19.99"},
		{[]sla.Cap{"9d per 2mo", "10USD"}, nil, "USD 25.00", "USD 5.00"},
	} {
		s, err := NewStatement(Bill{
			Customer: "acme", Period: june, Charges: []Charge{charge("web", "USD 100.00")}, Prior: give(tt.before),
			Verdicts: []sla.Verdict{judge(t, plain("a", flat("25%", tt.part...), tt.whole...), "web", time.Hour)},
		})
		require.NoError(t, err)
		assert.Equal(t, tt.want, s.Total.String(), fmt.Sprint(tt))
	}
}

// The credits given by one statement are the prior credits of the next bill.
func TestGiven(t *testing.T) {
	a := plain("a", flat("40%"), "100% per 12mo")
	issued := []Prior{}
	var totals []string
	for m := time.January; m <= time.April; m++ {
		v := judge(t, a, "web", time.Hour)
		v.Period = calendar.Month(2026, m, time.UTC)
		s, err := NewStatement(Bill{Customer: "acme", Period: v.Period, Charges: []Charge{charge("web", "USD 10.00")}, Verdicts: []sla.Verdict{v}, Prior: issued})
		require.NoError(t, err)
		totals = append(totals, s.Total.String())
		issued = append(issued, s.Given()...)
	}
	assert.Equal(t, []string{"USD 4.00", "USD 4.00", "USD 2.00", "USD 0.00"}, totals)
	assert.Len(t, issued, 3)
}

func TestPriorRefused(t *testing.T) {
	ok := Prior{"a", "", "web", calendar.Month(2026, time.May, time.UTC), MustMoney("USD 1.00")}
	for _, tt := range []struct {
		change func(*Prior)
		want   string
	}{
		{func(e *Prior) { e.Agreement = "" }, "prior[0]: agreement: missing"},
		{func(e *Prior) { e.Period = calendar.Period{} }, "prior[0]: period: the period is missing"},
		{func(e *Prior) { e.Period = june }, "prior[0]: its period, 2026-06-01/2026-07-01 UTC, ends in the billing period, whose credits this statement computes"},
		{func(e *Prior) { e.Amount = MustMoney("USD -1.00") }, "prior[0]: amount: USD -1.00 is negative"},
		{func(e *Prior) { e.Amount = MustMoney("EUR 1.00") }, "prior[0]: amount: credit: currencies differ: EUR and USD"},
		{func(*Prior) {}, "prior[1]: the same agreement, commitment, resource and period come twice; give the sum"},
	} {
		e := ok
		tt.change(&e)
		b := Bill{Customer: "acme", Period: june, Charges: []Charge{charge("web", "USD 100.00")}, Verdicts: []sla.Verdict{judge(t, plain("a", flat("25%")), "web", time.Hour)}, Prior: []Prior{e}}
		if e == ok {
			b.Prior = append(b.Prior, e)
		}
		_, err := NewStatement(b)
		assert.EqualError(t, err, `credit: statement for "acme": `+tt.want)
	}
}

// More months than there are days is an error of the statement.
func TestMonthsThatAreTooMany(t *testing.T) {
	given := Prior{"a", "", "web", calendar.Month(2025, time.June, time.UTC), MustMoney("USD 1.00")}
	b := Bill{Customer: "acme", Period: june, Charges: []Charge{charge("web", "USD 100.00")}, Verdicts: []sla.Verdict{judge(t, plain("a", flat("25%", "50% per 12mo")), "web", time.Hour)}, Prior: []Prior{given}}
	b.Verdicts[0].Findings[0].Limits[0].Months = 1 << 20 // as no agreement says, but a document may
	_, err := NewStatement(b)
	assert.ErrorContains(t, err, "months: 1048576 is not 1 to 1200")
}

// The credits of a month count once for a limit over months, by whatever
// clocks the month was measured, and not again in the next zone.
func TestPriorCountsByDaysInAnyZone(t *testing.T) {
	berlin := sla.Must(time.LoadLocation("Europe/Berlin"))
	july := calendar.Month(2026, time.July, berlin)
	v := judge(t, plain("a", flat("25%", "50% per 2mo")), "web", time.Hour)
	v.Period = july
	v.Findings[0].Measurement.Period = july
	b := Bill{Customer: "acme", Period: july, Charges: []Charge{charge("web", "USD 100.00")}, Verdicts: []sla.Verdict{v}, Prior: []Prior{
		{"a", "", "web", calendar.Month(2026, time.May, time.UTC), MustMoney("USD 7.00")}, // before the two months, by two hours or not
		{"a", "", "web", june, MustMoney("USD 40.00")},                                    // ends two hours into July in Berlin
	}}
	s, err := NewStatement(b)
	require.NoError(t, err)
	assert.Equal(t, "USD 10.00", s.Total.String())
	again := b.Prior[1]
	again.Period = calendar.Month(2026, time.June, berlin)
	b.Prior = append(b.Prior, again)
	_, err = NewStatement(b)
	assert.ErrorContains(t, err, "prior[2]: the same agreement, commitment, resource and period come twice; give the sum")
}

// The parts of several outages are one earlier credit.
func TestGivenOfSeveralOutages(t *testing.T) {
	part := sla.Finding{Commitment: "c", Entitlement: sla.Entitlement{Remedy: sla.Remedy{Percent: points("10%")}}, EntitlementAtMost: sla.Entitlement{Remedy: sla.Remedy{Percent: points("10%")}}}
	s := state(t, []Charge{charge("web", "USD 10.00")}, sla.Verdict{Agreement: "a", Resource: "web", Period: june, Findings: []sla.Finding{part, {}, part}})
	assert.Equal(t, []Prior{{"a", "c", "web", june, MustMoney("USD 2.00")}}, s.Given())
}
