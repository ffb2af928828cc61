package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// The editions spell a word in one way: none is that of another but for its
// case, a hyphen or a letter, so that one set of labels, causes and kinds serves
// them all.
func TestWordsAreSpelledInOneWay(t *testing.T) {
	var editions []*sla.Terms
	used := &sla.Usage{}
	for e := range whole(t).All() {
		terms, err := e.Agreement.Compile()
		if err != nil {
			continue // what is missing says why
		}
		editions = append(editions, terms)
		for _, w := range terms.Vocabulary() {
			switch w.Kind {
			case sla.LabelWord:
				used.Resource(map[string]string{w.Text: ""})
				for _, value := range w.Values {
					used.Resource(map[string]string{w.Text: value})
				}
			case sla.CauseWord:
				used.Record(outage.Outage{Cause: w.Text})
			case sla.MarkWord:
				used.Record(outage.Outage{Marks: map[string]time.Time{w.Text: {}}})
			case sla.ChargeWord:
				used.Charge(w.Text)
			case sla.InstantWord:
				used.Mark(w.Text)
			}
		}
	}
	// A zone and the number of zones; storage in one zone of a region and in several.
	two := map[string]bool{"zone": true, "zones": true, "RA-GZRS reads": true}
	said := map[string]bool{}
	for _, terms := range editions {
		for _, r := range terms.Check(used) {
			if r.Grade == sla.Suspicious && r.Clause == "" && !two[r.Word] && !two[r.Value] {
				said[r.String()] = true
			}
		}
	}
	assert.Empty(t, said)
}
