package catalog

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/internal/apart"
)

// Whatever field an edition gets, a copy of it shares nothing with it.
func TestClonesShareNothing(t *testing.T) {
	var e Edition
	apart.Fill(&e)
	assert.Equal(t, e, e.clone())
	assert.Empty(t, apart.Shared(e, e.clone()))
}

func TestACatalogIsNotChangedByWhoReadsIt(t *testing.T) {
	c := whole(t)
	joyent := func() []Edition { return slices.Collect(c.Find(Query{Provider: "joyent"})) }
	before := joyent()
	require.NotEmpty(t, before)
	for e := range c.All() {
		e.Sources[""] = Source{Title: "forged"}
		for i := range e.Agreement.Commitments {
			e.Agreement.Commitments[i].Promise = "at least 1%"
			for j := range e.Agreement.Commitments[i].Credits {
				e.Agreement.Commitments[i].Credits[j].Give = "100%"
			}
		}
	}
	assert.Equal(t, before, joyent())
}
