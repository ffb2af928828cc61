package sla

import (
	"cmp"
	"strings"
)

// A Remedy is a share of a fee, the price of some service time, and a sum of
// money, added together. The zero Remedy is nothing.
type Remedy struct {
	Percent Percent     `json:"percent"`          // share of the fee
	Service ServiceTime `json:"service,omitzero"` // time of service, priced by the fee
	Sum     Sum         `json:"sum,omitzero"`
}

// IsZero reports whether r is nothing.
func (r Remedy) IsZero() bool { return r.Percent.IsZero() && r.Service.IsZero() && r.Sum.IsZero() }

// Equal reports whether r and s are the same share, time and sum; == does not.
func (r Remedy) Equal(s Remedy) bool {
	return r.Percent.Equal(s.Percent) && r.Service.Equal(s.Service) && r.Sum.Equal(s.Sum)
}

// String returns "5%", "120h of service" or "3% and 20USD", and "nothing".
func (r Remedy) String() string {
	var parts []string
	if !r.Percent.IsZero() {
		parts = append(parts, r.Percent.String())
	}
	if !r.Service.IsZero() {
		parts = append(parts, r.Service.String()+" of service")
	}
	if !r.Sum.IsZero() {
		parts = append(parts, r.Sum.String())
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, " and ")
}

// plus returns r and s together. Their sums are in one currency.
func (r Remedy) plus(s Remedy) Remedy {
	return Remedy{
		Percent: Percent{r.Percent.points.Add(s.Percent.points)},
		Service: ServiceTime{r.Service.ns.Add(s.Service.ns)},
		Sum:     sum(r.Sum.amount.Add(s.Sum.amount), cmp.Or(r.Sum.currency, s.Sum.currency)),
	}
}
