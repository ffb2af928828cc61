package credit

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// june has 30 days, so that 2,592 seconds are exactly 0.1 % of it.
var june = calendar.Month(2026, time.June, time.UTC)

// plain returns an agreement with one commitment.
func plain(name string, c sla.Commitment, limits ...sla.Cap) sla.Agreement {
	return sla.Agreement{Name: name, Commitments: []sla.Commitment{c}, AtMost: limits}
}

// flat gives a share of the fee on any breach of 99.9 %.
func flat(share sla.Quantity, limits ...sla.Cap) sla.Commitment {
	return sla.Commitment{Promise: "at least 99.9%", Credits: []sla.Tier{{Give: share}}, AtMost: limits}
}

// judge returns the verdict on a resource that was down for a time from the
// start of june.
func judge(t require.TestingT, a sla.Agreement, resource string, down time.Duration) sla.Verdict {
	var records []outage.Record
	if down > 0 {
		start := june.Window().Start()
		records = append(records, outage.Outage{ID: "o-" + resource, Resource: resource, Start: start, End: start.Add(down)})
	}
	timelines, err := outage.Options{Resources: []string{resource}}.Timelines(records...)
	require.NoError(t, err)
	v, err := sla.Must(a.Compile()).Judge(timelines[0], june)
	require.NoError(t, err)
	return v
}

// charge returns a charge that is named after its resource.
func charge(resource, amount string) Charge {
	return Charge{ID: "line " + resource, Resource: resource, Amount: MustMoney(amount)}
}

// state returns the statement on charges and verdicts for june.
func state(t require.TestingT, charges []Charge, verdicts ...sla.Verdict) Statement {
	s, err := NewStatement(Bill{Customer: "acme", Period: june, Charges: charges, Verdicts: verdicts})
	require.NoError(t, err)
	return s
}

// The rows of the published vectors that need one resource and one share.
func TestVectors(t *testing.T) {
	for _, tt := range []struct {
		name, fee string
		c         sla.Commitment
		down      time.Duration
		want      int64
	}{
		{"B01", "USD 499.00", flat("10%"), time.Hour, 4990},
		{"B02", "USD 100.50", flat("5%"), time.Hour, 503},
		{"B07", "JPY 9970", flat("5%"), time.Hour, 499},
		{"B13", "USD 99.99", flat("100%", "50%"), time.Hour, 4999},
		{"B15 on the threshold", "USD 499.00", flat("10%"), 2592 * time.Second, 0},
		{"B15 a nanosecond over", "USD 499.00", flat("10%"), 2592*time.Second + 1, 4990},
		{"B15 a second over", "USD 499.00", flat("10%"), 2593 * time.Second, 4990},
		{"B24", "ISK 12990", flat("5%"), time.Hour, 650},
		{"nothing down", "USD 499.00", flat("10%"), 0, 0},
		{"a free service", "USD 0.00", flat("10%"), time.Hour, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := state(t, []Charge{charge("web", tt.fee)}, judge(t, plain("a", tt.c), "web", tt.down))
			assert.Equal(t, tt.want, s.Total.MinorUnits())
			assert.Equal(t, MustMoney(tt.fee).Currency(), s.Total.Currency())
			assert.Equal(t, s.Total, s.TotalAtMost)
			assert.Empty(t, s.Provisional)
		})
	}
}

// One of three resources at 40.00 is in breach: the base is the charge for that
// resource, not for the account.
func TestB17(t *testing.T) {
	a := plain("a", flat("10%"))
	s := state(t, []Charge{charge("x", "USD 40.00"), charge("y", "USD 40.00"), charge("z", "USD 40.00")},
		judge(t, a, "x", 0), judge(t, a, "y", time.Hour), judge(t, a, "z", 0))
	assert.Equal(t, MustMoney("USD 4.00"), s.Total)
	require.Len(t, s.Credits, 1)
	assert.Equal(t, []string{"0.00", "4.00", "0.00"}, []string{s.Credits[0].Parts[0].Amount.number(), s.Credits[0].Parts[1].Amount.number(), s.Credits[0].Parts[2].Amount.number()})
}

// The amounts of the worked example.
func TestJoyent(t *testing.T) {
	may := calendar.Month(2014, time.May, time.UTC)
	start := time.Date(2014, 5, 27, 20, 13, 0, 0, time.UTC)
	for per, want := range map[sla.Step][]string{
		"full 30m":    {"USD 0.00", "USD 5.00", "USD 10.00", "USD 20.00"},
		"started 30m": {"USD 5.00", "USD 10.00", "USD 15.00", "USD 25.00"},
	} {
		terms := sla.Must(plain("joyent", sla.Commitment{
			Promise: "exactly 100%", Credits: []sla.Tier{{Give: "5%", Per: per}}, AtMost: []sla.Cap{"100%"},
		}).Compile())
		for i, minutes := range []time.Duration{20, 32, 77, 149} {
			timeline, err := outage.NewTimeline(outage.Outage{ID: "o", Resource: "i", Start: start, End: start.Add(minutes * time.Minute)})
			require.NoError(t, err)
			v, err := terms.Judge(timeline, may)
			require.NoError(t, err)
			s, err := NewStatement(Bill{Customer: "acme", Period: may, Charges: []Charge{charge("i", "USD 100.00")}, Verdicts: []sla.Verdict{v}})
			require.NoError(t, err)
			assert.Equal(t, want[i], s.Total.String(), "%d min, %s", minutes, per)
		}
	}
}

func TestLimits(t *testing.T) {
	for _, tt := range []struct {
		name  string
		share sla.Quantity
		part  []sla.Cap // limits of the commitment
		whole []sla.Cap // limits of the agreement
		want  string
		binds string // the clause that binds
	}{
		{"none", "100%", nil, nil, "USD 99.99", ""},
		{"above", "10%", []sla.Cap{"50%"}, []sla.Cap{"60%"}, "USD 10.00", ""},
		{"on the limit", "50%", []sla.Cap{"50%"}, nil, "USD 49.99", "/commitments/0/atMost/0"},
		{"floored", "100%", []sla.Cap{"50%"}, nil, "USD 49.99", "/commitments/0/atMost/0"},
		{"the lowest", "100%", []sla.Cap{"70%", "30%", "50%"}, nil, "USD 29.99", "/commitments/0/atMost/1"},
		{"two equal", "100%", []sla.Cap{"30%", "30%"}, nil, "USD 29.99", "/commitments/0/atMost/0"},
		{"overall", "60%", []sla.Cap{"70%"}, []sla.Cap{"50%"}, "USD 49.99", "/atMost/0"},
		{"both", "100%", []sla.Cap{"70%"}, []sla.Cap{"50%"}, "USD 49.99", "/commitments/0/atMost/0 /atMost/0"},
		{"nothing", "100%", []sla.Cap{"0%"}, nil, "USD 0.00", "/commitments/0/atMost/0"},
		// 50.001 % is 49.9960: exact and rounded would be 50.00, above the limit of 50.0003 %.
		{"rounding over a limit that does not bind", "50.001%", nil, []sla.Cap{"50.0003%"}, "USD 49.99", "/atMost/0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := state(t, []Charge{charge("web", "USD 99.99")}, judge(t, plain("a", flat(tt.share, tt.part...), tt.whole...), "web", time.Hour))
			assert.Equal(t, tt.want, s.Total.String())
			var binds []string
			for _, limits := range [][]Limit{s.Credits[0].Parts[0].Limits, s.Credits[0].Limits} {
				for _, c := range limits {
					if c.Binds {
						binds = append(binds, c.Agreed.Clause)
					}
				}
			}
			assert.Equal(t, tt.binds, strings.Join(binds, " "))
		})
	}
}

// The sum is rounded once: three parts of 5 % of 66.70 are 10.005, not three
// times 3.34; and what each gets is not more than it is owed, rounded up.
func TestRoundedOnce(t *testing.T) {
	a := plain("a", flat("5%"))
	s := state(t, []Charge{charge("x", "USD 66.70"), charge("y", "USD 66.70"), charge("z", "USD 66.70")},
		judge(t, a, "x", time.Hour), judge(t, a, "y", time.Hour), judge(t, a, "z", time.Hour))
	c := s.Credits[0]
	assert.Equal(t, "10.005", c.Sum.String())
	assert.Equal(t, "USD 10.01", c.Amount.String())
	assert.Equal(t, []int64{334, 334, 333}, []int64{c.Parts[0].Amount.minor, c.Parts[1].Amount.minor, c.Parts[2].Amount.minor})

	// A part that a limit cut to 100.00 stays there though the sum is rounded up.
	tenth := plain("a", flat("10%", "5%"))
	s = state(t, []Charge{charge("x", "USD 2000.00"), charge("y", "USD 0.06"), charge("z", "USD 0.06")},
		judge(t, tenth, "x", time.Hour), judge(t, plain("a", flat("5%", "5%")), "y", time.Hour), judge(t, plain("a", flat("5%", "5%")), "z", time.Hour))
	assert.Equal(t, MustMoney("USD 100.00"), s.Credits[0].Parts[0].Amount)
}

// Two commitments of one agreement add up; two agreements are two credits.
func TestSeveral(t *testing.T) {
	both := sla.Agreement{Name: "both", Commitments: []sla.Commitment{
		{Name: "any", Promise: "exactly 100%", Credits: []sla.Tier{{Give: "1%"}}},
		{Name: "long", Downtime: sla.Downtime{Lasting: "over 1h"}, Promise: "exactly 100%", Credits: []sla.Tier{{Give: "7%"}}},
	}, AtMost: []sla.Cap{"7%"}}
	charges := []Charge{charge("web", "USD 50.00"), {ID: "more", Resource: "web", Amount: MustMoney("USD 50.00")}}
	s := state(t, charges, judge(t, both, "web", 2*time.Hour), judge(t, plain("other", flat("10%")), "web", 2*time.Hour))
	require.Len(t, s.Credits, 2)
	assert.Equal(t, MustMoney("USD 7.00"), s.Credits[0].Amount)
	assert.Equal(t, MustMoney("USD 10.00"), s.Credits[1].Amount)
	assert.Equal(t, MustMoney("USD 17.00"), s.Total)
	assert.Equal(t, []string{"any", "long"}, []string{s.Credits[0].Parts[0].Commitment, s.Credits[0].Parts[1].Commitment})
	assert.Equal(t, MustMoney("USD 100.00"), s.Credits[0].Parts[0].Base)
}

func TestProvisional(t *testing.T) {
	start := june.Window().Start()
	a := sla.Must(plain("a", flat("10%")).Compile())
	open := outage.Outage{ID: "o", Resource: "web", Start: start, ServedPercent: decimal.New(50, 0)}
	closed := open
	closed.End = start.Add(time.Hour)
	for _, tt := range []struct {
		name        string
		asOf        time.Time
		records     []outage.Record
		total, most string
		want        []string
	}{
		{"final", start.AddDate(0, 2, 0), []outage.Record{closed}, "USD 10.00", "USD 10.00", nil},
		{"complete", time.Time{}, []outage.Record{closed}, "USD 10.00", "USD 10.00", nil},
		{"not over, decided", start.Add(2 * time.Hour), []outage.Record{closed}, "USD 10.00", "USD 10.00", []string{"the period 2026-06-01/2026-07-01 UTC was not over at 2026-06-01T02:00:00Z"}},
		{"open over the end", start.AddDate(0, 2, 0), []outage.Record{open}, "USD 10.00", "USD 10.00", nil},
		{"not over, undecided", start.Add(time.Minute), []outage.Record{open}, "USD 0.00", "USD 10.00", []string{
			"the period 2026-06-01/2026-07-01 UTC was not over at 2026-06-01T00:01:00Z", "web: an outage was under way at 2026-06-01T00:01:00Z",
			"web: unknown time decides the credit under a",
		}},
		{"a gap that decides", time.Time{}, []outage.Record{outage.Coverage{Resource: "web", Start: start.Add(time.Hour)}}, "USD 0.00", "USD 10.00", []string{
			"web: unknown time decides the credit under a",
		}},
		{"a gap that does not", time.Time{}, []outage.Record{outage.Coverage{Resource: "web", Start: start.Add(time.Minute)}}, "USD 0.00", "USD 0.00", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			timeline, err := outage.Options{AsOf: tt.asOf}.Timeline(tt.records...)
			require.NoError(t, err)
			v, err := a.Judge(timeline, june)
			require.NoError(t, err)
			s := state(t, []Charge{charge("web", "USD 100.00")}, v)
			assert.Equal(t, []string{tt.total, tt.most}, []string{s.Total.String(), s.TotalAtMost.String()})
			assert.Equal(t, tt.want, s.Provisional)
		})
	}
}

// A month that is over is final while an outage of its last day goes on, unless
// that can still change a figure of it.
func TestClosedMonthUnderAnOpenOutage(t *testing.T) {
	may := calendar.Month(2024, time.May, time.UTC)
	asOf := time.Date(2024, time.June, 2, 8, 0, 0, 0, time.UTC)
	open := outage.Outage{ID: "o", Resource: "web", Start: time.Date(2024, time.May, 30, 20, 0, 0, 0, time.UTC)}
	timeline := sla.Must(outage.Options{AsOf: asOf}.Timeline(open))
	a := plain("a", sla.Commitment{Promise: "at least 99.95%", Credits: []sla.Tier{{When: "below 99.95%", Give: "10%"}, {When: "below 99.0%", Give: "25%"}}})
	bill := func(a sla.Agreement) Bill {
		v := sla.Must(sla.Must(a.Compile()).Judge(timeline, may))
		return Bill{Customer: "acme", Period: may, Charges: []Charge{charge("web", "EUR 1000.00")}, Verdicts: []sla.Verdict{v}}
	}
	s := sla.Must(NewStatement(bill(a)))
	assert.Equal(t, MustMoney("EUR 250.00"), s.Total)
	assert.Empty(t, s.Provisional)

	a.Commitments[0].Downtime.Lasting = "at least 72h"
	s = sla.Must(NewStatement(bill(a)))
	assert.Equal(t, MustMoney("EUR 0.00"), s.Total)
	assert.Contains(t, s.Provisional, "web: an outage was under way at 2024-06-02T08:00:00Z")
}

// A bill without a period has that of its verdicts, if they have one.
func TestBillHasThePeriodOfItsVerdicts(t *testing.T) {
	terms := sla.MustCompile("a", sla.Commitment{Promise: "at least 99.95%"})
	bill := func(periods ...calendar.Period) Bill {
		b := Bill{Customer: "acme", Charges: []Charge{charge("web", "EUR 1000.00"), charge("db", "EUR 1000.00")}}
		for i, p := range periods {
			timeline := sla.Must(outage.Options{Resources: []string{[]string{"web", "db"}[i]}}.Timeline())
			b.Verdicts = append(b.Verdicts, sla.Must(terms.Judge(timeline, p)))
		}
		return b
	}
	s, err := NewStatement(bill(june, june))
	require.NoError(t, err)
	assert.Equal(t, june, s.Period)
	_, err = NewStatement(bill(june, calendar.Month(2026, time.May, time.UTC)))
	assert.ErrorContains(t, err, "period: the period is missing")
}

func TestBillRefuses(t *testing.T) {
	a := plain("a", flat("10%"))
	v := judge(t, a, "web", time.Hour)
	ok := Bill{Customer: "acme", Period: june, Charges: []Charge{charge("web", "USD 1.00")}, Verdicts: []sla.Verdict{v}}
	for _, tt := range []struct {
		name   string
		change func(*Bill)
		want   string
	}{
		{"customer", func(b *Bill) { b.Customer = "" }, `statement for "": customer: missing`},
		{"customer on two lines", func(b *Bill) { b.Customer = "a\nb" }, `statement for "a\nb": customer: "a\nb" has a control character`},
		{"period", func(b *Bill) { b.Period, b.Verdicts[0].Period = calendar.Period{}, calendar.Period{} }, `period: the period is missing` + "\n" + `verdict of "a" on "web": the period is missing`},
		{"a month that cannot be", func(b *Bill) { b.Period = calendar.Month(1800, 1, time.UTC) }, "period: the period 1800-01-01/1800-02-01: 1800-01-01 is outside the years 1900 to 2191\n1800-02-01 is outside the years 1900 to 2191"},
		{"no charges", func(b *Bill) { b.Charges = nil }, "charges: missing\nverdict of \"a\" on \"web\": there is no charge for the resource"},
		{"charge without ID", func(b *Bill) { b.Charges[0].ID = "" }, `charges[0]: id: missing`},
		{"charge twice", func(b *Bill) { b.Charges = append(b.Charges, b.Charges[0]) }, `charge "line web": comes twice`},
		{"no currency", func(b *Bill) { b.Charges[0].Amount = Money{} }, `charge "line web": amount: the currency is missing`},
		{"negative", func(b *Bill) { b.Charges[0].Amount = MustMoney("USD -0.01") }, `verdict of "a" on "web": the fee is USD -0.01, below zero: charge "line web" of USD -0.01; a discount needs the resource and the time of the charges that it reduces, and must not exceed them`},
		{"two currencies", func(b *Bill) {
			b.Charges = append(b.Charges, Charge{ID: "2", Resource: "web", Amount: MustMoney("EUR 1.00")})
		}, `charge "2": amount: credit: currencies differ: EUR and USD`},
		{"charge without verdict", func(b *Bill) { b.Charges = append(b.Charges, charge("db", "USD 1.00")) }, `charge "line db": resource: there is no verdict on "db"`},
		{"verdict without charge", func(b *Bill) { b.Verdicts = append(b.Verdicts, judge(t, a, "db", 0)) }, `verdict of "a" on "db": there is no charge for the resource`},
		{"verdict twice", func(b *Bill) { b.Verdicts = append(b.Verdicts, v) }, `verdict of "a" on "web": comes twice`},
		{"an overlapping period", func(b *Bill) {
			other := v
			other.Period = sla.Must(calendar.NewPeriod(calendar.Date{Year: 2026, Month: 6, Day: 2}, calendar.Date{Year: 2026, Month: 7, Day: 1}, time.UTC))
			b.Verdicts = append(b.Verdicts, other)
		}, `verdict of "a" on "web": comes twice`},
		{"two periods of one agreement", func(b *Bill) {
			other := judge(t, a, "db", 0)
			other.Period = sla.Must(calendar.NewPeriod(calendar.Date{Year: 2026, Month: 6, Day: 2}, calendar.Date{Year: 2026, Month: 7, Day: 1}, time.UTC))
			b.Charges = append(b.Charges, charge("db", "USD 1.00"))
			b.Verdicts = append(b.Verdicts, other)
		}, `verdict of "a" on "db": its period, 2026-06-02/2026-07-01 UTC, is not that of the agreement's other verdicts, 2026-06-01/2026-07-01 UTC`},
		{"verdict without a name", func(b *Bill) { b.Verdicts[0].Agreement = "" }, `verdict of "" on "web": the agreement has no name`},
		{"verdict without a period", func(b *Bill) { b.Verdicts[0].Period = calendar.Period{} }, `verdict of "a" on "web": the period is missing`},
		{"verdict of later", func(b *Bill) { b.Period = calendar.Month(2026, time.May, time.UTC) }, `verdict of "a" on "web": its period, 2026-06-01/2026-07-01 UTC, does not end in the billing period, 2026-05-01/2026-06-01 UTC`},
		{"verdict of before", func(b *Bill) { b.Period = calendar.Month(2026, time.July, time.UTC) }, `verdict of "a" on "web": its period, 2026-06-01/2026-07-01 UTC, does not end in the billing period, 2026-07-01/2026-08-01 UTC`},
		{"two editions", func(b *Bill) {
			b.Charges = append(b.Charges, charge("db", "USD 1.00"))
			b.Verdicts = append(b.Verdicts, judge(t, plain("a", flat("10%"), "50%"), "db", 0))
		}, `verdict of "a" on "db": its limits are not those of the verdict on "web"`},
		{"too much", func(b *Bill) {
			b.Charges = append(b.Charges, charge("web", "USD 92233720368547758.07"))
			b.Charges[1].ID = "2"
		}, `adding USD 1.00 and USD 92233720368547758.07: more than 9223372036854775807 minor units`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := ok
			b.Charges = append([]Charge{}, ok.Charges...)
			b.Verdicts = append([]sla.Verdict{}, ok.Verdicts...)
			tt.change(&b)
			s, err := NewStatement(b)
			require.Error(t, err)
			assert.True(t, strings.HasSuffix(err.Error(), tt.want), err.Error())
			assert.True(t, strings.HasPrefix(err.Error(), "credit: statement for "), err.Error())
			assert.Zero(t, s)
			assert.Equal(t, tt.name == "two currencies", errors.Is(err, ErrCurrencyMismatch))
		})
	}
	s, err := NewStatement(Bill{})
	assert.EqualError(t, err, "credit: statement for \"\": customer: missing\nperiod: the period is missing\ncharges: missing")
	assert.Zero(t, s)
}

// A yearly commitment that ended in the billing period is part of its statement.
func TestLongerPeriod(t *testing.T) {
	year := sla.Must(calendar.NewPeriod(calendar.Date{Year: 2025, Month: time.July, Day: 1}, calendar.Date{Year: 2026, Month: time.July, Day: 1}, time.UTC))
	timelines, err := outage.Options{Resources: []string{"web"}}.Timelines()
	require.NoError(t, err)
	v, err := sla.Must(plain("yearly", flat("10%")).Compile()).Judge(timelines[0], year)
	require.NoError(t, err)
	s := state(t, []Charge{charge("web", "USD 1.00")}, v, judge(t, plain("a", flat("10%")), "web", time.Hour))
	require.Len(t, s.Credits, 2)
	assert.Equal(t, year, s.Credits[0].Period)
	assert.Equal(t, MustMoney("USD 0.10"), s.Total)
}

// rich returns a statement in which every kind of step occurs.
func rich(t require.TestingT) Statement {
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 6, day, hour, minute, 0, 0, time.UTC) }
	agreement := sla.Agreement{Name: "plain", Note: "a test, seen nowhere else, with a note that is long enough to need a second line", Commitments: []sla.Commitment{
		{
			Name:       "service",
			Downtime:   sla.Downtime{Loss: "over 5%", Lasting: "at least 5m"},
			Exclusions: []sla.Exclusion{{Causes: []string{"maintenance"}, Notice: "24h"}, {Causes: []string{"customer"}}},
			Promise:    "at least 99.95%",
			Credits:    []sla.Tier{{When: "below 99.95%", Give: "10%"}, {When: "below 99.0%", Give: "25%"}},
			AtMost:     []sla.Cap{"20%"},
		},
		{Name: "network", Promise: "exactly 100%", Credits: []sla.Tier{{Give: "5%", Per: "full 30m"}}},
	}, AtMost: []sla.Cap{"100%"}}
	timelines, err := outage.Options{AsOf: at(28, 0, 0), Resources: []string{"mail"}}.Timelines(
		outage.Lifetime{Resource: "web", Start: at(2, 0, 0)},
		outage.Coverage{Resource: "web", Start: at(1, 0, 0), End: at(20, 0, 0)},
		outage.Coverage{Resource: "web", Start: at(20, 0, 10)},
		outage.Outage{ID: "o-1", Resource: "web", Start: at(3, 9, 0), End: at(3, 9, 40)},
		outage.Outage{ID: "o-2", Resource: "web", Start: at(3, 9, 20), End: at(3, 17, 45), ServedPercent: decimal.New(25, 0)},
		outage.Outage{ID: "o-3", Resource: "web", Start: at(7, 11, 0), End: at(7, 11, 4)},
		outage.Outage{ID: "o-4", Resource: "web", Start: at(9, 2, 30), End: at(9, 3, 10)},
		outage.Outage{ID: "o-5", Resource: "web", Start: at(11, 0, 0), End: at(11, 1, 0), Cause: "customer"},
		outage.Outage{ID: "o-6", Resource: "web", Start: at(12, 0, 0), End: at(12, 1, 0), ServedPercent: decimal.New(97, 0)},
		outage.Outage{ID: "o-7", Resource: "web", Start: at(27, 23, 0)},
		outage.Maintenance{ID: "m-1", Resource: "web", Start: at(9, 2, 0), End: at(9, 3, 0), Announced: at(5, 12, 0)},
	)
	require.NoError(t, err)
	var verdicts []sla.Verdict
	for _, timeline := range timelines {
		v, err := sla.Must(agreement.Compile()).Judge(timeline, june)
		require.NoError(t, err)
		verdicts = append(verdicts, v)
	}
	return state(t, []Charge{charge("web", "USD 499.95"), charge("mail", "USD 20.00")}, verdicts...)
}

// golden compares a text with that of a file, which WRITE_GOLDEN=1 writes anew.
func golden(t *testing.T, name, got string) {
	name = "testdata/" + name
	if os.Getenv("WRITE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile(name, []byte(got), 0o600))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

func TestText(t *testing.T) {
	text := rich(t).Text()
	golden(t, "rich.txt", text)
	for line := range strings.Lines(text) {
		assert.LessOrEqual(t, len([]rune(line)), 130)
	}
	golden(t, "corrected.txt", corrected(t).Text())
}

func TestAccount(t *testing.T) {
	steps := rich(t).Account()
	seen := map[int]bool{}
	for i, step := range steps {
		seen[step.Number] = true
		if i > 0 && steps[i-1].Subject == step.Subject {
			assert.LessOrEqual(t, steps[i-1].Number, step.Number, step.Text)
		}
	}
	for _, number := range []int{1, 6, 7, 8, 9, 10, 12, 13, 15, 16, 18} {
		assert.True(t, seen[number], number)
	}
}

// Any amount that is changed in a statement is noticed.
func TestTamperedStatement(t *testing.T) {
	type bare = statement
	data, err := json.Marshal(rich(t))
	require.NoError(t, err)
	document := string(data)
	cent := Money{1, "USD"}
	more := func(m *Money) { *m = sla.Must(m.Add(cent)) }
	for name, change := range map[string]func(*Statement){
		"total.amount: 519.96, but the charges and verdicts give 519.95":    func(s *Statement) { more(&s.Total) },
		"totalAtMost.amount: 519.96, but":                                   func(s *Statement) { more(&s.TotalAtMost) },
		"credits[0].amount.amount: 519.96, but":                             func(s *Statement) { more(&s.Credits[0].Amount) },
		"credits[0].limits[0].amount.amount: 519.96, but":                   func(s *Statement) { more(&s.Credits[0].Limits[0].Amount) },
		"credits[0].amountAtMost.amount: 519.96, but":                       func(s *Statement) { more(&s.Credits[0].AmountAtMost) },
		"credits[0].parts[2].amount.amount: 74.29, but":                     func(s *Statement) { more(&s.Credits[0].Parts[2].Amount) },
		"credits[0].sum: 1, but":                                            func(s *Statement) { s.Credits[0].Sum = NewExact(big.NewRat(1, 1)) },
		"credits[0].parts[3].owed: 1, but":                                  func(s *Statement) { s.Credits[0].Parts[3].Owed = NewExact(big.NewRat(1, 1)) },
		"credits[0].parts[2].limits[0].amount.amount: 0.01, but":            func(s *Statement) { s.Credits[0].Parts[2].Limits[0].Amount = cent },
		"credits[0].parts: 3 elements, but the charges and verdicts give 4": func(s *Statement) { s.Credits[0].Parts = s.Credits[0].Parts[:3] },
		"credits[0].agreement: other, but":                                  func(s *Statement) { s.Credits[0].Agreement = "other" },
		"credits[0].withheld: map[amount:0.01 currency:USD], but":           func(s *Statement) { s.Credits[0].Withheld = cent },
		"resource: there is no verdict on \"web\"":                          func(s *Statement) { s.Verdicts = nil },
		"credits[0].parts[0].amount.currency: EUR, but":                     func(s *Statement) { s.Credits[0].Parts[0].Amount = MustMoney("EUR 0.00") },
	} {
		var s Statement
		require.NoError(t, json.Unmarshal(data, &s))
		change(&s)
		changed, err := json.Marshal(statementDocument{Format: StatementFormat, statement: bare(s)})
		require.NoError(t, err)
		var read Statement
		err = read.UnmarshalJSON(changed)
		assert.ErrorContains(t, err, "credit: reading a statement: ", name)
		assert.ErrorContains(t, err, strings.TrimRight(name, " "))
		assert.Zero(t, read)
	}
	for _, data := range []string{`{}`, `null`, `{"format":"slacredit/statement/2"}`, strings.Replace(document, `"customer"`, `"Customer"`, 1)} {
		var read Statement
		assert.ErrorContains(t, read.UnmarshalJSON([]byte(data)), "credit: reading a statement: ")
		assert.Zero(t, read)
	}
}

func TestExact(t *testing.T) {
	var e Exact
	require.NoError(t, e.UnmarshalText([]byte("4.9975")))
	assert.Equal(t, "4.9975", e.String())
	amount, finite := e.Decimal()
	assert.True(t, finite && amount.Equal(dec("4.9975")))
	require.NoError(t, e.UnmarshalText([]byte("-4967/31")))
	assert.Equal(t, []string{"-4967/31", "-160.22580645…"}, []string{e.String(), e.shown()})
	_, finite = e.Decimal()
	assert.False(t, finite)
	assert.True(t, e.Equal(NewExact(big.NewRat(-9934, 62))))
	assert.False(t, e.Equal(Exact{}))
	e.Rat().SetInt64(1)
	assert.Equal(t, big.NewRat(-4967, 31), e.Rat())
	assert.Error(t, e.UnmarshalText([]byte("2/4")))
	require.NoError(t, e.UnmarshalText([]byte("0.00")))
	assert.Zero(t, e)
	require.NoError(t, e.UnmarshalText([]byte("4.9975")))
	assert.EqualError(t, e.UnmarshalText([]byte("5e1")), `credit: reading an exact amount: not a decimal number: "5e1"`)
	assert.Equal(t, "4.9975", e.String())
}

// The settings that other users of the decimal package may change in the same
// program change nothing here.
func TestSettingsOfDecimal(t *testing.T) {
	precision, quotes := decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes
	t.Cleanup(func() { decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes = precision, quotes })
	write := func() string {
		s := rich(t)
		data, err := json.Marshal(s)
		require.NoError(t, err)
		return string(data) + s.Text()
	}
	want := write()
	decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes = 2, true
	assert.Equal(t, want, write())
}

// Laws that hold for every bill.
func TestStatementLaws(t *testing.T) {
	shares := rapid.SampledFrom([]sla.Quantity{"0%", "0.001%", "1%", "5%", "10%", "33.333333%", "99.9999%", "100%", "250%"})
	limits := rapid.SliceOfN(rapid.SampledFrom([]sla.Cap{"0%", "0.01%", "10%", "33.3%", "50%", "100%", "1000%"}), 0, 2)
	rapid.Check(t, func(t *rapid.T) {
		a := sla.Agreement{Name: "a", AtMost: limits.Draw(t, "overall")}
		for i := range rapid.IntRange(1, 3).Draw(t, "commitments") {
			c := flat(shares.Draw(t, "share"), limits.Draw(t, "limits")...)
			c.Name = fmt.Sprint(i)
			if rapid.Bool().Draw(t, "steps") {
				c.Credits[0].Per = rapid.SampledFrom([]sla.Step{"full 7m", "started 7m"}).Draw(t, "per")
			}
			a.Commitments = append(a.Commitments, c)
		}
		currency := rapid.SampledFrom([]string{"JPY", "USD", "KWD"}).Draw(t, "currency")
		var charges []Charge
		var verdicts []sla.Verdict
		for i := range rapid.IntRange(1, 4).Draw(t, "resources") {
			resource := fmt.Sprint("r", i)
			verdicts = append(verdicts, judge(t, a, resource, time.Duration(rapid.IntRange(0, 3*3600).Draw(t, "down"))*time.Second))
			for j := range rapid.IntRange(1, 2).Draw(t, "lines") {
				charges = append(charges, Charge{ID: fmt.Sprint(i, j), Resource: resource, Amount: Money{rapid.Int64Range(0, 1e7).Draw(t, "amount"), currency}})
			}
		}
		s := state(t, charges, verdicts...)
		slow := slowTotal(a, charges, verdicts)
		if s.Total.minor != slow {
			t.Fatalf("%v, and by the second way %d", s.Total, slow)
		}
		if _, err := s.priced(); err != nil {
			t.Fatal(err)
		}
		for i, p := range s.Credits[0].Parts {
			up, err := round(exact.Of(p.Owed.Rat()), currency, AwayFromZero)
			if err != nil || p.Amount.minor > up.minor {
				t.Fatalf("part %d of %v is %v", i, p.Owed, p.Amount)
			}
		}
		for i, j := 0, len(charges)-1; i < j; i, j = i+1, j-1 {
			charges[i], charges[j] = charges[j], charges[i]
		}
		if again := state(t, charges, verdicts...); again.Total != s.Total {
			t.Fatal("the order of the charges changes the total")
		}
		data, err := json.Marshal(s)
		var read Statement
		if err != nil || json.Unmarshal(data, &read) != nil {
			t.Fatal(err)
		}
		if again, err := json.Marshal(read); err != nil || string(again) != string(data) {
			t.Fatal(err, string(again), string(data))
		}
	})
}

// slowTotal computes the total in minor units, in whole numbers of 10⁻¹⁸ of a
// minor unit, in the plainest way.
func slowTotal(a sla.Agreement, charges []Charge, verdicts []sla.Verdict) int64 {
	exact := func(minor int64, percent decimal.Decimal) decimal.Decimal {
		return decimal.NewFromInt(minor).Mul(percent).Shift(-2)
	}
	points := func(text string) decimal.Decimal { return dec(strings.TrimSuffix(text, "%")) }
	var sum decimal.Decimal
	var whole int64
	for _, v := range verdicts {
		var base int64
		for _, c := range charges {
			if c.Resource == v.Resource {
				base += c.Amount.minor
			}
		}
		whole += base
		for i, f := range v.Findings {
			row := a.Commitments[i].Credits[0]
			down := f.Measurement.Down
			if down <= 2592*time.Second {
				continue
			}
			steps := int64(1)
			switch row.Per {
			case "full 7m":
				steps = int64(down / (7 * time.Minute))
			case "started 7m":
				steps = int64((down + 7*time.Minute - 1) / (7 * time.Minute))
			}
			owed := exact(base, points(string(row.Give)).Mul(decimal.NewFromInt(steps)))
			for _, limit := range a.Commitments[i].AtMost {
				owed = decimal.Min(owed, exact(base, points(string(limit))).Floor())
			}
			sum = sum.Add(owed)
		}
	}
	total := sum.Add(decimal.New(5, -1)).Floor()
	for _, limit := range a.AtMost {
		total = decimal.Min(total, exact(whole, points(string(limit))).Floor())
	}
	return total.IntPart()
}

func FuzzStatementJSON(f *testing.F) {
	for _, name := range []string{"testdata/rich-1.json", "testdata/varied-1.json"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"format":"slacredit/statement/1"}`))
	f.Add([]byte(`{"format":"slacredit/statement/1","credits":[{"parts":[{}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var s Statement
		if s.UnmarshalJSON(data) != nil {
			return
		}
		written, err := json.Marshal(s)
		if err != nil {
			t.Skip("a state or period that is not written")
		}
		_ = s.Text()
		var again Statement
		if err := again.UnmarshalJSON(written); err != nil {
			t.Errorf("%s: %v", written, err)
		}
	})
}

// A credit proves its own sums before it is returned.
func TestCreditProvesItself(t *testing.T) {
	for want, change := range map[string]func(*Credit){
		"a part exceeds its limit":                        func(c *Credit) { c.Parts[2].Limits[1].Amount.minor = 1 },
		"the parts do not sum to the credit":              func(c *Credit) { c.Sum = NewExact(big.NewRat(1, 3)) },
		"the parts do not sum to the credit ":             func(c *Credit) { c.Parts[1].Amount.minor++ },
		"the credit exceeds a limit":                      func(c *Credit) { c.Limits[0].Drawn = NewExact(big.NewRat(1000, 7)) },
		"an amount is issued although it does not exceed": func(c *Credit) { c.Above = sum("29", "USD") },
		"currencies differ":                               func(c *Credit) { c.Parts[1].Amount = MustMoney("EUR 1.00") },
	} {
		c := varied(t).Credits[0]
		require.NoError(t, c.check())
		change(&c)
		assert.ErrorContains(t, c.check(), strings.TrimSpace(want))
	}
}

// An availability that is rounded has its step in the account, also where it is
// rounded to nothing, and both where it has two bounds.
func TestRoundedAvailabilityIsAccountedFor(t *testing.T) {
	rounded := flat("10%")
	rounded.Calculation.Round = "full 10%"
	steps := func(v sla.Verdict) (all []string) {
		for _, step := range state(t, []Charge{charge("web", "USD 10.00")}, v).Account() {
			if step.Number == stepRounding {
				all = append(all, step.Text+": "+step.Value)
			}
		}
		return all
	}
	assert.Equal(t, []string{"rounded by full 10%: 0%"}, steps(judge(t, plain("a", rounded), "web", june.Length())))
	assert.Equal(t, []string{"rounded by full 10%: 0%"}, steps(judge(t, plain("a", rounded), "web", june.Length()*99/100)))
	assert.Equal(t, []string{"rounded by full 10%: 90%"}, steps(judge(t, plain("a", rounded), "web", time.Hour)))
	assert.Equal(t, []string{"rounded by full 10%: 100%"}, steps(judge(t, plain("a", rounded), "web", 0)))
	assert.Empty(t, steps(judge(t, plain("a", flat("10%")), "web", time.Hour)), "it is not rounded")

	half := sla.Must(outage.Options{AsOf: june.Window().Start().Add(june.Length() / 2)}.Timeline(
		outage.Outage{ID: "o", Resource: "web", Start: june.Window().Start(), End: june.Window().Start().Add(time.Hour)}))
	v := sla.Must(sla.Must(plain("a", rounded).Compile()).Judge(half, june))
	assert.Equal(t, []string{"rounded by full 10% if unknown time was up: 90%", "rounded by full 10% if it was down: 40%"}, steps(v))
	unborn := sla.Must(outage.NewTimeline(outage.Lifetime{ID: "l", Resource: "web", Start: june.Window().End()}))
	assert.Empty(t, steps(sla.Must(sla.Must(plain("a", rounded).Compile()).Judge(unborn, june))), "nothing was due")
}
