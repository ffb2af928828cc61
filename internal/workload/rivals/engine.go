package main

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"fmt"
	"iter"
	"strings"
	"time"

	made "github.com/slacredit/slacredit/internal/workload"
)

// An engine is a database with SQL.
type engine struct {
	driver string
	source func() (string, error) // the database to open
	about  string                 // asks for its name and version
	setup  []string               // before all, for experts
	tune   []string               // when a fleet is loaded, for experts
	settle []string               // when anything is loaded
	kind   string                 // of the instants of its usual form; those of experts are integers
	words  *strings.Replacer      // from the words in which sql/ is written
	texts  map[string]string      // the texts of sql/ that it has of its own, by workload and form
	fill   func(c *sql.Conn, table string, columns []string, rows iter.Seq[[]any]) error
}

// A form is how the question is put to a database.
type form string

const (
	usual  form = "usual"  // instants as the engine has them, and no thought of speed
	expert form = "expert" // integers in microseconds, and as fast as we could make it
)

//go:embed sql
var texts embed.FS

// text returns the statements of a workload.
func (e *engine) text(workload string, f form) []string {
	read := func(name string) string {
		text, err := texts.ReadFile("sql/" + name + ".sql")
		if err != nil {
			panic(err)
		}
		return strings.TrimSpace(string(text))
	}
	name := workload + "." + string(f)
	text := read(cmp.Or(e.texts[name], name))
	var parts []string
	for _, m := range months {
		parts = append(parts, fmt.Sprintf("CAST(coalesce(sum(CASE WHEN f < %[2]d AND t > %[1]d THEN least(t, %[2]d) - greatest(f, %[1]d) END), 0) AS BIGINT)", m.Start/1000, m.End/1000))
	}
	text = strings.NewReplacer(":months", strings.Join(parts, ",\n  "), ":clock", read("fleet.clock"), ":sums", read("fleet.sums")).Replace(text)
	return strings.Split(e.words.Replace(text), ";\n")
}

// union has the engine take the union of a year's windows.
func (e *engine) union(f form) func([]made.Window) (*run[sums], error) {
	return func(windows []made.Window) (*run[sums], error) {
		s, err := e.open(f)
		if err != nil {
			return nil, err
		}
		s.table("windows", []string{"s", "e"}, func(yield func([]any) bool) {
			for _, w := range windows {
				if !yield([]any{s.instant(w.Start), s.instant(w.End)}) {
					return
				}
			}
		})
		s.table("months", []string{"month", "s", "e"}, func(yield func([]any) bool) {
			for i, m := range months {
				if !yield([]any{int64(i + 1), s.instant(m.Start), s.instant(m.End)}) {
					return
				}
			}
		})
		s.exec(e.settle...)
		ask := s.question(e.text("union", f))
		return &run[sums]{close: s.close, do: func() (out sums, err error) {
			v, err := ask()
			if err == nil && len(v) != 14 {
				err = fmt.Errorf("%d values", len(v))
			}
			if err != nil {
				return out, err
			}
			return sums{int(v[0]), v[1], [12]int64(v[2:])}, nil
		}}, s.err
	}
}

// account has the engine judge a fleet.
func (e *engine) account(f form) func(fleet) (*run[account], error) {
	return func(data fleet) (*run[account], error) {
		s, err := e.open(f)
		if err != nil {
			return nil, err
		}
		s.table("customers", []string{"id", "calendar", "fee"}, func(yield func([]any) bool) {
			for i, c := range data.customers {
				if !yield([]any{int64(i), int64(c.Calendar), c.FeeCents}) {
					return
				}
			}
		})
		s.table("outages", []string{"customer", "s", "e"}, func(yield func([]any) bool) {
			for i, c := range data.customers {
				for _, w := range c.Outages {
					if !yield([]any{int64(i), s.instant(w.Start), s.instant(w.End)}) {
						return
					}
				}
			}
		})
		s.table("plans", []string{"calendar", "s", "e"}, func(yield func([]any) bool) {
			for i, windows := range data.calendars {
				for _, w := range windows {
					if !yield([]any{int64(i), s.instant(w.Start), s.instant(w.End)}) {
						return
					}
				}
			}
		})
		if f == expert {
			s.exec(e.tune...)
		}
		s.exec(e.settle...)
		ask := s.question(e.text("fleet", f))
		return &run[account]{close: s.close, do: func() (out account, err error) {
			v, err := ask()
			if err == nil && len(v) != 8 {
				err = fmt.Errorf("%d values", len(v))
			}
			if err != nil {
				return out, err
			}
			out = account{down: v[0], percent: v[1], cents: v[2]}
			for i := range out.tiers {
				out.tiers[i] = int(v[3+i])
			}
			return out, nil
		}}, s.err
	}
}

// A session is one connection to an engine. It keeps its first error.
type session struct {
	*engine
	form form
	db   *sql.DB
	conn *sql.Conn
	err  error
}

func (e *engine) open(f form) (*session, error) {
	source, err := e.source()
	if err != nil {
		return nil, err
	}
	s := &session{engine: e, form: f}
	if s.db, err = sql.Open(e.driver, source); err != nil {
		return nil, err
	}
	if s.conn, err = s.db.Conn(context.Background()); err != nil {
		return nil, err
	}
	if f == expert {
		s.exec(e.setup...)
	}
	return s, s.err
}

func (s *session) close() error {
	_ = s.conn.Close()
	return s.db.Close()
}

// version returns the engine's name and version.
func (e *engine) version() (version string, err error) {
	s, err := e.open(usual)
	if err != nil {
		return "", err
	}
	defer func() { _ = s.close() }()
	err = s.conn.QueryRowContext(context.Background(), e.about).Scan(&version)
	return version, err
}

// exec executes statements.
func (s *session) exec(statements ...string) {
	for _, text := range statements {
		if s.err == nil {
			_, s.err = s.conn.ExecContext(context.Background(), text)
		}
	}
}

// table makes a table and fills it.
func (s *session) table(name string, columns []string, rows iter.Seq[[]any]) {
	kinds := make([]string, len(columns))
	for i, c := range columns {
		kinds[i] = c + " BIGINT"
		if s.form == usual && (c == "s" || c == "e") {
			kinds[i] = c + " " + s.kind
		}
	}
	s.exec(fmt.Sprintf("CREATE TEMP TABLE %s (%s)", name, strings.Join(kinds, ", ")))
	if s.err == nil {
		s.err = s.fill(s.conn, name, columns, rows)
	}
}

// instant returns an instant as the tables hold it.
func (s *session) instant(ns int64) any {
	if s.form == usual && s.kind != "BIGINT" {
		return time.UnixMicro(ns / 1000).UTC()
	}
	return ns / 1000
}

// question returns a function that executes statements and returns the values
// of the last, in reading order.
func (s *session) question(statements []string) func() ([]int64, error) {
	ctx := context.Background()
	last := len(statements) - 1
	query := func() (*sql.Rows, error) { return s.conn.QueryContext(ctx, statements[last]) }
	if last == 0 && s.err == nil {
		prepared, err := s.conn.PrepareContext(ctx, statements[0])
		s.err = err
		query = func() (*sql.Rows, error) { return prepared.QueryContext(ctx) }
	}
	return func() ([]int64, error) {
		if s.exec(statements[:last]...); s.err != nil {
			return nil, s.err
		}
		rows, err := query()
		if err != nil {
			return nil, err
		}
		defer func() { _ = rows.Close() }()
		names, err := rows.Columns()
		if err != nil {
			return nil, err
		}
		var out []int64
		for rows.Next() {
			values, into := make([]int64, len(names)), make([]any, len(names))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				return nil, err
			}
			out = append(out, values...)
		}
		return out, rows.Err()
	}
}
