package credit

import (
	"slices"
	"time"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// PaidFor returns all time but that of some periods for which the charges of a
// resource do not pay, and false if they leave none of it out: one is without a
// window, or their windows hold the periods, or none lies in them. What is taken
// off pays for none. Give the charges of kinds that count alone. Where a fee is
// of what is judged, a timeline that lived at no other time, as
// [outage.Timeline.Within] returns it, is judged for what was paid for.
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

// allTime is every moment at which a window may lie.
var allTime = outage.MustWindow(time.Date(1900, time.January, 1, 0, 0, 0, 0, time.UTC), time.Date(2192, time.January, 1, 0, 0, 0, 0, time.UTC))
