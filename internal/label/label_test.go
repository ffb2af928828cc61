package label

import (
	"strings"
	"testing"

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
	} {
		assert.Equal(t, want, Problem(text), text)
	}
}
