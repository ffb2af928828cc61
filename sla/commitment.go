package sla

import (
	"slices"
	"time"
)

// A Commitment is one promise with all that belongs to it.
type Commitment struct {
	// Name tells the commitments of one agreement apart.
	Name string `json:"name,omitempty"`

	// Scope says which resources are measured, and how they combine. Zero:
	// every resource on its own.
	Scope Scope `json:"scope,omitzero"`

	// Downtime says which moments count. Zero: all at which anything is lost.
	Downtime Downtime `json:"downtime,omitzero"`

	// Exclusions say which of them are forgiven.
	Exclusions []Exclusion `json:"exclusions,omitempty"`

	// Calculation says how the downtime becomes an availability. Zero: over
	// the billing period as it was, for as long as the resource lived.
	Calculation Calculation `json:"calculation,omitzero"`

	// Promise is what is promised for a measured period: an availability, "at
	// least 99.95%" or "exactly 100%"; the longest downtime, "at most 1h"; or
	// the largest number of outages, "at most 1 outage", of those that ended in
	// it. A number alone is an error: 45 may be outages, minutes or a percentage.
	Promise Range `json:"promise"`

	// Base says what the fee is of which credits are shares. Zero: all charges
	// for the measured resource.
	Base Base `json:"base,omitzero"`

	// Credits are the rows of the table, from mild to severe. The last row
	// that holds gives; without rows there is a promise and no remedy.
	Credits []Tier `json:"credits,omitempty"`

	// Gap says which neighbour takes the values that no row holds, or two do.
	// Zero: such a table is an error.
	Gap Gap `json:"gap,omitempty"`

	// AtMost limits what this commitment gives for one resource: "100%" of the
	// fee. All limits hold. Where each of several outages or days has a fee of its
	// own, the limit at each is a share of that, less what was given for those
	// before it.
	AtMost []Budget `json:"atMost,omitempty"`

	// OneOf names groups of commitments of which only one gives, the one that
	// gives most for the resource in the billing period, and of equals the
	// first. What is given for resources that are measured as one is spread over
	// them by their charges, so that each of them takes the better of its share
	// and of what others of the group give for it. Commitments that share no
	// group add up. Some resource must be able to fall under two of a group. Only
	// what is in one bill is compared: a quarter has no rival in the bills before
	// that in which it ends. Where the agreement has Above, a group is automatic as
	// a whole or has to be claimed as a whole.
	OneOf []string `json:"oneOf,omitempty"`

	// Automatic says that what this commitment gives is owed unasked, whatever
	// the claims of the agreement say of the others, and however little it is.
	Automatic bool `json:"automatic,omitempty"`

	// Termination gives rights to terminate the contract, each on its own.
	Termination []Exit `json:"termination,omitempty"`
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
	exits []exit
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
	for _, e := range c.exits {
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
	t.exits = c.exits(at, source.Termination)
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
