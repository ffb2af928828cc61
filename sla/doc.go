// Package sla says what was promised: agreements, billing periods, and what
// an agreement makes of a timeline. It knows nothing of customers and prices.
//
// A program says what is agreed, compiles it, and judges a timeline over a
// period:
//
//	terms, err := sla.Agreement{
//		Name: "plain",
//		Commitments: []sla.Commitment{{
//			Promise: "at least 99.95%",
//			Credits: []sla.Tier{
//				{When: "below 99.95%", Give: "10%"},
//				{When: "below 99.0%", Give: "25%"},
//			},
//		}},
//	}.Compile()
//	…
//	verdict, err := terms.Judge(timeline, period)
//	fmt.Println(verdict) // missed: 37m12s down, 22m19.2s allowed, 14m52.8s over
//
// Where nothing is agreed, [Measure] gives the availability alone.
//
// # Words
//
// An agreement writes quantities as contracts do: "10%", "30m", "full 30m".
// Every bound has a word: "below 99.95%" and "over 5m" do not hold on the
// value itself, "at most" and "at least" do. [Agreement.Compile] refuses what
// contradicts itself, and [Terms.English] says the agreement back.
//
// # The order in which terms apply
//
// No contract states it completely, so it is fixed here. The account of a
// statement carries the same numbers. Those in brackets have no terms yet.
//
//  1. Take the records as known at the as-of instant, also beyond the period.
//  2. [Keep the causes that count; start, stop and pause the clock.]
//  3. [Combine resources.]
//  4. A moment is lost if its worst loss passes Downtime.Loss.
//  5. [Join gaps.]
//  6. Drop each run of lost moments that does not last as Downtime.Lasting
//     says. The run is judged as it happened, whole.
//  7. Forgive what the exclusions forgive: outages by their cause, unless
//     another outage that counts covers the moment too, and every moment
//     inside maintenance that was announced in time.
//  8. Cut to the period and to the life of the resource.
//  9. Form the denominator, what was due: the period less what lies outside
//     the life of the resource. What is forgiven remains due.
//  10. Availability is (due − down) / due, exact.
//  11. [Round it, if agreed.]
//  12. Compare it with the promise and with the rows of the table. The last row
//     that holds gives; a row with steps gives once for each step of all
//     downtime of the period together.
//
// Package credit goes on from there with the steps 13 to 19.
//
// # What nobody knows
//
// Time after the as-of instant is unknown, and so is time outside the coverage
// of a resource that has any, unless an outage speaks of it. A measurement
// holds two bounds: Down, as if the resource had been up then, and DownAtMost,
// as if it had been down. A verdict is Undecided where they disagree on the
// promise.
//
// # Claims and termination
//
// A [Deadline] becomes an instant with the marks from which it starts and a
// [Calendar], and [Terms.Standing] says where a claim stands at an instant.
// [Terms.Exits] finds in a series of verdicts what gives a right to terminate.
// Neither reads the clock, and neither is stored: they are computed again from
// the same arguments.
//
// # Compatibility
//
// Documents carry a format version, and later releases read them. Results may
// change only with an entry in the changelog that gives the wrong figure and
// the right one.
package sla
