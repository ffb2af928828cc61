package slacredit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/types"
	"io"
	"io/fs"
	"maps"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/credit/batch"
	"github.com/slacredit/slacredit/credit/issue"
	"github.com/slacredit/slacredit/credit/page"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
	"github.com/slacredit/slacredit/sla/catalog"
)

// functions are all that are exported, but those whose name begins with Must.
var functions = map[string]any{
	"outage.NewSet":           outage.NewSet,
	"outage.NewTimeline":      outage.NewTimeline,
	"outage.NewWindow":        outage.NewWindow,
	"outage.ParseWindow":      outage.ParseWindow,
	"outage.Read":             outage.Read,
	"outage.ReadLog":          outage.ReadLog,
	"outage.Scan":             outage.Scan,
	"outage.Validate":         outage.Validate,
	"outage.Write":            outage.Write,
	"outage.WriteLog":         outage.WriteLog,
	"sla.AgreementSchema":     sla.AgreementSchema,
	"sla.Compile":             sla.Compile,
	"sla.Measure":             sla.Measure,
	"sla/calendar.DateOf":     calendar.DateOf,
	"sla/calendar.IsMark":     calendar.IsMark,
	"sla/calendar.Month":      calendar.Month,
	"sla/calendar.NewPeriod":  calendar.NewPeriod,
	"sla.ParseAgreement":      sla.ParseAgreement,
	"sla/calendar.ParseCycle": calendar.ParseCycle,
	"sla/calendar.ParseDate":  calendar.ParseDate,
	"sla/calendar.Touching":   calendar.Touching,
	"sla/calendar.Year":       calendar.Year,
	"sla/catalog.Published":   catalog.Published,
	"sla/catalog.Read":        catalog.Read,
	"credit/issue.Apply":      issue.Apply,
	"credit/issue.ApplyLines": issue.ApplyLines,
	"credit.MoneyFromMinor":   credit.MoneyFromMinor,
	"credit.NewMoney":         credit.NewMoney,
	"credit/batch.NewFleet":   batch.NewFleet,
	"credit.NewExact":         credit.NewExact,
	"sla.AvailabilityOf":      sla.AvailabilityOf,
	"sla.FieldErrors":         sla.FieldErrors,
	"credit.NewStatement":     credit.NewStatement,
	"credit.PaidFor":          credit.PaidFor,
	"credit.ParseMoney":       credit.ParseMoney,
	"credit/issue.Canonical":  issue.Canonical,
	"credit/issue.NewReview":  issue.NewReview,
	"credit/issue.Results":    issue.Results,
	"credit/issue.Restate":    issue.Restate,
	"credit.RoundMoney":       credit.RoundMoney,
	"credit/page.Write":       page.Write,
}

// kinds are all types that are exported and no interfaces.
var kinds = map[string]any{
	"outage.Coverage":            new(outage.Coverage),
	"outage.Format":              new(outage.Format),
	"outage.Lifetime":            new(outage.Lifetime),
	"outage.Log":                 new(outage.Log),
	"outage.Maintenance":         new(outage.Maintenance),
	"outage.Options":             new(outage.Options),
	"outage.Outage":              new(outage.Outage),
	"outage.ReadOptions":         new(outage.ReadOptions),
	"outage.Ref":                 new(outage.Ref),
	"outage.Revision":            new(outage.Revision),
	"outage.RowError":            new(outage.RowError),
	"outage.Segment":             new(outage.Segment),
	"outage.Set":                 new(outage.Set),
	"outage.Timeline":            new(outage.Timeline),
	"outage.Traffic":             new(outage.Traffic),
	"outage.Window":              new(outage.Window),
	"sla.Agreement":              new(sla.Agreement),
	"sla.Availability":           new(sla.Availability),
	"sla.Base":                   new(sla.Base),
	"sla.Cap":                    new(sla.Cap),
	"sla.Calculation":            new(sla.Calculation),
	"sla/calendar.Workdays":      new(calendar.Workdays),
	"sla.Claims":                 new(sla.Claims),
	"sla.Commitment":             new(sla.Commitment),
	"sla/calendar.Cycle":         new(calendar.Cycle),
	"sla/calendar.Date":          new(calendar.Date),
	"sla/calendar.Deadline":      new(calendar.Deadline),
	"sla.Downtime":               new(sla.Downtime),
	"sla.DueStep":                new(sla.DueStep),
	"sla.Entitlement":            new(sla.Entitlement),
	"sla.ErrorBudget":            new(sla.ErrorBudget),
	"sla.Exclusion":              new(sla.Exclusion),
	"sla.Termination":            new(sla.Termination),
	"sla.FeeWindow":              new(sla.FeeWindow),
	"sla.Finding":                new(sla.Finding),
	"credit/batch.Fleet":         new(batch.Fleet),
	"sla.Gap":                    new(sla.Gap),
	"sla.Grade":                  new(sla.Grade),
	"sla.Hours":                  new(sla.Hours),
	"sla.Level":                  new(sla.Level),
	"sla.Limit":                  new(sla.Limit),
	"sla/calendar.Marks":         new(calendar.Marks),
	"sla.Measurement":            new(sla.Measurement),
	"sla.Measuring":              new(sla.Measuring),
	"sla.NextTier":               new(sla.NextTier),
	"sla.Outcome":                new(sla.Outcome),
	"sla.Pattern":                new(sla.Pattern),
	"sla.Payment":                new(sla.Payment),
	"sla.Percent":                new(sla.Percent),
	"sla/calendar.Period":        new(calendar.Period),
	"sla.Piece":                  new(sla.Piece),
	"sla.Quantity":               new(sla.Quantity),
	"sla.Quiet":                  new(sla.Quiet),
	"sla.Range":                  new(sla.Range),
	"sla.Reason":                 new(sla.Reason),
	"sla.Remark":                 new(sla.Remark),
	"sla.Remedy":                 new(sla.Remedy),
	"sla.TerminationRight":       new(sla.TerminationRight),
	"sla.Row":                    new(sla.Row),
	"sla.FieldError":             new(sla.FieldError),
	"sla.Run":                    new(sla.Run),
	"sla.Scope":                  new(sla.Scope),
	"sla.ServiceTime":            new(sla.ServiceTime),
	"sla.Share":                  new(sla.Share),
	"sla.Slot":                   new(sla.Slot),
	"sla.Usage":                  new(sla.Usage),
	"sla.Word":                   new(sla.Word),
	"sla.WordKind":               new(sla.WordKind),
	"sla.Stage":                  new(sla.Stage),
	"sla.Standing":               new(sla.Standing),
	"sla.State":                  new(sla.State),
	"sla.Step":                   new(sla.Step),
	"sla.Sum":                    new(sla.Sum),
	"sla.Terms":                  new(sla.Terms),
	"sla.Tier":                   new(sla.Tier),
	"sla.Treatment":              new(sla.Treatment),
	"sla.Verdict":                new(sla.Verdict),
	"sla/catalog.Catalog":        new(catalog.Catalog),
	"sla/catalog.Edition":        new(catalog.Edition),
	"sla/catalog.Event":          new(catalog.Event),
	"sla/catalog.Evidence":       new(catalog.Evidence),
	"sla/catalog.Query":          new(catalog.Query),
	"sla/catalog.Source":         new(catalog.Source),
	"credit/issue.Adjustment":    new(issue.Adjustment),
	"credit/issue.Application":   new(issue.Application),
	"credit/issue.AppliedLine":   new(issue.AppliedLine),
	"credit/batch.Batch":         new(batch.Batch),
	"credit.Bill":                new(credit.Bill),
	"credit.Limit":               new(credit.Limit),
	"credit/issue.Binding":       new(issue.Binding),
	"credit.Charge":              new(credit.Charge),
	"credit.Claim":               new(credit.Claim),
	"credit.Counted":             new(credit.Counted),
	"credit.Credit":              new(credit.Credit),
	"credit/batch.Customer":      new(batch.Customer),
	"credit/batch.CustomerError": new(batch.CustomerError),
	"credit.Prior":               new(credit.Prior),
	"credit.Exact":               new(credit.Exact),
	"credit/issue.Identity":      new(issue.Identity),
	"credit/issue.Change":        new(issue.Change),
	"credit.Line":                new(credit.Line),
	"credit.Money":               new(credit.Money),
	"credit/issue.Narrow":        new(issue.Narrow),
	"credit.Part":                new(credit.Part),
	"credit/batch.Figures":       new(batch.Figures),
	"credit/batch.Extra":         new(batch.Extra),
	"credit.Price":               new(credit.Price),
	"credit.Prorated":            new(credit.Prorated),
	"credit.Proration":           new(credit.Proration),
	"credit/issue.Options":       new(issue.Options),
	"credit/issue.Result":        new(issue.Result),
	"credit/issue.Review":        new(issue.Review),
	"credit/issue.ReviewOptions": new(issue.ReviewOptions),
	"credit.Rounding":            new(credit.Rounding),
	"credit/batch.Settler":       new(batch.Settler),
	"credit.Spread":              new(credit.Spread),
	"credit.Statement":           new(credit.Statement),
	"credit.Entry":               new(credit.Entry),
	"credit/batch.Totals":        new(batch.Totals),
	"credit/issue.Units":         new(issue.Units),
	"credit.YieldsTo":            new(credit.YieldsTo),
}

// A dice draws values of any type: zero, valid, extreme, and valid ones with one
// field that is not.
type dice struct {
	*rand.Rand
	valid map[reflect.Type][]reflect.Value
}

func newDice(t *testing.T, seed uint64) *dice {
	t.Helper()
	w := newWorld(t)
	d := &dice{rand.New(rand.NewPCG(seed, seed)), map[reflect.Type][]reflect.Value{}}
	put := func(values ...any) {
		for _, v := range values {
			of := reflect.TypeOf(v)
			d.valid[of] = append(d.valid[of], reflect.ValueOf(v))
		}
	}
	const firstSecond, endSecond = -2_208_988_800, 7_005_657_600
	berlin := sla.Must(time.LoadLocation("Europe/Berlin"))
	put(w.at, time.Unix(firstSecond, 0), time.Unix(firstSecond-1, 0), time.Unix(endSecond, 0), time.Unix(endSecond, 1), time.Unix(0, math.MinInt64), time.Unix(0, math.MaxInt64),
		time.Unix(math.MaxInt64, 0), time.Unix(math.MinInt64, 0), time.Date(9999, 12, 31, 0, 0, 0, 0, berlin), time.Unix(0, 0), time.Unix(0, 1))
	put(time.UTC, berlin, (*time.Location)(nil), time.FixedZone("x", 86399), time.Local)
	all := outage.MustWindow(time.Unix(firstSecond, 0), time.Unix(endSecond, 0))
	put(w.window, w.windows[0], all, outage.MustWindow(all.Start(), all.Start().Add(1)), outage.MustWindow(all.End().Add(-1), all.End()))
	put(w.set, outage.NewSet(all), outage.NewSet(w.windows...).Union(outage.NewSet(w.may.Window())))
	put(decimal.New(1, math.MaxInt32), decimal.New(1, math.MinInt32), decimal.New(-1, 9), decimal.New(995, -1), decimal.New(math.MaxInt64, 0), decimal.NewFromBigInt(new(big.Int).Lsh(big.NewInt(1), 4000), -1000))
	put(w.may, w.june, calendar.Year(1900, time.UTC), calendar.Year(2190, berlin), sla.Must(calendar.NewPeriod(calendar.Date{Year: 1901, Month: 1, Day: 1}, calendar.Date{Year: 2190, Month: 1, Day: 1}, time.UTC)))
	put(calendar.Date{Year: 2014, Month: 5, Day: 31}, calendar.Date{Year: 1900, Month: 1, Day: 1}, calendar.Date{Year: 2191, Month: 12, Day: 31}, calendar.Date{Year: 2016, Month: 2, Day: 29})
	put(w.plain, w.simple, w.agreement, w.resources[0], w.bill, w.bill.Verdicts[0], w.bill.Verdicts[0].Findings[0], w.statement(), w.issued[0], w.fleet(), w.tariff(), w.tariff(), w.totals(), w.customers()[0])
	put(w.bill.Verdicts, w.revisions, w.revisions[0], w.records, w.issued, w.bill.Charges[0], []calendar.Period{w.may, w.june})
	for _, r := range w.records {
		put(r)
	}
	for _, v := range sla.Must(w.simple.JudgeAll([]outage.Timeline{w.plain}, w.may, w.june)) {
		put(v, v.Findings[0], v.Findings[0].Measurement, v.Findings[0].Measurement.Pieces[0], v.Findings[0].Entitlement, v.Findings[0].Measurement.Availability(), v.Findings[0].ErrorBudget())
		for _, p := range v.Findings[0].Measurement.Pieces {
			put(p)
		}
	}
	put(sla.Must(w.simple.Terminations(sla.Must(w.simple.JudgeAll([]outage.Timeline{w.plain}, w.may, w.june)))))
	put(credit.MustMoney("USD 1.00"), credit.MustMoney("JPY 0"), sla.Must(credit.MoneyFromMinor(-math.MaxInt64, "BHD")), sla.Must(credit.MoneyFromMinor(math.MaxInt64, "USD")))
	log := sla.Must(outage.ReadLog(bytes.NewReader(w.log)))
	put(log)
	editions := slices.Collect(sla.Must(catalog.Published()).All())
	put(sla.Must(catalog.Published()), editions[0], editions[len(editions)/2])
	put(calendar.Cycle{Start: calendar.Date{Year: 2014, Month: 1, Day: 31}, Zone: berlin, Months: 1}, calendar.Cycle{Start: calendar.Date{Year: 2014, Month: 1, Day: 31}, Zone: time.UTC, Days: 1})
	for _, text := range []string{"1/3", "-7/3", "1000000000000"} {
		var e credit.Exact
		sla.Must(0, e.UnmarshalText([]byte(text)))
		put(e)
	}
	put(w.text, w.log, sla.Must(w.statement().MarshalJSON()), sla.Must(w.agreement.MarshalJSON()), sla.Must(w.issued[0].MarshalJSON()), sla.Must(w.bill.Verdicts[0].MarshalJSON()),
		sla.Must(w.revisions[0].MarshalJSON()), []byte("null"), []byte("{}"), []byte("[]"), []byte(`"\ud800"`), []byte{0xff}, []byte("{"), []byte(`{"format":"slacredit/records/1","records":[`))
	return d
}

var words = []string{
	"", " ", "x", "0", "-1", "1/0", "1/3", "-1/3", "99.95%", "1e9", "at least 99.9%", "exactly 100%", "below 0%", "over 5m", "at most 1", "at most 1 outage", "full 30m", "exact 1h", "10%", "1x", "1mo",
	"1USD", "USD 1.00", "USD", "usd", "0XX 1", "30d", "720h", "9999999d", "5bd after outage", "30d after period", "2cycles after period", "end of contract", "1cycle before", "30d trailing", "30d before outage", "outage", "3mo", "100% per 12mo",
	"10m per outage", "Mon-Fri 09:00-17:00", "not 2026-12-25", "UTC", "Europe/Berlin", "Local", "../etc", "2014-05-27", "2014-05-27T20:13:00Z", "9999-12-31T23:59:59Z",
	"2014-05-27T20:13:00Z/2014-05-27T22:13:00Z", "up", "down", "out", "severer", "milder", "period", "start", "ticket", "/commitments/0", "commitments", "\xff", "\u202e", "a\nb", "é", "💥", "\x00", strings.Repeat("9", 5000), strings.Repeat("é", 5000), "web", "all",
}

var numbers = []int64{0, 1, -1, 2, 7, 12, 1000, math.MaxInt32, math.MinInt32, math.MaxInt64, math.MinInt64, math.MaxInt64 - 1, math.MinInt64 + 1, int64(time.Hour), 1 << 53}

// draw returns a value of a type.
func (d *dice) draw(of reflect.Type, depth int) reflect.Value {
	v := reflect.New(of).Elem()
	if valid := d.valid[of]; len(valid) > 0 {
		switch n := d.IntN(8); {
		case n < 3:
			return valid[d.IntN(len(valid))]
		case n < 6:
			return d.spoiled(valid[d.IntN(len(valid))], depth)
		}
	}
	if depth > 7 {
		return v
	}
	switch of {
	case reflect.TypeFor[context.Context]():
		return reflect.ValueOf(context.Background())
	case reflect.TypeFor[io.Writer]():
		return reflect.ValueOf([]io.Writer{io.Discard, failing{}}[d.IntN(2)])
	case reflect.TypeFor[io.Reader]():
		return reflect.ValueOf(bytes.NewReader(d.draw(reflect.TypeFor[[]byte](), depth+1).Bytes()))
	case reflect.TypeFor[fs.FS]():
		return reflect.ValueOf(fstest.MapFS{"acme.json": {Data: d.draw(reflect.TypeFor[[]byte](), depth+1).Bytes()}})
	case reflect.TypeFor[error]():
		return reflect.ValueOf(&[]error{nil, errors.New("x")}[d.IntN(2)]).Elem()
	case reflect.TypeFor[outage.Record]():
		all := []any{outage.Outage{}, outage.Maintenance{}, outage.Traffic{}, outage.Coverage{}, outage.Lifetime{}}
		switch n := d.IntN(len(all) + 2); {
		case n == len(all):
			v.Set(reflect.ValueOf((*outage.Outage)(nil)))
		case n < len(all):
			v.Set(d.draw(reflect.TypeOf(all[n]), depth+1))
		}
		return v
	}
	switch of.Kind() {
	case reflect.Bool:
		v.SetBool(d.IntN(2) == 0)
	case reflect.String:
		v.SetString(words[d.IntN(len(words))])
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(numbers[d.IntN(len(numbers))])
		if d.IntN(2) == 0 {
			v.SetInt(numbers[d.IntN(7)])
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(numbers[d.IntN(len(numbers))]))
	case reflect.Float32, reflect.Float64:
		v.SetFloat([]float64{0, -1, math.NaN(), math.Inf(1)}[d.IntN(4)])
	case reflect.Pointer:
		if d.IntN(4) > 0 {
			v.Set(reflect.New(of.Elem()))
			v.Elem().Set(d.draw(of.Elem(), depth+1))
		}
	case reflect.Slice:
		n := d.IntN(4)
		if n == 3 {
			return v
		}
		v.Set(reflect.MakeSlice(of, n, n))
		for i := range n {
			v.Index(i).Set(d.draw(of.Elem(), depth+1))
		}
	case reflect.Array:
		for i := range v.Len() {
			v.Index(i).Set(d.draw(of.Elem(), depth+1))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(of))
		for range d.IntN(3) {
			v.SetMapIndex(d.draw(of.Key(), depth+1), d.draw(of.Elem(), depth+1))
		}
	case reflect.Struct:
		if d.IntN(6) == 0 {
			return v
		}
		for i := range v.NumField() {
			if of.Field(i).IsExported() && d.IntN(4) > 0 {
				v.Field(i).Set(d.draw(of.Field(i).Type, depth+1))
			}
		}
	case reflect.Interface:
		if of.NumMethod() == 0 {
			any := []any{nil, int64(7), "USD 1.00", []byte("USD 1.00"), 1.5, true, time.Unix(0, 0)}
			if picked := any[d.IntN(len(any))]; picked != nil {
				v.Set(reflect.ValueOf(picked))
			}
		}
	case reflect.Func:
		iterates := of.NumIn() == 1 && of.NumOut() == 0 && of.In(0).Kind() == reflect.Func
		return reflect.MakeFunc(of, func(in []reflect.Value) []reflect.Value {
			for more := 0; iterates && more < 3; more++ {
				args := make([]reflect.Value, in[0].Type().NumIn())
				for i := range args {
					args[i] = d.draw(in[0].Type().In(i), depth+1)
				}
				if !in[0].Call(args)[0].Bool() {
					break
				}
			}
			out := make([]reflect.Value, of.NumOut())
			for i := range out {
				out[i] = d.draw(of.Out(i), depth+1)
			}
			return out
		})
	}
	return v
}

// spoiled returns a copy of a value with something else in one place of it.
func (d *dice) spoiled(v reflect.Value, depth int) reflect.Value {
	copied := reflect.New(v.Type()).Elem()
	copied.Set(v)
	switch v.Kind() {
	case reflect.Struct:
		var open []int
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				open = append(open, i)
			}
		}
		if len(open) > 0 {
			i := open[d.IntN(len(open))]
			copied.Field(i).Set(d.spoiled(v.Field(i), depth+1))
		}
		return copied
	case reflect.Slice:
		if v.Len() > 0 && d.IntN(8) > 0 {
			copied.Set(reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, v.Len()), v))
			i := d.IntN(v.Len())
			copied.Index(i).Set(d.spoiled(v.Index(i), depth+1))
			return copied
		}
	case reflect.Map:
		if v.Len() > 0 && d.IntN(8) > 0 {
			copied.Set(reflect.MakeMap(v.Type()))
			for keys := v.MapRange(); keys.Next(); {
				copied.SetMapIndex(keys.Key(), keys.Value())
			}
			key := v.MapKeys()[0]
			copied.SetMapIndex(key, d.spoiled(v.MapIndex(key), depth+1))
			return copied
		}
	case reflect.Interface:
		if !v.IsNil() {
			copied.Set(d.spoiled(v.Elem(), depth+1))
			return copied
		}
	}
	if depth == 0 {
		return copied
	}
	valid := d.valid
	d.valid = nil // or it would come to this again
	defer func() { d.valid = valid }()
	return d.draw(v.Type(), max(depth, 4))
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("full") }

// longest is how long a fault is at most, in bytes, whatever was given.
const longest = 1000

// called calls a function, and walks what it returns if that is to be walked. It
// returns what it panicked with.
func called(name string, f reflect.Value, args []reflect.Value) (panicked any) {
	slow := time.AfterFunc(5*time.Minute, func() { panic(name + " does not end") })
	defer slow.Stop()
	defer func() {
		if panicked = recover(); panicked != nil && os.Getenv("SLACREDIT_STACK") != "" {
			panic(panicked)
		}
	}()
	var results []reflect.Value
	if f.Type().IsVariadic() {
		results = f.CallSlice(args)
	} else {
		results = f.Call(args)
	}
	for _, r := range results {
		if r.Kind() == reflect.Func && !r.IsNil() {
			steps := 0
			r.Call([]reflect.Value{reflect.MakeFunc(r.Type().In(0), func([]reflect.Value) []reflect.Value {
				steps++
				return []reflect.Value{reflect.ValueOf(steps < 50)}
			})})
		}
		if (r.Kind() == reflect.Interface || r.Kind() == reflect.Pointer) && r.IsNil() {
			continue
		}
		if err, failed := reflect.TypeAssert[error](r); failed {
			for line := range strings.Lines(err.Error()) {
				if len(line) > longest {
					panic(fmt.Sprintf("an error of %d bytes on a line: %.200s", len(line), line))
				}
			}
		}
		for _, method := range []string{"String", "Error"} {
			if m := r.MethodByName(method); m.IsValid() {
				m.Call(nil)
			}
		}
	}
	return nil
}

// Nothing panics or runs for ever, or repeats a long word whole in an error,
// whatever is given: zero values, extreme ones, and valid ones of which a part is
// neither. Only a nil pointer as a receiver, but for Terms, is a slip that shows
// itself. SLACREDIT_PANICS_COUNT is the number of rounds (25), and
// SLACREDIT_PANICS_SEED another seed.
func TestNothingPanics(t *testing.T) {
	rounds, seed := 25, uint64(1)
	if testing.Short() {
		rounds = 10
	}
	if n, err := strconv.Atoi(os.Getenv("SLACREDIT_PANICS_COUNT")); err == nil {
		rounds = n
	}
	if n, err := strconv.ParseUint(os.Getenv("SLACREDIT_PANICS_SEED"), 10, 64); err == nil {
		seed = n
	}
	t.Logf("seed %d", seed)
	d := newDice(t, seed)
	said := map[string]bool{}
	try := func(name string, f reflect.Value, first []reflect.Value) {
		args := first
		for i := len(first); i < f.Type().NumIn(); i++ {
			args = append(args, d.draw(f.Type().In(i), 0))
		}
		if panicked := called(name, f, args); panicked != nil && !said[name] {
			said[name] = true
			var shown strings.Builder
			for _, a := range args {
				fmt.Fprintf(&shown, "\n\t%.2000s", fmt.Sprintf("%#v", a))
			}
			t.Errorf("%s: %v, of%s", name, panicked, shown.String())
		}
	}
	for _, name := range slices.Sorted(maps.Keys(functions)) {
		f := reflect.ValueOf(functions[name])
		for round := range rounds {
			if round > 0 && f.Type().NumIn() == 0 {
				break // it would be the same again
			}
			try(name, f, nil)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		pointer := reflect.TypeOf(kinds[name])
		for i := range pointer.NumMethod() {
			m := pointer.Method(i)
			for round := range rounds {
				receiver := reflect.New(pointer.Elem())
				switch {
				case name == "sla.Terms" && round == 1:
					receiver = reflect.Zero(pointer)
				case round > 0 && len(d.valid[pointer]) > 0 && d.IntN(2) == 0:
					receiver = d.valid[pointer][d.IntN(len(d.valid[pointer]))]
				case round > 0:
					receiver.Elem().Set(d.draw(pointer.Elem(), 0))
				}
				try(name+"."+m.Name, m.Func, []reflect.Value{receiver})
			}
		}
	}
}

// The lists of functions and types are whole.
func TestListsAreWhole(t *testing.T) {
	if testing.Short() {
		t.Skip("asks the compiler for the packages")
	}
	var known, all []string
	for name := range functions {
		known = append(known, name)
	}
	for name := range kinds {
		known = append(known, name)
	}
	for path, pkg := range sla.Must(packages()) {
		for _, name := range pkg.Scope().Names() {
			o := pkg.Scope().Lookup(name)
			switch o.(type) {
			case *types.Func:
				if o.Exported() && !strings.HasPrefix(name, "Must") {
					all = append(all, path+"."+name)
				}
			case *types.TypeName:
				if _, is := o.Type().Underlying().(*types.Interface); o.Exported() && !is {
					all = append(all, path+"."+name)
				}
			}
		}
	}
	slices.Sort(known)
	slices.Sort(all)
	assert.Equal(t, all, known)
}
