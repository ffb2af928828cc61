package main

import (
	"flag"
	"fmt"
	"time"

	"github.com/slacredit/slacredit/sla/calendar"
)

// A billing is the billing period and the as-of instant as the flags describe them.
type billing struct {
	flags           *flag.FlagSet
	from, zone      string
	months, days, n int
	asOf            string
}

// register adds the flags of b.
func (b *billing) register(flags *flag.FlagSet) {
	b.flags = flags
	flags.StringVar(&b.from, "from", "", "")
	flags.StringVar(&b.zone, "zone", "", "")
	flags.IntVar(&b.months, "months", 1, "")
	flags.IntVar(&b.days, "days", 0, "")
	flags.IntVar(&b.n, "period", 0, "")
	flags.StringVar(&b.asOf, "as-of", "", "")
}

// told reports whether the required flags are given.
func (b *billing) told() bool { return b.from != "" && b.zone != "" }

// period returns the period that the flags describe. Days replace the default of one
// month.
func (b *billing) period() (calendar.Period, error) {
	start, err := calendar.ParseDate(b.from)
	if err != nil {
		return calendar.Period{}, fmt.Errorf("-from: %w", err)
	}
	location, err := time.LoadLocation(b.zone)
	if err != nil {
		return calendar.Period{}, fmt.Errorf("-zone: zone %s is not known", quoted(b.zone))
	}
	given := map[string]bool{}
	b.flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	cycle := calendar.Cycle{Start: start, Zone: location, Months: b.months, Days: b.days}
	if given["days"] && !given["months"] {
		cycle.Months = 0
	}
	return cycle.Period(b.n)
}

// instant reads -as-of, which may be empty.
func (b *billing) instant() (time.Time, error) {
	if b.asOf == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, b.asOf)
	if err != nil {
		return time.Time{}, fmt.Errorf("-as-of: %s is not an instant such as 2014-05-27T21:00:00Z", quoted(b.asOf))
	}
	return t, nil
}
