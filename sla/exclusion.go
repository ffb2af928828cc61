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

// An Exclusion excuses downtime (step 7). It sets aside the outages of its
// causes, all moments inside its hours, and all moments inside maintenance
// windows of its causes that were announced in time, as far as its allowance
// reaches. Losses and slots are then computed again without that time. Downtime
// that was lost before and is no longer lost is excused:
//
//	excused = down before − down after
//
// So a moment still counts if it is covered by another outage that counts, or by
// one whose own exclusion has no allowance left. A slot still counts if the rest
// of its losses is enough.
//
// Exclusions act in their order, except that those with First act before step 6,
// and those with Removed before the others.
type Exclusion struct {
	// Causes are the causes of outages that are excused, compared byte for byte
	// with those of the records. A moment still counts if another outage covers
	// it that loses enough to count and has a cause that is not excused.
	//
	// They also select [outage.Maintenance] records of these causes: every moment
	// inside such a window that was announced in time is excused, whatever the
	// reason for the outage. The cause of a record that names none is
	// "maintenance". A cause that differs from "maintenance" only by a letter, by
	// case or by a hyphen is an error.
	Causes []string `json:"causes,omitempty"`

	// Hours are excused by the agreement itself, by the clocks of
	// [Calculation].Zone: every moment inside them is excused. Zero: none.
	// Causes, hours or both are required.
	Hours []Hours `json:"hours,omitempty"`

	// Notice is how long before its start maintenance must be announced: "24h",
	// or "none" if that does not matter. It is required with the cause
	// "maintenance". With a notice, an outage of that cause is excused only
	// inside announced windows; with "none" it is excused as it is. Windows of
	// other causes need no notice: Zero is then "none".
	Notice Quantity `json:"notice,omitempty"`

	// Allowance is the most time that is excused: "10h" in each measured period,
	// "10h per 3mo" in each calendar quarter (or 1mo, 6mo, 12mo), "10m per
	// outage". Zero: no limit.
	//
	// Downtime uses up the allowance by its length, whatever share of it is lost,
	// the earliest first. It uses the allowance if it would count for more
	// without this exclusion: beside the exclusions before it alone, or beside
	// those after it too, as if these had no limit. Once the allowance is used
	// up, the exclusion excuses nothing more in that period, quarter or outage.
	// Time outside the period, the lifetime or the service hours uses nothing. A
	// slot is covered as a whole or not at all: one that is longer than the rest
	// of the allowance counts and uses nothing, and a later one may fit. The
	// records must reach back to the start of the quarter.
	//
	// With Removed, windows and hours use up the allowance instead, whether the
	// resource was up or down in them.
	Allowance Cap `json:"allowance,omitempty"`

	// First excuses before Downtime.Lasting is tested, so that only the rest of an
	// outage must last. Zero: the outage is tested as it happened.
	First bool `json:"first,omitempty"`

	// Removed subtracts excused windows and excused outages from the time due,
	// even where the resource was up, as far as the allowance reaches. Such
	// exclusions act before those that only excuse, and time that they remove
	// uses no allowance of the others.
	//
	// If a part of a slot is removed, the loss of the slot is still the mean over
	// the whole slot, with no loss in that part; that mean decides whether the
	// rest of the slot counts. With [Calculation].Whole, time outside the
	// lifetime of a resource remains due even inside such windows. Zero: the time
	// remains due.
	Removed bool `json:"removed,omitempty"`
}

func (e Exclusion) clone() Exclusion {
	e.Causes, e.Hours = slices.Clone(e.Causes), slices.Clone(e.Hours)
	return e
}

// An exclusion is a compiled [Exclusion].
type exclusion struct {
	clause    string
	causes    []string // of outages that are excused as they are
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
	excused := map[string]bool{}
	for i, source := range t.source.Exclusions {
		allowance := at.key("exclusions").index(i).key("allowance")
		e := c.exclusion(at.key("exclusions").index(i), source, excused)
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

// exclusion reads one exclusion, and adds its causes to those that are already
// excused.
func (c *compiler) exclusion(at path, source Exclusion, excused map[string]bool) exclusion {
	e := exclusion{clause: at.pointer, source: source, hours: c.timetable(at.key("hours"), source.Hours)}
	if len(source.Causes) == 0 && len(source.Hours) == 0 {
		c.fault(at.key("causes"), errors.New("missing, and so are hours; it would excuse nothing"))
	}
	planned := false
	for i, cause := range source.Causes {
		c.label(at.key("causes").index(i), cause)
		switch {
		case cause == "":
			c.fault(at.key("causes").index(i), errors.New("empty; outages without a cause always count"))
		case excused[cause]:
			c.fault(at.key("causes").index(i), fmt.Errorf("%s is excused already", numeral.Shorten(cause)))
		}
		c.cause(at.key("causes").index(i), cause)
		excused[cause] = true
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

// english states what is excused.
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

// direct reports whether no allowance can be used up by earlier downtime.
func (e exclusion) direct() bool { return !e.allowance.isSet() }

// rank orders exclusions by when they act. Those with First come first. In each
// round, those that remove come before those that excuse, because removed time uses
// no allowance; and of these, the ones without an allowance come first.
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

// excusing returns the index of the exclusion that excuses outages of a cause, or
// −1.
func (c *commitment) excusing(cause string) int {
	return slices.IndexFunc(c.exclusions, func(e exclusion) bool { return slices.Contains(e.causes, cause) })
}

// planning returns the index of the exclusion under which a maintenance window
// excuses, or −1.
func (c *commitment) planning(m outage.Maintenance) int {
	return slices.IndexFunc(c.exclusions, func(e exclusion) bool {
		return slices.Contains(e.source.Causes, causeOf(m)) && (e.anyNotice || !m.Announced.IsZero() && m.Start.Sub(m.Announced) >= e.notice)
	})
}

// notice returns the notice that windows of a cause need, and nothing if they never
// excuse.
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

// causeOf returns the cause of a maintenance window.
func causeOf(m outage.Maintenance) string {
	if m.Cause == "" {
		return maintenance
	}
	return m.Cause
}
