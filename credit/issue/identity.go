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

// An Identity says which credit something is about, whatever it comes to: of
// all statements that are made on one billing period, the credit with the same
// Identity is the same credit, and differs from what was issued by a
// correction, not by a second credit.
type Identity struct {
	Customer  string          `json:"customer"`
	Agreement string          `json:"agreement"`
	Contract  string          `json:"contract,omitempty"` // of [credit.Bill.Contract]
	Period    calendar.Period `json:"period"`             // that was measured
	Currency  string          `json:"currency"`           // ISO 4217 code
}

// maxKeyName bounds a name in a key, in bytes: it is the length of one that is
// replaced by its hash.
const maxKeyName = 1 + 43

// Key returns the text under which a billing system knows the credit: its
// uniqueness key, or what it looks up before it posts. It is printable ASCII
// without spaces and at most 255 characters long, of a valid Identity at most
// 213, and it never changes between releases:
//
//	credit1:acme:plain::2026-06-01:2026-07-01:Europe/Berlin:USD
//
// The fields, with a colon between them, are
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
// Days and the name of the zone stand for the period, and not its instants, so
// that a correction of the zone database makes a restatement and not a second
// credit. Nor does another zone: [Restate] finds what was issued for the same
// days under its key. In a name the letters and digits of ASCII and "-", ".", "_" and "/"
// stand for themselves; any other byte of its UTF-8 is "%" and two upper-case
// hex digits. A name that is then longer than 44 characters is instead "=",
// which no other name has, and the SHA-256 of its bytes in unpadded base64url.
// So two identities have one key only if SHA-256 collides.
//
// Keys, as names, differ in case: a column that holds them must compare bytes.
func (i Identity) Key() string {
	return strings.Join([]string{
		"credit1", keyName(i.Customer), keyName(i.Agreement), keyName(i.Contract),
		i.Period.First().String(), i.Period.Until().String(), keyName(i.Period.Zone()), keyName(i.Currency),
	}, ":")
}

// sameDays reports whether i and other are the same credit but for the zone by
// whose clocks the period was measured.
func (i Identity) sameDays(other Identity) bool {
	return i.Customer == other.Customer && i.Agreement == other.Agreement && i.Contract == other.Contract && i.Currency == other.Currency &&
		i.Period.First() == other.Period.First() && i.Period.Until() == other.Period.Until()
}

// keyName returns a name as it stands in a key.
func keyName(name string) string {
	escaped := escape(name)
	if len(escaped) <= maxKeyName {
		return escaped
	}
	sum := sha256.Sum256([]byte(name))
	return "=" + base64.RawURLEncoding.EncodeToString(sum[:])
}

// escape returns a text in printable ASCII without spaces, colons and "=".
// Different texts stay different.
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
		f.Add("currency: %w", errors.Unwrap(err)) // without what else it says of amounts
	}
	return f.Err()
}

// identityOf returns the identity of a credit of s.
func identityOf(s credit.Statement, c credit.Credit) Identity {
	return Identity{s.Customer, c.Agreement, s.Contract, c.Period, c.Amount.Currency()}
}
