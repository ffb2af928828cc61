package sla

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/outage"
)

// Law: a crowd names the members that a question to each would name, from
// wherever the walk begins.
func TestCrowdNamesWhomEachWouldName(t *testing.T) {
	const moments = 12
	drawWindow := func(t *rapid.T) outage.Window {
		from := rapid.Int64Range(0, moments-1).Draw(t, "from")
		return between(from, from+rapid.Int64Range(1, 5).Draw(t, "length"))
	}
	drawSpells := func(t *rapid.T) []stretch[ranked] {
		var list []stretch[ranked]
		for i := range rapid.IntRange(0, 3).Draw(t, "list") {
			list = append(list, stretchOf(drawWindow(t), ranked{rapid.Int64Range(0, 2).Draw(t, "rank"), i}))
		}
		sortStretches(list)
		return foremost(list)
	}
	rapid.Check(t, func(t *rapid.T) {
		var members []*member
		for range rapid.IntRange(1, 4).Draw(t, "members") {
			m := &member{ignored: drawSpells(t), idle: plan{best: drawSpells(t)}, assumed: outage.NewSet(drawWindow(t), drawWindow(t))}
			m.plans = []plan{{best: drawSpells(t)}, {best: drawSpells(t)}}
			members = append(members, m)
		}
		from := rapid.Int64Range(0, moments).Draw(t, "from")
		to := from + rapid.Int64Range(1, moments).Draw(t, "length")
		plans, ignored := crowdOf(members, from, to, plansOf), crowdOf(members, from, to, ignoredOf)
		for moment := from; moment < to; moment += rapid.Int64Range(1, 3).Draw(t, "step") {
			var planned, said, gotPlanned, gotSaid []*member
			for _, m := range members {
				holds := func(list []stretch[ranked]) bool { return lookup(list, moment) != nil }
				if holds(m.idle.best) || holds(m.plans[0].best) || holds(m.plans[1].best) {
					planned = append(planned, m)
				}
				if holds(m.ignored) || !m.assumed.Within(between(moment, moment+1)).IsEmpty() {
					said = append(said, m)
				}
			}
			for m := range plans.at(moment) {
				gotPlanned = append(gotPlanned, m)
			}
			for m := range ignored.at(moment) {
				gotSaid = append(gotSaid, m)
			}
			require.Equal(t, planned, gotPlanned, fmt.Sprint("planned at ", moment))
			require.Equal(t, said, gotSaid, fmt.Sprint("ignored at ", moment))
		}
	})
}
