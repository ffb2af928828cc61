package issue

import (
	"cmp"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

var june = calendar.Month(2026, time.June, time.UTC)

// plain returns an agreement of one commitment.
func plain(name string, c sla.Commitment, limits ...sla.Cap) sla.Agreement {
	return sla.Agreement{Name: name, Commitments: []sla.Commitment{c}, AtMost: limits}
}

// flat returns a commitment to 99.9 % with one row.
func flat(share sla.Quantity, limits ...sla.Cap) sla.Commitment {
	return sla.Commitment{Promise: "at least 99.9%", Credits: []sla.Tier{{Give: share}}, AtMost: limits}
}

// judge judges a resource that was down from the start of June on.
func judge(t require.TestingT, a sla.Agreement, resource string, down time.Duration) sla.Verdict {
	terms, err := a.Compile()
	require.NoError(t, err)
	start := june.Window().Start()
	timeline, err := outage.NewTimeline(outage.Outage{ID: "o-" + resource, Resource: resource, Start: start, End: start.Add(down)})
	require.NoError(t, err)
	v, err := terms.Judge(timeline, june)
	require.NoError(t, err)
	return v
}

// points returns a percentage.
func points(text string) sla.Percent {
	var p sla.Percent
	if err := p.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
	return p
}

// charge returns a charge for a resource.
func charge(resource, amount string) credit.Charge {
	return credit.Charge{ID: "line " + resource, Resource: resource, Amount: credit.MustMoney(amount)}
}

// state returns the statement of a customer for June.
func state(t require.TestingT, charges []credit.Charge, verdicts ...sla.Verdict) credit.Statement {
	return stated(t, credit.Bill{Customer: "acme", Period: june, Charges: charges, Verdicts: verdicts})
}

// stated returns the statement on a bill.
func stated(t require.TestingT, b credit.Bill) credit.Statement {
	s, err := credit.NewStatement(b)
	require.NoError(t, err)
	return s
}

// billOf returns the bill that a statement is on.
func billOf(s credit.Statement) credit.Bill {
	return credit.Bill{
		Customer: s.Customer, Contract: s.Contract, Period: s.Period, Charges: s.Charges, Verdicts: s.Verdicts,
		Prior: s.Prior, Claims: s.Claims, Revisions: s.Revisions,
	}
}

// stored returns a statement of package credit, as it is written.
func stored(t require.TestingT, name string) credit.Statement {
	data, err := os.ReadFile("../testdata/" + name)
	require.NoError(t, err)
	var s credit.Statement
	require.NoError(t, json.Unmarshal(data, &s))
	return s
}

// minor returns an amount in minor units.
func minor(n int64, currency string) credit.Money {
	return sla.Must(credit.MoneyFromMinor(n, currency))
}

// add adds minor units to an amount.
func add(m *credit.Money, n int64) {
	*m = minor(m.MinorUnits()+n, cmp.Or(m.Currency(), "USD"))
}

// golden compares a text with a file, or writes it.
func golden(t *testing.T, name, got string) {
	name = "testdata/" + name
	if os.Getenv("WRITE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile(name, []byte(got), 0o600))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}
