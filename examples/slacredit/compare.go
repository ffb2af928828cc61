package main

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
	"github.com/slacredit/slacredit/sla/catalog"
)

const compareUsage = `slacredit compare computes the credit for the outages of one resource under each
published agreement of the catalog. Without flags it compares the longest outage of
Joyent's US-East-1 on 27 May 2014, 149 minutes, for a fee of USD 100.00.

  slacredit compare -records FILE -fee "USD 100.00" -from DATE -zone ZONE [flags]

  -records FILE      as above; may be given several times
  -resource NAME     the resource, if the records name several
  -label NAME=VALUE  a label of the resource, such as "region=us-east-1", which some
                     agreements need; may be given several times. The resource is taken
                     as the only one in its group.
  -fee MONEY         the fee for the resource in the billing period
  -from, -zone, -months, -days, -period, -as-of
                     the billing period, as above
  -agreement PREFIX  only agreements with this prefix, such as "amazon/" or "google/compute"
  -on DATE           only editions in force on the day
  -format FORMAT     text (default), json or csv
`

// A comparison is one resource with its fee, to be judged under many
// agreements.
type comparison struct {
	timeline outage.Timeline
	labels   map[string]string
	fee      credit.Money
	period   calendar.Period
}

// A result is the result of a comparison for one edition.
type result struct {
	Agreement   string       `json:"agreement"`
	Edition     string       `json:"edition"`
	Evidence    string       `json:"evidence"`
	Credit      credit.Money `json:"credit,omitzero"`
	Owed        string       `json:"owed,omitempty"` // in the units of the contract, before caps
	Assumptions []string     `json:"assumptions,omitempty"`
	Note        string       `json:"note,omitempty"`           // of the edition
	Cannot      string       `json:"cannotBeJudged,omitempty"` // why not; the rest is then empty
}

// compare runs the command compare with arguments.
func compare(args []string, out io.Writer) error {
	q, err := parseQuestion(args)
	if errors.Is(err, flag.ErrHelp) {
		_, err = io.WriteString(out, compareUsage)
		return err
	}
	if err != nil {
		return err
	}
	c, err := q.comparison()
	if err != nil {
		return err
	}
	editions, err := q.editions()
	if err != nil {
		return err
	}
	var results []result
	for _, e := range editions {
		results = append(results, c.under(e))
	}
	slices.SortStableFunc(results, byCredit)
	return c.write(out, q.format, results)
}

// A question is a comparison as its flags describe it.
type question struct {
	when                      billing
	records, labels           list
	resource, fee, prefix, on string
	format                    string
}

// parseQuestion reads the flags of a comparison.
func parseQuestion(args []string) (*question, error) {
	q := &question{}
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	flags.Var(&q.records, "records", "")
	flags.Var(&q.labels, "label", "")
	flags.StringVar(&q.resource, "resource", "", "")
	flags.StringVar(&q.fee, "fee", "", "")
	q.when.register(flags)
	flags.StringVar(&q.prefix, "agreement", "", "")
	flags.StringVar(&q.on, "on", "", "")
	flags.StringVar(&q.format, "format", "text", "")
	return q, parseFlags(flags, args, "slacredit compare -h")
}

// comparison returns the resource, its fee and the period that the flags describe.
func (q *question) comparison() (comparison, error) {
	var j job
	err := q.readRecords(&j)
	if err != nil {
		return comparison{}, err
	}
	c := comparison{}
	if c.labels, err = q.labelled(); err != nil {
		return c, err
	}
	if c.fee, err = credit.ParseMoney(q.fee); err != nil {
		return c, fmt.Errorf("-fee: %w", err)
	}
	if c.period, err = q.when.period(); err != nil {
		return c, err
	}
	if j.asOf, err = q.when.instant(); err != nil {
		return c, err
	}
	if err := j.prepare(); err != nil {
		return c, err
	}
	c.timeline, err = q.timeline(j.timelines)
	return c, err
}

// readRecords reads the records of a question. One that gives neither records, a
// fee nor a period is about the records of the worked example.
func (q *question) readRecords(j *job) (err error) {
	if len(q.records) == 0 && q.fee == "" && q.when.from == "" && q.when.zone == "" {
		q.resource, q.fee, q.when.from, q.when.zone = cmp.Or(q.resource, "us-east-1/last-back"), "USD 100.00", "2014-05-01", "UTC"
		j.records, err = outage.Read(bytes.NewReader(joyentRecords), outage.ReadOptions{Format: outage.CSV})
		return err
	}
	if len(q.records) == 0 || q.fee == "" || !q.when.told() {
		return errors.New("-records, -fee, -from and -zone are required; slacredit compare -h explains them")
	}
	for _, f := range sources(q.records, "outage") {
		if err := j.readRecords(f); err != nil {
			return err
		}
	}
	return nil
}

// labelled returns the labels that the flags give the resource.
func (q *question) labelled() (map[string]string, error) {
	labels := map[string]string{}
	for _, l := range q.labels {
		name, value, found := strings.Cut(l, "=")
		if !found {
			return nil, fmt.Errorf("-label: %s is not a name and a value, such as region=us-east-1", quoted(l))
		}
		labels[name] = value
	}
	return labels, nil
}

// timeline returns the timeline of the resource. If the flags name none, there must be
// only one.
func (q *question) timeline(of map[string]outage.Timeline) (outage.Timeline, error) {
	names := slices.Sorted(maps.Keys(of))
	resource := q.resource
	if resource == "" && len(names) == 1 {
		resource = names[0]
	}
	timeline, found := of[resource]
	if !found {
		return timeline, fmt.Errorf("-resource: %s is none of those that the records name: %s", quoted(resource), namesOf(names))
	}
	return timeline, nil
}

// editions returns the editions of the catalog under which to judge.
func (q *question) editions() ([]catalog.Edition, error) {
	var query catalog.Query
	if q.on != "" {
		var err error
		if query.On, err = calendar.ParseDate(q.on); err != nil {
			return nil, fmt.Errorf("-on: %w", err)
		}
	}
	published, err := catalog.Published()
	if err != nil {
		return nil, err
	}
	var editions []catalog.Edition
	for e := range published.Find(query) {
		if strings.HasPrefix(e.Agreement.Name, q.prefix) {
			editions = append(editions, e)
		}
	}
	return editions, nil
}

// byCredit orders results by their credits, the largest first, and then those that
// cannot be judged.
func byCredit(a, b result) int {
	switch {
	case a.Cannot == "" && b.Cannot != "":
		return -1
	case a.Cannot != "" && b.Cannot == "":
		return 1
	}
	return cmp.Or(cmp.Compare(b.Credit.MinorUnits(), a.Credit.MinorUnits()), strings.Compare(a.Edition, b.Edition))
}

// under returns the credit for the outages under one edition.
func (c comparison) under(e catalog.Edition) result {
	r := result{Agreement: e.Agreement.Name, Edition: e.Name(), Evidence: e.Evidence().String(), Note: e.Note}
	cannot := func(format string, args ...any) result {
		r.Cannot = fmt.Sprintf(format, args...)
		return r
	}
	if len(e.Missing) > 0 {
		return cannot("not known: %s", strings.Join(e.Missing, "; "))
	}
	if len(e.Agreement.Commitments) == 0 {
		return cannot("it promises nothing")
	}
	terms, err := e.Terms()
	if err != nil {
		return cannot("%v", err)
	}
	if needs := c.needs(e.Agreement); len(needs) > 0 {
		return cannot("needs %s", strings.Join(needs, ", "))
	}
	verdicts, err := terms.JudgeAll([]outage.Timeline{c.timeline.WithLabels(c.labels)}, c.period)
	if err != nil {
		return cannot("%v", err)
	}
	bill := credit.Bill{Customer: "compared", Period: c.period, Verdicts: verdicts, Prior: []credit.Prior{}}
	findings, owed := 0, []string{}
	due := time.Duration(0)
	for i, v := range verdicts {
		bill.Charges = append(bill.Charges, credit.Charge{ID: fmt.Sprint(i + 1), Resource: v.Resource, Amount: c.fee})
		findings += len(v.Findings)
		for _, f := range v.Findings {
			due += f.Measurement.Due
			if !f.Entitlement.Remedy.IsZero() {
				owed = append(owed, f.Entitlement.String())
			}
		}
	}
	switch {
	case len(verdicts) == 0:
		return cannot("does not cover a resource with these labels")
	case findings == 0:
		return cannot("nothing that it measures ended in %v", c.period)
	case due == 0:
		return cannot("nothing was due: it needs more than this one resource")
	}
	s, err := credit.NewStatement(bill)
	if err != nil {
		return cannot("%v", err)
	}
	r.Credit, r.Owed = s.Total, strings.Join(owed, " and ")
	r.Assumptions = c.assumptions(e, s)
	return r
}

// needs returns the facts that an agreement needs and the records do not have.
func (c comparison) needs(a sla.Agreement) []string {
	var needs []string
	need := func(what string) {
		if !slices.Contains(needs, what) {
			needs = append(needs, what)
		}
	}
	traffic, known, causes := false, map[string]bool{"start": true, "end": true}, map[string]bool{}
	for range c.timeline.Traffic() {
		traffic = true
	}
	for _, o := range c.timeline.Outages() {
		known["reported"] = known["reported"] || !o.Reported.IsZero()
		causes[o.Cause] = true
		for name := range o.Marks {
			known[name] = true
		}
	}
	for _, commitment := range a.Commitments {
		labels := slices.Collect(maps.Keys(commitment.Scope.Only))
		for _, l := range commitment.Scope.Levels {
			labels = append(labels, l.By)
		}
		slices.Sort(labels)
		for _, l := range labels {
			if _, found := c.labels[l]; !found {
				need("the label " + l)
			}
		}
		if commitment.Downtime.Requests && !traffic {
			need("counts of requests")
		}
		for _, m := range slices.Concat(commitment.Downtime.Starts, commitment.Downtime.Ends) {
			if !known[m] {
				need("the mark " + m)
			}
		}
		counts := func(cause string) bool { return causes[cause] }
		if all := commitment.Downtime.Causes; len(all) > 0 && len(a.Commitments) == 1 && !slices.ContainsFunc(all, counts) {
			need("an outage caused by " + strings.Join(all, " or "))
		}
	}
	return needs
}

// assumptions returns the assumptions of a result beside the fee and the records.
func (c comparison) assumptions(e catalog.Edition, s credit.Statement) []string {
	var all []string
	if e.Plan != "" {
		all = append(all, "plan "+e.Plan)
	}
	if e.Country != "" {
		all = append(all, "country "+e.Country)
	}
	if !e.InForce(calendar.Date{Year: c.period.Last().Year, Month: c.period.Last().Month, Day: c.period.Last().Day}) {
		all = append(all, "not known to be in force then")
	}
	for _, commitment := range e.Agreement.Commitments {
		if len(commitment.Scope.Levels) > 0 {
			all = append(all, "the resource is all there is of its group")
			break
		}
	}
	if e.Agreement.Claims.By != "" {
		all = append(all, "claimed "+string(e.Agreement.Claims.By))
	}
	for _, c := range s.Credits {
		for _, cap := range slices.Concat(c.Limits, partCaps(c)) {
			if cap.Binds {
				all = append(all, cap.Agreed.String())
			}
			if cap.Agreed.Months > 0 {
				all = append(all, "nothing was credited before")
			}
		}
		if !c.Withheld.IsZero() {
			all = append(all, fmt.Sprintf("issued only above %v", c.Above))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// partCaps returns the limits on the parts of a credit.
func partCaps(c credit.Credit) []credit.Limit {
	var caps []credit.Limit
	for _, p := range c.Parts {
		caps = append(caps, p.Limits...)
	}
	return caps
}

// write writes the results.
func (c comparison) write(out io.Writer, format string, results []result) error {
	switch format {
	case "text":
		return c.text(out, results)
	case "json":
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		for _, r := range results {
			if err := encoder.Encode(r); err != nil {
				return err
			}
		}
		return nil
	case "csv":
		rows := csv.NewWriter(out)
		rows.Write([]string{"agreement", "edition", "evidence", "credit", "currency", "owed", "cannot_be_judged", "assumptions", "note"})
		for _, r := range results {
			amount, currency := "", ""
			if r.Cannot == "" {
				amount, currency = number(r.Credit), r.Credit.Currency()
			}
			rows.Write([]string{cell(r.Agreement), cell(r.Edition), r.Evidence, amount, currency, r.Owed, cell(r.Cannot), cell(strings.Join(r.Assumptions, "; ")), cell(r.Note)})
		}
		rows.Flush()
		return rows.Error()
	}
	return fmt.Errorf("-format: %s is none of text, json, csv", quoted(format))
}

// text writes the results as two tables: those that can be judged, and the others.
func (c comparison) text(out io.Writer, results []result) error {
	m, err := sla.Measure(c.timeline, c.period)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s, %v: %v\nThe credits for a fee of %v, with the amount owed in the units of the contract and\nbefore caps, the evidence for the agreement, and the assumptions:\n\n",
		c.timeline.Resource(), c.period, m, c.fee)
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	judged := 0
	for _, r := range results {
		if r.Cannot == "" {
			judged++
			fmt.Fprintf(t, "%v\t%s\t%s\t%s\t%s\n", r.Credit, cmp.Or(r.Owed, "nothing"), r.Evidence, r.Edition, strings.Join(r.Assumptions, "; "))
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if judged == len(results) {
		return nil
	}
	fmt.Fprint(out, "\nCannot be judged by these records:\n\n")
	for _, r := range results {
		if r.Cannot != "" {
			fmt.Fprintf(t, "%s\t%s\n", r.Edition, r.Cannot)
		}
	}
	return t.Flush()
}
