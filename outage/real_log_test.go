package outage

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// lossPercent is what an impact loses. That a minor one loses three tenths, as
// in GitHub's own figures a partial outage does, is an assumption.
var lossPercent = map[string]int64{"minor": 30, "major": 100, "critical": 100}

// A restated is what was known of an incident of GitHub from one instant on.
type restated struct {
	Known      time.Time
	Begin, End time.Time
	Impact     string
}

// gitHubIncidents reads all that became known of GitHub's incidents, by ID:
// those that were restated with their revisions, the others with the one that
// there is.
func gitHubIncidents(t *testing.T) map[string][]restated {
	var incidents struct {
		Incidents []struct {
			ID, Impact string
			Window     [2]time.Time
			Known      time.Time `json:"window_known_since"`
		}
	}
	realRecords(t, "github_incidents.json", &incidents)
	var revisions struct {
		Columns []string `json:"window_columns"`
		Windows map[string][][]string
	}
	realRecords(t, "github_revisions.json", &revisions)
	require.Equal(t, []string{"known_since", "begin", "end", "window_source", "impact"}, revisions.Columns)
	require.Len(t, revisions.Windows, 88)
	all := map[string][]restated{}
	for _, i := range incidents.Incidents {
		all[i.ID] = []restated{{i.Known, i.Window[0], i.Window[1], i.Impact}}
	}
	require.Len(t, all, 819)
	for id, rows := range revisions.Windows {
		require.Contains(t, all, id)
		all[id] = nil
		for _, row := range rows {
			all[id] = append(all[id], restated{utcTime(row[0]), utcTime(row[1]), utcTime(row[2]), row[4]})
		}
	}
	return all
}

// gitHubRevisions returns the incident as revisions of an outage, or of
// maintenance. An incident without impact is no outage: it is withdrawn, or
// not recorded yet.
func gitHubRevisions(id string, incident []restated) []Revision {
	var revisions []Revision
	for _, s := range incident {
		r := Revision{Number: len(revisions) + 1, Known: s.Known, By: "status page", Why: "impact " + s.Impact}
		if r.Number > 1 {
			r.Supersedes = Ref{id, r.Number - 1}
		}
		switch lost := lossPercent[s.Impact]; {
		case s.Impact == "maintenance":
			r.Record = Maintenance{ID: id, Resource: "github", Start: s.Begin, End: s.End}
		case lost > 0:
			r.Record = Outage{ID: id, Resource: "github", Start: s.Begin, End: s.End, ServedPercent: decimal.New(100-lost, 0)}
		case len(revisions) == 0:
			continue
		default:
			r.Withdrawn, r.Record = true, revisions[len(revisions)-1].Record
		}
		revisions = append(revisions, r)
	}
	return revisions
}

// lossOf returns the percent of w that were lost, each times a nanosecond.
func lossOf(line Timeline, w Window) *big.Int {
	sum := new(big.Int)
	for s := range line.Segments(w) {
		if s.Alive {
			part := big.NewInt(s.LostPercent().IntPart())
			sum.Add(sum, part.Mul(part, big.NewInt(int64(s.Window.Length()))))
		}
	}
	return sum
}

// lossByMinute is lossOf in percent times minutes, from the states alone and
// one cell for each minute.
func lossByMinute(all map[string][]restated, asOf time.Time, w Window) int64 {
	cells := make([]int64, w.Length()/time.Minute)
	for _, incident := range all {
		i := len(incident) - 1
		for i >= 0 && incident[i].Known.After(asOf) {
			i--
		}
		if i < 0 {
			continue
		}
		for at := incident[i].Begin; at.Before(incident[i].End); at = at.Add(time.Minute) {
			if w.Contains(at) {
				cell := &cells[at.Sub(w.Start())/time.Minute]
				*cell = max(*cell, lossPercent[incident[i].Impact])
			}
		}
	}
	sum := int64(0)
	for _, lost := range cells {
		sum += lost
	}
	return sum
}

// GitHub restated 88 incidents, one of them 62 times. The availability of a
// quarter that was over changes with them; it is that of a second computation
// at every instant at which anything became known. The figures were also
// computed with another language, from the files alone.
func TestGitHubLog(t *testing.T) {
	all := gitHubIncidents(t)
	var log Log
	var bad, restatements, withdrawals int
	instants := map[time.Time]bool{}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		for _, r := range gitHubRevisions(id, all[id]) {
			instants[r.Known] = true
			if err := log.Append(r); err != nil {
				assert.ErrorContains(t, err, fmt.Sprintf("%q #%d: end: ", id, r.Number))
				bad++
				continue
			}
			if r.Number > 1 {
				restatements++
			}
			if r.Withdrawn {
				withdrawals++
			}
		}
	}
	assert.Equal(t, 185, restatements, "of 275 states of 88 incidents: two begin without impact")
	assert.Equal(t, 6, withdrawals)
	assert.Equal(t, 9, bad, "outages and maintenance without a length")
	assert.Len(t, slices.Collect(log.History("27649291")), 63)
	require.Equal(t, textOf(t, &log), textOf(t, readLog(t, textOf(t, &log))))

	for _, q := range []struct {
		year    int
		month   time.Month
		changes int
		first   []string // up to three of them
	}{
		{2025, time.October, 3, []string{"2026-01-03 97.104997", "2026-01-07 97.095713", "2026-01-09 96.844127"}},
		{2026, time.January, 3, []string{"2026-04-01 96.103164", "2026-04-03 95.958951", "2026-08-22 95.659568"}},
		{2026, time.April, 21, []string{"2026-07-01 94.243895", "2026-07-02 94.255342", "2026-07-08 94.248932"}},
	} {
		start := time.Date(q.year, q.month, 1, 0, 0, 0, 0, time.UTC)
		quarter := MustWindow(start, start.AddDate(0, 3, 0))
		var lost *big.Int
		var changes []string
		for _, at := range slices.SortedFunc(maps.Keys(instants), time.Time.Compare) {
			if at.Before(quarter.End()) {
				continue
			}
			line, err := Options{AsOf: at}.Timeline(log.AsOf(at)...)
			require.NoError(t, err)
			before := lost
			lost = lossOf(line, quarter)
			require.Equal(t, lossByMinute(all, at, quarter)*int64(time.Minute), lost.Int64(), "%s as of %s", quarter, at)
			if before == nil || lost.Cmp(before) != 0 {
				due := big.NewInt(int64(quarter.Length()))
				available := new(big.Rat).SetFrac(new(big.Int).Sub(new(big.Int).Mul(due, big.NewInt(100)), lost), due)
				changes = append(changes, at.Format(time.DateOnly)+" "+available.FloatString(6))
			}
		}
		t.Logf("%s, %% as known on: %s", quarter, strings.Join(changes, ", "))
		require.Len(t, changes, q.changes)
		assert.Equal(t, q.first, changes[:3])
	}
}

// GitHub publishes the availability of its components by the month, with three
// tenths of a partial outage lost. All 1,062 figures come out, to 2e-15.
func TestGitHubMonthly(t *testing.T) {
	var file struct {
		Weights map[string]string
		Months  []struct {
			C, YM     string
			Days      int
			InService int `json:"days_in_service"` // the last ones, 0: all
			Elapsed   int `json:"days_elapsed"`    // the first ones, 0: all
			Published *json.Number
			Down      [][3]int64 // day, seconds of partial and of major outage
		}
	}
	realRecords(t, "github_official_monthly.json", &file)
	require.Equal(t, map[string]string{"partial": "0.3", "major": "1"}, file.Weights)
	require.Len(t, file.Months, 1086)
	below := map[string]int{"99.999": 0, "99.99": 0, "99.95": 0, "99.9": 0, "99": 0}
	published, equal := 0, 0
	for _, m := range file.Months {
		if m.Published == nil {
			continue
		}
		published++
		start, err := time.Parse("2006-01", m.YM)
		require.NoError(t, err)
		day := func(n int) time.Time { return start.AddDate(0, 0, n-1) }
		until := day(m.Days + 1)
		if m.Elapsed > 0 {
			until = day(m.Elapsed + 1)
		}
		life := Lifetime{ID: "life", Resource: m.C, Start: start}
		if m.InService > 0 {
			life.Start = day(m.Days - m.InService + 1)
		}
		records := []Record{life}
		for _, d := range m.Down {
			// Where in the day it was is not published, and does not matter.
			partial := day(int(d[0])).Add(time.Duration(d[1]) * time.Second)
			major := partial.Add(time.Duration(d[2]) * time.Second)
			if d[1] > 0 {
				records = append(records, Outage{ID: fmt.Sprint("partial ", d[0]), Resource: m.C, Start: day(int(d[0])), End: partial, ServedPercent: decimal.New(70, 0)})
			}
			if d[2] > 0 {
				records = append(records, Outage{ID: fmt.Sprint("major ", d[0]), Resource: m.C, Start: partial, End: major})
			}
		}
		var log Log
		for _, r := range records {
			require.NoError(t, log.Append(Revision{Record: r, Number: 1, Known: until, By: "uptime page"}))
		}
		line, err := Options{AsOf: until}.Timeline(log.AsOf(until)...)
		require.NoError(t, err)
		w := MustWindow(start, until)
		due := int64(NewSet(w).Subtract(line.Outside()).Total())
		available := new(big.Rat).SetFrac(lossOf(line, w), new(big.Int).Mul(big.NewInt(due), big.NewInt(100)))
		available.Sub(big.NewRat(1, 1), available)
		for limit := range below {
			percent, _ := new(big.Rat).SetString(limit)
			if new(big.Rat).Mul(available, big.NewRat(100, 1)).Cmp(percent) < 0 {
				below[limit]++
			}
		}
		figure, ok := new(big.Rat).SetString(strings.Trim(string(*m.Published), `"`))
		require.True(t, ok)
		off := new(big.Rat).Sub(figure, available)
		if assert.LessOrEqual(t, off.Abs(off).Cmp(big.NewRat(2, 1e15)), 0, "%s %s: %s is published, %s computed", m.C, m.YM, *m.Published, available.FloatString(17)) {
			equal++
		}
	}
	t.Logf("%d of %d published figures reproduced", equal, published)
	assert.Equal(t, 1062, published)
	assert.Equal(t, 1062, equal)
	assert.Equal(t, map[string]int{"99.999": 543, "99.99": 527, "99.95": 395, "99.9": 271, "99": 10}, below)
}
