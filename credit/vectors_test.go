package credit

import (
	"encoding/json"
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/internal/apportion"
	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// The published vectors on fees of prorated list prices: the charges, the credit,
// and its split over the lines.
func TestVectorsOfFees(t *testing.T) {
	berlin := sla.Must(time.LoadLocation("Europe/Berlin"))
	day := func(month time.Month, day int) calendar.Date {
		return calendar.Date{Year: 2026, Month: month, Day: day}
	}
	period := func(from, to calendar.Date, zone *time.Location) calendar.Period {
		return sla.Must(calendar.NewPeriod(from, to, zone))
	}
	type segment struct {
		price    string
		from, to calendar.Date
	}
	june, october, march := period(day(6, 1), day(7, 1), time.UTC), period(day(10, 1), day(11, 1), time.UTC), period(day(3, 1), day(4, 1), berlin)
	half := []segment{{"EUR 1000.00", day(3, 16), day(4, 1)}}
	for _, tt := range []struct {
		name     string
		cycle    calendar.Period
		zone     *time.Location
		by       Proration
		exact    bool
		give     sla.Quantity
		segments []segment
		charged  []int64
		want     int64
		lines    []int64
	}{
		{"B03", june, time.UTC, CalendarDays, false, "100%", []segment{{"USD 300.03", day(6, 1), day(6, 26)}}, []int64{25003}, 25003, []int64{25003}},
		{"B04 as invoiced", june, time.UTC, CalendarDays, false, "15%", []segment{{"USD 199.00", day(6, 6), day(7, 1)}}, []int64{16583}, 2487, []int64{2487}},
		{"B04 exactly", june, time.UTC, CalendarDays, true, "15%", []segment{{"USD 199.00", day(6, 6), day(7, 1)}}, []int64{16583}, 2488, []int64{2488}},
		{"B06 elapsed", march, berlin, ElapsedTime, false, "10%", half, []int64{51548}, 5155, []int64{5155}},
		{"B06 days", march, berlin, CalendarDays, false, "10%", half, []int64{51613}, 5161, []int64{5161}},
		{"B06 thirty", march, berlin, ThirtyDays, false, "10%", half, []int64{53333}, 5333, []int64{5333}},
		{"B09", october, time.UTC, CalendarDays, false, "10%", []segment{{"USD 299.00", day(10, 1), day(10, 13)}, {"USD 499.00", day(10, 13), day(11, 1)}}, []int64{11574, 30584}, 4216, []int64{1157, 3059}},
		{"B16", june, time.UTC, CalendarDays, false, "25%", []segment{{"USD 1200.00", day(6, 11), day(7, 1)}}, []int64{80000}, 20000, []int64{20000}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			served := period(tt.segments[0].from, tt.segments[len(tt.segments)-1].to, tt.zone)
			start := served.Window().Start()
			web := sla.Must(outage.NewTimeline(outage.Outage{ID: "o-1", Resource: "web", Start: start, End: start.Add(time.Hour)}))
			b := Bill{Customer: "acme", Period: tt.cycle, Verdicts: []sla.Verdict{sla.Must(sla.Must(plain("a", flat(tt.give)).Compile()).Judge(web, served))}}
			for i, s := range tt.segments {
				price := Price{MustMoney(s.price), tt.by, tt.exact}
				c, err := price.Charge(string(rune('1'+i)), "web", period(s.from, s.to, tt.zone), tt.cycle)
				require.NoError(t, err)
				assert.Equal(t, tt.charged[i], c.Amount.MinorUnits())
				b.Charges = append(b.Charges, c)
			}
			s, err := NewStatement(b)
			require.NoError(t, err)
			assert.Equal(t, tt.want, s.Total.MinorUnits())
			lines, err := s.Credits[0].Lines()
			require.NoError(t, err)
			require.Len(t, lines, len(tt.lines))
			for i, l := range lines {
				assert.Equal(t, tt.lines[i], l.Share.MinorUnits())
				assert.Equal(t, tt.charged[i], l.Open.MinorUnits())
			}
			data, err := json.Marshal(s)
			require.NoError(t, err)
			var read Statement
			require.NoError(t, json.Unmarshal(data, &read))
			assert.Equal(t, s.Text(), read.Text())
		})
	}
}

// B11: three commitments, each 5 % of 66.70, are 10.005 and so 10.01, and not
// three times 3.34.
func TestB11(t *testing.T) {
	a := sla.Agreement{Name: "a"}
	for _, name := range []string{"power", "network", "hardware"} {
		c := flat("5%")
		c.Name = name
		a.Commitments = append(a.Commitments, c)
	}
	s := state(t, []Charge{charge("web", "USD 66.70")}, judge(t, a, "web", time.Hour))
	var parts []int64
	for _, p := range s.Credits[0].Parts {
		parts = append(parts, p.Amount.MinorUnits())
	}
	assert.Equal(t, int64(1001), s.Total.MinorUnits())
	assert.Equal(t, []int64{334, 334, 333}, parts)
}

// B18: a credit is issued only if it is more than 1.00, or raised to 1.00 by a
// second commitment of its group.
func TestB18(t *testing.T) {
	for fee, want := range map[string]int64{"USD 9.90": 0, "USD 10.00": 0, "USD 10.10": 101} {
		a := plain("a", flat("10%"))
		a.Above = "1USD"
		assert.Equal(t, want, state(t, []Charge{charge("web", fee)}, judge(t, a, "web", time.Hour)).Total.MinorUnits(), fee)
	}
	share, sum := flat("10%"), flat("1USD")
	share.Name, share.OneOf = "share", []string{"credit"}
	sum.Name, sum.OneOf = "least", []string{"credit"}
	a := sla.Agreement{Name: "a", Commitments: []sla.Commitment{share, sum}}
	for fee, want := range map[string]int64{"USD 3.70": 100, "USD 37.00": 370} {
		assert.Equal(t, want, state(t, []Charge{charge("web", fee)}, judge(t, a, "web", time.Hour)).Total.MinorUnits(), fee)
	}
}

// What other billing systems got wrong, and code like this could.
func TestKnownDefects(t *testing.T) {
	for name, test := range map[string]func(*testing.T){
		"a ratio divided before it is multiplied": func(t *testing.T) { // Kill Bill, OpenMeter, flexprice: 250.02
			p := Prorated{Price: MustMoney("USD 300.03"), By: CalendarDays, Part: 25, Whole: 30}
			assert.Equal(t, "250.025", p.Worth().String())
			assert.Equal(t, MustMoney("USD 250.03"), sla.Must(round(p.worth(), "USD", HalfAwayFromZero)))
		},
		"a quotient rounded twice": func(t *testing.T) { // shopspring/decimal, issues 272, 338, 409
			assert.Equal(t, MustMoney("USD 0.00"), sla.Must(round(exact.Of(big.NewRat((43*60+48)*60e9-1, 365*24*3600e9)), "USD", HalfAwayFromZero)))
		},
		"parts and total rounded apart": func(t *testing.T) { // Lago, issues 831 to 5121
			s := state(t, []Charge{charge("a", "USD 66.70"), charge("b", "USD 66.70"), charge("c", "USD 66.70")},
				judge(t, plain("a", flat("5%")), "a", time.Hour), judge(t, plain("a", flat("5%")), "b", time.Hour), judge(t, plain("a", flat("5%")), "c", time.Hour))
			assert.Equal(t, int64(1001), s.Total.MinorUnits())
			assert.NoError(t, s.Credits[0].check())
		},
		"the remainder to the first": func(t *testing.T) { // moneyphp 492, dinero 144 and 776
			assert.Equal(t, []int64{7499, 2500}, sla.Must(apportion.Split(9999, []exact.Number{exact.Int(750), exact.Int(250)})))
		},
		"a ratio cut to an integer": func(t *testing.T) { // RubyMoney 1033, brick 46: 37.5 became 37
			assert.Equal(t, []int64{3750, 6250}, sla.Must(apportion.Split(10000, []exact.Number{exact.New(375, 10), exact.New(625, 10)})))
			assert.Equal(t, int64(3750), state(t, []Charge{charge("web", "USD 100.00")}, judge(t, plain("a", flat("37.5%")), "web", time.Hour)).Total.MinorUnits())
		},
		"an allocation that overflows": func(t *testing.T) { // Rhymond/go-money 1.0.15 panics
			parts := sla.Must(apportion.Split(math.MaxInt64, []exact.Number{exact.Int(math.MaxInt64), exact.Int(math.MaxInt64), exact.Int(1)}))
			assert.Equal(t, int64(math.MaxInt64), parts[0]+parts[1]+parts[2])
		},
		"a check on an unrounded value": func(t *testing.T) { // Kill Bill 1124
			c := sla.Must(Price{Amount: MustMoney("USD 199.00"), By: CalendarDays, Exact: true}.Charge("1", "web", sla.Must(calendar.NewPeriod(june.First(), calendar.Date{Year: 2026, Month: 6, Day: 26}, time.UTC)), june))
			c.Window = june.Window()
			s := state(t, []Charge{c}, judge(t, plain("a", flat("15%", "14%")), "web", time.Hour))
			assert.Equal(t, int64(2321), s.Total.MinorUnits()) // 14 % of 165.8333… is 23.21666…
			_, err := s.priced()
			assert.NoError(t, err)
		},
		"a wrong table of digits": func(t *testing.T) { // GOBL: HUF 0, MGA and MRU 5; RubyMoney, Shopify/money
			for _, currency := range []string{"HUF", "MGA", "MRU"} {
				assert.Equal(t, 2, MustMoney(currency+" 1.00").Digits())
			}
			assert.Equal(t, 3, MustMoney("BHD 1.000").Digits())
			assert.Equal(t, 0, MustMoney("JPY 1").Digits())
		},
		"an unknown code taken for one of two digits": func(t *testing.T) { // flexprice, go-money
			_, err := ParseMoney("XYZ 1.00")
			assert.Error(t, err)
		},
	} {
		t.Run(name, test)
	}
}
