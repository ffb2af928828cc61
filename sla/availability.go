package sla

import (
	"math/big"
	"math/bits"
	"time"

	"github.com/shopspring/decimal"

	"github.com/slacredit/slacredit/internal/exact"
)

// An Availability is the exact ratio of the time served to the time due. Where
// nobody knows of some time whether it was down, it has two bounds. The zero
// Availability is that of a time in which nothing was due, and undefined.
type Availability struct {
	due     time.Duration
	down    exact.Number // in nanoseconds, that is known; 0 ≤ down ≤ most ≤ due
	most    exact.Number // if the resource was down whenever nobody knows
	unknown bool         // of some of the time nobody knows
}

// AvailabilityOf returns the ratio for some downtime and the most that it can be,
// each 0 if it is more than what was due; where unknown is true, of some of the
// time nobody knows. Of a length below zero it is undefined.
func AvailabilityOf(due, down, downAtMost time.Duration, unknown bool) Availability {
	return availability(due, nanoseconds(down), nanoseconds(downAtMost), unknown)
}

// availability returns the ratio for some downtime and the most that it can be,
// or 0 if that is more than what was due. Of a length below zero, which nothing
// measured has, it is undefined.
func availability(due time.Duration, down, most exact.Number, unknown bool) Availability {
	if due < 0 || down.Sign() < 0 || most.Sign() < 0 {
		return Availability{}
	}
	all := nanoseconds(due)
	return Availability{due, down.Min(all), most.Min(all), unknown}
}

// Known reports whether nobody's knowledge could change a: both bounds of it are
// the same.
func (a Availability) Known() bool { return a.down.Equal(a.most) }

// AtLeast returns the lower bound of a: the availability if the resource was down
// whenever nobody knows.
func (a Availability) AtLeast() Availability { return Availability{a.due, a.most, a.most, a.unknown} }

// AtMost returns the upper bound of a: the availability if the resource was up
// whenever nobody knows.
func (a Availability) AtMost() Availability { return Availability{a.due, a.down, a.down, a.unknown} }

// served returns what was due and is not known to be down, in nanoseconds.
func (a Availability) served() exact.Number { return nanoseconds(a.due).Sub(a.down) }

// Percent returns a in percent points with the given decimal places, floored,
// so that counted downtime never shows as 100 %. It reports false, with zero, if
// nothing was due. Where a has two bounds it is the upper one; ask
// [Availability.AtLeast] for the other.
func (a Availability) Percent(places uint8) (percent decimal.Decimal, defined bool) {
	if a.due == 0 {
		return decimal.Decimal{}, false
	}
	served := a.served()
	if served.IsInt() && places <= 16 { // the result is at most 10¹⁸
		powers := uint64(100)
		for range places {
			powers *= 10
		}
		hi, lo := bits.Mul64(uint64(floor(served)), powers)
		scaled, _ := bits.Div64(hi, lo, uint64(a.due)) // at most the power
		return decimal.New(int64(scaled), -int32(places)), true
	}
	ratio := a.Ratio()
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)+2), nil)
	scale.Mul(scale, ratio.Num())
	scale.Quo(scale, ratio.Denom()) // both are positive: the floor
	return decimal.NewFromBigInt(scale, -int32(places)), true
}

// Ratio returns the exact ratio, from 0 to 1, and nil if nothing was due. Where a
// has two bounds it is the upper one.
func (a Availability) Ratio() *big.Rat {
	if a.due == 0 {
		return nil
	}
	return a.served().Quo(nanoseconds(a.due)).Rat()
}

// Text returns a as "99.955197%" with the given decimal places, floored, and
// where it has two bounds both, "0.000000% to 100.000000%". Only if nothing at
// all was down, and nothing unknown, is it a bare "100%", and else has a place at
// least where it would read so; if nothing was due it is "undefined".
func (a Availability) Text(places uint8) string {
	percent, defined := a.Percent(places)
	switch {
	case !defined:
		return "undefined"
	case !a.Known():
		return a.AtLeast().Text(places) + " to " + a.AtMost().Text(places)
	case !a.down.IsZero():
	case !a.unknown:
		return "100%"
	case places == 0:
		return percent.StringFixed(1) + "%"
	}
	return percent.StringFixed(int32(places)) + "%"
}

// String returns a with six decimal places.
func (a Availability) String() string { return a.Text(6) }
