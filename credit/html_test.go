package credit

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// html returns the page for a statement.
func html(t require.TestingT, s Statement) string {
	var b strings.Builder
	require.NoError(t, s.WriteHTML(&b))
	return b.String()
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

func TestHTML(t *testing.T) {
	for name, s := range map[string]Statement{"rich": rich(t), "varied": varied(t), "weighted": weighted(t), "corrected": corrected(t)} {
		page := html(t, s)
		golden(t, name+".html", page)
		read(t, page)
		for _, outside := range []string{"http", "script", "src=", "href", "url(", "@import", "ZgotmplZ"} {
			assert.NotContains(t, strings.ToLower(page), strings.ToLower(outside))
		}
	}
}

// Every step of the account stands on the page, with its value and its clause,
// in its order; those on stretches of time in the tables of what happened.
func TestHTMLHoldsTheAccount(t *testing.T) {
	for _, s := range []Statement{rich(t), varied(t), weighted(t), corrected(t)} {
		var steps, happened [][]string
		tables, _ := read(t, html(t, s))
		for _, table := range tables {
			switch {
			case strings.HasPrefix(table.caption, "What was recorded"):
				for _, row := range table.rows[1:] {
					steps = append(steps, []string{"1", row[1], "", ""})
				}
			case table.caption == "Step by step":
				steps = append(steps, table.rows[1:]...)
			case strings.HasPrefix(table.caption, "What happened in UTC"): // and not to a member of a pool, of which the account holds the sum
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

// A page holds a formula for each bound of each availability, and whoever
// divides its figures gets what it says, cut after six places.
func TestHTMLFormula(t *testing.T) {
	formula := regexp.MustCompile(`\(due − down\) / due = \(([0-9.]+) s − ([0-9.]+) s\) / ([0-9.]+) s = ([0-9.]+)%`)
	number := func(text string) *big.Rat {
		r, ok := new(big.Rat).SetString(text)
		require.True(t, ok)
		return r
	}
	for _, s := range []Statement{rich(t), varied(t), weighted(t), corrected(t)} {
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
		_, text := read(t, html(t, s))
		assert.Equal(t, none, strings.Count(text, "Nothing was due, so there is no availability."))
		assert.Equal(t, want+none, strings.Count(text, "Nothing was due")+strings.Count(text, "(due − down) / due = "))
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
func TestHTMLSums(t *testing.T) {
	for _, s := range []Statement{rich(t), varied(t), weighted(t), corrected(t)} {
		tables, _ := read(t, html(t, s))
		var measured []sla.Measurement
		for _, c := range s.chapters() {
			for _, section := range c.sections {
				measured = append(measured, section.finding.Measurement)
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
				"in all": m.Period.Length() * time.Duration(max(1, len(m.Members))),
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
				if name == "in all" {
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

// corrected returns a statement on records that were corrected, under an
// agreement that changed within the period, on charges of every form, with
// claims.
func corrected(t require.TestingT) Statement {
	day := func(n int) sla.Date { return sla.Date{Year: 2026, Month: time.June, Day: n} }
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 6, day, hour, minute, 0, 0, time.UTC) }
	var log outage.Log
	require.NoError(t, log.Append(
		outage.Revision{Record: outage.Outage{ID: "I-7", Resource: "web", Start: at(27, 22, 30)}, Number: 1, Known: at(27, 23, 0), By: "press"},
		outage.Revision{
			Record: outage.Outage{ID: "I-7", Resource: "web", Start: at(27, 20, 13), End: at(27, 22, 42), Cause: "operator"}, Number: 2, Known: at(28, 23, 0), By: "operations",
			Supersedes: outage.Ref{ID: "I-7", Number: 1}, Why: "post-mortem: 22:30Z was when it was reported",
		},
		outage.Revision{Record: outage.Outage{ID: "I-8", Resource: "web", Start: at(3, 4, 0), End: at(3, 5, 0)}, Number: 1, Known: at(3, 6, 0), By: "monitor"},
		outage.Revision{
			Record: outage.Outage{ID: "I-8", Resource: "web", Start: at(3, 4, 0), End: at(3, 5, 0)}, Number: 2, Known: at(4, 9, 0), By: "operations",
			Supersedes: outage.Ref{ID: "I-8", Number: 1}, Why: "the monitor was down, and not the service", Withdrawn: true,
		},
	))
	asOf := june.Window().End().AddDate(0, 0, 2)
	timeline := sla.Must(outage.NewTimeline(outage.Options{AsOf: asOf}, log.AsOf(asOf)...))
	b := Bill{Customer: "acme", Period: june}
	for _, id := range []string{"I-7", "I-8"} {
		b.Revisions = slices.AppendSeq(b.Revisions, log.History(id))
	}
	east := map[string]string{"region": "east"}
	small, large := Price{Amount: MustMoney("USD 299.00"), By: CalendarDays, Exact: true}, Price{Amount: MustMoney("USD 499.00"), By: ElapsedTime}
	segments := []sla.Period{sla.Must(sla.NewPeriod(day(1), day(8), time.UTC)), sla.Must(sla.NewPeriod(day(8), day(16), time.UTC)), sla.Must(sla.NewPeriod(day(16), june.Next(), time.UTC))}
	for i, price := range []Price{small, large, large} {
		c := sla.Must(price.Charge("inv-7/"+strconv.Itoa(i+1), "web", segments[i], june))
		c.Labels = east
		b.Charges = append(b.Charges, c)
	}
	last := Charge{ID: "inv-6/1", Resource: "web", Labels: east, Amount: MustMoney("USD 299.00"), Cycle: -1, Window: sla.Must(sla.Month(2026, time.May, time.UTC)).Window()}
	disk := Charge{ID: "inv-7/4", Resource: "disk", Labels: east, Kind: "storage", Amount: MustMoney("USD 20.00"), Window: segments[2].Window()}
	voucher := Charge{ID: "inv-7/5", Resource: "web", Labels: east, Kind: "voucher", Amount: MustMoney("USD -30.00"), Window: segments[2].Window()}
	b.Charges = append(b.Charges, last, disk, voucher)

	halves := []sla.Period{sla.Must(sla.NewPeriod(day(1), day(16), time.UTC)), segments[2]}
	for i, base := range []sla.Base{{}, {By: []string{"region"}}} {
		a := sla.Agreement{Name: "acme/" + strconv.Itoa(i+1), Commitments: []sla.Commitment{
			{Name: "service", Promise: "at least 99.9%", Base: base, Credits: []sla.Tier{{Give: "10%"}}, AtMost: []sla.Budget{"5%"}},
			{Name: "each outage", Promise: "at most 1h", Calculation: sla.Calculation{Period: "outage"}, Base: sla.Base{Window: "30d before outage", Without: []string{"voucher"}, Length: "30d"}, Credits: []sla.Tier{{Give: "10x"}}},
		}, Claims: sla.Claims{By: "30d after period"}}
		terms := sla.Must(a.Compile())
		verdicts, err := terms.JudgeAll([]sla.Resource{{Timeline: timeline, Labels: east}}, halves[i])
		require.NoError(t, err)
		b.Verdicts = append(b.Verdicts, verdicts...)
		standing, err := terms.Standing("service", sla.Marks{"period": halves[i].Window().End()}, sla.Calendar{Zone: time.UTC}, asOf)
		require.NoError(t, err)
		b.Claims = append(b.Claims, Claim{Agreement: a.Name, Commitment: "service", At: asOf, Standing: standing})
	}
	s, err := NewStatement(b)
	require.NoError(t, err)
	return s
}

// weighted returns a statement in which time counts by the share that is lost,
// by the slot, over each outage, for a pool of which one member was up, in a
// zone that is not UTC, and in which nothing is due of one resource.
func weighted(t require.TestingT) Statement {
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	june := sla.Must(sla.Month(2026, time.June, zone))
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 6, day, hour, minute, 0, 0, time.UTC) }
	gives := []sla.Tier{{When: "below 99.9%", Give: "10%"}}
	single := sla.Agreement{Name: "single", Note: "a note", Commitments: []sla.Commitment{
		{Name: "score", Downtime: sla.Downtime{Slot: "5m", Weighted: true}, Promise: "at least 99.9%", Credits: gives},
		{Name: "each", Calculation: sla.Calculation{Period: "outage"}, Promise: "at most 30m", Credits: []sla.Tier{{Give: "1%", Per: "started 30m"}}},
	}}
	pool := sla.Agreement{Name: "pool", Commitments: []sla.Commitment{{
		Scope: sla.Scope{Levels: []sla.Level{{By: "plan", Pooled: true}}}, Downtime: sla.Downtime{Weighted: true}, Promise: "at least 99.9%", Credits: gives,
	}}}
	timelines, err := outage.Timelines(outage.Options{Resources: []string{"mail"}},
		outage.Outage{ID: "o-1", Resource: "web", Start: at(3, 9, 1), End: at(3, 9, 40).Add(7), ServedPercent: decimal.New(333, -1)},
		outage.Outage{ID: "o-2", Resource: "web", Start: at(7, 11, 0), End: at(7, 12, 0)},
		outage.Outage{ID: "o-3", Resource: "db", Start: at(7, 11, 0), End: at(7, 12, 0)},
		outage.Life{Resource: "db", Start: at(30, 0, 0).AddDate(0, 0, 5)})
	require.NoError(t, err)
	var verdicts []sla.Verdict
	var members []sla.Resource
	for _, timeline := range timelines {
		v, err := sla.Must(single.Compile()).Judge(timeline, june)
		require.NoError(t, err)
		verdicts = append(verdicts, v)
		members = append(members, sla.Resource{Timeline: timeline, Labels: map[string]string{"plan": "gold"}})
	}
	pooled, err := sla.Must(pool.Compile()).JudgeAll(members, june)
	require.NoError(t, err)
	s, err := NewStatement(Bill{
		Customer: "acme", Period: june,
		Charges:  []Charge{charge("web", "USD 499.95"), charge("db", "USD 20.00"), charge("mail", "USD 5.00"), charge("gold", "USD 100.00")},
		Verdicts: append(verdicts, pooled...),
	})
	require.NoError(t, err)
	return s
}

// Names may hold what HTML takes for its own, and stand on the page as they
// are and nowhere as tags.
func TestHTMLEscapes(t *testing.T) {
	hostile := `</title></style></td><b x='1' y="2">&lt;&amp;<!-- ]]> {{.Total}} \ ${x} עברית`
	agreement := plain(hostile, sla.Commitment{
		Name: hostile, Promise: "at least 99.9%", Credits: []sla.Tier{{Give: "10%"}}, Exclusions: []sla.Exclusion{{Causes: []string{hostile}}},
		Base: sla.Base{Only: []string{hostile}},
	})
	agreement.Note = hostile
	start := june.Window().Start()
	timeline, err := outage.NewTimeline(outage.Options{},
		outage.Outage{ID: hostile, Resource: hostile, Start: start, End: start.Add(time.Hour)},
		outage.Outage{ID: "o-2", Resource: hostile, Start: start.Add(2 * time.Hour), End: start.Add(3 * time.Hour), Cause: hostile})
	require.NoError(t, err)
	v, err := sla.Must(agreement.Compile()).Judge(timeline, june)
	require.NoError(t, err)
	s, err := NewStatement(Bill{
		Customer: hostile, Period: june, Verdicts: []sla.Verdict{v},
		Charges: []Charge{{ID: hostile, Resource: hostile, Kind: hostile, Amount: MustMoney("USD 10.00")}},
		Earlier: []Earlier{{hostile, hostile, hostile, sla.Must(sla.Month(2026, time.May, time.UTC)), MustMoney("USD 1.00")}},
	})
	require.NoError(t, err)
	s.Provisional = []string{hostile}
	page := html(t, s)
	_, text := read(t, page)
	assert.GreaterOrEqual(t, strings.Count(text, hostile), 15)
	assert.NotContains(t, page, hostile)
	assert.NotContains(t, page, "<b ")
	assert.NotContains(t, page, "<!--")
	assert.Equal(t, 1, strings.Count(page, "</title>"))
	assert.Equal(t, 1, strings.Count(page, "</style>"))
}

// Any name that a bill takes can be read on the page.
func TestHTMLNames(t *testing.T) {
	v := judge(t, plain("a", flat("10%")), "web", time.Hour)
	rapid.Check(t, func(t *rapid.T) {
		bill := Bill{Customer: rapid.String().Draw(t, "customer"), Period: june, Charges: []Charge{charge("web", "USD 10.00")}, Verdicts: []sla.Verdict{v}}
		s, err := NewStatement(bill)
		if err != nil {
			t.Skip("not a name")
		}
		_, text := read(t, html(t, s))
		assert.Contains(t, text, "Statement for "+bill.Customer+", 2026-06-01 to 2026-06-30")
	})
}

// A statement that was put together by hand has no verdicts, and may be empty.
func TestHTMLOfLiterals(t *testing.T) {
	s := rich(t)
	for _, s := range []Statement{{}, {Credits: s.Credits}, {Credits: s.Credits, Verdicts: s.Verdicts[:1]}, {Credits: []Credit{{}}, Verdicts: []sla.Verdict{{Findings: []sla.Finding{{}}}}}} {
		read(t, html(t, s))
	}
}

// The rows are the steps.
func TestCSV(t *testing.T) {
	for _, s := range []Statement{rich(t), varied(t), weighted(t), corrected(t)} {
		var b strings.Builder
		require.NoError(t, s.WriteCSV(&b))
		rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
		require.NoError(t, err)
		steps := s.Account()
		require.Len(t, rows, len(steps)+1)
		assert.Equal(t, "customer,first_day,last_day,zone,step,subject,text,value,start,end,records,clause", strings.Join(rows[0], ","))
		for i, row := range rows[1:] {
			var window outage.Window
			if row[8]+row[9] != "" {
				require.NoError(t, window.UnmarshalText([]byte(row[8]+"/"+row[9])))
			}
			number, err := strconv.Atoi(row[4])
			require.NoError(t, err)
			var records []string
			if row[10] != "" {
				records = strings.Split(row[10], ", ")
			}
			assert.Equal(t, []string{"acme", "2026-06-01", "2026-06-30", s.Period.Zone()}, row[:4])
			assert.Equal(t, steps[i].Window, window)
			assert.ElementsMatch(t, steps[i].Records, records)
			assert.Equal(t, Step{number, row[5], row[6], row[7], window, steps[i].Records, row[11]}, steps[i])
		}
	}
}

// full is a writer with no room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestWritersReportErrors(t *testing.T) {
	s := rich(t)
	for _, err := range []error{s.WriteHTML(full{}), s.WriteCSV(full{})} {
		require.ErrorIs(t, err, io.ErrShortWrite)
		assert.ErrorContains(t, err, "acme")
	}
}
