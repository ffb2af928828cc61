// Command performance writes docs/performance.md from the output of the
// benchmarks, which it reads from its standard input:
//
//	go test -run '^$' -bench 'Union|Growth|Fleet|BenchmarkStatement' ./outage ./credit/... |
//		go -C tools/performance run . > docs/performance.md
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

func main() {
	if err := write(os.Stdout, os.Stdin, runtime.Version()); err != nil {
		fmt.Fprintln(os.Stderr, "performance:", err)
		os.Exit(1)
	}
}

// A result is a line of output: what a benchmark reported, by unit.
type result struct {
	name    string // without "Benchmark" and the number of processors
	figures map[string]float64
}

// A table holds the results of some benchmarks.
type table struct {
	benchmark string // the part of the name before the first slash
	title     string
	text      string
	rivals    []column
}

// A column is a rival, and what it does.
type column struct{ name, does string }

var tables = []table{
	{"Union", "Many windows of one resource", "A year's windows become a set (`outage.NewSet`), which is asked for its total and for the part in each month (`Set.Within`).", []column{
		{"pass", "adds up the lengths of all windows, without merging any: the least that anything costs that looks at each"},
		{"sortfunc", "`int64` and `slices.SortFunc`"},
		{"time.Time", "`time.Time` and `slices.SortFunc` throughout"},
	}},
	{"Growth", "Growth", "Ten million windows in random order.", []column{
		{"small", "the library on a hundred times a hundred thousand"},
	}},
	{"Fleet", "A month-end run in figures", "Customers with five outages on average and one of 64 calendars of planned work, settled by `batch.Batch.Settle`: downtime, row of the table and credit.", []column{
		{"pass", "reads all windows and writes 32 bytes for each customer"},
		{"naive", "`time.Time`, `slices.SortFunc` and decimals, with each calendar merged once"},
		{"decimals", "the library with two decimals for each customer, the percentage and the credit"},
		{"stream", "the library from an `iter.Seq`, with totals"},
		{"two", "the library with two workers"},
		{"year", "the library with twelve monthly settlements for each customer instead of one"},
	}},
	{"FleetWithAccount", "The same run with the account of each statement", "From records to `credit.NewStatement`.", []column{
		{"timeline", "of that, `outage.NewTimeline`"},
		{"judge", "of that, `sla.Terms.Judge`"},
		{"statement", "of that, `credit.NewStatement`"},
		{"naive", "as above, without any account"},
	}},
	{"Statement", "One statement", "Ten outages as `time.Time`, three windows of planned work and a fee, by `batch.Settler.Settle`; the fleet, which holds the planned work, was made before.", []column{
		{"decimals", "the library with two decimals, the percentage and the credit"},
		{"naive", "`time.Time`, `slices.SortFunc` and decimals"},
		{"account", "the library with the whole account, from records"},
	}},
}

// write writes the document.
func write(w io.Writer, output io.Reader, version string) error {
	results, machine, err := read(output)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "# Performance")
	fmt.Fprintln(w, "\nWritten by one command, which takes some minutes and four gigabytes:")
	fmt.Fprintln(w, "\n```sh\ngo test -run '^$' -bench 'Union|Growth|Fleet|BenchmarkStatement' ./outage ./credit/... | go -C tools/performance run . > docs/performance.md\n```")
	fmt.Fprintf(w, "\nMeasured on %s, with %s. Figures of another machine differ, and those of this one by the hour; what holds are the ratios. Each is the median over at least seven rounds in which all contenders of a row take turns, and the sums of the library are compared. The data follow from a seed (`internal/workload`), and their sums are those that databases and programs of other people give.\n", machine, version)
	for _, t := range tables {
		if err := t.write(w, results); err != nil {
			return err
		}
	}
	return nil
}

// read reads the output of benchmarks, and says what the machine was.
func read(output io.Reader) (results []result, machine string, err error) {
	about := map[string]string{}
	processors := ""
	for lines := bufio.NewScanner(output); lines.Scan(); {
		key, value, found := strings.Cut(lines.Text(), ": ")
		if found && slices.Contains([]string{"goos", "goarch", "cpu"}, key) {
			about[key] = value
		}
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		r := result{strings.TrimPrefix(fields[0], "Benchmark"), map[string]float64{}}
		if i := strings.LastIndexByte(r.name, '-'); i >= 0 {
			r.name, processors = r.name[:i], r.name[i+1:]
		}
		for i := 2; i+1 < len(fields); i += 2 {
			if r.figures[fields[i+1]], err = strconv.ParseFloat(fields[i], 64); err != nil {
				return nil, "", fmt.Errorf("%s: %w", lines.Text(), err)
			}
		}
		results = append(results, r)
	}
	if len(results) == 0 {
		return nil, "", fmt.Errorf("no benchmark in the input")
	}
	machine = fmt.Sprintf("%s/%s, %s, %s processors", about["goos"], about["goarch"], about["cpu"], processors)
	return results, machine, nil
}

func (t table) write(w io.Writer, results []result) error {
	fmt.Fprintf(w, "\n## %s\n\n%s The library is 1; the others are how many times as long they take.\n", t.title, t.text)
	head, rule := "\n| | a unit | allocations |", "| --- | --- | --- |"
	for _, c := range t.rivals {
		head, rule = head+" "+c.name+" |", rule+" --- |"
	}
	fmt.Fprintf(w, "%s\n%s\n", head, rule)
	rows := 0
	for _, r := range results {
		benchmark, variant, _ := strings.Cut(r.name, "/")
		if benchmark != t.benchmark {
			continue
		}
		rows++
		fmt.Fprintf(w, "| %s | %s |", variant, r.ofUnit())
		for _, c := range t.rivals {
			if times, found := r.figures[c.name+"/lib"]; found {
				fmt.Fprintf(w, " %s |", short(times))
			} else {
				fmt.Fprint(w, " |")
			}
		}
		fmt.Fprintln(w)
	}
	if rows == 0 {
		return fmt.Errorf("no result of Benchmark%s", t.benchmark)
	}
	fmt.Fprintln(w)
	for _, c := range t.rivals {
		fmt.Fprintf(w, "* %s: %s\n", c.name, c.does)
	}
	return nil
}

// ofUnit returns the cells for the time and the allocations of a unit.
func (r result) ofUnit() string {
	for unit, ns := range r.figures {
		if of, found := strings.CutPrefix(unit, "ns/"); found && of != "op" {
			return fmt.Sprintf("%s ns a %s | %s", short(ns), of, short(r.figures["allocs/"+of]))
		}
	}
	return " | "
}

// short returns a figure with three digits that mean something, and 0 for next
// to nothing.
func short(f float64) string {
	switch {
	case f < 0.001:
		return "0"
	case f < 10:
		return strconv.FormatFloat(f, 'g', 3, 64)
	case f < 100:
		return strconv.FormatFloat(f, 'f', 1, 64)
	}
	return strconv.FormatFloat(f, 'f', 0, 64)
}
