package sla

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/slacredit/slacredit/internal/enum"
	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

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

	// Entitlement is the credit for the known downtime. EntitlementAtMost is the
	// credit if all unknown time was down. They differ only where something is
	// unknown.
	Entitlement, EntitlementAtMost Entitlement

	// Rounded is the availability after rounding, zero if it is not rounded or
	// nothing was due; where that has two bounds the upper one, and
	// [Finding.RoundedAtLeast] the lower.
	Rounded Percent

	// Base says what the fee is, as the agreement writes it.
	Base Base

	// Labels are those of the resource, or those that all resources share which
	// were measured as one, if [Terms.JudgeAll] was told any. The fee may go by
	// them.
	Labels map[string]string

	// Cycles are the billing cycles of which what was measured is made, in
	// order, where the fee is that of a time longer than the billing period:
	// whole ones, of which the last is the billing period. Empty elsewhere, and
	// where it is not made of whole ones.
	Cycles []calendar.Period

	// Unlived is when the resource did not live, in order: of the measured period
	// and of the billing period. Of a group it is when too few of its members
	// lived, and of a pool when none did. Nothing need be charged for it.
	Unlived []outage.Window

	// Limits bound what this commitment gives for the resource.
	Limits []Limit

	// OneOf names groups of which only one commitment gives for a resource.
	OneOf []string

	// Members are the names of the resources that were measured as one by the
	// levels of a scope, sorted. None: the resource was measured on its own.
	Members []string

	// Automatic says that what the commitment gives is owed unasked, where
	// others of the agreement have to be claimed.
	Automatic bool
}

// Clone returns a copy of f that shares nothing with it.
func (f Finding) Clone() Finding {
	f.Measurement = f.Measurement.clone()
	f.Base, f.Limits, f.OneOf, f.Members = f.Base.clone(), slices.Clone(f.Limits), slices.Clone(f.OneOf), slices.Clone(f.Members)
	f.Labels, f.Cycles, f.Unlived = maps.Clone(f.Labels), slices.Clone(f.Cycles), slices.Clone(f.Unlived)
	return f
}

// A NextTier is the first row that does not hold yet, and the most downtime
// that can still be added without reaching it, or the most outages where the
// rows count those. Where the availability is rounded before it is compared, that
// is the most with which the rounded one does not reach the row. It is zero after
// the last row.
type NextTier struct {
	Clause string // JSON pointer to the row
	Margin time.Duration
	Count  int
}

// An Outcome says whether a promise was kept.
type Outcome int

// The closed set of outcomes. None, the zero Outcome, means that nothing was
// decided: nothing was promised, nothing was judged, or judging failed. Where
// nothing was due, a promise is Met. A promise is Undecided if it is kept when all
// unknown time was up, and broken when it was down.
const (
	None Outcome = iota
	Met
	Missed
	Undecided
)

var outcomeNames = enum.Of("sla", "Outcome", "none", "met", "missed", "undecided")

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

// RoundedAtLeast returns Rounded if all unknown time was down. It is zero where
// Rounded is zero, and if Round is no rounding.
func (f Finding) RoundedAtLeast() Percent {
	r, err := f.Round.rounding()
	if err != nil {
		return Percent{}
	}
	return r.round(f.Measurement.Availability().AtLeast())
}

// CountsOutages reports whether the promise is a number of outages.
func (f Finding) CountsOutages() bool { return f.Promise.unit() == count }

// Margin returns the downtime that could have been added without breaking the
// promise. If it is negative, the promise was broken by so much. Where the
// promise counts outages it is zero.
func (f Finding) Margin() time.Duration {
	if f.CountsOutages() {
		return 0
	}
	return f.Allowed - f.Measurement.Down
}

// CountMargin returns the number of outages that could have been added without
// breaking the promise. If it is negative, the promise was broken by so many.
// Where the promise does not count outages it is zero.
func (f Finding) CountMargin() int {
	if !f.CountsOutages() {
		return 0
	}
	return f.AllowedCount - f.Measurement.Count()
}

// Decided reports whether the outcome and the entitlement are the same for
// whatever happened in unknown time.
func (f Finding) Decided() bool {
	return f.Outcome != Undecided && f.Entitlement.Clause == f.EntitlementAtMost.Clause &&
		f.Entitlement.Steps == f.EntitlementAtMost.Steps && f.Entitlement.Equal(f.EntitlementAtMost.Remedy)
}

// WithoutBreach reports whether something is given for the downtime that is known
// although that does not break the promise, as where a [Gap] gives the severer
// row to values that the promise admits.
func (f Finding) WithoutBreach() bool { return f.Outcome != Missed && !f.Entitlement.Remedy.IsZero() }

// String returns the outcome and the figures that decide it on one line:
// "missed: 37m12s down, 22m19.2s allowed, 14m52.8s over".
func (f Finding) String() string {
	m := f.Measurement
	switch {
	case f.Promise == "" && f.Outcome == None:
		return "none: nothing was promised"
	case m.Due == 0:
		return f.Outcome.String() + ": nothing was due"
	}
	measured, allowed, spare, over := span.String(m.Down)+" down", span.String(f.Allowed), span.String(f.Margin()), span.String(-f.Margin())
	if f.CountsOutages() {
		measured, allowed, spare, over = outageCount(int64(m.Count())), fmt.Sprint(f.AllowedCount), fmt.Sprint(f.CountMargin()), fmt.Sprint(-f.CountMargin())
	}
	rest := spare + " to spare"
	if f.Outcome == Missed {
		rest = over + " over"
	}
	text := fmt.Sprintf("%v: %s, %s allowed, %s", f.Outcome, measured, allowed, rest)
	if m.DownAtMost != m.Down {
		text += fmt.Sprintf("; up to %s more may have been down", span.String(m.DownAtMost-m.Down))
	}
	if f.WithoutBreach() {
		text += fmt.Sprintf("; %v without a breach", f.Entitlement)
	}
	return text
}

// judge decides on a measurement.
//
// The number of outages in unknown time is not known, and unknown time between two
// outages may even join them. So a promise that counts
// outages is Undecided if it is kept by those that are known while any unknown
// time would count as down; and EntitlementAtMost takes each stretch of
// unknown time for one outage more. So it does of an outage that is under way as
// the period ends, at the as-of instant: it may have ended with it.
func (c *commitment) judge(m Measurement) Finding {
	down, atMost := m.exact()
	known, worst := sizes{m.Due, down, m.Count()}, sizes{m.Due, atMost, countAtMost(m)}
	f := Finding{
		Commitment: c.name, Clause: c.clause, Promise: c.source.Promise, Measurement: m,
		Round: c.source.Calculation.Round, Rounded: c.rounding.round(m.Availability()),
		Base: c.source.Base.clone(), Limits: slices.Clone(c.caps), OneOf: slices.Clone(c.source.OneOf), Automatic: c.source.Automatic,
		Entitlement:       c.entitlement(known),
		EntitlementAtMost: c.entitlement(worst),
	}
	allowed := c.scale.allowed(c.promise.from, m.Due)
	if m.Due == 0 {
		allowed = 0
	}
	if c.scale.unit == count {
		f.AllowedCount = int(allowed)
	} else {
		f.Allowed = time.Duration(allowed)
	}
	f.Outcome = f.outcome()
	switch {
	case m.Due == 0 || c.scale.unit == count:
	case !c.scale.keeps(c.promise.from, known):
		f.Outcome = Missed
	case !c.scale.keeps(c.promise.from, worst):
		f.Outcome = Undecided
	}
	if next := c.row(known) + 1; next < len(c.tiers) && m.Due > 0 {
		t := c.tiers[next]
		spare := c.scale.allowed(t.below, m.Due) - known.of(c.scale.unit)
		f.Next = NextTier{Clause: t.clause}
		if c.scale.unit == count {
			f.Next.Count = int(spare)
		} else {
			f.Next.Margin = time.Duration(spare)
		}
	}
	return f
}

// outcome returns what the measurement says of what is allowed.
func (f Finding) outcome() Outcome {
	m := f.Measurement
	switch {
	case f.Promise == "":
		return None
	case m.Due == 0:
		return Met
	case f.CountsOutages() && m.Count() > f.AllowedCount, !f.CountsOutages() && m.Down > f.Allowed:
		return Missed
	case f.CountsOutages() && (m.DownAtMost > m.Down || countAtMost(m) > f.AllowedCount), !f.CountsOutages() && m.DownAtMost > f.Allowed:
		return Undecided
	}
	return Met
}

// countAtMost returns the number of outages if each stretch in which more can be
// down than is known was one more, and if what is under way as the period ends
// ended with it.
func countAtMost(m Measurement) int {
	n := m.Count()
	counts := false // the piece before
	for _, p := range m.Pieces {
		before := counts
		counts = p.State == Unknown && p.ShareAtMost != "0" || p.State == Down && p.ShareAtMost != ""
		if counts && !before {
			n++
		}
	}
	for _, r := range m.Outages {
		if r.Open && r.Window.End().Equal(m.Period.Window().End()) {
			n++
		}
	}
	return n
}
