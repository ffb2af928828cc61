package sla

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/enum"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/sla/calendar"
)

// Claims state what a customer must do to get a credit. Zero: nothing, the credit
// is owed without a claim.
type Claims struct {
	// Notice is the deadline for reporting the incident, before or with the
	// claim: "5bd after outage". Zero: a claim is enough.
	Notice calendar.Deadline `json:"notice,omitempty"`

	// NotBefore is the deadline that must be over before a claim can be made: "0d
	// after period" for the end of the period, "5bd after period" for the sixth
	// business day. Zero: at once.
	NotBefore calendar.Deadline `json:"notBefore,omitempty"`

	// By is the deadline for the claim: "30d after period". Zero: none.
	By calendar.Deadline `json:"by,omitempty"`

	// Requires lists for readers what a claim must contain: "request logs".
	Requires []string `json:"requires,omitempty"`
}

func (c Claims) clone() Claims {
	c.Requires = slices.Clone(c.Requires)
	return c
}

// A Payment states in which form a credit is given, and when. Zero: as money off
// the next invoice, at once, without expiry.
type Payment struct {
	// Forms lists the forms that can be chosen: "refund", "credit".
	Forms []string `json:"forms,omitempty"`

	// By is the deadline for the provider to give the credit: "60d after claim".
	By calendar.Deadline `json:"by,omitempty"`

	// Expires is until when the credit can be used: "end of contract".
	Expires calendar.Deadline `json:"expires,omitempty"`
}

func (p Payment) clone() Payment {
	p.Forms = slices.Clone(p.Forms)
	return p
}

// A Standing states where a claim stands at an instant. It is computed anew from
// the marks for each instant. The zero Standing is that of a credit that need not
// be claimed.
type Standing struct {
	Stage Stage `json:"stage"`

	// Opens is the first instant at which a claim can be made, NoticeBy the first
	// at which a report is too late, and By the first at which a claim is too
	// late. Each is zero if the agreement has no such deadline.
	Opens    time.Time `json:"opens,omitzero"`
	NoticeBy time.Time `json:"noticeBy,omitzero"`
	By       time.Time `json:"by,omitzero"`

	// Reported means that a report was made before NoticeBy. A claim counts as a
	// report.
	Reported bool `json:"reported,omitempty"`
}

// A Stage is how far a claim has come.
type Stage int

// The closed set of stages. A claim is Late if it or the report before it was too
// late, and Claimed if both were in time.
const (
	NotNeeded Stage = iota
	NotYet
	Open
	Claimed
	Late
)

var stageNames = enum.Of("sla", "Stage", "not needed", "not yet", "open", "claimed", "late")

// String returns the stage in words.
func (s Stage) String() string { return stageNames.String(int(s)) }

// MarshalText returns the words of [Stage.String]; any other stage is an error.
func (s Stage) MarshalText() ([]byte, error) { return stageNames.MarshalText(int(s)) }

// UnmarshalText reads what [Stage.String] writes.
func (s *Stage) UnmarshalText(text []byte) error {
	v, err := stageNames.Parse(string(text))
	if err == nil {
		*s = Stage(v)
	}
	return err
}

// Standing returns where the claim for a credit of a commitment stands now. The
// marks are the starts of the deadlines of the agreement, "reported" if the
// customer has reported the incident, and "claim" if they have claimed the
// credit. A report or a claim after now does not count yet, and a claim before it
// opens does not count at all. Of several claims, pass the first that counts.
//
// If deadlines start from an outage, each outage has a standing of its own. It is
// an error if no commitment has the name, if now is the zero time, and if
// [calendar.Deadline.Until] returns one.
func (t *Terms) Standing(commitment string, marks calendar.Marks, c calendar.Workdays, now time.Time) (Standing, error) {
	if t == nil {
		return Standing{}, fmt.Errorf("sla: standing of a claim: %w", errNil)
	}
	s, err := t.standing(commitment, marks, c, now)
	if err != nil {
		return Standing{}, fmt.Errorf("sla: standing of a claim under %s: %w", numeral.Shorten(t.agreement.Name), err)
	}
	return s, nil
}

func (t *Terms) standing(name string, marks calendar.Marks, c calendar.Workdays, now time.Time) (Standing, error) {
	claims := t.agreement.Claims
	i := slices.IndexFunc(t.commitments, func(c commitment) bool { return c.name == name })
	switch {
	case i < 0:
		return Standing{}, fmt.Errorf("no commitment is named %s", numeral.Shorten(name))
	case now.IsZero():
		return Standing{}, errors.New("now is the zero time")
	case bool(t.commitments[i].unasked) || claims.none():
		return Standing{}, nil
	}
	var faults []error
	until := func(field string, d calendar.Deadline) time.Time {
		if d == "" {
			return time.Time{}
		}
		until, err := d.Until(marks, c)
		if err != nil {
			faults = append(faults, fmt.Errorf("claims.%s: %w", field, errors.Unwrap(err)))
		}
		return until
	}
	s := Standing{Opens: until("notBefore", claims.NotBefore), NoticeBy: until("notice", claims.Notice), By: until("by", claims.By)}
	if err := errors.Join(faults...); err != nil {
		return Standing{}, err
	}
	made := func(mark string, opens time.Time) (time.Time, bool) {
		at := marks[mark]
		return at, !at.IsZero() && !at.After(now) && !at.Before(opens)
	}
	for _, mark := range []string{"reported", "claim"} {
		at, isMade := made(mark, time.Time{})
		s.Reported = s.Reported || isMade && inTime(at, s.NoticeBy)
	}
	claim, claimed := made("claim", s.Opens)
	if !claimed {
		claim = now // at the earliest
	}
	s.Stage = s.stage(claim, claimed, now)
	return s, nil
}

// stage returns how far a claim has come at an instant. If the claim is not made
// yet, its time is now, the earliest that is possible.
func (s Standing) stage(claim time.Time, claimed bool, now time.Time) Stage {
	switch {
	case !s.Reported && !inTime(now, s.NoticeBy), !inTime(claim, s.By):
		return Late
	case claimed && s.Reported:
		return Claimed
	case now.Before(s.Opens):
		return NotYet
	}
	return Open
}

// inTime reports whether t comes before the first instant that is too late.
func inTime(t, until time.Time) bool { return until.IsZero() || t.Before(until) }

// String returns the stage and the deadlines that matter in it. If both a report
// and a claim were due, a late claim is explained by the earlier of the two
// deadlines.
func (s Standing) String() string {
	var due []string
	say := func(what string, t time.Time) {
		if !t.IsZero() {
			due = append(due, what+" "+t.Format(time.RFC3339Nano))
		}
	}
	switch {
	case s.Stage == Claimed:
		return "claimed in time"
	case s.Stage == Late && !s.Reported && !s.NoticeBy.IsZero() && (s.By.IsZero() || !s.NoticeBy.After(s.By)):
		say("a report was due before", s.NoticeBy)
	case s.Stage == Late:
		say("a claim was due before", s.By)
	default:
		if s.Stage == NotYet {
			say("opens", s.Opens)
		}
		if !s.Reported {
			say("report before", s.NoticeBy)
		}
		say("claim before", s.By)
	}
	if len(due) == 0 {
		return s.Stage.String()
	}
	return s.Stage.String() + ": " + strings.Join(due, ", ")
}

// none reports whether c requires nothing.
func (c Claims) none() bool {
	return c.Notice == "" && c.NotBefore == "" && c.By == "" && len(c.Requires) == 0
}

// claims reads how credits are claimed and given.
func (c *compiler) claims(a Agreement) {
	at := path{}.key("claims")
	c.deadline(at.key("notice"), a.Claims.Notice)
	c.deadline(at.key("notBefore"), a.Claims.NotBefore)
	c.deadline(at.key("by"), a.Claims.By)
	c.words(at.key("requires"), a.Claims.Requires)
	automatic := 0
	for i, commitment := range a.Commitments {
		if !commitment.Automatic {
			continue
		}
		automatic++
		if a.Claims.none() {
			c.fault(path{}.key("commitments").index(i).key("automatic"), errors.New("says nothing; no credit of the agreement has to be claimed"))
		}
	}
	if automatic == len(a.Commitments) && !a.Claims.none() {
		c.fault(at, errors.New("say nothing; no commitment has a credit that has to be claimed"))
	}
	at = path{}.key("payment")
	c.words(at.key("forms"), a.Payment.Forms)
	c.deadline(at.key("by"), a.Payment.By)
	c.deadline(at.key("expires"), a.Payment.Expires)
}

// deadline checks a deadline, which may be empty.
func (c *compiler) deadline(at path, d calendar.Deadline) {
	if d != "" {
		c.fault(at, errors.Unwrap(d.Validate()))
	}
}

// english states what a customer must do to get a credit.
func (c Claims) english() []string {
	var s sentences
	if c.Notice != "" {
		s.say("The incident must be reported %s.", c.Notice.English())
	}
	if c.NotBefore != "" {
		s.say("A claim can be made only once %s.", c.NotBefore.Over())
	}
	switch {
	case c.By != "":
		s.say("A credit must be claimed %s.", c.By.English())
	case !c.none():
		s.say("A credit must be claimed.")
	}
	if len(c.Requires) > 0 {
		s.say("The claim must contain: %s.", strings.Join(c.Requires, ", "))
	}
	return s
}

// words adds the marks from which the deadlines run.
func (c Claims) words(add addWord) {
	add.deadline(c.Notice, "/claims/notice")
	add.deadline(c.NotBefore, "/claims/notBefore")
	add.deadline(c.By, "/claims/by")
}

// english states how a credit is given.
func (p Payment) english() []string {
	var s sentences
	if len(p.Forms) > 0 {
		s.say("Form of payment: %s.", either(p.Forms))
	}
	if p.By != "" {
		s.say("The provider must give the credit %s.", p.By.English())
	}
	if p.Expires != "" {
		s.say("The credit can be used %s.", p.Expires.English())
	}
	return s
}

// words adds the marks from which the deadlines run.
func (p Payment) words(add addWord) {
	add.deadline(p.By, "/payment/by")
	add.deadline(p.Expires, "/payment/expires")
}

// An unasked is the compiled Automatic of a [Commitment].
type unasked bool

func (u unasked) english() []string {
	if u {
		return []string{"The credit is owed without a claim."}
	}
	return nil
}

func (unasked) words(addWord) {}

func (unasked) direct() bool { return true }
