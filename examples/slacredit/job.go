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
	"strings"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// A job is a run over the customers of one billing period.
type job struct {
	terms    []*sla.Terms
	records  []outage.Record
	period   sla.Period
	asOf     time.Time
	write    func(credit.Statement) error
	progress io.Writer // nil: nobody watches

	labels    map[string]map[string]string // of resources; nil: none were given
	timelines map[string]outage.Timeline
	verdicts  map[string][]sla.Verdict // of the resources that were judged
	silent    []string                 // those of them that no record names
}

// readAgreements reads and compiles agreements.
func (j *job) readAgreements(names []string) error {
	for _, name := range names {
		data, err := os.ReadFile(name)
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

// readRecords reads files of records; kind is that of rows which name none.
func (j *job) readRecords(names []string, kind string) error {
	for _, name := range names {
		format, err := formatOf(name)
		if err != nil {
			return err
		}
		file, err := os.Open(name)
		if err != nil {
			return err
		}
		records, err := outage.Read(&watchedReader{reader: file, name: name, progress: j.progress}, outage.ReadOptions{Format: format, Kind: kind})
		file.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		j.records = append(j.records, records...)
	}
	return nil
}

// prepare lays the records out, once for all runs.
func (j *job) prepare() error {
	o := outage.Options{AsOf: j.asOf, Resources: slices.Sorted(maps.Keys(j.labels))}
	timelines, err := outage.Timelines(o, j.records...)
	if err != nil {
		return err
	}
	j.timelines, j.verdicts = map[string]outage.Timeline{}, map[string][]sla.Verdict{}
	var resources []sla.Resource
	for _, t := range timelines {
		j.timelines[t.Resource()] = t
		resources = append(resources, sla.Resource{Timeline: t, Labels: j.labels[t.Resource()]})
	}
	if j.labels == nil {
		return nil // each resource is judged when it is charged
	}
	for _, terms := range j.terms {
		verdicts, err := terms.JudgeAll(resources, j.period)
		if err != nil {
			return err
		}
		for _, v := range verdicts {
			j.verdicts[v.Resource] = append(j.verdicts[v.Resource], v)
		}
	}
	return nil
}

// A watchedReader says how far it is, where that takes long.
type watchedReader struct {
	reader   io.Reader
	name     string
	progress io.Writer // nil: nobody watches
	read     int64
}

// readStep is after how many bytes it says so.
const readStep = 32 << 20

// Read reads on.
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
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if len(rows) == 0 || !slices.Equal(rows[0], []string{"resource", "label", "value"}) {
		return fmt.Errorf("%s: line 1: want the columns resource,label,value, in this order", name)
	}
	j.labels = map[string]map[string]string{}
	for i, row := range rows[1:] {
		labels := j.labels[row[0]]
		if labels == nil {
			labels = map[string]string{}
			j.labels[row[0]] = labels
		}
		if _, given := labels[row[1]]; given {
			return fmt.Errorf("%s: row %d: %q has a label %q already", name, i+2, row[0], row[1])
		}
		labels[row[1]] = row[2]
	}
	return nil
}

// run writes one statement for each customer of the charges.
func (j *job) run(ctx context.Context, charges io.Reader) error {
	customers := 0
	for bill, err := range bills(charges) {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = j.statement(bill)
		}
		if err != nil {
			return err
		}
		if customers++; j.progress != nil && customers%500 == 0 {
			fmt.Fprintf(j.progress, "\r%d customers", customers)
		}
	}
	if j.progress != nil && customers >= 500 {
		fmt.Fprintf(j.progress, "\r%d customers\n", customers)
	}
	return nil
}

// note says, after a run, what may be a slip in the names or in the period,
// since resources are matched by their names alone.
func (j *job) note(notes io.Writer) {
	var uncharged []string
	inPeriod := false
	for name, t := range j.timelines {
		if _, charged := j.verdicts[name]; !charged {
			uncharged = append(uncharged, name)
		}
		for w := range t.Outages() {
			inPeriod = inPeriod || !w.Intersect(j.period.Window()).IsEmpty()
		}
	}
	slices.Sort(uncharged)
	if len(j.silent) > 0 {
		fmt.Fprintf(notes, "slacredit: note: no record names %s; counted as up\n", some(j.silent))
	}
	if len(uncharged) > 0 && j.labels == nil { // else charges may name groups
		fmt.Fprintf(notes, "slacredit: note: no charge names %s; left out, with their records\n", some(uncharged))
	}
	if !inPeriod && len(j.records) > 0 {
		fmt.Fprintf(notes, "slacredit: note: no outage lies in %v\n", j.period)
	}
}

// some returns the first of the names, and how many there are beyond.
func some(names []string) string {
	const most = 5
	texts := make([]string, 0, most)
	for _, name := range names[:min(most, len(names))] {
		texts = append(texts, fmt.Sprintf("%q", name))
	}
	text := strings.Join(texts, ", ")
	if more := len(names) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// statement writes the statement on one bill.
func (j *job) statement(bill credit.Bill) error {
	bill.Period = j.period
	judged := map[string]bool{}
	for _, c := range bill.Charges {
		if judged[c.Resource] {
			continue
		}
		judged[c.Resource] = true
		verdicts, err := j.judge(c.Resource)
		if err != nil {
			return err
		}
		bill.Verdicts = append(bill.Verdicts, verdicts...)
	}
	s, err := credit.NewStatement(bill)
	if err != nil {
		return err
	}
	return j.write(s)
}

// judge returns the verdicts of all agreements on a resource. Most outages are
// shared, so a resource is judged once for all customers.
func (j *job) judge(resource string) ([]sla.Verdict, error) {
	if verdicts, done := j.verdicts[resource]; done {
		return verdicts, nil
	}
	if j.labels != nil {
		return nil, fmt.Errorf("no agreement measures anything of the name %q, which a charge has", resource)
	}
	timeline, found := j.timelines[resource]
	if !found {
		j.silent = append(j.silent, resource)
		silent, err := outage.Timelines(outage.Options{AsOf: j.asOf, Resources: []string{resource}})
		if err != nil {
			return nil, err
		}
		timeline = silent[0]
	}
	var verdicts []sla.Verdict
	for _, terms := range j.terms {
		v, err := terms.Judge(timeline, j.period)
		if errors.Is(err, sla.ErrScope) {
			err = fmt.Errorf("%w; give them with -labels", err)
		}
		if err != nil {
			return nil, err
		}
		verdicts = append(verdicts, v)
	}
	j.verdicts[resource] = verdicts
	return verdicts, nil
}
