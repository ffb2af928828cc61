package sla

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/span"
)

// Exact lengths of time are numbers of nanoseconds that need not be whole.

// nanoseconds returns a whole number of nanoseconds.
func nanoseconds(d time.Duration) exact.Number { return exact.Int(int64(d)) }

// floor returns a number of nanoseconds, rounded down to a whole number.
func floor(ns exact.Number) time.Duration {
	whole, _ := ns.Floor()
	return time.Duration(whole)
}

// ceil returns a number of nanoseconds, rounded up to a whole number.
func ceil(ns exact.Number) time.Duration { return -floor(ns.Neg()) }

// An exactTime is the text of an exact number of nanoseconds in a document.
type exactTime struct{ ns exact.Number }

// MarshalText returns the text of [timeText].
func (t exactTime) MarshalText() ([]byte, error) { return []byte(timeText(t.ns)), nil }

// UnmarshalText reads what MarshalText writes.
func (t *exactTime) UnmarshalText(text []byte) error {
	ns, err := parseTime(string(text))
	if err == nil && (ns.Sign() < 0 || ns.Cmp(exact.Int(math.MaxInt64)) > 0) {
		err = fmt.Errorf("%s is not from nothing to 292 years", numeral.Shorten(string(text)))
	}
	if err == nil {
		*t = exactTime{ns}
	}
	return err
}

var oneSecond = nanoseconds(time.Second)

// timeText returns an exact number of nanoseconds as lengths of time are
// written, "124h10m", and where it is no whole number of them or longer than
// 292 years in seconds, as a fraction where no decimal number suffices: "1/3s".
func timeText(ns exact.Number) string {
	if whole, in := ns.Floor(); in && ns.IsInt() {
		return span.String(time.Duration(whole))
	}
	return numeral.FormatRatio(ns.Quo(oneSecond).Rat()) + "s"
}

// parseTime reads what [timeText] writes.
func parseTime(text string) (exact.Number, error) {
	var plain span.Text
	err := plain.UnmarshalText([]byte(text))
	if err == nil {
		return nanoseconds(time.Duration(plain)), nil
	}
	number, found := strings.CutSuffix(text, "s")
	seconds, ratioErr := numeral.ParseRatio(number)
	ns := exact.Of(seconds).Mul(oneSecond)
	if !found || ratioErr != nil || timeText(ns) != text {
		return exact.Number{}, err
	}
	return ns, nil
}
