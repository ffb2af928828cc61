package sla

import (
	"errors"
	"fmt"
	"slices"

	"github.com/slacredit/slacredit/internal/strictjson"
)

// A FieldError is a fault in one field of an agreement. The errors of
// [Agreement.Compile] and [ParseAgreement] join one for each fault: [errors.As]
// finds the first, and [FieldErrors] all.
type FieldError struct {
	// Path names the field as an author writes it, with indexes from 0:
	// "commitments[0].credits[2].when". A long label in it is shortened. The
	// field need not be there: it may be what is missing. A key that is unknown
	// or comes twice is a fault of what it stands in. Empty: the agreement.
	Path string

	// Pointer is the same as a JSON pointer (RFC 6901) into the JSON of the
	// agreement, "/commitments/0/credits/2/when". It has labels whole. Faults
	// of JSON that could not be read have none.
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

// FieldErrors returns the faults that an error of [Compile],
// [Agreement.Compile], [Agreement.CompileIn] or [ParseAgreement] joins, in
// their order, also if the error was wrapped since. They are those of the error
// and no copies. What is of no field is not among them: that there are more
// than a hundred faults, and that a text is not JSON.
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

// inFields returns an error of strict reading with its faults as FieldErrors.
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
