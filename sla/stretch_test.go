package sla

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// ticks is the length of the small worlds in which stretches are tested.
const ticks = 5

// worldsOfStretches returns every world: what is on each tick, 0 for no stretch.
func worldsOfStretches() [][ticks]int {
	worlds := [][ticks]int{{}}
	for tick := range ticks {
		for _, w := range worlds {
			for on := 1; on <= 2; on++ {
				w[tick] = on
				worlds = append(worlds, w)
			}
		}
	}
	return worlds
}

// stretchesOf returns the stretches of a world, equal neighbours as one.
func stretchesOf(world [ticks]int) []stretch[int] {
	var list []stretch[int]
	for tick, on := range world {
		if on > 0 {
			list = appendJoined(list, stretch[int]{on, int64(tick), int64(tick) + 1}, func(a, b int) bool { return a == b })
		}
	}
	return list
}

// worldOf returns what is on each tick.
func worldOf(list []stretch[int]) (world [ticks]int) {
	for _, s := range list {
		for tick := s.from; tick < s.to; tick++ {
			world[tick] = s.on
		}
	}
	return world
}

// Law: a list of stretches says of each tick what the world has there, by each way
// to ask.
func TestStretchesAtEachTick(t *testing.T) {
	worlds := worldsOfStretches()
	require.Len(t, worlds, 243) // three to the power of five
	for _, world := range worlds {
		list := stretchesOf(world)
		require.Equal(t, world, worldOf(list))
		for i, s := range list {
			require.Less(t, s.from, s.to)
			require.False(t, i > 0 && list[i-1].to == s.from && list[i-1].on == s.on, "%v is not joined", list)
		}
		forward, turns, under := walk[int]{list}, []turn[int](nil), 0
		for _, s := range list {
			turns = appendTurns(turns, s)
		}
		sortTurns(turns)
		for tick, on := range world {
			at := int64(tick)
			found := lookup(list, at)
			walked, until := forward.at(at)
			require.Equal(t, on > 0, found != nil)
			require.Equal(t, found, walked)
			if on > 0 {
				require.Equal(t, on, *found)
			}
			for next := at; next < min(until, ticks); next++ {
				require.Equal(t, on, world[next], "%v from %d until %d", list, at, until)
			}
			for ; len(turns) > 0 && turns[0].at <= at; turns = turns[1:] {
				under += turns[0].by * turns[0].on
			}
			require.Equal(t, on, under)
			for to := at + 1; to <= ticks; to++ {
				var want []stretch[int]
				for _, s := range list {
					if s.from < to && s.to > at {
						want = append(want, s)
					}
				}
				require.Equal(t, want, append([]stretch[int](nil), within(list, at, to)...))
			}
		}
	}
}

// Law: two lists side by side say of each tick what both worlds have there.
func TestStretchesAlongOthers(t *testing.T) {
	worlds := worldsOfStretches()
	for _, a := range worlds {
		for _, b := range worlds {
			var gotA, gotB [ticks]int
			for part, other := range along(stretchesOf(a), stretchesOf(b)) {
				for tick := part.from; tick < part.to; tick++ {
					gotA[tick] = part.on
					if other != nil {
						gotB[tick] = *other
					}
				}
			}
			want := b
			for tick, on := range a {
				if on == 0 {
					want[tick] = 0
				}
			}
			if gotA != a || gotB != want {
				t.Fatalf("%v along %v: got %v and %v", a, b, gotA, gotB)
			}
		}
	}
}
