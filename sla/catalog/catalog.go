package catalog

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/strictjson"
	"github.com/slacredit/slacredit/sla/calendar"
)

// Format is the format version of a provider's file.
const Format = "slacredit/catalog/1"

//go:embed data/*.json
var published embed.FS

// A Catalog is a number of editions. It never changes, since what it hands out
// are copies; the zero Catalog is empty.
type Catalog struct{ editions []Edition }

// None, as the plan or country of a [Query], selects editions without one.
const None = "none"

// A Query selects editions. Its zero fields select all.
type Query struct {
	Provider, Service, Plan, Country string

	// On is a day on which the edition was in force.
	On calendar.Date
}

// A provider is what one file holds.
type provider struct {
	Format   string    `json:"format"`
	Editions []Edition `json:"editions"`
}

// Published returns the editions that come with this package.
func Published() (Catalog, error) {
	data, err := fs.Sub(published, "data")
	if err != nil {
		return Catalog{}, err
	}
	return Read(data)
}

// Read reads every file of a folder whose name ends in .json: the editions of
// the provider that it is named after. All faults are reported together, each
// with the file, the line and the field.
func Read(fsys fs.FS) (Catalog, error) {
	names, err := fs.Glob(fsys, "*.json")
	if err != nil {
		return Catalog{}, fmt.Errorf("catalog: %w", err)
	}
	var c Catalog
	var faults []error
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return Catalog{}, fmt.Errorf("catalog: %w", err)
		}
		editions, found := parse(strings.TrimSuffix(path.Base(name), ".json"), data)
		c.editions = append(c.editions, editions...)
		for _, f := range found {
			faults = append(faults, fmt.Errorf("catalog: %s:%d: %w", name, f.line(data), f))
		}
	}
	if len(faults) > 0 {
		return Catalog{}, errors.Join(faults...)
	}
	slices.SortStableFunc(c.editions, order)
	return c, nil
}

// parse reads the file of a provider.
func parse(name string, data []byte) ([]Edition, []fault) {
	var doc provider
	if err := strictjson.UnmarshalDocument(data, &doc, &doc.Format, Format); err != nil {
		return nil, split(err)
	}
	var faults []fault
	for i := range doc.Editions {
		e := &doc.Editions[i]
		e.Provider = name
		for _, f := range e.check() {
			faults = append(faults, f.below(fmt.Sprintf("editions[%d]", i)))
		}
		for j := range i {
			if d := doc.Editions[j]; order(d, *e) == 0 {
				faults = append(faults, fault{fmt.Sprintf("editions[%d].service", i), fmt.Errorf("the same edition as editions[%d]", j)})
			} else if d.sameAs(*e) && overlap(d, *e) {
				faults = append(faults, fault{fmt.Sprintf("editions[%d].from", i), fmt.Errorf("in force at one time with editions[%d], and nothing tells them apart", j)})
			}
		}
	}
	return doc.Editions, faults
}

// sameAs reports whether only dates can tell e and f apart.
func (e Edition) sameAs(f Edition) bool {
	return e.Provider == f.Provider && e.Service == f.Service && e.Plan == f.Plan && e.Country == f.Country
}

// overlap reports whether two editions are in force on one day.
func overlap(e, f Edition) bool { return e.InForce(f.Begins()) || f.InForce(e.Begins()) }

// write returns the file of a provider in its canonical form.
func write(editions []Edition) ([]byte, error) {
	editions = slices.Clone(editions)
	slices.SortStableFunc(editions, order)
	data, err := json.MarshalIndent(provider{Format, editions}, "", "  ")
	return append(data, '\n'), err
}

// All returns all editions, by provider, service, plan, country and begin.
func (c Catalog) All() iter.Seq[Edition] { return c.Find(Query{}) }

// Find returns the editions that a query selects, in the order of
// [Catalog.All].
func (c Catalog) Find(q Query) iter.Seq[Edition] {
	return func(yield func(Edition) bool) {
		for _, e := range c.editions {
			if q.selects(e) && !yield(e.clone()) {
				return
			}
		}
	}
}

func (q Query) selects(e Edition) bool {
	matches := func(want, got string) bool { return want == "" || want == got || want == None && got == "" }
	return matches(q.Provider, e.Provider) && matches(q.Service, e.Service) && matches(q.Plan, e.Plan) && matches(q.Country, e.Country) &&
		(q.On == calendar.Date{} || e.InForce(q.On))
}

// One returns the only edition that a query selects. If there is none, or more
// than one, the error says what would decide.
func (c Catalog) One(q Query) (Edition, error) {
	found := slices.Collect(c.Find(q))
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return Edition{}, fmt.Errorf("catalog: no edition of %s", numeral.Plain(q.String()))
	}
	var deciding []string
	for _, f := range []struct {
		name string
		of   func(Edition) string
	}{
		{"provider", func(e Edition) string { return e.Provider }},
		{"service", func(e Edition) string { return e.Service }},
		{"plan", func(e Edition) string { return e.Plan }},
		{"country", func(e Edition) string { return e.Country }},
	} {
		if values := distinct(found, f.of); len(values) > 1 {
			deciding = append(deciding, fmt.Sprintf("the %s (%s)", f.name, listed(values)))
		}
	}
	if q.On == (calendar.Date{}) && len(deciding) == 0 {
		begins := distinct(found, func(e Edition) string { return e.Begins().String() })
		deciding = append(deciding, fmt.Sprintf("the day (they begin on %s)", listed(begins)))
	}
	return Edition{}, fmt.Errorf("catalog: %d editions of %s: what decides is %s", len(found), numeral.Plain(q.String()), strings.Join(deciding, " and "))
}

// listed returns values in a row: the first twelve, and how many more there are.
func listed(values []string) string {
	const most = 12
	var b strings.Builder
	for i, v := range values[:min(most, len(values))] {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(numeral.Plain(v))
	}
	if more := len(values) - most; more > 0 {
		fmt.Fprintf(&b, " and %d more", more)
	}
	return b.String()
}

// distinct returns the different values of the editions, in order.
func distinct(editions []Edition, of func(Edition) string) []string {
	var values []string
	for _, e := range editions {
		if v := of(e); !slices.Contains(values, v) {
			if v == "" {
				v = None
			}
			values = append(values, v)
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// String returns what q selects.
func (q Query) String() string {
	var parts []string
	for _, part := range []struct{ name, value string }{
		{"provider", q.Provider}, {"service", q.Service}, {"plan", q.Plan}, {"country", q.Country}, {"on", dateText(q.On)},
	} {
		if part.value != "" {
			parts = append(parts, part.name+" "+part.value)
		}
	}
	if len(parts) == 0 {
		return "anything"
	}
	return strings.Join(parts, ", ")
}
