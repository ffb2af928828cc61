package slacredit_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The order of imports: a package imports only packages that stand on lines
// above its own.
const order = `
	internal/apart internal/iso4217 internal/numeral internal/workload
	internal/exact
	internal/apportion internal/civil internal/enum internal/fault internal/label internal/span internal/strictjson internal/term
	outage
	sla/calendar
	sla
	internal/oracle
	sla/catalog
	credit
	credit/issue credit/batch credit/page
	examples examples/slacredit
	.
`

const module = "github.com/slacredit/slacredit/"

// What the packages that importers link may use beside the standard library.
var dependencies = []string{"github.com/shopspring/decimal"}

// What they may not use of it: the world outside their arguments.
var worldly = []string{"net", "os", "syscall", "unsafe", "log", "math/rand", "plugin", "runtime"}

func TestImportOrder(t *testing.T) {
	line := map[string]int{}
	for i, packages := range strings.Split(strings.TrimSpace(order), "\n") {
		for p := range strings.FieldsSeq(packages) {
			line[p] = i + 1
		}
	}
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		if entry.IsDir() && file != "." {
			if nested, _ := filepath.Glob(filepath.Join(file, "go.mod")); len(nested) > 0 || strings.HasPrefix(entry.Name(), ".") {
				return filepath.SkipDir
			}
		}
		if filepath.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		p := path.Dir(filepath.ToSlash(file))
		seen[p] = true
		require.Contains(t, line, p, "%s: the package has no place in the order", file)
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		require.NoError(t, err)
		for _, i := range parsed.Imports {
			name := strings.Trim(i.Path.Value, `"`)
			ours, isOurs := strings.CutPrefix(name, module)
			first, _, _ := strings.Cut(name, "/")
			switch {
			case isOurs:
				assert.Less(t, line[ours], line[p], "%s imports %s", file, ours)
				assert.NotEqual(t, "internal/oracle", ours, "%s: only tests import it", file)
			case strings.Contains(first, "."):
				assert.Contains(t, dependencies, name, "%s", file)
			case !strings.HasPrefix(p, "examples/") && p != "internal/oracle": // which only tests import
				assert.False(t, slices.ContainsFunc(worldly, func(w string) bool { return name == w || strings.HasPrefix(name, w+"/") }),
					"%s imports %s", file, name)
			}
		}
		return nil
	})
	require.NoError(t, err)
	for p := range line {
		assert.True(t, seen[p], "%s stands in the order and does not exist", p)
	}
}
