package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/label"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/strictjson"
	"github.com/slacredit/slacredit/internal/term"
)

// A Deadline is a time limit as contracts write it: "30d after period", "3bd after
// ticket closed", "during outage". [Deadline.Until] computes the first instant that is
// too late.
//
// The number is whole. Its units are
//
//	h        hours
//	d        calendar days, to the end of the last one: "0d" is the same day
//	bd       business days, to the end of the last one, without the day of the mark
//	mo       calendar months, to the end of the day with the same number, or of
//	         the last day of a shorter month
//	cycles   billing cycles, to the end of the last one: "0cycles" is the same cycle,
//	         and "1cycle" has no s
//
// The name after "after" is a mark, which stands for an instant. "period", "outage" and
// "contract" are the ends of these. "start of outage", "reported" and "claim" are the
// instants of these events. Any other name is the caller's own. "during outage" and
// "end of contract" end with the mark itself.
//
// Days are counted from the first whole day after the mark. If a period or an outage
// ends with the last moment of a day, the next day is whole. So "30d after period" is
// June 30 for May, and "2mo after period" is all of March and April for February. This
// is how § 187 (2) of the German civil code counts, and how contracts mean "two months
// from the end of the billing month".
//
// Amazon writes "by the end of the second billing cycle after which the incident
// occurred", which has two readings. If the cycle of the incident does not count, as
// tools for claims read it, an outage in February can be claimed until the end of
// April: "2cycles after outage". If it counts as the first, as in one vendor's printed
// example, an outage on February 15 can be claimed until March 31: "1cycle after
// outage". For calendar months that is the end of the following month, which Microsoft
// writes.
type Deadline string

// Marks are the instants from which deadlines count, by name. The mark "period" is the
// first instant after the period, Period.Window().End(). "outage" and "contract" are
// the first instants after these.
type Marks map[string]time.Time

// Workdays tell how to count days and cycles.
type Workdays struct {
	// Zone is the zone on whose clocks days begin and end. It is required, and needs a
	// name as that of a [Cycle] does.
	Zone *time.Location

	// Cycle generates the billing cycles, on the clocks of its own zone. Only
	// deadlines in cycles need it.
	Cycle Cycle

	// Holidays are no business days, and neither are Saturdays and Sundays. They may
	// come in any order. They must include the holidays of all years that a deadline
	// can touch.
	Holidays []Date
}

// Until returns the first instant that is too late, in the zone of c. It is an error if
// d is no deadline, if its mark is missing or the zero time, if a part of c that it
// needs has a fault, or if the result leaves the years 1900 to 2191.
func (d Deadline) Until(marks Marks, c Workdays) (time.Time, error) {
	until, err := d.until(marks, c)
	if err != nil {
		return time.Time{}, fmt.Errorf("calendar: deadline %s: %w", numeral.Shorten(string(d)), err)
	}
	return until, nil
}

// Validate returns an error unless d is a deadline.
func (d Deadline) Validate() error {
	if _, err := d.parse(); err != nil {
		return fmt.Errorf("calendar: deadline: %w", err)
	}
	return nil
}

// Mark returns the name of the instant from which d counts, or with which it ends, and
// "" if d is no deadline.
func (d Deadline) Mark() string {
	parsed, err := d.parse()
	if err != nil {
		return ""
	}
	return parsed.mark
}

// until is Until with an error that names no function.
func (d Deadline) until(marks Marks, c Workdays) (time.Time, error) {
	parsed, err := d.parse()
	if err != nil {
		return time.Time{}, err
	}
	return parsed.until(marks, c)
}

// A deadline is a parsed [Deadline].
type deadline struct {
	length term.Term
	mark   string
}

// endMarks are the marks that are ends. The instant of an end is no longer part of what
// ends.
var endMarks = []string{"period", "outage", "contract"}

// parse reads d.
func (d Deadline) parse() (deadline, error) {
	switch d {
	case "during outage":
		return deadline{mark: "outage"}, nil
	case "end of contract":
		return deadline{mark: "contract"}, nil
	}
	length, mark, found := strings.Cut(string(d), " after ")
	if !found {
		return deadline{}, fmt.Errorf(`%s is not a deadline such as "30d after period", "during outage" or "end of contract"`, numeral.Shorten(string(d)))
	}
	t, err := term.Parse(length, "h", "d", "bd", "mo", "cycles")
	switch problem := label.Problem(mark); {
	case err != nil:
	case problem != "":
		err = fmt.Errorf("its mark: %s", problem)
	case mark == "":
		err = fmt.Errorf("%s has no mark", numeral.Shorten(string(d)))
	case t.N == 0 && (t.Unit == "h" || t.Unit == "bd" || t.Unit == "mo"):
		err = fmt.Errorf("%s leaves no time", numeral.Shorten(string(d)))
	}
	return deadline{t, mark}, err
}

// until returns the first instant that is too late.
func (d deadline) until(marks Marks, c Workdays) (time.Time, error) {
	mark := marks[d.mark]
	if mark.IsZero() {
		return time.Time{}, fmt.Errorf("no instant is given for the mark %s", numeral.Shorten(d.mark))
	}
	if err := errors.Join(strictjson.Field("zone", checkZone(c.Zone)), DateOf(mark.UTC()).check()); err != nil {
		return time.Time{}, err
	}
	var until time.Time
	var err error
	switch ends := slices.Contains(endMarks, d.mark); d.length.Unit {
	case "":
		until = mark
	case "h":
		until = mark.Add(time.Duration(d.length.N) * time.Hour)
	case "cycles":
		if err = strictjson.Field("cycle", c.Cycle.check()); err == nil {
			until, err = c.Cycle.beginAfter(mark, ends, d.length.N)
		}
	default:
		until, err = c.endOfDay(mark, ends, d.length)
	}
	if err == nil {
		err = DateOf(until.UTC()).check()
	}
	return until.In(c.Zone), err
}

// beginAfter returns the end of the n-th period of a valid cycle after the period in
// which a mark lies, or which ends at the mark.
func (c Cycle) beginAfter(mark time.Time, ends bool, n int) (time.Time, error) {
	if ends {
		mark = mark.Add(-1)
	}
	in, err := c.number(mark)
	if err != nil {
		return time.Time{}, err
	}
	return c.beginIn(in + n + 1)
}

// beginIn returns the first instant of period n of a valid cycle. It is an error if that
// lies outside the years of dates.
func (c Cycle) beginIn(n int) (time.Time, error) {
	if err := c.date(n).check(); err != nil {
		return time.Time{}, err
	}
	return c.begin(n), nil
}

// endOfDay returns the first instant after the last day of a term of days, business days
// or months. The first day of the term is the first whole day after the mark. If an end
// is at the start of a day, that day is whole.
//
//	     May 31            June 1
//	───────────────────┼───────────────────
//	         │         └ June 1 is whole for an end here,
//	         └ and for any mark here
func (c Workdays) endOfDay(mark time.Time, ends bool, t term.Term) (time.Time, error) {
	days := Cycle{Start: Date{1970, time.January, 1}, Zone: c.Zone, Days: 1}
	today, err := days.number(mark)
	if err != nil {
		return time.Time{}, err
	}
	next := today + 1 // the first whole day
	atStart := ends && days.begin(today).Equal(mark)
	if atStart {
		next = today
	}
	switch t.Unit {
	case "d":
		next += t.N
	case "mo":
		// The day after the last one: the day with the same number, or the first
		// of the next month if there is no such day.
		d := days.date(today)
		if !atStart {
			d.Day++
		}
		last := time.Date(d.Year, d.Month+time.Month(t.N)+1, 0, 0, 0, 0, 0, time.UTC)
		next = days.holding(Date{last.Year(), last.Month(), min(d.Day-1, last.Day())}) + 1
	case "bd":
		for left := t.N; left > 0; next++ {
			d := days.date(next)
			if err := d.check(); err != nil {
				return time.Time{}, err
			}
			if c.business(d) {
				left--
			}
		}
	}
	return days.beginIn(next)
}

// business reports whether d is a business day.
func (c Workdays) business(d Date) bool {
	weekday := d.midnight().Weekday()
	return weekday != time.Saturday && weekday != time.Sunday && !slices.Contains(c.Holidays, d)
}

// English returns a valid deadline in words that state when something is in time:
// "within 30 days after the end of the period".
func (d Deadline) English() string {
	parsed, _ := d.parse()
	switch {
	case d == "during outage":
		return "during the outage"
	case d == "end of contract":
		return "before the contract ends"
	case parsed.whole():
		return "by the end of " + parsed.last()
	}
	return "within " + parsed.length.English() + " after " + parsed.after()
}

// Over returns a valid deadline in words that state when it has passed: "30 days have
// passed since the end of the period".
func (d Deadline) Over() string {
	parsed, _ := d.parse()
	switch {
	case d == "during outage":
		return "the outage has ended"
	case d == "end of contract":
		return "the contract has ended"
	case parsed.whole():
		return parsed.last() + " is over"
	case parsed.length.N == 1:
		return parsed.length.English() + " has passed since " + parsed.after()
	}
	return parsed.length.English() + " have passed since " + parsed.after()
}

// whole reports whether d ends with one day or cycle that is known by its number, and
// not with a length of time.
func (d deadline) whole() bool { return d.length.Unit == "cycles" || d.length.N == 0 }

// after returns the mark of d in words.
func (d deadline) after() string { return cmp.Or(markWords[d.mark], "the mark "+d.mark) }

// last returns the day or cycle with which d ends, if it is whole.
func (d deadline) last() string {
	switch {
	case d.length.Unit != "cycles":
		return "the day of " + d.after()
	case d.length.N == 0:
		return "the billing cycle that contains " + d.after()
	case d.length.N == 1:
		return "the billing cycle after the one that contains " + d.after()
	}
	return "the " + term.Ordinal(d.length.N) + " billing cycle after the one that contains " + d.after()
}

// IsMark reports whether a name is a mark with a fixed meaning: "period", "outage",
// "contract", "start of outage", "reported" or "claim".
func IsMark(name string) bool { return markWords[name] != "" }

// markWords are the marks with a fixed meaning, in words.
var markWords = map[string]string{
	"period": "the end of the period", "outage": "the end of the outage", "contract": "the end of the contract",
	"start of outage": "the start of the outage", "reported": "the report", "claim": "the claim",
}
