package sla

import (
	"slices"
	"time"
)

// A Commitment is one promise with everything that belongs to it.
type Commitment struct {
	// Name distinguishes the commitments of one agreement.
	Name string `json:"name,omitempty"`

	// Scope states which resources are measured, and how they combine. Zero: every
	// resource on its own.
	Scope Scope `json:"scope,omitzero"`

	// Downtime states which moments count as down. Zero: every moment with a loss.
	Downtime Downtime `json:"downtime,omitzero"`

	// Exclusions state which downtime is excused.
	Exclusions []Exclusion `json:"exclusions,omitempty"`

	// Calculation states how downtime becomes an availability. Zero: over the
	// billing period, for as long as the resource lived.
	Calculation Calculation `json:"calculation,omitzero"`

	// Promise is the promise for a measured period: an availability, "at least
	// 99.95%" or "exactly 100%"; the longest downtime, "at most 1h"; or the
	// largest number of outages that ended in the period, "at most 1 outage". A
	// number alone is an error: 45 may be outages, minutes or a percentage.
	Promise Range `json:"promise"`

	// Base states which charges make up the fee. Credits are shares of it. Zero:
	// all charges for the measured resource.
	Base Base `json:"base,omitzero"`

	// Credits are the rows of the table, from mild to severe. The last row that
	// holds gives. Without rows there is a promise and no credit.
	Credits []Tier `json:"credits,omitempty"`

	// Gap states which neighbouring row takes the values that lie in no row or in
	// two. Zero: a table with such values is an error.
	Gap Gap `json:"gap,omitempty"`

	// AtMost limits the credit of this commitment for one resource: "100%" of the
	// fee. Every limit applies. If each of several outages or days has a fee of
	// its own, the limit on each is a share of that fee, less the credits for the
	// outages or days before it.
	AtMost []Cap `json:"atMost,omitempty"`

	// OneOf names groups of commitments. Only one commitment of a group gives:
	// the one with the largest credit for the resource in the billing period, or
	// the first of equals. Commitments without a common group add up.
	//
	// The credit for resources that are measured as one is spread over them in
	// proportion to their charges. Each resource then takes the larger of its
	// share and what the other commitments of the group give for it.
	//
	// Some resource must be able to fall under two commitments of a group. The
	// comparison is within one bill: a quarter is not compared with the bills
	// before the one in which it ends. Where the agreement has Above, either all
	// commitments of a group are automatic or none is.
	OneOf []string `json:"oneOf,omitempty"`

	// Automatic means that the credit is owed without a claim, whatever the claims
	// of the agreement state, and however small it is.
	Automatic bool `json:"automatic,omitempty"`

	// Termination lists rights to terminate the contract, each on its own.
	Termination []Termination `json:"termination,omitempty"`
}

func (c Commitment) clone() Commitment {
	c.Scope, c.Downtime = c.Scope.clone(), c.Downtime.clone()
	c.Exclusions = slices.Clone(c.Exclusions)
	for i, e := range c.Exclusions {
		c.Exclusions[i] = e.clone()
	}
	c.Calculation, c.Base = c.Calculation.clone(), c.Base.clone()
	c.Credits, c.AtMost = slices.Clone(c.Credits), slices.Clone(c.AtMost)
	c.OneOf, c.Termination = slices.Clone(c.OneOf), slices.Clone(c.Termination)
	return c
}

// A commitment is a compiled [Commitment].
type commitment struct {
	name   string
	clause string // JSON pointer to it
	source Commitment
	zones  func(string) (*time.Location, error)

	scope
	downtime
	exclusions []exclusion
	calculation
	table
	base
	limits
	rivalry
	unasked
	terminations []termination
}

// A clause is a compiled part of a commitment. Its file owns all that it says
// for itself.
type clause interface {
	english() []string // its sentences, none where it is the plain default
	words(add addWord) // adds the words that it needs from elsewhere
	direct() bool      // each moment is decided by itself, as far as it is for the clause to say
}

// clauses returns the clauses of c, in the order of their sentences.
func (c *commitment) clauses() []clause {
	all := []clause{c.scope, c.downtime}
	for _, e := range c.exclusions {
		all = append(all, e)
	}
	all = append(all, c.calculation, c.table, c.base, c.limits, c.rivalry, c.unasked)
	for _, e := range c.terminations {
		all = append(all, e)
	}
	return all
}

// commitment reads a commitment.
func (c *compiler) commitment(at path, source Commitment) commitment {
	t := commitment{name: source.Name, clause: at.pointer, source: source, zones: c.zones}
	c.label(at.key("name"), source.Name)
	t.scope = c.scope(at.key("scope"), source)
	t.downtime = c.downtime(at.key("downtime"), source.Downtime)
	t.calculation = c.calculation(at.key("calculation"), source.Calculation, &t)
	t.exclusions = c.exclusions(at, &t)
	t.table = c.table(at, source, t.rounding)
	t.limits = limits{c.caps(at, source.AtMost, t.measuring.outage)}
	by := c.priced(at.key("credits"), &t)
	t.base = c.base(at.key("base"), source.Base, by, &t)
	t.rivalry = rivalry{source.OneOf, len(t.levels) > 0}
	t.unasked = unasked(source.Automatic)
	t.terminations = c.terminations(at, source.Termination)
	return t
}

// english returns what c says in sentences.
func (c *commitment) english() []string {
	var s sentences
	if c.name != "" {
		s.say("[%s]", c.name)
	}
	for _, clause := range c.clauses() {
		s = append(s, clause.english()...)
	}
	return s
}

// direct reports whether c decides on each moment by itself.
func (c *commitment) direct() bool {
	for _, clause := range c.clauses() {
		if !clause.direct() {
			return false
		}
	}
	return true
}
