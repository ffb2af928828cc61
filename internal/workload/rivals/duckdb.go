package main

import (
	"database/sql"
	"database/sql/driver"
	"iter"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
)

// DuckDB, in memory, on as many threads as there are cores. Its experts make a
// table of the clock as others do, since an ASOF join to a common table
// expression fails now and then on several threads.
var duckDB = &engine{
	driver: "duckdb",
	source: func() (string, error) { return "", nil },
	about:  "SELECT 'DuckDB ' || version()",
	kind:   "TIMESTAMP",
	words:  strings.NewReplacer(),
	texts: map[string]string{
		"union.usual":  "union.usual.duckdb",
		"fleet.usual":  "fleet.usual.duckdb",
		"fleet.expert": "fleet.expert.duckdb",
	},
	fill: func(c *sql.Conn, table string, columns []string, rows iter.Seq[[]any]) error {
		return c.Raw(func(conn any) error {
			a, err := duckdb.NewAppenderFromConn(conn.(driver.Conn), "", table)
			if err != nil {
				return err
			}
			values := make([]driver.Value, len(columns))
			for row := range rows {
				for i, v := range row {
					values[i] = v
				}
				if err := a.AppendRow(values...); err != nil {
					_ = a.Close()
					return err
				}
			}
			return a.Close()
		})
	},
}
