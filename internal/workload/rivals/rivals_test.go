package main

import (
	"errors"
	"testing"

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
