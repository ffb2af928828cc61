package credit

import (
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/slacredit/slacredit/internal/enum"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A Price is a list price of something for a whole billing cycle, and how a
// part of one is priced. Where the invoice lines are at hand they are the
// charges, and nothing is to be prorated.
type Price struct {
	Amount Money
	By     Proration

	// Exact says that the fee counts each part exactly. Zero: as it is invoiced,
	// rounded, from which a customer computes.
	Exact bool
}

// A Proration says how the price of a part of a billing cycle is told. The
// zero value is ElapsedTime.
type Proration int

// The closed set of prorations. What is paid for is divided by the whole:
//
//	ElapsedTime    the time that passes, to the nanosecond
//	CalendarDays   days
//	ThirtyDays     days, of which each costs a thirtieth, up to the whole price;
//	               the whole cycle costs that, however long it is, and so the
//	               parts of a month can cost more than the whole, or less
const (
	ElapsedTime Proration = iota
	CalendarDays
	ThirtyDays
)

var prorationNames = enum.Of("credit", "Proration", "elapsed time", "calendar days", "thirty days")

// String returns the proration in words, such as "calendar days".
func (p Proration) String() string { return prorationNames.String(int(p)) }

// MarshalText returns the text of [Proration.String]; any other proration is an
// error.
func (p Proration) MarshalText() ([]byte, error) { return prorationNames.MarshalText(int(p)) }

// UnmarshalText reads what [Proration.String] writes.
func (p *Proration) UnmarshalText(text []byte) error {
	v, err := prorationNames.Parse(string(text))
	if err == nil {
		*p = Proration(v)
	}
	return err
}

// Charge returns the charge for the part of a billing cycle in which a resource
// had the price: from the start of the contract, to its end, between two
// changes of plan. It is rounded as an invoice line is, half away from zero, so
// that the parts of a cycle need not sum to the price; its window is the part.
// Its kind, its labels and its cycle, if it is not that of the bill, are for the
// caller to say. A part that does not lie in the cycle is an error, and one in
// another zone, and a price below zero or without a currency.
func (p Price) Charge(id, resource string, part, cycle calendar.Period) (Charge, error) {
	if err := part.Err(); err != nil {
		return Charge{}, fmt.Errorf("credit: charge %s: %w", numeral.Shorten(id), err)
	}
	if part.Zone() != cycle.Zone() {
		return Charge{}, fmt.Errorf("credit: charge %s: %v and %v are in two zones", numeral.Shorten(id), part, cycle)
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

// ChargeWindow is [Price.Charge] for a part that begins or ends within a day,
// which is priced by the time that passes only.
func (p Price) ChargeWindow(id, resource string, part outage.Window, cycle calendar.Period) (Charge, error) {
	if p.By != ElapsedTime {
		return Charge{}, fmt.Errorf("credit: charge %s: a part of a day is not priced by %v", numeral.Shorten(id), p.By)
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
		err = fmt.Errorf("%v is no part of %v", part, cycle)
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

// A Prorated amount is the part of a list price. The zero Prorated is that of
// an amount that was billed as it stands.
type Prorated struct {
	Price Money     `json:"price"` // of the whole
	By    Proration `json:"by"`

	// Part is what is paid for, and Whole what the price is for: days, or
	// nanoseconds where the time counts that passes.
	Part  int64 `json:"part"`
	Whole int64 `json:"whole"`

	Exact bool `json:"exact,omitempty"` // the fee counts the exact amount, not the rounded one
}

// Worth returns the amount before it is rounded: price × part ÷ whole.
func (p Prorated) Worth() Exact { return exactly(p.worth()) }

func (p Prorated) worth() *big.Rat {
	if p.Whole == 0 {
		return new(big.Rat)
	}
	worth := big.NewRat(p.Part, p.Whole)
	return worth.Mul(worth, p.Price.rat())
}

// amount returns the amount as it is invoiced.
func (p Prorated) amount() (Money, error) {
	return roundRat(p.worth(), p.Price.currency, HalfAwayFromZero)
}

// check reports what no price can be prorated to.
func (p Prorated) check() error {
	switch {
	case p.Price.Currency() == "":
		return errors.New("price: the currency is missing")
	case p.Price.Sign() < 0:
		return fmt.Errorf("price: %v is negative", p.Price)
	case !prorationNames.Has(int(p.By)):
		return fmt.Errorf("%v is not known", p.By)
	case p.Part < 0 || p.Whole <= 0 || p.Part > p.Whole:
		return fmt.Errorf("%d of %d is no part of a whole", p.Part, p.Whole)
	}
	return nil
}

// String returns the part and the price, "16 of 31 days at EUR 1000.00" or
// "383h of 743h at EUR 1000.00", and "" for the zero Prorated.
func (p Prorated) String() string {
	switch {
	case p == Prorated{}:
		return ""
	case p.By == ElapsedTime:
		return fmt.Sprintf("%s of %s at %v", span.String(time.Duration(p.Part)), span.String(time.Duration(p.Whole)), p.Price)
	}
	return fmt.Sprintf("%d of %d days at %v", p.Part, p.Whole, p.Price)
}
