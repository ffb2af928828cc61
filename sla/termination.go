package sla

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/sla/calendar"
)

// An Termination is a right to terminate the contract.
type Termination struct {
	// If is the history that gives the right.
	If Pattern `json:"if"`

	// Notice is the deadline for giving notice: "30d after period", counted from
	// the last of the periods, or "30d after outage". Zero: none.
	Notice calendar.Deadline `json:"notice,omitempty"`
}

// A TerminationRight is the right of a customer to terminate the contract, with its evidence.
type TerminationRight struct {
	Resource   string `json:"resource,omitempty"`   // or group of resources, whose history it is
	Commitment string `json:"commitment,omitempty"` // name
	Clause     string `json:"clause"`               // JSON pointer to the clause

	// Undecided means that the right exists only if the resource was down while
	// it was unobserved, or if an ongoing outage ends in time.
	Undecided bool `json:"undecided,omitempty"`

	// Since is the end of the period or outage that completed the history. Of an
	// ongoing outage it is the end of what is known of it. If the right is
	// undecided, it is the instant at which the right may have begun.
	Since time.Time `json:"since"`

	// Periods or Outages are the evidence, in order. If the right is undecided,
	// they are all that may count; an unobserved stretch is then one outage,
	// without records if nothing in it is known. Rights share these lists: do not
	// change them.
	Periods []calendar.Period `json:"periods,omitempty"`
	Outages []Run             `json:"outages,omitempty"`

	// Notice is the deadline for giving notice. [TerminationRight.Until] computes it from the
	// marks. "period" is the end of the period that completed the history; "outage"
	// and "start of outage" are those of the outage, as far as they are known. Add
	// your own marks before.
	Notice calendar.Deadline `json:"notice,omitempty"`
	Marks  calendar.Marks    `json:"marks,omitempty"`
}

// Terminations returns every right to terminate that the histories of resources give: in
// the order in which each resource first appears, then by commitments and clauses
// in their order, then by time. Each period or outage that completes a pattern
// gives a right with a notice of its own. If a clause gives no right, its pattern
// is not met.
//
// The verdicts on a resource, or on a group that is measured as one, are its
// history. They must cover consecutive periods without a gap. Nothing before them
// counts: begin with the first period of the contract, or as far back as the
// patterns look. Nothing after them counts either: an outage that goes on past
// the last verdict has not ended yet, and gives a right, as an open outage, only
// if the part before the end is enough.
//
// Verdicts on several resources may come together, in the order of
// [Terms.JudgeAll] for one month after another. Each resource has a history of
// its own: three resources that each miss a promise once are not three misses.
// For a promise on several resources together, the commitment has a scope, and
// the group has the history.
//
// A commitment that covers none of the verdicts on a resource gives no right for
// it. It is an error if it covers only some of them, if a verdict is of another
// agreement, or if there is a gap between the periods.
func (t *Terms) Terminations(verdicts []Verdict) ([]TerminationRight, error) {
	if t == nil {
		return nil, fmt.Errorf("sla: terminations: %w", errNil)
	}
	rights, err := t.terminations(verdicts)
	if err != nil {
		return nil, fmt.Errorf("sla: terminations of agreement %s: %w", numeral.Shorten(t.agreement.Name), err)
	}
	return rights, nil
}

func (t *Terms) terminations(verdicts []Verdict) ([]TerminationRight, error) {
	var faults []error
	var names []string
	histories := map[string][]int{} // by resource, the indices of the verdicts on it
	for i, v := range verdicts {
		before := histories[v.Resource]
		if len(before) == 0 {
			names = append(names, v.Resource)
		}
		if problem := t.follows(v, verdicts, before); problem != nil {
			faults = append(faults, fmt.Errorf("verdicts[%d]: %w", i, problem))
		}
		histories[v.Resource] = append(before, i)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	var rights []TerminationRight
	for _, name := range names {
		for _, c := range t.commitments {
			if len(c.terminations) == 0 {
				continue
			}
			history, err := c.history(verdicts, histories[name])
			if err != nil {
				return nil, err
			}
			if len(history) > 0 {
				rights = append(rights, c.rights(name, history)...)
			}
		}
	}
	return rights, nil
}

// rights returns the rights that the history of a resource gives under c.
func (c *commitment) rights(resource string, history []Finding) []TerminationRight {
	var rights []TerminationRight
	for i := range history { // rights share lists with each other, not with the verdicts
		history[i].Measurement.Outages = cloneRuns(history[i].Measurement.Outages)
	}
	for _, e := range c.terminations {
		matches := e.pattern.matches(history)
		slices.SortStableFunc(matches, func(m, n match) int { return m.since.Compare(n.since) })
		for _, m := range matches {
			rights = append(rights, TerminationRight{resource, c.name, e.clause, m.undecided, m.since, m.periods, m.outages, e.notice, m.marks})
		}
	}
	return rights
}

// follows returns the reason why a verdict is not the next in the history of its
// resource; the indices of the verdicts before it are given.
func (t *Terms) follows(v Verdict, verdicts []Verdict, before []int) error {
	switch {
	case v.Agreement != t.agreement.Name:
		return fmt.Errorf("agreement: %s is another", numeral.Shorten(v.Agreement))
	case v.Period.Err() != nil:
		return v.Period.Err()
	}
	for i, f := range v.Findings {
		if !slices.ContainsFunc(t.commitments, func(c commitment) bool { return c.clause == f.Clause && c.name == f.Commitment }) {
			return fmt.Errorf("findings[%d]: no commitment of the agreement is %s and named %s", i, numeral.Shorten(f.Clause), numeral.Shorten(f.Commitment))
		}
	}
	if len(before) == 0 {
		return nil
	}
	last := verdicts[before[len(before)-1]]
	if end, start := last.Period.Window().End(), v.Period.Window().Start(); !start.Equal(end) {
		return fmt.Errorf("period: begins at %s, and the one before on %s ends at %s",
			start.Format(time.RFC3339Nano), numeral.Shorten(v.Resource), end.Format(time.RFC3339Nano))
	}
	return nil
}

// history returns the findings on c of the verdicts with some indices, which are
// on one resource. It returns none if c covers none of them.
func (c *commitment) history(verdicts []Verdict, of []int) ([]Finding, error) {
	var history []Finding
	without := -1
	for _, i := range of {
		f, found, err := c.finding(verdicts[i])
		switch {
		case err != nil:
			return nil, fmt.Errorf("verdicts[%d]: %w", i, err)
		case found:
			history = append(history, f)
		case without < 0:
			without = i
		}
	}
	if without >= 0 && len(history) > 0 {
		return nil, fmt.Errorf("verdicts[%d]: findings: none on %s, as other verdicts on %s have", without, c.clause, numeral.Shorten(verdicts[without].Resource))
	}
	return history, nil
}

// finding returns the finding of a verdict on c, if there is one.
func (c *commitment) finding(v Verdict) (f Finding, found bool, err error) {
	for i, f := range v.Findings {
		m := f.Measurement
		switch {
		case f.Clause != c.clause:
		case f.Promise != c.source.Promise:
			return Finding{}, false, fmt.Errorf("findings[%d]: not on %s", i, c.clause)
		case m.Period != v.Period || m.Resource != v.Resource:
			return Finding{}, false, fmt.Errorf("findings[%d]: measurement: of another resource or period than the verdict", i)
		default:
			return f, true, nil
		}
	}
	return Finding{}, false, nil
}

// Until returns the first instant at which notice is too late, or the zero time
// if there is none. The errors are those of [calendar.Deadline.Until].
func (r TerminationRight) Until(c calendar.Workdays) (time.Time, error) {
	if r.Notice == "" {
		return time.Time{}, nil
	}
	return r.Notice.Until(r.Marks, c)
}

// String returns since when the right exists, and its evidence. Resource states
// whose right it is.
func (r TerminationRight) String() string {
	text := "since " + r.Since.Format(time.RFC3339Nano)
	if r.Undecided {
		text = "undecided, " + text
	}
	var evidence []string
	for _, p := range r.Periods {
		evidence = append(evidence, p.String())
	}
	for _, o := range r.Outages {
		evidence = append(evidence, o.Window.String())
	}
	return text + ": " + strings.Join(evidence, ", ")
}

// An termination is a compiled [Termination].
type termination struct {
	clause  string
	source  Termination
	pattern pattern
	notice  calendar.Deadline
}

// terminations reads the terminations of a commitment.
func (c *compiler) terminations(at path, source []Termination) []termination {
	var all []termination
	for i, e := range source {
		at := at.key("termination").index(i)
		all = append(all, termination{at.pointer, e, c.pattern(at.key("if"), e.If), e.Notice})
		c.deadline(at.key("notice"), e.Notice)
	}
	return all
}

// english states when the contract may be terminated.
func (e termination) english() []string {
	text := "The contract may be terminated if " + e.pattern.english(e.source.If)
	if e.notice != "" {
		text += "; notice must be given " + e.notice.English()
	}
	return []string{text + "."}
}

// words adds the mark at which the notice starts.
func (e termination) words(add addWord) { add.deadline(e.notice, e.clause+"/notice") }

// direct is true: rights follow from verdicts, and decide on no moment.
func (termination) direct() bool { return true }
