package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// ticketed gives an outage a ticket that is opened and closed so long after its
// start.
func ticketed(o outage.Outage, opened, closed time.Duration) outage.Outage {
	o.Marks = map[string]time.Time{"ticket": o.Start.Add(opened), "ticket closed": o.Start.Add(closed)}
	return o
}

// By the minutes of the month in which a ticket was open.
func TestLumen(t *testing.T) {
	for _, on := range []calendar.Date{{Year: 2021, Month: time.March, Day: 1}, {Year: 2022, Month: time.March, Day: 1}} {
		e := chosen(t, Query{Provider: "lumen", Service: "edge-bare-metal", On: on})
		for length, want := range map[time.Duration]string{
			5*time.Minute - 1: "0%", 5 * time.Minute: "10%", 20 * time.Minute: "10%", 30*time.Minute - 1: "10%", 30 * time.Minute: "20%", 32 * time.Minute: "20%",
			time.Hour - 1: "20%", time.Hour: "50%", 2*time.Hour - 1: "50%", 2 * time.Hour: "100%", 149 * time.Minute: "100%",
		} {
			o := ticketed(down("vm", length), 0, length)
			assert.Equal(t, want, judge(t, e, nil, o)["vm"].Entitlement.Percent.String(), "%v", length)
		}
		o := ticketed(down("vm", 149*time.Minute), 30*time.Minute, 149*time.Minute)
		assert.Equal(t, "50%", judge(t, e, nil, o)["vm"].Entitlement.Percent.String(), "119 min from the ticket on")
		o = ticketed(down("vm", 32*time.Minute), 0, 3*time.Hour)
		assert.Equal(t, "100%", judge(t, e, nil, o)["vm"].Entitlement.Percent.String(), "until the ticket is closed")
		o = served(ticketed(down("vm", 149*time.Minute), 0, 149*time.Minute), "50")
		assert.Equal(t, on.Year == 2021, !judge(t, e, nil, o)["vm"].Entitlement.Remedy.IsZero(), "degraded")
		assert.Equal(t, day(time.June, 10), claimOf(t, e, "", joyentMarks).By)
	}
}

func TestLumenHostedAreaNetwork(t *testing.T) {
	e := edition(t, "lumen/han-internet")
	for length, want := range map[time.Duration]string{
		5*time.Minute - 1: "0%", 5 * time.Minute: "5%", time.Hour - 1: "5%", time.Hour: "15%", 149 * time.Minute: "15%",
		3*time.Hour - 1: "15%", 3 * time.Hour: "35%", 6*time.Hour - 1: "35%", 6 * time.Hour: "50%",
	} {
		assert.Equal(t, want, judge(t, e, nil, down("vm", length))["vm, outages"].Entitlement.Percent.String(), "%v", length)
	}
}

// Of 744 h less 244 h of maintenance 0.1% are half an hour.
func TestLumenSaaS(t *testing.T) {
	e := edition(t, "lumen/saas/999")
	planned := work(down("vm", 244*time.Hour), 0)
	after := func(length time.Duration) sla.Outcome {
		o := down("vm", length)
		o.Start, o.End = planned.End.Add(time.Hour), planned.End.Add(time.Hour+length)
		return judge(t, e, nil, planned, o)["vm"].Outcome
	}
	assert.Equal(t, sla.Met, after(30*time.Minute))
	assert.Equal(t, sla.Missed, after(30*time.Minute+1))
	assert.Equal(t, "20%", gives(t, e, "", down("vm", joyent149)))
	assert.Equal(t, "20%", gives(t, edition(t, "lumen/saas/9999"), "", down("vm", 5*time.Minute)))
}
