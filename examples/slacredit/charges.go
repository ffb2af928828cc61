package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// columns are the columns of charges, in their order. Those of further may follow in any
// order.
var (
	columns = []string{"customer", "id", "resource", "amount", "currency"}
	further = []string{"kind", "cycle", "start", "end"}
)

// bills reads charges as CSV and yields a bill for each customer, in their order. For a
// bad row it yields an error and leaves the row out. A text that is not CSV and a file
// without rows end the walk with an error.
func bills(r io.Reader) iter.Seq2[credit.Bill, error] {
	return func(yield func(credit.Bill, error) bool) {
		bounded := newRowReader(r)
		rows := csv.NewReader(bounded)
		line := 0 // the last line that was read
		header, err := rows.Read()
		if err == nil {
			header[0] = strings.TrimPrefix(header[0], "\uFEFF") // a byte order mark
			err, line = checkHeader(header), 1
		}
		any := false
		var bill credit.Bill
		done := map[string]bool{} // customers whose rows are over
		for err == nil {
			bounded.next()
			var row []string
			if row, err = rows.Read(); err != nil {
				break
			}
			any = true
			line, _ = rows.FieldPos(0)
			if row[0] != bill.Customer && len(bill.Charges) > 0 {
				if !yield(bill, nil) {
					return
				}
				done[bill.Customer] = true
				bill = credit.Bill{}
			}
			bill.Customer = row[0]
			charge, bad := chargeOf(header, row)
			if done[row[0]] {
				bad = fmt.Errorf("customer %s comes again after another; keep the lines of a customer together", quoted(row[0]))
			}
			if bad != nil {
				if !yield(credit.Bill{}, fmt.Errorf("charges: line %d: %w", line, bad)) {
					return
				}
				continue
			}
			bill.Charges = append(bill.Charges, charge)
		}
		switch {
		case errors.Is(err, errLongRow):
			yield(credit.Bill{}, fmt.Errorf("charges: %w", longRow(line)))
		case !errors.Is(err, io.EOF):
			yield(credit.Bill{}, fmt.Errorf("charges: %w", err))
		case len(bill.Charges) > 0:
			yield(bill, nil)
		case !any:
			yield(credit.Bill{}, errors.New("charges: no rows"))
		}
	}
}

// checkHeader reports columns that charges do not have.
func checkHeader(header []string) error {
	n := len(columns)
	ok := len(header) >= n && slices.Equal(header[:n], columns)
	for i, name := range header[min(n, len(header)):] {
		ok = ok && slices.Contains(further, name) && !slices.Contains(header[n:n+i], name)
	}
	if !ok {
		return fmt.Errorf("line 1: want the columns %s, in this order, and then perhaps %s", strings.Join(columns, ","), strings.Join(further, ","))
	}
	return nil
}

// chargeOf returns the charge of a row.
func chargeOf(header, row []string) (credit.Charge, error) {
	field := func(name string) string {
		if i := slices.Index(header, name); i >= 0 {
			return row[i]
		}
		return ""
	}
	c := credit.Charge{ID: row[1], Resource: row[2], Kind: field("kind")}
	var err error
	if c.Amount, err = credit.ParseMoney(row[4] + " " + row[3]); err != nil {
		return c, err
	}
	if cycle := field("cycle"); cycle != "" {
		if c.Cycle, err = strconv.Atoi(cycle); err != nil {
			return c, fmt.Errorf("cycle: %s is not a whole number", quoted(cycle))
		}
	}
	if start, end := field("start"), field("end"); start+end != "" {
		if c.Window, err = outage.ParseWindow(start + "/" + end); err != nil {
			if _, bad := calendar.ParseDate(end); bad == nil { // it may be the last day or the day after
				err = fmt.Errorf("end: %q is a day; write the instant at which the time that is paid for is over, as 2014-06-01T00:00:00Z for the end of May", end)
			}
			return c, err
		}
	}
	return c, nil
}

// mostFaults is the number of faults that are listed at most.
const mostFaults = 100

// checkCharges returns the faults of a file of charges: the first hundred, and the number
// of the others.
func checkCharges(r io.Reader) error {
	var faults []error
	more := 0
	for _, err := range bills(r) {
		switch {
		case err == nil:
		case len(faults) < mostFaults:
			faults = append(faults, err)
		default:
			more++
		}
	}
	if more > 0 {
		faults = append(faults, fmt.Errorf("charges: and %d more", more))
	}
	return errors.Join(faults...)
}
