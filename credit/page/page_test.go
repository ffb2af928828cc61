package page

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math/big"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// written returns the page for a statement.
func written(t require.TestingT, s credit.Statement) string {
	var b strings.Builder
	require.NoError(t, Write(&b, s))
	return b.String()
}

// statements returns those that show most, by name.
func statements(t *testing.T) map[string]credit.Statement {
	all := map[string]credit.Statement{}
	for _, name := range []string{"rich", "varied", "weighted", "corrected"} {
		data, err := os.ReadFile("../testdata/" + name + "-1.json")
		require.NoError(t, err)
		var s credit.Statement
		require.NoError(t, json.Unmarshal(data, &s))
		all[name] = s
	}
	return all
}

// golden compares a page with that of a file, which WRITE_GOLDEN=1 writes anew.
func golden(t *testing.T, name, got string) {
	name = "testdata/" + name
	if os.Getenv("WRITE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile(name, []byte(got), 0o600))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

// A table is a table of a page: its caption, and the texts of its rows.
type table struct {
	caption string
	rows    [][]string
}

// read parses a page as XML, which is stricter than HTML, and returns its
// tables and its text. Every table has a caption, and every header a scope.
func read(t require.TestingT, page string) (tables []table, text string) {
	d := xml.NewDecoder(strings.NewReader(page))
	var all strings.Builder
	var into *string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			attributes := map[string]string{}
			for _, a := range token.Attr {
				attributes[a.Name.Local] = a.Value
			}
			switch token.Name.Local {
			case "html":
				assert.Equal(t, "en", attributes["lang"])
			case "table":
				tables = append(tables, table{})
			case "caption":
				into = &tables[len(tables)-1].caption
			case "tr":
				last := &tables[len(tables)-1]
				last.rows = append(last.rows, nil)
			case "th", "td":
				if token.Name.Local == "th" {
					assert.Contains(t, []string{"row", "col"}, attributes["scope"])
				}
				last := &tables[len(tables)-1]
				row := &last.rows[len(last.rows)-1]
				*row = append(*row, "")
				into = &(*row)[len(*row)-1]
			}
		case xml.CharData:
			all.Write(token)
			if into != nil {
				*into += string(token)
			}
		case xml.EndElement:
			switch token.Name.Local {
			case "caption", "th", "td":
				into = nil
			}
		}
	}
	for _, table := range tables {
		assert.NotEmpty(t, table.caption)
	}
	return tables, all.String()
}

func TestWrite(t *testing.T) {
	for name, s := range statements(t) {
		page := written(t, s)
		golden(t, name+".html", page)
		read(t, page)
		for _, outside := range []string{"http", "script", "src=", "href", "url(", "@import", "ZgotmplZ"} {
			assert.NotContains(t, strings.ToLower(page), strings.ToLower(outside))
		}
	}
}

// Every step of the account is on the page, in order, with its value and its
// clause. Steps on stretches of time are in the timelines.
func TestPageHoldsTheAccount(t *testing.T) {
	for _, s := range statements(t) {
		var steps, happened [][]string
		tables, _ := read(t, written(t, s))
		for _, table := range tables {
			switch {
			case strings.HasPrefix(table.caption, "Records and their corrections"):
				for _, row := range table.rows[1:] {
					steps = append(steps, []string{"1", row[1], "", ""})
				}
			case table.caption == "Step by step":
				steps = append(steps, table.rows[1:]...)
			case strings.HasPrefix(table.caption, "Timeline in UTC"): // not that of a member of a pool, whose sum the account contains
				happened = append(happened, table.rows[1:]...)
			}
		}
		byState := func(rows [][]string) map[string]int {
			count := map[string]int{}
			for _, row := range rows {
				count[strings.Join(row, "|")]++
			}
			return count
		}
		var wantSteps [][]string
		want := map[string]int{}
		for _, step := range s.Account() {
			state, why, _ := strings.Cut(step.Text, ": ")
			var known sla.State
			if step.Window.IsEmpty() || known.UnmarshalText([]byte(state)) != nil {
				wantSteps = append(wantSteps, []string{big.NewInt(int64(step.Number)).String(), step.Text, step.Value, step.Clause})
				continue
			}
			at := func(t time.Time) string { return strings.Replace(t.Format(time.RFC3339Nano), "T", " ", 1) }
			clause := step.Clause
			if known == sla.Down {
				clause = "*"
			}
			want[strings.Join([]string{state, at(step.Window.Start()), at(step.Window.End()), step.Value, why, strings.Join(step.Records, ", "), clause}, "|")]++
		}
		assert.Equal(t, wantSteps, steps)
		var got [][]string
		ends := regexp.MustCompile(`^(.*?)((?:[omI]-[0-9]+(?:, )?)*)(?:; )?(/[a-zA-Z0-9/]*)?$`)
		for _, row := range happened {
			m := ends.FindStringSubmatch(row[4])
			require.NotNil(t, m, row[4])
			if row[0] == "down" {
				assert.NotEmpty(t, m[3])
				m[3] = "*"
			}
			got = append(got, append(row[:4:4], m[1:]...))
		}
		assert.Equal(t, want, byState(got))
	}
}

// A page contains a formula for each bound of each availability. Dividing its
// figures gives its result, cut after six decimal places.
func TestPageFormula(t *testing.T) {
	formula := regexp.MustCompile(`\(due − down\) / due = \(([0-9.]+) s − ([0-9.]+) s\) / ([0-9.]+) s = ([0-9.]+)%`)
	number := func(text string) *big.Rat {
		r, ok := new(big.Rat).SetString(text)
		require.True(t, ok)
		return r
	}
	for _, s := range statements(t) {
		want, none := 0, 0
		for _, v := range s.Verdicts {
			for _, f := range v.Findings {
				if f.Measurement.Due > 0 {
					want++
				} else {
					none++
				}
				if f.Measurement.Down != f.Measurement.DownAtMost {
					want++
				}
			}
		}
		_, text := read(t, written(t, s))
		assert.Equal(t, none, strings.Count(text, "No time was due, so there is no availability."))
		assert.Equal(t, want+none, strings.Count(text, "No time was due")+strings.Count(text, "(due − down) / due = "))
		found := formula.FindAllStringSubmatch(text, -1)
		assert.Len(t, found, want)
		for _, m := range found {
			require.Equal(t, m[1], m[3])
			ratio := number(m[1])
			ratio.Sub(ratio, number(m[2])).Quo(ratio, number(m[3])).Mul(ratio, big.NewRat(100_000_000, 1))
			millionths := new(big.Int).Quo(ratio.Num(), ratio.Denom())
			shown := number(m[4])
			shown.Mul(shown, big.NewRat(1_000_000, 1))
			assert.Equal(t, shown.RatString(), millionths.String(), "%s", m[0])
		}
	}
}

// The parts of the time are those that were measured, and add up by hand.
func TestPageSums(t *testing.T) {
	for _, s := range statements(t) {
		tables, _ := read(t, written(t, s))
		var measured []sla.Measurement
		for _, c := range s.Credits {
			for _, p := range c.Parts {
				measured = append(measured, p.Finding.Measurement)
			}
		}
		for _, table := range tables {
			if table.caption != "How the time adds up" {
				continue
			}
			m := measured[0]
			measured = measured[1:]
			want := map[string]time.Duration{
				"up": m.Up, "down": m.Down, "excused": m.Excused, "unknown": m.Unknown, "outside": m.Outside,
				"total": m.Period.Length() * time.Duration(max(1, len(m.Members))),
			}
			sum := new(big.Rat)
			for _, row := range table.rows[1:] {
				name, _, _ := strings.Cut(row[0], ":")
				length, ok := new(big.Rat).SetString(row[2])
				require.True(t, ok)
				assert.Zero(t, length.Cmp(big.NewRat(int64(want[name]), int64(time.Second))), row)
				d, err := time.ParseDuration(row[1])
				require.NoError(t, err)
				assert.Equal(t, want[name], d, row)
				if name == "total" {
					assert.Zero(t, sum.Cmp(length))
				}
				sum.Add(sum, length)
				delete(want, name)
			}
			assert.Empty(t, want)
		}
		assert.Empty(t, measured)
	}
}

// Names may contain HTML syntax. They are shown as they are, and never become
// tags.
func TestPageEscapes(t *testing.T) {
	hostile := `</title></style></td><b x='1' y="2">&lt;&amp;<!-- ]]> {{.Total}} \ ${x} עברית`
	agreement := sla.Agreement{Name: hostile, Note: hostile, Commitments: []sla.Commitment{{
		Name: hostile, Promise: "at least 99.9%", Credits: []sla.Tier{{Give: "10%"}}, Exclusions: []sla.Exclusion{{Causes: []string{hostile}}},
		Base: sla.Base{Only: []string{hostile}},
	}}}
	start := june.Window().Start()
	timeline, err := outage.NewTimeline(
		outage.Outage{ID: hostile, Resource: hostile, Start: start, End: start.Add(time.Hour)},
		outage.Outage{ID: "o-2", Resource: hostile, Start: start.Add(2 * time.Hour), End: start.Add(3 * time.Hour), Cause: hostile},
	)
	require.NoError(t, err)
	v, err := sla.Must(agreement.Compile()).Judge(timeline, june)
	require.NoError(t, err)
	s, err := credit.NewStatement(credit.Bill{
		Customer: hostile, Period: june, Verdicts: []sla.Verdict{v},
		Charges:   []credit.Charge{{ID: hostile, Resource: hostile, Kind: hostile, Amount: credit.MustMoney("USD 10.00"), Labels: map[string]string{hostile: hostile}}},
		Prior:     []credit.Prior{{Agreement: hostile, Commitment: hostile, Resource: hostile, Period: calendar.Month(2026, time.May, time.UTC), Amount: credit.MustMoney("USD 1.00")}},
		Claims:    []credit.Claim{{Agreement: hostile, Commitment: hostile, At: start, Standing: sla.Standing{Stage: sla.Open}}},
		Revisions: []outage.Revision{{Record: outage.Outage{ID: hostile, Start: start}, Number: 1, Known: start, By: hostile}},
	})
	require.NoError(t, err)
	s.Provisional = []string{hostile}
	page := written(t, s)
	_, text := read(t, page)
	assert.GreaterOrEqual(t, strings.Count(text, hostile), 15)
	assert.NotContains(t, page, hostile)
	assert.NotContains(t, page, "<b ")
	assert.NotContains(t, page, "<!--")
	assert.Equal(t, 1, strings.Count(page, "</title>"))
	assert.Equal(t, 1, strings.Count(page, "</style>"))
}

// Any name that a bill takes can be read on the page.
func TestPageNames(t *testing.T) {
	web := sla.Must(outage.Options{Resources: []string{"web"}}.Timeline())
	v := sla.Must(sla.Must(sla.Agreement{Name: "a", Commitments: []sla.Commitment{{Promise: "at least 99.9%"}}}.Compile()).Judge(web, june))
	rapid.Check(t, func(t *rapid.T) {
		bill := credit.Bill{
			Customer: rapid.String().Draw(t, "customer"), Period: june, Verdicts: []sla.Verdict{v},
			Charges: []credit.Charge{{ID: "1", Resource: "web", Amount: credit.MustMoney("USD 10.00")}},
		}
		s, err := credit.NewStatement(bill)
		if err != nil {
			t.Skip("not a name")
		}
		_, text := read(t, written(t, s))
		assert.Contains(t, text, "Statement for "+bill.Customer+", 2026-06-01 to 2026-06-30")
	})
}

// A statement that was put together by hand has no verdicts, and may be empty.
func TestPageOfLiterals(t *testing.T) {
	s := statements(t)["rich"]
	for _, s := range []credit.Statement{{}, {Credits: s.Credits}, {Credits: s.Credits, Verdicts: s.Verdicts[:1]}, {Credits: []credit.Credit{{}}, Verdicts: []sla.Verdict{{Findings: []sla.Finding{{}}}}}} {
		read(t, written(t, s))
	}
}

// nowhere is a writer with no room.
type nowhere struct{}

func (nowhere) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestWriteReportsErrors(t *testing.T) {
	err := Write(nowhere{}, statements(t)["rich"])
	require.ErrorIs(t, err, io.ErrShortWrite)
	assert.ErrorContains(t, err, "acme")
}

var june = calendar.Month(2026, time.June, time.UTC)
