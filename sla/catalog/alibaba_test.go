package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/sla/calendar"
)

// 0.025% of 744 h are 11 min 9.6 s: 11 whole minutes are met, 12 are not.
func TestAlibaba(t *testing.T) {
	e := edition(t, "alibaba/ecs")
	for length, want := range map[time.Duration]string{
		12*time.Minute - 1: "nothing", 12 * time.Minute: "10%", joyent149: "10%", 446*time.Minute + 59*time.Second: "10%", 447 * time.Minute: "25%",
		2232*time.Minute + 59*time.Second: "25%", 2233 * time.Minute: "100%",
	} {
		assert.Equal(t, want, gives(t, e, "", down("vm", length)), "%v", length)
	}
	partial := down("vm", 89*time.Second)
	partial.Start, partial.End = partial.Start.Add(1), partial.End.Add(1)
	assert.Zero(t, judge(t, e, nil, partial)["vm"].Measurement.Down, "no minute was lost throughout")

	terms, err := e.Terms()
	require.NoError(t, err)
	end := may2014.Window().End()
	s, err := terms.Standing("", calendar.Marks{"period": end}, calendar.Workdays{Zone: time.UTC}, end)
	require.NoError(t, err)
	assert.Equal(t, "2014-06-07T00:00:00Z", s.Opens.Format(time.RFC3339), "five business days from Sunday, June 1")
	assert.Equal(t, "2014-07-31T00:00:00Z", s.By.Format(time.RFC3339))
}
