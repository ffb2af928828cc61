package batch

import (
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/sla"
)

// Figures are what a statement on one agreement comes to for one period, in whole
// numbers and without the account: millions of customers leave theirs in one
// slice.
type Figures struct {
	Commitment int32 `json:"commitment"` // index into those of the agreement
	Period     int32 `json:"period"`     // index into those of the fleet

	// Findings is how many there are. If it is not one, the figures of time and
	// of rows are zero, and Outcome is the worst: missed before undecided before
	// met, and none where nothing was measured.
	Findings int32       `json:"findings"`
	Outcome  sla.Outcome `json:"outcome"`

	// Row counts the rows of the table from 1 on: the one that gives, and 0
	// if none does. RowAtMost is the one that would give if the resource had
	// been down whenever nobody knows. Both are zero for verdicts that no fleet
	// made.
	Row       int32 `json:"row"`
	RowAtMost int32 `json:"rowAtMost"`

	// Due, Down and DownAtMost are those of the [sla.Measurement]. Where a
	// commitment counts time by the share that is lost they are floored, and
	// what is decided is exact.
	Due        time.Duration `json:"dueNanoseconds"`
	Down       time.Duration `json:"downNanoseconds"`
	DownAtMost time.Duration `json:"downAtMostNanoseconds"`

	// Credit is the total of the statement, and CreditAtMost its TotalAtMost, in
	// minor units of the currency of the fee. Both are zero where nothing was
	// priced, as by [Fleet.Judge].
	Credit       int64 `json:"creditMinor"`
	CreditAtMost int64 `json:"creditAtMostMinor"`

	// Unknown says that some of the time is unobserved, also where that would not
	// count.
	Unknown bool `json:"unknown,omitempty"`

	// Provisional says that the statement is. Failed says that there is none,
	// and all else is zero: the customer could not be settled.
	Provisional bool `json:"provisional,omitempty"`
	Failed      bool `json:"failed,omitempty"`

	// WithoutBreach says that of the statement: a credit, or a part of it, is for
	// what did not break a promise.
	WithoutBreach bool `json:"withoutBreach,omitempty"`
}

// Availability returns (Due − Down) / Due, and 0 if more was down than due. Where
// DownAtMost is more than Down it has two bounds, and its text shows both. It is
// undefined if nothing was due, or any of them is negative.
func (f Figures) Availability() sla.Availability {
	return sla.AvailabilityOf(f.Due, f.Down, f.DownAtMost, f.Unknown)
}

// priced returns f with what a statement comes to.
func (f Figures) priced(s credit.Statement) Figures {
	f.Credit, f.CreditAtMost = s.Total.MinorUnits(), s.TotalAtMost.MinorUnits()
	f.Provisional, f.WithoutBreach = len(s.Provisional) > 0, s.WithoutBreach()
	return f
}
