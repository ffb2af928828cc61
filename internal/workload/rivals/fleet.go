package main

import (
	"fmt"
	"slices"
	"strings"

	made "github.com/slacredit/slacredit/internal/workload"
)

// A fleet are customers, and the calendars of planned work that they share.
type fleet struct {
	customers []made.Customer
	calendars [][]made.Window
}

// An account is what is asked of a fleet, summed over its customers.
type account struct {
	down    int64 // in microseconds
	percent int64 // of availability, in units of 0.0001, each rounded half up
	cents   int64 // of credit
	tiers   [5]int
}

// knownAccounts are those that databases and programs of other people agree on.
var knownAccounts = map[int]account{
	100_000:   {4_260_549_958_950_848, 98_361_059_103, 10_234_337_019, [5]int{14_848, 8_881, 27_780, 41_723, 6_768}},
	1_000_000: {42_610_778_801_192_516, 983_608_578_090, 102_136_698_642, [5]int{146_846, 90_488, 276_780, 418_661, 67_225}},
}

// ofFleet are the contenders in a month-end run.
var ofFleet = []contender[fleet, account]{
	{"slacredit, figures", libraryFigures},
	{"slacredit, statements", libraryAccount},
	{"integers, slices.SortFunc", plainAccount},
	{"time.Time, decimals", naiveAccount},
	{"DuckDB, expert", duckDB.account(expert)},
	{"DuckDB, usual", duckDB.account(usual)},
	{"PostgreSQL, expert", postgres.account(expert)},
	{"PostgreSQL, usual", postgres.account(usual)},
	{"SQLite, expert", sqlite.account(expert)},
	{"SQLite, usual", sqlite.account(usual)},
	{"SQLite in pure Go, expert", pureSQLite.account(expert)},
	{"SQLite in pure Go, usual", pureSQLite.account(usual)},
}

// ofOne are the contenders in a single statement. Experts build tables first,
// which only pays for many.
var ofOne = slices.DeleteFunc(slices.Clone(ofFleet), func(c contender[fleet, account]) bool {
	return strings.HasSuffix(c.name, string(expert))
})

// fleetOf returns the workload of n customers.
func fleetOf(n int) (workload[fleet, account], error) {
	f := fleet{slices.Collect(made.Customers(n)), made.Calendars()}
	want, err := answer(plainAccount, f)
	if known, ok := knownAccounts[n]; ok && want != known && err == nil {
		err = fmt.Errorf("%v, known is %v", want, known)
	}
	return workload[fleet, account]{
		title:      fmt.Sprintf("Availability, tier and credit of %d customers", n),
		unit:       "customer",
		units:      n,
		repeats:    1,
		data:       f,
		want:       want,
		contenders: ofFleet,
	}, err
}

// one returns the workload of a single statement.
func one() workload[fleet, account] {
	broken, planned := made.One()
	return workload[fleet, account]{
		title:      "One statement",
		unit:       "statement",
		units:      1,
		repeats:    100,
		data:       fleet{[]made.Customer{{Outages: broken, FeeCents: 123_456}}, [][]made.Window{planned}},
		want:       account{117_868_894_359, 955_757, 30_864, [5]int{3: 1}},
		contenders: ofOne,
	}
}

// answer loads the data into one contender and runs it once.
func answer[In, Out any](load func(In) (*run[Out], error), data In) (out Out, err error) {
	r, err := load(data)
	if err != nil {
		return out, err
	}
	if r.close != nil {
		defer func() { _ = r.close() }()
	}
	return r.do()
}
