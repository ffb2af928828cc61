package credit

import (
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A Charge is what a customer was billed for one resource: an invoice line,
// rounded as it was invoiced and without tax.
type Charge struct {
	ID       string `json:"id"`       // names the invoice line; one Charge each
	Resource string `json:"resource"` // as the records name it

	// Kind says what is charged, as in "hourly" or "one-time", in the words of
	// the agreement's bases, compared byte for byte. Empty: no kind, which an
	// agreement that names the kinds that count does not count.
	Kind string `json:"kind,omitempty"`

	// Amount is below zero where something was taken off, as by a voucher. The
	// charges that make up a fee are not, together.
	Amount Money `json:"amount"`

	// Labels say what the charge belongs to besides the resource: "region":
	// "us-east-1". They matter to agreements whose fee goes by labels.
	Labels map[string]string `json:"labels,omitempty"`

	// Window is the time that the charge pays for. Then it counts for what is
	// judged in that time only, and an agreement that changed within the billing
	// period has a fee for each part. What is judged, as far as the resource lived,
	// and is in the window of no charge of the resource is an error: who came on
	// the 15th is not owed for an outage of the 3rd. Empty: it pays for the whole
	// cycle.
	Window outage.Window `json:"window,omitzero"`

	// Cycle is the billing cycle that the charge is for, counted from that of the
	// bill: -1 is the one before, 1 the one after. It matters to agreements whose
	// fee is that of another cycle, or of several that are measured together.
	Cycle int `json:"cycle,omitempty"`

	// Judged is the part of the billing period for whose fee the charge counts,
	// where that is of another cycle: the share of May's charge that is the fee of
	// the first half of June, in which an agreement held. Empty: all of it. A
	// charge that counted for two parts as a whole would be an error.
	Judged outage.Window `json:"judged,omitzero"`

	// Prorated says of which list price Amount is a part. Zero: it was billed as
	// it stands.
	Prorated Prorated `json:"prorated,omitzero"`
}

// Counts reports whether the kind of c is one that counts toward a fee.
func (c Charge) Counts(b sla.Base) bool {
	return !slices.Contains(b.Without, c.Kind) && (len(b.Only) == 0 || slices.Contains(b.Only, c.Kind))
}

// A portion is a part of an amount, as large as one of two lengths in the other.
type portion struct{ part, whole int64 }

// entire is the portion that is all of something, and noPart that of nothing.
var (
	entire = portion{1, 1}
	noPart = portion{0, 1}
)

// lessThan reports whether s is less than t. The zero portion is less than any.
func (s portion) lessThan(t portion) bool {
	if s.whole == 0 || s == t {
		return s != t
	}
	return big.NewRat(s.part, s.whole).Cmp(big.NewRat(t.part, t.whole)) < 0
}

// worth returns a portion of what was charged, exactly, in major units.
func (c Charge) worth(s portion) *big.Rat {
	worth := c.Amount.rat()
	if c.Prorated.Exact {
		worth = c.Prorated.worth()
	}
	return worth.Mul(worth, big.NewRat(s.part, s.whole))
}

// An extent says how charges count for the time of which a fee is.
type extent int

const (
	ofJudged extent = iota // the time that is judged: as a whole or not at all
	ofDays                 // days before something: the part of them that it pays for
	ofCycle                // another billing cycle, as a whole
	ofPart                 // measured, and no longer than what is judged: by its length
	ofCycles               // measured, and longer: those that make it up, as a whole
)

// wanted is the time of which a fee is.
type wanted struct {
	extent
	cycles int           // so many after the one that is judged, if it is ofCycle
	window outage.Window // else
	judged outage.Window // what is judged
	cycle  time.Duration // for which a charge pays that does not say for what
}

// wanted returns the time for which charges count as the fee of a finding.
func (b *book) wanted(v sla.Verdict, f sla.Finding) (wanted, error) {
	judged := v.Period.Window()
	cycles, window, err := f.Base.Window.Over(v.Period, f.Measurement.Period.Window())
	w := wanted{ofJudged, cycles, window, judged, judged.Length()}
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

// within returns the portion of c that counts for the wanted time, which is
// made of some billing cycles. How a part of what was charged for longer is
// priced is for the bill to say; only of days before something, and of what is
// measured within the time that is judged, it is by length.
func (c Charge) within(w wanted, cycles []calendar.Period) (portion, error) {
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
		return noPart, fmt.Errorf("window: of %v only a part is judged, %v; give what was charged for each part, or no window if it is for the whole billing cycle", c.Window, w.window)
	case w.extent == ofCycles:
		return noPart, fmt.Errorf("window: of %v only a part is measured, %v; give what was charged for that part, as Price.Charge prorates it", c.Window, w.window)
	}
	return portion{int64(part.Length()), int64(c.Window.Length())}, nil
}

// ofCycle is within for a charge that counts by its billing cycle.
func (c Charge) ofCycle(w wanted, cycles []calendar.Period) (portion, error) {
	switch w.extent {
	case ofDays:
		return noPart, fmt.Errorf("window: missing; the fee is what was charged for %v", w.window)
	case ofCycle:
		part := c.Judged.Intersect(w.judged)
		switch {
		case c.Cycle != w.cycles, part.IsEmpty() && !c.Judged.IsEmpty():
			return noPart, nil
		case part != c.Judged:
			return noPart, fmt.Errorf("judged: of %v only a part is judged, %v; give the share of each part", c.Judged, w.judged)
		}
	case ofCycles:
		if len(cycles) == 0 {
			return noPart, fmt.Errorf("window: missing; what is measured, %v, is not made of whole billing cycles", w.window)
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

// whole returns the time for which c pays in all, if it is not of another cycle.
func (c Charge) whole(w wanted) time.Duration {
	if c.Window.IsEmpty() {
		return w.cycle
	}
	return c.Window.Length()
}

// pays returns the time of a finding's fee for which c pays.
func (c Charge) pays(w wanted, cycles []calendar.Period) outage.Window {
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
