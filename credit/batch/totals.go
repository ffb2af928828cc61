package batch

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/bits"
	"slices"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/sla"
)

// Totals adds up the figures of any number of customers, exactly. A
// [time.Duration] would overflow at 292 years, and an amount of money at 2⁶³
// minor units. The zero Totals is the total of no figures.
type Totals struct {
	Settlements int64 // number of figures added, including those that failed

	// Each of these figures is counted in one of the following five.
	Missed    int64 // a promise was broken
	Undecided int64 // a promise is undecided, and none was broken
	Met       int64 // all judged promises were kept
	None      int64 // no promise was judged
	Failed    int64 // there is no statement

	Provisional   int64
	WithoutBreach int64 // a credit, or a part of it, is given although no promise was broken

	// Several counts the figures with no finding or with several. Due, Down and
	// DownAtMost do not include their time.
	Several int64

	due, down, downAtMost wide
	first                 creditSum   // the first currency; a value, so that copies of t are independent
	more                  []creditSum // the other currencies; copied before each write
}

// A creditSum is the sum of the credits in one currency.
type creditSum struct {
	currency       string
	credit, atMost wide
}

// A wide is a sum of fewer than 2⁶⁴ numbers of 63 bits.
type wide struct{ hi, lo uint64 }

func (w *wide) add(n int64) {
	var carry uint64
	w.lo, carry = bits.Add64(w.lo, uint64(n), 0)
	w.hi += carry
}

func (w *wide) merge(v wide) {
	var carry uint64
	w.lo, carry = bits.Add64(w.lo, v.lo, 0)
	w.hi += v.hi + carry
}

func (w wide) int() *big.Int {
	n := new(big.Int).SetUint64(w.hi)
	return n.Lsh(n, 64).Add(n, new(big.Int).SetUint64(w.lo))
}

// Add adds figures whose fees are in a currency, which the figures do not
// contain. Add customers with fees in another currency separately. Failed
// figures are only counted. It is an error if the currency is unknown, or if a
// time or an amount is below zero; then nothing is added.
func (t *Totals) Add(currency string, figures ...Figures) error {
	for i := range figures {
		s := &figures[i]
		if s.Credit < 0 || s.CreditAtMost < 0 || s.Due < 0 || s.Down < 0 || s.DownAtMost < 0 {
			return fmt.Errorf("batch: totals: figures[%d]: negative", i)
		}
	}
	in, err := t.in(currency)
	if err != nil {
		return fmt.Errorf("batch: totals: %w", err)
	}
	for i := range figures {
		s := &figures[i]
		t.Settlements++
		if s.Failed {
			t.Failed++
			continue
		}
		switch s.Outcome {
		case sla.Missed:
			t.Missed++
		case sla.Undecided:
			t.Undecided++
		case sla.Met:
			t.Met++
		default:
			t.None++
		}
		if s.WithoutBreach {
			t.WithoutBreach++
		}
		if s.Provisional {
			t.Provisional++
		}
		if s.Findings != 1 {
			t.Several++
		}
		t.due.add(int64(s.Due))
		t.down.add(int64(s.Down))
		t.downAtMost.add(int64(s.DownAtMost))
		in.credit.add(s.Credit)
		in.atMost.add(s.CreditAtMost)
	}
	t.set(in)
	return nil
}

// in returns the sum in a currency.
func (t *Totals) in(currency string) (creditSum, error) {
	if t.first.currency == currency && currency != "" {
		return t.first, nil
	}
	for _, c := range t.more {
		if c.currency == currency {
			return c, nil
		}
	}
	_, err := credit.MoneyFromMinor(0, currency)
	return creditSum{currency: currency}, err
}

// set sets the sum in a currency, without changing copies of t.
func (t *Totals) set(sum creditSum) {
	if t.first.currency == sum.currency || t.first.currency == "" {
		t.first = sum
		return
	}
	t.more = slices.Clone(t.more)
	for i, c := range t.more {
		if c.currency == sum.currency {
			t.more[i] = sum
			return
		}
	}
	t.more = append(t.more, sum)
}

// credits returns the sums in all currencies.
func (t Totals) credits() []creditSum {
	if t.first.currency == "" {
		return nil
	}
	return append([]creditSum{t.first}, t.more...)
}

// Merge adds other totals, such as those of another part of the customers.
func (t *Totals) Merge(other Totals) {
	t.Settlements += other.Settlements
	t.Missed += other.Missed
	t.Undecided += other.Undecided
	t.Met += other.Met
	t.None += other.None
	t.WithoutBreach += other.WithoutBreach
	t.Provisional += other.Provisional
	t.Failed += other.Failed
	t.Several += other.Several
	t.due.merge(other.due)
	t.down.merge(other.down)
	t.downAtMost.merge(other.downAtMost)
	for _, c := range other.credits() {
		sum, _ := t.in(c.currency) // the currency is known
		sum.credit.merge(c.credit)
		sum.atMost.merge(c.atMost)
		t.set(sum)
	}
}

// Due returns the time due, in nanoseconds.
func (t Totals) Due() *big.Int { return t.due.int() }

// Down returns the downtime, in nanoseconds.
func (t Totals) Down() *big.Int { return t.down.int() }

// DownAtMost returns the downtime if all unobserved time was down, in
// nanoseconds.
func (t Totals) DownAtMost() *big.Int { return t.downAtMost.int() }

// Currencies returns the currencies of the added figures, sorted.
func (t Totals) Currencies() []string {
	var all []string
	for _, s := range t.credits() {
		all = append(all, s.currency)
	}
	slices.Sort(all)
	return all
}

// Credit returns the sum of the credits in a currency, in major units.
func (t Totals) Credit(currency string) credit.Exact {
	return t.exact(currency, func(s creditSum) wide { return s.credit })
}

// CreditAtMost returns the sum of the credits in a currency if all unobserved
// time was down, in major units.
func (t Totals) CreditAtMost(currency string) credit.Exact {
	return t.exact(currency, func(s creditSum) wide { return s.atMost })
}

func (t Totals) exact(currency string, of func(creditSum) wide) credit.Exact {
	for _, s := range t.credits() {
		if s.currency == currency {
			unit, _ := credit.MoneyFromMinor(1, currency) // the currency is known
			amount := new(big.Rat).SetInt(of(s).int())
			return credit.NewExact(amount.Mul(amount, unit.Amount().Rat()))
		}
	}
	return credit.Exact{}
}

// MarshalJSON writes the totals. Lengths are whole numbers of nanoseconds,
// written as text because JSON readers may lose digits of numbers. Totals are
// not read back; add up the figures again instead.
func (t Totals) MarshalJSON() ([]byte, error) {
	type creditJSON struct {
		Credit       credit.Exact `json:"credit"`
		CreditAtMost credit.Exact `json:"creditAtMost"`
	}
	doc := struct {
		Settlements   int64                 `json:"settlements"`
		Missed        int64                 `json:"missed"`
		Undecided     int64                 `json:"undecided"`
		Met           int64                 `json:"met"`
		None          int64                 `json:"none"`
		Failed        int64                 `json:"failed"`
		Provisional   int64                 `json:"provisional"`
		WithoutBreach int64                 `json:"withoutBreach"`
		Several       int64                 `json:"several"`
		Due           string                `json:"dueNanoseconds"`
		Down          string                `json:"downNanoseconds"`
		DownAtMost    string                `json:"downAtMostNanoseconds"`
		Credits       map[string]creditJSON `json:"credits,omitempty"`
	}{t.Settlements, t.Missed, t.Undecided, t.Met, t.None, t.Failed, t.Provisional, t.WithoutBreach, t.Several, t.Due().String(), t.Down().String(), t.DownAtMost().String(), map[string]creditJSON{}}
	for _, c := range t.Currencies() {
		doc.Credits[c] = creditJSON{t.Credit(c), t.CreditAtMost(c)}
	}
	return json.Marshal(doc)
}
