package main

import (
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/sla/calendar"
)

// An unending is a text without an end, which counts what is read of it.
type unending struct {
	text string
	read int
}

func (e *unending) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.text[(e.read+i)%len(e.text)]
	}
	e.read += len(p)
	return len(p), nil
}

// A row without an end is an error before much of it is read.
func TestARowWithoutAnEndIsNotReadWhole(t *testing.T) {
	header := strings.Join(columns, ",") + "\n"
	for _, tt := range []struct{ before, endless, want string }{
		{"", "x", "charges: line 1: a row of more than 1048576 bytes"},
		{header, "x", "charges: after line 1: a row of more than 1048576 bytes"},
		{header, ",", "charges: after line 1: a row of more than 1048576 bytes"},
		{header + "acme,1,web,1.00,USD\n", "\"", "charges: after line 2: a row of more than 1048576 bytes"},
		{header + "acme,1,\"", "x\n", "charges: after line 1: a row of more than 1048576 bytes"},
	} {
		e := &unending{text: tt.endless}
		var err error
		for _, err = range bills(io.MultiReader(strings.NewReader(tt.before), e)) {
			if err != nil {
				break
			}
		}
		require.EqualError(t, err, tt.want)
		assert.Less(t, e.read, 2*mostRow, "%.20q", tt.endless)
	}

	// Many rows are no long one.
	rows := 0
	for bill, err := range bills(strings.NewReader(header + strings.Repeat("acme,1,web,1.00,USD\n", 200_000))) {
		require.NoError(t, err)
		rows += len(bill.Charges)
	}
	assert.Equal(t, 200_000, rows)
}

// A file of 1 GiB on one line is refused, and not held.
func TestHugeFilesAreRefused(t *testing.T) {
	sparse := func(name, start string) string {
		name = file(t, name, start)
		require.NoError(t, os.Truncate(name, 1<<30))
		return name
	}
	for _, tt := range []struct{ flag, name, start, want string }{
		{"-agreement", "a.json", "{", "a.json: more than 16777216 bytes, too long for an agreement"},
		{"-labels", "l.csv", "", "l.csv: line 1: a row of more than 1048576 bytes"},
		{"-labels", "l.csv", "resource,label,value\nweb,site,a\n", "l.csv: after line 2: a row of more than 1048576 bytes"},
		{"-charges", "c.csv", one, "c.csv: charges: after line 2: a row of more than 1048576 bytes"},
		{"-records", "r.csv", "id,start\n", "r.csv: outage: reading records: after line 1: a row of more than 1048576 bytes"},
		{"-records", "r.json", `{"format":"slacredit/records/1","records":["`, "r.json: outage: reading records: records[0]: "},
		{"-records", "r.ndjson", "", "r.ndjson: outage: reading records: line 1: a row of more than 1048576 bytes"},
	} {
		_, _, err := slacredit(t, arguments(t, tt.flag, sparse(tt.name, tt.start))...)
		assert.ErrorContains(t, err, tt.want)
	}
}

// No error repeats a long word whole, wherever it stands.
func TestErrorsOfTheCommandAreShort(t *testing.T) {
	long := strings.Repeat("löng", 25_000)
	for _, args := range [][]string{
		{long},
		{"-" + long},
		{"-months", long},
		{"compare", long},
		{"compare", "-label", long},
		arguments(t, "-format", long), arguments(t, "-zone", long), arguments(t, "-from", long), arguments(t, "-as-of", long),
		arguments(t, "-labels", file(t, "l.csv", long+",label,value\n")),
		arguments(t, "-labels", file(t, "l.csv", "resource,label,value\n"+strings.Repeat(long+","+long+",a\n", 2))),
		arguments(t, "-charges", file(t, "c.csv", long+"\n")),
		arguments(t, "-charges", file(t, "c.csv", one+"acme,2,web,"+long+",USD\n")),
		arguments(t, "-charges", file(t, "c.csv", one+"acme,2,web,1.00,"+long+"\n")),
		arguments(t, "-charges", file(t, "c.csv", one+"acme,"+long+",web,1.00,USD\n")),
		arguments(t, "-charges", file(t, "c.csv", one+"acme,2,"+long+",1.00,USD\n")),
		arguments(t, "-charges", file(t, "c.csv", one+long+",2,web,1.00,USD\nacme,3,web,1.00,USD\n"+long+",2,web,1.00,USD\n")),
		arguments(t, "-charges", file(t, "c.csv", strings.Replace(one, "currency\nacme,1,web,499.00,USD", "currency,kind,cycle,start,end\nacme,1,web,499.00,USD,"+long+","+long+","+long+",", 1))),
		arguments(t, "-records", file(t, "r.csv", "id,resource,start,end,cause\n"+strings.Repeat(long+",", 4)+long+"\n")),
		arguments(t, "-records", file(t, "r.csv", long+",resource,start,end,cause\n")),
		arguments(t, "-agreement", file(t, "b.json", strings.Replace(agreement, `"promise"`, `"`+long+`"`, 1))),
		arguments(t, "-agreement", file(t, "b.json", strings.Replace(agreement, `"promise":`, `"promise":"`+long+`","x":`, 1))),
		arguments(t, "-sorted", "-charges", file(t, "c.csv", one+"acme,2,"+long[:900]+",1.00,USD\nacme,3,a,1.00,USD\n")),
		arguments(t, "-records", filepath.Join(t.TempDir(), long+".csv")),
	} {
		_, _, err := slacredit(t, args...)
		require.Error(t, err)
		for line := range strings.Lines(complaint(err).Error()) {
			assert.Less(t, len(line), 2100, "%.200s", line)
		}
	}
	assert.Equal(t, strings.Repeat("x", 2000)+"…\ny", complaint(errors.New(strings.Repeat("x", 3000)+"\ny")).Error())
	assert.Equal(t, io.EOF, complaint(io.EOF))
	require.NoError(t, complaint(nil))
}

// A name that a spreadsheet would run stands behind an apostrophe in csv, and as
// it is in what programs read; numbers stay numbers.
func TestNamesAreNoFormulas(t *testing.T) {
	rows := strings.NewReplacer("acme,1,web", "=1+1,1,web", "bolt,3", "@bolt,3", "bolt,4", "@bolt,4").Replace(charges)
	rows += "-x,9,db,1.00,USD\n-x,10,db,-0.50,USD\n+y,11,db,1.00,USD\n"
	rows = strings.Replace(rows, "acme,2,db", "=1+1,2,db", 1)
	customers := func(format string) (names []string, amounts []string) {
		out, _, err := slacredit(t, arguments(t, "-charges", file(t, "c.csv", rows), "-format", format)...)
		require.NoError(t, err)
		table, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		require.NoError(t, err)
		for _, row := range table[1:] {
			if len(names) == 0 || names[len(names)-1] != row[0] {
				names, amounts = append(names, row[0]), append(amounts, row[15])
			}
		}
		return names, amounts
	}
	names, bases := customers("csv")
	assert.Equal(t, []string{"'=1+1", "'@bolt", "'-x", "'+y"}, names)
	assert.Equal(t, []string{"499.00", "100.00", "0.50", "1.00"}, bases)

	out, _, err := slacredit(t, arguments(t, "-charges", file(t, "c.csv", rows), "-format", "figures")...)
	require.NoError(t, err)
	assert.Contains(t, out, "\n=1+1,2026-03-01,")
	assert.Equal(t, []string{"", "web", "'=x", "'+", "'-1", "'@a", "'\tx", "'\rx", "a=b", "é"},
		[]string{cell(""), cell("web"), cell("=x"), cell("+"), cell("-1"), cell("@a"), cell("\tx"), cell("\rx"), cell("a=b"), cell("é")})
}

// A disk that is full after so many bytes.
type disk struct {
	to   io.Writer
	left *int
}

var errFull = errors.New("no space left on device")

func (d disk) Write(p []byte) (int, error) {
	n, err := d.to.Write(p[:min(len(p), *d.left)])
	if *d.left -= n; err == nil && n < len(p) {
		err = errFull
	}
	return n, err
}

// Where a disk fills no file is cut and none gets its name, and the next run is
// not in the way of this one.
func TestAFullDiskLeavesNoFile(t *testing.T) {
	var statements []credit.Statement
	for _, customer := range []string{"acme", "bolt", "cone"} {
		statements = append(statements, credit.Statement{Customer: customer, Period: calendar.Month(2026, 3, time.UTC)})
	}
	run := func(folder string, left int) error {
		o := output{format: "text", folder: folder, through: func(w io.Writer) io.Writer { return disk{w, &left} }}
		for _, s := range statements {
			if err := o.write(s); err != nil {
				return o.finish(err)
			}
		}
		return o.finish(nil)
	}
	whole := len(statements[0].Text()) * len(statements)
	made := filepath.Join(t.TempDir(), "a", "b")
	for _, folder := range []string{t.TempDir(), made} {
		for left := range whole {
			require.ErrorIs(t, run(folder, left), errFull)
			if files, err := os.ReadDir(folder); folder == made {
				require.ErrorIs(t, err, os.ErrNotExist)
			} else {
				require.NoError(t, err)
				require.Empty(t, files, "of %d bytes", left)
			}
		}
		require.NoError(t, run(folder, whole))
		files, err := os.ReadDir(folder)
		require.NoError(t, err)
		require.Len(t, files, len(statements))
		for i, f := range files {
			text, err := os.ReadFile(filepath.Join(folder, f.Name()))
			require.NoError(t, err)
			assert.Equal(t, statements[i].Text(), string(text))
		}
		require.ErrorContains(t, run(folder, whole), "exists, and no file is overwritten")
	}
}
