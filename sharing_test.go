package slacredit_test

import (
	"bytes"
	"context"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"iter"
	"maps"
	"math/big"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/credit/batch"
	"github.com/slacredit/slacredit/credit/issue"
	"github.com/slacredit/slacredit/internal/apart"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
	"github.com/slacredit/slacredit/sla/catalog"
)

// exports imports packages as the compiler left them in its cache: those of this
// module and those that they depend on.
var exports = importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
	files, err := exported()
	if err != nil {
		return nil, err
	}
	return os.Open(files[path])
})

// exported returns the file of each package that holds what the compiler exports.
var exported = sync.OnceValues(func() (map[string]string, error) {
	listed, err := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}", "./...").Output()
	files := map[string]string{}
	for line := range strings.Lines(string(listed)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		files[path] = file
	}
	return files, err
})

// packages returns the packages that importers link.
var packages = sync.OnceValues(func() (map[string]*types.Package, error) {
	all := map[string]*types.Package{}
	for _, path := range []string{"outage", "sla/calendar", "sla", "sla/catalog", "credit", "credit/issue", "credit/batch", "credit/page"} {
		pkg, err := exports.Import(module + path)
		if err != nil {
			return nil, err
		}
		all[path] = pkg
	}
	return all, nil
})

// doors returns every exported function and method of the packages that could
// keep memory of its caller, or hand out its own: it takes or returns something
// behind which a caller can write, and returns more than plain values, or has a
// receiver that keeps things.
func doors(t *testing.T) []string {
	t.Helper()
	var names []string
	for path, pkg := range sla.Must(packages()) {
		add := func(f *types.Func, name string) {
			s := f.Signature()
			var all []types.Type
			keeps := false
			if r := s.Recv(); r != nil {
				all = append(all, r.Type())
				_, pointer := r.Type().(*types.Pointer)
				keeps = pointer && s.Params().Len() > 0
			}
			for v := range s.Params().Variables() {
				all = append(all, v.Type())
			}
			for v := range s.Results().Variables() {
				all = append(all, v.Type())
				keeps = keeps || !isPlain(v.Type(), map[types.Type]bool{})
			}
			writes := slices.ContainsFunc(all, func(of types.Type) bool { return canWrite(of, map[types.Type]bool{}) })
			if f.Exported() && keeps && writes && !isCoding(f.Name()) {
				names = append(names, path+"."+name)
			}
		}
		for _, name := range pkg.Scope().Names() {
			switch o := pkg.Scope().Lookup(name).(type) {
			case *types.Func:
				add(o, name)
			case *types.TypeName:
				if named, ok := o.Type().(*types.Named); ok && o.Exported() {
					for f := range named.Methods() {
						add(f, name+"."+f.Name())
					}
				}
			}
		}
	}
	return names
}

// isCoding reports whether a method only turns a value into text or back, which
// share nothing.
func isCoding(name string) bool {
	return strings.HasPrefix(name, "Marshal") || strings.HasPrefix(name, "Unmarshal") || name == "String" || name == "Error"
}

// isPlain reports whether nothing lies behind a value of a type, but perhaps what
// never changes.
func isPlain(of types.Type, seen map[types.Type]bool) bool {
	if seen[of] {
		return true
	}
	seen[of] = true
	switch of.String() {
	case "error", "time.Time", "github.com/shopspring/decimal.Decimal":
		return true
	}
	switch u := of.Underlying().(type) {
	case *types.Basic:
		return true
	case *types.Struct:
		for f := range u.Fields() {
			if !isPlain(f.Type(), seen) {
				return false
			}
		}
		return true
	}
	return false
}

// canWrite is [apart.Holds] for what the compiler knows of a type.
func canWrite(of types.Type, seen map[types.Type]bool) bool {
	if seen[of] {
		return false
	}
	seen[of] = true
	switch name := of.String(); {
	case name == "error", name == "*time.Location", strings.HasPrefix(name, "io."), strings.HasPrefix(name, "io/fs."), strings.HasPrefix(name, "context."):
		return false
	}
	switch u := of.Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map, *types.Interface:
		return true
	case *types.Array:
		return canWrite(u.Elem(), seen)
	case *types.Struct:
		for f := range u.Fields() {
			if f.Exported() && canWrite(f.Type(), seen) {
				return true
			}
		}
	case *types.Signature: // of an iterator: what it yields
		for _, tuple := range []*types.Tuple{u.Params(), u.Results()} {
			for v := range tuple.Variables() {
				if canWrite(v.Type(), seen) {
					return true
				}
			}
		}
	}
	return false
}

// A world is one of everything, with something behind every field.
type world struct {
	at        time.Time
	window    outage.Window
	windows   []outage.Window
	set       outage.Set
	records   []outage.Record
	revisions []outage.Revision
	text      []byte // the records
	log       []byte // the revisions
	agreement sla.Agreement
	resources []outage.Timeline
	plain     outage.Timeline // of the resource of the records
	simple    *sla.Terms      // for a resource alone
	may       calendar.Period
	june      calendar.Period
	bill      credit.Bill
	issued    []issue.Adjustment
}

func newWorld(t *testing.T) *world {
	t.Helper()
	at := time.Date(2014, time.May, 27, 20, 13, 0, 0, time.UTC)
	w := &world{at: at, window: outage.MustWindow(at, at.Add(5*time.Hour))}
	w.windows = []outage.Window{outage.MustWindow(at.Add(time.Hour), at.Add(2*time.Hour)), outage.MustWindow(at, at.Add(3*time.Hour))}
	w.set = outage.NewSet(w.window)
	end := time.Date(2014, time.June, 1, 5, 0, 0, 0, time.UTC)
	w.records = []outage.Record{
		outage.Outage{ID: "o-1", Resource: "web", Start: at, End: end, Cause: "operator", Marks: map[string]time.Time{"ticket": at}},
		outage.Outage{ID: "o-2", Resource: "web", Start: end.AddDate(0, 0, 20), Marks: map[string]time.Time{"ticket": end.AddDate(0, 0, 20)}},
		outage.Maintenance{ID: "m-1", Resource: "web", Start: at, End: at.Add(time.Hour), Announced: at.AddDate(0, -1, 0)},
		outage.Traffic{ID: "t-1", Resource: "web", Start: at, End: at.Add(time.Hour), Requests: 2, Failed: 1},
		outage.Coverage{ID: "c-1", Resource: "web", Start: at.AddDate(-1, 0, 0)},
		outage.Lifetime{ID: "l-1", Resource: "web", Start: at.AddDate(-1, 0, 0)},
		outage.Maintenance{ID: "m-2", Resource: "web", Start: end.AddDate(0, 0, 20), End: end.AddDate(0, 0, 21), Cause: "upgrade"},
	}
	for _, r := range w.records[:2] {
		w.revisions = append(w.revisions, outage.Revision{Record: r, Number: 1, Known: at, By: "us"})
	}
	var text bytes.Buffer
	require.NoError(t, outage.Write(&text, outage.JSON, slices.Values(w.records)))
	w.text = bytes.Clone(text.Bytes())
	text.Reset()
	require.NoError(t, outage.WriteLog(&text, slices.Values(w.revisions)))
	w.log = text.Bytes()

	w.may, w.june = calendar.Month(2014, time.May, time.UTC), calendar.Month(2014, time.June, time.UTC)
	asOf := w.june.Window().End()
	of := func(resource string) outage.Timeline {
		records := slices.Clone(w.records)
		for i, r := range records {
			v := reflect.New(reflect.TypeOf(r)).Elem()
			v.Set(reflect.ValueOf(r))
			v.FieldByName("Resource").SetString(resource)
			records[i] = v.Interface().(outage.Record)
		}
		return sla.Must(outage.Options{AsOf: asOf}.Timeline(records...))
	}
	w.plain = of("web")
	for _, name := range []string{"web", "api"} {
		w.resources = append(w.resources, of(name).WithLabels(map[string]string{"region": "eu", "account": "7"}))
	}
	rows := []sla.Tier{{When: "below 99.9%", Give: "10%"}}
	uptime := sla.Commitment{
		Name: "uptime", Promise: "at least 99.9%", Credits: rows, AtMost: []sla.Cap{"1%"},
		Downtime:    sla.Downtime{Causes: []string{"operator"}, Starts: []string{"ticket"}, Ends: []string{"end"}},
		Exclusions:  []sla.Exclusion{{Causes: []string{"maintenance"}, Notice: "24h", Hours: []sla.Hours{"Sun 02:00-04:00"}}},
		Calculation: sla.Calculation{Zone: "UTC", Hours: []sla.Hours{"Mon-Sun 00:00-24:00"}},
		Termination: []sla.Termination{{If: sla.Pattern{Each: "over 1h"}}, {If: sla.Pattern{Total: "over 1h", Within: "30d"}}, {}},
	}
	simple := uptime
	simple.Base.Without = []string{"one-time"}
	uptime.Base, uptime.OneOf = sla.Base{By: []string{"region"}, Only: []string{"hourly"}}, []string{"g"}
	other := uptime
	other.Name = "other"
	w.simple = sla.Must(sla.Agreement{Name: "simple", Commitments: []sla.Commitment{simple}, AtMost: []sla.Cap{"100%"}}.Compile())
	w.agreement = sla.Agreement{
		Name: "all", AtMost: []sla.Cap{"90%"}, Claims: sla.Claims{Requires: []string{"logs"}}, Payment: sla.Payment{Forms: []string{"credit"}},
		Commitments: []sla.Commitment{uptime, other, {
			Name: "pool", Promise: "at least 99.9%", Credits: rows, Base: sla.Base{By: []string{"account"}, Without: []string{"one-time"}},
			Scope: sla.Scope{Only: map[string][]string{"region": {"eu"}}, Levels: []sla.Level{{By: "account", Pooled: true}}},
		}},
	}

	verdicts := sla.Must(sla.Must(w.agreement.Compile()).JudgeAll(w.resources, w.june))
	w.bill = credit.Bill{
		Customer: "acme", Period: w.june, Verdicts: verdicts, Prior: []credit.Prior{}, Revisions: w.revisions,
		Claims:  []credit.Claim{{Agreement: "all", Commitment: "pool", At: at, Standing: sla.Standing{Stage: sla.Open}}},
		Charges: []credit.Charge{{ID: "1", Resource: "web", Kind: "hourly", Amount: credit.MustMoney("USD 100.00"), Labels: map[string]string{"region": "eu", "account": "7"}}},
	}
	s, err := credit.NewStatement(w.bill)
	require.NoError(t, err)
	w.issued, err = issue.Restate(nil, s, issue.Options{IssueProvisional: true})
	require.NoError(t, err)
	return w
}

func collect2[K, V any](s iter.Seq2[K, V]) (all []V) {
	for _, v := range s {
		all = append(all, v)
	}
	return all
}

func (w *world) terms() *sla.Terms { return sla.Must(w.agreement.Compile()) }
func (w *world) fleet() *batch.Fleet {
	return sla.Must(batch.NewFleet(w.simple, w.plain, w.may, w.june))
}

func (w *world) usage() *sla.Usage {
	u := &sla.Usage{}
	for _, r := range w.resources {
		u.Resource(r.Labels())
	}
	for _, r := range w.records {
		u.Record(r)
	}
	for _, c := range w.bill.Charges {
		u.Charge(c.Kind)
	}
	u.Mark("ticket")
	return u
}

func (w *world) tariff() *batch.Fleet {
	return sla.Must(batch.NewFleet(sla.Must(sla.Agreement{Name: "plain", Commitments: []sla.Commitment{{
		Promise: "at least 99.9%", Credits: []sla.Tier{{When: "below 99.9%", Give: "10%"}},
	}}}.Compile()), outage.Timeline{}, w.may))
}

func (w *world) customers() []batch.Customer {
	return []batch.Customer{{Fleet: w.tariff(), Fee: credit.MustMoney("USD 100.00"), Outages: w.windows, More: &batch.Extra{Records: []outage.Record{}}}}
}

func (w *world) statement() credit.Statement { return sla.Must(credit.NewStatement(w.bill)) }

func (w *world) totals() batch.Totals {
	var t batch.Totals
	for _, currency := range []string{"USD", "EUR", "CHF"} {
		sla.Must(0, t.Add(currency, batch.Figures{Credit: 1}))
	}
	return t
}

// probes have, for each door, values no two of which may share memory: what goes
// in, what comes out, and what comes out a second time.
var probes = map[string]func(w *world) []any{
	"outage.NewSet":      func(w *world) []any { return []any{w.windows, w.windows[:1], outage.NewSet(w.windows...)}[1:] },
	"outage.NewTimeline": func(w *world) []any { return []any{w.records, w.plain} },
	"outage.Options.Timelines": func(w *world) []any {
		resources, labels := []string{"db"}, map[string]map[string]string{"web": {"region": "eu"}}
		options := outage.Options{AsOf: w.may.Window().End(), Resources: resources, Labels: labels}
		return []any{w.records, resources, labels, sla.Must(options.Timelines(w.records...))}
	},
	"outage.Options.Timeline": func(w *world) []any {
		labels := map[string]map[string]string{"web": {"region": "eu"}}
		return []any{w.plain, labels, sla.Must(outage.Options{Labels: labels}.Timeline())}
	},
	"outage.Timeline.Labels": func(w *world) []any {
		return []any{w.resources[0], w.resources[0].Labels(), w.resources[0].Labels()}
	},
	"outage.Timeline.WithLabels": func(w *world) []any {
		labels := map[string]string{"region": "eu"}
		return []any{w.plain, labels, w.plain.WithLabels(labels)}
	},
	"outage.Timeline.With": func(w *world) []any {
		more := []outage.Record{outage.Outage{ID: "x", Resource: "web", Start: w.at, End: w.at.Add(1), Marks: map[string]time.Time{"ticket": w.at}}}
		return []any{w.windows, more, w.plain, collect2(sla.Must(w.plain.With(w.windows, more...)).Outages())}
	},
	"outage.Timeline.Outages": func(w *world) []any {
		return []any{w.plain, collect2(w.plain.Outages()), collect2(w.plain.Outages())}
	},
	"outage.Timeline.Open": func(w *world) []any { return []any{w.plain, w.plain.Open(), w.plain.Open()} },
	"outage.Timeline.Segments": func(w *world) []any {
		all := []any{w.plain}
		for s := range w.plain.Segments(w.june.Window()) {
			all = append(all, s)
		}
		return all
	},
	"outage.Log.Append": func(w *world) []any {
		l := &outage.Log{}
		return []any{w.revisions, sla.Must(l, l.Append(w.revisions...)), l.AsOf(w.may.Window().End())}
	},
	"outage.Log.Merge": func(w *world) []any {
		l, m := sla.Must(outage.ReadLog(bytes.NewReader(w.log))), &outage.Log{}
		return []any{slices.Collect(l.All()), sla.Must(m, m.Merge(l)), slices.Collect(m.All())}
	},
	"outage.Log.AsOf": func(w *world) []any {
		l := sla.Must(outage.ReadLog(bytes.NewReader(w.log)))
		return []any{l, l.AsOf(time.Time{}), l.AsOf(time.Time{})}
	},
	"outage.Log.All": func(w *world) []any {
		l := sla.Must(outage.ReadLog(bytes.NewReader(w.log)))
		return []any{l, slices.Collect(l.All()), slices.Collect(l.All())}
	},
	"outage.Log.History": func(w *world) []any {
		l := sla.Must(outage.ReadLog(bytes.NewReader(w.log)))
		return []any{l, slices.Collect(l.History("o-1")), slices.Collect(l.History("o-1"))}
	},
	"outage.ReadLog": func(w *world) []any { return []any{w.log, sla.Must(outage.ReadLog(bytes.NewReader(w.log)))} },
	"outage.Read": func(w *world) []any {
		return []any{w.text, sla.Must(outage.Read(bytes.NewReader(w.text), outage.ReadOptions{}))}
	},
	"outage.Scan": func(w *world) []any {
		return scanned(w.text, outage.Scan(bytes.NewReader(w.text), outage.ReadOptions{}))
	},
	"outage.Revision.Clone": func(w *world) []any { return []any{w.revisions[0], w.revisions[0].Clone()} },
	"outage.Set.Union":      func(w *world) []any { return []any{[]outage.Set{w.set}, w.set.Union(w.set)} },
	"outage.Set.Intersect":  func(w *world) []any { return []any{[]outage.Set{w.set}, w.set.Intersect(w.set)} },
	"outage.Set.AtLeast":    func(w *world) []any { return []any{[]outage.Set{w.set}, w.set.AtLeast(1, w.set)} },

	"sla.Agreement.Clone":     func(w *world) []any { return []any{w.agreement, w.agreement.Clone()} },
	"sla.Agreement.Compile":   func(w *world) []any { return []any{w.agreement, w.terms()} },
	"sla.Agreement.CompileIn": func(w *world) []any { return []any{w.agreement, sla.Must(w.agreement.CompileIn(nil))} },
	"sla.Compile": func(w *world) []any {
		return []any{w.agreement.Commitments, sla.Must(sla.Compile("x", w.agreement.Commitments...))}
	},
	"sla.MustCompile": func(w *world) []any {
		return []any{w.agreement.Commitments, sla.MustCompile("x", w.agreement.Commitments...)}
	},
	"sla.FieldErrors": func(*world) []any { // those of one error are its own
		_, err := sla.Compile("x", sla.Commitment{})
		_, again := sla.Compile("x", sla.Commitment{})
		return []any{sla.FieldErrors(err), sla.FieldErrors(again)}
	},
	"sla.AgreementSchema": func(*world) []any { return []any{sla.AgreementSchema(), sla.AgreementSchema()} },
	"sla.ParseAgreement": func(w *world) []any {
		data := sla.Must(w.agreement.MarshalJSON())
		return []any{data, sla.Must(sla.ParseAgreement(data))}
	},
	"sla/calendar.Cycle.Ending": func(w *world) []any {
		monthly := calendar.Cycle{Start: w.may.First(), Zone: time.UTC, Months: 1}
		return []any{sla.Must(monthly.Ending(w.may.Window())), sla.Must(monthly.Ending(w.may.Window()))}
	},
	"sla/calendar.Period.Since": func(w *world) []any {
		return []any{w.june.Since(w.may.Window().Start(), time.UTC), w.june.Since(w.may.Window().Start(), time.UTC)}
	},
	"sla/calendar.ParseCycle": func(*world) []any {
		data := []byte(`{"start":"2014-05-01","zone":"UTC","months":1}`)
		return []any{data, sla.Must(calendar.ParseCycle(data, nil))}
	},
	"sla.Terms.Agreement": func(w *world) []any {
		terms := w.terms()
		return []any{terms, terms.Agreement(), terms.Agreement()}
	},
	"credit.PaidFor": func(w *world) []any {
		paid, _ := credit.PaidFor("web", w.bill.Charges, w.june)
		again, _ := credit.PaidFor("web", w.bill.Charges, w.june)
		return []any{w.bill.Charges, paid, again}
	},
	"sla.Finding.RoundedAtLeast": func(w *world) []any {
		f := w.bill.Verdicts[0].Findings[0]
		return []any{f, f.RoundedAtLeast(), f.RoundedAtLeast()}
	},
	"sla.Terms.Vocabulary": func(w *world) []any {
		terms := w.terms()
		return []any{terms, terms.Vocabulary(), terms.Vocabulary()}
	},
	"sla.Terms.Check": func(w *world) []any {
		terms, u := w.terms(), w.usage()
		return []any{terms, u, terms.Check(u), terms.Check(u)}
	},
	"sla.Usage.Resource": func(w *world) []any { return []any{w.usage(), w.resources[0].Labels()} },
	"sla.Usage.Record":   func(w *world) []any { return []any{w.usage(), w.records} },
	"sla.Usage.Charge":   func(w *world) []any { return []any{w.usage(), w.bill.Charges} },
	"sla.Usage.Mark":     func(w *world) []any { return []any{w.usage(), w.records} },
	"sla.Terms.Judge": func(w *world) []any {
		return []any{w.simple, w.plain, sla.Must(w.simple.Judge(w.plain, w.june)), sla.Must(w.simple.Judge(w.plain, w.june))}
	},
	"sla.Terms.JudgeAll": func(w *world) []any {
		terms, periods := w.terms(), []calendar.Period{w.may, w.june}
		verdicts := sla.Must(terms.JudgeAll(w.resources, periods...))
		return append(apartOf(verdicts), terms, w.resources, periods, sla.Must(terms.JudgeAll(w.resources, periods...)))
	},
	"sla.Terms.Terminations": func(w *world) []any {
		verdicts := sla.Must(w.simple.JudgeAll([]outage.Timeline{w.plain}, w.may, w.june))
		rights := sla.Must(w.simple.Terminations(verdicts)) // which share lists with each other, as they may be many
		return []any{rights, w.simple, verdicts, sla.Must(w.simple.Terminations(verdicts))}
	},
	"sla.Terms.Standing": func(w *world) []any {
		marks := calendar.Marks{"period": w.at}
		return []any{marks, sla.Must(w.simple.Standing("uptime", marks, calendar.Workdays{}, w.at))}
	},
	"credit/batch.NewFleet": func(w *world) []any {
		periods := []calendar.Period{w.may, w.june}
		return []any{periods, sla.Must(batch.NewFleet(w.simple, w.plain, periods...))}
	},
	"credit/batch.Fleet.Terms":   func(w *world) []any { return []any{w.fleet(), w.fleet()} }, // which never change
	"credit/batch.Fleet.Periods": func(w *world) []any { f := w.fleet(); return []any{f, f.Periods(), f.Periods()} },
	"credit/batch.Fleet.Verdicts": func(w *world) []any {
		f := w.fleet()
		return append(apartOf(sla.Must(f.Verdicts(w.windows))), f, w.windows)
	},
	"credit/batch.Fleet.Judge": func(w *world) []any { return []any{w.windows, sla.Must(w.fleet().Judge(nil, w.windows...))} },
	"sla.Measurement.In": func(w *world) []any {
		m := sla.Must(sla.Measure(w.plain, w.june))
		return []any{m, m.In(sla.Down), m.In(sla.Down)}
	},
	"sla.Terms.Rows": func(w *world) []any {
		t := w.simple
		return []any{t, sla.Must(t.Rows("/commitments/0", time.Hour)), sla.Must(t.Rows("/commitments/0", time.Hour))}
	},
	"sla.Terms.Entitlement": func(w *world) []any {
		return []any{w.simple, sla.Must(w.simple.Entitlement("/commitments/0", time.Hour, time.Hour))}
	},
	"sla.Measure": func(w *world) []any {
		return []any{w.plain, sla.Must(sla.Measure(w.plain, w.june)), sla.Must(sla.Measure(w.plain, w.june))}
	},
	"sla.Measurement.Availability": func(w *world) []any {
		m := sla.Must(sla.Measure(w.plain, w.june))
		return []any{m, m.Availability(), m.Availability().Ratio()}
	},
	"sla.Availability.Ratio": func(w *world) []any {
		a := sla.Must(sla.Measure(w.plain, w.june)).Availability()
		return []any{a, a.Ratio(), a.Ratio()}
	},
	"sla.Percent.Rat": func(*world) []any {
		var p sla.Percent
		sla.Must(0, p.UnmarshalText([]byte("1/3%")))
		return []any{p, p.Rat(), p.Rat()}
	},
	"sla.ServiceTime.Nanoseconds": func(*world) []any {
		var s sla.ServiceTime
		sla.Must(0, s.UnmarshalText([]byte("1/3s")))
		return []any{s, s.Nanoseconds(), s.Nanoseconds()}
	},
	"sla.Share.Rat": func(*world) []any { return []any{sla.Must(sla.Share("1/3").Rat()), sla.Must(sla.Share("1/3").Rat())} },
	"sla.Sum.Amount": func(*world) []any {
		var s sla.Sum
		sla.Must(0, s.UnmarshalText([]byte("1USD")))
		return []any{s, s.Amount(), s.Amount()}
	},
	"sla.Finding.Clone": func(w *world) []any { f := w.bill.Verdicts[0].Findings[0]; return []any{f, f.Clone()} },
	"sla.Verdict.Clone": func(w *world) []any { return []any{w.bill.Verdicts[0], w.bill.Verdicts[0].Clone()} },

	"sla/catalog.Catalog.All": func(*world) []any {
		c := sla.Must(catalog.Published())
		return []any{c, slices.Collect(c.All()), slices.Collect(c.All())}
	},
	"sla/catalog.Catalog.Find": func(*world) []any {
		c, q := sla.Must(catalog.Published()), catalog.Query{Provider: "amazon"}
		return []any{c, slices.Collect(c.Find(q)), slices.Collect(c.Find(q))}
	},
	"sla/catalog.Catalog.One": func(*world) []any {
		c, q := sla.Must(catalog.Published()), catalog.Query{Provider: "1-gb"}
		return []any{c, sla.Must(c.One(q)), sla.Must(c.One(q))}
	},
	"sla/catalog.Edition.Terms": func(*world) []any {
		e := sla.Must(sla.Must(catalog.Published()).One(catalog.Query{Provider: "1-gb"}))
		return []any{e, sla.Must(e.Terms())}
	},

	"credit.Bill.Counted": func(w *world) []any { return []any{w.bill, w.bill.Counted(), w.bill.Counted()} },
	"credit.NewExact": func(*world) []any {
		amount := big.NewRat(1, 3)
		return []any{amount, credit.NewExact(amount)}
	},
	"credit.NewStatement": func(w *world) []any { return []any{w.bill, w.statement(), w.statement()} },
	"credit/issue.Restate": func(w *world) []any {
		s := w.statement()
		s.Charges[0].Amount = credit.MustMoney("USD 200.00")
		s = sla.Must(credit.NewStatement(credit.Bill{Customer: s.Customer, Period: s.Period, Charges: s.Charges, Verdicts: s.Verdicts, Prior: s.Prior}))
		return []any{w.issued, s, sla.Must(issue.Restate(w.issued, s, issue.Options{IssueProvisional: true}))}
	},
	"credit.Statement.Account": func(w *world) []any { s := w.statement(); return []any{s, s.Account(), s.Account()} },
	"credit.Credit.Account":    func(w *world) []any { c := w.statement().Credits[0]; return []any{c, c.Account(), c.Account()} },
	"credit.Part.Account": func(w *world) []any {
		p := w.statement().Credits[0].Parts[0]
		return []any{p, p.Account(), p.Account()}
	},
	"credit.Statement.Given": func(w *world) []any { s := w.statement(); return []any{s, s.Given(), s.Given()} },
	"credit/issue.Results": func(w *world) []any {
		s := w.statement()
		return []any{s, sla.Must(issue.Results(s)), sla.Must(issue.Results(s))}
	},
	"credit.Credit.Lines": func(w *world) []any {
		c := w.statement().Credits[0]
		return []any{c, sla.Must(c.Lines()), sla.Must(c.Lines())}
	},
	"credit/issue.NewReview": func(w *world) []any {
		s, o := w.statement(), issue.ReviewOptions{Narrow: 1000 * time.Hour}
		return []any{s, sla.Must(issue.NewReview(s, 0, o)), sla.Must(issue.NewReview(s, 0, o))}
	},
	"credit/issue.ApplyLines": func(*world) []any {
		lines := []credit.Line{{ID: "1", Share: credit.MustMoney("USD 1.00"), Open: credit.MustMoney("USD 2.00")}}
		return []any{lines, sla.Must(issue.ApplyLines(lines))}
	},
	"credit/batch.Batch.Settle": func(w *world) []any {
		all := w.customers()
		return []any{all, sla.Must(batch.Batch{}.Settle(context.Background(), nil, all))}
	},
	"credit/batch.Batch.Stream": func(w *world) []any { // overwritten in turn, as it says
		all := []any{w.customers()}
		for s, err := range (batch.Batch{}).Stream(context.Background(), slices.Values(w.customers())) {
			all = append(all, sla.Must(s, err))
		}
		return all
	},
	"credit/batch.Settler.Settle": func(w *world) []any {
		var s batch.Settler
		all := w.customers()
		return []any{all, &s, sla.Must(s.Settle(nil, all[0]))}
	},
	"credit.Exact.Rat": func(*world) []any {
		var e credit.Exact
		sla.Must(0, e.UnmarshalText([]byte("1/3")))
		return []any{e, e.Rat(), e.Rat()}
	},
	"credit.Money.Value": func(*world) []any { m := credit.MustMoney("USD 1.00"); return []any{m, sla.Must(m.Value())} },
	"credit.Money.Scan": func(*world) []any {
		var m credit.Money
		text := []byte("USD 1.00")
		return []any{text, sla.Must(&m, m.Scan(text))}
	},
	"credit.Price.Charge": func(w *world) []any {
		p := credit.Price{Amount: credit.MustMoney("USD 1.00")}
		return []any{p, sla.Must(p.Charge("1", "web", w.may, w.may))}
	},
	"credit.Price.ChargeWindow": func(w *world) []any {
		p := credit.Price{Amount: credit.MustMoney("USD 1.00")}
		return []any{p, sla.Must(p.ChargeWindow("1", "web", w.may.Window(), w.may))}
	},
	"credit/batch.Totals.Add": func(w *world) []any {
		all := []batch.Figures{{Credit: 1}}
		var t batch.Totals
		return []any{all, sla.Must(t, t.Add("USD", all...))}
	},
	"credit/batch.Totals.Merge":      func(w *world) []any { a, b := w.totals(), batch.Totals{}; b.Merge(a); return []any{a, b} },
	"credit/batch.Totals.Due":        func(w *world) []any { t := w.totals(); return []any{t, t.Due(), t.Due()} },
	"credit/batch.Totals.Down":       func(w *world) []any { t := w.totals(); return []any{t, t.Down(), t.Down()} },
	"credit/batch.Totals.DownAtMost": func(w *world) []any { t := w.totals(); return []any{t, t.DownAtMost(), t.DownAtMost()} },
	"credit/batch.Totals.Currencies": func(w *world) []any { t := w.totals(); return []any{t, t.Currencies(), t.Currencies()} },
}

// openDoors share on purpose, and say so.
var openDoors = map[string]string{
	"sla.Must": "returns what it is given",
}

// apartOf returns the values of a slice, which may share nothing with each other
// either.
func apartOf[T any](all []T) []any {
	values := make([]any, len(all))
	for i := range all {
		values[i] = all[i]
	}
	return values
}

func scanned[T any](data []byte, scan iter.Seq2[T, error]) []any {
	all := []any{data}
	for one, err := range scan {
		all = append(all, sla.Must(one, err))
	}
	return all
}

// Whatever a caller does with what he gave, or with what he got, it changes
// nothing that somebody else holds: no door shares memory with its caller, nor
// hands out the same twice. A new door fails here until it has a probe.
func TestNothingSharesMemoryWithItsCaller(t *testing.T) {
	if testing.Short() {
		t.Skip("asks the compiler for the packages")
	}
	known := slices.Sorted(maps.Keys(openDoors))
	for name := range probes {
		known = append(known, name)
	}
	slices.Sort(known)
	all := doors(t)
	slices.Sort(all)
	assert.Equal(t, all, known, "each of these needs a probe")

	for _, name := range slices.Sorted(maps.Keys(probes)) {
		values := probes[name](newWorld(t))
		for i, v := range values {
			for _, other := range values[:i] {
				assert.Empty(t, apart.Shared(v, other), name)
			}
		}
	}
}

// The probes see everything: behind each field of what they look at lies
// something that could be shared.
func TestProbesHaveSomethingBehindEveryField(t *testing.T) {
	w := newWorld(t)
	s := w.statement()
	values := []any{
		w.agreement, w.records, w.revisions, w.bill, s, w.issued,
		sla.Must(w.simple.JudgeAll([]outage.Timeline{w.plain}, w.may, w.june)),
		sla.Must(w.simple.Terminations(sla.Must(w.simple.JudgeAll([]outage.Timeline{w.plain}, w.may, w.june)))),
		sla.Must(issue.NewReview(s, 0, issue.ReviewOptions{Narrow: 1000 * time.Hour})),
		// What none of these has.
		sla.Finding{Cycles: []calendar.Period{w.may}, Unlived: w.windows},
		credit.Credit{Quiet: []string{"web"}},
		credit.Part{Spread: []credit.Spread{{Resource: "web"}}},
		sla.Verdict{Quiet: []sla.Quiet{{Labels: map[string]string{"region": "eu"}, Base: sla.Base{By: []string{"region"}, Only: []string{"x"}, Without: []string{"y"}}}}},
	}
	for s := range w.plain.Segments(w.may.Window()) {
		values = append(values, s)
	}
	assert.Equal(t, []string{"credit.Bill.Prior", "credit.Statement.Prior"}, apart.Empty(values...), "which hold nothing but values")
}

// A big number that is handed out is not the one that is kept.
func TestNumbersAreHandedOutAsCopies(t *testing.T) {
	w := newWorld(t)
	totals := w.totals()
	for _, number := range []func() *big.Int{totals.Due, totals.Down, totals.DownAtMost} {
		before := number().String()
		number().Add(number(), big.NewInt(1)).SetInt64(7)
		assert.Equal(t, before, number().String())
	}
}
