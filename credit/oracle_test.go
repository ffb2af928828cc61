package credit

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

var seed = flag.Uint64("seed", 1, "of the random bills")

// randomBill returns a bill of literals: several agreements, periods,
// resources, commitments, charges, caps, and amounts of every size.
func randomBill(r *rand.Rand) Bill {
	pick := func(texts ...string) string { return texts[r.IntN(len(texts))] }
	share := func() sla.Percent {
		if r.IntN(3) == 0 {
			return points(fmt.Sprintf("%d.%06d%%", r.IntN(150), r.IntN(1e6)))
		}
		return points(pick("0%", "0.001%", "0.5%", "1%", "5%", "5%", "10%", "25%", "33.333333%", "50%", "99.999%", "100%", "250%"))
	}
	limits := func(clause string) (limits []sla.Limit) {
		for i := range max(0, r.IntN(5)-2) {
			limits = append(limits, sla.Limit{Percent: share(), Clause: fmt.Sprintf("%s/%d", clause, i)})
		}
		return limits
	}
	currency := pick("JPY", "USD", "USD", "EUR", "KWD", "CLF")
	b := Bill{Customer: "acme", Period: june}
	resources := 1 + r.IntN(4)
	for i := range resources {
		for j := range 1 + r.IntN(3) {
			largest := []int64{1, 3, 100, 10_000, 1e6, 1e15}[r.IntN(6)]
			b.Charges = append(b.Charges, Charge{fmt.Sprintf("%d/%d", i, j), fmt.Sprint("r", i), Money{r.Int64N(largest), currency}})
		}
	}
	r.Shuffle(len(b.Charges), func(i, j int) { b.Charges[i], b.Charges[j] = b.Charges[j], b.Charges[i] })
	periods := []sla.Period{june, sla.Must(sla.NewPeriod(sla.Date{Year: 2026, Month: 5, Day: 10}, sla.Date{Year: 2026, Month: 6, Day: 10}, time.UTC))}
	for a := range 1 + r.IntN(2) {
		measured := r.IntN(2)
		for _, p := range periods[measured : measured+1] {
			whole, commitments := limits("/atMost"), r.IntN(4)
			for i := range resources {
				v := sla.Verdict{Agreement: fmt.Sprint("a", a), Resource: fmt.Sprint("r", i), Period: p, Limits: whole}
				for c := range commitments {
					f := sla.Finding{Commitment: fmt.Sprint("c", c), Entitlement: sla.Entitlement{Clause: "/x", Steps: 1, Percent: share()}}
					f.EntitlementAtMost = f.Entitlement
					if r.IntN(3) == 0 {
						f.EntitlementAtMost.Percent = share()
					}
					f.Limits = limits(fmt.Sprintf("/commitments/%d/atMost", c))
					v.Findings = append(v.Findings, f)
				}
				if i == 0 || a == 0 || r.IntN(2) == 0 { // each resource is under the first agreement
					b.Verdicts = append(b.Verdicts, v)
				}
			}
		}
	}
	r.Shuffle(len(b.Verdicts), func(i, j int) { b.Verdicts[i], b.Verdicts[j] = b.Verdicts[j], b.Verdicts[i] })
	return b
}

// An oracle prices a bill a second time, in rational numbers of minor units
// and with nothing of this package but its types. It writes all figures as one
// text.
type oracle struct {
	bill Bill
	out  bytes.Buffer
}

func floor(r *big.Rat) int64 { return new(big.Int).Div(r.Num(), r.Denom()).Int64() }

func whole(n int64) *big.Rat { return new(big.Rat).SetInt64(n) }

// percentOf reads the percentage from its text.
func percentOf(p sla.Percent, minor int64) *big.Rat {
	text := p.String()
	r, _ := new(big.Rat).SetString(text[:len(text)-1])
	return r.Mul(r, big.NewRat(minor, 100))
}

func (o *oracle) charged(resource string) (sum int64) {
	for _, c := range o.bill.Charges {
		if c.Resource == resource {
			sum += c.Amount.MinorUnits()
		}
	}
	return sum
}

// lowest returns the least of an amount and some caps, and writes the caps.
func (o *oracle) lowest(owed *big.Rat, limits []sla.Limit, base int64) *big.Rat {
	least, binds := owed, -1
	for i, l := range limits {
		if c := whole(floor(percentOf(l.Percent, base))); c.Cmp(least) < 0 {
			least, binds = c, i
		}
	}
	for i, l := range limits {
		fmt.Fprintf(&o.out, "    cap %s %d %t\n", l.Clause, floor(percentOf(l.Percent, base)), i == binds)
	}
	return least
}

// amount returns the credit for verdicts of one agreement on one period.
func (o *oracle) amount(verdicts []sla.Verdict, worst bool) int64 {
	sum, all := new(big.Rat), int64(0)
	var owed []*big.Rat
	for _, v := range verdicts {
		base := o.charged(v.Resource)
		all += base
		for _, f := range v.Findings {
			e := f.Entitlement
			if worst {
				e = f.EntitlementAtMost
			}
			exact := percentOf(e.Percent, base)
			fmt.Fprintf(&o.out, "  part %s %s %d %s\n", v.Resource, f.Commitment, base, exact.RatString())
			part := o.lowest(exact, f.Limits, base)
			fmt.Fprintf(&o.out, "    owed %s\n", part.RatString())
			owed = append(owed, part)
			sum.Add(sum, part)
		}
	}
	rounded := floor(new(big.Rat).Add(sum, big.NewRat(1, 2)))
	fmt.Fprintf(&o.out, "  sum %s rounded %d\n", sum.RatString(), rounded)
	amount := floor(o.lowest(whole(rounded), verdicts[0].Limits, all))
	fmt.Fprintf(&o.out, "  amount %d split %v\n", amount, slowSplitOwed(amount, owed))
	return amount
}

func (o *oracle) statement() string {
	var done []string
	var total, most int64
	for _, v := range o.bill.Verdicts {
		key := v.Agreement + v.Period.String()
		if slices.Contains(done, key) {
			continue
		}
		done = append(done, key)
		var group []sla.Verdict
		for _, w := range o.bill.Verdicts {
			if w.Agreement+w.Period.String() == key {
				group = append(group, w)
			}
		}
		fmt.Fprintf(&o.out, "credit %s %v\n", v.Agreement, v.Period)
		total += o.amount(group, false)
		before := o.out.Len()
		atMost := o.amount(group, true)
		o.out.Truncate(before)
		fmt.Fprintf(&o.out, "  at most %d\n", atMost)
		most += atMost
	}
	fmt.Fprintf(&o.out, "total %d at most %d\n", total, most)
	return o.out.String()
}

// figures writes a statement as the oracle does.
func figures(s Statement) string {
	var out bytes.Buffer
	minor := func(e Exact) string {
		return new(big.Rat).Mul(e.amount.Rat(), decimal.New(1, int32(s.Total.Digits())).Rat()).RatString()
	}
	caps := func(caps []Cap) {
		for _, c := range caps {
			fmt.Fprintf(&out, "    cap %s %d %t\n", c.Limit.Clause, c.Amount.MinorUnits(), c.Binds)
		}
	}
	for _, c := range s.Credits {
		fmt.Fprintf(&out, "credit %s %v\n", c.Agreement, c.Period)
		split := []int64{}
		for _, p := range c.Parts {
			fmt.Fprintf(&out, "  part %s %s %d %s\n", p.Resource, p.Commitment, p.Base.MinorUnits(), minor(p.Exact))
			caps(p.Caps)
			fmt.Fprintf(&out, "    owed %s\n", minor(p.Owed))
			split = append(split, p.Amount.MinorUnits())
		}
		fmt.Fprintf(&out, "  sum %s rounded %d\n", minor(c.Sum), c.Rounded.MinorUnits())
		caps(c.Caps)
		fmt.Fprintf(&out, "  amount %d split %v\n", c.Amount.MinorUnits(), split)
		fmt.Fprintf(&out, "  at most %d\n", c.AmountAtMost.MinorUnits())
	}
	fmt.Fprintf(&out, "total %d at most %d\n", s.Total.MinorUnits(), s.TotalAtMost.MinorUnits())
	return out.String()
}

// Every figure of a statement is that of the oracle, also while other users of
// the decimal package change its settings.
func TestOracle(t *testing.T) {
	precision, quotes := decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes
	t.Cleanup(func() { decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes = precision, quotes })
	bills := 24_000
	t.Logf("-seed=%d, %d bills", *seed, bills)
	r := rand.New(rand.NewPCG(*seed, 0))
	seen := map[string]int{}
	for n := range bills {
		decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes = precision*(n%2), n%2 == 1
		b := randomBill(r)
		s, err := NewStatement(b)
		require.NoError(t, err, "-seed=%d, bill %d", *seed, n)
		require.Equal(t, (&oracle{bill: b}).statement(), figures(s), "-seed=%d, bill %d", *seed, n)
		for _, c := range s.Credits {
			for name, holds := range map[string]bool{
				"a cap on a part binds": slices.ContainsFunc(c.Parts, func(p Part) bool { return slices.ContainsFunc(p.Caps, func(c Cap) bool { return c.Binds }) }),
				"an overall cap binds":  slices.ContainsFunc(c.Caps, func(c Cap) bool { return c.Binds }),
				"rounded up":            c.Rounded.Amount().GreaterThan(c.Sum.amount),
				"rounded down":          c.Rounded.Amount().LessThan(c.Sum.amount),
				"half a unit":           c.Sum.amount.Sub(c.Rounded.Amount()).Abs().Equal(decimal.New(5, -int32(c.Amount.Digits())-1)),
				"unknown time decides":  c.AmountAtMost != c.Amount,
			} {
				if holds {
					seen[name]++
				}
			}
		}
	}
	for _, name := range []string{"a cap on a part binds", "an overall cap binds", "rounded up", "rounded down", "half a unit", "unknown time decides"} {
		assert.Greater(t, seen[name], 100, "the bills show it too seldom: %s", name)
	}
}

// bill draws one of the random bills.
func bill(t *rapid.T) Bill {
	return randomBill(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)))
}

func mustState(t *rapid.T, b Bill) Statement {
	s, err := NewStatement(b)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What holds of every statement, whatever it is made from.
func TestBillLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := bill(t)
		s := mustState(t, b)
		var total, most Money
		for _, c := range s.Credits {
			var parts Money
			for _, p := range c.Parts {
				parts = sla.Must(parts.Add(p.Amount))
				if p.Amount.Sign() < 0 {
					t.Fatalf("a part of %v", p.Amount)
				}
				for _, cap := range p.Caps {
					if sla.Must(p.Amount.Cmp(cap.Amount)) > 0 || p.Owed.amount.GreaterThan(cap.Amount.Amount()) {
						t.Fatalf("a part of %v, %v, above its cap of %v", p.Owed, p.Amount, cap.Amount)
					}
				}
			}
			if len(c.Parts) > 0 && parts != c.Amount {
				t.Fatalf("the parts are %v, the credit %v", parts, c.Amount)
			}
			for _, cap := range c.Caps {
				if sla.Must(c.Amount.Cmp(cap.Amount)) > 0 || sla.Must(c.AmountAtMost.Cmp(cap.Amount)) > 0 {
					t.Fatalf("%v or %v above the cap of %v", c.Amount, c.AmountAtMost, cap.Amount)
				}
			}
			total, most = sla.Must(total.Add(c.Amount)), sla.Must(most.Add(c.AmountAtMost))
		}
		if total != s.Total || most != s.TotalAtMost {
			t.Fatalf("the credits are %v and %v, the totals %v and %v", total, most, s.Total, s.TotalAtMost)
		}
		if s.Total.Currency() != b.Charges[0].Amount.Currency() {
			t.Fatalf("a total in %q", s.Total.Currency())
		}
	})
}

// The order of the charges changes nothing, nor does a charge that is split
// into two lines. The order of the verdicts changes no amount of a credit.
func TestOrderChangesNoAmount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := bill(t)
		s := mustState(t, b)
		b.Charges = rapid.Permutation(b.Charges).Draw(t, "charges")
		first := &b.Charges[0]
		moved := Money{rapid.Int64Range(0, first.Amount.minor).Draw(t, "moved"), first.Amount.currency}
		first.Amount = sla.Must(first.Amount.Sub(moved))
		b.Charges = append(b.Charges, Charge{"another line", first.Resource, moved})
		if got, want := figures(mustState(t, b)), figures(s); got != want {
			t.Fatalf("%s\nis not\n%s", got, want)
		}
		b.Verdicts = rapid.Permutation(b.Verdicts).Draw(t, "verdicts")
		again := mustState(t, b)
		amounts := func(s Statement) map[string]Money {
			m := map[string]Money{"total": s.Total, "at most": s.TotalAtMost}
			for _, c := range s.Credits {
				m[c.Agreement+c.Period.String()] = c.Amount
			}
			return m
		}
		if got, want := fmt.Sprint(amounts(again)), fmt.Sprint(amounts(s)); got != want {
			t.Fatalf("%s is not %s", got, want)
		}
	})
}

// All charges a hundred times as high give, before they are rounded and where
// no cap was floored, a hundred times as much; and a resource of which nothing
// is owed changes no other credit that has no overall cap.
func TestScaling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := bill(t)
		for i := range b.Verdicts {
			b.Verdicts[i].Limits = nil
			for j := range b.Verdicts[i].Findings {
				b.Verdicts[i].Findings[j].Limits = nil
			}
		}
		s := mustState(t, b)
		scaled := b
		scaled.Charges = slices.Clone(b.Charges)
		for i := range scaled.Charges {
			scaled.Charges[i].Amount.minor *= 100
		}
		for i, c := range mustState(t, scaled).Credits {
			if !c.Sum.amount.Equal(s.Credits[i].Sum.amount.Shift(2)) {
				t.Fatalf("%v is not a hundred times %v", c.Sum, s.Credits[i].Sum)
			}
		}
		b.Charges = append(b.Charges, Charge{"up", "up", Money{5, s.Total.currency}})
		v := b.Verdicts[0]
		v.Resource, v.Findings = "up", []sla.Finding{{}}
		b.Verdicts = append(b.Verdicts, v)
		more := mustState(t, b)
		for i, c := range more.Credits {
			for j, p := range s.Credits[i].Parts {
				if c.Amount != s.Credits[i].Amount || c.Parts[j].Amount != p.Amount {
					t.Fatalf("%v is not %v", c, s.Credits[i])
				}
			}
		}
	})
}

// Whichever figure of a written statement is changed by its smallest step, the
// statement is not read. The account, which is made anew, is left aside, and
// so is what the verdicts say of time, which package sla proves.
func TestEveryFigureIsProved(t *testing.T) {
	data, err := json.Marshal(rich(t))
	require.NoError(t, err)
	var document map[string]any
	require.NoError(t, json.Unmarshal(data, &document))
	delete(document, "account")
	changed := 0
	try := func(path string) {
		changed++
		tampered, err := json.Marshal(document)
		require.NoError(t, err)
		var s Statement
		assert.ErrorContains(t, json.Unmarshal(tampered, &s), "credit: reading a statement: ", path)
		assert.Zero(t, s, path)
	}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case []any:
			for i := range v {
				walk(fmt.Sprintf("%s[%d]", path, i), v[i])
			}
		case map[string]any:
			for key, old := range v {
				at := path + "." + key
				text, isText := old.(string)
				switch {
				case key == "measurement": // of time
				case key == "entitlementAtMost": // moves no amount, as the overall cap binds
				case isText && slices.Contains([]string{"amount", "sum", "exact", "owed"}, key):
					number, places := decimal.RequireFromString(text), int32(2)
					if key != "amount" {
						places = 6
					}
					for _, step := range []int64{1, -1} {
						if key == "amount" && number.IsZero() && step < 0 {
							step = 100
						}
						v[key] = number.Add(decimal.New(step, -places)).StringFixed(places)
						try(at)
					}
				case isText && key == "percent":
					v[key] = decimal.RequireFromString(text[:len(text)-1]).Add(decimal.New(1, -6)).String() + "%"
					try(at)
				case key == "binds":
					v[key] = !old.(bool)
					try(at)
				case isText && key == "currency":
					v[key] = "EUR"
					try(at)
				default:
					walk(at, old)
				}
				v[key] = old
			}
		}
	}
	walk("", document)
	assert.Greater(t, changed, 80)
	t.Log(changed, "figures changed")
}

// Two changes that cancel each other in every sum are noticed where a part
// becomes negative or more than it is owed; and so are charges in two
// currencies.
func TestCancellingChangesAreNoticed(t *testing.T) {
	full := rich(t)
	for want, change := range map[string]func(*Statement){
		"a part of less than nothing": func(s *Statement) {
			s.Credits[0].Parts[0].Amount.minor--
			s.Credits[0].Parts[2].Amount.minor++
		},
		"or of more than it is owed": func(s *Statement) {
			s.Credits[0].Parts[1].Amount.minor++ // of which nothing is owed
			s.Credits[0].Parts[3].Amount.minor--
		},
		"currencies differ": func(s *Statement) {
			s.Charges = append(slices.Clone(s.Charges), Charge{"one more", s.Charges[0].Resource, MustMoney("EUR 1.00")})
		},
	} {
		tampered := full
		tampered.Credits = slices.Clone(full.Credits)
		tampered.Credits[0].Parts = slices.Clone(full.Credits[0].Parts)
		change(&tampered)
		data, err := json.Marshal(tampered)
		require.NoError(t, err)
		var s Statement
		assert.ErrorContains(t, json.Unmarshal(data, &s), want)
		assert.Zero(t, s)
	}
}

// A statement that was put together by hand, and so may be incomplete, is
// written without a panic.
func TestLiteralStatements(t *testing.T) {
	full := rich(t)
	lacking := full
	lacking.Credits = slices.Clone(full.Credits)
	lacking.Credits[0].Parts = full.Credits[0].Parts[:1]
	for i, s := range []Statement{{}, {Credits: []Credit{{}, {}}}, {Credits: full.Credits}, {Verdicts: full.Verdicts}, lacking} {
		assert.NotPanics(t, func() {
			_, err := json.Marshal(s)
			assert.NoError(t, err, strconv.Itoa(i))
			assert.NotEmpty(t, s.Text())
		})
	}
}

// A sum that is right in exact arithmetic and leaves the range of an amount is
// an error, wherever it arises.
func TestOutOfRange(t *testing.T) {
	largest := "USD 92233720368547758.07"
	give := func(resource string, share, most string) sla.Verdict {
		return sla.Verdict{Agreement: "a", Resource: resource, Period: june, Findings: []sla.Finding{{
			Entitlement: sla.Entitlement{Percent: points(share)}, EntitlementAtMost: sla.Entitlement{Percent: points(most)},
		}}}
	}
	other := func(v sla.Verdict) sla.Verdict { v.Agreement = "b"; return v }
	capped := func(v sla.Verdict) sla.Verdict {
		v.Findings[0].Limits = []sla.Limit{{Percent: points("101%")}}
		return v
	}
	whole := func(v sla.Verdict) sla.Verdict {
		v.Limits = []sla.Limit{{Percent: points("101%")}}
		return v
	}
	one, two := []Charge{charge("web", largest)}, []Charge{charge("web", largest), charge("db", largest)}
	for name, b := range map[string]Bill{
		"the credit":         {Charges: one, Verdicts: []sla.Verdict{give("web", "101%", "101%")}},
		"the most":           {Charges: one, Verdicts: []sla.Verdict{give("web", "1%", "101%")}},
		"the charges":        {Charges: two, Verdicts: []sla.Verdict{give("web", "0%", "0%"), give("db", "0%", "0%")}},
		"a cap":              {Charges: one, Verdicts: []sla.Verdict{capped(give("web", "1%", "1%"))}},
		"an overall cap":     {Charges: one, Verdicts: []sla.Verdict{whole(give("web", "1%", "1%"))}},
		"the total":          {Charges: one, Verdicts: []sla.Verdict{give("web", "100%", "100%"), other(give("web", "100%", "100%"))}},
		"the total, at most": {Charges: one, Verdicts: []sla.Verdict{give("web", "1%", "100%"), other(give("web", "1%", "100%"))}},
	} {
		b.Customer, b.Period = "acme", june
		s, err := NewStatement(b)
		assert.ErrorContains(t, err, "more than 9223372036854775807 minor units", name)
		assert.Zero(t, s)
	}
}

// An outage under way leaves two totals, and a customer sees both; a line with
// ordinary names fits a hundred columns.
func TestTextOfTwoTotals(t *testing.T) {
	start := june.Window().Start()
	timeline, err := outage.NewTimeline(outage.Options{AsOf: start.Add(time.Hour)}, outage.Outage{ID: "INC-2041", Resource: "eu-west-1/db-7", Start: start})
	require.NoError(t, err)
	v, err := sla.Must(plain("hosting/standard", flat("10%", "50%"), "30%").Compile()).Judge(timeline, june)
	require.NoError(t, err)
	v.Findings[0].EntitlementAtMost.Percent = points("25%")
	s := state(t, []Charge{charge("eu-west-1/db-7", "USD 1499.95")}, v)
	text := s.Text()
	assert.Contains(t, text, "\nCredit: USD 150.00\n")
	assert.Contains(t, text, "\nAt most, if all unknown time was down: USD 374.99\n")
	assert.Contains(t, text, "credit if all unknown time was down")
	for line := range strings.Lines(text) {
		assert.LessOrEqual(t, utf8.RuneCountInString(line), 101, line)
	}
	t.Log(text)
}

func FuzzExact(f *testing.F) {
	for _, text := range []string{"0", "4.9975", "-0.01", "1e9", "", "00", "5.", "12345678901234567890.123456789"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var e, again Exact
		if e.UnmarshalText([]byte(text)) != nil {
			return
		}
		written := sla.Must(e.MarshalText())
		require.NoError(t, again.UnmarshalText(written))
		assert.Equal(t, string(written), again.String())
	})
}
