package sla

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/outage"
)

// A measuredThing is a thing of which it is known what counts; periods are cut
// from it.
type measuredThing struct {
	*thing
	terms        *commitment
	known, worst layers
	unknown      outage.Set
	asides       []aside
	runs         []Run   // of counted downtime
	planned      []int64 // where the account can change besides its losses, in order
}

// An aside is time that does not count, whatever was lost in it.
type aside struct {
	set            outage.Set
	clause, reason string
	step           string // how the denominator says it
	up             bool   // it is due, and up
	exclusion      int    // the one that removes it, or −1
}

// weigh decides what counts of the losses of a thing.
func (c *commitment) weigh(t *thing) measuredThing {
	m := measuredThing{thing: t, terms: c, known: c.layers(t, false), unknown: t.unknown()}
	m.worst = m.known
	if slices.ContainsFunc(t.members, func(m *member) bool { return !m.unknown.IsEmpty() }) {
		m.worst = c.layers(t, true)
		// An allowance that unknown time draws is used up earlier, and what was
		// down beyond it may then be forgiven; it is down for all that is known.
		m.worst.down = m.worst.down.Union(m.known.down)
	}
	m.asides = m.notDue()
	for _, a := range m.asides {
		m.known.down = m.known.down.Subtract(a.set)
		m.worst.down = m.worst.down.Subtract(a.set)
	}
	m.runs = m.outages()
	for _, member := range m.members {
		m.planned = member.appendPlanEdges(m.planned)
	}
	slices.Sort(m.planned)
	return m
}

// notDue returns the time that does not count, the first reason that holds
// first.
func (m measuredThing) notDue() []aside {
	calculation := m.terms.source.Calculation
	var asides []aside
	add := func(a aside) {
		if !a.set.IsEmpty() {
			asides = append(asides, a)
		}
	}
	if !m.terms.hours.isZero() {
		open := m.terms.hours.within(m.hull, m.terms.zone)
		add(aside{outage.NewSet(m.hull).Subtract(open), m.terms.clause + "/calculation/hours", "outside the service hours", "outside the service hours", false, -1})
	}
	const notAlive = "not in the life of the resource"
	switch r := m.root.member; {
	case r == nil:
		fewer := fmt.Sprintf("fewer than %d members are to be served", max(1, m.root.level.least))
		add(aside{all().Subtract(m.root.life()), "", fewer, fewer, false, -1})
	case calculation.Whole:
		add(aside{r.unlived, m.terms.clause + "/calculation/whole", notAlive + ", counted as up", "", true, -1})
	default:
		add(aside{r.unlived, "", notAlive, notAlive, false, -1})
	}
	if r := m.root.member; r != nil && calculation.Unknown == "out" {
		add(aside{r.assumed, m.terms.clause + "/calculation/unknown", "not observed, and left out", "not observed", false, -1})
	}
	for i, e := range m.terms.exclusions {
		if e.source.Removed {
			add(aside{m.aside(i).Union(m.known.forgiven[i]), e.clause, "", "forgiven, and not due", false, i})
		}
	}
	return asides
}

// measure cuts a period from what was weighed.
func (m measuredThing) measure(p Period) (Measurement, error) {
	out := Measurement{Resource: m.name, Period: p, AsOf: m.asOf, Outages: touching(m.runs, p.Window())}
	out.Pieces = m.pieces(p.Window())
	sums, err := out.sums()
	if err == nil {
		out.Up, out.Down, out.Excused, out.Unknown, out.Outside = sums.parts[Up], sums.parts[Down], sums.parts[Excused], sums.parts[Unknown], sums.parts[Outside]
		out.DownAtMost = sums.atMost.ns
		out.DueSteps = m.dueSteps(p)
		for _, step := range out.DueSteps {
			out.Due += step.Length
		}
		err = out.check()
	}
	known, worst := m.known.down.Within(p.Window()).Total(), m.worst.down.Within(p.Window()).Total()
	if err == nil && !m.terms.source.Downtime.Weighted && (out.Down != known || out.DownAtMost != worst) {
		err = errors.New("the downtime is not that of its windows")
	}
	if err != nil {
		return Measurement{}, fmt.Errorf("over %v: a defect of this package: %w", p, err)
	}
	return out, nil
}

// dueSteps returns how the denominator is formed.
func (m measuredThing) dueSteps(p Period) []DueStep {
	steps := []DueStep{{wholePeriod, p.Length()}}
	if l := m.terms.length; l > 0 {
		steps = []DueStep{{"what a period counts as", l}}
	}
	due := steps[0].Length
	var seen outage.Set
	for _, a := range m.asides {
		out := a.set.Within(p.Window()).Subtract(seen)
		seen = seen.Union(out)
		if a.up || out.IsEmpty() {
			continue
		}
		due -= out.Total()
		if last := len(steps) - 1; steps[last].Reason == a.step {
			steps[last].Length -= out.Total()
			continue
		}
		steps = append(steps, DueStep{a.step, -out.Total()})
	}
	if due < 0 {
		steps = append(steps, DueStep{"never less than nothing", -due})
	}
	return steps
}

// outages returns all runs of counted downtime, with the records behind each.
// One is open if an outage behind it goes on after the as-of instant, and so
// would the run, if the time from there on was down.
func (m measuredThing) outages() []Run {
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
	return slices.Clone(runs[first:last])
}

// A source is a record behind downtime that counts.
type source struct {
	from, to int64
	id       string
	open     bool
}

// behind returns the records that can be behind downtime that counts, by start.
func (m measuredThing) behind() []source {
	var sources []source
	if m.terms.source.Downtime.Requests {
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
			enough := !m.terms.grid.isZero() || m.terms.passes(loss{lost: s.rank})
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

// pieces cuts a window wherever the state or its reason can change.
func (m measuredThing) pieces(w outage.Window) []Piece {
	from, to := w.Start().UnixNano(), w.End().UnixNano()
	edges := []int64{from, to}
	part := func(losses []loss) []loss { return within(losses, from, to) }
	sets := func(all []outage.Set) []*setWalk {
		walks := make([]*setWalk, len(all))
		for i, s := range all {
			walks[i] = walkSet(s.Within(w))
			edges = append(edges, walks[i].edges...)
		}
		return walks
	}
	asides := make([]outage.Set, len(m.asides))
	for i, a := range m.asides {
		asides[i] = a.set
	}
	v := view{
		measuredThing: m, asides: sets(asides), forgiven: sets(m.known.forgiven),
		decisive: sets([]outage.Set{m.known.down, m.worst.down, m.unknown}),
	}
	for _, lost := range m.known.lost {
		edges = appendEdges(edges, part(lost))
		v.lost = append(v.lost, lossWalk{part(lost)})
	}
	if m.terms.source.Downtime.Weighted {
		worst := part(m.worst.lost[len(m.worst.lost)-1])
		edges = appendEdges(edges, worst)
		v.worst = lossWalk{worst}
	}
	first, _ := slices.BinarySearch(m.planned, from)
	last, _ := slices.BinarySearch(m.planned, to)
	edges = append(edges, m.planned[first:last]...)
	edges = slices.DeleteFunc(edges, func(at int64) bool { return at < from || at > to })
	slices.Sort(edges)
	edges = slices.Compact(edges)
	var pieces []Piece
	for i := 1; i < len(edges); i++ {
		piece := v.at(edges[i-1])
		piece.Window = between(edges[i-1], edges[i])
		pieces = appendPiece(pieces, piece)
	}
	return pieces
}

// within returns the losses that touch [from, to).
func within(losses []loss, from, to int64) []loss {
	first, _ := slices.BinarySearchFunc(losses, from, func(l loss, at int64) int {
		if l.to <= at {
			return -1
		}
		return 1
	})
	last, _ := slices.BinarySearchFunc(losses, to, func(l loss, at int64) int {
		if l.from < at {
			return -1
		}
		return 1
	})
	return losses[first:max(first, last)]
}

// appendPlanEdges appends where the account of a member can change, besides its
// losses.
func (m *member) appendPlanEdges(edges []int64) []int64 {
	for _, p := range m.plans {
		for _, s := range p.best {
			edges = append(edges, s.from, s.to)
		}
	}
	for _, s := range m.idle.best {
		edges = append(edges, s.from, s.to)
	}
	for _, s := range m.ignored {
		edges = append(edges, s.from, s.to)
	}
	return edges
}

// A view walks forward through a measured thing.
type view struct {
	measuredThing
	asides, forgiven []*setWalk
	decisive         []*setWalk // down, down at worst, unknown
	lost             []lossWalk // before any exclusion acted, and after each
	worst            lossWalk   // after all
}

// at returns the piece that begins at an instant, without its window.
func (v *view) at(instant int64) Piece {
	lost := make([]loss, len(v.lost)) // every walk goes on, whatever is asked
	for i := range v.lost {
		lost[i], _ = v.lost[i].at(instant)
	}
	forgiven := -1
	for i, walk := range v.forgiven {
		if in, _ := walk.at(instant); in && forgiven < 0 {
			forgiven = i
		}
	}
	set := -1
	for i, walk := range v.asides {
		if in, _ := walk.at(instant); in && set < 0 {
			set = i
		}
	}
	var decisive [3]bool
	for i, walk := range v.decisive {
		decisive[i], _ = walk.at(instant)
	}
	down, worst, unknown := decisive[0], decisive[1], decisive[2]
	final := lost[len(lost)-1]
	worse := final
	if v.terms.source.Downtime.Weighted && worst {
		if l, _ := v.worst.at(instant); !down || l.share().Cmp(final.share()) > 0 {
			worse = l
		}
	}
	switch {
	case set >= 0:
		return v.setAside(v.measuredThing.asides[set], instant, lost)
	case down:
		return v.weighted(v.explainDown(instant, final), final, worse)
	case worst:
		return v.weighted(v.explainUnknown(instant, unknown, lost[0]), worse, worse)
	case forgiven >= 0:
		return v.weighted(v.explainExcused(forgiven, instant, lost), lost[forgiven], loss{})
	case unknown:
		piece := v.explainUnknown(instant, true, lost[0])
		piece.ShareAtMost, piece.Reason = "0", piece.Reason+", and would not count"
		return piece
	}
	return v.explainUp(instant, lost[0])
}

// weighted says which share of a piece is in its state, where that is agreed.
func (v *view) weighted(p Piece, l, worst loss) Piece {
	if !v.terms.source.Downtime.Weighted {
		return p
	}
	p.Share = shareOf(l.share())
	if p.State == Down && worst.share().Cmp(l.share()) != 0 {
		p.ShareAtMost = shareOf(worst.share())
		if p.ShareAtMost == "" {
			p.ShareAtMost = "1"
		}
	}
	return p
}

// ids returns the names of the records behind a loss.
func (v *view) ids(l loss) []string {
	var ids []string
	for _, r := range l.records {
		if v.terms.source.Downtime.Requests {
			ids = append(ids, v.traffic[r].ID)
		} else {
			ids = append(ids, v.thing.outages[r].ID)
		}
	}
	return ids
}

// lossText says how much a loss is.
func (v *view) lossText(l loss) string {
	of := ""
	if v.terms.source.Downtime.Requests {
		of = " of the requests"
	}
	if !v.terms.grid.isZero() {
		of += " of the slot"
	}
	text := numeral.Format(percentOf(l.lost * percentPerLost).Points())
	if l.floored() {
		text = "about " + text
	}
	return "lost " + text + "%" + of
}

// explainDown names the outages that count, and says why what was set aside
// does not forgive them.
func (v *view) explainDown(instant int64, l loss) Piece {
	piece := Piece{State: Down, Clause: v.terms.clause, Records: v.ids(l), Reason: v.lossText(l)}
	agreed := slices.IndexFunc(v.terms.exclusions, func(e exclusion) bool { return slices.Contains(e.source.Causes, "maintenance") })
	if len(l.records) == 0 {
		piece.Reason, piece.Clause = "not observed, counted as down", v.terms.clause+"/calculation/unknown"
	}
	planned := false
	for _, member := range v.members {
		for e, p := range member.plans {
			r, found := p.at(instant)
			if !found {
				continue
			}
			planned = true
			piece.Records = append(piece.Records, r.ID)
			switch source := v.terms.exclusions[e].source; {
			case source.Allowance != "":
				piece.Reason += "; beyond the allowance of " + string(source.Allowance)
			default: // in part of the slot
				piece.Reason += "; without what is forgiven for " + causeOf(r)
			}
		}
		r, found := member.idle.at(instant)
		if !found {
			continue
		}
		planned = true
		piece.Records = append(piece.Records, r.ID)
		notice := v.terms.notice(causeOf(r))
		switch {
		case notice == "":
			piece.Reason += "; " + causeOf(r) + " is not forgiven"
		case r.Announced.IsZero():
			piece.Reason += "; " + causeOf(r) + " " + announced(r)
		default:
			piece.Reason += fmt.Sprintf("; %s %s, not %s", causeOf(r), announced(r), notice)
		}
	}
	named := slices.ContainsFunc(l.records, func(r int) bool {
		return !v.terms.source.Downtime.Requests && v.thing.outages[r].Cause == "maintenance"
	})
	if named && agreed >= 0 && !planned {
		piece.Reason += "; maintenance by cause, in no announced window"
	}
	return piece
}

// announced says when maintenance was announced.
func announced(m outage.Maintenance) string {
	switch ahead := m.Start.Sub(m.Announced); {
	case m.Announced.IsZero():
		return "never announced"
	case ahead < 0:
		return fmt.Sprintf("announced %s after its start", span.String(-ahead))
	default:
		return fmt.Sprintf("announced %s ahead", span.String(ahead))
	}
}

// explainExcused names what was set aside, and only where nothing was the
// outages that are forgiven for their cause.
func (v *view) explainExcused(exclusion int, instant int64, lost []loss) Piece {
	before := lost[exclusion]
	piece := Piece{State: Excused, Clause: v.terms.exclusions[exclusion].clause, Records: v.ids(before)}
	var causes []string
	for _, r := range before.records {
		if !v.terms.source.Downtime.Requests && slices.Contains(v.terms.exclusions[exclusion].causes, v.thing.outages[r].Cause) {
			causes = append(causes, v.thing.outages[r].Cause)
		}
	}
	slices.Sort(causes)
	piece.Reason = "cause " + strings.Join(slices.Compact(causes), ", ")
	if len(causes) == 0 { // and nothing may be set aside just here
		piece.Reason = "without what was set aside, the slot did not lose enough"
	}
	for _, member := range v.members {
		p := member.plans[exclusion]
		if r, found := p.at(instant); found {
			piece.Records = append(piece.Records, r.ID)
			piece.Reason = causeOf(r) + " " + announced(r)
			if v.terms.exclusions[exclusion].source.Notice == "" {
				piece.Reason = "set aside: " + causeOf(r)
			}
		} else if p.hours.Contains(time.Unix(0, instant)) {
			piece.Reason = "in the hours set aside"
		}
	}
	return piece
}

// setAside says why a stretch does not count, whatever was lost in it.
func (v *view) setAside(a aside, instant int64, lost []loss) Piece {
	piece := Piece{State: Outside, Clause: a.clause, Reason: a.reason}
	switch {
	case a.up:
		piece.State = Up
	case a.exclusion >= 0:
		piece = v.explainExcused(a.exclusion, instant, lost)
		piece.State = Outside
		piece.Reason += "; not due"
	}
	return piece
}

// explainUnknown says why nobody knows.
func (v *view) explainUnknown(instant int64, unknown bool, l loss) Piece {
	piece := Piece{State: Unknown, Records: v.ids(l)}
	switch {
	case !unknown:
		piece.Reason = "counts only if unknown time beside it was down"
	case !v.asOf.IsZero() && instant >= v.asOf.UnixNano():
		piece.Reason = "after the as-of instant"
	default:
		piece.Reason = "not observed"
	}
	return piece
}

// explainUp says why what was lost does not count, if anything was.
func (v *view) explainUp(instant int64, l loss) Piece {
	piece := Piece{State: Up, Records: v.ids(l)}
	switch {
	case l.lost == 0 && l.exact == nil:
		return v.explainIgnored(instant)
	case !v.terms.passes(l):
		piece.Clause = v.terms.clause + "/downtime/loss"
		piece.Reason = fmt.Sprintf("%s, not %s", v.lossText(l), v.terms.source.Downtime.Loss)
	default:
		piece.Clause = v.terms.clause + "/downtime/lasting"
		piece.Reason = "did not last " + inWords(v.terms.source.Downtime.Lasting)
	}
	return piece
}

// explainIgnored says why an outage does not count at all, or that nobody
// observed the resource.
func (v *view) explainIgnored(instant int64) Piece {
	for _, member := range v.members {
		if s, found := spellAt(member.ignored, instant); found {
			ignored := member.reasons[s.record]
			return Piece{State: Up, Records: []string{v.thing.outages[s.record].ID}, Clause: ignored.clause, Reason: ignored.reason}
		}
		if v.terms.source.Calculation.Unknown == "up" && member.assumed.Contains(time.Unix(0, instant)) {
			return Piece{State: Up, Clause: v.terms.clause + "/calculation/unknown", Reason: "not observed, counted as up"}
		}
	}
	return Piece{State: Up}
}

// appendPiece appends a piece, or adds it to the last one if only the window
// differs.
func appendPiece(pieces []Piece, p Piece) []Piece {
	if i := len(pieces) - 1; i >= 0 {
		last := &pieces[i]
		same := last.State == p.State && last.Share == p.Share && last.ShareAtMost == p.ShareAtMost
		if same && last.Clause == p.Clause && last.Reason == p.Reason && slices.Equal(last.Records, p.Records) {
			last.Window = outage.MustWindow(last.Window.Start(), p.Window.End())
			return pieces
		}
	}
	return append(pieces, p)
}
