package sla

import (
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/shopspring/decimal"

	"github.com/slacredit/slacredit/internal/span"
)

// An ErrorBudget is the downtime that a promise allows, as time and as a
// percentage of itself.
type ErrorBudget struct {
	Allowed  time.Duration // floored to the nanosecond
	Consumed time.Duration

	due  time.Duration // or the promised downtime
	free int64         // the share of due that may be down, in percent units
}

// ErrorBudget returns how much of the downtime that the promise allows was
// consumed. A promise that counts outages has no such budget, and none of it
// is allowed.
func (f Finding) ErrorBudget() ErrorBudget {
	b := ErrorBudget{Allowed: f.Allowed, Consumed: f.Measurement.Down, due: f.Measurement.Due}
	u := f.Promise.unit()
	r, err := f.Round.rounding()
	var promise interval
	if err == nil {
		promise, err = scaleOf(u, r).interval(f.Promise)
	}
	switch {
	case err != nil:
	case u == percent:
		promised, _ := promise.from.value()
		b.free = 100*percentUnits - promised
	case u == length && b.due > 0:
		if most, _ := promise.to.value(); most > 0 {
			b.due, b.free = time.Duration(most), 100*percentUnits
		}
	}
	return b
}

// Remaining returns what is left of the budget, negative if it is overspent.
func (b ErrorBudget) Remaining() time.Duration { return b.Allowed - b.Consumed }

// RemainingPercent returns what is left of the exact budget in percent points,
// floored to the given decimal places: a budget from which anything was taken
// never shows as 100. The consumed percentage is 100 less that. Where nothing
// may be down, as under a promise of 100 %, or nothing was due, there is no
// percentage and the error says so.
func (b ErrorBudget) RemainingPercent(places uint8) (decimal.Decimal, error) {
	budget := new(big.Int).Mul(big.NewInt(int64(b.due)), big.NewInt(b.free)) // in ns × percent units
	switch {
	case b.due == 0:
		return decimal.Decimal{}, errors.New("sla: error budget: nothing was due, so no percentage of it is defined")
	case budget.Sign() == 0:
		return decimal.Decimal{}, errors.New("sla: error budget: the promise allows no downtime, so no percentage of it is defined")
	}
	left := new(big.Int).Mul(big.NewInt(int64(b.Consumed)), big.NewInt(100*percentUnits))
	left.Sub(budget, left)
	left.Mul(left, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)+2), nil))
	left.Div(left, budget) // Euclidean: the floor, as budget is positive
	return decimal.NewFromBigInt(left, -int32(places)), nil
}

// String returns the budget on one line.
func (b ErrorBudget) String() string {
	left, err := b.RemainingPercent(2)
	share := left.StringFixed(2) + "%"
	if err != nil {
		share = "undefined percentage"
	}
	return fmt.Sprintf("%s allowed, %s consumed, %s remaining (%s)",
		span.String(b.Allowed), span.String(b.Consumed), span.String(b.Remaining()), share)
}
