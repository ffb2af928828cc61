package sla

import (
	"cmp"
	"slices"

	"github.com/slacredit/slacredit/outage"
)

// A Run is counted downtime without a gap: a merged outage.
type Run struct {
	Window  outage.Window `json:"window"`            // the whole of it, also beyond the period
	Records []string      `json:"records,omitempty"` // IDs of the outages behind it, by start; none where unobserved time counts as down
	Open    bool          `json:"open,omitempty"`    // still under way at the as-of instant, where the window ends
}

// outages returns all runs of counted downtime, with the records behind each.
// The last is open if it would go on where it ends, if the outages that are under
// way at the as-of instant went on.
func (m weighed) outages() []Run {
	if m.known.down.IsEmpty() {
		return nil
	}
	runs := make([]Run, 0, m.known.down.Len())
	for w := range m.known.down.All() {
		runs = append(runs, Run{Window: w})
	}
	last := make([]int, len(runs)) // one more than the record that was named last
	sources := m.behind()
	ids := make([]string, 0, len(sources)) // room for the first of each run
	for _, b := range sources {
		first := firstAfter(runs, b.from)
		for i := first; i < len(runs) && runs[i].Window.Start().UnixNano() < b.to; i++ {
			if last[i] == 1+b.record { // parts of a record follow upon each other
				continue
			}
			last[i] = 1 + b.record
			if n := len(ids); runs[i].Records == nil {
				ids = append(ids, b.id)
				runs[i].Records = ids[n : n+1 : n+1]
			} else {
				runs[i].Records = append(runs[i].Records, b.id)
			}
		}
	}
	if m.underWay() {
		last := &runs[len(runs)-1]
		last.Open = !last.Window.End().Before(m.asOf) && m.ongoing.down.Contains(last.Window.End())
	}
	return runs
}

// behind returns the records that can be behind downtime that counts, by start.
func (m weighed) behind() []source {
	n := 0
	for _, member := range m.members {
		n += len(member.spells)
	}
	sources := make([]source, 0, n)
	if m.commitment.source.Downtime.Requests {
		for _, l := range m.known.lost[0] {
			for _, r := range l.records {
				sources = append(sources, source{l.from, l.to, l.from, r, m.traffic[r].ID})
			}
		}
		return sources
	}
	all := m.commitment.every(m.known.spent)
	for _, member := range m.members {
		aside := member.aside(all)
		for _, s := range member.spells {
			enough := !m.commitment.grid.isZero() || m.commitment.passes(loss{lost: s.rank})
			if s.record == nobody || !enough {
				continue
			}
			whole := source{s.from, s.to, s.from, s.record, m.thing.outages[s.record].ID}
			span, e := between(s.from, s.to), member.fate(s).excuse
			aside := aside.Within(span)
			if e < 0 && aside.IsEmpty() && m.slots.isZero() {
				sources = append(sources, whole)
				continue
			}
			counts := outage.NewSet(span)
			if e >= 0 { // what is beyond the allowance
				counts = m.known.spent[e].Within(span)
			}
			sources = m.appendParts(sources, whole, counts.Subtract(aside))
		}
	}
	if len(m.members) > 1 {
		slices.SortStableFunc(sources, func(a, b source) int { return cmp.Compare(a.start, b.start) })
	}
	return sources
}

// appendParts appends the parts of a record that can be behind downtime that
// counts, slots as a whole.
func (m weighed) appendParts(sources []source, whole source, counts outage.Set) []source {
	for w := range counts.All() {
		part := whole
		part.from, part.to = w.Start().UnixNano(), w.End().UnixNano()
		if !m.slots.isZero() {
			part.from, _ = m.slots.at(part.from)
			_, part.to = m.slots.at(part.to - 1)
		}
		sources = append(sources, part)
	}
	return sources
}

// A source is a record, or a part of one, behind downtime that counts.
type source struct {
	from, to int64 // the part of the record that can count
	start    int64 // of the record
	record   int   // its index
	id       string
}

// firstAfter returns the index of the first run that ends after an instant.
func firstAfter(runs []Run, instant int64) int {
	first, _ := slices.BinarySearchFunc(runs, instant, func(r Run, at int64) int {
		if r.Window.End().UnixNano() > at {
			return 1
		}
		return -1
	})
	return first
}

// touching returns the runs that touch a window.
func touching(runs []Run, w outage.Window) []Run {
	if w.IsEmpty() || len(runs) == 0 {
		return nil
	}
	first := firstAfter(runs, w.Start().UnixNano())
	last := first
	for last < len(runs) && runs[last].Window.Start().Before(w.End()) {
		last++
	}
	if first == last {
		return nil
	}
	return cloneRuns(runs[first:last])
}

// cloneRuns returns copies of runs that share nothing with them.
func cloneRuns(runs []Run) []Run {
	runs = slices.Clone(runs)
	n := 0
	for i := range runs {
		n += len(runs[i].Records)
	}
	ids := make([]string, 0, n) // of all
	for i := range runs {
		ids, runs[i].Records = beside(ids, runs[i].Records)
	}
	return runs
}
