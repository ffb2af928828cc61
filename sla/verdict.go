package sla

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A Verdict says what one agreement makes of one resource in one period.
type Verdict struct {
	Agreement string // the name of the agreement
	Note      string // and its note
	Resource  string
	Period    calendar.Period

	// Findings are those on the commitments, in their order: one on each
	// measured period that ended in Period, which is Period itself unless a
	// commitment says otherwise.
	Findings []Finding

	// Quiet are the commitments that cover the resource and of which nothing was
	// measured that ended in Period: no outage, no quarter.
	Quiet []Quiet

	// Limits bound what the findings of all resources give together: shares of
	// all charges that are judged under the agreement.
	Limits []Limit

	// Above is the sum that the credit under the agreement must exceed to be
	// issued, but for what is automatic. Zero: every credit is.
	Above Sum
}

// Clone returns a copy of v that shares nothing with it.
func (v Verdict) Clone() Verdict {
	v.Limits, v.Findings, v.Quiet = slices.Clone(v.Limits), slices.Clone(v.Findings), slices.Clone(v.Quiet)
	for i := range v.Findings {
		v.Findings[i] = v.Findings[i].Clone()
	}
	for i := range v.Quiet {
		q := &v.Quiet[i]
		q.Base, q.Labels = q.Base.clone(), maps.Clone(q.Labels)
	}
	return v
}

// A Quiet commitment is one of which nothing was measured. It gives nothing, and
// says which charges are for what it covers.
type Quiet struct {
	Commitment string            `json:"commitment,omitempty"` // its name
	Clause     string            `json:"clause"`               // JSON pointer to it
	Base       Base              `json:"base,omitzero"`        // what the fee would be of
	Labels     map[string]string `json:"labels,omitempty"`     // as in a Finding
	AsOf       time.Time         `json:"asOf,omitzero"`        // as in a Measurement
}

// ErrUncovered is the error of judging resources of which an agreement covers
// none. It names what the scopes ask for, and labels that come close.
var ErrUncovered = errors.New("no resource is covered")

// Judge measures a resource over a period in the terms of each commitment and
// decides on the exact figures. An empty period is an error.
//
// Where the agreement combines resources, what is judged is the group that the
// labels of the resource name, of which it is the only member; several things to
// judge at once, such as the resource and its group, ask for [Terms.JudgeAll], and
// so does a resource that the agreement does not cover: both are errors.
func (t *Terms) Judge(timeline outage.Timeline, p calendar.Period) (Verdict, error) {
	verdicts, err := t.JudgeAll([]outage.Timeline{timeline}, p)
	switch {
	case err != nil:
		return Verdict{}, err
	case len(verdicts) == 0: // nothing is promised
		return t.verdict(timeline.Resource(), p), nil
	case len(verdicts) > 1:
		names := make([]string, len(verdicts))
		for i, v := range verdicts {
			names[i] = numeral.Shorten(v.Resource)
		}
		return Verdict{}, fmt.Errorf("sla: judging %s under %s: %d things are judged, %s; use JudgeAll", numeral.Shorten(timeline.Resource()),
			numeral.Shorten(t.agreement.Name), len(verdicts), strings.Join(names, " and "))
	}
	return verdicts[0], nil
}

// JudgeAll judges resources over some periods: a verdict for each target that a
// commitment measures and for each period, by the names of the things and then in
// the order of the periods, with a finding for each commitment that covers it.
//
// Two resources of one name are an error, and so is a resource without a label
// that a level asks for. Resources of which no commitment covers any are an error
// too ([ErrUncovered]), since a label that is spelled otherwise covers nothing;
// without resources there are no verdicts. In which order they come changes
// nothing. [Terms.Check] says which words of some resources, and of their records,
// match none of the agreement.
func (t *Terms) JudgeAll(timelines []outage.Timeline, periods ...calendar.Period) ([]Verdict, error) {
	if t == nil {
		return nil, fmt.Errorf("sla: judging resources: %w", errNil)
	}
	fail := func(err error) error {
		return fmt.Errorf("sla: judging under %s: %w", numeral.Shorten(t.agreement.Name), err)
	}
	failOn := func(name string, err error) error {
		return fmt.Errorf("sla: judging %s under %s: %w", numeral.Shorten(name), numeral.Shorten(t.agreement.Name), err)
	}
	resources := slices.SortedFunc(slices.Values(timelines), func(a, b outage.Timeline) int {
		return strings.Compare(a.Resource(), b.Resource())
	})
	for i := 1; i < len(resources); i++ {
		if name := resources[i].Resource(); name == resources[i-1].Resource() {
			return nil, fail(fmt.Errorf("resource %s comes twice", numeral.Shorten(name)))
		}
	}
	for _, p := range periods {
		if err := p.Err(); err != nil {
			return nil, fail(err)
		}
	}
	verdicts := map[string][]Verdict{}
	covered := len(resources) == 0 || len(t.commitments) == 0
	for i := range t.commitments {
		c := &t.commitments[i]
		targets, err := c.targets(resources)
		if err != nil {
			return nil, fail(fmt.Errorf("%s: %w", c.clause, err))
		}
		covered = covered || len(targets) > 0
		for _, n := range targets {
			measured, err := c.measure(n, periods)
			if err != nil {
				return nil, failOn(n.name, fmt.Errorf("%s: %w", c.clause, err))
			}
			all := verdicts[n.name]
			if all == nil {
				for _, p := range periods {
					all = append(all, t.verdict(n.name, p))
				}
				verdicts[n.name] = all
			}
			for j := range all {
				if err := all[j].add(c, measured[j], n.shared(), n.names(), n.asOf()); err != nil {
					return nil, failOn(n.name, err)
				}
			}
		}
	}
	if !covered {
		return nil, fail(t.uncovered(resources))
	}
	all := make([]Verdict, 0, len(verdicts)*len(periods))
	for _, name := range slices.Sorted(maps.Keys(verdicts)) {
		all = append(all, verdicts[name]...)
	}
	return all, nil
}

// add adds what a commitment makes of what was measured of a target with some
// labels. Where the agreement does not say of which period the fee is, it is an
// error that the measured period is not the billing period.
func (v *Verdict) add(c *commitment, measured []measured, labels map[string]string, members []string, asOf time.Time) error {
	for _, m := range measured {
		if c.ofWhich && m.Period.Window() != v.Period.Window() {
			return fmt.Errorf(`%s/base/window: missing; the measured period, %v, is not the billing period, %v: write "measured" for the fee of the one, or "billed" for that of the other`,
				c.clause, m.Period, v.Period)
		}
		f := c.judge(m.Measurement)
		f.Labels, f.Cycles = maps.Clone(labels), c.cycles(v.Period, m.Period)
		f.Unlived, f.Members = slices.Collect(m.unlived.All()), slices.Clone(members)
		v.Findings = append(v.Findings, f)
	}
	if len(measured) == 0 {
		v.Quiet = append(v.Quiet, Quiet{c.name, c.clause, c.source.Base.clone(), maps.Clone(labels), asOf})
	}
	return nil
}

// verdict returns a verdict without findings.
func (t *Terms) verdict(name string, p calendar.Period) Verdict {
	return Verdict{Agreement: t.agreement.Name, Note: t.agreement.Note, Resource: name, Period: p, Limits: slices.Clone(t.caps), Above: t.above}
}

// Outcome returns Missed if a promise was broken, else Undecided if one is
// undecided, else Met if one was kept, and None without any, as in a month in
// which no quarter ended.
func (v Verdict) Outcome() Outcome {
	worst := None
	for _, f := range v.Findings {
		switch {
		case f.Outcome == Missed:
			return Missed
		case f.Outcome == Undecided, worst == None:
			worst = f.Outcome
		}
	}
	return worst
}

// WithoutBreach reports whether a finding gives something without a breach
// ([Finding.WithoutBreach]).
func (v Verdict) WithoutBreach() bool { return slices.ContainsFunc(v.Findings, Finding.WithoutBreach) }

// String returns the findings on one line, and without one that nothing was
// promised or that nothing that is measured ended in the period, as a quarter does
// in four months of the year.
func (v Verdict) String() string {
	switch {
	case len(v.Findings) == 0 && len(v.Quiet) > 0:
		return fmt.Sprintf("%v: nothing that is measured ended in %v", None, v.Period)
	case len(v.Findings) == 0:
		return fmt.Sprintf("%v: nothing was promised", None)
	}
	texts := make([]string, len(v.Findings))
	for i, f := range v.Findings {
		texts[i] = f.String()
		if f.Commitment != "" {
			texts[i] = f.Commitment + " " + texts[i]
		}
	}
	return strings.Join(texts, "; ")
}
