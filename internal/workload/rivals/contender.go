package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
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
		loaded *run[Out] // nil: to be loaded for each round
		result result
		spent  time.Duration
	}
	var entries []*entry
	defer func() {
		for _, e := range entries {
			if e.loaded != nil {
				_ = e.loaded.close()
			}
		}
	}()
	for _, c := range w.contenders {
		began := time.Now()
		r, err := c.load(w.data)
		var reason absent
		switch {
		case errors.As(err, &reason):
			absences = append(absences, c.name+": "+string(reason))
			continue
		case err != nil:
			return nil, nil, fmt.Errorf("%s: %w", c.name, err)
		case r.close == nil:
			r = nil
		}
		entries = append(entries, &entry{contender: c, loaded: r, result: result{name: c.name, load: time.Since(began)}})
	}
	for range rounds {
		for _, e := range entries {
			if e.spent > patience {
				continue
			}
			r := e.loaded
			if r == nil {
				if r, err = e.load(w.data); err != nil {
					return nil, nil, fmt.Errorf("%s: %w", e.name, err)
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
					return nil, nil, fmt.Errorf("%s: %w", e.name, err)
				}
			}
			took := time.Since(began)
			e.spent += took
			e.result.times = append(e.result.times, took/time.Duration(w.repeats))
		}
	}
	for _, e := range entries {
		results = append(results, e.result)
	}
	return results, absences, nil
}

// table writes the results in Markdown. On a busy machine the fastest runs tell
// more than the median, so both ratios are there.
func (w workload[In, Out]) table(out io.Writer, results []result, absences []string) {
	fmt.Fprintf(out, "\n%s\n\n", w.title)
	fmt.Fprintf(out, "| contender | median | ns a %s | ratio | fastest | ratio | rounds | loading |\n", w.unit)
	fmt.Fprintln(out, "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
	for _, r := range results {
		first, median, fastest := results[0], r.median(), slices.Min(r.times)
		fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s | %d | %s |\n", r.name,
			brief(median), digits(float64(median)/float64(w.units)), digits(float64(median)/float64(first.median())),
			brief(fastest), digits(float64(fastest)/float64(slices.Min(first.times))),
			len(r.times), brief(r.load))
	}
	for _, a := range absences {
		fmt.Fprintf(out, "\nLeft out: %s.\n", a)
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

// digits writes a number in two digits or more.
func digits(f float64) string {
	places := 0
	for g := f; g < 10 && g > 0 && places < 6; g *= 10 {
		places++
	}
	return strconv.FormatFloat(f, 'f', places, 64)
}
