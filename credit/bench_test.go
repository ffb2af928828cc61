package credit

import (
	"fmt"
	"testing"
	"time"

	"github.com/slacredit/slacredit/sla"
)

// What a month-end run does for each customer, of one resource and of many.
func BenchmarkNewStatement(b *testing.B) {
	for _, n := range []int{1, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			a := plain("a", flat("10%", "50%"), "100%")
			bill := Bill{Customer: "acme", Period: june}
			for i := range n {
				r := fmt.Sprint("r", i)
				bill.Charges = append(bill.Charges, charge(r, "USD 99.99"))
				bill.Verdicts = append(bill.Verdicts, judge(b, a, r, time.Hour))
			}
			b.ReportAllocs()
			for b.Loop() {
				sla.Must(NewStatement(bill))
			}
		})
	}
}
