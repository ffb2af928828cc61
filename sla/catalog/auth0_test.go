package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

func TestAuth0(t *testing.T) {
	for year, by := range map[int]time.Time{2021: day(time.May, 21), 2022: day(time.May, 17)} { // ten days, five business days
		e := chosen(t, Query{Provider: "auth0", On: calendar.Date{Year: year, Month: time.December, Day: 31}})
		assert.Equal(t, "10%", judge(t, e, nil, down("vm", 149*time.Minute))["vm"].Entitlement.Percent.String())
		assert.Equal(t, by, claimOf(t, e, "", joyentMarks).By)
	}
	e := chosen(t, Query{Provider: "auth0", On: calendar.Date{Year: 2022, Month: time.January, Day: 1}})
	o := down("vm", 149*time.Minute)
	o.Cause = "emergency maintenance"
	assert.Equal(t, sla.Met, judge(t, e, nil, o)["vm"].Outcome)
}
