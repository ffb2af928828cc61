package oracle

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"
	_ "time/tzdata" // the zones of the worlds, wherever the test runs

	"github.com/shopspring/decimal"

	"github.com/slacredit/slacredit/sla/calendar"
)

// A generator fills one world.
type generator struct {
	*rand.Rand
	w *World
}

// New returns a random world. The seed and the number decide all of it.
func New(seed, number uint64) *World {
	g := &generator{rand.New(rand.NewPCG(seed, number)), &World{asOf: none, zone: time.UTC}}
	switch n := g.IntN(100); {
	case n < 35:
		g.dayWorld()
	case n < 70:
		g.calendarWorld()
	default:
		g.edgeWorld()
	}
	g.w.terms = g.agreed(true)
	if !g.w.grouped() && g.chance(30) {
		g.w.more = append(g.w.more, g.agreed(false))
	}
	if g.chance(35) {
		g.w.asOf = min(g.mark(), g.w.cells()-1) // so that time goes on after it
	}
	g.happened()
	return g.w
}

func pick[T any](g *generator, of ...T) T { return of[g.IntN(len(of))] }

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

// ---- Time ----

func zone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

var (
	berlin    = zone("Europe/Berlin")
	newYork   = zone("America/New_York")
	kathmandu = zone("Asia/Kathmandu")
)

// period sets the billing period to some days from midnight on.
func (g *generator) period(from time.Time, days int) (start, end int64) {
	to := from.AddDate(0, 0, days)
	g.w.from, g.w.to = calendar.DateOf(from), calendar.DateOf(to)
	return from.UnixNano(), to.UnixNano()
}

// evenWorld makes cells of one length from some days before the period to as many
// days after it.
func (g *generator) evenWorld(from time.Time, days, margin int) {
	w := g.w
	w.even = true
	start, end := g.period(from, days)
	last := from.AddDate(0, 0, days+margin).UnixNano()
	for at := from.AddDate(0, 0, -margin).UnixNano(); at <= last; at += w.tick {
		switch at {
		case start:
			w.start = len(w.marks)
		case end:
			w.end = len(w.marks)
		}
		w.marks = append(w.marks, at)
	}
	// No slot of a record reaches beyond the world, nor into its first day by other
	// clocks.
	w.first = max(6, w.start/2)
	w.last = w.cells() - w.first
}

// dayWorld makes cells of minutes to an hour around a day or two, where the clauses
// meet that tell hours.
func (g *generator) dayWorld() {
	w := g.w
	day := pick(g, calendar.Date{Year: 2026, Month: 6, Day: 1}, calendar.Date{Year: 2026, Month: 6, Day: 2},
		calendar.Date{Year: 2026, Month: 6, Day: 5}, calendar.Date{Year: 2026, Month: 6, Day: 7}, calendar.Date{Year: 2026, Month: 12, Day: 31})
	if g.chance(20) {
		w.zone = berlin
		day = pick(g, calendar.Date{Year: 2026, Month: 3, Day: 29}, calendar.Date{Year: 2026, Month: 10, Day: 25}, calendar.Date{Year: 2026, Month: 3, Day: 28})
	}
	w.tick = int64(pick(g, 5, 10, 15, 30, 30, 30, 60, 60, 60, 60)) * int64(time.Minute)
	g.evenWorld(time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, w.zone), 1+g.IntN(2)*g.IntN(2), 2)
}

// calendarWorld makes cells of minutes to days around a whole period.
func (g *generator) calendarWorld() {
	w := g.w
	var days, margin int
	switch g.IntN(6) {
	case 0:
		w.tick, days, margin = worldDay, pick(g, 1, 10, 20, 25, 28, 31, 40, 50, 100, 200), 12+g.IntN(13)
	case 1:
		w.tick, days, margin = worldDay/4, pick(g, 1, 5, 10, 25, 31), 3+g.IntN(4)
	case 2:
		w.tick, days, margin = worldDay/24, pick(g, 1, 2, 5, 7), 2
	case 3:
		w.tick, days, margin = worldDay/48, pick(g, 1, 2, 3), 2
	case 4:
		w.tick, days, margin = worldDay/100, pick(g, 1, 2), 1
	case 5:
		w.tick, days, margin = worldDay/10, pick(g, 1, 2, 10, 20), 2
	}
	w.zone = pick(g, time.UTC, kathmandu)
	from := time.Date(2024, time.Month(1+g.IntN(12)), 1+g.IntN(28), 0, 0, 0, 0, w.zone)
	if w.tick <= worldDay/24 && w.tick >= worldDay/48 && g.chance(60) {
		// Around the days of 23 and 25 hours.
		w.zone = pick(g, berlin, newYork)
		from = time.Date(2024, pick(g, time.March, time.November, time.October), 27, 0, 0, 0, 0, w.zone).AddDate(0, 0, g.IntN(12)-5)
	}
	g.evenWorld(from, days, margin)
}

// edgeWorld makes cells of nanoseconds to minutes around one edge of a period, and
// long ones for the rest of time. There are no slots, hours or allowances in it:
// they could split a long cell.
func (g *generator) edgeWorld() {
	w := g.w
	w.tick = pick(g, 1, 3, 72, int64(time.Microsecond), int64(time.Millisecond),
		int64(time.Second), 7*int64(time.Second), int64(time.Minute))
	w.zone = pick(g, time.UTC, kathmandu, berlin, newYork)
	start, end := g.period(time.Date(2023+g.IntN(3), time.Month(1+g.IntN(12)), 1, 0, 0, 0, 0, w.zone), pick(g, 1, 7, 28, 31))
	before, after := 1+g.IntN(60), 1+g.IntN(60)
	w.marks = append(w.marks, start-far)
	edge, atEnd := start, g.chance(50)
	if atEnd {
		edge = end
		w.start = len(w.marks)
		w.marks = append(w.marks, start)
	}
	w.first = len(w.marks)
	for i := -before; i <= after; i++ {
		w.marks = append(w.marks, edge+int64(i)*w.tick)
	}
	w.last = len(w.marks) - 1
	if atEnd {
		w.end = w.first + before
	} else {
		w.start = w.first + before
		w.end = len(w.marks)
		w.marks = append(w.marks, end)
	}
	w.marks = append(w.marks, end+far)
}

// tellsHours reports whether no cell reaches over a full hour of any clock.
func (g *generator) tellsHours() bool {
	w := g.w
	return w.even && worldDay/24%w.tick == 0 && w.zone != kathmandu
}

// mark returns a mark of the period or around it.
func (g *generator) mark() int {
	w := g.w
	if !w.even && g.chance(3) {
		return g.IntN(len(w.marks))
	}
	switch n := g.IntN(12); {
	case n == 0:
		return w.start
	case n == 1:
		return w.end
	case n < 7 && w.even:
		return w.start + g.IntN(w.end-w.start)
	}
	return w.first + g.IntN(w.last-w.first+1)
}

// span returns a stretch, mostly a short one.
func (g *generator) span() span {
	w := g.w
	first, last := 0, w.cells()
	if w.even {
		first, last = w.first, w.last
	}
	for {
		p := span{start: g.mark()}
		switch n := g.IntN(100); {
		case n < 70:
			p.end = p.start + 1 + g.IntN(8)
		case n < 90:
			p.end = p.start + 1 + g.IntN(40)
		default:
			p.end = g.mark()
		}
		if g.chance(15) {
			p.start, p.end = p.start-(p.end-p.start), p.start // up to here
		}
		if first <= p.start && p.start < p.end && p.end <= last {
			return p
		}
	}
}

// remembers reports whether unobserved time before all cells can decide about
// them: as an outage that began there, or by an allowance that is drawn there.
func (w *World) remembers() bool {
	return slices.ContainsFunc(append(w.more, w.terms), func(t terms) bool {
		return t.unknown == "down" || slices.ContainsFunc(t.exclusions, func(e exclusion) bool { return e.allowance != none && e.per != "" })
	})
}

// spells returns stretches of lives or of coverage: from long ago on with a few
// gaps, and if they may end anywhere, also a few short ones.
func (g *generator) spells(anywhere bool) []span {
	if anywhere && g.chance(30) {
		var all []span
		for range 1 + g.IntN(3) {
			all = append(all, g.span())
		}
		return all
	}
	all := []span{{longAgo, none}}
	for range 1 + g.IntN(3) {
		gap := g.span()
		if p := &all[len(all)-1]; gap.start > p.start {
			p.end = gap.start
			all = append(all, span{gap.end, none})
		}
	}
	if last := len(all) - 1; anywhere && all[last].start < g.w.last && g.chance(20) {
		all[last].end = g.w.last
	}
	return all
}

// ---- Records ----

var allCauses = []string{"", "network", "customer", "maintenance"}

func (g *generator) happened() {
	w := g.w
	n := 1
	if w.grouped() {
		n = 1 + g.IntN(4)
	}
	for i := range n {
		r := &resource{name: fmt.Sprint("r", i), labels: map[string]string{"class": pick(g, "gold", "gold", "tin")}}
		zone := g.IntN(3)
		r.labels["zone"], r.labels["region"] = fmt.Sprint("z", zone), fmt.Sprint("y", zone%2)
		w.resources = append(w.resources, r)
		g.outages(r)
		g.windows(r)
		if w.terms.requests {
			g.requests(r)
		}
		if g.chance(30) {
			r.coverage = g.spells(!w.remembers())
		}
		if g.chance(25) {
			r.life = g.spells(true)
		}
	}
	for range max(0, g.IntN(6)-3) {
		w.repeats = append(w.repeats, g.IntN(12))
	}
	w.shuffle = g.Uint64()
}

func (g *generator) outages(r *resource) {
	w := g.w
	most := w.cells()
	if w.even {
		most = w.last
	}
	for j := range 1 + g.IntN(8) {
		o := outageSpec{span: g.span(), id: fmt.Sprint(r.name, "-o", j), cause: pick(g, allCauses...)}
		if j > 0 && g.chance(40) {
			last := pick(g, r.outages...)
			if at := pick(g, last.start, max(last.start, last.end)); at < most {
				o.start, o.end = at, min(at+o.end-o.start, most)
			}
		}
		if j > 0 && g.chance(25) { // the same time, for another cause
			o.span = r.outages[g.IntN(j)].span
		}
		if w.asOf != none && o.start < w.asOf && g.chance(25) {
			o.end = none
		}
		if w.asOf == none && o.end == none {
			o.end = o.start + 1
		}
		o.served = pick[int64](g, 0, 0, 0, 50e9, 90e9, 95e9, 99.9e9)
		if g.chance(30) {
			o.served = pick(g, 1, 95e9+1, 95e9-1, 97.5e9, 100e9-1, int64(g.IntN(100))*1e9)
		}
		o.marks = map[string]int{}
		if at := o.start + g.IntN(8) - 2; at != none && g.chance(70) {
			o.marks["ticket"] = at
		}
		if at := o.start + g.IntN(4) - 1; at != none && g.chance(70) {
			o.marks["reported"] = at
		}
		r.outages = append(r.outages, o)
	}
}

func (g *generator) windows(r *resource) {
	w := g.w
	for j := range max(0, g.IntN(6)-2) {
		m := windowSpec{span: g.span(), id: fmt.Sprint(r.name, "-m", j), cause: pick(g, "", "", "customer")}
		if len(r.outages) > 0 && g.chance(60) { // around, inside or beside an outage
			o := pick(g, r.outages...)
			p := span{o.start + g.IntN(4) - 2, o.start + 2 + g.IntN(6)}
			if o.end != none && g.chance(50) {
				p.end = o.end + g.IntN(5) - 2
			}
			if p.start >= 0 && p.start < p.end && p.end <= w.cells() {
				m.span = p
			}
		}
		if w.asOf != none && m.start < w.asOf && g.chance(15) {
			m.end = none
		}
		m.announced = w.at(m.start) - int64(g.IntN(8)-1)*w.tick
		if g.chance(20) {
			m.announced++
		}
		m.never = g.chance(20)
		r.windows = append(r.windows, m)
	}
}

func (g *generator) requests(r *resource) {
	for j := range g.IntN(15) {
		t := g.traffic(fmt.Sprint(r.name, "-t", j))
		r.traffic = append(r.traffic, t)
		if g.chance(30) {
			r.windows = append(r.windows, windowSpec{
				span{t.start, t.end + g.IntN(3)}, fmt.Sprint(r.name, "-tm", j), pick(g, "", "customer"), g.w.at(t.start) - int64(g.IntN(8))*g.w.tick, false,
			})
		}
	}
}

// traffic returns requests in one slot.
func (g *generator) traffic(id string) trafficSpec {
	w := g.w
	p := pick(g, w.periods(nil)...)
	c := calc{w: w, t: &w.terms, start: p[0], end: p[1]}
	at := span{start: g.mark()}
	if w.terms.slotPeriod || g.chance(50) {
		at.start = p[0] + g.IntN(p[1]-p[0])
	}
	at.start = min(at.start, w.cells()-1)
	at.end = at.start + 1 + g.IntN(c.slotEnd(at.start)-at.start)
	t := trafficSpec{span: at, id: id, requests: pick[int64](g, 0, 10, 50, 100, 100, 200)}
	if w.terms.huge {
		t.requests = pick[int64](g, 100, 1<<62, 1<<62, 1<<63-1)
	}
	t.failed = t.requests / 10 * pick[int64](g, 0, 0, 1, 3, 5)
	if g.chance(20) {
		t.failed = t.requests
	}
	return t
}

// ---- Terms ----

// agreed returns the terms of a commitment. Requests are counted only if traffic
// is drawn for these terms.
func (g *generator) agreed(traffic bool) terms {
	w := g.w
	t := terms{slotOrigin: none}
	if g.chance(25) {
		t.causes = slices.Clone(allCauses[1:])
		g.Shuffle(len(t.causes), func(i, j int) { t.causes[i], t.causes[j] = t.causes[j], t.causes[i] })
		t.causes = t.causes[:1+g.IntN(3)]
	}
	if g.chance(25) {
		t.starts = pick(g, []string{"reported"}, []string{"ticket"}, []string{"start", "reported"}, []string{"start", "reported", "ticket"})
	}
	if g.chance(25) {
		t.ends = pick(g, []string{"end", "ticket"}, []string{"end", "reported"}, []string{"end", "reported", "ticket"})
	}
	if w.even && g.chance(50) {
		t.slot = g.slot()
		if g.chance(30) {
			t.slotOrigin = g.mark()
		}
	}
	g.loss(&t)
	if g.chance(45) {
		t.lasting = bound{pick(g, "over", "at least"), strconv.FormatInt(g.length(10), 10)}
	}
	if traffic && g.chance(15) {
		g.counted(&t)
	}
	if g.chance(70) {
		g.exclusions(&t)
	}
	if traffic && !t.requests && g.chance(35) {
		g.scope(&t)
	}
	g.calculation(&t)
	g.table(&t)
	return t
}

// slot returns the length of slots: at most a day, and shorter than the time before
// the first record.
func (g *generator) slot() int {
	if worldDay/g.w.tick >= 24 && g.chance(25) {
		return 5 + g.IntN(3) // which do not all go into a day
	}
	return 1 + g.IntN(int(min(4, worldDay/g.w.tick)))
}

// loss draws the least loss, often that of an outage.
func (g *generator) loss(t *terms) {
	switch g.IntN(4) {
	case 0:
		n := pick(g, "5", "10", "50", "25", "0.1", "33", "2.5", "4.999999999", "99")
		if g.chance(40) {
			n = decimal.New(pick(g, 100e9-1, 5e9, 5e9+1, 5e9-1, 2.5e9, int64(1+g.IntN(99))*1e9), -9).String()
		}
		t.loss = bound{pick(g, "over", "at least"), n}
	case 1:
		t.loss = pick(g, bound{"exactly", "100"}, bound{"over", "0"}, bound{"at least", "100"})
	}
}

// length returns a number of ticks, sometimes a nanosecond beside it.
func (g *generator) length(most int) int64 {
	n := int64(1+g.IntN(most)) * g.w.tick
	if g.chance(20) {
		n += int64(g.IntN(3) - 1)
	}
	return max(n, 1)
}

func (g *generator) scope(t *terms) {
	if g.chance(40) {
		t.only = map[string][]string{"class": pick(g, []string{"gold"}, []string{"gold", "tin"}, []string{"tin", "iron"})}
	}
	if g.chance(20) {
		return
	}
	for _, by := range pick(g, []string{"zone"}, []string{"region"}, []string{"zone", "region"}) {
		l := level{by: by, least: max(0, g.IntN(6)-3)}
		switch g.IntN(3) {
		case 0:
			l.down = bound{pick(g, "over", "at least"), strconv.Itoa(1 + g.IntN(2))}
		case 1:
			l.share = true
			l.down = pick(g, bound{"exactly", "100"}, bound{"over", "50"}, bound{"at least", "50"}, bound{"over", "33"}, bound{"at least", "66.7"})
		}
		t.levels = append(t.levels, l)
	}
	if g.chance(25) {
		t.levels[len(t.levels)-1] = level{by: t.levels[len(t.levels)-1].by, pooled: true}
	}
}

// someHours returns one to three hours.
func (g *generator) someHours() []string {
	texts := []string{
		"Mon-Fri 09:00-17:00", "02:00-04:00", "22:00-06:00", "Sun", "Sun 22:00-06:00",
		"Sat-Mon 10:00-12:00", "not Sat", "not 01:00-03:00", "not 12:00-13:00",
	}
	g.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
	return texts[:1+g.IntN(3)]
}

// counted turns to requests.
func (g *generator) counted(t *terms) {
	t.causes, t.starts, t.ends = nil, nil, nil
	t.requests, t.huge = true, g.chance(15)
	switch {
	case !g.w.even || g.chance(30):
		t.slot, t.slotOrigin, t.slotPeriod = 0, none, true
		t.lasting = bound{}
	case t.slot == 0:
		t.slot = g.slot()
	}
	if g.chance(40) {
		t.minRequests = int64(10 * (1 + g.IntN(15))) // as sums of requests are
	}
}

func (g *generator) exclusions(t *terms) {
	excused := map[string]bool{} // a cause is excused once
	for range 1 + g.IntN(3) {
		e := exclusion{notice: none, noNotice: true, allowance: none}
		for _, cause := range allCauses[1:] {
			if !excused[cause] && g.chance(60) {
				excused[cause] = true
				e.causes = append(e.causes, cause)
			}
		}
		if g.tellsHours() && (len(e.causes) == 0 || g.chance(20)) {
			e.hours = g.someHours()
		}
		if len(e.causes) == 0 && len(e.hours) == 0 {
			continue
		}
		if slices.Contains(e.causes, "maintenance") || len(e.causes) > 0 && g.chance(20) {
			e.noNotice = false
			if g.chance(60) {
				e.notice = g.length(5)
				if g.chance(10) {
					e.notice = 0
				}
			}
		}
		switch g.IntN(8) {
		case 0:
			e.first = true
		case 1:
			e.removed = true
		case 2, 3, 4, 5:
			g.allowance(t, &e)
		case 6:
			e.first, e.removed = true, true
		}
		t.exclusions = append(t.exclusions, e)
	}
}

// allowance gives an exclusion an allowance, which is of whole cells.
func (g *generator) allowance(t *terms, e *exclusion) {
	if !g.w.even || t.requests {
		return
	}
	e.allowance, e.per = int64(1+g.IntN(g.IntN(6)+1))*g.w.tick, pick(g, "", "per 1mo", "per outage")
	if t.slot == 0 && e.per != "per outage" && g.chance(25) {
		e.removed = true
		if len(e.hours) > 0 { // which come back before the first cell
			e.per = ""
		}
	}
}

func (g *generator) calculation(t *terms) {
	w := g.w
	if g.tellsHours() {
		if g.chance(20) {
			t.zone = pick(g, time.UTC, berlin, newYork)
		}
		if g.chance(20) {
			t.hours = g.someHours()
		}
		hours := len(t.hours) > 0 || slices.ContainsFunc(t.exclusions, func(e exclusion) bool { return len(e.hours) > 0 })
		if t.zone == nil && hours {
			t.zone = w.zone
		}
	}
	t.weighted = g.chance(20)
	if n := len(t.levels); g.chance(12) && (n == 0 || !t.levels[n-1].pooled) {
		t.counted = true
	}
	if g.chance(10) {
		t.length = int64(1+g.IntN(36)) * int64(time.Hour)
		if g.chance(50) {
			t.length = max(1, w.marks[w.end]-w.marks[w.start]+int64(g.IntN(20)-10)*w.tick)
		}
	}
	t.whole = g.chance(15)
	if g.chance(30) {
		t.unknown = pick(g, "up", "down", "out")
	}
	if g.chance(20) && !t.counted {
		t.roundWord, t.roundSize = pick(g, "nearest", "full", "started"), pick(g, "0.1", "1", "5", "0.01")
	}
	if !g.chance(25) {
		return
	}
	t.period = "outage"
	if w.even {
		t.period = pick(g, "1d", "2d trailing", "1d trailing", "outage")
	}
	if t.period == "outage" {
		g.eachOutage(t)
	}
}

// eachOutage leaves out the terms that do not go with a measurement of each
// outage.
func (g *generator) eachOutage(t *terms) {
	t.hours, t.length, t.whole = nil, 0, false
	if n := len(t.levels); t.requests || t.counted || n > 0 && t.levels[n-1].pooled {
		t.period = ""
	}
	for i := range t.exclusions {
		e := &t.exclusions[i]
		if e.allowance == none || e.per != "" {
			continue
		}
		e.per = "per outage"
		if e.removed {
			e.per, e.hours = "per 1mo", nil
			if len(e.causes) == 0 {
				e.hours, e.allowance = []string{"Sun"}, none
			}
		}
	}
}

// table draws the promise and the rows.
func (g *generator) table(t *terms) {
	if t.counted {
		t.promise = bound{"at most", strconv.Itoa(g.IntN(3))}
		for i := range g.IntN(3) {
			r := row{give: strconv.Itoa((i + 1) * 10), size: int64(1 + g.IntN(2)), per: pick(g, "", "full", "started")}
			if i > 0 {
				r.when = []bound{{"over", "3"}}
			}
			t.rows = append(t.rows, r)
		}
		return
	}
	percents := []string{pick(g, "99", "95", "90", "80", "60"), "45", "30", "15"}
	if t.roundWord == "" && g.chance(60) { // else rows could be rounded into one
		percents = g.percents(5)
	}
	t.promise = bound{pick(g, "at least", "at least", "over"), percents[0]}
	if g.chance(15) {
		t.promise = bound{pick(g, "exactly", "at least"), "100"}
	}
	rows := g.IntN(5)
	banded := g.chance(50)
	upper := t.promise.broken()
	for i := range rows {
		r := row{when: []bound{upper}, give: strconv.Itoa((i + 1) * 5)}
		if g.chance(20) {
			r.give += ".25"
		}
		// The next row begins at the next percentage, with or without it.
		next := bound{pick(g, "below", "at most"), percents[min(i+1, len(percents)-1)]}
		if banded && i < rows-1 {
			lower := bound{"at least", next.number}
			if next.word == "at most" {
				lower.word = "over"
			}
			r.when = []bound{lower, upper}
			if g.chance(30) {
				r.when = []bound{upper, lower}
			}
		}
		if i == 0 && (!banded || rows == 1) && g.chance(30) {
			r.when = nil
		}
		if g.chance(25) {
			r.per, r.size = pick(g, "full", "started"), g.length(6)
		}
		t.rows = append(t.rows, r)
		upper = next
	}
}

// maxPlaces are the decimal places of the percentages in the agreements.
const maxPlaces = 12

// percents returns distinct availabilities below 100 %, from high to low, many
// of which some number of ticks hits exactly.
func (g *generator) percents(n int) []string {
	w := g.w
	due := w.marks[w.end] - w.marks[w.start]
	values := map[string]bool{}
	for len(values) < n {
		var d decimal.Decimal
		switch g.IntN(3) {
		case 0:
			d = decimal.New(int64(g.IntN(100000)), -3)
		case 1:
			d = decimal.New(100_0000-int64(1+g.IntN(20_0000)), -4)
		case 2:
			// Some ticks of the period, to as many places as an agreement may have.
			share := big.NewRat(due-min(due-1, int64(1+g.IntN(20))*w.tick), due)
			d = decimal.RequireFromString(flooredPercent(share, maxPlaces))
		}
		values[d.String()] = true
	}
	var all []string
	for v := range values {
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b string) int { return rat(b).Cmp(rat(a)) })
	return all
}
