package credit

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/internal/apart"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// Whatever field a bill or a credit gets, a copy of it shares nothing with it.
func TestClonesShareNothing(t *testing.T) {
	at := time.Date(2014, time.May, 27, 20, 13, 0, 0, time.UTC)
	given := []any{at, outage.MustWindow(at, at.Add(time.Hour)), calendar.Month(2014, time.May, time.UTC), MustMoney("USD 1.00")}
	var o outage.Outage
	apart.Fill(&o, given...)

	var b Bill
	apart.Fill(&b, append(given, o)...)
	assert.Equal(t, b, b.clone())
	assert.Empty(t, apart.Shared(b, b.clone()))

	var c Credit
	apart.Fill(&c, given...)
	assert.Equal(t, c, c.clone())
	assert.Empty(t, apart.Shared(c, c.clone()))
}
