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

// Totals add up settlements, exactly and however many: a [time.Duration] would
// end at 292 years, and an amount of money at 2⁶³ minor units. The zero Totals
// are those of none.
type Totals struct {
	Settlements int64 // those that failed included

	// The figures of each customer and period count in one of these.
	Missed    int64 // a promise was broken
	Undecided int64 // of one nobody knows, and none was broken
	Met       int64 // all that were judged were kept
	None      int64 // none was judged
	Failed    int64 // there is no statement

	Provisional   int64
	WithoutBreach int64 // a credit, or a part of it, is for what did not break a promise

	// Several counts those of no finding or of several, of whose time Due, Down
	// and DownAtMost know nothing.
	Several int64

	due, down, downAtMost wide
	first                 creditSum   // of the currency that came first, so that a copy of t is another one
	more                  []creditSum // of others; copied before it is written to
}

// A creditSum is what was given in one currency.
type creditSum struct {
	currency       string
	credit, atMost wide
}

// A wide is a sum of numbers of 63 bits, of which there are fewer than 2⁶⁴.
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

// Add adds figures on fees in a currency, which they do not carry: customers whose
// fees are in another one are added apart. Those that failed are only counted.
// An unknown currency is an error, and so is a settlement of a time or an amount
// below zero; then nothing is added.
func (t *Totals) Add(currency string, settlements ...Figures) error {
	for i := range settlements {
		s := &settlements[i]
		if s.Credit < 0 || s.CreditAtMost < 0 || s.Due < 0 || s.Down < 0 || s.DownAtMost < 0 {
			return fmt.Errorf("batch: totals: settlements[%d]: negative", i)
		}
	}
	in, err := t.in(currency)
	if err != nil {
		return fmt.Errorf("batch: totals: %w", err)
	}
	for i := range settlements {
		s := &settlements[i]
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

// set sets the sum in a currency, and changes no copy of t.
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

// Merge adds other totals, as those of another part of the customers.
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
		sum, _ := t.in(c.currency) // which is known
		sum.credit.merge(c.credit)
		sum.atMost.merge(c.atMost)
		t.set(sum)
	}
}

// Due returns what was due, in nanoseconds.
func (t Totals) Due() *big.Int { return t.due.int() }

// Down returns what was down, in nanoseconds, and DownAtMost what would be if
// the resources had been down whenever nobody knows.
func (t Totals) Down() *big.Int { return t.down.int() }

// DownAtMost is said of Down.
func (t Totals) DownAtMost() *big.Int { return t.downAtMost.int() }

// Currencies returns those in which credits were settled, sorted.
func (t Totals) Currencies() []string {
	var all []string
	for _, s := range t.credits() {
		all = append(all, s.currency)
	}
	slices.Sort(all)
	return all
}

// Credit returns the sum of the credits in a currency, and CreditAtMost that of
// what they would be if the resources had been down whenever nobody knows.
func (t Totals) Credit(currency string) credit.Exact {
	return t.exact(currency, func(s creditSum) wide { return s.credit })
}

// CreditAtMost is said of Credit.
func (t Totals) CreditAtMost(currency string) credit.Exact {
	return t.exact(currency, func(s creditSum) wide { return s.atMost })
}

func (t Totals) exact(currency string, of func(creditSum) wide) credit.Exact {
	for _, s := range t.credits() {
		if s.currency == currency {
			unit, _ := credit.MoneyFromMinor(1, currency) // which is known
			amount := new(big.Rat).SetInt(of(s).int())
			return credit.NewExact(amount.Mul(amount, unit.Amount().Rat()))
		}
	}
	return credit.Exact{}
}

// MarshalJSON writes the totals. Lengths are whole numbers of nanoseconds, as
// text, since JSON's numbers need not hold them. Totals are not read back: they
// are what settlements add up to.
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
