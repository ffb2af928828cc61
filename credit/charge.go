package credit

import (
	"slices"

	"github.com/slacredit/slacredit/sla"
)

// A Charge is what a customer was billed for one resource in the period:
// an invoice line, rounded as it was invoiced and without tax.
type Charge struct {
	ID       string `json:"id"`       // names the invoice line; one Charge each
	Resource string `json:"resource"` // as the records name it

	// Kind says what is charged, as in "hourly" or "one-time", in the words of
	// the agreement's bases, compared byte for byte. Empty: no kind, which an
	// agreement that names the kinds that count does not count.
	Kind string `json:"kind,omitempty"`

	Amount Money `json:"amount"` // not negative
}

// counts reports whether c is part of the fee.
func (c Charge) counts(b sla.Base) bool {
	return !slices.Contains(b.Without, c.Kind) && (len(b.Only) == 0 || slices.Contains(b.Only, c.Kind))
}
