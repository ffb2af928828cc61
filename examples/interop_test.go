package examples_test

import (
	"encoding/json"
	"encoding/xml"
	"flag"
	"math/big"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/credit"
)

// document compares a document with that of a file, which -update writes anew.
func document(t *testing.T, name string, data []byte, err error) {
	t.Helper()
	require.NoError(t, err)
	name = "testdata/" + name
	if flag.Lookup("update").Value.String() == "true" { // the flag of the shapes
		require.NoError(t, os.WriteFile(name, append(data, '\n'), 0o600))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(data)+"\n")
}

// The documents for other systems, whole. Their lines sum to what is credited.
func TestDocuments(t *testing.T) {
	for _, currency := range []string{"USD", "EUR"} {
		s, err := interop(currency)
		require.NoError(t, err)
		require.Equal(t, credit.MustMoney(currency+" 92.15"), s.Total) // 42.158 and 49.99, which is half of 99.99, cut
		c := s.Credits[0]

		note, err := noteOf(s, 0, "in_1")
		require.NoError(t, err)
		var lines int64
		for _, l := range note.Lines {
			lines += l.Amount
		}
		assert.Equal(t, c.Amount.MinorUnits(), lines)
		assert.Equal(t, lines, note.Amount)

		ubl, err := creditNote(s, c, "CN-1", "2026-07-02", "INV-7")
		require.NoError(t, err)
		sum := new(big.Rat)
		for _, l := range ubl.Lines {
			amount, ok := new(big.Rat).SetString(l.Net.Amount)
			require.True(t, ok)
			sum.Add(sum, amount)
		}
		assert.Equal(t, ubl.Net.Amount, sum.FloatString(2))

		if currency == "EUR" {
			data, err := xml.MarshalIndent(ubl, "", "  ")
			document(t, "credit-note.xml", data, err)
		} else {
			data, err := json.MarshalIndent(note, "", "  ")
			document(t, "stripe-credit-note.json", data, err)
		}
	}
}

// What must not become a document, and says why.
func TestDocumentsRefuse(t *testing.T) {
	s, err := interop("USD")
	require.NoError(t, err)
	none := s
	none.Credits = []credit.Credit{{}}
	_, err = noteOf(none, 0, "in_1")
	assert.EqualError(t, err, "nothing is owed")
	_, err = creditNote(s, credit.Credit{}, "", "", "")
	assert.EqualError(t, err, "nothing is owed")

	open := s
	open.Provisional = []string{"an outage was under way"}
	_, err = noteOf(open, 0, "in_1")
	assert.EqualError(t, err, "provisional: an outage was under way")
	_, err = creditNote(open, s.Credits[0], "", "", "")
	assert.EqualError(t, err, "provisional: an outage was under way")

	dinars, err := ublOf(credit.MustMoney("KWD 1.250"))
	assert.EqualError(t, err, "KWD 1.250 has more than two decimal places")
	assert.Zero(t, dinars)
}

// A retry has the key of what it repeats, and a restatement another.
func TestStripeKey(t *testing.T) {
	s, err := interop("USD")
	require.NoError(t, err)
	note, err := noteOf(s, 0, "in_1")
	require.NoError(t, err)
	first, err := note.idempotencyKey()
	require.NoError(t, err)
	again, err := note.idempotencyKey()
	require.NoError(t, err)
	assert.Equal(t, first, again)
	assert.Less(t, len(first), 255)
	note.Lines[0].Amount++
	other, err := note.idempotencyKey()
	require.NoError(t, err)
	assert.NotEqual(t, first, other)
}

func TestStripeUnits(t *testing.T) {
	for money, want := range map[string]int64{
		"USD 49.90": 4990, "JPY 499": 499, "ISK 650": 65000, "UGX 7": 700, "HUF 10.00": 1000, "KWD 1.250": 1250, "MGA 500.00": 500,
	} {
		got, err := stripeUnits(credit.MustMoney(money))
		require.NoError(t, err)
		assert.Equal(t, want, got, money)
	}
	for _, money := range []string{"KWD 1.255", "MGA 500.50", "ISK 9223372036854775807"} {
		_, err := stripeUnits(credit.MustMoney(money))
		assert.Error(t, err, money)
	}
}

// A percentage stands only beside an amount that it gave, within 0.02 of it
// (Peppol R040), and the vectors B28 say which that are.
func TestShareOf(t *testing.T) {
	s, err := interop("EUR")
	require.NoError(t, err)
	of, err := allowances(s.Credits[0], "S", "19")
	require.NoError(t, err)
	require.Len(t, of, 2)
	assert.Equal(t, []string{"49.99", ""}, []string{of[0].Amount.Amount, of[0].Percent})
	assert.Nil(t, of[0].Base)
	assert.Equal(t, []string{"42.16", "10", "421.58"}, []string{of[1].Amount.Amount, of[1].Percent, of[1].Base.Amount})

	c := s.Credits[0]
	for amount, within := range map[string]bool{"EUR 42.13": false, "EUR 42.14": true, "EUR 42.17": true, "EUR 42.18": false} { // 42.158 is exact
		near := c.Parts[1]
		near.Amount = credit.MustMoney(amount)
		_, _, exact := shareOf(c, near)
		assert.Equal(t, within, exact, amount)
	}

	// However little a limit cut.
	part, whole := c.Parts[1], c
	require.NoError(t, part.Owed.UnmarshalText([]byte("42.15")))
	_, _, exact := shareOf(c, part)
	assert.False(t, exact)
	whole.Limits = []credit.Limit{{}, {Binds: true}}
	_, _, exact = shareOf(whole, c.Parts[1])
	assert.False(t, exact)
	whole.Limits = []credit.Limit{{}}
	_, _, exact = shareOf(whole, c.Parts[1])
	assert.True(t, exact)
	require.NoError(t, part.Owed.UnmarshalText([]byte("42.158")))
	require.NoError(t, part.Remedy.Percent.UnmarshalText([]byte("179/7%")))
	_, _, exact = shareOf(c, part)
	assert.False(t, exact)
}
