package outage

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/slacredit/slacredit/internal/label"
	"github.com/slacredit/slacredit/internal/numeral"
)

// A Timeline is everything that is known about one resource. It keeps outages,
// planned work, traffic, coverage and lifetimes apart, so that an agreement can
// weigh them. No time in it is up or down yet.
//
// A timeline never changes: it keeps copies of its records and returns copies. So
// several goroutines may use it at once.
//
// The zero Timeline is that of a resource without any records.
type Timeline struct {
	resource    string
	labels      map[string]string
	asOf        time.Time
	outages     []spell[Outage]
	maintenance []spell[Maintenance]
	traffic     []spell[Traffic]
	coverage    Set
	life        Set
	observed    bool // there is coverage, even if it is empty
	bounded     bool // there is a lifetime
	records     []Record
}

// Options tell how to make a [Timeline] from records.
type Options struct {
	// AsOf is the instant up to which the records tell what happened. Outages and
	// maintenance without an end end there, no outage reaches beyond it, and the
	// time from there on is unknown. The zero value states that the records are
	// complete; then every outage and maintenance must have an end.
	AsOf time.Time

	// Resources get a timeline even if no record names them. A resource without
	// records is up.
	Resources []string

	// Labels describe resources in the words of the scopes of agreements, such as
	// "region": "us-east-1". The keys are the names of the resources. A resource
	// with labels gets a timeline even if no record names it.
	Labels map[string]map[string]string
}

// A Segment is a part of a timeline in which nothing changes.
type Segment struct {
	Window      Window
	Outages     []Outage      // under way, by start, then by ID
	Maintenance []Maintenance // planned, by start, then by ID
	Known       bool          // see Timeline.Unknown
	Alive       bool          // within a lifetime of the resource
}

// NewTimeline returns the timeline of one resource from complete records. For
// records that are not complete use [Options.Timeline].
func NewTimeline(records ...Record) (Timeline, error) { return Options{}.Timeline(records...) }

// Timeline returns the timeline of one resource. The order of the records does not
// matter, nor does a record that is given twice. All faults of the records are
// reported together, as by [Validate]. Records of a second resource are an error.
func (o Options) Timeline(records ...Record) (Timeline, error) {
	timelines, err := o.Timelines(records...)
	switch {
	case err != nil:
		return Timeline{}, err
	case len(timelines) == 0:
		return Timeline{asOf: utc(o.AsOf)}, nil
	case len(timelines) > 1:
		return Timeline{}, fmt.Errorf("outage: a timeline has one resource, and the records name %d: %s; use Timelines", len(timelines), resourcesOf(timelines))
	}
	return timelines[0], nil
}

// resourcesOf returns the names of the resources of timelines. Of more than three
// it returns the first two and the number of the others.
func resourcesOf(timelines []Timeline) string {
	most := len(timelines)
	if most > 3 {
		most = 2
	}
	names := make([]string, most)
	for i := range names {
		names[i] = numeral.Shorten(timelines[i].resource)
	}
	if more := len(timelines) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names, ", "), more)
	}
	return strings.Join(names[:most-1], ", ") + " and " + names[most-1]
}

// Timelines returns one timeline for each resource that the options or the
// records name, in the order of the names.
func (o Options) Timelines(records ...Record) ([]Timeline, error) {
	records, faults := distinct(records)
	asOf := utc(o.AsOf)
	if !asOf.IsZero() {
		if _, err := nanos(asOf); err != nil {
			faults = append(faults, fmt.Errorf("outage: as of: %w", err))
		}
	}
	of := map[string]*Timeline{}
	for i, name := range o.Resources {
		if problem := label.Problem(name); problem != "" {
			faults = append(faults, fmt.Errorf("outage: resources[%d]: %s", i, problem))
		}
		of[name] = &Timeline{resource: name, asOf: asOf}
	}
	for _, name := range slices.Sorted(maps.Keys(o.Labels)) {
		if problem := label.Problem(name); problem != "" {
			faults = append(faults, fmt.Errorf("outage: labels: %s", problem))
		}
		of[name] = &Timeline{resource: name, asOf: asOf, labels: maps.Clone(o.Labels[name])}
	}
	for _, r := range records {
		h := r.header()
		if h.end.IsZero() && asOf.IsZero() && (h.kind == "outage" || h.kind == "maintenance") {
			faults = append(faults, h.fault("end", "missing; a record without an end needs an as-of instant"))
		}
		name := h.resource
		if of[name] == nil {
			of[name] = &Timeline{resource: name, asOf: asOf}
		}
		of[name].records = append(of[name].records, copied(r))
	}
	if len(faults) > 0 {
		return nil, joined(faults)
	}
	timelines := make([]Timeline, 0, len(of))
	for _, t := range of {
		t.lay()
		timelines = append(timelines, *t)
	}
	slices.SortFunc(timelines, func(a, b Timeline) int { return cmp.Compare(a.resource, b.resource) })
	return timelines, nil
}

// With returns t with more records of its resource, and with a full outage without
// a cause for each of the windows. The IDs of these outages are "#1", "#2" and so
// on, or "##1" where another record has such an ID. An empty window is an error, and
// so is a fault of the records.
func (t Timeline) With(windows []Window, records ...Record) (Timeline, error) {
	records = slices.Concat(t.records, records)
	sign := "#"
	for slices.ContainsFunc(records, func(r Record) bool { return isRecord(r) && strings.HasPrefix(r.header().id, sign) }) {
		sign += "#"
	}
	var faults []error
	for i, w := range windows {
		if w.IsEmpty() {
			faults = append(faults, fmt.Errorf("outage: windows[%d]: the window is empty", i))
		}
		records = append(records, Outage{ID: sign + strconv.Itoa(i+1), Resource: t.resource, Start: w.Start(), End: w.End()})
	}
	if len(faults) > 0 {
		return Timeline{}, joined(faults)
	}
	return Options{AsOf: t.asOf, Labels: map[string]map[string]string{t.resource: t.labels}}.Timeline(records...)
}

// utc returns the instant of t, without its zone and without a reading of the
// machine's monotonic clock. A zero time stays zero.
func utc(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.Round(0).UTC()
}

// Resource returns the name of the resource.
func (t Timeline) Resource() string { return t.resource }

// Labels returns the labels of the resource by their names, and nil if it has none.
// The map is a copy.
func (t Timeline) Labels() map[string]string { return maps.Clone(t.labels) }

// Label returns the value of a label, and whether the resource has it.
func (t Timeline) Label(name string) (value string, found bool) {
	value, found = t.labels[name]
	return value, found
}

// WithLabels returns t with labels in place of its own.
func (t Timeline) WithLabels(labels map[string]string) Timeline {
	t.labels = maps.Clone(labels)
	return t
}

// AsOf returns the instant up to which the records tell what happened, and the zero
// time if they are complete.
func (t Timeline) AsOf() time.Time { return t.asOf }

// Outages returns the outages with their windows, by start, then by ID. An
// open one ends at the as-of instant.
func (t Timeline) Outages() iter.Seq2[Window, Outage] { return all(t.outages) }

// Maintenance returns the planned work with its windows, by start, then by
// ID. Work without an end ends at the as-of instant.
func (t Timeline) Maintenance() iter.Seq2[Window, Maintenance] { return all(t.maintenance) }

// Traffic returns the counts of requests with their windows, by start, then by ID.
// A count whose window reaches beyond the as-of instant is left out.
func (t Timeline) Traffic() iter.Seq2[Window, Traffic] { return all(t.traffic) }

// Open returns the outages without an end, by start, then by ID.
func (t Timeline) Open() []Outage {
	var open []Outage
	for _, s := range t.outages {
		if s.record.End.IsZero() {
			open = append(open, copied(s.record))
		}
	}
	return open
}

// Unknown returns the moments that lie at or after the as-of instant, and those that
// neither coverage nor an outage covers, if there is coverage at all.
func (t Timeline) Unknown() Set {
	known := NewSet(t.past())
	if t.observed {
		known = known.Intersect(t.coverage)
	}
	for _, s := range t.outages {
		known.windows = append(known.windows, s.window)
	}
	return NewSet(allTime).Subtract(NewSet(known.windows...))
}

// Outside returns the moments outside all lifetimes of the resource.
func (t Timeline) Outside() Set {
	if !t.bounded {
		return Set{}
	}
	return NewSet(allTime).Subtract(t.life)
}

// Within returns t with its lifetimes cut to a set of moments.
func (t Timeline) Within(lives Set) Timeline {
	if t.bounded {
		lives = lives.Intersect(t.life)
	}
	records := slices.DeleteFunc(slices.Clone(t.records), func(r Record) bool { _, life := r.(Lifetime); return life })
	for _, w := range lives.windows {
		records = append(records, Lifetime{Resource: t.resource, Start: w.Start(), End: w.End()})
	}
	t.records, t.life, t.bounded = records, lives, true
	return t
}

// Segments returns the parts of w between the starts and ends of records, in order,
// without gap or overlap.
func (t Timeline) Segments(w Window) iter.Seq[Segment] {
	return func(yield func(Segment) bool) {
		outages, maintenance := follow(t.outages, w), follow(t.maintenance, w)
		known := NewSet(w).Subtract(t.Unknown())
		alive := NewSet(w).Subtract(t.Outside())
		cuts := []int64{w.start, w.end}
		cuts = outages.appendCuts(maintenance.appendCuts(cuts))
		for _, s := range [][]Window{known.windows, alive.windows} {
			for _, w := range s {
				cuts = append(cuts, w.start, w.end)
			}
		}
		slices.Sort(cuts)
		cuts = slices.Compact(cuts)
		for i := 1; i < len(cuts); i++ {
			piece := Window{cuts[i-1], cuts[i]}
			if !yield(Segment{
				Window:      piece,
				Outages:     outages.at(piece.start),
				Maintenance: maintenance.at(piece.start),
				Known:       known.Contains(piece.Start()),
				Alive:       alive.Contains(piece.Start()),
			}) {
				return
			}
		}
	}
}

// LostPercent returns the share that is lost: 100 less the least share that an
// outage still serves, and 0 without an outage.
func (s Segment) LostPercent() decimal.Decimal {
	lost := decimal.Decimal{}
	for _, o := range s.Outages {
		lost = decimal.Max(lost, o.LostPercent())
	}
	return lost
}

// LostPercent returns 100 less ServedPercent, and 100 if [Validate] refuses
// ServedPercent.
func (o Outage) LostPercent() decimal.Decimal {
	if o.servedProblem() != "" {
		return hundred()
	}
	return hundred().Sub(o.ServedPercent)
}

// A spell is a record with the window that it covers.
type spell[R Record] struct {
	window Window
	record R
}

// lay sorts the records into their layers.
func (t *Timeline) lay() {
	var coverage, life []Window
	for _, r := range t.records {
		h := r.header()
		w := Window{h.start.UnixNano(), allTime.end}
		if !h.end.IsZero() {
			w.end = h.end.UnixNano()
		}
		switch r := r.(type) {
		case Outage:
			t.outages = appendSpell(t.outages, w.Intersect(t.past()), r)
		case Maintenance:
			if r.End.IsZero() {
				w = w.Intersect(t.past())
			}
			t.maintenance = appendSpell(t.maintenance, w, r)
		case Traffic:
			if w.Intersect(t.past()) == w {
				t.traffic = appendSpell(t.traffic, w, r)
			}
		case Coverage:
			coverage, t.observed = append(coverage, w), true
		case Lifetime:
			life, t.bounded = append(life, w), true
		}
	}
	sortSpells(t.outages)
	sortSpells(t.maintenance)
	sortSpells(t.traffic)
	t.coverage, t.life = NewSet(coverage...), NewSet(life...)
}

// past returns the time up to the as-of instant.
func (t Timeline) past() Window {
	if t.asOf.IsZero() {
		return allTime
	}
	return between(allTime.start, t.asOf.UnixNano())
}

func all[R Record](spells []spell[R]) iter.Seq2[Window, R] {
	return func(yield func(Window, R) bool) {
		for _, s := range spells {
			if !yield(s.window, copied(s.record)) {
				return
			}
		}
	}
}

// appendSpell appends the record unless its window is empty.
func appendSpell[R Record](spells []spell[R], w Window, r R) []spell[R] {
	if w.IsEmpty() {
		return spells
	}
	return append(spells, spell[R]{w, r})
}

func sortSpells[R Record](spells []spell[R]) {
	slices.SortFunc(spells, func(a, b spell[R]) int {
		return cmp.Or(cmp.Compare(a.window.start, b.window.start), cmp.Compare(a.record.header().id, b.record.header().id))
	})
}

// A follower walks forward through spells that are sorted by start and keeps those
// that are under way, so that not every record is looked at for each moment.
type follower[R Record] struct {
	window  Window
	spells  []spell[R] // that have not begun
	current []spell[R] // under way, in their order
}

// follow returns a follower of the spells that touch w.
func follow[R Record](spells []spell[R], w Window) *follower[R] {
	f := &follower[R]{window: w}
	for _, s := range spells {
		if !s.window.Intersect(w).IsEmpty() {
			f.spells = append(f.spells, s)
		}
	}
	return f
}

// appendCuts appends the starts and ends inside the window.
func (f *follower[R]) appendCuts(cuts []int64) []int64 {
	for _, s := range f.spells {
		part := s.window.Intersect(f.window)
		cuts = append(cuts, part.start, part.end)
	}
	return cuts
}

// at returns the records that are under way at an instant. The instant must not lie
// before the one of the last call.
func (f *follower[R]) at(instant int64) []R {
	begun := 0
	for begun < len(f.spells) && f.spells[begun].window.start <= instant {
		begun++
	}
	f.current = append(f.current, f.spells[:begun]...)
	f.spells = f.spells[begun:]
	f.current = slices.DeleteFunc(f.current, func(s spell[R]) bool { return s.window.end <= instant })
	var records []R
	for _, s := range f.current {
		records = append(records, copied(s.record))
	}
	return records
}
