package sla

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A second bound on the same side would be one too many, and hide a slip.
func TestTwoBoundsOnOneSide(t *testing.T) {
	for _, r := range []Range{
		"below 99%, below 98%", "at most 99%, below 98%", "at least 98%, over 99%", "exactly 99%, at most 99.5%", "at least 1%, exactly 99%",
	} {
		_, err := r.interval(percent, percentTop)
		assert.EqualError(t, err, `"`+string(r)+`" has two bounds on one side`)
	}
	for _, r := range []Range{"below 99%, at least 98%", "over 98%, at most 99%", "exactly 99%"} {
		_, err := r.interval(percent, percentTop)
		assert.NoError(t, err)
	}
}

// Over nothing is a bound as well, on whichever side of the other it is written.
func TestOverNothingIsABound(t *testing.T) {
	for _, r := range []Range{"over 0%, at least 5%", "at least 5%, over 0%", "over 0%, over 0%"} {
		_, err := r.interval(percent, percentTop)
		assert.EqualError(t, err, `"`+string(r)+`" has two bounds on one side`)
	}
	i, err := Range("over 0%, below 5%").interval(percent, percentTop)
	assert.NoError(t, err)
	assert.Equal(t, interval{after(0), before(5 * percentUnits)}, i)
}

// A range that starts with no bound names no unit.
func TestUnitOfARange(t *testing.T) {
	for r, want := range map[Range]unit{"at most 1h": length, "over 5m, below 1h": length, "below 99%": percent, "1h": percent, "": percent, "at most": percent, "at most 1.5": percent} {
		assert.Equal(t, want, r.unit(), r)
	}
}

// What is no length of time has none.
func TestDurationOfAQuantity(t *testing.T) {
	for q, want := range map[Quantity]time.Duration{"30m": 30 * time.Minute, "1.5h": 90 * time.Minute, "0s": 0} {
		d, err := q.Duration()
		assert.NoError(t, err)
		assert.Equal(t, want, d)
	}
	for _, q := range []Quantity{"", "30", "30%", "1mo", "x"} {
		d, err := q.Duration()
		assert.ErrorContains(t, err, "sla: reading a length of time: ", q)
		assert.Zero(t, d)
	}
}

// Numbers of outages are written as people read them.
func TestCountsInDecimal(t *testing.T) {
	assert.Equal(t, "1204 outages", scaleOf(count, rounding{}).text(1204))
}

// Only the word in lower case stands for planned work.
func TestMaintenanceInCapitals(t *testing.T) {
	_, err := Agreement{Name: "x", Commitments: []Commitment{{
		Promise: "exactly 100%", Exclusions: []Exclusion{{Causes: []string{"Maintenance"}}},
	}}}.Compile()
	assert.ErrorContains(t, err, `commitments[0].exclusions[0].causes[0]: "Maintenance"; write "maintenance" for planned work`)
}

// A name cannot forge a line of a statement.
func TestNamesOnOneLine(t *testing.T) {
	_, err := Agreement{Name: "x\ny", Note: "\u202e", Commitments: []Commitment{{
		Name: "c\nCredit: USD 3000.00", Promise: "exactly 100%", Exclusions: []Exclusion{{Causes: []string{"a\tb"}}},
	}}}.Compile()
	for _, path := range []string{"name: ", "note: ", "commitments[0].name: ", "commitments[0].exclusions[0].causes[0]: "} {
		assert.ErrorContains(t, err, path)
	}
}

// Programs write marks of direction into names in Hebrew and Arabic; they come
// back as they were.
func TestNamesFromRightToLeft(t *testing.T) {
	for _, name := range []string{"\u200fשירות", "שירות (1)\u200f", "خادم\u061c-1"} {
		terms, err := Agreement{Name: name, Commitments: []Commitment{{Promise: "exactly 100%", Exclusions: []Exclusion{{Causes: []string{name}}}}}}.Compile()
		assert.NoError(t, err)
		read, err := ParseAgreement(Must(json.Marshal(terms.Agreement())))
		assert.NoError(t, err)
		assert.Equal(t, terms.Agreement(), read)
	}
}

// Steps that leave int64 do not pass as a sum.
func TestStepsThatWrap(t *testing.T) {
	p := calendar.Month(2014, 5, time.UTC)
	m := Measurement{Period: p, Up: p.Length(), Due: p.Length(), Pieces: []Piece{{Window: p.Window()}}}
	m.DueSteps = []DueStep{{"", p.Length()}, {"", math.MaxInt64}, {"", math.MaxInt64}, {"", 2}}
	assert.EqualError(t, m.check(), "due leaves the range of lengths")
	m.DueSteps = m.DueSteps[:1]
	assert.NoError(t, m.check())
}

// A number alone may be outages, minutes or a percentage, and each pays
// differently. It is refused wherever something is counted.
func TestANumberAloneSaysNothing(t *testing.T) {
	row := func(when Range, per Step) []Tier { return []Tier{{When: when, Give: "10%", Per: per}} }
	for _, tt := range []struct {
		c    Commitment
		want string
	}{
		{Commitment{Promise: "at most 45"}, `promise: "at most 45" does not say of what; write for example "at most 45 outages" or "at most 45m"`},
		{Commitment{Promise: "exactly 0"}, `promise: "exactly 0" does not say of what; write for example "exactly 0 outages" or "exactly 0m"`},
		{Commitment{Promise: "at least 99.95"}, `promise: "at least 99.95" does not say of what; write for example "at least 99.95%"`},
		{Commitment{Promise: "at most 1 outage", Credits: row("over 1", "")}, `credits[0].when: "over 1" does not say of what; write for example "over 1 outage"`},
		{Commitment{Promise: "at most 1 outage", Credits: row("at least 2, at most 3", "")}, `credits[0].when: "at least 2, at most 3" does not say of what; write for example "at least 2 outages, at most 3 outages"`},
		{Commitment{Promise: "at most 45", Credits: row("over 45", "")}, `credits[0].when: "over 45" does not say of what; write for example "over 45 outages" or "over 45%" or "over 45m"`},
		{Commitment{Promise: "at most 1 outage", Credits: row("at least 2 outages, at most 3", "")}, `credits[0].when: "at least 2 outages, at most 3" does not say of what; write for example "at least 2 outages, at most 3 outages"` + "\n"},
		{Commitment{Promise: "at most 1 outage", Credits: row("over 1.5", "")}, `credits[0].when: "over 1.5" does not say of what` + "\n"},
		{Commitment{Promise: "exactly 100%", Credits: row("", "full 1")}, `credits[0].per: "full 1" does not say of what; write for example "full 1 outage" or "full 1%" or "full 1m"`},
		{Commitment{Promise: "exactly 100%", Credits: row("", "started 30")}, `credits[0].per: "started 30" does not say of what; write for example "started 30 outages" or "started 30%" or "started 30m"`},
		{Commitment{Promise: "at most 1 outages"}, `promise: "1 outages" is spelled otherwise here; write "1 outage"`},
		{Commitment{Promise: "at most 2 outage"}, `promise: "2 outage" is spelled otherwise here; write "2 outages"`},
		{Commitment{Promise: "exactly 100%", Downtime: Downtime{Lasting: "at least 1.5 h"}}, `downtime.lasting: "1.5 h" has a space before its unit; write "1.5h"`},
		{Commitment{Promise: "exactly 100%", Downtime: Downtime{Lasting: "at least 1.5 Hours"}}, `downtime.lasting: "1.5 Hours" is spelled otherwise here; write "1.5h"`},
		{Commitment{Promise: "at most 1 outage", Credits: row("over 1.5 Outages", "")}, `credits[0].when: "1.5 Outages" is not one number with one unit (%, s, m, h or d); want a number such as 2 outages`},
		{Commitment{Promise: "at most 1 outage", Credits: row("over 1.5h", "")}, `credits[0].when: "1.5h" is not a number such as 2 outages`},
		{Commitment{Promise: "at most 2.0 outages"}, `promise: "2.0 outages" is not a whole number; want a number such as 2 outages`},
	} {
		_, err := Agreement{Name: "x", Commitments: []Commitment{tt.c}}.Compile()
		assert.ErrorContains(t, errors.Join(err, errors.New("")), "commitments[0]."+tt.want)
	}
	_, err := Agreement{Name: "x", Commitments: []Commitment{{Promise: "at most 45", Credits: row("over 45m", "")}}}.Compile()
	assert.EqualError(t, err, `sla: agreement "x": commitments[0].promise: "at most 45" does not say of what; write for example "at most 45 outages" or "at most 45m"`,
		"a row that says of what is no fault")
	terms, err := Agreement{Name: "x", Commitments: []Commitment{{
		Promise: "at most 45 outages", Credits: row("", "full 1 outage"), Scope: Scope{Levels: []Level{{By: "zone", Down: "over 1"}}},
	}}}.Compile()
	assert.NoError(t, err, "members are no time and no outages; their number stands alone")
	assert.Equal(t, "Each zone is down to the extent that over 1 of its members are. Promised for each billing period: at most 45 outages. Credit if the promise is broken: 10% of the fee for each outage that ended. Required input: the resource label zone.", terms.English())
}

// What an error says to write is accepted there.
func TestWhatAnErrorSaysToWriteIsAccepted(t *testing.T) {
	fields := map[string]func(text string) Commitment{
		"promise": func(s string) Commitment { return Commitment{Promise: Range(s)} },
		"downtime.lasting": func(s string) Commitment {
			return Commitment{Promise: "exactly 100%", Downtime: Downtime{Lasting: Range(s)}}
		},
		"downtime.loss": func(s string) Commitment {
			return Commitment{Promise: "exactly 100%", Downtime: Downtime{Loss: Range(s)}}
		},
		"calculation.length": func(s string) Commitment {
			return Commitment{Promise: "exactly 100%", Calculation: Calculation{Length: Quantity(s)}}
		},
		"exclusions[0].notice": func(s string) Commitment {
			return Commitment{Promise: "exactly 100%", Exclusions: []Exclusion{{Causes: []string{"maintenance"}, Notice: Quantity(s)}}}
		},
		"credits[0].give": func(s string) Commitment {
			return Commitment{Promise: "exactly 100%", Credits: []Tier{{Give: Quantity(s)}}}
		},
		"credits[0].per": func(s string) Commitment {
			return Commitment{Promise: "exactly 100%", Credits: []Tier{{Give: "1%", Per: Step(s)}}}
		},
		"credits[0].when": func(s string) Commitment {
			return Commitment{Promise: "at most 1 outage", Gap: Severer, Credits: []Tier{{When: Range(s), Give: "1%"}}}
		},
	}
	fault := func(field, text string) string {
		_, err := Agreement{Name: "x", Commitments: []Commitment{fields[field](text)}}.Compile()
		if err == nil {
			return ""
		}
		for line := range strings.SplitSeq(strings.TrimPrefix(err.Error(), `sla: agreement "x": `), "\n") {
			if rest, found := strings.CutPrefix(line, "commitments[0]."+field+": "); found {
				return rest
			}
		}
		return ""
	}
	units := []string{"", "h", " h", "hours", " hours", "hour", "hr", " hrs", "Hours", "min", " minutes", "sec", "day", " days", "month", " months", "%", " %", "percent", " percent", "outage", " outage", " outages", "outages", "x", " x", "times", "usd", " usd", " USD", "USD", "mo", "w", " weeks", "H"}
	suggested := 0
	for field := range fields {
		for _, word := range []string{"", "at most ", "below ", "over ", "at least ", "exactly ", "full ", "started "} {
			for _, number := range []string{"1", "48", "99.9"} {
				for _, unit := range units {
					text := word + number + unit
					said := fault(field, text)
					_, list, found := strings.Cut(said, "; write ")
					if !found {
						continue
					}
					for quoted := range strings.SplitSeq(strings.TrimPrefix(list, "for example "), " or ") {
						instead, err := strconv.Unquote(quoted)
						assert.NoError(t, err, said)
						if !strings.HasPrefix(instead, word) || word == "" {
							instead = word + instead
						}
						suggested++
						for _, complaint := range []string{"write", "unit", "say of what", "not one number"} {
							assert.NotContains(t, fault(field, instead), complaint, "%s: %s, which said: %s", field, text, said)
						}
					}
				}
			}
		}
	}
	assert.Greater(t, suggested, 300)
	assert.Equal(t, `"48 hours" is spelled otherwise here; write "48h"`, fault("exclusions[0].notice", "48 hours"))
	assert.Equal(t, `"48hours" is spelled otherwise here; write "48h"`, fault("exclusions[0].notice", "48hours"))
	assert.Equal(t, `"48 h" has a space before its unit; write "48h"`, fault("exclusions[0].notice", "48 h"))
}

// Where outages are measured each on its own, hours of service are hours that
// are set aside, and the error says which.
func TestHoursOfAnOutageAreSetAside(t *testing.T) {
	compile := func(calculation Calculation, exclusions ...Exclusion) (*Terms, error) {
		calculation.Period, calculation.Zone = "outage", "Europe/Paris"
		return Agreement{Name: "x", Commitments: []Commitment{{Promise: "at most 4h", Calculation: calculation, Exclusions: exclusions, Credits: []Tier{{Give: "10%"}}}}}.Compile()
	}
	_, err := compile(Calculation{Hours: []Hours{"Mon-Fri 08:00-18:00", "Sat"}})
	assert.EqualError(t, err, `sla: agreement "x": commitments[0].calculation.hours: each outage is measured on its own; set the other hours aside instead, by the exclusion {"hours": ["not Mon-Fri 08:00-18:00", "not Sat"]}`)
	_, err = compile(Calculation{Hours: []Hours{"Mon-Fri", "not 12-25"}})
	assert.EqualError(t, err, `sla: agreement "x": commitments[0].calculation.hours: each outage is measured on its own; set the other hours aside instead, by the exclusions {"hours": ["not Mon-Fri"]} and {"hours": ["12-25"]}`)

	// From Monday 17:00, four working hours are over on Tuesday at 11:00.
	terms, err := compile(Calculation{}, Exclusion{Hours: []Hours{"not Mon-Fri 08:00-18:00"}})
	assert.NoError(t, err)
	paris := Must(time.LoadLocation("Europe/Paris"))
	monday := time.Date(2026, time.January, 12, 17, 0, 0, 0, paris)
	for end, want := range map[time.Time]Outcome{
		time.Date(2026, time.January, 13, 11, 0, 0, 0, paris): Met,
		time.Date(2026, time.January, 13, 11, 0, 1, 0, paris): Missed,
	} {
		timeline := Must(outage.NewTimeline(outage.Outage{ID: "o", Resource: "r", Start: monday, End: end}))
		assert.Equal(t, want, Must(terms.Judge(timeline, calendar.Month(2026, time.January, paris))).Outcome())
	}
}
