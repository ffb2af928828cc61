package outage

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/slacredit/slacredit/internal/label"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/strictjson"
)

// A Revision is one entry of a [Log]: the state of a record that became known at one
// instant. It holds the whole record, not a change of it.
type Revision struct {
	// Record needs an ID, whatever its kind, since a log identifies records by their
	// IDs. Its kind may change: an outage may turn out to be maintenance.
	Record Record

	Number int       // 1, 2, 3, … among the revisions of the record, up to 2³¹ − 1
	Known  time.Time // the instant at which it became known; nobody can have judged by it before
	By     string    // the author

	// Supersedes is the revision that this one replaces: an earlier one of the same
	// record, with a lower number, or one of another record that this one absorbs,
	// which must have become known before. Only number 1 may leave it out.
	Supersedes Ref

	// Why is the reason. It is required if the revision supersedes another.
	Why string

	// Withdrawn states that the record no longer exists. Record is then the record
	// that is withdrawn, and Supersedes is a revision of it.
	Withdrawn bool
}

// A Ref names a revision by the ID of its record and its number.
type Ref struct {
	ID     string `json:"id"`
	Number int    `json:"number"`
}

// String returns the ID and the number: "I-7" #2.
func (r Ref) String() string { return fmt.Sprintf("%s #%d", numeral.Shorten(r.ID), r.Number) }

// Ref returns the name of r. Its ID is empty if r has no record.
func (r Revision) Ref() Ref {
	if !isRecord(r.Record) {
		return Ref{Number: r.Number}
	}
	return Ref{r.Record.header().id, r.Number}
}

// String returns r as one line: its instant, its author, the fields of its record that
// are not empty, and its reason.
func (r Revision) String() string {
	verb := "recorded"
	switch {
	case r.Withdrawn:
		verb = "withdrew"
	case r.Supersedes != Ref{}:
		verb = "revised"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s %s", instant(r.Known), strconv.Quote(r.By), verb, r.subject())
	switch {
	case r.Supersedes == Ref{}:
	case r.Supersedes.ID == r.Ref().ID:
		fmt.Fprintf(&b, " over #%d", r.Supersedes.Number)
	default:
		fmt.Fprintf(&b, " over %s", r.Supersedes)
	}
	if !r.Withdrawn {
		b.WriteString(": " + described(r.Record))
	}
	if why := r.Why; why != "" {
		if label.Problem(why) != "" {
			why = numeral.Shorten(why)
		}
		b.WriteString("; " + why)
	}
	return b.String()
}

// subject returns the name of r with the kind of its record: outage "I-7" #2.
func (r Revision) subject() string {
	if !isRecord(r.Record) {
		return fmt.Sprintf("no record #%d", r.Number)
	}
	return fmt.Sprintf("%s %s", r.Record.header().kind, r.Ref())
}

// described returns the fields of a record except its kind and ID.
func described(record Record) string {
	f, err := fieldsOf(record)
	if err != nil {
		return "not valid"
	}
	f.kind, f.id = "", ""
	if f.end == "" {
		f.end = "open"
	}
	var parts []string
	for i, text := range f.list() {
		if text != "" {
			parts = append(parts, columns[i]+" "+text)
		}
	}
	return strings.Join(parts, ", ")
}

// MarshalJSON returns r as [WriteLog] writes it on a line. A revision with a
// fault is an error.
func (r Revision) MarshalJSON() ([]byte, error) {
	r, err := r.settled()
	if err != nil {
		return nil, err
	}
	f, err := fieldsOf(r.Record)
	if err != nil {
		return nil, err
	}
	text := revisionText{r.Number, instant(r.Known), r.By, nil, r.Withdrawn, r.Why, f.object()}
	if r.Supersedes != (Ref{}) {
		text.Supersedes = &r.Supersedes
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err = e.Encode(text)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// UnmarshalJSON reads r as [ReadLog] reads a line.
func (r *Revision) UnmarshalJSON(data []byte) error {
	read, err := readRevision("", data)
	if err == nil {
		*r = read
	}
	return err
}

// A revisionText is a revision as it is written.
type revisionText struct {
	Number     int             `json:"number"`
	Known      string          `json:"known"`
	By         string          `json:"by"`
	Supersedes *Ref            `json:"supersedes,omitempty"`
	Withdrawn  bool            `json:"withdrawn,omitempty"`
	Why        string          `json:"why,omitempty"`
	Record     json.RawMessage `json:"record"`
}

// revisionColumns are the names of the fields of a revision that may have a fault, as
// columns are those of its record.
var revisionColumns = [...]string{
	"number", "known", "by", "supersedes", "supersedes.id", "supersedes.number", "withdrawn", "why", "record",
}

// readRevision reads the revision at a place. Its faults are RowErrors.
func readRevision(place string, data []byte) (Revision, error) {
	row := &row{}
	var text revisionText
	if err := strictjson.Unmarshal(data, &text); err != nil {
		for _, err := range leaves(err) {
			field := &strictjson.FieldError{Err: err} // of the whole text, unless it says otherwise
			errors.As(err, &field)
			row.fault(field.Path, "", field.Err.Error())
		}
		var name struct {
			Number int
			Record struct{ ID string }
		}
		json.Unmarshal(data, &name) //nolint:errcheck // as far as it can be read
		return Revision{}, row.placed(named(place, Ref{name.Record.ID, name.Number}))
	}
	r := Revision{Number: text.Number, By: text.By, Withdrawn: text.Withdrawn, Why: text.Why}
	if text.Supersedes != nil {
		r.Supersedes = *text.Supersedes
		if r.Supersedes == (Ref{}) {
			row.fault("supersedes", "", "names nothing; leave it out")
		}
	}
	if len(text.Record) == 0 {
		row.fault("record", "", "missing")
		return Revision{}, row.placed(named(place, Ref{Number: r.Number}))
	}
	row.readObject(text.Record)
	if row.zone != "" {
		row.fault("zone", row.zone, "a log holds instants, which no later zone data can move")
		row.zone = ""
	}
	record, _ := (&reading{}).record(row)
	place = named(place, Ref{row.id, r.Number})
	if text.Known != "" {
		var err error
		if r.Known, err = parseInstant(text.Known); err != nil {
			row.fault("known", text.Known, "not an RFC 3339 instant such as 2014-05-27T20:13:00Z")
		}
	}
	if record != nil {
		r.Record = record
	}
	for _, f := range r.faults() {
		if !row.faulty(f.field) {
			row.fault(f.field, "", f.problem)
		}
	}
	if len(row.faults) > 0 {
		return Revision{}, row.placed(place)
	}
	return r.settled()
}

// named returns a place with the name of the revision at it.
func named(place string, ref Ref) string {
	if ref == (Ref{}) {
		return place
	}
	return strings.TrimPrefix(place+": revision "+ref.String(), ": ")
}

// placed returns the faults of the row, each with a place.
func (r *row) placed(place string) error {
	for _, f := range r.faults {
		f.Place = place
	}
	return r.err()
}

// settled returns r in the form in which a log keeps it, or its faults. In this form
// equal revisions have one text: times are in UTC, and percentages have no zeros at
// the end.
func (r Revision) settled() (Revision, error) {
	if !isRecord(r.Record) {
		return r, &fieldFault{"revision " + r.Ref().String(), "record", notARecord(r.Record)}
	}
	var faults []error
	name := "revision " + r.subject()
	for _, err := range leaves(r.Record.validate()) {
		var fault *fieldFault
		errors.As(err, &fault) // as every leaf is
		faults = append(faults, &fieldFault{name, fault.field, fault.problem})
	}
	for _, f := range r.faults() {
		if f.field != "id" || len(faults) == 0 { // an ID is missing once
			faults = append(faults, f)
		}
	}
	if len(faults) > 0 {
		return r, errors.Join(faults...)
	}
	r.Known = utc(r.Known)
	switch record := r.Record.(type) {
	case Outage:
		record.Start, record.End, record.Reported = utc(record.Start), utc(record.End), utc(record.Reported)
		record.ServedPercent = shortest(record.ServedPercent)
		record.Marks = marksOf(record.Marks)
		r.Record = record
	case Maintenance:
		record.Start, record.End, record.Announced = utc(record.Start), utc(record.End), utc(record.Announced)
		r.Record = record
	case Traffic:
		record.Start, record.End = utc(record.Start), utc(record.End)
		r.Record = record
	case Coverage:
		record.Start, record.End = utc(record.Start), utc(record.End)
		r.Record = record
	case Lifetime:
		record.Start, record.End = utc(record.Start), utc(record.End)
		r.Record = record
	}
	return r, nil
}

// faults returns the faults of r except those of its record.
func (r Revision) faults() []*fieldFault {
	var faults []*fieldFault
	fault := func(field, problem string) {
		faults = append(faults, &fieldFault{"revision " + r.subject(), field, problem})
	}
	text := func(field, text string) {
		if problem := (header{}).printable(field, text); problem != nil {
			fault(field, problem.(*fieldFault).problem) //nolint:errorlint,errcheck // it is made there
		}
	}
	if isRecord(r.Record) && r.Ref().ID == "" {
		fault("id", "missing; a log knows a record by its ID")
	}
	if !isNumber(r.Number) {
		fault("number", fmt.Sprintf("%d is not from 1 to %d", r.Number, math.MaxInt32))
	}
	if r.Known.IsZero() {
		fault("known", "missing")
	} else if _, err := nanos(r.Known); err != nil {
		fault("known", err.Error())
	}
	if r.By == "" {
		fault("by", "missing")
	}
	text("by", r.By)
	text("supersedes", r.Supersedes.ID)
	text("why", r.Why)
	if problem := r.supersedesProblem(); problem != "" {
		fault("supersedes", problem)
	}
	if r.Supersedes != (Ref{}) && r.Why == "" {
		fault("why", "missing; a revision that supersedes another needs a reason")
	}
	return faults
}

// supersedesProblem returns the fault of the revision that r supersedes, and "" if it
// has none.
func (r Revision) supersedesProblem() string {
	own := r.Ref().ID
	switch s := r.Supersedes; {
	case s == Ref{} && r.Number > 1:
		return "missing; only number 1 may supersede nothing"
	case s == Ref{} && r.Withdrawn:
		return "missing; a withdrawn record was recorded before"
	case s == Ref{}:
		return ""
	case s.ID == "" || !isNumber(s.Number):
		return "want the ID of a record and the number of a revision"
	case s.ID == own && s.Number >= r.Number:
		return fmt.Sprintf("%s is not an earlier revision", s)
	case s.ID != own && own != "" && r.Withdrawn:
		return fmt.Sprintf("%s belongs to another record, which a withdrawn record cannot absorb", s)
	}
	return ""
}

// isNumber reports whether a revision may have a number.
func isNumber(n int) bool { return n >= 1 && n <= math.MaxInt32 }

// texts returns the names and the texts of all fields of a settled revision.
func (r Revision) texts() (names, texts []string) {
	f, _ := fieldsOf(r.Record) // it has no faults
	supersedes, withdrawn := "", ""
	if r.Supersedes != (Ref{}) {
		supersedes = r.Supersedes.String()
	}
	if r.Withdrawn {
		withdrawn = "true"
	}
	return append([]string{"known", "by", "supersedes", "withdrawn", "why"}, columns[:]...),
		append([]string{instant(r.Known), r.By, supersedes, withdrawn, r.Why}, f.list()...)
}

// contradiction returns the fault of two settled revisions with one name, and
// nil if they have one content.
func contradiction(r, s Revision) error {
	var fields, has, had []string
	names, texts := r.texts()
	_, others := s.texts()
	for i, name := range names {
		if texts[i] != others[i] {
			fields = append(fields, name)
			if name != "known" && name != "by" { // which are always shown
				has, had = append(has, shown(name, texts[i])), append(had, shown(name, others[i]))
			}
		}
	}
	if len(fields) == 0 {
		return nil
	}
	says := func(r Revision, has []string) string {
		return strings.Join(append([]string{"by " + numeral.Shorten(r.By), "known " + instant(r.Known)}, has...), ", ")
	}
	both := []string{says(r, has), says(s, had)}
	slices.Sort(both) // whichever came first
	return &fieldFault{"revision " + r.Ref().String(), strings.Join(fields, ", "), "used twice, " + strings.Join(both, "; and ")}
}

// shown returns a field as errors show it.
func shown(name, text string) string {
	if text == "" {
		return "no " + name
	}
	return name + " " + numeral.Shorten(text)
}

// compare orders revisions by when they became known, then by number, then by
// ID.
func (r *Revision) compare(s *Revision) int {
	if c := r.Known.Compare(s.Known); c != 0 {
		return c
	}
	if r.Number != s.Number {
		return r.Number - s.Number
	}
	return strings.Compare(r.Record.header().id, s.Record.header().id)
}

// Clone returns a copy of r that shares nothing with it.
func (r Revision) Clone() Revision {
	if r.Record != nil {
		r.Record = copied(r.Record)
	}
	return r
}

// copied returns a copy of a record that shares nothing with it. Only an outage has
// memory that could be shared.
func copied[R Record](record R) R {
	if o, ok := any(record).(Outage); ok && o.Marks != nil {
		o.Marks = maps.Clone(o.Marks)
		record = any(o).(R) //nolint:errcheck // of the type that it was
	}
	return record
}

// marksOf returns marks in UTC, and nil if there are none.
func marksOf(marks map[string]time.Time) map[string]time.Time {
	if len(marks) == 0 {
		return nil
	}
	copied := make(map[string]time.Time, len(marks))
	for name, at := range marks {
		copied[name] = utc(at)
	}
	return copied
}

// shortest returns a percentage of a record with the fewest digits.
func shortest(share decimal.Decimal) decimal.Decimal {
	if share.IsZero() {
		return decimal.Decimal{}
	}
	short, _ := numeral.Parse(numeral.Format(share)) // it has at most 11 digits
	return short
}
