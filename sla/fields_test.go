package sla

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A fieldCase sets one field of an agreement.
type fieldCase struct {
	in     string // the agreement without it, as JSON; empty: plainAgreement
	value  string // as JSON
	direct bool   // the terms remain direct
	word   Word   // that the field needs from elsewhere; zero: none
	silent string // why the English does not say it; empty: it does
}

const plainAgreement = `{"commitments":[{"promise":"at least 99.9%","credits":[{"give":"10%"}]}]}`

// commitmentOf returns the JSON of an agreement with one commitment that has
// these members.
func commitmentOf(members string) string { return `{"commitments":[{` + members + `}]}` }

func wordOf(kind WordKind, text string, values ...string) Word {
	return Word{Kind: kind, Text: text, Values: values}
}

// All fields of an agreement, by their paths.
var fieldCases = map[string]fieldCase{
	"name":             {value: `"x"`, direct: true, silent: "the text stands below the name"},
	"note":             {value: `"x"`, direct: true, silent: "whoever prints the text prints the note"},
	"atMost":           {value: `["50%"]`, direct: true},
	"above":            {value: `"1USD"`, direct: true},
	"claims.notice":    {value: `"5d after ticket"`, direct: true, word: wordOf(InstantWord, "ticket")},
	"claims.notBefore": {value: `"5d after ticket"`, direct: true, word: wordOf(InstantWord, "ticket")},
	"claims.by":        {value: `"5d after ticket"`, direct: true, word: wordOf(InstantWord, "ticket")},
	"claims.requires":  {value: `["logs"]`, direct: true},
	"payment.forms":    {value: `["voucher"]`, direct: true},
	"payment.by":       {value: `"5d after ticket"`, direct: true, word: wordOf(InstantWord, "ticket")},
	"payment.expires":  {value: `"5d after ticket"`, direct: true, word: wordOf(InstantWord, "ticket")},

	"commitments[].name":      {value: `"web"`, direct: true},
	"commitments[].promise":   {value: `"at least 99.5%"`, direct: true},
	"commitments[].gap":       {in: commitmentOf(`"promise":"at least 99.9%","credits":[{"when":"below 99%","give":"10%"}],"gap":"severer"`), value: `"milder"`, direct: true},
	"commitments[].atMost":    {value: `["50%"]`, direct: true},
	"commitments[].automatic": {in: `{"commitments":[{"promise":"at least 99.9%"},{"name":"b","promise":"at least 99.9%"}],"claims":{"requires":["logs"]}}`, value: `true`},
	"commitments[].oneOf":     {in: `{"commitments":[{"promise":"at least 99.9%","oneOf":["a"]},{"name":"b","promise":"at least 99.9%","oneOf":["a","b"]},{"name":"c","promise":"at least 99%","oneOf":["a","b"]}]}`, value: `["a","b"]`},

	"commitments[].scope.only":                 {value: `{"region":["eu"]}`, word: wordOf(LabelWord, "region", "eu")},
	"commitments[].scope.levels[].by":          {value: `"zone"`, word: wordOf(LabelWord, "zone")},
	"commitments[].scope.levels[].down":        {in: commitmentOf(`"promise":"at least 99.9%","scope":{"levels":[{"by":"zone"}]}`), value: `"at least 2"`},
	"commitments[].scope.levels[].min":         {in: commitmentOf(`"promise":"at least 99.9%","scope":{"levels":[{"by":"zone"}]}`), value: `2`},
	"commitments[].scope.levels[].excusedDown": {in: commitmentOf(`"promise":"at least 99.9%","scope":{"levels":[{"by":"zone","down":"at least 2"}]}`), value: `true`},
	"commitments[].scope.levels[].pooled":      {in: commitmentOf(`"promise":"at least 99.9%","scope":{"levels":[{"by":"zone"}]}`), value: `true`},

	"commitments[].downtime.causes":      {value: `["power"]`, word: wordOf(CauseWord, "power")},
	"commitments[].downtime.starts":      {value: `["ticket"]`, word: wordOf(MarkWord, "ticket")},
	"commitments[].downtime.ends":        {value: `["ticket"]`, word: wordOf(MarkWord, "ticket")},
	"commitments[].downtime.slot":        {value: `"5m"`},
	"commitments[].downtime.requests":    {in: commitmentOf(`"promise":"at least 99.9%","downtime":{"slot":"5m"}`), value: `true`, word: wordOf(TrafficWord, "")},
	"commitments[].downtime.minRequests": {in: commitmentOf(`"promise":"at least 99.9%","downtime":{"slot":"5m","requests":true}`), value: `10`},
	"commitments[].downtime.loss":        {value: `"over 5%"`, direct: true},
	"commitments[].downtime.weighted":    {value: `true`},
	"commitments[].downtime.lasting":     {value: `"over 5m"`},

	"commitments[].exclusions[].causes":    {value: `["abuse"]`, direct: true, word: wordOf(CauseWord, "abuse")},
	"commitments[].exclusions[].hours":     {in: commitmentOf(`"promise":"at least 99.9%","calculation":{"zone":"UTC"}`), value: `["Sun"]`, direct: true},
	"commitments[].exclusions[].notice":    {in: commitmentOf(`"promise":"at least 99.9%","exclusions":[{"causes":["maintenance"],"notice":"none"}]`), value: `"24h"`, direct: true},
	"commitments[].exclusions[].allowance": {in: commitmentOf(`"promise":"at least 99.9%","exclusions":[{"causes":["abuse"]}]`), value: `"1h"`},
	"commitments[].exclusions[].first":     {in: commitmentOf(`"promise":"at least 99.9%","exclusions":[{"causes":["abuse"]}]`), value: `true`, direct: true},
	"commitments[].exclusions[].removed":   {in: commitmentOf(`"promise":"at least 99.9%","exclusions":[{"causes":["abuse"]}]`), value: `true`, direct: true},

	"commitments[].calculation.period":  {in: commitmentOf(`"promise":"at most 1h"`), value: `"outage"`},
	"commitments[].calculation.zone":    {value: `"Europe/Berlin"`, direct: true},
	"commitments[].calculation.hours":   {in: commitmentOf(`"promise":"at least 99.9%","calculation":{"zone":"UTC"}`), value: `["Mon-Fri"]`, direct: true},
	"commitments[].calculation.length":  {value: `"30d"`, direct: true},
	"commitments[].calculation.whole":   {value: `true`, direct: true},
	"commitments[].calculation.unknown": {value: `"down"`, direct: true},
	"commitments[].calculation.round":   {value: `"nearest 0.1%"`, direct: true},

	"commitments[].base.of":      {value: `"region"`, direct: true},
	"commitments[].base.by":      {value: `["account"]`, word: wordOf(LabelWord, "account")},
	"commitments[].base.only":    {value: `["hourly"]`, direct: true, word: wordOf(ChargeWord, "hourly")},
	"commitments[].base.without": {value: `["one-time"]`, direct: true, word: wordOf(ChargeWord, "one-time")},
	"commitments[].base.window":  {value: `"30d trailing"`, direct: true},
	"commitments[].base.length":  {in: commitmentOf(`"promise":"at least 99.9%","credits":[{"give":"1d"}]`), value: `"30d"`, direct: true},

	"commitments[].credits[].when":   {value: `"below 99.9%"`, direct: true},
	"commitments[].credits[].give":   {value: `"25%"`, direct: true},
	"commitments[].credits[].per":    {value: `"full 30m"`, direct: true},
	"commitments[].credits[].beyond": {in: commitmentOf(`"promise":"at least 99.9%","credits":[{"give":"10%","per":"full 30m"}]`), value: `true`, direct: true},
	"commitments[].credits[].plus":   {value: `"20USD"`, direct: true},

	"commitments[].termination[].if.each":   {value: `"below 95%"`, direct: true},
	"commitments[].termination[].if.count":  {value: `3`, direct: true},
	"commitments[].termination[].if.within": {in: commitmentOf(`"promise":"at least 99.9%","termination":[{"if":{"count":3}}]`), value: `"12mo"`, direct: true},
	"commitments[].termination[].if.total":  {value: `"over 24h"`, direct: true},
	"commitments[].termination[].notice":    {in: commitmentOf(`"promise":"at least 99.9%","termination":[{"if":{}}]`), value: `"5d after ticket"`, direct: true, word: wordOf(InstantWord, "ticket")},
}

// Each field, set to something: it compiles, the English says it, the vocabulary
// has its word, and it is known whether the terms are direct. Set to nonsense, it
// is an error with its path. A field that is new fails here until all of that is
// thought of.
func TestEachFieldOfAnAgreementIsHeard(t *testing.T) {
	fields := map[string]reflect.Type{}
	fieldsOf(reflect.TypeFor[Agreement](), "", fields)
	require.ElementsMatch(t, slices.Collect(maps.Keys(fields)), slices.Collect(maps.Keys(fieldCases)))
	for path, tt := range fieldCases {
		t.Run(path, func(t *testing.T) {
			in := tt.in
			if in == "" {
				in = plainAgreement
			}
			compile := func(value string) (*Terms, error) {
				var tree any
				require.NoError(t, json.Unmarshal([]byte(in), &tree))
				tree.(map[string]any)["format"] = AgreementFormat
				if value != "" {
					var v any
					require.NoError(t, json.Unmarshal([]byte(value), &v))
					tree = put(tree, strings.Split(path, "."), v)
				}
				document, err := json.Marshal(tree)
				require.NoError(t, err)
				a, err := ParseAgreement(document)
				require.NoError(t, err, "%s", document)
				return a.Compile()
			}
			without, err := compile("")
			require.NoError(t, err)
			terms, err := compile(tt.value)
			require.NoError(t, err)
			assert.Equal(t, tt.direct, terms.Direct(), "Direct")
			assert.Equal(t, tt.silent == "", terms.English() != without.English(), terms.English())

			has := func(terms *Terms) bool {
				return slices.ContainsFunc(terms.Vocabulary(), func(w Word) bool {
					return w.Kind == tt.word.Kind && w.Text == tt.word.Text && slices.Equal(w.Values, tt.word.Values)
				})
			}
			if tt.word.Text != "" || tt.word.Kind == TrafficWord {
				assert.True(t, has(terms))
				assert.False(t, has(without))
			} else {
				assert.Len(t, terms.Vocabulary(), len(without.Vocabulary()))
			}

			of := fields[path]
			if nonsense := nonsenseFor(of); nonsense != "" {
				_, err := compile(nonsense)
				faults := FieldErrors(err)
				at := strings.ReplaceAll(path, "[]", "[0]")
				assert.True(t, slices.ContainsFunc(faults, func(e *FieldError) bool { return strings.HasPrefix(e.Path, at) }), "%v", err)
			}
		})
	}
}

// fieldsOf adds the fields below a type that have no fields of their own.
func fieldsOf(of reflect.Type, path string, all map[string]reflect.Type) {
	for _, f := range reflect.VisibleFields(of) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		at := strings.TrimPrefix(path+"."+name, ".")
		switch {
		case f.Type.Kind() == reflect.Struct:
			fieldsOf(f.Type, at, all)
		case f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct:
			fieldsOf(f.Type.Elem(), at+"[]", all)
		default:
			all[at] = f.Type
		}
	}
}

// nonsenseFor returns a value of a type, as JSON, that no field can have, and ""
// where every value of the type means something.
func nonsenseFor(of reflect.Type) string {
	switch of.Kind() {
	case reflect.Bool:
		return ""
	case reflect.Slice:
		return `["?\n"]`
	case reflect.Map:
		return `{"?\n":["?\n"]}`
	case reflect.String:
		return `"?\n"`
	}
	return `-1`
}

// put returns a tree with a value at a path. Where the path goes through a list it
// goes through its first element.
func put(tree any, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	object, _ := tree.(map[string]any)
	if object == nil {
		object = map[string]any{}
	}
	name, list := strings.CutSuffix(path[0], "[]")
	if !list {
		object[name] = put(object[name], path[1:], value)
		return object
	}
	elements, _ := object[name].([]any)
	if len(elements) == 0 {
		elements = []any{nil}
	}
	elements[0] = put(elements[0], path[1:], value)
	object[name] = elements
	return object
}
