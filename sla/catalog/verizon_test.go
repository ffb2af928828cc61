package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// One day for each hour, or fraction, of all outages of the month together.
func TestVerizon(t *testing.T) {
	e := edition(t, "verizon/internet-dedicated")
	before := func(length time.Duration) outage.Outage {
		o := down("vm", length)
		o.ID, o.Start, o.End = "before", o.Start.Add(-24*time.Hour), o.End.Add(-24*time.Hour)
		return o
	}
	for _, tt := range []struct {
		records []outage.Record
		want    string
	}{
		{[]outage.Record{down("vm", 1)}, "24h"},
		{[]outage.Record{down("vm", 2*time.Hour)}, "48h"},
		{[]outage.Record{down("vm", 2*time.Hour+1)}, "72h"},
		{[]outage.Record{down("vm", 149*time.Minute)}, "72h"},
		{[]outage.Record{before(30 * time.Minute), down("vm", 30*time.Minute)}, "24h"},
		{[]outage.Record{before(30 * time.Minute), down("vm", 31*time.Minute)}, "48h"},
	} {
		assert.Equal(t, tt.want, judge(t, e, nil, tt.records...)["vm, network"].Entitlement.Service.String(), tt)
	}
	marks := calendar.Marks{"start of outage": day(time.May, 10).Add(12 * time.Hour), "ticket closed": day(time.May, 12).Add(9 * time.Hour)}
	s := claimOf(t, e, "network", marks)
	assert.Equal(t, day(time.May, 13).Add(12*time.Hour), s.NoticeBy)
	assert.Equal(t, day(time.June, 12), s.By)
}
