package credit

import (
	"fmt"
	"slices"
	"time"

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
	stepLength       = 6
	stepExcuse       = 7
	stepCut          = 8
	stepDue          = 9
	stepAvailability = 10
	stepRemedy       = 12
	stepPrice        = 13
	stepRound        = 15
	stepOverallCap   = 16
	stepSplit        = 18
)

// stepOf holds the step that decides the state of a stretch of time.
var stepOf = map[sla.State]int{sla.Unknown: stepRecords, sla.Up: stepLength, sla.Excused: stepExcuse, sla.Outside: stepCut, sla.Down: stepCut}

// Account returns every step from the length of the measured period to the
// amount, for each credit in order.
func (s Statement) Account() []Step {
	var steps []Step
	groups := byAgreement(s.Verdicts)
	for i, c := range s.Credits {
		parts := c.Parts
		var verdicts []sla.Verdict
		if i < len(groups) { // as in every statement that was made or read, but not in every literal
			verdicts = groups[i]
		}
		for _, v := range verdicts {
			for _, f := range v.Findings[:min(len(v.Findings), len(parts))] {
				a := account{subject: subject(c.Agreement, v.Resource, f.Commitment)}
				a.finding(f, v.Period)
				a.part(parts[0], f)
				parts = parts[1:]
				slices.SortStableFunc(a.steps, func(x, y Step) int { return x.Number - y.Number })
				steps = append(steps, a.steps...)
			}
		}
		a := account{subject: c.Agreement}
		a.credit(c)
		steps = append(steps, a.steps...)
	}
	return steps
}

// subject names what a step is about, leaving out what has no name.
func subject(agreement, resource, commitment string) string {
	text := agreement
	for i, name := range []string{resource, commitment} {
		if name != "" && text != "" {
			text += []string{": ", ", "}[i]
		}
		text += name
	}
	return text
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
func (a *account) finding(f sla.Finding, billing sla.Period) {
	m := f.Measurement
	for _, member := range m.Members {
		a.add(stepCut, "down of "+member.Resource, span.String(member.Down), "")
	}
	if !m.AsOf.IsZero() {
		a.add(stepRecords, "records as of "+m.AsOf.Format(time.RFC3339Nano), "", "")
	}
	if m.Period != billing {
		a.steps = append(a.steps, Step{Number: stepCut, Subject: a.subject, Text: "what is measured", Value: span.String(m.Period.Length()), Window: m.Period.Window()})
	}
	for _, p := range m.Pieces {
		if p.State == sla.Up && p.Reason == "" {
			continue
		}
		text := fmt.Sprintf("%v: %s", p.State, p.Reason)
		if p.Share != "" {
			text += fmt.Sprintf(", counts by %s of %s", p.Share, span.String(p.Window.Length()))
		}
		step := Step{stepOf[p.State], a.subject, text, span.String(p.Length()), p.Window, p.Records, p.Clause}
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
	if m.DownAtMost == m.Down {
		a.add(stepAvailability, "available, (due − down) / due, floored", m.Availability().String(), "")
	} else {
		a.add(stepAvailability, "available if unknown time was up, floored", m.Availability().String(), "")
		a.add(stepAvailability, "available if it was down, floored", m.AvailabilityAtLeast().String(), "")
	}
	a.add(stepRemedy, "promised: "+string(f.Promise), f.Outcome.String(), f.Clause)
	if m.DownAtMost != m.Down {
		a.add(stepRemedy, "unknown time that would count as down", span.String(m.DownAtMost-m.Down), "")
	}
	a.add(stepRemedy, "allowed", span.String(f.Allowed), f.Clause)
	if f.Margin() < 0 {
		a.add(stepRemedy, "over what is allowed", span.String(-f.Margin()), "")
	} else {
		a.add(stepRemedy, "to spare", span.String(f.Margin()), "")
	}
}

// part accounts for what one commitment gives for one resource.
func (a *account) part(p Part, f sla.Finding) {
	e := f.Entitlement
	switch {
	case e.Clause == "" && e.Percent.IsZero():
		a.add(stepRemedy, "entitlement", "none", "")
		return
	case e.Row.Per != "":
		a.add(stepRemedy, fmt.Sprintf("%d × %s per %s", e.Steps, e.Row.Give, e.Row.Per), e.Percent.String(), e.Clause)
	default:
		text := "on a breach"
		if e.Row.When != "" {
			text = string(e.Row.When)
		}
		a.add(stepRemedy, text, e.Percent.String(), e.Clause)
	}
	a.add(stepPrice, fmt.Sprintf("%v of %v", p.Percent, p.Base), p.Base.Currency()+" "+p.Exact.String(), "")
	a.caps(stepPrice, p.Caps)
}

// caps accounts for limits.
func (a *account) caps(number int, caps []Cap) {
	for _, cap := range caps {
		text := fmt.Sprintf("at most %v of %v", cap.Limit.Percent, cap.Base)
		if cap.Binds {
			text += ", which binds"
		}
		a.add(number, text, cap.Amount.String(), cap.Limit.Clause)
	}
}

// credit accounts for the amount.
func (a *account) credit(c Credit) {
	a.add(stepPrice, "owed in all, exactly", c.Amount.Currency()+" "+c.Sum.String(), "")
	a.add(stepRound, "rounded once, half away from zero", c.Rounded.String(), "")
	a.caps(stepOverallCap, c.Caps)
	a.add(stepSplit, "credit", c.Amount.String(), "")
	if c.AmountAtMost != c.Amount {
		a.add(stepSplit, "credit if all unknown time was down", c.AmountAtMost.String(), "")
	}
	if len(c.Parts) > 1 {
		for _, p := range c.Parts {
			if !p.Amount.IsZero() {
				a.add(stepSplit, "of which for "+subject("", p.Resource, p.Commitment), p.Amount.String(), "")
			}
		}
	}
}
