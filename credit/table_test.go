package credit

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

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
			assert.Equal(t, Entry{number, row[5], row[6], row[7], window, steps[i].Records, row[11]}, steps[i])
		}
	}
}

// nowhere is a writer with no room.
type nowhere struct{}

func (nowhere) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestWriteCSVReportsErrors(t *testing.T) {
	err := rich(t).WriteCSV(nowhere{})
	require.ErrorIs(t, err, io.ErrShortWrite)
	assert.ErrorContains(t, err, "acme")
}

// The statements that show most, as documents, for those who show them.
func TestDocumentsOfStatements(t *testing.T) {
	for name, s := range map[string]Statement{"rich": rich(t), "varied": varied(t), "weighted": weighted(t), "corrected": corrected(t)} {
		data, err := json.MarshalIndent(s, "", "  ")
		require.NoError(t, err)
		golden(t, name+"-1.json", string(data)+"\n")
		var read Statement
		require.NoError(t, json.Unmarshal(data, &read))
		assert.Equal(t, s.Text(), read.Text())
	}
}

// corrected returns a statement on records that were corrected, under an
// agreement that changed within the period, on charges of every form, with
// claims.
func corrected(t require.TestingT) Statement {
	day := func(n int) calendar.Date { return calendar.Date{Year: 2026, Month: time.June, Day: n} }
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
	timeline := sla.Must(outage.Options{AsOf: asOf}.Timeline(log.AsOf(asOf)...))
	b := Bill{Customer: "acme", Period: june}
	for _, id := range []string{"I-7", "I-8"} {
		b.Revisions = slices.AppendSeq(b.Revisions, log.History(id))
	}
	east := map[string]string{"region": "east"}
	small, large := Price{Amount: MustMoney("USD 299.00"), By: CalendarDays, Exact: true}, Price{Amount: MustMoney("USD 499.00"), By: ElapsedTime}
	segments := []calendar.Period{sla.Must(calendar.NewPeriod(day(1), day(8), time.UTC)), sla.Must(calendar.NewPeriod(day(8), day(16), time.UTC)), sla.Must(calendar.NewPeriod(day(16), june.Until(), time.UTC))}
	for i, price := range []Price{small, large, large} {
		c := sla.Must(price.Charge("inv-7/"+strconv.Itoa(i+1), "web", segments[i], june))
		c.Labels = east
		b.Charges = append(b.Charges, c)
	}
	last := Charge{ID: "inv-6/1", Resource: "web", Labels: east, Amount: MustMoney("USD 299.00"), Cycle: -1, Window: calendar.Month(2026, time.May, time.UTC).Window()}
	disk := Charge{ID: "inv-7/4", Resource: "disk", Labels: east, Kind: "storage", Amount: MustMoney("USD 20.00"), Window: segments[2].Window()}
	voucher := Charge{ID: "inv-7/5", Resource: "web", Labels: east, Kind: "voucher", Amount: MustMoney("USD -30.00"), Window: segments[2].Window()}
	b.Charges = append(b.Charges, last, disk, voucher)

	halves := []calendar.Period{sla.Must(calendar.NewPeriod(day(1), day(16), time.UTC)), segments[2]}
	for i, base := range []sla.Base{{}, {By: []string{"region"}}} {
		a := sla.Agreement{Name: "acme/" + strconv.Itoa(i+1), Commitments: []sla.Commitment{
			{Name: "service", Promise: "at least 99.9%", Base: base, Credits: []sla.Tier{{Give: "10%"}}, AtMost: []sla.Cap{"5%"}},
			{Name: "each outage", Promise: "at most 1h", Calculation: sla.Calculation{Period: "outage"}, Base: sla.Base{Window: "30d before outage", Without: []string{"voucher"}, Length: "30d"}, Credits: []sla.Tier{{Give: "10x"}}},
		}, Claims: sla.Claims{By: "30d after period"}}
		terms := sla.Must(a.Compile())
		verdicts, err := terms.JudgeAll([]outage.Timeline{timeline.WithLabels(east)}, halves[i])
		require.NoError(t, err)
		b.Verdicts = append(b.Verdicts, verdicts...)
		standing, err := terms.Standing("service", calendar.Marks{"period": halves[i].Window().End()}, calendar.Workdays{Zone: time.UTC}, asOf)
		require.NoError(t, err)
		b.Claims = append(b.Claims, Claim{Agreement: a.Name, Commitment: "service", At: asOf, Standing: standing})
	}
	s, err := NewStatement(b)
	require.NoError(t, err)
	return s
}

// weighted returns a statement with rare features: time counts by the lost share, by
// slots and over each outage; a pool has one member that was up; the zone is not
// UTC; one resource has no time due.
func weighted(t require.TestingT) Statement {
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	june := calendar.Month(2026, time.June, zone)
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 6, day, hour, minute, 0, 0, time.UTC) }
	gives := []sla.Tier{{When: "below 99.9%", Give: "10%"}}
	single := sla.Agreement{Name: "single", Note: "a note", Commitments: []sla.Commitment{
		{Name: "score", Downtime: sla.Downtime{Slot: "5m", Weighted: true}, Promise: "at least 99.9%", Credits: gives},
		{Name: "each", Calculation: sla.Calculation{Period: "outage"}, Promise: "at most 30m", Credits: []sla.Tier{{Give: "1%", Per: "started 30m"}}},
	}}
	pool := sla.Agreement{Name: "pool", Commitments: []sla.Commitment{{
		Scope: sla.Scope{Levels: []sla.Level{{By: "plan", Pooled: true}}}, Downtime: sla.Downtime{Weighted: true}, Promise: "at least 99.9%", Credits: gives,
	}}}
	timelines, err := outage.Options{Resources: []string{"mail"}}.Timelines(
		outage.Outage{ID: "o-1", Resource: "web", Start: at(3, 9, 1), End: at(3, 9, 40).Add(7), ServedPercent: decimal.New(333, -1)},
		outage.Outage{ID: "o-2", Resource: "web", Start: at(7, 11, 0), End: at(7, 12, 0)},
		outage.Outage{ID: "o-3", Resource: "db", Start: at(7, 11, 0), End: at(7, 12, 0)},
		outage.Lifetime{Resource: "db", Start: at(30, 0, 0).AddDate(0, 0, 5)},
	)
	require.NoError(t, err)
	var verdicts []sla.Verdict
	var members []outage.Timeline
	for _, timeline := range timelines {
		v, err := sla.Must(single.Compile()).Judge(timeline, june)
		require.NoError(t, err)
		verdicts = append(verdicts, v)
		members = append(members, timeline.WithLabels(map[string]string{"plan": "gold"}))
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
