package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/outage"
)

// More than 15 minutes, or more than one in the month.
func TestRollerNetwork(t *testing.T) {
	power := func(id string, after, length time.Duration) outage.Record {
		o := down("vm", length)
		o.ID, o.Cause, o.Start, o.End = id, "power", o.Start.Add(after), o.End.Add(after)
		return o
	}
	for part, sum := range map[string]string{"single-phase": "20USD", "three-phase": "30USD"} {
		e := edition(t, "roller-network/power/"+part)
		for _, tt := range []struct {
			records        []outage.Record
			length, number string
		}{
			{[]outage.Record{power("a", 0, 15*time.Minute)}, "0", "0"},
			{[]outage.Record{power("a", 0, 15*time.Minute+1)}, sum, "0"},
			{[]outage.Record{power("a", 0, 149*time.Minute)}, sum, "0"},
			{[]outage.Record{power("a", 0, time.Minute), power("b", time.Hour, time.Minute)}, "0", sum},
		} {
			findings := judge(t, e, nil, tt.records...)
			assert.Equal(t, tt.length, findings["vm, length"].Entitlement.Sum.String())
			assert.Equal(t, tt.number, findings["vm, number"].Entitlement.Sum.String())
			assert.Equal(t, findings["vm, length"].OneOf, findings["vm, number"].OneOf, "not combined")
		}
	}
}
