package outage

import (
	"encoding/json"
	"math/bits"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// A world is a stretch of eight slots. A pattern is a set over it, one bit for
// each slot: the second, dumber implementation that judges the first.
type world struct {
	name   string
	origin int64
	slot   time.Duration
}

type pattern uint8

const slots = 8

var worlds = []world{
	{"around the epoch", -4, time.Nanosecond},
	{"from the first instant", allTime.start, time.Microsecond},
	{"an ordinary day", clock("2014-05-27T20:13:00Z").UnixNano(), time.Hour},
	{"up to the last instant", allTime.end - slots*int64(3*time.Hour), 3 * time.Hour},
}

// edge returns the instant at which slot i begins.
func (w world) edge(i int) int64 { return w.origin + int64(i)*int64(w.slot) }

// windows returns the runs of ones.
func (w world) windows(p pattern) []Window {
	var runs []Window
	for i := 0; i < slots; i++ {
		if p>>i&1 == 0 {
			continue
		}
		from := i
		for i < slots && p>>i&1 == 1 {
			i++
		}
		runs = append(runs, Window{w.edge(from), w.edge(i)})
	}
	return runs
}

// sets returns the set of every pattern, each made from one window for a slot.
func (w world) sets() (sets [1 << slots]Set) {
	for p := range sets {
		var windows []Window
		for i := range slots {
			if p>>i&1 == 1 {
				windows = append(windows, Window{w.edge(i), w.edge(i + 1)})
			}
		}
		sets[p] = NewSet(windows...)
	}
	return sets
}

// atLeast returns the slots that are set in k or more of the patterns.
func atLeast(k int, patterns ...pattern) pattern {
	var result pattern
	for i := range slots {
		n := 0
		for _, p := range patterns {
			n += int(p >> i & 1)
		}
		if n >= max(k, 1) {
			result |= 1 << i
		}
	}
	return result
}

func TestEverySet(t *testing.T) {
	for _, w := range worlds {
		t.Run(w.name, func(t *testing.T) {
			for p, s := range w.sets() {
				p := pattern(p)
				runs := w.windows(p)
				require.Equal(t, runs, slices.Collect(s.All()), "%08b", p)
				require.Equal(t, runs, slices.Collect(s.All()), "%08b, walked again", p)
				require.Equal(t, len(runs), s.Len(), "%08b", p)
				require.Equal(t, p == 0, s.IsEmpty(), "%08b", p)
				require.Equal(t, time.Duration(bits.OnesCount8(uint8(p)))*w.slot, s.Total(), "%08b", p)
				for i := -1; i <= slots; i++ {
					for _, offset := range []int64{0, int64(w.slot) - 1} { // the first and the last instant of the slot
						at := w.edge(i) + offset
						var want Window
						for _, run := range runs {
							if run.start <= at && at < run.end {
								want = run
							}
						}
						require.Equal(t, i >= 0 && p>>i&1 == 1, s.Contains(time.Unix(0, at)), "%08b at %d", p, i)
						require.Equal(t, want, s.Window(time.Unix(0, at)), "%08b at %d", p, i)
					}
				}
			}
		})
	}
}

func TestEveryPairOfSets(t *testing.T) {
	for _, w := range worlds {
		t.Run(w.name, func(t *testing.T) {
			sets := w.sets()
			check := func(got Set, want pattern, operation string, of ...pattern) {
				if !slices.Equal(got.windows, sets[want].windows) {
					t.Fatalf("%s of %08b: %v; want %08b", operation, of, got, want)
				}
			}
			for a := range sets {
				for b := range sets {
					if testing.Short() && (a+b)%3 != 0 {
						continue
					}
					p, q := pattern(a), pattern(b)
					r := pattern(37*a + 101*b + 11) // a third, different for neighbours
					s, o, third := sets[p], sets[q], sets[r]
					check(s.Union(o), p|q, "union", p, q)
					check(s.Intersect(o), p&q, "intersection", p, q)
					check(s.Subtract(o), p&^q, "difference", p, q)
					for k := 1; k <= 3; k++ {
						check(s.AtLeast(k, o), atLeast(k, p, q), "at least k", pattern(k), p, q)
						check(s.AtLeast(k, o, third), atLeast(k, p, q, r), "at least k", pattern(k), p, q, r)
					}
					if s.Equal(o) != (p == q) {
						t.Fatalf("%08b and %08b: equal is %v", p, q, s.Equal(o))
					}
				}
			}
			for p, s := range sets {
				require.Equal(t, w.windows(pattern(p)), s.windows, "an operand has changed")
			}
		})
	}
}

func TestEveryTripleOfSmallSets(t *testing.T) {
	sets := worlds[0].sets()
	for a := range pattern(16) {
		for b := range pattern(16) {
			for c := range pattern(16) {
				s, others := sets[a], []Set{sets[b], sets[c]}
				require.True(t, s.Union(others...).Equal(sets[a|b|c]))
				require.True(t, s.Intersect(others...).Equal(sets[a&b&c]))
				for k := -1; k <= 5; k++ {
					got := s.AtLeast(k, others...)
					require.True(t, got.Equal(sets[atLeast(k, a, b, c)]), "%d of %04b, %04b, %04b: %v", k, a, b, c, got)
				}
			}
		}
	}
}

func TestOperationsOnOneSet(t *testing.T) {
	for p, s := range worlds[2].sets() {
		require.True(t, s.Union().Equal(s))
		require.True(t, s.Intersect().Equal(s))
		require.True(t, s.AtLeast(1).Equal(s))
		require.True(t, s.AtLeast(2, s).Equal(s))
		require.True(t, s.AtLeast(2).IsEmpty(), "%08b", p)
		require.True(t, s.Subtract(s).IsEmpty(), "%08b", p)
		require.True(t, s.Subtract(Set{}).Equal(s))
	}
}

func TestWhereExhaustively(t *testing.T) {
	for _, s := range worlds[2].sets() {
		for kept := range 1 << s.Len() {
			var asked, want []Window
			got := s.Where(func(w Window) bool {
				asked = append(asked, w)
				return kept>>(len(asked)-1)&1 == 1
			})
			for i, w := range s.windows {
				if kept>>i&1 == 1 {
					want = append(want, w)
				}
			}
			require.Equal(t, s.windows, asked)
			require.Equal(t, want, got.windows)
		}
	}
}

func TestWithinExhaustively(t *testing.T) {
	for _, w := range worlds {
		for p, s := range w.sets() {
			for from := range slots + 1 {
				for to := range slots + 1 {
					part := between(w.edge(from), w.edge(to))
					require.Equal(t, s.Intersect(NewSet(part)), s.Within(part), "%08b %d %d", p, from, to)
				}
			}
		}
	}
}

// No operation changes the sets that it is asked of, although a part of a set
// may share its windows.
func TestNoOperationChangesASet(t *testing.T) {
	for _, w := range worlds {
		sets, kept := w.sets(), w.sets()
		for p, s := range sets {
			for from := range slots + 1 {
				for to := from; to <= slots; to++ {
					part := between(w.edge(from), w.edge(to))
					within := s.Within(part)
					within.Within(between(w.edge(from), w.edge((from+to)/2)))
					within.Union(NewSet(part))
					s.Subtract(within)
				}
			}
			o := sets[(37*p+11)%len(sets)]
			s.Union(o)
			s.Intersect(o)
			s.AtLeast(2, o)
			s.Where(func(v Window) bool { return v.Length() > w.slot })
		}
		require.Equal(t, kept, sets, w.name)
	}
	windows := []Window{between(0, 1), between(2, 3), between(4, 5)}
	s := NewSet(windows...)
	windows[1] = between(2, 9)
	assert.Equal(t, []Window{between(0, 1), between(2, 3), between(4, 5)}, slices.Collect(s.All()), "nor does the list that it was made from")
}

// Every list of up to three windows, reversed and empty ones among them, over
// four ticks: they overlap, touch, nest and repeat in every order.
func TestNewSetExhaustively(t *testing.T) {
	w := worlds[0]
	sets := w.sets()
	check := func(windows []Window, want pattern) {
		before := slices.Clone(windows)
		if got := NewSet(windows...); !got.Equal(sets[want]) {
			t.Fatalf("%v: %v; want %08b", windows, got, want)
		}
		require.Equal(t, before, windows)
	}
	type piece struct {
		window Window
		bits   pattern
	}
	var pieces []piece
	for start := range 5 {
		for end := range 5 {
			p := piece{window: Window{w.edge(start), w.edge(end)}} // not always in the form of between
			for i := start; i < end; i++ {
				p.bits |= 1 << i
			}
			pieces = append(pieces, p)
		}
	}
	check(nil, 0)
	for _, a := range pieces {
		check([]Window{a.window}, a.bits)
		for _, b := range pieces {
			check([]Window{a.window, b.window}, a.bits|b.bits)
			for _, c := range pieces {
				check([]Window{a.window, b.window, c.window}, a.bits|b.bits|c.bits)
			}
		}
	}
}

func TestNewSet(t *testing.T) {
	day := func(from, to string) Window {
		return interval("2014-05-27T" + from + ":00Z/2014-05-27T" + to + ":00Z")
	}
	for _, tt := range []struct {
		name    string
		windows []Window
		want    []Window
	}{
		{"none", nil, nil},
		{"empty", []Window{{}, {}}, nil},
		{
			"out of order",
			[]Window{day("14:00", "15:00"), day("08:00", "09:00"), day("11:00", "12:00")},
			[]Window{day("08:00", "09:00"), day("11:00", "12:00"), day("14:00", "15:00")},
		},
		{"overlapping", []Window{day("08:00", "10:00"), day("09:00", "11:00")}, []Window{day("08:00", "11:00")}},
		{"touching", []Window{day("08:00", "09:00"), day("09:00", "10:00"), day("10:00", "10:01")}, []Window{day("08:00", "10:01")}},
		{"repeated", []Window{day("08:00", "09:00"), day("08:00", "09:00"), day("08:00", "09:00")}, []Window{day("08:00", "09:00")}},
		{"nested", []Window{day("09:00", "09:30"), day("08:00", "12:00"), day("10:00", "11:00")}, []Window{day("08:00", "12:00")}},
		{"same start", []Window{day("08:00", "09:00"), day("08:00", "10:00")}, []Window{day("08:00", "10:00")}},
		{"same end", []Window{day("08:30", "10:00"), day("08:00", "10:00")}, []Window{day("08:00", "10:00")}},
		{"a minute between", []Window{day("08:00", "09:00"), day("09:01", "10:00")}, []Window{day("08:00", "09:00"), day("09:01", "10:00")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := NewSet(tt.windows...)
			assert.Equal(t, tt.want, slices.Collect(s.All()))
			slices.Reverse(tt.windows)
			assert.True(t, NewSet(tt.windows...).Equal(s))
		})
	}
}

func TestAllStops(t *testing.T) {
	seen := 0
	for range worlds[0].sets()[0b10101].All() {
		seen++
		break
	}
	assert.Equal(t, 1, seen)
}

func TestZeroSet(t *testing.T) {
	var s Set
	assert.True(t, s.IsEmpty())
	assert.Zero(t, s.Len())
	assert.Zero(t, s.Total())
	assert.Equal(t, "", s.String())
	assert.False(t, s.Contains(time.Time{}))
	assert.Equal(t, Window{}, s.Window(time.Unix(0, 0)))
	assert.True(t, s.Equal(NewSet()))
	assert.True(t, s.Equal(NewSet(allTime).Subtract(NewSet(allTime))))
	assert.True(t, s.Union(s, s).IsEmpty())
	assert.True(t, s.Where(func(Window) bool { return true }).IsEmpty())
}

// Instants that no window can hold are in no set.
func TestContainsFarInstants(t *testing.T) {
	s := NewSet(allTime)
	for at, want := range map[string]bool{
		"1677-01-01T00:00:00Z": false, "1899-12-31T23:59:59Z": false, "1900-01-01T00:00:00Z": true,
		"2191-12-31T23:59:59Z": true, "2192-01-01T00:00:00Z": false, "2263-01-01T00:00:00Z": false, "9999-12-31T23:59:59Z": false,
	} {
		assert.Equal(t, want, s.Contains(clock(at)), at)
		assert.Equal(t, want, !s.Window(clock(at)).IsEmpty(), at)
	}
}

func TestSetText(t *testing.T) {
	a, b := "2014-05-27T20:13:00Z/2014-05-27T22:42:00Z", "2014-05-28T00:00:00Z/2014-05-28T00:00:00.5Z"
	s := NewSet(interval(b), interval(a))
	assert.Equal(t, a+" "+b, s.String())
	data, err := json.Marshal(s)
	require.NoError(t, err)
	assert.Equal(t, `["`+a+`","`+b+`"]`, string(data))
	data, err = json.Marshal(struct{ S Set }{})
	require.NoError(t, err)
	assert.Equal(t, `{"S":[]}`, string(data))
}

func TestSetJSONReadsBack(t *testing.T) {
	for _, w := range worlds {
		for p, s := range w.sets() {
			data, err := json.Marshal(s)
			require.NoError(t, err)
			again := NewSet(allTime)
			require.NoError(t, json.Unmarshal(data, &again))
			require.True(t, again.Equal(s), "%08b: %s", p, data)
		}
	}

	// Windows in another order, and those that touch, are read as a set.
	var s Set
	require.NoError(t, json.Unmarshal([]byte(`[
		"2014-05-27T22:00:00Z/2014-05-27T23:00:00Z",
		"2014-05-27T22:00:00+02:00/2014-05-28T00:00:00+02:00"
	]`), &s))
	assert.Equal(t, "2014-05-27T20:00:00Z/2014-05-27T23:00:00Z", s.String())
}

func TestSetJSONRefuses(t *testing.T) {
	const good = `"2014-05-27T20:13:00Z/2014-05-27T22:42:00Z"`
	for _, tt := range []struct{ data, want string }{
		{`[""]`, "[0]: the window is empty"},
		{`[` + good + `, ""]`, "[1]: the window is empty"},
		{`[` + good + `, null]`, "[1]: "},
		{`[5]`, "[0]: "},
		{`[[` + good + `]]`, "[0]: "},
		{`[` + good + `, "2014-05-27T22:42:00Z/2014-05-27T20:13:00Z"]`, "it does not end after it starts"},
		{`["2014-05-27T20:13:00Z"]`, "want two instants with a slash between them"},
		{`null`, "want an array"},
		{good, "want an array"},
		{`{}`, "want an array"},
		{`0`, "want an array"},
	} {
		kept := NewSet(interval("2020-01-01T00:00:00Z/2021-01-01T00:00:00Z"))
		s := kept
		err := s.UnmarshalJSON([]byte(tt.data))
		assert.ErrorContains(t, err, tt.want, tt.data)
		assert.True(t, s.Equal(kept), "a refused text changes nothing")
	}
	var s Set
	for _, data := range []string{"", "[", `[` + good, `[` + good + `] []`, "[\"\xff\"]", "[,]"} {
		assert.Error(t, s.UnmarshalJSON([]byte(data)), data)
	}
}

// anyWindows draws windows whose edges often coincide, anywhere in time.
var anyWindows = rapid.Custom(func(t *rapid.T) []Window {
	instants := rapid.OneOf(
		rapid.SampledFrom([]int64{allTime.start, -1, 0, 1, allTime.end}),
		rapid.Int64Range(0, 20),
		rapid.Int64Range(allTime.start, allTime.end),
	)
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Window {
		return between(instants.Draw(t, "start"), instants.Draw(t, "end"))
	}), 0, 12).Draw(t, "windows")
})

func anySet(t *rapid.T, label string) Set { return NewSet(anyWindows.Draw(t, label)...) }

func mustEqual(t *rapid.T, got, want Set, law string) {
	t.Helper()
	if !got.Equal(want) {
		t.Fatalf("%s: %v is not %v", law, got, want)
	}
}

func TestNewSetLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		windows := anyWindows.Draw(t, "windows")
		s := NewSet(windows...)
		for i := 1; i < s.Len(); i++ {
			if s.windows[i-1].end >= s.windows[i].start {
				t.Fatalf("no gap in %v", s)
			}
		}
		mustEqual(t, NewSet(s.windows...), s, "a set of its own windows")

		shuffled := rapid.Permutation(windows).Draw(t, "shuffled")
		mustEqual(t, NewSet(shuffled...), s, "order")
		mustEqual(t, NewSet(append(shuffled, windows...)...), s, "duplicates")

		var split []Window
		for _, w := range windows {
			if w.IsEmpty() {
				continue
			}
			cut := rapid.Int64Range(w.start, w.end).Draw(t, "cut")
			split = append(split, between(cut, w.end), between(w.start, cut))
		}
		mustEqual(t, NewSet(split...), s, "splitting")

		var union Set
		for _, w := range windows {
			union = NewSet(w).Union(union)
		}
		mustEqual(t, union, s, "one by one")
	})
}

func TestSetLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := anySet(t, "a"), anySet(t, "b"), anySet(t, "c")
		all := NewSet(allTime)

		mustEqual(t, a.Union(b), b.Union(a), "a ∪ b = b ∪ a")
		mustEqual(t, a.Intersect(b), b.Intersect(a), "a ∩ b = b ∩ a")
		mustEqual(t, a.Union(b).Union(c), a.Union(b, c), "(a ∪ b) ∪ c")
		mustEqual(t, a.Intersect(b).Intersect(c), a.Intersect(b, c), "(a ∩ b) ∩ c")
		mustEqual(t, a.Intersect(b.Union(c)), a.Intersect(b).Union(a.Intersect(c)), "a ∩ (b ∪ c)")
		mustEqual(t, all.Subtract(a.Union(b)), all.Subtract(a).Intersect(all.Subtract(b)), "not (a ∪ b)")
		mustEqual(t, all.Subtract(all.Subtract(a)), a, "not not a")
		mustEqual(t, a.Subtract(b), a.Intersect(all.Subtract(b)), "a \\ b = a ∩ not b")
		mustEqual(t, a.Subtract(b).Union(a.Intersect(b)), a, "(a \\ b) ∪ (a ∩ b) = a")
		mustEqual(t, a.AtLeast(2, b, c), a.Intersect(b).Union(a.Intersect(c), b.Intersect(c)), "two of three")

		if a.Subtract(b).Total()+a.Intersect(b).Total() != a.Total() {
			t.Fatal("the parts of a do not add up")
		}
		// Each moment is counted once for each set that has it. The halves keep
		// the sums within a duration.
		half := NewSet(between(0, allTime.end/4))
		a, b, c = a.Intersect(half), b.Intersect(half), c.Intersect(half)
		var levels time.Duration
		for k := 1; k <= 3; k++ {
			levels += a.AtLeast(k, b, c).Total()
		}
		if levels != a.Total()+b.Total()+c.Total() {
			t.Fatalf("the levels add up to %v", levels)
		}
	})
}

func TestSetsCanBeShifted(t *testing.T) {
	shift := func(s Set, by int64) Set {
		var windows []Window
		for w := range s.All() {
			windows = append(windows, Window{w.start + by, w.end + by})
		}
		return NewSet(windows...)
	}
	middle := NewSet(between(allTime.start/2, allTime.end/2))
	rapid.Check(t, func(t *rapid.T) {
		a, b := anySet(t, "a").Intersect(middle), anySet(t, "b").Intersect(middle)
		by := rapid.Int64Range(allTime.start/2, allTime.end/2).Draw(t, "by")
		mustEqual(t, shift(a, by).Union(shift(b, by)), shift(a.Union(b), by), "union")
		mustEqual(t, shift(a, by).Intersect(shift(b, by)), shift(a.Intersect(b), by), "intersection")
		mustEqual(t, shift(a, by).Subtract(shift(b, by)), shift(a.Subtract(b), by), "difference")
		if shift(a, by).Total() != a.Total() || shift(a, by).Len() != a.Len() {
			t.Fatal("a shift changed the length")
		}
	})
}

func TestSetJSONLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySet(t, "set")
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var again Set
		if err := json.Unmarshal(data, &again); err != nil {
			t.Fatal(err)
		}
		mustEqual(t, again, s, string(data))
		if got := len(strings.Fields(s.String())); got != s.Len() {
			t.Fatalf("%d words for %d windows", got, s.Len())
		}
	})
}
