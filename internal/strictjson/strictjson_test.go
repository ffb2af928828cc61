package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A document has a field of each kind that is read.
type document struct {
	Text    string          `json:"text"`
	Number  int             `json:"number,omitempty"`
	Small   int8            `json:"small"`
	Count   uint64          `json:"count"`
	Flag    bool            `json:"flag"`
	Pointer *int            `json:"pointer"`
	Raw     json.RawMessage `json:"raw"`
	Upper   upper           `json:"upper"`
	Odd     *odd            `json:"odd"`
	Inner   inner           `json:"inner"`
	List    []inner         `json:"list"`
	Lists   [][]int         `json:"lists"`
	Hidden  string          `json:"-"`
	NoKey   string
	embedded
}

type embedded struct {
	Deep string `json:"deep"`
}

type inner struct {
	A string `json:"a"`
	B []bool `json:"b"`
}

// upper is text in capitals.
type upper string

func (u *upper) UnmarshalText(text []byte) error {
	if s := string(text); s != strings.ToUpper(s) {
		return errors.New("want capitals")
	}
	*u = upper(text)
	return nil
}

// odd is a number that is not even.
type odd int

func (o *odd) UnmarshalJSON(data []byte) error {
	var n int
	if err := json.Unmarshal(data, &n); err != nil || n%2 == 0 {
		return errors.New("want an odd number")
	}
	*o = odd(n)
	return nil
}

const full = `{"text":"é😀\n","number":-7,"small":127,"count":18446744073709551615,"flag":true,"pointer":0,
	"raw": {"x":null, "x":[1.50]} ,"upper":"ABC","odd":3,"inner":{"a":"","b":[]},
	"list":[{"a":"1"},{"b":[true,false]}],"lists":[[],[1,2]],"deep":"down"}`

func fullDocument() document {
	zero, three := 0, odd(3)
	return document{
		Text: "é😀\n", Number: -7, Small: 127, Count: 1<<64 - 1, Flag: true, Pointer: &zero,
		Raw: json.RawMessage(`{"x":null, "x":[1.50]}`), Upper: "ABC", Odd: &three, Inner: inner{"", []bool{}},
		List: []inner{{"1", nil}, {"", []bool{true, false}}}, Lists: [][]int{{}, {1, 2}}, embedded: embedded{"down"},
	}
}

func TestUnmarshal(t *testing.T) {
	got := document{Text: "before", List: []inner{{"before", nil}}, Hidden: "before"}
	require.NoError(t, Unmarshal([]byte(full), &got))
	assert.Equal(t, fullDocument(), got)

	// What is not given is zero, also where the value held something before.
	require.NoError(t, Unmarshal([]byte(" \n{ }\t"), &got))
	assert.Equal(t, document{}, got)

	// What is not an object.
	var list []int
	require.NoError(t, Unmarshal([]byte(`[1, 2]`), &list))
	assert.Equal(t, []int{1, 2}, list)
	var text string
	require.NoError(t, Unmarshal([]byte(`"\u0061"`), &text))
	assert.Equal(t, "a", text)
	require.NoError(t, Unmarshal([]byte(`{"t\u0065xt":"escaped key"}`), &got))
	assert.Equal(t, "escaped key", got.Text)
}

// The raw part of a document does not change with the bytes it was read from.
func TestUnmarshalCopies(t *testing.T) {
	data := []byte(`{"raw":"abc"}`)
	var got document
	require.NoError(t, Unmarshal(data, &got))
	copy(data, bytes.Repeat([]byte("x"), len(data)))
	assert.Equal(t, `"abc"`, string(got.Raw))
}

func TestUnmarshalRefuses(t *testing.T) {
	for _, tt := range []struct{ name, data, want string }{
		{"unknown key", `{"txt":""}`, `unknown key "txt"`},
		{"key in another case", `{"Text":""}`, `unknown key "Text"`},
		{"empty key", `{"":""}`, `unknown key ""`},
		{"key of a field without one", `{"NoKey":""}`, `unknown key "NoKey"`},
		{"key of a field left out", `{"-":""}`, `unknown key "-"`},
		{"key of a field's name", `{"Hidden":""}`, `unknown key "Hidden"`},
		{"key of an embedded struct", `{"embedded":{}}`, `unknown key "embedded"`},
		{"long key", `{"` + strings.Repeat("k", 1000) + `":""}`, `unknown key "` + strings.Repeat("k", 40) + `"…`},
		{"key twice", `{"text":"a","text":"a"}`, `key "text" comes twice`},
		{"key twice, once escaped", `{"text":"a","\u0074ext":"a"}`, `key "text" comes twice`},
		{"unknown key twice", `{"x":1,"x":2}`, "unknown key \"x\"\nkey \"x\" comes twice"},
		{"embedded key twice", `{"deep":"a","deep":"b"}`, `key "deep" comes twice`},
		{"unknown key within", `{"inner":{"c":1}}`, `inner: unknown key "c"`},
		{"key twice within a list", `{"list":[{},{"a":"","a":""}]}`, `list[1]: key "a" comes twice`},
		{"key of the outer struct within", `{"inner":{"text":""}}`, `inner: unknown key "text"`},

		{"null", `null`, `want an object, not null`},
		{"null string", `{"text":null}`, `text: want a string, not null`},
		{"null number", `{"number":null}`, `number: want a whole number, not null`},
		{"null flag", `{"flag":null}`, `flag: want true or false, not null`},
		{"null pointer", `{"pointer":null}`, `pointer: want a whole number, not null`},
		{"null text", `{"upper":null}`, `upper: want a string, not null`},
		{"null object", `{"inner":null}`, `inner: want an object, not null`},
		{"null list", `{"list":null}`, `list: want an array, not null`},
		{"null in a list", `{"list":[{},null]}`, `list[1]: want an object, not null`},
		{"null for its own reader", `{"odd":null}`, `odd: want an odd number`},

		{"list for an object", `[]`, `want an object, not an array`},
		{"object for a list", `{"list":{}}`, `list: want an array, not an object`},
		{"string for a list", `{"list":"[]"}`, `list: want an array, not the string "[]"`},
		{"number for a string", `{"text":1}`, `text: want a string, not the number 1`},
		{"object for a string", `{"text":{}}`, `text: want a string, not an object`},
		{"number for text", `{"upper":1}`, `upper: want a string, not the number 1`},
		{"list for text", `{"upper":["A"]}`, `upper: want a string, not an array`},
		{"wrong text", `{"upper":"abc"}`, `upper: want capitals`},
		{"string for a number", `{"number":"1"}`, `number: want a whole number, not the string "1"`},
		{"fraction", `{"number":1.5}`, `number: want a whole number, not the number 1.5`},
		{"fraction of zero", `{"number":1.0}`, `number: want a whole number, not the number 1.0`},
		{"exponent", `{"number":1e2}`, `number: want a whole number, not the number 1e2`},
		{"too large", `{"small":128}`, `small: want a whole number, not the number 128`},
		{"below zero", `{"count":-1}`, `count: want a whole number, not the number -1`},
		{"very large", `{"number":` + strings.Repeat("9", 1000) + `}`, `number: want a whole number, not the number ` + strings.Repeat("9", 40) + `…`},
		{"string for a flag", `{"flag":"true"}`, `flag: want true or false, not the string "true"`},
		{"number for a flag", `{"flag":1}`, `flag: want true or false, not the number 1`},
		{"flag for a number", `{"number":true}`, `number: want a whole number, not true`},
		{"own reader", `{"odd":2}`, `odd: want an odd number`},
		{"deep in lists", `{"lists":[[1],[2,"3"]]}`, `lists[1][1]: want a whole number, not the string "3"`},
		{"deep in objects", `{"list":[{"b":[true,0]}]}`, `list[0].b[1]: want true or false, not the number 0`},

		{
			"every fault", `{"txt":1,"text":2,"list":[{"a":3},{"b":4,"c":5}],"text":6,"upper":"x"}`,
			"unknown key \"txt\"\ntext: want a string, not the number 2\nlist[0].a: want a string, not the number 3\nlist[1].b: want an array, not the number 4\n" +
				"list[1]: unknown key \"c\"\nkey \"text\" comes twice\nupper: want capitals",
		},

		{"nothing", ``, `unexpected end of JSON input`},
		{"spaces", ` `, `unexpected end of JSON input`},
		{"cut off", `{"text":"`, `unexpected end of JSON input`},
		{"trailing comma", `{"text":"",}`, `invalid character '}' looking for beginning of object key string`},
		{"trailing data", `{} {}`, `invalid character '{' after top-level value`},
		{"trailing brace", `{}}`, `invalid character '}' after top-level value`},
		{"comment", `{} // end`, `invalid character '/' after top-level value`},
		{"leading zero", `{"number":01}`, `invalid character '1' after object key:value pair`},
		{"not a number", `{"number":NaN}`, `invalid character 'N' looking for beginning of value`},
		{"byte order mark", "\ufeff{}", `invalid character 'ï' looking for beginning of value`},
		{"not UTF-8", "{\"text\":\"\xff\"}", `not UTF-8`},
		{"not UTF-8 in a key", "{\"\xc3\":\"\"}", `not UTF-8`},
		{"half a surrogate in UTF-8", "{\"text\":\"\xed\xa0\x80\"}", `not UTF-8`},
		{"too deep", strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000), `invalid character '[' exceeded max depth`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := fullDocument()
			err := Unmarshal([]byte(tt.data), &got)
			assert.EqualError(t, err, tt.want)
			assert.Equal(t, fullDocument(), got, "unchanged on error")
		})
	}
}

// The causes stay reachable behind their paths.
func TestUnmarshalWraps(t *testing.T) {
	var doc struct {
		List []failing `json:"list"`
	}
	assert.ErrorIs(t, Unmarshal([]byte(`{"list":["",""]}`), &doc), errFailing)
}

// Each fault has its path, whatever is in a key; what is no JSON has none.
func TestUnmarshalTellsPaths(t *testing.T) {
	var doc struct {
		Labels map[string][]string `json:"labels"`
	}
	err := Unmarshal([]byte(`{"labels":{"a b: c":["x",1]},"x: y":2}`), &doc)
	var joined interface{ Unwrap() []error }
	require.ErrorAs(t, err, &joined)
	assert.Equal(t, []error{
		&FieldError{"labels.a b: c[1]", errors.New("want a string, not the number 1")},
		&FieldError{"", errors.New(`unknown key "x: y"`)},
	}, joined.Unwrap())
	var field *FieldError
	require.ErrorAs(t, CheckFormat("", "f/1"), &field)
	assert.Equal(t, "format", field.Path)
	assert.False(t, errors.As(Unmarshal([]byte(`{`), &doc), &field))
}

var errFailing = errors.New("no")

type failing struct{}

func (*failing) UnmarshalText([]byte) error { return errFailing }

// Large inputs are read, and large faulty ones refused, in one pass over each
// level.
func TestUnmarshalLarge(t *testing.T) {
	const n = 100_000
	var doc document
	data := []byte(`{"list":[` + strings.Repeat(`{"a":"x"},`, n) + `{"a":"last"}]}`)
	require.NoError(t, Unmarshal(data, &doc))
	require.Len(t, doc.List, n+1)
	assert.Equal(t, "last", doc.List[n].A)

	text := strings.Repeat("é", n)
	require.NoError(t, Unmarshal([]byte(`{"text":"`+text+`"}`), &doc))
	assert.Equal(t, text, doc.Text)

	var keys bytes.Buffer
	for i := range n {
		fmt.Fprintf(&keys, `"k%d":0,`, i)
	}
	err := Unmarshal([]byte(`{`+keys.String()+`"text":"x"}`), &doc)
	require.Error(t, err)
	assert.Equal(t, mostFaults, strings.Count(err.Error(), "\n"))
	assert.True(t, strings.HasSuffix(err.Error(), "\nand more faults"))
	assert.Equal(t, text, doc.Text)
}

func TestCheckFormat(t *testing.T) {
	assert.NoError(t, CheckFormat("slacredit/x/1", "slacredit/x/1"))
	assert.EqualError(t, CheckFormat("", "slacredit/x/1"), `format: missing; want "slacredit/x/1"`)
	assert.EqualError(t, CheckFormat("slacredit/x/2", "slacredit/x/1"), `format: "slacredit/x/2" is not known; want "slacredit/x/1"`)
	assert.EqualError(t, CheckFormat(strings.Repeat("x", 50), "y"), `format: "`+strings.Repeat("x", 40)+`"… is not known; want "y"`)
}

func TestUnmarshalDocument(t *testing.T) {
	var doc struct {
		Format string `json:"format"`
		N      int    `json:"n"`
	}
	require.NoError(t, UnmarshalDocument([]byte(`{"format":"f/1","n":1}`), &doc, &doc.Format, "f/1"))
	assert.Equal(t, 1, doc.N)
	assert.EqualError(t, UnmarshalDocument([]byte(`{"n":1}`), &doc, &doc.Format, "f/1"), `format: missing; want "f/1"`)
	assert.EqualError(t, UnmarshalDocument([]byte(`{"format":"f/2"}`), &doc, &doc.Format, "f/1"), `format: "f/2" is not known; want "f/1"`)
	assert.EqualError(t, UnmarshalDocument([]byte(`{"format":"f/1","m":1}`), &doc, &doc.Format, "f/1"), `unknown key "m"`)
}

// What is read strictly, the standard library reads as the same value.
func FuzzUnmarshal(f *testing.F) {
	for _, seed := range []string{full, `{}`, `null`, `{"list":[{"a":"1","b":[true]}],"lists":[[1],[]]}`, `{"text":"\ud800"}`, `{"odd":1,"upper":"A"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got := document{Text: "before"}
		if err := Unmarshal(data, &got); err != nil {
			require.NotEmpty(t, err.Error())
			require.Equal(t, document{Text: "before"}, got)
			return
		}
		var want document
		strict := json.NewDecoder(bytes.NewReader(data))
		strict.DisallowUnknownFields()
		require.NoError(t, strict.Decode(&want))
		require.Equal(t, want, got)
	})
}

func TestMaps(t *testing.T) {
	type doc struct {
		Labels map[string][]string `json:"labels"`
	}
	var read doc
	require.NoError(t, Unmarshal([]byte(`{"labels":{"a":["x","y"],"":[]}}`), &read))
	assert.Equal(t, doc{map[string][]string{"a": {"x", "y"}, "": {}}}, read)
	for text, want := range map[string]string{
		`{"labels":{"a":["x"],"a":["y"]}}`: `labels: key "a" comes twice`,
		`{"labels":{"a":["x",null]}}`:      `labels.a[1]: want a string, not null`,
		`{"labels":{"a":"x"}}`:             `labels.a: want an array, not the string "x"`,
		`{"labels":["a"]}`:                 `labels: want an object, not an array`,
	} {
		assert.EqualError(t, Unmarshal([]byte(text), &read), want)
	}
}
