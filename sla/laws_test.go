package sla

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// The laws are drawn in steps of 30 minutes around May 2014, so that records
// touch and coincide often.
const tick = 30 * minute

var lawsFrom = at("2014-04-30T00:00:00Z")

// drawOutages returns outages of one resource.
func drawOutages(t *rapid.T, most int) []outage.Outage {
	all := make([]outage.Outage, rapid.IntRange(0, most).Draw(t, "outages"))
	for i := range all {
		start := lawsFrom.Add(time.Duration(rapid.IntRange(0, 1600).Draw(t, "start")) * tick)
		all[i] = outage.Outage{
			ID: fmt.Sprint("o", i), Resource: "vm",
			Start: start, End: start.Add(time.Duration(rapid.IntRange(1, 60).Draw(t, "length")) * tick),
			ServedPercent: decimal.NewFromInt(rapid.SampledFrom([]int64{0, 0, 50, 95, 99}).Draw(t, "served")),
			Cause:         rapid.SampledFrom([]string{"", "network", "customer", "maintenance"}).Draw(t, "cause"),
		}
	}
	return all
}

// drawOthers returns records of the other kinds.
func drawOthers(t *rapid.T) []outage.Record {
	var all []outage.Record
	for i := range rapid.IntRange(0, 3).Draw(t, "others") {
		id := fmt.Sprint("r", i)
		start := lawsFrom.Add(time.Duration(rapid.IntRange(0, 800).Draw(t, "start")) * tick)
		end := start.Add(time.Duration(rapid.IntRange(1, 1600).Draw(t, "length")) * tick)
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			ahead := time.Duration(rapid.IntRange(0, 48).Draw(t, "ahead")) * hour
			all = append(all, outage.Maintenance{ID: id, Resource: "vm", Start: start, End: end, Announced: start.Add(-ahead)})
		case 1:
			all = append(all, outage.Coverage{ID: id, Resource: "vm", Start: start, End: end})
		case 2:
			all = append(all, outage.Lifetime{ID: id, Resource: "vm", Start: start, End: end})
		}
	}
	return all
}

func asRecords(outages []outage.Outage, others []outage.Record) []outage.Record {
	all := slices.Clone(others)
	for _, o := range outages {
		all = append(all, o)
	}
	return all
}

func drawAsOf(t *rapid.T) time.Time {
	if rapid.Bool().Draw(t, "complete") {
		return time.Time{}
	}
	return lawsFrom.Add(time.Duration(rapid.IntRange(0, 1700).Draw(t, "as of")) * tick)
}

func drawTimeline(t *rapid.T) outage.Timeline {
	return Must(outage.Options{AsOf: drawAsOf(t)}.Timeline(asRecords(drawOutages(t, 6), drawOthers(t))...))
}

// lawTerms excuses, thresholds and counts steps.
var lawTerms = Must(Agreement{Name: "laws", Commitments: []Commitment{
	{Name: "plain", Promise: "at least 99.95%", Credits: rows("below 99.95%", "10%", "below 99.0%", "25%", "below 95.0%", "100%")},
	{
		Name:     "full",
		Downtime: Downtime{Loss: "over 5%", Lasting: "at least 2h"},
		Exclusions: []Exclusion{
			{Causes: []string{"customer"}},
			{Causes: []string{"maintenance"}, Notice: "24h"},
		},
		Promise: "exactly 100%",
		Credits: []Tier{{Give: "2%", Per: "started 1h"}},
	},
	{Name: "none", Promise: "over 99%", Exclusions: []Exclusion{{Causes: []string{"maintenance", "network"}, Notice: "none"}}, Credits: rows("", "5%")},
}}.Compile())

// judge returns the findings on records in a period.
func judge(t *rapid.T, asOf time.Time, p calendar.Period, all []outage.Record) []Finding {
	timeline, err := outage.Options{AsOf: asOf}.Timeline(all...)
	if err != nil {
		t.Fatal(err)
	}
	v, err := lawTerms.Judge(timeline, p)
	if err != nil {
		t.Fatal(err)
	}
	return v.Findings
}

// text returns a finding with its whole account.
func text(f Finding) string {
	return fmt.Sprint(f, f.Entitlement, f.EntitlementAtMost, f.Next, f.Measurement)
}

// figures returns what is decided about a finding, without the account.
func figures(f Finding) string {
	return fmt.Sprint(f, f.Entitlement, f.EntitlementAtMost, f.Next, f.Measurement.String(), f.Measurement.DownAtMost, f.Measurement.Count(), f.Measurement.Longest())
}

func TestLawOrderAndRepetitionChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asOf, all := drawAsOf(t), asRecords(drawOutages(t, 8), drawOthers(t))
		mixed := rapid.Permutation(slices.Concat(all, all)).Draw(t, "mixed")
		mixed = append(mixed, all...)
		want, got := judge(t, asOf, may2014, all), judge(t, asOf, may2014, mixed)
		for i := range want {
			if text(got[i]) != text(want[i]) {
				t.Fatalf("%s\n%s", text(want[i]), text(got[i]))
			}
		}
	})
}

func TestLawSplittingAnOutageChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asOf, outages, others := drawAsOf(t), drawOutages(t, 6), drawOthers(t)
		if len(outages) == 0 {
			return
		}
		whole := rapid.SampledFrom(outages).Draw(t, "whole")
		first := time.Duration(rapid.Int64Range(1, int64(whole.End.Sub(whole.Start))-1).Draw(t, "first"))
		head, tail := whole, whole
		head.End, tail.Start = whole.Start.Add(first), whole.Start.Add(first)
		head.ID, tail.ID = "head", "tail"
		split := slices.DeleteFunc(slices.Clone(outages), func(o outage.Outage) bool { return o.ID == whole.ID })
		want := judge(t, asOf, may2014, asRecords(outages, others))
		got := judge(t, asOf, may2014, asRecords(append(split, head, tail), others))
		for i := range want {
			if figures(got[i]) != figures(want[i]) {
				t.Fatalf("%s\n%s", figures(want[i]), figures(got[i]))
			}
		}
	})
}

func TestLawShiftByWholePeriods(t *testing.T) {
	cycle := calendar.Cycle{Start: calendar.Date{Year: 2014, Month: time.May, Day: 1}, Zone: time.UTC, Days: 30}
	rapid.Check(t, func(t *rapid.T) {
		asOf, all := drawAsOf(t), asRecords(drawOutages(t, 6), drawOthers(t))
		n := rapid.IntRange(-100, 100).Draw(t, "periods")
		by := time.Duration(n) * 30 * 24 * hour
		shift := func(when time.Time) time.Time {
			if when.IsZero() {
				return when
			}
			return when.Add(by)
		}
		shifted := make([]outage.Record, len(all))
		for i, r := range all {
			switch r := r.(type) {
			case outage.Outage:
				r.Start, r.End = shift(r.Start), shift(r.End)
				shifted[i] = r
			case outage.Maintenance:
				r.Start, r.End, r.Announced = shift(r.Start), shift(r.End), shift(r.Announced)
				shifted[i] = r
			case outage.Coverage:
				r.Start, r.End = shift(r.Start), shift(r.End)
				shifted[i] = r
			case outage.Lifetime:
				r.Start, r.End = shift(r.Start), shift(r.End)
				shifted[i] = r
			}
		}
		want, got := judge(t, asOf, Must(cycle.Period(0)), all), judge(t, shift(asOf), Must(cycle.Period(n)), shifted)
		for i := range want {
			if figures(got[i]) != figures(want[i]) {
				t.Fatalf("%s\n%s", figures(want[i]), figures(got[i]))
			}
		}
	})
}

func TestLawTheFivePartsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, f := range judge(t, drawAsOf(t), may2014, asRecords(drawOutages(t, 8), drawOthers(t))) {
			m := f.Measurement
			if m.Up+m.Down+m.Excused+m.Unknown+m.Outside != may2014.Length() || m.Due != may2014.Length()-m.Outside {
				t.Fatal(m)
			}
			for _, part := range []time.Duration{m.Up, m.Down, m.Excused, m.Unknown, m.Outside, m.DownAtMost - m.Down, m.Down + m.Unknown - m.DownAtMost} {
				if part < 0 {
					t.Fatal(m, m.DownAtMost)
				}
			}
			at := may2014.Window().Start()
			for i, p := range m.Pieces {
				if p.Window.IsEmpty() || !p.Window.Start().Equal(at) {
					t.Fatal(m.Pieces)
				}
				if at = p.Window.End(); i > 0 && p.State == m.Pieces[i-1].State && p.Why() == m.Pieces[i-1].Why() && p.Clause == m.Pieces[i-1].Clause && slices.Equal(p.Records, m.Pieces[i-1].Records) {
					t.Fatal("neighbours do not differ", m.Pieces)
				}
			}
			if f.Outcome == Met && (m.DownAtMost > f.Allowed) || f.Outcome == Missed && m.Down <= f.Allowed && m.Due > 0 {
				t.Fatal(f)
			}
		}
	})
}

func TestLawMoreDowntimeIsNeverBetter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asOf, others := drawAsOf(t), drawOthers(t)
		outages := drawOutages(t, 7)
		if len(outages) == 0 {
			return
		}
		last := outages[len(outages)-1]
		some := judge(t, asOf, may2014, asRecords(outages[:len(outages)-1], others))
		more := judge(t, asOf, may2014, asRecords(outages, others))
		for i := range some {
			a, b := some[i], more[i]
			if b.Measurement.Availability().Ratio() != nil && b.Measurement.Availability().Ratio().Cmp(a.Measurement.Availability().Ratio()) > 0 {
				t.Fatalf("with %+v more is available: %v, %v", last, a, b)
			}
			if b.Entitlement.Percent.Points().LessThan(a.Entitlement.Percent.Points()) {
				t.Fatalf("with %+v less is owed: %v, %v", last, a.Entitlement, b.Entitlement)
			}
			if b.EntitlementAtMost.Percent.Points().LessThan(b.Entitlement.Percent.Points()) {
				t.Fatalf("the bounds are out of order: %v, %v", b.Entitlement, b.EntitlementAtMost)
			}
		}
	})
}

func TestLawExcusedAndCountingTogetherCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		outages := drawOutages(t, 6)
		var counting []outage.Outage
		for _, o := range outages {
			if o.Cause != "customer" && o.ServedPercent.LessThan(decimal.NewFromInt(95)) {
				counting = append(counting, o)
			}
		}
		c := Commitment{Name: "x", Downtime: Downtime{Loss: "over 5%"}, Promise: "exactly 100%", Exclusions: []Exclusion{{Causes: []string{"customer"}}}}
		terms := Must(Agreement{Commitments: []Commitment{c}}.Compile())
		all := Must(terms.Judge(Must(outage.NewTimeline(asRecords(outages, nil)...)), may2014))
		alone := Must(terms.Judge(Must(outage.NewTimeline(asRecords(counting, nil)...)), may2014))
		if all.Findings[0].Measurement.Down != alone.Findings[0].Measurement.Down {
			t.Fatal(all, alone)
		}
	})
}
