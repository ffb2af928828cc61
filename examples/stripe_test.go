package examples_test

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A stripeNote is the body of a request that creates a credit note at Stripe,
// by its reference, https://docs.stripe.com/api/credit_notes/create. Amounts
// are positive whole numbers of Stripe's minor units. The amount is with tax,
// so on an invoice with tax leave it out; the lines are without. For an invoice
// that is paid, add where the credit goes: credit_amount, refund_amount or
// out_of_band_amount.
type stripeNote struct {
	Invoice  string            `json:"invoice"`
	Amount   int64             `json:"amount"`
	Lines    []stripeLine      `json:"lines"`
	Reason   string            `json:"reason"`
	Memo     string            `json:"memo"`
	Metadata map[string]string `json:"metadata"`
}

type stripeLine struct {
	Type            string `json:"type"`
	InvoiceLineItem string `json:"invoice_line_item"`
	Amount          int64  `json:"amount"`
}

// noteOf returns the credit note for one of the credits on one invoice, each
// charge of which is named by the ID of its invoice line. A credit of nothing
// makes none, and a statement that can still change should make none either.
func noteOf(s credit.Statement, i int, invoice string) (stripeNote, error) {
	c := s.Credits[i]
	switch {
	case c.Amount.IsZero():
		return stripeNote{}, errors.New("nothing is owed")
	case len(s.Provisional) > 0:
		return stripeNote{}, fmt.Errorf("provisional: %s", strings.Join(s.Provisional, "; "))
	}
	amount, err := stripeUnits(c.Amount)
	if err != nil {
		return stripeNote{}, err
	}
	lines, err := s.Credits[i].Lines()
	if err != nil {
		return stripeNote{}, err
	}
	n := stripeNote{
		Invoice: invoice, Amount: amount, Reason: "product_unsatisfactory",
		Memo: fmt.Sprintf("Service credit under %s for %s to %s: %s", c.Agreement, c.Period.First(), c.Period.Last(), strings.Join(reasons(s, c), "; ")),
		Metadata: map[string]string{ // what tells a retry from a restatement; values of at most 500 characters
			"slacredit_customer":  s.Customer,
			"slacredit_agreement": c.Agreement,
			"slacredit_period":    c.Period.Window().String(),
			"slacredit_currency":  c.Amount.Currency(),
		},
	}
	for _, l := range lines {
		if l.Share.IsZero() {
			continue
		}
		units, err := stripeUnits(l.Share)
		if err != nil {
			return stripeNote{}, err
		}
		n.Lines = append(n.Lines, stripeLine{"invoice_line_item", l.ID, units})
	}
	return n, nil
}

// reasons says of each resource that is credited which promises were not kept.
func reasons(s credit.Statement, c credit.Credit) []string {
	var reasons []string
	for _, v := range s.Verdicts {
		owed := slices.ContainsFunc(c.Parts, func(p credit.Part) bool { return p.Resource == v.Resource && !p.Amount.IsZero() })
		if v.Agreement != c.Agreement || v.Period != c.Period || !owed {
			continue
		}
		for _, f := range v.Findings {
			if f.Outcome == sla.Missed {
				reasons = append(reasons, fmt.Sprintf("%s, %s promised, %v", v.Resource, f.Promise, f))
			}
		}
	}
	return reasons
}

// idempotencyKey is the same whenever the same body is sent, and at most 255
// characters long. Stripe forgets keys after a day; a job that runs again later
// looks for the metadata first.
func (n stripeNote) idempotencyKey() (string, error) {
	body, err := json.Marshal(n)
	return fmt.Sprintf("slacredit-%x", sha256.Sum256(body)), err
}

// stripeUnits returns an amount in the minor units that Stripe counts, which
// are not those of ISO 4217 everywhere (https://docs.stripe.com/currencies):
// MGA has none, ISK and UGX have two of which both must be zero, and of the
// three of some dinars and the rial the last must be.
func stripeUnits(m credit.Money) (int64, error) {
	units := big.NewInt(m.MinorUnits())
	multiple := int64(1) // which the number of units must be
	switch m.Currency() {
	case "MGA":
		if m.MinorUnits()%100 != 0 {
			return 0, fmt.Errorf("%v is not a whole number of ariary", m)
		}
		units.Quo(units, big.NewInt(100))
	case "ISK", "UGX":
		units.Mul(units, big.NewInt(100))
	case "BHD", "JOD", "KWD", "OMR", "TND":
		multiple = 10
	}
	if !units.IsInt64() || units.Int64()%multiple != 0 {
		return 0, fmt.Errorf("Stripe cannot take %v", m) //nolint:staticcheck // a name
	}
	return units.Int64(), nil
}

// interop returns a statement on two resources: one below the first row, and
// one that runs into the limit of half its fee.
func interop(currency string) (credit.Statement, error) {
	terms, err := sla.Agreement{
		Name: "acme-cloud/2026",
		Commitments: []sla.Commitment{{
			Promise: "at least 99.9%",
			Credits: []sla.Tier{{When: "below 99.9%", Give: "10%"}, {When: "below 99.0%", Give: "100%"}},
			AtMost:  []sla.Cap{"50%"},
		}},
	}.Compile()
	if err != nil {
		return credit.Statement{}, err
	}
	june := calendar.Month(2026, time.June, time.UTC)
	start := time.Date(2026, 6, 9, 14, 0, 0, 0, time.UTC)
	timelines, err := outage.Options{}.Timelines(
		outage.Outage{ID: "o-1", Resource: "db", Start: start, End: start.Add(12 * time.Hour)},
		outage.Outage{ID: "o-2", Resource: "web", Start: start, End: start.Add(90 * time.Minute)},
	)
	if err != nil {
		return credit.Statement{}, err
	}
	b := credit.Bill{Customer: "acme", Period: june, Charges: []credit.Charge{
		{ID: "il_db", Resource: "db", Amount: credit.MustMoney(currency + " 99.99")},
		{ID: "il_web", Resource: "web", Amount: credit.MustMoney(currency + " 421.58")},
	}}
	for _, timeline := range timelines {
		v, err := terms.Judge(timeline, june)
		if err != nil {
			return credit.Statement{}, err
		}
		b.Verdicts = append(b.Verdicts, v)
	}
	return credit.NewStatement(b)
}

// How do I post a credit at Stripe? The whole body is
// testdata/stripe-credit-note.json.
func Example_stripe() {
	statement, err := interop("USD")
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := range statement.Credits {
		note, err := noteOf(statement, i, "in_1")
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(note.Amount, note.Lines, note.Reason)
		fmt.Println(note.Memo)
	}
	// Output:
	// 9215 [{invoice_line_item il_db 4999} {invoice_line_item il_web 4216}] product_unsatisfactory
	// Service credit under acme-cloud/2026 for 2026-06-01 to 2026-06-30: db, at least 99.9% promised, missed: 12h down, 43m12s allowed, 11h16m48s over; web, at least 99.9% promised, missed: 1h30m down, 43m12s allowed, 46m48s over
}
