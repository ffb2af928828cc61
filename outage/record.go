package outage

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/slacredit/slacredit/internal/label"
	"github.com/slacredit/slacredit/internal/numeral"
)

// A Record is one statement about one resource: an [Outage], a [Maintenance],
// a [Traffic], a [Coverage] or a [Lifetime].
//
// Every record covers a half-open window. Start is required. A zero End means that
// the record has no end yet: the outage is still under way, the resource is still
// observed. An ID names the record in accounts and errors. It is required wherever
// a record can change the amount that is owed, and belongs to one record only: an
// incident that hit three resources is three records.
//
// Resource is the name of the resource that the record is about. It may be empty if
// all records are about one resource.
//
// Records are values, not pointers. A type switch gives access to their fields.
type Record interface {
	header() header
	validate() error
	same(Record) bool
}

// An Outage states that a resource served less than it should.
type Outage struct {
	ID         string
	Resource   string
	Start, End time.Time

	// ServedPercent is the share that was still served, from 0 to below 100 with
	// at most 9 decimal places. The zero value is a full outage.
	ServedPercent decimal.Decimal

	Cause    string    // in the words of the agreement's exclusions
	Reported time.Time // the first report; zero: not known

	// Marks are further instants at which an agreement may start or stop the
	// clock, by the agreement's words for them: "ticket", "identified", "ticket
	// closed". An instant that is not known is left out. An instant may lie before
	// the start or after the end.
	Marks map[string]time.Time

	Note string // for people, such as the source of the record
}

// A Maintenance states that work on a resource was planned, or that its time was
// set aside for another cause. On its own it is not downtime.
type Maintenance struct {
	ID         string
	Resource   string
	Start, End time.Time

	// Cause is the reason for which the time was set aside, in the words of the
	// agreement's exclusions: "customer maintenance", "waiting for the customer".
	// The zero value stands for "maintenance".
	Cause string

	Announced time.Time // zero: never, and then it excuses nothing where notice is required
	Note      string
}

// A Traffic states how many requests a resource received in a window, and how many
// of them failed. Jobs, executions, messages and minutes of users count like
// requests. So do scores, as whole numbers of their smallest step. Windows may
// overlap, as those of several kinds of requests do; their numbers add up.
type Traffic struct {
	ID         string
	Resource   string
	Start, End time.Time // the end is required
	Requests   int64     // at least 0
	Failed     int64     // from 0 to Requests
	Note       string
}

// A Coverage states that a resource was observed. If a resource has any coverage,
// the time outside all of it is unknown. If it has none, it is up wherever no outage
// is recorded.
type Coverage struct {
	ID         string // optional
	Resource   string
	Start, End time.Time
	Note       string
}

// A Lifetime states that a resource was in service. If a resource has any lifetime,
// the time outside all of them counts toward nobody's downtime. If it has none, it
// is always in service.
type Lifetime struct {
	ID         string // optional
	Resource   string
	Start, End time.Time
	Note       string
}

// Validate returns every fault of the records, each with the kind and ID of the
// record and the field. Two records with one ID and different content are a fault;
// two equal records are not. Of more than a hundred faults it lists the first
// hundred.
func Validate(records ...Record) error {
	_, faults := distinct(records)
	return joined(faults)
}

// joined returns faults as one error, which lists no more than a hundred of them.
func joined(faults []error) error {
	if more := len(faults) - listed; more > 0 {
		faults = append(faults[:listed:listed], fmt.Errorf("outage: and %d more faults", more))
	}
	return errors.Join(faults...)
}

// A header holds the fields that all kinds of records have.
type header struct {
	kind, id, resource string
	start, end         time.Time
	note               string
}

func (o Outage) header() header {
	return header{"outage", o.ID, o.Resource, o.Start, o.End, o.Note}
}

func (m Maintenance) header() header {
	return header{"maintenance", m.ID, m.Resource, m.Start, m.End, m.Note}
}

func (t Traffic) header() header {
	return header{"traffic", t.ID, t.Resource, t.Start, t.End, t.Note}
}

func (c Coverage) header() header {
	return header{"coverage", c.ID, c.Resource, c.Start, c.End, c.Note}
}

func (l Lifetime) header() header {
	return header{"life", l.ID, l.Resource, l.Start, l.End, l.Note}
}

// maxPlaces bounds the decimal places of a percentage in a record, so that a
// share is a whole number of units of 10⁻⁹ percent.
const maxPlaces = 9

func (o Outage) validate() error {
	err := o.header().validate(true)
	problem := o.servedProblem()
	if problem != "" {
		err = errors.Join(err, o.header().fault("servedPercent", problem))
	}
	err = errors.Join(err, o.header().printable("cause", o.Cause), o.header().inRange("reported", o.Reported))
	for _, name := range slices.Sorted(maps.Keys(o.Marks)) {
		if problem := markProblem(name, o.Marks[name]); problem != "" {
			err = errors.Join(err, o.header().fault("marks", problem))
		}
	}
	return err
}

// markProblem returns the fault of a mark, and "" if it has none.
func markProblem(name string, at time.Time) string {
	if problem := label.Problem(name); problem != "" {
		return problem
	}
	switch {
	case name == "" || strings.TrimSpace(name) != name || strings.Contains(name, ","):
		return fmt.Sprintf("%s is not a name of a mark: one or more words, without a comma", numeral.Shorten(name))
	case name == "start" || name == "end" || name == "reported":
		return fmt.Sprintf("%s has a field of its own", name)
	case at.IsZero():
		return fmt.Sprintf("%s: missing; leave out a mark that is not known", numeral.Shorten(name))
	}
	if _, err := nanos(at); err != nil {
		return fmt.Sprintf("%s: %v", numeral.Shorten(name), err)
	}
	return ""
}

// servedProblem returns the fault of the served percentage, and "" if it has none.
// It does no arithmetic with an exponent that is out of bounds.
func (o Outage) servedProblem() string {
	switch exp := o.ServedPercent.Exponent(); {
	case exp < -maxPlaces:
		return fmt.Sprintf("written with more than %d decimal places", maxPlaces)
	case exp > maxPlaces || o.ServedPercent.IsNegative() || !o.ServedPercent.LessThan(hundred()):
		return "an outage serves from 0 to less than 100 percent"
	}
	return ""
}

func (m Maintenance) validate() error {
	return errors.Join(m.header().validate(true), m.header().printable("cause", m.Cause), m.header().inRange("announced", m.Announced))
}

func (t Traffic) validate() error {
	err := t.header().validate(true)
	if t.End.IsZero() {
		err = errors.Join(err, t.header().fault("end", "missing; traffic is counted over a whole window"))
	}
	if t.Requests < 0 {
		err = errors.Join(err, t.header().fault("requests", "negative"))
	}
	if t.Failed < 0 || t.Failed > max(t.Requests, 0) {
		err = errors.Join(err, t.header().fault("failed", "not from 0 to the number of requests"))
	}
	return err
}

func (c Coverage) validate() error { return c.header().validate(false) }

func (l Lifetime) validate() error { return l.header().validate(false) }

func (o Outage) same(r Record) bool {
	p, ok := r.(Outage)
	return ok && o.header().same(p.header()) && o.ServedPercent.Equal(p.ServedPercent) &&
		o.Cause == p.Cause && o.Reported.Equal(p.Reported) && maps.EqualFunc(o.Marks, p.Marks, time.Time.Equal)
}

func (m Maintenance) same(r Record) bool {
	n, ok := r.(Maintenance)
	return ok && m.header().same(n.header()) && m.Cause == n.Cause && m.Announced.Equal(n.Announced)
}

func (t Traffic) same(r Record) bool {
	u, ok := r.(Traffic)
	return ok && t.header().same(u.header()) && t.Requests == u.Requests && t.Failed == u.Failed
}

func (c Coverage) same(r Record) bool { return c.header().same(r.header()) }

func (l Lifetime) same(r Record) bool { return l.header().same(r.header()) }

func (h header) same(g header) bool {
	return h.kind == g.kind && h.id == g.id && h.resource == g.resource &&
		h.start.Equal(g.start) && h.end.Equal(g.end) && h.note == g.note
}

// String returns the record's name for accounts and errors.
func (h header) String() string {
	if h.id == "" {
		return fmt.Sprintf("%s of %s", h.kind, numeral.Shorten(h.resource))
	}
	return fmt.Sprintf("%s %s", h.kind, numeral.Shorten(h.id))
}

// fault returns a [fieldFault].
func (h header) fault(field, problem string) error {
	return &fieldFault{h.String(), field, problem}
}

// A fieldFault is a fault in one field of a record.
type fieldFault struct{ record, field, problem string }

func (f *fieldFault) Error() string {
	return fmt.Sprintf("outage: %s: %s: %s", f.record, f.field, f.problem)
}

func (h header) validate(needsID bool) error {
	var err error
	if needsID && h.id == "" {
		err = h.fault("id", "missing")
	}
	err = errors.Join(err, h.printable("id", h.id), h.printable("resource", h.resource), h.printable("note", h.note))
	if h.start.IsZero() {
		err = errors.Join(err, h.fault("start", "missing"))
	} else if !h.end.IsZero() && !h.end.After(h.start) {
		err = errors.Join(err, h.fault("end", fmt.Sprintf("%s is not after the start, %s", instant(h.end), instant(h.start))))
	}
	return errors.Join(err, h.inRange("start", h.start), h.inRange("end", h.end))
}

// inRange reports a time that no [Window] can hold, unless it is zero.
func (h header) inRange(field string, t time.Time) error {
	if t.IsZero() {
		return nil
	}
	if _, err := nanos(t); err != nil {
		return h.fault(field, err.Error())
	}
	return nil
}

// printable reports a text that cannot stand on a line of an account.
func (h header) printable(field, text string) error {
	if problem := label.Problem(text); problem != "" {
		return h.fault(field, problem)
	}
	return nil
}

// distinct returns the records without repetitions, in their order, and every
// fault among them.
func distinct(records []Record) ([]Record, []error) {
	var faults []error
	kept := make([]Record, 0, len(records))
	seen := make(map[string]Record, len(records))
	for i, r := range records {
		if !isRecord(r) {
			faults = append(faults, fmt.Errorf("outage: record %d is a %T, not an Outage, Maintenance, Traffic, Coverage or Lifetime", i, r))
			continue
		}
		if err := r.validate(); err != nil {
			faults = append(faults, err)
			continue // it may hold values that cannot be compared
		}
		h := r.header()
		if h.id != "" {
			if first, found := seen[h.id]; !found {
				seen[h.id] = r
			} else if first.same(r) {
				continue
			} else {
				if first.header().kind < h.kind { // named alike, whichever came first
					h = first.header()
				}
				faults = append(faults, h.fault("id", usedTwice(first, r)))
			}
		}
		kept = append(kept, r)
	}
	return kept, faults
}

// usedTwice returns the fault of two records with one ID: the fields in which they
// differ, and the remedy. Neither record has a fault of its own.
func usedTwice(r, s Record) string {
	one, _ := fieldsOf(r)
	other, _ := fieldsOf(s)
	texts, others := one.list(), other.list()
	var has, had []string
	for i, name := range columns {
		if texts[i] != others[i] {
			has, had = append(has, shown(name, texts[i])), append(had, shown(name, others[i]))
		}
	}
	both := []string{strings.Join(has, ", "), strings.Join(had, ", ")}
	slices.Sort(both) // whichever came first
	advice := "give a corrected record as it is now, or as revisions of a Log"
	if one.resource != other.resource {
		advice = "give an incident on several resources as one record for each, with its own ID"
	}
	return fmt.Sprintf("used twice: one record has %s, the other %s; %s", both[0], both[1], advice)
}

// isRecord reports whether r is a record of one of the five kinds, and not nil, a
// pointer to one, or a struct that embeds one.
func isRecord(r Record) bool {
	switch r.(type) {
	case Outage, Maintenance, Traffic, Coverage, Lifetime:
		return true
	}
	return false
}

// notARecord returns the fault of a value that isRecord refuses.
func notARecord(r Record) string {
	return fmt.Sprintf("a record of type %T, not Outage, Maintenance, Traffic, Coverage or Lifetime", r)
}

// instant returns t as errors and accounts show it.
func instant(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func hundred() decimal.Decimal { return decimal.New(100, 0) }
