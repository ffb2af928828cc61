package credit

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// lineWidth is the width at which prose is wrapped.
const lineWidth = 78

// Text returns the statement as plain text for a terminal or an e-mail. It
// begins with the amount, the reasons why the statement is provisional, the
// notes of the agreements, and the revisions of the records. The account
// follows in columns: step, figure, value, and then the start of the stretch of
// time in UTC, the records and the clause.
func (s Statement) Text() string {
	var b strings.Builder
	prose := func(format string, args ...any) {
		for _, line := range broken(fmt.Sprintf(format, args...), lineWidth) {
			b.WriteString(line + "\n")
		}
	}
	prose("Statement for %s, %v to %v, %s", subject("", s.Customer, s.Contract), s.Period.First(), s.Period.Last(), s.Period.Zone())
	prose("Credit: %v", s.Total)
	if s.TotalAtMost != s.Total {
		prose("At most, if all unknown time was down: %v", s.TotalAtMost)
	}
	if s.WithoutBreach() {
		prose("Given without a breach: no promise was broken, but a row of the table gives a credit")
	}
	for _, reason := range s.Provisional {
		prose("Provisional: %s", reason)
	}
	noted := map[string]bool{}
	for _, c := range s.Credits {
		if c.Note != "" && !noted[c.Agreement] {
			prose("Note on %s: %s", c.Agreement, c.Note)
		}
		noted[c.Agreement] = true
	}
	for _, r := range s.Revisions {
		prose("Recorded: %v", r)
	}
	steps := s.Account()[len(s.Revisions):]
	text, value := 0, 0
	for _, step := range steps {
		text = max(text, utf8.RuneCountInString(step.Text))
		value = max(value, utf8.RuneCountInString(step.Value))
	}
	subject := ""
	for _, step := range steps {
		if step.Subject != subject {
			subject = step.Subject
			fmt.Fprintf(&b, "\n%s\n", subject)
		}
		var sources []string
		if !step.Window.IsEmpty() {
			sources = append(sources, step.Window.Start().Format(time.RFC3339Nano))
		}
		if len(step.Records) > 0 {
			sources = append(sources, strings.Join(step.Records, ", "))
		}
		sources = append(sources, step.Clause)
		line := fmt.Sprintf("%4d  %-*s  %*s  %s", step.Number, text, step.Text, value, step.Value, strings.Join(sources, "  "))
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

// broken wraps a text at its single spaces, so that no line is longer than
// width characters where possible. All lines but the first are indented.
// Several spaces in a row, as names can have, are kept.
func broken(text string, width int) []string {
	var lines []string
	line := ""
	for i, word := range words(text) {
		switch {
		case i == 0:
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = "  " + word
		}
	}
	return append(lines, line)
}

// words splits a text at its single spaces.
func words(text string) []string {
	var all []string
	from := 0
	for i := range len(text) {
		if text[i] == ' ' && i > from && i+1 < len(text) && text[i-1] != ' ' && text[i+1] != ' ' {
			all = append(all, text[from:i])
			from = i + 1
		}
	}
	return append(all, text[from:])
}
