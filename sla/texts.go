package sla

import "slices"

// Texts are what is said of the records behind the losses of several layers, the
// last list of each. A loss over many pieces, as that of a slot which maintenance
// cuts, has its records named once: the pieces share the list.
type texts []said

// A said is what is said of a list of records.
type said struct {
	records []int
	texts   []string
}

// of returns a text for each record behind the loss of one of some layers, brought into a
// form if that is not nil. A walk goes forward, so that the last list of a layer
// is enough to know. What is appended to the texts is not in those of another
// piece.
func (t *texts) of(layer, layers int, l loss, text func(record int) string, form func([]string) []string) []string {
	if len(l.records) == 0 {
		return nil
	}
	if *t == nil {
		*t = make(texts, layers)
	}
	for _, s := range *t { // another layer may have the same list
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
	(*t)[layer] = said{l.records, all}
	return all
}

// sameTexts reports whether two lists are equal, at once where they are one.
func sameTexts(a, b []string) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0] || slices.Equal(a, b))
}
