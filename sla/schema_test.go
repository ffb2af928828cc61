package sla

import (
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/internal/iso4217"
)

// A schemaNode is what the tests ask of a schema.
type schemaNode struct {
	ID          string                 `json:"$id"`
	Ref         string                 `json:"$ref"`
	Description string                 `json:"description"`
	Type        string                 `json:"type"`
	Const       any                    `json:"const"`
	Enum        []string               `json:"enum"`
	Pattern     string                 `json:"pattern"`
	Examples    []string               `json:"examples"`
	Properties  map[string]*schemaNode `json:"properties"`
	Additional  json.RawMessage        `json:"additionalProperties"`
	Required    []string               `json:"required"`
	Items       *schemaNode            `json:"items"`
	Defs        map[string]*schemaNode `json:"$defs"`
}

func readSchema(t *testing.T) *schemaNode {
	var root schemaNode
	require.NoError(t, json.Unmarshal(AgreementSchema(), &root))
	return &root
}

// The schema has exactly the properties of the Go types, each of the same kind
// and with a description, and requires those that are always written.
func TestSchemaHasTheFieldsOfAgreement(t *testing.T) {
	root := readSchema(t)
	assert.Equal(t, "https://github.com/slacredit/slacredit/sla/agreement.schema.json", root.ID)
	assert.Equal(t, AgreementFormat, root.Properties["format"].Const)
	reached := map[string]bool{}
	resolve := func(at string, n *schemaNode) *schemaNode {
		for n.Ref != "" {
			name := strings.TrimPrefix(n.Ref, "#/$defs/")
			require.Contains(t, root.Defs, name, at)
			reached[name] = true
			n = root.Defs[name]
		}
		return n
	}
	described := func(at string, n *schemaNode) {
		assert.Regexp(t, `^[A-Z].+\.$`, n.Description, at)
	}
	var compare func(at string, n *schemaNode, of reflect.Type)
	compare = func(at string, n *schemaNode, of reflect.Type) {
		n = resolve(at, n)
		switch of.Kind() {
		case reflect.Struct:
			described(at, n)
			assert.Equal(t, "object", n.Type, at)
			assert.Equal(t, "false", string(n.Additional), at)
			var names, required []string
			fields := map[string]reflect.Type{}
			for _, f := range reflect.VisibleFields(of) {
				name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
				if f.Anonymous {
					continue
				}
				require.NotEmpty(t, name, "%s.%s", at, f.Name)
				fields[name] = f.Type
				names = append(names, name)
				if option == "" {
					required = append(required, name)
				}
			}
			assert.ElementsMatch(t, names, slices.Collect(maps.Keys(n.Properties)), at)
			assert.ElementsMatch(t, required, n.Required, at)
			for name, property := range n.Properties {
				described(at+"."+name, property)
				if field, found := fields[name]; found {
					compare(at+"."+name, property, field)
				}
			}
		case reflect.Slice:
			assert.Equal(t, "array", n.Type, at)
			compare(at+"[]", n.Items, of.Elem())
		case reflect.Map:
			assert.Equal(t, "object", n.Type, at)
			var values schemaNode
			require.NoError(t, json.Unmarshal(n.Additional, &values), at)
			compare(at+"{}", &values, of.Elem())
		case reflect.Bool:
			assert.Equal(t, "boolean", n.Type, at)
		case reflect.String:
			described(at, n)
			assert.True(t, n.Type == "string" || n.Const != nil || n.Enum != nil, at)
		default:
			assert.Equal(t, "integer", n.Type, at)
		}
	}
	compare("agreement", root, reflect.TypeFor[agreementJSON]())
	for name, def := range root.Defs {
		described(name, def)
		if def.Ref != "" {
			resolve(name, def)
		}
	}
	assert.ElementsMatch(t, slices.Collect(maps.Keys(root.Defs)), slices.Collect(maps.Keys(reached)), "definitions that nothing uses")

	data := AgreementSchema()
	data[0] = 'x'
	assert.NotEqual(t, data, AgreementSchema(), "a copy")
}

// The closed sets of the schema are those of Compile.
func TestSchemaKnowsTheClosedSets(t *testing.T) {
	root := readSchema(t)
	assert.ElementsMatch(t, []string{string(Milder), string(Severer)}, root.Defs["commitment"].Properties["gap"].Enum)
	for _, unknown := range root.Defs["calculation"].Properties["unknown"].Enum {
		a := single(Commitment{Promise: "exactly 100%", Calculation: Calculation{Unknown: Treatment(unknown)}})
		_, err := a.Compile()
		assert.NoError(t, err)
	}
}

// The currencies of the schema are those of the library, with as many places.
func TestSchemaKnowsTheCurrencies(t *testing.T) {
	pattern := regexp.MustCompile(readSchema(t).Defs["currency"].Pattern)
	for n := range 26 * 26 * 26 {
		code := string([]byte{'A' + byte(n/676), 'A' + byte(n/26%26), 'A' + byte(n%26)})
		entry, found := iso4217.Lookup(code)
		for places := range 6 {
			amount := "12"
			if places > 0 {
				amount += "." + strings.Repeat("5", places)
			}
			want := found && !entry.NoMinor && places <= entry.Digits
			require.Equal(t, want, pattern.MatchString(amount+code), "%s%s", amount, code)
			require.Equal(t, want, pattern.MatchString(amount+code+" per 12mo"), "%s%s", amount, code)
		}
	}
}
