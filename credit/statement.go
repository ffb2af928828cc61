package credit

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/shopspring/decimal"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/strictjson"
	"github.com/slacredit/slacredit/sla"
)

// A Statement is what one customer is told for a billing period: the credits
// whose measured periods ended in it, with the charges and verdicts from which
// they follow. Records are named by their IDs, and clauses by JSON pointers
// into the agreement; keep both documents beside it.
// [Statement.Account] explains it step by step.
type Statement struct {
	Customer string     `json:"customer"`
	Period   sla.Period `json:"period"`

	// Total is the sum of the credits, and TotalAtMost what it would be if
	// every resource had been down whenever nobody knows.
	Total       Money `json:"total"`
	TotalAtMost Money `json:"totalAtMost"`

	// Provisional says what may still change the statement: an outage under
	// way, a period that is not over, time of which nobody knows. It is empty
	// if the statement is final on the records that it was made from.
	Provisional []string `json:"provisional,omitempty"`

	// Credits hold one credit for each agreement that was judged, in the order of
	// the verdicts, also where it is zero.
	Credits []Credit `json:"credits,omitempty"`

	// Charges and Verdicts are those of the bill.
	Charges  []Charge      `json:"charges,omitempty"`
	Verdicts []sla.Verdict `json:"verdicts,omitempty"`
}

// A Credit is what is owed under one agreement for one measured period.
//
// The amount is rounded once: the parts are added exactly, their sum is
// rounded to the minor unit, half away from zero, and no limit of the
// agreement is exceeded. It is tax-exclusive and never negative.
type Credit struct {
	Agreement string     `json:"agreement"`
	Note      string     `json:"note,omitempty"` // of the agreement
	Period    sla.Period `json:"period"`

	Parts        []Part `json:"parts,omitempty"` // one for each resource and commitment, in the order of the verdicts
	Sum          Exact  `json:"sum"`             // of what the parts owe
	Rounded      Money  `json:"rounded"`         // Sum, rounded
	Caps         []Cap  `json:"caps,omitempty"`  // limits on the credit as a whole
	Amount       Money  `json:"amount"`          // Rounded, or the lowest cap
	AmountAtMost Money  `json:"amountAtMost"`    // the amount if the resources had been down whenever nobody knows
}

// A Part is the share of a credit that one commitment gives for one resource.
type Part struct {
	Resource   string      `json:"resource"`
	Commitment string      `json:"commitment,omitempty"` // its name
	Clause     string      `json:"clause,omitempty"`     // JSON pointer to the row that gives; empty if none does
	Percent    sla.Percent `json:"percent"`
	Base       Money       `json:"base"`           // the charges for the resource
	Exact      Exact       `json:"exact"`          // Percent of Base
	Caps       []Cap       `json:"caps,omitempty"` // limits on the part
	Owed       Exact       `json:"owed"`           // Exact, or the lowest cap
	Amount     Money       `json:"amount"`         // of the credit's amount, by largest remainder over Owed
}

// A Cap is a limit in money: its share of the base, floored to the minor unit,
// since anything else could be rounded to more than the agreement allows.
type Cap struct {
	Limit  sla.Limit `json:"limit"`
	Base   Money     `json:"base"`
	Amount Money     `json:"amount"`
	Binds  bool      `json:"binds"` // without it more would be owed
}

// An Exact is an amount in major units before it is rounded.
type Exact struct{ amount decimal.Decimal }

// Decimal returns the amount.
func (e Exact) Decimal() decimal.Decimal { return e.amount }

// String returns the amount with no more digits than it needs.
func (e Exact) String() string { return numeral.Format(e.amount) }

// MarshalText returns the text of [Exact.String].
func (e Exact) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads what [Exact.String] writes.
func (e *Exact) UnmarshalText(text []byte) error {
	amount, err := numeral.Parse(string(text))
	if err != nil {
		return fmt.Errorf("credit: reading an exact amount: %w", err)
	}
	*e = Exact{amount}
	return nil
}

// NewStatement returns the statement on a bill, or every fault of the bill.
func NewStatement(b Bill) (Statement, error) {
	s, err := newStatement(b)
	if err != nil {
		return Statement{}, fmt.Errorf("credit: statement for %s: %w", numeral.Shorten(b.Customer), err)
	}
	return s, nil
}

func newStatement(b Bill) (Statement, error) {
	if err := b.validate(); err != nil {
		return Statement{}, err
	}
	currency := b.Charges[0].Amount.Currency()
	s := Statement{
		Customer: b.Customer, Period: b.Period, Charges: slices.Clone(b.Charges), Verdicts: slices.Clone(b.Verdicts),
		Total: Money{0, currency}, TotalAtMost: Money{0, currency}, Provisional: provisional(b),
	}
	for i := range s.Verdicts {
		s.Verdicts[i].Findings = slices.Clone(s.Verdicts[i].Findings)
	}
	bases, err := bases(b.Charges)
	if err != nil {
		return Statement{}, err
	}
	for _, verdicts := range byAgreement(b.Verdicts) {
		c, err := price(verdicts, bases, currency, func(f sla.Finding) sla.Entitlement { return f.Entitlement })
		if err != nil {
			return Statement{}, err
		}
		if c.AmountAtMost, err = c.atMost(verdicts, bases, currency); err != nil {
			return Statement{}, err
		}
		s.Credits = append(s.Credits, c)
		s.Total, err = s.Total.Add(c.Amount)
		if err == nil {
			s.TotalAtMost, err = s.TotalAtMost.Add(c.AmountAtMost)
		}
		if err != nil {
			return Statement{}, err
		}
	}
	if err := s.check(); err != nil {
		return Statement{}, fmt.Errorf("a defect of this package: %w", err)
	}
	return s, nil
}

// bases returns the sum of the charges for each resource.
func bases(charges []Charge) (map[string]Money, error) {
	sums := map[string]Money{}
	for _, c := range charges {
		sum, err := sums[c.Resource].Add(c.Amount)
		if err != nil {
			return nil, err
		}
		sums[c.Resource] = sum
	}
	return sums, nil
}

// byAgreement groups the verdicts by agreement and measured period, in the
// order in which each comes first.
func byAgreement(verdicts []sla.Verdict) [][]sla.Verdict {
	type key struct {
		agreement string
		period    sla.Period
	}
	var groups [][]sla.Verdict
	index := map[key]int{}
	for _, v := range verdicts {
		k := key{v.Agreement, v.Period}
		i, found := index[k]
		if !found {
			i = len(groups)
			index[k] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], v)
	}
	return groups
}

// price returns the credit for the verdicts of one agreement on one period,
// given what each finding entitles to.
func price(verdicts []sla.Verdict, bases map[string]Money, currency string, of func(sla.Finding) sla.Entitlement) (Credit, error) {
	first := verdicts[0]
	c := Credit{Agreement: first.Agreement, Note: first.Note, Period: first.Period}
	whole := Money{0, currency}
	for _, v := range verdicts {
		if !slices.EqualFunc(v.Limits, first.Limits, sameLimit) {
			return Credit{}, fmt.Errorf("verdict of %s on %s: its limits are not those of the verdict on %s",
				numeral.Shorten(v.Agreement), numeral.Shorten(v.Resource), numeral.Shorten(first.Resource))
		}
		base := bases[v.Resource]
		var err error
		if whole, err = whole.Add(base); err != nil {
			return Credit{}, err
		}
		for _, f := range v.Findings {
			e := of(f)
			p := Part{Resource: v.Resource, Commitment: f.Commitment, Clause: e.Clause, Percent: e.Percent, Base: base, Exact: share(base, e.Percent)}
			p.Owed = p.Exact
			if p.Caps, err = caps(f.Limits, base, &p.Owed); err != nil {
				return Credit{}, err
			}
			c.Sum.amount = c.Sum.amount.Add(p.Owed.amount)
			c.Parts = append(c.Parts, p)
		}
	}
	var err error
	if c.Rounded, err = rounded(c.Sum.amount, currency, HalfAwayFromZero); err != nil {
		return Credit{}, err
	}
	capped := Exact{c.Rounded.Amount()}
	if c.Caps, err = caps(first.Limits, whole, &capped); err != nil {
		return Credit{}, err
	}
	if c.Amount, err = exact(capped.amount, currency); err != nil {
		return Credit{}, err
	}
	owed := make([]*big.Rat, len(c.Parts))
	for i, p := range c.Parts {
		owed[i] = p.Owed.amount.Shift(int32(c.Amount.Digits())).Rat()
	}
	amounts, err := splitOwed(c.Amount, owed)
	for i, amount := range amounts {
		c.Parts[i].Amount = amount
	}
	return c, err
}

// atMost returns what the amount of c would be if the resources had been down
// whenever nobody knows.
func (c Credit) atMost(verdicts []sla.Verdict, bases map[string]Money, currency string) (Money, error) {
	differ := func(f sla.Finding) bool { return !f.Entitlement.Percent.Equal(f.EntitlementAtMost.Percent) }
	if !slices.ContainsFunc(verdicts, func(v sla.Verdict) bool { return slices.ContainsFunc(v.Findings, differ) }) {
		return c.Amount, nil
	}
	worst, err := price(verdicts, bases, currency, func(f sla.Finding) sla.Entitlement { return f.EntitlementAtMost })
	return worst.Amount, err
}

// share returns a percentage of a base, exactly.
func share(base Money, p sla.Percent) Exact {
	return Exact{base.Amount().Mul(p.Points()).Shift(-2)}
}

// caps returns the limits in money, lowers owed to the lowest of them, and
// marks the first that is the lowest if it binds.
func caps(limits []sla.Limit, base Money, owed *Exact) ([]Cap, error) {
	var caps []Cap
	lowest := -1
	for _, l := range limits {
		amount, err := rounded(share(base, l.Percent).amount, base.currency, TowardZero)
		if err != nil {
			return nil, err
		}
		caps = append(caps, Cap{Limit: l, Base: base, Amount: amount})
		if amount.Amount().LessThan(owed.amount) {
			owed.amount, lowest = amount.Amount(), len(caps)-1
		}
	}
	if lowest >= 0 {
		caps[lowest].Binds = true
	}
	return caps, nil
}

func sameLimit(a, b sla.Limit) bool { return a.Clause == b.Clause && a.Percent.Equal(b.Percent) }

// provisional says what may still change a statement on a bill.
func provisional(b Bill) []string {
	var reasons []string
	said := map[string]bool{}
	add := func(format string, args ...any) {
		if reason := fmt.Sprintf(format, args...); !said[reason] {
			said[reason] = true
			reasons = append(reasons, reason)
		}
	}
	for _, v := range b.Verdicts {
		for _, f := range v.Findings {
			m := f.Measurement
			if !m.AsOf.IsZero() && m.AsOf.Before(m.Period.Window().End()) {
				add("the period %v was not over at %s", m.Period, m.AsOf.Format(time.RFC3339Nano))
			}
			for _, run := range m.Outages {
				if run.Open {
					add("%s: an outage was under way at %s", v.Resource, m.AsOf.Format(time.RFC3339Nano))
				}
			}
			if !f.Settled() {
				add("%s: time of which nobody knows decides what is owed under %s", v.Resource, v.Agreement)
			}
		}
	}
	return reasons
}

// check reports amounts that do not add up, that exceed a cap, or that do not
// follow from the charges and verdicts beside them.
func (s Statement) check() error {
	total, atMost := Money{0, s.Total.currency}, Money{0, s.Total.currency}
	groups := byAgreement(s.Verdicts)
	if len(groups) != len(s.Credits) {
		return errors.New("the credits are not those of the verdicts")
	}
	for i, c := range s.Credits {
		findings := 0
		for _, v := range groups[i] {
			findings += len(v.Findings)
		}
		if c.Agreement != groups[i][0].Agreement || c.Period != groups[i][0].Period || len(c.Parts) != findings {
			return fmt.Errorf("credits[%d]: not that of the verdicts", i)
		}
		sum, parts := decimal.Decimal{}, Money{0, s.Total.currency}
		var err error
		for _, p := range c.Parts {
			sum = sum.Add(p.Owed.amount)
			for _, cap := range p.Caps {
				if p.Owed.amount.GreaterThan(cap.Amount.Amount()) || p.Amount.minor > cap.Amount.minor {
					err = errors.Join(err, fmt.Errorf("credits[%d]: a part of more than its cap", i))
				}
			}
			var added error
			parts, added = parts.Add(p.Amount)
			err = errors.Join(err, added)
		}
		lowest := c.Rounded
		for _, cap := range c.Caps {
			lowest.minor = min(lowest.minor, cap.Amount.minor)
		}
		if c.Amount != lowest {
			err = errors.Join(err, fmt.Errorf("credits[%d]: not the rounded sum, nor its lowest cap", i))
		}
		if !sum.Equal(c.Sum.amount) || parts != c.Amount {
			err = errors.Join(err, fmt.Errorf("credits[%d]: the parts do not sum to the credit", i))
		}
		var added, addedAtMost error
		total, added = total.Add(c.Amount)
		atMost, addedAtMost = atMost.Add(c.AmountAtMost)
		if err = errors.Join(err, added, addedAtMost); err != nil {
			return err
		}
	}
	if total != s.Total || atMost != s.TotalAtMost {
		return errors.New("the credits do not sum to the total")
	}
	bases, err := bases(s.Charges)
	if err != nil {
		return err
	}
	for i, c := range s.Credits {
		if err := c.founded(groups[i], bases, s.Total.currency); err != nil {
			return fmt.Errorf("credits[%d]: %w", i, err)
		}
	}
	return nil
}

// founded reports a figure that does not follow from the charges, the
// percentages and the limits beside it. It does not judge again.
func (c Credit) founded(verdicts []sla.Verdict, bases map[string]Money, currency string) error {
	whole := Money{0, currency}
	parts := c.Parts
	for _, v := range verdicts {
		base := bases[v.Resource]
		var err error
		if whole, err = whole.Add(base); err != nil {
			return err
		}
		for _, f := range v.Findings {
			p, owed := parts[0], share(base, f.Entitlement.Percent)
			parts = parts[1:]
			if p.Resource != v.Resource || p.Commitment != f.Commitment || p.Clause != f.Entitlement.Clause || !p.Percent.Equal(f.Entitlement.Percent) {
				return errors.New("a part that is not that of its verdict")
			}
			if p.Base != base || !p.Exact.amount.Equal(owed.amount) {
				return errors.New("a part that is not its percentage of the charges")
			}
			want, err := caps(f.Limits, base, &owed)
			if err != nil || !slices.EqualFunc(p.Caps, want, sameCap) || !p.Owed.amount.Equal(owed.amount) {
				return errors.New("a part that is not the lowest of its percentage and its caps")
			}
			most, err := rounded(owed.amount, currency, AwayFromZero)
			if err != nil || p.Amount.Sign() < 0 || p.Amount.minor > most.minor {
				return errors.New("a part of less than nothing, or of more than it is owed, rounded up")
			}
		}
	}
	once, err := rounded(c.Sum.amount, currency, HalfAwayFromZero)
	if err != nil || c.Rounded != once {
		return errors.New("the sum is not rounded half away from zero")
	}
	want, err := caps(verdicts[0].Limits, whole, &Exact{c.Rounded.Amount()})
	if err != nil || !slices.EqualFunc(c.Caps, want, sameCap) {
		return errors.New("the caps are not the agreed shares of the charges")
	}
	if most, err := c.atMost(verdicts, bases, currency); err != nil || c.AmountAtMost != most {
		return errors.New("amountAtMost is not what all unknown time would give")
	}
	return nil
}

func sameCap(a, b Cap) bool {
	return sameLimit(a.Limit, b.Limit) && a.Base == b.Base && a.Amount == b.Amount && a.Binds == b.Binds
}

// StatementFormat is the format version of a statement's JSON.
const StatementFormat = "slacredit/statement/1"

type statement Statement // without methods

type statementDocument struct {
	Format  string `json:"format"`
	Account []Step `json:"account,omitempty"`
	statement
}

// MarshalJSON writes s with its format version and its account.
func (s Statement) MarshalJSON() ([]byte, error) {
	return json.Marshal(statementDocument{StatementFormat, s.Account(), statement(s)})
}

// UnmarshalJSON reads what [Statement.MarshalJSON] writes. Amounts that do not
// follow from the charges, percentages and limits beside them are an error.
// What the verdicts decided is read as it stands, and the account is left
// aside, since it follows from the rest.
func (s *Statement) UnmarshalJSON(data []byte) error {
	var doc statementDocument
	err := strictjson.UnmarshalDocument(data, &doc, &doc.Format, StatementFormat)
	if err == nil {
		err = Statement(doc.statement).check()
	}
	if err != nil {
		return fmt.Errorf("credit: reading a statement: %w", err)
	}
	*s = Statement(doc.statement)
	return nil
}
