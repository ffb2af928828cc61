// Package workload makes the data on which the speed of the library is
// measured, and runs it against what others would write. Everything follows
// from a seed, so anybody can make the same data from this text alone. Only
// tests and the rivals below it import it.
//
// Instants are nanoseconds since 1970 UTC, and whole microseconds but for those
// of [Skew].
package workload

import (
	"cmp"
	"iter"
	"slices"
	"time"
)

// A Window is [Start, End).
type Window struct{ Start, End int64 }

// Lengths of time, in microseconds, as the generator counts them.
const (
	yearStart = 1_735_689_600_000_000 // 2025-01-01 UTC
	year      = 31_536_000_000_000
	january   = 2_678_400_000_000
	micro     = 1000
)

// January is the month over which customers are judged.
var January = Window{yearStart * micro, (yearStart + january) * micro}

// Months returns the twelve months of the year 2025 in UTC.
func Months() []Window {
	months := make([]Window, 12)
	for i := range months {
		first := time.Date(2025, time.Month(i+1), 1, 0, 0, 0, 0, time.UTC)
		months[i] = Window{first.UnixNano(), first.AddDate(0, 1, 0).UnixNano()}
	}
	return months
}

// A generator is SplitMix64.
type generator uint64

func (g *generator) next() uint64 {
	*g += 0x9E3779B97F4A7C15
	z := uint64(*g)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// A Shape is how the windows of a year lie.
type Shape string

// The shapes. Each but the first is one that an algorithm may trip over.
const (
	Random    Shape = "random"    // two in five are covered by others
	Sorted    Shape = "sorted"    // the same, by start
	Reversed  Shape = "reversed"  // the same, by start, the last first
	Clustered Shape = "clustered" // nine of ten begin in a hundredth of the year
	Minute    Shape = "minute"    // begin on a minute: many equal starts
	Skew      Shape = "skew"      // 99 of 100 begin in one second
	Instant   Shape = "instant"   // begin in one nanosecond, and end anywhere
	Nested    Shape = "nested"    // each lies within the one before it
	Identical Shape = "identical" // the first of them, again and again
)

// Shapes are all of them.
var Shapes = []Shape{Random, Sorted, Reversed, Clustered, Minute, Skew, Instant, Nested, Identical}

// Windows returns n windows that begin in 2025.
func Windows(n int, shape Shape) []Window {
	longest := uint64(year/int64(n)) * 1022 / 1000
	g := generator(1)
	windows := make([]Window, n)
	for i := range windows {
		a, b := g.next(), g.next()
		start, length := yearStart+int64(a%year), 1+int64(b%longest)
		switch shape {
		case Clustered:
			if (b>>40)%10 < 9 {
				start = yearStart + year/2 + int64(a%(year/100))
			}
		case Minute:
			start -= start % 60e6
		case Skew:
			if a%100 < 99 {
				at := (yearStart+year/2)*micro + int64(a/100%1e9)
				windows[i] = Window{at, at + length*micro}
				continue
			}
		case Instant:
			start = yearStart
		case Nested:
			start, length = yearStart+int64(i), year-2*int64(i)
		case Identical:
			if i > 0 {
				windows[i] = windows[0]
				continue
			}
		}
		windows[i] = Window{start * micro, (start + length) * micro}
	}
	byStart := func(v, w Window) int { return cmp.Compare(v.Start, w.Start) }
	switch shape {
	case Sorted:
		slices.SortFunc(windows, byStart)
	case Reversed:
		slices.SortFunc(windows, func(v, w Window) int { return byStart(w, v) })
	}
	return windows
}

// A Customer has outages in January, planned work from a calendar, and a fee.
type Customer struct {
	Outages  []Window
	Calendar int // index into those of Calendars
	FeeCents int64
}

// Customers returns the first n customers, one after the other; of fewer they
// are the same.
func Customers(n int) iter.Seq[Customer] { return customers(n, january) }

// CustomersOfYear are customers whose outages begin in 2025.
func CustomersOfYear(n int) iter.Seq[Customer] { return customers(n, year) }

func customers(n int, span uint64) iter.Seq[Customer] {
	return func(yield func(Customer) bool) {
		g := generator(2)
		for range n {
			h := g.next()
			c := Customer{Calendar: int(h >> 8 % 64), FeeCents: 1000 + int64(h>>16%999_001)}
			c.Outages = outages(&g, int(h%11), span)
			if !yield(c) {
				return
			}
		}
	}
}

// Calendars returns the planned work that customers share, of 20 windows each.
// They may overlap.
func Calendars() [][]Window { return calendars(january) }

// CalendarsOfYear are calendars whose windows begin in 2025.
func CalendarsOfYear() [][]Window { return calendars(year) }

func calendars(span uint64) [][]Window {
	g := generator(3)
	calendars := make([][]Window, 64)
	for i := range calendars {
		calendars[i] = plans(&g, 20, span)
	}
	return calendars
}

// One returns ten outages and three windows of planned work, for a statement
// on a fee of 1234.56.
func One() (broken, planned []Window) {
	g := generator(5)
	broken = outages(&g, 10, january)
	return broken, plans(&g, 3, january)
}

// outages returns n windows that begin within a span; two in five begin within
// the one before.
func outages(g *generator, n int, span uint64) []Window {
	windows := make([]Window, n)
	for i := range windows {
		a, b := g.next(), g.next()
		length := int64(1+b&0xFFFFFFFF%30_000_000) << (b >> 48 % 13)
		start := yearStart + int64(a%span)
		if i > 0 && b>>32&0xFFFF%10 < 4 {
			last := windows[i-1]
			start = last.Start/micro + int64(a%uint64((last.End-last.Start)/micro))
		}
		windows[i] = Window{start * micro, (start + length) * micro}
	}
	return windows
}

// plans returns n windows of a quarter of an hour to two hours that begin within
// a span.
func plans(g *generator, n int, span uint64) []Window {
	windows := make([]Window, n)
	for i := range windows {
		a, b := g.next(), g.next()
		start, length := yearStart+int64(a%span), int64(900e6+b%6300e6)
		windows[i] = Window{start * micro, (start + length) * micro}
	}
	return windows
}
