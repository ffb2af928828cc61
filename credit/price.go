package credit

import (
	"errors"
	"fmt"
	"time"

	"github.com/slacredit/slacredit/internal/enum"
	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A Price is a list price for a whole billing cycle, with the rule that
// prorates it. Use it where there are no invoice lines yet; existing invoice
// lines are the charges as they are.
type Price struct {
	Amount Money
	By     Proration

	// Exact says that each prorated part counts exactly toward the fee. False:
	// it counts rounded, as it is invoiced, so that a customer can compute from
	// the invoice.
	Exact bool
}

// A Proration is the rule for the price of a part of a billing cycle. The zero
// value is ElapsedTime.
type Proration int

// The closed set of prorations. Each divides the paid part by the whole, measured
// in
//
//	ElapsedTime    elapsed time, to the nanosecond
//	CalendarDays   days
//	ThirtyDays     days at a thirtieth of the price each, at most the whole price;
//	               the whole cycle costs the whole price, however long it is, so
//	               the parts of a month can cost more or less than the whole
const (
	ElapsedTime Proration = iota
	CalendarDays
	ThirtyDays
)

var prorationNames = enum.Of("credit", "Proration", "elapsed time", "calendar days", "thirty days")

// String returns the proration in words, such as "calendar days".
func (p Proration) String() string { return prorationNames.String(int(p)) }

// MarshalText returns the text of [Proration.String]. It is an error if p is
// not in the set.
func (p Proration) MarshalText() ([]byte, error) { return prorationNames.MarshalText(int(p)) }

// UnmarshalText reads the output of [Proration.String].
func (p *Proration) UnmarshalText(text []byte) error {
	v, err := prorationNames.Parse(string(text))
	if err == nil {
		*p = Proration(v)
	}
	return err
}

// Charge returns the charge for the part of a billing cycle in which the price
// applied: from the start of the contract, to its end, or between two changes
// of plan. The amount is rounded like an invoice line, half away from zero, so
// the parts of a cycle need not sum to the price. The window of the charge is
// the part. The caller sets the kind, the labels, and the cycle if it is not
// that of the bill.
//
// It is an error if the part does not lie in the cycle or has another zone, or
// if the price is below zero or has no currency.
func (p Price) Charge(id, resource string, part, cycle calendar.Period) (Charge, error) {
	if err := part.Err(); err != nil {
		return Charge{}, fmt.Errorf("credit: charge %s: %w", numeral.Shorten(id), err)
	}
	if part.Zone() != cycle.Zone() {
		return Charge{}, fmt.Errorf("credit: charge %s: %v and %v have different zones", numeral.Shorten(id), part, cycle)
	}
	if p.By == ElapsedTime {
		return p.ChargeWindow(id, resource, part.Window(), cycle)
	}
	r := Prorated{Price: p.Amount, By: p.By, Part: days(part), Whole: days(cycle), Exact: p.Exact}
	if p.By == ThirtyDays {
		r.Whole = 30
		if r.Part = min(r.Part, r.Whole); part == cycle {
			r.Part = r.Whole
		}
	}
	return r.charge(id, resource, part.Window(), cycle)
}

// ChargeWindow is [Price.Charge] for a part that may begin or end within a day.
// It requires ElapsedTime.
func (p Price) ChargeWindow(id, resource string, part outage.Window, cycle calendar.Period) (Charge, error) {
	if p.By != ElapsedTime {
		return Charge{}, fmt.Errorf("credit: charge %s: a part of a day cannot be prorated by %v", numeral.Shorten(id), p.By)
	}
	r := Prorated{Price: p.Amount, By: p.By, Part: int64(part.Length()), Whole: int64(cycle.Length()), Exact: p.Exact}
	return r.charge(id, resource, part, cycle)
}

// charge returns the charge for a part of a cycle.
func (p Prorated) charge(id, resource string, part outage.Window, cycle calendar.Period) (Charge, error) {
	var amount Money
	err := p.check()
	switch {
	case cycle.Err() != nil:
		err = fmt.Errorf("the billing cycle: %w", cycle.Err())
	case part.IsEmpty():
		err = errors.New("the part is empty")
	case part.Intersect(cycle.Window()) != part:
		err = fmt.Errorf("%v does not lie in %v", part, cycle)
	case err == nil:
		amount, err = p.amount()
	}
	if err != nil {
		return Charge{}, fmt.Errorf("credit: charge %s: %w", numeral.Shorten(id), err)
	}
	return Charge{ID: id, Resource: resource, Amount: amount, Window: part, Prorated: p}, nil
}

// days returns the number of days of a period.
func days(p calendar.Period) int64 {
	midnight := func(d calendar.Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }
	return int64(midnight(p.Until()).Sub(midnight(p.First())) / (24 * time.Hour))
}

// A Prorated describes an amount as a part of a list price. The zero Prorated
// is that of an amount that was billed as it is.
type Prorated struct {
	Price Money     `json:"price"` // the list price of the whole
	By    Proration `json:"by"`

	// Part is the paid part of Whole. Both are numbers of days, or of
	// nanoseconds for ElapsedTime.
	Part  int64 `json:"part"`
	Whole int64 `json:"whole"`

	Exact bool `json:"exact,omitempty"` // the exact amount counts toward the fee, not the rounded one
}

// Worth returns the amount before it is rounded: price × part ÷ whole.
func (p Prorated) Worth() Exact { return Exact{p.worth()} }

func (p Prorated) worth() exact.Number {
	if p.Whole == 0 {
		return exact.Number{}
	}
	return exact.New(p.Part, p.Whole).Mul(p.Price.major())
}

// amount returns the amount as it is invoiced.
func (p Prorated) amount() (Money, error) {
	return round(p.worth(), p.Price.currency, HalfAwayFromZero)
}

// check reports a price that cannot be prorated.
func (p Prorated) check() error {
	switch {
	case p.Price.Currency() == "":
		return errors.New("price: the currency is missing")
	case p.Price.Sign() < 0:
		return fmt.Errorf("price: %v is negative", p.Price)
	case !prorationNames.Has(int(p.By)):
		return fmt.Errorf("%v is not known", p.By)
	case p.Part < 0 || p.Whole <= 0 || p.Part > p.Whole:
		return fmt.Errorf("part %d of whole %d: want a whole above zero, and a part from 0 to the whole", p.Part, p.Whole)
	}
	return nil
}

// String returns the part and the price, such as "16 of 31 days at EUR 1000.00"
// or "383h of 743h at EUR 1000.00". It returns "" for the zero Prorated.
func (p Prorated) String() string {
	switch {
	case p == Prorated{}:
		return ""
	case p.By == ElapsedTime:
		return fmt.Sprintf("%s of %s at %v", span.String(time.Duration(p.Part)), span.String(time.Duration(p.Whole)), p.Price)
	}
	return fmt.Sprintf("%d of %d days at %v", p.Part, p.Whole, p.Price)
}
