package issue_test

import (
	"fmt"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/credit/issue"
)

// A credit of USD 120.00, and an invoice of which USD 80.00 are open.
func ExampleApply() {
	applied, carried, err := issue.Apply(credit.MustMoney("USD 120.00"), credit.MustMoney("USD 80.00"))
	fmt.Println(applied, carried, err)
	// Output:
	// USD 80.00 USD 40.00 <nil>
}

// Two lines get what is for them; of the first less is open than that.
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

// A processor takes Kuwaiti dinars in thousandths that end in zero.
func ExampleUnits() {
	wire := issue.Units{Exponent: 3, Multiple: 10}
	owed := credit.MustMoney("KWD 4.995")
	_, err := wire.Of(owed)
	fmt.Println(err)
	units, rest, err := wire.Cut(owed)
	fmt.Println(units, rest, err)

	units, err = issue.Units{Exponent: 2, Multiple: 100}.Of(credit.MustMoney("ISK 650"))
	fmt.Println(units, err)
	// Output:
	// issue: amount on the wire: KWD 4.995 is no multiple of 10 units of 10^-3; KWD 0.005 is left
	// 4990 KWD 0.005 <nil>
	// 65000 <nil>
}
