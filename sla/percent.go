package sla

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/slacredit/slacredit/internal/numeral"
)

// A Percent is an exact number of percent points: 99.95 is 99.95 %. The zero
// Percent is 0 %.
type Percent struct {
	points   decimal.Decimal
	fraction *big.Rat // instead of points where they have no finite decimal; never written to
}

// percentOf returns a number of percent units as a percentage.
func percentOf(units int64) Percent { return Percent{points: decimal.New(units, -12)} }

// percentOfRat returns a number of percent points.
func percentOfRat(points *big.Rat) Percent {
	if d, finite := numeral.Decimal(points); finite {
		return Percent{points: d}
	}
	return Percent{fraction: points}
}

// maxPercentLength bounds the text of a percentage, in bytes. It leaves room
// for every share that a row can give.
const maxPercentLength = 300

// fractionPlaces is the number of decimal places at which Points cuts.
const fractionPlaces = 18

// Points returns the number of percent points. Where that has no finite
// decimal, as when a table counts exact parts of a step, it is cut toward zero
// to 18 places; [Percent.Rat] is exact.
func (p Percent) Points() decimal.Decimal {
	if p.fraction == nil {
		return p.points
	}
	scaled := new(big.Int).Exp(big.NewInt(10), big.NewInt(fractionPlaces), nil)
	scaled.Mul(scaled, p.fraction.Num()).Quo(scaled, p.fraction.Denom())
	return decimal.NewFromBigInt(scaled, -fractionPlaces)
}

// Rat returns the exact number of percent points.
func (p Percent) Rat() *big.Rat {
	if p.fraction == nil {
		return p.points.Rat()
	}
	return new(big.Rat).Set(p.fraction)
}

// IsZero reports whether p is 0 %.
func (p Percent) IsZero() bool { return p.fraction == nil && p.points.IsZero() }

// Equal reports whether p and q are the same number; == may tell 5% and 5.0%
// apart.
func (p Percent) Equal(q Percent) bool {
	if p.fraction == nil && q.fraction == nil {
		return p.points.Equal(q.points)
	}
	return p.Rat().Cmp(q.Rat()) == 0
}

// String returns p with its sign and no more digits than it needs, "99.95%",
// and as a fraction where no digits suffice, "25/3%".
func (p Percent) String() string {
	if p.fraction == nil {
		return numeral.Format(p.points) + "%"
	}
	return p.fraction.String() + "%"
}

// MarshalText returns the text of [Percent.String].
func (p Percent) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads a plain decimal number or a fraction with its sign,
// "99.95%".
func (p *Percent) UnmarshalText(text []byte) error {
	number, found := strings.CutSuffix(string(text), "%")
	points, err := numeral.Parse(number)
	read := Percent{points: points}
	if err != nil && len(number) <= maxPercentLength {
		var exact *big.Rat
		if exact, err = numeral.ParseRatio(number); err == nil {
			read = percentOfRat(exact)
		}
	}
	if !found || err != nil {
		return fmt.Errorf("sla: %s is not a percentage such as 99.95%%", numeral.Shorten(string(text)))
	}
	*p = read
	return nil
}

// times returns p n times over.
func (p Percent) times(n int64) Percent {
	return Percent{points: p.points.Mul(decimal.NewFromInt(n))}
}
