// Package sla turns the outages of a resource into an availability, a verdict on
// what was promised, and the share of the fee that is owed.
//
// Without an agreement, [Measure] returns the availability over a period:
//
//	june := calendar.Month(2026, time.June, time.UTC)
//	measurement, err := sla.Measure(timeline, june)
//	fmt.Println(measurement) // 99.898148% available, 44m down of 720h due
//
// With one, [Compile] checks its commitments and returns terms, and [Terms.Judge]
// returns the verdict:
//
//	terms, err := sla.Compile("plain", sla.Commitment{
//		Promise:    "at least 99.95%",
//		Exclusions: []sla.Exclusion{{Causes: []string{"maintenance"}, Notice: "24h"}},
//		Credits: []sla.Tier{
//			{When: "below 99.95%", Give: "10%"},
//			{When: "below 99.0%", Give: "25%"},
//		},
//	})
//	…
//	verdict, err := terms.Judge(timeline, june)
//	fmt.Println(verdict) // missed: 44m down, 21m36s allowed, 22m24s over
//
// Package credit prices the verdict and writes the statement for the customer.
//
// The types, by what they are for:
//
//   - what is promised, and for which resources: [Agreement], [Commitment], [Scope], [Level]
//   - what counts as down: [Downtime], [Slot]
//   - what is excused: [Exclusion], [Hours]
//   - how it is measured: [Calculation], [Measuring], [Treatment]
//   - what is paid, and of what: [Tier], [Gap], [Row], [Entitlement], [Limit], [Base], [FeeWindow]
//   - claims and termination: [Claims], [Payment], [Standing], [Termination], [Pattern], [TerminationRight]
//   - in which words: [Quantity], [Range], [Step], [Cap], [Word], [FieldError]
//   - what comes out: [Verdict], [Finding], [Outcome], [Measurement], [Availability], [Piece], [Run], [ErrorBudget]
//
// [ParseAgreement] reads an agreement from JSON, [AgreementSchema] returns the
// JSON Schema of agreements, and [Terms.English] states an agreement in
// sentences.
//
// # The order in which terms apply
//
// Contracts rarely state the order, so it is fixed here. A plain agreement, such
// as the one above, needs only steps 2, 8, 9, 10 and 12. The account of a
// statement carries the same numbers: a stretch of time has that of the step which
// decided its state ([Reason.Step]). Downtime has passed steps 1 to 8 and has the
// number 8, beside its sum; unknown time waits for records and has the number 1.
// No term acts in step 5 yet.
//
//  1. Take the records as known at the as-of instant ([Calculation].Unknown).
//  2. Select outages and run their clocks ([Downtime].Causes, Starts, Ends).
//  3. Combine the losses of resources into groups ([Level]).
//  4. Average losses over slots and test them ([Downtime].Slot, Loss).
//  5. Join gaps between outages (no term yet).
//  6. Drop outages that are too short ([Downtime].Lasting).
//  7. Excuse downtime, as far as allowances reach ([Exclusion]).
//  8. Cut to period, lifetime and service hours ([Calculation].Hours, Whole).
//  9. Add up the time due ([Calculation].Length).
//  10. Compute (due − down) ÷ due, exactly ([Downtime].Weighted).
//  11. Round it ([Calculation].Round).
//  12. Compare with the promise and the rows ([Commitment].Promise, [Tier]).
//
// Package credit continues with steps 13 to 19.
//
// # Words
//
// An agreement writes quantities as contracts do: "10%", "30m", "full 30m", "at
// most 2 outages". A number alone is an error. Every bound has a word: "below
// 99.95%" and "over 5m" exclude the value itself, "at most" and "at least"
// include it. [Agreement.Compile] refuses contradictions and terms without an
// effect.
//
// Labels, causes, marks and kinds of charges are compared byte for byte. A word
// that is spelled differently matches nothing. [Terms.Vocabulary] lists the words
// of an agreement, and [Terms.Check] compares them with those in use.
//
// # Unobserved time
//
// Time after the as-of instant is unobserved. If a resource has coverage, so is
// time outside its coverage, unless an outage covers it or the agreement states
// what it counts as. A measurement therefore holds two bounds: Down, as if all
// unobserved time was up, and DownAtMost, as if it was down. A verdict is
// Undecided if the two bounds disagree on the promise. An [Availability] shows
// both; it reads "100%" only if something was due, nothing was down and nothing
// was unobserved.
//
// The [Outcome] is None, not Met, where nothing was decided: nothing was
// promised, or no measured period ended. Where nothing was due, the promise is
// Met. A table with a [Gap] can give although the promise is kept; that is no
// breach, and [Finding.WithoutBreach] reports it.
//
// # Quarters and other long periods
//
// A quarterly promise that is billed by the quarter is judged over the quarter, a
// period from calendar.NewPeriod. One that is billed by the month measures "3mo"
// (see [Calculation]): its verdict is that of the last month, and the verdicts of
// the other months have no findings.
//
// # Many resources
//
// Package credit/batch judges and prices many resources that share terms, periods
// and maintenance. Where [Terms.Direct] reports that the terms decide on each
// moment by itself, it computes with whole numbers only, from [Terms.Rows] and
// [Terms.Entitlement].
//
// # Figures and errors
//
// Lengths are exact to the nanosecond. Where downtime counts by the share that is
// lost, a shown length is floored, and the exact one decides. Percentages are in
// percent points. A shown availability is floored. Days and instants lie in the
// years 1900 to 2191. Shares of the fee, service time and sums are exact
// fractions, which package credit prices and rounds.
//
// An error names the agreement, record or verdict, the path of the field and the
// problem, and comes without a result. All problems of an agreement are reported
// together, up to a hundred, each as a [FieldError]. Long texts are shortened in
// errors. Only [Must] and [MustCompile] panic.
//
// # Claims and termination
//
// A [calendar.Deadline] becomes an instant with the marks from which it starts
// and the [calendar.Workdays]. [Terms.Standing] returns where a claim stands at
// an instant, and [Terms.Terminations] finds rights to terminate in a series of
// verdicts. Neither reads the clock, and neither is stored: compute them again
// from the same arguments.
//
// # Compatibility
//
// Documents carry a format version, and later releases read them. Results may
// change only with an entry in the changelog that gives the wrong figure and the
// right one.
package sla
