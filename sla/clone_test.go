package sla

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/internal/apart"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// Whatever field a result gets, a copy of it shares nothing with it.
func TestClonesShareNothing(t *testing.T) {
	at := time.Date(2014, time.May, 27, 20, 13, 0, 0, time.UTC)
	given := []any{at, outage.MustWindow(at, at.Add(time.Hour)), calendar.Month(2014, time.May, time.UTC)}

	var v Verdict
	apart.Fill(&v, given...)
	assert.NotEmpty(t, v.Findings[0].Measurement.Members[0].Members[0].Outages[0].Records)
	assert.Equal(t, v, v.Clone())
	assert.Empty(t, apart.Shared(v, v.Clone()))

	f := v.Findings[0]
	assert.Equal(t, f, f.Clone())
	assert.Empty(t, apart.Shared(f, f.Clone()))

	var a Agreement
	apart.Fill(&a, given...)
	assert.Equal(t, a, a.Clone())
	assert.Empty(t, apart.Shared(a, a.Clone()))

	empty := Verdict{Findings: []Finding{{Labels: map[string]string{}}}, Quiet: []Quiet{}, Limits: []Limit{}}
	assert.Equal(t, empty, empty.Clone(), "what is empty stays so, and does not become nil")
	assert.Equal(t, Verdict{}, Verdict{}.Clone())
}

// A verdict on a timeline is the same before and after the caller changes the
// marks of what he gave, or of what he was handed.
func TestMarksOfACallerChangeNoVerdict(t *testing.T) {
	start := time.Date(2014, time.May, 5, 0, 0, 0, 0, time.UTC)
	marks := map[string]time.Time{"ticket": start}
	timeline := Must(outage.NewTimeline(outage.Outage{ID: "1", Resource: "web", Start: start, End: start.Add(24 * time.Hour), Marks: marks}))
	terms := Must(Agreement{Commitments: []Commitment{{Promise: "at least 99.9%", Downtime: Downtime{Starts: []string{"ticket"}}}}}.Compile())
	may := calendar.Month(2014, time.May, time.UTC)
	down := func() time.Duration { return Must(terms.Judge(timeline, may)).Findings[0].Measurement.Down }
	assert.Equal(t, 24*time.Hour, down())
	marks["ticket"] = start.Add(12 * time.Hour)
	assert.Equal(t, 24*time.Hour, down())
	for _, o := range timeline.Outages() {
		delete(o.Marks, "ticket")
	}
	assert.Equal(t, 24*time.Hour, down())
}
