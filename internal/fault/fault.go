// Package fault collects everything that is wrong with an input.
package fault

import (
	"errors"
	"fmt"
)

// A List collects faults. Of more than a hundred it holds the first hundred, and
// says that there are more.
type List []error

const most = 100

// Add adds a fault, formatted as by [fmt.Errorf].
func (l *List) Add(format string, args ...any) {
	switch {
	case len(*l) < most:
		*l = append(*l, fmt.Errorf(format, args...))
	case len(*l) == most:
		*l = append(*l, errors.New("and more faults"))
	}
}

// Err returns the faults as one error, and nil if there are none.
func (l List) Err() error { return errors.Join(l...) }
