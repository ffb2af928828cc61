package outage

import (
	"fmt"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
)

// A Window is the half-open interval of time [start, end), exact to the nanosecond.
// The zero Window is empty. A window that would not end after it starts is the zero
// Window, so windows can be compared with ==. It holds instants, without the zone in
// which they were written.
//
// Windows lie in the years 1900 to 2191. So every length, and the total of every
// [Set], fits into a [time.Duration].
type Window struct {
	start, end int64 // nanoseconds since 1970 UTC; start < end, or both 0
}

// The bounds of windows in seconds since 1970: the starts of 1900 and of 2192.
const (
	firstSecond = -2_208_988_800
	endSecond   = 7_005_657_600
)

var allTime = Window{firstSecond * 1e9, endSecond * 1e9}

// NewWindow returns [start, end), which is empty unless end is after start.
// An instant outside the years 1900 to 2191 is an error.
func NewWindow(start, end time.Time) (Window, error) {
	s, startFits := instantOf(start)
	e, endFits := instantOf(end)
	switch {
	case !startFits:
		return Window{}, fmt.Errorf("outage: window start: %w", outside(start))
	case !endFits:
		return Window{}, fmt.Errorf("outage: window end: %w", outside(end))
	}
	return between(s, e), nil
}

// MustWindow is [NewWindow] for literals and tests; it panics on an error.
func MustWindow(start, end time.Time) Window {
	w, err := NewWindow(start, end)
	if err != nil {
		panic(err)
	}
	return w
}

// ParseWindow reads the text of [Window.String]: two RFC 3339 instants with a slash
// between them, or "" for the empty window. An end that is not after the start is
// an error.
func ParseWindow(text string) (Window, error) {
	if text == "" {
		return Window{}, nil
	}
	fail := func(problem string) (Window, error) {
		return Window{}, fmt.Errorf("outage: parsing window %s: %s", numeral.Shorten(text), problem)
	}
	from, to, found := strings.Cut(text, "/")
	if !found {
		return fail("want two instants with a slash between them")
	}
	start, err := parseInstant(from)
	if err != nil {
		return fail("start: " + err.Error())
	}
	end, err := parseInstant(to)
	if err != nil {
		return fail("end: " + err.Error())
	}
	w, err := NewWindow(start, end)
	if err != nil {
		return Window{}, err
	}
	if w.IsEmpty() {
		return fail("it does not end after it starts")
	}
	return w, nil
}

// Start returns the first instant of w, in UTC.
func (w Window) Start() time.Time { return time.Unix(0, w.start).UTC() }

// End returns the first instant after w, in UTC.
func (w Window) End() time.Time { return time.Unix(0, w.end).UTC() }

// UnixNano returns the start and the end of w in nanoseconds since 1970 UTC.
func (w Window) UnixNano() (start, end int64) { return w.start, w.end }

// Length returns the time from start to end.
func (w Window) Length() time.Duration { return time.Duration(w.end - w.start) }

// IsEmpty reports whether w contains no instant.
func (w Window) IsEmpty() bool { return w.start >= w.end }

// Contains reports whether t lies in w. The end does not lie in it.
func (w Window) Contains(t time.Time) bool {
	return !t.Before(w.Start()) && t.Before(w.End())
}

// Intersect returns the part that v and w share.
func (w Window) Intersect(v Window) Window {
	return between(max(v.start, w.start), min(v.end, w.end))
}

// Hull returns the smallest window that contains both w and v.
func (w Window) Hull(v Window) Window {
	switch {
	case w.IsEmpty():
		return v
	case v.IsEmpty():
		return w
	}
	return Window{min(v.start, w.start), max(v.end, w.end)}
}

// String returns w as an ISO 8601 interval in UTC,
// "2014-05-27T20:13:00Z/2014-05-27T22:42:00Z", and "" if it is empty.
func (w Window) String() string {
	if w.IsEmpty() {
		return ""
	}
	return w.Start().Format(time.RFC3339Nano) + "/" + w.End().Format(time.RFC3339Nano)
}

// MarshalText returns the text of [Window.String].
func (w Window) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads w as [ParseWindow] does.
func (w *Window) UnmarshalText(text []byte) error {
	v, err := ParseWindow(string(text))
	if err == nil {
		*w = v
	}
	return err
}

// between returns [start, end), and the zero Window if that is empty.
func between(start, end int64) Window {
	if start >= end {
		return Window{}
	}
	return Window{start, end}
}

// instantOf returns t in nanoseconds since 1970 UTC, and false if no window can
// hold it.
func instantOf(t time.Time) (ns int64, fits bool) {
	seconds, rest := t.Unix(), int64(t.Nanosecond())
	fits = seconds >= firstSecond && (seconds < endSecond || seconds == endSecond && rest == 0)
	return seconds*1e9 + rest, fits
}

// nanos returns t as instantOf does, with an error if no window can hold it.
func nanos(t time.Time) (int64, error) {
	if ns, fits := instantOf(t); fits {
		return ns, nil
	}
	return 0, outside(t)
}

// outside is the error of an instant that no window can hold.
func outside(t time.Time) error {
	return fmt.Errorf("%s is outside the years 1900 to 2191", t.Format(time.RFC3339Nano))
}

// parseInstant reads an RFC 3339 date and time with its offset from UTC. It refuses
// texts that [time.Parse] accepts beyond the RFC: an hour of one digit, a comma
// before the fraction, digits after the nanosecond, which it drops, and an offset
// of 24 hours or with 60 minutes.
func parseInstant(text string) (time.Time, error) {
	const seconds = len("2006-01-02T15:04:05")
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || text[13] != ':' || text[seconds] == ',' || strings.IndexAny(text[seconds:], "Z+-") > len(".999999999") ||
		strings.Contains(text[seconds:], "+24:") || strings.Contains(text[seconds:], "-24:") || strings.HasSuffix(text, ":60") {
		return time.Time{}, fmt.Errorf("%s is not an RFC 3339 instant such as 2014-05-27T20:13:00Z", numeral.Shorten(text))
	}
	return t.UTC(), nil
}
