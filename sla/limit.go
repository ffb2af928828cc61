package sla

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/term"
)

// A Limit is a cap on a credit, with the clause that states it: a share of the
// fee, the price of some service time, or a sum.
type Limit struct {
	Remedy

	PerOutage bool `json:"perOutage,omitempty"`
	Months    int  `json:"months,omitempty"`

	Clause string `json:"clause"` // JSON pointer to the clause
}

// Equal reports whether l and m are the same limit of the same clause. Use it
// instead of ==.
func (l Limit) Equal(m Limit) bool {
	return l.Clause == m.Clause && l.PerOutage == m.PerOutage && l.Months == m.Months &&
		l.Remedy.Equal(m.Remedy)
}

// String returns the limit in words.
func (l Limit) String() string {
	text := "at most "
	switch {
	case !l.Service.IsZero():
		text += "the price of " + l.Service.String() + " of service"
	case !l.Sum.IsZero():
		text += l.Sum.String()
	default:
		text += l.Percent.String() + " of the fee"
	}
	switch {
	case l.PerOutage:
		text += " for each outage"
	case l.Months == 1:
		text += " in a calendar month"
	case l.Months > 1:
		text += fmt.Sprintf(" in %d calendar months", l.Months)
	}
	return text
}

// A Cap is the most that may be given: "100%" of the fee, the price of "4d" of
// service, "100USD". It applies to a billing period; to an outage, as in "100%
// per outage"; or to the calendar months that end with the billing period, as in
// "100% per 12mo".
type Cap string

// A limit is a parsed cap.
type limit struct {
	most      amount
	months    int
	perOutage bool
}

// limit reads b.
func (b Cap) limit() (limit, error) {
	quantity, over, found := strings.Cut(string(b), " per ")
	most, err := Quantity(quantity).read(ofBudget)
	l := limit{most: most}
	switch {
	case err != nil || !found:
	case over == "outage":
		l.perOutage = true
	default:
		window, notMonths := term.Parse(over, "mo")
		l.months = window.N
		if notMonths != nil || l.months < 1 || l.months > maxLookBack {
			return limit{}, fmt.Errorf(`%s holds per billing period as it stands, or "per outage", or per calendar months as in "per 12mo", up to %d`, numeral.Shorten(string(b)), maxLookBack)
		}
	}
	return l, err
}

// maxLookBack bounds the number of months that a limit covers.
const maxLookBack = 1200

// Limits are the compiled limits of a commitment.
type limits struct{ caps []Limit }

func (l limits) english() []string {
	if len(l.caps) == 0 {
		return nil
	}
	texts := make([]string, len(l.caps))
	for i, limit := range l.caps {
		texts[i] = limit.String()
	}
	return []string{"The credit is " + both(texts) + "."}
}

func (limits) words(addWord) {}

func (limits) direct() bool { return true }

// caps reads limits. A limit for each outage needs outages that are measured on
// their own.
func (c *compiler) caps(at path, source []Cap, perOutage bool) []Limit {
	var limits []Limit
	for i, b := range source {
		at := at.key("atMost").index(i)
		l, err := b.limit()
		if err == nil && l.perOutage && !perOutage {
			err = fmt.Errorf("%s: nothing here is measured per outage", numeral.Shorten(string(b)))
		}
		c.fault(at, err)
		capped := Limit{PerOutage: l.perOutage, Months: l.months, Clause: at.pointer}
		switch l.most.unit {
		case length:
			capped.Service = ServiceTime{exact.Int(l.most.value)}
		case money:
			capped.Sum = sumOf(l.most)
		default:
			capped.Percent = l.most.percent()
		}
		limits = append(limits, capped)
	}
	return limits
}

// above reads the sum that a credit must exceed to be issued.
func (c *compiler) above(at path, q Quantity) Sum {
	if q == "" {
		return Sum{}
	}
	a, err := q.read(ofSum)
	if err == nil && a.value == 0 {
		err = errors.New("says nothing; a credit of nothing is never issued")
	}
	c.fault(at, err)
	return sumOf(a)
}

// issued states the limits on all credits together, and which credits are issued.
func (t *Terms) issued() []string {
	var s sentences
	for _, limit := range t.caps {
		s.say("All credits together are %v.", limit)
	}
	if !t.above.IsZero() {
		what := "Credits"
		if slices.ContainsFunc(t.commitments, func(c commitment) bool { return bool(c.unasked) }) {
			what = "Credits that must be claimed"
		}
		s.say("%s are issued only if they add up to more than %v.", what, t.above)
	}
	return s
}
