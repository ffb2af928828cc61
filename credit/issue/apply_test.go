package issue

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/credit"
)

func TestB19(t *testing.T) {
	applied, carried, err := Apply(credit.MustMoney("USD 120.00"), credit.MustMoney("USD 80.00"))
	require.NoError(t, err)
	assert.Equal(t, []int64{8000, 4000}, []int64{applied.MinorUnits(), carried.MinorUnits()})
	applied, carried, err = Apply(credit.MustMoney("USD 80.00"), credit.MustMoney("USD 120.00"))
	require.NoError(t, err)
	assert.Equal(t, []int64{8000, 0}, []int64{applied.MinorUnits(), carried.MinorUnits()})
}

// openLine returns a line in minor units of USD.
func openLine(id string, share, open int64) credit.Line {
	return credit.Line{ID: id, Share: minor(share, "USD"), Open: minor(open, "USD")}
}

// Every three lines with shares and ceilings from 0 to 3.
func TestEveryApplication(t *testing.T) {
	for n := range 1 << 12 {
		digit := func(i int) int64 { return int64(n >> (2 * i) & 3) }
		lines := []credit.Line{openLine("a", digit(0), digit(1)), openLine("b", digit(2), digit(3)), openLine("c", digit(4), digit(5))}
		a, err := ApplyLines(lines)
		require.NoError(t, err)
		shares, open := digit(0)+digit(2)+digit(4), digit(1)+digit(3)+digit(5)
		var applied, spilled int64
		for i, l := range a.Lines {
			require.Equal(t, lines[i], l.Line)
			require.LessOrEqual(t, l.Applied.MinorUnits(), l.Open.MinorUnits(), "%v", lines)
			require.GreaterOrEqual(t, l.Applied.MinorUnits(), min(l.Share.MinorUnits(), l.Open.MinorUnits()), "%v", lines)
			applied += l.Applied.MinorUnits()
			spilled += max(0, l.Applied.MinorUnits()-l.Share.MinorUnits())
		}
		require.Equal(t, min(shares, open), applied, "%v", lines)
		require.Equal(t, []credit.Money{minor(applied, "USD"), minor(spilled, "USD"), minor(shares-applied, "USD")}, []credit.Money{a.Applied, a.Spilled, a.Carried}, "%v", lines)
	}
}

// What spills over goes where there is room, in proportion to it.
func TestSpill(t *testing.T) {
	a, err := ApplyLines([]credit.Line{openLine("a", 100, 10), openLine("b", 0, 75), openLine("c", 5, 30)})
	require.NoError(t, err)
	assert.Equal(t, []int64{10, 68, 27}, []int64{a.Lines[0].Applied.MinorUnits(), a.Lines[1].Applied.MinorUnits(), a.Lines[2].Applied.MinorUnits()}) // 90 over 75 and 25
	assert.Equal(t, []int64{105, 90, 0}, []int64{a.Applied.MinorUnits(), a.Spilled.MinorUnits(), a.Carried.MinorUnits()})
}

func TestApplyFaults(t *testing.T) {
	for want, lines := range map[string][]credit.Line{
		"lines[0]: id: missing":                       {openLine("", 1, 1)},
		"lines[1]: id: a comes twice":                 {openLine("a", 1, 1), openLine("a", 1, 1)},
		"lines[0]: share: amount: USD -0.01 is":       {openLine("a", -1, 1)},
		"lines[0]: open: amount: USD -0.01 is":        {openLine("a", 1, -1)},
		"lines[0]: share: amount: the currency":       {{ID: "a", Share: credit.Money{}, Open: minor(1, "USD")}},
		"lines[1]: open: amount: credit: currencies":  {openLine("a", 1, 1), {ID: "b", Share: minor(1, "USD"), Open: minor(1, "EUR")}},
		"more than 9223372036854775807 minor units":   {openLine("a", math.MaxInt64, 1), openLine("b", math.MaxInt64, 1)},
		"USD 92233720368547758.07 and USD 0.01: more": {openLine("a", 0, math.MaxInt64), openLine("b", 0, 1)},
	} {
		_, err := ApplyLines(lines)
		assert.ErrorContains(t, err, want)
	}
	_, _, err := Apply(credit.MustMoney("USD 1"), credit.MustMoney("EUR 1"))
	require.ErrorIs(t, err, credit.ErrCurrencyMismatch)
	a, err := ApplyLines(nil)
	require.NoError(t, err)
	assert.Equal(t, Application{}, a)
}

func TestApplicationJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(0, 1e12)
		a, err := ApplyLines([]credit.Line{openLine("a", amount.Draw(t, "a"), amount.Draw(t, "a")), openLine("b", amount.Draw(t, "b"), amount.Draw(t, "b"))})
		require.NoError(t, err)
		data, err := json.Marshal(a)
		require.NoError(t, err)
		var read Application
		require.NoError(t, json.Unmarshal(data, &read))
		require.Equal(t, a, read)
		for _, spoil := range []func(a *Application){
			func(a *Application) { add(&a.Carried, 1) }, func(a *Application) { add(&a.Applied, 1) }, func(a *Application) { add(&a.Spilled, 1) },
			func(a *Application) { add(&a.Lines[0].Applied, 1) }, func(a *Application) { add(&a.Lines[1].Open, -1) },
		} {
			var other Application
			require.NoError(t, json.Unmarshal(data, &other))
			spoil(&other)
			spoiled, err := json.Marshal(other)
			require.NoError(t, err)
			lines := []credit.Line{other.Lines[0].Line, other.Lines[1].Line}
			if want, err := ApplyLines(lines); err == nil && assert.ObjectsAreEqual(want, other) {
				continue // one cent less that nobody needed
			}
			require.Error(t, json.Unmarshal(spoiled, &read), "%s", spoiled)
		}
		require.Error(t, json.Unmarshal([]byte(strings.Replace(string(data), "/1", "/2", 1)), &read))
	})
}

// The integers that processors take, beside the minor units of ISO 4217.
func TestUnits(t *testing.T) {
	for _, tt := range []struct {
		in    Units
		money string
		units int64
		rest  string
	}{
		{Units{2, 1}, "USD 49.90", 4990, "USD 0.00"},
		{Units{2, 100}, "ISK 650", 65000, "ISK 0"}, // B24
		{Units{0, 1}, "MGA 5.00", 5, "MGA 0.00"},
		{Units{0, 1}, "MGA 5.40", 5, "MGA 0.40"},
		{Units{0, 1}, "MGA -5.40", -5, "MGA -0.40"},
		{Units{3, 10}, "KWD 4.995", 4990, "KWD 0.005"},
		{Units{3, 10}, "KWD 4.990", 4990, "KWD 0.000"},
		{Units{2, 7}, "ISK 8", 700, "ISK 1"}, // 800 is not a multiple of 7; 700 is one of 7 and of a whole ISK
		{Units{18, 1}, "JPY 9", 9e18, "JPY 0"},
		{Units{2, 100}, "HUF 1234.56", 123400, "HUF 0.56"},
	} {
		m := credit.MustMoney(tt.money)
		units, rest, err := tt.in.Cut(m)
		require.NoError(t, err)
		assert.Equal(t, tt.units, units, tt.money)
		assert.Equal(t, tt.rest, rest.String(), tt.money)
		exact, err := tt.in.Of(m)
		if rest.IsZero() {
			require.NoError(t, err)
			assert.Equal(t, units, exact)
		} else {
			assert.ErrorContains(t, err, "the rest is "+rest.String())
		}
	}
}

// The written units and the rest sum to the amount, and the rest is smaller than
// any step.
func TestUnitsLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := Units{rapid.IntRange(0, 6).Draw(t, "exponent"), rapid.SampledFrom([]int64{1, 2, 5, 7, 10, 100}).Draw(t, "multiple")}
		m := minor(rapid.Int64Range(-1e9, 1e9).Draw(t, "minor"), rapid.SampledFrom([]string{"JPY", "USD", "KWD", "CLF"}).Draw(t, "currency"))
		units, rest, err := w.Cut(m)
		require.NoError(t, err)
		written, err := w.Money(units, m.Currency())
		require.NoError(t, err)
		sum, err := written.Add(rest)
		require.NoError(t, err)
		require.Equal(t, m, sum)
		for n := range min(max(rest.MinorUnits(), -rest.MinorUnits()), 2000) { // nothing nearer can be written
			nearer := minor(n+1, m.Currency())
			if m.MinorUnits() < 0 {
				nearer = nearer.Neg()
			}
			_, err := w.Of(minor(written.MinorUnits()+nearer.MinorUnits(), m.Currency()))
			require.Error(t, err)
		}
		again, err := w.Of(written)
		require.NoError(t, err)
		require.Equal(t, units, again)
	})
}

func TestUnitsFaults(t *testing.T) {
	usd := credit.MustMoney("USD 1.00")
	for _, w := range []Units{{}, {-1, 1}, {19, 1}, {2, 0}, {2, -1}} {
		_, err := w.Of(usd)
		require.Error(t, err, "%v", w)
		_, err = w.Money(100, "USD")
		require.Error(t, err, "%v", w)
	}
	_, _, err := Units{18, 1}.Cut(credit.MustMoney("USD 10.00"))
	require.ErrorContains(t, err, "more than 9223372036854775807 units")
	_, err = Units{3, 10}.Money(4995, "KWD")
	require.ErrorContains(t, err, "want a multiple of 10")
	_, err = Units{2, 1}.Money(65050, "ISK")
	require.ErrorContains(t, err, "not a whole number of minor units of ISK")
	_, err = Units{2, 1}.Money(1, "XXX")
	require.Error(t, err)
}
