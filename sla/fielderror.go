package sla

import (
	"errors"
	"fmt"
	"slices"

	"github.com/slacredit/slacredit/internal/strictjson"
)

// A FieldError is a problem in one field of an agreement. The errors of
// [Agreement.Compile] and [ParseAgreement] join one for each problem: [errors.As]
// finds the first, and [FieldErrors] returns all.
type FieldError struct {
	// Path names the field as an author writes it, with indexes from 0:
	// "commitments[0].credits[2].when". A long label in it is shortened. The
	// field may be absent, if the problem is that it is missing. A key that is
	// unknown or repeated is a problem of the object that contains it. Empty: the
	// agreement.
	Path string

	// Pointer is the same as a JSON pointer (RFC 6901) into the JSON of the
	// agreement, "/commitments/0/credits/2/when". Labels in it are not shortened.
	// It is empty for JSON that could not be read.
	Pointer string

	Err error // the problem, without the path
}

// Error returns the path and the problem, "commitments[0].promise: missing".
func (e *FieldError) Error() string {
	if e.Path == "" {
		return fmt.Sprint(e.Err)
	}
	return fmt.Sprintf("%s: %v", e.Path, e.Err)
}

// Unwrap returns Err.
func (e *FieldError) Unwrap() error { return e.Err }

// FieldErrors returns the field errors in an error of [Compile],
// [Agreement.Compile], [Agreement.CompileIn] or [ParseAgreement], in their order,
// even if that error was wrapped. It returns the errors themselves, not copies.
// Problems that are not in a field are not included: that there are more than a
// hundred problems, or that a text is not JSON.
func FieldErrors(err error) []*FieldError {
	switch e := err.(type) { //nolint:errorlint // each layer is looked at
	case *FieldError:
		return []*FieldError{e}
	case interface{ Unwrap() error }:
		return FieldErrors(e.Unwrap())
	case interface{ Unwrap() []error }:
		var all []*FieldError
		for _, err := range e.Unwrap() {
			all = append(all, FieldErrors(err)...)
		}
		return all
	}
	return nil
}

// inFields returns an error of strict reading with its problems as FieldErrors.
func inFields(err error) error {
	switch e := err.(type) { //nolint:errorlint // what it wraps may be of an inner field
	case *strictjson.FieldError:
		return &FieldError{Path: e.Path, Err: e.Err}
	case interface{ Unwrap() []error }:
		faults := slices.Clone(e.Unwrap())
		for i, fault := range faults {
			faults[i] = inFields(fault)
		}
		return errors.Join(faults...)
	}
	return err
}
