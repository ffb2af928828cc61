package sla

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
)

// A view walks forward through a measured thing.
type view struct {
	weighed
	asides, forgiven []*setWalk
	decisive         []*setWalk // down, down at worst, unknown
	lost             []lossWalk // before any exclusion acted, and after each
	worst            lossWalk   // after all
	plans, ignored   *crowd     // what was planned, and what does not count
	named, caused    texts
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
	if v.commitment.source.Downtime.Weighted && worst {
		if l, _ := v.worst.at(instant); !down || l.share().Cmp(final.share()) > 0 {
			worse = l
		}
	}
	switch {
	case set >= 0:
		return v.setAside(v.weighed.asides[set], instant, lost)
	case down:
		return v.weighted(v.explainDown(instant, final), final, worse)
	case worst:
		return v.weighted(v.explainUnknown(instant, unknown, lost[0]), worse, worse)
	case forgiven >= 0:
		return v.weighted(v.explainExcused(forgiven, instant, lost), lost[0], loss{})
	case unknown:
		piece := v.explainUnknown(instant, true, lost[0])
		piece.ShareAtMost, piece.Reason = "0", piece.Reason+", and would not count"
		return piece
	}
	return v.explainUp(instant, lost[0])
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

// ids returns the names of the records behind a loss.
func (v *view) ids(l loss) []string {
	return v.named.of(l, func(r int) string {
		if v.commitment.source.Downtime.Requests {
			return v.traffic[r].ID
		}
		return v.thing.outages[r].ID
	}, nil)
}

// causes returns the causes of the outages behind a loss, each once, in order.
func (v *view) causes(l loss) []string {
	if v.commitment.source.Downtime.Requests {
		return nil
	}
	return v.caused.of(l, func(r int) string { return v.thing.outages[r].Cause }, func(causes []string) []string {
		slices.Sort(causes)
		return slices.Compact(causes)
	})
}

// lossText says how much a loss is.
func (v *view) lossText(l loss) string {
	of := ""
	if v.commitment.source.Downtime.Requests {
		of = " of the requests"
	}
	if !v.commitment.grid.isZero() {
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
	piece := Piece{State: Down, Clause: v.commitment.clause, Records: v.ids(l), Reason: v.lossText(l)}
	if len(l.records) == 0 {
		piece.Reason, piece.Clause = "not observed, counted as down", v.commitment.clause+"/calculation/unknown"
	}
	if allowance := v.beyond(l); allowance != "" {
		piece.Reason += "; beyond the allowance of " + string(allowance)
	}
	planned := false
	for member := range v.plans.at(instant) {
		for e, p := range member.plans {
			r, found := p.at(instant)
			if !found {
				continue
			}
			planned = true
			piece.Records = append(piece.Records, r.ID)
			switch source := v.commitment.exclusions[e].source; {
			case slices.ContainsFunc(v.commitment.levels, func(l level) bool { return l.source.ExcusedDown }):
				piece.Reason += "; a member counts as down during " + causeOf(r)
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
		notice := v.commitment.notice(causeOf(r))
		switch {
		case notice == "":
			piece.Reason += "; " + causeOf(r) + " is not forgiven"
		case r.Announced.IsZero():
			piece.Reason += "; " + causeOf(r) + " " + announced(r)
		default:
			piece.Reason += fmt.Sprintf("; %s %s, not %s", causeOf(r), announced(r), notice)
		}
	}
	agreed := slices.ContainsFunc(v.commitment.exclusions, func(e exclusion) bool { return slices.Contains(e.source.Causes, "maintenance") })
	if agreed && !planned && slices.Contains(v.causes(l), "maintenance") {
		piece.Reason += "; maintenance by cause, in no announced window"
	}
	return piece
}

// beyond returns the allowance that does not reach an outage behind a loss,
// where its cause is forgiven.
func (v *view) beyond(l loss) Budget {
	for _, r := range l.records {
		for _, member := range v.members {
			if e, found := member.forgiven[r]; found {
				return v.commitment.exclusions[e].source.Allowance
			}
		}
	}
	return ""
}

// explainExcused names what was set aside, and only where nothing was the
// outages that are forgiven for their cause.
func (v *view) explainExcused(exclusion int, instant int64, lost []loss) Piece {
	before := lost[exclusion]
	piece := Piece{State: Excused, Clause: v.commitment.exclusions[exclusion].clause, Records: v.ids(before)}
	causes := slices.DeleteFunc(slices.Clone(v.causes(before)), func(cause string) bool {
		return !slices.Contains(v.commitment.exclusions[exclusion].causes, cause)
	})
	piece.Reason = "cause " + strings.Join(causes, ", ")
	if len(causes) == 0 { // and nothing may be set aside just here
		piece.Reason = "without what was set aside, the slot did not lose enough"
	}
	for member := range v.plans.at(instant) {
		if r, found := member.plans[exclusion].at(instant); found {
			piece.Records = append(piece.Records, r.ID)
			piece.Reason = causeOf(r) + " " + announced(r)
			if v.commitment.exclusions[exclusion].source.Notice == "" {
				piece.Reason = "set aside: " + causeOf(r)
			}
		}
	}
	last := v.members[len(v.members)-1].plans[exclusion] // the hours are those of all
	if _, found := last.at(instant); !found && last.hours.Contains(time.Unix(0, instant)) {
		piece.Reason = "in the hours set aside"
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
	case !v.commitment.passes(l):
		piece.Clause = v.commitment.clause + "/downtime/loss"
		piece.Reason = fmt.Sprintf("%s, not %s", v.lossText(l), v.commitment.source.Downtime.Loss)
	default:
		piece.Clause = v.commitment.clause + "/downtime/lasting"
		piece.Reason = "did not last " + inWords(v.commitment.source.Downtime.Lasting)
	}
	return piece
}

// explainIgnored says why an outage does not count at all, or that nobody
// observed the resource.
func (v *view) explainIgnored(instant int64) Piece {
	for member := range v.ignored.at(instant) {
		if s, found := spellAt(member.ignored, instant); found {
			ignored := member.reasons[s.record]
			return Piece{State: Up, Records: []string{v.thing.outages[s.record].ID}, Clause: ignored.clause, Reason: ignored.reason}
		}
		if v.commitment.source.Calculation.Unknown == "up" && member.assumed.Contains(time.Unix(0, instant)) {
			return Piece{State: Up, Clause: v.commitment.clause + "/calculation/unknown", Reason: "not observed, counted as up"}
		}
	}
	return Piece{State: Up}
}
