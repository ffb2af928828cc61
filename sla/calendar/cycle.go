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

// A Cycle generates billing periods: every so many months or days from a date,
// on the clocks of a zone. Period 0 begins on Start, period n ends where
// period n+1 begins, and n may be negative. The zero Cycle generates none.
//
// Where the zone skips local midnight, a period begins at the instant of the
// skip; where midnight comes twice, at the first of the two.
type Cycle struct {
	// Start is the first day of period 0. Its day of the month comes back
	// after shorter months: January 31, February 28, March 31.
	Start Date

	// Zone is that of the customer's or the provider's clocks, and has a name.
	// It is not time.Local, which another machine reads differently, and not
	// "EST", "MST" or "HST", whose clocks do not change in summer as those of
	// the people who write so do.
	Zone *time.Location

	// Months is the length of a period in months: 1 to 1200, or 0 where Days
	// gives the length.
	Months int

	// Days is the length of a period in days: 1 to 36600, or 0 where Months
	// gives the length.
	Days int
}

// The longest periods of a cycle.
const maxMonths, maxDays = 1200, 36600

const secondsPerDay = 24 * 60 * 60

// valid returns every fault of c, each with the field and the complaint.
func (c Cycle) valid() error {
	if err := c.check(); err != nil {
		return fmt.Errorf("calendar: cycle from %v: %w", c.Start, err)
	}
	return nil
}

// Equal reports whether c and other generate the same periods by the same
// words: the zones may be two values of one name. Use it instead of ==.
func (c Cycle) Equal(other Cycle) bool {
	return c.Start == other.Start && c.Months == other.Months && c.Days == other.Days &&
		(c.Zone == nil) == (other.Zone == nil) && c.Zone.String() == other.Zone.String()
}

// Period returns period n. It is an error if c is not valid, if the period
// leaves the years 1900 to 2191, or if it has no length because the zone skips
// all its days.
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

// At returns the period that contains t, which has a length. It is an error
// if c is not valid, or if t or the period leave the years 1900 to 2191.
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

// Periods returns every period that has an instant in [first, last), in order;
// none if last is not after first. It ends after the first error, which comes
// with the zero Period; the errors are those of [Cycle.At]. It can be walked
// again.
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

// Ending returns the periods of c that end in a window, after its start and not
// after its end, in order. Days that the zone skipped are none. The errors are
// those of [Cycle.At].
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
// "zone":"Europe/Berlin","months":1}. The zone is loaded through zones, or
// through time.LoadLocation if that is nil. Keys that are unknown or come
// twice, values of another type, and a cycle that is not valid are errors.
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

// MarshalJSON writes what [ParseCycle] reads. A cycle that is not valid is an
// error.
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

// date returns the first day of period n, which need not lie in the years in
// which dates must lie.
func (c Cycle) date(n int) Date {
	if c.Days > 0 {
		// In days since 1970, as the product can leave an int of 32 bits.
		days := c.Start.midnight().Unix()/secondsPerDay + int64(n)*int64(c.Days)
		return DateOf(time.Unix(days*secondsPerDay, 0).UTC())
	}
	month := c.Start.Month + time.Month(n*c.Months)
	first := time.Date(c.Start.Year, month, 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1)
	return Date{first.Year(), first.Month(), min(c.Start.Day, last.Day())}
}

// number returns which period of a valid cycle contains t.
func (c Cycle) number(t time.Time) (int, error) {
	if err := DateOf(t.UTC()).check(); err != nil {
		return 0, err
	}
	if _, offset := t.In(c.Zone).Zone(); offset < -secondsPerDay || offset > secondsPerDay {
		return 0, fmt.Errorf("the clocks of %s are more than a day from UTC", numeral.Shorten(c.Zone.String()))
	}
	// The first day of the period of today has begun, for the clocks show it or
	// a later one. That of a later period may have begun too, and the clocks
	// been set back since.
	n := c.holding(DateOf(t.In(c.Zone)))
	for !c.begin(n + 1).After(t) {
		n++
	}
	return n, nil
}

// holding returns which period of a valid cycle has the day d.
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

// floor returns a/b rounded downwards; b is positive.
func floor(a, b int) int {
	n := a / b
	if n*b > a {
		n--
	}
	return n
}
