// Package sla says what was promised, and what an agreement makes of the outages
// of a resource. It knows nothing of customers and prices.
//
// Without an agreement, [Measure] gives the availability over a period:
//
//	june := calendar.Month(2026, time.June, time.UTC)
//	measurement, err := sla.Measure(timeline, june)
//	fmt.Println(measurement) // 99.898148% available, 44m down of 720h due
//
// With one, [Compile] makes terms of commitments, and [Terms.Judge] gives the
// verdict:
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
// A promise by the quarter that is billed by the quarter is judged over the
// quarter: its period is from calendar.NewPeriod. One that is billed by the month
// measures "3mo" (see [Calculation]), and its verdict is that of the last month; the
// verdicts of the others have no findings.
//
// The types of an agreement, by what they are for:
//
//   - what is promised: [Agreement], [Commitment], [Range], [Tier], [Step], [Gap]
//   - of which resources: [Scope], [Level]
//   - what counts as down: [Downtime]
//   - what is excused: [Exclusion], [Hours], [Budget]
//   - how it is measured: [Calculation], [Measuring], [Slot], [Round]
//   - what is paid, and of what: [Quantity], [Base], [FeeWindow], [Limit], [Entitlement]
//   - claims and termination: [Claims], [Payment], [Exit], [Pattern], [Standing], [Right]
//   - the words that it needs: [Word], [Terms.Vocabulary], [Terms.Check]
//   - what comes out: [Verdict], [Finding], [Measurement], [Availability], [ErrorBudget]
//
// [ParseAgreement] reads an agreement from JSON, [AgreementSchema] is the schema
// of it, and [Terms.English] says it back in English.
//
// # Words
//
// An agreement writes quantities as contracts do: "10%", "30m", "full 30m", "at
// most 2 outages". A number alone is an error.
// Every bound has a word: "below 99.95%" and "over 5m" do not hold on the
// value itself, "at most" and "at least" do. [Agreement.Compile] refuses what
// contradicts itself, and [Terms.English] says the agreement back.
//
// Labels, causes, marks and kinds of charges are compared letter by letter, and
// one that is spelled otherwise matches nothing. [Terms.Vocabulary] lists those
// of an agreement, and [Terms.Check] holds them against those that are used.
//
// # The order in which terms apply
//
// No contract states it completely, so it is fixed here. A plain agreement, as
// the one above, needs 2, 8, 9, 10 and 12 only. The account of a statement
// carries the same numbers: a stretch of time has that of the step which decided
// its state ([Reason.Step]). Time that is down has passed all of 1 to 8, and has
// the number 8, beside the sum; unknown time waits for records, and has the number
// 1. Step 5, in brackets, has no terms yet.
//
//  1. Take the records as known at the as-of instant, also beyond the period.
//     What of the time before it nobody observed counts as Calculation.Unknown
//     says.
//
//  2. Keep the outages of Downtime.Causes, and let the clock of each run from
//     Downtime.Starts to Downtime.Ends. At each moment the worst loss counts.
//
//  3. Combine the resources that Scope covers, level by level: a group loses
//     at a moment what so many of its members lose at least. The members of a
//     pool are measured each on its own up to step 9, and then added up.
//
//  4. Lay the losses on the grid of Downtime.Slot: the loss of a slot is the
//     mean of what was lost in it, or with Downtime.Requests the share of
//     requests that failed. A moment, or a slot as a whole, is lost if its loss
//     passes Downtime.Loss.
//
//  5. [Join gaps.]
//
//  6. Drop each run of lost moments that does not last as Downtime.Lasting
//     says. The run is judged as it happened, whole, also beyond the period and
//     the life of what failed: a member of a group that is no more takes part
//     in its length as long as it loses something.
//
//  7. Let the exclusions act in their order; those that are First do so before
//     step 6, and those with Removed before the others. Each sets aside the
//     outages of its causes, and every moment of a resource inside its hours and
//     inside windows for its causes that were announced in time, as far as its
//     allowance reaches. Steps 3 and 4 are taken again without these, and what
//     is then no longer lost is forgiven. So a moment still counts if another
//     outage covers it that counts, or that its own exclusion forgives no more,
//     and a slot if what was not set aside is enough.
//
//     An allowance is drawn by each moment that would count for more without the
//     exclusion: beside those before it alone, or beside those after it too, as
//     if these had no limit. The earliest moments draw first, and once it is used
//     up nothing more is set aside in its quarter, or whatever it is for. Slots
//     draw as a whole: one that does not fit counts and draws nothing, and a later
//     one may fit. An allowance for the measured period begins anew with
//     the next period.
//
//  8. Cut to the period, to the life of the resource, or the time in which
//     enough members of a group live, and to Calculation.Hours; leave out what
//     nobody observed if Calculation.Unknown says so; and take out what an
//     exclusion removes. All that is outside. With Calculation.Whole the time
//     outside the life of a resource is up instead.
//
//  9. Form the denominator, what was due: the length of the period, or
//     Calculation.Length, less what lies outside, and never less than nothing.
//     What is forgiven and not removed remains due.
//
//  10. Availability is (due − down) / due, exact, and 0 if more was down than
//     due. With Downtime.Weighted what is down counts by the share that is
//     lost. Where nothing was due it is undefined, and the promise is kept.
//
//  11. Round it by Calculation.Round.
//
//  12. Compare it with the promise and with the rows of the table. The last row
//     that holds gives; a row with steps gives once for each step of all that
//     was measured in the period together.
//
// Package credit goes on from there with the steps 13 to 19.
//
// # What nobody knows
//
// Time after the as-of instant is unknown, and so is time outside the coverage
// of a resource that has any, unless an outage speaks of it or the agreement
// says what it counts as. A measurement holds two bounds: Down, as if the
// resource had been up then, and DownAtMost, as if it had been down, or Down if
// that is more. A verdict is Undecided where they disagree on the promise, and an
// [Availability] shows both. Only where nothing was down, nothing unknown and
// something due does it read "100%".
//
// What was never decided has the [Outcome] None, and not Met: nothing was
// promised, or no measured period ended. Where nothing was due the promise is Met.
// Where a table gives although the promise is kept, as one with a [Gap] can, that is
// no breach, and [Finding.WithoutBreach] says so.
//
// # Many resources
//
// Package credit/batch judges and prices many resources that share the terms, the
// periods and maintenance. It takes whole numbers alone where [Terms.Direct] says
// that the terms decide on each moment by itself; [Terms.Rows] and
// [Terms.Entitlement] are what it needs of a table.
//
// # Figures and errors
//
// Lengths are exact to the nanosecond; where time counts by the share that is
// lost they are shown floored, and decided exactly. Percentages are in percent
// points, and a displayed availability is floored. Days and instants lie in the
// years 1900 to 2191. Shares of the fee, service time and sums are exact
// fractions, which package credit prices and rounds.
//
// An error names the agreement, record or verdict, the path of the field and
// the complaint, and nothing is computed beside it. All faults of an agreement
// are reported together, up to a hundred, each a [FieldError], and none repeats
// a long text whole. Only [Must] panics.
//
// # Claims and termination
//
// A [calendar.Deadline] becomes an instant with the marks from which it starts and a
// [calendar.Workdays], and [Terms.Standing] says where a claim stands at an instant.
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
