package sla

import (
	"math/big"
	"math/bits"
	"time"

	"github.com/shopspring/decimal"
)

// An Availability is the exact ratio of the time served to the time due. The
// zero Availability is that of a time in which nothing was due, and undefined.
type Availability struct {
	due, down time.Duration // 0 ≤ down ≤ due
	rest      *big.Rat      // of a nanosecond, down on top; nil for nothing
}

// availability returns the ratio for some downtime, or 0 if that is more than
// what was due. Of a length below zero, which nothing measured has, it is
// undefined.
func availability(due time.Duration, down exactTime) Availability {
	switch {
	case due < 0 || down.ns < 0:
		return Availability{}
	case down.ns >= due:
		return Availability{due: due, down: due}
	}
	return Availability{due, down.ns, down.rest}
}

// served returns what was due and not down, in nanoseconds.
func (a Availability) served() *big.Rat {
	served := new(big.Rat).SetInt64(int64(a.due - a.down))
	if a.rest != nil {
		served.Sub(served, a.rest)
	}
	return served
}

// Percent returns a in percent points with the given decimal places, floored,
// so that counted downtime never shows as 100 %. It reports false, with zero, if
// nothing was due.
func (a Availability) Percent(places uint8) (percent decimal.Decimal, defined bool) {
	if a.due == 0 {
		return decimal.Decimal{}, false
	}
	if a.rest == nil && places <= 16 { // the result is at most 10¹⁸
		powers := uint64(100)
		for range places {
			powers *= 10
		}
		hi, lo := bits.Mul64(uint64(a.due-a.down), powers)
		floor, _ := bits.Div64(hi, lo, uint64(a.due)) // at most the power
		return decimal.New(int64(floor), -int32(places)), true
	}
	served := a.served()
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)+2), nil)
	scale.Mul(scale, served.Num())
	scale.Quo(scale, new(big.Int).Mul(served.Denom(), big.NewInt(int64(a.due)))) // both are positive: the floor
	return decimal.NewFromBigInt(scale, -int32(places)), true
}

// Ratio returns the exact ratio, from 0 to 1, and nil if nothing was due.
func (a Availability) Ratio() *big.Rat {
	if a.due == 0 {
		return nil
	}
	return new(big.Rat).Quo(a.served(), new(big.Rat).SetInt64(int64(a.due)))
}

// Text returns a as "99.955197%" with the given decimal places, floored. Only
// if nothing at all was down is it a bare "100%", and if nothing was due,
// "undefined".
func (a Availability) Text(places uint8) string {
	percent, defined := a.Percent(places)
	switch {
	case !defined:
		return "undefined"
	case a.down == 0 && a.rest == nil:
		return "100%"
	}
	return percent.StringFixed(int32(places)) + "%"
}

// String returns a with six decimal places.
func (a Availability) String() string { return a.Text(6) }
