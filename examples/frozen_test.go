package examples

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/credit/issue"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
	"github.com/slacredit/slacredit/sla/catalog"
)

const frozen = "testdata/frozen.txt"

// What each edition of the catalog that can be judged gives for one June with a
// bit of everything: the text of the statement, its fingerprint, and what is
// issued by which key. A change of the file is a change of results or of words,
// and is explained in the changelog.
func TestFrozenStatements(t *testing.T) {
	published, err := catalog.Published()
	require.NoError(t, err)
	var out strings.Builder
	statements := 0
	for e := range published.All() {
		terms, err := e.Terms()
		if err != nil {
			continue
		}
		fmt.Fprintf(&out, "== %s\n\n", e.Name())
		statement, err := oneJune(terms)
		if err != nil {
			fmt.Fprintf(&out, "%v\n\n", err)
			continue
		}
		statements++
		out.WriteString(statement.Text())
		results, err := issue.Results(statement)
		require.NoError(t, err)
		for _, r := range results {
			fmt.Fprintf(&out, "%s: %v %s\n", r.Identity.Key(), r.Amount, r.Fingerprint)
		}
		out.WriteString("\n")
	}
	assert.Greater(t, statements, 150)
	if *update {
		require.NoError(t, os.WriteFile(frozen, []byte(out.String()), 0o600))
	}
	want, err := os.ReadFile(frozen)
	require.NoError(t, err)
	got, before := strings.Split(out.String(), "\n== "), strings.Split(string(want), "\n== ")
	require.Len(t, got, len(before))
	for i := range got {
		assert.Equal(t, before[i], got[i])
	}
}

// oneJune returns what an agreement gives for two resources in June 2014.
func oneJune(terms *sla.Terms) (credit.Statement, error) {
	at := func(day, hour, minute int) time.Time {
		return time.Date(2014, time.June, day, hour, minute, 0, 0, time.UTC)
	}
	names := []string{"web-1", "web-2"}
	labels := []map[string]string{{}, {}}
	var causes []string
	marks := map[string]bool{}
	traffic := false
	for _, w := range terms.Vocabulary() {
		switch w.Kind {
		case sla.LabelWord:
			for i := range labels {
				labels[i][w.Text] = "all"
				if n := len(w.Values); n > 0 {
					labels[i][w.Text] = w.Values[i%n]
				}
			}
		case sla.CauseWord:
			causes = append(causes, w.Text)
		case sla.MarkWord:
			marks[w.Text] = w.Text != "reported" // which has a field
		case sla.TrafficWord:
			traffic = true
		}
	}
	causes = append(causes, "")
	var records []outage.Record
	for i, name := range names {
		add := func(cause string, served string, start time.Time, length time.Duration) {
			o := outage.Outage{
				ID: fmt.Sprintf("o-%d", len(records)), Resource: name, Start: start, End: start.Add(length), Cause: cause,
				Reported: start.Add(2 * time.Minute), Marks: map[string]time.Time{},
			}
			o.ServedPercent.UnmarshalText([]byte(served)) //nolint:errcheck // a literal
			for mark, extra := range marks {
				if !extra {
					continue
				}
				o.Marks[mark] = start.Add(length / 4)
			}
			records = append(records, o)
		}
		add("", "0", at(3, 10+i, 0), 150*time.Minute)
		add("", "50", at(12, 16, 0), 45*time.Minute)
		add(causes[0], "0", at(10, 2, 0), time.Hour)
		if i == 1 {
			add(causes[len(causes)/2], "0", at(25, 0, 0), 6*time.Hour)
			add("", "0", at(29, 9, 30), 40*time.Second)
		}
		records = append(records, outage.Maintenance{ID: "m-" + name, Resource: name, Start: at(20, 1, 0), End: at(20, 5, 0), Announced: at(9, 0, 0)})
		add("maintenance", "0", at(20, 1, 0), time.Hour)
		if traffic {
			for hour := range 4 {
				records = append(records, outage.Traffic{
					ID: fmt.Sprintf("t-%s-%d", name, hour), Resource: name, Start: at(3, 10, 5*hour), End: at(3, 10, 5*hour+1), Requests: 1000, Failed: int64(300 * hour),
				})
			}
		}
	}
	timelines, err := outage.Options{Resources: names}.Timelines(records...)
	if err != nil {
		return credit.Statement{}, err
	}
	var resources []outage.Timeline
	for _, timeline := range timelines {
		resources = append(resources, timeline.WithLabels(labels[slices.Index(names, timeline.Resource())]))
	}
	monthly := calendar.Cycle{Start: calendar.Date{Year: 2014, Month: time.June, Day: 1}, Zone: time.UTC, Months: 1}
	period := sla.Must(monthly.Period(0))
	verdicts, err := terms.JudgeAll(resources, period)
	if err != nil {
		return credit.Statement{}, err
	}
	judged := []string{}
	for _, v := range verdicts {
		if !slices.Contains(judged, v.Resource) {
			judged = append(judged, v.Resource)
		}
	}
	var first error
	for _, currency := range []string{"USD", "EUR", "GBP", "AUD"} {
		for _, months := range []int{0, 1, 3, 12} {
			bill := credit.Bill{Customer: "acme", Period: period, Verdicts: verdicts, Prior: []credit.Prior{}}
			for i, name := range judged {
				for back := range max(1, months) {
					c := credit.Charge{ID: fmt.Sprintf("c-%s-%d", name, back), Resource: name, Labels: labels[i%2], Amount: credit.MustMoney(currency + " 1234.56")}
					if months > 0 {
						c.Window = sla.Must(monthly.Period(-back)).Window()
					}
					bill.Charges = append(bill.Charges, c)
				}
			}
			statement, err := credit.NewStatement(bill)
			if err == nil {
				return statement, nil
			}
			first = cmp.Or(first, err)
		}
	}
	return credit.Statement{}, first
}
