package sla

import (
	"fmt"
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
	if loss := c.source.Downtime.Loss; loss != "" {
		say("A moment that loses %s counts as down, in full.", inWords(loss))
	}
	if lasting := c.source.Downtime.Lasting; lasting != "" {
		say("Only an outage that lasts %s counts, and then all of it.", inWords(lasting))
	}
	for _, e := range c.exclusions {
		say("Forgiven: %s.", e.english())
	}
	say("Promised for each billing period: availability of %s.", inWords(c.source.Promise))
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
