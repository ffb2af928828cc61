package sla

import (
	"fmt"
	"strings"
)

// English returns the agreement in plain sentences, in the order in which its
// terms apply, so that someone who has the contract beside it can check that
// the data says the same.
func (t *Terms) English() string {
	t = t.orZero()
	var s sentences
	for _, c := range t.commitments {
		s = append(s, c.english()...)
	}
	if len(s) == 0 {
		s.say("Nothing is promised.")
	}
	s = append(s, t.issued()...)
	s = append(s, t.agreement.Claims.english()...)
	s = append(s, t.agreement.Payment.english()...)
	s = append(s, t.supplied()...)
	return strings.Join(s, " ")
}

// Sentences are those of a clause.
type sentences []string

func (s *sentences) say(format string, args ...any) { *s = append(*s, fmt.Sprintf(format, args...)) }

// joinWords joins texts with commas.
func joinWords[T ~string](words []T) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = string(w)
	}
	return strings.Join(texts, ", ")
}

// either returns texts as "a, b or c".
func either(texts []string) string { return listed(texts, " or ") }

// both returns texts as "a, b and c".
func both(texts []string) string { return listed(texts, " and ") }

func listed(texts []string, last string) string {
	if len(texts) < 2 {
		return strings.Join(texts, "")
	}
	n := len(texts) - 1
	return strings.Join(texts[:n], ", ") + last + texts[n]
}

// inWords returns a quantity, range, step or cap as prose: units of time
// are spelled out, and bounds are joined by "and".
func inWords[T ~string](text T) string {
	words := strings.Fields(strings.ReplaceAll(string(text), ", ", " and "))
	for i, w := range words {
		number := strings.TrimRight(w, "smhdo")
		name := map[string]string{"s": "second", "m": "minute", "h": "hour", "d": "day", "mo": "month"}[w[len(number):]]
		if name == "" || strings.Trim(number, "0123456789.") != "" {
			continue
		}
		if number != "1" {
			name += "s"
		}
		words[i] = number + " " + name
	}
	return strings.Join(words, " ")
}
