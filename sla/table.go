package sla

// A Tier is a row of the table of credits: it gives Plus once, and Give for
// each step of what was measured.
//
// Rows are either nested, each with one bound ("below 99.95%", "below 99.0%"),
// or banded, each with two ("at least 99.0%, below 99.95%", and the last
// without its lower one). They may not be mixed, and may leave no hole: the
// first begins where the promise is broken, the last reaches down to 0 %. All
// are in the unit of the promise; for downtime and outages more is worse, and
// so "over 1h" comes before "over 2h".
type Tier struct {
	// When is where the row holds: an availability, a downtime or a number of
	// outages, as the promise is. Zero: whenever the promise is broken.
	When Range `json:"when,omitempty"`

	// Give is what the row gives: a share of the fee, "10%"; service time,
	// "1d", or months of it, "1mo", each of which is the base once more; a
	// multiple of the price of the downtime, "50x"; or a sum, "20USD".
	Give Quantity `json:"give"`

	// Per gives that for each step: of downtime, "full 30m"; of availability
	// lost, "started 0.1%"; or of outages that ended, "full 1". The steps are
	// counted on the whole measured period together. Zero: once.
	Per Step `json:"per,omitempty"`

	// Beyond counts steps and multiples only on what lies beyond the start of
	// the row, and not from the first moment.
	Beyond bool `json:"beyond,omitempty"`

	// Plus is given once on top, and may be whatever Give may be.
	Plus Quantity `json:"plus,omitempty"`
}

// A Gap says who takes the values that no row of a table holds, or two do.
type Gap string

// The closed set of gaps besides the zero value, under which a table with such
// values is an error. The neighbour that is milder than the first row gives
// nothing, and where the last row leaves out the worst values it is the milder
// one.
const (
	Milder  Gap = "milder"
	Severer Gap = "severer"
)
