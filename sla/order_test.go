package sla

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A finding on a group names its members, sorted, and one on a resource alone
// names none. What is written says both.
func TestAFindingOnAGroupNamesItsMembers(t *testing.T) {
	p := calendar.Month(2026, time.June, time.UTC)
	terms := Must(Agreement{Name: "a", Claims: Claims{By: "30d after period"}, Commitments: []Commitment{
		{Name: "region", Scope: Scope{Levels: []Level{{By: "zone"}, {By: "region"}}}, Promise: "exactly 100%", Automatic: true},
		{Name: "pool", Scope: Scope{Levels: []Level{{By: "region", Pooled: true}}}, Promise: "exactly 100%"},
		{Name: "zone", Scope: Scope{Only: map[string][]string{"zone": {"2"}}, Levels: []Level{{By: "zone"}}}, Promise: "exactly 100%"},
		{Name: "each", Promise: "exactly 100%"},
	}}.Compile())
	var resources []outage.Timeline
	for i, name := range []string{"k", "i", "j"} {
		timeline := Must(outage.Options{Resources: []string{name}}.Timeline())
		resources = append(resources, timeline.WithLabels(map[string]string{"region": "x", "zone": fmt.Sprint(i%2 + 1)}))
	}
	verdicts := Must(terms.JudgeAll(resources, p))
	members := map[string][]string{}
	for _, v := range verdicts {
		for _, f := range v.Findings {
			members[v.Resource+" "+f.Commitment] = f.Members
			assert.Equal(t, f.Commitment == "region", f.Automatic)
		}
		var read Verdict
		require.NoError(t, json.Unmarshal(Must(json.Marshal(v)), &read))
		assert.Equal(t, v, read)
	}
	assert.Equal(t, map[string][]string{
		"x region": {"i", "j", "k"}, "x pool": {"i", "j", "k"}, "2 zone": {"i"}, "i each": nil, "j each": nil, "k each": nil,
	}, members)
}

// Commitments of which no resource can fall under two are no group.
func TestCommitmentsThatNeverMeetAreNoGroup(t *testing.T) {
	of := func(name string, only map[string][]string) Commitment {
		return Commitment{Name: name, Promise: "exactly 100%", Scope: Scope{Only: only}, OneOf: []string{"g"}}
	}
	one := of("one", map[string][]string{"class": {"a", "b"}, "region": {"x"}})
	for name, tt := range map[string]struct {
		others []Commitment
		want   []string // whose are the faults
	}{
		"another value of a label": {[]Commitment{of("two", map[string][]string{"class": {"c"}})}, []string{"0", "1"}},
		"of one label of two":      {[]Commitment{of("two", map[string][]string{"class": {"b"}, "region": {"y"}})}, []string{"0", "1"}},
		"a value in common":        {[]Commitment{of("two", map[string][]string{"class": {"c", "b"}})}, nil},
		"other labels":             {[]Commitment{of("two", map[string][]string{"zone": {"1"}})}, nil},
		"all resources":            {[]Commitment{of("two", nil)}, nil},
		"one of three is apart":    {[]Commitment{of("two", map[string][]string{"class": {"a"}}), of("three", map[string][]string{"class": {"c"}})}, []string{"2"}},
	} {
		_, err := Agreement{Name: "a", Commitments: append([]Commitment{one}, tt.others...)}.Compile()
		if len(tt.want) == 0 {
			assert.NoError(t, err, name)
			continue
		}
		for _, i := range tt.want {
			assert.ErrorContains(t, err, "commitments["+i+`].oneOf[0]: says nothing; no resource is covered by this commitment and by another one of "g"`, name)
		}
	}
}

// The order of the resources and of their records changes nothing that is
// written, pools of members with different lives included.
func TestLawOrderOfResourcesAndRecordsChangesNothing(t *testing.T) {
	p := calendar.Month(2026, time.June, time.UTC)
	start := p.Window().Start()
	terms := Must(Agreement{Name: "a", Commitments: []Commitment{
		{Name: "pool", Scope: Scope{Levels: []Level{{By: "region", Pooled: true}}}, Promise: "at least 99.9%", Credits: []Tier{{Give: "10%"}}},
		{Name: "zone", Scope: Scope{Levels: []Level{{By: "zone", Down: "at least 50%"}, {By: "region", Down: "over 1"}}}, Promise: "exactly 100%", Credits: []Tier{{Give: "5%"}}},
		{Name: "slots", Scope: Scope{Levels: []Level{{By: "region"}}}, Downtime: Downtime{Slot: "1h", Weighted: true}, Promise: "at least 99%"},
		{Name: "each", Downtime: Downtime{Lasting: "over 30m"}, Exclusions: []Exclusion{{Causes: []string{"x"}, Allowance: "2h"}}, Promise: "at most 1h"},
	}}.Compile())
	rapid.Check(t, func(t *rapid.T) {
		names := []string{"i", "j", "k", "l"}[:rapid.IntRange(1, 4).Draw(t, "resources")]
		records := make([][]outage.Record, len(names))
		labels := make([]map[string]string, len(names))
		at := func(name string) time.Time {
			return start.Add(time.Duration(rapid.IntRange(-48, 760).Draw(t, name)) * time.Hour)
		}
		for i, name := range names {
			labels[i] = map[string]string{"region": "x", "zone": rapid.SampledFrom([]string{"1", "2"}).Draw(t, "zone")}
			if rapid.Bool().Draw(t, "lives") {
				from := at("born")
				records[i] = append(records[i], outage.Lifetime{ID: "life-" + name, Resource: name, Start: from, End: from.Add(time.Duration(rapid.IntRange(1, 500).Draw(t, "life")) * time.Hour)})
			}
			for n := range rapid.IntRange(0, 3).Draw(t, "outages") {
				from := at("start")
				records[i] = append(records[i], outage.Outage{
					ID: fmt.Sprint(name, n), Resource: name, Start: from, End: from.Add(time.Duration(rapid.IntRange(1, 300).Draw(t, "minutes")) * time.Minute),
					Cause: rapid.SampledFrom([]string{"", "x"}).Draw(t, "cause"),
				})
			}
		}
		write := func(order []int, shuffled bool) string {
			var resources []outage.Timeline
			for _, i := range order {
				mine := records[i]
				if shuffled {
					mine = rapid.Permutation(mine).Draw(t, "records")
				}
				timeline, err := outage.Options{Resources: []string{names[i]}}.Timeline(mine...)
				if err != nil {
					t.Fatal(err)
				}
				resources = append(resources, timeline.WithLabels(labels[i]))
			}
			verdicts, err := terms.JudgeAll(resources, p)
			if err != nil {
				return err.Error()
			}
			return string(Must(json.Marshal(verdicts)))
		}
		order := make([]int, len(names))
		for i := range order {
			order[i] = i
		}
		want := write(order, false)
		if got := write(rapid.Permutation(order).Draw(t, "order"), true); got != want {
			t.Fatalf("%s\nis not\n%s", got, want)
		}
	})
}

// Where the availability is rounded before it is compared, what is left until the
// next row is the most with which the rounded one does not reach it.
func TestTheNextRowIsThatOfTheRoundedAvailability(t *testing.T) {
	p := calendar.Month(2026, time.June, time.UTC)
	for _, round := range []Step{"", "nearest 0.1%", "full 0.1%", "started 0.1%", "full 1%"} {
		terms := Must(Agreement{Name: "a", Commitments: []Commitment{{
			Calculation: Calculation{Round: round}, Promise: "at least 99.9%",
			Credits: []Tier{{When: "below 99.9%", Give: "10%"}, {When: "below 99.0%", Give: "25%"}, {When: "at most 97.5%", Give: "50%"}},
		}}}.Compile())
		down := func(d time.Duration) Finding {
			var records []outage.Record
			if d > 0 {
				records = append(records, outage.Outage{ID: "o", Resource: "web", Start: p.Window().Start(), End: p.Window().Start().Add(d)})
			}
			return Must(terms.Judge(Must(outage.Options{Resources: []string{"web"}}.Timeline(records...)), p)).Findings[0]
		}
		for _, d := range []time.Duration{0, time.Minute, time.Hour, 8 * time.Hour, 10 * time.Hour} {
			f := down(d)
			require.NotEmpty(t, f.Next.Clause, "%s %v", round, d)
			assert.Equal(t, f.Entitlement.Clause, down(d+f.Next.Margin).Entitlement.Clause, "%s %v", round, d)
			assert.Equal(t, f.Next.Clause, down(d+f.Next.Margin+1).Entitlement.Clause, "%s %v", round, d)
		}
	}
	f := Must(Must(Agreement{Name: "a", Commitments: []Commitment{{
		Calculation: Calculation{Round: "nearest 0.1%"}, Promise: "at least 99.9%", Credits: []Tier{{When: "below 99.9%", Give: "10%"}},
	}}}.Compile()).Judge(Must(outage.Options{Resources: []string{"web"}}.Timeline()), p)).Findings[0]
	assert.Equal(t, "1h4m48s", f.Next.Margin.String(), "99.85% is 99.9% when it is rounded")
}

// A claim that is withheld would have taken the place of what is automatic.
func TestAGroupIsAutomaticAsAWholeWhereClaimsCanBeWithheld(t *testing.T) {
	a := Agreement{Name: "x", Claims: Claims{By: "60d after period"}, Commitments: []Commitment{
		{Name: "a", Promise: "exactly 100%", Credits: rows("", "5%"), Automatic: true, OneOf: []string{"g"}},
		{Name: "b", Promise: "at least 99%", Credits: rows("", "8%"), OneOf: []string{"g"}},
	}}
	_, err := a.Compile()
	require.NoError(t, err)
	a.Above = "10USD"
	_, err = a.Compile()
	require.ErrorContains(t, err, `commitments[0].oneOf[0]: "g" has what is automatic beside what has to be claimed`)
	a.Commitments[0].Automatic = false
	_, err = a.Compile()
	require.NoError(t, err)
}
