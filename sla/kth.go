package sla

import (
	"cmp"
	"slices"

	"github.com/slacredit/slacredit/outage"
)

// kth returns the k-th largest loss of several members at each moment, with the
// records behind it and all larger ones. The function k returns k for a number of
// live members, and 0 if no number of losses is enough. While fewer than least
// members live, nothing is lost.
//
// It is one sweep over the instants at which a member begins or ceases to live or to
// lose something. The places that changed show whether the k largest losses are
// still the same, so records are listed only where they may differ.
func kth(members [][]stretch[loss], lives []outage.Set, least int, k func(live int) int) []stretch[loss] {
	s := newSweep(members, lives)
	var out []stretch[loss]
	top := nowhere
	for i := 0; i < len(s.turns); {
		at, changed := s.turns[i].at, len(s.places)
		for ; i < len(s.turns) && s.turns[i].at == at; i++ {
			s.turn(s.turns[i])
			if place := s.turns[i].on.place; place != nowhere {
				changed = min(changed, place)
			}
		}
		need := k(s.live)
		if s.live < least || need == 0 || need > s.lossy || i == len(s.turns) {
			top = nowhere
			continue
		}
		until := s.turns[i].at
		place := s.losing.find(need)
		if place == top && changed > place {
			out[len(out)-1].to = until
			continue
		}
		top = place
		l := loss{lost: s.places[place].lost, records: s.behind(place)}
		out = appendJoined(out, stretch[loss]{l, at, until}, loss.same)
	}
	return out
}

// nowhere stands for no place.
const nowhere = -1

// A sweep walks through the losses of several members at once.
type sweep struct {
	turns   []turn[seat]
	places  []place
	live    int     // members that live
	lossy   int     // of those, members that lose something
	losing  ranks   // the places of these
	known   ranks   // of those, where the records behind the loss are known
	records [][]int // by place
}

// A place is the rank of a member among all while it loses a share: the largest loss
// first, of equal losses that of the first member.
type place struct {
	lost   int64
	member int
}

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(q.lost, p.lost), cmp.Compare(p.member, q.member))
}

// A seat is on the stretches over which a member lives, or has a place.
type seat struct {
	place   int // nowhere: it lives
	records []int
}

// newSweep returns a sweep that has not begun. Members lose nothing where they
// do not live.
func newSweep(members [][]stretch[loss], lives []outage.Set) *sweep {
	s := &sweep{}
	living := make([][]stretch[loss], len(members))
	for i, losses := range members {
		living[i] = inside(losses, lives[i])
		for _, l := range living[i] {
			s.places = append(s.places, place{l.on.lost, i})
		}
	}
	slices.SortFunc(s.places, place.compare)
	s.places = slices.Compact(s.places)
	for i := range members {
		for w := range lives[i].All() {
			s.turns = appendTurns(s.turns, stretchOf(w, seat{place: nowhere}))
		}
		for _, l := range living[i] {
			at, _ := slices.BinarySearchFunc(s.places, place{l.on.lost, i}, place.compare)
			s.turns = appendTurns(s.turns, stretch[seat]{seat{at, l.on.records}, l.from, l.to})
		}
	}
	sortTurns(s.turns) // a member may lose as much again, by another record
	s.losing, s.known = newRanks(len(s.places)), newRanks(len(s.places))
	s.records = make([][]int, len(s.places))
	return s
}

// turn takes a turn into account.
func (s *sweep) turn(t turn[seat]) {
	place, records := t.on.place, t.on.records
	if place == nowhere {
		s.live += t.by
		return
	}
	s.lossy += t.by
	s.losing.add(place, t.by)
	if len(records) > 0 {
		s.known.add(place, t.by)
	}
	if t.by < 0 {
		records = nil
	}
	s.records[place] = records
}

// behind returns the records behind the losses up to a place, in order.
func (s *sweep) behind(place int) []int {
	var records []int
	for i := range s.known.upTo(place) {
		records = append(records, s.records[s.known.find(i+1)]...)
	}
	slices.Sort(records)
	return records
}

// Ranks count the places that are taken, so that the n-th taken place is found
// without a look at each: a Fenwick tree. The entry i, from 1 on, is the sum of the
// i & −i places that end with it.
type ranks []int

func newRanks(n int) ranks { return make(ranks, n+1) }

// add adds to the count of a place.
func (r ranks) add(place, by int) {
	for i := place + 1; i < len(r); i += i & -i {
		r[i] += by
	}
}

// upTo returns how many places are taken up to one.
func (r ranks) upTo(place int) int {
	n := 0
	for i := place + 1; i > 0; i -= i & -i {
		n += r[i]
	}
	return n
}

// find returns the n-th place that is taken, counted from 1 on. At least n must be.
func (r ranks) find(n int) int {
	at, step := 0, 1
	for step*2 < len(r) {
		step *= 2
	}
	for ; step > 0; step /= 2 {
		if next := at + step; next < len(r) && r[next] < n {
			at = next
			n -= r[next]
		}
	}
	return at
}
