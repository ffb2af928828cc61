package sla

import (
	"fmt"
	"slices"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
)

// A Row is a row of a table, with the most downtime or outages that do not reach
// it.
type Row struct {
	Clause string // JSON pointer to the row
	Tier   Tier

	// Allowed is the most downtime at which the row does not hold, in
	// nanoseconds. Count is the most outages, for rows that count outages. If the
	// availability is rounded before it is compared, Allowed is the most downtime
	// whose rounded availability does not reach the row.
	Allowed time.Duration
	Count   int
}

// Rows returns the rows of the table of a commitment for some time due, from mild
// to severe: the last row that is reached gives. The commitment is given by its
// JSON pointer, as in [Finding.Clause]. It is an error if the pointer is to no
// commitment, or if the time due is not above zero.
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

// Entitlement returns the entitlement under a commitment for some downtime out of
// some time due, as [Terms.Judge] computes it from a measurement. Where nothing
// is due, it is nothing. It is an error if the pointer is to no commitment, if
// the promise or a row counts outages, or if a length is below zero.
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
	return c.entitlement(sizes{due: due, down: nanoseconds(down)}), nil
}

// commitment returns the commitment that a JSON pointer points to.
func (t *Terms) commitment(clause string) (*commitment, error) {
	all := t.orZero().commitments
	i := slices.IndexFunc(all, func(c commitment) bool { return c.clause == clause })
	if i < 0 {
		return nil, fmt.Errorf("%s is no commitment of %s", numeral.Shorten(clause), numeral.Shorten(t.orZero().agreement.Name))
	}
	return &all[i], nil
}

// Direct reports whether t decides on each moment by itself. That needs a single
// commitment on each resource alone, over periods that are known before the
// outages. A full outage without a cause or marks counts from its start to its
// end, and the downtime alone decides. So there are no slots, least lengths,
// allowances, weights, and no rows that count outages.
func (t *Terms) Direct() bool {
	all := t.orZero().commitments
	return len(all) == 1 && all[0].direct()
}
