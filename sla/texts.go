package sla

import "slices"

// Texts are texts of the records behind the losses of several stages, the last list
// of each. The records of a loss over many pieces, such as a slot which maintenance
// cuts, are named once: the pieces share the list.
type texts []said

// A said is a list of records with a text for each.
type said struct {
	records []int
	texts   []string
}

// of returns a text for each record behind the loss of a stage, brought into a form
// if that is not nil. A walk goes forward, so the last list of each stage is enough.
// Texts that a caller appends are not in the list of another piece.
func (t *texts) of(stage, stages int, l loss, text func(record int) string, form func([]string) []string) []string {
	if len(l.records) == 0 {
		return nil
	}
	if *t == nil {
		*t = make(texts, stages)
	}
	for _, s := range *t { // another stage may have the same list
		if len(s.records) == len(l.records) && &s.records[0] == &l.records[0] {
			return s.texts
		}
	}
	all := make([]string, len(l.records))
	for i, r := range l.records {
		all[i] = text(r)
	}
	if form != nil {
		all = slices.Clip(form(all))
	}
	(*t)[stage] = said{l.records, all}
	return all
}

// sameTexts reports whether two lists are equal, at once where they are one.
func sameTexts(a, b []string) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0] || slices.Equal(a, b))
}
