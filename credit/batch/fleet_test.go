package batch

import (
	"fmt"
	"iter"
	"math"
	"math/big"
	"math/bits"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/internal/workload"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// fleetTerms are those of the workloads: planned work is not due, and there are
// four tiers.
var fleetTerms = sla.Must(sla.Agreement{Name: "fleet", Commitments: []sla.Commitment{{
	Promise:    "at least 99.99%",
	Exclusions: []sla.Exclusion{{Causes: []string{"maintenance"}, Notice: "none", Removed: true}},
	Credits:    []sla.Tier{{Give: "5%"}, {When: "below 99.9%", Give: "10%"}, {When: "below 99%", Give: "25%"}, {When: "below 95%", Give: "100%"}},
}}}.Compile())

var january = calendar.Month(2025, time.January, time.UTC)

// A customer is one of the workload in the types of the library.
type customer struct {
	name    string
	records []outage.Record
	charge  credit.Charge
}

// fleet returns customers with their planned work.
func fleet(n int) []customer {
	var plans [][]outage.Record
	for _, windows := range workload.Calendars() {
		plans = append(plans, recordsOf(nil, windows))
	}
	customers := make([]customer, 0, n)
	for c := range workload.Customers(n) {
		name := "c" + strconv.Itoa(len(customers))
		charge := credit.Charge{ID: "fee", Amount: sla.Must(credit.MoneyFromMinor(c.FeeCents, "USD"))}
		customers = append(customers, customer{name, append(recordsOf(c.Outages, nil), plans[c.Calendar]...), charge})
	}
	return customers
}

// recordsOf returns windows as records.
func recordsOf(broken, planned []workload.Window) []outage.Record {
	var records []outage.Record
	for i, w := range broken {
		records = append(records, outage.Outage{ID: "o" + strconv.Itoa(i), Start: time.Unix(0, w.Start).UTC(), End: time.Unix(0, w.End).UTC()})
	}
	for i, w := range planned {
		records = append(records, outage.Maintenance{ID: "m" + strconv.Itoa(i), Start: time.Unix(0, w.Start).UTC(), End: time.Unix(0, w.End).UTC()})
	}
	return records
}

func (c customer) timeline() outage.Timeline {
	return sla.Must(outage.NewTimeline(c.records...))
}

func (c customer) statement(v sla.Verdict) credit.Statement {
	return sla.Must(credit.NewStatement(credit.Bill{Customer: c.name, Period: january, Charges: []credit.Charge{c.charge}, Verdicts: []sla.Verdict{v}}))
}

// fleetSums are the sums that the benchmarks compare.
type fleetSums struct {
	down    int64 // in microseconds
	percent int64 // in units of 0.0001, each rounded half up
	cents   int64
	tiers   [5]int
}

func (s *fleetSums) add(st credit.Statement) {
	f := st.Verdicts[0].Findings[0]
	tier := slices.Index([]sla.Quantity{"", "5%", "10%", "25%", "100%"}, f.Entitlement.Row.Give)
	s.figures(f.Measurement.Due, f.Measurement.Down, st.Total.MinorUnits(), tier)
}

func (s *fleetSums) figures(due, down time.Duration, cents int64, tier int) {
	s.down += down.Microseconds()
	hi, lo := bits.Mul64(uint64(due-down), 1e6)
	percent, rest := bits.Div64(hi, lo, uint64(due))
	s.percent += int64(percent)
	if 2*rest >= uint64(due) {
		s.percent++
	}
	s.cents += cents
	s.tiers[tier]++
}

// Sums that databases and programs of other people agree on.
var (
	fleetOf100000  = fleetSums{4_260_549_958_950_848, 98_361_059_103, 10_234_337_019, [5]int{14_848, 8_881, 27_780, 41_723, 6_768}}
	fleetOf1000000 = fleetSums{42_610_778_801_192_516, 983_608_578_090, 102_136_698_642, [5]int{146_846, 90_488, 276_780, 418_661, 67_225}}
)

// The naive program that the library is compared with is correct.
func TestNaiveFleet(t *testing.T) {
	var sums fleetSums
	plans := naivePlans()
	for c := range workload.Customers(100_000) {
		sums.naive(naiveOf(c), plans[c.Calendar])
	}
	assert.Equal(t, fleetOf100000, sums)
}

// A month-end run: for each customer a timeline, a verdict and a statement. With
// SLACREDIT_FLEET_COUNT it is of all for whom others computed the sums.
func TestFleet(t *testing.T) {
	n, want := 100_000, fleetOf100000
	if os.Getenv("SLACREDIT_FLEET_COUNT") == "" {
		n, want = 2_000, fleetSums{}
		plans := naivePlans()
		for c := range workload.Customers(n) {
			want.naive(naiveOf(c), plans[c.Calendar])
		}
	}
	var sums fleetSums
	for _, c := range fleet(n) {
		sums.add(c.statement(sla.Must(fleetTerms.Judge(c.timeline(), january))))
	}
	assert.Equal(t, want, sums)
}

// fleetCustomers returns customers as a batch takes them.
func fleetCustomers(all iter.Seq[workload.Customer], calendars [][]workload.Window, periods ...calendar.Period) []Customer {
	var tariffs []*Fleet
	for _, windows := range calendars {
		shared := sla.Must(outage.NewTimeline(recordsOf(nil, windows)...))
		tariffs = append(tariffs, sla.Must(NewFleet(fleetTerms, shared, periods...)))
	}
	var customers []Customer
	for c := range all {
		var outages []outage.Window
		for _, w := range c.Outages {
			outages = append(outages, outage.MustWindow(time.Unix(0, w.Start), time.Unix(0, w.End)))
		}
		customers = append(customers, Customer{Fleet: tariffs[c.Calendar], Fee: sla.Must(credit.MoneyFromMinor(c.FeeCents, "USD")), Outages: outages})
	}
	return customers
}

func (s *fleetSums) settlement(of Figures) {
	s.figures(of.Due, of.Down, of.Credit, int(of.Row))
}

func sumsOf(settlements []Figures) fleetSums {
	var sums fleetSums
	for _, s := range settlements {
		sums.settlement(s)
	}
	return sums
}

// The same run in figures, by any number of workers.
func TestFleetInFigures(t *testing.T) {
	n, want := 100_000, fleetOf100000
	if testing.Short() {
		n, want = 2_000, fleetSums{}
		plans := naivePlans()
		for c := range workload.Customers(n) {
			want.naive(naiveOf(c), plans[c.Calendar])
		}
	}
	customers := fleetCustomers(workload.Customers(n), workload.Calendars(), january)
	settled, err := Batch{}.Settle(t.Context(), nil, customers)
	require.NoError(t, err)
	assert.Equal(t, want, sumsOf(settled))
	byThree, err := Batch{Workers: 3}.Settle(t.Context(), nil, customers)
	require.NoError(t, err)
	assert.Equal(t, settled, byThree)
	var totals Totals
	require.NoError(t, totals.Add("USD", settled...))
	assert.Equal(t, strconv.FormatInt(want.down*1000, 10), totals.Down().String())
	assert.Equal(t, decimal.New(want.cents, -2).String(), totals.Credit("USD").String())
}

// Twelve months of a year at once are each month on its own.
// A rate of whole numbers gives the same as fractions, and reports an amount that
// leaves int64.
func TestRateAgreesWithRationals(t *testing.T) {
	most := new(big.Int).SetInt64(math.MaxInt64)
	check := func(t require.TestingT, r rate, fee int64) {
		worth := new(big.Rat)
		if r.den != 0 {
			worth.SetFrac(new(big.Int).SetUint64(r.num), new(big.Int).SetUint64(r.den))
		}
		worth.Mul(worth, new(big.Rat).SetInt64(fee))
		for mode, half := range map[credit.Rounding]*big.Rat{credit.HalfAwayFromZero: big.NewRat(1, 2), credit.TowardZero: new(big.Rat)} {
			down := half.Sign() == 0
			up := half.Add(half, worth)
			want := new(big.Int).Quo(up.Num(), up.Denom())
			want.Add(want, big.NewInt(r.sum))
			got, fits := r.of(fee, down)
			require.Equal(t, want.Cmp(most) <= 0, fits, "%v of %d, %v", r, fee, mode)
			if fits {
				require.Equal(t, want.Int64(), got, "%v of %d, %v", r, fee, mode)
			}
		}
	}
	for den := uint64(1); den <= 12; den++ {
		for num := uint64(0); num <= 2*den; num++ {
			for fee := range int64(30) {
				check(t, rate{num: num, den: den, sum: int64(num % 3)}, fee)
			}
		}
	}
	for _, r := range []rate{
		{},
		{sum: math.MaxInt64}, // of no fee
		{num: 1 << 24, den: 1},
		{num: 1 << 24, den: 2}, // the product is the divisor times 2⁶⁴, and half of that
		{num: 1, den: 1},
		{num: 1, den: 1, sum: 1},
		{num: 1, den: 2, sum: math.MaxInt64 / 2},
		{num: math.MaxInt64, den: math.MaxInt64},
		{num: 1, den: math.MaxInt64},
		{num: math.MaxInt64, den: 1},
		{num: math.MaxInt64, den: 2},
	} {
		for _, fee := range []int64{0, 1, 2, 1 << 39, 1 << 40, 1 << 41, math.MaxInt64 - 1, math.MaxInt64} {
			check(t, r, fee)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.OneOf(rapid.Int64Range(1, 1000), rapid.Int64Range(1, math.MaxInt64))
		sums := rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(0, math.MaxInt64))
		fees := rapid.OneOf(rapid.Int64Range(0, 100_000), rapid.Int64Range(0, math.MaxInt64))
		check(t, rate{num: uint64(part.Draw(t, "num")), den: uint64(part.Draw(t, "den")), sum: sums.Draw(t, "sum")}, fees.Draw(t, "fee"))
	})
}

// What takes more than whole numbers of 63 bits has no rate, and is left to
// statements.
func TestNoRateOfLargeNumbers(t *testing.T) {
	entitled := func(percent, sum string) (e sla.Entitlement) {
		require.NoError(t, e.Percent.UnmarshalText([]byte(percent)))
		require.NoError(t, e.Sum.UnmarshalText([]byte(sum)))
		return e
	}
	for e, want := range map[string]rate{
		"0% 0":                         {0, 1, 0, ""},
		"12.5% 20.5USD":                {1, 8, 2050, "USD"},
		"100% 0.0001CLF":               {1, 1, 1, "CLF"},
		"922337203685477580700% 0":     {math.MaxInt64, 1, 0, ""},
		"1/92233720368547758% 0":       {1, 9223372036854775800, 0, ""},
		"0% 92233720368547758.07USD":   {0, 1, math.MaxInt64, "USD"},
		"922337203685477580800% 0":     {}, // a numerator of 2⁶³
		"1/92233720368547759% 0":       {}, // a denominator beyond it
		"-5% 0":                        {},
		"5% 0.001USD":                  {}, // no whole number of cents
		"5% 92233720368547758.08USD":   {},
		"0% 1/3USD":                    {},
		"-922337203685477580900% 0":    {},
		"-922337203685477580900% 1JPY": {},
	} {
		percent, sum, _ := strings.Cut(e, " ")
		got, fits := rateOf(entitled(percent, sum).Remedy, 30*24*time.Hour)
		assert.Equal(t, want, got, e)
		assert.Equal(t, want != rate{}, fits, e)
	}
}

func TestFleetOfYear(t *testing.T) {
	const n = 500
	months := monthsOf2025()
	calendars := workload.CalendarsOfYear()
	settled, err := Batch{}.Settle(t.Context(), nil, fleetCustomers(workload.CustomersOfYear(n), calendars, months...))
	require.NoError(t, err)
	require.Len(t, settled, 12*n)
	for i, month := range months {
		alone, err := Batch{}.Settle(t.Context(), nil, fleetCustomers(workload.CustomersOfYear(n), calendars, month))
		require.NoError(t, err)
		for c := range alone {
			alone[c].Period = int32(i)
			require.Equal(t, alone[c], settled[12*c+i])
		}
	}
}

func monthsOf2025() []calendar.Period {
	cycle := calendar.Cycle{Start: calendar.Date{Year: 2025, Month: 1, Day: 1}, Zone: time.UTC, Months: 1}
	var months []calendar.Period
	for i := range 12 {
		months = append(months, sla.Must(cycle.Period(i)))
	}
	return months
}

// A month-end run in figures. It is compared with a naive program without the
// library, and with the least possible work: to read each window and to write 32
// bytes for each customer.
func BenchmarkFleet(b *testing.B) {
	n := 1_000_000
	if testing.Short() {
		n = 100_000
	}
	var want fleetSums
	var naive []naiveCustomer
	plans := naivePlans()
	for c := range workload.Customers(n) {
		naive = append(naive, naiveOf(c))
		want.naive(naive[len(naive)-1], plans[c.Calendar])
	}
	if n == 1_000_000 {
		require.Equal(b, fleetOf1000000, want)
	} else {
		require.Equal(b, fleetOf100000, want)
	}
	customers := fleetCustomers(workload.Customers(n), workload.Calendars(), january)
	year := fleetCustomers(workload.CustomersOfYear(n/4), workload.CalendarsOfYear(), monthsOf2025()...)
	settled, settledYear := make([]Figures, 0, n), make([]Figures, 0, 12*len(year))
	settle := func(workers int) func() {
		return func() { settled = sla.Must(Batch{Workers: workers}.Settle(b.Context(), settled[:0], customers)) }
	}
	floor := make([][4]int64, n)
	var percent, amount decimal.Decimal
	workload.Race(b, "customer", n,
		workload.Contender{Name: "lib", Run: settle(1)},
		workload.Contender{Name: "pass", Run: func() {
			for i := range customers {
				var sum int64
				for _, w := range customers[i].Outages {
					start, end := w.UnixNano()
					sum += end - start
				}
				floor[i] = [4]int64{sum, customers[i].Fee.MinorUnits()}
			}
		}},
		workload.Contender{Name: "naive", Run: func() {
			var sums fleetSums
			for _, c := range naive {
				sums.naive(c, plans[c.calendar])
			}
			if sums != want {
				b.Fatal(sums)
			}
		}},
		workload.Contender{Name: "decimals", Run: func() {
			settle(1)()
			for i := range settled {
				percent, _ = settled[i].Availability().Percent(4)
				amount = inMinor(settled[i].Credit, "USD").Amount()
			}
		}},
		workload.Contender{Name: "stream", Run: func() {
			var totals Totals
			for s, err := range (Batch{}).Stream(b.Context(), slices.Values(customers)) {
				if err != nil {
					b.Fatal(err)
				}
				if err := totals.Add("USD", s...); err != nil {
					b.Fatal(err)
				}
			}
			if totals.Down().Int64() != want.down*1000 {
				b.Fatal(totals.Down())
			}
		}},
		workload.Contender{Name: "two", Run: settle(2)},
		workload.Contender{Name: "year", Run: func() {
			for range 4 {
				settledYear = sla.Must(Batch{}.Settle(b.Context(), settledYear[:0], year))
			}
		}},
	)
	require.Equal(b, want, sumsOf(settled))
	sinks = []any{percent, amount, floor}
}

var sinks []any

// The same run with the account of each statement, whole and in its three steps.
func BenchmarkFleetWithAccount(b *testing.B) {
	const n = 2_000
	customers, plans := fleet(n), naivePlans()
	var naive []naiveCustomer
	var want fleetSums
	for c := range workload.Customers(n) {
		naive = append(naive, naiveOf(c))
		want.naive(naive[len(naive)-1], plans[c.Calendar])
	}
	check := func(got fleetSums) { require.Equal(b, want, got) }
	timelines, verdicts := make([]outage.Timeline, n), make([]sla.Verdict, n)
	for i, c := range customers {
		timelines[i] = c.timeline()
		verdicts[i] = sla.Must(fleetTerms.Judge(timelines[i], january))
	}
	workload.Race(b, "customer", n,
		workload.Contender{Name: "lib", Run: func() {
			var sums fleetSums
			for _, c := range customers {
				sums.add(c.statement(sla.Must(fleetTerms.Judge(c.timeline(), january))))
			}
			check(sums)
		}},
		workload.Contender{Name: "timeline", Run: func() {
			for _, c := range customers {
				c.timeline()
			}
		}},
		workload.Contender{Name: "judge", Run: func() {
			for i := range customers {
				sla.Must(fleetTerms.Judge(timelines[i], january))
			}
		}},
		workload.Contender{Name: "statement", Run: func() {
			for i, c := range customers {
				c.statement(verdicts[i])
			}
		}},
		workload.Contender{Name: "naive", Run: func() {
			var sums fleetSums
			for _, c := range naive {
				sums.naive(c, plans[c.calendar])
			}
			check(sums)
		}},
	)
}

// One statement, from instants to figures, to two decimals, and with its account.
func BenchmarkStatement(b *testing.B) {
	broken, planned := workload.One()
	c := customer{"acme", recordsOf(broken, planned), credit.Charge{ID: "fee", Amount: credit.MustMoney("USD 1234.56")}}
	naive, plan := naiveCustomer{windows: naiveWindows(broken), cents: 123_456}, naiveUnion(naiveWindows(planned))
	shared := sla.Must(outage.NewTimeline(recordsOf(nil, planned)...))
	tariff := sla.Must(NewFleet(fleetTerms, shared, january))
	check := func(down time.Duration, percent, credit string) {
		require.Equal(b, "117868.894359 95.5757 308.64", fmt.Sprintf("%v %s %s", float64(down.Microseconds())/1e6, percent, credit))
	}
	const n = 1000 // at once, as a single one is over too soon
	var settler Settler
	var settled []Figures
	windows := make([]outage.Window, 0, len(broken))
	settle := func() {
		windows = windows[:0]
		for _, w := range naive.windows {
			windows = append(windows, sla.Must(outage.NewWindow(w.start, w.end)))
		}
		settled = sla.Must(settler.Settle(settled[:0], Customer{Fleet: tariff, Fee: c.charge.Amount, Outages: windows}))
	}
	workload.Race(b, "statement", n,
		workload.Contender{Name: "lib", Run: func() {
			for range n {
				settle()
			}
			if s := settled[0]; s.Down != 117_868_894_359_000 || s.Credit != 30_864 {
				b.Fatal(s)
			}
		}},
		workload.Contender{Name: "decimals", Run: func() {
			var percent, credit decimal.Decimal
			for range n {
				settle()
				percent, _ = settled[0].Availability().Percent(4)
				credit = inMinor(settled[0].Credit, "USD").Amount()
			}
			check(settled[0].Down, percent.Add(decimal.New(1, -4)).String(), credit.String()) // it is floored
		}},
		workload.Contender{Name: "naive", Run: func() {
			var down time.Duration
			var percent, credit decimal.Decimal
			for range n {
				down, percent, _, credit = naive.settle(plan)
			}
			check(down, percent.String(), credit.String())
		}},
		workload.Contender{Name: "account", Run: func() {
			var st credit.Statement
			for range n {
				st = c.statement(sla.Must(fleetTerms.Judge(c.timeline(), january)))
			}
			check(st.Verdicts[0].Findings[0].Measurement.Down, "95.5757", st.Total.Amount().String())
		}},
	)
}

// The rival: a naive program with time.Time, a sort by a function and decimals.

type naiveWindow struct{ start, end time.Time }

type naiveCustomer struct {
	windows  []naiveWindow
	calendar int
	cents    int64
}

func naiveWindows(windows []workload.Window) []naiveWindow {
	out := make([]naiveWindow, len(windows))
	for i, w := range windows {
		out[i] = naiveWindow{time.Unix(0, w.Start).UTC(), time.Unix(0, w.End).UTC()}
	}
	return out
}

func naiveOf(c workload.Customer) naiveCustomer {
	return naiveCustomer{naiveWindows(c.Outages), c.Calendar, c.FeeCents}
}

// naivePlans returns the calendars, each merged once.
func naivePlans() [][]naiveWindow {
	var plans [][]naiveWindow
	for _, windows := range workload.Calendars() {
		plans = append(plans, naiveUnion(naiveWindows(windows)))
	}
	return plans
}

// naiveUnion merges windows, cut to January.
func naiveUnion(windows []naiveWindow) []naiveWindow {
	windows = slices.Clone(windows)
	slices.SortFunc(windows, func(v, w naiveWindow) int { return v.start.Compare(w.start) })
	from, to := january.Window().Start(), january.Window().End()
	var merged []naiveWindow
	for _, w := range windows {
		if w.start.Before(from) {
			w.start = from
		}
		if w.end.After(to) {
			w.end = to
		}
		switch last := len(merged) - 1; {
		case !w.start.Before(w.end):
		case last >= 0 && !w.start.After(merged[last].end):
			if w.end.After(merged[last].end) {
				merged[last].end = w.end
			}
		default:
			merged = append(merged, w)
		}
	}
	return merged
}

var naiveTiers = []struct{ below, give decimal.Decimal }{
	{decimal.RequireFromString("99.99"), decimal.NewFromInt(5)},
	{decimal.RequireFromString("99.9"), decimal.NewFromInt(10)},
	{decimal.RequireFromString("99"), decimal.NewFromInt(25)},
	{decimal.RequireFromString("95"), decimal.NewFromInt(100)},
}

// settle returns the figures of a statement on one customer.
func (c naiveCustomer) settle(plan []naiveWindow) (down time.Duration, percent decimal.Decimal, tier int, credit decimal.Decimal) {
	due := january.Length()
	for _, p := range plan {
		due -= p.end.Sub(p.start)
	}
	for _, w := range naiveUnion(c.windows) {
		down += w.end.Sub(w.start)
		for _, p := range plan {
			from, to := w.start, w.end
			if p.start.After(from) {
				from = p.start
			}
			if p.end.Before(to) {
				to = p.end
			}
			if from.Before(to) {
				down -= to.Sub(from)
			}
		}
	}
	hundred := decimal.NewFromInt(100)
	all := decimal.NewFromInt(int64(due))
	served := decimal.NewFromInt(int64(due - down)).Mul(hundred)
	give := decimal.Decimal{}
	for i, t := range naiveTiers {
		if served.LessThan(t.below.Mul(all)) { // the unrounded availability
			tier, give = i+1, t.give
		}
	}
	return down, served.DivRound(all, 4), tier, decimal.New(c.cents, -2).Mul(give).Div(hundred).Round(2)
}

func (s *fleetSums) naive(c naiveCustomer, plan []naiveWindow) {
	down, percent, tier, credit := c.settle(plan)
	s.down += down.Microseconds()
	s.percent += percent.Shift(4).IntPart()
	s.cents += credit.Shift(2).IntPart()
	s.tiers[tier]++
}
