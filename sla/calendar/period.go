package calendar

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/civil"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/strictjson"
	"github.com/slacredit/slacredit/outage"
)

// A Period is a billing period: whole days in a zone, and the window from the first
// instant of the first day to the first instant of the day after the last. The zero
// Period is empty. An impossible period is empty as well, and [Period.Err] tells why.
// Periods can be compared with ==.
//
// A period keeps its instants as they were computed, in JSON as well. A later release
// of the zone data changes the periods that are computed with it, and never one that
// is read.
type Period struct {
	from, to Date   // days, from before to; or both zero
	zone     string // the name
	window   outage.Window
	fault    string // why it is impossible; all other fields are then zero
}

// NewPeriod returns the period from the day from up to, but not including, the day
// until. It is an error if the period has no day or no length, or if from or until is
// not a day of the years 1900 to 2191. The zone must not be nil, time.Local, or more
// than a day from UTC. Its name must be 1 to 100 printable ASCII characters, and none of
// "EST", "MST" and "HST", which have no summer time.
func NewPeriod(from, until Date, zone *time.Location) (Period, error) {
	p, err := newPeriod(from, until, zone)
	if err != nil {
		return Period{}, fmt.Errorf("calendar: period %v/%v: %w", from, until, err)
	}
	return p, nil
}

// Touching returns the days of UTC that a window touches, as a period with exactly this
// window. It serves to measure an outage on its own. The period of the empty window is
// empty.
func Touching(w outage.Window) Period {
	if w.IsEmpty() {
		return Period{}
	}
	return Period{from: DateOf(w.Start()), to: DateOf(w.End().Add(-1)).AddDays(1), zone: "UTC", window: w}
}

// ErrSkipped is wrapped by the error of a period that has days but no length: the clocks
// of its zone skip all of them, as those of Samoa skipped 30 December 2011.
var ErrSkipped = errors.New("its clocks skipped all of its days")

// Month returns the period of a calendar month. A period that [NewPeriod] would refuse,
// such as that of month 13 or of time.Local, is empty. [Period.Err] tells why, and so
// does every function that should measure or bill it.
func Month(year int, month time.Month, zone *time.Location) Period {
	from, to := Date{year, month, 1}, Date{year, month + 1, 1}
	if month == time.December {
		to = Date{year + 1, time.January, 1}
	}
	return periodOrFault(from, to, zone)
}

// Year returns the period of a calendar year. It is empty where that of [Month] is.
func Year(year int, zone *time.Location) Period {
	return periodOrFault(Date{year, time.January, 1}, Date{year + 1, time.January, 1}, zone)
}

func periodOrFault(from, to Date, zone *time.Location) Period {
	p, err := newPeriod(from, to, zone)
	if err != nil {
		return Period{fault: fmt.Sprintf("the period %v/%v: %v", from, to, err)}
	}
	return p
}

// Err returns why p is empty, and nil if it is not.
func (p Period) Err() error {
	switch {
	case p.fault != "":
		return errors.New(p.fault)
	case p == Period{}:
		return errors.New("the period is missing")
	case p.window.IsEmpty():
		return errors.New("the period is empty")
	}
	return nil
}

// Window returns the window from the first instant of p to the first instant after it.
func (p Period) Window() outage.Window { return p.window }

// EndsIn reports whether the last day of p is one of a billing period. The two are
// compared by their days, in whatever zones.
func (p Period) EndsIn(billed Period) bool {
	return p.Until().Compare(billed.First()) > 0 && p.Until().Compare(billed.Until()) <= 0
}

// First returns the first day of p.
func (p Period) First() Date { return p.from }

// Last returns the last day of p.
func (p Period) Last() Date {
	if p.window.IsEmpty() {
		return Date{}
	}
	return p.to.AddDays(-1)
}

// Until returns the first day after p.
func (p Period) Until() Date { return p.to }

// Zone returns the name of the zone of the days of p.
func (p Period) Zone() string { return p.zone }

// Length returns the length of the window of p.
func (p Period) Length() time.Duration { return p.window.Length() }

// TrailingMonths returns the first day of the n consecutive months that end with p.
// They begin on one day of the month, or on the last day of a shorter month. If p
// consists of whole months, that day is the day of its cycle: the month that ends with
// January 31 to February 28 begins on January 31, not 28. Of any other period they
// begin on the day of the month on which it ends.
//
// The first day is ambiguous if p has several months and begins and ends on last days
// of months: a quarter from November 30 may belong to a cycle that began on August 30
// or on August 31. Earliest and latest are then the two possible days; otherwise they
// are equal.
//
// It is an error if p is empty, if n is not 1 to 1200, or if the day leaves the years
// 1900 to 2191.
func (p Period) TrailingMonths(n int) (earliest, latest Date, err error) {
	switch {
	case p.window.IsEmpty():
		err = p.Err()
	case n < 1 || n > maxMonths:
		err = fmt.Errorf("months: %d is not 1 to %d", n, maxMonths)
	default:
		earliest, latest = p.trailing(n)
		err = earliest.check()
	}
	if err != nil {
		return Date{}, Date{}, fmt.Errorf("calendar: months that end with the period %v: %w", p, err)
	}
	return earliest, latest, nil
}

func (p Period) trailing(months int) (earliest, latest Date) {
	begin := func(day int) Date {
		return Cycle{Start: Date{p.to.Year, p.to.Month, day}, Months: months}.date(-1)
	}
	day := max(p.from.Day, p.to.Day)
	if p.from != p.from.onDay(day) || p.to != p.to.onDay(day) { // no whole number of months
		return begin(p.to.Day), begin(p.to.Day)
	}
	if p.from == p.from.onDay(31) && p.to == p.to.onDay(31) {
		return begin(day), begin(31)
	}
	return begin(day), begin(day)
}

// Since returns the consecutive periods of the length of p from an instant on, of which
// p is the last: for the last month of a quarter and the start of the quarter, its
// three months. The length is a number of months if p runs from a day of the month to
// the same day of a later month, or between last days of months; otherwise it is a
// number of days. The zone must be that of p. There are no periods if none of them
// begins at the instant.
func (p Period) Since(start time.Time, zone *time.Location) []Period {
	if p.window.IsEmpty() || checkZone(zone) != nil {
		return nil
	}
	cycle := Cycle{Start: p.from, Zone: zone, Months: 12*(p.to.Year-p.from.Year) + int(p.to.Month-p.from.Month)}
	if p.from.Day < p.to.Day { // a longer month ends in the days that the first one lacks
		cycle.Start = p.to
	}
	if n := cycle.Months; n < 1 || n > maxMonths || cycle.date(cycle.holding(p.from)) != p.from || cycle.date(cycle.holding(p.from)+1) != p.to {
		cycle = Cycle{Start: p.from, Zone: zone, Days: int((p.to.midnight().Unix() - p.from.midnight().Unix()) / secondsPerDay)}
	}
	var all []Period
	for n := cycle.holding(p.from); ; n-- {
		q, err := cycle.period(n)
		if err != nil || q.window.Start().Before(start) {
			return nil
		}
		all = append(all, q)
		if q.window.Start().Equal(start) {
			break
		}
	}
	slices.Reverse(all)
	return all
}

// String returns the first day, the first day after p, and the zone,
// "2014-05-01/2014-06-01 UTC", and "" if p is empty.
func (p Period) String() string {
	if p.window.IsEmpty() {
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

// MarshalJSON returns the days, the zone and the instants of p. They are empty for the
// zero Period. An impossible period is an error.
func (p Period) MarshalJSON() ([]byte, error) {
	if p.fault != "" {
		return nil, fmt.Errorf("calendar: %w", p.Err())
	}
	doc := periodJSON{Zone: p.zone, Window: p.window}
	if p != (Period{}) {
		doc.From, doc.To = p.from.String(), p.to.String()
	}
	return json.Marshal(doc)
}

// UnmarshalJSON reads p with its instants as they are written, and needs no zone data. A
// key that is unknown or given twice and a value of another type are errors. So is an
// instant that is more than a day from midnight UTC of its date.
func (p *Period) UnmarshalJSON(data []byte) error {
	var doc periodJSON
	err := strictjson.Unmarshal(data, &doc)
	var read Period
	if err == nil && doc != (periodJSON{}) {
		read, err = doc.period()
	}
	if err != nil {
		return fmt.Errorf("calendar: reading a period: %w", err)
	}
	*p = read
	return nil
}

// period returns the period of j.
func (j periodJSON) period() (Period, error) {
	p := Period{zone: j.Zone, window: j.Window}
	var fromErr, toErr error
	p.from, fromErr = parseDate(j.From)
	p.to, toErr = parseDate(j.To)
	if err := errors.Join(strictjson.Field("from", fromErr), strictjson.Field("to", toErr), strictjson.Field("zone", checkName(j.Zone))); err != nil {
		return Period{}, err
	}
	return p, p.check()
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
	p := Period{from: from, to: to, zone: zone.String(), window: window}
	err = p.check()
	if window.IsEmpty() && from.Compare(to) < 0 {
		err = fmt.Errorf("%w: %w", err, ErrSkipped)
	}
	if err != nil {
		return Period{}, err
	}
	return p, nil
}

// check returns the fault of p, whose days and zone have none.
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

// checkZone returns why the days of zone cannot make a period.
func checkZone(zone *time.Location) error {
	switch zone {
	case nil:
		return checkName("")
	case time.Local: //nolint:forbidigo // to refuse it, whatever its name
		return checkName("Local")
	}
	return checkName(zone.String())
}

// checkName returns why name cannot be the name of a period's zone. The names of the
// zone database are short, printable ASCII without spaces; other text might change
// when it is written and read.
func checkName(name string) error {
	const longest = 100
	_, err := civil.LoadZone(name, func(string) (*time.Location, error) { return time.UTC, nil })
	if err == nil && (len(name) > longest || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' })) {
		err = fmt.Errorf("%s is not the name of a zone such as UTC or Europe/Berlin", numeral.Shorten(name))
	}
	return err
}
