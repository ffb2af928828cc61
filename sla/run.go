package sla

import (
	"cmp"
	"slices"

	"github.com/slacredit/slacredit/outage"
)

// A Run is counted downtime without a gap: a merged outage.
type Run struct {
	Window  outage.Window `json:"window"`         // the whole of it, also beyond the period
	Records []string      `json:"records"`        // IDs of the outages behind it, by start
	Open    bool          `json:"open,omitempty"` // still under way at the as-of instant, where the window ends
}

// outages returns all runs of counted downtime, with the records behind each.
// One is open if an outage behind it goes on after the as-of instant, and so
// would the run, if the time from there on was down.
func (m weighed) outages() []Run {
	var runs []Run
	for w := range m.known.down.All() {
		runs = append(runs, Run{Window: w})
	}
	if len(runs) == 0 {
		return nil
	}
	goesOn := !m.asOf.IsZero() && m.worst.down.Contains(m.asOf)
	for _, b := range m.behind() {
		first := firstAfter(runs, b.from)
		for i := first; i < len(runs) && runs[i].Window.Start().UnixNano() < b.to; i++ {
			runs[i].Records = append(runs[i].Records, b.id)
			if goesOn && b.open && !runs[i].Window.End().Before(m.asOf) {
				runs[i].Open = true
			}
		}
	}
	return runs
}

// behind returns the records that can be behind downtime that counts, by start.
func (m weighed) behind() []source {
	var sources []source
	if m.commitment.source.Downtime.Requests {
		for _, l := range m.known.lost[0] {
			for _, r := range l.records {
				sources = append(sources, source{l.from, l.to, m.traffic[r].ID, false})
			}
		}
		return sources
	}
	for _, member := range m.members {
		for _, s := range member.spells {
			_, forgiven := member.forgiven[s.record]
			enough := !m.commitment.grid.isZero() || m.commitment.passes(loss{lost: s.rank})
			if s.record != nobody && !forgiven && enough {
				sources = append(sources, source{s.from, s.to, m.thing.outages[s.record].ID, member.open[s.record]})
			}
		}
	}
	if len(m.members) > 1 {
		slices.SortStableFunc(sources, func(a, b source) int { return cmp.Compare(a.from, b.from) })
	}
	return sources
}

// A source is a record behind downtime that counts.
type source struct {
	from, to int64
	id       string
	open     bool
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
	for i := range runs {
		runs[i].Records = slices.Clone(runs[i].Records)
	}
	return runs
}
