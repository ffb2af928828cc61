package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// What is read is bounded before it is read: a row or a line of a table, and an
// agreement, of which each is held whole.
const (
	mostRow       = 1 << 20  // bytes of a row, as of a record
	mostAgreement = 16 << 20 // bytes of an agreement
)

var errLongRow = fmt.Errorf("a row of more than %d bytes", mostRow)

// longRow returns the error of a row that comes after a line.
func longRow(line int) error {
	if line == 0 {
		return fmt.Errorf("line 1: %w", errLongRow)
	}
	return fmt.Errorf("after line %d: %w", line, errLongRow)
}

// A rowReader reads as much as one row takes at most, and what a reader above it
// reads ahead. Whoever has read a row says so by next.
type rowReader struct {
	reader io.Reader
	left   int
}

func newRowReader(r io.Reader) *rowReader {
	rows := &rowReader{reader: r}
	rows.next()
	return rows
}

func (r *rowReader) next() {
	const ahead = 1 << 16
	r.left = mostRow + ahead
}

// Read reads on, until the row is too long.
func (r *rowReader) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, errLongRow
	}
	n, err := r.reader.Read(p[:min(len(p), r.left)])
	r.left -= n
	return n, err
}

// readAgreement returns the text of an agreement.
func readAgreement(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, mostAgreement+1))
	if err == nil && len(data) > mostAgreement {
		err = fmt.Errorf("%s: more than %d bytes, which no agreement is", name, mostAgreement)
	}
	return data, err
}

// quoted returns a text as errors show it: in quotes, and of a long one the first
// 40 characters.
func quoted(text string) string {
	const most = 40
	n := 0
	for i := range text {
		if n++; n > most {
			return strconv.Quote(text[:i]) + "…"
		}
	}
	return strconv.Quote(text)
}

// complaint returns an error for people to read. Lines are cut where they are
// longer than any that the program itself makes: the names of files and flags are
// repeated by others.
func complaint(err error) error {
	if err == nil {
		return nil
	}
	const most = 2000
	lines := strings.Split(err.Error(), "\n")
	cut := false
	for i, line := range lines {
		if len(line) > most {
			lines[i], cut = strings.ToValidUTF8(line[:most], "")+"…", true
		}
	}
	if !cut {
		return err
	}
	return errors.New(strings.Join(lines, "\n"))
}
