package sla

import (
	"fmt"
	"slices"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
)

// A Row is a row of a table, and the most that does not reach it.
type Row struct {
	Clause string // JSON pointer to the row
	Tier   Tier

	// Allowed is the most downtime with which the row does not hold, in
	// nanoseconds, and Count the most outages where the rows count those. Where the
	// availability is rounded before it is compared, the rounded one does not reach
	// the row with so much.
	Allowed time.Duration
	Count   int
}

// Rows returns the rows of the table of a commitment, which is given by its JSON
// pointer as in [Finding.Clause], where some time is due: from mild to severe, so
// that the last one that is reached gives. A pointer to no commitment is an error,
// and so is a due time that is not above zero, out of which no row gives.
func (t *Terms) Rows(clause string, due time.Duration) ([]Row, error) {
	c, err := t.commitment(clause)
	if err == nil && due <= 0 {
		err = fmt.Errorf("%v is due", due)
	}
	if err != nil {
		return nil, fmt.Errorf("sla: rows: %w", err)
	}
	rows := make([]Row, len(c.tiers))
	for i, tier := range c.tiers {
		rows[i] = Row{Clause: tier.clause, Tier: tier.source}
		if most := c.scale.allowed(tier.below, due); c.scale.unit == count {
			rows[i].Count = int(most)
		} else {
			rows[i].Allowed = time.Duration(most)
		}
	}
	return rows, nil
}

// Entitlement returns what a commitment gives for some downtime out of what is
// due, as [Terms.Judge] does for what was measured; nothing where nothing is due.
// A pointer to no commitment is an error, and so is a commitment that counts
// outages, or whose rows do, and a length below zero.
func (t *Terms) Entitlement(clause string, due, down time.Duration) (Entitlement, error) {
	c, err := t.commitment(clause)
	switch {
	case err != nil:
	case due < 0 || down < 0:
		err = fmt.Errorf("%v down of %v due, below zero", down, due)
	case c.countsOutages():
		err = fmt.Errorf("%s counts outages", numeral.Shorten(clause))
	}
	if err != nil {
		return Entitlement{}, fmt.Errorf("sla: entitlement: %w", err)
	}
	return c.entitlement(sizes{due: due, down: exactTime{ns: down}}), nil
}

// commitment returns the commitment to which a JSON pointer points.
func (t *Terms) commitment(clause string) (*commitment, error) {
	all := t.orZero().commitments
	i := slices.IndexFunc(all, func(c commitment) bool { return c.clause == clause })
	if i < 0 {
		return nil, fmt.Errorf("%s is no commitment of %s", numeral.Shorten(clause), numeral.Shorten(t.orZero().agreement.Name))
	}
	return &all[i], nil
}

// Direct reports whether t decides on each moment by itself: there is one
// commitment, on each resource alone and over periods that are known before; full
// outages without a cause or marks count from their start to their end; and how
// much is down decides alone. So it is without slots, a least length, allowances,
// weights, and rows that count outages.
func (t *Terms) Direct() bool {
	all := t.orZero().commitments
	return len(all) == 1 && all[0].direct()
}
