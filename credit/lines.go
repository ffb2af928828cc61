package credit

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/slacredit/slacredit/internal/apportion"
	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/numeral"
)

// A Line is an invoice line that takes a share of a credit.
type Line struct {
	ID    string `json:"id"`    // unique among the lines
	Share Money  `json:"share"` // the share of the credit for this line; not negative
	Open  Money  `json:"open"`  // the most that the line can take; not negative
}

// Lines splits a credit over the charges that make up its fees, and returns one
// line for each charge, in the order of the bill. The Open of a line is the
// amount that it was billed. Lower it to the amount that is not credited yet,
// and give the lines to ApplyLines of package credit/issue.
//
// The amount that each part owes falls to its charges, in proportion to what
// counts of each. These amounts are added up for each charge, and the credit is
// split by them once, by largest remainder. The spread shares of a group that
// do not yield fall to the charges of their own members.
//
// The shares sum to the credit. If no part owes more than its fee, no share
// exceeds the billed amount while other lines have room: remaining units go
// first, one each, to lines with room. For example, three charges of USD 0.33
// that count exactly, as thirds of a dollar, are a fee of USD 1.00. One of
// their lines then takes USD 0.34. Of charges with equal remainders, the first
// gets the unit, in the order of the parts and then of the bill.
//
// A charge below zero takes no share. If all charges that count are zero, the
// amount falls to the first charge that is not below zero, even one of a kind
// that does not count. It is an error if an amount is owed and all its charges are below
// zero, which is possible for a fixed sum. It is also an error if the credit
// does not come from [NewStatement] or [Statement.UnmarshalJSON].
func (c Credit) Lines() ([]Line, error) {
	lines, _, err := c.lines()
	if err != nil {
		return nil, fmt.Errorf("credit: lines of %s: %w", numeral.Shorten(c.Agreement), err)
	}
	return lines, nil
}

// lines returns the lines of a credit. Alike reports whether each part has
// exactly one line, with the same amount.
func (c Credit) lines() (lines []Line, alike bool, err error) {
	debts, err := c.debts()
	if err != nil {
		return nil, false, err
	}
	var t tally
	alike = len(debts) == len(c.Parts)
	for _, d := range debts {
		counts, shares := d.shares()
		if len(counts) == 0 && d.owed.Sign() > 0 {
			return nil, false, errors.New("an amount is owed, but all charges of its fee are below zero, so no line can take it")
		}
		alike = alike && len(counts) == 1 && d.members == nil
		t.add(d.owed, counts, shares)
	}
	amounts, same, err := t.split(c, alike && len(t.charges) == len(c.Parts))
	if err != nil {
		return nil, false, err
	}
	for i, charge := range t.charges {
		lines = append(lines, Line{charge.Charge, amounts[i], charge.billed()})
	}
	slices.SortFunc(lines, func(l, m Line) int { return cmp.Compare(t.places[l.ID], t.places[m.ID]) })
	return lines, same, nil
}

// A tally sums the amounts that fall to each charge, in the order of the parts.
type tally struct {
	index   map[string]int // into charges, by ID
	places  map[string]int // in the bill, by ID
	charges []Counted
	weights [][]exact.Number
}

// add adds an owed amount, split into shares over some charges.
func (t *tally) add(owed exact.Number, counts []Counted, shares []exact.Number) {
	if t.index == nil {
		t.index, t.places = map[string]int{}, map[string]int{}
	}
	for i, c := range counts {
		at, known := t.index[c.Charge]
		if !known {
			at = len(t.charges)
			t.index[c.Charge], t.places[c.Charge] = at, c.place
			t.charges, t.weights = append(t.charges, c), append(t.weights, nil)
		}
		if owed.Sign() > 0 && shares[i].Sign() > 0 {
			t.weights[at] = append(t.weights[at], shares[i].Mul(owed))
		}
	}
}

// split returns the amount of each charge, and whether these are the amounts of
// the parts. Own says that each charge belongs to exactly one part. Then the
// amounts of the parts are taken, unless one exceeds the billed amount.
func (t *tally) split(c Credit, own bool) (amounts []Money, same bool, err error) {
	parts := make([]Money, len(t.charges))
	within := own
	for i := range parts {
		if own {
			parts[i] = c.Parts[i].Amount
			within = within && parts[i].minor <= t.charges[i].billed().minor
		}
	}
	if within {
		return parts, true, nil
	}
	minor := Money{1, c.Amount.currency}.major()
	owed, most := make([]exact.Number, len(t.charges)), make([]int64, len(t.charges))
	for i, charge := range t.charges {
		owed[i] = exact.Sum(t.weights[i]...).Quo(minor)
		most[i] = charge.billed().minor
	}
	minors, err := apportion.SplitWithin(c.Amount.minor, owed, most)
	if err != nil {
		return nil, false, fmt.Errorf("splitting %v: %w", c.Amount, err)
	}
	for _, m := range minors {
		amounts = append(amounts, Money{m, c.Amount.currency})
	}
	return amounts, own && slices.Equal(amounts, parts), nil
}

// billed returns the most that a charge can take.
func (c Counted) billed() Money {
	return Money{max(0, c.charge.Amount.minor), c.charge.Amount.currency}
}

// A debt is an amount that is owed for the charges of a fee, or for the charges
// of one member.
type debt struct {
	of      *basis
	share   Spread
	members []string // nil: all charges of the fee
	owed    exact.Number
}

// debts returns the debts of a credit, in the order of its parts: one for each
// fee, and one for each share of a member that does not yield.
func (c Credit) debts() ([]debt, error) {
	var debts []debt
	index := map[*basis]int{} // of the debt for all charges of a fee
	for _, p := range c.Parts {
		if p.behind == nil {
			return nil, errors.New("the credit does not come from NewStatement or from reading a statement")
		}
		of, withheld := p.behind.basis, !c.Withheld.IsZero() && !p.Automatic
		for _, s := range p.Spread {
			if s.Yields == (YieldsTo{}) && !withheld {
				debts = append(debts, debt{of, s, p.covers(), s.Exact.amount})
			}
		}
		if len(p.Spread) > 0 {
			continue
		}
		at, known := index[of]
		if !known {
			at = len(debts)
			index[of] = at
			debts = append(debts, debt{of: of})
		}
		if !withheld {
			debts[at].owed = debts[at].owed.Add(p.Owed.amount)
		}
	}
	return debts, nil
}

// shares returns the charges that a debt falls to, and the share of each.
func (d debt) shares() (charges []Counted, shares []exact.Number) {
	var sum exact.Number
	for _, c := range d.of.counts {
		if d.members != nil && !d.share.falls(d.members, c.charge.Resource) {
			continue
		}
		share := c.Worth.amount
		if share.Sign() < 0 {
			share = exact.Number{}
		}
		charges, shares = append(charges, c), append(shares, share)
		sum = sum.Add(share)
	}
	if sum.Sign() > 0 {
		for i := range shares {
			shares[i] = shares[i].Quo(sum)
		}
		return charges, shares
	}
	for _, c := range slices.Concat(charges, d.of.others) {
		if c.charge.Amount.minor >= 0 {
			return []Counted{c}, []exact.Number{exact.Int(1)}
		}
	}
	return nil, nil
}
