package credit

import (
	"encoding/json"
	"time"

	"github.com/slacredit/slacredit/internal/label"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// A Claim states the standing of a claim for a commitment's credit at an
// instant, including its deadline. It is shown on the statement. No amount and
// no fingerprint follows from it.
type Claim struct {
	Agreement  string `json:"agreement"`
	Commitment string `json:"commitment,omitempty"` // its name

	// Window is the claimed outage, if each outage has a deadline of its own.
	Window outage.Window `json:"window,omitzero"`

	At       time.Time    `json:"at"`       // the instant of the standing
	Standing sla.Standing `json:"standing"` // as [sla.Terms.Standing] returns it for that instant
}

// subject returns the name of the claimed commitment and outage.
func (c Claim) subject() string { return subject("", c.Commitment, c.Window.String()) }

// checkClaims reports claims that have no verdict, and claims without content.
func (b Bill) checkClaims(f *faults) {
	seen := map[Claim]bool{}   // without their standing
	judged := map[Claim]bool{} // whole commitments, and windows measured on their own
	for _, v := range b.Verdicts {
		for _, finding := range v.Findings {
			of := Claim{Agreement: v.Agreement, Commitment: finding.Commitment}
			judged[of] = true
			of.Window = finding.Measurement.Period.Window()
			judged[of] = true
		}
	}
	for i, c := range b.Claims {
		at := "claim " + numeral.Shorten(subject(c.Agreement, c.subject()))
		whole := Claim{Agreement: c.Agreement, Commitment: c.Commitment}
		of := whole
		of.Window = c.Window
		if problem := label.Problem(c.subject()); problem != "" {
			f.Add("claims[%d]: %s", i, problem)
		}
		switch {
		case !judged[whole]:
			f.Add("%s: there is no verdict on it", at)
		case !judged[of]:
			f.Add("%s: window: it was not measured on its own", at)
		}
		if c.At.IsZero() {
			f.Add("%s: at: missing", at)
		}
		if c.Standing == (sla.Standing{}) {
			f.Add("%s: standing: missing; leave out the claim if the credit need not be claimed", at)
		} else if _, err := json.Marshal(c); err != nil {
			f.Add("%s: %w", at, err)
		}
		if seen[of] {
			f.Add("%s: comes twice", at)
		}
		seen[of] = true
	}
}

// checkRevisions reports revisions that cannot be in a log.
func (b Bill) checkRevisions(f *faults) {
	seen := map[outage.Ref]bool{}
	for i, r := range b.Revisions {
		if _, err := r.MarshalJSON(); err != nil {
			f.Add("revisions[%d]: %w", i, err)
		} else if seen[r.Ref()] {
			f.Add("revisions[%d]: %v comes twice", i, r.Ref())
		} else {
			seen[r.Ref()] = true
		}
	}
}

// claims adds the steps on the claims for a credit.
func (a *account) claims(claims []Claim) {
	for _, c := range claims {
		text, clause := "claim", ""
		if s := c.Standing; !s.Opens.IsZero() || !s.NoticeBy.IsZero() || !s.By.IsZero() {
			clause = "/claims"
		}
		if name := c.subject(); name != "" {
			text += " for " + name
		}
		a.add(stepClaim, text+" as of "+c.At.UTC().Format(time.RFC3339Nano), c.Standing.String(), clause)
	}
}
