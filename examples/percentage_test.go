package examples_test

import (
	"fmt"
	"time"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// How available was my service last month?
func Example_percentage() {
	start := time.Date(2014, 5, 27, 20, 13, 0, 0, time.UTC)
	timeline, err := outage.NewTimeline(
		outage.Outage{ID: "o-1", Start: start, End: start.Add(20 * time.Minute)})
	if err != nil {
		fmt.Println(err)
		return
	}
	may := calendar.Month(2014, time.May, time.UTC)
	m, err := sla.Measure(timeline, may)
	fmt.Println(m.Availability().Text(4), err)
	// Output: 99.9551% <nil>
}
