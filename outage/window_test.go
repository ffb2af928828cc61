package outage

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// clock returns the instant that an RFC 3339 text names, kept in its zone.
func clock(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

// interval is ParseWindow for literals.
func interval(text string) Window {
	w, err := ParseWindow(text)
	if err != nil {
		panic(err)
	}
	return w
}

func TestNewWindow(t *testing.T) {
	berlin := time.FixedZone("CEST", 2*3600)
	for _, tt := range []struct {
		name       string
		start, end time.Time
		text       string
		length     time.Duration
	}{
		{"minutes", clock("2014-05-27T20:13:00Z"), clock("2014-05-27T22:42:00Z"), "2014-05-27T20:13:00Z/2014-05-27T22:42:00Z", 149 * time.Minute},
		{"in another zone", time.Date(2014, 5, 27, 22, 13, 0, 0, berlin), clock("2014-05-27T22:42:00Z"), "2014-05-27T20:13:00Z/2014-05-27T22:42:00Z", 149 * time.Minute},
		{"in two zones", clock("2014-05-27T22:13:00+02:00"), clock("2014-05-27T15:42:00-07:00"), "2014-05-27T20:13:00Z/2014-05-27T22:42:00Z", 149 * time.Minute},
		{"a nanosecond", time.Unix(0, 7), time.Unix(0, 8), "1970-01-01T00:00:00.000000007Z/1970-01-01T00:00:00.000000008Z", 1},
		{"from the epoch", time.Unix(0, 0), time.Unix(60, 0), "1970-01-01T00:00:00Z/1970-01-01T00:01:00Z", time.Minute},
		{"up to the epoch", time.Unix(-60, 0), time.Unix(0, 0), "1969-12-31T23:59:00Z/1970-01-01T00:00:00Z", time.Minute},
		{"all there is", clock("1900-01-01T00:00:00Z"), clock("2192-01-01T00:00:00Z"), "1900-01-01T00:00:00Z/2192-01-01T00:00:00Z", 106651 * 24 * time.Hour},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, err := NewWindow(tt.start, tt.end)
			require.NoError(t, err)
			assert.Equal(t, tt.text, w.String())
			assert.Equal(t, tt.length, w.Length())
			assert.Equal(t, tt.start.UTC(), w.Start())
			assert.Equal(t, tt.end.UTC(), w.End())
			assert.False(t, w.IsEmpty())
			assert.True(t, w == MustWindow(tt.start, tt.end))
			assert.True(t, w == interval(tt.text))
		})
	}
}

func TestEmptyWindowsAreOne(t *testing.T) {
	at, later := clock("2014-05-27T20:13:00Z"), clock("2014-05-27T22:42:00Z")
	for _, w := range []Window{
		{},
		MustWindow(at, at),
		MustWindow(later, at),
		MustWindow(clock("2192-01-01T00:00:00Z"), clock("1900-01-01T00:00:00Z")),
		interval(""),
		MustWindow(at, later).Intersect(Window{}),
		Window{}.Intersect(MustWindow(at, later)),
		allTime.Intersect(Window{}),
		MustWindow(at, later).Intersect(MustWindow(later, later.Add(1))),
	} {
		assert.True(t, w == Window{})
		assert.True(t, w.IsEmpty())
		assert.Zero(t, w.Length())
		assert.Equal(t, w.Start(), w.End())
		assert.Equal(t, "", w.String())
		assert.False(t, w.Contains(w.Start()))
		assert.False(t, w.Contains(at))
	}
}

func TestWindowRange(t *testing.T) {
	first, last, inside := clock("1900-01-01T00:00:00Z"), clock("2192-01-01T00:00:00Z"), clock("2014-05-27T20:13:00Z")
	for _, tt := range []struct {
		start, end time.Time
		want       string
	}{
		{first.Add(-1), inside, "start: 1899-12-31T23:59:59.999999999Z"},
		{inside, last.Add(1), "end: 2192-01-01T00:00:00.000000001Z"},
		{time.Time{}, inside, "start: 0001-01-01T00:00:00Z"},
		{inside, time.Time{}, "end: 0001-01-01T00:00:00Z"},
		{last.Add(1), first.Add(-1), "start: 2192-01-01T00:00:00.000000001Z"},
		{time.Unix(math.MaxInt64, 0).UTC(), inside, "start: "},
		{inside, time.Unix(math.MinInt64, 0).UTC(), "end: "},
	} {
		w, err := NewWindow(tt.start, tt.end)
		assert.ErrorContains(t, err, "outage: window "+tt.want)
		assert.ErrorContains(t, err, " is outside the years 1900 to 2191")
		assert.Zero(t, w)
		assert.Panics(t, func() { MustWindow(tt.start, tt.end) })
	}

	// The longest window is as long as a duration can say.
	assert.Equal(t, last, allTime.Start().Add(allTime.Length()))
}

func TestParseWindow(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", ""},
		{"2014-05-27T20:13:00Z/2014-05-27T22:42:00Z", "2014-05-27T20:13:00Z/2014-05-27T22:42:00Z"},
		{"2014-05-27T22:13:00+02:00/2014-05-27T15:42:00-07:00", "2014-05-27T20:13:00Z/2014-05-27T22:42:00Z"},
		{"2014-05-27T20:13:00-00:00/2014-05-28T22:41:00+23:59", "2014-05-27T20:13:00Z/2014-05-27T22:42:00Z"},
		{"2014-05-27T20:13:00.000Z/2014-05-27T22:42:00.500Z", "2014-05-27T20:13:00Z/2014-05-27T22:42:00.5Z"},
		{"2014-05-27T20:13:00.123456789Z/2014-05-27T20:13:00.123456790Z", "2014-05-27T20:13:00.123456789Z/2014-05-27T20:13:00.12345679Z"},
		{"2016-02-29T00:00:00Z/2016-03-01T00:00:00Z", "2016-02-29T00:00:00Z/2016-03-01T00:00:00Z"},
		{"1899-12-31T23:59:00-00:01/2192-01-01T00:01:00+00:01", "1900-01-01T00:00:00Z/2192-01-01T00:00:00Z"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			w, err := ParseWindow(tt.text)
			require.NoError(t, err)
			assert.Equal(t, tt.want, w.String())
			again, err := ParseWindow(tt.want)
			require.NoError(t, err)
			assert.True(t, w == again)
		})
	}
}

func TestParseWindowRefuses(t *testing.T) {
	const from, to = "2014-05-27T20:13:00Z", "2014-05-27T22:42:00Z"
	long := strings.Repeat("1", 10_000_000)
	for _, tt := range []struct{ text, want string }{
		{from, "want two instants with a slash between them"},
		{" ", "want two instants with a slash between them"},
		{from + " " + to, "want two instants with a slash between them"},
		{from + "--" + to, "want two instants with a slash between them"},
		{long, "want two instants with a slash between them"},
		{to + "/" + from, "it does not end after it starts"},
		{from + "/" + from, "it does not end after it starts"},
		{from + "/2014-05-27T22:13:00+02:00", "it does not end after it starts"},
		{"/", `start: "" is not an RFC 3339 instant such as 2014-05-27T20:13:00Z`},
		{"/" + to, `start: "" is not an RFC 3339 instant such as 2014-05-27T20:13:00Z`},
		{from + "/", `end: "" is not an RFC 3339 instant such as 2014-05-27T20:13:00Z`},
		{from + "/" + to + "/" + to, `end: "` + to + "/2014-05-27T22:42:00" + `"… is not an RFC 3339 instant such as 2014-05-27T20:13:00Z`},
		{from + "/PT2H", `end: "PT2H" is not an RFC 3339 instant such as 2014-05-27T20:13:00Z`},
		{from + "/" + long, `end: "` + long[:40] + `"… is not an RFC 3339 instant such as 2014-05-27T20:13:00Z`},
	} {
		w, err := ParseWindow(tt.text)
		shown := fmt.Sprintf("%q", tt.text)
		if len(tt.text) > 40 {
			shown = fmt.Sprintf("%q…", tt.text[:40])
		}
		assert.EqualError(t, err, "outage: parsing window "+shown+": "+tt.want)
		assert.Zero(t, w)
	}
}

func TestParseWindowRefusesInstants(t *testing.T) {
	for _, instant := range []string{
		"2014-05-27", "2014-05-27T20:13Z", "2014-05-27T20:13:00", "2014-05-27 20:13:00Z", "2014-05-27t20:13:00Z", "2014-05-27T20:13:00z",
		" 2014-05-27T20:13:00Z", "2014-05-27T20:13:00Z ", "2014-05-27T20:13:00Z\n", "20140527T201300Z", "14-05-27T20:13:00Z", "12014-05-27T20:13:00Z",
		"2014-5-27T20:13:00Z", "2014-05-7T20:13:00Z", "2014-05-27T8:13:00Z", "2014-05-27T20:3:00Z", "2014-05-27T20:13:0Z",
		"2014-13-27T20:13:00Z", "2014-00-27T20:13:00Z", "2014-02-29T20:13:00Z", "2014-05-00T20:13:00Z", "2014-05-27T24:00:00Z", "2014-05-27T20:60:00Z", "2014-05-27T20:13:60Z",
		"2014-05-27T20:13:00,5Z", "2014-05-27T20:13:00.Z", "2014-05-27T20:13:00.1234567890Z", "2014-05-27T20:13:00.0000000000+02:00", "2014-05-27T20:13:00.5.5Z",
		"2014-05-27T20:13:00+02", "2014-05-27T20:13:00+0200", "2014-05-27T20:13:00+2:00", "2014-05-27T20:13:00Z+02:00", "2014-05-27T20:13:00 CEST",
		"2014-05-27T20:13:00+24:00", "2014-05-27T20:13:00-24:00", "2014-05-27T20:13:00+23:60", "2014-05-27T20:13:00.5-24:60", "2014-05-27T20:13:00+25:00",
		"1401221580", "now", "\xff",
	} {
		w, err := ParseWindow("2000-01-01T00:00:00Z/" + instant)
		assert.ErrorContains(t, err, fmt.Sprintf("end: %q is not an RFC 3339 instant", instant))
		assert.Zero(t, w)
		_, err = ParseWindow(instant + "/2030-01-01T00:00:00Z")
		assert.ErrorContains(t, err, fmt.Sprintf("start: %q is not an RFC 3339 instant", instant))
	}
	for text, want := range map[string]string{
		"1899-12-31T23:59:59Z/2014-05-27T20:13:00Z":      "outage: window start: 1899-12-31T23:59:59Z is outside the years 1900 to 2191",
		"1900-01-01T00:00:00+00:01/2014-05-27T20:13:00Z": "outage: window start: 1899-12-31T23:59:00Z is outside the years 1900 to 2191",
		"2014-05-27T20:13:00Z/9999-12-31T23:59:59Z":      "outage: window end: 9999-12-31T23:59:59Z is outside the years 1900 to 2191",
	} {
		_, err := ParseWindow(text)
		assert.EqualError(t, err, want)
	}
}

func TestWindowContains(t *testing.T) {
	w := interval("2014-05-27T20:13:00Z/2014-05-27T22:42:00Z")
	for _, tt := range []struct {
		at   time.Time
		want bool
	}{
		{w.Start().Add(-1), false},
		{w.Start(), true},
		{w.Start().Add(1), true},
		{w.End().Add(-1), true},
		{w.End(), false},
		{w.End().Add(1), false},
		{clock("2014-05-27T22:13:00+02:00"), true},
		{clock("2014-05-27T22:12:59+02:00"), false},
		{time.Time{}, false},
		{clock("9999-12-31T23:59:59Z"), false},
	} {
		assert.Equal(t, tt.want, w.Contains(tt.at), tt.at)
	}
}

func TestWindowIntersectExhaustively(t *testing.T) {
	const ticks = 6
	each := func(do func(w Window, bits int)) {
		for start := range ticks + 1 {
			for end := range ticks + 1 {
				// Around the epoch, where a window could be mistaken for the empty one.
				w := MustWindow(time.Unix(0, int64(start-3)), time.Unix(0, int64(end-3)))
				bits := 0
				for i := start; i < end; i++ {
					bits |= 1 << i
				}
				do(w, bits)
			}
		}
	}
	each(func(v Window, vBits int) {
		each(func(w Window, wBits int) {
			got := v.Intersect(w)
			require.Equal(t, got, w.Intersect(v))
			require.Equal(t, vBits == wBits, v == w)
			require.Equal(t, vBits&wBits == 0, got == Window{}, "%v and %v", v, w)
			for i := -1; i <= ticks; i++ {
				want := i >= 0 && vBits&wBits&(1<<i) != 0
				require.Equal(t, want, got.Contains(time.Unix(0, int64(i-3))), "%v and %v", v, w)
			}
		})
	})
}

func TestWindowJSON(t *testing.T) {
	type report struct {
		Window Window            `json:"window"`
		By     map[Window]string `json:"by"`
	}
	w := interval("2014-05-27T20:13:00Z/2014-05-27T22:42:00.25Z")
	in := report{w, map[Window]string{w: "full", {}: "empty"}}
	data, err := json.Marshal(in)
	require.NoError(t, err)
	assert.JSONEq(t, `{
		"window": "2014-05-27T20:13:00Z/2014-05-27T22:42:00.25Z",
		"by": {"2014-05-27T20:13:00Z/2014-05-27T22:42:00.25Z": "full", "": "empty"}
	}`, string(data))
	var out report
	require.NoError(t, json.Unmarshal(data, &out))
	assert.Equal(t, in, out)

	require.Error(t, json.Unmarshal([]byte(`"2014-05-27"`), &out.Window))
	require.Error(t, json.Unmarshal([]byte(`5`), &out.Window))
	assert.Equal(t, w, out.Window, "a refused text changes nothing")
}

func TestWindowTextLaws(t *testing.T) {
	instants := rapid.Int64Range(allTime.start, allTime.end)
	rapid.Check(t, func(t *rapid.T) {
		start, end := instants.Draw(t, "start"), instants.Draw(t, "end")
		w := MustWindow(time.Unix(0, start), time.Unix(0, end))
		if w.IsEmpty() != (end <= start) {
			t.Fatalf("[%d, %d) is %v", start, end, w)
		}
		if again, err := ParseWindow(w.String()); err != nil || again != w {
			t.Fatalf("%v reads as %v, %v", w, again, err)
		}
	})
}

func FuzzParseWindow(f *testing.F) {
	for _, text := range []string{
		"", "/", "2014-05-27T20:13:00Z/2014-05-27T22:42:00Z", "2014-05-27T22:13:00+02:00/2014-05-27T15:42:00.5-07:00",
		"1900-01-01T00:00:00Z/2192-01-01T00:00:00Z", "2014-05-27T8:13:00Z/2014-05-27T22:42:00,5Z", "2014-05-27T20:13:00Z/2014-05-27T22:42:00+24:60",
		"2014-05-27T20:13:00.1234567890Z/2014-05-27T22:42:00Z", "\xff/\x00",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		w, err := ParseWindow(text)
		if err != nil {
			if w != (Window{}) || len(err.Error()) > 1000 || !utf8.ValidString(err.Error()) {
				t.Fatalf("%q: %v and an error of %d bytes: %q", text, w, len(err.Error()), err)
			}
			return
		}
		if w.IsEmpty() != (text == "") {
			t.Fatalf("%q reads as %v", text, w)
		}
		again, err := ParseWindow(w.String())
		if err != nil || again != w || again.String() != w.String() {
			t.Fatalf("%q: %v, then %v, %v", text, w, again, err)
		}
	})
}
