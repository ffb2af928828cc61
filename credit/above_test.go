package credit

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/sla"
)

// claimedAndNot returns an agreement with two shares: one has to be claimed,
// the other is automatic.
func claimedAndNot(claimed, automatic, above sla.Quantity, atMost ...sla.Cap) sla.Agreement {
	return sla.Agreement{
		Name: "cloud", Above: above, AtMost: atMost, Claims: sla.Claims{By: "30d after period"},
		Commitments: []sla.Commitment{
			{Name: "claimed", Promise: "exactly 100%", Credits: []sla.Tier{{Give: claimed}}},
			{Name: "automatic", Promise: "exactly 100%", Credits: []sla.Tier{{Give: automatic}}, Automatic: true},
		},
	}
}

// Only the amount that has to be claimed must exceed the sum. Automatic credits
// are issued whatever their size, and do not lift the rest above the sum.
func TestAboveBoundsOnlyClaimedCredits(t *testing.T) {
	for name, tt := range map[string]struct {
		agreement                 sla.Agreement
		amount, claimed, withheld string
		parts                     string
	}{
		"automatic alone":              {claimedAndNot("0%", "0.5%", "1USD"), "USD 0.50", "USD 0.00", "", "claimed web 0.00, automatic web 0.50"},
		"both are less":                {claimedAndNot("0.8%", "0.5%", "1USD"), "USD 0.50", "USD 0.80", "USD 0.80", "claimed web 0.00, automatic web 0.50"},
		"no more than the sum":         {claimedAndNot("1%", "0.5%", "1USD"), "USD 0.50", "USD 1.00", "USD 1.00", "claimed web 0.00, automatic web 0.50"},
		"rounded by itself":            {claimedAndNot("1.004%", "0.004%", "1USD"), "USD 0.00", "USD 1.00", "USD 1.00", "claimed web 0.00, automatic web 0.00"},
		"more than the sum":            {claimedAndNot("1.01%", "0.5%", "1USD"), "USD 1.51", "USD 1.01", "", "claimed web 1.01, automatic web 0.50"},
		"a limit leaves less":          {claimedAndNot("3%", "0.5%", "1USD", "1%"), "USD 0.50", "USD 1.00", "USD 1.00", "claimed web 0.00, automatic web 0.50"},
		"a limit leaves enough":        {claimedAndNot("3%", "0.5%", "1USD", "2%"), "USD 2.00", "USD 2.00", "", "claimed web 1.71, automatic web 0.29"},
		"a limit on what is automatic": {claimedAndNot("0.8%", "5%", "1USD", "2%"), "USD 2.00", "USD 0.80", "USD 0.80", "claimed web 0.00, automatic web 2.00"},
	} {
		s := state(t, []Charge{charge("web", "USD 100.00")}, judge(t, tt.agreement, "web", 3600e9))
		c := s.Credits[0]
		assert.Equal(t, tt.amount, s.Total.String(), name)
		assert.Equal(t, tt.amount, s.TotalAtMost.String(), name)
		assert.Equal(t, tt.claimed, c.Claimed.String(), name)
		if tt.withheld == "" {
			assert.True(t, c.Withheld.IsZero(), name)
		} else {
			assert.Equal(t, tt.withheld, c.Withheld.String(), name)
		}
		assert.Equal(t, tt.parts, amountsOf(s), name)
		lines, err := s.Credits[0].Lines()
		require.NoError(t, err)
		assert.Equal(t, s.Total, lines[0].Share, name)
	}
	text := state(t, []Charge{charge("web", "USD 100.00")}, judge(t, claimedAndNot("0.8%", "0.5%", "1USD"), "web", 3600e9)).Text()
	assert.Contains(t, text, "part to be claimed, issued only above 1USD, so withheld")
}
