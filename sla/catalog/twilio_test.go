package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/outage"
)

// 0.05% of May are 22 min 19.2 s, and 0.01% less than the 5 min that an outage
// has to last.
func TestTwilio(t *testing.T) {
	short := down("vm", 5*time.Minute-1)
	short.ID, short.Start, short.End = "short", short.Start.Add(-time.Hour), short.End.Add(-time.Hour)
	for _, service := range []string{"apis", "sendgrid"} {
		standard, enterprise := edition(t, "twilio/"+service+"/standard"), edition(t, "twilio/"+service+"/enterprise")
		for _, tt := range []struct {
			e       Edition
			records []outage.Record
			want    string
		}{
			{standard, []outage.Record{down("vm", 1_339_200*time.Millisecond)}, "0%"},
			{standard, []outage.Record{down("vm", 1_339_200*time.Millisecond), short}, "0%"},
			{standard, []outage.Record{down("vm", 1_339_200*time.Millisecond+1)}, "10%"},
			{enterprise, []outage.Record{short}, "0%"},
			{enterprise, []outage.Record{down("vm", 5*time.Minute)}, "10%"},
		} {
			assert.Equal(t, tt.want, judge(t, tt.e, nil, tt.records...)["vm"].Entitlement.Percent.String())
		}
		assert.Equal(t, day(time.July, 1), claimOf(t, standard, "", joyentMarks).By)
	}
}
