package outage

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// slowLog is the revisions of a log in no order. It asks all of them at every
// question, and judges Log.
type slowLog []Revision

// add reports whether the revision is without contradiction.
func (l *slowLog) add(r Revision) bool {
	for _, s := range *l {
		switch {
		case r.Ref() == s.Ref():
			return sameJSON(r, s)
		case r.Supersedes == s.Ref() && r.Ref().ID != s.Ref().ID && !s.Known.Before(r.Known),
			s.Supersedes == r.Ref() && r.Ref().ID != s.Ref().ID && !r.Known.Before(s.Known):
			return false
		}
	}
	*l = append(*l, r)
	return true
}

func sameJSON(r, s Revision) bool {
	a, errA := json.Marshal(r)
	b, errB := json.Marshal(s)
	return errA == nil && errB == nil && string(a) == string(b)
}

// textsOf returns each revision as JSON.
func textsOf(all []Revision) []string {
	texts := make([]string, len(all))
	for i, r := range all {
		text, err := json.Marshal(r)
		if err != nil {
			panic(err)
		}
		texts[i] = string(text)
	}
	return texts
}

// asOf returns the records that exist at an instant, by ID.
func (l slowLog) asOf(at time.Time) map[string]Record {
	var known slowLog
	for _, r := range l {
		if at.IsZero() || !r.Known.After(at) {
			known = append(known, r)
		}
	}
	records := map[string]Record{}
	for _, r := range known {
		exists := !r.Withdrawn
		for _, s := range known {
			switch own := s.Ref().ID == r.Ref().ID; {
			case own && s.after(r), !own && s.Supersedes == r.Ref() && !known.withdrawn(s.Ref().ID):
				exists = false
			}
		}
		if exists {
			records[r.Ref().ID] = r.Record
		}
	}
	return records
}

// after reports whether of two revisions of a record r is the one that holds.
func (r Revision) after(s Revision) bool {
	return r.Known.After(s.Known) || r.Known.Equal(s.Known) && r.Number > s.Number
}

// withdrawn reports whether the revision of a record that holds is withdrawn.
func (l slowLog) withdrawn(id string) bool {
	var last Revision
	for _, r := range l {
		if r.Ref().ID == id && r.after(last) {
			last = r
		}
	}
	return last.Withdrawn
}

// since returns when a record first became known.
func (l slowLog) since(id string) time.Time {
	var first time.Time
	for _, r := range l {
		if r.Ref().ID == id && (first.IsZero() || r.Known.Before(first)) {
			first = r.Known
		}
	}
	return first
}

func may(n int) time.Time { return time.Date(2014, time.May, n, 0, 0, 0, 0, time.UTC) }

// requireLike checks what a log says against what a slow one says.
func requireLike(t require.TestingT, slow slowLog, l *Log, instants ...time.Time) {
	for _, at := range append(instants, time.Time{}) {
		want, got := slow.asOf(at), l.AsOf(at)
		require.Len(t, got, len(want), "as of %s", at)
		for i, r := range got {
			id := r.header().id
			require.True(t, want[id] != nil && want[id].same(r), "as of %s: %#v", at, r)
			if i > 0 {
				before := got[i-1].header().id
				c := slow.since(before).Compare(slow.since(id))
				require.True(t, c < 0 || c == 0 && before < id, "order of %s and %s", before, id)
			}
		}
	}
	all := slices.Collect(l.All())
	require.Len(t, all, len(slow))
	histories, given := map[string][]string{}, textsOf(slow)
	for i, text := range textsOf(all) {
		histories[all[i].Ref().ID] = append(histories[all[i].Ref().ID], text)
		require.Contains(t, given, text)
		if i > 0 {
			require.Negative(t, all[i-1].compare(&all[i]))
		}
	}
	for id, want := range histories {
		require.Equal(t, want, textsOf(slices.Collect(l.History(id))))
	}
}

// TestLogSmallWorlds appends every list of three revisions of two records, one
// by one and together.
func TestLogSmallWorlds(t *testing.T) {
	var pool []Revision
	for _, id := range []string{"a", "b"} {
		other := string('a' + 'b' - id[0])
		for known := 1; known <= 2; known++ {
			base := Revision{Known: may(known), By: "x"}
			for number, supersedes := range map[int][]Ref{1: {{}, {other, 1}, {other, 2}}, 2: {{id, 1}, {other, 1}, {other, 2}}} {
				for _, s := range supersedes {
					r := base
					r.Number, r.Supersedes = number, s
					r.Record = Outage{ID: id, Start: may(number)}
					if s != (Ref{}) {
						r.Why = "y"
					}
					pool = append(pool, r)
					if s.ID == id {
						r.Withdrawn = true
						pool = append(pool, r)
					}
				}
			}
		}
	}
	require.Len(t, pool, 28)
	var tried, absorbed, refused, withdrawn int
	for _, a := range pool {
		if testing.Short() && !a.Known.Equal(may(1)) {
			continue
		}
		for _, b := range pool {
			for _, c := range pool {
				tried++
				var slow slowLog
				var single, batch Log
				good := true
				for _, r := range []Revision{a, b, c} {
					ok := slow.add(r)
					good = good && ok
					if got := single.Append(r) == nil; got != ok {
						t.Fatalf("%v %v %v: accepted: %t", a, b, c, got)
					}
				}
				requireLike(t, slow, &single, may(0), may(1), may(2), may(3))
				if got := batch.Append(a, b, c) == nil; got != good {
					t.Fatalf("%v %v %v: accepted together: %t", a, b, c, got)
				}
				if good {
					requireLike(t, slow, &batch, may(1))
				} else {
					refused++
					require.Empty(t, slices.Collect(batch.All()))
					require.Empty(t, batch.AsOf(time.Time{}))
				}
				for _, r := range slow {
					if exists := single.AsOf(time.Time{}); len(exists) == 0 && r.Withdrawn {
						withdrawn++
					} else if len(exists) == 1 && len(slow) == 2 && r.Supersedes.ID != "" && r.Supersedes.ID != r.Ref().ID {
						absorbed++
					}
				}
			}
		}
	}
	t.Logf("%d worlds, %d of them refused; in some a record was withdrawn (%d), or absorbed (%d)", tried, refused, withdrawn, absorbed)
	assert.NotZero(t, absorbed)
	assert.NotZero(t, withdrawn)
	assert.NotZero(t, refused)
}

// withID returns the record with another ID.
func withID(record Record, id string) Record {
	switch r := record.(type) {
	case Outage:
		r.ID = id
		return r
	case Maintenance:
		r.ID = id
		return r
	case Traffic:
		r.ID = id
		return r
	case Coverage:
		r.ID = id
		return r
	case Lifetime:
		r.ID = id
		return r
	}
	return nil
}

// randomRevision draws a revision without faults, of one of four records.
func randomRevision(t *rapid.T) Revision {
	id := rapid.SampledFrom([]string{"a", "b", "ü", "<&\u00a0>"})
	r := Revision{
		Number: rapid.IntRange(1, 5).Draw(t, "number"),
		Known:  may(rapid.IntRange(1, 6).Draw(t, "known")),
		By:     rapid.SampledFrom([]string{"press", `"O'Neil" \ <b>`}).Draw(t, "by"),
	}
	r.Record = withID(randomRecord(t), id.Draw(t, "id"))
	r.Supersedes = Ref{id.Draw(t, "supersedes"), rapid.IntRange(1, 5).Draw(t, "superseded")}
	if own := r.Supersedes.ID == r.Ref().ID; own && r.Number == 1 {
		r.Supersedes = Ref{}
	} else if own {
		r.Supersedes.Number = min(r.Supersedes.Number, r.Number-1)
		r.Withdrawn = rapid.Bool().Draw(t, "withdrawn")
	}
	if r.Supersedes != (Ref{}) {
		r.Why = rapid.SampledFrom([]string{"post-mortem", "a: b, c; <d>"}).Draw(t, "why")
	}
	return r
}

// textOf returns the text of a log.
func textOf(t require.TestingT, l *Log) string {
	var b strings.Builder
	require.NoError(t, WriteLog(&b, l.All()))
	return b.String()
}

func readLog(t require.TestingT, text string) *Log {
	l, err := ReadLog(strings.NewReader(text))
	require.NoError(t, err)
	return l
}

// The laws of a log: neither order nor repetition matters; merging is
// commutative, associative and idempotent; text gives the log back; what is
// refused leaves no trace.
func TestLogLaws(t *testing.T) {
	instants := []time.Time{may(0), may(1), may(2), may(3), may(4).Add(1), may(5).Add(-1), may(6)}
	rapid.Check(t, func(t *rapid.T) {
		var slow slowLog
		var l Log
		for _, r := range rapid.SliceOfN(rapid.Custom(randomRevision), 1, 12).Draw(t, "revisions") {
			before := textOf(t, &l)
			accepted := slow.add(r)
			err := l.Append(r)
			require.Equal(t, accepted, err == nil, "%v", err)
			if err != nil {
				require.ErrorContains(t, err, r.Ref().String())
				other := slices.Clone(slow)
				require.Error(t, l.Append(append(other, r)...))
				require.Equal(t, before, textOf(t, &l))
			}
		}
		requireLike(t, slow, &l, instants...)
		text := textOf(t, &l)
		require.Equal(t, text, textOf(t, readLog(t, text)))
		for _, at := range instants {
			_, err := Options{AsOf: at}.Timelines(l.AsOf(at)...)
			require.NoError(t, err)
		}

		var batches Log
		rest := slices.Concat(rapid.Permutation(slow).Draw(t, "order"), rapid.Permutation(slow).Draw(t, "again"))
		for len(rest) > 0 {
			n := rapid.IntRange(1, len(rest)).Draw(t, "batch")
			require.NoError(t, batches.Append(rest[:n]...))
			rest = rest[n:]
		}
		require.Equal(t, text, textOf(t, &batches))
		requireLike(t, slow, &batches, instants...)

		texts := [3]string{}
		for i := range texts {
			var part Log
			for j, r := range slow {
				if j%3 == i || rapid.Bool().Draw(t, "in several") {
					require.NoError(t, part.Append(r))
				}
			}
			texts[i] = textOf(t, &part)
		}
		merged := func(order ...int) *Log {
			l := &Log{}
			for _, i := range order {
				require.NoError(t, l.Merge(readLog(t, texts[i])))
			}
			return l
		}
		for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 0, 2, 1}} {
			require.Equal(t, text, textOf(t, merged(order...)))
			requireLike(t, slow, merged(order...), instants...)
		}
		nested := merged(0)
		require.NoError(t, nested.Merge(merged(1, 2)))
		require.NoError(t, nested.Merge(nested))
		require.Equal(t, text, textOf(t, nested))
		require.Equal(t, text, textOf(t, readLog(t, strings.Join(texts[:], "")))) // files put one after the other
	})
}

// Logs that contradict each other are refused whichever is merged into which,
// for the same reasons.
func TestLogMergeContradiction(t *testing.T) {
	sorted := func(err error) []string { return slices.Sorted(strings.SplitSeq(err.Error(), "\n")) }
	a := Revision{Record: Outage{ID: "a", Start: may(1)}, Number: 1, Known: may(3), By: "x"}
	b := a
	b.Record, b.Why = Maintenance{ID: "a", Start: may(1), End: may(2)}, "planned"
	var l, m Log
	require.NoError(t, l.Append(a))
	require.NoError(t, m.Append(b))
	errL, errM := l.Merge(&m), m.Merge(&l)
	require.Error(t, errL)
	assert.Equal(t, sorted(errL), sorted(errM))
	assert.EqualError(t, errL, `outage: revision "a" #1: why, kind, end: used twice, `+
		`by "x", known 2014-05-03T00:00:00Z, no why, kind "outage", no end; and `+
		`by "x", known 2014-05-03T00:00:00Z, why "planned", kind "maintenance", end "2014-05-02T00:00:00Z"`)
	assert.Len(t, slices.Collect(l.All()), 1)
}

// Whichever of two logs is merged into which, the same contradictions are named.
func TestMergeNamesTheSameContradictionsInBothDirections(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		logOf := func(name string) *Log {
			l := &Log{}
			for _, r := range rapid.SliceOfN(rapid.Custom(randomRevision), 0, 8).Draw(t, name) {
				l.Append(r) //nolint:errcheck // what contradicts is left out
			}
			return l
		}
		a, b := logOf("a"), logOf("b")
		merged := func(a, b *Log) []string {
			l := &Log{}
			require.NoError(t, l.Merge(a))
			before := textOf(t, l)
			var texts []string
			for _, err := range leaves(l.Merge(b)) {
				texts = append(texts, err.Error())
			}
			if texts != nil {
				require.Equal(t, before, textOf(t, l))
			}
			slices.Sort(texts)
			return texts
		}
		there, back := merged(a, b), merged(b, a)
		require.Equal(t, there, back)
	})
}

// What was absorbed into a record returns when that is withdrawn, is absorbed
// again when that exists again, and stays when it was withdrawn itself.
func TestAnAbsorbedOutageReturnsWithTheWithdrawalOfWhatAbsorbedIt(t *testing.T) {
	revision := func(id string, number, known int, supersedes Ref, withdrawn bool) Revision {
		r := Revision{Record: Outage{ID: id, Start: may(1), End: may(2)}, Number: number, Known: may(known), By: "x", Supersedes: supersedes, Withdrawn: withdrawn}
		if supersedes != (Ref{}) {
			r.Why = "y"
		}
		return r
	}
	ids := func(l *Log, day int) string {
		var all []string
		for _, r := range l.AsOf(may(day)) {
			all = append(all, r.header().id)
		}
		return strings.Join(all, " ")
	}
	var l Log
	require.NoError(t, l.Append(
		revision("part", 1, 3, Ref{}, false),
		revision("whole", 1, 4, Ref{"part", 1}, false),
		revision("whole", 2, 5, Ref{"whole", 1}, false),
		revision("whole", 3, 6, Ref{"whole", 2}, true),
		revision("whole", 4, 7, Ref{"whole", 3}, false),
		revision("all", 1, 8, Ref{"whole", 4}, false),
		revision("whole", 5, 9, Ref{"whole", 4}, true),
		revision("part", 2, 10, Ref{"part", 1}, true),
	))
	for day, want := range map[int]string{2: "", 3: "part", 4: "whole", 5: "whole", 6: "part", 7: "whole", 8: "all", 9: "part all", 10: "all"} {
		assert.Equal(t, want, ids(&l, day), "as of 2014-05-%02d", day)
	}
	assert.Equal(t, "all", ids(&l, 31))
	assert.Len(t, l.AsOf(time.Time{}), 1)
}

// Nobody can write to a log but by appending.
func TestLogKeepsItsOwn(t *testing.T) {
	marks := map[string]time.Time{"ticket": may(2)}
	r := Revision{Record: Outage{ID: "a", Start: may(1), Marks: marks}, Number: 1, Known: may(3), By: "x"}
	var l Log
	require.NoError(t, l.Append(r))
	before := textOf(t, &l)
	clear(marks)
	clear(l.AsOf(may(4))[0].(Outage).Marks)
	for _, seq := range []func() []Revision{
		func() []Revision { return slices.Collect(l.History("a")) },
		func() []Revision { return slices.Collect(l.All()) },
	} {
		clear(seq()[0].Record.(Outage).Marks)
	}
	assert.Equal(t, before, textOf(t, &l))
	assert.Contains(t, before, "ticket 2014-05-02T00:00:00Z")

	// Nor does a walk see what is appended to it, in its place or at the end.
	add := func(n int, known time.Time) {
		r := r
		r.Number, r.Known, r.Supersedes, r.Why = n, known, Ref{"a", 1}, "y"
		require.NoError(t, l.Append(r))
	}
	add(2, may(4))
	add(3, may(5)) // so that there is room behind it
	numbers := func(seen func(number int)) []int {
		var numbers []int
		for r := range l.History("a") {
			numbers = append(numbers, r.Number)
			seen(r.Number)
		}
		return numbers
	}
	assert.Equal(t, []int{1, 2, 3}, numbers(func(n int) {
		if n == 1 {
			add(4, may(2))
			add(5, may(6))
		}
	}))
	assert.Equal(t, []int{4, 1, 2, 3, 5}, numbers(func(int) {}))
	assert.Empty(t, slices.Collect(l.History("b")))
	for range l.History("a") {
		break
	}
	for range l.All() {
		break
	}
}

// The empty log, and the zero of everything.
func TestLogEmpty(t *testing.T) {
	var l Log
	require.NoError(t, l.Append())
	require.NoError(t, l.Merge(&Log{}))
	assert.Empty(t, l.AsOf(may(1)))
	assert.Empty(t, slices.Collect(l.All()))
	assert.Equal(t, "{\"format\":\"slacredit/log/1\"}\n", textOf(t, &l))
	assert.Empty(t, slices.Collect(readLog(t, textOf(t, &l)).All()))
	assert.Equal(t, `0001-01-01T00:00:00Z "" recorded no record #0: not valid`, Revision{}.String())
	assert.Equal(t, `0001-01-01T00:00:00Z "" recorded no record #0: not valid; "a\nb"`, Revision{Why: "a\nb"}.String())
}

// Equal content is one content, however it is spelled.
func TestLogSpelling(t *testing.T) {
	a := Revision{Record: Outage{ID: "a", Start: may(1), ServedPercent: decimal.New(9950, -2), Marks: map[string]time.Time{}}, Number: 1, Known: may(3), By: "x"}
	b := a
	b.Known = a.Known.In(time.FixedZone("", 3600))
	b.Record = Outage{ID: "a", Start: may(1).In(time.FixedZone("", -3600)), ServedPercent: decimal.New(995, -1)}
	var l, m Log
	require.NoError(t, l.Append(a, b))
	require.NoError(t, m.Append(b, a))
	assert.Equal(t, textOf(t, &l), textOf(t, &m))
	assert.Contains(t, textOf(t, &l), `"servedPercent":"99.5"`)
	for r := range m.History("a") {
		assert.Equal(t, time.UTC, r.Known.Location())
	}
	assert.Equal(t, a.Record.(Outage).Start, l.AsOf(may(3))[0].(Outage).Start)

	ten := a
	ten.By = "O <b>"
	ten.Number, ten.Supersedes, ten.Why = 2, a.Ref(), "y"
	ten.Record = Outage{ID: "a", Start: may(1), ServedPercent: decimal.New(1, 1)}
	require.NoError(t, l.Append(ten))
	assert.Contains(t, textOf(t, &l), `"servedPercent":"10"`)
	assert.Contains(t, textOf(t, &l), `"by":"O <b>"`)
}

func TestAppendRefuses(t *testing.T) {
	good := Revision{Record: Outage{ID: "a", Start: may(1)}, Number: 2, Known: may(3), By: "x", Supersedes: Ref{"a", 1}, Why: "y"}
	for _, tt := range []struct {
		name   string
		change func(*Revision)
		want   string
	}{
		{"no record", func(r *Revision) { r.Record = nil }, `revision "" #2: record: a record of type <nil>, not Outage, Maintenance, Traffic, Coverage or Lifetime`},
		{"pointer", func(r *Revision) { r.Record = &Outage{ID: "a"} }, `revision "" #2: record: a record of type *outage.Outage, not Outage, Maintenance, Traffic, Coverage or Lifetime`},
		{"record", func(r *Revision) { r.Record = Outage{ID: "a", Start: may(2), End: may(1)} }, `revision outage "a" #2: end: 2014-05-01T00:00:00Z is not after the start, 2014-05-02T00:00:00Z`},
		{"outage without ID", func(r *Revision) { r.Record = Outage{Start: may(2)} }, `revision outage "" #2: id: missing`},
		{"life without ID", func(r *Revision) { r.Record = Lifetime{Start: may(2)} }, `revision life "" #2: id: missing; a log knows a record by its ID`},
		{"number", func(r *Revision) { r.Number, r.Supersedes = 0, Ref{} }, `revision outage "a" #0: number: 0 is not from 1 to 2147483647`},
		{"not known", func(r *Revision) { r.Known = time.Time{} }, `revision outage "a" #2: known: missing`},
		{"known", func(r *Revision) { r.Known = may(1).AddDate(-200, 0, 0) }, `revision outage "a" #2: known: 1814-05-01T00:00:00Z is outside the years 1900 to 2191`},
		{"by nobody", func(r *Revision) { r.By = "" }, `revision outage "a" #2: by: missing`},
		{"by", func(r *Revision) { r.By = "a\nb" }, `revision outage "a" #2: by: "a\nb" has a control character`},
		{"why", func(r *Revision) { r.Why = " a" }, `revision outage "a" #2: why: " a" starts or ends with a space`},
		{"no reason", func(r *Revision) { r.Why = "" }, `revision outage "a" #2: why: missing; a revision that supersedes another needs a reason`},
		{"supersedes nothing", func(r *Revision) { r.Supersedes = Ref{} }, `revision outage "a" #2: supersedes: missing; only number 1 may supersede nothing`},
		{"withdraws nothing", func(r *Revision) { r.Number, r.Supersedes, r.Withdrawn = 1, Ref{}, true }, `revision outage "a" #1: supersedes: missing; a withdrawn record was recorded before`},
		{"supersedes itself", func(r *Revision) { r.Supersedes.Number = 2 }, `revision outage "a" #2: supersedes: "a" #2 is not an earlier revision`},
		{"supersedes half", func(r *Revision) { r.Supersedes.Number = 0 }, `revision outage "a" #2: supersedes: want the ID of a record and the number of a revision`},
		{"supersedes a line", func(r *Revision) { r.Supersedes.ID = "b\u202e" }, `revision outage "a" #2: supersedes: "b\u202e" has a control character`},
		{"withdrawn into another", func(r *Revision) { r.Supersedes, r.Withdrawn = Ref{"b", 1}, true }, `revision outage "a" #2: supersedes: "b" #1 belongs to another record, which a withdrawn record cannot absorb`},
		{"absorbs the later", func(r *Revision) { r.Supersedes = Ref{"held", 1} }, `revision outage "a" #2: supersedes: "held" #1 became known at 2014-05-03T00:00:00Z, which is not before 2014-05-03T00:00:00Z`},
		{"comes after it was absorbed", func(r *Revision) { r.Record = Outage{ID: "gone", Start: may(1)} }, `revision outage "held" #2: supersedes: "gone" #2 became known at 2014-05-03T00:00:00Z, which is not before 2014-05-02T00:00:00Z`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var l Log
			held := Revision{Record: Outage{ID: "held", Start: may(1)}, Number: 1, Known: may(3), By: "x"}
			absorbs := Revision{Record: Outage{ID: "held", Start: may(1)}, Number: 2, Known: may(2), By: "x", Supersedes: Ref{"gone", 2}, Why: "y"}
			require.NoError(t, l.Append(held, absorbs))
			before := textOf(t, &l)
			bad := good
			tt.change(&bad)
			other := Revision{Record: Outage{ID: "other", Start: may(1)}, Number: 1, Known: may(3), By: "x"}
			assert.EqualError(t, l.Append(other, bad), "outage: "+tt.want)
			assert.Equal(t, before, textOf(t, &l))
			require.NoError(t, l.Append(other))
			assert.NotPanics(t, func() { assert.NotContains(t, bad.String(), "\n") })
			if tt.name != "absorbs the later" && tt.name != "comes after it was absorbed" {
				_, err := json.Marshal(bad)
				assert.ErrorContains(t, err, tt.want)
				assert.ErrorContains(t, WriteLog(io.Discard, slices.Values([]Revision{good, bad})), tt.want)
			}
		})
	}
	var l Log
	bad := good
	bad.By, bad.Why, bad.Record = "", "", Outage{ID: "a"}
	assert.Len(t, leaves(l.Append(bad, bad)), 6, "all faults of all revisions")
}

func TestScanLogFaults(t *testing.T) {
	const record = `{"kind":"outage","id":"I-7","start":"2014-05-27T22:30:00Z"}`
	line := func(from, to string) string {
		text := `{"number":2,"known":"2014-05-28T18:00:00Z","by":"x","supersedes":{"id":"I-7","number":1},"why":"y","record":` + record + `}`
		require.Contains(t, text, from)
		return strings.Replace(text, from, to, 1)
	}
	for _, tt := range []struct{ line, want string }{
		{line(`"number":2,`, ``), `revision "I-7" #0: number: 0 is not from 1 to 2147483647|revision "I-7" #0: supersedes: "I-7" #1 is not an earlier revision`},
		{line(`"number":2`, `"number":"2"`), `revision "I-7" #0: number: want a whole number, not the string "2"`},
		{line(`"number":2`, `"number":2e0`), `revision "I-7" #0: number: want a whole number, not the number 2e0`},
		{line(`"number":2`, `"number":2147483648`), ``},
		{line(`"known"`, `"Known"`), `revision "I-7" #2: unknown key "Known"`},
		{line(`"by":"x"`, `"by":"x","by":"x"`), `revision "I-7" #2: key "by" comes twice`},
		{line(`"by":"x"`, `"by":null`), `revision "I-7" #2: by: want a string, not null`},
		{line(`"2014-05-28T18:00:00Z"`, `"2014-05-28 18:00"`), `revision "I-7" #2: known "2014-05-28 18:00": not an RFC 3339 instant such as 2014-05-27T20:13:00Z`},
		{line(`"2014-05-28T18:00:00Z"`, `""`), `revision "I-7" #2: known: missing`},
		{line(`{"id":"I-7","number":1}`, `{}`), `revision "I-7" #2: supersedes: names nothing; leave it out`},
		{line(`{"id":"I-7","number":1}`, `"I-7"`), `revision "I-7" #2: supersedes: want an object, not the string "I-7"`},
		{line(`{"id":"I-7","number":1}`, `{"id":"I-7","number":"1"}`), `revision "I-7" #2: supersedes.number: want a whole number, not the string "1"`},
		{line(`"why":"y"`, `"withdrawn":"yes"`), `revision "I-7" #2: withdrawn: want true or false, not the string "yes"`},
		{line(`,"record":`+record, ``), `revision "" #2: record: missing`},
		{line(record, `null`), `revision "" #2: "null": want an object, not null`},
		{line(`"kind":"outage",`, ``), `revision "I-7" #2: kind: want outage, maintenance, traffic, coverage or life`},
		{line(`"start":"2014-05-27T22:30:00Z"`, `"start":"2014-05-27T22:30:00"`), `revision "I-7" #2: start "2014-05-27T22:30:00": not an RFC 3339 instant such as 2014-05-27T20:13:00Z; a local time needs a zone beside it`},
		{line(`"id":"I-7","start"`, `"zone":"Europe/Berlin","id":"I-7","start"`), `revision "I-7" #2: zone "Europe/Berlin": a log holds instants, which no later zone data can move`},
		{line(`"kind":"outage","id":"I-7","start"`, `"kind":"life","start"`), `revision "" #2: id: missing; a log knows a record by its ID`},
		{line(`"kind":"outage","id":"I-7","start"`, `"kind":"outage","start"`), `revision "" #2: id: missing`},
		{line(`"kind":"outage"`, `"kind":"outage","end":"2014-05-27T22:30:00Z"`), `revision "I-7" #2: end "2014-05-27T22:30:00Z": 2014-05-27T22:30:00Z is not after the start, 2014-05-27T22:30:00Z`},
		{`[]`, `want an object, not an array`},
		{`{`, `unexpected end of JSON input`},
	} {
		text := strings.Join([]string{`{"format":"slacredit/log/1"}`, tt.line, line("", "")}, "\n")
		var faults []string
		read := 0
		for _, err := range scanLog(strings.NewReader(text)) {
			for _, fault := range leaves(err) {
				var row *RowError
				require.ErrorAs(t, fault, &row)
				faults = append(faults, strings.TrimPrefix(fault.Error(), "outage: line 2: "))
			}
			if err == nil {
				read++
			}
		}
		if tt.want == "" {
			assert.Len(t, faults, 1, tt.line)
			continue
		}
		assert.Equal(t, strings.Split(tt.want, "|"), faults, tt.line)
		assert.Equal(t, 1, read)

		l, err := ReadLog(strings.NewReader(text))
		assert.Nil(t, l)
		require.Error(t, err)
		var r Revision
		err = r.UnmarshalJSON([]byte(tt.line))
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "line")
		assert.Equal(t, Revision{}, r)
	}
}

func TestScanLogEnds(t *testing.T) {
	const good = `{"number":1,"known":"2014-05-28T18:00:00Z","by":"x","record":{"kind":"life","id":"a","start":"2014-05-27T22:30:00Z"}}`
	for text, want := range map[string]string{
		"":                                 `outage: reading a log: nothing; want at least the header {"format":"slacredit/log/1"}`,
		good:                               `outage: reading a log: line 1: want the header {"format":"slacredit/log/1"} before the revisions`,
		`{"format":"slacredit/log/2"}`:     `outage: reading a log: line 1: format: "slacredit/log/2" is not known; want "slacredit/log/1"`,
		`{"format":"slacredit/records/1"}`: `outage: reading a log: line 1: format: "slacredit/records/1" is not known; want "slacredit/log/1"`,
		"{\"format\":\"slacredit/log/1\"}\n" + strings.Repeat("x", maxRow+1):                                  `outage: reading a log: line 2: a row of more than 1048576 bytes`,
		"{\"format\":\"slacredit/log/1\"}\n" + good + "\n" + strings.Replace(good, `"by":"x"`, `"by":"y"`, 1): `outage: revision "a" #1: by: used twice, by "x", known 2014-05-28T18:00:00Z; and by "y", known 2014-05-28T18:00:00Z`,
	} {
		l, err := ReadLog(strings.NewReader(text))
		assert.Nil(t, l)
		assert.EqualError(t, err, want)
	}
	for _, err := range scanLog(strings.NewReader("{\"format\":\"slacredit/log/1\"}\n" + good + "\n" + good)) {
		assert.NoError(t, err)
		break
	}
	var endless Log
	require.NoError(t, json.Unmarshal([]byte(good), new(Revision)))
	require.NoError(t, endless.Append(Revision{Record: Lifetime{ID: "a", Start: may(1)}, Number: 1, Known: may(2), By: "x"}))
	assert.EqualError(t, WriteLog(shut{}, endless.All()), "outage: writing a log: io: read/write on closed pipe")
	assert.EqualError(t, WriteLog(shut{}, func(yield func(Revision) bool) {
		for r := range endless.All() {
			for yield(r) {
			}
		}
	}), "outage: writing a log: io: read/write on closed pipe")
}

// FuzzScanLog checks that what is read is read again from what is written.
func FuzzScanLog(f *testing.F) {
	f.Add("{\"format\":\"slacredit/log/1\"}\n{\"number\":1,\"known\":\"2014-05-28T18:00:00Z\",\"by\":\"x\",\"record\":{\"kind\":\"life\",\"id\":\"a\",\"start\":\"2014-05-27T22:30:00Z\"}}\n")
	f.Add("{\"format\":\"slacredit/log/1\"}\n{\"number\":2,\"supersedes\":{\"id\":\"a\",\"number\":1},\"why\":\"\\ud800\",\"record\":{\"zone\":\"Europe/Berlin\"}}\n{}")
	f.Fuzz(func(t *testing.T, text string) {
		for r, err := range scanLog(strings.NewReader(text)) {
			if err != nil {
				continue
			}
			assert.NotContains(t, r.String(), "\n")
			data, err := json.Marshal(r)
			require.NoError(t, err)
			var again Revision
			require.NoError(t, json.Unmarshal(data, &again))
			assert.True(t, sameJSON(r, again))
			var l Log
			require.NoError(t, l.Append(r))
			assert.Equal(t, textOf(t, &l), textOf(t, readLog(t, textOf(t, &l))))
		}
	})
}

// manyRevisions returns n revisions of n/2 records, in the order in which they
// became known; of the records, every tenth is withdrawn.
func manyRevisions(n int) []Revision {
	revisions := make([]Revision, n)
	for i := range revisions {
		id, second := i%(n/2), i >= n/2
		r := Revision{Number: 1, Known: may(1).Add(time.Duration(i) * time.Second), By: "x"}
		r.Record = Outage{ID: fmt.Sprintf("I-%07d", id), Start: r.Known.Add(-time.Hour), End: r.Known}
		if second {
			r.Number, r.Supersedes, r.Why, r.Withdrawn = 2, Ref{r.Ref().ID, 1}, "post-mortem", id%10 == 0
		}
		revisions[i] = r
	}
	return revisions
}

var logSizes = []int{10_000, 1_000_000}

func forLogs(b *testing.B, run func(b *testing.B, l *Log, revisions []Revision)) {
	for _, n := range logSizes {
		b.Run(fmt.Sprintf("revisions=%d", n), func(b *testing.B) {
			revisions := manyRevisions(n)
			var l Log
			require.NoError(b, l.Append(revisions...))
			run(b, &l, revisions)
		})
	}
}

// The history of one record takes as long in a large log as in a small one.
func BenchmarkLogHistory(b *testing.B) {
	forLogs(b, func(b *testing.B, l *Log, revisions []Revision) {
		seen := 0
		for i := 0; b.Loop(); i++ {
			for range l.History(revisions[i*7919%len(revisions)].Record.(Outage).ID) {
				seen++
			}
		}
		b.ReportMetric(float64(seen)/float64(b.N), "revisions/op") //nolint:forbidigo // of the benchmark
	})
}

// The records as of an instant at which a tenth, and at which all of them were
// known: the time for each is the same.
func BenchmarkLogAsOf(b *testing.B) {
	for _, share := range []int{10, 1} {
		b.Run(fmt.Sprintf("known=1/%d", share), func(b *testing.B) {
			forLogs(b, func(b *testing.B, l *Log, revisions []Revision) {
				n := len(revisions) / 2 / share
				at := revisions[n-1].Known
				for b.Loop() {
					require.Len(b, l.AsOf(at), n)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/record") //nolint:forbidigo // of the benchmark
			})
		})
	}
}

// One batch, and one by one.
func BenchmarkLogAppend(b *testing.B) {
	for _, size := range []int{1, 0} {
		for _, n := range logSizes {
			b.Run(fmt.Sprintf("batch=%d/revisions=%d", max(size, n*(1-size)), n), func(b *testing.B) {
				revisions := manyRevisions(n)
				for b.Loop() {
					var l Log
					if size == 0 {
						require.NoError(b, l.Append(revisions...))
						continue
					}
					for i := range revisions {
						if err := l.Append(revisions[i]); err != nil {
							b.Fatal(err)
						}
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/revision") //nolint:forbidigo // of the benchmark
			})
		}
	}
}
