package sla

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/slacredit/slacredit/outage"
)

// A Scope states which resources a commitment covers, and how they combine.
type Scope struct {
	// Only lists the labels that a resource must have, each with the allowed
	// values. Other resources are not covered. Zero: all resources are covered.
	Only map[string][]string `json:"only,omitempty"`

	// Levels combine resources into groups. The first level groups the resources
	// themselves, each further level the groups of the level before it. The
	// groups of the last level are measured, each under the value of its label as
	// its name. Zero: every resource is measured on its own.
	Levels []Level `json:"levels,omitempty"`
}

// A Level makes one group of all members with the same value of a label (step 3).
// The group is down to the extent that at least Down of its members are: at each
// moment its loss is the largest share that at least Down members lose.
type Level struct {
	// By is the label. Groups are told apart by it and by the labels of the levels
	// that follow: zone 1 of one region is not zone 1 of another.
	By string `json:"by"`

	// Down is how many of the live members must lose something, as a number or as a
	// share of them: "exactly 100%", "over 1", "at least 2", "over 50%". Zero: one.
	Down Range `json:"down,omitempty"`

	// Min is the least number of live members. While there are fewer, nothing is
	// due. Zero: one.
	Min int `json:"min,omitempty"`

	// ExcusedDown counts a member as down while it is excused, unless the excused
	// members alone are enough for the group to lose. It is for agreements in
	// which planned work on one member does not excuse the failure of another.
	// Zero: losses that the group has only through excused members are excused.
	ExcusedDown bool `json:"excusedDown,omitempty"`

	// Pooled adds up the time due and the downtime of the members instead of
	// combining their losses: the availability is a mean weighted by lifetime.
	// Each member is measured on its own up to step 9, and then they are added
	// up. Only the last level can pool, and a pool has no other terms. Service
	// time for the downtime, "1x" or "1h" for each "full 1h", is an error with a
	// pool: the downtime is that of each member, but the fee is that of all.
	Pooled bool `json:"pooled,omitempty"`
}

func (s Scope) clone() Scope {
	s.Only, s.Levels = maps.Clone(s.Only), slices.Clone(s.Levels)
	for name, values := range s.Only {
		s.Only[name] = slices.Clone(values)
	}
	return s
}

// A scope is a compiled [Scope].
type scope struct {
	clause string
	only   map[string][]string
	levels []level
}

// A level is a compiled [Level].
type level struct {
	source Level
	by     string
	least  int
	share  bool     // down is a share of the live members
	down   interval // of the number, or of the share in percent
	pooled bool

	excusedDown bool // an excused member counts as down
}

// needed returns how many of a number of live members must lose something for the
// group to lose it, and 0 if no number is enough.
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

// scope reads the scope of a commitment.
func (c *compiler) scope(at path, source Commitment) scope {
	s := scope{clause: at.pointer, only: source.Scope.Only}
	for _, name := range slices.Sorted(maps.Keys(s.only)) {
		at := at.key("only").key(name)
		c.label(at, name)
		if len(s.only[name]) == 0 {
			c.fault(at, errors.New("no value; it would cover nothing"))
		}
		for i, value := range s.only[name] {
			c.label(at.index(i), value)
		}
	}
	for i, l := range source.Scope.Levels {
		s.levels = append(s.levels, c.level(at.key("levels").index(i), l, i == len(source.Scope.Levels)-1))
	}
	if source.Downtime.Requests && slices.ContainsFunc(s.levels, func(l level) bool { return !l.pooled }) {
		c.fault(at.key("levels"), errors.New("requests are not combined; record those of a group as the traffic of one resource"))
	}
	return s
}

// level reads a level of a scope.
func (c *compiler) level(at path, source Level, last bool) level {
	l := level{source: source, by: source.By, least: source.Min, down: interval{before(1), countTop}, pooled: source.Pooled, excusedDown: source.ExcusedDown}
	if l.by == "" {
		c.fault(at.key("by"), errors.New("missing"))
	}
	c.label(at.key("by"), l.by)
	if l.least < 0 || l.least > maxMembers {
		c.fault(at.key("min"), fmt.Errorf("%d is not from 0 to %d", l.least, maxMembers))
	}
	switch {
	case l.pooled && !last:
		c.fault(at.key("pooled"), errors.New("only the last level can pool"))
	case l.pooled && (source.Down != "" || source.Min != 0 || source.ExcusedDown):
		c.fault(at.key("pooled"), errors.New("a pool has neither down nor min nor excusedDown"))
	case source.ExcusedDown && source.Down == "":
		c.fault(at.key("excusedDown"), errors.New("says nothing where one member is enough; say in down how many are"))
	case strings.Contains(string(source.Down), "%"):
		l.share = true
		l.down = c.lower(at.key("down"), source.Down, percent, percentTop)
	case source.Down != "":
		l.down = c.lower(at.key("down"), source.Down, members, countTop)
	}
	return l
}

// english states which resources are covered, and how they combine.
func (s scope) english() []string {
	var out sentences
	var labels []string
	for _, name := range slices.Sorted(maps.Keys(s.only)) {
		labels = append(labels, "whose "+name+" is "+either(s.only[name]))
	}
	if len(labels) > 0 {
		out.say("Covers only resources %s.", both(labels))
	}
	for _, l := range s.levels {
		out.say("%s", l.english())
	}
	return out
}

// english states how a level combines its members.
func (l level) english() string {
	if l.pooled {
		return fmt.Sprintf("The time due and the downtime of all members of each %s are added up.", l.by)
	}
	text := fmt.Sprintf("Each %s is down to the extent that %s", l.by, l.enough())
	if l.least > 1 {
		text += fmt.Sprintf("; nothing is due while it has fewer than %d members", l.least)
	}
	if l.excusedDown {
		text += ". An excused member counts as down here, unless the excused members alone are enough"
	}
	return text + "."
}

// enough states how many of the members must be down.
func (l level) enough() string {
	switch {
	case l.source.Down == "":
		return "any of its members is"
	case l.share && l.source.Down == "exactly 100%":
		return "all of its members are"
	}
	return inWords(l.source.Down) + " of its members are"
}

// words adds the labels.
func (s scope) words(add addWord) {
	at := path{pointer: s.clause}
	for _, name := range slices.Sorted(maps.Keys(s.only)) {
		add(LabelWord, name, at.key("only").key(name).pointer, s.only[name]...)
	}
	for i, l := range s.levels {
		add(LabelWord, l.by, at.key("levels").index(i).key("by").pointer)
	}
}

// direct reports whether every resource is judged on its own.
func (s scope) direct() bool { return len(s.only) == 0 && len(s.levels) == 0 }

// meets reports whether one resource can be covered by both scopes. A resource has
// one value of each label.
func (s Scope) meets(other Scope) bool {
	for name, values := range s.Only {
		others, asks := other.Only[name]
		if asks && !slices.ContainsFunc(values, func(v string) bool { return slices.Contains(others, v) }) {
			return false
		}
	}
	return true
}

// covers reports whether a resource is covered.
func (s scope) covers(r outage.Timeline) bool {
	for name, values := range s.only {
		if value, found := r.Label(name); !found || !slices.Contains(values, value) {
			return false
		}
	}
	return true
}
