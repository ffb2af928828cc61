package catalog

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// google returns the edition of a service that was in force on a day.
func google(t *testing.T, service, plan, on string) Edition {
	t.Helper()
	c := whole(t)
	day, err := calendar.ParseDate(on)
	require.NoError(t, err)
	e, err := c.One(Query{Provider: "google", Service: service, Plan: plan, On: day})
	require.NoError(t, err)
	return e
}

// slots returns traffic in slots that follow each other from the first of May
// 2014 on: full ones that fail throughout, and last one with so many failures
// out of 1000, if any.
func slots(slot time.Duration, full int, failed int64) []outage.Record {
	start := may2014.Window().Start()
	var records []outage.Record
	add := func(bad int64) {
		records = append(records, outage.Traffic{ID: fmt.Sprint(len(records)), Resource: "vm", Start: start, End: start.Add(slot), Requests: 1000, Failed: bad})
		start = start.Add(slot)
	}
	for range full {
		add(1000)
	}
	if failed > 0 {
		add(failed)
	}
	return records
}

// gives asserts what the only finding of a judgement gives, "" for nothing.
func sums(t *testing.T, want string, findings map[string]sla.Finding, about string) {
	t.Helper()
	require.Len(t, findings, 1, about)
	for _, f := range findings {
		got := ""
		if !f.Entitlement.Remedy.IsZero() {
			got = f.Entitlement.String()
		}
		assert.Equal(t, want, got, about)
	}
}

// May has 44,640 minutes: 99.95 % leave 22.32, 99 % 446.4 and 95 % 2232. A
// minute counts whole.
func TestGoogleAppEngine(t *testing.T) {
	app := []string{"vm datastore=high_replication"}
	for _, on := range []string{"2014-05-27", "2015-10-17"} {
		e := google(t, "app-engine", "", on)
		for minutes, want := range map[int]string{22: "", 23: "10%", 149: "10%", 446: "10%", 447: "25%", 2232: "25%", 2233: "50%"} {
			sums(t, want, judge(t, e, app, slots(time.Minute, minutes, 0)...), fmt.Sprint(minutes))
		}
		// More than ten percent of the requests of a minute.
		sums(t, "", judge(t, e, app, slots(time.Minute, 22, 100)...), "10% of the 23rd minute")
		sums(t, "10%", judge(t, e, app, slots(time.Minute, 22, 101)...), "10.1% of the 23rd minute")
	}

	// Four minutes in a row count for nothing, five for five.
	e := google(t, "app-engine", "", "2014-05-27")
	apart := func(length, times int) []outage.Record {
		var records []outage.Record
		for i := range times {
			for j := range length {
				at := may2014.Window().Start().Add(time.Duration(i)*time.Hour + time.Duration(j)*time.Minute)
				records = append(records, outage.Traffic{ID: fmt.Sprint(len(records)), Resource: "vm", Start: at, End: at.Add(time.Minute), Requests: 1000, Failed: 1000})
			}
		}
		return records
	}
	sums(t, "", judge(t, e, app, apart(4, 100)...), "400 min, never five in a row")
	sums(t, "", judge(t, e, app, apart(5, 4)...), "20 min")
	sums(t, "10%", judge(t, e, app, apart(5, 5)...), "25 min")

	assert.Empty(t, judge(t, e, []string{"vm datastore=master/slave"}, slots(time.Minute, 2233, 0)...), "not eligible")
}

// Zones a and b, and the launching of replacements, of one project.
func TestGoogleCompute2014(t *testing.T) {
	e := google(t, "compute", "", "2014-05-27")
	assert.Equal(t, Unverified, e.Evidence())
	vms := []string{"a zone=a project=p", "b zone=b project=p", "launching zone=launching project=p"}
	all := func(length time.Duration, names ...string) []outage.Record {
		var records []outage.Record
		for _, n := range names {
			records = append(records, down(n, length))
		}
		return records
	}
	const m = time.Minute
	for length, want := range map[time.Duration]string{
		22*m + 19200*time.Millisecond: "", 22*m + 19200*time.Millisecond + 1: "10%", 149 * m: "10%",
		446*m + 24*time.Second: "10%", 446*m + 24*time.Second + 1: "25%", 2232 * m: "25%", 2232*m + 1: "50%",
	} {
		sums(t, want, judge(t, e, vms, all(length, "a", "b", "launching")...), length.String())
	}
	sums(t, "", judge(t, e, vms, all(149*m, "a", "launching")...), "a zone is up")
	sums(t, "", judge(t, e, vms, all(149*m, "a", "b")...), "replacements can be launched")

	one := judge(t, e, []string{"a zone=a project=p", "launching zone=launching project=p"}, all(149*m, "a", "launching")...)
	assert.Equal(t, sla.Met, one["p"].Outcome, "one zone only")
	assert.Zero(t, one["p"].Measurement.Due)

	for length, counts := range map[time.Duration]time.Duration{5*m - 1: 0, 5 * m: 5 * m, 5*m + 1: 5*m + 1} {
		assert.Equal(t, counts, judge(t, e, vms, all(length, "a", "b", "launching")...)["p"].Measurement.Down, length.String())
	}
	for _, cause := range []string{"maintenance", "outside control", "customer", "abuse", "quota", "vpn"} {
		records := all(149*m, "a", "b", "launching")
		for i := range records {
			o := records[i].(outage.Outage)
			o.Cause = cause
			records[i] = o
		}
		sums(t, "", judge(t, e, vms, records...), cause)
	}
}

// 99.99 % leave 4.464 minutes, 99.9 % 44.64 and 90 % 4464.
func TestGoogleCompute2026(t *testing.T) {
	const m = time.Minute
	single := google(t, "compute", "single instance", "2026-08-29")
	assert.Equal(t, single, edition(t, "google/compute/single-instance"))
	vm := "vm tier=premium family=other provisioning="
	for minutes, want := range map[time.Duration]string{44: "", 45: "10%", 149: "10%", 2232: "10%", 2233: "25%", 4464: "25%", 4465: "100%"} {
		sums(t, want, judge(t, single, []string{vm + "standard"}, down("vm", minutes*m)), fmt.Sprint(minutes))
	}
	sums(t, "", judge(t, single, []string{vm + "standard"}, down("vm", 45*m-1)), "44 whole minutes and a part of one")
	assert.Empty(t, judge(t, single, []string{vm + "spot"}, down("vm", 149*m)), "not covered")

	zones := edition(t, "google/compute/multiple-zones")
	labels := " region=r tier=premium provisioning=standard region_kind=all_but_Mexico_and_Stockholm"
	vms := []string{"a zone=a" + labels, "b zone=b" + labels}
	for minutes, want := range map[time.Duration]string{4: "", 5: "10%", 446: "10%", 447: "25%", 2232: "25%", 2233: "100%"} {
		sums(t, want, judge(t, zones, vms, down("a", minutes*m), down("b", minutes*m)), fmt.Sprint(minutes))
	}
	sums(t, "", judge(t, zones, vms, down("a", 149*m)), "a zone is up")

	// 60 days from the close of May.
	for now, want := range map[string]sla.Stage{"2014-05-31T23:59:59Z": sla.NotYet, "2014-06-01T00:00:00Z": sla.Open, "2014-07-30T23:59:59Z": sla.Open, "2014-07-31T00:00:00Z": sla.Late} {
		assert.Equal(t, want, standing(t, single, "", now), now)
	}
}

// standing returns where a claim for May 2014 stands.
func standing(t *testing.T, e Edition, commitment, now string) sla.Stage {
	t.Helper()
	terms, err := e.Terms()
	require.NoError(t, err)
	at, err := time.Parse(time.RFC3339, now)
	require.NoError(t, err)
	s, err := terms.Standing(commitment, calendar.Marks{"period": may2014.Window().End()}, calendar.Workdays{Zone: time.UTC}, at)
	require.NoError(t, err)
	return s.Stage
}

// The month has 8928 slots of five minutes: 99.95 % leave 4.464 of them, 99 %
// 89.28 and 95 % 446.4. Slots without requests stay in the mean.
func TestGoogleStorage(t *testing.T) {
	e := edition(t, "google/cloud-storage/standard-multi-region")
	bucket := []string{"vm class=standard location=multi-region"}
	for _, tt := range []struct {
		full   int
		failed int64
		want   string
	}{{4, 464, ""}, {4, 465, "10%"}, {89, 280, "10%"}, {89, 281, "25%"}, {446, 400, "25%"}, {446, 401, "50%"}} {
		sums(t, tt.want, judge(t, e, bucket, slots(5*time.Minute, tt.full, tt.failed)...), fmt.Sprint(tt))
	}
	assert.Empty(t, judge(t, e, []string{"vm class=nearline location=multi-region"}, slots(5*time.Minute, 446, 401)...), "another table")
	for now, want := range map[string]sla.Stage{"2014-06-30T23:59:59Z": sla.Open, "2014-07-01T00:00:00Z": sla.Late} {
		assert.Equal(t, want, standing(t, e, "", now), now)
	}
}

// 100 % leave nothing, 99.5 % 223.2 minutes and 95 % 2232.
func TestGoogleDNS(t *testing.T) {
	servers := []string{"ns1 domain=d", "ns2 domain=d"}
	const m = time.Minute
	for _, on := range []string{"2016-04-27", "2016-10-04"} {
		e := google(t, "cloud-dns", "", on)
		for length, want := range map[time.Duration]string{
			m - 1: "", m: "10%", 149 * m: "10%", 223*m + 12*time.Second: "10%", 223*m + 12*time.Second + 1: "25%", 2232 * m: "25%", 2232*m + 1: "50%",
		} {
			sums(t, want, judge(t, e, servers, down("ns1", length), down("ns2", length)), length.String())
		}
		sums(t, "", judge(t, e, servers, down("ns1", 2233*m)), "a server answers")
	}
}

// 99.5 % leave 223.2 minutes.
func TestGoogleFunctions(t *testing.T) {
	e := google(t, "cloud-functions", "", "2018-04-06")
	for minutes, want := range map[int]string{223: "", 224: "10%", 446: "10%", 447: "25%", 2232: "25%", 2233: "50%"} {
		sums(t, want, judge(t, e, nil, slots(time.Minute, minutes, 0)...), fmt.Sprint(minutes))
	}
	for _, tt := range []struct {
		requests, failed int64
		want             string
	}{{99, 99, ""}, {100, 10, ""}, {100, 11, "10%"}} {
		start := may2014.Window().Start().Add(223 * time.Minute)
		last := outage.Traffic{ID: "last", Resource: "vm", Start: start, End: start.Add(time.Minute), Requests: tt.requests, Failed: tt.failed}
		sums(t, tt.want, judge(t, e, nil, append(slots(time.Minute, 223, 0), last)...), fmt.Sprint(tt))
	}
}

func TestGoogleAlloyDB(t *testing.T) {
	e := edition(t, "google/alloydb/all-but-mexico")
	for minutes, want := range map[time.Duration]string{4: "", 5: "10%", 446: "10%", 447: "25%", 2232: "25%", 2233: "50%"} {
		sums(t, want, judge(t, e, nil, down("vm", minutes*time.Minute)), fmt.Sprint(minutes))
	}
	sums(t, "", judge(t, e, nil, down("vm", 5*time.Minute-1)), "four whole minutes and a part of one")
	for now, want := range map[string]sla.Stage{"2014-06-30T23:59:59Z": sla.Open, "2014-07-01T00:00:00Z": sla.Late} {
		assert.Equal(t, want, standing(t, e, "", now), now)
	}
}

// From 2018 to 2020 clusters cost nothing, and nothing was promised.
func TestGoogleGKE(t *testing.T) {
	assert.Empty(t, judge(t, google(t, "gke", "", "2019-01-01"), nil, down("vm", 149*time.Minute)))
	_, err := google(t, "gke", "", "2017-10-01").Terms()
	assert.ErrorContains(t, err, "missing: the table of credits")
}
