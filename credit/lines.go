package credit

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/slacredit/slacredit/sla"
)

// Lines returns how a credit is split over the charges that make up its fees,
// in the order of the bill, each with what it was billed as the most that it
// takes. What each part comes to is split by largest remainder, in proportion
// to what counts of each charge, so that the shares sum to the credit; a charge
// below zero takes no share, and where all that counts is nothing, the first
// takes it all.
//
// Lower what is open to what is not credited yet, and give the lines to
// [ApplyLines]. It is an error if s has no such credit, or its credits do not go
// with its verdicts.
func (s Statement) Lines(credit int) ([]Line, error) {
	if _, err := s.Canonical(credit); err != nil { // it goes with the verdicts
		return nil, err
	}
	lines, err := newBook(s.bill()).lines(s.Credits[credit], byAgreement(s.Verdicts)[credit])
	if err != nil {
		return nil, fmt.Errorf("credit: lines of %s: %w", s.Credits[credit].Agreement, err)
	}
	return lines, nil
}

func (b *book) lines(c Credit, verdicts []sla.Verdict) ([]Line, error) {
	shares := make([]Money, len(b.charges))
	counts := make([]bool, len(b.charges))
	parts := c.Parts // one for each finding
	for _, v := range verdicts {
		if len(parts) < len(v.Findings) { // only of a statement that was put together by hand
			return nil, errors.New("it does not go with the verdicts")
		}
		for i, f := range v.Findings {
			all, err := b.counted(v, f)
			if err != nil {
				return nil, err
			}
			some := b.ofKinds(append([]count(nil), all...), f.Base)
			if len(some) == 0 {
				some = all[:1]
			}
			split, err := split(parts[i].Amount, b.weights(some))
			if err != nil {
				return nil, err
			}
			for j, c := range some {
				counts[c.charge] = true
				if shares[c.charge], err = shares[c.charge].Add(split[j]); err != nil {
					return nil, err
				}
			}
		}
		parts = parts[len(v.Findings):]
	}
	var lines []Line
	for i, c := range b.charges {
		if counts[i] {
			lines = append(lines, Line{c.ID, shares[i], Money{max(0, c.Amount.minor), b.currency}})
		}
	}
	return lines, nil
}

// weights returns what counts of some charges, and all for the first of them if
// that is nothing.
func (b *book) weights(counts []count) []*big.Rat {
	weights := make([]*big.Rat, len(counts))
	nothing := true
	for i, c := range counts {
		if weights[i] = b.charges[c.charge].worth(c.portion); weights[i].Sign() < 0 {
			weights[i].SetInt64(0)
		}
		nothing = nothing && weights[i].Sign() == 0
	}
	if nothing {
		weights[0].SetInt64(1)
	}
	return weights
}
