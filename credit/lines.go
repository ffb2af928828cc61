package credit

import (
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/sla"
)

// Lines returns how a credit is split over the charges that make up its fees,
// in the order of the bill, each with what it was billed as the most that it
// takes. What each part owes falls to what counts of its charges, in proportion;
// that is added up for each charge, and the credit is split by it once, by
// largest remainder. What of a group falls to some of its members only, as others
// give more for the rest, falls to the charges of these.
//
// So the shares sum to the credit, and where nobody is owed more than his fee
// none is more than was billed, while others have room: units that are left over
// go, one each, first to lines that have. Three charges of USD 0.33 that count
// exactly, as thirds of a dollar, are a fee of USD 1.00, of which one line then
// takes USD 0.34. Of lines that lost as much by the cut the first takes the unit,
// in the order of the parts, and of one part in that of the bill.
//
// A charge below zero takes no share. Where all that counts is nothing, the
// first charge takes it that is not below zero, be it of a kind that does not
// count. Lower what is open to what is not credited yet, and give the lines to
// [ApplyLines], which says what they take. It is an error if s has no such
// credit, or its credits do not go with its verdicts, and if something is owed,
// as a sum can be, where each charge for it is below zero.
func (s Statement) Lines(credit int) ([]Line, error) {
	if _, err := s.Canonical(credit); err != nil { // it goes with the verdicts
		return nil, err
	}
	lines, _, err := newBook(s.bill()).lines(s.Credits[credit], byAgreement(s.Verdicts)[credit])
	if err != nil {
		return nil, fmt.Errorf("credit: lines of %s: %w", numeral.Shorten(s.Credits[credit].Agreement), err)
	}
	return lines, nil
}

// lines returns the lines of a credit, and whether they are its parts under
// other names: each part has a line of its own, and its amount.
func (b *book) lines(c Credit, verdicts []sla.Verdict) (lines []Line, alike bool, err error) {
	var debts []debt
	index := map[*basis]int{} // of what falls to all of its charges
	parts := c.Parts          // one for each finding
	for _, v := range verdicts {
		if len(parts) < len(v.Findings) { // only of a statement that was put together by hand
			return nil, false, errors.New("it does not go with the verdicts")
		}
		for i, f := range v.Findings {
			of := b.basis(v, f)
			if of.err != nil {
				return nil, false, of.err
			}
			withheld := !c.Withheld.IsZero() && !parts[i].Automatic
			for _, s := range parts[i].Spread {
				if s.Yields == (Yielded{}) && !withheld {
					debts = append(debts, debt{of, s, covers(v, f), s.Exact.Rat()})
				}
			}
			if len(parts[i].Spread) > 0 {
				continue
			}
			at, known := index[of]
			if !known {
				at = len(debts)
				index[of] = at
				debts = append(debts, debt{of: of, owed: new(big.Rat)})
			}
			if !withheld {
				debts[at].owed.Add(debts[at].owed, parts[i].Owed.Rat())
			}
		}
		parts = parts[len(v.Findings):]
	}
	places := map[int]int{} // of a charge among the shares, which come in the order of the parts
	var charges []int
	var weights [][]*big.Rat
	alike = len(debts) == len(c.Parts)
	for _, d := range debts {
		counts, shares := b.shares(d)
		if len(counts) == 0 && d.owed.Sign() > 0 {
			return nil, false, errors.New("something is owed for which each charge is below zero, so that it falls to none")
		}
		alike = alike && len(counts) == 1 && d.members == nil
		for i, c := range counts {
			place, known := places[c]
			if !known {
				place = len(charges)
				places[c] = place
				charges, weights = append(charges, c), append(weights, nil)
			}
			if d.owed.Sign() > 0 && shares[i].Sign() > 0 {
				weights[place] = append(weights[place], shares[i].Mul(shares[i], d.owed))
			}
		}
	}
	alike = alike && len(charges) == len(c.Parts)
	amounts, within := make([]Money, len(charges)), alike
	for i := range amounts {
		if alike {
			amounts[i] = c.Parts[i].Amount
			within = within && amounts[i].minor <= b.billed(charges[i]).minor
		}
	}
	if !within {
		parts := amounts
		if amounts, err = b.split(c.Amount, charges, weights); err != nil {
			return nil, false, err
		}
		alike = alike && slices.Equal(amounts, parts)
	}
	for _, i := range slices.Sorted(maps.Keys(places)) {
		lines = append(lines, Line{b.charges[i].ID, amounts[places[i]], b.billed(i)})
	}
	return lines, alike, nil
}

// split splits an amount over charges by what is owed of each.
func (b *book) split(amount Money, charges []int, weights [][]*big.Rat) ([]Money, error) {
	minor := Money{1, b.currency}.rat()
	owed, most := make([]*big.Rat, len(charges)), make([]int64, len(charges))
	for i, charge := range charges {
		owed[i] = numeral.Sum(weights[i])
		owed[i].Quo(owed[i], minor)
		most[i] = b.billed(charge).minor
	}
	return splitWithin(amount, owed, most)
}

// billed returns the most that a charge takes.
func (b *book) billed(charge int) Money {
	return Money{max(0, b.charges[charge].Amount.minor), b.currency}
}

// A debt is what is owed of the charges of a basis, or of those of one member.
type debt struct {
	of      *basis
	share   Spread
	members []string // nil: of all charges
	owed    *big.Rat
}

// shares returns the charges to which a debt falls, and which share of it to
// each.
func (b *book) shares(d debt) (charges []int, shares []*big.Rat) {
	of, sum := d.of, new(big.Rat)
	for _, c := range of.counts {
		if d.members != nil && !d.share.falls(d.members, b.charges[c.charge].Resource) {
			continue
		}
		share := b.charges[c.charge].worth(c.portion)
		if share.Sign() < 0 {
			share.SetInt64(0)
		}
		charges, shares = append(charges, c.charge), append(shares, share)
		sum.Add(sum, share)
	}
	if sum.Sign() > 0 {
		for _, share := range shares {
			share.Quo(share, sum)
		}
		return charges, shares
	}
	for _, i := range slices.Concat(charges, of.others) {
		if b.charges[i].Amount.minor >= 0 {
			return []int{i}, []*big.Rat{big.NewRat(1, 1)}
		}
	}
	return nil, nil
}
