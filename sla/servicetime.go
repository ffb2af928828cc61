package sla

import (
	"fmt"
	"math/big"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/numeral"
)

// A ServiceTime is an exact time of service, of any length and never negative.
// The zero ServiceTime is none.
type ServiceTime struct{ ns exact.Number }

// Nanoseconds returns the exact number of nanoseconds.
func (s ServiceTime) Nanoseconds() *big.Rat { return s.ns.Rat() }

// IsZero reports whether s is none.
func (s ServiceTime) IsZero() bool { return s.ns.IsZero() }

// Equal reports whether s and t are the same time; == does not.
func (s ServiceTime) Equal(t ServiceTime) bool { return s.ns.Equal(t.ns) }

// String returns s as lengths of time are written, "124h10m", and where it is
// no whole number of nanoseconds or longer than 292 years in seconds, as a
// fraction where no decimal number suffices: "1/3s".
func (s ServiceTime) String() string { return timeText(s.ns) }

// MarshalText returns the text of [ServiceTime.String].
func (s ServiceTime) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what [ServiceTime.String] writes.
func (s *ServiceTime) UnmarshalText(text []byte) error {
	ns, err := parseTime(string(text))
	if err != nil || ns.Sign() < 0 {
		return fmt.Errorf("sla: %s is not a time of service such as 2h29m", numeral.Shorten(string(text)))
	}
	*s = ServiceTime{ns}
	return nil
}
