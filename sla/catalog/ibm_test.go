package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/sla/calendar"
)

// Six hours of a month of 31 days, as IBM's example has it.
func TestIBM(t *testing.T) {
	six := down("vm", 6*time.Hour)
	for name, want := range map[string]string{"2019-high-availability": "25%", "2019-other": "10%", "2020-high-availability": "25%", "2020-other": "10%"} {
		e := edition(t, "ibm/cloud/"+name)
		assert.Equal(t, want, gives(t, e, "", six), name)
		assert.Equal(t, "99.193548%", judge(t, e, nil, six)["vm"].Measurement.Availability().String())
	}
	long := down("vm", 38*time.Hour) // more than 5% of 744 h
	assert.Equal(t, "25%", gives(t, edition(t, "ibm/cloud/2019-other"), "", long))
	assert.Equal(t, "100%", gives(t, edition(t, "ibm/cloud/2020-other"), "", long))
}

// An outage on a weekend is claimed until the end of the Wednesday.
func TestIBMMaximo(t *testing.T) {
	by, err := edition(t, "ibm/maximo").Agreement.Claims.By.Until(calendar.Marks{"outage": down("vm", 3*time.Hour).End}, calendar.Workdays{Zone: time.UTC})
	require.NoError(t, err)
	assert.Equal(t, "2014-05-15T00:00:00Z", by.Format(time.RFC3339))
}
