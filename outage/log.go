package outage

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"sort"
	"strings"
	"time"
)

// A Log holds revisions of records, each with the instant at which it became known.
// Revisions can only be appended. So a log keeps the knowledge of every earlier instant,
// even of a record that was corrected or withdrawn.
//
// The current revision of a record is the one that became known last, and among
// several of one instant the one with the highest number. The order in which
// revisions are appended does not matter, nor does a repetition: logs with the same
// revisions return the same and are written by [WriteLog] as the same text.
//
// A record does not exist if its current revision is withdrawn. It does not exist
// either if a revision of another record supersedes its current revision: the other
// record has absorbed it. An absorbed record exists again, beside the other, if it
// gets a later revision of its own. It also exists again, as it was, if the other
// record is withdrawn; to remove both, withdraw both. A record that absorbed one may
// be absorbed in turn, which is no withdrawal.
//
// The zero Log is empty. A Log must not be copied once it holds a revision, and must
// not be appended to while other goroutines use it.
type Log struct {
	of       map[string]*chronicle
	order    []*chronicle     // by the first known, see chronicle.compare
	absorbed map[Ref][]absorb // what absorbs a revision, see absorb.compare
}

// A chronicle holds the revisions of one record.
type chronicle struct {
	id        string
	revisions []Revision // settled, never empty, by Revision.compare; cells are never changed
	highest   int        // of the numbers
}

// An absorb is a revision of another record that superseded one.
type absorb struct {
	known time.Time
	by    Ref
}

// Append adds revisions to the log, or none of them if any has a fault. It reports all
// faults, as [Validate] does, each with the ID of the record, the number of the
// revision and the field. A revision that the log already holds is skipped. A revision
// with the ID and number of another and different content is a fault. So is one that
// supersedes a revision of another record which did not become known before it. That
// revision may be appended later.
//
// A revision that became known last is appended in the time that it takes to find its
// record by the ID. A late revision is inserted among the revisions of its record, and
// its record, if it was not known so early, among the later records. Many late
// revisions are best appended together, at the cost of one sort.
func (l *Log) Append(revisions ...Revision) error {
	var faults []error
	added := make([]Revision, 0, len(revisions))
	places := make(map[Ref]int, len(revisions)) // in added
	find := func(ref Ref) *Revision {
		if i, ok := places[ref]; ok {
			return &added[i]
		}
		return l.of[ref.ID].find(ref.Number)
	}
	var rivals []Revision // with the name of one that is held or added, and other content
	for _, r := range revisions {
		r, err := r.settled()
		if err != nil {
			faults = append(faults, err)
			continue
		}
		ref := r.Ref()
		if held := find(ref); held != nil {
			if err := contradiction(*held, r); err != nil {
				faults = append(faults, err)
				rivals = append(rivals, r)
			}
			continue
		}
		places[ref] = len(added)
		added = append(added, r)
	}
	if faults = append(faults, l.untimely(added, rivals, find)...); len(faults) > 0 {
		if len(faults) > listed { // so that the same faults are listed, whichever log is merged into which
			slices.SortFunc(faults, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
		}
		return joined(faults)
	}
	l.insert(added)
	return nil
}

// untimely returns the faults of revisions that supersede a revision of another record
// which did not become known before them. It compares the added revisions and their
// rivals with each other and with those that the log holds, in both directions, so
// that it does not matter which are appended to which.
func (l *Log) untimely(added, rivals []Revision, find func(Ref) *Revision) []error {
	var faults []error
	check := func(by, old *Revision) {
		if old != nil && by.absorbs() == old.Ref() && !old.Known.Before(by.Known) {
			faults = append(faults, &fieldFault{
				"revision " + by.subject(), "supersedes",
				fmt.Sprintf("%s became known at %s, which is not before %s", by.Supersedes, instant(old.Known), instant(by.Known)),
			})
		}
	}
	of := map[Ref][]*Revision{}
	for i := range rivals {
		ref := rivals[i].Ref()
		of[ref] = append(of[ref], &rivals[i])
	}
	each := func(r *Revision) {
		if s := r.absorbs(); s != (Ref{}) {
			check(r, find(s))
			for _, old := range of[s] {
				check(r, old)
			}
		}
		for _, a := range l.absorbed[r.Ref()] {
			check(l.of[a.by.ID].find(a.by.Number), r)
		}
	}
	for i := range added {
		each(&added[i])
	}
	for i := range rivals {
		each(&rivals[i])
	}
	return faults
}

// absorbs returns the revision of another record that r supersedes, or the zero
// Ref.
func (r *Revision) absorbs() Ref {
	if r.Supersedes.ID == r.Ref().ID {
		return Ref{}
	}
	return r.Supersedes
}

func (a absorb) compare(b absorb) int {
	if c := a.known.Compare(b.known); c != 0 {
		return c
	}
	return a.by.compare(b.by)
}

func (r Ref) compare(s Ref) int {
	if c := strings.Compare(r.ID, s.ID); c != 0 {
		return c
	}
	return r.Number - s.Number
}

// insert adds revisions that are not in the log and have no fault.
func (l *Log) insert(added []Revision) {
	if len(added) == 0 {
		return
	}
	if l.of == nil {
		l.of, l.absorbed = map[string]*chronicle{}, map[Ref][]absorb{}
	}
	slices.SortFunc(added, func(a, b Revision) int { return a.compare(&b) })
	// No record before since can change its place.
	since := sort.Search(len(l.order), func(i int) bool { return !l.order[i].revisions[0].Known.Before(added[0].Known) })
	late := map[*chronicle]bool{}
	for i := range added {
		r := &added[i]
		id := r.Ref().ID
		c := l.of[id]
		if c == nil {
			c = &chronicle{id: id}
			l.of[id] = c
			l.order = append(l.order, c)
		} else if last := len(c.revisions) - 1; !late[c] && c.revisions[last].compare(r) > 0 {
			c.revisions, late[c] = slices.Clone(c.revisions), true // since others may walk the old ones
		}
		c.revisions = append(c.revisions, *r)
		c.highest = max(c.highest, r.Number)
		if old := r.absorbs(); old != (Ref{}) {
			l.absorbed[old] = append(l.absorbed[old], absorb{r.Known, r.Ref()})
			slices.SortFunc(l.absorbed[old], absorb.compare)
		}
	}
	for c := range late {
		slices.SortFunc(c.revisions, func(a, b Revision) int { return a.compare(&b) })
	}
	if moved := l.order[since:]; !slices.IsSortedFunc(moved, (*chronicle).compare) {
		slices.SortFunc(moved, (*chronicle).compare)
	}
}

// Merge appends all revisions of another log. It does not matter which of two logs is
// merged into which. If they contradict each other, nothing is appended, and the error
// names every contradiction. A nil log, which [ReadLog] returns with an error, is an
// error.
func (l *Log) Merge(other *Log) error {
	if other == nil {
		return errors.New("outage: merging a log: it is nil; was the error of ReadLog ignored?")
	}
	return l.Append(slices.Collect(other.All())...)
}

// AsOf returns the records as they were known at an instant, each once, in the order in
// which they became known, then by ID. Use the same instant as [Options].AsOf. The zero
// time stands for the end of the log, as it does there.
//
// It looks only at records that were known by then, even if they were withdrawn or
// absorbed since, and at records that absorbed them. It finds the current revision
// among the n of a record in at most log₂ n + 2 steps, and in one step if it is the
// last.
func (l *Log) AsOf(at time.Time) []Record {
	known := l.order
	if !at.IsZero() {
		known = known[:sort.Search(len(known), func(i int) bool { return known[i].revisions[0].Known.After(at) })]
	}
	records := make([]Record, 0, len(known))
	for _, c := range known {
		r := c.at(at)
		if r.Withdrawn {
			continue
		}
		if len(l.absorbed) > 0 && l.isAbsorbed(r.Ref(), at) {
			continue
		}
		records = append(records, copied(r.Record))
	}
	return records
}

// isAbsorbed reports whether a revision was superseded, at an instant, by a
// record other than its own that was not withdrawn.
func (l *Log) isAbsorbed(ref Ref, at time.Time) bool {
	return slices.ContainsFunc(l.absorbed[ref], func(a absorb) bool {
		return (at.IsZero() || !a.known.After(at)) && !l.of[a.by.ID].at(at).Withdrawn
	})
}

// History returns the revisions of a record in the order in which they became known,
// then by number. It is empty if there are none. Revisions of other records cost no
// time. A walk may not show revisions that are appended during it.
func (l *Log) History(id string) iter.Seq[Revision] {
	return func(yield func(Revision) bool) {
		c := l.of[id]
		if c == nil {
			return
		}
		for _, r := range c.revisions {
			if !yield(r.Clone()) {
				return
			}
		}
	}
}

// All returns all revisions in the order in which they became known, then by number,
// then by ID. Each walk sorts them, and does not show revisions that are appended
// after it began.
func (l *Log) All() iter.Seq[Revision] {
	return func(yield func(Revision) bool) {
		var all []*Revision
		for _, c := range l.order {
			for i := range c.revisions {
				all = append(all, &c.revisions[i])
			}
		}
		slices.SortFunc(all, (*Revision).compare)
		for _, r := range all {
			if !yield(r.Clone()) {
				return
			}
		}
	}
}

// compare orders records by when they became known, then by ID.
func (c *chronicle) compare(d *chronicle) int {
	if known := c.revisions[0].Known.Compare(d.revisions[0].Known); known != 0 {
		return known
	}
	return strings.Compare(c.id, d.id)
}

// find returns the revision with a number, or nil.
func (c *chronicle) find(number int) *Revision {
	if c == nil || number > c.highest {
		return nil
	}
	if i := number - 1; i < len(c.revisions) && c.revisions[i].Number == number { // in most cases
		return &c.revisions[i]
	}
	for i := range c.revisions {
		if c.revisions[i].Number == number {
			return &c.revisions[i]
		}
	}
	return nil
}

// at returns the revision that was current at an instant, when at least one was known,
// and the last one for the zero time.
func (c *chronicle) at(instant time.Time) *Revision {
	last := len(c.revisions) - 1
	if instant.IsZero() || !c.revisions[last].Known.After(instant) {
		return &c.revisions[last]
	}
	return &c.revisions[sort.Search(last, func(i int) bool { return c.revisions[i].Known.After(instant) })-1]
}
