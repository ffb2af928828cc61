package issue

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/internal/fault"
	"github.com/slacredit/slacredit/internal/label"
	"github.com/slacredit/slacredit/sla/calendar"
)

// An Identity identifies a credit, whatever its amount. In all statements on
// one billing period, credits with the same Identity are the same credit. A
// later statement corrects that credit and does not add a second one.
type Identity struct {
	Customer  string          `json:"customer"`
	Agreement string          `json:"agreement"`
	Contract  string          `json:"contract,omitempty"` // [credit.Bill.Contract]
	Period    calendar.Period `json:"period"`             // the measured period
	Currency  string          `json:"currency"`           // ISO 4217 code
}

// maxKeyName bounds a name in a key, in bytes. It is the length of a hashed
// name.
const maxKeyName = 1 + 43

// Key returns the text by which a billing system identifies the credit: a
// uniqueness key, or the text to look up before posting. It never changes
// between releases:
//
//	credit1:acme:plain::2026-06-01:2026-07-01:Europe/Berlin:USD
//
// It is printable ASCII without spaces and at most 255 characters long. The key
// of a valid Identity has at most 213 characters. The fields, separated by
// colons, are
//
//  1. "credit1", the version of this rule,
//  2. the customer,
//  3. the agreement,
//  4. the contract, empty if there is none,
//  5. the first day of the measured period,
//  6. the first day after it,
//  7. the name of its zone,
//  8. the currency.
//
// The key contains the days of the period and the name of its zone, not
// instants. So a corrected zone database leads to a restatement and not to a
// second credit. If the customer moves to another zone, the key changes, but
// [Restate] finds the credit issued for the same days.
//
// In a name, ASCII letters, ASCII digits and "-", ".", "_" and "/" stand for
// themselves. Any other byte of its UTF-8 is written as "%" and two upper-case
// hex digits. If the result is longer than 44 characters, the name is replaced
// by "=" and the SHA-256 of its bytes in unpadded base64url. No other name
// begins with "=". So two identities have the same key only if SHA-256
// collides.
//
// Keys are case-sensitive, as names are: a column that contains them must
// compare bytes.
func (i Identity) Key() string {
	return strings.Join([]string{
		"credit1", keyName(i.Customer), keyName(i.Agreement), keyName(i.Contract),
		i.Period.First().String(), i.Period.Until().String(), keyName(i.Period.Zone()), keyName(i.Currency),
	}, ":")
}

// sameDays reports whether i and other differ at most in the zone of the
// measured period.
func (i Identity) sameDays(other Identity) bool {
	return i.Customer == other.Customer && i.Agreement == other.Agreement && i.Contract == other.Contract && i.Currency == other.Currency &&
		i.Period.First() == other.Period.First() && i.Period.Until() == other.Period.Until()
}

// keyName returns a name as it is written in a key.
func keyName(name string) string {
	escaped := escape(name)
	if len(escaped) <= maxKeyName {
		return escaped
	}
	sum := sha256.Sum256([]byte(name))
	return "=" + base64.RawURLEncoding.EncodeToString(sum[:])
}

// escape returns a text in printable ASCII without spaces, colons and "=".
// Different texts have different results.
func escape(text string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for _, c := range []byte(text) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._/", c) >= 0:
			b.WriteByte(c)
		default:
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

// Validate reports every field that cannot be that of a credit.
func (i Identity) Validate() error {
	if err := i.check(); err != nil {
		return fmt.Errorf("issue: identity: %w", err)
	}
	return nil
}

func (i Identity) check() error {
	var f fault.List
	for _, field := range []struct{ name, problem string }{
		{"customer", label.Missing(i.Customer)}, {"agreement", label.Missing(i.Agreement)}, {"contract", label.Problem(i.Contract)},
	} {
		if field.problem != "" {
			f.Add("%s: %s", field.name, field.problem)
		}
	}
	if err := i.Period.Err(); err != nil {
		f.Add("period: %w", err)
	}
	if _, err := credit.MoneyFromMinor(1, i.Currency); err != nil {
		f.Add("currency: %w", errors.Unwrap(err)) // without the part of the message about amounts
	}
	return f.Err()
}

// identityOf returns the identity of a credit of s.
func identityOf(s credit.Statement, c credit.Credit) Identity {
	return Identity{s.Customer, c.Agreement, s.Contract, c.Period, c.Amount.Currency()}
}
