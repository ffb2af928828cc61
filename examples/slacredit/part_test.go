package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/credit"
)

// A customer since the 15th is judged from that day on. An outage on the 3rd does not
// count for them. 44 minutes on the 20th break 99.9% of 17 days, but not of all of May.
func TestPartOfThePeriod(t *testing.T) {
	const promise = `{"format":"slacredit/agreement/1","name":"plain","commitments":[{"promise":"at least 99.9%","credits":[{"give":"10%"}]}]}`
	const charges = "customer,id,resource,amount,currency,start,end\n" +
		"before,1,web,1000.00,EUR,,\nlate,2,web,548.39,EUR,2024-05-15T00:00:00Z,2024-06-01T00:00:00Z\nwhole,3,web,1000.00,EUR,2024-05-01T00:00:00Z,2024-06-01T00:00:00Z\n"
	for records, want := range map[string][]string{
		"o,web,2024-05-03T20:00:00Z,2024-05-03T23:00:00Z\n": {"before EUR 100.00", "late EUR 0.00", "whole EUR 100.00"},
		"o,web,2024-05-20T20:00:00Z,2024-05-20T20:44:00Z\n": {"before EUR 0.00", "late EUR 54.84", "whole EUR 0.00"},
	} {
		for _, more := range [][]string{nil, {"-sorted"}} {
			args := append([]string{
				"-agreement", file(t, "a.json", promise), "-records", file(t, "r.csv", "id,resource,start,end\n"+records), "-charges", file(t, "c.csv", charges),
				"-from", "2024-05-01", "-zone", "UTC", "-format", "json",
			}, more...)
			out, _, err := slacredit(t, args...)
			require.NoError(t, err)
			var totals []string
			for line := range strings.Lines(out) {
				var s credit.Statement
				require.NoError(t, json.Unmarshal([]byte(line), &s))
				totals = append(totals, s.Customer+" "+s.Total.String())
			}
			assert.Equal(t, want, totals)
		}
	}
}

// A day as the end of a charge may mean its last day or the day after, so it is an error
// that tells what to write.
func TestDaysOfACharge(t *testing.T) {
	_, _, err := slacredit(t, append(arguments(t), "-charges", file(t, "c.csv", "customer,id,resource,amount,currency,start,end\nacme,1,web,1.00,EUR,2026-03-01,2026-03-31\n"))...)
	assert.ErrorContains(t, err, `line 2: end: "2026-03-31" is a day; write the instant at which the time that is paid for is over, as 2014-06-01T00:00:00Z for the end of May`)
}
