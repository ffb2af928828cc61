package sla

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// English returns the agreement in plain sentences, in the order in which its
// terms apply, so that someone who has the contract beside it can check that
// the data says the same.
func (t *Terms) English() string {
	t = t.orZero()
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
		what := "Nothing"
		if slices.ContainsFunc(t.commitments, func(c commitment) bool { return c.source.Automatic }) {
			what = "Of what has to be claimed nothing"
		}
		sentences = append(sentences, fmt.Sprintf("%s is issued unless it is more than %v.", what, t.above))
	}
	sentences = append(sentences, t.agreement.english()...)
	sentences = append(sentences, t.supplied()...)
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
	say("Promised for each %s: %s.", c.source.Calculation.Period.english(), c.scale.english(c.source.Promise))
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
	if len(b.By) > 0 {
		say("The fee is of all charges with the same %s as what is measured.", strings.Join(b.By, " and "))
	}
	if b.Window != "" {
		say("The fee is what was charged for %s.", b.Window.english())
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
	if len(c.source.OneOf) > 0 && len(c.levels) > 0 {
		say("For that, what it gives is spread over the members by their charges.")
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
		return inWords(r)
	}
	return "availability of " + inWords(r)
}

// english returns a row in words.
func (t tier) english(s scale) string {
	when := "on a breach"
	if t.source.When != "" {
		when = inWords(t.source.When)
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
		text += " that ended"
	default:
		text += " of downtime"
	}
	if s.count == exact {
		text += ", in proportion"
	}
	return text
}

// outageCount returns a number of outages as agreements write it.
func outageCount(n int64) string {
	if n == 1 {
		return "1 outage"
	}
	return strconv.FormatInt(n, 10) + outagesWord
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
		return fmt.Sprintf("All of each %s are added up.", l.by)
	}
	excused := ""
	if l.source.ExcusedDown {
		excused = " A member counts as down while it is set aside or its outage is forgiven, where such members alone are not enough."
	}
	if l.source.Min > 1 {
		return fmt.Sprintf("Each %s, while it has at least %d members, loses what %s of them lose.%s", l.by, l.source.Min, l.members(), excused)
	}
	return fmt.Sprintf("Each %s loses what %s of its members lose.%s", l.by, l.members(), excused)
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

// inWords returns a quantity, range, step or budget as prose: units of time
// are spelled out, and bounds are joined by "and".
func inWords[T ~string](text T) string {
	words := strings.Fields(strings.ReplaceAll(string(text), ", ", " and "))
	for i, w := range words {
		number := strings.TrimRight(w, "smhdo")
		name := map[string]string{"s": "second", "m": "minute", "h": "hour", "d": "day", "mo": "month"}[w[len(number):]]
		if name == "" || strings.Trim(number, "0123456789.") != "" {
			continue
		}
		if number != "1" {
			name += "s"
		}
		words[i] = number + " " + name
	}
	return strings.Join(words, " ")
}
