package sla

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/outage"
)

func TestRemedyFaults(t *testing.T) {
	const gift = "want what is given, such as 10%, 1d, 50x or 20USD"
	row := func(promise Range, rows ...Tier) Agreement {
		return single(Commitment{Promise: promise, Credits: rows})
	}
	pool := func(rows ...Tier) Agreement {
		return single(Commitment{Scope: Scope{Levels: []Level{{By: "region", Pooled: true}}}, Promise: "exactly 100%", Credits: rows})
	}
	always := func(r Tier) Agreement { return row("at least 99%", r) }
	gap := func(promise Range, g Gap, texts ...string) Agreement {
		return single(Commitment{Promise: promise, Credits: rows(texts...), Gap: g})
	}
	capped := func(b ...Cap) Agreement { return single(Commitment{AtMost: b}) }
	based := func(b Base) Agreement { return single(Commitment{Base: b, Credits: []Tier{{Give: "1x"}}}) }
	grouped := func(groups ...[]string) Agreement {
		a := Agreement{Name: "x"}
		for i, g := range groups {
			a.Commitments = append(a.Commitments, Commitment{Name: fmt.Sprint(i), Promise: "exactly 100%", OneOf: g})
		}
		return a
	}
	for _, tt := range []struct {
		name string
		a    Agreement
		want []string
	}{
		{"promise of a length kept above it", row("at least 1h"), []string{`promise: "at least 1h" is broken where less is down; want "at most" or "below"`}},
		{"promise of a length between", row("over 1h, below 2h"), []string{`promise: "over 1h, below 2h" is broken where less is down; want "at most" or "below"`}},
		{"promise of any length", row("at least 0s"), []string{`promise: "at least 0s" cannot be broken`}},
		{"promise of less than no time", row("below 0s"), []string{`promise: "below 0s" holds for nothing`}},
		{"promise of a percentage without its sign", row("at least 99"), []string{`promise: "at least 99" does not say of what; write for example "at least 99%"`}},
		{"promise of a percentage with a point without its sign", row("at least 99.9"), []string{`promise: "at least 99.9" does not say of what; write for example "at least 99.9%"`}},
		{"promise of half an outage", row("at most 0.5 outages"), []string{`promise: "0.5 outages" is not a whole number; want a number such as 2 outages`}},
		{"promise of a sum", row("at most 20USD"), []string{`promise: "20USD" is not one number with one unit (%, s, m, h or d); want a percentage such as 99.95%`}},
		{"promise in months", row("at most 1mo"), []string{`promise: "1mo" is not one number with one unit (%, s, m, h or d); want a percentage such as 99.95%`}},
		{"promise of between two outages", row("at most 1 outage, over 0 outages"), []string{`promise: "at most 1 outage, over 0 outages" is broken where there are fewer outages; want "at most" or "below"`}},
		{"row between two numbers", row("at most 1 outage", rows("over 1 outage, below 2 outages", "5%")...), []string{`credits[0].when: "over 1 outage, below 2 outages" holds for nothing`}},
		{"overlap of counts", row("at most 1 outage", rows("over 1 outage, at most 5 outages", "5%", "at least 3 outages", "10%")...), []string{`credits[1].when: overlaps the row before it from 3 to 5 outages`}},
		{"counts that end", row("at most 1 outage", rows("over 1 outage, at most 5 outages", "5%")...), []string{`credits[0].when: a hole: no row holds from 6 outages on`}},
		{"too many outages", row("at most 1000000001 outages"), []string{`promise: "1000000001 outages" is too large`}},

		{"row of another unit than the promise", row("at most 1h", rows("below 99%", "5%")...), []string{`credits[0].when: "99%" is not a length of time such as 30m`}},
		{"row of a count under a length", row("at most 1h", rows("over 1", "5%")...), []string{`credits[0].when: "over 1" does not say of what; write for example "over 1m"`}},
		{"row of a length under a count", row("at most 1 outage", rows("over 1h", "5%")...), []string{`credits[0].when: "1h" is not a number such as 2 outages`}},
		{"row of a length the wrong way", row("at most 1h", rows("at most 1h", "5%")...), []string{
			`credits[0].when: holds from 0s to 1h, where the promise is kept`,
			`credits[0].when: a hole: no row holds over 1h`,
		}},
		{"hole under a promise in time", row("at most 1h", rows("over 2h", "5%")...), []string{`credits[0].when: a hole: nothing is given over 1h to 2h, though the promise is broken`}},
		{"hole at exactly 4 hours", row("at most 1h", rows("over 1h, below 4h", "5%", "over 4h", "10%")...), []string{`credits[1].when: a hole: no row holds at exactly 4h`}},
		{"overlap at exactly 4 hours", row("at most 1h", rows("over 1h, at most 4h", "5%", "at least 4h", "10%")...), []string{`credits[1].when: overlaps the row before it at exactly 4h`}},
		{"table in time that ends", row("at most 1h", rows("over 1h, below 4h", "5%", "at least 4h, below 8h", "10%")...), []string{`credits[1].when: a hole: no row holds from 8h on`}},
		{"table in time from severe to mild", row("at most 1h", rows("over 4h", "10%", "over 1h", "5%")...), []string{`credits[1].when: milder than the row before; rows go from mild to severe`}},
		{"nested row among banded ones in time", row("at most 1h", rows("over 1h", "10%", "over 2h, below 3h", "15%", "at least 3h", "20%")...), []string{
			`credits[0].when: has no upper bound, as other rows have; give all one bound, or all but the last two`,
		}},
		{"hole over several counts", row("at most 11 outages", rows("over 14 outages", "5%")...), []string{`credits[0].when: a hole: nothing is given from 12 to 14 outages, though the promise is broken`}},
		{"hole over the counts from none", row("exactly 0 outages", rows("at least 3 outages", "5%")...), []string{`credits[0].when: a hole: nothing is given from 1 to 2 outages, though the promise is broken`}},
		{"hole between counts", row("at most 1 outage", rows("at least 2 outages, at most 3 outages", "5%", "over 4 outages", "10%")...), []string{`credits[1].when: a hole: no row holds at exactly 4 outages`}},
		{"counts give less", row("at most 1 outage", rows("over 1 outage", "10%", "over 4 outages", "5%")...), []string{`credits[1].when: gives less than the row before, for more downtime`}},

		{"gap of another word", gap("at least 99%", "better", "below 98%", "10%"), []string{`gap: "better" is none of milder, severer`}},
		{"gap without one", gap("at least 99%", Milder, "below 99%", "10%"), []string{`gap: says nothing; the rows leave no hole and do not overlap`}},
		{"gap after the worst row", gap("at least 99%", Severer, "at least 95%, below 99%", "10%"), []string{
			`credits[0].when: a hole: no row holds from 0% to below 95%`, `gap: says nothing; the rows leave no hole and do not overlap`,
		}},
		{"gap does not make a row pay always", gap("at least 99%", Severer, "at least 98%", "10%"), []string{
			`credits[0].when: holds from 99% to 100%, where the promise is kept`,
			`credits[0].when: a hole: no row holds from 0% to below 98%`, `gap: says nothing; the rows leave no hole and do not overlap`,
		}},
		{"row where the promise is kept alone", gap("at least 99%", Severer, "at least 99.5%, at most 99.9%", "10%", "below 99%", "20%"), []string{
			`credits[0].when: holds from 99.5% to 99.9% alone, where the promise is kept`,
		}},
		{"price of the downtime of a pool", pool(Tier{Give: "1x"}), []string{
			`credits[0].give: is time of service for downtime, and the downtime of a pool is that of all its members, priced by the fee of all; give a percentage for each step, such as "5%", or leave out the pool`,
		}},
		{"hours for the hours of a pool", pool(Tier{Give: "5%", Plus: "1h", Per: "full 1h"}), []string{
			`credits[0].give: is time of service for downtime, and the downtime of a pool is that of all its members, priced by the fee of all; give a percentage for each step, such as "5%", or leave out the pool`,
		}},
		{"row from exactly the promise on", gap("at least 99%", Severer, "at least 99%, at most 99.9%", "10%", "below 99%", "20%"), []string{
			`credits[0].when: holds from 99% to 99.9% alone, where the promise is kept`, `gap: says nothing; the rows leave no hole and do not overlap`,
		}},
		{"row where the promise is kept, and no gap", row("at least 99%", rows("at least 99.5%, at most 99.9%", "10%", "below 99%", "20%")...), []string{
			`credits[0].when: holds from 99.5% to 99.9%, where the promise is kept`,
			`credits[1].when: a hole: no row holds from 99% to below 99.5%`,
		}},
		{"overlap of a whole row", gap("at least 99%", Severer, "at least 98%, below 99%", "10%", "below 99%", "20%"), []string{
			`credits[1].when: overlaps the whole of the row before it, which would never give`,
		}},

		{"give as a fraction", always(Tier{Give: "1/2"}), []string{`credits[0].give: "1/2" is not one number with one unit (%, s, m, h, d, mo, x or a currency); ` + gift}},
		{"give of a currency that is none", always(Tier{Give: "20ABC"}), []string{`credits[0].give: "20ABC" is not one number with one unit (%, s, m, h, d, mo, x or a currency); ` + gift}},
		{"give in gold", always(Tier{Give: "1XAU"}), []string{`credits[0].give: "1XAU" is not one number with one unit (%, s, m, h, d, mo, x or a currency); ` + gift}},
		{"give in small letters", always(Tier{Give: "1usd"}), []string{`credits[0].give: "1usd" is spelled otherwise here; write "1USD"`}},
		{"give a tenth of a cent", always(Tier{Give: "0.001USD"}), []string{`credits[0].give: "0.001USD" has more than the 2 decimal places of USD`}},
		{"give tenths of yen", always(Tier{Give: "1.0JPY"}), []string{`credits[0].give: "1.0JPY" has more than the 0 decimal places of JPY`}},
		{"give a sum for each amp", always(Tier{Give: "20USD/amp"}), []string{`credits[0].give: "20USD/amp" is not one number with one unit (%, s, m, h, d, mo, x or a currency); ` + gift}},
		{"give far too much", always(Tier{Give: "9999999999999999999x"}), []string{`credits[0].give: "9999999999999999999x" is too large`}},
		{"plus nothing", always(Tier{Give: "1%", Plus: "0%"}), []string{`credits[0].plus: adds nothing`}},
		{"plus without unit", always(Tier{Give: "1%", Plus: "3"}), []string{`credits[0].plus: "3" lacks a unit; ` + gift}},
		{"plus in another currency", always(Tier{Give: "1USD", Plus: "1EUR"}), []string{`credits[0].plus: in another currency than what is given, USD`}},
		{"multiple per step", always(Tier{Give: "50x", Per: "full 1h"}), []string{`credits[0].per: a multiple of the price grows with the downtime already; give the time of a step, such as "1h"`}},
		{"steps of availability under a length", row("at most 1h", Tier{Give: "1%", Per: "full 0.1%"}), []string{`credits[0].per: steps of availability, under a promise that is a length of time such as 30m`}},
		{"steps of half an outage", always(Tier{Give: "1%", Per: "full 0.5"}), []string{`credits[0].per: "full 0.5" does not say of what; write for example "full 0.5%" or "full 0.5m"`}},
		{"steps of no outage", always(Tier{Give: "1%", Per: "full 0 outages"}), []string{`credits[0].per: "full 0 outages" is a step of no length`}},
		{"beyond without steps", always(Tier{Give: "1%", Beyond: true}), []string{`credits[0].beyond: says nothing; the row counts no steps`}},
		{"beyond nothing", row("exactly 100%", Tier{Give: "1%", Per: "full 1h", Beyond: true}), []string{`credits[0].beyond: says nothing; the row starts where nothing is down`}},
		{"beyond no time", row("exactly 0s", Tier{Give: "1x", Beyond: true}), []string{`credits[0].beyond: says nothing; the row starts where nothing is down`}},
		{"outages beyond an availability", always(Tier{Give: "1%", Per: "full 1 outage", Beyond: true}), []string{
			`credits[0].beyond: the row starts at a percentage such as 99.95%, and what it counts is a number such as 2 outages`,
		}},
		{"time beyond a count", row("at most 1 outage", Tier{Give: "1x", Beyond: true}), []string{
			`credits[0].beyond: the row starts at a number such as 2 outages, and what it counts is a length of time such as 30m`,
		}},

		{"cap per outage", capped("100% per outage"), []string{`atMost[0]: "100% per outage": nothing here is measured per outage`}},
		{"cap per year", capped("100% per 1y"), []string{`atMost[0]: "100% per 1y" holds per billing period as it stands, or "per outage", or per calendar months as in "per 12mo", up to 1200`}},
		{"cap per no month", capped("100% per 0mo"), []string{`atMost[0]: "100% per 0mo" holds per billing period as it stands, or "per outage", or per calendar months as in "per 12mo", up to 1200`}},
		{"cap per month with a sign", capped("100% per +1mo"), []string{`atMost[0]: "100% per +1mo" holds per billing period as it stands, or "per outage", or per calendar months as in "per 12mo", up to 1200`}},
		{"cap in multiples", capped("2x"), []string{`atMost[0]: "2x" is not one number with one unit (%, s, m, h, d, mo or a currency); want a limit such as 100%, 4d or 100USD`}},
		{"overall cap per outage", Agreement{Name: "x", AtMost: []Cap{"1USD per outage"}}, []string{`atMost[0]: "1USD per outage": nothing here is measured per outage`}},

		{"above a percentage", Agreement{Name: "x", Above: "1%"}, []string{`above: "1%" is not a sum such as 20USD`}},
		{"above without currency", Agreement{Name: "x", Above: "1"}, []string{`above: "1" lacks a unit; want a sum such as 20USD`}},
		{"above nothing", Agreement{Name: "x", Above: "0USD"}, []string{`above: says nothing; a credit of nothing is never issued`}},

		{"base with both", based(Base{Only: []string{"hourly"}, Without: []string{"one-time"}}), []string{`base.without: only says which charges count already`}},
		{"base of nothing", based(Base{Only: []string{"hourly", "", "hourly"}}), []string{`base.only[1]: empty`, `base.only[2]: "hourly" comes twice`}},
		{"base of two lines", based(Base{Of: "a\nb", Without: []string{"c\td"}}), []string{`base.of: "a\nb" has a control character`, `base.without[0]: "c\td" has a control character`}},
		{"base of no time", based(Base{Length: "0d"}), []string{`base.length: no time at all`}},
		{"base of a month of no length", based(Base{Length: "1mo"}), []string{`base.length: "1mo" is not one number with one unit (%, s, m, h or d); want a length of time such as 30m`}},
		{"base with a length for nothing", single(Commitment{Base: Base{Length: "30d"}, Credits: []Tier{{Give: "10%"}}}), []string{`base.length: says nothing; no time of service is priced here`}},

		{"base by nothing", based(Base{By: []string{"region", "", "region"}}), []string{`base.by[1]: empty`, `base.by[2]: "region" comes twice`}},
		{"base of an unknown time", based(Base{Window: "1mo before"}), []string{`base.window: "1mo before" is not measured, billed, 1cycle before, 1cycle after, or up to 3660 days such as 30d trailing or 30d before outage`}},
		{"base of two cycles", based(Base{Window: "2cycles before"}), []string{`base.window: "2cycles before" is not measured, billed, 1cycle before, 1cycle after, or up to 3660 days such as 30d trailing or 30d before outage`}},
		{"base of no days", based(Base{Window: "0d trailing"}), []string{`base.window: "0d trailing" is not measured, billed, 1cycle before, 1cycle after, or up to 3660 days such as 30d trailing or 30d before outage`}},
		{"base of too many days", based(Base{Window: "3661d trailing"}), []string{`base.window: "3661d trailing" is not measured, billed, 1cycle before, 1cycle after, or up to 3660 days such as 30d trailing or 30d before outage`}},
		{"base before no outage", based(Base{Window: "30d before outage"}), []string{`base.window: nothing here is measured per outage`}},

		{"group of one", grouped([]string{"a"}, []string{"b", "c"}, []string{"c"}), []string{
			`commitments[0].oneOf[0]: "a" is a group of this commitment alone`, `commitments[1].oneOf[0]: "b" is a group of this commitment alone`,
		}},
		{"group twice", grouped([]string{"a", "a", ""}, []string{"a"}), []string{`commitments[0].oneOf[1]: "a" comes twice`, `commitments[0].oneOf[2]: empty`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			terms, err := tt.a.Compile()
			assert.Nil(t, terms)
			for i, want := range tt.want {
				if !strings.HasPrefix(want, "commitments[") && len(tt.a.Commitments) > 0 {
					tt.want[i] = "commitments[0]." + want
				}
			}
			requireFaults(t, tt.a, err, tt.want)
		})
	}
}

// downs returns outages of the given lengths in may2014, an hour or more apart.
func downs(t testing.TB, lengths ...time.Duration) outage.Timeline {
	start := at("2014-05-02T00:00:00Z")
	var all []outage.Record
	for i, l := range lengths {
		all = append(all, outage.Outage{ID: fmt.Sprint("o", i), Resource: "vm", Start: start, End: start.Add(l)})
		start = start.Add(l + hour)
	}
	return records(t, all...)
}

// Each shape of remedy, by the contract that shows it.
func TestRemedies(t *testing.T) {
	tail := []Tier{{When: "at least 99%, below 99.9%", Give: "10%"}, {When: "at least 98%, below 99%", Give: "25%"}, {When: "below 98%", Give: "2.5%", Per: "exact 1%", Beyond: true, Plus: "25%"}}
	for _, tt := range []struct {
		name    string
		promise Range
		rows    []Tier
		down    []time.Duration
		row     int // −1: none
		steps   int64
		gives   string
	}{
		{"Joyent, full", "exactly 100%", []Tier{{Give: "5%", Per: "full 30m"}}, []time.Duration{149 * minute}, 0, 4, "20%"},
		{"Joyent, started", "exactly 100%", []Tier{{Give: "5%", Per: "started 30m"}}, []time.Duration{149 * minute}, 0, 5, "25%"},
		{"to the nearest half hour, below half", "exactly 100%", []Tier{{Give: "5%", Per: "nearest 30m"}}, []time.Duration{15*minute - 1}, 0, 0, "nothing"},
		{"to the nearest half hour, half", "exactly 100%", []Tier{{Give: "5%", Per: "nearest 30m"}}, []time.Duration{15 * minute}, 0, 1, "5%"},
		{"to the nearest half hour, 149 min", "exactly 100%", []Tier{{Give: "5%", Per: "nearest 30m"}}, []time.Duration{149 * minute}, 0, 5, "25%"},
		{"of an odd step, below half", "exactly 100%", []Tier{{Give: "5%", Per: "nearest 0.000000003s"}}, []time.Duration{1}, 0, 0, "nothing"},
		{"of an odd step, over half", "exactly 100%", []Tier{{Give: "5%", Per: "nearest 0.000000003s"}}, []time.Duration{2}, 0, 1, "5%"},
		{"exactly pro rata", "exactly 100%", []Tier{{Give: "5%", Per: "exact 30m"}}, []time.Duration{149 * minute}, 0, 4, "149/6%"},
		{"Vultr: a table of hours", "exactly 0s", rows("over 0s", "4h", "at least 30m", "24h", "at least 2h", "120h"), []time.Duration{149 * minute}, 2, 1, "120h of service"},
		{"Vultr, 20 min", "exactly 0s", rows("over 0s", "4h", "at least 30m", "24h", "at least 2h", "120h"), []time.Duration{20 * minute}, 0, 1, "4h of service"},
		{"Lumen: cumulative minutes, banded", "exactly 0s", rows("over 0s, below 30m", "10%", "at least 30m, below 1h", "20%", "at least 1h", "100%"), []time.Duration{20 * minute, 12 * minute}, 1, 1, "20%"},
		{"tw telecom: a table in minutes", "below 5m", rows("at least 5m, below 4h", "5%", "at least 4h", "10%"), []time.Duration{149 * minute}, 0, 1, "5%"},
		{"UpCloud: 50 times the price", "exactly 100%", []Tier{{Give: "50x"}}, []time.Duration{149 * minute}, 0, 1, "124h10m of service"},
		{"GoGrid: 100 times", "exactly 100%", []Tier{{Give: "100x"}}, []time.Duration{7 * hour}, 0, 1, "700h of service"},
		{"a thousand times, beyond any Duration", "exactly 100%", []Tier{{Give: "1000000x"}}, []time.Duration{700 * hour}, 0, 1, "2520000000000s of service"},
		{"one and a half times a nanosecond", "exactly 100%", []Tier{{Give: "1.5x"}}, []time.Duration{1}, 0, 1, "0.0000000015s of service"},
		{"only the excess", "at most 1h", []Tier{{Give: "10x", Beyond: true}}, []time.Duration{149 * minute}, 0, 1, "14h50m of service"},
		{"all of it, once the allowance is passed", "at most 1h", []Tier{{Give: "10x"}}, []time.Duration{149 * minute}, 0, 1, "24h50m of service"},
		{"the excess over a percentage", "at least 99.9%", []Tier{{Give: "1x", Beyond: true}}, []time.Duration{hour}, 0, 1, "15m21.6s of service"},
		{"OVH: half a percent a minute", "exactly 100%", []Tier{{Give: "0.5%", Per: "full 1m"}}, []time.Duration{149 * minute}, 0, 149, "74.5%"},
		{"DreamHost: a day per started hour", "exactly 100%", []Tier{{Give: "1d", Per: "started 60m"}}, []time.Duration{149 * minute}, 0, 3, "72h of service"},
		{"a month of service", "exactly 100%", []Tier{{Give: "1mo"}}, []time.Duration{minute}, 0, 1, "100%"},
		{"Element Critical", "exactly 100%", []Tier{{Give: "3%", Per: "full 60m", Plus: "3%"}}, []time.Duration{149 * minute}, 0, 2, "9%"},
		{"Rackspace: beyond an hour", "at most 1h", []Tier{{When: "over 1h", Give: "5%", Per: "full 1h", Beyond: true}}, []time.Duration{3*hour - 1}, 0, 1, "5%"},
		{"Rackspace: just two hours beyond", "at most 1h", []Tier{{When: "over 1h", Give: "5%", Per: "full 1h", Beyond: true}}, []time.Duration{3 * hour}, 0, 2, "10%"},
		{"started beyond an allowance that is no whole nanosecond", "at least 99.99999999999%", []Tier{{Give: "1%", Per: "started 1s", Beyond: true}}, []time.Duration{268}, 0, 1, "1%"},
		{"B20: on a step", "at least 99.9%", []Tier{{Give: "1%", Per: "started 0.1%", Beyond: true}}, []time.Duration{8035200 * time.Millisecond}, 0, 2, "2%"},
		{"B20: over a step", "at least 99.9%", []Tier{{Give: "1%", Per: "started 0.1%", Beyond: true}}, []time.Duration{8035200*time.Millisecond + 1}, 0, 3, "3%"},
		{"availability lost from the first point", "at least 99.9%", []Tier{{Give: "1%", Per: "full 0.1%"}}, []time.Duration{8035200 * time.Millisecond}, 0, 3, "3%"},
		{"a table with a linear tail, in the table", "at least 99.9%", tail, []time.Duration{10 * hour}, 1, 1, "25%"},
		{"a table with a linear tail, in the tail", "at least 99.9%", tail, []time.Duration{31 * hour}, 2, 2, "365/12%"}, // 25 + 2.5 × (4.1666… − 2)
		{"a sum", "exactly 100%", []Tier{{Give: "20USD"}}, []time.Duration{minute}, 0, 1, "20USD"},
		{"a sum of thousandths", "exactly 100%", []Tier{{Give: "1.005KWD", Per: "full 1m"}}, []time.Duration{3 * minute}, 0, 3, "3.015KWD"},
		{"a part of a sum", "exactly 100%", []Tier{{Give: "20USD", Per: "exact 1h"}}, []time.Duration{20 * minute}, 0, 0, "20/3USD"},
		{"a sum per outage, and a share", "exactly 100%", []Tier{{Give: "20USD", Per: "full 1 outage", Plus: "3%"}}, []time.Duration{minute, minute, minute}, 0, 3, "3% and 60USD"},
		{"three kinds at once need two rows; two do", "exactly 100%", []Tier{{Give: "1d", Plus: "1x"}}, []time.Duration{hour}, 0, 1, "25h of service"},
		{"outages beyond the allowed", "at most 2 outages", []Tier{{Give: "5%", Per: "full 1 outage", Beyond: true}}, []time.Duration{minute, minute, minute, minute, minute}, 0, 3, "15%"},
		{"outages in a table", "at most 1 outage", rows("exactly 2 outages", "5%", "at least 3 outages", "10%"), []time.Duration{minute, minute}, 0, 1, "5%"},
		{"outages in a nested table", "at most 1 outage", rows("over 1 outage", "5%", "over 2 outages", "10%"), []time.Duration{minute, minute, minute}, 1, 1, "10%"},
		{"as many outages as allowed", "at most 2 outages", []Tier{{Give: "5%"}}, []time.Duration{hour, hour}, -1, 0, "nothing"},
		{"as long as allowed", "at most 1h", []Tier{{Give: "5%"}}, []time.Duration{hour}, -1, 0, "nothing"},
		{"a nanosecond longer", "at most 1h", []Tier{{Give: "5%"}}, []time.Duration{hour + 1}, 0, 1, "5%"},
		{"a nanosecond short of too long", "below 1h", []Tier{{Give: "5%"}}, []time.Duration{hour - 1}, -1, 0, "nothing"},
		{"just too long", "below 1h", []Tier{{Give: "5%"}}, []time.Duration{hour}, 0, 1, "5%"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := find(t, Commitment{Promise: tt.promise, Credits: tt.rows}, downs(t, tt.down...), may2014)
			clause := ""
			if tt.row >= 0 {
				clause = fmt.Sprint("/commitments/0/credits/", tt.row)
			}
			assert.Equal(t, clause, f.Entitlement.Clause)
			assert.Equal(t, tt.steps, f.Entitlement.Steps)
			assert.Equal(t, tt.gives, f.Entitlement.String())
			assert.Equal(t, tt.row >= 0, f.Outcome == Missed)
			assert.True(t, f.Decided())

			data, err := json.Marshal(Verdict{Agreement: "x", Resource: "vm", Period: may2014, Findings: []Finding{f}})
			require.NoError(t, err)
			var read Verdict
			require.NoError(t, json.Unmarshal(data, &read), string(data))
			again, err := json.Marshal(read)
			require.NoError(t, err)
			assert.Equal(t, string(data), string(again))
			assert.True(t, f.Entitlement.Equal(read.Findings[0].Entitlement.Remedy))
		})
	}
}

// A value in a hole, or in two rows, goes to the neighbour that the agreement
// names.
func TestGap(t *testing.T) {
	github := rows("over 99.0%, at most 99.9%", "10%", "below 99.0%", "25%")
	overlapping := rows("at least 98.0%, below 99.9%", "10%", "below 99.0%", "25%")
	below := rows("below 99.0%", "10%")
	open := rows("at least 99.0%, below 99.9%", "10%")
	hours := rows("over 1h, below 4h", "5%", "over 4h", "10%")
	share := func(percent float64) time.Duration {
		return time.Duration((100 - percent) * 26784 * float64(time.Second))
	}
	for _, tt := range []struct {
		name            string
		promise         Range
		rows            []Tier
		down            time.Duration
		milder, severer string // "": does not compile
	}{
		{"GitHub at exactly 99.0", "at least 99.9%", github, share(99), "10%", "25%"},
		{"GitHub at exactly 99.9, which is promised", "at least 99.9%", github, 26784 * time.Second / 10, "nothing", "10%"},
		{"GitHub just below 99.0", "at least 99.9%", github, share(99) + 1, "25%", "25%"},
		{"GitHub just above 99.0", "at least 99.9%", github, share(99) - 1, "10%", "10%"},
		{"in two rows", "at least 99.9%", overlapping, share(98.5), "10%", "25%"},
		{"in the first of two", "at least 99.9%", overlapping, share(99), "10%", "10%"},
		{"in the second of two", "at least 99.9%", overlapping, share(98) + 1, "25%", "25%"},
		{"under the promise", "at least 99.9%", below, share(99.5), "nothing", "10%"},
		{"worse than the last row", "at least 99.9%", open, share(50), "10%", ""},
		{"at exactly 4 hours", "at most 1h", hours, 4 * hour, "5%", "10%"},
	} {
		for gap, want := range map[Gap]string{Milder: tt.milder, Severer: tt.severer} {
			c := Commitment{Promise: tt.promise, Credits: tt.rows, Gap: gap}
			if want == "" {
				_, err := single(c).Compile()
				assert.Error(t, err, tt.name)
				continue
			}
			assert.Equal(t, want, find(t, c, downs(t, tt.down), may2014).Entitlement.String(), "%s, %s", tt.name, gap)
		}
	}
}

// No more than 100 points of availability are lost, however much more was down
// than due.
func TestNoMoreThanAllOfTheAvailabilityIsLost(t *testing.T) {
	down := func(hours int) outage.Timeline {
		return records(t, dark("o", "2014-05-01T00:00:00Z", time.Duration(hours)*hour))
	}
	for _, tt := range []struct {
		row   Tier
		hours int
		gives string
	}{
		{Tier{Give: "1%", Per: "started 1%"}, 744, "100%"}, // of 30 days, and May has 31
		{Tier{Give: "1%", Per: "started 1%"}, 720, "100%"},
		{Tier{Give: "1%", Per: "started 1%"}, 719, "100%"},
		{Tier{Give: "1%", Per: "started 1%"}, 712, "99%"},
		{Tier{Give: "1%", Per: "full 1%"}, 744, "100%"},
		{Tier{Give: "1%", Per: "nearest 1%"}, 744, "100%"},
		{Tier{Give: "1%", Per: "exact 1%"}, 744, "100%"},
		{Tier{Give: "1%", Per: "started 30%"}, 744, "4%"},
		{Tier{Give: "1%", Per: "full 1%", Beyond: true}, 744, "99%"},
		{Tier{Give: "1%", Per: "full 0.1%", Plus: "7%"}, 744, "1007%"},
		{Tier{Give: "1h", Per: "full 1h"}, 744, "744h of service"}, // of downtime, which counts as it was
		{Tier{Give: "1x"}, 744, "744h of service"},
	} {
		c := Commitment{Promise: "at least 99%", Calculation: Calculation{Length: "30d"}, Credits: []Tier{tt.row}}
		assert.Equal(t, tt.gives, find(t, c, down(tt.hours), may2014).Entitlement.String(), "%v, %d h", tt.row, tt.hours)
	}
	weighted := Commitment{
		Promise: "at least 99%", Calculation: Calculation{Length: "20d"}, Downtime: Downtime{Weighted: true}, Credits: []Tier{{Give: "1%", Per: "started 1%"}},
	}
	o := dark("o", "2014-05-01T00:00:00Z", 744*hour)
	o.ServedPercent = decimal.New(333, -1) // 66.7 % of 31 days are down, of 20
	assert.Equal(t, "100%", find(t, weighted, records(t, o), may2014).Entitlement.String())
}

// Beyond counts from the bound that the row writes, and not from where a gap
// makes it begin; what lies between counts for nothing.
func TestBeyondCountsFromTheBoundOfTheRow(t *testing.T) {
	tail := func(when Range, row Tier) []Tier {
		row.When, row.Beyond = when, true
		return []Tier{{When: "at least 99%, below 99.9%", Give: "10%"}, row}
	}
	points := Tier{Give: "2.5%", Per: "full 1%", Plus: "25%"}
	for _, tt := range []struct {
		name    string
		promise Range
		rows    []Tier
		gap     Gap
		down    time.Duration // of 744 h
		gives   string
	}{
		{"in the hole", "at least 99.9%", tail("below 98%", points), Severer, 11 * hour, "25%"},
		{"at the bound", "at least 99.9%", tail("below 98%", points), Severer, 744 * hour / 50, "25%"},
		{"a point beyond it, and two from the neighbour", "at least 99.9%", tail("below 98%", points), Severer, 744 * 3 * hour / 100, "27.5%"},
		{"less than a point beyond it", "at least 99.9%", tail("below 98%", points), Severer, 744*3*hour/100 - 1, "25%"},
		{"in the hole, of the milder", "at least 99.9%", tail("below 98%", points), Milder, 11 * hour, "10%"},
		{"a point beyond, after a hole of the milder", "at least 99.9%", tail("below 98%", points), Milder, 744 * 3 * hour / 100, "27.5%"},
		{
			"an overlap of the milder counts from where the row is written", "at least 99.9%",
			[]Tier{{When: "at least 98%, below 99.9%", Give: "10%"}, {When: "below 99%", Give: "2.5%", Per: "full 1%", Beyond: true, Plus: "25%"}},
			Milder, 744 * 3 * hour / 100, "30%",
		},
		{"time in the hole", "at most 1h", []Tier{{When: "over 1h, at most 2h", Give: "1%"}, {When: "over 4h", Give: "1%", Per: "started 1h", Beyond: true, Plus: "5%"}}, Severer, 3 * hour, "5%"},
		{"time beyond", "at most 1h", []Tier{{When: "over 1h, at most 2h", Give: "1%"}, {When: "over 4h", Give: "1%", Per: "started 1h", Beyond: true, Plus: "5%"}}, Severer, 5 * hour, "6%"},
		{"a multiple in the hole", "at most 1h", []Tier{{When: "over 1h, at most 2h", Give: "1x"}, {When: "over 4h", Give: "10x", Beyond: true, Plus: "5%"}}, Severer, 3 * hour, "5%"},
		{"a multiple beyond", "at most 1h", []Tier{{When: "over 1h, at most 2h", Give: "1x"}, {When: "over 4h", Give: "10x", Beyond: true, Plus: "5%"}}, Severer, 5 * hour, "5% and 10h of service"},
		{"a promise that is broken before the row", "at least 99.9%", []Tier{{When: "below 99%", Give: "1%", Per: "full 1%", Beyond: true, Plus: "5%"}}, Severer, 744 * hour / 200, "5%"},
		{"and in the row", "at least 99.9%", []Tier{{When: "below 99%", Give: "1%", Per: "full 1%", Beyond: true, Plus: "5%"}}, Severer, 744 * hour / 50, "6%"},
	} {
		c := Commitment{Promise: tt.promise, Credits: tt.rows, Gap: tt.gap}
		assert.Equal(t, tt.gives, find(t, c, downs(t, tt.down), may2014).Entitlement.String(), tt.name)
	}
}

// Where the availability is rounded, the rounded one chooses the row, and steps
// and multiples count on the exact one, from the exact value at which the row
// begins.
func TestRoundingChoosesTheRowAndStepsCountExactly(t *testing.T) {
	for _, tt := range []struct {
		round, per Step
		give       Quantity
		beyond     bool
		promille   int64 // of an hundredth of a percent down
		gives      string
	}{
		{"nearest 0.1%", "exact 0.01%", "1%", false, 15000, "nothing"}, // 99.85 % is 99.9 %
		{"nearest 0.1%", "exact 0.01%", "1%", false, 16000, "16%"},     // 99.84 % is 99.8 %, and 0.16 points are lost
		{"nearest 0.1%", "exact 0.01%", "1%", true, 16000, "1%"},       // beyond 99.85 %, not 99.9 %
		{"nearest 0.1%", "full 0.01%", "1%", true, 16999, "1%"},
		{"full 0.1%", "exact 0.01%", "1%", true, 10100, "0.1%"},        // 99.899 % is 99.8 %, and the row begins at 99.9 %
		{"started 0.1%", "exact 0.01%", "1%", true, 19000, "nothing"},  // 99.81 % is 99.9 %
		{"started 0.1%", "exact 0.01%", "1%", true, 20500, "0.5%"},     // the row begins at 99.8 %
		{"nearest 0.1%", "", "1x", true, 16000, "4m27.84s of service"}, // a hundredth of a percent of 744 h
	} {
		c := Commitment{Promise: "at least 99.9%", Calculation: Calculation{Round: tt.round}, Credits: []Tier{{Give: tt.give, Per: tt.per, Beyond: tt.beyond}}}
		down := time.Duration(tt.promille) * (744 * hour / 100 / 100 / 1000)
		assert.Equal(t, tt.gives, find(t, c, downs(t, down), may2014).Entitlement.String(), tt)
	}
}

// What is allowed, to spare and next is a time under a promise in time, and a
// number under one that counts.
func TestOtherUnits(t *testing.T) {
	timed := Commitment{Promise: "at most 1h", Credits: rows("over 1h", "5%", "at least 4h", "10%")}
	f := find(t, timed, downs(t, 20*minute), may2014)
	assert.Equal(t, "met: 20m down, 1h allowed, 40m to spare", f.String())
	assert.Equal(t, NextTier{Clause: "/commitments/0/credits/0", Margin: 40 * minute}, f.Next)
	assert.Equal(t, "1h allowed, 20m consumed, 40m remaining (66.66%)", f.ErrorBudget().String())
	f = find(t, timed, downs(t, 90*minute), may2014)
	assert.Equal(t, "missed: 1h30m down, 1h allowed, 30m over", f.String())
	assert.Equal(t, NextTier{Clause: "/commitments/0/credits/1", Margin: 150*minute - 1}, f.Next)
	f = find(t, Commitment{Promise: "exactly 0s"}, downs(t), may2014)
	_, err := f.ErrorBudget().RemainingPercent(2)
	assert.EqualError(t, err, "sla: error budget: the promise allows no downtime, so no percentage of it is defined")

	counting := Commitment{Promise: "at most 2 outages", Credits: rows("over 2 outages", "5%", "at least 5 outages", "10%")}
	f = find(t, counting, downs(t, minute), may2014)
	assert.Equal(t, "met: 1 outage, 2 allowed, 1 to spare", f.String())
	assert.Equal(t, NextTier{Clause: "/commitments/0/credits/0", Count: 1}, f.Next)
	assert.Equal(t, []any{2, 1, time.Duration(0), time.Duration(0)}, []any{f.AllowedCount, f.CountMargin(), f.Allowed, f.Margin()})
	f = find(t, counting, downs(t, minute, minute, minute), may2014)
	assert.Equal(t, "missed: 3 outages, 2 allowed, 1 over", f.String())
	assert.Equal(t, NextTier{Clause: "/commitments/0/credits/1", Count: 1}, f.Next)
	_, err = f.ErrorBudget().RemainingPercent(2)
	assert.Error(t, err)
}

// A count is not settled while unknown time would count.
func TestUndecidedCounts(t *testing.T) {
	c := Commitment{Promise: "at most 1 outage", Credits: []Tier{{Give: "5%", Per: "full 1 outage"}}}
	watched := []outage.Record{coverage("2014-04-30T00:00:00Z", "2014-05-10T00:00:00Z"), coverage("2014-05-10T01:00:00Z", "2014-06-02T00:00:00Z")}
	f := find(t, c, records(t, watched...), may2014)
	assert.Equal(t, Undecided, f.Outcome)
	assert.Equal(t, []string{"nothing", "nothing"}, []string{f.Entitlement.String(), f.EntitlementAtMost.String()})
	one, two := dark("a", "2014-05-12T00:00:00Z", hour), dark("b", "2014-05-13T00:00:00Z", hour)
	f = find(t, c, records(t, append(watched, one)...), may2014)
	assert.Equal(t, Undecided, f.Outcome)
	assert.Equal(t, []string{"nothing", "10%"}, []string{f.Entitlement.String(), f.EntitlementAtMost.String()})
	f = find(t, c, records(t, append(watched, one, two)...), may2014)
	assert.Equal(t, Missed, f.Outcome)
	assert.False(t, f.Decided())
	assert.Equal(t, []string{"10%", "15%"}, []string{f.Entitlement.String(), f.EntitlementAtMost.String()})
	data, err := json.Marshal(Verdict{Resource: "vm", Period: may2014, Findings: []Finding{f}})
	require.NoError(t, err)
	var v Verdict
	require.NoError(t, json.Unmarshal(data, &v))
	assert.Equal(t, f.String(), v.Findings[0].String())
	for _, tamper := range [][2]string{{`"countMargin":-1`, `"countMargin":-2`}, {`"allowedCount":1`, `"allowedCount":2`}, {`"outcome":"missed"`, `"outcome":"met"`}} {
		require.Contains(t, string(data), tamper[0])
		assert.Error(t, json.Unmarshal([]byte(strings.ReplaceAll(string(data), tamper[0], tamper[1])), &v), tamper)
	}

	timed := Commitment{Promise: "at most 30m"}
	assert.Equal(t, Undecided, find(t, timed, records(t, watched...), may2014).Outcome)
	assert.Equal(t, Met, find(t, Commitment{Promise: "at most 1h"}, records(t, watched...), may2014).Outcome)
}

// More downtime never gives less, in any unit, with any steps, as long as the
// rows themselves rise.
func TestLawMoreDowntimeGivesMore(t *testing.T) {
	worth := func(e Entitlement) *big.Rat { // priced at 1 USD for 744 h
		w := new(big.Rat).Mul(e.Percent.Rat(), big.NewRat(1, 100))
		w.Add(w, new(big.Rat).Mul(e.Service.Nanoseconds(), big.NewRat(1, int64(744*hour))))
		return w.Add(w, e.Sum.Amount())
	}
	steps := []Step{"", "full 7m", "started 7m", "nearest 7m", "exact 7m", "full 1 outage", "started 0.3%", "exact 0.7%"}
	rapid.Check(t, func(t *rapid.T) {
		c := Commitment{Promise: rapid.SampledFrom([]Range{"at least 99.9%", "over 99%", "at most 1h", "below 10m", "at most 1 outage"}).Draw(t, "promise")}
		row := Tier{
			Give: rapid.SampledFrom([]Quantity{"5%", "1h", "0.5mo", "1USD", "2.5x"}).Draw(t, "give"),
			Per:  rapid.SampledFrom(steps).Draw(t, "per"), Beyond: rapid.Bool().Draw(t, "beyond"),
			Plus: rapid.SampledFrom([]Quantity{"", "3%", "0.01USD", "1m", "1x"}).Draw(t, "plus"),
		}
		c.Credits = []Tier{row}
		terms, err := single(c).Compile()
		if err != nil {
			t.Skip(err)
		}
		base := rapid.SliceOfN(rapid.IntRange(1, 500), 1, 4).Draw(t, "minutes")
		lengths := func(add int) (all []outage.Record) {
			start := at("2014-05-02T00:00:00Z")
			for i, n := range base {
				l := time.Duration(n+add) * minute
				all = append(all, outage.Outage{ID: fmt.Sprint(i), Resource: "vm", Start: start, End: start.Add(l)})
				start = start.Add(24 * hour)
			}
			return all
		}
		give := func(add int) *big.Rat {
			v := Must(terms.Judge(Must(outage.NewTimeline(lengths(add)...)), may2014))
			return worth(v.Findings[0].Entitlement)
		}
		if less, more := give(0), give(rapid.IntRange(0, 300).Draw(t, "more")); less.Cmp(more) > 0 {
			t.Fatalf("%v for less, %v for more", less, more)
		}
	})
}

// Two agreements that say the same give the same.
func TestSameSaidTwice(t *testing.T) {
	pairs := [][2]Commitment{
		{{Promise: "exactly 100%", Credits: []Tier{{Give: "50x"}}}, {Promise: "exactly 100%", Credits: []Tier{{Give: "50s", Per: "exact 1s"}}}},
		{{Promise: "exactly 100%", Credits: []Tier{{Give: "5%", Per: "full 30m"}}}, {Promise: "exactly 0s", Credits: []Tier{{When: "over 0s", Give: "5%", Per: "full 0.5h"}}}},
		{{Promise: "at most 1h", Credits: []Tier{{Give: "5%", Per: "started 7m", Beyond: true}}}, {Promise: "at most 60m", Credits: []Tier{{When: "over 3600s", Give: "5%", Per: "started 420s", Beyond: true}}}},
		{{Promise: "at least 99.9%", Credits: []Tier{{Give: "1%", Per: "exact 0.1%"}}}, {Promise: "at least 99.9%", Credits: []Tier{{Give: "1%", Per: "exact 44.64m"}}}},
		{{Promise: "at least 99%", Credits: []Tier{{Give: "3x", Beyond: true}}}, {Promise: "at most 446.4m", Credits: []Tier{{Give: "3x", Beyond: true}}}},
		{{Promise: "exactly 100%", Credits: []Tier{{Give: "1mo"}}}, {Promise: "exactly 100%", Credits: []Tier{{Give: "100%"}}}},
		{{Promise: "exactly 100%", Credits: []Tier{{Give: "1%", Per: "full 1 outage"}}}, {Promise: "exactly 0 outages", Credits: []Tier{{Give: "1%", Per: "started 1 outage", Beyond: false}}}},
	}
	for i, pair := range pairs {
		for _, down := range []time.Duration{1, 7 * minute, 10*minute + 1, hour, hour + 1, 67 * minute, 149 * minute, 446*minute + 24*second, 9 * hour, 743 * hour / 2} {
			timeline := downs(t, down)
			one, other := find(t, pair[0], timeline, may2014), find(t, pair[1], timeline, may2014)
			assert.Equal(t, one.Entitlement.String(), other.Entitlement.String(), "pair %d, %v", i, down)
			assert.Equal(t, one.Outcome, other.Outcome, "pair %d, %v", i, down)
		}
	}
}

func TestServiceTimeText(t *testing.T) {
	for _, text := range []string{"0s", "2h29m", "124h10m", "1ns", "2520000000000s", "1/3s", "0.0000000015s"} {
		var s ServiceTime
		require.NoError(t, s.UnmarshalText([]byte(text)))
		assert.Equal(t, text, s.String())
	}
	for _, text := range []string{"", "0", "-1s", "-1/3s", "60s", "1", "1/2s", "1e9s", "2/6s", "1/0s", "s"} {
		s := ServiceTime{exact.Int(1)}
		assert.Error(t, s.UnmarshalText([]byte(text)), text)
		assert.Equal(t, "1ns", s.String())
	}
}

func TestSumText(t *testing.T) {
	for _, text := range []string{"0", "20USD", "0.5EUR", "20/3USD", "3.015KWD"} {
		var s Sum
		require.NoError(t, s.UnmarshalText([]byte(text)))
		assert.Equal(t, text, s.String())
		assert.Equal(t, text == "0", s.IsZero())
	}
	for _, text := range []string{"", "USD", "20", "0USD", "-1USD", "20usd", "20XAU", "20ABC", "1e9USD", "2/4USD", "20 USD"} {
		s := Sum{"EUR", exact.Int(1)}
		assert.Error(t, s.UnmarshalText([]byte(text)), text)
		assert.Equal(t, "1EUR", s.String())
	}
	assert.True(t, Sum{}.Equal(Sum{}))
	assert.False(t, Sum{"EUR", exact.Int(1)}.Equal(Sum{"USD", exact.Int(1)}))
}

func TestLimits(t *testing.T) {
	terms := Must(Agreement{Name: "x", AtMost: []Cap{"100%", "4d", "100USD per 12mo", "50% per 1mo", "1mo", "0%"}}.Compile())
	var texts []string
	for l := range slices.Values(terms.caps) {
		texts = append(texts, l.String())
		data, err := json.Marshal(l)
		require.NoError(t, err)
		var read Limit
		require.NoError(t, json.Unmarshal(data, &read))
		assert.True(t, l.Equal(read), string(data))
		assert.False(t, l.Equal(Limit{Clause: "/other"}))
	}
	assert.Equal(t, []string{
		"at most 100% of the fee", "at most the price of 96h of service", "at most 100USD in 12 calendar months",
		"at most 50% of the fee in a calendar month", "at most 100% of the fee", "at most 0% of the fee",
	}, texts)
	c := &compiler{}
	assert.Equal(t, "at most 100% of the fee for each outage", c.caps(path{}, []Cap{"100% per outage"}, true)[0].String())
	assert.Empty(t, c.faults)
}

func TestRemedyEnglish(t *testing.T) {
	for want, a := range map[string]Agreement{
		"Promised for each billing period: downtime of at most 1 hour. Credit if the downtime is over 1 hour: 5% of the fee for each full hour of downtime beyond 1 hour, plus 20USD once.": single(Commitment{
			Promise: "at most 1h", Credits: []Tier{{When: "over 1h", Give: "5%", Per: "full 1h", Beyond: true, Plus: "20USD"}},
		}),
		"Promised for each billing period: at most 1 outage. Credit for over 1 outage and at most 3 outages: 1 day of service; over 3 outages: 1 month of service for each outage that ended.": single(Commitment{
			Promise: "at most 1 outage", Credits: []Tier{{When: "over 1 outage, at most 3 outages", Give: "1d"}, {When: "over 3 outages", Give: "1mo", Per: "full 1 outage"}},
		}),
		"Promised for each billing period: availability of at least 99.9%. Credit if the availability is below 99%: 50 times the price of the downtime. A value in no row, or in two, belongs to the milder of its neighbouring rows. " +
			"The fee is that of the region. Charges of these kinds do not count: one-time, support. Service time is priced as if the fee paid for 30 days. The credit is at most the price of 96h of service in 12 calendar months.": single(Commitment{
			Promise: "at least 99.9%", Credits: rows("below 99%", "50x"), Gap: Milder,
			Base: Base{Of: "region", Without: []string{"one-time", "support"}, Length: "30d"}, AtMost: []Cap{"4d per 12mo"},
		}),
		"Promised for each billing period: availability of exactly 100%. Credit if the promise is broken: 5% of the fee. " +
			"The fee is the sum of all charges with the same region and account. The fee is what was charged for the billing cycle before the judged one. Required input: the resource labels account and region.": single(Commitment{
			Promise: "exactly 100%", Credits: []Tier{{Give: "5%"}}, Base: Base{By: []string{"region", "account"}, Window: "1cycle before"},
		}),
		"Promised for each outage: downtime of at most 1 hour. Credit if the downtime is over 1 hour: 50 times the price of the downtime. " +
			"The fee is what was charged for the 30 days before the outage. Service time is priced as if the fee paid for 30 days.": single(Commitment{
			Promise: "at most 1h", Calculation: Calculation{Period: "outage"}, Credits: rows("over 1h", "50x"), Base: Base{Window: "30d before outage", Length: "30d"},
		}),
		"[a] Promised for each billing period: availability of exactly 100%. Credit if the promise is broken: 2.5% of the fee for each 1% of availability lost, in proportion. Only charges of these kinds count: hourly. Of the commitments in group incident, only the one with the largest credit gives. " +
			"[b] Promised for each billing period: availability of exactly 100%. Credit if the promise is broken: 1USD. Of the commitments in group incident, only the one with the largest credit gives. Credits are issued only if they add up to more than 0.5USD.": {
			Name: "x", Above: "0.50USD", Commitments: []Commitment{
				{Name: "a", Promise: "exactly 100%", Base: Base{Only: []string{"hourly"}}, Credits: []Tier{{Give: "2.5%", Per: "exact 1%"}}, OneOf: []string{"incident"}},
				{Name: "b", Promise: "exactly 100%", Credits: []Tier{{Give: "1USD"}}, OneOf: []string{"incident"}},
			},
		},
	} {
		assert.Equal(t, want, Must(a.Compile()).English())
	}
}
