package sla_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// Equations over the worlds of the clauses' oracle, SLACREDIT_LAWS_COUNT of them
// for each (200).

// refused is what is wrong with a world that the library does not judge: nothing.
const refused = ""

// worlds runs a test over many worlds, and shows the first one of each shard
// that fails, shrunk.
func worlds(t *testing.T, fault func(*cellWorld) string) {
	t.Helper()
	seed := oracleNumber(t, "SLACREDIT_ORACLE_SEED", 1)
	count := oracleNumber(t, "SLACREDIT_LAWS_COUNT", 200)
	failures := oracleNumber(t, "SLACREDIT_ORACLE_FAILURES", 1)
	if testing.Short() {
		count /= 10
	}
	const shards = 8
	for shard := range uint64(shards) {
		t.Run(strconv.FormatUint(shard, 10), func(t *testing.T) {
			t.Parallel()
			left := failures
			for n := shard; n < count; n += shards {
				w := newCellWorld(seed, n)
				text := fault(w)
				if text == "" {
					continue
				}
				small := w.shrinkBy(fault)
				t.Errorf("SLACREDIT_ORACLE_SEED=%d, world %d, and smaller:\n%s\n%s", seed, n, small.GoText(), fault(small))
				if left--; left == 0 {
					t.FailNow()
				}
			}
		})
	}
}

// daysAround returns the billing period and the days around it, in order.
func (w *cellWorld) daysAround() []calendar.Period {
	cycle := calendar.Cycle{Start: w.from, Zone: w.zone, Days: 1}
	var all []calendar.Period
	for n := -2; n <= 2; n++ {
		p, err := cycle.Period(n)
		if err != nil {
			panic(err)
		}
		all = append(all, p)
	}
	return all
}

// alone returns the terms of the world and the timeline of its first resource,
// which is judged on its own.
func (w *cellWorld) alone() (*sla.Terms, outage.Timeline, error) {
	one := *w
	one.terms.levels, one.terms.only = nil, nil
	terms, err := one.agreement().Compile()
	if err != nil {
		return nil, outage.Timeline{}, err
	}
	timeline, err := outage.Options{AsOf: w.instantOf(w.asOf)}.Timeline(w.records(w.resources[0])...)
	return terms, timeline, err
}

// Several periods judged together are what each is on its own.
func TestPeriodsTogetherOracle(t *testing.T) {
	worlds(t, func(w *cellWorld) string {
		terms, timeline, err := w.alone()
		if err != nil {
			return refused
		}
		periods := w.daysAround()
		together, err := terms.JudgeAll([]outage.Timeline{timeline}, periods...)
		if err != nil {
			return refused
		}
		for i, p := range periods {
			one, err := terms.Judge(timeline, p)
			if err != nil {
				return refused
			}
			if a, b := jsonText(one), jsonText(together[i]); a != b {
				return fmt.Sprintf("together:\n%s\nalone:\n%s", b, a)
			}
		}
		return ""
	})
}

func jsonText(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// An outage is counted in one period: those that are counted in neighbouring
// periods neither overlap nor touch, and one that goes on beyond the end of a
// period is there in the next.
func TestOutagesAreCountedOnce(t *testing.T) {
	worlds(t, func(w *cellWorld) string {
		if w.terms.requests && w.terms.slotPeriod || w.terms.period != "" {
			return "" // which are other outages in each period
		}
		terms, timeline, err := w.alone()
		if err != nil {
			return refused
		}
		all, err := terms.JudgeAll([]outage.Timeline{timeline}, w.daysAround()...)
		if err != nil {
			return refused
		}
		for i := range all[1:] {
			before, after := all[i].Findings[0].Measurement, all[i+1].Findings[0].Measurement
			edge := before.Period.Window().End()
			for _, r := range before.Outages {
				ends := !r.Open && !r.Window.End().After(edge)
				there := false
				for _, s := range after.Outages {
					if ends && !s.Window.Start().After(r.Window.End()) {
						return fmt.Sprintf("%s is counted in %v, and %s is found in %v", r.Window, before.Period, s.Window, after.Period)
					}
					there = there || !s.Window.Start().After(edge) && s.Window.End().After(edge)
				}
				// A slot over the edge of two periods may be covered in one of them.
				astride := w.terms.slot > 0 && (w.terms.slotOrigin != none || w.terms.zone != nil) && w.cut()
				if r.Window.End().After(edge) && !there && !astride {
					return fmt.Sprintf("%s of %v is not found in %v", r.Window, before.Period, after.Period)
				}
			}
		}
		return ""
	})
}

// A resource alone is a group of one, by one level or two.
func TestGroupOfOneOracle(t *testing.T) {
	worlds(t, func(w *cellWorld) string {
		if w.terms.requests {
			return "" // which groups do not count
		}
		terms, timeline, err := w.alone()
		if err != nil {
			return refused
		}
		period := sla.Must(calendar.NewPeriod(w.from, w.to, w.zone))
		one, err := terms.Judge(timeline, period)
		if err != nil {
			return refused
		}
		want := figuresAlone(one)
		for _, levels := range [][]sla.Level{{{By: "g"}}, {{By: "g", Min: 1, Down: "exactly 100%"}}, {{By: "h"}, {By: "g", Down: "over 50%"}}, {{By: "g", Pooled: true}}} {
			n := len(levels)
			if levels[n-1].Pooled && (w.terms.period == "outage" || w.terms.counted) {
				continue
			}
			world := *w
			world.terms.levels, world.terms.only = nil, nil
			agreement := world.agreement()
			agreement.Commitments[0].Scope.Levels = levels
			grouped, err := agreement.Compile()
			if err != nil {
				return refused
			}
			labels := map[string]string{"g": timeline.Resource(), "h": timeline.Resource()}
			verdicts, err := grouped.JudgeAll([]outage.Timeline{timeline.WithLabels(labels)}, period)
			if err != nil {
				return refused
			}
			if got := figuresAlone(verdicts[0]); got != want {
				return fmt.Sprintf("alone:\n%s\nas a group by %v:\n%s", want, levels, got)
			}
		}
		return ""
	})
}

// figuresAlone returns what a verdict decides, without the words of its account.
func figuresAlone(v sla.Verdict) string {
	var b strings.Builder
	for _, f := range v.Findings {
		m := f.Measurement
		if len(m.Members) == 1 {
			m = m.Members[0]
		}
		fmt.Fprintf(&b, "%v %v up %v, down %v, excused %v, unknown %v, outside %v, at most %v, due %v, %s to %s, open %t, count %d, gives %v, at most %v",
			m.Period, f.Outcome, m.Up, m.Down, m.Excused, m.Unknown, m.Outside, m.DownAtMost, m.Due,
			jsonText(m.Availability()), jsonText(m.AvailabilityAtLeast()), m.Open, m.Count(), f.Entitlement, f.EntitlementAtMost)
		for _, r := range m.Outages {
			fmt.Fprintf(&b, ", %s %q %t", r.Window, r.Records, r.Open)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// A statement is provisional while its period is not over, while what is under way
// can change a figure, and while what nobody knows decides what is owed; and what
// is written of it reads back.
func TestProvisionalOracle(t *testing.T) {
	worlds(t, func(w *cellWorld) string {
		w.oracle()
		verdicts, err := w.verdicts()
		if err != nil {
			return refused
		}
		var charges []credit.Charge
		want := false
		for _, v := range verdicts {
			asOf := w.instantOf(w.asOf)
			want = want || !asOf.IsZero() && asOf.Before(v.Period.Window().End())
			charges = append(charges, credit.Charge{ID: v.Resource, Resource: v.Resource, Amount: credit.MustMoney("USD 100.00")})
			for _, f := range v.Findings {
				want = want || f.Outcome == sla.Undecided || f.Entitlement.String() != f.EntitlementAtMost.String()
			}
		}
		for _, tally := range w.tallies {
			want = want || tally.open
		}
		if len(verdicts) == 0 {
			return ""
		}
		statement, err := credit.NewStatement(credit.Bill{
			Customer: "x", Period: verdicts[0].Period, Charges: charges, Verdicts: verdicts,
		})
		if err != nil {
			return err.Error()
		}
		if got := len(statement.Provisional) > 0; got != want {
			return fmt.Sprintf("provisional %t (%q), want %t", got, statement.Provisional, want)
		}
		text := jsonText(statement)
		var read credit.Statement
		if err := json.Unmarshal([]byte(text), &read); err != nil {
			return fmt.Sprintf("a statement cannot be read back: %v", err)
		}
		if again := jsonText(read); again != text {
			return fmt.Sprintf("a statement is written as\n%s\nand read back as\n%s", text, again)
		}
		return ""
	})
}

// One more outage never lowers what is down: of terms that look at no more than
// the moments of the period, since an allowance of a longer time, or slots that
// draw unequally, may be spent elsewhere.
func TestOneMoreOutageNeverLowersWhatIsDown(t *testing.T) {
	worlds(t, func(w *cellWorld) string {
		terms, _, err := w.alone()
		if err != nil {
			return refused
		}
		resource := *w.resources[0]
		if len(resource.outages) == 0 || w.terms.spentElsewhere() || len(w.terms.ends) > 0 || w.terms.period != "" || w.terms.weighted || len(resource.coverage) > 0 {
			return ""
		}
		period := sla.Must(calendar.NewPeriod(w.from, w.to, w.zone))
		down := func(r cellResource) (time.Duration, error) {
			timeline, err := outage.Options{AsOf: w.instantOf(w.asOf)}.Timeline(w.records(&r)...)
			if err != nil {
				return 0, err
			}
			v, err := terms.Judge(timeline, period)
			return v.Findings[0].Measurement.Down, err
		}
		with, err := down(resource)
		require.NoError(t, err)
		less := resource
		less.outages = less.outages[:len(less.outages)-1]
		without, err := down(less)
		require.NoError(t, err)
		if with < without {
			return fmt.Sprintf("down %v, and without the last outage %v", with, without)
		}
		return ""
	})
}

// spentElsewhere reports whether an allowance may meet slots that draw unequally,
// or time that is not the period's.
func (t *clauseTerms) spentElsewhere() bool {
	for _, e := range t.exclusions {
		if e.allowance != none && (t.slot > 0 || e.per != "" || len(t.hours) > 0) || e.removed {
			return true
		}
	}
	return t.requests
}
