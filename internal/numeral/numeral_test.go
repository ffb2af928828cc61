package numeral

import (
	"fmt"
	"math/big"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		text        string
		coefficient int64
		exponent    int32
	}{
		{"0", 0, 0},
		{"-0", 0, 0},
		{"7", 7, 0},
		{"10", 10, 0},
		{"-10", -10, 0},
		{"0.0", 0, -1},
		{"-0.5", -5, -1},
		{"99.9", 999, -1},
		{"99.90", 9990, -2},
		{"100.000", 100000, -3},
		{"9223372036854775807", 9223372036854775807, 0},
		{"-9223372036854775808", -9223372036854775808, 0},
		{"0.00000000000000000000000000000000000001", 1, -38},
	} {
		t.Run(tt.text, func(t *testing.T) {
			d, err := Parse(tt.text)
			require.NoError(t, err)
			assert.Equal(t, tt.exponent, d.Exponent())
			assert.Equal(t, big.NewInt(tt.coefficient).String(), d.Coefficient().String())
		})
	}
}

func TestParseLongest(t *testing.T) {
	d, err := Parse("-9223372036854775808.0123456789012345678")
	require.NoError(t, err)
	assert.Equal(t, "-9223372036854775808.0123456789012345678", d.StringFixed(19))

	_, err = Parse("-9223372036854775808.01234567890123456789")
	assert.EqualError(t, err, "a number of 41 characters, more than 40")
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{
		"", "-", ".", "-.", "--1", "+1", "00", "01", "-01", "00.5", ".5", "-.5", "1.", "1.2.3", "1..2",
		" 1", "1 ", "1\n", "1e9", "1E9", "1e1000000000", "0x1", "1_000", "1,000", "1,5", "NaN", "Inf", "-Infinity",
		"\u0661", "\uff11", "\u22121", "½", "1\x00", "\xff", "1-", "1.-5", "1.5%",
	} {
		_, err := Parse(text)
		assert.EqualError(t, err, fmt.Sprintf("not a decimal number: %q", text))
	}
}

func TestParseTakesNoMemoryForLongInput(t *testing.T) {
	long := strings.Repeat("1", 10_000_000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Parse(long)
	runtime.ReadMemStats(&after)
	assert.EqualError(t, err, "a number of 10000000 characters, more than 40")
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(10_000))
}

func TestShorten(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", `""`},
		{`a "b"` + "\n", `"a \"b\"\n"`},
		{strings.Repeat("x", 40), `"` + strings.Repeat("x", 40) + `"`},
		{strings.Repeat("x", 41), `"` + strings.Repeat("x", 40) + `"…`},
		{strings.Repeat("é", 40), `"` + strings.Repeat("é", 40) + `"`},
		{strings.Repeat("é", 41), `"` + strings.Repeat("é", 40) + `"…`},
		{"a\xffb", `"a\xffb"`},
		{strings.Repeat("\xff", 41), `"` + strings.Repeat(`\xff`, 40) + `"…`},
		{strings.Repeat("1", 10_000_000), `"` + strings.Repeat("1", 40) + `"…`},
	} {
		assert.Equal(t, tt.want, Shorten(tt.text))
	}
}

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		"commitments[0].é 中":     "commitments[0].é 中",
		strings.Repeat("x", 200): strings.Repeat("x", 200),
		strings.Repeat("x", 201): `"` + strings.Repeat("x", 40) + `"…`,
		strings.Repeat("é", 101): `"` + strings.Repeat("é", 40) + `"…`,
		"a\nb":                   `"a\nb"`,
		"a\u202eb":               `"a\u202eb"`,
		"a\xffb":                 `"a\xffb"`,
	} {
		assert.Equal(t, want, Plain(text))
	}
}

var grammar = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

func FuzzParse(f *testing.F) {
	for _, s := range []string{"0", "-0.10", "99.90", "1e9", "01", "+1", " 1", "NaN", "1.", "\xff", "1\n", strings.Repeat("9", 41)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Parse(s)
		if want := len(s) <= maxLength && grammar.MatchString(s); want != (err == nil) {
			t.Fatalf("Parse(%q): %v", s, err)
		}
		if err != nil {
			if len(err.Error()) > 500 || !utf8.ValidString(err.Error()) {
				t.Fatalf("error of %d bytes: %q", len(err.Error()), err)
			}
			return
		}
		want, _ := new(big.Rat).SetString(s)
		if d.Rat().Cmp(want) != 0 {
			t.Errorf("Parse(%q) = %v", s, d)
		}
		_, fraction, _ := strings.Cut(s, ".")
		if d.Exponent() != -int32(len(fraction)) {
			t.Errorf("Parse(%q) has exponent %d", s, d.Exponent())
		}
		if again, err := Parse(d.StringFixed(-d.Exponent())); err != nil || !same(d, again) {
			t.Errorf("%q: %v, %v", s, again, err)
		}
	})
}

func same(a, b decimal.Decimal) bool { return a.Equal(b) && a.Exponent() == b.Exponent() }

func TestFormat(t *testing.T) {
	for _, tt := range []struct {
		coefficient int64
		exponent    int32
		want        string
	}{
		{0, 0, "0"},
		{0, -3, "0"},
		{0, 2, "0"},
		{9990, -2, "99.9"},
		{5, -2, "0.05"},
		{-5, -2, "-0.05"},
		{-50, -1, "-5"},
		{5, 3, "5000"},
		{-7, 0, "-7"},
		{100, -2, "1"},
		{1001, -3, "1.001"},
	} {
		got := Format(decimal.New(tt.coefficient, tt.exponent))
		assert.Equal(t, tt.want, got)
		again, err := Parse(got)
		require.NoError(t, err)
		assert.True(t, again.Equal(decimal.New(tt.coefficient, tt.exponent)))
	}
}
