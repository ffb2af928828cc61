package sla

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/civil"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/strictjson"
	"github.com/slacredit/slacredit/outage"
)

// A Period is a billing period: whole days of a zone, and the window from the
// first instant of the first day to the first instant of the day after the
// last. The zero Period is empty. Periods are equal if == says so.
//
// It keeps its instants as they were computed, also in JSON. Later releases of
// the zone data change the periods that are computed then, never one that is
// read back.
type Period struct {
	from, to Date   // days, from before to; or both zero
	zone     string // its name
	window   outage.Window
}

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
	// It is not time.Local, which another machine reads differently.
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

// NewPeriod returns the period of the days from and up to, but without, to. It
// is an error if it has no day or no length, or if either is not a day of the
// years 1900 to 2191; and if the zone is nil, is time.Local, is more than a day
// from UTC, or has a name that is not 1 to 100 printable characters of ASCII.
func NewPeriod(from, to Date, zone *time.Location) (Period, error) {
	p, err := newPeriod(from, to, zone)
	if err != nil {
		return Period{}, fmt.Errorf("sla: period %v/%v: %w", from, to, err)
	}
	return p, nil
}

// Month returns the period of a calendar month, on the conditions of
// [NewPeriod].
func Month(year int, month time.Month, zone *time.Location) (Period, error) {
	from, to := Date{year, month, 1}, Date{year, month + 1, 1}
	if month == time.December {
		to = Date{year + 1, time.January, 1}
	}
	return NewPeriod(from, to, zone)
}

// Year returns the period of a calendar year, on the conditions of
// [NewPeriod].
func Year(year int, zone *time.Location) (Period, error) {
	return NewPeriod(Date{year, time.January, 1}, Date{year + 1, time.January, 1}, zone)
}

// Window returns the time from the first instant of p to the first after it.
func (p Period) Window() outage.Window { return p.window }

// First returns the first day of p.
func (p Period) First() Date { return p.from }

// Last returns the last day of p.
func (p Period) Last() Date {
	if p == (Period{}) {
		return Date{}
	}
	return dateOf(p.to.midnight().AddDate(0, 0, -1))
}

// Next returns the first day after p.
func (p Period) Next() Date { return p.to }

// Zone returns the name of the zone whose days p is made of.
func (p Period) Zone() string { return p.zone }

// Length returns the time that passes in p.
func (p Period) Length() time.Duration { return p.window.Length() }

// Contains reports whether t lies in p.
func (p Period) Contains(t time.Time) bool { return p.window.Contains(t) }

// String returns the first day, the first day after, and the zone,
// "2014-05-01/2014-06-01 UTC", and "" if p is empty.
func (p Period) String() string {
	if p == (Period{}) {
		return ""
	}
	return fmt.Sprintf("%v/%v %s", p.from, p.to, p.zone)
}

// periodJSON is the JSON of a period: all four, or none.
type periodJSON struct {
	From   string        `json:"from"`
	To     string        `json:"to"`
	Zone   string        `json:"zone"`
	Window outage.Window `json:"window"`
}

// MarshalJSON writes the days, the zone and the instants of p. Those of the
// zero Period are empty.
func (p Period) MarshalJSON() ([]byte, error) {
	doc := periodJSON{Zone: p.zone, Window: p.window}
	if p != (Period{}) {
		doc.From, doc.To = p.from.String(), p.to.String()
	}
	return json.Marshal(doc)
}

// UnmarshalJSON reads p with its instants as they stand; it needs no zone
// data. Keys that are unknown or come twice, and values of another type, are
// errors, and so are instants that are more than a day from UTC's midnight of
// their dates.
func (p *Period) UnmarshalJSON(data []byte) error {
	var doc periodJSON
	err := strictjson.Unmarshal(data, &doc)
	var read Period
	if err == nil && doc != (periodJSON{}) {
		read, err = doc.period()
	}
	if err != nil {
		return fmt.Errorf("sla: reading a period: %w", err)
	}
	*p = read
	return nil
}

// period returns the period that j spells.
func (j periodJSON) period() (Period, error) {
	p := Period{zone: j.Zone, window: j.Window}
	var fromErr, toErr error
	p.from, fromErr = parseDate(j.From)
	p.to, toErr = parseDate(j.To)
	if err := errors.Join(inField("from", fromErr), inField("to", toErr), inField("zone", checkName(j.Zone))); err != nil {
		return Period{}, err
	}
	return p, p.check()
}

// Validate returns every fault of c, each with the field and the complaint.
func (c Cycle) Validate() error {
	if err := c.check(); err != nil {
		return fmt.Errorf("sla: cycle from %v: %w", c.Start, err)
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
	if err := c.Validate(); err != nil {
		return Period{}, err
	}
	p, err := c.period(n)
	if err != nil {
		return Period{}, fmt.Errorf("sla: period %d of the cycle from %v: %w", n, c.Start, err)
	}
	return p, nil
}

// At returns the period that contains t, which has a length. It is an error
// if c is not valid, or if t or the period leave the years 1900 to 2191.
func (c Cycle) At(t time.Time) (Period, error) {
	if err := c.Validate(); err != nil {
		return Period{}, err
	}
	n, err := c.number(t)
	if err != nil {
		return Period{}, fmt.Errorf("sla: cycle from %v: %w", c.Start, err)
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
		err = inField("zone", err)
	}
	if err == nil {
		err = c.check()
	}
	if err != nil {
		return Cycle{}, fmt.Errorf("sla: reading a cycle: %w", err)
	}
	return c, nil
}

// MarshalJSON writes what [ParseCycle] reads. A cycle that is not valid is an
// error.
func (c Cycle) MarshalJSON() ([]byte, error) {
	if err := c.Validate(); err != nil {
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

// newPeriod returns the period of the days [from, to).
func newPeriod(from, to Date, zone *time.Location) (Period, error) {
	if err := errors.Join(from.check(), to.check(), checkZone(zone)); err != nil {
		return Period{}, err
	}
	window, err := outage.NewWindow(
		civil.FirstInstant(from.Year, from.Month, from.Day, zone).UTC(),
		civil.FirstInstant(to.Year, to.Month, to.Day, zone).UTC())
	if err != nil {
		return Period{}, err
	}
	p := Period{from, to, zone.String(), window}
	if err := p.check(); err != nil {
		return Period{}, err
	}
	return p, nil
}

// check returns what is wrong with p, whose days and zone are good.
func (p Period) check() error {
	const day = secondsPerDay * time.Second
	switch {
	case p.from.Compare(p.to) >= 0:
		return errors.New("it does not end after it starts")
	case p.window.IsEmpty():
		return fmt.Errorf("it has no length in %s", numeral.Shorten(p.zone))
	case p.window.Start().Sub(p.from.midnight()).Abs() > day:
		return fmt.Errorf("it starts more than a day from UTC's %v", p.from)
	case p.window.End().Sub(p.to.midnight()).Abs() > day:
		return fmt.Errorf("it ends more than a day from UTC's %v", p.to)
	}
	return nil
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
		return dateOf(time.Unix(days*secondsPerDay, 0).UTC())
	}
	month := c.Start.Month + time.Month(n*c.Months)
	first := time.Date(c.Start.Year, month, 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1)
	return Date{first.Year(), first.Month(), min(c.Start.Day, last.Day())}
}

// number returns which period of a valid cycle contains t.
func (c Cycle) number(t time.Time) (int, error) {
	if err := dateOf(t.UTC()).check(); err != nil {
		return 0, err
	}
	if _, offset := t.In(c.Zone).Zone(); offset < -secondsPerDay || offset > secondsPerDay {
		return 0, fmt.Errorf("the clocks of %s are more than a day from UTC", numeral.Shorten(c.Zone.String()))
	}
	// The first day of the period of today has begun, for the clocks show it or
	// a later one. That of a later period may have begun too, and the clocks
	// been set back since.
	n := c.holding(dateOf(t.In(c.Zone)))
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
	return errors.Join(inField("start", c.Start.check()), inField("zone", checkZone(c.Zone)), length)
}

// checkZone returns why the days of zone cannot make a period.
func checkZone(zone *time.Location) error {
	switch zone {
	case nil:
		return checkName("")
	case time.Local: //nolint:forbidigo // to refuse it, whatever it is called
		return checkName("Local")
	}
	return checkName(zone.String())
}

// checkName returns why name cannot be that of a period's zone. The names of
// the zone database are short, printable ASCII without spaces; other text
// would not be the same again once it was written and read.
func checkName(name string) error {
	const longest = 100
	_, err := civil.LoadZone(name, func(string) (*time.Location, error) { return time.UTC, nil })
	if err == nil && (len(name) > longest || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' })) {
		err = fmt.Errorf("%s is not the name of a zone such as UTC or Europe/Berlin", numeral.Shorten(name))
	}
	return err
}

// inField returns err with the field that it is about, and nil if it is nil.
func inField(name string, err error) error {
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return err
}

// floor returns a/b rounded downwards; b is positive.
func floor(a, b int) int {
	n := a / b
	if n*b > a {
		n--
	}
	return n
}
