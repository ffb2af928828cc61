package sla

import (
	"fmt"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/civil"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
)

// An allowance is a compiled budget of time: so much in each of some windows.
// The zero allowance is none, and sets no limit.
type allowance struct {
	most      time.Duration
	months    int  // of the calendar, that go into a year; 0 for the others
	perOutage bool // in each outage
}

func (a allowance) isSet() bool { return a.most > 0 }

// perPeriod reports whether there is as much again in each measured period.
func (a allowance) perPeriod() bool { return a.isSet() && a.months == 0 && !a.perOutage }

// allowance reads b.
func (b Budget) allowance() (allowance, error) {
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
		window, notMonths := parseTerm(over, "mo")
		a.months = window.n
		if notMonths != nil || a.months < 1 || 12%a.months != 0 {
			err = fmt.Errorf(`%s is for each measured period as it stands, or "per outage", "per 1mo", "per 3mo", "per 6mo" or "per 12mo"`, numeral.Shorten(string(b)))
		}
	}
	return a, err
}

// spend lets the excused time draw on the allowance, the earliest first in each
// of its windows, and returns the time in those after it was used up. Time
// outside draws nothing. A slot is covered as a whole or not at all, and the
// first that does not fit ends it.
func (a allowance) spend(t *thing, excused, outages outage.Set) outage.Set {
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
	for w := range excused.All() {
		for at, end := w.Start().UnixNano(), w.End().UnixNano(); at < end; {
			if !window.Contains(time.Unix(0, at)) {
				window, left = a.window(t, time.Unix(0, at), outages)
			}
			if left == 0 { // or there is no limit here
				at = last()
				continue
			}
			to := min(end, last()) // with all slots that begin in the window
			unit := between(at, to)
			served := outage.NewSet(unit).Subtract(t.closed.Within(unit))
			switch total := served.Total(); {
			case total < left || total == 0:
				left -= total
			case !t.slots.isZero():
				exhaust(max(at, t.slots.spent(served, left)))
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

// instantAfter returns the instant at which so much of a set has passed.
func instantAfter(set outage.Set, length time.Duration) int64 {
	for w := range set.All() {
		if length < w.Length() {
			return w.Start().UnixNano() + int64(length)
		}
		length -= w.Length()
	}
	return latest
}

// window returns the window of the allowance in which an instant lies, and how
// much there is of it. An allowance of the measured period sets no limit
// outside that, and there is none of it.
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
		return between(t.period.End().UnixNano(), latest), 0
	}
	return t.period, a.most
}
