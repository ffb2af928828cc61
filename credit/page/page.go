// Package page writes a statement as a web page for the customer, to read on a
// screen or to print on A4 or Letter:
//
//	err := page.Write(w, statement)
//
// It is a separate package because html/template, which escapes the texts,
// makes up a fifth of a small program.
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

// Write writes a statement as one page. The page begins with the credit, the
// reasons why it is provisional, and the notes of the agreements. Then it shows
// the revisions of the records, the charges and the credits given before. For
// each agreement and resource it shows the timeline, the sum of the times, the
// availability with its figures inserted, and the steps of
// [credit.Statement.Account]. So anyone can recompute the credit with a pocket
// calculator.
//
// Instants are in UTC, and the end of a window is exclusive. Lengths in a
// formula are in seconds. They are exact, or cut to the nanosecond if time
// counts by the lost share. Availabilities are floored to six decimal places.
// Each figure is one of the account or of the measurement behind it.
//
// The page is in English and complete in itself: UTF-8, well-formed XML, no
// scripts, no links, nothing to load. Names are escaped and isolated, so that a
// right-to-left name does not reorder the text beside it. The page depends only
// on the statement. The only errors are those of w; part of the page may then
// have been written.
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

// statementPage returns the template, which is parsed on first use.
var statementPage = sync.OnceValue(func() *template.Template {
	keys := func(pointer string) []string { return strings.Split(pointer, "/") } // lines may break between them
	return template.Must(template.New("statement").Funcs(template.FuncMap{"keys": keys}).Parse(statementTemplate))
})

// A page is the input of the template for a statement.
type page struct {
	credit.Statement
	AtMost   string // empty: it equals the total
	Lines    []line
	Chapters []chapter
}

// A line is the input for a charge.
type line struct {
	credit.Charge
	Of  string // its labels and its time
	How string // the proration
}

// A chapter is the input for a credit.
type chapter struct {
	credit.Credit
	AtMost   string // empty: it equals the amount
	Note     string // empty if an earlier chapter shows it
	Sections []section
	Steps    []credit.Entry
}

// A section is the input for a part of a credit.
type section struct {
	sla.Finding
	Resource  string
	Timelines []timeline
	Silent    int // number of members of a pool that were up throughout
	Sums      []sum
	Whole     sum // the total of the sums
	Formulas  []formula
	Steps     []credit.Entry // without the steps that the timelines show
}

// A timeline is the input for the pieces of a resource, or of a member of a
// pool.
type timeline struct {
	Member string // empty: the resource of the section
	Bar    []segment
	Rows   []row
}

// A segment is the position of a piece in the measured time, in percent of it.
type segment struct {
	State       sla.State
	Left, Width string
}

// A row is the input for a piece.
type row struct {
	sla.Piece
	Length string
}

// A sum is a named length of time, with its unit and in seconds.
type sum struct{ Name, Length, Seconds string }

// A formula is an availability with the figures behind it, in seconds.
type formula struct{ If, Due, Down, Available string }

// pageOf returns the input of the template for s.
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

// belongs returns the labels of a charge and the time that it is for, in words.
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
		words = append(words, "for the previous billing cycle")
	case c.Cycle == 1:
		words = append(words, "for the next billing cycle")
	case c.Cycle != 0:
		words = append(words, fmt.Sprintf("for billing cycle %+d", c.Cycle))
	}
	if !c.Judged.IsEmpty() {
		words = append(words, "counts toward the fee of "+c.Judged.String())
	}
	return strings.Join(words, ", ")
}

// sectionOf returns the section of a part of a credit.
func sectionOf(p credit.Part) section {
	m := p.Finding.Measurement
	s := section{Finding: p.Finding, Resource: p.Resource, Formulas: formulas(m)}
	for _, step := range p.Account() {
		if step.Window.IsEmpty() { // the timelines show the others
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
		{"up: served, or the loss was too small or too short to count", m.Up},
		{"down: not served, and counted as downtime", m.Down},
		{"excused: not served, but not counted because of an exclusion", m.Excused},
		{"unknown: not known whether up or down", m.Unknown},
		{"outside: service was not due", m.Outside},
	} {
		whole += part.length
		s.Sums = append(s.Sums, sum{part.name, span.String(part.length), seconds(part.length)})
	}
	s.Whole = sum{"total", span.String(whole), seconds(whole)}
	return s
}

// timelineOf returns the timeline of a measurement, with its notable pieces
// only.
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

// formulas returns the formula of the availability, or of both its bounds.
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

// share returns a part of a length in percent, cut to three decimal places, in
// CSS syntax. It is used only for drawing.
func share(part, whole time.Duration) string {
	const places = 1000
	n := new(big.Int).Mul(big.NewInt(int64(part)), big.NewInt(100*places))
	n.Quo(n, big.NewInt(max(1, int64(whole))))
	frac := n.Int64() % places
	return strconv.FormatInt(n.Int64()/places, 10) + "." + strconv.FormatInt(places+frac, 10)[1:] + "%"
}
