package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	made "github.com/slacredit/slacredit/internal/workload"
)

// answers asks each contender, and compares with what is wanted.
func answers[In any, Out comparable](t *testing.T, w workload[In, Out]) {
	t.Helper()
	for _, c := range w.contenders {
		t.Run(c.name, func(t *testing.T) {
			got, err := answer(c.load, w.data)
			var reason absent
			if errors.As(err, &reason) {
				t.Skip(reason)
			}
			require.NoError(t, err)
			assert.Equal(t, w.want, got)
		})
	}
}

func TestYear(t *testing.T) {
	w, err := yearOf(10_000)
	require.NoError(t, err)
	answers(t, w)
}

// Contenders are right on more than the windows on which they are timed.
func TestShapes(t *testing.T) {
	for _, shape := range made.Shapes {
		t.Run(string(shape), func(t *testing.T) {
			w, err := yearOf(1)
			require.NoError(t, err)
			w.data = made.Windows(1000, shape)
			w.want = sumsOf(mergeIntegers(w.data))
			answers(t, w)
		})
	}
}

func TestFleet(t *testing.T) {
	w, err := fleetOf(2_000)
	require.NoError(t, err)
	answers(t, w)
}

func TestOne(t *testing.T) { answers(t, one()) }

// The published sums: yearOf and fleetOf compare them with what is wanted.
func TestPublished(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	_, err := yearOf(1_000_000)
	require.NoError(t, err)
	w, err := fleetOf(100_000)
	require.NoError(t, err)
	require.Equal(t, knownAccounts[100_000], w.want)
	answers(t, w)
}

// A wrong answer stops the race, and one that cannot take part does not.
func TestRace(t *testing.T) {
	says := func(n int) func(int) (*run[int], error) {
		return func(int) (*run[int], error) { return &run[int]{do: func() (int, error) { return n, nil }}, nil }
	}
	away := func(int) (*run[int], error) { return nil, absent("no server") }
	w := workload[int, int]{units: 1, repeats: 2, want: 3, contenders: []contender[int, int]{{"right", says(3)}, {"away", away}}}
	results, absences, err := w.race(5, time.Minute)
	require.NoError(t, err)
	assert.Equal(t, []string{"away: no server"}, absences)
	require.Len(t, results, 1)
	assert.Len(t, results[0].times, 5)

	w.contenders = append(w.contenders, contender[int, int]{"wrong", says(4)})
	_, _, err = w.race(5, time.Minute)
	assert.EqualError(t, err, "wrong: 4, want 3")
}

func TestTable(t *testing.T) {
	w := workload[int, int]{title: "Nothing", unit: "thing", units: 1000}
	var out strings.Builder
	w.table(&out, []result{
		{"one", 1234, []time.Duration{40e3, 20e3, 30e3}},
		{"two", 5, []time.Duration{44, 56}},
	}, []string{"away: no server"})
	assert.Equal(t, `
Nothing

| contender | median | ns a thing | ratio | fastest | ratio | rounds | loading |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| one | 30µs | 30 | 1.0 | 20µs | 1.0 | 3 | 1.23µs |
| two | 50ns | 0.050 | 0.0017 | 44ns | 0.0022 | 2 | 5ns |

Left out: away: no server.
`, out.String())
}
