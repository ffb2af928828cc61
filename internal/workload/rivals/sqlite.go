package main

import (
	"context"
	"database/sql"
	"iter"
	"strings"

	_ "github.com/mattn/go-sqlite3"
	_ "modernc.org/sqlite"
)

// SQLite, in memory: in C, and the same translated to Go.
var (
	sqlite     = &engine{driver: "sqlite3", source: inMemory, about: "SELECT 'SQLite ' || sqlite_version()", tune: sqliteTune, settle: []string{"ANALYZE"}, kind: "BIGINT", words: sqliteWords, texts: sqliteTexts, fill: sqliteFill}
	pureSQLite = &engine{driver: "sqlite", source: inMemory, about: "SELECT 'SQLite in pure Go ' || sqlite_version()", tune: sqliteTune, settle: []string{"ANALYZE"}, kind: "BIGINT", words: sqliteWords, texts: sqliteTexts, fill: sqliteFill}
)

func inMemory() (string, error) { return ":memory:", nil }

var (
	sqliteTune  = []string{"CREATE INDEX outages_in_order ON outages (customer, s, e)", "CREATE UNIQUE INDEX customers_by_id ON customers (id, calendar, fee)"}
	sqliteWords = strings.NewReplacer("greatest(", "max(", "least(", "min(", "//", "/")
	sqliteTexts = map[string]string{"union.usual": "union.usual.sqlite", "fleet.usual": "fleet.usual.sqlite"}
)

func sqliteFill(c *sql.Conn, table string, columns []string, rows iter.Seq[[]any]) error {
	ctx := context.Background()
	tx, err := c.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	insert, err := tx.PrepareContext(ctx, "INSERT INTO "+table+" VALUES (?"+strings.Repeat(", ?", len(columns)-1)+")")
	if err != nil {
		return err
	}
	for row := range rows {
		if _, err := insert.ExecContext(ctx, row...); err != nil {
			return err
		}
	}
	return tx.Commit()
}
