package sla

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/span"
)

// An exactTime is a length of time that need not be a whole number of
// nanoseconds.
type exactTime struct {
	ns   time.Duration // floored
	rest *big.Rat      // what is left of a nanosecond; nil for nothing
}

// exactly returns a number of nanoseconds that is not negative.
func exactly(ns *big.Rat) exactTime {
	floor, rest := new(big.Int).QuoRem(ns.Num(), ns.Denom(), new(big.Int))
	t := exactTime{ns: time.Duration(floor.Int64())}
	if rest.Sign() > 0 {
		t.rest = new(big.Rat).SetFrac(rest, ns.Denom())
	}
	return t
}

// equal reports whether t and u are the same length.
func (t exactTime) equal(u exactTime) bool {
	if t.rest == nil || u.rest == nil {
		return t.ns == u.ns && t.rest == u.rest
	}
	return t.ns == u.ns && t.rest.Cmp(u.rest) == 0
}

// ceil returns t rounded up to a nanosecond.
func (t exactTime) ceil() time.Duration {
	if t.rest != nil {
		return t.ns + 1
	}
	return t.ns
}

// rat returns t in nanoseconds.
func (t exactTime) rat() *big.Rat {
	r := new(big.Rat).SetInt64(int64(t.ns))
	if t.rest != nil {
		r.Add(r, t.rest)
	}
	return r
}

// number returns t in nanoseconds.
func (t exactTime) number() exact.Number { return exact.Int(int64(t.ns)).Add(exact.Of(t.rest)) }

// MarshalText returns the text of [timeText].
func (t exactTime) MarshalText() ([]byte, error) { return []byte(timeText(t.rat())), nil }

// UnmarshalText reads what MarshalText writes.
func (t *exactTime) UnmarshalText(text []byte) error {
	ns, err := parseTime(string(text))
	if err == nil && (ns.Sign() < 0 || ns.Cmp(new(big.Rat).SetInt64(math.MaxInt64)) > 0) {
		err = fmt.Errorf("%s is not from nothing to 292 years", numeral.Shorten(string(text)))
	}
	if err == nil {
		*t = exactly(ns)
	}
	return err
}

var oneSecond = big.NewRat(int64(time.Second), 1) // never written to

// timeText returns an exact number of nanoseconds as lengths of time are
// written, "124h10m", and where it is no whole number of them or longer than
// 292 years in seconds, as a fraction where no decimal number suffices: "1/3s".
func timeText(ns *big.Rat) string {
	if ns.IsInt() && ns.Num().IsInt64() {
		return span.String(time.Duration(ns.Num().Int64()))
	}
	return numeral.FormatRatio(new(big.Rat).Quo(ns, oneSecond)) + "s"
}

// parseTime reads what [timeText] writes.
func parseTime(text string) (*big.Rat, error) {
	var plain span.Text
	err := plain.UnmarshalText([]byte(text))
	if err == nil {
		return new(big.Rat).SetInt64(int64(plain)), nil
	}
	seconds, found := strings.CutSuffix(text, "s")
	ns, ratioErr := numeral.ParseRatio(seconds)
	if !found || ratioErr != nil || timeText(ns.Mul(ns, oneSecond)) != text {
		return nil, err
	}
	return ns, nil
}
