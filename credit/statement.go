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

// A Statement contains the credits of one customer for one billing period, with
// the charges and verdicts from which they follow. It contains the credits
// whose measured periods ended in the billing period. [Statement.Account]
// explains it step by step.
//
// A statement names records by their IDs, and clauses by JSON pointers into the
// agreement, so keep both documents beside it.
//
// A statement is priced once, by [NewStatement] or [Statement.UnmarshalJSON],
// and all its documents use these figures. The findings of its parts share
// memory with its verdicts.
type Statement struct {
	Customer string          `json:"customer"`
	Contract string          `json:"contract,omitempty"` // of the bill
	Period   calendar.Period `json:"period"`

	// Total is the sum of the credits. TotalAtMost is the sum that would be
	// owed if every resource had been down in all unobserved time.
	Total       Money `json:"total"`
	TotalAtMost Money `json:"totalAtMost"`

	// Provisional lists why the statement may still change: an outage is under
	// way, a period is not over, or unobserved time matters. It is empty if the
	// statement is final on its records.
	Provisional []string `json:"provisional,omitempty"`

	// Credits contains one credit for each agreement that was judged, even if
	// it is zero, in the order of the verdicts.
	Credits []Credit `json:"credits,omitempty"`

	// The other fields are those of the bill.
	Charges   []Charge          `json:"charges,omitempty"`
	Verdicts  []sla.Verdict     `json:"verdicts,omitempty"`
	Prior     []Prior           `json:"prior,omitzero"` // an empty list is written, nil is not
	Claims    []Claim           `json:"claims,omitempty"`
	Revisions []outage.Revision `json:"revisions,omitempty"`
}

// NewStatement returns the statement on a bill. If the bill has faults, the
// error lists them, up to a hundred. The statement shares no memory with the
// bill.
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

// commonPeriod returns the period that all verdicts share, or the empty period
// if there are no verdicts or they differ.
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

// statementOf returns the statement on a bill, and keeps the memory of the
// bill.
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

// WithoutBreach reports whether a part of a credit has an amount although its
// finding broke no promise ([sla.Finding.WithoutBreach]).
func (s Statement) WithoutBreach() bool { return slices.ContainsFunc(s.Credits, Credit.WithoutBreach) }

// byAgreement groups verdicts by agreement and measured period, in the order of
// the first verdict of each group.
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

// provisional returns the reasons why a statement on a bill may still change.
func provisional(b Bill) []string {
	var reasons []string
	listed := map[string]bool{}
	add := func(format string, args ...any) {
		if reason := fmt.Sprintf(format, args...); !listed[reason] {
			listed[reason] = true
			reasons = append(reasons, reason)
		}
	}
	over := func(v sla.Verdict, asOf time.Time) { // the rest of it may be measured too
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

// priced returns s priced anew from its charges, verdicts and prior credits,
// and an error if any figure of s differs. It does not judge again: the
// contents of the verdicts and the reasons in Provisional are taken as they
// are.
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

// bill returns the bill of s.
func (s Statement) bill() Bill {
	return Bill{s.Customer, s.Contract, s.Period, s.Charges, s.Verdicts, s.Prior, s.Claims, s.Revisions}
}

// figures returns a JSON document of the fields that follow from the bill.
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
				return fmt.Errorf("%s: %d elements, but the charges and verdicts give %d", at, len(got), len(want))
			}
			if err := difference(fmt.Sprintf("%s[%d]", at, i), got[i], want[i]); err != nil {
				return err
			}
		}
		return nil
	}
	if got != want { // want is comparable, and so is got if it has the same type
		shown := func(v any) string { return numeral.Plain(fmt.Sprint(v)) }
		return fmt.Errorf("%s: %s, but the charges and verdicts give %s", at, shown(got), shown(want))
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

// UnmarshalJSON reads the output of [Statement.MarshalJSON]. It is an error if
// an amount does not follow from the charges, the verdicts and the prior
// credits. The contents of the verdicts are taken as they are. The account is
// ignored, since it follows from the rest.
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
