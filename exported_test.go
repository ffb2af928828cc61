package slacredit_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// unused are the exported names without a user outside their package, by the
// reasons for which they are exported nevertheless.
var unused = map[string][]string{
	"for callers without the zone data of the machine, as in a browser": {"outage.ReadOptions.Zones"},
	"for callers: == compares zones by their pointers":                  {"sla/calendar.Cycle.Equal"},
	"for callers: the few customers who have more than a fee and outages": {
		"credit/batch.Customer.More", "credit/batch.Extra", "credit/batch.Extra.Charges", "credit/batch.Extra.Prior", "credit/batch.Extra.Judge",
		"credit/batch.Extra.Records",
	},
	"for callers: figures where there is no fee, and the periods to which figures refer by number": {"credit/batch.Fleet.Judge", "credit/batch.Fleet.Periods"},
	"for callers: each figure of a run is one of its totals": {
		"credit/batch.Totals.CreditAtMost", "credit/batch.Totals.Currencies", "credit/batch.Totals.Down", "credit/batch.Totals.DownAtMost",
		"credit/batch.Totals.Due", "credit/batch.Totals.Failed", "credit/batch.Totals.Met", "credit/batch.Totals.None", "credit/batch.Totals.Provisional",
		"credit/batch.Totals.Settlements", "credit/batch.Totals.Several", "credit/batch.Totals.Undecided", "credit/batch.Totals.WithoutBreach",
	},
	"for callers: the totals of runs on several machines": {"credit/batch.Totals.Merge"},
	"for callers: the field and the cause of an error":    {"credit/batch.CustomerError.Err", "sla.FieldError.Pointer"},
	"for callers who tell apart what refused":             {"credit/issue.ErrOutdated", "sla.ErrUncovered"},
	"for callers: arithmetic on what they are owed": {
		"credit.Exact.Decimal", "credit.Money.Cmp",
	},
	"for callers: what an agreement asks of a bill beside its charges": {
		"credit.Bill.Claims", "credit.Bill.Revisions", "credit.Price.ChargeWindow", "sla.Usage.Mark",
	},
	"for callers: what a document says of itself": {
		"credit/issue.Adjustment.Corrects", "credit/issue.Adjustment.Kind", "credit/issue.AppliedLine.Line", "credit/issue.Confirmation", "credit/issue.Decrease", "credit/issue.Increase",
		"credit/issue.Issue", "credit/issue.Change", "credit/issue.Reversal",
	},
	"for callers: the figures of service level management": {
		"sla.Availability.Percent", "sla.ErrorBudget.Allowed", "sla.ErrorBudget.Consumed", "sla.ErrorBudget.Remaining", "sla.ErrorBudget.RemainingPercent",
		"sla.Measurement.Longest", "sla.Measurement.MeanTimeToRestore", "sla.Verdict.WithoutBreach",
	},
	"for callers: a row of a table as it was compiled": {
		"sla.Row.Clause", "sla.Row.Count", "sla.Row.Tier",
	},
	"for callers: a catalog of their own, and what they look for in one": {
		"sla/catalog.Edition.Begins", "sla/catalog.Edition.Source", "sla/catalog.None", "sla/catalog.Query.Country", "sla/catalog.Query.Plan",
		"sla/catalog.Query.Service", "sla/catalog.Read",
	},
	"for callers who read amounts and documents back, or build them by hand": {
		"credit/issue.Adjustment.Validate", "credit/issue.AdjustmentFormat", "credit/issue.ApplicationFormat", "credit/issue.Identity.Validate",
		"credit/issue.ResultFormat", "credit/issue.ReviewFormat", "credit/issue.Units.Money", "credit.StatementFormat", "sla.MeasurementFormat",
		"sla.VerdictFormat", "sla/catalog.Format",
	},
	"for callers who prove a fingerprint":                       {"credit/issue.Canonical"},
	"for callers: what the bills of later months need":          {"credit.Statement.Given"},
	"for callers whose fees count parts of a month exactly":     {"credit.Price.Exact"},
	"for callers: == does not compare long fractions":           {"sla.Percent.Equal", "sla.ServiceTime.Equal"},
	"for callers who compute with a percentage":                 {"sla.Percent.Points"},
	"for callers without the zone data of the machine":          {"sla.Agreement.CompileIn"},
	"for callers who count what happened, by the reason's code": {"sla.Reason.Code"},
}

// interfaces are the methods that other packages call through an interface.
var interfaces = []string{
	"String", "Error", "Unwrap", "Is", "MarshalText", "UnmarshalText", "MarshalJSON", "UnmarshalJSON",
	"IsZero",        // for omitzero
	"Scan", "Value", // for databases
}

// Every exported name has a user outside its package, or a reason. Users are the
// other packages of this module, the examples, the external Example tests, the
// nested modules and the program of the README. A name that no caller writes has a
// user in four cases: a method of an interface, a field of a JSON document, the
// type of a field or result that has a user, and a constant of a type that has one.
func TestEveryExportedNameHasAUser(t *testing.T) {
	if testing.Short() {
		t.Skip("asks the compiler for the packages")
	}
	n := namesOf(t)
	files, callers := callers(t)
	for path, parsed := range callers {
		n.use(path, files, parsed)
	}
	var alone []string
	for o, name := range n.names {
		if !n.hasUser(o) {
			alone = append(alone, name)
		}
	}
	var reasoned []string
	for _, names := range unused {
		reasoned = append(reasoned, names...)
	}
	slices.Sort(alone)
	slices.Sort(reasoned)
	assert.Equal(t, reasoned, alone, "a name without a user needs a reason in unused, and no other name has one")
}

// names are the exported names of the packages that importers link.
type names struct {
	names map[types.Object]string // as "sla.Verdict.Findings"
	used  map[types.Object]bool
}

func namesOf(t *testing.T) *names {
	t.Helper()
	packages, err := packages()
	require.NoError(t, err)
	n := &names{map[types.Object]string{}, map[types.Object]bool{}}
	for path, pkg := range packages {
		for _, name := range pkg.Scope().Names() {
			o := pkg.Scope().Lookup(name)
			if !o.Exported() {
				continue
			}
			name = path + "." + name
			n.names[o] = name
			named, isNamed := o.Type().(*types.Named)
			if _, isType := o.(*types.TypeName); !isType || !isNamed {
				continue
			}
			for m := range named.Methods() {
				n.add(m, name)
			}
			switch u := named.Underlying().(type) {
			case *types.Struct:
				for f := range u.Fields() {
					n.add(f, name)
				}
			case *types.Interface:
				for m := range u.ExplicitMethods() {
					n.add(m, name)
				}
			}
		}
	}
	return n
}

// add adds a method or a field of a type.
func (n *names) add(o types.Object, of string) {
	if o.Exported() {
		n.names[o] = of + "." + o.Name()
	}
}

// hasUser reports whether a name has a user.
func (n *names) hasUser(o types.Object) bool {
	if n.used[o] {
		return true
	}
	switch o := o.(type) {
	case *types.Func:
		return o.Signature().Recv() != nil && slices.Contains(interfaces, o.Name())
	case *types.Const:
		named, ok := o.Type().(*types.Named)
		return ok && n.used[named.Obj()]
	}
	return false
}

// callers returns the files of all packages of the tree that may use names of
// others, with the nested modules. The path of an external test ends in _test.
func callers(t *testing.T) (*token.FileSet, map[string][]*ast.File) {
	t.Helper()
	files, byPath := token.NewFileSet(), map[string][]*ast.File{}
	add := func(dir, name string, source any) {
		file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
		require.NoError(t, err)
		test, external := strings.HasSuffix(name, "_test.go"), strings.HasSuffix(file.Name.Name, "_test")
		switch example := strings.HasPrefix(path.Base(name), "example"); {
		case dir == "internal/oracle": // a test in all but its name
			return
		case test && !strings.HasPrefix(dir, "examples") && !strings.HasPrefix(dir, "tools") && (!external || !example):
			return
		case external:
			dir += "_test"
		}
		byPath[dir] = append(byPath[dir], file)
	}
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		switch {
		case entry.IsDir() && (entry.Name() == "testdata" || len(entry.Name()) > 1 && entry.Name()[0] == '.'):
			return filepath.SkipDir
		case filepath.Ext(name) == ".go":
			add(path.Dir(filepath.ToSlash(name)), filepath.ToSlash(name), nil)
		}
		return nil
	})
	require.NoError(t, err)
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	for _, block := range fence.FindAllStringSubmatch(string(readme), -1) {
		if block[1] == "go" {
			add("README", "README.go", block[2])
		}
	}
	return files, byPath
}

// use marks the names that a package uses. Packages that only tests import are not
// looked for, so an expression that depends on them has no type.
func (n *names) use(path string, files *token.FileSet, parsed []*ast.File) {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}}
	config := types.Config{Importer: exports, Error: func(error) {}}
	config.Check(module+path, files, parsed, info) //nolint:errcheck // of packages that are not looked for
	for _, o := range info.Uses {
		n.mark(o)
	}
	for e, v := range info.Types { // a struct without the names of its fields
		literal, ok := e.(*ast.CompositeLit)
		if !ok || len(literal.Elts) == 0 {
			continue
		}
		if _, keyed := literal.Elts[0].(*ast.KeyValueExpr); keyed {
			continue
		}
		if s, ok := v.Type.Underlying().(*types.Struct); ok {
			for f := range s.Fields() {
				n.mark(f)
			}
		}
	}
}

// mark marks a name as used, and the types of which a caller then holds a value.
func (n *names) mark(o types.Object) {
	switch of := o.(type) {
	case *types.Func:
		o = of.Origin()
	case *types.Var:
		o = of.Origin()
	}
	if _, ours := n.names[o]; !ours || n.used[o] {
		return
	}
	n.used[o] = true
	n.markType(o.Type())
}

// markType marks the types of which the parts of a value are.
func (n *names) markType(of types.Type) {
	switch of := of.(type) {
	case *types.Named:
		n.mark(of.Obj())
		for arg := range of.TypeArgs().Types() {
			n.markType(arg)
		}
		if s, ok := of.Underlying().(*types.Struct); ok {
			for i := range s.NumFields() {
				if strings.HasPrefix(s.Tag(i), "json:") {
					n.mark(s.Field(i))
				}
			}
		}
	case *types.Signature:
		if of.Recv() != nil {
			n.markType(of.Recv().Type())
		}
		for v := range of.Results().Variables() {
			n.markType(v.Type())
		}
	case *types.Map:
		n.markType(of.Key())
		n.markType(of.Elem())
	case interface{ Elem() types.Type }:
		n.markType(of.Elem())
	}
}
