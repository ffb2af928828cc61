package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"
)

// A contender does a workload on data of type In, and answers with an Out.
type contender[In, Out any] struct {
	name string

	// load brings the data into the form in which the contender keeps them. Only
	// the run that it returns is timed against the others.
	load func(In) (*run[Out], error)
}

// A run may be repeated; it leaves the data as they are.
type run[Out any] struct {
	do    func() (Out, error)
	close func() error // nil: the data are garbage, and are loaded anew for each round
}

// An absent contender is left out, with a line that says why.
type absent string

func (a absent) Error() string { return string(a) }

// A workload is done by contenders, to the first of which the others are compared.
type workload[In any, Out comparable] struct {
	title, unit string
	units       int // in one run
	repeats     int // runs at once, since a single one may be over too soon
	data        In
	want        Out
	contenders  []contender[In, Out]
}

// A result is what one contender took.
type result struct {
	name  string
	load  time.Duration   // of the first round
	times []time.Duration // of each round, for one run
}

func (r result) median() time.Duration {
	sorted := slices.Sorted(slices.Values(r.times))
	return (sorted[len(sorted)/2] + sorted[(len(sorted)-1)/2]) / 2
}

// race lets the contenders run in turn, for some rounds each. One that has run
// for longer than the patience lasts is left out of the rounds that remain.
// What others hold is outside of Go's heap or freed, so that nobody pays for
// the garbage of another.
func (w workload[In, Out]) race(rounds int, patience time.Duration) (results []result, absences []string, err error) {
	type entry struct {
		contender[In, Out]
		*run[Out]
		result
		spent time.Duration
	}
	var entries []*entry
	defer func() {
		for _, e := range entries {
			if e.run != nil && e.close != nil {
				_ = e.close()
			}
		}
	}()
	for _, c := range w.contenders {
		began := time.Now()
		r, err := c.load(w.data)
		if reason, ok := err.(absent); ok {
			absences = append(absences, c.name+": "+string(reason))
			continue
		} else if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", c.name, err)
		}
		e := &entry{contender: c, run: r, result: result{name: c.name, load: time.Since(began)}}
		entries = append(entries, e)
		if r.close == nil {
			e.run = nil
		}
	}
	for range rounds {
		for _, e := range entries {
			if e.spent > patience {
				continue
			}
			r := e.run
			if r == nil {
				if r, err = e.contender.load(w.data); err != nil {
					return nil, nil, fmt.Errorf("%s: %w", e.result.name, err)
				}
			}
			runtime.GC()
			began := time.Now()
			for range w.repeats {
				got, err := r.do()
				if err == nil && got != w.want {
					err = fmt.Errorf("%v, want %v", got, w.want)
				}
				if err != nil {
					return nil, nil, fmt.Errorf("%s: %w", e.result.name, err)
				}
			}
			took := time.Since(began)
			e.spent += took
			e.times = append(e.times, took/time.Duration(w.repeats))
		}
	}
	for _, e := range entries {
		results = append(results, e.result)
	}
	return results, absences, nil
}

// table writes the results in Markdown.
func (w workload[In, Out]) table(out io.Writer, results []result, absences []string) {
	fmt.Fprintf(out, "\n%s\n\n", w.title)
	fmt.Fprintf(out, "| contender | median | ns a %s | ratio | rounds | fastest, slowest | loading |\n", w.unit)
	fmt.Fprintln(out, "| --- | ---: | ---: | ---: | ---: | --- | ---: |")
	for _, r := range results {
		m := r.median()
		fmt.Fprintf(out, "| %s | %s | %.*f | %s | %d | %s, %s | %s |\n", r.name, brief(m),
			decimals(m, w.units), float64(m)/float64(w.units), ratio(float64(m)/float64(results[0].median())), len(r.times),
			brief(slices.Min(r.times)), brief(slices.Max(r.times)), brief(r.load))
	}
	for _, a := range absences {
		fmt.Fprintf(out, "\nLeft out: %s.\n", strings.TrimSuffix(a, "."))
	}
}

// brief writes a time in three digits.
func brief(d time.Duration) string {
	unit := time.Duration(1)
	for d >= 1000*unit {
		unit *= 10
	}
	return d.Round(unit).String()
}

// ratio writes a ratio in two digits or more.
func ratio(r float64) string {
	switch {
	case r < 10:
		return fmt.Sprintf("%.2f", r)
	case r < 100:
		return fmt.Sprintf("%.1f", r)
	}
	return fmt.Sprintf("%.0f", r)
}

// decimals is how many to write of a time a unit.
func decimals(d time.Duration, units int) int {
	if d < 100*time.Duration(units) {
		return 1
	}
	return 0
}
