package sla

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/slacredit/slacredit/internal/enum"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A Usage counts the words that resources, records and charges use, so that
// [Terms.Check] can hold them against those of an agreement. It keeps no more
// than the words. The zero Usage is of nothing.
type Usage struct {
	counts    [InstantWord + 1]map[string]int
	values    map[string]map[string]int // of labels
	resources int
	outages   int
	lost      []string // instants of 1970, the first few
}

// Resource counts a resource with its labels.
func (u *Usage) Resource(labels map[string]string) {
	u.resources++
	for name, value := range labels {
		u.count(LabelWord, name)
		if u.values == nil {
			u.values = map[string]map[string]int{}
		}
		if u.values[name] == nil {
			u.values[name] = map[string]int{}
		}
		u.values[name][value]++
	}
}

// Record counts a record. Those of one ID count each time.
func (u *Usage) Record(r outage.Record) {
	switch r := r.(type) {
	case outage.Outage:
		u.outages++
		if r.Cause != "" {
			u.count(CauseWord, r.Cause)
		}
		u.instant("start", r.ID, r.Start)
		u.instant("reported", r.ID, r.Reported)
		if !r.Reported.IsZero() {
			u.count(MarkWord, "reported")
		}
		for name, at := range r.Marks {
			u.count(MarkWord, name)
			u.instant(name, r.ID, at)
		}
	case outage.Maintenance:
		u.count(CauseWord, causeOf(r))
		u.instant("start", r.ID, r.Start)
		u.instant("announced", r.ID, r.Announced)
	case outage.Traffic:
		u.count(TrafficWord, "")
	}
}

// Charge counts a charge of a kind, which may be empty.
func (u *Usage) Charge(kind string) {
	if kind != "" {
		u.count(ChargeWord, kind)
	}
}

// Mark counts a mark from which deadlines are to run.
func (u *Usage) Mark(name string) { u.count(InstantWord, name) }

func (u *Usage) count(kind WordKind, text string) {
	if u.counts[kind] == nil {
		u.counts[kind] = map[string]int{}
	}
	u.counts[kind][text]++
}

// mostLost bounds how many lost instants are told.
const mostLost = 5

// instant notes an instant of the first day of 1970, which is what programs
// write for one that they do not have.
func (u *Usage) instant(name, id string, at time.Time) {
	if at.Sub(time.Unix(0, 0)).Abs() < day && len(u.lost) < mostLost {
		u.lost = append(u.lost, fmt.Sprintf("%s of %s", numeral.Shorten(name), numeral.Shorten(id)))
	}
}

// A Remark says how a word of an agreement, or of what is judged by it, fits
// those of the other side.
type Remark struct {
	Grade  Grade    `json:"grade"`
	Kind   WordKind `json:"kind"`
	Word   string   `json:"word,omitempty"`
	Value  string   `json:"value,omitempty"`  // of a label
	Clause string   `json:"clause,omitempty"` // JSON pointer to the first clause that has the word; none: no clause has it
	Count  int      `json:"count"`            // of the resources, records or charges that have it

	// Problem is what to look at, in words; none where a word is only listed.
	Problem string `json:"problem,omitempty"`
}

// A Grade says how much a remark weighs.
type Grade int

// The closed set of grades.
const (
	Listed     Grade = iota // normal, as is a cause that no agreement names
	Suspicious              // probably a slip, which would pass in silence
	Wrong                   // the agreement covers nothing
)

var gradeNames = enum.Of("sla", "Grade", "listed", "suspicious", "error")

// String returns the grade as a word, that of Wrong being "error".
func (g Grade) String() string { return gradeNames.String(int(g)) }

// MarshalText returns the word of [Grade.String]; any other is an error.
func (g Grade) MarshalText() ([]byte, error) { return gradeNames.MarshalText(int(g)) }

// UnmarshalText reads what [Grade.String] writes.
func (g *Grade) UnmarshalText(text []byte) error {
	v, err := gradeNames.Parse(string(text))
	if err == nil {
		*g = Grade(v)
	}
	return err
}

// String returns the remark on one line: `suspicious: cause "custmer", 3
// times: "customer" is what the agreement names`.
func (r Remark) String() string {
	text := fmt.Sprintf("%v: %v", r.Grade, r.Kind)
	if r.Word != "" {
		text += " " + numeral.Shorten(r.Word)
	}
	if r.Value != "" {
		text += " = " + numeral.Shorten(r.Value)
	}
	switch r.Count {
	case 0:
		text += ", never used"
	case 1:
		text += ", once"
	default:
		text += fmt.Sprintf(", %d times", r.Count)
	}
	if r.Clause == "" {
		text += ", in no clause"
	}
	if r.Problem != "" {
		text += ": " + r.Problem
	}
	return text
}

// Check holds the words of t against those that are used: the worst remarks
// first, and then by kind, word and value. Every word of either side is in one,
// with how often it is used.
//
// A label that a scope asks for and no resource has is Wrong, if there are
// resources at all. Suspicious are
//
//   - a word that no clause has, but for its case, its spaces and hyphens, or one
//     letter; and two words of t itself that differ in case, spaces or hyphens;
//   - the mark at which a clock starts, if no outage has it, and requests that
//     are to be counted, if no record counts any, since nothing is then down;
//   - the mark of a deadline that has no fixed meaning, if it is not used;
//   - an instant of the first day of 1970, which often stands for none.
//
// All else is Listed, for a word without a match may be meant so.
//
// Words are compared within their kind. Numbers are no letters: "zone-1" and
// "zone-2" are two words.
func (t *Terms) Check(u *Usage) []Remark {
	if u == nil {
		u = &Usage{}
	}
	var all []Remark
	known := map[WordKind][]string{}
	words := t.Vocabulary()
	for _, w := range words {
		for _, other := range known[w.Kind] {
			if folded(other) == folded(w.Text) {
				all = append(all, Remark{
					Grade: Suspicious, Kind: w.Kind, Word: w.Text, Clause: w.Clauses[0], Count: u.counts[w.Kind][w.Text],
					Problem: fmt.Sprintf("the agreement itself has %s as well", numeral.Shorten(other)),
				})
			}
		}
		known[w.Kind] = append(known[w.Kind], w.Text)
		all = append(all, w.remarks(u)...)
	}
	for kind, counts := range u.counts {
		kind := WordKind(kind)
		for text, n := range counts {
			if !slices.Contains(known[kind], text) {
				all = append(all, Remark{Kind: kind, Word: text, Count: n}.beside(text, known[kind]))
			}
		}
	}
	for _, lost := range u.lost {
		all = append(all, Remark{Grade: Suspicious, Kind: MarkWord, Word: "1970-01-01", Count: 1, Problem: lost + " is an instant of that day, which often stands for none"})
	}
	slices.SortFunc(all, func(a, b Remark) int {
		return cmp.Or(cmp.Compare(b.Grade, a.Grade), cmp.Compare(a.Kind, b.Kind), strings.Compare(a.Word, b.Word), strings.Compare(a.Value, b.Value), strings.Compare(a.Problem, b.Problem))
	})
	return all
}

// remarks returns what is to be said of a word of an agreement.
func (w Word) remarks(u *Usage) []Remark {
	r := Remark{Kind: w.Kind, Word: w.Text, Clause: w.Clauses[0], Count: u.counts[w.Kind][w.Text]}
	starts := slices.ContainsFunc(w.Clauses, func(clause string) bool { return strings.HasSuffix(clause, "/downtime/starts") })
	switch {
	case r.Count > 0:
	case w.Kind == LabelWord && u.resources > 0 && len(w.Values) > 0:
		r.Grade, r.Problem = Wrong, "no resource has the label, and so none is covered"
	case w.Kind == MarkWord && u.outages > 0 && starts:
		r.Grade, r.Problem = Suspicious, "no outage has the mark at which its clock starts, and so none counts"
	case w.Kind == TrafficWord && u.resources+u.outages > 0:
		r.Grade, r.Problem = Suspicious, "requests are to be counted, and no record counts any"
	case w.Kind == InstantWord && !calendar.IsMark(w.Text):
		r.Grade, r.Problem = Suspicious, `a mark of your own; those with a meaning are "period", "outage", "contract", "start of outage", "reported" and "claim"`
	}
	all := []Remark{r}
	for _, value := range w.Values {
		all = append(all, Remark{Kind: w.Kind, Word: w.Text, Value: value, Clause: w.Clauses[0], Count: u.values[w.Text][value]})
	}
	for value, n := range u.values[w.Text] {
		if len(w.Values) > 0 && !slices.Contains(w.Values, value) {
			all = append(all, Remark{Kind: w.Kind, Word: w.Text, Value: value, Count: n}.beside(value, w.Values))
		}
	}
	return all
}

// beside returns the remark with the word of an agreement that is meant, if
// there seems to be one.
func (r Remark) beside(text string, known []string) Remark {
	for _, other := range known {
		if near(text, other) {
			r.Grade, r.Problem = Suspicious, fmt.Sprintf("the agreement has %s", numeral.Shorten(other))
			break
		}
	}
	return r
}

// near reports whether two words differ by their case, by what stands between
// their parts, or by one letter that is missing, wrong or in the place of its
// neighbour. Words of less than four letters are too short for the last.
func near(a, b string) bool {
	v, w := []rune(folded(a)), []rune(folded(b))
	if len(v) > len(w) {
		v, w = w, v
	}
	head := 0
	for head < len(v) && v[head] == w[head] {
		head++
	}
	tail := 0
	for tail < len(v)-head && v[len(v)-1-tail] == w[len(w)-1-tail] {
		tail++
	}
	v, w = v[head:len(v)-tail], w[head:len(w)-tail]
	const shortest = 4
	switch {
	case len(w) == 0:
		return true
	case head+tail+len(v) < shortest, slices.ContainsFunc(v, unicode.IsNumber), slices.ContainsFunc(w, unicode.IsNumber):
		return false
	}
	return len(w) == 1 || len(v) == 2 && len(w) == 2 && v[0] == w[1] && v[1] == w[0]
}

// folded returns the letters, digits and signs of a word in lower case, without
// what stands between its parts.
func folded(word string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Pc, unicode.Cf) {
			return -1
		}
		return unicode.ToLower(r)
	}, word)
}

// uncovered is the error of resources of which no commitment covers any: what
// each scope asks for, and what the resources have instead.
func (t *Terms) uncovered(resources []outage.Timeline) error {
	u := &Usage{}
	for _, r := range resources {
		u.Resource(r.Labels())
	}
	var wants []string
	for i := range t.commitments {
		c := &t.commitments[i]
		for _, name := range slices.Sorted(maps.Keys(c.source.Scope.Only)) {
			for _, value := range c.source.Scope.Only[name] {
				want := fmt.Sprintf("%s/scope/only: %s = %s", c.clause, numeral.Shorten(name), numeral.Shorten(value))
				if has := u.instead(name, value); has != "" {
					want += ", where " + has
				}
				wants = append(wants, want)
			}
		}
	}
	const most = 5
	more := ""
	if len(wants) > most {
		more, wants = fmt.Sprintf("; and %d more", len(wants)-most), wants[:most]
	}
	return fmt.Errorf("%w: %s%s", ErrUncovered, strings.Join(wants, "; "), more)
}

// instead returns what resources have that may be meant by a label.
func (u *Usage) instead(name, value string) string {
	values, found := u.values[name]
	if !found {
		for _, other := range slices.Sorted(maps.Keys(u.values)) {
			if near(other, name) {
				return fmt.Sprintf("a resource has the label %s", numeral.Shorten(other))
			}
		}
		return "no resource has the label"
	}
	for _, other := range slices.Sorted(maps.Keys(values)) {
		if other != value && near(other, value) {
			return fmt.Sprintf("a resource has %s", numeral.Shorten(other))
		}
	}
	return ""
}
