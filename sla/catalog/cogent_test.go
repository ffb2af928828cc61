package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestCogent(t *testing.T) {
	e := edition(t, "cogent/network")
	assert.Equal(t, day(time.June, 11), claimOf(t, e, "packet loss", joyentMarks).By, "the seventh business day is Tuesday, the 10th of June")
}
