package sla

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/outage"
)

// write returns the JSON of a value.
func write(t rapid.TB, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	require.NoError(t, err)
	return string(data)
}

// partlyKnown is a timeline with all five parts in May 2014.
func partlyKnown(t testing.TB) outage.Timeline {
	return recordsAsOf(t, "2014-05-30T00:00:00Z",
		outage.Lifetime{Resource: "vm", Start: at("2014-05-02T00:00:00Z")},
		dark("a", "2014-05-03T00:00:00Z", 2*hour),
		caused(dark("b", "2014-05-04T00:00:00Z", hour), "customer", 50),
	)
}

// stepped is an agreement of steps, of which partlyKnown owes four by now.
func stepped() Agreement {
	return Agreement{Name: "stepped", Note: "as read in 2014", AtMost: []Cap{"150%"}, Commitments: []Commitment{{
		Name:       "all",
		Exclusions: []Exclusion{{Causes: []string{"customer"}}},
		Promise:    "at least 99.9%",
		Credits:    []Tier{{When: "below 99.9%", Give: "5%", Per: "full 30m"}, {When: "below 95%", Give: "100%"}},
		AtMost:     []Cap{"100%"},
	}}}
}

func TestMeasurementJSON(t *testing.T) {
	m := find(t, stepped().Commitments[0], partlyKnown(t), may2014).Measurement
	const want = `{"format":"slacredit/measurement/1","resource":"vm",` +
		`"period":{"from":"2014-05-01","to":"2014-06-01","zone":"UTC","window":"2014-05-01T00:00:00Z/2014-06-01T00:00:00Z"},` +
		`"asOf":"2014-05-30T00:00:00Z","availability":"93.055555% to 99.722222%","availabilityAtLeast":"93.055555%",` +
		`"up":"669h","down":"2h","excused":"1h","unknown":"48h","outside":"24h","downAtMost":"50h",` +
		`"due":"720h","dueSteps":[{"reason":"length of the period","length":"744h"},{"reason":"not in the life of the resource","length":"-24h"}],` +
		`"pieces":[` +
		`{"window":"2014-05-01T00:00:00Z/2014-05-02T00:00:00Z","state":"outside","reason":{"code":"not alive"},"why":"not in the life of the resource"},` +
		`{"window":"2014-05-02T00:00:00Z/2014-05-03T00:00:00Z","state":"up"},` +
		`{"window":"2014-05-03T00:00:00Z/2014-05-03T02:00:00Z","state":"down","records":["a"],"clause":"/commitments/0","reason":{"code":"lost","lost":"100%"},"why":"lost 100%"},` +
		`{"window":"2014-05-03T02:00:00Z/2014-05-04T00:00:00Z","state":"up"},` +
		`{"window":"2014-05-04T00:00:00Z/2014-05-04T01:00:00Z","state":"excused","records":["b"],"clause":"/commitments/0/exclusions/0","reason":{"code":"cause excused","cause":"customer"},"why":"cause customer"},` +
		`{"window":"2014-05-04T01:00:00Z/2014-05-30T00:00:00Z","state":"up"},` +
		`{"window":"2014-05-30T00:00:00Z/2014-06-01T00:00:00Z","state":"unknown","reason":{"code":"after as-of"},"why":"after the as-of instant"}],` +
		`"outages":[{"window":"2014-05-03T00:00:00Z/2014-05-03T02:00:00Z","records":["a"]}]}`
	assert.Equal(t, want, write(t, m))

	var again Measurement
	require.NoError(t, json.Unmarshal([]byte(want), &again))
	assert.Equal(t, m, again)

	again = m
	require.NoError(t, json.Unmarshal([]byte(write(t, Measurement{})), &again))
	assert.Equal(t, Measurement{}, again)
}

// tamper replaces the one place at which a document has some text.
func tamper(t testing.TB, doc, old, new string) []byte {
	t.Helper()
	require.Equal(t, 1, strings.Count(doc, old), "%s in %s", old, doc)
	return []byte(strings.Replace(doc, old, new, 1))
}

func TestTamperedMeasurement(t *testing.T) {
	m := find(t, stepped().Commitments[0], partlyKnown(t), may2014).Measurement
	doc := write(t, m)
	for _, tt := range []struct{ old, new, want string }{
		{`"up":"669h"`, `"up":"670h"`, "the parts are not the sums of the pieces"},
		{`"down":"2h"`, `"down":"1h"`, "the parts are not the sums of the pieces"},
		{`"excused":"1h"`, `"excused":"2h"`, "the parts are not the sums of the pieces"},
		{`"unknown":"48h"`, `"unknown":"0s"`, "the parts are not the sums of the pieces"},
		{`"outside":"24h"`, `"outside":"24h0m0.000000001s"`, "the parts are not the sums of the pieces"},
		{`"downAtMost":"50h"`, `"downAtMost":"50h0m0.000000001s"`, "downAtMost is not the sum of the pieces"},
		{`"downAtMost":"50h"`, `"downAtMost":"1h"`, "downAtMost is not the sum of the pieces"},
		{`"due":"720h"`, `"due":"744h"`, "due is not the sum of its steps"},
		{`"length":"744h"`, `"length":"720h"`, "due is not the sum of its steps"},
		{`"length":"-24h"`, `"length":"0s"`, "due is not the sum of its steps"},
		{`"due":"720h","dueSteps":[{"reason":"length of the period","length":"744h"}`, `"due":"700h","dueSteps":[{"reason":"length of the period","length":"724h"}`, "due is not what the period counts as, less what lies outside"},
		{`"availability":"93.055555% to 99.722222%"`, `"availability":"93.055555% to 99.722223%"`, "availability: \"93.055555% to 99.722223%\", but the parts say 93.055555% to 99.722222%"},
		{`"availabilityAtLeast":"93.055555%"`, `"availabilityAtLeast":"95%"`, "availabilityAtLeast: \"95%\", but the parts say 93.055555%"},
		{`"availability":"93.055555% to 99.722222%"`, `"availability":"93.055555%"`, "availability: \"93.055555%\", but the parts say 93.055555% to 99.722222%"},
		{`"availability":"93.055555% to 99.722222%"`, `"availability":"100%"`, "availability: \"100%\", but the parts say 93.055555% to 99.722222%"},
		{`"state":"down"`, `"state":"up"`, "the parts are not the sums of the pieces"},
		{`2014-05-03T02:00:00Z","state":"down"`, `2014-05-03T01:00:00Z","state":"down"`, "the pieces do not tile the period"},
		{`"2014-05-30T00:00:00Z/2014-06-01T00:00:00Z","state"`, `"2014-05-30T00:00:00Z/2014-05-31T00:00:00Z","state"`, "the pieces do not tile the period"},
		{`"zone":"UTC","window":"2014-05-01T00:00:00Z/`, `"zone":"UTC","window":"2014-05-01T01:00:00Z/`, "the pieces do not tile the period"},
		{`2014-05-03T02:00:00Z","records":["a"]}]`, `2014-05-03T03:00:00Z","records":["a"]}]`, "the outages are not the pieces that are down"},
		{`2014-05-03T02:00:00Z","records":["a"]}]`, `2014-05-03T01:00:00Z","records":["a"]}]`, "the outages are not the pieces that are down"},
		{`"to":"2014-06-01"`, `"to":"2014-07-01"`, "period: calendar: reading a period: it ends more than a day from UTC's 2014-07-01"},

		{`"format":"slacredit/measurement/1"`, `"format":"slacredit/measurement/2"`, `format: "slacredit/measurement/2" is not known; want "slacredit/measurement/1"`},
		{`"up":"669h"`, `"up":"669h0m0s"`, `up: "669h0m0s" is not a length of time such as 2h29m`},
		{`"up":"669h"`, `"up":669`, `up: want a string, not the number 669`},
		{`"up":"669h"`, `"Up":"669h"`, `unknown key "Up"`},
		{`"up":"669h",`, ``, "the parts are not the sums of the pieces"},
		{`"state":"down"`, `"state":"Down"`, `pieces[2].state: sla: reading state: "Down" is none of up, down, excused, unknown, outside`},
		{`"asOf":"2014-05-30T00:00:00Z"`, `"asOf":null`, `asOf: want an RFC 3339 instant such as "2014-05-27T20:13:00Z", not null`},
		{`"records":["a"]}]`, `"records":null}]`, `outages[0].records: want an array, not null`},

		{`"why":"lost 100%"`, `"why":"lost 50%"`, `pieces[2]: why: "lost 50%", but the reasons say "lost 100%"`},
		{`,"why":"lost 100%"`, ``, `pieces[2]: why: "", but the reasons say "lost 100%"`},
		{`"lost":"100%"`, `"lost":"50%"`, `pieces[2]: why: "lost 100%", but the reasons say "lost 50%"`},
		{`"reason":{"code":"lost","lost":"100%"},"why":"lost 100%"`, `"why":""`, `pieces[2]: reason: missing, where the state is down`},
		{`"reason":{"code":"after as-of"},"why":"after the as-of instant"`, `"reason":{"code":"outside hours"},"why":"outside the service hours"`, `pieces[6]: reason: outside hours is one for time that is outside, not unknown`},
		{`{"code":"after as-of"}`, `{"code":"after","cause":"x"}`, `pieces[6]: reason: code: "after" is not known`},
		{`{"code":"after as-of"}`, `{"code":"after as-of","cause":"x"}`, `pieces[6]: reason: code: "after as-of" has other arguments than those given`},
		{`"lost":"100%"`, `"lost":"101%"`, `pieces[2]: reason: lost: not from 0% to 100% with at most nine decimal places`},
		{`"lost":"100%"`, `"lost":"1/3%"`, `pieces[2]: reason: lost: not from 0% to 100% with at most nine decimal places`},
		{`"reason":{"code":"lost","lost":"100%"}`, `"reason":"lost 100%"`, `pieces[2].reason: want an object, not the string "lost 100%"`},
	} {
		read := Measurement{Resource: "untouched"}
		err := read.UnmarshalJSON(tamper(t, doc, tt.old, tt.new))
		assert.EqualError(t, err, "sla: reading a measurement: "+tt.want)
		assert.Equal(t, Measurement{Resource: "untouched"}, read)
	}
}

func TestVerdictJSON(t *testing.T) {
	v, err := Must(stepped().Compile()).Judge(partlyKnown(t), may2014)
	require.NoError(t, err)
	doc := write(t, v)
	measured := write(t, v.Findings[0].Measurement)
	measured = strings.Replace(measured, `"format":"slacredit/measurement/1",`, "", 1)
	assert.Equal(t, `{"format":"slacredit/verdict/1","agreement":"stepped","note":"as read in 2014","resource":"vm",`+
		`"period":{"from":"2014-05-01","to":"2014-06-01","zone":"UTC","window":"2014-05-01T00:00:00Z/2014-06-01T00:00:00Z"},`+
		`"outcome":"missed","findings":[{"commitment":"all","clause":"/commitments/0","promise":"at least 99.9%","outcome":"missed","allowed":"43m12s","margin":"-1h16m48s",`+
		`"next":{"clause":"/commitments/0/credits/1","margin":"34h"},`+
		`"entitlement":{"clause":"/commitments/0/credits/0","row":{"when":"below 99.9%","give":"5%","per":"full 30m"},"steps":4,"percent":"20%"},`+
		`"entitlementAtMost":{"clause":"/commitments/0/credits/1","row":{"when":"below 95%","give":"100%"},"steps":1,"percent":"100%"},`+
		`"unlived":["2014-05-01T00:00:00Z/2014-05-02T00:00:00Z"],"limits":[{"percent":"100%","clause":"/commitments/0/atMost/0"}],"measurement":`+measured+`}],`+
		`"limits":[{"percent":"150%","clause":"/atMost/0"}]}`, doc)

	var again Verdict
	require.NoError(t, json.Unmarshal([]byte(doc), &again))
	assert.Equal(t, doc, write(t, again))
	assert.Equal(t, v.String(), again.String())
	assert.Equal(t, v.Findings[0].Measurement, again.Findings[0].Measurement)
	assert.Equal(t, v.Findings[0].ErrorBudget(), again.Findings[0].ErrorBudget())

	again = v
	require.NoError(t, json.Unmarshal([]byte(write(t, Verdict{})), &again))
	assert.Equal(t, Verdict{}, again)
	_, err = json.Marshal(Verdict{Findings: []Finding{{Outcome: 4}}})
	assert.ErrorContains(t, err, "sla: writing outcome: Outcome(4) is not known")
}

func TestTamperedVerdict(t *testing.T) {
	v, err := Must(stepped().Compile()).Judge(partlyKnown(t), may2014)
	require.NoError(t, err)
	doc := write(t, v)
	const first = "findings[0]: "
	for _, tt := range []struct{ old, new, want string }{
		{`"outcome":"missed","findings"`, `"outcome":"met","findings"`, "outcome: met, but the findings say missed"},
		{`"outcome":"missed","allowed"`, `"outcome":"met","allowed"`, first + "outcome: met, but the downtime says missed"},
		{`"outcome":"missed","allowed"`, `"outcome":"undecided","allowed"`, first + "outcome: undecided, but the downtime says missed"},
		{`"allowed":"43m12s"`, `"allowed":"2h"`, first + "margin: not what is allowed less what was down"},
		{`"margin":"-1h16m48s"`, `"margin":"1h16m48s"`, first + "margin: not what is allowed less what was down"},
		{`"margin":"34h"`, `"margin":"-34h"`, first + "next: margin: negative"},
		{`"note":"as read in 2014","resource":"vm"`, `"note":"as read in 2014","resource":"db"`, first + "measurement: of another resource or period than the verdict"},
		{
			`"resource":"vm","period":{"from":"2014-05-01","to":"2014-06-01","zone":"UTC","window":"2014-05-01T00:00:00Z/2014-06-01T00:00:00Z"},"outcome"`,
			`"resource":"vm","period":{"from":"2014-06-01","to":"2014-07-01","zone":"UTC","window":"2014-06-01T00:00:00Z/2014-07-01T00:00:00Z"},"outcome"`,
			first + "measurement: of another resource or period than the verdict",
		},
		{`"down":"2h"`, `"down":"30m"`, first + "the parts are not the sums of the pieces"},

		{`"format":"slacredit/verdict/1"`, `"format":"slacredit/agreement/1"`, `format: "slacredit/agreement/1" is not known; want "slacredit/verdict/1"`},
		{`"steps":4`, `"steps":4.0`, `findings[0].entitlement.steps: want a whole number, not the number 4.0`},
		{`"steps":4`, `"steps":"4"`, `findings[0].entitlement.steps: want a whole number, not the string "4"`},
		{`"percent":"20%"`, `"percent":"20"`, `findings[0].entitlement.percent: sla: "20" is not a percentage such as 99.95%`},
		{`"outcome":"missed","findings"`, `"outcome":"MISSED","findings"`, `outcome: sla: reading outcome: "MISSED" is none of none, met, missed, undecided`},
		{`"commitment":"all"`, `"Commitment":"all"`, `findings[0]: unknown key "Commitment"`},
	} {
		read := Verdict{Agreement: "untouched"}
		err := read.UnmarshalJSON(tamper(t, doc, tt.old, tt.new))
		assert.EqualError(t, err, "sla: reading a verdict: "+tt.want)
		assert.Equal(t, Verdict{Agreement: "untouched"}, read)
	}
}

// A fault of the second finding is named, and one outcome of two is not hidden
// behind the other.
func TestTamperedSecondFinding(t *testing.T) {
	a := Agreement{Name: "two", Commitments: []Commitment{{Name: "a", Promise: "exactly 100%"}, {Name: "b", Promise: "at least 99.99%"}}}
	v, err := Must(a.Compile()).Judge(records(t, dark("o", "2014-05-03T00:00:00Z", hour)), may2014)
	require.NoError(t, err)
	var again Verdict
	err = again.UnmarshalJSON(tamper(t, write(t, v), `"promise":"at least 99.99%","outcome":"missed"`, `"promise":"at least 99.99%","outcome":"met"`))
	assert.EqualError(t, err, "sla: reading a verdict: findings[1]: outcome: met, but the downtime says missed")
}

func TestVerdictsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := Must(anyAgreement.Draw(t, "agreement").Compile())
		timeline := drawTimeline(t)
		v, err := terms.Judge(timeline, may2014)
		if err != nil {
			t.Fatal(err)
		}
		doc := write(t, v)
		var again Verdict
		if err := json.Unmarshal([]byte(doc), &again); err != nil {
			t.Fatalf("%v\n%s", err, doc)
		}
		if got := write(t, again); got != doc || again.String() != v.String() {
			t.Fatalf("%s\n%s", doc, got)
		}
		for i, f := range again.Findings {
			assert.Equal(t, v.Findings[i].Measurement, f.Measurement)
			assert.Equal(t, v.Findings[i].Decided(), f.Decided())
		}
	})
}

func TestAvailabilityJSON(t *testing.T) {
	for _, tt := range []struct {
		a    Availability
		want string
	}{
		{ratio(744*hour, 20*minute), `{"due":"744h","down":"20m","availability":"99.955197%"}`},
		{ratio(744*hour, 0), `{"due":"744h","down":"0s","availability":"100%"}`},
		{ratio(744*hour, 1), `{"due":"744h","down":"1ns","availability":"99.999999%"}`},
		{Availability{}, `{"due":"0s","down":"0s","availability":"undefined"}`},
	} {
		assert.Equal(t, tt.want, write(t, tt.a))
		again := ratio(1, 1)
		require.NoError(t, json.Unmarshal([]byte(tt.want), &again))
		assert.Equal(t, tt.a, again)
	}
	const doc = `{"due":"744h","down":"20m","availability":"99.955197%"}`
	for _, tt := range []struct{ old, new, want string }{
		{`"744h"`, `"720h"`, `availability: "99.955197%", but the parts say 99.953703%`},
		{`"20m"`, `"19m"`, `availability: "99.955197%", but the parts say 99.957437%`},
		{`99.955197`, `99.955198`, `availability: "99.955198%", but the parts say 99.955197%`},
		{`"20m"`, `"-20m"`, `down: "-20m" is not from nothing to 292 years`},
		{`"20m"`, `"745h"`, `down: not between nothing and what was due`},
		{`"due"`, `"Due"`, `unknown key "Due"`},
	} {
		again := ratio(2, 1)
		assert.EqualError(t, again.UnmarshalJSON(tamper(t, doc, tt.old, tt.new)), "sla: reading an availability: "+tt.want)
		assert.Equal(t, ratio(2, 1), again)
	}
}

// A percentage that has no finite decimal is a fraction in everything but
// Points, which cuts.
func TestPercentOfAFraction(t *testing.T) {
	read := func(text string) (p Percent) {
		require.NoError(t, p.UnmarshalText([]byte(text)), text)
		return p
	}
	for text, points := range map[string]string{"25/3%": "8.333333333333333333", "50/3%": "16.666666666666666666", "-50/3%": "-16.666666666666666666"} {
		p := read(text)
		assert.Equal(t, text, p.String())
		assert.Equal(t, points, p.Points().String())
		assert.Equal(t, strings.TrimSuffix(text, "%"), p.Rat().String())
		assert.False(t, p.IsZero())
	}
	all := []string{"0%", "8.333333333333333333%", "25/3%", "50/3%", "-50/3%", "5%"}
	for i, a := range all {
		for j, b := range all {
			assert.Equal(t, i == j, read(a).Equal(read(b)), "%s and %s", a, b)
		}
	}
	long := "1" + strings.Repeat("0", maxPercentLength-4)
	assert.Equal(t, long+"1/3%", read(long+"1/3%").String(), "the longest")
	var p Percent
	assert.Error(t, p.UnmarshalText([]byte(long+"01/3%")))
}

func TestPercent(t *testing.T) {
	for text, want := range map[string]string{
		"0%": "0%", "5%": "5%", "5.0%": "5%", "99.950%": "99.95%", "-0.5%": "-0.5%", "150%": "150%",
	} {
		var p Percent
		require.NoError(t, p.UnmarshalText([]byte(text)))
		assert.Equal(t, want, p.String())
		assert.Equal(t, `"`+want+`"`, write(t, p))
		assert.Equal(t, text == "0%", p.IsZero())
		var again Percent
		require.NoError(t, again.UnmarshalText([]byte(want)))
		assert.True(t, p.Equal(again))
		assert.True(t, p.Points().Equal(decimal.RequireFromString(strings.TrimSuffix(text, "%"))))
	}
	p := percentOf(7 * percentUnits)
	for _, text := range []string{"", "%", "5", "5 %", "5%%", "1e9%", "NaN%", "+5%", "05%", strings.Repeat("9", 1000) + "%"} {
		require.Error(t, p.UnmarshalText([]byte(text)), text)
		assert.Equal(t, "7%", p.String())
	}
	assert.EqualError(t, p.UnmarshalText([]byte("5")), `sla: "5" is not a percentage such as 99.95%`)
	assert.False(t, p.Equal(Percent{}))
	assert.Equal(t, "0%", fmt.Sprint(Percent{}))
}

// Where less than a nanosecond decides, an outcome is read as it was decided;
// where a whole one does, it is proved.
func TestOutcomeJustAtTheBoundIsRead(t *testing.T) {
	partial := func(start string, served int64) outage.Outage { // of a nanosecond
		return outage.Outage{ID: start, Resource: "vm", Start: at(start), End: at(start).Add(1), ServedPercent: decimal.New(served, 0)}
	}
	c := Commitment{Promise: "at most 1h", Downtime: Downtime{Weighted: true}}
	read := func(f Finding, old, new string) error {
		var v Verdict
		return json.Unmarshal(tamper(t, write(t, Verdict{Agreement: "x", Resource: "vm", Period: may2014, Findings: []Finding{f}}), `"promise":"at most 1h","outcome":"`+old, `"promise":"at most 1h","outcome":"`+new), &v)
	}
	readAs := func(f Finding, old, new string) error { // with the outcome of the verdict as well
		var v Verdict
		doc := write(t, Verdict{Agreement: "x", Resource: "vm", Period: may2014, Findings: []Finding{f}})
		require.Equal(t, 2, strings.Count(doc, `"outcome":"`+old+`"`))
		return json.Unmarshal([]byte(strings.ReplaceAll(doc, `"outcome":"`+old+`"`, `"outcome":"`+new+`"`)), &v)
	}
	whole := dark("whole", "2014-05-10T00:00:00Z", hour)

	f := find(t, c, records(t, whole, partial("2014-05-11T00:00:00Z", 50)), may2014)
	require.Equal(t, []any{Missed, f.Allowed}, []any{f.Outcome, f.Measurement.Down}, "half a nanosecond over")
	assert.NoError(t, read(f, "missed", "missed"))

	// The same by what is unknown.
	most := recordsAsOf(t, "2014-05-31T23:30:00Z", dark("half", "2014-05-10T00:00:00Z", hour/2), partial("2014-05-11T00:00:00Z", 50))
	f = find(t, c, most, may2014)
	require.Equal(t, []any{Undecided, f.Allowed}, []any{f.Outcome, f.Measurement.DownAtMost}, "half a nanosecond over at most")
	require.NotEqual(t, f.Allowed, f.Measurement.Down)
	assert.NoError(t, read(f, "undecided", "undecided"))

	// Just at the bound nothing less than a nanosecond decides.
	f = find(t, c, records(t, whole), may2014)
	require.Equal(t, []any{Met, f.Allowed}, []any{f.Outcome, f.Measurement.Down})
	for _, wrong := range []string{"missed", "undecided", "none"} {
		assert.ErrorContains(t, readAs(f, "met", wrong), "but the downtime says met", wrong)
	}
	f = find(t, c, recordsAsOf(t, "2014-05-31T23:00:00Z", planned("m", "2014-05-10T00:00:00Z", hour, hour)), may2014)
	require.Equal(t, []any{Met, f.Allowed}, []any{f.Outcome, f.Measurement.DownAtMost})
	assert.ErrorContains(t, readAs(f, "met", "undecided"), "but the downtime says met")

	// Nor does it away from it.
	for _, away := range []time.Duration{hour - 1, hour + 1} {
		f = find(t, c, records(t, dark("whole", "2014-05-10T00:00:00Z", away), partial("2014-05-11T00:00:00Z", 50)), may2014)
		right, wrong := "met", "missed"
		if f.Outcome == Missed {
			right, wrong = wrong, right
		}
		assert.NoError(t, read(f, right, right))
		assert.ErrorContains(t, readAs(f, right, wrong), "but the downtime says "+right)
	}
}
