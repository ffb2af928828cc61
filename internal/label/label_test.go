package label

import (
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
)

func TestProblem(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "",
		"us-east-1/web":                "",
		"Zürich, 東京, עברית 🙂":          "",
		strings.Repeat("x", MaxLength): "",
		strings.Repeat("x", 1001):      "longer than 1000 bytes",
		"\xff":                         "not UTF-8",
		"a\nb":                         `"a\nb" has a control character`,
		"a\x00":                        `"a\x00" has a control character`,
		"a\u0085b":                     `"a\u0085b" has a control character`,
		"a\u2028b":                     `"a\u2028b" has a control character`,
		"a\u2029b":                     `"a\u2029b" has a control character`,
		"pay \u202e00.001":             `"pay \u202e00.001" has a control character`,
		" web":                         `" web" starts or ends with a space`,
		"web\u00a0":                    `"web\u00a0" starts or ends with a space`,
		"a\u2066b":                     `"a\u2066b" has a control character`,
		"\u200fשרת":                    "", "שרת (1)\u200f": "", "خادم\u061c 1": "", "שרת\u200e A": "", "\u200fسرور-٢\u200f": "",
		"web\u200f":        `"web\u200f" has a mark of direction, and no letters that are written from right to left`,
		"\u200e":           `"\u200e" has a mark of direction, and no letters that are written from right to left`,
		"שרת \u200f":       `"שרת \u200f" starts or ends with a space`,
		"\u200f\u00a0שרת":  `"\u200f\u00a0שרת" starts or ends with a space`,
		"שרת\u202e00.001":  `"שרת\u202e00.001" has a control character`,
		"שרת\u2067":        `"שרת\u2067" has a control character`,
		"\u200fשרת\nTotal": `"\u200fשרת\nTotal" has a control character`,
	} {
		assert.Equal(t, want, Problem(text), text)
	}
}

// Of all characters that turn directions, a name in Hebrew may have those alone
// that reach no further than a letter does.
func TestMarksOfDirection(t *testing.T) {
	for r := range unicode.MaxRune + 1 {
		if unicode.Is(unicode.Bidi_Control, r) {
			mark := r == '\u061c' || r == '\u200e' || r == '\u200f'
			assert.Equal(t, mark, Problem("שרת"+string(r)) == "", "%U", r)
			assert.NotEmpty(t, Problem("web"+string(r)), "%U", r)
		}
	}
}
