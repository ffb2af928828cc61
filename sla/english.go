package sla

import (
	"fmt"
	"strconv"
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
	if !t.above.IsZero() {
		sentences = append(sentences, fmt.Sprintf("Nothing is issued unless it is more than %v.", t.above))
	}
	sentences = append(sentences, t.agreement.english()...)
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
	say("Promised for each billing period: %s.", c.scale.english(c.source.Promise))
	rows := make([]string, len(c.tiers))
	for i, t := range c.tiers {
		rows[i] = t.english(c.scale)
	}
	if len(rows) == 0 {
		say("No credit is agreed.")
	} else {
		say("Credit: %s.", strings.Join(rows, "; "))
	}
	if gap := c.source.Gap; gap != "" {
		say("Where no row holds, or two do, the %s one gives.", gap)
	}
	b := c.source.Base
	if b.Of != "" {
		say("The fee is that of the %s.", b.Of)
	}
	if len(b.Only) > 0 {
		say("Of the charges only those of these kinds count: %s.", strings.Join(b.Only, ", "))
	}
	if len(b.Without) > 0 {
		say("Charges of these kinds do not count: %s.", strings.Join(b.Without, ", "))
	}
	if b.Length != "" {
		say("Time of service is priced as if the fee paid for %s.", inWords(b.Length))
	}
	for _, cap := range c.caps {
		say("It gives %v.", cap)
	}
	for _, group := range c.source.OneOf {
		say("Of all that are %s only the one that gives most does.", group)
	}
	if c.source.Automatic {
		say("This is owed unasked.")
	}
	for i, e := range c.exits {
		sentences = append(sentences, e.english(c.source.Termination[i]))
	}
	return sentences
}

// english returns a promise in words.
func (s scale) english(r Range) string {
	switch s.unit {
	case length:
		return "downtime of " + inWords(r)
	case count:
		return counted(inWords(r))
	}
	return "availability of " + inWords(r)
}

// english returns a row in words.
func (t tier) english(s scale) string {
	when := "on a breach"
	if t.source.When != "" {
		when = inWords(t.source.When)
		if s.unit == count {
			when = counted(when)
		}
	}
	text := when + ", " + t.give.english(t.source.Give)
	if t.source.Per != "" {
		text += t.per.english(t.source.Per)
	}
	if t.source.Beyond {
		text += " beyond where the row starts"
	}
	if t.source.Plus != "" {
		text += ", and once " + t.plus.english(t.source.Plus)
	}
	return text
}

// english returns what is given in words.
func (a amount) english(q Quantity) string {
	switch a.unit {
	case percent:
		return a.percent().String() + " of the fee"
	case length:
		return inWords(q) + " of service"
	case months:
		return inWords(q) + " of the fee"
	case multiple:
		return strings.TrimSuffix(string(q), "x") + " times the price of the downtime"
	}
	return string(q)
}

// english returns a step in words.
func (s stride) english(step Step) string {
	text := " per " + inWords(step)
	switch s.size.unit {
	case percent:
		text += " of availability lost"
	case count:
		text = " per " + counted(inWords(step)) + " that ended"
	default:
		text += " of downtime"
	}
	if s.count == exact {
		text += ", in proportion"
	}
	return text
}

// counted adds to a text that ends with a number what is counted.
func counted(text string) string {
	if words := strings.Fields(text); words[len(words)-1] == "1" {
		return text + " outage"
	}
	return text + " outages"
}

// outages returns a number of outages in words.
func outages(n int) string { return counted(strconv.Itoa(n)) }

// english returns what an exclusion forgives.
func (e exclusion) english() string {
	var parts []string
	if e.maintenance {
		planned := "downtime within maintenance windows, announced or not"
		if !e.anyNotice {
			planned = fmt.Sprintf("downtime within maintenance windows announced %s ahead", inWords(e.source.Notice))
		}
		parts = append(parts, planned)
	}
	if len(e.causes) > 0 {
		parts = append(parts, "outages caused by "+strings.Join(e.causes, ", "))
	}
	return strings.Join(parts, ", and ")
}
