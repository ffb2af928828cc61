package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// By the length of each outage; a length on a bound is in the severer row.
func TestTwTelecom(t *testing.T) {
	e := chosen(t, Query{Provider: "tw-telecom", On: calendar.Date{Year: 2014, Month: time.May, Day: 27}})
	for length, want := range map[time.Duration]string{
		5*time.Minute - 1: "0%", 5 * time.Minute: "5%", 149 * time.Minute: "5%",
		4*time.Hour - 1: "5%", 4 * time.Hour: "10%", 8*time.Hour - 1: "10%", 8 * time.Hour: "15%", 12*time.Hour - 1: "15%", 12 * time.Hour: "20%",
		16*time.Hour - 1: "20%", 16 * time.Hour: "35%", 24*time.Hour - 1: "35%", 24 * time.Hour: "50%",
	} {
		assert.Equal(t, want, judge(t, e, nil, down("vm", length))["vm, outages"].Entitlement.Percent.String(), "%v", length)
	}
	second := down("vm", 5*time.Hour)
	second.ID, second.Start, second.End = "second", second.Start.Add(24*time.Hour), second.End.Add(24*time.Hour)
	var got []string
	for _, f := range findingsIn(t, e, may2014, nil, []outage.Record{down("vm", 149*time.Minute), second}...) {
		if f.Commitment == "outages" {
			got = append(got, f.Entitlement.Percent.String())
		}
	}
	assert.Equal(t, []string{"5%", "10%"}, got)
}
