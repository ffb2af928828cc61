package issue

import (
	"fmt"
	"math/big"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// acme is the identity that the tests vary.
func acme() Identity { return Identity{"acme", "plain", "", june, "USD"} }

// Frozen: a key that changes pays every credit twice.
func TestKeyGolden(t *testing.T) {
	berlin := sla.Must(calendar.NewPeriod(calendar.Date{Year: 2026, Month: 1, Day: 15}, calendar.Date{Year: 2026, Month: 2, Day: 15}, sla.Must(time.LoadLocation("Europe/Berlin"))))
	for _, tt := range []struct {
		identity Identity
		want     string
	}{
		{acme(), "credit1:acme:plain::2026-06-01:2026-07-01:UTC:USD"},
		{Identity{"cedar (illustrative)", "joyent/per-full-30m", "eu", berlin, "KWD"}, "credit1:cedar%20%28illustrative%29:joyent/per-full-30m:eu:2026-01-15:2026-02-15:Europe/Berlin:KWD"},
		{Identity{"a:b=c%41", "Ä+1", "x_y.z-", june, "JPY"}, "credit1:a%3Ab%3Dc%2541:%C3%84%2B1:x_y.z-:2026-06-01:2026-07-01:UTC:JPY"},
		{
			Identity{strings.Repeat("x", 44), strings.Repeat("x", 45), "", june, "USD"},
			"credit1:" + strings.Repeat("x", 44) + ":=FbUmNype6aOcjv8dNUdqokYNiL4Topnp6I9k-g4gNHc::2026-06-01:2026-07-01:UTC:USD",
		},
		{Identity{}, "credit1::::0000-00-00:0000-00-00::"},
	} {
		assert.Equal(t, tt.want, tt.identity.Key())
	}
}

// Every two texts of up to four bytes that matter are escaped differently, and
// none could be taken for a hash or another field.
func TestEscapeTellsApart(t *testing.T) {
	plain := regexp.MustCompile(`^([-._/A-Za-z0-9]|%[0-9A-F]{2})*$`)
	seen := map[string]string{}
	var grow func(text string)
	grow = func(text string) {
		escaped := escape(text)
		if other, found := seen[escaped]; found || !plain.MatchString(escaped) {
			t.Fatalf("%q and %q are both %q", text, other, escaped)
		}
		seen[escaped] = text
		if len(text) < 4 {
			for _, c := range []byte(":=% a3AF/\x00\xff") {
				grow(text + string([]byte{c}))
			}
		}
	}
	grow("")
}

var printable = regexp.MustCompile(`^[!-~]{1,255}$`)

// Whatever the names, keys are short and printable, and equal only if the
// fields are.
func TestKeysTellApart(t *testing.T) {
	names := rapid.OneOf(rapid.StringN(0, 60, 200), rapid.StringMatching(`[:=%a3A]{0,50}`), rapid.SampledFrom([]string{"", ":", "a", "=", "%3A", strings.Repeat("ab", 500)}))
	periods := []calendar.Period{june, calendar.Month(2026, time.May, time.UTC), {}}
	draw := func(t *rapid.T, label string) Identity {
		return Identity{
			names.Draw(t, label), names.Draw(t, label), names.Draw(t, label),
			rapid.SampledFrom(periods).Draw(t, label), names.Draw(t, label),
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw(t, "a"), draw(t, "b")
		if rapid.Bool().Draw(t, "close") { // differ in few fields, or in none
			b.Agreement, b.Period = a.Agreement, a.Period
			if rapid.Bool().Draw(t, "closer") {
				b.Contract, b.Currency = a.Contract, a.Currency
			}
			if rapid.Bool().Draw(t, "moved") { // the same letters, another border
				all := a.Customer + a.Agreement
				cut := rapid.IntRange(0, len(all)).Draw(t, "cut")
				b.Customer, b.Agreement = all[:cut], all[cut:]
			}
		}
		if !printable.MatchString(a.Key()) {
			t.Fatalf("%q", a.Key())
		}
		if (a == b) != (a.Key() == b.Key()) {
			t.Fatalf("%v and %v have the keys %s and %s", a, b, a.Key(), b.Key())
		}
	})
}

// A valid identity leaves room for the revision.
func TestLongestID(t *testing.T) {
	long := strings.Repeat("é", 500)
	var p calendar.Period
	require.NoError(t, p.UnmarshalJSON([]byte(`{"from":"2026-06-01","to":"2026-07-01","zone":"`+strings.Repeat("z", 100)+`","window":"2026-06-01T00:00:00Z/2026-07-01T00:00:00Z"}`)))
	i := Identity{long, long, long, p, "USD"}
	require.NoError(t, i.Validate())
	assert.Len(t, i.Key(), 213)
	assert.Len(t, Adjustment{Identity: i, Revision: 1_000_000_000}.ID(), 213+1+10)
}

// The instants of a period are not in its key: other zone data make no second
// credit.
func TestKeyOutlivesZoneData(t *testing.T) {
	var p calendar.Period
	require.NoError(t, p.UnmarshalJSON([]byte(`{"from":"2026-06-01","to":"2026-07-01","zone":"UTC","window":"2026-06-01T01:00:00Z/2026-07-01T01:00:00Z"}`)))
	moved := acme()
	moved.Period = p
	assert.NotEqual(t, acme(), moved)
	assert.Equal(t, acme().Key(), moved.Key())
}

func TestIdentityFaults(t *testing.T) {
	require.NoError(t, acme().Validate())
	for want, i := range map[string]Identity{
		"customer: missing":             {"", "plain", "", june, "USD"},
		"agreement: missing":            {"acme", "", "", june, "USD"},
		"contract: \"x\\n\" has a":      {"acme", "plain", "x\n", june, "USD"},
		"period: the period is missing": {"acme", "plain", "", calendar.Period{}, "USD"},
		"currency: \"usd\" is not":      {"acme", "plain", "", june, "usd"},
		"has no minor unit":             {"acme", "plain", "", june, "XAU"},
		"the currency is missing":       {"acme", "plain", "", june, ""},
	} {
		assert.ErrorContains(t, i.Validate(), want)
	}
}

// fingerprinted is a statement with something on most lines of its text.
func fingerprinted(t require.TestingT) credit.Statement {
	a := sla.Agreement{
		Name: "two of a kind", Above: "1USD", AtMost: []sla.Cap{"60%"},
		Commitments: []sla.Commitment{
			{Name: "net", OneOf: []string{"g"}, Promise: "at least 99.9%", Credits: []sla.Tier{{Give: "10%"}}, AtMost: []sla.Cap{"50%", "500% per 12mo"}},
			{Name: "power", OneOf: []string{"g"}, Promise: "exactly 100%", Credits: []sla.Tier{{Give: "1USD", Per: "started 1h"}}},
		},
	}
	start := june.Window().Start()
	timelines, err := outage.Options{Resources: []string{"b"}}.Timelines(
		outage.Outage{ID: "o-1", Resource: "a", Start: start, End: start.Add(time.Hour)},
		outage.Outage{ID: "o-2", Resource: "a", Start: start.Add(time.Hour), End: start.Add(90 * time.Minute)},
		outage.Coverage{ID: "c-1", Resource: "a", Start: start, End: start.Add(700 * time.Hour)},
	)
	require.NoError(t, err)
	terms, err := a.Compile()
	require.NoError(t, err)
	b := credit.Bill{Customer: "acme", Contract: "eu", Period: june, Charges: []credit.Charge{charge("a", "USD 99.99"), charge("b", "USD 1.00")}, Prior: []credit.Prior{}}
	for _, timeline := range timelines {
		v, err := terms.Judge(timeline, june)
		require.NoError(t, err)
		b.Verdicts = append(b.Verdicts, v)
	}
	s, err := credit.NewStatement(b)
	require.NoError(t, err)
	return s
}

// The fields of charges besides their amounts are frozen as well.
func TestFingerprintOfFees(t *testing.T) {
	text, err := Canonical(stored(t, "corrected-1.json"), 1)
	require.NoError(t, err)
	golden(t, "canonical-fees.txt", text)

	s := stored(t, "corrected-1.json")
	fingerprint := func(change func(*credit.Bill)) string {
		b := billOf(s)
		b.Charges = slices.Clone(b.Charges)
		change(&b)
		return sla.Must(Results(sla.Must(credit.NewStatement(b))))[1].Fingerprint
	}
	same := fingerprint(func(*credit.Bill) {})
	for name, change := range map[string]func(*credit.Bill){
		"claims":              func(b *credit.Bill) { b.Claims = nil },
		"revisions":           func(b *credit.Bill) { b.Revisions = nil },
		"the order":           func(b *credit.Bill) { slices.Reverse(b.Charges) },
		"a label of no base":  func(b *credit.Bill) { b.Charges[0].Labels = map[string]string{"region": "east", "zone": "1"} },
		"a label elsewhere":   func(b *credit.Bill) { b.Charges[3].Labels = map[string]string{"region": "west"} },
		"how it was prorated": func(b *credit.Bill) { b.Charges[1].Prorated = credit.Prorated{} },
	} {
		assert.Equal(t, same, fingerprint(change), name)
	}
	for name, change := range map[string]func(*credit.Bill){
		"exactness": func(b *credit.Bill) { b.Charges[0].Prorated.Exact = false },
		"a label":   func(b *credit.Bill) { b.Charges[5].Labels = map[string]string{"region": "west"} },
		"a window":  func(b *credit.Bill) { b.Charges[4].Window = outage.Window{} },
		"a cycle":   func(b *credit.Bill) { b.Charges[3].Cycle = -2 },
	} {
		assert.NotEqual(t, same, fingerprint(change), name)
	}
}

// Frozen: a fingerprint that changes makes every credit a restatement.
func TestFingerprintGolden(t *testing.T) {
	s := fingerprinted(t)
	text, err := Canonical(s, 0)
	require.NoError(t, err)
	want, err := os.ReadFile("testdata/canonical.txt")
	require.NoError(t, err)
	assert.Equal(t, string(want), text)
	results, err := Results(s)
	require.NoError(t, err)
	// sha256sum credit/testdata/canonical.txt
	assert.Equal(t, "2bc06bd9a7754008939a97cc42bc4efc5c9e13f7c26a81e672caf8268a162812", results[0].Fingerprint)
	assert.True(t, isFingerprint(results[0].Fingerprint))
}

// mustResults returns the results by key.
func mustResults(t require.TestingT, s credit.Statement) map[string]Result {
	results, err := Results(s)
	require.NoError(t, err)
	byKey := map[string]Result{}
	for _, r := range results {
		byKey[r.Identity.Key()] = r
	}
	require.Len(t, byKey, len(results))
	return byKey
}

// The globals of decimal change no fingerprint.
func TestFingerprintWithoutGlobals(t *testing.T) {
	want := mustResults(t, fingerprinted(t))
	precision, quotes := decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes
	defer func() { decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes = precision, quotes }()
	decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes = 2, true
	assert.Equal(t, want, mustResults(t, fingerprinted(t)))
}

// The fingerprint contains the facts that an amount follows from, and no texts that
// are only for people. Each row changes one thing.
func TestFingerprintSees(t *testing.T) {
	want, err := Canonical(fingerprinted(t), 0)
	require.NoError(t, err)
	for name, change := range map[string]struct {
		seen bool
		do   func(s *credit.Statement, f *sla.Finding)
	}{
		"customer": {true, func(s *credit.Statement, _ *sla.Finding) { s.Customer = "other" }},
		"scope":    {true, func(s *credit.Statement, _ *sla.Finding) { s.Contract = "" }},
		"charge":   {true, func(s *credit.Statement, _ *sla.Finding) { add(&s.Charges[0].Amount, 1) }},
		"charge id": {true, func(s *credit.Statement, _ *sla.Finding) {
			s.Charges[0].ID = "other"
			for i := range s.Credits[0].Parts {
				s.Credits[0].Parts[i].Counted[0].Charge = "other"
			}
		}},
		"kind":     {true, func(s *credit.Statement, _ *sla.Finding) { s.Charges[0].Kind = "x" }},
		"amount":   {true, func(s *credit.Statement, _ *sla.Finding) { add(&s.Credits[0].Amount, 1) }},
		"at most":  {true, func(s *credit.Statement, _ *sla.Finding) { add(&s.Credits[0].AmountAtMost, 1) }},
		"withheld": {true, func(s *credit.Statement, _ *sla.Finding) { add(&s.Credits[0].Withheld, 1) }},
		"owed":     {true, func(s *credit.Statement, _ *sla.Finding) { s.Credits[0].Parts[0].Owed = credit.Exact{} }},
		"base":     {true, func(s *credit.Statement, _ *sla.Finding) { add(&s.Credits[0].Parts[0].Base, 1) }},
		"limit":    {true, func(s *credit.Statement, _ *sla.Finding) { add(&s.Credits[0].Parts[0].Limits[0].Amount, 1) }},
		"drawn": {true, func(s *credit.Statement, _ *sla.Finding) {
			s.Credits[0].Parts[0].Limits[0].Drawn = credit.NewExact(big.NewRat(1, 1))
		}},
		"yields": {true, func(s *credit.Statement, _ *sla.Finding) { s.Credits[0].Parts[1].Yields = credit.YieldsTo{} }},
		"yields to all": {true, func(s *credit.Statement, _ *sla.Finding) {
			s.Credits[0].Parts[1].Yields.Sum = credit.NewExact(big.NewRat(1, 1))
		}},
		"spread": {true, func(s *credit.Statement, _ *sla.Finding) {
			s.Credits[0].Parts[0].Spread = []credit.Spread{{Resource: "i"}}
		}},
		"automatic":     {true, func(s *credit.Statement, _ *sla.Finding) { s.Credits[0].Parts[0].Automatic = true }},
		"members":       {false, func(_ *credit.Statement, f *sla.Finding) { f.Members = []string{"i", "j"} }}, // their effects are in it
		"overall limit": {true, func(s *credit.Statement, _ *sla.Finding) { s.Credits[0].Limits = nil }},
		"down":          {true, func(_ *credit.Statement, f *sla.Finding) { f.Measurement.Down++ }},
		"unknown":       {true, func(_ *credit.Statement, f *sla.Finding) { f.Measurement.Unknown++ }},
		"due":           {true, func(_ *credit.Statement, f *sla.Finding) { f.Measurement.Due++ }},
		"due step":      {true, func(_ *credit.Statement, f *sla.Finding) { f.Measurement.DueSteps[0].Length++ }},
		"piece":         {true, func(_ *credit.Statement, f *sla.Finding) { f.Measurement.Pieces[0].State = sla.Excused }},
		"share":         {true, func(_ *credit.Statement, f *sla.Finding) { f.Measurement.Pieces[0].Share = "1/3" }},
		"open":          {true, func(_ *credit.Statement, f *sla.Finding) { f.Measurement.Outages[0].Open = true }},
		"outcome":       {true, func(_ *credit.Statement, f *sla.Finding) { f.Outcome = sla.Undecided }},
		"allowed":       {true, func(_ *credit.Statement, f *sla.Finding) { f.Allowed++ }},
		"allowed count": {true, func(_ *credit.Statement, f *sla.Finding) { f.AllowedCount++ }},
		"commitment":    {true, func(_ *credit.Statement, f *sla.Finding) { f.Commitment = "other" }},
		"steps":         {true, func(_ *credit.Statement, f *sla.Finding) { f.Entitlement.Steps++ }},
		"percent":       {true, func(_ *credit.Statement, f *sla.Finding) { f.Entitlement.Percent = points("11%") }},
		"worst":         {true, func(_ *credit.Statement, f *sla.Finding) { f.EntitlementAtMost.Percent = points("11%") }},
		"base length":   {true, func(s *credit.Statement, _ *sla.Finding) { s.Credits[0].Parts[0].Length++ }},
		"reason": {false, func(_ *credit.Statement, f *sla.Finding) {
			f.Measurement.Pieces[0].Reason = f.Measurement.Pieces[1].Reason
		}},
		"records":        {false, func(_ *credit.Statement, f *sla.Finding) { f.Measurement.Pieces[0].Records = nil }},
		"due reason":     {false, func(_ *credit.Statement, f *sla.Finding) { f.Measurement.DueSteps[0].Reason = "other" }},
		"as of":          {false, func(_ *credit.Statement, f *sla.Finding) { f.Measurement.AsOf = june.Window().End() }},
		"clause":         {false, func(_ *credit.Statement, f *sla.Finding) { f.Clause, f.Entitlement.Clause = "/x", "/y" }},
		"note":           {false, func(s *credit.Statement, _ *sla.Finding) { s.Credits[0].Note, s.Verdicts[0].Note = "x", "x" }},
		"split":          {false, func(s *credit.Statement, _ *sla.Finding) { add(&s.Credits[0].Parts[0].Amount, 1) }},
		"billing period": {false, func(s *credit.Statement, _ *sla.Finding) { s.Period = calendar.Period{} }},
		"said":           {false, func(s *credit.Statement, _ *sla.Finding) { s.Provisional = []string{"other"} }},
	} {
		s := fingerprinted(t)
		change.do(&s, &s.Credits[0].Parts[0].Finding)
		got, err := Canonical(s, 0)
		require.NoError(t, err, name)
		assert.Equal(t, change.seen, got != want, name)
	}
}

// The members of a pool are in the fingerprint, in any order.
func TestFingerprintOfPools(t *testing.T) {
	of := func(down ...time.Duration) string {
		s := fingerprinted(t)
		m := &s.Credits[0].Parts[0].Finding.Measurement
		for _, d := range down {
			m.Members = append(m.Members, sla.Measurement{Resource: d.String(), Period: june, Down: d})
		}
		text, err := Canonical(s, 0)
		require.NoError(t, err)
		return text
	}
	assert.Equal(t, of(1, 2), of(2, 1))
	assert.NotEqual(t, of(1, 2), of(1, 3))
	assert.NotEqual(t, of(1), of())
	assert.Equal(t, "measured\t1ns\t1780272000000000000\t1782864000000000000\t0\t1\t0\t0\t0\t0\t0", strings.Split(of(1), "\n")[12])
}

// Records that say the same in more pieces are the same result.
func TestFingerprintOfSplitRecords(t *testing.T) {
	start := june.Window().Start()
	at := func(cuts ...time.Duration) credit.Statement {
		var records []outage.Record
		for i := range cuts[1:] {
			records = append(records, outage.Outage{ID: fmt.Sprint("o-", i), Resource: "web", Start: start.Add(cuts[i]), End: start.Add(cuts[i+1])})
		}
		timeline, err := outage.NewTimeline(records...)
		require.NoError(t, err)
		v, err := sla.Must(plain("plain", flat("10%")).Compile()).Judge(timeline, june)
		require.NoError(t, err)
		return state(t, []credit.Charge{charge("web", "USD 499.00")}, v)
	}
	one, two, later := at(0, 2*time.Hour), at(0, time.Hour, 2*time.Hour), at(time.Hour, 3*time.Hour)
	assert.NotEqual(t, one.Verdicts, two.Verdicts)
	assert.Equal(t, mustResults(t, one), mustResults(t, two))
	assert.NotEqual(t, mustResults(t, one), mustResults(t, later), "as much, at another time")
}

// A literal with a figure that no statement has is without a fingerprint, and does
// not panic.
func TestResultsOfLiterals(t *testing.T) {
	for name, spoil := range map[string]func(s *credit.Statement){
		"no customer":  func(s *credit.Statement) { s.Customer = "" },
		"no agreement": func(s *credit.Statement) { s.Credits[0].Agreement = "" },
		"no charge":    func(s *credit.Statement) { s.Charges = s.Charges[1:] },
		"no share":     func(s *credit.Statement) { s.Credits[0].Parts[0].Finding.Measurement.Pieces[0].Share = "x" },
	} {
		s := fingerprinted(t)
		spoil(&s)
		_, err := Results(s)
		assert.Error(t, err, name)
	}
	_, err := Canonical(fingerprinted(t), -1)
	assert.Error(t, err)
}

func TestResultJSON(t *testing.T) {
	for _, r := range mustResults(t, fingerprinted(t)) {
		data, err := r.MarshalJSON()
		require.NoError(t, err)
		var read Result
		require.NoError(t, read.UnmarshalJSON(data))
		assert.Equal(t, r, read)
		for from, to := range map[string]string{
			`result/1`: `result/2`, `"key":"credit1`: `"key":"credit2`, `"customer":"acme"`: `"customer":"acme2"`,
			`"fingerprint":"`: `"fingerprint":"F`, `"currency":"USD"}`: `"currency":"EUR"}`, `"amount":"10.`: `"amount":"-10.`,
		} {
			spoiled := strings.Replace(string(data), from, to, 1)
			require.NotEqual(t, string(data), spoiled, from)
			assert.Error(t, read.UnmarshalJSON([]byte(spoiled)), from)
		}
	}
}
