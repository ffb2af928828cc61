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

// marks say that what stands beside them is read from left to right, or from
// right to left, as a letter would. Programs put them into names in Hebrew and
// Arabic. Unlike embeddings, overrides and isolates they reach no further than
// the letters of such a name do, and so can turn nothing that the name could
// not; in any other text they would only make two names look alike.
const marks = "\u061c\u200e\u200f"

// Missing is [Problem] for a text that names something, and so must not be empty.
func Missing(text string) string {
	if text == "" {
		return "missing"
	}
	return Problem(text)
}

// Join returns the names that are not empty, with a text between each two.
func Join(between string, names ...string) string {
	text := ""
	for _, name := range names {
		if text != "" && name != "" {
			text += between
		}
		text += name
	}
	return text
}

// Problem returns why a text could break or disguise a line, and "" if it
// could not: it is too long, is not UTF-8, has a control character, a line
// break of Unicode, or one of the characters that turn the direction of what
// follows; it has a mark of direction and no letter that is written from right
// to left; or it starts or ends with a space, which nobody would see.
func Problem(text string) string {
	if plain(text) {
		return ""
	}
	bare := strings.Trim(text, marks)
	switch {
	case len(text) > MaxLength:
		return fmt.Sprintf("longer than %d bytes", MaxLength)
	case !utf8.ValidString(text):
		return "not UTF-8"
	case strings.ContainsFunc(text, forbidden):
		return fmt.Sprintf("%s has a control character", numeral.Shorten(text))
	case strings.ContainsAny(text, marks) && !strings.ContainsFunc(text, leftwards):
		return fmt.Sprintf("%s has a mark of direction, and no letters that are written from right to left", numeral.Shorten(text))
	case strings.TrimSpace(bare) != bare:
		return fmt.Sprintf("%s starts or ends with a space", numeral.Shorten(text))
	}
	return ""
}

func forbidden(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) && !strings.ContainsRune(marks, r)
}

// leftwards reports whether r is a letter that is written from right to left:
// of Hebrew, Arabic, Syriac, Thaana or N'Ko. The JSON Schema of agreements has
// the same ranges.
func leftwards(r rune) bool {
	for _, letters := range [][2]rune{
		{0x05d0, 0x05ea},
		{0x0620, 0x064a},
		{0x066e, 0x06d3},
		{0x0710, 0x072f},
		{0x0780, 0x07a5},
		{0x07ca, 0x07ea},
		{0x08a0, 0x08c7},
		{0xfb1d, 0xfdfb},
		{0xfe70, 0xfefc},
	} {
		if letters[0] <= r && r <= letters[1] {
			return true
		}
	}
	return false
}
