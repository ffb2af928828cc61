package sla

import (
	"slices"
	"time"

	"github.com/slacredit/slacredit/outage"
)

// An explainer walks forward through an assessment, and explains each stretch.
type explainer struct {
	assessment
	notCounted     []walk[nothing]
	excused        []walk[nothing]  // by each exclusion
	decisive       [3]walk[nothing] // down, down at worst, unknown
	lost           []walk[loss]     // before any exclusion acted, and after each
	now            []loss           // the loss at the moment asked for, by stage
	worst          walk[loss]       // at worst, after every exclusion
	plans, ignored crowd            // the members with maintenance, and those with an outage that does not count
	named, caused  texts
	names          []string // room for the lists of IDs
	cause          [1]string
}

// explainer returns the explainer of a window, and the instants in it at which
// anything can change, both ends included.
func (m assessment) explainer(w outage.Window) (*explainer, []int64) {
	from, to := w.UnixNano()
	n, e := len(m.known.lost), len(m.known.excused)
	walks, lost := make([]walk[nothing], len(m.notCounted)+e), make([]walk[loss], n)
	x := &explainer{
		assessment: m, notCounted: walks[:len(m.notCounted)], excused: walks[len(m.notCounted):], lost: lost,
		now:   make([]loss, n),
		plans: m.crowd(from, to, plansOf), ignored: m.crowd(from, to, ignoredOf),
	}
	first, _ := slices.BinarySearch(m.planned, from)
	last, _ := slices.BinarySearch(m.planned, to)
	planned := m.planned[first:last]
	size := 2 + len(planned)
	walkIn := func(s outage.Set) walk[nothing] {
		walk := walkSet(s.Within(w))
		size += 2 * len(walk.rest)
		return walk
	}
	for i, n := range m.notCounted {
		x.notCounted[i] = walkIn(n.set)
	}
	for i, s := range m.known.excused {
		x.excused[i] = walkIn(s)
	}
	for i, s := range []outage.Set{m.known.down, m.worst.down, m.unknown} {
		x.decisive[i] = walkIn(s)
	}
	for i, all := range m.known.lost {
		lost[i].rest = within(all, from, to)
		size += 2 * len(lost[i].rest)
	}
	if m.commitment.weighted {
		x.worst.rest = within(m.worst.lost[n-1], from, to)
		size += 2 * len(x.worst.rest)
	}
	x.names = make([]string, 0, size/2)
	edges := append(append(make([]int64, 0, size), from, to), planned...)
	for _, all := range [][]walk[nothing]{walks, x.decisive[:]} {
		for _, walk := range all {
			edges = appendEdges(edges, walk.rest)
		}
	}
	for i := range lost {
		edges = appendEdges(edges, lost[i].rest)
	}
	edges = appendEdges(edges, x.worst.rest)
	edges = slices.DeleteFunc(edges, func(at int64) bool { return at < from || at > to })
	slices.Sort(edges)
	return x, slices.Compact(edges)
}

// first returns the index of the first walk whose set contains a moment, or −1. All
// walks go on to the moment.
func first(walks []walk[nothing], instant int64) int {
	found := -1
	for i := range walks {
		if in, _ := walks[i].at(instant); in != nil && found < 0 {
			found = i
		}
	}
	return found
}

// at returns the piece that begins at an instant, without its window.
func (x *explainer) at(instant int64) Piece {
	for i := range x.lost {
		x.now[i] = x.lost[i].on(instant)
	}
	excused, not := first(x.excused, instant), first(x.notCounted, instant)
	var decisive [3]bool
	for i := range x.decisive {
		in, _ := x.decisive[i].at(instant)
		decisive[i] = in != nil
	}
	down, worst, unknown := decisive[0], decisive[1], decisive[2]
	before, final := x.now[0], x.now[len(x.now)-1]
	worse := final
	if x.commitment.weighted && worst {
		if l := x.worst.on(instant); !down || l.share().Cmp(final.share()) > 0 {
			worse = l
		}
	}
	switch {
	case not >= 0:
		return x.explainNotCounted(x.assessment.notCounted[not], instant)
	case down:
		return x.weighted(x.explainDown(instant), final, worse)
	case worst:
		return x.weighted(x.explainUnknown(instant, unknown), worse, worse)
	case excused >= 0:
		return x.weighted(x.explainExcused(excused, instant), before, loss{})
	case unknown:
		piece := x.explainUnknown(instant, true)
		piece.ShareAtMost, piece.Reason.harmless = "0", true
		return piece
	}
	return x.explainUp(instant)
}

// weighted adds the share of a piece that is in its state, where downtime counts by
// the share that is lost.
func (x *explainer) weighted(p Piece, l, worst loss) Piece {
	if !x.commitment.weighted {
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

// ids returns the IDs of the records behind the loss of a stage now.
func (x *explainer) ids(stage int) []string {
	l := x.now[stage]
	if len(l.records) == 1 {
		return x.with(nil, x.id(l.records[0]))
	}
	return x.named.of(stage, len(x.now), l, x.id, nil)
}

// id returns the ID of a record behind a loss.
func (x *explainer) id(record int) string {
	if x.commitment.requests {
		return x.traffic[record].ID
	}
	return x.outages[record].ID
}

// with returns the IDs of records with one more, in a list of its own.
func (x *explainer) with(ids []string, id string) []string {
	if len(ids) > 0 {
		return append(ids, id)
	}
	x.names = append(x.names, id)
	last := len(x.names)
	return x.names[last-1 : last : last]
}

// causes returns the causes of the outages behind the loss of a stage now, each
// once, in order. They hold until others are asked for.
func (x *explainer) causes(stage int) []string {
	if x.commitment.requests {
		return nil
	}
	l := x.now[stage]
	if len(l.records) == 1 {
		x.cause[0] = x.outages[l.records[0]].Cause
		return x.cause[:]
	}
	return x.caused.of(stage, len(x.now), l, func(record int) string { return x.outages[record].Cause }, func(causes []string) []string {
		slices.Sort(causes)
		return slices.Compact(causes)
	})
}

// explainDown names the outages that count, and the reasons why no exclusion
// excuses them.
func (x *explainer) explainDown(instant int64) Piece {
	c, final := x.commitment, len(x.now)-1
	l := x.now[final]
	piece := Piece{State: Down, Clause: c.clause, Records: x.ids(final), Reason: c.lost(lostEnough, l)}
	if len(l.records) == 0 {
		piece.Reason, piece.Clause = Reason{code: unobservedDown}, c.clause+"/calculation/unknown"
	}
	also := func(r Reason) { // once, also for several members
		if !slices.Contains(piece.Also, r) {
			piece.Also = append(piece.Also, r)
		}
	}
	if allowance := x.beyond(l); allowance != "" {
		also(Reason{code: beyondAllowance, agreed: allowance})
	}
	work := false
	for member := range x.plans.at(instant) {
		for e, p := range member.plans {
			r, found := p.at(instant)
			if !found {
				continue
			}
			work = true
			piece.Records = x.with(piece.Records, r.ID)
			reason := Reason{code: partExcused, name: causeOf(r)} // in part of the slot
			switch allowance := c.exclusions[e].agreed; {
			case slices.ContainsFunc(c.levels, func(l level) bool { return l.excusedDown }):
				reason.code = memberDown
			case allowance != "":
				reason = Reason{code: beyondAllowance, agreed: allowance}
			}
			also(reason)
		}
		r, found := member.idle.at(instant)
		if !found {
			continue
		}
		work = true
		piece.Records = x.with(piece.Records, r.ID)
		reason := Reason{code: notExcused, name: causeOf(r)}
		if notice := c.notice(causeOf(r)); notice != "" && r.Announced.IsZero() {
			reason.code = neverAnnounced
		} else if notice != "" {
			reason = ofWork(shortNotice, r)
			reason.agreed = string(notice)
		}
		also(reason)
	}
	if c.excusesMaintenance() && !work && slices.Contains(x.causes(final), maintenance) {
		also(Reason{code: noWindow})
	}
	return piece
}

// beyond returns the allowance that does not reach an outage behind a loss whose
// cause is excused, or nothing.
func (x *explainer) beyond(l loss) string {
	if x.commitment.requests {
		return ""
	}
	for _, r := range l.records {
		if e := x.fates[r].excuse; e >= 0 {
			return x.commitment.exclusions[e].agreed
		}
	}
	return ""
}

// explainExcused names the window or the hours that excuse, and where there are
// none, the causes of the outages that are excused.
func (x *explainer) explainExcused(excused int, instant int64) Piece {
	e := &x.commitment.exclusions[excused]
	piece := Piece{State: Excused, Clause: e.clause, Records: x.ids(excused)}
	work := false
	for member := range x.plans.at(instant) {
		r, found := member.plans[excused].at(instant)
		if !found {
			continue
		}
		work = true
		piece.Records = x.with(piece.Records, r.ID)
		piece.Reason = Reason{code: setAside, name: causeOf(r)}
		if !e.anyNotice {
			piece.Reason = ofWork(announcedInTime, r)
		}
	}
	last := x.members[len(x.members)-1].plans[excused] // all members have the same hours
	if _, found := last.at(instant); !found && last.hours.Contains(time.Unix(0, instant)) {
		piece.Reason = Reason{code: inHoursSetAside}
		return piece
	}
	if work {
		return piece
	}
	piece.Reason = Reason{code: restTooLittle} // where nothing here is excused by itself
	for _, cause := range x.causes(excused) {
		switch reason := (Reason{code: causeExcused, name: cause}); {
		case !slices.Contains(e.causes, cause):
		case piece.Reason.code == causeExcused:
			piece.Also = append(piece.Also, reason)
		default:
			piece.Reason = reason
		}
	}
	return piece
}

// explainNotCounted says why a stretch does not count, whatever was lost in it.
func (x *explainer) explainNotCounted(n notCounted, instant int64) Piece {
	if n.exclusion >= 0 {
		piece := x.explainExcused(n.exclusion, instant)
		piece.State, piece.Reason.removed = Outside, true
		return piece
	}
	return Piece{State: n.reason.state(), Clause: n.clause, Reason: n.reason}
}

// explainUnknown says why it is not known whether a stretch counts.
func (x *explainer) explainUnknown(instant int64, unknown bool) Piece {
	piece := Piece{State: Unknown, Records: x.ids(0), Reason: Reason{code: unobserved}}
	switch {
	case !unknown:
		piece.Reason.code = besideUnknown
	case !x.asOf.IsZero() && instant >= x.asOf.UnixNano():
		piece.Reason.code = afterAsOf
	}
	return piece
}

// explainUp says why a loss does not count, if there is one.
func (x *explainer) explainUp(instant int64) Piece {
	c, l := x.commitment, x.now[0]
	if l.lost == 0 && l.exact.IsZero() {
		return x.explainIgnored(instant)
	}
	piece := Piece{State: Up, Records: x.ids(0)}
	if c.passes(l) {
		piece.Clause, piece.Reason = c.clause+"/downtime/lasting", Reason{code: tooShort, agreed: c.agreed.lasting}
	} else {
		piece.Clause, piece.Reason = c.clause+"/downtime/loss", c.lost(tooLittle, l)
		piece.Reason.agreed = c.agreed.loss
	}
	return piece
}

// explainIgnored says why an outage does not count at all, or that the resource was
// not observed.
func (x *explainer) explainIgnored(instant int64) Piece {
	for member := range x.ignored.at(instant) {
		if o := lookup(member.ignored, instant); o != nil {
			fate := x.fates[o.record]
			return Piece{State: Up, Records: []string{x.outages[o.record].ID}, Clause: fate.clause, Reason: fate.ignored}
		}
		if x.commitment.treatment == "up" && member.assumed.Contains(time.Unix(0, instant)) {
			return Piece{State: Up, Clause: x.commitment.clause + "/calculation/unknown", Reason: Reason{code: unobservedUp}}
		}
	}
	return Piece{State: Up}
}
