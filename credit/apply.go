package credit

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"

	"github.com/slacredit/slacredit/internal/strictjson"
)

// Apply returns how much of an amount an invoice takes of which so much is
// still open, and what is carried over to the next. They sum to the amount.
// Either below zero, and two currencies, are errors.
func Apply(amount, open Money) (applied, carried Money, err error) {
	a, err := ApplyLines([]Line{{ID: "invoice", Share: amount, Open: open}})
	if err != nil {
		return Money{}, Money{}, err
	}
	return a.Applied, a.Carried, nil
}

// A Line is a line of an invoice to which a credit is applied.
type Line struct {
	ID    string `json:"id"`    // one line each
	Share Money  `json:"share"` // what of the credit is for the line, as the amount of a [Part]; not negative
	Open  Money  `json:"open"`  // the most that the line takes; not negative
}

// An Application says how a credit was applied to the lines of an invoice.
type Application struct {
	Lines   []AppliedLine `json:"lines,omitempty"` // in the order of the lines
	Applied Money         `json:"applied"`         // what the lines took
	Spilled Money         `json:"spilled"`         // of that, what lines took for others, which had not enough open
	Carried Money         `json:"carried"`         // what is left for the next invoice
}

// An AppliedLine is a line with what it took. If that is less than its share,
// the rest spilled over to others or is carried; if it is more, the line took
// it for others.
type AppliedLine struct {
	Line
	Applied Money `json:"applied"`
}

// ApplyLines applies the shares of a credit to lines. Each line takes of its own
// share what it can. What is left is split over the lines with room, in
// proportion to their room and by largest remainder, so that no line takes more
// than is open; and what then is left is carried. What was applied and what is
// carried sum to the shares.
//
// All faults of the lines are reported together: an ID that is missing or
// comes twice, an amount below zero, two currencies.
func ApplyLines(lines []Line) (Application, error) {
	a, err := applyLines(lines)
	if err != nil {
		return Application{}, fmt.Errorf("credit: applying to lines: %w", err)
	}
	return a, nil
}

func applyLines(lines []Line) (Application, error) {
	if err := checkLines(lines); err != nil {
		return Application{}, err
	}
	var a Application
	var left, room, sum Money
	rooms := make([]*big.Rat, len(lines))
	for i, l := range lines {
		applied := l.Share
		applied.minor = min(l.Share.minor, l.Open.minor)
		a.Lines = append(a.Lines, AppliedLine{l, applied})
		rooms[i] = new(big.Rat).SetInt64(l.Open.minor - applied.minor)
		var errs [3]error
		sum, errs[0] = sum.Add(l.Share)
		left, errs[1] = left.Add(Money{l.Share.minor - applied.minor, l.Share.currency})
		room, errs[2] = room.Add(Money{l.Open.minor - applied.minor, l.Open.currency})
		if err := errors.Join(errs[:]...); err != nil {
			return Application{}, err
		}
	}
	a.Spilled = Money{min(left.minor, room.minor), left.currency}
	a.Carried = Money{left.minor - a.Spilled.minor, left.currency}
	a.Applied = Money{sum.minor - a.Carried.minor, sum.currency}
	taken, err := split(a.Spilled, rooms)
	for i := range taken {
		a.Lines[i].Applied.minor += taken[i].minor
	}
	return a, err
}

func checkLines(lines []Line) error {
	var f faults
	seen := map[string]bool{}
	currency := ""
	for i, l := range lines {
		if i == 0 {
			currency = l.Share.Currency()
		}
		at := fmt.Sprintf("lines[%d]", i)
		if problem := name(l.ID); problem != "" {
			f.add("%s: id: %s", at, problem)
		} else if seen[l.ID] {
			f.add("%s: id: %s comes twice", at, l.ID)
		}
		seen[l.ID] = true
		f.amount(at+": share", l.Share, currency)
		f.amount(at+": open", l.Open, currency)
	}
	return errors.Join(f...)
}

// ApplicationFormat is the format version of an application's JSON.
const ApplicationFormat = "slacredit/application/1"

type application Application // without methods

type applicationDocument struct {
	Format string `json:"format"`
	application
}

// MarshalJSON writes a with its format version.
func (a Application) MarshalJSON() ([]byte, error) {
	return json.Marshal(applicationDocument{ApplicationFormat, application(a)})
}

// UnmarshalJSON reads what [Application.MarshalJSON] writes. Amounts that do
// not follow from the lines are an error.
func (a *Application) UnmarshalJSON(data []byte) error {
	var doc applicationDocument
	err := strictjson.UnmarshalDocument(data, &doc, &doc.Format, ApplicationFormat)
	if err == nil {
		err = Application(doc.application).check()
	}
	if err != nil {
		return fmt.Errorf("credit: reading an application: %w", err)
	}
	*a = Application(doc.application)
	return nil
}

// check applies the lines anew.
func (a Application) check() error {
	lines := make([]Line, len(a.Lines))
	for i, l := range a.Lines {
		lines[i] = l.Line
	}
	want, err := applyLines(lines)
	if err != nil {
		return err
	}
	for i, l := range want.Lines {
		if a.Lines[i] != l {
			return fmt.Errorf("lines[%d]: applied: %v is not what the lines give, %v", i, a.Lines[i].Applied, l.Applied)
		}
	}
	if a.Applied != want.Applied || a.Spilled != want.Spilled || a.Carried != want.Carried {
		return fmt.Errorf("%v applied, %v spilled, %v carried are not what the lines give, %v, %v and %v",
			a.Applied, a.Spilled, a.Carried, want.Applied, want.Spilled, want.Carried)
	}
	return nil
}
