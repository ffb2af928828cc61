package oracle

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// ratioOf returns the availability, and nil if nothing was due.
func ratioOf(due int64, down *big.Rat) *big.Rat {
	if due <= 0 {
		return nil
	}
	whole := big.NewRat(due, 1)
	r := new(big.Rat).Sub(whole, down)
	if r.Sign() < 0 {
		r.SetInt64(0)
	}
	return r.Quo(r, whole)
}

// rounded returns the ratio in percent points, as it is compared.
func (t *terms) rounded(ratio *big.Rat) *big.Rat {
	percent := new(big.Rat).Mul(ratio, big.NewRat(100, 1))
	if t.roundWord == "" {
		return percent
	}
	size := rat(t.roundSize)
	steps := new(big.Rat).Quo(percent, size)
	var n *big.Int
	switch t.roundWord {
	case "full":
		n = floor(steps)
	case "started":
		n = floor(steps.Neg(steps))
		n.Neg(n)
	case "nearest":
		n = floor(steps.Add(steps, big.NewRat(1, 2)))
	}
	return percent.Mul(size, new(big.Rat).SetInt(n))
}

func (t *terms) kept(ratio *big.Rat) bool {
	return ratio == nil || t.promise.holds(t.rounded(ratio))
}

// conditions returns the bounds of a row.
func (t *terms) conditions(row int) []bound {
	if len(t.rows[row].when) == 0 {
		return []bound{t.promise.broken()}
	}
	return t.rows[row].when
}

// reaches reports whether the availability is as low as a row begins.
func (t *terms) reaches(row int, ratio *big.Rat) bool {
	for _, b := range t.conditions(row) {
		if b.upper() {
			return b.holds(t.rounded(ratio))
		}
	}
	panic("a row without an upper bound")
}

// within reports whether the availability lies within all bounds of a row.
func (t *terms) within(row int, ratio *big.Rat) bool {
	for _, b := range t.conditions(row) {
		if !b.holds(t.rounded(ratio)) {
			return false
		}
	}
	return true
}

// gives returns the row that gives, its steps and its percent.
func (c *calc) gives(ratio, down *big.Rat) string {
	row := none
	for i := range c.t.rows {
		if ratio != nil && c.t.within(i, ratio) {
			row = i
		}
	}
	if row == none {
		return "nothing"
	}
	r := c.t.rows[row]
	steps := big.NewInt(1)
	if r.per != "" {
		n := new(big.Rat).Quo(down, big.NewRat(r.size, 1))
		steps = floor(n)
		if r.per == "started" && !n.IsInt() {
			steps.Add(steps, big.NewInt(1))
		}
	}
	return r.text(row, steps)
}

// text says what a row gives for some steps.
func (r row) text(number int, steps *big.Int) string {
	give := new(big.Rat).SetInt(steps)
	return fmt.Sprintf("row %d, %d steps, %s%%", number, steps, give.Mul(give, rat(r.give)).RatString())
}

// lines returns the figures of a tally, and the outcome.
func (c *calc) lines(t tally) []string {
	if c.t.counted {
		return append(c.figures(t), c.countedOutcome(t)...)
	}
	return append(c.figures(t), c.outcome(t)...)
}

// figures returns the lines of a measurement.
func (c *calc) figures(t tally) []string {
	w := c.w
	var lines []string
	say := func(format string, a ...any) { lines = append(lines, fmt.Sprintf(format, a...)) }
	all := new(big.Rat)
	for _, part := range t.parts {
		all.Add(all, part)
	}
	// Weighted time is floored to the nanosecond, but unknown time is rounded up,
	// and the rest is up.
	unknown := new(big.Int).Neg(floor(new(big.Rat).Neg(t.parts[isUnknown])))
	up := floor(all)
	for _, part := range []*big.Int{floor(t.parts[isDown]), floor(t.parts[isExcused]), unknown, floor(t.parts[isOutside])} {
		up.Sub(up, part)
	}
	say("period %s", w.spanText(c.start, c.end))
	say("up %s, down %s, excused %s, unknown %s, outside %s", up, floor(t.parts[isDown]),
		floor(t.parts[isExcused]), unknown, floor(t.parts[isOutside]))
	say("down at most %s, due %d", floor(t.downAtMost), t.due)
	lines = append(lines, t.percents(t.parts[isDown], t.downAtMost)...)
	lines = append(lines, t.percents(t.downAtMost, t.downAtMost)...)
	if c.pooled() {
		say("cells")
		say("runs")
		return lines
	}
	var states strings.Builder
	for _, s := range t.states {
		states.WriteByte(letters[s])
	}
	say("cells %s", states.String())
	say("runs%s", t.text)
	say("count %d", t.count)
	if !w.cut() { // else the parts of runs beyond the period are not compared
		say("longest %d", t.longest)
		if t.count > 0 {
			say("mean %s", floor(big.NewRat(t.lengths, int64(t.count))))
		}
	}
	if w.asOf >= c.end {
		say("open %t", t.open)
	}
	return lines
}

// percents returns the lines of an availability with two bounds of its downtime:
// the ratio, and the percentages with some decimal places.
func (t tally) percents(down, atMost *big.Rat) []string {
	ratio, worse := ratioOf(t.due, down), ratioOf(t.due, atMost)
	if ratio == nil {
		return []string{"undefined"}
	}
	shown := func(ratio, down *big.Rat, places int) string {
		text := flooredPercent(ratio, places)
		switch {
		case down.Sign() > 0:
		case t.parts[isUnknown].Sign() == 0:
			return "100%"
		case places == 0:
			return text + ".0%"
		}
		return text + "%"
	}
	lines := []string{"ratio " + ratio.RatString()}
	for _, places := range []int{0, 1, 2, 3, 6, 9} {
		text := shown(ratio, down, places)
		if ratio.Cmp(worse) != 0 {
			text = shown(worse, atMost, places) + " to " + text
		}
		lines = append(lines, flooredPercent(ratio, places)+" "+text)
	}
	return lines
}

// flooredPercent returns a ratio in percent with the given decimal places, rounded
// down.
func flooredPercent(ratio *big.Rat, places int) string {
	return floored(new(big.Rat).Mul(ratio, big.NewRat(100, 1)), places)
}

// floored returns r with the given decimal places, rounded down.
func floored(r *big.Rat, places int) string {
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil))
	n := floor(new(big.Rat).Mul(r, scale))
	sign := ""
	if n.Sign() < 0 {
		sign = "-"
		n.Neg(n)
	}
	digits := n.String()
	for len(digits) <= places {
		digits = "0" + digits
	}
	if places == 0 {
		return sign + digits
	}
	return sign + digits[:len(digits)-places] + "." + digits[len(digits)-places:]
}

// floor returns the greatest whole number that is not above r.
func floor(r *big.Rat) *big.Int { return new(big.Int).Div(r.Num(), r.Denom()) }

// outcome returns the lines of the verdict on an availability.
func (c *calc) outcome(t tally) []string {
	var lines []string
	say := func(format string, a ...any) { lines = append(lines, fmt.Sprintf(format, a...)) }
	best, worst := ratioOf(t.due, t.parts[isDown]), ratioOf(t.due, t.downAtMost)
	outcome := "met"
	switch {
	case !c.t.kept(best):
		outcome = "missed"
	case !c.t.kept(worst):
		outcome = "undecided"
	}
	say("outcome %s", outcome)
	atFirst, atMost := c.gives(best, t.parts[isDown]), c.gives(worst, t.downAtMost)
	say("gives %s, at most %s", atFirst, atMost)
	say("decided %t", outcome != "undecided" && atFirst == atMost)
	next := none
	for i := range c.t.rows {
		if best != nil && !c.t.reaches(i, best) {
			next = i
			break
		}
	}
	say("next %d", next)
	if c.t.roundWord == "" {
		lines = append(lines, c.budget(t)...)
	}
	return lines
}

// budget returns the lines of the error budget.
func (c *calc) budget(t tally) []string {
	down := new(big.Rat).SetInt(floor(t.parts[isDown]))
	budget := new(big.Rat).Sub(big.NewRat(100, 1), rat(c.t.promise.number))
	budget.Mul(budget, big.NewRat(t.due, 100))
	lines := []string{fmt.Sprintf("consumed %s", down.RatString())}
	for _, places := range []int{0, 2, 9} {
		if budget.Sign() == 0 {
			lines = append(lines, "no budget")
			continue
		}
		left := new(big.Rat).Sub(budget, down)
		left.Quo(left, budget)
		lines = append(lines, "budget left "+flooredPercent(left, places))
	}
	return lines
}

// countedOutcome returns the lines of the verdict on a number of outages. Each
// stretch in which more may be down than is known is one outage more for the
// credit, and any number of them for the promise. An outage that is under way as
// the period ends may have ended in it.
func (c *calc) countedOutcome(t tally) []string {
	most := int(integer(c.t.promise.number))
	outcome := "met"
	switch {
	case t.due <= 0:
	case t.count > most:
		outcome = "missed"
	case t.stretches > 0, t.ends && t.count == most:
		outcome = "undecided"
	}
	reaches := func(row, count int) bool {
		limit := most // where the promise is broken
		for _, b := range c.t.rows[row].when {
			limit = int(integer(b.number))
		}
		return t.due > 0 && count > limit
	}
	gives := func(count int) string {
		text := "nothing"
		for i, r := range c.t.rows {
			steps := int64(1)
			if r.per != "" {
				steps = int64(count) / r.size
			}
			if r.per == "started" && int64(count)%r.size > 0 {
				steps++
			}
			if reaches(i, count) {
				text = r.text(i, big.NewInt(steps))
			}
		}
		return text
	}
	atMost := t.count + t.stretches
	if t.ends {
		atMost++
	}
	next := none
	for i := range slices.Backward(c.t.rows) {
		if t.due > 0 && !reaches(i, t.count) {
			next = i
		}
	}
	return []string{
		"outcome " + outcome,
		fmt.Sprintf("gives %s, at most %s", gives(t.count), gives(atMost)),
		fmt.Sprintf("decided %t", outcome != "undecided" && gives(t.count) == gives(atMost)),
		fmt.Sprintf("next %d", next),
	}
}
