package sla

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/big"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// These laws hold whatever is agreed, and so agreements are drawn too. What is
// left out of one is what the documents say makes it fail; each says why.

// A history is what is recorded of some resources.
type history struct {
	asOf    time.Time
	records map[string][]outage.Record
}

// places are the labels of the resources.
var places = map[string]map[string]string{
	"a": {"name": "a", "zone": "z1", "region": "r"},
	"b": {"name": "b", "zone": "z1", "region": "r"},
	"c": {"name": "c", "zone": "z2", "region": "r"},
}

var historyFrom = at("2014-03-30T00:00:00Z")

// drawInstant returns an instant from the end of March to the middle of June,
// in bursts of two days each week, so that records touch and coincide often.
func drawInstant(t *rapid.T, label string) time.Time {
	when := historyFrom.AddDate(0, 0, 7*rapid.IntRange(0, 10).Draw(t, label+" week"))
	when = when.Add(time.Duration(rapid.IntRange(0, 96).Draw(t, label)) * tick)
	return when.Add(rapid.SampledFrom([]time.Duration{0, 0, 0, 1, 7*minute + 3}).Draw(t, label+" off"))
}

// drawHistory returns what happened to one to three resources. Complete records
// have no as-of instant and no gap in what was observed.
func drawHistory(t *rapid.T, complete bool) history {
	h := history{records: map[string][]outage.Record{}}
	if !complete && rapid.IntRange(0, 3).Draw(t, "as of now") == 0 {
		h.asOf = drawInstant(t, "as of")
	}
	for _, name := range []string{"a", "b", "c"}[:rapid.IntRange(1, 3).Draw(t, "resources")] {
		h.records[name] = nil
		for i := range rapid.IntRange(0, 7).Draw(t, "outages of "+name) {
			o := outage.Outage{
				ID: fmt.Sprint(name, "-", i), Resource: name, Start: drawInstant(t, "start"),
				ServedPercent: decimal.NewFromInt(rapid.SampledFrom([]int64{0, 0, 0, 50, 95, 99}).Draw(t, "served")),
				Cause:         rapid.SampledFrom([]string{"", "network", "customer", "maintenance"}).Draw(t, "cause"),
			}
			o.End = o.Start.Add(time.Duration(rapid.IntRange(1, 60).Draw(t, "length")) * tick)
			if rapid.Bool().Draw(t, "is reported") {
				o.Reported = o.Start.Add(time.Duration(rapid.IntRange(0, 4).Draw(t, "reported")) * tick)
			}
			if rapid.Bool().Draw(t, "is closed") {
				o.Marks = map[string]time.Time{"ticket closed": o.End.Add(time.Duration(rapid.IntRange(-4, 4).Draw(t, "closed")) * tick)}
			}
			h.records[name] = append(h.records[name], o)
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "others of "+name) {
			id, start := fmt.Sprint(name, "+", i), drawInstant(t, "from")
			end := start.Add(time.Duration(rapid.IntRange(1, 1600).Draw(t, "for")) * tick)
			kind := rapid.IntRange(0, 4).Draw(t, "kind")
			switch {
			case kind <= 2:
				end = start.Add(time.Duration(rapid.IntRange(1, 90).Draw(t, "planned for")) * tick)
				ahead := time.Duration(rapid.IntRange(0, 48).Draw(t, "ahead")) * hour
				h.records[name] = append(h.records[name], outage.Maintenance{ID: id, Resource: name, Start: start, End: end, Announced: start.Add(-ahead), Cause: rapid.SampledFrom([]string{"", "customer"}).Draw(t, "planned for cause")})
			case kind == 3:
				h.records[name] = append(h.records[name], outage.Lifetime{ID: id, Resource: name, Start: start, End: end})
			case !complete:
				h.records[name] = append(h.records[name], outage.Coverage{ID: id, Resource: name, Start: start, End: end})
			}
		}
	}
	return h
}

// with returns h with more records of one resource.
func (h history) with(name string, more ...outage.Record) history {
	h.records = maps.Clone(h.records)
	h.records[name] = slices.Concat(h.records[name], more)
	return h
}

// where returns h with the records that keep, changed by it.
func (h history) where(keep func(outage.Record) (outage.Record, bool)) history {
	records := map[string][]outage.Record{}
	for name, all := range h.records {
		records[name] = nil
		for _, r := range all {
			if r, kept := keep(r); kept {
				records[name] = append(records[name], r)
			}
		}
	}
	h.records = records
	return h
}

// immortal keeps all records but those of lives.
func immortal(r outage.Record) (outage.Record, bool) {
	_, life := r.(outage.Lifetime)
	return r, !life
}

// observed returns h without time of which nobody knows.
func (h history) observed() history {
	h.asOf = time.Time{}
	return h.where(func(r outage.Record) (outage.Record, bool) {
		_, coverage := r.(outage.Coverage)
		return r, !coverage
	})
}

// resources returns what is judged, by name.
func (h history) resources(t *rapid.T) []outage.Timeline {
	var all []outage.Timeline
	for _, name := range slices.Sorted(maps.Keys(h.records)) {
		timelines, err := outage.Options{AsOf: h.asOf, Resources: []string{name}}.Timelines(h.records[name]...)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, timelines[0].WithLabels(places[name]))
	}
	return all
}

func (h history) String() string {
	text := fmt.Sprint("as of ", h.asOf)
	for _, name := range slices.Sorted(maps.Keys(h.records)) {
		for _, r := range h.records[name] {
			data, err := json.Marshal(r)
			text += fmt.Sprintf("\n%s %v", data, err)
		}
	}
	return text
}

// law checks a law over 40 draws, or a fifth of SLACREDIT_LAWS_COUNT, unless
// -rapid.checks says otherwise. It writes to a flag, and so laws are not parallel.
func law(t *testing.T, holds func(*rapid.T)) {
	t.Helper()
	if !checksAreSaid() {
		plain := flag.Lookup("rapid.checks").Value.String()
		count := 40
		if n, err := strconv.Atoi(os.Getenv("SLACREDIT_LAWS_COUNT")); err == nil {
			count = max(1, n/5)
		}
		require.NoError(t, flag.Set("rapid.checks", strconv.Itoa(count)))
		defer func() { require.NoError(t, flag.Set("rapid.checks", plain)) }()
	}
	rapid.Check(t, holds)
}

// checksAreSaid reports whether the command line says how many checks a law has.
var checksAreSaid = sync.OnceValue(func() bool {
	said := false
	flag.Visit(func(f *flag.Flag) { said = said || f.Name == "rapid.checks" })
	return said
})

// find judges a commitment on a history.
func (h history) find(t *rapid.T, c Commitment, p calendar.Period) []Finding {
	all, err := findings(c, h.resources(t), p)
	if err != nil {
		t.Fatalf("%v\n%s", err, say(c, h))
	}
	return all
}

// findings judges a commitment.
func findings(c Commitment, resources []outage.Timeline, p calendar.Period) ([]Finding, error) {
	terms, err := Agreement{Name: "laws", Commitments: []Commitment{c}}.Compile()
	if err != nil {
		return nil, err
	}
	verdicts, err := terms.JudgeAll(resources, p)
	var all []Finding
	for _, v := range verdicts {
		all = append(all, v.Findings...)
	}
	return all, err
}

// drawCommitment returns any commitment, in which more downtime never gives
// less. An allowance is that of the last exclusion: once it is used up, its
// exclusion forgives nothing more, and what one that follows would have
// forgiven there, where both are needed, counts as well. So more downtime that
// keeps an allowance for later can be forgiven elsewhere in larger measure.
func drawCommitment(t *rapid.T) Commitment {
	pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	zone := pick("zone", "UTC", "Europe/Berlin")
	c := Commitment{
		Calculation: Calculation{
			Zone: zone, Whole: rapid.IntRange(0, 3).Draw(t, "whole") == 0,
			Period:  Measuring(pick("period", "", "", "1mo", "1d", "9d trailing", "2mo trailing")),
			Unknown: Treatment(pick("unknown", "", "", "up", "down", "out")),
			Length:  Quantity(pick("counts as", "", "", "", "30d", "700h")),
			Round:   Step(pick("round", "", "", "nearest 0.1%", "full 1%", "started 0.01%")),
		},
		Downtime: Downtime{
			Slot:     Slot(pick("slot", "", "", "", "30m", "7h", "1d", "5h from 2014-05-01T01:00:00Z")),
			Loss:     Range(pick("loss", "", "", "over 5%", "at least 50%", "exactly 100%")),
			Weighted: rapid.IntRange(0, 2).Draw(t, "weighted") == 0,
			Lasting:  Range(pick("lasting", "", "", "over 1h", "at least 5h")),
		},
	}
	for _, hours := range [][]Hours{{"Mon-Fri 08:00-20:00"}, {"not Sun", "not 22:00-02:00"}} {
		if rapid.IntRange(0, 5).Draw(t, "hours") == 0 {
			c.Calculation.Hours = hours
		}
	}
	if rapid.IntRange(0, 4).Draw(t, "causes") == 0 {
		c.Downtime.Causes = []string{"network", "customer", "maintenance"}
	}
	if rapid.IntRange(0, 4).Draw(t, "starts") == 0 {
		c.Downtime.Starts = []string{"start", "reported"}
	}
	if rapid.IntRange(0, 4).Draw(t, "ends") == 0 {
		c.Downtime.Ends = []string{"end", "ticket closed"}
	}
	c.Scope.Levels = rapid.SampledFrom([][]Level{
		nil, nil, nil,
		{{By: "zone"}},
		{{By: "region", Down: "at least 2"}},
		{{By: "zone", Down: "exactly 100%", Min: 2}},
		{{By: "zone", Down: "exactly 100%"}, {By: "region", Down: "over 50%"}},
		{{By: "zone", Down: "exactly 100%"}, {By: "region", Pooled: true}},
		{{By: "region", Pooled: true}},
	}).Draw(t, "levels")
	kinds := rapid.Permutation([]Exclusion{
		{Causes: []string{"customer"}},
		{Causes: []string{"maintenance"}, Notice: Quantity(pick("notice", "none", "24h", "30h"))},
		{Hours: []Hours{Hours(pick("set aside", "Sun", "02:00-05:00", "Mon-Tue 00:00-12:00"))}},
	}).Draw(t, "kinds")
	c.Exclusions = kinds[:rapid.IntRange(0, 3).Draw(t, "exclusions")]
	for i := range c.Exclusions {
		c.Exclusions[i].First = rapid.IntRange(0, 3).Draw(t, "first") == 0
		c.Exclusions[i].Removed = rapid.IntRange(0, 3).Draw(t, "removed") == 0
	}
	if n := len(c.Exclusions); n > 0 && rapid.Bool().Draw(t, "allowance") {
		e := &c.Exclusions[n-1]
		e.First, e.Removed = false, false
		e.Allowance = Cap(pick("at most", "4h", "20h", "30m per outage", "5h per 1mo", "6h per 3mo"))
	}
	switch rapid.IntRange(0, 4).Draw(t, "table") {
	case 0:
		c.Promise, c.Credits = "at least 99.9%", rows("below 99.9%", "10%", "below 99%", "25%", "below 90%", "100%")
	case 1:
		c.Promise, c.Credits = "exactly 100%", []Tier{{Give: "2%", Per: "started 1h"}}
	case 2:
		c.Promise, c.Credits = "at least 99%", []Tier{{Give: "10x"}}
	case 3:
		c.Calculation.Round = "" // it is of an availability
		c.Promise, c.Credits = "at most 2h", []Tier{{When: "over 2h", Give: "1d", Per: "full 1h", Beyond: true}, {When: "over 9h", Give: "2d", Per: "full 1h", Plus: "1d"}}
	case 4:
		c.Promise, c.Credits = "at least 99.5%", []Tier{{Give: "1%", Per: "started 0.1%"}}
	}
	if n := len(c.Scope.Levels); n > 0 && c.Scope.Levels[n-1].Pooled {
		inPercent(c.Credits)
	}
	if c.Calculation.Period != "" {
		c.Base.Window = FeeWindow(pick("fee", "measured", "billed"))
	}
	return c
}

// inPercent makes rows give percentages where they give time of service, which
// no pool can.
func inPercent(rows []Tier) {
	for i := range rows {
		if !strings.HasSuffix(string(rows[i].Give), "%") {
			rows[i].Give = "5%"
		}
		if rows[i].Plus != "" {
			rows[i].Plus = "2%"
		}
	}
}

// drawCase returns any commitment and what happened.
func drawCase(t *rapid.T, complete bool) (Commitment, history) {
	return drawCommitment(t), drawHistory(t, complete)
}

// allowanceOf returns the exclusion with an allowance, or nil.
func allowanceOf(c *Commitment) *Exclusion {
	for i := range c.Exclusions {
		if c.Exclusions[i].Allowance != "" {
			return &c.Exclusions[i]
		}
	}
	return nil
}

// steady keeps of an agreement what draws an allowance from nothing but the
// period that is measured, and by time as it counts. An allowance that began
// before the period may have been drawn there, and is then missing in it; and
// where time counts by its share, an hour of small losses draws as much of it
// as an hour of large ones.
func steady(c *Commitment) {
	e := allowanceOf(c)
	if e == nil {
		return
	}
	if e.Allowance == "5h per 1mo" || e.Allowance == "6h per 3mo" {
		e.Allowance = "5h"
	}
	c.Downtime.Weighted = false
}

// say returns an agreement with what happened, for a failure.
func say(c Commitment, h history) string {
	data, err := json.Marshal(c)
	return fmt.Sprintf("%s %v\n%v", data, err, h)
}

// notLess reports whether an entitlement gives at least what another does.
func notLess(e, than Entitlement) bool {
	return !e.Percent.Points().LessThan(than.Percent.Points()) && e.Service.Nanoseconds().Cmp(than.Service.Nanoseconds()) >= 0 && e.Sum.Amount().Cmp(than.Sum.Amount()) >= 0
}

// moreAvailable reports whether a is defined, and more than b or b is not.
func moreAvailable(a, b Availability) bool {
	return a.Ratio() != nil && b.Ratio() != nil && a.Ratio().Cmp(b.Ratio()) > 0
}

func TestClauseLawMoreDowntimeIsNeverBetter(t *testing.T) {
	law(t, func(t *rapid.T) {
		c, h := drawCase(t, false)
		steady(&c)
		// A longer outage has more due, and what is forgiven of it is served.
		if c.Calculation.Period == "outage" {
			c.Calculation.Period = ""
		}
		// An outage speaks of time that nobody observed, and makes it due. What
		// of it is served or forgiven then counts where it was left out.
		if c.Calculation.Unknown == "out" {
			c.Downtime.Slot, c.Downtime.Weighted, c.Scope.Levels, c.Exclusions = "", false, nil, nil
		}
		// An outage that was removed with its time comes back with it, and so
		// does what was served of it or of its slot; and one that is forgiven
		// takes its whole slot with it, and what may have been down there.
		for i := range c.Exclusions {
			if c.Downtime.Weighted || c.Downtime.Slot != "" {
				c.Exclusions[i].Removed = false
			}
		}
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(h.records))).Draw(t, "of")
		start := drawInstant(t, "more")
		end := start.Add(time.Duration(rapid.IntRange(10, 60).Draw(t, "more for")) * tick)
		more := h.with(name, outage.Outage{ID: "more", Resource: name, Start: start, End: end, Cause: "network", Reported: start})
		before, after := h.find(t, c, may2014), more.find(t, c, may2014)
		if len(before) != len(after) {
			t.Fatal(before, after)
		}
		for i := range before {
			a, b := before[i], after[i]
			switch {
			case moreAvailable(b.Measurement.Availability(), a.Measurement.Availability()),
				moreAvailable(b.Measurement.Availability().AtLeast(), a.Measurement.Availability().AtLeast()):
				t.Fatalf("more is available\n%v\n%v\n%s", text(a), text(b), say(c, more))
			case !notLess(b.Entitlement, a.Entitlement), !notLess(b.EntitlementAtMost, a.EntitlementAtMost):
				t.Fatalf("less is owed\n%v\n%v\n%s", text(a), text(b), say(c, more))
			case !notLess(b.EntitlementAtMost, b.Entitlement):
				t.Fatalf("the bounds are out of order\n%v\n%s", text(b), say(c, more))
			}
		}
	})
}

// noMoreDown fails if more is down after than before.
func noMoreDown(t *rapid.T, before, after []Finding, c Commitment, h history) {
	if len(before) != len(after) {
		t.Fatalf("%d findings, and %d\n%s", len(before), len(after), say(c, h))
	}
	for i := range before {
		a, b := before[i].Measurement, after[i].Measurement
		if b.Down > a.Down || b.DownAtMost > a.DownAtMost {
			t.Fatalf("more is down\n%v\n%v\n%s", text(before[i]), text(after[i]), say(c, h))
		}
	}
}

func TestClauseLawExcusingMoreIsNeverMoreDowntime(t *testing.T) {
	law(t, func(t *rapid.T) {
		c, h := drawCase(t, false)
		steady(&c)
		before := h.find(t, c, may2014)
		more := c
		more.Exclusions = slices.Clone(c.Exclusions)
		change := rapid.IntRange(0, 3).Draw(t, "change")
		for i := range more.Exclusions {
			e := &more.Exclusions[i]
			switch {
			case change == 0 && e.Notice != "" && e.Notice != "none":
				e.Notice = Quantity(rapid.SampledFrom([]string{"0h", "12h", "none"}).Draw(t, "shorter notice"))
			case change == 1 && e.Allowance == "5h":
				e.Allowance = "21h"
			case change == 1 && e.Allowance == "30m per outage":
				e.Allowance = "3h per outage"
			}
		}
		if change >= 2 {
			has := func(cause string) bool {
				return slices.ContainsFunc(c.Exclusions, func(e Exclusion) bool { return slices.Contains(e.Causes, cause) })
			}
			e := Exclusion{Hours: []Hours{"Wed", "23:00-01:00"}}
			for _, cause := range []string{"network", "customer"} {
				if !has(cause) && rapid.Bool().Draw(t, "excuse "+cause) {
					e.Causes = append(e.Causes, cause)
				}
			}
			e.First, e.Removed = rapid.Bool().Draw(t, "first"), rapid.Bool().Draw(t, "removed")
			more.Exclusions = append(more.Exclusions, e)
		}
		noMoreDown(t, before, h.find(t, more, may2014), more, h)
	})
}

func TestClauseLawNoLimitIsNeverMoreDowntime(t *testing.T) {
	law(t, func(t *rapid.T) {
		c, h := drawCase(t, false)
		e := allowanceOf(&c)
		if e == nil {
			return
		}
		before := h.find(t, c, may2014)
		e.Allowance = ""
		noMoreDown(t, before, h.find(t, c, may2014), c, h)
	})
}

// What is forgiven of a quarter is the whole allowance, or all that there was
// to forgive, in whatever months it lies.
func TestClauseLawAnAllowanceIsSpentOnce(t *testing.T) {
	law(t, func(t *rapid.T) {
		complete := rapid.Bool().Draw(t, "complete")
		c, h := drawCase(t, complete)
		if len(c.Exclusions) == 0 {
			return
		}
		c.Exclusions = c.Exclusions[len(c.Exclusions)-1:]
		e := &c.Exclusions[0]
		e.First, e.Removed = false, false
		c.Calculation.Period = ""
		// A pool forgives to each member, and by shares less is forgiven than
		// what is drawn.
		c.Downtime.Weighted = false
		if n := len(c.Scope.Levels); n > 0 && c.Scope.Levels[n-1].Pooled {
			c.Scope.Levels = nil
		}
		allowance := rapid.SampledFrom([]Quantity{"1h", "6h", "30h", "200h"}).Draw(t, "allowance")
		excused := func(a Cap) map[string]time.Duration {
			e.Allowance = a
			sums := map[string]time.Duration{}
			for m := time.April; m <= time.June; m++ {
				p := calendar.Month(2014, m, Must(time.LoadLocation(c.Calculation.Zone)))
				for _, f := range h.find(t, c, p) {
					sums[f.Measurement.Resource] += f.Measurement.Excused
				}
			}
			return sums
		}
		most := Must(allowance.Duration())
		forgivable := excused("")
		for name, spent := range excused(Cap(allowance + " per 3mo")) {
			all := complete && c.Downtime.Slot == "" // a slot that does not fit is not forgiven
			limit := most
			if c.Downtime.Slot != "" {
				if grid := Must(c.Downtime.Slot.grid()); grid.anchored { // one that reaches into April belongs to the quarter before
					limit += time.Duration(grid.length)
				}
			}
			if spent > limit || all && spent != min(most, forgivable[name]) {
				t.Fatalf("%s: %v of %v is forgiven under %v\n%s", name, spent, forgivable[name], most, say(c, h))
			}
		}
	})
}

// downOf returns the exact downtime in nanoseconds, and the most that it can
// be.
func downOf(m Measurement) (down, atMost *big.Rat) {
	exact := func(a Availability) *big.Rat {
		r := new(big.Rat)
		if a.Ratio() != nil {
			r.Sub(big.NewRat(1, 1), a.Ratio())
		}
		return r.Mul(r, big.NewRat(int64(m.Due), 1))
	}
	return exact(m.Availability()), exact(m.Availability().AtLeast())
}

func TestClauseLawDaysAddUpToTheirMonth(t *testing.T) {
	law(t, func(t *rapid.T) {
		c, h := drawCase(t, false)
		c.Calculation.Period, c.Calculation.Length = "", "" // a length is of each period
		if e := allowanceOf(&c); e != nil && (e.Allowance == "4h" || e.Allowance == "20h") {
			e.Allowance = "5h per 1mo" // the others are of each period
		}
		zone := Must(time.LoadLocation(c.Calculation.Zone))
		whole := h.find(t, c, calendar.Month(2014, time.May, zone))
		type parts struct {
			up, down, excused, unknown, outside, due time.Duration
			exact, atMost                            *big.Rat
		}
		sums := map[string]*parts{}
		for d := 1; d <= 31; d++ {
			end := calendar.Date{Year: 2014, Month: time.May, Day: d + 1}
			if d == 31 {
				end = calendar.Date{Year: 2014, Month: time.June, Day: 1}
			}
			for _, f := range h.find(t, c, Must(calendar.NewPeriod(calendar.Date{Year: 2014, Month: time.May, Day: d}, end, zone))) {
				m := f.Measurement
				s := sums[m.Resource]
				if s == nil {
					s = &parts{exact: new(big.Rat), atMost: new(big.Rat)}
					sums[m.Resource] = s
				}
				s.up, s.down, s.excused, s.unknown, s.outside, s.due = s.up+m.Up, s.down+m.Down, s.excused+m.Excused, s.unknown+m.Unknown, s.outside+m.Outside, s.due+m.Due
				down, atMost := downOf(m)
				s.exact.Add(s.exact, down)
				s.atMost.Add(s.atMost, atMost)
			}
		}
		for _, f := range whole {
			m, s := f.Measurement, sums[f.Measurement.Resource]
			down, atMost := downOf(m)
			differ := s.due != m.Due || s.outside != m.Outside || s.exact.Cmp(down) != 0 || s.atMost.Cmp(atMost) != 0
			if !c.Downtime.Weighted { // whose parts are floored
				differ = differ || s.up != m.Up || s.down != m.Down || s.excused != m.Excused || s.unknown != m.Unknown
			}
			if differ {
				t.Fatalf("%+v\n%s\n%s", s, text(f), say(c, h))
			}
		}
	})
}

// partsOf returns the figures that are decided of a measurement.
func partsOf(f Finding) string {
	m := f.Measurement
	return fmt.Sprintln(f, m.Resource, m.Up, m.Down, m.Excused, m.Unknown, m.Outside, m.DownAtMost, m.Due, m.Availability().Ratio(), m.Availability().AtLeast().Ratio(), f.Entitlement, f.EntitlementAtMost, f.Next)
}

// same fails unless two commitments on two histories give the same figures.
func same(t *rapid.T, p calendar.Period, c Commitment, h history, d Commitment, k history) {
	one, other := h.find(t, c, p), k.find(t, d, p)
	if len(one) != len(other) {
		t.Fatalf("%d findings, and %d\n%s\n%s", len(one), len(other), say(c, h), say(d, k))
	}
	for i := range one {
		if partsOf(one[i]) != partsOf(other[i]) {
			t.Fatalf("%s%s%s\n%s", partsOf(one[i]), partsOf(other[i]), say(c, h), say(d, k))
		}
	}
}

// Agreements that say the same in other words give the same.
func TestClauseLawOtherWords(t *testing.T) {
	fixed := func(change func(*Commitment)) func(*rapid.T, *Commitment, *Commitment, *history) {
		return func(_ *rapid.T, _, d *Commitment, _ *history) { change(d) }
	}
	for name, change := range map[string]func(t *rapid.T, c, d *Commitment, h *history){
		"loss over nothing": func(_ *rapid.T, c, d *Commitment, _ *history) {
			c.Downtime.Loss, d.Downtime.Loss = "", "over 0%"
		},
		"loss of all": func(_ *rapid.T, c, d *Commitment, _ *history) {
			c.Downtime.Loss, d.Downtime.Loss = "exactly 100%", "at least 100%"
		},
		"lasting a second": func(_ *rapid.T, c, d *Commitment, _ *history) {
			c.Downtime.Lasting, d.Downtime.Lasting = "at least 1s", "over 0.999999999s"
		},
		"lasting at all": func(_ *rapid.T, c, d *Commitment, _ *history) {
			c.Downtime.Lasting, d.Downtime.Lasting = "", "over 0s"
		},
		"group of one": func(t *rapid.T, c, d *Commitment, h *history) {
			// A level says that nothing is due where too few are to be served,
			// and whole does nothing beside it. A group loses nothing outside the
			// lives of its members; what is recorded there of a resource alone
			// still fills its slots and makes its outages longer.
			c.Calculation.Whole, d.Calculation.Whole = false, false
			if c.Downtime.Slot != "" || c.Downtime.Lasting != "" {
				*h = h.where(immortal)
			}
			c.Scope.Levels, d.Scope.Levels = nil, []Level{{By: "name", Down: Range(rapid.SampledFrom([]string{"", "exactly 100%", "at least 1", "over 50%"}).Draw(t, "down"))}}
		},
		"pool of one": func(_ *rapid.T, c, d *Commitment, _ *history) {
			c.Scope.Levels, d.Scope.Levels = nil, []Level{{By: "name", Pooled: true}}
			inPercent(c.Credits)
			inPercent(d.Credits)
		},
		"group of one group": func(_ *rapid.T, c, d *Commitment, _ *history) {
			c.Scope.Levels, d.Scope.Levels = []Level{{By: "zone"}}, []Level{{By: "zone"}, {By: "zone"}}
		},
		"any of them": func(_ *rapid.T, c, d *Commitment, _ *history) {
			c.Scope.Levels, d.Scope.Levels = []Level{{By: "region"}}, []Level{{By: "region", Down: "at least 1", Min: 1}}
		},
		"all of them": func(_ *rapid.T, c, d *Commitment, h *history) {
			*h = h.where(immortal) // so that their number never changes
			if c.Calculation.Unknown == "out" {
				c.Calculation.Unknown, d.Calculation.Unknown = "", ""
			}
			n := len(h.records)
			c.Scope.Levels, d.Scope.Levels = []Level{{By: "region", Down: "exactly 100%"}}, []Level{{By: "region", Down: Range(fmt.Sprint("at least ", n))}}
		},
		"full outages by their share": func(_ *rapid.T, c, d *Commitment, h *history) {
			*h = h.where(func(r outage.Record) (outage.Record, bool) {
				if o, is := r.(outage.Outage); is {
					o.ServedPercent = decimal.Zero
					r = o
				}
				return r, true
			})
			for _, x := range []*Commitment{c, d} { // a slot is lost in part
				x.Downtime.Slot = ""
			}
			c.Downtime.Weighted, d.Downtime.Weighted = false, true
		},
		"hours of every day": func(_ *rapid.T, c, d *Commitment, _ *history) {
			c.Calculation.Hours, d.Calculation.Hours = nil, []Hours{"Mon-Sun"}
		},
		"hours of no day": func(_ *rapid.T, c, d *Commitment, _ *history) {
			c.Calculation.Hours, d.Calculation.Hours = nil, []Hours{"not 2013-01-01"}
		},
		"hours in two halves": func(_ *rapid.T, c, d *Commitment, _ *history) {
			c.Calculation.Hours, d.Calculation.Hours = []Hours{"Mon-Fri 08:00-20:00"}, []Hours{"Mon-Fri 08:00-14:00", "Wed-Fri 11:00-20:00", "Mon-Tue 14:00-20:00"}
		},
		"its own length": func(_ *rapid.T, c, d *Commitment, _ *history) {
			c.Calculation.Period, d.Calculation.Period, c.Calculation.Length, d.Calculation.Length = "", "", "", "31d"
		},
		"notice of no time": fixed(func(d *Commitment) {
			for i := range d.Exclusions {
				if d.Exclusions[i].Notice == "30h" {
					d.Exclusions[i].Notice = "1800m"
				}
			}
		}),
		"all causes that there are": func(_ *rapid.T, c, d *Commitment, h *history) {
			*h = h.where(func(r outage.Record) (outage.Record, bool) {
				o, is := r.(outage.Outage)
				return r, !is || o.Cause != ""
			})
			c.Downtime.Causes, d.Downtime.Causes = nil, []string{"maintenance", "network", "customer"}
		},
		"the marks that are always there": func(_ *rapid.T, c, d *Commitment, _ *history) {
			c.Downtime.Starts, c.Downtime.Ends = nil, nil
			d.Downtime.Starts, d.Downtime.Ends = []string{"start"}, []string{"end"}
		},
		"an allowance of everything": func(_ *rapid.T, c, d *Commitment, _ *history) {
			for _, x := range []*Commitment{c, d} {
				x.Exclusions = slices.Clone(x.Exclusions)
				if e := allowanceOf(x); e != nil {
					e.Allowance = ""
				}
			}
			for i := range d.Exclusions {
				if e := &d.Exclusions[i]; !e.First && !e.Removed {
					e.Allowance = "8784h per 12mo"
				}
			}
		},
		"slots of a minute": func(_ *rapid.T, c, d *Commitment, h *history) {
			*h = h.where(func(r outage.Record) (outage.Record, bool) {
				switch r := r.(type) { // all begin and end with a minute
				case outage.Outage:
					r.Start, r.End, r.Reported, r.Marks = r.Start.Truncate(minute), r.End.Truncate(minute), r.Reported.Truncate(minute), nil
					return r, true
				case outage.Maintenance:
					r.Start, r.End = r.Start.Truncate(minute), r.End.Truncate(minute)
					return r, true
				case outage.Lifetime:
					r.Start, r.End = r.Start.Truncate(minute), r.End.Truncate(minute)
					return r, true
				case outage.Coverage:
					r.Start, r.End = r.Start.Truncate(minute), r.End.Truncate(minute)
					return r, true
				}
				return r, true
			})
			h.asOf = h.asOf.Truncate(minute)
			c.Downtime.Slot, d.Downtime.Slot = "", "1m"
		},
	} {
		t.Run(name, func(t *testing.T) {
			law(t, func(t *rapid.T) {
				c, h := drawCase(t, false)
				d := c
				d.Exclusions = slices.Clone(c.Exclusions)
				change(t, &c, &d, &h)
				if allowanceOf(&d) != nil && (len(d.Scope.Levels) > 0 || d.Downtime.Slot != "") {
					h = h.observed() // see drawCase
				}
				same(t, may2014, c, h, d, h)
			})
		})
	}
}

// Without allowances it does not matter in which order exclusions act, unless
// some remove what they forgive. Where time counts by its share, what is
// forgiven of a slot is what the last that acts finds there.
func TestClauseLawOrderOfExclusions(t *testing.T) {
	law(t, func(t *rapid.T) {
		c, h := drawCase(t, false)
		if e := allowanceOf(&c); e != nil {
			e.Allowance = ""
		}
		removed := rapid.Bool().Draw(t, "all removed")
		for i := range c.Exclusions {
			c.Exclusions[i].Removed = removed
		}
		d := c
		d.Exclusions = rapid.Permutation(c.Exclusions).Draw(t, "mixed")
		one, other := h.find(t, c, may2014), h.find(t, d, may2014)
		for i := range one {
			a, b := one[i], other[i]
			if c.Downtime.Weighted {
				for _, f := range []*Finding{&a, &b} {
					f.Measurement.Up, f.Measurement.Excused = f.Measurement.Up+f.Measurement.Excused, 0
				}
			}
			if partsOf(a) != partsOf(b) {
				t.Fatalf("%s%s%s\n%s", partsOf(a), partsOf(b), say(c, h), say(d, h))
			}
		}
	})
}

// Time of which nobody knows and that counts as down is an outage.
func TestClauseLawUnknownDownIsAnOutage(t *testing.T) {
	law(t, func(t *rapid.T) {
		c, h := drawCase(t, false)
		h.asOf = time.Time{}
		c.Calculation.Unknown = "down"
		c.Downtime.Causes, c.Downtime.Starts, c.Downtime.Ends = nil, nil, nil // it has no cause and no marks
		c.Calculation.Period = ""
		around := outage.MustWindow(at("2014-01-01T00:00:00Z"), at("2014-09-01T00:00:00Z"))
		filled := h
		for _, r := range h.resources(t) {
			var gaps []outage.Record
			for w := range r.Unknown().Within(around).All() {
				gaps = append(gaps, outage.Outage{ID: "gap " + w.String(), Resource: r.Resource(), Start: w.Start(), End: w.End()})
			}
			filled = filled.with(r.Resource(), gaps...)
		}
		same(t, may2014, c, h, c, filled)
	})
}

func TestClauseLawOrderOfRecordsAndResources(t *testing.T) {
	law(t, func(t *rapid.T) {
		c, h := drawCase(t, false)
		mixed := history{h.asOf, map[string][]outage.Record{}}
		for name, all := range h.records {
			mixed.records[name] = nil
			if len(all) > 0 {
				mixed.records[name] = rapid.Permutation(slices.Concat(all, all[:1])).Draw(t, "records of "+name)
			}
		}
		one := h.find(t, c, may2014)
		other, err := findings(c, rapid.Permutation(mixed.resources(t)).Draw(t, "resources"), may2014)
		if err != nil || len(one) != len(other) {
			t.Fatal(err, one, other)
		}
		for i := range one {
			if text(one[i]) != text(other[i]) {
				t.Fatalf("%s\n%s\n%s", text(one[i]), text(other[i]), say(c, h))
			}
		}
	})
}

func TestClauseLawMoreFailedRequestsAreNeverBetter(t *testing.T) {
	law(t, func(t *rapid.T) {
		c := drawCommitment(t)
		c.Downtime.Causes, c.Downtime.Starts, c.Downtime.Ends, c.Scope.Levels = nil, nil, nil, nil
		c.Downtime.Requests = true
		c.Downtime.Slot = Slot(rapid.SampledFrom([]string{"1h", "1d", "period"}).Draw(t, "slot of requests"))
		c.Downtime.MinRequests = rapid.SampledFrom([]int64{0, 20}).Draw(t, "least")
		if c.Downtime.Slot == "period" {
			c.Downtime.Lasting, c.Calculation.Period = "", ""
		}
		// What is forgiven takes its whole slot with it if it is removed.
		for i := range c.Exclusions {
			c.Exclusions[i].Allowance, c.Exclusions[i].Removed = "", false
		}
		h := drawHistory(t, false).where(func(r outage.Record) (outage.Record, bool) {
			_, is := r.(outage.Outage)
			return r, !is
		})
		var traffic []outage.Record
		for i := range rapid.IntRange(1, 8).Draw(t, "hours of traffic") {
			start := drawInstant(t, "traffic").Truncate(hour)
			requests := rapid.Int64Range(1, 40).Draw(t, "requests")
			traffic = append(traffic, outage.Traffic{ID: fmt.Sprint("t", i), Resource: "a", Start: start, End: start.Add(hour), Requests: requests, Failed: rapid.Int64Range(0, requests).Draw(t, "failed")})
		}
		worse := slices.Clone(traffic)
		one := worse[0].(outage.Traffic)
		one.Failed = rapid.Int64Range(one.Failed, one.Requests).Draw(t, "failed as well")
		worse[0] = one
		before, after := h.with("a", traffic...).find(t, c, may2014), h.with("a", worse...).find(t, c, may2014)
		for i := range before {
			a, b := before[i], after[i]
			if moreAvailable(b.Measurement.Availability(), a.Measurement.Availability()) || moreAvailable(b.Measurement.Availability().AtLeast(), a.Measurement.Availability().AtLeast()) ||
				!notLess(b.Entitlement, a.Entitlement) || !notLess(b.EntitlementAtMost, a.EntitlementAtMost) {
				t.Fatalf("%v\n%v\n%s", text(a), text(b), say(c, h.with("a", worse...)))
			}
		}
		same(t, may2014, c, h.with("a", worse...), c, h.with("a", rapid.Permutation(worse).Draw(t, "mixed")...))
	})
}

// Several periods together are what each is on its own, also where what counts
// is decided once for all of them.
func TestClauseLawPeriodsTogether(t *testing.T) {
	law(t, func(t *rapid.T) {
		c, h := drawCase(t, rapid.Bool().Draw(t, "complete"))
		c.Scope = Scope{}
		terms, err := Agreement{Name: "x", Commitments: []Commitment{c}}.Compile()
		if err != nil {
			t.Fatalf("%v\n%s", err, say(c, h))
		}
		zone := Must(time.LoadLocation(c.Calculation.Zone))
		var periods []calendar.Period
		for m := time.March; m <= time.June; m++ {
			periods = append(periods, calendar.Month(2014, m, zone))
		}
		for _, r := range h.resources(t) {
			together, err := terms.JudgeAll([]outage.Timeline{r}, periods...)
			if err != nil {
				t.Fatalf("%v\n%s", err, say(c, h))
			}
			for i, p := range periods {
				alone, err := terms.Judge(r, p)
				if err != nil {
					t.Fatalf("%v\n%s", err, say(c, h))
				}
				if !assert.ObjectsAreEqual(alone, together[i]) {
					t.Fatalf("%v\n%v\n%v\n%s", p, alone, together[i], say(c, h))
				}
			}
		}
	})
}
