package sla

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/civil"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// Hours are recurring moments by the clocks of a zone: days, times of day, or
// both: "Mon-Fri 09:00-17:00", "Sun", "02:00-04:00". Times whose end is before
// their start end on the next day: "Fri 22:00-06:00".
//
// A day is a weekday, a range of weekdays, a date, or a day of every year: "Sat",
// "Sat-Sun", "2026-12-24", "12-25". A list of hours contains the moments of all
// its entries, less those of entries with the word not: "not 12-25", "not Mon-Fri
// 12:00-13:00". A list of only such entries contains all other moments.
//
// The clock decides: where it skips the hour from two to three, "02:00-04:00" is
// one hour long, and where it repeats that hour, three hours.
type Hours string

// A timetable is a compiled list of hours.
type timetable struct{ only, not []hours }

// hours are the moments of the days that match; from and to are nanoseconds after
// local midnight.
type hours struct {
	first, last time.Weekday  // if the date is zero: the days from first to last
	date        calendar.Date // a year of 0 matches every year
	from, to    time.Duration
}

var weekdays = map[string]time.Weekday{
	"Sun": time.Sunday, "Mon": time.Monday, "Tue": time.Tuesday, "Wed": time.Wednesday,
	"Thu": time.Thursday, "Fri": time.Friday, "Sat": time.Saturday,
}

const day = 24 * time.Hour

// parse reads h, and reports whether its moments are subtracted.
func (h Hours) parse() (parsed hours, not bool, err error) {
	rest, not := strings.CutPrefix(string(h), "not ")
	parsed = hours{first: time.Sunday, last: time.Saturday, to: day}
	fail := fmt.Errorf("%s is not hours such as Mon-Fri 09:00-17:00, 02:00-04:00 or not 2026-12-25", numeral.Shorten(string(h)))
	days, times, both := strings.Cut(rest, " ")
	if !both && strings.Contains(days, ":") {
		days, times = "", days
	}
	if days == "" && times == "" || both && (days == "" || times == "") {
		return hours{}, not, fail
	}
	if days != "" && !parsed.readDays(days) || times != "" && !parsed.readTimes(times) {
		return hours{}, not, fail
	}
	return parsed, not, nil
}

// readDays reads "Mon", "Mon-Fri", "2026-12-25" or "12-25".
func (h *hours) readDays(text string) bool {
	first, last, span := strings.Cut(text, "-")
	if from, found := weekdays[first]; found {
		to := from
		if span {
			to, found = weekdays[last]
		}
		h.first, h.last = from, to
		return found
	}
	everyYear := len(text) == len("12-25")
	if everyYear {
		text = "2000-" + text // a leap year
	}
	date, err := calendar.ParseDate(text)
	if everyYear {
		date.Year = 0
	}
	h.date = date
	return err == nil
}

// readTimes reads "09:00-17:00".
func (h *hours) readTimes(text string) bool {
	from, to, _ := strings.Cut(text, "-")
	var fromRead, toRead bool
	h.from, fromRead = readClock(from)
	h.to, toRead = readClock(to)
	if h.to <= h.from {
		h.to += day
	}
	return fromRead && toRead && h.from < day && h.to-h.from < day || text == "00:00-24:00"
}

// readClock reads "09:00", up to "24:00".
func readClock(text string) (time.Duration, bool) {
	if len(text) != len("09:00") || text[2] != ':' {
		return 0, false
	}
	hour, hourErr := strconv.ParseUint(text[:2], 10, 8)
	minute, minuteErr := strconv.ParseUint(text[3:], 10, 8)
	t := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
	return t, hourErr == nil && minuteErr == nil && minute < 60 && t <= day
}

// matches reports whether a local day, given by its midnight in UTC, is one
// of h.
func (h hours) matches(midnight time.Time) bool {
	if h.date != (calendar.Date{}) {
		d := calendar.DateOf(midnight)
		if h.date.Year == 0 {
			d.Year = 0
		}
		return d == h.date
	}
	return (midnight.Weekday()-h.first+7)%7 <= (h.last-h.first+7)%7
}

// timetable reads a list of hours. An empty list contains nothing.
func (c *compiler) timetable(at path, list []Hours) timetable {
	var t timetable
	for i, h := range list {
		parsed, not, err := h.parse()
		c.fault(at.index(i), err)
		if not {
			t.not = append(t.not, parsed)
		} else {
			t.only = append(t.only, parsed)
		}
	}
	return t
}

func (t timetable) isZero() bool { return len(t.only) == 0 && len(t.not) == 0 }

// within returns the moments of t that lie in w, by the clocks of a zone.
func (t timetable) within(w outage.Window, zone *time.Location) outage.Set {
	if t.isZero() || w.IsEmpty() {
		return outage.Set{}
	}
	in := outage.NewSet(w)
	if len(t.only) > 0 {
		in = outage.NewSet(windowsOf(t.only, w, zone)...).Within(w)
	}
	return in.Subtract(outage.NewSet(windowsOf(t.not, w, zone)...))
}

// windowsOf returns the windows of some hours that touch w.
func windowsOf(list []hours, w outage.Window, zone *time.Location) []outage.Window {
	var windows []outage.Window
	for _, s := range civil.Stretches(w.Start(), w.End(), zone) {
		// What the clocks show between begin and end, as if they were in UTC.
		begin, end := s.Begin.Add(s.Offset).UTC(), s.End.Add(s.Offset).UTC()
		for midnight := begin.Truncate(day).Add(-day); midnight.Before(end); midnight = midnight.Add(day) {
			for _, h := range list {
				from, to := midnight.Add(h.from), midnight.Add(h.to)
				if !h.matches(midnight) || !from.Before(end) || !to.After(begin) {
					continue
				}
				if from.Before(begin) {
					from = begin
				}
				if to.After(end) {
					to = end
				}
				windows = append(windows, outage.MustWindow(from.Add(-s.Offset), to.Add(-s.Offset)))
			}
		}
	}
	return windows
}
