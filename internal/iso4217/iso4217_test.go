package iso4217

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCounts(t *testing.T) {
	counts := map[Entry]int{}
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for _, a := range letters {
		for _, b := range letters {
			for _, c := range letters {
				if entry, known := Lookup(string([]rune{a, b, c})); known {
					counts[entry]++
				}
			}
		}
	}
	assert.Equal(t, map[Entry]int{
		{Digits: 0}:                  17,
		{Digits: 2}:                  139,
		{Digits: 3}:                  7,
		{Digits: 4}:                  2,
		{NoMinor: true}:              13,
		{Digits: 0, Withdrawn: true}: 11,
		{Digits: 2, Withdrawn: true}: 40,

		{NoMinor: true, Withdrawn: true}: 2,
	}, counts)
}

// The codes that other tables are known to have wrong.
func TestLookup(t *testing.T) {
	for code, want := range map[string]Entry{
		"JPY": {Digits: 0},
		"ISK": {Digits: 0},
		"UGX": {Digits: 0},
		"HUF": {Digits: 2},
		"MGA": {Digits: 2},
		"MRU": {Digits: 2},
		"IDR": {Digits: 2},
		"TWD": {Digits: 2},
		"BHD": {Digits: 3},
		"IQD": {Digits: 3},
		"KWD": {Digits: 3},
		"CLF": {Digits: 4},
		"UYW": {Digits: 4},
		"XCG": {Digits: 2},
		"XAD": {Digits: 2},
		"ZWG": {Digits: 2},
		"XAU": {NoMinor: true},
		"XXX": {NoMinor: true},
		"HRK": {Digits: 2, Withdrawn: true},
		"BGN": {Digits: 2, Withdrawn: true},
		"LTL": {Digits: 2, Withdrawn: true},
		"LVL": {Digits: 2, Withdrawn: true},
		"EEK": {Digits: 2, Withdrawn: true},
		"BYR": {Digits: 0, Withdrawn: true},
		"VEF": {Digits: 2, Withdrawn: true},
		"TRL": {Digits: 0, Withdrawn: true},
		"ITL": {Digits: 0, Withdrawn: true},
		"MTL": {Digits: 2, Withdrawn: true},
		"XFO": {NoMinor: true, Withdrawn: true},
	} {
		got, known := Lookup(code)
		assert.True(t, known, code)
		assert.Equal(t, want, got, code)
	}
}

// Nor is known what was withdrawn before 2002, and two codes that were hardly
// used, as the documents say.
func TestLookupUnknown(t *testing.T) {
	for _, code := range []string{"", "usd", "Usd", "US", "USDD", " USD", "USD ", "U D", "ABC", "ECS", "PLZ", "SUR", "XEU", "CHC", "GHP", "ÄÖÜ", "BTC"} {
		got, known := Lookup(code)
		assert.False(t, known, code)
		assert.Zero(t, got, code)
	}
}
