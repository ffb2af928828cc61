package sla

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/slacredit/slacredit/internal/numeral"
)

// A Percent is an exact number of percent points: 99.95 is 99.95 %. The zero
// Percent is 0 %.
type Percent struct{ points decimal.Decimal }

// Points returns the number of percent points.
func (p Percent) Points() decimal.Decimal { return p.points }

// IsZero reports whether p is 0 %.
func (p Percent) IsZero() bool { return p.points.IsZero() }

// Equal reports whether p and q are the same number; == may tell 5% and 5.0%
// apart.
func (p Percent) Equal(q Percent) bool { return p.points.Equal(q.points) }

// String returns p with its sign and no more digits than it needs: "99.95%".
func (p Percent) String() string { return numeral.Format(p.points) + "%" }

// MarshalText returns the text of [Percent.String].
func (p Percent) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads a plain decimal number with its sign, "99.95%".
func (p *Percent) UnmarshalText(text []byte) error {
	number, found := strings.CutSuffix(string(text), "%")
	points, err := numeral.Parse(number)
	if !found || err != nil {
		return fmt.Errorf("sla: %s is not a percentage such as 99.95%%", numeral.Shorten(string(text)))
	}
	*p = Percent{points}
	return nil
}

// times returns p n times over.
func (p Percent) times(n int64) Percent { return Percent{p.points.Mul(decimal.NewFromInt(n))} }
