package credit

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

// A name with two spaces is another name than that with one, and is printed as
// it is.
func TestTextKeepsTheSpacesOfNames(t *testing.T) {
	s := state(t, []Charge{charge("web  1", "USD 10.00")}, judge(t, plain("two  spaces", flat("10%")), "web  1", 3600e9))
	s.Customer = "ACME  Inc.   of " + strings.Repeat("x", 70)
	text := s.Text()
	assert.Contains(t, text, "ACME  Inc.   of\n  xxx")
	assert.Contains(t, text, "two  spaces: web  1\n")
}

// Lines that are put together again are the text.
func TestBrokenLinesAreTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-z  \x{a0}]{0,60}`).Draw(t, "text")
		lines := broken(text, rapid.IntRange(1, 20).Draw(t, "width"))
		for i := range lines[1:] {
			if !strings.HasPrefix(lines[i+1], "  ") {
				t.Fatalf("%q is not set in", lines[i+1])
			}
			lines[i+1] = lines[i+1][2:]
		}
		if got := strings.Join(lines, " "); got != text {
			t.Fatalf("%q is not %q", got, text)
		}
	})
}
