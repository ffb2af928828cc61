package sla

import (
	"errors"
	"slices"

	"github.com/slacredit/slacredit/internal/label"
)

// A Base says what the fee is.
type Base struct {
	// Of says in words for people what the fee is of, where that is more than
	// the measured resource: "region". The bill then charges it to that
	// resource.
	Of string `json:"of,omitempty"`

	// Only are the kinds of charges that count, and Without those that do not,
	// as in "one-time"; at most one of the two is given. Zero: all count.
	Only    []string `json:"only,omitempty"`
	Without []string `json:"without,omitempty"`

	// Length is the time for which the fee pays where service time is priced:
	// "30d". Zero: the length of the measured period.
	Length Quantity `json:"length,omitempty"`
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
