package sla

import (
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
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
		if flawless := a.down == 0; flawless != (text == "100%") || flawless != strings.HasPrefix(text, "100") {
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

// ratio returns the availability of so much time due, and so much down.
func ratio(due, down time.Duration) Availability { return Availability{due: due, down: down} }

// Lengths that nothing measured has make no availability, and no panic.
func TestAvailabilityOfNegativeLengthsIsUndefined(t *testing.T) {
	const least = time.Duration(math.MinInt64)
	for _, s := range []Summary{{Due: 2, Down: least}, {Due: least, Down: least}, {Due: least, Down: 1}, {Due: -1}, {Down: -1}, {}} {
		assert.Equal(t, "undefined", s.Availability().String(), "%+v", s)
		assert.Nil(t, s.Availability().Ratio())
		m := Measurement{Due: s.Due, Down: s.Down, DownAtMost: s.Down}
		assert.Equal(t, "undefined", m.Availability().String())
		assert.Equal(t, "undefined", m.AvailabilityAtLeast().String())
		assert.NotPanics(t, func() { _ = m.String() })
	}
	assert.Equal(t, "0.000000%", Summary{Due: 2, Down: math.MaxInt64}.Availability().String())
}
