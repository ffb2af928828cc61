package sla

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/civil"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/term"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A Calculation states how downtime becomes an availability (steps 8 to 11).
//
// Downtime is cut to the period, to the lifetime of the resource, and to Hours.
// For a group, the lifetime is the time in which enough of its members live. The
// time due is the length of the period, or Length, less everything outside, and
// never below zero. Excused time that is not removed remains due. The
// availability is
//
//	(due − down) ÷ due
//
// exactly, and 0 if more was down than due. Where nothing was due, it is
// undefined and the promise is kept.
type Calculation struct {
	// Period is the period that is measured. Zero: the billing period.
	Period Measuring `json:"period,omitempty"`

	// Zone is the name of the time zone for periods, hours, slots and allowances:
	// "Europe/Berlin". It is required with hours. Zero: that of the billing period.
	Zone string `json:"zone,omitempty"`

	// Hours are the service hours. Nothing is due outside them. Zero: always.
	Hours []Hours `json:"hours,omitempty"`

	// Length is the length of each period in the denominator, whatever its own
	// length: "30d", "720h". Downtime counts unchanged, and an availability is
	// never below 0 %. If more time than Length lies outside, nothing is due.
	// Zero: its own length.
	Length Quantity `json:"length,omitempty"`

	// Whole counts time outside the lifetime of a resource as up and due, within
	// the service hours, and also where an exclusion removes excused windows.
	// Zero: it is not due.
	Whole bool `json:"whole,omitempty"`

	// Unknown states how unobserved time counts (step 1). Time after the as-of
	// instant stays unknown. Zero: it is undecided.
	Unknown Treatment `json:"unknown,omitempty"`

	// Round rounds the availability before it is compared with the promise and
	// the rows (step 11): "nearest 0.1%" (half up), "full 0.01%" (down), "started
	// 0.1%" (up). The displayed availability stays exact. Zero: it is not
	// rounded.
	Round Step `json:"round,omitempty"`
}

// A Treatment states how unobserved time counts: "up", "down", or "out", which is
// not due. The zero Treatment leaves it undecided.
type Treatment string

// A Measuring states which periods a commitment is measured over. Zero: the
// billing period.
//
// "1d", "1mo", "3mo", "6mo" and "12mo" are the days, months, quarters, halves and
// years of the calendar, by the clocks of [Calculation].Zone. "365d trailing" and
// "3mo trailing" are the days or months that end with the billing period, by its
// clocks; [calendar.Period.TrailingMonths] counts the months. "outage" is each
// outage on its own, from its first moment to its last.
//
// A measured period belongs to the billing period in which it ends. So a quarter
// is judged once, with the bill in which it ends. A day that the clocks skipped,
// such as December 30, 2011 in Pacific/Apia, is not measured.
//
// A trailing period is measured with every bill, so an outage counts in each bill
// whose days contain it: in twelve monthly bills with "365d trailing". If a
// contract pays it once, an exclusion must excuse outages that were already paid
// for.
//
// [Base].Window states which period the fee is for.
type Measuring string

func (c Calculation) clone() Calculation {
	c.Hours = slices.Clone(c.Hours)
	return c
}

// A calculation is a compiled [Calculation].
type calculation struct {
	source    Calculation
	measuring measuring
	zone      *time.Location // nil: that of the billing period
	hours     timetable      // of service; zero: always
	length    time.Duration  // what a period counts as; zero: its own length
	rounding  rounding
	whole     bool      // time outside a life counts as up
	treatment Treatment // of unobserved time
}

// calculation reads how downtime becomes an availability.
func (c *compiler) calculation(at path, source Calculation, t *commitment) calculation {
	m := calculation{source: source, whole: source.Whole, treatment: source.Unknown}
	if source.Period != "" {
		var err error
		m.measuring, err = source.Period.measuring()
		c.fault(at.key("period"), err)
	}
	if m.measuring.outage {
		for _, f := range []struct {
			name string
			set  bool
		}{{"length", source.Length != ""}, {"whole", source.Whole}} {
			if f.set {
				c.fault(at.key(f.name), errors.New("says nothing; each outage is measured on its own"))
			}
		}
		if len(source.Hours) > 0 {
			c.fault(at.key("hours"), fmt.Errorf("each outage is measured on its own; set the other hours aside instead, by %s", others(source.Hours)))
		}
		if t.grid.whole {
			c.fault(at.key("period"), errors.New("outage, and requests are counted over the period"))
		}
		if slices.ContainsFunc(t.levels, func(l level) bool { return l.pooled }) {
			c.fault(at.key("period"), errors.New("outage, and a pool has no outages of its own"))
		}
	}
	if source.Zone != "" {
		zone, err := civil.LoadZone(source.Zone, c.zones)
		c.fault(at.key("zone"), err)
		m.zone = zone
	} else if len(source.Hours) > 0 {
		c.fault(at.key("zone"), errors.New("missing; hours are told by the clocks of a zone"))
	}
	m.hours = c.timetable(at.key("hours"), source.Hours)
	if source.Length != "" {
		m.length = c.positive(at.key("length"), source.Length)
		if m.length > maxLength {
			c.fault(at.key("length"), fmt.Errorf("%s is longer than any period", numeral.Shorten(string(source.Length))))
		}
	}
	switch source.Unknown {
	case "", "up", "down", "out":
	default:
		c.fault(at.key("unknown"), fmt.Errorf("%s is not up, down or out", numeral.Shorten(string(source.Unknown))))
	}
	var err error
	m.rounding, err = source.Round.rounding()
	c.fault(at.key("round"), err)
	return m
}

// english states how downtime becomes an availability, if that is not plain.
func (m calculation) english() []string {
	c := m.source
	var s sentences
	if c.Zone != "" {
		s.say("The time zone is %s.", c.Zone)
	}
	if len(c.Hours) > 0 {
		s.say("Service hours are %s; nothing is due outside them.", joinWords(c.Hours))
	}
	if c.Length != "" {
		s.say("The availability is computed as if each period were %s long.", inWords(c.Length))
	}
	if c.Whole {
		s.say("Time outside the lifetime of a resource counts as up.")
	}
	switch c.Unknown {
	case "":
	case "out":
		s.say("Unobserved time is left out.")
	default:
		s.say("Unobserved time counts as %s.", c.Unknown)
	}
	if c.Round != "" {
		s.say("The availability is rounded %s before it is compared.", m.rounding.english(c.Round))
	}
	return s
}

func (calculation) words(addWord) {}

// direct reports whether the periods are known before the outages.
func (m calculation) direct() bool { return !m.measuring.outage }

// english returns what is measured.
func (s Measuring) english() string {
	m, _ := s.measuring()
	size, trailing := strings.CutSuffix(string(s), " trailing")
	switch {
	case m.outage:
		return "each outage"
	case trailing:
		return "the " + inWords(size) + " that end with each billing period"
	case m.months > 0:
		return "each " + calendarMonths(m.months)
	case m.days > 0:
		return "each day"
	}
	return "each billing period"
}

// calendarMonths returns in words a number of calendar months that divides a year.
func calendarMonths(n int) string {
	switch n {
	case 1:
		return "calendar month"
	case 3:
		return "calendar quarter"
	case 6:
		return "half of the calendar year"
	case 12:
		return "calendar year"
	}
	return strconv.Itoa(n) + " calendar months"
}

// others returns the exclusions that excuse the time outside a list of hours.
func others(list []Hours) string {
	const most = 10
	if len(list) > most {
		return "exclusions with such hours"
	}
	var not, only []string
	for _, h := range list {
		if rest, found := strings.CutPrefix(string(h), "not "); found {
			only = append(only, numeral.Shorten(rest))
		} else {
			not = append(not, numeral.Shorten("not "+string(h)))
		}
	}
	var exclusions []string
	for _, hours := range [][]string{not, only} {
		if len(hours) > 0 {
			exclusions = append(exclusions, `{"hours": [`+strings.Join(hours, ", ")+"]}")
		}
	}
	if len(exclusions) == 1 {
		return "the exclusion " + exclusions[0]
	}
	return "the exclusions " + strings.Join(exclusions, " and ")
}

// maxLength is the length of the years in which a period may lie.
const maxLength = time.Duration(292*365) * day

// maxTrailing bounds the months that end with a period: a hundred years.
const maxTrailing = 1200

// A measuring is a compiled Measuring. The zero value is the billing period.
type measuring struct {
	months, days int
	trailing     bool
	outage       bool
}

// isPeriod reports whether a calendar or trailing period is measured, and not the
// billing period or an outage.
func (m measuring) isPeriod() bool { return m.months > 0 || m.days > 0 }

// measuring reads s.
func (s Measuring) measuring() (measuring, error) {
	fail := fmt.Errorf("%s is not a period such as 1mo, 3mo, 12mo, 1d, 365d trailing or outage", numeral.Shorten(string(s)))
	if s == "outage" {
		return measuring{outage: true}, nil
	}
	size, trailing := strings.CutSuffix(string(s), " trailing")
	switch t, err := term.Parse(size, "mo", "d"); {
	case err != nil || t.N < 1:
	case t.Unit == "mo" && (trailing && t.N <= maxTrailing || !trailing && 12%t.N == 0):
		return measuring{months: t.N, trailing: trailing}, nil
	case t.Unit == "d" && (trailing || t.N == 1):
		return measuring{days: t.N, trailing: trailing}, nil
	}
	return measuring{}, fail
}

// periods returns the periods that are measured with a billing period: those that
// end in it. The zone also applies to trailing periods, for which it must be that
// of the billing period.
func (m measuring) periods(p calendar.Period, zone *time.Location) ([]calendar.Period, error) {
	switch {
	case m == measuring{}:
		return []calendar.Period{p}, nil
	case m.trailing:
		from, err := p.Until().AddDays(-m.days), error(nil)
		if m.months > 0 {
			_, from, err = p.TrailingMonths(m.months)
		}
		var trailing calendar.Period
		if err == nil {
			trailing, err = calendar.NewPeriod(from, p.Until(), zone)
		}
		switch {
		case errors.Is(err, calendar.ErrSkipped):
			return nil, nil // there is no time to measure
		case err != nil:
			return nil, fmt.Errorf("the time that ends with the period: %w", err)
		}
		return []calendar.Period{trailing}, nil
	}
	cycle := calendar.Cycle{Start: calendar.Date{Year: 2000, Month: time.January, Day: 1}, Zone: zone, Months: m.months, Days: m.days}
	return cycle.Ending(p.Window())
}

// periods returns the measured periods of each billing period, and the smallest
// window that contains them and the billing periods. Outages that are measured on
// their own are not known yet, and are not among them.
func (c *commitment) periods(billing []calendar.Period) (measured [][]calendar.Period, all outage.Window, err error) {
	zoneOf := c.zoneOf
	if c.measuring.trailing {
		zoneOf = c.billingZone
	}
	measured = make([][]calendar.Period, len(billing))
	for i, p := range billing {
		if err := p.Err(); err != nil {
			return nil, all, err
		}
		all = all.Hull(p.Window())
		if c.measuring.outage {
			continue
		}
		zone, err := zoneOf(p)
		if err != nil {
			return nil, all, err
		}
		if measured[i], err = c.measuring.periods(p, zone); err != nil {
			return nil, all, err
		}
		for _, q := range measured[i] {
			all = all.Hull(q.Window())
		}
	}
	return measured, all, nil
}

// cycles returns the billing cycles that make up a measured period, if the fee is
// for a longer time than the billing period.
func (c *commitment) cycles(billing, measured calendar.Period) []calendar.Period {
	if c.source.Base.Window != "measured" || measured.Length() <= billing.Length() {
		return nil
	}
	zone, err := c.billingZone(billing)
	if err != nil {
		return nil
	}
	all := billing.Since(measured.Window().Start(), zone)
	if n := len(all); n == 0 || !all[n-1].Window().End().Equal(measured.Window().End()) {
		return nil
	}
	return all
}

// zoneOf returns the time zone in which a commitment is measured over a period,
// or UTC if the zone does not matter.
func (c *commitment) zoneOf(p calendar.Period) (*time.Location, error) {
	monthly := slices.ContainsFunc(c.exclusions, func(e exclusion) bool { return e.allowance.months > 0 })
	switch {
	case c.zone != nil:
		return c.zone, nil
	case (c.grid.length == 0 || c.grid.anchored) && !monthly && (c.measuring == measuring{} || c.measuring.outage || c.measuring.trailing):
		return time.UTC, nil // nothing is told by clocks
	}
	return c.billingZone(p)
}

// billingZone returns the zone of a billing period.
func (c *commitment) billingZone(p calendar.Period) (*time.Location, error) {
	zone, err := civil.LoadZone(p.Zone(), c.zones)
	if err != nil {
		return nil, fmt.Errorf("the zone of the period: %w; name one in calculation.zone", err)
	}
	return zone, nil
}
