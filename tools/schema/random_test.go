package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A kind is a type of text in the schema: how some may be written, and
// agreements that are free of faults if the text is.
type kind struct {
	write func(g *generator) string
	in    func(text string) []sla.Agreement
}

// accepted returns an agreement with a text that compiles, and nil if none does.
func (k kind) accepted(text string) *sla.Agreement {
	for _, a := range k.in(text) {
		if _, err := a.Compile(); err == nil {
			return &a
		}
	}
	return nil
}

// A generator draws texts that are right, nearly right and wrong.
type generator struct{ *rand.Rand }

func (g *generator) pick(of ...string) string { return of[g.IntN(len(of))] }

func (g *generator) number() string {
	if g.IntN(4) == 0 {
		return fmt.Sprint(g.IntN(1 << g.IntN(31)))
	}
	return g.pick("0", "1", "2", "3", "5", "6", "10", "12", "24", "30", "60", "95", "99", "99.0", "99.9", "99.95", "99.999", "100", "100.0", "100.000", "100.1", "0.1", "0.5", "0.01", "0.0", "1.0", "1.5", "2.25", "1.123", "1.1234",
		"01", "00", "1.", ".5", "1e3", "-1", "+1", "1,5", "365", "720", "1000", "1200", "1201", "36600", "36601", "1000000000", "1000000001", "99.999999999999", "99.9999999999990", "99.9999999999999", "0.000000001", "0.0000000000000625", "4611686018427387903")
}

func (g *generator) unit() string {
	return g.pick("%", "%", "%", "s", "m", "h", "d", "h", "", " outage", " outages", "mo", "x", "USD", "JPY", "BHD", "CLF", "HRK", "XAU", "usd", "bd", "cycles", "cycle", "w", "min", " %")
}

func (g *generator) length() string {
	return g.number() + g.pick("s", "m", "h", "d", "h", "d", "mo", "")
}
func (g *generator) quantity() string { return g.number() + g.unit() }

func (g *generator) bound() string {
	return g.pick("below ", "at most ", "over ", "at least ", "exactly ", "under ", "") + g.number() + g.pick("%", "%", "%", "h", "m", "s", "", " outage", " outages", "mo")
}

func (g *generator) ranges() string {
	if g.IntN(3) == 0 {
		unit := g.pick("%", "%", "h", " outages", "")
		return g.pick("below ", "at most ", "over ", "at least ", "exactly ") + g.number() + unit + ", " + g.pick("below ", "at most ", "over ", "at least ", "exactly ") + g.number() + unit
	}
	return g.bound()
}

func (g *generator) per() string {
	return g.pick("", "", " per outage", " per 1mo", " per 3mo", " per 12mo", " per 1200mo", " per 1201mo", " per 5mo", " per 4mo", " per month", " per 01mo", " per "+g.number()+"mo")
}

func (g *generator) date() string {
	return g.pick("", "2026-", "2191-", "2192-", "1900-", "1899-", "2000-") + fmt.Sprintf("%02d-%02d", g.IntN(14), g.IntN(33))
}

func (g *generator) clock() string {
	return g.pick("00:00", "09:00", "17:00", "23:59", "24:00", "24:01", "9:00", "12:60", "06:30")
}

func (g *generator) days() string {
	day := func() string { return g.pick("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "sun", "Sunday") }
	return g.pick(day(), day()+"-"+day(), g.date())
}

func (g *generator) instant() string {
	return g.pick("2014", "1900", "1899", "2191", "2192") + g.pick("-05-01", "-02-29", "-12-31", "-01-01") + g.pick("T", "T", "T", "t", " ") + g.pick("00:00:00", "23:59:59", "23:30:00", "24:00:00", "12:00") + g.pick("", ".5", ".123456789") + g.pick("Z", "Z", "+01:00", "-23:59", "+0100", "")
}

func (g *generator) mark() string {
	return g.pick("period", "outage", "contract", "start of outage", "reported", "claim", "ticket closed", "", " period", "after", "é", "a after b", "x\u200f", "\u2028")
}

func (g *generator) text() string {
	var b strings.Builder
	for range g.IntN(6) {
		b.WriteString(g.pick("a", "B", " ", "  ", "é", "日", "\u00a0", "\u3000", "\n", "\t", "\x7f", "\u0085", "\u061c", "\u200b", "\u200e", "\u200f", "א", "ع", "\u2029", "\u202e", "\u2066", "\ufeff", "😀", "\"", "\\", "$", "^", "-", "]"))
	}
	return b.String()
}

// spoil returns a text with a small mistake.
func (g *generator) spoil(text string) string {
	if text == "" {
		return text
	}
	at := g.IntN(utf8.RuneCountInString(text))
	before, one, after := string([]rune(text)[:at]), string([]rune(text)[at]), string([]rune(text)[at+1:])
	switch g.IntN(5) {
	case 0:
		return before + after
	case 1:
		return before + one + one + after
	case 2:
		return before + g.pick(" ", "0", ".", "%", "m", "-", "\n", "A") + one + after
	case 3:
		return strings.ToUpper(before) + one + after
	}
	return text + g.pick(" ", "\n", "s", "0", "\t")
}

// with returns an agreement of one commitment.
func with(c sla.Commitment) []sla.Agreement {
	if c.Promise == "" {
		c.Promise = "exactly 100%"
	}
	return []sla.Agreement{{Name: "x", Commitments: []sla.Commitment{c}}}
}

var promises = []sla.Range{"at least 99.95%", "exactly 100%", "over 95%", "at most 1h", "at most 1 outage", "exactly 0 outages"}

// The kinds of texts, by the names of their definitions in the schema.
var kinds = map[string]kind{
	"text": {(*generator).text, func(text string) []sla.Agreement { return []sla.Agreement{{Name: text}, {Note: text}} }},
	"word": {(*generator).text, func(text string) []sla.Agreement {
		return with(sla.Commitment{Downtime: sla.Downtime{Causes: []string{text}}})
	}},
	"promise": {(*generator).ranges, func(text string) []sla.Agreement {
		return []sla.Agreement{{Commitments: []sla.Commitment{{Promise: sla.Range(text)}}}, {Commitments: []sla.Commitment{{Promise: sla.Range(text), Calculation: sla.Calculation{Round: "nearest 0.1%"}}}}}
	}},
	"range": {(*generator).ranges, func(text string) (all []sla.Agreement) {
		for _, promise := range promises {
			for _, gap := range []sla.Gap{"", sla.Milder, sla.Severer} {
				all = append(all, with(sla.Commitment{Promise: promise, Gap: gap, Credits: []sla.Tier{{When: sla.Range(text), Give: "10%"}}})...)
			}
		}
		return all
	}},
	"loss": {(*generator).ranges, func(text string) []sla.Agreement {
		return with(sla.Commitment{Downtime: sla.Downtime{Loss: sla.Range(text)}})
	}},
	"lasting": {(*generator).ranges, func(text string) []sla.Agreement {
		return with(sla.Commitment{Downtime: sla.Downtime{Lasting: sla.Range(text)}})
	}},
	"members": {(*generator).ranges, func(text string) []sla.Agreement {
		return with(sla.Commitment{Scope: sla.Scope{Levels: []sla.Level{{By: "region", Down: sla.Range(text)}}}})
	}},
	"worse": {(*generator).ranges, func(text string) []sla.Agreement {
		return append(with(sla.Commitment{Termination: []sla.Termination{{If: sla.Pattern{Each: sla.Range(text)}}}}), with(sla.Commitment{Termination: []sla.Termination{{If: sla.Pattern{Total: sla.Range(text), Within: "3cycles"}}}})...)
	}},
	"gift": {(*generator).quantity, func(text string) []sla.Agreement {
		return append(with(sla.Commitment{Credits: []sla.Tier{{Give: sla.Quantity(text)}}}), with(sla.Commitment{Credits: []sla.Tier{{Give: "10%", Plus: sla.Quantity(text)}}})...)
	}},
	"sum": {(*generator).quantity, func(text string) []sla.Agreement { return []sla.Agreement{{Above: sla.Quantity(text)}} }},
	"budget": {func(g *generator) string { return g.quantity() + g.per() }, func(text string) []sla.Agreement {
		b := []sla.Cap{sla.Cap(text)}
		return append(with(sla.Commitment{AtMost: b, Calculation: sla.Calculation{Period: "outage"}}), with(sla.Commitment{AtMost: b})[0], sla.Agreement{AtMost: b})
	}},
	"allowance": {func(g *generator) string { return g.length() + g.per() }, func(text string) []sla.Agreement {
		e := []sla.Exclusion{{Causes: []string{"patch"}, Allowance: sla.Cap(text)}}
		return append(with(sla.Commitment{Exclusions: e}), with(sla.Commitment{Exclusions: e, Calculation: sla.Calculation{Period: "outage"}})...)
	}},
	"step": {func(g *generator) string {
		return g.pick("full ", "started ", "nearest ", "exact ", "every ", "") + g.quantity()
	}, func(text string) (all []sla.Agreement) {
		for _, promise := range promises {
			all = append(all, with(sla.Commitment{Promise: promise, Credits: []sla.Tier{{Give: "10%", Per: sla.Step(text)}}})...)
		}
		return all
	}},
	"round": {func(g *generator) string {
		return g.pick("full ", "started ", "nearest ", "exact ") + g.number() + g.pick("%", "%", "%", "h", "")
	}, func(text string) []sla.Agreement {
		return with(sla.Commitment{Calculation: sla.Calculation{Round: sla.Step(text)}})
	}},
	"length": {(*generator).length, func(text string) []sla.Agreement {
		return append(with(sla.Commitment{Calculation: sla.Calculation{Length: sla.Quantity(text)}}), with(sla.Commitment{Base: sla.Base{Length: sla.Quantity(text)}, Credits: []sla.Tier{{Give: "1d"}}})...)
	}},
	"feeWindow": {func(g *generator) string {
		return g.pick(g.length(), "1cycle", "2cycles", "366"+g.number()+"d", g.number()+"d", "measured", "billed") + g.pick(" before", " after", " trailing", " before outage", " trailing outage", "")
	}, func(text string) []sla.Agreement {
		return with(sla.Commitment{Promise: "at most 1h", Calculation: sla.Calculation{Period: "outage"}, Base: sla.Base{Window: sla.FeeWindow(text)}})
	}},
	"notice": {func(g *generator) string { return g.pick("none", "None", g.length(), g.length()) }, func(text string) []sla.Agreement {
		return with(sla.Commitment{Exclusions: []sla.Exclusion{{Causes: []string{"maintenance"}, Notice: sla.Quantity(text)}}})
	}},
	"slot": {func(g *generator) string {
		return g.pick("period", g.length(), g.length()+" from "+g.instant(), "5m from "+g.instant())
	}, func(text string) []sla.Agreement {
		return append(with(sla.Commitment{Downtime: sla.Downtime{Slot: sla.Slot(text)}}), with(sla.Commitment{Downtime: sla.Downtime{Slot: sla.Slot(text), Requests: true}})...)
	}},
	"measuring": {func(g *generator) string {
		return g.pick("outage", g.number()+g.pick("d", "mo", "h")+g.pick("", " trailing"))
	}, func(text string) []sla.Agreement {
		return with(sla.Commitment{Calculation: sla.Calculation{Period: sla.Measuring(text)}})
	}},
	"zone": {func(g *generator) string {
		return g.pick("UTC", "Local", "local", "Europe/Berlin", "Etc/GMT+5", "America/Argentina/Buenos_Aires", "GMT0", "EST5EDT", "EST", "HST", "CET", "Factory", "Asia/Ust-Nera", "../UTC", "Europe", "/etc/localtime", "Europe//Berlin", "./UTC", "UTC/")
	}, func(text string) []sla.Agreement {
		return with(sla.Commitment{Calculation: sla.Calculation{Zone: text}})
	}},
	"hours": {func(g *generator) string {
		return g.pick("", "", "not ") + g.pick(g.days(), g.clock()+"-"+g.clock(), g.days()+" "+g.clock()+"-"+g.clock())
	}, func(text string) []sla.Agreement {
		h := []sla.Hours{sla.Hours(text)}
		return append(with(sla.Commitment{Calculation: sla.Calculation{Zone: "UTC", Hours: h}}), with(sla.Commitment{Exclusions: []sla.Exclusion{{Hours: h}}, Calculation: sla.Calculation{Zone: "UTC"}})...)
	}},
	"deadline": {func(g *generator) string {
		return g.pick("during outage", "end of contract", g.number()+g.pick("h", "d", "bd", "mo", "cycles", "cycle", "w")+g.pick(" after ", " after ", " before ")+g.mark(), g.number()+g.pick("h", "d", "bd", "mo", "cycles", "cycle")+" after period")
	}, func(text string) []sla.Agreement {
		return []sla.Agreement{{Payment: sla.Payment{By: calendar.Deadline(text)}}, {Payment: sla.Payment{Expires: calendar.Deadline(text)}}}
	}},
	"within": {func(g *generator) string { return g.number() + g.pick("h", "d", "mo", "cycles", "cycle", "bd", "") }, func(text string) []sla.Agreement {
		return append(with(sla.Commitment{Termination: []sla.Termination{{If: sla.Pattern{Each: "over 8h", Count: 2, Within: sla.Quantity(text)}}}}), with(sla.Commitment{Termination: []sla.Termination{{If: sla.Pattern{Total: "below 99%", Within: sla.Quantity(text)}}}})...)
	}},
}

// sloppy reports whether a text is of those that only Compile takes, because
// what it reads them with does: [time.Parse] an hour of one digit, a decimal
// comma and an offset of 24 hours, and [time.LoadLocation] another path to the
// file of a zone, such as ./UTC.
func sloppy(name, text string) bool {
	switch name {
	case "slot":
		return strings.Contains(text, " from ") && !clockAndOffset.MatchString(text)
	case "zone":
		return path.Clean(text) != text
	}
	return slices.Contains(atTheTop, text)
}

// isSloppy reports whether a document has a text that is.
func isSloppy(tree any) bool {
	switch tree := tree.(type) {
	case map[string]any:
		for key, value := range tree {
			text, is := value.(string)
			if is && sloppy(key, text) || isSloppy(value) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(tree, isSloppy)
	}
	return false
}

var clockAndOffset = regexp.MustCompile(`T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// first returns at most so many texts.
func first(n int, texts []string) []string { return texts[:min(n, len(texts))] }

// Every text that Compile accepts, the schema accepts, where it stands.
func TestRandomTexts(t *testing.T) {
	const seed, rounds = 20140527, 3000
	c := newChecker(t, "")
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		k := kinds[name]
		g := &generator{rand.New(rand.NewPCG(seed, uint64(len(name))))}
		tried, both, neither, loose := map[string]bool{}, 0, 0, map[string]bool{}
		for range rounds {
			text := k.write(g)
			if g.IntN(5) == 0 {
				text = g.spoil(text)
			}
			if tried[text] || text == "" || sloppy(name, text) {
				continue
			}
			tried[text] = true
			schema := func(a sla.Agreement) error {
				written, err := json.Marshal(a)
				require.NoError(t, err)
				return c.check(t, written)
			}
			all := k.in(text)
			compiled := false
			for _, a := range all {
				if _, err := a.Compile(); err == nil {
					compiled = true
					require.NoError(t, schema(a), "%s: %q with seed %d", name, text, seed)
				}
			}
			switch {
			case compiled:
				both++
			case schema(all[0]) == nil:
				loose[text] = true
			default:
				neither++
			}
		}
		t.Logf("%-10s %4d texts both accept, %4d both refuse, %3d only Compile refuses, such as %q", name, both, neither, len(loose), first(3, slices.Sorted(maps.Keys(loose))))
		assert.Greater(t, both, 5, name)
		assert.Greater(t, neither, 5, name)
	}
}

// Agreements of the tree with terms changed, taken out, moved and mixed: every
// one that the library accepts, the schema accepts, unless it has one of the
// texts or lacks one of the keys that the schema alone asks for.
func TestRandomAgreements(t *testing.T) {
	const seed, rounds = 19700101, 30000
	c := newChecker(t, "")
	g := &generator{rand.New(rand.NewPCG(seed, 1))}
	all := agreements(t)
	var trees []any
	values := map[string][]any{} // by key
	for _, where := range slices.Sorted(maps.Keys(all)) {
		var tree any
		d := json.NewDecoder(bytes.NewReader(all[where]))
		d.UseNumber()
		require.NoError(t, d.Decode(&tree))
		trees = append(trees, tree)
		collect(tree, values)
	}
	keys := slices.Sorted(maps.Keys(values))
	both, neither, onlySchema := 0, 0, 0
	for range rounds {
		tree := copied(trees[g.IntN(len(trees))])
		for range 1 + g.IntN(3) {
			g.change(tree, keys, values)
		}
		document, err := json.Marshal(tree)
		require.NoError(t, err)
		a, err := read(document)
		says := c.check(t, document)
		switch {
		case err == nil && isSloppy(tree):
		case err == nil && says != nil:
			require.True(t, strict(tree), "the schema alone refuses %s: %v, seed %d", document, says, seed)
			fallthrough
		case err == nil:
			both++
			written, err := json.Marshal(a)
			require.NoError(t, err)
			require.NoError(t, c.check(t, written), "%s", written)
		case says != nil:
			neither++
		default:
			onlySchema++
		}
	}
	t.Logf("%d agreements both accept, %d both refuse, %d only Compile refuses", both, neither, onlySchema)
	assert.Greater(t, both, rounds/20)
	assert.Greater(t, neither, rounds/20)
}

// collect adds what stands under each key.
func collect(tree any, values map[string][]any) {
	switch tree := tree.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(tree)) {
			values[key] = append(values[key], tree[key])
			collect(tree[key], values)
		}
	case []any:
		for _, element := range tree {
			collect(element, values)
		}
	}
}

func copied(tree any) any {
	switch tree := tree.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, value := range tree {
			out[key] = copied(value)
		}
		return out
	case []any:
		out := make([]any, len(tree))
		for i, element := range tree {
			out[i] = copied(element)
		}
		return out
	}
	return tree
}

// change makes one change somewhere in a tree.
func (g *generator) change(tree any, keys []string, values map[string][]any) {
	var objects []map[string]any
	var lists []func()
	var walk func(any)
	walk = func(tree any) {
		switch tree := tree.(type) {
		case map[string]any:
			objects = append(objects, tree)
			for _, key := range slices.Sorted(maps.Keys(tree)) {
				walk(tree[key])
				if list, is := tree[key].([]any); is {
					lists = append(lists, func() {
						switch {
						case len(list) == 0 || g.IntN(4) == 0:
							tree[key] = []any{}
						case g.IntN(2) == 0:
							tree[key] = append(list, copied(list[g.IntN(len(list))]))
						default:
							tree[key] = list[:len(list)-1]
						}
					})
				}
			}
		case []any:
			for _, element := range tree {
				walk(element)
			}
		}
	}
	walk(tree)
	object := objects[g.IntN(len(objects))]
	present := slices.Sorted(maps.Keys(object))
	any := func(key string) any { return copied(values[key][g.IntN(len(values[key]))]) }
	switch n := g.IntN(10); {
	case len(present) == 0 || n < 2: // a key from anywhere
		key := keys[g.IntN(len(keys))]
		object[key] = any(key)
	case n < 4: // another value of the same key
		if key := present[g.IntN(len(present))]; len(values[key]) > 0 {
			object[key] = any(key)
		}
	case n < 5: // the value of another key
		object[present[g.IntN(len(present))]] = any(keys[g.IntN(len(keys))])
	case n < 6:
		delete(object, present[g.IntN(len(present))])
	case n < 7 && len(lists) > 0:
		lists[g.IntN(len(lists))]()
	case n < 8: // another text of some kind
		names := slices.Sorted(maps.Keys(kinds))
		object[present[g.IntN(len(present))]] = kinds[names[g.IntN(len(names))]].write(g)
	default:
		key := present[g.IntN(len(present))]
		if text, is := object[key].(string); is {
			object[key] = g.spoil(text)
		}
	}
}

// strict reports whether a document that the library accepts lacks what the
// schema alone asks for: the keys name and if, and texts that are not empty.
func strict(tree any) bool {
	document := tree.(map[string]any)
	_, named := document["name"]
	found := !named
	var walk func(key string, tree any)
	walk = func(key string, tree any) {
		switch tree := tree.(type) {
		case map[string]any:
			for key, value := range tree {
				walk(key, value)
			}
		case []any:
			for _, element := range tree {
				if exit, is := element.(map[string]any); is && key == "termination" {
					_, has := exit["if"]
					found = found || !has
				}
				walk("", element)
			}
		case string:
			found = found || tree == ""
		}
	}
	walk("", tree)
	return found
}
