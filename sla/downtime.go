package sla

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
)

// A Downtime states which moments count as down. Its terms act in the order of the
// fields.
type Downtime struct {
	// Causes are the causes of outages that count (step 2), compared byte for byte
	// with those of the records: "network", "power". Zero: all outages count, also
	// those without a cause. At each moment the largest loss counts.
	Causes []string `json:"causes,omitempty"`

	// Starts are marks of an outage; its clock starts at the latest of them (step
	// 2): "start" (when it occurred), "reported", or the name of an
	// [outage.Outage] mark, such as "ticket". An outage that lacks one of the
	// marks does not count. A mark before the start of the record starts the
	// clock at the mark, and the time up to the start is down. To prevent that,
	// name "start" beside the mark. Zero: "start".
	Starts []string `json:"starts,omitempty"`

	// Ends are marks of an outage; its clock stops at the earliest of them (step
	// 2): "end" (when it was over), "reported", or the name of a mark. The clock
	// of an outage that has none of the marks still runs at the as-of instant; if
	// the records are complete, that is an error. A mark after the end of the
	// record stops the clock at the mark. To prevent that, name "end" beside the
	// mark. Zero: "end".
	Ends []string `json:"ends,omitempty"`

	// Slot lays time on a grid (step 4). The loss of a slot is the mean of the
	// losses in it, and the slot counts as a whole or not at all. Zero: no grid;
	// time counts to the nanosecond.
	Slot Slot `json:"slot,omitempty"`

	// Requests takes the loss of a slot from [outage.Traffic] records instead of
	// outages: failed requests divided by all requests in the slot. A slot
	// without requests has no loss. A slot that is partly unobserved may have
	// lost everything. Failed requests are excused if the window of their record
	// lies entirely within excused time; they still count toward all requests.
	Requests bool `json:"requests,omitempty"`

	// MinRequests is the least number of requests in a slot that can be down.
	MinRequests int64 `json:"minRequests,omitempty"`

	// Loss is the share that must be lost for a moment or a slot to be down (step
	// 4): "over 5%", "at least 5%", "exactly 100%". Zero: any loss.
	Loss Range `json:"loss,omitempty"`

	// Weighted counts downtime by the share that is lost (step 10). Zero: in full.
	Weighted bool `json:"weighted,omitempty"`

	// Lasting is how long an outage must last to count (step 6): "over 5m", "at
	// least 5m". A long enough outage counts as a whole, a shorter one not at
	// all. The length is that of the outage as it happened: before anything is
	// excused, across billing periods, and beyond the lifetime of the resource. A
	// deleted member of a group still counts toward the length while it loses
	// something. Zero: any length.
	Lasting Range `json:"lasting,omitempty"`
}

func (d Downtime) clone() Downtime {
	d.Causes, d.Starts, d.Ends = slices.Clone(d.Causes), slices.Clone(d.Starts), slices.Clone(d.Ends)
	return d
}

// A downtime is a compiled [Downtime].
type downtime struct {
	clause  string
	source  Downtime
	causes  []string      // of outages that count; none: all
	starts  []string      // marks; none: the start
	ends    []string      // marks; none: the end
	loss    interval      // of the lost share, in percent
	grid    grid          // zero: none
	lasting time.Duration // the least length of an outage that counts

	weighted    bool                                 // it counts by the share that is lost
	requests    bool                                 // the share is that of failed requests
	minRequests int64                                // in a slot that counts
	agreed      struct{ slot, loss, lasting string } // as the agreement states them
}

// downtime reads which moments count as down.
func (c *compiler) downtime(at path, source Downtime) downtime {
	d := downtime{clause: at.pointer, source: source, weighted: source.Weighted, requests: source.Requests, minRequests: source.MinRequests}
	d.agreed.slot, d.agreed.loss, d.agreed.lasting = string(source.Slot), string(source.Loss), string(source.Lasting)
	d.causes = c.words(at.key("causes"), source.Causes)
	for i, cause := range source.Causes {
		c.cause(at.key("causes").index(i), cause)
	}
	d.starts = c.words(at.key("starts"), source.Starts, "end")
	d.ends = c.words(at.key("ends"), source.Ends, "start")
	d.loss = c.lower(at.key("loss"), source.Loss, percent, percentTop)
	var err error
	if source.Slot != "" {
		d.grid, err = source.Slot.grid()
		c.fault(at.key("slot"), err)
	}
	switch {
	case source.Requests && source.Slot == "":
		c.fault(at.key("slot"), errors.New(`missing; requests are counted over slots, such as "5m" or "period"`))
	case source.Slot == "period" && !source.Requests:
		c.fault(at.key("slot"), errors.New("period is for requests"))
	case source.Slot == "period" && source.Lasting != "":
		c.fault(at.key("lasting"), errors.New("says nothing; the only slot is as long as the period"))
	}
	for _, f := range []struct {
		name string
		set  bool
	}{{"causes", len(source.Causes) > 0}, {"starts", len(source.Starts) > 0}, {"ends", len(source.Ends) > 0}} {
		if source.Requests && f.set {
			c.fault(at.key(f.name), errors.New("is of outages, and requests are counted"))
		}
	}
	if source.MinRequests < 0 {
		c.fault(at.key("minRequests"), errors.New("negative"))
	}
	if source.MinRequests > 0 && !source.Requests {
		c.fault(at.key("minRequests"), errors.New("no requests are counted"))
	}
	d.lasting = c.lower(at.key("lasting"), source.Lasting, length, lengthTop).least()
	return d
}

// english states what counts as down.
func (d downtime) english() []string {
	var s sentences
	if len(d.causes) > 0 {
		s.say("Only outages caused by %s count.", either(d.causes))
	}
	if d.starts != nil || d.ends != nil {
		s.say("The clock of an outage runs from %s to %s.", ofMarks("the latest of ", d.starts, "start"), ofMarks("the earliest of ", d.ends, "end"))
	}
	if d.source.Slot != "" || d.source.Loss != "" || d.source.Weighted {
		s.say("%s", d.source.english())
	}
	if lasting := d.source.Lasting; lasting != "" {
		s.say("An outage counts only if it lasts %s, and then as a whole.", inWords(lasting))
	}
	return s
}

// ofMarks returns one mark, or the latest or earliest of several.
func ofMarks(taken string, marks []string, otherwise string) string {
	if len(marks) == 0 {
		marks = []string{otherwise}
	}
	names := make([]string, len(marks))
	for i, name := range marks {
		switch name {
		case "start", "end":
			names[i] = "its " + name
		case "reported":
			names[i] = "its report"
		default:
			names[i] = "its mark " + name
		}
	}
	if len(names) == 1 {
		return names[0]
	}
	return taken + both(names)
}

// english states which moments or slots are down, and by how much.
func (d Downtime) english() string {
	what, lost := "A moment", "its loss"
	if d.Slot != "" {
		size, origin, anchored := strings.Cut(string(d.Slot), " from ")
		what, lost = "Each slot of "+inWords(size), "its mean loss"
		if anchored {
			what += ", counted from " + origin + ","
		}
	}
	if d.Slot == "period" {
		what = "Each period"
	}
	if d.Requests {
		lost = "the share of its requests that failed"
	}
	how := "fully down"
	if d.Weighted {
		how = "down by " + lost
	}
	var conditions []string
	switch {
	case d.Loss != "" && d.Weighted:
		conditions = append(conditions, "that is "+inWords(d.Loss))
	case d.Loss != "" && d.Requests:
		conditions = append(conditions, inWords(d.Loss)+" of its requests failed")
	case d.Loss != "":
		conditions = append(conditions, lost+" is "+inWords(d.Loss))
	case d.Weighted:
	case d.Requests:
		conditions = append(conditions, "any of its requests failed")
	default:
		conditions = append(conditions, "anything is lost in it")
	}
	if d.MinRequests > 0 {
		conditions = append(conditions, fmt.Sprintf("it has at least %d requests", d.MinRequests))
	}
	text := what + " counts as " + how
	if len(conditions) > 0 {
		text += " if " + both(conditions)
	}
	return text + "."
}

// words adds the causes and marks of outages, and traffic.
func (d downtime) words(add addWord) {
	add.all(CauseWord, d.causes, d.clause+"/causes")
	add.all(MarkWord, d.starts, d.clause+"/starts")
	add.all(MarkWord, d.ends, d.clause+"/ends")
	if d.requests {
		add(TrafficWord, "", d.clause+"/requests")
	}
}

// direct reports whether every outage counts as it is, from its start to its end,
// if everything is lost.
func (d downtime) direct() bool {
	only := func(marks []string, plain string) bool {
		return len(marks) == 0 || len(marks) == 1 && marks[0] == plain
	}
	return len(d.causes) == 0 && only(d.starts, "start") && only(d.ends, "end") &&
		d.passes(loss{lost: everything}) && d.grid.isZero() && d.lasting <= 1 && !d.weighted
}

// anyLoss admits every loss.
var anyLoss = interval{after(0), percentTop}

// passes reports whether a loss is large enough to be down.
func (d *downtime) passes(l loss) bool {
	if l.exact.IsZero() {
		at := before(l.lost * percentPerLost)
		return d.loss.from <= at && at < d.loss.to
	}
	// The loss lies on or after the bound, which is the only one.
	v, after := d.loss.from.value()
	order := l.exact.Cmp(exact.New(v, 100*percentUnits))
	return order > 0 || order == 0 && !after
}

// lasts reports whether an outage is long enough to count.
func (d *downtime) lasts(w outage.Window) bool { return w.Length() >= d.lasting }

// reach returns the distance from a moment within which other time can decide
// whether the moment counts, beside the slots of its day.
func (d *downtime) reach() time.Duration { return d.lasting }

// clock returns when the clock of an outage ran: from the latest of its start marks
// to the earliest of its end marks. If the clock never started, it returns the
// missing mark. It also returns whether the clock runs on after the as-of instant.
func (d *downtime) clock(o outage.Outage, asOf time.Time) (ran outage.Window, goesOn bool, missing string, err error) {
	from, to := o.Start, o.End
	for i, name := range d.starts {
		at := mark(o, name)
		if at.IsZero() {
			return outage.Window{}, false, name, nil
		}
		if i == 0 || at.After(from) {
			from = at
		}
	}
	for i, name := range d.ends {
		at := mark(o, name)
		if i == 0 {
			to = at
		} else if !at.IsZero() && (to.IsZero() || at.Before(to)) {
			to = at
		}
	}
	if goesOn = !asOf.IsZero() && (to.IsZero() || to.After(asOf)); goesOn {
		to = asOf
	}
	if to.IsZero() {
		return outage.Window{}, false, "", fmt.Errorf("outage %s: its clock never stops, as it has no mark %s and the records are complete",
			numeral.Shorten(o.ID), strings.Join(d.ends, " or "))
	}
	ran, err = outage.NewWindow(from, to)
	return ran, goesOn, "", err
}

// mark returns an instant of an outage, or zero if it is unknown.
func mark(o outage.Outage, name string) time.Time {
	switch name {
	case "start":
		return o.Start
	case "end":
		return o.End
	case "reported":
		return o.Reported
	}
	return o.Marks[name]
}
