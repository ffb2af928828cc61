package sla

import (
	"fmt"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/civil"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/term"
	"github.com/slacredit/slacredit/outage"
)

// An allowance is a compiled cap of time: a length in each of some windows.
// The zero allowance sets no limit.
type allowance struct {
	most      time.Duration
	months    int  // of the calendar, that go into a year; 0 for the others
	perOutage bool // in each outage
}

func (a allowance) isSet() bool { return a.most > 0 }

// perPeriod reports whether the allowance applies to each measured period.
func (a allowance) perPeriod() bool { return a.isSet() && a.months == 0 && !a.perOutage }

// allowance reads b.
func (b Cap) allowance() (allowance, error) {
	quantity, over, found := strings.Cut(string(b), " per ")
	most, err := Quantity(quantity).amount(length)
	a := allowance{most: time.Duration(most.value)}
	switch {
	case err != nil:
	case most.value == 0:
		err = fmt.Errorf("%s is no time at all", numeral.Shorten(quantity))
	case !found:
	case over == "outage":
		a.perOutage = true
	default:
		window, notMonths := term.Parse(over, "mo")
		a.months = window.N
		if notMonths != nil || a.months < 1 || 12%a.months != 0 {
			err = fmt.Errorf(`%s is for each measured period as it stands, or "per outage", "per 1mo", "per 3mo", "per 6mo" or "per 12mo"`, numeral.Shorten(string(b)))
		}
	}
	return a, err
}

// english returns in words the allowance that a cap writes.
func (a allowance) english(b Cap) string {
	quantity, _, _ := strings.Cut(string(b), " per ")
	each := "measured period"
	switch {
	case a.perOutage:
		each = "outage"
	case a.months > 0:
		each = calendarMonths(a.months)
	}
	return inWords(quantity) + " in each " + each
}

// spend lets time use up the allowance, the earliest first in each of its
// windows, and returns the time that still counts: the time after the allowance
// was used up. Time outside uses nothing. A slot is covered as a whole or not at
// all: one that is longer than the rest of the allowance uses nothing and counts,
// and later ones may fit.
func (a allowance) spend(t *thing, drawn, outages, closed outage.Set) outage.Set {
	var spent []outage.Window
	var window outage.Window // of the allowance
	var left time.Duration
	last := func() int64 { // where the window ends; a slot belongs to that in which it begins
		to := window.End().UnixNano()
		if !t.slots.isZero() {
			_, to = t.slots.at(to - 1)
		}
		return to
	}
	exhaust := func(from int64) {
		left = 0
		spent = append(spent, between(from, last()))
	}
	// What comes after everything that is known is of no concern.
	until := t.hull.End().Add(2 * day)
	shut := walkSet(closed)
	for w := range drawn.Within(between(earliest, until.UnixNano())).All() {
		for at, end := w.Start().UnixNano(), w.End().UnixNano(); at < end; {
			if !window.Contains(time.Unix(0, at)) {
				window, left = a.window(t, time.Unix(0, at), outages)
			}
			if left == 0 { // or there is no limit here
				at = last()
				continue
			}
			to := min(end, last(), t.slots.some(at))
			unit := between(at, to)
			served := outage.NewSet(unit).Subtract(closed.Within(unit))
			switch total := served.Total(); {
			case total < left || total == 0:
				left -= total
			case !t.slots.isZero():
				var slot int64 // the first that does not fit, or with which all is used up
				slot, to = t.slots.at(instantAfter(served, left-1))
				left -= served.Within(between(earliest, slot)).Total()
				switch cost := served.Within(between(slot, to)).Total(); {
				case cost == left:
					exhaust(to)
				case cost == time.Duration(to-slot): // nor do those that are alike
					if in, edge := shut.at(to); !in {
						to = t.slots.alike(to, min(edge, end, last()))
					}
					fallthrough
				default:
					spent = append(spent, between(slot, to))
				}
			case total == left:
				exhaust(to)
			default:
				exhaust(instantAfter(served, left))
			}
			at = to
		}
	}
	return outage.NewSet(spent...)
}

// instantAfter returns the instant at which a length of a set has passed.
func instantAfter(set outage.Set, length time.Duration) int64 {
	for w := range set.All() {
		if length < w.Length() {
			return w.Start().UnixNano() + int64(length)
		}
		length -= w.Length()
	}
	return latest
}

// window returns the window of the allowance that contains an instant, and its
// length. An allowance of the measured period starts again with the next period,
// so that an outage across the end is cut in both periods or in neither. The rest
// of the allowance of the period before is unknown: its window has length 0 and
// sets no limit.
func (a allowance) window(t *thing, at time.Time, outages outage.Set) (outage.Window, time.Duration) {
	switch {
	case a.perOutage:
		return outages.Window(at), a.most
	case a.months > 0:
		y, m, _ := at.In(t.slots.zone).Date()
		first := m - (m-1)%time.Month(a.months)
		begin := func(month time.Month) int64 { return civil.FirstInstant(y, month, 1, t.slots.zone).UnixNano() }
		if end := begin(first + time.Month(a.months)); end <= at.UnixNano() { // the clocks were set back over midnight
			return between(end, begin(first+2*time.Month(a.months))), a.most
		}
		return between(begin(first), begin(first+time.Month(a.months))), a.most
	case at.Before(t.period.Start()):
		return between(earliest, t.period.Start().UnixNano()), 0
	case !at.Before(t.period.End()):
		return between(t.period.End().UnixNano(), latest), a.most
	}
	return t.period, a.most
}
