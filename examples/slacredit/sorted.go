package main

import (
	"fmt"
	"iter"
	"os"
	"strings"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// A sorted returns the records of one resource after the other, from files that are
// sorted by the names of the resources, byte by byte. Its memory does not grow with the
// files.
type sorted struct {
	walks  []*walk
	last   string // the resource asked for last
	asked  bool
	passed names // resources that no charge names
	used   *sla.Usage
}

// openSorted opens files. The words of their records are counted in used.
func openSorted(files []source, used *sla.Usage) (*sorted, error) {
	s := &sorted{used: used}
	for _, f := range files {
		w, err := openWalk(f)
		if w != nil {
			s.walks = append(s.walks, w)
		}
		if err != nil {
			s.close()
			return nil, err
		}
	}
	return s, nil
}

// of returns the records of a resource. Its name must not come before the name of the
// last call.
func (s *sorted) of(resource string) ([]outage.Record, error) {
	if s.asked && resource < s.last {
		return nil, fmt.Errorf("charges: resource %s comes after %s; with -sorted they come in the order of their names", quoted(resource), quoted(s.last))
	}
	s.last, s.asked = resource, true
	for first, any := s.first(); any && first < resource; first, any = s.first() {
		if err := s.pass(first); err != nil {
			return nil, err
		}
	}
	return s.take(resource)
}

// finish reads the remaining records, so that no fault in them is missed.
func (s *sorted) finish() error {
	for first, any := s.first(); any; first, any = s.first() {
		if err := s.pass(first); err != nil {
			return err
		}
	}
	return nil
}

// pass skips the records of a resource that no charge names.
func (s *sorted) pass(resource string) error {
	s.passed.add(resource)
	_, err := s.take(resource)
	return err
}

// first returns the first resource with remaining records.
func (s *sorted) first() (resource string, any bool) {
	for _, w := range s.walks {
		if w.held != nil && (!any || w.resource < resource) {
			resource, any = w.resource, true
		}
	}
	return resource, any
}

// take returns the records of the resource that is first.
func (s *sorted) take(resource string) ([]outage.Record, error) {
	var records []outage.Record
	for _, w := range s.walks {
		for w.held != nil && w.resource == resource {
			records = append(records, w.held)
			s.used.Record(w.held)
			if err := w.advance(); err != nil {
				return nil, err
			}
		}
	}
	return records, nil
}

func (s *sorted) close() {
	for _, w := range s.walks {
		w.stop()
		w.file.Close()
	}
}

// A walk reads one file.
type walk struct {
	name     string
	file     *os.File
	next     func() (outage.Record, error, bool)
	stop     func()
	held     outage.Record // the record that was read ahead; nil at the end
	resource string        // its resource
}

func openWalk(s source) (*walk, error) {
	file, how, err := s.open()
	if err != nil {
		return nil, err
	}
	w := &walk{name: s.name, file: file}
	w.next, w.stop = iter.Pull2(outage.Scan(file, how))
	return w, w.advance()
}

// advance reads one record ahead.
func (w *walk) advance() error {
	record, err, any := w.next()
	w.held = nil
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", w.name, err)
	case !any:
		return nil
	}
	resource := resourceOf(record)
	if resource < w.resource {
		return fmt.Errorf("%s: a record of %s comes after those of %s; with -sorted they come in the order of their resources", w.name, quoted(resource), quoted(w.resource))
	}
	w.held, w.resource = record, resource
	return nil
}

// resourceOf returns the name of the resource of a record.
func resourceOf(r outage.Record) string {
	switch r := r.(type) {
	case outage.Outage:
		return r.Resource
	case outage.Maintenance:
		return r.Resource
	case outage.Traffic:
		return r.Resource
	case outage.Coverage:
		return r.Resource
	case outage.Lifetime:
		return r.Resource
	}
	return ""
}

// A names counts names and keeps the first of them.
type names struct {
	first []string
	n     int
}

// mostNames is the number of names in a note.
const mostNames = 5

func namesOf(all []string) names { return names{all[:min(mostNames, len(all))], len(all)} }

func (n *names) add(name string) {
	if n.n++; len(n.first) < mostNames {
		n.first = append(n.first, name)
	}
}

// String returns the first names and the number of the others.
func (n names) String() string {
	texts := make([]string, len(n.first))
	for i, name := range n.first {
		texts[i] = quoted(name)
	}
	text := strings.Join(texts, ", ")
	if more := n.n - len(n.first); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
