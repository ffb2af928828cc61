package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A job is a run over the customers of one billing period.
type job struct {
	terms    []*sla.Terms
	records  []outage.Record
	period   calendar.Period
	asOf     time.Time
	write    func(credit.Statement) error
	figure   func(figure) error // writes figures in place of statements
	progress io.Writer          // nil: nobody watches

	labels    map[string]map[string]string // of resources; nil: none were given
	timelines map[string]outage.Timeline
	verdicts  map[string][]sla.Verdict // of the resources that were judged
	shared    []sla.Verdict            // of groups whose fees are found by labels
	silent    names                    // the resources that were judged and that no record names
	inOrder   []source                 // files of records that are not read before the charges; nil: all were read
	sorted    *sorted                  // hands out the records of these files during a run
	held      held                     // the records that it returned last
	settler   *settler                 // nil: no figures are wanted
	charged   map[string]bool          // resources that charges name; nil in sorted order
	used      sla.Usage                // words of the charges, and of records in sorted order
	words     bool                     // the use of every word is wanted
	inPeriod  bool                     // an outage of a judged resource lies in the period
}

// readAgreements reads and compiles agreements.
func (j *job) readAgreements(names []string) error {
	for _, name := range names {
		data, err := readAgreement(name)
		if err != nil {
			return err
		}
		agreement, err := sla.ParseAgreement(data)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		terms, err := agreement.Compile()
		if err == nil && agreement.Name == "" {
			err = errors.New("name: missing; statements need it")
		}
		if err == nil && len(agreement.Commitments) == 0 {
			err = errors.New("commitments: missing; it promises nothing")
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		j.terms = append(j.terms, terms)
	}
	return nil
}

// A source is a file of records. Rows that name no kind have its kind.
type source struct{ name, kind string }

func sources(names []string, kind string) []source {
	files := make([]source, len(names))
	for i, name := range names {
		files[i] = source{name, kind}
	}
	return files
}

// open opens a file and returns the options for reading it.
func (s source) open() (*os.File, outage.ReadOptions, error) {
	format, err := formatOf(s.name)
	if err != nil {
		return nil, outage.ReadOptions{}, err
	}
	file, err := os.Open(s.name)
	return file, outage.ReadOptions{Format: format, Kind: s.kind}, err
}

// readRecords reads a file of records.
func (j *job) readRecords(s source) error {
	file, how, err := s.open()
	if err != nil {
		return err
	}
	records, err := outage.Read(&watchedReader{reader: file, name: s.name, progress: j.progress}, how)
	file.Close()
	if err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	j.records = append(j.records, records...)
	return nil
}

// prepare makes timelines from all records.
func (j *job) prepare() error {
	resources, err := outage.Options{AsOf: j.asOf, Labels: j.labels}.Timelines(j.records...)
	if err != nil {
		return err
	}
	j.timelines, j.verdicts = map[string]outage.Timeline{}, map[string][]sla.Verdict{}
	for _, t := range resources {
		j.timelines[t.Resource()] = t
	}
	j.charged = map[string]bool{}
	if j.labels == nil {
		return nil // each resource is judged when it is charged
	}
	if err := j.checkLabels(); err != nil {
		return err
	}
	for _, terms := range j.terms {
		verdicts, err := terms.JudgeAll(resources, j.period)
		if err != nil {
			return err
		}
		for _, v := range verdicts {
			j.verdicts[v.Resource] = append(j.verdicts[v.Resource], v)
			_, resource := j.timelines[v.Resource] // else a group, which is of all who are in it
			if !resource && slices.ContainsFunc(feesOf(v), func(f labelled) bool { return len(f.by) > 0 }) {
				j.shared = append(j.shared, v)
			}
		}
	}
	return nil
}

// A labelled fee is the fee for what has certain labels in common with the resource or
// group that was judged.
type labelled struct {
	by     []string          // the names of the labels in common
	labels map[string]string // of the resource or group
}

// feesOf returns the fees under a verdict, even if nothing was measured.
func feesOf(v sla.Verdict) []labelled {
	var fees []labelled
	for _, f := range v.Findings {
		fees = append(fees, labelled{f.Base.By, f.Labels})
	}
	for _, q := range v.Quiet {
		fees = append(fees, labelled{q.Base.By, q.Labels})
	}
	return fees
}

// shares reports whether a charge has the labels of some fee under a verdict.
func shares(c credit.Charge, v sla.Verdict) bool {
	return slices.ContainsFunc(feesOf(v), func(f labelled) bool {
		return len(f.by) > 0 && !slices.ContainsFunc(f.by, func(name string) bool {
			value, found := c.Labels[name]
			return !found || value != f.labels[name]
		})
	})
}

// A watchedReader tells how far it has read a long file.
type watchedReader struct {
	reader   io.Reader
	name     string
	progress io.Writer // nil: nobody watches
	read     int64
}

// readStep is the number of bytes between two messages.
const readStep = 32 << 20

// Read reads the next bytes.
func (w *watchedReader) Read(p []byte) (int, error) {
	n, err := w.reader.Read(p)
	before := w.read / readStep
	if w.read += int64(n); w.progress != nil && w.read/readStep > before {
		fmt.Fprintf(w.progress, "\r%s: %d MB", w.name, w.read>>20)
	}
	if err != nil && w.progress != nil && w.read >= readStep {
		fmt.Fprintf(w.progress, "\r%s: %d MB\n", w.name, w.read>>20)
	}
	return n, err
}

// readLabels reads the labels of resources.
func (j *job) readLabels(name string) error {
	if name == "" {
		return nil
	}
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	bounded := newRowReader(file)
	rows := csv.NewReader(bounded)
	header, err := rows.Read()
	switch {
	case errors.Is(err, errLongRow):
		return fmt.Errorf("%s: %w", name, longRow(0))
	case err != nil && !errors.Is(err, io.EOF):
		return fmt.Errorf("%s: %w", name, err)
	case !slices.Equal(header, []string{"resource", "label", "value"}):
		return fmt.Errorf("%s: line 1: want the columns resource,label,value, in this order", name)
	}
	j.labels = map[string]map[string]string{}
	for line := 1; ; {
		bounded.next()
		row, err := rows.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errLongRow):
			return fmt.Errorf("%s: %w", name, longRow(line))
		case err != nil:
			return fmt.Errorf("%s: %w", name, err)
		}
		line, _ = rows.FieldPos(0)
		labels := j.labels[row[0]]
		if labels == nil {
			labels = map[string]string{}
			j.labels[row[0]] = labels
		}
		if _, given := labels[row[1]]; given {
			return fmt.Errorf("%s: line %d: %s has a label %s already", name, line, quoted(row[0]), quoted(row[1]))
		}
		labels[row[1]] = row[2]
	}
}

// run writes one statement for each customer of the charges. Through sorted files
// it walks along with the charges.
func (j *job) run(ctx context.Context, charges io.Reader) error {
	var err error
	if j.inOrder == nil {
		err = j.prepare()
	} else if j.sorted, err = openSorted(j.inOrder, &j.used); err == nil {
		defer j.sorted.close()
		j.verdicts = map[string][]sla.Verdict{}
	}
	if err != nil {
		return err
	}
	customers := 0
	progress := func() { fmt.Fprintf(j.progress, "\r%d customers", customers) }
	for bill, err := range bills(charges) {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			j.count(bill)
			err = j.statement(bill)
		}
		if err != nil {
			return err
		}
		if customers++; j.progress != nil && customers%500 == 0 {
			progress()
		}
	}
	if j.progress != nil && customers >= 500 {
		progress()
		fmt.Fprintln(j.progress)
	}
	if j.sorted != nil {
		return j.sorted.finish()
	}
	return nil
}

// count counts the words of a bill.
func (j *job) count(bill credit.Bill) {
	for _, c := range bill.Charges {
		j.used.Charge(c.Kind)
		if j.charged != nil {
			j.charged[c.Resource] = true
		}
	}
}

// note writes, after a run, what may be a mistake in the names or in the period, since
// resources are matched by their names alone.
func (j *job) note(notes io.Writer) {
	var uncharged names
	if j.sorted != nil {
		uncharged = j.sorted.passed
	}
	for _, name := range slices.Sorted(maps.Keys(j.timelines)) {
		if _, charged := j.verdicts[name]; !charged {
			uncharged.add(name)
		}
		j.see(j.timelines[name])
	}
	if j.silent.n > 0 {
		fmt.Fprintf(notes, "slacredit: note: no record names %v; counted as up\n", j.silent)
	}
	if uncharged.n > 0 && j.labels == nil { // else charges may name groups
		fmt.Fprintf(notes, "slacredit: note: no charge names %v; left out, with their records\n", uncharged)
	}
	if j.labels != nil {
		j.noteNames(notes)
	}
	j.noteTwins(notes)
	j.noteWords(notes)
	if !j.inPeriod {
		fmt.Fprintf(notes, "slacredit: note: no outage lies in %v\n", j.period)
	}
}

// see records whether an outage lies in the period.
func (j *job) see(t outage.Timeline) {
	for w := range t.Outages() {
		if j.inPeriod = j.inPeriod || !w.Intersect(j.period.Window()).IsEmpty(); j.inPeriod {
			return
		}
	}
}

// A held is the records of a resource.
type held struct {
	resource string
	records  []outage.Record
	any      bool
}

// recordsOf returns the records of a resource from sorted files.
func (j *job) recordsOf(resource string) ([]outage.Record, error) {
	if j.held.any && j.held.resource == resource {
		return j.held.records, nil
	}
	records, err := j.sorted.of(resource)
	if err != nil {
		return nil, err
	}
	clear(j.verdicts) // of earlier resources, which are not charged again
	j.held = held{resource, records, true}
	if len(records) == 0 {
		j.silent.add(resource)
	}
	for _, r := range records {
		if o, down := r.(outage.Outage); down && o.Start.Before(j.period.Window().End()) && (o.End.IsZero() || o.End.After(j.period.Window().Start())) {
			j.inPeriod = true
		}
	}
	return records, nil
}

// settle writes the figures of a bill, if they need no statement.
func (j *job) settle(bill credit.Bill) (done bool, err error) {
	if j.sorted == nil || len(bill.Charges) != 1 {
		return false, nil
	}
	records, err := j.recordsOf(bill.Charges[0].Resource)
	if err != nil {
		return false, err
	}
	figures, done := j.settler.settle(bill, records)
	for _, f := range figures {
		if err := j.figure(f); err != nil {
			return done, err
		}
	}
	return done, nil
}

// statement writes the statement on one bill, or its figures.
func (j *job) statement(bill credit.Bill) error {
	bill.Period = j.period
	if j.settler != nil {
		if done, err := j.settle(bill); done || err != nil {
			return err
		}
	}
	judged := map[string]bool{}
	for i, c := range bill.Charges {
		bill.Charges[i].Labels = j.labels[c.Resource]
		if judged[c.Resource] {
			continue
		}
		judged[c.Resource] = true
		verdicts, err := j.judge(c.Resource, bill.Charges)
		if err != nil {
			return err
		}
		bill.Verdicts = append(bill.Verdicts, verdicts...)
	}
	for _, v := range j.shared {
		if !judged[v.Resource] && slices.ContainsFunc(bill.Charges, func(c credit.Charge) bool { return shares(c, v) }) {
			bill.Verdicts = append(bill.Verdicts, v)
		}
	}
	s, err := credit.NewStatement(bill)
	if err != nil {
		return err
	}
	if j.settler == nil {
		return j.write(s)
	}
	for _, f := range figuresOf(s) {
		if err := j.figure(f); err != nil {
			return err
		}
	}
	return nil
}

// judge returns the verdicts of all agreements on a resource. A resource is judged once
// for all customers, except for those whose charges pay for a part of the period only.
func (j *job) judge(resource string, charges []credit.Charge) ([]sla.Verdict, error) {
	paid, part := credit.PaidFor(resource, charges, j.period)
	part = part && j.labels == nil && !slices.ContainsFunc(j.terms, goesByDays)
	if verdicts := j.verdicts[resource]; len(verdicts) > 0 && !part || j.labels != nil { // with labels a fee may be for resources that are not judged
		return verdicts, nil
	}
	timeline, err := j.timeline(resource)
	if err != nil {
		return nil, err
	}
	if part {
		timeline = timeline.Within(paid)
	}
	var verdicts []sla.Verdict
	for _, terms := range j.terms {
		v, err := terms.Judge(timeline, j.period)
		if asks := func(w sla.Word) bool { return w.Kind == sla.LabelWord }; err != nil && slices.ContainsFunc(terms.Vocabulary(), asks) {
			err = fmt.Errorf("%w; give the labels of resources with -labels", err)
		}
		if err != nil {
			return nil, err
		}
		verdicts = append(verdicts, v)
	}
	if !part {
		j.verdicts[resource] = verdicts
	} else if _, done := j.verdicts[resource]; !done {
		j.verdicts[resource] = nil // it is charged
	}
	return verdicts, nil
}

// goesByDays reports whether a fee under an agreement is for other time than the time
// that is judged.
func goesByDays(t *sla.Terms) bool {
	return slices.ContainsFunc(t.Agreement().Commitments, func(c sla.Commitment) bool {
		return c.Base.Window != "" && c.Base.Window != "billed" && c.Base.Window != "measured"
	})
}

// timeline returns the timeline of a resource.
func (j *job) timeline(resource string) (outage.Timeline, error) {
	if timeline, found := j.timelines[resource]; found {
		return timeline, nil
	}
	var records []outage.Record
	if j.sorted == nil {
		j.silent.add(resource)
	} else {
		var err error
		if records, err = j.recordsOf(resource); err != nil {
			return outage.Timeline{}, err
		}
	}
	timelines, err := outage.Options{AsOf: j.asOf, Resources: []string{resource}}.Timelines(records...)
	if err != nil {
		return outage.Timeline{}, err
	}
	return timelines[0], nil
}
