package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/sla"
)

// writerOf returns a function that writes statements in a format.
func writerOf(format string, out io.Writer) (func(credit.Statement) error, error) {
	switch format {
	case "text":
		rule := ""
		return func(s credit.Statement) error {
			_, err := io.WriteString(out, rule+s.Text())
			rule = "\n" + strings.Repeat("-", 72) + "\n\n"
			return err
		}, nil
	case "json":
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		return func(s credit.Statement) error { return encoder.Encode(s) }, nil
	case "csv":
		return csvWriter(out), nil
	}
	return nil, fmt.Errorf("-format: %q is none of text, json, csv", format)
}

// csvWriter returns a function that writes one row for each part of a
// statement. The amounts of a customer sum to the credits of the statement.
func csvWriter(out io.Writer) func(credit.Statement) error {
	rows := csv.NewWriter(out)
	header := []string{
		"customer", "first_day", "last_day", "zone", "agreement", "resource", "commitment", "outcome", "available",
		"down_s", "excused_s", "unknown_s", "outside_s", "due_s", "percent", "base", "owed_exactly", "amount", "currency",
		"statement_total", "statement_total_at_most", "provisional", "service", "sum",
	}
	return func(s credit.Statement) error {
		if header != nil {
			rows.Write(header)
			header = nil
		}
		findings := map[[3]string][]sla.Finding{} // in the order of the parts
		for _, v := range s.Verdicts {
			for _, f := range v.Findings {
				k := [3]string{v.Agreement, v.Resource, f.Commitment}
				findings[k] = append(findings[k], f)
			}
		}
		for _, c := range s.Credits {
			for _, p := range c.Parts {
				k := [3]string{c.Agreement, p.Resource, p.Commitment}
				f := findings[k][0]
				findings[k] = findings[k][1:]
				m := f.Measurement
				rows.Write([]string{
					s.Customer, c.Period.First().String(), c.Period.Last().String(), c.Period.Zone(), c.Agreement, p.Resource, p.Commitment,
					f.Outcome.String(), m.Availability().String(),
					seconds(m.Down), seconds(m.Excused), seconds(m.Unknown), seconds(m.Outside), seconds(m.Due),
					p.Percent.String(), number(p.Base), p.Owed.String(), number(p.Amount), p.Base.Currency(),
					number(s.Total), number(s.TotalAtMost), strings.Join(s.Provisional, "; "), p.Service.String(), p.Sum.String(),
				})
			}
		}
		rows.Flush()
		return rows.Error()
	}
}

// number returns an amount without its currency.
func number(m credit.Money) string { return strings.TrimPrefix(m.String(), m.Currency()+" ") }

// seconds returns a length of time in seconds, exactly.
func seconds(d time.Duration) string { return decimal.New(int64(d), -9).String() }
