package catalog

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// Each row of the tables that count whole minutes of the 44,640 of the month:
// the last minute before it and the first in it, and one that lacks a
// nanosecond to be whole. All resources are down at once.
func TestMicrosoftMinutes(t *testing.T) {
	for _, tt := range []struct {
		agreement string
		resources []string
		finding   string
		rows      string // minutes that give a percentage
	}{
		{"virtual-machines", []string{"a availability_set=s subscription=x", "b availability_set=s subscription=x"}, "x", "22 0, 23 10, 149 10, 446 10, 447 25, 44640 25"},
		{"virtual-machines/2016-07", []string{"a availability_set=s subscription=x", "b availability_set=s subscription=x"}, "x", "22 0, 23 10, 446 10, 447 25"},
		{"virtual-machines/2016-11", []string{"a deployment=single disks=premium"}, "a, single instance", "44 0, 45 10, 446 10, 447 25, 44640 25"},
		{"virtual-machines/2017-03", []string{"a deployment=single disks=premium"}, "a, single instance", "44 0, 45 10, 446 10, 447 25, 2232 25, 2233 100"},
		{"virtual-machines/2017-03", []string{"a deployment=availability_set availability_set=s subscription=x", "b deployment=availability_set availability_set=s subscription=x"}, "x, availability set", "22 0, 23 10, 446 10, 447 25, 2232 25, 2233 100"},
		{"virtual-machines/2026", []string{"a deployment=zones zone=1 region=x", "b deployment=zones zone=2 region=x"}, "x, zones", "4 0, 5 10, 446 10, 447 25, 2232 25, 2233 100"},
		{"virtual-machines/2026", []string{"a deployment=dedicated_host_group set=s", "b deployment=dedicated_host_group set=s"}, "s, availability set", "22 0, 23 10, 446 10, 447 25, 2232 25, 2233 100"},
		{"virtual-machines/2026", []string{"a deployment=single weakest_disk=ultra"}, "a, premium or ultra disks", "44 0, 45 10, 446 10, 447 25, 2232 25, 2233 100"},
		{"virtual-machines/2026", []string{"a deployment=shared_disk weakest_disk=standard_SSD"}, "a, standard SSD", "223 0, 224 10, 2232 10, 2233 25, 4464 25, 4465 100"},
		{"virtual-machines/2026", []string{"a deployment=single weakest_disk=standard_HDD"}, "a, standard HDD", "2232 0, 2233 10, 3571 10, 3572 25, 4464 25, 4465 100"},
		{"virtual-machines/cn", []string{"a availability_set=s subscription=x", "b availability_set=s subscription=x"}, "x", "22 0, 23 10, 446 10, 447 25"},
		{"virtual-machines/cn/2017", []string{"a deployment=single disks=premium"}, "a, single instance", "44 0, 45 10, 446 10, 447 25"},
		{"cloud-services", []string{"a update_domain=web-0 role=web subscription=x", "b update_domain=web-1 role=web subscription=x"}, "x", "22 0, 23 10, 149 10, 446 10, 447 25"},
		{"cloud-services/cn", []string{"a update_domain=web-0 role=web subscription=x", "b update_domain=web-1 role=web subscription=x"}, "x", "22 0, 23 10, 446 10, 447 25"},
		{"sql-database/cn", []string{"a tier=business subscription=x"}, "x, web and business", "22 0, 23 10, 446 10, 447 25"},
		{"sql-database/cn", []string{"a tier=basic subscription=x"}, "x, basic, standard and premium", "22 0, 23 10, 446 10, 447 25"},
		{"sql-database/cn/2016-09", []string{"a tier=basic"}, "a, basic, standard and premium", "4 0, 5 10, 446 10, 447 25"},
		{"sql-database/cn/2016-09", []string{"a tier=web subscription=x"}, "x, web and business", "44 0, 45 10, 446 10, 447 25"},
		{"sql-database/2026", []string{"a zone_redundant=yes"}, "a, zone redundant", "2 0, 3 10, 446 10, 447 25, 2232 25, 2233 100"},
		{"sql-database/2026", []string{"a zone_redundant=no"}, "a, others", "4 0, 5 10, 446 10, 447 25, 2232 25, 2233 100"},
		{"app-service", []string{"a free_or_shared=no subscription=x"}, "x", "22 0, 23 10, 446 10, 447 25"},
		{"app-service/cn", []string{"a free_or_shared=no subscription=x"}, "x", "22 0, 23 10, 446 10, 447 25"},
		{"dns/2026", []string{"a"}, "a", "0 0, 1 10, 4 10, 5 25, 223 25, 224 100"},
		{"functions/2026", []string{"a plan=other"}, "a, other plans", "22 0, 23 10, 446 10, 447 25, 2232 25, 2233 100"},
		{"load-balancer/2026", []string{"a tier=standard load_balancer=l", "b tier=standard load_balancer=l"}, "l", "4 0, 5 10, 44 10, 45 25"},
		{"traffic-manager/cn", []string{"a subscription=x"}, "x", "4 0, 5 10, 446 10, 447 25"},
		{"redis-cache/cn", []string{"a tier=standard cache=c subscription=x"}, "x", "44 0, 45 10, 446 10, 447 25"},
		{"service-bus/cn", []string{"a kind=relay subscription=x"}, "x, relays", "44 0, 45 10, 446 10, 447 25"},
		{"event-hubs/cn", []string{"a tier=basic subscription=x"}, "x", "22 0, 23 10, 446 10, 447 25"},
		{"iot-hub/cn", []string{"a free=no subscription=x"}, "x", "44 0, 45 10, 446 10, 447 25"},
		{"notification-hubs/cn", []string{"a tier=standard subscription=x"}, "x", "44 0, 45 10, 446 10, 447 25"},
		{"key-vault/cn", []string{"a subscription=x"}, "x", "44 0, 45 10, 446 10, 447 25"},
		{"media-services/cn", []string{"a kind=streaming_unit subscription=x"}, "x, streaming unit", "44 0, 45 10, 446 10, 447 25"},
		{"media-services/cn", []string{"a kind=live_channel subscription=x"}, "x, live channel", "44 0, 45 10, 446 10, 447 25"},
		{"service-bus/cn", []string{"a kind=topic subscription=x"}, "x, queues and topics", "44 0, 45 10, 446 10, 447 25"},
	} {
		e := edition(t, "microsoft/"+tt.agreement)
		gives := func(length time.Duration) string {
			var records []outage.Record
			for _, r := range tt.resources {
				start := may2014.Window().Start()
				if length > 0 {
					name, _, _ := strings.Cut(r, " ")
					records = append(records, outage.Outage{ID: "o-" + name, Resource: name, Start: start, End: start.Add(length)})
				}
			}
			return give(t, e, tt.finding, tt.resources, records...)
		}
		before := "0%"
		for row := range strings.SplitSeq(tt.rows, ", ") {
			var minutes, percent int
			_, err := fmt.Sscanf(row, "%d %d", &minutes, &percent)
			require.NoError(t, err)
			length, want := time.Duration(minutes)*time.Minute, fmt.Sprintf("%d%%", percent)
			assert.Equal(t, want, gives(length), "%s: %s", tt.agreement, row)
			if minutes > 0 {
				assert.Equal(t, before, gives(length-1), "%s: a nanosecond less than %d min", tt.agreement, minutes)
			}
			before = want
		}
	}
}

// give returns what one finding gives in percent.
func give(t *testing.T, e Edition, finding string, resources []string, records ...outage.Record) string {
	t.Helper()
	found := judge(t, e, resources, records...)
	require.Contains(t, found, finding, e.Name())
	return found[finding].Entitlement.Percent.String()
}

// Each row of the tables that count requests: hours that fail altogether, and
// then an hour or a month of which so many fail.
func TestMicrosoftRequests(t *testing.T) {
	for _, tt := range []struct {
		agreement, resource, finding string
		rows                         string // failed hours, failed requests of how many in another, percentage
	}{
		// 744 hours: 99.9% leave 0.744 of one, 99.99% 0.0744, 99% 7.44, 98% 14.88.
		{"storage", "a transactions=others", "a, others", "0 744 1000 0, 0 745 1000 10, 7 44 100 10, 7 45 100 25"},
		{"storage", "a transactions=RA-GRS_reads", "a, RA-GRS reads", "0 744 10000 0, 0 745 10000 10, 7 44 100 10, 7 45 100 25"},
		{"storage/cn", "a transactions=others tier=hot", "a, others", "0 744 1000 0, 0 745 1000 10, 7 44 100 10, 7 45 100 25"},
		{"storage/cn", "a transactions=RA-GRS_reads tier=hot", "a, RA-GRS reads", "0 744 10000 0, 0 745 10000 10, 7 44 100 10, 7 45 100 25"},
		{"storage/cn", "a transactions=others tier=cool", "a, others, cool", "7 44 100 0, 7 45 100 10, 14 88 100 10, 14 89 100 25"},
		{"storage/cn", "a transactions=RA-GRS_reads tier=cool", "a, RA-GRS reads, cool", "0 744 1000 0, 0 745 1000 10, 14 88 100 10, 14 89 100 25"},
		{"storage/2026", "a transactions=writes tier=hot", "a, writes and reads", "0 744 1000 0, 0 745 1000 10, 7 44 100 10, 7 45 100 25"},
		{"storage/2026", "a transactions=RA-GZRS_reads tier=hot", "a, RA-GRS and RA-GZRS reads", "0 744 10000 0, 0 745 10000 10, 7 44 100 10, 7 45 100 25"},
		{"storage/2026", "a transactions=writes tier=cool", "a, writes, cool", "7 44 100 0, 7 45 100 10, 14 88 100 10, 14 89 100 25"},
		{"storage/2026", "a transactions=RA-GRS_reads tier=cool", "a, reads, cool", "0 744 1000 0, 0 745 1000 10, 14 88 100 10, 14 89 100 25"},
		{"cosmos-db/cn", "a", "a", "0 744 10000 0, 0 745 10000 10, 7 44 100 10, 7 45 100 25"},
		// The whole month is one slot.
		{"functions/2026", "a plan=consumption", "a, consumption plan", "0 1 2000 0, 0 2 2000 10, 0 20 2000 10, 0 21 2000 25, 0 100 2000 25, 0 101 2000 100"},
		{"api-for-fhir", "a", "a", "0 1 1000 0, 0 2 1000 10, 0 10 1000 10, 0 11 1000 25"},
		{"cdn/cn", "a", "a", "0 1 1000 0, 0 2 1000 5, 0 10 1000 5, 0 11 1000 20"},
		{"cognitive-services/cn", "a free=no", "a", "0 1 1000 0, 0 2 1000 10, 0 10 1000 10, 0 11 1000 25"},
		{"media-services/cn", "a kind=encoding", "a, encoding", "0 1 1000 0, 0 2 1000 10, 0 10 1000 10, 0 11 1000 25"},
		{"media-services/cn", "a kind=indexer", "a, indexer", "0 1 1000 0, 0 2 1000 10, 0 10 1000 10, 0 11 1000 25"},
		{"media-services/cn", "a kind=content_protection", "a, content protection", "0 1 1000 0, 0 2 1000 10, 0 10 1000 10, 0 11 1000 25"},
		{"automation/cn", "a", "a", "0 1 1000 0, 0 2 1000 10, 0 10 1000 10, 0 11 1000 25"},
	} {
		for row := range strings.SplitSeq(tt.rows, ", ") {
			var hours, percent int
			var failed, requests int64
			_, err := fmt.Sscanf(row, "%d %d %d %d", &hours, &failed, &requests, &percent)
			require.NoError(t, err)
			hour := func(i int, requests, failed int64) outage.Traffic {
				start := may2014.Window().Start().Add(time.Duration(i) * time.Hour)
				return outage.Traffic{ID: fmt.Sprintf("t%d", i), Resource: "a", Start: start, End: start.Add(time.Hour), Requests: requests, Failed: failed}
			}
			records := []outage.Record{hour(0, requests, failed)}
			for i := range hours {
				records = append(records, hour(i+1, 1, 1)) // one request weighs an hour
			}
			e := edition(t, "microsoft/"+tt.agreement)
			assert.Equal(t, fmt.Sprintf("%d%%", percent), give(t, e, tt.finding, []string{tt.resource}, records...), "%s: %s", tt.agreement, row)
		}
	}
}

// The tables of two agreements that do not count whole minutes but combine
// resources or choose among them.
func TestMicrosoftExact(t *testing.T) {
	for _, tt := range []struct {
		agreement, resource, finding string
		length                       time.Duration
		want                         string
	}{
		// 99.9% of 44,640 min leave 44 min 38.4 s, and 99% 7 h 26 min 24 s.
		{"backup/cn", "a subscription=x", "x", 44*time.Minute + 38400*time.Millisecond, "0%"},
		{"backup/cn", "a subscription=x", "x", 44*time.Minute + 38400*time.Millisecond + 1, "10%"},
		{"backup/cn", "a subscription=x", "x", 446*time.Minute + 24*time.Second, "10%"},
		{"backup/cn", "a subscription=x", "x", 446*time.Minute + 24*time.Second + 1, "25%"},
		{"site-recovery/cn", "a failover=own_site", "a, failover between own sites", 44*time.Minute + 38400*time.Millisecond, "0%"},
		{"site-recovery/cn", "a failover=own_site", "a, failover between own sites", 44*time.Minute + 38400*time.Millisecond + 1, "10%"},
		{"site-recovery/cn", "a failover=own_site", "a, failover between own sites", 446*time.Minute + 24*time.Second, "10%"},
		{"site-recovery/cn", "a failover=own_site", "a, failover between own sites", 446*time.Minute + 24*time.Second + 1, "25%"},
		{"site-recovery/cn", "a failover=Azure encrypted=no size=at_most_100_GB", "a, recovery in Azure", 4 * time.Hour, "0%"},
		{"site-recovery/cn", "a failover=Azure encrypted=no size=at_most_100_GB", "a, recovery in Azure", 4*time.Hour + 1, "100%"},
		{"site-recovery/cn", "a failover=Azure encrypted=yes size=at_most_100_GB", "a, encrypted recovery in Azure", 6 * time.Hour, "0%"},
		{"site-recovery/cn", "a failover=Azure encrypted=yes size=at_most_100_GB", "a, encrypted recovery in Azure", 6*time.Hour + 1, "100%"},
		{"scheduler/cn", "a subscription=x", "x", 44*time.Minute + 38400*time.Millisecond, "0%"},
		{"scheduler/cn", "a subscription=x", "x", 44*time.Minute + 38400*time.Millisecond + 1, "10%"},
		{"scheduler/cn", "a subscription=x", "x", 446*time.Minute + 24*time.Second, "10%"},
		{"scheduler/cn", "a subscription=x", "x", 446*time.Minute + 24*time.Second + 1, "25%"},
	} {
		e := edition(t, "microsoft/"+tt.agreement)
		assert.Equal(t, tt.want, give(t, e, tt.finding, []string{tt.resource}, down("a", tt.length)), "%s: %v", tt.agreement, tt.length)
	}
}

// A set, a role, a region or a balancer is down when all of it is, and covered
// only while it has two members; a cache is down when any endpoint is.
func TestMicrosoftGroups(t *testing.T) {
	const long = 149 * time.Minute
	two := func(format string) []string {
		return []string{"a " + fmt.Sprintf(format, 0), "b " + fmt.Sprintf(format, 1)}
	}
	for _, tt := range []struct {
		agreement, finding string
		resources          []string
		want               string
	}{
		{"virtual-machines", "x", two("availability_set=s subscription=x n=%d"), "0%"},
		{"virtual-machines", "x", two("availability_set=s subscription=x n=%d")[:1], "0%"},
		{"virtual-machines/2026", "x, zones", two("deployment=zones zone=%d region=x"), "0%"},
		{"virtual-machines/2026", "x, zones", two("deployment=zones zone=1 region=x n=%d"), "0%"},
		{"virtual-machines/2026", "s, availability set", two("deployment=availability_set set=s n=%d"), "0%"},
		{"cloud-services", "x", two("update_domain=web-%d role=web subscription=x"), "0%"},
		{"cloud-services", "x", two("update_domain=web-0 role=web subscription=x n=%d"), "0%"},
		{"load-balancer/2026", "l", two("tier=standard load_balancer=l n=%d"), "0%"},
		{"redis-cache/cn", "x", two("tier=standard cache=c subscription=x n=%d"), "10%"},
	} {
		e := edition(t, "microsoft/"+tt.agreement)
		assert.Equal(t, tt.want, give(t, e, tt.finding, tt.resources, down("a", long)), "%s: %v", tt.agreement, tt.resources)
	}
	// Two machines in one zone, or instances in one update domain, are no two.
	zones, roles := edition(t, "microsoft/virtual-machines/2026"), edition(t, "microsoft/cloud-services")
	assert.Equal(t, "0%", give(t, zones, "x, zones", two("deployment=zones zone=1 region=x n=%d"), down("a", long), down("b", long)))
	assert.Equal(t, "0%", give(t, roles, "x", two("update_domain=web-0 role=web subscription=x n=%d"), down("a", long), down("b", long)))
}

// The minutes of all sets, databases or apps of a subscription are added up:
// 149 min are over 0.05% of those of six resources, and not of seven; where a
// database is measured on its own, others do not help it.
func TestMicrosoftPools(t *testing.T) {
	for _, tt := range []struct {
		agreement, finding, labels string
		others                     int
		want                       string
	}{
		{"app-service", "x", "free_or_shared=no subscription=x", 5, "10%"},
		{"app-service", "x", "free_or_shared=no subscription=x", 6, "0%"},
		{"sql-database/cn", "x, basic, standard and premium", "tier=basic subscription=x", 5, "10%"},
		{"sql-database/cn", "x, basic, standard and premium", "tier=basic subscription=x", 6, "0%"},
		{"sql-database/cn/2016-09", "r0, basic, standard and premium", "tier=basic subscription=x", 6, "10%"},
	} {
		var resources []string
		for i := range tt.others + 1 {
			resources = append(resources, fmt.Sprintf("r%d %s", i, tt.labels))
		}
		e := edition(t, "microsoft/"+tt.agreement)
		assert.Equal(t, tt.want, give(t, e, tt.finding, resources, down("r0", 149*time.Minute)), "%s: %d others", tt.agreement, tt.others)
	}
	for sets, want := range map[int]string{6: "10%", 7: "0%"} {
		var resources []string
		for i := range sets {
			resources = append(resources, fmt.Sprintf("a%d availability_set=s%d subscription=x", i, i), fmt.Sprintf("b%d availability_set=s%d subscription=x", i, i))
		}
		e := edition(t, "microsoft/virtual-machines")
		assert.Equal(t, want, give(t, e, "x", resources, down("a0", 149*time.Minute), down("b0", 149*time.Minute)), "%d sets", sets)
	}
}

// Thirty seconds decide a minute, strictly for ExpressRoute.
func TestMicrosoftHalfMinutes(t *testing.T) {
	for _, tt := range []struct {
		agreement, resource, finding string
		minutes                      int
		length                       time.Duration
		want                         string
	}{
		{"expressroute/cn", "a", "a", 23, 30 * time.Second, "0%"},
		{"expressroute/cn", "a", "a", 22, 30*time.Second + 1, "0%"},
		{"expressroute/cn", "a", "a", 23, 30*time.Second + 1, "10%"},
		{"expressroute/cn", "a", "a", 447, 30*time.Second + 1, "25%"},
		{"vpn-gateway/cn", "a tier=standard", "a, others", 23, 30*time.Second - 1, "0%"},
		{"vpn-gateway/cn", "a tier=standard", "a, others", 23, 30 * time.Second, "10%"},
		{"vpn-gateway/cn", "a tier=basic", "a, basic", 44, 30 * time.Second, "0%"},
		{"vpn-gateway/cn", "a tier=basic", "a, basic", 45, 30 * time.Second, "10%"},
		{"vpn-gateway/cn", "a tier=basic", "a, basic", 447, 30 * time.Second, "25%"},
	} {
		var records []outage.Record
		for i := range tt.minutes {
			start := may2014.Window().Start().Add(time.Duration(i) * time.Minute)
			records = append(records, outage.Outage{ID: fmt.Sprintf("o%d", i), Resource: "a", Start: start, End: start.Add(tt.length)})
		}
		e := edition(t, "microsoft/"+tt.agreement)
		assert.Equal(t, tt.want, give(t, e, tt.finding, []string{tt.resource}, records...), "%s: %d times %v", tt.agreement, tt.minutes, tt.length)
	}
}

// A minute is down when more than 1% of its operations fail.
func TestMicrosoftOperations(t *testing.T) {
	for _, tt := range []struct {
		agreement string
		minutes   int
		failed    int64 // of 1,000
		want      string
	}{
		{"sql-data-warehouse/cn", 447, 10, "0%"},
		{"sql-data-warehouse/cn", 4, 11, "0%"},
		{"sql-data-warehouse/cn", 5, 11, "10%"},
		{"sql-data-warehouse/cn", 446, 11, "10%"},
		{"sql-data-warehouse/cn", 447, 11, "25%"},
		{"analysis-services/cn", 447, 10, "0%"},
		{"analysis-services/cn", 44, 11, "0%"},
		{"analysis-services/cn", 45, 11, "10%"},
		{"analysis-services/cn", 446, 11, "10%"},
		{"analysis-services/cn", 447, 11, "25%"},
	} {
		var records []outage.Record
		for i := range tt.minutes {
			start := may2014.Window().Start().Add(time.Duration(i) * time.Minute)
			records = append(records, outage.Traffic{ID: fmt.Sprintf("t%d", i), Resource: "a", Start: start, End: start.Add(time.Minute), Requests: 1000, Failed: tt.failed})
		}
		e := edition(t, "microsoft/"+tt.agreement)
		assert.Equal(t, tt.want, give(t, e, "a", []string{"a"}, records...), "%s: %d min with %d", tt.agreement, tt.minutes, tt.failed)
	}
}

// A gateway counts as down when it is for longer than thirty seconds, until
// corrective action begins: 99.95% leave 22 min 19.2 s.
func TestMicrosoftVirtualNetwork(t *testing.T) {
	const allowed = 22*time.Minute + 19200*time.Millisecond
	e := edition(t, "microsoft/virtual-network/cn")
	gives := func(times int, length, action time.Duration) string {
		var records []outage.Record
		for i := range times {
			o := down("a", length)
			o.ID, o.Start = fmt.Sprintf("o%d", i), o.Start.Add(time.Duration(i)*time.Hour)
			o.End = o.Start.Add(length)
			o.Marks = map[string]time.Time{"corrective action": o.Start.Add(action)}
			records = append(records, o)
		}
		return give(t, e, "x", []string{"a subscription=x"}, records...)
	}
	assert.Equal(t, "0%", gives(1, 149*time.Minute, allowed))
	assert.Equal(t, "10%", gives(1, 149*time.Minute, allowed+1))
	assert.Equal(t, "10%", gives(1, 20*allowed, 20*allowed))
	assert.Equal(t, "25%", gives(1, 20*allowed+1, 20*allowed+1))
	assert.Equal(t, "0%", gives(50, 50*time.Minute, 30*time.Second), "25 minutes in pieces that are not long enough")
	assert.Equal(t, "10%", gives(50, 50*time.Minute, 30*time.Second+1))
}

// Of two late jobs, those up to half an hour are forgiven altogether.
func TestMicrosoftScheduler(t *testing.T) {
	e := edition(t, "microsoft/scheduler/cn")
	for length, want := range map[time.Duration]string{30 * time.Minute: "0%", 30*time.Minute + 1: "10%"} {
		first := down("a", length)
		second := outage.Outage{ID: "second", Resource: "a", Start: first.Start.Add(24 * time.Hour), End: first.End.Add(24 * time.Hour)}
		assert.Equal(t, want, give(t, e, "x", []string{"a subscription=x"}, first, second), length)
	}
}

// What is excluded, and what is not.
func TestMicrosoftExclusions(t *testing.T) {
	single := []string{"a deployment=single disks=premium"}
	o := down("a", 149*time.Minute)
	maintenance := func(notice time.Duration) outage.Maintenance {
		return outage.Maintenance{ID: "m", Resource: "a", Start: o.Start, End: o.End, Announced: o.Start.Add(-notice)}
	}
	for _, name := range []string{"virtual-machines/2016-11", "virtual-machines/2017-03", "virtual-machines/cn/2017"} {
		e := edition(t, "microsoft/"+name)
		assert.Equal(t, "0%", give(t, e, "a, single instance", single, o, maintenance(5*24*time.Hour)), name)
		assert.Equal(t, "10%", give(t, e, "a, single instance", single, o, maintenance(5*24*time.Hour-1)), name)
	}
	app, apps := edition(t, "microsoft/app-service"), []string{"a free_or_shared=no subscription=x"}
	assert.Equal(t, "10%", give(t, app, "x", apps, o, maintenance(30*24*time.Hour)), "planned maintenance counts")
	for _, cause := range []string{"outside control", "third party", "customer", "preview", "quota", "abuse", "support window"} {
		excused := o
		excused.Cause = cause
		assert.Equal(t, "0%", give(t, app, "x", apps, excused), cause)
	}

	pro := edition(t, "microsoft/power-bi/pro")
	assert.Equal(t, "0%", give(t, pro, "a", []string{"a"}, o, maintenance(5*24*time.Hour)))
	assert.Equal(t, "25%", give(t, pro, "a", []string{"a"}, o, maintenance(5*24*time.Hour-1)))

	// The time of the customer's scripts is not part of a recovery.
	recovery, instance := edition(t, "microsoft/site-recovery/cn"), []string{"a failover=Azure encrypted=no size=at_most_100_GB"}
	o = down("a", 4*time.Hour+30*time.Minute)
	script := outage.Maintenance{ID: "s", Resource: "a", Start: o.Start.Add(time.Hour), End: o.Start.Add(90 * time.Minute), Cause: "customer script"}
	assert.Equal(t, "0%", give(t, recovery, "a, recovery in Azure", instance, o, script))
	script.End = script.End.Add(-1)
	assert.Equal(t, "100%", give(t, recovery, "a, recovery in Azure", instance, o, script))
}

// A single machine is measured over the whole month, however briefly it lived.
func TestMicrosoftWholeMonth(t *testing.T) {
	for name, resource := range map[string]string{"virtual-machines/2017-03": "a deployment=single disks=premium", "virtual-machines/2026": "a deployment=single weakest_disk=premium_SSD"} {
		e := edition(t, "microsoft/"+name)
		for minutes, want := range map[time.Duration]string{44: "0%", 45: "10%"} {
			o := down("a", minutes*time.Minute)
			life := outage.Lifetime{Resource: "a", Start: o.Start.Add(-time.Hour), End: o.Start.Add(24 * time.Hour)}
			found := judge(t, e, []string{resource}, o, life)
			require.Len(t, found, 1)
			for _, f := range found {
				assert.Equal(t, want, f.Entitlement.Percent.String(), "%s: %d min", name, minutes)
			}
		}
	}
}

// Claims are due two months after the billing month, 60 days after the incident,
// or as Microsoft prints it: for February 15 by March 31.
func TestMicrosoftClaims(t *testing.T) {
	days := calendar.Workdays{Zone: time.UTC, Cycle: calendar.Cycle{Start: calendar.Date{Year: 2014, Month: time.January, Day: 1}, Zone: time.UTC, Months: 1}}
	at := func(m time.Month, d int) time.Time { return time.Date(2014, m, d, 0, 0, 0, 0, time.UTC) }
	for _, tt := range []struct {
		agreement, commitment string
		marks                 calendar.Marks
		late                  time.Time
	}{
		{"cloud-services/cn", "", calendar.Marks{"period": at(time.June, 1)}, at(time.August, 1)},
		{"api-for-fhir", "", calendar.Marks{"period": at(time.June, 1)}, at(time.August, 1)},
		{"virtual-machines/2026", "zones", calendar.Marks{"outage": at(time.May, 10).Add(14 * time.Hour)}, at(time.July, 10)},
		{"power-bi/pro", "", calendar.Marks{"outage": at(time.February, 15).Add(12 * time.Hour)}, at(time.April, 1)},
	} {
		terms, err := edition(t, "microsoft/"+tt.agreement).Terms()
		require.NoError(t, err)
		for now, want := range map[time.Time]sla.Stage{tt.late.Add(-1): sla.Open, tt.late: sla.Late} {
			standing, err := terms.Standing(tt.commitment, tt.marks, days, now)
			require.NoError(t, err)
			assert.Equal(t, want, standing.Stage, "%s at %v", tt.agreement, now)
		}
	}
}

// Which edition was in force, and how well it is known.
func TestMicrosoftEditions(t *testing.T) {
	c := whole(t)
	for _, tt := range []struct {
		service, on, want string
		evidence          Evidence
	}{
		{"virtual-machines", "2014-05-27", "microsoft/virtual-machines", Unverified},
		{"cloud-services", "2014-05-27", "microsoft/cloud-services", Unverified},
		{"storage", "2014-05-27", "microsoft/storage", Unverified},
		{"cloud-services", "2013-05-27", "microsoft/cloud-services/2010", Copy},
		{"power-bi", "2026-09-01", "microsoft/power-bi/pro", Reported},
		{"dns", "2026-09-01", "microsoft/dns/2026", Copy},
		{"site-recovery", "2017-01-01", "microsoft/site-recovery/cn", Own},
	} {
		on, err := calendar.ParseDate(tt.on)
		require.NoError(t, err)
		e, err := c.One(Query{Provider: "microsoft", Service: tt.service, On: on})
		require.NoError(t, err)
		assert.Equal(t, tt.want, e.Agreement.Name)
		assert.Equal(t, tt.evidence, e.Evidence(), e.Name())
	}
	for on, want := range map[string]string{"2016-06-30": "virtual-machines", "2016-07-01": "virtual-machines/2016-07", "2016-11-01": "virtual-machines/2016-11", "2017-03-01": "virtual-machines/2017-03", "2018-03-01": "virtual-machines/2018-03", "2026-09-01": "virtual-machines/2026"} {
		day, err := calendar.ParseDate(on)
		require.NoError(t, err)
		var names []string
		for e := range c.Find(Query{Provider: "microsoft", Service: "virtual-machines", On: day}) {
			if e.Country == "" {
				names = append(names, e.Agreement.Name)
			}
		}
		assert.Equal(t, []string{"microsoft/" + want}, names, on)
	}
}
