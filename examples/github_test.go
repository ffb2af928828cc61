package examples

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/credit/issue"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// GitHub restated its incidents for months. Here each quarter of each of its
// components is credited on the day on which it is over, and again whenever
// something new became known: what was issued, with the adjustments, is in the
// end what the last records say.
//
// That a minor impact loses 30 % and any other all is an assumption, and so
// are the fee of USD 1,000.00 and that the agreement of before 2021 held: a
// quarter over 99.0 % and up to 99.9 % gives 10 %, a worse one 25 %.
func TestGitHubRestatements(t *testing.T) {
	folder := os.Getenv("SLACREDIT_DATA")
	if folder == "" {
		t.Skip("SLACREDIT_DATA does not name the folder of the real records")
	}
	terms := sla.Must(sla.Agreement{Name: "github", Commitments: []sla.Commitment{{
		Downtime: sla.Downtime{Weighted: true},
		Promise:  "over 99.9%",
		Credits:  []sla.Tier{{When: "over 99.0%, at most 99.9%", Give: "10%"}, {When: "below 99.0%", Give: "25%"}},
		Gap:      sla.Severer,
	}}}.Compile())
	moved, issuedOnce := 0, 0
	for component, revisions := range gitHubRevisions(t, folder) {
		var log outage.Log
		known := map[time.Time]bool{}
		for _, r := range revisions {
			if err := log.Append(r); err != nil {
				assert.ErrorContains(t, err, "end: ", "a state without a length")
				continue
			}
			known[r.Known] = true
		}
		for _, first := range []calendar.Date{{Year: 2025, Month: time.October, Day: 1}, {Year: 2026, Month: time.January, Day: 1}, {Year: 2026, Month: time.April, Day: 1}} {
			quarter := sla.Must(calendar.Cycle{Start: first, Zone: time.UTC, Months: 3}.Period(0))
			state := func(asOf time.Time) credit.Statement {
				timelines, err := outage.Options{AsOf: asOf, Resources: []string{component}}.Timelines(log.AsOf(asOf)...)
				require.NoError(t, err)
				verdict, err := terms.Judge(timelines[0], quarter)
				require.NoError(t, err)
				s, err := credit.NewStatement(credit.Bill{
					Customer: "octo", Contract: component, Period: quarter, Verdicts: []sla.Verdict{verdict},
					Charges: []credit.Charge{{ID: "1", Resource: component, Amount: credit.MustMoney("USD 1000.00")}},
				})
				require.NoError(t, err)
				return s
			}
			over := quarter.Window().End()
			instants := []time.Time{over}
			for _, at := range slices.SortedFunc(maps.Keys(known), time.Time.Compare) {
				if at.After(over) {
					instants = append(instants, at)
				}
			}
			var issued []issue.Adjustment
			sum := credit.MustMoney("USD 0.00")
			for _, at := range instants {
				s := state(at)
				for range 2 { // a second run has nothing to do
					adjustments, err := issue.Restate(issued, s, issue.Options{AsOf: at})
					require.NoError(t, err)
					for _, a := range adjustments {
						sum = sla.Must(sum.Add(a.Amount))
						if a.Revision > 1 && !a.Amount.IsZero() {
							moved++
							t.Logf("%s, %v, known on %s: %v", component, quarter, at.Format(time.DateOnly), a)
						} else if a.Revision == 1 {
							issuedOnce++
						}
					}
					issued = append(issued, adjustments...)
				}
				assert.Equal(t, s.Total, sum, "%s, %v, as of %v", component, quarter, at)
			}
		}
	}
	t.Logf("%d credits were issued, and %d restatements moved an amount", issuedOnce, moved)
	assert.Positive(t, issuedOnce)
	assert.Positive(t, moved)
}

// gitHubRevisions returns what became known of each component, as revisions of
// one record for each incident and component.
func gitHubRevisions(t *testing.T, folder string) map[string][]outage.Revision {
	t.Helper()
	read := func(name string, into any) {
		data, err := os.ReadFile(filepath.Join(folder, name))
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(data, into))
	}
	var incidents struct {
		Incidents []struct {
			ID, Impact string
			Components []string
			Window     [2]time.Time
			Known      time.Time `json:"window_known_since"`
		}
	}
	read("github_incidents.json", &incidents)
	var restated struct{ Windows map[string][][]string }
	read("github_revisions.json", &restated)
	instant := func(text string) time.Time { return sla.Must(time.Parse(time.RFC3339, text)) }
	all := map[string][]outage.Revision{}
	for _, i := range incidents.Incidents {
		type state struct {
			known, start, end time.Time
			impact            string
		}
		states := []state{{i.Known, i.Window[0], i.Window[1], i.Impact}}
		if rows := restated.Windows[i.ID]; rows != nil {
			states = nil
			for _, row := range rows {
				states = append(states, state{instant(row[0]), instant(row[1]), instant(row[2]), row[4]})
			}
		}
		for _, component := range i.Components {
			id := i.ID + " " + component
			number := 0
			for _, s := range states {
				served := map[string]int64{"minor": 70}[s.impact]
				lost := s.impact == "minor" || s.impact == "major" || s.impact == "critical"
				if number == 0 && !lost {
					continue
				}
				number++
				r := outage.Revision{Number: number, Known: s.known, By: "status page", Why: "impact " + s.impact, Withdrawn: !lost}
				r.Record = outage.Outage{ID: id, Resource: component, Start: s.start, End: s.end, ServedPercent: decimal.New(served, 0)}
				if number > 1 {
					r.Supersedes = outage.Ref{ID: id, Number: number - 1}
				}
				all[component] = append(all[component], r)
			}
		}
	}
	return all
}
