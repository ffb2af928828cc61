package issue

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// In June, 43m12s is exactly 0.1 %, and 7h12m is exactly 1 %. Each row states the
// changes of at most 2 s that decide.
func TestNarrow(t *testing.T) {
	table := sla.Commitment{Promise: "at least 99.9%", Credits: []sla.Tier{{When: "below 99.9%", Give: "10%"}, {When: "below 99%", Give: "25%"}}}
	const promise, row0, row1 = "/commitments/0", "/commitments/0/credits/0", "/commitments/0/credits/1"
	allowed, more := 43*time.Minute+12*time.Second, 7*time.Hour+12*time.Minute
	for _, tt := range []struct {
		down    time.Duration
		changes map[string]time.Duration
		seconds []int64
	}{
		{time.Minute, nil, nil},
		{allowed - 2*time.Second, nil, nil}, // 2 s and a nanosecond
		{allowed - 2*time.Second + 1, map[string]time.Duration{promise: 2 * time.Second, row0: 2 * time.Second}, []int64{2, 2}},
		{allowed, map[string]time.Duration{promise: 1, row0: 1}, []int64{1, 1}},
		{allowed + 1, map[string]time.Duration{promise: -1}, []int64{1}},
		{allowed + 2*time.Second, map[string]time.Duration{promise: -2 * time.Second}, []int64{2}},
		{allowed + 2*time.Second + 1, nil, nil},
		{more - time.Second, map[string]time.Duration{row1: time.Second + 1}, []int64{2}},
		{more + 1, nil, nil}, // the change that would leave the row is not known
	} {
		v := judge(t, plain("a", table), "web", tt.down)
		s := state(t, []credit.Charge{charge("web", "USD 100.00")}, v)
		r, err := NewReview(s, 0, ReviewOptions{Narrow: 2 * time.Second})
		require.NoError(t, err)
		got := map[string]time.Duration{}
		var seconds []int64
		for _, n := range r.Narrow {
			got[n.Clause] = n.Change
			seconds = append(seconds, n.Seconds())
			// The change decides, and a nanosecond less of it does not.
			for change, decides := range map[time.Duration]bool{n.Change: true, n.Change - sign(n.Change): false} {
				moved := judge(t, plain("a", table), "web", tt.down+change).Findings[0]
				same := moved.Outcome == v.Findings[0].Outcome && moved.Entitlement.Clause == v.Findings[0].Entitlement.Clause
				assert.Equal(t, decides, !same, "%v, and %v", tt.down, change)
			}
		}
		assert.Len(t, r.Narrow, len(tt.changes), "%v", tt.down)
		for clause, change := range tt.changes {
			assert.Equal(t, change, got[clause], "%v: %s", tt.down, clause)
		}
		assert.Equal(t, tt.seconds, seconds, "%v", tt.down)
		r, err = NewReview(s, 0, ReviewOptions{})
		require.NoError(t, err)
		assert.Empty(t, r.Narrow, "nothing is near")
	}
}

func sign(d time.Duration) time.Duration {
	if d < 0 {
		return -1
	}
	return 1
}

// Where outages are counted, one of them is little.
func TestNarrowOutages(t *testing.T) {
	counting := sla.Commitment{Promise: "at most 2 outages", Credits: []sla.Tier{{When: "over 2 outages", Give: "10%"}, {When: "over 4 outages", Give: "20%"}}}
	for n, want := range []string{
		"",
		"",
		"web: outages more by 1 reach or break /commitments/0; web: outages more by 1 reach or break /commitments/0/credits/0",
		"web: outages fewer by 1 keep /commitments/0",
		"web: outages more by 1 reach or break /commitments/0/credits/1",
		"",
	} {
		var records []outage.Record
		for i := range n {
			start := june.Window().Start().Add(time.Duration(i) * time.Hour)
			records = append(records, outage.Outage{ID: string(rune('a' + i)), Resource: "web", Start: start, End: start.Add(time.Minute)})
		}
		timelines, err := outage.Options{Resources: []string{"web"}}.Timelines(records...)
		require.NoError(t, err)
		v, err := sla.Must(plain("a", counting).Compile()).Judge(timelines[0], june)
		require.NoError(t, err)
		r, err := NewReview(state(t, []credit.Charge{charge("web", "USD 100.00")}, v), 0, ReviewOptions{Narrow: time.Second})
		require.NoError(t, err)
		var texts []string
		for _, near := range r.Narrow {
			texts = append(texts, near.String())
		}
		assert.Equal(t, want, strings.Join(texts, "; "), n)
	}
}

func TestReviewFlags(t *testing.T) {
	a := plain("a", flat("100%", "50%"), "40%")
	a.Note = "unverified: a guess"
	s := state(t, []credit.Charge{charge("web", "USD 99.99")}, judge(t, a, "web", time.Hour))
	r, err := NewReview(s, 0, ReviewOptions{Standing: sla.Standing{Stage: sla.Late}})
	require.NoError(t, err)
	assert.Equal(t, a.Note, r.Note)
	assert.Equal(t, sla.Late, r.Standing.Stage)
	assert.Equal(t, s.Total, r.Amount)
	require.Len(t, r.Binding, 2)
	assert.Equal(t, "web", r.Binding[0].Resource)
	assert.Equal(t, credit.MustMoney("USD 49.99"), r.Binding[0].Limit.Amount)
	assert.Equal(t, Binding{Limit: s.Credits[0].Limits[0]}, r.Binding[1])
	assert.Empty(t, r.Provisional)

	small := plain("a", flat("1%"))
	small.Above = "1USD"
	s = state(t, []credit.Charge{charge("web", "USD 99.99")}, judge(t, small, "web", time.Hour))
	s.Provisional = []string{"because"}
	r, err = NewReview(s, 0, ReviewOptions{Narrow: time.Hour})
	require.NoError(t, err)
	assert.Equal(t, credit.MustMoney("USD 1.00"), r.Withheld)
	assert.Equal(t, s.Provisional, r.Provisional)
	assert.Empty(t, r.Binding)
	require.Len(t, r.Narrow, 1)
	assert.Equal(t, "web: 16m48s less downtime keeps /commitments/0", r.Narrow[0].String())

	s.Credits[0].Parts[0].Finding.Measurement.Due = 0
	r, err = NewReview(s, 0, ReviewOptions{Narrow: time.Hour})
	require.NoError(t, err)
	assert.Empty(t, r.Narrow, "where nothing was due, nothing decides")

	_, err = NewReview(s, 1, ReviewOptions{})
	require.Error(t, err)
}

// Of several outages it says on which one a commitment was.
func TestReviewOfOutages(t *testing.T) {
	s := state(t, []credit.Charge{charge("web", "USD 99.99")}, judge(t, plain("a", flat("100%", "50%")), "web", 44*time.Minute))
	f := &s.Credits[0].Parts[0].Finding
	f.Measurement.Period = sla.Must(calendar.NewPeriod(calendar.Date{Year: 2026, Month: 6, Day: 1}, calendar.Date{Year: 2026, Month: 6, Day: 2}, time.UTC))
	r, err := NewReview(s, 0, ReviewOptions{Narrow: time.Minute})
	require.NoError(t, err)
	require.Len(t, r.Narrow, 1)
	assert.Equal(t, f.Measurement.Period.Window(), r.Narrow[0].Window)
	assert.Equal(t, "web, 2026-06-01T00:00:00Z/2026-06-02T00:00:00Z: 48s less downtime keeps /commitments/0", r.Narrow[0].String())
	assert.Equal(t, f.Measurement.Period.Window(), r.Binding[0].Window)
	data, err := json.Marshal(r)
	require.NoError(t, err)
	var read Review
	require.NoError(t, json.Unmarshal(data, &read))
	assert.Equal(t, r.Narrow, read.Narrow)
	assert.Equal(t, r.Binding[0].Window, read.Binding[0].Window)
}

func TestReviewJSON(t *testing.T) {
	a := plain("a", flat("100%", "50%"))
	a.Note = "unverified"
	s := state(t, []credit.Charge{charge("web", "USD 99.99")}, judge(t, a, "web", 44*time.Minute))
	s.Provisional = []string{"because"}
	r, err := NewReview(s, 0, ReviewOptions{Narrow: time.Hour, Standing: sla.Standing{Stage: sla.Open, By: known(30)}})
	require.NoError(t, err)
	data, err := json.Marshal(r)
	require.NoError(t, err)
	assert.Contains(t, string(data), `"narrow":[{"resource":"web","clause":"/commitments/0","change":"-48s","seconds":48}]`)
	var read Review
	require.NoError(t, json.Unmarshal(data, &read))
	again, err := json.Marshal(read)
	require.NoError(t, err)
	assert.Equal(t, string(data), string(again))
	assert.Equal(t, r.Narrow, read.Narrow)
	for from, to := range map[string]string{
		`review/1`: `review/2`, `"key":"c`: `"key":"d`, `"customer":"acme"`: `"customer":""`, `"seconds":48`: `"seconds":47`,
		`"change":"-48s","seconds":48`: `"outages":0`, `"stage":"open"`: `"stage":"shut"`, `"note"`: `"notes"`,
	} {
		spoiled := strings.Replace(string(data), from, to, 1)
		require.NotEqual(t, string(data), spoiled, from)
		assert.Error(t, json.Unmarshal([]byte(spoiled), &read), from)
	}
}
