package outage

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/internal/workload"
)

// Many windows are sorted otherwise than few. The second implementation sorts
// by comparison.
func TestNewSetOfMany(t *testing.T) {
	for _, shape := range workload.Shapes {
		for _, n := range []int{127, 128, 129, 2048, 8191, 8192, 20_000} {
			t.Run(fmt.Sprint(shape, n), func(t *testing.T) { assertUnion(t, workload.Windows(n, shape)) })
		}
	}
}

// Starts of which each bit decides once, over the whole of time: no digit parts
// more than a few.
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
	var want []Window
	for _, w := range walkSorted(sortedBy(data)) {
		want = append(want, MustWindow(time.Unix(0, w.Start), time.Unix(0, w.End)))
	}
	assert.Equal(t, want, NewSet(windows...).windows)
	assert.Equal(t, before, windows, "the arguments")
}
