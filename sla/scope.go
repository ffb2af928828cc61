package sla

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/slacredit/slacredit/outage"
)

// A Scope says which resources a commitment covers, and how they combine.
type Scope struct {
	// Only are the labels that a resource must have, each with the values that
	// it may have. Other resources are not covered. Zero: all are.
	Only map[string][]string `json:"only,omitempty"`

	// Levels combine resources into groups, the first level the resources
	// themselves, each further one the groups of the level before it. What the
	// last level makes is measured, under the value of its label as its name.
	// Zero: every resource is measured on its own.
	Levels []Level `json:"levels,omitempty"`
}

// A Level makes one thing of all members that have the same value of a label.
// What such a group loses at a moment is what so many of its members lose at
// least.
type Level struct {
	// By is the label. Groups are told apart by it and by the labels of the
	// levels that follow: zone 1 of one region is not that of another.
	By string `json:"by"`

	// Down is how many of the members that are to be served must lose
	// something, as a number or as a share of them: "exactly 100%", "over 1",
	// "at least 2", "over 50%". Zero: one.
	Down Range `json:"down,omitempty"`

	// Min is the least number of members that must be to be served. Where
	// fewer are, nothing is due. Zero: one.
	Min int `json:"min,omitempty"`

	// ExcusedDown counts a member as down while it is set aside, and by an outage
	// that is forgiven, where not so many members are that these alone make the
	// group lose: for an agreement in which planned work on one member does not
	// excuse the failure of another. Zero: what the group loses only through
	// such members is forgiven.
	ExcusedDown bool `json:"excusedDown,omitempty"`

	// Pooled adds up what is due and down over the members instead of
	// combining their losses: a mean that is weighted by their lives. Only the
	// last level can pool, and then it has no other terms. Time of service for the
	// downtime, "1x" or "1h" per "full 1h", cannot be given then, since the fee is
	// that of all members and the downtime that of each.
	Pooled bool `json:"pooled,omitempty"`
}

// A level is a compiled Level.
type level struct {
	source Level
	by     string
	least  int
	share  bool     // down is a share of the live members
	down   interval // of the number, or of the share in percent
	pooled bool
}

// needed returns how many members must lose something so that a group of so
// many live ones does, and 0 if no number does.
func (l *level) needed(live int) int {
	v, open := l.down.from.value()
	need := v
	if l.share {
		need = v * int64(live) / (100 * percentUnits)
		if rest := v * int64(live) % (100 * percentUnits); rest > 0 {
			need, open = need+1, false
		}
	}
	if open {
		need++
	}
	if need > int64(live) {
		return 0
	}
	return int(max(1, need))
}

// maxMembers bounds the members of a group, so that shares of them can be
// counted.
const maxMembers = 50_000

// scope reads a scope.
func (c *compiler) scope(at path, source Scope, t *commitment) {
	for _, name := range slices.Sorted(maps.Keys(source.Only)) {
		at := at.key("only").key(name)
		c.label(at, name)
		if len(source.Only[name]) == 0 {
			c.fault(at, errors.New("no value; it would cover nothing"))
		}
		for i, value := range source.Only[name] {
			c.label(at.index(i), value)
		}
	}
	for i, l := range source.Levels {
		at := at.key("levels").index(i)
		compiled := level{source: l, by: l.By, least: l.Min, down: interval{before(1), countTop}, pooled: l.Pooled}
		if l.By == "" {
			c.fault(at.key("by"), errors.New("missing"))
		}
		c.label(at.key("by"), l.By)
		if l.Min < 0 || l.Min > maxMembers {
			c.fault(at.key("min"), fmt.Errorf("%d is not from 0 to %d", l.Min, maxMembers))
		}
		switch {
		case l.Pooled && i < len(source.Levels)-1:
			c.fault(at.key("pooled"), errors.New("only the last level can pool"))
		case l.Pooled && (l.Down != "" || l.Min != 0 || l.ExcusedDown):
			c.fault(at.key("pooled"), errors.New("a pool has neither down nor min nor excusedDown"))
		case l.ExcusedDown && l.Down == "":
			c.fault(at.key("excusedDown"), errors.New("says nothing where one member is enough; say in down how many are"))
		case l.Down != "" && strings.Contains(string(l.Down), "%"):
			compiled.share = true
			compiled.down = c.lower(at.key("down"), l.Down, percent, percentTop)
		case l.Down != "":
			compiled.down = c.lower(at.key("down"), l.Down, members, countTop)
		}
		t.levels = append(t.levels, compiled)
	}
	if t.source.Downtime.Requests && slices.ContainsFunc(t.levels, func(l level) bool { return !l.pooled }) {
		c.fault(at.key("levels"), errors.New("requests are not combined; record those of a group as the traffic of one resource"))
	}
}

// scoped returns the clause that asks for more of a resource than its name, and
// "" if none does.
func (c *commitment) scoped() string {
	switch {
	case len(c.source.Scope.Only) > 0 || len(c.levels) > 0:
		return c.clause + "/scope"
	case len(c.source.Base.By) > 0:
		return c.clause + "/base/by"
	}
	return ""
}

// meets reports whether a resource can be covered by both scopes: it has one
// value of each label.
func (s Scope) meets(other Scope) bool {
	for name, values := range s.Only {
		others, asks := other.Only[name]
		if asks && !slices.ContainsFunc(values, func(v string) bool { return slices.Contains(others, v) }) {
			return false
		}
	}
	return true
}

// covers reports whether a resource is one of those that a commitment covers.
func (c *commitment) covers(r outage.Timeline) bool {
	for name, values := range c.source.Scope.Only {
		if value, found := r.Label(name); !found || !slices.Contains(values, value) {
			return false
		}
	}
	return true
}
