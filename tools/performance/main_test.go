package main

import (
	"strings"
	"testing"
)

const output = `goos: linux
goarch: amd64
pkg: github.com/slacredit/slacredit/outage
cpu: AMD EPYC
BenchmarkUnion/random/1000000-2         	       1	         0 allocs/window	        32.20 ns/window	         0.1000 pass/lib	         4.603 sortfunc/lib	        13.47 time.Time/lib
BenchmarkGrowth-2	1	0 allocs/window	30 ns/window	0.9 small/lib
BenchmarkFleet-2	1	0.0000130 allocs/customer	1.247 decimals/lib	23.24 naive/lib	330.2 ns/customer	0.1289 pass/lib	1.168 stream/lib	3.0 year/lib	0.5 two/lib
BenchmarkFleetWithAccount-2	1	300 allocs/customer	0.1 naive/lib	100000 ns/customer
BenchmarkStatement-2	1	0 allocs/statement	16 naive/lib	300 ns/statement
PASS
`

func TestWrite(t *testing.T) {
	var b strings.Builder
	if err := write(&b, strings.NewReader(output), "go1.26"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Measured on linux/amd64, AMD EPYC, 2 processors, with go1.26.",
		"| random/1000000 | 32.2 ns a window | 0 | 0.1 | 4.6 | 13.5 |\n",
		"|  | 330 ns a customer | 0 | 0.129 | 23.2 | 1.25 | 1.17 | 0.5 | 3 |\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("lacks %q:\n%s", want, b.String())
		}
	}
}

func TestWriteNeedsAll(t *testing.T) {
	for _, input := range []string{"", "BenchmarkUnion/random/1000000-2 1 30 ns/window\n", "BenchmarkUnion/x-2 1 many ns/window\n"} {
		if err := write(&strings.Builder{}, strings.NewReader(input), "go1.26"); err == nil {
			t.Errorf("no error of %q", input)
		}
	}
}
