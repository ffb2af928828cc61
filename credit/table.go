package credit

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
)

// WriteCSV writes the account of the statement as CSV: a header, and one row
// for each step of [Statement.Account], in its order. The format is RFC 4180,
// with line feeds at the ends of lines. The columns are
//
//	customer, first_day, last_day, zone   of the statement: the customer, and the days of the billing period
//	step, subject, text, value            as in [Entry]; the value is text with its unit
//	start, end                            of the stretch of time, in UTC, RFC 3339; the end is exclusive
//	records                               their IDs, separated by a comma and a space
//	clause                                JSON pointer into the agreement
//
// The table is for people and spreadsheets, and nothing reads it back; programs
// should read the JSON. A spreadsheet may treat a cell that starts with "=",
// "+", "-" or "@" as a formula. Names come from outside, so import the columns
// as text. The only errors are those of w.
func (s Statement) WriteCSV(w io.Writer) error {
	rows := csv.NewWriter(w)
	rows.Write([]string{"customer", "first_day", "last_day", "zone", "step", "subject", "text", "value", "start", "end", "records", "clause"})
	for _, step := range s.Account() {
		var start, end string
		if !step.Window.IsEmpty() {
			start, end = step.Window.Start().Format(time.RFC3339Nano), step.Window.End().Format(time.RFC3339Nano)
		}
		rows.Write([]string{
			s.Customer, s.Period.First().String(), s.Period.Last().String(), s.Period.Zone(),
			strconv.Itoa(step.Number), step.Subject, step.Text, step.Value, start, end, strings.Join(step.Records, ", "), step.Clause,
		})
	}
	rows.Flush()
	if err := rows.Error(); err != nil {
		return fmt.Errorf("credit: writing the account for %s: %w", numeral.Shorten(s.Customer), err)
	}
	return nil
}
