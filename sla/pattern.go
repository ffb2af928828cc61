package sla

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/term"
)

// A Pattern is a history under one commitment: a number of broken promises,
// outages or hours within some time. The zero Pattern is one period in which the
// promise was broken.
//
//	{Count: 3, Within: "3cycles"}                  three consecutive periods
//	{Count: 3, Within: "12mo"}                     any three in twelve months
//	{Each: "below 95%"}                            one period below 95 %
//	{Each: "over 8h", Count: 5, Within: "30d"}     five long outages in thirty days
//	{Total: "over 24h", Within: "30d"}             24 h of downtime in thirty days
//	{Total: "below 99.5%", Within: "3cycles"}      the mean of three periods
type Pattern struct {
	// Each selects what counts: "below 99%" selects periods with such an
	// availability, "over 8h" outages of such a length. Zero: periods in which
	// the promise was broken. It has one bound, so that worse values count too.
	// An outage counts where it ends. A period in which nothing was due does not
	// count.
	Each Range `json:"each,omitempty"`

	// Count is the number of them that is required, up to 1000. Zero: one.
	Count int `json:"count,omitempty"`

	// Within is the time in which they must lie, as a whole number. "3cycles" is
	// a number of consecutive measured periods. "12mo" selects the periods that
	// begin and end within that number of calendar months, and always the last
	// one. Two periods of thirty days up to March 2 take longer than two months,
	// and are not within "2mo".
	//
	// For outages and downtime it may also be a length, "30d" or "48h", with days
	// of 24 hours: any stretch of time of that length, without its last moment.
	// Zero: no limit.
	Within Quantity `json:"within,omitempty"`

	// Total, instead of Each and Count, is about everything in that time
	// together: the downtime, "over 24h", or the mean availability of the
	// periods, "below 99.5%", in which each period has the same weight.
	Total Range `json:"total,omitempty"`
}

// maxTimes bounds the Count of a pattern.
const maxTimes = 1000

// A pattern is a compiled [Pattern].
type pattern struct {
	by     unit          // percent: periods, length: outages or downtime, count: broken promises
	below  cut           // which availabilities count
	least  time.Duration // which lengths do
	times  int           // 0: all together
	within term.Term
	length time.Duration // of within, where it is a stretch of time and not periods
}

// pattern reads a pattern.
func (c *compiler) pattern(at path, source Pattern) pattern {
	p := pattern{by: count, times: max(source.Count, 1)}
	field, r := "each", source.Each
	if source.Total != "" {
		field, r, p.times = "total", source.Total, 0
		if source.Each != "" {
			c.fault(at.key("each"), errors.New("total says what counts already"))
		}
		if source.Count != 0 {
			c.fault(at.key("count"), errors.New("total is of everything together"))
		}
	}
	if r != "" {
		c.counted(at.key(field), r, &p)
	}
	if source.Count < 0 || source.Count > maxTimes {
		c.fault(at.key("count"), fmt.Errorf("%d is not 1 to %d", source.Count, maxTimes))
	}
	c.fault(at.key("within"), p.readWithin(source.Within))
	return p
}

// counted reads which periods, outages or downtime count toward a pattern.
func (c *compiler) counted(at path, r Range, p *pattern) {
	p.by = r.unit()
	if p.by == length {
		p.least = c.lower(at, r, length, lengthTop).least()
		return
	}
	i, err := r.interval(percent, percentTop)
	switch {
	case p.by == count || r.bare():
		err = fmt.Errorf("%s is a number; want an availability of periods such as %q, or a length of outages such as %q", numeral.Shorten(string(r)), "below 99%", "over 8h")
	case err != nil:
	case i.from != 0:
		err = fmt.Errorf("%s has a lower end, and what is worse would not count", numeral.Shorten(string(r)))
	case i.to == percentTop:
		err = fmt.Errorf("%s always holds", numeral.Shorten(string(r)))
	}
	c.fault(at, err)
	p.below = i.to
}

// readWithin reads the time in which a pattern must lie.
func (p *pattern) readWithin(q Quantity) error {
	units := []string{"mo", "cycles"}
	if p.by == length {
		units = []string{"h", "d", "mo", "cycles"}
	}
	switch {
	case q == "" && p.times == 0 && p.by == percent:
		return errors.New("missing; want the periods of the mean, such as 3cycles or 12mo")
	case q == "":
		return nil
	case p.times == 1:
		return errors.New("says nothing; one is enough")
	}
	within, err := term.Parse(string(q), units...)
	switch {
	case err != nil:
		return err
	case within.N == 0:
		return fmt.Errorf("%s is no time at all", numeral.Shorten(string(q)))
	case p.by != length && within.Unit == "cycles" && within.N < p.times:
		return fmt.Errorf("%s can never have %d of them", numeral.Shorten(string(q)), p.times)
	}
	p.within = within
	switch within.Unit {
	case "h":
		p.length = time.Duration(within.N) * time.Hour
	case "d":
		p.length = time.Duration(within.N) * day
	}
	return nil
}

// english returns a pattern in words.
func (p pattern) english(source Pattern) string {
	within := ""
	switch {
	case p.within == (term.Term{}):
	case p.within == (term.Term{N: p.times, Unit: "cycles"}) && p.by != length:
		within = " in a row"
	default:
		within = " within " + p.within.English()
	}
	each := func(noun, one, more, rest string) string {
		if p.times == 1 {
			return noun + " " + one + rest
		}
		_, plural, _ := strings.Cut(noun, " ")
		return fmt.Sprintf("%d %ss%s %s%s", p.times, plural, within, more, rest)
	}
	switch {
	case p.times == 0 && p.by == length:
		return "downtime" + within + " adds up to " + inWords(source.Total)
	case p.times == 0:
		return "the mean availability of the billing periods" + within + " is " + inWords(source.Total)
	case p.by == length:
		return each("an outage", "lasts", "last", " "+inWords(source.Each))
	case p.by == percent:
		return each("a billing period", "has", "have", " an availability"+source.Each.of())
	}
	return each("a billing period", "breaks", "break", " the promise")
}
