package examples_test

import (
	"fmt"
	"time"
	_ "time/tzdata" // so that the example runs where the system has no zones

	"github.com/slacredit/slacredit/sla/calendar"
)

// My customer's month starts on the 15th, in Berlin, also over a clock change.
func Example_period() {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		fmt.Println(err)
		return
	}
	cycle := calendar.Cycle{Start: calendar.Date{Year: 2026, Month: time.January, Day: 15}, Zone: berlin, Months: 1}
	for n := range 3 {
		p, err := cycle.Period(n)
		fmt.Println(p, p.Length(), err)
	}

	// A contract that began on 10 March has a part of a month first.
	first, err := calendar.NewPeriod(calendar.Date{Year: 2026, Month: time.March, Day: 10}, calendar.Date{Year: 2026, Month: time.March, Day: 15}, berlin)
	fmt.Println(first, first.Length(), err)

	march := calendar.Month(2026, time.March, berlin)
	fmt.Println(march, march.Length(), march.Err())
	// Output:
	// 2026-01-15/2026-02-15 Europe/Berlin 744h0m0s <nil>
	// 2026-02-15/2026-03-15 Europe/Berlin 672h0m0s <nil>
	// 2026-03-15/2026-04-15 Europe/Berlin 743h0m0s <nil>
	// 2026-03-10/2026-03-15 Europe/Berlin 120h0m0s <nil>
	// 2026-03-01/2026-04-01 Europe/Berlin 743h0m0s <nil>
}
