package issue

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/sla"
)

// Faults of other systems, by their bug reports.
func TestMistakesOfOtherSystems(t *testing.T) {
	for name, test := range map[string]func(t *testing.T){
		"minor units by truncation": func(t *testing.T) { // flexprice: a negative amount became 0
			units, err := Units{Exponent: 2, Multiple: 1}.Of(credit.MustMoney("USD -0.05"))
			require.NoError(t, err)
			assert.Equal(t, int64(-5), units)
			_, err = Units{Exponent: 1, Multiple: 1}.Of(credit.MustMoney("USD 0.05"))
			assert.Error(t, err)
		},
		"a key that another run makes anew": func(t *testing.T) { // flexprice 2458, openlinker 3372, sokosumi 3120
			s := state(t, []credit.Charge{charge("web", "USD 1.00")}, judge(t, plain("a", flat("5%")), "web", time.Hour))
			again := state(t, []credit.Charge{charge("web", "USD 1.00")}, judge(t, plain("a", flat("5%")), "web", time.Hour))
			assert.Equal(t, sla.Must(Results(s)), sla.Must(Results(again)))
		},
		"a key made of the amount": func(t *testing.T) { // a correction is then added
			s := state(t, []credit.Charge{charge("web", "USD 1.00")}, judge(t, plain("a", flat("5%")), "web", time.Hour))
			restated := state(t, []credit.Charge{charge("web", "USD 1.00")}, judge(t, plain("a", flat("10%")), "web", time.Hour))
			issued := sla.Must(Restate(nil, s, Options{}))
			more := sla.Must(Restate(issued, restated, Options{}))
			require.Len(t, more, 1)
			assert.Equal(t, int64(5), more[0].Amount.MinorUnits())
			assert.Equal(t, issued[0].ID(), more[0].Corrects())
		},
		"more applied than is open": func(t *testing.T) { // Lago 4553, 5015
			a := sla.Must(ApplyLines([]credit.Line{{ID: "1", Share: credit.MustMoney("USD 3.00"), Open: credit.MustMoney("USD 1.00")}, {ID: "2", Share: credit.MustMoney("USD 1.00"), Open: credit.MustMoney("USD 1.50")}}))
			assert.Equal(t, []credit.Money{credit.MustMoney("USD 1.00"), credit.MustMoney("USD 1.50")}, []credit.Money{a.Lines[0].Applied, a.Lines[1].Applied})
			assert.Equal(t, credit.MustMoney("USD 1.50"), a.Carried)
		},
	} {
		t.Run(name, test)
	}
}
