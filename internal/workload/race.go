package workload

import (
	"math"
	"testing"
	"time"
)

// A Contender does the whole of a workload.
type Contender struct {
	Name string
	Run  func()
}

// Race lets contenders do a workload of some units in turn, and reports the
// best time of the first in nanoseconds a unit, its allocations a unit, and how
// many times as long the best of each other took. All run in turn within one
// loop, so that what else the machine does falls on all of them.
func Race(b *testing.B, unit string, units int, contenders ...Contender) {
	b.Helper()
	best := make([]float64, len(contenders))
	for i := range best {
		best[i] = math.Inf(1)
	}
	for b.Loop() {
		for i, c := range contenders {
			began := time.Now()
			c.Run()
			best[i] = min(best[i], float64(time.Since(began)))
		}
	}
	b.ReportMetric(0, "ns/op") // of all together
	b.ReportMetric(best[0]/float64(units), "ns/"+unit)
	b.ReportMetric(testing.AllocsPerRun(1, contenders[0].Run)/float64(units), "allocs/"+unit)
	for i, c := range contenders[1:] {
		b.ReportMetric(best[i+1]/best[0], c.Name+"/"+contenders[0].Name)
	}
}
