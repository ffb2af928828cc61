package sla

import "github.com/slacredit/slacredit/outage"

// ended returns the outages that ended in a period, excused ones too. Of one
// that goes on at the as-of instant that is not known; it is taken as far as it
// is known while it may still end in the period.
func (m measuredThing) ended(p Period) []Period {
	var periods []Period
	for w := range m.known.lasting.All() {
		within := w.End().After(p.window.Start()) && !w.End().After(p.window.End())
		if within && (m.asOf.Before(p.window.End()) || !m.goesOn(w)) {
			periods = append(periods, outagePeriod(w))
		}
	}
	return periods
}

// goesOn reports whether an outage is behind w that goes on after the as-of
// instant.
func (m measuredThing) goesOn(w outage.Window) bool {
	if m.asOf.IsZero() || w.End().Before(m.asOf) {
		return false
	}
	for _, member := range m.members {
		for _, s := range member.spells {
			if member.open[s.record] && s.to > w.Start().UnixNano() {
				return true
			}
		}
	}
	return false
}
