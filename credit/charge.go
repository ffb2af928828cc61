package credit

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/slacredit/slacredit/internal/label"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/sla"
)

// A Charge is what a customer was billed for one resource in the period:
// an invoice line, rounded as it was invoiced and without tax.
type Charge struct {
	ID       string `json:"id"`       // names the invoice line; one Charge each
	Resource string `json:"resource"` // as the records name it
	Amount   Money  `json:"amount"`   // not negative
}

// A Bill is what one customer was charged for a billing period, and the
// verdicts on the same resources.
type Bill struct {
	Customer string
	Period   sla.Period

	// Charges are all in one currency. Each is for a resource on which there
	// is a verdict; what no agreement covers does not belong here.
	Charges []Charge

	// Verdicts are at most one for each agreement and resource, so that no
	// outage is credited twice, and those of one agreement are on one measured
	// period, which ended in the billing period. Each is on a resource for which
	// there is a charge, be it zero.
	Verdicts []sla.Verdict
}

// validate reports every fault of b.
func (b Bill) validate() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if problem := name(b.Customer); problem != "" {
		fault("customer: %s", problem)
	}
	if b.Period.Length() == 0 {
		fault("period: missing")
	}
	if len(b.Charges) == 0 {
		fault("charges: missing")
	}
	currency := "" // of the first charge that has one
	for _, c := range b.Charges {
		currency = cmp.Or(currency, c.Amount.Currency())
	}
	judged, charged := map[string]bool{}, map[string]bool{}
	for _, v := range b.Verdicts {
		judged[v.Resource] = true
	}
	ids := map[string]bool{}
	for i, c := range b.Charges {
		at := fmt.Sprintf("charge %s", numeral.Shorten(c.ID))
		charged[c.Resource] = true
		switch problem := name(c.ID); {
		case problem != "":
			fault("charges[%d]: id: %s", i, problem)
		case ids[c.ID]:
			fault("%s: comes twice", at)
		}
		ids[c.ID] = true
		switch {
		case c.Amount.Currency() == "":
			fault("%s: amount: the currency is missing", at)
		case c.Amount.Currency() != currency:
			fault("%s: amount: %w: %s and %s", at, ErrCurrencyMismatch, c.Amount.Currency(), currency)
		case c.Amount.Sign() < 0:
			fault("%s: amount: %v is negative", at, c.Amount)
		}
		if problem := label.Problem(c.Resource); problem != "" {
			fault("%s: resource: %s", at, problem)
		}
		if !judged[c.Resource] {
			fault("%s: resource: there is no verdict on %s", at, numeral.Shorten(c.Resource))
		}
	}
	type key struct{ agreement, resource string }
	seen, measured := map[key]bool{}, map[string]sla.Period{}
	for _, v := range b.Verdicts {
		at := fmt.Sprintf("verdict of %s on %s", numeral.Shorten(v.Agreement), numeral.Shorten(v.Resource))
		end, k := v.Period.Window().End(), key{v.Agreement, v.Resource}
		switch {
		case v.Agreement == "":
			fault("%s: the agreement has no name", at)
		case seen[k]:
			fault("%s: comes twice", at)
		case v.Period.Length() == 0:
			fault("%s: its period is empty", at)
		case !end.After(b.Period.Window().Start()) || end.After(b.Period.Window().End()):
			fault("%s: its period, %v, does not end in the billing period, %v", at, v.Period, b.Period)
		}
		if first, found := measured[v.Agreement]; !found {
			measured[v.Agreement] = v.Period
		} else if first != v.Period && !seen[k] {
			fault("%s: its period, %v, is not that of the agreement's other verdicts, %v", at, v.Period, first)
		}
		seen[k] = true
		if problem := label.Problem(v.Agreement); problem != "" {
			fault("%s: agreement: %s", at, problem)
		}
		if negative(v) {
			fault("%s: a percentage is negative", at)
		}
		if !charged[v.Resource] {
			fault("%s: there is no charge for the resource", at)
		}
	}
	return errors.Join(faults...)
}

// negative reports whether a verdict, which may be a literal or read from
// JSON, holds a percentage that no agreement can give.
func negative(v sla.Verdict) bool {
	limits := slices.Clone(v.Limits)
	for _, f := range v.Findings {
		limits = append(limits, f.Limits...)
		limits = append(limits, sla.Limit{Percent: f.Entitlement.Percent}, sla.Limit{Percent: f.EntitlementAtMost.Percent})
	}
	return slices.ContainsFunc(limits, func(l sla.Limit) bool { return l.Percent.Points().IsNegative() })
}

// name returns what is wrong with a text that names something.
func name(text string) string {
	if text == "" {
		return "missing"
	}
	return label.Problem(text)
}
