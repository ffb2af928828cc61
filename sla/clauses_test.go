package sla

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// fill sets every field that can be reached to something that is not zero.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Map:
		value := reflect.New(v.Type().Elem()).Elem()
		fill(value, n)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf(fmt.Sprint("key ", *n)), value)
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Bool:
		v.SetBool(true)
	default:
		v.SetInt(int64(*n))
	}
}

func TestFaultsOfClauses(t *testing.T) {
	downtime := func(d Downtime) Agreement { return single(Commitment{Downtime: d}) }
	calculation := func(c Calculation) Agreement { return single(Commitment{Calculation: c}) }
	levels := func(l ...Level) Agreement { return single(Commitment{Scope: Scope{Levels: l}}) }
	excluding := func(e Exclusion) Agreement {
		return single(Commitment{Exclusions: []Exclusion{e}, Calculation: Calculation{Zone: "UTC"}})
	}
	for want, a := range map[string]Agreement{
		`scope.only.tier: no value; it would cover nothing`:                                                        single(Commitment{Scope: Scope{Only: map[string][]string{"tier": nil}}}),
		`scope.levels[0].by: missing`:                                                                              levels(Level{}),
		`scope.levels[0].min: -1 is not from 0 to 50000`:                                                           levels(Level{By: "zone", Min: -1}),
		`scope.levels[0].down: "at most 1" has an upper end, and what is worse would not count`:                    levels(Level{By: "zone", Down: "at most 1"}),
		`scope.levels[0].down: "at least 0" also holds where nothing is lost`:                                      levels(Level{By: "zone", Down: "at least 0"}),
		`scope.levels[0].pooled: only the last level can pool`:                                                     levels(Level{By: "zone", Pooled: true}, Level{By: "region"}),
		`scope.levels[0].pooled: a pool has neither down nor min`:                                                  levels(Level{By: "zone", Pooled: true, Min: 2}),
		`downtime.causes[1]: "power" comes twice`:                                                                  downtime(Downtime{Causes: []string{"power", "power"}}),
		`downtime.causes[0]: empty`:                                                                                downtime(Downtime{Causes: []string{""}}),
		`downtime.starts[0]: end is not a mark that can stand here`:                                                downtime(Downtime{Starts: []string{"end"}}),
		`downtime.ends[0]: start is not a mark that can stand here`:                                                downtime(Downtime{Ends: []string{"start"}}),
		`downtime.slot: "0.5s" is not from 1s to 1d`:                                                               downtime(Downtime{Slot: "0.5s"}),
		`downtime.slot: "2d" is not from 1s to 1d`:                                                                 downtime(Downtime{Slot: "2d"}),
		`downtime.slot: "noon" is not an RFC 3339 instant such as 2014-05-01T00:00:00Z, of the years 1900 to 2191`: downtime(Downtime{Slot: "5m from noon"}),
		`downtime.slot: period is for requests`:                                                                    downtime(Downtime{Slot: "period"}),
		`downtime.slot: missing; requests are counted over slots, such as "5m" or "period"`:                        downtime(Downtime{Requests: true}),
		`downtime.lasting: says nothing; the only slot is as long as the period`:                                   downtime(Downtime{Requests: true, Slot: "period", Lasting: "over 5m"}),
		`downtime.starts: is of outages, and requests are counted`:                                                 downtime(Downtime{Requests: true, Slot: "5m", Starts: []string{"reported"}}),
		`downtime.minRequests: negative`:                                                                           downtime(Downtime{Requests: true, Slot: "5m", MinRequests: -1}),
		`downtime.minRequests: no requests are counted`:                                                            downtime(Downtime{MinRequests: 1}),
		`scope.levels: requests are not combined; record those of a group as the traffic of one resource`:          single(Commitment{Scope: Scope{Levels: []Level{{By: "zone"}}}, Downtime: Downtime{Requests: true, Slot: "5m"}}),
		`exclusions[0].allowance: an allowance is of time, and requests are counted`:                               single(Commitment{Downtime: Downtime{Requests: true, Slot: "5m"}, Exclusions: []Exclusion{{Causes: []string{"x"}, Allowance: "1h"}}}),
		`exclusions[0].allowance: "0m" is no time at all`:                                                          excluding(Exclusion{Causes: []string{"x"}, Allowance: "0m"}),
		`exclusions[0].allowance: "1h per 5mo" is for each measured period as it stands, or "per outage", "per 1mo", "per 3mo", "per 6mo" or "per 12mo"`: excluding(Exclusion{Causes: []string{"x"}, Allowance: "1h per 5mo"}),
		`exclusions[0].allowance: "10%" is not a length of time such as 30m`:                                                                             excluding(Exclusion{Causes: []string{"x"}, Allowance: "10%"}),
		`exclusions[0].allowance: first acts on what may be too short to count, and would waste it`:                                                      excluding(Exclusion{Causes: []string{"x"}, Allowance: "1h", First: true}),
		`exclusions[0].allowance: what is removed draws as time that was set aside, not by outages; say "4h" or "4h per 1mo"`:                            excluding(Exclusion{Causes: []string{"x"}, Allowance: "1h per outage", Removed: true}),
		`exclusions[0].allowance: each outage is measured on its own; say "per outage" or "per 1mo"`:                                                     single(Commitment{Exclusions: []Exclusion{{Causes: []string{"x"}, Allowance: "1h"}}, Calculation: Calculation{Period: "outage"}}),
		`exclusions[0].hours[0]: "noon" is not hours such as Mon-Fri 09:00-17:00, 02:00-04:00 or not 2026-12-25`:                                         excluding(Exclusion{Hours: []Hours{"noon"}}),
		`calculation.zone: zone "Mars" is not known`:                                                                                                     calculation(Calculation{Zone: "Mars"}),
		`calculation.zone: missing; hours are told by the clocks of a zone`:                                                                              calculation(Calculation{Hours: []Hours{"Sun"}}),
		`calculation.length: "0d" is no time at all`:                                                                                                     calculation(Calculation{Length: "0d"}),
		`calculation.length: "999999d" is too large`:                                                                                                     calculation(Calculation{Length: "999999d"}),
		`calculation.unknown: "maybe" is not up, down or out`:                                                                                            calculation(Calculation{Unknown: "maybe"}),
		`calculation.round: "0.1%" needs its rounding, as in "nearest 0.1%", "full 0.1%" or "started 0.1%"`:                                              calculation(Calculation{Round: "0.1%"}),
		`calculation.round: "0.3%" does not go into 100% without a rest`:                                                                                 calculation(Calculation{Round: "full 0.3%"}),
		`calculation.period: "5mo" is not a period such as 1mo, 3mo, 12mo, 1d, 365d trailing or outage`:                                                  calculation(Calculation{Period: "5mo"}),
		`calculation.period: "30d" is not a period such as 1mo, 3mo, 12mo, 1d, 365d trailing or outage`:                                                  calculation(Calculation{Period: "30d"}),
		`calculation.length: says nothing; each outage is measured on its own`:                                                                           calculation(Calculation{Period: "outage", Length: "30d"}),
		`calculation.whole: says nothing; each outage is measured on its own`:                                                                            calculation(Calculation{Period: "outage", Whole: true}),
		`calculation.period: outage, and requests are counted over the period`:                                                                           single(Commitment{Downtime: Downtime{Requests: true, Slot: "period"}, Calculation: Calculation{Period: "outage"}}),
		`calculation.period: outage, and a pool has no outages of its own`:                                                                               single(Commitment{Scope: Scope{Levels: []Level{{By: "plan", Pooled: true}}}, Calculation: Calculation{Period: "outage"}}),
	} {
		_, err := a.Compile()
		if assert.Error(t, err, want) {
			assert.Contains(t, err.Error(), "commitments[0]."+want)
		}
	}
}

func TestClausesInEnglish(t *testing.T) {
	for want, c := range map[string]Commitment{
		"Covers only resources whose class is archive or standard. Each zone is down to the extent that all of its members are. Each region is down to the extent that over 1 of its members are; nothing is due while it has fewer than 2 members.": {
			Scope: Scope{Only: map[string][]string{"class": {"archive", "standard"}}, Levels: []Level{{By: "zone", Down: "exactly 100%"}, {By: "region", Down: "over 1", Min: 2}}},
		},
		"Each set is down to the extent that any of its members is. The time due and the downtime of all members of each plan are added up.": {Scope: Scope{Levels: []Level{{By: "set"}, {By: "plan", Pooled: true}}}},
		"Only outages caused by network or power count. The clock of an outage runs from the latest of its start and its mark ticket to its end.": {
			Downtime: Downtime{Causes: []string{"network", "power"}, Starts: []string{"start", "ticket"}},
		},
		"The clock of an outage runs from its mark ticket to the earliest of its end and its mark ticket closed.": {Downtime: Downtime{Starts: []string{"ticket"}, Ends: []string{"end", "ticket closed"}}},
		"Each slot of 5 minutes counts as fully down if its mean loss is over 5%.":                                {Downtime: Downtime{Slot: "5m", Loss: "over 5%"}},
		"A moment counts as down by its loss.":                                                                    {Downtime: Downtime{Weighted: true}},
		"Each slot of 1 hour counts as fully down if any of its requests failed and it has at least 10 requests.": {Downtime: Downtime{Slot: "1h", Requests: true, MinRequests: 10}},
		"Each period counts as down by the share of its requests that failed.":                                    {Downtime: Downtime{Slot: "period", Requests: true, Weighted: true}},
		"Excused: downtime in the hours Sun 02:00-04:00, up to 2 hours in each calendar month.":                   {Exclusions: []Exclusion{{Hours: []Hours{"Sun 02:00-04:00"}, Allowance: "2h per 1mo"}}, Calculation: Calculation{Zone: "UTC"}},
		"Excused: outages caused by quota, before the length of an outage is tested; this time is not due.":       {Exclusions: []Exclusion{{Causes: []string{"quota"}, First: true, Removed: true}}},
		"The time zone is Europe/Berlin. Service hours are Mon-Fri 09:00-17:00, not 12-25; nothing is due outside them. The availability is computed as if each period were 30 days long. Time outside the lifetime of a resource counts as up. Unobserved time counts as down. The availability is rounded to the nearest 0.1% before it is compared. Promised for each calendar quarter:": {
			Calculation: Calculation{Zone: "Europe/Berlin", Hours: []Hours{"Mon-Fri 09:00-17:00", "not 12-25"}, Length: "30d", Whole: true, Unknown: "down", Round: "nearest 0.1%", Period: "3mo"},
		},

		"Unobserved time is left out. Promised for the 365 days that end with each billing period:":                   {Calculation: Calculation{Unknown: "out", Period: "365d trailing"}},
		"Promised for each 2 calendar months: ":                                                                       {Calculation: Calculation{Period: "2mo"}},
		"Promised for each half of the calendar year: ":                                                               {Calculation: Calculation{Period: "6mo"}},
		"Promised for each day: ":                                                                                     {Calculation: Calculation{Period: "1d"}},
		"The availability is rounded down to a multiple of 1%":                                                        {Calculation: Calculation{Round: "full 1%"}},
		"The availability is rounded up to a multiple of 1%":                                                          {Calculation: Calculation{Round: "started 1%"}},
		"Each slot of 1 minute counts as down by its mean loss if that is over 5%.":                                   {Downtime: Downtime{Slot: "1m", Loss: "over 5%", Weighted: true}},
		"Each slot of 1 minute, counted from 2014-05-01T00:00:00Z, counts as fully down if anything is lost in it.":   {Downtime: Downtime{Slot: "1m from 2014-05-01T00:00:00Z"}},
		"Each slot of 1 hour counts as down by the share of its requests that failed if it has at least 10 requests.": {Downtime: Downtime{Slot: "1h", Requests: true, Weighted: true, MinRequests: 10}},
		"Each slot of 1 hour counts as fully down if over 5% of its requests failed and it has at least 10 requests.": {Downtime: Downtime{Slot: "1h", Requests: true, Loss: "over 5%", MinRequests: 10}},
		"The clock of an outage runs from its report to its end.":                                                     {Downtime: Downtime{Starts: []string{"reported"}}},

		"Each zone is down to the extent that at least 2 of its members are. An excused member counts as down here, unless the excused members alone are enough.": {Scope: Scope{Levels: []Level{{By: "zone", Down: "at least 2", ExcusedDown: true}}}},

		"Excused: outages caused by a; downtime in the hours Sun; together up to 10 minutes in each outage.":       {Exclusions: []Exclusion{{Causes: []string{"a"}, Hours: []Hours{"Sun"}, Allowance: "10m per outage"}}, Calculation: Calculation{Zone: "UTC"}},
		"Excused: outages caused by a, up to 10 hours in each measured period.":                                    {Exclusions: []Exclusion{{Causes: []string{"a"}, Allowance: "10h"}}},
		"Excused: outages caused by a, up to 10 hours in each 4 calendar months.":                                  {Exclusions: []Exclusion{{Causes: []string{"a"}, Allowance: "10h per 4mo"}}},
		"Credit if the availability is below 99.0%: 5% of the fee for each started hour of downtime beyond 99.0%.": {Promise: "at least 99.0%", Credits: []Tier{{When: "below 99.0%", Give: "5%", Per: "started 1h", Beyond: true}}},

		"Credit if the promise is broken: 5% of the fee for each started 0.1% of availability lost beyond 99.95%; if the availability is below 99%: 50% of the fee.": {Credits: []Tier{{Give: "5%", Per: "started 0.1%", Beyond: true}, {When: "below 99%", Give: "50%"}}},

		"Credit if the promise is broken: 5% of the fee for each 30 minutes of downtime beyond 99.85%, rounded to the nearest 30 minutes.": {
			Promise: "at least 99.9%", Calculation: Calculation{Round: "nearest 0.1%"}, Credits: []Tier{{Give: "5%", Per: "nearest 30m", Beyond: true}},
		},
		"Credit if the promise is broken: 10 times the price of the downtime beyond 1 hour.":                        {Promise: "at most 1h", Credits: []Tier{{Give: "10x", Beyond: true}}},
		"Credit if the promise is broken: 5% of the fee for each outage that ended beyond the first.":               {Promise: "at most 1 outage", Credits: []Tier{{Give: "5%", Per: "started 1 outage", Beyond: true}}},
		"Credit for over 2 outages: 5% of the fee for each 2 outages that ended beyond the first 2, in proportion.": {Promise: "at most 2 outages", Credits: []Tier{{When: "over 2 outages", Give: "5%", Per: "exact 2 outages", Beyond: true}}},
		"Credit if the promise is broken: 5% of the fee for each full 5 outages that ended.":                        {Promise: "at most 1 outage", Credits: []Tier{{Give: "5%", Per: "full 5 outages"}}},
		"Promised for each outage:": {Calculation: Calculation{Period: "outage"}},
	} {
		assert.Contains(t, Must(single(c).Compile()).English(), want)
	}
}

func TestHours(t *testing.T) {
	berlin := Must(time.LoadLocation("Europe/Berlin"))
	for _, tt := range []struct {
		hours    []Hours
		from, to string
		want     string
	}{
		// The clocks skip from 02:00 to 03:00 on 2026-03-29, and show the hour
		// from 02:00 twice on 2026-10-25.
		{[]Hours{"02:00-04:00"}, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "2026-03-29T01:00:00Z/2026-03-29T02:00:00Z"},
		{[]Hours{"02:00-04:00"}, "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "2026-10-25T00:00:00Z/2026-10-25T03:00:00Z"},
		{[]Hours{"Fri 22:00-06:00"}, "2026-05-01T00:00:00Z", "2026-05-08T00:00:00Z", "2026-05-01T20:00:00Z/2026-05-02T04:00:00Z"},
		{[]Hours{"Sat-Sun"}, "2026-05-01T00:00:00Z", "2026-05-08T00:00:00Z", "2026-05-01T22:00:00Z/2026-05-03T22:00:00Z"},
		{[]Hours{"Fri-Mon 12:00-13:00"}, "2026-05-03T00:00:00Z", "2026-05-08T00:00:00Z", "2026-05-03T10:00:00Z/2026-05-03T11:00:00Z 2026-05-04T10:00:00Z/2026-05-04T11:00:00Z"},
		{[]Hours{"Thu-Fri", "not 05-01", "not 12:00-24:00"}, "2026-04-30T00:00:00Z", "2026-05-07T00:00:00Z", "2026-04-30T00:00:00Z/2026-04-30T10:00:00Z 2026-05-06T22:00:00Z/2026-05-07T00:00:00Z"},
		{[]Hours{"not 2026-05-01"}, "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z", "2026-05-01T22:00:00Z/2026-05-02T00:00:00Z"},
		{[]Hours{"00:00-24:00"}, "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z", "2026-05-01T00:00:00Z/2026-05-02T00:00:00Z"},
		{[]Hours{"02-29"}, "2026-01-01T00:00:00Z", "2029-01-01T00:00:00Z", "2028-02-28T23:00:00Z/2028-02-29T23:00:00Z"},
		{nil, "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z", ""},
	} {
		c := &compiler{}
		table := c.timetable(path{}, tt.hours)
		require.Empty(t, c.faults)
		assert.Equal(t, tt.want, table.within(outage.MustWindow(at(tt.from), at(tt.to)), berlin).String(), "%v", tt.hours)
	}
	for _, bad := range []Hours{"", "not", "not ", "Mo", "Mon-", "Mon-Fry", "Mon-Fri ", " 09:00-17:00", "9:00-17:00", "09:00", "09:00-25:00", "24:00-25:00", "09:60-10:00", "Mon 09:00-17:00 x", "12-32", "02-30", "2026-02-29", "2026-13-01", "00:00-24:01", "12:00-12:00"} {
		_, _, err := bad.parse()
		assert.Error(t, err, "%q", bad)
	}
}

// A minute of a grid is down, or not; the walk by minutes agrees with the sweep.
func TestSlotsOverAClockChange(t *testing.T) {
	// Slots of 7 minutes begin anew at each midnight of Berlin, also on the day
	// of 23 hours.
	berlin := Must(time.LoadLocation("Europe/Berlin"))
	s := slots{grid: Must(Slot("7m").grid()), zone: berlin}
	for _, day := range []string{"2026-03-28T23:00:00Z", "2026-10-24T22:00:00Z", "2026-05-01T22:00:00Z"} {
		at := at(day).UnixNano()
		for range 2 * 24 * 60 {
			from, to := s.at(at)
			local := time.Unix(0, from).In(berlin)
			midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, berlin)
			assert.Zero(t, local.Sub(midnight)%(7*time.Minute))
			assert.True(t, from <= at && at < to)
			assert.True(t, to-from == int64(7*time.Minute) || time.Unix(0, to).In(berlin).Hour() == 0, time.Unix(0, from).In(berlin))
			at += int64(time.Minute)
		}
	}
}

func TestAllowances(t *testing.T) {
	work := func(id, start string, length time.Duration) []outage.Record {
		return []outage.Record{dark(id, start, length), planned("m-"+id, start, length, 0)}
	}
	var all []outage.Record
	all = append(all, work("jan", "2014-01-10T00:00:00Z", 2*hour)...)
	all = append(all, work("apr", "2014-04-10T00:00:00Z", 2*hour)...)
	all = append(all, work("may1", "2014-05-10T00:00:00Z", 2*hour)...)
	all = append(all, work("may2", "2014-05-11T00:00:00Z", 3*hour)...)
	for allowance, want := range map[Cap]time.Duration{
		"":              5 * hour, // no limit
		"4h":            4 * hour,
		"4h per 1mo":    4 * hour,
		"4h per 3mo":    2 * hour, // two of them were drawn in April
		"6h per 6mo":    2 * hour, // and two in January
		"7h per 12mo":   3 * hour,
		"4h per 12mo":   0,
		"1h per outage": 2 * hour,
	} {
		f := find(t, Commitment{Promise: "exactly 100%", Exclusions: []Exclusion{{Causes: []string{"maintenance"}, Notice: "none", Allowance: allowance}}}, records(t, all...), may2014)
		assert.Equal(t, want, f.Measurement.Excused, allowance)
		assert.Equal(t, 5*hour-want, f.Measurement.Down, allowance)
		if want < 5*hour {
			last := f.Measurement.Pieces[len(f.Measurement.Pieces)-2]
			assert.Contains(t, last.Why(), "beyond the allowance of "+string(allowance))
		}
	}
}

// What one exclusion leaves because its allowance is spent, another can
// forgive.
func TestExclusionsActOnWhatIsLeft(t *testing.T) {
	c := Commitment{Promise: "exactly 100%", Exclusions: []Exclusion{
		{Causes: []string{"maintenance"}, Notice: "none", Allowance: "1h"},
		{Causes: []string{"customer"}},
	}}
	f := find(t, c, records(t,
		caused(dark("theirs", "2014-05-10T00:00:00Z", 2*hour), "customer", 0), planned("m", "2014-05-10T00:00:00Z", 3*hour, 0),
		dark("ours", "2014-05-10T02:00:00Z", hour),
	), may2014)
	assert.Equal(t, `01 00:00 up
10 00:00 excused theirs+m /commitments/0/exclusions/0 set aside: maintenance
10 01:00 excused theirs /commitments/0/exclusions/1 cause customer
10 02:00 down ours+m /commitments/0 lost 100%; beyond the allowance of 1h
10 03:00 up
`, account(f.Measurement))
}

func TestUnknownIsTreated(t *testing.T) {
	history := func() outage.Timeline {
		return recordsAsOf(t, "2014-05-30T00:00:00Z", coverage("2014-05-02T00:00:00Z", "2014-06-01T00:00:00Z"))
	}
	for treatment, want := range map[Treatment][4]time.Duration{ // up, down, unknown, outside
		"":     {28 * 24 * hour, 0, 3 * 24 * hour, 0},
		"up":   {29 * 24 * hour, 0, 2 * 24 * hour, 0},
		"down": {28 * 24 * hour, 24 * hour, 2 * 24 * hour, 0},
		"out":  {28 * 24 * hour, 0, 2 * 24 * hour, 24 * hour},
	} {
		m := find(t, Commitment{Promise: "exactly 100%", Calculation: Calculation{Unknown: treatment}}, history(), may2014).Measurement
		assert.Equal(t, want, [4]time.Duration{m.Up, m.Down, m.Unknown, m.Outside}, treatment)
		assert.Equal(t, 744*hour-want[3], m.Due, treatment)
	}
}

func TestClockErrors(t *testing.T) {
	c := Commitment{Promise: "exactly 100%", Downtime: Downtime{Ends: []string{"ticket closed"}}}
	terms := Must(single(c).Compile())
	_, err := terms.Judge(records(t, dark("o", "2014-05-10T00:00:00Z", hour)), may2014)
	assert.EqualError(t, err, `sla: judging "vm" under "x": /commitments/0: outage "o": its clock never stops, as it has no mark ticket closed and the records are complete`)
	v, err := terms.Judge(recordsAsOf(t, "2014-05-12T00:00:00Z", dark("o", "2014-05-10T00:00:00Z", hour)), may2014)
	require.NoError(t, err)
	assert.Equal(t, 48*hour, v.Findings[0].Measurement.Down, "it runs still")
}

func TestJudgeAllErrors(t *testing.T) {
	terms := Must(single(Commitment{Scope: Scope{Levels: []Level{{By: "zone"}, {By: "region"}}}}).Compile())
	_, err := terms.JudgeAll([]outage.Timeline{labelled("a"), labelled("a")}, may2014)
	assert.EqualError(t, err, `sla: judging under "x": resource "a" comes twice`)
	_, err = terms.JudgeAll([]outage.Timeline{labelled("a")}, may2014)
	assert.EqualError(t, err, `sla: judging under "x": /commitments/0: resource "a" has no label "zone"`)
	apart, err := terms.JudgeAll([]outage.Timeline{labelled("a", "zone=1", "region=x"), labelled("b", "zone=1", "region=y")}, may2014)
	require.NoError(t, err)
	assert.Len(t, apart, 2, "zone 1 of x is not zone 1 of y")
	_, err = terms.Judge(labelled("a"), may2014)
	assert.EqualError(t, err, `sla: judging under "x": /commitments/0: resource "a" has no label "zone"`)
	verdicts, err := terms.JudgeAll([]outage.Timeline{labelled("b", "zone=1", "region=x"), labelled("a", "zone=2", "region=x")}, may2014)
	require.NoError(t, err)
	require.Len(t, verdicts, 1)
	assert.Equal(t, "x", verdicts[0].Resource)
}

// The mean over slots is exact, and decided to the last fraction: a third of
// three slots is what one slot in full is.
func TestExactMean(t *testing.T) {
	hours := func(failed ...int64) outage.Timeline {
		var all []outage.Record
		for i, n := range failed {
			start := at("2014-05-10T00:00:00Z").Add(time.Duration(i) * hour)
			all = append(all, outage.Traffic{ID: fmt.Sprint("t", i), Resource: "vm", Start: start, End: start.Add(hour), Requests: 3, Failed: n})
		}
		return records(t, all...)
	}
	// 744 h × (1 − 99.95 %) = 0.372 h; a third of an hour is below, and with a
	// length of 2,000/3 h it would be just that.
	c := Commitment{Promise: "at least 99.95%", Downtime: Downtime{Slot: "1h", Requests: true, Weighted: true}}
	f := find(t, c, hours(1), may2014)
	assert.Equal(t, Met, f.Outcome)
	assert.Equal(t, 20*minute, f.Measurement.Down)
	one, third := find(t, c, hours(3), may2014), find(t, c, hours(1, 1, 1), may2014)
	assert.Equal(t, one.Measurement.Availability().Ratio(), third.Measurement.Availability().Ratio())
	assert.Equal(t, Missed, third.Outcome)

	text, err := json.Marshal(third.Measurement)
	require.NoError(t, err)
	var again Measurement
	require.NoError(t, json.Unmarshal(text, &again))
	assert.Equal(t, third.Measurement, again)

	short := outage.Traffic{ID: "t", Resource: "vm", Start: at("2014-05-10T00:00:00Z"), End: at("2014-05-10T01:00:00.000000001Z"), Requests: 1}
	_, err = Must(single(c).Compile()).Judge(records(t, short), may2014)
	assert.EqualError(t, err, `sla: judging "vm" under "x": /commitments/0: traffic "t": 2014-05-10T00:00:00Z/2014-05-10T01:00:00.000000001Z does not lie in one slot of 1h`)
}

// Half a nanosecond decides where the bound is that close.
func TestHalfANanosecond(t *testing.T) {
	half := outage.Outage{ID: "o", Resource: "vm", Start: at("2014-05-10T00:00:00Z"), End: at("2014-05-10T00:00:00.000000001Z"), ServedPercent: decimal.New(50, 0)}
	c := Commitment{Promise: "exactly 100%", Downtime: Downtime{Weighted: true}}
	f := find(t, c, records(t, half), may2014)
	assert.Zero(t, f.Measurement.Down, "it is shown floored")
	assert.Equal(t, Missed, f.Outcome)
	assert.Equal(t, "99.999999%", f.Measurement.Availability().String())
	text, err := json.Marshal(f.Measurement.Availability())
	require.NoError(t, err)
	assert.Equal(t, `{"due":"744h","down":"0.0000000005s","availability":"99.999999%"}`, string(text))
	var again Availability
	require.NoError(t, json.Unmarshal(text, &again))
	assert.Equal(t, f.Measurement.Availability(), again)
}

// An outage that goes on at the end of a period is not credited in it and once
// more where it ends.
func TestOutageThatGoesOnIsMeasuredWhereItEnds(t *testing.T) {
	terms := Must(single(Commitment{Promise: "exactly 100%", Calculation: Calculation{Period: "outage"}}).Compile())
	open := outage.Outage{ID: "o", Resource: "vm", Start: at("2014-05-31T20:00:00Z")}
	count := func(timeline outage.Timeline, p calendar.Period) int {
		return len(Must(terms.Judge(timeline, p)).Findings)
	}
	assert.Equal(t, 1, count(recordsAsOf(t, "2014-05-31T22:00:00Z", open), may2014), "it may end in May")
	assert.Equal(t, 1, count(recordsAsOf(t, "2014-06-01T00:00:00Z", open), may2014), "it may have ended with May")
	assert.Equal(t, 0, count(recordsAsOf(t, "2014-06-02T00:00:00Z", open), may2014))
	open.End = at("2014-06-01T00:00:00Z")
	assert.Equal(t, 1, count(recordsAsOf(t, "2014-06-01T00:00:00Z", open), may2014), "it ended with May")
	open.End = at("2014-06-01T00:00:00.000000001Z")
	assert.Equal(t, 0, count(records(t, open), may2014))
	assert.Equal(t, 1, count(records(t, open), june2014))
}

// Of a slot of which a part is removed, the loss is the mean over the whole slot,
// in which nothing was lost in that part, and by that mean the rest counts.
func TestRemovedPartOfAWeightedSlot(t *testing.T) {
	half := dark("o", "2014-05-10T00:00:00Z", hour)
	half.ServedPercent = decimal.New(50, 0)
	work := planned("m", "2014-05-10T00:30:00Z", 30*minute, 48*hour)
	for _, tt := range []struct {
		slot    Slot
		removed bool
		down    time.Duration
		due     time.Duration
	}{
		{"", false, 15 * minute, 744 * hour},
		{"1h", false, 15 * minute, 744 * hour}, // by 25 % for an hour
		{"", true, 15 * minute, 743*hour + 30*minute},
		{"1h", true, 7*minute + 30*second, 743*hour + 30*minute}, // by 25 % for half an hour
	} {
		m := find(t, Commitment{
			Promise: "at least 99%", Downtime: Downtime{Weighted: true, Slot: tt.slot}, Exclusions: []Exclusion{{Causes: []string{"maintenance"}, Notice: "24h", Removed: tt.removed}},
		}, records(t, half, work), may2014).Measurement
		assert.Equal(t, []time.Duration{tt.down, tt.due}, []time.Duration{m.Down, m.Due}, tt)
	}
}

// Where the whole period is due, time outside the life of a resource is due also
// where maintenance was removed from what is due.
func TestRemovedOutsideTheLifeOfAWholePeriod(t *testing.T) {
	c := Commitment{Promise: "at least 99%", Calculation: Calculation{Whole: true}, Exclusions: []Exclusion{{Causes: []string{"maintenance"}, Notice: "24h", Removed: true}}}
	born := outage.Lifetime{ID: "l", Resource: "vm", Start: at("2014-05-10T00:00:00Z")}
	m := find(t, c, records(t, born, planned("m", "2014-05-09T22:00:00Z", 4*hour, 48*hour)), may2014).Measurement
	assert.Equal(t, []time.Duration{742 * hour, 2 * hour}, []time.Duration{m.Due, m.Outside}, "two of the four hours")
	m = find(t, c, records(t, born, planned("m", "2014-05-09T20:00:00Z", 4*hour, 48*hour)), may2014).Measurement
	assert.Equal(t, []time.Duration{744 * hour, 0}, []time.Duration{m.Due, m.Outside})
}

// The period as a slot is for requests; time has none.
func TestPeriodIsNoSlotOfTime(t *testing.T) {
	_, err := single(Commitment{Promise: "at least 99%", Downtime: Downtime{Slot: "period"}}).Compile()
	assert.EqualError(t, err, `sla: agreement "x": commitments[0].downtime.slot: period is for requests`)
	_, err = single(Commitment{Promise: "at least 99%", Downtime: Downtime{Slot: "period", Requests: true}}).Compile()
	assert.NoError(t, err)
}

// The clock runs between the marks that the agreement names, wherever the record
// starts and ends: a ticket from before the outage starts it there.
func TestAMarkBeforeTheStartOfItsRecordStartsTheClock(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2014, time.May, 27, hour, 0, 0, 0, time.UTC) }
	o := outage.Outage{ID: "1", Resource: "web", Start: at(10), End: at(12), Marks: map[string]time.Time{"ticket": at(9), "closed": at(15)}}
	timeline := Must(outage.NewTimeline(o))
	may := calendar.Month(2014, time.May, time.UTC)
	for _, tt := range []struct {
		starts, ends []string
		hours        int
	}{
		{nil, nil, 2},
		{[]string{"ticket"}, nil, 3},
		{[]string{"start", "ticket"}, nil, 2},
		{[]string{"ticket", "start"}, nil, 2},
		{nil, []string{"closed"}, 5},
		{nil, []string{"closed", "end"}, 2},
		{[]string{"ticket"}, []string{"closed"}, 6},
	} {
		terms := Must(Agreement{Commitments: []Commitment{{Promise: "at least 99.9%", Downtime: Downtime{Starts: tt.starts, Ends: tt.ends}}}}.Compile())
		m := Must(terms.Judge(timeline, may)).Findings[0].Measurement
		assert.Equal(t, time.Duration(tt.hours)*time.Hour, m.Down, "%v to %v", tt.starts, tt.ends)
		if len(tt.starts) == 1 {
			assert.Equal(t, at(9), m.Outages[0].Window.Start())
		}
	}

	// From before the period, it reaches into it as any outage does.
	o.Start, o.Marks["ticket"] = time.Date(2014, time.May, 1, 1, 0, 0, 0, time.UTC), time.Date(2014, time.April, 30, 23, 0, 0, 0, time.UTC)
	o.End = o.Start.Add(time.Hour)
	terms := Must(Agreement{Commitments: []Commitment{{Promise: "at least 99.9%", Downtime: Downtime{Starts: []string{"ticket"}}}}}.Compile())
	assert.Equal(t, 2*time.Hour, Must(terms.Judge(Must(outage.NewTimeline(o)), may)).Findings[0].Measurement.Down)
}
