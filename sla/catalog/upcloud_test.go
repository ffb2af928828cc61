package catalog

import (
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/sla"
)

// percentOf returns what part of a length some service is, in percent points.
func percentOf(t *testing.T, service sla.ServiceTime, length sla.Quantity) string {
	t.Helper()
	d, err := length.Duration()
	require.NoError(t, err)
	return new(big.Rat).Quo(service.Nanoseconds(), big.NewRat(int64(d)/100, 1)).FloatString(3)
}

// All but the most that all compensations give together is known, and that does
// not touch what one interruption gives.
func TestUpCloud(t *testing.T) {
	e := edition(t, "upcloud/servers/older")
	_, err := e.Terms()
	assert.ErrorContains(t, err, "the copy breaks off")
	e.Missing = nil

	f := judge(t, e, nil, hosted(joyent149, "hardware"))["vm"]
	assert.Equal(t, "124h10m", f.Entitlement.Service.String(), "50 times 149 min")
	assert.Equal(t, "17.245", percentOf(t, f.Entitlement.Service, f.Base.Length), "of the 30 days before")
	assert.Equal(t, "100%", f.Limits[0].Percent.String())
	assert.True(t, f.Limits[0].PerOutage)

	assert.Equal(t, "nothing", gives(t, e, "", hosted(5*time.Minute, "telecommunications")))
	assert.Equal(t, "4h10m0.00000005s of service", gives(t, e, "", hosted(5*time.Minute+1, "telecommunications")))
	assert.Equal(t, "nothing", gives(t, e, "", hosted(joyent149, "security update")))

	planned := hosted(joyent149, "hardware")
	assert.Equal(t, "nothing", gives(t, e, "", planned, work(planned, 24*time.Hour)))
	assert.Equal(t, "124h10m of service", gives(t, e, "", planned, work(planned, 24*time.Hour-1)))
	assert.Equal(t, "2014-05-26T00:00:00Z", claimBy(t, e, "", planned), "15 days from the correction")
}
