package outage_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/slacredit/slacredit/outage"
)

// at returns a time on the day of the examples.
func at(hour, minute int) time.Time {
	return time.Date(2014, time.May, 27, hour, minute, 0, 0, time.UTC)
}

// Outages that overlap or touch are counted once.
func ExampleSet() {
	down := outage.NewSet(
		outage.MustWindow(at(20, 13), at(21, 0)),
		outage.MustWindow(at(20, 40), at(21, 30)),
		outage.MustWindow(at(21, 30), at(22, 42)),
		outage.MustWindow(at(23, 0), at(23, 5)),
	)
	for w := range down.All() {
		fmt.Println(w, w.Length())
	}
	fmt.Println("in all", down.Total())
	// Output:
	// 2014-05-27T20:13:00Z/2014-05-27T22:42:00Z 2h29m0s
	// 2014-05-27T23:00:00Z/2014-05-27T23:05:00Z 5m0s
	// in all 2h34m0s
}

// When were two of three zones down?
func ExampleSet_AtLeast() {
	a := outage.NewSet(outage.MustWindow(at(8, 0), at(10, 0)))
	b := outage.NewSet(outage.MustWindow(at(9, 0), at(12, 0)))
	c := outage.NewSet(outage.MustWindow(at(9, 30), at(9, 45)), outage.MustWindow(at(11, 0), at(13, 0)))

	fmt.Println("two: ", a.AtLeast(2, b, c))
	fmt.Println("three:", a.AtLeast(3, b, c))
	// Output:
	// two:  2014-05-27T09:00:00Z/2014-05-27T10:00:00Z 2014-05-27T11:00:00Z/2014-05-27T12:00:00Z
	// three: 2014-05-27T09:30:00Z/2014-05-27T09:45:00Z
}

// An outage is still under way at noon. It ends there for now, and the
// afternoon is unknown.
func ExampleNewTimeline() {
	timeline, err := outage.Options{AsOf: at(12, 0)}.Timeline(
		outage.Outage{ID: "slow", Start: at(9, 0), End: at(11, 0), ServedPercent: decimal.RequireFromString("60")},
		outage.Outage{ID: "dark", Start: at(10, 30)},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	for s := range timeline.Segments(outage.MustWindow(at(8, 0), at(13, 0))) {
		fmt.Printf("%s lost %3v %%, known: %v\n", s.Window.Start().Format("15:04"), s.LostPercent(), s.Known)
	}
	for _, o := range timeline.Open() {
		fmt.Println("still open:", o.ID)
	}
	// Output:
	// 08:00 lost   0 %, known: true
	// 09:00 lost  40 %, known: true
	// 10:30 lost 100 %, known: true
	// 11:00 lost 100 %, known: true
	// 12:00 lost   0 %, known: false
	// still open: dark
}

// What happened in the course of a day? Each segment has the records that cover it.
func ExampleTimeline_Segments() {
	timeline, err := outage.NewTimeline(
		outage.Outage{ID: "o-1", Start: at(10, 30), End: at(11, 0)},
		outage.Maintenance{ID: "m-1", Start: at(9, 0), End: at(11, 0), Announced: at(0, 0), Note: "new disks"},
		outage.Lifetime{Start: at(8, 0), Note: "contract of May"},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	for s := range timeline.Segments(outage.MustWindow(at(7, 0), at(12, 0))) {
		fmt.Println(s.Window.Start().Format("15:04"), "alive:", s.Alive, "outages:", len(s.Outages), "maintenance:", len(s.Maintenance))
	}
	// Output:
	// 07:00 alive: false outages: 0 maintenance: 0
	// 08:00 alive: true outages: 0 maintenance: 0
	// 09:00 alive: true outages: 0 maintenance: 1
	// 10:30 alive: true outages: 1 maintenance: 1
	// 11:00 alive: true outages: 0 maintenance: 0
}

// The monitor failed from three to five. Nobody knows whether the resource was up.
func ExampleTimeline_Unknown() {
	timeline, err := outage.NewTimeline(
		outage.Coverage{ID: "c-1", Start: at(0, 0), End: at(3, 0)},
		outage.Coverage{ID: "c-2", Start: at(5, 0), Note: "the monitor is back"},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(timeline.Unknown().Within(outage.MustWindow(at(1, 0), at(12, 0))))
	// Output: 2014-05-27T03:00:00Z/2014-05-27T05:00:00Z
}

// A service that takes records in checks each before it keeps it.
func ExampleValidate() {
	fmt.Println(outage.Validate(
		outage.Outage{ID: "o-1", Start: at(10, 0), End: at(9, 0)},
		outage.Traffic{ID: "t-1", Start: at(9, 0), End: at(10, 0), Requests: 10, Failed: 11, Note: "web"},
		outage.Lifetime{ID: "l-1", Start: at(9, 0), End: at(9, 0)},
	))
	// Output:
	// outage: outage "o-1": end: 2014-05-27T09:00:00Z is not after the start, 2014-05-27T10:00:00Z
	// outage: traffic "t-1": failed: not from 0 to the number of requests
	// outage: life "l-1": end: 2014-05-27T09:00:00Z is not after the start, 2014-05-27T09:00:00Z
}
