package sla

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
)

// A Measuring says over which periods a commitment is measured: "1d", "1mo",
// "3mo", "6mo" and "12mo" are the days, months, quarters, halves and years of
// the calendar, by the clocks of [Calculation].Zone; "365d trailing" and "3mo
// trailing" are the days or months that end with the billing period, by the
// clocks of that; "outage" is each outage on its own, from its first moment to its last. Zero: the
// billing period itself.
//
// What is measured belongs to the billing period in which it ended. So a
// quarter is judged once, with the bill in which it ends.
type Measuring string

// A measuring is a compiled Measuring. The zero value is the billing period.
type measuring struct {
	months, days int
	trailing     bool
	outage       bool
}

// measuring reads s.
func (s Measuring) measuring() (measuring, error) {
	fail := fmt.Errorf("%s is not a period such as 1mo, 3mo, 12mo, 1d, 365d trailing or outage", numeral.Shorten(string(s)))
	if s == "outage" {
		return measuring{outage: true}, nil
	}
	size, trailing := strings.CutSuffix(string(s), " trailing")
	number, isMonths := strings.CutSuffix(size, "mo")
	number, isDays := strings.CutSuffix(number, "d")
	n, err := strconv.Atoi(number)
	if err != nil || isMonths == isDays || strconv.Itoa(n) != number || n < 1 {
		return measuring{}, fail
	}
	m := measuring{trailing: trailing}
	switch {
	case isMonths && (trailing && n <= maxMonths || !trailing && 12%n == 0):
		m.months = n
	case isDays && (trailing && n <= maxDays || !trailing && n == 1):
		m.days = n
	default:
		return measuring{}, fail
	}
	return m, nil
}

// periods returns the periods that are measured with a billing period: those
// that end in it. The zone is that of trailing ones as well, which must be the
// billing period's own.
func (m measuring) periods(p Period, zone *time.Location) ([]Period, error) {
	switch {
	case m == measuring{}:
		return []Period{p}, nil
	case m.trailing:
		from := p.to.midnight().AddDate(0, 0, -m.days)
		if m.months > 0 {
			from = Cycle{Start: p.to, Months: m.months}.date(-1).midnight()
		}
		trailing, err := newPeriod(dateOf(from), p.to, zone)
		if err != nil {
			return nil, fmt.Errorf("the time that ends with the period: %w", err)
		}
		return []Period{trailing}, nil
	}
	cycle := Cycle{Start: Date{2000, time.January, 1}, Zone: zone, Months: m.months, Days: m.days}
	var periods []Period
	for n, err := cycle.number(p.window.Start()); ; n++ {
		if err != nil {
			return nil, err
		}
		var q Period
		if q, err = cycle.period(n); err != nil {
			return nil, err
		}
		if q.window.End().After(p.window.End()) {
			return periods, nil
		}
		if q.window.End().After(p.window.Start()) {
			periods = append(periods, q)
		}
	}
}

// outagePeriod returns an outage as a period: the days that it touches in UTC,
// with its own window.
func outagePeriod(w outage.Window) Period {
	last := dateOf(w.End().Add(-1))
	return Period{dateOf(w.Start()), dateOf(last.midnight().AddDate(0, 0, 1)), "UTC", w}
}

// ended returns the outages that ended in a period, excused ones too. Of one
// that goes on at the as-of instant that is not known; it is taken as far as it
// is known while it may still end in the period.
func (m measuredThing) ended(p Period) []Period {
	var periods []Period
	for w := range m.known.lasting.All() {
		within := w.End().After(p.window.Start()) && !w.End().After(p.window.End())
		if within && (m.asOf.Before(p.window.End()) || !m.goesOn(w)) {
			periods = append(periods, outagePeriod(w))
		}
	}
	return periods
}

// goesOn reports whether an outage is behind w that goes on after the as-of
// instant.
func (m measuredThing) goesOn(w outage.Window) bool {
	if m.asOf.IsZero() || w.End().Before(m.asOf) {
		return false
	}
	for _, member := range m.members {
		for _, s := range member.spells {
			if member.open[s.record] && s.to > w.Start().UnixNano() {
				return true
			}
		}
	}
	return false
}
