package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A period holds each day from its first up to the first of the next.
func TestEachDayIsInItsPeriod(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		date := func(label string) Date {
			return DateOf(time.Date(2026, 1, 1+rapid.IntRange(-40_000, 40_000).Draw(t, label), 0, 0, 0, 0, time.UTC))
		}
		c := Cycle{Start: date("start"), Zone: time.UTC}
		if rapid.Bool().Draw(t, "by months") {
			c.Months = rapid.SampledFrom([]int{1, 1, 2, 3, 12, 1200}).Draw(t, "months")
		} else {
			c.Days = rapid.SampledFrom([]int{1, 7, 30, 36600}).Draw(t, "days")
		}
		d := date("day")
		if rapid.Bool().Draw(t, "a first day") {
			d = c.date(rapid.IntRange(-50, 50).Draw(t, "n"))
		}
		if n := c.holding(d); c.date(n).Compare(d) > 0 || c.date(n+1).Compare(d) <= 0 {
			t.Fatalf("%v is in period %d, from %v up to %v", d, n, c.date(n), c.date(n+1))
		}
	})
}
