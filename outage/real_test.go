package outage

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// realRecords reads a file of the folder of real records.
func realRecords(t *testing.T, name string, v any) {
	folder := os.Getenv("SLACREDIT_DATA")
	if folder == "" {
		t.Skip("SLACREDIT_DATA does not name the folder of real records")
	}
	data, err := os.ReadFile(filepath.Join(folder, name))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, v))
}

// Of the 819 incidents of GitHub, 797 last as long as was published. The other
// 22 have no length, and each is reported by its ID.
func TestGitHubIncidents(t *testing.T) {
	var file struct {
		Incidents []struct {
			ID      string
			Window  [2]time.Time
			Minutes int `json:"published_minutes"`
		}
	}
	realRecords(t, "github_incidents.json", &file)
	require.Len(t, file.Incidents, 819)
	var all, whole []Record
	var empty []string
	for _, i := range file.Incidents {
		o := Outage{ID: i.ID, Resource: i.ID, Start: i.Window[0], End: i.Window[1]}
		all = append(all, o)
		if i.Window[0].Equal(i.Window[1]) {
			empty = append(empty, i.ID)
			continue
		}
		whole = append(whole, o)
		timeline, err := NewTimeline(o)
		require.NoError(t, err)
		for w := range timeline.Outages() {
			assert.Equal(t, time.Duration(i.Minutes)*time.Minute, w.Length(), i.ID)
		}
	}
	assert.Len(t, whole, 797)
	timelines, err := Options{}.Timelines(whole...)
	require.NoError(t, err)
	assert.Len(t, timelines, 797)

	timelines, err = Options{}.Timelines(all...)
	assert.Empty(t, timelines)
	require.Error(t, err)
	faults := strings.Split(err.Error(), "\n")
	require.Len(t, faults, 22)
	for i, id := range empty {
		assert.Contains(t, faults[i], fmt.Sprintf("outage %q: end: ", id))
	}
}

// The reports on five incidents of Google state seven durations beside a begin
// and an end in local time; all seven come out. Only three are those of the incident's record.
func TestGoogleIncidents(t *testing.T) {
	var file struct {
		Incidents []struct {
			ID         string
			Begin, End time.Time
			Stated     []struct {
				Begin   string `json:"local_begin"`
				End     string `json:"local_end"`
				Zone    string
				Seconds int `json:"stated_duration_s"`
			}
		}
	}
	realRecords(t, "gcp_incidents.json", &file)
	stated, recorded := 0, 0
	for _, i := range file.Incidents {
		for _, s := range i.Stated {
			if s.Seconds == 0 || s.Begin == "" || s.End == "" {
				continue
			}
			rows := fmt.Sprintf("id,start,end,zone\n%s,%s,%s,%s\n", i.ID, s.Begin, s.End, s.Zone)
			records, err := Read(strings.NewReader(rows), ReadOptions{Format: CSV})
			require.NoError(t, err)
			length := time.Duration(s.Seconds) * time.Second
			o := records[0].(Outage)
			stated++
			assert.Equal(t, length, o.End.Sub(o.Start), i.ID)
			if i.End.Sub(i.Begin) == length {
				recorded++
			}
		}
	}
	assert.Equal(t, 7, stated)
	assert.Equal(t, 3, recorded)
}
