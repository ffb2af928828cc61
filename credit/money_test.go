package credit

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/internal/exact"
)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// percent returns the exact percentage of an amount.
func percent(p, of string) decimal.Decimal { return dec(of).Mul(dec(p)).Shift(-2) }

func TestNewMoney(t *testing.T) {
	for _, tt := range []struct {
		amount, currency string
		minor            int64
		text             string
	}{
		{"49.90", "USD", 4990, "USD 49.90"},
		{"49.9", "USD", 4990, "USD 49.90"},
		{"49.900", "USD", 4990, "USD 49.90"},
		{"49", "USD", 4900, "USD 49.00"},
		{"0.05", "USD", 5, "USD 0.05"},
		{"-0.05", "USD", -5, "USD -0.05"},
		{"-49.90", "USD", -4990, "USD -49.90"},
		{"0", "USD", 0, "USD 0.00"},
		{"-0.000", "USD", 0, "USD 0.00"},
		{"5e3", "USD", 500000, "USD 5000.00"},
		{"9970", "JPY", 9970, "JPY 9970"},
		{"9970.000", "JPY", 9970, "JPY 9970"},
		{"-1", "JPY", -1, "JPY -1"},
		{"1.234", "KWD", 1234, "KWD 1.234"},
		{"0.0001", "CLF", 1, "CLF 0.0001"},
		{"12.50", "HRK", 1250, "HRK 12.50"},
		{"92233720368547758.07", "USD", math.MaxInt64, "USD 92233720368547758.07"},
		{"-92233720368547758.07", "USD", -math.MaxInt64, "USD -92233720368547758.07"},
		{"9223372036854775807", "JPY", math.MaxInt64, "JPY 9223372036854775807"},
		{"0", "", 0, "0"},
		{"0.00", "", 0, "0"},
	} {
		t.Run(tt.amount+tt.currency, func(t *testing.T) {
			m, err := NewMoney(dec(tt.amount), tt.currency)
			require.NoError(t, err)
			assert.Equal(t, Money{tt.minor, tt.currency}, m)
			assert.Equal(t, tt.minor, m.MinorUnits())
			assert.Equal(t, tt.currency, m.Currency())
			assert.Equal(t, tt.text, m.String())
			assert.True(t, m.Amount().Equal(dec(tt.amount)))
			assert.Equal(t, int32(-m.Digits()), m.Amount().Exponent())
			assert.Equal(t, dec(tt.amount).Sign(), m.Sign())
			assert.Equal(t, dec(tt.amount).IsZero(), m.IsZero())
			assert.Equal(t, m, MustMoney(tt.text))

			again, err := MoneyFromMinor(tt.minor, tt.currency)
			require.NoError(t, err)
			assert.Equal(t, m, again)
		})
	}
}

func TestDigits(t *testing.T) {
	for currency, want := range map[string]int{"": 0, "JPY": 0, "USD": 2, "HUF": 2, "BHD": 3, "UYW": 4, "SLL": 2} {
		assert.Equal(t, want, Money{0, currency}.Digits(), currency)
	}
}

func TestNewMoneyRefuses(t *testing.T) {
	for _, tt := range []struct{ amount, currency, want string }{
		{"49.905", "USD", `"49.905" has more than the 2 decimal places of "USD"`},
		{"0.5", "JPY", `"0.5" has more than the 0 decimal places of "JPY"`},
		{"1", "usd", `"usd" is not a currency of ISO 4217`},
		{"1", "ABC", `"ABC" is not a currency of ISO 4217`},
		{"1", "USD ", `"USD " is not a currency of ISO 4217`},
		{"0", "usd", `"usd" is not a currency of ISO 4217`},
		{"1", strings.Repeat("$", 41), `"` + strings.Repeat("$", 40) + `"… is not a currency of ISO 4217`},
		{"1", "XAU", `"XAU" has no minor unit`},
		{"0", "XXX", `"XXX" has no minor unit`},
		{"1", "", `the currency is missing`},
		{"92233720368547758.08", "USD", `more than 9223372036854775807 minor units`},
		{"-92233720368547758.08", "USD", `more than 9223372036854775807 minor units`},
		{"1e19", "JPY", `more than 9223372036854775807 minor units`},
		{"1e1000", "JPY", `more than 9223372036854775807 minor units`},
		{"1e1001", "USD", `the exponent 1001 is outside ±1000`},
		{"1e-1001", "USD", `the exponent -1001 is outside ±1000`},
		{"1" + strings.Repeat("0", 60) + "e-1000", "USD", `"0.` + strings.Repeat("0", 38) + `"… has more than the 2 decimal places of "USD"`},
	} {
		m, err := NewMoney(dec(tt.amount), tt.currency)
		assert.EqualError(t, err, "credit: new money: "+tt.want)
		assert.Zero(t, m)
	}
}

// An amount that would fill the memory costs nothing to refuse.
func TestHostileExponents(t *testing.T) {
	for _, exponent := range []int32{1e9, -1e9, math.MaxInt32, math.MinInt32} {
		for _, coefficient := range []int64{0, 1, -7} {
			amount := decimal.New(coefficient, exponent)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := NewMoney(amount, "USD")
			_, errRound := RoundMoney(amount, "USD", HalfEven)
			runtime.ReadMemStats(&after)
			assert.EqualError(t, err, fmt.Sprintf("credit: new money: the exponent %d is outside ±1000", exponent))
			assert.EqualError(t, errRound, fmt.Sprintf("credit: rounding to money: the exponent %d is outside ±1000", exponent))
			assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(10_000))
		}
	}
}

func TestRoundMoney(t *testing.T) {
	for _, tt := range []struct {
		name, currency string
		amount         decimal.Decimal
		want           [4]int64 // in the order of roundings
	}{
		{"B01", "USD", percent("10", "499.00"), [4]int64{4990, 4990, 4990, 4990}},
		{"B02", "USD", percent("5", "100.50"), [4]int64{503, 502, 502, 503}},
		{"B07", "JPY", percent("5", "9970"), [4]int64{499, 498, 498, 499}},
		{"B24", "ISK", percent("5", "12990"), [4]int64{650, 650, 649, 650}},
		{"negative", "USD", percent("-5", "100.50"), [4]int64{-503, -502, -502, -503}},
		{"three digits", "KWD", dec("1.2345"), [4]int64{1235, 1234, 1234, 1235}},
		{"just below half", "USD", dec("0.00499999999999999999999999999999999999"), [4]int64{0, 0, 0, 1}},
		{"just above half", "USD", dec("0.00500000000000000000000000000000000001"), [4]int64{1, 1, 0, 1}},
		{"far below a unit", "USD", dec("1e-1000"), [4]int64{0, 0, 0, 1}},
		{"exact", "USD", dec("5e3"), [4]int64{500000, 500000, 500000, 500000}},
		{"into the range", "JPY", dec("9223372036854775807.4"), [4]int64{math.MaxInt64, math.MaxInt64, math.MaxInt64, 0}},
	} {
		for i, r := range roundings {
			t.Run(tt.name+" "+r.String(), func(t *testing.T) {
				m, err := RoundMoney(tt.amount, tt.currency, r)
				if tt.want[i] == 0 && tt.amount.GreaterThan(dec("1")) {
					assert.EqualError(t, err, "credit: rounding to money: more than 9223372036854775807 minor units")
					return
				}
				require.NoError(t, err)
				assert.Equal(t, Money{tt.want[i], tt.currency}, m)
			})
		}
	}
}

func TestRoundMoneyRefuses(t *testing.T) {
	for _, tt := range []struct {
		amount, currency string
		mode             Rounding
		want             string
	}{
		{"1", "usd", HalfEven, `"usd" is not a currency of ISO 4217`},
		{"1", "XDR", HalfEven, `"XDR" has no minor unit`},
		{"0.001", "", TowardZero, `the currency is missing`},
		{"1", "USD", Rounding(4), `Rounding(4) is not known`},
		{"0", "USD", Rounding(-1), `Rounding(-1) is not known`},
		{"-92233720368547758.075", "USD", HalfAwayFromZero, `more than 9223372036854775807 minor units`},
	} {
		m, err := RoundMoney(dec(tt.amount), tt.currency, tt.mode)
		assert.EqualError(t, err, "credit: rounding to money: "+tt.want)
		assert.Zero(t, m)
	}
}

// A yearly fee of 1.00 over one nanosecond less than 43 h 48 min is just below
// half a cent. Whoever first divides to 16 places and then rounds, rounds up.
func TestB21(t *testing.T) {
	const year, down = 365 * 24 * 3600e9, (43*60+48)*60e9 - 1
	m, err := round(exact.Of(big.NewRat(down, year)), "USD", HalfAwayFromZero)
	require.NoError(t, err)
	assert.Equal(t, MustMoney("USD 0.00"), m)

	m, err = round(exact.Of(big.NewRat(down+1, year)), "USD", HalfAwayFromZero)
	require.NoError(t, err)
	assert.Equal(t, MustMoney("USD 0.01"), m)
}

// The settings that other users of the decimal package may change in the same
// program change nothing here.
func TestB22(t *testing.T) {
	precision, quotes := decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes
	t.Cleanup(func() { decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes = precision, quotes })
	prorated := func() string {
		amount := new(big.Rat).Mul(dec("300.03").Rat(), big.NewRat(25, 30))
		m, err := round(exact.Of(amount), "USD", HalfAwayFromZero)
		require.NoError(t, err)
		assert.Equal(t, int64(25003), m.MinorUnits())
		again, err := NewMoney(m.Amount(), "USD")
		require.NoError(t, err)
		assert.Equal(t, m, again)
		tenth, err := RoundMoney(percent("10", "250.03"), "USD", HalfEven)
		require.NoError(t, err)
		data, err := json.Marshal([]Money{m, tenth, MustMoney("USD 49.90")})
		require.NoError(t, err)
		var read []Money
		require.NoError(t, json.Unmarshal(data, &read))
		assert.Equal(t, []Money{m, tenth, MustMoney("USD 49.90")}, read)
		return string(data)
	}
	const want = `[{"amount":"250.03","currency":"USD"},{"amount":"25.00","currency":"USD"},{"amount":"49.90","currency":"USD"}]`
	assert.Equal(t, want, prorated())
	decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes = 2, true
	assert.Equal(t, want, prorated())
}

func TestMoneyFromMinorRefuses(t *testing.T) {
	for _, tt := range []struct {
		minor    int64
		currency string
		want     string
	}{
		{1, "eur", `"eur" is not a currency of ISO 4217`},
		{0, "XTS", `"XTS" has no minor unit`},
		{-1, "", `the currency is missing`},
		{math.MinInt64, "USD", `more than 9223372036854775807 minor units`},
	} {
		m, err := MoneyFromMinor(tt.minor, tt.currency)
		assert.EqualError(t, err, "credit: money from minor units: "+tt.want)
		assert.Zero(t, m)
	}
}

func TestParseMoney(t *testing.T) {
	for text, want := range map[string]string{
		"USD 49.9":   "USD 49.90",
		"USD 49":     "USD 49.00",
		"USD -0":     "USD 0.00",
		"CLF 1.5":    "CLF 1.5000",
		"JPY -9970":  "JPY -9970",
		"0":          "0",
		"HRK 100.00": "HRK 100.00",
	} {
		m, err := ParseMoney(text)
		require.NoError(t, err)
		assert.Equal(t, want, m.String())
	}
}

func TestParseMoneyRefuses(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", `want a currency and an amount, such as "USD 49.90"`},
		{"USD", `want a currency and an amount, such as "USD 49.90"`},
		{"USD ", `want a currency and an amount, such as "USD 49.90"`},
		{" 0", `want a currency and an amount, such as "USD 49.90"`},
		{"49.90", `want a currency and an amount, such as "USD 49.90"`},
		{"0.00", `want a currency and an amount, such as "USD 49.90"`},
		{"USD  49.90", `not a decimal number: " 49.90"`},
		{"USD 49.90 ", `not a decimal number: "49.90 "`},
		{"USD 1e9", `not a decimal number: "1e9"`},
		{"USD 1,000", `not a decimal number: "1,000"`},
		{"USD 49.905", `"49.905" has more than the 2 decimal places of "USD"`},
		{"USD 49.900", `"49.900" has more than the 2 decimal places of "USD"`},
		{"JPY 1.0", `"1.0" has more than the 0 decimal places of "JPY"`},
		{"usd 1", `"usd" is not a currency of ISO 4217`},
		{"49.90 USD", `not a decimal number: "USD"`},
		{"XAG 1", `"XAG" has no minor unit`},
		{"USD 92233720368547758.08", `more than 9223372036854775807 minor units`},
	} {
		m, err := ParseMoney(tt.text)
		assert.EqualError(t, err, fmt.Sprintf("credit: parsing money %q: %s", tt.text, tt.want))
		assert.Zero(t, m)
	}
	_, err := ParseMoney("USD " + strings.Repeat("1", 10_000_000))
	assert.EqualError(t, err, `credit: parsing money "USD `+strings.Repeat("1", 36)+`"…: a number of 10000000 characters, more than 40`)
	assert.Panics(t, func() { MustMoney("USD") })
}

func TestArithmetic(t *testing.T) {
	for _, tt := range []struct{ a, b, sum, difference string }{
		{"USD 49.90", "USD 0.10", "USD 50.00", "USD 49.80"},
		{"USD -1.00", "USD 1.00", "USD 0.00", "USD -2.00"},
		{"USD 1.00", "0", "USD 1.00", "USD 1.00"},
		{"0", "USD 1.00", "USD 1.00", "USD -1.00"},
		{"0", "USD 0.00", "USD 0.00", "USD 0.00"},
		{"0", "0", "0", "0"},
	} {
		a, b := MustMoney(tt.a), MustMoney(tt.b)
		sum, err := a.Add(b)
		require.NoError(t, err)
		assert.Equal(t, MustMoney(tt.sum), sum)
		difference, err := a.Sub(b)
		require.NoError(t, err)
		assert.Equal(t, MustMoney(tt.difference), difference)
		order, err := a.Cmp(b)
		require.NoError(t, err)
		assert.Equal(t, difference.Sign(), order)
		assert.Equal(t, order == 0 && a.Currency() == b.Currency(), a == b)
	}
}

func TestCurrencyMismatch(t *testing.T) {
	a, b := MustMoney("USD 0.00"), MustMoney("EUR 0.00")
	_, errAdd := a.Add(b)
	_, errSub := a.Sub(b)
	order, errCmp := a.Cmp(b)
	assert.Zero(t, order)
	for _, err := range []error{errAdd, errSub, errCmp} {
		assert.ErrorIs(t, err, ErrCurrencyMismatch)
		assert.EqualError(t, err, "credit: currencies differ: USD and EUR")
	}
}

func TestArithmeticAgreesWithBigIntegers(t *testing.T) {
	edges := rapid.SampledFrom([]int64{0, 1, -1, math.MaxInt64, -math.MaxInt64, math.MaxInt64 - 1, 1 - math.MaxInt64, math.MaxInt64 / 2, math.MaxInt64/2 + 1})
	minor := rapid.OneOf(edges, rapid.Int64Min(-math.MaxInt64))
	limit := big.NewInt(math.MaxInt64)
	check := func(t *rapid.T, got Money, err error, want *big.Int) {
		if new(big.Int).Abs(want).Cmp(limit) > 0 {
			if err == nil || !strings.HasSuffix(err.Error(), "more than 9223372036854775807 minor units") {
				t.Fatalf("%v, %v; want an error about %v", got, err, want)
			}
			return
		}
		if err != nil || got != (Money{want.Int64(), "JPY"}) {
			t.Fatalf("%v, %v; want %v", got, err, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		x, y := minor.Draw(t, "x"), minor.Draw(t, "y")
		a, b := Money{x, "JPY"}, Money{y, "JPY"}
		sum, err := a.Add(b)
		check(t, sum, err, new(big.Int).Add(big.NewInt(x), big.NewInt(y)))
		difference, err := a.Sub(b)
		check(t, difference, err, new(big.Int).Sub(big.NewInt(x), big.NewInt(y)))
		order, err := a.Cmp(b)
		if err != nil || order != big.NewInt(x).Cmp(big.NewInt(y)) {
			t.Fatal(order, err)
		}
	})
}

func TestAddOutOfRange(t *testing.T) {
	_, err := MustMoney("USD 92233720368547758.07").Add(MustMoney("USD 0.01"))
	assert.EqualError(t, err, "credit: adding USD 92233720368547758.07 and USD 0.01: more than 9223372036854775807 minor units")
	_, err = MustMoney("USD -92233720368547758.07").Sub(MustMoney("USD 0.01"))
	assert.EqualError(t, err, "credit: adding USD -92233720368547758.07 and USD -0.01: more than 9223372036854775807 minor units")
}

// anyMoney draws amounts of currencies with every number of digits.
var anyMoney = rapid.Custom(func(t *rapid.T) Money {
	currency := rapid.SampledFrom([]string{"", "JPY", "USD", "KWD", "CLF", "HRK"}).Draw(t, "currency")
	if currency == "" {
		return Money{}
	}
	return Money{rapid.Int64Min(-math.MaxInt64).Draw(t, "minor"), currency}
})

func TestMoneyRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyMoney.Draw(t, "m")
		if got, err := NewMoney(m.Amount(), m.Currency()); err != nil || got != m {
			t.Fatal("NewMoney", got, err)
		}
		if got, err := MoneyFromMinor(m.MinorUnits(), m.Currency()); err != nil || got != m {
			t.Fatal("MoneyFromMinor", got, err)
		}
		if got, err := ParseMoney(m.String()); err != nil || got != m {
			t.Fatal("ParseMoney", got, err)
		}
		var got Money
		data, err := json.Marshal(m)
		if err != nil || json.Unmarshal(data, &got) != nil || got != m {
			t.Fatal("JSON", string(data), got, err)
		}
		got = Money{}
		value, err := m.Value()
		if err != nil || got.Scan(value) != nil || got != m {
			t.Fatal("SQL", value, got, err)
		}
	})
}

func TestRoundMoneyAgreesWithRationals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coefficient, exponent := rapid.Int64().Draw(t, "coefficient"), rapid.Int32Range(-25, 3).Draw(t, "exponent")
		mode := rapid.SampledFrom(roundings).Draw(t, "mode")
		amount := decimal.New(coefficient, exponent)
		m, err := RoundMoney(amount, "USD", mode)
		fromRat, errRat := round(exact.Of(amount.Rat()), "USD", mode)
		if m != fromRat || (err == nil) != (errRat == nil) {
			t.Fatal(m, fromRat, err, errRat)
		}
		if err != nil {
			return
		}
		off := new(big.Rat).Sub(m.Amount().Rat(), amount.Rat())
		bound := map[Rounding]*big.Rat{HalfAwayFromZero: big.NewRat(1, 200), HalfEven: big.NewRat(1, 200)}[mode]
		if bound == nil {
			bound = big.NewRat(1, 100)
		}
		if off.Abs(off).Cmp(bound) > 0 {
			t.Fatalf("%v rounds to %v", amount, m)
		}
		made, err := NewMoney(amount, "USD")
		if exact := off.Sign() == 0; exact != (err == nil) || exact && made != m {
			t.Fatal(made, err)
		}
	})
}

func TestMoneyText(t *testing.T) {
	data, err := json.Marshal(map[Money]int{MustMoney("USD 49.90"): 1})
	require.NoError(t, err)
	assert.Equal(t, `{"USD 49.90":1}`, string(data))

	m := MustMoney("EUR 1.00")
	require.Error(t, m.UnmarshalText([]byte("USD")))
	assert.Equal(t, MustMoney("EUR 1.00"), m)
}

func TestMoneyJSON(t *testing.T) {
	for _, tt := range []struct{ text, data string }{
		{"USD 49.90", `{"amount":"49.90","currency":"USD"}`},
		{"USD -0.05", `{"amount":"-0.05","currency":"USD"}`},
		{"JPY 9970", `{"amount":"9970","currency":"JPY"}`},
		{"KWD 1.000", `{"amount":"1.000","currency":"KWD"}`},
		{"USD 92233720368547758.07", `{"amount":"92233720368547758.07","currency":"USD"}`},
		{"0", `{"amount":"0","currency":""}`},
	} {
		data, err := json.Marshal(MustMoney(tt.text))
		require.NoError(t, err)
		assert.Equal(t, tt.data, string(data))
		var m Money
		require.NoError(t, json.Unmarshal(data, &m))
		assert.Equal(t, MustMoney(tt.text), m)
	}
}

func TestUnmarshalMoney(t *testing.T) {
	for data, want := range map[string]string{
		`{"amount":49.90,"currency":"USD"}`:                "USD 49.90",
		`{"amount":49.9,"currency":"USD"}`:                 "USD 49.90",
		`{"amount":"49","currency":"USD"}`:                 "USD 49.00",
		`{"amount":-0,"currency":"USD"}`:                   "USD 0.00",
		` { "currency" : "JPY" , "amount" : 9970 } `:       "JPY 9970",
		`{"amount":9007199254740993,"currency":"JPY"}`:     "JPY 9007199254740993",
		`{"amount":92233720368547758.07,"currency":"USD"}`: "USD 92233720368547758.07",
		`{"amount":0,"currency":""}`:                       "0",
	} {
		m := MustMoney("EUR 1.00")
		require.NoError(t, json.Unmarshal([]byte(data), &m), data)
		assert.Equal(t, MustMoney(want), m)
	}
}

func TestUnmarshalMoneyRefuses(t *testing.T) {
	for _, tt := range []struct{ data, want string }{
		{`{"amount":"1e3","currency":"USD"}`, `not a decimal number: "1e3"`},
		{`{"amount":1e3,"currency":"USD"}`, `not a decimal number: "1e3"`},
		{`{"amount":1e1000000000,"currency":"USD"}`, `not a decimal number: "1e1000000000"`},
		{`{"amount":"+1","currency":"USD"}`, `not a decimal number: "+1"`},
		{`{"amount":"","currency":"USD"}`, `not a decimal number: ""`},
		{`{"amount":" 1","currency":"USD"}`, `not a decimal number: " 1"`},
		{`{"amount":true,"currency":"USD"}`, `not a decimal number: "true"`},
		{`{"amount":[1],"currency":"USD"}`, `not a decimal number: "[1]"`},
		{`{"amount":` + strings.Repeat("1", 100) + `,"currency":"USD"}`, `a number of 100 characters, more than 40`},
		{`{"amount":"49.905","currency":"USD"}`, `"49.905" has more than the 2 decimal places of "USD"`},
		{`{"amount":49.900,"currency":"USD"}`, `"49.900" has more than the 2 decimal places of "USD"`},
		{`{"amount":"0.00","currency":""}`, `"0.00" has more than the 0 decimal places of ""`},
		{`{"amount":"1","currency":""}`, `the currency is missing`},
		{`{"amount":"1","currency":"usd"}`, `"usd" is not a currency of ISO 4217`},
		{`{"amount":"1","currency":"XPT"}`, `"XPT" has no minor unit`},
		{`{"currency":"USD"}`, `amount: missing`},
		{`{"amount":"1"}`, `currency: missing`},
		{`{}`, `amount: missing`},
	} {
		m := MustMoney("EUR 1.00")
		assert.EqualError(t, json.Unmarshal([]byte(tt.data), &m), "credit: reading money: "+tt.want, tt.data)
		assert.Equal(t, MustMoney("EUR 1.00"), m)
	}
}

func TestUnmarshalMoneyIsStrict(t *testing.T) {
	for _, data := range []string{
		``, `null`, `1`, `"USD 1.00"`, `[]`, `[{"amount":"1","currency":"USD"}]`,
		`{"amount":null,"currency":"USD"}`,
		`{"amount":"1","currency":null}`,
		`{"amount":"1","currency":1}`,
		`{"amount":"1","currency":"USD","note":""}`,
		`{"Amount":"1","currency":"USD"}`,
		`{"amount":"1","CURRENCY":"USD"}`,
		`{"amount":"1","amount":"1","currency":"USD"}`,
		`{"amount":"1","Amount":"1","currency":"USD"}`,
		`{"amount":"1","currency":"USD","currency":"USD"}`,
		`{"amount":"1","currency":"USD"} {}`,
		`{"amount":"1","currency":"USD"}x`,
		`{"amount":"1","currency":"USD"`,
		`{"amount":01,"currency":"USD"}`,
		`{"amount":NaN,"currency":"USD"}`,
		`{"amount":"\ud800","currency":"USD"}`,
		"{\"amount\":\"1\",\"currency\":\"US\xff\"}",
	} {
		m := MustMoney("EUR 1.00")
		err := m.UnmarshalJSON([]byte(data))
		require.Error(t, err, data)
		assert.Regexp(t, "^credit: reading money: ", err.Error(), data)
		assert.Equal(t, MustMoney("EUR 1.00"), m, data)
	}
	var m Money
	assert.ErrorContains(t, m.UnmarshalJSON([]byte(`{"amount":"1","currency":"USD","note":""}`)), `unknown key "note"`)
	assert.ErrorContains(t, m.UnmarshalJSON([]byte(`{"amount":"1","currency":1}`)), "currency: ")
}

func TestMoneySQL(t *testing.T) {
	var m Money
	var _ driver.Valuer = m
	var _ sql.Scanner = &m

	value, err := MustMoney("USD 49.90").Value()
	require.NoError(t, err)
	assert.Equal(t, "USD 49.90", value)
	require.NoError(t, m.Scan("USD 49.90"))
	assert.Equal(t, MustMoney("USD 49.90"), m)
	require.NoError(t, m.Scan([]byte("JPY 1")))
	assert.Equal(t, MustMoney("JPY 1"), m)

	for src, want := range map[any]string{
		nil:      "credit: scanning money: NULL; scan into a sql.Null[credit.Money]",
		int64(1): `credit: scanning money: int64; want text such as "USD 49.90"`,
		"1":      `credit: parsing money "1": want a currency and an amount, such as "USD 49.90"`,
	} {
		assert.EqualError(t, m.Scan(src), want)
		assert.Equal(t, MustMoney("JPY 1"), m)
	}
	assert.EqualError(t, m.Scan([]byte("1")), `credit: parsing money "1": want a currency and an amount, such as "USD 49.90"`)
	assert.Equal(t, MustMoney("JPY 1"), m)

	var null sql.Null[Money]
	require.NoError(t, null.Scan(nil))
	assert.False(t, null.Valid)
	require.NoError(t, null.Scan("USD 49.90"))
	assert.Equal(t, sql.Null[Money]{V: MustMoney("USD 49.90"), Valid: true}, null)
	value, err = null.Value()
	require.NoError(t, err)
	assert.Equal(t, "USD 49.90", value)
}

func FuzzParseMoney(f *testing.F) {
	for _, s := range []string{"USD 49.90", "USD 49.9", "JPY -1", "0", "", "USD", "XAU 1", "USD 1e9", "usd 1", "USD  1", "CLF 0.0001", "USD 92233720368547758.08"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := ParseMoney(s)
		if err != nil {
			checkFailure(t, m, err)
			return
		}
		if again, err := ParseMoney(m.String()); err != nil || again != m {
			t.Errorf("%q is %v, which reads as %v, %v", s, m, again, err)
		}
		if !strings.HasPrefix(m.String(), s) && !strings.HasPrefix(s, m.Currency()+" -0") {
			t.Errorf("%q is %v", s, m)
		}
	})
}

func FuzzMoneyJSON(f *testing.F) {
	for _, s := range []string{
		`{"amount":"49.90","currency":"USD"}`, `{"amount":49.9,"currency":"USD"}`, `{"amount":"0","currency":""}`,
		`{"amount":1e9,"currency":"USD"}`, `{"amount":"1","amount":"2","currency":"USD"}`, `null`, `{}`, `[`, `{"amount":"\u0031","currency":"USD"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var m Money
		if err := m.UnmarshalJSON(data); err != nil {
			checkFailure(t, m, err)
			return
		}
		written, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var again Money
		if err := json.Unmarshal(written, &again); err != nil || again != m {
			t.Errorf("%s is %v, which reads as %v, %v", data, m, again, err)
		}
	})
}

// checkFailure checks that nothing is returned beside an error, and that the
// error is a short text for any input.
func checkFailure(t *testing.T, m Money, err error) {
	if m != (Money{}) {
		t.Errorf("%v beside %v", m, err)
	}
	if !strings.HasPrefix(err.Error(), "credit: ") || len(err.Error()) > 1000 || !utf8.ValidString(err.Error()) {
		t.Errorf("error of %d bytes: %q", len(err.Error()), err)
	}
}
