package sla

import "github.com/slacredit/slacredit/outage"

// A plan is time that was set aside.
type plan struct {
	set   outage.Set
	hours outage.Set // of it, what the agreement itself sets aside
	best  []spell    // the window that was announced longest ahead
	all   []outage.Maintenance
}

// plan sorts what was set aside by the exclusion under which it forgives. The
// hours of an agreement are told within a window.
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

// at returns the window that was announced longest ahead of those under way at
// an instant.
func (p plan) at(instant int64) (outage.Maintenance, bool) {
	s, found := spellAt(p.best, instant)
	if !found {
		return outage.Maintenance{}, false
	}
	return p.all[s.record], true
}
