package sla

import (
	"fmt"
	"math/big"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/numeral"
)

// A Share is an exact part of a whole, as text: "0.25", or where no decimal
// number is exact, "1/3". The empty Share is the whole.
type Share string

// shareOf returns a part of a whole.
func shareOf(part exact.Number) Share {
	if part.Equal(whole) {
		return ""
	}
	return Share(numeral.FormatRatio(part.Rat()))
}

var whole = exact.Int(1)

// Rat returns the part of 1 that s is. It is an error if s is not such a text,
// or not from 0 to 1.
func (s Share) Rat() (*big.Rat, error) {
	part, err := s.number()
	if err != nil {
		return nil, fmt.Errorf("sla: reading a share: %w", err)
	}
	return part.Rat(), nil
}

// number is Rat; its error names no function.
func (s Share) number() (exact.Number, error) {
	if s == "" {
		return whole, nil
	}
	ratio, err := numeral.ParseRatio(string(s))
	part := exact.Of(ratio)
	if err == nil && (part.Sign() < 0 || part.Cmp(whole) > 0) {
		err = fmt.Errorf("%s is not from 0 to 1", numeral.Shorten(string(s)))
	}
	return part, err
}
