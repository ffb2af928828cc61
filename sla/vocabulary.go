package sla

import (
	"cmp"
	"slices"
	"strings"

	"github.com/slacredit/slacredit/internal/enum"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A Word is a word by which an agreement distinguishes resources, records,
// charges or instants. The input must use the same spelling: a word that differs
// matches nothing. [Terms.Check] finds such words.
type Word struct {
	Kind WordKind `json:"kind"`
	Text string   `json:"text,omitempty"` // the name of a label, a cause, …; none of traffic

	// Values are the values of a label that a scope covers, sorted. None: any.
	Values []string `json:"values,omitempty"`

	// Clauses are JSON pointers to the places of the word, in the order of the
	// agreement.
	Clauses []string `json:"clauses"`
}

// A WordKind is the kind of input that a word comes from.
type WordKind int

// The closed set of kinds.
const (
	LabelWord   WordKind = iota // a label of resources, in a scope, a level or a base
	CauseWord                   // a cause of outages or maintenance windows
	MarkWord                    // a mark of outages, at which their clocks start or stop
	TrafficWord                 // traffic records; it has no text
	ChargeWord                  // a kind of charges
	InstantWord                 // a mark from which a deadline runs, in [calendar.Marks]
)

var wordKindNames = enum.Of("sla", "WordKind", "label", "cause", "mark", "traffic", "charge", "instant")

// String returns the kind as a word.
func (k WordKind) String() string { return wordKindNames.String(int(k)) }

// MarshalText returns the word of [WordKind.String]; any other is an error.
func (k WordKind) MarshalText() ([]byte, error) { return wordKindNames.MarshalText(int(k)) }

// UnmarshalText reads what [WordKind.String] writes.
func (k *WordKind) UnmarshalText(text []byte) error {
	v, err := wordKindNames.Parse(string(text))
	if err == nil {
		*k = WordKind(v)
	}
	return err
}

// String returns the word with the values of a label: "label region: us-east-1",
// "cause maintenance", "traffic".
func (w Word) String() string {
	text := strings.TrimSpace(w.Kind.String() + " " + w.Text)
	if len(w.Values) > 0 {
		text += ": " + strings.Join(w.Values, ", ")
	}
	return text
}

// Vocabulary returns the words of t, by kind and text. The marks "start" and
// "end", which every outage has, are not among them.
func (t *Terms) Vocabulary() []Word {
	type key struct {
		kind WordKind
		text string
	}
	words := map[key]*Word{}
	var add addWord = func(kind WordKind, text, clause string, values ...string) {
		k := key{kind, text}
		if words[k] == nil {
			words[k] = &Word{Kind: kind, Text: text}
		}
		w := words[k]
		w.Values = append(w.Values, values...)
		if !slices.Contains(w.Clauses, clause) {
			w.Clauses = append(w.Clauses, clause)
		}
	}
	for _, c := range t.orZero().commitments {
		for _, clause := range c.clauses() {
			clause.words(add)
		}
	}
	t.orZero().agreement.Claims.words(add)
	t.orZero().agreement.Payment.words(add)
	all := make([]Word, 0, len(words))
	for _, w := range words {
		slices.Sort(w.Values)
		w.Values = slices.Compact(w.Values)
		all = append(all, *w)
	}
	slices.SortFunc(all, func(v, w Word) int { return cmp.Or(cmp.Compare(v.Kind, w.Kind), strings.Compare(v.Text, w.Text)) })
	return all
}

// An addWord adds a word that stands in a clause.
type addWord func(kind WordKind, text, clause string, values ...string)

// all adds several words, except the marks that every outage has.
func (add addWord) all(kind WordKind, texts []string, clause string) {
	for _, text := range texts {
		if kind != MarkWord || text != "start" && text != "end" {
			add(kind, text, clause)
		}
	}
}

// deadline adds the mark from which a deadline runs.
func (add addWord) deadline(d calendar.Deadline, clause string) {
	if mark := d.Mark(); mark != "" {
		add(InstantWord, mark, clause)
	}
}

// supplied states the labels, marks and instants that the input must supply.
// Without them nothing matches, and nothing reports it.
func (t *Terms) supplied() []string {
	texts := map[WordKind][]string{}
	for _, w := range t.Vocabulary() {
		if w.Kind != InstantWord || !calendar.IsMark(w.Text) {
			texts[w.Kind] = append(texts[w.Kind], w.Text)
		}
	}
	var parts []string
	say := func(kind WordKind, noun string) {
		switch words := texts[kind]; len(words) {
		case 0:
		case 1:
			parts = append(parts, "the "+noun+" "+words[0])
		default:
			parts = append(parts, "the "+noun+"s "+both(words))
		}
	}
	say(LabelWord, "resource label")
	say(MarkWord, "outage mark")
	say(InstantWord, "deadline mark")
	if len(parts) == 0 {
		return nil
	}
	return []string{"Required input: " + strings.Join(parts, "; ") + "."}
}
