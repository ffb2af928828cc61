package credit

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
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
	// period has a fee for each part. Empty: it pays for the whole cycle.
	Window outage.Window `json:"window,omitzero"`

	// Cycle is the billing cycle that the charge is for, counted from that of the
	// bill: -1 is the one before, 1 the one after. It matters to agreements whose
	// fee is that of another cycle.
	Cycle int `json:"cycle,omitempty"`

	// Prorated says of which list price Amount is a part. Zero: it was billed as
	// it stands.
	Prorated Prorated `json:"prorated,omitzero"`
}

// counts reports whether the kind of c is one that counts.
func (c Charge) counts(b sla.Base) bool {
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

// within returns the portion of c that counts where the charges are wanted of a
// billing cycle, or if that is zero of a window. What was charged for the time
// that is judged counts as a whole or not at all, since how a part of it is
// priced is for the bill to say; of what was charged for other days the part
// counts that lies in the window.
func (c Charge) within(w wanted) (portion, error) {
	part := c.Window.Intersect(w.window)
	switch {
	case w.cycles != 0 && c.Cycle == w.cycles:
		return entire, nil
	case w.cycles != 0:
		return noPart, nil
	case c.Window.IsEmpty() && !w.judged:
		return noPart, fmt.Errorf("window: missing; the fee is what was charged for %v", w.window)
	case c.Window.IsEmpty() && c.Cycle != 0, !c.Window.IsEmpty() && part.IsEmpty():
		return noPart, nil
	case c.Window.IsEmpty(), part == c.Window:
		return entire, nil
	case w.judged:
		return noPart, fmt.Errorf("window: of %v only a part is judged, %v; give what was charged for each part, or no window if it is for the whole billing cycle", c.Window, w.window)
	}
	return portion{int64(part.Length()), int64(c.Window.Length())}, nil
}

// wanted is the time for which charges count.
type wanted struct {
	cycles int           // so many after the one that is judged
	window outage.Window // if that is zero
	judged bool          // the window is the time that is judged
}

// wantedBy returns the time for which charges count as the fee of a finding.
func wantedBy(f sla.Finding, judged sla.Period) (wanted, error) {
	cycles, window, err := f.Base.Window.Over(judged, f.Measurement.Period.Window())
	return wanted{cycles, window, f.Base.Window == ""}, err
}
