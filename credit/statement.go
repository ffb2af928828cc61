package credit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/strictjson"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A Statement is what one customer is told for a billing period: the credits
// whose measured periods ended in it, with the charges and verdicts from which
// they follow. Records are named by their IDs, and clauses by JSON pointers
// into the agreement; keep both documents beside it.
// [Statement.Account] explains it step by step.
//
// It is priced once, by [NewStatement] or when it is read, and all that it
// writes comes from its figures. The findings of its parts are those of its
// verdicts and share their memory.
type Statement struct {
	Customer string          `json:"customer"`
	Contract string          `json:"contract,omitempty"` // of the bill
	Period   calendar.Period `json:"period"`

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

	// The rest is that of the bill.
	Charges   []Charge          `json:"charges,omitempty"`
	Verdicts  []sla.Verdict     `json:"verdicts,omitempty"`
	Prior     []Prior           `json:"prior,omitzero"` // written also where it is empty and not nil
	Claims    []Claim           `json:"claims,omitempty"`
	Revisions []outage.Revision `json:"revisions,omitempty"`
}

// NewStatement returns the statement on a bill, or every fault of the bill, up to a
// hundred.
func NewStatement(b Bill) (Statement, error) {
	if b.Period == (calendar.Period{}) {
		b.Period = commonPeriod(b.Verdicts)
	}
	s, err := newStatement(b)
	if err != nil {
		return Statement{}, fmt.Errorf("credit: statement for %s: %w", numeral.Shorten(b.Customer), err)
	}
	return s, nil
}

// commonPeriod returns the period of some verdicts, and the empty one if there
// is none or they differ.
func commonPeriod(verdicts []sla.Verdict) calendar.Period {
	var p calendar.Period
	for i, v := range verdicts {
		if i > 0 && v.Period != p {
			return calendar.Period{}
		}
		p = v.Period
	}
	return p
}

func newStatement(b Bill) (Statement, error) {
	b = b.clone()
	return statementOf(b)
}

// statementOf returns the statement on a bill, which it keeps.
func statementOf(b Bill) (Statement, error) {
	book := newBook(b)
	if err := b.validate(book); err != nil {
		return Statement{}, err
	}
	s := Statement{
		Customer: b.Customer, Contract: b.Contract, Period: b.Period,
		Charges: b.Charges, Verdicts: b.Verdicts, Prior: b.Prior, Claims: b.Claims, Revisions: b.Revisions,
		Total: Money{0, book.currency}, TotalAtMost: Money{0, book.currency}, Provisional: provisional(b),
	}
	for _, verdicts := range byAgreement(b.Verdicts) {
		c, err := book.price(verdicts)
		if err == nil {
			s.Total, err = s.Total.Add(c.Amount)
		}
		if err == nil {
			s.TotalAtMost, err = s.TotalAtMost.Add(c.AmountAtMost)
		}
		if err != nil {
			return Statement{}, err
		}
		for _, claim := range b.Claims {
			if claim.Agreement == c.Agreement {
				c.claims = append(c.claims, claim)
			}
		}
		s.Credits = append(s.Credits, c)
		if err := c.check(); err != nil {
			return Statement{}, fmt.Errorf("a defect of this package: %w", err)
		}
	}
	return s, nil
}

// WithoutBreach reports whether a part of a credit is given for a finding that
// broke no promise ([sla.Finding.WithoutBreach]).
func (s Statement) WithoutBreach() bool { return slices.ContainsFunc(s.Credits, Credit.WithoutBreach) }

// byAgreement groups the verdicts by agreement and measured period, in the
// order in which each comes first.
func byAgreement(verdicts []sla.Verdict) [][]sla.Verdict {
	type key struct {
		agreement string
		period    calendar.Period
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
	over := func(v sla.Verdict, asOf time.Time) { // what is to come in it may be measured too
		if !asOf.IsZero() && asOf.Before(v.Period.Window().End()) {
			add("the period %v was not over at %s", v.Period, asOf.Format(time.RFC3339Nano))
		}
	}
	for _, v := range b.Verdicts {
		for _, q := range v.Quiet {
			over(v, q.AsOf)
		}
		for _, f := range v.Findings {
			m := f.Measurement
			if !m.AsOf.IsZero() && m.AsOf.Before(m.Period.Window().End()) {
				add("the period %v was not over at %s", m.Period, m.AsOf.Format(time.RFC3339Nano))
			} else {
				over(v, m.AsOf)
			}
			if m.Open {
				add("%s: an outage was under way at %s", v.Resource, m.AsOf.Format(time.RFC3339Nano))
			}
			if !f.Decided() {
				add("%s: unknown time decides the credit under %s", v.Resource, v.Agreement)
			}
		}
	}
	return reasons
}

// priced returns s as its charges, verdicts and prior credits price it, and an
// error if a figure of s is another. It does not judge again: what the verdicts
// decided, and the words of what is provisional, are read as they stand.
func (s Statement) priced() (Statement, error) {
	priced, err := statementOf(s.bill())
	if err != nil {
		return Statement{}, err
	}
	given, err := s.figures()
	if err != nil {
		return Statement{}, err
	}
	proved, err := priced.figures()
	if err != nil {
		return Statement{}, err
	}
	priced.Provisional = s.Provisional
	return priced, difference("", given, proved)
}

// bill returns the bill that s is on.
func (s Statement) bill() Bill {
	return Bill{s.Customer, s.Contract, s.Period, s.Charges, s.Verdicts, s.Prior, s.Claims, s.Revisions}
}

// figures returns as a document what follows from the bill.
func (s Statement) figures() (document any, err error) {
	s.Charges, s.Verdicts, s.Prior, s.Claims, s.Revisions, s.Provisional = nil, nil, nil, nil, nil, nil
	data, err := json.Marshal(statement(s))
	if err != nil {
		return nil, err
	}
	numbers := json.NewDecoder(bytes.NewReader(data))
	numbers.UseNumber()
	err = numbers.Decode(&document)
	return document, err
}

// difference reports the first difference between two documents, by its path.
func difference(at string, got, want any) error {
	switch want := want.(type) {
	case map[string]any:
		got, _ := got.(map[string]any)
		both := maps.Clone(want)
		maps.Copy(both, got)
		for _, key := range slices.Sorted(maps.Keys(both)) {
			if err := difference(strings.TrimPrefix(at+"."+key, "."), got[key], want[key]); err != nil {
				return err
			}
		}
		return nil
	case []any:
		got, _ := got.([]any)
		for i := range max(len(got), len(want)) {
			if i >= len(got) || i >= len(want) {
				return fmt.Errorf("%s: there are %d, and the charges and verdicts give %d", at, len(got), len(want))
			}
			if err := difference(fmt.Sprintf("%s[%d]", at, i), got[i], want[i]); err != nil {
				return err
			}
		}
		return nil
	}
	if got != want { // want can be compared, and so got where it is of the same type
		shown := func(v any) string { return numeral.Plain(fmt.Sprint(v)) }
		return fmt.Errorf("%s: %s is not what the charges and verdicts give, %s", at, shown(got), shown(want))
	}
	return nil
}

// StatementFormat is the format version of a statement's JSON.
const StatementFormat = "slacredit/statement/1"

type statement Statement // without methods

type statementDocument struct {
	Format        string  `json:"format"`
	WithoutBreach bool    `json:"withoutBreach,omitempty"`
	Account       []Entry `json:"account,omitempty"`
	statement
}

// MarshalJSON writes s with its format version and its account.
func (s Statement) MarshalJSON() ([]byte, error) {
	return json.Marshal(statementDocument{StatementFormat, s.WithoutBreach(), s.Account(), statement(s)})
}

// UnmarshalJSON reads what [Statement.MarshalJSON] writes. Amounts that do not
// follow from the charges, the verdicts and the prior credits are an error.
// What the verdicts decided is read as it stands, and the account is left
// aside, since it follows from the rest.
func (s *Statement) UnmarshalJSON(data []byte) error {
	var doc statementDocument
	err := strictjson.UnmarshalDocument(data, &doc, &doc.Format, StatementFormat)
	var read Statement
	if err == nil {
		read, err = Statement(doc.statement).priced()
	}
	if err == nil && doc.WithoutBreach != read.WithoutBreach() {
		err = fmt.Errorf("withoutBreach: %t, but the findings say %t", doc.WithoutBreach, read.WithoutBreach())
	}
	if err != nil {
		return fmt.Errorf("credit: reading a statement: %w", err)
	}
	*s = read
	return nil
}
