package sla

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/slacredit/slacredit/internal/numeral"
)

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
		return fmt.Errorf("its %d members are longer than 292 years together; pool fewer of them by a label with more values, or judge a shorter period", len(m.Members))
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
	sums, err := m.tally()
	m.Up, m.Down, m.Excused, m.Unknown, m.Outside = sums.parts[Up], sums.parts[Down], sums.parts[Excused], sums.parts[Unknown], sums.parts[Outside]
	m.DownAtMost, m.Due, m.DueSteps, m.Open = floor(sums.atMost), 0, nil, false
	for _, member := range m.Members {
		m.Due += member.Due
		m.Open = m.Open || member.Open
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
		m.Due != want.Due || m.DownAtMost != want.DownAtMost || m.Open != want.Open || !slices.Equal(m.DueSteps, want.DueSteps) {
		return errors.New("the figures are not those of the members together")
	}
	return nil
}
