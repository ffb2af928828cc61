package workload

import (
	"slices"
	"testing"
	"time"
)

// A Contender does the whole of a workload.
type Contender struct {
	Name string
	Run  func()
}

// leastRounds is how often each contender runs at least.
const leastRounds = 7

// Race lets contenders do a workload of some units in turn, at least seven times
// each, and reports the median time of the first in nanoseconds a unit, its
// allocations a unit, and how many times as long each other took: the median of
// what that is in each round. All run in turn, so that what else the machine
// does falls on all of them. Each runs once before, to be warm.
func Race(b *testing.B, unit string, units int, contenders ...Contender) {
	b.Helper()
	times := make([][]time.Duration, len(contenders))
	round := func() {
		for i, c := range contenders {
			began := time.Now()
			c.Run()
			times[i] = append(times[i], time.Since(began))
		}
	}
	round()
	for i := range times {
		times[i] = times[i][:0]
	}
	for b.Loop() {
		round()
	}
	for len(times[0]) < leastRounds {
		round()
	}
	b.ReportMetric(0, "ns/op") // of all together
	b.ReportMetric(median(times[0], func(i int) float64 { return float64(times[0][i]) / float64(units) }), "ns/"+unit)
	b.ReportMetric(testing.AllocsPerRun(1, contenders[0].Run)/float64(units), "allocs/"+unit)
	for c := 1; c < len(contenders); c++ {
		b.ReportMetric(median(times[c], func(i int) float64 { return float64(times[c][i]) / float64(times[0][i]) }), contenders[c].Name+"/"+contenders[0].Name)
	}
}

// median returns the median of a figure over rounds.
func median(rounds []time.Duration, of func(round int) float64) float64 {
	figures := make([]float64, len(rounds))
	for i := range rounds {
		figures[i] = of(i)
	}
	slices.Sort(figures)
	return figures[len(figures)/2]
}
