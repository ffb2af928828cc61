package calendar

import (
	"cmp"
	"fmt"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
)

// A Date is a day of the calendar, without a zone. The zero Date is no day.
//
// A Date can hold any three numbers; [Date.Validate] tells whether they are a day.
// Every function that takes a Date checks it.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// The first and the last year of dates, and of windows.
const firstYear, lastYear = 1900, 2191

// ParseDate reads a date of the years 1900 to 2191 in the format of [Date.String],
// "2026-01-15".
func ParseDate(text string) (Date, error) {
	d, err := parseDate(text)
	if err != nil {
		return Date{}, fmt.Errorf("calendar: parsing a date: %w", err)
	}
	return d, nil
}

// Validate returns an error unless d is a day of the years 1900 to 2191.
func (d Date) Validate() error {
	if err := d.check(); err != nil {
		return fmt.Errorf("calendar: date %w", err)
	}
	return nil
}

// Compare returns −1 if d is before other, +1 if it is after, and 0 if they are equal.
func (d Date) Compare(other Date) int {
	return cmp.Or(cmp.Compare(d.Year, other.Year), cmp.Compare(d.Month, other.Month), cmp.Compare(d.Day, other.Day))
}

// AddDays returns the day n days after d. It may lie outside the years of dates.
func (d Date) AddDays(n int) Date { return DateOf(d.midnight().AddDate(0, 0, n)) }

// String returns d as "2026-01-15".
func (d Date) String() string {
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// MarshalText returns the text of [Date.String]. A date that is no day is an
// error.
func (d Date) MarshalText() ([]byte, error) {
	if err := d.Validate(); err != nil {
		return nil, err
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads d as [ParseDate] does.
func (d *Date) UnmarshalText(text []byte) error {
	parsed, err := ParseDate(string(text))
	if err == nil {
		*d = parsed
	}
	return err
}

// parseDate is ParseDate with an error that names no function.
func parseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Date{}, fmt.Errorf("%s is not a day such as 2026-01-15", numeral.Shorten(text))
	}
	d := DateOf(t)
	return d, d.check()
}

// DateOf returns the day that the clock of t shows.
func DateOf(t time.Time) Date {
	var d Date
	d.Year, d.Month, d.Day = t.Date()
	return d
}

// check returns the fault of d.
func (d Date) check() error {
	switch {
	case d.Year < firstYear || d.Year > lastYear:
		return fmt.Errorf("%v is outside the years %d to %d", d, firstYear, lastYear)
	case d != DateOf(d.midnight()):
		return fmt.Errorf("%v is not a day of the calendar", d)
	}
	return nil
}

// midnight returns the instant at which d begins in UTC.
func (d Date) midnight() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// onDay returns a day of the month of d, or its last day if the month is shorter.
func (d Date) onDay(day int) Date {
	return Cycle{Start: Date{d.Year, d.Month, day}, Months: 1}.date(0)
}
