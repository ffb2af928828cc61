package calendar

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/term"
)

// on returns an instant by the wall clock of a zone, which shows it once.
func on(t testing.TB, wall, zone string) time.Time {
	t.Helper()
	instant, err := time.ParseInLocation("2006-01-02 15:04", wall, zoneOf(t, zone))
	require.NoError(t, err)
	return instant
}

func at(text string) time.Time { return must(time.Parse(time.RFC3339Nano, text)) }

// must is for literals.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func zoneOf(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	require.NoError(t, err)
	return zone
}

// monthly generates the calendar months of a zone.
func monthly(zone *time.Location) Cycle {
	return Cycle{Start: Date{2026, time.January, 1}, Zone: zone, Months: 1}
}

func TestDeadlines(t *testing.T) {
	for _, tt := range []struct {
		name     string
		deadline Deadline
		mark     string // the name of the one mark that is given
		at       string
		zone     string
		want     string
	}{
		{"Amazon, month M to the last day of M+2", "2cycles after outage", "outage", "2026-01-15 12:00", "UTC", "2026-04-01 00:00"},
		{"Amazon, the incident's own cycle counts", "1cycle after outage", "outage", "2026-01-15 12:00", "UTC", "2026-03-01 00:00"},
		{"a vendor's printed example, Microsoft's following month: February 15 to March 31", "1cycle after outage", "outage", "2026-02-15 12:00", "UTC", "2026-04-01 00:00"},
		{"the cycle in which it lies", "0cycles after outage", "outage", "2026-02-15 12:00", "UTC", "2026-03-01 00:00"},
		{"an outage that ends with a cycle lies in it", "1cycle after outage", "outage", "2026-03-01 00:00", "UTC", "2026-04-01 00:00"},
		{"an outage that starts with a cycle lies in it", "1cycle after start of outage", "start of outage", "2026-03-01 00:00", "UTC", "2026-05-01 00:00"},
		{"IBM: Saturday, 3 business days, to the end of Wednesday", "3bd after outage", "outage", "2026-06-13 12:00", "America/New_York", "2026-06-18 00:00"},
		{"IBM: Sunday", "3bd after outage", "outage", "2026-06-14 23:59", "America/New_York", "2026-06-18 00:00"},
		{"Friday, to the end of Wednesday", "3bd after outage", "outage", "2026-06-12 12:00", "America/New_York", "2026-06-18 00:00"},
		{"the day of the mark does not count", "1bd after ticket closed", "ticket closed", "2026-06-15 00:00", "UTC", "2026-06-17 00:00"},
		{"an end at midnight leaves the day whole", "1bd after outage", "outage", "2026-06-15 00:00", "UTC", "2026-06-16 00:00"},
		{"Google: 30 days from the close of May", "30d after period", "period", "2026-06-01 00:00", "UTC", "2026-07-01 00:00"},
		{"Google's Compute Engine: 60 days", "60d after period", "period", "2026-06-01 00:00", "UTC", "2026-07-31 00:00"},
		{"Azure: two months from the end of May", "2mo after period", "period", "2026-06-01 00:00", "UTC", "2026-08-01 00:00"},
		{"Azure: two months from the end of February", "2mo after period", "period", "2026-03-01 00:00", "UTC", "2026-05-01 00:00"},
		{"two months from the end of December", "2mo after period", "period", "2026-01-01 00:00", "UTC", "2026-03-01 00:00"},
		{"months are clipped", "1mo after reported", "reported", "2026-01-31 12:00", "UTC", "2026-03-01 00:00"},
		{"also over a year", "12mo after claim", "claim", "2024-02-29 12:00", "UTC", "2025-03-01 00:00"},
		{"and keep the number", "1mo after reported", "reported", "2026-02-28 12:00", "UTC", "2026-03-29 00:00"},
		{"a period from the 31st", "1mo after period", "period", "2026-03-31 00:00", "UTC", "2026-05-01 00:00"},
		{"the same day", "0d after outage", "outage", "2026-06-15 12:00", "UTC", "2026-06-16 00:00"},
		{"UpCloud: 15 days after the outage", "15d after outage", "outage", "2026-06-15 12:00", "UTC", "2026-07-01 00:00"},
		{"the day is that of the zone", "15d after outage", "outage", "2026-06-15 23:30", "Asia/Tokyo", "2026-07-01 00:00"},
		{"over the spring of Berlin, 47 hours", "1d after reported", "reported", "2026-03-28 00:00", "Europe/Berlin", "2026-03-30 00:00"},
		{"hours pass", "24h after reported", "reported", "2026-03-28 12:00", "Europe/Berlin", "2026-03-29 13:00"},
		{"over its autumn", "24h after reported", "reported", "2026-10-24 12:00", "Europe/Berlin", "2026-10-25 11:00"},
		{"days do not", "1d after reported", "reported", "2026-10-24 12:00", "Europe/Berlin", "2026-10-26 00:00"},
		{"no midnight on the day after the last", "1d after outage", "outage", "2017-10-13 12:00", "America/Sao_Paulo", "2017-10-15 01:00"},
		{"no midnight at the end of the mark", "1d after outage", "outage", "2017-10-15 01:00", "America/Sao_Paulo", "2017-10-16 00:00"},
		{"a cycle that starts where midnight is skipped", "1mo after reported", "reported", "2017-09-14 12:00", "America/Sao_Paulo", "2017-10-15 01:00"},
		{"a year after a contract of 2026", "12mo after contract", "contract", "2027-01-01 00:00", "UTC", "2028-01-01 00:00"},
		{"a month after a contract that ended with February", "1mo after contract", "contract", "2027-03-01 00:00", "UTC", "2027-04-01 00:00"},
		{"during the outage", "during outage", "outage", "2026-06-15 12:34", "Europe/Berlin", "2026-06-15 12:34"},
		{"to the end of the contract", "end of contract", "contract", "2026-06-15 00:00", "Europe/Berlin", "2026-06-15 00:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			zone := zoneOf(t, tt.zone)
			until, err := tt.deadline.Until(Marks{tt.mark: on(t, tt.at, tt.zone)}, Workdays{Zone: zone, Cycle: monthly(zone)})
			require.NoError(t, err)
			assert.Equal(t, tt.want, until.Format("2006-01-02 15:04"))
			assert.Equal(t, zone, until.Location())
		})
	}
}

func TestHolidays(t *testing.T) {
	marks := Marks{"ticket closed": on(t, "2026-12-23 12:00", "Europe/Berlin")}
	c := Workdays{Zone: zoneOf(t, "Europe/Berlin"), Holidays: []Date{{2027, time.January, 1}, {2026, time.December, 25}}}
	until, err := Deadline("5bd after ticket closed").Until(marks, c) // 24, 28, 29, 30, 31
	require.NoError(t, err)
	assert.Equal(t, "2027-01-01T00:00:00+01:00", until.Format(time.RFC3339))
	until, err = Deadline("6bd after ticket closed").Until(marks, c) // and the 4th
	require.NoError(t, err)
	assert.Equal(t, "2027-01-05T00:00:00+01:00", until.Format(time.RFC3339))
}

func TestDeadlineFaults(t *testing.T) {
	mark := at("2026-06-15T12:00:00Z")
	good := Workdays{Zone: time.UTC, Cycle: monthly(time.UTC)}
	for _, tt := range []struct {
		deadline Deadline
		marks    Marks
		calendar Workdays
		want     string
	}{
		{"", nil, good, `"" is not a deadline such as "30d after period", "during outage" or "end of contract"`},
		{"30d", nil, good, `"30d" is not a deadline such as "30d after period", "during outage" or "end of contract"`},
		{"30d after ", nil, good, `"30d after " has no mark`},
		{"30d after  period", nil, good, `its mark: " period" starts or ends with a space`},
		{"30 after period", nil, good, `"30" is not a whole number up to 36600 with one of the units h, d, bd, mo, cycles`},
		{"030d after period", nil, good, `"030d" is not a whole number up to 36600 with one of the units h, d, bd, mo, cycles`},
		{"1cycles after period", nil, good, `"1cycles" is not a whole number up to 36600 with one of the units h, d, bd, mo, cycles`},
		{"2cycle after period", nil, good, `"2cycle" is not a whole number up to 36600 with one of the units h, d, bd, mo, cycles`},
		{"-1d after period", nil, good, `"-1d" is not a whole number up to 36600 with one of the units h, d, bd, mo, cycles`},
		{"1.5d after period", nil, good, `"1.5d" is not a whole number up to 36600 with one of the units h, d, bd, mo, cycles`},
		{"30m after period", nil, good, `"30m" is not a whole number up to 36600 with one of the units h, d, bd, mo, cycles`},
		{"36601d after period", nil, good, `"36601d" is not a whole number up to 36600 with one of the units h, d, bd, mo, cycles`},
		{"99999999999999999999d after period", nil, good, `"99999999999999999999d" is not a whole number up to 36600 with one of the units h, d, bd, mo, cycles`},
		{"0bd after period", nil, good, `"0bd after period" leaves no time`},
		{"0h after period", nil, good, `"0h after period" leaves no time`},
		{"3bd after ticket closed", Marks{"outage": mark}, good, `no instant is given for the mark "ticket closed"`},
		{"3bd after ticket closed", Marks{"ticket closed": {}}, good, `no instant is given for the mark "ticket closed"`},
		{"during outage", nil, good, `no instant is given for the mark "outage"`},
		{"end of contract", nil, good, `no instant is given for the mark "contract"`},
		{"30d after period", Marks{"period": mark}, Workdays{}, "zone: a zone is missing; name one, such as UTC or Europe/Berlin"},
		{"30d after period", Marks{"period": mark}, Workdays{Zone: time.Local}, `zone: zone "Local" depends on the machine; name one, such as UTC or Europe/Berlin`},
		{"1cycle after period", Marks{"period": mark}, Workdays{Zone: time.UTC, Cycle: Cycle{Zone: time.UTC, Months: 1}}, "cycle: start: 0000-00-00 is outside the years 1900 to 2191"},
		{"1d after period", Marks{"period": mark}, Workdays{Zone: time.FixedZone("far", 90000)}, `the clocks of "far" are more than a day from UTC`},
		{"1cycle after period", Marks{"period": mark}, Workdays{Zone: time.UTC, Cycle: monthly(time.FixedZone("far", 90000))}, `the clocks of "far" are more than a day from UTC`},
		{"36600d after period", Marks{"period": at("2150-01-01T00:00:00Z")}, good, "2250-03-18 is outside the years 1900 to 2191"},
		{"36600bd after period", Marks{"period": at("2150-01-01T00:00:00Z")}, good, "2192-01-01 is outside the years 1900 to 2191"},
		{"36600h after period", Marks{"period": at("2191-01-01T00:00:00Z")}, good, "2195-03-06 is outside the years 1900 to 2191"},
		{"36600mo after period", Marks{"period": mark}, good, "5076-06-16 is outside the years 1900 to 2191"},
		{"36600cycles after period", Marks{"period": mark}, good, "5076-07-01 is outside the years 1900 to 2191"},
		{"1d after period", Marks{"period": at("1815-06-18T12:00:00Z")}, good, "1815-06-18 is outside the years 1900 to 2191"},
	} {
		until, err := tt.deadline.Until(tt.marks, tt.calendar)
		assert.EqualError(t, err, "calendar: deadline "+numeral.Shorten(string(tt.deadline))+": "+tt.want)
		assert.True(t, until.IsZero())
	}
}

// slowUntil walks day by day over the dates of the clock, and minute by minute
// to the beginning of the day after the last.
func slowUntil(d deadline, mark time.Time, c Workdays) time.Time {
	tomorrow := func(d Date) Date { return DateOf(d.midnight().AddDate(0, 0, 1)) }
	mark = mark.In(c.Zone)
	last := mark
	if d.mark == "outage" {
		last = mark.Add(-1)
	}
	day := DateOf(last)
	target := tomorrow(day) // the day after the last
	switch d.length.Unit {
	case "d":
		for range d.length.N {
			target = tomorrow(target)
		}
	case "bd":
		for left := d.length.N; left > 0; target = tomorrow(target) {
			off := target.midnight().Weekday() == time.Saturday || target.midnight().Weekday() == time.Sunday
			for _, holiday := range c.Holidays {
				off = off || holiday == target
			}
			if !off {
				left--
			}
		}
	case "mo":
		after := day.Day + 1
		if DateOf(mark) == target { // the mark is the beginning of that day
			after = target.Day
		} else {
			target = day
		}
		for months := 0; months < d.length.N || months == d.length.N && target.Day < after; {
			target = tomorrow(target)
			if target.Day == 1 {
				months++
			}
		}
	}
	// The first minute at which the clock shows that day or a later one; the
	// zones here turn by whole minutes.
	t := target.midnight().Add(-26 * time.Hour)
	for DateOf(t.In(c.Zone)).Compare(target) < 0 {
		t = t.Add(time.Minute)
	}
	return t
}

func TestDeadlineAgainstDays(t *testing.T) {
	zones := []string{"UTC", "Europe/Berlin", "America/Sao_Paulo", "America/New_York", "Asia/Beirut", "Pacific/Auckland"}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		require.NoError(t, err)
		c := Workdays{Zone: zone}
		for _, day := range rapid.SliceOfN(rapid.IntRange(0, 60), 0, 4).Draw(t, "holidays") {
			c.Holidays = append(c.Holidays, DateOf(time.Date(2017, 10, day, 0, 0, 0, 0, time.UTC)))
		}
		mark := time.Date(2017, time.October, 1, 0, rapid.IntRange(0, 500*24*60).Draw(t, "minute"), 0, 0, zone)
		if rapid.Bool().Draw(t, "midnight") {
			d := DateOf(mark)
			mark = time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, zone)
		}
		d := deadline{term.Term{N: rapid.IntRange(1, 40).Draw(t, "n"), Unit: rapid.SampledFrom([]string{"d", "bd", "mo"}).Draw(t, "unit")}, rapid.SampledFrom([]string{"outage", "reported"}).Draw(t, "mark")}
		until, err := d.until(Marks{d.mark: mark}, c)
		require.NoError(t, err)
		assert.True(t, until.Equal(slowUntil(d, mark, c)), "%v after %v: %v, not %v", d, mark, until, slowUntil(d, mark, c).In(zone))
		assert.True(t, until.After(mark))
		parsed, err := Deadline(d.length.String() + " after " + d.mark).parse()
		require.NoError(t, err)
		assert.Equal(t, d, parsed)
	})
}

// Every text is an error or the one spelling of a deadline, which comes after
// its mark and not before its day is over.
func TestDeadlineTexts(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9]{0,6}(h|d|bd|mo|cycles?|x|) after [a-z ]{0,8}`))
	rapid.Check(t, func(t *rapid.T) {
		d := Deadline(text.Draw(t, "text"))
		parsed, err := d.parse()
		if err != nil {
			return
		}
		assert.Equal(t, string(d), parsed.length.String()+" after "+parsed.mark)
		mark := at("2026-06-15T12:00:00Z")
		until, err := d.Until(Marks{parsed.mark: mark}, Workdays{Zone: time.UTC, Cycle: monthly(time.UTC)})
		if err == nil {
			assert.True(t, until.After(mark))
		}
		assert.NotEmpty(t, d.English())
		assert.NotEmpty(t, d.Over())
	})
}
