package outage_test

import (
	"fmt"
	"time"

	"github.com/slacredit/slacredit/outage"
)

// Many resources share one plan of maintenance. How long was each of them down
// in May and in June, outside of it?
func ExampleClock() {
	day := func(month time.Month, day, hour int) time.Time {
		return time.Date(2025, month, day, hour, 0, 0, 0, time.UTC)
	}
	may := outage.NewSet(outage.MustWindow(day(5, 1, 0), day(6, 1, 0)))
	june := outage.NewSet(outage.MustWindow(day(6, 1, 0), day(7, 1, 0)))
	maintenance := outage.NewSet(outage.MustWindow(day(5, 31, 20), day(5, 31, 22)))

	clock, err := outage.NewClock(may.Subtract(maintenance), june.Subtract(maintenance))
	if err != nil {
		panic(err)
	}
	var covered []time.Duration
	for _, resource := range [][]outage.Window{
		{outage.MustWindow(day(5, 31, 19), day(6, 1, 3))},
		{outage.MustWindow(day(6, 9, 7), day(6, 9, 9)), outage.MustWindow(day(6, 9, 8), day(6, 9, 10))},
	} {
		covered = clock.Covered(covered[:0], resource...)
		fmt.Println(covered)
	}
	// Output:
	// [3h0m0s 3h0m0s]
	// [0s 3h0m0s]
}

// Millions of windows, merged one list after the other, in the same space.
func ExampleScratch() {
	at := func(hour int) time.Time { return time.Date(2025, 5, 1, hour, 0, 0, 0, time.UTC) }
	var scratch outage.Scratch
	for _, windows := range [][]outage.Window{
		{outage.MustWindow(at(8), at(9)), outage.MustWindow(at(3), at(5)), outage.MustWindow(at(4), at(6))},
		{outage.MustWindow(at(1), at(2))},
	} {
		fmt.Println(scratch.Merge(windows))
	}
	// Output:
	// [2025-05-01T03:00:00Z/2025-05-01T06:00:00Z 2025-05-01T08:00:00Z/2025-05-01T09:00:00Z]
	// [2025-05-01T01:00:00Z/2025-05-01T02:00:00Z]
}
