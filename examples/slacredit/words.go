package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/slacredit/slacredit/sla"
)

// checkLabels returns an error if a label is missing without which an agreement covers
// nothing.
func (j *job) checkLabels() error {
	var used sla.Usage
	for _, labels := range j.labels {
		used.Resource(labels)
	}
	for _, terms := range j.terms {
		for _, r := range terms.Check(&used) {
			if r.Grade == sla.Wrong {
				return fmt.Errorf("-labels: %s, agreement %q: label %q: %s", r.Clause, terms.Agreement().Name, r.Word, r.Problem)
			}
		}
	}
	return nil
}

// noteWords lists the words of the records, labels and charges that are probably
// mistakes for words of an agreement, and with -words how often each is used.
func (j *job) noteWords(notes io.Writer) {
	if j.sorted == nil {
		for _, r := range j.records {
			j.used.Record(r)
		}
	}
	for _, labels := range j.labels {
		j.used.Resource(labels)
	}
	for _, terms := range j.terms {
		for _, r := range terms.Check(&j.used) {
			// The marks of deadlines are not part of the input.
			if j.words || r.Grade != sla.Listed && r.Kind != sla.InstantWord {
				fmt.Fprintf(notes, "slacredit: note: words of %q: %v\n", terms.Agreement().Name, r)
			}
		}
	}
}

// noteNames lists the names without a match, if there are labels. Without labels each
// resource is charged by its own name, and [job.note] finds them.
func (j *job) noteNames(notes io.Writer) {
	recorded := map[string]bool{}
	for _, r := range j.records {
		recorded[resourceOf(r)] = true
	}
	var silent, unlabelled names
	for _, name := range slices.Sorted(maps.Keys(j.timelines)) {
		_, judged := j.verdicts[name]
		_, labelled := j.labels[name]
		if labelled && !recorded[name] {
			silent.add(name)
		}
		if !labelled && !judged {
			unlabelled.add(name)
		}
	}
	if silent.n > 0 {
		fmt.Fprintf(notes, "slacredit: note: no record names %v; counted as up\n", silent)
	}
	if unlabelled.n > 0 {
		fmt.Fprintf(notes, "slacredit: note: no label is of %v, and no agreement covers it without; left out, with its records\n", unlabelled)
	}
}

// noteTwins lists names that differ only by the case of their letters.
func (j *job) noteTwins(notes io.Writer) {
	var twins names
	first := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(j.timelines)) {
		first[strings.ToLower(name)] = name
	}
	for _, all := range []map[string]bool{j.charged, keys(j.timelines)} {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			if other := first[strings.ToLower(name)]; other != "" && other != name {
				twins.add(min(name, other) + " and " + max(name, other))
				first[strings.ToLower(name)] = ""
			}
		}
	}
	if twins.n > 0 {
		fmt.Fprintf(notes, "slacredit: note: names differ by the case of their letters, and are two: %v\n", twins)
	}
}

func keys[V any](m map[string]V) map[string]bool {
	all := map[string]bool{}
	for name := range m {
		all[name] = true
	}
	return all
}
