package sla

import (
	"slices"
	"time"

	"github.com/slacredit/slacredit/outage"
)

// A view walks forward through a measured thing.
type view struct {
	weighed
	asides, forgiven []setWalk
	decisive         [3]setWalk // down, down at worst, unknown
	lost             []lossWalk // before any exclusion acted, and after each
	now              []loss     // what they lose at the moment asked for
	worst            lossWalk   // after all
	plans, ignored   crowd      // what was planned, and what does not count
	named, caused    texts
	names            []string // room for lists of records
	cause            [1]string
}

// view returns the view of a window, and the instants in it at which anything can
// change, both ends included.
func (m weighed) view(w outage.Window) (*view, []int64) {
	from, to := w.UnixNano()
	n, e := len(m.known.lost), len(m.known.forgiven)
	walks, lost := make([]setWalk, len(m.asides)+e), make([]lossWalk, n)
	v := &view{
		weighed: m, asides: walks[:len(m.asides)], forgiven: walks[len(m.asides):], lost: lost,
		now:   make([]loss, n),
		plans: m.crowd(from, to, plansOf), ignored: m.crowd(from, to, ignoredOf),
	}
	first, _ := slices.BinarySearch(m.planned, from)
	last, _ := slices.BinarySearch(m.planned, to)
	planned := m.planned[first:last]
	size := 2 + len(planned)
	walk := func(s outage.Set) setWalk {
		walk := walkSet(s.Within(w))
		size += len(walk.edges)
		return walk
	}
	for i, a := range m.asides {
		v.asides[i] = walk(a.set)
	}
	for i, s := range m.known.forgiven {
		v.forgiven[i] = walk(s)
	}
	for i, s := range []outage.Set{m.known.down, m.worst.down, m.unknown} {
		v.decisive[i] = walk(s)
	}
	for i, all := range m.known.lost {
		lost[i].losses = within(all, from, to)
		size += 2 * len(lost[i].losses)
	}
	if m.commitment.source.Downtime.Weighted {
		v.worst.losses = within(m.worst.lost[n-1], from, to)
		size += 2 * len(v.worst.losses)
	}
	v.names = make([]string, 0, size/2)
	edges := append(append(make([]int64, 0, size), from, to), planned...)
	for _, all := range [][]setWalk{walks, v.decisive[:]} {
		for _, walk := range all {
			edges = append(edges, walk.edges...)
		}
	}
	for i := range lost {
		edges = appendEdges(edges, lost[i].losses)
	}
	edges = appendEdges(edges, v.worst.losses)
	edges = slices.DeleteFunc(edges, func(at int64) bool { return at < from || at > to })
	slices.Sort(edges)
	return v, slices.Compact(edges)
}

// first returns the first of some walks whose set holds a moment, or −1. Every
// walk goes on, whatever is asked.
func first(walks []setWalk, instant int64) int {
	found := -1
	for i := range walks {
		if in, _ := walks[i].at(instant); in && found < 0 {
			found = i
		}
	}
	return found
}

// at returns the piece that begins at an instant, without its window.
func (v *view) at(instant int64) Piece {
	for i := range v.lost {
		v.now[i], _ = v.lost[i].at(instant)
	}
	excused, set := first(v.forgiven, instant), first(v.asides, instant)
	var decisive [3]bool
	for i := range v.decisive {
		decisive[i], _ = v.decisive[i].at(instant)
	}
	down, worst, unknown := decisive[0], decisive[1], decisive[2]
	before, final := v.now[0], v.now[len(v.now)-1]
	worse := final
	if v.commitment.source.Downtime.Weighted && worst {
		if l, _ := v.worst.at(instant); !down || l.share().Cmp(final.share()) > 0 {
			worse = l
		}
	}
	switch {
	case set >= 0:
		return v.notDue(v.weighed.asides[set], instant)
	case down:
		return v.weighted(v.explainDown(instant), final, worse)
	case worst:
		return v.weighted(v.explainUnknown(instant, unknown), worse, worse)
	case excused >= 0:
		return v.weighted(v.explainExcused(excused, instant), before, loss{})
	case unknown:
		piece := v.explainUnknown(instant, true)
		piece.ShareAtMost, piece.Reason.harmless = "0", true
		return piece
	}
	return v.explainUp(instant)
}

// weighted says which share of a piece is in its state, where that is agreed.
func (v *view) weighted(p Piece, l, worst loss) Piece {
	if !v.commitment.source.Downtime.Weighted {
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

// ids returns the names of the records behind what a layer loses now.
func (v *view) ids(layer int) []string {
	l := v.now[layer]
	if len(l.records) == 1 {
		return v.with(nil, v.id(l.records[0]))
	}
	return v.named.of(layer, len(v.now), l, v.id, nil)
}

// id returns the name of a record that loses something.
func (v *view) id(record int) string {
	if v.commitment.source.Downtime.Requests {
		return v.traffic[record].ID
	}
	return v.thing.outages[record].ID
}

// with returns the names of records with one more, in a list of its own.
func (v *view) with(ids []string, id string) []string {
	if len(ids) > 0 {
		return append(ids, id)
	}
	v.names = append(v.names, id)
	last := len(v.names)
	return v.names[last-1 : last : last]
}

// causes returns the causes of the outages behind what a layer loses now, each
// once, in order. They hold until others are asked for.
func (v *view) causes(layer int) []string {
	if v.commitment.source.Downtime.Requests {
		return nil
	}
	l := v.now[layer]
	if len(l.records) == 1 {
		v.cause[0] = v.thing.outages[l.records[0]].Cause
		return v.cause[:]
	}
	return v.caused.of(layer, len(v.now), l, func(record int) string { return v.thing.outages[record].Cause }, func(causes []string) []string {
		slices.Sort(causes)
		return slices.Compact(causes)
	})
}

// explainDown names the outages that count, and says why what was set aside
// does not excuse them.
func (v *view) explainDown(instant int64) Piece {
	c, final := v.commitment, len(v.now)-1
	l := v.now[final]
	piece := Piece{State: Down, Clause: c.clause, Records: v.ids(final), Reason: c.lost(lostEnough, l)}
	if len(l.records) == 0 {
		piece.Reason, piece.Clause = Reason{code: unobservedDown}, c.clause+"/calculation/unknown"
	}
	also := func(r Reason) { // of several members it is said once
		if !slices.Contains(piece.Also, r) {
			piece.Also = append(piece.Also, r)
		}
	}
	if allowance := v.beyond(l); allowance != "" {
		also(Reason{code: beyondAllowance, agreed: string(allowance)})
	}
	work := false
	for member := range v.plans.at(instant) {
		for e, p := range member.plans {
			r, found := p.at(instant)
			if !found {
				continue
			}
			work = true
			piece.Records = v.with(piece.Records, r.ID)
			reason := Reason{code: partExcused, name: causeOf(r)} // in part of the slot
			switch source := c.exclusions[e].source; {
			case slices.ContainsFunc(c.levels, func(l level) bool { return l.source.ExcusedDown }):
				reason.code = memberDown
			case source.Allowance != "":
				reason = Reason{code: beyondAllowance, agreed: string(source.Allowance)}
			}
			also(reason)
		}
		r, found := member.idle.at(instant)
		if !found {
			continue
		}
		work = true
		piece.Records = v.with(piece.Records, r.ID)
		reason := Reason{code: notExcused, name: causeOf(r)}
		if notice := c.notice(causeOf(r)); notice != "" && r.Announced.IsZero() {
			reason.code = neverAnnounced
		} else if notice != "" {
			reason = ofWork(shortNotice, r)
			reason.agreed = string(notice)
		}
		also(reason)
	}
	agreed := slices.ContainsFunc(c.exclusions, func(e exclusion) bool { return slices.Contains(e.source.Causes, maintenance) })
	if agreed && !work && slices.Contains(v.causes(final), maintenance) {
		also(Reason{code: noWindow})
	}
	return piece
}

// beyond returns the allowance that does not reach an outage behind a loss,
// where its cause is excused.
func (v *view) beyond(l loss) Cap {
	if v.commitment.source.Downtime.Requests {
		return ""
	}
	for _, r := range l.records {
		if e := v.fates[r].excuse; e >= 0 {
			return v.commitment.exclusions[e].source.Allowance
		}
	}
	return ""
}

// explainExcused names what was set aside, and only where nothing was the
// outages that are excused for their cause.
func (v *view) explainExcused(excused int, instant int64) Piece {
	e := &v.commitment.exclusions[excused]
	piece := Piece{State: Excused, Clause: e.clause, Records: v.ids(excused)}
	work := false
	for member := range v.plans.at(instant) {
		r, found := member.plans[excused].at(instant)
		if !found {
			continue
		}
		work = true
		piece.Records = v.with(piece.Records, r.ID)
		piece.Reason = Reason{code: setAside, name: causeOf(r)}
		if !e.anyNotice {
			piece.Reason = ofWork(announcedInTime, r)
		}
	}
	last := v.members[len(v.members)-1].plans[excused] // the hours are those of all
	if _, found := last.at(instant); !found && last.hours.Contains(time.Unix(0, instant)) {
		piece.Reason = Reason{code: inHoursSetAside}
		return piece
	}
	if work {
		return piece
	}
	piece.Reason = Reason{code: restTooLittle} // nothing may be set aside just here
	for _, cause := range v.causes(excused) {
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

// notDue says why a stretch does not count, whatever was lost in it.
func (v *view) notDue(a aside, instant int64) Piece {
	if a.exclusion >= 0 {
		piece := v.explainExcused(a.exclusion, instant)
		piece.State, piece.Reason.removed = Outside, true
		return piece
	}
	return Piece{State: a.reason.state(), Clause: a.clause, Reason: a.reason}
}

// explainUnknown says why it is not known whether a stretch counts.
func (v *view) explainUnknown(instant int64, unknown bool) Piece {
	piece := Piece{State: Unknown, Records: v.ids(0), Reason: Reason{code: unobserved}}
	switch {
	case !unknown:
		piece.Reason.code = besideUnknown
	case !v.asOf.IsZero() && instant >= v.asOf.UnixNano():
		piece.Reason.code = afterAsOf
	}
	return piece
}

// explainUp says why what was lost does not count, if anything was.
func (v *view) explainUp(instant int64) Piece {
	c, l := v.commitment, v.now[0]
	if l.lost == 0 && l.exact == nil {
		return v.explainIgnored(instant)
	}
	piece := Piece{State: Up, Records: v.ids(0)}
	if c.passes(l) {
		piece.Clause, piece.Reason = c.clause+"/downtime/lasting", Reason{code: tooShort, agreed: string(c.source.Downtime.Lasting)}
	} else {
		piece.Clause, piece.Reason = c.clause+"/downtime/loss", c.lost(tooLittle, l)
		piece.Reason.agreed = string(c.source.Downtime.Loss)
	}
	return piece
}

// explainIgnored says why an outage does not count at all, or that nobody
// observed the resource.
func (v *view) explainIgnored(instant int64) Piece {
	for member := range v.ignored.at(instant) {
		if s, found := spellAt(member.ignored, instant); found {
			fate := v.fates[s.record]
			return Piece{State: Up, Records: []string{v.thing.outages[s.record].ID}, Clause: fate.clause, Reason: fate.ignored}
		}
		if v.commitment.source.Calculation.Unknown == "up" && member.assumed.Contains(time.Unix(0, instant)) {
			return Piece{State: Up, Clause: v.commitment.clause + "/calculation/unknown", Reason: Reason{code: unobservedUp}}
		}
	}
	return Piece{State: Up}
}
