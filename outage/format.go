package outage

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/enum"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/strictjson"
)

// A Format is a text format for a list of records. In each format a record is a
// list of named texts:
//
//	kind           outage, maintenance, traffic, coverage or life
//	id             required for outage, maintenance and traffic
//	resource
//	start          required
//	end            missing: the record has no end yet
//	zone           of local times, such as Europe/Berlin
//	servedPercent  of an outage, such as 99.5
//	cause          of an outage or a maintenance
//	reported       of an outage
//	marks          of an outage, names and times, such as
//	               identified 2014-05-27T20:20:00Z, ticket 2014-05-27T20:31:00Z
//	announced      of a maintenance
//	requests       of traffic, a whole number
//	failed         of traffic, a whole number
//	note
//
// An empty text is the same as a missing one. A time is an RFC 3339 instant with its
// offset, 2014-05-27T20:13:00Z. In a record with a zone it may also be a local time
// without an offset: 2014-05-27T22:13:00, with a T or a space, with or without
// seconds and up to nine digits of a fraction. A local time that the clocks skip, or
// show twice, is a fault. A time with an offset needs no zone. Records are written in
// UTC, without a zone.
//
// A record takes at most 1 MiB. [Validate] bounds the length of each text.
type Format int

const (
	// JSON is one document:
	//
	//	{"format":"slacredit/records/1","records":[
	//	{"kind":"outage","id":"I-7","start":"2014-05-27T20:13:00Z"}
	//	]}
	//
	// The format comes first. All values are strings.
	JSON Format = iota

	// NDJSON is one JSON object on each line:
	//
	//	{"format":"slacredit/records/1"}
	//	{"kind":"outage","id":"I-7","start":"2014-05-27T20:13:00Z"}
	//
	// The header may be repeated, so that files can be concatenated. Blank lines
	// are skipped. All values are strings.
	NDJSON

	// CSV is comma-separated text as in RFC 4180. Its first row names the columns,
	// in any order; only the column start is required. A byte order mark before it
	// is skipped.
	CSV
)

// recordsFormat is the name and version of records in [JSON] and [NDJSON].
const recordsFormat = "slacredit/records/1"

var formatNames = enum.Of("outage", "Format", "json", "ndjson", "csv")

// String returns "json", "ndjson" or "csv".
func (f Format) String() string { return formatNames.String(int(f)) }

// ReadOptions tell how to read a text.
type ReadOptions struct {
	Format Format

	// Kind is the kind of the records that name none. The zero value stands for
	// "outage".
	Kind string

	// Zones returns the zone with a name; nil stands for [time.LoadLocation]. It is
	// not asked for "Local", which differs by machine, nor for "EST", "MST" and
	// "HST", which have no summer time. These names are refused.
	Zones func(name string) (*time.Location, error)
}

// A RowError is a fault in one row of a text, which is one record.
type RowError struct {
	Place   string // "line 7", at which the row begins; in JSON "records[3]", counted from 0
	Column  string // the name of the field; empty for a fault of the row
	Value   string // the text of the field, up to 1000 bytes of it
	Problem string
}

// Error returns the place, the column, at most 40 characters of the value, and the
// problem.
func (e *RowError) Error() string {
	where := e.Column
	if !slices.Contains(columns[:], where) && !slices.Contains(revisionColumns[:], where) && where != "" {
		where = numeral.Shorten(where)
	}
	if e.Value != "" {
		where = strings.TrimLeft(where+" "+numeral.Shorten(e.Value), " ")
	}
	parts := slices.DeleteFunc([]string{"outage", e.Place, where, e.Problem}, func(part string) bool { return part == "" })
	return strings.Join(parts, ": ")
}

// Scan returns the records of a text in their order, while it reads them. For a row
// with faults it yields nil and the faults, each a [*RowError], joined as by
// [errors.Join], and continues with the next row. For a fault of the whole text, such
// as an unknown format version or JSON that breaks off, it yields an error of another
// type, and ends.
//
// [Validate] finds no fault in a single record. Two records with one ID are found by
// [Options.Timelines].
//
// The text is read once, so the records can be walked once. Memory does not grow with
// their number. Unknown options are a fault of the whole text.
func Scan(r io.Reader, o ReadOptions) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		s := &scanner{newReading(o), &bounded{reader: r, left: maxRead}, yield}
		var err error
		switch {
		case !slices.Contains([]string{"outage", "maintenance", "traffic", "coverage", "life"}, s.reading.kind):
			err = fmt.Errorf("options: kind %s: %s", numeral.Shorten(o.Kind), notAKind)
		case o.Format == JSON:
			err = s.json()
		case o.Format == NDJSON:
			err = s.ndjson()
		case o.Format == CSV:
			err = s.csv()
		default:
			err = fmt.Errorf("options: %s is not known", o.Format)
		}
		if err != nil && !errors.Is(err, errStopped) {
			yield(nil, fmt.Errorf("outage: reading records: %w", err))
		}
	}
}

// listed is the number of faults that an error lists at most.
const listed = 100

// Read returns all records of a text, or none of them if the text has any fault. The
// error joins the first hundred faults and then tells the number of the others. It
// always contains a fault of the whole text. [Scan] yields all faults.
func Read(r io.Reader, o ReadOptions) ([]Record, error) { return gather(Scan(r, o)) }

// gather returns all that is scanned, or none of it if there is any fault.
func gather[T any](scan iter.Seq2[T, error]) ([]T, error) {
	var all []T
	var faults []error
	more := 0
	for one, err := range scan {
		for _, fault := range leaves(err) {
			if row := (*RowError)(nil); len(faults) >= listed && errors.As(fault, &row) {
				more++
			} else {
				faults = append(faults, fault)
			}
		}
		if len(faults) > 0 {
			all = nil
		} else {
			all = append(all, one)
		}
	}
	if more > 0 {
		faults = append(faults, fmt.Errorf("and %d more", more))
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return all, nil
}

// Write writes the records in their order, while it walks them. [Read] returns them
// again, with their times in UTC. The first record in which [Validate] finds a fault
// ends the writing with that fault, and so does the first error of w; the text is
// then incomplete.
func Write(w io.Writer, f Format, records iter.Seq[Record]) error {
	if !formatNames.Has(int(f)) {
		return fmt.Errorf("outage: writing records: %s is not known", f)
	}
	b := bufio.NewWriter(w)
	rows := csv.NewWriter(b) // writes to b itself
	switch f {
	case JSON:
		fmt.Fprintf(b, `{"format":%q,"records":[`, recordsFormat)
	case NDJSON:
		fmt.Fprintf(b, "{\"format\":%q}\n", recordsFormat)
	case CSV:
		rows.Write(columns[:]) // b keeps its error for Flush
	}
	separator := "\n"
	for record := range records {
		texts, err := fieldsOf(record)
		if err != nil {
			return err
		}
		switch f {
		case JSON:
			fmt.Fprint(b, separator)
			_, err = b.Write(texts.object())
			separator = ",\n"
		case NDJSON:
			_, err = b.Write(append(texts.object(), '\n'))
		case CSV:
			err = rows.Write(texts.list())
		}
		if err != nil {
			return fmt.Errorf("outage: writing records: %w", err)
		}
	}
	if f == JSON {
		fmt.Fprint(b, "\n]}\n")
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("outage: writing records: %w", err)
	}
	return nil
}

// A scanner walks the rows of a text. Its methods return the fault of the text that
// ended the walk, or errStopped.
type scanner struct {
	reading *reading
	text    *bounded
	yield   func(Record, error) bool
}

var (
	errStopped = errors.New("the caller has stopped")
	errLong    = fmt.Errorf("a row of more than %d bytes", maxRow)
)

// record yields the record of a row, or its faults.
func (s *scanner) record(r *row) error {
	if !s.yield(s.reading.record(r)) {
		return errStopped
	}
	s.text.left = maxRead
	return nil
}

func (s *scanner) json() error {
	d := document{json.NewDecoder(s.text)}
	d.UseNumber()
	if err := d.open(); err != nil {
		return err
	}
	for number := 0; d.More(); number++ {
		data, err := d.record()
		if err != nil {
			return fmt.Errorf("records[%d]: %w", number, err)
		}
		r := &row{place: "records[%d]", number: number}
		r.readObject(data)
		if err := s.record(r); err != nil {
			return err
		}
	}
	return d.close()
}

// A document is a text in [JSON] as it is read.
type document struct{ *json.Decoder }

// next returns the next token, which there must be.
func (d document) next() (json.Token, error) {
	token, err := d.Token()
	return token, unexpected(err)
}

// unexpected returns the error of a text that ends too early.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// want reads a token, and returns the problem if it is another one.
func (d document) want(wanted json.Token, problem string) error {
	switch token, err := d.next(); {
	case err != nil:
		return err
	case token != wanted:
		return errors.New(problem)
	}
	return nil
}

// open reads all that comes before the records.
func (d document) open() error {
	if err := d.want(json.Delim('{'), `want an object with "format" and "records"`); err != nil {
		return err
	}
	if err := d.want("format", `the first key is not "format"`); err != nil {
		return err
	}
	version, err := d.next()
	if err != nil {
		return err
	}
	text, ok := version.(string)
	if !ok {
		return errors.New("format: want a string")
	}
	if err := strictjson.CheckFormat(text, recordsFormat); err != nil {
		return err
	}
	if err := d.want("records", `the second key is not "records"`); err != nil {
		return err
	}
	return d.want(json.Delim('['), "records: want an array")
}

// record reads the text of one record.
func (d document) record() (data json.RawMessage, err error) {
	if err := d.Decode(&data); err != nil {
		return nil, unexpected(err)
	}
	if len(data) > maxRow {
		return nil, errLong
	}
	return data, nil
}

// close reads all that comes after the records.
func (d document) close() error {
	if err := d.want(json.Delim(']'), "records: want an array"); err != nil {
		return err
	}
	if err := d.want(json.Delim('}'), `want nothing after "records"`); err != nil {
		return err
	}
	switch _, err := d.Token(); {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil:
		return errors.New("text after the end of the document")
	default:
		return fmt.Errorf("after the end of the document: %w", err)
	}
}

// blanks are the white space of JSON.
const blanks = " \t\r\n"

func (s *scanner) ndjson() error {
	return eachLine(s.text.reader, recordsFormat, "records", func(number int, line []byte) error {
		r := &row{place: "line %d", number: number}
		r.readObject(line)
		return s.record(r)
	})
}

// eachLine visits the lines of a text in [NDJSON] except its headers, which must have
// the format. A line is valid until the next one.
func eachLine(r io.Reader, format, what string, visit func(number int, line []byte) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxRow+1)
	number, headed := 0, false
	for lines.Scan() {
		number++
		line := bytes.Trim(lines.Bytes(), blanks)
		if len(line) == 0 {
			continue
		}
		if inner, ok := bytes.CutPrefix(line, []byte("{")); ok && bytes.HasPrefix(bytes.TrimLeft(inner, blanks), []byte(`"format"`)) {
			if err := checkHeader(line, format); err != nil {
				return fmt.Errorf("line %d: %w", number, err)
			}
			headed = true
			continue
		}
		if !headed {
			return fmt.Errorf("line %d: want the header {\"format\":%q} before the %s", number, format, what)
		}
		if err := visit(number, line); err != nil {
			return err
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return fmt.Errorf("line %d: %w", number+1, errLong)
	case err != nil:
		return fmt.Errorf("line %d: %w", number+1, err)
	case !headed:
		return fmt.Errorf("nothing; want at least the header {\"format\":%q}", format)
	}
	return nil
}

// checkHeader returns the fault of a header of [NDJSON].
func checkHeader(line []byte, format string) error {
	var header struct {
		Format string `json:"format"`
	}
	if strictjson.Unmarshal(line, &header) != nil {
		return fmt.Errorf("want a header of the form {\"format\":%q}", format)
	}
	return strictjson.CheckFormat(header.Format, format)
}

func (s *scanner) csv() error {
	const mark = "\uFEFF"
	text := bufio.NewReader(s.text)
	if start, _ := text.Peek(len(mark)); string(start) == mark {
		text.Discard(len(mark)) //nolint:errcheck // it was seen
	}
	rows := csv.NewReader(text)
	rows.ReuseRecord = true
	names, err := rows.Read()
	switch {
	case err == io.EOF:
		return errors.New("nothing; want at least a row that names the columns")
	case err != nil:
		return err
	}
	line, _ := rows.FieldPos(0)
	order := make([]int, len(names)) // the place of each name in columns
	for i, name := range names {
		order[i] = slices.Index(columns[:], name)
		switch {
		case order[i] < 0:
			return fmt.Errorf("line %d: column %s is not a field of a record", line, numeral.Shorten(name))
		case slices.Contains(order[:i], order[i]):
			return fmt.Errorf("line %d: column %q comes twice", line, name)
		}
	}
	if !slices.Contains(names, "start") {
		return fmt.Errorf("line %d: column \"start\" is missing", line)
	}
	for {
		begin := rows.InputOffset()
		texts, err := rows.Read()
		var broken *csv.ParseError
		switch {
		case err == io.EOF:
			return nil
		case err != nil && !errors.As(err, &broken):
			return fmt.Errorf("after line %d: %w", line, err)
		case err != nil && !errors.Is(err, csv.ErrFieldCount):
			return err
		}
		line, _ = rows.FieldPos(0)
		if rows.InputOffset()-begin > maxRow {
			return fmt.Errorf("line %d: %w", line, errLong)
		}
		r := &row{place: "line %d", number: line}
		if err != nil {
			r.fault("", "", fmt.Sprintf("%d fields, not %d as in the header", len(texts), len(order)))
		} else {
			all := r.all()
			for i, text := range texts {
				*all[order[i]] = text
			}
		}
		if err := s.record(r); err != nil {
			return err
		}
	}
}

// maxRead is the number of bytes that are read for one row at most, with the white
// space before it.
const maxRead = maxRow + 1<<16

// A bounded reads left bytes, and then returns an error.
type bounded struct {
	reader io.Reader
	left   int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errLong
	}
	n, err := b.reader.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
