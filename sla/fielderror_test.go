package sla

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// requireFaults checks the error of an agreement named x: its text, that each
// fault in it is of a field, and that the agreement can have that field.
func requireFaults(t *testing.T, a Agreement, err error, want []string) {
	t.Helper()
	require.EqualError(t, err, `sla: agreement "x": `+strings.Join(want, "\n"))
	root := readSchema(t)
	data, failed := json.Marshal(a)
	require.NoError(t, failed)
	var document any
	require.NoError(t, json.Unmarshal(data, &document))
	var told []string
	for _, f := range FieldErrors(err) {
		told = append(told, f.Path+": "+f.Err.Error())
		path, failed := pathOf(root, document, f.Pointer)
		require.NoError(t, failed, f)
		assert.Equal(t, path, f.Path)
	}
	assert.Equal(t, want, told)
	var first *FieldError
	require.ErrorAs(t, err, &first)
	assert.Equal(t, want[0], first.Error())
}

// pathOf returns what authors write for a JSON pointer. It is an error if the
// schema has no such field, or the document no such element of a list.
func pathOf(root *schemaNode, document any, pointer string) (string, error) {
	path, node := "", root
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		node = root.resolve(node)
		var next *schemaNode
		switch node.Type {
		case "object":
			if next = node.Properties[token]; next == nil && json.Unmarshal(node.Additional, &next) != nil {
				return "", fmt.Errorf("%s: the schema has no %s", pointer, token)
			}
			fields, _ := document.(map[string]any)
			document = fields[token]
			path = strings.TrimPrefix(path+"."+token, ".")
		case "array":
			next = node.Items
			list, _ := document.([]any)
			i, err := strconv.Atoi(token)
			if err != nil || i >= len(list) {
				return "", fmt.Errorf("%s: the agreement has no element %s", pointer, token)
			}
			document = list[i]
			path += "[" + token + "]"
		default:
			return "", fmt.Errorf("%s: %s is below what has nothing in it", pointer, token)
		}
		node = next
	}
	return path, nil
}

// resolve returns the definition to which n refers, or n.
func (root *schemaNode) resolve(n *schemaNode) *schemaNode {
	for n.Ref != "" {
		n = root.Defs[strings.TrimPrefix(n.Ref, "#/$defs/")]
	}
	return n
}

// A label is a field of the author's own, whatever characters it has.
func TestFieldErrorOfALabel(t *testing.T) {
	long := strings.Repeat("l", 201)
	for name, want := range map[string]FieldError{
		"region":  {Path: "commitments[0].scope.only.region", Pointer: "/commitments/0/scope/only/region"},
		"a.b: c":  {Path: "commitments[0].scope.only.a.b: c", Pointer: "/commitments/0/scope/only/a.b: c"},
		"a/b~[0]": {Path: "commitments[0].scope.only.a/b~[0]", Pointer: "/commitments/0/scope/only/a~1b~0[0]"},
		long:      {Path: `commitments[0].scope.only."` + long[:40] + `"…`, Pointer: "/commitments/0/scope/only/" + long},
	} {
		_, err := single(Commitment{Scope: Scope{Only: map[string][]string{name: {"x", "y "}}}}).Compile()
		all := FieldErrors(err)
		require.Len(t, all, 1, name)
		want.Path, want.Pointer = want.Path+"[1]", want.Pointer+"/1"
		assert.Equal(t, want, FieldError{Path: all[0].Path, Pointer: all[0].Pointer})
		assert.EqualError(t, err, `sla: agreement "x": `+want.Path+": "+all[0].Err.Error())
	}
}

// The causes stay reachable behind their fields, and the fields behind whatever
// an error is wrapped in.
func TestFieldErrorsAreReachable(t *testing.T) {
	_, err := single(Commitment{Credits: rows("below 99.95%", "10%", "below 99%", "5%")}).Compile()
	require.ErrorIs(t, err, errGivesLess)
	wrapped := errors.Join(errors.New("x"), fmt.Errorf("%w and %w", fmt.Errorf("y: %w", err), err))
	assert.Len(t, FieldErrors(wrapped), 2)
	assert.Empty(t, FieldErrors(errors.New("commitments[0].promise: missing")))
	assert.Empty(t, FieldErrors(nil))
}

// What cannot be read is told by its field as well, unless it is no JSON.
func TestFieldErrorsOfReading(t *testing.T) {
	for data, want := range map[string][]FieldError{
		`{"format":"slacredit/agreement/1","x: y":1,"commitments":[{"promise":1,"scope":{"only":{"a b":[null]}}}]}`: {
			{Err: errors.New(`unknown key "x: y"`)},
			{Path: "commitments[0].promise", Err: errors.New("want a string, not the number 1")},
			{Path: "commitments[0].scope.only.a b[0]", Err: errors.New("want a string, not null")},
		},
		`{"name":"x"}`: {{Path: "format", Err: errors.New(`missing; want "slacredit/agreement/1"`)}},
		`[]`:           {{Err: errors.New("want an object, not an array")}},
		`{`:            nil,
		"\xff":         nil,
	} {
		_, err := ParseAgreement([]byte(data))
		var got []FieldError
		var texts []string
		for _, f := range FieldErrors(err) {
			got = append(got, FieldError{f.Path, f.Pointer, errors.New(f.Err.Error())})
			texts = append(texts, f.Error())
		}
		assert.Equal(t, want, got, data)
		if want != nil {
			assert.EqualError(t, err, "sla: reading an agreement: "+strings.Join(texts, "\n"))
		}
	}
}

// A hundred faults are told apart. That there are more is of no field.
func TestMoreFaultsThanAreTold(t *testing.T) {
	for n := mostFaults - 1; n <= mostFaults+2; n++ {
		_, err := Agreement{Name: "x", AtMost: make([]Cap, n)}.Compile()
		assert.Len(t, FieldErrors(err), min(n, mostFaults))
		assert.Equal(t, n > mostFaults, strings.HasSuffix(err.Error(), "\nand more faults"))
		var joined interface{ Unwrap() []error }
		require.ErrorAs(t, err, &joined)
		assert.Len(t, joined.Unwrap(), min(n, mostFaults+1))
	}
}
