package sla

import (
	"fmt"

	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/outage"
)

// A plan is the time that an exclusion excuses by windows and hours.
type plan struct {
	set   outage.Set
	hours outage.Set // the part of it that the agreement itself excuses
	best  []spell    // at each moment, the window announced longest ahead
	all   []outage.Maintenance
}

// plan sorts maintenance windows by the exclusion under which they excuse. The
// hours of an agreement are computed within a window.
func (m *member) plan(c *commitment, within outage.Window) {
	m.plans = make([]plan, len(c.exclusions))
	spells := make([][]spell, len(c.exclusions)+1)
	windows := make([][]outage.Window, len(c.exclusions))
	for w, r := range m.timeline.Maintenance() {
		e := c.planning(r)
		p := &m.idle
		if e >= 0 {
			p = &m.plans[e]
			windows[e] = append(windows[e], w)
		} else {
			e = len(c.exclusions)
		}
		rank := int64(-1) // never announced
		if !r.Announced.IsZero() {
			rank = max(0, int64(r.Start.Sub(r.Announced)))
		}
		spells[e] = append(spells[e], spellOf(w, rank, len(p.all)))
		p.all = append(p.all, r)
	}
	for e := range c.exclusions {
		p := &m.plans[e]
		p.hours = c.exclusions[e].hours.within(within, c.zone)
		p.set = outage.NewSet(windows[e]...).Union(p.hours)
		p.best = foremost(spells[e])
	}
	m.idle.best = foremost(spells[len(c.exclusions)])
}

// at returns the maintenance record at an instant, of several the one that was
// announced longest ahead.
func (p plan) at(instant int64) (outage.Maintenance, bool) {
	s, found := spellAt(p.best, instant)
	if !found {
		return outage.Maintenance{}, false
	}
	return p.all[s.record], true
}

// announced says when maintenance was announced.
func announced(m outage.Maintenance) string {
	switch ahead := m.Start.Sub(m.Announced); {
	case m.Announced.IsZero():
		return "never announced"
	case ahead < 0:
		return fmt.Sprintf("announced %s after its start", span.String(-ahead))
	default:
		return fmt.Sprintf("announced %s ahead", span.String(ahead))
	}
}
