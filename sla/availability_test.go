package sla

import (
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/sla/calendar"
)

func TestAvailabilityText(t *testing.T) {
	const month = 744 * hour
	for _, tt := range []struct {
		a      Availability
		places uint8
		want   string
	}{
		{ratio(month, 20*minute), 6, "99.955197%"},
		{ratio(month, 20*minute), 2, "99.95%"},
		{ratio(month, 20*minute), 0, "99%"},
		{ratio(month, 0), 6, "100%"},
		{ratio(month, 0), 0, "100%"},
		{ratio(month, 1), 0, "99%"},
		{ratio(month, 1), 6, "99.999999%"},
		{ratio(month, 1), 13, "99.9999999999999%"},
		{ratio(month, 1), 15, "99.999999999999962%"},
		{ratio(month, month), 2, "0.00%"},
		{ratio(month, month-1), 2, "0.00%"},
		{ratio(math.MaxInt64, 1), 16, "99.9999999999999999%"},
		{ratio(math.MaxInt64, math.MaxInt64-1), 17, "0.00000000000000001%"},
		{ratio(3, 1), 1, "66.6%"},
		{ratio(2, 1), 3, "50.000%"},
		{ratio(0, 0), 2, "undefined"},
		{Availability{}, 0, "undefined"},
	} {
		assert.Equal(t, tt.want, tt.a.Text(tt.places), "%+v", tt.a)
	}
	assert.Equal(t, "99.955197%", ratio(month, 20*minute).String())
	assert.Equal(t, "undefined", Availability{}.String())
}

func TestAvailabilityUndefined(t *testing.T) {
	percent, defined := Availability{}.Percent(2)
	assert.False(t, defined)
	assert.True(t, percent.IsZero())
	assert.Nil(t, Availability{}.Ratio())
}

func TestAvailabilityPlaces(t *testing.T) {
	a := ratio(744*hour, 20*minute)
	last := decimal.Decimal{}
	for places := range 256 {
		percent, defined := a.Percent(uint8(places))
		assert.True(t, defined)
		assert.Equal(t, -int32(places), percent.Exponent())
		assert.True(t, percent.Rat().Cmp(hundredTimes(a.Ratio())) <= 0, "%d places: the floor", places)
		assert.True(t, percent.GreaterThanOrEqual(last), "more places, never less")
		text := a.Text(uint8(places))
		assert.True(t, strings.HasPrefix(text, "99"), text)
		assert.Len(t, text, len("99%")+places+min(places, 1))
		last = percent
	}
}

func hundredTimes(r *big.Rat) *big.Rat { return new(big.Rat).Mul(r, big.NewRat(100, 1)) }

func TestAvailabilityNeverRoundsUp(t *testing.T) {
	check := func(t rapid.TB, a Availability, places uint8) {
		percent, _ := a.Percent(places)
		off := new(big.Rat).Sub(hundredTimes(a.Ratio()), percent.Rat())
		if off.Sign() < 0 || off.Cmp(decimal.New(1, -int32(places)).Rat()) >= 0 {
			t.Fatalf("%+v: %v is off by %v", a, percent, off)
		}
		text := a.Text(places)
		if flawless := a.down.IsZero(); flawless != (text == "100%") || flawless != strings.HasPrefix(text, "100") {
			t.Fatalf("%+v: %s", a, text)
		}
	}
	for due := time.Duration(1); due <= 60; due++ {
		for down := time.Duration(0); down <= due; down++ {
			for _, places := range []uint8{0, 1, 2, 6} {
				check(t, ratio(due, down), places)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		due := rapid.Int64Range(1, math.MaxInt64).Draw(t, "due")
		down := rapid.OneOf(rapid.Int64Range(0, due), rapid.Int64Range(0, min(due, 3))).Draw(t, "down")
		check(t, ratio(time.Duration(due), time.Duration(down)), rapid.Uint8().Draw(t, "places"))
	})
}

// Of a day that nobody observed there is no single figure, and none that reads
// flawless; where unknown time would not count there is one, and it does not read
// flawless either.
func TestUnobservedDayHasNoSingleFigure(t *testing.T) {
	day := Must(calendar.NewPeriod(calendar.Date{Year: 2014, Month: time.May, Day: 5}, calendar.Date{Year: 2014, Month: time.May, Day: 6}, time.UTC))
	elsewhere := records(t, coverage("2014-05-01T00:00:00Z", "2014-05-02T00:00:00Z"))
	m, err := Measure(elsewhere, day)
	require.NoError(t, err)
	assert.Equal(t, "0.000000% to 100.000000% available, 0s down of 24h due, 24h unknown", m.String())
	a := m.Availability()
	assert.False(t, a.Known())
	assert.Equal(t, []string{"0.000000% to 100.000000%", "0% to 100.0%", "0.0% to 100.0%"}, []string{a.String(), a.Text(0), a.Text(1)})
	assert.Equal(t, []string{"0.000000%", "100.000000%"}, []string{a.AtLeast().String(), a.AtMost().String()})
	assert.Contains(t, write(t, m), `"availability":"0.000000% to 100.000000%","availabilityAtLeast":"0.000000%"`)
	assert.Equal(t, `{"due":"24h","down":"0s","downAtMost":"24h","unknown":true,"availability":"0.000000% to 100.000000%"}`, write(t, a))

	for treatment, want := range map[Treatment]string{"": "0.000000% to 100.000000%", "up": "100%", "down": "0.000000%", "out": "undefined"} {
		f := find(t, Commitment{Promise: "at least 99%", Calculation: Calculation{Unknown: treatment}}, elsewhere, day)
		assert.Equal(t, want, f.Measurement.Availability().String(), string(treatment))
	}

	brief := find(t, Commitment{Promise: "exactly 100%", Downtime: Downtime{Lasting: "over 2h"}},
		records(t, coverage("2014-05-01T00:00:00Z", "2014-05-05T10:00:00Z"), coverage("2014-05-05T11:00:00Z", "2014-05-07T00:00:00Z")), day).Measurement
	require.Equal(t, []time.Duration{hour, 0}, []time.Duration{brief.Unknown, brief.DownAtMost})
	assert.True(t, brief.Availability().Known())
	assert.Equal(t, []string{"100.000000%", "100.0%"}, []string{brief.Availability().String(), brief.Availability().Text(0)})
	assert.Equal(t, `{"due":"24h","down":"0s","unknown":true,"availability":"100.000000%"}`, write(t, brief.Availability()))

	for _, m := range []Measurement{m, brief} {
		var read Measurement
		require.NoError(t, json.Unmarshal([]byte(write(t, m)), &read))
		assert.Equal(t, m, read)
		var a Availability
		require.NoError(t, json.Unmarshal([]byte(write(t, m.Availability())), &a))
		assert.Equal(t, m.Availability(), a)
	}
	// Earlier releases wrote the upper bound, as if it were flawless.
	var read Measurement
	require.NoError(t, json.Unmarshal(tamper(t, write(t, m), `"0.000000% to 100.000000%"`, `"100%"`), &read))
	require.NoError(t, json.Unmarshal(tamper(t, write(t, brief), `"availability":"100.000000%"`, `"availability":"100%"`), &read))
	for doc, want := range map[string]string{
		`{"due":"24h","down":"0s","downAtMost":"24h","availability":"0.000000% to 100.000000%"}`:               "unknown: missing, where what was down has two bounds",
		`{"due":"24h","down":"2h","downAtMost":"1h","unknown":true,"availability":"95.833333% to 91.666666%"}`: "downAtMost: not between what was down and what was due",
		`{"due":"24h","down":"2h","downAtMost":"25h","unknown":true,"availability":"0.000000% to 91.666666%"}`: "downAtMost: not between what was down and what was due",
		`{"due":"24h","down":"2h","downAtMost":"3h","unknown":true,"availability":"91.666666%"}`:               `availability: "91.666666%", but the parts say 87.500000% to 91.666666%`,
	} {
		assert.EqualError(t, json.Unmarshal([]byte(doc), &a), "sla: reading an availability: "+want)
	}
}

// ratio returns the availability of so much time due, and so much down.
func ratio(due, down time.Duration) Availability {
	return availability(due, nanoseconds(down), nanoseconds(down), false)
}

// Lengths that nothing measured has make no availability, and no panic.
func TestAvailabilityOfNegativeLengthsIsUndefined(t *testing.T) {
	const least = time.Duration(math.MinInt64)
	for _, s := range []struct{ Due, Down, DownAtMost time.Duration }{{Due: 2, Down: least}, {Due: least, Down: least}, {Due: least, Down: 1}, {Due: -1}, {Down: -1}, {}} {
		s.DownAtMost = s.Down
		assert.Equal(t, "undefined", AvailabilityOf(s.Due, s.Down, s.DownAtMost, false).String(), "%+v", s)
		assert.Nil(t, AvailabilityOf(s.Due, s.Down, s.DownAtMost, false).Ratio())
		m := Measurement{Due: s.Due, Down: s.Down, DownAtMost: s.Down}
		assert.Equal(t, "undefined", m.Availability().String())
		assert.Equal(t, "undefined", m.Availability().AtLeast().String())
		assert.NotPanics(t, func() { _ = m.String() })
	}
	assert.Equal(t, "0.000000%", AvailabilityOf(2, math.MaxInt64, math.MaxInt64, false).String())
}
