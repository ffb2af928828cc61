package sla

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
)

// For which time charges count, judged over May.
func TestFeeWindow(t *testing.T) {
	may := Must(Month(2026, time.May, time.UTC))
	at := time.Date(2026, time.May, 27, 20, 13, 0, 0, time.UTC)
	broken := outage.MustWindow(at, at.Add(time.Hour))
	for _, tt := range []struct {
		window FeeWindow
		cycles int
		want   string
	}{
		{"", 0, "2026-05-01T00:00:00Z/2026-06-01T00:00:00Z"},
		{"1cycle before", -1, ""},
		{"1cycle after", 1, ""},
		{"30d trailing", 0, "2026-05-02T00:00:00Z/2026-06-01T00:00:00Z"},
		{"30d before outage", 0, "2026-04-27T20:13:00Z/2026-05-27T20:13:00Z"},
		{"3660d trailing", 0, "2016-05-24T00:00:00Z/2026-06-01T00:00:00Z"},
	} {
		cycles, window, err := tt.window.Over(may, broken)
		require.NoError(t, err)
		assert.Equal(t, tt.cycles, cycles, tt.window)
		assert.Equal(t, tt.want, window.String(), tt.window)
	}
	_, _, err := FeeWindow("a week before").Over(may, broken)
	assert.EqualError(t, err, `sla: window of a fee: "a week before" is not measured, billed, 1cycle before, 1cycle after, or up to 3660 days such as 30d trailing or 30d before outage`)
	_, _, err = FeeWindow("3660d trailing").Over(Must(Month(1905, time.May, time.UTC)), broken)
	assert.EqualError(t, err, "sla: window of a fee: outage: window start: 1895-05-24T00:00:00Z is outside the years 1900 to 2191")
}

// A finding has the labels that all share which were measured as one, whatever
// else has their name.
func TestFindingLabels(t *testing.T) {
	a := Agreement{Name: "x", Commitments: []Commitment{
		{Name: "one by one", Promise: "exactly 100%"},
		{Name: "region", Promise: "exactly 100%", Scope: Scope{Levels: []Level{{By: "region"}}}, Base: Base{By: []string{"account"}}},
	}}
	terms := Must(a.Compile())
	resources := []Resource{
		labelled("a", "region=x", "account=7", "zone=1"),
		labelled("b", "region=x", "account=7", "zone=2", "os=bsd"),
		labelled("c", "region=y", "account=8"),
		labelled("x", "region=y", "account=8"), // has the name of a group
	}
	verdicts, err := terms.JudgeAll(resources, may2014)
	require.NoError(t, err)
	labels := map[string]map[string]string{}
	for _, v := range verdicts {
		for _, f := range v.Findings {
			labels[v.Resource+", "+f.Commitment] = f.Labels
		}
		var again Verdict
		require.NoError(t, again.UnmarshalJSON(Must(v.MarshalJSON())))
		assert.Equal(t, v, again)
	}
	assert.Equal(t, map[string]map[string]string{
		"a, one by one": {"region": "x", "account": "7", "zone": "1"},
		"b, one by one": {"region": "x", "account": "7", "zone": "2", "os": "bsd"},
		"c, one by one": {"region": "y", "account": "8"},
		"x, one by one": {"region": "y", "account": "8"},
		"x, region":     {"region": "x", "account": "7"},
		"y, region":     {"region": "y", "account": "8"},
	}, labels)
	assert.Len(t, resources[0].Labels, 3, "the caller's labels are his")

	_, err = terms.Judge(resources[0].Timeline, may2014)
	assert.ErrorIs(t, err, ErrScope)
	_, err = Must(Agreement{Name: "x", Commitments: []Commitment{{Promise: "exactly 100%", Base: Base{By: []string{"account"}}}}}.Compile()).Judge(resources[0].Timeline, may2014)
	assert.ErrorIs(t, err, ErrScope, "a fee by labels needs them")
}

// labelled returns a resource of which nothing is recorded, with labels as in
// "region=x".
func labelled(name string, labels ...string) Resource {
	r := Resource{Timeline: Must(outage.NewTimeline(outage.Options{Resources: []string{name}})), Labels: map[string]string{}}
	for _, l := range labels {
		key, value, _ := strings.Cut(l, "=")
		r.Labels[key] = value
	}
	return r
}

// Stretches are cut to where windows may lie, and those beyond are empty: a slot
// may reach there, and what comes after it lies there.
func TestBetween(t *testing.T) {
	assert.Equal(t, latest-earliest, int64(between(earliest-7, latest+7).Length()))
	for _, beyond := range [][2]int64{{latest + 1, latest + 2}, {earliest - 2, earliest - 1}, {latest + 2, latest + 1}, {latest, latest + 1}} {
		assert.True(t, between(beyond[0], beyond[1]).IsEmpty(), beyond)
	}
}
