package civil

import (
	"errors"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func load(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	require.NoError(t, err)
	return zone
}

func utc(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	require.NoError(t, err)
	return at
}

func TestFirstInstant(t *testing.T) {
	for _, tt := range []struct {
		name       string
		year       int
		month      time.Month
		day        int
		zone, want string
	}{
		{"midnight exists", 2026, 1, 15, "Europe/Berlin", "2026-01-14T23:00:00Z"},
		{"midnight is missing", 2017, 10, 1, "America/Asuncion", "2017-10-01T04:00:00Z"},
		{"midnight comes twice", 2026, 11, 1, "America/Havana", "2026-11-01T04:00:00Z"},
		{"the date comes twice", 2009, 11, 1, "America/Goose_Bay", "2009-11-01T03:00:00Z"},
		{"the date is missing", 2011, 12, 30, "Pacific/Apia", "2011-12-30T10:00:00Z"},
		{"the date after", 2011, 12, 31, "Pacific/Apia", "2011-12-30T10:00:00Z"},
		{"the date is missing", 1993, 8, 21, "Pacific/Kwajalein", "1993-08-21T12:00:00Z"},
		{"the date comes twice, a day apart", 1867, 10, 19, "America/Juneau", "1867-10-18T08:57:41Z"},
		{"the month is normalised", 2025, 13, 1, "UTC", "2026-01-01T00:00:00Z"},
		{"the day is normalised", 2026, 1, 32, "UTC", "2026-02-01T00:00:00Z"},
		{"day 0", 2026, 3, 0, "UTC", "2026-02-28T00:00:00Z"},
		{"beyond the table", 2191, 7, 1, "Europe/Berlin", "2191-06-30T22:00:00Z"},
		{"the new year after a leap year beyond the table", 2041, 1, 1, "Europe/Berlin", "2040-12-31T23:00:00Z"},
		{"the last day of that leap year", 2040, 12, 31, "America/New_York", "2040-12-31T05:00:00Z"},
		{"before the table", 1800, 7, 1, "Europe/Berlin", "1800-06-30T23:06:32Z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := FirstInstant(tt.year, tt.month, tt.day, load(t, tt.zone))
			assert.Equal(t, tt.want, got.UTC().Format(time.RFC3339))
			assert.Equal(t, tt.zone, got.Location().String())
		})
	}
}

func TestInstants(t *testing.T) {
	for _, tt := range []struct {
		name, wall, zone string
		want             []string
	}{
		{"once", "2026-01-15T12:00:00.000000001Z", "Europe/Berlin", []string{"2026-01-15T11:00:00.000000001Z"}},
		{"skipped", "2026-03-29T02:30:00Z", "Europe/Berlin", nil},
		{"the first skipped", "2026-03-29T02:00:00Z", "Europe/Berlin", nil},
		{"just before", "2026-03-29T01:59:59.999999999Z", "Europe/Berlin", []string{"2026-03-29T00:59:59.999999999Z"}},
		{"just after", "2026-03-29T03:00:00Z", "Europe/Berlin", []string{"2026-03-29T01:00:00Z"}},
		{"twice", "2026-10-25T02:30:00Z", "Europe/Berlin", []string{"2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"}},
		{"the first that comes twice", "2026-10-25T02:00:00Z", "Europe/Berlin", []string{"2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"}},
		{"the last that comes twice", "2026-10-25T02:59:59.999999999Z", "Europe/Berlin", []string{"2026-10-25T00:59:59.999999999Z", "2026-10-25T01:59:59.999999999Z"}},
		{"the first that no longer does", "2026-10-25T03:00:00Z", "Europe/Berlin", []string{"2026-10-25T02:00:00Z"}},
		{"a day skipped", "2011-12-30T12:00:00Z", "Pacific/Apia", nil},
		{"a day twice", "1867-10-19T00:00:00Z", "America/Juneau", []string{"1867-10-18T08:57:41Z", "1867-10-19T08:57:41Z"}},
		{"always", "2026-01-15T12:00:00Z", "UTC", []string{"2026-01-15T12:00:00Z"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			zone := load(t, tt.zone)
			// The zone of the reading is ignored.
			wall := utc(t, tt.wall)
			wall = time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), time.FixedZone("", 12345))
			var got []string
			for _, at := range Instants(wall, zone) {
				assert.Same(t, zone, at.Location())
				got = append(got, at.UTC().Format(time.RFC3339Nano))
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

// The years in which the rule of a zone goes on after its data ends, on the
// days around the end of leap and other years.
func TestYearEnds(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Auckland", "America/Santiago", "UTC", "Asia/Tokyo"} {
		zone := load(t, name)
		for year := 2036; year < 2192; year++ {
			for day := 26; day <= 37; day++ { // December 26 to January 6
				want := time.Date(year, time.December, day, 0, 0, 0, 0, zone)
				require.True(t, want.Equal(FirstInstant(year, time.December, day, zone)), "%v", want)
				noon := want.Add(12 * time.Hour)
				got := Instants(noon, zone)
				require.Len(t, got, 1, "%v", noon)
				require.True(t, noon.Equal(got[0]), "%v", noon)
			}
		}
	}
}

// Stretches meet, and the clocks keep the offset of each: nothing is left out,
// also in the years in which the rule of a zone goes on after its data ends.
// Where two that meet have one offset, the year turns.
func TestStretchesTileTheTime(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Pacific/Apia", "America/Juneau", "UTC", "Asia/Tokyo"} {
		zone := load(t, name)
		for _, span := range []struct{ from, to string }{
			{"1867-10-01T00:00:00Z", "1868-02-01T00:00:00Z"},
			{"2011-01-01T00:00:00Z", "2012-06-01T00:00:00Z"},
			{"2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"}, // from one change of Berlin's clocks to the next
			{"2026-03-29T00:59:59.999999999Z", "2026-10-25T01:00:00.000000001Z"},
			{"2040-12-31T00:00:00Z", "2045-03-01T00:00:00Z"},
			{"2040-12-31T12:00:00Z", "2043-07-01T00:00:00Z"},
			{"2044-12-30T00:00:00Z", "2045-01-01T00:00:00.000000001Z"},
		} {
			from, to := utc(t, span.from), utc(t, span.to)
			at, last := from, time.Duration(-1)
			for _, s := range Stretches(from, to, zone) {
				require.True(t, s.Begin.Equal(at), "%v: begins at %v, not %v", zone, s.Begin, at)
				require.True(t, s.End.After(at), "%v: %v ends at %v", zone, at, s.End)
				if u := at.UTC(); s.Offset == last {
					require.Contains(t, []string{"01-01 00:00:00", "12-31 00:00:00"}, u.Format("01-02 15:04:05.999999999"), zone)
				}
				for ; at.Before(s.End); at = at.Add(time.Hour) {
					_, seconds := at.In(zone).Zone()
					require.Equal(t, time.Duration(seconds)*time.Second, s.Offset, "%v at %v", zone, at)
				}
				_, seconds := s.End.Add(-1).In(zone).Zone()
				require.Equal(t, time.Duration(seconds)*time.Second, s.Offset, "%v just before %v", zone, s.End)
				at, last = s.End, s.Offset
			}
			require.True(t, at.Equal(to), "%v: the last ends at %v, not %v", zone, at, to)
		}
		assert.Empty(t, Stretches(utc(t, "2026-03-29T01:00:00Z"), utc(t, "2026-03-29T01:00:00Z"), zone), "no time has no stretch")
	}
	berlin := load(t, "Europe/Berlin")
	summer := Stretches(utc(t, "2026-03-29T01:00:00Z"), utc(t, "2026-10-25T01:00:00Z"), berlin)
	require.Len(t, summer, 1, "a stretch that ends where the time begins is none of it")
	assert.Equal(t, 2*time.Hour, summer[0].Offset)
}

// The year after that in which a zone's data end has its own changes of the
// clocks, also where the walk goes through the last day of a leap year, or begins
// there.
func TestYearAfterTheDataEnd(t *testing.T) {
	for name, changes := range map[string]int{"Europe/Berlin": 2, "America/New_York": 2, "Australia/Lord_Howe": 2, "Pacific/Auckland": 2, "UTC": 0} {
		zone := load(t, name)
		for year := 2036; year < 2190; year++ {
			for _, from := range []time.Time{
				time.Date(year, time.December, 29, 6, 0, 0, 0, time.UTC), time.Date(year, time.December, 31, 6, 0, 0, 0, time.UTC), time.Date(year+1, time.January, 1, 12, 0, 0, 0, time.UTC),
			} {
				to := time.Date(year+1, time.December, 25, 0, 0, 0, 0, time.UTC)
				at, turned := from, 0
				for i, s := range Stretches(from, to, zone) {
					require.True(t, s.Begin.Equal(at), "%s: they tile: %v", name, s)
					if at = s.End; i > 0 {
						if _, before := s.Begin.Add(-1).In(zone).Zone(); time.Duration(before)*time.Second != s.Offset {
							turned++
						}
					}
					for probe := s.Begin; probe.Before(s.End); probe = probe.Add(31 * time.Hour) {
						_, offset := probe.In(zone).Zone()
						require.Equal(t, time.Duration(offset)*time.Second, s.Offset, "%s at %v", name, probe)
					}
					_, offset := s.End.Add(-1).In(zone).Zone()
					require.Equal(t, time.Duration(offset)*time.Second, s.Offset, "%s at the end of %v", name, s)
				}
				require.True(t, at.Equal(to))
				require.Equal(t, changes, turned, "%s in %d", name, year+1)
			}
		}
	}
}

// TestSteps holds both functions against clocks that are read at every step
// for some days around changes of the clocks.
func TestSteps(t *testing.T) {
	const margin = 60 * time.Hour // more than a zone is from UTC, and the day that may be skipped
	for _, tt := range []struct {
		zone, from string
		changes    int
		step       time.Duration // divides every change of offset and its instant
	}{
		{"Europe/Berlin", "2026-01-01T00:00:00Z", 2, time.Minute},
		{"America/Asuncion", "2017-01-01T00:00:00Z", 4, time.Minute},
		{"America/Havana", "2012-01-01T00:00:00Z", 4, time.Minute},
		{"America/Goose_Bay", "2009-01-01T00:00:00Z", 4, time.Minute},
		{"America/St_Johns", "2009-01-01T00:00:00Z", 4, time.Minute},
		{"America/Sao_Paulo", "2017-01-01T00:00:00Z", 4, time.Minute},
		{"Australia/Lord_Howe", "2026-01-01T00:00:00Z", 2, time.Minute},
		{"Antarctica/Troll", "2026-01-01T00:00:00Z", 2, time.Minute},
		{"Antarctica/Vostok", "1994-01-01T00:00:00Z", 2, time.Minute},
		{"Africa/Casablanca", "2026-01-01T00:00:00Z", 4, time.Minute},
		{"Asia/Gaza", "2008-01-01T00:00:00Z", 8, time.Minute},
		{"Pacific/Apia", "2011-01-01T00:00:00Z", 4, time.Minute},
		{"Pacific/Kwajalein", "1993-01-01T00:00:00Z", 1, time.Minute},
		{"Pacific/Guam", "1969-01-01T00:00:00Z", 4, 30 * time.Second},
		{"Africa/Monrovia", "1971-01-01T00:00:00Z", 1, 30 * time.Second},
		{"Europe/Dublin", "2100-01-01T00:00:00Z", 2, time.Minute},
		{"America/Juneau", "1867-01-01T00:00:00Z", 1, time.Second},
	} {
		t.Run(tt.zone, func(t *testing.T) {
			t.Parallel()
			zone := load(t, tt.zone)
			_, change := utc(t, tt.from).In(zone).ZoneBounds()
			for range tt.changes {
				require.False(t, change.IsZero())
				walk(t, zone, change.UTC(), margin, tt.step)
				_, change = change.ZoneBounds()
			}
		})
	}
}

// walk compares the functions with clocks read at every step within margin of
// a change.
func walk(t *testing.T, zone *time.Location, change time.Time, margin, step time.Duration) {
	t.Helper()
	firsts := map[string]time.Time{}     // of dates, that or a later one shown
	shown := map[time.Time][]time.Time{} // of readings
	reading := func(at time.Time) time.Time {
		at = at.In(zone)
		return time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
	}
	next := reading(change.Add(-margin)).Truncate(24 * time.Hour) // the day that has not been shown yet
	for at := change.Add(-margin); at.Before(change.Add(margin)); at = at.Add(step) {
		wall := reading(at)
		shown[wall] = append(shown[wall], at)
		for ; !next.After(wall); next = next.AddDate(0, 0, 1) {
			firsts[next.Format(time.DateOnly)] = at
		}
	}
	delete(firsts, reading(change.Add(-margin)).Format(time.DateOnly)) // it began before the walk
	require.GreaterOrEqual(t, len(firsts), 4)
	for text, want := range firsts {
		date, err := time.Parse(time.DateOnly, text)
		require.NoError(t, err)
		got := FirstInstant(date.Year(), date.Month(), date.Day(), zone)
		require.True(t, want.Equal(got), "%s in %v begins at %v, not %v", text, zone, want, got)
	}
	// Readings that the walk cannot have cut off, skipped ones included.
	stride := max(step, time.Minute) // every second of a day takes too long
	base := reading(change.Add(-24 * time.Hour))
	for wall := base; wall.Before(base.Add(48 * time.Hour)); wall = wall.Add(stride) {
		got := Instants(wall, zone)
		want := shown[wall]
		require.Equal(t, len(want), len(got), "%v in %v", wall, zone)
		for i := range want {
			require.True(t, want[i].Equal(got[i]), "%v in %v", wall, zone)
		}
	}
}

func TestLoadZone(t *testing.T) {
	zone, err := LoadZone("Europe/Berlin", nil)
	require.NoError(t, err)
	assert.Equal(t, "Europe/Berlin", zone.String())

	mars := time.FixedZone("Mars/Olympus", 2375)
	zone, err = LoadZone("Mars/Olympus", func(name string) (*time.Location, error) {
		assert.Equal(t, "Mars/Olympus", name)
		return mars, nil
	})
	require.NoError(t, err)
	assert.Same(t, mars, zone)

	for name, want := range map[string]string{
		"":             "a zone is missing; name one, such as UTC or Europe/Berlin",
		"Local":        `zone "Local" depends on the machine; name one, such as UTC or Europe/Berlin`,
		"Mars/Olympus": `zone "Mars/Olympus" is not known`,
		"../etc":       `zone "../etc" is not known`,
		"\xff":         `zone "\xff" is not known`,
	} {
		_, err := LoadZone(name, nil)
		assert.EqualError(t, err, want)
	}
	for name, want := range map[string]string{
		"EST":                 `zone "EST" is five hours behind UTC in summer too; write America/New_York, or America/Panama where the clocks never change`,
		"MST":                 `zone "MST" is seven hours behind UTC in summer too; write America/Denver, or America/Phoenix where the clocks never change`,
		"hst":                 `zone "hst" is ten hours behind UTC in summer too; write America/Adak, or Pacific/Honolulu where the clocks never change`,
		"./EST":               `zone "./EST" is five hours behind UTC in summer too; write America/New_York, or America/Panama where the clocks never change`,
		"posix/MST":           `zone "posix/MST" is seven hours behind UTC in summer too; write America/Denver, or America/Phoenix where the clocks never change`,
		"localtime":           `zone "localtime" depends on the machine; name one, such as UTC or Europe/Berlin`,
		"posixrules":          `zone "posixrules" depends on the machine; name one, such as UTC or Europe/Berlin`,
		"Factory":             `zone "Factory" is of a clock that was never set; name one, such as UTC or Europe/Berlin`,
		"right/Europe/Berlin": `zone "right/Europe/Berlin" counts leap seconds, which instants do not; leave out right/`,
	} {
		_, err := LoadZone(name, func(string) (*time.Location, error) { return time.UTC, nil })
		assert.EqualError(t, err, want, "whoever loads it")
	}
	_, err = LoadZone("UTC", func(string) (*time.Location, error) { return nil, nil })
	assert.EqualError(t, err, `zone "UTC" is not known`)
	zone, err = LoadZone("UTC", func(string) (*time.Location, error) { return time.UTC, errors.New("no") })
	assert.EqualError(t, err, `zone "UTC" is not known`)
	assert.Nil(t, zone)
}

// A zone that an abbreviation names has the clocks that its users read: those
// that stand still while all others of that name change are refused, and what
// the refusal names instead are zones.
func TestNoAbbreviationStandsStill(t *testing.T) {
	summer, winter := time.Date(2024, 7, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	offset := func(at time.Time, zone *time.Location) int {
		_, seconds := at.In(zone).Zone()
		return seconds
	}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			for c := 'A'; c <= 'Z'; c++ {
				name := string([]rune{a, b, c})
				zone, err := LoadZone(name, nil)
				if err == nil && offset(summer, zone) == offset(winter, zone) {
					assert.Contains(t, []string{"GMT", "UTC", "UCT", "PRC", "ROC", "ROK"}, name, "UTC itself, and countries")
				}
			}
		}
	}
	for name, apart := range map[string]int{"EST": 3600, "MST": 3600, "HST": 3600} {
		_, err := LoadZone(name, nil)
		changing, still, _ := strings.Cut(strings.TrimSuffix(strings.SplitAfter(err.Error(), "write ")[1], " where the clocks never change"), ", or ")
		moved, err := LoadZone(changing, nil)
		require.NoError(t, err)
		fixed, err := LoadZone(still, nil)
		require.NoError(t, err)
		assert.Equal(t, offset(winter, moved), offset(winter, fixed))
		assert.Equal(t, apart, offset(summer, moved)-offset(summer, fixed))
		assert.Equal(t, offset(winter, fixed), offset(summer, fixed))
	}
	for _, name := range []string{"EST5EDT", "CST6CDT", "CET", "MET", "EET", "WET", "Etc/GMT+5", "GMT", "America/New_York"} {
		_, err := LoadZone(name, nil)
		assert.NoError(t, err)
	}
}
