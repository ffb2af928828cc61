package main

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/credit/page"
)

// An output writes statements in a format, to standard output or to a file for
// each customer. They become visible in [output.finish]. Until then the text for standard
// output is kept in a spool, and the files in a folder of their own.
type output struct {
	format string
	folder string // empty: standard output
	out    io.Writer

	spool   spool
	writer  func(credit.Statement) error // to the spool
	figures func(figure) error           // to the spool

	aside   string                    // the folder in which the files are until all are written; empty: there is none yet
	written []string                  // their names, in order
	made    bool                      // whether the folder was made for them
	through func(io.Writer) io.Writer // to the files; nil: straight. In tests disks fill
}

// endings are the formats of statements, with the endings of their files.
var endings = map[string]string{"text": ".txt", "json": ".json", "csv": ".csv", "html": ".html", "account": ".csv"}

// figuresFormat is the format of figures without statements.
const figuresFormat = "figures"

// check reports a format that is not known.
func (o *output) check() error {
	switch {
	case o.format == figuresFormat && o.folder != "":
		return errors.New("-format figures: they are one file; -out has nothing to hold")
	case o.format != figuresFormat && endings[o.format] == "":
		return fmt.Errorf("-format: %s is none of text, json, csv, html, account, figures", quoted(o.format))
	}
	return nil
}

// write writes a statement.
func (o *output) write(s credit.Statement) error {
	if o.folder != "" {
		if err := o.writeFile(s); err != nil {
			return fmt.Errorf("-out: %w", err)
		}
		return nil
	}
	switch {
	case o.writer == nil:
		o.writer = writerOf(o.format, &o.spool)
	case o.format == "html" || o.format == "account":
		return fmt.Errorf("-format %s: there are several customers; name a folder for their files with -out", o.format)
	}
	return o.writer(s)
}

// writeFigure writes a figure.
func (o *output) writeFigure(f figure) error {
	if o.figures == nil {
		o.figures = figureWriter(&o.spool)
	}
	return o.figures(f)
}

// writeFile writes a statement to a file of its own.
func (o *output) writeFile(s credit.Statement) error {
	name := o.name(s)
	if _, err := os.Lstat(name); err == nil {
		return fmt.Errorf("%s exists, and no file is overwritten", name)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := o.prepare(); err != nil {
		return err
	}
	base := filepath.Base(name)
	file, err := os.OpenFile(filepath.Join(o.aside, base), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("two statements would be written to %s", name)
	}
	if err != nil {
		return err
	}
	var to io.Writer = file
	if o.through != nil {
		to = o.through(file)
	}
	o.written = append(o.written, base)
	return errors.Join(writerOf(o.format, to)(s), file.Close())
}

// prepare makes the folder, and one in it for files that are not all written.
func (o *output) prepare() error {
	if o.aside != "" {
		return nil
	}
	_, err := os.Lstat(o.folder)
	o.made = errors.Is(err, fs.ErrNotExist)
	if err := os.MkdirAll(o.folder, 0o750); err != nil {
		return err
	}
	o.aside, err = os.MkdirTemp(o.folder, ".slacredit-")
	return err
}

// finish ends the output. If nothing failed, it copies the spool to standard output, or
// gives the files their names, without overwriting any. If anything failed, nothing is
// left of the output.
func (o *output) finish(failed error) error {
	if failed == nil {
		failed = o.spool.copyTo(o.out)
	}
	failed = errors.Join(failed, o.spool.close())
	if o.aside == "" {
		return failed
	}
	if failed == nil {
		failed = o.placeFiles()
	}
	if err := os.RemoveAll(o.aside); err != nil {
		failed = errors.Join(failed, fmt.Errorf("-out: %w", err))
	}
	if o.made && failed != nil {
		os.Remove(o.folder) //nolint:errcheck // which fails, as it should, if anything is in it
	}
	return failed
}

// placeFiles gives the files their places.
func (o *output) placeFiles() error {
	for _, name := range o.written {
		if err := place(filepath.Join(o.aside, name), filepath.Join(o.folder, name)); err != nil {
			return fmt.Errorf("-out: %w", err)
		}
	}
	return nil
}

// place moves a file to a name that no other has.
func place(from, to string) error {
	switch err := os.Link(from, to); {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%s: %w, and none is overwritten", to, fs.ErrExist)
	}
	switch _, err := os.Lstat(to); { // in file systems without links
	case err == nil:
		return fmt.Errorf("%s: %w, and none is overwritten", to, fs.ErrExist)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return os.Rename(from, to)
}

// name returns the name of the file for a statement.
func (o *output) name(s credit.Statement) string {
	return filepath.Join(o.folder, fileName(s.Customer)+"_"+s.Period.First().String()+endings[o.format])
}

// fileName returns a name for a customer that is safe in every file system: it has only
// small letters, digits and hyphens. A customer's name with other characters gets the
// start of its hash, so that "Acme" and "acme" or "a/b" and "a.b" differ, even in a file
// system that ignores case.
func fileName(customer string) string {
	const longest = 60
	var b strings.Builder
	for _, r := range strings.ToLower(customer) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		} else if text := b.String(); text != "" && !strings.HasSuffix(text, "-") {
			b.WriteByte('-')
		}
	}
	name := b.String()
	name = strings.Trim(name[:min(longest, len(name))], "-")
	if name == customer {
		return name
	}
	return strings.TrimPrefix(fmt.Sprintf("%s-%.4x", name, sha256.Sum256([]byte(customer))), "-")
}

// writerOf returns a function that writes statements in a format.
func writerOf(format string, out io.Writer) func(credit.Statement) error {
	switch format {
	case "json":
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		return func(s credit.Statement) error { return encoder.Encode(s) }
	case "csv":
		return csvWriter(out)
	case "html":
		return func(s credit.Statement) error { return page.Write(out, s) }
	case "account":
		return func(s credit.Statement) error { return s.WriteCSV(out) }
	}
	rule := ""
	return func(s credit.Statement) error {
		_, err := io.WriteString(out, rule+s.Text())
		rule = "\n" + strings.Repeat("-", 72) + "\n\n"
		return err
	}
}

// csvWriter returns a function that writes one row for each part of a
// statement. The amounts of a customer sum to the credits of the statement.
func csvWriter(out io.Writer) func(credit.Statement) error {
	rows := csv.NewWriter(out)
	header := []string{
		"customer", "first_day", "last_day", "zone", "agreement", "resource", "commitment", "outcome", "available",
		"down_s", "excused_s", "unknown_s", "outside_s", "due_s", "percent", "base", "owed_exactly", "amount", "currency",
		"statement_total", "statement_total_at_most", "provisional", "service", "sum", "without_breach",
	}
	return func(s credit.Statement) error {
		if header != nil {
			rows.Write(header)
			header = nil
		}
		for _, c := range s.Credits {
			for _, p := range c.Parts {
				f := p.Finding
				m, unbroken := f.Measurement, ""
				if f.WithoutBreach() && !p.Amount.IsZero() {
					unbroken = "without breach"
				}
				rows.Write([]string{
					cell(s.Customer), c.Period.First().String(), c.Period.Last().String(), c.Period.Zone(), cell(c.Agreement), cell(p.Resource), cell(p.Commitment),
					f.Outcome.String(), m.Availability().String(),
					seconds(m.Down), seconds(m.Excused), seconds(m.Unknown), seconds(m.Outside), seconds(m.Due),
					p.Remedy.Percent.String(), number(p.Base), p.Owed.String(), number(p.Amount), p.Base.Currency(),
					number(s.Total), number(s.TotalAtMost), cell(strings.Join(s.Provisional, "; ")), p.Remedy.Service.String(), p.Remedy.Sum.String(), unbroken,
				})
			}
		}
		rows.Flush()
		return rows.Error()
	}
}

// cell returns a text for a table that people open in a spreadsheet. A text that the
// spreadsheet would run as a formula gets an apostrophe before it.
func cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

// number returns an amount without its currency.
func number(m credit.Money) string { return strings.TrimPrefix(m.String(), m.Currency()+" ") }

// seconds returns a length of time in seconds, exactly.
func seconds(d time.Duration) string { return decimal.New(int64(d), -9).String() }
