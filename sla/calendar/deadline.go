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

// A Deadline is until when something may be done, as contracts write it: "30d
// after period", "3bd after ticket closed", "during outage". It ends before the
// first instant that is too late, which [Deadline.Until] computes.
//
// The number is whole, and counts
//
//	h        hours
//	d        days of the calendar, the last one whole: "0d" is the same day
//	bd       business days, the last one whole, and not that of the mark
//	mo       months of the calendar, to the end of the day of the same number,
//	         or of the last day of a shorter month
//	cycles   billing cycles, the last one whole: "0cycles" is the same cycle,
//	         and "1cycle" has no s
//
// What follows "after" is a mark, a name for an instant: "period" and "outage"
// are their ends and "contract" is its end, "start of outage", "reported" and
// "claim" are what they say, and any other is the user's own. "during outage"
// and "end of contract" end with the mark itself.
//
// Days are counted from the first that is whole after the mark. A period and an
// outage that end with the last moment of a day leave the next one whole, so
// that "30d after period" is June 30 for May, and "2mo after period" is all of
// March and April for February, as § 187 (2) of the German civil code counts
// and contracts that say "two months from the end of the billing month" mean.
//
// "By the end of the second billing cycle after which the incident occurred",
// which Amazon writes, has two readings. If the cycle of the incident is not
// counted, as helpers for claims read it, an outage of February is claimed
// until the last of April, and the deadline is "2cycles after outage". If it
// counts as the first, as one vendor's printed example has it, an outage of
// February 15 is claimed until March 31, and the deadline is "1cycle after
// outage"; where the cycles are calendar months, that is the end of the
// following month, which Microsoft writes.
type Deadline string

// Marks are the instants that deadlines start from, by name: that of "period"
// is the first after it, Period.Window().End(), and those of "outage" and
// "contract" likewise.
type Marks map[string]time.Time

// A Calendar says how days and cycles are counted.
type Workdays struct {
	// Zone is that on whose clocks days begin and end. It is required, and has
	// a name as that of a [Cycle] has.
	Zone *time.Location

	// Cycle generates the billing cycles, on the clocks of its own zone. It is
	// needed for deadlines in cycles only.
	Cycle Cycle

	// Holidays are no business days, and neither are Saturdays and Sundays.
	// They may come in any order. Those of all years that a deadline can touch
	// have to be there: a year without holidays has none.
	Holidays []Date
}

// Until returns the first instant that is too late, on the clocks of the
// calendar's zone. It is an error if d is no deadline, if its mark is not among
// the marks or is the zero time, if what it needs of the calendar is not valid,
// or if the result leaves the years 1900 to 2191.
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

// Mark returns the name of the instant that d starts from, or ends with, and ""
// if d is no deadline.
func (d Deadline) Mark() string {
	parsed, err := d.parse()
	if err != nil {
		return ""
	}
	return parsed.mark
}

// until is Until; its error names no function.
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

// Marks that are the end of something. It holds up to them, not at them.
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

// beginAfter returns the first instant after n more periods of a valid cycle
// than the one in which a mark lies, or which ends there.
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

// beginIn returns the first instant of period n of a valid cycle, which is an
// error outside the years in which dates lie.
func (c Cycle) beginIn(n int) (time.Time, error) {
	if err := c.date(n).check(); err != nil {
		return time.Time{}, err
	}
	return c.begin(n), nil
}

// endOfDay returns the first instant after the last day of a term of days,
// business days or months. A mark that ends something with the last moment of a
// day counts from there, any other from within its day.
//
//	     May 31            June 1
//	───────────────────┼───────────────────
//	         │         └ an end here leaves June 1 whole, and so does
//	         └ any mark here
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
		// The day after the last one. It is that of the same number, or the
		// first of the next month if there is no day of that number.
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

// IsMark reports whether a name is one of the marks whose meaning is fixed:
// "period", "outage", "contract", "start of outage", "reported" or "claim".
func IsMark(name string) bool { return markWords[name] != "" }

// markWords are the marks whose meaning is fixed, in words.
var markWords = map[string]string{
	"period": "the end of the period", "outage": "the end of the outage", "contract": "the end of the contract",
	"start of outage": "the start of the outage", "reported": "the report", "claim": "the claim",
}
