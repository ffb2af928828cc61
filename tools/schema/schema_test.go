package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/dlclark/regexp2"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/catalog"
)

const (
	id         = "https://github.com/slacredit/slacredit/sla/agreement.schema.json"
	metaschema = "https://json-schema.org/draft/2020-12/schema"
	root       = "../.."
)

// An ecmaScript is a pattern as JSON Schema means it, and as editors read it.
type ecmaScript struct{ *regexp2.Regexp }

func (e ecmaScript) MatchString(text string) bool {
	found, err := e.Regexp.MatchString(text)
	return err == nil && found
}

// A checker holds the schema twice: with Go's patterns and with ECMAScript's.
type checker struct{ goes, ecma *jsonschema.Schema }

func newChecker(t testing.TB, at string) checker {
	compile := func(engine jsonschema.RegexpEngine) *jsonschema.Schema {
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(sla.AgreementSchema()))
		require.NoError(t, err)
		c := jsonschema.NewCompiler()
		c.DefaultDraft(jsonschema.Draft2020)
		if engine != nil {
			c.UseRegexpEngine(engine)
		}
		require.NoError(t, c.AddResource(id, document))
		s, err := c.Compile(id + at)
		require.NoError(t, err)
		return s
	}
	return checker{compile(nil), compile(func(pattern string) (jsonschema.Regexp, error) {
		compiled, err := regexp2.Compile(pattern, regexp2.ECMAScript)
		return ecmaScript{compiled}, err
	})}
}

// check returns what the schema says of a document; both readings of the
// patterns must say the same.
func (c checker) check(t testing.TB, document []byte) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	require.NoError(t, err, "%s", document)
	err = c.goes.Validate(v)
	require.Equal(t, err == nil, c.ecma.Validate(v) == nil, "two kinds of patterns: %s", document)
	return err
}

// read returns what the library says of a document.
func read(document []byte) (sla.Agreement, error) {
	a, err := sla.ParseAgreement(document)
	if err == nil {
		_, err = a.Compile()
	}
	return a, err
}

// agreements returns the agreements of the tree by where they stand.
func agreements(t testing.TB) map[string][]byte {
	found := map[string][]byte{}
	files, err := filepath.Glob(filepath.Join(root, "examples/slacredit/joyent/*.json"))
	require.NoError(t, err)
	for _, file := range files {
		found[file], err = os.ReadFile(file)
		require.NoError(t, err)
	}
	require.NotEmpty(t, found)
	shapes, err := os.ReadFile(filepath.Join(root, "docs/shapes.md"))
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?ms)^```json\n(.*?)^```$").FindAllSubmatch(shapes, -1)
	require.Greater(t, len(blocks), 30)
	for i, block := range blocks {
		head := fmt.Sprintf(`{"format":%q,"name":"row %d",`, sla.AgreementFormat, i)
		found[fmt.Sprintf("shapes.md, block %d", i)] = bytes.Replace(block[1], []byte("{"), []byte(head), 1)
	}
	published, err := catalog.Published()
	require.NoError(t, err)
	for e := range published.All() {
		found[e.Name()], err = json.Marshal(e.Agreement)
		require.NoError(t, err)
	}
	for i, one := range more {
		found[fmt.Sprintf("more[%d]", i)] = []byte(document(one))
	}
	return found
}

// more are agreements with the terms that no document of the tree has.
var more = []string{
	`"note":"read on 2026-11-01","commitments":[{"name":"a","promise":"at most 1h","base":{"of":"region","by":["region"],"only":["hourly"],"window":"30d trailing","length":"30d"},"credits":[{"when":"over 1h","give":"1d"},{"when":"over 2h","give":"20USD","per":"started 1h","beyond":true,"plus":"3%"}],"atMost":["100%","4d per 12mo"],"oneOf":["incident"],"automatic":true},{"name":"b","promise":"at most 1 outage","base":{"without":["one-time"]},"credits":[{"when":"over 1 outage","give":"50x","plus":"1mo"},{"when":"at least 4 outages","give":"5%","per":"full 1 outage"}],"oneOf":["incident"]}],"atMost":["150%"],"claims":{"notice":"5bd after outage","notBefore":"0d after period","by":"2cycles after period","requires":["request logs"]},"payment":{"forms":["refund","credit"],"by":"60d after claim","expires":"end of contract"}`,
	`"above":"1USD","commitments":[{"exclusions":[{"hours":["Sun 02:00-04:00"],"allowance":"10h per 3mo"}],"calculation":{"period":"3mo","zone":"Europe/Berlin","hours":["Mon-Fri 09:00-17:00","not 12-25","not 2026-12-24"],"unknown":"down","whole":true},"base":{"window":"measured"},"promise":"at least 99%","credits":[{"when":"at least 98%, below 98.9%","give":"1.5mo"},{"when":"below 98%","give":"100JPY"}],"gap":"severer","termination":[{"if":{}},{"if":{"count":3,"within":"3cycles"},"notice":"30d after period"},{"if":{"each":"over 8h","count":5,"within":"30d"}},{"if":{"each":"below 95%"}},{"if":{"total":"below 99.5%","within":"12mo"}},{"if":{"total":"over 24h","within":"48h"}}]}]`,
	`"commitments":[{"exclusions":[{"causes":["patch"],"notice":"24h","first":true}],"calculation":{"period":"outage","unknown":"out"},"promise":"exactly 100%","credits":[{"give":"5%","per":"exact 0.1%"}],"atMost":["10% per outage","100USD per 1200mo"]}]`,
	`"note":"","commitments":[{"name":"","scope":{"only":{"":[""]},"levels":[{"by":"a","min":0}]},"downtime":{"causes":[],"requests":false,"minRequests":0},"exclusions":[],"calculation":{"hours":[]},"base":{"of":"","only":[]},"promise":"at least 99%, at most 100%","credits":[],"atMost":[],"oneOf":[],"automatic":false,"termination":[{"if":{"count":0}}]}],"atMost":[],"claims":{"requires":[]},"payment":{}`,
}

// document wraps terms in a document.
func document(terms string) string {
	return fmt.Sprintf(`{"format":%q,"name":"x",%s}`, sla.AgreementFormat, terms)
}

func TestSchemaIsValid(t *testing.T) {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.AssertVocabs()
	meta, err := c.Compile(metaschema)
	require.NoError(t, err)
	s, err := jsonschema.UnmarshalJSON(bytes.NewReader(sla.AgreementSchema()))
	require.NoError(t, err)
	require.NoError(t, meta.Validate(s))
	require.Equal(t, metaschema, s.(map[string]any)["$schema"])
	newChecker(t, "")
	require.Error(t, meta.Validate(map[string]any{"type": "text"}), "the check can fail")
}

func TestAgreementsOfTheTree(t *testing.T) {
	c := newChecker(t, "")
	for where, document := range agreements(t) {
		a, err := read(document)
		assert.NoError(t, err, where)
		assert.NoError(t, c.check(t, document), where)
		written, err := json.Marshal(a)
		require.NoError(t, err)
		assert.NoError(t, c.check(t, written), where)
	}
}

// The examples in the schema follow it, each its own definition.
func TestExamplesOfTheSchema(t *testing.T) {
	var s struct {
		Defs map[string]struct {
			Type     string   `json:"type"`
			Examples []string `json:"examples"`
		} `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal(sla.AgreementSchema(), &s))
	for name, def := range s.Defs {
		if def.Type != "string" {
			continue
		}
		c := newChecker(t, "#/$defs/"+name)
		assert.NotEmpty(t, def.Examples, name)
		for _, example := range def.Examples {
			text, err := json.Marshal(example)
			require.NoError(t, err)
			assert.NoError(t, c.check(t, text), name)
			if k, found := kinds[name]; found {
				assert.NotNil(t, k.accepted(example), "%s: Compile refuses %s", name, example)
			}
		}
	}
}

// Documents that both refuse, the schema and the library. In those that start
// with a quote, the terms of a document; in the others, the whole.
func TestWrongDocuments(t *testing.T) {
	c := newChecker(t, "")
	one := func(terms string) string { return `"commitments":[{` + terms + `}]` }
	promise := func(terms string) string { return one(`"promise":"at least 99.9%",` + terms) }
	for _, terms := range []string{
		`[]`, `null`, `"x"`, `1`, `{}`,
		`{"name":"x"}`,
		`{"format":"","name":"x"}`,
		`{"format":"slacredit/agreement/2","name":"x"}`,
		`{"format":"slacredit/verdict/1","name":"x"}`,
		`{"format":1,"name":"x"}`,
		`{"format":"slacredit/agreement/1","name":1}`,
		`{"format":"slacredit/agreement/1","name":null}`,
		`"names":"y"`, `"Note":"y"`, `"$schema":"` + id + `"`, `"target":"99.95%"`,
		`"note":["y"]`, `"note":" y"`, `"note":"y "`, `"note":"a\nb"`, `"note":"a\u202eb"`, `"note":"\u00a0y"`, `"note":"a\u0000"`, `"note":"a\u2028b"`,
		`"note":"` + strings.Repeat("a", 1001) + `"`,
		`"commitments":{}`, `"commitments":null`, `"commitments":["exactly 100%"]`,
		`"above":"0USD"`, `"above":"1"`, `"above":"10%"`, `"above":"1 USD"`, `"above":"1usd"`, `"above":"1UDS"`, `"above":"1XAU"`, `"above":"1.001USD"`, `"above":"1.0JPY"`, `"above":1`, `"above":"-1USD"`, `"above":"01USD"`, `"above":"1e3USD"`, `"above":".5USD"`, `"above":"5.USD"`, `"above":"1,5USD"`,
		`"atMost":"100%"`, `"atMost":[100]`, `"atMost":["100"]`, `"atMost":["50x"]`, `"atMost":["100% per outage"]`, `"atMost":["100% per 0mo"]`, `"atMost":["100% per 1201mo"]`, `"atMost":["100% per 012mo"]`, `"atMost":["100% per year"]`, `"atMost":["100% per 12 mo"]`, `"atMost":["100% a month"]`, `"atMost":[""]`,

		one(``), one(`"promise":""`), one(`"promise":99.95`), one(`"promise":["exactly 100%"]`), one(`"promised":"exactly 100%"`), one(`"Promise":"exactly 100%"`),
		one(`"promise":"99.95%"`), one(`"promise":"at least 99.95"`), one(`"promise":"at least 99.95 %"`), one(`"promise":"At least 99.95%"`), one(`"promise":"atleast 99.95%"`), one(`"promise":"at  least 99.95%"`), one(`"promise":"at least 099.95%"`), one(`"promise":"at least 100.1%"`), one(`"promise":"at least 101%"`), one(`"promise":"at least 99,95%"`), one(`"promise":">= 99.95%"`), one(`"promise":"minimum 99.95%"`),
		one(`"promise":"below 99.95%"`), one(`"promise":"at most 99.95%"`), one(`"promise":"exactly 99.95%"`), one(`"promise":"at least 1h"`), one(`"promise":"over 2"`), one(`"promise":"exactly 1h"`), one(`"promise":"exactly 1"`), one(`"promise":"at least 0%"`), one(`"promise":"below 0h"`), one(`"promise":"at most 1.5"`), one(`"promise":"at most 45"`), one(`"promise":"at most 1 outages"`), one(`"promise":"at most 2 outage"`), one(`"promise":"at most 2outages"`), one(`"promise":"at most 1.5 outages"`), one(`"promise":"at most 2.0 outages"`), one(`"promise":"over 2 outages"`), one(`"promise":"at most 2 Outages"`), one(`"promise":"at most 1hr"`), one(`"promise":"at most 1mo"`), one(`"promise":"at most 20USD"`), one(`"promise":"at least 99%,below 100%"`), one(`"promise":"at least 99%, below 100%, over 98%"`), one(`"promise":"at least 99% "`),
		one(`"promise":"at least 99.9999999999999%"`),
		promise(`"promise2":"x"`), promise(`"name":5`), promise(`"automatic":"yes"`), promise(`"automatic":1`), promise(`"automatic":null`),

		promise(`"scope":null`), promise(`"scope":[]`), promise(`"scope":{"regions":["a"]}`), promise(`"scope":{"only":{"region":[]}}`), promise(`"scope":{"only":{"region":"a"}}`), promise(`"scope":{"only":["region"]}`), promise(`"scope":{"only":{"region":[1]}}`), promise(`"scope":{"only":{" region":["a"]}}`), promise(`"scope":{"only":{"region":["a "]}}`),
		promise(`"scope":{"levels":[{}]}`), promise(`"scope":{"levels":[{"by":""}]}`), promise(`"scope":{"levels":["region"]}`), promise(`"scope":{"levels":{"by":"region"}}`), promise(`"scope":{"levels":[{"by":"region","min":-1}]}`), promise(`"scope":{"levels":[{"by":"region","min":50001}]}`), promise(`"scope":{"levels":[{"by":"region","min":"2"}]}`), promise(`"scope":{"levels":[{"by":"region","min":1.5}]}`),
		promise(`"scope":{"levels":[{"by":"region","down":"all"}]}`), promise(`"scope":{"levels":[{"by":"region","down":"at most 2"}]}`), promise(`"scope":{"levels":[{"by":"region","down":"exactly 50%"}]}`), promise(`"scope":{"levels":[{"by":"region","down":"2"}]}`), promise(`"scope":{"levels":[{"by":"region","down":2}]}`), promise(`"scope":{"levels":[{"by":"region","down":"over 1h"}]}`), promise(`"scope":{"levels":[{"by":"region","pooled":"true"}]}`),

		promise(`"downtime":null`), promise(`"downtime":"5m"`), promise(`"downtime":{"Loss":"over 5%"}`), promise(`"downtime":{"causes":"network"}`), promise(`"downtime":{"causes":[""]}`), promise(`"downtime":{"causes":["a","a"]}`), promise(`"downtime":{"causes":[null]}`), promise(`"downtime":{"starts":["end"]}`), promise(`"downtime":{"ends":["start"]}`), promise(`"downtime":{"starts":["ticket","ticket"]}`),
		promise(`"downtime":{"slot":"5"}`), promise(`"downtime":{"slot":"0m"}`), promise(`"downtime":{"slot":"5min"}`), promise(`"downtime":{"slot":"1mo"}`), promise(`"downtime":{"slot":5}`), promise(`"downtime":{"slot":"5m from 2014-05-01"}`), promise(`"downtime":{"slot":"5m from 2014-05-01 00:00:00Z"}`), promise(`"downtime":{"slot":"5m from 2014-02-30T00:00:00Z"}`), promise(`"downtime":{"slot":"5m from 1850-05-01T00:00:00Z"}`), promise(`"downtime":{"slot":"5m from 2014-05-01T00:00:00"}`), promise(`"downtime":{"slot":"5m since 2014-05-01T00:00:00Z"}`), promise(`"downtime":{"slot":"Period","requests":true}`), promise(`"downtime":{"requests":true}`),
		promise(`"downtime":{"slot":"5m","requests":true,"minRequests":-1}`), promise(`"downtime":{"slot":"5m","requests":true,"minRequests":"100"}`), promise(`"downtime":{"slot":"5m","requests":true,"minRequests":9223372036854775808}`), promise(`"downtime":{"slot":"5m","requests":true,"minRequests":0.5}`),
		promise(`"downtime":{"loss":"5%"}`), promise(`"downtime":{"loss":"below 5%"}`), promise(`"downtime":{"loss":"over 5m"}`), promise(`"downtime":{"loss":"exactly 50%"}`), promise(`"downtime":{"loss":"over 5"}`), promise(`"downtime":{"loss":5}`),
		promise(`"downtime":{"lasting":"5m"}`), promise(`"downtime":{"lasting":"over 5%"}`), promise(`"downtime":{"lasting":"at most 5m"}`), promise(`"downtime":{"lasting":"at least 5 m"}`), promise(`"downtime":{"lasting":"at least 5mo"}`), promise(`"downtime":{"lasting":"at least 5w"}`),

		promise(`"exclusions":[{}]`), promise(`"exclusions":[{"causes":[],"hours":[]}]`), promise(`"exclusions":{"causes":["a"]}`), promise(`"exclusions":[{"causes":"customer"}]`), promise(`"exclusions":[{"causes":[""]}]`), promise(`"exclusions":[{"causes":["a","a"]}]`), promise(`"exclusions":[{"causes":["Maintenance"],"notice":"24h"}]`), promise(`"exclusions":[{"causes":["maintenance"]}]`), promise(`"exclusions":[{"causes":["a"],"notice":"24"}]`), promise(`"exclusions":[{"causes":["a"],"notice":"None"}]`), promise(`"exclusions":[{"causes":["a"],"notice":24}]`), promise(`"exclusions":[{"causes":["a"],"notice":"2bd"}]`),
		promise(`"exclusions":[{"causes":["a"],"allowance":"0h"}]`), promise(`"exclusions":[{"causes":["a"],"allowance":"10%"}]`), promise(`"exclusions":[{"causes":["a"],"allowance":"10h per 5mo"}]`), promise(`"exclusions":[{"causes":["a"],"allowance":"10h per month"}]`), promise(`"exclusions":[{"causes":["a"],"allowance":"10h per 24mo"}]`), promise(`"exclusions":[{"causes":["a"],"first":"true"}]`),

		promise(`"calculation":{"period":"2"}`), promise(`"calculation":{"period":"month"}`), promise(`"calculation":{"period":"5mo"}`), promise(`"calculation":{"period":"2d"}`), promise(`"calculation":{"period":"01mo"}`), promise(`"calculation":{"period":"0d trailing"}`), promise(`"calculation":{"period":"trailing 365d"}`), promise(`"calculation":{"period":"1201mo trailing"}`), promise(`"calculation":{"period":"24h trailing"}`), promise(`"calculation":{"period":"outages"}`),
		promise(`"calculation":{"zone":"Local"}`), promise(`"calculation":{"zone":"Europe Berlin"}`), promise(`"calculation":{"zone":"/Europe/Berlin"}`), promise(`"calculation":{"zone":"+02:00"}`), promise(`"calculation":{"zone":1}`),
		promise(`"calculation":{"hours":["Sun"]}`), promise(`"calculation":{"zone":"UTC","hours":"Sun"}`), promise(`"calculation":{"zone":"UTC","hours":[""]}`), promise(`"calculation":{"zone":"UTC","hours":["sun"]}`), promise(`"calculation":{"zone":"UTC","hours":["Sunday"]}`), promise(`"calculation":{"zone":"UTC","hours":["Mon–Fri"]}`), promise(`"calculation":{"zone":"UTC","hours":["Mon - Fri"]}`), promise(`"calculation":{"zone":"UTC","hours":["9:00-17:00"]}`), promise(`"calculation":{"zone":"UTC","hours":["09:00-24:01"]}`), promise(`"calculation":{"zone":"UTC","hours":["24:00-09:00"]}`), promise(`"calculation":{"zone":"UTC","hours":["09:60-17:00"]}`), promise(`"calculation":{"zone":"UTC","hours":["09:00"]}`), promise(`"calculation":{"zone":"UTC","hours":["Mon  09:00-17:00"]}`), promise(`"calculation":{"zone":"UTC","hours":["02-30"]}`), promise(`"calculation":{"zone":"UTC","hours":["13-01"]}`), promise(`"calculation":{"zone":"UTC","hours":["2026-02-30"]}`), promise(`"calculation":{"zone":"UTC","hours":["1850-02-01"]}`), promise(`"calculation":{"zone":"UTC","hours":["Not Sun"]}`), promise(`"calculation":{"zone":"UTC","hours":["not not Sun"]}`), promise(`"calculation":{"zone":"UTC","hours":["09:00-17:00 Mon"]}`),
		promise(`"calculation":{"length":"0d"}`), promise(`"calculation":{"length":"0.00h"}`), promise(`"calculation":{"length":"1mo"}`), promise(`"calculation":{"length":30}`), promise(`"calculation":{"length":"30"}`), promise(`"calculation":{"unknown":"Up"}`), promise(`"calculation":{"unknown":"excluded"}`), promise(`"calculation":{"unknown":true}`), promise(`"calculation":{"whole":"true"}`),
		promise(`"calculation":{"round":"0.1%"}`), promise(`"calculation":{"round":"exact 0.1%"}`), promise(`"calculation":{"round":"nearest 0.1"}`), promise(`"calculation":{"round":"nearest 0%"}`), promise(`"calculation":{"round":"nearest 1h"}`), promise(`"calculation":{"round":"nearest 200%"}`), promise(`"calculation":{"round":2}`),

		promise(`"base":"region"`), promise(`"base":{"kinds":["a"]}`), promise(`"base":{"only":"a"}`), promise(`"base":{"only":[""]}`), promise(`"base":{"without":["a","a"]}`), promise(`"base":{"length":"1mo"}`), promise(`"base":{"of":"\tregion"}`), promise(`"base":{"by":"region"}`), promise(`"base":{"by":[""]}`), promise(`"base":{"window":"1cycle"}`), promise(`"base":{"window":"0d trailing"}`), promise(`"base":{"window":"3661d trailing"}`), promise(`"base":{"window":"30d before"}`),

		promise(`"credits":{"give":"10%"}`), promise(`"credits":[{}]`), promise(`"credits":[null]`), promise(`"credits":["10%"]`), promise(`"credits":[{"when":"below 99.9%"}]`), promise(`"credits":[{"give":""}]`), promise(`"credits":[{"give":10}]`), promise(`"credits":[{"give":"10"}]`), promise(`"credits":[{"give":"10 %"}]`), promise(`"credits":[{"give":"-10%"}]`), promise(`"credits":[{"give":"10pct"}]`), promise(`"credits":[{"give":"10y"}]`), promise(`"credits":[{"give":"10X"}]`), promise(`"credits":[{"give":"$10"}]`), promise(`"credits":[{"give":"10usd"}]`), promise(`"credits":[{"give":"10.123USD"}]`), promise(`"credits":[{"give":"10USDT"}]`), promise(`"credits":[{"give":"10%","gives":"10%"}]`),
		promise(`"credits":[{"give":"10%","when":"99.9%"}]`), promise(`"credits":[{"give":"10%","when":"under 99.9%"}]`), promise(`"credits":[{"give":"10%","when":"below 99.9"}]`), promise(`"credits":[{"give":"10%","when":"below 1mo"}]`), promise(`"credits":[{"give":"10%","when":"below 99.9%, at least 1h"}]`), promise(`"credits":[{"give":"10%","when":"from 99% to 99.9%"}]`), promise(`"credits":[{"give":"10%","when":"at least 99% and below 99.9%"}]`), promise(`"credits":[{"give":"10%","when":99.9}]`),
		promise(`"credits":[{"give":"10%","per":"30m"}]`), promise(`"credits":[{"give":"10%","per":"every 30m"}]`), promise(`"credits":[{"give":"10%","per":"full 0m"}]`), promise(`"credits":[{"give":"10%","per":"full 1.5"}]`), promise(`"credits":[{"give":"10%","per":"full 1"}]`), promise(`"credits":[{"give":"10%","per":"full 0 outages"}]`), promise(`"credits":[{"give":"10%","per":"full 1.5 outages"}]`), promise(`"credits":[{"give":"10%","per":"full 1 outages"}]`), promise(`"credits":[{"give":"10%","per":"full 1USD"}]`), promise(`"credits":[{"give":"10%","per":"full"}]`), promise(`"credits":[{"give":"10%","per":"full  30m"}]`), promise(`"credits":[{"give":"10%","beyond":"yes"}]`), promise(`"credits":[{"give":"10%","plus":"0%"}]`), promise(`"credits":[{"give":"10%","plus":"0.00USD"}]`), promise(`"credits":[{"give":"10%","plus":"5"}]`),
		promise(`"gap":"mild"`), promise(`"gap":"Milder"`), promise(`"gap":true`), promise(`"atMost":["100% per Outage"]`), promise(`"atMost":"100%"`), promise(`"oneOf":"a"`), promise(`"oneOf":[""]`), promise(`"oneOf":["a","a"]`), promise(`"oneOf":[1]`),
		promise(`"termination":{}`), promise(`"termination":[{"when":{}}]`), promise(`"termination":[{"if":[]}]`), promise(`"termination":[{"if":{"each":"below 99"}}]`), promise(`"termination":[{"if":{"each":"at least 99%"}}]`), promise(`"termination":[{"if":{"each":"at most 8h"}}]`), promise(`"termination":[{"if":{"each":"over 2"}}]`), promise(`"termination":[{"if":{"count":1001,"within":"12mo"}}]`), promise(`"termination":[{"if":{"count":-1}}]`), promise(`"termination":[{"if":{"count":"3","within":"12mo"}}]`), promise(`"termination":[{"if":{"count":3,"within":"12"}}]`), promise(`"termination":[{"if":{"count":3,"within":"0mo"}}]`), promise(`"termination":[{"if":{"count":3,"within":"1y"}}]`), promise(`"termination":[{"if":{"count":3,"within":"03cycles"}}]`), promise(`"termination":[{"if":{"count":3,"within":"3cycle"}}]`), promise(`"termination":[{"if":{"count":3,"within":"1.5mo"}}]`), promise(`"termination":[{"if":{"total":"99%","within":"12mo"}}]`), promise(`"termination":[{"if":{},"notice":"30d"}]`),

		promise(`"credits":[]`) + `,"claims":[]`, promise(`"credits":[]`) + `,"claims":{"until":"30d after period"}`, promise(`"credits":[]`) + `,"claims":{"by":"30d"}`, promise(`"credits":[]`) + `,"claims":{"by":"30 d after period"}`, promise(`"credits":[]`) + `,"claims":{"by":"30d after"}`, promise(`"credits":[]`) + `,"claims":{"by":"30d after "}`, promise(`"credits":[]`) + `,"claims":{"by":"30d after  period"}`, promise(`"credits":[]`) + `,"claims":{"by":"030d after period"}`, promise(`"credits":[]`) + `,"claims":{"by":"0h after period"}`, promise(`"credits":[]`) + `,"claims":{"by":"0bd after period"}`, promise(`"credits":[]`) + `,"claims":{"by":"1cycles after period"}`, promise(`"credits":[]`) + `,"claims":{"by":"2cycle after period"}`, promise(`"credits":[]`) + `,"claims":{"by":"1w after period"}`, promise(`"credits":[]`) + `,"claims":{"by":"1.5h after period"}`, promise(`"credits":[]`) + `,"claims":{"by":"end of outage"}`, promise(`"credits":[]`) + `,"claims":{"by":"During outage"}`, promise(`"credits":[]`) + `,"claims":{"by":30}`, promise(`"credits":[]`) + `,"claims":{"requires":"logs"}`, promise(`"credits":[]`) + `,"claims":{"requires":[""]}`,
		promise(`"credits":[]`) + `,"claims":{"requires":["a","a"]}`, promise(`"credits":[]`) + `,"claims":{"by":"30d after ` + strings.Repeat("a", 1021) + `"}`,
		promise(`"downtime":{"ends":["a","a"]}`), promise(`"base":{"only":["a","a"]}`), promise(`"scope":{"levels":[{"by":"a","max":1}]}`), promise(`"exclusions":[{"causes":["a"],"cause":"a"}]`), promise(`"calculation":{"rounding":"nearest 0.1%"}`), promise(`"termination":[{"if":{},"then":"x"}]`), promise(`"termination":[{"if":{"times":3}}]`),

		`"payment":"refund"`, `"payment":{"forms":"refund"}`, `"payment":{"forms":["a","a"]}`, `"payment":{"by":"60d"}`, `"payment":{"expires":"never"}`, `"payment":{"form":["refund"]}`,
	} {
		whole := terms
		if strings.HasPrefix(terms, `"`) && terms != `"x"` {
			whole = document(terms)
		}
		_, err := read([]byte(whole))
		assert.Error(t, err, "the library accepts %s", whole)
		assert.Error(t, c.check(t, []byte(whole)), "the schema accepts %s", whole)
	}
}

// Where the two differ. A schema cannot see several terms together, nor a key
// that comes twice; and it asks for what the library does without.
func TestDifferences(t *testing.T) {
	c := newChecker(t, "")
	head := `{"format":"slacredit/agreement/1","name":"x",`
	for _, whole := range []string{
		head + `"name":"y"}`,
		head + `"commitments":[{"promise":"exactly 100%","downtime":{"slot":"1m","requests":true,"minRequests":1.0}}]}`,
		head + `"commitments":[{"promise":"at least 99%","credits":[{"when":"below 98%","give":"10%"}]}]}`,
		head + `"commitments":[{"promise":"at least 99%"},{"promise":"at least 98%"}]}`,
		head + `"commitments":[{"promise":"over 99%, over 98%"}]}`,
		head + `"commitments":[{"promise":"at least 99%","calculation":{"round":"nearest 0.3%"}}]}`,
		head + `"commitments":[{"promise":"at least 99%","calculation":{"zone":"Europe/Bern"}}]}`,
		head + `"commitments":[{"promise":"at least 99%","calculation":{"zone":"UTC","hours":["2026-02-29"]}}]}`,
		head + `"commitments":[{"promise":"at least 99%","calculation":{"zone":"UTC","hours":["09:00-09:00"]}}]}`,
		head + `"commitments":[{"promise":"at least 99%","base":{"only":["a"],"without":["b"]}}]}`,
		head + `"commitments":[{"promise":"at least 99%","base":{"window":"30d before outage"}}]}`,
		head + `"commitments":[{"promise":"at least 99%","downtime":{"slot":"25h"}}]}`,
		head + `"claims":{"by":"36601d after period"}}`,
		head + `"note":"` + strings.Repeat("é", 501) + `"}`,
	} {
		_, err := read([]byte(whole))
		assert.Error(t, err, whole)
		assert.NoError(t, c.check(t, []byte(whole)), whole)
	}
	for _, whole := range []string{
		`{"format":"slacredit/agreement/1"}`,
		head + `"above":""}`,
		head + `"claims":{"by":""}}`,
		head + `"commitments":[{"promise":"exactly 100%","gap":"","calculation":{"unknown":""}}]}`,
		head + `"commitments":[{"promise":"exactly 100%","termination":[{}]}]}`,
	} {
		a, err := read([]byte(whole))
		assert.NoError(t, err, whole)
		assert.Error(t, c.check(t, []byte(whole)), whole)
		written, err := json.Marshal(a)
		require.NoError(t, err)
		assert.NoError(t, c.check(t, written), "written again")
	}
}

// The largest values that can be written have nothing above them, so that
// Compile takes them alone for all from there on. The schema does not.
var atTheTop = []string{"exactly 1000000000", "exactly 4611686018.427387902s"}

func TestLargestValues(t *testing.T) {
	for i, name := range []string{"members", "lasting"} {
		require.NotNil(t, kinds[name].accepted(atTheTop[i]))
		text, err := json.Marshal(atTheTop[i])
		require.NoError(t, err)
		assert.Error(t, newChecker(t, "#/$defs/"+name).check(t, text))
	}
}

// The errors of the schema name the place.
func TestSchemaErrorsNameTheField(t *testing.T) {
	err := newChecker(t, "").check(t, []byte(document(`"commitments":[{"promise":"99.95%"}]`)))
	var invalid *jsonschema.ValidationError
	require.True(t, errors.As(err, &invalid))
	assert.Contains(t, err.Error(), "/commitments/0/promise")
}
