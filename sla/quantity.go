package sla

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/slacredit/slacredit/internal/iso4217"
	"github.com/slacredit/slacredit/internal/numeral"
)

// A Quantity is a number with its unit, as contracts write it: "10%", "30m",
// "50x", "20USD".
//
// The units are % (percent points), s, m, h and d (seconds, minutes, hours and
// days of 24 hours). Credits also have mo (months of service: each is the fee
// once more), x (a multiple of the price of the downtime) and currency codes.
// Outages are counted with their noun, "1 outage", "45 outages", in whole
// numbers. A number alone is an error, because its unit is unknown.
//
// The number is a plain decimal, without sign or exponent. A sum of money has no
// more decimal places than its currency.
type Quantity string

// Duration returns the length of time that q states.
func (q Quantity) Duration() (time.Duration, error) {
	a, err := q.amount(length)
	if err != nil {
		return 0, fmt.Errorf("sla: reading a length of time: %w", err)
	}
	return time.Duration(a.value), nil
}

// A unit is what a quantity counts.
type unit int

const (
	percent  unit = iota // percentUnits to the percent point
	length               // nanoseconds
	count                // outages
	months               // of service, 100 × percentUnits to the month: as a share of the base
	multiple             // of the price of the downtime, percentUnits to the one
	money                // minor units of a currency
	members              // of a group, the only numbers that stand alone
)

func (u unit) String() string {
	return [...]string{
		"a percentage such as 99.95%", "a length of time such as 30m", "a number such as 2 outages",
		"months of service such as 1mo", "a multiple such as 50x", "a sum such as 20USD", "a number such as 2",
	}[u]
}

// A choice is the set of units that a field allows.
type choice struct {
	units []unit
	words string // what is wanted
	names string // of the units
}

const plainNames = "%, s, m, h or d"

// The choices of the fields that have one.
var (
	ofGift   = choice{[]unit{percent, length, months, multiple, money}, "what is given, such as 10%, 1d, 50x or 20USD", "%, s, m, h, d, mo, x or a currency"}
	ofBudget = choice{[]unit{percent, length, months, money}, "a limit such as 100%, 4d or 100USD", "%, s, m, h, d, mo or a currency"}
	ofStep   = choice{[]unit{length, percent, count}, "the size of a step, such as 30m, 0.1% or 1 outage", plainNames + ", or outages"}
	ofSum    = choice{[]unit{money}, money.String(), "a currency"}
)

// An amount is a parsed quantity: a whole number of the unit's smallest part.
type amount struct {
	unit     unit
	value    int64
	currency string // of money
}

// percent returns an amount of percent units as a percentage.
func (a amount) percent() Percent { return percentOf(a.value) }

// maxAmount bounds a parsed quantity, so that the cuts beside it fit.
const maxAmount = math.MaxInt64/2 - 1

// maxCount bounds a number of outages, so that it is an int everywhere.
const maxCount = 1_000_000_000

// percentUnits is the number of units in one percent point: percentages are
// compared as whole numbers of 10⁻¹² percent points.
const percentUnits = 1_000_000_000_000

// lengths are the units of time.
var lengths = map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}

// amount reads q, which must be of the wanted unit.
func (q Quantity) amount(want unit) (amount, error) {
	return q.read(choice{[]unit{want}, want.String(), plainNames})
}

// read reads q, which must be of one of the units of a choice.
func (q Quantity) read(want choice) (amount, error) {
	suffix := strings.TrimLeft(string(q), "0123456789.")
	number := strings.TrimSuffix(string(q), suffix)
	value, err := numeral.Parse(number)
	switch {
	case q == "":
		return amount{}, fmt.Errorf("missing; want %s", want.words)
	case number == "":
		return amount{}, fmt.Errorf("%s does not start with a number; want %s", numeral.Shorten(string(q)), want.words)
	case err != nil:
		return amount{}, fmt.Errorf("%s: want %s: %w", numeral.Shorten(string(q)), want.words, err)
	}
	var a amount
	if err = want.unit(number, suffix, value.IsInteger()); err == nil {
		a, err = amountOf(value, suffix)
	}
	if err != nil {
		return amount{}, fmt.Errorf("%s %w", numeral.Shorten(string(q)), err)
	}
	return a, nil
}

// unit returns the problem of a number whose suffix is not one of the wanted
// units, or not their spelling.
func (want choice) unit(number, suffix string, whole bool) error {
	got, _, known := unitOf(suffix)
	fits := known && slices.Contains(want.units, got)
	fraction := strings.Contains(number, ".")
	instead := want.spelling(number, suffix)
	switch {
	case suffix == "" && !fits, got == members && fits && !whole:
		return fmt.Errorf("lacks a unit; want %s", want.words)
	case got == count && fits && fraction:
		return fmt.Errorf("is not a whole number; want %s", want.words)
	case strings.TrimSpace(suffix) != suffix && instead == number+strings.TrimSpace(suffix):
		return fmt.Errorf("has a space before its unit; write %q", instead)
	case !fits && instead != "", got == count && fits && instead != number+suffix:
		return fmt.Errorf("is spelled otherwise here; write %q", instead)
	case !known || got > count && !fits:
		return fmt.Errorf("is not one number with one unit (%s); want %s", want.names, want.words)
	case !fits:
		return fmt.Errorf("is not %s", want.words)
	}
	return nil
}

// amountOf returns a number of units as a whole number of their smallest part.
func amountOf(value decimal.Decimal, suffix string) (amount, error) {
	got, parts, _ := unitOf(suffix)
	a := amount{unit: got}
	if got == money {
		a.currency = suffix
		if places := -value.Exponent(); places > -parts.Exponent() {
			return amount{}, fmt.Errorf("has more than the %d decimal places of %s", -parts.Exponent(), suffix)
		}
		parts = decimal.New(1, -parts.Exponent())
	}
	value = value.Mul(parts)
	most := int64(maxAmount)
	if got == count || got == members {
		most = maxCount
	}
	switch {
	case !value.IsInteger():
		return amount{}, errors.New("has more decimal places than can be told apart")
	case value.GreaterThan(decimal.New(most, 0)):
		return amount{}, errors.New("is too large")
	}
	a.value = value.IntPart()
	return a, nil
}

// unitWords are the units by the words that people write for them.
var unitWords = map[string]string{
	"sec": "s", "secs": "s", "second": "s", "seconds": "s", "min": "m", "mins": "m", "minute": "m", "minutes": "m",
	"hr": "h", "hrs": "h", "hour": "h", "hours": "h", "day": "d", "days": "d", "month": "mo", "months": "mo",
	"percent": "%", "pct": "%", "times": "x", "outage": outagesWord, "outages": outagesWord,
}

// outagesWord is the unit of more than one outage.
const outagesWord = " outages"

// spelling returns the correct spelling of a number whose unit is spelled
// differently, and "" if there is none or it is not a wanted unit.
func (want choice) spelling(number, suffix string) string {
	trimmed := strings.TrimSpace(suffix)
	unit, found := unitWords[strings.ToLower(trimmed)]
	if _, _, known := unitOf(trimmed); known && trimmed != "" {
		unit, found = trimmed, true
	}
	if upper := strings.ToUpper(trimmed); !found {
		_, found = iso4217.Lookup(upper)
		unit = upper
	}
	if got, _, known := unitOf(unit); !found || !known || !slices.Contains(want.units, got) || got == count && strings.Contains(number, ".") {
		return ""
	}
	return spelled(number, unit)
}

// spelled returns a number with its unit: one outage has no s.
func spelled(number, unit string) string {
	if unit == outagesWord && number == "1" {
		return "1 outage"
	}
	return number + unit
}

// unitOf returns the unit of a suffix, and how many of its smallest parts make
// one unit. For a currency, that is one minor unit as a share of the major one.
func unitOf(suffix string) (u unit, parts decimal.Decimal, known bool) {
	switch suffix {
	case "":
		return members, decimal.New(1, 0), true
	case " outage", outagesWord:
		return count, decimal.New(1, 0), true
	case "%":
		return percent, decimal.New(percentUnits, 0), true
	case "mo":
		return months, decimal.New(100*percentUnits, 0), true
	case "x":
		return multiple, decimal.New(percentUnits, 0), true
	}
	if part, found := lengths[suffix]; found {
		return length, decimal.New(int64(part), 0), true
	}
	entry, found := iso4217.Lookup(suffix)
	return money, decimal.New(1, -int32(entry.Digits)), found && !entry.NoMinor
}

// english returns a credit in words.
func (a amount) english(q Quantity) string {
	switch a.unit {
	case percent:
		return a.percent().String() + " of the fee"
	case length, months:
		return inWords(q) + " of service"
	case multiple:
		return strings.TrimSuffix(string(q), "x") + " times the price of the downtime"
	}
	return string(q)
}

// outageCount returns a number of outages as agreements write it.
func outageCount(n int64) string {
	if n == 1 {
		return "1 outage"
	}
	return strconv.FormatInt(n, 10) + outagesWord
}
