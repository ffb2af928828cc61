// Package fault collects everything that is wrong with an input.
package fault

import (
	"errors"
	"fmt"

	"github.com/slacredit/slacredit/internal/numeral"
)

// A List collects faults. Of more than a hundred it holds the first hundred, and
// says that there are more.
type List []error

const most = 100

// Add adds a fault, formatted as by [fmt.Errorf].
func (l *List) Add(format string, args ...any) {
	switch {
	case len(*l) < most:
		*l = append(*l, fmt.Errorf(format, args...))
	case len(*l) == most:
		*l = append(*l, errors.New("and more faults"))
	}
}

// Err returns the faults as one error, and nil if there are none.
func (l List) Err() error { return errors.Join(l...) }

// A Money is an amount in a currency.
type Money interface {
	Currency() string
	Sign() int
}

// Currency adds an amount that is not in a currency; mismatch is the error of two.
func (l *List) Currency(at any, m Money, currency string, mismatch error) {
	switch {
	case m.Currency() == "":
		l.Add("%s: amount: the currency is missing", at)
	case m.Currency() != currency:
		l.Add("%s: amount: %w: %s and %s", at, mismatch, m.Currency(), numeral.Plain(currency))
	}
}

// Amount adds an amount that is negative or not in a currency.
func (l *List) Amount(at any, m Money, currency string, mismatch error) {
	l.Currency(at, m, currency, mismatch)
	if m.Currency() == currency && m.Sign() < 0 {
		l.Add("%s: amount: %v is negative", at, m)
	}
}
