package outage

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/internal/workload"
)

// Many windows are sorted in another way than few.
func TestNewSetOfMany(t *testing.T) {
	for _, shape := range workload.Shapes {
		for _, n := range []int{127, 128, 129, 2048, 8191, 8192, 20_000} {
			t.Run(fmt.Sprint(shape, n), func(t *testing.T) { assertUnion(t, workload.Windows(n, shape)) })
		}
	}
}

// Each bit of the starts decides once, over the whole of time: no level parts more
// than a few windows.
func TestNewSetOfPowers(t *testing.T) {
	var windows []workload.Window
	for i := range 12_600 {
		start := min(allTime.start+1<<(i%63)+int64(i/63), allTime.end-2)
		if start < allTime.start { // beyond int64
			start = allTime.end - 2
		}
		windows = append(windows, workload.Window{Start: start, End: start + 1 + int64(i%2)})
	}
	slices.Reverse(windows)
	assertUnion(t, windows)
}

// Empty windows among many are left out, whatever the order.
func TestNewSetOfManyWithEmptyOnes(t *testing.T) {
	for _, shape := range workload.Shapes {
		var windows []Window
		data := workload.Windows(3000, shape)
		for i, d := range data {
			windows = append(windows, Window{d.Start, d.End})
			if i%500 == 7 {
				windows = append(windows, Window{})
			}
		}
		before := slices.Clone(windows)
		assert.True(t, NewSet(windows...).Equal(setOf(data)), shape)
		assert.Equal(t, before, windows, "the arguments of %s", shape)
	}
}

// A set keeps no more than twice the memory that its windows take.
func TestNewSetKeepsLittle(t *testing.T) {
	windows := []Window{{5, 9}, {0, 20}, {1, 30}, {40, 50}, {2, 8}, {7, 9}}
	assert.Equal(t, 2, cap(NewSet(windows...).windows))
	slices.SortFunc(windows, func(v, w Window) int { return cmp.Compare(v.start, w.start) })
	assert.Equal(t, 2, cap(NewSet(windows...).windows), "by start")
	assert.Nil(t, NewSet(Window{}, Window{}).windows)
}

// setOf is the second implementation: it sorts by comparison.
func setOf(data []workload.Window) Set {
	var s Set
	for _, w := range walkSorted(sortedBy(data)) {
		s.windows = append(s.windows, Window{w.Start, w.End})
	}
	return s
}

func TestNewSetOfManyDrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.Int64Range(1, 1<<rapid.IntRange(1, 60).Draw(t, "bits")).Draw(t, "width")
		drawn := rapid.SliceOfN(rapid.Int64Range(0, width), 129, 2000).Draw(t, "starts")
		windows := make([]workload.Window, len(drawn))
		for i, at := range drawn {
			windows[i] = workload.Window{Start: at, End: at + 1 + drawn[len(drawn)-1-i]%100}
		}
		assertUnion(t, windows)
	})
}

func assertUnion(t assert.TestingT, data []workload.Window) {
	windows := make([]Window, len(data))
	for i, w := range data {
		windows[i] = Window{w.Start, w.End}
	}
	before := slices.Clone(windows)
	assert.Equal(t, setOf(data), NewSet(windows...))
	assert.Equal(t, before, windows, "the arguments")
}
