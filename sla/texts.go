package sla

import "slices"

// Texts are what is said of the records behind losses. A loss over many pieces,
// as that of a slot which maintenance cuts, has its records named once: the
// pieces share the list.
type texts map[textsKey][]string

// A textsKey is a list of records: where it begins, and how long it is.
type textsKey struct {
	first *int
	n     int
}

// of returns a text for each record behind a loss, brought into a form if that
// is not nil. What is appended to the list is not in that of another piece.
func (t *texts) of(l loss, text func(record int) string, form func([]string) []string) []string {
	if len(l.records) == 0 {
		return nil
	}
	if *t == nil {
		*t = texts{}
	}
	key := textsKey{&l.records[0], len(l.records)}
	said, known := (*t)[key]
	if !known {
		said = make([]string, len(l.records))
		for i, r := range l.records {
			said[i] = text(r)
		}
		if form != nil {
			said = form(said)
		}
		said = slices.Clip(said)
		(*t)[key] = said
	}
	return said
}

// sameTexts reports whether two lists are equal, at once where they are one.
func sameTexts(a, b []string) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0] || slices.Equal(a, b))
}
