// Package label says which texts may stand on a line of a statement.
package label

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/slacredit/slacredit/internal/numeral"
)

// MaxLength bounds a text, in bytes.
const MaxLength = 1000

// Problem returns why a text could break or disguise a line, and "" if it
// could not: it is too long, is not UTF-8, has a control character, a line
// break of Unicode, or one of the characters that turn the direction of what
// plain reports whether a text is of the kind that most are: printable ASCII
// without spaces. It has no problem then, and millions are read.
func plain(text string) bool {
	for i := range len(text) {
		if text[i] <= ' ' || text[i] > '~' {
			return false
		}
	}
	return len(text) <= MaxLength
}

// follows, or starts or ends with a space, which nobody would see.
func Problem(text string) string {
	if plain(text) {
		return ""
	}
	switch {
	case len(text) > MaxLength:
		return fmt.Sprintf("longer than %d bytes", MaxLength)
	case !utf8.ValidString(text):
		return "not UTF-8"
	case strings.ContainsFunc(text, forbidden):
		return fmt.Sprintf("%s has a control character", numeral.Shorten(text))
	case strings.TrimSpace(text) != text:
		return fmt.Sprintf("%s starts or ends with a space", numeral.Shorten(text))
	}
	return ""
}

func forbidden(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control)
}
