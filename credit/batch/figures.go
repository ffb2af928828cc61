package batch

import (
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/sla"
)

// Figures contains the figures of a statement on one agreement and period, as
// whole numbers and without the account. Figures hold no pointers, so the
// results of millions of customers fit in one slice.
type Figures struct {
	Commitment int32 `json:"commitment"` // index into the commitments of the agreement
	Period     int32 `json:"period"`     // index into the periods of the fleet

	// Findings is the number of findings. If it is not one, the figures of time
	// and rows are zero, and Outcome is the worst of the findings. The worst is
	// missed, then undecided, then met. Outcome is none if nothing was
	// measured.
	Findings int32       `json:"findings"`
	Outcome  sla.Outcome `json:"outcome"`

	// Row is the number of the row that gives, from 1, or 0 if none does.
	// RowAtMost is the row that would give if the resource had been down in all
	// unobserved time. Both are zero for verdicts of [Extra.Judge].
	Row       int32 `json:"row"`
	RowAtMost int32 `json:"rowAtMost"`

	// Due, Down and DownAtMost are those of the [sla.Measurement], in
	// nanoseconds. If a commitment counts time by the share that is lost, they
	// are floored; the decisions use the exact values.
	Due        time.Duration `json:"dueNanoseconds"`
	Down       time.Duration `json:"downNanoseconds"`
	DownAtMost time.Duration `json:"downAtMostNanoseconds"`

	// Credit is the Total of the statement, and CreditAtMost is its
	// TotalAtMost, in minor units of the currency of the fee. Both are zero if
	// nothing was priced, as by [Fleet.Judge].
	Credit       int64 `json:"creditMinor"`
	CreditAtMost int64 `json:"creditAtMostMinor"`

	// Unknown says that some of the time is unobserved, even if that time would
	// not count.
	Unknown bool `json:"unknown,omitempty"`

	// Provisional says that the statement is provisional. Failed says that
	// there is no statement because the customer could not be settled; all
	// figures are then zero.
	Provisional bool `json:"provisional,omitempty"`
	Failed      bool `json:"failed,omitempty"`

	// WithoutBreach says that the statement gives a credit, or a part of one,
	// although no promise was broken.
	WithoutBreach bool `json:"withoutBreach,omitempty"`
}

// Availability returns (Due − Down) / Due, and 0 if Down exceeds Due. If
// DownAtMost exceeds Down it has two bounds, and its text shows both. It is
// undefined if Due is zero, or if any of the three is negative.
func (f Figures) Availability() sla.Availability {
	return sla.AvailabilityOf(f.Due, f.Down, f.DownAtMost, f.Unknown)
}

// priced returns f with the totals of a statement.
func (f Figures) priced(s credit.Statement) Figures {
	f.Credit, f.CreditAtMost = s.Total.MinorUnits(), s.TotalAtMost.MinorUnits()
	f.Provisional, f.WithoutBreach = len(s.Provisional) > 0, s.WithoutBreach()
	return f
}
