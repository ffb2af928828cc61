package credit

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// A claim has a verdict and an instant, and comes once.
func TestClaimFaults(t *testing.T) {
	v := judge(t, plain("a", flat("10%")), "web", time.Hour)
	at, open := june.Window().End(), sla.Standing{Stage: sla.Open}
	recorded := outage.Revision{Record: outage.Outage{ID: "o-1", Start: at}, Number: 1, Known: at, By: "monitor"}
	_, err := NewStatement(Bill{
		Customer: "acme", Period: june, Charges: []Charge{charge("web", "USD 1.00")}, Verdicts: []sla.Verdict{v},
		Claims: []Claim{
			{Agreement: "a", At: at, Standing: open},
			{Agreement: "a", At: at, Standing: open},
			{Agreement: "b", At: at, Standing: open},
			{Agreement: "a", Commitment: "x\n", Standing: open},
			{Agreement: "a", At: at, Window: outage.MustWindow(at, at.Add(1)), Standing: sla.Standing{Stage: 99}},
			{Agreement: "a", At: at, Window: june.Window()},
		},
		Revisions: []outage.Revision{{}, recorded, recorded},
	})
	assert.EqualError(t, err, `credit: statement for "acme": claim "a": comes twice
claim "b": there is no verdict on it
claims[3]: "x\n" has a control character
claim "a: x\n": there is no verdict on it
claim "a: x\n": at: missing
claim "a: 2026-07-01T00:00:00Z/2026-07-01T00:00"…: window: it was not measured on its own
claim "a: 2026-07-01T00:00:00Z/2026-07-01T00:00"…: json: error calling MarshalText for type sla.Stage: sla: writing stage: Stage(99) is not known
claim "a: 2026-06-01T00:00:00Z/2026-07-01T00:00"…: standing: missing; leave out the claim if the credit need not be claimed
revisions[0]: outage: revision "" #0: record: a record of type <nil>, not Outage, Maintenance, Traffic, Coverage or Lifetime
revisions[2]: "o-1" #1 comes twice`)
}

// Revisions and standings of claims are read back, and share no memory with the
// caller. Neither changes an owed amount.
func TestClaimsAndRevisionsAreKept(t *testing.T) {
	s := corrected(t)
	b := s.bill()
	kept := sla.Must(NewStatement(b))
	b.Claims[0].Agreement, b.Revisions[0].By = "other", "other"
	assert.Equal(t, corrected(t).Text(), kept.Text())

	s = corrected(t)
	data, err := json.Marshal(s)
	require.NoError(t, err)
	var read Statement
	require.NoError(t, json.Unmarshal(data, &read))
	assert.Equal(t, corrected(t).Text(), read.Text())
	assert.Len(t, read.Revisions, 4)
	assert.Len(t, read.Claims, 2)

	b = corrected(t).bill()
	b.Claims, b.Revisions = nil, nil
	bare := sla.Must(NewStatement(b))
	assert.Equal(t, sla.Must(s.figures()), sla.Must(bare.figures()))
}
