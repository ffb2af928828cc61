package credit

import (
	"cmp"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/slacredit/slacredit/internal/iso4217"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/strictjson"
)

// A Money is an amount of one currency: always a whole number of its minor
// units, at most 2⁶³−1 of them on either side of zero, so that == is true
// equality. The zero Money is zero of no currency, which adds to any. What is
// exact but not yet an amount, such as 5 % of USD 100.50, is not a Money
// before it is rounded, once.
//
// Currencies are the upper-case codes of ISO 4217 that have a minor unit,
// those withdrawn from 2002 on included, since old periods were billed in them.
// No code is ever assumed to have two digits.
//
// In JSON a Money is {"amount":"49.90","currency":"USD"}, with all the digits
// of the currency. In a database it is the text of [Money.String] in one
// column; a table with two columns stores [Money.Currency] beside either
// [Money.MinorUnits], for an integer, or [Money.Amount], for a numeric.
type Money struct {
	minor    int64  // not math.MinInt64; 0 without a currency
	currency string // a code with a minor unit, or ""
}

// ErrCurrencyMismatch is wrapped by the errors of operations on two amounts
// whose currencies differ.
var ErrCurrencyMismatch = errors.New("credit: currencies differ")

// NewMoney returns the amount, which must be a whole number of minor units:
// 49.9 and 49.900 are USD 49.90, and 49.905 is an error.
func NewMoney(amount decimal.Decimal, currency string) (Money, error) {
	m, err := exact(amount, currency)
	if err != nil {
		return Money{}, fmt.Errorf("credit: new money: %w", err)
	}
	return m, nil
}

// RoundMoney returns the amount rounded to the currency's minor unit.
func RoundMoney(amount decimal.Decimal, currency string, mode Rounding) (Money, error) {
	m, err := rounded(amount, currency, mode)
	if err != nil {
		return Money{}, fmt.Errorf("credit: rounding to money: %w", err)
	}
	return m, nil
}

// MoneyFromMinor returns an amount given in minor units: 4990 is USD 49.90 and
// JPY 4990.
func MoneyFromMinor(minor int64, currency string) (Money, error) {
	_, err := digits(currency, cmp.Compare(minor, 0))
	if err == nil && minor == math.MinInt64 {
		err = errRange
	}
	if err != nil {
		return Money{}, fmt.Errorf("credit: money from minor units: %w", err)
	}
	return Money{minor, currency}, nil
}

// ParseMoney reads what [Money.String] writes. Fewer digits than the currency
// has are accepted, "USD 49.9" and "USD 49"; more are an error, even zeros.
func ParseMoney(text string) (Money, error) {
	m, err := parse(text)
	if err != nil {
		return Money{}, fmt.Errorf("credit: parsing money %s: %w", numeral.Shorten(text), err)
	}
	return m, nil
}

// MustMoney is [ParseMoney] for literals and tests; it panics on an error.
func MustMoney(text string) Money {
	m, err := ParseMoney(text)
	if err != nil {
		panic(err)
	}
	return m
}

// Amount returns m with the digits of its currency as decimal places.
func (m Money) Amount() decimal.Decimal { return decimal.New(m.minor, -int32(m.Digits())) }

// rat returns m in major units.
func (m Money) rat() *big.Rat {
	parts := int64(1)
	for range m.Digits() { // at most four
		parts *= 10
	}
	return big.NewRat(m.minor, parts)
}

// Currency returns the ISO 4217 code of m, and "" for the zero Money.
func (m Money) Currency() string { return m.currency }

// MinorUnits returns m as a number of minor units: 4990 for USD 49.90.
func (m Money) MinorUnits() int64 { return m.minor }

// Digits returns the decimal places of the currency, and 0 for the zero Money.
func (m Money) Digits() int {
	entry, _ := iso4217.Lookup(m.currency)
	return entry.Digits
}

// Sign returns -1, 0 or +1.
func (m Money) Sign() int { return cmp.Compare(m.minor, 0) }

// IsZero reports whether m is zero of any or no currency. Since encoding/json
// asks it too, a field tagged omitzero loses the currency of USD 0.00.
func (m Money) IsZero() bool { return m.minor == 0 }

// Add returns m + n. Two currencies, and a sum out of range, are errors.
func (m Money) Add(n Money) (Money, error) {
	currency, err := common(m, n)
	if err != nil {
		return Money{}, err
	}
	sum := m.minor + n.minor
	if (sum > m.minor) != (n.minor > 0) || sum == math.MinInt64 {
		return Money{}, fmt.Errorf("credit: adding %v and %v: %w", m, n, errRange)
	}
	return Money{sum, currency}, nil
}

// Sub returns m − n. Two currencies, and a difference out of range, are errors.
func (m Money) Sub(n Money) (Money, error) { return m.Add(n.Neg()) }

// Neg returns −m.
func (m Money) Neg() Money { return Money{-m.minor, m.currency} }

// Cmp returns -1, 0 or +1 as m is less than, as much as or more than n. Two
// currencies are an error; the zero Money compares with any.
func (m Money) Cmp(n Money) (int, error) {
	_, err := common(m, n)
	if err != nil {
		return 0, err
	}
	return cmp.Compare(m.minor, n.minor), nil
}

// String returns the currency and the amount with all its digits, "USD 49.90",
// and "0" for the zero Money.
func (m Money) String() string {
	if m.currency == "" {
		return m.number()
	}
	return m.currency + " " + m.number()
}

// MarshalText returns the text of [Money.String].
func (m Money) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads m as [ParseMoney] does.
func (m *Money) UnmarshalText(text []byte) error {
	n, err := ParseMoney(string(text))
	if err == nil {
		*m = n
	}
	return err
}

// MarshalJSON returns {"amount":"49.90","currency":"USD"}, and "0" and "" for
// the zero Money.
func (m Money) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, `{"amount":%q,"currency":%q}`, m.number(), m.currency), nil
}

// UnmarshalJSON reads what [Money.MarshalJSON] writes. The amount may also be
// a JSON number, and have fewer digits than the currency, but not more, and no
// exponent. Both keys are required and no other is known; null is an error.
func (m *Money) UnmarshalJSON(data []byte) error {
	n, err := parseJSON(data)
	if err != nil {
		return fmt.Errorf("credit: reading money: %w", err)
	}
	*m = n
	return nil
}

// Value returns the text of [Money.String] for a database.
func (m Money) Value() (driver.Value, error) { return m.String(), nil }

// Scan reads the text of [Money.String] from a database. NULL is an error;
// where a column may be NULL, scan into a sql.Null[credit.Money].
func (m *Money) Scan(src any) error {
	switch src := src.(type) {
	case string:
		return m.UnmarshalText([]byte(src))
	case []byte:
		return m.UnmarshalText(src)
	case nil:
		return errors.New("credit: scanning money: NULL; scan into a sql.Null[credit.Money]")
	}
	return fmt.Errorf("credit: scanning money: %T; want text such as %q", src, "USD 49.90")
}

// number returns the amount with all the digits of the currency.
func (m Money) number() string {
	sign, minor := "", m.minor
	if minor < 0 {
		sign, minor = "-", -minor
	}
	places := m.Digits()
	s := fmt.Sprintf("%0*d", places+1, minor)
	if places == 0 {
		return sign + s
	}
	return sign + s[:len(s)-places] + "." + s[len(s)-places:]
}

var errRange = fmt.Errorf("more than %d minor units", int64(math.MaxInt64))

// maxExponent bounds the exponent of a decimal, before any arithmetic: ten to
// the power of a billion does not fit in memory.
const maxExponent = 1000

// rounded is RoundMoney without the package's name in its errors.
func rounded(amount decimal.Decimal, currency string, mode Rounding) (Money, error) {
	if e := amount.Exponent(); e < -maxExponent || e > maxExponent {
		return Money{}, fmt.Errorf("an exponent of %d, beyond ±%d", e, maxExponent)
	}
	return roundRat(amount.Rat(), currency, mode)
}

// roundRat returns an exact amount, in major units, rounded to the minor unit
// of the currency. The error names no package.
func roundRat(amount *big.Rat, currency string, mode Rounding) (Money, error) {
	places, err := digits(currency, amount.Sign())
	if err != nil {
		return Money{}, err
	}
	if !mode.known() {
		return Money{}, fmt.Errorf("%v is not known", mode)
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	minor := mode.divide(scale.Mul(scale, amount.Num()), amount.Denom())
	if !minor.IsInt64() || minor.Int64() == math.MinInt64 {
		return Money{}, errRange
	}
	return Money{minor.Int64(), currency}, nil
}

// exact is NewMoney without the package's name in its errors.
func exact(amount decimal.Decimal, currency string) (Money, error) {
	m, err := rounded(amount, currency, TowardZero)
	if err == nil && !m.Amount().Equal(amount) {
		return Money{}, m.tooManyPlaces(amount.String())
	}
	return m, err
}

// parse is ParseMoney without the package's name in its errors.
func parse(text string) (Money, error) {
	if text == "0" {
		return Money{}, nil
	}
	currency, number, _ := strings.Cut(text, " ")
	if currency == "" || number == "" {
		return Money{}, fmt.Errorf("want a currency and an amount, such as %q", "USD 49.90")
	}
	return parseNumber(number, currency)
}

// parseJSON is UnmarshalJSON without the package's name in its errors.
func parseJSON(data []byte) (Money, error) {
	var doc struct {
		Amount   json.RawMessage `json:"amount"`
		Currency *string         `json:"currency"`
	}
	err := strictjson.Unmarshal(data, &doc)
	switch {
	case err != nil:
		return Money{}, err
	case doc.Amount == nil:
		return Money{}, errors.New("amount: missing")
	case doc.Currency == nil:
		return Money{}, errors.New("currency: missing")
	}
	number := string(doc.Amount)
	if strings.HasPrefix(number, `"`) {
		json.Unmarshal(doc.Amount, &number) //nolint:errcheck // it is a string, as was checked
	}
	return parseNumber(number, *doc.Currency)
}

// parseNumber returns the amount that number writes with no more digits than
// the currency has.
func parseNumber(number, currency string) (Money, error) {
	amount, err := numeral.Parse(number)
	if err != nil {
		return Money{}, err
	}
	m, err := exact(amount, currency)
	if err == nil && -int(amount.Exponent()) > m.Digits() {
		return Money{}, m.tooManyPlaces(number)
	}
	return m, err
}

func (m Money) tooManyPlaces(number string) error {
	return fmt.Errorf("%s has more than the %d decimal places of %q", numeral.Shorten(number), m.Digits(), m.currency)
}

// digits returns the decimal places of the currency of an amount with the
// sign. Only zero may have none.
func digits(currency string, sign int) (int, error) {
	entry, known := iso4217.Lookup(currency)
	switch {
	case currency == "" && sign != 0:
		return 0, errors.New("the currency is missing")
	case currency != "" && !known:
		return 0, fmt.Errorf("%s is not a currency of ISO 4217", numeral.Shorten(currency))
	case entry.NoMinor:
		return 0, fmt.Errorf("%q has no minor unit", currency)
	}
	return entry.Digits, nil
}

// common returns the currency that two amounts share.
func common(m, n Money) (string, error) {
	if m.currency != n.currency && m.currency != "" && n.currency != "" {
		return "", fmt.Errorf("%w: %s and %s", ErrCurrencyMismatch, m.currency, n.currency)
	}
	return cmp.Or(m.currency, n.currency), nil
}
