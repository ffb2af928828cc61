package sla

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/outage"
)

// A Downtime says which moments count as down. Its terms act in the order of
// the fields.
type Downtime struct {
	// Causes are those of the outages that count, compared byte for byte with
	// those of the records: "network", "power". Zero: all outages count, also
	// those without a cause.
	Causes []string `json:"causes,omitempty"`

	// Starts are the marks of an outage at the latest of which its clock
	// starts: "start" (when it occurred), "reported", or the name of one of
	// its [outage.Outage] marks, such as "ticket". The clock of an outage that
	// lacks one of them has not started, and the outage does not count. A mark
	// before the start of the record starts the clock there all the same, and
	// the time up to the start is down; where it is never to run before, name
	// "start" beside the mark. Zero: "start".
	Starts []string `json:"starts,omitempty"`

	// Ends are the marks at the earliest of which the clock stops: "end" (when
	// the outage was over), "reported", or the name of a mark. The clock of an
	// outage that has none of them still runs at the as-of instant; if the
	// records are complete and have none, that is an error. A mark after the
	// end of the record stops the clock there and not before, unless "end" is
	// named beside it. Zero: "end".
	Ends []string `json:"ends,omitempty"`

	// Slot lays time on a grid: the loss of a slot is the mean of what was lost
	// in it, and the slot counts as a whole or not at all. Zero: no grid, to the
	// nanosecond.
	Slot Slot `json:"slot,omitempty"`

	// Requests takes the loss of a slot from [outage.Traffic] records, as the
	// requests that failed in it out of all, and not from outages. A slot
	// without requests lost nothing; one of which nobody knows a part may have
	// lost everything. What an exclusion sets aside forgives the failures of
	// windows that lie wholly in it; their requests remain among all.
	Requests bool `json:"requests,omitempty"`

	// MinRequests is the least number of requests in a slot that can be down.
	MinRequests int64 `json:"minRequests,omitempty"`

	// Loss is the lost share from which on a moment or a slot is down: "over
	// 5%", "at least 5%", "exactly 100%". Zero: any loss.
	Loss Range `json:"loss,omitempty"`

	// Weighted counts what is down by the share that is lost. Zero: in full.
	Weighted bool `json:"weighted,omitempty"`

	// Lasting is how long an outage must last to count: "over 5m", "at least
	// 5m". It then counts whole, a shorter one not at all. The length is that
	// of the outage as it happened, before anything is excused and however
	// many billing periods it touches. Zero: any length.
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
}

// downtime reads what counts.
func (c *compiler) downtime(at path, source Downtime) downtime {
	d := downtime{clause: at.pointer, source: source}
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

// english says what counts as down.
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

// ofMarks returns one mark, or several after what is taken of them.
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

// english says which moments and slots are down, and by how much.
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
	if d.source.Requests {
		add(TrafficWord, "", d.clause+"/requests")
	}
}

// direct: every outage counts as it is, from its start to its end, if all is
// lost.
func (d downtime) direct() bool {
	only := func(marks []string, plain string) bool {
		return len(marks) == 0 || len(marks) == 1 && marks[0] == plain
	}
	return len(d.causes) == 0 && only(d.starts, "start") && only(d.ends, "end") &&
		d.passes(loss{lost: everything}) && d.grid.isZero() && d.lasting <= 1 && !d.source.Weighted
}

// anyLoss admits every loss.
var anyLoss = interval{after(0), percentTop}

// passes reports whether a loss is enough to be down.
func (d *downtime) passes(l loss) bool {
	if l.exact == nil {
		at := before(l.lost * percentPerLost)
		return d.loss.from <= at && at < d.loss.to
	}
	// The loss lies on or after the bound, which is the only one.
	v, after := d.loss.from.value()
	bound := big.NewRat(v, 100*percentUnits)
	order := l.exact.Cmp(bound)
	return order > 0 || order == 0 && !after
}

// lasts reports whether an outage is long enough to count.
func (d *downtime) lasts(w outage.Window) bool { return w.Length() >= d.lasting }

// reach returns how far from a moment lies what else can decide whether it counts,
// beside the slots of its day.
func (d *downtime) reach() time.Duration { return d.lasting }

// clock returns when the clock of an outage ran: from the latest of the marks
// that start it to the earliest of those that stop it. It returns the mark
// that is missing if the clock never started, and whether it goes on after the
// as-of instant.
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

// mark returns an instant of an outage, or zero if it is not known.
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
