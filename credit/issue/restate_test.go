package issue

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// owing returns a statement for june by which some agreements owe whole
// dollars, of a fee of USD 100.00.
func owing(t require.TestingT, percent map[string]int64) credit.Statement {
	b := credit.Bill{Customer: "acme", Period: june, Charges: []credit.Charge{charge("web", "USD 100.00")}}
	for _, agreement := range slices.Sorted(maps.Keys(percent)) {
		e := sla.Entitlement{Remedy: sla.Remedy{Percent: points(fmt.Sprintf("%d%%", percent[agreement]))}}
		b.Verdicts = append(b.Verdicts, sla.Verdict{Agreement: agreement, Resource: "web", Period: june, Findings: []sla.Finding{{Entitlement: e, EntitlementAtMost: e}}})
	}
	if len(b.Verdicts) == 0 { // a bill needs one for each charge
		b.Verdicts = []sla.Verdict{{Agreement: "promises nothing", Resource: "web", Period: june}}
	}
	s, err := credit.NewStatement(b)
	require.NoError(t, err)
	return s
}

// known is the instant n days after june.
func known(n int) time.Time { return june.Window().End().AddDate(0, 0, n) }

// restated returns the result of Restate, which must not fail.
func restated(t require.TestingT, issued []Adjustment, s credit.Statement, o Options) []Adjustment {
	adjustments, err := Restate(issued, s, o)
	require.NoError(t, err)
	return adjustments
}

// The published vector: issued at 5 %, restated at 10 %, later withdrawn.
func TestB14(t *testing.T) {
	verdict := func(percent string) credit.Statement {
		e := sla.Entitlement{Remedy: sla.Remedy{Percent: points(percent)}}
		return state(t, []credit.Charge{charge("web", "USD 200.10")}, sla.Verdict{Agreement: "a", Resource: "web", Period: june, Findings: []sla.Finding{{Entitlement: e, EntitlementAtMost: e}}})
	}
	var issued []Adjustment
	var texts []string
	for _, percent := range []string{"0%", "5%", "5%", "10%", "0%", "0%", "5.0001%"} {
		adjustments := restated(t, issued, verdict(percent), Options{})
		for _, a := range adjustments {
			texts = append(texts, fmt.Sprintf("%d %d %v", a.Revision, a.Amount.MinorUnits(), a))
		}
		issued = append(issued, adjustments...)
	}
	assert.Equal(t, []string{
		"1 1001 issue of USD 10.01",
		"2 1000 increase of USD 10.00 to USD 20.01",
		"3 -2001 reversal of USD 20.01",
		"4 1001 increase of USD 10.01 to USD 10.01",
	}, texts)
	assert.Equal(t, issued[0].ID(), issued[1].Corrects())
	assert.Equal(t, "credit1:acme:a::2026-06-01:2026-07-01:UTC:USD:1", issued[0].ID())
	assert.Empty(t, issued[0].Corrects())
}

// The other ways in which an owed amount can change.
func TestRestate(t *testing.T) {
	first := owing(t, map[string]int64{"a": 5, "b": 7})
	issued := restated(t, nil, first, Options{})
	require.Len(t, issued, 2)
	require.Empty(t, restated(t, issued, first, Options{}))
	fifty := owing(t, map[string]int64{"a": 5, "b": 7})
	fifty.Charges[0].ID = "another line"
	fifty = sla.Must(credit.NewStatement(credit.Bill{Customer: "acme", Period: june, Charges: fifty.Charges, Verdicts: fifty.Verdicts}))
	euros := sla.Must(credit.NewStatement(credit.Bill{Customer: "acme", Period: june, Charges: []credit.Charge{charge("web", "EUR 100.00")}, Verdicts: first.Verdicts}))
	for _, tt := range []struct {
		name string
		s    credit.Statement
		want string
	}{
		{"less", owing(t, map[string]int64{"a": 3, "b": 7}), "a 2 decrease of USD 2.00 to USD 3.00"},
		{"one is gone", owing(t, map[string]int64{"a": 5}), "b 2 reversal of USD 7.00"},
		{"all are gone", owing(t, nil), "a 2 reversal of USD 5.00, b 2 reversal of USD 7.00"},
		{"one is new", owing(t, map[string]int64{"a": 5, "b": 7, "c": 1, "d": 0}), "c 1 issue of USD 1.00"},
		{"as much for other reasons", fifty, "a 2 confirmation of USD 5.00, b 2 confirmation of USD 7.00"},
		{"another currency", euros, "a 1 issue of EUR 5.00, b 1 issue of EUR 7.00, a 2 reversal of USD 5.00, b 2 reversal of USD 7.00"},
	} {
		adjustments := restated(t, issued, tt.s, Options{AsOf: known(1)})
		var texts []string
		for _, a := range adjustments {
			texts = append(texts, fmt.Sprintf("%s %d %v", a.Identity.Agreement, a.Revision, a))
		}
		assert.Equal(t, tt.want, strings.Join(texts, ", "), tt.name)
		assert.Empty(t, restated(t, append(adjustments, issued...), tt.s, Options{}), tt.name)
	}
}

func TestRestateIsCareful(t *testing.T) {
	five, six, seven := owing(t, map[string]int64{"a": 5}), owing(t, map[string]int64{"a": 6}), owing(t, map[string]int64{"a": 7})
	t.Run("provisional", func(t *testing.T) {
		s := five
		s.Provisional = []string{"an outage was under way"}
		adjustments, err := Restate(nil, s, Options{})
		require.ErrorIs(t, err, ErrProvisional)
		require.ErrorContains(t, err, "an outage was under way")
		assert.Empty(t, adjustments)
		adjustments = restated(t, nil, s, Options{IssueProvisional: true})
		assert.Equal(t, s.Provisional, adjustments[0].Provisional)
	})
	t.Run("outdated", func(t *testing.T) {
		issued := restated(t, nil, five, Options{AsOf: known(5)})
		_, err := Restate(issued, six, Options{AsOf: known(4)})
		require.ErrorIs(t, err, ErrOutdated)
		_, err = Restate(issued, six, Options{})
		require.ErrorContains(t, err, "as of: missing")
		assert.Empty(t, restated(t, issued, five, Options{AsOf: known(4)}), "it says the same")
		assert.Len(t, restated(t, issued, six, Options{AsOf: known(5)}), 1)
	})
	t.Run("another credit than the newer one", func(t *testing.T) {
		old, newer := owing(t, map[string]int64{"a": 5, "b": 1}), five
		issued := restated(t, nil, newer, Options{AsOf: known(5)})
		_, err := Restate(issued, old, Options{AsOf: known(4)})
		require.ErrorIs(t, err, ErrOutdated, "b was taken back before it was issued")
	})
	t.Run("the return of a corrected result", func(t *testing.T) {
		issued := restated(t, nil, five, Options{})
		issued = append(issued, restated(t, issued, six, Options{})...)
		_, err := Restate(issued, five, Options{})
		require.ErrorIs(t, err, ErrOutdated)
		again := restated(t, issued, five, Options{AsOf: known(1)})
		assert.Equal(t, "decrease of USD 1.00 to USD 5.00", again[0].String())
		assert.Len(t, restated(t, issued, seven, Options{}), 1)
	})
}

// What cannot have been issued for the statement is an error that names it.
func TestIssuedFaults(t *testing.T) {
	s := owing(t, map[string]int64{"a": 5})
	one := restated(t, nil, s, Options{})
	two := restated(t, one, owing(t, map[string]int64{"a": 8}), Options{})
	three := restated(t, append(slices.Clone(one), two...), owing(t, map[string]int64{"a": 9}), Options{})
	change := func(a Adjustment, do func(a *Adjustment)) Adjustment {
		do(&a)
		return a
	}
	for want, issued := range map[string][]Adjustment{
		"issued[0]: " + one[0].ID():   {change(one[0], func(a *Adjustment) { a.Identity.Contract = "x" })},
		"belongs to another customer": {change(one[0], func(a *Adjustment) { a.Identity.Customer = "x" })},
		"belongs to another contract": {change(one[0], func(a *Adjustment) { a.Identity.Contract = "x" })},
		"does not end in": {change(one[0], func(a *Adjustment) {
			a.Identity.Period = calendar.Month(2026, time.May, time.UTC)
		})},
		"comes twice": {one[0], one[0]},
		"but " + one[0].ID() + ", which it corrects, is missing": {two[0]},
		"but " + two[0].ID() + ", which it corrects, is missing": {three[0], one[0]},
		"the previous total is USD 5.00":                         {one[0], change(two[0], func(a *Adjustment) { add(&a.Amount, -1) })},
		"is not the total":                                       {change(one[0], func(a *Adjustment) { add(&a.Amount, -1) })},
		"is more than the total":                                 {change(one[0], func(a *Adjustment) { add(&a.Amount, 1) })},
		"is negative":                                            {change(one[0], func(a *Adjustment) { a.Amount, a.Total = minor(-1, "USD"), minor(-1, "USD") })},
		"zero before and after":                                  {change(one[0], func(a *Adjustment) { a.Amount, a.Total = minor(0, "USD"), minor(0, "USD") })},
		"revision: 0":                                            {change(one[0], func(a *Adjustment) { a.Revision = 0 })},
		"currencies differ":                                      {change(one[0], func(a *Adjustment) { a.Total = minor(a.Total.MinorUnits(), "EUR") })},
		"fingerprint: missing":                                   {change(one[0], func(a *Adjustment) { a.Fingerprint = "" })},
		"is not 64":                                              {change(one[0], func(a *Adjustment) { a.Fingerprint = "ab" })},
		"customer: missing":                                      {change(one[0], func(a *Adjustment) { a.Identity.Customer = "" })},
		"and the amount is USD 5.00": {one[0], change(two[0], func(a *Adjustment) {
			a.Fingerprint = one[0].Fingerprint
		})},
	} {
		if want == "issued[0]: "+one[0].ID() {
			want = "issued[0]: credit1:acme:a:x:"
		}
		adjustments, err := Restate(issued, s, Options{})
		assert.ErrorContains(t, err, want)
		assert.Empty(t, adjustments)
	}
	_, err := Restate([]Adjustment{one[0], one[0], change(one[0], func(a *Adjustment) { a.Identity.Customer = "y" })}, s, Options{})
	assert.ErrorContains(t, err, "issued[2]")
	_, err = Restate(nil, credit.Statement{Credits: make([]credit.Credit, 1)}, Options{})
	assert.Error(t, err)
}

// A yearly credit is in the statement of its last month, in whatever zone, and
// later zone data make it no other.
func TestRestateOfOtherPeriods(t *testing.T) {
	year := sla.Must(calendar.NewPeriod(calendar.Date{Year: 2025, Month: 7, Day: 1}, calendar.Date{Year: 2026, Month: 7, Day: 1}, time.UTC))
	away := sla.Must(calendar.NewPeriod(calendar.Date{Year: 2026, Month: 6, Day: 1}, calendar.Date{Year: 2026, Month: 6, Day: 30}, sla.Must(time.LoadLocation("Asia/Tokyo"))))
	s := owing(t, map[string]int64{"a": 5})
	for _, p := range []calendar.Period{year, away} {
		b := credit.Bill{Customer: "acme", Period: june, Charges: s.Charges, Verdicts: slices.Clone(s.Verdicts)}
		b.Verdicts[0].Period = p
		issued := restated(t, nil, sla.Must(credit.NewStatement(b)), Options{})
		assert.Equal(t, p, issued[0].Identity.Period)
		assert.Equal(t, "reversal", restated(t, issued, owing(t, nil), Options{})[0].Kind().String())
	}
	moved := restated(t, nil, s, Options{})
	require.NoError(t, moved[0].Identity.Period.UnmarshalJSON([]byte(`{"from":"2026-06-01","to":"2026-07-01","zone":"UTC","window":"2026-06-01T01:00:00Z/2026-07-01T01:00:00Z"}`)))
	assert.Empty(t, restated(t, moved, s, Options{}))
	assert.Equal(t, "reversal", restated(t, moved, owing(t, nil), Options{})[0].Kind().String())
}

// inZone returns a statement for a month by the clocks of a zone, which gives a
// share of USD 100.00.
func inZone(t require.TestingT, month time.Month, zone *time.Location, share string) credit.Statement {
	p := calendar.Month(2026, month, zone)
	e := sla.Entitlement{Remedy: sla.Remedy{Percent: points(share)}}
	s, err := credit.NewStatement(credit.Bill{Customer: "acme", Period: p, Charges: []credit.Charge{charge("web", "USD 100.00")}, Verdicts: []sla.Verdict{
		{Agreement: "a", Resource: "web", Period: p, Findings: []sla.Finding{{Entitlement: e, EntitlementAtMost: e}}},
	}})
	require.NoError(t, err)
	return s
}

// Periods are compared by their days. A credit for June in UTC is not a credit for
// July in Berlin, although June in UTC ends two hours after July in Berlin begins.
// June in Berlin corrects it under its own key.
func TestAMoveToAnotherZoneKeepsIssuedCredits(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "Asia/Tokyo", "America/New_York", "Pacific/Apia"} {
		away := sla.Must(time.LoadLocation(name))
		issued := restated(t, nil, inZone(t, time.June, time.UTC, "10%"), Options{AsOf: known(1)})
		require.Len(t, issued, 1)
		for _, month := range []time.Month{time.May, time.July} {
			_, err := Restate(issued, inZone(t, month, away, "0%"), Options{AsOf: known(40)})
			assert.ErrorContains(t, err, "does not end in the billing period", name)
		}
		moved := inZone(t, time.June, away, "15%")
		more := restated(t, issued, moved, Options{AsOf: known(2)})
		require.Len(t, more, 1, name)
		assert.Equal(t, issued[0].Identity, more[0].Identity, name)
		assert.Equal(t, "credit1:acme:a::2026-06-01:2026-07-01:UTC:USD:2", more[0].ID())
		assert.Equal(t, "USD 5.00", more[0].Amount.String(), name)
		all := append(issued, more...)
		assert.Empty(t, restated(t, all, moved, Options{AsOf: known(3)}), name)
		back := restated(t, all, inZone(t, time.June, time.UTC, "10%"), Options{AsOf: known(4)})
		assert.Equal(t, "decrease of USD 5.00 to USD 10.00", back[0].String())
	}
}

// If June was issued in two zones, as by an earlier release, the newest statement
// keeps the credit under its own key and reverses the other one.
func TestACreditIssuedInTwoZonesIsPaidOnce(t *testing.T) {
	berlin, tokyo := sla.Must(time.LoadLocation("Europe/Berlin")), sla.Must(time.LoadLocation("Asia/Tokyo"))
	twice := slices.Concat(
		restated(t, nil, inZone(t, time.June, time.UTC, "10%"), Options{AsOf: known(1)}),
		restated(t, nil, inZone(t, time.June, berlin, "15%"), Options{AsOf: known(1)}),
	)
	for _, zone := range []*time.Location{time.UTC, berlin, tokyo} {
		s := inZone(t, time.June, zone, "12%")
		more := restated(t, twice, s, Options{AsOf: known(2)})
		sum := int64(0)
		for _, a := range slices.Concat(twice, more) {
			sum += a.Amount.MinorUnits()
		}
		assert.Equal(t, int64(1200), sum, zone.String())
		assert.Empty(t, restated(t, slices.Concat(twice, more), s, Options{AsOf: known(3)}))
	}
}

// A credit belongs to the billing period that contains its last day.
func TestACreditBelongsToTheBillingPeriodOfItsLastDay(t *testing.T) {
	s := owing(t, map[string]int64{"a": 5})
	first := restated(t, nil, s, Options{})[0]
	for to, want := range map[string]bool{"2026-06-01": false, "2026-06-02": true, "2026-06-30": true, "2026-07-01": true, "2026-07-02": false, "2026-08-01": false} {
		issued := first
		issued.Identity.Period = sla.Must(calendar.NewPeriod(calendar.Date{Year: 2026, Month: 5, Day: 1}, sla.Must(calendar.ParseDate(to)), time.UTC))
		_, err := Restate([]Adjustment{issued}, s, Options{})
		if want {
			assert.NoError(t, err, to)
		} else {
			assert.ErrorContains(t, err, "does not end in the billing period", to)
		}
	}
}

// A shop is a billing system that only adds up the posted amounts.
type shop struct {
	posted map[string]Adjustment
	paid   map[string]int64 // by agreement
}

func (b *shop) post(a Adjustment) {
	b.posted[a.ID()] = a
	b.paid[a.Identity.Agreement] += a.Amount.MinorUnits()
}

// postUntil posts the adjustments whose IDs are not posted yet, and stops before
// the adjustment with the index crash. It reports whether anything was posted.
func (b *shop) postUntil(adjustments []Adjustment, crash int) (posted bool) {
	for i, a := range adjustments {
		if i == crash {
			break
		}
		if _, found := b.posted[a.ID()]; found {
			continue // and it leaves no trace
		}
		b.post(a)
		posted = true
	}
	return posted
}

func (b *shop) issued() []Adjustment { return slices.Collect(maps.Values(b.posted)) }

// Runs work through a history of statements. Some use old statements, some stop
// between two postings, and some read the postings before another run posts. At
// each moment, the paid amount of each agreement equals that of one of the
// statements, and in the end that of the newest. A statement older than one that
// was posted from pays nothing. Of two postings with one ID, the first stands.
func TestNothingIsPaidTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		agreements := []string{"a", "b", "c"}
		history := make([]map[string]int64, rapid.IntRange(1, 6).Draw(t, "statements"))
		for i := range history {
			history[i] = map[string]int64{}
			for _, a := range agreements {
				if percent := rapid.Int64Range(-1, 3).Draw(t, a); percent >= 0 {
					history[i][a] = percent
				}
			}
		}
		shop := &shop{map[string]Adjustment{}, map[string]int64{}}
		stale := []Adjustment{} // postings that a run read some time ago
		newest := -1            // index of the newest statement that was posted from
		run := func(n int, issued []Adjustment, crash int) {
			adjustments, err := Restate(issued, owing(t, history[n]), Options{AsOf: known(n)})
			if errors.Is(err, ErrOutdated) && n < newest {
				return
			}
			require.NoError(t, err)
			if shop.postUntil(adjustments, crash) {
				newest = max(newest, n)
			}
		}
		check := func() {
			for _, a := range agreements {
				said := []int64{0}
				for _, percents := range history {
					said = append(said, 100*percents[a])
				}
				if !slices.Contains(said, shop.paid[a]) {
					t.Fatalf("%s: paid %d, and the statements say %v", a, shop.paid[a], said)
				}
			}
		}
		for range rapid.IntRange(0, 15).Draw(t, "runs") {
			n := rapid.IntRange(0, len(history)-1).Draw(t, "statement")
			crash := rapid.SampledFrom([]int{-1, -1, 0, 1, 2}).Draw(t, "crash")
			before, was := maps.Clone(shop.paid), newest
			if rapid.IntRange(0, 3).Draw(t, "read") > 0 {
				stale = shop.issued()
			}
			fresh := len(stale) == len(shop.posted)
			run(n, stale, crash)
			if fresh && n < was && !maps.Equal(before, shop.paid) {
				t.Fatalf("statement %d pays after %d: %v, before %v", n, was, shop.paid, before)
			}
			check()
		}
		last := len(history) - 1
		for range 2 {
			run(last, shop.issued(), -1)
			for _, a := range agreements {
				if shop.paid[a] != 100*history[last][a] {
					t.Fatalf("%s: paid %d in the end, not %d", a, shop.paid[a], 100*history[last][a])
				}
			}
			for n := range history { // each prefix once more
				run(n, shop.issued(), -1)
				check()
			}
		}
		if again := restated(t, shop.issued(), owing(t, history[last]), Options{AsOf: known(last)}); len(again) > 0 {
			t.Fatalf("%v", again)
		}
	})
}

// The three events that the histories above are about, each once for certain:
// a run that posts nothing new since another posted first, one that stops
// between two postings, and one of an older statement than was posted from.
func TestRunsThatMeet(t *testing.T) {
	older, newer := owing(t, map[string]int64{"a": 1, "b": 2}), owing(t, map[string]int64{"a": 2, "b": 1})
	first := restated(t, nil, older, Options{AsOf: known(0)})
	second := restated(t, nil, newer, Options{AsOf: known(1)})
	require.Len(t, first, 2)
	require.Len(t, second, 2)

	late := &shop{map[string]Adjustment{}, map[string]int64{}}
	assert.True(t, late.postUntil(second, -1))
	assert.False(t, late.postUntil(first, -1), "both have read an empty book, so their IDs are the same")
	assert.Equal(t, map[string]int64{"a": 200, "b": 100}, late.paid)

	stopped := &shop{map[string]Adjustment{}, map[string]int64{}}
	assert.True(t, stopped.postUntil(second, 1))
	assert.Len(t, stopped.posted, 1)
	rest := restated(t, stopped.issued(), newer, Options{AsOf: known(1)})
	assert.True(t, stopped.postUntil(rest, -1))
	assert.Equal(t, map[string]int64{"a": 200, "b": 100}, stopped.paid)

	_, err := Restate(stopped.issued(), older, Options{AsOf: known(0)})
	assert.ErrorIs(t, err, ErrOutdated)
}

// Every history of up to four amounts from 0 to 2 of one credit, or none, with
// each run crashing or not before its posting: the total follows the newest
// statement that was posted, and the revisions count up.
func TestSmallHistories(t *testing.T) {
	statements := map[int64]credit.Statement{-1: owing(t, nil)}
	for amount := range int64(3) {
		statements[amount] = owing(t, map[string]int64{"a": amount})
	}
	var walk func(issued []Adjustment, depth int)
	walk = func(issued []Adjustment, depth int) {
		if depth == 4 {
			return
		}
		for amount, s := range statements {
			adjustments := restated(t, issued, s, Options{AsOf: known(depth)})
			posted := append(slices.Clone(issued), adjustments...)
			var paid int64
			for i, a := range posted {
				paid += a.Amount.MinorUnits()
				require.Equal(t, i+1, a.Revision)
			}
			require.Equal(t, 100*max(0, amount), paid)
			require.Empty(t, restated(t, posted, s, Options{AsOf: known(depth)}))
			walk(posted, depth+1)
			walk(issued, depth+1) // it crashed
		}
	}
	walk(nil, 0)
}

func TestAdjustmentJSON(t *testing.T) {
	var issued []Adjustment
	for i, s := range []credit.Statement{owing(t, map[string]int64{"a": 5}), owing(t, map[string]int64{"a": 6}), owing(t, map[string]int64{"a": 1}), owing(t, nil)} {
		s.Provisional = [][]string{{"because"}, nil}[i%2]
		issued = append(issued, restated(t, issued, s, Options{AsOf: known(i), IssueProvisional: true})...)
	}
	var kinds []string
	for _, a := range issued {
		kinds = append(kinds, a.Kind().String())
		data, err := json.Marshal(a)
		require.NoError(t, err)
		var read Adjustment
		require.NoError(t, json.Unmarshal(data, &read))
		assert.Equal(t, a, read)
		for from, to := range map[string]string{
			`adjustment/1`: `adjustment/2`, `"id":"credit1`: `"id":"credit2`, `"kind":"`: `"kind":"x`, `"revision":`: `"revision":1`,
			`"total":{"amount":"`: `"total":{"amount":"x`, `"customer":"acme"`: `"customer":"b"`, `"format"`: `"formats"`,
		} {
			spoiled := strings.Replace(string(data), from, to, 1)
			require.NotEqual(t, string(data), spoiled, from)
			assert.Error(t, json.Unmarshal([]byte(spoiled), &read), from)
		}
	}
	assert.Equal(t, []string{"issue", "increase", "decrease", "reversal"}, kinds)
	gone, err := json.Marshal(issued[3])
	require.NoError(t, err)
	assert.JSONEq(t, `{
		"format": "slacredit/adjustment/1", "kind": "reversal",
		"id": "credit1:acme:a::2026-06-01:2026-07-01:UTC:USD:4", "corrects": "credit1:acme:a::2026-06-01:2026-07-01:UTC:USD:3",
		"identity": {
			"customer": "acme", "agreement": "a", "currency": "USD",
			"period": {"from": "2026-06-01", "to": "2026-07-01", "zone": "UTC", "window": "2026-06-01T00:00:00Z/2026-07-01T00:00:00Z"}
		},
		"revision": 4, "amount": {"amount": "-1.00", "currency": "USD"}, "total": {"amount": "0.00", "currency": "USD"}, "asOf": "2026-07-04T00:00:00Z"
	}`, string(gone))
	data, err := json.Marshal(issued[1])
	require.NoError(t, err)
	var read Adjustment
	for from, to := range map[string]string{`"kind":"increase"`: `"kind":"decrease"`, `"corrects":"credit1`: `"corrects":"credit2`} {
		assert.Error(t, json.Unmarshal([]byte(strings.Replace(string(data), from, to, 1)), &read), from)
	}
	assert.Equal(t, "confirmation of USD 6.00", Adjustment{Revision: 2, Amount: credit.MustMoney("USD 0"), Total: credit.MustMoney("USD 6")}.String())
	require.NoError(t, issued[0].Validate())
	require.Error(t, Adjustment{}.Validate())
}

// The scope is part of a statement and of its text.
func TestContract(t *testing.T) {
	s := fingerprinted(t)
	data, err := json.Marshal(s)
	require.NoError(t, err)
	var read credit.Statement
	require.NoError(t, json.Unmarshal(data, &read))
	assert.Equal(t, "eu", read.Contract)
	assert.Equal(t, mustResults(t, s), mustResults(t, read))
	assert.Contains(t, s.Text(), "Statement for acme, eu, 2026-06-01 to")
	_, err = credit.NewStatement(credit.Bill{Customer: "acme", Contract: " eu", Period: june, Charges: s.Charges, Verdicts: s.Verdicts, Prior: s.Prior})
	assert.ErrorContains(t, err, "contract:")
}

// A month that is over is issued while an outage of its last day goes on, unless
// that can still change a figure of it.
func TestAClosedMonthIsIssuedUnderAnOpenOutage(t *testing.T) {
	may := calendar.Month(2024, time.May, time.UTC)
	asOf := time.Date(2024, time.June, 2, 8, 0, 0, 0, time.UTC)
	timeline := sla.Must(outage.Options{AsOf: asOf}.Timeline(outage.Outage{ID: "o", Resource: "web", Start: time.Date(2024, time.May, 30, 20, 0, 0, 0, time.UTC)}))
	statement := func(lasting sla.Range) credit.Statement {
		c := sla.Commitment{Promise: "at least 99.95%", Credits: []sla.Tier{{Give: "25%"}}}
		c.Downtime.Lasting = lasting
		v := sla.Must(sla.Must(plain("a", c).Compile()).Judge(timeline, may))
		return stated(t, credit.Bill{Customer: "acme", Charges: []credit.Charge{charge("web", "EUR 1000.00")}, Verdicts: []sla.Verdict{v}})
	}
	posted := restated(t, nil, statement(""), Options{AsOf: asOf})
	require.Len(t, posted, 1)
	assert.Equal(t, credit.MustMoney("EUR 250.00"), posted[0].Amount)
	_, err := Restate(nil, statement("at least 72h"), Options{AsOf: asOf})
	require.ErrorIs(t, err, ErrProvisional)
}
