package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
)

// A spool keeps a text until it can be written: the first mostSpooled bytes at most in
// memory, and the rest in a temporary file. The zero spool is empty.
type spool struct {
	start bytes.Buffer
	file  *os.File // nil: all is in memory
	rest  *bufio.Writer
}

// mostSpooled is the number of bytes that a spool keeps in memory at most.
const mostSpooled = 4 << 20

// Write adds to the spool.
func (s *spool) Write(p []byte) (int, error) {
	if s.file == nil {
		if s.start.Len()+len(p) <= mostSpooled {
			return s.start.Write(p)
		}
		file, err := os.CreateTemp("", "slacredit-")
		if err != nil {
			return 0, err
		}
		s.file, s.rest = file, bufio.NewWriterSize(file, 1<<16)
	}
	return s.rest.Write(p)
}

// copyTo writes the whole text.
func (s *spool) copyTo(out io.Writer) error {
	if _, err := s.start.WriteTo(out); err != nil || s.file == nil {
		return err
	}
	if err := s.rest.Flush(); err != nil {
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(out, s.file)
	return err
}

// close removes the temporary file.
func (s *spool) close() error {
	if s.file == nil {
		return nil
	}
	return errors.Join(s.file.Close(), os.Remove(s.file.Name()))
}
