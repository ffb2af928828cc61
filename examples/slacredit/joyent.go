package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// The records and charges of the worked example. The doubts about them, in the notes and
// in the names of the customers, are part of the data.
var (
	//go:embed joyent/per-full-30m.json
	perFull []byte
	//go:embed joyent/per-started-30m.json
	perStarted []byte
	//go:embed joyent/records.csv
	joyentRecords []byte
	//go:embed joyent/charges.csv
	joyentCharges []byte
)

// joyent writes the worked example.
func joyent(out io.Writer) error {
	records, err := outage.Read(bytes.NewReader(joyentRecords), outage.ReadOptions{Format: outage.CSV})
	if err != nil {
		return err
	}
	timelines, err := outage.Options{}.Timelines(records...)
	if err != nil {
		return err
	}
	byLength(timelines)
	e := example{
		out: out, records: records, timelines: timelines,
		may: calendar.Month(2014, time.May, time.UTC), year: calendar.Year(2014, time.UTC),
	}
	if e.full, err = compile(perFull); err != nil {
		return err
	}
	if e.started, err = compile(perStarted); err != nil {
		return err
	}
	for _, section := range []func() error{e.event, e.availability, e.promises, e.statements} {
		if err := section(); err != nil {
			return err
		}
	}
	return nil
}

// byLength sorts timelines by their downtime, the shortest first.
func byLength(timelines []outage.Timeline) {
	down := func(t outage.Timeline) (total time.Duration) {
		for w := range t.Outages() {
			total += w.Length()
		}
		return total
	}
	slices.SortFunc(timelines, func(a, b outage.Timeline) int { return int(down(a)/time.Second - down(b)/time.Second) })
}

func compile(data []byte) (*sla.Terms, error) {
	agreement, err := sla.ParseAgreement(data)
	if err != nil {
		return nil, err
	}
	return agreement.Compile()
}

// An example holds the data that the sections of the worked example share.
type example struct {
	out           io.Writer
	records       []outage.Record
	timelines     []outage.Timeline
	may, year     calendar.Period
	full, started *sla.Terms
}

// table writes rows in columns.
func (e example) table(rows [][]string) error {
	t := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(t, strings.Join(row, "\t"))
	}
	return t.Flush()
}

// event writes the records.
func (e example) event() error {
	fmt.Fprint(e.out, `Joyent US-East-1, 27 May 2014: one command rebooted every server of the data
centre. The records and their sources:

`)
	for _, t := range e.timelines {
		for w, o := range t.Outages() {
			fmt.Fprintf(e.out, "%s  %s\n  down %v, reported %s\n  %s\n", o.ID, o.Resource, w, o.Reported.Format(time.RFC3339), o.Note)
		}
	}
	return nil
}

// availability compares a month with a year, and the two readings.
func (e example) availability() error {
	fmt.Fprint(e.out, "\nAvailability, rounded down, and the credit at 5 % of the fee per 30 minutes:\n\n")
	rows := [][]string{{"down", "May 2014 (UTC)", "year 2014", "per full 30 min", "per started 30 min"}}
	for _, t := range e.timelines {
		year, err := sla.Measure(t, e.year)
		if err != nil {
			return err
		}
		full, err := e.full.Judge(t, e.may)
		if err != nil {
			return err
		}
		started, err := e.started.Judge(t, e.may)
		if err != nil {
			return err
		}
		f, s := full.Findings[0], started.Findings[0]
		rows = append(rows, []string{
			fmt.Sprintf("%d min", f.Measurement.Down/time.Minute), f.Measurement.Availability().String(), year.Availability().String(),
			f.Entitlement.Percent.String(), s.Entitlement.Percent.String(),
		})
	}
	return e.table(rows)
}

// promises compares the availability that was sold with the one that was delivered.
func (e example) promises() error {
	for _, promise := range []sla.Range{"at least 99.999%", "at least 99.95%"} {
		terms, err := sla.Agreement{Commitments: []sla.Commitment{{Promise: promise}}}.Compile()
		if err != nil {
			return err
		}
		for _, p := range []calendar.Period{e.may, e.year} {
			fmt.Fprintf(e.out, "\nUnder a promise of %s in %v:\n", promise, p)
			for _, t := range e.timelines {
				v, err := terms.Judge(t, p)
				if err != nil {
					return err
				}
				fmt.Fprintf(e.out, "  %v\n", v)
			}
		}
	}
	return nil
}

// statements writes the credits of the illustrative customers, in both readings, and one
// whole statement.
func (e example) statements() error {
	fmt.Fprintf(e.out, "\nThe clause in English: %s\nNote: %s.\n", e.full.English(), e.full.Agreement().Note)
	fmt.Fprint(e.out, "\nThe credit of each customer (customers and fees are illustrative):\n\n")
	full, err := e.run(e.full)
	if err != nil {
		return err
	}
	started, err := e.run(e.started)
	if err != nil {
		return err
	}
	rows := [][]string{{"customer", "per full 30 min", "per started 30 min"}}
	for i, s := range full {
		rows = append(rows, []string{s.Customer, s.Total.String(), started[i].Total.String()})
	}
	if err := e.table(rows); err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.out, "\n%s", full[len(full)-1].Text())
	return err
}

// run returns the statements of all customers under one reading.
func (e example) run(terms *sla.Terms) ([]credit.Statement, error) {
	var statements []credit.Statement
	j := job{terms: []*sla.Terms{terms}, records: e.records, period: e.may, write: func(s credit.Statement) error {
		statements = append(statements, s)
		return nil
	}}
	if err := j.prepare(); err != nil {
		return nil, err
	}
	err := j.run(context.Background(), bytes.NewReader(joyentCharges))
	return statements, err
}
