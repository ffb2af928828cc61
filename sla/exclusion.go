package sla

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
)

// An Exclusion forgives downtime.
type Exclusion struct {
	// Causes are those of the outages that are forgiven, compared byte for byte
	// with those of the records. A moment still counts if another outage covers
	// it too, loses enough to count, and has a cause that is not forgiven.
	//
	// They stand for time that was set aside as well: every moment inside the
	// windows of [outage.Maintenance] records of these causes that were
	// announced in time is forgiven, whatever made the resource fail there.
	// "maintenance" is the cause of those that name none; a cause that differs
	// from it by a letter, its case or a hyphen is an error.
	Causes []string `json:"causes,omitempty"`

	// Hours are set aside by the agreement itself, by the clocks of
	// [Calculation].Zone: every moment inside them is forgiven. Zero: none.
	// Causes, hours or both are required.
	Hours []Hours `json:"hours,omitempty"`

	// Notice is how long before its start maintenance has to be announced:
	// "24h", or "none" where that does not matter. It is required beside the
	// cause "maintenance": with a notice, an outage of that cause is forgiven
	// inside such windows only; with "none" it is forgiven as it stands. For
	// time set aside for another cause it may be left out, and is then "none".
	Notice Quantity `json:"notice,omitempty"`

	// Allowance is the most time that is forgiven: "10h" in each measured
	// period, "10h per 3mo" in each quarter of the calendar (or 1mo, 6mo, 12mo),
	// "10m per outage". Downtime draws it, the earliest first, by its length
	// whatever share of it is lost; once it is used up, the exclusion forgives
	// nothing more there. Time outside draws nothing. A slot is covered as a
	// whole or not at all: one that does not fit what is left draws nothing. The
	// records must reach back to where the quarter begins. Zero: no limit.
	//
	// Where time is removed, windows and hours draw it instead, be the resource
	// up or down in them.
	Allowance Budget `json:"allowance,omitempty"`

	// First forgives before Downtime.Lasting is tested, so that only the rest
	// of an outage must last. Zero: the outage is tested as it happened.
	First bool `json:"first,omitempty"`

	// Removed takes the time that was set aside, be the resource up or down in
	// it, and the outages that are forgiven, out of what is due, as far as the
	// allowance reaches. Such exclusions act before those that only forgive, and
	// what they remove draws no allowance of these. The loss of a slot of which a
	// part is removed remains the mean over the slot as a whole, in which nothing
	// was lost in that part; by that mean the rest of it counts. With
	// [Calculation].Whole, time outside the life of a resource is due also where
	// it was set aside. Zero: it remains due.
	Removed bool `json:"removed,omitempty"`
}

func (e Exclusion) clone() Exclusion {
	e.Causes, e.Hours = slices.Clone(e.Causes), slices.Clone(e.Hours)
	return e
}

// An exclusion is a compiled [Exclusion].
type exclusion struct {
	clause    string
	causes    []string // of outages that are forgiven as they stand
	hours     timetable
	notice    time.Duration
	anyNotice bool // not even an announcement is needed
	allowance allowance
	source    Exclusion
}

// exclusions reads the exclusions of a commitment, and returns them in the order
// in which they act.
func (c *compiler) exclusions(at path, t *commitment) []exclusion {
	var all []exclusion
	forgiven := map[string]bool{}
	for i, source := range t.source.Exclusions {
		allowance := at.key("exclusions").index(i).key("allowance")
		e := c.exclusion(at.key("exclusions").index(i), source, forgiven)
		if len(source.Hours) > 0 && t.source.Calculation.Zone == "" {
			c.fault(at.key("calculation").key("zone"), errors.New("missing; hours are told by the clocks of a zone"))
		}
		if source.Allowance != "" && t.measuring.outage && e.allowance.perPeriod() {
			c.fault(allowance, errors.New(`each outage is measured on its own; say "per outage" or "per 1mo"`))
		}
		if source.Allowance != "" && t.source.Downtime.Requests {
			c.fault(allowance, errors.New("an allowance is of time, and requests are counted"))
		}
		all = append(all, e)
	}
	slices.SortStableFunc(all, func(a, b exclusion) int { return b.rank() - a.rank() })
	return all
}

// exclusion reads an exclusion, and adds its causes to those that are forgiven
// already.
func (c *compiler) exclusion(at path, source Exclusion, forgiven map[string]bool) exclusion {
	e := exclusion{clause: at.pointer, source: source, hours: c.timetable(at.key("hours"), source.Hours)}
	if len(source.Causes) == 0 && len(source.Hours) == 0 {
		c.fault(at.key("causes"), errors.New("missing, and so are hours; it would forgive nothing"))
	}
	planned := false
	for i, cause := range source.Causes {
		c.label(at.key("causes").index(i), cause)
		switch {
		case cause == "":
			c.fault(at.key("causes").index(i), errors.New("empty; outages without a cause always count"))
		case forgiven[cause]:
			c.fault(at.key("causes").index(i), fmt.Errorf("%s is forgiven already", numeral.Shorten(cause)))
		}
		c.cause(at.key("causes").index(i), cause)
		forgiven[cause] = true
		planned = planned || cause == maintenance
		if cause != maintenance || source.Notice == "none" {
			e.causes = append(e.causes, cause)
		}
	}
	switch {
	case planned && source.Notice == "":
		c.fault(at.key("notice"), errors.New(`missing; maintenance needs one such as "24h", or "none"`))
	case source.Notice == "" || source.Notice == "none":
		e.anyNotice = true
	case len(source.Causes) == 0:
		c.fault(at.key("notice"), errors.New("hours that the agreement sets aside are not announced"))
	default:
		a, err := source.Notice.amount(length)
		c.fault(at.key("notice"), err)
		e.notice = time.Duration(a.value)
	}
	if source.Allowance != "" {
		var err error
		e.allowance, err = source.Allowance.allowance()
		c.fault(at.key("allowance"), err)
		switch {
		case source.First:
			c.fault(at.key("allowance"), errors.New("first acts on what may be too short to count, and would waste it"))
		case source.Removed && e.allowance.perOutage:
			c.fault(at.key("allowance"), errors.New(`what is removed draws as time that was set aside, not by outages; say "4h" or "4h per 1mo"`))
		}
	}
	return e
}

// english says what is excused.
func (e exclusion) english() []string {
	var parts []string
	notice := ", announced or not"
	if !e.anyNotice {
		notice = " announced at least " + inWords(e.source.Notice) + " ahead"
	}
	if slices.Contains(e.source.Causes, maintenance) {
		parts = append(parts, "downtime within maintenance windows"+notice)
	}
	if len(e.causes) > 0 {
		parts = append(parts, "outages caused by "+either(e.causes))
	}
	if others := slices.DeleteFunc(slices.Clone(e.causes), func(cause string) bool { return cause == maintenance }); len(others) > 0 && e.source.Notice != "" {
		set := "downtime within windows set aside for " + either(others)
		if !e.anyNotice {
			set += " and"
		}
		parts = append(parts, set+notice)
	}
	if len(e.source.Hours) > 0 {
		parts = append(parts, "downtime in the hours "+joinWords(e.source.Hours))
	}
	text := strings.Join(parts, "; ")
	if e.source.Allowance != "" {
		if len(parts) > 1 {
			text += "; together"
		} else {
			text += ","
		}
		text += " up to " + e.allowance.english(e.source.Allowance)
	}
	if e.source.First {
		text += ", before the length of an outage is tested"
	}
	if e.source.Removed {
		text += "; this time is not due"
	}
	return []string{"Excused: " + text + "."}
}

// words adds the causes.
func (e exclusion) words(add addWord) { add.all(CauseWord, e.source.Causes, e.clause+"/causes") }

// direct: an allowance is used up by what came before.
func (e exclusion) direct() bool { return !e.allowance.isSet() }

// rank orders exclusions by when they act: those that are First, and in each
// round those that remove before those that excuse, since what is outside draws
// no allowance, and of these the ones without an allowance of their own.
func (e exclusion) rank() int {
	rank := 0
	for _, before := range []bool{e.source.First, e.source.Removed, e.source.Removed && !e.allowance.isSet()} {
		rank *= 2
		if before {
			rank++
		}
	}
	return rank
}

// excusing returns the index of the exclusion that forgives outages of a
// cause, or −1.
func (c *commitment) excusing(cause string) int {
	return slices.IndexFunc(c.exclusions, func(e exclusion) bool { return slices.Contains(e.causes, cause) })
}

// planning returns the index of the exclusion under which time that was set
// aside forgives, or −1.
func (c *commitment) planning(m outage.Maintenance) int {
	return slices.IndexFunc(c.exclusions, func(e exclusion) bool {
		return slices.Contains(e.source.Causes, causeOf(m)) && (e.anyNotice || !m.Announced.IsZero() && m.Start.Sub(m.Announced) >= e.notice)
	})
}

// notice returns the notice under which time that was set aside for a cause
// forgives, and nothing if it never does.
func (c *commitment) notice(cause string) Quantity {
	for _, e := range c.exclusions {
		if slices.Contains(e.source.Causes, cause) {
			return e.source.Notice
		}
	}
	return ""
}

// maintenance is the cause of planned work, which needs a notice.
const maintenance = "maintenance"

// causeOf returns what time was set aside for.
func causeOf(m outage.Maintenance) string {
	if m.Cause == "" {
		return maintenance
	}
	return m.Cause
}
