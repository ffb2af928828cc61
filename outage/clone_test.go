package outage

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/internal/apart"
)

// Whatever field a record gets, a copy of it shares nothing with it.
func TestCopiedRecordsShareNothing(t *testing.T) {
	at := time.Date(2014, time.May, 27, 20, 13, 0, 0, time.UTC)
	var o Outage
	apart.Fill(&o, at)
	for _, record := range []Record{o, Maintenance{}, Traffic{}, Coverage{}, Lifetime{}} {
		if _, filled := record.(Outage); !filled {
			assert.Empty(t, apart.Shared(record, record), "%T has nothing to share, or copied has to know of it", record)
		}
		var r Revision
		apart.Fill(&r, at, record)
		assert.Equal(t, r, r.Clone())
		assert.Empty(t, apart.Shared(r, r.Clone()))
		assert.Equal(t, record, copied(record))
		assert.Empty(t, apart.Shared(record, copied(record)))
	}
	assert.Equal(t, Revision{}, Revision{}.Clone())
}

func TestTimelineKeepsItsOwnMarks(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2014, time.May, 27, hour, 0, 0, 0, time.UTC) }
	marks := map[string]time.Time{"ticket": at(1)}
	o := Outage{ID: "1", Resource: "web", Start: at(0), End: at(2), Marks: marks}
	w := MustWindow(at(0), at(3))
	timeline, err := NewTimeline(o)
	require.NoError(t, err)
	ticket := func() time.Time {
		for _, o := range timeline.Outages() {
			return o.Marks["ticket"]
		}
		return time.Time{}
	}

	marks["ticket"] = at(2)
	assert.Equal(t, at(1), ticket(), "what the caller does with his map")
	for _, o := range timeline.Outages() {
		o.Marks["ticket"] = at(2)
	}
	for s := range timeline.Segments(w) {
		for _, o := range s.Outages {
			o.Marks["ticket"] = at(2)
		}
	}
	again, err := timeline.With(nil)
	require.NoError(t, err)
	for _, o := range again.Outages() {
		o.Marks["ticket"] = at(2)
	}
	assert.Equal(t, at(1), ticket(), "and with what he was handed")

	open, err := Options{AsOf: at(3)}.Timeline(Outage{ID: "1", Start: at(0), Marks: marks})
	require.NoError(t, err)
	open.Open()[0].Marks["ticket"] = at(1)
	assert.Equal(t, at(2), open.Open()[0].Marks["ticket"])

	var walks sync.WaitGroup // with -race
	for range 4 {
		walks.Go(func() {
			for _, o := range timeline.Outages() {
				o.Marks["ticket"] = o.Marks["ticket"].Add(time.Hour)
			}
		})
	}
	marks["ticket"] = at(3)
	walks.Wait()
	assert.Equal(t, at(1), ticket())
}
