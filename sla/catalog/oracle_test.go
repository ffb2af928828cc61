package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/outage"
)

func TestOracle(t *testing.T) {
	e := edition(t, "oracle/infrastructure")
	assert.Equal(t, "10%", gives(t, e, "", down("vm", joyent149)))
	assert.Equal(t, "2014-07-10T00:00:00Z", claimBy(t, e, "", down("vm", joyent149)))

	// A mean over 744 hours: three requests of which all fail weigh as an hour.
	e = edition(t, "oracle/category-2")
	e.Missing = nil
	at := down("vm", time.Hour).Start
	f := judge(t, e, nil,
		outage.Traffic{ID: "a", Resource: "vm", Start: at, End: at.Add(time.Hour), Requests: 3, Failed: 3},
		outage.Traffic{ID: "b", Resource: "vm", Start: at.Add(time.Hour), End: at.Add(2 * time.Hour), Requests: 1000000})["vm"]
	assert.Equal(t, "99.865591%", f.Measurement.Availability().String(), "1 of 744")
}
