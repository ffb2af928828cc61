package main

import (
	"context"
	"database/sql"
	"iter"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// PostgreSQL, where a server runs.
var postgres = &engine{
	driver: "pgx",
	source: func() (string, error) {
		source := os.Getenv("SLACREDIT_POSTGRES")
		if source == "" {
			return "", absent("SLACREDIT_POSTGRES names no server")
		}
		return source, nil
	},
	about:  "SELECT 'PostgreSQL ' || current_setting('server_version')",
	setup:  []string{"SET work_mem = '1GB'", "SET jit = off"},
	tune:   []string{"CREATE INDEX ON outages (customer, s) INCLUDE (e)", "CREATE UNIQUE INDEX ON customers (id) INCLUDE (calendar, fee)"},
	settle: []string{"VACUUM ANALYZE"},
	kind:   "TIMESTAMPTZ",
	words:  strings.NewReplacer("//", "/"),
	texts:  map[string]string{"union.usual": "union.usual.postgres", "fleet.usual": "fleet.usual.postgres", "fleet.expert": "fleet.expert.postgres"},
	fill: func(c *sql.Conn, table string, columns []string, rows iter.Seq[[]any]) error {
		return c.Raw(func(conn any) error {
			pg := conn.(*stdlib.Conn).Conn()
			next, stop := iter.Pull(rows)
			defer stop()
			_, err := pg.CopyFrom(context.Background(), pgx.Identifier{table}, columns, pgx.CopyFromFunc(func() ([]any, error) {
				row, ok := next()
				if !ok {
					return nil, nil
				}
				return row, nil
			}))
			return err
		})
	},
}
