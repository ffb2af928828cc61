package credit

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
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

// gives is a commitment that is broken by any downtime.
func gives(row sla.Tier, limits ...sla.Cap) sla.Commitment {
	return sla.Commitment{Promise: "exactly 100%", Credits: []sla.Tier{row}, AtMost: limits}
}

// joyentVerdict returns the verdict on the 149 minutes of 27 May 2014.
func joyentVerdict(t require.TestingT, a sla.Agreement) sla.Verdict {
	start := time.Date(2014, 5, 27, 20, 13, 0, 0, time.UTC)
	timeline, err := outage.NewTimeline(outage.Outage{ID: "o", Resource: "i", Start: start, End: start.Add(149 * time.Minute)})
	require.NoError(t, err)
	v, err := sla.Must(a.Compile()).Judge(timeline, calendar.Month(2014, time.May, time.UTC))
	require.NoError(t, err)
	return v
}

// What published remedies give for 149 minutes of May 2014, of a fee of USD
// 1000.00 for the month.
func TestJoyentUnderOtherRemedies(t *testing.T) {
	for _, tt := range []struct {
		name  string
		c     sla.Commitment
		exact string
		want  string // 17.245 % of the fee is USD 172.45
	}{
		{"UpCloud: 50 × the price by 30 days", sla.Commitment{Promise: "exactly 100%", Base: sla.Base{Length: "30d"}, Credits: []sla.Tier{{Give: "50x"}}}, "18625/108", "USD 172.45"},
		{"GoGrid: 100 × the price by the month", gives(sla.Tier{Give: "100x"}), "31041.6666/93", "USD 333.78"},
		{"OVH: 0.5 % per full minute", gives(sla.Tier{Give: "0.5%", Per: "full 1m"}, "50%"), "745", "USD 500.00"},
		{"DreamHost: a day per started hour", gives(sla.Tier{Give: "1d", Per: "started 1h"}), "3000/31", "USD 96.77"},
		{"Verizon: a share and once another", gives(sla.Tier{Give: "20%", Plus: "4%"}), "240", "USD 240.00"},
		{"a share, and once a day and a sum", gives(sla.Tier{Give: "5%", Per: "full 1h", Plus: "1d"}), "4100/31", "USD 132.26"},
		{"a month of service", gives(sla.Tier{Give: "1mo"}), "1000", "USD 1000.00"},
		{"a sum", gives(sla.Tier{Give: "20USD", Per: "started 1h"}), "60", "USD 60.00"},
		{"a limit in service", gives(sla.Tier{Give: "100x"}, "4d"), "31041.6666/93", "USD 129.03"},
		{"a limit in money", gives(sla.Tier{Give: "100x"}, "100USD"), "31041.6666/93", "USD 100.00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := plain("a", tt.c)
			s, err := NewStatement(Bill{
				Customer: "acme", Period: calendar.Month(2014, time.May, time.UTC),
				Charges: []Charge{charge("i", "USD 1000.00")}, Verdicts: []sla.Verdict{joyentVerdict(t, a)},
			})
			require.NoError(t, err)
			p := s.Credits[0].Parts[0]
			if strings.Contains(tt.name, "GoGrid") || strings.Contains(tt.name, "a limit in") {
				tt.exact = NewExact(big.NewRat(100*149*1000, 44640)).String()
			}
			assert.Equal(t, tt.exact, p.Exact.String())
			assert.Equal(t, tt.want, s.Total.String())
		})
	}
}

// floored returns the share of the base that a part is, in percent, cut to
// three places.
func floored(p Part) string {
	share := p.Exact.Rat()
	share.Quo(share, p.Base.Amount().Rat()).Mul(share, big.NewRat(100_000, 1))
	cut := new(big.Int).Quo(share.Num(), share.Denom()).Int64()
	return fmt.Sprintf("%d.%03d", cut/1000, cut%1000)
}

// The examples that providers print.
func TestPrintedExamples(t *testing.T) {
	may := calendar.Month(2014, time.May, time.UTC)
	for _, tt := range []struct {
		c    sla.Commitment
		want string
	}{
		{sla.Commitment{Promise: "exactly 100%", Base: sla.Base{Length: "30d"}, Credits: []sla.Tier{{Give: "50x"}}}, "17.245"},
		{gives(sla.Tier{Give: "100x"}), "33.378"},
	} {
		s, err := NewStatement(Bill{Customer: "acme", Period: may, Charges: []Charge{charge("i", "USD 19.99")}, Verdicts: []sla.Verdict{joyentVerdict(t, plain("a", tt.c))}})
		require.NoError(t, err)
		assert.Equal(t, tt.want, floored(s.Credits[0].Parts[0]))
	}

	// GoGrid: 7 hours are credited as 700 hours of service.
	s := state(t, []Charge{charge("web", "USD 72.00")}, judge(t, plain("a", gives(sla.Tier{Give: "100x"})), "web", 7*time.Hour))
	assert.Equal(t, "700h", s.Credits[0].Parts[0].Remedy.Service.String())
	assert.Equal(t, "USD 70.00", s.Total.String())

	// 4 hours of a fee of USD 30 that pays for 730 hours, 50 times: the price
	// of an hour is not rounded on the way.
	fifty := sla.Commitment{Promise: "exactly 100%", Base: sla.Base{Length: "730h"}, Credits: []sla.Tier{{Give: "50x"}}}
	s = state(t, []Charge{charge("web", "USD 30.00")}, judge(t, plain("a", fifty), "web", 4*time.Hour))
	assert.Equal(t, []string{"600/73", "USD 8.22"}, []string{s.Credits[0].Sum.String(), s.Total.String()})

	// AWS: only a credit of more than one dollar is issued.
	for fee, want := range map[string]string{"USD 9.90": "USD 0.00", "USD 10.00": "USD 0.00", "USD 10.04": "USD 0.00", "USD 10.05": "USD 1.01", "USD 10.10": "USD 1.01"} {
		a := plain("a", flat("10%"))
		a.Above = "1USD"
		s := state(t, []Charge{charge("web", fee)}, judge(t, a, "web", time.Hour))
		assert.Equal(t, want, s.Total.String(), fee)
		assert.Equal(t, want == "USD 0.00", !s.Credits[0].Withheld.IsZero(), fee)
		assert.Equal(t, s.Total, s.Credits[0].Parts[0].Amount)
	}
}

// The fee is the sum of the charges of the kinds that count.
func TestKinds(t *testing.T) {
	charges := []Charge{
		{ID: "1", Resource: "web", Kind: "hourly", Amount: MustMoney("USD 70.00")},
		{ID: "2", Resource: "web", Kind: "one-time", Amount: MustMoney("USD 500.00")},
		{ID: "3", Resource: "web", Amount: MustMoney("USD 30.00")},
	}
	for _, tt := range []struct {
		base sla.Base
		want string
		line string
	}{
		{sla.Base{}, "USD 60.00", "10% of USD 600.00"},
		{sla.Base{Of: "region"}, "USD 60.00", "10% of USD 600.00"},
		{sla.Base{Only: []string{"hourly"}}, "USD 7.00", "charges of kinds: hourly"},
		{sla.Base{Only: []string{"hourly", "one-time"}}, "USD 57.00", "charges of kinds: hourly, one-time"},
		{sla.Base{Without: []string{"one-time"}}, "USD 10.00", "charges except kinds: one-time"},
		{sla.Base{Only: []string{"yearly"}}, "USD 0.00", "10% of USD 0.00"},
	} {
		c := flat("10%")
		c.Base = tt.base
		s := state(t, charges, judge(t, plain("a", c, "100%"), "web", time.Hour))
		assert.Equal(t, tt.want, s.Total.String(), tt.base)
		assert.Equal(t, s.Credits[0].Parts[0].Base, s.Credits[0].Limits[0].Base, "the whole is limited by what counts")
		assert.Contains(t, s.Text(), tt.line)
	}
	// What counts for one commitment is part of the whole.
	a := sla.Agreement{Name: "a", AtMost: []sla.Cap{"100%"}, Commitments: []sla.Commitment{flat("10%"), flat("10%")}}
	a.Commitments[0].Name, a.Commitments[0].Base.Only = "hourly", []string{"hourly"}
	a.Commitments[1].Name, a.Commitments[1].Base.Only = "one-time", []string{"one-time"}
	s := state(t, charges, judge(t, a, "web", time.Hour))
	assert.Equal(t, "USD 570.00", s.Credits[0].Limits[0].Base.String())
	assert.Equal(t, "USD 57.00", s.Total.String())
}

// Of a group only the commitment that gives most does, after its own limits;
// of equals the first.
func TestOneOf(t *testing.T) {
	for _, tt := range []struct {
		name   string
		rows   []string // what each gives, the limit and the groups
		want   string
		yields string // of each
	}{
		{"no group", []string{"10%,,", "20%,,"}, "USD 30.00", " "},
		{"the highest", []string{"10%,,g", "20%,,g", "15%,,g"}, "USD 20.00", "g:1  g:1"},
		{"after its limits", []string{"10%,,g", "20%,5%,g"}, "USD 10.00", " g:0"},
		{"the first of equals", []string{"1%,,g", "10%,,g", "10%,,g"}, "USD 10.00", "g:1  g:1"},
		{"in different units", []string{"10%,,g", "3d,,g", "9.99USD,,g"}, "USD 10.00", " g:0 g:0"},
		{"and what is in no group", []string{"10%,,g", "20%,,g", "5%,,"}, "USD 25.00", "g:1  "},
		{"highest in one group, not in the other", []string{"10%,,g", "20%,,g h", "30%,,h"}, "USD 30.00", "g:1 h:2 "},
		{"highest in both", []string{"10%,,g", "20%,,g h", "15%,,h"}, "USD 20.00", "g:1  h:1"},
		{"two groups", []string{"10%,,g", "20%,,g", "1%,,h", "2%,,h"}, "USD 22.00", "g:1  h:3 "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := sla.Agreement{Name: "a"}
			for i, row := range tt.rows {
				fields := strings.Split(row, ",")
				c := flat(sla.Quantity(fields[0]))
				if fields[1] != "" {
					c.AtMost = []sla.Cap{sla.Cap(fields[1])}
				}
				c.Name, c.OneOf = fmt.Sprint(i), strings.Fields(fields[2])
				a.Commitments = append(a.Commitments, c)
			}
			s := state(t, []Charge{charge("web", "USD 100.00")}, judge(t, a, "web", time.Hour))
			var yields []string
			for _, p := range s.Credits[0].Parts {
				text := ""
				if p.Yields != (YieldsTo{}) {
					text = p.Yields.Group + ":" + p.Yields.To
					assert.Zero(t, p.Owed)
					assert.True(t, p.Amount.IsZero())
					assert.Contains(t, s.Text(), fmt.Sprintf("14  yields under the group %q to %q, which gives the most", p.Yields.Group, p.Yields.To))
				}
				yields = append(yields, text)
			}
			assert.Equal(t, tt.want, s.Total.String())
			assert.Equal(t, tt.yields, strings.Join(yields, " "))
		})
	}
}

// One commitment gives most for one resource, another for another.
func TestOneOfIsPerResource(t *testing.T) {
	a := sla.Agreement{Name: "a", Commitments: []sla.Commitment{flat("10%"), flat("20USD")}}
	for i, name := range []string{"share", "sum"} {
		a.Commitments[i].Name, a.Commitments[i].OneOf = name, []string{"g"}
	}
	s := state(t, []Charge{charge("x", "USD 1000.00"), charge("y", "USD 10.00")}, judge(t, a, "x", time.Hour), judge(t, a, "y", time.Hour))
	assert.Equal(t, "USD 120.00", s.Total.String())
}

// A limit for each outage bounds each part; another one all parts of the
// commitment for the resource together.
func TestLimitsOfSeveralOutages(t *testing.T) {
	part := func(commitment, share string, limits ...sla.Limit) sla.Finding {
		e := sla.Entitlement{Clause: "/x", Remedy: sla.Remedy{Percent: points(share)}}
		return sla.Finding{Commitment: commitment, Entitlement: e, EntitlementAtMost: e, Limits: limits}
	}
	each := sla.Limit{Remedy: sla.Remedy{Percent: points("10%")}, PerOutage: true, Clause: "/each"}
	all := sla.Limit{Remedy: sla.Remedy{Percent: points("25%")}, Clause: "/all"}
	v := sla.Verdict{Agreement: "a", Resource: "web", Period: june, Findings: []sla.Finding{
		part("c", "30%", each, all), part("c", "8%", each, all), part("c", "30%", each, all), part("d", "9%", each, all),
	}}
	s := state(t, []Charge{charge("web", "USD 100.00")}, v)
	var owed, drawn []string
	for _, p := range s.Credits[0].Parts {
		owed, drawn = append(owed, p.Owed.String()), append(drawn, p.Limits[1].Drawn.String())
	}
	assert.Equal(t, []string{"10", "8", "7", "9"}, owed)
	assert.Equal(t, []string{"0", "10", "18", "0"}, drawn)
	assert.Equal(t, "USD 34.00", s.Total.String())

	v.Limits = []sla.Limit{each}
	_, err := NewStatement(Bill{Customer: "acme", Period: june, Charges: []Charge{charge("web", "USD 100.00")}, Verdicts: []sla.Verdict{v}})
	assert.EqualError(t, err, `credit: statement for "acme": verdict of "a" on "web": a limit for each outage cannot bound the agreement as a whole`)
}

// Nothing that cannot be priced is priced.
func TestRemediesThatAreRefused(t *testing.T) {
	euros := func(a sla.Agreement) Bill {
		return Bill{Customer: "acme", Period: june, Charges: []Charge{charge("web", "EUR 100.00")}, Verdicts: []sla.Verdict{judge(t, a, "web", time.Hour)}}
	}
	above := plain("a", flat("10%"))
	above.Above = "1USD"
	long := plain("a", gives(sla.Tier{Give: "1d"}))
	long.Commitments[0].Base.Length = "30d"
	zero, odd, both := euros(long), euros(long), euros(plain("a", flat("10%", "1%")))
	zero.Verdicts[0].Findings[0].Base.Length = "0s"
	odd.Verdicts[0].Findings[0].Base.Length = "10%"
	both.Verdicts[0].Findings[0].Limits[0] = sla.Limit{Months: 1, PerOutage: true, Clause: "/both"}
	both.Prior = []Prior{}
	units := euros(plain("a", flat("10%", "1%")))
	units.Verdicts[0].Findings[0].Limits[0].Service = service("24h")
	kind := euros(plain("a", flat("10%")))
	kind.Charges[0].Kind = "a\nb"
	other := sla.Agreement{Name: "a", AtMost: []sla.Cap{"1d"}, Commitments: []sla.Commitment{gives(sla.Tier{Give: "1d"}), gives(sla.Tier{Give: "2d"})}}
	other.Commitments[1].Name, other.Commitments[1].Base.Length = "b", "30d"
	other.Commitments[0].Base.Length = "31d"
	in := `verdict of "a" on "web": `
	for name, tt := range map[string]struct {
		b    Bill
		want string
	}{
		"a row":      {euros(plain("a", flat("20USD"))), in + "/commitments/0/credits/0: credit: currencies differ: the agreement says 20USD, and the charges are in EUR; nothing is converted"},
		"a limit":    {euros(plain("a", flat("10%", "5USD"))), in + "/commitments/0/atMost/0: credit: currencies differ: the agreement says 5USD, and the charges are in EUR; nothing is converted"},
		"the whole":  {euros(plain("a", flat("10%"), "5USD")), in + "/atMost/0: credit: currencies differ: the agreement says 5USD, and the charges are in EUR; nothing is converted"},
		"above":      {euros(above), in + "/above: credit: currencies differ: the agreement says 1USD, and the charges are in EUR; nothing is converted"},
		"no history": {euros(plain("a", flat("10%"), "50% per 12mo")), `prior: missing; /atMost/0 of "a" gives at most 50% of the fee in 12 calendar months, so list the credits of earlier periods; an empty list states that there are none`},
		"no time":    {zero, in + `/commitments/0/base/length: "0s" is not a length of time above zero`},
		"no length":  {odd, in + `/commitments/0/base/length: "10%" is not a length of time above zero`},
		"two spans":  {both, in + "/both: a limit has months 1 and perOutage true; want months from 0, and 0 beside perOutage"},
		"two units":  {units, in + "/commitments/0/atMost/0: a limit has two units"},
		"a kind":     {kind, `charge "line web": kind: "a\nb" has a control character`},
		"two prices": {euros(other), `agreement "a": /atMost/0 limits the price of service time, but the fees of the commitments pay for different lengths`},
	} {
		s, err := NewStatement(tt.b)
		assert.EqualError(t, err, `credit: statement for "acme": `+tt.want, name)
		assert.Equal(t, strings.Contains(tt.want, "currencies"), errors.Is(err, ErrCurrencyMismatch), name)
		assert.Zero(t, s)
	}
}

// varied returns a statement in which every remedy occurs that rich has not.
func varied(t require.TestingT) Statement {
	of := func(b sla.Base) sla.Base { b.Length = "30d"; return b }
	a := sla.Agreement{Name: "varied", Commitments: []sla.Commitment{
		{
			Name: "price", Promise: "exactly 100%", Base: of(sla.Base{Without: []string{"one-time"}}),
			Credits: []sla.Tier{{Give: "50x"}}, OneOf: []string{"uptime"}, AtMost: []sla.Cap{"4d"},
		},
		{
			Name: "share", Promise: "at least 99.95%",
			Credits: []sla.Tier{{When: "below 99.95%", Give: "5%", Per: "full 30m", Plus: "2USD"}}, OneOf: []string{"uptime"},
		},
		{
			Name: "days", Promise: "at most 1h", Base: of(sla.Base{Only: []string{"hourly"}}),
			Credits: []sla.Tier{{Give: "1d", Per: "started 1h", Beyond: true}}, AtMost: []sla.Cap{"100% per 12mo", "9USD"},
		},
		{Name: "count", Promise: "at most 1 outage", Credits: []sla.Tier{{Give: "1%", Per: "full 1 outage", Beyond: true}}},
		{Name: "parts", Promise: "at least 99.9%", Credits: []sla.Tier{{Give: "1%", Per: "exact 7m"}}},
	}, AtMost: []sla.Cap{"100% per 3mo", "20d"}, Above: "1USD"}
	minor := sla.Agreement{Name: "minor", Commitments: []sla.Commitment{gives(sla.Tier{Give: "0.1%"})}, Above: "1USD"}
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 6, day, hour, minute, 0, 0, time.UTC) }
	timeline, err := outage.NewTimeline(
		outage.Outage{ID: "o-1", Resource: "web", Start: at(3, 9, 0), End: at(3, 11, 29)},
		outage.Outage{ID: "o-2", Resource: "web", Start: at(9, 2, 30), End: at(9, 3, 0)},
	)
	require.NoError(t, err)
	var verdicts []sla.Verdict
	for _, a := range []sla.Agreement{a, minor} {
		v, err := sla.Must(a.Compile()).Judge(timeline, june)
		require.NoError(t, err)
		verdicts = append(verdicts, v)
	}
	month := func(m time.Month) calendar.Period { return calendar.Month(2026, m, time.UTC) }
	s, err := NewStatement(Bill{
		Customer: "acme", Period: june,
		Charges: []Charge{
			{ID: "1", Resource: "web", Kind: "hourly", Amount: MustMoney("USD 70.00")},
			{ID: "2", Resource: "web", Kind: "one-time", Amount: MustMoney("USD 50.00")},
			{ID: "3", Resource: "web", Amount: MustMoney("USD 30.00")},
		},
		Verdicts: verdicts,
		Prior: []Prior{
			{"varied", "days", "web", month(time.January), MustMoney("USD 66.00")},
			{"varied", "share", "web", month(time.May), MustMoney("USD 120.00")},
			{"varied", "days", "mail", month(time.May), MustMoney("USD 1.00")},
		},
	})
	require.NoError(t, err)
	return s
}

func TestVaried(t *testing.T) {
	s := varied(t)
	golden(t, "varied.txt", s.Text())
	data, err := json.MarshalIndent(s, "", "  ")
	require.NoError(t, err)
	var read Statement
	require.NoError(t, json.Unmarshal(data, &read))
	again, err := json.MarshalIndent(read, "", "  ")
	require.NoError(t, err)
	assert.Equal(t, string(data), string(again))
	assert.Equal(t, s.Total, sla.Must(issuedTotal(s)))

	// An empty history stays one: it says that there was nothing.
	b := Bill{Customer: "acme", Period: june, Charges: []Charge{charge("web", "USD 1.00")}, Verdicts: []sla.Verdict{judge(t, plain("a", flat("10%"), "50% per 2mo"), "web", time.Hour)}}
	b.Prior = []Prior{}
	s, err = NewStatement(b)
	require.NoError(t, err)
	data, err = json.Marshal(s)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &read))
	assert.NotNil(t, read.Prior)
	assert.Empty(t, read.Prior)
	without := strings.Replace(string(data), `,"prior":[]`, "", 1)
	require.NotEqual(t, string(data), without)
	assert.ErrorContains(t, json.Unmarshal([]byte(without), &read), "prior: missing")
}

// Whatever is changed in a credit, the statement is not read.
func TestEveryFieldOfACreditIsProved(t *testing.T) {
	data, err := json.Marshal(varied(t))
	require.NoError(t, err)
	var document map[string]any
	require.NoError(t, json.Unmarshal(data, &document))
	changed := 0
	var walk func(path string, v any, set func(any))
	walk = func(path string, v any, set func(any)) {
		var other any
		switch v := v.(type) {
		case []any:
			for i := range v {
				walk(fmt.Sprintf("%s[%d]", path, i), v[i], func(x any) { v[i] = x })
			}
			other = v[1:]
		case map[string]any:
			for key := range v {
				walk(path+"."+key, v[key], func(x any) { v[key] = x })
			}
			return
		case string:
			digit := strings.IndexAny(v, "0123456789")
			if other = v + "x"; digit >= 0 {
				other = v[:digit] + string('0'+(v[digit]-'0'+1)%10) + v[digit+1:]
			}
		case bool:
			other = !v
		case float64:
			other = v + 1
		}
		changed++
		set(other)
		tampered, err := json.Marshal(document)
		require.NoError(t, err)
		var s Statement
		assert.ErrorContains(t, json.Unmarshal(tampered, &s), "credit: reading a statement: ", path)
		set(v)
	}
	walk("credits", document["credits"], func(x any) { document["credits"] = x })
	assert.Greater(t, changed, 100)
	t.Log(changed, "fields changed")
}

func issuedTotal(s Statement) (total Money, err error) {
	for _, e := range s.Given() {
		if total, err = total.Add(e.Amount); err != nil {
			break
		}
	}
	return total, err
}

// More downtime never gives less, and a limit never gives more.
func TestRemedyLaws(t *testing.T) {
	gifts := rapid.SampledFrom([]sla.Tier{
		{Give: "10%"},
		{Give: "1d"},
		{Give: "50x"},
		{Give: "20USD"},
		{Give: "1mo"},
		{Give: "5%", Per: "full 7m"},
		{Give: "5%", Per: "exact 7m"},
		{Give: "3h", Per: "started 1h"},
		{Give: "0.25USD", Per: "nearest 7m"},
		{Give: "1%", Per: "started 0.01%"},
		{Give: "2x", Beyond: true},
		{Give: "1%", Plus: "3USD"},
	})
	limits := rapid.SliceOfN(rapid.SampledFrom([]sla.Cap{"0%", "10%", "33.3%", "100%", "1d", "3h", "5USD", "20USD", "100% per 1mo", "30% per 12mo"}), 0, 2)
	bases := rapid.SampledFrom([]sla.Base{{}, {Only: []string{"hourly"}}, {Without: []string{"hourly"}}})
	rapid.Check(t, func(t *rapid.T) {
		a := sla.Agreement{Name: "a", AtMost: limits.Draw(t, "overall"), Above: rapid.SampledFrom([]sla.Quantity{"", "1USD", "0.01USD"}).Draw(t, "above")}
		for i := range rapid.IntRange(2, 4).Draw(t, "commitments") {
			c := sla.Commitment{Name: fmt.Sprint(i), Promise: "at least 99.95%", Credits: []sla.Tier{gifts.Draw(t, "gift")}, AtMost: limits.Draw(t, "limits"), Base: bases.Draw(t, "base")}
			if i < 2 {
				c.OneOf = []string{"g"}
			}
			a.Commitments = append(a.Commitments, c)
		}
		b := Bill{Customer: "acme", Period: june, Charges: []Charge{
			{ID: "1", Resource: "web", Kind: "hourly", Amount: Money{rapid.Int64Range(0, 100_000).Draw(t, "hourly"), "USD"}},
			{ID: "2", Resource: "web", Amount: Money{rapid.Int64Range(0, 100_000).Draw(t, "other"), "USD"}},
		}, Prior: []Prior{{"a", "0", "web", calendar.Month(2026, time.May, time.UTC), Money{rapid.Int64Range(0, 20_000).Draw(t, "earlier"), "USD"}}}}
		total := func(a sla.Agreement, down int) Statement {
			b.Verdicts = []sla.Verdict{judge(t, a, "web", time.Duration(down)*time.Second)}
			return mustState(t, b)
		}
		less := rapid.IntRange(0, 20_000).Draw(t, "less")
		more := less + rapid.IntRange(0, 20_000).Draw(t, "more")
		s, worse := total(a, less), total(a, more)
		if sla.Must(s.Total.Cmp(worse.Total)) > 0 {
			t.Fatalf("%d s give %v, and %d s %v", less, s.Total, more, worse.Total)
		}
		data, err := json.Marshal(worse)
		var read Statement
		if err != nil || json.Unmarshal(data, &read) != nil {
			t.Fatal(err, json.Unmarshal(data, &read))
		}
		if again, err := json.Marshal(read); err != nil || string(again) != string(data) {
			t.Fatal(err, string(again), string(data))
		}
		b.Prior = append(b.Prior, Prior{"a", "1", "web", calendar.Month(2026, time.April, time.UTC), Money{5_000, "USD"}})
		if after := total(a, more); sla.Must(after.Total.Cmp(worse.Total)) > 0 {
			t.Fatalf("%v, and %v if more was given before", worse.Total, after.Total)
		}
		b.Prior = b.Prior[:1]
		i := rapid.IntRange(0, len(a.Commitments)-1).Draw(t, "which")
		a.Commitments[i].AtMost = append(a.Commitments[i].AtMost, sla.Cap(rapid.SampledFrom([]string{"1%", "2h", "1USD", "50% per 2mo"}).Draw(t, "limit")))
		if capped := total(a, more); sla.Must(capped.Total.Cmp(worse.Total)) > 0 {
			t.Fatalf("%v, and %v with one more limit", worse.Total, capped.Total)
		}
	})
}

// Exact parts of a step of availability have another denominator for each
// resource that lived for another time. Their sum is long, and still exact.
func TestUnrelatedDenominators(t *testing.T) {
	const resources = 800
	terms := sla.Must(plain("a", gives(sla.Tier{Give: "1%", Per: "exact 0.1%"})).Compile())
	b := Bill{Customer: "acme", Period: june}
	var records []outage.Record
	for i := range resources {
		resource := fmt.Sprint("r", i)
		start := june.Window().Start().Add(time.Duration(i) * 1234567891)
		b.Charges = append(b.Charges, charge(resource, "USD 99.99"))
		records = append(records, outage.Lifetime{Resource: resource, Start: start}, outage.Outage{ID: resource, Resource: resource, Start: start, End: start.Add(time.Hour + time.Duration(i))})
	}
	timelines, err := outage.Options{}.Timelines(records...)
	require.NoError(t, err)
	for _, timeline := range timelines {
		b.Verdicts = append(b.Verdicts, sla.Must(terms.Judge(timeline, june)))
	}
	s, err := NewStatement(b)
	require.NoError(t, err)
	assert.Greater(t, len(s.Credits[0].Sum.String()), 20_000)
	assert.Less(t, len(s.Text()), 2_000_000)
	data, err := json.Marshal(s)
	require.NoError(t, err)
	var read Statement
	require.NoError(t, json.Unmarshal(data, &read))
	assert.Equal(t, s.Total, read.Total)

	longest := NewExact(new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(99_999), nil)))
	text, err := longest.MarshalText()
	require.NoError(t, err)
	assert.Len(t, text, 100_000)
	var again Exact
	require.NoError(t, again.UnmarshalText(text))
	assert.True(t, again.Equal(longest))
	long := NewExact(new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(3), big.NewInt(210_000), nil)))
	_, err = long.MarshalText()
	assert.EqualError(t, err, "credit: writing an exact amount: 100198 characters, more than 100000")
}
