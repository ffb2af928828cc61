// Package oracle is a second implementation of agreements: it draws random
// worlds, judges each by itself and by the library, and compares the figures.
// Only tests import it.
//
//	world     what a world holds: the cells, the records and the terms
//	generate  the draw of a world from a seed and a number
//	oracle    the dumb implementation: the state of each cell
//	figures   its figures and outcomes, as lines of text
//	library   the same world as an agreement and records, judged by the library
//	shrink    the smallest world that still shows a difference
//
// The dumb implementation is written from the documents and meant to be too
// simple to be wrong. Time is an array of cells over which nothing changes, every
// question is a loop over all cells and all records, and every ratio is a big.Rat.
// It shares no code with the library.
//
// # How exclusions act, in equations
//
// At a moment, or in a slot as a whole, let L(A) be the loss without the records
// and the time that the exclusions of the set A excuse: all records of their
// causes, and all time inside their windows and hours. It is worth
//
//	v(A) = 0 if L(A) does not pass Downtime.Loss, else L(A) with Weighted, else 1.
//
// Exclusions act one after the other: those that are First before the rest. In
// each of the two rounds, those that are Removed act before the others, and of
// these the ones without an allowance first. Else they act in their order.
//
// When k acts, let E be those that acted before it and are not used up there. Let
// R be those that follow in its round or the next one, without regard to their
// allowances. A moment that counts, v(E) > 0, is one on which k acts if
//
//	v(E ∪ k) < v(E)   or   v(E ∪ R ∪ k) < v(E ∪ R).
//
// The first is the loss that k excuses as things stand. The second is the loss of
// its own records where other records that can be excused lose as much. So the
// draw of one exclusion does not depend on later ones. A moment that counts because
// of a record that nothing excuses draws nothing, also where that record is beyond
// the allowance of an earlier exclusion.
//
// The moments on which k acts draw its allowance, the earliest first, as far as
// they would be due. A slot that does not fit the rest of the allowance draws
// nothing, and k excuses nothing there. Once all is drawn, k excuses nothing more
// up to the end of the window of the allowance. After all have acted, v(E) is down,
// with E those that are not used up at the moment. A moment that counted and does
// so no more was excused, with its worth before any of them acted. Beyond the end
// of the measured period, an allowance for it begins anew; before its start there
// is no limit.
//
// Time that a Removed exclusion without an allowance excuses is outside, and draws
// nothing. With an allowance, the time of its windows and hours draws it whether it
// is down or not, and the time within the allowance is outside.
package oracle

import (
	"math/big"
	"slices"
	"strconv"
	"time"

	"github.com/slacredit/slacredit/sla/calendar"
)

// A World is a small world of cells, its records, and the terms that are agreed
// in it.
type World struct {
	// marks are the instants between the cells, in nanoseconds since 1970: cell i
	// begins at mark i and ends at mark i+1.
	marks []int64
	tick  int64 // the length of the cells, or of most of them
	even  bool  // all cells have the same length, and the world begins and ends with a day

	from, to   calendar.Date
	zone       *time.Location
	start, end int // the billing period, as marks

	first, last int // the marks between which most records lie

	asOf      int // none: the records are complete
	resources []*resource
	repeats   []int  // the positions of records that come twice
	shuffle   uint64 // the seed of their order

	terms terms   // of the commitment that is looked at
	more  []terms // of further commitments

	tallies []found // the results of the oracle, in the order of its lines

	clocks     []time.Time // the readings of the clocks at the beginning of each cell
	days       []int       // the days that they show
	clocksZone *time.Location
}

const (
	none     = -1
	longAgo  = -1 << 30                    // a mark long before all cells
	far      = int64(400 * 24 * time.Hour) // the distance of such a mark
	forever  = int64(1) << 61              // a length beyond all that agreements name
	worldDay = int64(24 * time.Hour)
)

type resource struct {
	name     string
	labels   map[string]string
	outages  []outageSpec
	windows  []windowSpec
	traffic  []trafficSpec
	coverage []span
	life     []span
}

// A span is a stretch from one mark to another; an end of none is open.
type span struct{ start, end int }

func (p span) holds(cell int) bool { return p.start <= cell && (p.end == none || cell < p.end) }

func anyHolds(spans []span, cell int) bool {
	return slices.ContainsFunc(spans, func(p span) bool { return p.holds(cell) })
}

type outageSpec struct {
	span
	id     string
	served int64 // in billionths of a percent point
	cause  string
	marks  map[string]int // "reported" and others
}

// A windowSpec is a maintenance window.
type windowSpec struct {
	span
	id        string
	cause     string
	announced int64 // nanoseconds since 1970
	never     bool
}

type trafficSpec struct {
	span
	id               string
	requests, failed int64
}

// terms are the terms of one commitment. Lengths are nanoseconds, but for slots.
type terms struct {
	causes       []string
	starts, ends []string
	slot         int // in cells; 0: none
	slotOrigin   int // a mark; none: by the days
	slotPeriod   bool
	requests     bool
	huge         bool // numbers of them
	minRequests  int64
	loss         bound // in percent
	weighted     bool
	lasting      bound // in nanoseconds
	exclusions   []exclusion
	zone         *time.Location // nil: that of the billing period
	hours        []string
	length       int64 // 0: its own
	whole        bool
	unknown      string
	roundWord    string
	roundSize    string
	period       string
	counted      bool // the promise is of outages, and so are the rows
	promise      bound
	rows         []row
	only         map[string][]string
	levels       []level
}

type row struct {
	when []bound // none: whenever the promise is broken
	give string  // percent
	per  string  // "", "full" or "started"
	size int64   // nanoseconds, or outages
}

type exclusion struct {
	causes    []string
	hours     []string
	notice    int64 // none: "none"
	noNotice  bool  // left out
	allowance int64 // none: no limit
	per       string
	first     bool
	removed   bool
}

type level struct {
	by     string
	down   bound
	share  bool // down is of percent
	least  int
	pooled bool
}

// A bound is a word with a number: of percent points, nanoseconds or outages.
type bound struct {
	word   string
	number string
}

// holds reports whether a value lies within b.
func (b bound) holds(value *big.Rat) bool {
	c := value.Cmp(rat(b.number))
	switch b.word {
	case "below":
		return c < 0
	case "at most":
		return c <= 0
	case "at least":
		return c >= 0
	case "over":
		return c > 0
	case "exactly":
		return c == 0
	}
	panic(b.word)
}

// upper reports whether b bounds values from above.
func (b bound) upper() bool { return b.word == "below" || b.word == "at most" }

// broken returns the bound that holds where b, a promise of availability, does
// not.
func (b bound) broken() bound {
	if b.word == "over" {
		return bound{"at most", b.number}
	}
	return bound{"below", b.number}
}

func rat(number string) *big.Rat {
	r, ok := new(big.Rat).SetString(number)
	if !ok {
		panic(number)
	}
	return r
}

func integer(number string) int64 {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

// cells returns the number of cells.
func (w *World) cells() int { return len(w.marks) - 1 }

// length returns the length of a cell.
func (w *World) length(cell int) int64 { return w.marks[cell+1] - w.marks[cell] }

// at returns the instant of a mark. Marks beyond the cells follow each other by
// ticks.
func (w *World) at(mark int) int64 {
	last := len(w.marks) - 1
	switch {
	case mark == longAgo:
		return w.marks[0] - far
	case mark < 0:
		return w.marks[0] + int64(mark)*w.tick
	case mark > last:
		return w.marks[last] + int64(mark-last)*w.tick
	}
	return w.marks[mark]
}

// instant returns the instant of a mark as a time, and the zero time for none.
func (w *World) instant(mark int) time.Time {
	if mark == none {
		return time.Time{}
	}
	return time.Unix(0, w.at(mark)).UTC()
}

// shown returns the reading of the clocks at the beginning of a cell.
func (w *World) shown(cell int) time.Time {
	if w.clocksZone != w.clockZone() {
		w.clocks, w.days, w.clocksZone = nil, nil, w.clockZone()
		for i := range w.cells() {
			at := w.instant(i).In(w.clocksZone)
			y, m, d := at.Date()
			w.clocks = append(w.clocks, at)
			w.days = append(w.days, y*10000+int(m)*100+d)
		}
	}
	return w.clocks[cell]
}

func (w *World) dayOf(cell int) int {
	w.shown(cell)
	return w.days[cell]
}

func (w *World) clockZone() *time.Location {
	if w.terms.zone != nil {
		return w.terms.zone
	}
	return w.zone
}

func (w *World) afterAsOf(cell int) bool { return w.asOf != none && cell >= w.asOf }

// commitments returns the world once for each commitment, which it then has alone.
func (w *World) commitments() []*World {
	all := make([]*World, 1+len(w.more))
	for i := range all {
		one := *w
		one.more = nil
		if i > 0 {
			one.terms = w.more[i-1]
		}
		all[i] = &one
	}
	return all
}
