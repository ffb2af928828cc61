package sla

import (
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/slacredit/slacredit/internal/enum"
	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/internal/strictjson"
	"github.com/slacredit/slacredit/outage"
)

// A Piece is a stretch of a period over which one reason holds.
type Piece struct {
	Window outage.Window `json:"window"`
	State  State         `json:"state"`

	// Share is the part of the stretch that is in the state, and ShareAtMost
	// the part that would be down if the resource had been down whenever
	// nobody knows; what is between them and the whole was up. They differ from
	// the whole only where a commitment counts time by the share that is lost.
	// ShareAtMost is empty where it says nothing more.
	Share       Share `json:"share,omitempty"`
	ShareAtMost Share `json:"shareAtMost,omitempty"`

	Records []string `json:"records,omitempty"` // IDs of the records behind it, by start, outages first
	Clause  string   `json:"clause,omitempty"`  // JSON pointer to the clause that decides, where one does
	Reason  Reason   `json:"reason,omitzero"`   // zero where the resource was up and no outage speaks of it

	// Also are further reasons: why no exclusion excuses what is down, or the
	// other causes for which something is excused.
	Also []Reason `json:"also,omitempty"`
}

// Length returns how long the stretch is in its state: all of it, or where the
// commitment counts by the share that is lost, that share of it, floored to the
// nanosecond. It is 0 if Share is not a share.
func (p Piece) Length() time.Duration {
	if p.Share == "" {
		return p.Window.Length()
	}
	share, err := p.Share.Rat()
	if err != nil {
		return 0
	}
	return exactly(share.Mul(share, new(big.Rat).SetInt64(int64(p.Window.Length())))).ns
}

// Notable reports whether there is anything to say of the stretch: not where
// the resource was up, and no outage speaks of it.
func (p Piece) Notable() bool { return p.State != Up || p.Reason != Reason{} }

// Why says in words why the stretch is in its state, with all reasons, and where
// the commitment counts by the share that is lost, by how much.
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

// shares returns the parts of the stretch that are in its state, and that would
// be down at most.
func (p Piece) shares() (share, atMost *big.Rat, err error) {
	share, err = p.Share.rat()
	if err != nil {
		return nil, nil, strictjson.Field("share", err)
	}
	switch {
	case p.State != Down && p.State != Unknown:
		return share, new(big.Rat), nil
	case p.ShareAtMost == "":
		return share, share, nil
	}
	atMost, err = p.ShareAtMost.rat()
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
func (m weighed) pieces(w outage.Window) []Piece {
	v, edges := m.view(w)
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
