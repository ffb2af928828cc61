package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A spool returns any text unchanged, and leaves no file.
func TestSpool(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	t.Setenv("TMP", folder)
	line := strings.Repeat("x", 999) + "\n"
	for _, lines := range []int{0, 1, mostSpooled / 1000, mostSpooled/1000 + 1, 3 * mostSpooled / 1000} {
		var s spool
		for range lines {
			n, err := s.Write([]byte(line))
			require.NoError(t, err)
			require.Equal(t, len(line), n)
		}
		assert.LessOrEqual(t, s.start.Len(), mostSpooled)
		var out bytes.Buffer
		require.NoError(t, s.copyTo(&out))
		assert.True(t, out.String() == strings.Repeat(line, lines), "%d lines", lines)
		require.NoError(t, s.close())
		files, err := os.ReadDir(folder)
		require.NoError(t, err)
		assert.Empty(t, files)
	}
}

// Nothing is written if the last of many customers is at fault, and no temporary
// file stays.
func TestSpoolOfAFailedRun(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	t.Setenv("TMP", folder)
	var rows strings.Builder
	rows.WriteString("customer,id,resource,amount,currency\n")
	for i := range 3000 {
		fmt.Fprintf(&rows, "customer %d,%d,web,100.00,USD\n", i, i)
	}
	rows.WriteString("last,z,web,-1.00,USD\n")
	out, _, err := slacredit(t, arguments(t, "-format", "json", "-charges", file(t, "c.csv", rows.String()))...)
	require.ErrorContains(t, err, "below zero")
	assert.Empty(t, out)
	files, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, f := range files {
		assert.NotRegexp(t, "^slacredit-", f.Name())
	}
}
