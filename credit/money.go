package credit

import (
	"cmp"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/iso4217"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/strictjson"
)

// A Money is an amount of one currency: a whole number of minor units, at most
// 2⁶³−1 of them on either side of zero. Compare amounts by ==. The zero Money
// is zero without a currency, and can be added to any amount. An exact value
// between two minor units, such as 5 % of USD 100.50, is an [Exact] until it is
// rounded.
//
// Currencies are the upper-case codes of ISO 4217 that have a minor unit. Codes
// withdrawn since 2002 are included, since old periods were billed in them. The
// number of digits always comes from the standard; two digits are never
// assumed.
//
// In JSON a Money is {"amount":"49.90","currency":"USD"}, with all digits of
// the currency. In a database it is the text of [Money.String] in one column. A
// table with two columns stores [Money.Currency], and either [Money.MinorUnits]
// in an integer column or [Money.Amount] in a numeric one.
type Money struct {
	minor    int64  // not math.MinInt64; 0 without a currency
	currency string // a code with a minor unit, or ""
}

// ErrCurrencyMismatch is wrapped by the errors of operations on amounts of two
// currencies.
var ErrCurrencyMismatch = errors.New("credit: currencies differ")

// NewMoney returns the amount, which must be a whole number of minor units:
// 49.9 and 49.900 are USD 49.90, and 49.905 is an error.
func NewMoney(amount decimal.Decimal, currency string) (Money, error) {
	m, err := unrounded(amount, currency)
	if err != nil {
		return Money{}, fmt.Errorf("credit: new money: %w", err)
	}
	return m, nil
}

// RoundMoney returns the amount rounded to the currency's minor unit. It is an
// error if the currency or the rounding is unknown, or if the amount is out of
// range.
func RoundMoney(amount decimal.Decimal, currency string, mode Rounding) (Money, error) {
	m, err := rounded(amount, currency, mode)
	if err != nil {
		return Money{}, fmt.Errorf("credit: rounding to money: %w", err)
	}
	return m, nil
}

// MoneyFromMinor returns the amount of a number of minor units: 4990 is USD
// 49.90, or JPY 4990.
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

// ParseMoney reads the output of [Money.String]. An amount with fewer digits
// than the currency has is accepted, such as "USD 49.9" or "USD 49". More
// digits are an error, even if they are zeros.
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

// major returns m in major units.
func (m Money) major() exact.Number {
	parts := int64(1)
	for range m.Digits() { // at most four
		parts *= 10
	}
	return exact.New(m.minor, parts)
}

// Currency returns the ISO 4217 code of m, and "" for the zero Money.
func (m Money) Currency() string { return m.currency }

// MinorUnits returns m as a number of minor units: 4990 for USD 49.90.
func (m Money) MinorUnits() int64 { return m.minor }

// Digits returns the number of decimal places of the currency, and 0 for the
// zero Money.
func (m Money) Digits() int {
	entry, _ := iso4217.Lookup(m.currency)
	return entry.Digits
}

// Sign returns -1, 0 or +1.
func (m Money) Sign() int { return cmp.Compare(m.minor, 0) }

// IsZero reports whether m is zero, with or without a currency. The package
// encoding/json calls it too, so a field tagged omitzero loses the currency of
// USD 0.00.
func (m Money) IsZero() bool { return m.minor == 0 }

// Add returns m + n. It is an error if the currencies differ or the sum is out
// of range.
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

// Sub returns m − n. It is an error if the currencies differ or the difference
// is out of range.
func (m Money) Sub(n Money) (Money, error) { return m.Add(n.Neg()) }

// Neg returns −m.
func (m Money) Neg() Money { return Money{-m.minor, m.currency} }

// Cmp returns -1, 0 or +1 if m is less than, equal to or more than n. It is an
// error if the currencies differ; the zero Money compares with any amount.
func (m Money) Cmp(n Money) (int, error) {
	_, err := common(m, n)
	if err != nil {
		return 0, err
	}
	return cmp.Compare(m.minor, n.minor), nil
}

// String returns the currency and the amount with all its digits, such as "USD
// 49.90". It returns "0" for the zero Money.
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

// MarshalJSON returns {"amount":"49.90","currency":"USD"}. The zero Money has
// the amount "0" and the currency "".
func (m Money) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, `{"amount":%q,"currency":%q}`, m.number(), m.currency), nil
}

// UnmarshalJSON reads the output of [Money.MarshalJSON]. The amount may also be
// a JSON number without an exponent, and may have fewer digits than the
// currency, but not more. Both keys are required, other keys are errors, and
// null is an error.
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

// Scan reads the text of [Money.String] from a database. NULL is an error; for
// a column that may be NULL, scan into a sql.Null[credit.Money].
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

// maxExponent bounds the exponent of a decimal before any arithmetic, because
// ten to the power of a billion does not fit in memory.
const maxExponent = 1000

// rounded is [RoundMoney] without the package's name in its errors.
func rounded(amount decimal.Decimal, currency string, mode Rounding) (Money, error) {
	if e := amount.Exponent(); e < -maxExponent || e > maxExponent {
		return Money{}, fmt.Errorf("the exponent %d is outside ±%d", e, maxExponent)
	}
	return round(exact.Of(amount.Rat()), currency, mode)
}

// round rounds an exact amount in major units to the minor unit of the currency.
// Its errors do not name the package.
func round(amount exact.Number, currency string, mode Rounding) (Money, error) {
	places, err := digits(currency, amount.Sign())
	if err != nil {
		return Money{}, err
	}
	if !mode.known() {
		return Money{}, fmt.Errorf("%v is not known", mode)
	}
	for range places {
		amount = amount.Mul(exact.Int(10))
	}
	minor, fits := mode.round(amount)
	if !fits {
		return Money{}, errRange
	}
	return Money{minor, currency}, nil
}

// unrounded is [NewMoney] without the package's name in its errors.
func unrounded(amount decimal.Decimal, currency string) (Money, error) {
	m, err := rounded(amount, currency, TowardZero)
	if err == nil && !m.Amount().Equal(amount) {
		return Money{}, m.tooManyPlaces(amount.String())
	}
	return m, err
}

// parse is [ParseMoney] without the package's name in its errors.
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

// parseJSON is [Money.UnmarshalJSON] without the package's name in its errors.
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
		json.Unmarshal(doc.Amount, &number) //nolint:errcheck // it is a JSON string, as checked above
	}
	return parseNumber(number, *doc.Currency)
}

// parseNumber returns the amount of a text that has at most the digits of the
// currency.
func parseNumber(number, currency string) (Money, error) {
	amount, err := numeral.Parse(number)
	if err != nil {
		return Money{}, err
	}
	m, err := unrounded(amount, currency)
	if err == nil && -int(amount.Exponent()) > m.Digits() {
		return Money{}, m.tooManyPlaces(number)
	}
	return m, err
}

func (m Money) tooManyPlaces(number string) error {
	return fmt.Errorf("%s has more than the %d decimal places of %q", numeral.Shorten(number), m.Digits(), m.currency)
}

// digits returns the number of decimal places of the currency, for an amount of
// the given sign. Only zero may have no currency.
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
