package sla

import (
	"fmt"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/civil"
	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
)

// A Slot is the length of the slots of a grid on which downtime is counted, from
// 1 s to 1 d: "1m", "5m", "1h". The first slot of each day begins when the day
// begins by the clocks of [Calculation].Zone. A last slot that would reach into
// the next day ends with its day. With an origin, "5m from 2014-05-01T00:00:00Z",
// slots follow each other regardless of days.
//
// "period" is one slot as long as the measured period. It is for requests only:
// for outages, the promise states how much of a period may be lost.
//
// A slot is judged as it happened, also where it reaches beyond the lifetime of a
// resource. What counts is cut to the lifetime afterwards.
type Slot string

// A grid is a compiled Slot. The zero grid has no slots.
type grid struct {
	length   int64 // in nanoseconds; 0 for none and for whole
	whole    bool  // one slot, the measured period
	anchored bool  // slots follow upon each other from the origin
	origin   int64
}

func (g grid) isZero() bool { return g == grid{} }

// grid reads s.
func (s Slot) grid() (grid, error) {
	if s == "period" {
		return grid{whole: true}, nil
	}
	size, from, anchored := strings.Cut(string(s), " from ")
	a, err := Quantity(size).amount(length)
	switch {
	case err != nil:
		return grid{}, err
	case a.value < int64(time.Second) || a.value > int64(day):
		return grid{}, fmt.Errorf("%s is not from 1s to 1d", numeral.Shorten(size))
	}
	g := grid{length: a.value, anchored: anchored}
	if anchored {
		w, err := outage.ParseWindow(from + "/2192-01-01T00:00:00Z") // which reads instants strictly
		if err != nil {
			return grid{}, fmt.Errorf("%s is not an RFC 3339 instant such as 2014-05-01T00:00:00Z, of the years 1900 to 2191", numeral.Shorten(from))
		}
		g.origin = w.Start().UnixNano()
	}
	return g, nil
}

// Slots are a grid laid over time.
type slots struct {
	grid
	zone     *time.Location
	period   outage.Window // the slot of a grid that is whole
	from, to int64         // the day asked for last
}

// at returns the slot in which an instant lies.
func (s *slots) at(instant int64) (from, to int64) {
	switch {
	case s.whole:
		return s.period.UnixNano()
	case s.anchored:
		from = instant - floorMod(instant-s.origin, s.length)
		return from, from + s.length
	}
	if instant < s.from || instant >= s.to {
		y, m, d := time.Unix(0, instant).In(s.zone).Date()
		s.from = civil.FirstInstant(y, m, d, s.zone).UnixNano()
		s.to = civil.FirstInstant(y, m, d+1, s.zone).UnixNano()
		for s.to <= instant { // the clocks were set back over midnight
			d++
			s.from, s.to = s.to, civil.FirstInstant(y, m, d+1, s.zone).UnixNano()
		}
	}
	from = s.from + (instant-s.from)/s.length*s.length
	return from, min(from+s.length, s.to)
}

// some returns an instant at which a slot ends, about a month after another instant,
// and forever if there are no slots.
func (s *slots) some(instant int64) int64 {
	if s.isZero() {
		return forever
	}
	_, to := s.at(instant)
	if !s.whole {
		_, to = s.at(to + 32*int64(day))
	}
	return to
}

// alike returns the end of the last of the consecutive slots of equal length that
// begin at an instant, up to a bound. Without an origin, they are those of one day.
func (s *slots) alike(from, bound int64) int64 {
	switch {
	case s.whole:
		return from
	case !s.anchored:
		s.at(from - 1) // of whose day they are
		bound = min(bound, s.to)
	}
	return from + max(0, bound-from)/s.length*s.length
}

// floorMod returns the remainder of a divided by b, from 0 to below b.
func floorMod(a, b int64) int64 { return (a%b + b) % b }

// means returns the mean loss of each slot in which anything is lost. Consecutive
// slots with an even loss, such as those in the middle of a long outage, are one
// loss. The losses must be in order.
func (s *slots) means(losses []stretch[loss]) []stretch[loss] {
	if s.isZero() {
		return losses
	}
	var out []stretch[loss]
	var slot stretch[[]int] // the slot that is partly lost
	var sum exact.Number    // the share of it that is lost
	seen := map[int]int64{} // by record, where the last slot begins that has it
	flush := func() {
		if !sum.IsZero() {
			out = append(out, stretch[loss]{mean(sum, slot.on), slot.from, slot.to})
		}
		slot, sum = stretch[[]int]{}, exact.Number{}
	}
	add := func(l stretch[loss], from, to int64) {
		if slot.from != from || slot.to != to {
			flush()
			slot.from, slot.to = from, to
		}
		sum = sum.Add(l.on.share().Mul(exact.New(l.to-l.from, to-from)))
		for _, r := range l.on.records {
			if in, found := seen[r]; !found || in != slot.from {
				seen[r] = slot.from
				slot.on = append(slot.on, r)
			}
		}
	}
	for _, l := range losses {
		if from, to := s.at(l.from); from < l.from || l.to < to { // it begins within a slot
			head := l
			head.to = min(l.to, to)
			add(head, from, to)
			l.from = head.to
		}
		if l.from == l.to {
			continue
		}
		last, to := s.at(l.to - 1)
		if to == l.to {
			last = to
		}
		if l.from < last {
			flush()
			block := l
			block.to = last
			out = append(out, block)
		}
		if last < l.to { // it ends within a slot
			l.from = last
			add(l, last, to)
		}
	}
	flush()
	return out
}
