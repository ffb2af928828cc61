package issue_test

import (
	"fmt"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/credit/issue"
)

// A credit of USD 120.00 meets an invoice on which USD 80.00 is open.
func ExampleApply() {
	applied, carried, err := issue.Apply(credit.MustMoney("USD 120.00"), credit.MustMoney("USD 80.00"))
	fmt.Println(applied, carried, err)
	// Output:
	// USD 80.00 USD 40.00 <nil>
}

// Two lines take their shares; on the first line, less is open than its share.
func ExampleApplyLines() {
	usd := credit.MustMoney
	a, err := issue.ApplyLines([]credit.Line{
		{ID: "inv-8/1", Share: usd("USD 40.00"), Open: usd("USD 25.00")},
		{ID: "inv-8/2", Share: usd("USD 20.00"), Open: usd("USD 30.00")},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range a.Lines {
		fmt.Println(l.ID, l.Applied)
	}
	fmt.Println("spilled over", a.Spilled)
	fmt.Println("carried", a.Carried)
	// Output:
	// inv-8/1 USD 25.00
	// inv-8/2 USD 30.00
	// spilled over USD 10.00
	// carried USD 5.00
}

// A processor takes Kuwaiti dinars in thousandths, in multiples of ten.
func ExampleUnits() {
	dinars := issue.Units{Exponent: 3, Multiple: 10}
	owed := credit.MustMoney("KWD 4.995")
	_, err := dinars.Of(owed)
	fmt.Println(err)
	units, rest, err := dinars.Cut(owed)
	fmt.Println(units, rest, err)

	units, err = issue.Units{Exponent: 2, Multiple: 100}.Of(credit.MustMoney("ISK 650"))
	fmt.Println(units, err)
	// Output:
	// issue: writing units: KWD 4.995 is not a multiple of 10 × 10^-3; the rest is KWD 0.005
	// 4990 KWD 0.005 <nil>
	// 65000 <nil>
}
