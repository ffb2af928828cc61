package sla

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/internal/workload"
	"github.com/slacredit/slacredit/outage"
)

// kthByMoment is kth as it is said: at each edge it looks at all members.
func kthByMoment(members [][]loss, lives []outage.Set, least int, k func(live int) int) []loss {
	var edges []int64
	losses := make([]lossWalk, len(members))
	alive := make([]setWalk, len(members))
	for i := range members {
		edges = appendEdges(edges, members[i])
		losses[i], alive[i] = lossWalk{members[i]}, walkSet(lives[i])
		edges = append(edges, alive[i].edges...)
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	var out []loss
	for i := 1; i < len(edges); i++ {
		at, live := edges[i-1], 0
		var lossy []loss
		for j := range members {
			lives, _ := alive[j].at(at)
			l, _ := losses[j].at(at)
			if lives {
				live++
				if l.lost > 0 {
					lossy = append(lossy, l)
				}
			}
		}
		need := k(live)
		if live < least || need == 0 || need > len(lossy) {
			continue
		}
		slices.SortStableFunc(lossy, func(a, b loss) int { return cmp.Compare(b.lost, a.lost) })
		l := loss{from: at, to: edges[i], lost: lossy[need-1].lost}
		for _, m := range lossy[:need] {
			l.records = append(l.records, m.records...)
		}
		slices.Sort(l.records)
		if last := len(out) - 1; last >= 0 && out[last].to == at && out[last].lost == l.lost && slices.Equal(out[last].records, l.records) {
			out[last].to = l.to
		} else {
			out = append(out, l)
		}
	}
	return out
}

// drawLosses draws what some members lose on a few moments: touching losses of
// one record or of several, such of which nobody knows, and of nothing.
func drawLosses(t *rapid.T) (members [][]loss, lives []outage.Set) {
	const moments = 12
	record := 0
	for i := range rapid.IntRange(1, 5).Draw(t, "members") {
		var losses []loss
		for at := int64(0); at < moments; {
			at += rapid.Int64Range(0, 3).Draw(t, "gap")
			l := loss{from: at, to: at + rapid.Int64Range(1, 4).Draw(t, "length")}
			l.lost = rapid.SampledFrom([]int64{0, 1, 1, 2, everything}).Draw(t, "lost")
			for range rapid.SampledFrom([]int{0, 1, 1, 2}).Draw(t, "records") {
				l.records = append(l.records, record)
				record += rapid.IntRange(0, 1).Draw(t, "next record") // or the same again
			}
			slices.Sort(l.records)
			record++
			losses = append(losses, l)
			at = l.to
		}
		life := always
		if rapid.Bool().Draw(t, fmt.Sprint("bounded ", i)) {
			var windows []outage.Window
			for range rapid.IntRange(0, 2).Draw(t, "lives") {
				from := rapid.Int64Range(0, moments).Draw(t, "born")
				windows = append(windows, between(from, from+rapid.Int64Range(1, moments).Draw(t, "age")))
			}
			life = outage.NewSet(windows...)
		}
		members, lives = append(members, losses), append(lives, life)
	}
	return members, lives
}

// Law: the sweep over the members is what a look at each moment gives.
func TestKthIsTheLossAtEachMoment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		members, lives := drawLosses(t)
		least := rapid.IntRange(0, 3).Draw(t, "least")
		needs := rapid.SliceOfN(rapid.IntRange(0, 4), len(members)+1, len(members)+1).Draw(t, "needs")
		k := func(live int) int { return needs[live] }
		require.Equal(t, kthByMoment(members, lives, least, k), kth(members, lives, least, k))
	})
}

// Nested groups give their losses on as members, with several records each.
func TestKthOfGroups(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var fast, plain [][]loss
		var groups []outage.Set
		for range rapid.IntRange(1, 3).Draw(t, "groups") {
			members, lives := drawLosses(t)
			need := rapid.IntRange(1, 2).Draw(t, "need")
			k := func(int) int { return need }
			fast, plain = append(fast, kth(members, lives, 1, k)), append(plain, kthByMoment(members, lives, 1, k))
			groups = append(groups, atLeast(1, lives))
		}
		k := func(live int) int { return (live + 1) / 2 }
		require.Equal(t, kthByMoment(plain, groups, 1, k), kth(fast, groups, 1, k))
	})
}

// allocated returns how many bytes a call allocates, the least of some.
func allocated(call func()) uint64 {
	least := ^uint64(0)
	for range 3 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		call()
		runtime.ReadMemStats(&after)
		least = min(least, after.TotalAlloc-before.TotalAlloc)
	}
	return least
}

// january is when the worlds of these tests begin.
var january = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// overlapping returns a group of so many resources with ten outages of a day
// each.
func overlapping(n int) []outage.Timeline {
	resources := make([]outage.Timeline, n)
	for i := range resources {
		name := fmt.Sprintf("r%06d", i)
		var records []outage.Record
		for j := range 10 {
			start := january.Add(time.Duration((j*7919+i*104729)%(29*86400)) * time.Second)
			records = append(records, outage.Outage{ID: fmt.Sprintf("%s-%d", name, j), Resource: name, Start: start, End: start.Add(24 * time.Hour)})
		}
		resources[i] = Must(outage.NewTimeline(records...)).WithLabels(map[string]string{"region": "x"})
	}
	return resources
}

// grouped returns the terms of a promise to such groups.
func grouped(l Level, exclusions ...Exclusion) *Terms {
	l.By = "region"
	return Must(single(Commitment{Promise: "at least 99.9%", Scope: Scope{Levels: []Level{l}}, Exclusions: exclusions}).Compile())
}

// What a group of ten times as many resources takes is ten times as much, also
// where most of them are down at once.
func TestGroupsGrowWithTheirMembers(t *testing.T) {
	few, many := overlapping(40), overlapping(400)
	for _, down := range []Range{"", "at least 2", "exactly 100%"} {
		terms := grouped(Level{Down: down})
		bytes := func(resources []outage.Timeline) uint64 {
			return allocated(func() { Must(terms.JudgeAll(resources, months2026(1)[0])) })
		}
		require.Less(t, bytes(many), 13*bytes(few), "down: %s", down)
	}
}

// A group of two thousand resources beside ten of two hundred.
func BenchmarkGroupGrowth(b *testing.B) {
	terms := grouped(Level{Down: "at least 2"}, Exclusion{Causes: []string{"maintenance"}, Notice: "24h"})
	few, many := overlapping(200), overlapping(2000)
	judge := func(resources []outage.Timeline) { Must(terms.JudgeAll(resources, months2026(1)[0])) }
	workload.Race(b, "resource", len(many),
		workload.Contender{Name: "lib", Run: func() { judge(many) }},
		workload.Contender{Name: "small", Run: func() {
			for range len(many) / len(few) {
				judge(few)
			}
		}},
	)
}
