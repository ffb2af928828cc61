package credit

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/sla"
)

// giving returns a verdict on a resource that gives a share of its fee.
func giving(resource, share string) sla.Verdict {
	e := sla.Entitlement{Remedy: sla.Remedy{Percent: points(share)}}
	return sla.Verdict{Agreement: "a", Resource: resource, Period: june, Findings: []sla.Finding{{Entitlement: e, EntitlementAtMost: e}}}
}

// partly returns a charge for a part of a price, which counts exactly.
func partly(id, resource, price string, part, whole int64) Charge {
	p := Prorated{Price: MustMoney(price), By: CalendarDays, Part: part, Whole: whole, Exact: true}
	return Charge{ID: id, Resource: resource, Amount: sla.Must(p.amount()), Prorated: p}
}

func sharesOf(t require.TestingT, s Statement) (shares []string) {
	lines, err := s.Credits[0].Lines()
	require.NoError(t, err)
	for _, l := range lines {
		shares = append(shares, l.Share.String())
	}
	return shares
}

// A unit that is left over is not given to a line that has taken all that was
// billed, if another one has room for it.
func TestALineTakesNoMoreThanWasBilled(t *testing.T) {
	line := func(id, resource, amount string) Charge {
		return Charge{ID: id, Resource: resource, Amount: MustMoney(amount)}
	}
	s := state(t, []Charge{line("1", "web", "USD 9999.99"), line("2", "db", "USD 0.25"), line("3", "db", "USD 0.25")}, giving("web", "100%"), giving("db", "1%"))
	assert.Equal(t, "USD 10000.00", s.Total.String())
	assert.Equal(t, []string{"USD 9999.99", "USD 0.01", "USD 0.00"}, sharesOf(t, s))

	s = state(t, []Charge{partly("1", "web", "USD 1.00", 1, 3), line("2", "db", "USD 0.34")}, giving("web", "100%"), giving("db", "1%"))
	assert.Equal(t, "USD 0.34", s.Total.String())
	assert.Equal(t, []string{"USD 0.33", "USD 0.01"}, sharesOf(t, s))

	thirds := []Charge{partly("1", "web", "USD 1.00", 1, 3), partly("2", "web", "USD 1.00", 1, 3), partly("3", "web", "USD 1.00", 1, 3)}
	s = state(t, thirds, giving("web", "100%"))
	assert.Equal(t, []string{"USD 0.34", "USD 0.33", "USD 0.33"}, sharesOf(t, s), "the fee is more than was billed")
}

// Of lines that lost as much by the cut the first takes the unit that is left
// over: in the order of the parts, and within one in that of the bill.
func TestOfEqualLinesTheFirstTakesTheRemainder(t *testing.T) {
	line := func(id, resource string) Charge {
		return Charge{ID: id, Resource: resource, Amount: MustMoney("USD 0.50")}
	}
	charges := []Charge{line("1", "db"), line("2", "web"), line("3", "web")}
	s := state(t, charges, giving("web", "1%"), giving("db", "1%"))
	assert.Equal(t, "USD 0.02", s.Total.String())
	assert.Equal(t, []string{"USD 0.00", "USD 0.01", "USD 0.01"}, sharesOf(t, s))
	s = state(t, charges, giving("db", "1%"), giving("web", "1%"))
	assert.Equal(t, []string{"USD 0.01", "USD 0.01", "USD 0.00"}, sharesOf(t, s))
}

// What is owed although each charge for it took something off falls to no line.
func TestASumWhereEachChargeIsBelowZeroFallsToNoLine(t *testing.T) {
	v := giving("web", "0%")
	v.Findings[0].Base.Only = []string{"hourly"}
	v.Findings[0].Entitlement.Sum = sum("20", "USD")
	v.Findings[0].EntitlementAtMost.Sum = sum("20", "USD")
	voucher := charge("web", "USD -5.00")
	s := state(t, []Charge{voucher, charge("db", "USD 100.00")}, v, giving("db", "10%"))
	assert.Equal(t, "USD 30.00", s.Total.String())
	_, err := s.Credits[0].Lines()
	assert.EqualError(t, err, `credit: lines of "a": an amount is owed, but all charges of its fee are below zero, so no line can take it`)
}

// Where each resource is owed at most its fee, no line takes more than was
// billed, unless too few of the others have room.
func TestLawLinesStayWithinWhatWasBilled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var charges []Charge
		var verdicts []sla.Verdict
		for r := range rapid.IntRange(1, 4).Draw(t, "resources") {
			resource := fmt.Sprint("r", r)
			verdicts = append(verdicts, giving(resource, rapid.SampledFrom([]string{"0%", "1%", "10%", "33.3%", "99.9%", "100%"}).Draw(t, "share")))
			for i := range rapid.IntRange(1, 3).Draw(t, "charges") {
				c := charge(resource, "USD 0.00")
				c.ID = fmt.Sprint(resource, "/", i)
				if c.Amount.minor = rapid.Int64Range(0, 2000).Draw(t, "minor"); rapid.Bool().Draw(t, "prorated") {
					c = partly(c.ID, resource, c.Amount.String(), rapid.Int64Range(1, 31).Draw(t, "days"), 31)
				}
				charges = append(charges, c)
			}
		}
		s := mustState(t, Bill{Customer: "acme", Period: june, Charges: charges, Verdicts: verdicts})
		lines, err := s.Credits[0].Lines()
		if err != nil {
			t.Fatal(err)
		}
		room, over := 0, 0
		for i, l := range lines {
			switch owed := s.Credits[0].Parts; {
			case l.Share.minor > l.Open.minor:
				over++
			case l.Share.minor < l.Open.minor && !owedOf(owed, charges[i].Resource).IsZero() && charges[i].Amount.minor > 0 && l.Share.major().Cmp(charges[i].worth(entire)) < 0 && wasCut(owed, charges, i, l):
				room++
			}
		}
		if over > 0 && room > 0 {
			t.Fatalf("%d lines take more than was billed, and %d have room: %v", over, room, lines)
		}
	})
}

func owedOf(parts []Part, resource string) Exact {
	for _, p := range parts {
		if p.Resource == resource {
			return p.Owed
		}
	}
	return Exact{}
}

// wasCut reports whether a line takes less than falls to its charge.
func wasCut(parts []Part, charges []Charge, i int, l Line) bool {
	all := charges[i].worth(entire)
	sum := charges[i].worth(entire)
	for j, c := range charges {
		if j != i && c.Resource == charges[i].Resource {
			sum = sum.Add(c.worth(entire))
		}
	}
	all = all.Mul(owedOf(parts, charges[i].Resource).amount)
	return sum.Sign() > 0 && l.Share.major().Cmp(all.Quo(sum)) < 0
}
