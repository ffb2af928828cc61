package sla

import (
	"testing"

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

// Only the word in lower case stands for planned work.
func TestMaintenanceInCapitals(t *testing.T) {
	_, err := Agreement{Name: "x", Commitments: []Commitment{{
		Promise: "exactly 100%", Exclusions: []Exclusion{{Causes: []string{"Maintenance"}}},
	}}}.Compile()
	assert.ErrorContains(t, err, `commitments[0].exclusions[0].causes[0]: "Maintenance"; write "maintenance" for planned work`)
}
