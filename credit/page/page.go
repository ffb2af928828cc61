// Package page writes a statement as one page for the customer, to be read on a
// screen or printed on A4 or Letter.
//
// It is a package of its own since html/template, which escapes what it shows,
// is a fifth of a program that does nothing else.
package page

import (
	"bytes"
	_ "embed" // the template
	"fmt"
	"html/template"
	"io"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/sla"
)

// Write writes a statement: the credit, what is provisional and why, what the
// agreements note, what was recorded and corrected since, what was charged and
// given before, and for each agreement and resource what happened, how the time
// adds up, the availability with its figures inserted, and the steps of
// [credit.Statement.Account], so that anyone can follow it with a pocket
// calculator.
//
// Instants are in UTC, and windows do not contain their end. Lengths in a
// formula are in seconds, exact, or cut to the nanosecond where time counts by
// the share that is lost; availabilities are floored to six decimal places.
// Each figure is one of the account or of the measurement behind it.
//
// The page is in English and complete in itself: UTF-8, well-formed also as
// XML, with no script, no link and nothing to load. Names are escaped, and set
// apart so that those written from right to left do not reorder what is beside
// them. It depends on nothing but the statement. The only errors are those of
// w; then part of the page may have been written.
func Write(w io.Writer, s credit.Statement) error {
	var b bytes.Buffer
	err := statementPage().Execute(&b, pageOf(s))
	if err == nil {
		_, err = b.WriteTo(w)
	}
	if err != nil {
		return fmt.Errorf("page: writing the statement for %s: %w", numeral.Shorten(s.Customer), err)
	}
	return nil
}

//go:embed statement.html
var statementTemplate string

// statementPage returns the template, which is parsed when it is first needed.
var statementPage = sync.OnceValue(func() *template.Template {
	keys := func(pointer string) []string { return strings.Split(pointer, "/") } // between which lines may break
	return template.Must(template.New("statement").Funcs(template.FuncMap{"keys": keys}).Parse(statementTemplate))
})

// A page is what the template shows of a statement.
type page struct {
	credit.Statement
	AtMost   string // empty: it is the total
	Lines    []line
	Chapters []chapter
}

// A line is what it shows of a charge.
type line struct {
	credit.Charge
	Of  string // what it belongs to and for which time it is
	How string // how it was prorated
}

// A chapter is what it shows of a credit.
type chapter struct {
	credit.Credit
	AtMost   string // empty: it is the amount
	Note     string // empty where an earlier chapter has it
	Sections []section
	Steps    []credit.Entry
}

// A section is what it shows of what one commitment gives for one resource.
type section struct {
	sla.Finding
	Resource  string
	Timelines []timeline
	Silent    int // members of a pool of which there is nothing to say
	Sums      []sum
	Whole     sum // to which the sums add up
	Formulas  []formula
	Steps     []credit.Entry // but for those of the timelines
}

// A timeline is what happened to a resource, or to a member of a pool.
type timeline struct {
	Member string // empty: the resource of the section
	Bar    []segment
	Rows   []row
}

// A segment is where in what is measured a piece lies, in percent of it.
type segment struct {
	State       sla.State
	Left, Width string
}

// A row is a piece.
type row struct {
	sla.Piece
	Length string
}

// A sum is a length of time, with its unit and in seconds.
type sum struct{ Name, Length, Seconds string }

// A formula is an availability and the figures behind it, in seconds.
type formula struct{ If, Due, Down, Available string }

// pageOf returns what the template shows of s.
func pageOf(s credit.Statement) page {
	p := page{Statement: s}
	if s.TotalAtMost != s.Total {
		p.AtMost = s.TotalAtMost.String()
	}
	for _, c := range s.Charges {
		p.Lines = append(p.Lines, line{c, belongs(c), c.Prorated.String()})
	}
	noted := map[string]bool{}
	for _, c := range s.Credits {
		shown := chapter{Credit: c, Steps: c.Account()}
		if c.AmountAtMost != c.Amount {
			shown.AtMost = c.AmountAtMost.String()
		}
		if !noted[c.Agreement] {
			shown.Note = c.Note
		}
		noted[c.Agreement] = true
		for _, part := range c.Parts {
			shown.Sections = append(shown.Sections, sectionOf(part))
		}
		p.Chapters = append(p.Chapters, shown)
	}
	return p
}

// belongs says in words to what a charge belongs besides its resource, and for
// which time it is.
func belongs(c credit.Charge) string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(c.Labels)) {
		words = append(words, name+" "+c.Labels[name])
	}
	if !c.Window.IsEmpty() {
		words = append(words, "for "+c.Window.String())
	}
	switch {
	case c.Cycle == -1:
		words = append(words, "of the billing cycle before")
	case c.Cycle == 1:
		words = append(words, "of the next billing cycle")
	case c.Cycle != 0:
		words = append(words, fmt.Sprintf("of billing cycle %+d", c.Cycle))
	}
	if !c.Judged.IsEmpty() {
		words = append(words, "as the fee of "+c.Judged.String())
	}
	return strings.Join(words, ", ")
}

// sectionOf returns the section on a part of a credit.
func sectionOf(p credit.Part) section {
	m := p.Finding.Measurement
	s := section{Finding: p.Finding, Resource: p.Resource, Formulas: formulas(m)}
	for _, step := range p.Account() {
		if step.Window.IsEmpty() { // else it is one of the timelines
			s.Steps = append(s.Steps, step)
		}
	}
	if len(m.Members) == 0 {
		s.Timelines = []timeline{timelineOf("", m)}
	}
	for _, member := range m.Members {
		if t := timelineOf(member.Resource, member); len(t.Rows) > 0 {
			s.Timelines = append(s.Timelines, t)
		} else {
			s.Silent++
		}
	}
	var whole time.Duration
	for _, part := range []struct {
		name   string
		length time.Duration
	}{
		{"up: served, or lost too little or too briefly to count", m.Up},
		{"down: not served, and counted", m.Down},
		{"excused: not served, and forgiven", m.Excused},
		{"unknown: nobody knows yet", m.Unknown},
		{"outside: not to be served at all", m.Outside},
	} {
		whole += part.length
		s.Sums = append(s.Sums, sum{part.name, span.String(part.length), seconds(part.length)})
	}
	s.Whole = sum{"in all", span.String(whole), seconds(whole)}
	return s
}

// timelineOf returns what happened to a resource, without the time of which
// there is nothing to say.
func timelineOf(member string, m sla.Measurement) timeline {
	t := timeline{Member: member}
	measured := m.Period.Window()
	for _, p := range m.Pieces {
		if !p.Notable() {
			continue
		}
		t.Bar = append(t.Bar, segment{p.State, share(p.Window.Start().Sub(measured.Start()), measured.Length()), share(p.Window.Length(), measured.Length())})
		t.Rows = append(t.Rows, row{p, span.String(p.Length())})
	}
	return t
}

// formulas returns the availability, or both bounds of it.
func formulas(m sla.Measurement) []formula {
	if m.Due == 0 {
		return nil
	}
	due := seconds(m.Due)
	available := m.Availability()
	known := formula{"", due, seconds(m.Down), available.AtMost().String()}
	if available.Known() {
		return []formula{known}
	}
	known.If = "if all unknown time was up"
	return []formula{known, {"if it was down", due, seconds(m.DownAtMost), available.AtLeast().String()}}
}

// seconds returns a length of time in seconds, exactly.
func seconds(d time.Duration) string {
	return numeral.FormatRatio(big.NewRat(int64(d), int64(time.Second)))
}

// share returns a part of a length in percent, cut to three decimal places, as
// CSS writes it. It is only for drawing.
func share(part, whole time.Duration) string {
	const places = 1000
	n := new(big.Int).Mul(big.NewInt(int64(part)), big.NewInt(100*places))
	n.Quo(n, big.NewInt(max(1, int64(whole))))
	frac := n.Int64() % places
	return strconv.FormatInt(n.Int64()/places, 10) + "." + strconv.FormatInt(places+frac, 10)[1:] + "%"
}
