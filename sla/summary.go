package sla

import "time"

// A Summary is what a [Finding] decides, in figures and without its account. The
// finding itself is what [Fleet.Verdicts] returns for the same outages.
type Summary struct {
	Commitment, Period int32 // indices into those of the agreement and of the fleet

	// Row counts the rows of the table from 1 on: the one that gives, and 0
	// if none does. RowAtMost is the one that would give if the resource had
	// been down whenever nobody knows.
	Row, RowAtMost int32

	Outcome Outcome

	// Due, Down and DownAtMost are those of the [Measurement]. Where a
	// commitment counts time by the share that is lost they are floored, and
	// what is decided is exact.
	Due, Down, DownAtMost time.Duration
}

// Availability returns (Due − Down) / Due, and 0 if more was down than due.
func (s Summary) Availability() Availability { return availability(s.Due, exactTime{ns: s.Down}) }
