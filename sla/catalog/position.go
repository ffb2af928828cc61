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
// "editions[3].agreement.name", or the deepest part of it that is there.
func line(data []byte, field string) int {
	decoder := json.NewDecoder(bytes.NewReader(data))
	deepest, at := 0, 1
	var walk func(path string)
	visit := func(path string) {
		if within(field, path) && len(path) > deepest {
			deepest, at = len(path), 1+bytes.Count(data[:decoder.InputOffset()], []byte("\n"))
		}
	}
	walk = func(path string) {
		token, err := decoder.Token()
		if err != nil {
			return
		}
		switch token {
		case json.Delim('{'):
			for decoder.More() {
				key, err := decoder.Token()
				if err != nil {
					return
				}
				next := strings.TrimPrefix(path+"."+fmt.Sprint(key), ".")
				visit(next)
				walk(next)
			}
			_, _ = decoder.Token()
		case json.Delim('['):
			for i := 0; decoder.More(); i++ {
				next := fmt.Sprintf("%s[%d]", path, i)
				walk(next)
			}
			_, _ = decoder.Token()
		}
		visit(path)
	}
	walk("")
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
