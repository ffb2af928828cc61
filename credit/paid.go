package credit

import (
	"slices"
	"time"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// PaidFor returns all time except the part of some periods that the charges of
// a resource do not pay for. It returns false if nothing is unpaid: a charge
// has no window, or the windows contain the periods. It also returns false if
// no window lies in the periods. Charges below zero pay for no time. Pass only
// charges of kinds that count.
//
// If the fee is for the judged time, the judged timeline must be limited to the
// paid time: [outage.Timeline.Within] returns it.
func PaidFor(resource string, charges []Charge, periods ...calendar.Period) (paid outage.Set, part bool) {
	var windows, unpaid []outage.Window
	for _, c := range charges {
		if c.Amount.Sign() < 0 {
			continue
		}
		if c.Resource == resource && c.Cycle == 0 && c.Window.IsEmpty() {
			return outage.Set{}, false
		}
		if c.Resource == resource {
			windows = append(windows, c.Window)
		}
	}
	paid = outage.NewSet(windows...)
	for _, p := range periods {
		if within := paid.Within(p.Window()); !within.IsEmpty() {
			unpaid = slices.AppendSeq(unpaid, outage.NewSet(p.Window()).Subtract(within).All())
		}
	}
	return outage.NewSet(allTime).Subtract(outage.NewSet(unpaid...)), len(unpaid) > 0
}

// allTime contains every moment at which a window may lie.
var allTime = outage.MustWindow(time.Date(1900, time.January, 1, 0, 0, 0, 0, time.UTC), time.Date(2192, time.January, 1, 0, 0, 0, 0, time.UTC))
