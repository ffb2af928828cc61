// Package credit says what is owed: it turns verdicts and charges into a
// statement for one customer and one billing period. It knows no outages but
// those in the verdicts, and decides nothing about time.
//
// A program judges with package sla, and adds what was billed:
//
//	statement, err := credit.NewStatement(credit.Bill{
//		Customer: "acme",
//		Period:   june,
//		Charges:  []credit.Charge{{ID: "inv-7/1", Resource: "web", Amount: credit.MustMoney("USD 499.00")}},
//		Verdicts: []sla.Verdict{verdict},
//	})
//	…
//	fmt.Println(statement.Total)  // USD 49.90
//	fmt.Print(statement.Text())   // and why
//
// The example of [NewStatement] is the whole program.
//
// # Amounts
//
// An amount is a [Money], a whole number of minor units of one currency. What
// lies between a fee and an amount is an [Exact], a fraction. A credit is
// rounded once, its sum, half away from zero, to the minor unit: 5 % of three
// fees of USD 66.70 are USD 10.005 and so USD 10.01, not three times USD 3.34.
//
// What is given is a share of a fee, the price of some time of service and a
// sum of money, together:
//
//	fee × (percent ÷ 100 + service ÷ length) + sum
//
// The fee is the sum of the charges that count. They are those for the resource,
// or those with the same labels, as of its region or account, if the agreement
// names any; for the time that is judged or measured, or for another billing
// cycle or the days before; and of the kinds that the agreement names. A discount
// is a charge below zero. A charge that counts for nothing is an error, and so is
// one that would count for two parts of the period.
//
// Where a quarter is measured and billed by the month, the base says which fee is
// meant: that of the billing period, or that of the quarter, whose three months
// are then in the bill, by their windows or their cycles; one that is missing is
// an error. A charge for longer counts only as far as it was prorated. Of what is
// measured within the billing period, a day or an outage, the fee is the charge by
// its length.
//
// A charge pays for its window. What is judged, as far as the resource lived, has
// to lie in those of its charges, since nothing is owed for time that was not paid
// for; [PaidFor] says which was, and [outage.Timeline.Within] is what of a timeline
// lies in it.
//
// What was charged counts as it was invoiced. Where there is no invoice yet, a
// [Price] is prorated by time, by days or by thirty days; each part is rounded as
// an invoice line is, and counts so, or exactly if the price says so.
//
// The length is the time for which the fee pays: the length of the base, "30d",
// or else that of the days for which it was charged, or of what is judged or
// measured, as far as charges with windows pay for it. So 50 times the price of
// 149 minutes is 17.245 % of a fee by 30 days. A month of service is the fee once
// more. Time that an exclusion removes from what is due makes it no shorter.
//
// A limit on what is given is floored to the minor unit: 50 % of USD 99.99 is
// at most USD 49.99, since USD 50.00 would be more than was agreed. Shares in
// the limits of an agreement as a whole are of all charges that count for any
// of its commitments, each as far as it counts: where the fee is that of the
// outages or days that were measured, of these. Those in the limits of a commitment are of the fee of each
// finding: where each outage has a fee of its own, as that of the days before it,
// what was given for those before it counts against them. A limit over calendar
// months leaves what was not given in those that end with the billing period;
// [Bill] has to say what was.
//
// The amount of a credit is split over its parts by largest remainder: each
// part gets the whole units of its share, and those that are left go to the
// parts that lost most by the cut, of equals to the first. So the parts sum to
// the credit, and none is more than what it is owed, rounded up, or more than
// its own limit. [Statement.Lines] splits the credit likewise over the charges
// behind it, first to those that were billed more than that, and [ApplyLines]
// applies that to what is open on them. Credits sum to the total.
//
// Credits are positive, and all amounts without tax. All charges of a bill are in one
// currency; nothing is converted, and a sum in another one is an error.
//
// # The order in which terms apply
//
// It goes on from that of package sla, and the account of a statement carries
// the same numbers.
//
//  13. The price of what is given for a resource, exact; then the limits of
//     the commitment, floored, the lowest of them. A limit for each outage
//     bounds the finding on one; any other what the commitment gives for the
//     resource in the measured period.
//  14. Of the commitments of a group the one that gives most for the resource,
//     of equals the first; one that is in several groups gives only if it is
//     that in each. What is given for resources that are measured as one is
//     spread over them by what counts of their charges, and each takes the
//     better of its share and its own; what falls to charges for no member
//     stays. If no charge of a member counts, it cannot be spread: then the
//     greater of it and of what the members are given together. Then add what
//     the commitments and resources give.
//  15. Round the sum to the minor unit, once.
//  16. The limits of the agreement as a whole, floored, the lowest of them.
//  17. Issue only what is more than the sum that the agreement names. What is
//     automatic is issued whatever its size, and then it is what has to be
//     claimed that must be more, rounded and limited by itself.
//  18. Split over the parts, and over the invoice lines.
//  19. Where the claim stands, as [Bill] was told.
//
// The agreements of a bill each give a credit of their own, for one measured
// period: that of a yearly agreement is in the statement on the billing period
// in which its year ends. Two periods of one agreement in a bill are an error,
// since one outage would be credited twice, and limits exceeded. An agreement
// that changed within the billing period is two, each judged on its part of the
// period; charges that say for which time they are make up the fee of each.
//
// # Provisional statements
//
// While a period is not over, an outage that is under way can still change a
// figure of it, or nobody knows whether the resource was up and it matters, a
// statement is provisional and says why. It is final if every figure is the same
// whether the outages under way ended at the as-of instant or go on for ever.
// Its total is what is owed for the downtime that is known, and TotalAtMost
// what would be if the resource had been down whenever nobody knows, which the
// account explains by the steps that are so "at worst". It becomes final by a new
// statement on newer records.
//
// # Credits without a breach
//
// A table with a gap that the severer row takes can give where the promise is
// kept. The outcome is then met and something is owed, which
// [Statement.WithoutBreach] says, and so do settlements and totals: what was missed
// and what was given are two counts.
//
// # Many customers
//
// Package credit/batch settles customers in figures alone: what [NewStatement] would
// say of each, without the account. Whoever asks why gets a statement from the same
// outages.
//
// # Issuing
//
// A billing system knows a credit by the key of its [Identity]: customer,
// agreement, scope, measured period and currency. What the amount follows from
// has a fingerprint of its own, in the [Result]: a run on the same facts gives
// both again, and a correction gives the key with another fingerprint.
// [Restate] compares what was issued with a newer statement and returns the
// postings between them:
//
//	adjustments, err := credit.Restate(issued, statement, credit.RestateOptions{AsOf: asOf})
//	…
//	for _, a := range adjustments {
//		// post a.Amount under a.ID(), of which the first stands
//	}
//
// What was issued, with them, is always what the statement says, also if the
// customer has moved to another zone: periods are their days. A provisional
// statement issues nothing unless the options say so, and an older one than was
// issued from nothing at all. [ApplyLines] applies an amount to what is open on
// an invoice, [Wire] writes it as a processor counts it, and [Statement.Review]
// says what to look at before it is released.
//
// The rules of keys and fingerprints have a version in their first field or
// line, and change only with it, which would be a change of results.
//
// # Documents
//
// A statement is written as JSON with its account, and is read only if each of
// its figures is the one that the charges, the verdicts and the earlier credits
// beside it give. What the verdicts decided is read as it stands. The same
// account is rows by [Statement.WriteCSV], lines by [Statement.Text], and a page
// for the customer by package page.
package credit
