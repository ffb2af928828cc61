package credit

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// measuredBy returns a commitment that is broken by any downtime.
func measuredBy(period sla.Measuring, window sla.FeeWindow, rows ...sla.Tier) sla.Commitment {
	return sla.Commitment{Calculation: sla.Calculation{Period: period}, Promise: "exactly 100%", Base: sla.Base{Window: window}, Credits: rows}
}

// instant returns an instant of 2026.
func instant(month time.Month, day, hour int) time.Time {
	return time.Date(2026, month, day, hour, 0, 0, 0, time.UTC)
}

// dayDown is the 20th of May.
var dayDown = outage.Outage{ID: "o", Resource: "web", Start: instant(5, 20, 0), End: instant(5, 21, 0)}

// owed returns the total of a bill on one resource, or its error.
func owed(t *testing.T, c sla.Commitment, p calendar.Period, charges []Charge, records ...outage.Record) (string, error) {
	t.Helper()
	timeline, err := outage.Options{Resources: []string{"web"}}.Timeline(records...)
	require.NoError(t, err)
	terms, err := plain("a", c).Compile()
	require.NoError(t, err)
	v, err := terms.Judge(timeline, p)
	require.NoError(t, err)
	s, err := NewStatement(Bill{Customer: "acme", Period: p, Charges: charges, Verdicts: []sla.Verdict{v}})
	if err != nil {
		return "", err
	}
	var again Statement
	require.NoError(t, again.UnmarshalJSON(sla.Must(s.MarshalJSON())))
	assert.Equal(t, s.Text(), again.Text())
	return s.Total.String(), nil
}

// inMonths returns a charge of 300.00 for each of some billing cycles.
func inMonths(cycles ...int) []Charge {
	var charges []Charge
	for _, n := range cycles {
		charges = append(charges, Charge{ID: fmt.Sprint(n), Resource: "web", Amount: MustMoney("USD 300.00"), Cycle: n})
	}
	return charges
}

// over returns a charge for a time.
func over(id, amount string, from, to time.Time) Charge {
	return Charge{ID: id, Resource: "web", Amount: MustMoney(amount), Window: outage.MustWindow(from, to)}
}

// The base decides the fee of a quarter of 91 days that is billed by the month.
// Either the fee is that of its three months and the length that of the
// quarter, or both are those of the month with which it is judged.
func TestFeeOfAMeasuredQuarter(t *testing.T) {
	one, tenth := sla.Tier{Give: "1x"}, sla.Tier{Give: "10%"}
	april, may, june, july := instant(4, 1, 0), instant(5, 1, 0), instant(6, 1, 0), instant(7, 1, 0)
	windows := []Charge{over("4", "USD 300.00", april, may), over("5", "USD 300.00", may, june), over("6", "USD 300.00", june, july)}
	from10 := outage.Lifetime{Resource: "web", Start: instant(5, 10, 0), End: instant(12, 1, 0)}
	part := Price{Amount: MustMoney("USD 310.00"), By: CalendarDays}
	since := sla.Must(part.Charge("5", "web", dates(5, 10, 6, 1), dates(5, 1, 6, 1)))
	for _, tt := range []struct {
		name    string
		of      sla.FeeWindow
		row     sla.Tier
		charges []Charge
		life    []outage.Record
		want    string
	}{
		{"its price", "measured", one, inMonths(0, -1, -2), nil, "USD 9.89"},
		{"its price, by windows", "measured", one, windows, nil, "USD 9.89"},
		{"a share", "measured", tenth, inMonths(0, -1, -2), nil, "USD 90.00"},
		{"a share, by windows", "measured", tenth, windows, nil, "USD 90.00"},
		{"the bill's price", "billed", one, inMonths(0), nil, "USD 10.00"},
		{"a share of the bill", "billed", tenth, inMonths(0), nil, "USD 30.00"},
		{"a month is missing", "measured", tenth, inMonths(0, -2), nil, "/commitments/0/base/window: nothing was charged for 2026-05-01/2026-06-01 UTC, and the fee is that of the whole measured time; add the charges, or give the resource a lifetime"},
		{"two months are missing", "measured", tenth, inMonths(0), nil, "nothing was charged for 2026-04-01/2026-05-01 UTC, 2026-05-01/2026-06-01 UTC"},
		{"three lines of one month", "measured", one, []Charge{{ID: "1", Resource: "web", Amount: MustMoney("USD 300.00")}, {ID: "2", Resource: "web", Amount: MustMoney("USD 300.00")}}, nil, "nothing was charged for 2026-04-01/2026-05-01 UTC, 2026-05-01/2026-06-01 UTC"},
		{"a month too many", "measured", tenth, inMonths(0, -1, -2, -3), nil, `charge "-3": it counts toward no fee`},
		{"a contract from 10 May", "measured", tenth, inMonths(0, -1), []outage.Record{from10}, "USD 60.00"},
		{"and its price, of 52 days", "measured", one, []Charge{since, windows[2]}, []outage.Record{from10}, "USD 10.00"}, // 220.00 + 300.00
		{"a contract from 10 May that is said of no resource", "measured", tenth, inMonths(0, -1), nil, "nothing was charged for 2026-04-01/2026-05-01 UTC"},
		{"a charge for the year", "measured", tenth, []Charge{over("y", "USD 3650.00", instant(1, 1, 0), instant(12, 31, 0))}, nil, `charge "y": window: only a part of 2026-01-01T00:00:00Z/2026-12-31T00:00:00Z is measured, 2026-04-01T00:00:00Z/2026-07-01T00:00:00Z; give the charge for that part, as Price.Charge prorates it`},
		{"its part", "measured", tenth, []Charge{sla.Must(Price{Amount: MustMoney("USD 3650.00"), By: CalendarDays}.Charge("y", "web", quarter, dates(1, 1, 12, 31)))}, nil, "USD 91.25"}, // of 364 days
		{"a hole between windows", "measured", tenth, []Charge{windows[0], windows[2]}, nil, "nothing was charged for 2026-05-01/2026-06-01 UTC"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := owed(t, measuredBy("3mo", tt.of, tt.row), dates(6, 1, 7, 1), tt.charges, append(tt.life, dayDown)...)
			if !strings.HasPrefix(tt.want, "USD") {
				assert.ErrorContains(t, err, tt.want)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
		})
	}
}

// A bill of days, or from the middle of a month, is not made of the months of a
// quarter: its charges have to say for which time they are.
func TestFeeOfAQuarterOfOtherCycles(t *testing.T) {
	c := measuredBy("3mo", "measured", sla.Tier{Give: "10%"})
	bill := dates(6, 15, 7, 15)
	_, err := owed(t, c, bill, inMonths(0, -1, -2), dayDown)
	assert.ErrorContains(t, err, `charge "0": window: missing; the measured time, 2026-04-01T00:00:00Z/2026-07-01T00:00:00Z, does not consist of whole billing cycles`)
	price, cycle := Price{Amount: MustMoney("USD 300.00"), By: CalendarDays}, dates(6, 15, 7, 15)
	got, err := owed(t, c, bill, []Charge{
		over("1", "USD 440.00", instant(4, 1, 0), instant(5, 15, 0)), over("2", "USD 310.00", instant(5, 15, 0), instant(6, 15, 0)),
		sla.Must(price.Charge("3", "web", dates(6, 15, 7, 1), cycle)), // 16 of 30 days
	}, dayDown)
	require.NoError(t, err)
	assert.Equal(t, "USD 91.00", got)

	// Trailing months that begin with the bill's are made of it.
	got, err = owed(t, measuredBy("3mo trailing", "measured", sla.Tier{Give: "1x"}), bill, inMonths(0, -1, -2), dayDown)
	require.NoError(t, err)
	assert.Equal(t, "USD 9.89", got) // 15 April to 15 July
	got, err = owed(t, measuredBy("60d trailing", "measured", sla.Tier{Give: "10%"}), dates(6, 1, 7, 1), []Charge{
		over("5", "USD 300.00", instant(5, 2, 0), instant(6, 1, 0)), over("6", "USD 300.00", instant(6, 1, 0), instant(7, 1, 0)),
	}, dayDown)
	require.NoError(t, err)
	assert.Equal(t, "USD 60.00", got)
}

// The fee of a measured day within the bill is the charge in proportion to its
// length.
func TestFeeOfAMeasuredDay(t *testing.T) {
	half := outage.Outage{ID: "o", Resource: "web", Start: instant(6, 20, 0), End: instant(6, 20, 12)}
	june, first, second := inMonths(0), over("1", "USD 150.00", instant(6, 1, 0), instant(6, 16, 0)), over("2", "USD 300.00", instant(6, 16, 0), instant(7, 1, 0))
	for _, tt := range []struct {
		period  sla.Measuring
		of      sla.FeeWindow
		give    sla.Quantity
		charges []Charge
		want    string
	}{
		{"1d", "measured", "100%", june, "USD 10.00"}, // a day of 30
		{"1d", "measured", "1x", june, "USD 5.00"},
		{"1d", "billed", "100%", june, "USD 300.00"},
		{"1d", "billed", "1x", june, "USD 5.00"},
		{"1d", "measured", "100%", []Charge{first, second}, "USD 20.00"}, // of 15 days at 300.00
		{"1d", "measured", "1x", []Charge{first, second}, "USD 10.00"},
		{"outage", "measured", "100%", june, "USD 5.00"}, // half a day
		{"outage", "measured", "1x", june, "USD 5.00"},
		{"outage", "billed", "100%", june, "USD 300.00"},
		{"outage", "", "100%", june, "USD 300.00"},
		{"1d", "measured", "100%", []Charge{first}, "nothing was charged for 2026-06-16T00:00:00Z/2026-06-17T00:00:00Z"},
	} {
		got, err := owed(t, measuredBy(tt.period, tt.of, sla.Tier{Give: tt.give}), dates(6, 1, 7, 1), tt.charges, half)
		if !strings.HasPrefix(tt.want, "USD") {
			assert.ErrorContains(t, err, tt.want)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, tt.want, got, tt)
	}
}

// The limit on all together is of the days that are measured, each once.
func TestLimitOfMeasuredDays(t *testing.T) {
	a := plain("a", measuredBy("1d", "measured", sla.Tier{Give: "100%"}), "50%")
	v := sla.Must(sla.Must(a.Compile()).Judge(sla.Must(outage.NewTimeline(outage.Outage{ID: "o", Resource: "web", Start: instant(6, 20, 0), End: instant(6, 22, 0)})), june))
	s, err := NewStatement(Bill{Customer: "acme", Period: june, Charges: inMonths(0), Verdicts: []sla.Verdict{v}})
	require.NoError(t, err)
	assert.Equal(t, "USD 20.00", s.Total.String(), "two days of 10.00, of 300.00 in all")
}

// A charge that pays for a part of the judged time is refused, unless the
// resource lived no longer. A customer who came on the 15th is not owed for an
// outage on the 3rd.
func TestChargeForAPartOfTheJudgedTime(t *testing.T) {
	c := sla.Commitment{Promise: "at least 99.9%", Credits: []sla.Tier{{Give: "10%"}}}
	third := outage.Outage{ID: "o", Resource: "web", Start: instant(6, 3, 0), End: instant(6, 4, 0)}
	late := outage.Outage{ID: "o", Resource: "web", Start: instant(6, 20, 0), End: instant(6, 20, 0).Add(25 * time.Minute)}
	life := outage.Lifetime{Resource: "web", Start: instant(6, 15, 0), End: instant(9, 1, 0)}
	from15 := over("1", "EUR 548.39", instant(6, 15, 0), instant(7, 1, 0))
	first := over("2", "EUR 400.00", instant(6, 1, 0), instant(6, 15, 0))
	june := dates(6, 1, 7, 1)
	_, err := owed(t, c, june, []Charge{from15}, third)
	assert.EqualError(t, err, `credit: statement for "acme": verdict of "a" on "web": charge "1": window: nothing was charged for 2026-06-01T00:00:00Z/2026-06-15T00:00:00Z of the judged time; judge from 2026-06-15T00:00:00Z to 2026-07-01T00:00:00Z, or give the resource a lifetime`)
	setup := Charge{ID: "3", Resource: "web", Kind: "one-time", Amount: MustMoney("EUR 99.00")}
	recurring := c
	recurring.Base.Without = []string{"one-time"}
	_, err = owed(t, recurring, june, []Charge{setup, from15}, third)
	assert.ErrorContains(t, err, `charge "1": window: nothing was charged for`, "for what the other charge pays it does not say")
	for _, tt := range []struct {
		p       calendar.Period
		charges []Charge
		records []outage.Record
		want    string
	}{
		{june, []Charge{from15}, []outage.Record{third, life}, "EUR 0.00"},
		{june, []Charge{from15}, []outage.Record{late, life}, "EUR 54.84"}, // of 16 days, 23 min are allowed
		{dates(6, 15, 7, 1), []Charge{from15}, []outage.Record{third}, "EUR 0.00"},
		{dates(6, 15, 7, 1), []Charge{from15}, []outage.Record{late}, "EUR 54.84"},
		{june, []Charge{first, from15}, []outage.Record{third}, "EUR 94.84"},
		{june, []Charge{first, from15}, []outage.Record{late}, "EUR 0.00"}, // of 30 days, 43 min
	} {
		got, err := owed(t, c, tt.p, tt.charges, tt.records...)
		require.NoError(t, err)
		assert.Equal(t, tt.want, got, tt)
	}
}

// To judge the part for which a charge pays, and to judge all of a resource that
// lived no longer, is the same.
func TestLawPartIsLifetime(t *testing.T) {
	june := dates(6, 1, 7, 1)
	rapid.Check(t, func(rt *rapid.T) {
		from := rapid.IntRange(2, 30).Draw(rt, "from")
		row := rapid.SampledFrom([]sla.Tier{{Give: "10%"}, {Give: "3x"}, {Give: "1%", Per: "started 1h"}, {Give: "1d", Per: "full 3h"}, {Give: "2h", Plus: "1%"}}).Draw(rt, "row")
		c := sla.Commitment{Promise: "at least 99.9%", Credits: []sla.Tier{row}}
		charges := []Charge{over("1", "USD 310.07", instant(6, from, 0), instant(7, 1, 0))}
		var records []outage.Record
		for i := range rapid.IntRange(0, 3).Draw(rt, "outages") {
			start := instant(6, 1, 0).Add(time.Duration(rapid.IntRange(0, 719).Draw(rt, "start")) * time.Hour)
			records = append(records, outage.Outage{ID: fmt.Sprint(i), Resource: "web", Start: start, End: start.Add(time.Duration(rapid.IntRange(1, 90).Draw(rt, "length")) * time.Hour)})
		}
		part, err := owed(t, c, dates(6, from, 7, 1), charges, records...)
		require.NoError(rt, err)
		lived, err := owed(t, c, june, charges, append(records, outage.Lifetime{Resource: "web", Start: instant(6, from, 0), End: instant(12, 1, 0)})...)
		require.NoError(rt, err)
		if part != lived {
			rt.Fatalf("from the %dth: %s by the part, %s by the lifetime", from, part, lived)
		}
	})
}

// A charge of another cycle is no fee of two agreements of a month as a whole; it
// is the fee of each in shares.
func TestAnotherCyclesFeeInShares(t *testing.T) {
	c := sla.Commitment{Promise: "exactly 100%", Base: sla.Base{Window: "1cycle before"}, Credits: []sla.Tier{{Give: "60%"}}}
	timeline := sla.Must(outage.NewTimeline(
		outage.Outage{ID: "1", Resource: "web", Start: instant(6, 3, 0), End: instant(6, 4, 0)},
		outage.Outage{ID: "2", Resource: "web", Start: instant(6, 20, 0), End: instant(6, 21, 0)},
	))
	halves := []calendar.Period{dates(6, 1, 6, 16), dates(6, 16, 7, 1)}
	var verdicts []sla.Verdict
	for i, name := range []string{"a", "b"} {
		verdicts = append(verdicts, sla.Must(sla.Must(plain(name, c).Compile()).Judge(timeline, halves[i])))
	}
	share := func(id, amount string, half outage.Window) Charge {
		return Charge{ID: id, Resource: "web", Amount: MustMoney(amount), Cycle: -1, Judged: half}
	}
	for _, tt := range []struct {
		charges []Charge
		want    string
	}{
		{[]Charge{share("1", "USD 100.00", outage.Window{})}, `charge "1": judged: missing; the charge would count in full for 2026-06-01/2026-06-16 UTC and for 2026-06-16/2026-07-01 UTC`},
		{[]Charge{share("1", "USD 50.00", halves[0].Window()), share("2", "USD 50.00", halves[1].Window())}, "USD 60.00"},
		{[]Charge{share("1", "USD 100.00", halves[0].Window()), share("2", "USD 0.00", halves[1].Window())}, "USD 60.00"},
		{[]Charge{share("1", "USD 50.00", halves[0].Window())}, `verdict of "b" on "web": /commitments/0/base/window: there is no charge for "1cycle before"`},
		{[]Charge{share("1", "USD 50.00", june.Window())}, `charge "1": judged: only a part of 2026-06-01T00:00:00Z/2026-07-01T00:00:00Z is judged, 2026-06-01T00:00:00Z/2026-06-16T00:00:00Z; give one charge for each part`},
		{[]Charge{{ID: "1", Resource: "web", Amount: MustMoney("USD 50.00"), Judged: june.Window()}}, `charge "1": judged: it is only for a charge of another billing cycle; give this charge a window`},
		{[]Charge{share("1", "USD 50.00", dates(5, 1, 6, 1).Window())}, `charge "1": judged: 2026-05-01T00:00:00Z/2026-06-01T00:00:00Z does not lie in the billing period, 2026-06-01/2026-07-01 UTC`},
	} {
		s, err := NewStatement(Bill{Customer: "acme", Period: june, Charges: tt.charges, Verdicts: verdicts})
		if !strings.HasPrefix(tt.want, "USD") {
			assert.ErrorContains(t, err, tt.want)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, tt.want, s.Total.String())
		var again Statement
		require.NoError(t, again.UnmarshalJSON(sla.Must(s.MarshalJSON())))
		assert.Equal(t, s.Text(), again.Text())
	}
}

// The fees of two commitments on groups of one name go each by the labels of its
// own group.
func TestFeesOfGroupsOfOneName(t *testing.T) {
	only := func(name, service string) sla.Commitment {
		return sla.Commitment{
			Name: name, Scope: sla.Scope{Only: map[string][]string{"service": {service}}, Levels: []sla.Level{{By: "region"}}},
			Promise: "exactly 100%", Base: sla.Base{By: []string{"region", "service"}}, Credits: []sla.Tier{{Give: "10%"}},
		}
	}
	terms := sla.Must(plain2("a", only("instances", "vm"), only("volumes", "disk")).Compile())
	labels := func(service string) map[string]string {
		return map[string]string{"region": "east", "service": service}
	}
	down := outage.Outage{ID: "o", Resource: "i", Start: instant(6, 3, 0), End: instant(6, 4, 0)}
	verdicts, err := terms.JudgeAll([]outage.Timeline{
		sla.Must(outage.NewTimeline(down)).WithLabels(labels("vm")),
		sla.Must(outage.Options{Resources: []string{"v"}}.Timeline()).WithLabels(labels("disk")),
	}, june)
	require.NoError(t, err)
	require.Len(t, verdicts, 1)
	assert.Equal(t, labels("vm"), verdicts[0].Findings[0].Labels)
	assert.Equal(t, labels("disk"), verdicts[0].Findings[1].Labels)
	s, err := NewStatement(Bill{Customer: "acme", Period: june, Verdicts: verdicts, Charges: []Charge{
		{ID: "1", Resource: "i", Labels: labels("vm"), Amount: MustMoney("USD 100.00")}, {ID: "2", Resource: "v", Labels: labels("disk"), Amount: MustMoney("USD 7.00")},
	}})
	require.NoError(t, err)
	assert.Equal(t, "USD 10.00", s.Total.String())
	var again Statement
	require.NoError(t, again.UnmarshalJSON(sla.Must(s.MarshalJSON())))
	assert.Equal(t, s.Text(), again.Text())
}

// plain2 returns an agreement of several commitments.
func plain2(name string, commitments ...sla.Commitment) sla.Agreement {
	return sla.Agreement{Name: name, Commitments: commitments}
}

// A month in which nothing was measured is billed with nothing, also where the
// fee would go by labels.
func TestQuietMonthOfAFeeByLabels(t *testing.T) {
	east := map[string]string{"region": "east"}
	for _, tt := range []struct {
		period sla.Measuring
		by     []string
		levels []sla.Level
	}{
		{"outage", []string{"region"}, []sla.Level{{By: "region"}}},
		{"3mo", []string{"region"}, []sla.Level{{By: "region"}}},
		{"outage", []string{"region"}, nil},
		{"outage", nil, nil},
	} {
		c := measuredBy(tt.period, "billed", sla.Tier{Give: "10%"})
		c.Base.By, c.Scope.Levels = tt.by, tt.levels
		may := dates(5, 1, 6, 1)
		verdicts, err := sla.Must(plain("a", c).Compile()).JudgeAll([]outage.Timeline{sla.Must(outage.Options{Resources: []string{"web"}}.Timeline()).WithLabels(east)}, may)
		require.NoError(t, err)
		charges := []Charge{{ID: "1", Resource: "web", Labels: east, Amount: MustMoney("USD 100.00")}}
		s, err := NewStatement(Bill{Customer: "acme", Period: may, Charges: charges, Verdicts: verdicts})
		require.NoError(t, err)
		assert.Equal(t, "USD 0.00", s.Total.String())
		var again Statement
		require.NoError(t, again.UnmarshalJSON(sla.Must(s.MarshalJSON())))
		assert.Equal(t, s.Verdicts[0].Quiet, again.Verdicts[0].Quiet)

		// A charge for another resource is still an error then.
		charges = append(charges, Charge{ID: "2", Resource: "wbe", Labels: map[string]string{"region": "west"}, Amount: MustMoney("USD 1.00")})
		_, err = NewStatement(Bill{Customer: "acme", Period: may, Charges: charges, Verdicts: verdicts})
		assert.ErrorContains(t, err, `charge "2": resource: there is no verdict on "wbe"`)
	}
}

// If each outage has a fee of its own, a limit in percent is a share of that
// fee, less the credits for the outages before.
func TestLimitInPercentOfFeesOfDays(t *testing.T) {
	c := measuredBy("outage", "5d before outage", sla.Tier{Give: "80%"})
	c.AtMost = []sla.Cap{"100%"}
	first, second := outage.Outage{ID: "1", Resource: "web", Start: instant(6, 6, 0), End: instant(6, 6, 1)}, outage.Outage{ID: "2", Resource: "web", Start: instant(6, 21, 0), End: instant(6, 21, 1)}
	charges := []Charge{over("1", "USD 150.00", instant(6, 1, 0), instant(6, 16, 0)), over("2", "USD 300.00", instant(6, 16, 0), instant(7, 1, 0))}
	got, err := owed(t, c, dates(6, 1, 7, 1), charges, first, second)
	require.NoError(t, err)
	assert.Equal(t, "USD 100.00", got, "40.00 of 50.00, and of 100.00 not 80.00 but what those leave, 60.00")
	c.AtMost = []sla.Cap{"100% per outage"}
	got, err = owed(t, c, dates(6, 1, 7, 1), charges, first, second)
	require.NoError(t, err)
	assert.Equal(t, "USD 120.00", got)
}

// The price of the downtime uses the time that the fee pays for, even if time
// was removed from the time due.
func TestPriceOfDowntimeWhereTimeIsRemoved(t *testing.T) {
	c := sla.Commitment{Promise: "exactly 100%", Credits: []sla.Tier{{Give: "1x"}}, Exclusions: []sla.Exclusion{{Causes: []string{"maintenance"}, Notice: "none", Removed: true}}}
	work := outage.Maintenance{ID: "m", Resource: "web", Start: instant(5, 2, 0), End: instant(5, 2, 10)}
	down := outage.Outage{ID: "o", Resource: "web", Start: instant(5, 20, 0), End: instant(5, 20, 16).Add(40 * time.Minute)}
	fee := []Charge{{ID: "1", Resource: "web", Amount: MustMoney("USD 1000.00")}}
	got, err := owed(t, c, dates(5, 1, 6, 1), fee, work, down)
	require.NoError(t, err)
	assert.Equal(t, "USD 22.40", got, "1000 min of 744 h; by the 734 h that were due it would be 22.71")
}

// Days that trail take in an outage with every bill whose days hold it.
func TestTrailingPeriodPaysInEveryBill(t *testing.T) {
	c := sla.Commitment{Calculation: sla.Calculation{Period: "60d trailing"}, Promise: "exactly 100%", Base: sla.Base{Window: "billed"}, Credits: []sla.Tier{{Give: "10%"}}}
	for p, want := range map[calendar.Period]string{dates(5, 1, 6, 1): "USD 30.00", dates(6, 1, 7, 1): "USD 30.00", dates(7, 1, 8, 1): "USD 0.00"} {
		got, err := owed(t, c, p, inMonths(0), dayDown)
		require.NoError(t, err)
		assert.Equal(t, want, got, p)
	}
}

// A charge that reaches none of the trailing days is reported.
func TestChargeThatReachesNoTrailingDay(t *testing.T) {
	c := sla.Commitment{Promise: "exactly 100%", Base: sla.Base{Window: "30d trailing"}, Credits: []sla.Tier{{Give: "10%"}}}
	charges := []Charge{over("6", "USD 300.00", instant(6, 1, 0), instant(7, 1, 0)), over("4", "USD 300.00", instant(4, 1, 0), instant(5, 1, 0))}
	_, err := owed(t, c, dates(6, 1, 7, 1), charges, dayDown)
	assert.ErrorContains(t, err, `charge "4": it counts toward no fee`)
}
