package sla

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// English returns the agreement in plain sentences, in the order in which its
// terms apply, so that someone who has the contract beside it can check that
// the data says the same.
func (t *Terms) English() string {
	var sentences []string
	for _, c := range t.commitments {
		sentences = append(sentences, c.english()...)
	}
	if len(sentences) == 0 {
		sentences = append(sentences, "Nothing is promised.")
	}
	for _, cap := range t.caps {
		sentences = append(sentences, fmt.Sprintf("All together give %v.", cap))
	}
	return strings.Join(sentences, " ")
}

func (c *commitment) english() []string {
	var sentences []string
	say := func(format string, args ...any) { sentences = append(sentences, fmt.Sprintf(format, args...)) }
	if c.name != "" {
		say("[%s]", c.name)
	}
	for _, name := range slices.Sorted(maps.Keys(c.source.Scope.Only)) {
		say("Covers only %s %s.", name, strings.Join(c.source.Scope.Only[name], ", "))
	}
	for _, l := range c.levels {
		say("%s", l.english())
	}
	if causes := c.source.Downtime.Causes; len(causes) > 0 {
		say("Only outages caused by %s count.", strings.Join(causes, ", "))
	}
	if c.source.Downtime.Starts != nil || c.source.Downtime.Ends != nil {
		say("The clock of an outage runs from %s to %s.", ofMarks("the latest of ", c.source.Downtime.Starts, "start"), ofMarks("the earliest of ", c.source.Downtime.Ends, "end"))
	}
	if text := c.source.Downtime.english(); text != "" {
		say("%s", text)
	}
	if lasting := c.source.Downtime.Lasting; lasting != "" {
		say("Only an outage that lasts %s counts, and then all of it.", inWords(lasting))
	}
	for _, e := range c.exclusions {
		say("Forgiven: %s.", e.english())
	}
	c.source.Calculation.english(say)
	say("Promised for each %s: availability of %s.", c.source.Calculation.Period.english(), inWords(c.source.Promise))
	rows := make([]string, len(c.tiers))
	for i, t := range c.tiers {
		when := "on a breach"
		if t.source.When != "" {
			when = inWords(t.source.When)
		}
		rows[i] = fmt.Sprintf("%s, %v of the fee", when, t.give)
		if t.source.Per != "" {
			rows[i] += fmt.Sprintf(" per %s of downtime", inWords(t.source.Per))
		}
	}
	if len(rows) == 0 {
		say("No credit is agreed.")
	} else {
		say("Credit: %s.", strings.Join(rows, "; "))
	}
	for _, cap := range c.caps {
		say("It gives %v.", cap)
	}
	return sentences
}

// english returns what an exclusion forgives.
func (e exclusion) english() string {
	var parts []string
	notice := ", announced or not"
	if !e.anyNotice {
		notice = " announced " + inWords(e.source.Notice) + " ahead"
	}
	if slices.Contains(e.source.Causes, "maintenance") {
		parts = append(parts, "downtime within maintenance windows"+notice)
	}
	if len(e.causes) > 0 {
		parts = append(parts, "outages caused by "+strings.Join(e.causes, ", "))
	}
	if others := slices.DeleteFunc(slices.Clone(e.causes), func(cause string) bool { return cause == "maintenance" }); len(others) > 0 && e.source.Notice != "" {
		parts = append(parts, "downtime within time set aside for "+strings.Join(others, ", ")+notice)
	}
	if len(e.source.Hours) > 0 {
		parts = append(parts, "downtime in the hours "+joinWords(e.source.Hours))
	}
	text := strings.Join(parts, ", and ")
	if e.source.Allowance != "" {
		text += ", up to " + inWords(e.source.Allowance)
	}
	if e.source.First {
		text += ", before the length of an outage is tested"
	}
	if e.source.Removed {
		text += "; that time is not due"
	}
	return text
}

// joinWords joins texts with commas.
func joinWords[T ~string](words []T) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = string(w)
	}
	return strings.Join(texts, ", ")
}

// ofMarks returns one mark, or several after what is taken of them.
func ofMarks(taken string, marks []string, otherwise string) string {
	switch len(marks) {
	case 0:
		return otherwise
	case 1:
		return marks[0]
	}
	return taken + strings.Join(marks, ", ")
}

// english returns how a level combines its members.
func (l level) english() string {
	if l.pooled {
		return fmt.Sprintf("All of one %s are added up.", l.by)
	}
	if l.source.Min > 1 {
		return fmt.Sprintf("A %s, while it has at least %d members, loses what %s of them lose.", l.by, l.source.Min, l.members())
	}
	return fmt.Sprintf("A %s loses what %s of its members lose.", l.by, l.members())
}

// members returns how many of the members must lose something.
func (l level) members() string {
	switch {
	case l.source.Down == "":
		return "any"
	case l.share && l.source.Down == "exactly 100%":
		return "all"
	}
	return inWords(l.source.Down)
}

// english returns what counts as down.
func (d Downtime) english() string {
	loss := "anything"
	if d.Loss != "" {
		loss = inWords(d.Loss)
	}
	how := "in full"
	if d.Weighted {
		how = "by its lost share"
	}
	if d.Requests {
		slot := "Each slot of " + inWords(d.Slot)
		if d.Slot == "period" {
			slot = "A period"
		}
		least := ""
		if d.MinRequests > 0 {
			least = fmt.Sprintf(" and has at least %d requests", d.MinRequests)
		}
		return fmt.Sprintf("%s that fails %s of its requests%s counts as down, %s.", slot, loss, least, how)
	}
	switch {
	case d.Slot != "":
		return fmt.Sprintf("Each slot of %s that loses %s on average counts as down, %s.", inWords(d.Slot), loss, how)
	case d.Loss != "" || d.Weighted:
		return fmt.Sprintf("A moment that loses %s counts as down, %s.", loss, how)
	}
	return ""
}

// english says how downtime becomes an availability, where that is not plain.
func (c Calculation) english(say func(string, ...any)) {
	if c.Zone != "" {
		say("The clocks are those of %s.", c.Zone)
	}
	if len(c.Hours) > 0 {
		say("Service hours are %s; nothing is due outside them.", joinWords(c.Hours))
	}
	if c.Length != "" {
		say("A period counts as %s.", inWords(c.Length))
	}
	if c.Whole {
		say("Time outside the life of a resource counts as up.")
	}
	switch c.Unknown {
	case "":
	case "out":
		say("Time of which nobody knows is left out.")
	default:
		say("Time of which nobody knows counts as %s.", c.Unknown)
	}
	if c.Round != "" {
		say("The availability is rounded by %s before it is compared.", inWords(c.Round))
	}
}

// english returns what is measured.
func (s Measuring) english() string {
	switch s {
	case "":
		return "billing period"
	case "outage":
		return "outage"
	}
	if size, trailing := strings.CutSuffix(string(s), " trailing"); trailing {
		return "billing period and what goes before it, " + inWords(size) + " in all"
	}
	return map[Measuring]string{"1d": "day", "1mo": "calendar month", "3mo": "calendar quarter", "6mo": "half of a calendar year", "12mo": "calendar year"}[s]
}
