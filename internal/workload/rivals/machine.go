package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// outside are the modules whose versions a table depends on.
var outside = []string{
	"github.com/shopspring/decimal",
	"go4.org/netipx",
	"github.com/zyedidia/generic",
	"go.etcd.io/etcd/pkg/v3",
	"github.com/duckdb/duckdb-go/v2",
	"github.com/jackc/pgx/v5",
	"github.com/mattn/go-sqlite3",
	"modernc.org/sqlite",
}

// machine says on what, with what and when the contenders ran.
func machine(now time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %d cores, %s/%s, %s, %s.\n", processor(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), now.UTC().Format(time.DateOnly))
	var versions []string
	for _, e := range []*engine{duckDB, postgres, sqlite, pureSQLite} {
		if v, err := e.version(); err == nil {
			versions = append(versions, v)
		}
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, path := range outside {
			for _, m := range info.Deps {
				if m.Path == path {
					versions = append(versions, m.Path+" "+m.Version)
				}
			}
		}
	}
	b.WriteString(strings.Join(versions, ", ") + ".")
	return b.String()
}

// processor returns the model of the processor, where the system tells it.
func processor() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range bytes.Lines(info) {
		if key, value, ok := strings.Cut(string(line), ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "processor unknown"
}
