package oracle

import (
	"slices"
	"strings"
)

// Shrink returns the smallest world that it finds with a fault of the same kind:
// w without anything that the fault does not need.
func (w *World) Shrink(fault func(*World) string) *World {
	kept := sameKind(fault(w))
search:
	for range 300 {
		before := w.String()
		for _, c := range w.smaller() {
			if c.String() != before && kept(fault(c)) {
				w = c
				continue search
			}
		}
		break
	}
	return w
}

// sameKind returns a function that reports whether another fault is of the kind of
// this one: the same error, figures that differ, or something else that is wrong.
func sameKind(failed string) func(string) bool {
	kind := func(fault string) string {
		first, _, _ := strings.Cut(fault, ":")
		return first[:min(len(first), 12)]
	}
	return func(fault string) bool {
		switch {
		case strings.HasPrefix(failed, "error"):
			return fault == failed
		case strings.Contains(failed, "! oracle"):
			return strings.Contains(fault, "! oracle")
		}
		return fault != "" && kind(fault) == kind(failed)
	}
}

// smaller returns worlds that lack one thing that w has.
func (w *World) smaller() []*World {
	var all []*World
	with := func(change func(*World)) {
		c := *w
		c.resources = nil
		for _, r := range w.resources {
			r := *r
			r.outages = slices.Clone(r.outages)
			c.resources = append(c.resources, &r)
		}
		c.terms.exclusions = slices.Clone(w.terms.exclusions)
		c.terms.levels = slices.Clone(w.terms.levels)
		change(&c)
		all = append(all, &c)
	}
	for i := range w.more {
		with(func(c *World) { c.more = nil })
		with(func(c *World) { c.terms, c.more = w.more[i], nil })
	}
	for i, r := range w.resources {
		if len(w.resources) > 1 {
			with(func(c *World) { c.resources = slices.Delete(c.resources, i, i+1) })
		}
		r.smaller(func(change func(*resource)) { with(func(c *World) { change(c.resources[i]) }) })
	}
	with(func(c *World) { c.repeats = nil })
	with(func(c *World) { c.asOf = none })
	w.terms.smaller(func(change func(*terms)) { with(func(c *World) { change(&c.terms) }) })
	return all
}

// smaller changes the resource into ones that lack something.
func (r *resource) smaller(with func(func(*resource))) {
	for j, o := range r.outages {
		with(func(r *resource) { r.outages = slices.Delete(r.outages, j, j+1) })
		with(func(r *resource) { r.outages[j].marks = nil })
		with(func(r *resource) { r.outages[j].served = 0 })
		if o.end != none && o.end-o.start > 1 {
			with(func(r *resource) { r.outages[j].end-- })
			with(func(r *resource) { r.outages[j].start++ })
		}
	}
	for j := range r.windows {
		with(func(r *resource) { r.windows = slices.Delete(slices.Clone(r.windows), j, j+1) })
	}
	for j := range r.traffic {
		with(func(r *resource) { r.traffic = slices.Delete(slices.Clone(r.traffic), j, j+1) })
	}
	with(func(r *resource) { r.coverage = nil })
	for j := range max(0, len(r.coverage)-2) { // the first and the last may reach beyond the world
		with(func(r *resource) { r.coverage = slices.Delete(slices.Clone(r.coverage), j+1, j+2) })
	}
	for j := range r.life {
		with(func(r *resource) { r.life = slices.Delete(slices.Clone(r.life), j, j+1) })
	}
}

// smaller changes the terms into ones that lack something.
func (t *terms) smaller(with func(func(*terms))) {
	for i, e := range t.exclusions {
		with(func(t *terms) { t.exclusions = slices.Delete(t.exclusions, i, i+1) })
		with(func(t *terms) { t.exclusions[i].first = false })
		with(func(t *terms) { t.exclusions[i].removed = false })
		with(func(t *terms) { t.exclusions[i].allowance = none })
		if len(e.causes) > 0 {
			with(func(t *terms) { t.exclusions[i].hours = nil })
		}
	}
	for i := range t.levels {
		with(func(t *terms) { t.levels[i].down = bound{} })
		with(func(t *terms) { t.levels[i].least = 0 })
		with(func(t *terms) { t.levels = slices.Delete(t.levels, i, i+1) })
	}
	with(func(t *terms) { t.rows = nil })
	with(func(t *terms) {
		if t.counted {
			t.counted, t.rows, t.promise = false, nil, bound{"at least", "99"}
		}
	})
	with(func(t *terms) { t.only = nil })
	with(func(t *terms) { t.causes = nil })
	with(func(t *terms) { t.starts = nil })
	with(func(t *terms) { t.ends = nil })
	with(func(t *terms) { t.slot, t.slotPeriod = 0, false })
	with(func(t *terms) { t.slotOrigin = none })
	with(func(t *terms) { t.requests = false })
	with(func(t *terms) { t.minRequests = 0 })
	with(func(t *terms) { t.loss = bound{} })
	with(func(t *terms) { t.weighted = false })
	with(func(t *terms) { t.lasting = bound{} })
	with(func(t *terms) { t.zone = nil })
	with(func(t *terms) { t.hours = nil })
	with(func(t *terms) { t.length = 0 })
	with(func(t *terms) { t.whole = false })
	with(func(t *terms) { t.unknown = "" })
	with(func(t *terms) { t.roundWord = "" })
	with(func(t *terms) { t.period = "" })
}
