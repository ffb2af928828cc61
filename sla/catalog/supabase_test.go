package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/sla/calendar"
)

func TestSupabase(t *testing.T) {
	e := chosen(t, Query{Provider: "supabase", On: calendar.Date{Year: 2024, Month: time.May, Day: 1}})
	for length, want := range map[time.Duration]string{149 * time.Minute: "10%", 8 * time.Hour: "15%", 15 * time.Hour: "20%", 30 * time.Hour: "30%"} { // 1.07, 2.01 and 4.03% of May
		assert.Equal(t, want, judge(t, e, nil, down("vm", length))["vm"].Entitlement.Percent.String(), length)
	}
	assert.Equal(t, day(time.July, 1), claimOf(t, e, "", joyentMarks).By)
}
