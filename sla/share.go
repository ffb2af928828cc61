package sla

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/span"
)

// A Share is an exact part of a whole, as text: "0.25", or where no decimal
// number is exact, "1/3". The empty Share is the whole.
type Share string

// shareOf returns a part of a whole.
func shareOf(part *big.Rat) Share {
	if part.Cmp(whole) == 0 {
		return ""
	}
	return Share(numeral.FormatRatio(part))
}

var whole = big.NewRat(1, 1)

// Rat returns the part of 1 that s is. It is an error if s is not such a text,
// or not from 0 to 1.
func (s Share) Rat() (*big.Rat, error) {
	if s == "" {
		return new(big.Rat).Set(whole), nil
	}
	part, err := numeral.ParseRatio(string(s))
	if err == nil && (part.Sign() < 0 || part.Cmp(whole) > 0) {
		err = fmt.Errorf("%s is not from 0 to 1", numeral.Shorten(string(s)))
	}
	if err != nil {
		return nil, fmt.Errorf("sla: reading a share: %w", err)
	}
	return part, nil
}

// A span of time that need not be a whole number of nanoseconds.
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

// MarshalText writes t as lengths of time are written, "20m", and where it is
// no whole number of nanoseconds, as a fraction of seconds: "1/3s".
func (t exactTime) MarshalText() ([]byte, error) {
	if t.rest == nil {
		return span.Text(t.ns).MarshalText()
	}
	return []byte(numeral.FormatRatio(t.rat().Quo(t.rat(), oneSecond)) + "s"), nil
}

// UnmarshalText reads what MarshalText writes.
func (t *exactTime) UnmarshalText(text []byte) error {
	var whole span.Text
	err := whole.UnmarshalText(text)
	if err == nil {
		*t = exactTime{ns: time.Duration(whole)}
		return nil
	}
	seconds, found := strings.CutSuffix(string(text), "s")
	r, ratioErr := numeral.ParseRatio(seconds)
	if !found || ratioErr != nil || r.Sign() < 0 || r.Mul(r, oneSecond).Cmp(new(big.Rat).SetInt64(math.MaxInt64)) > 0 {
		return err
	}
	*t = exactly(r)
	return nil
}

var oneSecond = big.NewRat(int64(time.Second), 1)
