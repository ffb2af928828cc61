// Package civil turns dates and wall clock readings into instants of a time
// zone, without assuming that a day begins at midnight, that midnight exists,
// or that it comes once.
package civil

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
)

// search is how far from UTC a wall clock may be: zones reach from −15:13:42
// (Asia/Manila until 1844) to +15:13:42 (America/Juneau until 1867).
const search = 24 * time.Hour

// FirstInstant returns the first instant at which the clocks of the zone show
// the date or a later one. Where local midnight is missing that is the
// transition that skips it; where it comes twice, the first of the two.
// Days outside the month are normalised as time.Date does.
func FirstInstant(year int, month time.Month, day int, zone *time.Location) time.Time {
	midnight := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	var first time.Time
	offsets(midnight, zone, func(begin, end time.Time, offset time.Duration) bool {
		first = midnight.Add(-offset)
		if first.Before(begin) {
			first = begin
		}
		return !end.IsZero() && !first.Before(end)
	})
	return first.In(zone)
}

// Instants returns every instant at which the clocks of the zone show the
// reading of wall, whose own zone is ignored: none where the clocks skip it,
// two where they are turned back over it.
func Instants(wall time.Time, zone *time.Location) []time.Time {
	wall = time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), time.UTC)
	var found []time.Time
	offsets(wall, zone, func(begin, end time.Time, offset time.Duration) bool {
		t := wall.Add(-offset)
		if !t.Before(begin) && (end.IsZero() || t.Before(end)) {
			found = append(found, t.In(zone))
		}
		return !end.IsZero() && end.Before(wall.Add(search))
	})
	return found
}

// A Stretch is a half-open stretch of time over which the offset from UTC does
// not change.
type Stretch struct {
	Begin, End time.Time
	Offset     time.Duration
}

// Stretches returns the stretches of constant offset that make up [from, to),
// in order.
func Stretches(from, to time.Time, zone *time.Location) []Stretch {
	var stretches []Stretch
	offsets(from, zone, func(begin, end time.Time, offset time.Duration) bool {
		s := Stretch{from, to, offset}
		if begin.After(from) {
			s.Begin = begin
		}
		if !end.IsZero() && end.Before(to) {
			s.End = end
		}
		if s.Begin.Before(s.End) {
			stretches = append(stretches, s)
		}
		return !end.IsZero() && end.Before(to)
	})
	return stretches
}

// offsets calls visit for each stretch [begin, end) of constant offset from
// the zone's clock, in order, starting well before wall, until visit returns
// false. A zero begin or end is unbounded. Each stretch begins where the last
// one ended; two of them may have the same offset.
func offsets(wall time.Time, zone *time.Location, visit func(begin, end time.Time, offset time.Duration) bool) {
	at := wall.Add(-search).In(zone)
	begin, _ := at.ZoneBounds()
	for {
		_, end := at.ZoneBounds()
		if !end.IsZero() && !end.After(at) {
			// Where the zone's data ends and its rule goes on, package time ends
			// every year after 365 days: too early for the last day of a leap
			// year. No rule changes the clocks between there and the new year.
			end = time.Date(at.UTC().Year()+1, time.January, 1, 0, 0, 0, 0, time.UTC).In(zone)
		}
		_, seconds := at.Zone()
		if !visit(begin, end, time.Duration(seconds)*time.Second) {
			return
		}
		begin, at = end, end
	}
}

// LoadZone returns the named zone through load, which defaults to
// time.LoadLocation. Names that stand for what nobody has said are refused: ""
// and "Local", for UTC and for the machine's own zone, its siblings among the
// files of the zone database, and the abbreviations of winter time that are a
// zone of their own there, an hour off in summer.
func LoadZone(name string, load func(string) (*time.Location, error)) (*time.Location, error) {
	if load == nil {
		load = time.LoadLocation
	}
	switch name {
	case "":
		return nil, errors.New("a zone is missing; name one, such as UTC or Europe/Berlin")
	case "Local":
		return nil, errors.New(`zone "Local" depends on the machine; name one, such as UTC or Europe/Berlin`)
	}
	if problem := misleading(name); problem != "" {
		return nil, fmt.Errorf("zone %s %s", numeral.Shorten(name), problem)
	}
	zone, err := load(name)
	if err != nil || zone == nil {
		return nil, fmt.Errorf("zone %s is not known", numeral.Shorten(name))
	}
	return zone, nil
}

// misleading returns what is wrong with the name of a zone that loads as
// something else than whoever wrote it is likely to mean, and "" if nothing is.
// Letters of another case and roundabout paths name the same file on some
// machines.
//
// Abbreviations under which the clocks change, as EST5EDT and CET, say what
// they do, and so does Etc/GMT+5.
func misleading(name string) string {
	clean := strings.ToLower(path.Clean(name))
	switch path.Base(clean) {
	case "est":
		return "is five hours behind UTC in summer too; write America/New_York, or America/Panama where the clocks never change"
	case "mst":
		return "is seven hours behind UTC in summer too; write America/Denver, or America/Phoenix where the clocks never change"
	case "hst":
		return "is ten hours behind UTC in summer too; write America/Adak, or Pacific/Honolulu where the clocks never change"
	case "localtime", "posixrules":
		return "depends on the machine; name one, such as UTC or Europe/Berlin"
	case "factory":
		return "is of a clock that was never set; name one, such as UTC or Europe/Berlin"
	}
	if rest, found := strings.CutPrefix(clean, "right/"); found && rest != "" {
		return "counts leap seconds, which instants do not; leave out " + name[:len("right/")]
	}
	return ""
}
