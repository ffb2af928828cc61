package credit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/label"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// An Entry is one line of the account of a statement: one figure, and the
// record or clause behind it.
type Entry struct {
	// Number is the number of the step in the order in which terms apply.
	// Package sla describes the steps up to 12, this package those from 13 on.
	Number int `json:"number"`

	// Subject is the agreement that the step belongs to, or a resource under
	// it.
	Subject string `json:"subject"`

	Text    string        `json:"text"`              // a description of the figure
	Value   string        `json:"value,omitempty"`   // the figure, with its unit
	Window  outage.Window `json:"window,omitzero"`   // the stretch of time, if the figure is its length
	Records []string      `json:"records,omitempty"` // IDs of the records behind it
	Clause  string        `json:"clause,omitempty"`  // JSON pointer to the clause of the agreement behind it
}

// The numbers of the steps that the account shows, in the order
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
	stepOverallLimit = 16
	stepMinimum      = 17
	stepSplit        = 18
	stepClaim        = 19
)

// Account returns every step: the revisions of the records, and then, for each
// credit in order, the steps of its parts and its own steps. Steps marked "at
// worst" assume that all unobserved time was down, and lead to TotalAtMost. To
// get the records and the clause behind each stretch of time, a program reads
// the Pieces of [sla.Finding.Measurement].
func (s Statement) Account() []Entry {
	steps := s.recorded()
	for _, c := range s.Credits {
		for _, p := range c.Parts {
			steps = append(steps, p.Account()...)
		}
		steps = append(steps, c.Account()...)
	}
	return steps
}

// recorded returns the steps on the revisions of the records.
func (s Statement) recorded() []Entry {
	var steps []Entry
	for _, r := range s.Revisions {
		ref := r.Ref()
		steps = append(steps, Entry{Number: stepRecords, Subject: "records, as they became known", Text: r.String(), Records: []string{ref.ID}})
	}
	return steps
}

// Account returns the steps from the records to the amount that p owes. A step
// with a window describes a stretch of time.
func (p Part) Account() []Entry {
	a := account{subject: subject(p.context().agreement, p.Resource, p.Commitment, p.Measured().String())}
	a.finding(p.Finding)
	a.part(p)
	slices.SortStableFunc(a.steps, func(x, y Entry) int { return x.Number - y.Number })
	return a.steps
}

// Account returns the steps from the owed amounts of the parts to the amount of
// c and its claim. [Part.Account] returns the steps before them.
func (c Credit) Account() []Entry {
	a := account{subject: c.Agreement}
	a.credit(c)
	if lines, alike, err := c.lines(); err == nil && !alike {
		a.split(lines)
	}
	a.claims(c.claims)
	return a.steps
}

// subject returns the subject of a step, without empty names.
func subject(agreement string, names ...string) string {
	return label.Join(": ", agreement, label.Join(", ", names...))
}

// An account collects the steps on one subject.
type account struct {
	subject string
	steps   []Entry
}

func (a *account) add(number int, text, value, clause string) {
	a.steps = append(a.steps, Entry{Number: number, Subject: a.subject, Text: text, Value: value, Clause: clause})
}

// finding adds the steps on time.
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
		step := Entry{p.Reason.Step(), a.subject, text, span.String(p.Length()), p.Window, slices.Clone(p.Records), p.Clause}
		if p.State == sla.Down {
			step.Clause = "" // it would be the commitment, which the step of the promise names
		}
		a.steps = append(a.steps, step)
	}
	a.add(stepCut, "total downtime", span.String(m.Down), "")
	for _, step := range m.DueSteps {
		a.add(stepDue, step.Reason, span.String(step.Length), "")
	}
	a.add(stepDue, "due", span.String(m.Due), "")
	available, rounded := m.Availability(), "rounded by "+string(f.Round)
	if available.Known() {
		a.add(stepAvailability, "availability, (due − down) / due, floored", available.String(), "")
	} else {
		a.add(stepAvailability, "availability if unknown time was up, floored", available.AtMost().String(), "")
		a.add(stepAvailability, "availability if it was down, floored", available.AtLeast().String(), "")
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
		a.add(stepRemedy, "unknown time that could count as down", span.String(m.DownAtMost-m.Down), "")
	}
	what, allowed, spare, over := "downtime allowed", span.String(f.Allowed), span.String(f.Margin()), span.String(-f.Margin())
	if f.CountsOutages() {
		a.add(stepRemedy, "outages that ended", strconv.Itoa(m.Count()), "")
		what, allowed, spare, over = "outages allowed", strconv.Itoa(f.AllowedCount), strconv.Itoa(f.CountMargin()), strconv.Itoa(-f.CountMargin())
	}
	a.add(stepRemedy, what, allowed, f.Clause)
	if f.Margin() < 0 || f.CountMargin() < 0 {
		a.add(stepRemedy, "over budget", over, "")
	} else {
		a.add(stepRemedy, "budget left", spare, "")
	}
}

// split adds the steps on the invoice lines, if there are several.
func (a *account) split(lines []Line) {
	if lines = slices.DeleteFunc(lines, func(l Line) bool { return l.Share.IsZero() }); len(lines) < 2 {
		return
	}
	for _, l := range lines {
		a.add(stepSplit, "of which on charge "+numeral.Shorten(l.ID), l.Share.String(), "")
	}
}

// part adds the steps on the price of a finding.
func (a *account) part(p Part) {
	f := p.Finding
	if p.gives() {
		text, gives := rule(f.Entitlement)
		a.add(stepRemedy, text, gives, f.Entitlement.Clause)
		if f.WithoutBreach() {
			a.add(stepRemedy, "given without a breach of the promise", "", f.Clause+"/gap")
		}
		a.charges(p)
		a.price(p)
		a.limits(stepPrice, p.Limits, p.Length)
		if p.Yields != (YieldsTo{}) {
			a.add(stepCombine, p.Yields.text(p.Base), inMajor(p.Base, Exact{}), f.Clause+"/oneOf")
		}
		a.spread(p)
		for _, group := range p.context().idle {
			a.add(stepCombine, fmt.Sprintf("no other commitment of the group %s covers it", numeral.Shorten(group)), "", f.Clause+"/oneOf")
		}
	} else {
		a.add(stepRemedy, "entitlement", "none", "")
	}
	if worst := p.context().worst; worst != nil {
		a.atMost(*worst, p)
	}
}

// text returns the reason why a part yields, in words.
func (y YieldsTo) text(base Money) string {
	group, to := numeral.Shorten(y.Group), "the commitment without a name"
	if !y.Sum.IsZero() {
		return fmt.Sprintf("yields under the group %s to the members, which get %s together, as their charges are not in the fee", group, inMajor(base, y.Sum))
	}
	if y.To != "" {
		to = numeral.Shorten(y.To)
	}
	return fmt.Sprintf("yields under the group %s to %s, which gives the most", group, to)
}

// spread adds the steps on the share of each member of a group.
func (a *account) spread(p Part) {
	for _, s := range p.Spread {
		text, value := "share by charges: "+numeral.Shorten(s.Resource), inMajor(p.Base, s.Exact)
		if s.Others {
			text = "share by charges: no member"
		}
		if s.Yields != (YieldsTo{}) {
			text += ": " + value + "; " + s.Yields.text(p.Base)
			value = inMajor(p.Base, Exact{})
		}
		a.add(stepCombine, text, value, p.Finding.Clause+"/oneOf")
	}
	if len(p.Spread) > 0 {
		a.add(stepCombine, "sum of the shares that do not yield", inMajor(p.Base, p.Owed), "")
	}
}

// ifDown begins the texts of steps that assume that all unobserved time was
// down.
const ifDown = "at worst, "

// atMost adds the steps of the part if all unobserved time was down, unless
// they are the same.
func (a *account) atMost(worst, p Part) {
	f, e := p.Finding, p.Finding.EntitlementAtMost
	if f.Entitlement.Equal(e.Remedy) && worst.Owed.Equal(p.Owed) {
		return
	}
	text, gives := rule(e)
	a.add(stepRemedy, ifDown+text, gives, e.Clause)
	a.add(stepPrice, ifDown+"price", inMajor(p.Base, worst.Exact), "")
	for _, limit := range worst.Limits {
		if limit.Binds {
			a.add(stepPrice, ifDown+"the limit leaves", inMajor(p.Base, Exact{limit.left()}), limit.Agreed.Clause)
		}
	}
	if worst.Yields != (YieldsTo{}) {
		a.add(stepCombine, ifDown+worst.Yields.text(p.Base), inMajor(p.Base, Exact{}), f.Clause+"/oneOf")
	}
	if len(worst.Spread) > 0 {
		a.add(stepCombine, ifDown+"sum of the shares that do not yield", inMajor(p.Base, worst.Owed), f.Clause+"/oneOf")
	}
}

// rule returns the rule of a row in words, and what it gives.
func rule(e sla.Entitlement) (text, gives string) {
	row := e.Row
	gives = e.String()
	if e.Remedy.IsZero() {
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
		if row.Give != "" && string(row.Give) != gives { // a multiple of the price, converted to service time
			text += ", " + string(row.Give)
		}
	}
	if row.Beyond {
		text += " beyond the threshold of the row"
	}
	if row.Plus != "" {
		text += ", plus " + string(row.Plus)
	}
	return text, gives
}

// charges adds the steps on the charges of a fee, unless the fee consists of
// all charges for the resource as invoiced. Charges that several fees share are
// listed once.
func (a *account) charges(p Part) {
	of := p.context()
	if of.plain {
		return
	}
	if of.listed != "" {
		a.add(stepPrice, "the same charges as for "+of.listed, shownFee(p.Base, p.Fee), "")
		return
	}
	for _, c := range p.Counted {
		charge := c.charge
		text := "charge " + numeral.Shorten(charge.ID)
		if charge.Resource != p.Resource {
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
			value = inMajor(charge.Amount, c.Worth)
		}
		a.add(stepPrice, text, value, "")
	}
}

// price adds the steps on the price of an entitlement.
func (a *account) price(p Part) {
	f, base := p.Finding, shownFee(p.Base, p.Fee)
	if kinds := f.Base; len(kinds.Only) > 0 {
		a.add(stepPrice, "charges of kinds: "+strings.Join(kinds.Only, ", "), base, f.Clause+"/base/only")
	} else if len(kinds.Without) > 0 {
		a.add(stepPrice, "charges except kinds: "+strings.Join(kinds.Without, ", "), base, f.Clause+"/base/without")
	}
	paid := fee{p.Base, p.Fee, max(1, p.Length)} // a literal may have no length
	lines := 0
	add := func(text, clause string, r sla.Remedy) {
		lines++
		a.add(stepPrice, text, inMajor(p.Base, Exact{paid.worth(r)}), clause)
	}
	r := p.Remedy
	if !r.Percent.IsZero() || r.Service.IsZero() && r.Sum.IsZero() {
		add(fmt.Sprintf("%v of %s", r.Percent, base), "", sla.Remedy{Percent: r.Percent})
	}
	if !r.Service.IsZero() {
		clause := ""
		if f.Base.Length != "" {
			clause = f.Clause + "/base/length"
		}
		add(fmt.Sprintf("%v of service at %s for %s", r.Service, base, span.String(paid.length)), clause, sla.Remedy{Service: r.Service})
	}
	if !r.Sum.IsZero() {
		add("fixed sum", "", sla.Remedy{Sum: r.Sum})
	}
	if lines > 1 {
		a.add(stepPrice, "total", inMajor(p.Base, p.Exact), "")
	}
}

// shownFee returns the exact fee as text.
func shownFee(base Money, exact Exact) string {
	if exact.IsZero() {
		return base.String()
	}
	return inMajor(base, exact)
}

// inMajor returns an exact amount with its currency.
func inMajor(of Money, e Exact) string { return of.Currency() + " " + e.shown() }

// limits adds the steps on limits. The length is the time that the fee pays
// for.
func (a *account) limits(number int, limits []Limit, length time.Duration) {
	for _, limit := range limits {
		base := shownFee(limit.Base, limit.Fee)
		text := fmt.Sprintf("at most %v of %s", limit.Agreed.Percent, base)
		if !limit.Agreed.Service.IsZero() || !limit.Agreed.Sum.IsZero() || limit.Agreed.PerOutage || limit.Agreed.Months > 0 {
			by := fmt.Sprintf("of service at %s for %s", base, span.String(length))
			text = strings.NewReplacer("the fee", base, "of service", by).Replace(limit.Agreed.String())
		}
		if limit.Binds {
			text += ", which applies"
		}
		a.add(number, text, limit.Amount.String(), limit.Agreed.Clause)
		if limit.Agreed.Months > 0 || !limit.Drawn.IsZero() {
			a.add(number, "given before", inMajor(limit.Base, limit.Drawn), "")
			a.add(number, "left", inMajor(limit.Base, Exact{limit.left()}), "")
		}
	}
}

// minimum adds the step on the sum that a credit must exceed.
func (a *account) minimum(when string, c Credit) {
	text := fmt.Sprintf("%sissued only above %v", when, c.Above)
	value := c.Amount
	if !c.Claimed.IsZero() {
		text, value = fmt.Sprintf("%spart to be claimed, issued only above %v", when, c.Above), c.Claimed
	}
	if !c.Withheld.IsZero() {
		text, value = text+", so withheld", c.Withheld
	}
	a.add(stepMinimum, text, value.String(), "/above")
}

// credit adds the steps on the amount, and on the amount at worst if it
// differs.
func (a *account) credit(c Credit) {
	var worst Credit
	differs := c.worst != nil
	if differs {
		worst = *c.worst
	}
	a.add(stepPrice, "total before rounding", inMajor(c.Amount, c.Sum), "")
	if differs {
		a.add(stepPrice, ifDown+"total before rounding", inMajor(c.Amount, worst.Sum), "")
	}
	a.add(stepRound, "rounded once, half away from zero", c.Rounded.String(), "")
	if differs {
		a.add(stepRound, ifDown+"rounded once", worst.Rounded.String(), "")
	}
	length := c.Period.Length() // if it matters, all fees pay for the same length
	if len(c.Parts) > 0 {
		length = c.Parts[0].Length
	}
	a.limits(stepOverallLimit, c.Limits, length)
	for _, limit := range worst.Limits {
		if limit.Binds {
			a.add(stepOverallLimit, ifDown+"the limit leaves", inMajor(c.Amount, Exact{limit.left()}), limit.Agreed.Clause)
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
		for _, p := range c.Parts {
			if !p.Amount.IsZero() {
				a.add(stepSplit, "of which for "+p.name(), p.Amount.String(), "")
			}
		}
	}
}
