package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/slacredit/slacredit/sla"
)

// line returns the line of a document on which a field stands, such as
// "editions[3].agreement.name", or the deepest part of it that is there. The
// document is JSON; of one that is not, it is where that breaks off.
func line(data []byte, field string) int {
	decoder := json.NewDecoder(bytes.NewReader(data))
	deepest, at := 0, 1
	here := func() int { return 1 + bytes.Count(data[:decoder.InputOffset()], []byte("\n")) }
	visit := func(path string) {
		if len(path) > deepest {
			deepest, at = len(path), here()
		}
	}
	var walk func(path string) bool
	// value walks what the field is in, and passes over what it is not in. It
	// reports false where the document breaks off.
	value := func(path string) bool {
		if within(field, path) {
			return walk(path)
		}
		var rest json.RawMessage
		return decoder.Decode(&rest) == nil
	}
	walk = func(path string) bool {
		token, err := decoder.Token()
		if err != nil {
			return false
		}
		visit(path)
		switch token {
		case json.Delim('{'):
			for decoder.More() {
				key, err := decoder.Token()
				if err != nil {
					return false
				}
				next := strings.TrimPrefix(path+"."+fmt.Sprint(key), ".")
				if within(field, next) {
					visit(next)
				}
				if !value(next) {
					return false
				}
			}
		case json.Delim('['):
			for i := 0; decoder.More(); i++ {
				next := fmt.Sprintf("%s[%d]", path, i)
				if !value(next) {
					return false
				}
			}
		default:
			return true
		}
		_, err = decoder.Token()
		return err == nil
	}
	if field != "" {
		walk("")
	}
	return at
}

// within reports whether a field is a path or stands below it.
func within(field, path string) bool {
	rest, found := strings.CutPrefix(field, path)
	return found && path != "" && (rest == "" || strings.ContainsAny(rest[:1], ".[/"))
}

// resolves reports whether an agreement has something at a JSON pointer (RFC
// 6901).
func resolves(a sla.Agreement, pointer string) bool {
	data, err := json.Marshal(a)
	if err != nil {
		return false
	}
	var at any
	if json.Unmarshal(data, &at) != nil {
		return false
	}
	if pointer == "" {
		return true
	}
	for key := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		switch v := at.(type) {
		case map[string]any:
			found := false
			if at, found = v[key]; !found {
				return false
			}
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(v) {
				return false
			}
			at = v[i]
		default:
			return false
		}
	}
	return strings.HasPrefix(pointer, "/")
}
