package sla

import "fmt"

// A FieldError is a fault in one field of an agreement. The error of
// [Agreement.Compile] joins one for each fault: [errors.As] finds the first,
// and [FieldErrors] all.
type FieldError struct {
	// Path names the field as an author writes it, with indexes from 0:
	// "commitments[0].credits[2].when". A label of more than 200 bytes in it is
	// shortened. The field need not be there: it may be what is missing.
	Path string

	// Pointer is the same as a JSON pointer (RFC 6901) into the JSON of the
	// agreement, "/commitments/0/credits/2/when". It has labels whole.
	Pointer string

	Err error // the problem, without the path
}

// Error returns the path and the problem, "commitments[0].promise: missing".
func (e *FieldError) Error() string { return fmt.Sprintf("%s: %v", e.Path, e.Err) }

// Unwrap returns Err.
func (e *FieldError) Unwrap() error { return e.Err }

// FieldErrors returns the faults that an error of [Compile],
// [Agreement.Compile] or [Agreement.CompileIn] joins, in their order, also if
// the error was wrapped since. They are those of the error and no copies. The
// note of more than a hundred faults is of no field, and not among them.
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
