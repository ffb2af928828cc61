package batch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

var june = calendar.Month(2026, time.June, time.UTC)

// plain returns an agreement of one commitment.
func plain(name string, c sla.Commitment, caps ...sla.Cap) sla.Agreement {
	return sla.Agreement{Name: name, Commitments: []sla.Commitment{c}, AtMost: caps}
}

// flat gives a share of the fee on any breach of 99.9 %.
func flat(share sla.Quantity, caps ...sla.Cap) sla.Commitment {
	return sla.Commitment{Promise: "at least 99.9%", Credits: []sla.Tier{{Give: share}}, AtMost: caps}
}

// inMinor returns an amount in minor units.
func inMinor(minor int64, currency string) credit.Money {
	return sla.Must(credit.MoneyFromMinor(minor, currency))
}

// randomTariff returns an agreement of one commitment, mostly with terms that
// are judged and priced in whole numbers, over one to three months.
func randomTariff(r *rand.Rand) *Fleet {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	c := sla.Commitment{Promise: sla.Range(pick("at least 99.9%", "over 99%", "exactly 100%", "at least 99.95%"))}
	give := func(n int) sla.Quantity {
		return sla.Quantity(pick(fmt.Sprint(5*(n+1), "%"), fmt.Sprint(5*(n+1), "%"), fmt.Sprint(n+1, "d"), fmt.Sprint(n+1, "mo"),
			fmt.Sprint(20*(n+1), "x"), fmt.Sprint(3*(n+1), "USD"), "33.333333333333%"))
	}
	for n := range r.IntN(4) {
		row := sla.Tier{Give: give(n)}
		if n > 0 {
			row.When = sla.Range(fmt.Sprint("below ", 99-4*n, "%"))
		}
		if r.IntN(5) == 0 && row.Give[len(row.Give)-1] != 'x' {
			row.Per = sla.Step(pick("full 30m", "started 1h", "exact 1d", "nearest 0.1%"))
		}
		if r.IntN(6) == 0 {
			row.Plus = sla.Quantity(pick("2%", "1h", "1USD"))
		}
		c.Credits = append(c.Credits, row)
	}
	byTime := slices.ContainsFunc(c.Credits, func(t sla.Tier) bool { return t.Give[len(t.Give)-1] == 'd' })
	for range r.IntN(3) {
		c.AtMost = append(c.AtMost, sla.Cap(pick("50%", "15%", "1d", "25USD", "100%")))
	}
	if byTime && r.IntN(3) == 0 {
		c.Base.Length = "30d"
	}
	switch r.IntN(8) {
	case 0:
		c.Base.Only = []string{"hourly"}
	case 1:
		c.Base.Without = []string{"one-time"}
	case 2:
		if r.IntN(4) == 0 { // for which a fee alone does not say enough
			c.Base.Window = "30d trailing"
		}
	}
	if r.IntN(2) == 0 {
		c.Exclusions = []sla.Exclusion{{Causes: []string{"maintenance"}, Notice: "none", Removed: r.IntN(2) == 0}}
	}
	if r.IntN(4) == 0 {
		c.Calculation.Period = sla.Measuring(pick("1mo", "1mo", "3mo", "30d trailing"))
		if c.Calculation.Period != "1mo" || r.IntN(2) == 0 {
			c.Base.Window = sla.FeeWindow(pick("billed", "billed", "measured"))
		}
	}
	if r.IntN(6) == 0 { // terms that may give without a breach
		c.Promise, c.Gap = "at least 99.9%", sla.Severer
		c.Credits = []sla.Tier{{When: "at most 99.9%", Give: sla.Quantity(pick("5%", "20h", "1USD"))}, {When: "below 99%", Give: "2mo"}}
	}
	switch r.IntN(12) { // terms that look beyond the moment
	case 0:
		c.Downtime.Lasting = "over 10m"
	case 1:
		c.Downtime.Slot = "5m"
	}
	a := sla.Agreement{Name: "random", Commitments: []sla.Commitment{c}}
	if r.IntN(4) == 0 {
		a.AtMost = []sla.Cap{sla.Cap(pick("40%", "2d", "10USD"))}
	}
	if r.IntN(4) == 0 {
		a.Above = sla.Quantity(pick("1USD", "5USD", "0.01USD"))
	}
	if r.IntN(10) == 0 { // two commitments
		second := sla.Commitment{Name: "second", Promise: "at least 99%", Credits: []sla.Tier{{Give: "3%"}}}
		a.Commitments = append(a.Commitments, second)
	}
	terms, err := a.Compile()
	if err != nil { // rows that give less than those before them, and the like
		return nil
	}
	months := calendar.Cycle{Start: calendar.Date{Year: 2025, Month: 1, Day: 1}, Zone: time.UTC, Months: 1}
	var periods []calendar.Period
	for i := range 1 + r.IntN(3) {
		periods = append(periods, sla.Must(months.Period(i)))
	}
	records := []outage.Record{}
	for i := range r.IntN(4) {
		w := randomWindow(r)
		records = append(records, outage.Maintenance{ID: fmt.Sprint("m", i), Start: w.Start(), End: w.End()})
	}
	var o outage.Options
	if r.IntN(4) == 0 {
		o.AsOf = periods[len(periods)-1].Window().End().Add(time.Duration(r.IntN(2)) * time.Hour)
	}
	return sla.Must(NewFleet(terms, sla.Must(o.Timeline(records...)), periods...))
}

// randomWindow returns a window of a second to some days around January 2025.
func randomWindow(r *rand.Rand) outage.Window {
	start := january.Window().Start().Add(time.Duration(r.Int64N(int64(70*24*time.Hour))) - 5*24*time.Hour)
	return outage.MustWindow(start, start.Add(time.Second<<r.IntN(18)+time.Duration(r.IntN(2)*r.IntN(1e9))))
}

func randomCustomer(r *rand.Rand, t *Fleet) Customer {
	c := Customer{Fleet: t, Fee: inMinor(r.Int64N(1_000_000), "USD")}
	if r.IntN(3) == 0 {
		c.Fee = inMinor(r.Int64N(100), "USD")
	}
	switch r.IntN(40) {
	case 0:
		c.Fee = inMinor(5000, "JPY")
	case 1:
		c.Fee = inMinor(-5000, "USD")
	case 2:
		c.Fee = credit.Money{}
	case 3:
		c.Fee = inMinor(math.MaxInt64, "USD")
	}
	n := r.IntN(6)
	if r.IntN(10) == 0 {
		n = 10 + r.IntN(20)
	}
	for range n {
		c.Outages = append(c.Outages, randomWindow(r))
	}
	switch r.IntN(20) {
	case 0:
		c.Outages = append(c.Outages, outage.Window{})
	case 1:
		w := randomWindow(r)
		c.More = &Extra{Records: []outage.Record{outage.Outage{ID: "partial", Start: w.Start(), End: w.End(), ServedPercent: decimal.New(50, 0)}}}
	case 2:
		c.More = &Extra{Charges: []credit.Charge{{ID: "a", Kind: "hourly", Amount: inMinor(777, "USD")}, {ID: "b", Amount: inMinor(333, "USD")}}}
		c.Fee = credit.Money{}
	}
	return c
}

// stated returns the figures of the statements on a customer, from verdicts with
// their account.
func stated(c Customer) ([]Figures, error) {
	more := Extra{}
	if c.More != nil {
		more = *c.More
	}
	verdicts, err := c.Fleet.Verdicts(c.Outages, more.Records...)
	if err != nil {
		return nil, err
	}
	var all []Figures
	for i, v := range verdicts {
		charges := more.Charges
		if charges == nil {
			charges = []credit.Charge{{ID: "fee", Amount: c.Fee}}
		}
		st, err := credit.NewStatement(credit.Bill{Customer: "customer", Period: v.Period, Charges: charges, Verdicts: []sla.Verdict{v}})
		if err != nil {
			return nil, err
		}
		s := Figures{Period: int32(i), Outcome: v.Outcome(), Findings: int32(len(v.Findings))}
		if len(v.Findings) == 1 {
			s = c.Fleet.summarize(nil, i, v)[0]
		}
		s.Credit, s.CreditAtMost = st.Total.MinorUnits(), st.TotalAtMost.MinorUnits()
		s.Provisional, s.WithoutBreach = len(st.Provisional) > 0, st.WithoutBreach()
		all = append(all, s)
	}
	return all, nil
}

// Figures equal those of a statement with its account, over random agreements,
// outages and fees: SLACREDIT_FLEET_COUNT of them (3,000).
func TestFiguresOracle(t *testing.T) {
	count := 3000
	if n, err := strconv.Atoi(os.Getenv("SLACREDIT_FLEET_COUNT")); err == nil {
		count = n
	} else if testing.Short() {
		count = 300
	}
	var settler Settler
	whole, owed := 0, 0
	for n := range count / 10 {
		r := rand.New(rand.NewPCG(1, uint64(n)))
		tariff := randomTariff(r)
		for i := 0; tariff != nil && i < 10; i++ {
			c := randomCustomer(r, tariff)
			want, wantErr := stated(c)
			before := slices.Clone(c.Outages)
			got, err := settler.Settle(nil, c)
			require.Equal(t, wantErr == nil, err == nil, "tariff %d, customer %d: %v, %v", n, i, wantErr, err)
			require.Equal(t, want, got, "tariff %d, customer %d", n, i)
			require.Equal(t, before, c.Outages)
			for _, s := range got {
				if tariff.Direct() && tariff.prices[s.Period].rows != nil && c.More == nil {
					whole++
					if s.Credit > 0 {
						owed++
					}
				}
			}
		}
	}
	t.Logf("%d settlements in whole numbers, of which %d owed something", whole, owed)
	assert.Greater(t, whole, count/5)
	assert.Greater(t, owed, whole/10)
}

// batchOf returns customers of several tariffs, some of whom cannot be settled.
func batchOf(n int) []Customer {
	r := rand.New(rand.NewPCG(3, 4))
	var tariffs []*Fleet
	for len(tariffs) < 5 {
		if t := randomTariff(r); t != nil && t.Direct() {
			tariffs = append(tariffs, t)
		}
	}
	customers := make([]Customer, n)
	for i := range customers {
		customers[i] = randomCustomer(r, tariffs[r.IntN(len(tariffs))])
		if r.IntN(100) == 0 {
			customers[i].Fleet = nil
		}
	}
	return customers
}

// Any number of workers, slices and streams give the same, faults included.
func TestBatch(t *testing.T) {
	for _, n := range []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 5*chunkSize + 7} {
		customers := batchOf(n)
		var want []Figures
		var faults []string
		var settler Settler
		for i, c := range customers {
			settled, err := settler.Settle(nil, c)
			if err != nil {
				faults = append(faults, fmt.Sprintf("batch: settling customer %d: %v", i, errors.Unwrap(err)))
				settled = slices.Repeat([]Figures{{Failed: true}}, c.periods())
			}
			want = append(want, settled...)
		}
		for workers := range 5 {
			b := Batch{Workers: workers}
			kept := []Figures{{Provisional: true}}
			got, err := b.Settle(t.Context(), kept, customers)
			require.Equal(t, append(kept, want...), got, "%d workers", workers)
			require.Equal(t, faults, lines(err))

			var streamed []Figures
			var streamedFaults []string
			i := 0
			for settled, err := range b.Stream(t.Context(), overwritten(customers)) {
				if err != nil {
					var of *CustomerError
					require.ErrorAs(t, err, &of)
					require.Equal(t, i, of.Index)
					streamedFaults = append(streamedFaults, err.Error())
					settled = slices.Repeat([]Figures{{Failed: true}}, customers[i].periods())
				}
				streamed = append(streamed, settled...)
				i++
			}
			require.Equal(t, want, streamed, "%d workers", workers)
			require.Equal(t, faults, streamedFaults)
		}
	}
}

// overwritten yields customers whose outages are overwritten by the next.
func overwritten(customers []Customer) iter.Seq[Customer] {
	return func(yield func(Customer) bool) {
		var space []outage.Window
		for _, c := range customers {
			space = append(space[:0], c.Outages...)
			c.Outages = space
			if !yield(c) {
				return
			}
		}
	}
}

// lines returns the texts of joined errors.
func lines(err error) []string {
	joined, _ := err.(interface{ Unwrap() []error })
	if joined == nil {
		return nil
	}
	var texts []string
	for _, e := range joined.Unwrap() {
		texts = append(texts, e.Error())
	}
	return texts
}

func TestBatchStops(t *testing.T) {
	customers := batchOf(20 * chunkSize)
	for workers := range 4 {
		b := Batch{Workers: workers}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		seen := 0
		for _, err := range b.Stream(ctx, slices.Values(customers)) {
			if seen++; seen == 10 {
				cancel()
			}
			if seen > 10 && err != nil && ctx.Err() != nil && err == ctx.Err() { //nolint:errorlint // as it is
				break
			}
		}
		assert.LessOrEqual(t, seen, 1+chunkSize, "%d workers", workers)
		kept := make([]Figures, 3)
		got, err := b.Settle(ctx, kept, customers)
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, kept, got)

		asked, seen := 0, 0
		for _, err := range b.Stream(t.Context(), func(yield func(Customer) bool) {
			for _, c := range customers {
				if asked++; !yield(c) {
					return
				}
			}
		}) {
			if seen++; err == nil && seen >= 5 {
				break
			}
		}
		assert.Less(t, seen, 20)
		assert.LessOrEqual(t, asked, (4*max(1, workers)+1)*chunkSize)
	}
}

// The memory of a stream does not grow with the customers.
func TestStreamIsFlat(t *testing.T) {
	terms := sla.Must(sla.Agreement{Name: "plain", Commitments: []sla.Commitment{{Promise: "at least 99.9%", Credits: []sla.Tier{{Give: "5%"}}}}}.Compile())
	tariff := sla.Must(NewFleet(terms, outage.Timeline{}, january))
	windows := []outage.Window{randomWindow(rand.New(rand.NewPCG(1, 1)))}
	run := func(n int) float64 {
		return testing.AllocsPerRun(1, func() {
			for _, err := range (Batch{Workers: 2}).Stream(t.Context(), func(yield func(Customer) bool) {
				for range n {
					if !yield(Customer{Fleet: tariff, Fee: inMinor(100, "USD"), Outages: windows}) {
						return
					}
				}
			}) {
				require.NoError(t, err)
			}
		})
	}
	few := run(20 * chunkSize)
	assert.Less(t, run(400*chunkSize), 4*few)
}

func TestTotals(t *testing.T) {
	var totals Totals
	assert.Equal(t, "0", totals.Down().String())
	assert.True(t, totals.Credit("USD").IsZero())
	century := time.Duration(math.MaxInt64)
	for i := range 5 {
		currency := []string{"USD", "JPY"}[i%2]
		require.NoError(t, totals.Add(currency, Figures{
			Outcome: sla.Outcome(i%3 + 1), Due: century, Down: century - 1, DownAtMost: century, Findings: 1,
			Credit: math.MaxInt64, CreditAtMost: math.MaxInt64, Provisional: i == 1,
		}, Figures{Failed: true}))
	}
	data, err := json.Marshal(totals)
	require.NoError(t, err)
	assert.JSONEq(t, `{"settlements": 10, "missed": 2, "undecided": 1, "met": 2, "none": 0, "failed": 5, "provisional": 1, "withoutBreach": 0, "several": 0,
		"dueNanoseconds": "46116860184273879035", "downNanoseconds": "46116860184273879030", "downAtMostNanoseconds": "46116860184273879035",
		"credits": {
			"USD": {"credit": "276701161105643274.21", "creditAtMost": "276701161105643274.21"},
			"JPY": {"credit": "18446744073709551614", "creditAtMost": "18446744073709551614"}}}`, string(data))
	assert.Equal(t, []string{"JPY", "USD"}, totals.Currencies())

	// Copies are independent, invalid figures are not added, and parts are merged.
	before := totals.Credit("USD").String()
	other := totals
	require.NoError(t, other.Add("USD", Figures{Findings: 2, Outcome: sla.Missed, Credit: 7}))
	require.NoError(t, other.Add("EUR", Figures{Findings: 1, Credit: 5}))
	assert.Equal(t, before, totals.Credit("USD").String())
	assert.Equal(t, []string{"JPY", "USD"}, totals.Currencies())
	assert.EqualError(t, totals.Add("usd", Figures{Credit: 5}), `batch: totals: credit: money from minor units: "usd" is not a currency of ISO 4217`)
	assert.EqualError(t, totals.Add("USD", Figures{}, Figures{Credit: -5}), "batch: totals: figures[1]: negative")
	assert.Equal(t, string(data), string(sla.Must(json.Marshal(totals))))
	var sum Totals
	sum.Merge(totals)
	sum.Merge(other)
	assert.Equal(t, int64(22), sum.Settlements)
	assert.Equal(t, int64(5), sum.Missed)
	assert.Equal(t, int64(1), sum.Several)
	assert.Equal(t, "92233720368547758070", sum.Due().String())
	assert.Equal(t, "553402322211286548.49", sum.Credit("USD").String())
	assert.Equal(t, "0.05", sum.Credit("EUR").String())
}

// Several findings are counted, and a promise that was broken in one of them is.
func TestFiguresOfSeveralFindings(t *testing.T) {
	start := january.Window().Start()
	hour := func(n int) outage.Window {
		return outage.MustWindow(start.Add(time.Duration(n)*time.Hour), start.Add(time.Duration(n+1)*time.Hour))
	}
	each := sla.Agreement{Name: "a", Commitments: []sla.Commitment{{Calculation: sla.Calculation{Period: "outage"}, Promise: "at most 10m", Credits: []sla.Tier{{Give: "5%"}}}}}
	two := sla.Agreement{Name: "a", Commitments: []sla.Commitment{{Name: "x", Promise: "at least 1%"}, {Name: "y", Promise: "exactly 100%", Credits: []sla.Tier{{Give: "10%"}}}}}
	for name, tt := range map[string]struct {
		a        sla.Agreement
		outages  []outage.Window
		findings int32
		outcome  sla.Outcome
		credit   int64
	}{
		"no outage":       {each, nil, 0, sla.None, 0}, // nothing was judged
		"one":             {each, []outage.Window{hour(1)}, 1, sla.Missed, 500},
		"two":             {each, []outage.Window{hour(1), hour(3)}, 2, sla.Missed, 1000},
		"two commitments": {two, []outage.Window{hour(1)}, 2, sla.Missed, 1000},
		"both kept":       {two, nil, 2, sla.Met, 0},
	} {
		tariff := sla.Must(NewFleet(sla.Must(tt.a.Compile()), outage.Timeline{}, january))
		settled, err := new(Settler).Settle(nil, Customer{Fleet: tariff, Fee: credit.MustMoney("USD 100.00"), Outages: tt.outages})
		require.NoError(t, err, name)
		assert.Equal(t, []any{tt.findings, tt.outcome, tt.credit}, []any{settled[0].Findings, settled[0].Outcome, settled[0].Credit}, name)
	}
}

// Where a gap gives without a breach, the finding, the statement, the figures and
// the totals report it, so missed promises differ from given credits.
func TestWithoutBreachIsReported(t *testing.T) {
	a := sla.Agreement{Name: "printed", Commitments: []sla.Commitment{{
		Promise: "at least 99.9%", Gap: sla.Severer, Credits: []sla.Tier{{When: "over 99.0%, at most 99.9%", Give: "10%"}, {When: "below 99.0%", Give: "25%"}},
	}}}
	start, tenth := january.Window().Start(), january.Length()/1000
	tariff := sla.Must(NewFleet(sla.Must(a.Compile()), outage.Timeline{}, january))
	var totals Totals
	for _, tt := range []struct {
		down    time.Duration
		fee     string
		outcome sla.Outcome
		credit  int64
		want    bool
	}{
		{tenth, "USD 100.00", sla.Met, 1000, true},
		{tenth, "USD 0.00", sla.Met, 0, false}, // of nothing, nothing is given
		{tenth - 1, "USD 100.00", sla.Met, 0, false},
		{tenth + 1, "USD 100.00", sla.Missed, 1000, false},
	} {
		outages := []outage.Window{outage.MustWindow(start, start.Add(tt.down))}
		v := sla.Must(tariff.Verdicts(outages))[0]
		s, err := credit.NewStatement(credit.Bill{Customer: "acme", Period: january, Charges: []credit.Charge{{ID: "1", Amount: credit.MustMoney(tt.fee)}}, Verdicts: []sla.Verdict{v}})
		require.NoError(t, err)
		assert.Equal(t, tt.want, s.WithoutBreach())
		assert.Equal(t, tt.want, s.Credits[0].WithoutBreach())
		assert.Equal(t, tt.want, strings.Contains(s.Text(), "Given without a breach: no promise was broken"))
		data, err := json.Marshal(s)
		require.NoError(t, err)
		assert.Equal(t, tt.want, strings.HasPrefix(string(data), `{"format":"slacredit/statement/1","withoutBreach":true,`))
		var read credit.Statement
		require.NoError(t, json.Unmarshal(data, &read))
		assert.Equal(t, string(data), string(sla.Must(json.Marshal(read))))
		other := strings.Replace(string(data), `{"format":"slacredit/statement/1","withoutBreach":true,`, `{"format":"slacredit/statement/1",`, 1)
		if !tt.want {
			other = strings.Replace(string(data), `{"format":"slacredit/statement/1",`, `{"format":"slacredit/statement/1","withoutBreach":true,`, 1)
		}
		assert.ErrorContains(t, json.Unmarshal([]byte(other), &read), "credit: reading a statement: withoutBreach: ")

		settled, err := new(Settler).Settle([]Figures{{WithoutBreach: true}}[:0], Customer{Fleet: tariff, Fee: credit.MustMoney(tt.fee), Outages: outages})
		require.NoError(t, err)
		assert.Equal(t, []any{tt.outcome, tt.credit, tt.want}, []any{settled[0].Outcome, settled[0].Credit, settled[0].WithoutBreach})
		require.NoError(t, totals.Add("USD", settled...))
	}
	assert.Equal(t, []int64{4, 1, 0, 3, 0, 0, 1}, []int64{totals.Settlements, totals.Missed, totals.Undecided, totals.Met, totals.None, totals.Failed, totals.WithoutBreach})
}

// The zero settlement, and one that failed, say of no promise that it was met.
func TestZeroFiguresSayNone(t *testing.T) {
	for _, s := range []Figures{{}, {Failed: true}} {
		assert.Equal(t, sla.None, s.Outcome)
		data, err := json.Marshal(s)
		require.NoError(t, err)
		assert.Contains(t, string(data), `"outcome":"none"`)
	}
	var totals Totals
	require.NoError(t, totals.Add("USD", Figures{}, Figures{Failed: true}))
	assert.Equal(t, []int64{2, 0, 1, 1}, []int64{totals.Settlements, totals.Met, totals.None, totals.Failed})
}

// With several periods, a limit over months would need the credits of the earlier
// ones. A charge counts in the periods that contain its window.
func TestFiguresOfSeveralPeriods(t *testing.T) {
	months := []calendar.Period{calendar.Month(2026, time.April, time.UTC), calendar.Month(2026, time.May, time.UTC), june}
	fleet := func(a sla.Agreement, periods ...calendar.Period) (*Fleet, error) {
		return NewFleet(sla.Must(a.Compile()), outage.Timeline{}, periods...)
	}
	for _, a := range []sla.Agreement{plain("a", flat("80%"), "100% per 12mo"), plain("a", flat("80%", "100% per 2mo"))} {
		var s Settler
		_, err := s.Settle(nil, Customer{Fleet: sla.Must(fleet(a, months...))})
		assert.ErrorContains(t, err, "batch: settling: a limit covers several months")
		_, err = sla.Must(fleet(a, months...)).Judge(nil)
		assert.NoError(t, err, "which keeps nobody from judging")
		fee := Customer{Fleet: sla.Must(fleet(a, june)), Fee: credit.MustMoney("USD 1.00"), More: &Extra{Prior: []credit.Prior{}}}
		_, err = s.Settle(nil, fee)
		assert.NoError(t, err)
	}
	tariff := sla.Must(fleet(plain("a", flat("10%")), months...))
	c := Customer{Fleet: tariff, More: &Extra{}}
	for i, m := range months {
		c.More.Charges = append(c.More.Charges, credit.Charge{ID: m.First().String(), Amount: sla.Must(credit.MoneyFromMinor(int64(1000*(i+1)), "USD")), Window: m.Window()})
		c.Outages = append(c.Outages, outage.MustWindow(m.Window().Start(), m.Window().Start().Add(time.Hour)))
	}
	settled, err := new(Settler).Settle(nil, c)
	require.NoError(t, err)
	assert.Equal(t, []int64{100, 200, 300}, []int64{settled[0].Credit, settled[1].Credit, settled[2].Credit})

	// One that fails in a later period only moves nobody else.
	c.More.Charges = c.More.Charges[:1]
	good := Customer{Fleet: tariff, Fee: credit.MustMoney("USD 50.00"), Outages: c.Outages}
	all, err := Batch{}.Settle(t.Context(), nil, []Customer{good, c, good})
	assert.ErrorContains(t, err, "batch: settling customer 1: ")
	require.Len(t, all, 9)
	for i, s := range all {
		assert.Equal(t, i/3 == 1, s.Failed)
		assert.Equal(t, map[bool]int64{false: 500}[i/3 == 1], s.Credit)
	}
}

// If the charges pay for a part of a period, only that part is judged, as by a
// statement on a resource that lived for that part.
func TestFiguresOfAPart(t *testing.T) {
	at := func(day, hour int) time.Time { return time.Date(2026, time.June, day, hour, 0, 0, 0, time.UTC) }
	from := outage.MustWindow(at(15, 0), june.Window().End())
	third, late := outage.MustWindow(at(3, 0), at(4, 0)), outage.MustWindow(at(20, 0), at(20, 0).Add(25*time.Minute))
	fleet := sla.Must(NewFleet(sla.Must(plain("a", sla.Commitment{Promise: "at least 99.9%", Credits: []sla.Tier{{Give: "10%"}}}).Compile()), outage.Timeline{}, june))
	tariff := fleet
	paid := &Extra{Charges: []credit.Charge{{ID: "1", Amount: credit.MustMoney("EUR 50.00"), Window: from}}}
	for _, tt := range []struct {
		c    Customer
		down time.Duration
		owed int64
	}{
		{Customer{Outages: []outage.Window{third}, Fee: credit.MustMoney("EUR 100.00")}, 24 * time.Hour, 1000},
		{Customer{Outages: []outage.Window{late}, Fee: credit.MustMoney("EUR 100.00")}, 25 * time.Minute, 0},
		{Customer{Outages: []outage.Window{third}, More: paid}, 0, 0},
		{Customer{Outages: []outage.Window{late}, More: paid}, 25 * time.Minute, 500},
	} {
		tt.c.Fleet = tariff
		settled, err := new(Settler).Settle(nil, tt.c)
		require.NoError(t, err)
		assert.Equal(t, []any{tt.down, tt.owed}, []any{settled[0].Down, settled[0].Credit})
	}
	life, part := credit.PaidFor("", paid.Charges, june)
	assert.True(t, part)
	timeline := sla.Must(outage.NewTimeline(outage.Outage{ID: "o", Start: late.Start(), End: late.End()}))
	v := sla.Must(fleet.Terms().Judge(timeline.Within(life), june))
	assert.Equal(t, 384*time.Hour, v.Findings[0].Measurement.Due)
	assert.Equal(t, sla.Missed, v.Findings[0].Outcome)

	// A charge that is for none of several periods is not passed over.
	months := []calendar.Period{calendar.Month(2026, time.May, time.UTC), june}
	tariff = sla.Must(NewFleet(fleet.Terms(), outage.Timeline{}, months...))
	april := calendar.Month(2026, time.April, time.UTC).Window()
	_, err := new(Settler).Settle(nil, Customer{Fleet: tariff, More: &Extra{Charges: []credit.Charge{{ID: "1", Amount: credit.MustMoney("EUR 5.00")}, {ID: "2", Amount: credit.MustMoney("EUR 5.00"), Window: april}}}})
	assert.EqualError(t, err, `batch: settling: charge "2": it counts toward no fee in any of the periods`)
}

// A panic of the caller's function reaches the caller, whatever does the work;
// and no number of workers is too large.
func TestBatchPanics(t *testing.T) {
	bad := []Customer{{More: &Extra{Judge: func() ([]sla.Verdict, error) { panic("no verdict") }}}}
	for _, workers := range []int{0, 2, math.MaxInt} {
		assert.PanicsWithValue(t, "no verdict", func() { _, _ = Batch{Workers: workers}.Settle(t.Context(), nil, bad) }, workers)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, workers := range []int{0, 2} {
		_, err := Batch{Workers: workers}.Settle(ctx, nil, nil)
		assert.ErrorIs(t, err, context.Canceled)
	}
}

// Who cancels does not wait for those who are not settled yet.
func TestBatchCancels(t *testing.T) {
	for _, workers := range []int{1, 3} {
		ctx, cancel := context.WithCancel(t.Context())
		var asked atomic.Int64
		slow := Customer{More: &Extra{Judge: func() ([]sla.Verdict, error) {
			if asked.Add(1) == 20 {
				cancel()
			}
			return nil, errors.New("none")
		}}}
		_, err := Batch{Workers: workers}.Settle(ctx, nil, slices.Repeat([]Customer{slow}, 4*chunkSize))
		assert.ErrorIs(t, err, context.Canceled)
		assert.Less(t, asked.Load(), int64(20+16*workers+16))
	}
}

// What leaves int64, and prices alone, without the statements that prove them.
func TestRates(t *testing.T) {
	const largest = math.MaxInt64
	for _, tt := range []struct {
		rate rate
		fee  int64
		down bool
		want int64
		fits bool
	}{
		{rate{1, 10, 0, ""}, 5, false, 1, true},
		{rate{1, 10, 0, ""}, 4, false, 0, true},
		{rate{1, 10, 0, ""}, 9, true, 0, true},
		{rate{1, 3, 7, "USD"}, 10, false, 10, true},
		{rate{1, 1, 0, ""}, largest, false, largest, true},
		{rate{1, 1, 1, "USD"}, largest, false, 0, false},
		{rate{31, 2, 0, ""}, 1190112520884487201, false, 0, false},
		{rate{1 << 62, 1 << 61, 0, ""}, largest, false, 0, false},
		{rate{largest, 1, 0, ""}, largest, false, 0, false},
		{rate{2, 1, 0, ""}, 1 << 62, false, 0, false},
		{rate{0, 0, 3, "USD"}, largest, false, 3, true},
	} {
		got, fits := tt.rate.of(tt.fee, tt.down)
		assert.Equal(t, tt.fits, fits, tt)
		if fits {
			assert.Equal(t, tt.want, got, tt)
		}
	}
	of := func(a sla.Agreement) *prices {
		f := sla.Must(NewFleet(sla.Must(a.Compile()), outage.Timeline{}, june))
		p := pricesOf(f, f.alone[0])
		return &p
	}
	amount := func(p *prices, fee string) int64 {
		m := credit.MustMoney(fee)
		minor, told := p.amount(1, &m)
		require.True(t, told, fee)
		return minor
	}
	assert.Equal(t, int64(4999), amount(of(plain("a", flat("100%", "50%"))), "USD 99.99"), "a cap is floored")
	assert.Equal(t, int64(5000), amount(of(plain("a", flat("50%"))), "USD 99.99"))
	above := plain("a", flat("10%"))
	above.Above = "1USD"
	assert.Equal(t, int64(0), amount(of(above), "USD 10.00"), "no more than a dollar")
	assert.Equal(t, int64(101), amount(of(above), "USD 10.10"))
	hourly := flat("10%")
	hourly.Base.Only = []string{"hourly"}
	assert.Equal(t, int64(0), amount(of(plain("a", hourly)), "USD 10.00"), "a fee of no kind does not count")
	for _, a := range []sla.Agreement{plain("a", flat("80%", "100% per 2mo")), plain("a", func() sla.Commitment {
		c := flat("10%")
		c.Base.Window = "30d trailing"
		return c
	}())} {
		assert.Empty(t, of(a).rows, "left to statements")
	}
}

func TestFiguresJSON(t *testing.T) {
	s := Figures{
		Period: 1, Row: 2, RowAtMost: 3, Outcome: sla.Missed, Due: 10, Down: 2, DownAtMost: 4,
		Findings: 1, Credit: 100, CreditAtMost: 200, Provisional: true,
	}
	data, err := json.Marshal(s)
	require.NoError(t, err)
	assert.JSONEq(t, `{"commitment": 0, "period": 1, "row": 2, "rowAtMost": 3, "outcome": "missed", "dueNanoseconds": 10, "downNanoseconds": 2, "downAtMostNanoseconds": 4,
		"findings": 1, "creditMinor": 100, "creditAtMostMinor": 200, "provisional": true}`, string(data))
	var back Figures
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, s, back)
}

func TestCustomersThatNoFleetSettles(t *testing.T) {
	_, err := NewFleet(nil, outage.Timeline{}, january)
	assert.ErrorContains(t, err, "the terms are nil")
	fleet := sla.Must(NewFleet(sla.Must(sla.Agreement{Commitments: []sla.Commitment{{Promise: "at least 99%"}}}.Compile()), outage.Timeline{}, january))
	var s Settler
	_, err = s.Settle(nil, Customer{Fleet: fleet})
	assert.EqualError(t, err, "batch: settling: the agreement has no name")
	for _, none := range []*Fleet{nil, {}} {
		_, err = s.Settle(nil, Customer{Fleet: none})
		assert.EqualError(t, err, "batch: settling: fleet: missing")
	}
}

// What no fleet is, groups of resources under several agreements, is settled by
// the same batch.
func TestFiguresOfVerdicts(t *testing.T) {
	terms := sla.Must(sla.Agreement{Name: "zones", Commitments: []sla.Commitment{{
		Promise: "at least 99.9%", Credits: []sla.Tier{{Give: "10%"}},
		Scope: sla.Scope{Levels: []sla.Level{{By: "region", Down: "exactly 100%"}}},
	}}}.Compile())
	start := january.Window().Start()
	judge := func() ([]sla.Verdict, error) {
		var zones []outage.Timeline
		for _, name := range []string{"a", "b"} {
			down := outage.Outage{ID: name, Resource: name, Start: start, End: start.Add(2 * time.Hour)}
			zones = append(zones, sla.Must(outage.NewTimeline(down)).WithLabels(map[string]string{"region": "west"}))
		}
		return terms.JudgeAll(zones, january)
	}
	customers := []Customer{
		{Fee: credit.MustMoney("USD 50.00"), More: &Extra{Judge: judge}},
		{More: &Extra{Judge: judge, Charges: []credit.Charge{{ID: "1", Resource: "west", Amount: credit.MustMoney("USD 30.00")}, {ID: "2", Resource: "west", Amount: credit.MustMoney("USD 40.00")}}}},
		{Fee: credit.MustMoney("USD 50.00"), More: &Extra{Judge: func() ([]sla.Verdict, error) { return nil, nil }}},
		{Fee: credit.MustMoney("USD 50.00"), More: &Extra{Judge: func() ([]sla.Verdict, error) { return nil, errors.New("lost") }}},
		{Fee: credit.MustMoney("USD 50.00"), Outages: make([]outage.Window, 1), More: &Extra{Judge: judge}},
	}
	got, err := Batch{Workers: 2}.Settle(t.Context(), nil, customers)
	figures := func(credit int64) Figures {
		return Figures{Findings: 1, Outcome: sla.Missed, Due: january.Length(), Down: 2 * time.Hour, DownAtMost: 2 * time.Hour, Credit: credit, CreditAtMost: credit}
	}
	assert.Equal(t, []Figures{figures(500), figures(700), {Failed: true}, {Failed: true}, {Failed: true}}, got)
	assert.Equal(t, []string{
		"batch: settling customer 2: judge: it returned no verdicts",
		"batch: settling customer 3: lost",
		"batch: settling customer 4: judge: not allowed beside a fleet, outages or records",
	}, lines(err))
}
