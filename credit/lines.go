package credit

import (
	"cmp"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/slacredit/slacredit/internal/apportion"
	"github.com/slacredit/slacredit/internal/numeral"
)

// A Line is a line of an invoice over which a credit is split.
type Line struct {
	ID    string `json:"id"`    // one line each
	Share Money  `json:"share"` // what of the credit is for the line, as the amount of a [Part]; not negative
	Open  Money  `json:"open"`  // the most that the line takes; not negative
}

// Lines returns how a credit is split over the charges that make up its fees,
// in the order of the bill, each with what it was billed as the most that it
// takes. What each part owes falls to what counts of its charges, in proportion;
// that is added up for each charge, and the credit is split by it once, by
// largest remainder. What of a group falls to some of its members only, as others
// give more for the rest, falls to the charges of these.
//
// So the shares sum to the credit, and where no part owes more than its fee
// none is more than was billed, while others have room: units that are left over
// go, one each, first to lines that have. Three charges of USD 0.33 that count
// exactly, as thirds of a dollar, are a fee of USD 1.00, of which one line then
// takes USD 0.34. Of lines that lost as much by the cut the first takes the unit,
// in the order of the parts, and of one part in that of the bill.
//
// A charge below zero takes no share. Where all that counts is nothing, the
// first charge takes it that is not below zero, be it of a kind that does not
// count. Lower what is open to what is not credited yet, and give the lines to
// [issue.ApplyLines], which says what they take. It is an error if each charge is
// below zero for which something is owed, as a sum can be, and for a credit that
// is not of a statement that was made or read.
func (c Credit) Lines() ([]Line, error) {
	lines, _, err := c.lines()
	if err != nil {
		return nil, fmt.Errorf("credit: lines of %s: %w", numeral.Shorten(c.Agreement), err)
	}
	return lines, nil
}

// lines returns the lines of a credit, and whether they are its parts under
// other names: each part has a line of its own, and its amount.
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
			return nil, false, errors.New("something is owed for which each charge is below zero, so that it falls to none")
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

// A tally adds up the shares that fall to each charge, in the order of the parts.
type tally struct {
	index   map[string]int // of a charge, by its ID
	places  map[string]int // among the charges of the bill
	charges []Counted
	weights [][]*big.Rat
}

// add adds what is owed, in shares of some charges.
func (t *tally) add(owed *big.Rat, counts []Counted, shares []*big.Rat) {
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
			t.weights[at] = append(t.weights[at], shares[i].Mul(shares[i], owed))
		}
	}
}

// split returns the amount of each charge, and whether these are the amounts of
// the parts. Where each charge has a part of its own, they are if none is more
// than was billed.
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
	minor := Money{1, c.Amount.currency}.rat()
	owed, most := make([]*big.Rat, len(t.charges)), make([]int64, len(t.charges))
	for i, charge := range t.charges {
		owed[i] = numeral.Sum(t.weights[i])
		owed[i].Quo(owed[i], minor)
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

// billed returns the most that a charge takes.
func (c Counted) billed() Money {
	return Money{max(0, c.charge.Amount.minor), c.charge.Amount.currency}
}

// A debt is an amount that is owed for the charges of a fee, or for those of one
// member.
type debt struct {
	of      *basis
	share   Spread
	members []string // nil: of all charges
	owed    *big.Rat
}

// debts returns the debts of a credit, in the order of its parts: one for each fee,
// and one for each share of a member that does not yield.
func (c Credit) debts() ([]debt, error) {
	var debts []debt
	index := map[*basis]int{} // of what falls to all of its charges
	for _, p := range c.Parts {
		if p.behind == nil {
			return nil, errors.New("it is of no statement that was made or read")
		}
		of, withheld := p.behind.basis, !c.Withheld.IsZero() && !p.Automatic
		for _, s := range p.Spread {
			if s.Yields == (YieldsTo{}) && !withheld {
				debts = append(debts, debt{of, s, p.covers(), s.Exact.Rat()})
			}
		}
		if len(p.Spread) > 0 {
			continue
		}
		at, known := index[of]
		if !known {
			at = len(debts)
			index[of] = at
			debts = append(debts, debt{of: of, owed: new(big.Rat)})
		}
		if !withheld {
			debts[at].owed.Add(debts[at].owed, p.Owed.Rat())
		}
	}
	return debts, nil
}

// shares returns the charges to which a debt falls, and which share of it to
// each.
func (d debt) shares() (charges []Counted, shares []*big.Rat) {
	sum := new(big.Rat)
	for _, c := range d.of.counts {
		if d.members != nil && !d.share.falls(d.members, c.charge.Resource) {
			continue
		}
		share := c.Worth.Rat()
		if share.Sign() < 0 {
			share.SetInt64(0)
		}
		charges, shares = append(charges, c), append(shares, share)
		sum.Add(sum, share)
	}
	if sum.Sign() > 0 {
		for _, share := range shares {
			share.Quo(share, sum)
		}
		return charges, shares
	}
	for _, c := range slices.Concat(charges, d.of.others) {
		if c.charge.Amount.minor >= 0 {
			return []Counted{c}, []*big.Rat{big.NewRat(1, 1)}
		}
	}
	return nil, nil
}
