package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// joyent149 is the longest outage of 27 May 2014.
const joyent149 = 149 * time.Minute

// hosted returns an outage of "vm" with a cause, and marks at its start.
func hosted(length time.Duration, cause string, marks ...string) outage.Outage {
	o := down("vm", length)
	o.Cause = cause
	for _, mark := range marks {
		if o.Marks == nil {
			o.Marks = map[string]time.Time{}
		}
		o.Marks[mark] = o.Start
	}
	return o
}

// gives returns what a commitment gives for "vm": "20%", "120h of service".
func gives(t *testing.T, e Edition, commitment string, records ...outage.Record) string {
	t.Helper()
	key := "vm"
	if commitment != "" {
		key += ", " + commitment
	}
	f, found := judge(t, e, []string{"vm"}, records...)[key]
	if !found || f.Entitlement.Remedy.IsZero() {
		return "nothing"
	}
	return f.Entitlement.String()
}

// work returns maintenance of "vm" over an outage, announced so long before.
func work(o outage.Outage, notice time.Duration) outage.Maintenance {
	return outage.Maintenance{ID: "m", Resource: "vm", Start: o.Start, End: o.End, Announced: o.Start.Add(-notice)}
}

// claimBy returns when it is too late to claim what an outage of May 2014 gives.
func claimBy(t *testing.T, e Edition, commitment string, o outage.Outage) string {
	t.Helper()
	terms, err := e.Terms()
	require.NoError(t, err)
	start := calendar.Date{Year: 2014, Month: time.May, Day: 1}
	s, err := terms.Standing(commitment, calendar.Marks{"outage": o.End, "period": may2014.Window().End()},
		calendar.Workdays{Zone: time.UTC, Cycle: calendar.Cycle{Start: start, Zone: time.UTC, Months: 1}}, o.End)
	require.NoError(t, err)
	return s.By.Format(time.RFC3339)
}

func TestRackspaceManagedHosting(t *testing.T) {
	e := edition(t, "rackspace/managed-hosting")
	for minutes, want := range map[time.Duration]string{20: "nothing", 32: "5%", 59: "5%", 77: "10%", 149: "20%"} {
		assert.Equal(t, want, gives(t, e, "network", hosted(minutes*time.Minute, "network", "ticket")), "%d min", minutes)
		assert.Equal(t, want, gives(t, e, "infrastructure", hosted(minutes*time.Minute, "heat", "ticket")), "%d min", minutes)
	}
	assert.Equal(t, "nothing", gives(t, e, "network", hosted(joyent149, "network")), "no ticket")
	assert.Equal(t, "nothing", gives(t, e, "network", hosted(joyent149, "software", "ticket")))

	late := hosted(40*time.Minute, "network", "ticket")
	late.Marks["ticket"] = late.Start.Add(10 * time.Minute)
	assert.Equal(t, "5%", gives(t, e, "network", late), "30 min from the ticket")
	late.Marks["ticket"] = late.Marks["ticket"].Add(1)
	assert.Equal(t, "nothing", gives(t, e, "network", late))

	planned := hosted(joyent149, "network", "ticket")
	assert.Equal(t, "nothing", gives(t, e, "network", planned, work(planned, 0)))

	f := judge(t, e, nil, hosted(11*time.Hour, "power", "ticket"))["vm, infrastructure"]
	assert.Equal(t, "110%", f.Entitlement.Percent.String())
	assert.Equal(t, "100%", f.Limits[0].Percent.String())
}

func TestRackspaceCloudServers(t *testing.T) {
	e := edition(t, "rackspace/cloud-servers/first-generation")
	for _, tt := range []struct {
		commitment, cause string
		length            time.Duration
		want              string
	}{
		{"network", "network", 30*time.Minute - 1, "nothing"},
		{"network", "network", 30 * time.Minute, "5%"},
		{"network", "network", joyent149, "20%"},
		{"infrastructure", "power", joyent149, "20%"},
		{"host", "host", time.Hour, "nothing"},
		{"host", "host", 2*time.Hour - 1, "nothing"},
		{"host", "host", 2 * time.Hour, "5%"},
		{"host", "host", joyent149, "5%"},
		{"migration", "migration", 4*time.Hour - 1, "nothing"},
		{"migration", "migration", 4 * time.Hour, "5%"},
	} {
		assert.Equal(t, tt.want, gives(t, e, tt.commitment, hosted(tt.length, tt.cause, "identified")), "%s for %v", tt.cause, tt.length)
	}
	assert.Equal(t, sla.Met, judge(t, e, nil, hosted(time.Hour, "host", "identified"))["vm, host"].Outcome)
	assert.Equal(t, sla.Missed, judge(t, e, nil, hosted(time.Hour+1, "host", "identified"))["vm, host"].Outcome)
	assert.Equal(t, "nothing", gives(t, e, "host", hosted(joyent149, "host")), "never identified")
	assert.Equal(t, "2014-06-10T00:00:00Z", claimBy(t, e, "network", down("vm", joyent149)))
}

// A half hour that has begun counts, and only of what the
// support caused.
func TestRackspaceSupport(t *testing.T) {
	e := edition(t, "rackspace/managed-cloud-support")
	for length, want := range map[time.Duration]string{1: "5%", 30 * time.Minute: "5%", 30*time.Minute + 1: "10%", joyent149: "25%"} {
		assert.Equal(t, want, gives(t, e, "", hosted(length, "support")), "%v", length)
		assert.Equal(t, "nothing", gives(t, e, "", hosted(length, "customer")), "%v", length)
	}
}

func TestRackspaceCloudInfrastructure(t *testing.T) {
	e := edition(t, "rackspace/cloud-infrastructure")
	const allowed = 22*time.Minute + 19200*time.Millisecond // 0.05% of 744 h
	for length, want := range map[time.Duration]string{
		allowed: "nothing", allowed + 1: "1h of service", allowed + time.Hour: "1h of service", allowed + time.Hour + 1: "2h of service", joyent149: "3h of service",
	} {
		assert.Equal(t, want, gives(t, e, "", down("vm", length)), "%v", length)
	}
}

func TestRackspaceUnknown(t *testing.T) {
	for _, name := range []string{"rackspace/cloud-files", "rackspace/cloud-servers/next-generation", "rackspace/hardware-replacement"} {
		_, err := edition(t, name).Terms()
		assert.ErrorContains(t, err, "missing: ", name)
	}
}
