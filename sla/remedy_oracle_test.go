package sla

import (
	"fmt"
	"math/big"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
)

// A printedTable is a table of two rows as a contract prints it, with holes and
// overlaps, in tenths of a percent point: what an oracle reads that knows no cuts.
type printedTable struct {
	promise      int // at least
	upper, lower int // of the first row
	upperIn      bool
	lowerIn      bool
	second       int // upper bound of the second
	secondIn     bool
	gap          Gap
}

func (p printedTable) rows(first, second Tier) []Tier {
	word := func(in bool, with, without string) string {
		if in {
			return with
		}
		return without
	}
	tenths := func(n int) string { return fmt.Sprintf("%d.%d%%", n/10, n%10) }
	first.When = Range(word(p.lowerIn, "at least ", "over ") + tenths(p.lower) + ", " + word(p.upperIn, "at most ", "below ") + tenths(p.upper))
	second.When = Range(word(p.secondIn, "at most ", "below ") + tenths(p.second))
	return []Tier{first, second}
}

// row returns which row gives for an availability in percent points: 1 or 2, and
// 0 for none.
func (p printedTable) row(available *big.Rat) int {
	side := func(tenths int) int { return available.Cmp(big.NewRat(int64(tenths), 10)) }
	under := func(tenths int, in bool) bool { return side(tenths) < 0 || side(tenths) == 0 && in }
	holds := [3]bool{
		side(p.promise) >= 0,
		under(p.upper, p.upperIn) && !under(p.lower, !p.lowerIn),
		under(p.second, p.secondIn),
	}
	first, last := slices.Index(holds[:], true), slices.Index(holds[:], true)
	for i, h := range holds {
		if h {
			last = i
		}
	}
	switch {
	case first >= 0 && p.gap == Severer:
		return last
	case first >= 0:
		return first
	}
	milder := 1 // between the rows
	if !under(p.upper, p.upperIn) {
		milder = 0 // between the promise and the first row
	}
	if p.gap == Severer {
		return milder + 1
	}
	return milder
}

// What tables with gaps, steps, beyond and more downtime than due give, against
// the words of the documents in fractions.
func TestRemedyOracle(t *testing.T) {
	given := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		bound := rapid.SampledFrom([]int{995, 990, 985, 980, 970, 950, 900, 500})
		p := printedTable{
			promise: bound.Draw(t, "promise"), upper: bound.Draw(t, "upper"), lower: bound.Draw(t, "lower"), second: bound.Draw(t, "second"),
			upperIn: rapid.Bool().Draw(t, "upperIn"), lowerIn: rapid.Bool().Draw(t, "lowerIn"), secondIn: rapid.Bool().Draw(t, "secondIn"),
			gap: rapid.SampledFrom([]Gap{"", Milder, Severer}).Draw(t, "gap"),
		}
		if rapid.IntRange(0, 4).Draw(t, "in order") > 0 { // as most tables are that compile
			bounds := []int{p.promise, p.upper, p.lower, p.second}
			slices.Sort(bounds)
			p.promise, p.upper, p.lower, p.second = bounds[3], bounds[2], bounds[1], bounds[0]
		}
		sizes := map[string]*big.Rat{"0.1%": big.NewRat(1, 10), "1%": big.NewRat(1, 1), "30%": big.NewRat(30, 1), "1h": big.NewRat(int64(hour), 1), "7m": big.NewRat(int64(7*minute), 1)}
		size := rapid.SampledFrom([]string{"0.1%", "1%", "30%", "1h", "7m"}).Draw(t, "size")
		word := rapid.SampledFrom([]string{"full", "started", "nearest", "exact"}).Draw(t, "word")
		steps := Tier{Give: "1%", Per: Step(word + " " + size), Plus: "25%", Beyond: rapid.Bool().Draw(t, "beyond")}
		c := Commitment{Promise: Range(fmt.Sprintf("at least %d.%d%%", p.promise/10, p.promise%10)), Gap: p.gap, Credits: p.rows(Tier{Give: "3%"}, steps)}
		due := may2014.Length()
		if rapid.Bool().Draw(t, "short") {
			c.Calculation.Length, due = "20d", 480*hour
		}
		terms, err := single(c).Compile()
		if err != nil {
			t.Skip(err)
		}
		down := time.Duration(rapid.OneOf(rapid.Int64Range(0, int64(may2014.Length())), rapid.Map(bound, func(tenths int) int64 { return int64(due) / 1000 * int64(1000-tenths) })).Draw(t, "down"))
		down = max(1, down+time.Duration(rapid.IntRange(-1, 1).Draw(t, "off")))
		down = min(down, may2014.Length())

		available := big.NewRat(100*int64(max(0, due-down)), int64(due))
		row := p.row(available)
		want := [3]string{"nothing", "3%"}[min(row, 1)]
		if row == 2 {
			measured, start := new(big.Rat).SetInt64(int64(down)), big.NewRat(int64(1000-p.second)*int64(due/1000), 1)
			if size[len(size)-1] == '%' {
				measured, start = new(big.Rat).Sub(big.NewRat(100, 1), available), big.NewRat(int64(1000-p.second), 10)
			}
			if steps.Beyond {
				measured.Sub(measured, start)
			}
			if measured.Sign() < 0 {
				measured.SetInt64(0)
			}
			n := measured.Quo(measured, sizes[size])
			floor := new(big.Int).Quo(n.Num(), n.Denom())
			rest := new(big.Rat).Sub(n, new(big.Rat).SetInt(floor))
			if word == "started" && rest.Sign() > 0 || word == "nearest" && rest.Cmp(big.NewRat(1, 2)) >= 0 {
				floor.Add(floor, big.NewInt(1))
			}
			if word != "exact" {
				n.SetInt(floor)
			}
			want = numeral.FormatRatio(n.Add(n, big.NewRat(25, 1))) + "%"
		}
		timeline := Must(outage.NewTimeline(outage.Outage{ID: "o", Resource: "vm", Start: may2014.Window().Start(), End: may2014.Window().Start().Add(down)}))
		f := Must(terms.Judge(timeline, may2014)).Findings[0]
		if got := f.Entitlement.String(); got != want {
			t.Fatalf("%v: %v down of %v, %v %% available, row %d: %s, not %s", c, down, due, available.FloatString(6), row, got, want)
		}
		if breach := available.Cmp(big.NewRat(int64(p.promise), 10)) < 0; breach != (f.Outcome == Missed) || f.WithoutBreach() != (!breach && row > 0) {
			t.Fatalf("%v: %v, without a breach: %v", c, f, f.WithoutBreach())
		}
		given[fmt.Sprint(row, p.gap, f.WithoutBreach())]++
	})
	t.Log(given)
}
