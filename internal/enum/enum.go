// Package enum gives the values 0, 1, 2, … of a closed set their names.
package enum

import (
	"fmt"
	"strings"

	"github.com/slacredit/slacredit/internal/numeral"
)

// Names are the names of a closed set of values.
type Names struct {
	pkg, kind string
	names     []string
}

// Of returns the names of the values of a type, in their order. Errors call
// the type pkg.kind.
func Of(pkg, kind string, names ...string) Names { return Names{pkg, kind, names} }

// Has reports whether v is one of the values.
func (n Names) Has(v int) bool { return v >= 0 && v < len(n.names) }

// String returns the name of v, and for any other number kind(v).
func (n Names) String(v int) string {
	if !n.Has(v) {
		return fmt.Sprintf("%s(%d)", n.kind, v)
	}
	return n.names[v]
}

// MarshalText returns the name of v; any other number is an error.
func (n Names) MarshalText(v int) ([]byte, error) {
	if !n.Has(v) {
		return nil, fmt.Errorf("%s: writing %s: %s is not known", n.pkg, strings.ToLower(n.kind), n.String(v))
	}
	return []byte(n.names[v]), nil
}

// Parse returns the value that a name stands for.
func (n Names) Parse(text string) (int, error) {
	for v, name := range n.names {
		if name == text {
			return v, nil
		}
	}
	return 0, fmt.Errorf("%s: reading %s: %s is none of %s", n.pkg, strings.ToLower(n.kind), numeral.Shorten(text), strings.Join(n.names, ", "))
}
