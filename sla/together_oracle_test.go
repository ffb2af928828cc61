package sla_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/internal/oracle"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// Equations over the worlds of the oracle, SLACREDIT_LAWS_COUNT of them for each
// (200).

// refused is the fault of a world that the library does not judge: none.
const refused = ""

// laws looks for a world in which an equation does not hold.
func laws(t *testing.T, fault func(*oracle.World) string) {
	t.Helper()
	worlds(t, oracleNumber(t, "SLACREDIT_LAWS_COUNT", 200), fault)
}

// daysAround returns the first day of the billing period and the days around it,
// in order.
func daysAround(w *oracle.World) []calendar.Period {
	var all []calendar.Period
	for n := -2; n <= 2; n++ {
		all = append(all, w.Day(n))
	}
	return all
}

// alone returns a world with one resource and one commitment, and the terms and
// the timeline of it.
func alone(w *oracle.World) (*oracle.World, *sla.Terms, outage.Timeline, error) {
	w = w.Alone()
	terms, err := w.Agreement().Compile()
	if err != nil {
		return w, nil, outage.Timeline{}, err
	}
	timelines, err := w.Timelines()
	if err != nil {
		return w, nil, outage.Timeline{}, err
	}
	return w, terms, timelines[0], nil
}

// Several periods judged together are what each is on its own.
func TestPeriodsTogetherOracle(t *testing.T) {
	laws(t, func(w *oracle.World) string {
		w, terms, timeline, err := alone(w)
		if err != nil {
			return refused
		}
		periods := daysAround(w)
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
	laws(t, func(w *oracle.World) string {
		w, terms, timeline, err := alone(w)
		if err != nil {
			return refused
		}
		c := w.Agreement().Commitments[0]
		if c.Downtime.Slot == "period" || c.Calculation.Period != "" {
			return "" // each period has other outages
		}
		all, err := terms.JudgeAll([]outage.Timeline{timeline}, daysAround(w)...)
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
				astride := c.Downtime.Slot != "" && (strings.Contains(string(c.Downtime.Slot), " from ") || c.Calculation.Zone != "") && w.CutsRuns()
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
	laws(t, func(w *oracle.World) string {
		w, terms, timeline, err := alone(w)
		if err != nil {
			return refused
		}
		c := w.Agreement().Commitments[0]
		if c.Downtime.Requests {
			return "" // groups do not count them
		}
		period := w.Period()
		one, err := terms.Judge(timeline, period)
		if err != nil {
			return refused
		}
		want := figuresAlone(one)
		for _, levels := range [][]sla.Level{{{By: "g"}}, {{By: "g", Min: 1, Down: "exactly 100%"}}, {{By: "h"}, {By: "g", Down: "over 50%"}}, {{By: "g", Pooled: true}}} {
			n := len(levels)
			if levels[n-1].Pooled && (c.Calculation.Period == "outage" || strings.HasSuffix(string(c.Promise), "outage") || strings.HasSuffix(string(c.Promise), "outages")) {
				continue
			}
			agreement := w.Agreement()
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
			jsonText(m.Availability()), jsonText(m.Availability().AtLeast()), m.Open, m.Count(), f.Entitlement, f.EntitlementAtMost)
		for _, r := range m.Outages {
			fmt.Fprintf(&b, ", %s %q %t", r.Window, r.Records, r.Open)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// A statement is provisional while its period is not over, while what is under way
// can change a figure, and while unobserved time decides about the credit. Its
// text is read back as it is.
func TestProvisionalOracle(t *testing.T) {
	laws(t, func(w *oracle.World) string {
		verdicts, err := w.Verdicts()
		if err != nil {
			return refused
		}
		var charges []credit.Charge
		want := w.Open()
		for _, v := range verdicts {
			asOf := w.AsOf()
			want = want || !asOf.IsZero() && asOf.Before(v.Period.Window().End())
			charges = append(charges, credit.Charge{ID: v.Resource, Resource: v.Resource, Amount: credit.MustMoney("USD 100.00")})
			for _, f := range v.Findings {
				want = want || f.Outcome == sla.Undecided || f.Entitlement.String() != f.EntitlementAtMost.String()
			}
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

// One more outage never lowers the downtime, under terms that look at no more than
// the moments of the period. An allowance of a longer time, or slots that draw
// unequally, may be spent elsewhere.
func TestOneMoreOutageNeverLowersWhatIsDown(t *testing.T) {
	laws(t, func(w *oracle.World) string {
		w, terms, timeline, err := alone(w)
		if err != nil {
			return refused
		}
		name := timeline.Resource()
		c := w.Agreement().Commitments[0]
		if spentElsewhere(c) || len(c.Downtime.Ends) > 0 || c.Calculation.Period != "" || c.Downtime.Weighted {
			return ""
		}
		records := w.Records()
		last := ""
		for _, r := range records {
			switch r := r.(type) {
			case outage.Coverage:
				return ""
			case outage.Outage:
				last = max(last, r.ID)
			}
		}
		down := func(records []outage.Record) time.Duration {
			timelines, err := outage.Options{AsOf: w.AsOf(), Resources: []string{name}}.Timelines(records...)
			require.NoError(t, err)
			v, err := terms.Judge(timelines[0], w.Period())
			require.NoError(t, err)
			return v.Findings[0].Measurement.Down
		}
		less := slices.DeleteFunc(slices.Clone(records), func(r outage.Record) bool {
			o, is := r.(outage.Outage)
			return is && o.ID == last
		})
		if with, without := down(records), down(less); with < without {
			return fmt.Sprintf("down %v, and without an outage %v", with, without)
		}
		return ""
	})
}

// spentElsewhere reports whether an allowance may meet slots that draw unequally,
// or time that is not the period's.
func spentElsewhere(c sla.Commitment) bool {
	for _, e := range c.Exclusions {
		if e.Allowance != "" && (c.Downtime.Slot != "" || strings.Contains(string(e.Allowance), " per ") || len(c.Calculation.Hours) > 0) || e.Removed {
			return true
		}
	}
	return c.Downtime.Requests
}
