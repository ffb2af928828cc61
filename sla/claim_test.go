package sla

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/internal/term"
	"github.com/slacredit/slacredit/sla/calendar"
)

// claiming returns the terms of an agreement with claims.
func claiming(c Claims) *Terms {
	return Must(Agreement{Name: "x", Claims: c, Commitments: []Commitment{
		{Name: "asked", Promise: "at least 99.9%"},
		{Name: "unasked", Promise: "at least 99%", Automatic: !c.none()},
	}}.Compile())
}

func TestStandings(t *testing.T) {
	twoSteps := Claims{Notice: "5bd after outage", NotBefore: "0d after period", By: "1cycle after outage"}
	lateReport := Claims{Notice: "5bd after outage", By: "48h after outage"}
	marks := func(texts ...string) calendar.Marks {
		m := calendar.Marks{"outage": at("2026-01-15T12:00:00Z"), "period": at("2026-02-01T00:00:00Z")}
		for i := 0; i < len(texts); i += 2 {
			m[texts[i]] = at(texts[i+1])
		}
		return m
	}
	for _, tt := range []struct {
		claims Claims
		marks  calendar.Marks
		now    string
		want   string
	}{
		{Claims{}, nil, "2026-01-20T00:00:00Z", "not needed"},
		{Claims{Requires: []string{"log files"}}, nil, "2026-01-20T00:00:00Z", "open"},
		{Claims{By: "during outage"}, marks(), "2026-01-15T11:00:00Z", "open: claim before 2026-01-15T12:00:00Z"},
		{Claims{By: "during outage"}, marks(), "2026-01-15T12:00:00Z", "late: a claim was due before 2026-01-15T12:00:00Z"},
		{twoSteps, marks(), "2026-01-20T00:00:00Z", "not yet: opens 2026-02-01T00:00:00Z, report before 2026-01-23T00:00:00Z, claim before 2026-03-01T00:00:00Z"},
		{twoSteps, marks("reported", "2026-01-19T00:00:00Z"), "2026-01-20T00:00:00Z", "not yet: opens 2026-02-01T00:00:00Z, claim before 2026-03-01T00:00:00Z"},
		{twoSteps, marks("reported", "2026-01-21T00:00:00Z"), "2026-01-20T00:00:00Z", "not yet: opens 2026-02-01T00:00:00Z, report before 2026-01-23T00:00:00Z, claim before 2026-03-01T00:00:00Z"},
		{twoSteps, marks(), "2026-01-23T00:00:00Z", "late: a report was due before 2026-01-23T00:00:00Z"},
		{twoSteps, marks("reported", "2026-01-23T00:00:00Z"), "2026-02-20T00:00:00Z", "late: a report was due before 2026-01-23T00:00:00Z"},
		{twoSteps, marks("reported", "2026-01-22T23:59:59Z"), "2026-02-01T00:00:00Z", "open: claim before 2026-03-01T00:00:00Z"},
		{twoSteps, marks("reported", "2026-01-22T23:59:59Z", "claim", "2026-02-28T23:59:59Z"), "2026-02-28T23:59:59Z", "claimed in time"},
		{twoSteps, marks("reported", "2026-01-22T23:59:59Z", "claim", "2026-03-01T00:00:00Z"), "2026-03-01T00:00:00Z", "late: a claim was due before 2026-03-01T00:00:00Z"},
		{twoSteps, marks("claim", "2026-01-16T00:00:00Z"), "2026-02-01T00:00:00Z", "open: claim before 2026-03-01T00:00:00Z"}, // too early, and yet a report
		{lateReport, marks(), "2026-01-18T00:00:00Z", "late: a claim was due before 2026-01-17T12:00:00Z"},                    // and the report is not due yet
		{lateReport, marks("claim", "2026-01-18T00:00:00Z"), "2026-01-25T00:00:00Z", "late: a claim was due before 2026-01-17T12:00:00Z"},
		{lateReport, marks(), "2026-01-25T00:00:00Z", "late: a claim was due before 2026-01-17T12:00:00Z"},
		{lateReport, marks("reported", "2026-01-16T00:00:00Z"), "2026-01-25T00:00:00Z", "late: a claim was due before 2026-01-17T12:00:00Z"},
	} {
		s, err := claiming(tt.claims).Standing("asked", tt.marks, calendar.Workdays{Zone: time.UTC, Cycle: monthly(time.UTC)}, at(tt.now))
		require.NoError(t, err)
		assert.Equal(t, tt.want, s.String())
		var again Standing
		require.NoError(t, json.Unmarshal([]byte(write(t, s)), &again))
		assert.Equal(t, s, again)
	}
	s, err := claiming(twoSteps).Standing("unasked", nil, calendar.Workdays{}, at("2026-01-20T00:00:00Z"))
	require.NoError(t, err)
	assert.Equal(t, Standing{}, s)
}

// TestStandingsByRule compares all small worlds with the rules, each said on
// its own.
func TestStandingsByRule(t *testing.T) {
	start := at("2026-01-01T00:00:00Z")
	hour := func(n int) time.Time { // 0: never
		if n == 0 {
			return time.Time{}
		}
		return start.Add(time.Duration(n) * time.Hour)
	}
	deadline := func(n int) calendar.Deadline {
		if n == 0 {
			return ""
		}
		return calendar.Deadline(fmt.Sprintf("%dh after start", n))
	}
	const most = 4
	for world := range (most + 1) * (most + 1) * (most + 1) * (most + 1) * (most + 1) * most {
		next := func(n int) int { v := world % n; world /= n; return v }
		opens, notice, by, reported, claim, now := next(most+1), next(most+1), next(most+1), next(most+1), next(most+1), 1+next(most)
		terms := claiming(Claims{Notice: deadline(notice), NotBefore: deadline(opens), By: deadline(by), Requires: []string{"x"}})
		s, err := terms.Standing("asked", calendar.Marks{"start": start, "reported": hour(reported), "claim": hour(claim)}, calendar.Workdays{Zone: time.UTC}, hour(now))
		require.NoError(t, err)

		within := func(n, until int) bool { return n > 0 && n <= now && (until == 0 || n < until) }
		isReported := within(reported, notice) || within(claim, notice)
		isClaimed := within(claim, by) && claim >= opens
		canReport := isReported || notice == 0 || now < notice
		canClaim := isClaimed || (by == 0 || now < by) && (claim < max(opens, 1) || claim > now)
		want := Late
		switch {
		case !canReport || !canClaim:
		case isClaimed && isReported:
			want = Claimed
		case now < opens:
			want = NotYet
		default:
			want = Open
		}
		assert.Equal(t, want, s.Stage, "opens %d, notice %d, by %d, reported %d, claim %d, now %d", opens, notice, by, reported, claim, now)
		assert.Equal(t, []time.Time{hour(opens), hour(notice), hour(by)}, []time.Time{s.Opens, s.NoticeBy, s.By})
		if _, due, explained := strings.Cut(s.String(), " was due before "); explained || want == Late {
			assert.Equal(t, Late, want)
			assert.False(t, at(due).After(hour(now)), "what was due by now explains what is late: %v at %v", s, hour(now))
		}
	}
}

func TestStandingFaults(t *testing.T) {
	terms := claiming(Claims{Notice: "1d after reported", NotBefore: "0d after period", By: "30d after period"})
	now := at("2026-01-20T00:00:00Z")
	for _, tt := range []struct {
		name string
		c    calendar.Workdays
		now  time.Time
		want string
	}{
		{"other", calendar.Workdays{Zone: time.UTC}, now, `no commitment is named "other"`},
		{"asked", calendar.Workdays{Zone: time.UTC}, time.Time{}, "now is the zero time"},
		{"asked", calendar.Workdays{}, now, `claims.notBefore: zone: a zone is missing; name one, such as UTC or Europe/Berlin` +
			"\n" + `claims.notice: no instant is given for the mark "reported"` +
			"\n" + `claims.by: zone: a zone is missing; name one, such as UTC or Europe/Berlin`},
	} {
		_, err := terms.Standing(tt.name, calendar.Marks{"period": now}, tt.c, tt.now)
		assert.EqualError(t, err, `sla: standing of a claim under "x": `+tt.want)
	}
}

func TestClaimFaults(t *testing.T) {
	_, err := Agreement{
		Name: "x",
		Commitments: []Commitment{
			{Name: "a", Promise: "at least 99%"},
			{Name: "b", Promise: "at least 99%"},
		},
		Claims:  Claims{Notice: "5 after outage", NotBefore: "soon", By: "30d after ", Requires: []string{"", "logs", "logs", "a\nb"}},
		Payment: Payment{Forms: []string{"refund", "refund"}, By: "1y after claim", Expires: "end"},
	}.Compile()
	const form = ` is not a deadline such as "30d after period", "during outage" or "end of contract"`
	assert.EqualError(t, err, `sla: agreement "x": claims.notice: "5" is not a whole number up to 36600 with one of the units h, d, bd, mo, cycles`+
		"\n"+`claims.notBefore: "soon"`+form+
		"\n"+`claims.by: "30d after " has no mark`+
		"\n"+`claims.requires[0]: empty`+
		"\n"+`claims.requires[2]: "logs" comes twice`+
		"\n"+`claims.requires[3]: "a\nb" has a control character`+
		"\n"+`payment.forms[1]: "refund" comes twice`+
		"\n"+`payment.by: "1y" is not a whole number up to 36600 with one of the units h, d, bd, mo, cycles`+
		"\n"+`payment.expires: "end"`+form)

	_, err = single(Commitment{Automatic: true}).Compile()
	assert.EqualError(t, err, `sla: agreement "x": commitments[0].automatic: says nothing; no credit of the agreement has to be claimed`)
	a := single(Commitment{Automatic: true})
	a.Claims.By = "30d after period"
	_, err = a.Compile()
	assert.EqualError(t, err, `sla: agreement "x": claims: say nothing; no commitment has a credit that has to be claimed`)
}

func TestClaimEnglish(t *testing.T) {
	const promised = "Promised for each billing period: availability of at least 99.95%. No credit is agreed. "
	for _, tt := range []struct {
		c    Claims
		p    Payment
		want string
	}{
		{
			Claims{By: "2cycles after outage", Requires: []string{"request logs", "resource IDs"}},
			Payment{By: "1cycle after claim"},
			"A credit must be claimed by the end of the 2nd billing cycle after the one that contains the end of the outage. The claim must contain: request logs, resource IDs. " +
				"The provider must give the credit by the end of the billing cycle after the one that contains the claim.",
		},
		{
			Claims{Notice: "3bd after ticket closed", NotBefore: "0d after period", By: "30d after period"},
			Payment{Forms: []string{"refund", "credit"}, By: "60d after claim", Expires: "end of contract"},
			"The incident must be reported within 3 business days after the mark ticket closed. A claim can be made only once the day of the end of the period is over. " +
				"A credit must be claimed within 30 days after the end of the period. " +
				"Form of payment: refund or credit. The provider must give the credit within 60 days after the claim. The credit can be used before the contract ends. Required input: the deadline mark ticket closed.",
		},
		{
			Claims{NotBefore: "1bd after start of outage", By: "0cycles after outage"},
			Payment{Expires: "12mo after contract"},
			"A claim can be made only once 1 business day has passed since the start of the outage. " +
				"A credit must be claimed by the end of the billing cycle that contains the end of the outage. The credit can be used within 12 months after the end of the contract.",
		},
		{Claims{NotBefore: "5bd after period"}, Payment{}, "A claim can be made only once 5 business days have passed since the end of the period. A credit must be claimed."},
		{Claims{NotBefore: "during outage", By: "during outage"}, Payment{}, "A claim can be made only once the outage has ended. A credit must be claimed during the outage."},
		{Claims{NotBefore: "end of contract", By: "24h after reported"}, Payment{}, "A claim can be made only once the contract has ended. A credit must be claimed within 24 hours after the report."},
	} {
		a := single(Commitment{})
		a.Claims, a.Payment = tt.c, tt.p
		assert.Equal(t, promised+tt.want, Must(a.Compile()).English())
	}
	a := claiming(Claims{By: "30d after period"}).English()
	assert.Contains(t, a, "[unasked] Promised for each billing period: availability of at least 99%. No credit is agreed. The credit is owed without a claim. A credit must")
	for n, want := range map[int]string{2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 101: "101st", 111: "111th", 1000: "1000th"} {
		assert.Equal(t, want, term.Ordinal(n))
	}
}

// Every field of an agreement survives being written and read, whatever is in
// it, and a copy of its terms shares nothing with them.
func TestEveryFieldSurvives(t *testing.T) {
	var a, again Agreement
	n := 0
	fill(reflect.ValueOf(&a).Elem(), &n)
	require.NoError(t, json.Unmarshal([]byte(write(t, a)), &again))
	assert.Equal(t, a, again)

	copied := a.Clone()
	assert.Equal(t, a, copied)
	var clear func(reflect.Value)
	clear = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				clear(v.Field(i))
			}
		case reflect.Slice:
			for i := range v.Len() {
				clear(v.Index(i))
				v.Index(i).SetZero()
			}
		case reflect.Map:
			for _, key := range v.MapKeys() {
				clear(v.MapIndex(key))
				v.SetMapIndex(key, reflect.Value{})
			}
		}
	}
	clear(reflect.ValueOf(&copied).Elem())
	assert.Equal(t, again, a)
}
