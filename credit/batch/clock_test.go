package batch

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// Every two windows on five slots, in either order, and every clock of two laps,
// beside set algebra.
func TestClockExhaustively(t *testing.T) {
	const slots = 5
	var all []outage.Window
	for from := range slots {
		for to := from + 1; to <= slots; to++ {
			all = append(all, between(int64(from), int64(to)))
		}
	}
	for bits := range 1 << slots {
		for cut := range slots + 1 {
			laps := make([][]outage.Window, 2)
			for slot := range slots {
				if bits>>slot&1 == 1 {
					lap := 0
					if slot >= cut {
						lap = 1
					}
					laps[lap] = append(laps[lap], between(int64(slot), int64(slot+1)))
				}
			}
			sets := []outage.Set{outage.NewSet(laps[0]...), outage.NewSet(laps[1]...)}
			clock, err := newClock(sets...)
			require.NoError(t, err)
			for _, v := range all {
				for _, w := range all {
					require.Equal(t, coveredOf(sets, v, w), clock.covered(nil, []outage.Window{v, w}), "%v %v %v", sets, v, w)
				}
			}
		}
	}
}

// between returns the window between two instants in nanoseconds since 1970.
func between(start, end int64) outage.Window {
	return outage.MustWindow(time.Unix(0, start), time.Unix(0, end))
}

// coveredOf is the second implementation: set algebra.
func coveredOf(laps []outage.Set, windows ...outage.Window) []time.Duration {
	covered := make([]time.Duration, len(laps))
	for i, lap := range laps {
		covered[i] = lap.Intersect(outage.NewSet(windows...)).Total()
	}
	return covered
}

// Few and many windows, in order and not, at all distances.
func TestClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.Int64Range(1, 1<<rapid.IntRange(1, 60).Draw(t, "bits")).Draw(t, "width")
		instants := rapid.Int64Range(-width, width)
		window := rapid.Custom(func(t *rapid.T) outage.Window {
			start := instants.Draw(t, "start")
			return between(start, start+1+rapid.Int64Range(0, width).Draw(t, "length"))
		})
		cuts := rapid.SliceOfN(instants, 2, 6).Draw(t, "cuts")
		slices.Sort(cuts)
		var laps []outage.Set
		running := outage.NewSet(rapid.SliceOfN(window, 0, 20).Draw(t, "running")...)
		for i := 1; i < len(cuts); i++ {
			laps = append(laps, running.Within(between(cuts[i-1], cuts[i]))) // the window may be empty
		}
		clock, err := newClock(laps...)
		require.NoError(t, err)
		windows := rapid.SliceOfN(window, 0, 40).Draw(t, "windows")
		want := coveredOf(laps, windows...)
		assert.Equal(t, want, clock.covered(nil, windows))
		slices.SortFunc(windows, byStart)
		assert.Equal(t, want, clock.covered(nil, windows), "by start")
		assert.Equal(t, want, clock.covered(want, windows)[len(want):], "appended")
	})
}

func TestClockEdges(t *testing.T) {
	none := clock{}
	assert.Empty(t, none.covered(nil, []outage.Window{between(1, 2)}))
	still, err := newClock(outage.Set{}, outage.Set{})
	require.NoError(t, err)
	assert.Equal(t, []time.Duration{0, 0}, still.covered(nil, []outage.Window{between(1, 2)}))
	allTime := between(earliest, 7_005_657_600e9)
	always, err := newClock(outage.NewSet(allTime))
	require.NoError(t, err)
	assert.Equal(t, []time.Duration{allTime.Length()}, always.covered(nil, []outage.Window{allTime, between(1, 2)}))
	many := slices.Repeat([]outage.Window{allTime}, handful+1)
	assert.Equal(t, []time.Duration{allTime.Length()}, always.covered(nil, many))
	_, err = newClock(outage.NewSet(between(5, 9)), outage.NewSet(between(8, 12)))
	assert.ErrorIs(t, err, errLaps)
	_, err = newClock(outage.NewSet(between(5, 9)), outage.Set{}, outage.NewSet(between(0, 2)))
	assert.ErrorIs(t, err, errLaps)
}

// A window far from the clock does not hide that others are out of order.
func TestClockSeesDisorderBeyondIt(t *testing.T) {
	clock, err := newClock(outage.NewSet(between(100, 200)))
	require.NoError(t, err)
	windows := []outage.Window{between(500, 600)}
	for range handful {
		windows = append(windows, between(150, 160))
	}
	assert.Equal(t, []time.Duration{10}, clock.covered(nil, windows))
}

// A clock asked for windows that it need not sort takes no memory.
func TestClockAllocatesNothing(t *testing.T) {
	clock, err := newClock(outage.NewSet(between(100, 200), between(300, 400)))
	require.NoError(t, err)
	var windows []outage.Window
	for i := range int64(5000) {
		windows = append(windows, between(i, i+20))
	}
	covered := make([]time.Duration, 0, 1)
	assert.Zero(t, testing.AllocsPerRun(10, func() { clock.covered(covered, windows) }))
	slices.Reverse(windows)
	assert.Zero(t, testing.AllocsPerRun(10, func() { clock.covered(covered, windows[:handful]) }))
}

// A settler sorts the outages of a customer in space that it keeps.
func TestSettlerSortsInItsSpace(t *testing.T) {
	terms := sla.MustCompile("plain", sla.Commitment{Promise: "at least 99.9%", Credits: []sla.Tier{{Give: "5%"}}})
	c := Customer{Fleet: sla.Must(NewFleet(terms, outage.Timeline{}, january)), Fee: inMinor(100, "USD")}
	for i := range 100 {
		start := january.Window().Start().Add(time.Duration(i*37%100) * time.Hour)
		c.Outages = append(c.Outages, outage.MustWindow(start, start.Add(90*time.Minute)))
	}
	var s Settler
	figures := sla.Must(s.Settle(nil, c))
	assert.Equal(t, 100*time.Hour+30*time.Minute, figures[0].Down)
	assert.Zero(t, testing.AllocsPerRun(10, func() { figures = sla.Must(s.Settle(figures[:0], c)) }))
}
