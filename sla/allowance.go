package sla

import (
	"fmt"
	"strconv"
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
		n, isMonths := strings.CutSuffix(over, "mo")
		a.months, err = strconv.Atoi(n)
		if !isMonths || err != nil || a.months < 1 || 12%a.months != 0 || strconv.Itoa(a.months) != n {
			err = fmt.Errorf(`%s is for each measured period as it stands, or "per outage", "per 1mo", "per 3mo", "per 6mo" or "per 12mo"`, numeral.Shorten(string(b)))
		}
	}
	return a, err
}

// draw returns the first moments of the excused time that the allowance
// covers, in each of its windows, and the time in those after it was used up.
func (a allowance) draw(t *thing, excused, outages outage.Set) (drawn, spent outage.Set) {
	var within, after []outage.Window
	var window outage.Window // of the allowance
	var left time.Duration
	for w := range excused.All() {
		for at := w.Start(); at.Before(w.End()); at = window.End() {
			if !window.Contains(at) {
				window, left = a.window(t, at, outages), a.most
			}
			part := between(at.UnixNano(), w.End().UnixNano()).Intersect(window)
			if part.Length() > left {
				part = between(at.UnixNano(), at.UnixNano()+int64(left))
			}
			if part.IsEmpty() {
				continue
			}
			within = append(within, part)
			if left -= part.Length(); left == 0 {
				after = append(after, between(part.End().UnixNano(), window.End().UnixNano()))
			}
		}
	}
	return outage.NewSet(within...), outage.NewSet(after...)
}

// window returns the window of the allowance in which an instant lies.
func (a allowance) window(t *thing, at time.Time, outages outage.Set) outage.Window {
	switch {
	case a.perOutage:
		return outages.Window(at)
	case a.months > 0:
		y, m, _ := at.In(t.slots.zone).Date()
		first := m - (m-1)%time.Month(a.months)
		begin := func(month time.Month) int64 { return civil.FirstInstant(y, month, 1, t.slots.zone).UnixNano() }
		if end := begin(first + time.Month(a.months)); end <= at.UnixNano() { // the clocks were set back over midnight
			return between(end, begin(first+2*time.Month(a.months)))
		}
		return between(begin(first), begin(first+time.Month(a.months)))
	case at.Before(t.period.Start()):
		return between(earliest, t.period.Start().UnixNano())
	case !at.Before(t.period.End()):
		return between(t.period.End().UnixNano(), latest)
	}
	return t.period
}
