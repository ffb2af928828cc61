package outage_test

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/slacredit/slacredit/outage"
)

// On 27 May 2014 an operator rebooted every server of Joyent's US-East-1. The
// press took the time of its first report for the start; the post-mortem of
// the next day knew better. Customers complained that each status update
// erased the one before. A log keeps both, and the time of each. (The
// hours at which they became known are assumed; the sources give the days.)
func ExampleLog() {
	var log outage.Log
	press := outage.Outage{ID: "I-7", Resource: "us-east-1", Start: at(22, 30)}
	postMortem := outage.Outage{ID: "I-7", Resource: "us-east-1", Start: at(20, 13), End: at(22, 42), Cause: "operator"}
	err := log.Append(
		outage.Revision{Record: press, Number: 1, Known: at(23, 0), By: "press"},
		outage.Revision{
			Record: postMortem, Number: 2, Known: at(23, 0).AddDate(0, 0, 1), By: "Joyent",
			Supersedes: outage.Ref{ID: "I-7", Number: 1}, Why: "post-mortem: 22:30Z was when it was reported",
		},
	)
	if err != nil {
		fmt.Println(err)
		return
	}

	for day := range 3 {
		asOf := time.Date(2014, time.May, 27+day, 23, 30, 0, 0, time.UTC)
		timeline, err := outage.Options{AsOf: asOf}.Timeline(log.AsOf(asOf)...)
		if err != nil {
			fmt.Println(err)
			return
		}
		for window, o := range timeline.Outages() {
			fmt.Printf("as of %s: %s, open: %t\n", asOf.Format(time.DateOnly), window, o.End.IsZero())
		}
	}
	for revision := range log.History("I-7") {
		fmt.Println(revision)
	}
	// Output:
	// as of 2014-05-27: 2014-05-27T22:30:00Z/2014-05-27T23:30:00Z, open: true
	// as of 2014-05-28: 2014-05-27T20:13:00Z/2014-05-27T22:42:00Z, open: false
	// as of 2014-05-29: 2014-05-27T20:13:00Z/2014-05-27T22:42:00Z, open: false
	// 2014-05-27T23:00:00Z "press" recorded outage "I-7" #1: resource us-east-1, start 2014-05-27T22:30:00Z, end open
	// 2014-05-28T23:00:00Z "Joyent" revised outage "I-7" #2 over #1: resource us-east-1, start 2014-05-27T20:13:00Z, end 2014-05-27T22:42:00Z, cause operator; post-mortem: 22:30Z was when it was reported
}

// Two logs of one incident are merged. Revisions in both count once.
func ExampleLog_Merge() {
	const press = `{"format":"slacredit/log/1"}
{"number":1,"known":"2014-05-27T23:00:00Z","by":"press","record":{"kind":"outage","id":"I-7","start":"2014-05-27T22:30:00Z"}}
`
	const joyent = `{"format":"slacredit/log/1"}
{"number":1,"known":"2014-05-27T23:00:00Z","by":"press","record":{"kind":"outage","id":"I-7","start":"2014-05-27T22:30:00Z"}}
{"number":2,"known":"2014-05-28T23:00:00Z","by":"Joyent","supersedes":{"id":"I-7","number":1},"why":"post-mortem","record":{"kind":"outage","id":"I-7","start":"2014-05-27T20:13:00Z","end":"2014-05-27T22:42:00Z"}}
`
	var log outage.Log
	for _, text := range []string{joyent, press} {
		other, err := outage.ReadLog(strings.NewReader(text))
		if err != nil {
			fmt.Println(err)
			return
		}
		if err := log.Merge(other); err != nil {
			fmt.Println(err)
			return
		}
	}
	if err := outage.WriteLog(os.Stdout, log.All()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {"format":"slacredit/log/1"}
	// {"number":1,"known":"2014-05-27T23:00:00Z","by":"press","record":{"kind":"outage","id":"I-7","start":"2014-05-27T22:30:00Z"}}
	// {"number":2,"known":"2014-05-28T23:00:00Z","by":"Joyent","supersedes":{"id":"I-7","number":1},"why":"post-mortem","record":{"kind":"outage","id":"I-7","start":"2014-05-27T20:13:00Z","end":"2014-05-27T22:42:00Z"}}
}

// Two revisions that contradict each other are an error that names both, and none of
// the revisions in the call is appended.
func ExampleLog_Append_contradiction() {
	var log outage.Log
	revision := outage.Revision{Record: outage.Outage{ID: "I-7", Start: at(22, 30)}, Number: 1, Known: at(23, 0), By: "press"}
	fmt.Println(log.Append(revision))
	fmt.Println(log.Append(revision)) // again: nothing happens

	revision.By, revision.Record = "Joyent", outage.Outage{ID: "I-7", Start: at(20, 13)}
	fmt.Println(log.Append(revision))
	// Output:
	// <nil>
	// <nil>
	// outage: revision "I-7" #1: by, start: used twice, by "Joyent", known 2014-05-27T23:00:00Z, start "2014-05-27T20:13:00Z"; and by "press", known 2014-05-27T23:00:00Z, start "2014-05-27T22:30:00Z"
}
