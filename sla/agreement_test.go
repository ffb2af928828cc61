package sla

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/outage"
)

// threeTiers is the plain agreement of tables and goldens.
func threeTiers() Agreement {
	return Agreement{Name: "plain", Commitments: []Commitment{{
		Promise: "at least 99.95%",
		Credits: rows("below 99.95%", "10%", "below 99.0%", "25%", "below 95.0%", "100%"),
	}}}
}

// rows returns the rows of a table, each given as when and give.
func rows(texts ...string) []Tier {
	var tiers []Tier
	for pair := range slices.Chunk(texts, 2) {
		tiers = append(tiers, Tier{When: Range(pair[0]), Give: Quantity(pair[1])})
	}
	return tiers
}

// single returns an agreement with one commitment, which keeps the promise of
// 99.95 % unless it says another.
func single(c Commitment) Agreement {
	if c.Promise == "" {
		c.Promise = "at least 99.95%"
	}
	return Agreement{Name: "x", Commitments: []Commitment{c}}
}

func TestCompileFaults(t *testing.T) {
	credits := func(texts ...string) Agreement { return single(Commitment{Credits: rows(texts...)}) }
	promise := func(r Range) Agreement {
		return Agreement{Name: "x", Commitments: []Commitment{{Promise: r}}}
	}
	lasting := func(r Range) Agreement { return single(Commitment{Downtime: Downtime{Lasting: r}}) }
	loss := func(r Range) Agreement { return single(Commitment{Downtime: Downtime{Loss: r}}) }
	excluding := func(e ...Exclusion) Agreement { return single(Commitment{Exclusions: e}) }
	give := func(q Quantity) Agreement { return single(Commitment{Credits: []Tier{{Give: q}}}) }
	per := func(s Step) Agreement { return single(Commitment{Credits: []Tier{{Give: "5%", Per: s}}}) }
	digits := strings.Repeat("9", 10_000_000)
	for _, tt := range []struct {
		name string
		a    Agreement
		want []string
	}{
		{"hole at exactly 99.0", credits("at least 99.9%, below 99.95%", "10%", "over 99.0%, below 99.9%", "20%", "below 99.0%", "30%"), []string{
			"commitments[0].credits[2].when: a hole: no row holds at exactly 99%",
		}},
		{"99.0 in two rows", credits("at least 99.0%, below 99.95%", "10%", "at most 99.0%", "25%"), []string{
			"commitments[0].credits[1].when: overlaps the row before it at exactly 99%",
		}},
		{"bands overlap by a tenth", credits("at least 99.0%, below 99.95%", "10%", "at least 95%, below 99.1%", "25%", "below 95%", "50%"), []string{
			"commitments[0].credits[1].when: overlaps the row before it from 99% to below 99.1%",
		}},
		{"the same band twice", credits("at least 99.0%, below 99.95%", "10%", "at least 99.0%, below 99.95%", "25%", "below 99%", "50%"), []string{
			"commitments[0].credits[1].when: overlaps the row before it from 99% to below 99.95%",
		}},
		{"two-decimal bands", credits("at least 99.0%, below 99.95%", "10%", "at most 98.99%", "25%"), []string{
			"commitments[0].credits[1].when: a hole: no row holds over 98.99% and below 99%",
		}},
		{"hole with both ends in it", credits("over 99.0%, below 99.95%", "10%", "below 98.99%", "25%"), []string{
			"commitments[0].credits[1].when: a hole: no row holds from 98.99% to 99%",
		}},
		{"hole without its lower end", credits("over 99.0%, below 99.95%", "10%", "at most 98.99%", "25%"), []string{
			"commitments[0].credits[1].when: a hole: no row holds over 98.99% to 99%",
		}},
		{"promise 99.95, first row below 99.9", credits("below 99.9%", "10%", "below 99.0%", "25%"), []string{
			"commitments[0].credits[0].when: a hole: nothing is given from 99.9% to below 99.95%, though the promise is broken",
		}},
		{"promise excludes its own figure, the row does too", single(Commitment{Promise: "over 99.95%", Credits: rows("below 99.95%", "10%")}), []string{
			"commitments[0].credits[0].when: a hole: nothing is given at exactly 99.95%, though the promise is broken",
		}},
		{"row holds where the promise is just kept", credits("at most 99.95%", "10%"), []string{
			"commitments[0].credits[0].when: holds at exactly 99.95%, where the promise is kept",
		}},
		{"direction wrong", credits("at least 99%", "10%"), []string{
			"commitments[0].credits[0].when: holds from 99.95% to 100%, where the promise is kept",
			"commitments[0].credits[0].when: a hole: no row holds from 0% to below 99%",
		}},
		{"last row does not reach 0", credits("at least 99.0%, below 99.95%", "10%", "at least 95.0%, below 99.0%", "25%"), []string{
			"commitments[0].credits[1].when: a hole: no row holds from 0% to below 95%",
		}},
		{"last row leaves out 0 only", credits("over 0%, below 99.95%", "10%"), []string{
			"commitments[0].credits[0].when: a hole: no row holds at exactly 0%",
		}},
		{"rows severe to mild", credits("below 95%", "100%", "below 99%", "25%", "below 99.95%", "10%"), []string{
			"commitments[0].credits[1].when: milder than the row before; rows go from mild to severe",
			"commitments[0].credits[2].when: milder than the row before; rows go from mild to severe",
		}},
		{"bands severe to mild", credits("below 99%", "25%", "at least 99%, below 99.95%", "10%"), []string{
			"commitments[0].credits[1].when: milder than the row before; rows go from mild to severe",
		}},
		{"same row twice", credits("below 99.95%", "10%", "below 99.95%", "25%"), []string{
			"commitments[0].credits[1].when: not severer than the row before, which would never give",
		}},
		{"whole breach after a row", credits("below 99.95%", "10%", "", "25%"), []string{
			"commitments[0].credits[1].when: not severer than the row before, which would never give",
		}},
		{"severer gives less", credits("below 99.95%", "25%", "below 99.0%", "10%"), []string{
			"commitments[0].credits[1].when: gives less than the row before, for more downtime",
		}},
		{"nested row among banded ones", credits("at least 99.0%, below 99.95%", "10%", "below 99.0%", "25%", "below 95.0%", "50%"), []string{
			"commitments[0].credits[1].when: has no lower bound, as other rows have; give all one bound, or all but the last two",
		}},
		{"banded row among nested ones", credits("below 99.95%", "10%", "at least 95%, below 99.0%", "25%", "below 95.0%", "50%"), []string{
			"commitments[0].credits[0].when: has no lower bound, as other rows have; give all one bound, or all but the last two",
		}},

		{"promise missing", promise(""), []string{`commitments[0].promise: missing; want a bound such as "at least 99.95%"`}},
		{"promise without unit", promise("at least 99.95"), []string{`commitments[0].promise: "at least 99.95" does not say of what; write for example "at least 99.95%"`}},
		{"promise without word", promise("99.95%"), []string{`commitments[0].promise: "99.95%" needs a word, in lower case: below, at most, over, at least or exactly`}},
		{"promise with a sign for the word", promise(">= 99.95%"), []string{`commitments[0].promise: ">= 99.95%" needs a word, in lower case: below, at most, over, at least or exactly`}},
		{"promise with a capital", promise("At least 99.95%"), []string{`commitments[0].promise: "At least 99.95%" needs a word, in lower case: below, at most, over, at least or exactly`}},
		{"promise with nothing after its word", promise("at least "), []string{`commitments[0].promise: missing; want a percentage such as 99.95%`}},
		{"promise in time", promise("at least 30m"), []string{`commitments[0].promise: "at least 30m" is broken where less is down; want "at most" or "below"`}},
		{"promise below", promise("below 99%"), []string{`commitments[0].promise: "below 99%" is broken where the availability is better; want "at least", "over" or "exactly 100%"`}},
		{"promise exactly", promise("exactly 99%"), []string{`commitments[0].promise: "exactly 99%" is broken where the availability is better; want "at least", "over" or "exactly 100%"`}},
		{"promise of nothing", promise("at least 0%"), []string{`commitments[0].promise: "at least 0%" cannot be broken`}},
		{"promise of more than everything", promise("at least 100.01%"), []string{`commitments[0].promise: "100.01%" is more than 100%`}},
		{"promise of more than 100", promise("over 100%"), []string{`commitments[0].promise: "over 100%" holds for nothing`}},
		{"reversed ends", credits("at least 99.95%, below 99.0%", "10%"), []string{`commitments[0].credits[0].when: "at least 99.95%, below 99.0%" holds for nothing`}},
		{"ends that meet in nothing", credits("at least 99%, below 99%", "10%"), []string{`commitments[0].credits[0].when: "at least 99%, below 99%" holds for nothing`}},
		{"three bounds", credits("over 1%, over 2%, below 3%", "10%"), []string{`commitments[0].credits[0].when: "over 1%, over 2%, below 3%" has more than two bounds`}},
		{"ends without a space", credits("at least 99%,below 99.95%", "10%"), []string{`commitments[0].credits[0].when: "99%,below 99.95%" is not one number with one unit (%, s, m, h or d); want a percentage such as 99.95%`}},
		{"threshold over 100", credits("below 9995%", "10%"), []string{`commitments[0].credits[0].when: "9995%" is more than 100%`}},

		{"exponent", promise("at least 1e1000000000%"), []string{`commitments[0].promise: "1e1000000000%" is not one number with one unit (%, s, m, h or d); want a percentage such as 99.95%`}},
		{"not a number", promise("at least NaN%"), []string{`commitments[0].promise: "NaN%" does not start with a number; want a percentage such as 99.95%`}},
		{"negative", promise("at least -1%"), []string{`commitments[0].promise: "-1%" does not start with a number; want a percentage such as 99.95%`}},
		{"space before the number", promise("at least  99%"), []string{`commitments[0].promise: " 99%" does not start with a number; want a percentage such as 99.95%`}},
		{"space before the unit", promise("at least 99 %"), []string{`commitments[0].promise: "99 %" has a space before its unit; write "99%"`}},
		{"comma for the point", promise("at least 99,95%"), []string{`commitments[0].promise: "99,95%" is not one number with one unit (%, s, m, h or d); want a percentage such as 99.95%`}},
		{"two points", promise("at least 99.9.5%"), []string{`commitments[0].promise: "99.9.5%": want a percentage such as 99.95%: not a decimal number: "99.9.5"`}},
		{"leading zero", promise("at least 099%"), []string{`commitments[0].promise: "099%": want a percentage such as 99.95%: not a decimal number: "099"`}},
		{"ten megabytes of digits", promise(Range("at least " + digits + "%")), []string{
			`commitments[0].promise: "` + digits[:40] + `"…: want a percentage such as 99.95%: a number of 10000000 characters, more than 40`,
		}},
		{"more places than units", promise("at least 99.1234567890123%"), []string{`commitments[0].promise: "99.1234567890123%" has more decimal places than can be told apart`}},
		{"too large", lasting("over 53376d"), []string{`commitments[0].downtime.lasting: "53376d" is too large`}},

		{"loss in minutes", loss("over 5m"), []string{`commitments[0].downtime.loss: "5m" is not a percentage such as 99.95%`}},
		{"lasting in percent", lasting("over 5%"), []string{`commitments[0].downtime.lasting: "5%" is not a length of time such as 30m`}},
		{"lasting in months", lasting("over 1mo"), []string{`commitments[0].downtime.lasting: "1mo" is not one number with one unit (%, s, m, h or d); want a length of time such as 30m`}},
		{"loss below", loss("below 5%"), []string{`commitments[0].downtime.loss: "below 5%" has an upper end, and what is worse would not count`}},
		{"loss exactly 5", loss("exactly 5%"), []string{`commitments[0].downtime.loss: "exactly 5%" has an upper end, and what is worse would not count`}},
		{"lasting with two ends", lasting("over 5m, below 10m"), []string{`commitments[0].downtime.lasting: "over 5m, below 10m" has an upper end, and what is worse would not count`}},
		{"loss of at least nothing", loss("at least 0%"), []string{`commitments[0].downtime.loss: "at least 0%" also holds where nothing is lost`}},
		{"lasting at least nothing", lasting("at least 0s"), []string{`commitments[0].downtime.lasting: "at least 0s" also holds where nothing is lost`}},
		{"loss over everything", loss("over 100%"), []string{`commitments[0].downtime.loss: "over 100%" holds for nothing`}},

		{"give missing", give(""), []string{`commitments[0].credits[0].give: missing; want what is given, such as 10%, 1d, 50x or 20USD`}},
		{"give without unit", give("10"), []string{`commitments[0].credits[0].give: "10" lacks a unit; want what is given, such as 10%, 1d, 50x or 20USD`}},
		{"per without rounding", per("30m"), []string{`commitments[0].credits[0].per: "30m" needs its rounding, as in "full 30m" or "started 30m"`}},
		{"per with unknown rounding", per("about 30m"), []string{`commitments[0].credits[0].per: "about 30m" needs its rounding, as in "full 30m" or "started 30m"`}},
		{"per without size", per("full"), []string{`commitments[0].credits[0].per: missing; want the size of a step, such as 30m, 0.1% or 1 outage`}},
		{"per nothing", per("started 0m"), []string{`commitments[0].credits[0].per: "started 0m" is a step of no length`}},
		{"cap over all without unit", Agreement{Name: "x", AtMost: []Cap{"100"}}, []string{`atMost[0]: "100" lacks a unit; want a limit such as 100%, 4d or 100USD`}},
		{"cap missing", Agreement{Name: "x", AtMost: []Cap{""}}, []string{`atMost[0]: missing; want a limit such as 100%, 4d or 100USD`}},

		{"maintenance without notice", excluding(Exclusion{Causes: []string{"customer", "maintenance"}}), []string{
			`commitments[0].exclusions[0].notice: missing; maintenance needs one such as "24h", or "none"`,
		}},
		{"notice of nothing that is announced", single(Commitment{Exclusions: []Exclusion{{Hours: []Hours{"Sun"}, Notice: "24h"}}, Calculation: Calculation{Zone: "UTC"}}), []string{
			`commitments[0].exclusions[0].notice: hours that the agreement sets aside are not announced`,
		}},
		{"notice without unit", excluding(Exclusion{Causes: []string{"maintenance"}, Notice: "24"}), []string{
			`commitments[0].exclusions[0].notice: "24" lacks a unit; want a length of time such as 30m`,
		}},
		{"hours without a zone", excluding(Exclusion{Hours: []Hours{"Sun"}}), []string{
			`commitments[0].calculation.zone: missing; hours are told by the clocks of a zone`,
		}},
		{"exclusion without causes", excluding(Exclusion{}), []string{
			`commitments[0].exclusions[0].causes: missing, and so are hours; it would excuse nothing`,
		}},
		{"empty cause", excluding(Exclusion{Causes: []string{"customer", ""}}), []string{
			`commitments[0].exclusions[0].causes[1]: empty; outages without a cause always count`,
		}},
		{"cause twice", excluding(Exclusion{Causes: []string{"customer", "customer"}}), []string{
			`commitments[0].exclusions[0].causes[1]: "customer" is excused already`,
		}},
		{"maintenance with two notices", excluding(
			Exclusion{Causes: []string{"maintenance"}, Notice: "24h"},
			Exclusion{Causes: []string{"customer", "maintenance"}, Notice: "none"},
		), []string{
			`commitments[0].exclusions[1].causes[1]: "maintenance" is excused already`,
		}},

		{"commitments of one name", Agreement{Name: "x", Commitments: []Commitment{
			{Name: "network", Promise: "exactly 100%"}, {Name: "power", Promise: "exactly 100%"}, {Name: "network", Promise: "exactly 100%"},
		}}, []string{`commitments[2].name: "network" names another commitment too`}},
		{"commitments without names", Agreement{Name: "x", Commitments: []Commitment{{Promise: "exactly 100%"}, {Promise: "exactly 100%"}}}, []string{
			`commitments[1].name: missing; another commitment has none either, and they must be told apart`,
		}},

		{"all faults together, the rows' too where the promise is bad", Agreement{
			Name: "x",
			Commitments: []Commitment{
				{
					Downtime:   Downtime{Loss: "over 5m", Lasting: "5m"},
					Exclusions: []Exclusion{{Notice: "24h"}, {Causes: []string{"maintenance", ""}}},
					Promise:    "99.95",
					Credits:    []Tier{{When: "below", Give: "10", Per: "30m"}, {Give: "1e9%"}},
					AtMost:     []Cap{"all"},
				},
				{Promise: "at least 99%", Credits: rows("below 98%", "5")},
			},
			AtMost: []Cap{"1EUR/amp"},
		}, []string{
			`commitments[0].downtime.loss: "5m" is not a percentage such as 99.95%`,
			`commitments[0].downtime.lasting: "5m" needs a word, in lower case: below, at most, over, at least or exactly`,
			`commitments[0].exclusions[0].causes: missing, and so are hours; it would excuse nothing`,
			`commitments[0].exclusions[0].notice: hours that the agreement sets aside are not announced`,
			`commitments[0].exclusions[1].causes[1]: empty; outages without a cause always count`,
			`commitments[0].exclusions[1].notice: missing; maintenance needs one such as "24h", or "none"`,
			`commitments[0].promise: "99.95" needs a word, in lower case: below, at most, over, at least or exactly`,
			`commitments[0].credits[0].when: "below" needs a word, in lower case: below, at most, over, at least or exactly`,
			`commitments[0].credits[0].give: "10" lacks a unit; want what is given, such as 10%, 1d, 50x or 20USD`,
			`commitments[0].credits[0].per: "30m" needs its rounding, as in "full 30m" or "started 30m"`,
			`commitments[0].credits[1].give: "1e9%" is not one number with one unit (%, s, m, h, d, mo, x or a currency); want what is given, such as 10%, 1d, 50x or 20USD`,
			`commitments[0].atMost[0]: "all" does not start with a number; want a limit such as 100%, 4d or 100USD`,
			`commitments[1].name: missing; another commitment has none either, and they must be told apart`,
			`commitments[1].credits[0].give: "5" lacks a unit; want what is given, such as 10%, 1d, 50x or 20USD`,
			`commitments[1].credits[0].when: a hole: nothing is given from 98% to below 99%, though the promise is broken`,
			`atMost[0]: "1EUR/amp" is not one number with one unit (%, s, m, h, d, mo or a currency); want a limit such as 100%, 4d or 100USD`,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			terms, err := tt.a.Compile()
			assert.Nil(t, terms)
			requireFaults(t, tt.a, err, tt.want)
		})
	}
}

// A fault of a promise, a row or a step brings no others that are none: the
// rest is read as it was meant.
func TestOneFaultIsSaidOnce(t *testing.T) {
	for name, tt := range map[string]struct {
		c    Commitment
		want string
	}{
		"no promise, and a row of time":        {Commitment{Credits: rows("over 1h", "5%")}, `promise: missing; want a bound such as "at least 99.95%"`},
		"a promise that is broken by less":     {Commitment{Promise: "at least 1h", Credits: rows("over 1h", "5%")}, `promise: "at least 1h" is broken where less is down; want "at most" or "below"`},
		"a promise without a bound":            {Commitment{Promise: "at least 0s", Credits: rows("", "5%")}, `promise: "at least 0s" cannot be broken`},
		"a step without its rounding":          {Commitment{Promise: "at most 1h", Credits: []Tier{{Give: "5%", Per: "30m"}}}, `credits[0].per: "30m" needs its rounding, as in "full 30m" or "started 30m"`},
		"a rounding of no availability":        {Commitment{Promise: "at most 1h", Calculation: Calculation{Round: "full 0.1%"}}, `calculation.round: says nothing; no availability is promised`},
		"a length of no time of service":       {Commitment{Promise: "at least 99%", Credits: rows("", "5%"), AtMost: []Cap{"100%"}, Base: Base{Length: "30d"}}, `base.length: says nothing; no time of service is priced here`},
		"a gap in bands that leave none":       {Commitment{Promise: "at least 99.9%", Gap: Milder, Credits: rows("at least 99%, below 99.9%", "5%", "at least 95%, below 99%", "10%", "below 95%", "20%")}, `gap: says nothing; the rows leave no hole and do not overlap`},
		"a gap in nested rows that leave none": {Commitment{Promise: "at least 99.9%", Gap: Severer, Credits: rows("below 99.9%", "5%", "below 99%", "10%")}, `gap: says nothing; the rows leave no hole and do not overlap`},
	} {
		_, err := Agreement{Name: "x", Commitments: []Commitment{tt.c}}.Compile()
		assert.EqualError(t, err, `sla: agreement "x": commitments[0].`+tt.want, name)
	}
	for name, c := range map[string]Commitment{
		"a length that a limit in days is priced by": {Promise: "at least 99%", Credits: rows("", "5%"), AtMost: []Cap{"4d"}, Base: Base{Length: "30d"}},
		"a row that gives what the one before gives": {Promise: "at least 99%", Credits: rows("", "5%", "below 95%", "5%", "below 90%", "6%")},
	} {
		_, err := Agreement{Name: "x", Commitments: []Commitment{c}}.Compile()
		assert.NoError(t, err, name)
	}
}

// A gap says who takes a value, and excuses nothing else: a row that gives less
// for more downtime is a slip whatever lies between it and the row before.
func TestGapDoesNotHideARowThatGivesLess(t *testing.T) {
	for _, gap := range []Gap{Milder, Severer} {
		for _, when := range []string{"below 99%", "below 98.99%", "at most 99%"} { // no gap, a hole, an overlap
			c := Commitment{Promise: "at least 99.9%", Gap: gap, Credits: rows("at least 99%, below 99.8%", "10%", when, "5%")}
			_, err := Agreement{Name: "x", Commitments: []Commitment{c}}.Compile()
			assert.EqualError(t, err, `sla: agreement "x": commitments[0].credits[1].when: gives less than the row before, for more downtime`, "%s, %s", gap, when)
			c.Credits[1].Give = "10%"
			_, err = Agreement{Name: "x", Commitments: []Commitment{c}}.Compile()
			assert.NoError(t, err, "%s, %s: as much is not less", gap, when)
		}
	}
}

func TestCompileAccepts(t *testing.T) {
	for name, c := range map[string]Commitment{
		"promise and no remedy":          {Promise: "at least 99.95%"},
		"promise that excludes its end":  {Promise: "over 99.95%", Credits: rows("at most 99.95%", "10%")},
		"promise with both ends":         {Promise: "at least 99.95%, at most 100%", Credits: rows("below 99.95%", "10%")},
		"nested":                         {Promise: "at least 99.95%", Credits: rows("below 99.95%", "10%", "at most 99%", "25%", "below 99%", "50%")},
		"nested from the whole breach":   {Promise: "at least 99.95%", Credits: rows("", "10%", "below 99%", "25%")},
		"banded":                         {Promise: "at least 99.95%", Credits: rows("over 99%, below 99.95%", "10%", "over 95%, at most 99%", "25%", "at most 95%", "50%")},
		"banded down to nothing":         {Promise: "exactly 100%", Credits: rows("over 0%, below 100%", "10%", "exactly 0%", "100%")},
		"banded, closed at nothing":      {Promise: "exactly 100%", Credits: rows("at least 50%, below 100%", "10%", "at least 0%, below 50%", "100%")},
		"one exact value as a row":       {Promise: "over 99%", Credits: rows("exactly 99%", "1%", "below 99%", "2%")},
		"less per step after a flat sum": {Promise: "exactly 100%", Credits: []Tier{{Give: "50%"}, {When: "below 99%", Give: "5%", Per: "full 1h"}}},
		"half an hour, twice":            {Promise: "exactly 100%", Credits: []Tier{{Give: "5%", Per: "full 0.5h"}}},
		"shortest step":                  {Promise: "exactly 100%", Credits: []Tier{{Give: "5%", Per: "full 0.000000001s"}}},
		"finest promise":                 {Promise: "at least 99.999999999999%"},
		"smallest loss":                  {Promise: "exactly 100%", Downtime: Downtime{Loss: "at least 0.000000000001%", Lasting: "at least 0.000000001s"}},
		"nothing is left out":            {Promise: "exactly 100%", Downtime: Downtime{Loss: "over 0%", Lasting: "over 0s"}},
		"maintenance among other causes": {Promise: "exactly 100%", Exclusions: []Exclusion{{Causes: []string{"customer", "maintenance"}, Notice: "0h"}, {Causes: []string{"abuse"}}}},
		"caps":                           {Promise: "exactly 100%", AtMost: []Cap{"100%", "50%"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := Agreement{Name: "x", Commitments: []Commitment{c}}
			terms, err := a.Compile()
			require.NoError(t, err)
			assert.Equal(t, a, terms.Agreement())
		})
	}
	_, err := Agreement{}.Compile()
	assert.NoError(t, err, "the zero agreement promises nothing")
}

func TestMust(t *testing.T) {
	assert.Equal(t, 1, Must(1, nil))
	assert.PanicsWithError(t, "no", func() { Must(1, errors.New("no")) })
}

// fullJSON says every term once.
const fullJSON = `{"format":"slacredit/agreement/1","name":"full","note":"wording of 2014-05-01","commitments":[` +
	`{"name":"network","downtime":{"loss":"over 5%","lasting":"at least 5m"},` +
	`"exclusions":[{"causes":["maintenance","customer"],"notice":"24h"},{"causes":["abuse"]}],` +
	`"promise":"at least 99.95%","base":{"of":"region","by":["region"],"only":["hourly"],"window":"30d trailing","length":"30d"},` +
	`"credits":[{"when":"at least 99.0%, below 99.95%","give":"10%"},{"when":"below 99.0%","give":"5%","per":"full 30m"}],` +
	`"atMost":["100%","4d per 12mo"],"oneOf":["incident"]},` +
	`{"name":"power","promise":"at most 1h","base":{"without":["one-time"]},` +
	`"credits":[{"when":"over 2h","give":"20USD","per":"started 1h","beyond":true,"plus":"3%"}],"gap":"milder","oneOf":["incident"]}],` +
	`"atMost":["150%"],"above":"1USD"}`

func fullLiteral() Agreement {
	return Agreement{
		Name: "full",
		Note: "wording of 2014-05-01",
		Commitments: []Commitment{
			{
				Name:     "network",
				Downtime: Downtime{Loss: "over 5%", Lasting: "at least 5m"},
				Exclusions: []Exclusion{
					{Causes: []string{"maintenance", "customer"}, Notice: "24h"},
					{Causes: []string{"abuse"}},
				},
				Promise: "at least 99.95%",
				Credits: []Tier{
					{When: "at least 99.0%, below 99.95%", Give: "10%"},
					{When: "below 99.0%", Give: "5%", Per: "full 30m"},
				},
				Base:   Base{Of: "region", By: []string{"region"}, Only: []string{"hourly"}, Window: "30d trailing", Length: "30d"},
				AtMost: []Cap{"100%", "4d per 12mo"},
				OneOf:  []string{"incident"},
			},
			{
				Name: "power", Promise: "at most 1h", Base: Base{Without: []string{"one-time"}},
				Credits: []Tier{{When: "over 2h", Give: "20USD", Per: "started 1h", Beyond: true, Plus: "3%"}},
				Gap:     Milder, OneOf: []string{"incident"},
			},
		},
		AtMost: []Cap{"150%"},
		Above:  "1USD",
	}
}

func TestLiteralAndJSONSayTheSame(t *testing.T) {
	a, err := ParseAgreement([]byte(fullJSON))
	require.NoError(t, err)
	assert.Equal(t, fullLiteral(), a)
	assert.Equal(t, Must(fullLiteral().Compile()), Must(a.Compile()))

	data, err := json.Marshal(fullLiteral())
	require.NoError(t, err)
	assert.Equal(t, fullJSON, string(data))

	spaced := strings.NewReplacer(`{`, "\n{ ", `,"`, " ,\t\"", `:`, " : ").Replace(`{"commitments":[{"promise":"exactly 100%"}],"name":"x","format":"slacredit/agreement/1"}`)
	a, err = ParseAgreement([]byte(spaced))
	require.NoError(t, err)
	assert.Equal(t, Agreement{Name: "x", Commitments: []Commitment{{Promise: "exactly 100%"}}}, a)

	data, err = json.Marshal(Agreement{})
	require.NoError(t, err)
	assert.Equal(t, `{"format":"slacredit/agreement/1","name":""}`, string(data))
	a, err = ParseAgreement(data)
	require.NoError(t, err)
	assert.Equal(t, Agreement{}, a)
}

func TestAgreementJSONIsStrict(t *testing.T) {
	commitment := func(fields string) string {
		return `{"format":"slacredit/agreement/1","name":"x","commitments":[{"promise":"exactly 100%"},{` + fields + `}]}`
	}
	for _, tt := range []struct{ data, want string }{
		{`{"name":"x"}`, `format: missing; want "slacredit/agreement/1"`},
		{`{"format":"","name":"x"}`, `format: missing; want "slacredit/agreement/1"`},
		{`{"format":"slacredit/agreement/2"}`, `format: "slacredit/agreement/2" is not known; want "slacredit/agreement/1"`},
		{`{"format":"slacredit/verdict/1"}`, `format: "slacredit/verdict/1" is not known; want "slacredit/agreement/1"`},
		{`{"format":1}`, `format: want a string, not the number 1`},
		{`{"format":"slacredit/agreement/1","target":"99.95%"}`, `unknown key "target"`},
		{`{"format":"slacredit/agreement/1","Name":"x"}`, `unknown key "Name"`},
		{`{"format":"slacredit/agreement/1","name":"x","name":"x"}`, `key "name" comes twice`},
		{`{"format":"slacredit/agreement/1","name":"x","n\u0061me":"y"}`, `key "name" comes twice`},
		{`{"format":"slacredit/agreement/1","name":null}`, `name: want a string, not null`},
		{`{"format":"slacredit/agreement/1","commitments":null}`, `commitments: want an array, not null`},
		{`{"format":"slacredit/agreement/1","commitments":{}}`, `commitments: want an array, not an object`},
		{`{"format":"slacredit/agreement/1","commitments":["exactly 100%"]}`, `commitments[0]: want an object, not the string "exactly 100%"`},
		{commitment(`"promise":99.95`), `commitments[1].promise: want a string, not the number 99.95`},
		{commitment(`"promise":["exactly 100%"]`), `commitments[1].promise: want a string, not an array`},
		{commitment(`"promised":"exactly 100%"`), `commitments[1]: unknown key "promised"`},
		{commitment(`"Promise":"exactly 100%"`), `commitments[1]: unknown key "Promise"`},
		{commitment(`"promise":"exactly 100%","promise":"at least 99%"`), `commitments[1]: key "promise" comes twice`},
		{commitment(`"downtime":{"Loss":"over 5%"}`), `commitments[1].downtime: unknown key "Loss"`},
		{commitment(`"downtime":null`), `commitments[1].downtime: want an object, not null`},
		{commitment(`"credits":[{"give":"10%"},{"give":10}]`), `commitments[1].credits[1].give: want a string, not the number 10`},
		{commitment(`"credits":[{"give":"10%","gives":"10%"}]`), `commitments[1].credits[0]: unknown key "gives"`},
		{commitment(`"credits":[null]`), `commitments[1].credits[0]: want an object, not null`},
		{commitment(`"exclusions":[{"causes":"customer"}]`), `commitments[1].exclusions[0].causes: want an array, not the string "customer"`},
		{commitment(`"exclusions":[{"causes":[true],"notice":24}]`), `commitments[1].exclusions[0].causes[0]: want a string, not true` + "\n" + `commitments[1].exclusions[0].notice: want a string, not the number 24`},
		{commitment(`"atMost":"100%"`), `commitments[1].atMost: want an array, not the string "100%"`},
		{`null`, `want an object, not null`},
		{`[]`, `want an object, not an array`},
		{`"x"`, `want an object, not the string "x"`},
		{``, `unexpected end of JSON input`},
		{`{"format":"slacredit/agreement/1"`, `unexpected end of JSON input`},
		{`{"format":"slacredit/agreement/1"}{}`, `invalid character '{' after top-level value`},
		{`{"format":"slacredit/agreement/1",}`, `invalid character '}' looking for beginning of object key string`},
		{"{\"format\":\"slacredit/agreement/1\",\"name\":\"\xff\"}", `not UTF-8`},
	} {
		_, err := ParseAgreement([]byte(tt.data))
		assert.EqualError(t, err, "sla: reading an agreement: "+tt.want, tt.data)

		a := threeTiers()
		require.Error(t, a.UnmarshalJSON([]byte(tt.data)))
		assert.Equal(t, threeTiers(), a, "left as it was")
	}
}

func TestTermsAreImmune(t *testing.T) {
	a := fullLiteral()
	terms := Must(a.Compile())
	english := terms.English()
	spoil := func(a Agreement) {
		for i := range a.Commitments {
			c := &a.Commitments[i]
			for j := range c.Credits {
				c.Credits[j] = Tier{Give: "0%"}
			}
			for j := range c.Exclusions {
				c.Exclusions[j].Causes[0] = "everything"
				c.Exclusions[j] = Exclusion{}
			}
			for j := range c.AtMost {
				c.AtMost[j] = "0%"
			}
			for _, texts := range [][]string{c.OneOf, c.Base.By, c.Base.Only, c.Base.Without} {
				for j := range texts {
					texts[j] = "other"
				}
			}
			*c = Commitment{}
		}
		a.AtMost[0] = "0%"
	}
	spoil(a)
	spoil(terms.Agreement())
	verdicts, err := terms.JudgeAll([]outage.Timeline{records(t, dark("o", "2014-05-27T20:13:00Z", 10*hour))}, may2014)
	require.NoError(t, err)
	v := verdicts[0]
	v.Limits[0], v.Findings[0].Limits[0] = Limit{}, Limit{}
	v.Findings[0].Base.By[0], v.Findings[0].Base.Only[0], v.Findings[0].OneOf[0] = "other", "other", "other"
	assert.Equal(t, fullLiteral(), terms.Agreement())
	assert.Equal(t, english, terms.English())
	assert.Equal(t, Must(fullLiteral().Compile()), terms)
	assert.Equal(t, []Limit{{Remedy: Remedy{Percent: percentOf(150 * percentUnits)}, Clause: "/atMost/0"}}, terms.caps)
}

// anyAgreement draws agreements that compile.
var anyAgreement = rapid.Custom(func(t *rapid.T) Agreement {
	texts := rapid.Map(rapid.StringOfN(rapid.RuneFrom([]rune(`abc <>&"\/é🙂`)), 0, 6, -1), strings.TrimSpace)
	percentages := func(label string, low, high int) Quantity {
		return Quantity(thousandths(rapid.IntRange(low, high).Draw(t, label)) + "%")
	}
	caps := func(label string) []Cap {
		var all []Cap
		for range rapid.IntRange(0, 2).Draw(t, label) {
			all = append(all, Cap(percentages(label, 0, 200_000)))
		}
		return all
	}
	a := Agreement{Name: texts.Draw(t, "name"), Note: texts.Draw(t, "note"), AtMost: caps("overall caps")}
	for i := range rapid.IntRange(0, 3).Draw(t, "commitments") {
		c := Commitment{Name: fmt.Sprint(i, texts.Draw(t, "commitment")), AtMost: caps("caps")}
		c.Downtime.Loss = rapid.SampledFrom([]Range{"", "over 5%", "at least 5.5%", "exactly 100%"}).Draw(t, "loss")
		c.Downtime.Lasting = rapid.SampledFrom([]Range{"", "over 5m", "at least 0.5h", "over 0s"}).Draw(t, "lasting")
		causes := []string{texts.Draw(t, "cause") + "1", texts.Draw(t, "cause") + "2"}
		switch rapid.IntRange(0, 3).Draw(t, "exclusions") {
		case 1:
			c.Exclusions = []Exclusion{{Causes: causes[:1]}, {Causes: causes[1:]}}
		case 2:
			c.Exclusions = []Exclusion{{Causes: []string{causes[0], "maintenance"}, Notice: "24h"}}
		case 3:
			c.Exclusions = []Exclusion{{Causes: []string{"maintenance"}, Notice: "none"}, {Causes: causes}}
		}
		limits := rapid.SliceOfNDistinct(rapid.IntRange(1, 99_999), 1, 4, rapid.ID).Draw(t, "bounds")
		slices.Sort(limits)
		slices.Reverse(limits)
		bound := func(i int) string { return thousandths(limits[i]) + "%" }
		c.Promise = Range("at least " + bound(0))
		banded := rapid.Bool().Draw(t, "banded")
		step := rapid.SampledFrom([]Step{"", "full 30m", "started 1h"}).Draw(t, "per")
		for i := range rapid.IntRange(0, len(limits)).Draw(t, "rows") {
			row := Tier{When: Range("below " + bound(i)), Give: Quantity(fmt.Sprintf("%d.5%%", 10*i)), Per: step}
			if i == 0 && rapid.Bool().Draw(t, "whole breach") {
				row.When = ""
			}
			c.Credits = append(c.Credits, row)
		}
		for i := range len(c.Credits) - 1 {
			if banded {
				c.Credits[i].When = Range("at least " + bound(i+1) + ", below " + bound(i))
			}
		}
		a.Commitments = append(a.Commitments, c)
	}
	return a
})

// thousandths writes n/1000.
func thousandths(n int) string { return fmt.Sprintf("%d.%03d", n/1000, n%1000) }

func TestAgreementRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAgreement.Draw(t, "a")
		terms, err := a.Compile()
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseAgreement(data)
		if err != nil {
			t.Fatal(err)
		}
		assert.Equal(t, a, again)
		assert.Equal(t, terms.English(), Must(again.Compile()).English())
	})
}

func FuzzParseAgreement(f *testing.F) {
	f.Add([]byte(fullJSON))
	for _, s := range []string{
		`{"format":"slacredit/agreement/1","name":"x","commitments":[{"promise":"at least 99.95%","credits":[{"when":"below 99.95%","give":"10%"}]}]}`,
		`{"format":"slacredit/agreement/1","name":"\ud800","commitments":[{"promise":"exactly 100%","credits":[{"give":"5%","per":"started 30m"}]}]}`,
		`{"format":"slacredit/agreement/1","commitments":[{"promise":"at least 1e1000000000%"}]}`,
		`{"format":"slacredit/agreement/1","commitments":[{"promise":"over 9223372036854775807%","downtime":{"lasting":"over 9223372036854775807d"}}]}`,
		`{"format":"slacredit/agreement/1","commitments":[{"promise":"at least 0.000000000001%","exclusions":[{"causes":["maintenance"],"notice":"none"}]}]}`,
		`{"format":"slacredit/agreement/1","commitments":[[[[`, `null`, `{}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := ParseAgreement(data)
		if err != nil {
			checkFaults(t, err)
			return
		}
		terms, err := a.Compile()
		if err != nil {
			checkFaults(t, err)
			return
		}
		if terms.English() == "" {
			t.Error("no English")
		}
		written, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseAgreement(written)
		if err != nil {
			t.Fatalf("%s: %v", written, err)
		}
		rewritten, err := json.Marshal(again)
		if err != nil || string(rewritten) != string(written) {
			t.Errorf("%s\n%s\n%v", written, rewritten, err)
		}
		if Must(again.Compile()).English() != terms.English() {
			t.Errorf("%s says something else", written)
		}
	})
}

// checkFaults checks that each fault is a short line of text, whatever the
// input was.
func checkFaults(t *testing.T, err error) {
	if !strings.HasPrefix(err.Error(), "sla: ") || !utf8.ValidString(err.Error()) {
		t.Errorf("%q", err)
	}
	for line := range strings.Lines(err.Error()) {
		if len(line) > 600 {
			t.Errorf("a fault of %d bytes: %q", len(line), line)
		}
	}
}
