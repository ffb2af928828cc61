package catalog

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/sla"
)

const page = "../../docs/catalog.md"

// The page of the documents is what the data say, and nothing else.
func TestPage(t *testing.T) {
	c := whole(t)
	providers, editions, fit := map[string]bool{}, 0, 0
	for e := range c.All() {
		providers[e.Provider] = true
		editions++
		if len(e.Missing) == 0 {
			fit++
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# Catalog of agreements\n\nPublished agreements of %d providers in %d editions, from the files in `sla/catalog/data`.\n"+
		"By %d of them one can judge; of the others something is missing, and they say what.\n\n`go test ./sla/catalog -update` writes this page anew.\n\nEach clause was read in the provider's own text, in a copy of it, or was reported\n"+
		"by others; what is unverified says so. What a customer signed may differ.\n\nThe words that records, resources and charges must spell as an agreement does\nstand with it; one that differs matches nothing. `slacredit -words` and\n`Terms.Check` find such.\n", len(providers), editions, fit)
	provider := ""
	for e := range c.All() {
		if e.Provider != provider {
			provider = e.Provider
			fmt.Fprintf(&b, "\n## %s\n", provider)
		}
		fmt.Fprintf(&b, "\n### %s\n\n%s. Binds by the date of %s. Evidence: %v.\n", e.Name(), e.Title, e.Binds, e.Evidence())
		if e.Note != "" {
			fmt.Fprintf(&b, "\nNote: %s.\n", strings.TrimSuffix(e.Note, "."))
		}
		if terms, err := e.Agreement.Compile(); err == nil {
			fmt.Fprintf(&b, "\n%s\n", terms.English())
			b.WriteString(supplied(terms))
		}
		if len(e.Missing) > 0 {
			fmt.Fprintf(&b, "\nMissing, so that nothing can be judged by it: %s.\n", strings.Join(e.Missing, "; "))
		}
		b.WriteString("\n")
		for _, pointer := range slices.Sorted(maps.Keys(e.Sources)) {
			s := e.Sources[pointer]
			at := "All else"
			if pointer != "" {
				at = "`" + pointer + "`"
			}
			title := s.Title
			if s.URL != "" {
				title = fmt.Sprintf("[%s](%s)", s.Title, s.URL)
			}
			fmt.Fprintf(&b, "* %s: %s, %v, %v", at, title, s.Seen, s.Evidence)
			if s.Note != "" {
				fmt.Fprintf(&b, " (%s)", s.Note)
			}
			b.WriteString("\n")
		}
	}
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(b.String()), 0o600))
		return
	}
	written, err := os.ReadFile(page)
	require.NoError(t, err)
	assert.Equal(t, b.String(), string(written), "go test ./sla/catalog -update writes it anew")
}

// supplied returns the labels, marks and kinds of charges that whoever judges
// by some terms must supply, in the same letters.
func supplied(terms *sla.Terms) string {
	texts := map[sla.WordKind][]string{}
	for _, w := range terms.Vocabulary() {
		text := "`" + w.Text + "`"
		if len(w.Values) > 0 {
			text += " (" + strings.Join(w.Values, ", ") + ")"
		}
		texts[w.Kind] = append(texts[w.Kind], text)
	}
	var b strings.Builder
	for _, s := range []struct {
		kind sla.WordKind
		what string
	}{{sla.LabelWord, "Labels you must supply"}, {sla.CauseWord, "Causes that it names"}, {sla.MarkWord, "Marks of outages you must supply"}, {sla.ChargeWord, "Kinds of charges that it names"}} {
		if words := texts[s.kind]; len(words) > 0 {
			fmt.Fprintf(&b, "\n%s: %s.\n", s.what, strings.Join(words, ", "))
		}
	}
	return b.String()
}
