package sla

import (
	"errors"
	"fmt"
)

// A FieldError says what is wrong with one field of an agreement. [Agreement.Compile]
// joins one for each fault that it finds: [errors.As] finds the first of them, and
// [FieldErrors] all.
type FieldError struct {
	Path    string // as in Go and in words: commitments[0].credits[2].when
	Pointer string // the JSON pointer of it (RFC 6901): /commitments/0/credits/2/when
	Err     error  // the complaint, and what to write instead
}

// Error returns the path and the complaint.
func (e *FieldError) Error() string { return fmt.Sprintf("%s: %v", e.Path, e.Err) }

// Unwrap returns Err.
func (e *FieldError) Unwrap() error { return e.Err }

// FieldErrors returns the faults of an agreement that an error holds, in the order
// in which it tells them, and none if it is of something else.
func FieldErrors(err error) []FieldError {
	switch e := err.(type) { //nolint:errorlint // each layer is looked at
	case nil:
		return nil
	case *FieldError:
		return []FieldError{*e}
	case interface{ Unwrap() []error }:
		var all []FieldError
		for _, one := range e.Unwrap() {
			all = append(all, FieldErrors(one)...)
		}
		return all
	}
	return FieldErrors(errors.Unwrap(err))
}
