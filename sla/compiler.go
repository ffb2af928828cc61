package sla

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/label"
	"github.com/slacredit/slacredit/internal/numeral"
)

// A compiler collects the problems of an agreement.
type compiler struct {
	faults []error

	limited bool // all credits together are limited by the fees
	zones   func(string) (*time.Location, error)
}

// mostFaults is the number of problems that are listed.
const mostFaults = 100

func (c *compiler) fault(at path, err error) {
	switch {
	case err == nil || len(c.faults) > mostFaults:
	case len(c.faults) == mostFaults:
		c.faults = append(c.faults, errors.New("and more faults"))
	default:
		c.faults = append(c.faults, &FieldError{at.field, at.pointer, err})
	}
}

// A path leads to a field, as text for readers and for programs.
type path struct {
	field   string // commitments[0].credits[1].give
	pointer string // /commitments/0/credits/1/give (RFC 6901)
}

// escaped writes a key as JSON pointers do.
var escaped = strings.NewReplacer("~", "~0", "/", "~1")

func (p path) key(name string) path {
	const most = 200
	shown := name
	if len(name) > most { // a label
		shown = numeral.Shorten(name)
	}
	return path{strings.TrimPrefix(p.field+"."+shown, "."), p.pointer + "/" + escaped.Replace(name)}
}

func (p path) index(i int) path {
	return path{fmt.Sprintf("%s[%d]", p.field, i), fmt.Sprintf("%s/%d", p.pointer, i)}
}

// label reports a text that could not stand on a line of a statement.
func (c *compiler) label(at path, text string) {
	if problem := label.Problem(text); problem != "" {
		c.fault(at, errors.New(problem))
	}
}

// words reports texts of a list that are empty, refused or repeated, or could not
// stand on a line, and returns the list.
func (c *compiler) words(at path, texts []string, refused ...string) []string {
	seen := map[string]bool{}
	for i, text := range texts {
		switch problem := label.Problem(text); {
		case text == "":
			c.fault(at.index(i), errors.New("empty"))
		case problem != "":
			c.fault(at.index(i), errors.New(problem))
		case slices.Contains(refused, text):
			c.fault(at.index(i), fmt.Errorf("%s is not a mark that can stand here", text))
		case seen[text]:
			c.fault(at.index(i), fmt.Errorf("%s comes twice", numeral.Shorten(text)))
		}
		seen[text] = true
	}
	return texts
}

// cause reports a cause that looks like a misspelt "maintenance". Under another
// spelling, planned work would need no notice and match no maintenance window.
func (c *compiler) cause(at path, text string) {
	if text != maintenance && near(text, maintenance) {
		c.fault(at, fmt.Errorf("%s; write %q for planned work", numeral.Shorten(text), maintenance))
	}
}

// positive reads a length of time above zero.
func (c *compiler) positive(at path, q Quantity) time.Duration {
	a, err := q.amount(length)
	if err == nil && a.value == 0 {
		err = fmt.Errorf("%s is no time at all", numeral.Shorten(string(q)))
	}
	c.fault(at, err)
	return time.Duration(a.value)
}

// lower reads a range without an upper end. The empty text admits everything but
// zero.
func (c *compiler) lower(at path, r Range, want unit, top cut) interval {
	all := interval{after(0), top}
	if r == "" {
		return all
	}
	i, err := r.interval(want, top)
	switch {
	case err != nil:
	case i.to != top:
		err = fmt.Errorf("%s has an upper end, and what is worse would not count", numeral.Shorten(string(r)))
	case i.from < all.from:
		err = fmt.Errorf("%s also holds where nothing is lost", numeral.Shorten(string(r)))
	}
	c.fault(at, err)
	return i
}

// percentTop lies just after 100 %.
var percentTop = after(100 * percentUnits)

// lengthTop lies after every length of time that can be written.
var lengthTop = after(maxAmount)
