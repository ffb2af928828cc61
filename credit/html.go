package credit

import (
	"bytes"
	_ "embed" // the template
	"fmt"
	"html/template"
	"io"
	"math/big"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/sla"
)

// WriteHTML writes the statement as one page for the customer, to be read on a
// screen or printed on A4 or Letter: the credit, what is provisional and why,
// what the agreements note, what was charged and given before, and for each
// agreement and resource what happened, how the time adds up, the availability
// with its figures inserted, and the steps of [Statement.Account], so that
// anyone can follow it with a pocket calculator.
//
// Instants are in UTC, and windows do not contain their end. Lengths in a
// formula are in seconds, exact, or cut to the nanosecond where time counts by
// the share that is lost; availabilities are floored to six decimal places.
// Each figure is one of [Statement.Account] or of the measurement behind it.
//
// The page is in English and complete in itself: UTF-8, well-formed also as
// XML, with no script, no link and nothing to load. Names are escaped, and set
// apart so that those written from right to left do not reorder what is beside
// them. It depends on nothing but the statement. The only errors are those of
// w; then part of the page may have been written.
func (s Statement) WriteHTML(w io.Writer) error {
	var page bytes.Buffer
	err := statementPage().Execute(&page, s.page())
	if err == nil {
		_, err = page.WriteTo(w)
	}
	if err != nil {
		return fmt.Errorf("credit: writing the statement for %s: %w", numeral.Shorten(s.Customer), err)
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
	Statement
	AtMost   string // empty: it is the total
	Lines    []pageLine
	Chapters []pageChapter
}

// A pageLine is what it shows of a charge.
type pageLine struct {
	Charge
	Of  string // what it belongs to and for which time it is
	How string // how it was prorated
}

// A pageChapter is what it shows of a credit.
type pageChapter struct {
	Credit
	AtMost   string // empty: it is the amount
	Note     string // empty where an earlier chapter has it
	Sections []pageSection
	Steps    []Step
}

// A pageSection is what it shows of what one commitment gives for one resource.
type pageSection struct {
	sla.Finding
	Resource  string
	Timelines []pageTimeline
	Silent    int // members of a pool of which there is nothing to say
	Sums      []pageSum
	Whole     pageSum // to which the sums add up
	Formulas  []pageFormula
	Steps     []Step // but for those of the timelines
}

// A pageTimeline is what happened to a resource, or to a member of a pool.
type pageTimeline struct {
	Member string // empty: the resource of the section
	Bar    []pageSegment
	Rows   []pageRow
}

// A pageSegment is where in what is measured a piece lies, in percent of it.
type pageSegment struct {
	State       sla.State
	Left, Width string
}

// A pageRow is a piece.
type pageRow struct {
	sla.Piece
	Length, Why string
}

// A pageSum is a length of time, with its unit and in seconds.
type pageSum struct{ Name, Length, Seconds string }

// A pageFormula is an availability and the figures behind it, in seconds.
type pageFormula struct{ If, Due, Down, Available string }

// page returns what the template shows of s.
func (s Statement) page() page {
	p := page{Statement: s}
	if s.TotalAtMost != s.Total {
		p.AtMost = s.TotalAtMost.String()
	}
	for _, c := range s.Charges {
		p.Lines = append(p.Lines, pageLine{c, c.belongs(), c.Prorated.String()})
	}
	noted := map[string]bool{}
	for _, c := range s.chapters() {
		chapter := pageChapter{Credit: c.credit, Steps: stepsOf(c.lines)}
		if c.credit.AmountAtMost != c.credit.Amount {
			chapter.AtMost = c.credit.AmountAtMost.String()
		}
		if !noted[c.credit.Agreement] {
			chapter.Note = c.credit.Note
		}
		noted[c.credit.Agreement] = true
		for _, section := range c.sections {
			chapter.Sections = append(chapter.Sections, section.page())
		}
		p.Chapters = append(p.Chapters, chapter)
	}
	return p
}

// stepsOf returns the steps that are not about a stretch of time.
func stepsOf(lines []line) []Step {
	var steps []Step
	for _, l := range lines {
		if !l.piece {
			steps = append(steps, l.Step)
		}
	}
	return steps
}

// page returns what the template shows of s.
func (s section) page() pageSection {
	m := s.finding.Measurement
	p := pageSection{Finding: s.finding, Resource: s.resource, Formulas: formulas(m), Steps: stepsOf(s.lines)}
	if len(m.Members) == 0 {
		p.Timelines = []pageTimeline{timelineOf("", m)}
	}
	for _, member := range m.Members {
		if t := timelineOf(member.Resource, member); len(t.Rows) > 0 {
			p.Timelines = append(p.Timelines, t)
		} else {
			p.Silent++
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
		p.Sums = append(p.Sums, pageSum{part.name, span.String(part.length), seconds(part.length)})
	}
	p.Whole = pageSum{"in all", span.String(whole), seconds(whole)}
	return p
}

// timelineOf returns what happened to a resource, without the time of which
// there is nothing to say.
func timelineOf(member string, m sla.Measurement) pageTimeline {
	t := pageTimeline{Member: member}
	measured := m.Period.Window()
	for _, p := range m.Pieces {
		if silent(p) {
			continue
		}
		t.Bar = append(t.Bar, pageSegment{p.State, share(p.Window.Start().Sub(measured.Start()), measured.Length()), share(p.Window.Length(), measured.Length())})
		t.Rows = append(t.Rows, pageRow{p, span.String(p.Length()), why(p)})
	}
	return t
}

// formulas returns the availability, or both bounds of it.
func formulas(m sla.Measurement) []pageFormula {
	if m.Due == 0 {
		return nil
	}
	due := seconds(m.Due)
	known := pageFormula{"", due, seconds(m.Down), m.Availability().String()}
	if m.DownAtMost == m.Down {
		return []pageFormula{known}
	}
	known.If = "if all unknown time was up"
	return []pageFormula{known, {"if it was down", due, seconds(m.DownAtMost), m.AvailabilityAtLeast().String()}}
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
