package examples

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
	"github.com/slacredit/slacredit/sla/catalog"
)

// Agreements of the catalog that are measured by the quarter, for a customer who
// pays USD 10,000.00 by the month: 149 minutes of May.
func TestQuartersOfTheCatalog(t *testing.T) {
	published, err := catalog.Published()
	require.NoError(t, err)
	june := calendar.Month(2014, time.June, time.UTC)
	start := time.Date(2014, time.May, 27, 20, 13, 0, 0, time.UTC)
	timeline := sla.Must(outage.NewTimeline(outage.Outage{ID: "o", Resource: "web", Start: start, End: start.Add(149 * time.Minute)}))
	var charges []credit.Charge
	for cycle, id := range []string{"june", "may", "april"} {
		charges = append(charges, credit.Charge{ID: id, Resource: "web", Amount: credit.MustMoney("USD 10000.00"), Cycle: -cycle})
	}
	for _, tt := range []struct {
		provider string
		on       calendar.Date
		labels   map[string]string
		want     string
	}{
		{"slack", calendar.Date{Year: 2019, Month: time.August, Day: 15}, nil, "USD 341.12"},                                          // ten times 149 min of 91 days
		{"github", calendar.Date{Year: 2020, Month: time.November, Day: 27}, nil, "USD 477.79"},                                       // 25 times what is beyond 65 min 31.2 s
		{"github", calendar.Date{Year: 2020, Month: time.November, Day: 28}, map[string]string{"feature": "webhooks"}, "USD 3000.00"}, // 10% of the quarter, at 99.886%
	} {
		e, err := published.One(catalog.Query{Provider: tt.provider, On: tt.on})
		require.NoError(t, err)
		terms, err := e.Terms()
		require.NoError(t, err)
		verdicts, err := terms.JudgeAll([]outage.Timeline{timeline.WithLabels(tt.labels)}, june)
		require.NoError(t, err)
		s, err := credit.NewStatement(credit.Bill{Customer: "acme", Period: june, Charges: charges, Verdicts: verdicts})
		require.NoError(t, err)
		assert.Equal(t, tt.want, s.Total.String(), e.Name())
		_, err = credit.NewStatement(credit.Bill{Customer: "acme", Period: june, Charges: charges[:1], Verdicts: verdicts})
		assert.ErrorContains(t, err, "nothing was charged for 2014-04-01/2014-05-01 UTC, 2014-05-01/2014-06-01 UTC", e.Name())
	}
}
