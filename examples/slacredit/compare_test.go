package main

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// results runs a comparison and returns what it finds by edition.
func results(t *testing.T, args ...string) map[string]result {
	t.Helper()
	out, notes, err := slacredit(t, append([]string{"compare", "-format", "json"}, args...)...)
	require.NoError(t, err)
	assert.Empty(t, notes)
	found := map[string]result{}
	for line := range strings.Lines(out) {
		var r result
		require.NoError(t, json.Unmarshal([]byte(line), &r))
		found[r.Edition] = r
	}
	return found
}

// What 149 minutes of May 2014 are worth, as the agreements' own figures say.
func TestCompare(t *testing.T) {
	found := results(t)
	assert.Greater(t, len(found), 200)
	for edition, want := range map[string][2]string{
		"vultr/compute":       {"120h of service", "USD 17.86"}, // of 28 days
		"tw-telecom/internet": {"5%", "USD 5.00"},
		"gogrid/cloud from 2012-01-30 until 2013-04-11":     {"248h20m of service", "USD 33.38"},
		"ovhcloud/public-cloud, plan instances, country US": {"74.5%", "USD 50.00"},
		"joyent/compute, plan per full half hour":           {"20%", "USD 20.00"},
		"joyent/compute, plan per started half hour":        {"25%", "USD 25.00"},
		"dreamhost/hosting, plan prepaid for a year":        {"72h of service", "USD 0.82"}, // of a year's fee
	} {
		assert.Equal(t, want, [2]string{found[edition].Owed, found[edition].Credit.String()}, edition)
	}
	assert.Contains(t, found["ovhcloud/public-cloud, plan instances, country US"].Assumptions, "at most 50% of the fee")
	assert.Contains(t, found["joyent/compute, plan per full half hour"].Assumptions, "plan per full half hour")
	judged := 0
	for edition, r := range found {
		if r.Cannot == "" {
			judged++
			continue
		}
		assert.Empty(t, r.Owed, edition)
		assert.Empty(t, r.Assumptions, edition)
	}
	assert.GreaterOrEqual(t, judged, 80)
}

func TestCompareNeeds(t *testing.T) {
	for edition, want := range map[string]string{
		"needs counts of requests": "amazon/s3",
		"needs the mark ticket":    "rackspace/managed-hosting",
		"needs the label region":   "amazon/ec2",
		"not known: ":              "upcloud/",
	} {
		any := false
		for name, r := range results(t) {
			any = any || strings.HasPrefix(name, want) && strings.Contains(r.Cannot, edition)
		}
		assert.True(t, any, "%s %s", want, edition)
	}
	with, without := results(t, "-agreement", "amazon/ec2", "-label", "region=us-east-1"), results(t, "-agreement", "amazon/ec2")
	assert.Len(t, with, len(without))
	_, _, err := slacredit(t, "compare", "-label", "region")
	assert.EqualError(t, err, `-label: "region" is not a name and a value, such as region=us-east-1`)
}

func TestCompareOwnRecords(t *testing.T) {
	args := []string{"compare", "-records", file(t, "r.csv", records), "-fee", "EUR 100.00", "-from", "2026-03-01", "-zone", "UTC"}
	_, _, err := slacredit(t, args...)
	assert.EqualError(t, err, `-resource: "" is none of those that the records name: "db", "web"`)
	args = append(args, "-resource", "web", "-agreement", "joyent/")
	out, _, err := slacredit(t, args...)
	require.NoError(t, err)
	assert.Contains(t, out, "web, 2026-03-01/2026-04-01 UTC: 99.865591% available, 1h down of 744h due\n")
	assert.Contains(t, out, "EUR 10.00  10%  unverified  joyent/compute, plan per full half hour")

	out, _, err = slacredit(t, append(args, "-format", "csv")...)
	require.NoError(t, err)
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 3)
	assert.Equal(t, []string{"joyent/compute/per-full-30m", "joyent/compute, plan per full half hour", "unverified", "10.00", "EUR", "10%", ""}, rows[1][:7])

	out, _, err = slacredit(t, append(args, "-on", "2014-05-26")...)
	require.NoError(t, err)
	assert.NotContains(t, out, "joyent/compute", "seen the day after")
	for _, wrong := range [][]string{{"-format", "xml"}, {"-fee", "100"}, {"-on", "today"}, {"-from", "May"}, {"-as-of", "now"}, {"more"}, {"-no"}} {
		_, _, err := slacredit(t, append(args, wrong...)...)
		assert.Error(t, err, wrong)
	}
	_, _, err = slacredit(t, "compare", "-fee", "EUR 1.00")
	assert.EqualError(t, err, "-records, -fee, -from and -zone are required; slacredit compare -h explains them")
	help, _, err := slacredit(t, "compare", "-h")
	require.NoError(t, err)
	assert.Equal(t, compareUsage, help)
}
