package outage

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
)

// logFormat is the name and version of a [Log] as a text.
const logFormat = "slacredit/log/1"

// ReadLog returns the log that a text holds, or, if it has any fault, none. The
// text is [NDJSON], a header and then one revision on each line:
//
//	{"format":"slacredit/log/1"}
//	{"number":1,"known":"2014-05-27T23:00:00Z","by":"press","record":{"kind":"outage","id":"I-7","start":"2014-05-27T22:30:00Z"}}
//	{"number":2,"known":"2014-05-28T18:00:00Z","by":"Joyent","supersedes":{"id":"I-7","number":1},"withdrawn":true,"why":"a drill","record":{…}}
//
// The record is that of [Format], but names its kind, and has no zone and no local
// time. The header may be repeated, so logs can be appended to a file. Lines
// may stand in any order, and each takes at most 1 MiB.
//
// Faults are listed as by [Read], each a [*RowError] whose place also names the
// revision, as far as it can be read. Contradictions among the revisions, as for
// [Log.Append], are reported if there are no such faults.
func ReadLog(r io.Reader) (*Log, error) {
	revisions, err := gather(scanLog(r))
	if err != nil {
		return nil, err
	}
	l := &Log{}
	if err := l.Append(revisions...); err != nil {
		return nil, err
	}
	return l, nil
}

// scanLog returns the revisions of a text in their order, while it reads them. For
// a line with faults it yields the faults and goes on; a fault of the whole text
// ends it.
func scanLog(r io.Reader) iter.Seq2[Revision, error] {
	return func(yield func(Revision, error) bool) {
		err := eachLine(r, logFormat, "revisions", func(number int, line []byte) error {
			if !yield(readRevision(fmt.Sprintf("line %d", number), line)) {
				return errStopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStopped) {
			yield(Revision{}, fmt.Errorf("outage: reading a log: %w", err))
		}
	}
}

// WriteLog writes revisions in their order, while it walks them: all revisions of a
// log, or those to be appended to its file. [ReadLog] returns them again. The text of
// [Log.All] is the same, byte for byte, for all logs with the same revisions, and so
// also for the log that is read from the text.
//
// The first revision with a fault ends the writing with that fault, and so does the
// first error of w; the text is then incomplete.
func WriteLog(w io.Writer, revisions iter.Seq[Revision]) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "{\"format\":%q}\n", logFormat)
	for r := range revisions {
		line, err := r.MarshalJSON()
		if err != nil {
			return err
		}
		if _, err := b.Write(append(line, '\n')); err != nil {
			return fmt.Errorf("outage: writing a log: %w", err)
		}
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("outage: writing a log: %w", err)
	}
	return nil
}
