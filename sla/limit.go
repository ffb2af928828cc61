package sla

import (
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/slacredit/slacredit/internal/label"
	"github.com/slacredit/slacredit/internal/numeral"
)

// A Limit is a cap on what is given, and the clause that states it: a share of
// the fee, or the price of some time of service, or a sum.
type Limit struct {
	Percent Percent     `json:"percent"` // of the fee
	Service ServiceTime `json:"service,omitzero"`
	Sum     Sum         `json:"sum,omitzero"`

	// PerOutage says that the limit holds for each outage, and Months that it
	// holds for so many calendar months, which end with the billing period.
	// Without either it holds for the billing period.
	PerOutage bool `json:"perOutage,omitempty"`
	Months    int  `json:"months,omitempty"`

	Clause string `json:"clause"` // JSON pointer to the clause
}

// Equal reports whether l and m are the same limit of the same clause; == does
// not.
func (l Limit) Equal(m Limit) bool {
	return l.Clause == m.Clause && l.PerOutage == m.PerOutage && l.Months == m.Months &&
		l.Percent.Equal(m.Percent) && l.Service.Equal(m.Service) && l.Sum.Equal(m.Sum)
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

// caps reads limits. Those of an outage need findings on one outage each.
func (c *compiler) caps(at path, budgets []Budget, perOutage bool) []Limit {
	var limits []Limit
	for i, b := range budgets {
		at := at.key("atMost").index(i)
		l, err := b.limit()
		if err == nil && l.perOutage && !perOutage {
			err = fmt.Errorf("%s: nothing here is measured per outage", numeral.Shorten(string(b)))
		}
		c.fault(at, err)
		capped := Limit{PerOutage: l.perOutage, Months: l.months, Clause: at.pointer}
		switch l.most.unit {
		case length:
			capped.Service = serviceTime(new(big.Rat).SetInt64(l.most.value))
		case money:
			capped.Sum = sumOf(l.most)
		default:
			capped.Percent = l.most.percent()
		}
		limits = append(limits, capped)
	}
	return limits
}

// above reads the sum above which a credit is issued.
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

// groups reports groups of commitments that name the same one twice, or only
// one.
func (c *compiler) groups(commitments []Commitment) {
	members := map[string]int{}
	for _, commitment := range commitments {
		for i, group := range commitment.OneOf {
			if !slices.Contains(commitment.OneOf[:i], group) {
				members[group]++
			}
		}
	}
	for i, commitment := range commitments {
		for j, group := range commitment.OneOf {
			at := path{}.key("commitments").index(i).key("oneOf").index(j)
			switch problem := label.Problem(group); {
			case group == "":
				c.fault(at, errors.New("empty"))
			case problem != "":
				c.fault(at, errors.New(problem))
			case slices.Contains(commitment.OneOf[:j], group):
				c.fault(at, fmt.Errorf("%s comes twice", numeral.Shorten(group)))
			case members[group] == 1:
				c.fault(at, fmt.Errorf("%s is a group of this commitment alone", numeral.Shorten(group)))
			}
		}
	}
}

// base reads what the fee is. A length needs something that is priced by time.
func (c *compiler) base(at path, b Base, byTime bool) {
	if problem := label.Problem(b.Of); problem != "" {
		c.fault(at.key("of"), errors.New(problem))
	}
	if len(b.Only) > 0 && len(b.Without) > 0 {
		c.fault(at.key("without"), errors.New("only says which charges count already"))
	}
	c.words(at.key("only"), b.Only)
	c.words(at.key("without"), b.Without)
	if b.Length == "" {
		return
	}
	a, err := b.Length.amount(length)
	switch {
	case err != nil:
	case a.value == 0:
		err = errors.New("no time at all")
	case !byTime:
		err = errors.New("says nothing; no time of service is priced here")
	}
	c.fault(at.key("length"), err)
}

func (b Base) clone() Base {
	b.Only, b.Without = slices.Clone(b.Only), slices.Clone(b.Without)
	return b
}
