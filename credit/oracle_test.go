package credit

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

var seed = flag.Uint64("seed", 1, "of the random bills")

// pieces are stretches of time. Each judged period contains some of them whole, and
// none of the others.
var pieces = func() (pieces []outage.Window) {
	days := []time.Time{
		time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 4, 10, 0, 0, 0, 0, time.UTC), time.Date(2026, 5, 10, 0, 0, 0, 0, time.UTC), time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 6, 10, 0, 0, 0, 0, time.UTC), time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC),
	}
	for i, day := range days[1:] {
		pieces = append(pieces, outage.MustWindow(days[i], day))
	}
	return pieces
}()

// randomBill returns a bill of literals that is not refused: several agreements,
// periods, resources, commitments, kinds of charges, units of entitlements,
// limits, groups, prior credits, and amounts of every size.
func randomBill(r *rand.Rand) Bill {
	for {
		if b := anyBill(r); (&oracle{bill: b}).refuses() == "" {
			return b
		}
	}
}

// The periods of the bills: quarter and cycles, judged time, and stretches that
// are measured in it.
var (
	quarter = sla.Must(calendar.NewPeriod(calendar.Date{Year: 2026, Month: 4, Day: 1}, calendar.Date{Year: 2026, Month: 7, Day: 1}, time.UTC))
	cycles  = []calendar.Period{calendar.Month(2026, time.April, time.UTC), calendar.Month(2026, time.May, time.UTC), june}
	spans   = []calendar.Period{
		june, june, dates(5, 10, 6, 10), dates(6, 1, 6, 10), dates(6, 10, 7, 1),
	}
	stretches = []calendar.Period{dates(6, 2, 6, 3), dates(6, 4, 6, 9), dates(6, 8, 6, 9)}
)

func dates(month time.Month, day int, toMonth time.Month, toDay int) calendar.Period {
	return sla.Must(calendar.NewPeriod(calendar.Date{Year: 2026, Month: month, Day: day}, calendar.Date{Year: 2026, Month: toMonth, Day: toDay}, time.UTC))
}

// anyBill returns a bill that may be refused because of its charges.
func anyBill(r *rand.Rand) Bill {
	pick := func(texts ...string) string { return texts[r.IntN(len(texts))] }
	currency := pick("JPY", "USD", "USD", "EUR", "KWD", "CLF")
	share := func() sla.Percent {
		if r.IntN(3) == 0 {
			return points(fmt.Sprintf("%d.%06d%%", r.IntN(150), r.IntN(1e6)))
		}
		return points(pick("0%", "0.001%", "0.5%", "1%", "5%", "5%", "10%", "25%", "33.333333%", "50%", "99.999%", "100%", "250%", "1/3%"))
	}
	service := func() sla.ServiceTime {
		return service(pick("0s", "1ns", "1s", "149m", "24h", "100h", "1/3s", fmt.Sprintf("%dh%dm", r.IntN(700), r.IntN(60))))
	}
	sum := func() sla.Sum { return sum(pick("1/3", "0.01", "1", "20", "99999.5", "1000000"), currency) }
	monthly := false
	limits := func(clause string, units int) (limits []sla.Limit) {
		for i := range max(0, r.IntN(5)-2) {
			l := sla.Limit{Clause: fmt.Sprintf("%s/%d", clause, i)}
			switch r.IntN(units) {
			case 0, 1:
				l.Percent = share()
			case 2:
				l.Sum = sum()
			case 3:
				l.Service = service()
			}
			switch {
			case r.IntN(4) == 0:
				l.Months, monthly = []int{1, 2, 12}[r.IntN(3)], true
			case r.IntN(4) == 0:
				l.PerOutage = clause != "/atMost"
			}
			limits = append(limits, l)
		}
		return limits
	}
	entitlement := func() sla.Entitlement {
		e := sla.Entitlement{Clause: "/x", Steps: 1}
		if r.IntN(2) == 0 {
			e.Percent = share()
		}
		if r.IntN(3) == 0 {
			e.Service = service()
		}
		if r.IntN(4) == 0 {
			e.Sum = sum()
		}
		return e
	}
	kinds := []string{"", "hourly", "one-time"}
	b := Bill{Customer: "acme", Period: june}
	resources := 1 + r.IntN(4)
	timed := r.IntN(3) == 0 // whether charges say for which time they are
	labels := map[string]map[string]string{}
	unlived := map[string][]outage.Window{}
	var names, things []string // resources, and regions and accounts
	for i := range resources {
		names = append(names, fmt.Sprint("r", i))
		labels[names[i]] = map[string]string{"region": pick("x", "y"), "account": "7"}
	}
	if r.IntN(3) == 0 {
		things = []string{"x", "y", "7"}
		for _, thing := range things {
			labels[thing] = map[string]string{"region": thing, "account": "7"}
		}
	}
	for i, name := range slices.Concat(names, things) {
		lines := []Charge{{}, {Cycle: -1}, {Cycle: -2}} // the lines of a fee
		if r.IntN(3) == 0 {
			lines[1].Judged = dates(6, 1, 6, 10).Window()
			lines = append(lines, Charge{Cycle: -1, Judged: dates(6, 10, 7, 1).Window()})
		}
		if !timed && r.IntN(8) == 0 {
			lines = slices.Delete(lines, 2, 3)
		}
		from := 0 // the piece in which it is charged first
		if r.IntN(3) == 0 {
			from = r.IntN(len(pieces))
		}
		if r.IntN(3) > 0 && from > 0 && timed || r.IntN(8) == 0 { // and in which its life began
			unlived[name] = []outage.Window{outage.MustWindow(pieces[0].Start(), pieces[max(1, from)].Start())}
		}
		if timed {
			lines = nil
			for _, w := range pieces[from:] {
				lines = append(lines, Charge{Window: w})
			}
			if lines[0].Window.End().Before(june.Window().Start()) {
				lines[0].Cycle = -1
			}
		}
		for range r.IntN(3) {
			lines = append(lines, lines[r.IntN(len(lines))])
		}
		for j, c := range lines {
			largest := []int64{1, 3, 100, 10_000, 1e6, 1e14}[r.IntN(6)]
			c.ID, c.Resource, c.Labels, c.Kind, c.Amount = fmt.Sprintf("%d/%d", i, j), name, labels[name], kinds[r.IntN(3)], Money{r.Int64N(largest), currency}
			if r.IntN(6) == 0 {
				c.Prorated = Prorated{Price: c.Amount, By: CalendarDays, Part: r.Int64N(31), Whole: 31, Exact: r.IntN(2) == 0}
				c.Amount = Money{new(big.Int).Quo(new(big.Int).Add(new(big.Int).Mul(big.NewInt(2*c.Prorated.Part), big.NewInt(c.Prorated.Price.minor)), big.NewInt(31)), big.NewInt(62)).Int64(), currency}
			}
			b.Charges = append(b.Charges, c)
			if r.IntN(6) == 0 && c.Prorated == (Prorated{}) { // and something off
				c.ID, c.Amount.minor = c.ID+"/off", -r.Int64N(c.Amount.minor+1)
				b.Charges = append(b.Charges, c)
			}
		}
	}
	r.Shuffle(len(b.Charges), func(i, j int) { b.Charges[i], b.Charges[j] = b.Charges[j], b.Charges[i] })
	for a := range 1 + r.IntN(2) {
		length, units := sla.Quantity(pick("", "30d", "730h")), 4
		commitments := make([]sla.Finding, r.IntN(4))
		levels := make([]string, len(commitments)) // the label by which groups are measured
		if len(things) > 0 && a == 0 {
			commitments = append(commitments, make([]sla.Finding, 1+r.IntN(3))...)
			for range len(commitments) - len(levels) {
				level := pick("region", "region", "account")
				levels = slices.Insert(levels, []int{0, len(levels)}[r.IntN(2)], level)
			}
		}
		for c := range commitments {
			f := &commitments[c]
			f.Commitment, f.Base.Length = fmt.Sprint("c", c), length
			f.Automatic = r.IntN(4) == 0
			f.Base.By = [][]string{nil, nil, {"region"}, {"account", "region"}, {"account"}}[r.IntN(5)]
			f.Base.Window = sla.FeeWindow(pick("", "billed", "1cycle before", "measured"))
			if timed {
				f.Base.Window = sla.FeeWindow(pick("", "billed", "1cycle before", "7d trailing", "30d trailing", "30d before outage", "measured"))
			}
			if f.Base.Window == "1cycle before" && length == "" {
				f.Base.Length = "730h"
			}
			if c > 0 && r.IntN(6) == 0 && levels[c] == levels[c-1] {
				f.Commitment, f.Automatic = commitments[c-1].Commitment, commitments[c-1].Automatic // another of its outages
			}
			f.Clause = "/commitments/" + f.Commitment[1:]
			if c > 0 && r.IntN(6) == 0 {
				f.Base.Length = "13h"
			}
			if f.Base.Length != commitments[0].Base.Length || f.Base.Length == "" && f.Base.Window != commitments[0].Base.Window {
				units = 3 // as time of service has no one price
			}
			f.Measurement.Period = calendar.Period{} // the judged period
			switch {
			case r.IntN(3) == 0 && !timed, timed && r.IntN(6) == 0:
				f.Measurement.Period = quarter
			case r.IntN(3) == 0:
				f.Measurement.Period = stretches[r.IntN(len(stretches))]
			}
			switch r.IntN(4) {
			case 0:
				f.Base.Only = []string{pick("hourly", "yearly", "")}
			case 1:
				f.Base.Without = []string{"one-time"}
			}
			for _, group := range []string{"x", "y"} {
				if r.IntN(4) == 0 || len(things) > 0 && r.IntN(2) == 0 {
					f.OneOf = append(f.OneOf, group)
				}
			}
			f.Limits = limits(fmt.Sprintf("/commitments/%d/atMost", c), 4)
		}
		v := sla.Verdict{Agreement: fmt.Sprint("a", a), Period: spans[r.IntN(len(spans))], Limits: limits("/atMost", units)}
		if r.IntN(3) == 0 {
			v.Above = sum()
		}
		for i, name := range slices.Concat(names, things) {
			v.Resource, v.Findings = name, nil
			for c, f := range commitments {
				if level := levels[c]; i < resources && level == "" || level == "account" && name == "7" || level == "region" && (name == "x" || name == "y") {
					for _, member := range names {
						if level != "" && labels[member][level] == name {
							f.Members = append(f.Members, member)
						}
					}
					if level == "" || len(f.Members) > 0 {
						v.Findings = append(v.Findings, f)
					}
				}
			}
			for c := range v.Findings {
				f := &v.Findings[c]
				f.Entitlement, f.Labels, f.Unlived = entitlement(), labels[name], unlived[name]
				if i < resources && r.IntN(8) == 0 {
					f.Labels = labels[names[r.IntN(resources)]]
				}
				switch p := f.Measurement.Period; {
				case p == quarter && v.Period == june:
					f.Cycles = cycles
				case p.Window().Intersect(v.Period.Window()) != p.Window() || p == (calendar.Period{}):
					f.Measurement.Period = v.Period
				}
				f.EntitlementAtMost = f.Entitlement
				if r.IntN(3) == 0 {
					f.EntitlementAtMost = entitlement()
				}
			}
			if i == 0 || a == 0 && (i < resources || len(v.Findings) > 0) || i < resources && r.IntN(2) == 0 { // each resource is under the first agreement
				b.Verdicts = append(b.Verdicts, v)
			}
		}
	}
	r.Shuffle(len(b.Verdicts), func(i, j int) { b.Verdicts[i], b.Verdicts[j] = b.Verdicts[j], b.Verdicts[i] })
	b.Charges = slices.DeleteFunc(b.Charges, func(c Charge) bool { // charges that count toward no fee
		return !slices.ContainsFunc(b.Verdicts, func(v sla.Verdict) bool {
			return len(v.Findings) == 0 && v.Resource == c.Resource || slices.ContainsFunc(v.Findings, func(f sla.Finding) bool {
				f.Base.Only, f.Base.Without = nil, nil
				return (&oracle{}).share(c, v, f).Sign() > 0
			})
		})
	})
	if !monthly && r.IntN(2) == 0 {
		return b
	}
	b.Prior = []Prior{}
	for back := range 14 {
		month := time.Date(2026, time.May-time.Month(back), 1, 0, 0, 0, 0, time.UTC)
		e := Prior{fmt.Sprint("a", r.IntN(2)), fmt.Sprint("c", r.IntN(2)), fmt.Sprint("r", r.IntN(2)), calendar.Month(month.Year(), month.Month(), time.UTC), Money{r.Int64N(1000), currency}}
		b.Prior = append(b.Prior, e)
	}
	return b
}

// An oracle prices a bill a second time, in rational numbers of minor units
// and with nothing of this package but its types. It writes all figures as one
// text.
type oracle struct {
	bill Bill
	out  bytes.Buffer
}

func floor(r *big.Rat) int64 { return new(big.Int).Div(r.Num(), r.Denom()).Int64() }

func whole(n int64) *big.Rat { return new(big.Rat).SetInt64(n) }

// value prices shares, read from their texts, of minor units.
func (o *oracle) value(p sla.Percent, s sla.ServiceTime, m sla.Sum, minor *big.Rat, length time.Duration) *big.Rat {
	text := p.String()
	total, _ := new(big.Rat).SetString(text[:len(text)-1])
	total.Mul(total, new(big.Rat).Quo(minor, whole(100)))
	perNanosecond := new(big.Rat).Quo(minor, whole(int64(length)))
	total.Add(total, perNanosecond.Mul(perNanosecond, s.Nanoseconds()))
	number, _ := new(big.Rat).SetString(strings.TrimSuffix(m.String(), m.Currency()))
	for range o.bill.Charges[0].Amount.Digits() {
		number.Mul(number, whole(10))
	}
	return total.Add(total, number)
}

// charged returns the charges that count for any of some verdicts, each as far
// as it counts for the one for which it counts most.
func (o *oracle) charged(verdicts ...sla.Verdict) *big.Rat {
	sum := new(big.Rat)
	for _, c := range o.bill.Charges {
		most := new(big.Rat)
		days, each := map[time.Time]bool{}, new(big.Rat) // that are measured on their own, and how much of it each is
		for _, v := range verdicts {
			for _, f := range v.Findings {
				share := o.share(c, v, f)
				if share.Cmp(most) > 0 {
					most = share
				}
				if f.Base.Window != "measured" || f.Measurement.Period == v.Period || longer(v, f) || share.Sign() == 0 {
					continue
				}
				want, pays, n := wants(v, f), o.paysFor(c, v, f), int64(0)
				for at := want.from; at.Before(want.to); at = at.AddDate(0, 0, 1) {
					if pays.has(at) {
						days[at] = true
						n++
					}
				}
				each = new(big.Rat).Quo(share, whole(n))
			}
		}
		if together := each.Mul(each, whole(int64(len(days)))); together.Cmp(most) > 0 {
			most = together
		}
		amount := whole(c.Amount.MinorUnits())
		if p := c.Prorated; p.Exact {
			amount = new(big.Rat).Mul(whole(p.Price.MinorUnits()), big.NewRat(p.Part, p.Whole))
		}
		sum.Add(sum, amount.Mul(amount, most))
	}
	return sum
}

// matches reports whether a charge is for the target of a finding, and whether its
// kind counts.
func matches(c Charge, v sla.Verdict, f sla.Finding) (matches, kind bool) {
	only, without := fmt.Sprintf("%q", f.Base.Only), fmt.Sprintf("%q", f.Base.Without)
	name := fmt.Sprintf("%q", c.Kind)
	kind = (only == "[]" || strings.Contains(only, name)) && !strings.Contains(without, name)
	matches = len(f.Base.By) > 0 || c.Resource == v.Resource
	for _, name := range f.Base.By {
		matches = matches && c.Labels[name] == f.Labels[name]
	}
	return matches, kind
}

// A stretch of whole days; all windows consist of whole days.
type stretch struct{ from, to time.Time }

func stretchOf(w outage.Window) stretch { return stretch{w.Start(), w.End()} }

func (s stretch) has(at time.Time) bool { return !at.Before(s.from) && at.Before(s.to) }

func (s stretch) days() int64 { return int64(s.to.Sub(s.from) / (24 * time.Hour)) }

// wants returns the time of the fee, unless it is another cycle.
func wants(v sla.Verdict, f sla.Finding) stretch {
	s := stretchOf(v.Period.Window())
	switch f.Base.Window {
	case "measured":
		s = stretchOf(f.Measurement.Period.Window())
	case "7d trailing":
		s.from = s.to.Add(-7 * 24 * time.Hour)
	case "30d trailing":
		s.from = s.to.Add(-30 * 24 * time.Hour)
	case "30d before outage":
		s.to = f.Measurement.Period.Window().Start()
		s.from = s.to.Add(-30 * 24 * time.Hour)
	}
	return s
}

// longer reports whether the fee is for more than the judged time.
func longer(v sla.Verdict, f sla.Finding) bool {
	return f.Base.Window == "measured" && wants(v, f).days() > stretchOf(v.Period.Window()).days()
}

// paysFor returns the time of the fee for which a charge pays.
func (o *oracle) paysFor(c Charge, v sla.Verdict, f sla.Finding) stretch {
	switch {
	case !c.Window.IsEmpty():
		return stretchOf(c.Window)
	case longer(v, f) && v.Period == june && c.Cycle >= -2 && c.Cycle <= 0:
		return stretchOf(cycles[2+c.Cycle].Window())
	case !longer(v, f) && c.Cycle == 0 && f.Base.Window != "7d trailing" && f.Base.Window != "30d trailing" && f.Base.Window != "30d before outage":
		return wants(v, f)
	}
	return stretch{}
}

// share returns how much of a charge counts for a finding.
func (o *oracle) share(c Charge, v sla.Verdict, f sla.Finding) *big.Rat {
	if matches, kind := matches(c, v, f); !matches || !kind {
		return new(big.Rat)
	}
	yes := func(counts bool) *big.Rat { return whole(map[bool]int64{true: 1}[counts]) }
	want := wants(v, f)
	switch f.Base.Window {
	case "1cycle before":
		in := c.Judged.IsEmpty() || v.Period.Window().Intersect(c.Judged) == c.Judged
		return yes(c.Cycle == -1 && in)
	case "", "billed", "measured":
		if c.Window.IsEmpty() && !longer(v, f) {
			if c.Cycle != 0 || f.Base.Window != "measured" || f.Measurement.Period == v.Period {
				return yes(c.Cycle == 0)
			}
			pays := stretchOf(v.Period.Window())
			if v.Period != spans[2] { // which is none of the billing period
				pays = stretchOf(june.Window())
			}
			return big.NewRat(want.days(), pays.days())
		}
	}
	pays := o.paysFor(c, v, f)
	shared := int64(0)
	for at := pays.from; at.Before(pays.to); at = at.AddDate(0, 0, 1) {
		if want.has(at) {
			shared++
		}
	}
	if pays.days() == 0 {
		return new(big.Rat)
	}
	return big.NewRat(shared, pays.days())
}

// length returns the time for which the fee of a finding pays.
func (o *oracle) length(v sla.Verdict, f sla.Finding) time.Duration {
	if l := map[sla.Quantity]time.Duration{"30d": 720 * time.Hour, "730h": 730 * time.Hour, "13h": 13 * time.Hour}[f.Base.Length]; l > 0 {
		return l
	}
	switch f.Base.Window {
	case "7d trailing":
		return 168 * time.Hour
	case "30d trailing", "30d before outage":
		return 720 * time.Hour
	case "1cycle before":
		return v.Period.Length()
	}
	paid, want := int64(0), wants(v, f)
	for at := want.from; at.Before(want.to); at = at.AddDate(0, 0, 1) {
		lived := !longer(v, f) || !slices.ContainsFunc(f.Unlived, func(w outage.Window) bool { return stretchOf(w).has(at) })
		pays := func(c Charge) bool {
			matches, kind := matches(c, v, f)
			return matches && kind && c.Amount.Sign() >= 0 && (lived || !c.Window.IsEmpty()) && o.paysFor(c, v, f).has(at)
		}
		if slices.ContainsFunc(o.bill.Charges, pays) {
			paid++
		}
	}
	if paid == 0 {
		paid = want.days()
	}
	return time.Duration(paid) * 24 * time.Hour
}

// refuses returns why a bill is refused because of its charges, or nothing.
func (o *oracle) refuses() string {
	lengths := map[string]map[time.Duration]bool{} // by agreement
	within := map[string][]outage.Window{}         // stretches that a charge counts for in full
	for _, v := range o.bill.Verdicts {
		if len(v.Findings) == 0 && !slices.ContainsFunc(o.bill.Charges, func(c Charge) bool { return c.Resource == v.Resource }) {
			return "no charge for the resource"
		}
		for _, f := range v.Findings {
			if why := o.lacks(v, f); why != "" {
				if len(f.Members) > 0 {
					why += ", of a group"
				}
				return why
			}
			if lengths[v.Agreement] == nil {
				lengths[v.Agreement] = map[time.Duration]bool{}
			}
			lengths[v.Agreement][o.length(v, f)] = true
			if len(lengths[v.Agreement]) > 1 && slices.ContainsFunc(v.Limits, func(l sla.Limit) bool { return !l.Service.IsZero() }) {
				return "fees that pay for different times"
			}
			for _, c := range o.bill.Charges {
				inFull := c.Window.IsEmpty() && (f.Base.Window == "" || f.Base.Window == "billed" || f.Base.Window == "measured" && f.Measurement.Period == v.Period) ||
					c.Judged.IsEmpty() && f.Base.Window == "1cycle before"
				if inFull && v.Period != june && v.Period != spans[2] && o.share(c, v, f).Sign() > 0 {
					within[c.ID] = append(within[c.ID], v.Period.Window())
				}
			}
		}
	}
	for _, windows := range within {
		for _, w := range windows {
			for _, x := range windows {
				if w.Intersect(x).IsEmpty() {
					return "a charge that would count twice"
				}
			}
		}
	}
	return ""
}

// lacks returns the time that a finding has no charge for.
func (o *oracle) lacks(v sla.Verdict, f sla.Finding) string {
	every := f
	every.Base.Only, every.Base.Without = nil, nil
	part := f.Base.Window == "measured" && f.Measurement.Period != v.Period
	if !slices.ContainsFunc(o.bill.Charges, func(c Charge) bool {
		matches, _ := matches(c, v, f)
		return matches && (part || o.share(c, v, every).Sign() > 0)
	}) {
		return "no charge for it"
	}
	if f.Base.Window == "30d before outage" || f.Base.Window == "1cycle before" {
		return ""
	}
	// Days that are due, and paid for by its own charges, or by all.
	want, inside := wants(v, f), stretchOf(v.Period.Window())
	trailing := strings.HasSuffix(string(f.Base.Window), "trailing")
	missing, any := false, false
	for _, alone := range []bool{true, false} {
		if !alone && any {
			break
		}
		var days []stretch // for which it was charged
		for _, c := range o.bill.Charges {
			matches, kind := matches(c, v, f)
			if alone {
				matches = c.Resource == v.Resource
			}
			if matches && (kind || !c.Window.IsEmpty()) && c.Amount.Sign() >= 0 {
				days = append(days, o.paysFor(c, v, f))
			}
		}
		missing = false
		for at := want.from; at.Before(want.to); at = at.AddDate(0, 0, 1) {
			if trailing && !inside.has(at) || slices.ContainsFunc(f.Unlived, func(w outage.Window) bool { return stretchOf(w).has(at) }) {
				continue
			}
			paid := slices.ContainsFunc(days, func(s stretch) bool { return s.has(at) })
			any, missing = any || paid, missing || !paid
		}
	}
	if missing && (any || part) {
		return "time for which nothing was charged"
	}
	return ""
}

// before returns the credits given in the months that end with June 2026.
func (o *oracle) before(months int, agreement, commitment, resource string) (sum int64) {
	start := time.Date(2026, time.July-time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	for _, e := range o.bill.Prior {
		if e.Agreement == agreement && (resource == "" || e.Commitment == commitment && e.Resource == resource) && e.Period.Window().End().After(start) {
			sum += e.Amount.MinorUnits()
		}
	}
	return sum
}

// lowest returns the least of an amount and some limits, and writes the limits.
func (o *oracle) lowest(owed *big.Rat, limits []sla.Limit, base *big.Rat, length time.Duration, given *big.Rat, agreement, commitment, resource string) *big.Rat {
	least, binds := owed, -1
	lines := make([]string, len(limits))
	for i, l := range limits {
		most := floor(o.value(l.Percent, l.Service, l.Sum, base, length))
		drawn := new(big.Rat)
		if l.Months > 0 {
			drawn = whole(o.before(l.Months, agreement, commitment, resource))
		}
		if !l.PerOutage {
			drawn.Add(drawn, given)
		}
		left := new(big.Rat).Sub(whole(most), drawn)
		if left.Sign() < 0 {
			left = new(big.Rat)
		}
		if left.Cmp(least) < 0 {
			least, binds = left, i
		}
		lines[i] = fmt.Sprintf("    limit %s %d drawn %s", l.Clause, most, drawn.RatString())
	}
	for i, line := range lines {
		fmt.Fprintln(&o.out, line, i == binds)
	}
	return least
}

// A contender is the amount of a commitment for a target, in a group of which
// only one gives.
type contender struct {
	commitment, thing string
	verdict, place    int
	members           []string
	given             *big.Rat
	falls             map[string]*big.Rat // to each member, and to the rest by the name of that; nil: to none
}

// rest names the share of the charges for non-members.
func (c *contender) rest() string { return "rest of " + c.thing }

// fallsTo returns how much of an amount falls to each member by its charges, and
// nil if that is undecided.
func (o *oracle) fallsTo(c *contender, amount *big.Rat, v sla.Verdict, f sla.Finding) map[string]*big.Rat {
	if len(f.Members) == 0 {
		return map[string]*big.Rat{c.thing: amount}
	}
	weights, ofMembers, all := map[string]*big.Rat{}, false, new(big.Rat)
	for _, charge := range o.bill.Charges {
		to := c.rest()
		if slices.Contains(f.Members, charge.Resource) {
			to = charge.Resource
		}
		one := &oracle{bill: Bill{Charges: []Charge{charge}}}
		v.Findings = []sla.Finding{f}
		if weights[to] == nil {
			weights[to] = new(big.Rat)
		}
		weights[to].Add(weights[to], one.charged(v))
	}
	for to, w := range weights {
		if w.Sign() > 0 {
			all.Add(all, w)
			ofMembers = ofMembers || to != c.rest()
		} else {
			delete(weights, to)
		}
	}
	if !ofMembers {
		return nil
	}
	for _, w := range weights {
		w.Mul(w, new(big.Rat).Quo(amount, all))
	}
	return weights
}

// contest decides who gives for each member and each rest that lies inside, from
// the outermost group that gives as a whole inwards. It notes the groups that
// give nothing.
func contest(word string, all, wholes []*contender, inside func(string) bool, lost map[*contender]string) (best map[string]*contender, total *big.Rat, first int) {
	best, total, first = map[string]*contender{}, new(big.Rat), 1<<30
	for len(wholes) > 0 {
		outer := wholes[0]
		var nested, others []*contender
		for _, w := range wholes[1:] {
			if slices.Contains(outer.members, w.members[0]) {
				nested = append(nested, w)
			} else {
				others = append(others, w)
			}
		}
		within, sum, from := contest(word, all, nested, func(name string) bool { return slices.Contains(outer.members, name) }, lost)
		if c := outer.given.Cmp(sum); c > 0 || c == 0 && outer.place < from {
			for _, name := range outer.members {
				within[name] = outer
			}
			for key := range within {
				within[key] = outer
			}
			for _, w := range nested {
				lost[w] = word + " to " + outer.commitment
			}
			sum, from = outer.given, outer.place
		} else {
			lost[outer] = word + " to sum " + sum.RatString()
			for _, name := range outer.members {
				if within[name] == nil {
					within[name] = nil // decided
				}
			}
		}
		maps.Copy(best, within)
		total.Add(total, sum)
		first, wholes = min(first, from), others
	}
	decided := map[string]bool{}
	for key := range best {
		decided[key] = true
	}
	for _, c := range all {
		for key, share := range c.falls {
			out := !inside(key)
			if key == c.rest() {
				out = slices.ContainsFunc(c.members, func(name string) bool { return !inside(name) })
			}
			if out || decided[key] {
				continue
			}
			if b := best[key]; b == nil || share.Cmp(b.falls[key]) > 0 || share.Cmp(b.falls[key]) == 0 && c.place < b.place {
				best[key] = c
			}
		}
	}
	for key, c := range best {
		if value := c; !decided[key] && value.falls[key].Sign() > 0 {
			total.Add(total, c.falls[key])
			first = min(first, c.place)
		}
	}
	return best, total, first
}

// A ruled group says who gives nothing, and who gives for each member.
type ruled struct {
	lost map[*contender]string
	best map[string]*contender
}

// ruleOn decides on one group of commitments.
func ruleOn(word string, all []*contender) ruled {
	r := ruled{map[*contender]string{}, map[string]*contender{}}
	left := slices.Clone(all)
	for len(left) > 0 {
		linked := left[:1:1]
		left = left[1:]
		for i := 0; i < len(linked); i++ {
			var apart []*contender
			for _, c := range left {
				if slices.ContainsFunc(c.members, func(name string) bool { return slices.Contains(linked[i].members, name) }) {
					linked = append(linked, c)
				} else {
					apart = append(apart, c)
				}
			}
			left = apart
		}
		alike := !slices.ContainsFunc(linked, func(c *contender) bool {
			return c.verdict != linked[0].verdict || !slices.Equal(c.members, linked[0].members)
		})
		if alike {
			slices.SortStableFunc(linked, func(a, b *contender) int { return a.place - b.place })
			most := linked[0]
			for _, c := range linked {
				if c.given.Cmp(most.given) > 0 {
					most = c
				}
			}
			for _, c := range linked {
				if c != most {
					r.lost[c] = word + " to " + most.commitment
				}
			}
			continue
		}
		var wholes []*contender
		for _, c := range linked {
			if c.falls == nil {
				wholes = append(wholes, c)
			}
		}
		slices.SortFunc(wholes, func(a, b *contender) int { // the outermost first
			if n := len(b.members) - len(a.members); n != 0 {
				return n
			}
			if b.place != a.place {
				return b.place - a.place
			}
			return strings.Compare(b.thing, a.thing)
		})
		best, _, _ := contest(word, linked, wholes, func(string) bool { return true }, r.lost)
		maps.Copy(r.best, best)
	}
	return r
}

// amount returns the credit for verdicts of one agreement on one period.
func (o *oracle) amount(verdicts []sla.Verdict, worst bool) int64 {
	sum, all := new(big.Rat), o.charged(verdicts...)
	length := verdicts[0].Period.Length()
	automatic, claims := new(big.Rat), new(big.Rat)
	someAutomatic := false
	texts := make([]string, len(verdicts))
	parts := make([][]*big.Rat, len(verdicts))
	by := make([][]*contender, len(verdicts)) // of each part
	words := map[string][]*contender{}
	for n, v := range verdicts {
		before := o.out.Len()
		byName := map[string]*contender{}
		for i, f := range v.Findings {
			e := f.Entitlement
			if worst {
				e = f.EntitlementAtMost
			}
			one := v
			one.Findings = v.Findings[i : i+1]
			base := o.charged(one)
			length = o.length(v, f)
			exact := o.value(e.Percent, e.Service, e.Sum, base, length)
			fmt.Fprintf(&o.out, "  part %s %s %s %s\n", v.Resource, f.Commitment, base.RatString(), exact.RatString())
			c := byName[f.Commitment]
			if c == nil {
				place, _ := strconv.Atoi(f.Commitment[1:])
				c = &contender{f.Commitment, v.Resource, n, place, f.Members, new(big.Rat), map[string]*big.Rat{}}
				if len(c.members) == 0 {
					c.members = []string{v.Resource}
				}
				byName[f.Commitment] = c
			}
			for _, word := range f.OneOf {
				if !slices.Contains(words[word], c) {
					words[word] = append(words[word], c)
				}
			}
			owed := o.lowest(exact, f.Limits, base, length, c.given, v.Agreement, f.Commitment, v.Resource)
			c.given.Add(c.given, owed)
			if owed.Sign() > 0 && c.falls != nil {
				falls := o.fallsTo(c, owed, v, f)
				for to, share := range falls {
					if c.falls[to] == nil {
						c.falls[to] = new(big.Rat)
					}
					c.falls[to].Add(c.falls[to], share)
				}
				if falls == nil {
					c.falls = nil
				}
			}
			parts[n], by[n] = append(parts[n], owed), append(by[n], c)
		}
		texts[n] = o.out.String()[before:]
		o.out.Truncate(before)
	}
	rulings := map[string]ruled{}
	for word, all := range words {
		rulings[word] = ruleOn(word, all)
	}
	var owed []*big.Rat
	for n, v := range verdicts {
		o.out.WriteString(texts[n])
		for i, f := range v.Findings {
			c, left, yields := by[n][i], parts[n][i], ""
			for _, word := range f.OneOf {
				if lost := rulings[word].lost[c]; lost != "" && yields == "" && left.Sign() > 0 {
					yields = lost
				}
			}
			to := func(key string) string {
				for _, word := range f.OneOf {
					if best := rulings[word].best[key]; best != nil && best != c {
						return word + " to " + best.commitment
					}
				}
				return ""
			}
			decided := slices.ContainsFunc(f.OneOf, func(word string) bool {
				return slices.ContainsFunc(c.members, func(name string) bool { return rulings[word].best[name] != nil })
			})
			spread := ""
			switch {
			case yields != "":
				left = new(big.Rat)
			case left.Sign() == 0 || c.falls == nil || !decided:
			case len(f.Members) == 0:
				if yields = to(c.thing); yields != "" {
					left = new(big.Rat)
				}
			default:
				falls := o.fallsTo(c, left, v, f)
				left = new(big.Rat)
				for _, key := range append(slices.Clone(f.Members), c.rest()) {
					if falls[key] == nil {
						continue
					}
					lost := to(key)
					spread += fmt.Sprintf(", %s of %s %s", falls[key].RatString(), key, lost)
					if lost == "" {
						left.Add(left, falls[key])
					}
				}
			}
			fmt.Fprintf(&o.out, "    %s %s owed %s, yields %s%s\n", v.Resource, f.Commitment, left.RatString(), yields, spread)
			owed = append(owed, left)
			sum.Add(sum, left)
			if f.Automatic {
				someAutomatic = true
				automatic.Add(automatic, left)
			} else {
				claims.Add(claims, left)
			}
		}
	}
	half := func(r *big.Rat) int64 { return floor(new(big.Rat).Add(r, big.NewRat(1, 2))) }
	rounded := half(sum)
	fmt.Fprintf(&o.out, "  sum %s rounded %d\n", sum.RatString(), rounded)
	first := verdicts[0]
	amount := floor(o.lowest(whole(rounded), first.Limits, all, length, new(big.Rat), first.Agreement, "", ""))
	quiet := o.out.Len()
	least := func(r *big.Rat) int64 {
		defer o.out.Truncate(quiet)
		return floor(o.lowest(whole(half(r)), first.Limits, all, length, new(big.Rat), first.Agreement, "", ""))
	}
	withheld, claimed := int64(0), int64(0)
	if !first.Above.IsZero() && amount > 0 {
		bounded, rest := amount, int64(0)
		if someAutomatic {
			bounded, rest = least(claims), least(automatic)
			claimed = bounded
		}
		if bounded > 0 && whole(bounded).Cmp(o.value(sla.Percent{}, sla.ServiceTime{}, first.Above, new(big.Rat), 1)) <= 0 {
			withheld, amount = bounded, rest
			at := 0
			for _, v := range verdicts {
				for _, f := range v.Findings {
					if !f.Automatic {
						owed[at] = new(big.Rat)
					}
					at++
				}
			}
		}
	}
	fmt.Fprintf(&o.out, "  claimed %d withheld %d amount %d split %v\n", claimed, withheld, amount, slowSplitOwed(amount, owed))
	return amount
}

func (o *oracle) statement() string {
	var done []string
	var total, most int64
	for _, v := range o.bill.Verdicts {
		key := v.Agreement + v.Period.String()
		if slices.Contains(done, key) {
			continue
		}
		done = append(done, key)
		var group []sla.Verdict
		for _, w := range o.bill.Verdicts {
			if w.Agreement+w.Period.String() == key {
				group = append(group, w)
			}
		}
		fmt.Fprintf(&o.out, "credit %s %v\n", v.Agreement, v.Period)
		total += o.amount(group, false)
		before := o.out.Len()
		atMost := o.amount(group, true)
		o.out.Truncate(before)
		fmt.Fprintf(&o.out, "  at most %d\n", atMost)
		most += atMost
	}
	fmt.Fprintf(&o.out, "total %d at most %d\n", total, most)
	return o.out.String()
}

// figures writes a statement as the oracle does.
func figures(s Statement) string {
	var out bytes.Buffer
	minor := func(e Exact) string {
		return new(big.Rat).Mul(e.Rat(), decimal.New(1, int32(s.Total.Digits())).Rat()).RatString()
	}
	limits := func(limits []Limit) {
		for _, c := range limits {
			fmt.Fprintf(&out, "    limit %s %d drawn %s %t\n", c.Agreed.Clause, c.Amount.MinorUnits(), minor(c.Drawn), c.Binds)
		}
	}
	for _, c := range s.Credits {
		fmt.Fprintf(&out, "credit %s %v\n", c.Agreement, c.Period)
		split := []int64{}
		for i, p := range c.Parts {
			fee := p.Fee
			if fee.IsZero() {
				fee = Exact{p.Base.major()}
			}
			fmt.Fprintf(&out, "  part %s %s %s %s\n", p.Resource, p.Commitment, minor(fee), minor(p.Exact))
			limits(p.Limits)
			split = append(split, p.Amount.MinorUnits())
			if i+1 < len(c.Parts) && c.Parts[i+1].Resource == p.Resource {
				continue
			}
			for _, p := range c.Parts {
				if p.Resource == c.Parts[i].Resource {
					yields := ""
					if p.Yields != (YieldsTo{}) {
						yields = p.Yields.Group + " to " + p.Yields.To
						if !p.Yields.Sum.IsZero() {
							yields += "sum " + minor(p.Yields.Sum)
						}
					}
					for _, s := range p.Spread {
						to, lost := s.Resource, ""
						if s.Others {
							to = "rest of " + p.Resource
						}
						if s.Yields != (YieldsTo{}) {
							lost = s.Yields.Group + " to " + s.Yields.To
						}
						yields += fmt.Sprintf(", %s of %s %s", minor(s.Exact), to, lost)
					}
					fmt.Fprintf(&out, "    %s %s owed %s, yields %s\n", p.Resource, p.Commitment, minor(p.Owed), yields)
				}
			}
		}
		fmt.Fprintf(&out, "  sum %s rounded %d\n", minor(c.Sum), c.Rounded.MinorUnits())
		limits(c.Limits)
		fmt.Fprintf(&out, "  claimed %d withheld %d amount %d split %v\n", c.Claimed.MinorUnits(), c.Withheld.MinorUnits(), c.Amount.MinorUnits(), split)
		fmt.Fprintf(&out, "  at most %d\n", c.AmountAtMost.MinorUnits())
	}
	fmt.Fprintf(&out, "total %d at most %d\n", s.Total.MinorUnits(), s.TotalAtMost.MinorUnits())
	return out.String()
}

// Every figure of a statement is that of the oracle, also while other users of
// the decimal package change its settings. SLACREDIT_BILLS_COUNT is the number of
// bills (2,000).
func TestOracle(t *testing.T) {
	precision, quotes := decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes
	t.Cleanup(func() { decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes = precision, quotes })
	bills := 2_000
	if n, err := strconv.Atoi(os.Getenv("SLACREDIT_BILLS_COUNT")); err == nil {
		bills = max(n, bills)
	} else if testing.Short() {
		bills /= 10
	}
	t.Logf("-seed=%d, %d bills", *seed, bills)
	r := rand.New(rand.NewPCG(*seed, 0))
	seen, refused := map[string]int{}, map[string]int{}
	for n := range bills {
		decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes = precision*(n%2), n%2 == 1
		b := anyBill(r)
		why := (&oracle{bill: b}).refuses()
		s, err := NewStatement(b)
		if why != "" {
			require.Error(t, err, "-seed=%d, bill %d: %s", *seed, n, why)
			refused[why]++
			continue
		}
		require.NoError(t, err, "-seed=%d, bill %d", *seed, n)
		require.Equal(t, (&oracle{bill: b}).statement(), figures(s), "-seed=%d, bill %d", *seed, n)
		for _, c := range s.Credits {
			limited := func(has func(Limit) bool) bool {
				return slices.ContainsFunc(c.Parts, func(p Part) bool { return slices.ContainsFunc(p.Limits, has) })
			}
			any := func(has func(sla.Verdict, sla.Finding) bool) bool {
				return slices.ContainsFunc(b.Verdicts, func(v sla.Verdict) bool {
					return v.Agreement == c.Agreement && slices.ContainsFunc(v.Findings, func(f sla.Finding) bool { return !f.Entitlement.Remedy.IsZero() && has(v, f) })
				})
			}
			off := new(big.Rat).Sub(c.Sum.Rat(), c.Rounded.Amount().Rat())
			for name, holds := range map[string]bool{
				"a limit on a part binds":    limited(func(c Limit) bool { return c.Binds }),
				"a limit over months binds":  limited(func(c Limit) bool { return c.Binds && c.Agreed.Months > 0 && !c.Drawn.IsZero() }),
				"a limit of a part is drawn": limited(func(c Limit) bool { return c.Binds && c.Agreed.Months == 0 && !c.Drawn.IsZero() }),
				"a limit in service binds":   limited(func(c Limit) bool { return c.Binds && !c.Agreed.Service.IsZero() }),
				"an overall limit binds":     slices.ContainsFunc(c.Limits, func(c Limit) bool { return c.Binds }),
				"a group is spread":          slices.ContainsFunc(c.Parts, func(p Part) bool { return len(p.Spread) > 0 }),
				"of that a share yields": slices.ContainsFunc(c.Parts, func(p Part) bool {
					return slices.ContainsFunc(p.Spread, func(s Spread) bool { return s.Yields != (YieldsTo{}) })
				}),
				"a charge of no member":     slices.ContainsFunc(c.Parts, func(p Part) bool { return slices.ContainsFunc(p.Spread, func(s Spread) bool { return s.Others }) }),
				"only the members give":     slices.ContainsFunc(c.Parts, func(p Part) bool { return !p.Yields.Sum.IsZero() }),
				"withheld beside automatic": !c.Withheld.IsZero() && !c.Amount.IsZero(),
				"another commitment gives":  slices.ContainsFunc(c.Parts, func(p Part) bool { return p.Yields != (YieldsTo{}) }),
				"withheld":                  !c.Withheld.IsZero(),
				"no decimal":                strings.Contains(c.Sum.String(), "/"),
				"rounded up":                off.Sign() < 0,
				"rounded down":              off.Sign() > 0,
				"half a unit":               new(big.Rat).Abs(off).Cmp(decimal.New(5, -int32(c.Amount.Digits())-1).Rat()) == 0,
				"unknown time decides":      c.AmountAtMost != c.Amount,
				"a fee that is a fraction":  slices.ContainsFunc(c.Parts, func(p Part) bool { return !p.Fee.IsZero() }),
				"a limit of such a fee":     slices.ContainsFunc(c.Limits, func(c Limit) bool { return !c.Fee.IsZero() }),
				"something taken off":       slices.ContainsFunc(b.Charges, func(c Charge) bool { return c.Amount.Sign() < 0 }),
				"a fee by labels":           any(func(_ sla.Verdict, f sla.Finding) bool { return len(f.Base.By) > 0 }),
				"labels of a finding": any(func(v sla.Verdict, f sla.Finding) bool {
					return len(f.Base.By) > 0 && f.Labels["region"] != v.Findings[0].Labels["region"]
				}),
				"the fee of a quarter": any(func(_ sla.Verdict, f sla.Finding) bool {
					return f.Base.Window == "measured" && f.Measurement.Period == quarter
				}),
				"the fee of some days": any(func(_ sla.Verdict, f sla.Finding) bool {
					return f.Base.Window == "measured" && slices.Contains(stretches, f.Measurement.Period)
				}),
				"the bill's fee of some days": any(func(_ sla.Verdict, f sla.Finding) bool {
					return f.Base.Window == "billed" && slices.Contains(stretches, f.Measurement.Period)
				}),
				"a share of another cycle's fee": any(func(_ sla.Verdict, f sla.Finding) bool { return f.Base.Window == "1cycle before" }) && slices.ContainsFunc(b.Charges, func(c Charge) bool { return !c.Judged.IsEmpty() }),
				"a group's fee of what is measured": any(func(v sla.Verdict, f sla.Finding) bool {
					return len(f.Members) > 0 && f.Base.Window == "measured" && f.Measurement.Period != v.Period
				}),
				"a fee of a part of what is judged": any(func(_ sla.Verdict, f sla.Finding) bool { return f.Base.Window == "" && len(f.Unlived) > 0 }),
			} {
				if holds {
					seen[name]++
				} else {
					seen[name] += 0
				}
			}
		}
	}
	if testing.Short() {
		return
	}
	for name, times := range seen {
		assert.Greater(t, times, bills/200, "the bills show it too seldom: %s", name)
	}
	for _, why := range []string{
		"no charge for it", "time for which nothing was charged", "a charge that would count twice",
		"no charge for it, of a group", "time for which nothing was charged, of a group",
	} {
		assert.Greater(t, refused[why], bills/400, "the bills are refused too seldom: %s", why)
	}
	t.Log(refused)
}

// bill draws one of the random bills.
func bill(t *rapid.T) Bill {
	return randomBill(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)))
}

func mustState(t *rapid.T, b Bill) Statement {
	s, err := NewStatement(b)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Laws of every statement, for any bill.
func TestBillLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := bill(t)
		s := mustState(t, b)
		var total, most Money
		for _, c := range s.Credits {
			var parts Money
			for _, p := range c.Parts {
				parts = sla.Must(parts.Add(p.Amount))
				if p.Amount.Sign() < 0 {
					t.Fatalf("a part of %v", p.Amount)
				}
				for _, limit := range p.Limits {
					if sla.Must(p.Amount.Cmp(limit.Amount)) > 0 || p.Owed.amount.Cmp(limit.left()) > 0 {
						t.Fatalf("a part of %v, %v, above its limit of %v", p.Owed, p.Amount, limit.Amount)
					}
				}
			}
			if len(c.Parts) > 0 && parts != c.Amount {
				t.Fatalf("the parts are %v, the credit %v", parts, c.Amount)
			}
			for _, limit := range c.Limits {
				if c.Amount.major().Cmp(limit.left()) > 0 || c.AmountAtMost.major().Cmp(limit.left()) > 0 {
					t.Fatalf("%v or %v above the limit of %v", c.Amount, c.AmountAtMost, limit.Amount)
				}
			}
			automatic := slices.ContainsFunc(c.Parts, func(p Part) bool { return p.Automatic })
			if !c.Amount.IsZero() && c.Amount.Amount().Rat().Cmp(c.Above.Amount()) <= 0 && !automatic {
				t.Fatalf("%v issued, not above %v", c.Amount, c.Above)
			}
			total, most = sla.Must(total.Add(c.Amount)), sla.Must(most.Add(c.AmountAtMost))
		}
		if total != s.Total || most != s.TotalAtMost {
			t.Fatalf("the credits are %v and %v, the totals %v and %v", total, most, s.Total, s.TotalAtMost)
		}
		if s.Total.Currency() != b.Charges[0].Amount.Currency() {
			t.Fatalf("a total in %q", s.Total.Currency())
		}
	})
}

// The order of the charges changes nothing, nor does a charge that is split
// into two lines. The order of the verdicts changes no amount of a credit.
func TestOrderChangesNoAmount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := bill(t)
		s := mustState(t, b)
		b.Charges = rapid.Permutation(b.Charges).Draw(t, "charges")
		first := &b.Charges[0]
		if first.Prorated == (Prorated{}) {
			moved := Money{rapid.Int64Range(0, max(0, first.Amount.minor)).Draw(t, "moved"), first.Amount.currency}
			first.Amount = sla.Must(first.Amount.Sub(moved))
			other := *first
			other.ID, other.Amount = "another line", moved
			b.Charges = append(b.Charges, other)
		}
		if got, want := figures(mustState(t, b)), figures(s); got != want {
			t.Fatalf("%s\nis not\n%s", got, want)
		}
		b.Verdicts = rapid.Permutation(b.Verdicts).Draw(t, "verdicts")
		again := mustState(t, b)
		amounts := func(s Statement) map[string]Money {
			m := map[string]Money{"total": s.Total, "at most": s.TotalAtMost}
			for _, c := range s.Credits {
				m[c.Agreement+c.Period.String()] = c.Amount
			}
			return m
		}
		if got, want := fmt.Sprint(amounts(again)), fmt.Sprint(amounts(s)); got != want {
			t.Fatalf("%s is not %s", got, want)
		}
	})
}

// The shares of the lines sum to the credit. None is below zero or on a line below
// zero, and no line takes more than is open on it.
func TestLinesSumToTheCredit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := mustState(t, bill(t))
		for i, c := range s.Credits {
			lines, err := s.Credits[i].Lines()
			if err != nil {
				t.Fatal(err)
			}
			sum := int64(0)
			for _, l := range lines {
				sum += l.Share.minor
				charge := s.Charges[slices.IndexFunc(s.Charges, func(c Charge) bool { return c.ID == l.ID })]
				if l.Share.minor < 0 || l.Open.minor != max(0, charge.Amount.minor) || charge.Amount.minor < 0 && l.Share.minor > 0 {
					t.Fatalf("%v of %v", l, charge)
				}
			}
			if sum != c.Amount.minor {
				t.Fatalf("%d is not %v", sum, c.Amount)
			}
		}
	})
}

// Charges a hundred times as high give a hundred times as much, before rounding
// and if no limit was floored. A resource that owes nothing changes no other credit
// without an overall limit.
func TestScaling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := bill(t)
		for i := range b.Verdicts {
			b.Verdicts[i].Limits = nil
			for j := range b.Verdicts[i].Findings {
				f := &b.Verdicts[i].Findings[j]
				f.Limits, f.Entitlement.Sum, f.EntitlementAtMost.Sum = nil, sla.Sum{}, sla.Sum{}
			}
			b.Verdicts[i].Above = sla.Sum{}
		}
		for i := range b.Charges {
			b.Charges[i].Prorated = Prorated{}
		}
		s := mustState(t, b)
		scaled := b
		scaled.Charges = slices.Clone(b.Charges)
		for i := range scaled.Charges {
			scaled.Charges[i].Amount.minor *= 100
		}
		for i, c := range mustState(t, scaled).Credits {
			if c.Sum.Rat().Cmp(new(big.Rat).Mul(whole(100), s.Credits[i].Sum.Rat())) != 0 {
				t.Fatalf("%v is not a hundred times %v", c.Sum, s.Credits[i].Sum)
			}
		}
		b.Charges = append(b.Charges, Charge{ID: "up", Resource: "up", Amount: Money{5, s.Total.currency}})
		v := b.Verdicts[0]
		v.Resource, v.Findings = "up", []sla.Finding{{}}
		b.Verdicts = append(b.Verdicts, v)
		more := mustState(t, b)
		for i, c := range more.Credits {
			for j, p := range s.Credits[i].Parts {
				if c.Amount != s.Credits[i].Amount || c.Parts[j].Amount != p.Amount {
					t.Fatalf("%v is not %v", c, s.Credits[i])
				}
			}
		}
	})
}

// If any figure of a written statement changes by its smallest step, the statement
// is not read. The account, which is made again, is not compared. Neither are the
// figures of time in the verdicts, which package sla checks.
func TestEveryFigureIsProved(t *testing.T) {
	data, err := json.Marshal(rich(t))
	require.NoError(t, err)
	var document map[string]any
	require.NoError(t, json.Unmarshal(data, &document))
	delete(document, "account")
	changed := 0
	try := func(path string) {
		changed++
		tampered, err := json.Marshal(document)
		require.NoError(t, err)
		var s Statement
		assert.ErrorContains(t, json.Unmarshal(tampered, &s), "credit: reading a statement: ", path)
		assert.Zero(t, s, path)
	}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case []any:
			for i := range v {
				walk(fmt.Sprintf("%s[%d]", path, i), v[i])
			}
		case map[string]any:
			for key, old := range v {
				at := path + "." + key
				text, isText := old.(string)
				switch {
				case key == "measurement": // of time
				case key == "entitlementAtMost": // moves no amount, as the overall limit binds
				case isText && slices.Contains([]string{"amount", "sum", "exact", "owed"}, key):
					number, places := decimal.RequireFromString(text), int32(2)
					if key != "amount" {
						places = 6
					}
					for _, step := range []int64{1, -1} {
						if key == "amount" && number.IsZero() && step < 0 {
							step = 100
						}
						v[key] = number.Add(decimal.New(step, -places)).StringFixed(places)
						try(at)
					}
				case isText && key == "percent":
					v[key] = decimal.RequireFromString(text[:len(text)-1]).Add(decimal.New(1, -6)).String() + "%"
					try(at)
				case key == "binds":
					v[key] = !old.(bool)
					try(at)
				case isText && key == "currency":
					v[key] = "EUR"
					try(at)
				default:
					walk(at, old)
				}
				v[key] = old
			}
		}
	}
	walk("", document)
	assert.Greater(t, changed, 80)
	t.Log(changed, "figures changed")
}

// Two changes that cancel each other in every sum are noticed, and so are
// charges in two currencies.
func TestCancellingChangesAreNoticed(t *testing.T) {
	full := rich(t)
	for want, change := range map[string]func(*Statement){
		"credits[0].parts[0].amount.amount: -0.01, but the charges and verdicts give 0.00": func(s *Statement) {
			s.Credits[0].Parts[0].Amount.minor--
			s.Credits[0].Parts[2].Amount.minor++
		},
		"credits[0].parts[1].amount.amount: 0.01, but the charges and verdicts give 0.00": func(s *Statement) {
			s.Credits[0].Parts[1].Amount.minor++ // this part owes nothing
			s.Credits[0].Parts[3].Amount.minor--
		},
		"currencies differ": func(s *Statement) {
			s.Charges = append(slices.Clone(s.Charges), Charge{ID: "one more", Resource: s.Charges[0].Resource, Amount: MustMoney("EUR 1.00")})
		},
	} {
		tampered := full
		tampered.Credits = slices.Clone(full.Credits)
		tampered.Credits[0].Parts = slices.Clone(full.Credits[0].Parts)
		change(&tampered)
		data, err := json.Marshal(tampered)
		require.NoError(t, err)
		var s Statement
		assert.ErrorContains(t, json.Unmarshal(data, &s), want)
		assert.Zero(t, s)
	}
}

// A statement that was put together by hand, and so may be incomplete, is
// written without a panic.
func TestLiteralStatements(t *testing.T) {
	full, other := rich(t), varied(t)
	other.Verdicts = slices.Clone(other.Verdicts)
	other.Verdicts[0].Findings[0].Base.Length, other.Verdicts[0].Period, other.Total = "0s", calendar.Period{}, Money{}
	lacking := full
	lacking.Credits = slices.Clone(full.Credits)
	lacking.Credits[0].Parts = full.Credits[0].Parts[:1]
	for i, s := range []Statement{{}, {Credits: []Credit{{}, {}}}, {Credits: full.Credits}, {Verdicts: full.Verdicts}, lacking, other, {Credits: other.Credits}} {
		assert.NotPanics(t, func() {
			_, err := json.Marshal(s)
			assert.NoError(t, err, strconv.Itoa(i))
			assert.NotEmpty(t, s.Text())
		})
	}
}

// A sum that is right in exact arithmetic and leaves the range of an amount is
// an error, wherever it arises.
func TestOutOfRange(t *testing.T) {
	largest := "USD 92233720368547758.07"
	give := func(resource string, share, most string) sla.Verdict {
		return sla.Verdict{Agreement: "a", Resource: resource, Period: june, Findings: []sla.Finding{{
			Entitlement: sla.Entitlement{Remedy: sla.Remedy{Percent: points(share)}}, EntitlementAtMost: sla.Entitlement{Remedy: sla.Remedy{Percent: points(most)}},
		}}}
	}
	other := func(v sla.Verdict) sla.Verdict { v.Agreement = "b"; return v }
	limited := func(v sla.Verdict) sla.Verdict {
		v.Findings[0].Limits = []sla.Limit{{Remedy: sla.Remedy{Percent: points("101%")}}}
		return v
	}
	whole := func(v sla.Verdict) sla.Verdict {
		v.Limits = []sla.Limit{{Remedy: sla.Remedy{Percent: points("101%")}}}
		return v
	}
	one, two := []Charge{charge("web", largest)}, []Charge{charge("web", largest), charge("db", largest)}
	for name, b := range map[string]Bill{
		"the credit":         {Charges: one, Verdicts: []sla.Verdict{give("web", "101%", "101%")}},
		"the most":           {Charges: one, Verdicts: []sla.Verdict{give("web", "1%", "101%")}},
		"the charges":        {Charges: two, Verdicts: []sla.Verdict{whole(give("web", "0%", "0%")), whole(give("db", "0%", "0%"))}},
		"a limit":            {Charges: one, Verdicts: []sla.Verdict{limited(give("web", "1%", "1%"))}},
		"an overall limit":   {Charges: one, Verdicts: []sla.Verdict{whole(give("web", "1%", "1%"))}},
		"the total":          {Charges: one, Verdicts: []sla.Verdict{give("web", "100%", "100%"), other(give("web", "100%", "100%"))}},
		"the total, at most": {Charges: one, Verdicts: []sla.Verdict{give("web", "1%", "100%"), other(give("web", "1%", "100%"))}},
	} {
		b.Customer, b.Period = "acme", june
		s, err := NewStatement(b)
		assert.ErrorContains(t, err, "more than 9223372036854775807 minor units", name)
		assert.Zero(t, s)
	}
}

// An outage under way leaves two totals, and a customer sees both; a line with
// ordinary names fits a hundred columns.
func TestTextOfTwoTotals(t *testing.T) {
	start := june.Window().Start()
	timeline, err := outage.Options{AsOf: start.Add(time.Hour)}.Timeline(outage.Outage{ID: "INC-2041", Resource: "eu-west-1/db-7", Start: start})
	require.NoError(t, err)
	v, err := sla.Must(plain("hosting/standard", flat("10%", "50%"), "30%").Compile()).Judge(timeline, june)
	require.NoError(t, err)
	v.Findings[0].EntitlementAtMost.Percent = points("25%")
	s := state(t, []Charge{charge("eu-west-1/db-7", "USD 1499.95")}, v)
	text := s.Text()
	assert.Contains(t, text, "\nCredit: USD 150.00\n")
	assert.Contains(t, text, "\nAt most, if all unknown time was down: USD 374.99\n")
	assert.Contains(t, text, "credit if all unknown time was down")
	for line := range strings.Lines(text) {
		assert.LessOrEqual(t, utf8.RuneCountInString(line), 101, line)
	}
	t.Log(text)
}

func FuzzExact(f *testing.F) {
	for _, text := range []string{"0", "4.9975", "-0.01", "1e9", "", "00", "5.", "12345678901234567890.123456789"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var e, again Exact
		if e.UnmarshalText([]byte(text)) != nil {
			return
		}
		written := sla.Must(e.MarshalText())
		require.NoError(t, again.UnmarshalText(written))
		assert.Equal(t, string(written), again.String())
	})
}

// slowSplitOwed gives each part the whole units of its share. The share is the owed
// amount, or the part's proportion of the total if that is less. The remaining
// units go, one at a time, to the part that is furthest below its share.
func slowSplitOwed(total int64, owed []*big.Rat) []int64 {
	parts := make([]int64, len(owed))
	sum := new(big.Rat)
	for _, o := range owed {
		sum.Add(sum, o)
	}
	shares := make([]*big.Rat, len(owed))
	for i, o := range owed {
		shares[i] = new(big.Rat).Set(o)
		if sum.Cmp(big.NewRat(total, 1)) > 0 {
			shares[i].Mul(o, big.NewRat(total, 1)).Quo(shares[i], sum)
		}
		parts[i] = floor(shares[i])
	}
	for {
		var given int64
		best, most := -1, new(big.Rat)
		for i := range parts {
			given += parts[i]
			short := new(big.Rat).Sub(shares[i], big.NewRat(parts[i], 1))
			if short.Cmp(most) > 0 {
				best, most = i, short
			}
		}
		if given == total {
			return parts
		}
		parts[best]++
	}
}
