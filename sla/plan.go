package sla

import "github.com/slacredit/slacredit/outage"

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
	none := len(c.exclusions)
	n, counts := 0, make([]int, none+1) // by exclusion; the last excuses nothing
	for range m.timeline.Maintenance() {
		n++
	}
	all, windows, under := make([]outage.Maintenance, 0, n), make([]outage.Window, 0, n), make([]int, 0, n)
	for w, r := range m.timeline.Maintenance() {
		e := c.planning(r)
		if e < 0 {
			e = none
		}
		all, windows, under = append(all, r), append(windows, w), append(under, e)
		counts[e]++
	}
	of := func(e int) (p plan) {
		spells, own := make([]spell, 0, counts[e]), windows
		if counts[e] < n {
			own = make([]outage.Window, 0, counts[e])
		}
		for i, w := range windows {
			if under[i] != e {
				continue
			}
			rank := int64(-1) // never announced
			if r := &all[i]; !r.Announced.IsZero() {
				rank = max(0, int64(r.Start.Sub(r.Announced)))
			}
			spells = append(spells, spellOf(w, rank, i))
			if counts[e] < n {
				own = append(own, w)
			}
		}
		return plan{set: outage.NewSet(own...), best: foremost(spells), all: all}
	}
	m.plans = make([]plan, none)
	for e := range m.plans {
		m.plans[e] = of(e)
		m.plans[e].hours = c.exclusions[e].hours.within(within, c.zone)
		m.plans[e].set = join(m.plans[e].set, m.plans[e].hours)
	}
	m.idle = of(none)
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
