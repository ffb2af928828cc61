package calendar

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/slacredit/slacredit/internal/civil"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/strictjson"
	"github.com/slacredit/slacredit/outage"
)

// A Cycle generates billing periods of a number of months or days, from a date on, on
// the clocks of a zone. Period 0 begins on Start, period n ends where period n+1
// begins, and n may be negative. The zero Cycle generates no period.
//
// Where the clocks skip midnight, a period begins at the instant of the skip. Where
// they show midnight twice, it begins at the first.
type Cycle struct {
	// Start is the first day of period 0. After a shorter month, periods begin on
	// its day of the month again: January 31, February 28, March 31.
	Start Date

	// Zone is the zone of the customer's or the provider's clocks. It needs a name,
	// so it cannot be time.Local, which differs by machine. It cannot be "EST",
	// "MST" or "HST" either, which have no summer time, unlike the clocks of the
	// people who write these names.
	Zone *time.Location

	// Months is the length of a period in months: 1 to 1200, or 0 if Days is the
	// length.
	Months int

	// Days is the length of a period in days: 1 to 36600, or 0 if Months is the
	// length.
	Days int
}

// The longest periods of a cycle.
const maxMonths, maxDays = 1200, 36600

const secondsPerDay = 24 * 60 * 60

// valid returns every fault of c, each with its field.
func (c Cycle) valid() error {
	if err := c.check(); err != nil {
		return fmt.Errorf("calendar: cycle from %v: %w", c.Start, err)
	}
	return nil
}

// Equal reports whether c and other have the same fields. Use it instead of ==: two
// zones are equal if they have one name.
func (c Cycle) Equal(other Cycle) bool {
	return c.Start == other.Start && c.Months == other.Months && c.Days == other.Days &&
		(c.Zone == nil) == (other.Zone == nil) && c.Zone.String() == other.Zone.String()
}

// Period returns period n. It is an error if c has a fault, if the period leaves the
// years 1900 to 2191, or if the period has no length because the clocks of the zone
// skip all its days.
func (c Cycle) Period(n int) (Period, error) {
	if err := c.valid(); err != nil {
		return Period{}, err
	}
	p, err := c.period(n)
	if err != nil {
		return Period{}, fmt.Errorf("calendar: period %d of the cycle from %v: %w", n, c.Start, err)
	}
	return p, nil
}

// At returns the period that contains t. It is an error if c has a fault, or if t or
// the period leave the years 1900 to 2191.
func (c Cycle) At(t time.Time) (Period, error) {
	if err := c.valid(); err != nil {
		return Period{}, err
	}
	n, err := c.number(t)
	if err != nil {
		return Period{}, fmt.Errorf("calendar: cycle from %v: %w", c.Start, err)
	}
	return c.Period(n)
}

// Periods returns every period that has an instant in [first, last), in order, and no
// period if last is not after first. The sequence ends after the first error, which it
// yields with the zero Period. The errors are those of [Cycle.At]. The sequence can be
// walked again.
func (c Cycle) Periods(first, last time.Time) iter.Seq2[Period, error] {
	return func(yield func(Period, error) bool) {
		for t := first; t.Before(last); {
			p, err := c.At(t)
			if !yield(p, err) || err != nil {
				return
			}
			t = p.window.End()
		}
	}
}

// Ending returns the periods of c that end after the start of a window and not after
// its end, in order. It leaves out periods of which the clocks skip all days. The
// errors are those of [Cycle.At].
func (c Cycle) Ending(w outage.Window) ([]Period, error) {
	if err := c.valid(); err != nil {
		return nil, err
	}
	var periods []Period
	n, err := c.number(w.Start())
	for ; err == nil; n++ {
		var p Period
		p, err = c.period(n)
		switch {
		case errors.Is(err, ErrSkipped):
			err = nil
		case err != nil:
		case p.window.End().After(w.End()):
			return periods, nil
		case p.window.End().After(w.Start()):
			periods = append(periods, p)
		}
	}
	return nil, fmt.Errorf("calendar: cycle from %v: %w", c.Start, err)
}

// cycleJSON is the JSON of a cycle.
type cycleJSON struct {
	Start  Date   `json:"start"`
	Zone   string `json:"zone"`
	Months int    `json:"months,omitempty"`
	Days   int    `json:"days,omitempty"`
}

// ParseCycle reads the JSON of a cycle, {"start":"2026-01-15",
// "zone":"Europe/Berlin","months":1}. It loads the zone by zones, or by
// time.LoadLocation if zones is nil. A key that is unknown or given twice, a value of
// another type, and a fault of the cycle are errors.
func ParseCycle(data []byte, zones func(string) (*time.Location, error)) (Cycle, error) {
	var doc cycleJSON
	err := strictjson.Unmarshal(data, &doc)
	c := Cycle{Start: doc.Start, Months: doc.Months, Days: doc.Days}
	if err == nil {
		c.Zone, err = civil.LoadZone(doc.Zone, zones)
		err = strictjson.Field("zone", err)
	}
	if err == nil {
		err = c.check()
	}
	if err != nil {
		return Cycle{}, fmt.Errorf("calendar: reading a cycle: %w", err)
	}
	return c, nil
}

// MarshalJSON returns JSON that [ParseCycle] reads. A cycle with a fault is an error.
func (c Cycle) MarshalJSON() ([]byte, error) {
	if err := c.valid(); err != nil {
		return nil, err
	}
	return json.Marshal(cycleJSON{c.Start, c.Zone.String(), c.Months, c.Days})
}

// UnmarshalJSON reads c as [ParseCycle] does, with time.LoadLocation.
func (c *Cycle) UnmarshalJSON(data []byte) error {
	parsed, err := ParseCycle(data, nil)
	if err == nil {
		*c = parsed
	}
	return err
}

// period returns period n of a valid cycle.
func (c Cycle) period(n int) (Period, error) {
	// No cycle has more periods than this on either side of its start.
	const most = (lastYear - firstYear + 1) * 366
	if n < -most || n > most {
		return Period{}, fmt.Errorf("it is outside the years %d to %d", firstYear, lastYear)
	}
	return newPeriod(c.date(n), c.date(n+1), c.Zone)
}

// date returns the first day of period n. It may lie outside the years of dates.
func (c Cycle) date(n int) Date {
	if c.Days > 0 {
		// In days since 1970, since the product may not fit an int of 32 bits.
		days := c.Start.midnight().Unix()/secondsPerDay + int64(n)*int64(c.Days)
		return DateOf(time.Unix(days*secondsPerDay, 0).UTC())
	}
	month := c.Start.Month + time.Month(n*c.Months)
	first := time.Date(c.Start.Year, month, 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1)
	return Date{first.Year(), first.Month(), min(c.Start.Day, last.Day())}
}

// number returns the number of the period of a valid cycle that contains t.
func (c Cycle) number(t time.Time) (int, error) {
	if err := DateOf(t.UTC()).check(); err != nil {
		return 0, err
	}
	if _, offset := t.In(c.Zone).Zone(); offset < -secondsPerDay || offset > secondsPerDay {
		return 0, fmt.Errorf("the clocks of %s are more than a day from UTC", numeral.Shorten(c.Zone.String()))
	}
	// The period of the day that the clocks show has begun. A later period may have
	// begun as well, if the clocks were set back since.
	n := c.holding(DateOf(t.In(c.Zone)))
	for !c.begin(n + 1).After(t) {
		n++
	}
	return n, nil
}

// holding returns the number of the period of a valid cycle that has the day d.
func (c Cycle) holding(d Date) int {
	if c.Days > 0 {
		return floor(int((d.midnight().Unix()-c.Start.midnight().Unix())/secondsPerDay), c.Days)
	}
	n := floor((d.Year-c.Start.Year)*12+int(d.Month-c.Start.Month), c.Months)
	if c.date(n).Compare(d) > 0 {
		n-- // it begins later in this month
	}
	return n
}

// begin returns the first instant of period n of a valid cycle.
func (c Cycle) begin(n int) time.Time {
	d := c.date(n)
	return civil.FirstInstant(d.Year, d.Month, d.Day, c.Zone)
}

// check returns every fault of c.
func (c Cycle) check() error {
	var length error
	switch {
	case c.Months == 0 && c.Days == 0:
		length = errors.New("months, days: missing; want one of them")
	case c.Months != 0 && c.Days != 0:
		length = errors.New("months, days: want one of them, not both")
	case c.Months < 0 || c.Months > maxMonths:
		length = fmt.Errorf("months: %d is not 1 to %d", c.Months, maxMonths)
	case c.Days < 0 || c.Days > maxDays:
		length = fmt.Errorf("days: %d is not 1 to %d", c.Days, maxDays)
	}
	return errors.Join(strictjson.Field("start", c.Start.check()), strictjson.Field("zone", checkZone(c.Zone)), length)
}

// floor returns a/b rounded down; b is positive.
func floor(a, b int) int {
	n := a / b
	if n*b > a {
		n--
	}
	return n
}
