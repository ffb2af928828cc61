package sla

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEnglish(t *testing.T) {
	for _, tt := range []struct {
		a    Agreement
		want string
	}{
		{Agreement{}, "Nothing is promised."},
		{Agreement{AtMost: []Cap{"50%"}}, "Nothing is promised. All credits together are at most 50% of the fee."},
		{
			threeTiers(),
			"Promised for each billing period: availability of at least 99.95%. " +
				"Credit if the availability is below 99.95%: 10% of the fee; below 99.0%: 25% of the fee; below 95.0%: 100% of the fee.",
		},
		{
			single(Commitment{Promise: "exactly 100%", Credits: []Tier{{Give: "5%", Per: "full 30m"}}, AtMost: []Cap{"100%"}}),
			"Promised for each billing period: availability of exactly 100%. " +
				"Credit if the promise is broken: 5% of the fee for each full 30 minutes of downtime. " +
				"The credit is at most 100% of the fee.",
		},
		{
			single(Commitment{Promise: "over 99.9%", Credits: []Tier{
				{When: "over 99.0%, at most 99.9%", Give: "10.50%"}, {When: "at most 99.0%", Give: "0.5%", Per: "started 1h"},
			}}),
			"Promised for each billing period: availability over 99.9%. " +
				"Credit if the availability is over 99.0% and at most 99.9%: 10.5% of the fee; at most 99.0%: 0.5% of the fee for each started hour of downtime.",
		},
		{
			single(Commitment{
				Downtime: Downtime{Loss: "exactly 100%", Lasting: "at least 5m"},
				Exclusions: []Exclusion{
					{Causes: []string{"maintenance"}, Notice: "24h"},
					{Causes: []string{"customer", "1 d of grace, as agreed"}},
				},
				Promise: "at least 99.95%",
			}),
			"A moment counts as fully down if its loss is exactly 100%. " +
				"An outage counts only if it lasts at least 5 minutes, and then as a whole. " +
				"Excused: downtime within maintenance windows announced at least 24 hours ahead. " +
				"Excused: outages caused by customer or 1 d of grace, as agreed. " +
				"Promised for each billing period: availability of at least 99.95%. " +
				"No credit is agreed.",
		},
		{
			single(Commitment{
				Downtime:   Downtime{Loss: "over 5%", Lasting: "over 1s"},
				Exclusions: []Exclusion{{Causes: []string{"abuse", "maintenance"}, Notice: "none"}},
			}),
			"A moment counts as fully down if its loss is over 5%. " +
				"An outage counts only if it lasts over 1 second, and then as a whole. " +
				"Excused: downtime within maintenance windows, announced or not; outages caused by abuse or maintenance; downtime within windows set aside for abuse, announced or not. " +
				"Promised for each billing period: availability of at least 99.95%. " +
				"No credit is agreed.",
		},
		{
			single(Commitment{
				Downtime:   Downtime{Lasting: "at least 0.5h"},
				Exclusions: []Exclusion{{Causes: []string{"maintenance", "abuse"}, Notice: "2d"}},
			}),
			"An outage counts only if it lasts at least 0.5 hours, and then as a whole. " +
				"Excused: downtime within maintenance windows announced at least 2 days ahead; outages caused by abuse; downtime within windows set aside for abuse and announced at least 2 days ahead. " +
				"Promised for each billing period: availability of at least 99.95%. " +
				"No credit is agreed.",
		},
		{
			Agreement{
				Name: "rackspace/managed",
				Commitments: []Commitment{
					{Name: "network", Promise: "exactly 100%", Credits: []Tier{{Give: "5%", Per: "full 30m"}}, AtMost: []Cap{"100%", "50%"}},
					{Name: "power", Promise: "at least 99.9%", Credits: rows("", "5%")},
				},
				AtMost: []Cap{"100%"},
			},
			"[network] Promised for each billing period: availability of exactly 100%. " +
				"Credit if the promise is broken: 5% of the fee for each full 30 minutes of downtime. " +
				"The credit is at most 100% of the fee and at most 50% of the fee. " +
				"[power] Promised for each billing period: availability of at least 99.9%. " +
				"Credit if the promise is broken: 5% of the fee. " +
				"All credits together are at most 100% of the fee.",
		},
	} {
		assert.Equal(t, tt.want, Must(tt.a.Compile()).English())
	}
}

func TestInWords(t *testing.T) {
	for text, want := range map[Range]string{
		"1s": "1 second", "1m": "1 minute", "1h": "1 hour", "1d": "1 day",
		"2s": "2 seconds", "0.5m": "0.5 minutes", "48h": "48 hours", "0d": "0 days",
		"over 5m": "over 5 minutes", "over 5m, below 1h": "over 5 minutes and below 1 hour", "at least 99.0%, below 99.95%": "at least 99.0% and below 99.95%",
	} {
		assert.Equal(t, want, inWords(text))
	}
}
