package catalog

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/slacredit/slacredit/internal/enum"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/strictjson"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// An Edition is one version of one published agreement.
type Edition struct {
	Provider string `json:"-"` // "amazon"; the name of its file

	// Service is what the agreement is about, "ec2", and Title the provider's
	// own words for it.
	Service string `json:"service"`
	Title   string `json:"title"`

	// Plan and Country tell editions of one service apart that are in force at
	// one time. Empty: it makes no difference.
	Plan    string `json:"plan,omitempty"`
	Country string `json:"country,omitempty"` // ISO 3166-1, two letters

	// From is the first day in force, and Until the first day no more in force.
	// A zero From says that it is not known; then the edition is taken to be in
	// force from the first day on which a source saw it. A zero Until says that
	// no later edition is known.
	From  calendar.Date `json:"from,omitzero"`
	Until calendar.Date `json:"until,omitzero"`

	// Binds is the event whose date selects the edition.
	Binds Event `json:"binds"`

	// Agreement says what was agreed. Its note is made from the evidence.
	Agreement sla.Agreement `json:"agreement"`

	// Sources say how each clause is known, by JSON pointer into the agreement:
	// that of "/commitments/0/credits" holds for all that stands in it, and that
	// of "" for what no other source is about.
	Sources map[string]Source `json:"sources"`

	// Missing names what the agreement should say and no source tells. By such
	// an edition nothing can be judged.
	Missing []string `json:"missing,omitempty"`

	// Note says what people should know of the edition.
	Note string `json:"note,omitempty"`
}

// A Source is where a clause was read.
type Source struct {
	Title    string        `json:"title"`
	URL      string        `json:"url,omitempty"`
	Seen     calendar.Date `json:"seen"` // the day on which the text was seen, or the date that it carries
	Evidence Evidence      `json:"evidence"`
	Note     string        `json:"note,omitempty"`
}

// Evidence is how well a clause is known.
type Evidence int

// The closed set of evidence, the best first.
const (
	Own        Evidence = iota // the provider's own text was read
	Copy                       // a copy of the text, kept or quoted elsewhere
	Reported                   // what others say of it
	Unverified                 // nothing that was read confirms it
)

var evidenceNames = enum.Of("catalog", "Evidence", "own", "copy", "reported", "unverified")

// String returns the evidence as a word.
func (e Evidence) String() string { return evidenceNames.String(int(e)) }

// MarshalText returns the word of [Evidence.String]; any other is an error.
func (e Evidence) MarshalText() ([]byte, error) { return evidenceNames.MarshalText(int(e)) }

// UnmarshalText reads what [Evidence.String] writes.
func (e *Evidence) UnmarshalText(text []byte) error {
	v, err := evidenceNames.Parse(string(text))
	if err == nil {
		*e = Evidence(v)
	}
	return err
}

// An Event is what selects the edition that binds a customer.
type Event int

// The closed set of events.
const (
	Use      Event = iota // the outage itself: the edition in force then
	Purchase              // the order of the service
	Renewal               // the begin of the current term
)

var eventNames = enum.Of("catalog", "Event", "use", "purchase", "renewal")

// String returns the event as a word.
func (e Event) String() string { return eventNames.String(int(e)) }

// MarshalText returns the word of [Event.String]; any other is an error.
func (e Event) MarshalText() ([]byte, error) { return eventNames.MarshalText(int(e)) }

// UnmarshalText reads what [Event.String] writes.
func (e *Event) UnmarshalText(text []byte) error {
	v, err := eventNames.Parse(string(text))
	if err == nil {
		*e = Event(v)
	}
	return err
}

// Name returns the name by which people tell editions apart, "google/compute
// from 2014-05-01, plan premium".
func (e Edition) Name() string {
	var name strings.Builder
	name.WriteString(e.Provider + "/" + e.Service)
	for _, part := range []struct{ text, value string }{
		{" from ", dateText(e.From)}, {" until ", dateText(e.Until)}, {", plan ", e.Plan}, {", country ", e.Country},
	} {
		if part.value != "" {
			name.WriteString(part.text + part.value)
		}
	}
	return name.String()
}

func dateText(d calendar.Date) string {
	if d == (calendar.Date{}) {
		return ""
	}
	return d.String()
}

// Evidence returns the weakest evidence of any clause.
func (e Edition) Evidence() Evidence {
	weakest := Own
	for _, s := range e.Sources {
		weakest = max(weakest, s.Evidence)
	}
	return weakest
}

// Begins returns the first day on which the edition is known to have been in
// force: From, or the first on which a source saw it.
func (e Edition) Begins() calendar.Date {
	if e.From != (calendar.Date{}) {
		return e.From
	}
	var first calendar.Date
	for _, s := range e.Sources {
		if first == (calendar.Date{}) || s.Seen.Compare(first) < 0 {
			first = s.Seen
		}
	}
	return first
}

// InForce reports whether the edition was in force on a day, as far as is
// known.
func (e Edition) InForce(on calendar.Date) bool {
	return e.Begins().Compare(on) <= 0 && (e.Until == (calendar.Date{}) || on.Compare(e.Until) < 0)
}

// Source returns the source of a clause: the one of the longest pointer that
// holds it. It is false for a text that is no JSON pointer, which is empty or
// begins with a slash.
func (e Edition) Source(pointer string) (Source, bool) {
	if pointer != "" && pointer[0] != '/' {
		return Source{}, false
	}
	for at := pointer; ; at = at[:strings.LastIndexByte(at, '/')] {
		if s, found := e.Sources[at]; found || at == "" {
			return s, found
		}
	}
}

// Terms returns the compiled agreement. It is an error that names what is
// missing if anything is.
func (e Edition) Terms() (*sla.Terms, error) {
	if len(e.Missing) > 0 {
		return nil, fmt.Errorf("catalog: %s cannot be judged by: missing: %s", numeral.Plain(e.Name()), listed(e.Missing))
	}
	a := e.Agreement
	a.Note = e.note()
	terms, err := a.Compile()
	if err != nil {
		return nil, fmt.Errorf("catalog: %s: %w", numeral.Plain(e.Name()), err)
	}
	return terms, nil
}

// note returns what every statement under the edition says of its evidence.
func (e Edition) note() string {
	text := map[Evidence]string{
		Own:        "as read in the provider's own text",
		Copy:       "as read in a copy of the provider's text",
		Reported:   "as reported by others, not read in the provider's text",
		Unverified: "unverified: nothing that was read confirms it",
	}[e.Evidence()]
	if e.Note != "" {
		text += "; " + e.Note
	}
	return text
}

// clone returns a copy of e that shares nothing with it.
func (e Edition) clone() Edition {
	e.Agreement, e.Sources, e.Missing = e.Agreement.Clone(), maps.Clone(e.Sources), slices.Clone(e.Missing)
	return e
}

// check returns every fault of e, each with its field.
func (e Edition) check() []fault {
	var faults []fault
	say := func(field, format string, args ...any) {
		faults = append(faults, fault{field, fmt.Errorf(format, args...)})
	}
	for _, f := range []struct{ name, value string }{{"service", e.Service}, {"title", e.Title}} {
		if f.value == "" {
			say(f.name, "missing")
		}
	}
	if want := e.Provider + "/" + e.Service; e.Agreement.Name != want && !strings.HasPrefix(e.Agreement.Name, want+"/") {
		say("agreement.name", "%s; want %s, or more after another slash", numeral.Shorten(e.Agreement.Name), numeral.Shorten(want))
	}
	if e.Agreement.Note != "" {
		say("agreement.note", "it is made from the evidence; leave it out")
	}
	if e.Country != "" && (len(e.Country) != 2 || strings.ToUpper(e.Country) != e.Country) {
		say("country", "%s is not a code of two letters", numeral.Shorten(e.Country))
	}
	if zero := (calendar.Date{}); e.Until != zero && e.Until.Compare(e.Begins()) <= 0 {
		say("until", "%v is not after %v, when it begins", e.Until, e.Begins())
	}
	e.checkSources(say)
	for i, text := range e.Missing {
		if text == "" {
			say(fmt.Sprintf("missing[%d]", i), "empty")
		}
	}
	if _, err := e.Agreement.Compile(); err != nil {
		for _, f := range split(err) {
			faults = append(faults, f.below("agreement"))
		}
	}
	return faults
}

// checkSources says what is wrong with where the clauses were read.
func (e Edition) checkSources(say func(field, format string, args ...any)) {
	if len(e.Sources) == 0 {
		say("sources", "missing")
	}
	for _, pointer := range slices.Sorted(maps.Keys(e.Sources)) {
		s := e.Sources[pointer]
		at := "sources." + numeral.Plain(pointer)
		if s.Title == "" {
			say(at, "title: missing")
		}
		if err := s.Seen.Validate(); err != nil {
			say(at, "seen: %w", err)
		}
		if s.URL != "" && !strings.HasPrefix(s.URL, "https://") && !strings.HasPrefix(s.URL, "http://") {
			say(at, "url: %s does not begin with https:// or http://", numeral.Shorten(s.URL))
		}
		if !resolves(e.Agreement, pointer) {
			say(at, "the agreement has nothing there")
		}
	}
	if _, found := e.Sources[""]; !found {
		say("sources", `none for "", what no other source is about`)
	}
}

// A fault is in a field of a document, or without a field in the whole of it.
type fault struct {
	field string
	err   error
}

func (f fault) Error() string {
	if f.field == "" {
		return f.err.Error()
	}
	return fmt.Sprintf("%s: %v", f.field, f.err)
}

// below returns f as a fault of what the field stands in.
func (f fault) below(field string) fault {
	if f.field != "" {
		field += "." + f.field
	}
	return fault{field, f.err}
}

// line returns the line of a document on which the fault is.
func (f fault) line(data []byte) int {
	if f.field != "" {
		return line(data, f.field)
	}
	var syntax *json.SyntaxError
	if errors.As(f.err, &syntax) {
		return 1 + bytes.Count(data[:min(max(syntax.Offset, 0), int64(len(data)))], []byte("\n"))
	}
	if broken := bytes.IndexFunc(data, func(r rune) bool { return r == utf8.RuneError }); !utf8.Valid(data) && broken >= 0 {
		return 1 + bytes.Count(data[:broken], []byte("\n"))
	}
	return 1
}

// split returns the faults that an error of compiling or of strict reading
// joins, each with its field if it is of one.
func split(err error) []fault {
	all := []error{err}
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		all = joined.Unwrap()
	}
	faults := make([]fault, len(all))
	for i, err := range all {
		switch e := err.(type) { //nolint:errorlint // what it wraps may be of an inner field
		case *sla.FieldError:
			faults[i] = fault{e.Path, e.Err}
		case *strictjson.FieldError:
			faults[i] = fault{e.Path, e.Err}
		default:
			faults[i] = fault{"", err}
		}
	}
	return faults
}

// order sorts editions by service, plan, country and begin.
func order(a, b Edition) int {
	return cmp.Or(strings.Compare(a.Provider, b.Provider), strings.Compare(a.Service, b.Service), strings.Compare(a.Plan, b.Plan),
		strings.Compare(a.Country, b.Country), a.Begins().Compare(b.Begins()))
}
