package credit

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
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
)

var seed = flag.Uint64("seed", 1, "of the random bills")

// pieces are stretches of which each period that is judged holds some whole, and
// none of the others.
var pieces = func() (pieces []outage.Window) {
	days := []time.Time{
		time.Date(2026, 4, 10, 0, 0, 0, 0, time.UTC), time.Date(2026, 5, 10, 0, 0, 0, 0, time.UTC), time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 6, 10, 0, 0, 0, 0, time.UTC), time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC),
	}
	for i, day := range days[1:] {
		pieces = append(pieces, outage.MustWindow(days[i], day))
	}
	return pieces
}()

// randomBill returns a bill of literals: several agreements, periods,
// resources, commitments, kinds of charges, units of what is given, caps,
// groups, earlier credits, and amounts of every size.
func randomBill(r *rand.Rand) Bill {
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
		lines := []Charge{{}, {Cycle: -1}} // which each fee has
		if timed {
			lines = nil
			for _, w := range pieces {
				lines = append(lines, Charge{Window: w})
			}
			lines[0].Cycle = -1
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
	measured := []sla.Period{june, sla.Must(sla.NewPeriod(sla.Date{Year: 2026, Month: 5, Day: 10}, sla.Date{Year: 2026, Month: 6, Day: 10}, time.UTC))}
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
			f.Base.Window = sla.FeeWindow(pick("", "", "1cycle before"))
			if timed {
				f.Base.Window = sla.FeeWindow(pick("", "1cycle before", "7d trailing", "30d trailing", "30d before outage"))
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
		v := sla.Verdict{Agreement: fmt.Sprint("a", a), Period: measured[r.IntN(2)], Limits: limits("/atMost", units)}
		if r.IntN(3) == 0 {
			v.Above = sum()
		}
		for i, name := range slices.Concat(names, things) {
			v.Resource, v.Labels, v.Findings = name, labels[name], nil
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
				f.Entitlement = entitlement()
				f.Measurement.Period = v.Period
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
	b.Charges = slices.DeleteFunc(b.Charges, func(c Charge) bool { // what counts for nothing
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
	b.Earlier = []Earlier{}
	for back := range 14 {
		month := time.Date(2026, time.May-time.Month(back), 1, 0, 0, 0, 0, time.UTC)
		e := Earlier{fmt.Sprint("a", r.IntN(2)), fmt.Sprint("c", r.IntN(2)), fmt.Sprint("r", r.IntN(2)), sla.Must(sla.Month(month.Year(), month.Month(), time.UTC)), Money{r.Int64N(1000), currency}}
		b.Earlier = append(b.Earlier, e)
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
		for _, v := range verdicts {
			for _, f := range v.Findings {
				if share := o.share(c, v, f); share.Cmp(most) > 0 {
					most = share
				}
			}
		}
		amount := whole(c.Amount.MinorUnits())
		if p := c.Prorated; p.Exact {
			amount = new(big.Rat).Mul(whole(p.Price.MinorUnits()), big.NewRat(p.Part, p.Whole))
		}
		sum.Add(sum, amount.Mul(amount, most))
	}
	return sum
}

// share returns how much of a charge counts for a finding.
func (o *oracle) share(c Charge, v sla.Verdict, f sla.Finding) *big.Rat {
	only, without := fmt.Sprintf("%q", f.Base.Only), fmt.Sprintf("%q", f.Base.Without)
	kind := fmt.Sprintf("%q", c.Kind)
	counts := (only == "[]" || strings.Contains(only, kind)) && !strings.Contains(without, kind)
	if len(f.Base.By) == 0 {
		counts = counts && c.Resource == v.Resource
	}
	for _, name := range f.Base.By {
		counts = counts && c.Labels[name] == v.Labels[name]
	}
	from, to := v.Period.Window().Start(), v.Period.Window().End()
	switch f.Base.Window {
	case "":
		counts = counts && (c.Window.IsEmpty() && c.Cycle == 0 || c.Window.Start().Before(to) && c.Window.End().After(from))
		return whole(map[bool]int64{true: 1}[counts])
	case "1cycle before":
		return whole(map[bool]int64{true: 1}[counts && c.Cycle == -1])
	case "7d trailing":
		from = to.Add(-7 * 24 * time.Hour)
	case "30d trailing":
		from = to.Add(-30 * 24 * time.Hour)
	case "30d before outage":
		to = f.Measurement.Period.Window().Start()
		from = to.Add(-30 * 24 * time.Hour)
	}
	shared := int64(0) // days, as all windows are of whole ones
	for at := c.Window.Start(); counts && at.Before(c.Window.End()); at = at.Add(24 * time.Hour) {
		if !at.Before(from) && at.Before(to) {
			shared++
		}
	}
	return big.NewRat(shared, int64(c.Window.Length()/(24*time.Hour)))
}

// before returns what was given in the months that end with June 2026.
func (o *oracle) before(months int, agreement, commitment, resource string) (sum int64) {
	start := time.Date(2026, time.July-time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	for _, e := range o.bill.Earlier {
		if e.Agreement == agreement && (resource == "" || e.Commitment == commitment && e.Resource == resource) && e.Period.Window().End().After(start) {
			sum += e.Amount.MinorUnits()
		}
	}
	return sum
}

// lowest returns the least of an amount and some caps, and writes the caps.
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
		lines[i] = fmt.Sprintf("    cap %s %d drawn %s", l.Clause, most, drawn.RatString())
	}
	for i, line := range lines {
		fmt.Fprintln(&o.out, line, i == binds)
	}
	return least
}

// A contender is what a commitment gives for a thing, under a group of which
// only one gives.
type contender struct {
	commitment, thing string
	verdict, place    int
	members           []string
	given             *big.Rat
	falls             map[string]*big.Rat // to each member, and to the rest by the name of that; nil: to none
}

// rest names what falls to no member.
func (c *contender) rest() string { return "rest of " + c.thing }

// fallsTo returns how much of an amount falls to each member by its charges, and
// nil if that cannot be told.
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
		for key, c := range within {
			best[key] = c
		}
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
		for key, c := range best {
			r.best[key] = c
		}
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
			byDefault := map[sla.FeeWindow]time.Duration{"": v.Period.Length(), "7d trailing": 168 * time.Hour, "30d trailing": 720 * time.Hour, "30d before outage": 720 * time.Hour}[f.Base.Window]
			length = map[sla.Quantity]time.Duration{"": byDefault, "30d": 720 * time.Hour, "730h": 730 * time.Hour, "13h": 13 * time.Hour}[f.Base.Length]
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
	caps := func(caps []Cap) {
		for _, c := range caps {
			fmt.Fprintf(&out, "    cap %s %d drawn %s %t\n", c.Limit.Clause, c.Amount.MinorUnits(), minor(c.Drawn), c.Binds)
		}
	}
	for _, c := range s.Credits {
		fmt.Fprintf(&out, "credit %s %v\n", c.Agreement, c.Period)
		split := []int64{}
		for i, p := range c.Parts {
			fee := p.Fee
			if fee.IsZero() {
				fee = exactly(p.Base.rat())
			}
			fmt.Fprintf(&out, "  part %s %s %s %s\n", p.Resource, p.Commitment, minor(fee), minor(p.Exact))
			caps(p.Caps)
			split = append(split, p.Amount.MinorUnits())
			if i+1 < len(c.Parts) && c.Parts[i+1].Resource == p.Resource {
				continue
			}
			for _, p := range c.Parts {
				if p.Resource == c.Parts[i].Resource {
					yields := ""
					if p.Yields != (Yielded{}) {
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
						if s.Yields != (Yielded{}) {
							lost = s.Yields.Group + " to " + s.Yields.To
						}
						yields += fmt.Sprintf(", %s of %s %s", minor(s.Exact), to, lost)
					}
					fmt.Fprintf(&out, "    %s %s owed %s, yields %s\n", p.Resource, p.Commitment, minor(p.Owed), yields)
				}
			}
		}
		fmt.Fprintf(&out, "  sum %s rounded %d\n", minor(c.Sum), c.Rounded.MinorUnits())
		caps(c.Caps)
		fmt.Fprintf(&out, "  claimed %d withheld %d amount %d split %v\n", c.Claimed.MinorUnits(), c.Withheld.MinorUnits(), c.Amount.MinorUnits(), split)
		fmt.Fprintf(&out, "  at most %d\n", c.AmountAtMost.MinorUnits())
	}
	fmt.Fprintf(&out, "total %d at most %d\n", s.Total.MinorUnits(), s.TotalAtMost.MinorUnits())
	return out.String()
}

// Every figure of a statement is that of the oracle, also while other users of
// the decimal package change its settings.
func TestOracle(t *testing.T) {
	precision, quotes := decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes
	t.Cleanup(func() { decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes = precision, quotes })
	bills := 12_000
	t.Logf("-seed=%d, %d bills", *seed, bills)
	r := rand.New(rand.NewPCG(*seed, 0))
	seen := map[string]int{}
	for n := range bills {
		decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes = precision*(n%2), n%2 == 1
		b := randomBill(r)
		s, err := NewStatement(b)
		require.NoError(t, err, "-seed=%d, bill %d", *seed, n)
		require.Equal(t, (&oracle{bill: b}).statement(), figures(s), "-seed=%d, bill %d", *seed, n)
		for _, c := range s.Credits {
			capped := func(has func(Cap) bool) bool {
				return slices.ContainsFunc(c.Parts, func(p Part) bool { return slices.ContainsFunc(p.Caps, has) })
			}
			off := new(big.Rat).Sub(c.Sum.Rat(), c.Rounded.Amount().Rat())
			for name, holds := range map[string]bool{
				"a cap on a part binds":    capped(func(c Cap) bool { return c.Binds }),
				"a cap over months binds":  capped(func(c Cap) bool { return c.Binds && c.Limit.Months > 0 && !c.Drawn.IsZero() }),
				"a cap of a part is drawn": capped(func(c Cap) bool { return c.Binds && c.Limit.Months == 0 && !c.Drawn.IsZero() }),
				"a cap in service binds":   capped(func(c Cap) bool { return c.Binds && !c.Limit.Service.IsZero() }),
				"an overall cap binds":     slices.ContainsFunc(c.Caps, func(c Cap) bool { return c.Binds }),
				"a group is spread":        slices.ContainsFunc(c.Parts, func(p Part) bool { return len(p.Spread) > 0 }),
				"of that a share yields": slices.ContainsFunc(c.Parts, func(p Part) bool {
					return slices.ContainsFunc(p.Spread, func(s Spread) bool { return s.Yields != (Yielded{}) })
				}),
				"a charge of no member":     slices.ContainsFunc(c.Parts, func(p Part) bool { return slices.ContainsFunc(p.Spread, func(s Spread) bool { return s.Others }) }),
				"only the members give":     slices.ContainsFunc(c.Parts, func(p Part) bool { return !p.Yields.Sum.IsZero() }),
				"withheld beside automatic": !c.Withheld.IsZero() && !c.Amount.IsZero(),
				"another commitment gives":  slices.ContainsFunc(c.Parts, func(p Part) bool { return p.Yields != (Yielded{}) }),
				"withheld":                  !c.Withheld.IsZero(),
				"no decimal":                strings.Contains(c.Sum.String(), "/"),
				"rounded up":                off.Sign() < 0,
				"rounded down":              off.Sign() > 0,
				"half a unit":               new(big.Rat).Abs(off).Cmp(decimal.New(5, -int32(c.Amount.Digits())-1).Rat()) == 0,
				"unknown time decides":      c.AmountAtMost != c.Amount,
				"a fee that is a fraction":  slices.ContainsFunc(c.Parts, func(p Part) bool { return !p.Fee.IsZero() }),
				"a cap of such a fee":       slices.ContainsFunc(c.Caps, func(c Cap) bool { return !c.Fee.IsZero() }),
				"something taken off":       slices.ContainsFunc(b.Charges, func(c Charge) bool { return c.Amount.Sign() < 0 }),
				"a fee by labels": slices.ContainsFunc(b.Verdicts, func(v sla.Verdict) bool {
					return v.Agreement == c.Agreement && slices.ContainsFunc(v.Findings, func(f sla.Finding) bool { return len(f.Base.By) > 0 })
				}),
			} {
				if holds {
					seen[name]++
				} else {
					seen[name] += 0
				}
			}
		}
	}
	for name, times := range seen {
		assert.Greater(t, times, 100, "the bills show it too seldom: %s", name)
	}
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

// What holds of every statement, whatever it is made from.
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
				for _, cap := range p.Caps {
					if sla.Must(p.Amount.Cmp(cap.Amount)) > 0 || p.Owed.Rat().Cmp(cap.left()) > 0 {
						t.Fatalf("a part of %v, %v, above its cap of %v", p.Owed, p.Amount, cap.Amount)
					}
				}
			}
			if len(c.Parts) > 0 && parts != c.Amount {
				t.Fatalf("the parts are %v, the credit %v", parts, c.Amount)
			}
			for _, cap := range c.Caps {
				if c.Amount.Amount().Rat().Cmp(cap.left()) > 0 || c.AmountAtMost.Amount().Rat().Cmp(cap.left()) > 0 {
					t.Fatalf("%v or %v above the cap of %v", c.Amount, c.AmountAtMost, cap.Amount)
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

// The shares of the lines sum to the credit, none is below zero or on a line
// that took something off, and what they take of what is open is no more than
// that.
func TestLinesSumToTheCredit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := mustState(t, bill(t))
		for i, c := range s.Credits {
			lines, err := s.Lines(i)
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
			if len(lines) == 0 {
				continue
			}
			a, err := ApplyLines(lines)
			if err != nil || a.Applied.minor+a.Carried.minor != c.Amount.minor {
				t.Fatalf("%v, %v", a, err)
			}
		}
		if _, err := s.Lines(len(s.Credits)); err == nil {
			t.Fatal("lines of no credit")
		}
	})
}

// All charges a hundred times as high give, before they are rounded and where
// no cap was floored, a hundred times as much; and a resource of which nothing
// is owed changes no other credit that has no overall cap.
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

// Whichever figure of a written statement is changed by its smallest step, the
// statement is not read. The account, which is made anew, is left aside, and
// so is what the verdicts say of time, which package sla proves.
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
				case key == "entitlementAtMost": // moves no amount, as the overall cap binds
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
		"credits[0].parts[0].amount.amount: -0.01 is not what the charges and verdicts give, 0.00": func(s *Statement) {
			s.Credits[0].Parts[0].Amount.minor--
			s.Credits[0].Parts[2].Amount.minor++
		},
		"credits[0].parts[1].amount.amount: 0.01 is not what the charges and verdicts give, 0.00": func(s *Statement) {
			s.Credits[0].Parts[1].Amount.minor++ // of which nothing is owed
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
	other.Verdicts[0].Findings[0].Base.Length, other.Verdicts[0].Period, other.Total = "0s", sla.Period{}, Money{}
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
			Entitlement: sla.Entitlement{Percent: points(share)}, EntitlementAtMost: sla.Entitlement{Percent: points(most)},
		}}}
	}
	other := func(v sla.Verdict) sla.Verdict { v.Agreement = "b"; return v }
	capped := func(v sla.Verdict) sla.Verdict {
		v.Findings[0].Limits = []sla.Limit{{Percent: points("101%")}}
		return v
	}
	whole := func(v sla.Verdict) sla.Verdict {
		v.Limits = []sla.Limit{{Percent: points("101%")}}
		return v
	}
	one, two := []Charge{charge("web", largest)}, []Charge{charge("web", largest), charge("db", largest)}
	for name, b := range map[string]Bill{
		"the credit":         {Charges: one, Verdicts: []sla.Verdict{give("web", "101%", "101%")}},
		"the most":           {Charges: one, Verdicts: []sla.Verdict{give("web", "1%", "101%")}},
		"the charges":        {Charges: two, Verdicts: []sla.Verdict{whole(give("web", "0%", "0%")), whole(give("db", "0%", "0%"))}},
		"a cap":              {Charges: one, Verdicts: []sla.Verdict{capped(give("web", "1%", "1%"))}},
		"an overall cap":     {Charges: one, Verdicts: []sla.Verdict{whole(give("web", "1%", "1%"))}},
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
	timeline, err := outage.NewTimeline(outage.Options{AsOf: start.Add(time.Hour)}, outage.Outage{ID: "INC-2041", Resource: "eu-west-1/db-7", Start: start})
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
