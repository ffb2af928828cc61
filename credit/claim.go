package credit

import (
	"slices"
	"time"

	"github.com/slacredit/slacredit/internal/label"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// A Claim says on a statement where the claim for what a commitment gives stood
// at an instant, and so until when it can be made. It moves nothing: no amount
// and no fingerprint follows from it.
type Claim struct {
	Agreement  string `json:"agreement"`
	Commitment string `json:"commitment,omitempty"` // its name

	// Window is the outage that is claimed, where each has a deadline of its own.
	Window outage.Window `json:"window,omitzero"`

	At       time.Time    `json:"at"`       // when it stood so
	Standing sla.Standing `json:"standing"` // as [sla.Terms.Standing] returned it for that instant
}

// subject names what is claimed.
func (c Claim) subject() string { return subject("", c.Commitment, c.Window.String()) }

// checkClaims reports claims under no commitment that was judged.
func (b Bill) checkClaims(f *faults) {
	for i, c := range b.Claims {
		at := "claim " + numeral.Shorten(subject(c.Agreement, c.subject()))
		judged := slices.ContainsFunc(b.Verdicts, func(v sla.Verdict) bool {
			return v.Agreement == c.Agreement && slices.ContainsFunc(v.Findings, func(f sla.Finding) bool { return f.Commitment == c.Commitment })
		})
		if problem := label.Problem(c.subject()); problem != "" {
			f.add("claims[%d]: %s", i, problem)
		}
		if !judged {
			f.add("%s: there is no verdict on it", at)
		}
		if c.At.IsZero() {
			f.add("%s: at: missing", at)
		}
		if slices.ContainsFunc(b.Claims[:i], func(d Claim) bool {
			return d.Agreement == c.Agreement && d.Commitment == c.Commitment && d.Window == c.Window
		}) {
			f.add("%s: comes twice", at)
		}
	}
}

// claims accounts for where the claims for a credit stood.
func (a *account) claims(claims []Claim) {
	for _, c := range claims {
		text := "claim"
		if name := c.subject(); name != "" {
			text += " for " + name
		}
		a.add(stepClaim, text+" as of "+c.At.UTC().Format(time.RFC3339Nano), c.Standing.String(), "/claims")
	}
}
