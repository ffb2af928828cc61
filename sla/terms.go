package sla

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
)

// Terms are a compiled [Agreement], without contradictions and ready to judge.
// They never change, and several goroutines may use them at once.
//
// The zero Terms are those of the zero Agreement, which promises nothing.
// [Agreement.Compile] returns nil Terms with an error. Nil Terms judge nothing:
// methods that can return an error do, and the others behave as for the zero
// Agreement.
type Terms struct {
	agreement   Agreement
	commitments []commitment
	caps        []Limit
	above       Sum
}

// Compile returns the terms of an agreement that has only commitments, as
// [Agreement.Compile] does.
func Compile(name string, commitments ...Commitment) (*Terms, error) {
	return Agreement{Name: name, Commitments: commitments}.Compile()
}

// MustCompile is [Compile] for literals and tests; it panics on an error.
func MustCompile(name string, commitments ...Commitment) *Terms {
	return Must(Compile(name, commitments...))
}

// Compile returns the terms of a, or an error with all its problems, up to a
// hundred, each a [*FieldError] with the path of the field. It loads time zones
// with [time.LoadLocation].
func (a Agreement) Compile() (*Terms, error) { return a.CompileIn(nil) }

// CompileIn is [Agreement.Compile] with a function that loads time zones.
func (a Agreement) CompileIn(zones func(name string) (*time.Location, error)) (*Terms, error) {
	a = a.Clone() // what is compiled refers to it
	c := &compiler{zones: zones}
	c.label(path{}.key("name"), a.Name)
	c.label(path{}.key("note"), a.Note)
	t := &Terms{agreement: a}
	c.limited = slices.ContainsFunc(a.AtMost, func(b Cap) bool {
		l, err := b.limit()
		return err == nil && l.most.unit != money
	})
	names := map[string]bool{}
	for i, source := range a.Commitments {
		at := path{}.key("commitments").index(i)
		switch {
		case names[source.Name] && source.Name == "":
			c.fault(at.key("name"), errors.New("missing; another commitment has none either, and they must be told apart"))
		case names[source.Name]:
			c.fault(at.key("name"), fmt.Errorf("%s names another commitment too", numeral.Shorten(source.Name)))
		}
		names[source.Name] = true
		t.commitments = append(t.commitments, c.commitment(at, source))
	}
	t.caps = c.caps(path{}, a.AtMost, false)
	t.above = c.above(path{}.key("above"), a.Above)
	c.groups(a.Commitments, a.Above != "")
	c.claims(a)
	if len(c.faults) > 0 {
		return nil, fmt.Errorf("sla: agreement %s: %w", numeral.Shorten(a.Name), errors.Join(c.faults...))
	}
	return t, nil
}

// Agreement returns the agreement that was compiled.
func (t *Terms) Agreement() Agreement { return t.orZero().agreement.Clone() }

// orZero returns t, or the zero Terms if t is nil.
func (t *Terms) orZero() *Terms {
	if t == nil {
		return &Terms{}
	}
	return t
}

// errNil is the error of judging by nil Terms.
var errNil = errors.New("the terms are nil; was the error of Compile passed over?")

// Must returns v, and panics if err is not nil. It is for literals and tests.
func Must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
