package slacredit_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/credit/issue"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
	"github.com/slacredit/slacredit/sla/catalog"
)

// A document is one of some kind, and how it is read, and used once it is.
type document struct {
	name string
	text []byte
	read func([]byte) error
}

func documents(t *testing.T) []document {
	t.Helper()
	w := newWorld(t)
	s := w.statement()
	marshal := func(v any) []byte { return sla.Must(json.Marshal(v)) }
	into := func(v any) func([]byte) error { return func(data []byte) error { return json.Unmarshal(data, v) } }
	review := sla.Must(issue.NewReview(s, 0, issue.ReviewOptions{Narrow: 1000 * time.Hour}))
	applied := sla.Must(issue.ApplyLines([]credit.Line{{ID: "1", Share: credit.MustMoney("USD 1.00"), Open: credit.MustMoney("USD 2.00")}}))
	records := func(format outage.Format) func([]byte) error {
		return func(data []byte) error {
			read, err := outage.Read(bytes.NewReader(data), outage.ReadOptions{Format: format})
			if err == nil {
				_, err = outage.Options{AsOf: w.may.Window().End()}.Timelines(append(read, read...)...)
			}
			return err
		}
	}
	verdict := func(data []byte) error {
		var v sla.Verdict
		if err := json.Unmarshal(data, &v); err != nil {
			return err
		}
		b := w.bill
		b.Verdicts = []sla.Verdict{v}
		_, err := credit.NewStatement(b)
		_, exits := w.simple.Terminations([]sla.Verdict{v})
		return fmt.Errorf("%w\n%w", err, exits)
	}
	all := []document{
		{"agreement", sla.Must(w.agreement.MarshalJSON()), func(data []byte) error {
			a, err := sla.ParseAgreement(data)
			if err == nil {
				var terms *sla.Terms
				if terms, err = a.Compile(); err == nil {
					_, err = terms.JudgeAll(w.resources, w.june)
				}
			}
			return err
		}},
		{"cycle", []byte(`{"start":"2014-05-01","zone":"UTC","months":1}`), func(data []byte) error { _, err := calendar.ParseCycle(data, nil); return err }},
		{"period", marshal(w.june), into(&calendar.Period{})},
		{"measurement", marshal(w.bill.Verdicts[0].Findings[0].Measurement), into(&sla.Measurement{})},
		{"statement", marshal(s), into(&credit.Statement{})},
		{"adjustment", marshal(w.issued[0]), into(&issue.Adjustment{})},
		{"result", marshal(sla.Must(issue.Results(s))[0]), into(&issue.Result{})},
		{"review", marshal(review), into(&issue.Review{})},
		{"application", marshal(applied), into(&issue.Application{})},
		{"records", w.text, records(outage.JSON)},
		{"log", bytes.SplitN(w.log, []byte("\n"), 3)[1], func(data []byte) error {
			_, err := outage.ReadLog(strings.NewReader("{\"format\":\"slacredit/log/1\"}\n" + string(data) + "\n" + string(data) + "\n"))
			return err
		}},
		{"revision", bytes.SplitN(w.log, []byte("\n"), 3)[1], into(&outage.Revision{})},
		{"set", marshal(w.set), into(&outage.Set{})},
		{"catalog", []byte(`{"format":"slacredit/catalog/1","editions":[{"service":"vm","title":"VM","binds":"use","agreement":` + string(sla.Must(sla.Agreement{
			Name: "acme/vm", Commitments: []sla.Commitment{{Promise: "at least 99.9%", Credits: []sla.Tier{{Give: "10%"}}}},
		}.MarshalJSON())) + `,"sources":{"":{"title":"x","seen":"2014-02-01","evidence":"own"},"/commitments/0":{"title":"x","seen":"2014-02-01","evidence":"own"}}}]}`), func(data []byte) error {
			c, err := catalog.Read(fstest.MapFS{"acme.json": {Data: data}})
			if err == nil {
				e := slices.Collect(c.All())[0]
				_, err = e.Terms()
			}
			return err
		}},
	}
	for _, v := range w.bill.Verdicts {
		all = append(all, document{"verdict", marshal(v), verdict})
	}
	for _, v := range sla.Must(w.simple.JudgeAll([]outage.Timeline{w.plain}, w.may)) {
		all = append(all, document{"verdict", marshal(v), verdict})
	}
	return all
}

// spoilt yields a document with something else in each place of it in turn.
func spoilt(doc any, with ...any) (all []any) {
	all = append(all, with...)
	switch v := doc.(type) {
	case map[string]any:
		for key, value := range v {
			for _, other := range spoilt(value, with...) {
				c := copied(v)
				c[key] = other
				all = append(all, c)
			}
			for _, w := range with {
				if name, is := w.(string); is {
					c := copied(v)
					delete(c, key)
					c[name] = value
					all = append(all, c)
				}
			}
		}
		for _, w := range with {
			if name, is := w.(string); is {
				c := copied(v)
				c[name] = w
				all = append(all, c)
			}
		}
	case []any:
		for i, value := range v {
			if i > 0 {
				break // as the first one
			}
			for _, other := range spoilt(value, with...) {
				c := slices.Clone(v)
				c[i] = other
				all = append(all, c)
			}
		}
	}
	return all
}

func copied(m map[string]any) map[string]any {
	c := make(map[string]any, len(m)+1)
	maps.Copy(c, m)
	return c
}

// requireBounded checks that every fault is short, and that they are not many,
// however long the words are that are wrong.
func requireBounded(t *testing.T, name string, err error) {
	t.Helper()
	if err == nil {
		return
	}
	text := err.Error()
	for line := range strings.Lines(text) {
		if len(line) > longest {
			assert.Fail(t, "a long fault", "%s: %d bytes: %.300s … %s", name, len(line), line, line[len(line)-60:])
			return
		}
	}
	require.Less(t, len(text), 110*longest, "%s: many faults", name)
}

// However long a word is, and wherever it stands in a document, no error repeats
// it whole.
func TestErrorsAreShort(t *testing.T) {
	long := "/" + strings.Repeat("löng ", 500) + "x"
	many := make([]any, 400)
	for i := range many {
		many[i] = i
	}
	with := []any{long, json.Number(strings.Repeat("9", 3000)), many}
	if testing.Short() {
		with = with[:1]
	}
	for _, d := range documents(t) {
		require.NoError(t, func() error {
			err := d.read(d.text)
			if d.name == "verdict" {
				return nil // judged with others only
			}
			return err
		}(), d.name)
		var doc any
		numbers := json.NewDecoder(bytes.NewReader(d.text))
		numbers.UseNumber()
		require.NoError(t, numbers.Decode(&doc))
		for _, bad := range spoilt(doc, with...) {
			data, err := json.Marshal(bad)
			require.NoError(t, err)
			requireBounded(t, d.name, d.read(data))
		}
	}
}
