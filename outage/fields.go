package outage

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/slacredit/slacredit/internal/civil"
	"github.com/slacredit/slacredit/internal/label"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/strictjson"
)

// MarshalJSON returns o as an object of texts with the kind "outage", as
// [Write] does. A record with a fault is an error.
func (o Outage) MarshalJSON() ([]byte, error) { return marshal(o) }

// UnmarshalJSON reads o as [Scan] reads a record. An object that names no
// kind is an outage.
func (o *Outage) UnmarshalJSON(data []byte) error { return unmarshal(data, "outage", o) }

// MarshalJSON returns m as an object of texts with the kind "maintenance", as
// [Write] does. A record with a fault is an error.
func (m Maintenance) MarshalJSON() ([]byte, error) { return marshal(m) }

// UnmarshalJSON reads m as [Scan] reads a record. An object that names no
// kind is a maintenance.
func (m *Maintenance) UnmarshalJSON(data []byte) error { return unmarshal(data, "maintenance", m) }

// MarshalJSON returns t as an object of texts with the kind "traffic", as
// [Write] does. A record with a fault is an error.
func (t Traffic) MarshalJSON() ([]byte, error) { return marshal(t) }

// UnmarshalJSON reads t as [Scan] reads a record. An object that names no
// kind is traffic.
func (t *Traffic) UnmarshalJSON(data []byte) error { return unmarshal(data, "traffic", t) }

// MarshalJSON returns c as an object of texts with the kind "coverage", as
// [Write] does. A record with a fault is an error.
func (c Coverage) MarshalJSON() ([]byte, error) { return marshal(c) }

// UnmarshalJSON reads c as [Scan] reads a record. An object that names no
// kind is a coverage.
func (c *Coverage) UnmarshalJSON(data []byte) error { return unmarshal(data, "coverage", c) }

// MarshalJSON returns l as an object of texts with the kind "life", as
// [Write] does. A record with a fault is an error.
func (l Lifetime) MarshalJSON() ([]byte, error) { return marshal(l) }

// UnmarshalJSON reads l as [Scan] reads a record. An object that names no
// kind is a lifetime.
func (l *Lifetime) UnmarshalJSON(data []byte) error { return unmarshal(data, "life", l) }

// fields are the texts of a record of any kind. An empty text is a missing one.
type fields struct {
	kind, id, resource, start, end, zone      string
	served, cause, reported, marks, announced string
	requests, failed, note                    string
}

// columns are the names of the fields, in the order in which they are written.
var columns = [...]string{
	"kind", "id", "resource", "start", "end", "zone",
	"servedPercent", "cause", "reported", "marks", "announced",
	"requests", "failed", "note",
}

// all returns the fields in the order of columns.
func (f *fields) all() [len(columns)]*string {
	return [...]*string{
		&f.kind, &f.id, &f.resource, &f.start, &f.end, &f.zone,
		&f.served, &f.cause, &f.reported, &f.marks, &f.announced,
		&f.requests, &f.failed, &f.note,
	}
}

// at returns the field of a column.
func (f *fields) at(column string) *string { return f.all()[slices.Index(columns[:], column)] }

// list returns the fields in the order of columns.
func (f *fields) list() []string {
	texts := make([]string, 0, len(columns))
	for _, field := range f.all() {
		texts = append(texts, *field)
	}
	return texts
}

// object returns the fields that are not empty as a JSON object.
func (f *fields) object() []byte {
	var b bytes.Buffer
	text := json.NewEncoder(&b)
	text.SetEscapeHTML(false)
	for i, field := range f.all() {
		if *field == "" {
			continue
		}
		b.WriteByte(',')
		b.WriteString(strconv.Quote(columns[i]))
		b.WriteByte(':')
		text.Encode(*field)     //nolint:errcheck // a string, into memory
		b.Truncate(b.Len() - 1) // the line break
	}
	b.WriteByte('}')
	b.Bytes()[0] = '{' // in place of the first comma: there is always a kind
	return b.Bytes()
}

// fieldsOf returns the fields of a record, or its faults.
func fieldsOf(record Record) (*fields, error) {
	if !isRecord(record) {
		return nil, errors.New("outage: " + notARecord(record))
	}
	if err := record.validate(); err != nil {
		return nil, err
	}
	h := record.header()
	f := &fields{kind: h.kind, id: h.id, resource: h.resource, start: written(h.start), end: written(h.end), note: h.note}
	switch r := record.(type) {
	case Outage:
		f.cause, f.reported, f.marks = r.Cause, written(r.Reported), writtenMarks(r.Marks)
		if !r.ServedPercent.IsZero() {
			f.served = r.ServedPercent.StringFixed(max(-r.ServedPercent.Exponent(), 0))
		}
	case Maintenance:
		f.cause, f.announced = r.Cause, written(r.Announced)
	case Traffic:
		f.requests, f.failed = strconv.FormatInt(r.Requests, 10), strconv.FormatInt(r.Failed, 10)
	}
	return f, nil
}

// writtenMarks returns marks as they are written: "identified
// 2014-05-27T20:20:00Z, ticket 2014-05-27T20:31:00Z", by name.
func writtenMarks(marks map[string]time.Time) string {
	texts := make([]string, 0, len(marks))
	for _, name := range slices.Sorted(maps.Keys(marks)) {
		texts = append(texts, name+" "+instant(marks[name]))
	}
	return strings.Join(texts, ", ")
}

// written returns a time as it is written, a zero one as nothing.
func written(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return instant(t)
}

func marshal(r Record) ([]byte, error) {
	f, err := fieldsOf(r)
	if err != nil {
		return nil, err
	}
	return f.object(), nil
}

// unmarshal reads a record of a kind, which must be the kind of R.
func unmarshal[R Record](data []byte, kind string, into *R) error {
	row := &row{}
	row.readObject(data)
	if row.kind != "" && row.kind != kind {
		row.fault("kind", row.kind, fmt.Sprintf("want %q", kind))
		return row.err()
	}
	r, err := newReading(ReadOptions{Kind: kind}).record(row)
	if err == nil {
		*into = r.(R) //nolint:errcheck // the kind is that of R
	}
	return err
}

// A row is a record as it is read: its place, its fields, and its faults.
type row struct {
	place  string // a format string for the number
	number int
	fields
	faults []*RowError
}

const (
	maxFaults = 20      // of a row that are listed
	maxRow    = 1 << 20 // bytes of a row
)

// fault adds a fault with the fields of a RowError.
func (r *row) fault(column, value, problem string) {
	e := &RowError{Column: clip(column), Value: clip(value), Problem: problem}
	switch len(r.faults) {
	case maxFaults:
		return
	case maxFaults - 1:
		e = &RowError{Problem: "and more faults"}
	}
	if r.place != "" {
		e.Place = fmt.Sprintf(r.place, r.number)
	}
	r.faults = append(r.faults, e)
}

// faulty reports whether a column already has a fault.
func (r *row) faulty(column string) bool {
	return slices.ContainsFunc(r.faults, func(e *RowError) bool { return e.Column == column })
}

// err returns the faults as one error.
func (r *row) err() error {
	if len(r.faults) == 1 {
		return r.faults[0]
	}
	all := make([]error, len(r.faults))
	for i, e := range r.faults {
		all[i] = e
	}
	return errors.Join(all...)
}

// clip returns a copy of a text, cut to label.MaxLength bytes.
func clip(s string) string {
	if len(s) > label.MaxLength {
		s = strings.ToValidUTF8(s[:label.MaxLength], "\uFFFD")
	}
	return strings.Clone(s)
}

// readObject reads the fields from a JSON object whose values are strings.
func (r *row) readObject(data []byte) {
	data = bytes.Trim(data, blanks)
	err := strictjson.Check(data)
	switch {
	case err != nil:
		r.fault("", "", err.Error())
		return
	case data[0] != '{':
		r.fault("", string(data), "want an object, not "+whatJSON(data))
		return
	}
	all, given := r.all(), [len(columns)]bool{}
	parts := json.NewDecoder(bytes.NewReader(data))
	parts.Token() // it is valid, as all that follows
	for parts.More() && len(r.faults) < maxFaults {
		key, _ := parts.Token()
		name := key.(string)
		var value json.RawMessage
		parts.Decode(&value)
		text := ""
		i := slices.Index(columns[:], name)
		switch {
		case i < 0:
			r.fault(name, "", "not a field of a record")
		case value[0] != '"':
			r.fault(name, string(value), "want a string, not "+whatJSON(value))
		case given[i]:
			json.Unmarshal(value, &text) //nolint:errcheck
			r.fault(name, text, "given a second time")
		default:
			json.Unmarshal(value, all[i]) //nolint:errcheck
		}
		if i >= 0 {
			given[i] = true
		}
	}
}

// whatJSON returns the kind of a JSON value in words.
func whatJSON(value []byte) string {
	switch value[0] {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 'n', 't', 'f':
		return string(value)
	}
	return "a number"
}

// A reading turns rows into records.
type reading struct {
	kind  string
	load  func(string) (*time.Location, error)
	zones map[string]*time.Location // that were loaded, at most maxZones
}

// maxZones is more than the number of names of zones.
const maxZones = 1000

func newReading(o ReadOptions) *reading {
	return &reading{cmp.Or(o.Kind, "outage"), o.Zones, map[string]*time.Location{}}
}

// record returns the record of a row, or the faults of the row.
func (d *reading) record(r *row) (Record, error) {
	if r.faulty("") { // of the row as a whole
		return nil, r.err()
	}
	zone := d.zone(r)
	start, end := r.time("start", zone), r.time("end", zone)
	reported, announced := r.time("reported", zone), r.time("announced", zone)
	kind := cmp.Or(r.kind, d.kind)
	var record Record
	switch kind {
	case "outage":
		record = Outage{r.id, r.resource, start, end, r.share(), r.cause, reported, r.instants(zone), r.note}
	case "maintenance":
		record = Maintenance{r.id, r.resource, start, end, r.cause, announced, r.note}
	case "traffic":
		record = Traffic{r.id, r.resource, start, end, r.count("requests"), r.count("failed"), r.note}
	case "coverage":
		record = Coverage{r.id, r.resource, start, end, r.note}
	case "life":
		record = Lifetime{r.id, r.resource, start, end, r.note}
	default:
		r.fault("kind", kind, notAKind)
		return nil, r.err()
	}
	for _, column := range own {
		if !slices.Contains(column.kinds, kind) {
			r.without(kind, column.name)
		}
	}
	for _, err := range leaves(record.validate()) {
		var fault *fieldFault
		errors.As(err, &fault) // as every leaf is
		text := *r.at(fault.field)
		unread := text != "" && fault.problem == "missing" // another fault tells why
		if !unread && !r.faulty(fault.field) {
			r.fault(fault.field, text, strings.TrimPrefix(fault.problem, numeral.Shorten(text)+" "))
		}
	}
	if len(r.faults) > 0 {
		return nil, r.err()
	}
	return record, nil
}

const notAKind = "want outage, maintenance, traffic, coverage or life"

// own are the columns that only some kinds of record have.
var own = []struct {
	name  string
	kinds []string
}{
	{"servedPercent", []string{"outage"}},
	{"cause", []string{"outage", "maintenance"}},
	{"reported", []string{"outage"}},
	{"marks", []string{"outage"}},
	{"announced", []string{"maintenance"}},
	{"requests", []string{"traffic"}},
	{"failed", []string{"traffic"}},
}

// count returns the whole number in a column, which is required, and 0 if the text is
// no whole number.
func (r *row) count(column string) int64 {
	text := *r.at(column)
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case text == "":
		r.fault(column, "", "missing")
	case err != nil || strconv.FormatInt(n, 10) != text:
		r.fault(column, text, "not a whole number such as 1000")
	}
	return n
}

// instants returns the marks, "ticket 2014-05-27T20:31:00Z, closed …".
func (r *row) instants(zone *time.Location) map[string]time.Time {
	if r.marks == "" {
		return nil
	}
	marks := map[string]time.Time{}
	for text := range strings.SplitSeq(r.marks, ", ") {
		i := strings.LastIndexByte(text, ' ')
		if i < 0 {
			r.fault("marks", text, "want a name and an instant, as in ticket 2014-05-27T20:31:00Z")
			continue
		}
		name := text[:i]
		if _, found := marks[name]; found {
			r.fault("marks", text, "given a second time")
		}
		marks[name] = r.parse("marks", text[i+1:], zone)
	}
	return marks
}

// zone returns the zone that the row names, or nil.
func (d *reading) zone(r *row) *time.Location {
	name := r.zone
	if name == "" {
		return nil
	}
	if zone := d.zones[name]; zone != nil {
		return zone
	}
	zone, err := civil.LoadZone(name, d.load)
	if err != nil {
		r.fault("zone", name, strings.TrimPrefix(err.Error(), "zone "+numeral.Shorten(name)+" "))
		return nil
	}
	if len(d.zones) == maxZones {
		clear(d.zones)
	}
	d.zones[strings.Clone(name)] = zone
	return zone
}

// time returns the time in a column, in UTC, and the zero time if there is none or it
// has a fault.
func (r *row) time(column string, zone *time.Location) time.Time {
	text := *r.at(column)
	if text == "" {
		return time.Time{}
	}
	return r.parse(column, text, zone)
}

// parse returns the time that a text in a column states, in UTC, and the zero time if
// the text has a fault.
func (r *row) parse(column, text string, zone *time.Location) time.Time {
	t, err := parseInstant(text)
	if err != nil {
		wall, ok := parseLocal(text)
		switch {
		case !ok && r.zone == "":
			r.fault(column, text, "not an RFC 3339 instant such as 2014-05-27T20:13:00Z")
			return time.Time{}
		case !ok:
			r.fault(column, text, "neither an RFC 3339 instant nor a local time such as 2014-05-27T20:13:00")
			return time.Time{}
		case r.zone == "":
			r.fault(column, text, "not an RFC 3339 instant such as 2014-05-27T20:13:00Z; a local time needs a zone beside it")
			return time.Time{}
		case zone == nil: // a fault of the zone
			return time.Time{}
		}
		switch instants := civil.Instants(wall, zone); len(instants) {
		case 0:
			r.fault(column, text, fmt.Sprintf("the clocks of %s skip this time", zone))
			return time.Time{}
		case 1:
			t = instants[0].UTC()
		default:
			r.fault(column, text, fmt.Sprintf("the clocks of %s show this time twice, at %s and %s; write one of them",
				zone, instant(instants[0]), instant(instants[1])))
			return time.Time{}
		}
	}
	if _, err := nanos(t); err != nil {
		r.fault(column, text, "outside the years 1900 to 2191")
		return time.Time{}
	}
	return t
}

// parseLocal reads a date and a time of day without an offset, as a time in UTC.
func parseLocal(text string) (time.Time, bool) {
	const minutes, seconds, nanoseconds = len("2006-01-02T15:04"), len("2006-01-02T15:04:05"), len("2006-01-02T15:04:05.999999999")
	if len(text) == minutes {
		text += ":00"
	}
	if len(text) < seconds || len(text) > nanoseconds || text[10] != 'T' && text[10] != ' ' ||
		len(text) > seconds && text[seconds] != '.' {
		return time.Time{}, false
	}
	t, err := time.Parse("2006-01-02T15:04:05", text[:10]+"T"+text[11:])
	return t, err == nil
}

// share returns the served percentage, and 0 if there is none or it has a fault.
// Every 0 is the zero Decimal.
func (r *row) share() decimal.Decimal {
	if r.served == "" {
		return decimal.Decimal{}
	}
	share, err := numeral.Parse(r.served)
	if err != nil {
		r.fault("servedPercent", r.served, "want a decimal number such as 99.5, of at most 40 characters")
	}
	if share.IsZero() {
		return decimal.Decimal{}
	}
	return share
}

// without adds a fault for each of the columns that is not empty, although a record of
// the kind has no such field.
func (r *row) without(kind string, without ...string) {
	for _, column := range without {
		if text := *r.at(column); text != "" {
			r.fault(column, text, "not a field of kind "+kind)
		}
	}
}

// leaves returns the errors that were joined into err.
func leaves(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	switch {
	case err == nil:
		return nil
	case !ok:
		return []error{err}
	}
	var all []error
	for _, err := range joined.Unwrap() {
		all = append(all, leaves(err)...)
	}
	return all
}
