package examples

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

var update = flag.Bool("update", false, "write the accounts of docs/shapes.md anew")

const shapes = "../docs/shapes.md"

// A row of the document: its heading, and what its blocks say.
var (
	rowHeading = regexp.MustCompile(`(?m)^### ([HO0-9, ]+) · .*$`)
	rowBlock   = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```\n")
)

// Every shape of clause that was found in real agreements is a row of
// docs/shapes.md: the smallest agreement that says it, the smallest history
// that shows it, and the account. Rows without an agreement give the reason.
func TestShape(t *testing.T) {
	text, err := os.ReadFile(shapes)
	require.NoError(t, err)
	document := string(text)
	at := rowHeading.FindAllStringSubmatchIndex(document, -1)
	said := map[string]bool{}
	var out strings.Builder
	out.WriteString(document[:at[0][0]])
	for i, m := range at {
		end := len(document)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		row, names := document[m[0]:end], strings.Split(document[m[2]:m[3]], ", ")
		written := row
		for _, name := range names {
			require.False(t, said[name], "%s comes twice", name)
			said[name] = true
			t.Run(name, func(t *testing.T) { written = judgeRow(t, names[0], row) })
		}
		out.WriteString(written)
	}
	if *update {
		require.NoError(t, os.WriteFile(shapes, []byte(out.String()), 0o600))
	}
	for _, list := range []struct {
		letter string
		last   int
	}{{"H", 64}, {"O", 48}} {
		for n := 1; n <= list.last; n++ {
			name := fmt.Sprint(list.letter, n)
			if later := regexp.MustCompile("(?m)^- " + name + " ").MatchString(document); said[name] == later {
				t.Errorf("%s is not there, or not once", name)
			}
		}
	}
}

// judgeRow judges what the blocks of a row say, compares the account, and
// returns the row with the account that was found.
func judgeRow(t *testing.T, name, row string) string {
	t.Helper()
	var agreement, records, account string
	options, labels := outage.Options{}, map[string]map[string]string{}
	period, charges := "2014-05-01/2014-06-01 UTC", map[string]string{}
	var earlier []credit.Prior
	var before []string // what was charged for the billing cycles before, from the last one on
	marks, now, since := calendar.Marks{}, time.Time{}, ""
	for _, block := range rowBlock.FindAllStringSubmatch(row, -1) {
		switch block[1] {
		case "json":
			agreement = block[2]
		case "csv":
			records = block[2]
		case "text":
			account = block[2]
		}
	}
	if agreement == "" {
		require.Regexp(t, `(?m)^Not said: .+`, row)
		return row
	}
	for line := range strings.Lines(row) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "Period":
			period = value
		case "As of":
			options.AsOf = sla.Must(time.Parse(time.RFC3339, value))
		case "Claim":
			// "outage 2014-05-10T01:00:00Z, …; now 2014-05-20T00:00:00Z"
			given, at, _ := strings.Cut(value, "; now ")
			now = sla.Must(time.Parse(time.RFC3339, at))
			for mark := range strings.SplitSeq(given, ", ") {
				i := strings.LastIndex(mark, " ")
				marks[mark[:i]] = sla.Must(time.Parse(time.RFC3339, mark[i+1:]))
			}
		case "Judged since":
			since = value
		case "Issued before":
			earlier = []credit.Prior{}
			require.NoError(t, json.Unmarshal([]byte(value), &earlier))
		case "Labels":
			for part := range strings.SplitSeq(value, "; ") {
				resource, list, _ := strings.Cut(part, " ")
				labels[resource] = map[string]string{}
				for label := range strings.SplitSeq(list, ", ") {
					k, v, _ := strings.Cut(label, "=")
					labels[resource][k] = v
				}
				options.Resources = append(options.Resources, resource)
			}
		case "Fees before":
			before = strings.Split(value, ", ")
		case "Fee":
			for part := range strings.SplitSeq(value, "; ") {
				amount, resource, _ := strings.Cut(part, " for ")
				charges[resource] = amount
			}
		}
	}
	var a sla.Agreement
	head := fmt.Sprintf(`{"format":%q,"name":%q,`, sla.AgreementFormat, strings.ToLower(name))
	require.NoError(t, json.Unmarshal([]byte(strings.Replace(agreement, "{", head, 1)), &a))
	terms, err := a.Compile()
	require.NoError(t, err)
	read, err := outage.Read(strings.NewReader(records), outage.ReadOptions{Format: outage.CSV})
	require.NoError(t, err)
	timelines, err := options.Timelines(read...)
	require.NoError(t, err)
	days, zone, _ := strings.Cut(period, " ")
	from, to, _ := strings.Cut(days, "/")
	p, err := calendar.NewPeriod(sla.Must(calendar.ParseDate(from)), sla.Must(calendar.ParseDate(to)), sla.Must(time.LoadLocation(zone)))
	require.NoError(t, err)
	resources := make([]outage.Timeline, len(timelines))
	for i, timeline := range timelines {
		resources[i] = timeline.WithLabels(labels[timeline.Resource()])
	}
	verdicts, err := terms.JudgeAll(resources, p)
	require.NoError(t, err)
	bill := credit.Bill{Customer: "shape", Period: p, Verdicts: verdicts, Prior: earlier}
	for _, v := range verdicts {
		amount := charges[v.Resource]
		if amount == "" {
			amount = "USD 100.00"
		}
		bill.Charges = append(bill.Charges, credit.Charge{ID: "line " + v.Resource, Resource: v.Resource, Amount: credit.MustMoney(amount)})
		for i, amount := range before {
			bill.Charges = append(bill.Charges, credit.Charge{ID: fmt.Sprintf("line %s, cycle %d", v.Resource, -1-i), Resource: v.Resource, Amount: credit.MustMoney(amount), Cycle: -1 - i})
		}
	}
	statement, err := credit.NewStatement(bill)
	require.NoError(t, err)
	text := statement.Text()
	text = text[strings.Index(text, "\n")+1:]
	if !now.IsZero() {
		days := calendar.Workdays{Zone: time.UTC, Cycle: calendar.Cycle{Start: calendar.Date{Year: 2014, Month: time.January, Day: 1}, Zone: time.UTC, Months: 1}}
		standing, err := terms.Standing(a.Commitments[0].Name, marks, days, now)
		require.NoError(t, err)
		text += fmt.Sprintf("\nclaim: %v\n", standing)
	}
	if since != "" {
		first := sla.Must(calendar.ParseDate(since))
		var history []sla.Verdict
		for period, err := range (calendar.Cycle{Start: first, Zone: time.UTC, Months: 1}).Periods(sla.Must(calendar.NewPeriod(first, p.Until(), time.UTC)).Window().Start(), p.Window().End()) {
			require.NoError(t, err)
			history = append(history, sla.Must(terms.Judge(timelines[0], period)))
		}
		rights, err := terms.Terminations(history)
		require.NoError(t, err)
		text += "\n"
		for _, right := range rights {
			text += fmt.Sprintf("may terminate: %v\n", right)
		}
		if len(rights) == 0 {
			text += "may not terminate\n"
		}
	}
	if !*update {
		require.Equal(t, account, text)
	}
	blocks := rowBlock.FindAllString(row, -1)
	last := slices.IndexFunc(blocks, func(b string) bool { return strings.HasPrefix(b, "```text") })
	if last < 0 {
		return strings.TrimRight(row, "\n") + "\n\n```text\n" + text + "```\n\n"
	}
	return strings.Replace(row, blocks[last], "```text\n"+text+"```\n", 1)
}
