package issue

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/internal/apportion"
	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/fault"
	"github.com/slacredit/slacredit/internal/label"
	"github.com/slacredit/slacredit/internal/strictjson"
)

// Apply applies a credit to an invoice. Amount is the credit, and open is the
// unpaid amount of the invoice. It returns the part of the credit that the
// invoice takes and the part that is carried over to the next invoice; they sum
// to the credit. It is an error if either argument is below zero or their
// currencies differ.
func Apply(amount, open credit.Money) (applied, carried credit.Money, err error) {
	a, err := ApplyLines([]credit.Line{{ID: "invoice", Share: amount, Open: open}})
	if err != nil {
		return credit.Money{}, credit.Money{}, err
	}
	return a.Applied, a.Carried, nil
}

// An Application is the result of applying a credit to the lines of an invoice.
type Application struct {
	Lines   []AppliedLine `json:"lines,omitempty"` // in the order of the given lines
	Applied credit.Money  `json:"applied"`         // the sum that the lines took
	Spilled credit.Money  `json:"spilled"`         // the part of Applied that lines took for lines without enough open
	Carried credit.Money  `json:"carried"`         // the remainder for the next invoice
}

// An AppliedLine is a line with the amount that it took. If the amount is less
// than the line's share, the rest spilled over to other lines or is carried. If
// the amount is more, the line took it for other lines.
type AppliedLine struct {
	credit.Line
	Applied credit.Money `json:"applied"`
}

// ApplyLines applies the shares of a credit to lines. Each line first takes as
// much of its own share as is open on it. The remainder is split over the lines
// with room, in proportion to their room and by largest remainder, so no line
// takes more than is open. Any amount still left is carried. Applied and
// Carried sum to the shares.
//
// If lines have faults, the error lists all of them: an ID that is missing or
// comes twice, an amount below zero, or two currencies.
func ApplyLines(lines []credit.Line) (Application, error) {
	a, err := applyLines(lines)
	if err != nil {
		return Application{}, fmt.Errorf("issue: applying to lines: %w", err)
	}
	return a, nil
}

func applyLines(lines []credit.Line) (Application, error) {
	if err := checkLines(lines); err != nil {
		return Application{}, err
	}
	var a Application
	var left, room, sum credit.Money
	rooms := make([]exact.Number, len(lines))
	for i, l := range lines {
		applied := lesser(l.Share, l.Open)
		a.Lines = append(a.Lines, AppliedLine{l, applied})
		rooms[i] = exact.Int(l.Open.MinorUnits() - applied.MinorUnits())
		var errs [3]error
		sum, errs[0] = sum.Add(l.Share)
		left, errs[1] = addRest(left, l.Share, applied)
		room, errs[2] = addRest(room, l.Open, applied)
		if err := errors.Join(errs[:]...); err != nil {
			return Application{}, err
		}
	}
	var errs [3]error
	a.Spilled = lesser(left, room)
	a.Carried, errs[0] = left.Sub(a.Spilled)
	a.Applied, errs[1] = sum.Sub(a.Carried)
	taken, err := apportion.Split(a.Spilled.MinorUnits(), rooms)
	for i, minor := range taken {
		more, err := credit.MoneyFromMinor(minor, a.Spilled.Currency())
		if err == nil {
			a.Lines[i].Applied, err = a.Lines[i].Applied.Add(more)
		}
		errs[2] = errors.Join(errs[2], err)
	}
	return a, errors.Join(err, errors.Join(errs[:]...))
}

// lesser returns the lesser of two amounts in one currency.
func lesser(m, n credit.Money) credit.Money {
	if n.MinorUnits() < m.MinorUnits() {
		return n
	}
	return m
}

// addRest returns sum + amount − part.
func addRest(sum, amount, part credit.Money) (credit.Money, error) {
	rest, err := amount.Sub(part)
	if err != nil {
		return credit.Money{}, err
	}
	return sum.Add(rest)
}

func checkLines(lines []credit.Line) error {
	var f fault.List
	seen := map[string]bool{}
	currency := ""
	for i, l := range lines {
		if i == 0 {
			currency = l.Share.Currency()
		}
		at := fmt.Sprintf("lines[%d]", i)
		if problem := label.Missing(l.ID); problem != "" {
			f.Add("%s: id: %s", at, problem)
		} else if seen[l.ID] {
			f.Add("%s: id: %s comes twice", at, l.ID)
		}
		seen[l.ID] = true
		f.Amount(at+": share", l.Share, currency, credit.ErrCurrencyMismatch)
		f.Amount(at+": open", l.Open, currency, credit.ErrCurrencyMismatch)
	}
	return f.Err()
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

// UnmarshalJSON reads the output of [Application.MarshalJSON]. It is an error
// if an amount does not follow from the lines.
func (a *Application) UnmarshalJSON(data []byte) error {
	var doc applicationDocument
	err := strictjson.UnmarshalDocument(data, &doc, &doc.Format, ApplicationFormat)
	if err == nil {
		err = Application(doc.application).check()
	}
	if err != nil {
		return fmt.Errorf("issue: reading an application: %w", err)
	}
	*a = Application(doc.application)
	return nil
}

// check applies the lines again and compares.
func (a Application) check() error {
	lines := make([]credit.Line, len(a.Lines))
	for i, l := range a.Lines {
		lines[i] = l.Line
	}
	want, err := applyLines(lines)
	if err != nil {
		return err
	}
	for i, l := range want.Lines {
		if a.Lines[i] != l {
			return fmt.Errorf("lines[%d]: applied: %v, but the lines give %v", i, a.Lines[i].Applied, l.Applied)
		}
	}
	if a.Applied != want.Applied || a.Spilled != want.Spilled || a.Carried != want.Carried {
		return fmt.Errorf("%v applied, %v spilled and %v carried, but the lines give %v, %v and %v",
			a.Applied, a.Spilled, a.Carried, want.Applied, want.Spilled, want.Carried)
	}
	return nil
}
