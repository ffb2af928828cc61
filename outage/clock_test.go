package outage

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/internal/workload"
)

// Every two windows on five slots, in either order, and every clock of two laps,
// beside set algebra.
func TestClockExhaustively(t *testing.T) {
	const slots = 5
	var all []Window
	for from := range slots {
		for to := from; to <= slots; to++ {
			all = append(all, between(int64(from), int64(to))) // one of them empty for each start
		}
	}
	for bits := range 1 << slots {
		for cut := range slots + 1 {
			laps := make([][]Window, 2)
			for slot := range slots {
				if bits>>slot&1 == 1 {
					lap := 0
					if slot >= cut {
						lap = 1
					}
					laps[lap] = append(laps[lap], between(int64(slot), int64(slot+1)))
				}
			}
			sets := []Set{NewSet(laps[0]...), NewSet(laps[1]...)}
			clock, err := NewClock(sets...)
			require.NoError(t, err)
			for _, v := range all {
				for _, w := range all {
					require.Equal(t, coveredOf(sets, v, w), clock.Covered(nil, v, w), "%v %v %v", sets, v, w)
				}
			}
		}
	}
}

// coveredOf is the second implementation: set algebra.
func coveredOf(laps []Set, windows ...Window) []time.Duration {
	covered := make([]time.Duration, len(laps))
	for i, lap := range laps {
		covered[i] = lap.Intersect(NewSet(windows...)).Total()
	}
	return covered
}

// Few and many windows, in order and not, at all distances.
func TestClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.Int64Range(1, 1<<rapid.IntRange(1, 61).Draw(t, "bits")).Draw(t, "width")
		instants := rapid.Int64Range(-width, width)
		window := rapid.Custom(func(t *rapid.T) Window {
			return between(instants.Draw(t, "start"), instants.Draw(t, "end"))
		})
		cuts := rapid.SliceOfN(instants, 2, 6).Draw(t, "cuts")
		slices.Sort(cuts)
		var laps []Set
		running := NewSet(rapid.SliceOfN(window, 0, 20).Draw(t, "running")...)
		for i := 1; i < len(cuts); i++ {
			laps = append(laps, running.Within(between(cuts[i-1], cuts[i])))
		}
		clock, err := NewClock(laps...)
		require.NoError(t, err)
		windows := rapid.SliceOfN(window, 0, 40).Draw(t, "windows")
		want := coveredOf(laps, windows...)
		assert.Equal(t, want, clock.Covered(nil, windows...))
		var s Scratch
		assert.Equal(t, want, clock.Covered(nil, s.Merge(windows)...))
		assert.Equal(t, want, clock.Covered(want, windows...)[len(want):], "appended")
		for i, lap := range laps {
			assert.Equal(t, lap.Total(), clock.Running(i))
		}
	})
}

func TestClockEdges(t *testing.T) {
	none := Clock{}
	assert.Empty(t, none.Covered(nil, between(1, 2)))
	still, err := NewClock(Set{}, Set{})
	require.NoError(t, err)
	assert.Equal(t, []time.Duration{0, 0}, still.Covered(nil, between(1, 2)))
	always, err := NewClock(NewSet(allTime))
	require.NoError(t, err)
	assert.Equal(t, []time.Duration{time.Duration(allTime.end - allTime.start)}, always.Covered(nil, allTime, between(1, 2)))
	_, err = NewClock(NewSet(between(5, 9)), NewSet(between(8, 12)))
	assert.EqualError(t, err, "outage: clock: laps[1]: it starts before those before it end")
	_, err = NewClock(NewSet(between(5, 9)), Set{}, NewSet(between(0, 2)))
	assert.EqualError(t, err, "outage: clock: laps[2]: it starts before those before it end")
}

// An empty window, which starts in 1970, does not end the walk through those of
// the years before.
func TestClockPassesEmptyWindows(t *testing.T) {
	clock, err := NewClock(NewSet(between(-200, -100)))
	require.NoError(t, err)
	windows := slices.Repeat([]Window{{}, between(-150, -140)}, handful)
	assert.Equal(t, []time.Duration{10}, clock.Covered(nil, windows...))
}

// A window far from the clock does not hide that others are out of order.
func TestClockSeesDisorderBeyondIt(t *testing.T) {
	clock, err := NewClock(NewSet(between(100, 200)))
	require.NoError(t, err)
	windows := []Window{between(500, 600)}
	for range handful {
		windows = append(windows, between(150, 160))
	}
	assert.Equal(t, []time.Duration{10}, clock.Covered(nil, windows...))
}

// Space once taken is used again, also for other windows than before.
func TestScratch(t *testing.T) {
	var s Scratch
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		shape := workload.Shapes[r.IntN(len(workload.Shapes))]
		var windows []Window
		for _, d := range workload.Windows(1+r.IntN(3000), shape) {
			windows = append(windows, between(d.Start, d.End))
			if r.IntN(500) == 0 {
				windows = append(windows, Window{})
			}
		}
		before := slices.Clone(windows)
		want := NewSet(windows...)
		require.True(t, want.Equal(NewSet(s.Merge(windows)...)), shape)
		require.Equal(t, before, windows, shape)
	}
	windows := make([]Window, 5000)
	for i, d := range workload.Windows(5000, workload.Clustered) {
		windows[i] = between(d.Start, d.End)
	}
	clock, err := NewClock(NewSet(between(workload.January.Start, workload.January.End)))
	require.NoError(t, err)
	covered := make([]time.Duration, 0, 1)
	assert.Zero(t, testing.AllocsPerRun(10, func() { clock.Covered(covered, s.Merge(windows)...) }))
	assert.Zero(t, testing.AllocsPerRun(10, func() { clock.Covered(covered, windows[:handful]...) }))
}

// What a scratch returned can be appended to and merged again, whole.
func TestScratchAgain(t *testing.T) {
	var s Scratch
	r := rand.New(rand.NewPCG(5, 6))
	window := func() Window {
		start := allTime.start + r.Int64N(1000)
		return Window{start, start + 1 + r.Int64N(50)}
	}
	var all, merged []Window
	for range 300 {
		var more []Window
		for range r.IntN(60) {
			more = append(more, window())
		}
		all = append(all, more...)
		merged = s.Merge(append(merged, more...))
		require.Equal(t, NewSet(all...).windows, slices.Clone(merged))
		r.Shuffle(len(merged), func(i, j int) { merged[i], merged[j] = merged[j], merged[i] })
		merged = s.Merge(merged)
		require.Equal(t, NewSet(all...).windows, slices.Clone(merged))
	}
	assert.Zero(t, new(Clock).Running(0))
	clock, err := NewClock(NewSet(window()))
	require.NoError(t, err)
	assert.Zero(t, clock.Running(-1))
	assert.Zero(t, clock.Running(1))
	assert.NotZero(t, clock.Running(0))
}
