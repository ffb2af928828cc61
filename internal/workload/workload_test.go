package workload_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/internal/workload"
)

// The data are those of which the sums are known: a plain count of moments, in
// microseconds, with one cell per window and no library.
func TestWindows(t *testing.T) {
	windows := workload.Windows(1_000_000, workload.Sorted)
	var total, january int64
	merged, end := 0, int64(0)
	first := workload.Months()[0]
	for _, w := range windows {
		if w.Start > end {
			merged++
		}
		from := max(w.Start, end)
		total += max(0, w.End-from)
		january += max(0, min(w.End, first.End)-from)
		end = max(end, w.End)
	}
	assert.Equal(t, 600_929, merged)
	assert.Equal(t, int64(12_628_573_278_113_000), total)
	assert.Equal(t, int64(1_073_532_836_557_000), january)
}

func TestShapes(t *testing.T) {
	for _, shape := range workload.Shapes {
		windows := workload.Windows(1000, shape)
		assert.Len(t, windows, 1000, shape)
		for _, w := range windows {
			assert.Less(t, w.Start, w.End, shape)
		}
	}
	assert.Equal(t, workload.Window{Start: 1735689600e9, End: 1738368000e9}, workload.January)
	assert.Equal(t, workload.January, workload.Months()[0])
}

func TestCustomers(t *testing.T) {
	n, few := 0, slices.Collect(workload.Customers(10))
	i := 0
	for c := range workload.Customers(100_000) {
		if i < len(few) {
			assert.Equal(t, few[i], c)
		}
		n, i = n+len(c.Outages), i+1
	}
	assert.Equal(t, 498_723, n)
}
