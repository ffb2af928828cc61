package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// Whole minutes count: 0.005% of May are 2.232 min, 0.05% 22.32, 1% 446.4, and
// 5% just 2,232. In slots of five minutes these are four, five and more.
func TestMongoDB(t *testing.T) {
	for _, tt := range []struct {
		service string
		year    int
		length  time.Duration // from noon on
		want    string
	}{
		{"atlas", 2022, 2*time.Minute + 59*time.Second, "0%"},
		{"atlas", 2022, 3 * time.Minute, "10%"},
		{"atlas", 2022, 149 * time.Minute, "10%"},
		{"atlas", 2022, 446*time.Minute + 59*time.Second, "10%"},
		{"atlas", 2022, 447 * time.Minute, "25%"},
		{"atlas", 2022, 2232 * time.Minute, "25%"},
		{"atlas", 2022, 2233 * time.Minute, "100%"},
		{"atlas", 2021, 2233 * time.Minute, "25%"}, // there was no third row yet
		{"realm", 2022, 22 * time.Minute, "0%"},
		{"realm", 2022, 23 * time.Minute, "10%"},
		{"data-federation", 2023, 24*time.Minute + 59*time.Second, "0%"},
		{"data-federation", 2023, 25 * time.Minute, "10%"},
		{"data-federation", 2023, 449 * time.Minute, "10%"},
		{"data-federation", 2023, 450 * time.Minute, "25%"},
		{"data-federation", 2023, 2234 * time.Minute, "25%"},
		{"data-federation", 2023, 2235 * time.Minute, "100%"},
	} {
		on := calendar.Date{Year: tt.year, Month: time.July, Day: 1}
		if tt.year == 2021 {
			on = calendar.Date{Year: 2021, Month: time.June, Day: 22}
		}
		e := chosen(t, Query{Provider: "mongodb", Service: tt.service, On: on})
		assert.Equal(t, tt.want, judge(t, e, nil, down("vm", tt.length))["vm"].Entitlement.Percent.String(), tt)
	}
	e := chosen(t, Query{Provider: "mongodb", Service: "atlas", On: calendar.Date{Year: 2022, Month: time.July, Day: 1}})
	life := outage.Lifetime{ID: "l", Resource: "vm", Start: day(time.May, 10), End: day(time.May, 11)}
	assert.Equal(t, "10%", judge(t, e, nil, life, down("vm", 15*time.Minute))["vm"].Entitlement.Percent.String(), "the rest of the month counts as up")

	s := claimOf(t, e, "", calendar.Marks{"aware": day(time.May, 10).Add(13 * time.Hour), "period": day(time.June, 1)})
	assert.Equal(t, day(time.May, 11).Add(13*time.Hour), s.NoticeBy)
	assert.Equal(t, day(time.July, 1), s.By)
}
