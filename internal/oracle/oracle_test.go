package oracle_test

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/internal/oracle"
)

// The dumb implementation shares no code with the library.
func TestOracleImportsNothingOfTheLibrary(t *testing.T) {
	for _, file := range []string{"oracle.go", "figures.go"} {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		require.NoError(t, err)
		for _, i := range parsed.Imports {
			assert.NotContains(t, i.Path.Value, ".", "%s: only the standard library", file)
		}
	}
}

// Shrinking keeps what a fault needs, and loses what it does not.
func TestShrink(t *testing.T) {
	found := 0
	for n := range uint64(40) {
		w := oracle.New(1, n)
		fault := func(w *oracle.World) string {
			if strings.Contains(w.String(), `"kind":"outage"`) {
				return "has an outage"
			}
			return ""
		}
		if fault(w) == "" {
			continue
		}
		found++
		small := w.Shrink(fault)
		assert.Equal(t, 1, strings.Count(small.String(), `"kind":`), "%s", small)
		assert.Len(t, small.Agreement().Commitments, 1)
		assert.Empty(t, small.Agreement().Commitments[0].Exclusions)
	}
	assert.Greater(t, found, 20)
}
