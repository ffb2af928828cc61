package sla_test

import (
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/slacredit/slacredit/internal/oracle"
	"github.com/slacredit/slacredit/sla"
)

// Random worlds, judged by the second implementation of agreements and by the
// library. SLACREDIT_ORACLE_COUNT is the number of worlds (2,000) and
// SLACREDIT_ORACLE_SEED the seed. SLACREDIT_ORACLE_ONLY is the number of the one
// world to judge and print. SLACREDIT_ORACLE_FAILURES is the number of failing
// worlds that each of eight shards shows (1).
func TestOracle(t *testing.T) {
	const least = 1000 // worlds, for a count of their states
	var shown [5]atomic.Int64
	count := worlds(t, oracleNumber(t, "SLACREDIT_ORACLE_COUNT", 2_000), func(w *oracle.World) string {
		d := w.Differences()
		for state := range shown {
			if d == "" && w.Shows(sla.State(state)) {
				shown[state].Add(1)
			}
		}
		return d
	})
	if t.Failed() || count < least {
		return
	}
	// A comparison of worlds in which nothing happens would prove nothing.
	for state := range shown {
		n := shown[state].Load()
		t.Logf("%d of %d worlds show %s", n, count, sla.State(state))
		if uint64(n) < count/10 {
			t.Errorf("only %d of %d worlds show %s", n, count, sla.State(state))
		}
	}
}

// worlds looks for a fault in each of some random worlds, a twentieth of them in
// short tests, and shows the first ones, shrunk. It returns the number of worlds.
func worlds(t *testing.T, count uint64, fault func(*oracle.World) string) uint64 {
	t.Helper()
	seed := oracleNumber(t, "SLACREDIT_ORACLE_SEED", 1)
	failures := oracleNumber(t, "SLACREDIT_ORACLE_FAILURES", 1)
	first := uint64(0)
	switch only := os.Getenv("SLACREDIT_ORACLE_ONLY"); {
	case only != "":
		first = oracleNumber(t, "SLACREDIT_ORACLE_ONLY", 0)
		count = first + 1
		t.Logf("the world:\n%s", oracle.New(seed, first))
	case testing.Short():
		count /= 20
	}
	const shards = 8
	t.Run("worlds", func(t *testing.T) {
		for shard := range uint64(shards) {
			t.Run(strconv.FormatUint(shard, 10), func(t *testing.T) {
				t.Parallel()
				left := failures
				for n := first + shard; n < count; n += shards {
					w := oracle.New(seed, n)
					if fault(w) == "" {
						continue
					}
					small := w.Shrink(fault)
					t.Errorf("SLACREDIT_ORACLE_SEED=%d SLACREDIT_ORACLE_ONLY=%d, and smaller:\n%s\n%s", seed, n, small, fault(small))
					if left--; left <= 0 {
						t.FailNow()
					}
				}
			})
		}
	})
	return count - first
}

// oracleNumber returns the number in an environment variable, and a plain one
// where it is not set.
func oracleNumber(t *testing.T, name string, plain uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return plain
	}
	var n uint64
	if _, err := fmt.Sscan(text, &n); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}
