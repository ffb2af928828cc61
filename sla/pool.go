package sla

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
)

// alone returns a resource as what is measured.
func alone(r *Resource) group {
	return group{name: r.Timeline.Resource(), nodes: []tree{leaf(r)}}
}

// scoped reports whether c asks for more than a resource of its own.
func (c *commitment) scoped() bool {
	return len(c.source.Scope.Only) > 0 || len(c.levels) > 0
}

// measure measures a group with several billing periods, in their order: for
// each, what ended in it.
func (c *commitment) measure(g group, billing []Period) ([][]Measurement, error) {
	if g.pooling == nil {
		return c.measureThing(g.nodes[0], billing)
	}
	pools := make([][]Measurement, len(billing))
	for _, n := range g.nodes {
		members, err := c.measureThing(n, billing)
		if err != nil {
			return nil, err
		}
		for i := range members {
			if pools[i] == nil {
				pools[i] = make([]Measurement, len(members[i]))
			}
			for j, m := range members[i] {
				pools[i][j].Members = append(pools[i][j].Members, m)
			}
		}
	}
	for i := range pools {
		for j := range pools[i] {
			if err := pools[i][j].pool(g.name); err != nil {
				return nil, err
			}
		}
	}
	return pools, nil
}

// measureThing measures what is not a pool. What counts is decided once for all
// periods, unless it depends on them.
func (c *commitment) measureThing(root tree, billing []Period) ([][]Measurement, error) {
	once := !c.grid.whole && !slices.ContainsFunc(c.exclusions, func(e exclusion) bool { return e.allowance.perPeriod() })
	all := outage.Window{}
	measured := make([][]Period, len(billing))
	for i, p := range billing {
		if p.Length() == 0 {
			return nil, errors.New("the period is empty")
		}
		all = hull(all, p.Window())
		once = once && p.Zone() == billing[0].Zone()
		if c.measuring.outage {
			continue
		}
		zoneOf := c.zoneOf
		if c.measuring.trailing {
			zoneOf = c.billingZone
		}
		zone, err := zoneOf(p)
		if err != nil {
			return nil, err
		}
		if measured[i], err = c.measuring.periods(p, zone); err != nil {
			return nil, err
		}
		for _, q := range measured[i] {
			all = hull(all, q.Window())
		}
	}
	weigh := func(p Period, within outage.Window) (m measuredThing, err error) {
		zone, err := c.zoneOf(p)
		if err != nil {
			return m, err
		}
		t, err := c.thing(root, within, zone)
		if err != nil {
			return m, err
		}
		return c.weigh(t), nil
	}
	var m measuredThing
	var err error
	out := make([][]Measurement, len(billing))
	for i, p := range billing {
		if once && i == 0 {
			if m, err = weigh(p, all); err != nil {
				return nil, err
			}
		}
		if c.measuring.outage {
			measured[i] = m.ended(p)
		}
		for _, q := range measured[i] {
			if !once {
				if m, err = weigh(p, q.Window()); err != nil {
					return nil, err
				}
			}
			cut, err := m.measure(q)
			if err != nil {
				return nil, err
			}
			out[i] = append(out[i], cut)
		}
	}
	return out, nil
}

// pool adds up the members.
func (m *Measurement) pool(name string) error {
	first := m.Members[0]
	m.Resource, m.Period, m.AsOf = name, first.Period, first.AsOf
	total := new(big.Int)
	for _, member := range m.Members {
		total.Add(total, big.NewInt(int64(max(member.Due, member.Period.Length()))))
		if !member.AsOf.Equal(m.AsOf) {
			return fmt.Errorf("resource %s is known as of another instant than those it is added to", numeral.Shorten(member.Resource))
		}
		if len(member.Outages) > 0 {
			m.Outages = append(m.Outages, member.Outages...)
		}
	}
	if total.Cmp(big.NewInt(math.MaxInt64)) > 0 {
		return errors.New("the members are longer than 292 years together")
	}
	slices.SortStableFunc(m.Outages, func(a, b Run) int { return a.Window.Start().Compare(b.Window.Start()) })
	pooled, err := m.pooled()
	if err != nil {
		return err
	}
	*m = pooled
	return m.check()
}

// pooled returns m with the figures that follow from its members.
func (m Measurement) pooled() (Measurement, error) {
	sums, err := m.sums()
	m.Up, m.Down, m.Excused, m.Unknown, m.Outside = sums.parts[Up], sums.parts[Down], sums.parts[Excused], sums.parts[Unknown], sums.parts[Outside]
	m.DownAtMost, m.Due, m.DueSteps = sums.atMost.ns, 0, nil
	for _, member := range m.Members {
		m.Due += member.Due
		m.DueSteps = append(m.DueSteps, DueStep{"due of " + member.Resource, member.Due})
	}
	return m, err
}

// checkPool reports a figure that does not follow from the members.
func (m Measurement) checkPool() error {
	if len(m.Pieces) > 0 {
		return errors.New("pieces beside members")
	}
	for _, member := range m.Members {
		if err := member.check(); err != nil {
			return fmt.Errorf("member %s: %w", numeral.Shorten(member.Resource), err)
		}
		if member.Period != m.Period {
			return fmt.Errorf("member %s is measured over another period", numeral.Shorten(member.Resource))
		}
	}
	want, err := m.pooled()
	if err != nil {
		return err
	}
	if m.Up != want.Up || m.Down != want.Down || m.Excused != want.Excused || m.Unknown != want.Unknown || m.Outside != want.Outside ||
		m.Due != want.Due || m.DownAtMost != want.DownAtMost || !slices.Equal(m.DueSteps, want.DueSteps) {
		return errors.New("the figures are not those of the members together")
	}
	return nil
}
