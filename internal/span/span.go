// Package span writes lengths of time for people and for JSON.
package span

import (
	"fmt"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
)

// A Text is a length of time that is written and read as text.
type Text time.Duration

// String returns d in hours, minutes and seconds without units that are zero
// at the end: "744h", "22m19.2s", "0s". [time.ParseDuration] reads it back.
func String(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// MarshalText returns the text of [String].
func (t Text) MarshalText() ([]byte, error) { return []byte(String(time.Duration(t))), nil }

// UnmarshalText reads what [String] writes and no other spelling of it.
func (t *Text) UnmarshalText(text []byte) error {
	d, err := time.ParseDuration(string(text))
	if err != nil || String(d) != string(text) {
		return fmt.Errorf("%s is not a length of time such as 2h29m", numeral.Shorten(string(text)))
	}
	*t = Text(d)
	return nil
}
