package sla

import (
	"fmt"
	"slices"
	"time"

	"github.com/slacredit/slacredit/internal/enum"
	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/internal/strictjson"
	"github.com/slacredit/slacredit/outage"
)

// A Piece is a stretch of a period over which one reason holds.
type Piece struct {
	Window outage.Window `json:"window"`
	State  State         `json:"state"`

	// Share is the part of the stretch that is in the state. ShareAtMost is the part
	// that is down if the resource was down in all unobserved time. The rest was up.
	// They differ from the whole only where a commitment counts time by the share
	// that is lost. ShareAtMost is empty if it is the same as Share.
	Share       Share `json:"share,omitempty"`
	ShareAtMost Share `json:"shareAtMost,omitempty"`

	Records []string `json:"records,omitempty"` // IDs of the records behind it, by start, outages first
	Clause  string   `json:"clause,omitempty"`  // JSON pointer to the clause that decides, where one does
	Reason  Reason   `json:"reason,omitzero"`   // zero where the resource was up without any outage

	// Also are further reasons: why no exclusion excuses downtime, or the other
	// causes for which it is excused.
	Also []Reason `json:"also,omitempty"`
}

// Length returns how long the stretch is in its state: all of it, or where the
// commitment counts by the share that is lost, that share of it, floored to the
// nanosecond. It is 0 if Share is not a share.
func (p Piece) Length() time.Duration {
	if p.Share == "" {
		return p.Window.Length()
	}
	share, err := p.Share.number()
	if err != nil {
		return 0
	}
	return floor(share.Mul(nanoseconds(p.Window.Length())))
}

// Notable reports whether the stretch has a reason or is not up.
func (p Piece) Notable() bool { return p.State != Up || p.Reason != Reason{} }

// Why returns in words why the stretch is in its state, with all reasons. Where the
// commitment counts time by the share that is lost, it includes the share.
func (p Piece) Why() string {
	text := sayAll(p.Reason, p.Also)
	if p.Share == "" {
		return text
	}
	return fmt.Sprintf("%s, counts by %s of %s", text, p.Share, span.String(p.Window.Length()))
}

// check reports a reason that does not explain the state.
func (p Piece) check() error {
	if p.Reason == (Reason{}) && p.State != Up {
		return fmt.Errorf("reason: missing, where the state is %v", p.State)
	}
	if got := p.Reason.state(); got != p.State {
		return fmt.Errorf("reason: %s is one for time that is %v, not %v", p.Reason.Code(), got, p.State)
	}
	return nil
}

// shares returns the part of the stretch that is in its state, and the part that is
// down at most.
func (p Piece) shares() (share, atMost exact.Number, err error) {
	share, err = p.Share.number()
	if err != nil {
		return share, atMost, strictjson.Field("share", err)
	}
	switch {
	case p.State != Down && p.State != Unknown:
		return share, exact.Number{}, nil
	case p.ShareAtMost == "":
		return share, share, nil
	}
	atMost, err = p.ShareAtMost.number()
	return share, atMost, strictjson.Field("shareAtMost", err)
}

// A State is one of the five parts of a period.
type State int

// The closed set of states.
const (
	Up State = iota
	Down
	Excused
	Unknown
	Outside
)

var stateNames = enum.Of("sla", "State", "up", "down", "excused", "unknown", "outside")

// String returns the state as a word.
func (s State) String() string { return stateNames.String(int(s)) }

// MarshalText returns the word of [State.String]; any other state is an error.
func (s State) MarshalText() ([]byte, error) { return stateNames.MarshalText(int(s)) }

// UnmarshalText reads what [State.String] writes.
func (s *State) UnmarshalText(text []byte) error {
	v, err := stateNames.Parse(string(text))
	if err == nil {
		*s = State(v)
	}
	return err
}

// pieces cuts a window wherever the state or its reason can change.
func (m assessment) pieces(w outage.Window) []Piece {
	v, edges := m.explainer(w)
	pieces := make([]Piece, 0, len(edges)-1)
	for i := 1; i < len(edges); i++ {
		piece := v.at(edges[i-1])
		piece.Window = between(edges[i-1], edges[i])
		pieces = appendPiece(pieces, piece)
	}
	if len(pieces) < cap(pieces)/2 {
		return slices.Clone(pieces) // which are kept
	}
	return pieces
}

// appendPiece appends a piece, or adds it to the last one if only the window
// differs.
func appendPiece(pieces []Piece, p Piece) []Piece {
	if i := len(pieces) - 1; i >= 0 {
		last := &pieces[i]
		same := last.State == p.State && last.Share == p.Share && last.ShareAtMost == p.ShareAtMost
		if same && last.Clause == p.Clause && last.Reason == p.Reason && slices.Equal(last.Also, p.Also) && sameTexts(last.Records, p.Records) {
			last.Window = outage.MustWindow(last.Window.Start(), p.Window.End())
			return pieces
		}
	}
	return append(pieces, p)
}
