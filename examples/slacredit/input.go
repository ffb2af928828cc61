package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// The bytes that a row of a table and an agreement take at most, since each is held in
// memory.
const (
	mostRow       = 1 << 20 // as a record
	mostAgreement = 16 << 20
)

var errLongRow = fmt.Errorf("a row of more than %d bytes", mostRow)

// longRow returns the error of a row that comes after a line.
func longRow(line int) error {
	if line == 0 {
		return fmt.Errorf("line 1: %w", errLongRow)
	}
	return fmt.Errorf("after line %d: %w", line, errLongRow)
}

// A rowReader reads the bytes that one row takes at most, and those that a buffered
// reader above it reads ahead. After each row, call next.
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

// Read reads the next bytes, until the row is too long.
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
		err = fmt.Errorf("%s: more than %d bytes, too long for an agreement", name, mostAgreement)
	}
	return data, err
}

// quoted returns a text for an error: in quotes, and cut to 40 characters.
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

// complaint returns an error for people to read. It cuts lines that are longer than any
// line of this program, since other packages repeat the names of files and flags in
// full.
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
