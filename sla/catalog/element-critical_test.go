package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// 3% when both feeds are lost together, and 3% for each full hour of it.
func TestElementCritical(t *testing.T) {
	e := edition(t, "element-critical/redundant-power")
	feeds := []string{"a cabinet=1", "b cabinet=1"}
	for length, want := range map[time.Duration]string{0: "0%", 1: "3%", time.Hour - 1: "3%", time.Hour: "6%", 149 * time.Minute: "9%", 50 * time.Hour: "153%"} {
		records := []outage.Record{down("a", 60*time.Hour)}
		if length > 0 {
			records = append(records, down("b", length))
		}
		f := judge(t, e, feeds, records...)["1"]
		assert.Equal(t, want, f.Entitlement.Percent.String(), "%v", length)
		if length > 0 {
			assert.Equal(t, "100%", f.Limits[0].Percent.String())
		}
	}
	// the second feed is lost when the first is back
	late := down("b", time.Hour)
	late.Start, late.End = late.Start.Add(time.Hour), late.End.Add(time.Hour)
	assert.Empty(t, judge(t, e, feeds, down("a", time.Hour), late)["1"].Entitlement)
}

func TestElementCriticalCrossConnect(t *testing.T) {
	e := edition(t, "element-critical/cross-connect")
	for length, want := range map[time.Duration]sla.Outcome{5 * time.Hour: sla.Met, 5*time.Hour + 1: sla.Missed} {
		o := down("vm", length)
		o.Reported = o.Start.Add(time.Hour)
		assert.Equal(t, want, judge(t, e, nil, o)["vm"].Outcome)
	}
}
