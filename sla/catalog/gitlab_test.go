package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestGitLab(t *testing.T) {
	e := edition(t, "gitlab/gitlab-com")
	for _, tt := range []struct {
		minutes          int
		requests, failed int64
		want             string
	}{
		{45, 1_000_000, 50_000, "5%"}, // at least 5% fail
		{45, 1_000_000, 49_999, "0%"},
		{44, 1, 1, "0%"}, // 0.1% of May are 44.64 min
		{223, 1, 1, "5%"},
		{224, 1, 1, "10%"}, // 0.5% are 223.2 min
	} {
		assert.Equal(t, tt.want, judge(t, e, nil, minutesOf(day(time.May, 10), tt.minutes, tt.requests, tt.failed)...)["vm"].Entitlement.Percent.String(), tt)
	}
	assert.Equal(t, day(time.July, 1), claimOf(t, e, "", joyentMarks).By)
}
