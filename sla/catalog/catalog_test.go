package catalog

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/sla/calendar"
)

var update = flag.Bool("update", false, "write the files of data/ anew in their canonical form")

// Every file is in the canonical form, so that a change shows what changed and
// nothing else: what is read and written again is the file, byte for byte.
func TestCanonical(t *testing.T) {
	names, err := fs.Glob(published, "data/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		data, err := os.ReadFile(filepath.FromSlash(name))
		require.NoError(t, err)
		editions, faults := parse(strings.TrimSuffix(filepath.Base(name), ".json"), data)
		require.Empty(t, faults, name)
		canonical, err := write(editions)
		require.NoError(t, err)
		if *update {
			require.NoError(t, os.WriteFile(filepath.FromSlash(name), canonical, 0o600))
			continue
		}
		assert.Equal(t, string(canonical), string(data), "%s: go test ./sla/catalog -update writes it anew", name)
	}
}

func TestPublished(t *testing.T) {
	c := whole(t)
	names := map[string]bool{}
	for e := range c.All() {
		assert.False(t, names[e.Name()], e.Name())
		names[e.Name()] = true
		terms, err := e.Terms()
		if len(e.Missing) > 0 {
			assert.ErrorContains(t, err, "cannot be judged by: missing: "+e.Missing[0])
			continue
		}
		require.NoError(t, err, e.Name())
		assert.NotEmpty(t, terms.English())
		assert.Contains(t, terms.Agreement().Note, map[Evidence]string{Own: "own text", Copy: "a copy", Reported: "reported", Unverified: "unverified"}[e.Evidence()])
		for pointer := range e.Sources {
			_, found := e.Source(pointer + "/and/more")
			assert.True(t, found)
		}
	}
}

const plain = `{"format":"slacredit/catalog/1","editions":[
{"service":"vm","title":"VM","from":"2014-01-01","until":"2015-01-01","binds":"use",
"agreement":{"format":"slacredit/agreement/1","name":"acme/vm","commitments":[{"promise":"at least 99.9%","credits":[{"give":"10%"}]}]},
"sources":{"":{"title":"the page","url":"https://example.com","seen":"2014-02-01","evidence":"own"},"/commitments/0/credits":{"title":"a forum","seen":"2014-03-01","evidence":"reported"}}},
{"service":"vm","title":"VM","from":"2015-01-01","binds":"purchase","plan":"gold",
"agreement":{"format":"slacredit/agreement/1","name":"acme/vm/gold","commitments":[{"promise":"at least 99.99%","credits":[{"give":"10%"}]}]},
"sources":{"":{"title":"the page","seen":"2015-02-01","evidence":"copy"}}},
{"service":"vm","title":"VM","binds":"renewal","plan":"basic",
"agreement":{"format":"slacredit/agreement/1","name":"acme/vm/basic","commitments":[{"promise":"at least 99%"}]},
"sources":{"":{"title":"the page","seen":"2015-02-01","evidence":"own"}},"missing":["the table of credits"]}
]}`

func read(t *testing.T, file string) (Catalog, error) {
	t.Helper()
	return Read(fstest.MapFS{"acme.json": {Data: []byte(file)}})
}

func TestQuery(t *testing.T) {
	c, err := read(t, plain)
	require.NoError(t, err)
	on := func(y int, m time.Month, d int) calendar.Date { return calendar.Date{Year: y, Month: m, Day: d} }
	one := func(q Query) string {
		e, err := c.One(q)
		if err != nil {
			return err.Error()
		}
		return e.Name()
	}
	assert.Equal(t, "acme/vm from 2014-01-01 until 2015-01-01", one(Query{Provider: "acme", On: on(2014, 12, 31)}))
	assert.Equal(t, "acme/vm from 2015-01-01, plan gold", one(Query{On: on(2015, 1, 1)}), "basic is known from February only")
	assert.Equal(t, "catalog: 2 editions of on 2015-02-01: what decides is the plan (basic, gold)", one(Query{On: on(2015, 2, 1)}))
	assert.Equal(t, "catalog: no edition of provider acme, on 2013-12-31", one(Query{Provider: "acme", On: on(2013, 12, 31)}))
	assert.Equal(t, "catalog: 3 editions of anything: what decides is the plan (basic, gold, none)", one(Query{}))
	assert.Equal(t, "acme/vm, plan basic", one(Query{Plan: "basic"}))
	assert.Equal(t, "acme/vm from 2014-01-01 until 2015-01-01", one(Query{Plan: None}))
	_, err = slices.Collect(c.Find(Query{Plan: "basic"}))[0].Terms()
	assert.EqualError(t, err, "catalog: acme/vm, plan basic cannot be judged by: missing: the table of credits")

	first := slices.Collect(c.All())[0]
	assert.Equal(t, Reported, first.Evidence(), "the weakest")
	credits, _ := first.Source("/commitments/0/credits/0/give")
	promise, _ := first.Source("/commitments/0/promise")
	assert.Equal(t, [2]Evidence{Reported, Own}, [2]Evidence{credits.Evidence, promise.Evidence})
}

// However a file breaks off, the error says so, and on which line. A large file
// breaks off at 25 places, or SLACREDIT_PANICS_COUNT.
func TestReadOfATruncatedFileEnds(t *testing.T) {
	places := 25
	if n, err := strconv.Atoi(os.Getenv("SLACREDIT_PANICS_COUNT")); err == nil {
		places = n
	}
	names, err := fs.Glob(published, "data/*.json")
	require.NoError(t, err)
	for _, name := range names {
		whole, err := published.ReadFile(name)
		require.NoError(t, err)
		step := 1
		if testing.Short() || len(whole) > 2000 {
			step = max(1, len(whole)/max(1, places))
		}
		for n := 0; n < len(whole)-2; n += step { // the last is a line break
			_, err := Read(fstest.MapFS{"acme.json": {Data: whole[:n]}})
			require.ErrorContains(t, err, fmt.Sprintf("catalog: acme.json:%d: ", 1+bytes.Count(whole[:n], []byte("\n"))))
			for _, field := range []string{"editions", "editions[0].agreement", "editions[7].sources./commitments/0", "x"} {
				line(whole[:n], field)
			}
		}
	}
	_, err = read(t, strings.Repeat("[", 1_000_000))
	require.Error(t, err)
	_, err = read(t, strings.Replace(plain, `"use"`, strings.Repeat(`{"a":`, 9000)+"1"+strings.Repeat("}", 9000), 1))
	require.ErrorContains(t, err, "catalog: acme.json:2: editions[0].binds: want a string, not an object")
}

// What is no JSON pointer has no source.
func TestSourceOfWhatIsNoPointer(t *testing.T) {
	c, err := read(t, plain)
	require.NoError(t, err)
	e := slices.Collect(c.All())[0]
	for _, pointer := range []string{"commitments", "commitments/0", " ", "é", "#/commitments"} {
		s, found := e.Source(pointer)
		assert.False(t, found, pointer)
		assert.Equal(t, Source{}, s)
	}
	for _, pointer := range []string{"", "/", "//", "/commitments/0", "/~", "/\xff"} {
		_, found := e.Source(pointer)
		assert.True(t, found, pointer)
		_, found = Edition{}.Source(pointer)
		assert.False(t, found, pointer)
	}
}

// All faults of a file are told, each with its line.
func TestEachFaultOfAFileHasItsLine(t *testing.T) {
	_, err := read(t, strings.NewReplacer(`"binds":"purchase"`, `"bind":1`, `"binds":"renewal"`, `"binds":2`, `"title":"VM","from":"2014-01-01"`, `"title":3`).Replace(plain))
	assert.EqualError(t, err, strings.Join([]string{
		`catalog: acme.json:2: editions[0].title: want a string, not the number 3`,
		`catalog: acme.json:5: editions[1]: unknown key "bind"`,
		`catalog: acme.json:8: editions[2].binds: want a string, not the number 2`,
	}, "\n"))

	// Also where a key of the author's own has spaces and colons, and where there
	// are more faults than are told.
	_, err = read(t, strings.Replace(plain, `"/commitments/0/credits":{`, `"/a: b c":{`+"\n"+`"title":3},"/commitments/0/credits":{`, 1))
	assert.EqualError(t, err, `catalog: acme.json:5: editions[0].sources./a: b c.title: want a string, not the number 3`)
	_, err = read(t, strings.Replace(plain, `"promise":"at least 99.9%"`, `"scope":{"only":{`+"\n"+`"a: b c":["x "]}},"promise":"at least 99.9%"`, 1))
	assert.EqualError(t, err, `catalog: acme.json:4: editions[0].agreement.commitments[0].scope.only.a: b c[0]: "x " starts or ends with a space`)
	_, err = read(t, strings.Replace(plain, `"promise":"at least 99.9%"`, `"atMost":[`+strings.Repeat(`"1",`, 101)+`"1"],"promise":"at least 99.9%"`, 1))
	assert.Equal(t, 100, strings.Count(err.Error(), "\n"))
	assert.ErrorContains(t, err, "\ncatalog: acme.json:3: editions[0].agreement: and more faults")
}

func TestWrongFiles(t *testing.T) {
	for _, tt := range []struct{ old, new, want string }{
		{`"binds":"use"`, `"bind":"use"`, `editions[0]: unknown key "bind"`},
		{`"evidence":"own"},"/comm`, `"evidence":"sure"},"/comm`, `catalog: acme.json:4: editions[0].sources..evidence: catalog: reading evidence: "sure" is none of own, copy, reported, unverified`},
		{`"until":"2015-01-01"`, `"until":"2014-01-01"`, `catalog: acme.json:2: editions[0].until: 2014-01-01 is not after 2014-01-01, when it begins`},
		{`"at least 99.9%"`, `"99.9%"`, `catalog: acme.json:3: editions[0].agreement.commitments[0].promise: "99.9%" needs a word, in lower case: below, at most, over, at least or exactly`},
		{`"credits":[{"give":"10%"}]}]},
"sources":{"":{"title":"the page","url"`, `"credits":[{"when":"below 99%","give":"10%"}]}]},
"sources":{"":{"title":"the page","url"`, `catalog: acme.json:3: editions[0].agreement.commitments[0].credits[0].when: a hole: nothing is given from 99% to below 99.9%, though the promise is broken`},
		{`"/commitments/0/credits":`, `"/commitments/1/credits":`, `catalog: acme.json:4: editions[0].sources./commitments/1/credits: the agreement has nothing there`},
		{`"name":"acme/vm",`, `"name":"vm",`, `catalog: acme.json:3: editions[0].agreement.name: "vm"; want "acme/vm", or more after another slash`},
		{`"seen":"2014-02-01","evidence":"own"`, `"evidence":"own"`, `catalog: acme.json:4: editions[0].sources.: seen: calendar: date 0000-00-00 is outside the years 1900 to 2191`},
		{`"from":"2014-01-01","until":"2015-01-01","binds":"use",`, `"plan":"gold","from":"2014-01-01","binds":"use",`, `catalog: acme.json:5: editions[1].from: in force at one time with editions[0], and nothing tells them apart`},
		{`slacredit/catalog/1`, `slacredit/catalog/2`, `catalog: acme.json:1: format: "slacredit/catalog/2" is not known; want "slacredit/catalog/1"`},
	} {
		require.Equal(t, 1, strings.Count(plain, tt.old), tt.old)
		_, err := read(t, strings.Replace(plain, tt.old, tt.new, 1))
		if assert.Error(t, err, tt.new) {
			assert.Contains(t, err.Error(), tt.want)
		}
	}
}
