package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// whole returns the published catalog, which is read once for all tests.
func whole(t *testing.T) Catalog {
	t.Helper()
	c, err := once()
	require.NoError(t, err)
	return c
}

var once = sync.OnceValues(Published)

// may2014 is the month of the events that the catalog began with: 44,640 min.
var may2014 = calendar.Month(2014, time.May, time.UTC)

// edition returns the only edition of an agreement by its name.
func edition(t *testing.T, name string) Edition {
	t.Helper()
	c := whole(t)
	var found []Edition
	for e := range c.All() {
		if e.Agreement.Name == name {
			found = append(found, e)
		}
	}
	require.Len(t, found, 1, name)
	return found[0]
}

// down returns a full outage of a resource from noon of the 10th of May 2014.
func down(resource string, length time.Duration) outage.Outage {
	start := time.Date(2014, time.May, 10, 12, 0, 0, 0, time.UTC)
	return outage.Outage{ID: "o-" + resource, Resource: resource, Start: start, End: start.Add(length)}
}

// judge returns the findings of an edition on resources with labels, "vm" or
// "vm zone=a region=x", in May 2014: by the name of what was measured, and then
// by that of the commitment.
func judge(t *testing.T, e Edition, resources []string, records ...outage.Record) map[string]sla.Finding {
	t.Helper()
	terms, err := e.Terms()
	require.NoError(t, err)
	options := outage.Options{}
	labels := map[string]map[string]string{}
	for _, r := range resources {
		words := strings.Fields(r)
		options.Resources = append(options.Resources, words[0])
		labels[words[0]] = map[string]string{}
		for _, w := range words[1:] {
			name, value, _ := strings.Cut(w, "=")
			labels[words[0]][strings.ReplaceAll(name, "_", " ")] = strings.ReplaceAll(value, "_", " ")
		}
	}
	timelines, err := options.Timelines(records...)
	require.NoError(t, err)
	var all []outage.Timeline
	for _, timeline := range timelines {
		all = append(all, timeline.WithLabels(labels[timeline.Resource()]))
	}
	verdicts, err := terms.JudgeAll(all, may2014)
	if !errors.Is(err, sla.ErrUncovered) {
		require.NoError(t, err)
	}
	findings := map[string]sla.Finding{}
	for _, v := range verdicts {
		for _, f := range v.Findings {
			findings[strings.TrimSuffix(v.Resource+", "+f.Commitment, ", ")] = f
		}
	}
	return findings
}

// Each row of each plain table of availabilities gives from the first
// nanosecond on which it holds, and not before.
func TestBoundaries(t *testing.T) {
	c := whole(t)
	rows := 0
	for e := range c.All() {
		terms, err := e.Terms()
		if err != nil || slices.ContainsFunc(terms.Agreement().Commitments, hasScope) {
			continue // without labels, nothing is judged where any commitment asks for them
		}
		for i, commitment := range terms.Agreement().Commitments {
			if !isPlain(commitment) {
				continue
			}
			for j, row := range commitment.Credits {
				name := fmt.Sprintf("%s /commitments/%d/credits/%d", e.Name(), i, j)
				before, at := around(t, terms, i, fmt.Sprintf("/commitments/%d/credits/%d", i, j))
				assert.NotEqual(t, row, before.Entitlement.Row, "%s: a nanosecond before it", name)
				assert.Equal(t, row, at.Entitlement.Row, name)
				rows++
			}
		}
	}
	assert.Positive(t, rows)
}

func hasScope(c sla.Commitment) bool { return len(c.Scope.Levels) > 0 || len(c.Scope.Only) > 0 }

// isPlain reports whether any outage counts in full, for the availability of a
// resource in the billing period, with a table that has rows.
func isPlain(c sla.Commitment) bool {
	d := c.Downtime
	return !hasScope(c) && d.Slot == "" && len(d.Causes) == 0 && len(d.Starts) == 0 && len(d.Ends) == 0 &&
		d.Loss == "" && d.Lasting == "" && (c.Calculation.Period == "" || c.Calculation.Period == "1mo") && strings.Contains(string(c.Promise), "%")
}

// around returns the findings with the most downtime at which a row does not
// give yet, and with a nanosecond more.
func around(t *testing.T, terms *sla.Terms, commitment int, clause string) (before, at sla.Finding) {
	t.Helper()
	find := func(length time.Duration) sla.Finding {
		records := []outage.Record{}
		if length > 0 {
			start := may2014.Window().Start()
			records = append(records, outage.Outage{ID: "o", Resource: "vm", Start: start, End: start.Add(length)})
		}
		timeline, err := outage.Options{Resources: []string{"vm"}}.Timeline(records...)
		require.NoError(t, err)
		v, err := terms.Judge(timeline, may2014)
		require.NoError(t, err)
		for _, f := range v.Findings {
			if f.Clause == fmt.Sprintf("/commitments/%d", commitment) {
				return f
			}
		}
		t.Fatal("no finding")
		return sla.Finding{}
	}
	none, all := time.Duration(0), may2014.Length()
	for none+1 < all { // the row gives with all, and not with none
		if middle := none + (all-none)/2; reached(find(middle), clause) {
			all = middle
		} else {
			none = middle
		}
	}
	return find(none), find(all)
}

// reached reports whether a row, or a severer one, gives.
func reached(f sla.Finding, clause string) bool {
	return f.Entitlement.Clause != "" && (len(f.Entitlement.Clause) > len(clause) || f.Entitlement.Clause >= clause)
}
