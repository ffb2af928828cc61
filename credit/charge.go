package credit

import (
	"fmt"
	"slices"
	"time"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A Charge is an invoice line: the amount that a customer was billed for one
// resource, rounded as it was invoiced and without tax.
type Charge struct {
	ID       string `json:"id"`       // names the invoice line; unique within a bill
	Resource string `json:"resource"` // as the records name it

	// Kind is the kind of charge, such as "hourly" or "one-time". It is
	// compared byte for byte with the kinds that a base of the agreement names.
	// Empty: no kind. A charge without a kind does not count if the agreement
	// lists the kinds that count.
	Kind string `json:"kind,omitempty"`

	// Amount is below zero for a reduction, such as a voucher. The charges that
	// make up a fee must sum to zero or more.
	Amount Money `json:"amount"`

	// Labels name what the charge belongs to besides the resource, as in
	// "region": "us-east-1". They matter for agreements whose fee is found by
	// labels.
	Labels map[string]string `json:"labels,omitempty"`

	// Window is the time that the charge pays for. Empty: the charge pays for
	// the whole cycle.
	//
	// A charge with a window counts only for judged time in that window. So an
	// agreement that changed within the billing period has a fee for each part.
	// It is an error if the resource lived in judged time that none of its
	// charges pays for: a customer who came on the 15th is not owed a credit
	// for an outage on the 3rd.
	Window outage.Window `json:"window,omitzero"`

	// Cycle is the billing cycle that the charge is for, counted from that of
	// the bill: -1 is the cycle before it, 1 the cycle after it. It matters for
	// agreements whose fee is that of another cycle, or of several cycles that
	// are measured together.
	Cycle int `json:"cycle,omitempty"`

	// Judged is used if the charge is for another cycle than that of the bill.
	// It is the part of the billing period for whose fee the charge counts. For
	// example, the fee for the first half of June, under an agreement that then
	// changed, may be a share of May's charge. Empty: the charge counts for the
	// whole billing period. A charge that would count in full for two parts is
	// an error.
	Judged outage.Window `json:"judged,omitzero"`

	// Prorated shows how Amount was prorated from a list price. Zero: the
	// charge was billed as it is.
	Prorated Prorated `json:"prorated,omitzero"`
}

// Counts reports whether the kind of c counts toward a fee by the base.
func (c Charge) Counts(b sla.Base) bool {
	return !slices.Contains(b.Without, c.Kind) && (len(b.Only) == 0 || slices.Contains(b.Only, c.Kind))
}

// A portion is a part of an amount: the ratio of two lengths.
type portion struct{ part, whole int64 }

// entire is the whole of an amount, and noPart is nothing of it.
var (
	entire = portion{1, 1}
	noPart = portion{0, 1}
)

// lessThan reports whether s is less than t. The zero portion is less than any
// other.
func (s portion) lessThan(t portion) bool {
	if s.whole == 0 || s == t {
		return s != t
	}
	return exact.New(s.part, s.whole).Cmp(exact.New(t.part, t.whole)) < 0
}

// worth returns a portion of the charged amount, exactly, in major units.
func (c Charge) worth(s portion) exact.Number {
	worth := c.Amount.major()
	if c.Prorated.Exact {
		worth = c.Prorated.worth()
	}
	return worth.Mul(exact.New(s.part, s.whole))
}

// An extent is how charges count toward a fee for some time.
type extent int

const (
	ofJudged extent = iota // the judged time: each charge counts whole or not at all
	ofDays                 // days before an event: the part of them that a charge pays for
	ofCycle                // another billing cycle: each charge counts whole
	ofPart                 // measured time no longer than the judged time: a charge counts by length
	ofCycles               // measured time longer than the judged time: its cycles count whole
)

// A feeTime is the time that a fee is for, and how charges count for it.
type feeTime struct {
	extent
	cycles int           // number of cycles after the judged one, if the extent is ofCycle
	window outage.Window // the time, if it is not
	judged outage.Window // the judged time
	cycle  time.Duration // the time that a charge without a window pays for
}

// feeTime returns the time that the fee of a finding is for.
func (b *book) feeTime(v sla.Verdict, f sla.Finding) (feeTime, error) {
	judged := v.Period.Window()
	cycles, window, err := f.Base.Window.Over(v.Period, f.Measurement.Period.Window())
	w := feeTime{ofJudged, cycles, window, judged, judged.Length()}
	if b.period.Window().Intersect(judged) == judged {
		w.cycle = b.period.Length()
	}
	switch {
	case err != nil:
	case cycles != 0:
		w.extent = ofCycle
	case f.Base.Window == "" || f.Base.Window == "billed" || window == judged && f.Base.Window == "measured":
	case f.Base.Window != "measured":
		w.extent = ofDays
	case window.Length() <= judged.Length():
		w.extent = ofPart
	default:
		w.extent = ofCycles
	}
	return w, err
}

// within returns the portion of c that counts for the time of a fee. Cycles are
// the billing cycles that this time consists of, if any. A charge counts by
// length only for days before an event, and for measured time within the judged
// time. Elsewhere the bill has to state the price of a part of a longer charge.
func (c Charge) within(w feeTime, cycles []calendar.Period) (portion, error) {
	part := c.Window.Intersect(w.window)
	if c.Window.IsEmpty() {
		return c.ofCycle(w, cycles)
	}
	switch {
	case w.extent == ofCycle:
		return c.ofCycle(w, cycles)
	case part.IsEmpty():
		return noPart, nil
	case part == c.Window:
		return entire, nil
	case w.extent == ofJudged:
		return noPart, fmt.Errorf("window: only a part of %v is judged, %v; give one charge for each part, or no window if the charge is for the whole billing cycle", c.Window, w.window)
	case w.extent == ofCycles:
		return noPart, fmt.Errorf("window: only a part of %v is measured, %v; give the charge for that part, as Price.Charge prorates it", c.Window, w.window)
	}
	return portion{int64(part.Length()), int64(c.Window.Length())}, nil
}

// ofCycle is [Charge.within] for a charge that counts by its billing cycle.
func (c Charge) ofCycle(w feeTime, cycles []calendar.Period) (portion, error) {
	switch w.extent {
	case ofDays:
		return noPart, fmt.Errorf("window: missing; the fee is the sum of the charges for %v", w.window)
	case ofCycle:
		part := c.Judged.Intersect(w.judged)
		switch {
		case c.Cycle != w.cycles, part.IsEmpty() && !c.Judged.IsEmpty():
			return noPart, nil
		case part != c.Judged:
			return noPart, fmt.Errorf("judged: only a part of %v is judged, %v; give one charge for each part", c.Judged, w.judged)
		}
	case ofCycles:
		if len(cycles) == 0 {
			return noPart, fmt.Errorf("window: missing; the measured time, %v, does not consist of whole billing cycles", w.window)
		}
		if last := len(cycles) - 1; c.Cycle > 0 || c.Cycle < -last {
			return noPart, nil
		}
	default:
		if c.Cycle != 0 {
			return noPart, nil
		}
		if w.extent == ofPart {
			return portion{int64(w.window.Length()), int64(c.whole(w))}, nil
		}
	}
	return entire, nil
}

// whole returns the whole time that c pays for, if c is not for another cycle.
func (c Charge) whole(w feeTime) time.Duration {
	if c.Window.IsEmpty() {
		return w.cycle
	}
	return c.Window.Length()
}

// pays returns the part of the time of a fee that c pays for.
func (c Charge) pays(w feeTime, cycles []calendar.Period) outage.Window {
	at := len(cycles) - 1 + c.Cycle
	switch {
	case !c.Window.IsEmpty():
		return c.Window.Intersect(w.window)
	case w.extent == ofCycles && at >= 0 && at < len(cycles):
		return cycles[at].Window()
	case w.extent == ofJudged && c.Cycle == 0, w.extent == ofPart && c.Cycle == 0:
		return w.window
	}
	return outage.Window{}
}
