package sla

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/numeral"
)

// A Percent is an exact number of percent points: 99.95 is 99.95 %. The zero
// Percent is 0 %.
type Percent struct{ points exact.Number }

// percentOf returns a number of percent units as a percentage.
func percentOf(units int64) Percent { return Percent{exact.New(units, percentUnits)} }

// maxPercentLength bounds the text of a percentage, in bytes. It leaves room
// for every share that a row can give.
const maxPercentLength = 300

// fractionPlaces is the number of decimal places at which Points cuts.
const fractionPlaces = 18

// Points returns the number of percent points. Where that has no finite
// decimal, as when a table counts exact parts of a step, it is cut toward zero
// to 18 places; [Percent.Rat] is exact.
func (p Percent) Points() decimal.Decimal {
	points := p.points.Rat()
	if d, finite := numeral.Decimal(points); finite {
		return d
	}
	scaled := new(big.Int).Exp(big.NewInt(10), big.NewInt(fractionPlaces), nil)
	scaled.Mul(scaled, points.Num()).Quo(scaled, points.Denom())
	return decimal.NewFromBigInt(scaled, -fractionPlaces)
}

// Rat returns the exact number of percent points.
func (p Percent) Rat() *big.Rat { return p.points.Rat() }

// Sign returns -1, 0 or +1 as p is below, at or above 0 %.
func (p Percent) Sign() int { return p.points.Sign() }

// IsZero reports whether p is 0 %.
func (p Percent) IsZero() bool { return p.points.IsZero() }

// Equal reports whether p and q are the same number; == does not compare long
// fractions.
func (p Percent) Equal(q Percent) bool { return p.points.Equal(q.points) }

// String returns p with its sign and no more digits than it needs, "99.95%",
// and as a fraction where no digits suffice, "25/3%".
func (p Percent) String() string { return numeral.FormatRatio(p.points.Rat()) + "%" }

// MarshalText returns the text of [Percent.String].
func (p Percent) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads a plain decimal number or a fraction with its sign,
// "99.95%".
func (p *Percent) UnmarshalText(text []byte) error {
	number, found := strings.CutSuffix(string(text), "%")
	points, err := numeral.Parse(number)
	read := points.Rat()
	if err != nil && len(number) <= maxPercentLength {
		read, err = numeral.ParseRatio(number)
	}
	if !found || err != nil {
		return fmt.Errorf("sla: %s is not a percentage such as 99.95%%", numeral.Shorten(string(text)))
	}
	*p = Percent{exact.Of(read)}
	return nil
}
