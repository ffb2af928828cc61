package slacredit_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A fence is a block of code in a document: the language and the code.
var fence = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")

// Every Go block of the documents is a whole program and runs. If a text block
// follows, that is what it prints. A sh block holds commands, each of which is
// checked where it can be: that what it names exists.
func TestSnippets(t *testing.T) {
	for _, name := range []string{"README.md", "DESIGN.md", "CONTRIBUTING.md"} {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		blocks := fence.FindAllStringSubmatch(string(text), -1)
		for i, block := range blocks {
			language, code := block[1], block[2]
			switch language {
			case "go":
				want := ""
				if i+1 < len(blocks) && blocks[i+1][1] == "text" {
					want = blocks[i+1][2]
				}
				t.Run(name, func(t *testing.T) { assert.Equal(t, want, runProgram(t, code)) })
			case "sh":
				for command := range strings.Lines(code) {
					checkCommand(t, name, strings.Fields(command))
				}
			case "text", "json", "csv":
			default:
				t.Errorf("%s: a block of language %q, which nothing checks", name, language)
			}
		}
	}
}

// runProgram returns what a program prints.
func runProgram(t *testing.T, code string) string {
	dir, err := os.MkdirTemp("examples", "snippet-") //nolint:usetesting // in the module, for its imports
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	file := filepath.Join(dir, "main.go")
	require.NoError(t, os.WriteFile(file, []byte(code), 0o600))
	out, err := exec.CommandContext(t.Context(), "go", "run", "./"+filepath.ToSlash(file)).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return string(out)
}

// checkCommand checks that the files which a command names exist.
func checkCommand(t *testing.T, document string, words []string) {
	for _, w := range words {
		if local, found := strings.CutPrefix(w, "./"); found && !strings.HasSuffix(local, "...") {
			_, err := os.Stat(local)
			assert.NoError(t, err, "%s: %v", document, words)
		}
	}
}
