package sla

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/slacredit/slacredit/internal/enum"
	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/outage"
)

// A Verdict says what one agreement makes of one resource in one period.
type Verdict struct {
	Agreement string // the name of the agreement
	Note      string // and its note
	Resource  string
	Period    Period

	// Findings are those on the commitments, in their order.
	Findings []Finding

	// Limits bound what the findings of all resources give together: shares of
	// all charges that are judged under the agreement.
	Limits []Limit

	// Above is the sum that the credit under the agreement must exceed to be
	// issued. Zero: every credit is.
	Above Sum
}

// A Finding says whether one commitment was kept, and what is owed if not.
type Finding struct {
	Commitment  string // its name
	Clause      string // JSON pointer to it
	Promise     Range
	Measurement Measurement
	Outcome     Outcome

	// Allowed is the most downtime that keeps the promise, floored to the
	// nanosecond. Subtract Measurement.Down for the time to spare. Where the
	// promise counts outages it is zero, and AllowedCount is how many of them
	// keep it; elsewhere that is zero.
	Allowed      time.Duration
	AllowedCount int

	// Next is the row of the table that more downtime would reach.
	Next NextTier

	// Entitlement is what is owed for the downtime that is known, and
	// EntitlementAtMost what would be if the resource had been down whenever
	// nobody knows. They differ only where something is unknown.
	Entitlement, EntitlementAtMost Entitlement

	// Base says what the fee is, as the agreement writes it.
	Base Base

	// Limits bound what this commitment gives for the resource.
	Limits []Limit

	// OneOf names groups of which only one commitment gives.
	OneOf []string
}

// A NextTier is the first row that does not hold yet, and the most downtime
// that can still be added without reaching it, or the most outages where the
// rows count those. It is zero after the last row.
type NextTier struct {
	Clause string // JSON pointer to the row
	Margin time.Duration
	Count  int
}

// An Outcome says whether a promise was kept.
type Outcome int

// The closed set of outcomes. Undecided is a promise that is kept if the
// resource was up whenever nobody knows, and broken if it was down.
const (
	Met Outcome = iota
	Missed
	Undecided
)

var outcomeNames = enum.Of("sla", "Outcome", "met", "missed", "undecided")

// String returns the outcome as a word.
func (o Outcome) String() string { return outcomeNames.String(int(o)) }

// MarshalText returns the word of [Outcome.String]; any other is an error.
func (o Outcome) MarshalText() ([]byte, error) { return outcomeNames.MarshalText(int(o)) }

// UnmarshalText reads what [Outcome.String] writes.
func (o *Outcome) UnmarshalText(text []byte) error {
	v, err := outcomeNames.Parse(string(text))
	if err == nil {
		*o = Outcome(v)
	}
	return err
}

// Judge measures a resource over a period in the terms of each commitment and
// decides on the exact figures. An empty period is an error.
func (t *Terms) Judge(timeline outage.Timeline, p Period) (Verdict, error) {
	v := Verdict{Agreement: t.agreement.Name, Note: t.agreement.Note, Resource: timeline.Resource(), Period: p, Limits: slices.Clone(t.caps), Above: t.above}
	for i := range t.commitments {
		m, err := t.commitments[i].measure(timeline, p)
		if err != nil {
			return Verdict{}, err
		}
		v.Findings = append(v.Findings, t.commitments[i].judge(m))
	}
	return v, nil
}

// JudgeEach judges a resource over several periods, in their order.
func (t *Terms) JudgeEach(timeline outage.Timeline, periods []Period) ([]Verdict, error) {
	verdicts := make([]Verdict, len(periods))
	for i, p := range periods {
		v, err := t.Judge(timeline, p)
		if err != nil {
			return nil, err
		}
		verdicts[i] = v
	}
	return verdicts, nil
}

// Outcome returns Missed if a promise was broken, else Undecided if one is
// undecided, else Met.
func (v Verdict) Outcome() Outcome {
	worst := Met
	for _, f := range v.Findings {
		switch f.Outcome {
		case Missed:
			return Missed
		case Undecided:
			worst = Undecided
		}
	}
	return worst
}

// String returns the findings on one line.
func (v Verdict) String() string {
	texts := make([]string, len(v.Findings))
	for i, f := range v.Findings {
		texts[i] = f.String()
		if f.Commitment != "" {
			texts[i] = f.Commitment + " " + texts[i]
		}
	}
	return strings.Join(texts, "; ")
}

// Counts reports whether the promise is a number of outages.
func (f Finding) Counts() bool { return f.Promise.unit() == count }

// Margin returns the downtime that could have been added without breaking the
// promise. If it is negative, the promise was broken by so much. Where the
// promise counts outages it is zero.
func (f Finding) Margin() time.Duration {
	if f.Counts() {
		return 0
	}
	return f.Allowed - f.Measurement.Down
}

// CountMargin returns the number of outages that could have been added without
// breaking the promise. If it is negative, the promise was broken by so many.
// Where the promise does not count outages it is zero.
func (f Finding) CountMargin() int {
	if !f.Counts() {
		return 0
	}
	return f.AllowedCount - f.Measurement.Count()
}

// Settled reports whether the outcome and the entitlement are the same
// whatever happened while nobody knows.
func (f Finding) Settled() bool {
	return f.Outcome != Undecided && f.Entitlement.Clause == f.EntitlementAtMost.Clause &&
		f.Entitlement.Steps == f.EntitlementAtMost.Steps && f.Entitlement.SameWorth(f.EntitlementAtMost)
}

// String returns the outcome and the figures that decide it on one line:
// "missed: 37m12s down, 22m19.2s allowed, 14m52.8s over".
func (f Finding) String() string {
	m := f.Measurement
	if m.Due == 0 {
		return "met: nothing was due"
	}
	measured, allowed, spare, over := span.String(m.Down)+" down", span.String(f.Allowed), span.String(f.Margin()), span.String(-f.Margin())
	if f.Counts() {
		measured, allowed, spare, over = outages(m.Count()), fmt.Sprint(f.AllowedCount), fmt.Sprint(f.CountMargin()), fmt.Sprint(-f.CountMargin())
	}
	rest := spare + " to spare"
	if f.Outcome == Missed {
		rest = over + " over"
	}
	text := fmt.Sprintf("%v: %s, %s allowed, %s", f.Outcome, measured, allowed, rest)
	if m.DownAtMost != m.Down {
		text += fmt.Sprintf("; up to %s more may have been down", span.String(m.DownAtMost-m.Down))
	}
	return text
}

// ErrorBudget returns how much of the downtime that the promise allows was
// consumed. A promise that counts outages has no such budget, and none of it
// is allowed.
func (f Finding) ErrorBudget() ErrorBudget {
	b := ErrorBudget{Allowed: f.Allowed, Consumed: f.Measurement.Down, due: f.Measurement.Due}
	u := f.Promise.unit()
	promise, err := f.Promise.interval(u, scaleOf(u).top)
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

// An ErrorBudget is the downtime that a promise allows, as time and as a
// percentage of itself.
type ErrorBudget struct {
	Allowed  time.Duration // floored to the nanosecond
	Consumed time.Duration

	due  time.Duration // or the promised downtime
	free int64         // the share of due that may be down, in percent units
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
