package sla

import (
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/slacredit/slacredit/internal/enum"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/outage"
)

// A Verdict says what one agreement makes of one resource in one period.
type Verdict struct {
	Agreement string // the name of the agreement
	Note      string // and its note
	Resource  string
	Period    Period

	// Findings are those on the commitments, in their order: one on each
	// measured period that ended in Period, which is Period itself unless a
	// commitment says otherwise.
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
	Round       Step // by which the availability is rounded before it is compared; empty: not
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

	// Rounded is the availability after rounding, zero if it is not rounded or
	// nothing was due.
	Rounded Percent

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

// ErrScope is the error of judging a resource alone under an agreement that
// covers some resources only, or combines them.
var ErrScope = errors.New("it has a scope, which needs the labels of resources")

// Judge measures a resource over a period in the terms of each commitment and
// decides on the exact figures. An empty period is an error, and so is an
// agreement with a scope, which asks for [Terms.JudgeAll] ([ErrScope]).
func (t *Terms) Judge(timeline outage.Timeline, p Period) (Verdict, error) {
	verdicts, err := t.JudgeEach(timeline, []Period{p})
	if err != nil {
		return Verdict{}, err
	}
	return verdicts[0], nil
}

// JudgeEach judges a resource over several periods, in their order.
func (t *Terms) JudgeEach(timeline outage.Timeline, periods []Period) ([]Verdict, error) {
	for i := range t.commitments {
		if t.commitments[i].scoped() {
			return nil, fmt.Errorf("sla: judging %s under %s: %s: %w", numeral.Shorten(timeline.Resource()),
				numeral.Shorten(t.agreement.Name), t.commitments[i].clause, ErrScope)
		}
	}
	verdicts := make([]Verdict, len(periods))
	for i, p := range periods {
		verdicts[i] = t.verdict(timeline.Resource(), p)
	}
	for i := range t.commitments {
		measured, err := t.commitments[i].measure(alone(&Resource{Timeline: timeline}), periods)
		if err != nil {
			return nil, fmt.Errorf("sla: judging %s under %s: %s: %w", numeral.Shorten(timeline.Resource()), numeral.Shorten(t.agreement.Name), t.commitments[i].clause, err)
		}
		for j := range measured {
			for _, m := range measured[j] {
				verdicts[j].Findings = append(verdicts[j].Findings, t.commitments[i].judge(m))
			}
		}
	}
	return verdicts, nil
}

// JudgeAll judges resources over a period: one verdict for each thing that a
// commitment measures, by its name, with a finding for each commitment that
// covers it. Two resources of one name are an error, and so is a resource
// without a label that a level asks for.
func (t *Terms) JudgeAll(resources []Resource, p Period) ([]Verdict, error) {
	fail := func(err error) error {
		return fmt.Errorf("sla: judging under %s: %w", numeral.Shorten(t.agreement.Name), err)
	}
	names := map[string]bool{}
	for _, r := range resources {
		if name := r.Timeline.Resource(); names[name] {
			return nil, fail(fmt.Errorf("resource %s comes twice", numeral.Shorten(name)))
		} else {
			names[name] = true
		}
	}
	verdicts := map[string]Verdict{}
	for i := range t.commitments {
		c := &t.commitments[i]
		groups, err := c.groups(resources)
		if err != nil {
			return nil, fail(fmt.Errorf("%s: %w", c.clause, err))
		}
		for _, g := range groups {
			measured, err := c.measure(g, []Period{p})
			if err != nil {
				return nil, fail(fmt.Errorf("%s: measuring %s: %w", c.clause, numeral.Shorten(g.name), err))
			}
			v, found := verdicts[g.name]
			if !found {
				v = t.verdict(g.name, p)
			}
			for _, m := range measured[0] {
				v.Findings = append(v.Findings, c.judge(m))
			}
			verdicts[g.name] = v
		}
	}
	all := make([]Verdict, 0, len(verdicts))
	for _, name := range slices.Sorted(maps.Keys(verdicts)) {
		all = append(all, verdicts[name])
	}
	return all, nil
}

// verdict returns a verdict without findings.
func (t *Terms) verdict(name string, p Period) Verdict {
	return Verdict{Agreement: t.agreement.Name, Note: t.agreement.Note, Resource: name, Period: p, Limits: slices.Clone(t.caps), Above: t.above}
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
		measured, allowed, spare, over = outageCount(m.Count()), fmt.Sprint(f.AllowedCount), fmt.Sprint(f.CountMargin()), fmt.Sprint(-f.CountMargin())
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
