package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/credit"
)

var update = flag.Bool("update", false, "write the golden files")

// slacredit returns the output of the command.
func slacredit(t *testing.T, args ...string) (out, notes string, err error) {
	var stdout, stderr bytes.Buffer
	err = run(t.Context(), args, &stdout, &stderr, false)
	return stdout.String(), stderr.String(), err
}

// file writes a file and returns its name.
func file(t *testing.T, name, text string) string {
	name = filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

func TestJoyent(t *testing.T) {
	out, notes, err := slacredit(t)
	require.NoError(t, err)
	assert.Empty(t, notes)
	golden := filepath.Join("testdata", "joyent.txt")
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(out), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), out)

	for _, row := range []string{
		"20 min   99.955197%      99.996194%  0%               5%",
		"32 min   99.928315%      99.993911%  5%               10%",
		"77 min   99.827508%      99.985350%  10%              15%",
		"149 min  99.666218%      99.971651%  20%              25%",
		"26.784s allowed",
		"5m15.36s allowed",
		"met: 20m down, 22m19.2s allowed, 2m19.2s to spare",
		"UNVERIFIED",
		"unverified",
		"illustrative",
	} {
		assert.Contains(t, out, row)
	}
}

const (
	agreement = `{"format":"slacredit/agreement/1","name":"plain","commitments":[{"promise":"at least 99.95%",` +
		`"exclusions":[{"causes":["maintenance"],"notice":"24h"}],"credits":[{"when":"below 99.95%","give":"10%"},{"when":"below 99.0%","give":"25%"}]}]}`
	records = "id,resource,start,end\no-1,web,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z\no-2,db,2026-03-05T02:00:00Z,2026-03-05T03:00:00Z\n"
	planned = "id,resource,start,end,announced\nm-1,db,2026-03-05T01:00:00Z,2026-03-05T04:00:00Z,2026-03-01T00:00:00Z\n"
	charges = "customer,id,resource,amount,currency\nacme,1,web,499.00,USD\nacme,2,db,100.00,USD\nbolt,3,db,100.00,USD\nbolt,4,mail,7.00,USD\n"
)

// arguments returns those of a run over files that are in order.
func arguments(t *testing.T, more ...string) []string {
	return append([]string{
		"-agreement", file(t, "a.json", agreement), "-records", file(t, "r.csv", records), "-maintenance", file(t, "m.csv", planned),
		"-charges", file(t, "c.csv", charges), "-from", "2026-03-01", "-zone", "UTC",
	}, more...)
}

func TestText(t *testing.T) {
	out, notes, err := slacredit(t, arguments(t)...)
	require.NoError(t, err)
	assert.Contains(t, out, "Statement for acme, 2026-03-01 to 2026-03-31, UTC\nCredit: USD 49.90\n")
	assert.Contains(t, out, "Statement for bolt, 2026-03-01 to 2026-03-31, UTC\nCredit: USD 0.00\n")
	assert.Equal(t, "slacredit: note: no record names \"mail\"; counted as up\n", notes)
}

func TestJSON(t *testing.T) {
	out, _, err := slacredit(t, arguments(t, "-format", "json")...)
	require.NoError(t, err)
	var totals []string
	for line := range strings.Lines(out) {
		var s credit.Statement
		require.NoError(t, json.Unmarshal([]byte(line), &s))
		totals = append(totals, s.Customer+" "+s.Total.String())
	}
	assert.Equal(t, []string{"acme USD 49.90", "bolt USD 0.00"}, totals)
}

func TestCSV(t *testing.T) {
	out, _, err := slacredit(t, arguments(t, "-format", "csv")...)
	require.NoError(t, err)
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 5)
	assert.Equal(t, []string{
		"acme", "2026-03-01", "2026-03-31", "UTC", "plain", "web", "", "missed", "99.865591%", "3600", "0", "0", "0", "2678400",
		"10%", "499.00", "49.9", "49.90", "USD", "49.90", "49.90", "", "0s", "0", "",
	}, rows[1])
	assert.Equal(t, "met", rows[2][7])
}

// Charges have kinds, and what is not a percentage stands in the CSV as well.
func TestKinds(t *testing.T) {
	days := strings.Replace(agreement, `"credits":[{"when":"below 99.95%","give":"10%"},{"when":"below 99.0%","give":"25%"}]`,
		`"base":{"only":["hourly"],"length":"30d"},"credits":[{"give":"1d","per":"started 1h","plus":"2USD"}]`, 1)
	kinds := "customer,id,resource,amount,currency,kind\nacme,1,web,60.00,USD,hourly\nacme,2,web,500.00,USD,one-time\n"
	out, _, err := slacredit(t, "-agreement", file(t, "a.json", days), "-records", file(t, "r.csv", records),
		"-charges", file(t, "c.csv", kinds), "-from", "2026-03-01", "-zone", "UTC", "-format", "csv")
	require.NoError(t, err)
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 2)
	assert.Equal(t, []string{"0%", "60.00", "4", "4.00"}, rows[1][14:18])
	assert.Equal(t, []string{"24h", "2USD", ""}, rows[1][22:])
}

// Charges name the groups that an agreement measures, once there are labels.
func TestLabels(t *testing.T) {
	zones := strings.Replace(agreement, `"promise"`, `"scope":{"levels":[{"by":"site","down":"exactly 100%"}]},"promise"`, 1)
	labels := "resource,label,value\nweb,site,berlin\ndb,site,berlin\nmail,site,berlin\n"
	berlin := "customer,id,resource,amount,currency\nacme,1,berlin,499.00,USD\n"
	run := func(labels, charges string) (string, string, error) {
		args := []string{"-agreement", file(t, "a.json", zones), "-records", file(t, "r.csv", records), "-charges", file(t, "c.csv", charges), "-from", "2026-03-01", "-zone", "UTC"}
		if labels != "" {
			args = append(args, "-labels", file(t, "l.csv", labels))
		}
		return slacredit(t, args...)
	}
	out, notes, err := run(labels, berlin)
	require.NoError(t, err)
	assert.Contains(t, out, "plain: berlin\n")
	assert.Contains(t, out, "Credit: USD 0.00\n", "mail was up")
	assert.Equal(t, "slacredit: note: no record names \"mail\"; counted as up\n", notes)
	_, _, err = run(labels, charges)
	assert.EqualError(t, err, `credit: statement for "acme": charge "1": resource: there is no verdict on "web"
charge "2": resource: there is no verdict on "db"`)
	_, _, err = run("", charges)
	assert.EqualError(t, err, `sla: judging under "plain": /commitments/0: resource "web" has no label "site"; give the labels of resources with -labels`)
	_, _, err = run("resource,label,value\nweb,site,berlin\n", berlin)
	assert.EqualError(t, err, `sla: judging under "plain": /commitments/0: resource "db" has no label "site"`)
	_, _, err = run("resource,label,value\nweb,site,berlin\nweb,site,bonn\n", berlin)
	assert.ErrorContains(t, err, `line 3: "web" has a label "site" already`)
	_, _, err = run("resource,site\nweb,berlin\n", berlin)
	assert.ErrorContains(t, err, `line 1: want the columns resource,label,value, in this order`)
}

// The fee of a site is the sum of the charges for all resources there, in the cycle
// before.
func TestFeeByLabels(t *testing.T) {
	site := strings.Replace(agreement, `"promise"`, `"scope":{"levels":[{"by":"site"}]},"base":{"by":["site"],"window":"1cycle before"},"promise"`, 1)
	labels := "resource,label,value\nweb,site,berlin\ndb,site,berlin\nmail,site,bonn\n"
	lines := "customer,id,resource,amount,currency,start,end,cycle\n" +
		"acme,1,web,400.00,USD,2026-02-01T00:00:00Z,2026-03-01T00:00:00Z,-1\n" +
		"acme,2,disk,100.00,USD,,,-1\n"
	_, _, err := slacredit(t, "-agreement", file(t, "a.json", site), "-records", file(t, "r.csv", records), "-labels", file(t, "l.csv", labels),
		"-charges", file(t, "c.csv", lines), "-from", "2026-03-01", "-zone", "UTC")
	assert.EqualError(t, err, `credit: statement for "acme": charge "2": resource: there is no verdict on "disk", nor on a resource with the labels by which a fee is found`)
	out, _, err := slacredit(t, "-agreement", file(t, "a.json", site), "-records", file(t, "r.csv", records), "-labels", file(t, "l.csv", labels+"disk,site,berlin\n"),
		"-charges", file(t, "c.csv", lines), "-from", "2026-03-01", "-zone", "UTC")
	require.NoError(t, err)
	assert.Contains(t, out, "charge \"1\" for \"web\"")
	assert.Contains(t, out, "10% of USD 500.00")
	assert.Contains(t, out, "Credit: USD 50.00")

	// An outage of one customer's resource is not credited to another customer of the
	// same site.
	alone := strings.Replace(agreement, `"promise"`, `"base":{"by":["site"]},"promise"`, 1)
	out, _, err = slacredit(t, "-agreement", file(t, "a.json", alone), "-records", file(t, "r.csv", records), "-labels", file(t, "l.csv", "resource,label,value\nweb,site,berlin\ndb,site,berlin\nmail,site,berlin\n"),
		"-charges", file(t, "c.csv", "customer,id,resource,amount,currency\nacme,1,mail,400.00,USD\nbolt,2,web,100.00,USD\n"), "-from", "2026-03-01", "-zone", "UTC")
	require.NoError(t, err)
	assert.Contains(t, out, "Statement for acme, 2026-03-01 to 2026-03-31, UTC\nCredit: USD 0.00")
	assert.Contains(t, out, "Statement for bolt, 2026-03-01 to 2026-03-31, UTC\nCredit: USD 10.00")
}

// The records may come in any of the formats, and in several files.
func TestFormats(t *testing.T) {
	want, _, err := slacredit(t, arguments(t)...)
	require.NoError(t, err)
	ndjson := `{"format":"slacredit/records/1"}
{"kind":"outage","id":"o-1","resource":"web","start":"2026-03-02T09:00:00Z","end":"2026-03-02T10:00:00Z"}
`
	whole := `{"format":"slacredit/records/1","records":[{"kind":"outage","id":"o-2","resource":"db","start":"2026-03-05T02:00:00Z","end":"2026-03-05T03:00:00Z"}]}`
	out, _, err := slacredit(t, "-agreement", file(t, "a.json", agreement), "-records", file(t, "r.ndjson", ndjson), "-records", file(t, "r.json", whole),
		"-maintenance", file(t, "m.csv", planned), "-charges", file(t, "c.csv", charges), "-from", "2025-12-01", "-period", "3", "-zone", "UTC")
	require.NoError(t, err)
	assert.Equal(t, want, out)
}

func TestAsOf(t *testing.T) {
	out, _, err := slacredit(t, arguments(t, "-as-of", "2026-03-02T09:30:00Z")...)
	require.NoError(t, err)
	assert.Contains(t, out, "Provisional: ")
	assert.Contains(t, out, "At most, if all unknown time was down: USD 149.75\n") // 25 % of both resources
}

func TestPeriods(t *testing.T) {
	for flags, want := range map[string]string{
		"-months 3":                   "2026-03-01 to 2026-05-31, UTC",
		"-days 10 -period 1":          "2026-03-11 to 2026-03-20, UTC",
		"-zone Europe/Berlin":         "2026-03-01 to 2026-03-31, Europe/Berlin",
		"-from 2026-01-31 -period 1":  "2026-02-28 to 2026-03-30, UTC",
		"-from 2026-01-31 -months 12": "2026-01-31 to 2027-01-30, UTC",
		"-from 2026-05-01 -period -2": "2026-03-01 to 2026-03-31, UTC",
	} {
		out, _, err := slacredit(t, arguments(t, strings.Fields(flags)...)...)
		require.NoError(t, err)
		assert.Contains(t, out, want, flags)
	}
}

// A probable mistake in a name or in the period is noted.
func TestNotes(t *testing.T) {
	typo := strings.Replace(records, ",web,", ",Web,", 1)
	_, notes, err := slacredit(t, arguments(t, "-records", file(t, "r2.csv", strings.Replace(typo, "o-", "p-", 2)), "-from", "2025-01-01")...)
	require.NoError(t, err)
	assert.Equal(t, "slacredit: note: no record names \"mail\"; counted as up\n"+
		"slacredit: note: no charge names \"Web\"; left out, with their records\n"+
		"slacredit: note: names differ by the case of their letters, and are two: \"Web and web\"\n"+
		"slacredit: note: no outage lies in 2025-01-01/2025-02-01 UTC\n", notes)
	assert.Equal(t, `"a", "b", "c", "d", "e" and 2 more`, namesOf([]string{"a", "b", "c", "d", "e", "f", "g"}).String())
}

func TestExplain(t *testing.T) {
	noted := strings.Replace(agreement, `"name":"plain"`, `"name":"plain","note":"a draft"`, 1)
	out, _, err := slacredit(t, "-agreement", file(t, "a.json", noted))
	require.NoError(t, err)
	assert.Equal(t, "plain: Excused: downtime within maintenance windows announced at least 24 hours ahead. "+
		"Promised for each billing period: availability of at least 99.95%. Credit if the availability is below 99.95%: 10% of the fee; below 99.0%: 25% of the fee.\nNote: a draft\n", out)
	out, _, err = slacredit(t, "-agreement", file(t, "a.json", agreement), "-agreement", file(t, "b.json", noted))
	require.NoError(t, err)
	assert.Equal(t, 2, strings.Count(out, "plain: "), "each of several")
	_, _, err = slacredit(t, "-agreement", file(t, "a.json", "{}"))
	assert.Error(t, err)
	assert.ErrorIs(t, run(t.Context(), []string{"-agreement", file(t, "a.json", agreement)}, closed{}, &bytes.Buffer{}, false), os.ErrClosed)
}

// A byte order mark, as spreadsheets write, is no part of a name.
func TestByteOrderMark(t *testing.T) {
	_, _, err := slacredit(t, arguments(t, "-charges", file(t, "c.csv", "\uFEFF"+charges))...)
	assert.NoError(t, err)
}

func TestHelp(t *testing.T) {
	out, notes, err := slacredit(t, "-h")
	require.NoError(t, err)
	assert.Equal(t, usage, out)
	assert.Empty(t, notes)
}

func TestMistakes(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none.csv")
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"-months", "x"}, `invalid value "x" for flag -months: parse error; slacredit -h explains the flags`},
		{[]string{"-nothing"}, "flag provided but not defined: -nothing; slacredit -h explains the flags"},
		{arguments(t, "-months", "0"), "calendar: cycle from 2026-03-01: months, days: missing"},
		{arguments(t, "-agreement", file(t, "a.json", strings.Replace(agreement, `"name":"plain",`, "", 1))), "a.json: name: missing; statements need it"},
		{arguments(t, "-agreement", file(t, "a.json", `{"format":"slacredit/agreement/1","name":"x"}`)), "a.json: commitments: missing; it promises nothing"},
		{[]string{"more"}, `unexpected argument "more"; slacredit -h explains the flags`},
		{[]string{"-zone", "UTC"}, "-agreement, -records, -charges, -from and -zone are required; slacredit -h explains them"},
		{arguments(t, "-format", "xml"), `-format: "xml" is none of text, json, csv, html, account, figures`},
		{arguments(t, "-format", "html"), "-format html: there are several customers; name a folder for their files with -out"},
		{arguments(t, "-format", "account"), "-format account: there are several customers; name a folder for their files with -out"},
		{arguments(t, "-out", file(t, "a.json", "{}")), "-out: "},
		{arguments(t, "-zone", "Europe/Nowhere"), `-zone: zone "Europe/Nowhere" is not known`},
		{arguments(t, "-zone", "Local"), "Local"},
		{arguments(t, "-from", "1 March"), "-from: calendar: "},
		{arguments(t, "-months", "1", "-days", "1"), "calendar: "},
		{arguments(t, "-as-of", "yesterday"), `-as-of: "yesterday" is not an instant such as 2014-05-27T21:00:00Z`},
		{arguments(t, "-charges", missing), "none.csv: no such file"},
		{arguments(t, "-records", missing), "none.csv: no such file"},
		{arguments(t, "-agreement", missing), "none.csv: no such file"},
		{arguments(t, "-records", "records.txt"), "records.txt: want a name that ends in .csv, .ndjson or .json"},
		{arguments(t, "-agreement", file(t, "a.json", "{}")), "a.json: sla: reading an agreement: format: missing"},
		{arguments(t, "-agreement", file(t, "a.json", strings.Replace(agreement, "below 99.0%", "below 99.0", 1))), "does not say of what; write for example \"below 99.0%\""},
		{arguments(t, "-records", file(t, "r.csv", "id,start\no-9,tomorrow\n")), "r.csv: outage: line 2: start"},
		{arguments(t, "-records", file(t, "r.csv", "id,resource,start,end\no-1,web,2026-03-02T09:00:00Z,2026-03-02T11:00:00Z\n")), "used twice"},
		{arguments(t, "-records", file(t, "r.csv", "id,resource,start,end\no-9,web,2026-03-02T09:00:00Z,\n")), "as-of"},
		{arguments(t, "-charges", file(t, "c.csv", "customer,amount\n")), "charges: line 1: want the columns"},
		{arguments(t, "-charges", file(t, "c.csv", "customer,id,resource,amount,currency,kind,kind\n")), "charges: line 1: want the columns"},
		{arguments(t, "-charges", file(t, "c.csv", "customer,id,resource,amount,currency,cycle\nacme,1,web,1,USD,last\n")), `charges: line 2: cycle: "last" is not a whole number`},
		{arguments(t, "-charges", file(t, "c.csv", "customer,id,resource,amount,currency,start,end\nacme,1,web,1,USD,2026-03-01,\n")), `charges: line 2: outage: parsing window "2026-03-01/": start: "2026-03-01" is not an RFC 3339 instant`},
		{arguments(t, "-charges", file(t, "c.csv", "customer,id,resource,amount,currency\n")), "charges: no rows"},
		{arguments(t, "-charges", file(t, "c.csv", charges+"acme,9,web,1.00,USD\n")), `charges: line 6: customer "acme" comes again after another`},
		{arguments(t, "-charges", file(t, "c.csv", charges+"dine,9,web,1.001,USD\n")), "charges: line 6: credit: parsing money"},
		{arguments(t, "-charges", file(t, "c.csv", charges+"dine,9,web,-1,USD\n")), `verdict of "plain" on "web": the fee is USD -1.00, below zero`},
		{arguments(t, "-charges", file(t, "c.csv", charges+"dine,9\n")), "charges: record on line 6: wrong number of fields"},
		{arguments(t, "-charges", file(t, "c.csv", charges+"bolt,9,web,1.00,EUR\n")), "currencies differ"},
		{arguments(t, "-agreement", file(t, "a.json", agreement)), "comes twice"},
	} {
		out, notes, err := slacredit(t, tt.args...)
		assert.ErrorContains(t, err, tt.want)
		assert.Empty(t, notes)
		assert.Empty(t, out, "nothing is written before all is known to be right")
	}
}

// All faults of the charges are found before anything is written: the first
// hundred by name, then their number.
func TestManyMistakes(t *testing.T) {
	rows := charges + strings.Repeat("dine,9,web,x,USD\n", 117)
	out, _, err := slacredit(t, arguments(t, "-charges", file(t, "c.csv", rows))...)
	require.Error(t, err)
	assert.Empty(t, out)
	lines := strings.Split(err.Error(), "\n")
	require.Len(t, lines, 101)
	assert.Regexp(t, "c.csv: charges: line 6: credit: parsing money ", lines[0])
	assert.Equal(t, "charges: and 17 more", lines[100])
}

func TestManyCustomers(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("customer,id,resource,amount,currency\n")
	for i := range 2100 {
		fmt.Fprintf(&rows, "customer %d,%d,web,100.00,USD\n", i, i)
	}
	args := arguments(t, "-format", "csv", "-charges", file(t, "c.csv", rows.String()))
	var out, progress, silence bytes.Buffer
	require.NoError(t, run(t.Context(), args, &out, &progress, true))
	assert.Equal(t, 2101, strings.Count(out.String(), "\n"))
	const note = "slacredit: note: no charge names \"db\"; left out, with their records\n"
	const counted = "\r500 customers\r1000 customers\r1500 customers\r2000 customers\r2100 customers\n"
	assert.Equal(t, counted+note, progress.String(), "each statement is computed once")
	require.NoError(t, run(t.Context(), args, &out, &silence, false))
	assert.Equal(t, note, silence.String())

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.ErrorIs(t, run(ctx, args, &out, &silence, false), context.Canceled)
}

// one is the charges of one customer.
const one = "customer,id,resource,amount,currency\nacme,1,web,499.00,USD\n"

// A folder holds for each customer what standard output would hold for them
// alone, in every format, and no file is written over.
func TestFolder(t *testing.T) {
	for format, ending := range endings {
		folder := filepath.Join(t.TempDir(), "made", "here")
		args := arguments(t, "-format", format, "-out", folder)
		out, _, err := slacredit(t, args...)
		require.NoError(t, err)
		assert.Empty(t, out)
		files, err := os.ReadDir(folder)
		require.NoError(t, err)
		require.Len(t, files, 2)
		assert.Equal(t, "acme_2026-03-01"+ending, files[0].Name())
		assert.Equal(t, "bolt_2026-03-01"+ending, files[1].Name())
		first, rest, _ := strings.Cut(charges, "bolt,3")
		header, _, _ := strings.Cut(charges, "acme")
		for name, rows := range map[string]string{"acme": first, "bolt": header + "bolt,3" + rest} {
			want, _, err := slacredit(t, arguments(t, "-format", format, "-charges", file(t, "c.csv", rows))...)
			require.NoError(t, err)
			got, err := os.ReadFile(filepath.Join(folder, name+"_2026-03-01"+ending))
			require.NoError(t, err)
			assert.Equal(t, want, string(got))
		}

		require.NoError(t, os.Remove(filepath.Join(folder, files[0].Name()))) // the other one is found before this is written again
		_, _, err = slacredit(t, args...)
		require.ErrorContains(t, err, "bolt_2026-03-01"+ending+" exists, and no file is overwritten")
		files, err = os.ReadDir(folder)
		require.NoError(t, err)
		assert.Len(t, files, 1)
	}
}

func TestFileNames(t *testing.T) {
	for customer, want := range map[string]string{
		"acme":                   "acme",
		"acme-2":                 "acme-2",
		"Acme":                   "acme-",
		"a/b":                    "a-b-",
		"a.b":                    "a-b-",
		"../../etc/passwd":       "etc-passwd-",
		".hidden":                "hidden-",
		"-rf":                    "rf-",
		"cedar (illustrative)":   "cedar-illustrative-",
		"Zürich":                 "z-rich-",
		"東京":                     "",
		strings.Repeat("x", 999): strings.Repeat("x", 60) + "-",
	} {
		name := fileName(customer)
		assert.Regexp(t, "^"+want+"([0-9a-f]{8})?$", name)
		assert.Regexp(t, "^[a-z0-9][a-z0-9-]*$", name)
		assert.Equal(t, name == customer, !strings.HasSuffix(want, "-") && want != "")
	}
	assert.NotEqual(t, fileName("a/b"), fileName("a.b"))
	assert.NotEqual(t, fileName("Acme"), fileName("ACME"))
	assert.False(t, strings.EqualFold(fileName("Acme"), fileName("acme")))
}

// A file that appears after its statement was written aside is not overwritten.
func TestFileOfAnother(t *testing.T) {
	o := output{format: "text", folder: t.TempDir()}
	s := credit.Statement{Customer: "acme"}
	require.NoError(t, o.write(s))
	name := o.name(s)
	require.NoError(t, os.WriteFile(name, []byte("of another"), 0o600))
	require.ErrorIs(t, o.finish(nil), os.ErrExist)
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, "of another", string(text))
}

// A customer whose name is the file name of another is refused.
func TestSameFileName(t *testing.T) {
	rows := one + fileName("A/C") + ",2,web,1.00,USD\nA/C,3,web,1.00,USD\n"
	folder := t.TempDir()
	_, _, err := slacredit(t, arguments(t, "-charges", file(t, "c.csv", rows), "-out", folder)...)
	require.ErrorContains(t, err, "-out: two statements would be written to ")
	files, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Empty(t, files)
}

// A writer that fails ends the run.
func TestBrokenPipe(t *testing.T) {
	for format := range endings {
		assert.ErrorIs(t, run(t.Context(), arguments(t, "-format", format, "-charges", file(t, "c.csv", one)), closed{}, &bytes.Buffer{}, false), os.ErrClosed, format)
	}
	assert.ErrorIs(t, run(t.Context(), nil, closed{}, &bytes.Buffer{}, false), os.ErrClosed)
}

type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, os.ErrClosed }

// Sorted files give the same, whatever else is in them, and are refused where
// they are not sorted.
func TestSorted(t *testing.T) {
	const (
		outages = "id,resource,start,end,cause\no-0,a,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,\no-2,db,2026-03-05T02:00:00Z,2026-03-05T03:00:00Z,\n" +
			"o-3,db,2026-03-06T02:00:00Z,2026-03-06T03:00:00Z,\no-1,web,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,\n"
		work   = "id,resource,start,end,announced\nm-0,b,2026-03-05T02:00:00Z,2026-03-05T04:00:00Z,\nm-1,db,2026-03-05T02:00:00Z,2026-03-05T04:00:00Z,2026-03-01T00:00:00Z\nm-2,zoo,2026-03-05T02:00:00Z,2026-03-05T04:00:00Z,\n"
		billed = "customer,id,resource,amount,currency\nacme,1,db,499.00,USD\nbolt,2,db,20.00,USD\nbolt,3,mail,30.00,USD\ncove,4,web,10.00,USD\ndune,5,web,11.00,USD\n"
	)
	run := func(outages, billed string, more ...string) (string, string, error) {
		return slacredit(t, append([]string{
			"-agreement", file(t, "a.json", agreement), "-records", file(t, "r.csv", outages), "-maintenance", file(t, "m.csv", work),
			"-charges", file(t, "c.csv", billed), "-from", "2026-03-01", "-zone", "UTC",
		}, more...)...)
	}
	want, notes, err := run(outages, billed)
	require.NoError(t, err)
	got, sortedNotes, err := run(outages, billed, "-sorted")
	require.NoError(t, err)
	assert.Equal(t, want, got)
	assert.Equal(t, notes, sortedNotes)
	assert.Equal(t, "slacredit: note: no record names \"mail\"; counted as up\n"+
		"slacredit: note: no charge names \"a\", \"b\", \"zoo\"; left out, with their records\n", notes)

	_, notes, err = run(outages, billed, "-sorted", "-from", "2025-01-01")
	require.NoError(t, err)
	assert.Contains(t, notes, "no outage lies in 2025-01-01/2025-02-01 UTC")

	lines := strings.SplitAfter(outages, "\n")
	out, _, err := run(lines[0]+lines[4]+lines[2], billed, "-sorted")
	assert.ErrorContains(t, err, `r.csv: a record of "db" comes after those of "web"; with -sorted they come in the order of their resources`)
	assert.Empty(t, out)
	out, _, err = run(outages, billed+"echo,6,db,1.00,USD\n", "-sorted")
	assert.EqualError(t, err, `charges: resource "db" comes after "web"; with -sorted they come in the order of their names`)
	assert.Empty(t, out)
	out, _, err = run(outages+"o-9,zz,tomorrow,,\n", billed, "-sorted")
	assert.ErrorContains(t, err, "r.csv: outage: line 6: start", "also where no charge asks for it")
	assert.Empty(t, out)
	_, _, err = run(outages, billed, "-sorted", "-records", filepath.Join(t.TempDir(), "none.csv"))
	assert.ErrorContains(t, err, "none.csv")
	_, _, err = run(outages, billed, "-sorted", "-labels", file(t, "l.csv", "resource,label,value\n"))
	assert.EqualError(t, err, "-sorted and -labels exclude each other: resources are combined only once all are known")
}

// A long file says how far it is read, and a short one nothing.
func TestReadingIsWatched(t *testing.T) {
	read := func(size int64) string {
		var progress strings.Builder
		w := &watchedReader{reader: io.LimitReader(endless{}, size), name: "o.csv", progress: &progress}
		_, err := io.Copy(io.Discard, w)
		require.NoError(t, err)
		return progress.String()
	}
	assert.Empty(t, read(readStep-1))
	assert.Equal(t, "\ro.csv: 32 MB\ro.csv: 64 MB\ro.csv: 65 MB\n", read(65<<20))
}

// What is given without a breach is said, and of an availability of which nobody
// knows some time both bounds.
func TestFiguresSayWhatTheyDoNotKnow(t *testing.T) {
	printed := strings.NewReplacer(`"below 99.95%"`, `"at most 99.9%"`, "99.95", "99.9").Replace(agreement)
	printed = strings.Replace(printed, `"promise"`, `"gap":"severer","promise"`, 1)
	run := func(records string, more ...string) [][]string {
		out, _, err := slacredit(t, append([]string{
			"-agreement", file(t, "a.json", printed), "-records", file(t, "r.csv", "id,resource,start,end\n"+records), "-charges", file(t, "c.csv", "customer,id,resource,amount,currency\nacme,1,web,100.00,USD\n"),
			"-from", "2026-03-01", "-zone", "UTC",
		}, more...)...)
		require.NoError(t, err)
		rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, 2)
		return rows
	}
	const exactly = "o,web,2026-03-02T00:00:00Z,2026-03-02T00:44:38.4Z\n" // a thousandth of the month
	for _, format := range []string{"csv", "figures"} {
		cells := func(rows [][]string, columns ...string) (cells []string) {
			for _, c := range columns {
				cells = append(cells, rows[1][slices.Index(rows[0], c)])
			}
			return cells
		}
		rows := run(exactly, "-format", format)
		assert.Equal(t, []string{"met", "99.900000%", "without breach"}, cells(rows, "outcome", "available", "without_breach"), format)
		rows = run("o,web,2026-03-02T00:00:00Z,2026-03-02T00:44:39Z\n", "-format", format)
		assert.Equal(t, []string{"missed", "99.899977%", ""}, cells(rows, "outcome", "available", "without_breach"), format)
		rows = run("", "-format", format, "-as-of", "2026-03-01T00:00:00Z")
		assert.Equal(t, []string{"undecided", "0.000000% to 100.000000%", ""}, cells(rows, "outcome", "available", "without_breach"), format)
	}
}

// endless is a file without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// Figures are those of the statements, by whatever way they came about.
func TestFigures(t *testing.T) {
	const (
		outages = "id,resource,start,end,servedPercent,cause\na-1,a,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,,net\na-2,a,2026-03-02T09:30:00Z,2026-03-02T11:00:00Z,,\n" +
			"b-1,b,2026-03-05T02:00:00Z,2026-03-05T09:00:00Z,,maintenance\nc-1,c,2026-03-06T02:00:00Z,2026-03-06T03:00:00Z,50,\nd-1,d,2026-03-30T23:00:00Z,,,\n" +
			"e-1,e,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,,\ne-1,e,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,,\n" +
			"g-1,g,2026-02-28T22:00:00Z,2026-03-01T12:00:00Z,,\n"
		billed = "customer,id,resource,amount,currency,kind\none,1,a,499.99,USD,\ntwo,2,a,20.00,EUR,\nthree,3,b,30.00,USD,\nfour,4,c,10.00,USD,\nfive,5,d,11.00,USD,\n" +
			"six,6,e,12.00,USD,\nseven,7,f,13.00,USD,\neight,8,g,14.00,JPY,\nnine,9,h,15.00,USD,hourly\nten,10,i,1.00,USD,\nten,11,j,2.00,USD,\n"
	)
	eight := strings.Replace(billed, "14.00,JPY", "14,JPY", 1)
	run := func(more ...string) (string, string, error) {
		return slacredit(t, append([]string{
			"-agreement", file(t, "a.json", agreement), "-agreement", file(t, "b.json", strings.Replace(agreement, `"plain"`, `"other"`, 1)), "-records", file(t, "r.csv", outages), "-charges", file(t, "c.csv", eight),
			"-from", "2026-03-01", "-zone", "UTC", "-as-of", "2026-04-02T00:00:00Z",
		}, more...)...)
	}
	stated, notes, err := run("-format", "csv")
	require.NoError(t, err)
	want, figureNotes, err := run("-format", "figures")
	require.NoError(t, err)
	assert.Equal(t, notes, figureNotes)
	got, sortedNotes, err := run("-format", "figures", "-sorted")
	require.NoError(t, err)
	assert.Equal(t, want, got)
	assert.Equal(t, notes, sortedNotes)

	sums := func(text, customer, amount string) map[string]*big.Rat {
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		require.NoError(t, err)
		sums := map[string]*big.Rat{}
		for _, row := range rows[1:] {
			key := row[slices.Index(rows[0], customer)] + " " + row[slices.Index(rows[0], "agreement")]
			if sums[key] == nil {
				sums[key] = new(big.Rat)
			}
			n, ok := new(big.Rat).SetString(row[slices.Index(rows[0], amount)])
			require.True(t, ok)
			sums[key].Add(sums[key], n)
		}
		return sums
	}
	assert.Equal(t, sums(stated, "customer", "amount"), sums(got, "customer", "credit"))
	assert.Contains(t, got, "one,2026-03-01,2026-03-31,UTC,plain,missed,99.731182%,7200,2678400,50.00,50.00,USD,,\n")
	assert.Contains(t, got, "ten,2026-03-01,2026-03-31,UTC,other,,,,,0.00,0.00,USD,,\n")

	_, _, err = run("-format", "figures", "-out", t.TempDir())
	assert.EqualError(t, err, "-format figures: they are one file; -out has nothing to hold")
	out, _, err := slacredit(t, "-agreement", file(t, "a.json", agreement), "-records", file(t, "r.csv", outages), "-charges", file(t, "c.csv", eight+"zed,12,k,-1.00,USD,\n"),
		"-from", "2026-03-01", "-zone", "UTC", "-as-of", "2026-04-02T00:00:00Z", "-format", "figures", "-sorted")
	assert.ErrorContains(t, err, `credit: statement for "zed": verdict of "plain" on "k": the fee is USD -1.00, below zero: charge "`)
	assert.Empty(t, out)
}
