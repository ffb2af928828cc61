package sla

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// wholeHull holds all of every outage that touches the period, and two years more
// than is told where nobody knows when it ends.
func (c *commitment) wholeHull(t *observed) outage.Window {
	whole, long := t.hull, between(earliest, t.hull.End().AddDate(2, 0, 0).UnixNano())
	for _, as := range []scenario{asKnown, atWorst} {
		losses, _ := c.losses(t, c.none(), as)
		lost := moments(losses, c.passes)
		for w := range lost.Within(t.period).All() {
			whole = whole.Hull(lost.Window(w.Start()).Intersect(long))
		}
	}
	return whole
}

// Law: hours long after all that is known change nothing.
func TestHoursLongAfterWhatIsKnownChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		source, h := drawCase(t, true)
		h.asOf = drawInstant(t, "as of")
		source.Scope, source.Calculation.Period = Scope{}, ""
		source.Exclusions = append(source.Exclusions, Exclusion{
			Hours:     []Hours{rapid.SampledFrom([]Hours{"Mon-Fri 00:00-03:00", "Sat", "22:00-23:00"}).Draw(t, "each")},
			Allowance: rapid.SampledFrom([]Cap{"30m per outage", "20h per outage", "5000h per outage"}).Draw(t, "of each"),
		})
		if len(source.Exclusions) > 1 && rapid.Bool().Draw(t, "first of all") {
			source.Exclusions = source.Exclusions[len(source.Exclusions)-1:]
		}
		terms, err := single(source).Compile()
		if err != nil {
			t.Skip(err)
		}
		c := &terms.commitments[0]
		zone := Must(time.LoadLocation(source.Calculation.Zone))
		p := calendar.Month(2014, time.May, zone)
		for _, r := range h.resources(t)[:1] {
			told := Must(c.observe(leaf(&r), p.Window(), zone))
			whole := Must(c.observe(leaf(&r), p.Window(), zone))
			whole.hull = c.wholeHull(whole)
			whole.members[0].plan(c, whole.hull)
			whole.closed = except(whole.life.Intersect(whole.lived))
			if !c.hours.isZero() {
				whole.shut = outage.NewSet(whole.hull).Subtract(c.hours.within(whole.hull, c.zone))
				whole.closed = whole.closed.Union(whole.shut)
			}
			want, got := Must(c.assess(whole).measure(p)), Must(c.assess(told).measure(p))
			text := func(m Measurement) string {
				for i := range m.Outages { // a run beyond what is told is shown as far as it is known
					m.Outages[i].Window = m.Outages[i].Window.Intersect(told.hull)
				}
				return string(Must(json.Marshal(m)))
			}
			require.JSONEq(t, text(want), text(got), "%s", say(source, h))
		}
	})
}

// Law: what slots draw on an allowance, each as a whole, is what one gets who
// goes from slot to slot.
func TestSlotsSpendAllowanceAsAWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		grid := grid{length: rapid.Int64Range(1, 5).Draw(t, "length"), anchored: true, origin: rapid.Int64Range(0, 4).Draw(t, "origin")}
		set := func(name string, aligned bool) outage.Set {
			var windows []outage.Window
			slots := slots{grid: grid}
			for range rapid.IntRange(1, 5).Draw(t, name) {
				from := rapid.Int64Range(0, 80).Draw(t, "from")
				to := from + rapid.Int64Range(1, 30).Draw(t, "for")
				if aligned {
					from, _ = slots.at(from)
					_, to = slots.at(to)
				}
				windows = append(windows, between(from, to))
			}
			return outage.NewSet(windows...)
		}
		drawn, closed := set("drawn", true), set("closed", false)
		target := &observed{slots: slots{grid: grid}, hull: between(0, 200)}
		a := allowance{most: time.Duration(rapid.Int64Range(1, 60).Draw(t, "allowance")), perOutage: true}
		var want []outage.Window
		for w := range drawn.All() { // an outage each
			left := a.most
			for at := w.Start().UnixNano(); at < w.End().UnixNano(); {
				from, to := target.slots.at(at)
				slot := outage.NewSet(between(from, to))
				switch cost := slot.Subtract(closed).Total(); {
				case left == 0 || cost > left:
					want = append(want, between(from, to))
				default:
					left -= cost
				}
				at = to
			}
		}
		require.Equal(t, outage.NewSet(want...).String(), a.spend(target, drawn, drawn, closed).String())
	})
}

// An outage without an end, or without a beginning, is judged at once: slots of a
// second draw an allowance together, and hours are told only as far as they can
// matter.
func TestUnknownTimeWithoutEndIsJudgedAtOnce(t *testing.T) {
	hours := Exclusion{Hours: []Hours{"Mon-Fri 02:00-04:00", "22:00-23:00"}, Allowance: "10000h per outage"}
	planned := Exclusion{Causes: []string{"maintenance"}, Notice: "24h", Allowance: "10000h per outage"}
	known := january.AddDate(0, 0, 20)
	work := outage.Maintenance{ID: "m", Start: january, End: known.AddDate(150, 0, 0), Announced: january.AddDate(0, -1, 0)}
	for _, tt := range []struct {
		name     string
		slot     Slot
		of       Exclusion
		megabyte uint64
	}{
		{"hours by the moment", "", hours, 2},
		{"hours by slots", "1s", hours, 2},
		{"maintenance by slots", "1s", planned, 2},
	} {
		terms := Must(single(Commitment{
			Promise: "at least 99.9%", Downtime: Downtime{Slot: tt.slot}, Exclusions: []Exclusion{tt.of}, Calculation: Calculation{Zone: "UTC"},
		}).Compile())
		records := []outage.Record{work}
		for i := range 10 {
			start := january.AddDate(0, 0, 2*i)
			records = append(records, outage.Outage{ID: string(rune('a' + i)), Start: start, End: start.Add(time.Hour)})
		}
		timeline := Must(outage.Options{AsOf: known}.Timeline(records...))
		judge := func() { Must(terms.Judge(timeline, months2026(1)[0])) }
		require.Less(t, allocated(judge), tt.megabyte<<20, tt.name)
	}
}
