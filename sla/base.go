package sla

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/label"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/term"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A Base states which charges make up the fee.
type Base struct {
	// Of names for readers what the fee is for, if that is more than the measured
	// resource: "region".
	Of string `json:"of,omitempty"`

	// By lists labels. The fee is the sum of all charges that have the same values
	// of these labels as the measured resource or group: "region", "account", or a
	// label that a resource shares with its dependents. If several measured
	// resources share the values, each credit is a share of the same fee. Zero: the
	// charges for the measured resource or group, by its name.
	By []string `json:"by,omitempty"`

	// Only lists the kinds of charges that count, and Without the kinds that do
	// not, as in "one-time". At most one of the two is given. Zero: all kinds
	// count.
	Only    []string `json:"only,omitempty"`
	Without []string `json:"without,omitempty"`

	// Window states the time for which charges count. Zero: the billing period.
	// It is required if something is priced by the fee and another period is
	// measured, such as a quarter: "measured", "billed", or one of the others.
	// With a calendar month it may be missing; then it is an error to judge a
	// billing period other than that month. An outage is not a period, and needs
	// no Window.
	Window FeeWindow `json:"window,omitempty"`

	// Length is the time that the fee pays for where service time is priced:
	// "30d". Zero: the length of Window, less the time in which the resource did
	// not live or was not charged for. It is required if Window is another
	// billing cycle.
	Length Quantity `json:"length,omitempty"`
}

func (b Base) clone() Base {
	b.By, b.Only, b.Without = slices.Clone(b.By), slices.Clone(b.Only), slices.Clone(b.Without)
	return b
}

// A FeeWindow states the time for which charges make up a fee. If the measured
// period is not the billing period, "billed" is the billing period with which it
// is judged, and "measured" the measured period itself.
//
// The fee of a longer period, such as a quarter billed by the month, is the sum
// over all its billing cycles in which the resource lived; a cycle without a
// charge is an error. The fee of a shorter period, such as a day, is the charge
// in proportion to its length. With three charges of 300.00 in a quarter of 91
// days and one day down, "1x" of "measured" is 900.00 ÷ 91 = 9.89 and "10%" is
// 90.00; of "billed" they are 10.00 and 30.00.
//
// Other windows need not be periods that are judged:
//
//   - "1cycle before" is the billing cycle before the judged one
//   - "1cycle after" is the billing cycle after it, for credits on the next renewal
//   - "30d trailing" are the days that end with the judged period
//   - "30d before outage" are the days that end as an outage begins, where each outage is
//     measured on its own
//
// A day has 24 hours.
//
// A fee by labels is the sum of all charges with the labels: time that any of
// them pays for is paid for, even if that charge is for another member.
type FeeWindow string

// maxFeeDays bounds the days of a fee's window.
const maxFeeDays = 3660

// A feeWindow is a parsed [FeeWindow]: a number of cycles after the judged one,
// or a length of time.
type feeWindow struct {
	cycles int
	length time.Duration
	outage bool // the length ends as the outage begins

	measured bool // that of what was measured, and not of the billing period
}

func (w FeeWindow) parse() (feeWindow, error) {
	switch w {
	case "", "billed":
		return feeWindow{}, nil
	case "measured":
		return feeWindow{measured: true}, nil
	case "1cycle before":
		return feeWindow{cycles: -1}, nil
	case "1cycle after":
		return feeWindow{cycles: 1}, nil
	}
	size, where, _ := strings.Cut(string(w), " ")
	t, err := term.Parse(size, "d")
	if outage := where == "before outage"; err == nil && t.N > 0 && t.N <= maxFeeDays && (outage || where == "trailing") {
		return feeWindow{length: time.Duration(t.N) * day, outage: outage}, nil
	}
	return feeWindow{}, fmt.Errorf("%s is not measured, billed, 1cycle before, 1cycle after, or up to %d days such as 30d trailing or 30d before outage", numeral.Shorten(string(w)), maxFeeDays)
}

// Over returns the time for which charges count if a period was judged and an
// outage or a period in it was measured. It returns a number of billing cycles
// after the judged one, or the window if that number is zero. It is an error if w is
// not a fee window, or if the window would begin before the year 1900.
func (w FeeWindow) Over(judged calendar.Period, measured outage.Window) (cycles int, window outage.Window, err error) {
	parsed, err := w.parse()
	end := judged.Window().End()
	if parsed.outage {
		end = measured.Start()
	}
	switch {
	case err != nil, parsed.cycles != 0:
	case parsed.measured && !measured.IsEmpty():
		window = measured
	case parsed.length == 0:
		window = judged.Window()
	default:
		window, err = outage.NewWindow(end.Add(-parsed.length), end)
	}
	if err != nil {
		return 0, outage.Window{}, fmt.Errorf("sla: window of a fee: %w", err)
	}
	return parsed.cycles, window, nil
}

// english returns in words the time for which charges count.
func (w FeeWindow) english() string {
	parsed, _ := w.parse()
	switch {
	case parsed.measured:
		return "the measured period"
	case w == "billed":
		return "the billing period"
	case parsed.cycles < 0:
		return "the billing cycle before the judged one"
	case parsed.cycles > 0:
		return "the billing cycle after the judged one"
	case parsed.outage:
		return "the " + inWords(strings.TrimSuffix(string(w), " before outage")) + " before the outage"
	}
	return "the " + inWords(strings.TrimSuffix(string(w), " trailing")) + " that end with the judged period"
}

// A priced states what is priced by a fee: a share of it, or service time.
type priced struct {
	byShare, byTime bool // a share of it, time of service
}

func (p priced) anything() bool { return p.byShare || p.byTime }

// A base is a compiled [Base].
type base struct {
	clause  string
	source  Base
	ofWhich bool // Window is missing for a calendar month, and something is priced by the fee
}

// base reads which charges make up the fee.
func (c *compiler) base(at path, source Base, by priced, t *commitment) base {
	if problem := label.Problem(source.Of); problem != "" {
		c.fault(at.key("of"), errors.New(problem))
	}
	if len(source.Only) > 0 && len(source.Without) > 0 {
		c.fault(at.key("without"), errors.New("only says which charges count already"))
	}
	c.words(at.key("by"), source.By)
	c.words(at.key("only"), source.Only)
	c.words(at.key("without"), source.Without)
	window := c.feeWindow(at.key("window"), source.Window, by, t.measuring)
	c.feeLength(at.key("length"), source.Length, by, window)
	return base{at.pointer, source, source.Window == "" && t.measuring.months == 1 && by.anything()}
}

// feeWindow reads the time for which charges count. A window before an outage
// needs outages that are measured on their own. If a period other than the
// billing period is measured and anything is priced by the fee, the window is
// required.
func (c *compiler) feeWindow(at path, source FeeWindow, by priced, m measuring) feeWindow {
	window, err := source.parse()
	switch {
	case err != nil:
	case window.outage && !m.outage:
		err = errors.New("nothing here is measured per outage")
	case source == "" && m.isPeriod() && m != measuring{months: 1} && by.anything():
		err = errors.New(`missing; what is measured is not the billing period: write "measured" for the fee of the time that is measured, or "billed" for that of the billing period with which it is judged`)
	}
	c.fault(at, err)
	return window
}

// feeLength checks the time that a fee pays for. It needs service time that is
// priced.
func (c *compiler) feeLength(at path, source Quantity, by priced, window feeWindow) {
	if source == "" {
		if by.byTime && window.cycles != 0 {
			c.fault(at, errors.New("missing; time of service is priced here, by the fee of another billing cycle"))
		}
		return
	}
	a, err := source.amount(length)
	switch {
	case err != nil:
	case a.value == 0:
		err = errors.New("no time at all")
	case !by.byTime:
		err = errors.New("says nothing; no time of service is priced here")
	}
	c.fault(at, err)
}

// english states which charges make up the fee, if that is not plain.
func (b base) english() []string {
	var s sentences
	if b.source.Of != "" {
		s.say("The fee is that of the %s.", b.source.Of)
	}
	if len(b.source.By) > 0 {
		s.say("The fee is the sum of all charges with the same %s.", both(b.source.By))
	}
	if b.source.Window != "" {
		s.say("The fee is what was charged for %s.", b.source.Window.english())
	}
	if len(b.source.Only) > 0 {
		s.say("Only charges of these kinds count: %s.", strings.Join(b.source.Only, ", "))
	}
	if len(b.source.Without) > 0 {
		s.say("Charges of these kinds do not count: %s.", strings.Join(b.source.Without, ", "))
	}
	if b.source.Length != "" {
		s.say("Service time is priced as if the fee paid for %s.", inWords(b.source.Length))
	}
	return s
}

// words adds the labels and the kinds of charges.
func (b base) words(add addWord) {
	add.all(LabelWord, b.source.By, b.clause+"/by")
	add.all(ChargeWord, b.source.Only, b.clause+"/only")
	add.all(ChargeWord, b.source.Without, b.clause+"/without")
}

// direct reports whether the fee is that of the resource itself.
func (b base) direct() bool { return len(b.source.By) == 0 }
