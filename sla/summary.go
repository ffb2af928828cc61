package sla

import "time"

// A Summary is what a [Finding] decides, in figures and without its account. The
// finding itself is what [Fleet.Verdicts] returns for the same outages.
type Summary struct {
	Commitment int32 `json:"commitment"` // index into those of the agreement
	Period     int32 `json:"period"`     // index into those of the fleet

	// Row counts the rows of the table from 1 on: the one that gives, and 0
	// if none does. RowAtMost is the one that would give if the resource had
	// been down whenever nobody knows.
	Row       int32 `json:"row"`
	RowAtMost int32 `json:"rowAtMost"`

	Outcome Outcome `json:"outcome"`

	// Due, Down and DownAtMost are those of the [Measurement]. Where a
	// commitment counts time by the share that is lost they are floored, and
	// what is decided is exact.
	Due        time.Duration `json:"dueNanoseconds"`
	Down       time.Duration `json:"downNanoseconds"`
	DownAtMost time.Duration `json:"downAtMostNanoseconds"`

	// Unknown says that of some of the time nobody knows, also where that would
	// not count.
	Unknown bool `json:"unknown,omitempty"`
}

// Availability returns (Due − Down) / Due, and 0 if more was down than due. Where
// DownAtMost is more than Down it has two bounds, and its text shows both. It is
// undefined if nothing was due, or any of them is negative.
func (s Summary) Availability() Availability {
	return AvailabilityOf(s.Due, s.Down, s.DownAtMost, s.Unknown)
}
