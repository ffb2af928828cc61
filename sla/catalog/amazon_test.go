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

// amazonOn returns the edition for a service that was in force on a day.
func amazonOn(t *testing.T, service, day string) Edition {
	t.Helper()
	date, err := calendar.ParseDate(day)
	require.NoError(t, err)
	c := whole(t)
	e, err := c.One(Query{Provider: "amazon", Service: service, On: date})
	require.NoError(t, err)
	return e
}

// An amazonRow is what is owed at the last nanosecond, or request, that it holds for.
type amazonRow struct {
	last int64
	want string
}

func TestAmazonRegions(t *testing.T) {
	const day = "2014-05-27"
	minutes := func(m float64) int64 { return int64(m * float64(time.Minute)) }
	two := []amazonRow{{minutes(446.4), "10%"}, {minutes(44640), "30%"}}
	three := []amazonRow{{minutes(446.4), "10%"}, {minutes(2232), "30%"}, {minutes(30000), "100%"}}
	for _, tt := range []struct {
		service, day, finding string
		met                   float64
		rows                  []amazonRow
	}{
		{"ec2", day, "r", 22.32, []amazonRow{{minutes(149), "10%"}, two[0], two[1]}},
		{"ebs", day, "r", 22.32, two},
		{"ec2", "2017-11-15", "r", 4.464, two},
		{"ebs", "2019-03-18", "r", 4.464, two},
		{"ec2", "2019-03-19", "r, region", 4.464, three},
		{"ebs", "2020-07-22", "r", 4.464, three},
		{"ec2", "2022-05-25", "r, region", 4.464, three},
		{"ec2", "2022-05-25", "a, instance", 223.2, three},
		{"ebs", "2022-05-31", "r, region", 4.464, three},
		{"ebs", "2022-05-31", "a, volume", 44.64, three},
	} {
		e := amazonOn(t, tt.service, tt.day)
		zones := []string{"a zone=r1 region=r", "b zone=r2 region=r"}
		for length, want := range boundaries(minutes(tt.met), tt.rows) {
			start := may2014.Window().Start()
			end := start.Add(time.Duration(length))
			f := judge(t, e, zones, outage.Outage{ID: "1", Resource: "a", Start: start, End: end}, outage.Outage{ID: "2", Resource: "b", Start: start, End: end})[tt.finding]
			assert.Equal(t, want, f.Entitlement.Percent.String(), "%s, %s, %v", e.Name(), tt.finding, time.Duration(length))
			assert.Equal(t, want == "0%", f.Outcome == sla.Met)
		}
		assert.Equal(t, "1USD", string(e.Agreement.Above))
	}
}

// boundaries returns what is owed at the last value of each row, and just
// beyond that of the row before it.
func boundaries(met int64, rows []amazonRow) map[int64]string {
	all := map[int64]string{met: "0%"}
	before := met
	for _, row := range rows {
		all[before+1], all[row.last] = row.want, row.want
		before = row.last
	}
	return all
}

func TestAmazonWhatIsUnavailable(t *testing.T) {
	zones := []string{"a1 zone=r1 region=r", "a2 zone=r1 region=r", "b zone=r2 region=r", "c zone=r3 region=r"}
	one := []string{"a1 zone=r1 region=r"}
	for _, tt := range []struct {
		day       string
		resources []string
		down      []string
		want      string
	}{
		{"2014-05-27", zones, []string{"a1", "a2"}, "0%"},            // one zone
		{"2014-05-27", zones, []string{"a1", "b"}, "0%"},             // of the first an instance is left
		{"2014-05-27", zones, []string{"a1", "a2", "b"}, "30%"},      // more than one zone
		{"2022-05-25", zones, []string{"a1", "a2", "b"}, "0%"},       // not all
		{"2022-05-25", zones, []string{"a1", "a2", "b", "c"}, "30%"}, // all
		{"2014-05-27", one, []string{"a1"}, "0%"},
		{"2022-05-25", one, []string{"a1"}, "0%"}, // not in two zones
	} {
		var records []outage.Record
		for _, r := range tt.down {
			records = append(records, down(r, 10*time.Hour))
		}
		name := "r"
		if tt.day > "2019" {
			name = "r, region"
		}
		assert.Equal(t, tt.want, judge(t, amazonOn(t, "ec2", tt.day), tt.resources, records...)[name].Entitlement.Percent.String(), "%s %v", tt.day, tt.down)
	}

	for _, tt := range []struct{ day, cause, want string }{
		{"2014-05-27", "maintenance", "0%"},
		{"2014-05-27", "recovery volume", "0%"},
		{"2014-05-27", "hardware", "30%"},
		{"2022-05-25", "maintenance", "30%"}, // excused no more
		{"2022-05-25", "outside control", "0%"},
	} {
		a, b := down("a", 10*time.Hour), down("b", 10*time.Hour)
		a.Cause, b.Cause = tt.cause, tt.cause
		found := judge(t, amazonOn(t, "ec2", tt.day), []string{"a zone=r1 region=r", "b zone=r2 region=r"}, a, b)
		f, ok := found["r"]
		if !ok {
			f = found["r, region"]
		}
		assert.Equal(t, tt.want, f.Entitlement.Percent.String(), "%s %s", tt.day, tt.cause)
	}
}

// More than six minutes of a clock hour, or less than 90 % of it.
func TestAmazonHours(t *testing.T) {
	for _, day := range []string{"2019-03-19", "2022-05-25"} {
		e := amazonOn(t, "ec2-hours", day)
		for _, tt := range []struct {
			from   time.Duration // after noon
			length time.Duration
			want   string
		}{
			{0, 6 * time.Minute, "0s"},
			{0, 6*time.Minute + 1, "1h"},
			{54 * time.Minute, 12 * time.Minute, "0s"},
			{54 * time.Minute, 12*time.Minute + 1, "1h"},
			{0, 2*time.Hour + 6*time.Minute, "2h"},
		} {
			o := down("a", tt.length)
			o.Start, o.End = o.Start.Add(tt.from), o.End.Add(tt.from)
			f := judge(t, e, nil, o)["a"]
			assert.Equal(t, tt.want != "0s", !f.Entitlement.Remedy.IsZero(), "%v", tt)
			if !f.Entitlement.Remedy.IsZero() {
				assert.Equal(t, tt.want, f.Entitlement.Service.String(), "%v", tt)
			}
		}
		terms, err := e.Terms()
		require.NoError(t, err)
		assert.Empty(t, terms.Agreement().Above) // an hour of a few cents is given back as well
		s, err := terms.Standing("", nil, calendar.Workdays{}, time.Date(2014, time.June, 1, 0, 0, 0, 0, time.UTC))
		require.NoError(t, err)
		assert.Equal(t, sla.NotNeeded, s.Stage)
	}
}

// 99.95 % of 365 days are 52.56 slots of five minutes, about 4 h 23 min.
func TestAmazonYear(t *testing.T) {
	e := amazonOn(t, "ec2", "2009-01-01")
	start := time.Date(2014, time.May, 10, 12, 0, 0, 0, time.UTC)
	lastYear := time.Date(2013, time.June, 1, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		start  time.Time
		length time.Duration
		cause  string
		want   string
	}{
		{start, 265*time.Minute - 1, "", "0%"},
		{start, 265 * time.Minute, "", "10%"},
		{start.Add(1), 265 * time.Minute, "", "0%"}, // 52 whole slots
		{start, 265 * time.Minute, "already credited", "0%"},
		{lastYear, 265 * time.Minute, "", "10%"},
		{lastYear.Add(-5 * time.Minute), 265 * time.Minute, "", "0%"}, // one of 53 slots is before the year
	} {
		a := outage.Outage{ID: "1", Resource: "a", Start: tt.start, End: tt.start.Add(tt.length), Cause: tt.cause}
		b := a
		b.ID, b.Resource = "2", "b"
		f := judge(t, e, []string{"a zone=r1 region=r", "b zone=r2 region=r"}, a, b)["r"]
		assert.Equal(t, tt.want, f.Entitlement.Percent.String(), "%v", tt)
	}
}

// failing returns the requests of slots of five minutes of May 2014, 100,000 in
// each, of which so many fail.
func failing(resource string, failed int64) []outage.Record {
	var records []outage.Record
	for start := may2014.Window().Start(); failed > 0; start = start.Add(5 * time.Minute) {
		n := min(failed, 100_000)
		failed -= n
		records = append(records, outage.Traffic{ID: fmt.Sprint("t", failed), Resource: resource, Start: start, End: start.Add(5 * time.Minute), Requests: 100_000, Failed: n})
	}
	return records
}

// May 2014 has 8,928 slots of five minutes. A slot without requests is in the
// mean as one in which nothing failed.
func TestAmazonRequests(t *testing.T) {
	const slots = 8928
	at := func(percent float64) int64 { return int64((100-percent)*1000+0.5) * slots } // 1/100,000 of a slot each
	for _, tt := range []struct {
		service, day, label, finding string
		met                          float64
		rows                         []amazonRow
	}{
		{"s3", "2014-05-27", "", "s", 99.9, []amazonRow{{at(99), "10%"}, {at(98), "25%"}, {at(90), "25%"}}},
		{"s3", "2019-07-31", "class=standard", "s, standard", 99.9, []amazonRow{{at(99), "10%"}, {at(95), "25%"}, {at(90), "100%"}}},
		{"s3", "2019-07-31", "class=standard-ia", "s, infrequent access", 99, []amazonRow{{at(98), "10%"}, {at(95), "25%"}, {at(90), "100%"}}},
		{"s3", "2022-05-05", "class=glacier_instant_retrieval", "s, infrequent access", 99, []amazonRow{{at(98), "10%"}, {at(95), "25%"}, {at(90), "100%"}}},
		{"s3", "2023-11-28", "class=express_one_zone", "s, standard", 99.9, []amazonRow{{at(99), "10%"}, {at(98), "25%"}, {at(95), "25%"}, {at(90), "100%"}}},
		{"s3", "2023-11-28", "class=one_zone-ia", "s, infrequent access", 99, []amazonRow{{at(98), "10%"}, {at(95), "25%"}, {at(90), "100%"}}},
		{"cloudfront", "2014-05-27", "", "s", 99.9, []amazonRow{{at(99), "10%"}, {at(90), "25%"}}},
		{"cloudfront", "2022-05-05", "", "s", 99.9, []amazonRow{{at(99), "10%"}, {at(95), "25%"}, {at(90), "100%"}}},
		{"api-gateway", "2022-05-05", "", "s", 99.95, []amazonRow{{at(99), "10%"}, {at(95), "25%"}, {at(90), "100%"}}},
		{"lambda", "2024-01-01", "", "s", 99.95, []amazonRow{{at(99), "10%"}, {at(95), "25%"}, {at(90), "100%"}}},
		{"dynamodb", "2018-12-31", "tables=standard", "s, standard", 99.99, []amazonRow{{at(99), "10%"}, {at(90), "25%"}}},
		{"dynamodb", "2018-12-31", "tables=global", "s, global", 99.999, []amazonRow{{at(99), "10%"}, {at(90), "25%"}}},
	} {
		e := amazonOn(t, tt.service, tt.day)
		for failed, want := range boundaries(at(tt.met), tt.rows) {
			found := judge(t, e, []string{"s " + tt.label}, failing("s", failed)...)
			assert.Equal(t, want, found[tt.finding].Entitlement.Percent.String(), "%s, %s, %d failed", e.Name(), tt.finding, failed)
			assert.Len(t, found, 1)
		}
	}

	// Failures for a cause that is excluded are taken out of the mean.
	start := may2014.Window().Start()
	aside := outage.Maintenance{ID: "m", Resource: "s", Start: start, End: start.Add(50 * time.Minute), Cause: "outside control"}
	for slots, want := range map[int64]string{10: "0%", 19: "10%"} {
		found := judge(t, amazonOn(t, "s3", "2023-11-28"), []string{"s class=standard"}, append(failing("s", slots*100_000), aside)...)
		assert.Equal(t, want, found["s, standard"].Entitlement.Percent.String())
	}

	// Two requests weigh as much in a slot as any number: after eight slots that
	// failed whole, one of two is not too much, and another one is.
	e := amazonOn(t, "s3", "2014-05-27")
	records := failing("s", 8*100_000)
	for n, want := range []string{"0%", "10%"} {
		start := may2014.Window().Start().Add(time.Duration(100+n) * 5 * time.Minute)
		records = append(records, outage.Traffic{ID: fmt.Sprint("few", n), Resource: "s", Start: start, End: start.Add(5 * time.Minute), Requests: 2, Failed: 1})
		assert.Equal(t, want, judge(t, e, nil, records...)["s"].Entitlement.Percent.String())
	}
}

// Minutes in which all connections failed, of the whole month.
func TestAmazonRDS(t *testing.T) {
	for _, tt := range []struct {
		day, deployment, finding string
		minutes                  map[time.Duration]string // of the last row that does not give yet
	}{
		{"2018-10-26", "multi-AZ", "db", map[time.Duration]string{22: "0%", 23: "10%", 149: "10%", 446: "10%", 447: "25%", 2233: "25%"}},
		{"2019-03-21", "multi-AZ", "db", map[time.Duration]string{22: "0%", 23: "10%", 446: "10%", 447: "25%", 2232: "25%", 2233: "100%"}},
		{"2024-01-22", "multi-AZ", "db, multi-AZ", map[time.Duration]string{22: "0%", 23: "10%", 446: "10%", 447: "25%", 2232: "25%", 2233: "100%"}},
		{"2024-01-22", "single-DB", "db, single-DB", map[time.Duration]string{223: "0%", 224: "10%", 446: "10%", 447: "25%", 2232: "25%", 2233: "100%"}},
	} {
		e := amazonOn(t, "rds", tt.day)
		for minutes, want := range tt.minutes {
			for _, more := range []time.Duration{0, time.Minute - 1} { // a part of a minute does not count
				found := judge(t, e, []string{"db deployment=" + tt.deployment}, down("db", minutes*time.Minute+more))
				assert.Equal(t, want, found[tt.finding].Entitlement.Percent.String(), "%s, %d min", e.Name(), minutes)
				assert.Len(t, found, 1)
			}
		}
		life := outage.Lifetime{Resource: "db", Start: time.Date(2014, time.May, 9, 0, 0, 0, 0, time.UTC), End: time.Date(2014, time.May, 11, 0, 0, 0, 0, time.UTC)}
		assert.Equal(t, sla.Met, judge(t, e, []string{"db deployment=" + tt.deployment}, life, down("db", 22*time.Minute))[tt.finding].Outcome)
	}
}

func TestAmazonClaims(t *testing.T) {
	terms, err := amazonOn(t, "ec2", "2014-05-27").Terms()
	require.NoError(t, err)
	days := calendar.Workdays{Zone: time.UTC, Cycle: calendar.Cycle{Start: calendar.Date{Year: 2014, Month: time.January, Day: 1}, Zone: time.UTC, Months: 1}}
	until := time.Date(2014, time.August, 1, 0, 0, 0, 0, time.UTC) // June and July are the two cycles
	for now, want := range map[time.Time]sla.Stage{until.Add(-1): sla.Open, until: sla.Late} {
		s, err := terms.Standing("", calendar.Marks{"outage": time.Date(2014, time.May, 27, 23, 0, 0, 0, time.UTC)}, days, now)
		require.NoError(t, err)
		assert.Equal(t, want, s.Stage)
	}
}

// What there was not yet in May 2014, and what nobody can judge by.
func TestAmazonWithout(t *testing.T) {
	c := whole(t)
	may := calendar.Date{Year: 2014, Month: time.May, Day: 27}
	for _, service := range []string{"dynamodb", "lambda", "direct-connect"} {
		_, err := c.One(Query{Provider: "amazon", Service: service, On: may})
		assert.ErrorContains(t, err, "no edition")
	}
	for _, service := range []string{"rds", "route53"} {
		_, err := amazonOn(t, service, may.String()).Terms()
		assert.ErrorContains(t, err, "missing: the table of")
	}
}
