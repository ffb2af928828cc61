package credit

import (
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/internal/workload"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// fleetTerms are those of the workloads: planned work is not due, and there are
// four tiers.
var fleetTerms = sla.Must(sla.Agreement{Name: "fleet", Commitments: []sla.Commitment{{
	Promise:    "at least 99.99%",
	Exclusions: []sla.Exclusion{{Causes: []string{"maintenance"}, Notice: "none", Removed: true}},
	Credits:    []sla.Tier{{Give: "5%"}, {When: "below 99.9%", Give: "10%"}, {When: "below 99%", Give: "25%"}, {When: "below 95%", Give: "100%"}},
}}}.Compile())

var january = sla.Must(sla.Month(2025, time.January, time.UTC))

// A customer is one of the workload in the types of the library.
type customer struct {
	name    string
	records []outage.Record
	charge  Charge
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
		charge := Charge{ID: "fee", Amount: sla.Must(MoneyFromMinor(c.FeeCents, "USD"))}
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
	return sla.Must(outage.NewTimeline(outage.Options{}, c.records...))
}

func (c customer) statement(v sla.Verdict) Statement {
	return sla.Must(NewStatement(Bill{Customer: c.name, Period: january, Charges: []Charge{c.charge}, Verdicts: []sla.Verdict{v}}))
}

// fleetSums are what is asked of a fleet.
type fleetSums struct {
	down    int64 // in microseconds
	percent int64 // in units of 0.0001, each rounded half up
	cents   int64
	tiers   [5]int
}

func (s *fleetSums) add(st Statement) {
	f := st.Verdicts[0].Findings[0]
	s.down += f.Measurement.Down.Microseconds()
	hi, lo := bits.Mul64(uint64(f.Measurement.Due-f.Measurement.Down), 1e6)
	percent, rest := bits.Div64(hi, lo, uint64(f.Measurement.Due))
	s.percent += int64(percent)
	if 2*rest >= uint64(f.Measurement.Due) {
		s.percent++
	}
	s.cents += st.Total.MinorUnits()
	s.tiers[slices.Index([]sla.Quantity{"", "5%", "10%", "25%", "100%"}, f.Entitlement.Row.Give)]++
}

// Sums that databases and programs of other people agree on.
var fleetOf100000 = fleetSums{4_260_549_958_950_848, 98_361_059_103, 10_234_337_019, [5]int{14_848, 8_881, 27_780, 41_723, 6_768}}

// What one would write is right, and so what the library is compared with.
func TestNaiveFleet(t *testing.T) {
	var sums fleetSums
	plans := naivePlans()
	for c := range workload.Customers(100_000) {
		sums.naive(naiveOf(c), plans[c.Calendar])
	}
	assert.Equal(t, fleetOf100000, sums)
}

// A month-end run: for each customer a timeline, a verdict and a statement.
func TestFleet(t *testing.T) {
	n, want := 100_000, fleetOf100000
	if testing.Short() {
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

// A month-end run, whole and in its three steps, beside what one would write
// without the library.
func BenchmarkFleet(b *testing.B) {
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

// One statement, from records to the sum.
func BenchmarkStatement(b *testing.B) {
	broken, planned := workload.One()
	c := customer{"acme", recordsOf(broken, planned), Charge{ID: "fee", Amount: MustMoney("USD 1234.56")}}
	naive, plan := naiveCustomer{windows: naiveWindows(broken), cents: 123_456}, naiveUnion(naiveWindows(planned))
	check := func(down time.Duration, percent, credit string) {
		require.Equal(b, "117868.894359 95.5757 308.64", fmt.Sprintf("%v %s %s", float64(down.Microseconds())/1e6, percent, credit))
	}
	const n = 100 // at once, as a single one is over too soon
	workload.Race(b, "statement", n,
		workload.Contender{Name: "lib", Run: func() {
			var st Statement
			for range n {
				st = c.statement(sla.Must(fleetTerms.Judge(c.timeline(), january)))
			}
			m := st.Verdicts[0].Findings[0].Measurement
			ratio := m.Availability().Ratio()
			percent := decimal.NewFromBigInt(ratio.Num(), 2).DivRound(decimal.NewFromBigInt(ratio.Denom(), 0), 4)
			check(m.Down, percent.String(), st.Total.Amount().String())
		}},
		workload.Contender{Name: "naive", Run: func() {
			var down time.Duration
			var percent, credit decimal.Decimal
			for range n {
				down, percent, _, credit = naive.settle(plan)
			}
			check(down, percent.String(), credit.String())
		}},
	)
}

// The rival: what one writes with time.Time, a sort by a function and decimals.

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

// settle returns what the statement on one customer says.
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
