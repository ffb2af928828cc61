package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"regexp"
	"slices"
	"time"
)

func main() {
	log.SetFlags(0)
	windows := flag.Int("w1", 1_000_000, "windows of the year; 0 leaves them out")
	customers := flag.Int("w2", 100_000, "customers; 0 leaves them out")
	statement := flag.Bool("w4", true, "a single statement")
	rounds := flag.Int("rounds", 7, "rounds of each contender")
	patience := flag.Duration("patience", 20*time.Second, "time after which a contender is in no further round")
	only := flag.String("only", "", "regular expression, in any case, of the contenders that run beside the first")
	flag.Parse()
	names, err := regexp.Compile("(?i)" + *only)
	if err != nil {
		log.Fatal(err)
	}

	fmt.Println(machine(time.Now()))
	if *windows > 0 {
		w, err := yearOf(*windows)
		show(w, err, names, *rounds, *patience)
	}
	if *customers > 0 {
		w, err := fleetOf(*customers)
		show(w, err, names, *rounds, *patience)
	}
	if *statement {
		show(one(), nil, names, *rounds, *patience)
	}
}

// show runs a workload and prints its table.
func show[In any, Out comparable](w workload[In, Out], err error, names *regexp.Regexp, rounds int, patience time.Duration) {
	if err != nil {
		log.Fatal(err)
	}
	first := w.contenders[0].name
	w.contenders = slices.DeleteFunc(slices.Clone(w.contenders), func(c contender[In, Out]) bool {
		return c.name != first && !names.MatchString(c.name)
	})
	results, absences, err := w.race(rounds, patience)
	if err != nil {
		log.Fatal(err)
	}
	w.table(os.Stdout, results, absences)
}
