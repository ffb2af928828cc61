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
// largest remainder. So the shares sum to the credit, and where nobody is owed
// more than his fee, none is more than was billed.
//
// A charge below zero takes no share. Where all that counts is nothing, the
// first charge takes it that is not below zero, be it of a kind that does not
// count. Lower what is open to what is not credited yet, and give the lines to
// [ApplyLines], which says what they take. It is an error if s has no such
// credit, or its credits do not go with its verdicts.
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
	owed := map[*basis]*big.Rat{}
	var order []*basis
	parts := c.Parts // one for each finding
	for _, v := range verdicts {
		if len(parts) < len(v.Findings) { // only of a statement that was put together by hand
			return nil, false, errors.New("it does not go with the verdicts")
		}
		for i, f := range v.Findings {
			of := b.basis(v, f)
			if of.err != nil {
				return nil, false, of.err
			}
			if owed[of] == nil {
				owed[of] = new(big.Rat)
				order = append(order, of)
			}
			owed[of].Add(owed[of], parts[i].Owed.Rat())
		}
		parts = parts[len(v.Findings):]
	}
	places := map[int]int{} // of a charge among the shares, which come in the order of the parts
	var charges []int
	var weights [][]*big.Rat
	alike = len(order) == len(c.Parts)
	for _, of := range order {
		counts, shares := b.shares(of)
		alike = alike && len(counts) == 1
		for i, c := range counts {
			place, known := places[c]
			if !known {
				place = len(charges)
				places[c] = place
				charges, weights = append(charges, c), append(weights, nil)
			}
			if owed[of].Sign() > 0 && shares[i].Sign() > 0 {
				weights[place] = append(weights[place], shares[i].Mul(shares[i], owed[of]))
			}
		}
	}
	alike = alike && len(charges) == len(c.Parts)
	amounts := make([]Money, len(charges))
	if alike {
		for i, p := range c.Parts {
			amounts[i] = p.Amount
		}
	} else {
		sums := make([]*big.Rat, len(charges))
		for i := range charges {
			sums[i] = numeral.Sum(weights[i])
		}
		if amounts, err = split(c.Amount, sums); err != nil {
			return nil, false, err
		}
	}
	for _, i := range slices.Sorted(maps.Keys(places)) {
		lines = append(lines, Line{b.charges[i].ID, amounts[places[i]], Money{max(0, b.charges[i].Amount.minor), b.currency}})
	}
	return lines, alike, nil
}

// shares returns the charges to which what is owed of a basis falls, and which
// share of it to each.
func (b *book) shares(of *basis) (charges []int, shares []*big.Rat) {
	sum := new(big.Rat)
	for _, c := range of.counts {
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
