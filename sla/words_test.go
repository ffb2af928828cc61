package sla

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
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
	assert.Equal(t, "1204", scaleOf(count, rounding{}).text(1204))
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

// Steps that leave int64 do not pass as a sum.
func TestStepsThatWrap(t *testing.T) {
	p := Must(Month(2014, 5, time.UTC))
	m := Measurement{Period: p, Up: p.Length(), Due: p.Length(), Pieces: []Piece{{Window: p.Window()}}}
	m.DueSteps = []DueStep{{"", p.Length()}, {"", math.MaxInt64}, {"", math.MaxInt64}, {"", 2}}
	assert.EqualError(t, m.check(), "due leaves the range of lengths")
	m.DueSteps = m.DueSteps[:1]
	assert.NoError(t, m.check())
}
