package sla

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// Two words are near exactly if one becomes the other by one letter more, less
// or other, or by two neighbours that change places.
func TestNear(t *testing.T) {
	edits := func(word string) map[string]bool {
		const letters = "abcdx"
		all := map[string]bool{word: true}
		for i := range len(word) + 1 {
			for _, l := range letters {
				all[word[:i]+string(l)+word[i:]] = true
			}
			if i == len(word) {
				continue
			}
			all[word[:i]+word[i+1:]] = true
			for _, l := range letters {
				all[word[:i]+string(l)+word[i+1:]] = true
			}
			if i+1 < len(word) {
				all[word[:i]+word[i+1:i+2]+word[i:i+1]+word[i+2:]] = true
			}
		}
		return all
	}
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.StringMatching(`[abcd]{5,7}`).Draw(t, "a")
		b := rapid.OneOf(rapid.StringMatching(`[abcd]{4,8}`), rapid.Custom(func(t *rapid.T) string {
			once := slices.Sorted(mapKeys(edits(a)))
			other := rapid.SampledFrom(once).Draw(t, "once")
			if rapid.Bool().Draw(t, "twice") {
				other = rapid.SampledFrom(slices.Sorted(mapKeys(edits(other)))).Draw(t, "other")
			}
			return other
		})).Draw(t, "b")
		assert.Equal(t, edits(a)[b], near(a, b), "%s and %s", a, b)
		assert.Equal(t, near(a, b), near(b, a))
	})
	//nolint:misspell // that is what it is about
	for _, pair := range [][2]string{
		{"maintenence", "maintenance"},
		{"Maintenance", "maintenance"},
		{"maintenance ", "maintenance"},
		{"MAINTENACE", "maintenance"},
		{"one time", "one-time"},
		{"onetime", "one-time"},
		{"one_time", "one-time"},
		{"API", "api"},
		{"Ticket closed", "ticket-closed"},
		{"us-esat-1", "us-east-1"},
	} {
		assert.True(t, near(pair[0], pair[1]), pair)
	}
	for _, pair := range [][2]string{
		{"zone-1", "zone-2"}, {"us-east-1", "us-east-11"}, {"db", "dc"}, {"web", "wet"}, {"power", "network"}, {"planned maintenance", "maintenance"}, {"us-east-1", "us-west-1"},
	} {
		assert.False(t, near(pair[0], pair[1]), pair)
	}
}

func mapKeys(m map[string]bool) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// A cause that is meant as maintenance cannot escape the notice rule.
func TestMaintenanceMisspelt(t *testing.T) {
	//nolint:misspell // that is what it is about
	for _, cause := range []string{"maintenence", "maintenace", "mantenance", "Maintenance", "maintenances", "mainte-nance", "mainteannce"} {
		for field, c := range map[string]Commitment{
			"exclusions[0].causes[0]": {Exclusions: []Exclusion{{Causes: []string{cause}}}},
			"downtime.causes[0]":      {Downtime: Downtime{Causes: []string{cause}}},
		} {
			c.Promise = "exactly 100%"
			_, err := Agreement{Name: "x", Commitments: []Commitment{c}}.Compile()
			assert.ErrorContains(t, err, "commitments[0]."+field+`: "`+cause+`"; write "maintenance" for planned work`)
		}
	}
	for _, cause := range []string{"planned maintenance", "emergency maintenance", "maintainer"} {
		_, err := Agreement{Name: "x", Commitments: []Commitment{{Promise: "exactly 100%", Exclusions: []Exclusion{{Causes: []string{cause}}}}}}.Compile()
		assert.NoError(t, err)
	}
}

// Labels that cover nothing are an error that names the slip, and not the
// verdict that nothing was promised.
func TestLabelsThatCoverNothing(t *testing.T) {
	scoped := func(names ...string) *Terms {
		a := Agreement{Name: "a"}
		for _, pair := range names {
			name, value, _ := strings.Cut(pair, "=")
			a.Commitments = append(a.Commitments, Commitment{Name: pair, Promise: "exactly 100%", Scope: Scope{Only: map[string][]string{name: {value}}}})
		}
		return Must(a.Compile())
	}
	judge := func(terms *Terms, resources ...outage.Timeline) ([]Verdict, error) {
		return terms.JudgeAll(resources, may2014)
	}

	_, err := judge(scoped("service=api"), labelled("a", "service=API"), labelled("b", "service=web"))
	assert.EqualError(t, err, `sla: judging under "a": no resource is covered: /commitments/0/scope/only: "service" = "api", where a resource has "API"`)
	_, err = judge(scoped("service=api"), labelled("a", "Service=api"))
	assert.EqualError(t, err, `sla: judging under "a": no resource is covered: /commitments/0/scope/only: "service" = "api", where a resource has the label "Service"`)
	_, err = judge(scoped("service=api", "service=web"), labelled("a"))
	assert.EqualError(t, err, `sla: judging under "a": no resource is covered: /commitments/0/scope/only: "service" = "api", where no resource has the label; /commitments/1/scope/only: "service" = "web", where no resource has the label`)

	assert.ErrorIs(t, err, ErrUncovered)

	verdicts, err := judge(scoped("service=api", "service=web"), labelled("a", "service=api"), labelled("b", "service=other"))
	require.NoError(t, err, "what one commitment covers is enough")
	assert.Len(t, verdicts, 1)
	verdicts, err = judge(scoped("service=api"))
	require.NoError(t, err, "of no resources none has to be covered")
	assert.Empty(t, verdicts)
	verdicts, err = judge(Must(Agreement{Name: "a"}.Compile()), labelled("a"))
	require.NoError(t, err, "nothing is promised")
	assert.Empty(t, verdicts)
}

// An agreement with every word there is.
func wordy() Agreement {
	return Agreement{
		Name: "wordy",
		Commitments: []Commitment{{
			Name:        "a",
			Scope:       Scope{Only: map[string][]string{"service": {"web", "api"}, "a/b~c": {"x"}}, Levels: []Level{{By: "zone"}, {By: "region"}}},
			Downtime:    Downtime{Causes: []string{"network", "power"}, Starts: []string{"start", "ticket"}, Ends: []string{"end", "ticket closed", "reported"}},
			Exclusions:  []Exclusion{{Causes: []string{"maintenance", "customer"}, Notice: "48h"}, {Causes: []string{"lunch"}}},
			Promise:     "at least 99.9%",
			Base:        Base{By: []string{"region"}, Only: []string{"hourly"}},
			Credits:     []Tier{{Give: "10%"}},
			Termination: []Termination{{Notice: "30d after renewal"}},
		}, {
			Name:     "b",
			Scope:    Scope{Only: map[string][]string{"service": {"api", "mail"}}},
			Downtime: Downtime{Requests: true, Slot: "5m"},
			Promise:  "at least 99%",
			Base:     Base{Without: []string{"one-time"}},
			Credits:  []Tier{{Give: "5%"}},
		}},
		Claims:  Claims{Notice: "24h after ticket", NotBefore: "0d after period", By: "30d after month"},
		Payment: Payment{By: "60d after claim", Expires: "end of contract"},
	}
}

func TestVocabulary(t *testing.T) {
	terms := Must(wordy().Compile())
	var lines []string
	for _, w := range terms.Vocabulary() {
		lines = append(lines, w.String()+" "+strings.Join(w.Clauses, " "))
	}
	assert.Equal(t, []string{
		"label a/b~c: x /commitments/0/scope/only/a~1b~0c",
		"label region /commitments/0/scope/levels/1/by /commitments/0/base/by",
		"label service: api, mail, web /commitments/0/scope/only/service /commitments/1/scope/only/service",
		"label zone /commitments/0/scope/levels/0/by",
		"cause customer /commitments/0/exclusions/0/causes",
		"cause lunch /commitments/0/exclusions/1/causes",
		"cause maintenance /commitments/0/exclusions/0/causes",
		"cause network /commitments/0/downtime/causes",
		"cause power /commitments/0/downtime/causes",
		"mark reported /commitments/0/downtime/ends",
		"mark ticket /commitments/0/downtime/starts",
		"mark ticket closed /commitments/0/downtime/ends",
		"traffic /commitments/1/downtime/requests",
		"charge hourly /commitments/0/base/only",
		"charge one-time /commitments/1/base/without",
		"instant claim /payment/by",
		"instant contract /payment/expires",
		"instant month /claims/by",
		"instant period /claims/notBefore",
		"instant renewal /commitments/0/termination/0/notice",
		"instant ticket /claims/notice",
	}, lines)
	assert.Contains(t, terms.English(), "Required input: the resource labels a/b~c, region, service and zone; the outage marks reported, ticket and ticket closed; the deadline marks month, renewal and ticket.")
	assert.Empty(t, (*Terms)(nil).Vocabulary())
	assert.Empty(t, Must(Agreement{}.Compile()).Vocabulary())
}

// What is used as the agreement says it is only listed, with how often; any one
// slip in any word is suspicious, or wrong where it leaves nothing covered.
func TestCheckFindsEachSlip(t *testing.T) {
	terms := Must(wordy().Compile())
	at := time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
	used := func(slip func(string) string) *Usage {
		u := &Usage{}
		u.Resource(map[string]string{slip("service"): slip("api"), slip("zone"): "1", slip("region"): "x", slip("a/b~c"): "x"})
		u.Resource(map[string]string{slip("service"): slip("mail"), "owner": "team"})
		u.Resource(map[string]string{slip("service"): slip("web"), "owner": "team"})
		for _, cause := range []string{"network", "power", "customer", "lunch", "maintenance"} {
			u.Record(outage.Outage{ID: "o", Start: at, Cause: slip(cause), Reported: at, Marks: map[string]time.Time{slip("ticket"): at, slip("ticket closed"): at}})
		}
		u.Record(outage.Outage{ID: "o", Start: at})
		u.Record(outage.Maintenance{ID: "m", Start: at})
		u.Record(outage.Traffic{ID: "t", Start: at})
		u.Charge(slip("hourly"))
		u.Charge(slip("one-time"))
		u.Charge("")
		for _, mark := range []string{"month", "renewal", "ticket", "period"} {
			u.Mark(slip(mark))
		}
		return u
	}
	listed := terms.Check(used(func(word string) string { return word }))
	for _, r := range listed {
		assert.Equal(t, Listed, r.Grade, r)
		assert.Empty(t, r.Problem)
		assert.Equal(t, r.Clause == "", r.Word == "owner", "each word but this is one of the agreement: %v", r)
	}
	line := func(remarks []Remark, start string) string {
		for _, r := range remarks {
			if strings.HasPrefix(r.String(), start) {
				return r.String()
			}
		}
		return ""
	}
	assert.Equal(t, `listed: cause "maintenance", 2 times`, line(listed, `listed: cause "maint`))
	assert.Equal(t, `listed: label "owner", 2 times, in no clause`, line(listed, `listed: label "owner"`))
	assert.Equal(t, `listed: instant "claim", never used`, line(listed, `listed: instant "cl`))
	for _, w := range terms.Vocabulary() {
		texts := append([]string{w.Text}, w.Values...)
		for i, text := range texts {
			if text == "" || w.Text == "reported" || w.Kind == InstantWord && calendar.IsMark(text) || i > 0 && len(text) < 2 {
				continue
			}
			for _, slip := range []string{strings.ToUpper(text), strings.ToUpper(text[:1]) + text[1:] + " ", text[:1] + "-" + text[1:]} {
				remarks := terms.Check(used(func(word string) string {
					if word == text {
						return slip
					}
					return word
				}))
				found := slices.ContainsFunc(remarks, func(r Remark) bool {
					return r.Grade == Suspicious && r.Clause == "" && (r.Word == slip || r.Value == slip) && strings.Contains(r.Problem, `"`+text+`"`)
				})
				assert.True(t, found, "%q for %q: %v", slip, text, remarks)
				if w.Kind == LabelWord && i == 0 && len(w.Values) > 0 {
					assert.Equal(t, Wrong, remarks[0].Grade, "%q for %q", slip, text)
				}
			}
		}
	}
	unused := terms.Check(nil)
	assert.Equal(t, `suspicious: instant "month", never used: a mark of your own; those with a meaning are "period", "outage", "contract", "start of outage", "reported" and "claim"`, unused[0].String())
	assert.Len(t, slices.DeleteFunc(unused, func(r Remark) bool { return r.Grade == Listed }), 3, "month, renewal, ticket")

	twice := Must(Agreement{Name: "a", Commitments: []Commitment{{
		Promise: "exactly 100%", Downtime: Downtime{Causes: []string{"Net work"}}, Exclusions: []Exclusion{{Causes: []string{"network"}}},
	}}}.Compile())
	assert.Equal(t, `suspicious: cause "network", never used: the agreement itself has "Net work" as well`, twice.Check(nil)[0].String())

	u := &Usage{}
	u.Resource(nil)
	u.Record(outage.Outage{ID: "o-1", Start: at, End: at.Add(1)})
	u.Record(outage.Maintenance{ID: "m-1", Start: at, Announced: time.Unix(0, 0)})
	var said []string
	for _, r := range terms.Check(u) {
		if r.Grade != Listed {
			said = append(said, r.String())
		}
	}
	assert.Equal(t, []string{
		`error: label "a/b~c", never used: no resource has the label, and so none is covered`,
		`error: label "service", never used: no resource has the label, and so none is covered`,
		`suspicious: mark "1970-01-01", once, in no clause: "announced" of "m-1" is an instant of that day, which often stands for none`,
		`suspicious: mark "ticket", never used: no outage has the mark at which its clock starts, and so none counts`,
		`suspicious: traffic, never used: requests are to be counted, and no record counts any`,
	}, said[:5])
}
