package credit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// A Step is one line of the account of a statement: how one figure arose, and
// the record or clause behind it.
type Step struct {
	// Number is that of the step in the order in which terms apply: up to 12
	// package sla describes it, from 13 on this package.
	Number int `json:"number"`

	// Subject is what the step is about: an agreement, or a resource under it.
	Subject string `json:"subject"`

	Text    string        `json:"text"`              // what the figure is
	Value   string        `json:"value,omitempty"`   // the figure, with its unit
	Window  outage.Window `json:"window,omitzero"`   // where the figure is the length of a stretch of time
	Records []string      `json:"records,omitempty"` // IDs of the records behind it
	Clause  string        `json:"clause,omitempty"`  // JSON pointer to the clause of the agreement behind it
}

// The numbers of the steps of which the account shows a figure, in the order
// in which terms apply.
const (
	stepRecords      = 1
	stepCut          = 8
	stepDue          = 9
	stepAvailability = 10
	stepRounding     = 11
	stepRemedy       = 12
	stepPrice        = 13
	stepCombine      = 14
	stepRound        = 15
	stepOverallCap   = 16
	stepMinimum      = 17
	stepSplit        = 18
	stepClaim        = 19
)

// Account returns every step: how the records became known, and for each credit
// in order from the length of the measured period to the amount and its claim.
// What is so "at worst" would be so if the resources had been down whenever
// nobody knows, and leads to TotalAtMost. A program that wants the records and the
// clause behind each stretch of time finds them in the Pieces of
// [sla.Finding.Measurement].
func (s Statement) Account() []Step {
	steps := s.recorded()
	for _, chapter := range s.chapters() {
		for _, section := range chapter.Sections {
			steps = append(steps, section.Steps...)
		}
		steps = append(steps, chapter.Steps...)
	}
	return steps
}

// recorded accounts for how the records became known.
func (s Statement) recorded() []Step {
	var steps []Step
	for _, r := range s.Revisions {
		ref := r.Ref()
		steps = append(steps, Step{Number: stepRecords, Subject: "records, as they became known", Text: r.String(), Records: []string{ref.ID}})
	}
	return steps
}

// A Chapter is the account of one credit.
type Chapter struct {
	Credit   Credit
	Sections []Section
	Steps    []Step // on the credit as a whole, after those of the sections
}

// WithoutBreach reports whether the credit, or a part of it, is given for what did
// not break a promise ([sla.Finding.WithoutBreach]).
func (c Chapter) WithoutBreach() bool {
	var v sla.Verdict
	for _, s := range c.Sections {
		v.Findings = append(v.Findings, s.Finding)
	}
	return c.Credit.withoutBreach([]sla.Verdict{v})
}

// A Section is the account of what one commitment gives for one resource. Those
// of its steps that have a window are the stretches of time.
type Section struct {
	Resource string
	Finding  sla.Finding
	Steps    []Step
}

// Chapters returns the account by what its steps are about, for those who show
// it in their own way: one chapter for each credit, in order. They share nothing
// with s.
func (s Statement) Chapters() []Chapter {
	chapters := s.chapters()
	for i := range chapters {
		c := &chapters[i]
		c.Credit = c.Credit.clone()
		for j := range c.Sections {
			c.Sections[j].Finding = c.Sections[j].Finding.Clone()
		}
	}
	return chapters
}

func (s Statement) chapters() []Chapter {
	var chapters []Chapter
	groups := byAgreement(s.Verdicts)
	book := newBook(s.bill())
	claims := map[string][]Claim{} // by agreement
	for _, c := range s.Claims {
		claims[c.Agreement] = append(claims[c.Agreement], c)
	}
	for i, c := range s.Credits {
		parts := c.Parts
		var verdicts []sla.Verdict
		if i < len(groups) { // as in every statement that was made or read, but not in every literal
			verdicts = groups[i]
		}
		var sections []Section
		listed, rivals := map[*basis]string{}, newRivals(verdicts)
		worst := book.worst(verdicts)
		for _, v := range verdicts {
			for _, f := range v.Findings[:min(len(v.Findings), len(parts))] {
				a := account{subject: subject(c.Agreement, v.Resource, f.Commitment, measured(v, f))}
				a.finding(f)
				a.part(parts[0], f, v, book, listed, rivals.idle(v, f))
				if at := len(c.Parts) - len(parts); at < len(worst.Parts) {
					a.atMost(worst.Parts[at], parts[0], f)
				}
				parts = parts[1:]
				slices.SortStableFunc(a.steps, func(x, y Step) int { return x.Number - y.Number })
				sections = append(sections, Section{v.Resource, f, a.steps})
			}
		}
		a := account{subject: c.Agreement}
		a.credit(c, worst, verdicts, book)
		if lines, alike, err := book.lines(c, verdicts); err == nil && !alike {
			a.split(lines)
		}
		a.claims(claims[c.Agreement])
		chapters = append(chapters, Chapter{c, sections, a.steps})
	}
	return chapters
}

// subject names what a step is about, leaving out what has no name.
func subject(agreement string, names ...string) string {
	text, between := agreement, ": "
	for _, name := range names {
		if name == "" {
			continue
		}
		if text != "" {
			text += between
		}
		text, between = text+name, ", "
	}
	return text
}

// measured names the period that a finding is on, where that is not the one
// that was judged: an outage, a quarter.
func measured(v sla.Verdict, f sla.Finding) string {
	if f.Measurement.Period == v.Period {
		return ""
	}
	return f.Measurement.Period.Window().String()
}

// An account collects the steps on one subject.
type account struct {
	subject string
	steps   []Step
}

func (a *account) add(number int, text, value, clause string) {
	a.steps = append(a.steps, Step{Number: number, Subject: a.subject, Text: text, Value: value, Clause: clause})
}

// finding accounts for the time.
func (a *account) finding(f sla.Finding) {
	m := f.Measurement
	for _, member := range m.Members {
		a.add(stepCut, "down of "+member.Resource, span.String(member.Down), "")
	}
	if !m.AsOf.IsZero() {
		a.add(stepRecords, "records as of "+m.AsOf.Format(time.RFC3339Nano), "", "")
	}
	for _, p := range m.Pieces {
		if !p.Notable() {
			continue
		}
		text := fmt.Sprintf("%v: %s", p.State, p.Why())
		step := Step{p.Reason.Step(), a.subject, text, span.String(p.Length()), p.Window, slices.Clone(p.Records), p.Clause}
		if p.State == sla.Down {
			step.Clause = "" // that of the commitment, which the promise names
		}
		a.steps = append(a.steps, step)
	}
	a.add(stepCut, "down in all", span.String(m.Down), "")
	for _, step := range m.DueSteps {
		a.add(stepDue, step.Reason, span.String(step.Length), "")
	}
	a.add(stepDue, "due", span.String(m.Due), "")
	available, rounded := m.Availability(), "rounded by "+string(f.Round)
	if available.Known() {
		a.add(stepAvailability, "available, (due − down) / due, floored", available.String(), "")
	} else {
		a.add(stepAvailability, "available if unknown time was up, floored", available.AtMost().String(), "")
		a.add(stepAvailability, "available if it was down, floored", available.AtLeast().String(), "")
	}
	if f.Round != "" && m.Due > 0 {
		if available.Known() {
			a.add(stepRounding, rounded, f.Rounded.String(), f.Clause+"/calculation/round")
		} else {
			a.add(stepRounding, rounded+" if unknown time was up", f.Rounded.String(), f.Clause+"/calculation/round")
			a.add(stepRounding, rounded+" if it was down", f.RoundedAtLeast().String(), f.Clause+"/calculation/round")
		}
	}
	a.add(stepRemedy, "promised: "+string(f.Promise), f.Outcome.String(), f.Clause)
	if m.DownAtMost != m.Down {
		a.add(stepRemedy, "unknown time that would count as down", span.String(m.DownAtMost-m.Down), "")
	}
	allowed, spare, over := span.String(f.Allowed), span.String(f.Margin()), span.String(-f.Margin())
	if f.Counts() {
		a.add(stepRemedy, "outages that ended", strconv.Itoa(m.Count()), "")
		allowed, spare, over = strconv.Itoa(f.AllowedCount), strconv.Itoa(f.CountMargin()), strconv.Itoa(-f.CountMargin())
	}
	a.add(stepRemedy, "allowed", allowed, f.Clause)
	if f.Margin() < 0 || f.CountMargin() < 0 {
		a.add(stepRemedy, "over what is allowed", over, "")
	} else {
		a.add(stepRemedy, "to spare", spare, "")
	}
}

// split accounts for the invoice lines, if there are several.
func (a *account) split(lines []Line) {
	if lines = slices.DeleteFunc(lines, func(l Line) bool { return l.Share.IsZero() }); len(lines) < 2 {
		return
	}
	for _, l := range lines {
		a.add(stepSplit, "of which on charge "+numeral.Shorten(l.ID), l.Share.String(), "")
	}
}

// part accounts for what one commitment gives for one resource.
func (a *account) part(p Part, f sla.Finding, v sla.Verdict, book *book, listed map[*basis]string, idle []string) {
	e := f.Entitlement
	if e.Clause == "" && !e.Gives() {
		a.add(stepRemedy, "entitlement", "none", "")
		return
	}
	text, gives := rule(e)
	a.add(stepRemedy, text, gives, e.Clause)
	if f.WithoutBreach() {
		a.add(stepRemedy, "given without a breach of the promise", "", f.Clause+"/gap")
	}
	a.charges(v, f, book, listed)
	a.price(p, f, shownLength(v, f, book))
	a.caps(stepPrice, p.Caps, shownLength(v, f, book))
	if p.Yields != (Yielded{}) {
		a.add(stepCombine, p.Yields.text(p.Base), inMajor(p.Base, Exact{}), f.Clause+"/oneOf")
	}
	a.spread(p, f)
	for _, group := range idle {
		a.add(stepCombine, fmt.Sprintf("of the group %s no other commitment is on it", numeral.Shorten(group)), "", f.Clause+"/oneOf")
	}
}

// text says what gives instead of what yields.
func (y Yielded) text(base Money) string {
	group, to := numeral.Shorten(y.Group), "the commitment without a name"
	if !y.Sum.IsZero() {
		return fmt.Sprintf("of the group %s only the members give, %s together, as the fee is not made of their charges", group, inMajor(base, y.Sum))
	}
	if y.To != "" {
		to = numeral.Shorten(y.To)
	}
	return fmt.Sprintf("of the group %s only %s gives, which owes most", group, to)
}

// spread accounts for what falls to each member of a group.
func (a *account) spread(p Part, f sla.Finding) {
	for _, s := range p.Spread {
		text, value := "by its charges, of which for "+numeral.Shorten(s.Resource), inMajor(p.Base, s.Exact)
		if s.Others {
			text = "by its charges, of which for no member"
		}
		if s.Yields != (Yielded{}) {
			text += ": " + value + "; " + s.Yields.text(p.Base)
			value = inMajor(p.Base, Exact{})
		}
		a.add(stepCombine, text, value, f.Clause+"/oneOf")
	}
	if len(p.Spread) > 0 {
		a.add(stepCombine, "which leaves", inMajor(p.Base, p.Owed), "")
	}
}

// ifDown begins what is said of resources that were down whenever nobody knows.
const ifDown = "at worst, "

// atMost accounts for what the part would be if the resource had been down
// whenever nobody knows, where that is not what it is.
func (a *account) atMost(worst, p Part, f sla.Finding) {
	e := f.EntitlementAtMost
	if f.Entitlement.SameWorth(e) && worst.Owed.Equal(p.Owed) {
		return
	}
	text, gives := rule(e)
	a.add(stepRemedy, ifDown+text, gives, e.Clause)
	a.add(stepPrice, ifDown+"its price", inMajor(p.Base, worst.Exact), "")
	for _, cap := range worst.Caps {
		if cap.Binds {
			a.add(stepPrice, ifDown+"a limit binds, and leaves", inMajor(p.Base, exactly(cap.left())), cap.Limit.Clause)
		}
	}
	if worst.Yields != (Yielded{}) {
		a.add(stepCombine, ifDown+worst.Yields.text(p.Base), inMajor(p.Base, Exact{}), f.Clause+"/oneOf")
	}
	if len(worst.Spread) > 0 {
		a.add(stepCombine, ifDown+"what its members leave of it", inMajor(p.Base, worst.Owed), f.Clause+"/oneOf")
	}
}

// worst returns the credit if the resources had been down whenever nobody knows,
// and none where that makes no difference.
func (b *book) worst(verdicts []sla.Verdict) Credit {
	differs := false
	for _, v := range verdicts {
		for _, f := range v.Findings {
			if length, err := b.length(v, f); err != nil || length <= 0 { // only of a statement that was put together by hand
				return Credit{}
			}
			differs = differs || !f.Entitlement.SameWorth(f.EntitlementAtMost)
		}
	}
	if !differs {
		return Credit{}
	}
	c, err := b.credit(verdicts, func(f sla.Finding) sla.Entitlement { return f.EntitlementAtMost })
	if err != nil {
		return Credit{}
	}
	return c
}

// rule returns in words by what rule a row gives, and what it gives.
func rule(e sla.Entitlement) (text, gives string) {
	row := e.Row
	gives = e.String()
	if !e.Gives() {
		gives = e.Percent.String()
	}
	switch {
	case strings.HasPrefix(string(row.Per), "exact "):
		text = fmt.Sprintf("%s per %s, in proportion", row.Give, row.Per)
	case row.Per != "":
		text = fmt.Sprintf("%d × %s per %s", e.Steps, row.Give, row.Per)
	default:
		text = "on a breach"
		if row.When != "" {
			text = string(row.When)
		}
		if row.Give != "" && string(row.Give) != gives { // a multiple of the price, which became time of service
			text += ", " + string(row.Give)
		}
	}
	if row.Beyond {
		text += " beyond the start of the row"
	}
	if row.Plus != "" {
		text += ", plus " + string(row.Plus)
	}
	return text, gives
}

// charges accounts for what a fee is made of, where that is more or less than
// all charges for the resource. What several fees share is said once.
func (a *account) charges(v sla.Verdict, f sla.Finding, book *book, listed map[*basis]string) {
	of := book.basis(v, f)
	if book.simple(of, v.Resource) || of.err != nil { // that only of a statement that was put together by hand
		return
	}
	if first := listed[of]; first != "" {
		a.add(stepPrice, "the charges listed for "+first, shownFee(of.base, of.exact), "")
		return
	}
	listed[of] = subject("", v.Resource, f.Commitment, measured(v, f))
	for _, c := range of.counts {
		charge := book.charges[c.charge]
		text := "charge " + numeral.Shorten(charge.ID)
		if charge.Resource != v.Resource {
			text += " for " + numeral.Shorten(charge.Resource)
		}
		value := charge.Amount.String()
		if charge.Prorated != (Prorated{}) {
			text += ", " + charge.Prorated.String()
		}
		if c.portion != entire {
			text += fmt.Sprintf(", %s of %s of it", span.String(time.Duration(c.portion.part)), span.String(time.Duration(c.portion.whole)))
		}
		if c.portion != entire || charge.Prorated.Exact {
			value = inMajor(charge.Amount, exactly(charge.worth(c.portion)))
		}
		a.add(stepPrice, text, value, "")
	}
}

// price accounts for the price of an entitlement.
func (a *account) price(p Part, f sla.Finding, length time.Duration) {
	base := shownFee(p.Base, p.Fee)
	if kinds := f.Base; len(kinds.Only) > 0 {
		a.add(stepPrice, "charges of the kinds that count: "+strings.Join(kinds.Only, ", "), base, f.Clause+"/base/only")
	} else if len(kinds.Without) > 0 {
		a.add(stepPrice, "charges but for the kinds "+strings.Join(kinds.Without, ", "), base, f.Clause+"/base/without")
	}
	paid := fee{p.Base, p.Fee, length}
	lines := 0
	add := func(text, clause string, e sla.Entitlement) {
		lines++
		a.add(stepPrice, text, inMajor(p.Base, exactly(paid.worth(e))), clause)
	}
	if !p.Percent.IsZero() || p.Service.IsZero() && p.Sum.IsZero() {
		add(fmt.Sprintf("%v of %s", p.Percent, base), "", sla.Entitlement{Percent: p.Percent})
	}
	if !p.Service.IsZero() {
		clause := ""
		if f.Base.Length != "" {
			clause = f.Clause + "/base/length"
		}
		add(fmt.Sprintf("%v of service at %s for %s", p.Service, base, span.String(paid.length)), clause, sla.Entitlement{Service: p.Service})
	}
	if !p.Sum.IsZero() {
		add("a sum", "", sla.Entitlement{Sum: p.Sum})
	}
	if lines > 1 {
		a.add(stepPrice, "together", inMajor(p.Base, p.Exact), "")
	}
}

// shownLength returns the time for which the fee pays. Only a statement that
// was put together by hand can have none, and then it does not matter.
func shownLength(v sla.Verdict, f sla.Finding, book *book) time.Duration {
	if length, err := book.length(v, f); err == nil && length > 0 {
		return length
	}
	return 1
}

// shownFee returns a fee, exactly.
func shownFee(base Money, exact Exact) string {
	if exact.IsZero() {
		return base.String()
	}
	return inMajor(base, exact)
}

// inMajor returns an exact amount with its currency.
func inMajor(of Money, e Exact) string { return of.Currency() + " " + e.shown() }

// caps accounts for limits, with the time for which the fee pays.
func (a *account) caps(number int, caps []Cap, length time.Duration) {
	for _, cap := range caps {
		base := shownFee(cap.Base, cap.Fee)
		text := fmt.Sprintf("at most %v of %s", cap.Limit.Percent, base)
		if !cap.Limit.Service.IsZero() || !cap.Limit.Sum.IsZero() || cap.Limit.PerOutage || cap.Limit.Months > 0 {
			by := fmt.Sprintf("of service at %s for %s", base, span.String(length))
			text = strings.NewReplacer("the fee", base, "of service", by).Replace(cap.Limit.String())
		}
		if cap.Binds {
			text += ", which binds"
		}
		a.add(number, text, cap.Amount.String(), cap.Limit.Clause)
		if cap.Limit.Months > 0 || !cap.Drawn.IsZero() {
			a.add(number, "of which was given before", inMajor(cap.Base, cap.Drawn), "")
			a.add(number, "which leaves", inMajor(cap.Base, exactly(cap.left())), "")
		}
	}
}

// minimum accounts for the sum that a credit must exceed.
func (a *account) minimum(when string, c Credit) {
	text := fmt.Sprintf("%sissued only if more than %v", when, c.Above)
	value := c.Amount
	if !c.Claimed.IsZero() {
		text, value = fmt.Sprintf("%sof what has to be claimed, issued only if more than %v", when, c.Above), c.Claimed
	}
	if !c.Withheld.IsZero() {
		text, value = text+", which this is not", c.Withheld
	}
	a.add(stepMinimum, text, value.String(), "/above")
}

// credit accounts for the amount, and for what it would be at worst, where that
// is not the same.
func (a *account) credit(c, worst Credit, verdicts []sla.Verdict, book *book) {
	differs := len(worst.Parts) > 0
	a.add(stepPrice, "owed in all, exactly", inMajor(c.Amount, c.Sum), "")
	if differs {
		a.add(stepPrice, ifDown+"owed in all, exactly", inMajor(c.Amount, worst.Sum), "")
	}
	a.add(stepRound, "rounded once, half away from zero", c.Rounded.String(), "")
	if differs {
		a.add(stepRound, ifDown+"rounded once", worst.Rounded.String(), "")
	}
	length := c.Period.Length() // where it matters, the fees of all pay for the same time
	if len(verdicts) > 0 && len(verdicts[0].Findings) > 0 {
		length = shownLength(verdicts[0], verdicts[0].Findings[0], book)
	}
	a.caps(stepOverallCap, c.Caps, max(1, length))
	for _, cap := range worst.Caps {
		if cap.Binds {
			a.add(stepOverallCap, ifDown+"a limit binds, and leaves", inMajor(c.Amount, exactly(cap.left())), cap.Limit.Clause)
		}
	}
	if !c.Above.IsZero() {
		a.minimum("", c)
		if differs {
			a.minimum(ifDown, worst)
		}
	}
	a.add(stepSplit, "credit", c.Amount.String(), "")
	if c.AmountAtMost != c.Amount {
		a.add(stepSplit, "credit if all unknown time was down", c.AmountAtMost.String(), "")
	}
	if len(c.Parts) > 1 {
		periods := make([]string, 0, len(c.Parts)) // one for each part
		for _, v := range verdicts {
			for _, f := range v.Findings {
				periods = append(periods, measured(v, f))
			}
		}
		for i, p := range c.Parts {
			if !p.Amount.IsZero() && i < len(periods) {
				a.add(stepSplit, "of which for "+subject("", p.Resource, p.Commitment, periods[i]), p.Amount.String(), "")
			}
		}
	}
}
