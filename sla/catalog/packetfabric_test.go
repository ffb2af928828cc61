package catalog

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// By how far the loss of 0.1% is exceeded.
func TestPacketFabric(t *testing.T) {
	e := edition(t, "packetfabric/packet-loss")
	for lost, want := range map[int64]string{1000: "0%", 1099: "0%", 1100: "10%", 1249: "10%", 1250: "20%", 1499: "20%", 1500: "30%", 1749: "30%", 1750: "40%", 1999: "40%", 2000: "50%"} {
		f := judge(t, e, nil, outage.Traffic{ID: "t", Resource: "vm", Start: day(time.May, 1), End: day(time.June, 1), Requests: 1_000_000, Failed: lost})["vm"]
		assert.Equal(t, want, f.Entitlement.Percent.String(), lost)
	}
}

func TestPacketFabricChronic(t *testing.T) {
	for _, tt := range []struct {
		plan   string
		length time.Duration // of each outage, one a day
		count  int
		want   int // rights
	}{
		{"diverse", 30 * time.Minute, 3, 0},
		{"diverse", 30*time.Minute + 1, 2, 0},
		{"diverse", 30*time.Minute + 1, 3, 1},
		{"diverse", 24 * time.Hour, 1, 0},
		{"diverse", 24*time.Hour + 1, 1, 1},
		{"non-diverse", 12 * time.Hour, 3, 0},
		{"non-diverse", 12*time.Hour + 1, 3, 1},
		{"non-diverse", 48 * time.Hour, 1, 0},
		{"non-diverse", 48*time.Hour + 1, 1, 1},
	} {
		terms, err := edition(t, "packetfabric/chronic-outages/"+tt.plan).Terms()
		require.NoError(t, err)
		var records []outage.Record
		for i := range tt.count {
			start := day(time.May, 5+i)
			records = append(records, outage.Outage{ID: fmt.Sprint(i), Resource: "vm", Start: start, End: start.Add(tt.length)})
		}
		timeline, err := outage.Options{Resources: []string{"vm"}}.Timeline(records...)
		require.NoError(t, err)
		v, err := terms.Judge(timeline, may2014)
		require.NoError(t, err)
		rights, err := terms.Terminations([]sla.Verdict{v})
		require.NoError(t, err)
		assert.Len(t, rights, tt.want, tt)
	}
}
