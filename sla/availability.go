package sla

import (
	"math/big"
	"math/bits"
	"time"

	"github.com/shopspring/decimal"

	"github.com/slacredit/slacredit/internal/exact"
)

// An Availability is the exact ratio of the time served to the time due. With
// unobserved time it can have two bounds. The zero Availability is undefined: nothing
// was due.
type Availability struct {
	due     time.Duration
	down    exact.Number // known, in nanoseconds; 0 ≤ down ≤ most ≤ due
	most    exact.Number // if all unobserved time was down
	unknown bool         // some time is unknown
}

// AvailabilityOf returns the availability for some downtime and the most that it can
// be. It is 0 if more was down than due, and undefined if a length is below zero.
// The argument unknown states whether some of the time is unknown.
func AvailabilityOf(due, down, downAtMost time.Duration, unknown bool) Availability {
	return availability(due, nanoseconds(down), nanoseconds(downAtMost), unknown)
}

// availability is AvailabilityOf for exact numbers of nanoseconds.
func availability(due time.Duration, down, most exact.Number, unknown bool) Availability {
	if due < 0 || down.Sign() < 0 || most.Sign() < 0 {
		return Availability{}
	}
	all := nanoseconds(due)
	return Availability{due, down.Min(all), most.Min(all), unknown}
}

// Known reports whether both bounds of a are the same.
func (a Availability) Known() bool { return a.down.Equal(a.most) }

// AtLeast returns the lower bound of a: the availability if all unobserved time was
// down.
func (a Availability) AtLeast() Availability { return Availability{a.due, a.most, a.most, a.unknown} }

// AtMost returns the upper bound of a: the availability if all unobserved time was up.
func (a Availability) AtMost() Availability { return Availability{a.due, a.down, a.down, a.unknown} }

// served returns the time due less the known downtime, in nanoseconds.
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

// Text returns a as "99.955197%" with the given decimal places, floored, and two
// bounds as "0.000000% to 100.000000%". It is "100%" only if nothing was down and
// nothing unknown; otherwise it has at least one decimal place where it would read
// "100%". If nothing was due, it is "undefined".
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
