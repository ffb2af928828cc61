package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/slacredit/slacredit/credit"
)

// columns are those of the charges, in their order. The last may be left out.
var columns = []string{"customer", "id", "resource", "amount", "currency", "kind"}

// required is how many of the columns may not be left out.
const required = 5

// bills reads a CSV of charges and yields the charges of one customer after
// the other. A bad row yields an error and is left out; what is not CSV, and a
// file without a row, end the walk.
func bills(r io.Reader) iter.Seq2[credit.Bill, error] {
	return func(yield func(credit.Bill, error) bool) {
		rows := csv.NewReader(r)
		header, err := rows.Read()
		if err == nil {
			header[0] = strings.TrimPrefix(header[0], "\uFEFF") // a byte order mark
			if !slices.Equal(header, columns) && !slices.Equal(header, columns[:required]) {
				err = fmt.Errorf("line 1: want the columns %s, in this order, and perhaps %s", strings.Join(columns[:required], ","), columns[required])
			}
		}
		any := false
		var bill credit.Bill
		done := map[string]bool{} // customers whose rows are over
		for err == nil {
			var row []string
			if row, err = rows.Read(); err != nil {
				break
			}
			any = true
			line, _ := rows.FieldPos(0)
			if row[0] != bill.Customer && len(bill.Charges) > 0 {
				if !yield(bill, nil) {
					return
				}
				done[bill.Customer] = true
				bill = credit.Bill{}
			}
			bill.Customer = row[0]
			amount, bad := credit.ParseMoney(row[4] + " " + row[3])
			switch {
			case done[row[0]]:
				bad = fmt.Errorf("customer %q comes again after another; keep the lines of a customer together", row[0])
			case bad == nil && amount.Sign() < 0:
				bad = fmt.Errorf("amount: %v is negative", amount)
			}
			if bad != nil {
				if !yield(credit.Bill{}, fmt.Errorf("charges: line %d: %w", line, bad)) {
					return
				}
				continue
			}
			charge := credit.Charge{ID: row[1], Resource: row[2], Amount: amount}
			if len(row) > required {
				charge.Kind = row[required]
			}
			bill.Charges = append(bill.Charges, charge)
		}
		switch {
		case !errors.Is(err, io.EOF):
			yield(credit.Bill{}, fmt.Errorf("charges: %w", err))
		case len(bill.Charges) > 0:
			yield(bill, nil)
		case !any:
			yield(credit.Bill{}, errors.New("charges: no rows"))
		}
	}
}

// mostFaults bounds how many faults are told apart.
const mostFaults = 100

// checkCharges reports the faults of a file of charges: the first hundred, and
// how many there are beyond.
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
