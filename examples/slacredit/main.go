// Slacredit computes the credit of each customer for the outages of a billing period,
// and explains it. Without arguments it does so for the outage of Joyent's US-East-1
// on 27 May 2014, whose records are part of it.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/slacredit/slacredit/outage"
)

const usage = `slacredit computes SLA credits from outage records and explains them.

  slacredit
        a worked example: the outage of Joyent's US-East-1 on 27 May 2014

  slacredit -agreement FILE
        the agreement in plain English, for comparison with the contract

  slacredit -agreement FILE -records FILE -charges FILE -from DATE -zone ZONE [flags]
        a statement for each customer in the charges

  slacredit compare [flags]
        the credit for an outage under every published agreement of the catalog;
        "slacredit compare -h" explains the flags

The files
  -agreement FILE    an agreement as JSON:
                     {"format": "slacredit/agreement/1", "name": "plain", "commitments": [
                       {"exclusions": [{"causes": ["maintenance"], "notice": "24h"}],
                        "promise": "at least 99.95%",
                        "credits": [{"when": "below 99.95%", "give": "10%"},
                                    {"when": "below 99.0%", "give": "25%"}]}]}
                     May be given several times. Every agreement applies to
                     every charge, and the credits add up.
  -records FILE      outages (.csv, .ndjson or .json); may be given several times:
                     id,resource,start,end,cause
                     o-1,web,2014-05-27T20:13:00Z,2014-05-27T22:42:00Z,operator
                     An outage without an end is still under way; it needs -as-of.
                     "go doc ./outage.Format" lists all columns.
  -maintenance FILE  planned work, in the same formats; announced is the time of the
                     announcement:
                     id,resource,start,end,announced
  -sorted            the records and the charges are sorted by the names of their
                     resources, byte by byte. The records are then not kept in memory,
                     only the names of the customers
  -labels FILE       labels of resources (.csv), for agreements that cover some
                     resources only or combine them; charges then name the resources
                     or groups that are measured:
                     resource,label,value
                     vm-1,zone,a
                     Charges have the labels of their resource.
  -charges FILE      the amounts billed, without tax; the lines of a customer are
                     together (.csv):
                     customer,id,resource,amount,currency
                     acme,inv-7/1,web,499.00,USD
                     Some agreements need further columns: kind is the kind of the
                     charge, start and end are the time that it pays for, and cycle is
                     the billing cycle, -1 for the one before. Amounts below zero are
                     discounts. If the charges with a time pay for a part of the
                     period, only that part is judged.
A row of a table takes up to 1 MiB, and an agreement up to 16 MiB.

The billing period
  -from DATE         first day of the cycle, such as 2014-05-01
  -zone ZONE         zone of the days, such as UTC or Europe/Berlin
  -months N          length of a period in months (default 1; 3 for a quarter, 12 for a year)
  -days N            or in days
  -period N          number of the period: 0 begins on -from (default), 1 is the next
  -as-of INSTANT     instant up to which the records tell what happened, such as
                     2014-05-27T21:00:00Z; without it they are complete

  -words             also list, on standard error, how often each word of the agreements
                     is used in the records, labels and charges: causes, marks, labels,
                     kinds of charges. Words that differ by their case, a hyphen or a
                     letter are always listed, since they are probably mistakes

The output
  -format FORMAT     text (default), json (a statement on each line), csv (a row for
                     each part), html (a page for the customer, to read or print),
                     account (the steps of the account as CSV) or figures (a row for
                     each customer and agreement; the fastest, with -sorted).
                     People open csv in spreadsheets. So in csv a name that begins
                     with = + - or @ has an apostrophe before it, which keeps it from
                     running as a formula; numbers stay numbers. Programs read the
                     other formats, which do not change names
  -out DIR           write a file for each customer to this folder, which is made if
                     necessary, and not to standard output; no file is overwritten. The
                     files appear when all of them are complete: if the disk is full,
                     there are none. html and account need -out if there are several
                     customers; figures are one file

In csv and figures, available is one percentage, or two if some time is unknown:
"90.000000% to 100.000000%". outcome is none, met, missed or undecided.
without_breach states that a credit is given although no promise was broken.

Nothing is written until all statements are computed, so that a mistake leaves
no partial output. Until then they are kept in memory, or, beyond 4 MiB, in a
temporary file (TMPDIR says where). Exit code 2 means that a mistake was found,
and standard error says which. (With "go run" the shell sees 1 instead;
"go build ./examples/slacredit" first.)
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	out := bufio.NewWriter(os.Stdout)
	err := run(ctx, os.Args[1:], out, os.Stderr, isTerminal(os.Stderr))
	err = errors.Join(err, out.Flush())
	if err != nil {
		fmt.Fprintln(os.Stderr, "slacredit:", complaint(err))
		os.Exit(2)
	}
}

// isTerminal reports whether a file is a terminal.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// run runs the command with arguments.
func run(ctx context.Context, args []string, out, notes io.Writer, watched bool) error {
	switch {
	case len(args) == 0:
		return joyent(out)
	case args[0] == "compare":
		return compare(args[1:], out)
	}
	r, err := parseRequest(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		_, err := io.WriteString(out, usage)
		return err
	case err != nil:
		return err
	case r.onlyAgreements:
		return explain(r.agreements, out)
	}
	return r.statements(ctx, out, notes, watched)
}

// A request is a run over charges as its flags describe it.
type request struct {
	when                            billing
	agreements, records, planned    list
	charges, labels, format, folder string
	sorted, words                   bool
	onlyAgreements                  bool // nothing else is given
}

// parseRequest reads the flags of a run.
func parseRequest(args []string) (*request, error) {
	r := &request{}
	flags := flag.NewFlagSet("slacredit", flag.ContinueOnError)
	flags.Var(&r.agreements, "agreement", "")
	flags.Var(&r.records, "records", "")
	flags.Var(&r.planned, "maintenance", "")
	flags.StringVar(&r.charges, "charges", "", "")
	flags.StringVar(&r.labels, "labels", "", "")
	flags.BoolVar(&r.sorted, "sorted", false, "")
	flags.BoolVar(&r.words, "words", false, "")
	r.when.register(flags)
	flags.StringVar(&r.format, "format", "text", "")
	flags.StringVar(&r.folder, "out", "", "")
	if err := parseFlags(flags, args, "slacredit -h"); err != nil {
		return nil, err
	}
	r.onlyAgreements = len(r.agreements) > 0 && flags.NFlag() == 1
	return r, nil
}

// parseFlags reads flags. The help command explains them.
func parseFlags(flags *flag.FlagSet, args []string, help string) error {
	flags.SetOutput(io.Discard)
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return err
	case err != nil:
		return fmt.Errorf("%w; %s explains the flags", err, help)
	case flags.NArg() > 0:
		return fmt.Errorf("unexpected argument %s; %s explains the flags", quoted(flags.Arg(0)), help)
	}
	return nil
}

// statements writes a statement for each customer of the charges. Each is computed
// once, and all are kept aside until the last one is without a fault.
func (r *request) statements(ctx context.Context, out, notes io.Writer, watched bool) error {
	o := output{format: r.format, folder: r.folder, out: out}
	if err := errors.Join(r.check(), o.check()); err != nil {
		return err
	}
	j := &job{words: r.words, write: o.write, figure: o.writeFigure}
	if watched {
		j.progress = notes
	}
	if err := r.prepare(j); err != nil {
		return err
	}
	charges, err := openCharges(r.charges)
	if err != nil {
		return err
	}
	defer charges.Close()
	if err := o.finish(j.run(ctx, charges)); err != nil {
		return err
	}
	j.note(notes)
	return nil
}

// check reports flags that are missing or exclude each other.
func (r *request) check() error {
	switch {
	case len(r.agreements) == 0 || len(r.records) == 0 || r.charges == "" || !r.when.told():
		return errors.New("-agreement, -records, -charges, -from and -zone are required; slacredit -h explains them")
	case r.sorted && r.labels != "":
		return errors.New("-sorted and -labels exclude each other: resources are combined only once all are known")
	}
	return nil
}

// prepare reads all that a job needs beside the charges.
func (r *request) prepare(j *job) (err error) {
	if j.period, err = r.when.period(); err != nil {
		return err
	}
	if j.asOf, err = r.when.instant(); err != nil {
		return err
	}
	faults := []error{j.readAgreements(r.agreements), j.readLabels(r.labels)}
	files := append(sources(r.records, "outage"), sources(r.planned, "maintenance")...)
	if r.sorted {
		j.inOrder = files
	} else {
		for _, f := range files {
			faults = append(faults, j.readRecords(f))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	if r.format == figuresFormat {
		j.settler, err = newSettler(j.terms, j.period, j.asOf)
	}
	return err
}

// openCharges opens a file of charges that has no faults of its own.
func openCharges(name string) (*os.File, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	if err := checkCharges(file); err != nil {
		file.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		file.Close()
		return nil, fmt.Errorf("%s: want a file, not a pipe; it is read more than once", name)
	}
	return file, nil
}

// explain writes agreements in plain English.
func explain(names []string, out io.Writer) error {
	var j job
	if err := j.readAgreements(names); err != nil {
		return err
	}
	for _, terms := range j.terms {
		a := terms.Agreement()
		if _, err := fmt.Fprintf(out, "%s: %s\n", a.Name, terms.English()); err != nil {
			return err
		}
		if a.Note != "" {
			fmt.Fprintf(out, "Note: %s\n", a.Note)
		}
	}
	return nil
}

// A list is a flag that may be given several times.
type list []string

func (l *list) String() string     { return strings.Join(*l, ", ") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

// formatOf returns the format of records by the name of their file.
func formatOf(name string) (outage.Format, error) {
	switch filepath.Ext(name) {
	case ".csv":
		return outage.CSV, nil
	case ".ndjson", ".jsonl":
		return outage.NDJSON, nil
	case ".json":
		return outage.JSON, nil
	}
	return 0, fmt.Errorf("%s: want a name that ends in .csv, .ndjson or .json", name)
}
